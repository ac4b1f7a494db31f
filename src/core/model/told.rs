//! Told: what a service said, as a tree that borrows from its very text.
//!
//! A shop's record is read once, and everything looks at this tree. It is written here and not taken from a library because each list and
//! each group of fields keeps the piece of text that it was read from: that piece goes into the database as it is, and is neither
//! written anew nor looked for again. Numbers are the characters that were sent, so no figure passes through a float. What is accepted
//! is what `serde_json` accepts, but for one thing: half a surrogate, which no text can hold, becomes U+FFFD.

use std::borrow::Cow;

use serde_json::{Map, Value as Json};

/// Deeper inside each other than this nobody writes, and nobody may.
const DEPTH: usize = 127;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Told<'t> {
    Null,
    Bool(bool),
    /// Its characters.
    Number(Cow<'t, str>),
    Text(Cow<'t, str>),
    List(ToldList<'t>),
    Group(ToldGroup<'t>),
}

#[derive(Clone, Debug, Default)]
pub struct ToldList<'t> {
    pub items: Vec<Told<'t>>,
    text: Option<&'t str>,
}

/// Fields by their names, in the order in which they were told.
#[derive(Clone, Debug, Default)]
pub struct ToldGroup<'t> {
    pub fields: Vec<(Cow<'t, str>, Told<'t>)>,
    text: Option<&'t str>,
}

/// What was told does not become another thing by how it was spelled.
impl PartialEq for ToldList<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.items == other.items
    }
}

impl PartialEq for ToldGroup<'_> {
    fn eq(&self, other: &Self) -> bool {
        // A plugin may tell thousands of fields.
        let by_name = |group: &ToldGroup<'_>| -> std::collections::BTreeMap<String, usize> {
            let fields = group.fields.iter().enumerate();
            fields
                .map(|(at, (name, _))| (name.to_string(), at))
                .collect()
        };
        let (own, theirs) = (by_name(self), by_name(other));
        let same = |((name, at), (other_name, there)): ((&String, &usize), (&String, &usize))| {
            name == other_name && self.fields[*at].1 == other.fields[*there].1
        };
        own.len() == theirs.len() && own.iter().zip(&theirs).all(same)
    }
}

impl<'t> ToldGroup<'t> {
    /// Of a name that stands there twice, the last counts.
    pub fn get(&self, name: &str) -> Option<&Told<'t>> {
        let mut fields = self.fields.iter().rev();
        fields
            .find(|(own, _)| own.len() == name.len() && own.as_bytes() == name.as_bytes())
            .map(|(_, value)| value)
    }
}

impl<'t> ToldGroup<'t> {
    /// The values by the order of their names, each name once: what a reader of JSON that keeps no order of fields would see.
    pub fn in_order(&self) -> Vec<&Told<'t>> {
        let mut places: Vec<usize> = (0..self.fields.len()).collect();
        let name = |at: &usize| self.fields[*at].0.as_ref();
        places.sort_by(|one, other| name(one).cmp(name(other)).then(other.cmp(one)));
        places.dedup_by(|later, first| name(later) == name(first));
        places.iter().map(|at| &self.fields[*at].1).collect()
    }
}

/// Where a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no JSON at byte {0}")]
pub struct NotJson(pub usize);

impl<'t> Told<'t> {
    pub fn read(text: &'t str) -> Result<Told<'t>, NotJson> {
        let mut reader = ToldReader { text, at: 0 };
        reader.space();
        let told = reader.value(0)?;
        reader.space();
        match reader.at == text.len() {
            true => Ok(told),
            false => Err(NotJson(reader.at)),
        }
    }

    /// The same, of a value that has no text of its own.
    pub fn of(json: &Json) -> Told<'static> {
        match json {
            Json::Null => Told::Null,
            Json::Bool(is) => Told::Bool(*is),
            Json::Number(number) => Told::Number(Cow::Owned(number.to_string())),
            Json::String(text) => Told::Text(Cow::Owned(text.clone())),
            Json::Array(items) => Told::List(ToldList {
                items: items.iter().map(Told::of).collect(),
                text: None,
            }),
            Json::Object(fields) => Told::Group(ToldGroup {
                fields: fields
                    .iter()
                    .map(|(name, value)| (Cow::Owned(name.clone()), Told::of(value)))
                    .collect(),
                text: None,
            }),
        }
    }

