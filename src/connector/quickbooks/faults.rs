//! What a refusal by QuickBooks means and what to do about it, once, by the table in `codes.txt`.
//!
//! QuickBooks words its messages anew and translates them, so codes and statuses decide. There are two exceptions, in
//! `by_words`: one code stands for several things, and only its English text tells them apart.
//!
//! Refusals come as JSON with capital keys, as JSON with small ones, as XML though JSON was asked for, and as a gateway's HTML.

use std::time::Duration;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use crate::connector::http::{Answered, HttpTrouble, PATIENCE_MAX, Unanswered};
use crate::model::fault::{Fault, Remedy};

/// What mends a connection that somebody made. Where the environment brought the token, `client` says what mends that.
pub const CONNECT: &str = "connect it again: `udsync connect quickbooks`";
const LATER: &str = "run the same command again later, nothing is lost";
const RETRY: &str = "correct it, then run `udsync retry --all`";

const REFUSAL_MAX: usize = 1_000_000;

/// Intuit asks for this pause after too many requests.
const PAUSE: Duration = Duration::from_secs(60);

/// The codes that matter, as data.
const CODES: &str = include_str!("codes.txt");

/// One line of the table.
struct FaultWords {
    code: &'static str,
    remedy: Remedy,
    words: Words,
    word: &'static str,
    said: &'static str,
    hint: &'static str,
}

/// What may be shown of the service's own words, which can hold tokens and people's names.
enum Words {
    Kept,
    Masked,
    /// They speak of our own fields only.
    Plain,
}

impl FaultWords {
    fn all() -> impl Iterator<Item = FaultWords> {
        let lines = CODES.lines().map(str::trim);
        lines
            .filter(|line| !line.is_empty() && !line.starts_with('#'))
            .map(|line| FaultWords::parse(line).expect("a test reads every line of the table"))
    }

    fn of(code: &str) -> Option<FaultWords> {
        FaultWords::all().find(|known| known.code == code)
    }

    fn parse(line: &'static str) -> Option<FaultWords> {
        let mut columns = line.split('|').map(str::trim);
        let mut next = || columns.next();
        let known = FaultWords {
            code: next()?,
            remedy: match next()? {
                "wait" => Remedy::Wait(PAUSE),
                "reconnect" => Remedy::Reconnect,
                "reread" => Remedy::Reread,
                "amend" => Remedy::Amend,
                "ask" => Remedy::Ask,
                "stop" => Remedy::Stop,
                _ => return None,
            },
            words: match next()? {
                "kept" => Words::Kept,
                "masked" => Words::Masked,
                "plain" => Words::Plain,
                _ => return None,
            },
            word: next()?,
            said: next()?,
            hint: next()?,
        };
        next().is_none().then_some(known)
    }

    fn fault(&self) -> Fault {
        Fault::new(self.remedy, self.word, self.said).hint(self.hint)
    }
}

/// Two codes of which only the English text tells what they mean. In another language they stay what the table says.
fn by_words(complaint: &BooksError) -> Option<FaultWords> {
    let words = complaint.words().to_lowercase();
    match complaint.code.as_str() {
        "6000" if words.contains("one name at a time") => {
            FaultWords::of("one name").map(|known| FaultWords {
                // Whoever else is writing a name is soon done.
                remedy: Remedy::Wait(Duration::from_secs(1)),
                ..known
            })
        }
        "5010" | "6000"
            if words.contains("period has closed") || words.contains("closing date") =>
        {
            FaultWords::of("6210")
        }
        _ => None,
    }
}

/// One error out of a fault.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct BooksError {
    #[serde(default, deserialize_with = "lenient")]
    pub code: String,
    #[serde(default, alias = "Message", deserialize_with = "lenient")]
    message: String,
    #[serde(default, alias = "Detail", deserialize_with = "lenient")]
    detail: String,
}

impl BooksError {
    fn words(&self) -> &str {
        if self.detail.is_empty() {
            &self.message
        } else {
            &self.detail
        }
    }
}

/// Text, or whatever stands in its place: null, or a number where a text was promised.
fn lenient<'de, D: serde::Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let value = serde_json::Value::deserialize(from)?;
    Ok(match value {
        serde_json::Value::String(text) => text,
        serde_json::Value::Null => String::new(),
        other => other.to_string(),
    })
}

/// The fault inside an answer or inside one item of a batch.
#[derive(Debug, Default, Deserialize)]
pub struct FaultBody {
    #[serde(default, alias = "Error")]
    error: Vec<BooksError>,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    kind: String,
}

