//! Dressed: what the mapping makes of an account, as the accountant takes it.
//!
//! The mapping speaks JSON, because it serves databases too. Here its answer for a customer of the books becomes typed.

use serde_json::{Map, Value as Json};

use crate::mapping::{MappingOutcome, Set};
use crate::model::draft::{CustomerLook, Dressed};
use crate::model::fault::Reason;
use crate::model::overlay::AddressParts;
use crate::model::raw::Raw;
use crate::model::service::Service;

const TARGET: &str = Service::BOOKS.as_str();
const ENTITY: &str = "customers";

/// What the mapping makes of an account, the shop's own or the shipped one.
pub(super) fn dressed(id: u64, raw: &Raw, mappings: &Set) -> Dressed {
    match mappings.apply_raw(TARGET, ENTITY, raw) {
        None => Dressed::Look(CustomerLook::default()),
        Some(MappingOutcome::Skip(because)) => Dressed::Skip(Reason::new(
            "mapping_skipped",
            format!("account {id} is left out by the mapping: {because}"),
        )),
        Some(MappingOutcome::Refusal(refusal)) => {
            Dressed::Refused(refused(id, &refusal.to_string()))
        }
        Some(MappingOutcome::Document(document)) => match document.rows.as_slice() {
            [row] => Dressed::Look(look(row)),
            _ => Dressed::Refused(refused(id, "it must give one row for an account")),
        },
    }
}

fn refused(id: u64, why: &str) -> Reason {
    Reason::new(
        "mapping_refused",
        format!("account {id} could not be mapped: {why}"),
    )
    .hint(format!(
        "`udsync mapping preview customers --id {id}` shows each step; mend `mappings/woocommerce-quickbooks/customers.toml` or the account, then run `udsync sync customers` again"
    ))
}

fn look(row: &Map<String, Json>) -> CustomerLook {
    let words = |field: &str| text(row.get(field)).filter(|text| !text.trim().is_empty());
    CustomerLook {
        display_name: words("display_name"),
        first_name: words("first_name"),
        last_name: words("last_name"),
        company: words("company"),
        email: words("email"),
        phone: words("phone"),
        mobile: words("mobile"),
        note: words("note"),
        website: words("website"),
        bill_to: address(row.get("bill_to")),
        ship_to: address(row.get("ship_to")),
    }
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

fn text(value: Option<&Json>) -> Option<String> {
    value?.as_str().map(str::to_owned)
}
