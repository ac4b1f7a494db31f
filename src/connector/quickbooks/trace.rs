//! Traces: everything of a document that a person could have changed, as the books show it.
//!
//! The content (see `found`) tells whether the books hold what an accountant would want; the trace tells whether anybody
//! but us was there. It is worked out from answers only, never from what we send, and leaves out what moves by itself: names in
//! references, revisions, times, balances, what others link to a document, and whether it was printed or sent.

use crate::model::document::DocumentKind;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::RemoteKind;

use super::wire::{self, id_of};

pub fn of(entity: RemoteKind, document: &wire::DocumentAnswer) -> String {
    let id = |reference: &Option<wire::ReferenceAnswer>| id_of(reference.as_ref()).to_owned();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let is_payment =
        entity == DocumentKind::Payment.into() || entity == DocumentKind::BillPayment.into();
    // The order of lines and fields is nobody's work, and QuickBooks may change it.
    let sorted = |mut parts: Vec<Vec<String>>| {
        parts.sort();
        parts
    };
    let lines = document.line.iter().flatten();
    let tax = document.txn_tax_detail.as_ref();
    let tax_lines = tax.and_then(|tax| tax.tax_line.as_ref());
    let fields = document.custom_field.iter().flatten();
    let rate = document.exchange_rate.as_ref();
    let mut whole = vec![
        entity.to_string(),
        text(&document.private_note),
        id(&document.customer_memo),
        text(&document.doc_number),
        text(&document.payment_ref_num),
        text(&document.txn_date),
        text(&document.due_date),
        id(&document.customer_ref),
        id(&document.entity_ref),
        id(&document.currency_ref),
        rate.map_or("", wire::Figure::as_str).to_owned(),
        id(&document.deposit_to_account_ref),
        id(&document.account_ref),
        id(&document.payment_method_ref),
        id(&document.class_ref),
        id(&document.department_ref),
        money(document.total_amt),
        money(tax.and_then(|tax| tax.total_tax)),
        id_of(tax.and_then(|tax| tax.txn_tax_code_ref.as_ref())).to_owned(),
    ];
    // Only what has them: the traces of all others stay what they were.
    if entity == DocumentKind::Transfer.into() {
        whole.extend([
            id(&document.from_account_ref),
            id(&document.to_account_ref),
            money(document.amount),
        ]);
    }
    if entity.document().is_some_and(DocumentKind::is_vendors) {
        whole.extend([
            id(&document.vendor_ref),
            id_of(document.bill_paid_from()).to_owned(),
        ]);
    }
    let content = [
        vec![whole],
        vec![address(document.bill_addr.as_ref())],
        vec![address(document.ship_addr.as_ref())],
        sorted(fields.filter_map(custom_field).collect()),
        sorted(
            tax_lines
                .into_iter()
                .flatten()
                .filter_map(tax_line)
                .collect(),
        ),
        sorted(lines.filter_map(|each| line(each, is_payment)).collect()),
    ];
    Fingerprint::of(&content).to_string()
}

fn money(number: Option<wire::MoneyNumber>) -> String {
    number
        .map(wire::MoneyNumber::money)
        .unwrap_or_default()
        .to_string()
}

/// The words of an address. Which of them stands in which field may change when QuickBooks files it.
pub fn address(address: Option<&wire::AddressAnswer>) -> Vec<String> {
    let Some(address) = address else {
        return Vec::new();
    };
    let parts = [
        &address.line1,
        &address.line2,
        &address.line3,
        &address.line4,
        &address.line5,
        &address.city,
        &address.country_sub_division_code,
        &address.postal_code,
        &address.country,
    ];
    let words = parts.into_iter().flatten();
    words.filter(|words| !words.is_empty()).cloned().collect()
}

/// A field that is empty comes back or not, as QuickBooks likes.
fn custom_field(field: &wire::CustomFieldAnswer) -> Option<Vec<String>> {
    let value = field.string_value.clone()?;
    (!value.is_empty()).then(|| vec![field.definition_id.clone().unwrap_or_default(), value])
}

fn tax_line(line: &wire::TaxLineAnswer) -> Option<Vec<String>> {
    let amount = line.amount.map(wire::MoneyNumber::money)?;
    let detail = line.tax_line_detail.as_ref();
    let rate = id_of(detail.and_then(|detail| detail.tax_rate_ref.as_ref()));
    (!amount.is_zero()).then(|| vec![rate.to_owned(), amount.to_string()])
}

/// A line; nothing of the subtotals that QuickBooks adds by itself.
fn line(line: &wire::LineAnswer, is_payment: bool) -> Option<Vec<String>> {
    let kind = line.detail_type.clone().unwrap_or_default();
    let description = line.description.clone().unwrap_or_default();
    let detail = line
        .sales_item_line_detail
        .as_ref()
        .or(line.account_based_expense_line_detail.as_ref())
        .or(line.deposit_line_detail.as_ref());
    // What a payment settles is its own doing; to any other document it is linked by somebody else.
    let links: Vec<String> = line
        .linked_txn
        .iter()
        .flatten()
        .filter(|_| is_payment)
        .flat_map(|link| [link.txn_type.clone(), link.txn_id.clone()])
        .flatten()
        .collect();
    let amount = line
        .amount
        .map(wire::MoneyNumber::money)
        .unwrap_or_default();
    let is_empty =
        detail.is_none() && amount.is_zero() && description.is_empty() && links.is_empty();
    if kind == "SubTotalLineDetail" || is_empty {
        return None;
    }
    let id = |pick: fn(&wire::LineDetail) -> Option<&wire::ReferenceAnswer>| {
        id_of(detail.and_then(pick)).to_owned()
    };
    let figure = |pick: fn(&wire::LineDetail) -> Option<&wire::Figure>| {
        let figure = detail.and_then(pick);
        figure.map_or("", wire::Figure::as_str).to_owned()
    };
    let mut parts = vec![
        kind,
        description,
        amount.to_string(),
        id(|detail| detail.item_ref.as_ref()),
        id(|detail| detail.account_ref.as_ref()),
        id(|detail| detail.tax_code_ref.as_ref()),
        id(|detail| detail.class_ref.as_ref()),
        id(|detail| detail.customer_ref.as_ref()),
        figure(|detail| detail.qty.as_ref()),
        figure(|detail| detail.unit_price.as_ref()),
    ];
    parts.extend(links);
    Some(parts)
}
