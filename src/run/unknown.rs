//! Orders that were asked for by their ids, and that nobody has.

use super::failure::Failure;
use super::listener::Listener;
use super::request::{RunRequest, RunSubject};

/// Where an order could be besides in the shop.
#[derive(Clone, Copy)]
pub enum Nor {
    Books,
    /// In a run to the database alone.
    Copy,
}

/// An id that was asked for by hand and is nobody's is worth a word.
pub fn note(listener: &Listener, unknown: &[u64]) {
    for id in unknown {
        listener.note(format!("the shop has no order with id {id}"));
    }
}

/// None of the orders that were named by hand is there. What is tried again may be gone from the shop by now; what is typed should
/// be there.
pub fn none_known(request: &RunRequest, unknown: &[u64], nor: Nor) -> Option<Failure> {
    let RunSubject::Records(selection) = &request.subject else {
        return None;
    };
    let nor = match nor {
        Nor::Books => "the books have",
        Nor::Copy => "the database has",
    };
    let asked = &selection.ids;
    let none = !asked.is_empty() && asked.iter().all(|id| unknown.contains(id));
    none.then(|| {
        let ids: Vec<String> = asked.iter().map(u64::to_string).collect();
        let ids = ids.join("`, `");
        Failure::new(
            "order_unknown",
            format!("neither the shop nor {nor} an order with the id `{ids}`"),
        )
        .hint("`--id` is the number in the address of the order's page in the shop, which may differ from the order's own number")
    })
}
