//! The words of a message, out of the notices that are due together. Pure.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::connector::notice::Message;
use crate::model::fingerprint::hex;
use crate::model::incident::{Notice, Tells};
use crate::store::ChainHead;

use super::concerns::local;
use super::month::MonthView;

/// Lines of a mail are broken before this.
const WIDTH: usize = 76;

#[derive(Serialize)]
struct NoticeDocument<'a> {
    schema: &'static str,
    id: &'a str,
    shop: &'a str,
    sent_at: String,
    events: Vec<EventView<'a>>,
    /// What came of a month that is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<&'a MonthView>,
    /// How far the history was when this was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    history: Option<HistoryHead>,
}

#[derive(Serialize)]
struct HistoryHead {
    entries: u64,
    head: String,
}

#[derive(Serialize)]
struct EventView<'a> {
    incident: i64,
    kind: &'static str,
    tells: Tells,
    subject: &'a str,
    title: &'a str,
    happened: &'a str,
    means: &'a str,
    remedy: &'a str,
    seen: u32,
    opened_at: String,
    closed_at: Option<String>,
}

/// One message about all of these.
pub fn message(
    shop: &str,
    notices: &[Notice],
    zone: Tz,
    now: DateTime<Utc>,
    head: Option<ChainHead>,
) -> Message {
    let id = id(shop, notices);
    let document = NoticeDocument {
        schema: "udsync/notice/1",
        id: &id,
        shop,
        sent_at: machine(now),
        events: notices.iter().map(event).collect(),
        month: None,
        history: head.map(history_head),
    };
    let document =
        serde_json::value::to_raw_value(&document).expect("our own values always have a JSON form");
    let mut text = String::new();
    for notice in notices {
        text.push_str(&section(notice, zone));
        text.push('\n');
    }
    text.push_str(&wrapped(
        "",
        "Each incident is told once, and once more when it is over.",
    ));
    text.push_str(&history_line(head));
    Message {
        at: now,
        subject: format!("[udsync {shop}] {}", headline(notices)),
        text,
        document,
        id,
    }
}

fn history_head(head: ChainHead) -> HistoryHead {
    HistoryHead {
        entries: head.number,
        head: head.digest.to_string(),
    }
}

/// In one line, so that it can be copied.
fn history_line(head: Option<ChainHead>) -> String {
    head.map_or_else(String::new, |head| {
        format!("\nHistory: {} entries, head {}\n", head.number, head.digest)
    })
}

/// What came of a month that is over.
pub(super) fn of_month(
    shop: &str,
    in_words: &str,
    month: &MonthView,
    now: DateTime<Utc>,
    head: Option<ChainHead>,
) -> Message {
    let id = {
        let mut digest = Sha256::new();
        digest.update(shop.as_bytes());
        digest.update(b"\nmonth\n");
        digest.update(month.period.as_bytes());
        format!("udsync-{}", &hex(&digest.finalize())[..24])
    };
    let document = NoticeDocument {
        schema: "udsync/notice/1",
        id: &id,
        shop,
        sent_at: machine(now),
        events: Vec::new(),
        month: Some(month),
        history: head.map(history_head),
    };
    let title = month_title(in_words, month);
    let mut text = format!("{title}\n");
    let orders = &month.orders;
    let happened = format!(
        "the shop and the books were read afresh for {} to {}: {} compared, {} equal, {} different, {} held",
        month.from,
        month.until,
        counted(orders.compared, "order", "orders"),
        orders.equal,
        orders.different,
        month.held,
    );
    let (means, remedy) = month_means(month);
    for (label, words) in [
        ("What happened: ", happened.as_str()),
        ("What it means: ", &means),
        ("What to do: ", &remedy),
    ] {
        text.push_str(&wrapped(label, words));
    }
    text.push('\n');
    text.push_str(&month_totals(month));
    text.push_str(&format!("\nProof: {}\n", month.proof));
    text.push_str(&history_line(head));
    Message {
        at: now,
        subject: format!("[udsync {shop}] {title}"),
        text,
        document: serde_json::value::to_raw_value(&document)
            .expect("our own values always have a JSON form"),
        id,
    }
}

fn month_title(in_words: &str, month: &MonthView) -> String {
    let differences = month.differences.values().sum();
    let rest = [
        (month.held, "record held", "records held"),
        (
            month.accepted,
            "difference accepted",
            "differences accepted",
        ),
    ];
    let rest: Vec<String> = rest
        .into_iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, one, many)| counted(count, one, many))
        .collect();
    match (month.proven, rest.is_empty()) {
        (true, true) if month.orders.compared == 0 => {
            format!("{in_words} has nothing to compare: no order with a document")
        }
        (true, false) if month.orders.compared == 0 => {
            format!("{in_words} could not be compared: {}", rest.join(" and "))
        }
        (true, true) => format!("{in_words} is proven: the books equal the shop"),
        (true, false) => format!("{in_words} is proven, with {}", rest.join(" and ")),
        (false, _) => format!(
            "{in_words} is not proven: {}",
            counted(differences, "difference", "differences")
        ),
    }
}

