//! The page for those who write mappings: what it shows works.

use std::collections::BTreeMap;

use crate::mapping::check;

const PAGE: &str = include_str!("../../../../man/udsync-mapping.5.md");
const HEADER: &str = include_str!("../mod.rs");

fn passes(text: &str) {
    if let Err(complaints) = check("page", text, &BTreeMap::new()) {
        panic!("{}\n{text}", complaints[0]);
    }
}

#[test]
fn the_examples_of_the_page_pass_their_check() {
    let block = PAGE.split("```toml\n").nth(1).expect("it shows a file");
    passes(block.split("```").next().expect("it ends"));
    let head = "source = \"woocommerce\"\ntarget = \"quickbooks\"\nentity = \"orders\"\n[fields]\n";
    let mut lines = 0;
    for row in PAGE.lines().filter(|line| line.starts_with("| ")) {
        let row = row.replace("\\|", "¦");
        let Some(code) = row.split('`').nth(1) else {
            continue;
        };
        let code = code.replace('¦', "|").replace('…', "currency");
        let feeds = ["class", "note", "memo"].iter().any(|field| {
            code.strip_prefix(field)
                .is_some_and(|rest| rest.starts_with(" = "))
        });
        if feeds {
            passes(&format!("{head}{code}\n"));
            lines += 1;
        }
    }
    assert_eq!(lines, 6);
}

#[test]
fn the_example_of_the_header_passes_its_check() {
    let block = HEADER.split("```toml\n").nth(1).expect("it shows a file");
    let block = block.split("//! ```").next().expect("it ends");
    let lines: Vec<&str> = block
        .lines()
        .map(|line| line.trim_start_matches("//!").trim_start_matches(' '))
        .collect();
    passes(&lines.join("\n"));
}
