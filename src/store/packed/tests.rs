//! What was packed comes back to the byte, and what was damaged is told.

use base64::Engine;
use flate2::write::DeflateEncoder;
use proptest::prelude::*;
use std::io::Write;

use super::*;
use crate::model::fingerprint::Fingerprint;

/// As the first way packed a text.
fn packed_the_first_way(text: &str) -> String {
    let mut small = DeflateEncoder::new(Vec::new(), Compression::fast());
    small.write_all(text.as_bytes()).expect("into memory");
    let small = small.finish().expect("into memory");
    format!("{FIRST_MARK}{}", STANDARD_NO_PAD.encode(small))
}

fn back(text: &str) -> Option<String> {
    unpacked(packed(text).into_owned())
}

/// Whatever was kept with these words is read with them.
#[test]
fn the_words_never_change() {
    assert_eq!(
        Fingerprint::of_bytes(WORDS).as_str(),
        "944186ec5a3e171ec3ffa876cfd7f0cdac55c47f19bfeaf32157777ea2bbef43",
        "words that have been packed with stay as they are: better ones are another mark"
    );
}

/// What an earlier udsync has packed with these words.
#[test]
fn what_was_packed_once_is_read_for_good() {
    let text = r#"{"done":{"remote":{"entity":"SalesReceipt","id":"187","revision":"0"},"label":"WC-1042","total":"162.71","note":"Ann – 5 €"}}"#;
    let kept = r#"packed:2:5vA_^Yb=l$UU7S:meMN1gSSzG.}va:r4R825.a|tsHl7&l.oCAA"#;
    assert_eq!(unpacked(kept.to_owned()).as_deref(), Some(text));
    let first = packed_the_first_way(text);
    assert_eq!(unpacked(first).as_deref(), Some(text));
}

#[test]
fn a_long_text_comes_back_and_takes_less_room() {
    let one = |n: usize| format!("{{\"DocNumber\":\"WC-{n}\",\"Line\":[{{\"Amount\":{n}.50}}]}}");
    let text: String = (0..200).map(one).collect();
    let small = packed(&text);
    assert!(small.len() * 4 < text.len(), "{}", small.len());
    assert_eq!(unpacked(small.into_owned()), Some(text));
}

#[test]
fn a_huge_text_an_empty_one_and_unlucky_ones_come_back() {
    let huge = "{\"DocNumber\":\"WC-1\"}".repeat(500_000);
    let noise: String = (0..50_000_u32)
        .map(|n| char::from_u32(0x4E00 + n.wrapping_mul(2_654_435_761) % 20_000).expect("a letter"))
        .collect();
    let zeros = "\0".repeat(10_000);
    let words = String::from_utf8(WORDS.to_vec()).expect("words are text");
    let twice = packed(&words).into_owned();
    for text in [
        "",
        "x",
        "{}",
        &huge,
        &noise,
        &zeros,
        &words,
        &twice[MARK.len()..],
    ] {
        assert_eq!(back(text).as_deref(), Some(text));
    }
    assert!(packed(&huge).len() * 50 < huge.len());
}

#[test]
fn a_short_text_is_left_alone_and_a_damaged_one_is_none() {
    assert_eq!(packed("{}"), "{}");
    assert_eq!(unpacked("{}".to_owned()), Some("{}".to_owned()));
    for damaged in [
        "packed:1:!",
        "packed:1:AAAA",
        "packed:2:",
        "packed:2:A",
        "packed:2:\"",
        "packed:2:AAAA",
        "packed:2:AAAAAAAAAAAAAAAAAAAAAAAA",
        "packed:2:~~~~~~~~~~~~~~~~~~~~~~~~",
    ] {
        assert_eq!(unpacked(damaged.to_owned()), None, "{damaged}");
    }
}

/// Something that grows without end is no text.
#[test]
fn what_claims_to_be_endless_is_damaged() {
    let mut endless = Compress::new(Compression::new(6), false);
    endless.set_dictionary(WORDS).expect("words");
    let text = vec![b'x'; LONGEST + 1_000_000];
    let mut small = vec![0; CHECK];
    small.reserve(1_000_000);
    let status = endless.compress_vec(&text, &mut small, FlushCompress::Finish);
    assert_eq!(status.expect("packed"), Status::StreamEnd);
    let check = check_of(&small[CHECK..], &text);
    small[..CHECK].copy_from_slice(&check);
    let mut written = MARK.to_owned();
    write_letters(&small, &mut written);
    assert_eq!(unpacked(written), None);
}

proptest! {
    #[test]
    fn any_text_comes_back_to_the_byte(text in "\\PC{0,400}", times in 1_usize..40) {
        prop_assert_eq!(back(&text), Some(text.clone()));
        let long = text.repeat(times);
        prop_assert_eq!(back(&long), Some(long));
    }

    #[test]
    fn any_bytes_are_written_in_letters_and_read_again(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut letters = String::new();
        write_letters(&bytes, &mut letters);
        prop_assert!(letters.bytes().all(|letter| LETTERS.contains(&letter)));
        prop_assert_eq!(read_letters(&letters), Some(bytes));
    }

    /// One letter changed, taken out or added: told, or the very same text.
    #[test]
    fn a_damaged_text_is_told_and_never_guessed(
        number in any::<u32>(), words in "[ -~]{0,80}", at in any::<prop::sample::Index>(), letter in 0_usize..91, how in 0_u8..4,
    ) {
        let text = format!(
            "{{\"done\":{{\"remote\":{{\"entity\":\"SalesReceipt\",\"id\":\"{number}\",\"revision\":\"0\"}},\"label\":{words:?},\"total\":\"{number}\"}}}}"
        );
        let kept = packed(&text).into_owned();
        prop_assert!(is_packed(&kept));
        let mut letters = kept.clone().into_bytes();
        let place = MARK.len() + at.index(letters.len() - MARK.len());
        match how {
            0 => letters[place] = LETTERS[letter],
            1 => { letters.remove(place); }
            2 => letters.insert(place, LETTERS[letter]),
            _ => letters.truncate(place),
        }
        let damaged = String::from_utf8(letters).expect("letters");
        let found = unpacked(damaged.clone());
        prop_assert!(found.is_none() || found.as_deref() == Some(text.as_str()), "{}: {:?}", damaged, found);
    }
}
