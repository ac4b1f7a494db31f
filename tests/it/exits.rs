//! Exit codes: every code of the contract, each with the story that ends with it, through the binary.
//!
//! 8 belongs to a command that does not exist yet.

use serde_json::json;

use crate::order::{order, orders, unmapped};
use crate::world::{BOOKS, Ran, World, ran, until};

struct Story {
    code: i32,
    tells: &'static str,
    run: fn() -> Ran,
}

const STORIES: [Story; 14] = [
    Story {
        code: 0,
        tells: "all is posted",
        run: || World::of_orders(vec![order(1)]).run("sync orders"),
    },
    Story {
        code: 1,
        tells: "what was asked for is not there",
        run: || World::of_orders(vec![]).run("history 0192f3c4"),
    },
    Story {
        code: 2,
        tells: "words that no command has",
        run: || World::of_orders(vec![]).run("sync ordres"),
    },
    Story {
        code: 2,
        tells: "a mistake in the configuration",
        run: || {
            let world = World::of_orders(vec![]);
            world.configure("[books]\ntimezone = \"Mars/Olympus\"\n");
            world.run("sync orders")
        },
    },
    Story {
        code: 3,
        tells: "an order is held",
        run: || World::of_orders(vec![order(1), unmapped(2)]).run("sync orders"),
    },
    Story {
        code: 4,
        tells: "the shop refuses the keys",
        run: || {
            let world = World::of_orders(vec![order(1)]);
            let mut command = world.command("sync orders");
            command.env(
                "UDSYNC_WOOCOMMERCE_SECRET",
                "cs_9999999999999999999999999999999999999999",
            );
            ran(command.output().expect("it runs"))
        },
    },
    Story {
        code: 5,
        tells: "nobody answers at the address of the books",
        run: || {
            let mut world = World::of_orders(vec![order(1)]);
            world.close_books();
            world.run("sync orders")
        },
    },
    Story {
        code: 6,
        tells: "an order has changed since the plan was saved",
        run: || {
            let world = World::of_orders(vec![order(1)]);
            world.run("dry-run orders --out plan.json").ends_with(0);
            let mut edited = order(1);
            edited["line_items"][0]["name"] = json!("Cup");
            world.put_order(&edited, &json!([]), false);
            world.run("apply plan.json")
        },
    },
    Story {
        code: 7,
        tells: "more changes than are allowed",
        run: || World::of_orders(orders(1..=2)).run("sync orders --max-changes 1"),
    },
    Story {
        code: 7,
        tells: "much to write, and nobody to ask",
        run: || {
            let world = World::of_orders(orders(1..=2));
            let text = std::fs::read_to_string(&world.config).expect("written");
            let text = text.replace("confirm_over = 100000", "confirm_over = 1");
            std::fs::write(&world.config, text).expect("written again");
            world.run("sync orders")
        },
    },
    Story {
        code: 9,
        tells: "a mapping no longer does what its case expects",
        run: || {
            let world = World::of_orders(vec![]);
            let folder = world.home.path().join("mappings/woocommerce-quickbooks");
            std::fs::create_dir_all(&folder).expect("made");
            let mapping = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n[fields]\nmemo = \"number\"\n";
            let cases = "[records]\na = '{\"id\": 1}'\n[[case]]\nname = \"a\"\nrecord = \"a\"\nhas = { memo = \"1042\" }\n";
            std::fs::write(folder.join("orders.toml"), mapping).expect("written");
            std::fs::write(folder.join("orders.cases.toml"), cases).expect("written");
            world.run("mapping test")
        },
    },
    Story {
        code: 10,
        tells: "a dry run finds something to write",
        run: || World::of_orders(vec![order(1)]).run("dry-run orders --exit-code"),
    },
    Story {
        code: 11,
        tells: "another run is at work",
        run: || {
            let world = at_work();
            let mut first = world.start("sync orders");
            until("the first is at work", || {
                !world.books("requests").as_array().is_none_or(Vec::is_empty)
            });
            let second = world.run("sync orders");
            first.kill().expect("ended");
            first.wait().expect("gone");
            second
        },
    },
    Story {
        code: 130,
        tells: "somebody breaks it off",
        run: || {
            let world = at_work();
            let first = world.start("sync orders");
            until("it is at work", || {
                !world.books("requests").as_array().is_none_or(Vec::is_empty)
            });
            let sent = std::process::Command::new("kill")
                .args(["-INT", &first.id().to_string()])
                .status();
            assert!(sent.expect("kill runs").success());
            ran(first.wait_with_output().expect("it ends"))
        },
    },
];

/// Books that take their time with everything.
fn at_work() -> World {
    let world = World::of_orders(vec![order(1)]);
    world.configure(BOOKS);
    world.tell_books(
        "mishaps",
        json!({ "what": "delay", "ms": 3_000, "times": null }),
    );
    world
}

#[test]
fn every_exit_code_has_its_story() {
    for story in &STORIES {
        let ran = (story.run)();
        assert_eq!(
            ran.code, story.code,
            "{}\nstdout: {}\nstderr: {}",
            story.tells, ran.out, ran.err
        );
        // Trouble is said on standard error; of what was found, the answer tells.
        let ends_early = ![0, 3, 9, 10].contains(&story.code);
        assert_eq!(
            ran.err.to_lowercase().contains("error: "),
            ends_early,
            "{}: {}",
            story.tells,
            ran.err
        );
    }
    let mut codes: Vec<i32> = STORIES.iter().map(|story| story.code).collect();
    codes.dedup();
    assert_eq!(codes, [0, 1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 130]);
}
