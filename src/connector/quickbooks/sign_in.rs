//! Signing in: how a person at a browser lets udsync into a company.
//!
//! [`invite`] makes the address for the browser. The answer comes back with the browser, either to a listener on this machine or to a
//! page whose address somebody pastes; it counts only if it carries the state that went out with the invitation. The code in
//! it becomes the first pair of tokens, which is [`FreshTokens`] until it is kept.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;
use url::{Host, Url};

use crate::connector::port::Vault;
use crate::model::clock::Clock;
use crate::model::fault::{Fault, Remedy};

pub use super::listener::{BrowserListener, redirect};
use super::pair::{self, TokenPair};
pub use super::service::AppKeys;
use super::service::TokenService;
use super::tokens;

/// What udsync wants to be allowed.
const SCOPE: &str = "com.intuit.quickbooks.accounting";
/// How long a person may take.
pub const AT_MOST: Duration = Duration::from_secs(600);
/// Bytes of chance in a state.
pub const CHANCE: usize = 32;

/// An invitation to sign in: the address for the browser, and the state by which its answer is known.
pub struct Invitation {
    address: Url,
    state: SecretString,
    redirect: String,
}

/// A person said yes.
#[derive(Debug)]
pub struct BrowserConsent {
    pub company_id: String,
    code: SecretString,
    redirect: String,
}

/// Why an answer does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// It answers another invitation, or none.
    OtherState,
    /// It has no code, or names no company.
    NoCode,
    /// The person said no.
    Denied,
    /// QuickBooks did not like the question.
    Refused,
}

/// The first pair of tokens of a connection, not kept yet.
pub struct FreshTokens {
    company_id: String,
    pair: TokenPair,
}

/// Makes the address to which a browser goes. The chance must never be the same twice.
pub fn invite(
    auth_url: &Url,
    client_id: &SecretString,
    redirect: &str,
    chance: [u8; CHANCE],
) -> Invitation {
    let state = URL_SAFE_NO_PAD.encode(chance);
    let mut address = auth_url.clone();
    address
        .query_pairs_mut()
        .append_pair("client_id", client_id.expose_secret())
        .append_pair("response_type", "code")
        .append_pair("scope", SCOPE)
        .append_pair("redirect_uri", redirect)
        .append_pair("state", &state);
    Invitation {
        address,
        state: state.into(),
        redirect: redirect.to_owned(),
    }
}

impl Invitation {
    pub fn address(&self) -> &str {
        self.address.as_str()
    }

    /// Reads the answer out of the parameters of an address.
    pub fn answered(&self, query: &str) -> Result<BrowserConsent, Unfit> {
        let (mut code, mut company, mut state, mut error) = (None, None, None, None);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "code" => code = Some(value.into_owned()),
                "realmId" => company = Some(value.into_owned()),
                "state" => state = Some(value.into_owned()),
                "error" => error = Some(value.into_owned()),
                _ => {}
            }
        }
        let state = state.unwrap_or_default();
        let same = state
            .as_bytes()
            .ct_eq(self.state.expose_secret().as_bytes());
        if !bool::from(same) {
            // Somebody pasted another address altogether, or an old one.
            let nothing = state.is_empty() && code.is_none() && error.is_none();
            return Err(if nothing {
                Unfit::NoCode
            } else {
                Unfit::OtherState
            });
        }
        match error.as_deref() {
            Some("access_denied") => return Err(Unfit::Denied),
            Some(_) => return Err(Unfit::Refused),
            None => {}
        }
        let is_id = |id: &String| !id.is_empty() && id.bytes().all(|c| c.is_ascii_digit());
        match (code.filter(|code| !code.is_empty()), company.filter(is_id)) {
            (Some(code), Some(company_id)) => Ok(BrowserConsent {
                company_id,
                code: code.into(),
                redirect: self.redirect.clone(),
            }),
            _ => Err(Unfit::NoCode),
        }
    }

    /// Reads what somebody pasted: the whole address that the browser ended on, or what follows the question mark.
    pub fn pasted(&self, text: &str) -> Result<BrowserConsent, Fault> {
        let text = text.trim().trim_matches(['"', '\'', '<', '>']);
        let query = match text.split_once('?') {
            Some((_, query)) => query,
            None => text,
        };
        let query = query.split('#').next().unwrap_or_default();
        self.answered(query).map_err(|unfit| unfit.pasted())
    }
}

