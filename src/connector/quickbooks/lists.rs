//! The lists that are kept: facts about the company for a day, names for as long as QuickBooks can tell what changed.
//!
//! Reads are metered, so a list is read whole once and then brought up to date by one question about changes in a run. A name that we make
//! enters the list with the answer to its creation: it is kept in a piece behind the list, because a list that were written anew with
//! each of them would cost ever more. The next run puts the pieces into the list.

pub mod labels;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::connector::port::Shelf;
use crate::connector::rows::{at_most, raw_at_most};
use crate::model::clock::Clock;
use crate::model::company::Company;
use crate::model::fault::{Fault, Remedy};
use crate::model::names::{ItemEntry, NameEntry, NameKind, Names, Roll, person_key};

use super::client::{BooksClient, escaped};
use super::facts::{CompanyAnswers, FactsOfCompany};
use super::faults;
use super::found;
use super::query;
use super::wire::{self, AnswerEnvelope};

/// How long facts are believed; and how long when something was missing in them.
const FACTS_AGE: TimeDelta = TimeDelta::hours(24);
const DOUBTED_AGE: TimeDelta = TimeDelta::minutes(5);
/// QuickBooks tells changes of the last thirty days.
pub(super) const CHANGES_AGE: TimeDelta = TimeDelta::days(25);
/// Changes that were under way while the last answer was made.
pub(super) const OVERLAP: TimeDelta = TimeDelta::seconds(90);
/// An answer with so many changes may have left some out.
pub(super) const CHANGES_MAX: usize = 1_000;
/// So many new names may be lost from the shelf without harm: the next run is told of them as changes.
const UNSAVED_MAX: usize = 25;

/// Counts up with what is kept of a name.
const FORM: u32 = 2;

/// Kinds of people, as QuickBooks calls them.
const PEOPLE: [(&str, NameKind); 3] = [
    ("Customer", NameKind::Customer),
    ("Vendor", NameKind::Vendor),
    ("Employee", NameKind::Employee),
];

/// A name that an answer brought.
pub enum Learned {
    Person(NameEntry),
    Item(ItemEntry),
}

/// The lists of one company.
pub struct Lists {
    clock: Clock,
    shelf: Arc<dyn Shelf>,
    company_id: String,
    facts: Mutex<Option<Arc<FactsOfCompany>>>,
    doubted: AtomicBool,
    labels: Mutex<labels::Labels>,
    /// Reads are scarce: what is kept is as good as new.
    sparing: bool,
    /// What is on the shelf is not believed.
    anew: AtomicBool,
    /// The closing date was read in this process.
    closing_read: AtomicBool,
    /// Held while facts are read, so that they are read once.
    reading: tokio::sync::Mutex<()>,
    names: tokio::sync::Mutex<Option<KeptNames>>,
}

/// The names, and how they are kept.
#[derive(Default)]
struct KeptNames {
    names: Names,
    /// QuickBooks' time; what changed after it may be missing.
    as_of: Option<DateTime<FixedOffset>>,
    /// Goes up with each writing of the list; a piece says to which one it belongs.
    edition: i64,
    /// So many pieces are kept behind the list.
    pieces: u32,
    unsaved: NewNames,
}

/// The list as it is written.
#[derive(Serialize, Deserialize)]
struct WrittenNames {
    /// What is kept of a name; lists that were kept in another form are read again.
    #[serde(default)]
    form: u32,
    as_of: Option<DateTime<FixedOffset>>,
    people: Arc<Roll<NameEntry>>,
    items: Arc<Roll<ItemEntry>>,
    #[serde(default)]
    edition: i64,
}

/// Names that were made since the list was written.
#[derive(Default, Serialize, Deserialize)]
struct NewNames {
    edition: i64,
    people: Vec<NameEntry>,
    items: Vec<ItemEntry>,
}

/// As much of a kept list as says where the next one is to go on.
#[derive(Deserialize)]
struct Edition {
    #[serde(default)]
    edition: i64,
}

