//! What the demo sells, as the catalogue shows it and as it comes into a basket.

use serde_json::{Value, json};

use crate::woocommerce::basket::ShopGoods;
use crate::woocommerce::money::{Cents, text};

/// SKU, product id, name, price, zero-rated.
const SHELF: &[(&str, u64, &str, Cents, bool)] = &[
    ("TOQ-MER", 101, "Merino Toque", 3_499, false),
    ("BLK-WOOL", 102, "Wool Camp Blanket", 12_999, false),
    ("MUG-EN", 103, "Enamel Camp Mug", 1_850, false),
    ("LMP-350", 104, "Trail Headlamp 350", 6_495, false),
    ("DRY-20", 105, "Dry Bag 20 L", 4_299, false),
    ("PCK-DAY", 106, "Canvas Day Pack", 8_950, false),
    ("STV-UL", 107, "Ultralight Stove", 9_475, false),
    ("BEAR-325", 108, "Bear Spray 325 g", 4_499, false),
    ("MAP-JAS", 109, "Trail Map: Jasper", 1_895, false),
    ("WRI-500", 110, "Wild Rice 500 g", 1_149, true),
    ("MIT-FLC", 111, "Fleece Mitts", 2_900, false),
    ("BTL-1L", 112, "Steel Bottle 1 L", 3_800, false),
    ("SNO-25", 117, "Snowshoes 25", 22_995, false),
    ("SOC-MER", 118, "Merino Hiking Socks", 2_450, false),
    ("SAW-21", 119, "Folding Saw 21 cm", 3_625, false),
];
const SHIRT: u64 = 113;
const SHIRT_PRICE: Cents = 7_200;
/// Variation id, SKU, size, colour.
const SHIRTS: &[(u64, &str, &str, &str)] = &[
    (114, "FLN-M-RED", "M", "Red"),
    (115, "FLN-L-BLU", "L", "Blue"),
];
/// Sold over the counter and without a SKU.
const TUNE_UP: (u64, &str, Cents) = (116, "Ski Tune-up", 3_500);

const RAIN_SUIT: (u64, &str, &str, Cents) = (130, "Children's Rain Suit", "KID-RAIN", 5_900);

fn product(id: u64, name: &str, sku: &str, price: &str) -> Value {
    let since = "2026-09-10T16:00:00";
    json!({"id": id, "name": name, "slug": name.to_lowercase().replace(' ', "-"), "permalink": "", "date_created_gmt": since,
            "date_modified_gmt": since, "type": "simple", "status": "publish", "sku": sku, "price": price, "regular_price": price,
            "sale_price": "", "virtual": false, "downloadable": false, "tax_status": "taxable", "tax_class": "", "manage_stock": false,
            "stock_quantity": null, "stock_status": "instock", "parent_id": 0, "attributes": [], "variations": [], "meta_data": []})
}

/// The catalogue, as the shop's API shows it.
pub fn products() -> Vec<Value> {
    let mut list: Vec<Value> = Vec::new();
    for (sku, id, name, price, zero_rated) in SHELF {
        let mut one = product(*id, name, sku, &text(*price));
        if *zero_rated {
            one["tax_class"] = json!("zero-rate");
        }
        list.push(one);
    }
    let mut shirt = product(SHIRT, "Flannel Shirt", "", &text(SHIRT_PRICE));
    shirt["type"] = json!("variable");
    shirt["regular_price"] = json!("");
    shirt["variations"] = SHIRTS.iter().map(|shirt| json!(shirt.0)).collect();
    list.push(shirt);
    for (id, sku, size, colour) in SHIRTS {
        let mut one = product(
            *id,
            &format!("Flannel Shirt - {size}, {colour}"),
            sku,
            &text(SHIRT_PRICE),
        );
        one["type"] = json!("variation");
        one["parent_id"] = json!(SHIRT);
        one["attributes"] = json!([{"id": 0, "name": "Size", "option": size}, {"id": 0, "name": "Colour", "option": colour}]);
        list.push(one);
    }
    let mut tune_up = product(TUNE_UP.0, TUNE_UP.1, "", &text(TUNE_UP.2));
    tune_up["virtual"] = json!(true);
    list.push(tune_up);
    for (id, name, sku, price) in CORDS {
        list.push(product(*id, name, sku, price));
    }
    list
}

/// Cord by the metre, priced in parts of a cent: id, name, SKU, price.
pub const CORDS: &[(u64, &str, &str, &str)] = &[
    (121, "Accessory Cord (per metre)", "CRD-ACC", "0.625"),
    (122, "Bungee Cord (per metre)", "CRD-BNG", "0.875"),
];

pub fn goods(sku: &str, quantity: i64) -> ShopGoods {
    let (sku, product, name, price, zero_rated) = *SHELF
        .iter()
        .find(|one| one.0 == sku)
        .expect("the demo sells what is on its shelf");
    ShopGoods {
        name: name.to_owned(),
        product,
        sku: Some(sku.to_owned()),
        quantity,
        price,
        zero_rated,
        ..ShopGoods::default()
    }
}

/// New in the shop: a suit for children, on which British Columbia takes no tax of its own.
pub fn rain_suit(quantity: i64) -> ShopGoods {
    let (product, name, sku, price) = RAIN_SUIT;
    ShopGoods {
        name: name.to_owned(),
        product,
        sku: Some(sku.to_owned()),
        quantity,
        price,
        without_pst: true,
        ..ShopGoods::default()
    }
}

/// The suit, as the shop's catalogue shows it.
pub fn rain_suit_shown() -> Value {
    let (id, name, sku, price) = RAIN_SUIT;
    product(id, name, sku, &text(price))
}

pub fn shirt(at: usize, quantity: i64) -> ShopGoods {
    let (variation, sku, size, colour) = SHIRTS[at];
    ShopGoods {
        name: format!("Flannel Shirt - {size}, {colour}"),
        product: SHIRT,
        variation,
        sku: Some(sku.to_owned()),
        parent: Some("Flannel Shirt".to_owned()),
        attributes: vec![("size", "Size", size), ("colour", "Colour", colour)],
        quantity,
        price: SHIRT_PRICE,
        ..ShopGoods::default()
    }
}

pub fn tune_up() -> ShopGoods {
    let (product, name, price) = TUNE_UP;
    ShopGoods {
        name: name.to_owned(),
        product,
        sku: Some(String::new()),
        quantity: 1,
        price,
        ..ShopGoods::default()
    }
}
