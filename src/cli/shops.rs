//! `shops`: the shops of the configuration folder, and how each stands.

use clap::Args;
use serde::Serialize;

use crate::app::overview::ShopOverview;

use super::args::{Global, Output};
use super::fleet::all::{names, one_of_many};
use super::out;
use super::report::{Failure, exit};
use super::session::{open_shop, output};
use super::status::headline;
use super::table::{TextTable, width_of_answer};
use crate::run::sheet as csv;

/// List the shops of the configuration folder, and how each stands
///
/// A shop is a file NAME.toml in the configuration folder; `--shop NAME` means it, and `--all-shops` means all of them. What is listed
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
    posted: usize,
    waiting: u64,
    /// The code of what keeps it from being opened.
    error: Option<String>,
}

/// Runs `shops`.
pub fn shops(global: &Global, _args: &ShopsArgs) -> Result<u8, Failure> {
    let items: Vec<ShopItem> = names()?
        .into_iter()
        .map(|name| match seen(global, &name) {
            Ok(seen) => ShopItem {
                exit: seen.exit,
                said: headline(&seen),
                last_sync: seen.last_sync.clone(),
                posted: seen.posted,
                waiting: seen.waiting.all(),
                error: None,
                shop: name,
            },
            Err(failure) => ShopItem {
                shop: name,
                exit: failure.exit,
                said: failure.message.clone(),
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
        Output::Text => out::print(&table(&items)),
    }
    Ok(exit::DONE)
}

fn seen(global: &Global, name: &str) -> Result<ShopOverview, Failure> {
    let app = open_shop(&one_of_many(global, name))?;
    let store = app.state_to_read()?;
    Ok(app.overview(&store, &format!(" --shop {name}"))?)
}

fn table(items: &[ShopItem]) -> String {
    let mut table = TextTable::new(&["SHOP", "POSTED", "WAITING", "LAST SYNC", ""], &[1, 2]);
    for item in items {
        let last = item.last_sync.as_deref().map(|at| at.replace('T', " "));
        table.row(
            vec![
                item.shop.clone(),
                item.posted.to_string(),
                item.waiting.to_string(),
                last.map_or("never".to_owned(), |at| at.trim_end_matches('Z').to_owned()),
            ],
            item.said.clone(),
        );
    }
    table.render(width_of_answer())
}
