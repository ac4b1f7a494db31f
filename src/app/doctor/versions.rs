//! Versions: what speaks with what.

use super::facts::DoctorFacts;
use super::finding::{Finding, or_ok};
use crate::connector::quickbooks::minor_version;

/// Older shops still answer, but keep their orders the older way and get no mends.
const WOOCOMMERCE_MIN: u32 = 8;

pub fn versions(facts: &DoctorFacts) -> Vec<Finding> {
    let shop = facts
        .shop
        .done()
        .and_then(|shop| shop.about.version.as_deref());
    let mut all = vec![format!("udsync {}", env!("CARGO_PKG_VERSION"))];
    let mut found = Vec::new();
    if let Some((on_disk, ours)) = facts.state.known().map(|known| known.versions) {
        all.push(format!("state file {on_disk}"));
        if on_disk < ours {
            found.push(
                Finding::note(format!(
                    "the state file has version {on_disk}, and this udsync writes {ours}"
                ))
                .cause(
                    "the next run brings it up to date, and keeps a copy of the old one beside it",
                ),
            );
        }
    }
    if let Some(version) = shop {
        all.push(format!("WooCommerce {version}"));
        if is_old(version) {
            found.push(
                Finding::note(format!("the shop runs WooCommerce {version}"))
                    .cause(format!(
                        "udsync is made for WooCommerce {WOOCOMMERCE_MIN} and newer"
                    ))
                    .fix("update WooCommerce when you can (Plugins in its dashboard)"),
            );
        }
    }
    all.push(format!("QuickBooks API minor version {}", minor_version()));
    or_ok(found, all.join(", "))
}

fn is_old(woocommerce: &str) -> bool {
    let major = woocommerce.split('.').next();
    major
        .and_then(|major| major.parse().ok())
        .is_some_and(|major: u32| major < WOOCOMMERCE_MIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::doctor::facts::quiet;

    #[test]
    fn an_older_shop_or_state_file_is_a_note() {
        let old = ["7.9.1", "8.0", "10.2.4", "beta"].map(is_old);
        assert_eq!(old, [true, false, false, false]);
        let mut facts = quiet();
        facts.known_mut().versions = (1, 2);
        let found = versions(&facts);
        assert_eq!(
            found[0].said,
            "the state file has version 1, and this udsync writes 2"
        );
    }
}
