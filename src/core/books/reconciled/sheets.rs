//! The proof as tables: a name, columns with their kinds, rows, and cells that add a column up again. Whoever writes them to a screen, to a
//! spreadsheet or to paper decides nothing any more. Amounts are plain decimals and days are ISO, so that each form can make its own of
//! them.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::orders::ComparedRow;
use super::proof::{Proof, TotalLine};
use super::totals::Sums;

/// One table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofSheet {
    pub name: &'static str,
    pub columns: Vec<ProofColumn>,
    pub rows: Vec<Vec<String>>,
    pub checks: Vec<CheckCell>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProofColumn {
    pub name: &'static str,
    pub kind: ProofColumnKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProofColumnKind {
    Text,
    Day,
    Count,
    Amount,
}

/// A cell that calculates: the sum of one column less the sum of another, over all rows or over those of a currency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckCell {
    pub label: String,
    pub sum_of: &'static str,
    pub less: &'static str,
    /// Only rows with this currency.
    pub currency: String,
}

const fn text(name: &'static str) -> ProofColumn {
    ProofColumn {
        name,
        kind: ProofColumnKind::Text,
    }
}

const fn amount(name: &'static str) -> ProofColumn {
    ProofColumn {
        name,
        kind: ProofColumnKind::Amount,
    }
}

const fn day(name: &'static str) -> ProofColumn {
    ProofColumn {
        name,
        kind: ProofColumnKind::Day,
    }
}

const fn count(name: &'static str) -> ProofColumn {
    ProofColumn {
        name,
        kind: ProofColumnKind::Count,
    }
}

pub(super) fn sheets(
    proof: &Proof,
    rows: &[ComparedRow],
    by_day: &BTreeMap<NaiveDate, Sums>,
) -> Vec<ProofSheet> {
    vec![
        summary(proof),
        differences(proof),
        orders(rows),
        of_totals("tax", proof, |what| {
            what == "tax" || what.starts_with("tax:")
        }),
        of_totals("accounts", proof, |what| what.starts_with("account:")),
        clearing(proof),
        days(by_day),
        held(proof),
        accepted(proof),
        moved(proof),
    ]
}

const TOTAL_COLUMNS: [ProofColumn; 5] = [
    text("currency"),
    text("what"),
    amount("shop"),
    amount("books"),
    amount("difference"),
];

fn total_row(line: &TotalLine) -> Vec<String> {
    vec![
        line.currency.clone(),
        line.what.clone(),
        line.shop.to_string(),
        line.books.to_string(),
        line.difference.to_string(),
    ]
}

fn of_totals(name: &'static str, proof: &Proof, is_meant: impl Fn(&str) -> bool) -> ProofSheet {
    let lines = proof.totals.iter().filter(|line| is_meant(&line.what));
    let rows: Vec<Vec<String>> = lines.map(total_row).collect();
    ProofSheet {
        name,
        columns: TOTAL_COLUMNS.to_vec(),
        checks: checks(&rows, 0, &[("books less shop", "books", "shop")]),
        rows,
    }
}

const CLEARING_COLUMNS: [ProofColumn; 12] = [
    text("currency"),
    text("account"),
    amount("opening"),
    amount("sales"),
    amount("refunds"),
    amount("fees"),
    amount("other"),
    amount("payouts"),
    amount("rolled"),
    amount("closing"),
    amount("difference"),
    amount("not_compared"),
];

fn clearing(proof: &Proof) -> ProofSheet {
    let rows: Vec<Vec<String>> = proof
        .clearing
        .iter()
        .map(|one| {
            let words = [one.currency.clone(), one.account.clone()];
            let amounts = [
                one.opening,
                one.sales,
                one.refunds,
                one.fees,
                one.other,
                one.payouts,
                one.rolled,
                one.closing,
                one.difference,
                one.not_compared,
            ];
            let amounts = amounts.map(|amount| amount.to_string());
            words.into_iter().chain(amounts).collect()
        })
        .collect();
    ProofSheet {
        name: "clearing",
        columns: CLEARING_COLUMNS.to_vec(),
        checks: checks(&rows, 0, &[("closing less rolled", "closing", "rolled")]),
        rows,
    }
}

/// A check for each currency.
fn checks(
    rows: &[Vec<String>],
    currency: usize,
    of: &[(&str, &'static str, &'static str)],
) -> Vec<CheckCell> {
    let currencies: std::collections::BTreeSet<&String> =
        rows.iter().map(|row| &row[currency]).collect();
    let mut checks = Vec::new();
    for name in currencies {
        for (label, sum_of, less) in of {
            checks.push(CheckCell {
                label: format!("{label}, {name}"),
                sum_of,
                less,
                currency: name.clone(),
            });
        }
    }
    checks
}

fn summary(proof: &Proof) -> ProofSheet {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut says = |what: &str, value: String| {
        rows.push(vec![what.to_owned(), value]);
    };
    says("shop", proof.shop.clone());
    says("from", proof.period.from.to_string());
    says("until", proof.period.until.to_string());
    let open = proof.open().count();
    let accepted = proof.differences.len() - open;
    let word = if proof.proven { "proven" } else { "not proven" };
    says("result", word.to_owned());
    for line in &proof.totals {
        if line.what.contains(':') || line.what == "rounding" {
            continue;
        }
        says(
            &format!("{} {}", line.what, line.currency),
            format!(
                "shop {}, books {}, difference {}",
                line.shop, line.books, line.difference
            ),
        );
    }
    says("orders compared", proof.orders.compared.to_string());
    says("orders equal", proof.orders.equal.to_string());
    says("orders different", proof.orders.different.to_string());
    says("differences", open.to_string());
    says("accepted", accepted.to_string());
    says("held", proof.held.len().to_string());
    says(
        "posted later, its own month being closed",
        proof.moved.len().to_string(),
    );
    says("proof", proof.proof.clone());
    ProofSheet {
        name: "summary",
        columns: vec![text("what"), text("value")],
        rows,
        checks: Vec::new(),
    }
}