/// Reads the fault out of a body, whatever it is written in.
pub fn fault_body(text: &str) -> Option<FaultBody> {
    #[derive(Deserialize)]
    struct Outer {
        #[serde(alias = "Fault")]
        fault: Option<FaultBody>,
    }
    // Nothing that refuses is as long; a page is, or something worse.
    if text.len() > REFUSAL_MAX {
        return None;
    }
    if let Ok(outer) = serde_json::from_str::<Outer>(text) {
        return outer.fault;
    }
    let error = text.split_once("<Error")?.1;
    let head = error.split_once('>')?.0;
    let code = head.split_once("code=\"")?.1.split('"').next()?;
    Some(FaultBody {
        error: vec![BooksError {
            code: code.to_owned(),
            message: element(error, "Message"),
            detail: element(error, "Detail"),
        }],
        kind: String::new(),
    })
}

fn element(xml: &str, name: &str) -> String {
    let inside = xml
        .split_once(&format!("<{name}>"))
        .and_then(|(_, rest)| rest.split_once(&format!("</{name}>")));
    inside.map(|(text, _)| text.to_owned()).unwrap_or_default()
}

/// Says whether the access token was refused, so that a fresh one is worth a try.
pub fn token_refused(answered: &Answered) -> bool {
    if answered.status != 401 {
        return false;
    }
    match fault_body(&answered.text()).and_then(|body| body.error.into_iter().next()) {
        Some(complaint) => complaint.code == "3200" || complaint.code.is_empty(),
        None => true,
    }
}

/// How long everybody has to wait, if the answer says that it was too much.
pub fn throttled(answered: &Answered, now: DateTime<Utc>) -> Option<Duration> {
    let says_so = answered.status == 429
        || (matches!(answered.status, 403 | 503) && answered.text().contains("ThrottleExceeded"));
    says_so.then(|| {
        answered
            .retry_after(now)
            .unwrap_or(PAUSE)
            .max(Duration::from_secs(1))
    })
}

/// It wants to be left alone for longer than a run waits. Nothing was done, and nothing is asked again.
pub fn throttled_for_long(answered: &Answered, pause: Duration) -> Fault {
    let throttled = FaultWords::of("3001").expect("it is in the table");
    let minutes = pause.as_secs().div_ceil(60);
    Fault::new(
        Remedy::Stop,
        throttled.word,
        format!(
            "{}, and udsync waits no longer than {} minutes: it was to wait {minutes}",
            throttled.said,
            PATIENCE_MAX.as_secs() / 60
        ),
    )
    .hint(LATER)
    .reference(answered.header("intuit_tid").map(str::to_owned))
}

/// An access token that had just been given out was refused. Only the token service ends a connection; this is trouble of its own.
pub fn fresh_token_refused(answered: &Answered) -> Fault {
    Fault::new(
        Remedy::Ask,
        "sign_in_trouble",
        "QuickBooks refused an access token that it had just given out",
    )
    .hint(LATER)
    .reference(answered.header("intuit_tid").map(str::to_owned))
}

/// What an answer that is no success means.
pub fn of_answer(answered: &Answered, now: DateTime<Utc>) -> Fault {
    let reference = answered.header("intuit_tid").map(str::to_owned);
    if let Some(pause) = throttled(answered, now) {
        let throttled = FaultWords::of("3001").expect("it is in the table");
        return Fault {
            remedy: Remedy::Wait(pause),
            ..throttled.fault()
        }
        .reference(reference);
    }
    let body = fault_body(&answered.text()).filter(|body| !body.error.is_empty());
    let Some(body) = body else {
        return without_words(answered.status).reference(reference);
    };
    let mut fault = of_body(&body).reference(reference);
    // A service in trouble may have done the work before it found fault with it.
    if answered.status >= 500 && matches!(fault.remedy, Remedy::Amend | Remedy::Reread) {
        fault.remedy = Remedy::Ask;
    }
    fault
}

/// What an answer to a write means that is no success.
///
/// A gateway does not know what became of the request behind it, and a token can run out while the work goes on: neither says
/// that nothing was done.
pub fn of_write(answered: &Answered, now: DateTime<Utc>) -> Fault {
    let fault = of_answer(answered, now);
    let has_words = fault_body(&answered.text()).is_some_and(|body| !body.error.is_empty());
    let proves_nothing = answered.status == 401 || !has_words;
    match fault.remedy {
        Remedy::Reconnect | Remedy::Stop if proves_nothing => Fault {
            remedy: Remedy::Ask,
            ..fault
        },
        _ => fault,
    }
}

