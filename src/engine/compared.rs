//! Compared: whether what was posted still stands in the books as it was left. A shop in which nothing changed says nothing about books
//! that somebody emptied.
//!
//! The books are asked for documents by their ids, many in a question. What was deleted, voided, dated otherwise or given another total by
//! hand is a problem for a person: it is neither put back nor taken over. Only who asks for one order by name, after it was told that its
//! document is missing, has it made again, and then as a new document with a mark of its own. Texts, classes and the like are a
//! bookkeeper's own work and no difference.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::connector::port::LedgerReader;
use crate::model::code;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::link::{Link, LinkState};
use crate::model::money::Money;
use crate::model::plan::{Entity, Hold, RecordKey, Remote, Subject};
use crate::model::problem::Problem;
use crate::model::ticket::{Found, FoundState};
use crate::store::{Memory, StoreError};

use super::error::EngineError;
use super::paid::Withdrawn;

/// What the books are asked about besides what is to be written.
#[derive(Clone, Debug, Default)]
pub struct BooksComparison {
    /// Every document that was ever posted.
    pub everything: bool,
    /// The documents of all orders that were read.
    pub of_read: bool,
    /// The documents of these orders: they differed when they were last compared.
    pub these: BTreeSet<u64>,
    /// What is missing of these is made again.
    pub remake: BTreeSet<u64>,
    /// They were asked for our marks a moment ago, and have none.
    pub unmarked: bool,
}

/// How a document stands other than it was left.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BooksDifference {
    Missing,
    Voided,
    Day(NaiveDate),
    Amount { total: Money, tax: Money },
}

/// A document that is linked, as much of it as is compared.
#[derive(Debug)]
struct LinkedDocument {
    key: DocumentKey,
    remote: Remote,
    trace: String,
    number: String,
    kind: DocumentKind,
    date: NaiveDate,
    total: Money,
    tax: Money,
}

/// What differs, by document.
#[derive(Debug, Default)]
pub struct Differences {
    by_key: BTreeMap<DocumentKey, (LinkedDocument, BooksDifference)>,
}

/// So many documents are asked for before what came of them is looked at.
const AT_ONCE: usize = 1_000;

const MISSING: &str = code::MISSING_DOCUMENT;
const VOIDED: &str = code::VOIDED_DOCUMENT;
const DAY: &str = code::REDATED_DOCUMENT;
const AMOUNT: &str = code::AMOUNT_CHANGED;

/// Whether only the books can say that a problem is over.
pub fn is_about_books(code: &str) -> bool {
    [MISSING, VOIDED, DAY, AMOUNT].contains(&code)
}

/// Whether a document was missing in the books when they were last compared.
pub fn is_missing(problem: &Problem) -> bool {
    problem.reason.code == MISSING
}

impl BooksComparison {
    /// What is compared whatever a run is about: what differed before is looked at until it does not.
    pub fn with_known(mut self, problems: &[Problem]) -> BooksComparison {
        let known = problems.iter().filter(|problem| {
            problem.source.entity == Entity::Order && is_about_books(&problem.reason.code)
        });
        self.these
            .extend(known.filter_map(|problem| problem.source.id.parse::<u64>().ok()));
        self
    }

    fn orders(
        &self,
        read: &BTreeSet<u64>,
        memory: &dyn Memory,
        target: &str,
    ) -> Result<BTreeSet<u64>, StoreError> {
        if self.everything {
            return Ok(memory.posted_orders(target)?.into_iter().collect());
        }
        let wanted = &self.these | &self.remake;
        Ok(read
            .iter()
            .copied()
            .filter(|order| self.of_read || wanted.contains(order))
            .collect())
    }
}

/// Asks the books, and says what differs.
pub async fn compare<F: LedgerReader>(
    finder: &F,
    memory: &dyn Memory,
    comparison: &BooksComparison,
    read: &BTreeSet<u64>,
) -> Result<Differences, EngineError> {
    let mut linked = Vec::new();
    for order in comparison.orders(read, memory, finder.name())? {
        let links = memory.links_of_order(finder.name(), order)?;
        linked.extend(links.into_iter().filter_map(LinkedDocument::of));
    }
    // One question is about one kind.
    linked.sort_by_key(|one| (one.kind, one.key));
    let mut differences = Differences::default();
    let mut left = linked.into_iter().peekable();
    while left.peek().is_some() {
        let some: Vec<LinkedDocument> = left.by_ref().take(AT_ONCE).collect();
        let remotes: Vec<Remote> = some.iter().map(|linked| linked.remote.clone()).collect();
        let found = finder.read(&remotes).await?;
        for (linked, found) in some.into_iter().zip(found) {
            if let Some(difference) = linked.difference(found.as_ref()) {
                differences.by_key.insert(linked.key, (linked, difference));
            }
        }
    }
    Ok(differences)
}

impl LinkedDocument {
    /// What was voided is not looked for: its number stays in the sequence, and nobody's figures have it.
    fn of(link: Link) -> Option<LinkedDocument> {
        let Subject::Document(key) = link.subject else {
            return None;
        };
        let posted = link.posted.filter(|_| link.state == LinkState::Active)?;
        Some(LinkedDocument {
            key,
            remote: link.remote,
            trace: link.content,
            number: posted.number,
            kind: posted.kind,
            date: posted.date,
            total: posted.total,
            tax: posted.tax_total,
        })
    }

