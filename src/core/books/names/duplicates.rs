//! Duplicates: customers of the books who may be one person, and accounts of the shop who are one customer there.
//!
//! A report and nothing else: nobody is merged and nobody is renamed, because only a person can tell whether two people share an
//! address or one person has two entries.

use std::collections::BTreeMap;

use crate::model::link::Link;
use crate::model::names::{NameEntry, NameKind, Names, folded};
use crate::model::plan::Subject;

/// Several that may be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Duplicates {
    /// Customers of one currency with the same e-mail address.
    Address(Vec<NameEntry>),
    /// Customers of one currency with the same name but for an ending, of whom not two have an address of their own.
    Name(Vec<NameEntry>),
    /// Accounts of the shop that are one customer of the books.
    Accounts {
        customer: String,
        accounts: Vec<u64>,
    },
}

/// Everything that looks like one person several times, in an order that stays.
pub fn duplicates(names: &Names, links: &[Link]) -> Vec<Duplicates> {
    let customers = names.people.sorted().into_iter();
    let customers = customers.filter(|entry| entry.kind == NameKind::Customer && entry.active);
    let mut by_address: BTreeMap<(String, &str), Vec<&NameEntry>> = BTreeMap::new();
    let mut by_name: BTreeMap<(String, &str), Vec<&NameEntry>> = BTreeMap::new();
    for customer in customers {
        let address = address_of(customer);
        if !address.is_empty() {
            let key = (address, customer.currency());
            by_address.entry(key).or_default().push(customer);
        }
        let key = (bare(customer.display_name()), customer.currency());
        by_name.entry(key).or_default().push(customer);
    }
    let several = |group: &Vec<&NameEntry>| group.len() > 1;
    let cloned = |group: Vec<&NameEntry>| group.into_iter().cloned().collect();
    let by_address = by_address.into_values().filter(several);
    let by_name = by_name
        .into_values()
        .filter(several)
        .filter(|group| group.iter().any(|entry| address_of(entry).is_empty()));
    let mut found: Vec<Duplicates> = by_address.map(cloned).map(Duplicates::Address).collect();
    found.extend(by_name.map(cloned).map(Duplicates::Name));
    found.extend(shared(links));
    found
}

fn shared(links: &[Link]) -> impl Iterator<Item = Duplicates> {
    let mut accounts: BTreeMap<(&str, &str), Vec<u64>> = BTreeMap::new();
    for link in links {
        let Subject::Customer(key) = &link.subject else {
            continue;
        };
        let Some((who, currency)) = key.split_once('.') else {
            continue;
        };
        if let Some(account) = who.strip_prefix('c').and_then(|id| id.parse().ok()) {
            let customer = (link.remote.id.as_str(), currency);
            accounts.entry(customer).or_default().push(account);
        }
    }
    accounts
        .into_iter()
        .filter(|(_, accounts)| accounts.len() > 1)
        .map(|((customer, _), mut accounts)| {
            accounts.sort_unstable();
            Duplicates::Accounts {
                customer: customer.to_owned(),
                accounts,
            }
        })
}

fn address_of(customer: &NameEntry) -> String {
    customer.email().unwrap_or_default().trim().to_lowercase()
}

/// A name as people hear it: letters and digits alone, without the ending in brackets that tells namesakes apart.
fn bare(name: &str) -> String {
    let name = folded(name);
    let name = match name
        .strip_suffix(')')
        .and_then(|rest| rest.rsplit_once(" ("))
    {
        Some((name, _)) => name,
        None => &name,
    };
    name.chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::link::LinkState;
    use crate::model::names::NameParts;
    use crate::model::plan::{Remote, RemoteKind};

    fn customer(id: &str, name: &str, email: &str) -> NameEntry {
        of_currency(id, name, email, "CAD")
    }

    fn of_currency(id: &str, name: &str, email: &str, currency: &str) -> NameEntry {
        let parts = NameParts {
            id: id.into(),
            kind: NameKind::Customer,
            display_name: name.into(),
            email: Some(email.into()).filter(|_| !email.is_empty()),
            currency: currency.into(),
            active: true,
            revision: "".into(),
        };
        parts.into()
    }

    fn link(key: &str, id: &str) -> Link {
        Link {
            subject: Subject::Customer(key.into()),
            remote: Remote {
                entity: RemoteKind::Customer,
                id: id.into(),
                revision: "0".into(),
            },
            content: String::new(),
            revision: 0,
            state: LinkState::Active,
            posted: None,
        }
    }

    #[test]
    fn one_person_several_times_is_told_and_namesakes_are_not() {
        let abroad = of_currency("4", "Ann Lee (USD)", "ann@example.com", "USD");
        let mut at_rest = customer("5", "Ann", "ann@example.com");
        at_rest.active = false;
        let names = Names::of(
            [
                customer("1", "Ann Lee", "ann@example.com"),
                customer("2", "A. Lee", "ANN@example.com "),
                customer("3", "Bo Ray", ""),
                customer("6", "BO-RAY (bo@example.com)", "bo@example.com"),
                customer("7", "Kim Reed", "kim@example.com"),
                customer("8", "Kim Reed (two@example.com)", "two@example.com"),
                abroad,
                at_rest,
            ],
            [],
        );
        let links = [
            link("c7.CAD", "1"),
            link("c9.CAD", "1"),
            link("c9.USD", "4"),
            link("g12ab.CAD", "1"),
        ];
        let ids = |group: &[NameEntry]| {
            group
                .iter()
                .map(|entry| entry.id().to_owned())
                .collect::<Vec<_>>()
        };
        let found: Vec<String> = duplicates(&names, &links)
            .iter()
            .map(|found| match found {
                Duplicates::Address(group) => format!("address {:?}", ids(group)),
                Duplicates::Name(group) => format!("name {:?}", ids(group)),
                Duplicates::Accounts { customer, accounts } => format!("{customer}: {accounts:?}"),
            })
            .collect();
        assert_eq!(
            found,
            [r#"address ["1", "2"]"#, r#"name ["3", "6"]"#, "1: [7, 9]"]
        );
        assert!(duplicates(&Names::default(), &[]).is_empty());
    }
}
