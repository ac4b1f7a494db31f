//! The shops of a process: each with its own configuration, state file, lock and rules, and none sees another.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::mpsc::UnboundedSender;

use super::Spoken;
use super::events::Events;
use super::pulse::Pulse;
use super::runs::Runs;
use super::stop::Stop;
use super::sweeps::Sweeps;
use crate::app::App;
use crate::run::Failure;

/// Opens a shop as it is configured now.
pub type Opener = Arc<dyn Fn() -> Result<App, Failure> + Send + Sync>;

/// One shop that is served.
pub struct ServedShop {
    pub name: String,
    /// What is done is done in the sandbox: no owner is told.
    pub is_sandbox: bool,
    pub runs: Arc<Runs>,
    pub events: Arc<Events>,
    /// Where a look at everything is asked for.
    pub sweeps: Sweeps,
    /// Of the loops that work for this shop.
    pub scheduler: Pulse,
    pub inbox: Pulse,
    /// Held by whoever compares what somebody saw with what is there, until the change is written: nobody else changes it in between.
    pub changing: tokio::sync::Mutex<()>,
    opener: Opener,
}

impl ServedShop {
    /// What its runs have to say goes to `spoken`.
    pub fn new(
        name: &str,
        opener: Opener,
        is_sandbox: bool,
        stop: Stop,
        spoken: UnboundedSender<Spoken>,
    ) -> Arc<ServedShop> {
        let events = Arc::new(Events::new(name));
        let runs = Runs::new(opener.clone(), is_sandbox, events.clone(), stop);
        Arc::new(ServedShop {
            name: name.to_owned(),
            is_sandbox,
            runs: Arc::new(runs.heard_by(name, spoken)),
            events,
            sweeps: Sweeps::default(),
            scheduler: Pulse::new("scheduler"),
            inbox: Pulse::new("inbox worker"),
            changing: tokio::sync::Mutex::default(),
            opener,
        })
    }

    /// The shop as it is configured now: a change of the configuration needs no restart. It reads files, so a handler does it
    /// inside [`blocking`](super::blocking).
    pub fn open(&self) -> Result<App, Failure> {
        (self.opener)()
    }
}

/// The shops by name.
#[derive(Clone, Default)]
pub struct Shops(BTreeMap<String, Arc<ServedShop>>);

impl Shops {
    pub fn new(shops: impl IntoIterator<Item = Arc<ServedShop>>) -> Shops {
        let by_name = shops.into_iter().map(|shop| (shop.name.clone(), shop));
        Shops(by_name.collect())
    }

    pub fn get(&self, name: &str) -> Option<&Arc<ServedShop>> {
        self.0.get(name)
    }

    /// The shop, where there is no other.
    pub fn only(&self) -> Option<&Arc<ServedShop>> {
        let mut shops = self.0.values();
        shops.next().filter(|_| self.0.len() == 1)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Arc<ServedShop>> {
        self.0.values()
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
