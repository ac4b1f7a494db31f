//! TransactionList: a row for each document of the period, and what the bank says of it as a filter.
//!
//! Amounts are in the company's currency, signed by what they do to the balance of the account that the row names.

use super::super::bank::{self, BankState};
use super::super::entity::CompanyEntity;
use super::super::fault::{CompanyDone, CompanyFault};
use super::super::figures::text_of;
use super::super::ledger::{self, LedgerEntry, LedgerParty};
use super::super::links;
use super::super::world::CompanyWorld;
use super::ReportQuestion;
use super::page::{ReportSection, linked, money, text};
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The columns in the order in which they come, whatever the order in which they were asked for; `true`: without being asked.
const COLUMNS: &[(&str, &str, bool)] = &[
    ("tx_date", "Date", true),
    ("txn_type", "Transaction Type", true),
    ("doc_num", "Num", true),
    ("is_no_post", "Posting", true),
    ("name", "Name", true),
    ("pmt_mthd", "Payment Method", false),
    ("due_date", "Due Date", false),
    ("create_date", "Create Date", false),
    ("last_mod_date", "Last Modified", false),
    ("memo", "Memo/Description", true),
    ("account_name", "Account", true),
    ("other_account", "Split", true),
    ("is_cleared", "Clr", false),
    ("currency", "Currency", false),
    ("exch_rate", "Exchange Rate", false),
    ("nat_foreign_amount", "Foreign Amount", false),
    ("subt_nat_amount", "Amount", false),
    ("subt_nat_home_amount", "Amount", true),
];

pub fn write(asked: &ReportQuestion) -> CompanyDone<Value> {
    let world = asked.world;
    let mut page = asked.page("TransactionList", false);
    let wanted = asked.list("columns");
    let columns: Vec<&str> = COLUMNS
        .iter()
        .filter(|(kind, _, usual)| match &wanted {
            Some(wanted) => wanted.contains(kind),
            None => *usual,
        })
        .map(|(kind, title, _)| {
            page.column(kind, title);
            *kind
        })
        .collect();
    let filter = ListFilter::read(asked)?;
    let group = grouping(asked)?;
    let mut groups: BTreeMap<(String, String), Vec<&LedgerEntry>> = BTreeMap::new();
    let mut plain = Vec::new();
    let entries = ledger::entries(world);
    for entry in entries
        .iter()
        .filter(|entry| asked.span.holds(entry.day) && filter.takes(world, entry))
    {
        match group {
            Some(by) => groups.entry(by(world, entry)).or_default().push(entry),
            None => plain.push(entry),
        }
    }
    let mut rows = Vec::new();
    for ((name, id), entries) in groups {
        let mut section = ReportSection {
            head: vec![linked(&name, &id)],
            rows: Vec::new(),
            sum: vec![text("")],
            group: None,
        };
        let mut total = Decimal::ZERO;
        for entry in entries {
            total += amount(world, entry);
            page.row(&mut section.rows, cells(world, &columns, entry));
        }
        section.sum.resize(columns.len(), text(""));
        section.sum[0] = text(&format!("Total for {name}"));
        if let Some(last) = section.sum.last_mut() {
            *last = money(total);
        }
        page.section(&mut rows, section);
        if page.is_cut() {
            break;
        }
    }
    for entry in plain {
        page.row(&mut rows, cells(world, &columns, entry));
    }
    Ok(page.finish(rows))
}

type GroupKey = fn(&CompanyWorld, &LedgerEntry) -> (String, String);

fn grouping(asked: &ReportQuestion) -> CompanyDone<Option<GroupKey>> {
    Ok(match asked.get("group_by") {
        None | Some("None") => None,
        Some("Name" | "Customer" | "Vendor") => {
            Some(|world, entry| (party_name(world, entry.party.as_ref()), party_id(entry)))
        }
        Some("Account") => Some(|world, entry| {
            let id = account_of(entry).to_owned();
            (account_name(world, &id), id)
        }),
        Some("Transaction Type") => Some(|_, entry| (word_of(entry).to_owned(), String::new())),
        Some(other) => return Err(CompanyFault::not_here(&format!("grouping by {other}"))),
    })
}

