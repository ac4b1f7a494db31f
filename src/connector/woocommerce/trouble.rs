//! Trouble: what a shop's refusal, or its silence, means and what to do about it.
//!
//! Every fault of this connector is made here or in [`super::keys`]. Its codes, which scripts rely on:
//!
//! | code | remedy | when |
//! | --- | --- | --- |
//! | `store_address_unusable` | stop | the configured address is not one of a web site |
//! | `store_plain_http` | stop | plain HTTP to another machine, and not allowed; nothing was sent |
//! | `store_unreachable` | stop | no such host, refused, cut off, too slow, 5xx; after further tries |
//! | `store_tls` | stop | the certificate or the handshake |
//! | `store_too_large` | stop | the answer is larger than the cap |
//! | `store_busy` | wait | 429, or 503 as while WordPress updates itself |
//! | `store_moved` | stop | a redirect to another address |
//! | `store_url_wrong` | stop | no WordPress answers there |
//! | `store_woocommerce_missing` | stop | WordPress without WooCommerce's API |
//! | `store_permalinks_plain` | stop | WordPress whose API is reachable by `?rest_route=` only |
//! | `store_api_blocked` | stop | a plugin, a firewall or the server's own password stands before the API |
//! | `store_credentials_refused` | reconnect | the shop does not know the key |
//! | `store_secret_refused` | reconnect | it knows the key, and the secret is another one |
//! | `store_rights_missing` | reconnect | the key may not read, or its user may not see orders |
//! | `store_tls_hidden` | stop | a proxy does not tell PHP that the request came over TLS |
//! | `store_clock_off` | stop | the two clocks differ by more than OAuth allows |
//! | `store_request_refused` | stop | 400: a mistake of ours, or a WooCommerce that is too old |
//! | `store_status_unknown` | stop | an order status was asked for that the shop does not have |
//! | `store_answer_unreadable` | stop | 200, and then no JSON or too many rows; 400, and no word of WooCommerce's |
//! | `store_answer_unexpected` | stop | anything else |
//! | `store_scan_stuck` | stop | a list that does not come to an end |
//! | `no_randomness` | stop | this machine gives no random numbers for a nonce |

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;

use super::address::moved_to;
use super::scan::Stuck;
use crate::connector::http::{Answered, HttpTrouble, PATIENCE_MAX, Unanswered};
use crate::model::fault::{Fault, Remedy};

/// A shop's address as messages name it. It has no query, so no key can stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShopAddress(pub String);

/// A fault, and whether asking again may help.
#[derive(Debug)]
pub(super) struct ShopSetback {
    pub fault: Fault,
    pub again: RetryAdvice,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RetryAdvice {
    No,
    /// After one of our own pauses.
    Soon,
    /// The shop named a time.
    After(Duration),
}

/// What an answer other than the wanted one calls for.
#[derive(Debug)]
pub(super) enum CallsFor {
    Report(ShopSetback),
    /// It is about the keys.
    Keys,
    /// Nothing of WooCommerce answers here: see what does.
    LookAround,
}

impl From<ShopSetback> for CallsFor {
    fn from(setback: ShopSetback) -> CallsFor {
        CallsFor::Report(setback)
    }
}

fn never(fault: Fault) -> ShopSetback {
    ShopSetback {
        fault,
        again: RetryAdvice::No,
    }
}

fn soon(fault: Fault) -> ShopSetback {
    ShopSetback {
        fault,
        again: RetryAdvice::Soon,
    }
}

fn stop(code: &'static str, said: String) -> Fault {
    Fault::new(Remedy::Stop, code, said)
}

/// A shop that names no time is asked again after this; one that names a long one, after this at most.
const BUSY: Duration = Duration::from_secs(60);
const BUSY_MAX: Duration = PATIENCE_MAX;

impl ShopAddress {
    /// Says what an answer without the wanted content means. `asked` is where the request went.
    pub fn judge(&self, answer: &Answered, asked: &Url, now: DateTime<Utc>) -> CallsFor {
        let complaint = ShopError::of(answer);
        match answer.status {
            300..=399 => match self.moved(answer, asked) {
                Some(fault) => never(fault).into(),
                // WordPress redirects what it does not know to what it guesses.
                None => CallsFor::LookAround,
            },
            // A page of something before the shop: WooCommerce has not seen the question, and says nothing about it.
            400 if complaint.code.is_empty() => soon(self.unheard(answer)).into(),
            400 => never(self.request_refused(&complaint)).into(),
            401 => CallsFor::Keys,
            403 if complaint.code == "woocommerce_rest_cannot_view" => CallsFor::Keys,
            403 => never(self.blocked(&complaint)).into(),
            404 if complaint.code.is_empty() || complaint.code == "rest_no_route" => {
                CallsFor::LookAround
            }
            429 | 503 => self.busy(answer, &complaint, now).into(),
            500.. => soon(self.broken(answer.status, &complaint)).into(),
            _ => never(self.unexpected(answer.status, &complaint)).into(),
        }
    }

