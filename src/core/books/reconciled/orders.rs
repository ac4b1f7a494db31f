//! Order by order: each document that the books should hold against the one that stands there.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Document, DocumentKey, DocumentKind, Role};
use crate::model::money::Money;
use crate::model::statement::{StatedDocument, StatedLine};

use super::alike::{near, same_lines, same_use, shown};
use super::difference::{DifferenceCode, DifferenceDraft};
use super::sides::{BothSides, ExpectedDocument, OrderSide, RememberedDocument};
use super::{StatedIndex, reference};

/// What came of it.
#[derive(Default)]
pub(super) struct Compared {
    pub differences: Vec<DifferenceDraft>,
    /// Orders with something in the period that was compared.
    pub orders: BTreeSet<u64>,
    pub rows: Vec<ComparedRow>,
}

/// One document on both sides, for the table.
pub(super) struct ComparedRow {
    pub order: u64,
    pub number: String,
    pub role: &'static str,
    pub document: String,
    pub document_number: String,
    pub date: String,
    pub currency: String,
    pub shop: Money,
    pub books: Money,
    pub shop_tax: Money,
    pub books_tax: Money,
    pub verdict: String,
}

pub(super) fn compare(sides: &BothSides, index: &StatedIndex<'_>) -> Compared {
    let mut compared = Compared::default();
    for (id, order) in &sides.orders {
        let mut look = OrderLook {
            sides,
            index,
            id: *id,
            order,
            compared: &mut compared,
        };
        look.order();
    }
    compared
}

/// Whether a document that should be there is a matter of this period.
pub(super) fn is_of_period(
    sides: &BothSides,
    index: &StatedIndex<'_>,
    expected: &ExpectedDocument,
) -> bool {
    sides.covers(expected.document.date) || index.by_key.contains_key(&expected.document.key)
}

struct OrderLook<'a, 'c> {
    sides: &'a BothSides,
    index: &'a StatedIndex<'a>,
    id: u64,
    order: &'a OrderSide,
    compared: &'c mut Compared,
}

impl OrderLook<'_, '_> {
    fn order(&mut self) {
        let mut wanted = BTreeSet::new();
        for expected in &self.order.expected {
            let key = expected.document.key;
            wanted.insert(key);
            if self.order.is_held(&key) || !is_of_period(self.sides, self.index, expected) {
                continue;
            }
            self.compared.orders.insert(self.id);
            self.document(expected);
        }
        self.unexpected(&wanted);
        self.open_items();
    }

    fn document(&mut self, expected: &ExpectedDocument) {
        let key = expected.document.key;
        let before = self.compared.differences.len();
        let standing = self.index.standing(&key);
        let remembered = self.order.remembered.get(&key);
        match standing {
            // Somebody else's payment settles the invoice, which the open items show.
            None if remembered.is_some_and(|one| one.is_settled) => {}
            None if expected.is_void => {}
            None => self.missing(expected),
            Some(stated) if expected.is_void => self.not_voided(expected, stated),
            Some(stated) if stated.is_voided() => self.voided(expected, stated),
            Some(stated) => self.figures(expected, stated),
        }
        let same = self.index.by_key.get(&key).into_iter().flatten();
        let others: Vec<&StatedDocument> = same
            .filter(|stated| !stated.is_voided())
            .skip(1)
            .copied()
            .collect();
        for other in others {
            self.twice(&expected.document, other);
        }
        let verdict = self.compared.differences[before..].first();
        let verdict = verdict
            .map_or("equal", |first| first.code.as_str())
            .to_owned();
        let document = &expected.document;
        self.compared.rows.push(ComparedRow {
            order: self.id,
            number: self.order.number.clone(),
            role: document.key.role.word(),
            document: standing.map(reference).unwrap_or_default(),
            document_number: document.number.clone(),
            date: document.date.to_string(),
            currency: document.currency.clone(),
            shop: if expected.is_void {
                Money::ZERO
            } else {
                document.total
            },
            books: standing.map_or(Money::ZERO, |stated| stated.found.total),
            shop_tax: if expected.is_void {
                Money::ZERO
            } else {
                document.tax_total
            },
            books_tax: standing.map_or(Money::ZERO, |stated| stated.found.tax_total),
            verdict,
        });
    }

