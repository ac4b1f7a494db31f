//! Conflicts: the fields on which the shop and the books do not agree, as they are shown to people and machines, and how one of them
//! is decided.
//!
//! A decision is kept and carried out by the next run, which takes a ticket for it like any other write, and finds out whether both
//! sides still say what was decided about.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::{Value, json};

use super::App;
use crate::model::agreed::{AgreedField, AgreedPair, ConflictTake, FieldConflict};
use crate::model::both::ProductField;
use crate::model::code;
use crate::model::plan::{Entity, RecordKey};
use crate::model::service::Service;
use crate::store::{Agreements, AgreementsWriter, Problems, Store, StoreError};

/// So many of the settled ones are listed. All of them are kept, and each can be shown by its id.
const SETTLED_SHOWN: u32 = 200;

/// What `udsync conflicts --json` and `GET /conflicts` say of one.
#[derive(Serialize)]
pub struct ConflictView<'a> {
    id: &'a str,
    entity: Entity,
    record: &'a RecordKey,
    field: &'static str,
    cause: Value,
    base: Option<PairView>,
    shop: SideView,
    books: SideView,
    since: String,
    decided: Option<String>,
    settled_at: Option<String>,
    settled_by: Option<&'a str>,
}

#[derive(Serialize)]
struct PairView {
    shop: String,
    books: String,
}

#[derive(Serialize)]
struct SideView {
    value: String,
    changed_at: Option<String>,
}

impl ConflictView<'_> {
    /// What a person decided, in the word that was typed.
    pub fn decided(&self) -> Option<String> {
        self.decided.clone()
    }
}

/// A value on one line: the lines of an address that say something, behind each other.
pub fn shown(value: &str) -> String {
    let lines = value.split('\n').map(str::trim);
    let said: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    said.join(", ")
}

pub fn view(conflict: &FieldConflict) -> ConflictView<'_> {
    let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let sides = &conflict.sides;
    let pair = |pair: &AgreedPair| PairView {
        shop: shown(&pair.shop),
        books: shown(&pair.books),
    };
    ConflictView {
        id: &conflict.id,
        entity: conflict.source.entity,
        record: &conflict.source,
        field: conflict.field.as_str(),
        cause: json!(conflict.cause),
        base: sides.base.as_ref().map(pair),
        shop: SideView {
            value: shown(&sides.shop),
            changed_at: sides.shop_at.map(time),
        },
        books: SideView {
            value: shown(&sides.books),
            changed_at: sides.books_at.map(time),
        },
        since: time(conflict.since),
        decided: conflict.take.as_ref().map(word),
        settled_at: conflict.settled.as_ref().map(|(at, _)| time(*at)),
        settled_by: conflict.settled.as_ref().map(|(_, by)| by.as_str()),
    }
}

/// The document of all that are open.
pub fn document(conflicts: &[FieldConflict]) -> Value {
    let items: Vec<ConflictView<'_>> = conflicts.iter().map(view).collect();
    json!({"schema": "udsync/conflicts/1", "items": items})
}

/// A decision in the word that was typed.
fn word(take: &ConflictTake) -> String {
    match take {
        ConflictTake::Shop => "shop".to_owned(),
        ConflictTake::Books => "books".to_owned(),
        ConflictTake::Base => "base".to_owned(),
        ConflictTake::Value(value) => value.clone(),
    }
}

/// Why a decision cannot be kept.
#[derive(Debug)]
pub enum Undecided {
    /// No conflict has this id.
    Unknown,
    /// It is over.
    Settled,
    /// It is about another field.
    OtherField(AgreedField),
    /// What was taken makes no sense for the field: why.
    Odd(&'static str),
    Store(StoreError),
}

impl From<StoreError> for Undecided {
    fn from(error: StoreError) -> Undecided {
        Undecided::Store(error)
    }
}

impl App {
    /// The fields that wait for a person.
    pub fn conflicts(&self, store: &Store) -> Result<Vec<FieldConflict>, StoreError> {
        store.open_conflicts(Service::BOOKS.as_str())
    }

