//! Schedules: works those of a shop off, for `serve` and for `schedule run` alike.
//!
//! Each time that is due is the very run that `udsync sync` makes, with the lock. What stands in the state file before and after is
//! `engine::schedule::work`'s business. The configuration, the state file and the schedules are opened anew for each look, so that a
//! change needs no restart. Nobody is asked anything: a run that needs consent ends with code 7, which is recorded and told like any
//! other end.
//!
//! Beside that it renews the sign-in to the books before it runs out, and tells the owner what time alone brings about: a silence, the end of
//! a sign-in, and what came of a month that is over.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::mpsc::UnboundedSender;

use super::Spoken;
use super::shops::ServedShop;
use super::stop::Stop;
use crate::app::notify::{self, Broke};
use crate::engine::schedule::Due;
use crate::engine::schedule::work::{self, ScheduledEnding, SettledTime};
use crate::model::clock::local;
use crate::model::plan::Entity;
use crate::model::run::Run;
use crate::model::schedule::{Mode, Schedule};
use crate::model::service::Service;
use crate::run::aim::in_order_of_need;
use crate::run::{
    Consent, Failure, Guard, PayoutsToPost, RunRequest, RunSubject, Selection, exit, interruptible,
    tell_of_month,
};
use crate::store::{Calendar, History};

/// A look is never longer ago than this: clocks are set, and laptops sleep.
const LOOK_AGAIN: Duration = Duration::from_secs(10);
/// No pause is shorter.
const BREATH: Duration = Duration::from_millis(100);
/// After another run had the lock.
const AFTER_LOCK: Duration = Duration::from_secs(5);
/// After a month that is over could not be proven.
const PROVE_AGAIN: Duration = Duration::from_secs(3_600);
/// How often it is seen to that the sign-in to the books stays good, and to a month that is over.
const FRESHEN: Duration = Duration::from_secs(300);

/// Works the schedules of one shop off.
pub struct ScheduleWorker {
    shop: Arc<ServedShop>,
    stop: Stop,
    spoken: UnboundedSender<Spoken>,
    /// Before what is told to the manager of services, where there are several shops.
    prefix: String,
    /// What kept it from looking last time. The same again is not told again.
    trouble: Option<(String, String)>,
    /// Why the sign-in could not be kept fresh last time.
    stale: Option<(String, String)>,
    freshened: Option<Instant>,
    /// When a month could not be proven, and why not.
    unproven: Option<(Instant, (String, String))>,
}

/// How one look went.
#[derive(Debug, Default)]
pub struct ScheduleLook {
    /// Somebody else is at work.
    pub locked: Option<Failure>,
    next: Option<(String, DateTime<Utc>)>,
}

/// A time of a schedule that was worked off.
#[derive(Debug)]
pub struct WorkedOff {
    pub schedule: Schedule,
    pub due: Due,
    pub run_id: String,
    /// As a command would have ended.
    pub outcome: Result<u8, Failure>,
    pub settled: SettledTime,
    /// As the history keeps it, if it came so far.
    pub run: Option<Run>,
}

impl ScheduleWorker {
    pub fn new(
        shop: Arc<ServedShop>,
        stop: Stop,
        spoken: UnboundedSender<Spoken>,
    ) -> ScheduleWorker {
        ScheduleWorker {
            shop,
            stop,
            spoken,
            prefix: String::new(),
            trouble: None,
            stale: None,
            freshened: None,
            unproven: None,
        }
    }

    /// With the shop's name before what the manager of services is told.
    #[must_use]
    pub fn among_several(mut self) -> ScheduleWorker {
        self.prefix = format!("{}: ", self.shop.name);
        self
    }

    /// Works them off until it is asked to stop.
    pub async fn forever(&mut self) {
        while !self.stop.is_asked() {
            self.keep_fresh().await;
            let pause = self.work_and_pause().await;
            self.stop.rest(pause).await;
        }
    }

    /// Works off what is due, and says how long there is nothing to do then. What kept it from that is told, once.
    pub async fn work_and_pause(&mut self) -> Duration {
        match self.look().await {
            Ok(look) => {
                self.trouble = None;
                self.say_what_is_next(&look);
                if look.locked.is_some() {
                    AFTER_LOCK
                } else {
                    until(&look).min(LOOK_AGAIN)
                }
            }
            Err(failure) => {
                self.tell_trouble(&failure);
                LOOK_AGAIN
            }
        }
    }

    /// What keeps it from working.
    pub fn trouble(&self) -> Option<&str> {
        self.trouble.as_ref().map(|(_, message)| message.as_str())
    }