    fn draft(&self, code: DifferenceCode, what: &str, document: &Document) -> DifferenceDraft {
        DifferenceDraft {
            code,
            key: Some(document.key),
            order: Some(self.id),
            number: Some(self.order.number.clone()),
            document: None,
            document_number: Some(document.number.clone()),
            what: what.to_owned(),
            currency: document.currency.clone(),
            shop: String::new(),
            books: String::new(),
            difference: None,
            cause: String::new(),
            hint: accept(),
        }
    }

    fn amounts(
        &mut self,
        mut draft: DifferenceDraft,
        stated: Option<&StatedDocument>,
        (shop, books): (Money, Money),
        (cause, hint): (String, String),
    ) {
        draft.document = stated.map(reference);
        draft.shop = shop.to_string();
        draft.books = books.to_string();
        draft.difference = Some(books - shop);
        draft.cause = cause;
        draft.hint = hint;
        self.compared.differences.push(draft);
    }

    fn words(
        &mut self,
        mut draft: DifferenceDraft,
        stated: &StatedDocument,
        (shop, books): (String, String),
        (cause, hint): (String, String),
    ) {
        draft.document = Some(reference(stated));
        draft.shop = shop;
        draft.books = books;
        draft.cause = cause;
        draft.hint = hint;
        self.compared.differences.push(draft);
    }

    fn missing(&mut self, expected: &ExpectedDocument) {
        let document = &expected.document;
        let remembered = self.order.remembered.get(&document.key);
        let by_hand = self.index.unmarked.iter().find(|stated| {
            !stated.is_voided()
                && same_use(document.kind, stated)
                && stated.found.total == document.total
                && stated.found.currency.as_deref() == Some(document.currency.as_str())
                && near(stated, document)
        });
        let told = match (by_hand, remembered) {
            (Some(stated), _) => (
                format!(
                    "it may have been entered by hand: {} over the same amount is dated {}",
                    reference(stated),
                    day(stated)
                ),
                accept(),
            ),
            (None, Some(was)) => (
                format!(
                    "it was posted as {}/{} and somebody deleted it in QuickBooks, or dated it far away",
                    document.kind, was.id
                ),
                format!(
                    "`udsync sync orders --full --verify`, and then `udsync retry {}` posts it anew; or {}",
                    self.id,
                    accept()
                ),
            ),
            (None, None) => (
                "it was never posted".to_owned(),
                format!("`udsync sync orders --id {}`", self.id),
            ),
        };
        let draft = self.draft(DifferenceCode::MissingDocument, "total", document);
        self.amounts(draft, None, (document.total, Money::ZERO), told);
    }

    fn voided(&mut self, expected: &ExpectedDocument, stated: &StatedDocument) {
        let document = &expected.document;
        let draft = self.draft(DifferenceCode::Voided, "total", document);
        let told = (
            "somebody voided it in QuickBooks, and a voided document is never made again"
                .to_owned(),
            format!(
                "if that was a mistake, enter it in QuickBooks by hand; then, or if it is to stay void, {}",
                accept()
            ),
        );
        self.amounts(
            draft,
            Some(stated),
            (document.total, stated.found.total),
            told,
        );
    }

    fn not_voided(&mut self, expected: &ExpectedDocument, stated: &StatedDocument) {
        if stated.is_voided() || stated.found.total.is_zero() {
            return;
        }
        let document = &expected.document;
        let draft = self.draft(DifferenceCode::Amount, "total", document);
        let told = (
            "the order was cancelled in the shop, and its invoice stands".to_owned(),
            format!(
                "`udsync sync orders --id {}` voids it; or {}",
                self.id,
                accept()
            ),
        );
        self.amounts(draft, Some(stated), (Money::ZERO, stated.found.total), told);
    }

    fn twice(&mut self, document: &Document, other: &StatedDocument) {
        let draft = self.draft(DifferenceCode::DuplicateMarked, "total", document);
        let first = self.index.by_key.get(&document.key);
        let first = first
            .and_then(|same| same.first())
            .map(|first| reference(first));
        let told = (
            format!(
                "it carries the same mark as {}: one of them is a copy",
                first.unwrap_or_default()
            ),
            format!(
                "delete the copy in QuickBooks, `udsync explain {}` shows which one udsync knows; or {}",
                document.key,
                accept()
            ),
        );
        self.amounts(draft, Some(other), (Money::ZERO, other.found.total), told);
    }

