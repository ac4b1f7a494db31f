//! Both ways: what people change of accounts and products on either side reaches the other one, field by field, and a field that both
//! changed waits for somebody's word.

use serde_json::{Value, json};
use udsync::store::MemoryWriter;

use crate::inprocess::{End, Ended, How, sync_customers, sync_customers_until};
use crate::packed::everything_in;
use crate::world::{BOOKS, Ran, World, company, shop, until};

pub const BOTH: &str = "[sync.direction]\ncustomers = \"both\"\nproducts = \"both\"\n";
pub const PRICE: &str = "[both.products]\nprice = { flow = \"both\" }\nsku = { flow = \"both\" }\nname = { flow = \"both\" }\n";

pub fn account(id: u64, first_name: &str, phone: &str) -> Value {
    let email = format!("{}@example.com", first_name.to_lowercase());
    json!({
        "id": id, "email": email, "first_name": first_name, "last_name": "Reed", "role": "customer",
        "username": format!("u{id}"), "is_paying_customer": true, "meta_data": [], "avatar_url": "",
        "date_created": "2026-01-02T03:04:05", "date_created_gmt": "2026-01-02T10:04:05",
        "date_modified": "2026-01-02T03:04:05", "date_modified_gmt": "2026-01-02T10:04:05",
        "billing": { "first_name": first_name, "last_name": "Reed", "company": "", "address_1": "1 Main St", "address_2": "",
            "city": "Calgary", "state": "AB", "postcode": "T2P 1J9", "country": "CA", "email": email, "phone": phone },
        "shipping": { "first_name": "", "last_name": "", "company": "", "address_1": "", "address_2": "", "city": "",
            "state": "", "postcode": "", "country": "", "phone": "" }
    })
}

pub fn product(id: u64, name: &str, sku: &str, price: &str) -> Value {
    json!({
        "id": id, "name": name, "sku": sku, "type": "simple", "status": "publish", "parent_id": 0,
        "price": price, "regular_price": price, "sale_price": "", "virtual": false, "downloadable": false, "purchasable": true,
        "description": "", "short_description": "", "manage_stock": false, "stock_quantity": null,
        "tax_status": "taxable", "categories": [], "attributes": [], "variations": [], "meta_data": [],
        "date_created_gmt": "2026-11-01T10:00:00", "date_modified_gmt": "2026-11-01T10:00:00"
    })
}

pub fn with(mut record: Value, at: &str, value: &str) -> Value {
    *record.pointer_mut(at).expect("a field") = json!(value);
    record
}

/// A shop that may be written to, and books in which all of it stands already.
pub fn world(accounts: &[Value], products: &[Value], settings: &str) -> World {
    let mut shop = shop(Vec::new());
    shop["keys"][0]["permissions"] = json!("read_write");
    shop["customers"] = json!(accounts);
    shop["products"] = json!(products);
    let world = World::new(shop, company(), &format!("{BOOKS}{BOTH}{PRICE}{settings}"));
    world.run("sync customers products --yes").ends_with(0);
    nothing_more(&world);
    world
}

pub fn sync(world: &World) -> Ran {
    world.run("sync customers products --yes --json")
}

/// A run after which everything is at rest writes nothing anywhere.
#[track_caller]
pub fn nothing_more(world: &World) {
    world.forget_requests();
    let ran = sync(world).ends_with(0);
    assert_eq!(changes(&ran), [] as [Value; 0]);
    assert_eq!(world.books("counts")["writes"], json!(0));
    assert_eq!(writes_to_shop(world), json!([]));
}

/// What a run has changed; a product that is sold by its variations is named in each, and is no change.
pub fn changes(ran: &Ran) -> Vec<Value> {
    let all = ran.json()["changes"].as_array().expect("a list").clone();
    let is_change = |change: &Value| change["action"] != json!("skip");
    all.into_iter().filter(is_change).collect()
}

/// Somebody gives a product another price in the shop, where it is not on sale.
pub fn price_in_shop(world: &World, id: u64, price: &str) {
    let path = format!("products/{id}");
    let now = in_shop(world, &path);
    let now = with(with(now, "/regular_price", price), "/price", price);
    world.put_store(&path, &now);
}

/// What was sent to the shop to change it, since the requests were forgotten.
pub fn writes_to_shop(world: &World) -> Value {
    let requests = world.store("requests");
    let list = requests.as_array().expect("a list").iter();
    // Whether the key may write is asked by a request that changes nothing.
    let changes = [json!("PUT"), json!("POST"), json!("DELETE")];
    let writes = list.filter(|request| changes.contains(&request["method"]));
    Value::Array(writes.cloned().collect())
}

/// `customers/7`, as it stands in the shop.
pub fn in_shop(world: &World, path: &str) -> Value {
    let (list, id) = path.split_once('/').expect("a list and an id");
    let id: u64 = id.parse().expect("a number");
    let shop = world.store("snapshot");
    let mut records = shop[list].as_array().expect("a list").iter();
    let record = records.find(|record| record["id"].as_u64() == Some(id));
    record.expect("it is there").clone()
}

pub fn card(world: &World, name: &str) -> Value {
    let list = world.books("objects/Customer");
    let mut cards = list.as_array().expect("a list").iter();
    let card = cards.find(|card| card["object"]["DisplayName"] == json!(name));
    card.expect("the customer")["object"].clone()
}

