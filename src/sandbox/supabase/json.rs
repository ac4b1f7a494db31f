//! JSON as PostgreSQL reads it into `json` and `jsonb`.
//!
//! Numbers keep every digit, which a reader with floats would not. What PostgreSQL refuses is refused with the same code:
//! U+0000 and halves of surrogate pairs above all.

use std::fmt::Write as _;

use super::number::DatabaseNumber;

/// Deeper than this PostgreSQL's own stack would end.
const DEEPEST: usize = 1_000;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it was written; as `jsonb` it is the plain decimal.
    Number(String),
    Text(String),
    List(Vec<Json>),
    /// In the order of the text, with keys that come twice.
    Object(Vec<(String, Json)>),
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseBroken {
    Ended,
    Token,
    Nul,
    Surrogate,
    Deep,
}

impl Json {
    pub fn read(text: &str) -> Result<Json, DatabaseBroken> {
        let mut reader = DatabaseReader {
            bytes: text.as_bytes(),
            text,
            at: 0,
        };
        let value = reader.value(0)?;
        reader.blanks();
        if reader.at == text.len() {
            Ok(value)
        } else {
            Err(DatabaseBroken::Token)
        }
    }

    /// Makes `jsonb` of it: keys by length and then bytes, the last of two same ones, plain decimals.
    pub fn settled(&self) -> Json {
        match self {
            Json::Number(text) => {
                let plain = DatabaseNumber::read(text).map(|number| number.to_string());
                Json::Number(plain.unwrap_or_else(|_| text.clone()))
            }
            Json::List(list) => Json::List(list.iter().map(Json::settled).collect()),
            Json::Object(pairs) => {
                let mut kept: Vec<(String, Json)> = Vec::with_capacity(pairs.len());
                for (key, value) in pairs {
                    let order = |one: &(String, Json)| {
                        (one.0.len(), one.0.as_bytes()).cmp(&(key.len(), key.as_bytes()))
                    };
                    match kept.binary_search_by(order) {
                        Ok(at) => kept[at].1 = value.settled(),
                        Err(at) => kept.insert(at, (key.clone(), value.settled())),
                    }
                }
                Json::Object(kept)
            }
            other => other.clone(),
        }
    }

    /// As PostgreSQL prints `jsonb`.
    pub fn print(&self, out: &mut String) {
        match self {
            Json::Null => out.push_str("null"),
            Json::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
            Json::Number(text) => out.push_str(text),
            Json::Text(text) => quote(text, out),
            Json::List(list) => {
                out.push('[');
                for (at, value) in list.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    value.print(out);
                }
                out.push(']');
            }
            Json::Object(pairs) => {
                out.push('{');
                for (at, (key, value)) in pairs.iter().enumerate() {
                    if at > 0 {
                        out.push_str(", ");
                    }
                    quote(key, out);
                    out.push_str(": ");
                    value.print(out);
                }
                out.push('}');
            }
        }
    }

    pub fn printed(&self) -> String {
        let mut out = String::new();
        self.print(&mut out);
        out
    }

    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(pairs) => pairs.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v),
            _ => None,
        }
    }

    /// One step of a path: a key, or a place in a list, counted from the end if below zero.
    pub fn step(&self, step: &str) -> Option<&Json> {
        match self {
            Json::Object(_) => self.get(step),
            Json::List(list) => {
                let at: i64 = step.parse().ok()?;
                let at = if at < 0 {
                    at + i64::try_from(list.len()).ok()?
                } else {
                    at
                };
                list.get(usize::try_from(at).ok()?)
            }
            _ => None,
        }
    }
}

/// Writes a text with quotes around it, as PostgreSQL does: nothing but what must be is escaped.
pub fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

struct DatabaseReader<'a> {
    bytes: &'a [u8],
    text: &'a str,
    at: usize,
}

