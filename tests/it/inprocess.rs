//! Runs in this process: the very run that the command line makes, with a test around the books that can end it.
//!
//! A run can be made to end at any of its effects, as if the process had been killed there: whatever was under way is
//! dropped, and nothing is tidied up.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use udsync::app::App;
use udsync::app::days::DayRange;
use udsync::app::keys::Keys;
use udsync::config::{self, Credentials};
use udsync::connector::port::{
    Abilities, Draft, Encoded, Label, LedgerReader, LedgerWriter, Period, SeenDocument, Sending,
    Sought, StatementStates,
};
use udsync::connector::quickbooks::QuickBooks;
use udsync::engine::context::Patience;
use udsync::engine::outcome::Report;
use udsync::engine::undo::UndoWords;
use udsync::model::clock::Clock;
use udsync::model::company::Company;
use udsync::model::document::DocumentKind;
use udsync::model::draft::CustomerInBooks;
use udsync::model::fault::{Fault, Reason, Remedy};
use udsync::model::names::{ItemEntry, NameEntry, Names};
use udsync::model::plan::{self, Entity, Remote, RemoteKind};
use udsync::model::problem::Problem;
use udsync::model::run::Requests;
use udsync::model::ticket::{Answer, BeforeImage, Body, Found, Request, Ticket, Write};
use udsync::run::payouts::{PayoutDepth, PayoutsAnswer, PayoutsRequest, look_at_payouts};
use udsync::run::payouts_file::PayoutsFile;
use udsync::run::{
    Consent, Ending, Failure, Guard, Listener, PayoutsToPost, RunOutcome, RunRequest, RunSubject,
    RunToUndo, Runner, Selection, Word, listener,
};

use crate::tales::Dice;
use crate::world::{CLIENT_ID, CLIENT_SECRET, KEY, REFRESH_TOKEN, RUNTIME, SECRET, World};

/// Every pause of these runs.
const PAUSE: Duration = Duration::from_millis(1);

/// How a run in this process ended.
#[expect(clippy::large_enum_variant, reason = "there is one of them at a time")]
pub enum Ended {
    Done(Report),
    /// A fault or our own state file stopped it before anything was planned or filed.
    Stopped(Failure),
    /// It was killed.
    Killed,
}

impl Ended {
    #[track_caller]
    pub fn report(self) -> Report {
        match self {
            Ended::Done(report) => report,
            Ended::Stopped(failure) => panic!("the run stopped: {}", failure.message),
            Ended::Killed => panic!("the run was killed"),
        }
    }
}

/// A run in another time: everybody's clock here is so far from the real one.
pub fn sync_at(world: &World, offset: chrono::TimeDelta) -> Ended {
    let mut app = app(world);
    app.clock = Clock::new(move || Utc::now() + offset);
    match RUNTIME.block_on(sync_in(&app, &End::never(), Entity::Order, given())) {
        Ok(report) => Ended::Done(report),
        Err(failure) => Ended::Stopped(failure),
    }
}

pub fn app(world: &World) -> App {
    let text = std::fs::read_to_string(&world.config).expect("the configuration is there");
    let config = config::parse(&text, "test").unwrap_or_else(|complaints| {
        panic!("the configuration of the world: {complaints:?}");
    });
    let credential = |name: &str| {
        let value = match name {
            "UDSYNC_WOOCOMMERCE_KEY" => KEY,
            "UDSYNC_WOOCOMMERCE_SECRET" => SECRET,
            "UDSYNC_QUICKBOOKS_CLIENT_ID" => CLIENT_ID,
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET" => CLIENT_SECRET,
            "UDSYNC_QUICKBOOKS_REFRESH_TOKEN" => REFRESH_TOKEN,
            "UDSYNC_STRIPE_KEY" => crate::payouts::KEY,
            _ => return None,
        };
        Some(value.to_owned())
    };
    let credentials = Credentials::from_env(&credential);
    App {
        config,
        keys: Keys::new("test", &credentials, None),
        credentials,
        state: world.state(),
        clock: Clock::new(Utc::now),
        called: None,
        log_pii: false,
        first_pause: None,
    }
}

/// A run to its end.
pub fn sync(world: &World) -> Ended {
    sync_until(world, &End::never())
}

