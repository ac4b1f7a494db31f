//! What must be known before something is taken back: documents as they stand now, and what stands on a statement of the bank.
//!
//! That a document was reconciled is nowhere on the document. A report tells it, and only as a filter: who is in the answer to the
//! question for reconciled ones is reconciled. What the report says beside that, amounts in the home currency among it, is not read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Months;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::port::{Period, SeenDocument, StatementState, StatementStates};
use crate::model::document::DocumentKind;
use crate::model::fault::Fault;
use crate::model::plan::{Remote, RemoteKind};
use crate::model::raw::Raw;
use crate::model::ticket::BeforeImage;

use super::before::ShownBodies;
use super::client::BooksClient;
use super::facts::FactsOfCompany;
use super::query::rows;
use super::{faults, found, wire};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Mailed {
    email_status: Option<String>,
}

/// Reads documents afresh.
pub async fn seen(
    client: &BooksClient,
    facts: &FactsOfCompany,
    shown: &ShownBodies,
    remotes: &[Remote],
) -> Result<Vec<Option<SeenDocument>>, Fault> {
    let mut ids: BTreeMap<RemoteKind, BTreeSet<&str>> = BTreeMap::new();
    for remote in remotes {
        ids.entry(remote.entity).or_default().insert(&remote.id);
    }
    let mut read = BTreeMap::new();
    for (entity, ids) in ids {
        let ids: Vec<&str> = ids.into_iter().collect();
        let bodies: Vec<Box<RawValue>> = rows(client, entity.as_str(), "Id", &ids, "").await?;
        for body in bodies {
            shown.remember(entity, body.get());
            let document = document(entity, &body, facts)
                .ok_or_else(|| faults::unreadable(entity.as_str()))?;
            read.insert((entity, document.found.remote.id.clone()), document);
        }
    }
    let seen = remotes.iter();
    Ok(seen
        .map(|remote| read.get(&(remote.entity, remote.id.clone())).cloned())
        .collect())
}

fn document(entity: RemoteKind, body: &RawValue, facts: &FactsOfCompany) -> Option<SeenDocument> {
    let answer: wire::DocumentAnswer = serde_json::from_str(body.get()).ok()?;
    let mailed: Mailed = serde_json::from_str(body.get()).ok()?;
    let found = found::document(entity, &answer, facts)?;
    let links = answer.linked_txn.into_iter().flatten();
    Some(SeenDocument {
        whole: BeforeImage {
            remote: found.remote.clone(),
            body: Raw::new(body.get()),
        },
        mailed: mailed.email_status.as_deref() == Some("EmailSent"),
        linked: links
            .filter_map(|link| Some((link.txn_type?, link.txn_id?)))
            .collect(),
        found,
    })
}

/// Longer periods are not asked for at once.
const MONTHS_AT_ONCE: Months = Months::new(6);

/// The last row of a report that was too large. Who is left out there may be reconciled.
const CUT: &str = "Unable to display more data";