    fn difference(&self, found: Option<&Found>) -> Option<BooksDifference> {
        let Some(found) = found else {
            return Some(BooksDifference::Missing);
        };
        if !found.trace.is_empty() && found.trace == self.trace {
            return None;
        }
        let day = found.date.filter(|date| *date != self.date);
        if found.state == FoundState::Voided {
            Some(BooksDifference::Voided)
        } else if found.total != self.total {
            Some(BooksDifference::Amount {
                total: found.total,
                tax: found.tax_total,
            })
        } else {
            day.map(BooksDifference::Day)
        }
    }
}

impl Differences {
    /// What is to be said of a document. `order` is how people call its order.
    pub fn reason(&self, key: DocumentKey, order: &str) -> Option<Reason> {
        let (linked, difference) = self.by_key.get(&key)?;
        let LinkedDocument {
            number,
            kind,
            remote,
            date,
            total,
            ..
        } = linked;
        let whose = format!(
            "{kind} `{number}` (id {}) of order {order} (id {})",
            remote.id,
            key.origin.id()
        );
        let accept = "`udsync retry --skip ID --why TEXT`";
        Some(match difference {
            BooksDifference::Missing => Reason::new(
                MISSING,
                format!("{whose} over {total} of {date} is not in QuickBooks any more: somebody deleted it there"),
            )
            .hint(format!(
                "if that was a mistake, `udsync retry ID` posts it anew; if it is to stay out of the books, or was entered there by hand, {accept}"
            )),
            BooksDifference::Voided => Reason::new(
                VOIDED,
                format!("{whose} over {total} of {date} was voided in QuickBooks, and a voided document is never made again"),
            )
            .hint(format!(
                "if it was voided by mistake, enter it in QuickBooks by hand; then, or if it is to stay void, {accept}"
            )),
            BooksDifference::Day(now) => Reason::new(
                DAY,
                format!("{whose} was posted on {date}, and is dated {now} in QuickBooks"),
            )
            .hint(format!(
                "put the date back in QuickBooks, and the next sync settles this; if the new one is right, {accept}"
            )),
            BooksDifference::Amount { total: now, tax } => Reason::new(
                AMOUNT,
                format!(
                    "{whose} was posted over {total} with {} tax, and is over {now} with {tax} tax in QuickBooks",
                    linked.tax
                ),
            )
            .hint(format!(
                "put the figures back in QuickBooks, and the next sync settles this; if the new ones are right, {accept}"
            )),
        })
    }

    /// Nothing that belongs to a document can be posted while it is not there.
    pub fn is_absent(&self, key: DocumentKey) -> bool {
        let difference = self.by_key.get(&key).map(|(_, difference)| difference);
        matches!(
            difference,
            Some(BooksDifference::Missing | BooksDifference::Voided)
        )
    }

    /// The documents of sales that somebody voided or deleted.
    pub fn withdrawn(&self) -> Vec<Withdrawn> {
        let sales = self.by_key.iter().filter(|(key, _)| key.role == Role::Sale);
        let withdrawn = sales.filter_map(|(key, (linked, difference))| {
            let is_deleted = match difference {
                BooksDifference::Missing => true,
                BooksDifference::Voided => false,
                BooksDifference::Day(_) | BooksDifference::Amount { .. } => return None,
            };
            Some(Withdrawn {
                order: key.order()?,
                kind: linked.kind,
                id: linked.remote.id.clone(),
                number: linked.number.clone(),
                total: linked.total,
                is_deleted,
            })
        });
        withdrawn.collect()
    }

    /// Takes out what is missing of an order.
    pub fn take_missing(&mut self, order: u64) -> Vec<DocumentKey> {
        let key = |role| DocumentKey::of_order(order, role);
        let of_order = self.by_key.range(key(Role::Sale)..=key(Role::Fee));
        let missing =
            of_order.filter(|(_, (_, difference))| *difference == BooksDifference::Missing);
        let missing: Vec<DocumentKey> = missing.map(|(key, _)| *key).collect();
        missing.iter().for_each(|key| {
            self.by_key.remove(key);
        });
        missing
    }

    /// What differs of orders that nobody has read: an older one, or one that cannot be read.
    pub fn of_others(&self, read: &BTreeSet<u64>, prefix: &str) -> Vec<Hold> {
        let others = self
            .by_key
            .iter()
            .filter_map(|(key, (linked, _))| Some((key, key.order()?, linked)))
            .filter(|(_, order, _)| !read.contains(order));
        others
            .filter_map(|(key, order, linked)| {
                let sale = self.number_of(order).unwrap_or(&linked.number);
                let number = sale.strip_prefix(prefix).unwrap_or(sale);
                Some(Hold {
                    source: RecordKey::order(order, number),
                    subject: (key.role != Role::Sale).then_some(*key),
                    reason: self.reason(*key, number)?,
                })
            })
            .collect()
    }

    fn number_of(&self, order: u64) -> Option<&str> {
        let key = DocumentKey::of_order(order, Role::Sale);
        Some(&self.by_key.get(&key)?.0.number)
    }
}
