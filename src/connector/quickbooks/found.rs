//! What stands in the books: answers turned into what the engine compares.
//!
//! A body that we send and the answer to it identify the same content, although QuickBooks adds subtotals, names and its own
//! totals: both are read here, by one function. Notes, numbers, quantities and addresses are no content, and neither is
//! what others link to a document.

use std::collections::BTreeMap;

use chrono::DateTime;
use serde_json::{Map, Value};

use crate::connector::port::MarkedDocument;
use crate::model::document::{DocumentKind, Marker};
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;
use crate::model::names::{ItemEntry, NameEntry, NameKind, NameParts};
use crate::model::plan::{Remote, RemoteKind};
use crate::model::ticket::{Found, FoundState};

use super::facts::{FactsOfCompany, day};
use super::{trace, wire, words};

/// A document as the engine sees it. `None` where the answer has no id.
pub fn document(
    entity: RemoteKind,
    answer: &wire::DocumentAnswer,
    facts: &FactsOfCompany,
) -> Option<Found> {
    let note = answer.private_note.as_deref().unwrap_or_default();
    let total = answer
        .total_amt
        .or(answer.amount)
        .map(wire::MoneyNumber::money)
        .unwrap_or_default();
    let voided = total.is_zero() && note.trim_start().starts_with("Voided");
    let marker = Marker::find(note);
    let numbers = (&answer.doc_number, &answer.payment_ref_num);
    Some(Found {
        remote: remote(entity, answer.id.as_ref()?, answer.sync_token.as_ref()),
        label: label(entity, numbers, marker.as_ref()),
        marker,
        customer: answer
            .customer_ref
            .as_ref()
            .and_then(|customer| customer.value.clone()),
        state: if voided {
            FoundState::Voided
        } else {
            FoundState::Active
        },
        date: answer.txn_date.as_deref().and_then(day),
        currency: Some(currency(answer, &facts.company.home_currency).to_owned()),
        total,
        tax_total: total_tax(answer),
        tax: tax_by_rate(answer, facts),
        exchange_rate: answer
            .exchange_rate
            .as_ref()
            .and_then(|rate| rate.as_str().parse().ok()),
        balance: (entity == DocumentKind::Invoice.into())
            .then_some(answer.balance)
            .flatten()
            .map(wire::MoneyNumber::money),
        unapplied: (entity == DocumentKind::Payment.into())
            .then_some(answer.unapplied_amt)
            .flatten()
            .map(wire::MoneyNumber::money),
        payments: linked(answer, DocumentKind::Payment.as_str()),
        is_deposited: !linked(answer, "Deposit").is_empty(),
        content: content(entity, answer, &facts.company.home_currency),
        trace: trace::of(entity, answer),
        words: words::of(answer),
    })
}

/// What a document is called: its number, the reference of a payment, and of what has none the id of what it was made from.
fn label(
    entity: RemoteKind,
    (number, reference): (&Option<String>, &Option<String>),
    marker: Option<&Marker>,
) -> String {
    let label = match entity.document() {
        Some(DocumentKind::Payment) => reference.clone(),
        Some(kind) if kind.is_numberless() => marker.map(|marker| marker.key.origin.id()),
        _ => number.clone(),
    };
    label.unwrap_or_default()
}

/// A document with our mark. `None`: it has none, or no id.
pub fn marked(entity: RemoteKind, answer: &wire::MarkedAnswer) -> Option<MarkedDocument> {
    let marker = Marker::find(answer.private_note.as_deref()?)?;
    let numbers = (&answer.doc_number, &answer.payment_ref_num);
    let made_at = answer
        .meta_data
        .as_ref()
        .and_then(|meta| DateTime::parse_from_rfc3339(meta.create_time.as_deref()?).ok());
    Some(MarkedDocument {
        remote: remote(entity, answer.id.as_ref()?, answer.sync_token.as_ref()),
        label: label(entity, numbers, Some(&marker)),
        marker,
        made_at: made_at.map(|at| at.to_utc()),
    })
}

/// A customer as the engine sees it.
pub fn person(answer: &wire::PersonAnswer) -> Option<Found> {
    let name = answer.display_name.clone()?;
    let remote = remote(
        RemoteKind::Customer,
        answer.id.as_ref()?,
        answer.sync_token.as_ref(),
    );
    let currency = answer.currency_ref.as_ref();
    Some(Found {
        currency: currency.and_then(|currency| currency.value.clone()),
        ..Found::bare(remote, name)
    })
}

