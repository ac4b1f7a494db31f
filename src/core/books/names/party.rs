//! A party: somebody who buys, as the search for a customer sees him, whether an order names him or an account.

use std::borrow::Cow;

use super::{clean_name, cleaned};
use crate::model::draft::{CustomerDraft, CustomerLook};
use crate::model::order::{Address, Buyer, Order};
use crate::model::shopper::Shopper;

pub struct Party<'a> {
    pub buyer: Cow<'a, Buyer>,
    pub currency: &'a str,
    billing: &'a Address,
    shipping: &'a Address,
    origin: PartyOrigin<'a>,
    /// The mapping's words, of an account. They say what is put into the fields; what identifies somebody is not theirs.
    look: Option<&'a CustomerLook>,
}

#[derive(Clone, Copy)]
enum PartyOrigin<'a> {
    Order(&'a Order),
    Account(u64),
}

impl<'a> Party<'a> {
    pub fn of_order(order: &'a Order) -> Party<'a> {
        Party {
            buyer: Cow::Borrowed(&order.buyer),
            currency: &order.currency,
            billing: &order.billing,
            shipping: &order.shipping,
            origin: PartyOrigin::Order(order),
            look: None,
        }
    }

    /// An account is whom its orders would name: what stands in its billing address, and its own name and address where that says
    /// nothing.
    pub fn of_account(
        shopper: &'a Shopper,
        currency: &'a str,
        look: Option<&'a CustomerLook>,
    ) -> Party<'a> {
        let mut buyer = shopper.billing_name.clone();
        buyer.account = Some(shopper.id);
        if cleaned(&format!("{} {}", buyer.first_name, buyer.last_name)).is_empty() {
            buyer.first_name.clone_from(&shopper.first_name);
            buyer.last_name.clone_from(&shopper.last_name);
        }
        if buyer.email.trim().is_empty() {
            buyer.email.clone_from(&shopper.email);
        }
        Party {
            buyer: Cow::Owned(buyer),
            currency,
            billing: &shopper.billing,
            shipping: &shopper.shipping,
            origin: PartyOrigin::Account(shopper.id),
            look,
        }
    }

    /// What people would call somebody.
    pub(super) fn display_name(&self) -> String {
        let buyer = &self.buyer;
        let look = self.look.and_then(|look| look.display_name.clone());
        let last_resort = match self.origin {
            PartyOrigin::Order(order) => format!("WooCommerce order {}", order.number),
            PartyOrigin::Account(id) => format!("WooCommerce customer {id}"),
        };
        [
            look.unwrap_or_default(),
            format!("{} {}", buyer.first_name, buyer.last_name),
            buyer.company.clone(),
            buyer.email.clone(),
            last_resort,
        ]
        .into_iter()
        .find(|name| !cleaned(name).is_empty())
        .unwrap_or_default()
    }

    /// The fields of a customer, but for its name and its currency.
    pub(super) fn fields(&self) -> CustomerDraft {
        let buyer = &self.buyer;
        let Some(look) = self.look else {
            return CustomerDraft {
                first_name: clean_name(&buyer.first_name),
                last_name: clean_name(&buyer.last_name),
                company: clean_name(&buyer.company),
                email: buyer.email.trim().to_owned(),
                phone: buyer.phone.trim().to_owned(),
                billing: self.billing.clone(),
                shipping: self.shipping.clone(),
                ..CustomerDraft::default()
            };
        };
        let name = |name: &Option<String>| clean_name(name.as_deref().unwrap_or_default());
        let text = |text: &Option<String>| text.as_deref().unwrap_or_default().trim().to_owned();
        CustomerDraft {
            first_name: name(&look.first_name),
            last_name: name(&look.last_name),
            company: name(&look.company),
            email: text(&look.email),
            phone: text(&look.phone),
            mobile: text(&look.mobile),
            note: text(&look.note),
            website: text(&look.website),
            billing: look.bill_to.over(&Address::default()),
            shipping: look.ship_to.over(&Address::default()),
            ..CustomerDraft::default()
        }
    }

    /// The number of the order, or of the account.
    pub(super) fn number(&self) -> u64 {
        match self.origin {
            PartyOrigin::Order(order) => order.id,
            PartyOrigin::Account(id) => id,
        }
    }

    /// In a name: `order 1042`, `customer 7`.
    pub(super) fn called_plainly(&self) -> String {
        match self.origin {
            PartyOrigin::Order(order) => format!("order {}", order.number),
            PartyOrigin::Account(id) => format!("customer {id}"),
        }
    }

    /// In a message.
    pub(super) fn called(&self) -> String {
        match self.origin {
            PartyOrigin::Order(order) => format!("order `{}`", order.number),
            PartyOrigin::Account(id) => format!("account `{id}`"),
        }
    }
}
