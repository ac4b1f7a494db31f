//! Orders in bulk, from a seed: a season of an outdoor shop in four provinces.
//!
//! Every order adds up, is paid by card or PayPal and fits what a Canadian set of
//! books takes. The first orders go through all customers once, so that as many
//! people buy as were asked for, as long as there are enough orders.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::basket::{Basket, Coupon, ShopGoods, ShopIds, ShopPerson, order};
use super::dates;
use super::giveback::{Giveback, with_lines};
use super::money::{Cents, card_fee, cents, text};
use super::setup::{Generate, ShopSite};
use crate::stand::seeded::Seeded;

#[derive(Debug, Default)]
pub struct ShopMade {
    pub orders: Vec<Value>,
    pub refunds: BTreeMap<String, Vec<Value>>,
    pub products: Vec<Value>,
    pub customers: Vec<Value>,
}

const FIRST_NAMES: &[&str] = &[
    "Aiden", "Amara", "Anika", "Arjun", "Beatrice", "Benoît", "Callum", "Camille", "Chloe", "Dara",
    "Devon", "Elena", "Émile", "Farah", "Felix", "Fiona", "Gavin", "Grace", "Hana", "Harjit",
    "Hugo", "Imani", "Ingrid", "Isaac", "Jasmine", "Joel", "Julie", "Kavya", "Keegan", "Lena",
    "Liam", "Lucie", "Maeve", "Marcel", "Maya", "Mehdi", "Nadia", "Noah", "Nora", "Olivier",
    "Owen", "Paige", "Priya", "Quinn", "Rafael", "Rosa", "Samir", "Simone", "Tariq", "Tessa",
    "Uma", "Victor", "Wendy", "Xavier", "Yara", "Zoe",
];
const LAST_NAMES: &[&str] = &[
    "Anderson",
    "Bains",
    "Beaulieu",
    "Bouchard",
    "Campbell",
    "Chan",
    "Cardinal",
    "Chen",
    "Côté",
    "Dhillon",
    "Dubois",
    "Dyck",
    "Fraser",
    "Friesen",
    "Gagnon",
    "Gill",
    "Grant",
    "Hassan",
    "Hughes",
    "Ivanov",
    "Jensen",
    "Kaur",
    "Khan",
    "Kowalski",
    "Lam",
    "Lavoie",
    "Leblanc",
    "MacDonald",
    "Mackenzie",
    "Martel",
    "McLeod",
    "Melnyk",
    "Morin",
    "Nakamura",
    "Nguyen",
    "O'Brien",
    "Okafor",
    "Olsen",
    "Patel",
    "Pelletier",
    "Petrov",
    "Reid",
    "Ross",
    "Roy",
    "Sandhu",
    "Schmidt",
    "Singh",
    "Sinclair",
    "Sutherland",
    "Tremblay",
    "Turner",
    "Wiebe",
    "Wilson",
    "Wong",
    "Young",
    "Zhang",
];
/// Province, city, postal code, area code and how many in a hundred live there.
const PLACES: &[(&str, &str, &str, &str, u64)] = &[
    ("AB", "Edmonton", "T5J 2R7", "780", 25),
    ("AB", "Calgary", "T2P 1J9", "403", 15),
    ("BC", "Vancouver", "V6B 1A1", "604", 15),
    ("BC", "Kelowna", "V1Y 6N2", "250", 10),
    ("ON", "Toronto", "M5V 2T6", "416", 12),
    ("ON", "Ottawa", "K1P 5M7", "613", 8),
    ("QC", "Montréal", "H2Y 1C6", "514", 10),
    ("QC", "Québec", "G1R 4S9", "418", 5),
];
const STREETS: &[&str] = &[
    "Jasper Ave",
    "Main St",
    "Lakeview Dr",
    "River Rd",
    "Cedar Cres",
    "Station St",
    "Maple Ln",
    "Ridge Way",
];
const THINGS: &[(&str, &str, Cents)] = &[
    ("Toque", "TOQ", 2499),
    ("Mitts", "MIT", 3450),
    ("Trail Socks", "SOC", 1895),
    ("Dry Bag", "DRY", 4299),
    ("Headlamp", "LMP", 6475),
    ("Camp Mug", "MUG", 1625),
    ("Tarp", "TRP", 8999),
    ("Stove", "STV", 11950),
    ("Fleece", "FLC", 7433),
    ("Rain Shell", "SHL", 18999),
];
const KINDS: &[(&str, &str, Cents)] = &[
    ("Alpine", "A", 0),
    ("Boreal", "B", 350),
    ("Coastal", "C", 725),
    ("Prairie", "P", 1199),
];

