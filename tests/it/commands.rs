//! Commands: streams, shapes, scopes, variables and signals, as scripts and people meet them.

use std::io::{BufRead, BufReader, Read};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::order::{order, orders, refund, unmapped, with};
use crate::world::{BOOKS, Ran, World, bare_command, forget_mishaps, ran, until};

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .expect("an object")
        .keys()
        .map(String::as_str)
        .collect()
}

fn is_time(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.len() == 20 && text.ends_with('Z') && text.contains('T'))
}

fn created(ran: &Ran) -> Vec<String> {
    let changes = ran.json()["changes"].clone();
    let mut numbers: Vec<String> = changes
        .as_array()
        .expect("changes")
        .iter()
        .filter_map(|change| change["doc_number"].as_str().map(str::to_owned))
        .collect();
    numbers.sort();
    numbers
}

// Streams and shapes.

#[test]
fn the_answer_is_on_standard_output_and_everything_about_it_is_not() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    for (line, code) in [
        ("dry-run orders --json", 3),
        ("sync orders --json --yes", 3),
        ("retry --all --json --yes", 3),
        ("retry --list --json", 0),
        ("history --json", 0),
        ("config show --json", 0),
        ("config check --json", 0),
    ] {
        let ran = world.run(line).ends_with(code);
        assert!(ran.json()["schema"].is_string(), "{line}: {}", ran.out);
        assert_eq!(ran.err, "", "{line}");
    }
    for (line, code) in [
        ("sync orders --full --output csv", 3),
        ("history --output csv", 0),
    ] {
        let ran = world.run(line).ends_with(code);
        let mut reader = csv::Reader::from_reader(ran.out.as_bytes());
        let width = reader.headers().expect("a header").len();
        assert!(
            reader
                .records()
                .all(|row| row.expect("a row").len() == width)
        );
    }
    // What CSV has no place for is not lost.
    let csv = world.run("sync orders --full --output csv").ends_with(3);
    assert!(
        csv.err.contains("tax_code_unmapped") && csv.err.contains("hint: "),
        "{}",
        csv.err
    );
    let quiet = world.run("sync orders --full --output csv -q").ends_with(3);
    assert_eq!(quiet.err, "");
    assert_eq!(
        world.run("config path").ends_with(0).out.trim_end(),
        world.config.display().to_string()
    );
}

