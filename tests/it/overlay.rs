//! Overlays: what a shop's own mapping puts on its documents, what follows an edit of it, and that it never moves a cent.

use serde_json::{Value, json};

use crate::order::{order, orders, refund, unmapped, with};
use crate::world::{BOOKS, Ran, World, company, shop};

/// Puts a mapping of orders into the shop's folder; the head of the file is always the same.
pub fn own_mapping(world: &World, fields: &str) {
    let head = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n";
    own_file(world, &format!("{head}{fields}"));
}

pub fn own_file(world: &World, text: &str) {
    let folder = world.home.path().join("mappings/woocommerce-quickbooks");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("orders.toml"), text).expect("a mapping");
}

/// The mapping that the program ships, as a shop would copy it.
pub const SHIPPED: &str = include_str!("../../mappings/woocommerce-quickbooks/orders.toml");

/// The usual company, with classes on the whole document, locations and three fields of its own.
fn labelled(classes: &str) -> Value {
    let mut company = company();
    company["company"]["classes"] = json!(classes);
    company["company"]["track_departments"] = json!(true);
    company["company"]["custom_fields"] = json!(["PO number", "VAT ID", "Delivery"]);
    company["classes"] = json!(["Retail", "Retail:Web", "Wholesale"]);
    company["departments"] = json!(["Main Street", "Harbour"]);
    company
}

fn meta(pairs: &[(&str, &str)]) -> Value {
    pairs
        .iter()
        .zip(1..)
        .map(|((key, value), id)| json!({ "id": id, "key": key, "value": value }))
        .collect()
}

/// An order with everything that the mapping below looks for.
fn rich(id: u64) -> Value {
    let meta = meta(&[
        ("_department", " Web "),
        ("_branch", "Harbour"),
        ("_po", &format!("PO-{id}")),
        ("_vat", "de 123 456"),
        ("_delivery", "2026-11-09"),
    ]);
    with(order(id), json!({ "meta_data": meta }))
}

const RICH: &str = r#"
[fields]
number = { text = "ON/{{ id }}" }
note = { text = "From the web shop, order {{ number }}" }
memo = { text = "Thank you for your order {{ number }}." }
class = "meta_data[key=_department].value | trim"
location = "meta_data[key=_branch].value"
[fields.custom]
"PO number" = "meta_data[key=_po].value"
"VAT ID" = 'meta_data[key=_vat].value | upper | replace(" ", "")'
"Delivery" = "meta_data[key=_delivery].value"
[fields.bill_to]
country = "billing.country | country_name"
[fields.ship_to]
line_2 = { value = "Ring twice" }
"#;

fn objects(world: &World) -> Vec<Value> {
    let documents = world.documents();
    documents
        .iter()
        .map(|document| document["object"].clone())
        .collect()
}

/// `PO number=PO-1` of every field that says something.
fn custom(object: &Value) -> Vec<String> {
    let fields = object["CustomField"].as_array().expect("a list");
    fields
        .iter()
        .filter_map(|field| {
            Some(format!(
                "{}={}",
                field["Name"].as_str()?,
                field["StringValue"].as_str()?
            ))
        })
        .collect()
}

fn writes(world: &World) -> u64 {
    world.books("counts")["writes"].as_u64().expect("a figure")
}

/// Codes of what is held, each with the number of its order.
fn held(ran: &Ran) -> Vec<String> {
    let problems = ran.json()["problems"].clone();
    let problems = problems.as_array().expect("a list");
    problems
        .iter()
        .map(|problem| {
            let number = problem["source"]["number"].as_str().expect("a number");
            format!("{} {number}", problem["code"].as_str().expect("a code"))
        })
        .collect()
}

