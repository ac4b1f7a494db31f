//! The days of the story: what each brings, in words and on the levers.

use std::io;

use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::Story;
use crate::demo::{orders, shelf};

/// A day, as it is told.
#[derive(Debug)]
pub struct StoryDay {
    /// Days after the first.
    pub(super) after: u64,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// What happened, for whoever does not see the shop.
    pub happened: &'static [&'static str],
    /// What to type.
    pub commands: &'static [&'static str],
    /// Orders that come in or are changed, as `orders.txt` writes them.
    orders: &'static str,
}

pub static DAYS: &[StoryDay] = &[
    StoryDay {
        after: 0,
        title: "the first sync",
        happened: &[
            "Aurora Outfitters has sold for three weeks, and nothing is in the books.",
            "See what would be posted, and post it.",
        ],
        commands: &["udsync dry-run orders", "udsync sync orders --yes"],
        orders: "",
    },
    StoryDay {
        after: 1,
        title: "new orders, and money given back",
        happened: &[
            "Two people bought something.",
            "Priya got 15.00 back for a late parcel. The shop wrote down the amount, and",
            "neither what for nor which tax.",
        ],
        commands: &["udsync sync orders", "udsync explain 4803"],
        orders: "4861 24 Tom: TOQ-MER, MUG-EN; status processing\n\
                 4863 24 Priya: LMP-350; status processing",
    },
    StoryDay {
        after: 2,
        title: "a tax that nobody has named yet",
        happened: &[
            "The first rain suit for children is sold to British Columbia, which takes no",
            "PST on it: GST alone has no tax code in udsync.toml. The order is held, and",
            "the others go on.",
        ],
        commands: &["udsync sync orders", "udsync retry --list", "udsync fix ID"],
        orders: "4865 25 Priya: rain-suit; sent free_shipping 0 Free shipping; status processing\n\
                 4867 25 Hannah: SAW-21; status processing",
    },
    StoryDay {
        after: 3,
        title: "somebody edited a document in the books",
        happened: &[
            "A bookkeeper took 5.00 off receipt WC-4861 in QuickBooks, and Tom added a mug",
            "to the same order in the shop. udsync overwrites nobody's work: it asks.",
            "Agree with the bookkeeper and set the order aside, or have it put back in",
            "QuickBooks and try again.",
        ],
        commands: &[
            "udsync sync orders",
            "udsync retry --list",
            "udsync sandbox mend",
            "udsync retry --all",
        ],
        orders: "4861 24 Tom: TOQ-MER, 2 MUG-EN; status processing",
    },
    StoryDay {
        after: 4,
        title: "a customer is there twice",
        happened: &[
            "Somebody typed Mike Standing Bear into QuickBooks twice, with the e-mail",
            "address by which he now buys. The older of the two gets the receipt, and",
            "keeps it when a bookkeeper makes one of them.",
        ],
        commands: &["udsync sync orders", "udsync sandbox mend"],
        orders: "4869 27 Mike: MAP-JAS; email mike@standing-bear.example.ca; status processing",
    },
    StoryDay {
        after: 7,
        title: "an answer is lost",
        happened: &[
            "QuickBooks makes the next receipt, and the line breaks before it says so.",
            "Nobody knows whether the sale is in the books: udsync looks, before it sends",
            "anything again.",
        ],
        commands: &["udsync sync orders", "udsync verify"],
        orders: "4871 30 Claire: SOC-MER; status processing",
    },
    StoryDay {
        after: 8,
        title: "the month is closed",
        happened: &[
            "The accountant closed November this morning. Late last night, still in",
            "November, Ruth had bought a saw.",
            "Open the month again in QuickBooks, or have such sales dated on the first",
            "open day: `closed_period` in udsync.toml.",
        ],
        commands: &[
            "udsync sync orders",
            "udsync retry --list",
            "udsync sandbox mend",
            "udsync retry --all",
        ],
        orders: "4873 30 Ruth: SAW-21; status processing; made 31 5:40; paid 31 5:42",
    },
    StoryDay {
        after: 9,
        title: "does it all add up?",
        happened: &[
            "November is over. Compare the books with the shop, order by order and to the",
            "cent, and write the report of its tax.",
        ],
        commands: &[
            "udsync reconcile --period 2026-11",
            "udsync report tax --period 2026-11",
        ],
        orders: "",
    },
];