#[test]
fn a_run_document_has_every_field_of_the_contract() {
    let world = World::of_orders(vec![order(1042), unmapped(1043)]);
    let foreseen = world.run("dry-run orders --json").ends_with(3).json();
    let done = world.run("sync orders --json --yes").ends_with(3).json();
    for (document, dry_run) in [(&foreseen, true), (&done, false)] {
        assert_eq!(
            keys(document),
            [
                "changes",
                "command",
                "dry_run",
                "entities",
                "finished_at",
                "mode",
                "problems",
                "run_id",
                "schema",
                "shop",
                "started_at",
                "status",
                "targets"
            ]
        );
        assert_eq!(document["schema"], "udsync/run/1");
        assert_eq!(document["shop"], "test");
        assert_eq!(document["entities"], json!(["orders"]));
        assert_eq!(document["mode"], "incremental");
        assert_eq!(document["dry_run"], dry_run);
        assert!(is_time(&document["started_at"]) && is_time(&document["finished_at"]));
        assert_eq!(document["run_id"].as_str().expect("an id").len(), 36);
        let tally = &document["targets"]["quickbooks"];
        for (figure, value) in [
            ("read", 2),
            ("created", 1),
            ("updated", 0),
            ("unchanged", 0),
            ("skipped", 0),
            ("held", 1),
            ("failed", 0),
            ("conflicts", 0),
        ] {
            assert_eq!(tally[figure], value, "{figure}");
        }
        assert_eq!(keys(&tally["requests"]), ["reads", "throttled", "writes"]);
        let changes = document["changes"].as_array().expect("changes");
        let entities: Vec<&str> = changes
            .iter()
            .map(|change| change["entity"].as_str().expect("a word"))
            .collect();
        assert_eq!(entities, ["Customer", "Item", "SalesReceipt"]);
        let receipt = &changes[2];
        for key in [
            "target",
            "action",
            "entity",
            "source",
            "doc_number",
            "txn_date",
            "currency",
            "total",
            "tax_total",
            "target_id",
            "body",
            "warnings",
        ] {
            assert!(receipt.get(key).is_some(), "{key}");
        }
        assert_eq!(receipt["action"], "create");
        assert_eq!(
            receipt["source"],
            json!({ "entity": "order", "id": "1042", "number": "1042" })
        );
        assert_eq!(receipt["doc_number"], "WC-1042");
        assert_eq!(receipt["txn_date"], "2026-11-02");
        assert_eq!(
            (&receipt["total"], &receipt["tax_total"]),
            (&json!("21.00"), &json!("1.00"))
        );
        // The body as it will be sent, with references to what does not exist yet.
        let customer = receipt["body"]["CustomerRef"]["value"]
            .as_str()
            .expect("a reference");
        assert!(customer.starts_with("@customer:"), "{customer}");
        let item = receipt["body"]["Line"][0]["SalesItemLineDetail"]["ItemRef"]["value"].as_str();
        assert_eq!(item, Some("@item:sku:MUG"));
        assert_eq!(receipt["target_id"].is_null(), dry_run);
        let problem = &document["problems"][0];
        for key in [
            "id",
            "target",
            "source",
            "state",
            "code",
            "message",
            "hint",
            "retryable",
        ] {
            assert!(problem.get(key).is_some(), "{key}");
        }
        assert_eq!(
            (&problem["state"], &problem["code"]),
            (&json!("held"), &json!("tax_code_unmapped"))
        );
        // An id is given when it is kept.
        assert_eq!(problem["id"].is_null(), dry_run);
    }
    assert_eq!(
        (&foreseen["status"], &done["status"]),
        (&json!("succeeded"), &json!("partial"))
    );
    assert_eq!(done["targets"]["quickbooks"]["requests"]["writes"], 2);

    // -v lists what did not change, and only then.
    world.put_order(&order(1), &json!([]), true);
    let plain = world.run("sync orders --full --json").json();
    assert!(
        plain["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .all(|change| change["action"] != "none")
    );
    let all = world.run("sync orders --full --json -v").json();
    assert!(
        all["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .any(|change| change["action"] == "none")
    );
}

#[test]
fn events_are_a_line_each_and_the_document_is_the_last() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    let ran = world.run("sync orders --json --events --yes").ends_with(3);
    let lines: Vec<Value> = ran
        .out
        .lines()
        .map(|line| serde_json::from_str(line).expect("each line is a document"))
        .collect();
    let (last, events) = lines.split_last().expect("lines");
    assert_eq!(last["schema"], "udsync/run/1");
    let words: Vec<&str> = events
        .iter()
        .map(|event| event["event"].as_str().expect("a word"))
        .collect();
    for word in ["stage", "progress", "written", "problem"] {
        assert!(words.contains(&word), "{word}: {words:?}");
    }
    let written: Vec<&Value> = events
        .iter()
        .filter(|event| event["event"] == "written")
        .collect();
    assert_eq!(written.last().expect("the receipt")["label"], "WC-1");

    // An error is one line too.
    let ran = world.run("sync orders --full --json --events --max-changes 0 --yes");
    let last = ran.out.lines().last().expect("a line");
    assert!(serde_json::from_str::<Value>(last).is_ok(), "{last}");
    let ran = world.run("sync orders --events").ends_with(2);
    assert!(ran.err.contains("hint: add `--json`"), "{}", ran.err);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let world = World::of_orders(orders(1..=30));
    for line in [
        "dry-run orders",
        "dry-run orders --json",
        "sync orders --json --events --yes",
        "history",
        "completions bash",
        "man",
        "help",
    ] {
        let mut child = world
            .command(line)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        // As `head -n 0` does.
        drop(child.stdout.take());
        let mut err = String::new();
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut err)
            .expect("text");
        let code = child.wait().expect("it ends").code();
        assert_eq!(code, Some(0), "{line}: {err}");
        assert!(
            !err.contains("panic") && !err.contains("error"),
            "{line}: {err}"
        );
    }
}

#[test]
fn quiet_says_nothing_but_the_answer() {
    let world = World::of_orders(orders(1..=2));
    let ran = world.run("dry-run orders -q").ends_with(0);
    assert_eq!(ran.err, "");
    assert!(ran.out.contains("2 to create"));
    let ran = world.run("sync orders -q --max-changes 1").ends_with(7);
    assert!(
        ran.out.is_empty() && ran.err.contains("error: "),
        "errors are always said"
    );
}

#[test]
fn the_table_shows_what_and_why_and_adds_it_up() {
    let world = World::of_orders(vec![
        order(1),
        order(2),
        unmapped(3),
        with(
            order(4),
            json!({ "status": "pending", "date_paid": null, "date_paid_gmt": null }),
        ),
        with(order(5), json!({ "total": "21.02" })),
    ]);
    let ran = world.run("sync orders --yes").ends_with(3);
    let rows: Vec<&str> = ran.out.lines().collect();
    assert_eq!(
        rows[0].trim_end(),
        "         document      number  date        total        tax"
    );
    assert_eq!(
        rows[1],
        "created  SalesReceipt  WC-1    2026-11-02  21.00  CAD  1.00"
    );
    assert_eq!(
        rows[3],
        "created  SalesReceipt  WC-5    2026-11-02  21.02  CAD  1.00  rounding line"
    );
    assert!(
        ran.out
            .contains("\nskipped  order `4` is `pending`, which is no sale to post\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("\nheld  tax_code_unmapped\n"),
        "{}",
        ran.out
    );
    assert!(
        ran.out.contains("\ncreated  3  SalesReceipt  63.02  CAD\n"),
        "{}",
        ran.out
    );
    assert_eq!(
        rows.last(),
        Some(&"3 created, 1 skipped, 1 held; 5 customers and items made")
    );
    // No colour where nobody sees it, and none but by choice.
    assert!(!ran.out.contains('\u{1b}'));
    let coloured = world
        .run("sync orders --full --color always -v")
        .ends_with(3);
    assert!(coloured.out.contains("\u{1b}["), "{}", coloured.out);
    for (name, value) in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let mut command = world.command("retry --list");
        let plain = ran_of(command.env(name, value));
        assert!(!plain.out.contains('\u{1b}'));
    }
}

