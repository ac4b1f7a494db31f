//! Customers: matched by link, e-mail or name, else made under a name that is free.
//!
//! A customer of the books has one currency for good, so a buyer is looked for in the currency of the
//! order. The buyer of an order and an account of the shop come to the same customer by the same rule. No message here says who somebody is.

use sha2::{Digest, Sha256};

use super::party::Party;
use super::{Directory, Resolved, clean_name, cleaned, with_ending};
use crate::model::company::Company;
use crate::model::draft::CustomerDraft;
use crate::model::fault::Reason;
use crate::model::fingerprint::hex;
use crate::model::names::{NameEntry, NameKind, NameParts};
use crate::model::order::Order;
use crate::model::rules::{Guest, Rules};

/// The customer whom all guests share where the shop wants it so.
const SHARED_GUEST: &str = "WooCommerce Guest";
/// A longer e-mail address would leave no room for the name.
const LONGEST_EMAIL: usize = 60;

/// Who is looked for, as far as the search is concerned.
struct WantedBuyer<'p, 'a> {
    party: &'p Party<'a>,
    key: String,
    reference: String,
    /// Lower case; empty when there is none to go by.
    email: String,
    /// Cleaned, without ending.
    name: String,
    /// ` (USD)` for a foreign currency.
    ending: String,
    shared: bool,
}

/// Finds or drafts the customer of an order. The key is our own and says nothing about the person.
pub fn customer(
    order: &Order,
    rules: &Rules,
    company: &Company,
    directory: &mut Directory,
    linked: &dyn Fn(&str) -> Option<String>,
) -> Result<(String, Resolved<CustomerDraft>), Reason> {
    party(&Party::of_order(order), rules, company, directory, linked)
}

/// Finds or drafts the customer that somebody is.
pub fn party(
    party: &Party<'_>,
    rules: &Rules,
    company: &Company,
    directory: &mut Directory,
    linked: &dyn Fn(&str) -> Option<String>,
) -> Result<(String, Resolved<CustomerDraft>), Reason> {
    let wanted = WantedBuyer::of(party, rules, company);
    if let Some(known) = wanted.linked(directory, linked)? {
        return Ok((wanted.key, known));
    }
    if let Some(known) = wanted.matched(directory)? {
        if let Resolved::Known { id, .. } = &known {
            directory.settle(&wanted.reference, id);
        }
        return Ok((wanted.key, known));
    }
    let display_name = wanted.free_name(directory)?;
    let draft = wanted.draft(display_name, company);
    let email = Some(draft.email.as_str()).filter(|email| !email.is_empty());
    let planned = NameParts {
        id: wanted.reference.as_str().into(),
        kind: NameKind::Customer,
        display_name: draft.display_name.as_str().into(),
        email: email.map(Into::into),
        currency: party.currency.into(),
        active: true,
        revision: "".into(),
    };
    directory.add_person(planned.into());
    let key = wanted.key.clone();
    Ok((wanted.key, Resolved::New { key, draft }))
}

/// The buyer is whom a document of this order, found in the books, names already, unless a link knows better.
pub fn keep_customer(
    order: &Order,
    rules: &Rules,
    company: &Company,
    directory: &mut Directory,
    id: &str,
) {
    let party = Party::of_order(order);
    let wanted = WantedBuyer::of(&party, rules, company);
    if directory.customer_by_id(id).is_some() {
        directory.settle(&wanted.reference, id);
    }
}

/// What the fields of the customer would be, whether or not there is one.
pub fn draft(party: &Party<'_>, rules: &Rules, company: &Company) -> CustomerDraft {
    let wanted = WantedBuyer::of(party, rules, company);
    wanted.draft(wanted.name.clone(), company)
}

/// By what somebody is known to us whatever the currency, which says nothing about the person. Guests without an e-mail address are
/// known by their order alone.
pub fn known_as(party: &Party<'_>, rules: &Rules) -> String {
    let email = party.buyer.email.trim().to_lowercase();
    match party.buyer.account {
        Some(id) => format!("c{id}"),
        None if rules.policy.guest == Guest::Single => "guest".to_owned(),
        None if email.is_empty() => format!("o{}", party.number()),
        None => guest_key(&email),
    }
}

/// As what a guest with this address is known, in small letters and without blanks around it.
pub fn guest_key(email: &str) -> String {
    format!("g{}", &digest(email)[..12])
}

impl<'p, 'a> WantedBuyer<'p, 'a> {
    fn of(party: &'p Party<'a>, rules: &Rules, company: &Company) -> WantedBuyer<'p, 'a> {
        let email = party.buyer.email.trim().to_lowercase();
        let shared = party.buyer.account.is_none() && rules.policy.guest == Guest::Single;
        let key = format!("{}.{}", known_as(party, rules), party.currency);
        WantedBuyer {
            party,
            reference: format!("@customer:{key}"),
            key,
            email: if shared { String::new() } else { email },
            name: if shared {
                SHARED_GUEST.to_owned()
            } else {
                cleaned(&party.display_name())
            },
            ending: if party.currency == company.home_currency {
                String::new()
            } else {
                format!(" ({})", party.currency)
            },
            shared,
        }
    }

