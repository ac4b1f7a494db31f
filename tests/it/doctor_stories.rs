//! Stories of the health check: each breaks one thing, and exactly that is found.

use serde_json::{Value, json};

use crate::doctor::{DOCTOR, books, books_company, findings, text, troubles};
use crate::order::{order, orders, unmapped, with};
use crate::world::{World, shop};

/// Something that is broken, and what is found.
struct Story {
    name: &'static str,
    shop: fn(&mut Value),
    company: fn(&mut Value),
    config: fn(String) -> String,
    then: fn(&mut World),
    /// `problem books.accounts`
    finds: &'static str,
    said: &'static str,
    fix: &'static str,
    /// What else is told, because one thing comes of the other.
    brings: &'static [&'static str],
    exit: i32,
}

const NOTHING: Story = Story {
    name: "",
    shop: |_| {},
    company: |_| {},
    config: |text| text,
    then: |_| {},
    finds: "",
    said: "",
    fix: "",
    brings: &[],
    exit: 1,
};

fn swept_never(world: &mut World) {
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let text = text.replace("[woocommerce]\n", "[woocommerce]\nfull_sweep = \"off\"\n");
    std::fs::write(&world.config, text).expect("written again");
}

fn stories() -> Vec<Story> {
    vec![
        Story {
            name: "an account is missing",
            config: |text| {
                text.replace(
                    "paypal = \"PayPal Clearing\"",
                    "paypal = \"Paypal Account\"",
                )
            },
            finds: "problem books.accounts",
            said: "the account `Paypal Account` does not exist",
            fix: "add it in QuickBooks, or correct the name there",
            ..NOTHING
        },
        Story {
            name: "an account was made inactive",
            company: |company| company["accounts"][1]["active"] = json!(false),
            finds: "problem books.accounts",
            said: "the account `PayPal Clearing` is inactive",
            fix: "make it active in QuickBooks",
            ..NOTHING
        },
        Story {
            name: "an account takes no deposits",
            config: |text| {
                text.replace(
                    "paypal = \"PayPal Clearing\"",
                    "paypal = \"Sales of Product Income\"",
                )
            },
            finds: "problem books.accounts",
            said: "the account `Sales of Product Income` for `\"paypal\"` is of type `Income`",
            fix: "name a clearing account of type Bank for `\"paypal\"` in `[books.deposit]`",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "an item was made inactive",
            company: |company| company["items"][0]["active"] = json!(false),
            finds: "problem books.items",
            said: "the item `Shipping` for `shipping` in `[books.items]` is inactive",
            fix: "make it active in QuickBooks",
            ..NOTHING
        },
        Story {
            name: "a tax code is gone",
            config: |text| text.replace("export_code = \"Zero-rated\"", "export_code = \"Export\""),
            finds: "problem books.tax_codes",
            said: "the tax code `Export` does not exist or is inactive",
            fix: "or correct the name there",
            ..NOTHING
        },
        Story {
            name: "a tax rate is gone",
            config: |text| text.replace("\"3\" = \"HST ON 13%\"", "\"3\" = \"HST ON 15%\""),
            finds: "problem books.tax_rates",
            said: "the tax rate `HST ON 15%` does not exist",
            fix: "or correct the name there",
            ..NOTHING
        },
        Story {
            name: "a payment method is gone",
            config: |text| text.replace("cod = \"Cash\"", "cod = \"Coins\""),
            finds: "problem books.payment_methods",
            said: "the payment method `Coins` does not exist",
            fix: "or correct the name there",
            ..NOTHING
        },
        Story {
            name: "QuickBooks numbers documents itself",
            company: |company| company["company"]["custom_txn_numbers"] = json!(false),
            finds: "warning books.numbers",
            said: "QuickBooks numbers documents itself",
            fix: "turn on Custom transaction numbers",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "QuickBooks takes two documents of one number",
            company: |company| company["company"]["warn_duplicate_numbers"] = json!(false),
            finds: "warning books.number_warning",
            said: "QuickBooks takes two documents of one number",
            fix: "turn on `Warn if duplicate check number is used`",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "the shop sells in dollars",
            shop: |shop| shop["orders"][1] = with(order(2), json!({ "currency": "USD" })),
            finds: "problem books.currency",
            said: "the shop sells in `USD`, and the books keep `CAD` only",
            fix: "turn on Multicurrency",
            ..NOTHING
        },
        Story {
            name: "tax is switched off in the books",
            company: |company| company["company"]["using_sales_tax"] = json!(false),
            finds: "problem books.tax_model",
            said: "the shop charges tax, and sales tax is switched off in QuickBooks",
            fix: "set up sales tax in QuickBooks",
            ..NOTHING
        },
        Story {
            name: "the books are closed beyond today",
            company: |company| company["company"]["books_closed_through"] = json!("2099-12-31"),
            finds: "warning books.closing_date",
            said: "the books are closed through 2099-12-31, which is not over yet",
            fix: "move the closing date",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "a set of rates has no code",
            shop: |shop| shop["orders"][1] = unmapped(2),
            finds: "problem mapping.tax_codes",
            brings: &["problem mapping.tax_rates"],
            said: "the rates `CA-NEW-1` (New tax) together have no tax code",
            fix: "[[books.tax.codes]]\nwoo = [\"CA-NEW-1\"]\ncode = \"<the QuickBooks tax code>\"",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "a rate has no rate",
            config: |text| {
                text.replace("\"1\" = \"GST 5%\", ", "")
                    .replace("\"CA-GST-1\" = \"GST 5%\", ", "")
            },
            finds: "problem mapping.tax_rates",
            said: "the rate `CA-GST-1` (GST) has no rate of the books",
            fix: "[books.tax.rates]\n\"CA-GST-1\" = \"<the QuickBooks tax rate>\"",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "money has no account",
            config: |text| {
                text.replace("\"*\" = \"Undeposited Funds\"\n", "bacs = \"Undeposited Funds\"\ncheque = \"Undeposited Funds\"\ncod = \"Undeposited Funds\"\n")
            },
            shop: |shop| shop["orders"][1] = with(order(2), json!({ "payment_method": "till" })),
            finds: "problem mapping.gateways",
            said: "money in `CAD` by `till` has no account",
            fix: "[books.deposit]\n\"till\" = \"<the QuickBooks account>\"",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "a status of a plugin",
            shop: |shop| {
                shop["statuses"] = json!(["packed"]);
                shop["orders"][1] = with(order(2), json!({ "status": "packed" }));
            },
            finds: "problem mapping.statuses",
            said: "nobody has said whether orders in the status `packed` are sales",
            fix: "[books.policy.status_map]\n\"packed\" = \"as_paid\"",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "the shop's clock is ahead",
            shop: |shop| shop["clock_offset_seconds"] = json!(220),
            finds: "warning shop.clock",
            said: "the clock of the shop is 3 minutes ahead of ours",
            fix: "timedatectl set-ntp true",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "what is deleted is never found",
            then: swept_never,
            finds: "warning shop.storage",
            said: "orders that are deleted for good, stay in the books",
            fix: "take `full_sweep = \"off\"` out of `[woocommerce]`",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "orders are kept as posts",
            shop: |shop| shop["storage"] = json!("posts"),
            then: swept_never,
            finds: "problem shop.storage",
            said: "orders are kept as posts, and no full reads are switched on",
            fix: "set `full_sweep = \"1d\"` in `[woocommerce]`",
            exit: 2,
            ..NOTHING
        },
        Story {
            name: "the days are not the same",
            shop: |shop| shop["site"]["timezone"] = json!("Europe/Berlin"),
            finds: "warning shop.timezone",
            said: "the shop is in `Europe/Berlin`, the books are in `America/Edmonton`",
            fix: "set `timezone = \"Europe/Berlin\"` in `[books]`",
            exit: 0,
            ..NOTHING
        },
        Story {
            name: "the shop is not there",
            then: |world| world.close_store(),
            finds: "problem shop.connection",
            said: "could not",
            fix: "",
            exit: 5,
            ..NOTHING
        },
        Story {
            name: "the books are not there",
            then: |world| world.close_books(),
            finds: "problem books.connection",
            said: "could not be reached",
            fix: "",
            exit: 5,
            ..NOTHING
        },
        Story {
            name: "the shop does not take the key",
            shop: |shop| {
                shop["keys"][0]["secret"] = json!("cs_9999999999999999999999999999999999999999")
            },
            finds: "problem shop.connection",
            said: "key",
            fix: "",
            exit: 4,
            ..NOTHING
        },
        Story {
            name: "the budget of reads is used up",
            config: |text| text,
            then: |world| {
                world.run("sync orders").ends_with(0);
                world.say_of_quickbooks("reads_per_month = 1");
            },
            finds: "problem books.reads",
            said: "of 1 reads that Intuit counts are used this month",
            fix: "raise `reads_per_month` in `[quickbooks]`",
            ..NOTHING
        },
        Story {
            name: "an order is held",
            shop: |shop| shop["orders"][1] = with(order(2), json!({ "total": "-1.00" })),
            then: |world| {
                world.run("sync orders").ends_with(3);
            },
            finds: "problem state.records",
            said: "1 record is held: `negative_total`",
            fix: "`udsync retry --list`",
            ..NOTHING
        },
        Story {
            name: "the books are real and the addresses are not",
            then: |world| {
                let text = std::fs::read_to_string(&world.config).expect("it was written");
                let text =
                    text.replace("environment = \"sandbox\"", "environment = \"production\"");
                std::fs::write(&world.config, text).expect("written again");
            },
            finds: "warning config.addresses",
            said: "`environment` is `production`, and `api_url` is `127.0.0.1`",
            fix: "take `api_url` out of `[quickbooks]`",
            exit: 0,
            ..NOTHING
        },
    ]
}

