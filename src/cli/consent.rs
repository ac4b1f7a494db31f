//! Consent: much to write, and everything that voids or deletes, needs a person's word: a question on a terminal, `--yes`,
//! or a token that an earlier run has shown for this very plan.

use std::io::IsTerminal;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::config::{Config, Credentials, Environment, Unattended};
use crate::engine::run::{Planned, foresee};
use crate::engine::unattended::hold_voids;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Action, Plan, Step};
use crate::model::run::Waits;
use crate::store::{ConfirmationUse, Store};

use super::args::GuardArgs;
use super::report::{Failure, exit};
use super::session::Session;
use super::show::Mood;
use super::{out, show};

/// How long a token is good for.
const MINUTES: i64 = 5;

/// Lets the run go on, or says what would, and what waits until then.
pub fn consent(
    session: &Session,
    guard: &GuardArgs,
    store: &Store,
    planned: &Planned,
) -> Result<(), Failure> {
    agreed(session, guard, store, planned).map_err(|mut failure| {
        if failure.exit == exit::GUARD {
            failure.waits = Some(waits(&planned.plan));
        }
        failure
    })
}

/// What is voided or deleted is left for a person where none is there, unless the configuration or the schedule allows it.
pub fn leave_voids(session: &Session, guard: &GuardArgs, planned: &mut Planned) {
    if allowance(session, guard).is_some_and(|allowed| !allowed.voids) {
        hold_voids(&mut planned.plan);
    }
}

/// What a run may do without asking that nobody watches and that has no consent of its own.
fn allowance(session: &Session, guard: &GuardArgs) -> Option<Unattended> {
    session
        .app
        .config
        .unattended
        .filter(|_| guard.unattended && !guard.yes)
}

/// What the plan would do.
fn waits(plan: &Plan) -> Waits {
    let mut waits = Waits::default();
    for step in plan.steps.iter().filter(|step| counts(step)) {
        match step.action {
            Action::Create => waits.create += 1,
            Action::Update => waits.update += 1,
            Action::Void => waits.void += 1,
            Action::Delete => waits.delete += 1,
            Action::Skip | Action::None => {}
        }
    }
    waits
}

fn agreed(
    session: &Session,
    guard: &GuardArgs,
    store: &Store,
    planned: &Planned,
) -> Result<(), Failure> {
    let plan = &planned.plan;
    if let Some(failure) = shrunken(planned)
        && !guard.allow_shrunken
    {
        return Err(failure);
    }
    let documents = plan
        .steps
        .iter()
        .filter(|step| step.action.writes() && counts(step))
        .count();
    if let Some(max) = guard.max_changes
        && documents > max
    {
        return Err(Failure::new(
            exit::GUARD,
            "too_many_changes",
            format!("the plan makes {documents} changes, and --max-changes allows {max}"),
        )
        .hint("look at it with `udsync dry-run orders`, then raise --max-changes"));
    }
    if let Some(token) = &guard.confirm {
        return use_token(store, plan, token, session);
    }
    if let Some(allowed) = allowance(session, guard) {
        return if documents <= allowed.max_changes {
            Ok(())
        } else {
            Err(Failure::new(
                exit::GUARD,
                "too_many_changes",
                format!(
                    "the plan makes {documents} changes, and `max_changes` in `[unattended]` allows {}",
                    allowed.max_changes
                ),
            )
            .hint("`udsync sync orders` shows the plan and asks; raise `max_changes` in `[unattended]` if there will be as many again"))
        };
    }
    let takes_away = plan
        .steps
        .iter()
        .filter(|step| matches!(step.action, Action::Void | Action::Delete))
        .count();
    let is_much = documents > session.app.config.sync.confirm_over;
    if guard.yes || session.sandbox.is_some() || !(is_much || takes_away > 0) {
        return Ok(());
    }
    let what = describe(documents, takes_away);
    let may_ask =
        !session.no_input && std::io::stdin().is_terminal() && std::io::stderr().is_terminal();
    if may_ask {
        ask(session, planned, &what)
    } else {
        offer_token(session, store, plan, &what)
    }
}

/// Names that are made along the way for a document are not asked about; those that were asked for are.
fn counts(step: &Step) -> bool {
    step.source.is_record()
}

