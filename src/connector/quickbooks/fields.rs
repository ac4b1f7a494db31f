//! Fields that several bodies share: addresses, texts cut to their length, accounts of the right type.

use super::bodies;
use crate::model::company::Account;
use crate::model::fault::Reason;
use crate::model::order;

/// Types of accounts on which money is spent.
pub const EXPENSE: &[&str] = &["Expense", "Other Expense", "Cost of Goods Sold"];

pub fn of_type(name: &str, account: &Account, types: &[&str]) -> Result<(), Reason> {
    if types.contains(&account.kind.as_str()) {
        return Ok(());
    }
    Err(Reason::new(
        "account_wrong_type",
        format!(
            "the account `{name}` is of type {}, here it must be {}",
            account.kind,
            types.join(" or ")
        ),
    )
    .hint("name another account in `[books]`"))
}

pub fn address(from: &order::Address) -> Option<bodies::AddressBody> {
    let part = |text: &str, most: usize| cut(text.trim(), most).to_owned();
    if *from == order::Address::default() {
        return None;
    }
    Some(bodies::AddressBody {
        line1: part(&from.line_1, 500),
        line2: part(&from.line_2, 500),
        city: part(&from.city, 255),
        country_sub_division_code: part(&from.state, 255),
        postal_code: part(&from.postcode, 30),
        country: part(&from.country, 255),
    })
}

/// The first so many characters.
pub fn cut(text: &str, most: usize) -> &str {
    text.char_indices()
        .nth(most)
        .map_or(text, |(end, _)| &text[..end])
}
