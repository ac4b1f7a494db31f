//! Statements: the books as a whole, all documents of a period and what stands on the accounts. Reads and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;

use crate::connector::port::{AccountBalance, Period};
use crate::model::document::DocumentKind;
use crate::model::fault::{Fault, Remedy};
use crate::model::plan::Remote;
use crate::model::statement::{StatedDocument, StatedLine};

use super::client::BooksClient;
use super::facts::FactsOfCompany;
use super::query::{self, quoted};
use super::{faults, found, wire};

const ACCOUNT: &str = "Account";

/// All documents of a period, a page at a time. What somebody enters meanwhile moves the pages, so one may come twice.
pub async fn documents(
    client: &BooksClient,
    facts: &FactsOfCompany,
    period: Period,
) -> Result<Vec<StatedDocument>, Fault> {
    let day = |day: NaiveDate| quoted(&day.to_string());
    let (first, last) = (day(period.first()), day(period.last()));
    let condition = format!("WHERE TxnDate >= {first} AND TxnDate <= {last}");
    let mut documents = Vec::new();
    for kind in DocumentKind::OF_ORDERS {
        documents.extend(of_kind(client, facts, kind, &condition).await?);
    }
    Ok(documents)
}

/// Documents of these kinds that somebody else than us entered, from a day on.
pub async fn by_hand(
    client: &BooksClient,
    facts: &FactsOfCompany,
    kinds: &[DocumentKind],
    since: NaiveDate,
) -> Result<Vec<StatedDocument>, Fault> {
    let wanted = |kind, page: Vec<wire::DocumentAnswer>| {
        let by_hand = page.iter().filter_map(|document| {
            let stated = stated(kind, document, facts)?;
            let memo = wire::id_of(document.customer_memo.as_ref());
            let note = format!("{}\n{memo}", stated.note);
            stated
                .found
                .marker
                .is_none()
                .then_some(StatedDocument { note, ..stated })
        });
        by_hand.collect()
    };
    let rows = query::of_kinds(client, kinds, &query::from_day(since), wanted).await?;
    Ok(rows.rows)
}

/// So often a kind is read before somebody who keeps working on it is told to wait.
const READINGS: usize = 3;

/// Every document of a kind, once each and none left out. Pages have an order of their own, so that the second one goes on where the first
/// one ended; and where there was more than one, the books are asked how many there are. Another number means that somebody was at work, or
/// that a page is missing, and it is all read once more.
async fn of_kind(
    client: &BooksClient,
    facts: &FactsOfCompany,
    kind: DocumentKind,
    condition: &str,
) -> Result<Vec<StatedDocument>, Fault> {
    let entity = kind.as_str();
    // Ids cannot be sorted by, and when something was made never changes.
    let ordered = format!("{condition} {}", query::IN_ORDER);
    for _ in 0..READINGS {
        // By id, since whoever enters or deletes something meanwhile moves the pages.
        let mut read: BTreeMap<String, StatedDocument> = BTreeMap::new();
        let mut unread = false;
        query::each_page(
            client,
            entity,
            &ordered,
            |page: Vec<wire::DocumentAnswer>, _| {
                for document in &page {
                    match stated(kind, document, facts) {
                        Some(stated) => {
                            read.insert(stated.found.remote.id.clone(), stated);
                        }
                        None => unread = true,
                    }
                }
            },
        )
        .await?;
        // A total without one of them would be wrong, so there is none.
        if unread {
            return Err(faults::unreadable(entity));
        }
        if read.len() >= query::PAGE && query::count(client, entity, condition).await? != read.len()
        {
            continue;
        }
        let mut documents: Vec<StatedDocument> = read.into_values().collect();
        documents.sort_by_key(|stated| (stated.found.date, stated.found.remote.id.clone()));
        return Ok(documents);
    }
    Err(moving(entity))
}

fn moving(entity: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "pages_do_not_add_up",
        format!(
            "QuickBooks counts another number of {entity} documents than it shows, {READINGS} times in a row: somebody is at work on them, or \
             a page is missing"
        ),
    )
    .hint("run it again in a few minutes; if it stays like this, prove a shorter time with `--from` and `--until`")
}