    pub fn to_json(&self) -> Json {
        match self {
            Told::Null => Json::Null,
            Told::Bool(is) => Json::Bool(*is),
            Told::Number(digits) => digits
                .parse()
                .map_or_else(|_| Json::String(digits.to_string()), Json::Number),
            Told::Text(text) => Json::String(text.to_string()),
            Told::List(list) => Json::Array(list.items.iter().map(Told::to_json).collect()),
            Told::Group(group) => {
                let fields = group.fields.iter();
                let fields = fields.map(|(name, value)| (name.to_string(), value.to_json()));
                Json::Object(fields.collect::<Map<String, Json>>())
            }
        }
    }

    /// The same, owing nothing to the text.
    pub fn into_static(self) -> Told<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Told::Null => Told::Null,
            Told::Bool(is) => Told::Bool(is),
            Told::Number(digits) => Told::Number(owned(digits)),
            Told::Text(text) => Told::Text(owned(text)),
            Told::List(list) => Told::List(ToldList {
                items: list.items.into_iter().map(Told::into_static).collect(),
                text: None,
            }),
            Told::Group(group) => Told::Group(ToldGroup {
                fields: group
                    .fields
                    .into_iter()
                    .map(|(name, value)| (owned(name), value.into_static()))
                    .collect(),
                text: None,
            }),
        }
    }

    /// A field of a group.
    pub fn get(&self, name: &str) -> Option<&Told<'t>> {
        match self {
            Told::Group(group) => group.get(name),
            _ => None,
        }
    }

    /// The piece of text that a list or a group was read from.
    pub fn text(&self) -> Option<&'t str> {
        match self {
            Told::List(list) => list.text,
            Told::Group(group) => group.text,
            _ => None,
        }
    }

    /// Writes it as JSON, without the letter that no database stores. What was told goes out as it came in, as long as it has nothing in it that a
    /// database would refuse.
    pub fn write(&self, out: &mut String) {
        match self {
            Told::Null => out.push_str("null"),
            Told::Bool(true) => out.push_str("true"),
            Told::Bool(false) => out.push_str("false"),
            Told::Number(digits) => out.push_str(digits),
            Told::Text(text) => write_text(out, text),
            Told::List(ToldList {
                text: Some(text), ..
            })
            | Told::Group(ToldGroup {
                text: Some(text), ..
            }) if is_plain(text) => {
                out.push_str(text);
            }
            Told::List(list) => {
                out.push('[');
                for (at, item) in list.items.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write(out);
                }
                out.push(']');
            }
            Told::Group(group) => {
                out.push('{');
                for (at, (name, value)) in group.fields.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_text(out, name);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// Whether a piece of JSON has no escape by which a letter could be hidden in it.
fn is_plain(text: &str) -> bool {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == b'\\') {
        if bytes.get(at + found + 1) == Some(&b'u') {
            return false;
        }
        // Two backslashes are one, and hide nothing.
        at = (at + found + 2).min(bytes.len());
    }
    true
}

/// Writes a text as JSON does, without the letter that no database stores and no person can see.
pub fn write_text(out: &mut String, text: &str) {
    const DIGITS: [char; 16] = [
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f',
    ];
    out.push('"');
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if byte >= 0x20 && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[copied..at]);
        copied = at + 1;
        match byte {
            0 => {}
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            0x08 => out.push_str("\\b"),
            0x0c => out.push_str("\\f"),
            other => {
                out.push_str("\\u00");
                out.push(DIGITS[usize::from(other >> 4)]);
                out.push(DIGITS[usize::from(other & 15)]);
            }
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}

struct ToldReader<'t> {
    text: &'t str,
    at: usize,
}