    fn figures(&mut self, expected: &ExpectedDocument, stated: &StatedDocument) {
        let document = &expected.document;
        let found = &stated.found;
        let remembered = self.order.remembered.get(&document.key);
        let before = self.compared.differences.len();
        let currency = found.currency.as_deref().unwrap_or_default();
        if currency != document.currency {
            let draft = self.draft(DifferenceCode::Currency, "currency", document);
            let (shop, books) = (
                format!("{} {}", document.total, document.currency),
                format!("{} {currency}", found.total),
            );
            let told = (
                "it stands in another currency in QuickBooks".to_owned(),
                accept(),
            );
            self.words(draft, stated, (shop, books), told);
        } else if found.total != document.total {
            let mut told = self.why_amount(document, stated);
            if found.tax_total != document.tax_total {
                told.0 = format!(
                    "{}; of it tax, {} in the shop and {} in the books",
                    told.0, document.tax_total, found.tax_total
                );
            }
            let draft = self.draft(DifferenceCode::Amount, "total", document);
            self.amounts(draft, Some(stated), (document.total, found.total), told);
        } else if found.tax_total != document.tax_total {
            let told = self.why_tax(document, stated, remembered);
            let draft = self.draft(DifferenceCode::Tax, "tax", document);
            self.amounts(
                draft,
                Some(stated),
                (document.tax_total, found.tax_total),
                told,
            );
        } else {
            self.rates(document, stated);
        }
        self.day(document, stated, remembered);
        self.account(document, stated);
        if self.compared.differences.len() == before {
            self.edited(document, stated, remembered);
        }
    }

    fn why_amount(&self, document: &Document, stated: &StatedDocument) -> (String, String) {
        let again = format!("`udsync sync orders --id {}`", self.id);
        match self.order.remembered.get(&document.key) {
            Some(was) if was.total == stated.found.total => (
                "the order was changed in the shop after it was posted".to_owned(),
                format!("{again}; or {}", accept()),
            ),
            Some(was) if was.total == document.total => (
                "somebody changed it in QuickBooks".to_owned(),
                put_back(&was.total.to_string()),
            ),
            Some(_) => (
                "it was changed both in the shop and in QuickBooks".to_owned(),
                format!(
                    "`udsync explain {}` shows what was posted; then {}",
                    document.key,
                    accept()
                ),
            ),
            None => (
                "it stands in QuickBooks under our mark, and nothing is remembered of it"
                    .to_owned(),
                format!("{again} takes it up; or {}", accept()),
            ),
        }
    }

    fn why_tax(
        &self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) -> (String, String) {
        match remembered {
            Some(was) if was.trace == stated.found.trace && !was.trace.is_empty() => (
                "QuickBooks kept a tax of its own when it was posted, and the rest stands on a rounding line".to_owned(),
                accept(),
            ),
            Some(was) if was.tax_total == document.tax_total => (
                "somebody changed the tax in QuickBooks, and the total is what it was".to_owned(),
                put_back(&was.tax_total.to_string()),
            ),
            _ => (
                "the tax was changed after it was posted, and the total is what it was".to_owned(),
                format!("`udsync sync orders --id {}`; or {}", self.id, accept()),
            ),
        }
    }

    fn rates(&mut self, document: &Document, stated: &StatedDocument) {
        if self.sides.splits_tax_itself {
            return;
        }
        let expected = by_rate(document);
        if expected == stated.found.tax {
            return;
        }
        let names: BTreeSet<&String> = expected.keys().chain(stated.found.tax.keys()).collect();
        for name in names {
            let of = |side: &BTreeMap<String, Money>| side.get(name).copied().unwrap_or_default();
            let (shop, books) = (of(&expected), of(&stated.found.tax));
            if shop == books {
                continue;
            }
            let draft = self.draft(
                DifferenceCode::TaxRateSwapped,
                &format!("tax:{name}"),
                document,
            );
            let told = (
                "the tax is right in sum, and stands at another rate in QuickBooks".to_owned(),
                format!(
                    "choose the tax code of the order in QuickBooks again, `udsync explain {}` shows it; or {}",
                    document.key,
                    accept()
                ),
            );
            self.amounts(draft, Some(stated), (shop, books), told);
        }
    }

