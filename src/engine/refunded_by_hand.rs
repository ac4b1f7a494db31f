//! Refunded by hand: a refund of the shop whose money somebody may have given back in the books already.
//!
//! A bookkeeper who hears of it first enters a credit memo or a refund receipt, and the shop's own refund comes later. Whether that is the
//! same money cannot be seen: goodwill of 5.00 and a refund of 5.00 look alike, and one left by the bank where the other left by a
//! gateway. So the refund waits until somebody says which it is; nothing is given back twice, and nothing is guessed. Looked for is what
//! names the order, and what names nothing and gives the same customer the same amount. The books are asked only where a refund is about
//! to be posted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Days;

use crate::books::{Decision, Entry};
use crate::connector::port::LedgerReader;
use crate::model::code;
use crate::model::document::{DocumentKey, Role};
use crate::model::fault::Reason;
use crate::model::plan::Entity;
use crate::model::problem::ProblemState;
use crate::model::rules::Rules;
use crate::model::statement::StatedDocument;
use crate::store::{StateReader, StoreError};

use super::error::EngineError;
use super::given_back::numbers_in;
use super::standing::OrderStanding;

/// What a document by hand may lie ahead of its order: the day of the books is not the day in UTC.
const DAYS_BEFORE: Days = Days::new(2);

/// So many digits a bare number must have to be that of an order.
const BARE_MIN: usize = 4;

/// Refunds that somebody set aside because their money is in the books, by order.
type SetAside = BTreeMap<u64, BTreeSet<DocumentKey>>;

/// Has every refund wait that may be in the books by somebody's hand.
pub(super) async fn hold<F: LedgerReader>(
    finder: &F,
    store: &dyn StateReader,
    rules: &Rules,
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
) -> Result<(), EngineError> {
    let aside = set_aside(store, finder.name())?;
    let concerned = accounts.iter().filter(|(id, standing)| {
        let mut refunds = to_be_posted(standing);
        refunds.any(|entry| !is_aside(&aside, **id, entry))
    });
    let made = concerned.filter_map(|(_, standing)| Some(standing.order?.created_at.date_naive()));
    let Some(first) = made.min() else {
        return Ok(());
    };
    let since = first.checked_sub_days(DAYS_BEFORE).unwrap_or(first);
    let mut by_hand = finder.credits_by_hand(since).await?;
    by_hand.retain(|document| !document.is_voided() && document.found.total.is_positive());
    if by_hand.is_empty() {
        return Ok(());
    }
    let by_hand: Vec<DocumentByHand> = by_hand
        .into_iter()
        .map(|document| DocumentByHand::of(document, &rules.number_prefix))
        .collect();
    for (id, standing) in accounts {
        let case = RefundsOfOrder {
            id: *id,
            standing,
            aside: &aside,
            prefix: &rules.number_prefix,
        };
        let found = case.may_be_the_same(finder, &by_hand).await?;
        let holds: Vec<(DocumentKey, Reason)> = case
            .waiting()
            .filter_map(|entry| Some((entry.document.key, case.reason(entry, &found)?)))
            .collect();
        standing.taken.extend(holds);
    }
    Ok(())
}

fn set_aside(store: &dyn StateReader, target: &str) -> Result<SetAside, StoreError> {
    let mut aside = SetAside::new();
    for problem in store.problems(Some(target), true)? {
        let is_one = problem.state == ProblemState::SetAside
            && problem.source.entity == Entity::Order
            && problem.reason.code == code::GIVEN_BACK_BY_HAND;
        if let (true, Some(key)) = (is_one, problem.subject)
            && let Some(order) = key.order()
        {
            aside.entry(order).or_default().insert(key);
        }
    }
    Ok(aside)
}

fn is_aside(aside: &SetAside, order: u64, entry: &Entry) -> bool {
    let of_order = aside.get(&order);
    of_order.is_some_and(|keys| keys.contains(&entry.document.key))
}

/// The refunds that the books do not have yet, as far as nothing else stands in their way.
fn to_be_posted<'s>(standing: &'s OrderStanding<'_>) -> impl Iterator<Item = &'s Entry> {
    let entries = standing.account.entries.iter();
    entries.filter(|entry| {
        matches!(entry.document.key.role, Role::Refund(_))
            && entry.decision == Decision::Create
            && !standing.taken.contains_key(&entry.document.key)
    })
}

