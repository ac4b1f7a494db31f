//! The general ledger: what every document says in debit and credit.
//!
//! It is worked out from the documents whenever it is asked for, so that it cannot drift from them. Every entry balances, in the
//! currency of its document and in that of the company: a cent that lines and total do not agree on (a rate of exchange, a figure
//! that somebody wrote over) stands on the largest line. What is voided stays as an entry of nothing; what is deleted is gone.
//!
//! Not imitated: the cost of goods sold and stock, one receivable account per currency, tax on deposits and journal entries.

mod chart;
mod forms;
mod money;
mod spending;

pub use chart::{LedgerChart, open_accounts};
pub use money::waiting;

use super::entity::CompanyEntity;
use super::figures::{amount_of, decimal, rounded, text_of};
use super::world::{CompanyRow, CompanyState, CompanyWorld};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::str::FromStr;

/// Whose line it is: a customer, a vendor or an employee.
pub type LedgerParty = (CompanyEntity, String);

/// What a line has to do with tax.
#[derive(Clone, Debug)]
pub struct LedgerTax {
    pub rate: Option<String>,
    /// What the tax was reckoned on.
    pub net: Decimal,
    /// Collected on sales, rather than paid on purchases.
    pub on_sales: bool,
}

/// One line of an entry; debit is positive.
#[derive(Clone, Debug)]
pub struct LedgerLine {
    pub account: String,
    pub party: Option<LedgerParty>,
    pub memo: String,
    /// In the currency of the document.
    pub amount: Decimal,
    /// In the currency of the company.
    pub home: Decimal,
    pub tax: Option<LedgerTax>,
}

/// What one document does to the books. Its first line is the one that the document is about.
pub struct LedgerEntry<'w> {
    pub entity: CompanyEntity,
    pub id: &'w str,
    pub row: &'w CompanyRow,
    pub day: NaiveDate,
    pub currency: &'w str,
    pub party: Option<LedgerParty>,
    pub lines: Vec<LedgerLine>,
}

/// Every entry, by day and then in the order in which documents were made.
pub fn entries(world: &CompanyWorld) -> Vec<LedgerEntry<'_>> {
    let chart = LedgerChart::of(world);
    let kinds = CompanyEntity::ALL.into_iter().filter(|e| e.is_document());
    let mut all: Vec<_> = kinds
        .flat_map(|entity| world.rows(entity).map(move |(id, row)| (entity, id, row)))
        .filter(|(_, _, row)| row.state != CompanyState::Deleted)
        .map(|(entity, id, row)| entry(world, &chart, entity, id, row))
        .collect();
    all.sort_by_key(|entry| (entry.day, entry.row.made));
    all
}

pub fn entry<'w>(
    world: &'w CompanyWorld,
    chart: &LedgerChart,
    entity: CompanyEntity,
    id: &'w str,
    row: &'w CompanyRow,
) -> LedgerEntry<'w> {
    let document = row.object();
    let party = party_of(entity, document);
    let mut booking = LedgerBooking::new(world, document, party.clone());
    match entity {
        e if e.is_sales_form() => forms::book(world, chart, entity, document, &mut booking),
        CompanyEntity::Purchase | CompanyEntity::Bill | CompanyEntity::VendorCredit => {
            spending::book(world, chart, entity, document, &mut booking);
        }
        CompanyEntity::Payment | CompanyEntity::BillPayment => {
            money::book_settlement(world, chart, entity, id, document, &mut booking);
        }
        CompanyEntity::Deposit => money::book_deposit(world, chart, document, &mut booking),
        CompanyEntity::Transfer => money::book_transfer(document, &mut booking),
        _ => money::book_journal(document, &mut booking),
    }
    LedgerEntry {
        entity,
        id,
        row,
        day: day_of(document),
        currency: text_of(document, "CurrencyRef").unwrap_or(world.company.home()),
        party,
        lines: booking.balanced(chart),
    }
}

/// A document whose day nobody can read lies before all others.
pub fn day_of(document: &Map<String, Value>) -> NaiveDate {
    text_of(document, "TxnDate")
        .and_then(|day| NaiveDate::from_str(day).ok())
        .unwrap_or_default()
}

fn party_of(entity: CompanyEntity, document: &Map<String, Value>) -> Option<LedgerParty> {
    let (field, usual) = match entity {
        CompanyEntity::Bill | CompanyEntity::VendorCredit | CompanyEntity::BillPayment => {
            ("VendorRef", CompanyEntity::Vendor)
        }
        CompanyEntity::Purchase => ("EntityRef", CompanyEntity::Vendor),
        _ => ("CustomerRef", CompanyEntity::Customer),
    };
    let id = text_of(document, field)?;
    let kind = document.get(field).and_then(|party| party["type"].as_str());
    let kind = kind.and_then(CompanyEntity::exact).unwrap_or(usual);
    Some((kind, id.to_owned()))
}

/// How a line counts on an account: in its own currency if the document is in it, else in that of the company.
pub fn in_currency_of(
    world: &CompanyWorld,
    account: Option<&Map<String, Value>>,
    entry: &LedgerEntry,
    line: &LedgerLine,
) -> Decimal {
    let home = world.company.home();
    let theirs = account
        .and_then(|account| text_of(account, "CurrencyRef"))
        .unwrap_or(home);
    if theirs == entry.currency && theirs != home {
        line.amount
    } else {
        line.home
    }
}

