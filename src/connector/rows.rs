//! Rows of a list, read one by one and no more of them than were asked for.
//!
//! An answer of some megabytes can hold millions of empty rows, and each of them takes many times its text in memory. So whoever asks
//! for a hundred stops at the next one: a service that does not keep to the question cannot be understood.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, SeqAccess, Visitor};
use serde_json::value::RawValue;

/// No record of a shop or of books is nearly as long; what is longer would only fill the memory.
pub const ROW_MAX: usize = 4_000_000;

/// Reads a list of at most so many rows, each of which is no longer than a row can be.
pub fn at_most<T: DeserializeOwned>(text: &str, most: usize) -> serde_json::Result<Vec<T>> {
    read(text, most, |row: &RawValue| {
        if row.get().len() > ROW_MAX {
            return Err(serde_json::Error::custom("a row is too long"));
        }
        serde_json::from_str(row.get())
    })
}

/// The same, each row as it was sent: whoever reads it says what is wrong with it.
pub fn raw_at_most(text: &str, most: usize) -> serde_json::Result<Vec<Box<RawValue>>> {
    read(text, most, |row| Ok(row.to_owned()))
}

fn read<T>(
    text: &str,
    most: usize,
    each: impl FnMut(&RawValue) -> serde_json::Result<T>,
) -> serde_json::Result<Vec<T>> {
    let mut json = serde_json::Deserializer::from_str(text);
    let rows = RowsSeed {
        most,
        each,
        of: PhantomData,
    }
    .deserialize(&mut json)?;
    json.end()?;
    Ok(rows)
}

struct RowsSeed<T, F> {
    most: usize,
    each: F,
    of: PhantomData<T>,
}

impl<'de, T, F> DeserializeSeed<'de> for RowsSeed<T, F>
where
    F: FnMut(&RawValue) -> serde_json::Result<T>,
{
    type Value = Vec<T>;

    fn deserialize<D: serde::Deserializer<'de>>(self, from: D) -> Result<Vec<T>, D::Error> {
        from.deserialize_seq(self)
    }
}

impl<'de, T, F> Visitor<'de> for RowsSeed<T, F>
where
    F: FnMut(&RawValue) -> serde_json::Result<T>,
{
    type Value = Vec<T>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "a list of at most {} rows", self.most)
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<Vec<T>, A::Error> {
        let mut rows = Vec::new();
        while let Some(row) = seq.next_element::<&RawValue>()? {
            if rows.len() == self.most {
                return Err(A::Error::custom("there are more rows than were asked for"));
            }
            rows.push((self.each)(row).map_err(A::Error::custom)?);
        }
        Ok(rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_ends_where_it_was_to_end() {
        assert_eq!(at_most::<u8>("[1, 2]", 2).expect("read"), [1, 2]);
        assert!(at_most::<u8>("[]", 0).expect("read").is_empty());
        at_most::<u8>("[1, 2, 3]", 2).expect_err("one too many");
        at_most::<u8>("[1, 2] x", 2).expect_err("something behind it");
        at_most::<u8>("{}", 2).expect_err("no list");
        let long = format!("[\"{}\"]", "x".repeat(ROW_MAX));
        at_most::<String>(&long, 1).expect_err("too long a row");
        assert_eq!(raw_at_most(&long, 1).expect("as it is").len(), 1);
    }

    #[test]
    fn what_is_cut_off_is_still_known_as_cut_off() {
        assert!(
            raw_at_most("[{\"id\":1},{\"i", 9)
                .expect_err("cut")
                .is_eof()
        );
    }
}
