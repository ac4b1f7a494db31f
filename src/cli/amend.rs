//! Amending a configuration that is there: its owner sees each line that changes before it does, and the old file is kept beside it.

use std::path::Path;

use crate::config::Edit;

use super::out;
use super::report::Failure;
use super::table::{paragraph, width_of_screen};

/// Shows what would change, writes it, and says where the old file is. Says nothing where nothing changes or the file is new.
pub fn save(edit: &Edit, quiet: bool) -> Result<(), Failure> {
    show(edit, quiet);
    let kept = edit.save().map_err(|error| Failure::from_edit(&error))?;
    say_kept(kept.as_deref(), quiet);
    Ok(())
}

/// Shows what would change.
pub fn show(edit: &Edit, quiet: bool) {
    if let Some(before) = edit.before().filter(|_| !quiet) {
        let lines: String = changed(before, &edit.text())
            .lines()
            .map(|line| paragraph(line.trim_start(), 2, 6, width_of_screen()))
            .collect();
        if !lines.is_empty() {
            let path = shown(edit.path());
            out::say(&format!("what changes in {path}:\n{}", lines.trim_end()));
        }
    }
}

/// Says where the old file is, if there was one.
pub fn say_kept(copy: Option<&Path>, quiet: bool) {
    if let Some(copy) = copy.filter(|_| !quiet) {
        out::say(&format!("the old file is kept as {}", shown(copy)));
    }
}

/// A path as one would type it here.
fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(&here)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The lines that go, with `-`, and those that come, with `+`, in their order.
fn changed(before: &str, after: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    // How many lines are the same from here to the ends.
    let mut same = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for (at, left) in old.iter().enumerate().rev() {
        for (to, right) in new.iter().enumerate().rev() {
            same[at][to] = if left == right {
                same[at + 1][to + 1] + 1
            } else {
                same[at + 1][to].max(same[at][to + 1])
            };
        }
    }
    let (mut at, mut to) = (0, 0);
    let mut text = String::new();
    while at < old.len() || to < new.len() {
        if at < old.len() && to < new.len() && old[at] == new[to] {
            (at, to) = (at + 1, to + 1);
        } else if to == new.len() || at < old.len() && same[at + 1][to] >= same[at][to + 1] {
            text.push_str(&format!("  - {}\n", old[at]));
            at += 1;
        } else {
            if !new[to].trim().is_empty() {
                text.push_str(&format!("  + {}\n", new[to]));
            }
            to += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_that_goes_or_comes_is_shown_and_no_other() {
        assert_eq!(
            changed("a\nb = 1\nc\n", "a\nb = 2\nc\n\nd\n"),
            "  - b = 1\n  + b = 2\n  + d\n"
        );
        assert_eq!(changed("a\n", "a\n"), "");
    }
}