impl Unfit {
    /// In words, of an answer that the browser brought.
    pub fn fault(self) -> Fault {
        let again = "start again: `udsync connect quickbooks`";
        match self {
            Unfit::Denied => Fault::new(
                Remedy::Reconnect,
                "sign_in_denied",
                "the sign-in was refused: QuickBooks says that the person there chose not to connect",
            )
            .hint("run `udsync connect quickbooks` again and choose `Connect`"),
            Unfit::Refused => Fault::new(
                Remedy::Reconnect,
                "sign_in_refused",
                "QuickBooks refused to ask anybody: the app's settings do not fit what was asked",
            )
            .hint("see that the app has the scope for accounting, then run `udsync connect quickbooks` again"),
            Unfit::OtherState => Fault::new(
                Remedy::Reconnect,
                "sign_in_other_state",
                "this is the answer to another sign-in: its state is not the one that was sent",
            )
            .hint(again),
            Unfit::NoCode => Fault::new(
                Remedy::Reconnect,
                "sign_in_no_code",
                "the answer of QuickBooks has no code or names no company",
            )
            .hint(again),
        }
    }

    fn pasted(self) -> Fault {
        match self {
            Unfit::NoCode => Fault::new(
                Remedy::Reconnect,
                "sign_in_no_code",
                "what was pasted has no `code` and `realmId` in it",
            )
            .hint("paste the whole address that the browser ended on, from `http` to the end"),
            other => other.fault(),
        }
    }
}

/// Refuses an address that QuickBooks would refuse to send a browser to.
pub fn check_redirect(redirect: &str, production: bool) -> Result<(), Fault> {
    let wrong = |said: &str| {
        Fault::new(Remedy::Stop, "redirect_url", said)
            .hint("give the https address of your copy of examples/quickbooks-callback.html with `--redirect-url URL`")
    };
    let url = Url::parse(redirect).map_err(|_| wrong("the redirect address is not an address"))?;
    let Some(Host::Domain(host)) = url.host() else {
        return Err(wrong(
            "the redirect address must have a name, not the number of a machine",
        ));
    };
    if url.query().is_some() || url.fragment().is_some() {
        return Err(wrong("the redirect address must end without `?` or `#`"));
    }
    match (host == "localhost", url.scheme()) {
        (true, _) if production => Err(wrong(
            "keys for production are not sent back to `localhost`: QuickBooks wants a public https page there",
        )),
        (true, "http") | (false, "https") => Ok(()),
        _ => Err(wrong("the redirect address must begin with `https://`")),
    }
}

/// Exchanges a consent for the first pair of tokens.
pub async fn exchange(
    keys: AppKeys,
    consent: &BrowserConsent,
    clock: &Clock,
) -> Result<FreshTokens, Fault> {
    let service = TokenService::new(keys, Duration::ZERO);
    let granted = service.exchange(&consent.code, &consent.redirect).await?;
    let pair = TokenPair::first(granted, clock.now()).ok_or_else(|| {
        Fault::new(
            Remedy::Stop,
            "sign_in_trouble",
            "the sign-in service of QuickBooks gave no refresh token",
        )
        .hint("check `token_url` in `[quickbooks]`, then run `udsync connect quickbooks` again")
    })?;
    Ok(FreshTokens {
        company_id: consent.company_id.clone(),
        pair,
    })
}

/// Exchanges a refresh token that somebody brought along, so that it is known to be good before it takes anything's place.
pub async fn adopt(
    keys: AppKeys,
    company_id: &str,
    refresh: &SecretString,
    clock: &Clock,
) -> Result<FreshTokens, Fault> {
    let service = TokenService::new(keys, Duration::from_secs(1));
    let given = TokenPair::given(refresh);
    let granted = service.renew(refresh).await.map_err(|denied| match denied {
        super::service::Denied::Other(fault) => fault,
        super::service::Denied::Grant { fault, .. } => fault.hint(
            "put a new refresh token for this company in `UDSYNC_QUICKBOOKS_REFRESH_TOKEN`, or sign in with `udsync connect quickbooks`",
        ),
    })?;
    Ok(FreshTokens {
        company_id: company_id.to_owned(),
        pair: given.after(refresh, granted, clock.now()),
    })
}

impl FreshTokens {
    /// Puts the pair into the vault, in the place of whatever is there. When this returns it is on the disk. `besides` is kept in
    /// the same turn, before it.
    pub async fn keep(
        &self,
        vault: &dyn Vault,
        name: &str,
        besides: impl FnOnce() -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let _turn = tokens::turn(vault, name).await?;
        besides()?;
        tokens::keep(vault, name, &self.company_id, &self.pair)
    }
}