pub fn item(world: &World, sku: &str) -> Value {
    let list = world.books("objects/Item");
    let mut items = list.as_array().expect("a list").iter();
    let item = items.find(|item| item["object"]["Sku"] == json!(sku));
    item.expect("the item")["object"].clone()
}

pub fn phone_in_books(world: &World, name: &str) -> Value {
    card(world, name)["PrimaryPhone"]["FreeFormNumber"].clone()
}

pub fn phone_in_shop(world: &World, id: u64) -> Value {
    in_shop(world, &format!("customers/{id}"))["billing"]["phone"].clone()
}

pub fn edit(world: &World, entity: &str, id: &Value, set: Value) {
    world.tell_books("edit", json!({ "entity": entity, "id": id, "set": set }));
}

pub fn call_in_books(world: &World, name: &str, phone: &str) {
    let id = card(world, name)["Id"].clone();
    edit(
        world,
        "Customer",
        &id,
        json!({ "PrimaryPhone": { "FreeFormNumber": phone } }),
    );
}

pub fn call_in_shop(world: &World, id: u64, phone: &str) {
    let now = in_shop(world, &format!("customers/{id}"));
    world.put_store(
        &format!("customers/{id}"),
        &with(now, "/billing/phone", phone),
    );
}

fn conflicts(world: &World) -> Vec<Value> {
    let ran = world.run("conflicts --json").ends_with(0);
    ran.json()["items"].as_array().expect("a list").clone()
}

#[test]
fn what_is_changed_on_one_side_reaches_the_other_and_is_no_change_there() {
    let world = world(
        &[account(7, "Kim", "1"), account(8, "Ann", "2")],
        &[product(10, "Mug", "MUG", "12.50")],
        "",
    );
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 8, "778");
    edit(
        &world,
        "Item",
        &item(&world, "MUG")["Id"],
        json!({ "UnitPrice": 13.25 }),
    );
    let seen = world
        .run("dry-run customers products --json")
        .ends_with(0)
        .json();
    assert_eq!(seen["changes"].as_array().map(Vec::len), Some(3), "{seen}");
    assert_eq!(
        phone_in_shop(&world, 7),
        json!("1"),
        "a dry run writes nothing"
    );

    world.forget_requests();
    let ran = sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    assert_eq!(phone_in_books(&world, "Ann Reed"), json!("778"));
    let mug = in_shop(&world, "products/10");
    assert_eq!(mug["regular_price"], json!("13.25"));
    assert_eq!(writes_to_shop(&world).as_array().map(Vec::len), Some(2));
    let to_shop = |change: &&Value| change["target"] == json!("woocommerce");
    let changes = ran.json()["changes"].clone();
    assert_eq!(
        changes
            .as_array()
            .expect("a list")
            .iter()
            .filter(to_shop)
            .count(),
        2
    );
    nothing_more(&world);
    let history = world.run("history --json").ends_with(0).json();
    let run = history["runs"][1]["run_id"]
        .as_str()
        .expect("an id")
        .to_owned();
    let told = world.run(&format!("history {run}")).ends_with(0);
    assert!(told.out.contains("customer"), "{}", told.out);
}

#[test]
fn a_saved_plan_does_the_same_and_lapses_when_a_side_moves() {
    let world = world(&[account(7, "Kim", "1")], &[], "");
    call_in_books(&world, "Kim Reed", "604");
    world.run("dry-run customers --out plan.json").ends_with(0);
    call_in_shop(&world, 7, "999");
    world.run("apply plan.json --yes").ends_with(6);
    assert_eq!(phone_in_shop(&world, 7), json!("999"));
    call_in_shop(&world, 7, "1");
    world.run("apply plan.json --yes").ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    nothing_more(&world);
}

