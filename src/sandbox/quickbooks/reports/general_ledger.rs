//! GeneralLedger: a section for each account, sub-accounts inside the account above them.
//!
//! Amounts are signed by what they do to the balance, not by debit and credit. Rows may have more cells than there are columns.

use super::super::entity::CompanyEntity;
use super::super::fault::CompanyDone;
use super::super::figures::text_of;
use super::super::ledger::{self, LedgerEntry, LedgerLine};
use super::super::world::CompanyWorld;
use super::ReportQuestion;
use super::page::{ReportPage, ReportSection, linked, short_money, text};
use super::transactions::{account_name, cleared, number_of, party_name, signed, split, word_of};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The columns in the order in which they come; `true`: without being asked.
const COLUMNS: &[(&str, &str, bool)] = &[
    ("account_name", "Account", false),
    ("tx_date", "Date", true),
    ("txn_type", "Transaction Type", true),
    ("doc_num", "Num", true),
    ("name", "Name", true),
    ("memo", "Memo/Description", true),
    ("split_acc", "Split", true),
    ("is_cleared", "Clr", false),
    ("currency", "Currency", false),
    ("exch_rate", "Exchange Rate", false),
    ("nat_foreign_amount", "Foreign Amount", false),
    ("debt_amt", "Debit", false),
    ("credit_amt", "Credit", false),
    ("subt_nat_amount", "Amount", true),
    ("rbal_nat_amount", "Balance", true),
];

struct FoundLine<'a> {
    entry: &'a LedgerEntry<'a>,
    place: usize,
    line: &'a LedgerLine,
}

pub fn write(asked: &ReportQuestion) -> CompanyDone<Value> {
    let world = asked.world;
    let mut page = asked.page("GeneralLedger", true);
    let wanted = asked.list("columns");
    let in_home = world.company.multicurrency && world.reports.home_columns;
    let mut columns = Vec::new();
    for (kind, title, usual) in COLUMNS {
        let asked_for = |wanted: &Vec<&str>| {
            // Under either name: which one is right depends on the company.
            let home = home_name(kind);
            wanted.iter().any(|one| *one == *kind || *one == home)
        };
        if wanted.as_ref().map_or(*usual, asked_for) {
            let shown = if in_home { home_name(kind) } else { kind };
            page.column(shown, title);
            columns.push(*kind);
        }
    }
    let only = asked.list("account");
    let kinds = asked
        .list("account_type")
        .or(asked.list("source_account_type"));
    let customers = asked.list("customer");
    let entries = ledger::entries(world);
    let mut found: BTreeMap<&str, (Decimal, Vec<FoundLine>)> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.day <= asked.span.to) {
        for (place, line) in entry.lines.iter().enumerate() {
            if let Some(ids) = &customers
                && !line.party.as_ref().is_some_and(|(kind, id)| {
                    *kind == CompanyEntity::Customer && ids.contains(&id.as_str())
                })
            {
                continue;
            }
            let (before, inside) = found.entry(&line.account).or_default();
            if asked.span.holds(entry.day) {
                inside.push(FoundLine { entry, place, line });
            } else {
                *before += signed(world, &line.account, line.home);
            }
        }
    }
    let mut writer = AccountSections {
        world,
        columns,
        found,
        page: &mut page,
    };
    let takes = |id: &str, account: &Map<String, Value>| {
        let kind = text_of(account, "AccountType")
            .unwrap_or_default()
            .replace(' ', "");
        only.as_ref().is_none_or(|only| only.contains(&id))
            && kinds
                .as_ref()
                .is_none_or(|kinds| kinds.contains(&kind.as_str()))
    };
    let mut rows = Vec::new();
    let accounts: Vec<(&String, &Map<String, Value>)> = world
        .rows(CompanyEntity::Account)
        .map(|(id, row)| (id, row.object()))
        .collect();
    let is_shown = |id: &str| {
        accounts
            .iter()
            .any(|(one, account)| *one == id && takes(id, account))
    };
    for (id, account) in &accounts {
        // Below another one that is shown it stands there.
        let above = text_of(account, "ParentRef").filter(|above| is_shown(above));
        if takes(id, account) && above.is_none() {
            writer.account(&mut rows, &accounts, id, account, &takes);
        }
    }
    Ok(page.finish(rows))
}

/// What a column of amounts is called where there are several currencies.
fn home_name(kind: &'static str) -> &'static str {
    match kind {
        "subt_nat_amount" => "subt_nat_home_amount",
        "rbal_nat_amount" => "rbal_nat_home_amount",
        "debt_amt" => "debt_home_amt",
        "credit_amt" => "credit_home_amt",
        other => other,
    }
}

struct AccountSections<'a, 'p> {
    world: &'a CompanyWorld,
    columns: Vec<&'static str>,
    found: BTreeMap<&'a str, (Decimal, Vec<FoundLine<'a>>)>,
    page: &'p mut ReportPage,
}

