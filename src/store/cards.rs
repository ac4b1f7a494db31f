//! Cards: what questions of SQL look for in a document, in plain JSON in front of the rest, which is packed.
//!
//! Day, number and total of what was posted stand in indexes, and no index looks into what is packed. Nobody is in them.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::packed::{self, MARK, packed};

/// Behind the card comes the document. In JSON nothing but a name of a field has this form.
const DOCUMENT: &str = ",\"packed\":\"";
const END: &str = "\"}";

#[derive(Deserialize, Serialize)]
struct Card<'a> {
    #[serde(borrow)]
    date: Cow<'a, str>,
    #[serde(borrow)]
    number: Cow<'a, str>,
    #[serde(borrow)]
    total: Cow<'a, str>,
}

/// The JSON of a document, packed behind its card. One without a day, a number and a total is left as it is.
pub(super) fn behind_card(json: &str) -> Cow<'_, str> {
    let Ok(card) = serde_json::from_str::<Card<'_>>(json) else {
        return Cow::Borrowed(json);
    };
    let small = packed(json);
    if !packed::is_packed(&small) {
        return small;
    }
    let card = serde_json::to_string(&card).expect("three texts always have a JSON form");
    let card = card.trim_end_matches('}');
    Cow::Owned(format!("{card}{DOCUMENT}{small}{END}"))
}

/// The JSON itself. `None`: it is damaged.
pub(super) fn document(text: &str) -> Option<Cow<'_, str>> {
    match behind(text) {
        Some((_, small)) => packed::whole(small),
        None => Some(Cow::Borrowed(text)),
    }
}

pub(super) fn has_card(text: &str) -> bool {
    behind(text).is_some()
}

/// The card of a document that is damaged, without what is left of it: what cannot be read may name somebody. `None`: nothing is left.
pub(super) fn card_alone(text: &str) -> Option<String> {
    let (card, small) = behind(text)?;
    (small != MARK).then(|| format!("{card}{DOCUMENT}{MARK}{END}"))
}

fn behind(text: &str) -> Option<(&str, &str)> {
    let (card, rest) = text.split_once(DOCUMENT)?;
    let small = rest.strip_suffix(END)?;
    packed::is_packed(small).then_some((card, small))
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSTED: &str = r#"{"key":{"order":7,"role":"sale"},"kind":"SalesReceipt","number":"WC-\"7\",\"packed\":\"x","date":"2026-11-20",
        "currency":"CAD","total":"21.00","tax_total":"1.00","voided":false,"fingerprint":null,"document":null,"a":{"b":[1,2,3]}}"#;

    #[test]
    fn a_document_comes_back_from_behind_its_card_and_the_card_says_what_is_asked() {
        let kept = behind_card(POSTED);
        assert!(has_card(&kept) && kept.len() < POSTED.len(), "{kept}");
        assert_eq!(document(&kept).as_deref(), Some(POSTED));
        let card: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
        assert_eq!(card["date"], "2026-11-20");
        assert_eq!(card["number"], "WC-\"7\",\"packed\":\"x");
        assert_eq!(card["total"], "21.00");
        assert_eq!(card.as_object().map(serde_json::Map::len), Some(4));
    }

    #[test]
    fn what_has_no_card_is_left_as_it_is() {
        for text in ["", "{}", "x", r#"{"date":"2026-11-20","number":"7"}"#] {
            assert_eq!(behind_card(text), text);
            assert_eq!(document(text).as_deref(), Some(text));
            assert!(!has_card(text));
        }
        assert!(!has_card(POSTED), "a number may say anything");
    }

    #[test]
    fn of_a_damaged_document_the_card_is_left() {
        let kept = behind_card(POSTED).into_owned();
        let mut letters = kept.clone().into_bytes();
        let place = letters.len() - 20;
        letters[place] = if letters[place] == b'A' { b'B' } else { b'A' };
        let damaged = String::from_utf8(letters).expect("letters");
        assert_eq!(document(&damaged), None);
        let alone = card_alone(&damaged).expect("something is left");
        assert_eq!(document(&alone), None, "it is told still");
        assert_eq!(card_alone(&alone), None);
        let card: serde_json::Value = serde_json::from_str(&alone).expect("JSON");
        assert_eq!(card["total"], "21.00");
    }
}
