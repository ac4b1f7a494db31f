//! Looking things up: documents by number and by id, and what became of a write that was never answered.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use futures_util::future::try_join_all;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::connector::port::Sought;
use crate::model::document::DocumentKind;
use crate::model::fault::Fault;
use crate::model::plan::{Action, Remote, RemoteKind};
use crate::model::ticket::{Found, FoundState, Write};

use super::before::ShownBodies;
use super::changes;
use super::client::BooksClient;
use super::facts::FactsOfCompany;
use super::faults;
use super::found;
use super::query::{self, ANY, quoted, rows};
use super::wire;

/// Answers for each, in every kind that its role can take.
pub async fn find(
    client: &BooksClient,
    facts: &FactsOfCompany,
    sought: &[Sought],
) -> Result<Vec<Vec<Found>>, Fault> {
    let mut numbers: BTreeMap<DocumentKind, BTreeSet<&str>> = BTreeMap::new();
    for one in sought {
        for kind in one.key.role.kinds() {
            numbers.entry(*kind).or_default().insert(&one.number);
        }
    }
    let asked = numbers.into_iter().map(|(kind, numbers)| async move {
        let numbers: Vec<&str> = numbers.into_iter().collect();
        let documents = documents(client, facts, kind, number_field(kind), &numbers);
        Ok::<_, Fault>((kind, documents.await?))
    });
    let known: BTreeMap<DocumentKind, Vec<Found>> =
        try_join_all(asked).await?.into_iter().collect();
    let by_number: BTreeMap<(DocumentKind, String), Vec<&Found>> =
        known.iter().fold(BTreeMap::new(), |mut map, (kind, all)| {
            for found in all {
                map.entry((*kind, known_by(*kind, found)))
                    .or_default()
                    .push(found);
            }
            map
        });
    let answer = |one: &Sought| {
        let number = one.number.to_lowercase();
        let kinds = one.key.role.kinds().iter();
        kinds
            .filter_map(|kind| by_number.get(&(*kind, number.clone())))
            .flatten()
            .map(|found| (*found).clone())
            .collect()
    };
    Ok(sought.iter().map(answer).collect())
}

/// The documents that udsync made from a day on, of whichever shop. The note cannot be asked for, so all of those days are read, a page at a time.
pub async fn marked(
    client: &BooksClient,
    facts: &FactsOfCompany,
    since: NaiveDate,
) -> Result<Vec<Found>, Fault> {
    let is_marked = |found: &Found| found.marker.is_some();
    dated(client, facts, &DocumentKind::OF_ORDERS, since, is_marked).await
}

/// The documents of some kinds from a day on, those of them that are wanted: a page of each kind at a time, so that no others are kept.
pub async fn dated(
    client: &BooksClient,
    facts: &FactsOfCompany,
    kinds: &[DocumentKind],
    since: NaiveDate,
    is_wanted: impl Fn(&Found) -> bool,
) -> Result<Vec<Found>, Fault> {
    let wanted = |kind: DocumentKind, page: Vec<wire::DocumentAnswer>| -> Vec<Found> {
        let found = page
            .iter()
            .filter_map(|document| found::document(kind.into(), document, facts));
        found.filter(&is_wanted).collect()
    };
    let rows = query::of_kinds(client, kinds, &query::from_day(since), wanted).await?;
    Ok(rows.rows)
}

/// Reads by id; what was deleted is not among the answers.
pub async fn read(
    client: &BooksClient,
    facts: &FactsOfCompany,
    shown: &ShownBodies,
    remotes: &[Remote],
) -> Result<Vec<Option<Found>>, Fault> {
    let mut ids: BTreeMap<RemoteKind, BTreeSet<&str>> = BTreeMap::new();
    for remote in remotes {
        ids.entry(remote.entity).or_default().insert(&remote.id);
    }
    let mut known: BTreeMap<(RemoteKind, String), Found> = BTreeMap::new();
    for (entity, ids) in ids {
        let ids: Vec<&str> = ids.into_iter().collect();
        let bodies: Vec<Box<RawValue>> = rows(client, entity.as_str(), "Id", &ids, "").await?;
        for body in &bodies {
            shown.remember(entity, body.get());
            let found = serde_json::from_str(body.get())
                .ok()
                .and_then(|document| found::document(entity, &document, facts))
                .ok_or_else(|| faults::unreadable(entity.as_str()))?;
            let remote = &found.remote;
            known.insert((remote.entity, remote.id.clone()), found);
        }
    }
    let answer = |remote: &Remote| known.get(&(remote.entity, remote.id.clone())).cloned();
    Ok(remotes.iter().map(answer).collect())
}