fn hint(ran: &Ran) -> String {
    let text = |field: &str| {
        ran.json()["problems"][0][field]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    format!("{}\n{}", text("message"), text("hint"))
}

#[test]
fn a_mapping_puts_its_words_on_a_sale_and_on_what_is_given_back() {
    let world = World::new(shop(vec![]), labelled("per_txn"), BOOKS);
    own_mapping(&world, RICH);
    world.put_order(&rich(1042), &json!([refund(1050, 1042)]), false);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt ON/1042 21.00 active",
            "RefundReceipt ON/1042-R1050 21.00 active",
        ]
    );
    for object in objects(&world) {
        assert_eq!(object["ClassRef"]["name"], json!("Web"));
        assert_eq!(object["DepartmentRef"]["name"], json!("Harbour"));
        assert_eq!(
            object["CustomerMemo"]["value"],
            json!("Thank you for your order 1042.")
        );
        assert_eq!(
            custom(&object),
            [
                "PO number=PO-1042",
                "VAT ID=DE123456",
                "Delivery=2026-11-09"
            ]
        );
        assert_eq!(object["BillAddr"]["Country"], json!("Canada"));
        assert_eq!(object["BillAddr"]["City"], json!("Calgary"));
        assert_eq!(object["ShipAddr"]["Line2"], json!("Ring twice"));
        assert_eq!(object["ShipAddr"]["Country"], json!("CA"));
    }
    let notes: Vec<Value> = objects(&world)
        .iter()
        .map(|object| object["PrivateNote"].clone())
        .collect();
    assert_eq!(
        notes,
        [
            "From the web shop, order 1042\n[udsync v=2 store=test origin=order:1042 role=sale rev=1]",
            "From the web shop, order 1042, refund 1050\n[udsync v=2 store=test origin=order:1042 role=refund:1050 rev=1]",
        ]
    );
    for line in ["sync orders --yes", "sync orders --yes --full"] {
        world.forget_requests();
        world.run(line).ends_with(0);
        assert_eq!(writes(&world), 0, "`{line}`");
    }
}

#[test]
fn a_company_with_classes_on_lines_has_them_on_every_line() {
    let world = World::new(shop(vec![rich(1)]), labelled("per_txn_line"), BOOKS);
    own_mapping(&world, RICH);
    world.run("sync orders --yes").ends_with(0);
    let receipt = &objects(&world)[0];
    assert_eq!(
        receipt["Line"][0]["SalesItemLineDetail"]["ClassRef"]["name"],
        json!("Web")
    );
    assert!(receipt.get("ClassRef").is_none());
    // Lines are sent whole, so a class that the mapping gives no more goes with them.
    own_mapping(&world, &RICH.replace("class =", "# class ="));
    world.run("sync orders --yes --full").ends_with(0);
    let receipt = &objects(&world)[0];
    let detail = &receipt["Line"][0]["SalesItemLineDetail"];
    assert!(detail.get("ClassRef").is_none(), "{detail}");
}

