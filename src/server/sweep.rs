//! Sweeps: a look at everything that changed since the last one, for what no webhook told.
//!
//! One at every start, one every `sweep`, and one whenever somebody asks for it: after a silence, or when a webhook that had been
//! switched off works again. A sweep is an incremental run like any other, under the guards of runs that nobody watches. What one
//! could not do is done by the next, which reads from where the last one came to.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::schedules::entities;
use super::shops::ServedShop;
use crate::config::Config;
use crate::model::plan::Entity;
use crate::model::schedule::Schedule;
use crate::run::aim::in_order_of_need;
use crate::run::{Consent, Ending, Failure, Guard, RunRequest, RunSubject, Selection, exit};
use crate::store::Calendar;

/// After a service that was out of reach, it is not waited for as long as usual.
const TRY_AGAIN: Duration = Duration::from_secs(60);

/// Sweeps one shop, when it is time.
pub struct Sweeper {
    shop: Arc<ServedShop>,
    every: Duration,
    /// When the last one began.
    last: Option<Instant>,
    /// A service was out of reach, or somebody else at work for very long.
    tries_again: bool,
}

impl Sweeper {
    pub fn new(shop: Arc<ServedShop>, every: Duration) -> Sweeper {
        Sweeper {
            shop,
            every,
            last: None,
            tries_again: false,
        }
    }

    /// How long there is no sweep, unless one is asked for.
    pub fn pause(&self) -> Duration {
        let every = match self.tries_again {
            true => self.every.min(TRY_AGAIN),
            false => self.every,
        };
        self.last
            .map_or(Duration::ZERO, |last| every.saturating_sub(last.elapsed()))
    }

    /// Sweeps, if it is time or somebody asked. What kept it from that is returned, and the next one tries again.
    pub async fn sweep_if_due(&mut self) -> Result<(), Failure> {
        let asked = self.shop.sweeps.take();
        let why = match (&self.last, asked) {
            (_, Some(why)) => why,
            (None, None) => "the start".to_owned(),
            (Some(_), None) if self.pause().is_zero() => "the time".to_owned(),
            (Some(_), None) => return Ok(()),
        };
        self.last = Some(Instant::now());
        let app = self.shop.open()?;
        let entities = enabled(&app.config, &app.store()?.schedules()?);
        if entities.is_empty() {
            return Ok(());
        }
        tracing::info!(shop = self.shop.name, why, "a sweep begins");
        let ended = match self
            .shop
            .runs
            .wait_and_run(request(entities, self.shop.is_sandbox))
            .await
        {
            Ok(end) => end.outcome(),
            Err(failure) => Err(failure),
        };
        self.shop.sweeps.count(&ended);
        let exit = ended
            .as_ref()
            .map_or_else(|failure| failure.exit, |exit| *exit);
        self.tries_again = matches!(exit, exit::UNREACHABLE | exit::LOCKED);
        match ended {
            Err(failure) if failure.exit == exit::INTERRUPTED => Ok(()),
            other => other.map(|_| ()),
        }
    }
}

/// What is swept: orders wherever they go, and lists that the shop has asked for, by a section of their own or by a schedule. Nobody's
/// customers are all put into the books because a process was started.
pub fn enabled(config: &Config, schedules: &[Schedule]) -> Vec<Entity> {
    let scheduled: Vec<Entity> = schedules
        .iter()
        .filter(|schedule| schedule.enabled)
        .flat_map(|schedule| entities(&schedule.entities))
        .collect();
    let is_wanted = |entity: &Entity| {
        let name = format!("{entity}s");
        let is_named = *entity == Entity::Order
            || config.sync.entities.contains_key(&name)
            || scheduled.contains(entity);
        is_named && !config.sync.targets(&name).is_empty()
    };
    let wanted: Vec<Entity> = [Entity::Product, Entity::Customer, Entity::Order]
        .into_iter()
        .filter(is_wanted)
        .collect();
    in_order_of_need(&wanted)
}

fn request(entities: Vec<Entity>, is_sandbox: bool) -> RunRequest {
    RunRequest {
        command: "sweep",
        subject: RunSubject::Records(Selection {
            entities,
            ..Selection::default()
        }),
        ending: Ending::Apply,
        guard: Guard {
            // In the sandbox nothing asks.
            consent: if is_sandbox {
                Consent::Given
            } else {
                Consent::Unattended
            },
            ..Guard::default()
        },
        lists_unchanged: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swept(extra: &str) -> Vec<Entity> {
        let text = format!(
            "[shop]\nname = \"aurora\"\n[quickbooks]\nenvironment = \"sandbox\"\n[sync]\nto = [\"quickbooks\"]\n{extra}"
        );
        let config = crate::config::parse(&text, "aurora.toml").expect("no mistake");
        enabled(&config, &[])
    }

    #[test]
    fn lists_are_swept_only_where_the_shop_asked_for_them() {
        assert_eq!(swept(""), [Entity::Order]);
        assert_eq!(
            swept("[sync.customers]\nto = [\"quickbooks\"]\n"),
            [Entity::Customer, Entity::Order]
        );
        assert_eq!(
            swept("[sync.orders]\nstart_date = 2026-01-01\n"),
            [Entity::Order]
        );
    }
}