#[test]
fn a_field_that_both_changed_waits_and_every_other_one_goes_on() {
    let world = world(
        &[account(7, "Kim", "1")],
        &[product(10, "Mug", "MUG", "12.50")],
        "",
    );
    call_in_books(&world, "Kim Reed", "604");
    let now = in_shop(&world, "customers/7");
    let now = with(
        with(now, "/billing/phone", "778"),
        "/billing/company",
        "Reed Ltd",
    );
    world.put_store("customers/7", &now);
    let ran = sync(&world).ends_with(3);
    assert_eq!(ran.codes(), ["conflict_open"]);
    assert_eq!(ran.figure("conflicts"), 1);
    assert_eq!(card(&world, "Kim Reed")["CompanyName"], json!("Reed Ltd"));
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("604"));
    assert_eq!(phone_in_shop(&world, 7), json!("778"));

    let open = conflicts(&world);
    assert_eq!(open.len(), 1);
    let conflict = &open[0];
    assert_eq!(conflict["field"], json!("phone"));
    assert_eq!(conflict["base"], json!({ "shop": "1", "books": "1" }));
    assert_eq!(
        (&conflict["shop"]["value"], &conflict["books"]["value"]),
        (&json!("778"), &json!("604"))
    );
    assert!(conflict["books"]["changed_at"].is_string(), "{conflict}");
    let id = conflict["id"].as_str().expect("an id");
    let shown = world.run(&format!("conflicts show {id}")).ends_with(0);
    assert!(
        shown.out.contains("`778`") && shown.out.contains("`604`"),
        "{}",
        shown.out
    );
    sync(&world).ends_with(3);
    assert_eq!(conflicts(&world)[0]["id"], json!(id), "it keeps its id");
    // Whoever types it where the id of the record is wanted means that record.
    let waits = world.run("retry --list --json").problems();
    let fix = world.run(&format!("fix {id}")).ends_with(2);
    assert!(
        fix.err.contains(waits[0]["id"].as_str().expect("an id")),
        "{}",
        fix.err
    );

    world
        .run(&format!("conflicts resolve {id} --take books --field name"))
        .ends_with(2);
    let decided = world
        .run(&format!("conflicts resolve {id} --take books --always"))
        .ends_with(0);
    let line = "phone = { flow = \"both\", on_conflict = \"target_wins\" }";
    assert!(decided.out.contains(line), "{}", decided.out);
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    assert_eq!(conflicts(&world), Vec::<Value>::new());
    let lost = world.run(&format!("conflicts show {id}")).ends_with(0);
    assert!(
        lost.out.contains("`778`") && lost.out.contains("a person"),
        "{}",
        lost.out
    );
    let late = world
        .run(&format!("conflicts resolve {id} --take shop --json"))
        .ends_with(1);
    assert_eq!(late.json()["code"], json!("conflict_settled"));
    nothing_more(&world);
}

#[test]
fn a_decision_takes_the_base_or_a_value_of_ones_own_and_lapses_when_a_side_moves() {
    let world = world(&[account(7, "Kim", "1"), account(8, "Ann", "2")], &[], "");
    let both = |name: &str, id: u64| {
        call_in_books(&world, name, "604");
        call_in_shop(&world, id, "778");
        sync(&world).ends_with(3);
        conflicts(&world)[0]["id"]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let id = both("Kim Reed", 7);
    world
        .run(&format!("conflicts resolve {id} --take base"))
        .ends_with(0);
    sync(&world).ends_with(0);
    assert_eq!(
        (phone_in_shop(&world, 7), phone_in_books(&world, "Kim Reed")),
        (json!("1"), json!("1"))
    );
    let id = both("Ann Reed", 8);
    world
        .run(&format!("conflicts resolve {id} --take 555"))
        .ends_with(0);
    call_in_shop(&world, 8, "779");
    sync(&world).ends_with(3);
    assert_eq!(
        phone_in_shop(&world, 8),
        json!("779"),
        "it was decided about another value"
    );
    world
        .run(&format!("conflicts resolve {id} --take 555"))
        .ends_with(0);
    sync(&world).ends_with(0);
    assert_eq!(
        (phone_in_shop(&world, 8), phone_in_books(&world, "Ann Reed")),
        (json!("555"), json!("555"))
    );
    nothing_more(&world);
    let unknown = world
        .run("conflicts resolve ZZZZ --take shop --json")
        .ends_with(1);
    assert_eq!(unknown.json()["code"], json!("conflict_unknown"));
}

#[test]
fn a_rule_decides_and_the_one_who_lost_can_be_read() {
    let rule = "[both.customers]\nphone = { flow = \"both\", on_conflict = \"source_wins\" }\n";
    let world = world(&[account(7, "Kim", "1")], &[], rule);
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 7, "778");
    sync(&world).ends_with(0);
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("778"));
    let past = world
        .run("conflicts list --settled --json")
        .ends_with(0)
        .json();
    let past = past["items"].as_array().expect("a list").clone();
    assert_eq!(past.len(), 1);
    assert_eq!(past[0]["books"]["value"], json!("604"));
    assert_eq!(past[0]["settled_by"], json!("source_wins"));
    nothing_more(&world);

    // The next loser of the same field does not hide this one.
    call_in_books(&world, "Kim Reed", "605");
    call_in_shop(&world, 7, "779");
    sync(&world).ends_with(0);
    let told = world.run("explain customer/7").ends_with(0).out;
    for loser in ["`604`", "`605`"] {
        assert!(told.contains(loser), "{told}");
    }
    let by_id = past[0]["id"].as_str().expect("an id");
    let told = world
        .run(&format!("explain {by_id} --json"))
        .ends_with(0)
        .json();
    assert_eq!(told["answers"].as_array().map(Vec::len), Some(2), "{told}");
    assert_eq!(told["answers"][0]["state"], json!("settled"));
    world.run("explain customer/8").ends_with(1);
}