type ToldResult<T> = Result<T, NotJson>;

impl<'t> ToldReader<'t> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn wrong<T>(&self) -> ToldResult<T> {
        Err(NotJson(self.at))
    }

    /// After what is not to be looked at: the next sign that is no space.
    fn next(&mut self) -> Option<u8> {
        self.space();
        self.peek()
    }

    fn value(&mut self, depth: usize) -> ToldResult<Told<'t>> {
        match self.peek() {
            Some(b'"') => Ok(Told::Text(self.string()?)),
            Some(b'{') if depth < DEPTH => self.group(depth),
            Some(b'[') if depth < DEPTH => self.list(depth),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b'n') => self.word("null", Told::Null),
            Some(b't') => self.word("true", Told::Bool(true)),
            Some(b'f') => self.word("false", Told::Bool(false)),
            _ => self.wrong(),
        }
    }

    fn word(&mut self, word: &str, told: Told<'t>) -> ToldResult<Told<'t>> {
        let rest = &self.text.as_bytes()[self.at..];
        if !rest.starts_with(word.as_bytes()) {
            return self.wrong();
        }
        self.at += word.len();
        Ok(told)
    }

    fn group(&mut self, depth: usize) -> ToldResult<Told<'t>> {
        let start = self.at;
        self.at += 1;
        // A record has some fifty fields, and what is in it a few.
        let mut fields = Vec::with_capacity(if depth == 0 { 64 } else { 4 });
        if self.next() == Some(b'}') {
            self.at += 1;
        } else {
            loop {
                if self.next() != Some(b'"') {
                    return self.wrong();
                }
                let name = self.string()?;
                if self.next() != Some(b':') {
                    return self.wrong();
                }
                self.at += 1;
                self.space();
                fields.push((name, self.value(depth + 1)?));
                if self.is_end(b'}')? {
                    break;
                }
            }
        }
        let text = Some(&self.text[start..self.at]);
        Ok(Told::Group(ToldGroup { fields, text }))
    }

    fn list(&mut self, depth: usize) -> ToldResult<Told<'t>> {
        let start = self.at;
        self.at += 1;
        let mut items = Vec::new();
        if self.next() == Some(b']') {
            self.at += 1;
        } else {
            loop {
                self.space();
                items.push(self.value(depth + 1)?);
                if self.is_end(b']')? {
                    break;
                }
            }
        }
        let text = Some(&self.text[start..self.at]);
        Ok(Told::List(ToldList { items, text }))
    }

    /// Passes what stands behind a value: the end of what it is in, or a comma before the next one.
    fn is_end(&mut self, end: u8) -> ToldResult<bool> {
        let sign = self.next();
        if sign != Some(b',') && sign != Some(end) {
            return self.wrong();
        }
        self.at += 1;
        Ok(sign == Some(end))
    }

    fn digits(&mut self) -> ToldResult<()> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        match self.at > start {
            true => Ok(()),
            false => self.wrong(),
        }
    }

    fn number(&mut self) -> ToldResult<Told<'t>> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        match self.peek() {
            // Nothing may follow a zero at the beginning.
            Some(b'0') => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(Told::Number(Cow::Borrowed(&self.text[start..self.at])))
    }

    fn string(&mut self) -> ToldResult<Cow<'t, str>> {
        let text: &'t str = self.text;
        let bytes = text.as_bytes();
        let start = self.at + 1;
        let mut end = start;
        while let Some(byte) = bytes.get(end) {
            match byte {
                b'"' => {
                    self.at = end + 1;
                    return Ok(Cow::Borrowed(&text[start..end]));
                }
                b'\\' => return self.escaped(start, end),
                0..=0x1f => break,
                _ => end += 1,
            }
        }
        Err(NotJson(end))
    }

    /// A text with an escape at `at`.
    fn escaped(&mut self, start: usize, mut at: usize) -> ToldResult<Cow<'t, str>> {
        let bytes = self.text.as_bytes();
        let mut made = String::with_capacity(at - start + 32);
        let mut copied = start;
        loop {
            match bytes.get(at) {
                Some(b'"') => {
                    made.push_str(&self.text[copied..at]);
                    self.at = at + 1;
                    return Ok(Cow::Owned(made));
                }
                Some(b'\\') => {
                    made.push_str(&self.text[copied..at]);
                    at = self.escape(at, &mut made)?;
                    copied = at;
                }
                Some(0..=0x1f) | None => return Err(NotJson(at)),
                Some(_) => at += 1,
            }
        }
    }

    /// One escape; answers with where it ends.
    fn escape(&self, at: usize, made: &mut String) -> ToldResult<usize> {
        let sign = match self.text.as_bytes().get(at + 1) {
            Some(b'u') => return self.unicode(at, made),
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            _ => return Err(NotJson(at)),
        };
        made.push(sign);
        Ok(at + 2)
    }

    fn unicode(&self, at: usize, made: &mut String) -> ToldResult<usize> {
        let bytes = self.text.as_bytes();
        let unit = escaped_unit(bytes, at).ok_or(NotJson(at))?;
        let end = at + 6;
        let is_high = (0xd800..0xdc00).contains(&unit);
        if is_high
            && let Some(low) = escaped_unit(bytes, end)
            && (0xdc00..0xe000).contains(&low)
        {
            let sign = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
            made.push(char::from_u32(sign).unwrap_or(char::REPLACEMENT_CHARACTER));
            return Ok(end + 6);
        }
        made.push(char::from_u32(unit).unwrap_or(char::REPLACEMENT_CHARACTER));
        Ok(end)
    }
}

