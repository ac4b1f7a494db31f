//! `notify`: tries the channels, looks after runs that do not come, and shows what is open and what could not be sent.

use chrono_tz::Tz;
use clap::{Args, Subcommand, ValueEnum};
use serde::Serialize;

use crate::app::App;
use crate::model::clock::local;
use crate::model::fault::Fault;
use crate::model::incident::{Incident, Notice, Tells};
use crate::store::{Notices, Store};

use super::args::{FleetArgs, Global, Output};
use super::fleet::all::{ShopAnswer, over_all};
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::table::TextTable;
use super::{out, table};
use crate::run::document::time;

/// Tell the owner of trouble, and that it is over
///
/// Notices go out by themselves after each run, to the channels that `[notify]` of the configuration names. Each incident is told
/// once, and once more when it is over.
#[derive(Debug, Subcommand)]
pub enum NotifyCommand {
    Test(NotifyTestArgs),
    Check(NotifyCheckArgs),
    List(NotifyListArgs),
}

/// Send a test to each channel
///
/// Nothing is recorded. Ends with the exit code of the first channel that could not be reached.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync notify test\n  udsync notify test --channel email\n  udsync notify test --json"
)]
pub struct NotifyTestArgs {
    /// To this channel only
    #[arg(long, value_name = "CHANNEL", value_enum)]
    pub channel: Option<ChannelName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ChannelName {
    Email,
    Slack,
    Webhook,
}

impl ChannelName {
    fn as_str(self) -> &'static str {
        match self {
            ChannelName::Email => "email",
            ChannelName::Slack => "slack",
            ChannelName::Webhook => "webhook",
        }
    }
}

/// See whether anything was synced lately, and send what is due
///
/// Runs look after this themselves. Give it a timer of its own, so that somebody notices when no run comes at all, and so that
/// digests and what waited for the end of the quiet hours go out on time. Ends with 0 where no channel is configured.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples, the last as a line of a crontab:\n  udsync notify check\n  udsync notify check --json\n  */15 * * * * udsync notify check --all-shops -q"
)]
pub struct NotifyCheckArgs {
    #[command(flatten)]
    pub fleet: FleetArgs,
}

/// List what is wrong, and the notices that wait
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync notify list --json\n  udsync notify list\n  udsync notify list --shop aurora"
)]
pub struct NotifyListArgs {}

/// Runs `notify`.
pub async fn notify(global: &Global, command: &NotifyCommand) -> Result<u8, Failure> {
    match command {
        NotifyCommand::Test(args) => test(global, args).await,
        NotifyCommand::Check(args) if args.fleet.all_shops => check_all(global, &args.fleet).await,
        NotifyCommand::Check(_) => check(global).await,
        NotifyCommand::List(_) => list(global),
    }
}

/// Not every shop has somebody to tell, and then there is nothing to do.
const NOBODY: &str = "no channel for notices is configured: nobody is told of trouble";

fn nothing_configured() -> Failure {
    Failure::new(
        "notify_not_configured",
        "no channel for notices is configured",
    )
    .hint("add `[notify.email]`, `[notify.slack]` or `[notify.webhook]` to udsync.toml")
}

#[derive(Serialize)]
struct TestDocument {
    schema: &'static str,
    channels: Vec<TestView>,
}

#[derive(Serialize)]
struct TestView {
    channel: &'static str,
    sent: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
}

async fn test(global: &Global, args: &NotifyTestArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let only = args.channel.map(ChannelName::as_str);
    let results = app.try_channels(only).await;
    if results.is_empty() {
        return Err(match only {
            Some(name) if !app.config.notify.channels().is_empty() => Failure::new(
                "notify_not_configured",
                format!("the configuration has no `[notify.{name}]` section"),
            )
            .hint(format!("add `[notify.{name}]` to udsync.toml")),
            _ => nothing_configured(),
        });
    }
    let code = results
        .iter()
        .find_map(|(_, sent)| sent.as_ref().err())
        .map_or(exit::DONE, |fault| Failure::from(fault.clone()).exit);
    match output(global) {
        Output::Json => out::print_json(&TestDocument {
            schema: "udsync/notify-test/1",
            channels: results.into_iter().map(test_view).collect(),
        }),
        Output::Text | Output::Csv => {
            for (channel, sent) in results {
                match sent {
                    Ok(()) => out::answer(&format!("{channel}  sent\n")),
                    Err(fault) => {
                        out::answer(&format!("{channel}  not sent: {fault}\n"));
                        if let Some(hint) = fault.hint {
                            out::say(&format!("hint: {hint}"));
                        }
                    }
                }
            }
        }
    }
    Ok(code)
}

fn test_view((channel, sent): (&'static str, Result<(), Fault>)) -> TestView {
    let fault = sent.err();
    TestView {
        channel,
        sent: fault.is_none(),
        code: fault.as_ref().map(|fault| fault.code),
        message: fault.as_ref().map(|fault| fault.said.clone()),
        hint: fault.and_then(|fault| fault.hint),
    }
}

async fn check(global: &Global) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let (notes, code) = told(&app, &store).await?;
    if notes.is_empty() && app.config.notify.channels().is_empty() {
        out::say(NOBODY);
    }
    for note in notes {
        out::say(&format!("note: {note}"));
    }
    show(global, &store, app.config.rules.timezone)?;
    Ok(code)
}