impl DatabaseReader<'_> {
    fn blanks(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The next byte that is no blank, which is not taken.
    fn next(&mut self) -> Result<u8, DatabaseBroken> {
        self.blanks();
        self.bytes
            .get(self.at)
            .copied()
            .ok_or(DatabaseBroken::Ended)
    }

    fn value(&mut self, depth: usize) -> Result<Json, DatabaseBroken> {
        if depth > DEEPEST {
            return Err(DatabaseBroken::Deep);
        }
        match self.next()? {
            b'{' => self.object(depth),
            b'[' => self.list(depth),
            b'"' => self.string().map(Json::Text),
            b't' => self.word("true", Json::Bool(true)),
            b'f' => self.word("false", Json::Bool(false)),
            b'n' => self.word("null", Json::Null),
            b'-' | b'0'..=b'9' => self.number(),
            _ => Err(DatabaseBroken::Token),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Result<Json, DatabaseBroken> {
        if self.text[self.at..].starts_with(word) {
            self.at += word.len();
            Ok(value)
        } else {
            Err(DatabaseBroken::Token)
        }
    }

    fn list(&mut self, depth: usize) -> Result<Json, DatabaseBroken> {
        self.at += 1;
        let mut list = Vec::new();
        if self.next()? == b']' {
            self.at += 1;
            return Ok(Json::List(list));
        }
        loop {
            list.push(self.value(depth + 1)?);
            match self.next()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    return Ok(Json::List(list));
                }
                _ => return Err(DatabaseBroken::Token),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Result<Json, DatabaseBroken> {
        self.at += 1;
        let mut pairs = Vec::new();
        if self.next()? == b'}' {
            self.at += 1;
            return Ok(Json::Object(pairs));
        }
        loop {
            if self.next()? != b'"' {
                return Err(DatabaseBroken::Token);
            }
            let key = self.string()?;
            if self.next()? != b':' {
                return Err(DatabaseBroken::Token);
            }
            self.at += 1;
            pairs.push((key, self.value(depth + 1)?));
            match self.next()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(Json::Object(pairs));
                }
                _ => return Err(DatabaseBroken::Token),
            }
        }
    }

    fn number(&mut self) -> Result<Json, DatabaseBroken> {
        let from = self.at;
        let digits = |reader: &mut Self| {
            let begin = reader.at;
            while matches!(reader.bytes.get(reader.at), Some(b'0'..=b'9')) {
                reader.at += 1;
            }
            reader.at - begin
        };
        if self.bytes[self.at] == b'-' {
            self.at += 1;
        }
        let zero = self.bytes.get(self.at) == Some(&b'0');
        let count = digits(self);
        if count == 0 || (zero && count > 1) {
            return Err(DatabaseBroken::Token);
        }
        if self.bytes.get(self.at) == Some(&b'.') {
            self.at += 1;
            if digits(self) == 0 {
                return Err(DatabaseBroken::Token);
            }
        }
        if matches!(self.bytes.get(self.at), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.bytes.get(self.at), Some(b'+' | b'-')) {
                self.at += 1;
            }
            if digits(self) == 0 {
                return Err(DatabaseBroken::Token);
            }
        }
        Ok(Json::Number(self.text[from..self.at].to_owned()))
    }

    fn string(&mut self) -> Result<String, DatabaseBroken> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let from = self.at;
            while self
                .bytes
                .get(self.at)
                .is_some_and(|b| !matches!(b, b'"' | b'\\') && *b >= b' ')
            {
                self.at += 1;
            }
            out.push_str(&self.text[from..self.at]);
            match self.bytes.get(self.at) {
                None => return Err(DatabaseBroken::Ended),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                // A bare control character.
                Some(_) => return Err(DatabaseBroken::Token),
            }
        }
    }

    fn escape(&mut self) -> Result<char, DatabaseBroken> {
        let letter = *self.bytes.get(self.at + 1).ok_or(DatabaseBroken::Ended)?;
        self.at += 2;
        Ok(match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(DatabaseBroken::Token),
        })
    }

    fn unicode(&mut self) -> Result<char, DatabaseBroken> {
        let high = self.four()?;
        let code = match high {
            0 => return Err(DatabaseBroken::Nul),
            0xd800..=0xdbff => {
                if !self.text[self.at..].starts_with("\\u") {
                    return Err(DatabaseBroken::Surrogate);
                }
                self.at += 2;
                let low = self.four()?;
                if !(0xdc00..=0xdfff).contains(&low) {
                    return Err(DatabaseBroken::Surrogate);
                }
                0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
            }
            0xdc00..=0xdfff => return Err(DatabaseBroken::Surrogate),
            plain => plain,
        };
        char::from_u32(code).ok_or(DatabaseBroken::Surrogate)
    }

    fn four(&mut self) -> Result<u32, DatabaseBroken> {
        let digits = self
            .text
            .get(self.at..self.at + 4)
            .filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or(DatabaseBroken::Token)?;
        self.at += 4;
        u32::from_str_radix(digits, 16).map_err(|_| DatabaseBroken::Token)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jsonb(text: &str) -> String {
        Json::read(text).expect("JSON").settled().printed()
    }

    #[test]
    fn jsonb_sorts_keys_keeps_the_last_and_every_digit() {
        assert_eq!(
            jsonb(r#"{"b":1e2,"a":1.0,"a":2.50,"zz":-0,"k":0.1e-5, "c":[true , null]}"#),
            r#"{"a": 2.50, "b": 100, "c": [true, null], "k": 0.000001, "zz": 0}"#
        );
        assert_eq!(jsonb(r#""\u00e9\n\/\ud83d\ude00""#), "\"é\\n/😀\"");
        assert_eq!(
            jsonb("123456789012345678901234567890.10"),
            "123456789012345678901234567890.10"
        );
    }

    #[test]
    fn what_postgres_does_not_take_is_told_apart() {
        for (text, broken) in [
            ("[{", DatabaseBroken::Ended),
            ("", DatabaseBroken::Ended),
            ("[1,]", DatabaseBroken::Token),
            ("01", DatabaseBroken::Token),
            ("{a:1}", DatabaseBroken::Token),
            ("\"a\nb\"", DatabaseBroken::Token),
            (r#""\u0000""#, DatabaseBroken::Nul),
            (r#""\ud800""#, DatabaseBroken::Surrogate),
            (r#""\ud800\u0041""#, DatabaseBroken::Surrogate),
            (r#""\udc00""#, DatabaseBroken::Surrogate),
            ("1 2", DatabaseBroken::Token),
        ] {
            assert_eq!(Json::read(text), Err(broken), "{text}");
        }
        assert_eq!(Json::read(&"[".repeat(5_000)), Err(DatabaseBroken::Deep));
    }
}
