//! Orders that were asked for by their ids, and that nobody has.

use crate::engine::gather::{Reach, Scope};
use crate::engine::run::Planned;

use super::out;
use super::report::{Failure, exit};

/// Orders that were asked for by their ids, and none of which there is.
pub fn none_known(scope: &Scope, planned: &Planned) -> Option<Failure> {
    let Reach::Orders(asked) = &scope.reach else {
        return None;
    };
    let all = !asked.is_empty() && asked.iter().all(|id| planned.unknown.contains(id));
    all.then(|| {
        let ids: Vec<String> = asked.iter().map(u64::to_string).collect();
        let ids = ids.join("`, `");
        Failure::new(
            exit::FAILED,
            "order_unknown",
            format!("neither the shop nor the books have an order with the id `{ids}`"),
        )
        .hint("`--id` is the number in the address of the order's page in the shop, which may differ from the order's own number")
    })
}

/// An id that was asked for by hand and is nobody's is worth a word.
pub fn note_unknown(planned: &Planned) {
    for id in &planned.unknown {
        out::say(&format!("note: the store has no order with id {id}"));
    }
}
