//! What can be typed, as it is typed for one shop of several.
//!
//! Hints are written where nobody knows how the shop was named. Whoever named it wants to type the next command as it stands.

use super::App;
use crate::config::credentials::{of_one_shop, variable_of_shop};

/// A command with one of these says already whom it means.
const SAYS_WHICH: [&str; 4] = ["--shop", "--all-shops", "--config", " --sandbox"];

/// Commands that are about no shop.
const OF_NO_SHOP: [&str; 6] = [
    "udsync shops",
    "udsync help",
    "udsync man",
    "udsync completions",
    "udsync sandbox",
    "udsync --",
];

/// More than this between two backticks is no command.
const COMMAND_MAX: usize = 300;

/// Commands in backticks that mean the one shop there is, as they are where there are several.
pub fn commands_for(text: &str, shop: &str) -> String {
    const BEGIN: &str = "`udsync ";
    let mut done = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(BEGIN) {
        let (before, from) = rest.split_at(at + 1);
        done.push_str(before);
        let Some(end) = from.find('`').filter(|end| *end <= COMMAND_MAX) else {
            rest = from;
            continue;
        };
        let command = &from[..end];
        done.push_str(command);
        let is_whole = SAYS_WHICH.iter().any(|flag| command.contains(flag))
            || OF_NO_SHOP.iter().any(|word| command.starts_with(word));
        if !is_whole {
            done.push_str(" --shop ");
            done.push_str(shop);
        }
        done.push('`');
        rest = &from[end + 1..];
    }
    done + rest
}

/// The same, with the variables that are one shop's as well. The file of a shop may have another name than the shop: variables have the
/// shop's.
pub fn for_shop(hint: &str, shop: &str, named: Option<&str>) -> String {
    // The configuration of one of several is no `udsync.toml`, but for the page of the manual that is called so.
    let file = format!("{shop}.toml");
    let hint = hint.replace("udsync.toml", &file);
    let hint = hint.replace(&format!("{file}.5"), "udsync.toml.5");
    let mut hint = commands_for(&hint, shop);
    for name in of_one_shop() {
        if let Some(own) = named.and_then(|named| variable_of_shop(named, name)) {
            hint = hint.replace(name, &own);
        }
    }
    hint
}

impl App {
    /// Words with something to type, for this shop, if it is one of several.
    pub fn typed(&self, words: &str) -> String {
        match &self.called {
            Some(shop) => for_shop(words, shop, Some(&self.config.shop.name)),
            None => words.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_typed_is_typed_for_the_shop() {
        for (words, typed) in [
            (
                "set `x = 1`, then `udsync retry --all`",
                "set `x = 1`, then `udsync retry --all --shop aurora`",
            ),
            // A single backtick before it turns nothing round.
            (
                "it's ` odd; `udsync sync orders` mends it",
                "it's ` odd; `udsync sync orders --shop aurora` mends it",
            ),
            ("`udsync shops` lists them", "`udsync shops` lists them"),
            (
                "{\"hint\":\"`udsync retry 4801`\"}",
                "{\"hint\":\"`udsync retry 4801 --shop aurora`\"}",
            ),
            ("`udsync never ends", "`udsync never ends"),
        ] {
            assert_eq!(commands_for(words, "aurora"), typed);
            assert_eq!(commands_for(typed, "aurora"), typed, "done once is done");
        }
        assert_eq!(
            for_shop(
                "add it to udsync.toml; `udsync man udsync.toml.5`",
                "aurora",
                None
            ),
            "add it to aurora.toml; `udsync man udsync.toml.5`"
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