/// Finds out what became of writes without an answer.
pub async fn look(
    client: &BooksClient,
    facts: &FactsOfCompany,
    shown: &ShownBodies,
    store: &str,
    writes: &[Write],
) -> Result<Vec<Option<Found>>, Fault> {
    let mut answers = Vec::new();
    let standing = LeftInBooks::read(client, facts, shown, writes).await?;
    for write in writes {
        let answer = match (write.action, write.entity) {
            (Action::Create, RemoteKind::Customer) => standing.customer(write),
            (Action::Create, RemoteKind::Item) => standing.item(write),
            (Action::Create, RemoteKind::Vendor) => standing.vendor(write),
            (Action::Create, _) => match standing.created(store, write) {
                Some(found) => Some(found),
                None => renumbered(client, facts, store, write).await?,
            },
            _ => standing.by_id(write),
        };
        answers.push(answer);
    }
    Ok(answers)
}

/// Everything in the books that unanswered writes may have left there.
struct LeftInBooks {
    created: Vec<Found>,
    changed: Vec<Option<Found>>,
    customers: Vec<wire::PersonAnswer>,
    items: Vec<wire::ItemAnswer>,
    vendors: Vec<wire::PersonAnswer>,
}

/// The fields of a body by which a name or a document is recognised.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Meant {
    display_name: Option<String>,
    name: Option<String>,
    primary_email_addr: Option<wire::EmailAnswer>,
    currency_ref: Option<wire::ReferenceAnswer>,
    customer_ref: Option<wire::ReferenceAnswer>,
    txn_date: Option<String>,
    sku: Option<String>,
    #[serde(rename = "Type")]
    kind: Option<String>,
}

fn meant(write: &Write) -> Option<Meant> {
    serde_json::from_str(&write.body).ok()
}

/// What a created thing is found by: a name by itself, because labels never show a customer's name; a document by its
/// number, or by its day where it has none.
fn sought_by(write: &Write) -> String {
    let name = match write.entity {
        RemoteKind::Customer | RemoteKind::Vendor => {
            meant(write).and_then(|meant| meant.display_name)
        }
        RemoteKind::Item => meant(write).and_then(|meant| meant.name),
        RemoteKind::Document(kind) if kind.is_numberless() => {
            meant(write).and_then(|meant| meant.txn_date)
        }
        RemoteKind::Document(_) => None,
    };
    name.unwrap_or_else(|| write.label.clone())
}

impl LeftInBooks {
    async fn read(
        client: &BooksClient,
        facts: &FactsOfCompany,
        shown: &ShownBodies,
        writes: &[Write],
    ) -> Result<LeftInBooks, Fault> {
        let (created, changed): (Vec<&Write>, Vec<&Write>) = writes
            .iter()
            .partition(|write| write.action == Action::Create);
        let mut labels: BTreeMap<RemoteKind, BTreeSet<String>> = BTreeMap::new();
        for write in created {
            labels
                .entry(write.entity)
                .or_default()
                .insert(sought_by(write));
        }
        let (names, documents_changed): (Vec<&Write>, Vec<&Write>) = changed
            .iter()
            .partition(|write| write.entity.document().is_none());
        let remotes: Vec<Remote> = documents_changed
            .iter()
            .filter_map(|write| write.remote.clone())
            .collect();
        let mut changed = read(client, facts, shown, &remotes).await?;
        changed.extend(changes::look(client, &names).await?);
        let mut standing = LeftInBooks {
            created: Vec::new(),
            changed,
            customers: Vec::new(),
            items: Vec::new(),
            vendors: Vec::new(),
        };
        for (entity, labels) in labels {
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            match entity {
                RemoteKind::Customer => {
                    standing.customers =
                        rows(client, entity.as_str(), "DisplayName", &labels, ANY).await?;
                }
                RemoteKind::Item => {
                    standing.items = rows(client, entity.as_str(), "Name", &labels, ANY).await?
                }
                RemoteKind::Vendor => {
                    standing.vendors =
                        rows(client, entity.as_str(), "DisplayName", &labels, ANY).await?;
                }
                RemoteKind::Document(kind) => {
                    let field = number_field(kind);
                    let more = documents(client, facts, kind, field, &labels).await?;
                    standing.created.extend(more);
                }
            }
        }
        Ok(standing)
    }

    fn by_id(&self, write: &Write) -> Option<Found> {
        let remote = write.remote.as_ref()?;
        let mut standing = self.changed.iter().flatten();
        standing
            .find(|found| found.remote.entity == remote.entity && found.remote.id == remote.id)
            .cloned()
    }

    fn created(&self, store: &str, write: &Write) -> Option<Found> {
        let same_kind = self.created.iter();
        ours(
            same_kind.filter(|found| found.remote.entity == write.entity),
            store,
            write,
        )
    }

