//! Server state: what every route and every worker is handed. The rooms of the server put what they share here.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};

use super::access::AccessControl;
use super::api::ApiState;
use super::figures::ListenerFigures;
use super::hooks::HookShops;
use super::options::ServeOptions;
use super::readiness::Readiness;
use super::shops::Shops;
use super::stop::Stop;
use crate::model::clock::Clock;
use crate::run::Failure;

/// Handed around as `Arc<ServerState>`.
pub struct ServerState {
    pub options: ServeOptions,
    pub shops: Shops,
    pub clock: Clock,
    pub stop: Stop,
    pub started_at: DateTime<Utc>,
    /// Where API and dashboard are.
    pub main: Arc<ListenerState>,
    /// Where webhooks come in.
    pub hooks: Arc<ListenerState>,
    /// Who may come in.
    pub access: AccessControl,
    pub api: ApiState,
    pub(super) readiness: Readiness,
    /// What the shops need to accept deliveries.
    pub(super) hook_shops: HookShops,
}

/// A listener, as others see it.
#[derive(Debug)]
pub struct ListenerState {
    /// Where it really listens, which differs from the setting where that says port 0.
    pub address: SocketAddr,
    /// The same as an address for clients on this machine.
    pub url: String,
    pub figures: ListenerFigures,
    trouble: Mutex<Option<String>>,
}

impl ServerState {
    pub(super) fn new(
        options: ServeOptions,
        shops: Shops,
        stop: Stop,
        [main, hooks]: [Arc<ListenerState>; 2],
    ) -> Result<ServerState, Failure> {
        let clock = Clock::new(Utc::now);
        Ok(ServerState {
            access: AccessControl::open(&options.access_file, clock.clone())?,
            api: ApiState::default(),
            started_at: clock.now(),
            options,
            shops,
            clock,
            stop,
            main,
            hooks,
            readiness: Readiness::default(),
            hook_shops: HookShops::default(),
        })
    }
}

impl ListenerState {
    pub(super) fn new(address: SocketAddr, url: String) -> ListenerState {
        ListenerState {
            address,
            url,
            figures: ListenerFigures::default(),
            trouble: Mutex::default(),
        }
    }

    /// Why no connection can be accepted now.
    pub(super) fn is_troubled_by(&self, trouble: Option<String>) {
        *self.trouble.lock().unwrap_or_else(PoisonError::into_inner) = trouble;
    }

    pub(super) fn trouble(&self) -> Option<String> {
        self.trouble
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}
