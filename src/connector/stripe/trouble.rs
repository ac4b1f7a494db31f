//! Trouble: what a refusal of Stripe, or its silence, means and what to do about it.

use std::time::Duration;

use serde::Deserialize;

use crate::connector::http::{Answered, HttpTrouble, Unanswered};
use crate::model::fault::{Fault, Remedy};

/// A fault, and whether asking again may help.
pub struct Setback {
    pub fault: Fault,
    pub again: TryAgain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TryAgain {
    No,
    Soon,
}

#[derive(Default, Deserialize)]
struct ErrorBody {
    #[serde(default)]
    error: StripeError,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct StripeError {
    message: String,
    code: String,
}

fn no(fault: Fault) -> Setback {
    Setback {
        fault,
        again: TryAgain::No,
    }
}

fn soon(fault: Fault) -> Setback {
    Setback {
        fault,
        again: TryAgain::Soon,
    }
}

const LATER: &str = "run the same command again later, nothing is lost";
const MAKE_ONE: &str = "make a restricted key at https://dashboard.stripe.com/apikeys with *Read* for Balance, Payouts and Charges and *None* for everything else, then `udsync connect stripe`";

/// Says what an answer without the wanted content means.
pub fn refused(answer: &Answered) -> Setback {
    let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap_or_default();
    let said = body.error.message;
    let reference = answer.header("request-id").map(str::to_owned);
    let setback = match answer.status {
        401 => no(Fault::new(
            Remedy::Reconnect,
            "stripe_key_refused",
            "Stripe does not know the key",
        )
        .hint(MAKE_ONE)),
        403 => no(Fault::new(
            Remedy::Reconnect,
            "stripe_rights_missing",
            format!("the key may not see what is asked for: {}", right_in(&said)),
        )
        .hint(MAKE_ONE)),
        429 => soon(
            Fault::new(
                Remedy::Wait(Duration::from_secs(60)),
                "gateway_busy",
                "Stripe is asked too often at the moment",
            )
            .hint(LATER),
        ),
        500.. => soon(
            Fault::new(
                Remedy::Stop,
                "gateway_unreachable",
                format!("Stripe answered {}", answer.status),
            )
            .hint(LATER),
        ),
        status => no(Fault::new(
            Remedy::Stop,
            "gateway_refused",
            format!("Stripe answered {status}: {said}"),
        )),
    };
    Setback {
        fault: setback.fault.reference(reference),
        again: setback.again,
    }
}

/// The account has no such thing.
pub fn is_missing(answer: &Answered) -> bool {
    let body: ErrorBody = serde_json::from_slice(&answer.body).unwrap_or_default();
    answer.status == 404 && body.error.code == "resource_missing"
}

/// What the account must have and has not.
pub fn missing(path: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "gateway_refused",
        format!("Stripe has no `{path}`"),
    )
}

/// The right that is missing, out of words that repeat part of the key.
fn right_in(said: &str) -> String {
    let named = said.split('\'').find(|part| part.starts_with("rak_"));
    named.map_or_else(
        || "a permission is missing".to_owned(),
        |right| format!("`{right}` is missing"),
    )
}

/// Says why there is no answer.
pub fn silence(why: &Unanswered) -> Setback {
    let fault = Fault::new(
        Remedy::Stop,
        "gateway_unreachable",
        match why.trouble {
            HttpTrouble::Tls => format!("could not trust Stripe: {}", why.said),
            HttpTrouble::Timeout => "Stripe did not answer in time".to_owned(),
            HttpTrouble::Cut => "the answer of Stripe was cut off".to_owned(),
            HttpTrouble::Connect => format!("could not reach Stripe: {}", why.words()),
            HttpTrouble::TooLarge => format!("Stripe answered too much at once: {}", why.said),
        },
    )
    .hint(LATER);
    match why.trouble {
        HttpTrouble::Tls | HttpTrouble::TooLarge => no(fault),
        _ => soon(fault),
    }
}

/// 200, and then something that is not what was asked for.
pub fn unreadable() -> Setback {
    soon(
        Fault::new(
            Remedy::Stop,
            "gateway_unreadable",
            "Stripe answered with something that is not the data asked for",
        )
        .hint(
            "a proxy or firewall may stand before it; `udsync -vv payouts list` shows each request",
        ),
    )
}

pub fn endless(path: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "gateway_unreadable",
        format!("the list `{path}` of Stripe does not come to an end"),
    )
    .hint("ask for a shorter time with `--from`")
}

pub fn secret_key() -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "stripe_key_too_mighty",
        "this is the secret key of the account: it can pay money out and give it back, and it was not sent",
    )
    .hint(MAKE_ONE)
}

pub fn no_key() -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "stripe_key_refused",
        "this is no restricted key: those begin with `rk_`",
    )
    .hint(MAKE_ONE)
}

pub fn too_mighty(path: &str) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "stripe_key_too_mighty",
        format!("the key may see `{path}` too, which nobody needs who reads payouts"),
    )
    .hint(MAKE_ONE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(status: u16, message: &str) -> Setback {
        let body = serde_json::json!({ "error": { "message": message } }).to_string();
        refused(&Answered {
            status,
            headers: reqwest::header::HeaderMap::new(),
            body: body.into_bytes(),
        })
    }

    #[test]
    fn a_refusal_is_told_by_its_status_and_never_with_the_key() {
        for (status, code, again) in [
            (400, "gateway_refused", TryAgain::No),
            (401, "stripe_key_refused", TryAgain::No),
            (403, "stripe_rights_missing", TryAgain::No),
            (404, "gateway_refused", TryAgain::No),
            (429, "gateway_busy", TryAgain::Soon),
            (500, "gateway_unreachable", TryAgain::Soon),
        ] {
            let setback = answered(status, "no");
            assert_eq!(
                (setback.fault.code, setback.again),
                (code, again),
                "{status}"
            );
        }
        let said = "The provided key 'rk_test_5****1234' does not have the required permissions. Having the 'rak_payout_read' permission would allow this request to continue.";
        let fault = answered(403, said).fault;
        assert!(
            fault.said.contains("`rak_payout_read` is missing"),
            "{}",
            fault.said
        );
        assert!(!fault.said.contains("rk_test"), "{}", fault.said);
    }
}
