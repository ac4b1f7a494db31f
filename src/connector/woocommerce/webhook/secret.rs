//! The secret of a webhook, as WordPress reads it.

use secrecy::{ExposeSecret, SecretString};

/// A secret with the spellings in which a shop may use it: before it signs, WordPress turns `&amp;` and its like into the letters that
/// they stand for.
#[derive(Clone, Debug)]
pub struct WebhookSecret {
    as_given: SecretString,
    decoded: Option<SecretString>,
}

impl WebhookSecret {
    pub fn new(secret: &SecretString) -> WebhookSecret {
        let text = secret.expose_secret();
        let decoded = decode(text);
        WebhookSecret {
            as_given: secret.clone(),
            decoded: (decoded != text).then(|| decoded.into()),
        }
    }

    pub(super) fn spellings(&self) -> impl Iterator<Item = &SecretString> {
        std::iter::once(&self.as_given).chain(&self.decoded)
    }
}

/// What `wp_specialchars_decode` makes of it with `ENT_QUOTES`: once from the left, so that `&amp;lt;` comes to `&lt;`.
fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let (letter, length) = entity(rest).unwrap_or(('&', 1));
        decoded.push(letter);
        rest = &rest[length..];
    }
    decoded.push_str(rest);
    decoded
}

/// The letter that the text begins with in another spelling, and how long that is.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.find(';')?;
    let word = &text[1..end];
    let letter = match word {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        _ => {
            let number = word.strip_prefix('#')?;
            let (digits, radix) = match number.strip_prefix(['x', 'X']) {
                Some(digits) => (digits, 16),
                None => (number, 10),
            };
            let is_number = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
            let code = u32::from_str_radix(digits, radix)
                .ok()
                .filter(|_| is_number)?;
            match (code, radix) {
                (0x22, _) => '"',
                (0x26, _) => '&',
                (0x27, _) => '\'',
                (0x3c, 10) => '<',
                (0x3e, 10) => '>',
                _ => return None,
            }
        }
    };
    Some((letter, end + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_decoded_as_wordpress_does_it() {
        for (stored, used) in [
            ("a&amp;b", "a&b"),
            ("&lt;b&gt; &quot;x&quot;", "<b> \"x\""),
            ("it&#039;s &#39; &#x27; &#X0027;", "it's ' ' '"),
            ("&#038;&#x26;&#0038;", "&&&"),
            ("&amp;lt;", "&lt;"),
            ("&nbsp; & &; &#65; &amp", "&nbsp; & &; &#65; &amp"),
            ("plain", "plain"),
        ] {
            assert_eq!(decode(stored), used, "{stored}");
        }
        let plain = WebhookSecret::new(&SecretString::from("plain"));
        assert_eq!(plain.spellings().count(), 1);
    }

    #[test]
    fn a_secret_is_not_shown() {
        let secret = WebhookSecret::new(&SecretString::from("a&amp;canary"));
        assert!(!format!("{secret:?}").contains("canary"));
    }
}
