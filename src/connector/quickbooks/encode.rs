//! Drafts into bodies: what the accountant means, in QuickBooks' fields and with its ids.
//!
//! The same draft gives the same text. A name that the company does not have is a refusal that says which; nothing falls back
//! to something that seems to fit. Amounts are not judged here: they are the accountant's.

use std::collections::BTreeMap;

use crate::connector::port::{Draft, Encoded, References};
use crate::model::company::{Account, TaxModel};
use crate::model::document::{Document, DocumentKind, Line, LineKind, Marker};
use crate::model::draft::{CustomerChange, CustomerDraft};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::order;
use crate::model::plan::{Expectation, Remote, RemoteKind};

use super::bodies::{self, Digits, ReferenceBody};
use super::facts::FactsOfCompany;
use super::fields::{EXPENSE, address, cut, of_type};
use super::item;
use super::lists::labels::Labels;
use super::restore;
use super::words::{self, MEMO_MAX};

/// The longest texts that QuickBooks takes.
const NOTE_MAX: usize = 4_000;
const DESCRIPTION_MAX: usize = 4_000;
const NAME_MAX: usize = 100;
const EMAIL_MAX: usize = 100;
const PHONE_MAX: usize = 21;
const PERSON_NOTE_MAX: usize = 2_000;
const WEBSITE_MAX: usize = 1_000;
const NUMBER_MAX: usize = 21;

/// Where money can be received: a bank account, or one like Undeposited Funds.
const RECEIVING: &[&str] = &["Bank", "Other Current Asset"];
const PAYING: &[&str] = &["Bank", CARD];
const CARD: &str = "Credit Card";

pub fn encode(
    facts: &FactsOfCompany,
    labels: &Labels,
    draft: Draft<'_>,
) -> Result<Encoded, Reason> {
    match draft {
        Draft::Customer(customer) => Ok(encoded(
            RemoteKind::Customer,
            bodies::text(&person(facts, customer)),
        )),
        Draft::CustomerChange { change, remote } => Ok(encoded(
            RemoteKind::Customer,
            bodies::text(&changed_person(change, remote)),
        )),
        Draft::Item(draft) => {
            let (body, warnings) = item::draft(facts, labels, draft)?;
            Ok(Encoded {
                warnings,
                ..encoded(RemoteKind::Item, bodies::text(&body))
            })
        }
        Draft::Vendor(name) => Ok(encoded(
            RemoteKind::Vendor,
            bodies::text(&bodies::VendorBody {
                display_name: name.to_owned(),
            }),
        )),
        Draft::ItemChange { item, change } => Ok(encoded(
            RemoteKind::Item,
            bodies::text(&item::changed(item, change)?),
        )),
        Draft::Document {
            document,
            references,
            marker,
            replaces,
            was,
        } => {
            let mut body = document_body(facts, document, references, marker, replaces)?;
            words::put_on(facts, labels, document, was, &mut body)?;
            Ok(Encoded {
                expected: Some(expectation(facts, document)),
                ..encoded(document.kind, bodies::text(&body))
            })
        }
        Draft::Void { kind, remote } => {
            if !matches!(
                kind,
                DocumentKind::Invoice | DocumentKind::SalesReceipt | DocumentKind::Payment
            ) {
                return Err(Reason::new(
                    "void_not_possible",
                    format!("QuickBooks lets nobody but a person void a {kind}"),
                )
                .hint("void it in QuickBooks by hand"));
            }
            Ok(encoded(kind, bodies::text(&naming(remote, Some(true)))))
        }
        Draft::Delete { kind, remote } => Ok(encoded(kind, bodies::text(&naming(remote, None)))),
        Draft::Restore {
            kind,
            former,
            now,
            marker,
        } => restore::encode(facts, kind, former, now, marker),
    }
}

fn encoded(entity: impl Into<RemoteKind>, body: String) -> Encoded {
    Encoded {
        entity: entity.into(),
        body,
        expected: None,
        warnings: Vec::new(),
    }
}

/// A body that only says which document is meant.
fn naming(remote: &Remote, sparse: Option<bool>) -> bodies::DocumentBody {
    bodies::DocumentBody {
        id: Some(remote.id.clone()),
        sync_token: Some(remote.revision.clone()),
        sparse,
        ..bodies::DocumentBody::default()
    }
}

