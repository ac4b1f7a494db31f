//! The order of the fields in each kind of object.
//!
//! It changes nothing for a reader of JSON; it is here so that the text of an answer is
//! that of a real shop.

use std::collections::HashMap;
use std::sync::LazyLock;

static SHAPES: LazyLock<HashMap<&str, Vec<&str>>> = LazyLock::new(|| {
    let mut shapes: HashMap<&str, Vec<&str>> = HashMap::new();
    let mut kinds: &str = "";
    let lines = include_str!("shapes.txt").lines();
    for line in lines.filter(|line| !line.starts_with('#')) {
        match line.strip_suffix(':') {
            Some(named) => kinds = named,
            None => kinds.split_whitespace().for_each(|kind| {
                shapes
                    .entry(kind)
                    .or_default()
                    .extend(line.split_whitespace());
            }),
        }
    }
    shapes
});

/// The order in which WooCommerce writes the fields of an object; unlisted ones follow.
pub fn fields_of(kind: &str) -> &'static [&'static str] {
    SHAPES.get(kind).map_or(&[], Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use super::fields_of;

    #[test]
    fn every_line_of_the_table_is_read() {
        assert_eq!(fields_of("refunds"), ["id", "reason", "total"]);
        assert_eq!(fields_of("billing"), fields_of("shipping"));
        assert_eq!(fields_of("order").last(), Some(&"_links"));
        assert!(fields_of("nothing").is_empty());
    }
}