    fn day(
        &mut self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) {
        let Some(date) = stated.found.date.filter(|date| *date != document.date) else {
            return;
        };
        // Into the first open day, because the policy says so.
        let was_moved = remembered.is_some_and(|was| was.was_moved && was.date == date);
        if was_moved && date > document.date {
            return;
        }
        let draft = self.draft(DifferenceCode::Day, "date", document);
        let told = match remembered {
            Some(was) if was.date == date => (
                "it was posted on that day: the order's own day, or the time zone of the books, was another then".to_owned(),
                accept(),
            ),
            Some(was) if was.date == document.date => (
                "somebody dated it anew in QuickBooks".to_owned(),
                put_back(&was.date.to_string()),
            ),
            _ => ("it is dated on another day".to_owned(), accept()),
        };
        let (shop, books) = (document.date.to_string(), date.to_string());
        self.words(draft, stated, (shop, books), told);
    }

    fn account(&mut self, document: &Document, stated: &StatedDocument) {
        // A payment of nothing reaches no account, whichever one the books note down.
        if document.total.is_zero() {
            return;
        }
        let Some(expected) = &document.account else {
            return;
        };
        if stated.account.as_ref() == Some(expected) {
            return;
        }
        let draft = self.draft(DifferenceCode::Account, "account", document);
        let told = (
            format!(
                "its money is in another account than `[books.deposit]` says for this way of paying; {} of it",
                document.total
            ),
            format!(
                "choose the account in QuickBooks, or correct `[books.deposit]`; or {}",
                accept()
            ),
        );
        let books = stated.account.clone().unwrap_or_else(|| "none".to_owned());
        self.words(draft, stated, (expected.clone(), books), told);
    }

    fn edited(
        &mut self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) {
        // Words and labels are a bookkeeper's own work; what is sold on which line is not.
        if remembered.is_some_and(|was| !was.trace.is_empty() && was.trace == stated.found.trace) {
            return;
        }
        if !document.kind.is_sales_form() {
            return;
        }
        let expected = self.lines_of(document);
        if same_lines(&expected, &stated.lines) {
            return;
        }
        let draft = self.draft(DifferenceCode::Edited, "lines", document);
        let told = (
            "every figure agrees, and somebody changed the lines in QuickBooks".to_owned(),
            accept(),
        );
        let (shop, books) = (shown(&expected), shown(&stated.lines));
        self.words(draft, stated, (shop, books), told);
    }

    /// The lines as the books would state them; an item that nobody knows is empty.
    fn lines_of(&self, document: &Document) -> Vec<StatedLine> {
        let items = &self.sides.items;
        let lines = document.lines.iter().map(|line| StatedLine {
            item: items.get(&line.item).cloned().unwrap_or_default(),
            amount: line.amount,
        });
        lines.collect()
    }

    /// What stands in the period under our mark and is nothing that the shop says.
    fn unexpected(&mut self, wanted: &BTreeSet<DocumentKey>) {
        let from = DocumentKey::of_order(self.id, Role::Sale);
        let to = DocumentKey::of_order(self.id, Role::Fee);
        let all: Vec<(DocumentKey, &StatedDocument)> = self
            .index
            .by_key
            .range(from..=to)
            .flat_map(|(key, same)| same.iter().map(|stated| (*key, *stated)))
            .collect();
        for (key, stated) in all {
            if wanted.contains(&key) || self.order.is_held(&key) {
                continue;
            }
            self.compared.orders.insert(self.id);
            if stated.is_voided() {
                continue;
            }
            let (code, cause) = match key.role {
                _ if self.order.is_gone => (
                    DifferenceCode::MissingOrder,
                    "the shop has this order no more: it was deleted there".to_owned(),
                ),
                Role::Refund(id) => (
                    DifferenceCode::MissingOrder,
                    format!("the shop has refund {id} no more: it was deleted there"),
                ),
                _ => (
                    DifferenceCode::Amount,
                    "nothing in the shop asks for it as the order and the configuration are now"
                        .to_owned(),
                ),
            };
            self.compared.differences.push(DifferenceDraft {
                code,
                key: Some(key),
                order: Some(self.id),
                number: Some(self.order.number.clone()),
                document: Some(reference(stated)),
                document_number: Some(stated.found.label.clone()),
                what: "total".to_owned(),
                currency: stated.found.currency.clone().unwrap_or_default(),
                shop: Money::ZERO.to_string(),
                books: stated.found.total.to_string(),
                difference: Some(stated.found.total),
                cause,
                hint: format!("`udsync explain {key}` shows what was posted; void it in QuickBooks if no money stands behind it, or {}", accept()),
            });
        }
    }

