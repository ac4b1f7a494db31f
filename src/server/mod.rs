//! Server: one process that keeps shops in step by itself: it hears webhooks, works schedules off, looks for what nobody told, and
//! answers over HTTP.
//!
//! [`Server::bind`] opens the ports, so that whoever is told "ready" can connect at once; [`Server::run`] works until it is asked to
//! stop. The two listeners are two sockets on purpose: what a proxy or a tunnel exposes reaches webhooks and nothing else.
//!
//! Nothing here prints, reads arguments or asks anybody. What a person at a terminal may want to hear goes through a channel of
//! [`Spoken`] words to whoever started the server.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `options` | what was asked for: addresses, hosts, how often |
//! | `state` | what every route is handed |
//! | `shops` | the shops of this process, each by itself |
//! | `runs` | the runs of a shop: one at a time, each on a thread of its own |
//! | `ended` | what they came to, while somebody may ask for it |
//! | `events` | what happens, numbered, for whoever listens |
//! | `elsewhere` | what other processes do with the state of a shop |
//! | `schedules` | works the schedules of a shop off; `schedule run` is this very code |
//! | `sweep` | looks for what no webhook told |
//! | `worker`, `pulse` | the threads of a shop, and whether they are alive |
//! | `listen`, `patience` | connections: time-outs, a cap, a clean end |
//! | `hosts`, `tls` | for whom a request may be; a certificate of our own |
//! | `guard` | what holds for every answer: hosts, limits, headers, no bare faults |
//! | `problem` | a refusal as RFC 9457 has it |
//! | `health`, `figures` | whether it works, and figures about it |
//! | `stop` | the request to end, for those who wait and for those who look |
//! | `hooks` | webhooks: from raw bytes to a row in the inbox |
//! | `access` | who is behind a request: tokens, sessions, failures that cost time |
//! | `api` | the REST API |
//! | `pages` | the dashboard |

pub mod access;
pub mod api;
mod elsewhere;
mod ended;
pub mod events;
pub mod figures;
mod guard;
mod health;
pub mod hooks;
mod hosts;
mod listen;
pub mod options;
mod pages;
mod patience;
pub mod problem;
mod pulse;
mod readiness;
pub mod runs;
pub mod schedules;
pub mod shops;
pub mod state;
pub mod stop;
pub mod sweep;
pub mod sweeps;
mod tls;
mod worker;

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;
use tokio::sync::mpsc::UnboundedSender;

pub use options::ServeOptions;
pub use problem::HttpProblem;
pub use shops::{ServedShop, Shops};
pub use state::ServerState;
pub use stop::Stop;

use crate::model::run::Tally;
use crate::run::{Failure, Word};
use listen::{Entrance, ListenerLimits};
use schedules::WorkedOff;

/// What the process may want to say to a person at a terminal, and to its manager.
#[derive(Debug)]
pub enum Spoken {
    /// A run says it.
    Run { shop: String, word: Box<Word> },
    /// A time of a schedule was worked off.
    Worked {
        shop: String,
        worked: Box<WorkedOff>,
    },
    /// A run that nobody typed ended, and wrote something or left something open.
    Ended {
        shop: String,
        command: &'static str,
        tallies: BTreeMap<String, Tally>,
    },
    /// What keeps a shop from being kept in step. The same is said once.
    Trouble { shop: String, failure: Failure },
    /// What goes on, in a few words, for the manager of services.
    Status(String),
    /// It is alive: every loop that works has shown it lately.
    Alive,
}

/// A request to a service may take a minute. What is recorded is on the disk, so the process need not wait for the answer.
const LAST_WORK: Duration = Duration::from_secs(25);

/// A server whose ports are open and that has not begun.
pub struct Server {
    state: Arc<ServerState>,
    main: Entrance,
    hooks: Entrance,
    spoken: UnboundedSender<Spoken>,
}

