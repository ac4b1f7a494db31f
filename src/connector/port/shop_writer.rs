//! A shop that can be written to, and everything that it may ever be asked to change.
//!
//! A shop works an order out anew, with the tax rates of today, as soon as a change of it carries an address, a line, a shipping line, a
//! fee or a coupon, an empty one included; and a refund that is made there moves money and stock unless it is told not to. So there is
//! no place for any of these here: what is not in [`ShopChange`] cannot be sent, whoever writes the connector. Notes are the private
//! ones, because the others mail the shopper; and a status is one of the two that say that money came in, because the others give
//! stock back or cancel. A shopper's sign-in address is not among what can be changed of an account: the shop would mail the old one.
//!
//! No connector implements it yet, and no run writes to a shop.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::ledger::Sending;
use super::shop::ShopReader;
use crate::model::fault::Fault;

/// One change of one thing in the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShopChange {
    Order {
        of: OrderInShop,
        change: OrderChange,
    },
    /// An account of the shop; what is on orders is never changed by it.
    Customer { id: u64, change: ShopperChange },
    Product {
        of: ProductInShop,
        change: ProductChange,
    },
}

/// The order that is meant. A shop that was put back to a backup gives ids out again, so the key that it made for the order must be
/// the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OrderInShop {
    pub id: u64,
    pub key: String,
}

/// What may be done to an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderChange {
    /// A note for the people of the shop. It is mailed to nobody, moves no time of change, and is made once: whoever writes looks for it
    /// first.
    PrivateNote(String),
    Status(SettledStatus),
}

/// The statuses that an order may be given: those in which it is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SettledStatus {
    Processing,
    Completed,
}

/// Puts values into fields of an account and leaves all others.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ShopperChange {
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub billing: AddressChange,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub shipping: AddressChange,
    /// The address that bills go to, which is not the one to sign in with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub billing_email: Option<String>,
}

/// Parts of an address. A part that is not named stays as it is; an empty text clears one.
pub type AddressChange = BTreeMap<AddressPart, String>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddressPart {
    FirstName,
    LastName,
    Company,
    Street,
    StreetBelow,
    City,
    State,
    Postcode,
    Country,
    Phone,
}

impl AddressPart {
    pub const ALL: [AddressPart; 10] = [
        AddressPart::FirstName,
        AddressPart::LastName,
        AddressPart::Company,
        AddressPart::Street,
        AddressPart::StreetBelow,
        AddressPart::City,
        AddressPart::State,
        AddressPart::Postcode,
        AddressPart::Country,
        AddressPart::Phone,
    ];
}

/// The product that is meant, or the variation of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ProductInShop {
    pub id: u64,
    pub variation: Option<u64>,
}

/// Puts values into fields of a product and leaves all others. What the shop derives, such as the price that holds today, is not among
/// them, and neither is its stock: that is a flow and not a value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ProductChange {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    /// Exact, so that no text that is no number can empty the price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regular_price: Option<Decimal>,
}

/// A shop that can be written to.
pub trait ShopWriter: ShopReader {
    /// Makes one change, or finds that it is made already. An error is about the change as a whole:
    /// [`Remedy::Ask`](crate::model::fault::Remedy::Ask) where it may have been made. `sending` is called right before the first byte
    /// leaves.
    fn change(
        &self,
        change: &ShopChange,
        sending: Sending<'_>,
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    fn address() -> AddressChange {
        AddressPart::ALL.map(|part| (part, "x".to_owned())).into()
    }

    /// Every change there is, with everything in it. A variant that is added has no place to hide: the match does not compile without
    /// it.
    fn every_change() -> Vec<ShopChange> {
        let order = |change| ShopChange::Order {
            of: OrderInShop {
                id: 7,
                key: "wc_order_abc".to_owned(),
            },
            change,
        };
        let all = vec![
            order(OrderChange::PrivateNote("paid".to_owned())),
            order(OrderChange::Status(SettledStatus::Processing)),
            order(OrderChange::Status(SettledStatus::Completed)),
            ShopChange::Customer {
                id: 7,
                change: ShopperChange {
                    billing: address(),
                    shipping: address(),
                    billing_email: Some("ann@example.com".to_owned()),
                },
            },
            ShopChange::Product {
                of: ProductInShop {
                    id: 7,
                    variation: Some(8),
                },
                change: ProductChange {
                    name: Some("Mug".to_owned()),
                    short_description: Some("Blue".to_owned()),
                    sku: Some("MUG".to_owned()),
                    regular_price: Some(Decimal::new(1250, 2)),
                },
            },
        ];
        for change in &all {
            match change {
                ShopChange::Order { change, .. } => match change {
                    OrderChange::PrivateNote(_)
                    | OrderChange::Status(SettledStatus::Processing | SettledStatus::Completed) => {
                    }
                },
                ShopChange::Customer { .. } | ShopChange::Product { .. } => {}
            }
        }
        all
    }

    fn keys(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Array(list) => list.iter().for_each(|one| keys(one, found)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    found.insert(name.clone());
                    keys(value, found);
                }
            }
            Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Null => {}
        }
    }

    fn keys_of(change: &ShopChange) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let value = serde_json::to_value(change).expect("a change has a JSON form");
        keys(&value, &mut found);
        found
    }

    #[test]
    fn no_change_of_an_order_can_touch_what_was_charged() {
        let mut seen = BTreeSet::new();
        for change in every_change() {
            if matches!(change, ShopChange::Order { .. }) {
                seen.extend(keys_of(&change));
            }
        }
        let known = [
            "order",
            "of",
            "id",
            "key",
            "change",
            "private_note",
            "status",
        ];
        assert_eq!(seen, known.map(str::to_owned).into());
    }

    #[test]
    fn nothing_that_can_be_changed_moves_money_or_stock_or_mails_a_shopper() {
        const NEVER: [&str; 30] = [
            "line_items",
            "shipping_lines",
            "fee_lines",
            "coupon_lines",
            "tax_lines",
            "refund",
            "refunds",
            "api_refund",
            "api_restock",
            "amount",
            "set_paid",
            "date_paid",
            "transaction_id",
            "customer_note",
            "total",
            "total_tax",
            "currency",
            "meta_data",
            "email",
            "password",
            "username",
            "role",
            "stock",
            "stock_quantity",
            "stock_status",
            "manage_stock",
            "inventory_delta",
            "price",
            "sale_price",
            "description",
        ];
        for change in every_change() {
            for key in keys_of(&change) {
                assert!(!NEVER.contains(&key.as_str()), "`{key}` in {change:?}");
            }
        }
    }

    #[test]
    fn what_is_left_alone_is_not_said() {
        let change = ShopChange::Customer {
            id: 7,
            change: ShopperChange {
                billing: [(AddressPart::City, "Oslo".to_owned())].into(),
                ..ShopperChange::default()
            },
        };
        assert_eq!(
            serde_json::to_string(&change).expect("a change has a JSON form"),
            r#"{"customer":{"id":7,"change":{"billing":{"city":"Oslo"}}}}"#
        );
    }
}
