//! Describing: what a shop says about itself, which decides how its orders are read and posted.
//!
//! Only the orders must be readable. Whatever else the key may not see is named and stops nothing: a key for orders alone is a
//! good key. Nothing of a customer is asked for.

use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::WooCommerce;
use super::address::{address_of, below};
use super::client::{List, Query};
use super::decimals;
use super::values::{PhpObject, Text, WireId, WireNumber};
use crate::connector::port::ShopReader;
use crate::model::fault::Fault;
use crate::model::shop::{Gateway, Rate, Shop, Status, Storage};

impl WooCommerce {
    /// Asks for an order, whether or not there is such a one: that needs the right to read orders. Answers with the shop's address.
    pub async fn probe(&self) -> Result<String, Fault> {
        self.fetch(&[1]).await?;
        Ok(self.address().to_owned())
    }

    /// Reads the facts of the shop. A fault means that its orders cannot be read, or that the shop cannot be used at all.
    pub async fn describe(&self) -> Result<Shop, Fault> {
        // First of all, for this finds the API and the way to sign in.
        let fields = "id,currency,prices_include_tax".to_owned();
        let query = vec![("per_page", "1".to_owned()), ("_fields", fields)];
        let orders = self.client.list("orders", &query).await?;
        let order: Option<WireGlance> = orders.rows.first().and_then(|row| read(row));

        let mut unseen = Vec::new();
        let index = self.index().await;
        if index.is_none() {
            unseen.push("index".to_owned());
        }
        let index = index.unwrap_or_default();
        let mut settings: Vec<WireSetting> = Vec::new();
        for group in ["general", "tax"] {
            let query = vec![("_fields", "id,value".to_owned())];
            let list = self.client.list(&format!("settings/{group}"), &query).await;
            settings
                .extend(seen(list, &format!("settings/{group}"), &mut unseen)?.unwrap_or_default());
        }
        let gateways = vec![("_fields", "id,title,method_title,enabled".to_owned())];
        let gateways = self.client.list("payment_gateways", &gateways).await;
        let gateways: Option<Vec<WireGateway>> = seen(gateways, "payment_gateways", &mut unseen)?;
        let rates: Option<Vec<WireRate>> = seen(self.rates().await, "taxes", &mut unseen)?;
        let totals = self
            .client
            .list("reports/orders/totals", &Query::new())
            .await;
        let statuses: Option<Vec<WireStatus>> = seen(totals, "reports/orders/totals", &mut unseen)?;
        let system = self.system().await;
        if system.is_none() {
            unseen.push("system_status".to_owned());
        }
        let system = system.unwrap_or_default();

        let setting = |id: &str| {
            let found = settings.iter().find(|setting| setting.id.0 == id)?;
            Some(found.value.0.as_str()).filter(|value| !value.is_empty())
        };
        let on = |id: &str| setting(id).map(|value| value == "yes");
        let order = order.unwrap_or_default();
        let decimals = setting(decimals::SETTING).and_then(|text| text.parse().ok());
        self.show_with(decimals.unwrap_or(2));
        Ok(Shop {
            address: address_of(&self.client.url("")),
            name: plain(&index.name.0),
            timezone: index.zone(),
            version: Some(system.environment.0.version.0).filter(|version| !version.is_empty()),
            currency: setting("woocommerce_currency").map_or(order.currency.0, str::to_owned),
            decimals: decimals.unwrap_or(2),
            country: setting("woocommerce_default_country")
                .unwrap_or_default()
                .to_owned(),
            taxes: on("woocommerce_calc_taxes").unwrap_or(true),
            prices_include_tax: on("woocommerce_prices_include_tax")
                .unwrap_or(order.prices_include_tax),
            gateways: gateways
                .unwrap_or_default()
                .into_iter()
                .map(gateway)
                .collect(),
            rates: rates.unwrap_or_default().into_iter().map(rate).collect(),
            statuses: statuses
                .unwrap_or_default()
                .into_iter()
                .map(status)
                .collect(),
            storage: system.settings.0.storage(),
            unseen,
        })
    }

