//! The parameters of each list: what is checked and what is refused.
//!
//! Each route has its own list; whatever is not on it is ignored without a word,
//! which is how a misspelt filter comes to return everything.

use super::answer::Refused;
use super::dates::Moment;
use super::query::{Param, Query, whole_number};

/// How one parameter is checked.
pub enum Check {
    AtLeastOne,
    UpToHundred,
    Integer,
    Boolean,
    Date,
    OneOf(&'static [&'static str]),
    /// Each of a list must be a status the shop knows.
    Statuses,
}

pub type Checks = &'static [(&'static str, Check)];

pub const ORDERS: Checks = &[
    ("context", Check::OneOf(&["view", "edit"])),
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("after", Check::Date),
    ("before", Check::Date),
    ("modified_after", Check::Date),
    ("modified_before", Check::Date),
    ("dates_are_gmt", Check::Boolean),
    ("offset", Check::Integer),
    ("order", Check::OneOf(&["asc", "desc"])),
    (
        "orderby",
        Check::OneOf(&["date", "id", "include", "title", "slug", "modified"]),
    ),
    ("status", Check::Statuses),
    ("customer", Check::Integer),
    ("product", Check::Integer),
    ("dp", Check::Integer),
];

pub const REFUNDS: Checks = &[
    ("context", Check::OneOf(&["view", "edit"])),
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("after", Check::Date),
    ("before", Check::Date),
    ("modified_after", Check::Date),
    ("modified_before", Check::Date),
    ("dates_are_gmt", Check::Boolean),
    ("offset", Check::Integer),
    ("order", Check::OneOf(&["asc", "desc"])),
    (
        "orderby",
        Check::OneOf(&["date", "id", "include", "title", "slug", "modified"]),
    ),
    ("dp", Check::Integer),
];

pub const PRODUCTS: Checks = &[
    ("context", Check::OneOf(&["view", "edit"])),
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("after", Check::Date),
    ("before", Check::Date),
    ("modified_after", Check::Date),
    ("modified_before", Check::Date),
    ("dates_are_gmt", Check::Boolean),
    ("offset", Check::Integer),
    ("order", Check::OneOf(&["asc", "desc"])),
    (
        "orderby",
        Check::OneOf(&[
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
        Check::OneOf(&[
            "any", "future", "trash", "draft", "pending", "private", "publish",
        ]),
    ),
    (
        "type",
        Check::OneOf(&["simple", "grouped", "external", "variable"]),
    ),
];

pub const CUSTOMERS: Checks = &[
    ("context", Check::OneOf(&["view", "edit"])),
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("offset", Check::Integer),
    ("order", Check::OneOf(&["asc", "desc"])),
    (
        "orderby",
        Check::OneOf(&["id", "include", "name", "registered_date"]),
    ),
    (
        "role",
        Check::OneOf(&[
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
    ("context", Check::OneOf(&["view", "edit"])),
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("after", Check::Date),
    ("before", Check::Date),
    ("offset", Check::Integer),
    ("order", Check::OneOf(&["asc", "desc"])),
    ("orderby", Check::OneOf(&["date", "id", "title"])),
    (
        "status",
        Check::OneOf(&["all", "active", "paused", "disabled"]),
    ),
];

pub const TAXES: Checks = &[
    ("page", Check::AtLeastOne),
    ("per_page", Check::UpToHundred),
    ("order", Check::OneOf(&["asc", "desc"])),
    ("orderby", Check::OneOf(&["id", "order", "priority"])),
];

/// Every parameter of the query that is refused, in the order of the route's list.
pub fn refused(checks: Checks, query: &Query, statuses: &[String]) -> Vec<Refused> {
    checks
        .iter()
        .filter_map(|(name, check)| refuse(name, check, query, statuses))
        .collect()
}

fn refuse(
    name: &'static str,
    check: &Check,
    query: &Query,
    statuses: &[String],
) -> Option<Refused> {
    let given = query.get(name)?;
    let because = |code: &'static str, message: String| {
        Some(Refused {
            name,
            code,
            message,
            param: None,
        })
    };
    let wrong_type = |kind: &str| {
        let message = format!("{name} is not of type {kind}.");
        Some(Refused {
            name,
            code: "rest_invalid_type",
            message,
            param: Some(name.to_owned()),
        })
    };
    if let Check::Statuses = check {
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
                Check::AtLeastOne | Check::UpToHundred | Check::Integer => "integer",
                Check::Boolean => "boolean",
                _ => "string",
            });
        }
    };
    match check {
        Check::Statuses => None,
        Check::Integer => match whole_number(text) {
            None => wrong_type("integer"),
            Some(_) => None,
        },
        Check::AtLeastOne => match whole_number(text) {
            None => wrong_type("integer"),
            Some(number) if number < 1 => because(
                "rest_out_of_bounds",
                format!("{name} must be greater than or equal to 1"),
            ),
            Some(_) => None,
        },
        Check::UpToHundred => match whole_number(text) {
            None => wrong_type("integer"),
            Some(number) if !(1..=100).contains(&number) => because(
                "rest_out_of_bounds",
                format!("{name} must be between 1 (inclusive) and 100 (inclusive)"),
            ),
            Some(_) => None,
        },
        Check::Boolean => match text.to_ascii_lowercase().as_str() {
            "true" | "false" | "1" | "0" | "" => None,
            _ => wrong_type("boolean"),
        },
        Check::Date => match Moment::read(text) {
            Some(_) => None,
            None => because("rest_invalid_date", "Invalid date.".to_owned()),
        },
        Check::OneOf(words) if words.contains(&text) => None,
        Check::OneOf(words) => {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            because(
                "rest_not_in_enum",
                format!("{name} is not one of {}.", and_list(&words)),
            )
        }
    }
}

/// `a, b, and c`, or `a and b`.
fn and_list(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")),
    }
}
