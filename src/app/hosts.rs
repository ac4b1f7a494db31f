//! Where secrets may go: the addresses that were there when a connection was made, and no others.
//!
//! A configuration is a file that anybody can hand over. Whoever follows a strange one must not give away what is sealed by it, so the
//! addresses of QuickBooks are sealed beside the tokens and compared before any of these is opened. Intuit's own hosts are always
//! good. What is only in the environment may also go to this machine, where the stand-ins are; other hosts have to be named once, with
//! `udsync connect quickbooks --allow-host HOST`.

use serde::{Deserialize, Serialize};
use url::Url;

use super::App;
use super::credentials::{self, QUICKBOOKS, QUICKBOOKS_APP};
use super::strongbox::Strongbox;
use crate::config;
use crate::connector::http::is_loopback;
use crate::model::fault::{Fault, Remedy};
use crate::model::service::{
    QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET, QUICKBOOKS_REFRESH_TOKEN,
};
use crate::store::Store;

/// The name in the strongbox.
pub const QUICKBOOKS_HOSTS: &str = "quickbooks.hosts";

/// Hosts on which nobody but Intuit answers. No pattern: a name below `intuit.com` may be let to somebody.
const INTUIT: [&str; 5] = [
    "appcenter.intuit.com",
    "developer.api.intuit.com",
    "oauth.platform.intuit.com",
    "quickbooks.api.intuit.com",
    "sandbox-quickbooks.api.intuit.com",
];

/// The addresses of a connection, as they are sealed.
#[derive(Default, Serialize, Deserialize)]
struct SealedHosts {
    origins: Vec<String>,
}

/// Whose secrets are to be sent.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A stored connection's.
    Connection,
    /// The environment's, or a person's who is just typing them.
    Person,
}

/// Scheme, host and port: what a secret is sent to.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