    /// Says why there is no answer. A shop that has answered before is worth another try when it cannot be reached.
    pub fn silence(&self, why: &Unanswered, limit: Duration, answered_before: bool) -> ShopSetback {
        let ShopAddress(shop) = self;
        match why.trouble {
            HttpTrouble::Connect => {
                let fault = stop("store_unreachable", format!("could not reach the shop `{shop}`: {}", why.words()))
                    .hint("check `url` of `[woocommerce]` in udsync.toml, and that the site opens in a browser");
                if answered_before { soon(fault) } else { never(fault) }
            }
            HttpTrouble::Tls => never(
                stop("store_tls", format!("could not trust the shop `{shop}`: {}", certificate(&why.said)))
                    .hint(format!("open {shop} in a browser: its certificate must be valid, for this very name, \
                                   and be sent with its intermediate certificates")),
            ),
            HttpTrouble::Timeout => soon(
                stop("store_unreachable", format!("the shop `{shop}` did not answer within {} s", limit.as_secs()))
                    .hint("try again later; for a slow server set `page_size = 25` or a longer `timeout` in `[woocommerce]`"),
            ),
            HttpTrouble::Cut => soon(self.cut()),
            HttpTrouble::TooLarge => never(
                stop("store_too_large", format!("the shop `{shop}` answered too much at once: {}", why.said))
                    .hint("set a smaller `page_size` in `[woocommerce]`, such as 25"),
            ),
        }
    }

    pub fn cut(&self) -> Fault {
        stop("store_unreachable", format!("the answer of the shop `{}` was cut off", self.0))
            .hint("try again later; if it stays so, set a smaller `page_size` in `[woocommerce]`, such as 25")
    }

    /// 200, and then something that is not what was asked for.
    pub fn unreadable(&self, body: &str) -> Fault {
        let shop = &self.0;
        let said = match beginning(body) {
            Some(quote) => format!(
                "the shop `{shop}` answered with a page instead of data, beginning `{quote}`"
            ),
            None => {
                format!("the shop `{shop}` answered with something that is not the data asked for")
            }
        };
        stop("store_answer_unreadable", said).hint(
            "a PHP warning: set `WP_DEBUG_DISPLAY` to false in wp-config.php and look at the plugin it names; \
             a login, maintenance or security page: let `/wp-json/wc/v3/` pass",
        )
    }

    /// A refusal that is not WooCommerce's: nothing of it is about what was asked.
    fn unheard(&self, answer: &Answered) -> Fault {
        let shop = &self.0;
        let status = answer.status;
        let said = match beginning(&answer.text()) {
            Some(quote) => format!(
                "something before the shop `{shop}` answered {status} with a page of its own, beginning `{quote}`"
            ),
            None => format!(
                "something before the shop `{shop}` answered {status} without a word of WooCommerce's"
            ),
        };
        stop("store_answer_unreadable", said).hint(
            "try again later; if it stays so, let `/wp-json/wc/v3/` pass in the proxy, the firewall and the security plugin",
        )
    }

