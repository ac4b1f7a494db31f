//! The nearest word: what somebody probably meant.

/// Finds the word that a mistyped one most likely stands for, if any is near enough to suggest.
///
/// Letter case does not count, and `-`, ` ` and `_` are one character here.
pub fn nearest<'w>(typed: &str, words: impl IntoIterator<Item = &'w str>) -> Option<&'w str> {
    let typed = folded(typed);
    // Nobody mistypes that much; and the work stays small whatever the file holds.
    if typed.len() > 64 {
        return None;
    }
    words
        .into_iter()
        .map(|word| (steps_between(&typed, &folded(word)), word))
        .min_by_key(|(steps, _)| *steps)
        .filter(|(steps, word)| *steps <= (word.len().min(typed.len()) / 3).max(1))
        .map(|(_, word)| word)
}

/// The hint that follows from it.
pub fn did_you_mean<'w>(typed: &str, words: impl IntoIterator<Item = &'w str>) -> Option<String> {
    nearest(typed, words).map(|word| format!("did you mean `{word}`?"))
}

fn folded(word: &str) -> Vec<char> {
    word.to_lowercase()
        .replace(['-', ' '], "_")
        .chars()
        .collect()
}

/// Counts the letters to add, drop, change or swap with their neighbour.
fn steps_between(one: &[char], other: &[char]) -> usize {
    let mut rows = vec![(0..=other.len()).collect::<Vec<usize>>()];
    for (i, a) in one.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in other.iter().enumerate() {
            let mut steps = (rows[i][j] + usize::from(a != b))
                .min(rows[i][j + 1] + 1)
                .min(row[j] + 1);
            if i > 0 && j > 0 && *a == other[j - 1] && one[i - 1] == *b {
                steps = steps.min(rows[i - 1][j - 1] + 1);
            }
            row.push(steps);
        }
        rows.push(row);
    }
    rows[one.len()][other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_is_near_and_nothing_else() {
        let words = ["number", "billing", "date_paid_gmt", "currency"];
        for (typed, meant) in [
            ("nubmer", Some("number")),
            ("date-paid-gmt", Some("date_paid_gmt")),
            ("Curency", Some("currency")),
            ("weather", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }

    #[test]
    fn suggests_a_key_of_a_configuration_and_nothing_else() {
        let words = ["url", "timeout", "per_email", "single"];
        for (typed, meant) in [
            ("ulr", Some("url")),
            ("time_out", Some("timeout")),
            ("Per-Email", Some("per_email")),
            ("guest", None),
            ("", None),
        ] {
            assert_eq!(nearest(typed, words), meant, "{typed}");
        }
    }
}
