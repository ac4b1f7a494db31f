//! Reading: a page at a terminal, where roff is of use to nobody.
//!
//! `man` lays it out where it is there. Elsewhere a page about a matter is shown as it was written, and that of a command as its help.

use std::io::Write;
use std::process::Stdio;

use super::super::child;
use super::super::out;
use super::{GUIDES, commands};

/// What a pager is told by whoever has a favourite.
const OF_PAGERS: [&str; 4] = ["PAGER", "MANPAGER", "MANWIDTH", "LESS"];

/// Shows a page to whoever sits there. `name` is that of its file.
pub fn show(name: &str, roff: &str) {
    if !laid_out("man", roff) {
        out::answer(&in_words(name).unwrap_or_else(|| roff.to_owned()));
    }
}

/// Whether `man` took it. A reader who has seen enough closes it early, and that is no failure.
fn laid_out(program: &str, roff: &str) -> bool {
    let mut command = child::command(program);
    let pagers = OF_PAGERS.into_iter();
    command.envs(pagers.filter_map(|name| Some((name, std::env::var_os(name)?))));
    let started = command
        .args(["-l", "-"])
        .stdin(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut man) = started else {
        return false;
    };
    if let Some(mut page) = man.stdin.take() {
        let _ = page.write_all(roff.as_bytes());
    }
    man.wait().is_ok_and(|ended| ended.success())
}

/// The page without any layout.
fn in_words(name: &str) -> Option<String> {
    if let Some((_, text)) = GUIDES.iter().find(|(file, _)| *file == name) {
        return Some((*text).to_owned());
    }
    let spoken = name.strip_suffix(".1")?;
    let found = commands().into_iter();
    let mut found = found.filter(|(words, _)| words.replace(' ', "-") == spoken);
    let (_, mut command) = found.next()?;
    Some(command.render_long_help().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_man_a_page_is_shown_in_words() {
        assert!(!laid_out("there-is-no-such-program", ".TH udsync 1"));
        let owner = in_words("udsync-owner.7").expect("a guide");
        assert!(owner.starts_with("# udsync-owner(7)") && !owner.contains(".SH"));
        let sync = in_words("udsync-sync.1").expect("a command");
        assert!(sync.contains("Usage:") && !sync.contains(".SH"), "{sync}");
        assert_eq!(in_words("udsync-nothing.1"), None);
    }
}