    /// Where the shop itself says to live, without what differs between two ways to the same place: `shop.example.com`.
    /// A copy of a shop that was put up for trying things out says another place than the shop. `None` where it does not say.
    pub async fn home(&self) -> Option<String> {
        let url = below(&self.client.url(""), "wp-json/");
        let query = vec![("_fields", "home".to_owned())];
        let answer = self.client.exchange(url, &query, false).await.ok()?;
        let index: WireHome = serde_json::from_slice(&answer.body)
            .ok()
            .filter(|_| answer.status == 200)?;
        let (_, place) = index.home.0.split_once("://")?;
        let place = place.strip_prefix("www.").unwrap_or(place);
        Some(place.trim_end_matches('/').to_lowercase()).filter(|place| !place.is_empty())
    }

    /// What WordPress says of itself to everybody.
    async fn index(&self) -> Option<WireIndex> {
        let url = below(&self.client.url(""), "wp-json/");
        let query = vec![("_fields", "name,timezone_string,gmt_offset".to_owned())];
        let answer = self.client.exchange(url, &query, false).await.ok()?;
        serde_json::from_slice(&answer.body)
            .ok()
            .filter(|_| answer.status == 200)
    }

    /// A busy shop may take minutes for its status, and a plugin may break it: no reason to refuse the shop.
    async fn system(&self) -> Option<WireSystem> {
        let fields = "environment.version,settings.order_datastore,settings.HPOS_enabled";
        let query = vec![("_fields", fields.to_owned())];
        let row = self.client.part("system_status", &query).await.ok()??;
        read(&row)
    }

    async fn rates(&self) -> Result<List, Fault> {
        let mut page = 1_u32;
        let mut all = self.rates_on(page).await?;
        let total = all.total;
        loop {
            let had = all.rows.len();
            if total.map_or(had < RATES, |total| had as u64 >= total) {
                return Ok(all);
            }
            page += 1;
            all.rows.extend(self.rates_on(page).await?.rows);
            if all.rows.len() == had {
                return Ok(all);
            }
        }
    }

    async fn rates_on(&self, page: u32) -> Result<List, Fault> {
        let query = vec![
            ("orderby", "id".to_owned()),
            ("order", "asc".to_owned()),
            ("page", page.to_string()),
            ("per_page", RATES.to_string()),
        ];
        self.client.list("taxes", &query).await
    }
}

/// On a page.
const RATES: usize = 100;

/// The rows of a list, or its name among what the key may not see.
pub(super) fn seen<T: for<'de> Deserialize<'de>>(
    list: Result<List, Fault>,
    name: &str,
    unseen: &mut Vec<String>,
) -> Result<Option<Vec<T>>, Fault> {
    match list {
        Ok(list) => Ok(Some(list.rows.iter().filter_map(|row| read(row)).collect())),
        // The orders were readable with these very keys.
        Err(fault) if NO_RIGHT.contains(&fault.code) => {
            unseen.push(name.to_owned());
            Ok(None)
        }
        Err(fault) => Err(fault),
    }
}

/// What the shop's refusals are when it is about one list and not about the shop.
pub(super) const NO_RIGHT: [&str; 5] = [
    "store_rights_missing",
    "store_credentials_refused",
    "store_tls_hidden",
    "store_api_blocked",
    "store_answer_unexpected",
];

