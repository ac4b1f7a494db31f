//! What a request asks to see of an object: `_fields` and `dp`.

use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value};

/// Keeps the named fields. A dotted name reaches into objects but not into lists,
/// where it silently gives nothing.
pub fn choose(object: &Value, fields: &[String]) -> Value {
    let mut chosen = Map::new();
    for field in fields {
        let path: Vec<&str> = field.split('.').collect();
        if let Some(found) = reach(object, &path) {
            place(&mut chosen, &path, found);
        }
    }
    Value::Object(chosen)
}

fn reach<'a>(object: &'a Value, path: &[&str]) -> Option<&'a Value> {
    path.iter()
        .try_fold(object, |value, name| value.as_object()?.get(*name))
}

fn place(into: &mut Map<String, Value>, path: &[&str], value: &Value) {
    match path {
        [] => {}
        [last] => {
            into.insert((*last).to_owned(), value.clone());
        }
        [first, rest @ ..] => {
            let slot = into
                .entry((*first).to_owned())
                .or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(map) = slot {
                place(map, rest, value);
            }
        }
    }
}

/// The fields asked for, without blanks; `None` means all.
pub fn asked(text: Option<&str>) -> Option<Vec<String>> {
    let names: Vec<String> = text?
        .split(',')
        .map(|name| name.trim().to_owned())
        .filter(|name| !name.is_empty())
        .collect();
    if names.is_empty() { None } else { Some(names) }
}

const ON_THE_ORDER: &[&str] = &[
    "discount_total",
    "discount_tax",
    "shipping_total",
    "shipping_tax",
    "cart_tax",
    "total",
    "total_tax",
    "amount",
];
const ON_A_LINE: &[&str] = &[
    "subtotal",
    "subtotal_tax",
    "total",
    "total_tax",
    "tax_total",
    "shipping_tax_total",
];

/// Shows the amounts of an order or refund with another number of decimals.
///
/// The unrounded values a real shop keeps inside are not known here, so more
/// decimals only add zeros unless the raw object already had them.
pub fn decimals(object: &mut Value, places: u32) {
    each(object, ON_THE_ORDER, places);
    for list in ["line_items", "tax_lines", "shipping_lines", "fee_lines"] {
        for line in lines(object, list) {
            each(line, ON_A_LINE, places);
            for tax in lines(line, "taxes") {
                each(tax, &["total", "subtotal"], places);
            }
        }
    }
    for refund in lines(object, "refunds") {
        each(refund, &["total"], places);
    }
}

fn lines<'a>(object: &'a mut Value, name: &str) -> impl Iterator<Item = &'a mut Value> {
    object
        .get_mut(name)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
}

fn each(object: &mut Value, names: &[&str], places: u32) {
    for name in names {
        let Some(Value::String(text)) = object.get_mut(*name) else {
            continue;
        };
        if let Ok(amount) = text.parse::<Decimal>() {
            let mut rounded =
                amount.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero);
            rounded.rescale(places);
            *text = rounded.to_string();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn dotted_names_reach_into_objects_but_not_into_lists() {
        let order = json!({"id": 1, "billing": {"email": "a@example.com", "city": "X"}, "line_items": [{"name": "Mug", "total": "1.00"}]});
        let fields = asked(Some("id,billing.email,line_items.total,nope")).expect("fields");
        assert_eq!(
            choose(&order, &fields),
            json!({"id": 1, "billing": {"email": "a@example.com"}})
        );
    }

    #[test]
    fn amounts_are_shown_with_the_decimals_asked_for() {
        let mut order = json!({"total": "126.68", "line_items": [{"total": "56.88", "taxes": [{"total": "2.845", "subtotal": ""}], "price": 1.5}]});
        decimals(&mut order, 0);
        assert_eq!(
            order,
            json!({"total": "127", "line_items": [{"total": "57", "taxes": [{"total": "3", "subtotal": ""}], "price": 1.5}]})
        );
        decimals(&mut order, 3);
        assert_eq!(order["total"], "127.000");
    }
}
