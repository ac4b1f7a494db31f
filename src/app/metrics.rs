//! Metrics: the history in figures, by day for a person, and as a whole for a collector. Pure but for reading the state.
//!
//! Everything is computed from the runs that the state file keeps, so that it says the same whoever asks, and whether or
//! not a run is going on.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use super::App;
use crate::model::incident::IncidentKind;
use crate::model::problem::ProblemState;
use crate::model::run::{Run, RunStatus, Tally};
use crate::model::service::Service;
use crate::store::{History, Notices, Problems, RunFilter, Store, StoreError};

/// The target that every shop has.
const BOOKS: &str = Service::BOOKS.as_str();

/// The runs of a day of the books' zone, or of more, added up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunsSum {
    pub runs: u64,
    /// Runs that ended before their work was done.
    pub errors: u64,
    pub ms_total: u64,
    pub ms_longest: u64,
    /// By target.
    pub tallies: BTreeMap<String, Tally>,
}

impl RunsSum {
    fn add(&mut self, run: &Run) {
        self.runs += 1;
        let broke = matches!(
            run.status,
            RunStatus::Failed | RunStatus::Interrupted | RunStatus::Refused
        );
        self.errors += u64::from(broke);
        let ms = duration_ms(run);
        self.ms_total += ms;
        self.ms_longest = self.ms_longest.max(ms);
        for (target, one) in &run.tallies {
            let sum = self.tallies.entry(target.clone()).or_default();
            add(sum, one);
        }
    }

    /// What was read from the shop; one reading serves every target.
    pub fn read(&self) -> u64 {
        let reads = self.tallies.values().map(|tally| tally.read);
        reads.max().unwrap_or(0)
    }
}

fn add(sum: &mut Tally, one: &Tally) {
    // The same record is held by run after run: the most that waited at once is what a day had.
    let most = (
        sum.held.max(one.held),
        sum.failed.max(one.failed),
        sum.conflicts.max(one.conflicts),
    );
    *sum += one;
    (sum.held, sum.failed, sum.conflicts) = most;
}

fn duration_ms(run: &Run) -> u64 {
    let took = run.finished_at.map(|end| end - run.started_at);
    took.and_then(|took| took.num_milliseconds().try_into().ok())
        .unwrap_or(0)
}

/// The runs by day, the first day first. A day without a run is not among them.
pub fn by_day(runs: &[Run], zone: Tz) -> BTreeMap<NaiveDate, RunsSum> {
    let mut days: BTreeMap<NaiveDate, RunsSum> = BTreeMap::new();
    for run in runs {
        let day = run.started_at.with_timezone(&zone).date_naive();
        days.entry(day).or_default().add(run);
    }
    days
}

impl App {
    /// Everything for a collector that reads the Prometheus text format.
    pub fn prometheus(&self, store: &Store) -> Result<String, StoreError> {
        let runs = store.runs(&RunFilter::default())?;
        let mut page = MetricsText::new(&self.config.shop.name);
        page.one(
            "build_info",
            GAUGE,
            "The version that wrote this.",
            &[("version", env!("CARGO_PKG_VERSION"))],
            "1",
        );
        let mut whole = RunsSum::default();
        let mut by_status: BTreeMap<&str, u64> = BTreeMap::new();
        // A shop without a run has figures too, and they are zero.
        whole.tallies.entry(BOOKS.to_owned()).or_default();
        for run in &runs {
            whole.add(run);
            *by_status.entry(run.status.as_str()).or_default() += 1;
        }
        page.head("runs_total", COUNTER, "Runs by how they ended.");
        for status in ["succeeded", "partial", "failed", "interrupted", "refused"] {
            let count = by_status.get(status).copied().unwrap_or(0);
            page.line("runs_total", &[("status", status)], count);
        }
        page.one(
            "run_seconds_total",
            COUNTER,
            "Time that runs took, all told.",
            &[],
            seconds(whole.ms_total),
        );
        page.one(
            "records_read_total",
            COUNTER,
            "Records read from the shop.",
            &[],
            whole.read(),
        );
        page.head(
            "documents_total",
            COUNTER,
            "Documents of the books and rows of the database by what was done.",
        );
        for (target, tally) in &whole.tallies {
            for (done, count) in [
                ("created", tally.created),
                ("updated", tally.updated),
                ("voided", tally.voided),
                ("deleted", tally.deleted),
            ] {
                let labels = [("target", target.as_str()), ("done", done)];
                page.line("documents_total", &labels, count);
            }
        }
        page.head(
            "requests_total",
            COUNTER,
            "Requests by kind: reads that Intuit counts, writes, and answers that said too many.",
        );
        for (target, tally) in &whole.tallies {
            for (kind, count) in [
                ("read", tally.requests.reads),
                ("write", tally.requests.writes),
                ("throttled", tally.requests.throttled),
            ] {
                let labels = [("target", target.as_str()), ("kind", kind)];
                page.line("requests_total", &labels, count);
            }
        }
        let metered = self.metered(store)?;
        page.one(
            "reads_used_this_month",
            GAUGE,
            "Reads of this month that Intuit counts.",
            &[],
            metered.map_or(0, |metered| metered.used),
        );
        page.one(
            "reads_allowed_per_month",
            GAUGE,
            "Reads that Intuit counts and a month allows.",
            &[],
            metered.map_or(0, |metered| metered.allowed),
        );
        page.head("problems", GAUGE, "Records that are not settled, by state.");
        let problems = store.problems(None, true)?;
        for state in [
            ProblemState::Held,
            ProblemState::Failed,
            ProblemState::Parked,
            ProblemState::Conflict,
            ProblemState::SetAside,
        ] {
            let count = problems.iter().filter(|problem| problem.state == state);
            page.line("problems", &[("state", state.as_str())], count.count());
        }
        // What a wrong clock has dated ahead is not the last one.
        let now = self.clock.now();
        let ended = runs
            .iter()
            .filter(|run| run.finished_at.is_some_and(|at| at <= now));
        if let Some(last) = ended.max_by_key(|run| run.finished_at) {
            let at = last.finished_at.unwrap_or(last.started_at);
            let ok = matches!(last.status, RunStatus::Succeeded | RunStatus::Partial);
            page.one(
                "last_run_timestamp_seconds",
                GAUGE,
                "When the last run ended.",
                &[],
                at.timestamp(),
            );
            page.one(
                "last_run_seconds",
                GAUGE,
                "How long the last run took.",
                &[],
                seconds(duration_ms(last)),
            );
            page.one(
                "last_run_finished",
                GAUGE,
                "1 if the last run did all its work, 0 if it broke off.",
                &[],
                u8::from(ok),
            );
        }
        if let Some((at, true)) = store.synced_last()? {
            page.one(
                "last_sync_timestamp_seconds",
                GAUGE,
                "When a sync last came to its end.",
                &[],
                at.timestamp(),
            );
        }
        let incidents = store.open_incidents()?;
        page.head(
            "incidents",
            GAUGE,
            "What is wrong and was told to the owner, by kind.",
        );
        for kind in IncidentKind::ALL {
            let count = incidents.iter().filter(|open| open.concern.kind == kind);
            page.line("incidents", &[("kind", kind.as_str())], count.count());
        }
        let unsent = store.unsent_notices()?.len();
        page.one(
            "notices_unsent",
            GAUGE,
            "Notices that could not be sent yet.",
            &[],
            unsent,
        );
        Ok(page.text)
    }
}