#[test]
fn an_edit_of_the_mapping_updates_exactly_what_comes_out_differently() {
    let mut all = orders(1..=3);
    all.push(with(
        order(4),
        json!({ "meta_data": meta(&[("_branch", "Harbour")]) }),
    ));
    let world = World::new(shop(all), labelled("per_txn"), BOOKS);
    let mapping = |memo: &str| {
        format!(
            "[fields]\nlocation = \"meta_data[key=_branch].value\"\nmemo = {{ compute = '{memo}', when = 'id != 2' }}\n"
        )
    };
    own_mapping(&world, &mapping("\"Thank you.\""));
    world.run("sync orders --yes").ends_with(0);
    let memos = |world: &World| -> Vec<String> {
        let documents = objects(world);
        let memo = |object: &Value| {
            object["CustomerMemo"]["value"]
                .as_str()
                .unwrap_or("-")
                .to_owned()
        };
        documents.iter().map(memo).collect()
    };
    assert_eq!(
        memos(&world),
        ["Thank you.", "-", "Thank you.", "Thank you."]
    );

    own_mapping(
        &world,
        &mapping(r#"id == 3 ? "Thanks a lot." : "Thank you.""#),
    );
    let ran = world.run("sync orders --yes --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("unchanged")), (1, 3));
    assert_eq!(
        memos(&world),
        ["Thank you.", "-", "Thanks a lot.", "Thank you."]
    );
    let again = world.run("sync orders --yes --full --json").ends_with(0);
    assert_eq!((again.figure("updated"), again.figure("unchanged")), (0, 4));

    // Without a mapping the accountant has the word again, and what cannot be taken off is said.
    std::fs::remove_dir_all(world.home.path().join("mappings")).expect("it is there");
    let ran = world.run("sync orders --yes --full --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 3);
    assert_eq!(memos(&world), ["-", "-", "-", "-"]);
    assert!(ran.out.contains("mapping_left_behind"), "{}", ran.out);
    let quiet = world.run("sync orders --yes --full --json").ends_with(0);
    assert_eq!((quiet.figure("updated"), quiet.figure("unchanged")), (0, 4));
}

#[test]
fn a_lost_state_file_costs_no_words() {
    let world = World::new(shop(vec![rich(1), rich(2)]), labelled("per_txn"), BOOKS);
    own_mapping(&world, RICH);
    world.run("sync orders --yes").ends_with(0);
    let before = objects(&world);
    std::fs::remove_file(world.state()).expect("it is there");
    world.forget_requests();
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(writes(&world), 0, "{}", world.books("requests"));
    assert_eq!(objects(&world), before);
    // And the next edit finds them.
    own_mapping(&world, &RICH.replace("Ring twice", "Ring once"));
    let ran = world.run("sync orders --yes --full --json").ends_with(0);
    assert_eq!(ran.figure("updated"), 2);
}

#[test]
fn words_that_a_person_wrote_are_not_overwritten() {
    let world = World::new(shop(vec![rich(1)]), labelled("per_txn"), BOOKS);
    own_mapping(&world, RICH);
    world.run("sync orders --yes").ends_with(0);
    let id = world.documents()[0]["id"].clone();
    let wholesale = json!({ "value": "703", "name": "Wholesale" });
    world.tell_books(
        "edit",
        json!({ "entity": "SalesReceipt", "id": id, "set": { "ClassRef": wholesale } }),
    );
    // As long as nothing is to be changed, nobody is bothered.
    world.run("sync orders --yes --full").ends_with(0);
    own_mapping(&world, &RICH.replace("Ring twice", "Ring once"));
    let ran = world.run("sync orders --yes --full --json").ends_with(3);
    assert_eq!(held(&ran), ["edited_in_quickbooks 1"]);
    assert_eq!(objects(&world)[0]["ClassRef"]["name"], json!("Wholesale"));
}

#[test]
fn a_name_that_the_company_does_not_have_is_held_with_the_near_ones() {
    let at = |department: &str, branch: &str| {
        let meta = meta(&[("_department", department), ("_branch", branch)]);
        with(order(1), json!({ "meta_data": meta }))
    };
    for (department, branch, code, said) in [
        (
            "Wholesales",
            "Harbour",
            "class_unknown",
            "did you mean `Wholesale`?",
        ),
        (
            "Wholesale",
            "Harbor",
            "location_unknown",
            "did you mean `Harbour`?",
        ),
    ] {
        let world = World::new(
            shop(vec![at(department, branch)]),
            labelled("per_txn"),
            BOOKS,
        );
        own_mapping(&world, RICH);
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(held(&ran), [format!("{code} 1")]);
        assert!(hint(&ran).contains(said), "{}", hint(&ran));
        assert!(world.postings().is_empty());
        // Once the shop is right, the order goes out.
        world.put_order(&at("Wholesale", "Harbour"), &json!([]), false);
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.postings().len(), 1);
    }
}

#[test]
fn a_company_that_keeps_no_classes_locations_or_such_fields_is_said_so() {
    let cases = [
        (
            "class = { value = \"Web\" }",
            "class_tracking_off",
            "switch on tracking by class",
        ),
        (
            "location = { value = \"Harbour\" }",
            "location_tracking_off",
            "switch on tracking by location",
        ),
        (
            "custom.\"PO number\" = \"id\"",
            "custom_field_unknown",
            "no custom field in use",
        ),
    ];
    for (fields, code, said) in cases {
        let world = World::of_orders(vec![order(1)]);
        own_mapping(&world, &format!("[fields]\n{fields}\n"));
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(held(&ran), [format!("{code} 1")]);
        assert!(hint(&ran).contains(said), "{}", hint(&ran));
        assert!(world.postings().is_empty());
    }
    let world = World::new(shop(vec![order(1)]), labelled("per_txn"), BOOKS);
    own_mapping(&world, "[fields]\ncustom.\"PO\" = \"id\"\n");
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(held(&ran), ["custom_field_unknown 1"]);
    assert!(
        hint(&ran).contains("there is `Delivery` and `PO number` and `VAT ID`"),
        "{}",
        hint(&ran)
    );
}

#[test]
fn a_fourth_custom_field_is_refused_before_anything_is_read() {
    let world = World::new(shop(vec![rich(1)]), labelled("per_txn"), BOOKS);
    own_mapping(
        &world,
        &RICH.replace("[fields.bill_to]", "\"Colour\" = \"id\"\n[fields.bill_to]"),
    );
    world.forget_requests();
    let ran = world.run("sync orders --yes").ends_with(2);
    assert!(ran.err.contains("is custom field number 4"), "{}", ran.err);
    assert_eq!(world.books("counts")["reads"], json!(0));
}

#[test]
fn nobody_pays_for_lists_that_no_mapping_needs() {
    let reads = |mapping: Option<&str>| {
        let world = World::new(shop(vec![rich(1)]), labelled("per_txn"), BOOKS);
        if let Some(mapping) = mapping {
            own_mapping(&world, mapping);
        }
        world.run("sync orders --yes").ends_with(0);
        let first = world.books("counts")["metered_reads"]
            .as_u64()
            .expect("a figure");
        world.put_order(&with(rich(2), json!({})), &json!([]), false);
        world.forget_requests();
        world.run("sync orders --yes").ends_with(0);
        let second = world.books("counts")["metered_reads"]
            .as_u64()
            .expect("a figure");
        (first, second)
    };
    let plain = reads(None);
    assert_eq!(
        reads(Some("[fields]\nmemo = { value = \"Thanks\" }\n")),
        plain
    );
    // One list each, once a day.
    let all = reads(Some(RICH));
    assert_eq!(all, (plain.0 + 2, plain.1));
}

#[test]
fn orders_that_a_filter_leaves_out_are_skipped_unless_they_are_posted() {
    let world = World::of_orders(orders(1..=2));
    let filter = "[[skip]]\nwhen = 'id == 2 || id == 3'\nbecause = \"it is a sample\"\n[fields]\n";
    world.run("sync orders --yes --id 2").ends_with(0);
    own_mapping(&world, filter);
    world.put_order(&order(3), &json!([]), false);
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!((ran.figure("created"), ran.figure("skipped")), (1, 1));
    assert!(ran.out.contains("it is a sample"), "{}", ran.out);
    assert!(ran.out.contains("mapping_skipped"), "{}", ran.out);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt WC-2 21.00 active",
            "SalesReceipt WC-1 21.00 active"
        ]
    );
    // What was posted before the filter stays our business.
    world.put_order(&order(2), &json!([refund(9, 2)]), false);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings()[2], "RefundReceipt WC-2-R9 21.00 active");
}

