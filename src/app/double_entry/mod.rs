//! Every document that stands in the books, as a journal for a program of double entry: `hledger` and Beancount read it.
//!
//! It is written one document at a time, by day and then by key, so that a shop of any size fits and the same state gives the same bytes.
//! Accounts and currencies are declared at the end, where all of them are known; both programs take a declaration anywhere. What was
//! voided or deleted, what is held, and what a person entered instead of us is not in it. No customer is in it either.

mod beancount;
mod hledger;
mod spelling;

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::ops::ControlFlow;

use chrono::NaiveDate;

use super::days::DayRange;
use crate::books::double_entry::{AccountPath, Posting, postings};
use crate::model::link::{Link, LinkState, Posted};
use crate::model::rules::Rules;
use crate::model::service::Service;
use crate::store::{Memory, StoreError};

use spelling::AccountSpelling;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JournalForm {
    Hledger,
    Beancount,
}

/// What went into a journal, and what did not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalTally {
    pub documents: u64,
    pub voided: u64,
    /// Entered by a person where we would have.
    pub by_others: u64,
}

/// Why a journal or a report did not come to its end.
#[derive(Debug)]
pub enum Unwritten {
    State(StoreError),
    File(io::Error),
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Unwritten {
        Unwritten::State(error)
    }
}

/// Writes the journal of these days.
pub fn write_journal(
    memory: &dyn Memory,
    rules: &Rules,
    days: DayRange,
    form: JournalForm,
    out: &mut dyn Write,
) -> Result<JournalTally, Unwritten> {
    let mut journal = JournalWriter {
        form,
        rules,
        spelling: AccountSpelling::new(form),
        accounts: BTreeMap::new(),
        currencies: BTreeMap::new(),
        tally: JournalTally::default(),
        out,
    };
    journal.begin(days).map_err(Unwritten::File)?;
    each_standing(memory, days, &mut |link, posted| match posted {
        Some(posted) => journal.enter(link, posted),
        None => {
            journal.leave_out(link);
            Ok(())
        }
    })?;
    journal.end().map_err(Unwritten::File)?;
    Ok(journal.tally)
}

/// Hands over each document of these days: with what is posted where it stands in the books as ours, and without where it does not.
pub fn each_standing(
    memory: &dyn Memory,
    days: DayRange,
    each: &mut dyn FnMut(&Link, Option<&Posted>) -> io::Result<()>,
) -> Result<(), Unwritten> {
    let mut failed = None;
    memory.each_posted(Service::BOOKS.as_str(), &days.whole(), &mut |link| {
        let posted = link.posted.as_ref();
        let stands = link.state == LinkState::Active && posted.is_some_and(|posted| !posted.voided);
        match each(&link, posted.filter(|_| stands)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    failed.map_or(Ok(()), |error| Err(Unwritten::File(error)))
}

struct JournalWriter<'a> {
    form: JournalForm,
    rules: &'a Rules,
    spelling: AccountSpelling,
    /// As they are spelled, with the day on which they are met first and the name as people wrote it.
    accounts: BTreeMap<String, (NaiveDate, AccountPath)>,
    currencies: BTreeMap<String, NaiveDate>,
    tally: JournalTally,
    out: &'a mut dyn Write,
}

/// One document as both programs want it.
struct JournalEntry<'a> {
    posted: &'a Posted,
    /// `order=1042 role=sale id=1234`: what it is here, and what it is in the books.
    origin: String,
    postings: Vec<(String, Posting)>,
}

impl JournalWriter<'_> {
    fn begin(&mut self, days: DayRange) -> io::Result<()> {
        let words = format!(
            "udsync export of `{}`, {}",
            self.rules.store,
            match (days.from, days.until) {
                (None, None) => "all days".to_owned(),
                (Some(from), None) => format!("from {from}"),
                (None, Some(until)) => format!("until {until}"),
                (Some(from), Some(until)) => format!("{from} to {until}"),
            }
        );
        match self.form {
            JournalForm::Hledger => hledger::begin(self.out, &words),
            JournalForm::Beancount => beancount::begin(self.out, &words),
        }
    }

    fn enter(&mut self, link: &Link, posted: &Posted) -> io::Result<()> {
        self.tally.documents += 1;
        self.currencies
            .entry(posted.currency.clone())
            .or_insert(posted.date);
        let mut spelled = Vec::new();
        for posting in postings(posted, self.rules) {
            let name = self.spelling.of(&posting.account);
            self.accounts
                .entry(name.clone())
                .or_insert_with(|| (posted.date, posting.account.clone()));
            spelled.push((name, posting));
        }
        let (origin, role) = match posted.key.order() {
            Some(order) => (format!("order={order}"), posted.key.role),
            None => (format!("origin={}", posted.key.origin), posted.key.role),
        };
        let refund = match role {
            crate::model::document::Role::Refund(id) => format!(":{id}"),
            _ => String::new(),
        };
        let entry = JournalEntry {
            posted,
            origin: format!(
                "{origin} role={}{refund} id={}",
                role.word(),
                link.remote.id
            ),
            postings: spelled,
        };
        match self.form {
            JournalForm::Hledger => hledger::entry(self.out, &entry),
            JournalForm::Beancount => beancount::entry(self.out, &entry),
        }
    }

    fn leave_out(&mut self, link: &Link) {
        match link.state {
            LinkState::Settled => self.tally.by_others += 1,
            LinkState::Active | LinkState::Voided => self.tally.voided += 1,
        }
    }

    fn end(&mut self) -> io::Result<()> {
        let words = format!(
            "{} documents; left out: {} voided, {} entered by a person",
            self.tally.documents, self.tally.voided, self.tally.by_others
        );
        match self.form {
            JournalForm::Hledger => {
                hledger::end(self.out, &self.accounts, &self.currencies, &words)
            }
            JournalForm::Beancount => {
                beancount::end(self.out, &self.accounts, &self.currencies, &words)
            }
        }
    }
}
