//! Cards: customers with every field that a person fills in, read by id when somebody wants to fill in more.
//!
//! The lists keep no more of a person than it takes to tell one from another.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::draft::CustomerInBooks;
use crate::model::fault::Fault;
use crate::model::names::ItemEntry;
use crate::model::order;
use crate::model::plan::{Remote, RemoteKind};
use crate::model::ticket::BeforeImage;

use super::before::ShownBodies;
use super::client::BooksClient;
use super::faults;
use super::found;
use super::query::{ANY, rows};
use super::wire;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Card {
    id: Option<String>,
    sync_token: Option<String>,
    given_name: Option<String>,
    family_name: Option<String>,
    company_name: Option<String>,
    primary_email_addr: Option<wire::EmailAnswer>,
    primary_phone: Option<PhoneAnswer>,
    mobile: Option<PhoneAnswer>,
    notes: Option<String>,
    web_addr: Option<WebsiteAnswer>,
    bill_addr: Option<wire::AddressAnswer>,
    ship_addr: Option<wire::AddressAnswer>,
    active: Option<bool>,
    meta_data: Option<wire::MetaData>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct PhoneAnswer {
    free_form_number: Option<String>,
}

#[derive(Deserialize)]
struct WebsiteAnswer {
    #[serde(rename = "URI")]
    uri: Option<String>,
}

/// Reads items by id, the inactive ones too.
pub async fn items(
    client: &BooksClient,
    shown: &ShownBodies,
    ids: &[String],
) -> Result<Vec<Option<ItemEntry>>, Fault> {
    let wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    let bodies: Vec<Box<RawValue>> = rows(client, "Item", "Id", &wanted, ANY).await?;
    let mut known = BTreeMap::new();
    for body in &bodies {
        shown.remember(RemoteKind::Item, body.get());
        let item = serde_json::from_str(body.get());
        let item = item.map_err(|_| faults::unreadable("Item"))?;
        known.extend(found::item_entry(item).map(|item| (item.id.clone(), item)));
    }
    Ok(ids.iter().map(|id| known.get(id).cloned()).collect())
}

/// Reads customers by id, the inactive ones too.
pub async fn read(
    client: &BooksClient,
    shown: &ShownBodies,
    ids: &[String],
) -> Result<Vec<Option<CustomerInBooks>>, Fault> {
    let wanted: Vec<&str> = ids.iter().map(String::as_str).collect();
    let bodies: Vec<Box<RawValue>> = rows(client, "Customer", "Id", &wanted, ANY).await?;
    let mut cards: Vec<Card> = Vec::with_capacity(bodies.len());
    for body in &bodies {
        shown.remember(RemoteKind::Customer, body.get());
        let card = serde_json::from_str(body.get());
        cards.push(card.map_err(|_| faults::unreadable("Customer"))?);
    }
    let known: BTreeMap<String, CustomerInBooks> = cards
        .into_iter()
        .filter_map(in_books)
        .map(|customer| (customer.remote.id.clone(), customer))
        .collect();
    Ok(ids.iter().map(|id| known.get(id).cloned()).collect())
}

/// A customer out of what was kept of it.
pub fn customer_of(image: &BeforeImage) -> Option<CustomerInBooks> {
    in_books(serde_json::from_str(image.body.text()).ok()?)
}

/// An item out of what was kept of it.
pub fn item_of(image: &BeforeImage) -> Option<ItemEntry> {
    found::item_entry(serde_json::from_str(image.body.text()).ok()?)
}

fn in_books(card: Card) -> Option<CustomerInBooks> {
    let number = |phone: Option<PhoneAnswer>| phone.and_then(|phone| phone.free_form_number);
    Some(CustomerInBooks {
        remote: Remote {
            entity: RemoteKind::Customer,
            id: card.id?,
            revision: card.sync_token.unwrap_or_default(),
        },
        first_name: card.given_name.unwrap_or_default(),
        last_name: card.family_name.unwrap_or_default(),
        company: card.company_name.unwrap_or_default(),
        email: card
            .primary_email_addr
            .and_then(|email| email.address)
            .unwrap_or_default(),
        phone: number(card.primary_phone).unwrap_or_default(),
        mobile: number(card.mobile).unwrap_or_default(),
        note: card.notes.unwrap_or_default(),
        website: card.web_addr.and_then(|site| site.uri).unwrap_or_default(),
        billing: address(card.bill_addr),
        shipping: address(card.ship_addr),
        active: card.active.unwrap_or(true),
        changed_at: card.meta_data.and_then(wire::MetaData::changed_at),
    })
}

/// Lines beyond the second are words of the second: what matters is that somebody wrote something there.
fn address(address: Option<wire::AddressAnswer>) -> order::Address {
    let Some(address) = address else {
        return order::Address::default();
    };
    let more = [address.line2, address.line3, address.line4, address.line5];
    let more: Vec<String> = more.into_iter().flatten().collect();
    order::Address {
        line_1: address.line1.unwrap_or_default(),
        line_2: more.join(" ").trim().to_owned(),
        city: address.city.unwrap_or_default(),
        state: address.country_sub_division_code.unwrap_or_default(),
        postcode: address.postal_code.unwrap_or_default(),
        country: address.country.unwrap_or_default(),
    }
}
