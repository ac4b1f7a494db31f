//! Keys that were refused: whose turn it is to do what.
//!
//! WooCommerce says the same for a key that it does not know, for one that never arrived and for one that came over
//! plain HTTP. What its words leave open, one more question can settle: see [`super::client`].

use super::sign::SigningWay;
use super::trouble::{ShopAddress, ShopError};
use crate::connector::http::Answered;
use crate::model::fault::{Fault, Remedy};

/// WooCommerce found the key and refuses it, whatever language its message is in.
pub(super) const KNOWN: &str = "woocommerce_rest_authentication_error";

const NEW_KEY: &str = "make a key with Read permission under WooCommerce > Settings > Advanced > REST API, for a shop \
                       manager or an administrator, and store it with `udsync connect woocommerce`, or set \
                       `UDSYNC_WOOCOMMERCE_KEY` and `UDSYNC_WOOCOMMERCE_SECRET`";

impl ShopAddress {
    /// Says what a 401 or a 403 of WooCommerce means.
    pub(super) fn keys_refused(&self, answer: &Answered, sign_in: SigningWay) -> Fault {
        let ShopAddress(shop) = self;
        let complaint = ShopError::of(answer);
        let message = complaint.message.to_lowercase();
        let says = |words: &str| message.contains(words);
        let reconnect =
            |code, said: String| Fault::new(Remedy::Reconnect, code, said).hint(NEW_KEY);

        if answer.status == 403 {
            return reconnect(
                "store_rights_missing",
                format!("the keys' user may not see the orders of the shop `{shop}`"),
            );
        }
        if !complaint.code.starts_with("woocommerce_") {
            // Not WooCommerce speaks here: a staging site's own password, a firewall, a plugin that wants a login.
            return self.blocked(&complaint);
        }
        if complaint.code != KNOWN {
            return self.key_unknown(sign_in);
        }
        if says("permission") {
            return reconnect(
                "store_rights_missing",
                format!("the key may not read from the shop `{shop}`"),
            );
        }
        if says("timestamp") {
            return Fault::new(
                Remedy::Stop,
                "store_clock_off",
                format!("this machine's clock and the one of the shop `{shop}` differ by more than 15 minutes"),
            )
            .hint("set this machine's clock: `timedatectl set-ntp true`; if it is right, tell the shop's host");
        }
        if says("consumer key") {
            return self.key_unknown(sign_in);
        }
        let said = format!("the shop `{shop}` knows the key, but not with this secret");
        let fault = reconnect("store_secret_refused", said);
        match sign_in {
            SigningWay::Basic | SigningWay::Query => fault,
            // The address is signed too, as PHP believes it to be.
            SigningWay::OAuth(_) => fault.hint(format!(
                "{NEW_KEY}; if they are right, `woocommerce.url` must be the site's own address, with its port"
            )),
        }
    }

    fn key_unknown(&self, sign_in: SigningWay) -> Fault {
        let fault = Fault::new(
            Remedy::Reconnect,
            "store_credentials_refused",
            format!("the shop `{}` does not know these keys", self.0),
        );
        match sign_in {
            SigningWay::OAuth(_) => fault.hint(NEW_KEY),
            SigningWay::Basic | SigningWay::Query => fault.hint(format!(
                "{NEW_KEY}; if they are right, a proxy hides TLS from WordPress: {HIDDEN}"
            )),
        }
    }

    /// The keys are right, and PHP does not know that they came over TLS.
    pub(super) fn tls_hidden(&self) -> Fault {
        Fault::new(
            Remedy::Stop,
            "store_tls_hidden",
            format!(
                "the keys are right, but WordPress at `{}` believes that they came over plain HTTP",
                self.0
            ),
        )
        .hint(format!("a proxy before it ends TLS: {HIDDEN}"))
    }
}

const HIDDEN: &str = "let the web server set `HTTPS=on` for PHP, or let wp-config.php do so where \
                      `X-Forwarded-Proto` is `https`";
