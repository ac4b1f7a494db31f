//! What a shopper's basket becomes as an order, reckoned as WooCommerce does.
//!
//! Tax is rounded per line and per rate, coupons are shared out in whole cents, and so
//! the parts of an order made here always add up to its total. Prices are without tax.
//! Rounding at subtotal and prices with tax are not reckoned here.

use serde_json::{Value, json};

use super::dates;
use super::money::{Cents, share, text};
use crate::stand::seeded::scatter;

/// A tax rate of the shop.
#[derive(Debug)]
pub struct SandboxShopRate {
    pub id: u64,
    pub code: &'static str,
    pub label: &'static str,
    pub state: &'static str,
    /// In hundred-thousandths: 9975 is 9.975 %.
    pub share: i64,
    pub priority: u64,
    pub on_shipping: bool,
    pub zero: bool,
}

impl SandboxShopRate {
    pub fn class_slug(&self) -> &'static str {
        if self.zero { "zero-rate" } else { "standard" }
    }
}

const fn rate(
    id: u64,
    code: &'static str,
    label: &'static str,
    state: &'static str,
    share: i64,
    priority: u64,
) -> SandboxShopRate {
    SandboxShopRate {
        id,
        code,
        label,
        state,
        share,
        priority,
        on_shipping: share > 0,
        zero: share == 0,
    }
}

pub const RATES: &[SandboxShopRate] = &[
    rate(1, "CA-AB-GST-1", "GST", "AB", 5_000, 1),
    rate(2, "CA-BC-GST-1", "GST", "BC", 5_000, 1),
    rate(3, "CA-BC-PST-2", "PST", "BC", 7_000, 2),
    rate(4, "CA-ON-HST-1", "HST", "ON", 13_000, 1),
    rate(5, "CA-QC-GST-1", "GST", "QC", 5_000, 1),
    rate(6, "CA-QC-QST-2", "QST", "QC", 9_975, 2),
    rate(7, "CA-ZERO RATED-1", "Zero rated", "", 0, 1),
];

/// The rates that apply to taxable goods sent to a province; none outside the known ones.
pub fn rates_of(state: &str) -> Vec<&'static SandboxShopRate> {
    RATES
        .iter()
        .filter(|rate| !rate.zero && rate.state == state)
        .collect()
}

#[derive(Debug, Clone, Default)]
pub struct ShopPerson {
    pub first: String,
    pub last: String,
    pub company: String,
    pub street: String,
    pub city: String,
    pub state: String,
    pub postcode: String,
    pub country: String,
    pub email: String,
    pub phone: String,
}

impl ShopPerson {
    pub fn address(&self, with_email: bool) -> Value {
        let mut address = json!({"first_name": self.first, "last_name": self.last, "company": self.company, "address_1": self.street,
            "address_2": "", "city": self.city, "state": self.state, "postcode": self.postcode, "country": self.country, "phone": self.phone});
        if with_email {
            address["email"] = json!(self.email);
        }
        address
    }
}

/// One line of goods.
#[derive(Debug, Clone, Default)]
pub struct ShopGoods {
    pub name: String,
    pub product: u64,
    pub variation: u64,
    /// Empty for a product without one, `None` for a product that is gone.
    pub sku: Option<String>,
    pub parent: Option<String>,
    /// Key, label and value of each attribute chosen.
    pub attributes: Vec<(&'static str, &'static str, &'static str)>,
    pub quantity: i64,
    pub price: Cents,
    pub zero_rated: bool,
    /// As clothes for children: a province's own tax is not on it.
    pub without_pst: bool,
}

#[derive(Debug, Clone)]
pub struct Fee {
    pub name: String,
    pub amount: Cents,
    pub taxed: bool,
}

#[derive(Debug, Clone)]
pub enum Coupon {
    /// Code and percent.
    Percent(String, i64),
    /// Code and amount, shared out over the units.
    Cart(String, Cents),
}

#[derive(Debug, Clone, Default)]
pub struct Basket {
    pub id: u64,
    pub status: String,
    pub currency: String,
    pub created: i64,
    pub modified: i64,
    pub paid: Option<i64>,
    pub completed: Option<i64>,
    pub customer: u64,
    pub buyer: ShopPerson,
    /// Where the goods go, if not to the buyer.
    pub receiver: Option<ShopPerson>,
    /// Id and title of the way to pay.
    pub method: (String, String),
    pub transaction: String,
    pub note: String,
    pub goods: Vec<ShopGoods>,
    /// Title, id and price of the way to send.
    pub shipping: Option<(String, String, Cents)>,
    pub fees: Vec<Fee>,
    pub coupon: Option<Coupon>,
}

/// Numbers for lines and meta entries, which are unique over the shop.
#[derive(Debug)]
pub struct ShopIds {
    pub line: u64,
    pub meta: u64,
}

impl ShopIds {
    pub fn line(&mut self) -> u64 {
        self.line += 1;
        self.line
    }

