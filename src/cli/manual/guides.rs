//! The pages that are written by hand, in Markdown, and come with the program: what a thing means, and how it is used.

use super::{codes, markdown, settings};

macro_rules! guides {
    ($($file:literal),* $(,)?) => {
        &[$(($file, include_str!(concat!("../../../man/", $file, ".md")))),*]
    };
}

/// Each with its file name; the text lies beside the page, with `.md` behind.
pub const GUIDES: &[(&str, &str)] = guides![
    "udsync-owner.7",
    "udsync-bookkeeper.7",
    "udsync-operator.7",
    "udsync-words.7",
    "udsync-setup.7",
    "udsync-story.7",
    "udsync-accounting.7",
    "udsync-payouts.7",
    "udsync.toml.5",
    "udsync-mapping.5",
    "udsync-database.7",
    "udsync-codes.7",
    "udsync-unattended.7",
    "udsync-serve.7",
    "udsync-troubleshooting.7",
    "udsync-performance.7",
    "udsync-api-dates.7",
];

/// All of them as manual pages.
pub fn pages() -> Vec<(String, String)> {
    GUIDES
        .iter()
        .map(|(file, text)| {
            let text = match *file {
                codes::PAGE => codes::with_tables(text),
                settings::PAGE => settings::with_tables(text),
                _ => (*text).to_owned(),
            };
            let page = markdown::page(file, &text).expect("the test `manual` makes each of them");
            ((*file).to_owned(), page)
        })
        .collect()
}

/// What a page is about, as its first line says.
pub fn about(text: &str) -> &str {
    let first = text.lines().next().unwrap_or_default();
    first.split_once(": ").map_or(first, |(_, about)| about)
}
