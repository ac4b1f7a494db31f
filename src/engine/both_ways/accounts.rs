//! Accounts: an account of the shop beside the customer of the books that it is.

use chrono::{DateTime, TimeDelta, Utc};

use super::draw::{DrawnRecord, SharedRecord, draw};
use super::known::KnownAgreements;
use super::sides;
use crate::books::agreed_fields::{FieldSaid, SpellingLost, in_books};
use crate::model::agreed::{AgreedField, AgreedSide};
use crate::model::draft::{CustomerChange, CustomerDraft, CustomerInBooks};
use crate::model::fingerprint::Fingerprint;
use crate::model::order::Buyer;
use crate::model::plan::RecordKey;
use crate::model::shop_change::{ShopBefore, ShopChange};
use crate::model::shopper::Shopper;

pub struct AccountCase<'a> {
    pub shopper: &'a Shopper,
    /// Whom its orders would name.
    pub buyer: &'a Buyer,
    /// What the mapping makes of it for the books, and whether that is one of the shop's own.
    pub wanted: &'a CustomerDraft,
    pub is_mapped: bool,
    pub card: &'a CustomerInBooks,
    /// How far the clocks of both are ahead of ours.
    pub shop_ahead: TimeDelta,
    pub books_ahead: TimeDelta,
}

/// What the shop says of the shared fields, as one digest.
pub fn digest(shopper: &Shopper, buyer: &Buyer) -> Fingerprint {
    let said = sides::of_shopper(shopper, buyer);
    let said: Vec<(AgreedField, Option<String>)> = said
        .into_iter()
        .map(|(field, said)| (field, said.known(field).map(str::to_owned)))
        .collect();
    Fingerprint::of(&said)
}

/// What becomes of an account.
pub fn account(known: &KnownAgreements<'_>, case: &AccountCase<'_>) -> DrawnRecord {
    let (shopper, card) = (case.shopper, case.card);
    let shop = sides::of_shopper(shopper, case.buyer);
    let books = sides::of_customer(card);
    // What the mapping makes of each field, spelled as the books hold it.
    let wanted = sides::of_customer(&as_card(case.wanted, card));
    let said = |field: AgreedField| wanted[&field].known(field).unwrap_or_default().to_owned();
    let at = |at: Option<DateTime<Utc>>, ahead: TimeDelta| at.map(|at| at - ahead);
    let shared = SharedRecord {
        source: RecordKey::customer(&shopper.id.to_string()),
        remote: card.remote.id.clone(),
        revision: card.remote.revision.clone(),
        shop_digest: digest(shopper, case.buyer),
        shop_at: at(shopper.modified_at, case.shop_ahead),
        books_at: at(card.changed_at, case.books_ahead),
        rule: &|field| field.rule(known.both),
        in_books: &|field| in_books(field, &said(field)),
        in_shop: &|field| {
            let wanted = in_books(field, &said(field));
            if case.is_mapped && sides::shop_in_books(field, &shop[&field]) != wanted {
                // Only what goes over as it is comes back as it was.
                return Err(SpellingLost::MappedOtherwise);
            }
            let books = with_country_code(&books[&field], case);
            sides::books_in_shop(field, &books, known.decimals)
        },
        shop: shop.clone(),
        books: books.clone(),
    };
    draw(known, &shared)
}

impl DrawnRecord {
    /// What is to be put into the customer of the books.
    pub fn customer_change(&self) -> CustomerChange {
        sides::customer_change(&self.values(AgreedSide::Books))
    }

    /// What is to be put into the account, and what stands in the same places now.
    pub fn account_change(&self, shopper: &Shopper) -> Option<(ShopChange, ShopBefore)> {
        let values = self.values(AgreedSide::Shop);
        let (change, before) = sides::shopper_change(shopper, &values);
        let change = ShopChange::Customer {
            id: shopper.id,
            change,
        };
        (!values.is_empty()).then_some((change, ShopBefore::Customer(before)))
    }
}

/// The books may have a country by its name; as far as the account has the same one, its letters are known.
fn with_country_code(said: &FieldSaid, case: &AccountCase<'_>) -> FieldSaid {
    let FieldSaid::Says(text) = said else {
        return said.clone();
    };
    let (shopper, wanted) = (case.shopper, case.wanted);
    let pairs = [
        (&wanted.billing.country, &shopper.billing.country),
        (&wanted.shipping.country, &shopper.shipping.country),
    ];
    match text.rsplit_once('\n') {
        Some((lines, country)) => {
            let same = |(name, _): &&(&String, &String)| !name.is_empty() && *name == country;
            let code = pairs.iter().find(same).map_or(country, |(_, code)| code);
            FieldSaid::Says(format!("{lines}\n{code}"))
        }
        None => said.clone(),
    }
}

/// What is wanted in the books, in the form of what stands there.
fn as_card(wanted: &CustomerDraft, card: &CustomerInBooks) -> CustomerInBooks {
    CustomerInBooks {
        first_name: wanted.first_name.clone(),
        last_name: wanted.last_name.clone(),
        company: wanted.company.clone(),
        email: wanted.email.clone(),
        phone: wanted.phone.clone(),
        billing: wanted.billing.clone(),
        shipping: wanted.shipping.clone(),
        ..card.clone()
    }
}
