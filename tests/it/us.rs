//! Companies in the United States: no tax code on a line but `TAX` or `NON`, and the tax as the shop charged it.

use serde_json::{Value, json};

use crate::names::order;
use crate::world::{REALM, World, amount, oauth, shop};

const BOOKS: &str = r#"
[books]
timezone = "America/Los_Angeles"
[books.deposit]
"*" = "Undeposited Funds"
"#;

fn company(tax_model: &str, codes: Value) -> Value {
    json!({
        "realm": REALM,
        "company": { "country": "US", "home_currency": "USD", "tax_model": tax_model, "timezone": "America/Los_Angeles" },
        "accounts": [{ "name": "Undeposited Funds", "type": "Other Current Asset", "subtype": "UndepositedFunds" }],
        "tax_rates": [{ "name": "California", "percent": "5" }],
        "tax_codes": codes,
        "oauth": oauth()
    })
}

fn sale(world: &World) -> Value {
    let documents = world.documents();
    assert_eq!(documents.len(), 1, "{documents:?}");
    documents[0]["object"].clone()
}

fn order_in_dollars() -> Value {
    let mut order = order(11, 0, "kim@example.com", "Kim", "LAMP", 501);
    order["currency"] = json!("USD");
    for address in ["billing", "shipping"] {
        order[address]["country"] = json!("US");
        order[address]["state"] = json!("CA");
        order[address]["postcode"] = json!("94103");
    }
    order
}

#[test]
fn automated_sales_tax_keeps_the_tax_that_was_charged() {
    let codes = json!([{ "name": "California", "rates": ["California"] }]);
    let world = World::new(
        shop(vec![order_in_dollars()]),
        company("us_ast", codes),
        BOOKS,
    );
    world.run("sync orders").ends_with(0);
    let sale = sale(&world);
    assert_eq!(amount(&sale["TotalAmt"]), "105.00");
    assert_eq!(amount(&sale["TxnTaxDetail"]["TotalTax"]), "5.00");
    assert_eq!(
        sale["Line"][0]["SalesItemLineDetail"]["TaxCodeRef"]["value"],
        "TAX"
    );
    assert_eq!(sale["ShipAddr"]["CountrySubDivisionCode"], "CA");
    assert_eq!(sale.get("GlobalTaxCalculation"), None);
}

#[test]
fn manual_sales_tax_has_one_code_for_the_document() {
    let codes = json!([{ "name": "California", "rates": ["California"] }]);
    let books = format!("{BOOKS}[books.tax]\nus_txn_tax_code = \"California\"\n");
    let world = World::new(
        shop(vec![order_in_dollars()]),
        company("us_manual", codes),
        &books,
    );
    world.run("sync orders").ends_with(0);
    let sale = sale(&world);
    assert_eq!(amount(&sale["TotalAmt"]), "105.00");
    assert_eq!(amount(&sale["TxnTaxDetail"]["TotalTax"]), "5.00");
    let codes = world.books("objects/TaxCode");
    let california = codes
        .as_array()
        .expect("a list")
        .iter()
        .find(|code| code["object"]["Name"] == "California")
        .map(|code| code["object"]["Id"].clone());
    assert_eq!(
        Some(sale["TxnTaxDetail"]["TxnTaxCodeRef"]["value"].clone()),
        california
    );
    world.run("sync orders --full --json").ends_with(0);
    assert_eq!(world.documents().len(), 1);
}

#[test]
fn a_manual_company_without_a_code_is_told_which_setting_is_missing() {
    let world = World::new(
        shop(vec![order_in_dollars()]),
        company("us_manual", json!([])),
        BOOKS,
    );
    let ran = world.run("sync orders --json").ends_with(3);
    let problem = ran.json()["problems"][0].clone();
    assert!(
        problem["message"].to_string().contains("us_txn_tax_code")
            || problem["hint"].to_string().contains("us_txn_tax_code"),
        "{problem}"
    );
    assert!(world.documents().is_empty());
}