    /// The last of those that are settled, the newest first.
    pub fn settled_conflicts(&self, store: &Store) -> Result<Vec<FieldConflict>, StoreError> {
        store.settled_conflicts(Service::BOOKS.as_str(), SETTLED_SHOWN)
    }

    /// One of them, by its id or by that of the problem of its record, where that has one alone.
    pub fn conflict_called(
        &self,
        store: &Store,
        id: &str,
    ) -> Result<Option<FieldConflict>, StoreError> {
        if let Some(conflict) = store.conflict_called(id)? {
            return Ok(Some(conflict));
        }
        let Some(filed) = store.problem_called(id)? else {
            return Ok(None);
        };
        let of = filed.problem.source;
        let mut open = self.conflicts(store)?;
        open.retain(|one| one.source.entity == of.entity && one.source.id == of.id);
        Ok(open.pop().filter(|_| open.is_empty()))
    }

    /// The id under which a record waits: that of its problem, where somebody has typed that of a conflict in it.
    pub fn waits_as(&self, store: &Store, id: &str) -> Result<String, StoreError> {
        let same = || Ok(id.to_owned());
        if store.problem_called(id)?.is_some() {
            return same();
        }
        let Some(conflict) = store.conflict_called(id)? else {
            return same();
        };
        let of = conflict.source;
        let mut filed = store
            .problems(Some(Service::BOOKS.as_str()), true)?
            .into_iter();
        let its = filed.find(|one| {
            let is_open = one.reason.code == code::CONFLICT_OPEN;
            is_open && one.source.entity == of.entity && one.source.id == of.id
        });
        its.map_or_else(same, |problem| Ok(problem.id))
    }

    /// Keeps what a person decided; the next run writes it.
    pub fn decide_conflict(
        &self,
        store: &Store,
        id: &str,
        take: &str,
        field: Option<&str>,
    ) -> Result<FieldConflict, Undecided> {
        let open = self.conflict_called(store, id)?.ok_or(Undecided::Unknown)?;
        if open.settled.is_some() {
            return Err(Undecided::Settled);
        }
        if field.is_some_and(|field| field != open.field.as_str()) {
            return Err(Undecided::OtherField(open.field));
        }
        let take = taken(&open, take)?;
        let decided = store.decide_conflict(&open.id, &take)?;
        decided.ok_or(Undecided::Settled)
    }

    /// The line of the configuration that would decide every such conflict alike.
    pub fn line_of(&self, conflict: &FieldConflict) -> Option<String> {
        let rule = match conflict.take.as_ref()? {
            ConflictTake::Shop => "source_wins",
            ConflictTake::Books => "target_wins",
            ConflictTake::Base | ConflictTake::Value(_) => return None,
        };
        let (section, field) = (conflict.source.entity, conflict.field.as_str());
        let flow = conflict.field.rule(&self.config.both).flow.as_str();
        Some(format!(
            "[both.{section}s]\n{field} = {{ flow = \"{flow}\", on_conflict = \"{rule}\" }}"
        ))
    }
}

/// What was typed, as far as it can stand in the field.
fn taken(open: &FieldConflict, typed: &str) -> Result<ConflictTake, Undecided> {
    match typed.trim() {
        "shop" => Ok(ConflictTake::Shop),
        "books" => Ok(ConflictTake::Books),
        "base" if open.sides.base.is_some() => Ok(ConflictTake::Base),
        "base" => Err(Undecided::Odd(
            "they never agreed on anything, so there is no base",
        )),
        "" => Err(Undecided::Odd("an empty value is none")),
        value if value.chars().any(char::is_control) => {
            Err(Undecided::Odd("a value is one line of text"))
        }
        _ if open.field.is_address() => Err(Undecided::Odd(
            "an address is taken from one of the sides: shop, books or base",
        )),
        value if open.field == AgreedField::Product(ProductField::Price) => {
            let price = value.parse::<rust_decimal::Decimal>();
            let price = price
                .ok()
                .filter(|price| *price > rust_decimal::Decimal::ZERO);
            match price {
                Some(price) => Ok(ConflictTake::Value(price.normalize().to_string())),
                None => Err(Undecided::Odd("a price is a number above 0 with a point")),
            }
        }
        value => Ok(ConflictTake::Value(value.to_owned())),
    }
}