#[test]
fn an_order_that_cannot_be_mapped_is_held_with_the_path() {
    let world = World::of_orders(vec![
        order(1),
        with(order(2), json!({ "customer_note": "x".repeat(22) })),
    ]);
    own_mapping(
        &world,
        "[fields]\nnumber = { from = \"customer_note\", when = 'customer_note != \"\"' }\n",
    );
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(held(&ran), ["mapping_refused 2"]);
    let said = hint(&ran);
    assert!(
        said.contains("`number` could not be filled from `customer_note`"),
        "{said}"
    );
    assert!(
        said.contains("udsync mapping preview orders --id 2"),
        "{said}"
    );
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
    // Mended, it goes out with what is tried again.
    own_mapping(&world, "[fields]\nmemo = { value = \"Thanks\" }\n");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings()[1], "SalesReceipt WC-2 21.00 active");
}

#[test]
fn orders_to_which_a_mapping_gives_one_number_all_wait() {
    let world = World::of_orders(orders(1..=3));
    own_mapping(
        &world,
        r#"fields.number = { compute = 'id == 3 ? "A3" : "A1"' }"#,
    );
    let ran = world.run("sync orders --yes --json").ends_with(3);
    assert_eq!(
        held(&ran),
        ["doc_number_conflict 1", "doc_number_conflict 2"]
    );
    assert!(hint(&ran).contains("put `{{ number }}` or `{{ id }}` into `number`"));
    assert_eq!(world.postings(), ["SalesReceipt A3 21.00 active"]);
    own_mapping(&world, "[fields]\nnumber = { text = \"A{{ id }}\" }\n");
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(
        world.postings(),
        [
            "SalesReceipt A3 21.00 active",
            "SalesReceipt A1 21.00 active",
            "SalesReceipt A2 21.00 active"
        ]
    );
}

