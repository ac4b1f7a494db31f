//! The company as `connect quickbooks` shows it: each fact with what it means for the sync.

use serde::Serialize;

use crate::model::company::{Company, TaxModel};

use super::super::table::{TextTable, width_of_answer};

/// A fact, and what it means.
#[derive(Serialize)]
pub struct Fact {
    pub fact: &'static str,
    pub value: String,
    pub means: String,
}

/// The company for `--json`.
#[derive(Serialize)]
pub struct ShownCompany<'a> {
    id: &'a str,
    name: &'a str,
    environment: &'a str,
    country: &'a str,
    home_currency: &'a str,
    multicurrency: bool,
    tax_model: TaxModel,
    uses_tax: bool,
    closed_through: Option<chrono::NaiveDate>,
    custom_transaction_numbers: bool,
    duplicate_warning: Option<bool>,
    plan: Option<&'a str>,
    facts: Vec<Fact>,
}

pub fn shown<'a>(company: &'a Company, environment: &'a str) -> ShownCompany<'a> {
    ShownCompany {
        id: &company.id,
        name: &company.name,
        environment,
        country: &company.country,
        home_currency: &company.home_currency,
        multicurrency: company.multicurrency,
        tax_model: company.tax_model,
        uses_tax: company.uses_tax,
        closed_through: company.closed_through,
        custom_transaction_numbers: company.keeps_our_numbers,
        duplicate_warning: company.refuses_duplicates,
        plan: company.plan.as_deref(),
        facts: meanings(company, environment),
    }
}

/// The facts as lines for a screen.
pub fn facts(company: &Company, environment: &str) -> String {
    let mut table = TextTable::new(&["", "", ""], &[]);
    for fact in meanings(company, environment) {
        table.row(vec![fact.fact.to_owned(), fact.value], fact.means);
    }
    table.render(width_of_answer())
}

fn meanings(company: &Company, environment: &str) -> Vec<Fact> {
    let fact = |fact, value: &str, means: &str| Fact {
        fact,
        value: value.to_owned(),
        means: means.to_owned(),
    };
    let home = &company.home_currency;
    vec![
        fact(
            "company",
            &company.name,
            &format!("id {}, {environment}", company.id),
        ),
        fact(
            "country",
            &company.country,
            "it decides how sales tax is written down",
        ),
        fact(
            "home currency",
            home,
            &format!("orders in {home} are posted as they are"),
        ),
        if company.multicurrency {
            fact(
                "multicurrency",
                "on",
                "orders in other currencies are posted in theirs, to a customer for each currency",
            )
        } else {
            fact(
                "multicurrency",
                "off",
                &format!(
                    "orders in other currencies than {home} are held until it is switched on in QuickBooks"
                ),
            )
        },
        tax(company),
        match company.closed_through {
            Some(day) => fact(
                "books closed",
                &day.to_string(),
                "nothing is posted on that day or before: such orders are held",
            ),
            None => fact(
                "books closed",
                "no",
                "orders can be posted on any day; set a closing date once a period is filed",
            ),
        },
        if company.keeps_our_numbers {
            fact(
                "custom numbers",
                "on",
                "documents carry the shop's order numbers",
            )
        } else {
            fact(
                "custom numbers",
                "off",
                "numbers are QuickBooks' own, and documents are found by the marker in their notes",
            )
        },
        number_warning(company),
        plan(company.plan.as_deref()),
    ]
}

fn number_warning(company: &Company) -> Fact {
    const TURN_ON: &str = "turn on `Warn if duplicate check number is used` in QuickBooks (Account and settings, Advanced), which is for sales too: \
                           without it two machines on one company could post an order twice";
    let (value, means) = match company.refuses_duplicates {
        Some(true) => ("on", "QuickBooks refuses a second document of a number"),
        Some(false) => ("off", TURN_ON),
        None => ("unknown", TURN_ON),
    };
    Fact {
        fact: "duplicate warning",
        value: value.to_owned(),
        means: means.to_owned(),
    }
}

fn tax(company: &Company) -> Fact {
    let (value, means) = match (company.uses_tax, company.tax_model) {
        (false, _) => (
            "off",
            "sales tax is switched off in QuickBooks: orders with tax are held",
        ),
        (true, TaxModel::Global) => (
            "code on each line",
            "each line gets a tax code; `[books.tax]` says which one for which rates of the shop",
        ),
        (true, TaxModel::UsAst) => (
            "US, automatic",
            "QuickBooks works sales tax out by address; udsync tells it the shop's amount, and compares",
        ),
        (true, TaxModel::UsManual) => (
            "US, manual",
            "each document gets one tax code; `[books.tax]` says which",
        ),
    };
    Fact {
        fact: "sales tax",
        value: value.to_owned(),
        means: means.to_owned(),
    }
}

fn plan(plan: Option<&str>) -> Fact {
    let means = match plan {
        None => "QuickBooks does not say which",
        Some(plan) if plan.contains("Plus") || plan.contains("Advanced") => {
            "everything that udsync posts is part of it"
        }
        Some(_) => "sales, refunds and payments are part of it; counting stock may not be",
    };
    Fact {
        fact: "plan",
        value: plan.unwrap_or("unknown").to_owned(),
        means: means.to_owned(),
    }
}
