//! Payments of both kinds, deposits, transfers and journal entries in debit and credit.
//!
//! What a payment settles is taken off at the rate of what it settles, so that an invoice that is paid is paid in the company's
//! currency too; what the rates differ by is a gain or a loss.

use super::super::entity::CompanyEntity;
use super::super::figures::{amount_of, rounded, text_of};
use super::super::links;
use super::super::world::CompanyWorld;
use super::{LedgerBooking, LedgerChart, lines_of, rate_of, said};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// Payments, of customers and to vendors.
pub fn book_settlement(
    world: &CompanyWorld,
    chart: &LedgerChart,
    entity: CompanyEntity,
    id: &str,
    payment: &Map<String, Value>,
    booking: &mut LedgerBooking,
) {
    let comes_in = entity == CompanyEntity::Payment;
    let sign = if comes_in {
        Decimal::ONE
    } else {
        -Decimal::ONE
    };
    let (money, owed, charge) = if comes_in {
        (
            text_of(payment, "DepositToAccountRef").unwrap_or(&chart.undeposited),
            chart.receivable.as_str(),
            CompanyEntity::Invoice,
        )
    } else {
        (
            paid_from(payment),
            text_of(payment, "APAccountRef").unwrap_or(&chart.payable),
            CompanyEntity::Bill,
        )
    };
    let note = said(payment, "PrivateNote");
    let total = amount_of(payment, "TotalAmt");
    booking.put(money, sign * total, note);
    let (mut unapplied, mut relieved) = (total, Decimal::ZERO);
    for link in links::links_of(payment) {
        let home = relief(world, &link, entity, id);
        let settles = if link.entity == charge {
            Decimal::ONE
        } else {
            -Decimal::ONE
        };
        unapplied -= settles * link.amount;
        relieved += settles * home;
    }
    let home = relieved + booking.at_rate(unapplied);
    booking.put(owed, -sign * total, note).home = -sign * home;
    booking.differs = true;
}

fn paid_from(payment: &Map<String, Value>) -> &str {
    let of = |way: &str, account: &str| {
        let way = payment.get(way).and_then(Value::as_object)?;
        text_of(way, account)
    };
    of("CheckPayment", "BankAccountRef")
        .or_else(|| of("CreditCardPayment", "CCAccountRef"))
        .unwrap_or_default()
}

/// What a payment takes off one document in the company's currency: the difference between what was open there before and after,
/// each rounded, so that parts add up to the whole.
fn relief(
    world: &CompanyWorld,
    link: &links::CompanyLink,
    payer: CompanyEntity,
    id: &str,
) -> Decimal {
    let Some(target) = world.object(link.entity, &link.id) else {
        return Decimal::ZERO;
    };
    let (rate, home) = (rate_of(target), world.company.home());
    if rate == Decimal::ONE {
        return link.amount;
    }
    let key = (link.entity, link.id.clone());
    let payers = world.applied.get(&key);
    let mut payers: Vec<_> = payers
        .into_iter()
        .flatten()
        .map(|(payer_id, amount)| {
            let made = world.any_row(payer, payer_id).map_or(0, |row| row.made);
            (made, payer_id, *amount)
        })
        .collect();
    payers.sort();
    let mut open = amount_of(target, "TotalAmt");
    for (_, payer_id, amount) in payers {
        let after = open - amount;
        if payer_id == id {
            return rounded(open * rate, home) - rounded(after * rate, home);
        }
        open = after;
    }
    rounded(link.amount * rate, home)
}

/// What a document left somewhere to be brought to the bank.
pub struct LedgerWaiting {
    pub account: String,
    pub amount: Decimal,
    pub home: Decimal,
    pub currency: String,
}