pub fn make(seed: u64, wanted: &Generate, site: &ShopSite) -> Result<ShopMade, String> {
    let start = dates::from_gmt(&wanted.start)
        .ok_or_else(|| format!("`generate.start` is not a date: {}", wanted.start))?;
    let until = match &wanted.until {
        None => i64::MAX,
        Some(until) => dates::from_gmt(until)
            .ok_or_else(|| format!("`generate.until` is not a date: {until}"))?,
    };
    let mut seeded = Seeded::new(seed ^ 0x5eed);
    let mut made = ShopMade {
        products: products(&wanted.start),
        ..ShopMade::default()
    };
    let people: Vec<ShopBuyer> = (0..wanted.customers.max(1))
        .map(|at| buyer(at, wanted, &mut seeded))
        .collect();
    made.customers = people
        .iter()
        .filter(|buyer| buyer.account > 0)
        .map(|buyer| account(buyer, &wanted.start))
        .collect();

    let span = (wanted.days.max(1) * 86_400) as i64;
    let gap = (span / wanted.orders.max(1) as i64).max(1);
    let shared_from = wanted.orders.saturating_sub(wanted.same_second) / 2;
    let shared_until = shared_from + wanted.same_second;
    // One second for all of them, late enough that nothing in them happens after it.
    let shared_second = start + gap * shared_until as i64 + 6 * 86_400;
    let mut ids = ShopIds {
        line: wanted.first_id * 10,
        meta: wanted.first_id * 20,
    };
    let refunded = (wanted.orders as f64 * wanted.refund_share).round() as u64;
    for at in 0..wanted.orders {
        let buyer = match at {
            at if (at as usize) < people.len() => &people[at as usize],
            _ => seeded.pick(&people),
        };
        let created = start + gap * at as i64 + seeded.below(gap as u64) as i64;
        let mut basket = basket(wanted.first_id + at * 2, created, buyer, site, &mut seeded);
        pay_by(&mut basket, at, &wanted.gateways);
        pay_from_abroad(&mut basket, at, &wanted.currencies);
        let gives_back = evenly(at, refunded, wanted.orders);
        let given_back_at = created + 3 * 86_400 + seeded.below(86_400) as i64;
        let given_back_at = given_back_at.min(until);
        basket.modified = if gives_back {
            given_back_at
        } else {
            basket.completed.or(basket.paid).unwrap_or(created)
        };
        if (shared_from..shared_until).contains(&at) {
            basket.modified = shared_second;
        }
        let mut order = order(&basket, site.timezone, &mut ids);
        if wanted.fees {
            keep_a_fee(&mut order, &mut ids);
        }
        if gives_back {
            let giveback = Giveback {
                id: basket.id + 1,
                at: given_back_at,
                reason: "Returned".to_owned(),
                lines: vec![(0, 1)],
                shipping: false,
                through_gateway: true,
            };
            let refund = with_lines(&order, &giveback, site.timezone, &mut ids);
            let amount = refund["amount"].as_str().unwrap_or("0.00");
            order["refunds"] = json!([{"id": giveback.id, "reason": giveback.reason, "total": format!("-{amount}")}]);
            made.refunds.insert(basket.id.to_string(), vec![refund]);
        }
        made.orders.push(order);
    }
    Ok(made)
}

/// What each way to pay is called, and under which name it writes down what it kept.
const GATEWAYS: &[(&str, &str, Option<&str>)] = &[
    ("stripe", "Credit Card (Stripe)", Some("_stripe_fee")),
    ("paypal", "PayPal", Some("PayPal Transaction Fee")),
    (
        "woocommerce_payments",
        "WooPayments",
        Some("_wcpay_transaction_fee"),
    ),
    ("bacs", "Direct bank transfer", None),
    ("cheque", "Cheque", None),
    ("cod", "Cash on delivery", None),
];