/// The unit of the escape `\uXXXX` that begins at this place.
pub fn escaped_unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(br"\u")?;
    let mut unit = 0;
    for digit in digits {
        unit = unit * 16 + char::from(*digit).to_digit(16)?;
    }
    Some(unit)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn what_was_told_keeps_its_text_and_its_digits() {
        let text = r#" { "id" : 7, "total": "12.50", "rate": 9.9750, "none": null, "yes": [true, false, {}] , "é\u00e9\n": "\ud83d\ude00" } "#;
        let told = Told::read(text).expect("it is JSON");
        assert_eq!(told.get("rate"), Some(&Told::Number("9.9750".into())));
        assert_eq!(
            told.get("yes").and_then(Told::text),
            Some("[true, false, {}]")
        );
        assert_eq!(told.text(), Some(text.trim()));
        assert_eq!(told.get("éé\n"), Some(&Told::Text("😀".into())));
        assert!(matches!(
            told.get("total"),
            Some(Told::Text(Cow::Borrowed("12.50")))
        ));
        let mut again = String::new();
        told.into_static().write(&mut again);
        assert_eq!(Told::read(&again), Told::read(text));
    }

    #[test]
    fn of_a_name_that_stands_there_twice_the_last_counts() {
        let told = Told::read(r#"{"a":1,"b":2,"a":3}"#).expect("it is JSON");
        assert_eq!(told.get("a"), Some(&Told::Number("3".into())));
        assert_eq!(told.to_json(), json!({ "a": 3, "b": 2 }));
    }

    #[test]
    fn a_list_with_gaps_has_the_order_of_its_names_and_each_once() {
        let told = Told::read(r#"{"9":"a","10":"b","9":"c"}"#).expect("it is JSON");
        let Told::Group(group) = &told else {
            panic!("a group");
        };
        let values: Vec<Json> = group.in_order().into_iter().map(Told::to_json).collect();
        assert_eq!(values, [json!("b"), json!("c")]);
        assert_eq!(
            told,
            Told::read(r#"{"10":"b","9":"c"}"#).expect("it is JSON")
        );
    }

    #[test]
    fn half_a_surrogate_is_replaced_and_nothing_is_left_that_a_database_refuses() {
        for (told, meant) in [
            (r#"["\ud800"]"#, "[\"\u{fffd}\"]"),
            (r#"["\udc00x"]"#, "[\"\u{fffd}x\"]"),
            (r#"["\ud83d\ud83d\ude00"]"#, "[\"\u{fffd}😀\"]"),
            (r#"["\ud83d\n"]"#, "[\"\u{fffd}\\n\"]"),
            (r#"{"a\u0000b":"c\u0000d"}"#, r#"{"ab":"cd"}"#),
            (r#"["\\u0000"]"#, r#"["\\u0000"]"#),
            (r#"["a\/b\\"]"#, r#"["a\/b\\"]"#),
        ] {
            let mut out = String::new();
            Told::read(told).expect("it is JSON").write(&mut out);
            assert_eq!(out, meant, "{told}");
        }
    }

    #[test]
    fn what_is_no_json_is_none() {
        let deep = "[".repeat(128) + &"]".repeat(128);
        for text in [
            "",
            " ",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "{\"a\"}",
            "{a:1}",
            "01",
            "1.",
            ".5",
            "-",
            "+1",
            "1e",
            "nul",
            "truee",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\n\"",
            "[1 2]",
            "1 2",
            "'a'",
            "[",
            "]",
            "{]",
            "\u{feff}1",
            &deep,
        ] {
            assert!(Told::read(text).is_err(), "{text}");
            assert!(serde_json::from_str::<Json>(text).is_err(), "{text}");
        }
        let deepest = "[".repeat(127) + &"]".repeat(127);
        assert!(Told::read(&deepest).is_ok() && serde_json::from_str::<Json>(&deepest).is_ok());
    }

    fn any_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            any::<i64>().prop_map(Json::from),
            // Figures of a shop. The library reads longer ones only nearly.
            (-10_000..10_000i32, 0..100u8).prop_map(|(whole, cents)| {
                let text = format!("{whole}.{cents:02}");
                serde_json::from_str(&text).expect("a figure")
            }),
            any::<String>().prop_map(Json::String),
        ];
        leaf.prop_recursive(4, 48, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Json::Array),
                prop::collection::vec((any::<String>(), inner), 0..6)
                    .prop_map(|fields| Json::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        /// Whatever JSON: it is read as the library reads it, however it is laid out, and written as it was.
        #[test]
        fn it_says_what_the_library_reads(json in any_json(), pretty in any::<bool>()) {
            let text = match pretty {
                true => serde_json::to_string_pretty(&json),
                false => serde_json::to_string(&json),
            };
            let text = text.expect("it has a form");
            let told = Told::read(&text).expect("it is JSON");
            prop_assert_eq!(&told.to_json(), &json);
            let mut of = String::new();
            told.write(&mut of);
            let mut anew = String::new();
            told.clone().into_static().write(&mut anew);
            prop_assert_eq!(Told::read(&of).expect("JSON").to_json(), Told::read(&anew).expect("JSON").to_json());
            prop_assert_eq!(&Told::of(&json), &told);
        }

        /// Any text at all: both take it, or neither.
        #[test]
        fn it_takes_what_the_library_takes(text in r#"[\[\]{}",:\\ntrue0-9eE.+ \-a-f"u]{0,24}"#) {
            let library = serde_json::from_str::<Json>(&text);
            let told = Told::read(&text);
            // The library also refuses halves of surrogates, and figures beyond its floats.
            if library.is_ok() {
                prop_assert!(told.is_ok(), "{}", text);
            } else if told.is_ok() {
                prop_assert!(text.contains("\\u") || text.contains(['e', 'E']), "{}", text);
            }
        }
    }
}
