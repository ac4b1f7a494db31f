//! Statements: the books as a whole, all documents of a period and what stands on the accounts. Reads and nothing else.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;

use crate::connector::port::{AccountBalance, Period};
use crate::model::document::DocumentKind;
use crate::model::fault::Fault;
use crate::model::ticket::Found;

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
) -> Result<Vec<Found>, Fault> {
    let day = |day: NaiveDate| quoted(&day.to_string());
    let (first, last) = (day(period.first()), day(period.last()));
    let rest = format!("WHERE TxnDate >= {first} AND TxnDate <= {last}");
    let mut documents = Vec::new();
    for kind in DocumentKind::ALL {
        let entity = kind.as_str();
        let mut dated: BTreeMap<(Option<NaiveDate>, String), Found> = BTreeMap::new();
        let mut unread = false;
        query::each_page(
            client,
            entity,
            &rest,
            |page: Vec<wire::DocumentAnswer>, _| {
                for document in &page {
                    match found::document(kind.into(), document, facts) {
                        Some(found) => {
                            dated.insert((found.date, found.remote.id.clone()), found);
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
        documents.extend(dated.into_values());
    }
    Ok(documents)
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