/// What the fault of one write means.
pub fn of_body(body: &FaultBody) -> Fault {
    let Some(complaint) = body.error.first() else {
        return Fault::new(
            Remedy::Ask,
            "answer_not_understood",
            "QuickBooks refused without saying why",
        );
    };
    match by_words(complaint).or_else(|| FaultWords::of(&complaint.code)) {
        Some(known) => {
            let mut fault = known.fault();
            let words = match known.words {
                Words::Kept => String::new(),
                Words::Masked => for_people(complaint.words()),
                Words::Plain => one_line(complaint.words()),
            };
            if !words.is_empty() {
                fault.said = format!("{}: {words}", known.said);
            }
            fault
        }
        None if body.kind.eq_ignore_ascii_case("SystemFault") => Fault::new(
            Remedy::Ask,
            "service_trouble",
            format!("QuickBooks had an error of its own ({})", complaint.code),
        )
        .hint(LATER),
        None => Fault::new(
            Remedy::Amend,
            "refused",
            format!(
                "QuickBooks refused it with code {}: {}",
                for_people(&complaint.code),
                for_people(complaint.words())
            ),
        )
        .hint(RETRY),
    }
}

/// An answer by a gateway, or by something that is not QuickBooks at all.
fn without_words(status: u16) -> Fault {
    match status {
        // QuickBooks itself says why. Without a word it was something on the way, and that says nothing about us.
        400 | 401 | 403 => Fault::new(
            Remedy::Ask,
            "service_trouble",
            format!("something before QuickBooks answered with status {status}, and without a word of QuickBooks'"),
        )
        .hint("run the same command again later, nothing is lost; if it stays so, see to any proxy in between"),
        408 | 500.. => Fault::new(
            Remedy::Ask,
            "service_trouble",
            format!("QuickBooks answered with status {status}"),
        )
        .hint(LATER),
        _ => Fault::new(
            Remedy::Stop,
            "not_quickbooks",
            format!("the answer with status {status} does not look like QuickBooks"),
        )
        .hint("check `api_url` and `company_id` in `[quickbooks]`, and any proxy in between"),
    }
}

/// What it means that a write has no answer.
pub fn of_silence(unanswered: &Unanswered) -> Fault {
    if unanswered.never_sent {
        return unreachable(unanswered);
    }
    let said = match unanswered.trouble {
        HttpTrouble::Timeout => "QuickBooks did not answer in time".to_owned(),
        _ => format!("the answer of QuickBooks was lost: {}", unanswered.words()),
    };
    Fault::new(Remedy::Ask, "no_answer", said).hint(LATER)
}

/// What it means that the service cannot be reached, or not read from, however often we try.
pub fn unreachable(unanswered: &Unanswered) -> Fault {
    let (code, hint) = match unanswered.trouble {
        HttpTrouble::Tls => (
            "tls",
            "check the clock of this machine and any proxy that opens TLS",
        ),
        _ => ("unreachable", LATER),
    };
    Fault::new(
        Remedy::Stop,
        code,
        format!("QuickBooks could not be reached: {}", unanswered.words()),
    )
    .hint(hint)
}

/// An answer of success that cannot be read: it may have been done.
pub fn not_understood(reference: Option<String>) -> Fault {
    Fault::new(
        Remedy::Ask,
        "answer_not_understood",
        "the answer of QuickBooks could not be understood",
    )
    .hint(LATER)
    .reference(reference)
}

/// An answer to a question that cannot be read: nothing was done, and asking again would not help.
pub fn unreadable(what: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "answer_not_understood",
        format!("what QuickBooks said about `{what}` could not be understood"),
    )
    .hint("check `api_url` in `[quickbooks]`; if it is right, please report it")
}

/// The service's words as they can be shown: one line, not long, without what may be a name, an address or a token.
fn for_people(words: &str) -> String {
    let mut shown = String::new();
    let mut quote: Option<char> = None;
    let mut before = ' ';
    for letter in words.chars() {
        match quote {
            Some(mark) if letter == mark => {
                quote = None;
                shown.push(letter);
            }
            Some(_) => {}
            // An apostrophe inside a word quotes nothing.
            None if letter == '"' || (letter == '\'' && !before.is_alphanumeric()) => {
                quote = Some(letter);
                shown.push(letter);
                shown.push('…');
            }
            None => shown.push(letter),
        }
        before = letter;
    }
    let words = shown.split_whitespace();
    let masked = words.map(|word| if is_private(word) { "…" } else { word });
    one_line(&masked.collect::<Vec<_>>().join(" "))
}

fn one_line(words: &str) -> String {
    const LONGEST: usize = 200;
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST - 1) {
        Some((cut, _)) if line.chars().count() > LONGEST => format!("{}…", &line[..cut]),
        _ => line,
    }
}

/// An e-mail address, or something as long and mixed as only a token is.
fn is_private(word: &str) -> bool {
    let mixed = word.chars().any(|letter| letter.is_ascii_digit())
        && word.chars().any(|letter| letter.is_ascii_alphabetic());
    word.contains('@') || (word.len() >= 30 && mixed && !word.contains(['=', '/']))
}

#[cfg(test)]
mod tests;
