//! Consent: much to write, and everything that voids or deletes, needs a person's word. Here it is decided whether it does, and
//! whether a word that was given beforehand is good for this plan; whoever started the run asks.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};

use super::failure::{Failure, exit};
use super::request::{Consent, Guard};
use crate::books::agreed_fields::{ListAlarm, ListOddity};
use crate::config::{Config, Unattended};
use crate::engine::run::Planned;
use crate::engine::unattended::hold_voids;
use crate::model::agreed::AgreedSide;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Action, Entity, Plan};
use crate::model::run::Waits;
use crate::store::{ConfirmationUse, History, HistoryWriter};

/// How long a token is good for.
const MINUTES: i64 = 5;
pub const GOOD_FOR: TimeDelta = TimeDelta::minutes(MINUTES);

/// Whether the plan may be carried out.
#[derive(Debug, PartialEq, Eq)]
pub enum ConsentDecision {
    Go,
    /// A person is to be asked about so much.
    Ask(String),
}

/// Lets the run go on, or says what would, and what waits until then.
pub fn decide(
    guard: &Guard,
    config: &Config,
    history: &dyn HistoryWriter,
    planned: &Planned,
    now: DateTime<Utc>,
) -> Result<ConsentDecision, Failure> {
    if let Some(failure) = shrunken(planned)
        && !guard.allow_shrunken
    {
        return Err(with_waits(failure, &planned.plan));
    }
    decide_plan(guard, config, history, &planned.plan, now)
}