#[test]
fn a_value_that_the_shop_cannot_hold_is_held_and_every_other_one_goes_on() {
    let products = [
        product(10, "Mug", "MUG", "12.50"),
        product(11, "Cup", "CUP", "8.00"),
    ];
    let world = world(&[account(7, "Kim", "1")], &products, "");
    let mug = item(&world, "MUG")["Id"].clone();
    edit(
        &world,
        "Item",
        &mug,
        json!({ "UnitPrice": 12.371428, "Name": "Mug blue" }),
    );
    let ran = sync(&world).ends_with(3);
    assert_eq!(ran.codes(), ["price_not_invertible"]);
    let now = in_shop(&world, "products/10");
    assert_eq!(
        (&now["name"], &now["regular_price"]),
        (&json!("Mug blue"), &json!("12.50"))
    );
    edit(&world, "Item", &mug, json!({ "UnitPrice": 12.5 }));
    sync(&world).ends_with(0);

    edit(&world, "Item", &mug, json!({ "Sku": "cup" }));
    assert_eq!(sync(&world).ends_with(3).codes(), ["sku_taken"]);
    edit(&world, "Item", &mug, json!({ "Sku": "MUG" }));
    sync(&world).ends_with(0);

    let kim = card(&world, "Kim Reed")["Id"].clone();
    let abroad =
        json!({ "Line1": "2 Way", "City": "Oslo", "PostalCode": "0150", "Country": "Norway" });
    edit(&world, "Customer", &kim, json!({ "BillAddr": abroad }));
    assert_eq!(sync(&world).ends_with(3).codes(), ["not_spelled"]);
    edit(
        &world,
        "Customer",
        &kim,
        json!({ "BillAddr": { "Line1": "2 Way", "City": "Oslo", "PostalCode": "0150", "Country": "NO" } }),
    );
    sync(&world).ends_with(0);
    assert_eq!(
        in_shop(&world, "customers/7")["billing"]["country"],
        json!("NO")
    );
    nothing_more(&world);
}

#[test]
fn what_may_not_flow_is_told_and_told_again() {
    let rule = "[both.customers]\nphone = \"to_books\"\n";
    let world = world(&[account(7, "Kim", "1")], &[], rule);
    call_in_books(&world, "Kim Reed", "604");
    for _ in 0..2 {
        let ran = world.run("sync customers --yes --json -v").ends_with(0);
        assert!(ran.out.contains("drift"), "{}", ran.out);
    }
    assert_eq!(phone_in_shop(&world, 7), json!("1"));
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("604"));
}

#[test]
fn nothing_is_deleted_on_the_other_side() {
    let accounts = [
        account(7, "Kim", "1"),
        account(8, "Ann", "2"),
        account(9, "Joe", "3"),
    ];
    let world = world(&accounts, &[], "");
    world.delete_store("customers/8");
    nothing_more(&world);
    call_in_books(&world, "Ann Reed", "604");
    let ran = sync(&world).ends_with(3);
    assert_eq!(ran.codes(), ["gone_and_changed"]);
    assert_eq!(card(&world, "Ann Reed")["Active"], json!(true));
}

/// Another address, or half a database: what is missing says something of the shop, and nothing of the accounts.
#[test]
fn a_shop_that_suddenly_lacks_many_accounts_stops_the_run() {
    let people = ["Kim", "Ann", "Joe", "Sue", "Bob", "Eva", "Max"];
    let accounts: Vec<Value> = (7..)
        .zip(people)
        .map(|(id, name)| account(id, name, "1"))
        .collect();
    let world = world(&accounts, &[], "");
    call_in_books(&world, "Kim Reed", "604");
    for id in 8..13 {
        world.delete_store(&format!("customers/{id}"));
    }
    let ran = sync(&world).ends_with(7);
    assert_eq!(ran.json()["code"], json!("list_shrunken"), "{}", ran.out);
    assert!(ran.out.contains("5 of the 7"), "{}", ran.out);
    assert_eq!(phone_in_shop(&world, 7), json!("1"), "nothing was written");
    world
        .run("sync customers --yes --json --allow-shrunken")
        .ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    assert_eq!(card(&world, "Ann Reed")["Active"], json!(true));
    nothing_more(&world);
}

fn many() -> World {
    let people = ["Kim", "Ann", "Joe", "Sue", "Bob", "Eva", "Max"];
    let accounts: Vec<Value> = (7..)
        .zip(people)
        .map(|(id, name)| account(id, name, "1"))
        .collect();
    world(&accounts, &[], "")
}

/// Somebody has cleared the list of customers, or it is another company.
#[test]
fn books_that_suddenly_lack_many_customers_stop_the_run() {
    let world = many();
    call_in_books(&world, "Kim Reed", "604");
    let cards: Vec<(String, Value)> = ["Ann", "Joe", "Sue", "Bob", "Eva"]
        .map(|name| {
            (
                name.to_owned(),
                card(&world, &format!("{name} Reed"))["Id"].clone(),
            )
        })
        .into();
    for (_, id) in &cards {
        edit(&world, "Customer", id, json!({ "Active": false }));
    }
    let ran = sync(&world).ends_with(7);
    assert_eq!(ran.json()["code"], json!("list_shrunken"), "{}", ran.out);
    assert!(
        ran.out.contains("5 of the 7") && ran.out.contains("from QuickBooks"),
        "{}",
        ran.out
    );
    assert_eq!(writes_to_shop(&world), json!([]), "nothing was written");
    assert_eq!(phone_in_shop(&world, 7), json!("1"));
    for (_, id) in &cards {
        edit(&world, "Customer", id, json!({ "Active": true }));
    }
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    nothing_more(&world);
}