/// By which a refresh token of the environment is known again without being kept.
pub fn digest(token: &SecretString) -> String {
    pair::digest(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn invitation() -> Invitation {
        let auth = Url::parse("https://auth.example/connect").expect("an address");
        let redirect = "http://localhost:8919/callback";
        invite(&auth, &"client".to_owned().into(), redirect, [7; CHANCE])
    }

    fn state() -> String {
        URL_SAFE_NO_PAD.encode([7; CHANCE])
    }

    #[test]
    fn the_invitation_says_who_asks_for_what_and_where_to_answer() {
        let asked = invitation();
        let address = asked.address();
        for part in [
            "https://auth.example/connect?client_id=client&response_type=code&",
            "scope=com.intuit.quickbooks.accounting&",
            "redirect_uri=http%3A%2F%2Flocalhost%3A8919%2Fcallback&",
            &format!("state={}", state()),
        ] {
            assert!(address.contains(part), "{address}");
        }
        assert_eq!(state().len(), 43);
    }

    #[test]
    fn only_an_answer_with_its_state_counts() {
        let unfit = |query: &str| invitation().answered(query).expect_err(query);
        let state = state();
        for (query, why) in [
            ("code=c&realmId=1&state=other".to_owned(), Unfit::OtherState),
            ("code=c&realmId=1".to_owned(), Unfit::OtherState),
            ("error=access_denied&state=x".to_owned(), Unfit::OtherState),
            (format!("error=access_denied&state={state}"), Unfit::Denied),
            (format!("error=invalid_scope&state={state}"), Unfit::Refused),
            (format!("realmId=1&state={state}"), Unfit::NoCode),
            (format!("code=c&state={state}"), Unfit::NoCode),
            (format!("code=c&realmId=../1&state={state}"), Unfit::NoCode),
            (String::new(), Unfit::NoCode),
        ] {
            assert_eq!(unfit(&query), why, "{query}");
        }
        for (why, code) in [
            (Unfit::Denied, "sign_in_denied"),
            (Unfit::Refused, "sign_in_refused"),
            (Unfit::OtherState, "sign_in_other_state"),
            (Unfit::NoCode, "sign_in_no_code"),
        ] {
            let fault = why.fault();
            assert_eq!((fault.code, fault.remedy), (code, Remedy::Reconnect));
        }
        let query = format!("code=AB%2B1&state={state}&realmId=9130");
        let consent = invitation().answered(&query).expect("it counts");
        assert_eq!(consent.company_id, "9130");
        assert_eq!(consent.code.expose_secret(), "AB+1");
        assert!(!format!("{consent:?}").contains("AB+1"));
    }

    #[test]
    fn what_is_pasted_may_be_the_address_or_its_end() {
        let end = format!("code=AB11&state={}&realmId=9130", state());
        for text in [
            end.clone(),
            format!("?{end}"),
            format!("  \"https://books.example/qb.html?{end}#top\"\n"),
        ] {
            let consent = invitation().pasted(&text).expect("it counts");
            assert_eq!(consent.company_id, "9130");
        }
        for (text, said) in [
            (
                "https://books.example/",
                "what was pasted has no `code` and `realmId` in it",
            ),
            (
                "https://books.example/?code=a&state=b&realmId=1",
                "this is the answer to another sign-in: its state is not the one that was sent",
            ),
        ] {
            let fault = invitation().pasted(text).expect_err(text);
            assert_eq!(fault.said, said);
        }
    }

    #[test]
    fn an_address_that_intuit_would_refuse_is_refused_first() {
        for good in [
            "http://localhost:8919/callback",
            "https://books.example/qb.html",
        ] {
            check_redirect(good, false).expect(good);
        }
        for (wrong, production, said) in [
            ("http://localhost:8919/callback", true, "localhost"),
            ("http://127.0.0.1:8919/callback", false, "number"),
            ("https://books.example/qb?x=1", false, "`?`"),
            ("https://books.example/qb#x", true, "`#`"),
            ("http://books.example/qb", true, "https://"),
            ("books.example", false, "not an address"),
        ] {
            let fault = check_redirect(wrong, production).expect_err(wrong);
            assert_eq!(fault.code, "redirect_url");
            assert!(fault.said.contains(said), "{}", fault.said);
        }
    }
}
