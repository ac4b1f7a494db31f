//! Naming: which customer and which item a document, an account or a product comes to, and the step where there is none yet.
//!
//! Who somebody is and what something is, `books` knows; here it becomes a step, once, however many documents ask for it.

use std::cell::RefCell;

use chrono::NaiveDate;

use super::planner::{PlanContext, Planner, Stopped};
use super::refused;
use crate::books::names::{self, Resolved};
use crate::connector::port::{Draft, LedgerReader};
use crate::model::document::{Document, Line};
use crate::model::fault::Reason;
use crate::model::order::Order;
use crate::model::plan::{Action, Entity, RecordKey, Remote, RemoteKind, Step, Subject};
use crate::store::StoreError;

impl<F: LedgerReader> Planner<'_, F> {
    pub(super) fn customer(&mut self, order: &Order) -> Result<String, Stopped> {
        let ground = self.ground;
        let (key, resolved) = with_links(ground, Subject::Customer, |linked| {
            let directory = &mut self.directory;
            names::customer(order, ground.rules, self.company, directory, linked)
        })??;
        let subject = Subject::Customer(key.clone());
        let source = RecordKey {
            entity: Entity::Customer,
            id: key.clone(),
            number: key,
        };
        match resolved {
            Resolved::Known { id, warnings } => {
                self.known_name(source, subject, (RemoteKind::Customer, id), warnings)
            }
            Resolved::New { draft, .. } => self.new_name(source, subject, Draft::Customer(&draft)),
        }
    }

    pub(super) fn item(
        &mut self,
        order: &Order,
        document: &Document,
        line: &Line,
    ) -> Result<String, Stopped> {
        let ground = self.ground;
        let mut sold = names::SoldItem::by_line(order, line);
        sold.ware = sold.id().and_then(|id| ground.ware(id));
        let resolved = with_links(ground, Subject::Item, |linked| {
            names::item(&sold, ground.rules, &mut self.directory, linked)
        })??;
        let source = |key: &str| RecordKey {
            entity: Entity::Product,
            id: key.to_owned(),
            number: key.to_owned(),
        };
        let key = &line.item.0;
        let id = match resolved {
            Resolved::Known { id, warnings } => self.known_name(
                source(key),
                Subject::Item(key.clone()),
                (RemoteKind::Item, id),
                warnings,
            )?,
            Resolved::New { key, draft } => {
                self.new_goods
                    .extend(sold.id().filter(|_| sold.is_goods() && sold.ware.is_none()));
                self.new_name(
                    source(&key),
                    Subject::Item(key.clone()),
                    Draft::Item(&draft),
                )?
            }
        };
        match names::first_day(&self.directory, &id) {
            Some(first) if document.date < first => {
                Err(Stopped::Held(not_counted_yet(document, line, first)))
            }
            _ => Ok(id),
        }
    }

    /// Remembers a match that no link holds yet, so that a name changed in the books later is still the same one.
    fn known_name(
        &mut self,
        source: RecordKey,
        subject: Subject,
        (entity, id): (RemoteKind, String),
        warnings: Vec<Reason>,
    ) -> Result<String, Stopped> {
        self.can_be_made(&id)?;
        let is_planned = Subject::from_reference(&id).is_some();
        if !is_planned && !self.noted.contains(&subject) && self.ground.link(&subject)?.is_none() {
            let mut step = Step::bare(Action::None, source, subject, entity);
            step.warnings = warnings;
            step.remote = Some(Remote {
                entity,
                id: id.clone(),
                revision: String::new(),
            });
            self.note(step);
        }
        Ok(id)
    }

    /// Whether what this id stands for is there, or will be: what could not be made for one order cannot be made for the next one
    /// either, and keeps its cause.
    pub(super) fn can_be_made(&self, id: &str) -> Result<(), Stopped> {
        let maker = Subject::from_reference(id);
        match maker.and_then(|maker| self.refused_names.get(&maker)) {
            Some(reason) => Err(Stopped::Held(reason.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn note(&mut self, step: Step) {
        self.noted.insert(step.subject.clone());
        self.name_steps.push(step);
    }

    /// Makes a name a step, or remembers why there is none. Answers with the reference to it.
    pub(super) fn new_name(
        &mut self,
        source: RecordKey,
        subject: Subject,
        draft: Draft<'_>,
    ) -> Result<String, Stopped> {
        match self.step_of_name(source, &subject, draft) {
            Ok(step) => {
                self.note(step);
                Ok(subject.to_string())
            }
            Err(stopped) => {
                if let Stopped::Held(reason) = &stopped {
                    self.refused_names.insert(subject, reason.clone());
                }
                Err(stopped)
            }
        }
    }

    fn step_of_name(
        &self,
        source: RecordKey,
        subject: &Subject,
        draft: Draft<'_>,
    ) -> Result<Step, Stopped> {
        let encoded = self.ground.finder.encode(draft)?;
        self.not_refused_name(subject, &encoded.body)?;
        let mut step = Step::bare(Action::Create, source, subject.clone(), encoded.entity);
        step.body = Some(encoded.body);
        step.warnings = encoded.warnings;
        Ok(step)
    }

    /// Whether the books took this very body of a name when it was tried last.
    pub(super) fn not_refused_name(&self, subject: &Subject, body: &str) -> Result<(), Stopped> {
        let ground = self.ground;
        if ground.refused.is_none() {
            return Ok(());
        }
        match refused::name(ground.store, ground.finder.name(), subject, body)? {
            Some(reason) => Err(Stopped::Held(reason)),
            None => Ok(()),
        }
    }
}

/// A ledger that counts something from a day on takes no sale of it before that day.
fn not_counted_yet(document: &Document, line: &Line, first: NaiveDate) -> Reason {
    Reason::new(
        "inventory_not_started",
        format!(
            "`{}` of {} has `{}` on it, an inventory item that QuickBooks counts from {first} on and not before",
            document.number, document.date, line.description
        ),
    )
    .hint("set an earlier start date for the item in QuickBooks and run `udsync retry --all`, or enter the sale by hand and set the order aside with `udsync retry --skip ID --why TEXT`")
}

/// Works with what is linked at hand. A link that cannot be read is no missing link: then nothing comes of the work, or somebody would
/// be made a second time.
pub(super) fn with_links<F: LedgerReader, T>(
    ground: &PlanContext<'_, F>,
    subject: fn(String) -> Subject,
    work: impl FnOnce(&dyn Fn(&str) -> Option<String>) -> T,
) -> Result<T, StoreError> {
    let unread = RefCell::new(None);
    let done = work(&|key| match ground.link(&subject(key.to_owned())) {
        Ok(link) => link.map(|link| link.remote.id),
        Err(error) => {
            unread.replace(Some(error));
            None
        }
    });
    match unread.into_inner() {
        Some(error) => Err(error),
        None => Ok(done),
    }
}
