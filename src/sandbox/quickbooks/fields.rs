//! The fields each entity knows, out of `fields.txt`.
//!
//! A client may send back everything it once read, so fields that the service
//! computes are listed there too, as ignored. What is missing is refused.

use super::entity::CompanyEntity;
use super::schema::{CompanyFields, CompanyKind};
use std::collections::HashMap;
use std::sync::LazyLock;

type CompanyTables = HashMap<&'static str, CompanyFields>;

static TABLES: LazyLock<CompanyTables> = LazyLock::new(|| {
    let mut tables = CompanyTables::new();
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
        let whole: CompanyFields = Box::leak(std::mem::take(&mut fields).into_boxed_slice());
        tables.extend(named.split_whitespace().map(|name| (name, whole)));
        named = next;
    }
    tables
});

/// The fields of an entity that clients can write; `None` for the read-only ones.
pub fn of(entity: CompanyEntity) -> Option<CompanyFields> {
    TABLES.get(entity.name()).copied()
}

fn read(field: &'static str, above: &CompanyTables) -> (&'static str, CompanyKind) {
    let mut words = field.split_whitespace();
    let mut word = || words.next().unwrap_or_default();
    let (name, kind, measure) = (word(), word(), word());
    let length = || measure.parse().expect("a length is a number");
    let inside = || above[measure];
    let kind = match kind {
        "" => CompanyKind::Ignored,
        "text" => CompanyKind::Text(length()),
        "name" => CompanyKind::Name(length()),
        "email" => CompanyKind::Email(length()),
        "flag" => CompanyKind::Flag,
        "amount" => CompanyKind::Amount,
        "number" => CompanyKind::Number,
        "date" => CompanyKind::Date,
        "reference" => CompanyKind::Reference,
        "one" => CompanyKind::One(Box::leak(measure.split('|').collect())),
        "object" => CompanyKind::Object(inside()),
        "list" => CompanyKind::List(inside()),
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
            738
        );
        let last = |entity| of(entity).and_then(<[_]>::last).map(|(name, _)| *name);
        assert_eq!(last(CompanyEntity::Invoice), Some("RemainingCredit"));
        assert_eq!(last(CompanyEntity::PaymentMethod), Some("Type"));
        assert!(of(CompanyEntity::TaxRate).is_none());
    }
}