/// Sends what is due. What could not be sent, in words, and how the command ends with it.
async fn told(app: &App, store: &Store) -> Result<(Vec<String>, u8), Failure> {
    let unsent = app.tell_of_time(store).await?;
    let first = unsent.first();
    let code = first.map_or(exit::DONE, |unsent| {
        Failure::from(unsent.fault.clone()).exit
    });
    Ok((unsent.iter().map(|unsent| unsent.words()).collect(), code))
}

/// `notify check --all-shops`.
async fn check_all(global: &Global, fleet: &FleetArgs) -> Result<u8, Failure> {
    over_all(global, fleet, "notify check", async |global, _| {
        let app = open_shop(&global)?;
        let store = app.store()?;
        let (notes, code) = told(&app, &store).await?;
        let has_none = app.config.notify.channels().is_empty();
        let (incidents, waiting) = (store.open_incidents()?, store.waiting_notices()?);
        let said = match (notes.first(), incidents.len(), waiting.len()) {
            (Some(note), _, _) => note.clone(),
            (None, _, _) if has_none => NOBODY.to_owned(),
            (None, 0, 0) => "nothing is wrong, and no notice waits".to_owned(),
            (None, wrong, waits) => format!("open incidents: {wrong}, notices that wait: {waits}"),
        };
        ShopAnswer::new(code, &said, &document(&incidents, &waiting))
    })
    .await
}

fn document<'a>(incidents: &'a [Incident], waiting: &'a [Notice]) -> ListDocument<'a> {
    ListDocument {
        schema: "udsync/notices/1",
        incidents: incidents.iter().map(incident_view).collect(),
        notices: waiting.iter().map(notice_view).collect(),
    }
}

fn list(global: &Global) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.state_to_read()?;
    show(global, &store, app.config.rules.timezone)?;
    Ok(exit::DONE)
}

#[derive(Serialize)]
struct ListDocument<'a> {
    schema: &'static str,
    incidents: Vec<IncidentView<'a>>,
    notices: Vec<NoticeView<'a>>,
}

#[derive(Serialize)]
struct IncidentView<'a> {
    incident: i64,
    kind: &'static str,
    subject: &'a str,
    title: &'a str,
    happened: &'a str,
    means: &'a str,
    remedy: &'a str,
    seen: u32,
    opened_at: String,
    last_seen: String,
}

#[derive(Serialize)]
struct NoticeView<'a> {
    incident: i64,
    tells: Tells,
    channel: &'a str,
    due_at: String,
    attempts: u32,
    error: Option<&'a str>,
}

fn show(global: &Global, store: &Store, zone: Tz) -> Result<(), Failure> {
    let incidents = store.open_incidents()?;
    let waiting = store.waiting_notices()?;
    match output(global) {
        Output::Json => out::print_json(&document(&incidents, &waiting)),
        Output::Text | Output::Csv => out::answer(&words(&incidents, &waiting, zone)),
    }
    Ok(())
}

fn words(incidents: &[Incident], waiting: &[Notice], zone: Tz) -> String {
    if incidents.is_empty() && waiting.is_empty() {
        return "nothing is wrong, and no notice waits\n".to_owned();
    }
    let width = table::width_of_answer();
    let mut text = String::new();
    if !incidents.is_empty() {
        let mut table = TextTable::new(&["since", "kind", "what"], &[]);
        for incident in incidents {
            let cells = vec![
                local(incident.opened_at, zone),
                incident.concern.kind.as_str().to_owned(),
            ];
            table.row(cells, incident.concern.title.clone());
        }
        text.push_str(&table.render(width));
    }
    if !waiting.is_empty() {
        let mut table = TextTable::new(&["due", "channel", "waits"], &[]);
        for notice in waiting {
            let title = &notice.incident.concern.title;
            let remark = match (&notice.tells, &notice.error) {
                (Tells::Trouble, None) => title.clone(),
                (Tells::Recovery, None) => format!("over: {title}"),
                (_, Some(error)) => {
                    format!("{title}; not sent, {}: {error}", times(notice.attempts))
                }
            };
            let cells = vec![local(notice.due_at, zone), notice.channel.clone()];
            table.row(cells, remark);
        }
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&table.render(width));
    }
    text
}

fn times(attempts: u32) -> String {
    match attempts {
        1 => "tried once".to_owned(),
        n => format!("tried {n} times"),
    }
}

fn incident_view(incident: &Incident) -> IncidentView<'_> {
    let concern = &incident.concern;
    IncidentView {
        incident: incident.id,
        kind: concern.kind.as_str(),
        subject: &concern.subject,
        title: &concern.title,
        happened: &concern.happened,
        means: &concern.means,
        remedy: &concern.remedy,
        seen: incident.seen,
        opened_at: time(incident.opened_at),
        last_seen: time(incident.last_seen),
    }
}

fn notice_view(notice: &Notice) -> NoticeView<'_> {
    NoticeView {
        incident: notice.incident.id,
        tells: notice.tells,
        channel: &notice.channel,
        due_at: time(notice.due_at),
        attempts: notice.attempts,
        error: notice.error.as_deref(),
    }
}