    pub fn stuck(&self, why: Stuck) -> Fault {
        let words = match why {
            Stuck::FilterIgnored => "it ignores the time from which on to list",
            Stuck::NoTimes => "no row of a page says when it was changed",
            Stuck::Restless => "the orders of one second change faster than they can be read",
        };
        stop(
            "store_scan_stuck",
            format!("could not list the shop `{}`: {words}", self.0),
        )
        .hint(
            "update WooCommerce to a current version and take `/wp-json/` out of every page cache",
        )
    }

    fn moved(&self, answer: &Answered, asked: &Url) -> Option<Fault> {
        let target = moved_to(asked, answer.header("location")?)?;
        if target == *self {
            return Some(
                stop(
                    "store_moved",
                    format!("the shop `{}` redirects its API to itself", self.0),
                )
                .hint("take `/wp-json/` out of the redirects of the web server and of its plugins"),
            );
        }
        Some(
            stop(
                "store_moved",
                format!(
                    "the shop answers from `{}`, not from `{}`",
                    target.0, self.0
                ),
            )
            .hint(format!(
                "set `woocommerce.url` to it: `url = \"{}\"` below `[woocommerce]` in udsync.toml",
                target.0
            )),
        )
    }

    fn request_refused(&self, complaint: &ShopError) -> Fault {
        let shop = &self.0;
        if complaint
            .parameters
            .iter()
            .any(|name| name.starts_with("status"))
        {
            return stop(
                "store_status_unknown",
                format!("the shop `{shop}` does not know one of the order statuses asked for"),
            )
            .hint("name statuses as the shop's API does, without `wc-`: `--status processing,completed`");
        }
        let what = if complaint.parameters.is_empty() {
            named(&complaint.code, "a request")
        } else {
            format!("`{}`", complaint.parameters.join("`, `"))
        };
        stop("store_request_refused", format!("the shop `{shop}` refused {what}"))
            .hint("update WooCommerce to a current version; if it is one, this is a mistake in udsync: please report it")
    }

    pub fn blocked(&self, complaint: &ShopError) -> Fault {
        let said = if complaint.code.is_empty() {
            format!("something before the shop `{}` refuses its API", self.0)
        } else {
            format!(
                "the shop `{}` has its API closed (`{}`)",
                self.0, complaint.code
            )
        };
        stop("store_api_blocked", said).hint(
            "let `/wp-json/wc/v3/` pass in the security plugin, the firewall and the web server's own password",
        )
    }

    /// WordPress updating itself says 503 and ten minutes; a host that counts requests says 429.
    fn busy(&self, answer: &Answered, complaint: &ShopError, now: DateTime<Utc>) -> ShopSetback {
        let named = answer.retry_after(now);
        let wait = named.unwrap_or(BUSY).min(BUSY_MAX);
        let shop = &self.0;
        let said = match answer.status {
            429 => format!("the shop `{shop}` asks for fewer requests"),
            _ if complaint.code == "wp_die" => format!("the shop `{shop}` is in maintenance"),
            _ => format!("the shop `{shop}` is busy"),
        };
        let hint = match answer.status {
            429 => "try again later; if it stays so, set `concurrency = 1` in `[woocommerce]`",
            _ => "try again in some minutes: nothing is lost",
        };
        ShopSetback {
            fault: Fault::new(Remedy::Wait(wait), "store_busy", said).hint(hint),
            again: named.map_or(RetryAdvice::Soon, RetryAdvice::After),
        }
    }

    fn broken(&self, status: u16, complaint: &ShopError) -> Fault {
        let shop = &self.0;
        let (said, hint) = match complaint.code.as_str() {
            "wp_die" if complaint.message.contains("database") => (
                format!("the shop `{shop}` does not reach its database"),
                "look at the site in a browser, and tell its host; then try again",
            ),
            "internal_server_error" => (
                format!("the shop `{shop}` stopped with an error of its own"),
                "look into WooCommerce > Status > Logs for `fatal-errors`: a plugin or the theme is at fault",
            ),
            _ => (
                format!("the shop `{shop}` answered {status}"),
                "try again later; if it stays so, ask the shop's host, and set a smaller `page_size` in `[woocommerce]`",
            ),
        };
        stop("store_unreachable", said).hint(hint)
    }

