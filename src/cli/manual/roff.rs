//! The little roff that manual pages need: text that stands as it is, fonts, and blocks of lines.
//!
//! Pages are plain ASCII, whatever they say: a reader's locale is not known when a page is made. Nothing is adjusted to both
//! margins and nothing is hyphenated, because command lines are no prose.

use std::fmt::Write as _;

/// What every page begins with, after its title.
const QUIET: &str = ".nh\n.ad l\n";

/// How wide a block of lines may be on a terminal of 80 columns.
pub const WIDEST: usize = 73;

/// A page that is being written.
pub struct RoffPage(String);

impl RoffPage {
    /// Begins a page: its name, its section and the one line that says what it is about.
    pub fn new(name: &str, section: &str, about: &str) -> Self {
        let mut page = RoffPage(String::new());
        page.request(&format!(
            ".TH {} {section} \"\" \"udsync {}\" \"udsync\"",
            escaped(name),
            env!("CARGO_PKG_VERSION")
        ));
        page.0.push_str(QUIET);
        page.heading("NAME");
        page.text(&format!("{} \\- {}", escaped(name), escaped(about)));
        page
    }

    /// A line for roff itself.
    pub fn request(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    pub fn heading(&mut self, words: &str) {
        self.request(&format!(".SH \"{}\"", escaped(&words.to_uppercase())));
    }

    /// Text that is escaped already and may have fonts in it. No line of it is taken for a request.
    pub fn text(&mut self, text: &str) {
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let shield = if line.starts_with(['.', '\'']) {
                "\\&"
            } else {
                ""
            };
            let _ = writeln!(self.0, "{shield}{line}");
        }
    }

    pub fn paragraph(&mut self, text: &str) {
        self.request(".PP");
        self.text(text);
    }

    /// A term with its explanations below it, each on a line of its own; all escaped already.
    pub fn term(&mut self, term: &str, explanations: &[String]) {
        self.request(".TP 4");
        self.text(term);
        for (at, explanation) in explanations.iter().enumerate() {
            if at > 0 {
                self.request(".br");
            }
            self.text(explanation);
        }
    }

    /// Lines as they stand, escaped already; a little to the right where there is room.
    pub fn block<'a>(&mut self, lines: impl IntoIterator<Item = &'a str>, widest: usize) {
        let indent = WIDEST.saturating_sub(widest).min(2);
        self.request(&format!(".PP\n.RS {indent}\n.nf"));
        for line in lines {
            let shield = if line.starts_with(['.', '\'']) {
                "\\&"
            } else {
                ""
            };
            let _ = writeln!(self.0, "{shield}{line}");
        }
        self.request(".fi\n.RE");
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// A text with nothing in it that roff would take for its own.
pub fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for mark in text.chars() {
        match mark {
            '\\' => escaped.push_str("\\e"),
            '-' => escaped.push_str("\\-"),
            '\'' => escaped.push_str("\\(aq"),
            '`' => escaped.push_str("\\(ga"),
            '^' => escaped.push_str("\\(ha"),
            '~' => escaped.push_str("\\(ti"),
            '"' => escaped.push_str("\\(dq"),
            mark => push_ascii(&mut escaped, mark),
        }
    }
    escaped
}

fn push_ascii(text: &mut String, mark: char) {
    if mark.is_ascii() {
        text.push(mark);
    } else {
        let _ = write!(text, "\\[u{:04X}]", u32::from(mark));
    }
}

pub fn bold(escaped: &str) -> String {
    format!("\\fB{escaped}\\fR")
}

pub fn italic(escaped: &str) -> String {
    format!("\\fI{escaped}\\fR")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_taken_for_a_request() {
        let mut page = RoffPage::new("udsync-x", "7", "what it's about");
        page.paragraph(&escaped(".SH is text\n'so is this"));
        page.block([escaped(".so is a line").as_str()], 13);
        let page = page.finish();
        assert!(
            page.contains("\n\\&.SH is text\n\\(aqso is this\n"),
            "{page}"
        );
        assert!(page.contains("\n\\&.so is a line\n"), "{page}");
        assert!(
            page.contains("udsync\\-x \\- what it\\(aqs about\n"),
            "{page}"
        );
    }

    #[test]
    fn every_mark_survives() {
        assert_eq!(
            escaped(r#"a\b -c 'd' "e" `f` ~ ^"#),
            r"a\eb \-c \(aqd\(aq \(dqe\(dq \(gaf\(ga \(ti \(ha"
        );
        assert_eq!(escaped("é … 😀"), r"\[u00E9] \[u2026] \[u1F600]");
    }
}
