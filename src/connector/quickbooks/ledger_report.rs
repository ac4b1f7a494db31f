//! The general ledger as a report: what was entered in some accounts, whoever did it.
//!
//! Documents do not say which account is owed or how tax was booked, and nothing can be asked by account, so this is a report, with a
//! report's manners: sections inside of sections, sums among the rows, more cells than columns, line ends in a note, amounts signed by what
//! they do to the balance, and an end in the middle where it would grow too long. A report that was cut is asked for again in halves;
//! it is never taken as whole.

use chrono::{Days, NaiveDate};
use serde::Deserialize;

use crate::connector::port::Period;
use crate::model::fault::{Fault, Remedy};
use crate::model::money::Money;
use crate::model::statement::AccountEntry;

use super::client::{BooksClient, escaped};
use super::facts::FactsOfCompany;
use super::faults;

const REPORT: &str = "GeneralLedger";

/// What the last row of a report begins with that was cut.
const CUT: &str = "Unable to display more data";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Report {
    #[serde(default)]
    header: ReportHeader,
    columns: Option<ReportColumnsAnswer>,
    rows: Option<ReportRows>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ReportHeader {
    start_period: Option<String>,
    end_period: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReportColumnsAnswer {
    #[serde(default)]
    column: Vec<ReportColumn>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReportColumn {
    col_type: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReportRows {
    #[serde(default)]
    row: Vec<ReportRow>,
}

/// A line, or a section with a head, lines and a sum, which is not added again.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReportRow {
    header: Option<ReportCells>,
    rows: Option<ReportRows>,
    col_data: Option<Vec<ReportCell>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ReportCells {
    #[serde(default)]
    col_data: Vec<ReportCell>,
}

#[derive(Deserialize)]
struct ReportCell {
    #[serde(default)]
    value: String,
    id: Option<String>,
}

/// Where in a row each thing stands.
struct CellPlaces {
    date: usize,
    kind: usize,
    number: Option<usize>,
    memo: Option<usize>,
    other: Option<usize>,
    amount: usize,
}

/// What was entered in these accounts, by their ids.
pub async fn entries(
    client: &BooksClient,
    facts: &FactsOfCompany,
    period: Period,
    accounts: &[String],
) -> Result<Vec<AccountEntry>, Fault> {
    let mut entries = Vec::new();
    if accounts.is_empty() {
        return Ok(entries);
    }
    let mut left = vec![period];
    while let Some(period) = left.pop() {
        let text = client.get(&path(period, accounts)).await?;
        let report: Report = serde_json::from_str(&text).map_err(|_| faults::unreadable(REPORT))?;
        match read(&report, facts, period) {
            Ok(Some(read)) => entries.extend(read),
            Ok(None) => {
                let (first, second) = halves(period).ok_or_else(too_long)?;
                left.extend([second, first]);
            }
            Err(()) => return Err(faults::unreadable(REPORT)),
        }
    }
    Ok(entries)
}

fn path(period: Period, accounts: &[String]) -> String {
    let (first, last) = (period.first(), period.last());
    let accounts = escaped(&accounts.join(","));
    let columns =
        escaped("tx_date,txn_type,doc_num,memo,split_acc,subt_nat_amount,subt_nat_home_amount");
    format!(
        "reports/{REPORT}?account={accounts}&start_date={first}&end_date={last}&accounting_method=Accrual&columns={columns}"
    )
}

fn halves(period: Period) -> Option<(Period, Period)> {
    let days = (period.last() - period.first()).num_days();
    let middle = period.first() + Days::new(u64::try_from(days / 2).ok()?);
    let second = middle.succ_opt()?;
    (days > 0).then_some(())?;
    Some((
        Period::new(period.first(), middle)?,
        Period::new(second, period.last())?,
    ))
}

fn too_long() -> Fault {
    Fault::new(
        Remedy::Stop,
        "report_too_long",
        "QuickBooks cuts its general ledger off even for a single day",
    )
    .hint("prove a shorter time with `--from` and `--until`, or look at that day in QuickBooks")
}

/// The entries of a report; `None` where it was cut.
fn read(
    report: &Report,
    facts: &FactsOfCompany,
    period: Period,
) -> Result<Option<Vec<AccountEntry>>, ()> {
    // It may answer about other days than it was asked for.
    let says = |said: &Option<String>, day: NaiveDate| {
        said.as_ref().is_none_or(|said| *said == day.to_string())
    };
    let header = &report.header;
    if !says(&header.start_period, period.first()) || !says(&header.end_period, period.last()) {
        return Err(());
    }
    let mut reading = LedgerReading {
        facts,
        places: None,
        entries: Vec::new(),
        is_cut: false,
    };
    let empty = ReportRows::default();
    let rows = report.rows.as_ref().unwrap_or(&empty);
    if !rows.row.is_empty() {
        reading.places = Some(places(report).ok_or(())?);
    }
    reading.rows(rows, None)?;
    Ok((!reading.is_cut).then_some(reading.entries))
}

fn places(report: &Report) -> Option<CellPlaces> {
    let columns = &report.columns.as_ref()?.column;
    let place = |names: &[&str]| {
        let named = |column: &ReportColumn| {
            let kind = column.col_type.as_deref().unwrap_or_default();
            names.contains(&kind)
        };
        columns.iter().position(named)
    };
    Some(CellPlaces {
        date: place(&["tx_date"])?,
        kind: place(&["txn_type"])?,
        number: place(&["doc_num"]),
        memo: place(&["memo"]),
        other: place(&["split_acc"]),
        // Which of the two it is depends on whether the company keeps several currencies.
        amount: place(&["subt_nat_amount", "subt_nat_home_amount"])?,
    })
}

struct LedgerReading<'a> {
    facts: &'a FactsOfCompany,
    places: Option<CellPlaces>,
    entries: Vec<AccountEntry>,
    is_cut: bool,
}

/// An account, and whether a debit makes its balance larger.
#[derive(Clone, Copy)]
struct LedgerAccount<'a> {
    name: &'a str,
    grows_by_debit: bool,
}

impl LedgerReading<'_> {
    fn rows(&mut self, rows: &ReportRows, account: Option<LedgerAccount<'_>>) -> Result<(), ()> {
        for row in &rows.row {
            if let Some(below) = &row.rows {
                let head = row.header.as_ref().and_then(|head| head.col_data.first());
                let id = head.and_then(|cell| cell.id.clone()).unwrap_or_default();
                let facts = self.facts;
                let named = facts.company.account_name(&id);
                let inner = named.map(|name| LedgerAccount {
                    name,
                    grows_by_debit: grows_by_debit(facts, name),
                });
                self.rows(below, inner.or(account))?;
            } else if let Some(cells) = &row.col_data {
                self.line(cells, account)?;
            }
        }
        Ok(())
    }

    fn line(&mut self, cells: &[ReportCell], account: Option<LedgerAccount<'_>>) -> Result<(), ()> {
        if cells
            .first()
            .is_some_and(|cell| cell.value.starts_with(CUT))
        {
            self.is_cut = true;
            return Ok(());
        }
        let places = self.places.as_ref().ok_or(())?;
        let kind = cells.get(places.kind).ok_or(())?;
        // What stood there before the period is no entry.
        let Some(id) = kind.id.as_ref().filter(|id| !id.is_empty()) else {
            return Ok(());
        };
        let account = account.ok_or(())?;
        let said = |place: Option<usize>| {
            let cell = place.and_then(|place| cells.get(place));
            cell.map(|cell| cell.value.clone()).unwrap_or_default()
        };
        let amount: Money = said(Some(places.amount)).parse().map_err(|_| ())?;
        self.entries.push(AccountEntry {
            date: said(Some(places.date)).parse().map_err(|_| ())?,
            kind: kind_of(&kind.value),
            id: id.clone(),
            number: said(places.number),
            account: account.name.to_owned(),
            amount: if account.grows_by_debit {
                amount
            } else {
                -amount
            },
            other: said(places.other),
            memo: said(places.memo),
        });
        Ok(())
    }
}

fn grows_by_debit(facts: &FactsOfCompany, name: &str) -> bool {
    let kind = facts
        .company
        .accounts
        .get(name)
        .map_or("", |account| &account.kind);
    let by_credit = [
        "Accounts Payable",
        "Credit Card",
        "Long Term Liability",
        "Other Current Liability",
        "Equity",
        "Income",
        "Other Income",
    ];
    !by_credit.contains(&kind)
}

/// The report's word for what made an entry, as the documents are called elsewhere.
fn kind_of(word: &str) -> String {
    match word {
        "Refund" => "RefundReceipt".to_owned(),
        "Expense" | "Cash Expense" | "Check" | "Credit Card Expense" | "Credit Card Credit" => {
            "Purchase".to_owned()
        }
        word if word.starts_with("Bill Payment") => "BillPayment".to_owned(),
        word => word.split_whitespace().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_halved_until_it_is_one_day() {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
        let month = Period::new(day(1), day(30)).expect("a period");
        let (first, second) = halves(month).expect("two halves");
        assert_eq!((first.first(), first.last()), (day(1), day(15)));
        assert_eq!((second.first(), second.last()), (day(16), day(30)));
        let two = Period::new(day(1), day(2)).expect("a period");
        let (first, second) = halves(two).expect("two halves");
        assert_eq!((first.last(), second.first()), (day(1), day(2)));
        assert_eq!(halves(Period::new(day(1), day(1)).expect("a period")), None);
    }

    #[test]
    fn the_words_of_the_report_are_those_of_the_documents() {
        for (word, kind) in [
            ("Sales Receipt", "SalesReceipt"),
            ("Refund", "RefundReceipt"),
            ("Cash Expense", "Purchase"),
            ("Bill Payment (Check)", "BillPayment"),
            ("Journal Entry", "JournalEntry"),
            ("Deposit", "Deposit"),
        ] {
            assert_eq!(kind_of(word), kind);
        }
    }
}
