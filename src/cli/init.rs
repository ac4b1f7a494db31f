//! `init`: a conversation that ends in a `udsync.toml` and a first dry run.
//!
//! It asks both sides what they really hold, lets `books` propose, and asks a person only where there is doubt. The file is written
//! once, at the end, after it has been read back; until then nothing is on the disk but sealed credentials. Nothing is ever written to
//! the shop or to the books from here.

mod document;
mod fields;
mod flags;
mod held;
mod questions;
mod screen;
mod sides;

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, Once, PoisonError};

use chrono::{Datelike, NaiveDate};
use console::Term;

use crate::app::App;
use crate::books::propose::{Certainty, GivenAnswers, Proposal, ProposalFacts, propose};
use crate::config::{Config, ConfigDraft};
use crate::model::company::Company;
use crate::model::service::Service;
use crate::model::shop::Storage;
use crate::run::RunAnswer;

use super::args::{EntityName, Global, Output, ScopeArgs, WaitArgs};
use super::ask::Asker;
use super::child;
use super::connect::place::ConfigFile;
use super::report::{Failure, exit};
use super::session::{Session, output};
use super::show;
use super::sync::foreseen;
use super::{amend, out, sandbox_folder};

use fields::place_of;
pub use flags::InitArgs;
use flags::Start;
use sides::{Books, FoundStore};

/// Runs it.
pub async fn init(global: &Global, args: &InitArgs) -> Result<u8, Failure> {
    let told = InitSoFar::default();
    let how = output(global);
    let watched = told.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            watched.break_off(how);
        }
    });
    let done = talk(global, args, &told).await;
    done.map_err(|mut failure| {
        if failure.exit == exit::INTERRUPTED {
            told.break_off(how);
        }
        let is_lost = {
            let done = told.done();
            !done.written && !done.answered.is_empty()
        };
        if is_lost && Asker::new(global).may_ask() && failure.rendered.is_none() {
            let hint = failure
                .hint
                .take()
                .map_or_else(String::new, |hint| hint + "\n");
            failure.hint = Some(hint + &told.again());
        }
        failure
    })
}

/// What has happened so far, which an end in the middle leaves behind.
#[derive(Clone, Default)]
pub struct InitSoFar(Arc<Mutex<InitDone>>);

#[derive(Default)]
struct InitDone {
    stored: Vec<&'static str>,
    /// What somebody has answered so far, as flags that answer it again. No secret is among them.
    answered: Vec<String>,
    written: bool,
}

impl InitSoFar {
    fn done(&self) -> MutexGuard<'_, InitDone> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The credentials of this side are sealed and kept.
    pub fn stored(&self, side: &'static str) {
        self.done().stored.push(side);
    }

    /// This was answered; its flag answers it again.
    pub fn answered(&self, flag: &str, value: &str) {
        self.answered_by(format!("--{flag} {}", super::shell::word(value)));
    }

    /// The flag, written out.
    pub fn answered_by(&self, flag: String) {
        let answered = &mut self.done().answered;
        if !answered.contains(&flag) {
            answered.push(flag);
        }
    }

    /// How to go on from here without answering anything twice.
    fn again(&self) -> String {
        match self.done().answered.as_slice() {
            [] => "`udsync init` begins again".to_owned(),
            answered => {
                let command = format!("udsync init {}", answered.join(" "));
                format!("this goes on from here, with everything that was answered:\n`{command}`")
            }
        }
    }

