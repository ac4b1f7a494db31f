//! Plain text for a screen: what a shop, a company or a file says cannot steer the terminal that shows it.
//!
//! A title may hold an escape sequence that clears the screen or rewrites a line, or a mark that turns the direction of what follows.
//! Everything that is printed passes here, on both streams and in text logs. Letters stay as they are; what steers becomes `�`. JSON
//! keeps every letter, in digits where a terminal would take it for an order.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, Write};

use super::paint;

/// In the place of what steers.
const REPLACEMENT: char = '\u{fffd}';

/// A text as it may be shown, with its own lines and our own colours.
pub fn text(words: &str) -> Cow<'_, str> {
    clean(words, Colours::Shown, |letter| {
        letter != '\n' && letter != '\t' && steers(letter)
    })
}

/// A cell of a table: a single line, in which our own colours are still marked as ours.
pub fn cell(words: &str) -> String {
    let spaced = words.replace(['\n', '\r', '\t'], " ");
    clean(&spaced, Colours::Marked, steers).into_owned()
}

/// What becomes of our own colours.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Colours {
    Shown,
    Marked,
}

/// A name, or anything that stands within a line: it can neither begin another line nor jump within its own.
pub fn line(words: &str) -> Cow<'_, str> {
    if !words.contains(['\n', '\r', '\t']) {
        return text(words);
    }
    let spaced = words.replace(['\n', '\r', '\t'], " ");
    Cow::Owned(text(&spaced).into_owned())
}

/// JSON that says the same and shows nothing that steers. Such letters stand within its texts only, so they can be written in digits.
pub fn json(document: &str) -> Cow<'_, str> {
    let hides = |letter: char| letter != '\n' && steers(letter);
    if !document.contains(hides) {
        return Cow::Borrowed(document);
    }
    let mut escaped = String::with_capacity(document.len());
    for letter in document.chars() {
        if matches!(letter, '\r' | '\t') {
            // Between two values; within a text it has its digits already.
            escaped.push(' ');
        } else if hides(letter) {
            for unit in letter.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("a String takes everything");
            }
        } else {
            escaped.push(letter);
        }
    }
    Cow::Owned(escaped)
}

fn clean(words: &str, colours: Colours, is_bad: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !words.contains(&is_bad) {
        return Cow::Borrowed(words);
    }
    let mut shown = String::with_capacity(words.len());
    let mut rest = words;
    while let Some(letter) = rest.chars().next() {
        if letter == '\u{1b}'
            && let Some((code, behind)) = paint::ours(rest)
        {
            match colours {
                Colours::Shown => {
                    write!(shown, "\u{1b}[{code}m").expect("a String takes everything");
                }
                Colours::Marked => shown.push_str(&rest[..rest.len() - behind.len()]),
            }
            rest = behind;
            continue;
        }
        // The end of a line, as spreadsheets want it.
        let ends_line = rest.starts_with("\r\n");
        shown.push(if is_bad(letter) && !ends_line {
            REPLACEMENT
        } else {
            letter
        });
        rest = &rest[letter.len_utf8()..];
    }
    Cow::Owned(shown)
}

/// Control characters of both sets, line ends that only some programs know, and marks of direction.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(
            letter,
            '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{206f}' | '\u{fff9}'..='\u{fffb}'
        )
}

/// A log in text: each event is one line, whatever stands in it.
pub struct TextLog<W>(pub W);

/// A log of JSON lines.
pub struct JsonLog<W>(pub W);

impl<W: Write> Write for TextLog<W> {
    /// An event comes in one piece.
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let words = String::from_utf8_lossy(event);
        let words = words.trim_end_matches('\n');
        let shown = line(words);
        self.0.write_all(format!("{shown}\n").as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl<W: Write> Write for JsonLog<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let words = String::from_utf8_lossy(event);
        self.0.write_all(json(&words).as_bytes())?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::super::paint::style;
    use super::*;

    const HOSTILE: &str =
        "a\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{202e}b\u{2066}c\rd\u{7f}e\u{8}f";

    #[test]
    fn nothing_that_steers_is_left_and_every_letter_is() {
        assert_eq!(text(HOSTILE), "a�[2J�]0;owned��31m�b�c�d�e�f");
        assert_eq!(line("one\ntwo\tthree"), "one two three");
        for harmless in [
            "Zürich – 漢字 🛍️ עברית العربية \u{200d}",
            "two\nlines\tand a tab",
        ] {
            assert!(matches!(text(harmless), Cow::Borrowed(_)), "{harmless}");
        }
    }

    #[test]
    fn our_own_colours_are_shown_and_a_shops_are_not() {
        let ours = style("created").green().bold().force_styling().to_string();
        assert_eq!(text(&ours), "\u{1b}[32m\u{1b}[1mcreated\u{1b}[0m");
        assert_eq!(text("\u{1b}[32mcreated\u{1b}[0m"), "�[32mcreated�[0m");
        let within = style(HOSTILE).red().force_styling().to_string();
        let shown = text(&within);
        assert_eq!(shown.matches('\u{1b}').count(), 2, "{shown:?}");
    }

    #[test]
    fn json_means_the_same_and_shows_nothing() {
        let document = serde_json::json!({ "name": HOSTILE, "line": "a\nb", "far": "\u{1f6cd}" });
        let written = serde_json::to_string_pretty(&document).expect("JSON");
        let shown = json(&written);
        assert!(!shown.contains(|letter: char| letter != '\n' && steers(letter)));
        let read: serde_json::Value = serde_json::from_str(&shown).expect("JSON still");
        assert_eq!(read, document);
    }

    #[test]
    fn an_event_of_a_log_is_one_line() {
        let mut log = TextLog(Vec::new());
        log.write_all(b"INFO shop=\"a\x1b[2J\"\nINFO made up\n")
            .expect("written");
        let words = String::from_utf8(log.0).expect("text");
        assert_eq!(words, "INFO shop=\"a�[2J\" INFO made up\n");
    }
}
