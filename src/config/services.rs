//! The sections of the services: where they are and how politely they are asked.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;
use url::Url;

use crate::model::service::Service;

use super::reader::{ConfigReader, ConfigSection};
use super::values::{
    PlainHttp, ReadValue, address, brief, duration, duration_or_off, flag, name_or_id, path, seen,
    text, word, wrong,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WooCommerceSettings {
    /// The address of the site; the API is below it.
    pub url: Url,
    /// Plain http although the shop is on another machine.
    pub allow_http: bool,
    pub page_size: u32,
    /// Requests in flight at once.
    pub concurrency: usize,
    pub timeout: Duration,
    /// How far a read reaches back behind the last one.
    pub overlap: Duration,
    /// How often every order is read again, whatever its time of change says. No list of changes tells of a refund or an order that
    /// was deleted for good, and a shop that keeps its orders as posts leaves out edits too. `None`: switched off.
    pub full_sweep: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    Sandbox,
    Production,
}

impl Environment {
    const WORDS: &[&str] = &["sandbox", "production"];

    fn from_word(word: &str) -> Option<Environment> {
        match word {
            "sandbox" => Some(Environment::Sandbox),
            "production" => Some(Environment::Production),
            _ => None,
        }
    }

    fn api_url(self) -> &'static str {
        match self {
            Environment::Sandbox => "\"https://sandbox-quickbooks.api.intuit.com\"",
            Environment::Production => "\"https://quickbooks.api.intuit.com\"",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QuickBooksSettings {
    pub environment: Environment,
    /// Written by `udsync connect`. The environment wins: see [`super::Config::company_id`].
    pub company_id: Option<String>,
    /// The host part; `/v3/company/…` follows.
    pub api_url: Url,
    /// Where a person signs in.
    pub auth_url: Url,
    pub token_url: Url,
    pub revoke_url: Url,
    /// The page to which the browser is sent after somebody signed in, as registered with the app.
    pub redirect_url: Option<Url>,
    pub requests_per_minute: u32,
    pub requests_per_second: u32,
    pub batches_per_minute: u32,
    pub batch_size: usize,
    /// Requests in flight at once.
    pub concurrency: usize,
    /// Reads are metered: a warning at 80 %, no optional reads at 100 %.
    pub reads_per_month: u64,
    pub timeout: Duration,
    /// A request without an answer is not believed undone before; then the books are looked at once more.
    pub settle_after: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    Rest,
    Postgres,
}

impl Transport {
    const WORDS: &[&str] = &["rest", "postgres"];

    fn from_word(word: &str) -> Option<Transport> {
        match word {
            "rest" => Some(Transport::Rest),
            "postgres" => Some(Transport::Postgres),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SupabaseSettings {
    pub transport: Transport,
    /// There is one if the transport is REST; a database is named by a credential.
    pub url: Option<Url>,
    pub schema: String,
    /// The authority that has signed the certificate of a PostgreSQL server; relative to the file.
    pub ca_file: Option<PathBuf>,
    /// Keeps what the shop said next to what was made of it.
    pub keep_raw: bool,
    pub read_only: bool,
    pub sync_logs: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StripeSettings {
    pub api_url: Url,
    pub timeout: Duration,
}

pub(super) fn read_stripe<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> Option<StripeSettings> {
    let section = reader.section(root, Service::Stripe.as_str());
    if !section.is_there() {
        return None;
    }
    let address = address(PlainHttp::Loopback);
    Some(StripeSettings {
        api_url: reader.or(&section, "api_url", &address),
        timeout: reader.duration(&section, "timeout"),
    })
}

pub(super) fn read_woocommerce<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> Option<WooCommerceSettings> {
    let section = reader.section(root, Service::Woocommerce.as_str());
    if !section.is_there() {
        return None;
    }
    let allow_http = reader.or(&section, "allow_http", flag);
    let plain = if allow_http {
        PlainHttp::Anywhere
    } else {
        PlainHttp::LoopbackUnless("allow_http")
    };
    let url = reader.require(&section, "url", |value| site(value, plain));
    let sweep = duration_or_off(section.limits("full_sweep"));
    Some(WooCommerceSettings {
        allow_http,
        page_size: reader.count(&section, "page_size"),
        concurrency: reader.count(&section, "concurrency"),
        timeout: reader.duration(&section, "timeout"),
        overlap: reader.duration(&section, "overlap"),
        full_sweep: reader.or(&section, "full_sweep", sweep),
        // Last, so that the mistakes of all others are told too.
        url: url?,
    })
}

/// The address of a shop, not one of the addresses below it.
fn site(value: &DeValue, plain: PlainHttp) -> ReadValue<Url> {
    let url = address(plain)(value)?;
    let below = url.path_segments().into_iter().flatten().find_map(|part| {
        ["wp-json", "wp-admin", "wp-login.php"]
            .into_iter()
            .find(|known| part == *known)
    });
    match below {
        Some(part) => wrong(
            format!("must be the address of the shop, without `/{part}`"),
            Some("write what stands before it".to_owned()),
        ),
        None => Ok(url),
    }
}

pub(super) fn read_quickbooks<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> Option<QuickBooksSettings> {
    let section = reader.section(root, Service::Quickbooks.as_str());
    if !section.is_there() {
        return None;
    }
    let environment = word(Environment::WORDS, Environment::from_word);
    let environment = reader.require(&section, "environment", environment);
    // Without an environment there is a complaint already; the rest is read for more of them.
    let environment = environment.unwrap_or(Environment::Sandbox);
    let address = address(PlainHttp::Loopback);
    let api_url = reader.or_else(&section, "api_url", environment.api_url(), &address);
    let settle_after = settle_after(api_url.host(), section.limits("settle_after"));
    // The limits are far above what Intuit allows: a stand-in may be asked as fast as it can.
    Some(QuickBooksSettings {
        environment,
        company_id: reader.get(&section, "company_id", company_id),
        api_url,
        auth_url: reader.or(&section, "auth_url", &address),
        token_url: reader.or(&section, "token_url", &address),
        revoke_url: reader.or(&section, "revoke_url", &address),
        redirect_url: reader.get(&section, "redirect_url", &address),
        requests_per_minute: reader.count(&section, "requests_per_minute"),
        requests_per_second: reader.count(&section, "requests_per_second"),
        batches_per_minute: reader.count(&section, "batches_per_minute"),
        batch_size: reader.count(&section, "batch_size"),
        concurrency: reader.count(&section, "concurrency"),
        reads_per_month: reader.count(&section, "reads_per_month"),
        timeout: reader.duration(&section, "timeout"),
        settle_after: reader.or(&section, "settle_after", settle_after),
    })
}

/// QuickBooks may work on a request for two minutes, and may take no less; only a stand-in on this machine is known better.
fn settle_after(
    host: Option<url::Host<&str>>,
    limits: RangeInclusive<u64>,
) -> impl Fn(&DeValue) -> ReadValue<Duration> + use<> {
    let is_stand_in = match host {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    };
    move |value| {
        if is_stand_in {
            return brief(value);
        }
        duration(limits.clone())(value)
    }
}

fn company_id(value: &DeValue) -> ReadValue<String> {
    let id = name_or_id(value)?;
    if id.len() > 20 || !id.bytes().all(|c| c.is_ascii_digit()) {
        let hint = "it is the long number that QuickBooks shows as company id".to_owned();
        return wrong(format!("must be digits, not {}", seen(value)), Some(hint));
    }
    Ok(id)
}

pub(super) fn read_supabase<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> Option<SupabaseSettings> {
    let section = reader.section(root, Service::Supabase.as_str());
    if !section.is_there() {
        return None;
    }
    let transport = word(Transport::WORDS, Transport::from_word);
    let transport = reader.or(&section, "transport", transport);
    let url = match transport {
        Transport::Rest => reader.require(&section, "url", project_url),
        Transport::Postgres => reader.get(&section, "url", project_url),
    };
    Some(SupabaseSettings {
        transport,
        url,
        schema: reader.or(&section, "schema", schema),
        ca_file: reader.get(&section, "ca_file", path),
        keep_raw: reader.or(&section, "keep_raw", flag),
        read_only: reader.or(&section, "read_only", flag),
        sync_logs: reader.or(&section, "sync_logs", flag),
    })
}

fn project_url(value: &DeValue) -> ReadValue<Url> {
    // Such an address has the password of the database in it.
    if value
        .as_str()
        .is_some_and(|url| url.trim().starts_with("postgres"))
    {
        return wrong(
            "must not hold the address of a database",
            Some("set the environment variable `UDSYNC_SUPABASE_DATABASE_URL` instead".to_owned()),
        );
    }
    address(PlainHttp::Loopback)(value)
}

fn schema(value: &DeValue) -> ReadValue<String> {
    let name = text(value)?;
    let starts_well = name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_');
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if !starts_well || name.len() > 63 || !name.chars().all(is_plain) {
        let hint = "it has small letters, digits and `_`, such as `public`".to_owned();
        return wrong(
            format!("must be the name of a schema, not {}", seen(value)),
            Some(hint),
        );
    }
    Ok(name)
}