    /// The customer that this buyer was last time, or earlier in this plan.
    fn linked(
        &self,
        directory: &Directory,
        linked: &dyn Fn(&str) -> Option<String>,
    ) -> Result<Option<Resolved<CustomerDraft>>, Reason> {
        let planned = directory.customer_by_id(&self.reference);
        let id = match planned {
            Some(entry) => entry.id().to_owned(),
            None => match linked(&self.key)
                .or_else(|| directory.settled.get(&self.reference).cloned())
            {
                Some(id) => id,
                None => return Ok(None),
            },
        };
        match directory.customer_by_id(&id) {
            Some(entry) if !entry.active => Err(self.inactive(entry.id())),
            _ => Ok(Some(known(id, Vec::new()))),
        }
    }

    fn matched(&self, directory: &Directory) -> Result<Option<Resolved<CustomerDraft>>, Reason> {
        let of_currency = |entry: &&NameEntry| entry.currency() == self.party.currency;
        let mut same: Vec<&NameEntry> = Vec::new();
        if !self.email.is_empty() {
            same.extend(
                directory
                    .customers_by_email(&self.email)
                    .filter(of_currency),
            );
        }
        if let Some(found) = self.best(&same)? {
            return Ok(Some(found));
        }
        let name = with_ending(&self.name, &self.ending);
        let named = [name.as_str(), self.name.as_str()];
        let same: Vec<&NameEntry> = named
            .into_iter()
            .flat_map(|name| directory.people_named(name))
            .filter(|entry| entry.kind == NameKind::Customer)
            .filter(of_currency)
            .filter(|entry| self.shared || entry.email().unwrap_or_default().is_empty())
            .take(1)
            .collect();
        self.best(&same)
    }

    /// The active one with the lowest id. Only inactive ones are a matter for a person.
    fn best(&self, same: &[&NameEntry]) -> Result<Option<Resolved<CustomerDraft>>, Reason> {
        let mut active: Vec<&&NameEntry> = same.iter().filter(|entry| entry.active).collect();
        active.sort_by_key(|entry| (entry.id().parse::<u64>().unwrap_or(u64::MAX), entry.id()));
        match (active.as_slice(), same) {
            ([], []) => Ok(None),
            ([], [inactive, ..]) => Err(self.inactive(inactive.id())),
            ([one], _) => Ok(Some(known(one.id().to_owned(), Vec::new()))),
            ([first, ..], _) => Ok(Some(known(
                first.id().to_owned(),
                vec![self.ambiguous(active.len(), first.id())],
            ))),
        }
    }

    fn free_name(&self, directory: &Directory) -> Result<String, Reason> {
        let first = with_ending(&self.name, &self.ending);
        if directory.people_named(&first).next().is_none() {
            return Ok(first);
        }
        if !self.shared {
            let ending = format!("{} ({})", self.ending, self.distinction());
            let second = with_ending(&self.name, &ending);
            if directory.people_named(&second).next().is_none() {
                return Ok(second);
            }
        }
        Err(self.name_conflict())
    }

    /// What tells this buyer from others of the same name.
    fn distinction(&self) -> String {
        let email = cleaned(&self.email);
        if email.is_empty() {
            clean_name(&self.party.called_plainly())
        } else if self.email.chars().count() > LONGEST_EMAIL {
            digest(&self.email)[..8].to_owned()
        } else {
            email
        }
    }

    fn draft(&self, display_name: String, company: &Company) -> CustomerDraft {
        let party = self.party;
        let currency = (party.currency != company.home_currency).then(|| party.currency.to_owned());
        if self.shared {
            return CustomerDraft {
                display_name,
                currency,
                ..CustomerDraft::default()
            };
        }
        CustomerDraft {
            display_name,
            currency,
            ..party.fields()
        }
    }

    fn name_conflict(&self) -> Reason {
        Reason::new(
            "name_conflict",
            format!(
                "{} has a buyer whose name is taken in QuickBooks, with its ending too, so no customer can be made",
                self.party.called()
            ),
        )
        .hint("rename the customer, vendor or employee in QuickBooks that has this name, then run `udsync retry --all`")
    }

    fn inactive(&self, id: &str) -> Reason {
        Reason::new(
            "name_conflict",
            format!(
                "{} belongs to customer `{id}`, which is inactive in QuickBooks and takes no documents",
                self.party.called()
            ),
        )
        .hint("make the customer active in QuickBooks, then run `udsync retry --all`")
    }

    fn ambiguous(&self, count: usize, id: &str) -> Reason {
        Reason::new(
            "customer_ambiguous",
            format!(
                "{count} customers in QuickBooks have the e-mail address of {}; customer `{id}` was taken",
                self.party.called()
            ),
        )
    }
}

fn known(id: String, warnings: Vec<Reason>) -> Resolved<CustomerDraft> {
    Resolved::Known { id, warnings }
}

fn digest(email: &str) -> String {
    hex(&Sha256::digest(email.as_bytes()))
}