/// What it means, and what to type.
fn month_means(month: &MonthView) -> (String, String) {
    let period = &month.period;
    let sign = format!(
        "`udsync reconcile --period {period} --output pdf --out {period}.pdf` makes the page to sign"
    );
    match (month.proven, month.held) {
        (true, 0) => ("the month can be closed".to_owned(), sign),
        (true, _) => (
            "everything that is in the books is right; what is held is in neither total".to_owned(),
            format!("`udsync retry --list` shows what is held; then {sign}"),
        ),
        (false, _) => {
            let codes = month.differences.iter();
            let codes: Vec<String> = codes
                .map(|(code, count)| format!("{code} {count}"))
                .collect();
            (
                format!("do not close the month yet: {}", codes.join(", ")),
                format!(
                    "`udsync reconcile --period {period}` names each with a cause and a command"
                ),
            )
        }
    }
}

fn month_totals(month: &MonthView) -> String {
    let rows: Vec<[String; 5]> =
        std::iter::once(["", "", "shop", "books", "difference"].map(str::to_owned))
            .chain(month.totals.iter().map(|line| {
                let cells = [
                    &line.currency,
                    &line.what,
                    &line.shop,
                    &line.books,
                    &line.difference,
                ];
                cells.map(String::clone)
            }))
            .collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or_default()
    };
    let widths: [usize; 5] = std::array::from_fn(width);
    let mut text = String::new();
    for [currency, what, shop, books, difference] in &rows {
        let line = format!(
            "  {currency:<0$} {what:<1$}  {shop:>2$}  {books:>3$}  {difference:>4$}",
            widths[0], widths[1], widths[2], widths[3], widths[4]
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn counted(count: u64, one: &str, many: &str) -> String {
    match count {
        1 => format!("1 {one}"),
        n => format!("{n} {many}"),
    }
}

/// A message to see whether messages arrive.
pub fn trial(shop: &str, now: DateTime<Utc>) -> Message {
    let id = format!("udsync-test-{}", now.timestamp());
    let document = NoticeDocument {
        schema: "udsync/notice/1",
        id: &id,
        shop,
        sent_at: machine(now),
        events: Vec::new(),
        month: None,
        history: None,
    };
    Message {
        at: now,
        subject: format!("[udsync {shop}] this is a test"),
        text: "Notices of udsync arrive here. Nothing is wrong, and nothing is to be done.\n"
            .to_owned(),
        document: serde_json::value::to_raw_value(&document)
            .expect("our own values always have a JSON form"),
        id,
    }
}

/// The same notices sent again have the same id.
fn id(shop: &str, notices: &[Notice]) -> String {
    let mut digest = Sha256::new();
    digest.update(shop.as_bytes());
    for notice in notices {
        digest.update(notice.id.to_be_bytes());
        digest.update(notice.incident.opened_at.timestamp().to_be_bytes());
    }
    format!("udsync-{}", &hex(&digest.finalize())[..24])
}

fn machine(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn event(notice: &Notice) -> EventView<'_> {
    let incident = &notice.incident;
    let concern = &incident.concern;
    EventView {
        incident: incident.id,
        kind: concern.kind.as_str(),
        tells: notice.tells,
        subject: &concern.subject,
        title: &concern.title,
        happened: &concern.happened,
        means: &concern.means,
        remedy: &concern.remedy,
        seen: incident.seen,
        opened_at: machine(incident.opened_at),
        closed_at: incident.closed_at.map(machine),
    }
}

fn title(notice: &Notice) -> String {
    let title = &notice.incident.concern.title;
    match notice.tells {
        Tells::Trouble => title.clone(),
        Tells::Recovery => format!("over: {title}"),
    }
}

fn headline(notices: &[Notice]) -> String {
    match notices {
        [one] => title(one),
        several => {
            let open = several
                .iter()
                .filter(|notice| notice.tells == Tells::Trouble)
                .count();
            let over = several.len() - open;
            let parts = [
                (open == 1).then(|| "1 thing needs a look".to_owned()),
                (open > 1).then(|| format!("{open} things need a look")),
                (over == 1).then(|| "1 is over".to_owned()),
                (over > 1).then(|| format!("{over} are over")),
            ];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
    }
}

fn section(notice: &Notice, zone: Tz) -> String {
    let incident = &notice.incident;
    let concern = &incident.concern;
    let opened = local(incident.opened_at, zone);
    let mut text = format!("{}\n", title(notice));
    match notice.tells {
        Tells::Trouble => {
            let times = match incident.seen {
                0 | 1 => format!("at {opened}"),
                n => format!("first at {opened}, {n} times so far"),
            };
            let happened = format!("{} ({times})", concern.happened);
            for (label, words) in [
                ("What happened: ", happened.as_str()),
                ("What it means: ", &concern.means),
                ("What to do: ", &concern.remedy),
            ] {
                text.push_str(&wrapped(label, words));
            }
        }
        Tells::Recovery => {
            let closed = incident.closed_at.unwrap_or(incident.last_seen);
            let lasted = format!("it lasted from {opened} to {}", local(closed, zone));
            text.push_str(&wrapped("What happened: ", &lasted));
            text.push_str(&wrapped("What to do: ", "nothing"));
        }
    }
    text
}

/// Breaks between words, and moves all lines in by two.
fn wrapped(label: &str, words: &str) -> String {
    let mut lines = vec![String::from("  ")];
    for word in format!("{label}{words}").split(' ') {
        let line = lines.last_mut().expect("there is always one");
        if line.chars().count() + word.chars().count() >= WIDTH && !line.trim().is_empty() {
            lines.push(format!("  {word}"));
        } else {
            if !line.trim().is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::super::Broke;
    use super::super::concerns;
    use super::*;
    use crate::model::chain::ChainDigest;
    use crate::model::incident::Incident;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a time")
    }

    fn notice(tells: Tells, seen: u32) -> Notice {
        let broke = Broke {
            connection: true,
            code: "credentials_refused",
            said: "QuickBooks refuses the refresh token",
            hint: Some(
                "connect it again with `udsync connect quickbooks`\nthen `udsync sync orders`",
            ),
        };
        Notice {
            id: 7,
            incident: Incident {
                id: 3,
                concern: concerns::of_failure(&broke, "sync orders"),
                opened_at: at("2026-11-21T09:00:00Z"),
                last_seen: at("2026-11-21T11:00:00Z"),
                seen,
                closed_at: (tells == Tells::Recovery).then(|| at("2026-11-21T12:30:00Z")),
            },
            tells,
            channel: "email".into(),
            due_at: at("2026-11-21T09:00:00Z"),
            attempts: 0,
            error: None,
        }
    }

    fn told(notices: &[Notice]) -> Message {
        message(
            "aurora",
            notices,
            chrono_tz::America::Edmonton,
            at("2026-11-21T13:00:00Z"),
            None,
        )
    }

    #[test]
    fn a_message_carries_the_head_of_the_history() {
        let head = ChainHead {
            number: 12,
            digest: ChainDigest::of(b"twelve"),
        };
        let zone = chrono_tz::America::Edmonton;
        let now = at("2026-11-21T13:00:00Z");
        let message = message(
            "aurora",
            &[notice(Tells::Trouble, 3)],
            zone,
            now,
            Some(head),
        );
        let line = format!("\nHistory: 12 entries, head {}\n", head.digest);
        assert!(message.text.ends_with(&line), "{}", message.text);
        let document: serde_json::Value =
            serde_json::from_str(message.document.get()).expect("JSON");
        assert_eq!(document["history"]["entries"], 12);
        assert_eq!(document["history"]["head"], head.digest.to_string());
    }

    #[test]
    fn a_message_says_what_happened_what_it_means_and_what_to_type() {
        let message = told(&[notice(Tells::Trouble, 3)]);
        assert_eq!(
            message.subject,
            "[udsync aurora] the connection to QuickBooks is broken"
        );
        assert_eq!(
            message.text,
            "the connection to QuickBooks is broken\n  \
               What happened: `udsync sync orders` stopped: QuickBooks refuses the\n  \
               refresh token (first at 2026-11-21 02:00 MST, 3 times so far)\n  \
               What it means: nothing is synced until somebody connects it again; nothing\n  \
               is lost, and the next run after that goes on\n  \
               What to do: connect it again with `udsync connect quickbooks`; then\n  \
               `udsync sync orders`\n\n  \
               Each incident is told once, and once more when it is over.\n"
        );
        let document: serde_json::Value =
            serde_json::from_str(message.document.get()).expect("JSON");
        assert_eq!(document["schema"], "udsync/notice/1");
        assert_eq!(document["events"][0]["kind"], "connection");
        assert_eq!(document["events"][0]["tells"], "trouble");
        assert_eq!(document["events"][0]["subject"], "credentials_refused");
        assert_eq!(document["events"][0]["seen"], 3);
    }

    #[test]
    fn the_end_is_told_as_shortly() {
        let message = told(&[notice(Tells::Recovery, 20)]);
        assert_eq!(
            message.subject,
            "[udsync aurora] over: the connection to QuickBooks is broken"
        );
        assert!(
            message
                .text
                .contains("it lasted from 2026-11-21 02:00 MST to 2026-11-21 05:30 MST"),
            "{}",
            message.text
        );
    }

    #[test]
    fn several_go_together_and_the_same_ones_have_the_same_id() {
        let both = [notice(Tells::Trouble, 1), notice(Tells::Recovery, 1)];
        let message = told(&both);
        assert_eq!(
            message.subject,
            "[udsync aurora] 1 thing needs a look, 1 is over"
        );
        assert_eq!(message.id, told(&both).id);
        assert_ne!(message.id, told(&both[..1]).id);
    }
}