/// What must come back. Rates without an amount come back or not, as QuickBooks likes.
fn expectation(facts: &FactsOfCompany, document: &Document) -> Expectation {
    let mut tax: BTreeMap<String, Money> = BTreeMap::new();
    if facts.company.tax_model == TaxModel::Global {
        for share in document.tax.iter().filter(|share| !share.amount.is_zero()) {
            *tax.entry(share.rate.clone()).or_default() += share.amount;
        }
    }
    Expectation {
        total: document.total,
        tax_total: document.tax_total,
        tax,
        date: document.date,
    }
}

/// A whole document; or, of one that is replaced, everything that bears on money, with all lines and their new tax together.
///
/// A line that is left out is gone, and QuickBooks keeps the old tax where no new one is stated. The number, the due date and what
/// the customer reads stay as they are, unless the shop's own mapping makes the words.
fn document_body(
    facts: &FactsOfCompany,
    document: &Document,
    references: &References,
    marker: &Marker,
    replaces: Option<&Remote>,
) -> Result<bodies::DocumentBody, Reason> {
    let mut body = replaces.map_or_else(bodies::DocumentBody::default, |remote| {
        naming(remote, Some(true))
    });
    body.txn_date = Some(document.date.to_string());
    if !facts.is_home(&document.currency) {
        body.currency_ref = Some(ReferenceBody::to(&document.currency));
        body.exchange_rate = document.exchange_rate.map(Digits::plain);
    }
    // An expense, a transfer and a deposit are nobody's sale: they have no customer and no way of paying.
    let is_nobodys = document.kind == DocumentKind::Purchase || document.kind.is_numberless();
    if document.kind.is_vendors() {
        body.vendor_ref = Some(ReferenceBody::to(&references.customer));
    } else if !is_nobodys {
        body.customer_ref = Some(ReferenceBody::to(&references.customer));
        if let Some(method) = &document.payment_method {
            body.payment_method_ref = Some(ReferenceBody::to(facts.payment_method(method)?));
        }
    }
    body.private_note = Some(note(&document.note, marker));
    match document.kind {
        DocumentKind::Payment => payment(facts, document, references, &mut body)?,
        DocumentKind::Purchase => purchase(facts, document, &mut body)?,
        DocumentKind::Transfer => transfer(facts, document, &mut body)?,
        DocumentKind::Deposit => deposit(facts, document, &mut body)?,
        DocumentKind::Bill | DocumentKind::VendorCredit => {
            spent(facts, document, &mut body)?;
        }
        DocumentKind::BillPayment => bill_payment(facts, document, references, &mut body)?,
        DocumentKind::SalesReceipt
        | DocumentKind::Invoice
        | DocumentKind::RefundReceipt
        | DocumentKind::CreditMemo => {
            sales_form(facts, document, references, &mut body)?;
            body.ship_addr = document.ship_to.as_ref().and_then(address);
            if replaces.is_none() {
                body.bill_addr = document.bill_to.as_ref().and_then(address);
                let memo = document.memo.as_ref();
                body.customer_memo = memo.map(|memo| ReferenceBody::to(cut(memo, MEMO_MAX)));
            }
        }
    }
    if replaces.is_none() {
        number(document, &mut body);
    }
    Ok(body)
}

/// What is only said once, when the document is made.
fn number(document: &Document, body: &mut bodies::DocumentBody) {
    let number = Some(cut(&document.number, NUMBER_MAX).to_owned());
    match document.kind {
        DocumentKind::Payment => body.payment_ref_num = number,
        // Without a reference a refund from a bank account waits to be printed as a cheque.
        DocumentKind::RefundReceipt => {
            body.payment_ref_num.clone_from(&number);
            body.doc_number = number;
        }
        DocumentKind::Invoice => {
            body.doc_number = number;
            body.due_date = document.due.map(|due| due.to_string());
            // The shop takes the money: nobody shall pay again by a button on the invoice.
            body.allow_online_credit_card_payment = Some(false);
            body.allow_online_ach_payment = Some(false);
        }
        DocumentKind::Bill => {
            body.doc_number = number;
            body.due_date = document.due.map(|due| due.to_string());
        }
        DocumentKind::SalesReceipt
        | DocumentKind::CreditMemo
        | DocumentKind::Purchase
        | DocumentKind::VendorCredit
        | DocumentKind::BillPayment => {
            body.doc_number = number;
        }
        DocumentKind::Transfer | DocumentKind::Deposit => {}
    }
}

