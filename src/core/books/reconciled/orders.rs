//! Order by order: each document that the books should hold against the one that stands there.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Document, DocumentKey, DocumentKind, Marker, Role};
use crate::model::money::Money;
use crate::model::statement::StatedDocument;

use super::alike::{near, same_use};
use super::difference::{DifferenceCode, DifferenceDraft};
use super::moved::booked_on;
use super::sides::{BothSides, ExpectedDocument, OrderSide, RememberedDocument};
use super::{StatedIndex, reference};

/// What came of it.
#[derive(Default)]
pub(super) struct Compared {
    pub differences: Vec<DifferenceDraft>,
    /// Orders with something in the period that was compared.
    pub orders: BTreeSet<u64>,
    pub rows: Vec<ComparedRow>,
    /// The sums of the orders without a difference agree.
    pub rest_agrees: bool,
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
    order: &OrderSide,
    expected: &ExpectedDocument,
) -> bool {
    sides.covers(booked_on(index, order, expected))
        || index.by_key.contains_key(&expected.document.key)
}

/// A look at one order.
pub(super) struct OrderLook<'a, 'c> {
    pub(super) sides: &'a BothSides,
    pub(super) index: &'a StatedIndex<'a>,
    pub(super) id: u64,
    pub(super) order: &'a OrderSide,
    pub(super) compared: &'c mut Compared,
}

impl OrderLook<'_, '_> {
    fn order(&mut self) {
        let mut wanted = BTreeSet::new();
        for expected in &self.order.expected {
            let key = expected.document.key;
            wanted.insert(key);
            if self.order.is_held(&key)
                || !is_of_period(self.sides, self.index, self.order, expected)
            {
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
        let index = self.index;
        let same = index.all_of(&key).iter();
        for other in same.filter(|stated| !stated.is_voided()).skip(1) {
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

    pub(super) fn draft(
        &self,
        code: DifferenceCode,
        what: &str,
        document: &Document,
    ) -> DifferenceDraft {
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
            beside: String::new(),
        }
    }

    pub(super) fn amounts(
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

    pub(super) fn words(
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
        let index = self.index;
        if let Some(was) = remembered
            && let Some(stated) = without_mark(index, document.kind, &was.id)
        {
            return self.mark_gone(document, was, stated);
        }
        let by_hand = self.index.unmarked.iter().find(|stated| {
            !stated.is_voided()
                && same_use(document.kind, stated)
                && stated.found.total == document.total
                && stated.found.currency.as_deref() == Some(document.currency.as_str())
                && near(stated, document.date)
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

    fn mark_gone(
        &mut self,
        document: &Document,
        was: &RememberedDocument,
        stated: &StatedDocument,
    ) {
        let mark = Marker {
            store: self.sides.shop.clone(),
            key: document.key,
            revision: was.revision,
        };
        let told = (
            format!(
                "{} is the one that was posted, and its mark is gone: somebody has overwritten its note",
                reference(stated)
            ),
            format!(
                "put this line back at the end of its note in QuickBooks: {mark}; or {}",
                accept()
            ),
        );
        let draft = self.draft(DifferenceCode::MissingDocument, "total", document);
        self.amounts(draft, Some(stated), (document.total, Money::ZERO), told);
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
        let all = self.index.all_of(&document.key);
        let first = all.first().map(|first| reference(first));
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
                beside: String::new(),
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
pub(super) fn accept() -> String {
    "`udsync reconcile accept {id} --why TEXT`".to_owned()
}

fn day(stated: &StatedDocument) -> String {
    stated
        .found
        .date
        .map(|date| date.to_string())
        .unwrap_or_default()
}

/// The very document that we posted, of which somebody has overwritten the note.
fn without_mark<'a>(
    index: &StatedIndex<'a>,
    kind: DocumentKind,
    id: &str,
) -> Option<&'a StatedDocument> {
    let mut unmarked = index.unmarked.iter();
    let found = unmarked.find(|stated| {
        let remote = &stated.found.remote;
        remote.entity.document() == Some(kind) && remote.id == id && !stated.is_voided()
    });
    found.copied()
}