fn ran_of(command: &mut Command) -> Ran {
    ran(command.output().expect("it runs"))
}

// History and retry.

#[test]
fn history_filters_pages_and_shows_one_run() {
    let world = World::of_orders(vec![order(1), unmapped(2)]);
    assert_eq!(world.run("history").ends_with(0).out, "no runs yet\n");
    world.run("sync orders --yes").ends_with(3);
    world.run("sync refunds --yes").ends_with(3);
    world.run("sync orders --full --max-changes 0").ends_with(3);
    world.put_order(&order(3), &json!([]), false);
    world.run("sync orders --max-changes 0").ends_with(7);

    let runs = |line: &str| -> Vec<Value> {
        world.run(&format!("{line} --json")).ends_with(0).json()["runs"]
            .as_array()
            .expect("runs")
            .clone()
    };
    let all = runs("history");
    let statuses: Vec<&Value> = all.iter().map(|run| &run["status"]).collect();
    assert_eq!(statuses, ["refused", "partial", "partial", "partial"]);
    assert_eq!(
        keys(&all[3]),
        [
            "command",
            "entities",
            "finished_at",
            "mode",
            "run_id",
            "shop",
            "started_at",
            "status",
            "targets"
        ]
    );
    assert_eq!(all[3]["targets"]["quickbooks"]["created"], 1);
    assert_eq!(runs("history --status partial").len(), 3);
    assert_eq!(runs("history --entity refunds").len(), 1);
    assert_eq!(runs("history --since 2026-01-01").len(), 4);
    assert_eq!(runs("history --until 2026-01-01").len(), 0);
    assert_eq!(runs("history --limit 3").len(), 3);
    assert_eq!(runs("history --limit 3 --page 2"), all[3..]);
    assert_eq!(
        world.run("history --until 2026-01-01").ends_with(0).out,
        "no run fits\n"
    );

    let csv = world.run("history --output csv").ends_with(0).out;
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let headers: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_owned)
        .collect();
    for column in ["run_id", "status", "started_at", "created", "held"] {
        assert!(headers.iter().any(|header| header == column), "{column}");
    }
    assert_eq!(reader.records().count(), 4);

    let id = all[3]["run_id"].as_str().expect("an id");
    let text = world
        .run(&format!("history {}", &id[..13]))
        .ends_with(0)
        .out;
    for words in [
        id,
        "sync orders (incremental)",
        "partial",
        "WC-1",
        "SalesReceipt",
        "21.00",
        "reads that Intuit counts",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    let document = world
        .run(&format!("history {id} --json"))
        .ends_with(0)
        .json();
    assert_eq!(document["schema"], "udsync/run/1");
    assert_eq!(document["run_id"], id);
    assert!(
        document["changes"]
            .as_array()
            .expect("changes")
            .iter()
            .any(|change| change["doc_number"] == "WC-1")
    );
    let csv = world
        .run(&format!("history {id} --output csv"))
        .ends_with(0)
        .out;
    assert!(
        csv.contains("SalesReceipt,order,1,1,WC-1,2026-11-02,CAD,21.00,1.00"),
        "{csv}"
    );

    let unknown = world.run("history ffffffff --json").ends_with(1).json();
    assert_eq!(unknown["code"], "run_unknown");
}