impl Lists {
    pub fn new(company_id: &str, clock: Clock, shelf: Arc<dyn Shelf>) -> Lists {
        Lists {
            clock,
            shelf,
            company_id: company_id.to_owned(),
            facts: Mutex::new(None),
            doubted: AtomicBool::new(false),
            labels: Mutex::default(),
            sparing: false,
            anew: AtomicBool::new(false),
            closing_read: AtomicBool::new(false),
            reading: tokio::sync::Mutex::new(()),
            names: tokio::sync::Mutex::new(None),
        }
    }

    pub fn spare_reads(&mut self) {
        self.sparing = true;
    }

    /// The facts, read if none are kept or they are too old. Within a process they stay the same.
    pub async fn facts(&self, client: &BooksClient) -> Result<Arc<FactsOfCompany>, Fault> {
        let _reading = self.reading.lock().await;
        if let Some(facts) = self.remembered().clone() {
            return Ok(facts);
        }
        let anew = self.anew.swap(false, Ordering::Relaxed);
        let on_shelf = self.facts_on_shelf().filter(|_| !anew);
        let facts = match on_shelf.filter(|facts| self.fresh(facts)) {
            Some(facts) => facts,
            None => {
                let facts = self.read_facts(client).await?;
                self.put("facts", &facts)?;
                facts
            }
        };
        let facts = Arc::new(facts);
        *self.remembered() = Some(facts.clone());
        Ok(facts)
    }

    /// The facts with the closing date as it stands now. It moves whenever a bookkeeper wants it to, and orders wait for it, so a day
    /// is too old.
    pub async fn facts_today(&self, client: &BooksClient) -> Result<Arc<FactsOfCompany>, Fault> {
        let facts = self.facts(client).await?;
        if self.sparing || self.closing_read.swap(true, Ordering::Relaxed) {
            return Ok(facts);
        }
        let preferences: wire::Preferences = one(client, "preferences", "Preferences").await?;
        let mut now = (*facts).clone();
        if !now.close(&preferences, self.clock.now()) {
            return Ok(facts);
        }
        self.put("facts", &now)?;
        let now = Arc::new(now);
        *self.remembered() = Some(now.clone());
        Ok(now)
    }

    /// The next one who asks for the facts has them read.
    pub fn forget_facts(&self) {
        self.anew.store(true, Ordering::Relaxed);
        *self.remembered() = None;
    }

    pub async fn company_name(&self, client: &BooksClient) -> Result<String, Fault> {
        let path = format!("companyinfo/{}", escaped(client.company_id()));
        let info: wire::CompanyInfo = one(client, &path, "CompanyInfo").await?;
        Ok(info.company_name.unwrap_or_default())
    }

    /// The facts as they are known without asking, however old.
    pub fn kept_facts(&self) -> Option<Arc<FactsOfCompany>> {
        let remembered = self.remembered().clone();
        remembered.or_else(|| self.facts_on_shelf().map(Arc::new))
    }

    /// Marks the facts: something was missing in them, so the next run looks again.
    pub fn doubt(&self) {
        if self.doubted.swap(true, Ordering::Relaxed) {
            return;
        }
        if let Some(mut facts) = self.facts_on_shelf() {
            facts.doubted = true;
            self.try_to_put("facts", &facts);
        }
        self.doubt_labels();
    }

    /// All names, brought up to date the first time they are asked for.
    pub async fn names(&self, client: &BooksClient) -> Result<Names, Fault> {
        let home = self.facts(client).await?.company.home_currency.clone();
        let mut names = self.names.lock().await;
        let current = match names.take() {
            Some(current) => current,
            None => {
                let mut current = self.current_names(client, &home).await?;
                self.put_names(&mut current)?;
                current
            }
        };
        let answer = current.names.clone();
        *names = Some(current);
        Ok(answer)
    }

    /// Takes in names that were just made.
    pub async fn learn(&self, learned: Vec<Learned>) {
        if learned.is_empty() {
            return;
        }
        let mut names = self.names.lock().await;
        // Whoever has not asked for names yet will be told of these as changes.
        let Some(names) = names.as_mut() else {
            return;
        };
        for name in learned {
            names.unsaved.add(&name);
            names.take_in(name);
        }
        if names.unsaved.len() >= UNSAVED_MAX {
            let piece = NewNames {
                edition: names.edition,
                ..std::mem::take(&mut names.unsaved)
            };
            // Pieces are read up to the first that is not there.
            if self.try_to_put(&piece_of_names(names.pieces), &piece) {
                names.pieces += 1;
            }
        }
    }

