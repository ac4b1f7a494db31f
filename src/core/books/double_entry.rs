//! Double entry: a document as it stands in the books becomes debits and credits, for a program that is not the ledger.
//!
//! It is worked out from what we remember of the document and from nothing that the ledger says, so that somebody else's arithmetic can
//! look over ours. The accounts are those that documents and configuration name; what a ledger calls its receivables, and to which
//! income account an item of its own belongs, is not known here. Pure. Nothing here writes a file or knows how a program spells names.

use std::collections::BTreeMap;

use crate::model::document::{Document, DocumentKind, Line, LineKind};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::rules::Rules;

/// The five kinds of account that every program of double entry knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountRoot {
    Assets,
    Liabilities,
    Equity,
    Income,
    Expenses,
}

impl AccountRoot {
    pub const fn as_str(self) -> &'static str {
        match self {
            AccountRoot::Assets => "Assets",
            AccountRoot::Liabilities => "Liabilities",
            AccountRoot::Equity => "Equity",
            AccountRoot::Income => "Income",
            AccountRoot::Expenses => "Expenses",
        }
    }
}

/// An account: its kind, and its name from the general to the particular, as people wrote it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AccountPath {
    pub root: AccountRoot,
    pub names: Vec<String>,
}

impl AccountPath {
    fn new<const N: usize>(root: AccountRoot, names: [&str; N]) -> AccountPath {
        let names = names.map(str::to_owned).to_vec();
        AccountPath { root, names }
    }

    /// An account of the ledger by its name, in which a colon stands before a sub-account.
    fn of_ledger(root: AccountRoot, name: &str) -> AccountPath {
        let names = name.split(':').map(|part| part.trim().to_owned()).collect();
        AccountPath { root, names }
    }
}

/// One side of an entry: what an account gains by a debit, or loses by a credit, which is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    pub account: AccountPath,
    pub amount: Money,
}

/// What is owed by customers.
const RECEIVABLE: &str = "Accounts receivable";
/// What a ledger calls what is owed to vendors.
const PAYABLE: &str = "Accounts payable";
/// Where a ledger puts money of which nobody has said where it goes.
const UNDEPOSITED: &str = "Undeposited Funds";
const SALES_TAX: &str = "Sales tax";
/// Of a document that was found in the books, and of which only the figures are known.
const NOT_REMEMBERED: &str = "Not remembered";
/// Tax that no rate was stated for.
pub const NO_RATE: &str = "Not split by rate";

/// The postings of a document, which add up to nothing: the account of the money first, the others by their names.
///
/// Whatever the lines do not explain of the total is a posting of its own, `Equity:Unexplained`, and never hidden in another one.
pub fn postings(posted: &Posted, rules: &Rules) -> Vec<Posting> {
    let document = posted.document.as_ref();
    let kind = posted.kind;
    let money = Posting {
        account: money_account(kind, document),
        amount: if is_incoming(kind) {
            posted.total
        } else {
            -posted.total
        },
    };
    let mut others: BTreeMap<AccountPath, Money> = BTreeMap::new();
    let mut add = |account, amount: Money| *others.entry(account).or_default() += amount;
    if kind == DocumentKind::Payment {
        add(receivable(), -posted.total);
    } else if kind == DocumentKind::BillPayment {
        add(payable(), posted.total);
    } else {
        for (rate, tax) in tax_by_rate(posted) {
            let account = AccountPath::new(AccountRoot::Liabilities, [SALES_TAX, &rate]);
            add(account, against(kind, tax));
        }
        match document.filter(|document| !document.lines.is_empty()) {
            Some(document) => {
                for line in &document.lines {
                    add(line_account(line, rules), against(kind, line.amount));
                }
            }
            None => add(
                AccountPath::new(root_of_lines(kind), [NOT_REMEMBERED]),
                against(kind, posted.total - posted.tax_total),
            ),
        }
    }
    let rest = -(money.amount + others.values().copied().sum());
    if !rest.is_zero() {
        let account = AccountPath::new(AccountRoot::Equity, ["Unexplained"]);
        *others.entry(account).or_default() += rest;
    }
    let others = others
        .into_iter()
        .filter(|(_, amount)| !amount.is_zero())
        .map(|(account, amount)| Posting { account, amount });
    std::iter::once(money).chain(others).collect()
}