/// A run that ends as `end` says.
pub fn sync_until(world: &World, end: &End) -> Ended {
    run_until(world, end, Entity::Order)
}

/// A run of orders on somebody's word, in the middle of which something happens: right before the books get the first request.
pub fn sync_meanwhile(
    world: &World,
    guard: Guard,
    happens: impl Fn() + Send + Sync + 'static,
) -> Ended {
    let end = End {
        happens: Some(Box::new(happens)),
        ..End::never()
    };
    match RUNTIME.block_on(sync_in(&app(world), &end, Entity::Order, guard)) {
        Ok(report) => Ended::Done(report),
        Err(failure) => Ended::Stopped(failure),
    }
}

/// A run that asks, and somebody who says no.
pub fn sync_and_decline(world: &World) -> Ended {
    let asking = Guard {
        consent: Consent::Ask,
        ..Guard::default()
    };
    sync_meanwhile(world, asking, || panic!("nothing is to be sent"))
}

/// A run over the accounts of the shop and the buyers of its orders.
pub fn sync_customers(world: &World) -> Ended {
    sync_customers_until(world, &End::never())
}

pub fn sync_customers_until(world: &World, end: &End) -> Ended {
    run_until(world, end, Entity::Customer)
}

/// Orders, accounts and products in one run.
pub fn sync_everything(world: &World, end: &End) -> Ended {
    let everything = RunSubject::Records(Selection {
        entities: vec![Entity::Order, Entity::Customer, Entity::Product],
        ..Selection::default()
    });
    request_until(world, end, "sync", everything)
}

fn run_until(world: &World, end: &End, entity: Entity) -> Ended {
    let app = app(world);
    ended(end, sync_in(&app, end, entity, given()))
}

fn given() -> Guard {
    Guard {
        consent: Consent::Given,
        allow_shrunken: true,
        ..Guard::default()
    }
}

/// A run taken back, until it ends as `end` says.
pub fn undo_until(world: &World, end: &End, run: &str) -> Ended {
    let undo = RunToUndo {
        run: run.to_owned(),
        partial: false,
        words: UndoWords::default(),
    };
    request_until(world, end, "undo", RunSubject::Undo(Box::new(undo)))
}

/// A run taken back by somebody who is asked, does something else first, and then says yes.
pub fn undo_and_agree(world: &World, run: &str, first: impl FnOnce() + Send) -> Ended {
    let app = app(world);
    let undo = RunToUndo {
        run: run.to_owned(),
        partial: false,
        words: UndoWords::default(),
    };
    let request = RunRequest {
        command: "undo",
        subject: RunSubject::Undo(Box::new(undo)),
        ending: Ending::Apply,
        guard: Guard {
            consent: Consent::Ask,
            ..Guard::default()
        },
        lists_unchanged: true,
    };
    let (listener, mut words) = listener::channel();
    let end = End::never();
    let hear = async {
        let mut first = Some(first);
        while let Some(word) = words.recv().await {
            if let Word::Question(question) = word {
                let first = first.take().expect("it is asked once");
                // In a thread of its own: whoever does it waits for answers.
                std::thread::scope(|scope| scope.spawn(first).join()).expect("it happened");
                question.answer(true);
            }
        }
    };
    let both = async { tokio::join!(run_heard(&app, &end, request, listener), hear).0 };
    match RUNTIME.block_on(both) {
        Ok(report) => Ended::Done(report),
        Err(failure) => Ended::Stopped(failure),
    }
}

/// Payouts of November, until the run ends as `end` says.
pub fn payouts_until(world: &World, end: &End) -> Ended {
    let november = chrono::NaiveDate::from_ymd_opt(2026, 11, 1);
    payouts_since_until(world, end, november)
}

/// Payouts from a day on.
pub fn payouts_since_until(world: &World, end: &End, since: Option<chrono::NaiveDate>) -> Ended {
    let payouts = PayoutsToPost {
        since,
        ..PayoutsToPost::default()
    };
    request_until(world, end, "sync", RunSubject::Payouts(payouts))
}