fn pay_by(basket: &mut Basket, at: u64, gateways: &[String]) {
    // A step further every eight orders, so that those from abroad do not all fall on one of them.
    let turn = (at + at / 8) as usize % gateways.len().max(1);
    let Some(id) = gateways.get(turn) else {
        return;
    };
    let known = GATEWAYS.iter().find(|(one, _, _)| one == id);
    let title = known.map_or(id.as_str(), |(_, title, _)| title);
    basket.method = (id.clone(), title.to_owned());
}

/// Every eighth order comes from abroad, where no tax of the shop's country falls on it.
fn pay_from_abroad(basket: &mut Basket, at: u64, currencies: &[String]) {
    if at % 8 != 5 || currencies.is_empty() {
        return;
    }
    let code = &currencies[(at / 8) as usize % currencies.len()];
    let (country, state, city, postcode) = match code.as_str() {
        "USD" => ("US", "WA", "Seattle", "98101"),
        "GBP" => ("GB", "", "Leeds", "LS1 4DY"),
        "AUD" => ("AU", "VIC", "Melbourne", "3000"),
        _ => ("DE", "", "Bremen", "28195"),
    };
    basket.currency = code.clone();
    let buyer = &mut basket.buyer;
    for (field, value) in [
        (&mut buyer.country, country),
        (&mut buyer.state, state),
        (&mut buyer.city, city),
        (&mut buyer.postcode, postcode),
    ] {
        *field = value.to_owned();
    }
}

/// The gateway keeps 2.9 % and 30 cents, and writes it into the order in the currency of the order.
fn keep_a_fee(order: &mut Value, ids: &mut ShopIds) {
    let method = order["payment_method"].as_str().unwrap_or_default();
    let known = GATEWAYS.iter().find(|(one, _, _)| *one == method);
    let Some(name) = known.and_then(|(_, _, name)| *name) else {
        return;
    };
    let total = order["total"].as_str().and_then(cents).unwrap_or_default();
    let fee = text(card_fee(total));
    let mut said = vec![json!({ "id": ids.meta(), "key": name, "value": fee })];
    if name == "_stripe_fee" {
        let currency = order["currency"].clone();
        said.push(json!({ "id": ids.meta(), "key": "_stripe_currency", "value": currency }));
    }
    order["meta_data"] = said.into();
}

/// Spreads `some` hits over `all` places; true where one falls.
fn evenly(at: u64, some: u64, all: u64) -> bool {
    (at + 1) * some / all.max(1) > at * some / all.max(1)
}

struct ShopBuyer {
    person: ShopPerson,
    /// The account's id, 0 for a guest.
    account: u64,
}

fn buyer(at: u64, wanted: &Generate, seeded: &mut Seeded) -> ShopBuyer {
    let (firsts, lasts) = (FIRST_NAMES.len() as u64, LAST_NAMES.len() as u64);
    // Every pair of names once; then again with a middle initial, and so on.
    let round = at / (firsts * lasts);
    let (first, last) = (
        FIRST_NAMES[(at % firsts) as usize],
        LAST_NAMES[((at / firsts + at) % lasts) as usize],
    );
    let first = match round {
        0 => first.to_owned(),
        _ => format!("{first} {}.", char::from(b'A' + ((round - 1) % 26) as u8)),
    };
    let mut dice = seeded.below(100);
    let mut place = PLACES[0];
    for one in PLACES {
        place = *one;
        if dice < one.4 {
            break;
        }
        dice -= one.4;
    }
    let (state, city, postcode, area, _) = place;
    let plain = |name: &str| {
        name.to_lowercase()
            .replace(['\'', ' ', '.'], "")
            .replace(['é', 'ê'], "e")
            .replace('ô', "o")
            .replace('î', "i")
    };
    let registered = (wanted.customers as f64 * wanted.registered_share).round() as u64;
    ShopBuyer {
        account: if evenly(at, registered, wanted.customers) {
            1_001 + at
        } else {
            0
        },
        person: ShopPerson {
            email: format!("{}.{}{}@example.com", plain(&first), plain(last), at + 1),
            first,
            last: last.to_owned(),
            company: String::new(),
            street: format!("{} {}", 100 + seeded.below(9_800), seeded.pick(STREETS)),
            city: city.to_owned(),
            state: state.to_owned(),
            postcode: postcode.to_owned(),
            country: "CA".to_owned(),
            phone: format!("{area}-555-{:04}", 100 + at % 100),
        },
    }
}

