//! Mapped: what a shop's own mapping says of an order, as the accountant takes it.
//!
//! The mapping speaks JSON, because it serves databases too. This is where its answer for the books becomes typed: texts, and
//! nothing that could be a figure. Only a file of the shop's own is asked. The shipped one says what the accountant says by himself,
//! which a test proves, so that it costs nothing and a copy of it in the shop's folder changes nothing.

use serde_json::{Map, Value as Json};

use crate::books;
use crate::connector::port::RawOrder;
use crate::mapping::{MappingOutcome, Set};
use crate::model::fault::Reason;
use crate::model::order::Order;
use crate::model::overlay::{AddressParts, Mapped, Overlay};
use crate::model::service::Service;

const TARGET: &str = Service::BOOKS.as_str();
const ENTITY: &str = "orders";

/// Whether more is looked at of an order than what it is.
pub fn reads_words(mappings: &Set) -> bool {
    mappings.has_own(TARGET, ENTITY)
}

/// What the shop's own mapping makes of an order; `None` where it has none.
pub(super) fn mapped(order: &Order, told: &RawOrder, mappings: &Set) -> Option<Mapped> {
    if !reads_words(mappings) {
        return None;
    }
    Some(match mappings.apply_raw(TARGET, ENTITY, &told.order)? {
        MappingOutcome::Skip(because) => Mapped::Skip(books::mapping_skipped(order, &because)),
        MappingOutcome::Refusal(refusal) => {
            Mapped::Refused(books::mapping_refused(order, &refusal.to_string()))
        }
        MappingOutcome::Document(document) => match document.rows.as_slice() {
            [row] => match overlay(order, row) {
                Ok(overlay) => Mapped::Overlay(Box::new(overlay)),
                Err(reason) => Mapped::Refused(reason),
            },
            _ => Mapped::Refused(books::mapping_refused(
                order,
                "it must give one row for an order",
            )),
        },
    })
}

fn overlay(order: &Order, row: &Map<String, Json>) -> Result<Overlay, Reason> {
    let words = |field: &str| text(row.get(field)).filter(|text| !text.trim().is_empty());
    let number = words("number").map(|number| number.trim().to_owned());
    if let Some(trouble) = number.as_deref().and_then(books::number_trouble) {
        return Err(books::mapping_refused(
            order,
            &format!("`number` {trouble}"),
        ));
    }
    Ok(Overlay {
        number,
        note: words("note"),
        memo: words("memo"),
        class: words("class").map(|class| class.trim().to_owned()),
        location: words("location").map(|location| location.trim().to_owned()),
        bill_to: address(row.get("bill_to")),
        ship_to: address(row.get("ship_to")),
        custom: custom(row.get("custom")),
    })
}

fn address(group: Option<&Json>) -> AddressParts {
    let part = |name: &str| text(group?.get(name));
    AddressParts {
        line_1: part("line_1"),
        line_2: part("line_2"),
        city: part("city"),
        state: part("state"),
        postcode: part("postcode"),
        country: part("country"),
    }
}

fn custom(group: Option<&Json>) -> std::collections::BTreeMap<String, String> {
    let fields = group.and_then(Json::as_object).into_iter().flatten();
    fields
        .filter_map(|(name, value)| Some((name.clone(), text(Some(value))?)))
        .filter(|(_, value)| !value.trim().is_empty())
        .collect()
}

fn text(value: Option<&Json>) -> Option<String> {
    value?.as_str().map(str::to_owned)
}
