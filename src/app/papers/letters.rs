//! Letters of a page: which there are, and how wide they are.
//!
//! Every reader of PDF brings Helvetica along, so that no font has to be in the file. It has the letters of Western Europe, in the order
//! of Windows' code page 1252; figures, ids and our own words need no others, and a name in another script is shown with question marks.

/// How wide the letters from the space on are, in thousandths of the size. What the code page leaves out is as wide as a bullet.
const WIDTHS: [u16; 224] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, // 0x20
    556, 556, 556, 556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, // 0x30
    1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, // 0x40
    667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, // 0x50
    333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, // 0x60
    556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584, 350, // 0x70
    556, 350, 222, 556, 333, 1000, 556, 556, 333, 1000, 667, 333, 1000, 350, 611, 350, // 0x80
    350, 222, 222, 333, 333, 350, 556, 1000, 333, 1000, 500, 333, 944, 350, 500, 667, // 0x90
    278, 333, 556, 556, 556, 556, 260, 556, 333, 737, 370, 556, 584, 333, 737, 333, // 0xA0
    400, 584, 333, 333, 333, 556, 537, 278, 333, 333, 365, 556, 834, 834, 834, 611, // 0xB0
    667, 667, 667, 667, 667, 667, 1000, 722, 667, 667, 667, 667, 278, 278, 278, 278, // 0xC0
    722, 722, 778, 778, 778, 778, 778, 584, 778, 722, 722, 722, 722, 667, 667, 611, // 0xD0
    556, 556, 556, 556, 556, 556, 889, 500, 556, 556, 556, 556, 278, 278, 278, 278, // 0xE0
    556, 556, 556, 556, 556, 556, 556, 584, 611, 556, 556, 556, 556, 500, 556, 500, // 0xF0
];

/// What stands from 0x80 to 0x9F; a space where nothing does.
const FROM_0X80: [char; 32] = [
    '€', ' ', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', ' ', 'Ž', ' ', ' ', '‘', '’',
    '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', ' ', 'ž', 'Ÿ',
];

/// A text in the letters that there are.
pub(super) fn letters(text: &str) -> Vec<u8> {
    text.chars().map(letter).collect()
}

fn letter(letter: char) -> u8 {
    match letter {
        ' '..='~' => letter as u8,
        '\n' | '\t' | '\r' => b' ',
        '\u{a0}'..='\u{ff}' => u8::try_from(u32::from(letter)).unwrap_or(b'?'),
        _ => {
            let place = FROM_0X80.iter().position(|it| *it == letter);
            place.map_or(b'?', |place| 0x80 + place as u8)
        }
    }
}

/// How wide letters are in a size.
pub(super) fn width(letters: &[u8], size: f32) -> f32 {
    let thousandths: u32 = letters.iter().map(|letter| width_of(*letter)).sum();
    thousandths as f32 * size / 1000.0
}

fn width_of(letter: u8) -> u32 {
    let place = usize::from(letter.saturating_sub(b' '));
    u32::from(WIDTHS[place.min(WIDTHS.len() - 1)])
}

/// Lines of a width: broken between words, and within one that is too long for a line.
pub(super) fn lines(letters: &[u8], wide: f32, size: f32) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    let mut line: Vec<u8> = Vec::new();
    for word in letters.split(|letter| *letter == b' ') {
        let mut candidate = line.clone();
        if !line.is_empty() {
            candidate.push(b' ');
        }
        candidate.extend_from_slice(word);
        if width(&candidate, size) <= wide {
            line = candidate;
            continue;
        }
        if !line.is_empty() {
            lines.push(std::mem::take(&mut line));
        }
        for letter in word {
            line.push(*letter);
            if line.len() > 1 && width(&line, size) > wide {
                line.pop();
                lines.push(std::mem::replace(&mut line, vec![*letter]));
            }
        }
    }
    if !line.is_empty() || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_equally_wide_and_nothing_is_lost_when_lines_break() {
        for figure in b"0123456789" {
            assert_eq!(width(&[*figure], 10.0), 5.56);
        }
        assert_eq!(
            letters("5 € – ü"),
            [b'5', b' ', 0x80, b' ', 0x96, b' ', 0xfc]
        );
        assert_eq!(letters("ПДВ 20%"), b"??? 20%");
        let text = letters("one two threeandalittlemorethanfits four");
        let broken = lines(&text, 40.0, 8.0);
        assert!(broken.len() > 3);
        assert!(broken.iter().all(|line| width(line, 8.0) <= 40.0));
        let no_space = |text: &[u8]| -> Vec<u8> {
            text.iter()
                .copied()
                .filter(|letter| *letter != b' ')
                .collect()
        };
        assert_eq!(no_space(&broken.concat()), no_space(&text));
        assert_eq!(lines(b"", 40.0, 8.0), [Vec::<u8>::new()]);
    }
}
