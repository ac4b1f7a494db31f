//! Names: who the buyer is in the books, and what the goods are.

use crate::books::names::{Directory, Resolved, SoldItem, clean_name, customer, item};
use crate::model::document::ItemKey;
use crate::model::draft::ItemKind;
use crate::model::names::{ItemEntry, NameEntry, NameKind, NameParts, Names};
use crate::model::order::Order;
use crate::model::rules::Guest;

use super::ledger::Ledger;
use super::shop::paid_order;

fn person(id: &str, kind: NameKind, name: &str, email: &str) -> NameEntry {
    let parts = NameParts {
        id: id.into(),
        kind,
        display_name: name.into(),
        email: Some(email.into()).filter(|_| !email.is_empty()),
        currency: "CAD".into(),
        active: true,
        revision: "".into(),
    };
    parts.into()
}

fn guest(id: u64, name: &str, email: &str) -> Order {
    let mut order = paid_order(id);
    order.buyer.account = None;
    order.buyer.first_name = name.into();
    order.buyer.last_name = String::new();
    order.buyer.email = email.into();
    order
}

fn directory(people: Vec<NameEntry>, items: Vec<ItemEntry>) -> Directory {
    Directory::new(&Names::of(people, items))
}

/// `match ID`, `create NAME`, or the word of the hold; with warnings.
fn find(order: &Order, directory: &mut Directory) -> String {
    find_with(order, directory, &Ledger::canadian())
}

fn find_with(order: &Order, directory: &mut Directory, ledger: &Ledger) -> String {
    match customer(order, &ledger.rules, &ledger.company, directory, &|_| None) {
        Ok((_, Resolved::Known { id, warnings })) if warnings.is_empty() => format!("match {id}"),
        Ok((_, Resolved::Known { id, warnings })) => format!("match {id}, {}", warnings[0].code),
        Ok((_, Resolved::New { draft, .. })) => format!("create {}", draft.display_name),
        Err(reason) => reason.code,
    }
}

#[test]
fn names_are_cut_and_cleaned_for_the_books() {
    assert_eq!(
        clean_name(" Zoë  O’Connor:\n\tSmith "),
        "Zoë O’Connor Smith"
    );
    assert_eq!(clean_name("e\u{301}"), "é");
    assert_eq!(clean_name(&format!("{} x", "é".repeat(99))), "é".repeat(99));
    assert_eq!(clean_name("👩‍👩‍👧 抹茶"), "👩‍👩‍👧 抹茶");
    assert_eq!(clean_name(" : \t"), "");
}

#[test]
fn a_buyer_is_found_by_email_then_by_a_name_that_nobody_else_claims() {
    use NameKind::{Customer, Vendor};
    let books = || {
        directory(
            vec![
                person("9", Customer, "Ann Lee", "ANN@example.com"),
                person("10", Customer, "Ann L.", "ann@example.com"),
                person("11", Customer, "Bo Chan", ""),
                person("12", Customer, "Cy Dun", "other@example.com"),
                person("13", Vendor, "Di Eng", "di@example.com"),
            ],
            Vec::new(),
        )
    };
    let found = |name, email| find(&guest(1, name, email), &mut books());
    assert_eq!(
        found("Someone", "Ann@Example.com "),
        "match 9, customer_ambiguous"
    );
    assert_eq!(found("bo chan", "bo@example.com"), "match 11");
    assert_eq!(
        found("Cy Dun", "cy@example.com"),
        "create Cy Dun (cy@example.com)"
    );
    assert_eq!(
        found("Di Eng", "DI@example.com"),
        "create Di Eng (di@example.com)"
    );
    assert_eq!(found("Cy Dun", ""), "create Cy Dun (order 1)");
    assert_eq!(found("", "new@example.com"), "create new@example.com");
    assert_eq!(found("", ""), "create WooCommerce order 1");
}

#[test]
fn an_ending_is_never_cut_and_a_long_address_becomes_a_digest() {
    let name = "N".repeat(120);
    let email = format!("{}@example.com", "m".repeat(60));
    let mut books = directory(
        vec![person("1", NameKind::Vendor, &"N".repeat(100), "")],
        Vec::new(),
    );
    let made = find(&guest(1, &name, &email), &mut books);
    assert_eq!(made.chars().count(), "create ".len() + 100);
    assert!(made.contains("N (") && made.ends_with(')'), "{made}");
    assert!(!made.contains("mmm"), "{made}");
}

