//! Writing: a recorded request goes out unchanged, and each of its writes gets its answer.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::connector::http::Answered;
use crate::connector::port::Sending;
use crate::connector::rows::{ROW_MAX, raw_at_most};
use crate::model::fault::{Fault, Remedy};
use crate::model::names::NameKind;
use crate::model::plan::{Action, RemoteKind};
use crate::model::ticket::{Answer, Request, Ticket, Write, Written};
use crate::model::verdict::{is_wrong, judge};

use super::before::ShownBodies;
use super::client::BooksClient;
use super::facts::FactsOfCompany;
use super::faults::{self, FaultBody};
use super::found;
use super::lists::{Learned, Lists};
use super::request::number;
use super::wire::{self, AnswerEnvelope};

/// Faults after which the kept facts are not believed as long as usual.
const DOUBTFUL: &[&str] = &[
    "period_closed",
    "reference_missing",
    "tax_code_refused",
    "account_wrong_type",
];

/// What is learned from answers for later.
pub struct LearnedFromAnswers<'a> {
    pub lists: &'a Lists,
    pub shown: &'a ShownBodies,
}

pub async fn write(
    client: &BooksClient,
    seen: &LearnedFromAnswers<'_>,
    ticket: &Ticket,
    sending: Sending<'_>,
) -> Result<Vec<Answer>, Fault> {
    // Read first: an answer that arrives must be understood.
    let lists = seen.lists;
    let facts = lists.facts(client).await?;
    let request = ticket.request();
    let answered = client
        .write(&request.path, &request.key, &request.body, sending)
        .await
        .map_err(|miss| miss.of_write())?;
    let answers = answers(request, &answered, &facts, seen.shown, client.now());
    if let Err(fault) = &answers {
        note(lists, fault);
    }
    let mut learned = Vec::new();
    let answers = answers
        .map_err(|fault| client.mended(fault))?
        .into_iter()
        .map(|answer| {
            let stood = answer.inspect_err(|fault| note(lists, fault))?;
            learned.extend(stood.learned);
            Ok(stood.written)
        })
        .collect();
    lists.learn(learned).await;
    Ok(answers)
}

/// What stands in the books after a write, and the name it brought, if it was one.
struct Stood {
    written: Written,
    learned: Option<Learned>,
}

/// Remembers what a fault teaches for later.
fn note(lists: &Lists, fault: &Fault) {
    if fault.code == "one_name_at_a_time" {
        lists.note_one_name_at_a_time();
    }
    if DOUBTFUL.contains(&fault.code) {
        lists.doubt();
    }
}

/// Reads the answer to a request, one for each of its writes. An error is about the request as a whole.
fn answers(
    request: &Request,
    answered: &Answered,
    facts: &FactsOfCompany,
    shown: &ShownBodies,
    now: DateTime<Utc>,
) -> Result<Vec<Result<Stood, Fault>>, Fault> {
    let reference = answered.header("intuit_tid").map(str::to_owned);
    if answered.status != 200 {
        let fault = faults::of_write(answered, now);
        return match (request.writes.as_slice(), fault.remedy) {
            // A definite refusal of a request with one write is about that write.
            ([write], Remedy::Amend | Remedy::Reread) => Ok(vec![refused(write, fault)]),
            _ => Err(fault),
        };
    }
    let text = answered.text();
    let not_understood = || faults::not_understood(reference.clone());
    let envelope = AnswerEnvelope::open(&text).ok_or_else(not_understood)?;
    let answer = |write: &Write, item: &AnswerEnvelope<'_>| {
        if let Some(body) = item.read::<FaultBody>("Fault") {
            return refused(write, faults::of_body(&body).reference(reference.clone()));
        }
        item.part(write.entity.as_str())
            .and_then(|entity| stood(write, entity, facts, shown))
            .ok_or_else(not_understood)
    };
    if let [write] = request.writes.as_slice() {
        return Ok(vec![answer(write, &envelope)]);
    }
    let items = envelope
        .part("BatchItemResponse")
        .and_then(|items| raw_at_most(items, request.writes.len()).ok())
        .ok_or_else(not_understood)?;
    // QuickBooks promises the number of each item, not their order.
    let by_number: BTreeMap<String, AnswerEnvelope<'_>> = items
        .iter()
        .filter_map(|item| {
            let item = AnswerEnvelope::open(item.get())?;
            Some((item.read::<String>("bId")?, item))
        })
        .collect();
    let numbered = request.writes.iter().enumerate();
    Ok(numbered
        .map(|(at, write)| match by_number.get(&number(at)) {
            Some(item) => answer(write, item),
            None => Err(not_understood()),
        })
        .collect())
}

/// A refusal of one write. What is to be deleted and is not there any more is deleted.
fn refused(write: &Write, fault: Fault) -> Result<Stood, Fault> {
    match (write.action, fault.code) {
        (Action::Delete, "reference_missing") => Ok(Stood {
            written: Written::Deleted,
            learned: None,
        }),
        (Action::Void, "reference_missing") => Err(Fault {
            remedy: Remedy::Reread,
            ..fault
        }),
        _ => Err(fault),
    }
}

fn stood(write: &Write, text: &str, facts: &FactsOfCompany, shown: &ShownBodies) -> Option<Stood> {
    if text.len() > ROW_MAX {
        return None;
    }
    match write.entity {
        RemoteKind::Customer => {
            let person: wire::PersonAnswer = serde_json::from_str(text).ok()?;
            let found = found::person(&person)?;
            let entry = found::name_entry(NameKind::Customer, person, &facts.company.home_currency);
            Some(Stood {
                written: Written::Stands(found),
                learned: entry.map(Learned::Person),
            })
        }
        RemoteKind::Vendor => {
            let person: wire::PersonAnswer = serde_json::from_str(text).ok()?;
            let found = found::vendor(&person)?;
            let entry = found::name_entry(NameKind::Vendor, person, &facts.company.home_currency);
            Some(Stood {
                written: Written::Stands(found),
                learned: entry.map(Learned::Person),
            })
        }
        RemoteKind::Item => {
            let item: wire::ItemAnswer = serde_json::from_str(text).ok()?;
            Some(Stood {
                written: Written::Stands(found::item(&item)?),
                learned: found::item_entry(item).map(Learned::Item),
            })
        }
        entity @ RemoteKind::Document(_) => {
            let document: wire::DocumentAnswer = serde_json::from_str(text).ok()?;
            let written = if document.status.as_deref() == Some("Deleted") {
                Written::Deleted
            } else {
                let found = found::document(entity, &document, facts)?;
                // A document that came out other than meant is written over at once; the others are left alone.
                let expected = write.expected.as_ref();
                if expected.is_none() || is_wrong(&judge(expected, &found)) {
                    shown.remember(entity, text);
                }
                Written::Stands(found)
            };
            Some(Stood {
                written,
                learned: None,
            })
        }
    }
}
