//! Duplicates: customers of the books who may be one person, as far as the last run read them. Nobody is asked for it.

use super::facts::DoctorFacts;
use super::finding::{Finding, or_ok};
use crate::books::names::{Duplicates, duplicates};
use crate::model::names::NameEntry;

/// More of them are a matter for an afternoon, not for a screen.
const MOST: usize = 25;

pub fn customers(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(known) = facts.state.known() else {
        return Vec::new();
    };
    let Some(names) = &known.names else {
        return vec![Finding::ok(
            "no run has read the names in QuickBooks yet; the next one does",
        )];
    };
    let all = duplicates(names, &known.customers);
    let mut found: Vec<Finding> = all.iter().take(MOST).map(finding).collect();
    if all.len() > MOST {
        found.push(Finding::note(format!(
            "and {} more such groups of customers",
            all.len() - MOST
        )));
    }
    or_ok(found, "no customer in QuickBooks looks like another one")
}

fn finding(duplicates: &Duplicates) -> Finding {
    match duplicates {
        Duplicates::Address(group) => Finding::note(format!(
            "{} in QuickBooks have one e-mail address",
            named(group)
        ))
        .cause("orders with that address go to the one with the lowest id")
        .fix("if they are one, merge them in QuickBooks: open the one to give up and give it the other's display name"),
        Duplicates::Name(group) => Finding::note(format!(
            "{} in QuickBooks have one name",
            named(group)
        ))
        .cause("one of them has no e-mail address, by which it could be told from the other")
        .fix("if they are one, merge them in QuickBooks; if not, give each its e-mail address there"),
        Duplicates::Accounts { customer, accounts } => {
            let accounts: Vec<String> = accounts.iter().map(|id| format!("`{id}`")).collect();
            Finding::note(format!(
                "accounts {} of the shop are one customer in QuickBooks, id `{customer}`",
                accounts.join(", ")
            ))
            .cause("they have one billing e-mail address")
            .fix("if they are two people, give each an address of its own in the shop")
        }
    }
}

fn named(group: &[NameEntry]) -> String {
    let names: Vec<String> = group
        .iter()
        .map(|entry| format!("`{}` (id {})", entry.display_name(), entry.id()))
        .collect();
    names.join(", ")
}