/// Everything that a mapping may decide, taken off a document.
fn figures(mut object: Value) -> Value {
    let words = [
        "DocNumber",
        "PaymentRefNum",
        "PrivateNote",
        "CustomerMemo",
        "ClassRef",
        "DepartmentRef",
        "CustomField",
        "BillAddr",
        "ShipAddr",
        "MetaData",
    ];
    for word in words {
        object.as_object_mut().expect("an object").remove(word);
    }
    for line in object["Line"].as_array_mut().into_iter().flatten() {
        if let Some(detail) = line["SalesItemLineDetail"].as_object_mut() {
            detail.remove("ClassRef");
        }
    }
    object
}

#[test]
fn no_mapping_moves_a_cent() {
    let owed = |id: u64| {
        let fields = json!({ "status": "on-hold", "payment_method": "bacs", "date_paid": null, "date_paid_gmt": null });
        with(rich(id), fields)
    };
    let mut paid_later = owed(3);
    let fee = json!({ "id": 9, "key": "_stripe_fee", "value": "0.91" });
    let mut with_fee = rich(1);
    with_fee["meta_data"]
        .as_array_mut()
        .expect("a list")
        .push(fee);
    let books = BOOKS.replace(
        "[books.deposit]",
        "[books.policy]\ngateway_fees = \"expense\"\n[books.deposit]",
    );
    let mut outcomes = Vec::new();
    for classes in ["off", "per_txn", "per_txn_line"] {
        let world = World::new(shop(vec![]), labelled(classes), &books);
        if classes != "off" {
            own_mapping(&world, RICH);
        }
        world.put_order(&with_fee, &json!([refund(50, 1)]), false);
        world.put_order(&owed(2), &json!([refund(60, 2)]), false);
        world.put_order(&owed(3), &json!([]), false);
        world.put_order(&unmapped(4), &json!([]), false);
        world.run("sync orders --yes").ends_with(3);
        paid_later["status"] = json!("processing");
        paid_later["date_paid_gmt"] = json!("2026-11-05T10:00:00");
        world.put_order(&paid_later, &json!([]), false);
        world.run("sync orders --yes").ends_with(3);
        let documents: Vec<Value> = objects(&world).into_iter().map(figures).collect();
        let kinds: Vec<String> = world
            .documents()
            .iter()
            .map(|document| document["entity"].as_str().expect("a kind").to_owned())
            .collect();
        outcomes.push((kinds, documents));
    }
    let mut kinds = outcomes[0].0.clone();
    kinds.sort();
    kinds.dedup();
    assert_eq!(
        kinds,
        [
            "CreditMemo",
            "Invoice",
            "Payment",
            "Purchase",
            "RefundReceipt",
            "SalesReceipt"
        ]
    );
    assert_eq!(outcomes[0], outcomes[1]);
    assert_eq!(outcomes[0], outcomes[2]);
}

