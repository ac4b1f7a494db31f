//! The parameters of each list: what is checked and what is refused.
//!
//! Each route has its own list; whatever is not on it is ignored without a word,
//! which is how a misspelt filter comes to return everything.

use super::answer::ShopRefused;
use super::dates::Moment;
use super::query::{Param, ShopQuery, whole_number};

/// How one parameter is checked.
pub enum ShopCheck {
    AtLeastOne,
    UpToHundred,
    Integer,
    Boolean,
    Date,
    OneOf(&'static [&'static str]),
    /// Each of a list must be a status the shop knows.
    Statuses,
}

pub type Checks = &'static [(&'static str, ShopCheck)];

pub const ORDERS: Checks = &[
    ("context", ShopCheck::OneOf(&["view", "edit"])),
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("after", ShopCheck::Date),
    ("before", ShopCheck::Date),
    ("modified_after", ShopCheck::Date),
    ("modified_before", ShopCheck::Date),
    ("dates_are_gmt", ShopCheck::Boolean),
    ("offset", ShopCheck::Integer),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    (
        "orderby",
        ShopCheck::OneOf(&["date", "id", "include", "title", "slug", "modified"]),
    ),
    ("status", ShopCheck::Statuses),
    ("customer", ShopCheck::Integer),
    ("product", ShopCheck::Integer),
    ("dp", ShopCheck::Integer),
];

pub const REFUNDS: Checks = &[
    ("context", ShopCheck::OneOf(&["view", "edit"])),
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("after", ShopCheck::Date),
    ("before", ShopCheck::Date),
    ("modified_after", ShopCheck::Date),
    ("modified_before", ShopCheck::Date),
    ("dates_are_gmt", ShopCheck::Boolean),
    ("offset", ShopCheck::Integer),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    (
        "orderby",
        ShopCheck::OneOf(&["date", "id", "include", "title", "slug", "modified"]),
    ),
    ("dp", ShopCheck::Integer),
];

pub const PRODUCTS: Checks = &[
    ("context", ShopCheck::OneOf(&["view", "edit"])),
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("after", ShopCheck::Date),
    ("before", ShopCheck::Date),
    ("modified_after", ShopCheck::Date),
    ("modified_before", ShopCheck::Date),
    ("dates_are_gmt", ShopCheck::Boolean),
    ("offset", ShopCheck::Integer),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    (
        "orderby",
        ShopCheck::OneOf(&[
            "date",
            "id",
            "include",
            "title",
            "slug",
            "modified",
            "price",
            "popularity",
            "rating",
            "menu_order",
        ]),
    ),
    (
        "status",
        ShopCheck::OneOf(&[
            "any", "future", "trash", "draft", "pending", "private", "publish",
        ]),
    ),
    (
        "type",
        ShopCheck::OneOf(&["simple", "grouped", "external", "variable"]),
    ),
];

pub const CUSTOMERS: Checks = &[
    ("context", ShopCheck::OneOf(&["view", "edit"])),
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("offset", ShopCheck::Integer),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    (
        "orderby",
        ShopCheck::OneOf(&["id", "include", "name", "registered_date"]),
    ),
    (
        "role",
        ShopCheck::OneOf(&[
            "all",
            "administrator",
            "editor",
            "author",
            "contributor",
            "subscriber",
            "customer",
            "shop_manager",
        ]),
    ),
];

pub const WEBHOOKS: Checks = &[
    ("context", ShopCheck::OneOf(&["view", "edit"])),
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("after", ShopCheck::Date),
    ("before", ShopCheck::Date),
    ("offset", ShopCheck::Integer),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    ("orderby", ShopCheck::OneOf(&["date", "id", "title"])),
    (
        "status",
        ShopCheck::OneOf(&["all", "active", "paused", "disabled"]),
    ),
];

pub const DEPOSITS: Checks = &[
    ("page", ShopCheck::Integer),
    ("pagesize", ShopCheck::Integer),
    (
        "sort",
        ShopCheck::OneOf(&["date", "type", "amount", "status"]),
    ),
    ("direction", ShopCheck::OneOf(&["asc", "desc"])),
];

pub const PAYMENT_TRANSACTIONS: Checks = &[
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("direction", ShopCheck::OneOf(&["asc", "desc"])),
];

pub const TAXES: Checks = &[
    ("page", ShopCheck::AtLeastOne),
    ("per_page", ShopCheck::UpToHundred),
    ("order", ShopCheck::OneOf(&["asc", "desc"])),
    ("orderby", ShopCheck::OneOf(&["id", "order", "priority"])),
];

/// Every parameter of the query that is refused, in the order of the route's list.
pub fn refused(checks: Checks, query: &ShopQuery, statuses: &[String]) -> Vec<ShopRefused> {
    checks
        .iter()
        .filter_map(|(name, check)| refuse(name, check, query, statuses))
        .collect()
}

fn refuse(
    name: &'static str,
    check: &ShopCheck,
    query: &ShopQuery,
    statuses: &[String],
) -> Option<ShopRefused> {
    let given = query.get(name)?;
    let because = |code: &'static str, message: String| {
        Some(ShopRefused {
            name,
            code,
            message,
            param: None,
        })
    };
    let wrong_type = |kind: &str| {
        let message = format!("{name} is not of type {kind}.");
        Some(ShopRefused {
            name,
            code: "rest_invalid_type",
            message,
            param: Some(name.to_owned()),
        })
    };
    if let ShopCheck::Statuses = check {
        for (at, status) in query.list(name).unwrap_or_default().iter().enumerate() {
            if !statuses.contains(status) {
                return because(
                    "rest_not_in_enum",
                    format!("{name}[{at}] is not one of {}.", and_list(statuses)),
                );
            }
        }
        return None;
    }
    let text = match given {
        Param::One(text) => text.as_str(),
        Param::Many(_) => {
            return wrong_type(match check {
                ShopCheck::AtLeastOne | ShopCheck::UpToHundred | ShopCheck::Integer => "integer",
                ShopCheck::Boolean => "boolean",
                _ => "string",
            });
        }
    };
    match check {
        ShopCheck::Statuses => None,
        ShopCheck::Integer => match whole_number(text) {
            None => wrong_type("integer"),
            Some(_) => None,
        },
        ShopCheck::AtLeastOne => match whole_number(text) {
            None => wrong_type("integer"),
            Some(number) if number < 1 => because(
                "rest_out_of_bounds",
                format!("{name} must be greater than or equal to 1"),
            ),
            Some(_) => None,
        },
        ShopCheck::UpToHundred => match whole_number(text) {
            None => wrong_type("integer"),
            Some(number) if !(1..=100).contains(&number) => because(
                "rest_out_of_bounds",
                format!("{name} must be between 1 (inclusive) and 100 (inclusive)"),
            ),
            Some(_) => None,
        },
        ShopCheck::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "false" | "1" | "0" | "" => None,
            _ => wrong_type("boolean"),
        },
        ShopCheck::Date => match Moment::read(text) {
            Some(_) => None,
            None => because("rest_invalid_date", "Invalid date.".to_owned()),
        },
        ShopCheck::OneOf(words) if words.contains(&text) => None,
        ShopCheck::OneOf(words) => {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            because(
                "rest_not_in_enum",
                format!("{name} is not one of {}.", and_list(&words)),
            )
        }
    }
}

/// `a, b, and c`, or `a and b`.
pub fn and_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
    }
}