fn cells(world: &CompanyWorld, columns: &[&str], entry: &LedgerEntry) -> Vec<Value> {
    columns
        .iter()
        .map(|column| cell(world, column, entry))
        .collect()
}

fn cell(world: &CompanyWorld, column: &str, entry: &LedgerEntry) -> Value {
    let document = entry.row.object();
    let said = |field: &str| text(text_of(document, field).unwrap_or_default());
    let stamped = |field: &str| {
        let at = document
            .get("MetaData")
            .and_then(|meta| meta[field].as_str());
        text(at.unwrap_or_default())
    };
    match column {
        "tx_date" => text(&entry.day.to_string()),
        "txn_type" => linked(word_of(entry), entry.id),
        "doc_num" => text(number_of(entry)),
        "is_no_post" => text("Yes"),
        "name" => linked(&party_name(world, entry.party.as_ref()), &party_id(entry)),
        "pmt_mthd" => text(&method_of(world, document)),
        "due_date" => said("DueDate"),
        "create_date" => stamped("CreateTime"),
        "last_mod_date" => stamped("LastUpdatedTime"),
        "memo" => said("PrivateNote"),
        "account_name" => {
            let id = account_of(entry);
            linked(&account_name(world, id), id)
        }
        "other_account" => split(world, entry, 0),
        "is_cleared" => text(&cleared(world, entry, None)),
        "currency" => text(entry.currency),
        "exch_rate" => {
            let rate = document.get("ExchangeRate").map(Value::to_string);
            text(&rate.unwrap_or_else(|| "1".to_owned()))
        }
        "nat_foreign_amount" => {
            let amount = entry
                .lines
                .first()
                .map_or(Decimal::ZERO, |line| line.amount);
            money(signed(world, account_of(entry), amount))
        }
        _ => money(amount(world, entry)),
    }
}

/// What the column of cleared marks says: nothing, where the service leaves it empty.
pub fn cleared(world: &CompanyWorld, entry: &LedgerEntry, account: Option<&str>) -> String {
    if !world.reports.is_cleared_shown {
        return String::new();
    }
    let mut marks = bank::marks_of(world, entry.entity, entry.id)
        .filter(|(of, _)| account.is_none_or(|account| *of == account))
        .map(|(_, mark)| match mark.state {
            BankState::Reconciled => "R",
            BankState::Cleared | BankState::Matched => "C",
        });
    marks.next().unwrap_or_default().to_owned()
}

fn account_of<'a>(entry: &'a LedgerEntry) -> &'a str {
    entry.lines.first().map_or("", |line| &line.account)
}

pub fn account_name(world: &CompanyWorld, id: &str) -> String {
    let account = world.object(CompanyEntity::Account, id);
    let name = account.and_then(|account| text_of(account, "FullyQualifiedName"));
    name.unwrap_or_default().to_owned()
}

/// The other end of a line: an account, or a word for several.
pub fn split(world: &CompanyWorld, entry: &LedgerEntry, place: usize) -> Value {
    let others = || {
        let lines = entry.lines.iter().enumerate();
        lines.filter(|(at, _)| *at != place).map(|(_, line)| line)
    };
    // Seen from a line of its own, a document's other end is what it is about.
    let about = (place != 0).then(|| entry.lines.first()).flatten();
    match about.or_else(|| others().next()) {
        Some(_) if place == 0 && others().count() > 1 => linked("-Split-", ""),
        Some(line) => linked(&account_name(world, &line.account), &line.account),
        None => text(""),
    }
}

fn amount(world: &CompanyWorld, entry: &LedgerEntry) -> Decimal {
    let line = entry.lines.first();
    let home = line.map_or(Decimal::ZERO, |line| line.home);
    signed(world, account_of(entry), home)
}