    /// Ends the program, and says what stands. A question hides the cursor or what is typed, and whoever breaks it off wants both
    /// back. The signal and the question may both notice; one of them speaks.
    fn break_off(&self, how: Output) -> ! {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            let _ = Term::stderr().show_cursor();
            #[cfg(unix)]
            let _ = child::command("stty")
                .args(["echo", "icanon", "isig", "icrnl"])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .status();
            let failure = self.explain();
            match how {
                Output::Json => out::print_json(&failure),
                Output::Text | Output::Csv => {
                    out::say(&format!("\n{}", failure.words().trim_end()))
                }
            }
            std::process::exit(i32::from(exit::INTERRUPTED));
        });
        std::process::exit(i32::from(exit::INTERRUPTED))
    }

    fn explain(&self) -> Failure {
        let again = self.again();
        let done = self.done();
        let mut words = match done.written {
            true => "interrupted; the configuration is written".to_owned(),
            false => "interrupted; no configuration was written".to_owned(),
        };
        if !done.stored.is_empty() {
            let names = done.stored.join(" and ");
            words.push_str(&format!(", and the credentials of {names} are kept"));
        }
        let hint = match done.written {
            true => "`udsync dry-run orders` shows what a sync would post".to_owned(),
            false => again,
        };
        Failure::new("interrupted", words).hint(hint)
    }
}

async fn talk(global: &Global, args: &InitArgs, told: &InitSoFar) -> Result<u8, Failure> {
    let mut answers = flags::answers(args)?;
    let asker = Asker::new(global);
    let without_shop = sandbox_folder::without_shop(global);
    if args.sandbox {
        let folder = sandbox_of(args);
        sandbox_folder::note_ignored(global, &folder);
        sandbox_folder::check(&folder)?;
    }
    let global = if args.sandbox { &without_shop } else { global };
    let place = place(global, args)?;
    check_name(args, &place)?;
    let sandbox = sides::sandbox(args).await?;
    let sandbox = sandbox.as_ref();
    sides::check_flags(args, &asker, &place, sandbox)?;
    let mut draft = ConfigDraft::open(&place.path).map_err(|error| Failure::from_edit(&error))?;
    if draft.is_new() && !args.sandbox && asker.may_ask() {
        screen::say_welcome(global);
    }
    if !draft.is_new() {
        let words = format!(
            "{} is there already: what you do not answer otherwise stays",
            place.shown()
        );
        say(global, &words);
    }
    let store = sides::store(global, args, &asker, &place, sandbox, told).await?;
    sides::basics(args, &asker, &place, sandbox, &store, &mut draft, told)?;
    let mut app = sides::app(global, &draft, sandbox)?;
    sides::keep_keys(args, &asker, &app, &store, told)?;
    if let Some(company) = sides::sign_in(global, args, &asker, &app, told).await? {
        draft.put(&fields::setting(fields::BOOKS, "company_id"), company, "");
        app = sides::app(global, &draft, sandbox)?;
    }
    let Books { company, items } = sides::books(&app).await?;
    let FoundStore { shop, notes, .. } = store;
    let facts = ProposalFacts {
        shop: &shop,
        company: &company,
        items: &items,
    };
    for note in notes {
        say(global, &format!("note: {note}"));
    }

    let unanswered = propose(facts, &GivenAnswers::new());
    answers = flags::same_words(answers, facts, &unanswered);
    flags::check(&mut answers, facts, &asker)?;
    for stranger in flags::strangers(&answers, facts, &unanswered) {
        say(global, &stranger);
    }
    let configured = place
        .config
        .as_ref()
        .map(fields::answers_of)
        .unwrap_or_default();
    let configured = flags::same_words(configured, facts, &unanswered);
    for (subject, answer) in &configured {
        answers
            .entry(subject.clone())
            .or_insert_with(|| answer.clone());
    }
    screen::say_both_sides(global, facts);
    let begin = Begin {
        args,
        asker: &asker,
        in_sandbox: sandbox.is_some(),
        told,
    };
    let start = configured_start(place.config.as_ref());
    let (proposals, start) = begin.decide(facts, answers, start, app.clock.now().date_naive())?;
    screen::say_proposals(global, facts, &proposals);

    for proposal in &proposals {
        let as_it_is = configured.get(&proposal.subject) == Some(&proposal.value);
        if let Some(value) = proposal.value.as_ref().filter(|_| !as_it_is) {
            let remark = fields::remark(proposal);
            draft.put(&place_of(&proposal.subject), value.as_str(), &remark);
        }
    }
    if let Some(Start::On(day)) = start {
        draft.put(
            &fields::start_date(),
            fields::toml_day(day),
            "older orders are left alone",
        );
    }
    if shop.storage != Storage::Tables && place.config.is_none() {
        let why = "edits that move no time of change are found so";
        draft.put(&fields::full_sweep(), "1d", why);
    }
    if let Some(most) = args.confirm_over {
        draft.put(&fields::confirm_over(), i64::from(most), "");
    }
    begin.consent(&draft, &place)?;
    let config = draft
        .config()
        .map_err(|complaints| Failure::from_draft(&complaints, draft.is_new()))?;
    if draft.is_new() || !draft.changes().is_empty() {
        let kept = draft.save().map_err(|error| Failure::from_edit(&error))?;
        told.done().written = true;
        say(global, &format!("{} is written", place.shown()));
        amend::say_kept(kept.as_deref(), global.quiet);
    } else {
        say(global, &format!("{} stays as it is", place.shown()));
    }
    if let Some(sandbox) = sandbox {
        sandbox.write_environment(&place.path)?;
    }

    let app = App { config, ..app };
    let mut session = Session::of(global, app);
    say(global, "\nthe first dry run: what a sync would post now\n");
    let mut answer = first_plan(&session).await?;
    match output(global) {
        Output::Json => out::print_json(&document::document(
            &place, &draft, facts, &proposals, &answer,
        )),
        Output::Text | Output::Csv => {
            say_plan(&session, &answer);
            let mut asked = proposals.iter().map(|one| one.subject.clone()).collect();
            let may_offer = asker.may_ask() && !args.yes && !args.leave_open;
            while may_offer
                && held::offer(&session.app, &asker, &answer.report.problems, &mut asked)?
            {
                let config = ConfigDraft::open(&place.path)
                    .map_err(|error| Failure::from_edit(&error))?
                    .config()
                    .map_err(|complaints| Failure::from_draft(&complaints, false))?;
                session.app.config = config;
                say(global, "\nonce more, with these answers\n");
                answer = first_plan(&session).await?;
                say_plan(&session, &answer);
            }
            if !global.quiet {
                screen::say_what_next(&place, sandbox, answer.has_changes);
            }
        }
    }
    let open = !answer.report.problems.is_empty();
    Ok(if open { exit::PROBLEMS } else { exit::DONE })
}

