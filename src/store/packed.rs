//! Packed: a long text in a column of text, in a fifth of its room.
//!
//! What the state keeps of a document says much alike, and what all documents say alike stands in `packed_words.txt`, once for all of
//! them. What is packed says so in front, and whatever does not is the text itself: files of earlier versions, and texts that are short.
//! A text comes back to the byte or not at all: what was damaged is told, and never guessed at.
//!
//! The first way to pack knew no words, and wrote in base64. What was packed so is read for good, and packed so no more.

use std::borrow::Cow;
use std::cell::RefCell;
use std::io::Read;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::read::DeflateDecoder;
use flate2::{Compress, Compression, Crc, Decompress, FlushCompress, FlushDecompress, Status};
use serde::de::DeserializeOwned;

use super::columns::read_json;
use super::error::SqlTrouble;

/// How a packed text begins. What it takes the place of is JSON, which begins otherwise.
pub(super) const MARK: &str = "packed:2:";
const FIRST_MARK: &str = "packed:1:";

/// What documents of the books have in common, what is most common last. Whatever was packed with these words is read with them: they
/// never change. Better ones are another mark.
const WORDS: &[u8] = include_bytes!("packed_words.txt");

/// Shorter texts gain nothing: the mark and the check take room too.
const SHORT: usize = 60;

/// No request is nearly as long; what claims to be is damaged.
const LONGEST: usize = 64_000_000;

/// The letters that a packed text is written in. They stand in JSON and in SQL as they are.
const LETTERS: &[u8; 91] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~-";

/// In front of what is packed, so that another text is not taken for it.
const CHECK: usize = 4;

thread_local! {
    // They are large, and as good as new after each text.
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(6), false));
    static UNPACKER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// The text in less room, if it has any to spare.
pub(super) fn packed(text: &str) -> Cow<'_, str> {
    if text.len() < SHORT || text.len() > LONGEST {
        return Cow::Borrowed(text);
    }
    let small = PACKER.with_borrow_mut(|packer| deflated(packer, text));
    let mut written = String::with_capacity(MARK.len() + small.len() * 5 / 4 + 2);
    written.push_str(MARK);
    write_letters(&small, &mut written);
    match written.len() < text.len() {
        true => Cow::Owned(written),
        false => Cow::Borrowed(text),
    }
}

/// The text itself. `None`: it is damaged.
pub(super) fn unpacked(text: String) -> Option<String> {
    match whole(&text)? {
        Cow::Owned(whole) => Some(whole),
        Cow::Borrowed(_) => Some(text),
    }
}

/// The same of a text that is only looked at.
pub(super) fn whole(text: &str) -> Option<Cow<'_, str>> {
    if let Some(letters) = text.strip_prefix(MARK) {
        let small = read_letters(letters)?;
        let text = UNPACKER.with_borrow_mut(|unpacker| inflated(unpacker, &small))?;
        return Some(Cow::Owned(text));
    }
    match text.strip_prefix(FIRST_MARK) {
        Some(small) => first_way(small).map(Cow::Owned),
        None => Some(Cow::Borrowed(text)),
    }
}

/// For what nothing can be done without.
pub(super) fn read_packed<T: DeserializeOwned>(
    text: &str,
    column: &'static str,
) -> Result<T, SqlTrouble> {
    read_json(&needed(text, column)?, column)
}

pub(super) fn needed<'a>(text: &'a str, column: &'static str) -> Result<Cow<'a, str>, SqlTrouble> {
    whole(text).ok_or(SqlTrouble::Odd(column))
}

pub(super) fn is_packed(text: &str) -> bool {
    text.starts_with(MARK) || text.starts_with(FIRST_MARK)
}

fn deflated(packer: &mut Compress, text: &str) -> Vec<u8> {
    packer.reset();
    packer
        .set_dictionary(WORDS)
        .expect("a packer that has packed nothing takes words");
    let mut small = Vec::with_capacity(text.len() / 2 + 64);
    small.extend_from_slice(&[0; CHECK]);
    loop {
        let done = usize::try_from(packer.total_in()).expect("no longer than the text");
        let rest = &text.as_bytes()[done..];
        let status = packer.compress_vec(rest, &mut small, FlushCompress::Finish);
        match status.expect("what is in memory can be packed") {
            Status::StreamEnd => break,
            Status::Ok | Status::BufError => small.reserve(small.len()),
        }
    }
    let check = check_of(&small[CHECK..], text.as_bytes());
    small[..CHECK].copy_from_slice(&check);
    small
}