#[test]
fn a_name_that_is_taken_twice_and_a_customer_at_rest_are_for_a_person() {
    let mut taken = directory(
        vec![
            person("1", NameKind::Vendor, "Ann Lee", ""),
            person("2", NameKind::Employee, "ann lee (ann@example.com)", ""),
        ],
        Vec::new(),
    );
    assert_eq!(
        find(&guest(1, "Ann Lee", "ann@example.com"), &mut taken),
        "name_conflict"
    );

    let mut at_rest = person("1", NameKind::Customer, "Ann Lee", "ann@example.com");
    at_rest.active = false;
    let mut books = directory(vec![at_rest], Vec::new());
    assert_eq!(
        find(&guest(1, "Ann Lee", "ann@example.com"), &mut books),
        "name_conflict"
    );
}

#[test]
fn the_second_order_of_a_plan_finds_the_customer_of_the_first() {
    let mut books = directory(Vec::new(), Vec::new());
    let mut registered = guest(1, "Ann Lee", "ann@example.com");
    registered.buyer.account = Some(7);
    assert_eq!(find(&registered, &mut books), "create Ann Lee");
    assert_eq!(find(&registered, &mut books), "match @customer:c7.CAD");
    // A guest with the same address is the same person.
    assert_eq!(
        find(&guest(2, "A. Lee", "ANN@example.com"), &mut books),
        "match @customer:c7.CAD"
    );
    registered.currency = "USD".into();
    assert_eq!(find(&registered, &mut books), "create Ann Lee (USD)");
}

#[test]
fn keys_say_nothing_about_the_person() {
    let ledger = Ledger::canadian();
    let key = |order: &Order, ledger: &Ledger| {
        customer(
            order,
            &ledger.rules,
            &ledger.company,
            &mut directory(vec![], vec![]),
            &|_| None,
        )
        .expect("a customer")
        .0
    };
    let lower = key(&guest(1, "Ann", "ann@example.com"), &ledger);
    assert_eq!(lower, key(&guest(2, "Bo", "ANN@Example.com"), &ledger));
    assert!(
        lower.starts_with('g') && lower.ends_with(".CAD") && lower.len() == 17,
        "{lower}"
    );
    assert_eq!(key(&guest(3, "Ann", ""), &ledger), "o3.CAD");
    assert_eq!(key(&paid_order(4), &ledger), "c7.CAD");
    let shared = Ledger::canadian().policy(|policy| policy.guest = Guest::Single);
    assert_eq!(
        key(&guest(5, "Ann", "ann@example.com"), &shared),
        "guest.CAD"
    );
}

#[test]
fn all_guests_share_a_customer_where_the_shop_wants_it() {
    let ledger = Ledger::canadian().policy(|policy| policy.guest = Guest::Single);
    let mut books = directory(
        vec![person(
            "1",
            NameKind::Customer,
            "Ann Lee",
            "ann@example.com",
        )],
        Vec::new(),
    );
    let first = find_with(&guest(1, "Ann Lee", "ann@example.com"), &mut books, &ledger);
    assert_eq!(first, "create WooCommerce Guest");
    let second = find_with(&guest(2, "Bo", ""), &mut books, &ledger);
    assert_eq!(second, "match @customer:guest.CAD");
}

#[test]
fn a_link_wins_unless_its_customer_is_at_rest() {
    let ledger = Ledger::canadian();
    let linked = |key: &str| (key == "c7.CAD").then(|| "5".to_owned());
    let mut at_rest = person("5", NameKind::Customer, "Anybody", "");
    let look = |entry: &NameEntry| {
        let mut books = directory(vec![entry.clone()], Vec::new());
        customer(
            &paid_order(1),
            &ledger.rules,
            &ledger.company,
            &mut books,
            &linked,
        )
        .map(|(_, found)| matches!(found, Resolved::Known { id, .. } if id == "5"))
        .map_err(|reason| reason.code)
    };
    assert_eq!(look(&at_rest), Ok(true));
    at_rest.active = false;
    assert_eq!(look(&at_rest), Err("name_conflict".to_owned()));
}