    /// Renews the sign-in to the books before it runs out, so that a run does not begin with it, and so that a connection that
    /// was ended is told of before the next run finds it.
    pub async fn keep_fresh(&mut self) {
        if self.freshened.is_some_and(|last| last.elapsed() < FRESHEN) {
            return;
        }
        self.freshened = Some(Instant::now());
        let stop = self.stop.flag();
        let failure = match interruptible(&stop, freshen(&self.shop)).await {
            Ok(()) => None,
            Err(_) if self.stop.is_asked() => return,
            Err(failure) => Some(failure),
        };
        tell_owner(&self.shop, failure.as_ref()).await;
        let words = failure.as_ref().map(said);
        if let Some(failure) = failure.filter(|_| self.stale != words) {
            self.say_trouble(failure);
        }
        self.stale = words;
        self.tell_of_month().await;
    }

    /// Proves a month that is over, and tells the owner, where that is wanted.
    async fn tell_of_month(&mut self) {
        let waits = |(since, _): &(Instant, _)| since.elapsed() < PROVE_AGAIN;
        if self.shop.is_sandbox || self.unproven.as_ref().is_some_and(waits) {
            return;
        }
        let stop = self.stop.flag();
        let told = match self.shop.open() {
            Ok(app) => Box::pin(tell_of_month(app, &stop)).await,
            Err(failure) => Err(failure),
        };
        let Err(failure) = told else {
            self.unproven = None;
            return;
        };
        // A run that is at work is over in a moment.
        if self.stop.is_asked() || failure.exit == exit::LOCKED {
            return;
        }
        let words = said(&failure);
        if self
            .unproven
            .as_ref()
            .is_none_or(|(_, known)| *known != words)
        {
            self.say_trouble(failure);
        }
        self.unproven = Some((Instant::now(), words));
    }

    /// Works off what is due now.
    pub async fn look(&mut self) -> Result<ScheduleLook, Failure> {
        let app = self.shop.open()?;
        let store = app.store()?;
        let mut look = ScheduleLook::default();
        for (schedule, _) in work::due(&store, app.clock.now())? {
            if self.stop.is_asked() {
                break;
            }
            match self.work_off(&schedule).await {
                Ok(()) => {}
                Err(failure) if failure.exit == exit::LOCKED => {
                    look.locked = Some(failure);
                    break;
                }
                Err(failure) => return Err(failure),
            }
        }
        let now = app.clock.now();
        look.next = store
            .schedules()?
            .iter()
            .filter_map(|schedule| {
                let at = work::next_at(schedule, now)?;
                Some((
                    at,
                    format!("{} at {}", schedule.name, local(at, schedule.timezone)),
                ))
            })
            .min()
            .map(|(at, words)| (words, at));
        Ok(look)
    }

    /// One run for the time of a schedule that is due. An error is what kept it from beginning or from being recorded.
    async fn work_off(&mut self, schedule: &Schedule) -> Result<(), Failure> {
        let mut open = self
            .shop
            .runs
            .open(request(schedule), Duration::ZERO)
            .await?;
        let clock = open.runner.app.clock.clone();
        let begun = work::begin(
            &open.runner.store,
            &open.runner.store,
            &schedule.name,
            &open.runner.run_id,
            clock.now(),
        )?;
        let Some((schedule, due)) = begun else {
            return Ok(());
        };
        self.status(&format!("running {}", schedule.name));
        tracing::info!(schedule = schedule.name, slot = %due.slot, run = open.runner.run_id, "begun");
        let outcome = open.run().await.outcome();
        let settled = work::settle(
            &open.runner.store,
            &schedule,
            &due,
            ending(&outcome),
            clock.now(),
        )?;
        let run = open.runner.store.run(&open.runner.run_id)?;
        self.say(Spoken::Worked {
            shop: self.shop.name.clone(),
            worked: Box::new(WorkedOff {
                schedule,
                due,
                run_id: open.runner.run_id.clone(),
                outcome,
                settled,
                run,
            }),
        });
        Ok(())
    }

    fn tell_trouble(&mut self, failure: &Failure) {
        let words = said(failure);
        if self.trouble.as_ref() != Some(&words) {
            tracing::error!(code = failure.code, "the schedules could not be worked off");
            self.status(&failure.message);
            self.say_trouble(failure.clone());
            self.trouble = Some(words);
        }
    }