fn account(buyer: &ShopBuyer, since: &str) -> Value {
    let person = &buyer.person;
    json!({"id": buyer.account, "date_created_gmt": since, "date_modified_gmt": since, "email": person.email, "first_name": person.first,
        "last_name": person.last, "role": "customer", "username": person.email.split('@').next(), "billing": person.address(true),
        "shipping": person.address(false), "is_paying_customer": true, "avatar_url": "", "meta_data": []})
}

/// Forty products, ten things in four kinds.
fn catalogue() -> impl Iterator<Item = (u64, String, String, Cents)> {
    let pairs = KINDS
        .iter()
        .flat_map(|kind| THINGS.iter().map(move |thing| (kind, thing)));
    pairs.enumerate().map(|(at, (kind, thing))| {
        (
            201 + at as u64,
            format!("{} {}", kind.0, thing.0),
            format!("{}-{}", thing.1, kind.1),
            kind.2 + thing.2,
        )
    })
}

fn products(since: &str) -> Vec<Value> {
    catalogue()
        .map(|(id, name, sku, price)| product(id, &name, &sku, price, since))
        .collect()
}

/// A plain product as the API shows it, in its main fields.
pub fn product(id: u64, name: &str, sku: &str, price: Cents, since: &str) -> Value {
    let slug = name.to_lowercase().replace(' ', "-");
    json!({"id": id, "name": name, "slug": slug, "permalink": "", "date_created_gmt": since, "date_modified_gmt": since, "type": "simple",
        "status": "publish", "featured": false, "catalog_visibility": "visible", "description": "", "short_description": "", "sku": sku,
        "price": text(price), "regular_price": text(price), "sale_price": "", "on_sale": false, "purchasable": true, "total_sales": 0,
        "virtual": false, "downloadable": false, "tax_status": "taxable", "tax_class": "", "manage_stock": false, "stock_quantity": null,
        "stock_status": "instock", "parent_id": 0, "categories": [], "tags": [], "images": [], "attributes": [], "variations": [],
        "meta_data": []})
}

fn basket(
    id: u64,
    created: i64,
    buyer: &ShopBuyer,
    site: &ShopSite,
    seeded: &mut Seeded,
) -> Basket {
    let lines = 1 + seeded.below(10) / 4;
    let mut goods: Vec<ShopGoods> = Vec::new();
    let shelf = THINGS.len() * KINDS.len();
    for _ in 0..lines {
        let at = seeded.below(shelf as u64) as usize;
        let (kind, thing) = (KINDS[at / THINGS.len()], THINGS[at % THINGS.len()]);
        let product = 201 + at as u64;
        let quantity = 1 + seeded.below(6) as i64 / 3;
        match goods.iter_mut().find(|goods| goods.product == product) {
            Some(known) => known.quantity += quantity,
            None => goods.push(ShopGoods {
                name: format!("{} {}", kind.0, thing.0),
                product,
                sku: Some(format!("{}-{}", thing.1, kind.1)),
                quantity,
                price: kind.2 + thing.2,
                ..ShopGoods::default()
            }),
        }
    }
    let paid = created + 40 + seeded.below(50) as i64;
    let sent = seeded.chance(0.7);
    let (method, transaction) = match seeded.chance(0.75) {
        true => (
            ("stripe", "Credit Card (Stripe)"),
            format!("ch_{:016x}", seeded.next()),
        ),
        false => (("paypal", "PayPal"), format!("{:016X}", seeded.next())),
    };
    let flat = (
        "Flat rate (Canada Post)".to_owned(),
        "flat_rate".to_owned(),
        1250,
    );
    Basket {
        id,
        status: if sent { "completed" } else { "processing" }.to_owned(),
        currency: site.currency.clone(),
        created,
        paid: Some(paid),
        completed: sent.then(|| paid + 3_600 + seeded.below(40 * 3_600) as i64),
        customer: buyer.account,
        buyer: buyer.person.clone(),
        method: (method.0.to_owned(), method.1.to_owned()),
        transaction,
        goods,
        shipping: Some(if seeded.chance(0.8) {
            flat
        } else {
            ("Free shipping".to_owned(), "free_shipping".to_owned(), 0)
        }),
        coupon: seeded
            .chance(0.08)
            .then(|| Coupon::Percent("trail10".to_owned(), 10)),
        ..Basket::default()
    }
}
