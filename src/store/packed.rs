//! Packed: a long text in a column of text, in a sixth of its room.
//!
//! The bytes of a request are its documents one after the other, which say much alike. They are needed again only if its answer is lost,
//! so they are kept small. What is packed says so in front, and whatever does not is the text itself: files of earlier versions, and
//! texts that are short.

use std::borrow::Cow;
use std::io::{Read, Write};

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;

/// How a packed text begins. What it takes the place of is JSON, which begins otherwise.
const MARK: &str = "packed:1:";

/// Shorter texts say too little twice.
const SHORT: usize = 2_000;

/// No request is nearly as long; what claims to be is damaged.
const LONGEST: u64 = 64_000_000;

pub(super) fn packed(text: &str) -> Cow<'_, str> {
    if text.len() < SHORT {
        return Cow::Borrowed(text);
    }
    let mut small = DeflateEncoder::new(Vec::new(), Compression::fast());
    let bytes = small
        .write_all(text.as_bytes())
        .and_then(|()| small.finish());
    let bytes = bytes.expect("writing into memory does not fail");
    Cow::Owned(format!("{MARK}{}", STANDARD_NO_PAD.encode(bytes)))
}

/// The text itself. `None`: it is damaged.
pub(super) fn unpacked(text: String) -> Option<String> {
    let Some(small) = text.strip_prefix(MARK) else {
        return Some(text);
    };
    let bytes = STANDARD_NO_PAD.decode(small).ok()?;
    let mut text = String::new();
    let mut whole = DeflateDecoder::new(bytes.as_slice()).take(LONGEST);
    whole.read_to_string(&mut text).ok()?;
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_comes_back_and_takes_less_room() {
        let one =
            |n: usize| format!("{{\"DocNumber\":\"WC-{n}\",\"Line\":[{{\"Amount\":{n}.50}}]}}");
        let text: String = (0..200).map(one).collect();
        let small = packed(&text);
        assert!(small.len() * 4 < text.len(), "{}", small.len());
        assert_eq!(unpacked(small.into_owned()), Some(text));
    }

    #[test]
    fn a_short_text_is_left_alone_and_a_damaged_one_is_none() {
        assert_eq!(packed("{}"), "{}");
        assert_eq!(unpacked("{}".to_owned()), Some("{}".to_owned()));
        assert_eq!(unpacked("packed:1:!".to_owned()), None);
        assert_eq!(unpacked("packed:1:AAAA".to_owned()), None);
    }
}