#[test]
fn each_broken_thing_is_found_by_its_id_with_what_to_do() {
    let wrong: Vec<String> = stories()
        .iter()
        .filter_map(|story| untrue(story).err())
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Why a story does not end as it is told.
fn untrue(story: &Story) -> Result<(), String> {
    let (mut shop, mut company) = (shop(orders(1..=3)), books_company());
    (story.shop)(&mut shop);
    (story.company)(&mut company);
    let mut world = World::new(shop, company, &(story.config)(books()));
    (story.then)(&mut world);
    let ran = world.run(DOCTOR);
    let all = findings(&ran);
    let wrong = |what: &str| {
        let amiss = all.iter().filter(|finding| finding["level"] != "ok");
        let amiss: Vec<String> = amiss.map(Value::to_string).collect();
        Err(format!(
            "{}: {what}, exit {}\n{}\n{}",
            story.name,
            ran.code,
            amiss.join("\n"),
            ran.err
        ))
    };
    let (level, id) = story.finds.split_once(' ').expect("a level and an id");
    let found = all
        .iter()
        .find(|finding| text(finding, "id") == id && text(finding, "level") == level);
    let Some(found) = found else {
        return wrong("nothing was found");
    };
    if !text(found, "said").contains(story.said) {
        return wrong("other words");
    }
    if !text(found, "fix").contains(story.fix) || text(found, "fix").is_empty() {
        return wrong("another way out");
    }
    if text(found, "cause").is_empty() {
        return wrong("no cause");
    }
    // Exactly that is broken, and nothing besides but what it brings with it.
    let more = troubles(&ran)
        .into_iter()
        .filter(|trouble| trouble != story.finds);
    let more: Vec<String> = more
        .filter(|trouble| !story.brings.contains(&trouble.as_str()))
        .collect();
    if !more.is_empty() {
        return wrong(&format!("more than that: {more:?}"));
    }
    if ran.code == story.exit {
        Ok(())
    } else {
        wrong("another exit code")
    }
}
