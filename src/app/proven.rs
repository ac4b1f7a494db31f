//! Proven: how a proof ended, in words that claim no more than was compared.
//!
//! What is held, undone, failed or set aside is on neither side of the sums. Where that is all there is, or where there is nothing at all,
//! nothing was proven, and the first line has to say so: it is the only one that is read of forty shops.

use crate::books::reconciled::Proof;
use crate::model::code::UNDONE;
use crate::model::problem::ProblemState;
use crate::model::service::Service;

/// How it ended, with the period in its place: ` from 2026-11-01 to 2026-11-30`, or nothing where that stands elsewhere.
pub fn ending(proof: &Proof, period: &str) -> String {
    let equal = match proof.to == Service::COPY.as_str() {
        true => "the copy in the database equals the shop",
        false => "the books equal the shop",
    };
    let left_out = left_out(proof);
    let is_empty = proof.orders.compared == 0 && proof.differences.is_empty();
    match (proof.proven, proof.open().count()) {
        (true, _) if is_empty && left_out.is_empty() => {
            format!("nothing to compare: no order with a document{period}")
        }
        (true, _) if is_empty => {
            format!("nothing was compared: no order with a document{period}; {left_out}")
        }
        (true, _) if left_out.is_empty() => format!("proven: {equal}{period}"),
        (true, _) => {
            format!("proven for what was compared: {equal}{period}; not compared: {left_out}")
        }
        (false, 0) => format!("not proven: no order differs, and the sums do{period}"),
        (false, 1) => format!("not proven: 1 difference{period}"),
        (false, open) => format!("not proven: {open} differences{period}"),
    }
}

/// What is on neither side of the sums: `2 held, 1 failed, 1 set aside`. Empty where that is nothing.
pub fn left_out(proof: &Proof) -> String {
    let in_state = |state: ProblemState| {
        let lines = proof.held.iter();
        lines.filter(move |line| line.state == state.as_str())
    };
    let all = |state: ProblemState| in_state(state).count();
    let undone = in_state(ProblemState::Held)
        .filter(|line| line.code == UNDONE)
        .count();
    let counts = [
        (all(ProblemState::Held) - undone, "held"),
        (undone, "undone"),
        (all(ProblemState::Failed), "failed"),
        (all(ProblemState::Parked), "parked"),
        (all(ProblemState::Conflict), "in conflict"),
        (all(ProblemState::SetAside), "set aside"),
    ];
    let said = counts.iter().filter(|(count, _)| *count > 0);
    said.map(|(count, word)| format!("{count} {word}"))
        .collect::<Vec<_>>()
        .join(", ")
}