async fn first_plan(session: &Session) -> Result<RunAnswer, Failure> {
    let mut answer = foreseen(session, &first_run(), &WaitArgs::default()).await?;
    match answer.failure.take() {
        Some(failure) => Err(failure),
        None => Ok(answer),
    }
}

fn say_plan(session: &Session, answer: &RunAnswer) {
    out::answer(&show::report(
        &answer.report,
        &answer.run.tallies,
        show::Mood::Would,
        session.all,
    ));
}

/// The folder that the sandbox gets.
fn sandbox_of(args: &InitArgs) -> PathBuf {
    let folder = args.into.clone();
    folder.unwrap_or_else(|| PathBuf::from("udsync-sandbox"))
}

/// Where the file is, or will be.
fn place(global: &Global, args: &InitArgs) -> Result<ConfigFile, Failure> {
    if args.sandbox {
        let folder = sandbox_of(args);
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        return ConfigFile::at(here.join(folder).join("udsync.toml"), None);
    }
    if global.config.is_none() && global.shop.is_none() {
        // Other commands also look into the configuration folder; the shop that lies there may be another one.
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        return ConfigFile::at(here.join("udsync.toml"), None);
    }
    ConfigFile::find(global)
}

/// The name is part of the mark on every document: another one in the same file would be another shop.
fn check_name(args: &InitArgs, place: &ConfigFile) -> Result<(), Failure> {
    match (&args.name, &place.config) {
        (Some(wanted), Some(config)) if config.shop.name != *wanted => Err(Failure::new(
            "other_shop",
            format!("{} is that of the shop `{}`, not of `{wanted}`", place.shown(), config.shop.name),
        )
        .hint("name a file of its own with `--config FILE`, or leave out `--name`: documents in the books are known by it")),
        _ => Ok(()),
    }
}

