//! `webhooks`: the shop's webhooks and what came in.

mod came;
mod register;
mod trial;

use clap::{Args, Subcommand};
use url::Url;

use super::args::Global;
use super::connect::keys::KeyArgs;
use super::report::Failure;
use crate::app::App;
use crate::connector::woocommerce::WooCommerce;
use crate::model::delivery::DeliverySource;
use crate::model::service::Service;
use crate::store::Store;

/// Register the shop's webhooks, see that they work, and look at what came in
///
/// A webhook names a record to look at, and `udsync serve` looks at it within seconds. What no webhook tells is found by a sweep, so
/// nothing is lost where they do not work; it only takes longer.
#[derive(Debug, Subcommand)]
pub enum WebhooksCommand {
    Register(RegisterArgs),
    Check(CheckWebhooksArgs),
    List(ListWebhooksArgs),
    Remove(RemoveWebhooksArgs),
    Deliveries(DeliveriesArgs),
    Replay(ReplayArgs),
    Send(SendArgs),
}

/// Make the webhooks that are missing in the shop, and say what to enter at Intuit
///
/// Each gets a secret that is drawn by lot and sealed here. What the shop has switched off is switched on again; what it has for
/// others is not touched. It can be done again at any time. The key of the shop must be allowed to write.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks register\n  udsync webhooks register --public-url https://hooks.example.com\n  udsync webhooks register --json"
)]
pub struct RegisterArgs {
    /// Where `serve` is reached from outside [default: `public_url` of `[serve]`]
    #[arg(long, value_name = "URL")]
    pub public_url: Option<Url>,
    /// Change nothing; print what to enter by hand in the shop and at Intuit
    #[arg(long)]
    pub print: bool,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// Compare what the shop has tried to deliver with what came
///
/// Asks the shop once. Ends with code 1 if a webhook is missing, switched off or changed, or if something was lost on the way.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks check\n  udsync webhooks check --json\n  udsync webhooks check --shop aurora"
)]
pub struct CheckWebhooksArgs {}

/// List the webhooks that the shop keeps for us
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks list --json\n  udsync webhooks list\n  udsync webhooks list --shop aurora"
)]
pub struct ListWebhooksArgs {}

/// Take our webhooks out of the shop
///
/// What the shop keeps for others stays. In QuickBooks they are switched off in Intuit's portal.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks remove\n  udsync webhooks remove --json\n  udsync webhooks remove --shop aurora"
)]
pub struct RemoveWebhooksArgs {}

/// List what came in, newest first
///
/// A row is one request. Those that were not signed are only counted, by the hour.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks deliveries --source quickbooks --since 24h\n  udsync webhooks deliveries --verdict odd --json\n  udsync webhooks deliveries"
)]
pub struct DeliveriesArgs {
    /// Of this service only
    #[arg(long, value_name = "SERVICE", value_parser = service_that_tells)]
    pub source: Option<DeliverySource>,
    /// With this verdict only
    #[arg(long, value_name = "VERDICT", value_parser = ["queued", "duplicate", "ignored", "odd"])]
    pub verdict: Option<String>,
    /// That came within this time: 30m, 24h, 7d
    #[arg(long, value_name = "TIME", value_parser = super::flags::span)]
    pub since: Option<std::time::Duration>,
    /// So many at most
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub limit: u32,
    /// Older than the delivery with this id
    #[arg(long, value_name = "ID")]
    pub before: Option<i64>,
}

/// Look again at what a delivery named
///
/// The running `serve` does it within seconds, or the next one.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks replay 1042\n  udsync webhooks replay 1042 --json\n  udsync webhooks replay 1042 --shop aurora"
)]
pub struct ReplayArgs {
    /// Ids, as `udsync webhooks deliveries` lists them
    #[arg(required = true, value_name = "DELIVERY")]
    pub ids: Vec<String>,
}

/// Sign a delivery as the service would, and post it to the running `serve`
///
/// For trying. It has the effect of a real one: the record is looked at.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync webhooks send --kind order.updated --id 17\n  udsync webhooks send --kind qbo.invoice.updated --id 266\n  udsync webhooks send --kind order.updated --id 17 --replay delivery.json"
)]
pub struct SendArgs {
    /// The topic of the shop, order.updated, or the event of QuickBooks, qbo.invoice.updated
    #[arg(long, value_name = "TOPIC")]
    pub kind: String,
    /// The record's id
    #[arg(long, value_name = "ID")]
    pub id: String,
    /// Send the bytes of this file instead of a body of our own
    #[arg(long, value_name = "FILE")]
    pub replay: Option<std::path::PathBuf>,
    /// Post it to this address [default: `hooks_listen` of `[serve]`]
    #[arg(long, value_name = "URL")]
    pub to: Option<Url>,
}

/// Runs `webhooks`.
pub async fn webhooks(global: &Global, command: &WebhooksCommand) -> Result<u8, Failure> {
    match command {
        WebhooksCommand::Register(args) => register::register(global, args).await,
        WebhooksCommand::Check(_) => register::check(global).await,
        WebhooksCommand::List(_) => register::list(global).await,
        WebhooksCommand::Remove(_) => register::remove(global).await,
        WebhooksCommand::Deliveries(args) => came::deliveries(global, args),
        WebhooksCommand::Replay(args) => came::replay(global, args),
        WebhooksCommand::Send(args) => trial::send(global, args).await,
    }
}

/// A service whose webhooks are heard.
fn service_that_tells(word: &str) -> Result<DeliverySource, String> {
    DeliverySource::from_word(word).ok_or_else(|| {
        let names = DeliverySource::ALL.map(DeliverySource::as_str);
        format!("it can be {}", names.join(" or "))
    })
}

/// The shop, for looking after its webhooks.
fn source(app: &App, store: &Store) -> Result<WooCommerce, Failure> {
    let given = app.given_for(store, &[Service::Woocommerce])?;
    Ok(app.source(&given)?)
}

/// What the server of this shop is set to, and whether it serves others too.
struct ServerSettings {
    settings: crate::config::ServeSettings,
    many_shops: bool,
}

impl ServerSettings {
    /// What starts it.
    fn start(&self) -> &'static str {
        match self.many_shops {
            true => "udsync serve --all-shops",
            false => "udsync serve",
        }
    }
}

fn served(global: &Global, app: &App) -> Result<ServerSettings, Failure> {
    let for_all = super::serve::for_all(global)?;
    Ok(ServerSettings {
        many_shops: for_all.is_some(),
        settings: for_all.map_or_else(|| app.config.serve.clone(), |(settings, _)| settings),
    })
}