/// What may be the money of a refund of one order.
#[derive(Default)]
struct MayBeTheSame<'d> {
    /// It names the order.
    named: Vec<&'d DocumentByHand>,
    /// It names nothing, and is of the same customer: only the amount says something.
    alike: Vec<&'d DocumentByHand>,
}

/// What a document by hand is for, by its number and its notes.
enum Named {
    ThisOrder,
    SomethingElse,
    Nothing,
}

/// A document by hand, with what is said on it.
struct DocumentByHand {
    document: StatedDocument,
    /// Its number and its notes, in small letters.
    text: String,
    /// What of it could be the number of a document of ours.
    numbers: BTreeSet<String>,
}

impl DocumentByHand {
    fn of(document: StatedDocument, prefix: &str) -> DocumentByHand {
        let text = format!("{} {}", document.found.label, document.note).to_lowercase();
        DocumentByHand {
            numbers: numbers_in(&prefix.to_lowercase(), &[&text]),
            text,
            document,
        }
    }

    /// What it says that it is for. Numbers may have an ending of their own, as `WC-1042-CR` has.
    fn names(&self, number: &str, own: &BTreeSet<String>) -> Named {
        let is_own = |said: &String| {
            own.iter().any(|own| match said.strip_prefix(own.as_str()) {
                Some(ending) => !ending.starts_with(|next: char| next.is_ascii_digit()),
                None => false,
            })
        };
        // A bare number counts where it is no part of a date or an amount, and too long for a house number.
        let number = number.to_lowercase();
        let is_apart = |letter: char| letter.is_whitespace() || ",;:()".contains(letter);
        let words = self.text.split(is_apart);
        let mut words = words.map(|word| word.trim_end_matches('.'));
        let is_bare = number.len() >= BARE_MIN && words.any(|word| word == number);
        if self.numbers.iter().any(is_own) || is_bare {
            Named::ThisOrder
        } else if self.numbers.is_empty() {
            Named::Nothing
        } else {
            Named::SomethingElse
        }
    }
}

struct RefundsOfOrder<'s, 'a> {
    id: u64,
    standing: &'s OrderStanding<'a>,
    aside: &'s SetAside,
    prefix: &'s str,
}

impl RefundsOfOrder<'_, '_> {
    fn waiting(&self) -> impl Iterator<Item = &Entry> {
        to_be_posted(self.standing).filter(|entry| !is_aside(self.aside, self.id, entry))
    }

    fn of_currency(&self, document: &StatedDocument) -> bool {
        let order = self.standing.order;
        let said = document.found.currency.as_deref();
        said.is_none_or(|said| order.is_some_and(|order| order.currency == said))
    }

