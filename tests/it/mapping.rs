//! Mapping files through the binary: what people type, what they see, and what a run makes of their files.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::order::{order, orders, refund, with};
use crate::world::{BOOKS, Ran, World, bare_command, ran};

/// The beginning of a mapping of orders to QuickBooks.
const ORDERS: &str = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n";

fn own(world: &World, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
    let path = world.home.path().join("mappings").join(name);
    std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
    std::fs::write(&path, text).expect("written");
    path
}

fn own_orders(world: &World, rest: &str) -> PathBuf {
    let text = format!("{ORDERS}{rest}");
    own(world, "woocommerce-quickbooks/orders.toml", text)
}

fn messages(ran: &Ran, list: &str) -> Vec<String> {
    let said = ran.json()[list].as_array().expect("a list").clone();
    let words = said.iter().map(|one| {
        format!(
            "{}:{}: {}",
            one["file"].as_str().unwrap_or("?"),
            one["line"],
            one["message"].as_str().unwrap_or("?")
        )
    });
    words.collect()
}

#[test]
fn the_shipped_mappings_can_be_looked_at_without_a_shop() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |line: &str| {
        let mut command = bare_command(home.path());
        ran(command
            .args(line.split_whitespace())
            .output()
            .expect("it runs"))
        .ends_with(0)
    };
    let list = run("mapping list --json").json();
    assert_eq!(list["schema"], "udsync/mapping-list/1");
    assert_eq!(list["mappings"].as_array().map(Vec::len), Some(8));
    for mapping in list["mappings"].as_array().expect("a list") {
        assert!(mapping["file"].is_null(), "{mapping}");
        assert!(mapping["rules"].as_u64() > Some(2), "{mapping}");
        assert!(mapping["cases"].as_u64() > Some(1), "{mapping}");
        assert_eq!(mapping["mistakes"], 0, "{mapping}");
    }
    let shown = run("mapping show supabase/orders");
    assert_eq!(
        shown.out,
        include_str!("../../mappings/woocommerce-supabase/orders.toml")
    );
    let shown = run("mapping show supabase/orders --cases");
    assert_eq!(
        shown.out,
        include_str!("../../mappings/woocommerce-supabase/orders.cases.toml")
    );
    let tested = run("mapping test --json").json();
    assert_eq!(tested["failed"], 0);
    assert_eq!(
        tested["mappings"].as_array().map(Vec::len),
        Some(8),
        "{tested}"
    );
    let page = run("mapping show --functions").out;
    for function in ["## date_format\n", "## strip_html\n", "## state_code\n"] {
        assert!(page.contains(function), "{function}");
    }
    let one = run("mapping show --functions title --json").json();
    assert_eq!(one["functions"][0]["signature"], "title");
    assert_eq!(
        run("mapping check").out,
        "the shop has no mappings of its own; the shipped ones are in order\n"
    );
}

#[test]
fn a_word_that_is_no_mapping_gets_the_nearest() {
    let world = World::of_orders(vec![]);
    let ran = world.run("mapping show ordres --json").ends_with(1);
    assert_eq!(ran.json()["code"], "mapping_unknown");
    assert_eq!(ran.json()["hint"], "did you mean `orders`?");
    let ran = world
        .run("mapping show --functions titel --json")
        .ends_with(2);
    assert_eq!(ran.json()["hint"], "did you mean `title`?");
}