    /// Writes the list with all its pieces. Those that are left of it belong to no list any more.
    fn put_names(&self, names: &mut KeptNames) -> Result<(), Fault> {
        let before: Option<Edition> = self.on_shelf("names");
        let before = before.map_or(0, |before| before.edition);
        names.edition = self.clock.now().timestamp_micros().max(before + 1);
        names.pieces = 0;
        let written = WrittenNames {
            form: FORM,
            as_of: names.as_of,
            people: names.names.people.clone(),
            items: names.names.items.clone(),
            edition: names.edition,
        };
        self.put("names", &written)
    }

    pub fn one_name_at_a_time(&self) -> bool {
        self.shelf.get(&self.place("one_name_at_a_time")).is_some()
    }

    /// Remembers for good that the company takes names one by one only.
    pub fn note_one_name_at_a_time(&self) {
        self.try_to_put("one_name_at_a_time", &true);
    }

    fn remembered(&self) -> MutexGuard<'_, Option<Arc<FactsOfCompany>>> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn remembered_labels(&self) -> MutexGuard<'_, labels::Labels> {
        self.labels.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, facts: &FactsOfCompany) -> bool {
        // Facts in which something was missing are read again all the same: nothing would be posted without.
        if self.sparing && !facts.doubted {
            return true;
        }
        let age = self.clock.now() - facts.read_at;
        let most = if facts.doubted {
            DOUBTED_AGE
        } else {
            FACTS_AGE
        };
        age >= TimeDelta::zero() && age < most
    }

    async fn read_facts(&self, client: &BooksClient) -> Result<FactsOfCompany, Fault> {
        let read_at: DateTime<Utc> = self.clock.now();
        let info_path = format!("companyinfo/{}", escaped(client.company_id()));
        let read = CompanyAnswers {
            info: one(client, &info_path, "CompanyInfo").await?,
            preferences: one(client, "preferences", "Preferences").await?,
            accounts: query::all(client, "Account", "").await?.rows,
            tax_codes: query::all(client, "TaxCode", "").await?.rows,
            tax_rates: query::all(client, "TaxRate", "").await?.rows,
            payment_methods: query::all(client, "PaymentMethod", "").await?.rows,
        };
        self.closing_read.store(true, Ordering::Relaxed);
        let facts = FactsOfCompany::new(client.company_id(), read_at, read);
        Ok(facts.after(self.facts_on_shelf().as_ref()))
    }

    /// The kept names with what changed since; all of them anew where that cannot be told.
    async fn current_names(&self, client: &BooksClient, home: &str) -> Result<KeptNames, Fault> {
        let shelf = |name: &str| Some(self.shelf.get(name)?.0);
        let mut kept = KeptNames::read(shelf, &self.company_id);
        if let Some(kept) = kept.take_if(|_| self.sparing) {
            return Ok(kept);
        }
        let oldest = self.clock.now() - CHANGES_AGE;
        if let Some(mut kept) = kept
            && let Some(as_of) = kept.as_of.filter(|as_of| *as_of > oldest)
            && self.take_in_changes(client, &mut kept, as_of, home).await?
        {
            return Ok(kept);
        }
        self.read_names(client, home).await
    }

    async fn read_names(&self, client: &BooksClient, home: &str) -> Result<KeptNames, Fault> {
        // In the order of creation an edit between two pages moves nothing.
        const EVERYBODY: &str = "WHERE Active IN (true, false) ORDERBY MetaData.CreateTime";
        let mut names = KeptNames::default();
        for (kind, name_kind) in PEOPLE {
            let read = query::all::<wire::PersonAnswer>(client, kind, EVERYBODY).await?;
            names.as_of = names.as_of.or(read.time);
            for person in read.rows {
                names.take_in_person(name_kind, person, home);
            }
        }
        let items = query::all::<wire::ItemAnswer>(client, "Item", EVERYBODY).await?;
        for item in items.rows {
            names.take_in_item(item);
        }
        Ok(names)
    }