impl<'a> AccountSections<'a, '_> {
    /// Writes an account and what stands below it; answers with what moved there.
    fn account(
        &mut self,
        rows: &mut Vec<Value>,
        accounts: &[(&'a String, &'a Map<String, Value>)],
        id: &str,
        account: &Map<String, Value>,
        takes: &dyn Fn(&str, &Map<String, Value>) -> bool,
    ) -> Decimal {
        let name = text_of(account, "Name").unwrap_or_default();
        let mut own = Vec::new();
        let mut moved = self.lines(&mut own, id, account);
        let has_own = !own.is_empty();
        let mut below = Vec::new();
        for (child, object) in accounts {
            if text_of(object, "ParentRef") == Some(id) && takes(child, object) {
                moved += self.account(&mut below, accounts, child, object, takes);
            }
        }
        if !has_own && below.is_empty() {
            return Decimal::ZERO;
        }
        let nested = !below.is_empty();
        own.append(&mut below);
        let total = if nested {
            format!("Total for {name} with sub-accounts")
        } else {
            format!("Total for {name}")
        };
        let sum = self.summary(&total, moved);
        let section = ReportSection {
            head: vec![linked(name, id)],
            rows: own,
            sum,
            group: None,
        };
        self.page.section(rows, section);
        moved
    }

    fn lines(&mut self, rows: &mut Vec<Value>, id: &str, account: &Map<String, Value>) -> Decimal {
        let Some((before, found)) = self.found.remove(id) else {
            return Decimal::ZERO;
        };
        let carried = ledger::is_carried(account);
        if found.is_empty() && (before.is_zero() || !carried) {
            return Decimal::ZERO;
        }
        let mut balance = if carried { before } else { Decimal::ZERO };
        if carried {
            let mut cells = self.summary("Beginning Balance", Decimal::ZERO);
            for (cell, column) in cells.iter_mut().zip(&self.columns).skip(1) {
                *cell = match *column {
                    "rbal_nat_amount" => short_money(balance),
                    _ => text(""),
                };
            }
            self.page.row(rows, cells);
        }
        let mut moved = Decimal::ZERO;
        for one in found {
            let amount = signed(self.world, id, one.line.home);
            balance += amount;
            moved += amount;
            let mut cells: Vec<Value> = self
                .columns
                .iter()
                .map(|column| self.cell(column, &one, amount, balance))
                .collect();
            cells.extend((0..self.world.reports.extra_cells).map(|_| text("")));
            self.page.row(rows, cells);
        }
        moved
    }

    fn summary(&self, said: &str, amount: Decimal) -> Vec<Value> {
        let mut cells: Vec<Value> = self
            .columns
            .iter()
            .map(|column| match *column {
                "subt_nat_amount" => short_money(amount),
                _ => text(""),
            })
            .collect();
        match cells.first_mut() {
            Some(first) => *first = text(said),
            None => cells.push(text(said)),
        }
        cells
    }

    fn cell(&self, column: &str, one: &FoundLine, amount: Decimal, balance: Decimal) -> Value {
        let FoundLine { entry, place, line } = one;
        let world = self.world;
        let document = entry.row.object();
        let home = line.home;
        match column {
            "account_name" => linked(&account_name(world, &line.account), &line.account),
            "tx_date" => text(&entry.day.to_string()),
            "txn_type" => linked(word_of(entry), entry.id),
            "doc_num" => text(number_of(entry)),
            "name" => {
                let id = line.party.as_ref().map_or("", |(_, id)| id);
                linked(&party_name(world, line.party.as_ref()), id)
            }
            "memo" => text(&line.memo),
            "split_acc" => split(world, entry, *place),
            "is_cleared" => text(&cleared(world, entry, Some(&line.account))),
            "currency" => text(entry.currency),
            "exch_rate" => {
                let rate = document.get("ExchangeRate").map(Value::to_string);
                text(&rate.unwrap_or_else(|| "1".to_owned()))
            }
            "nat_foreign_amount" => short_money(signed(world, &line.account, line.amount)),
            "debt_amt" if home > Decimal::ZERO => short_money(home),
            "credit_amt" if home < Decimal::ZERO => short_money(-home),
            "debt_amt" | "credit_amt" => text(""),
            "rbal_nat_amount" => short_money(balance),
            _ => short_money(amount),
        }
    }
}
