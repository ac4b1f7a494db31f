//! The worker of a shop: a thread that works its schedules off and sweeps, and shows that it is alive.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedSender;

use super::Spoken;
use super::shops::ServedShop;
use super::state::ServerState;
use crate::run::Failure;

/// The threads of all shops.
pub struct Workers(Vec<std::thread::JoinHandle<()>>);

impl Workers {
    pub fn start(
        state: &Arc<ServerState>,
        _spoken: &UnboundedSender<Spoken>,
    ) -> Result<Workers, Failure> {
        let mut threads = Vec::new();
        for shop in state.shops.iter() {
            threads.push(inbox(state.clone(), shop.clone())?);
        }
        Ok(Workers(threads))
    }

    /// Says that the process is alive, as long as every loop that works is.
    pub async fn watch(&self, state: &ServerState, spoken: &UnboundedSender<Spoken>) {
        while !state.stop.is_asked() {
            let _ = spoken.send(Spoken::Alive);
            state.stop.rest(Duration::from_secs(1)).await;
        }
    }

    /// Waits for what is under way.
    pub async fn end(self) {
        let threads = self.0;
        let joined = tokio::task::spawn_blocking(move || {
            for thread in threads {
                // A thread that panicked has said so.
                let _ = thread.join();
            }
        });
        let _ = joined.await;
    }
}

fn inbox(
    state: Arc<ServerState>,
    shop: Arc<ServedShop>,
) -> Result<std::thread::JoinHandle<()>, Failure> {
    on_a_thread(
        "inbox",
        async move { super::hooks::work(state, shop).await },
    )
}

fn on_a_thread(
    name: &str,
    work: impl Future<Output = ()> + Send + 'static,
) -> Result<std::thread::JoinHandle<()>, Failure> {
    let broken = |error: std::io::Error| {
        Failure::new(
            "internal_fault",
            format!("no thread could be started: {error}"),
        )
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(broken)?;
    std::thread::Builder::new()
        .name(name.to_owned())
        .stack_size(8 << 20)
        .spawn(move || runtime.block_on(work))
        .map_err(broken)
}
