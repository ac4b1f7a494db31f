//! Which mapping a person means: `woocommerce-quickbooks/orders`, `supabase/orders`, or `orders` alone.

use crate::mapping::shipped::{SHIPPED, Shipped};
use crate::model::near::did_you_mean;
use crate::model::service::Service;

use super::super::report::Failure;

/// Every mapping that the words name; all of them without a word.
pub fn all(words: &[String]) -> Result<Vec<&'static Shipped>, Failure> {
    let mut wanted: Vec<&Shipped> = Vec::new();
    for word in words {
        wanted.extend(named(word)?);
    }
    let is_wanted =
        |one: &&Shipped| words.is_empty() || wanted.iter().any(|other| other.name() == one.name());
    Ok(SHIPPED.iter().filter(is_wanted).collect())
}

/// The one that a word names. Where it names one for each target, `to` decides, or else the targets that the configuration
/// syncs to.
pub fn one(
    word: &str,
    to: Option<Service>,
    targets: &[Service],
) -> Result<&'static Shipped, Failure> {
    let named = named(word)?;
    if let Some(to) = to {
        return named
            .iter()
            .find(|one| one.target == to.as_str())
            .copied()
            .ok_or_else(|| {
                Failure::new(
                    "mapping_unknown",
                    format!("there is no mapping `{word}` to `{to}`"),
                )
                .hint(format!("there is `{}`", joined(&named)))
            });
    }
    let configured = targets
        .iter()
        .find_map(|target| named.iter().find(|one| one.target == target.as_str()));
    let first = configured.or_else(|| named.first());
    Ok(first.expect("a word that names none is refused"))
}

fn named(word: &str) -> Result<Vec<&'static Shipped>, Failure> {
    let bare = word.strip_suffix(".toml").unwrap_or(word);
    let is_meant = |one: &&Shipped| spellings(one).iter().any(|known| known == bare);
    let named: Vec<&'static Shipped> = SHIPPED.iter().filter(is_meant).collect();
    if !named.is_empty() {
        return Ok(named);
    }
    let known: Vec<String> = SHIPPED.iter().flat_map(spellings).collect();
    let hint = did_you_mean(bare, known.iter().map(String::as_str))
        .unwrap_or_else(|| "`udsync mapping list` shows all of them".to_owned());
    Err(Failure::new(
        "mapping_unknown",
        format!("there is no mapping `{}`", shortened(bare)),
    )
    .hint(hint))
}

fn spellings(one: &Shipped) -> [String; 3] {
    [
        one.name(),
        format!("{}/{}", one.target, one.entity),
        one.entity.to_owned(),
    ]
}

fn joined(named: &[&Shipped]) -> String {
    let names: Vec<String> = named.iter().map(|one| one.name()).collect();
    names.join("`, `")
}

fn shortened(word: &str) -> String {
    word.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Service::{Quickbooks, Supabase};

    fn name(word: &str, to: Option<Service>, targets: &[Service]) -> String {
        match one(word, to, targets) {
            Ok(one) => one.name(),
            Err(failure) => format!(
                "{}; {}",
                failure.message,
                failure.hint.clone().unwrap_or_default()
            ),
        }
    }

    #[test]
    fn a_word_is_a_mapping_in_three_spellings() {
        for word in [
            "orders",
            "quickbooks/orders",
            "woocommerce-quickbooks/orders",
            "woocommerce-quickbooks/orders.toml",
        ] {
            assert_eq!(name(word, None, &[]), "woocommerce-quickbooks/orders");
        }
        assert_eq!(name("refunds", None, &[]), "woocommerce-supabase/refunds");
        assert_eq!(
            name("orders", Some(Supabase), &[Quickbooks]),
            "woocommerce-supabase/orders"
        );
        assert_eq!(
            name("orders", None, &[Supabase, Quickbooks]),
            "woocommerce-supabase/orders"
        );
    }

    #[test]
    fn a_word_that_is_none_gets_the_nearest() {
        assert_eq!(
            name("ordres", None, &[]),
            "there is no mapping `ordres`; did you mean `orders`?"
        );
        assert_eq!(
            name("refunds", Some(Quickbooks), &[]),
            "there is no mapping `refunds` to `quickbooks`; there is `woocommerce-supabase/refunds`"
        );
        assert_eq!(
            name("weather", None, &[]),
            "there is no mapping `weather`; `udsync mapping list` shows all of them"
        );
    }
}
