//! What must be known before something is taken back: documents as they stand now, and what stands on a statement of the bank.
//!
//! That a document was reconciled is nowhere on the document. A report tells it, and only as a filter: who is in the answer to the
//! question for reconciled ones is reconciled. What the report says beside that, amounts in the home currency among it, is not read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Months, NaiveDate};
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

const REPORT: &str = "TransactionList";

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
                "reports/{REPORT}?start_date={first}&end_date={last}&cleared={word}&columns=tx_date,txn_type,doc_num,is_cleared"
            );
            let text = client.get(&path).await?;
            let unreadable = || faults::unreadable(REPORT);
            if text.contains(CUT) {
                let half = first + (last - first) / 2;
                if half >= last {
                    return Err(unreadable());
                }
                spans.push((half.succ_opt().ok_or_else(unreadable)?, last));
                spans.push((first, half));
                break;
            }
            let span = (first, last);
            for named in documents_in(&text, span).ok_or_else(unreadable)? {
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
    header: BankReportHeader,
    rows: BankReportRows,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankReportHeader {
    report_name: String,
    start_period: Option<String>,
    end_period: Option<String>,
    option: Option<Vec<BankReportOption>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BankReportOption {
    name: Option<String>,
    value: Option<String>,
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
    #[serde(rename = "type")]
    kind: Option<String>,
}

#[derive(Deserialize)]
struct BankReportCell {
    value: Option<String>,
    id: Option<String>,
}

/// Which of our kinds the word of a report means; `None`: it is no word that is known here.
fn kinds_of(word: &str) -> Option<&'static [DocumentKind]> {
    Some(match word.to_lowercase().as_str() {
        "sales receipt" => &[DocumentKind::SalesReceipt],
        "invoice" => &[DocumentKind::Invoice],
        "payment" => &[DocumentKind::Payment],
        "refund" | "refund receipt" => &[DocumentKind::RefundReceipt],
        "credit memo" => &[DocumentKind::CreditMemo],
        "expense"
        | "cash expense"
        | "check"
        | "cheque"
        | "credit card expense"
        | "purchase"
        | "cash purchase" => &[DocumentKind::Purchase],
        "transfer" => &[DocumentKind::Transfer],
        "deposit" => &[DocumentKind::Deposit],
        "bill" => &[DocumentKind::Bill],
        "vendor credit" => &[DocumentKind::VendorCredit],
        bill if bill.starts_with("bill payment") => &[DocumentKind::BillPayment],
        "journal entry" => &[],
        _ => return None,
    })
}

/// Every document of our kinds that a report names: the cell that says the kind carries the id. Cells are found by what stands in them,
/// because a report may have more of them than it has columns. `None`: it is no such report, or not the one that was asked for. Whoever
/// took that for an empty one would take back what was reconciled.
fn documents_in(text: &str, asked: (NaiveDate, NaiveDate)) -> Option<Vec<(RemoteKind, String)>> {
    let report: BankReport = serde_json::from_str(text).ok()?;
    let header = report.header;
    let says = |said: &Option<String>, day: NaiveDate| {
        said.as_ref().is_none_or(|said| *said == day.to_string())
    };
    if header.report_name != REPORT
        || !says(&header.start_period, asked.0)
        || !says(&header.end_period, asked.1)
    {
        return None;
    }
    if report.rows.row.is_none() {
        // Only a report that says that it is empty is.
        let options = header.option.into_iter().flatten();
        let mut empty = options.filter(|option| option.name.as_deref() == Some("NoReportData"));
        return empty
            .any(|option| option.value.as_deref() == Some("true"))
            .then(Vec::new);
    }
    let mut named = Vec::new();
    let mut sections = vec![report.rows];
    while let Some(section) = sections.pop() {
        for row in section.row.into_iter().flatten() {
            let is_section = row.rows.is_some() || row.kind.as_deref() == Some("Section");
            if let Some(cells) = row.col_data {
                let linked: Vec<(Option<&[DocumentKind]>, String)> = cells
                    .into_iter()
                    .filter_map(|cell| {
                        let id = cell.id.filter(|id| !id.is_empty())?;
                        Some((kinds_of(&cell.value?), id))
                    })
                    .collect();
                let known = linked.iter().position(|(kinds, _)| kinds.is_some());
                let cell = linked.into_iter().nth(known.unwrap_or(0));
                match cell {
                    Some((kinds, id)) => {
                        // A word in another language: whichever of ours has this id may be meant.
                        let kinds = kinds.unwrap_or(&DocumentKind::ALL).iter();
                        named.extend(kinds.map(|kind| (RemoteKind::from(*kind), id.clone())));
                    }
                    // A line of which nobody can say which document it is.
                    None if !is_section => return None,
                    None => {}
                }
            }
            sections.extend(row.rows);
        }
    }
    Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn november() -> (NaiveDate, NaiveDate) {
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
        (day(1), day(30))
    }

    fn named(text: &str) -> Option<Vec<(RemoteKind, String)>> {
        documents_in(text, november())
    }

    const NOVEMBER: &str = r#""Header":{"ReportName":"TransactionList","StartPeriod":"2026-11-01","EndPeriod":"2026-11-30"}"#;

    #[test]
    fn a_report_names_documents_in_nested_sections_and_ids_of_several_kinds() {
        let report = format!(
            r#"{{{NOVEMBER},
            "Columns":{{"Column":[{{"ColTitle":"Date"}},{{"ColTitle":"Transaction Type"}}]}},
            "Rows":{{"Row":[
              {{"Header":{{"ColData":[{{"value":"Clearing"}}]}},
               "Rows":{{"Row":[
                 {{"ColData":[{{"value":"2026-11-02"}},{{"value":"Sales Receipt","id":"145"}},{{"value":"WC-1"}},{{"value":"more"}}],"type":"Data"}},
                 {{"ColData":[{{"value":"2026-11-02"}},{{"value":"Refund","id":"145"}},{{"value":"R"}}],"type":"Data"}},
                 {{"ColData":[{{"value":"2026-11-03"}},{{"value":"Transfer","id":"9"}}],"type":"Data"}}]}},
               "Summary":{{"ColData":[{{"value":"Sales Receipt","id":"999"}}]}},"type":"Section"}}]}}}}"#
        );
        assert_eq!(
            named(&report),
            Some(vec![
                (DocumentKind::SalesReceipt.into(), "145".to_owned()),
                (DocumentKind::RefundReceipt.into(), "145".to_owned()),
                (DocumentKind::Transfer.into(), "9".to_owned()),
            ])
        );
    }

    #[test]
    fn a_word_that_nobody_knows_stands_for_each_kind() {
        let report = format!(
            r#"{{{NOVEMBER},"Rows":{{"Row":[{{"ColData":[{{"value":"Reçu de vente","id":"145"}}],"type":"Data"}}]}}}}"#
        );
        let all = DocumentKind::ALL.map(|kind| (RemoteKind::from(kind), "145".to_owned()));
        assert_eq!(named(&report), Some(all.to_vec()));
    }

    #[test]
    fn only_a_report_that_says_so_is_empty() {
        let nothing = r#"{"Header":{"ReportName":"TransactionList","StartPeriod":"2026-11-01","EndPeriod":"2026-11-30",
            "Option":[{"Name":"NoReportData","Value":"true"}]},"Columns":{},"Rows":{}}"#;
        assert_eq!(named(nothing), Some(vec![]));
        for unreadable in [
            "<html>",
            "{}",
            r#"{"Fault":{"Error":[]}}"#,
            r#"{"Header":{"ReportName":"TransactionList"},"Rows":{}}"#,
            &nothing.replace("true", "false"),
            // Another report, and another time.
            &nothing.replace("TransactionList", "TrialBalance"),
            &nothing.replace("2026-11-30", "2026-11-29"),
            // A line without a document.
            &format!(
                r#"{{{NOVEMBER},"Rows":{{"Row":[{{"ColData":[{{"value":"2026-11-02"}}],"type":"Data"}}]}}}}"#
            ),
        ] {
            assert_eq!(named(unreadable), None, "{unreadable}");
        }
    }
}