/// A debit as the account sees it: more of what it holds, or less.
pub fn signed(world: &CompanyWorld, account: &str, debit: Decimal) -> Decimal {
    match world.object(CompanyEntity::Account, account) {
        Some(account) if !ledger::grows_by_debit(account) => -debit,
        _ => debit,
    }
}

pub fn party_name(world: &CompanyWorld, party: Option<&LedgerParty>) -> String {
    let name = |(kind, id): &LedgerParty| {
        text_of(world.object(*kind, id)?, "DisplayName").map(str::to_owned)
    };
    party.and_then(name).unwrap_or_default()
}

fn party_id(entry: &LedgerEntry) -> String {
    let party = entry.party.as_ref();
    party.map(|(_, id)| id.clone()).unwrap_or_default()
}

pub fn number_of<'a>(entry: &'a LedgerEntry) -> &'a str {
    let document = entry.row.object();
    text_of(document, "DocNumber")
        .or_else(|| text_of(document, "PaymentRefNum").filter(|_| !entry.entity.is_sales_form()))
        .unwrap_or_default()
}

fn method_of(world: &CompanyWorld, document: &Map<String, Value>) -> String {
    let id = text_of(document, "PaymentMethodRef").unwrap_or_default();
    let method = world.object(CompanyEntity::PaymentMethod, id);
    let name = method.and_then(|method| text_of(method, "Name"));
    name.unwrap_or_default().to_owned()
}

/// What a report calls a document.
pub fn word_of(entry: &LedgerEntry) -> &'static str {
    kind_of(entry.entity, entry.row.object()).0
}

/// What a report calls a document, and what its filter calls it.
fn kind_of(entity: CompanyEntity, document: &Map<String, Value>) -> (&'static str, &'static str) {
    let is = |field: &str, word: &str| text_of(document, field) == Some(word);
    let credit = document.get("Credit") == Some(&Value::Bool(true));
    match entity {
        CompanyEntity::SalesReceipt => ("Sales Receipt", "SalesReceipt"),
        CompanyEntity::Invoice => ("Invoice", "Invoice"),
        CompanyEntity::Payment => ("Payment", "ReceivePayment"),
        CompanyEntity::RefundReceipt => ("Refund", "CreditRefund"),
        CompanyEntity::CreditMemo => ("Credit Memo", "CreditMemo"),
        CompanyEntity::Purchase if is("PaymentType", "Check") => ("Check", "Check"),
        CompanyEntity::Purchase if is("PaymentType", "CreditCard") && credit => {
            ("Credit Card Credit", "CreditCardCredit")
        }
        CompanyEntity::Purchase if is("PaymentType", "CreditCard") => {
            ("Credit Card Expense", "CreditCardCharge")
        }
        CompanyEntity::Purchase => ("Cash Expense", "CashPurchase"),
        CompanyEntity::Bill => ("Bill", "Bill"),
        CompanyEntity::VendorCredit => ("Vendor Credit", "VendorCredit"),
        CompanyEntity::BillPayment if is("PayType", "CreditCard") => {
            ("Bill Payment (Credit Card)", "BillPaymentCreditCard")
        }
        CompanyEntity::BillPayment => ("Bill Payment (Check)", "BillPaymentCheck"),
        CompanyEntity::Deposit => ("Deposit", "Deposit"),
        CompanyEntity::Transfer => ("Transfer", "Transfer"),
        _ => ("Journal Entry", "JournalEntry"),
    }
}

const KINDS: [&str; 28] = [
    "CreditCardCharge",
    "Check",
    "Invoice",
    "ReceivePayment",
    "JournalEntry",
    "Bill",
    "CreditCardCredit",
    "VendorCredit",
    "Credit",
    "BillPaymentCheck",
    "BillPaymentCreditCard",
    "Charge",
    "Transfer",
    "Deposit",
    "Statement",
    "BillableCharge",
    "TimeActivity",
    "CashPurchase",
    "SalesReceipt",
    "CreditMemo",
    "CreditRefund",
    "Estimate",
    "InventoryQuantityAdjustment",
    "PurchaseOrder",
    "GlobalTaxPayment",
    "GlobalTaxAdjustment",
    "Service Tax Refund",
    "Service Tax Reversal",
];

