//! The fields each entity knows, out of `fields.txt`.
//!
//! A client may send back everything it once read, so fields that the service
//! computes are listed there too, as ignored. What is missing is refused.

use super::entity::Entity;
use super::schema::{Fields, Kind};
use std::collections::HashMap;
use std::sync::LazyLock;

type Tables = HashMap<&'static str, Fields>;

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables::new();
    let text = include_str!("fields.txt");
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    let mut named = "";
    let mut fields = Vec::new();
    // The last head closes the last block.
    for line in rows.chain([":"]) {
        let Some(next) = line.strip_suffix(':') else {
            let said = line.split(',').filter(|field| !field.trim().is_empty());
            fields.extend(said.map(|field| read(field, &tables)));
            continue;
        };
        // Read once for the life of the program, and shared from then on.
        let whole: Fields = Box::leak(std::mem::take(&mut fields).into_boxed_slice());
        tables.extend(named.split_whitespace().map(|name| (name, whole)));
        named = next;
    }
    tables
});

/// The fields of an entity that clients can write; `None` for the read-only ones.
pub fn of(entity: Entity) -> Option<Fields> {
    TABLES.get(entity.name()).copied()
}

fn read(field: &'static str, above: &Tables) -> (&'static str, Kind) {
    let mut words = field.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let (name, kind, measure) = (word(), word(), word());
    let length = || measure.parse().expect("a length is a number");
    let inside = || above[measure];
    let kind = match kind {
        "" => Kind::Ignored,
        "text" => Kind::Text(length()),
        "name" => Kind::Name(length()),
        "email" => Kind::Email(length()),
        "flag" => Kind::Flag,
        "amount" => Kind::Amount,
        "number" => Kind::Number,
        "date" => Kind::Date,
        "reference" => Kind::Reference,
        "one" => Kind::One(Box::leak(measure.split('|').collect())),
        "object" => Kind::Object(inside()),
        "list" => Kind::List(inside()),
        other => unreachable!("`{other}` is no kind of field"),
    };
    (name, kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_table_is_read() {
        assert_eq!(
            TABLES.values().map(|fields| fields.len()).sum::<usize>(),
            590
        );
        let last = |entity| of(entity).and_then(<[_]>::last).map(|(name, _)| *name);
        assert_eq!(last(Entity::Invoice), Some("RemainingCredit"));
        assert_eq!(last(Entity::PaymentMethod), Some("Type"));
        assert!(of(Entity::TaxRate).is_none());
    }
}
