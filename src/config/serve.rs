//! The section `[serve]`: where the server listens, from where it is reached, and how it hears of changes.
//!
//! The shop's own file may have it, and so may `serve.toml`, which is the file of a server for several shops and holds nothing else.
//! Whether an address may be listened on as it is (it may lie open, and only a proxy before it keep it private) is for the server to
//! say, for a flag decides that too.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use ipnet::IpNet;
use toml::de::{DeTable, DeValue};
use url::{Host, Url};

use crate::model::service::Service;

use super::reader::{ConfigReader, ConfigSection};
use super::values::{PlainHttp, ReadValue, address, flag, path, seen, text, wrong};
use super::{Complaints, finished};

/// What `udsync serve` does where no flag says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// API, dashboard, health and metrics.
    pub listen: SocketAddr,
    /// Webhooks and health only: what a proxy or a tunnel may show to the world.
    pub hooks_listen: SocketAddr,
    /// Where `hooks_listen` is reached from outside; webhooks are registered with it. Without a path.
    pub public_url: Option<Url>,
    /// Where the dashboard is reached, if a proxy stands before it. Without a path.
    pub dashboard_url: Option<Url>,
    /// More names that a request may be for, in small letters and without ports; those of the two addresses above count anyway.
    pub allowed_hosts: Vec<String>,
    pub webhooks: WebhookSources,
    /// How often changes are looked for that no webhook told of.
    pub sweep: Duration,
    /// How often the books are asked what changed while their webhooks come.
    pub cdc: Duration,
    /// And how often while none come.
    pub cdc_silent: Duration,
    /// Certificate chain and key in PEM, relative to the file: both are there or neither.
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    /// Only what these say of a request's origin counts.
    pub trusted_proxies: Vec<IpNet>,
}

impl ServeSettings {
    /// Where the dashboard is reached.
    pub fn dashboard_address(&self) -> String {
        match &self.dashboard_url {
            Some(url) => url.origin().ascii_serialization(),
            None if self.tls_cert.is_some() => format!("https://{}", self.listen),
            None => format!("http://{}", self.listen),
        }
    }
}

/// The services whose webhooks are listened to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhookSources {
    pub woocommerce: bool,
    pub quickbooks: bool,
}

/// Reads the text of a `serve.toml`; the name is that of its file.
pub fn parse_serve(text: &str, name: &str) -> Result<ServeSettings, Complaints> {
    let (tree, syntax_errors) = DeTable::parse_recoverable(text);
    let mut reader = ConfigReader::new(text);
    let root = ConfigSection::root(tree.get_ref());
    reader.know(&root, &["serve"]);
    let settings = read_serve(&mut reader, &root);
    finished(reader, &syntax_errors, name).map(|_| settings)
}

pub(super) fn read_serve<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> ServeSettings {
    let section = &reader.section(root, "serve");
    let settings = ServeSettings {
        listen: reader.or(section, "listen", socket),
        hooks_listen: reader.or(section, "hooks_listen", socket),
        public_url: reader.get(section, "public_url", site_root),
        dashboard_url: reader.get(section, "dashboard_url", site_root),
        allowed_hosts: reader.list_or(section, "allowed_hosts", host_name),
        webhooks: read_webhooks(reader, section),
        sweep: reader.duration(section, "sweep"),
        cdc: reader.duration(section, "cdc"),
        cdc_silent: reader.duration(section, "cdc_silent"),
        tls_cert: reader.get(section, "tls_cert", path),
        tls_key: reader.get(section, "tls_key", path),
        trusted_proxies: reader.list_or(section, "trusted_proxies", network),
    };
    complain_of_one_address_for_both(reader, section, &settings);
    complain_of_half_a_certificate(reader, section);
    settings
}

/// `true` and `false` are for all services; a table is for each.
fn read_webhooks<'t>(reader: &mut ConfigReader<'t>, serve: &ConfigSection<'t>) -> WebhookSources {
    let is_table = |value: &DeValue| matches!(value, DeValue::Table(_));
    match serve.value("webhooks") {
        Some(value) if is_table(value.get_ref()) => {
            let section = reader.section(serve, "webhooks");
            WebhookSources {
                woocommerce: reader.or(&section, Service::Woocommerce.as_str(), flag),
                quickbooks: reader.or(&section, Service::Quickbooks.as_str(), flag),
            }
        }
        _ => {
            let all = reader.or(serve, "webhooks", flag);
            WebhookSources {
                woocommerce: all,
                quickbooks: all,
            }
        }
    }
}

