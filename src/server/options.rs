//! What a server is asked for: where it listens, for which hosts, how often it looks by itself.
//!
//! The values come from `[serve]` and from the flags; whoever starts the server joins them. Nothing here reads either.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

/// What `serve` was started with.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// API, dashboard, health and figures.
    pub listen: SocketAddr,
    /// Webhooks and nothing else.
    pub hooks_listen: SocketAddr,
    /// Where `hooks_listen` is reached from outside.
    pub public_url: Option<Url>,
    /// Where the dashboard is reached from outside.
    pub dashboard_url: Option<Url>,
    /// More names that a request may be for.
    pub allowed_hosts: Vec<String>,
    /// Somebody in front ends TLS, so a listener may be reached from other machines.
    pub behind_proxy: bool,
    /// Certificate chain and key, in PEM.
    pub tls: Option<TlsFiles>,
    /// Schedules are worked off.
    pub schedules: bool,
    /// Webhooks of these services are accepted.
    pub webhooks: WebhooksOf,
    /// How often it looks for what no webhook told.
    pub sweep: Duration,
    /// How often the books are asked what changed, while webhooks come.
    pub cdc: Duration,
    /// The same while they do not.
    pub cdc_silent: Duration,
    /// Where people and tokens are kept.
    pub access_file: PathBuf,
    /// Shops are told apart in the addresses of webhooks.
    pub many_shops: bool,
    /// The stand-ins are served.
    pub is_sandbox: bool,
}

/// Files of a listener that ends TLS itself.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

/// Whose webhooks are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WebhooksOf {
    pub woocommerce: bool,
    pub quickbooks: bool,
}

impl ServeOptions {
    /// As without any setting.
    pub fn new(access_file: PathBuf) -> ServeOptions {
        let loopback = |port| SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port);
        ServeOptions {
            listen: loopback(8460),
            hooks_listen: loopback(8461),
            public_url: None,
            dashboard_url: None,
            allowed_hosts: Vec::new(),
            behind_proxy: false,
            tls: None,
            schedules: true,
            webhooks: WebhooksOf {
                woocommerce: true,
                quickbooks: true,
            },
            sweep: Duration::from_secs(900),
            cdc: Duration::from_secs(3600),
            cdc_silent: Duration::from_secs(300),
            access_file,
            many_shops: false,
            is_sandbox: false,
        }
    }
}