    pub fn unexpected(&self, status: u16, complaint: &ShopError) -> Fault {
        let code = match complaint.code.as_str() {
            "" => String::new(),
            code => format!(" (`{code}`)"),
        };
        stop(
            "store_answer_unexpected",
            format!("the shop `{}` answered {status}{code}", self.0),
        )
        .hint("check `url` of `[woocommerce]` in udsync.toml; if it is right, please report this")
    }

    pub fn nothing_there(&self) -> Fault {
        stop("store_url_wrong", format!("no WordPress answers at `{}`", self.0))
            .hint("set `woocommerce.url` to the site's address as Settings > General in WordPress shows it")
    }

    pub fn without_woocommerce(&self) -> Fault {
        stop(
            "store_woocommerce_missing",
            format!("the site `{}` has no WooCommerce API `wc/v3`", self.0),
        )
        .hint("activate WooCommerce there, or set `woocommerce.url` to the site that has the shop")
    }

    pub fn plain_permalinks(&self) -> Fault {
        stop(
            "store_permalinks_plain",
            format!(
                "the site `{}` has plain permalinks, with which keys do not work",
                self.0
            ),
        )
        .hint("choose any other structure in WordPress under Settings > Permalinks and save")
    }
}

pub(super) fn address_unusable() -> Fault {
    stop("store_address_unusable", "the shop's address is not one of a web site".to_owned())
        .hint("give the address that a browser shows, such as `https://shop.example.com`, with `udsync connect woocommerce --url URL` \
               or as `url` below `[woocommerce]` in udsync.toml")
}

pub(super) fn plain_http(address: &str) -> Fault {
    stop(
        "store_plain_http",
        format!("`{address}` is plain HTTP: orders and their buyers could be read on the way, so nothing was sent"),
    )
    .hint("set `woocommerce.url` to the `https://` address; in a network of your own, `allow_http = true` permits it, \
               or `udsync connect woocommerce --allow-http`")
}

pub(super) fn redirected_in_circles(url: &Url) -> Fault {
    let address = url.as_str().trim_end_matches('/');
    stop(
        "store_moved",
        format!("the shop `{address}` sends its API from one address to the next without end"),
    )
    .hint("take `/wp-json/` out of the redirects of the web server and of its plugins")
}

pub(super) fn no_random() -> Fault {
    stop(
        "no_randomness",
        "this machine gave no random numbers".to_owned(),
    )
    .hint("check that `/dev/urandom` can be read")
}

/// What WordPress says in its error body, as far as it says something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ShopError {
    /// A word such as `rest_no_route`; empty if the body is not WordPress's.
    pub code: String,
    /// For looking into, not for showing: it may be in any language and name anything.
    pub message: String,
    pub parameters: Vec<String>,
}

impl ShopError {
    pub fn of(answer: &Answered) -> ShopError {
        let Ok(body) = serde_json::from_slice::<Value>(&answer.body) else {
            return ShopError::default();
        };
        let code = body["code"]
            .as_str()
            .filter(|code| is_word(code))
            .unwrap_or_default();
        // `data` may also be a bare number.
        let parameters = body["data"]["params"].as_object().into_iter().flatten();
        ShopError {
            code: code.to_owned(),
            message: body["message"].as_str().unwrap_or_default().to_owned(),
            parameters: parameters
                .map(|(name, _)| name.clone())
                .filter(|name| is_word(name))
                .collect(),
        }
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-[]".contains(&byte))
}

fn named(code: &str, otherwise: &str) -> String {
    if code.is_empty() {
        otherwise.to_owned()
    } else {
        format!("{otherwise} (`{code}`)")
    }
}

/// The first bytes of a page, for a person who knows the site. Data is never quoted, only what begins as markup.
fn beginning(body: &str) -> Option<String> {
    let body = body.trim_start();
    body.starts_with('<').then(|| {
        let line: Vec<&str> = body.split_whitespace().take(40).collect();
        line.join(" ").chars().take(80).collect()
    })
}

/// The part of a TLS complaint that says something.
fn certificate(said: &str) -> &str {
    said.rsplit_once("certificate: ")
        .map_or("the secure connection failed", |(_, why)| why)
}
