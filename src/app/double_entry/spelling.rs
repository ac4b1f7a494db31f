//! How the names of accounts are spelled in a journal. Two accounts never come to share a name: where the spelling would be the same, the
//! later one gets a few digits that follow from its own name alone.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::double_entry::AccountPath;
use crate::model::fingerprint::Fingerprint;

use super::JournalForm;

pub(super) struct AccountSpelling {
    form: JournalForm,
    known: BTreeMap<AccountPath, String>,
    taken: BTreeSet<String>,
}

/// So many digits tell names apart that are spelled alike.
const DIGITS: usize = 8;

impl AccountSpelling {
    pub(super) fn new(form: JournalForm) -> AccountSpelling {
        AccountSpelling {
            form,
            known: BTreeMap::new(),
            taken: BTreeSet::new(),
        }
    }

    pub(super) fn of(&mut self, account: &AccountPath) -> String {
        if let Some(known) = self.known.get(account) {
            return known.clone();
        }
        let mut name = account.root.as_str().to_owned();
        for part in &account.names {
            let part = match self.form {
                JournalForm::Hledger => for_hledger(part),
                JournalForm::Beancount => for_beancount(part),
            };
            name.push(':');
            name.push_str(&part);
        }
        if self.taken.contains(&name) {
            let digest = Fingerprint::of(&account.names);
            name.push('-');
            name.extend(digest.as_str().chars().take(DIGITS));
        }
        self.taken.insert(name.clone());
        self.known.insert(account.clone(), name.clone());
        name
    }
}

/// Spaces are fine, but two of them end a name; a colon begins a sub-account, and a semicolon a remark.
fn for_hledger(part: &str) -> String {
    let plain: String = part
        .chars()
        .map(|c| match c {
            ':' | ';' => '-',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    let words: Vec<&str> = plain.split_whitespace().collect();
    match words.is_empty() {
        true => "Unnamed".to_owned(),
        false => words.join(" "),
    }
}

/// Letters, digits and hyphens, with a capital or a digit in front.
fn for_beancount(part: &str) -> String {
    let mut spelled = String::new();
    for c in part.chars() {
        // What is not ASCII may stand there, but a space of another script must not.
        if c.is_alphanumeric() {
            spelled.push(c);
        } else if !spelled.ends_with('-') {
            spelled.push('-');
        }
    }
    let spelled = spelled.trim_matches('-');
    let mut letters = spelled.chars();
    match letters.next() {
        None => "Unnamed".to_owned(),
        Some(first) => first.to_uppercase().chain(letters).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::books::double_entry::AccountRoot;

    fn account(name: &str) -> AccountPath {
        AccountPath {
            root: AccountRoot::Income,
            names: vec!["Sales".into(), name.into()],
        }
    }

    #[test]
    fn names_that_would_be_spelled_alike_stay_apart() {
        for form in [JournalForm::Hledger, JournalForm::Beancount] {
            let mut spelling = AccountSpelling::new(form);
            let names: Vec<String> = [
                "A;B",
                "A:B",
                "a  b",
                "A B",
                "(A)",
                "",
                "\n",
                "Kännchen",
                "日本",
            ]
            .iter()
            .map(|name| spelling.of(&account(name)))
            .collect();
            let apart: BTreeSet<&String> = names.iter().collect();
            assert_eq!(apart.len(), names.len(), "{names:?}");
            let again: Vec<String> = ["A;B", "A:B"]
                .iter()
                .map(|name| spelling.of(&account(name)))
                .collect();
            assert_eq!(again, names[..2]);
        }
        assert_eq!(
            for_hledger(" Stripe \t Clearing; new\n"),
            "Stripe Clearing- new"
        );
        assert_eq!(for_beancount("sku / MUG_1 (ü)"), "Sku-MUG-1-ü");
    }
}