/// Documents by their ids, many in a question.
pub async fn these(
    client: &BooksClient,
    facts: &FactsOfCompany,
    remotes: &[Remote],
) -> Result<Vec<StatedDocument>, Fault> {
    let mut documents = Vec::new();
    for kind in DocumentKind::ALL {
        let of_kind = remotes
            .iter()
            .filter(|one| one.entity.document() == Some(kind));
        let ids: Vec<&str> = of_kind.map(|one| one.id.as_str()).collect();
        let rows: Vec<wire::DocumentAnswer> =
            query::rows(client, kind.as_str(), "Id", &ids, "").await?;
        for document in &rows {
            let stated = stated(kind, document, facts);
            documents.push(stated.ok_or_else(|| faults::unreadable(kind.as_str()))?);
        }
    }
    Ok(documents)
}

fn stated(
    kind: DocumentKind,
    document: &wire::DocumentAnswer,
    facts: &FactsOfCompany,
) -> Option<StatedDocument> {
    let account = match kind {
        DocumentKind::Purchase => document.account_ref.as_ref(),
        DocumentKind::SalesReceipt | DocumentKind::RefundReceipt | DocumentKind::Payment => {
            document.deposit_to_account_ref.as_ref()
        }
        DocumentKind::Transfer => document.from_account_ref.as_ref(),
        DocumentKind::Deposit => document.deposit_to_account_ref.as_ref(),
        DocumentKind::BillPayment => document.bill_paid_from(),
        DocumentKind::Invoice
        | DocumentKind::CreditMemo
        | DocumentKind::Bill
        | DocumentKind::VendorCredit => None,
    };
    // An account that is not in use any more has no name here, and is told by its id.
    let account = match wire::id_of(account) {
        "" => None,
        id => Some(
            facts
                .company
                .account_name(id)
                .map_or_else(|| format!("#{id}"), str::to_owned),
        ),
    };
    Some(StatedDocument {
        found: found::document(kind.into(), document, facts)?,
        account,
        expense: (kind == DocumentKind::Purchase).then(|| expense(document, facts)),
        open: match kind {
            DocumentKind::Invoice | DocumentKind::CreditMemo => {
                document.balance.map(wire::MoneyNumber::money)
            }
            _ => None,
        },
        lines: document.line.iter().flatten().filter_map(line).collect(),
        note: document.private_note.clone().unwrap_or_default(),
    })
}

/// The accounts that the lines of an expense were booked to, by their names.
fn expense(document: &wire::DocumentAnswer, facts: &FactsOfCompany) -> String {
    let lines = document.line.iter().flatten();
    let accounts: BTreeSet<String> = lines
        .filter_map(|line| line.account_based_expense_line_detail.as_ref())
        .map(|detail| {
            let id = wire::id_of(detail.account_ref.as_ref());
            let name = facts.company.account_name(id);
            name.map_or_else(|| format!("#{id}"), str::to_owned)
        })
        .collect();
    let accounts: Vec<String> = accounts.into_iter().collect();
    accounts.join(", ")
}

/// A line with an amount of its own; nothing of those that QuickBooks adds by itself.
fn line(line: &wire::LineAnswer) -> Option<StatedLine> {
    let item = match (
        &line.sales_item_line_detail,
        &line.account_based_expense_line_detail,
    ) {
        (Some(detail), _) => detail.item_ref.as_ref(),
        (None, Some(detail)) => detail.account_ref.as_ref(),
        (None, None) => return None,
    };
    Some(StatedLine {
        item: wire::id_of(item).to_owned(),
        amount: line
            .amount
            .map(wire::MoneyNumber::money)
            .unwrap_or_default(),
    })
}

/// An account, as far as its balance goes.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AccountWithBalance {
    id: String,
    name: String,
    fully_qualified_name: Option<String>,
    currency_ref: Option<wire::ReferenceAnswer>,
    current_balance: Option<wire::MoneyNumber>,
}

/// What stands on each account that is in use.
pub async fn balances(
    client: &BooksClient,
    facts: &FactsOfCompany,
) -> Result<Vec<AccountBalance>, Fault> {
    let mut balances = Vec::new();
    query::each_page(client, ACCOUNT, "", |page: Vec<AccountWithBalance>, _| {
        balances.extend(page);
    })
    .await?;
    let home = &facts.company.home_currency;
    balances
        .into_iter()
        .map(|one| {
            Some(AccountBalance {
                name: one.fully_qualified_name.unwrap_or(one.name),
                id: one.id,
                currency: one
                    .currency_ref
                    .and_then(|currency| currency.value)
                    .unwrap_or_else(|| home.clone()),
                balance: one.current_balance?.money(),
            })
        })
        .collect::<Option<_>>()
        .ok_or_else(|| faults::unreadable(ACCOUNT))
}