    /// Asks what changed. `false` where the answer may not be all of it.
    async fn take_in_changes(
        &self,
        client: &BooksClient,
        names: &mut KeptNames,
        as_of: DateTime<FixedOffset>,
        home: &str,
    ) -> Result<bool, Fault> {
        let since = (as_of - OVERLAP).to_rfc3339_opts(SecondsFormat::Secs, false);
        let path = format!(
            "cdc?entities=Customer,Vendor,Employee,Item&changedSince={}",
            escaped(&since)
        );
        let text = match client.get(&path).await {
            // Whatever QuickBooks dislikes about the question, the lists themselves tell as much.
            Err(fault) if fault.remedy == Remedy::Amend => return Ok(false),
            answer => answer?,
        };
        let changes = Changes::read(&text).ok_or_else(|| faults::unreadable("changes"))?;
        if changes.count() >= CHANGES_MAX {
            return Ok(false);
        }
        let Some(time) = changes.time else {
            return Ok(false);
        };
        for ((_, name_kind), people) in PEOPLE.into_iter().zip(changes.people) {
            for person in people {
                names.take_in_person(name_kind, person, home);
            }
        }
        for item in changes.items {
            names.take_in_item(item);
        }
        names.as_of = Some(time);
        Ok(true)
    }

    fn facts_on_shelf(&self) -> Option<FactsOfCompany> {
        self.on_shelf("facts")
    }

    fn on_shelf<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        // What another version of udsync kept and we cannot read is read from QuickBooks again.
        serde_json::from_str(&self.shelf.get(&self.place(name))?.0).ok()
    }

    fn put<T: Serialize>(&self, name: &str, value: &T) -> Result<(), Fault> {
        let text = serde_json::to_string(value).expect("our own lists always have a JSON form");
        self.shelf.put(&self.place(name), &text)
    }

    /// Puts something on the shelf that can be found out again. Tells whether that worked.
    fn try_to_put<T: Serialize>(&self, name: &str, value: &T) -> bool {
        let put = self.put(name, value);
        if let Err(fault) = &put {
            tracing::warn!(name, %fault, "a list could not be kept");
        }
        put.is_ok()
    }

    fn place(&self, name: &str) -> String {
        place(&self.company_id, name)
    }
}

/// The home currency of a company, as far as an earlier run has kept it. Nothing is asked.
pub fn kept_home_currency(
    kept: impl Fn(&str) -> Option<String>,
    company_id: &str,
) -> Option<String> {
    let facts: FactsOfCompany = serde_json::from_str(&kept(&place(company_id, "facts"))?).ok()?;
    Some(facts.company.home_currency.clone())
}

/// A company as an earlier run has kept it. Nothing is asked.
pub fn kept_company(kept: impl Fn(&str) -> Option<String>, company_id: &str) -> Option<Company> {
    let facts: FactsOfCompany = serde_json::from_str(&kept(&place(company_id, "facts"))?).ok()?;
    Some(facts.company)
}

fn place(company_id: &str, name: &str) -> String {
    format!("quickbooks/{company_id}/{name}")
}

/// The names of a company as they are kept. `None`: there are none, or another version of udsync kept them.
pub fn kept_names(kept: impl Fn(&str) -> Option<String>, company_id: &str) -> Option<Names> {
    Some(KeptNames::read(kept, company_id)?.names)
}

fn piece_of_names(number: u32) -> String {
    format!("names/{number}")
}

impl NewNames {
    fn add(&mut self, learned: &Learned) {
        match learned {
            Learned::Person(entry) => self.people.push(entry.clone()),
            Learned::Item(entry) => self.items.push(entry.clone()),
        }
    }

    fn len(&self) -> usize {
        self.people.len() + self.items.len()
    }
}