/// The tax of a document by rate, and what is not split by rate, under a name of its own; it adds up to the document's tax.
pub fn tax_by_rate(posted: &Posted) -> BTreeMap<String, Money> {
    let mut rates: BTreeMap<String, Money> = BTreeMap::new();
    let document = posted.document.as_ref();
    for tax in document.iter().flat_map(|document| &document.tax) {
        *rates.entry(tax.rate.clone()).or_default() += tax.amount;
    }
    let rest = posted.tax_total - rates.values().copied().sum();
    if !rest.is_zero() {
        let code = document.and_then(|document| document.document_tax_code.clone());
        *rates
            .entry(code.unwrap_or_else(|| NO_RATE.to_owned()))
            .or_default() += rest;
    }
    rates
}

/// Money comes in, or is owed to us.
fn is_incoming(kind: DocumentKind) -> bool {
    match kind {
        DocumentKind::SalesReceipt
        | DocumentKind::Invoice
        | DocumentKind::Payment
        | DocumentKind::VendorCredit
        | DocumentKind::Deposit => true,
        DocumentKind::RefundReceipt
        | DocumentKind::CreditMemo
        | DocumentKind::Purchase
        | DocumentKind::Bill
        | DocumentKind::BillPayment
        | DocumentKind::Transfer => false,
    }
}

/// The side that stands against the money.
fn against(kind: DocumentKind, amount: Money) -> Money {
    if is_incoming(kind) { -amount } else { amount }
}

fn receivable() -> AccountPath {
    AccountPath::new(AccountRoot::Assets, [RECEIVABLE])
}

fn payable() -> AccountPath {
    AccountPath::new(AccountRoot::Liabilities, [PAYABLE])
}

/// Where the money of a document comes in or goes out.
pub fn money_account(kind: DocumentKind, document: Option<&Document>) -> AccountPath {
    match kind {
        DocumentKind::Invoice | DocumentKind::CreditMemo => receivable(),
        DocumentKind::Bill | DocumentKind::VendorCredit => payable(),
        DocumentKind::SalesReceipt
        | DocumentKind::Payment
        | DocumentKind::RefundReceipt
        | DocumentKind::Purchase
        | DocumentKind::Transfer
        | DocumentKind::BillPayment
        | DocumentKind::Deposit => match document {
            None => AccountPath::new(AccountRoot::Assets, [NOT_REMEMBERED]),
            Some(document) => AccountPath::of_ledger(
                AccountRoot::Assets,
                document.account.as_deref().unwrap_or(UNDEPOSITED),
            ),
        },
    }
}

fn root_of_lines(kind: DocumentKind) -> AccountRoot {
    match kind {
        DocumentKind::Purchase | DocumentKind::Bill | DocumentKind::VendorCredit => {
            AccountRoot::Expenses
        }
        DocumentKind::Transfer => AccountRoot::Assets,
        _ => AccountRoot::Income,
    }
}

/// Goods are sub-accounts of the account that their sales are booked to; the keys of `[books.items]` stand beside it, by the name of the item.
fn line_account(line: &Line, rules: &Rules) -> AccountPath {
    let key = line.item.0.as_str();
    match line.kind {
        LineKind::GatewayFee => return AccountPath::of_ledger(AccountRoot::Expenses, key),
        LineKind::Transfer => return AccountPath::of_ledger(AccountRoot::Assets, key),
        LineKind::PayoutShare => {
            // What is held back is still the company's.
            let root = match rules.payouts.reserves.as_deref() == Some(key) {
                true => AccountRoot::Assets,
                false => AccountRoot::Expenses,
            };
            return AccountPath::of_ledger(root, key);
        }
        _ => {}
    }
    if let Some(goods) = key
        .strip_prefix("sku:")
        .or_else(|| key.strip_prefix("name:"))
    {
        let mut account = AccountPath::of_ledger(AccountRoot::Income, &rules.income_account);
        account.names.push(goods.to_owned());
        return account;
    }
    let key = key.strip_prefix("fallback:").unwrap_or(key);
    let name = rules.items.get(key).map_or(key, String::as_str);
    AccountPath::new(AccountRoot::Income, [name])
}