/// The addresses of QuickBooks that a configuration names, with their settings.
fn named(books: &config::QuickBooksSettings) -> [(&'static str, &Url); 4] {
    [
        ("api_url", &books.api_url),
        ("auth_url", &books.auth_url),
        ("token_url", &books.token_url),
        ("revoke_url", &books.revoke_url),
    ]
}

fn is_intuits(url: &Url) -> bool {
    url.scheme() == "https"
        && url.port().is_none()
        && url.host_str().is_some_and(|host| INTUIT.contains(&host))
}

impl App {
    /// Refuses to send the secrets of QuickBooks to where nobody meant them to go. Opens none of them.
    pub fn check_hosts(&self, store: &Store) -> Result<(), Fault> {
        let strongbox = self.strongbox(store);
        let given = &self.credentials;
        let from_environment =
            given.has(&QUICKBOOKS_CLIENT_ID) || given.has(&QUICKBOOKS_CLIENT_SECRET);
        let stored = strongbox.has(QUICKBOOKS_APP)? || strongbox.has(QUICKBOOKS)?;
        let uses_stored =
            stored && (!from_environment || self.tokens_name(store, &strongbox)? == QUICKBOOKS);
        if uses_stored {
            self.check_hosts_of(&strongbox, Owner::Connection, &[])
        } else if from_environment || given.has(&QUICKBOOKS_REFRESH_TOKEN) {
            self.check_hosts_of(&strongbox, Owner::Person, &[])
        } else {
            // There is nothing to give away.
            Ok(())
        }
    }

    /// The same before somebody signs in. `allowed`: the hosts that they named. The keys of an app that is stored are bound as its tokens are.
    pub fn check_hosts_to_connect(
        &self,
        strongbox: &Strongbox,
        app_is_stored: bool,
        allowed: &[String],
    ) -> Result<(), Fault> {
        let owner = if app_is_stored {
            Owner::Connection
        } else {
            Owner::Person
        };
        self.check_hosts_of(strongbox, owner, allowed)
    }

    fn check_hosts_of(
        &self,
        strongbox: &Strongbox,
        owner: Owner,
        allowed: &[String],
    ) -> Result<(), Fault> {
        let Some(books) = &self.config.quickbooks else {
            return Ok(());
        };
        let strange: Vec<(&str, &Url)> = named(books)
            .into_iter()
            .filter(|(_, url)| !is_intuits(url))
            .filter(|(_, url)| !(owner == Owner::Person && is_loopback(url)))
            .filter(|(_, url)| !allowed.iter().any(|host| is_named(url, host)))
            .collect();
        if strange.is_empty() {
            return Ok(());
        }
        // Of a connection that is older than this there is nothing sealed, and nothing but Intuit's own is believed.
        let known = credentials::stored::<SealedHosts>(strongbox, QUICKBOOKS_HOSTS)?;
        let known = known.unwrap_or_default().origins;
        match strange
            .into_iter()
            .find(|(_, url)| !known.contains(&origin(url)))
        {
            Some((setting, url)) => Err(refused(setting, url, owner)),
            None => Ok(()),
        }
    }

    /// Seals the addresses of this configuration as those of the connection that is being made.
    pub(super) fn keep_hosts(&self, strongbox: &Strongbox) -> Result<(), Fault> {
        let Some(books) = &self.config.quickbooks else {
            return Ok(());
        };
        let mut origins: Vec<String> = named(books).iter().map(|(_, url)| origin(url)).collect();
        origins.sort();
        origins.dedup();
        let text = serde_json::to_string(&SealedHosts { origins }).expect("texts have a JSON form");
        strongbox.save(QUICKBOOKS_HOSTS, &text.into())
    }
}

/// `books.example` or `books.example:8443`, as somebody types it.
fn is_named(url: &Url, host: &str) -> bool {
    let own = url.host_str().unwrap_or_default();
    let with_port = url
        .port_or_known_default()
        .map(|port| format!("{own}:{port}"));
    host.eq_ignore_ascii_case(own) && url.port().is_none()
        || with_port.is_some_and(|own| host.eq_ignore_ascii_case(&own))
}

/// The host as `--allow-host` takes it.
fn place(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn refused(setting: &str, url: &Url, owner: Owner) -> Fault {
    let place = place(url);
    let said = match owner {
        Owner::Connection => format!(
            "`{setting}` in `[quickbooks]` names `{place}`, which the stored connection to QuickBooks was not made with: nothing was sent"
        ),
        Owner::Person => format!(
            "`{setting}` in `[quickbooks]` names `{place}`, which is no host of Intuit's: nothing was sent"
        ),
    };
    Fault::new(Remedy::Reconnect, "secret_for_another_host", said).hint(format!(
        "take `{setting}` out of `[quickbooks]` in udsync.toml; only if you know that host, \
         name it: `udsync connect quickbooks --allow-host {place}`"
    ))
}

/// What is stored for a database goes to no other.
pub(super) fn database_elsewhere(stored_for: &str, configured: &str) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "secret_for_another_host",
        format!(
            "the stored key is for the project `{stored_for}`, and the configuration names `{configured}`: nothing was sent"
        ),
    )
    .hint("`udsync connect supabase` stores the key of this one; or put the other `url` back below `[supabase]`")
}

/// Nor is its password shown to a server that another authority vouches for.
pub(super) fn authority_changed() -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "secret_for_another_host",
        "`ca_file` in `[supabase]` is not the authority that the database was connected with: nothing was sent",
    )
    .hint("put the file back; if the authority was renewed, `udsync connect supabase --transport postgres` stores the connection string anew")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("an address")
    }

    #[test]
    fn only_intuits_very_hosts_are_intuits() {
        for good in [
            "https://quickbooks.api.intuit.com/",
            "https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer",
        ] {
            assert!(is_intuits(&url(good)), "{good}");
        }
        for strange in [
            "http://quickbooks.api.intuit.com/",
            "https://quickbooks.api.intuit.com:8443/",
            "https://quickbooks.api.intuit.com.evil.example/",
            "https://evil.intuit.com/",
            "https://quickbooks.api.intuit.com@evil.example/",
            "https://127.0.0.1/",
        ] {
            assert!(!is_intuits(&url(strange)), "{strange}");
        }
    }

    #[test]
    fn a_host_is_named_with_the_port_it_has() {
        for (address, host, is) in [
            ("https://books.example/x", "books.example", true),
            ("https://books.example/x", "Books.Example:443", true),
            ("https://books.example:8443/x", "books.example", false),
            ("https://books.example:8443/x", "books.example:8443", true),
            ("https://books.example/x", "example", false),
        ] {
            assert_eq!(is_named(&url(address), host), is, "{address} {host}");
        }
    }
}
