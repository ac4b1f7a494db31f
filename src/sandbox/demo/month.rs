//! A month of the demonstration's shop in which nothing went wrong, as large as a test wants it.
//!
//! Several currencies, several gateways with their fees, some refunds; every order is paid and everything that happens lies inside
//! the month. The same seed gives the same month. Shop, company and configuration fit each other, so that books which were synced
//! must agree with the shop to the cent, and whatever a test then does to one side alone is the only difference.

use chrono::{Datelike, Days, Months, NaiveDate};
use serde_json::{Value, json};

/// How large, and of what. `CleanMonth::of` gives the usual one, whose parts can be changed.
#[derive(Clone, Debug)]
pub struct CleanMonth {
    pub seed: u64,
    pub orders: u64,
    pub refunds: u64,
    /// Its first day.
    pub first: NaiveDate,
    /// Beside the shop's own.
    pub currencies: Vec<String>,
    pub gateways: Vec<String>,
    pub fees: bool,
}

/// Gateways, and the accounts that their money goes through.
const CLEARING: [(&str, &str); 4] = [
    ("stripe", "Stripe Clearing"),
    ("paypal", "PayPal Clearing"),
    ("woocommerce_payments", "WooPayments Clearing"),
    ("bacs", "Chequing"),
];

/// What one unit of a currency is worth, as the configuration says it.
const RATES: [(&str, &str); 4] = [
    ("USD", "1.3850"),
    ("EUR", "1.5120"),
    ("GBP", "1.7355"),
    ("AUD", "0.9105"),
];

impl CleanMonth {
    /// October 2026 with so many orders: three in a hundred given back in part, three currencies, four gateways, fees.
    pub fn of(seed: u64, orders: u64) -> CleanMonth {
        CleanMonth {
            seed,
            orders,
            refunds: orders * 3 / 100,
            first: NaiveDate::from_ymd_opt(2026, 10, 1).unwrap_or_default(),
            currencies: ["USD", "EUR"].map(str::to_owned).to_vec(),
            gateways: CLEARING.map(|(gateway, _)| gateway.to_owned()).to_vec(),
            fees: true,
        }
    }

    /// Its last day.
    pub fn last(&self) -> NaiveDate {
        self.first + Months::new(1) - Days::new(1)
    }

    /// `2026-10`, as a period is written.
    pub fn period(&self) -> String {
        format!("{}-{:02}", self.first.year(), self.first.month())
    }

    /// The account that the money of a gateway goes through, in a currency.
    pub fn clearing(&self, gateway: &str, currency: &str) -> String {
        let known = CLEARING.iter().find(|(one, _)| *one == gateway);
        let name = known.map_or("Undeposited Funds", |(_, name)| name);
        match currency {
            "CAD" => name.to_owned(),
            other => format!("{name} {other}"),
        }
    }

    /// The setup of the shop.
    pub fn shop(&self) -> Value {
        let mut shop = super::shop();
        for field in ["orders", "products", "customers"] {
            shop[field] = json!([]);
        }
        shop["refunds"] = json!({});
        shop["seed"] = json!(self.seed);
        // From the first morning to the morning of the last day, by the clock of the shop.
        let days = self.last().day().saturating_sub(1);
        shop["generate"] = json!({
            "orders": self.orders,
            "customers": (self.orders / 2).max(1),
            "refund_share": self.refunds as f64 / self.orders.max(1) as f64,
            "start": format!("{}T08:00:00", self.first),
            "until": format!("{}T20:00:00", self.last()),
            "days": days,
            "currencies": self.currencies,
            "gateways": self.gateways,
            "fees": self.fees,
        });
        shop
    }

    /// The setup of the books, with an account for each gateway and currency.
    pub fn company(&self) -> Value {
        let mut company = super::company();
        let mut missing = Vec::new();
        if let Some(accounts) = company["accounts"].as_array() {
            let known = |name: &str| accounts.iter().any(|account| account["name"] == name);
            for (gateway, currency) in self.pairs() {
                let name = self.clearing(gateway, currency);
                if !known(&name) {
                    missing.push(json!({ "name": name, "type": "Bank", "subtype": "CashOnHand", "currency": currency }));
                }
            }
        }
        if let Some(accounts) = company["accounts"].as_array_mut() {
            accounts.append(&mut missing);
        }
        company
    }

    fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        let currencies = || {
            ["CAD"]
                .into_iter()
                .chain(self.currencies.iter().map(String::as_str))
        };
        let gateways = self.gateways.iter().map(String::as_str);
        gateways.flat_map(move |gateway| currencies().map(move |currency| (gateway, currency)))
    }

    /// The part of a configuration that is about the books.
    pub fn books(&self) -> String {
        let whole = super::config("", "");
        let at = whole.find("[books]").unwrap_or_default();
        let mut text = whole[at..].to_owned();
        let deposit: String = self
            .pairs()
            .map(|(gateway, currency)| {
                let key = match currency {
                    "CAD" => gateway.to_owned(),
                    other => format!("{gateway}:{other}"),
                };
                format!("\"{key}\" = \"{}\"\n", self.clearing(gateway, currency))
            })
            .collect();
        let begins = text.find("[books.deposit]").unwrap_or_default();
        let ends = text.find("[books.payment_methods]").unwrap_or_default();
        text.replace_range(
            begins..ends,
            &format!("[books.deposit]\n{deposit}\"*\" = \"Undeposited Funds\"\n\n"),
        );
        let fees = if self.fees { "expense" } else { "off" };
        let rates = RATES
            .map(|(code, rate)| format!("{code} = \"{rate}\""))
            .join(", ");
        text.replace(
            "[books.payment_methods]\n",
            "[books.payment_methods]\nwoocommerce_payments = \"Credit Card\"\n",
        )
        .replace("{ USD = \"1.3850\" }", &format!("{{ {rates} }}"))
        .replace(
            "[books.policy]\n",
            &format!("[books.policy]\ngateway_fees = \"{fees}\"\n"),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::CleanMonth;
    use crate::woocommerce::generate;
    use serde_json::{Value, from_value};
    use std::collections::BTreeSet;

    #[test]
    fn everything_happens_in_the_month_in_each_currency_and_by_each_gateway() {
        let month = CleanMonth::of(3, 200);
        let shop = month.shop();
        let wanted = from_value(shop["generate"].clone()).expect("a month that can be made");
        let site = from_value(shop["site"].clone()).expect("a shop");
        let made = generate::make(month.seed, &wanted, &site).expect("a month");
        let refunds: Vec<&Value> = made.refunds.values().flatten().collect();
        assert_eq!((made.orders.len(), refunds.len()), (200, 6));
        let days = made.orders.iter().map(|order| &order["date_paid"]);
        let days = days.chain(refunds.iter().map(|refund| &refund["date_created"]));
        let (first, last) = (month.first.to_string(), month.last().to_string());
        for day in days.map(|day| &day.as_str().expect("a date")[..10]) {
            assert!((&*first..=&*last).contains(&day), "{day} is outside");
        }
        let pairs: BTreeSet<(&str, &str)> = made
            .orders
            .iter()
            .filter_map(|order| {
                Some((
                    order["payment_method"].as_str()?,
                    order["currency"].as_str()?,
                ))
            })
            .collect();
        assert_eq!(pairs.len(), 8, "{pairs:?}");
        // A seed is a month, and another seed another one.
        let again = generate::make(month.seed, &wanted, &site).expect("a month");
        assert_eq!(again.orders, made.orders);
        let other = generate::make(month.seed + 1, &wanted, &site).expect("a month");
        assert_ne!(other.orders, made.orders);
    }
}
