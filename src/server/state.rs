//! Server state: what every route and every worker is handed. The rooms of the server put what they share here.

use std::net::SocketAddr;

use chrono::{DateTime, Utc};

use super::options::ServeOptions;
use super::shops::Shops;
use super::stop::Stop;
use crate::model::clock::Clock;

/// Handed around as `Arc<ServerState>`.
pub struct ServerState {
    pub options: ServeOptions,
    pub shops: Shops,
    pub clock: Clock,
    pub stop: Stop,
    pub started_at: DateTime<Utc>,
    /// Where API and dashboard really listen, which differs from the option where that says port 0.
    pub listens: SocketAddr,
    /// Where webhooks are really listened for.
    pub hooks_listens: SocketAddr,
}

impl ServerState {
    pub(super) fn new(
        options: ServeOptions,
        shops: Shops,
        stop: Stop,
        [listens, hooks_listens]: [SocketAddr; 2],
    ) -> ServerState {
        let clock = Clock::new(Utc::now);
        ServerState {
            started_at: clock.now(),
            options,
            shops,
            clock,
            stop,
            listens,
            hooks_listens,
        }
    }
}
