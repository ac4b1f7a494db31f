//! Spelling: how what one side says of a field reads on the other.
//!
//! A shop's name may hold a colon and be as long as it likes, a name of the books may not; a price has two decimals here and seven there.
//! What cannot be said on the other side at all is told and never cut to something else.

use rust_decimal::Decimal;

use crate::books::names::clean_name;
use crate::model::agreed::AgreedField;
use crate::model::both::{CustomerField, ProductField};

/// What one side says of a field, in the form in which it is compared.
#[derive(Clone, PartialEq, Eq)]
pub enum FieldSaid {
    /// It was not told: it is neither empty nor zero, and nothing follows from it.
    Unknown,
    /// An empty text is a field with nothing in it.
    Says(String),
}

impl FieldSaid {
    pub fn text(text: &str) -> FieldSaid {
        FieldSaid::Says(text.trim().to_owned())
    }

    /// A price that is absent, or none, is not known; nobody gives things away by leaving a field alone.
    pub fn price(price: Option<Decimal>) -> FieldSaid {
        match price.filter(|price| *price > Decimal::ZERO) {
            Some(price) => FieldSaid::Says(price.normalize().to_string()),
            None => FieldSaid::Unknown,
        }
    }

    /// An address in six lines: street, the line below it, city, state, postcode, country.
    pub fn lines(lines: [&str; 6]) -> FieldSaid {
        let lines = lines.map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        match lines[..5].iter().all(String::is_empty) {
            // A country alone is where a form begins, and no address.
            true => FieldSaid::Says(String::new()),
            false => FieldSaid::Says(lines.join("\n")),
        }
    }

    /// What is said, as far as it counts for this field.
    pub fn known(&self, field: AgreedField) -> Option<&str> {
        match self {
            FieldSaid::Unknown => None,
            FieldSaid::Says(text) if text.is_empty() && field.is_never_empty() => None,
            FieldSaid::Says(text) => Some(text),
        }
    }
}

/// Nobody's words reach a log.
impl std::fmt::Debug for FieldSaid {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(match self {
            FieldSaid::Unknown => "Unknown",
            FieldSaid::Says(_) => "Says(..)",
        })
    }
}

/// Why a value cannot be said on the other side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpellingLost {
    /// The field there is shorter, and half of it would be something else.
    TooLong,
    /// The other side's form of the price would not read as this price again.
    PriceNotInvertible,
    /// The shop knows countries and states by letters, and the books spell this one out.
    NoLetterCode,
    /// The shop's own mapping makes something else of the field, and that cannot be undone.
    MappedOtherwise,
}

/// The longest that the books hold of a field that is not cut.
const PHONE_MAX: usize = 21;
const EMAIL_MAX: usize = 100;

/// The shop's value as it reads in the books.
pub fn in_books(field: AgreedField, shop: &str) -> Result<String, SpellingLost> {
    let whole = |most: usize| match shop.chars().count() <= most {
        true => Ok(shop.to_owned()),
        false => Err(SpellingLost::TooLong),
    };
    match field {
        AgreedField::Customer(
            CustomerField::FirstName | CustomerField::LastName | CustomerField::Company,
        )
        | AgreedField::Product(ProductField::Name) => Ok(clean_name(shop)),
        AgreedField::Product(ProductField::Sku) => whole(100),
        AgreedField::Customer(CustomerField::Phone) => whole(PHONE_MAX),
        AgreedField::Customer(CustomerField::Email) => whole(EMAIL_MAX),
        AgreedField::Customer(CustomerField::BillingAddress | CustomerField::ShippingAddress)
        | AgreedField::Product(ProductField::Price) => Ok(shop.to_owned()),
    }
}

/// The books' value as it reads in a shop that shows prices with so many decimals. It has to come back as it is.
pub fn in_shop(field: AgreedField, books: &str, decimals: u32) -> Result<String, SpellingLost> {
    if field == AgreedField::Product(ProductField::Price) {
        let price: Option<Decimal> = books.parse().ok();
        return match price.filter(|price| price.normalize().scale() <= decimals) {
            Some(price) => Ok(price.normalize().to_string()),
            None => Err(SpellingLost::PriceNotInvertible),
        };
    }
    match in_books(field, books)? == books {
        true => Ok(books.to_owned()),
        false => Err(SpellingLost::TooLong),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: AgreedField = AgreedField::Product(ProductField::Name);
    const PRICE: AgreedField = AgreedField::Product(ProductField::Price);

    #[test]
    fn a_name_reads_in_the_books_as_they_can_hold_it() {
        assert_eq!(in_books(NAME, "Shirt: blue"), Ok("Shirt blue".to_owned()));
        let long = "x".repeat(140);
        assert_eq!(in_books(NAME, &long), Ok("x".repeat(100)));
        assert_eq!(in_shop(NAME, "Shirt blue", 2), Ok("Shirt blue".to_owned()));
    }

    #[test]
    fn a_price_goes_back_only_where_it_would_read_the_same_again() {
        assert_eq!(in_shop(PRICE, "12.5", 2), Ok("12.5".to_owned()));
        let lost = Err(SpellingLost::PriceNotInvertible);
        assert_eq!(in_shop(PRICE, "12.371428", 2), lost);
        assert_eq!(in_shop(PRICE, "0.5", 0), lost);
    }

    #[test]
    fn half_a_telephone_number_is_none() {
        let phone = AgreedField::Customer(CustomerField::Phone);
        assert_eq!(in_books(phone, &"5".repeat(22)), Err(SpellingLost::TooLong));
    }

    #[test]
    fn a_price_of_nothing_and_a_country_alone_say_nothing() {
        assert_eq!(FieldSaid::price(Some(Decimal::ZERO)), FieldSaid::Unknown);
        assert_eq!(FieldSaid::price(None), FieldSaid::Unknown);
        let alone = FieldSaid::lines(["", "", "", "", "", "CA"]);
        assert_eq!(alone, FieldSaid::Says(String::new()));
    }
}
