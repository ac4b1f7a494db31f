//! Open items: whether what is owed in the shop is owed in the books.

use crate::model::document::{Document, DocumentKey, DocumentKind, Role};
use crate::model::money::Money;
use crate::model::statement::StatedDocument;

use super::StatedIndex;
use super::difference::DifferenceCode;
use super::moved::booked_on;
use super::orders::{OrderLook, accept};
use super::sides::{BothSides, OrderSide};

impl OrderLook<'_, '_> {
    /// Whether what is owed in the shop is owed in the books.
    pub(super) fn open_items(&mut self) {
        let Some((document, stated, shop, books)) =
            open_of(self.sides, self.index, self.id, self.order)
        else {
            return;
        };
        if shop == books {
            return;
        }
        if books - shop == self.explained(document) {
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

    /// By how much what is owed is off because of what is told of the sale and of its payment. Whatever is left is another matter.
    fn explained(&self, sale: &Document) -> Money {
        let payment = DocumentKey::of_order(self.id, Role::Payment);
        let drafts = self.compared.differences.iter();
        let of_order = drafts.filter(|draft| draft.order == Some(self.id) && draft.what == "total");
        of_order
            .filter_map(|draft| {
                let by = draft.difference?;
                match draft.code {
                    // A second one settles nothing, and none is owed for it.
                    DifferenceCode::DuplicateMarked | DifferenceCode::DuplicateByHand => None,
                    _ if draft.key == Some(sale.key) => Some(by),
                    _ if draft.key == Some(payment) => Some(-by),
                    _ => None,
                }
            })
            .sum()
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
    if sale.document.kind != DocumentKind::Invoice || !sides.covers(booked_on(index, order, sale)) {
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