    async fn may_be_the_same<'d, F: LedgerReader>(
        &self,
        finder: &F,
        by_hand: &'d [DocumentByHand],
    ) -> Result<MayBeTheSame<'d>, EngineError> {
        let mut found = MayBeTheSame::default();
        if self.waiting().next().is_none() {
            return Ok(found);
        }
        let own = self.own_numbers();
        for one in by_hand {
            let document = &one.document;
            let is_worth = |entry: &Entry| entry.document.total == document.found.total;
            match one.names(&self.standing.number, &own) {
                _ if self.is_ours(document) => {}
                Named::ThisOrder => found.named.push(one),
                Named::Nothing if self.of_currency(document) && self.waiting().any(is_worth) => {
                    found.alike.push(one);
                }
                Named::Nothing | Named::SomethingElse => {}
            }
        }
        if found.named.is_empty() && found.alike.is_empty() {
            return Ok(found);
        }
        match self.customer(finder).await? {
            Some(customer) => {
                let is_theirs = |one: &&DocumentByHand| {
                    one.document.found.customer.as_deref() == Some(customer.as_str())
                };
                found.named.retain(is_theirs);
                found.alike.retain(is_theirs);
            }
            // The sale is not in the books yet, so nobody can say whose it will be: `#1042` may be the number of anything.
            None => {
                found.alike.clear();
                let is_in_full =
                    |one: &&DocumentByHand| own.iter().any(|own| one.text.contains(own.as_str()));
                found.named.retain(is_in_full);
                if self.prefix.is_empty() {
                    found.named.clear();
                }
            }
        }
        self.leave_what_is_settled(&mut found.named);
        self.leave_what_is_settled(&mut found.alike);
        Ok(found)
    }

    /// A document of ours from which somebody took the mark is no other money.
    fn is_ours(&self, document: &StatedDocument) -> bool {
        let remote = &document.found.remote;
        let mut links = self.standing.links.values();
        links.any(|link| link.remote.entity == remote.entity && link.remote.id == remote.id)
    }

    /// Under which numbers the order can be named.
    fn own_numbers(&self) -> BTreeSet<String> {
        let sale = DocumentKey::of_order(self.id, Role::Sale);
        let standing = self.standing;
        let posted = standing
            .links
            .get(&sale)
            .and_then(|link| link.posted.as_ref());
        let numbers = [
            posted.map(|posted| posted.number.clone()),
            standing.adopted.get(&sale).map(|found| found.label.clone()),
            standing
                .entry(&sale)
                .map(|entry| entry.document.number.clone()),
            Some(format!("{}{}", self.prefix, standing.number)),
        ];
        numbers
            .into_iter()
            .flatten()
            .map(|number| number.to_lowercase())
            .collect()
    }

    /// Whose the sale is in the books.
    async fn customer<F: LedgerReader>(&self, finder: &F) -> Result<Option<String>, EngineError> {
        let sale = DocumentKey::of_order(self.id, Role::Sale);
        if let Some(adopted) = self.standing.adopted.get(&sale) {
            return Ok(adopted.customer.clone());
        }
        let Some(link) = self.standing.links.get(&sale) else {
            return Ok(None);
        };
        let mut stands = finder.read(std::slice::from_ref(&link.remote)).await?;
        Ok(stands.pop().flatten().and_then(|found| found.customer))
    }

    /// Each refund that was set aside for being in the books takes one document with it: the one of its own amount, or else the first.
    fn leave_what_is_settled(&self, found: &mut Vec<&DocumentByHand>) {
        for key in self.aside.get(&self.id).into_iter().flatten() {
            let total = self.standing.entry(key).map(|entry| entry.document.total);
            let own = found
                .iter()
                .position(|one| Some(one.document.found.total) == total);
            if !found.is_empty() {
                found.remove(own.unwrap_or(0));
            }
        }
    }

    /// Why a refund waits; `None`: nothing is like it.
    fn reason(&self, entry: &Entry, found: &MayBeTheSame<'_>) -> Option<Reason> {
        let refund = &entry.document;
        let alike = found.alike.iter();
        let alike = alike.filter(|one| one.document.found.total == refund.total);
        let named = !found.named.is_empty();
        let all: Vec<&DocumentByHand> = match named {
            true => found.named.clone(),
            false => alike.copied().collect(),
        };
        let first = all.first()?;
        let more = match all.len() {
            1 => String::new(),
            n => format!(" and {} more", n - 1),
        };
        let (why, otherwise) = match named {
            true => (
                "for this order",
                "take the order's number off that document in QuickBooks",
            ),
            false => (
                "for the same customer and without the number of an order",
                "write what it is for on that document in QuickBooks, such as `#goodwill`",
            ),
        };
        let Role::Refund(id) = refund.key.role else {
            return None;
        };
        Some(
            Reason::new(
                code::GIVEN_BACK_BY_HAND,
                format!(
                    "refund {id} over {} of order {} is not posted: QuickBooks has {}{more}, which somebody entered by hand {why}, and it may be the same money",
                    refund.total,
                    self.standing.number,
                    called(&first.document),
                ),
            )
            .hint(format!(
                "if it is the same money, set the refund aside with `udsync retry --skip ID --why TEXT`; if it is other money, {otherwise}, then run `udsync retry --all`"
            )),
        )
    }
}

/// `CreditMemo CM-7 (id 145) over 5.00 of 2026-11-10`
fn called(document: &StatedDocument) -> String {
    let found = &document.found;
    let number = match found.label.as_str() {
        "" => String::new(),
        number => format!(" `{number}`"),
    };
    let day = found.date.map_or(String::new(), |day| format!(" of {day}"));
    let remote = &found.remote;
    format!(
        "{}{number} (id {}) over {}{day}",
        remote.entity, remote.id, found.total
    )
}