/// What there is to decide, and who decides.
struct Begin<'a> {
    args: &'a InitArgs,
    asker: &'a Asker,
    in_sandbox: bool,
    told: &'a InitSoFar,
}

impl Begin<'_> {
    /// Goes through everything that is in doubt: takes it, asks it, or names the flags of all of it.
    fn decide(
        &self,
        facts: ProposalFacts<'_>,
        mut answers: GivenAnswers,
        configured: Option<Start>,
        today: NaiveDate,
    ) -> Result<(Vec<Proposal>, Option<Start>), Failure> {
        let mut missing = Vec::new();
        let proposals = loop {
            let proposals = propose(facts, &answers);
            let in_doubt = proposals.iter().find(|proposal| {
                proposal.certainty != Certainty::Certain
                    && !missing
                        .iter()
                        .any(|(_, flag)| *flag == flags::flag_for(proposal))
            });
            let Some(proposal) = in_doubt else {
                break proposals;
            };
            let take = self.args.yes && proposal.certainty == Certainty::Likely;
            let nothing_to_choose = proposal.choices.is_empty() && !questions::is_typed(proposal);
            if take {
                answers.insert(proposal.subject.clone(), proposal.value.clone());
            } else if nothing_to_choose
                || (self.args.leave_open && questions::may_stay_open(proposal))
            {
                answers.insert(proposal.subject.clone(), None);
            } else if self.asker.may_ask() {
                let answer = questions::ask(self.asker, proposal)?;
                self.told.answered_by(flags::flag_with(
                    proposal,
                    answer.as_deref().unwrap_or_default(),
                ));
                answers.insert(proposal.subject.clone(), answer);
            } else {
                missing.push((questions::prompt(proposal), flags::flag_for(proposal)));
            }
        };
        let start = match self.args.start_date.or(configured) {
            Some(start) => Some(start),
            None if self.in_sandbox => Some(Start::All),
            None => {
                let likely = likely_start(facts.company, today);
                if self.args.yes {
                    Some(Start::On(likely))
                } else if self.asker.may_ask() {
                    let start = questions::start(self.asker, likely)?;
                    self.told.answered("start-date", &start.to_string());
                    Some(start)
                } else {
                    missing.push((
                        "post orders from which day on".to_owned(),
                        format!("--start-date {likely}"),
                    ));
                    None
                }
            }
        };
        questions::all_answered(&missing, self.args.yes)?;
        Ok((proposals, start))
    }

    /// A file that somebody wrote is changed only by somebody who has seen the changes.
    fn consent(&self, draft: &ConfigDraft, place: &ConfigFile) -> Result<(), Failure> {
        if draft.is_new() || draft.changes().is_empty() {
            return Ok(());
        }
        screen::say_changes(draft, place);
        if self.args.yes || self.in_sandbox {
            return Ok(());
        }
        questions::change(self.asker, &place.shown())
    }
}

/// The beginning of the year, or the first day that is not closed.
fn likely_start(company: &Company, today: NaiveDate) -> NaiveDate {
    let year = NaiveDate::from_ymd_opt(today.year(), 1, 1).unwrap_or(today);
    let open = company.closed_through.and_then(|day| day.succ_opt());
    open.map_or(year, |open| open.max(year))
}

fn configured_start(config: Option<&Config>) -> Option<Start> {
    let orders = config?.sync.entities.get("orders")?;
    orders.start_date.map(Start::On)
}

fn first_run() -> ScopeArgs {
    ScopeArgs {
        entities: vec![EntityName::Orders],
        to: vec![Service::BOOKS],
        ..ScopeArgs::default()
    }
}

/// Says something about the answer, to whoever wants to hear it.
fn say(global: &Global, words: &str) {
    if !global.quiet {
        out::say(words);
    }
}
