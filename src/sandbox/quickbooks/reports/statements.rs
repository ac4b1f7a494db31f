//! ProfitAndLoss and BalanceSheet: control totals, in sections inside sections.

use super::super::entity::CompanyEntity;
use super::super::fault::CompanyDone;
use super::super::figures::text_of;
use super::super::ledger;
use super::ReportQuestion;
use super::page::{ReportPage, ReportSection, linked, money, text};
use super::span::first_of_year;
use super::trial_balance::{RETAINED, balances};
use rust_decimal::Decimal;
use serde_json::Value;
use std::collections::BTreeMap;

/// The sections of what was earned, and what sign they have in the profit.
const EARNED: &[(&str, &str, &str, bool)] = &[
    ("Income", "Income", "Income", true),
    ("Cost of Goods Sold", "Cost of Goods Sold", "COGS", false),
    ("Expense", "Expenses", "Expenses", false),
    ("Other Income", "Other Income", "OtherIncome", true),
    ("Other Expense", "Other Expenses", "OtherExpenses", false),
];

pub fn profit_and_loss(asked: &ReportQuestion) -> CompanyDone<Value> {
    let world = asked.world;
    let mut page = asked.page("ProfitAndLoss", true);
    page.column("Account", "");
    page.column("Money", "Total");
    let mut moved: BTreeMap<String, Decimal> = BTreeMap::new();
    for entry in ledger::entries(world)
        .iter()
        .filter(|entry| asked.span.holds(entry.day))
    {
        for line in &entry.lines {
            *moved.entry(line.account.clone()).or_default() += line.home;
        }
    }
    let mut rows = Vec::new();
    let mut profit = Decimal::ZERO;
    for (kind, title, group, earns) in EARNED {
        let total = section(asked, &mut page, &mut rows, &moved, &[kind], title, group);
        profit += if *earns { total } else { -total };
    }
    if !rows.is_empty() {
        sum(&page, &mut rows, "Net Income", "NetIncome", profit);
    }
    Ok(page.finish(rows))
}

const ASSETS: &[&str] = &[
    "Bank",
    "Accounts Receivable",
    "Other Current Asset",
    "Fixed Asset",
    "Other Asset",
];
const LIABILITIES: &[&str] = &[
    "Accounts Payable",
    "Credit Card",
    "Other Current Liability",
    "Long Term Liability",
];

pub fn balance_sheet(asked: &ReportQuestion) -> CompanyDone<Value> {
    let mut page = asked.page("BalanceSheet", true);
    page.column("Account", "");
    page.column("Money", "Total");
    let to = asked.span.to;
    let (balances, retained) = balances(asked.world, first_of_year(to), to);
    let profit: Decimal = balances
        .iter()
        .filter(|(id, _)| {
            let account = asked.world.object(CompanyEntity::Account, id);
            account.is_some_and(|account| !ledger::is_carried(account))
        })
        .map(|(_, debit)| -*debit)
        .sum();
    let mut rows = Vec::new();
    section(
        asked,
        &mut page,
        &mut rows,
        &balances,
        ASSETS,
        "ASSETS",
        "TotalAssets",
    );
    let mut inside = Vec::new();
    let owed = section(
        asked,
        &mut page,
        &mut inside,
        &balances,
        LIABILITIES,
        "Liabilities",
        "Liabilities",
    );
    let mut equity = Vec::new();
    let own = section(
        asked,
        &mut page,
        &mut equity,
        &balances,
        &["Equity"],
        "Owner's Equity",
        "Equity",
    );
    page.row(&mut equity, vec![text(RETAINED), money(-retained)]);
    page.row(&mut equity, vec![text("Net Income"), money(profit)]);
    let own = own - retained + profit;
    page.section(
        &mut inside,
        ReportSection {
            head: vec![text("Equity"), text("")],
            rows: equity,
            sum: vec![text("Total Equity"), money(own)],
            group: Some("Equity"),
        },
    );
    page.section(
        &mut rows,
        ReportSection {
            head: vec![text("LIABILITIES AND EQUITY"), text("")],
            rows: inside,
            sum: vec![text("TOTAL LIABILITIES AND EQUITY"), money(owed + own)],
            group: Some("TotalLiabilitiesAndEquity"),
        },
    );
    Ok(page.finish(rows))
}

/// A section of the accounts of some types; answers with what they come to.
fn section(
    asked: &ReportQuestion,
    page: &mut ReportPage,
    rows: &mut Vec<Value>,
    debits: &BTreeMap<String, Decimal>,
    kinds: &[&str],
    title: &str,
    group: &'static str,
) -> Decimal {
    let mut inside = Vec::new();
    let mut total = Decimal::ZERO;
    for (id, row) in asked.world.rows(CompanyEntity::Account) {
        let account = row.object();
        let debit = debits.get(id).copied().unwrap_or_default();
        if debit.is_zero() || !kinds.contains(&text_of(account, "AccountType").unwrap_or_default())
        {
            continue;
        }
        let amount = if ledger::grows_by_debit(account) {
            debit
        } else {
            -debit
        };
        total += amount;
        let name = text_of(account, "Name").unwrap_or_default();
        page.row(&mut inside, vec![linked(name, id), money(amount)]);
    }
    if !inside.is_empty() {
        page.section(
            rows,
            ReportSection {
                head: vec![text(title), text("")],
                rows: inside,
                sum: vec![text(&format!("Total {title}")), money(total)],
                group: Some(group),
            },
        );
    }
    total
}

fn sum(
    page: &ReportPage,
    rows: &mut Vec<Value>,
    title: &str,
    group: &'static str,
    amount: Decimal,
) {
    page.section(
        rows,
        ReportSection {
            head: Vec::new(),
            rows: Vec::new(),
            sum: vec![text(title), money(amount)],
            group: Some(group),
        },
    );
}
