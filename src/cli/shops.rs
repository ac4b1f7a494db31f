//! `shops`: the shops of the configuration folder, and how each stands.

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Serialize;

use crate::app::overview::ShopOverview;
use crate::model::clock::local;

use super::args::{Global, Output};
use super::fleet::all::{FleetShop, shops_there_are};
use super::out;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::status::headline;
use super::table::{TextTable, width_of_answer};
use crate::run::sheet as csv;

/// List the shops of the configuration folder, and how each stands
///
/// A shop is a file NAME.toml in the configuration folder; `--shop NAME` means it, and `--all-shops` means all of them. Where the folder has none, the `udsync.toml` of the working folder is the one that there is. What is listed
/// comes from this machine; no service is asked. A shop that cannot be opened is listed with the reason.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync shops\n  udsync shops --json\n  udsync shops --output csv"
)]
pub struct ShopsArgs {}

#[derive(Serialize)]
struct ShopsDocument {
    schema: &'static str,
    items: Vec<ShopItem>,
}

/// One shop of the folder.
#[derive(Serialize)]
struct ShopItem {
    shop: String,
    /// How `udsync status` would end for it.
    exit: u8,
    /// In a few words.
    said: String,
    last_sync: Option<String>,
    /// The same by the clock of its books.
    #[serde(skip)]
    last: Option<String>,
    posted: usize,
    waiting: u64,
    /// The code of what keeps it from being opened.
    error: Option<String>,
}

/// Runs `shops`.
pub fn shops(global: &Global, _args: &ShopsArgs) -> Result<u8, Failure> {
    let items: Vec<ShopItem> = shops_there_are()?
        .into_iter()
        .map(|shop| match seen(global, &shop) {
            Ok(seen) => ShopItem {
                exit: seen.exit,
                said: headline(&seen),
                last: last(&seen),
                last_sync: seen.last_sync.clone(),
                posted: seen.posted,
                waiting: seen.waiting.all(),
                error: None,
                shop: shop.name,
            },
            Err(failure) => ShopItem {
                shop: shop.name,
                exit: failure.exit,
                said: failure.in_line(),
                last: None,
                last_sync: None,
                posted: 0,
                waiting: 0,
                error: Some(failure.code.clone()),
            },
        })
        .collect();
    match output(global) {
        Output::Json => out::print_json(&ShopsDocument {
            schema: "udsync/shops/1",
            items,
        }),
        Output::Csv => out::print(&csv::table(
            &["shop", "exit", "said", "last_sync", "posted", "waiting"],
            items.iter().map(|item| {
                vec![
                    item.shop.clone(),
                    item.exit.to_string(),
                    item.said.clone(),
                    item.last_sync.clone().unwrap_or_default(),
                    item.posted.to_string(),
                    item.waiting.to_string(),
                ]
            }),
        )),
        Output::Text => out::answer(&table(&items)),
    }
    Ok(exit::DONE)
}

fn seen(global: &Global, shop: &FleetShop) -> Result<ShopOverview, Failure> {
    let app = open_shop(&shop.flags(global))?;
    let store = app.state_to_read()?;
    Ok(app.overview(&store, &shop.spoken())?)
}

fn last(seen: &ShopOverview) -> Option<String> {
    let at: DateTime<Utc> = seen.last_sync.as_ref()?.parse().ok()?;
    Some(local(at, seen.timezone?.parse().ok()?))
}

fn table(items: &[ShopItem]) -> String {
    let mut table = TextTable::new(&["SHOP", "POSTED", "WAITING", "LAST SYNC", ""], &[1, 2]);
    for item in items {
        table.row(
            vec![
                item.shop.clone(),
                item.posted.to_string(),
                item.waiting.to_string(),
                item.last.clone().unwrap_or_else(|| "never".to_owned()),
            ],
            item.said.clone(),
        );
    }
    table.render(width_of_answer())
}
