//! Planner: what a plan is made from and what it is made in, for those who each make a part of it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use crate::books::agreed_fields::ListAlarm;
use crate::books::names::Directory;
use crate::connector::port::LedgerReader;
use crate::model::company::Company;
use crate::model::document::DocumentKey;
use crate::model::draft::CustomerInBooks;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::Link;
use crate::model::plan::{Entity, Hold, RecordKey, Step, Subject};
use crate::model::rules::Rules;
use crate::model::shop_change::{ShopBefore, ShopChange, ShopStep};
use crate::model::wish::Ware;
use crate::store::{StateReader, StoreError};

use super::both_ways::{DrawnRecord, KnownAgreements};
use super::likenesses::Likenesses;
use super::parked::ByRecord;

/// In the place of an id that could not be read.
pub const NO_ID: &str = "?";

/// What a plan is made from, besides the survey.
pub struct PlanContext<'a, F: LedgerReader> {
    pub finder: &'a F,
    pub store: &'a dyn StateReader,
    pub rules: &'a Rules,
    /// What the shop's own mappings say; `None` where it has none.
    pub mappings: Option<Fingerprint>,
    pub shop_address: &'a str,
    /// The catalogue, where it was read.
    pub listed: &'a BTreeMap<u64, Ware>,
    /// What orders sell for which the books have no item yet.
    pub goods: &'a BTreeMap<u64, Ware>,
    /// Customers of the books that were read, by id.
    pub customers: &'a BTreeMap<String, Option<CustomerInBooks>>,
    /// Records that a person set aside for good.
    pub set_aside: &'a BTreeSet<(Entity, String, Option<DocumentKey>)>,
    /// Accounts and products that stand undone, and that nobody has asked for.
    pub undone: &'a BTreeSet<(Entity, String)>,
    /// What the books refused or got wrong in earlier runs and another try alone does not help. `None`: somebody wants
    /// it tried again all the same.
    pub refused: Option<&'a ByRecord<'a>>,
    /// Who is behind the ids of accounts and products.
    pub(super) likenesses: &'a Likenesses,
    /// What both sides agreed on so far.
    pub(super) agreed: &'a KnownAgreements<'a>,
    /// How far the clocks of the shop and of the books are ahead of ours.
    pub(super) clocks_ahead: (TimeDelta, TimeDelta),
}

impl<F: LedgerReader> PlanContext<'_, F> {
    /// Whether what was written of it was taken back, so that it is left alone until somebody asks for it.
    pub(super) fn stands_undone(&self, source: &RecordKey) -> bool {
        self.undone.contains(&(source.entity, source.id.clone()))
    }

    /// What of ours is what in the books, unless its id is somebody else's by now.
    pub(super) fn link(&self, subject: &Subject) -> Result<Option<Link>, StoreError> {
        let is_other = match subject {
            Subject::Customer(key) | Subject::Item(key) => self.likenesses.are_others(key),
            Subject::Vendor(_) | Subject::Document(_) => false,
        };
        match is_other {
            true => Ok(None),
            false => self.store.link(self.finder.name(), subject),
        }
    }

    /// What is known of a product.
    pub(super) fn ware(&self, id: u64) -> Option<&Ware> {
        self.listed.get(&id).or_else(|| self.goods.get(&id))
    }
}

pub(super) struct Planner<'a, F: LedgerReader> {
    pub(super) ground: &'a PlanContext<'a, F>,
    pub(super) company: &'a Company,
    pub(super) directory: Directory,
    pub(super) name_steps: Vec<Step>,
    /// Names that have a step.
    pub(super) noted: BTreeSet<Subject>,
    pub(super) to_read: BTreeSet<String>,
    /// Products whose items are not in the books yet.
    pub(super) new_goods: BTreeSet<u64>,
    /// Names that cannot be made, or that the books refused and that would be the same again, with the cause.
    pub(super) refused_names: BTreeMap<Subject, Reason>,
    pub(super) steps: Vec<Step>,
    pub(super) holds: Vec<Hold>,
    /// What the steps for accounts and products were made from.
    pub(super) shoppers: BTreeMap<u64, Fingerprint>,
    pub(super) products: BTreeMap<u64, Fingerprint>,
    /// Records that both sides share, with what becomes of them.
    pub(super) drawn: Vec<DrawnRecord>,
    pub(super) to_shop: Vec<ShopStep>,
    /// Lists of either side that lack too much of what both share, or of which too much was changed at once.
    pub(super) odd_lists: Vec<(Entity, ListAlarm)>,
}

impl<F: LedgerReader> Planner<'_, F> {
    /// Makes a change of the shop a step of the plan.
    pub(super) fn step_to_shop(
        &mut self,
        drawn: &DrawnRecord,
        change: ShopChange,
        before: ShopBefore,
    ) -> Result<(), StoreError> {
        let ground = self.ground;
        let done = ground
            .store
            .times_done_in_shop(ground.shop_address, &change.thing())?;
        // What was written once may have to be written again, when somebody has put it back.
        let mark = Fingerprint::of(&(&change, &before, done));
        self.to_shop.push(ShopStep {
            source: drawn.record.source.clone(),
            change,
            before,
            mark: format!("udsync {}", mark.short()),
            reason: drawn.why_to_shop(),
            date: None,
            currency: None,
            total: None,
        });
        Ok(())
    }
}

pub(super) enum Stopped {
    Held(Reason),
    Store(StoreError),
}

impl From<Reason> for Stopped {
    fn from(reason: Reason) -> Stopped {
        Stopped::Held(reason)
    }
}

impl From<StoreError> for Stopped {
    fn from(error: StoreError) -> Stopped {
        Stopped::Store(error)
    }
}