#[test]
fn a_closed_period_is_not_opened_for_other_words() {
    let world = World::of_orders(vec![order(1)]);
    own_mapping(&world, "[fields]\nmemo = { value = \"Thanks\" }\n");
    world.run("sync orders --yes").ends_with(0);
    world.tell_books("company", json!({ "books_closed_through": "2026-11-30" }));
    // What is known of the company is a day old by then.
    let state = world.state();
    let kept = rusqlite::Connection::open(state).expect("the state file");
    kept.execute("DELETE FROM kept", [])
        .expect("the shelf is emptied");
    drop(kept);
    own_mapping(&world, "[fields]\nmemo = { value = \"Many thanks\" }\n");
    world.forget_requests();
    let ran = world.run("sync orders --yes --full --json -v").ends_with(0);
    assert_eq!(writes(&world), 0);
    assert!(ran.out.contains("mapping_waits"), "{}", ran.out);
    assert_eq!(objects(&world)[0]["CustomerMemo"]["value"], json!("Thanks"));
}

#[test]
fn what_mapping_diff_announces_is_what_is_updated() {
    let world = World::of_orders(orders(1..=4));
    own_mapping(&world, "[fields]\nmemo = { value = \"Thanks\" }\n");
    world.run("sync orders --yes").ends_with(0);
    own_mapping(
        &world,
        "[fields]\nmemo = { value = \"Many thanks\", when = 'id > 2', otherwise = \"Thanks\" }\n",
    );
    let announced: Vec<Value> =
        world.run("mapping diff orders --json").ends_with(0).json()["changes"]
            .as_array()
            .expect("a list")
            .iter()
            .map(|change| change["id"].clone())
            .collect();
    assert_eq!(announced, [json!(3), json!(4)]);
    let ran = world
        .run("sync orders --yes --full --json")
        .ends_with(0)
        .json();
    let updated: Vec<Value> = ran["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|change| {
            assert_eq!(change["action"], json!("update"));
            change["source"]["id"]
                .as_str()
                .and_then(|id| id.parse::<u64>().ok())
                .into()
        })
        .collect();
    assert_eq!(updated, announced);
}

#[test]
fn a_saved_plan_is_stale_once_the_mapping_says_other_words() {
    let world = World::of_orders(vec![order(1)]);
    own_mapping(&world, "[fields]\nmemo = { value = \"Thanks\" }\n");
    world.run("dry-run orders --out plan.json").ends_with(0);
    own_mapping(&world, "[fields]\nmemo = { value = \"Many thanks\" }\n");
    world.run("apply plan.json --yes").ends_with(6);
    assert!(world.postings().is_empty());
    own_mapping(&world, "[fields]\nmemo = { value = \"Thanks\" }\n");
    world.run("apply plan.json --yes").ends_with(0);
    assert_eq!(objects(&world)[0]["CustomerMemo"]["value"], json!("Thanks"));
}

#[test]
fn of_two_orders_that_show_one_number_the_first_is_posted_with_the_shipped_mapping_too() {
    let named = |id: u64| with(order(id), json!({ "number": "A-7" }));
    for copied in [false, true] {
        let world = World::of_orders(vec![named(1), named(2)]);
        if copied {
            own_file(&world, SHIPPED);
        }
        let ran = world.run("sync orders --yes --json").ends_with(3);
        assert_eq!(held(&ran), ["doc_number_conflict A-7"]);
        assert_eq!(world.postings(), ["SalesReceipt WC-A-7 21.00 active"]);
    }
}
