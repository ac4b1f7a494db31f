//! The paper of a proof: a page that somebody signs, and behind it every table that the proof is made of.

use super::{FrontPage, Paper, PaperCheck, PaperTable};
use crate::app::proven::ending;
use crate::books::reconciled::{Difference, Proof, ProofColumn, ProofColumnKind, ProofSheet};

/// So many lines of what is open stand on the page that is signed; the tables have all of them.
const OPEN_MAX: usize = 12;

const COLUMNS: [ProofColumn; 5] = [
    column("currency", ProofColumnKind::Text),
    column("what", ProofColumnKind::Text),
    column("shop", ProofColumnKind::Amount),
    column("books", ProofColumnKind::Amount),
    column("difference", ProofColumnKind::Amount),
];

const fn column(name: &'static str, kind: ProofColumnKind) -> ProofColumn {
    ProofColumn { name, kind }
}

/// Makes it.
pub fn of_proof(proof: &Proof) -> Paper<'_> {
    let mut tables: Vec<PaperTable<'_>> = proof.sheets.iter().map(of_sheet).collect();
    // Behind the summary, which says them in words.
    let place = tables.len().min(1);
    tables.insert(place, totals(proof, |_| true));
    let period = proof.period;
    Paper {
        title: format!(
            "proof for {}, {} to {}",
            proof.shop, period.from, period.until
        ),
        front: Some(front(proof)),
        notes: Vec::new(),
        tables,
    }
}

/// One of its tables by its name.
pub fn of_sheet(sheet: &ProofSheet) -> PaperTable<'_> {
    let mut table = PaperTable::of_rows(sheet.name, sheet.columns.clone(), &sheet.rows);
    table.checks = PaperCheck::of_cells(&sheet.checks);
    table
}

fn totals<'a>(proof: &Proof, is_meant: impl Fn(&str) -> bool) -> PaperTable<'a> {
    let lines = proof.totals.iter().filter(|line| is_meant(&line.what));
    let rows: Vec<Vec<String>> = lines
        .map(|line| {
            let figures = [line.shop, line.books, line.difference];
            let words = [line.currency.clone(), line.what.clone()];
            let figures = figures.map(|figure| figure.to_string());
            words.into_iter().chain(figures).collect()
        })
        .collect();
    let check = PaperCheck {
        label: "books less shop, less difference".to_owned(),
        plus: vec!["books"],
        minus: vec!["shop", "difference"],
        only: None,
    };
    PaperTable {
        name: "totals",
        columns: COLUMNS.to_vec(),
        checks: if rows.is_empty() { vec![] } else { vec![check] },
        rows: Box::new(move || Box::new(rows.clone().into_iter())),
    }
}

fn front(proof: &Proof) -> FrontPage {
    let open = proof.open().count();
    let accepted = proof.differences.len() - open;
    let ending = ending(proof, "");
    let orders = proof.orders;
    let skipped: u64 = proof.seen.skipped.values().sum();
    let count = |figure: u64| figure.to_string();
    let mut totals = totals(proof, |what| !what.contains(':'));
    totals.checks.clear();
    FrontPage {
        ending,
        facts: vec![
            ("shop", proof.shop.clone()),
            ("from", proof.period.from.to_string()),
            ("until", proof.period.until.to_string()),
            ("compared with", proof.to.to_owned()),
            ("orders of the period", count(proof.seen.orders)),
            ("orders compared", count(orders.compared)),
            ("equal", count(orders.equal)),
            ("different", count(orders.different)),
            ("not for the books", count(skipped)),
            ("differences", count(open as u64)),
            ("accepted", count(accepted as u64)),
            ("held", count(proof.held.len() as u64)),
            ("proof", proof.proof.clone()),
        ],
        totals,
        open: open_lines(proof),
        signatures: &["prepared by", "looked over by"],
        instead_of: "summary",
    }
}

fn open_lines(proof: &Proof) -> Vec<String> {
    let differences = proof.open().map(of_difference);
    let held = proof.held.iter().map(|held| {
        let words = [held.number.as_str(), held.state, held.code.as_str()];
        format!("order {}: {}", words.join(" "), held.message)
    });
    let mut lines: Vec<String> = differences.chain(held).collect();
    let more = lines.len().saturating_sub(OPEN_MAX);
    if more > 0 {
        lines.truncate(OPEN_MAX);
        lines.push(format!("and {more} more, in the tables behind"));
    }
    lines
}

fn of_difference(one: &Difference) -> String {
    let subject = match (&one.number, &one.document) {
        (Some(number), _) => format!("order {number}"),
        (None, Some(document)) => document.clone(),
        (None, None) => one.what.clone(),
    };
    format!(
        "{} {}: {subject} {}, shop {}, books {} {}",
        one.id, one.code, one.what, one.shop, one.books, one.currency
    )
    .trim_end()
    .to_owned()
}
