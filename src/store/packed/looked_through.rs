//! Everything that can be read in the bytes of a state file, for tests that somebody is not in it: the bytes themselves, and each text that
//! is packed in them, as far as it goes. Written apart from what packs, and read by the tests of both crates.

use flate2::{Decompress, FlushDecompress};

const WORDS: &[u8] = include_bytes!("../packed_words.txt");
const MARK: &[u8] = b"packed:2:";
const LETTERS: &[u8] =
    b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,./:;<=>?@[]^_`{|}~-";

/// The bytes, and behind them what was packed.
pub fn everything_in(bytes: &[u8]) -> Vec<u8> {
    let mut all = bytes.to_vec();
    for (at, part) in bytes.windows(MARK.len()).enumerate() {
        if part == MARK {
            all.push(b'\n');
            all.extend(beginning_of(&bytes[at + MARK.len()..]));
        }
    }
    all
}

/// What is packed there, to its end or to where it was cut off. Behind it anything may stand.
fn beginning_of(letters: &[u8]) -> Vec<u8> {
    let mut bits = Vec::new();
    let value = |letter: u8| LETTERS.iter().position(|one| *one == letter);
    for pair in letters.chunks(2) {
        let (Some(first), Some(second)) = (
            value(pair[0]),
            pair.get(1).map_or(Some(0), |one| value(*one)),
        ) else {
            break;
        };
        let both = first + second * 91;
        let count = if both % 8192 > 88 { 13 } else { 14 };
        bits.extend((0..count).map(|bit| both >> bit & 1 == 1));
    }
    let bytes: Vec<u8> = bits
        .chunks(8)
        .map(|bits| {
            bits.iter()
                .rev()
                .fold(0, |byte, bit| byte << 1 | u8::from(*bit))
        })
        .collect();
    let mut text = Vec::with_capacity(1_000_000);
    let mut unpacker = Decompress::new(false);
    unpacker.set_dictionary(WORDS).expect("words");
    // The first four bytes are a check.
    let _ = unpacker.decompress_vec(
        bytes.get(4..).unwrap_or_default(),
        &mut text,
        FlushDecompress::Sync,
    );
    text
}

#[test]
fn what_is_packed_is_found_in_the_middle_of_bytes_and_cut_off() {
    let text = r#"{"done":{"remote":{"entity":"SalesReceipt","id":"187","revision":"0"},"label":"WC-1042","total":"162.71","note":"Ann – 5 €"}}"#;
    let kept = r#"packed:2:5vA_^Yb=l$UU7S:meMN1gSSzG.}va:r4R825.a|tsHl7&l.oCAA"#;
    let bytes = format!("\u{1}x{kept}AAA@customer:7");
    let has = |bytes: &[u8], word: &str| {
        let all = everything_in(bytes);
        all.windows(word.len()).any(|part| part == word.as_bytes())
    };
    assert!(has(bytes.as_bytes(), text) && has(bytes.as_bytes(), "@customer:7"));
    let cut = &bytes.as_bytes()[..bytes.len() - 30];
    assert!(has(cut, "SalesReceipt") && !has(cut, "Ann –"));
}