/// Of both, so that no bit of what stands there can be another one.
fn check_of(small: &[u8], text: &[u8]) -> [u8; CHECK] {
    let mut check = Crc::new();
    check.update(small);
    check.update(text);
    check.sum().to_le_bytes()
}

fn inflated(unpacker: &mut Decompress, small: &[u8]) -> Option<String> {
    let (check, small) = small.split_first_chunk::<CHECK>()?;
    unpacker.reset(false);
    unpacker.set_dictionary(WORDS).ok()?;
    let mut text = Vec::with_capacity(small.len() * 6 + 64);
    loop {
        let before = (unpacker.total_in(), text.len());
        let rest = &small[usize::try_from(before.0).ok()?..];
        let status = unpacker.decompress_vec(rest, &mut text, FlushDecompress::Finish);
        if status.ok()? == Status::StreamEnd {
            break;
        }
        if text.len() > LONGEST {
            return None;
        }
        if text.len() == text.capacity() {
            text.reserve(text.len());
        } else if before == (unpacker.total_in(), text.len()) {
            // It stops before its end.
            return None;
        }
    }
    let is_same = check_of(small, &text) == *check
        && unpacker.total_in() == small.len() as u64
        && text.len() <= LONGEST;
    is_same.then(|| String::from_utf8(text).ok()).flatten()
}

/// Thirteen or fourteen bits in two letters.
fn write_letters(bytes: &[u8], into: &mut String) {
    let (mut bits, mut count) = (0_u32, 0_u32);
    let letter = |value: u32| char::from(LETTERS[value as usize]);
    for byte in bytes {
        bits |= u32::from(*byte) << count;
        count += 8;
        if count > 13 {
            let taken = if bits & 0x1FFF > 88 { 13 } else { 14 };
            let value = bits & ((1 << taken) - 1);
            bits >>= taken;
            count -= taken;
            into.push(letter(value % 91));
            into.push(letter(value / 91));
        }
    }
    if count > 0 {
        into.push(letter(bits % 91));
        if count > 7 || bits > 90 {
            into.push(letter(bits / 91));
        }
    }
}

/// Which value each letter has; of what is none of them, more than any.
const VALUES: [u8; 256] = {
    let mut values = [u8::MAX; 256];
    let mut value = 0;
    while value < LETTERS.len() {
        values[LETTERS[value] as usize] = value as u8;
        value += 1;
    }
    values
};

fn read_letters(letters: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(letters.len() * 7 / 8 + 2);
    let (mut bits, mut count) = (0_u32, 0_u32);
    let mut pairs = letters.as_bytes().chunks_exact(2);
    let value = |letter: u8| match VALUES[usize::from(letter)] {
        u8::MAX => None,
        value => Some(u32::from(value)),
    };
    for pair in &mut pairs {
        let both = value(pair[0])? + value(pair[1])? * 91;
        bits |= both << count;
        count += if both & 0x1FFF > 88 { 13 } else { 14 };
        while count > 7 {
            bytes.push((bits & 0xFF) as u8);
            bits >>= 8;
            count -= 8;
        }
    }
    match pairs.remainder() {
        [last] => {
            let last = value(*last)?;
            if last >> (8 - count) != 0 {
                return None;
            }
            bytes.push((bits | last << count) as u8);
        }
        // What fills up the last letters is nothing.
        _ if bits != 0 => return None,
        _ => {}
    }
    Some(bytes)
}

fn first_way(small: &str) -> Option<String> {
    let bytes = STANDARD_NO_PAD.decode(small).ok()?;
    let mut text = String::new();
    let mut whole = DeflateDecoder::new(bytes.as_slice()).take(LONGEST as u64);
    whole.read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
pub(super) mod looked_through;
#[cfg(test)]
mod tests;