/// Payouts of November looked at and proven, as `payouts check` does. A service that fails is told, and not more.
pub fn check_payouts(world: &World) -> Option<PayoutsAnswer> {
    let november = chrono::NaiveDate::from_ymd_opt(2026, 11, 1);
    let request = PayoutsRequest {
        gateway: None,
        days: DayRange {
            from: november,
            until: None,
        },
        only: None,
        depth: PayoutDepth::Checked,
        file: None,
    };
    let stop = AtomicBool::new(false);
    let app = app(world);
    let looking = Box::pin(look_at_payouts(&app, request, &stop));
    RUNTIME.block_on(looking).ok()
}

/// Payouts of a file.
pub fn payouts_of_file_until(world: &World, end: &End, path: &std::path::Path) -> Ended {
    let file = PayoutsFile::read(&app(world), path, None);
    let payouts = PayoutsToPost {
        file: Some(file.expect("the file is read")),
        ..PayoutsToPost::default()
    };
    request_until(world, end, "sync", RunSubject::Payouts(payouts))
}

/// What stands undone, posted again.
pub fn redo_until(world: &World, end: &End, problems: Vec<Problem>) -> Ended {
    request_until(world, end, "retry", RunSubject::Problems(Some(problems)))
}

fn request_until(world: &World, end: &End, command: &'static str, subject: RunSubject) -> Ended {
    let app = app(world);
    let request = RunRequest {
        command,
        subject,
        ending: Ending::Apply,
        guard: given(),
        lists_unchanged: true,
    };
    ended(end, run_in(&app, end, request))
}

fn ended(end: &End, work: impl Future<Output = Result<Report, Failure>>) -> Ended {
    let run = async {
        match end.after {
            None => Some(work.await),
            Some(time) => tokio::time::timeout(time, work).await.ok(),
        }
    };
    match catch_unwind(AssertUnwindSafe(|| RUNTIME.block_on(run))) {
        Ok(Some(Ok(report))) => Ended::Done(report),
        Ok(Some(Err(failure))) => Ended::Stopped(failure),
        Ok(None) => Ended::Killed,
        Err(panic) if panic.is::<Killed>() => Ended::Killed,
        Err(panic) => resume_unwind(panic),
    }
}

async fn sync_in(app: &App, end: &End, entity: Entity, guard: Guard) -> Result<Report, Failure> {
    let request = RunRequest {
        command: "sync",
        subject: RunSubject::Records(Selection {
            entities: vec![entity],
            ..Selection::default()
        }),
        ending: Ending::Apply,
        guard,
        lists_unchanged: true,
    };
    run_in(app, end, request).await
}

async fn run_in(app: &App, end: &End, request: RunRequest) -> Result<Report, Failure> {
    run_heard(app, end, request, Listener::nobody()).await
}

async fn run_heard(
    app: &App,
    end: &End,
    request: RunRequest,
    listener: Listener,
) -> Result<Report, Failure> {
    let stop = Arc::new(AtomicBool::new(false));
    let runner = Runner::open(app.clone(), &request, Duration::ZERO, stop, listener).await?;
    let runner = runner.with_patience(Patience {
        first_pause: PAUSE,
        pause_max: PAUSE,
        settle_after: app
            .config
            .quickbooks
            .as_ref()
            .expect("books are configured")
            .settle_after,
        ..Patience::default()
    });
    let mortal = |books: QuickBooks| Mortal {
        inner: books.pausing(PAUSE),
        end,
    };
    let RunOutcome::Ran(mut answer) = runner.run_as(request, mortal).await? else {
        unreachable!("a run without a key has none before it");
    };
    match answer.failure.take() {
        // What ended the leg is told in its report.
        Some(failure) if answer.report.end.is_none() => Err(failure),
        _ => {
            let mut report = answer.report;
            report.tally = answer.run.tally("quickbooks").clone();
            Ok(report)
        }
    }
}

/// What a process that was killed leaves in place of an error.
struct Killed;

/// When and how a run is to end before its time.
pub struct End {
    /// At this effect, counted from one; 0 is never.
    at: u64,
    how: How,
    after: Option<Duration>,
    seen: AtomicU64,
    /// What somebody does right before the first request.
    happens: Option<Box<dyn Fn() + Send + Sync>>,
    has_happened: AtomicBool,
    /// In which order the books' own lists come; `None`: as they are kept there.
    shuffled: Option<Mutex<Dice>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// As by `kill -9`.
    Killed,
    /// The books cannot be reached any more: each request from then on fails.
    Unreachable,
    /// The books answer that they had trouble of their own with each sale, and do nothing.
    Troubled,
}

