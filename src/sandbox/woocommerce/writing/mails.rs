//! Mails: what the shop would have sent, kept instead.

use serde_json::{Value, json};

use super::super::shop::ShopShop;

/// To whom.
pub(super) const SHOPPER: &str = "shopper";
pub(super) const SHOP: &str = "shop";

/// A mail of WooCommerce: switched off in the settings it is not sent, and neither with the quiet plugin where the request asks for it.
pub(super) fn send(shop: &mut ShopShop, kind: &str, to: &str, of: u64) {
    let is_off = shop.site.mails_off.iter().any(|off| off == kind);
    let is_kept = shop.is_quiet && shop.site.quiet_plugin;
    if !is_off && !is_kept {
        shop.mails.push(mail(kind, to, of));
    }
}

/// A mail of WordPress itself, or about stock: no plugin of ours keeps it.
pub(super) fn send_anyway(shop: &mut ShopShop, kind: &str, to: &str, of: u64) {
    shop.mails.push(mail(kind, to, of));
}

fn mail(kind: &str, to: &str, of: u64) -> Value {
    json!({"kind": kind, "to": to, "of": of})
}