/// A store that suddenly lost many orders. Neither `--yes` nor a token answers for that: both are given to cron.
pub fn shrunken(planned: &Planned) -> Option<Failure> {
    let vanished = &planned.vanished;
    if !vanished.is_alarming() {
        return None;
    }
    let (gone, of) = (vanished.now, vanished.until_now);
    let what = if vanished.is_empty {
        format!("the store has no order any more, and {of} of its orders are in the books")
    } else {
        format!("{gone} of the {of} orders in the books are suddenly gone from the store")
    };
    Some(
        Failure::new(exit::GUARD, "store_shrunken", what).hint(
            "see that `url` of `[woocommerce]` leads to the right store and that it is whole; if they were really deleted, \
             run the command again with `--allow-shrunken`",
        ),
    )
}

fn describe(documents: usize, takes_away: usize) -> String {
    match takes_away {
        0 => format!("{documents} documents"),
        n => format!("{documents} documents, {n} of them voided or deleted"),
    }
}

fn ask(session: &Session, planned: &Planned, what: &str) -> Result<(), Failure> {
    // Nobody can agree to what was not shown. It is part of the question, so it goes where the question goes.
    let foreseen = foresee("quickbooks", planned, &[], session.app.clock.now());
    let tallies = [("quickbooks".to_owned(), foreseen.tally.clone())].into();
    out::say(&show::report(&foreseen, &tallies, Mood::Would, session.all));
    let question = question(what, &session.app.config, &session.app.credentials);
    let agreed = dialoguer::Confirm::new()
        .with_prompt(question)
        .default(false)
        .interact()
        .unwrap_or(false);
    if agreed {
        return Ok(());
    }
    Err(
        Failure::new(exit::GUARD, "not_confirmed", "nothing was written")
            .hint("look at the plan with `udsync dry-run orders`"),
    )
}

/// Whoever answers is told which books it is about, and whether they are real.
fn question(what: &str, config: &Config, credentials: &Credentials) -> String {
    let quickbooks = config.quickbooks.as_ref();
    let live =
        quickbooks.is_some_and(|quickbooks| quickbooks.environment == Environment::Production);
    let company = config.company_id(credentials).unwrap_or("?");
    let place = if live {
        "the live company"
    } else {
        "the sandbox company"
    };
    format!("Write {what} to {place} {company}?")
}

fn offer_token(session: &Session, store: &Store, plan: &Plan, what: &str) -> Result<(), Failure> {
    let mut random = [0_u8; 18];
    getrandom::fill(&mut random).map_err(|error| {
        Failure::new(
            exit::FAILED,
            "no_randomness",
            format!("the system gave no random bytes: {error}"),
        )
    })?;
    let token = URL_SAFE_NO_PAD.encode(random);
    let expires = session.app.clock.now() + chrono::Duration::minutes(MINUTES);
    store.offer_confirmation(&hash(&token), &plan.fingerprint(), expires)?;
    let mut failure = Failure::new(
        exit::GUARD,
        "confirmation_needed",
        format!("the plan would write {what}, which needs a confirmation"),
    )
    .hint(format!(
        "run the same command with `--confirm {token}` within {MINUTES} minutes, or with `--yes`"
    ));
    failure.confirm_token = Some(token);
    Err(failure)
}

fn use_token(store: &Store, plan: &Plan, token: &str, session: &Session) -> Result<(), Failure> {
    let refused = |why: &str| {
        Err(Failure::new(
            exit::GUARD,
            "confirmation_refused",
            format!("the confirmation is not valid: {why}"),
        )
        .hint("run the command without `--confirm` to get a new token for the plan as it is now"))
    };
    match store.use_confirmation(&hash(token), &plan.fingerprint(), session.app.clock.now())? {
        ConfirmationUse::Ok => Ok(()),
        ConfirmationUse::Unknown => refused("no run has offered it"),
        ConfirmationUse::Expired => refused("it is older than five minutes"),
        ConfirmationUse::OtherPlan => refused("the plan is another one by now"),
        ConfirmationUse::Used => refused("it was used before"),
    }
}

/// The state file keeps no token that could be used.
fn hash(token: &str) -> String {
    Fingerprint::of_bytes(token.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_the_company_and_whether_it_is_live() {
        for (environment, place) in [("production", "live"), ("sandbox", "sandbox")] {
            let text = format!(
                "[shop]\nname = \"aurora\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n\
                 [quickbooks]\nenvironment = \"{environment}\"\ncompany_id = \"9341454000000000\"\n"
            );
            let config = crate::config::parse(&text, "udsync.toml").expect("a good configuration");
            assert_eq!(
                question("12 documents", &config, &Credentials::default()),
                format!("Write 12 documents to the {place} company 9341454000000000?")
            );
        }
    }
}