impl Server {
    /// Opens the ports. Connections wait there until [`Server::run`].
    pub async fn bind(
        options: ServeOptions,
        shops: Shops,
        stop: Stop,
        spoken: UnboundedSender<Spoken>,
    ) -> Result<Server, Failure> {
        let main = Entrance::open(options.settings.listen, &options, ListenerLimits::MAIN).await?;
        let hooks = Entrance::open(
            options.settings.hooks_listen,
            &options,
            ListenerLimits::HOOKS,
        )
        .await?;
        let listeners = [main.state.clone(), hooks.state.clone()];
        let state = Arc::new(ServerState::new(options, shops, stop, listeners)?);
        Ok(Server {
            state,
            main,
            hooks,
            spoken,
        })
    }

    /// What the routes are handed.
    pub fn state(&self) -> &Arc<ServerState> {
        &self.state
    }

    /// Where API and dashboard are reached.
    pub fn url(&self) -> String {
        self.state.main.url.clone()
    }

    /// Where webhooks are reached.
    pub fn hooks_url(&self) -> String {
        self.state.hooks.url.clone()
    }

    /// Works until it is asked to stop, and then until what is under way is done.
    pub async fn run(self) -> Result<(), Failure> {
        let state = self.state.clone();
        let workers = worker::Workers::start(&state, &self.spoken)?;
        let main_routes = guard::around(state.clone(), main_routes(&state), &self.main);
        let hook_routes = guard::around(state.clone(), hook_routes(&state), &self.hooks);
        let main = self.main.serve(main_routes, state.stop.clone());
        let hooks = self.hooks.serve(hook_routes, state.stop.clone());
        let beat = worker::Workers::watch(&state, &self.spoken);
        let elsewhere = elsewhere::watch(&state);
        let work = async {
            tokio::join!(main, hooks, beat, elsewhere);
            workers.end(&state).await;
        };
        let too_long = async {
            state.stop.asked().await;
            tokio::time::sleep(LAST_WORK).await;
        };
        tokio::select! {
            () = work => {}
            () = too_long => tracing::warn!("a request to a service did not end in time; the next start finds out what it did"),
        }
        Ok(())
    }
}

/// Everything there is: the API, webhooks too, and how it goes.
fn main_routes(state: &Arc<ServerState>) -> Router {
    Router::new()
        .merge(health::routes(state.clone()))
        .merge(hooks::routes(state.clone()))
        .merge(
            api::routes(state.clone()).layer(from_fn_with_state(state.clone(), pages::from_intuit)),
        )
        .merge(pages::routes(state.clone()))
        .fallback(pages::nothing_here)
}

/// What may be exposed.
fn hook_routes(state: &Arc<ServerState>) -> Router {
    Router::new()
        .merge(health::alive())
        .merge(hooks::routes(state.clone()))
        .fallback(nothing_there)
}

async fn nothing_there() -> HttpProblem {
    HttpProblem::of_status(axum::http::StatusCode::NOT_FOUND, "")
}

/// Work that waits for a disk, kept off the threads that answer. All handlers go to the state file through here.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, HttpProblem> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| HttpProblem::fault(&error.to_string()))
}

/// Work that asks services, on a thread and in a runtime of its own: nobody who answers over HTTP waits for it.
pub async fn asking<T, A>(
    shop: std::sync::Arc<ServedShop>,
    work: impl FnOnce(crate::app::App) -> A + Send + 'static,
) -> Result<T, HttpProblem>
where
    T: Send + 'static,
    A: Future<Output = Result<T, Failure>>,
{
    let asked = blocking(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| Failure::new("internal_fault", error.to_string()))?;
        let app = shop.open()?;
        runtime.block_on(work(app))
    });
    Ok(asked.await??)
}

/// A change that goes on to its end although whoever asked for it hung up: what was begun is counted, written down and answered whole.
pub async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T, HttpProblem>> + Send + 'static,
) -> Result<T, HttpProblem> {
    let id = problem::request_id().unwrap_or_default();
    tokio::spawn(problem::REQUEST_ID.scope(id, work))
        .await
        .unwrap_or_else(|broken| Err(HttpProblem::fault(&broken.to_string())))
}

/// Where a connection came from. In the extensions of every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub SocketAddr);
