//! What each side says of a record, field by field, and how a value is put into a change of either side.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use crate::books::agreed_fields::{FieldSaid, SpellingLost, in_books, in_shop};
use crate::model::agreed::AgreedField;
use crate::model::both::{CustomerField, ProductField};
use crate::model::draft::{CustomerChange, CustomerInBooks, ItemChange};
use crate::model::names::ItemEntry;
use crate::model::order::{Address, Buyer};
use crate::model::product::{Product, ProductKind};
use crate::model::shop_change::{AddressChange, AddressPart, ProductChange, ShopperChange};
use crate::model::shopper::Shopper;

/// What a side says, by field.
pub(super) type SaidFields = BTreeMap<AgreedField, FieldSaid>;

/// `buyer` is whom the orders of the account would name.
pub(super) fn of_shopper(shopper: &Shopper, buyer: &Buyer) -> SaidFields {
    person(
        [
            &buyer.first_name,
            &buyer.last_name,
            &buyer.company,
            &buyer.phone,
            &buyer.email,
        ],
        &shopper.billing,
        &shopper.shipping,
    )
}

pub(super) fn of_customer(card: &CustomerInBooks) -> SaidFields {
    person(
        [
            &card.first_name,
            &card.last_name,
            &card.company,
            &card.phone,
            &card.email,
        ],
        &card.billing,
        &card.shipping,
    )
}

fn person(texts: [&String; 5], billing: &Address, shipping: &Address) -> SaidFields {
    use CustomerField::{
        BillingAddress, Company, Email, FirstName, LastName, Phone, ShippingAddress,
    };
    let texts = [FirstName, LastName, Company, Phone, Email]
        .into_iter()
        .zip(texts);
    let texts = texts.map(|(field, text)| (field, FieldSaid::text(text)));
    let addresses = [(BillingAddress, billing), (ShippingAddress, shipping)];
    let addresses = addresses.map(|(field, address)| (field, lines(address)));
    texts
        .chain(addresses)
        .map(|(field, said)| (AgreedField::Customer(field), said))
        .collect()
}

fn lines(address: &Address) -> FieldSaid {
    FieldSaid::lines([
        &address.line_1,
        &address.line_2,
        &address.city,
        &address.state,
        &address.postcode,
        &address.country,
    ])
}

/// A price under which something is on sale says nothing of the regular one, and one with tax in it is no price of the books.
pub(super) fn of_product(product: &Product, prices_include_tax: Option<bool>) -> SaidFields {
    let is_on_sale = product.price != product.regular_price;
    let price = product
        .regular_price
        .filter(|_| !is_on_sale && prices_include_tax == Some(false));
    goods(&product.name, product.sku.as_deref(), price)
}

pub(super) fn of_item(item: &ItemEntry) -> SaidFields {
    goods(&item.name, item.sku.as_deref(), item.price)
}

fn goods(name: &str, sku: Option<&str>, price: Option<Decimal>) -> SaidFields {
    let said = [
        (ProductField::Name, FieldSaid::text(name)),
        (ProductField::Sku, FieldSaid::text(sku.unwrap_or_default())),
        (ProductField::Price, FieldSaid::price(price)),
    ];
    said.map(|(field, said)| (AgreedField::Product(field), said))
        .into()
}

/// What the shop says, as the books would hold it.
pub(super) fn shop_in_books(field: AgreedField, shop: &FieldSaid) -> Result<String, SpellingLost> {
    in_books(field, shop.known(field).unwrap_or_default())
}

/// What the books say, as the shop would hold it. A shop knows countries and states by their letters.
pub(super) fn books_in_shop(
    field: AgreedField,
    books: &FieldSaid,
    decimals: u32,
) -> Result<String, SpellingLost> {
    let text = books.known(field).unwrap_or_default();
    if field.is_address() && !text.is_empty() {
        let address = address_of(text);
        let is_code = |text: &str| {
            text.chars().count() <= 3
                && text
                    .chars()
                    .all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit())
        };
        if !is_code(&address.country) || address.country.len() != 2 || !is_code(&address.state) {
            return Err(SpellingLost::NoLetterCode);
        }
    }
    in_shop(field, text, decimals)
}