/// A vendor as the engine sees it.
pub fn vendor(answer: &wire::PersonAnswer) -> Option<Found> {
    let found = person(answer)?;
    let remote = Remote {
        entity: RemoteKind::Vendor,
        ..found.remote.clone()
    };
    Some(Found { remote, ..found })
}

/// An item as the engine sees it.
pub fn item(answer: &wire::ItemAnswer) -> Option<Found> {
    let remote = remote(
        RemoteKind::Item,
        answer.id.as_ref()?,
        answer.sync_token.as_ref(),
    );
    Some(Found::bare(remote, answer.name.clone()?))
}

/// A person as a name in use.
pub fn name_entry(kind: NameKind, answer: wire::PersonAnswer, home: &str) -> Option<NameEntry> {
    let currency = wire::id_of(answer.currency_ref.as_ref());
    let parts = NameParts {
        currency: if currency.is_empty() { home } else { currency }.into(),
        id: answer.id?.into(),
        kind,
        display_name: answer.display_name?.into(),
        email: answer
            .primary_email_addr
            .and_then(|email| email.address)
            .map(Into::into),
        active: answer.active.unwrap_or(true),
        revision: answer.sync_token.unwrap_or_default().into(),
    };
    Some(parts.into())
}

/// An item as something that can stand on a line.
pub fn item_entry(answer: wire::ItemAnswer) -> Option<ItemEntry> {
    Some(ItemEntry {
        id: answer.id?,
        name: answer.name?,
        sku: answer.sku.filter(|sku| !sku.is_empty()),
        kind: answer.kind.unwrap_or_default(),
        active: answer.active.unwrap_or(true),
        revision: answer.sync_token.unwrap_or_default(),
        price: answer.unit_price.map(wire::MoneyNumber::decimal),
        starts: answer.inv_start_date.as_deref().and_then(day),
        changed_at: answer.meta_data.and_then(wire::MetaData::changed_at),
    })
}

/// Identifies the content of a body that we send. Of the names only a body that changes one has a content.
pub fn content_of_body(entity: RemoteKind, body: &str, home: &str) -> String {
    if entity.document().is_none() {
        return content_of_name(body);
    }
    match serde_json::from_str::<wire::DocumentAnswer>(body) {
        Ok(body) => content(entity, &body, home),
        Err(_) => String::new(),
    }
}

/// What identifies a body that changes a name; one that makes a name has no content.
pub fn content_of_name(body: &str) -> String {
    match serde_json::from_str::<Map<String, Value>>(body) {
        Ok(fields) if fields.contains_key("SyncToken") => {
            Fingerprint::of_bytes(body.as_bytes()).to_string()
        }
        _ => String::new(),
    }
}

/// The words of a body that we send.
pub fn words_of_body(body: &str) -> BTreeMap<String, String> {
    serde_json::from_str(body)
        .map(|body| words::of(&body))
        .unwrap_or_default()
}

/// The ids of what others linked to a document, of one kind.
fn linked(document: &wire::DocumentAnswer, kind: &str) -> Vec<String> {
    let links = document.linked_txn.iter().flatten();
    links
        .filter(|link| link.txn_type.as_deref() == Some(kind))
        .filter_map(|link| link.txn_id.clone())
        .collect()
}

fn remote(entity: RemoteKind, id: &str, revision: Option<&String>) -> Remote {
    Remote {
        entity,
        id: id.to_owned(),
        revision: revision.cloned().unwrap_or_default(),
    }
}