/// The documents of a period that stand on a statement of a bank.
pub async fn settled_by_bank(
    client: &BooksClient,
    period: Period,
) -> Result<StatementStates, Fault> {
    let mut states = StatementStates::new();
    let mut spans = Vec::new();
    let mut first = period.first();
    while first <= period.last() {
        let next = first + MONTHS_AT_ONCE;
        spans.push((first, next.pred_opt().unwrap_or(next).min(period.last())));
        first = next;
    }
    while let Some((first, last)) = spans.pop() {
        for (word, state) in [
            ("Cleared", StatementState::Cleared),
            ("Reconciled", StatementState::Reconciled),
        ] {
            let path = format!(
                "reports/TransactionList?start_date={first}&end_date={last}&cleared={word}&columns=tx_date,txn_type,doc_num,is_cleared"
            );
            let text = client.get(&path).await?;
            let unreadable = || faults::unreadable("TransactionList");
            if text.contains(CUT) {
                let half = first + (last - first) / 2;
                if half >= last {
                    return Err(unreadable());
                }
                spans.push((half.succ_opt().ok_or_else(unreadable)?, last));
                spans.push((first, half));
                break;
            }
            for named in documents_in(&text).ok_or_else(unreadable)? {
                let known = states.entry(named).or_insert(state);
                *known = (*known).max(state);
            }
        }
    }
    Ok(states)
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankReport {
    rows: Option<BankReportRows>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankReportRows {
    row: Option<Vec<BankReportRow>>,
}

/// A row of figures, or a section with rows of its own. Its summary adds up what stands in it, and is left out.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankReportRow {
    col_data: Option<Vec<BankReportCell>>,
    rows: Option<BankReportRows>,
}

#[derive(Deserialize)]
struct BankReportCell {
    value: Option<String>,
    id: Option<String>,
}

/// How reports call the kinds that an order can become, a letter's case apart.
fn kind_of(word: &str) -> Option<DocumentKind> {
    Some(match word.to_lowercase().as_str() {
        "sales receipt" => DocumentKind::SalesReceipt,
        "invoice" => DocumentKind::Invoice,
        "payment" => DocumentKind::Payment,
        "refund" | "refund receipt" => DocumentKind::RefundReceipt,
        "credit memo" => DocumentKind::CreditMemo,
        "expense"
        | "cash expense"
        | "check"
        | "cheque"
        | "credit card expense"
        | "purchase"
        | "cash purchase" => DocumentKind::Purchase,
        _ => return None,
    })
}

/// Every document of our kinds that a report names: the cell that says the kind carries the id. Cells are found by what stands in them,
/// because a report may have more of them than it has columns.
fn documents_in(text: &str) -> Option<Vec<(RemoteKind, String)>> {
    let report: BankReport = serde_json::from_str(text).ok()?;
    let mut named = Vec::new();
    let mut sections: Vec<BankReportRows> = report.rows.into_iter().collect();
    while let Some(section) = sections.pop() {
        for row in section.row.into_iter().flatten() {
            let cell = row.col_data.into_iter().flatten().find_map(|cell| {
                let kind = kind_of(cell.value.as_deref()?)?;
                let id = cell.id.filter(|id| !id.is_empty())?;
                Some((RemoteKind::from(kind), id))
            });
            named.extend(cell);
            sections.extend(row.rows);
        }
    }
    Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_names_documents_in_nested_sections_and_ids_of_several_kinds() {
        let report = r#"{"Header":{"ReportName":"TransactionList"},
            "Columns":{"Column":[{"ColTitle":"Date"},{"ColTitle":"Transaction Type"}]},
            "Rows":{"Row":[
              {"Header":{"ColData":[{"value":"Clearing"}]},
               "Rows":{"Row":[
                 {"ColData":[{"value":"2026-11-02"},{"value":"Sales Receipt","id":"145"},{"value":"WC-1"},{"value":"more"}],"type":"Data"},
                 {"ColData":[{"value":"2026-11-02"},{"value":"Refund","id":"145"},{"value":"R"}],"type":"Data"},
                 {"ColData":[{"value":"2026-11-03"},{"value":"Transfer","id":"9"}],"type":"Data"}]},
               "Summary":{"ColData":[{"value":"Sales Receipt","id":"999"}]},"type":"Section"}]}}"#;
        assert_eq!(
            documents_in(report),
            Some(vec![
                (DocumentKind::SalesReceipt.into(), "145".to_owned()),
                (DocumentKind::RefundReceipt.into(), "145".to_owned()),
            ])
        );
        let nothing = r#"{"Header":{"Option":[{"Name":"NoReportData","Value":"true"}]},"Columns":{},"Rows":{}}"#;
        assert_eq!(documents_in(nothing), Some(vec![]));
        assert_eq!(documents_in("<html>"), None);
    }
}
