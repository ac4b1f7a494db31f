//! Mutations: a shipped mapping with any line changed fails its check or a case.
//!
//! A case that nothing can break shows nothing. So each line of each file is taken out, given the
//! values of its neighbours, and changed in its words, steps and signs; and it is counted how many of these
//! changes somebody notices.

use std::collections::{BTreeMap, BTreeSet};

use crate::mapping::shipped::{SHIPPED, Shipped};
use crate::mapping::{cases, check};

/// All changed files that can be made of one, each with what was done.
fn mutants(text: &str) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut mutants = Vec::new();
    for (number, line) in lines.iter().enumerate() {
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let mut changed: BTreeSet<String> = BTreeSet::new();
        if let Some((key, value)) = line.split_once(" = ") {
            // The values of its neighbours in its place.
            let neighbours = lines[number + 1..]
                .iter()
                .filter_map(|next| next.split_once(" = "));
            for (_, other) in neighbours.take(3) {
                changed.insert(format!("{key} = {other}"));
            }
            changed.insert(format!("{key}x = {value}"));
        }
        changed.extend(changed_words(line));
        changed.insert(String::new());
        changed.remove(*line);
        for change in changed {
            let mut mutant = lines.clone();
            mutant[number] = &change;
            mutants.push((
                format!("line {}: {line}\n   became {change}", number + 1),
                mutant.join("\n"),
            ));
        }
    }
    mutants
}

fn changed_words(line: &str) -> Vec<String> {
    let mut changed = Vec::new();
    // One step of a flow less.
    for (at, _) in line.match_indices(" | ") {
        let rest = &line[at + 3..];
        let end = rest.find([' ', '}', '"']).unwrap_or(rest.len());
        // A step with arguments ends at its bracket.
        let end = match rest.find('(') {
            Some(open) if open < end => rest.find(')').map_or(end, |close| close + 1),
            _ => end,
        };
        changed.push(format!("{}{}", &line[..at], &rest[end..]));
    }
    for (from, to) in [
        ("==", "!="),
        ("!=", "=="),
        ("&&", "||"),
        ("||", "&&"),
        ("<=", "<"),
        (" ? ", " == true ? !"),
        ("first_name", "last_name"),
        ("billing.", "shipping."),
        ("shipping.", "billing."),
        ("_gmt", ""),
        ("0 - ", "1 - "),
        ("!is", "is"),
        ("{% if", "{% if not"),
        ("100", "99"),
        ("21", "20"),
        ("line.", "lime."),
        ("\", \"", "\" \""),
    ] {
        for (at, found) in line.match_indices(from) {
            changed.push(format!("{}{to}{}", &line[..at], &line[at + found.len()..]));
        }
    }
    // A letter more in each text.
    for (at, _) in line.match_indices('"') {
        changed.push(format!("{}x{}", &line[..at], &line[at..]));
    }
    changed
}

fn is_noticed(shipped: &Shipped, text: &str) -> bool {
    let Ok(mapping) = check("mutant", text, &BTreeMap::new()) else {
        return true;
    };
    let Ok(cases) = cases::read("cases", shipped.cases) else {
        panic!("the cases are readable")
    };
    cases
        .compare(&mapping)
        .iter()
        .any(|compared| !compared.differences.is_empty())
}

#[test]
fn nearly_every_change_of_a_shipped_mapping_is_noticed() {
    let (mut all, mut noticed) = (0_usize, 0_usize);
    let mut unnoticed_lines = Vec::new();
    for shipped in SHIPPED {
        let before = (all, noticed);
        for (what, text) in mutants(shipped.text) {
            all += 1;
            if is_noticed(shipped, &text) {
                noticed += 1;
            } else {
                unnoticed_lines.push(format!("{} {what}", shipped.path()));
            }
        }
        let (made, seen) = (all - before.0, noticed - before.1);
        println!("{}: {seen} of {made} changes noticed", shipped.path());
    }
    println!(
        "mutations: {noticed} of {all} noticed, {}.{} %",
        noticed * 100 / all,
        noticed * 1000 / all % 10
    );
    assert!(all > 1_000, "{all}");
    assert!(
        noticed * 100 >= all * 95,
        "{noticed} of {all}\n{}",
        unnoticed_lines.join("\n")
    );
    println!("{}", unnoticed_lines.join("\n"));
}