/// The same of a plan for which the shop was not read.
pub fn decide_plan(
    guard: &Guard,
    config: &Config,
    history: &dyn HistoryWriter,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<ConsentDecision, Failure> {
    let decided = judge(guard, config, history, plan, now);
    decided.map_err(|failure| with_waits(failure, plan))
}

/// With what the plan would do, where a guard stopped it.
pub fn with_waits(mut failure: Failure, plan: &Plan) -> Failure {
    if failure.exit == exit::GUARD {
        let mut waits = Waits::default();
        for step in plan.steps.iter().filter(|step| step.counts()) {
            match step.action {
                Action::Create => waits.create += 1,
                Action::Update => waits.update += 1,
                Action::Void => waits.void += 1,
                Action::Delete => waits.delete += 1,
                Action::Skip | Action::None => {}
            }
        }
        waits.update += plan.to_shop.len() as u64;
        failure.waits = Some(waits);
    }
    failure
}

/// What is voided or deleted is left for a person where none is there, unless the configuration or the schedule allows it.
pub fn leave_voids(guard: &Guard, config: &Config, plan: &mut Plan) {
    if allowance(guard, config).is_some_and(|allowed| !allowed.voids) {
        hold_voids(plan);
    }
}

/// What a run may do without asking that nobody watches and that has no consent of its own.
fn allowance(guard: &Guard, config: &Config) -> Option<Unattended> {
    let is_unattended = matches!(guard.consent, Consent::Unattended);
    config.unattended.filter(|_| is_unattended)
}

fn judge(
    guard: &Guard,
    config: &Config,
    history: &dyn HistoryWriter,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<ConsentDecision, Failure> {
    let in_books = plan.steps.iter().filter(|step| step.counts()).count();
    let documents = in_books + plan.to_shop.len();
    if let Some(max) = guard.max_changes
        && documents > max
    {
        let failure = Failure::new(
            "too_many_changes",
            format!("the plan makes {documents} changes, and --max-changes allows {max}"),
        )
        .hint("look at it with `udsync dry-run orders`, then raise --max-changes");
        return Err(to_be_confirmed(guard, history, plan, failure, now)?);
    }
    if let Some(allowed) = allowance(guard, config) {
        return if documents <= allowed.max_changes {
            Ok(ConsentDecision::Go)
        } else {
            let failure = too_many_unattended(documents, allowed.max_changes);
            Err(to_be_confirmed(guard, history, plan, failure, now)?)
        };
    }
    let takes_away = plan
        .steps
        .iter()
        .filter(|step| step.action.takes_away())
        .count();
    let needs_consent = documents > config.sync.confirm_over || takes_away > 0;
    match &guard.consent {
        Consent::Token(token) => {
            use_token(history, plan, token, now)?;
            Ok(ConsentDecision::Go)
        }
        Consent::Seen(seen) if *seen != plan.fingerprint() => Err(plan_changed()),
        Consent::Given | Consent::Seen(_) => Ok(ConsentDecision::Go),
        Consent::Ask | Consent::Offer | Consent::Unattended if !needs_consent => {
            Ok(ConsentDecision::Go)
        }
        Consent::Ask => Ok(ConsentDecision::Ask(describe(plan, documents, takes_away))),
        Consent::Offer | Consent::Unattended => Err(offer_token(
            history,
            plan,
            &describe(plan, documents, takes_away),
            now,
        )?),
    }
}

fn too_many_unattended(documents: usize, allowed: usize) -> Failure {
    Failure::new(
        "too_many_changes",
        format!("the plan makes {documents} changes, and `max_changes` in `[unattended]` allows {allowed}"),
    )
    .hint("`udsync sync orders` shows the plan and asks; raise `max_changes` in `[unattended]` if there will be as many again")
}

/// What is too much for nobody to have seen waits for somebody who has: where nobody is there to ask, with a token for this very plan.
fn to_be_confirmed(
    guard: &Guard,
    history: &dyn HistoryWriter,
    plan: &Plan,
    mut failure: Failure,
    now: DateTime<Utc>,
) -> Result<Failure, Failure> {
    if matches!(guard.consent, Consent::Offer | Consent::Unattended) {
        failure.confirm_token = Some(offered(history, plan, now)?);
    }
    Ok(failure)
}

/// What would be written is not what somebody has seen.
pub fn plan_changed() -> Failure {
    Failure::new(
        "plan_changed",
        "nothing was written: the plan is another one by now than the one that was shown",
    )
    .hint("look at the plan as it is now")
}

/// Somebody was asked, and said no. `copied` is what the copy of the shop had got by then: it is made while the shop is read, and no
/// consent is asked for it.
pub fn not_confirmed(copied: u64) -> Failure {
    let said = match copied {
        0 => "nothing was written".to_owned(),
        _ => format!(
            "nothing was written to the books; {}",
            copied_already(copied)
        ),
    };
    Failure::new("not_confirmed", said).hint("look at the plan with `udsync dry-run orders`")
}

/// `116 rows are in the database already`
fn copied_already(rows: u64) -> String {
    match rows {
        1 => "1 row is in the database already".to_owned(),
        n => format!("{n} rows are in the database already"),
    }
}

/// What a person is asked about, with what no answer takes back.
pub fn question(what: String, copied: u64) -> String {
    match copied {
        0 => what,
        _ => format!("{what} ({})", copied_already(copied)),
    }
}

/// A store that suddenly lost many orders. Neither `--yes` nor a token answers for that: both are given to cron.
pub fn shrunken(planned: &Planned) -> Option<Failure> {
    let vanished = &planned.vanished;
    if !vanished.is_alarming() {
        return planned.odd_lists.first().map(odd_list);
    }
    let (gone, of) = (vanished.now, vanished.until_now);
    let what = if vanished.is_empty {
        format!("the shop has no order any more, and {of} of its orders are in the books")
    } else {
        format!("{gone} of the {of} orders in the books are suddenly gone from the shop")
    };
    Some(
        Failure::new("store_shrunken", what).hint(
            "see that `url` of `[woocommerce]` leads to the right store and that it is whole; if they were really deleted, \
             run the command again with `--allow-shrunken`",
        ),
    )
}

/// The same of accounts or products that both sides share.
fn odd_list((entity, list): &(Entity, ListAlarm)) -> Failure {
    let ListAlarm {
        side,
        what,
        known,
        concerned,
    } = list;
    let many = format!("{concerned} of the {known} {entity}s that the shop and QuickBooks share");
    match (what, side) {
        (ListOddity::Missing, AgreedSide::Shop) => Failure::new(
            "list_shrunken",
            format!("{many} are suddenly gone from the shop"),
        )
        .hint(
            "see that `url` of `[woocommerce]` leads to the right shop and that it is whole; if they were really deleted, run the command \
             again with `--allow-shrunken`: in QuickBooks they stay as they are",
        ),
        (ListOddity::Missing, AgreedSide::Books) => Failure::new(
            "list_shrunken",
            format!("{many} are suddenly gone from QuickBooks, or were made inactive there"),
        )
        .hint(
            "see that it is the right company and that nobody has cleared its lists by mistake; if that was meant, run the command again \
             with `--allow-shrunken`: in the shop they stay as they are",
        ),
        (ListOddity::Changed, side) => {
            let (at, other) = match side {
                AgreedSide::Shop => ("in the shop", "QuickBooks"),
                AgreedSide::Books => ("in QuickBooks", "the shop"),
            };
            Failure::new(
                "list_rewritten",
                format!("{many} were changed {at} since the last run, and all of it would go to {other}"),
            )
            .hint(format!(
                "look at them with `udsync dry-run {entity}s`: an import may have gone wrong; if that was meant, run the command again with \
                 `--allow-shrunken`; `max_share` in `[both]` says how much is too much"
            ))
        }
    }
}

fn describe(plan: &Plan, changes: usize, takes_away: usize) -> String {
    if takes_away == changes {
        return match changes {
            1 => "1 void or deletion".to_owned(),
            n => format!("{n} voids and deletions"),
        };
    }
    let of_them = match takes_away {
        0 => String::new(),
        n => format!(", {n} of them voided or deleted"),
    };
    match plan.to_shop.len() {
        0 => format!("{changes} documents{of_them}"),
        n => format!("{changes} changes{of_them}, {n} of them in the shop"),
    }
}

/// A token that can be typed behind `--confirm`: one that begins with a dash would be read as a flag.
pub fn random_token() -> Result<String, Failure> {
    loop {
        let mut random = [0_u8; 18];
        getrandom::fill(&mut random).map_err(|error| {
            Failure::new(
                "no_randomness",
                format!("the system gave no random bytes: {error}"),
            )
        })?;
        let token = URL_SAFE_NO_PAD.encode(random);
        if !token.starts_with('-') {
            return Ok(token);
        }
    }
}

/// Stops the run, and gives a token for the same plan.
fn offer_token(
    history: &dyn HistoryWriter,
    plan: &Plan,
    what: &str,
    now: DateTime<Utc>,
) -> Result<Failure, Failure> {
    let token = offered(history, plan, now)?;
    let mut failure = Failure::new(
        "confirmation_needed",
        format!("the plan would write {what}, which needs a confirmation"),
    )
    .hint(format!(
        "run the same command with `--confirm {token}` within {MINUTES} minutes, or with `--yes`"
    ));
    failure.confirm_token = Some(token);
    Ok(failure)
}

/// A token for this plan, good for five minutes.
fn offered(
    history: &dyn HistoryWriter,
    plan: &Plan,
    now: DateTime<Utc>,
) -> Result<String, Failure> {
    let token = random_token()?;
    history.offer_confirmation(&hash(&token), &plan.fingerprint(), now + GOOD_FOR)?;
    Ok(token)
}

fn use_token(
    history: &dyn HistoryWriter,
    plan: &Plan,
    token: &str,
    now: DateTime<Utc>,
) -> Result<(), Failure> {
    let hint = "run the command without `--confirm` to get a new token for the plan as it is now";
    let refused = |why: &str| {
        Err(Failure::new(
            "confirmation_refused",
            format!("the confirmation is not valid: {why}"),
        )
        .hint(hint))
    };
    match history.use_confirmation(&hash(token), &plan.fingerprint(), now)? {
        ConfirmationUse::Ok => Ok(()),
        ConfirmationUse::Unknown => refused("no run has offered it"),
        ConfirmationUse::Expired => refused("it is older than five minutes"),
        ConfirmationUse::OtherPlan => Err(Failure::new(
            "plan_changed",
            "the confirmation is not valid: the plan is another one by now",
        )
        .hint(hint)),
        ConfirmationUse::Used => refused("it was used before"),
    }
}

/// Until when a token is good, as it was offered; `None` if it never was.
pub fn offered_until(history: &dyn History, token: &str) -> Result<Option<DateTime<Utc>>, Failure> {
    let offer = history.confirmation(&hash(token))?;
    Ok(offer.map(|(expires, _)| expires))
}

/// Whether a token can still be used; `None` if no run has offered it.
pub fn is_open(
    history: &dyn History,
    token: &str,
    now: DateTime<Utc>,
) -> Result<Option<bool>, Failure> {
    let offer = history.confirmation(&hash(token))?;
    Ok(offer.map(|(expires, is_used)| !is_used && now < expires))
}

/// The state file keeps no token that could be used.
fn hash(token: &str) -> String {
    Fingerprint::of_bytes(token.as_bytes()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_no_is_told_what_was_copied_before_the_question() {
        assert_eq!(not_confirmed(0).message, "nothing was written");
        assert_eq!(
            not_confirmed(116).message,
            "nothing was written to the books; 116 rows are in the database already"
        );
        assert_eq!(
            question("2 documents".to_owned(), 1),
            "2 documents (1 row is in the database already)"
        );
    }

    #[test]
    fn no_token_looks_like_a_flag() {
        // One of sixty-four would begin with a dash.
        for _ in 0..2_000 {
            let token = random_token().expect("there is chance here");
            assert!(!token.starts_with('-'), "{token}");
        }
    }
}