fn sales_form(
    facts: &FactsOfCompany,
    document: &Document,
    references: &References,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    if matches!(
        document.kind,
        DocumentKind::SalesReceipt | DocumentKind::RefundReceipt
    ) {
        let account = money_account(facts, document, RECEIVING)?;
        body.deposit_to_account_ref = Some(ReferenceBody::to(&account.id));
    }
    let mut lines = Vec::new();
    for line in &document.lines {
        let own = line.source_line.and_then(|id| references.lines.get(&id));
        let item = own.or_else(|| references.items.get(&line.item));
        let item = item.ok_or_else(|| {
            Reason::new(
                "item_missing",
                format!("QuickBooks has no item for `{}`", line.item),
            )
        })?;
        lines.push(bodies::LineBody {
            description: cut(&line.description, DESCRIPTION_MAX).to_owned(),
            amount: Some(Digits::money(line.amount)),
            detail_type: Some("SalesItemLineDetail"),
            sales_item_line_detail: Some(bodies::ItemDetail {
                item_ref: ReferenceBody::to(item),
                qty: line.quantity.map(Digits::plain),
                unit_price: line.unit_price.map(price),
                tax_code_ref: tax_code(facts, line)?,
                class_ref: None,
            }),
            ..bodies::LineBody::default()
        });
    }
    body.line = Some(lines);
    if facts.company.uses_tax {
        if facts.company.tax_model == TaxModel::Global {
            body.global_tax_calculation = Some("TaxExcluded");
        }
        body.txn_tax_detail = Some(tax_detail(facts, document)?);
    }
    Ok(())
}

/// The tax as it was charged, so that QuickBooks does not work out its own.
fn tax_detail(
    facts: &FactsOfCompany,
    document: &Document,
) -> Result<bodies::TaxDetailBody, Reason> {
    let code = document.document_tax_code.as_ref();
    let txn_tax_code_ref = match facts.company.tax_model {
        TaxModel::UsManual => code.map(|code| facts.tax_code(code)).transpose()?,
        TaxModel::Global | TaxModel::UsAst => None,
    };
    let mut tax_line = Vec::new();
    if facts.company.tax_model == TaxModel::Global {
        for share in &document.tax {
            let (rate, percent) = facts.tax_rate(&share.rate)?;
            tax_line.push(bodies::TaxLineBody {
                amount: Digits::money(share.amount),
                detail_type: "TaxLineDetail",
                tax_line_detail: bodies::TaxLineDetailBody {
                    tax_rate_ref: ReferenceBody::to(rate),
                    percent_based: true,
                    tax_percent: Digits::plain(percent),
                    net_amount_taxable: Digits::money(share.base),
                },
            });
        }
    }
    Ok(bodies::TaxDetailBody {
        txn_tax_code_ref: txn_tax_code_ref.map(ReferenceBody::to),
        total_tax: Digits::money(document.tax_total),
        tax_line,
    })
}

fn payment(
    facts: &FactsOfCompany,
    document: &Document,
    references: &References,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    // A payment of nothing, which sets credits against an invoice, reaches no account.
    if document.account.is_some() || !document.total.is_zero() {
        let account = money_account(facts, document, RECEIVING)?;
        body.deposit_to_account_ref = Some(ReferenceBody::to(&account.id));
    }
    body.total_amt = Some(Digits::money(document.total));
    body.line = Some(settled(document, references)?);
    Ok(())
}

/// What a payment settles, a line for each.
fn settled(document: &Document, references: &References) -> Result<Vec<bodies::LineBody>, Reason> {
    let mut lines = Vec::new();
    for application in &document.applies_to {
        let settled = references.documents.get(&application.to).ok_or_else(|| {
            Reason::new(
                "document_missing",
                format!(
                    "QuickBooks has no {} `{}` to settle",
                    application.kind, application.to
                ),
            )
        })?;
        lines.push(bodies::LineBody {
            amount: Some(Digits::money(application.amount)),
            linked_txn: vec![bodies::LinkedBody {
                txn_id: settled.clone(),
                txn_type: application.kind.as_str(),
            }],
            ..bodies::LineBody::default()
        });
    }
    Ok(lines)
}

/// What pays a bill: out of a bank account, or of a card. The vendor's credit is taken in.
fn bill_payment(
    facts: &FactsOfCompany,
    document: &Document,
    references: &References,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let account = money_account(facts, document, PAYING)?;
    let reference = ReferenceBody::to(&account.id);
    if account.kind == CARD {
        body.pay_type = Some("CreditCard");
        body.credit_card_payment = Some(bodies::CardPaymentBody {
            card_account_ref: reference,
        });
    } else {
        body.pay_type = Some("Check");
        body.check_payment = Some(bodies::CheckPaymentBody {
            bank_account_ref: reference,
        });
    }
    body.total_amt = Some(Digits::money(document.total));
    body.line = Some(settled(document, references)?);
    Ok(())
}