impl End {
    pub fn never() -> End {
        End::at(0, How::Killed)
    }

    pub fn at(at: u64, how: How) -> End {
        End {
            at,
            how,
            after: None,
            seen: AtomicU64::new(0),
            happens: None,
            has_happened: AtomicBool::new(false),
            shuffled: None,
        }
    }

    /// Never, with books whose lists come in any order.
    pub fn shuffled(seed: u64) -> End {
        End {
            shuffled: Some(Mutex::new(Dice(seed))),
            ..End::never()
        }
    }

    fn shuffle<T>(&self, list: &mut [T]) {
        let Some(dice) = &self.shuffled else { return };
        let mut dice = dice.lock().expect("nobody panics with it");
        for at in (1..list.len()).rev() {
            list.swap(at, dice.below(at as u64 + 1) as usize);
        }
    }

    /// After so much time, wherever it stands.
    pub fn after(time: Duration) -> End {
        End {
            after: Some(time),
            ..End::never()
        }
    }

    /// How many effects there were.
    pub fn seen(&self) -> u64 {
        self.seen.load(Ordering::Relaxed)
    }

    fn effect(&self) -> Result<(), Fault> {
        let seen = self.seen.fetch_add(1, Ordering::Relaxed) + 1;
        match self.how {
            How::Killed if seen == self.at => resume_unwind(Box::new(Killed)),
            How::Unreachable if self.at > 0 && seen >= self.at => Err(Fault::new(
                Remedy::Stop,
                "unreachable",
                "the books cannot be reached",
            )),
            _ => Ok(()),
        }
    }
}

/// Books around which a test stands, for whoever plans without a run.
pub fn with_end(books: QuickBooks, end: &End) -> impl LedgerReader + '_ {
    Mortal { inner: books, end }
}

/// A company whose every use is an effect at which the run may end: before and after each request, and around each
/// entry into the journal.
struct Mortal<'a> {
    inner: QuickBooks,
    end: &'a End,
}

