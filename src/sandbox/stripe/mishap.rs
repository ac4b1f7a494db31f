//! Mishaps on order: throttling, answers of a server or a proxy that is unwell, connections that break.

use serde::{Deserialize, Serialize};

use super::answer::{StripeAnswer, refusal};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StripeWhat {
    Throttle,
    ServerError,
    /// A page of a proxy that stands before it, with status 200.
    Html,
    Reset,
    Truncated,
    Delay,
}

#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct StripeRule {
    pub what: StripeWhat,
    /// `delay`: for how long.
    #[serde(default)]
    pub ms: u64,
    /// `throttle`: seconds to wait; the real one rarely says.
    #[serde(default)]
    pub retry_after: Option<u64>,
}

impl StripeRule {
    /// The answer that is given instead of the account's.
    pub fn instead(&self) -> Option<StripeAnswer> {
        match self.what {
            StripeWhat::Throttle => {
                let answer = refusal(
                    429,
                    "invalid_request_error",
                    Some("rate_limit"),
                    None,
                    "Request rate limit exceeded. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
                );
                Some(match self.retry_after {
                    Some(seconds) => answer.with("retry-after", seconds.to_string()),
                    None => answer,
                })
            }
            StripeWhat::ServerError => Some(refusal(
                500,
                "api_error",
                None,
                None,
                "An unknown error occurred",
            )),
            StripeWhat::Html => Some(StripeAnswer {
                body: "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body></body></html>\n".to_owned(),
                ..StripeAnswer::of(&serde_json::Value::Null)
            }),
            StripeWhat::Reset | StripeWhat::Truncated | StripeWhat::Delay => None,
        }
    }
}