fn read<T: for<'de> Deserialize<'de>>(row: &RawValue) -> Option<T> {
    serde_json::from_str(row.get()).ok()
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireGlance {
    currency: Text,
    prices_include_tax: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireIndex {
    name: Text,
    timezone_string: Text,
    gmt_offset: WireNumber,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireHome {
    home: Text,
}

impl WireIndex {
    /// A zone's name; a fixed offset where somebody chose one in place of a city.
    fn zone(&self) -> String {
        if !self.timezone_string.0.is_empty() {
            return self.timezone_string.0.clone();
        }
        let minutes = self.gmt_offset.0.map(|hours| hours * Decimal::from(60));
        match minutes.and_then(|minutes| minutes.to_i32()) {
            None => String::new(),
            Some(minutes) => {
                let sign = if minutes < 0 { '-' } else { '+' };
                let (hours, rest) = (minutes.abs() / 60, minutes.abs() % 60);
                format!("{sign}{hours:02}:{rest:02}")
            }
        }
    }
}

#[derive(Deserialize)]
struct WireSetting {
    #[serde(default)]
    id: Text,
    /// Some settings are lists: nothing that is looked for here.
    #[serde(default, deserialize_with = "text_or_nothing")]
    value: Text,
}

fn text_or_nothing<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Text, D::Error> {
    let raw = <&'de RawValue>::deserialize(from)?;
    Ok(serde_json::from_str(raw.get()).unwrap_or_default())
}

#[derive(Deserialize)]
struct WireGateway {
    id: Text,
    #[serde(default)]
    title: Text,
    #[serde(default)]
    method_title: Text,
    #[serde(default)]
    enabled: bool,
}

fn gateway(wire: WireGateway) -> Gateway {
    let title = [wire.title.0, wire.method_title.0];
    let title = title
        .iter()
        .map(|title| plain(title))
        .find(|title| !title.is_empty());
    Gateway {
        title: title.unwrap_or_else(|| wire.id.0.clone()),
        id: wire.id.0,
        enabled: wire.enabled,
    }
}

#[derive(Deserialize)]
struct WireRate {
    id: u64,
    #[serde(default)]
    country: Text,
    #[serde(default)]
    state: Text,
    #[serde(default)]
    rate: WireNumber,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    priority: WireId,
    #[serde(default)]
    compound: bool,
    #[serde(default)]
    shipping: bool,
    #[serde(default)]
    class: Text,
}

fn rate(wire: WireRate) -> Rate {
    let priority = wire.priority.0.unwrap_or(0);
    let percent = wire.rate.0.unwrap_or_default();
    Rate {
        id: wire.id,
        code: code(&wire.country.0, &wire.state.0, &wire.name.0, priority),
        label: wire.name.0,
        percent: percent.normalize(),
        country: wire.country.0,
        state: wire.state.0,
        class: match wire.class.0 {
            class if class.is_empty() => "standard".to_owned(),
            class => class,
        },
        priority: u32::try_from(priority).unwrap_or(u32::MAX),
        compound: wire.compound,
        shipping: wire.shipping,
    }
}

/// The code that orders carry, made as WooCommerce makes it: empty parts left out, Latin letters in capitals and others as they are.
fn code(country: &str, state: &str, name: &str, priority: u64) -> String {
    let name = if name.is_empty() { "TAX" } else { name };
    let priority = match priority {
        0 => String::new(),
        priority => priority.to_string(),
    };
    let parts: Vec<&str> = [country, state, name, &priority]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("-").to_ascii_uppercase()
}

#[derive(Deserialize)]
struct WireStatus {
    slug: Text,
    #[serde(default)]
    name: Text,
}

fn status(wire: WireStatus) -> Status {
    Status {
        slug: wire
            .slug
            .0
            .strip_prefix("wc-")
            .unwrap_or(&wire.slug.0)
            .to_owned(),
        name: plain(&wire.name.0),
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireSystem {
    environment: PhpObject<WireEnvironment>,
    settings: PhpObject<WireStored>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireEnvironment {
    version: Text,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireStored {
    order_datastore: Text,
    #[serde(rename = "HPOS_enabled")]
    tables: Option<bool>,
}

impl WireStored {
    fn storage(&self) -> Storage {
        match self.tables {
            Some(true) => Storage::Tables,
            Some(false) => Storage::Posts,
            // Before these tables existed, there was nothing to tell apart.
            None if self.order_datastore.0.contains("OrdersTable") => Storage::Tables,
            None if !self.order_datastore.0.is_empty() => Storage::Posts,
            None => Storage::Unknown,
        }
    }
}

/// WordPress writes names as HTML.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest
            .find(';')
            .filter(|end| *end <= 10)
            .map(|end| &rest[1..end]);
        match entity.and_then(|entity| Some((entity, letter(entity)?))) {
            Some((entity, letter)) => {
                plain.push(letter);
                rest = &rest[entity.len() + 2..];
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain.trim().to_owned()
}

fn letter(entity: &str) -> Option<char> {
    let number = |digits: &str, base| char::from_u32(u32::from_str_radix(digits, base).ok()?);
    match entity {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some(' '),
        "ndash" => Some('–'),
        other => match other.strip_prefix('#')? {
            hex if hex.starts_with(['x', 'X']) => number(&hex[1..], 16),
            digits => number(digits, 10),
        },
    }
}