impl LedgerReader for Mortal<'_> {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    async fn company(&self) -> Result<Company, Fault> {
        self.inner.company().await
    }

    async fn company_today(&self) -> Result<Company, Fault> {
        self.inner.company_today().await
    }

    async fn names(&self) -> Result<Names, Fault> {
        self.end.effect()?;
        let names = self.inner.names().await?;
        let mut people: Vec<NameEntry> = names.people.iter().cloned().collect();
        let mut items: Vec<ItemEntry> = names.items.iter().cloned().collect();
        self.end.shuffle(&mut people);
        self.end.shuffle(&mut items);
        Ok(Names::of(people, items))
    }

    async fn find(&self, sought: &[Sought]) -> Result<Vec<Vec<Found>>, Fault> {
        self.end.effect()?;
        let mut found = self.inner.find(sought).await?;
        found.iter_mut().for_each(|one| self.end.shuffle(one));
        Ok(found)
    }

    async fn marked(&self, since: chrono::NaiveDate) -> Result<Vec<Found>, Fault> {
        self.end.effect()?;
        let mut marked = self.inner.marked(since).await?;
        self.end.shuffle(&mut marked);
        Ok(marked)
    }

    async fn dated(
        &self,
        kinds: &[udsync::model::document::DocumentKind],
        since: chrono::NaiveDate,
    ) -> Result<Vec<Found>, Fault> {
        self.end.effect()?;
        let mut dated = self.inner.dated(kinds, since).await?;
        self.end.shuffle(&mut dated);
        Ok(dated)
    }

    async fn credits_by_hand(
        &self,
        since: chrono::NaiveDate,
    ) -> Result<Vec<udsync::model::statement::StatedDocument>, Fault> {
        self.end.effect()?;
        let mut credits = self.inner.credits_by_hand(since).await?;
        self.end.shuffle(&mut credits);
        Ok(credits)
    }

    async fn written_lately(
        &self,
        since: udsync::connector::port::Since,
    ) -> Result<udsync::connector::port::WrittenLately, Fault> {
        self.end.effect()?;
        self.inner.written_lately(since).await
    }

    async fn read(&self, remotes: &[Remote]) -> Result<Vec<Option<Found>>, Fault> {
        self.end.effect()?;
        self.inner.read(remotes).await
    }

    async fn seen_now(&self, remotes: &[Remote]) -> Result<Vec<Option<SeenDocument>>, Fault> {
        self.end.effect()?;
        self.inner.seen_now(remotes).await
    }

    async fn settled_by_bank(&self, period: Period) -> Result<StatementStates, Fault> {
        self.end.effect()?;
        self.inner.settled_by_bank(period).await
    }

    async fn customers(&self, ids: &[String]) -> Result<Vec<Option<CustomerInBooks>>, Fault> {
        self.end.effect()?;
        self.inner.customers(ids).await
    }

    async fn items(&self, ids: &[String]) -> Result<Vec<Option<ItemEntry>>, Fault> {
        self.end.effect()?;
        self.inner.items(ids).await
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.inner.clock_offset()
    }

    fn encode(&self, draft: Draft<'_>) -> Result<Encoded, Reason> {
        self.inner.encode(draft)
    }

    fn customer_of(&self, image: &BeforeImage) -> Option<CustomerInBooks> {
        self.inner.customer_of(image)
    }

    fn item_of(&self, image: &BeforeImage) -> Option<ItemEntry> {
        self.inner.item_of(image)
    }

    fn content(&self, entity: RemoteKind, body: &str) -> String {
        self.inner.content(entity, body)
    }

    fn references(&self, body: &str) -> Vec<plan::Subject> {
        self.inner.references(body)
    }

    fn resolve(
        &self,
        body: &str,
        known: &std::collections::BTreeMap<plan::Subject, String>,
    ) -> Result<Body, Vec<plan::Subject>> {
        self.inner.resolve(body, known)
    }

    async fn know(&self, label: Label) -> Result<(), Fault> {
        self.end.effect()?;
        self.inner.know(label).await
    }

    fn words(&self, body: &str) -> std::collections::BTreeMap<String, String> {
        self.inner.words(body)
    }

    fn waiting(&self) -> Option<Duration> {
        self.inner.waiting()
    }

    fn requests(&self) -> Requests {
        // Asked after the problems are filed and before the cursor moves.
        if self.end.how == How::Killed {
            let _ = self.end.effect();
        }
        self.inner.requests()
    }
}

impl LedgerWriter for Mortal<'_> {
    fn abilities(&self) -> Abilities {
        self.inner.abilities()
    }

    fn request(&self, writes: Vec<Write>, attempt: u32) -> Request {
        // What came before is settled; this one is not on disk yet.
        if self.end.how == How::Killed {
            let _ = self.end.effect();
        }
        self.inner.request(writes, attempt)
    }

    async fn write(&self, ticket: &Ticket, sending: Sending<'_>) -> Result<Vec<Answer>, Fault> {
        let writes = &ticket.request().writes;
        if self.end.how == How::Troubled && writes[0].entity == DocumentKind::SalesReceipt.into() {
            let trouble = || Fault::new(Remedy::Ask, "service_trouble", "an error of its own");
            return Ok(writes.iter().map(|_| Err(trouble())).collect());
        }
        // It is on disk and was not sent.
        self.end.effect()?;
        if let Some(happens) = &self.end.happens
            && !self.end.has_happened.swap(true, Ordering::Relaxed)
        {
            // In a thread of its own: whoever does it waits for answers.
            std::thread::scope(|scope| scope.spawn(happens).join()).expect("it happened");
        }
        let answer = self.inner.write(ticket, sending).await;
        // It was done, and the answer is not on disk.
        match self.end.effect() {
            Ok(()) => answer,
            Err(_) => Err(Fault::new(
                Remedy::Ask,
                "no_answer",
                "the answer was lost on the way",
            )),
        }
    }

    async fn stands(&self, remotes: &[Remote]) -> Result<Vec<Option<BeforeImage>>, Fault> {
        self.end.effect()?;
        self.inner.stands(remotes).await
    }

    async fn look(&self, writes: &[Write]) -> Result<Vec<Option<Found>>, Fault> {
        self.end.effect()?;
        self.inner.look(writes).await
    }
}