/// Where the money of a document waits, and how much; `None` if it is of a kind that no deposit takes.
pub fn waiting(
    world: &CompanyWorld,
    chart: &LedgerChart,
    entity: CompanyEntity,
    id: &str,
) -> Option<LedgerWaiting> {
    let document = world.object(entity, id)?;
    let (account, amount) = match entity {
        CompanyEntity::Payment | CompanyEntity::SalesReceipt => (
            text_of(document, "DepositToAccountRef").unwrap_or(&chart.undeposited),
            amount_of(document, "TotalAmt"),
        ),
        CompanyEntity::Transfer => (
            said(document, "ToAccountRef"),
            amount_of(document, "Amount"),
        ),
        CompanyEntity::JournalEntry => {
            let mut amount = Decimal::ZERO;
            for line in lines_of(document) {
                let (account, debit) = posted(line);
                if account == chart.undeposited {
                    amount += debit;
                }
            }
            (chart.undeposited.as_str(), amount)
        }
        _ => return None,
    };
    let home = world.company.home();
    Some(LedgerWaiting {
        account: account.to_owned(),
        amount,
        home: rounded(amount * rate_of(document), home),
        currency: text_of(document, "CurrencyRef").unwrap_or(home).to_owned(),
    })
}

pub fn book_deposit(
    world: &CompanyWorld,
    chart: &LedgerChart,
    deposit: &Map<String, Value>,
    booking: &mut LedgerBooking,
) {
    let note = said(deposit, "PrivateNote");
    let total = amount_of(deposit, "TotalAmt");
    booking.put(said(deposit, "DepositToAccountRef"), total, note);
    for line in lines_of(deposit) {
        let amount = amount_of(line, "Amount");
        let memo = text_of(line, "Description").unwrap_or(note);
        if let Some((entity, id)) = links::linked_to(line) {
            let from = waiting(world, chart, entity, id);
            let account = from
                .as_ref()
                .map_or(&chart.undeposited, |from| &from.account);
            let at_rate = booking.at_rate(amount);
            // What was put there in the company's currency is taken from there in it.
            let home = from
                .as_ref()
                .filter(|from| from.amount == amount)
                .map_or(at_rate, |from| from.home);
            booking.put(account, -amount, memo).home = -home;
        } else {
            let detail = line.get("DepositLineDetail").and_then(Value::as_object);
            let account = detail.and_then(|detail| text_of(detail, "AccountRef"));
            booking.put(account.unwrap_or(&chart.income), -amount, memo);
        }
    }
    booking.differs = deposit.contains_key("ExchangeRate");
}

pub fn book_transfer(transfer: &Map<String, Value>, booking: &mut LedgerBooking) {
    let amount = amount_of(transfer, "Amount");
    let note = said(transfer, "PrivateNote");
    booking.put(said(transfer, "FromAccountRef"), -amount, note);
    booking.put(said(transfer, "ToAccountRef"), amount, note);
}

pub fn book_journal(journal: &Map<String, Value>, booking: &mut LedgerBooking) {
    let note = said(journal, "PrivateNote");
    for line in lines_of(journal) {
        let (account, debit) = posted(line);
        let memo = text_of(line, "Description").unwrap_or(note);
        let detail = line.get("JournalEntryLineDetail");
        let party = detail.and_then(|detail| detail.get("Entity")?.as_object());
        let party = party.and_then(|party| {
            let kind = CompanyEntity::exact(text_of(party, "Type")?)?;
            Some((kind, text_of(party, "EntityRef")?.to_owned()))
        });
        booking.put(account, debit, memo).party = party;
    }
}

/// The account of a journal line, and what it is debited.
fn posted(line: &Map<String, Value>) -> (&str, Decimal) {
    let detail = line
        .get("JournalEntryLineDetail")
        .and_then(Value::as_object);
    let of = |field: &str| detail.and_then(|detail| text_of(detail, field));
    let amount = amount_of(line, "Amount");
    let debit = if of("PostingType") == Some("Credit") {
        -amount
    } else {
        amount
    };
    (of("AccountRef").unwrap_or_default(), debit)
}