/// What one account is in a report: an asset or an expense grows by debits, everything else by credits.
pub fn grows_by_debit(account: &Map<String, Value>) -> bool {
    matches!(
        text_of(account, "Classification"),
        Some("Asset" | "Expense") | None
    )
}

/// Whether what stands on an account is carried from one year into the next.
pub fn is_carried(account: &Map<String, Value>) -> bool {
    !matches!(
        text_of(account, "Classification"),
        Some("Revenue" | "Expense")
    )
}

/// An entry while it is being put together.
struct LedgerBooking {
    home: String,
    rate: Decimal,
    party: Option<LedgerParty>,
    lines: Vec<LedgerLine>,
    /// Where a difference of the rates of exchange goes, if it may be one.
    differs: bool,
}

impl LedgerBooking {
    fn new(
        world: &CompanyWorld,
        document: &Map<String, Value>,
        party: Option<LedgerParty>,
    ) -> LedgerBooking {
        LedgerBooking {
            home: world.company.home().to_owned(),
            rate: rate_of(document),
            party,
            lines: Vec::new(),
            differs: false,
        }
    }

    fn at_rate(&self, amount: Decimal) -> Decimal {
        rounded(amount * self.rate, &self.home)
    }

    fn put(&mut self, account: &str, amount: Decimal, memo: &str) -> &mut LedgerLine {
        let line = LedgerLine {
            account: account.to_owned(),
            party: self.party.clone(),
            memo: memo.to_owned(),
            amount,
            home: self.at_rate(amount),
            tax: None,
        };
        self.lines.push(line);
        let last = self.lines.len() - 1;
        &mut self.lines[last]
    }

    /// Lays what is missing on the largest line after the first, or what the rates differ by on the account for that.
    fn balanced(mut self, chart: &LedgerChart) -> Vec<LedgerLine> {
        let off: Decimal = self.lines.iter().map(|line| line.amount).sum();
        if !off.is_zero() && self.lines.len() < 2 {
            self.put(&chart.income, Decimal::ZERO, "");
        }
        let largest = |lines: &[LedgerLine]| {
            // Tax is what it is said to be.
            let rest = lines.iter().enumerate().skip(1);
            let rank = |place: usize, line: &LedgerLine| {
                let size = (line.amount.abs(), std::cmp::Reverse(place));
                (line.tax.is_none(), size)
            };
            rest.max_by_key(|(place, line)| rank(*place, line))
                .map(|(place, _)| place)
        };
        if !off.is_zero()
            && let Some(place) = largest(&self.lines)
        {
            let amount = self.lines[place].amount - off;
            self.lines[place].amount = amount;
            self.lines[place].home = self.at_rate(amount);
        }
        let off: Decimal = self.lines.iter().map(|line| line.home).sum();
        if off.is_zero() {
            return self.lines;
        }
        if self.differs {
            let line = self.put(&chart.exchange, Decimal::ZERO, "Exchange gain or loss");
            line.home = -off;
        } else if let Some(place) = largest(&self.lines) {
            self.lines[place].home -= off;
        }
        self.lines
    }
}

/// How much of the company's currency one unit of the document's is.
fn rate_of(document: &Map<String, Value>) -> Decimal {
    document
        .get("ExchangeRate")
        .and_then(decimal)
        .unwrap_or(Decimal::ONE)
}

fn lines_of(document: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    let lines = document.get("Line").and_then(Value::as_array);
    lines.into_iter().flatten().filter_map(Value::as_object)
}

fn said<'a>(document: &'a Map<String, Value>, field: &str) -> &'a str {
    text_of(document, field).unwrap_or_default()
}

/// The tax of a document, one line for each rate; `sign` is 1 where it is owed less, -1 where it is owed more.
fn book_tax(
    world: &CompanyWorld,
    chart: &LedgerChart,
    document: &Map<String, Value>,
    sign: Decimal,
    on_sales: bool,
    booking: &mut LedgerBooking,
) {
    let Some(detail) = document.get("TxnTaxDetail").and_then(Value::as_object) else {
        return;
    };
    let mut left = amount_of(detail, "TotalTax");
    let lines = detail.get("TaxLine").and_then(Value::as_array);
    for line in lines.into_iter().flatten().filter_map(Value::as_object) {
        let amount = amount_of(line, "Amount");
        let of_rate = line.get("TaxLineDetail").and_then(Value::as_object);
        let rate = of_rate.and_then(|detail| text_of(detail, "TaxRateRef"));
        let net = of_rate.map_or(Decimal::ZERO, |detail| {
            amount_of(detail, "NetAmountTaxable")
        });
        let account = chart.tax_of(world, rate).to_owned();
        booking.put(&account, sign * amount, "").tax = Some(LedgerTax {
            rate: rate.map(str::to_owned),
            net: -sign * net,
            on_sales,
        });
        left -= amount;
    }
    if !left.is_zero() {
        let account = chart.tax_of(world, None).to_owned();
        booking.put(&account, sign * left, "").tax = Some(LedgerTax {
            rate: None,
            net: Decimal::ZERO,
            on_sales,
        });
    }
}