/// An expense: its lines name accounts, not items.
fn purchase(
    facts: &FactsOfCompany,
    document: &Document,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let account = money_account(facts, document, PAYING)?;
    body.payment_type = Some("Cash");
    body.account_ref = Some(ReferenceBody::to(&account.id));
    spent(facts, document, body)
}

/// What money is spent on: lines that name accounts.
fn spent(
    facts: &FactsOfCompany,
    document: &Document,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let mut lines = Vec::new();
    for line in &document.lines {
        if !matches!(line.kind, LineKind::GatewayFee | LineKind::PayoutShare) {
            return Err(Reason::new(
                "line_refused",
                format!("`{}` cannot stand in an expense", line.item),
            ));
        }
        let expense = facts.account(&line.item.0)?;
        // Of a payout, a dispute is a loss and a reserve is still ours: whoever keeps the books knows.
        if line.kind == LineKind::GatewayFee {
            of_type(&line.item.0, expense, EXPENSE)?;
        }
        lines.push(bodies::LineBody {
            description: cut(&line.description, DESCRIPTION_MAX).to_owned(),
            amount: Some(Digits::money(line.amount)),
            detail_type: Some("AccountBasedExpenseLineDetail"),
            account_based_expense_line_detail: Some(bodies::ExpenseDetail {
                account_ref: ReferenceBody::to(&expense.id),
                tax_code_ref: tax_code(facts, line)?,
            }),
            ..bodies::LineBody::default()
        });
    }
    body.line = Some(lines);
    if facts.company.uses_tax && facts.company.tax_model == TaxModel::Global {
        body.global_tax_calculation = Some("TaxExcluded");
    }
    Ok(())
}

/// From one account of the company to another, on the day on which it arrives.
fn transfer(
    facts: &FactsOfCompany,
    document: &Document,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let from = money_account(facts, document, RECEIVING)?;
    body.from_account_ref = Some(ReferenceBody::to(&from.id));
    for line in &document.lines {
        let to = facts.account(&line.item.0)?;
        of_type(&line.item.0, to, RECEIVING)?;
        body.to_account_ref = Some(ReferenceBody::to(&to.id));
    }
    body.amount = Some(Digits::money(document.total));
    Ok(())
}

/// Money that came in from elsewhere than a sale: its lines name accounts.
fn deposit(
    facts: &FactsOfCompany,
    document: &Document,
    body: &mut bodies::DocumentBody,
) -> Result<(), Reason> {
    let account = money_account(facts, document, RECEIVING)?;
    body.deposit_to_account_ref = Some(ReferenceBody::to(&account.id));
    let mut lines = Vec::new();
    for line in &document.lines {
        let from = facts.account(&line.item.0)?;
        lines.push(bodies::LineBody {
            description: cut(&line.description, DESCRIPTION_MAX).to_owned(),
            amount: Some(Digits::money(line.amount)),
            detail_type: Some("DepositLineDetail"),
            deposit_line_detail: Some(bodies::ExpenseDetail {
                account_ref: ReferenceBody::to(&from.id),
                tax_code_ref: None,
            }),
            ..bodies::LineBody::default()
        });
    }
    body.line = Some(lines);
    Ok(())
}

fn tax_code(facts: &FactsOfCompany, line: &Line) -> Result<Option<ReferenceBody>, Reason> {
    let code = line.tax_code.as_ref();
    let id = code.map(|code| facts.tax_code(code)).transpose()?;
    Ok(id.map(ReferenceBody::to))
}

/// The account that the money reaches or leaves: there, of a fitting type, in a fitting currency.
fn money_account<'a>(
    facts: &'a FactsOfCompany,
    document: &Document,
    types: &[&str],
) -> Result<&'a Account, Reason> {
    let name = document.account.as_deref().ok_or_else(|| {
        Reason::new(
            "account_missing",
            format!("no account is named for `{}`", document.number),
        )
        .hint("name one for its way of paying in `[books.deposit]`")
    })?;
    let account = facts.account(name)?;
    of_type(name, account, types)?;
    if let Some(currency) = &account.currency
        && *currency != document.currency
        && !facts.is_home(currency)
    {
        return Err(Reason::new(
            "account_wrong_currency",
            format!(
                "the account `{name}` is in {currency}, `{}` is in {}",
                document.number, document.currency
            ),
        )
        .hint(format!(
            "name an account in {} in `[books.deposit]`",
            document.currency
        )));
    }
    Ok(account)
}