impl KeptNames {
    /// The list with its pieces.
    fn read(kept: impl Fn(&str) -> Option<String>, company_id: &str) -> Option<KeptNames> {
        let read = |name: &str| kept(&place(company_id, name));
        let written: WrittenNames = serde_json::from_str(&read("names")?).ok()?;
        if written.form != FORM {
            return None;
        }
        let mut names = KeptNames {
            names: Names {
                people: written.people,
                items: written.items,
            },
            as_of: written.as_of,
            edition: written.edition,
            pieces: 0,
            unsaved: NewNames::default(),
        };
        let piece = |number: u32| -> Option<NewNames> {
            serde_json::from_str(&read(&piece_of_names(number))?).ok()
        };
        while let Some(piece) = piece(names.pieces).filter(|piece| piece.edition == names.edition) {
            names.pieces += 1;
            let people = piece.people.into_iter().map(Learned::Person);
            let items = piece.items.into_iter().map(Learned::Item);
            people.chain(items).for_each(|name| names.take_in(name));
        }
        Some(names)
    }

    fn take_in(&mut self, learned: Learned) {
        match learned {
            Learned::Person(entry) => self.names.add_person(entry),
            Learned::Item(entry) => self.names.add_item(entry),
        }
    }

    fn take_in_person(&mut self, kind: NameKind, person: wire::PersonAnswer, home: &str) {
        if person.status.as_deref() == Some("Deleted") {
            let id = person.id.as_deref().unwrap_or_default();
            Arc::make_mut(&mut self.names.people).remove(&person_key(kind, id));
        } else if let Some(entry) = found::name_entry(kind, person, home) {
            self.names.add_person(entry);
        }
    }

    fn take_in_item(&mut self, item: wire::ItemAnswer) {
        if item.status.as_deref() == Some("Deleted") {
            let id = item.id.as_deref().unwrap_or_default();
            Arc::make_mut(&mut self.names.items).remove(id);
        } else if let Some(entry) = found::item_entry(item) {
            self.names.add_item(entry);
        }
    }
}

/// What an answer about changes holds.
struct Changes {
    /// In the order of [`PEOPLE`].
    people: [Vec<wire::PersonAnswer>; 3],
    items: Vec<wire::ItemAnswer>,
    time: Option<DateTime<FixedOffset>>,
}

/// An answer has one group for each question.
const KINDS_MAX: usize = 100;

impl Changes {
    /// Reads the answer. A kind without changes may be missing, empty, or an empty list.
    fn read(text: &str) -> Option<Changes> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct EntityGroup {
            query_response: Option<Box<RawValue>>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase")]
        struct Kinds {
            customer: Option<Box<RawValue>>,
            vendor: Option<Box<RawValue>>,
            employee: Option<Box<RawValue>>,
            item: Option<Box<RawValue>>,
        }
        let envelope = AnswerEnvelope::open(text)?;
        let groups = raw_at_most(envelope.part("CDCResponse")?, KINDS_MAX).ok()?;
        let mut changes = Changes {
            people: Default::default(),
            items: Vec::new(),
            time: envelope.time(),
        };
        for group in groups {
            let group: EntityGroup = serde_json::from_str(group.get()).ok()?;
            let Some(kinds) = group.query_response else {
                continue;
            };
            for kinds in raw_at_most(kinds.get(), KINDS_MAX).ok()? {
                let kinds: Kinds = serde_json::from_str(kinds.get()).ok()?;
                let people = [kinds.customer, kinds.vendor, kinds.employee];
                for (known, more) in changes.people.iter_mut().zip(people) {
                    if let Some(more) = more {
                        known.extend(at_most::<wire::PersonAnswer>(more.get(), CHANGES_MAX).ok()?);
                    }
                }
                if let Some(more) = kinds.item {
                    changes
                        .items
                        .extend(at_most::<wire::ItemAnswer>(more.get(), CHANGES_MAX).ok()?);
                }
            }
        }
        Some(changes)
    }

    fn count(&self) -> usize {
        self.people.iter().map(Vec::len).sum::<usize>() + self.items.len()
    }
}

/// Reads the one thing that stands at a path.
async fn one<T: DeserializeOwned>(
    client: &BooksClient,
    path: &str,
    name: &str,
) -> Result<T, Fault> {
    let text = client.get(path).await?;
    let part = AnswerEnvelope::open(&text).and_then(|envelope| envelope.read(name));
    part.ok_or_else(|| faults::unreadable(name))
}
