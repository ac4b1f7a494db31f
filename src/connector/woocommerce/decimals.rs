//! Decimals: the shop's *Number of decimals*, which says how every order is shown.
//!
//! It is the default of the parameter `dp`, and beyond that it rounds totals and taxes whenever an order is read, whatever `dp` says. So it
//! is asked for first, and `dp` is sent always: at least two, so that the parts of an order keep their cents under any setting, and as many
//! as the shop has where it has more, for a currency may have three.

use std::sync::atomic::Ordering;

use serde::Deserialize;

use super::WooCommerce;
use super::describe::NO_RIGHT;
use super::values::Text;
use crate::model::fault::Fault;

pub(super) const SETTING: &str = "woocommerce_price_num_decimals";

const PRICES_WITH_TAX: &str = "settings/tax/woocommerce_prices_include_tax";

/// What nearly all shops have, and the books keep.
pub(super) const LEAST: u32 = 2;
/// Beyond this PHP shows what is left of a float.
const MOST: u32 = 6;

#[derive(Default, Deserialize)]
#[serde(default)]
struct DecimalsSetting {
    value: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct DecimalsGlance {
    total: Text,
}

impl WooCommerce {
    /// Reads the setting; where the key may not see it, an order says it: without `dp` it is shown with just so many.
    pub(super) async fn number_of_decimals(&self) -> Result<Option<u32>, Fault> {
        let told = match self.setting().await {
            Ok(Some(told)) => Some(told),
            Ok(None) => self.at_a_glance().await?,
            Err(fault) if NO_RIGHT.contains(&fault.code) => self.at_a_glance().await?,
            Err(fault) => return Err(fault),
        };
        self.show_with(told.unwrap_or(LEAST));
        self.refunds.computed_with(told);
        Ok(told)
    }

    /// Whether prices are entered with tax. A key that may not see the setting learns nothing.
    pub(super) async fn says_prices_include_tax(&self) -> Result<Option<bool>, Fault> {
        let query = vec![("_fields", "value".to_owned())];
        let row = self.client.part(PRICES_WITH_TAX, &query).await;
        let row = match row {
            Err(fault) if NO_RIGHT.contains(&fault.code) => None,
            row => row?,
        };
        let setting: Option<DecimalsSetting> =
            row.and_then(|row| serde_json::from_str(row.get()).ok());
        Ok(setting.and_then(|setting| match setting.value.0.trim() {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }))
    }

    async fn setting(&self) -> Result<Option<u32>, Fault> {
        let query = vec![("_fields", "value".to_owned())];
        let path = format!("settings/general/{SETTING}");
        let row = self.client.part(&path, &query).await?;
        let setting: Option<DecimalsSetting> =
            row.and_then(|row| serde_json::from_str(row.get()).ok());
        Ok(setting.and_then(|setting| setting.value.0.trim().parse().ok()))
    }

    async fn at_a_glance(&self) -> Result<Option<u32>, Fault> {
        let query = vec![
            ("per_page", "1".to_owned()),
            ("_fields", "total".to_owned()),
        ];
        let list = self.client.list("orders", &query).await?;
        let row = list.rows.first();
        let glance: Option<DecimalsGlance> =
            row.and_then(|row| serde_json::from_str(row.get()).ok());
        Ok(glance.and_then(|glance| decimals_in(&glance.total.0)))
    }

    pub(super) fn show_with(&self, decimals: u32) {
        let shown = decimals.clamp(LEAST, MOST);
        self.shown.store(shown, Ordering::Relaxed);
    }

    pub(super) fn dp(&self) -> (&'static str, String) {
        ("dp", self.shown.load(Ordering::Relaxed).to_string())
    }
}

/// How many decimals an amount is written with.
fn decimals_in(amount: &str) -> Option<u32> {
    let amount = amount.trim();
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, part) = amount.split_once('.').unwrap_or((amount, ""));
    let is_amount = !whole.is_empty() && digits(whole.trim_start_matches('-')) && digits(part);
    is_amount.then(|| u32::try_from(part.len()).unwrap_or(MOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_says_with_how_many_decimals_the_shop_writes() {
        for (amount, decimals) in [
            ("245", Some(0)),
            ("245.21", Some(2)),
            ("-0.000", Some(3)),
            ("", None),
            ("2,45", None),
        ] {
            assert_eq!(decimals_in(amount), decimals, "{amount}");
        }
    }
}