/// What a bookkeeper took out of the books is asked about once, and not again with every run.
#[test]
fn books_that_really_lack_many_customers_stop_one_run_and_no_other() {
    let world = many();
    let cards = ["Ann", "Joe", "Sue", "Bob", "Eva"];
    for name in cards {
        let id = card(&world, &format!("{name} Reed"))["Id"].clone();
        edit(&world, "Customer", &id, json!({ "Active": false }));
    }
    call_in_books(&world, "Kim Reed", "604");
    sync(&world).ends_with(7);
    let allowed = world.run("sync customers --yes --allow-shrunken --json");
    assert_ne!(allowed.code, 7, "{}", allowed.out);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    call_in_books(&world, "Kim Reed", "605");
    let next = sync(&world);
    assert_ne!(next.code, 7, "{}", next.out);
    assert_eq!(phone_in_shop(&world, 7), json!("605"));
    // Asked for by number, a deleted account says nothing of the others.
    let one = world.run("sync customers --id 999 --yes --json");
    assert!(!one.out.contains("list_shrunken"), "{}", one.out);
}

/// An import that went wrong: all of it would go over to the other side.
#[test]
fn a_list_of_which_much_was_changed_at_once_stops_the_run_on_either_side() {
    let world = many();
    let people = ["Kim", "Ann", "Joe", "Sue", "Bob", "Eva", "Max"];
    let stopped = |said: &str| {
        world.forget_requests();
        let ran = sync(&world).ends_with(7);
        assert_eq!(ran.json()["code"], json!("list_rewritten"), "{}", ran.out);
        assert!(ran.out.contains(said), "{}", ran.out);
        assert_eq!(writes_to_shop(&world), json!([]), "nothing was written");
        assert_eq!(world.books("counts")["writes"], json!(0));
        world
            .run("sync customers --yes --allow-shrunken")
            .ends_with(0);
        nothing_more(&world);
    };
    for name in &people[..5] {
        call_in_books(&world, &format!("{name} Reed"), "604");
    }
    stopped("5 of the 7 customers that the shop and QuickBooks share were changed in QuickBooks");
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    for id in 7..12 {
        call_in_shop(&world, id, "778");
    }
    stopped("5 of the 7 customers that the shop and QuickBooks share were changed in the shop");
    assert_eq!(phone_in_books(&world, "Kim Reed"), json!("778"));
    // As many as somebody may well have gone through go over without a question.
    for name in &people[..4] {
        call_in_books(&world, &format!("{name} Reed"), "605");
    }
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("605"));
    nothing_more(&world);
}

/// Two customers become one in the books. What the one that is left says is no change of the shop's account, and what somebody changes
/// of it afterwards is one.
#[test]
fn a_customer_that_was_merged_into_another_one_takes_nothing_from_the_account() {
    let world = world(&[account(7, "Kim", "1")], &[], "");
    let victim = card(&world, "Kim Reed")["Id"].clone();
    let made = world.tell_books(
        "create",
        json!({ "entity": "Customer", "body": { "DisplayName": "Kimberley Reed",
            "PrimaryPhone": { "FreeFormNumber": "555" }, "PrimaryEmailAddr": { "Address": "kim@example.com" } } }),
    );
    let survivor = made["Id"].clone();
    world.tell_books(
        "merge",
        json!({ "entity": "Customer", "id": survivor, "victim": victim }),
    );
    let store = udsync::store::Store::open(&world.state()).expect("the state");
    let text = |id: &Value| id.as_str().expect("an id").to_owned();
    let moved = store.repoint_links("quickbooks", "Customer", &text(&victim), &text(&survivor));
    assert!(moved.expect("answers") > 0);
    drop(store);
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("1"));
    assert_eq!(phone_in_books(&world, "Kimberley Reed"), json!("555"));
    nothing_more(&world);
    call_in_books(&world, "Kimberley Reed", "604");
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    nothing_more(&world);
}

#[test]
fn two_accounts_of_one_customer_go_one_way_only() {
    let twin = with(
        with(account(8, "Kim", "2"), "/email", "other@example.com"),
        "/billing/email",
        "kim@example.com",
    );
    let world = world(&[account(7, "Kim", "1"), twin], &[], "");
    call_in_books(&world, "Kim Reed", "604");
    let ran = world.run("sync customers --yes --json -v").ends_with(0);
    assert!(ran.out.contains("customer_shared"), "{}", ran.out);
    assert_eq!(
        (phone_in_shop(&world, 7), phone_in_shop(&world, 8)),
        (json!("1"), json!("2"))
    );
}

/// What the file keeps of people is dropped when it is old; that something was written is not.
#[test]
fn the_same_change_of_an_account_is_written_again_after_the_first_one_was_forgotten() {
    let soon = "[privacy]\nkeep_bodies = \"1s\"\n";
    let world = world(&[account(7, "Kim", "1")], &[], soon);
    for phone in ["604", "1"] {
        call_in_books(&world, "Kim Reed", phone);
        sync(&world).ends_with(0);
        assert_eq!(phone_in_shop(&world, 7), json!(phone));
    }
    std::thread::sleep(std::time::Duration::from_millis(1_200));
    nothing_more(&world);
    let state = rusqlite::Connection::open(world.state()).expect("the state");
    let kept = "SELECT count(*) FROM shop_writes WHERE step <> ''";
    let kept: i64 = state
        .query_row(kept, [], |row| row.get(0))
        .expect("a count");
    assert_eq!(kept, 0, "it is old");
    call_in_books(&world, "Kim Reed", "604");
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    nothing_more(&world);
}

