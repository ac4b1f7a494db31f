//! TaxSummary: the boxes of a return to one agency. Companies in the US have none.

use super::super::entity::CompanyEntity;
use super::super::fault::{CompanyDone, CompanyFault};
use super::super::figures::text_of;
use super::super::ledger;
use super::ReportQuestion;
use super::page::{money, text};
use rust_decimal::Decimal;
use serde_json::{Value, json};

/// What a box of the return counts.
#[derive(Clone, Copy)]
enum ReturnBox {
    /// A line that only says something.
    Title,
    NetSales,
    Collected,
    NetPurchases,
    Paid,
    Owed,
}

use ReturnBox::*;

const CANADA: &[(&str, &str, ReturnBox)] = &[
    ("Sales", "", Title),
    ("Line 101", "Sales and other revenue", NetSales),
    ("Line 103", "GST/HST collected or collectible", Collected),
    (
        "Line 105",
        "Total GST/HST and adjustments for period",
        Collected,
    ),
    ("Line 106", "Input tax credits (ITCs)", Paid),
    ("Line 108", "Total ITCs and adjustments", Paid),
    ("Line 109", "Net tax", Owed),
];

const ELSEWHERE: &[(&str, &str, ReturnBox)] = &[
    ("VAT", "", Title),
    ("Box 1", "Tax due on sales and other outputs", Collected),
    ("Box 4", "Tax reclaimed on purchases and other inputs", Paid),
    ("Box 5", "Net tax to be paid or reclaimed", Owed),
    ("Box 6", "Total value of sales without tax", NetSales),
    (
        "Box 7",
        "Total value of purchases without tax",
        NetPurchases,
    ),
];

pub fn write(asked: &ReportQuestion) -> CompanyDone<Value> {
    let world = asked.world;
    if !world.company.is_global() {
        return Err(CompanyFault::unsupported("report TaxSummary"));
    }
    let agency = asked
        .get("agency_id")
        .ok_or_else(|| CompanyFault::missing("agency_id"))?;
    if world.object(CompanyEntity::TaxAgency, agency).is_none() {
        return Err(CompanyFault::no_such(CompanyEntity::TaxAgency, agency));
    }
    let mut page = asked.page("TaxSummary", false);
    page.say("SummarizeColumnsBy", "Total");
    page.column("String", "");
    page.column("Money", "Total");
    // Tax and the amounts it was reckoned on: of sales, and of purchases.
    let mut sums = [(Decimal::ZERO, Decimal::ZERO); 2];
    let entries = ledger::entries(world);
    for entry in entries.iter().filter(|entry| asked.span.holds(entry.day)) {
        for line in &entry.lines {
            let Some(tax) = &line.tax else {
                continue;
            };
            let rate = tax.rate.as_deref();
            let of_rate = rate.and_then(|rate| world.object(CompanyEntity::TaxRate, rate));
            if of_rate.and_then(|rate| text_of(rate, "AgencyRef")) != Some(agency) {
                continue;
            }
            let (sum, net) = &mut sums[usize::from(!tax.on_sales)];
            *sum -= line.home;
            // The net amount is in the currency of the document, as the tax line of the document says it.
            *net += if line.amount.is_zero() || line.amount == line.home {
                tax.net
            } else {
                super::super::figures::rounded(
                    tax.net * line.home / line.amount,
                    world.company.home(),
                )
            };
        }
    }
    let [(collected, sales), (paid, purchases)] = sums;
    let boxes = if world.company.country == "CA" {
        CANADA
    } else {
        ELSEWHERE
    };
    let rows = boxes.iter().map(|(name, said, what)| {
        let amount = match what {
            Title => None,
            NetSales => Some(sales),
            Collected => Some(collected),
            NetPurchases => Some(-purchases),
            Paid => Some(-paid),
            Owed => Some(collected + paid),
        };
        let said = format!("{name} {said}");
        let cells = [text(said.trim()), amount.map_or(text(""), money)];
        json!({ "ColData": cells, "group": name })
    });
    Ok(page.finish(rows.collect()))
}
