//! Given back: credit memos and refund receipts that somebody entered in the books by hand for an order of the shop.
//!
//! Only the books know of them. The shop hears of each once, by a private note that mails nobody, and no refund is made there: that would
//! mail, move stock, and may move money. Which order is meant has to stand on the document, by the number of what was posted for it or as
//! `#` and the order's own; and it has to be of the same customer. One that names several orders, or none, says nothing of any, and
//! nobody guesses. Whether a credit gave anything back or was written off cannot be seen on it, so the note says neither.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::connector::port::LedgerReader;
use crate::model::document::{DocumentKind, Role};
use crate::model::money::Money;
use crate::model::plan::{Remote, Subject};
use crate::model::statement::StatedDocument;
use crate::store::{Memory, StoreError};

use super::error::EngineError;

/// A document by hand that names one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenBack {
    pub kind: DocumentKind,
    pub id: String,
    /// Its own number, where it has one.
    pub number: String,
    pub date: Option<NaiveDate>,
    pub currency: String,
    pub total: Money,
    /// What of a credit memo is not used yet.
    pub open: Option<Money>,
    /// What was posted for the order's sale.
    pub sale: Remote,
}

/// So many days back they are looked for, and in a run over everything.
const DAYS: u64 = 31;
const DAYS_OF_ALL: u64 = 366;

/// From which day on they are looked for.
pub fn since(today: NaiveDate, everything: bool) -> NaiveDate {
    let days = if everything { DAYS_OF_ALL } else { DAYS };
    today.checked_sub_days(Days::new(days)).unwrap_or(today)
}

/// Asks the books for them, by order. `prefix` is what the numbers of our documents begin with.
pub async fn look<F: LedgerReader>(
    finder: &F,
    store: &(impl Memory + ?Sized),
    prefix: &str,
    since: NaiveDate,
    only: Option<&BTreeSet<u64>>,
) -> Result<BTreeMap<u64, Vec<GivenBack>>, EngineError> {
    let mut given: BTreeMap<u64, Vec<GivenBack>> = BTreeMap::new();
    if !store.has_posted(finder.name())? {
        return Ok(given);
    }
    let mut named: Vec<(u64, Remote, StatedDocument)> = Vec::new();
    for document in finder.credits_by_hand(since).await? {
        let is_credit = !document.is_voided() && document.found.total.is_positive();
        if !is_credit {
            continue;
        }
        if let Some((order, sale)) = order_named(finder.name(), store, prefix, &document)?
            && only.is_none_or(|only| only.contains(&order))
        {
            named.push((order, sale, document));
        }
    }
    // One question is about one kind.
    named.sort_by_key(|(order, sale, _)| (sale.entity, *order));
    let sales: Vec<Remote> = named.iter().map(|(_, sale, _)| sale.clone()).collect();
    let stand = match sales.is_empty() {
        true => Vec::new(),
        false => finder.read(&sales).await?,
    };
    for ((order, sale, document), stands) in named.into_iter().zip(stand) {
        let customer = stands.and_then(|found| found.customer);
        if customer.is_none() || customer != document.found.customer {
            continue;
        }
        let of_order = given.entry(order).or_default();
        of_order.extend(of_document(document, sale));
    }
    Ok(given)
}

fn of_document(document: StatedDocument, sale: Remote) -> Option<GivenBack> {
    let found = document.found;
    Some(GivenBack {
        kind: found.remote.entity.document()?,
        id: found.remote.id,
        number: found.label,
        date: found.date,
        currency: found.currency.unwrap_or_default(),
        total: found.total,
        open: document.open,
        sale,
    })
}

/// The only order that a document names, with what was posted for its sale.
fn order_named(
    target: &str,
    store: &(impl Memory + ?Sized),
    prefix: &str,
    document: &StatedDocument,
) -> Result<Option<(u64, Remote)>, StoreError> {
    let mut orders: BTreeMap<u64, Remote> = BTreeMap::new();
    for number in numbers_in(prefix, &[&document.found.label, &document.note]) {
        for link in store.links_numbered(target, &number)? {
            if let Subject::Document(key) = &link.subject
                && let (Role::Sale, Some(order)) = (key.role, key.order())
            {
                orders.insert(order, link.remote.clone());
            }
        }
    }
    let only = orders.len() == 1;
    Ok(orders.pop_first().filter(|_| only))
}

/// What could be the number of a document of ours: words that begin as those do, and `#1042` with that before it.
pub(super) fn numbers_in(prefix: &str, texts: &[&str]) -> BTreeSet<String> {
    let is_apart = |letter: char| !(letter.is_alphanumeric() || "-_#/.".contains(letter));
    let words = texts.iter().flat_map(|text| text.split(is_apart));
    let numbers = words.filter_map(|word| {
        let word = word.trim_end_matches(['.', '/', '-']);
        match word.strip_prefix('#') {
            Some(number) if !number.is_empty() => Some(format!("{prefix}{number}")),
            Some(_) => None,
            None => (!prefix.is_empty() && word.starts_with(prefix)).then(|| word.to_owned()),
        }
    });
    numbers.collect()
}

impl GivenBack {
    /// What a note of it is known by. Another total is further news.
    pub fn mark(&self, order: u64) -> String {
        let kind = match self.kind {
            DocumentKind::CreditMemo => "credit",
            _ => "refund",
        };
        format!("udsync:{kind}:{order}:{}:{}", self.id, self.total)
    }

    /// What the people of the shop read. Nobody's name is in it.
    pub fn words(&self) -> String {
        let GivenBack {
            number,
            total,
            currency,
            ..
        } = self;
        let called = match number.as_str() {
            "" => String::new(),
            number => format!(" {number}"),
        };
        let day = self
            .date
            .map_or(String::new(), |day| format!(" dated {day}"));
        let nothing = "Nothing was refunded in the shop, and nothing of this order was changed.";
        match self.kind {
            DocumentKind::CreditMemo => {
                let open = match self.open {
                    Some(open) if open == *total => {
                        " None of it is applied to an invoice yet.".to_owned()
                    }
                    Some(open) if open.is_positive() => {
                        format!(" {open} {currency} of it are not applied to an invoice yet.")
                    }
                    _ => String::new(),
                };
                format!(
                    "Credit memo{called} over {total} {currency}{day} was entered in QuickBooks by hand for this order.{open} Whether anything was paid out cannot be seen there. {nothing}"
                )
            }
            _ => format!(
                "Refund receipt{called} over {total} {currency}{day} was entered in QuickBooks by hand for this order: by the books {total} {currency} were paid out. {nothing}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_a_whole_word_and_begins_as_ours_do() {
        let numbers =
            |text: &str| -> Vec<String> { numbers_in("WC-", &[text]).into_iter().collect() };
        assert_eq!(numbers("credit for WC-1042."), ["WC-1042"]);
        assert_eq!(numbers("order #1042, again"), ["WC-1042"]);
        assert_eq!(numbers("1042 XWC-1042 #"), [] as [&str; 0]);
        assert_eq!(numbers("WC-1042 and WC-1043").len(), 2);
        assert_eq!(numbers_in("", &["1042 #1042"]).len(), 1, "no guess");
    }
}