#[test]
fn two_programs_that_fight_over_a_field_are_stopped() {
    let world = world(&[account(7, "Kim", "1")], &[], "");
    let mut stopped = false;
    for turn in 0..6 {
        call_in_shop(&world, 7, if turn % 2 == 0 { "2" } else { "1" });
        let ran = sync(&world);
        stopped |= ran.codes() == ["ping_pong"];
    }
    assert!(stopped, "it goes on for ever");
}

/// Another program puts back at once what was written, and says nothing: it is tried some times, and then left alone in words.
#[test]
fn a_value_that_never_stays_in_the_shop_is_not_written_for_ever() {
    let world = world(&[account(7, "Kim", "1"), account(8, "Ann", "2")], &[], "");
    call_in_books(&world, "Kim Reed", "604");
    world.tell_store(
        "mishaps",
        json!({ "what": "put_back", "method": "PUT", "path": "customers/7", "times": null }),
    );
    for _ in 0..3 {
        sync(&world);
    }
    world.forget_requests();
    call_in_books(&world, "Ann Reed", "778");
    let ran = sync(&world).ends_with(3);
    assert_eq!(ran.codes(), ["never_kept"]);
    assert!(ran.out.contains("`phone` of customer 7"), "{}", ran.out);
    assert_eq!(
        writes_to_shop(&world).as_array().map(Vec::len),
        Some(1),
        "the other account alone"
    );
    assert_eq!(phone_in_shop(&world, 8), json!("778"));
    // Another value may stay.
    world.clear_mishaps();
    call_in_books(&world, "Kim Reed", "605");
    sync(&world).ends_with(0);
    assert_eq!(phone_in_shop(&world, 7), json!("605"));
    nothing_more(&world);
}

/// What an account was changed to has no address in it, and is hers all the same.
#[test]
fn whoever_is_forgotten_is_forgotten_in_what_was_written_to_the_shop() {
    let world = world(&[account(7, "Kim", "1"), account(8, "Ann", "2")], &[], "");
    call_in_books(&world, "Kim Reed", "604 555 0142");
    call_in_books(&world, "Ann Reed", "604 555 0199");
    sync(&world).ends_with(0);
    let says = |word: &str| {
        let bytes = everything_in(&std::fs::read(world.state()).expect("the state"));
        let bytes = String::from_utf8_lossy(&bytes).into_owned();
        bytes.matches(word).count()
    };
    assert!(says("604 555 0142") > 0, "there is something to forget");
    let forget = "privacy forget kim@example.com --json";
    let would = world
        .run(&format!("{forget} --dry-run"))
        .ends_with(0)
        .json();
    assert_eq!(would["found"], json!(true));
    let did = world.run(&format!("{forget} --yes")).ends_with(0).json();
    assert_eq!(did["state"], would["state"]);
    assert!(did["state"]["shop_writes"].as_u64() > Some(0), "{did}");
    let (hers, other) = (says("604 555 0142"), says("604 555 0199"));
    assert_eq!(hers, 0, "it is still there");
    assert!(other > 0, "nobody else is forgotten");
    nothing_more(&world);
}

#[test]
fn by_default_nothing_goes_back_to_the_shop() {
    let mut shop = shop(Vec::new());
    shop["keys"][0]["permissions"] = json!("read_write");
    shop["customers"] = json!([account(7, "Kim", "1")]);
    let world = World::new(shop, company(), BOOKS);
    sync(&world).ends_with(0);
    call_in_books(&world, "Kim Reed", "604");
    nothing_more(&world);
    assert_eq!(phone_in_shop(&world, 7), json!("1"));
}

/// A state file as it lies on the disk, to begin from it again.
pub struct Beginning {
    shop: Value,
    company: Value,
    state: Vec<u8>,
}

impl Beginning {
    pub fn of(world: &World) -> Beginning {
        let store = udsync::store::Store::open(&world.state()).expect("the state");
        drop(store);
        Beginning {
            shop: world.store("snapshot"),
            company: world.books("snapshot"),
            state: std::fs::read(world.state()).expect("the state"),
        }
    }

    pub fn again(&self, world: &World) {
        world.put_store("snapshot", &self.shop);
        world.put_books("snapshot", &self.company);
        world.clear_mishaps();
        for ending in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(format!("{}{ending}", world.state().display()));
        }
        std::fs::write(world.state(), &self.state).expect("written");
    }
}

/// A run in this process, which has to come to a good end. The files of this folder are its mappings, so that it is not mixed with runs
/// of the binary: under another mapping nothing was agreed.
#[track_caller]
fn sync_here(world: &World) {
    let report = sync_customers(world).report();
    assert!(report.end.is_none(), "{:?}", report.end);
    assert!(report.problems.is_empty(), "{:?}", report.problems);
}

/// As [`nothing_more`], in this process.
#[track_caller]
fn nothing_more_here(world: &World) {
    world.forget_requests();
    sync_here(world);
    assert_eq!(world.books("counts")["writes"], json!(0));
    assert_eq!(writes_to_shop(world), json!([]));
}