fn person(facts: &FactsOfCompany, draft: &CustomerDraft) -> bodies::Customer {
    let currency = draft.currency.as_ref();
    bodies::Customer {
        display_name: draft.display_name.clone(),
        given_name: plain_name(&draft.first_name),
        family_name: plain_name(&draft.last_name),
        company_name: plain_name(&draft.company),
        primary_email_addr: email(&draft.email),
        primary_phone: phone(&draft.phone),
        mobile: phone(&draft.mobile),
        notes: person_note(&draft.note),
        web_addr: website(&draft.website),
        currency_ref: currency
            .filter(|currency| !facts.is_home(currency))
            .map(ReferenceBody::to),
        bill_addr: address(&draft.billing),
        ship_addr: address(&draft.shipping),
    }
}

/// Only what is to be put there: nothing else of the customer changes.
fn changed_person(change: &CustomerChange, remote: &Remote) -> bodies::CustomerChangeBody {
    let name = |name: &Option<String>| name.as_deref().map(plain_name);
    bodies::CustomerChangeBody {
        id: remote.id.clone(),
        sync_token: remote.revision.clone(),
        sparse: true,
        given_name: name(&change.first_name),
        family_name: name(&change.last_name),
        company_name: name(&change.company),
        primary_email_addr: put_or_cleared(change.email.as_deref(), email),
        primary_phone: put_or_cleared(change.phone.as_deref(), phone),
        mobile: put_or_cleared(change.mobile.as_deref(), phone),
        notes: put_or_cleared(change.note.as_deref(), person_note),
        web_addr: put_or_cleared(change.website.as_deref(), website),
        bill_addr: address_put(change.billing.as_ref()),
        ship_addr: address_put(change.shipping.as_ref()),
    }
}

/// A value to be put there. An empty one is the only way to take one away, and is sent as such; one that does not fit is not sent.
fn put_or_cleared<T: Default>(value: Option<&str>, put: fn(&str) -> Option<T>) -> Option<T> {
    match value? {
        "" => Some(T::default()),
        value => put(value),
    }
}

fn address_put(to: Option<&order::Address>) -> Option<bodies::AddressBody> {
    Some(address(to?).unwrap_or_default())
}

/// An address with something in it that is no letter has lost nothing without it; one with a blank in it is none.
fn email(text: &str) -> Option<bodies::EmailBody> {
    let without = text.trim().replace(char::is_control, "");
    let is_one = without.contains('@') && !without.contains(char::is_whitespace);
    (is_one && without.chars().count() <= EMAIL_MAX)
        .then_some(bodies::EmailBody { address: without })
}

/// Half a number is no number.
fn phone(text: &str) -> Option<bodies::PhoneBody> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= PHONE_MAX).then(|| bodies::PhoneBody {
        free_form_number: text.to_owned(),
    })
}

fn person_note(text: &str) -> Option<String> {
    let text = cut(text.trim(), PERSON_NOTE_MAX);
    (!text.is_empty()).then(|| text.to_owned())
}

fn website(text: &str) -> Option<bodies::WebsiteBody> {
    let text = text.trim();
    (!text.is_empty() && text.chars().count() <= WEBSITE_MAX).then(|| bodies::WebsiteBody {
        uri: text.to_owned(),
    })
}

/// A name as QuickBooks takes it: no colon, no line breaks, not too long.
fn plain_name(name: &str) -> String {
    let without: String = name
        .chars()
        .map(|letter| {
            if letter == ':' || letter.is_control() {
                ' '
            } else {
                letter
            }
        })
        .collect();
    let spaced = without.split_whitespace().collect::<Vec<_>>().join(" ");
    cut(&spaced, NAME_MAX).trim_end().to_owned()
}

/// The note with the marker as its last line. Where both are too long, people lose words, never the marker.
pub(super) fn note(for_people: &str, marker: &Marker) -> String {
    let marker = marker.to_string();
    let room = NOTE_MAX - marker.chars().count() - 1;
    match cut(for_people, room) {
        "" => marker,
        words => format!("{words}\n{marker}"),
    }
}

/// A price has two decimals at least, and the digits it has beyond them.
fn price(price: rust_decimal::Decimal) -> Digits {
    Money::new(price).map_or_else(|_| Digits::plain(price), Digits::money)
}