/// The digest of what an accountant would call the content.
fn content(entity: RemoteKind, document: &wire::DocumentAnswer, home: &str) -> String {
    let total = document
        .total_amt
        .or(document.amount)
        .map_or_else(|| worked_out(document), wire::MoneyNumber::money);
    let ends = format!(
        "{} to {}",
        wire::id_of(document.from_account_ref.as_ref()),
        wire::id_of(document.to_account_ref.as_ref())
    );
    let account = match entity.document() {
        Some(DocumentKind::Purchase) => document.account_ref.as_ref(),
        Some(DocumentKind::BillPayment) => document.bill_paid_from(),
        // A payment of nothing reaches no account, whichever one QuickBooks notes down.
        Some(DocumentKind::Payment) if total.is_zero() => None,
        Some(
            DocumentKind::SalesReceipt
            | DocumentKind::RefundReceipt
            | DocumentKind::Payment
            | DocumentKind::Deposit,
        ) => document.deposit_to_account_ref.as_ref(),
        _ => None,
    };
    let account = match entity == DocumentKind::Transfer.into() {
        true => ends,
        false => wire::id_of(account).to_owned(),
    };
    let date = document.txn_date.as_deref().and_then(day);
    let mut lines: Vec<String> = document
        .line
        .iter()
        .flatten()
        .flat_map(line_content)
        .collect();
    // The order of lines is nobody's work to protect, and QuickBooks may change it.
    lines.sort();
    let party = document
        .customer_ref
        .as_ref()
        .or(document.vendor_ref.as_ref());
    let content = [
        entity.to_string(),
        wire::id_of(party).to_owned(),
        currency(document, home).to_owned(),
        date.map(|date| date.to_string()).unwrap_or_default(),
        account,
        lines.join("\n"),
        total_tax(document).to_string(),
        total.to_string(),
    ];
    Fingerprint::of(&content).to_string()
}

/// The parts of a line that count; nothing of the lines that QuickBooks adds by itself.
fn line_content(line: &wire::LineAnswer) -> Vec<String> {
    let amount = line
        .amount
        .map(wire::MoneyNumber::money)
        .unwrap_or_default();
    let links = line.linked_txn.as_deref().unwrap_or_default();
    if !links.is_empty() {
        let link = |link: &wire::LinkedAnswer| {
            format!(
                "{} {} {amount}",
                link.txn_type.as_deref().unwrap_or_default(),
                link.txn_id.as_deref().unwrap_or_default()
            )
        };
        return links.iter().map(link).collect();
    }
    let kind = line.detail_type.as_deref().unwrap_or_default();
    let detail = line
        .sales_item_line_detail
        .as_ref()
        .or(line.account_based_expense_line_detail.as_ref())
        .or(line.deposit_line_detail.as_ref());
    if kind == "SubTotalLineDetail" || (detail.is_none() && amount.is_zero()) {
        return Vec::new();
    }
    let id = |pick: fn(&wire::LineDetail) -> Option<&wire::ReferenceAnswer>| {
        wire::id_of(detail.and_then(pick)).to_owned()
    };
    let mut code = id(|detail| detail.tax_code_ref.as_ref());
    // A line that was sent without a code comes back with the one for "none".
    if code.is_empty() {
        "NON".clone_into(&mut code);
    }
    let item = id(|detail| detail.item_ref.as_ref());
    let account = id(|detail| detail.account_ref.as_ref());
    vec![format!("{kind} {item} {account} {amount} {code}")]
}

/// The total of a body, which does not state it: QuickBooks works it out in the same way.
fn worked_out(document: &wire::DocumentAnswer) -> Money {
    let lines: Money = document
        .line
        .iter()
        .flatten()
        .filter_map(|line| line.amount)
        .map(wire::MoneyNumber::money)
        .sum();
    lines + total_tax(document)
}

fn currency<'a>(document: &'a wire::DocumentAnswer, home: &'a str) -> &'a str {
    match wire::id_of(document.currency_ref.as_ref()) {
        "" => home,
        currency => currency,
    }
}

fn total_tax(document: &wire::DocumentAnswer) -> Money {
    let detail = document.txn_tax_detail.as_ref();
    detail
        .and_then(|detail| detail.total_tax)
        .map(wire::MoneyNumber::money)
        .unwrap_or_default()
}

/// The tax by the name of the rate; rates without an amount come back or not, so they are left out.
fn tax_by_rate(document: &wire::DocumentAnswer, facts: &FactsOfCompany) -> BTreeMap<String, Money> {
    let mut tax: BTreeMap<String, Money> = BTreeMap::new();
    let detail = document.txn_tax_detail.as_ref();
    for line in detail
        .iter()
        .filter_map(|detail| detail.tax_line.as_ref())
        .flatten()
    {
        let amount = line
            .amount
            .map(wire::MoneyNumber::money)
            .unwrap_or_default();
        let rate = line
            .tax_line_detail
            .as_ref()
            .and_then(|detail| detail.tax_rate_ref.as_ref());
        *tax.entry(facts.rate_name(wire::id_of(rate))).or_default() += amount;
    }
    tax.retain(|_, amount| !amount.is_zero());
    tax
}