#[test]
fn what_is_held_is_listed_tried_again_and_set_aside() {
    let world = World::of_orders(vec![unmapped(1), unmapped(2), order(3)]);
    assert_eq!(
        world.run("retry --list").ends_with(0).out,
        "nothing is held or failed\n"
    );
    world.run("sync orders --yes").ends_with(3);
    let list = world.run("retry --list --json").ends_with(0).json();
    assert_eq!(list["schema"], "udsync/problems/1");
    let ids: Vec<String> = list["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|problem| problem["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids.len(), 2);
    let text = world.run("retry").ends_with(0).out;
    assert!(
        ids.iter().all(|id| text.contains(id.as_str())),
        "no id and no --all: it lists them: {text}"
    );

    // Nothing has changed, so it is held again, under the same id.
    let again = world
        .run(&format!("retry {} --json", ids[0].to_lowercase()))
        .ends_with(3)
        .json();
    assert_eq!(
        (&again["command"], &again["problems"][0]["id"]),
        (&json!("retry"), &json!(ids[0]))
    );
    assert_eq!(again["targets"]["quickbooks"]["read"], 1);

    world.run(&format!("retry --skip {}", ids[1])).ends_with(2);
    let set_aside = world
        .command(&format!("retry --skip {} --json", ids[1]))
        .args(["--why", "entered by hand"])
        .output();
    let set_aside = ran(set_aside.expect("it runs")).ends_with(0).json();
    assert_eq!(set_aside["problems"][0]["state"], "set_aside");

    // The configuration is mended: the held one goes, the one set aside stays out.
    let mended = format!("{BOOKS}[[books.tax.codes]]\nwoo = [\"77\"]\ncode = \"GST\"\n")
        .replace("rates = { ", "rates = { \"77\" = \"GST 5%\", ");
    world.configure(&mended);
    let done = world.run("retry --all --json").ends_with(0);
    assert_eq!(created(&done), ["WC-1"]);
    world.run("sync orders --full").ends_with(0);
    let mut postings = world.postings();
    postings.sort();
    assert_eq!(
        postings,
        [
            "SalesReceipt WC-1 21.00 active",
            "SalesReceipt WC-3 21.00 active"
        ]
    );
    assert_eq!(
        world.run("retry --list").ends_with(0).out,
        "nothing is held or failed\n"
    );

    for line in ["retry ZZZZ", "retry 4711"] {
        let unknown = world.run(line).ends_with(1);
        assert!(
            unknown.err.contains("nothing is held or failed under"),
            "{}",
            unknown.err
        );
        assert!(unknown.err.contains("`udsync retry --list`"));
    }
    // An order is as good as an id, as long as something of it is held.
    let world = World::of_orders(vec![unmapped(1)]);
    world.run("sync orders").ends_with(3);
    world.run("retry 1").ends_with(3);
    // A sync comes back to it by itself, once it can be posted.
    world.configure(&mended);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn refunds_alone_are_the_orders_that_have_some() {
    let world = World::of_orders(orders(1..=3));
    world.run("sync orders --yes").ends_with(0);
    let refunded = with(
        order(2),
        json!({ "status": "refunded", "refunds": [{ "id": 900, "reason": "", "total": "-21.00" }] }),
    );
    world.put_order(&refunded, &json!([refund(900, 2)]), false);
    world.put_order(&order(4), &json!([]), false);
    let ran = world.run("sync refunds --yes --json").ends_with(0);
    assert_eq!(created(&ran), ["WC-2-R900"]);
    assert_eq!(ran.json()["entities"], json!(["refunds"]));
    // It has not moved the cursor over the order it did not look at.
    let ran = world.run("sync orders --yes --json").ends_with(0);
    assert_eq!(created(&ran), ["WC-4"]);
    assert_eq!(world.postings().len(), 5);
}

// Scopes.

#[test]
fn days_are_days_of_the_books_and_both_ends_are_in() {
    // Edmonton is seven hours behind in winter: the 2nd begins at 07:00 UTC.
    let at = |id: u64, gmt: &str| {
        with(
            order(id),
            json!({ "date_created_gmt": gmt, "date_modified_gmt": gmt, "date_paid_gmt": gmt }),
        )
    };
    let list = || {
        vec![
            at(1, "2026-11-02T06:59:59"),
            at(2, "2026-11-02T07:00:00"),
            at(3, "2026-11-03T06:59:59"),
            at(4, "2026-11-03T07:00:00"),
        ]
    };
    for (line, numbers) in [
        ("--since 2026-11-02", vec!["WC-2", "WC-3", "WC-4"]),
        ("--until 2026-11-02", vec!["WC-1", "WC-2", "WC-3"]),
        (
            "--since 2026-11-02 --until 2026-11-02",
            vec!["WC-2", "WC-3"],
        ),
        ("--since 2026-11-04", vec![]),
    ] {
        let world = World::of_orders(list());
        let ran = world
            .run(&format!("dry-run orders {line} --json"))
            .ends_with(0);
        assert_eq!(created(&ran), numbers, "{line}");
        assert_eq!(ran.json()["mode"], "selected");
    }
}

#[test]
fn a_filter_by_hand_never_moves_the_cursor() {
    for filter in [
        "--since 2026-11-02",
        "--until 2026-11-02",
        "--status processing",
        "--id 2",
        "--limit 1",
    ] {
        let world = World::of_orders(vec![
            with(
                order(1),
                json!({ "date_created_gmt": "2026-10-01T12:00:00", "date_modified_gmt": "2026-10-01T12:00:00" }),
            ),
            order(2),
            with(
                order(3),
                json!({ "status": "completed", "date_created_gmt": "2026-11-05T12:00:00", "date_modified_gmt": "2026-11-05T12:00:00" }),
            ),
        ]);
        let some = world
            .run(&format!("sync orders {filter} --json --yes"))
            .ends_with(0);
        let first = created(&some);
        assert!((1..3).contains(&first.len()), "{filter}: {first:?}");
        let rest = world.run("sync orders --json --yes").ends_with(0);
        assert_eq!(first.len() + created(&rest).len(), 3, "{filter}: {first:?}");
        assert_eq!(world.postings().len(), 3);
        // And the run without one does.
        world.forget_requests();
        let none = world.run("sync orders --json").ends_with(0);
        assert_eq!(created(&none), Vec::<String>::new());
        let asked = world.store("requests");
        let orders = asked.as_array().and_then(|all| {
            all.iter()
                .find(|one| one["path"] == "/wp-json/wc/v3/orders")
        });
        assert!(
            orders.is_some_and(|orders| orders["query"]["modified_after"].is_string()),
            "{filter}: {asked}"
        );
    }
}

#[test]
fn limits_statuses_and_ids_choose() {
    let world = World::of_orders(vec![
        with(
            order(1),
            json!({ "date_modified_gmt": "2026-11-02T17:01:01" }),
        ),
        with(
            order(2),
            json!({ "date_modified_gmt": "2026-11-02T17:01:02", "status": "completed" }),
        ),
        with(
            order(3),
            json!({ "date_modified_gmt": "2026-11-02T17:01:03" }),
        ),
    ]);
    let chosen = |line: &str| {
        created(
            &world
                .run(&format!("dry-run orders {line} --json"))
                .ends_with(0),
        )
    };
    assert_eq!(chosen("--limit 2"), ["WC-1", "WC-2"]);
    assert_eq!(chosen("--limit 9"), ["WC-1", "WC-2", "WC-3"]);
    assert_eq!(chosen("--status completed"), ["WC-2"]);
    assert_eq!(
        chosen("--status completed,processing"),
        ["WC-1", "WC-2", "WC-3"]
    );
    assert_eq!(chosen("--id 1,3"), ["WC-1", "WC-3"]);
    assert_eq!(chosen("--id 3 --id 2"), ["WC-2", "WC-3"]);
    let unknown = world.run("dry-run orders --id 3,4711 --json").ends_with(0);
    assert_eq!(created(&unknown), ["WC-3"]);
    assert_eq!(unknown.err, "note: the shop has no order with id 4711\n");
    // Limited run after limited run comes to the end of it.
    for left in [2, 1, 0] {
        world.run("sync orders --limit 1 --yes").ends_with(0);
        assert_eq!(world.postings().len(), 3 - left);
    }
}

// The environment.

#[test]
fn every_flag_has_a_variable_and_a_flag_wins_over_it() {
    let world = World::of_orders(orders(1..=3));
    let run = |line: &str, variables: &[(&str, &str)]| {
        let mut command = world.command(line);
        command.envs(variables.iter().copied());
        ran_of(&mut command)
    };
    assert_eq!(
        created(&run(
            "dry-run orders",
            &[("UDSYNC_JSON", "1"), ("UDSYNC_ID", "1,2")]
        )),
        ["WC-1", "WC-2"]
    );
    assert_eq!(
        created(&run(
            "dry-run orders --id 3",
            &[("UDSYNC_JSON", "true"), ("UDSYNC_ID", "1,2")]
        )),
        ["WC-3"]
    );
    // What says no is no.
    for no in ["0", "false", ""] {
        let ran = run(
            "dry-run orders",
            &[("UDSYNC_JSON", no), ("UDSYNC_EXIT_CODE", "1")],
        )
        .ends_with(10);
        assert!(ran.out.contains("3 to create"), "{no}: {}", ran.out);
    }
    assert!(
        run("dry-run orders", &[("UDSYNC_OUTPUT", "csv")])
            .out
            .starts_with("target,action")
    );
    assert!(
        run("dry-run orders --output csv", &[("UDSYNC_JSON", "1")])
            .out
            .starts_with("target,action")
    );
    assert!(
        run("dry-run orders --json", &[("UDSYNC_OUTPUT", "csv")])
            .out
            .starts_with('{')
    );
    assert_eq!(run("dry-run orders", &[("UDSYNC_QUIET", "1")]).err, "");
    assert!(
        run("dry-run orders -v", &[("UDSYNC_QUIET", "1")])
            .err
            .contains("read the shop")
    );
    assert!(
        run("dry-run orders", &[("UDSYNC_VERBOSE", "2")])
            .err
            .contains("answered")
    );
    assert_eq!(
        created(&run(
            "dry-run orders --id 1",
            &[("UDSYNC_JSON", "1"), ("UDSYNC_LIMIT", "7")]
        )),
        ["WC-1"]
    );
    run("sync orders", &[("UDSYNC_MAX_CHANGES", "1")]).ends_with(7);
    run(
        "sync orders --max-changes 3",
        &[("UDSYNC_MAX_CHANGES", "1"), ("UDSYNC_DRY_RUN", "yes")],
    )
    .ends_with(0);
    assert_eq!(world.postings(), Vec::<String>::new(), "that was a dry run");
    run(
        "sync orders",
        &[("UDSYNC_EXIT_CODE", "1"), ("UDSYNC_YES", "1")],
    )
    .ends_with(0);
    assert_eq!(world.postings().len(), 3);
    // A mistake in a variable is a mistake, and JSON is JSON.
    let wrong = run(
        "dry-run orders",
        &[("UDSYNC_LIMIT", "many"), ("UDSYNC_JSON", "1")],
    )
    .ends_with(2);
    assert_eq!(wrong.json()["code"], "usage");
}

#[test]
fn configuration_shop_and_state_are_found_where_they_are_said_to_be() {
    let world = World::of_orders(vec![order(1)]);
    let folder = world.home.path().join(".config/udsync");
    std::fs::create_dir_all(&folder).expect("a folder");
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    for name in ["aurora", "borealis"] {
        let text = text.replace(
            "name = \"test\"\nstate = \"test.db\"",
            &format!("name = \"{name}\""),
        );
        std::fs::write(folder.join(format!("{name}.toml")), text).expect("written");
    }
    let run = |line: &str, variables: &[(&str, &str)]| {
        let mut command = world.command(line);
        command.envs(variables.iter().copied());
        ran_of(&mut command)
    };
    let path = |line: &str, variables: &[(&str, &str)]| {
        let out = run(line, variables).ends_with(0).out;
        let name = std::path::Path::new(out.trim_end())
            .file_name()
            .expect("a name")
            .to_owned();
        name.to_string_lossy().into_owned()
    };
    assert_eq!(path("config path", &[]), "udsync.toml");
    assert_eq!(path("config path --shop aurora", &[]), "aurora.toml");
    assert_eq!(
        path("config path", &[("UDSYNC_SHOP", "aurora")]),
        "aurora.toml"
    );
    assert_eq!(
        path("config path --shop borealis", &[("UDSYNC_SHOP", "aurora")]),
        "borealis.toml"
    );
    assert_eq!(
        path(
            "config path --shop aurora",
            &[("UDSYNC_CONFIG", "udsync.toml")]
        ),
        "aurora.toml"
    );
    assert_eq!(
        path(
            "config path --config udsync.toml",
            &[("UDSYNC_SHOP", "aurora")]
        ),
        "udsync.toml"
    );
    assert_eq!(
        path(
            "config path --config other.toml",
            &[("UDSYNC_CONFIG", "x.toml")]
        ),
        "other.toml"
    );
    run("config path --config udsync.toml --shop aurora", &[]).ends_with(2);

    run("dry-run orders --shop aurora", &[]).ends_with(0);
    assert!(
        world
            .home
            .path()
            .join(".local/state/udsync/aurora.db")
            .is_file()
    );
    run("sync orders", &[("UDSYNC_STATE", "variable.db")]).ends_with(0);
    run(
        "sync orders --state flag.db",
        &[("UDSYNC_STATE", "variable2.db")],
    )
    .ends_with(0);
    run("sync orders", &[]).ends_with(0);
    for (name, there) in [
        ("variable.db", true),
        ("flag.db", true),
        ("variable2.db", false),
        ("test.db", true),
    ] {
        assert_eq!(world.home.path().join(name).is_file(), there, "{name}");
    }
    // Each new state found what was posted already.
    assert_eq!(world.postings().len(), 1);
    let shown = run(
        "config show",
        &[("UDSYNC_QUICKBOOKS_COMPANY_ID", "9341454000000001")],
    )
    .ends_with(0)
    .out;
    assert!(shown.contains("UDSYNC_QUICKBOOKS_COMPANY_ID"), "{shown}");
}

// Signals.

/// Sends a signal to a child of this test.
fn send(signal: &str, child: &std::process::Child) {
    let done = Command::new("kill")
        .args([signal, &child.id().to_string()])
        .status();
    assert!(done.expect("kill is there").success());
}

#[test]
fn an_interrupted_run_records_what_it_did_and_the_next_one_goes_on() {
    for signal in ["-INT", "-TERM"] {
        let world = World::of_orders(orders(1..=6));
        let text = std::fs::read_to_string(&world.config).expect("the configuration");
        let text = text.replace(
            "[quickbooks]\n",
            "[quickbooks]\nbatch_size = 1\nconcurrency = 1\n",
        );
        std::fs::write(&world.config, text).expect("written");
        world.tell_books(
            "mishaps",
            json!({ "what": "delay", "ms": 1500, "operation": "create SalesReceipt", "skip": 2 }),
        );
        let child = world.start("sync orders --yes --json");
        until("the third receipt is under way", || {
            let counts = world.books("mishaps");
            counts[0]["fired"] == 1
        });
        send(signal, &child);
        let stopped = ran(child.wait_with_output().expect("it ends")).ends_with(130);
        assert!(
            stopped
                .err
                .contains("stopping after the requests under way"),
            "{}",
            stopped.err
        );
        let document = stopped.json();
        assert_eq!(document["status"], "interrupted");
        assert_eq!(document["targets"]["quickbooks"]["created"], 3);
        assert_eq!(world.postings().len(), 3);
        let history = world.run("history --json").json();
        assert_eq!(history["runs"][0]["status"], "interrupted");
        assert_eq!(history["runs"][0]["targets"]["quickbooks"]["created"], 3);

        forget_mishaps(&world);
        let rest = world.run("sync orders --yes --json").ends_with(0);
        assert_eq!(rest.figure("created"), 3);
        let mut postings = world.postings();
        postings.sort();
        postings.dedup();
        assert_eq!(postings.len(), 6);
    }
}

#[test]
fn the_history_knows_what_a_killed_run_did() {
    let world = World::of_orders(orders(1..=4));
    let text = std::fs::read_to_string(&world.config).expect("the configuration");
    let text = text.replace(
        "[quickbooks]\n",
        "[quickbooks]\nbatch_size = 1\nconcurrency = 1\n",
    );
    std::fs::write(&world.config, text).expect("written");
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 60_000, "operation": "create SalesReceipt", "skip": 2 }),
    );
    let mut child = world.start("sync orders --yes");
    until("the third receipt is under way", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    child.kill().expect("killed");
    child.wait().expect("gone");
    world.run("sync orders --yes").ends_with(0);
    let runs = world.run("history --json").json()["runs"].clone();
    // The third was asked for by the killed run, and sent again by the one that came after.
    assert_eq!(runs[0]["targets"]["quickbooks"]["created"], 1);
    assert_eq!(runs[1]["status"], "interrupted");
    assert_eq!(runs[1]["targets"]["quickbooks"]["created"], 3);
    let id = runs[1]["run_id"].as_str().expect("an id");
    let killed = world.run(&format!("history {id}")).ends_with(0).out;
    for (number, there) in [("WC-1 ", true), ("WC-3 ", true), ("WC-4 ", false)] {
        assert_eq!(killed.contains(number), there, "{number}: {killed}");
    }
    assert_eq!(world.postings().len(), 4);
}

