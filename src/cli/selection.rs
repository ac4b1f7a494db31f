//! The arguments that say what a run is about: which records, where to, how far back, and what it may write.

use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args, ValueEnum};

use super::flags::span;
use super::payouts_file::PayoutsFileArgs;
use crate::model::both::{BothWays, CustomerField, FieldFlow, ProductField, SyncDirection};
use crate::model::plan::Entity;
use crate::model::service::Service;
use crate::run::{Consent, Guard, Selection};

/// A kind of record
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EntityName {
    /// Orders with their payments and refunds
    #[value(alias = "order")]
    Orders,
    /// Orders that have refunds
    #[value(alias = "refund")]
    Refunds,
    /// Everybody who has an account or has bought
    #[value(alias = "customer")]
    Customers,
    /// Everything that is for sale, each variation by itself
    #[value(alias = "product")]
    Products,
    /// What payment services paid out; by itself, and never among all
    #[value(alias = "payout")]
    Payouts,
    /// Products, customers and orders, in order of need
    All,
}

impl EntityName {
    pub fn as_str(self) -> &'static str {
        match self {
            EntityName::Orders => "orders",
            EntityName::Refunds => "refunds",
            EntityName::Customers => "customers",
            EntityName::Products => "products",
            EntityName::Payouts => "payouts",
            EntityName::All => "all",
        }
    }
}

/// The kinds that are meant, in order of need, each once.
pub fn meant(names: &[EntityName]) -> Vec<Entity> {
    let words: Vec<String> = names.iter().map(|name| name.as_str().to_owned()).collect();
    crate::server::schedules::entities(&words)
}

/// One of the targets by its name, with what it is.
pub fn target() -> impl TypedValueParser<Value = Service> {
    one_of(
        Service::TARGETS.map(|target| PossibleValue::new(target.as_str()).help(target.row().help)),
    )
}

/// A service by its name, out of these.
pub fn one_of<const N: usize>(
    names: [impl Into<PossibleValue>; N],
) -> impl TypedValueParser<Value = Service> {
    PossibleValuesParser::new(names)
        .map(|name| Service::from_word(&name).expect("only names of services are accepted"))
}

/// Which records, and how far back.
#[derive(Debug, Clone, Default, Args)]
pub struct ScopeArgs {
    /// What to sync
    #[arg(value_name = "ENTITY", required = true, value_enum)]
    pub entities: Vec<EntityName>,
    /// Sync to this target only
    #[arg(long, value_name = "TARGET", value_parser = target())]
    pub to: Vec<Service>,
    /// Look at every record, not only at those that changed since the last run
    #[arg(long)]
    pub full: bool,
    /// Compare with what the books and the database hold, not with what the state file remembers of them
    #[arg(long)]
    pub verify: bool,
    /// Only orders created on or after this day, in the time zone of the books
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    /// Only orders created on or before this day
    #[arg(long, value_name = "DATE")]
    pub until: Option<NaiveDate>,
    /// Only orders in these statuses
    #[arg(long, value_name = "STATUS", value_delimiter = ',')]
    pub status: Vec<String>,
    /// Only these orders, by the shop's id
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub id: Vec<u64>,
    /// Stop after so many records that no earlier run has done
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Use the built-in sandbox: a shop and a company on this machine, made anew for this run
    #[arg(long)]
    pub sandbox: bool,
    #[command(flatten)]
    pub direction: DirectionArgs,
    #[command(flatten)]
    pub payouts_file: PayoutsFileArgs,
    /// With --file: the payment service whose mapping the file is read with; without it, the one that fits
    #[arg(long, value_name = "NAME", requires = "file")]
    pub gateway: Option<String>,
}

/// Which way records go in this run.
#[derive(Debug, Clone, Default, Args)]
pub struct DirectionArgs {
    /// Let customers, products, payments or one field go this way in this run, as `payments=both` or `products.price=to_shop`
    #[arg(long, value_name = "WHAT=WAY", value_delimiter = ',', value_parser = direction)]
    pub direction: Vec<WayOfRun>,
}

/// What goes which way in one run, whatever the configuration says.
#[derive(Debug, Clone, Copy)]
pub enum WayOfRun {
    Customers(SyncDirection),
    Products(SyncDirection),
    Payments(SyncDirection),
    CustomerField(CustomerField, FieldFlow),
    ProductField(ProductField, FieldFlow),
}

/// As it is typed.
impl std::fmt::Display for WayOfRun {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WayOfRun::Customers(way) => write!(out, "customers={}", way.as_str()),
            WayOfRun::Products(way) => write!(out, "products={}", way.as_str()),
            WayOfRun::Payments(way) => write!(out, "payments={}", way.as_str()),
            WayOfRun::CustomerField(field, flow) => {
                write!(out, "customers.{}={}", field.as_str(), flow.as_str())
            }
            WayOfRun::ProductField(field, flow) => {
                write!(out, "products.{}={}", field.as_str(), flow.as_str())
            }
        }
    }
}