/// Two people of whom both sides said the same, until each side was told a new telephone of one: the world, that beginning to come back
/// to, and how many effects a whole run from there has.
fn changed_on_either_side() -> (World, Beginning, u64) {
    let world = world(&[account(7, "Kim", "1"), account(8, "Ann", "2")], &[], "");
    sync_here(&world);
    call_in_books(&world, "Kim Reed", "604");
    call_in_shop(&world, 8, "778");
    let beginning = Beginning::of(&world);
    let whole = End::never();
    sync_customers_until(&world, &whole).report();
    assert_eq!(phone_in_shop(&world, 7), json!("604"));
    (world, beginning, whole.seen())
}

#[test]
fn a_run_that_is_ended_anywhere_writes_each_field_once_and_agrees_on_it() {
    let (world, beginning, effects) = changed_on_either_side();
    assert!(effects > 5, "only {effects} effects");
    for at in 1..=effects {
        beginning.again(&world);
        let cut = sync_customers_until(&world, &End::at(at, How::Killed));
        assert!(matches!(cut, Ended::Killed), "effect {at} was not reached");
        sync_here(&world);
        assert_eq!(phone_in_shop(&world, 7), json!("604"), "cut at {at}");
        let ann = phone_in_books(&world, "Ann Reed");
        assert_eq!(ann, json!("778"), "cut at {at}");
        let token = card(&world, "Ann Reed")["SyncToken"].clone();
        assert_eq!(token, json!("1"), "cut at {at}: written once");
        nothing_more_here(&world);
    }
}

/// A run dies, and people go on where they were before the next one: what it wrote is not taken for a change of the other side, which
/// would make a conflict of it, or have the older value win.
#[test]
fn what_a_run_wrote_before_it_died_is_nobodys_change() {
    let (world, beginning, effects) = changed_on_either_side();
    for at in 1..=effects {
        beginning.again(&world);
        let cut = sync_customers_until(&world, &End::at(at, How::Killed));
        assert!(matches!(cut, Ended::Killed), "effect {at} was not reached");
        call_in_books(&world, "Kim Reed", "605");
        call_in_shop(&world, 8, "779");
        sync_here(&world);
        let kim = (phone_in_shop(&world, 7), phone_in_books(&world, "Kim Reed"));
        assert_eq!(kim, (json!("605"), json!("605")), "cut at {at}");
        let ann = (phone_in_shop(&world, 8), phone_in_books(&world, "Ann Reed"));
        assert_eq!(ann, (json!("779"), json!("779")), "cut at {at}");
        nothing_more_here(&world);
    }
}

/// After each single write, and before the shop has done it: the process is gone, and the next run finds out.
#[test]
fn a_process_that_dies_at_any_write_to_the_shop_leaves_each_written_once() {
    const PEOPLE: [&str; 3] = ["Kim", "Ann", "Joe"];
    let accounts: Vec<Value> = (7..)
        .zip(PEOPLE)
        .map(|(id, name)| account(id, name, "1"))
        .collect();
    for at in 0..PEOPLE.len() {
        for is_done in [false, true] {
            let world = world(&accounts, &[], "");
            for name in PEOPLE {
                call_in_books(&world, &format!("{name} Reed"), "604");
            }
            let written = |world: &World| {
                let all = world.store("writes");
                all.as_array().expect("a list").len()
            };
            // The one that is under way is held up: before the shop did it, or the next one, so that this is the last that was done.
            let held_up = if is_done { at + 1 } else { at };
            let rule = json!({ "what": "delay", "ms": 60_000, "method": "PUT", "path": "customers/", "skip": held_up, "times": 1 });
            world.tell_store("mishaps", rule);
            let mut child = world
                .command("sync customers --yes")
                .stdout(std::process::Stdio::null())
                .stderr(std::process::Stdio::null())
                .spawn()
                .expect("it starts");
            let sent = || {
                let Ok(state) = rusqlite::Connection::open(world.state()) else {
                    return 0_usize;
                };
                let sent = "SELECT count(*) FROM shop_writes WHERE sent_at IS NOT NULL";
                let sent: i64 = state.query_row(sent, [], |row| row.get(0)).unwrap_or(0);
                usize::try_from(sent).unwrap_or(0)
            };
            until("it is under way", || {
                let is_last = held_up == PEOPLE.len();
                written(&world) == held_up && (is_last || sent() > held_up)
            });
            child.kill().expect("killed");
            child.wait().expect("gone");
            world.clear_mishaps();
            sync(&world).ends_with(0);
            for id in (7..).take(PEOPLE.len()) {
                assert_eq!(phone_in_shop(&world, id), json!("604"), "{at} {is_done}");
            }
            assert_eq!(written(&world), PEOPLE.len(), "{at} {is_done}: once each");
            nothing_more(&world);
        }
    }
}