    /// A customer is the one that was meant if name, e-mail address and currency are equal; a namesake is not.
    fn customer(&self, write: &Write) -> Option<Found> {
        let meant = meant(write)?;
        let email = |email: Option<&wire::EmailAnswer>| {
            let address = email.and_then(|email| email.address.clone());
            address.unwrap_or_default().to_lowercase()
        };
        let currency = wire::id_of(meant.currency_ref.as_ref());
        let person = self.customers.iter().find(|person| {
            let theirs = wire::id_of(person.currency_ref.as_ref());
            person.display_name == meant.display_name
                && email(person.primary_email_addr.as_ref()) == email(meant.primary_email_addr.as_ref())
                // A body without a currency means the home currency, as does an answer without one.
                && (currency.is_empty() || theirs == currency)
        })?;
        found::person(person)
    }

    /// Two vendors cannot have one name, so the one that has it is the one that was made.
    fn vendor(&self, write: &Write) -> Option<Found> {
        let meant = meant(write)?;
        let mut standing = self.vendors.iter();
        let vendor = standing.find(|vendor| vendor.display_name == meant.display_name)?;
        found::vendor(vendor)
    }

    fn item(&self, write: &Write) -> Option<Found> {
        let meant = meant(write)?;
        let sku = |sku: Option<&String>| sku.cloned().unwrap_or_default();
        let item = self.items.iter().find(|item| {
            item.name == meant.name
                && sku(item.sku.as_ref()) == sku(meant.sku.as_ref())
                && item.kind == meant.kind
        })?;
        found::item(item)
    }
}

/// Picks the document that a create made: of our shop, of the same key, and not from before it.
fn ours<'a>(
    candidates: impl Iterator<Item = &'a Found>,
    store: &str,
    write: &Write,
) -> Option<Found> {
    let wanted = write.marker.as_ref()?;
    let mut candidates: Vec<&Found> = candidates
        .filter(|found| {
            found.marker.as_ref().is_some_and(|marker| {
                marker.store == store
                    && marker.key == wanted.key
                    // An older revision is what this create was to come after.
                    && marker.revision >= wanted.revision
            })
        })
        .collect();
    candidates.sort_by_key(|found| {
        let revision = found.marker.as_ref().map(|marker| marker.revision);
        (found.state == FoundState::Voided, revision)
    });
    candidates.first().map(|found| (*found).clone())
}

/// Looks for a created document in a company that numbers by itself: by customer and day.
async fn renumbered(
    client: &BooksClient,
    facts: &FactsOfCompany,
    store: &str,
    write: &Write,
) -> Result<Option<Found>, Fault> {
    let has_number = |kind: DocumentKind| kind != DocumentKind::Payment && !kind.is_numberless();
    if facts.company.keeps_our_numbers || !write.entity.document().is_some_and(has_number) {
        return Ok(None);
    }
    let Some(meant) = meant(write) else {
        return Ok(None);
    };
    let (Some(day), customer) = (meant.txn_date, wire::id_of(meant.customer_ref.as_ref())) else {
        return Ok(None);
    };
    let mut rest = format!("WHERE TxnDate = {}", quoted(&day));
    if !customer.is_empty() {
        rest = format!("{rest} AND CustomerRef = {}", quoted(customer));
    }
    let read = query::all::<wire::DocumentAnswer>(client, write.entity.as_str(), &rest).await?;
    let found: Vec<Found> = read
        .rows
        .iter()
        .filter_map(|document| found::document(write.entity, document, facts))
        .collect();
    Ok(ours(found.iter(), store, write))
}

/// The field that holds our number; of what has none, its day.
fn number_field(kind: DocumentKind) -> &'static str {
    match kind {
        DocumentKind::Payment => "PaymentRefNum",
        kind if kind.is_numberless() => "TxnDate",
        _ => "DocNumber",
    }
}

/// What that field holds, to be compared with what is sought.
fn known_by(kind: DocumentKind, found: &Found) -> String {
    match kind.is_numberless() {
        true => found.date.map(|day| day.to_string()).unwrap_or_default(),
        false => found.label.to_lowercase(),
    }
}

/// Documents of a kind with any of these values in a field.
async fn documents(
    client: &BooksClient,
    facts: &FactsOfCompany,
    kind: DocumentKind,
    field: &str,
    values: &[&str],
) -> Result<Vec<Found>, Fault> {
    let entity = kind.as_str();
    let rows: Vec<wire::DocumentAnswer> = rows(client, entity, field, values, "").await?;
    let found = rows
        .iter()
        .map(|document| found::document(kind.into(), document, facts));
    found
        .collect::<Option<_>>()
        .ok_or_else(|| faults::unreadable(entity))
}