impl DirectionArgs {
    /// Lays what was typed over what the configuration says.
    pub fn lay_over(&self, both: &mut BothWays) {
        for way in &self.direction {
            match *way {
                WayOfRun::Customers(way) => both.customers = way,
                WayOfRun::Products(way) => both.products = way,
                WayOfRun::Payments(way) => both.payments = way,
                WayOfRun::CustomerField(field, flow) => {
                    let rule = both.customer(field).flowing(flow);
                    both.customer_fields.insert(field, rule);
                }
                WayOfRun::ProductField(field, flow) => {
                    let rule = both.product(field).flowing(flow);
                    both.product_fields.insert(field, rule);
                }
            }
        }
    }
}

/// `payments=both`, `customers.phone=to_shop`
fn direction(text: &str) -> Result<WayOfRun, String> {
    let wrong = || {
        "write `customers`, `products` or `payments`, then `=` and `to_books`, `both` or `off`; or one field, as in `products.price=to_shop`"
            .to_owned()
    };
    let (what, way) = text.split_once('=').ok_or_else(wrong)?;
    let way_of = || SyncDirection::from_word(way);
    let flow = || FieldFlow::from_word(way);
    let known = match what.split_once('.') {
        None => match what {
            "customers" => way_of().map(WayOfRun::Customers),
            "products" => way_of().map(WayOfRun::Products),
            "payments" => way_of().map(WayOfRun::Payments),
            _ => None,
        },
        Some(("customers", field)) => CustomerField::from_word(field)
            .zip(flow())
            .map(|(field, flow)| WayOfRun::CustomerField(field, flow)),
        Some(("products", field)) => ProductField::from_word(field)
            .zip(flow())
            .map(|(field, flow)| WayOfRun::ProductField(field, flow)),
        Some(_) => None,
    };
    known.ok_or_else(wrong)
}

impl ScopeArgs {
    pub fn selection(&self) -> Selection {
        Selection {
            entities: meant(&self.entities),
            to: self.to.clone(),
            full: self.full,
            verify: self.verify,
            since: self.since,
            until: self.until,
            statuses: self.status.clone(),
            ids: self.id.iter().copied().collect(),
            limit: self.limit,
        }
    }
}

/// How a run that writes is allowed to write.
#[derive(Debug, Clone, Default, Args)]
pub struct GuardArgs {
    /// Refuse to make more than so many changes
    #[arg(long, value_name = "N")]
    pub max_changes: Option<usize>,
    /// Make the changes without asking
    #[arg(short, long)]
    pub yes: bool,
    /// Confirm the plan that an earlier run has shown
    #[arg(long, value_name = "TOKEN")]
    pub confirm: Option<String>,
    /// Go on although the shop has suddenly lost many of the orders that are in the books, or although many of the accounts or products
    /// that both share are gone, or were changed at once, on one side
    #[arg(long)]
    pub allow_shrunken: bool,
    /// Go on although the shop says to live at another address than in the last run, and remember the new one
    #[arg(long)]
    pub allow_moved: bool,
    /// Let the shop send so many mails to buyers because of what it is told
    #[arg(long, value_name = "N")]
    pub allow_mails: Option<u32>,
    /// Run at most once under this key; a second run with it prints what the first one did
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
    /// Write figures for the Prometheus node exporter to this file when the run has ended
    #[arg(long, value_name = "FILE")]
    pub metrics_file: Option<PathBuf>,
}

impl GuardArgs {
    /// What the flags allow. `may_ask`: somebody sits there who can be asked.
    pub fn guard(&self, may_ask: bool) -> Guard {
        let consent = match &self.confirm {
            Some(token) => Consent::Token(token.clone()),
            None if self.yes => Consent::Given,
            None if may_ask => Consent::Ask,
            None => Consent::Offer,
        };
        Guard {
            consent,
            max_changes: self.max_changes,
            allow_shrunken: self.allow_shrunken,
            allow_moved: self.allow_moved,
            allow_mails: self.allow_mails,
            idempotency_key: self.idempotency_key.clone(),
        }
    }
}

/// What to do while another run is at work.
#[derive(Debug, Clone, Default, Args)]
pub struct WaitArgs {
    /// Wait so long for another run to end, as 30s, 5m or 1h, instead of ending with code 11
    #[arg(long, value_name = "TIME", value_parser = span)]
    pub wait: Option<Duration>,
}

/// Whether it is about every shop
#[derive(Clone, Debug, Default, Args)]
pub struct FleetArgs {
    /// Do it for every shop of the configuration folder, with one summary and one exit code
    #[arg(long, conflicts_with_all = ["shop", "config", "state"])]
    pub all_shops: bool,
    /// With --all-shops: so many shops at a time
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u16).range(1..=64))]
    pub shops_at_once: u16,
}

impl FleetArgs {
    pub fn all() -> FleetArgs {
        FleetArgs {
            all_shops: true,
            shops_at_once: 1,
        }
    }
}
