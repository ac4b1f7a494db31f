//! What a server is asked for: the settings of `[serve]`, with the flags over them, and what only flags say.
//!
//! Whoever starts the server joins them. Nothing here reads a file or an argument.

use std::path::PathBuf;
use std::time::Duration;

use crate::config::ServeSettings;

/// What `serve` was started with.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// `[serve]`, with the addresses that flags gave.
    pub settings: ServeSettings,
    /// Somebody in front ends TLS, so a listener may be reached from other machines.
    pub behind_proxy: bool,
    /// Certificate chain and key, in PEM.
    pub tls: Option<TlsFiles>,
    /// Schedules are worked off.
    pub schedules: bool,
    /// It is looked for what nobody told.
    pub sweeps: bool,
    /// Where people and tokens are kept.
    pub access_file: PathBuf,
    /// Shops are told apart in the addresses of webhooks.
    pub many_shops: bool,
    /// How often somebody wants to hear that the process is alive.
    pub heartbeat: Duration,
    /// The stand-ins are served.
    pub is_sandbox: bool,
}

/// Files of a listener that ends TLS itself.
#[derive(Clone, Debug)]
pub struct TlsFiles {
    pub cert: PathBuf,
    pub key: PathBuf,
}

impl ServeOptions {
    /// For one shop, without a flag.
    pub fn new(settings: ServeSettings, access_file: PathBuf) -> ServeOptions {
        ServeOptions {
            settings,
            behind_proxy: false,
            tls: None,
            schedules: true,
            sweeps: true,
            access_file,
            many_shops: false,
            heartbeat: Duration::from_secs(2),
            is_sandbox: false,
        }
    }
}