/// The day of this number, from one on.
pub(super) fn called(number: usize) -> &'static StoryDay {
    &DAYS[number.clamp(1, DAYS.len()) - 1]
}

/// What comes on a day.
pub async fn come(story: &Story, day: usize) -> io::Result<()> {
    for order in orders::later(DAYS[day - 1].orders) {
        let id = order["id"].as_u64().unwrap_or_default();
        // Whatever was there under this number was changed just now.
        let order = json!({ "order": order, "keep_modified": false });
        story.shop("PUT", &format!("orders/{id}"), &order).await?;
    }
    match day {
        2 => {
            let refund =
                json!({ "amount": "15.00", "reason": "Late parcel", "refunded_payment": true });
            story.shop("POST", "orders/4803/refunds", &refund).await?;
        }
        3 => {
            let suit = shelf::rain_suit_shown();
            let path = format!("products/{}", suit["id"]);
            story.shop("PUT", &path, &suit).await?;
        }
        4 => take_off(story, "WC-4861", "5.00").await?,
        5 => {
            for name in ["Mike Standing Bear (Cochrane)", "Standing Bear, Mike"] {
                let body = json!({ "DisplayName": name, "CurrencyRef": { "value": "CAD" },
                    "PrimaryEmailAddr": { "Address": "mike@standing-bear.example.ca" } });
                let made = json!({ "entity": "Customer", "body": body });
                story.books("POST", "create", &made).await?;
            }
        }
        6 => {
            let lost = json!({ "what": "lose_answer", "operation": "create SalesReceipt" });
            story.books("POST", "mishaps", &lost).await?;
        }
        7 => {
            let closed = json!({ "through": "2026-11-30" });
            story.books("POST", "close_books", &closed).await?;
        }
        _ => {}
    }
    Ok(())
}

/// What a bookkeeper does about it at the screen of the books; `None` where nothing is to be done there.
pub async fn mend(story: &Story, day: usize) -> io::Result<Option<&'static str>> {
    Ok(Some(match day {
        4 => {
            take_off(story, "WC-4861", "0.00").await?;
            "the bookkeeper put the 5.00 back on receipt WC-4861"
        }
        5 => {
            let all = story.books("GET", "objects/customer", &Value::Null).await?;
            let named = |name: &str| {
                let all = all.as_array()?.iter();
                let mut found = all.filter(|one| one["object"]["DisplayName"] == name);
                found.next().map(|one| one["id"].clone())
            };
            let merged = json!({ "entity": "Customer", "id": named("Mike Standing Bear (Cochrane)"),
                "victim": named("Standing Bear, Mike") });
            story.books("POST", "merge", &merged).await?;
            "the bookkeeper merged the two customers into one"
        }
        7 => {
            story.books("POST", "reopen_books", &json!({})).await?;
            "the accountant opened November again"
        }
        _ => return Ok(None),
    }))
}

/// A bookkeeper takes so much off what a receipt came to when it was made.
async fn take_off(story: &Story, number: &str, off: &str) -> io::Result<()> {
    let all = story.books("GET", "documents", &Value::Null).await?;
    let mut all = all.as_array().into_iter().flatten();
    let receipt = all.find(|one| one["object"]["DocNumber"] == number);
    // Whoever has not synced yet has nothing to be edited.
    let Some(receipt) = receipt else {
        return Ok(());
    };
    let wrong = |error: rust_decimal::Error| io::Error::other(error.to_string());
    let made: Decimal = receipt["history"][0]["TotalAmt"]
        .to_string()
        .parse()
        .map_err(wrong)?;
    let off: Decimal = off.parse().map_err(wrong)?;
    let revised = json!({ "entity": "SalesReceipt", "id": receipt["id"], "amount": (made - off).to_string() });
    story.books("POST", "revise", &revised).await.map(drop)
}