    fn say_what_is_next(&self, look: &ScheduleLook) {
        let words = match (&look.locked, &look.next) {
            (Some(locked), _) => locked.message.clone(),
            (None, Some((words, _))) => format!("next: {words}"),
            (None, None) => "nothing will run by itself".to_owned(),
        };
        self.status(&words);
    }

    fn say_trouble(&self, failure: Failure) {
        self.say(Spoken::Trouble {
            shop: self.shop.name.clone(),
            failure,
        });
    }

    fn status(&self, words: &str) {
        self.say(Spoken::Status(format!("{}{words}", self.prefix)));
    }

    fn say(&self, word: Spoken) {
        // Whoever does not listen any more has heard enough.
        let _ = self.spoken.send(word);
    }
}

/// By which the same trouble is known again.
fn said(failure: &Failure) -> (String, String) {
    (failure.code.clone(), failure.message.clone())
}

fn until(look: &ScheduleLook) -> Duration {
    let Some((_, at)) = &look.next else {
        return LOOK_AGAIN;
    };
    (*at - Utc::now()).to_std().unwrap_or_default().max(BREATH)
}

/// Notices about a connection that ended, and about what time alone brings about. Nothing of this can stop the schedules: what
/// could not be sent is kept, and shown by `notify list`.
async fn tell_owner(shop: &ServedShop, failure: Option<&Failure>) {
    if shop.is_sandbox {
        return;
    }
    let Ok(app) = shop.open() else { return };
    let Ok(store) = app.store() else { return };
    let ended = failure.filter(|failure| failure.exit == exit::CREDENTIALS);
    let told = match ended {
        Some(failure) => {
            let broke = Broke {
                connection: true,
                code: &failure.code,
                said: &failure.message,
                hint: failure.hint.as_deref(),
            };
            app.tell_of_run(&store, "schedule run", notify::NoticedEnding::Broke(broke))
                .await
        }
        None => app.tell_of_time(&store).await,
    };
    if let Err(error) = told {
        tracing::error!(%error, "no notice could be kept");
    }
}

async fn freshen(shop: &ServedShop) -> Result<(), Failure> {
    let app = shop.open()?;
    let store = app.store()?;
    let given = app.sign_in(&store)?;
    Ok(app.target(&store, &given)?.keep_fresh().await?)
}

/// What payment services paid out, as a schedule or a run names it. It is synced by itself: what it is made of has to be posted first.
pub const PAYOUTS: &str = "payouts";

/// The kinds of records that the words of a schedule mean, in order of need. A word of a newer version means nothing here.
pub fn entities(words: &[String]) -> Vec<Entity> {
    let each = words.iter().flat_map(|word| match word.as_str() {
        "orders" => vec![Entity::Order],
        "refunds" => vec![Entity::Refund],
        "customers" => vec![Entity::Customer],
        "products" => vec![Entity::Product],
        "all" => vec![Entity::Product, Entity::Customer, Entity::Order],
        _ => Vec::new(),
    });
    in_order_of_need(&each.collect::<Vec<_>>())
}

fn request(schedule: &Schedule) -> RunRequest {
    let max_changes = schedule.consent.max_changes;
    let of_payouts = schedule.entities.iter().any(|word| word == PAYOUTS);
    RunRequest {
        command: "schedule",
        subject: if of_payouts {
            RunSubject::Payouts(PayoutsToPost::default())
        } else {
            RunSubject::Records(Selection {
                entities: entities(&schedule.entities),
                to: schedule
                    .to
                    .iter()
                    .filter_map(|word| Service::from_word(word))
                    .collect(),
                full: schedule.mode == Mode::Full,
                ..Selection::default()
            })
        },
        ending: crate::run::Ending::Apply,
        guard: Guard {
            consent: if schedule.consent.yes {
                Consent::Given
            } else {
                Consent::Unattended
            },
            max_changes: max_changes.map(|max| usize::try_from(max).unwrap_or(usize::MAX)),
            ..Guard::default()
        },
        lists_unchanged: false,
    }
}

/// What the end of a run means for its time.
fn ending(outcome: &Result<u8, Failure>) -> ScheduledEnding {
    let (exit, code) = match outcome {
        Ok(exit) => (*exit, None),
        Err(failure) => (failure.exit, Some(failure.code.clone())),
    };
    match exit {
        exit::INTERRUPTED => ScheduledEnding::CutShort,
        // A state file that is busy for longer than usual gets free again like a service.
        exit::UNREACHABLE | exit::LOCKED => ScheduledEnding::OutOfReach { exit, code },
        _ => ScheduledEnding::Done { exit, code },
    }
}
