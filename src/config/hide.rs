//! Hides what must not be shown again: secrets and addresses that stand in the file.
//!
//! A complaint prints the lines around a mistake, and people paste what is printed. So the
//! text is made harmless before it is kept, by its looks alone: it has to work on files that
//! are no TOML. What is hidden keeps its length, so that every place stays where it was.

/// Says whether a key of this name would hold a secret.
pub(super) fn is_secret_name(name: &str) -> bool {
    let name = name.to_lowercase().replace('-', "_");
    let last = name.rsplit('_').next().unwrap_or_default();
    matches!(
        last,
        "key" | "keys" | "apikey" | "secret" | "token" | "password" | "passwd" | "pass" | "pwd"
    ) || name == "database_url"
}

/// Hides the values of secret keys, words that look like keys or tokens, and e-mail addresses.
pub(super) fn harmless(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = secret_value(rest) {
        let (before, value) = rest.split_at(start);
        let (value, after) = value.split_at(value_len(value));
        out.push_str(before);
        stars(value, &mut out);
        rest = after;
    }
    out.push_str(rest);
    words_hidden(&out)
}

/// A value as it may stand in a message: one short line, harmless.
pub(super) fn quoted(value: &str) -> String {
    let value = harmless(value);
    let mut line: String = value
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .take(40)
        .collect();
    if value.chars().count() > 40 {
        line.push('…');
    }
    format!("`{line}`")
}

/// Where the value of the first secret key begins: after `key =`.
fn secret_value(text: &str) -> Option<usize> {
    text.match_indices('=')
        .find(|(at, _)| {
            let before = text[..*at].trim_end_matches([' ', '\t', '"', '\'']);
            let name = before
                .rsplit(|c: char| !(c.is_alphanumeric() || c == '_' || c == '-'))
                .next()
                .unwrap_or_default();
            is_secret_name(name)
        })
        .map(|(at, _)| at + 1)
}

/// How far a value reaches: to its closing triple quotes, else to the end of the line.
fn value_len(value: &str) -> usize {
    let opening = value.len() - value.trim_start_matches([' ', '\t']).len();
    for quotes in ["\"\"\"", "'''"] {
        if value[opening..].starts_with(quotes) {
            let inside = opening + quotes.len();
            return value[inside..]
                .find(quotes)
                .map_or(value.len(), |end| inside + end + quotes.len());
        }
    }
    value.find('\n').unwrap_or(value.len())
}

fn words_hidden(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let ends = |c: char| c.is_whitespace() || c.is_control() || "\"'`,;=[]{}()<>&?#".contains(c);
    for piece in text.split_inclusive(ends) {
        let word = piece.trim_end_matches(ends);
        if looks_private(word) {
            stars(word, &mut out);
            out.push_str(&piece[word.len()..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

fn looks_private(word: &str) -> bool {
    // The beginnings that the services give their keys and tokens.
    let beginnings = [
        "ck_",
        "cs_",
        "sb_secret_",
        "sbp_",
        "eyJ",
        "AB11",
        "RT1-",
        "xox",
    ];
    let is_token = word.len() >= 16 && beginnings.iter().any(|start| word.starts_with(start));
    // An address of a person, or an address of a server with a user and password before it.
    let is_address = word
        .find('@')
        .is_some_and(|at| at > 0 && at + 1 < word.len());
    is_token || is_address || word.contains("hooks.slack.com/")
}

/// Replaces every byte but line ends, so that lines and columns stay.
fn stars(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(c),
            _ => (0..c.len_utf8()).for_each(|_| out.push('*')),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hides_secrets_and_addresses_and_nothing_else() {
        for (text, shown) in [
            (
                "secret = \"abc\"\nurl = \"x\"",
                "secret =******\nurl = \"x\"",
            ),
            ("a = { client_secret='é' }", "a = { client_secret=******"),
            ("token = \"\"\"a\nb\"\"\" # c", "token =*****\n**** # c"),
            (
                "url = \"https://u:p@shop.ca\"",
                "url = \"*******************\"",
            ),
            ("to = [\"ann@shop.ca\"]", "to = [\"***********\"]"),
            ("x = 'ck_0123456789abcdef'", "x = '*******************'"),
            (
                "keyboard = \"a\"\nprefix = \"ck_\"",
                "keyboard = \"a\"\nprefix = \"ck_\"",
            ),
        ] {
            assert_eq!(harmless(text), shown);
            assert_eq!(harmless(text).len(), text.len());
        }
    }

    #[test]
    fn a_quoted_value_is_short_and_one_line() {
        assert_eq!(quoted("a\nb`c"), "`a b c`");
        assert_eq!(quoted(&"x".repeat(50)), format!("`{}…`", "x".repeat(40)));
        assert_eq!(quoted("ann@shop.ca"), "`***********`");
    }
}