#[test]
fn an_interrupted_reading_has_written_nothing_and_says_so() {
    let world = World::of_orders(orders(1..=2));
    world.tell_store("mishaps", json!({ "what": "delay", "ms": 60_000 }));
    for (line, recorded) in [
        ("sync orders --yes --json", 1),
        ("dry-run orders --json", 1),
    ] {
        world.forget_requests();
        let child = world.start(line);
        until("the shop is asked", || {
            world
                .store("requests")
                .as_array()
                .is_some_and(|list| !list.is_empty())
        });
        send("-INT", &child);
        let stopped = ran(child.wait_with_output().expect("it ends")).ends_with(130);
        let document = stopped.json();
        assert_eq!(
            (&document["schema"], &document["code"]),
            (&json!("udsync/error/1"), &json!("interrupted"))
        );
        let runs = world.run("history --json").json()["runs"]
            .as_array()
            .expect("runs")
            .len();
        assert_eq!(runs, recorded);
        world.tell_store("mishaps", json!({ "what": "delay", "ms": 60_000 }));
    }
}

#[test]
fn a_second_signal_ends_at_once_and_loses_nothing() {
    let world = World::of_orders(vec![order(1)]);
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 4_000, "operation": "create SalesReceipt" }),
    );
    let mut child = world.start("sync orders --yes");
    let mut err = BufReader::new(child.stderr.take().expect("piped"));
    until("the receipt is under way", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    send("-INT", &child);
    let mut line = String::new();
    err.read_line(&mut line).expect("a line");
    assert!(
        line.contains("press Ctrl-C again to stop at once"),
        "{line}"
    );
    let began = std::time::Instant::now();
    send("-INT", &child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert!(began.elapsed().as_millis() < 2_000);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn nobody_who_stops_a_run_waits_for_the_end_of_a_pause() {
    let world = World::of_orders(vec![order(1)]);
    world.tell_books(
        "mishaps",
        json!({ "what": "throttle", "retry_after": 2, "operation": "create SalesReceipt" }),
    );
    let mut command = world.command("sync orders --yes");
    command.env("UDSYNC_FIRST_PAUSE_MS", "2000");
    let mut child = command.stderr(Stdio::null()).spawn().expect("it starts");
    until("the receipt was put off", || {
        world.books("mishaps")[0]["fired"] == 1
    });
    // After the pause it would have been sent again, and the run would have been complete.
    send("-INT", &child);
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(world.postings(), [] as [String; 0]);
    world.run("sync orders --yes").ends_with(0);
    assert_eq!(world.postings(), ["SalesReceipt WC-1 21.00 active"]);
}

#[test]
fn a_long_wait_is_told() {
    let world = World::of_orders(orders(1..=2));
    world.tell_books(
        "mishaps",
        json!({ "what": "throttle", "retry_after": 5, "operation": "query" }),
    );
    world.tell_books(
        "mishaps",
        json!({ "what": "throttle", "retry_after": 5, "path": "companyinfo" }),
    );
    let mut command = world.command("sync orders --yes");
    // As long as the books ask for.
    command.env("UDSYNC_FIRST_PAUSE_MS", "5000");
    let ran = ran(command.output().expect("the binary runs")).ends_with(0);
    assert!(
        ran.err.contains("waiting 5 s for QuickBooks"),
        "{}",
        ran.err
    );
    assert_eq!(
        ran.err.matches("waiting").count(),
        ran.err.lines().count(),
        "once for each pause: {}",
        ran.err
    );
}

// The sandbox, completions and the manual.

#[test]
fn the_sandbox_serves_until_it_is_interrupted() {
    let home = tempfile::tempdir().expect("a folder");
    let mut sandbox = bare_command(home.path())
        .args(["sandbox", "--into", "shop", "--orders", "12"])
        .stderr(Stdio::piped())
        .spawn()
        .expect("it starts");
    let folder = home.path().join("shop");
    until("the files are there", || {
        folder.join("sandbox.env").is_file()
    });
    let variables = std::fs::read_to_string(folder.join("sandbox.env")).expect("the environment");
    let run = |line: &str| {
        let mut command = bare_command(&folder);
        command.args(line.split(' ')).env("HOME", &folder);
        for line in variables.lines() {
            let (name, value) = line
                .trim_start_matches("export ")
                .split_once('=')
                .expect("a variable");
            command.env(name, value);
        }
        ran_of(&mut command)
    };
    let first = run("sync orders --json --yes");
    assert!([0, 3].contains(&first.code), "{}", first.err);
    assert!(first.figure("created") >= 10);
    let second = run("sync orders --full --json --yes");
    assert_eq!(second.figure("created"), 0, "nothing is posted twice");
    send("-INT", &sandbox);
    assert!(sandbox.wait().expect("it ends").success());

    let sandbox = bare_command(home.path())
        .args(["sandbox", "--json"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut sandbox = sandbox.expect("it starts");
    let mut err = BufReader::new(sandbox.stderr.take().expect("piped"));
    let mut line = String::new();
    err.read_line(&mut line).expect("a line");
    assert!(line.contains("Ctrl-C"), "{line}");
    send("-TERM", &sandbox);
    let document = ran(sandbox.wait_with_output().expect("it ends"))
        .ends_with(0)
        .json();
    assert_eq!(document["schema"], "udsync/sandbox/1");
}

#[test]
fn completions_and_manual_come_from_the_words_themselves() {
    let home = tempfile::tempdir().expect("a folder");
    let run = |line: &str| {
        let mut command = bare_command(home.path());
        ran_of(command.args(line.split(' ')))
    };
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(
            run(&format!("completions {shell}"))
                .ends_with(0)
                .out
                .contains("dry-run"),
            "{shell}"
        );
    }
    assert!(run("man").ends_with(0).out.contains(".TH udsync 1"));
    assert!(run("man dry-run").ends_with(0).out.contains("exit\\-code"));
    assert!(
        run("man snyc")
            .ends_with(2)
            .err
            .contains("there is no command `snyc`")
    );
    // Several words, a matter, one whose name a command has too, and with its section.
    for (words, title) in [
        ("man history metrics", ".TH udsync\\-history\\-metrics 1"),
        ("man setup", ".TH udsync\\-setup 7"),
        ("man udsync-codes", ".TH udsync\\-codes 7"),
        ("man udsync.toml", ".TH udsync.toml 5"),
        ("man mapping", ".TH udsync\\-mapping 1"),
        ("man mapping.5", ".TH udsync\\-mapping 5"),
    ] {
        let page = run(words).ends_with(0).out;
        assert!(page.starts_with(title), "{words}: {page}");
    }
    // What is listed can be typed.
    let listed = run("man --list").ends_with(0).out;
    assert!(listed.lines().count() > 20, "{listed}");
    for line in listed.lines() {
        let words = line.split("  ").next().expect("a line begins");
        run(words.trim_start_matches("udsync ")).ends_with(0);
    }
    // And `man` finds all of them where they are put.
    run("man --into pages").ends_with(0);
    for page in [
        "man1/udsync-sync.1",
        "man5/udsync.toml.5",
        "man7/udsync-setup.7",
    ] {
        assert!(home.path().join("pages").join(page).exists(), "{page}");
    }
    std::fs::write(home.path().join("taken"), "").expect("a file");
    run("man --into taken").ends_with(1);
    assert!(run("--version").ends_with(0).out.starts_with("udsync "));
    run("completions tcsh").ends_with(2);
}