/// An address out of its six lines.
fn address_of(text: &str) -> Address {
    let mut lines = text.split('\n').map(str::to_owned);
    let mut line = || lines.next().unwrap_or_default();
    Address {
        line_1: line(),
        line_2: line(),
        city: line(),
        state: line(),
        postcode: line(),
        country: line(),
    }
}

/// The change of a customer of the books that puts these values there.
pub(super) fn customer_change(values: &BTreeMap<AgreedField, &String>) -> CustomerChange {
    let mut change = CustomerChange::default();
    for (field, value) in values {
        let AgreedField::Customer(field) = field else {
            continue;
        };
        let text = Some((*value).clone());
        match field {
            CustomerField::FirstName => change.first_name = text,
            CustomerField::LastName => change.last_name = text,
            CustomerField::Company => change.company = text,
            CustomerField::Phone => change.phone = text,
            CustomerField::Email => change.email = text,
            CustomerField::BillingAddress => change.billing = Some(address_of(value)),
            CustomerField::ShippingAddress => change.shipping = Some(address_of(value)),
        }
    }
    change
}

/// The change of an account of the shop that puts these values there, and what stands in the same places now.
pub(super) fn shopper_change(
    shopper: &Shopper,
    values: &BTreeMap<AgreedField, &String>,
) -> (ShopperChange, ShopperChange) {
    let (mut change, mut before) = (ShopperChange::default(), ShopperChange::default());
    let now = &shopper.billing_name;
    for (field, value) in values {
        let AgreedField::Customer(field) = field else {
            continue;
        };
        let mut part = |part: AddressPart, stands: &str| {
            change.billing.insert(part, (*value).clone());
            before.billing.insert(part, stands.to_owned());
        };
        match field {
            CustomerField::FirstName => part(AddressPart::FirstName, &now.first_name),
            CustomerField::LastName => part(AddressPart::LastName, &now.last_name),
            CustomerField::Company => part(AddressPart::Company, &now.company),
            CustomerField::Phone => part(AddressPart::Phone, &now.phone),
            CustomerField::Email => {
                change.billing_email = Some((*value).clone());
                before.billing_email = Some(now.email.clone());
            }
            CustomerField::BillingAddress => {
                change.billing.extend(parts(&address_of(value)));
                before.billing.extend(parts(&shopper.billing));
            }
            CustomerField::ShippingAddress => {
                change.shipping.extend(parts(&address_of(value)));
                before.shipping.extend(parts(&shopper.shipping));
            }
        }
    }
    (change, before)
}

fn parts(address: &Address) -> AddressChange {
    [
        (AddressPart::Street, &address.line_1),
        (AddressPart::StreetBelow, &address.line_2),
        (AddressPart::City, &address.city),
        (AddressPart::State, &address.state),
        (AddressPart::Postcode, &address.postcode),
        (AddressPart::Country, &address.country),
    ]
    .map(|(part, text)| (part, text.clone()))
    .into()
}

/// The change of an item of the books that puts these values there.
pub(super) fn item_change(values: &BTreeMap<AgreedField, &String>) -> ItemChange {
    let of = |field| values.get(&AgreedField::Product(field));
    ItemChange {
        name: of(ProductField::Name).map(|name| (*name).clone()),
        sku: of(ProductField::Sku).map(|sku| (*sku).clone()),
        price: of(ProductField::Price).and_then(|price| price.parse().ok()),
    }
}

/// The change of a product of the shop that puts these values there, and what stands in the same places now.
pub(super) fn product_change(
    product: &Product,
    values: &BTreeMap<AgreedField, &String>,
) -> (ProductChange, ProductChange) {
    let wanted = item_change(values);
    let before = ProductChange {
        name: wanted.name.as_ref().map(|_| product.name.clone()),
        short_description: None,
        sku: wanted
            .sku
            .as_ref()
            .map(|_| product.sku.clone().unwrap_or_default()),
        regular_price: wanted.price.and(product.regular_price),
    };
    let change = ProductChange {
        name: wanted.name,
        short_description: None,
        sku: wanted.sku,
        regular_price: wanted.price,
    };
    (change, before)
}

/// Whether the shop itself makes the name, out of its product and what tells the variation.
pub(super) fn makes_its_name(product: &Product) -> bool {
    product.kind != ProductKind::Simple
}