#[test]
fn a_run_does_not_begin_with_a_mistake_in_a_mapping() {
    let world = World::of_orders(vec![order(1)]);
    own_orders(
        &world,
        "[fields]\nmemo = \"customer_notee\"\ntotal = \"total\"\nclass = \"number | upcase\"\n",
    );
    for line in ["sync orders", "dry-run orders", "sync orders --dry-run"] {
        let ran = world.run(line).ends_with(2);
        for said in [
            "mappings/woocommerce-quickbooks/orders.toml:5:9: ",
            "  hint: did you mean `customer_note`?",
            "orders.toml:6:1: `total` is a money figure of the books, which no mapping can change",
            "orders.toml:7:",
        ] {
            assert!(ran.err.contains(said), "{line}: {said}: {}", ran.err);
        }
        assert_eq!(ran.out, "", "{line}");
    }
    let ran = world.run("sync orders --json").ends_with(2);
    assert_eq!(ran.json()["code"], "mapping_invalid");
    assert_eq!(messages(&ran, "complaints").len(), 3);
    assert_eq!(
        ran.json()["complaints"][0]["file"],
        "mappings/woocommerce-quickbooks/orders.toml"
    );
    assert!(world.postings().is_empty());
    // Mended, it runs.
    own_orders(&world, "[fields]\nmemo = \"customer_note\"\n");
    world.run("sync orders").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn every_mistake_of_every_file_is_told_at_once() {
    let world = World::of_orders(vec![]);
    own_orders(
        &world,
        "[lookup.way]\ncsv = \"ways.csv\"\nkey = \"way\"\nvalue = \"word\"\n[fields]\nlocation = \"payment_method | lookup(\\\"way\\\")\"\n[fields.custom]\na = \"number\"\nb = \"number\"\nc = \"number\"\nd = \"number\"\n",
    );
    own(
        &world,
        "woocommerce-quickbooks/product.toml",
        "source = \"woocommerce\"\n",
    );
    own(&world, "woocommerce-quikbooks/orders.toml", ORDERS);
    own(&world, "orders.toml", ORDERS);
    own(
        &world,
        "woocommerce-supabase/orders.toml",
        format!("{ORDERS}[fields]\nmemo = \"number\"\n"),
    );
    own(
        &world,
        "woocommerce-quickbooks/customers.cases.toml",
        "[[case]]\nname = \"the mail is kept\"\nrecord = \"none\"\nhas = { email = \"x\" }\n",
    );
    // Nobody's business.
    own(&world, "README.md", "# Ours\n");
    own(&world, "woocommerce-quickbooks/.orders.toml.swp", "x");
    own(&world, "old/notes.txt", "x");
    let ran = world.run("mapping check --json").ends_with(2);
    let document = ran.json();
    assert_eq!(document["schema"], "udsync/mapping-check/1");
    assert_eq!(document["ok"], false);
    assert_eq!(
        messages(&ran, "mistakes"),
        [
            "mappings/orders.toml:1: a mapping lies in a folder for its source and target",
            "mappings/woocommerce-quickbooks/product.toml:1: `quickbooks` takes no `product`",
            "mappings/woocommerce-quikbooks:1: no mapping has the source and target `woocommerce-quikbooks`",
            "mappings/woocommerce-quickbooks/orders.toml:5: the file `ways.csv` is not beside the mapping",
            "mappings/woocommerce-quickbooks/orders.toml:14: `custom.d` is custom field number 4",
            "mappings/woocommerce-supabase/orders.toml:2: the file says `target = \"quickbooks\"`, and lies where that of `woocommerce-supabase/orders` belongs",
            "mappings/woocommerce-quickbooks/customers.cases.toml:2: there is no record `none`",
        ]
    );
    let hints: Vec<&str> = document["mistakes"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|mistake| mistake["hint"].as_str())
        .collect();
    assert!(hints.contains(&"did you mean `products`?"), "{hints:?}");
    assert!(
        hints.contains(&"did you mean `woocommerce-quickbooks`?"),
        "{hints:?}"
    );
    // For people the same, with the count at the end.
    let told = world.run("mapping check").ends_with(2);
    assert!(
        told.out.ends_with("7 mistakes in 3 files\n"),
        "{}",
        told.out
    );
    // And the list says where to look.
    let list = world.run("mapping list").ends_with(0);
    assert!(list.err.contains("`udsync mapping check`"), "{}", list.err);
}

#[test]
fn a_file_anywhere_can_be_checked_with_what_lies_beside_it() {
    let world = World::of_orders(vec![]);
    let draft = world.home.path().join("draft");
    std::fs::create_dir(&draft).expect("made");
    std::fs::write(draft.join("regions.csv"), "code,region\nAB,West\n").expect("written");
    let text = format!(
        "{ORDERS}[lookup.region]\ncsv = \"regions.csv\"\nkey = \"code\"\nvalue = \"region\"\n[fields]\nclass = \"billing.state | lookup(\\\"region\\\")\"\n"
    );
    std::fs::write(draft.join("o.toml"), text).expect("written");
    let ran = world.run("mapping check draft/o.toml").ends_with(0);
    assert_eq!(ran.out, "`draft/o.toml` is in order\n");
    std::fs::remove_file(draft.join("regions.csv")).expect("gone");
    let ran = world.run("mapping check draft/o.toml").ends_with(2);
    assert!(ran.out.contains("draft/o.toml:5:"), "{}", ran.out);
    let ran = world.run("mapping check draft/none.toml").ends_with(2);
    assert!(
        ran.out
            .contains("draft/none.toml:1:1: the file could not be read"),
        "{}",
        ran.out
    );
}

#[test]
fn what_the_store_uses_and_a_table_does_not_know_is_a_mistake() {
    let world = World::of_orders(vec![with(order(1), json!({ "payment_method": "klarna" }))]);
    own_orders(
        &world,
        "[fields]\nlocation = \"payment_method | map_value(\\\"stripe\\\", \\\"Card\\\")\"\nclass = \"created_via | map_value(\\\"pos\\\", \\\"Till\\\")\"\n",
    );
    let ran = world.run("mapping check --json").ends_with(2);
    assert_eq!(ran.json()["store"]["asked"], true);
    let told = messages(&ran, "mistakes");
    let klarna = "mappings/woocommerce-quickbooks/orders.toml:5: the shop uses `klarna` as payment_method, and this does not know it";
    assert!(told.iter().any(|line| line == klarna), "{told:?}");
    assert!(
        !told.iter().any(|line| line.contains("`stripe`")),
        "{told:?}"
    );
    for request in world.store("requests").as_array().expect("a list") {
        assert_eq!(request["method"], "GET", "{request}");
    }
    let ran = world.run("mapping check --offline").ends_with(0);
    assert!(ran.err.contains("`--offline` asks no shop"), "{}", ran.err);
    own_orders(
        &world,
        "[fields]\nlocation = \"payment_method | map_value(\\\"stripe\\\", \\\"Card\\\") | default(\\\"Other\\\")\"\n",
    );
    world.run("mapping check").ends_with(0);
    // A store that is not there keeps nobody from checking the rest.
    let mut world = world;
    world.close_store();
    let ran = world.run("mapping check").ends_with(0);
    assert!(ran.err.contains("were not compared"), "{}", ran.err);
}

#[test]
fn a_preview_shows_source_steps_and_result_of_a_record() {
    let noted = with(
        order(7),
        json!({ "meta_data": [{ "id": 1, "key": "_department", "value": " Out " }] }),
    );
    let world = World::of_orders(vec![order(6), noted.clone()]);
    own_orders(
        &world,
        "[names]\ndepartment = \"meta_data[key=_department].value\"\n[fields]\nclass = \"department | trim\"\n",
    );
    let ran = world.run("mapping preview orders --id 7").ends_with(0);
    assert!(
        ran.out
            .starts_with("woocommerce-quickbooks/orders\n    (mappings/woocommerce-quickbooks/orders.toml): order 7\n"),
        "{}",
        ran.out
    );
    let row = ran.out.lines().find(|line| line.starts_with("class"));
    let words: Vec<&str> = row.expect("its row").split_whitespace().collect();
    assert_eq!(
        words.join(" "),
        "class department: \" Out \" trim: \"Out\" \"Out\""
    );
    assert!(
        ran.out.lines().all(|line| line.chars().count() < 80),
        "{}",
        ran.out
    );
    // The same record in a file, for the database, and as JSON.
    let file = world.home.path().join("order.json");
    std::fs::write(&file, noted.to_string()).expect("written");
    let ran = world
        .run("mapping preview orders --to supabase --file order.json --json")
        .ends_with(0);
    let document = ran.json();
    assert_eq!(document["name"], "woocommerce-supabase/orders");
    let record = &document["records"][0];
    assert_eq!(record["outcome"], "mapped");
    assert_eq!(record["rows"][0]["id"], 7);
    assert_eq!(record["rows"][0]["shop"], "test");
    let fields = record["fields"].as_array().expect("a list");
    let email = fields.iter().find(|field| field["field"] == "email");
    let steps = json!([
        ["source", "ann7@example.com"],
        ["trim", "ann7@example.com"],
        ["lower", "ann7@example.com"]
    ]);
    assert_eq!(email.expect("it is fed")["steps"], steps);
    // Without a word about which, the newest; refunds are those of an order.
    let mut given_back = order(8);
    given_back["refunds"] = json!([{ "id": 80, "reason": "", "total": "-21.00" }]);
    world.put_order(&given_back, &json!([refund(80, 8)]), false);
    let ran = world.run("mapping preview refunds --json").ends_with(0);
    let row = &ran.json()["records"][0]["rows"][0];
    assert_eq!((&row["id"], &row["order_id"]), (&json!(80), &json!(8)));
    let ran = world
        .run("mapping preview orders --id 99 --json")
        .ends_with(1);
    assert_eq!(ran.json()["code"], "record_missing");
}

#[test]
fn a_preview_tells_what_would_be_skipped_or_held() {
    let world = World::of_orders(vec![order(1)]);
    own_orders(
        &world,
        "[[skip]]\nwhen = 'status == \"draft\"'\nbecause = \"nobody has bought it\"\n[fields]\nmemo = { compute = 'string(100 / customer_id)' }\n",
    );
    let ran = world.run("mapping preview orders --id 1").ends_with(3);
    assert!(ran.out.contains("it would be held: `memo`"), "{}", ran.out);
    let file = world.home.path().join("orders.json");
    let two = json!([with(order(2), json!({ "status": "draft" })), 7]);
    std::fs::write(file, two.to_string()).expect("written");
    let ran = world
        .run("mapping preview orders --file orders.json --json")
        .ends_with(3);
    let records = &ran.json()["records"];
    assert_eq!(records[0]["because"], "nobody has bought it");
    assert_eq!(records[1]["refusal"]["why"], "not_a_record");
    // The shipped one knows neither.
    world
        .run("mapping preview orders --id 1 --shipped")
        .ends_with(0);
}

/// It is on the screen because somebody asked for it there.
#[test]
fn a_previewed_person_is_in_no_log() {
    let world = World::of_orders(vec![order(1)]);
    let ran = world
        .run("mapping preview orders --id 1 --to supabase -vv --log-file run.log")
        .ends_with(0);
    assert!(ran.out.contains("ann1@example.com"), "{}", ran.out);
    let log = std::fs::read_to_string(world.home.path().join("run.log")).expect("a log");
    assert!(!log.is_empty());
    for word in ["ann1@example.com", "Lee 1", "100 Main St"] {
        assert!(!log.contains(word) && !ran.err.contains(word), "{word}");
    }
}

const CASES: &str = r#"
[records]
one = '{"id": 1, "number": "1042", "customer_note": "ring twice"}'
[[case]]
name = "the note is passed on"
record = "one"
has = { memo = "ring twice" }
"#;

#[test]
fn a_case_that_fails_ends_with_9_and_says_what_differs() {
    let world = World::of_orders(vec![]);
    own_orders(&world, "[fields]\nmemo = \"customer_note\"\n");
    let ran = world.run("mapping test orders --to-nowhere");
    assert_eq!(ran.code, 2);
    let ran = world.run("mapping test quickbooks/orders").ends_with(0);
    assert!(ran.err.contains("has no cases"), "{}", ran.err);
    own(&world, "woocommerce-quickbooks/orders.cases.toml", CASES);
    world.run("mapping test").ends_with(0);
    own_orders(&world, "[fields]\nmemo = \"customer_note | upper\"\n");
    let ran = world.run("mapping test quickbooks/orders").ends_with(9);
    assert!(
        ran.out.contains(
            "FAILED woocommerce-quickbooks/orders: the note is passed on\n    memo: \"RING TWICE\", expected \"ring twice\"\n"
        ),
        "{}",
        ran.out
    );
    let ran = world.run("mapping test --json").ends_with(9);
    assert_eq!(ran.json()["failed"], 1);
    let all = ran.json();
    let orders = &all["mappings"][0]["cases"][0];
    assert_eq!(orders["passed"], false);
    assert_eq!(
        orders["differences"],
        json!(["memo: \"RING TWICE\", expected \"ring twice\""])
    );
    let shown = world
        .run("mapping show quickbooks/orders --cases")
        .ends_with(0);
    assert_eq!(shown.out, CASES);
    // The doctor sees it too, and a sync goes on: a case is the owner's own wish.
    let ran = world
        .run("doctor --check mapping.files --offline --json")
        .ends_with(0);
    let finding = &ran.json()["findings"][0];
    assert_eq!(finding["level"], "warning", "{finding}");
    world.run("sync orders").ends_with(0);
}

#[test]
fn the_doctor_finds_what_would_end_a_run() {
    let world = World::of_orders(vec![]);
    let look = |code: i32| {
        let ran = world.run("doctor --check mapping.files --offline --json");
        ran.ends_with(code).json()["findings"][0].clone()
    };
    let finding = look(0);
    assert_eq!(
        finding["said"],
        "the shop has no mappings of its own; the shipped ones are used"
    );
    own_orders(&world, "[fields]\nmemo = \"customer_notee\"\n");
    let finding = look(2);
    assert_eq!(finding["level"], "problem");
    assert_eq!(finding["said"], "1 mistake in the mapping files");
    let cause = finding["cause"].as_str().expect("a cause");
    assert!(
        cause.starts_with("`mappings/woocommerce-quickbooks/orders.toml`, line 5: "),
        "{cause}"
    );
    own_orders(&world, "[fields]\nmemo = \"customer_note\"\n");
    own(&world, "woocommerce-quickbooks/orders.cases.toml", CASES);
    assert_eq!(
        look(0)["said"],
        "1 mapping of the shop's own, without mistakes; 1 case pass"
    );
}

#[test]
fn a_difference_is_shown_record_by_record_before_it_is_made() {
    let world = World::of_orders(orders(1..=3));
    world.run("sync orders").ends_with(0);
    // Nothing was edited: the shop is not even asked.
    world.forget_requests();
    let ran = world.run("mapping diff orders --exit-code").ends_with(0);
    assert!(ran.out.ends_with("nothing differs\n"), "{}", ran.out);
    assert_eq!(world.store("requests"), json!([]));
    let shipped = include_str!("../../mappings/woocommerce-quickbooks/orders.toml");
    let path = own(&world, "woocommerce-quickbooks/orders.toml", shipped);
    let edited = shipped.replace(
        "\n[fields.bill_to]\n",
        "\nmemo = { value = \"Shop two\", when = 'number != \"2\"' }\n\n[fields.bill_to]\n",
    );
    assert_ne!(edited, shipped);
    std::fs::write(&path, &edited).expect("written");
    let ran = world.run("mapping diff orders --json").ends_with(0);
    let document = ran.json();
    assert_eq!(document["schema"], "udsync/mapping-diff/1");
    assert_eq!(
        (&document["records"], &document["changed"]),
        (&json!(3), &json!(2))
    );
    assert_eq!(document["fields"], json!({ "memo": 2 }));
    assert_eq!(
        document["changes"],
        json!([
            { "id": 1, "differences": [{ "row": 0, "field": "memo", "before": null, "after": "Shop two" }] },
            { "id": 3, "differences": [{ "row": 0, "field": "memo", "before": null, "after": "Shop two" }] }
        ])
    );
    let ran = world.run("mapping diff orders --exit-code").ends_with(10);
    assert!(
        ran.out
            .contains("\norder 3\n    memo: nothing -> \"Shop two\"\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out
            .contains("\n2 of 3 records would come out differently\n    memo 2\n"),
        "{}",
        ran.out
    );
    let only = world.run("mapping diff orders --limit 1 --json").json();
    assert_eq!((&only["records"], &only["changed"]), (&json!(1), &json!(1)));
    let only = world.run("mapping diff orders --id 2 --json").json();
    assert_eq!((&only["records"], &only["changed"]), (&json!(1), &json!(0)));
    // It has only looked.
    for request in world.store("requests").as_array().expect("a list") {
        assert_eq!(request["method"], "GET", "{request}");
    }
    for request in world.books("requests").as_array().expect("a list") {
        assert_ne!(request["class"], "write", "{request}");
    }
    // After a run with it, that is what the next edit is compared with.
    world.run("sync orders").ends_with(0);
    let ran = world.run("mapping diff orders").ends_with(0);
    assert!(ran.out.ends_with("nothing differs\n"), "{}", ran.out);
    world
        .run("mapping diff orders --against shipped --exit-code")
        .ends_with(10);
    std::fs::write(world.home.path().join("before.toml"), shipped).expect("written");
    let ran = world
        .run("mapping diff orders --against before.toml --json")
        .ends_with(0);
    assert_eq!(ran.json()["changed"], 2);
    let ran = world
        .run("mapping diff customers --against before.toml --json")
        .ends_with(2);
    assert_eq!(ran.json()["code"], "mapping_other");
}

#[test]
fn a_difference_in_rows_is_shown_for_the_orders_that_the_database_has() {
    let world = World::of_orders(orders(1..=2)).with_database();
    world.run("sync orders --to supabase").ends_with(0);
    // Nobody has copied this one yet.
    world.put_order(&order(3), &json!([]), false);
    let shipped = include_str!("../../mappings/woocommerce-supabase/orders.toml");
    let edited = shipped.replace(
        "email = \"billing.email | trim | lower\"",
        "email = \"billing.email | upper\"",
    );
    assert_ne!(edited, shipped);
    own(&world, "woocommerce-supabase/orders.toml", edited);
    let ran = world
        .run("mapping diff supabase/orders --json")
        .ends_with(0);
    assert_eq!(
        ran.json()["changes"],
        json!([
            { "id": 1, "differences": [{ "row": 0, "field": "email", "before": "ann1@example.com", "after": "ANN1@EXAMPLE.COM" }] },
            { "id": 2, "differences": [{ "row": 0, "field": "email", "before": "ann2@example.com", "after": "ANN2@EXAMPLE.COM" }] }
        ])
    );
    // Accounts and products are compared as the shop lists them.
    let shipped = include_str!("../../mappings/woocommerce-supabase/customers.toml");
    own(&world, "woocommerce-supabase/customers.toml", shipped);
    let ran = world
        .run("mapping diff supabase/customers --json")
        .ends_with(0);
    assert_eq!(ran.json()["changed"], 0);
}

#[test]
fn a_plan_is_stale_after_an_edit_of_a_mapping() {
    let world = World::of_orders(vec![order(1)]);
    world.run("dry-run orders --out plan.json").ends_with(0);
    let path = own_orders(&world, "[fields]\nmemo = \"customer_note\"\n");
    let ran = world.run("apply plan.json --json").ends_with(6);
    assert_eq!(ran.json()["code"], "plan_stale");
    // Comments are no edit.
    world.run("dry-run orders --out plan.json").ends_with(0);
    let text = std::fs::read_to_string(&path).expect("it is there");
    std::fs::write(&path, format!("# as agreed\n{text}")).expect("written");
    world.run("apply plan.json").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn json_brings_a_mapping_there_and_back() {
    let world = World::of_orders(vec![]);
    for name in [
        "quickbooks/orders",
        "quickbooks/customers",
        "quickbooks/products",
        "supabase/orders",
        "supabase/order_lines",
        "supabase/refunds",
        "supabase/customers",
        "supabase/products",
    ] {
        let exported = world.run(&format!("mapping export {name}")).ends_with(0);
        let file = world.home.path().join("mapping.json");
        std::fs::write(&file, &exported.out).expect("written");
        let ran = world.run("mapping import mapping.json --json").ends_with(0);
        assert_eq!(ran.json()["written"], true);
        assert_eq!(
            ran.json()["file"],
            format!("mappings/woocommerce-{name}.toml")
        );
        let again = world.run(&format!("mapping export {name}")).ends_with(0);
        assert_eq!(again.out, exported.out, "{name}");
        let ran = world.run("mapping import mapping.json --json").ends_with(0);
        assert_eq!(ran.json()["written"], false);
    }
    world.run("mapping check --offline").ends_with(0);
    let list = world.run("mapping list --json").json();
    assert_eq!(
        list["mappings"][0]["file"],
        "mappings/woocommerce-quickbooks/orders.toml"
    );
}

#[test]
fn an_import_replaces_nothing_unasked_and_takes_nothing_wrong() {
    let world = World::of_orders(vec![]);
    let mine = own_orders(&world, "# by hand\n[fields]\nmemo = \"customer_note\"\n");
    let before = std::fs::read_to_string(&mine).expect("it is there");
    let file = world.home.path().join("m.json");
    let shipped = world
        .run("mapping export orders --shipped")
        .ends_with(0)
        .out;
    std::fs::write(&file, &shipped).expect("written");
    let ran = world.run("mapping import m.json --json").ends_with(2);
    assert_eq!(ran.json()["code"], "mapping_exists");
    assert_eq!(std::fs::read_to_string(&mine).expect("it is there"), before);
    world.run("mapping import m.json --force").ends_with(0);
    assert_eq!(world.run("mapping export orders").out, shipped);
    let wrong = shipped.replace("\"billing.city\"", "\"billing.citty\"");
    assert_ne!(wrong, shipped);
    let kept = std::fs::read_to_string(&mine).expect("it is there");
    let hostile: Vec<(Vec<u8>, &str)> = vec![
        (wrong.into_bytes(), "mapping_invalid"),
        (b"{}".to_vec(), "import_unreadable"),
        (b"\xff\xfe".to_vec(), "import_unreadable"),
        ("[".repeat(100_000).into_bytes(), "import_unreadable"),
        ("x".repeat(10_000_000).into_bytes(), "import_unreadable"),
        (
            shipped
                .replace("\"quickbooks\"", "\"../../quickbooks\"")
                .into_bytes(),
            "mapping_invalid",
        ),
    ];
    for (bytes, code) in hostile {
        std::fs::write(&file, &bytes).expect("written");
        let ran = world
            .run("mapping import m.json --force --json")
            .ends_with(2);
        assert_eq!(ran.json()["code"], code);
        assert_eq!(std::fs::read_to_string(&mine).expect("it is there"), kept);
    }
    let ran = world.run("mapping import nowhere.json --json").ends_with(2);
    assert_eq!(ran.json()["code"], "import_unreadable");
}

/// What lies there, who lays it, and what is told of it.
type Story<'s> = (&'s str, Box<dyn Fn() + 's>, &'s str);

/// Whatever lies in the folder, it is told and nobody waits.
#[test]
fn hostile_files_in_the_folder_are_told_in_no_time() {
    let world = World::of_orders(vec![order(1)]);
    let folder = "woocommerce-quickbooks";
    let orders = own_orders(&world, "[fields]\nmemo = \"number\"\n");
    let beside = |name: &str| orders.with_file_name(name);
    let away = world.home.path().join("away.toml");
    std::fs::write(&away, ORDERS).expect("written");
    let lookup = "[lookup.a]\ncsv = \"a.csv\"\nkey = \"k\"\nvalue = \"v\"\n[fields]\nmemo = \"number | lookup(\\\"a\\\")\"\n";
    let fifo = |name: &str| {
        let made = std::process::Command::new("mkfifo")
            .arg(beside(name))
            .status();
        assert!(made.expect("mkfifo runs").success());
    };
    let mut stories: Vec<Story<'_>> = vec![
        (
            "10 MB",
            Box::new(|| std::fs::write(&orders, "x".repeat(10 << 20)).expect("written")),
            "the file is larger than 256 KB",
        ),
        (
            "brackets",
            Box::new(|| {
                std::fs::write(&orders, format!("{ORDERS}a = {}", "[".repeat(100_000)))
                    .expect("written")
            }),
            "",
        ),
        (
            "not UTF-8",
            Box::new(|| std::fs::write(&orders, b"source = \"\xff\"\n").expect("written")),
            "the file is not text in UTF-8",
        ),
        (
            "a pipe",
            Box::new(|| fifo("orders.toml")),
            "this is not a file",
        ),
        (
            "a folder",
            Box::new(|| std::fs::create_dir(&orders).expect("made")),
            "this is not a file",
        ),
        (
            "a circle",
            Box::new(|| symlink(&orders, &orders).expect("made")),
            "the file could not be read",
        ),
        (
            "a way out",
            Box::new(|| symlink(&away, &orders).expect("made")),
            "the file leads out of the folder of the mappings",
        ),
        (
            "an endless one",
            Box::new(|| symlink("/dev/zero", &orders).expect("made")),
            "the file leads out of the folder of the mappings",
        ),
    ];
    for (what, csv, told) in [
        (
            "a large table",
            "x".repeat(10 << 20),
            "`a.csv` is larger than 4 MB",
        ),
        (
            "many rows",
            "k,v\n".to_owned() + &"a,b\n".repeat(60_000),
            "`a.csv` has more than 50000 rows",
        ),
    ] {
        let (orders, table) = (orders.clone(), beside("a.csv"));
        stories.push((
            what,
            Box::new(move || {
                std::fs::write(&orders, format!("{ORDERS}{lookup}")).expect("written");
                std::fs::write(&table, &csv).expect("written");
            }),
            told,
        ));
    }
    stories.push((
        "a table in Latin-1",
        Box::new(|| {
            std::fs::write(&orders, format!("{ORDERS}{lookup}")).expect("written");
            std::fs::write(beside("a.csv"), b"k,v\na,caf\xe9\n").expect("written");
        }),
        "the file is not text in UTF-8",
    ));
    stories.push((
        "a table that is a pipe",
        Box::new(|| {
            std::fs::write(&orders, format!("{ORDERS}{lookup}")).expect("written");
            fifo("a.csv");
        }),
        "this is not a file",
    ));
    stories.push((
        "a table elsewhere",
        Box::new(|| {
            let lookup = lookup.replace("a.csv", "../../away.toml");
            std::fs::write(&orders, format!("{ORDERS}{lookup}")).expect("written");
        }),
        "`../../away.toml` is not the name of a file beside the mapping",
    ));
    stories.push((
        "tables without end",
        Box::new(|| {
            let table =
                |n: u32| format!("[lookup.t{n}]\ncsv = \"c{n}.csv\"\nkey = \"k\"\nvalue = \"v\"\n");
            let tables: String = (0..9).map(table).collect();
            std::fs::write(&orders, format!("{ORDERS}{tables}")).expect("written");
            for n in 0..9 {
                let rows: String = (0..40_000).map(|row| format!("{row},{n}\n")).collect();
                std::fs::write(beside(&format!("c{n}.csv")), format!("k,v\n{rows}"))
                    .expect("written");
            }
        }),
        "the tables of a mapping have 100000 rows at most together",
    ));
    stories.push((
        "tables of many megabytes",
        Box::new(|| {
            let table =
                |n: u32| format!("[lookup.t{n}]\ncsv = \"c{n}.csv\"\nkey = \"k\"\nvalue = \"v\"\n");
            let tables: String = (0..9).map(table).collect();
            std::fs::write(&orders, format!("{ORDERS}{tables}")).expect("written");
            for n in 0..9 {
                let row = "x".repeat(3 << 20);
                std::fs::write(beside(&format!("c{n}.csv")), format!("k,v\na,{row}\n"))
                    .expect("written");
            }
        }),
        "the CSV files of all mappings have 8 MB at most together",
    ));
    for (what, lay, told) in &stories {
        let place = world.home.path().join("mappings").join(folder);
        std::fs::remove_dir_all(&place).expect("swept");
        std::fs::create_dir(&place).expect("made");
        lay();
        let began = Instant::now();
        let ran = world.run("mapping check --offline").ends_with(2);
        // Of a busy machine; alone it is a few hundredths.
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        assert!(ran.out.contains(told), "{what}: {}", ran.out);
        assert!(ran.out.lines().count() < 500, "{what}");
        world.run("dry-run orders").ends_with(2);
    }
    assert!(world.documents().is_empty());
}

#[test]
fn a_folder_elsewhere_is_used_and_one_that_is_none_is_told() {
    let world = World::of_orders(vec![]);
    world.configure(&format!("[mapping]\nfolder = \"ours/maps\"\n{BOOKS}"));
    let path = world.home.path().join("ours/maps/woocommerce-supabase");
    std::fs::create_dir_all(&path).expect("made");
    let shipped = include_str!("../../mappings/woocommerce-supabase/refunds.toml");
    std::fs::write(path.join("refunds.toml"), shipped).expect("written");
    let list = world.run("mapping list --json").json();
    let refunds = list["mappings"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|row| row["name"] == "woocommerce-supabase/refunds");
    assert_eq!(
        refunds.expect("it is there")["file"],
        "ours/maps/woocommerce-supabase/refunds.toml"
    );
    world.configure(&format!("[mapping]\nfolder = \"test.db\"\n{BOOKS}"));
    std::fs::write(world.home.path().join("test.db"), "").expect("written");
    let ran = world.run("mapping check").ends_with(2);
    assert!(
        ran.out
            .contains("test.db:1:1: the folder could not be read"),
        "{}",
        ran.out
    );
}

/// The currency of the books is theirs to say: before any run has read it, the books are asked, and the first plan is the second.
#[test]
fn the_home_currency_is_known_to_the_first_run() {
    let world = World::of_orders(vec![order(1)]);
    own_orders(
        &world,
        "[fields]\nmemo = { text = \"in {{ settings.home_currency }}\" }\n",
    );
    let memo = |ran: Ran| ran.json()["records"][0]["rows"][0]["memo"].clone();
    let preview = "mapping preview orders --id 1 --json";
    let ran = world.run(preview).ends_with(0);
    assert!(ran.err.contains("not known yet"), "{}", ran.err);
    assert_eq!(memo(ran), "in ");
    world.run("dry-run orders --out plan.json").ends_with(0);
    assert_eq!(memo(world.run(preview).ends_with(0)), "in CAD");
    world.run("apply plan.json").ends_with(0);
    let ran = world.run("sync orders --full --json").ends_with(0);
    assert_eq!((ran.figure("updated"), ran.figure("unchanged")), (0, 1));
}

#[test]
fn an_import_can_come_from_standard_input() {
    let world = World::of_orders(vec![]);
    let exported = world.run("mapping export products").ends_with(0).out;
    let mut command = world.command("mapping import -");
    command.stdin(std::process::Stdio::piped());
    command.stdout(std::process::Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    std::io::Write::write_all(&mut stdin, exported.as_bytes()).expect("written");
    drop(stdin);
    let ran = ran(child.wait_with_output().expect("it ends")).ends_with(0);
    assert_eq!(
        ran.out,
        "wrote `mappings/woocommerce-quickbooks/products.toml`\n"
    );
    assert_eq!(world.run("mapping export products").out, exported);
}

/// The sandbox is the same for everybody.
#[test]
fn the_sandbox_goes_by_the_shipped_mappings() {
    let world = World::of_orders(vec![]);
    own_orders(&world, "[fields]\nmemo = \"nonsense\"\n");
    world.run("dry-run orders --sandbox").ends_with(0);
    // But an own mapping can be tried on the sandbox's records.
    own_orders(&world, "[fields]\nmemo = \"number\"\n");
    let ran = world
        .run("mapping preview orders --sandbox --json")
        .ends_with(0);
    let rows: &Value = &ran.json()["records"][0]["rows"][0];
    assert_eq!(rows.as_object().map(|row| row.len()), Some(1), "{rows}");
}