/// Two doors behind one address would be one; port 0 is another one each time.
fn complain_of_one_address_for_both<'t>(
    reader: &mut ConfigReader<'t>,
    section: &ConfigSection<'t>,
    settings: &ServeSettings,
) {
    let (main, hooks) = (settings.listen, settings.hooks_listen);
    let everywhere = main.ip().is_unspecified() || hooks.ip().is_unspecified();
    if main.port() == 0 || main.port() != hooks.port() || !(everywhere || main.ip() == hooks.ip()) {
        return;
    }
    let place = ["hooks_listen", "listen"].map(|key| section.value(key));
    if let Some(value) = place.into_iter().flatten().next() {
        let message = format!(
            "`serve.listen` and `serve.hooks_listen` both mean port {}",
            hooks.port()
        );
        let hint = "give one of them another port".to_owned();
        reader.complain(value.span(), message, Some(hint));
    }
}

fn complain_of_half_a_certificate<'t>(reader: &mut ConfigReader<'t>, section: &ConfigSection<'t>) {
    for (here, missing) in [("tls_cert", "tls_key"), ("tls_key", "tls_cert")] {
        let Some(value) = section
            .value(here)
            .filter(|_| section.value(missing).is_none())
        else {
            continue;
        };
        let message = format!("`{}` needs `{missing}` beside it", section.full(here));
        let hint = format!(
            "write `{missing} = \"{}\"`",
            match missing {
                "tls_key" => "server-key.pem",
                _ => "server.pem",
            }
        );
        reader.complain(value.span(), message, Some(hint));
    }
}

/// Where to listen: `127.0.0.1:8460`, `[::1]:8460`, `localhost:8460`. Other names could mean anything.
fn socket(value: &DeValue) -> ReadValue<SocketAddr> {
    let typed = text(value)?;
    let local = typed
        .strip_prefix("localhost:")
        .and_then(|port| port.parse().ok());
    let local = local.map(|port| SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
    match local.or_else(|| typed.parse().ok()) {
        Some(address) => Ok(address),
        None => {
            let hint = match (typed.parse::<IpAddr>(), typed.parse::<u16>()) {
                (Ok(ip), _) => SocketAddr::new(ip, 8460).to_string(),
                (_, Ok(port)) => format!("127.0.0.1:{port}"),
                _ => "127.0.0.1:8460".to_owned(),
            };
            let tail = format!("must be an address and a port, not {}", seen(value));
            wrong(tail, Some(format!("write `\"{hint}\"`")))
        }
    }
}

/// The address of a whole site: what the server makes of it begins with `/`.
fn site_root(value: &DeValue) -> ReadValue<Url> {
    let url = address(PlainHttp::Loopback)(value)?;
    if url.path() != "/" {
        let hint = format!("write `\"{}\"`", url.origin().ascii_serialization());
        return wrong("must be an address without a path", Some(hint));
    }
    Ok(url)
}

/// A name as the head of a request has it, without its port.
fn host_name(value: &DeValue) -> ReadValue<String> {
    let typed = text(value)?;
    match Host::parse(&typed) {
        Ok(host) if !typed.contains('*') => Ok(host.to_string()),
        _ => {
            let hint = "write the name alone, without `https://` and port: `books.example.com`";
            let tail = format!("must be the name of a host, not {}", seen(value));
            wrong(tail, Some(hint.to_owned()))
        }
    }
}

/// `10.0.0.0/8`, or one address.
fn network(value: &DeValue) -> ReadValue<IpNet> {
    let typed = text(value)?;
    let one = typed.parse::<IpAddr>().map(IpNet::from);
    one.or_else(|_| typed.parse::<IpNet>()).or_else(|_| {
        let hint = "write `\"10.0.0.1\"` or `\"10.0.0.0/8\"`".to_owned();
        let tail = format!("must be an address or a network, not {}", seen(value));
        wrong(tail, Some(hint))
    })
}