struct ListFilter<'a> {
    asked: &'a ReportQuestion<'a>,
    kinds: Option<Vec<&'a str>>,
    cleared: Option<&'a str>,
}

impl<'a> ListFilter<'a> {
    fn read(asked: &'a ReportQuestion<'a>) -> CompanyDone<ListFilter<'a>> {
        let kinds = asked.list("transaction_type");
        let unknown = |kind: &&&str| !KINDS.contains(*kind);
        if let Some(kind) = kinds.iter().flatten().find(unknown) {
            return Err(CompanyFault::bad_enum("transaction_type", kind));
        }
        let cleared = asked.get("cleared");
        const STATES: [&str; 4] = ["Cleared", "Uncleared", "Reconciled", "Deposited"];
        if let Some(state) = cleared.filter(|state| !STATES.contains(state)) {
            return Err(CompanyFault::bad_enum("cleared", state));
        }
        Ok(ListFilter {
            asked,
            kinds,
            cleared,
        })
    }

    fn takes(&self, world: &CompanyWorld, entry: &LedgerEntry) -> bool {
        let asked = self.asked;
        let document = entry.row.object();
        let of_kind = |kinds: &Vec<&str>| kinds.contains(&kind_of(entry.entity, document).1);
        let of_party = |name: &str, kind: CompanyEntity| {
            asked.list(name).is_none_or(|ids| {
                let party = entry.party.as_ref();
                party.is_some_and(|(of, id)| *of == kind && ids.contains(&id.as_str()))
            })
        };
        let of_type = |kind: &str| {
            let account = world.object(CompanyEntity::Account, account_of(entry));
            let own = account.and_then(|account| text_of(account, "AccountType"));
            own.is_some_and(|own| own.replace(' ', "") == kind)
        };
        self.kinds.as_ref().is_none_or(of_kind)
            && self.cleared.is_none_or(|state| stands(world, entry, state))
            && asked
                .get("docnum")
                .is_none_or(|number| number == number_of(entry))
            && asked.get("memo").is_none_or(|part| {
                let memo = text_of(document, "PrivateNote").unwrap_or_default();
                memo.to_lowercase().contains(&part.to_lowercase())
            })
            && asked
                .get("payment_method")
                .is_none_or(|name| name == method_of(world, document))
            && asked.get("source_account_type").is_none_or(of_type)
            && asked
                .get("bothamount")
                .is_none_or(|text| text.parse() == Ok(amount(world, entry).abs()))
            && of_party("customer", CompanyEntity::Customer)
            && of_party("vendor", CompanyEntity::Vendor)
    }
}

/// What the bank says of a document. One that is reconciled at one end only is found under two words.
fn stands(world: &CompanyWorld, entry: &LedgerEntry, state: &str) -> bool {
    let marked = |wanted: &[BankState]| {
        bank::marks_of(world, entry.entity, entry.id).any(|(_, mark)| wanted.contains(&mark.state))
    };
    match state {
        "Reconciled" => marked(&[BankState::Reconciled]),
        "Cleared" => marked(&[BankState::Cleared, BankState::Matched]),
        "Deposited" => links::is_in_deposit(entry.row.object()),
        _ => {
            let marked: Vec<&str> = bank::marks_of(world, entry.entity, entry.id)
                .map(|(account, _)| account)
                .collect();
            let mut lines = entry.lines.iter().map(|line| line.account.as_str());
            let main = account_of(entry);
            marked.is_empty()
                || lines.any(|account| {
                    let counts = account == main || bank::has_statements(world, account);
                    counts && !marked.contains(&account)
                })
        }
    }
}