    /// Whether what is owed in the shop is owed in the books.
    fn open_items(&mut self) {
        let Some((document, stated, shop, books)) =
            open_of(self.sides, self.index, self.id, self.order)
        else {
            return;
        };
        if shop == books {
            return;
        }
        let payment = DocumentKey::of_order(self.id, Role::Payment);
        let is_told = self.compared.differences.iter().any(|draft| {
            draft.order == Some(self.id)
                && (draft.key == Some(payment) || draft.key == Some(document.key))
        });
        if is_told {
            return;
        }
        let told = if books < shop {
            (
                "it was paid in the books, and the shop does not know".to_owned(),
                format!(
                    "mark the order as paid in the shop, and `udsync sync orders --id {}`; or {}",
                    self.id,
                    accept()
                ),
            )
        } else {
            (
                "it is paid in the shop, and its payment does not settle it in the books"
                    .to_owned(),
                format!("`udsync sync orders --id {}`; or {}", self.id, accept()),
            )
        };
        let draft = self.draft(DifferenceCode::Amount, "open", document);
        self.amounts(draft, Some(stated), (shop, books), told);
    }
}

/// What is owed of an order by the shop and by the books; `None` where it has no invoice in the period.
pub(super) fn open_of<'a>(
    sides: &BothSides,
    index: &StatedIndex<'a>,
    id: u64,
    order: &'a OrderSide,
) -> Option<(&'a Document, &'a StatedDocument, Money, Money)> {
    let key = DocumentKey::of_order(id, Role::Sale);
    let payment = DocumentKey::of_order(id, Role::Payment);
    if order.is_held(&key) || order.is_held(&payment) {
        return None;
    }
    let mut expected = order.expected.iter();
    let sale = expected.find(|one| one.document.key == key && !one.is_void)?;
    if sale.document.kind != DocumentKind::Invoice || !sides.covers(sale.document.date) {
        return None;
    }
    let stated = index.standing(&key).filter(|stated| !stated.is_voided())?;
    let open = stated.open?;
    let mut shop = sale.document.total;
    let mut books = open;
    for one in &order.expected {
        let document = &one.document;
        if document.kind == DocumentKind::CreditMemo && !order.is_held(&document.key) {
            shop -= document.total;
            if let Some(memo) = index.standing(&document.key) {
                books -= memo.open.unwrap_or_default();
            } else {
                // Of an earlier or later period: the books may have used it, and then the invoice says so.
                return None;
            }
        }
        if document.key == payment && !one.is_void {
            shop = Money::ZERO;
        }
    }
    if order.expected.iter().any(|one| one.document.key == payment) {
        shop = Money::ZERO;
    }
    Some((&sale.document, stated, shop, books))
}

/// The tax by rate, without rates that come to nothing.
pub(super) fn by_rate(document: &Document) -> BTreeMap<String, Money> {
    let mut tax: BTreeMap<String, Money> = BTreeMap::new();
    for amount in &document.tax {
        *tax.entry(amount.rate.clone()).or_default() += amount.amount;
    }
    tax.retain(|_, amount| !amount.is_zero());
    tax
}

/// What accepts a difference; the id is put in where it is known.
fn accept() -> String {
    "`udsync reconcile accept {id} --why TEXT`".to_owned()
}

fn put_back(what: &str) -> String {
    format!("put it back to {what} in QuickBooks; or {}", accept())
}

fn day(stated: &StatedDocument) -> String {
    stated
        .found
        .date
        .map(|date| date.to_string())
        .unwrap_or_default()
}