fn differences(proof: &Proof) -> ProofSheet {
    let rows = proof.differences.iter().map(|one| {
        vec![
            one.id.clone(),
            one.code.to_string(),
            one.number.clone().unwrap_or_default(),
            one.order.map(|id| id.to_string()).unwrap_or_default(),
            one.document.clone().unwrap_or_default(),
            one.document_number.clone().unwrap_or_default(),
            one.what.clone(),
            one.currency.clone(),
            one.shop.clone(),
            one.books.clone(),
            one.difference
                .map(|amount| amount.to_string())
                .unwrap_or_default(),
            one.cause.clone(),
            one.hint.clone(),
            one.accepted
                .as_ref()
                .map(|one| one.why.clone())
                .unwrap_or_default(),
        ]
    });
    ProofSheet {
        name: "differences",
        columns: vec![
            text("id"),
            text("code"),
            text("order"),
            text("order id"),
            text("document"),
            text("number"),
            text("what"),
            text("currency"),
            text("shop"),
            text("books"),
            amount("difference"),
            text("cause"),
            text("hint"),
            text("accepted"),
        ],
        rows: rows.collect(),
        checks: Vec::new(),
    }
}

fn orders(compared: &[ComparedRow]) -> ProofSheet {
    let rows: Vec<Vec<String>> = compared
        .iter()
        .map(|row| {
            vec![
                row.number.clone(),
                row.order.to_string(),
                row.role.to_owned(),
                row.document.clone(),
                row.document_number.clone(),
                row.date.clone(),
                row.currency.clone(),
                row.shop.to_string(),
                row.books.to_string(),
                row.shop_tax.to_string(),
                row.books_tax.to_string(),
                row.verdict.clone(),
            ]
        })
        .collect();
    ProofSheet {
        name: "orders",
        columns: vec![
            text("order"),
            count("order id"),
            text("role"),
            text("document"),
            text("number"),
            day("date"),
            text("currency"),
            amount("shop"),
            amount("books"),
            amount("shop tax"),
            amount("books tax"),
            text("result"),
        ],
        checks: checks(
            &rows,
            6,
            &[
                ("books less shop", "books", "shop"),
                ("tax, books less shop", "books tax", "shop tax"),
            ],
        ),
        rows,
    }
}

fn days(by_day: &BTreeMap<NaiveDate, Sums>) -> ProofSheet {
    let mut rows = Vec::new();
    for (date, sums) in by_day {
        for ((currency, what), pair) in sums {
            let mut row = vec![date.to_string()];
            row.extend(total_row(&TotalLine::of(currency, what, *pair)));
            rows.push(row);
        }
    }
    let mut columns = vec![day("date")];
    columns.extend(TOTAL_COLUMNS);
    ProofSheet {
        name: "days",
        columns,
        checks: checks(&rows, 1, &[("books less shop", "books", "shop")]),
        rows,
    }
}

fn held(proof: &Proof) -> ProofSheet {
    let rows = proof.held.iter().map(|held| {
        vec![
            held.number.clone(),
            held.order.map(|id| id.to_string()).unwrap_or_default(),
            held.document.clone().unwrap_or_default(),
            held.state.to_owned(),
            held.problem.clone().unwrap_or_default(),
            held.code.clone(),
            held.message.clone(),
        ]
    });
    ProofSheet {
        name: "held",
        columns: vec![
            text("order"),
            count("order id"),
            text("document"),
            text("state"),
            text("problem"),
            text("code"),
            text("message"),
        ],
        rows: rows.collect(),
        checks: Vec::new(),
    }
}

fn moved(proof: &Proof) -> ProofSheet {
    let rows = proof.moved.iter().map(|one| {
        vec![
            one.number.clone(),
            one.order.to_string(),
            one.document.clone(),
            one.document_number.clone(),
            one.from.to_string(),
            one.to.to_string(),
            one.currency.clone(),
            one.total.to_string(),
        ]
    });
    ProofSheet {
        name: "moved",
        columns: vec![
            text("order"),
            count("order id"),
            text("document"),
            text("number"),
            day("own day"),
            day("posted on"),
            text("currency"),
            amount("total"),
        ],
        rows: rows.collect(),
        checks: Vec::new(),
    }
}

fn accepted(proof: &Proof) -> ProofSheet {
    let rows = proof.differences.iter().filter_map(|one| {
        let accepted = one.accepted.as_ref()?;
        Some(vec![
            one.id.clone(),
            one.code.to_string(),
            one.number.clone().unwrap_or_default(),
            one.currency.clone(),
            one.shop.clone(),
            one.books.clone(),
            accepted.who.clone(),
            accepted.at.clone(),
            accepted.why.clone(),
        ])
    });
    ProofSheet {
        name: "accepted",
        columns: vec![
            text("id"),
            text("code"),
            text("order"),
            text("currency"),
            text("shop"),
            text("books"),
            text("who"),
            text("at"),
            text("why"),
        ],
        rows: rows.collect(),
        checks: Vec::new(),
    }
}
