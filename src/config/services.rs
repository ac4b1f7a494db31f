//! The sections of the services: where they are and how politely they are asked.

use std::path::PathBuf;
use std::time::Duration;

use toml::de::DeValue;
use url::Url;

use super::reader::{Reader, Section};
use super::values::{
    PlainHttp, Read, address, brief, count, duration, flag, name_or_id, path, seen, text, word,
    wrong,
};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WooCommerce {
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
    /// How often every order is read again, whatever its time of change says: for shops whose storage does not always move it.
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
pub struct QuickBooks {
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
pub struct Supabase {
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

pub(super) fn read_woocommerce<'t>(
    reader: &mut Reader<'t>,
    root: &Section<'t>,
) -> Option<WooCommerce> {
    let keys = [
        "url",
        "allow_http",
        "page_size",
        "concurrency",
        "timeout",
        "overlap",
        "full_sweep",
    ];
    let section = reader.section(root, "woocommerce", &keys);
    if !section.is_there() {
        return None;
    }
    let example = "\"https://shop.example.com\"";
    let allow_http = reader.or(&section, "allow_http", "false", flag);
    let plain = if allow_http {
        PlainHttp::Anywhere
    } else {
        PlainHttp::LoopbackUnless("allow_http")
    };
    let url = reader.require(&section, "url", example, |value| site(value, plain));
    let page_size = reader.or(&section, "page_size", "100", count(1..=100));
    let concurrency = reader.or(&section, "concurrency", "2", count(1..=20));
    let timeout = reader.or(&section, "timeout", "\"60s\"", duration(1..=600));
    let overlap = reader.or(&section, "overlap", "\"10m\"", duration(0..=604_800));
    let full_sweep = reader.get(&section, "full_sweep", duration(3_600..=31_536_000));
    Some(WooCommerce {
        url: url?,
        allow_http,
        page_size,
        concurrency,
        timeout,
        overlap,
        full_sweep,
    })
}

/// The address of a shop, not one of the addresses below it.
fn site(value: &DeValue, plain: PlainHttp) -> Read<Url> {
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
    reader: &mut Reader<'t>,
    root: &Section<'t>,
) -> Option<QuickBooks> {
    let keys = [
        "environment",
        "company_id",
        "api_url",
        "auth_url",
        "token_url",
        "revoke_url",
        "redirect_url",
        "requests_per_minute",
        "requests_per_second",
        "batches_per_minute",
        "batch_size",
        "concurrency",
        "reads_per_month",
        "timeout",
        "settle_after",
    ];
    let section = reader.section(root, "quickbooks", &keys);
    if !section.is_there() {
        return None;
    }
    let environment = word(Environment::WORDS, Environment::from_word);
    let environment = reader.require(&section, "environment", "\"sandbox\"", environment);
    // Without an environment there is a complaint already; the rest is read for more of them.
    let defaults = environment.unwrap_or(Environment::Sandbox);
    let url = |reader: &mut Reader<'t>, key, default| {
        reader.or(&section, key, default, address(PlainHttp::Loopback))
    };
    let api_url = url(reader, "api_url", defaults.api_url());
    let settle_after = settle_after(api_url.host());
    // The limits are far above what Intuit allows: a stand-in may be asked as fast as it can.
    Some(QuickBooks {
        environment: defaults,
        company_id: reader.get(&section, "company_id", company_id),
        api_url,
        auth_url: url(
            reader,
            "auth_url",
            "\"https://appcenter.intuit.com/connect/oauth2\"",
        ),
        token_url: url(
            reader,
            "token_url",
            "\"https://oauth.platform.intuit.com/oauth2/v1/tokens/bearer\"",
        ),
        revoke_url: url(
            reader,
            "revoke_url",
            "\"https://developer.api.intuit.com/v2/oauth2/tokens/revoke\"",
        ),
        redirect_url: reader.get(&section, "redirect_url", address(PlainHttp::Loopback)),
        requests_per_minute: reader.or(
            &section,
            "requests_per_minute",
            "500",
            count(1..=1_000_000),
        ),
        requests_per_second: reader.or(&section, "requests_per_second", "10", count(1..=100_000)),
        batches_per_minute: reader.or(&section, "batches_per_minute", "40", count(1..=1_000_000)),
        batch_size: reader.or(&section, "batch_size", "30", count(1..=30)),
        concurrency: reader.or(&section, "concurrency", "8", count(1..=64)),
        reads_per_month: reader.or(
            &section,
            "reads_per_month",
            "500000",
            count(0..=1_000_000_000),
        ),
        timeout: reader.or(&section, "timeout", "\"120s\"", duration(1..=600)),
        settle_after: reader.or(&section, "settle_after", "\"120s\"", settle_after),
    })
}

/// QuickBooks may work on a request for two minutes, and may take no less; only a stand-in on this machine is known better.
fn settle_after(host: Option<url::Host<&str>>) -> impl Fn(&DeValue) -> Read<Duration> + use<> {
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
        duration(120..=3_600)(value)
    }
}

fn company_id(value: &DeValue) -> Read<String> {
    let id = name_or_id(value)?;
    if id.len() > 20 || !id.bytes().all(|c| c.is_ascii_digit()) {
        let hint = "it is the long number that QuickBooks shows as company id".to_owned();
        return wrong(format!("must be digits, not {}", seen(value)), Some(hint));
    }
    Ok(id)
}

pub(super) fn read_supabase<'t>(reader: &mut Reader<'t>, root: &Section<'t>) -> Option<Supabase> {
    let keys = [
        "transport",
        "url",
        "schema",
        "ca_file",
        "keep_raw",
        "read_only",
        "sync_logs",
    ];
    let section = reader.section(root, "supabase", &keys);
    if !section.is_there() {
        return None;
    }
    let transport = word(Transport::WORDS, Transport::from_word);
    let transport = reader.or(&section, "transport", "\"rest\"", transport);
    let url = match transport {
        Transport::Rest => {
            let example = "\"https://abc.supabase.co\"";
            reader.require(&section, "url", example, project_url)
        }
        Transport::Postgres => reader.get(&section, "url", project_url),
    };
    Some(Supabase {
        transport,
        url,
        schema: reader.or(&section, "schema", "\"public\"", schema),
        ca_file: reader.get(&section, "ca_file", path),
        keep_raw: reader.or(&section, "keep_raw", "true", flag),
        read_only: reader.or(&section, "read_only", "false", flag),
        sync_logs: reader.or(&section, "sync_logs", "true", flag),
    })
}

fn project_url(value: &DeValue) -> Read<Url> {
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

fn schema(value: &DeValue) -> Read<String> {
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
