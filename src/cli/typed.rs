//! What can be typed, as it is typed for one shop of several.
//!
//! Hints are written where nobody knows how the shop was named. Whoever named it wants to type the next command as it stands.

use super::args::Global;
use super::report::Failure;
use super::session::config_path;
use crate::config::credentials::{of_one_shop, variable_of_shop};
use crate::config::load;

/// Commands in backticks that mean the one shop there is, and variables that are one shop's, as they are where there are several.
/// The file of a shop may have another name than the shop: variables have the shop's.
pub fn for_shop(hint: &str, shop: &str, named: Option<&str>) -> String {
    let pieces = hint.split('`').enumerate().map(|(at, piece)| {
        let is_command = at % 2 == 1 && piece.starts_with("udsync ");
        let says_which = ["--shop", "--all-shops", "--config", " --sandbox"]
            .iter()
            .any(|flag| piece.contains(flag));
        match is_command && !says_which {
            true => format!("{piece} --shop {shop}"),
            false => piece.to_owned(),
        }
    });
    let mut hint = pieces.collect::<Vec<_>>().join("`");
    for name in of_one_shop() {
        if let Some(own) = named.and_then(|named| variable_of_shop(named, name)) {
            hint = hint.replace(name, &own);
        }
    }
    hint
}

/// What the shop that the flags mean is called, as far as its file can be read.
pub fn named(global: &Global) -> Option<String> {
    let config = config_path(global).ok().and_then(|path| load(&path).ok());
    config.map(|config| config.shop.name)
}

/// Words with something to type, for the shop that was named, if one was.
pub fn said(words: &str, global: &Global) -> String {
    match &global.shop {
        Some(shop) if global.config.is_none() => for_shop(words, shop, named(global).as_deref()),
        _ => words.to_owned(),
    }
}

/// The same of what ended a command.
pub fn ended(mut failure: Failure, global: &Global) -> Failure {
    if let Some(hint) = failure.hint.take() {
        failure.hint = Some(said(&hint, global));
    }
    failure
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed_is_typed_for_the_shop() {
        assert_eq!(
            for_shop("set `x = 1`, then `udsync retry --all`", "aurora", None),
            "set `x = 1`, then `udsync retry --all --shop aurora`"
        );
        assert_eq!(
            for_shop(
                "`udsync connect woocommerce` asks; or `export UDSYNC_WOOCOMMERCE_KEY=…`, or try `udsync sync orders --sandbox`",
                "aurora-north",
                Some("aurora-north")
            ),
            "`udsync connect woocommerce --shop aurora-north` asks; or `export UDSYNC_AURORA_NORTH__WOOCOMMERCE_KEY=…`, or try `udsync sync orders --sandbox`"
        );
    }
}