    pub fn meta(&mut self) -> u64 {
        self.meta += 1;
        self.meta
    }
}

/// An amount with the tax of each rate on it.
struct ShopTaxed {
    tax: Cents,
    by_rate: Vec<(&'static SandboxShopRate, Cents)>,
}

fn taxed(amount: Cents, rates: &[&'static SandboxShopRate]) -> ShopTaxed {
    let by_rate: Vec<(&'static SandboxShopRate, Cents)> = rates
        .iter()
        .map(|rate| (*rate, share(amount, rate.share)))
        .collect();
    ShopTaxed {
        tax: by_rate.iter().map(|(_, tax)| tax).sum(),
        by_rate,
    }
}

/// What each rate has gathered, on goods with fees and on shipping.
#[derive(Default)]
struct ShopGathered(Vec<(&'static SandboxShopRate, Cents, Cents)>);

impl ShopGathered {
    fn add(&mut self, taxed: &ShopTaxed, on_shipping: bool) {
        for (rate, tax) in &taxed.by_rate {
            let at = match self.0.iter().position(|(known, _, _)| known.id == rate.id) {
                Some(at) => at,
                None => {
                    self.0.push((rate, 0, 0));
                    self.0.len() - 1
                }
            };
            let (_, goods, shipping) = &mut self.0[at];
            *(if on_shipping { shipping } else { goods }) += tax;
        }
    }
}

/// Makes the order, as the REST API shows it.
pub fn order(basket: &Basket, zone: chrono_tz::Tz, ids: &mut ShopIds) -> Value {
    let receiver = basket.receiver.as_ref().unwrap_or(&basket.buyer);
    let rates = if receiver.country == "CA" {
        rates_of(&receiver.state)
    } else {
        Vec::new()
    };
    let zero: Vec<&'static SandboxShopRate> = RATES.iter().filter(|rate| rate.zero).collect();
    let without_pst: Vec<&'static SandboxShopRate> = rates
        .iter()
        .copied()
        .filter(|rate| rate.label != "PST")
        .collect();
    let discounts = discounts(basket);
    let mut gathered = ShopGathered::default();
    let (mut lines, mut cart_tax, mut goods_total, mut discount, mut discount_tax) =
        (Vec::new(), 0, 0, 0, 0);
    for (goods, off) in basket.goods.iter().zip(&discounts) {
        let of_line = if goods.zero_rated && receiver.country == "CA" {
            &zero
        } else if goods.without_pst {
            &without_pst
        } else {
            &rates
        };
        let subtotal = goods.price * goods.quantity;
        let (before, after) = (taxed(subtotal, of_line), taxed(subtotal - off, of_line));
        gathered.add(&after, false);
        lines.push(line(goods, subtotal, subtotal - off, &before, &after, ids));
        cart_tax += after.tax;
        goods_total += subtotal - off;
        discount += off;
        discount_tax += before.tax - after.tax;
    }
    let (mut fee_lines, mut fee_total) = (Vec::new(), 0);
    for fee in &basket.fees {
        let taxes = taxed(fee.amount, if fee.taxed { &rates } else { &[] });
        gathered.add(&taxes, false);
        cart_tax += taxes.tax;
        fee_total += fee.amount;
        fee_lines.push(json!({"id": ids.line(), "name": fee.name, "tax_class": "", "tax_status": if fee.taxed { "taxable" } else { "none" },
            "amount": text(fee.amount), "total": text(fee.amount), "total_tax": text(taxes.tax), "taxes": tax_rows(&taxes, None), "meta_data": []}));
    }
    let (mut shipping_lines, mut shipping_total, mut shipping_tax) = (Vec::new(), 0, 0);
    if let Some((title, method, price)) = &basket.shipping {
        let on_shipping: Vec<&'static SandboxShopRate> = rates
            .iter()
            .copied()
            .filter(|rate| rate.on_shipping && *price > 0)
            .collect();
        let taxes = taxed(*price, &on_shipping);
        gathered.add(&taxes, true);
        (shipping_total, shipping_tax) = (*price, taxes.tax);
        let items: Vec<String> = basket
            .goods
            .iter()
            .map(|goods| format!("{} &times; {}", goods.name, goods.quantity))
            .collect();
        let items = items.join(", ");
        shipping_lines.push(json!({"id": ids.line(), "method_title": title, "method_id": method, "instance_id": "1", "total": text(*price),
            "total_tax": text(taxes.tax), "taxes": tax_rows(&taxes, None), "tax_status": "taxable",
            "meta_data": [{"id": ids.meta(), "key": "Items", "value": items, "display_key": "Items", "display_value": items}]}));
    }
    let total_tax = cart_tax + shipping_tax;
    let total = goods_total + fee_total + shipping_total + total_tax;
    let key = format!("wc_order_{:013x}", scatter(basket.id) >> 12);
    let owes = matches!(basket.status.as_str(), "pending" | "failed");
    let mut order = json!({
        "id": basket.id, "parent_id": 0, "status": basket.status, "currency": basket.currency, "version": "10.2.4",
        "prices_include_tax": false, "discount_total": text(discount), "discount_tax": text(discount_tax),
        "shipping_total": text(shipping_total), "shipping_tax": text(shipping_tax), "cart_tax": text(cart_tax), "total": text(total),
        "total_tax": text(total_tax), "customer_id": basket.customer, "order_key": key, "billing": basket.buyer.address(true),
        "shipping": receiver.address(false), "payment_method": basket.method.0, "payment_method_title": basket.method.1,
        "transaction_id": basket.transaction, "customer_ip_address": "203.0.113.24",
        "customer_user_agent": "Mozilla/5.0 (X11; Linux x86_64)", "created_via": "checkout", "customer_note": basket.note,
        "cart_hash": "", "number": basket.id.to_string(), "meta_data": [], "line_items": lines,
        "tax_lines": tax_lines(&gathered, ids), "shipping_lines": shipping_lines, "fee_lines": fee_lines,
        "coupon_lines": coupon_lines(basket, discount, discount_tax, ids), "refunds": [], "payment_url": "",
        "is_editable": matches!(basket.status.as_str(), "pending" | "on-hold"), "needs_payment": owes && total > 0,
        "needs_processing": true, "currency_symbol": "$"
    });
    let dates = [
        ("date_created", Some(basket.created)),
        ("date_modified", Some(basket.modified)),
        ("date_paid", basket.paid),
        ("date_completed", basket.completed),
    ];
    for (name, at) in dates {
        order[name] = json!(at.map(|at| dates::local_text(at, zone)));
        order[format!("{name}_gmt")] = json!(at.map(dates::gmt_text));
    }
    order
}

fn line(
    goods: &ShopGoods,
    subtotal: Cents,
    total: Cents,
    before: &ShopTaxed,
    after: &ShopTaxed,
    ids: &mut ShopIds,
) -> Value {
    let id = ids.line();
    let attributes: Vec<Value> = goods
        .attributes
        .iter()
        .map(|(key, label, value)| json!({"id": ids.meta(), "key": key, "value": value, "display_key": label, "display_value": value}))
        .collect();
    let price = if goods.quantity == 0 {
        0.0
    } else {
        total as f64 / goods.quantity as f64 / 100.0
    };
    json!({"id": id, "name": goods.name, "product_id": goods.product, "variation_id": goods.variation, "quantity": goods.quantity,
        "tax_class": if goods.zero_rated { "zero-rate" } else { "" }, "subtotal": text(subtotal), "subtotal_tax": text(before.tax),
        "total": text(total), "total_tax": text(after.tax), "taxes": tax_rows(after, Some(before)), "meta_data": attributes,
        "sku": goods.sku, "global_unique_id": "", "price": price, "image": {"id": "", "src": ""}, "parent_name": goods.parent})
}

/// The rates on a line. Only goods have a tax before coupons; elsewhere it is an empty text.
fn tax_rows(taxes: &ShopTaxed, before: Option<&ShopTaxed>) -> Vec<Value> {
    let subtotal = |at: usize| before.map_or(String::new(), |before| text(before.by_rate[at].1));
    taxes.by_rate.iter().enumerate().map(|(at, (rate, tax))| json!({"id": rate.id, "total": text(*tax), "subtotal": subtotal(at)})).collect()
}

fn tax_lines(gathered: &ShopGathered, ids: &mut ShopIds) -> Vec<Value> {
    let one = |(rate, goods, shipping): &(&'static SandboxShopRate, Cents, Cents)| {
        json!({"id": ids.line(), "rate_code": rate.code, "rate_id": rate.id, "label": rate.label, "compound": false,
            "tax_total": text(*goods), "shipping_tax_total": text(*shipping), "rate_percent": rate.share as f64 / 1000.0, "meta_data": []})
    };
    gathered.0.iter().map(one).collect()
}

/// What the coupon takes off each line, in whole cents.
fn discounts(basket: &Basket) -> Vec<Cents> {
    let lines: Vec<Cents> = basket
        .goods
        .iter()
        .map(|goods| goods.price * goods.quantity)
        .collect();
    match &basket.coupon {
        None => vec![0; lines.len()],
        Some(Coupon::Percent(_, percent)) => {
            // Half a cent is the shop's to keep; what is missing from the whole goes to the first lines.
            let part = |amount: Cents| (amount * percent + 49) / 100;
            let mut off: Vec<Cents> = lines.iter().map(|line| part(*line)).collect();
            let mut missing = part(lines.iter().sum()) - off.iter().sum::<Cents>();
            for (off, line) in off.iter_mut().zip(&lines) {
                if missing > 0 && *off < *line {
                    *off += 1;
                    missing -= 1;
                }
            }
            off
        }
        Some(Coupon::Cart(_, amount)) => {
            let units: i64 = basket
                .goods
                .iter()
                .map(|goods| goods.quantity)
                .sum::<i64>()
                .max(1);
            let each = amount / units;
            let mut off: Vec<Cents> = basket
                .goods
                .iter()
                .zip(&lines)
                .map(|(goods, line)| (each * goods.quantity).min(*line))
                .collect();
            let mut left = (*amount).min(lines.iter().sum()) - off.iter().sum::<Cents>();
            for (off, line) in off.iter_mut().zip(&lines) {
                let more = left.min(*line - *off);
                *off += more;
                left -= more;
            }
            off
        }
    }
}

fn coupon_lines(basket: &Basket, discount: Cents, tax: Cents, ids: &mut ShopIds) -> Vec<Value> {
    let (code, kind, nominal) = match &basket.coupon {
        None => return Vec::new(),
        Some(Coupon::Percent(code, percent)) => (code, "percent", *percent as f64),
        Some(Coupon::Cart(code, amount)) => (code, "fixed_cart", *amount as f64 / 100.0),
    };
    // These two are printed without idle zeros, unlike every other amount.
    let bare = |cents: Cents| {
        text(cents)
            .trim_end_matches('0')
            .trim_end_matches('.')
            .to_owned()
    };
    let shown_kind = if kind == "percent" {
        "\"percent\""
    } else {
        "null"
    };
    let info = format!("[{},\"{code}\",{shown_kind},{nominal}]", 40 + code.len());
    vec![
        json!({"id": ids.line(), "code": code, "discount": bare(discount), "discount_tax": bare(tax),
        "meta_data": [{"id": ids.meta(), "key": "coupon_info", "value": info, "display_key": "coupon_info", "display_value": info}],
        "discount_type": kind, "nominal_amount": nominal, "free_shipping": false}),
    ]
}