fn entry(id: &str, name: &str, sku: &str) -> ItemEntry {
    ItemEntry {
        id: id.into(),
        name: name.into(),
        sku: Some(sku.to_owned()).filter(|sku| !sku.is_empty()),
        kind: "NonInventory".into(),
        active: true,
        revision: "0".into(),
        price: None,
        starts: None,
        changed_at: None,
    }
}

fn sold<'a>(key: &'a ItemKey, name: &'a str) -> SoldItem<'a> {
    SoldItem {
        key,
        name,
        product: Some(500),
        variation: None,
        ware: None,
        made_as: &key.0,
    }
}

/// `match ID`, `create NAME [SKU]`, or the word of the hold.
fn pick(key: &str, name: &str, directory: &mut Directory) -> String {
    let rules = Ledger::canadian().rules;
    let key = ItemKey(key.into());
    match item(&sold(&key, name), &rules, directory, &|_| None) {
        Ok(Resolved::Known { id, .. }) => format!("match {id}"),
        Ok(Resolved::New { draft, .. }) => {
            let kind = match draft.kind {
                ItemKind::Service => "service",
                ItemKind::NonInventory => "goods",
                ItemKind::Inventory { .. } => "stock",
            };
            format!(
                "create {kind} {} {:?}",
                draft.name,
                draft.sku.unwrap_or_default()
            )
        }
        Err(reason) => reason.code,
    }
}

#[test]
fn goods_are_found_by_sku_then_by_name_and_else_made() {
    let mut at_rest = entry("5", "Old hat", "HAT");
    at_rest.active = false;
    let mut category = entry("6", "Drinks", "");
    category.kind = "Category".into();
    let mut books = directory(
        vec![],
        vec![
            entry("1", "Cup", "CUP "),
            entry("2", "Two", "TWIN"),
            entry("3", "Three", "TWIN"),
            entry("4", "Plain", ""),
            at_rest,
            category,
        ],
    );
    let mut pick = |key, name| pick(key, name, &mut books);
    assert_eq!(pick("sku:CUP", "Anything"), "match 1");
    assert_eq!(pick("sku:TWIN", "Anything"), "sku_ambiguous");
    assert_eq!(pick("sku:HAT", "Hat"), "item_inactive");
    assert_eq!(pick("sku:NEW", "Plain"), "match 4");
    assert_eq!(pick("name:plain", ""), "match 4");
    // The name belongs to goods with another SKU.
    assert_eq!(pick("sku:BIG", "Cup"), "create goods Cup (BIG) \"BIG\"");
    assert_eq!(pick("sku:BIG", "Cup"), "match @item:sku:BIG");
    assert_eq!(pick("name:Drinks", ""), "create goods Drinks (500) \"\"");
    assert_eq!(pick("sku:cup", "Mug"), "create goods Mug \"cup\"");
    assert_eq!(pick("sku:E", ""), "create goods E \"E\"");
}

#[test]
fn a_sku_that_is_too_long_is_left_out() {
    let long = "X".repeat(101);
    let mut books = directory(vec![], vec![entry("1", "Lamp", "LAMP")]);
    assert_eq!(
        pick(&format!("sku:{long}"), "Lamp", &mut books),
        "create goods Lamp (500) \"\""
    );
}

#[test]
fn our_own_items_have_the_names_that_are_set_or_sensible_ones() {
    let mut books = directory(vec![], vec![entry("1", "shipping", "")]);
    let mut pick = |key| pick(key, "whatever", &mut books);
    assert_eq!(pick("shipping"), "match 1");
    assert_eq!(
        pick("fallback:deleted_product"),
        "create service Deleted product \"\""
    );
    assert_eq!(
        pick("gift_card_redeemed"),
        "create service Gift card redeemed \"\""
    );
    assert_eq!(pick("rounding"), "create service Rounding differences \"\"");
    assert_eq!(pick("rounding"), "match @item:rounding");
}
