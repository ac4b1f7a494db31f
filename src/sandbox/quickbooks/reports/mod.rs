//! Reports: tables the service works out, with the manners it has.
//!
//! A report is rows of cells under columns that it names itself: in its own order, in the company's currency, sometimes with more
//! cells than columns, with sections in sections and sums that must not be added twice. One that is too large is cut. A parameter
//! that the service does not know is ignored, as it does; one that it knows and this stand-in does not is refused.
//!
//! Not imitated: cash basis, comparison of periods, classes and departments, ageing in detail.

mod aged;
mod general_ledger;
mod page;
mod span;
mod statements;
mod tax_summary;
mod transactions;
mod trial_balance;

use super::fault::{CompanyDone, CompanyFault};
use super::world::CompanyWorld;
use page::ReportPage;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use span::ReportSpan;
use std::collections::BTreeMap;

/// How reports behave where the service is known to be odd, or not known at all.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportManner {
    /// How many cells a row of the general ledger has beyond the columns that are declared.
    pub extra_cells: usize,
    /// Whether the column `is_cleared` says anything. ReportQuestion for, it is declared and left empty.
    pub is_cleared_shown: bool,
    /// With several currencies, amounts are in the company's, under the names of such columns.
    pub home_columns: bool,
    pub cell_limit: usize,
    /// Something answers in place of the reports, and says nothing.
    pub blank: bool,
    /// Reports that look at `report_date` alone, and are of today without one, whatever else they are asked.
    pub dated_by_report_date: Vec<String>,
}

impl Default for ReportManner {
    fn default() -> ReportManner {
        ReportManner {
            extra_cells: 1,
            is_cleared_shown: false,
            home_columns: true,
            cell_limit: 400_000,
            blank: false,
            dated_by_report_date: ["BalanceSheet", "AgedReceivables", "AgedPayables"]
                .map(str::to_owned)
                .to_vec(),
        }
    }
}

/// What a report was asked for.
struct ReportQuestion<'a> {
    world: &'a CompanyWorld,
    query: &'a BTreeMap<String, String>,
    span: ReportSpan,
}

impl ReportQuestion<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.query
            .get(name)
            .map(String::as_str)
            .filter(|value| !value.is_empty())
    }

    /// The words of a parameter that takes several.
    fn list(&self, name: &str) -> Option<Vec<&str>> {
        Some(self.get(name)?.split(',').map(str::trim).collect())
    }

    fn page(&self, name: &str, basis: bool) -> ReportPage {
        let world = self.world;
        ReportPage::new(
            name,
            world.company.home(),
            &self.span,
            basis,
            world.reports.cell_limit,
        )
    }
}

/// What the service knows of these reports, and this stand-in does not.
const NOT_HERE: &[&str] = &[
    "appaid",
    "arpaid",
    "class",
    "createdate_macro",
    "department",
    "duedate_macro",
    "employee",
    "end_createdate",
    "end_duedate",
    "end_moddate",
    "item",
    "moddate_macro",
    "printed",
    "start_createdate",
    "start_duedate",
    "start_moddate",
    "summarize_column_by",
    "term",
];

pub fn answer(
    world: &CompanyWorld,
    name: &str,
    query: &BTreeMap<String, String>,
) -> CompanyDone<Value> {
    if world.reports.blank {
        return Ok(Value::Object(serde_json::Map::new()));
    }
    let write: fn(&ReportQuestion) -> CompanyDone<Value> = match name {
        "TransactionList" => transactions::write,
        "GeneralLedger" => general_ledger::write,
        "TrialBalance" => trial_balance::write,
        "TaxSummary" => tax_summary::write,
        "ProfitAndLoss" => statements::profit_and_loss,
        "BalanceSheet" => statements::balance_sheet,
        "AgedReceivables" => aged::receivables,
        "AgedPayables" => aged::payables,
        other => return Err(CompanyFault::unsupported(&format!("report {other}"))),
    };
    let asked = |name: &&&str| query.get(**name).is_some_and(|value| !value.is_empty());
    if let Some(unknown) = NOT_HERE.iter().find(asked) {
        return Err(CompanyFault::not_here(&format!("{unknown} of {name}")));
    }
    match query.get("accounting_method").map(String::as_str) {
        None | Some("" | "Accrual") => {}
        Some("Cash") => return Err(CompanyFault::not_here("cash basis")),
        Some(other) => return Err(CompanyFault::bad_enum("accounting_method", other)),
    }
    let by_report_date = world
        .reports
        .dated_by_report_date
        .iter()
        .any(|one| one == name);
    let span = if by_report_date {
        ReportSpan::of_report_date(world, query)?
    } else {
        ReportSpan::asked(world, query)?
    };
    write(&ReportQuestion { world, query, span })
}