/// What was changed in one world is where the next one begins.
#[test]
fn random_worlds_come_to_rest_in_two_runs() {
    const WORLDS: u32 = 52;
    let rule = "[both.customers]\nphone = { flow = \"both\", on_conflict = \"source_wins\" }\ncompany = { flow = \"both\", on_conflict = \"target_wins\" }\n";
    let people = ["Kim", "Ann", "Joe", "Sue"];
    let accounts: Vec<Value> = (7..)
        .zip(people)
        .map(|(id, name)| account(id, name, "1"))
        .collect();
    let world = world(&accounts, &[], rule);
    sync_here(&world);
    let cards = people.map(|name| card(&world, &format!("{name} Reed"))["Id"].clone());
    let mut seed: u64 = 20_261_129;
    let mut chance = move |below: u64| {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    let mut seen = 0;
    for round in 0..WORLDS {
        let in_the_shop = world.store("snapshot")["customers"].clone();
        for (at, card) in cards.iter().enumerate() {
            if chance(2) == 0 {
                let now = in_the_shop[at].clone();
                let phone = chance(1_000).to_string();
                let path = format!("customers/{}", now["id"]);
                world.put_store(&path, &with(now, "/billing/phone", &phone));
            }
            if chance(2) == 0 {
                let phone = chance(1_000).to_string();
                let set = json!({ "PrimaryPhone": { "FreeFormNumber": phone } });
                edit(&world, "Customer", card, set);
            }
            if chance(3) == 0 {
                let company = format!("Company {}", chance(50));
                edit(&world, "Customer", card, json!({ "CompanyName": company }));
            }
        }
        if chance(3) == 0 {
            world.tell_books(
                "mishaps",
                json!({ "what": "lose_answer", "method": "POST", "path": "/batch", "times": 1 }),
            );
        }
        if chance(3) == 0 {
            world.tell_store(
                "mishaps",
                json!({ "what": "lose_answer", "method": "PUT", "path": "customers", "times": 1 }),
            );
        }
        let _ = sync_customers(&world);
        world.clear_mishaps();
        sync_here(&world);
        let in_the_shop = world.store("snapshot")["customers"].clone();
        let in_the_books = world.books("objects/Customer");
        for (at, id) in cards.iter().enumerate() {
            let billing = &in_the_shop[at]["billing"];
            let mut all = in_the_books.as_array().expect("a list").iter();
            let card = all.find(|card| card["object"]["Id"] == *id);
            let card = &card.expect("the customer")["object"];
            assert_eq!(
                card["PrimaryPhone"]["FreeFormNumber"], billing["phone"],
                "round {round}, {card}"
            );
            let company = card["CompanyName"].as_str().unwrap_or_default();
            assert_eq!(json!(company), billing["company"], "round {round}, {card}");
        }
        let writes = world.store("writes");
        let writes = writes.as_array().expect("a list");
        for write in &writes[seen..] {
            let body = write["body"].as_object().expect("fields");
            let known = |field: &String| ["billing", "shipping"].contains(&field.as_str());
            assert!(body.keys().all(known), "round {round}: {write}");
        }
        seen = writes.len();
        assert_eq!(world.store("mails"), json!([]), "round {round}");
        nothing_more_here(&world);
    }
    assert!(seen > WORLDS as usize, "only {seen} changes of the shop");
}

/// The sandbox of a process of its own, ended with the test.
struct SandboxProcess(std::process::Child);

impl Drop for SandboxProcess {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What the manual says word for word, on ports of its own.
#[test]
fn both_ways_can_be_tried_in_the_sandbox_by_the_words_of_the_manual() {
    let page = std::fs::read_to_string("man/udsync-setup.7.md").expect("the page");
    let (_, said) = page
        .split_once("udsync sandbox --into both --port 47310")
        .expect("it is told there");
    let (_, said) = said.split_once("another terminal\n").expect("its steps");
    let (steps, _) = said.split_once("```").expect("the end of the block");

    // Three ports in a row that are free at this moment.
    let is_free = |port: u16| std::net::TcpListener::bind(("127.0.0.1", port)).is_ok();
    let start = 20_000 + u16::try_from(std::process::id() % 20_000).expect("a small number");
    let port = (start..60_000)
        .step_by(3)
        .find(|port| (*port..port + 3).all(is_free))
        .expect("three free ports");
    let home = crate::world::home();
    let mut sandbox = crate::world::bare_command(home.path());
    sandbox
        .args(["sandbox", "--into", "both", "--port", &port.to_string()])
        .stderr(std::process::Stdio::null());
    let _sandbox = SandboxProcess(sandbox.spawn().expect("it starts"));
    let folder = home.path().join("both");
    until("the sandbox stands", || {
        folder.join("sandbox.env").is_file()
    });

    let steps = steps
        .replace("47311", &(port + 1).to_string())
        .replace("47310", &port.to_string());
    let binary = assert_cmd::cargo::cargo_bin!("udsync");
    let beside = binary.parent().expect("a folder").to_owned();
    let usual = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([beside].into_iter().chain(std::env::split_paths(&usual)));
    let shell = std::process::Command::new("sh")
        .args(["-e", "-c", &format!(". ./sandbox.env\n{steps}")])
        .current_dir(&folder)
        .env("HOME", home.path())
        .env("PATH", path.expect("a path"))
        .output()
        .expect("a shell");
    let told = String::from_utf8_lossy(&shell.stdout).into_owned();
    let error = String::from_utf8_lossy(&shell.stderr);
    assert!(shell.status.success(), "{told}{error}");
    assert!(told.contains("\"phone\":\"780-555-0199\""), "{told}");
    let paid = "Paid in QuickBooks: 147.01 CAD on 2026-11-20, reference 4711";
    assert!(told.contains(paid), "{told}");
}