const GAUGE: &str = "gauge";
const COUNTER: &str = "counter";

/// Lines of the text format, all about one shop.
struct MetricsText<'a> {
    shop: &'a str,
    text: String,
}

impl<'a> MetricsText<'a> {
    fn new(shop: &'a str) -> MetricsText<'a> {
        MetricsText {
            shop,
            text: String::new(),
        }
    }

    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(
            self.text,
            "# HELP udsync_{name} {help}\n# TYPE udsync_{name} {kind}"
        );
    }

    /// The values of labels are our own words and a shop's name, none of which needs escaping.
    fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let _ = write!(self.text, "udsync_{name}{{shop=\"{}\"", self.shop);
        for (label, word) in labels {
            let _ = write!(self.text, ",{label}=\"{word}\"");
        }
        let _ = writeln!(self.text, "}} {value}");
    }

    fn one(
        &mut self,
        name: &str,
        kind: &str,
        help: &str,
        labels: &[(&str, &str)],
        value: impl std::fmt::Display,
    ) {
        self.head(name, kind, help);
        self.line(name, labels, value);
    }
}

/// Milliseconds as seconds, without a float between.
pub fn seconds(ms: u64) -> String {
    format!("{}.{:03}", ms / 1_000, ms % 1_000)
}

/// The day after the last one that is wanted. Beyond what is written with four digits there is no end.
pub fn day_after(day: NaiveDate) -> Option<NaiveDate> {
    day.succ_opt().filter(|next| next.year() <= 9999)
}

/// When the day begins in the zone.
pub fn start_of(zone: Tz, day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    zone.from_local_datetime(&midnight)
        .earliest()
        .map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// Pages of several shops as one: the format wants each name once, with all of its lines.
pub fn merged(pages: &[String]) -> String {
    let mut order: Vec<String> = Vec::new();
    let mut heads: HashMap<String, String> = HashMap::new();
    let mut lines: HashMap<String, String> = HashMap::new();
    for page in pages {
        let mut name = String::new();
        for line in page.lines() {
            let mut words = line.split(' ');
            if words.next() == Some("#") {
                let is_first_head = words.next() == Some("HELP");
                name = words.next().unwrap_or_default().to_owned();
                if is_first_head && !heads.contains_key(&name) {
                    order.push(name.clone());
                    heads.insert(name.clone(), format!("{line}\n"));
                } else if !is_first_head
                    && let Some(head) = heads.get_mut(&name)
                    && head.lines().count() == 1
                {
                    let _ = writeln!(head, "{line}");
                }
            } else {
                let _ = writeln!(lines.entry(name.clone()).or_default(), "{line}");
            }
        }
    }
    order
        .iter()
        .map(|name| {
            let of = |map: &HashMap<String, String>| map.get(name).cloned().unwrap_or_default();
            of(&heads) + &of(&lines)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_shops_share_a_page_on_which_each_name_stands_once() {
        let page = |shop: &str| {
            let mut page = MetricsText::new(shop);
            page.one("runs_total", COUNTER, "Runs.", &[], 1);
            page.one("up", GAUGE, "Up.", &[], 1);
            page.text
        };
        assert_eq!(
            merged(&[page("a"), page("b")]),
            "# HELP udsync_runs_total Runs.\n# TYPE udsync_runs_total counter\nudsync_runs_total{shop=\"a\"} 1\n\
             udsync_runs_total{shop=\"b\"} 1\n# HELP udsync_up Up.\n# TYPE udsync_up gauge\nudsync_up{shop=\"a\"} 1\nudsync_up{shop=\"b\"} 1\n"
        );
    }
}
