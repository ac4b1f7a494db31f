//! `connect stripe`: from a restricted key to an account whose payouts can be read.
//!
//! A key that may do more is refused, and the secret key of the account is not even sent. Nothing is stored before it has worked.

use clap::Args;
use secrecy::SecretString;
use serde::Serialize;

use crate::app::connecting;
use crate::config::Credentials;
use crate::model::service::{STRIPE_KEY, Service};

use super::super::amend;
use super::super::args::Global;
use super::super::ask::{Asker, Prompt};
use super::super::report::{Failure, exit};
use super::brought::FromScript;
use super::connected;
use super::keys::{KeyArgs, open_strongbox};
use super::place::ConfigFile;

/// Connect Stripe, to read its payouts
///
/// It takes a restricted key that may read balance, payouts and charges, tries it, and stores it sealed. A key that may do more is
/// refused: udsync only asks Stripe, and needs nothing else. Shops with WooPayments need no key of their own: their payouts are read
/// through the shop.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync connect stripe\n  udsync connect stripe --from-env\n  udsync connect stripe --from-stdin < stripe.env"
)]
pub struct StripeArgs {
    /// Take the key from UDSYNC_STRIPE_KEY
    #[arg(long, conflicts_with = "from_stdin")]
    pub from_env: bool,
    /// Read a line of NAME=value with the same name from standard input
    #[arg(long)]
    pub from_stdin: bool,
    #[command(flatten)]
    pub key: KeyArgs,
}

/// Runs it.
pub async fn stripe(global: &Global, args: &StripeArgs) -> Result<u8, Failure> {
    let asker = Asker::new(global);
    let place = ConfigFile::find(global)?;
    let config = place.begun()?;
    let brought = FromScript::read(Some(&config.shop.name), args.from_env, args.from_stdin)?;
    let mut edit = place.edit(None, "")?;
    if config.stripe.is_none() {
        edit.set(Service::Stripe.as_str(), "timeout", "30s");
    }
    let key = match brought {
        Some(brought) => found(&brought.credentials)?,
        None => asker.secret(&Prompt {
            prompt: "Restricted key (rk_live_…)",
            flag: "`--from-env`, which reads `UDSYNC_STRIPE_KEY`, or `--from-stdin`",
        })?,
    };
    let app = place.app(global, &edit)?;
    let given = Credentials::with([(&STRIPE_KEY, key)]);
    app.stripe(&given)?.check_key().await?;
    amend::show(&edit, global.quiet);
    let state = app.store()?;
    let strongbox = open_strongbox(&app, &state, &args.key, &asker)?;
    let kept = edit.save().map_err(|error| Failure::from_edit(&error))?;
    connecting::keep_stripe(&app, &state, &strongbox, &given)?;
    amend::say_kept(kept.as_deref(), global.quiet);
    show(global, &place);
    Ok(exit::DONE)
}

fn found(given: &Credentials) -> Result<SecretString, Failure> {
    given.of(&STRIPE_KEY).cloned().ok_or_else(|| {
        let name = STRIPE_KEY.variable;
        Failure::new("credentials_missing", format!("`{name}` was not given")).hint(format!(
            "`{name}=…` is needed; without `--from-env` and `--from-stdin` you are asked"
        ))
    })
}

/// The facts of `--json`.
#[derive(Serialize)]
struct StripeShown {
    reads: [&'static str; 3],
}

fn show(global: &Global, place: &ConfigFile) {
    let facts = StripeShown {
        reads: ["balance", "payouts", "charges"],
    };
    let words = "Stripe answers, and the key reads balance, payouts and charges\n";
    let notes = [
        "whether the key may also pay out cannot be asked without trying: udsync only ever asks"
            .to_owned(),
    ];
    let kept = format!(
        "{} has its section, and the key is sealed in the state file",
        place.shown()
    );
    connected::show(
        global,
        place,
        Service::Stripe,
        (facts, words),
        &notes,
        &kept,
    );
}
