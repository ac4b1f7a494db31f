//! Planning: what the books shall hold of payouts, less what they hold already, as steps of an ordinary plan.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};

use crate::books::payouts::{
    BillMonth, PayoutEntry, PayoutPlan, PayoutSides, account_payout, clearing_account, payout_key,
};
use crate::connector::port::{Draft, Encoded, LedgerReader};
use crate::model::code::PERIOD_CLOSED;
use crate::model::company::Company;
use crate::model::document::{Document, DocumentKey, DocumentKind, Line, LineKind, Marker, Role};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::LinkState;
use crate::model::money::Money;
use crate::model::payout::Payout;
use crate::model::plan::{
    Action, Basis, Entity, Hold, PLAN_SCHEMA, Plan, RecordKey, References, Step, Subject,
};
use crate::model::problem::ProblemState;
use crate::model::rules::{GatewayFees, Rules};
use crate::model::ticket::{Found, FoundState};
use crate::store::StateReader;

use super::super::error::EngineError;
use super::super::fence::{self, BooksAsSeen};
use super::super::undo::undone::is_undone;
use super::claimed::{of_another_shop, twice};
use super::filed::{is_part_of_posted, with_file};
use super::read::{PayoutMonth, PayoutRead};

/// The bank shows a payout so many days later at most, and somebody may have entered it by then.
const DAYS_APART: u64 = 5;

/// What a payout can become, the fee document of an order, which takes from it, and the bill of a month.
const KINDS: [DocumentKind; 4] = [
    DocumentKind::Transfer,
    DocumentKind::Deposit,
    DocumentKind::Purchase,
    DocumentKind::Bill,
];
/// What hangs on a bill.
const BILL_KINDS: [DocumentKind; 2] = [DocumentKind::VendorCredit, DocumentKind::BillPayment];

/// The code of a payout that somebody entered by hand.
pub(super) const BY_HAND: &str = "payout_by_hand";

/// Which payouts are meant, of those that were read.
#[derive(Clone, Debug, Default)]
pub struct PayoutsMeant {
    /// By their ids: these and no others.
    pub only: Option<BTreeSet<String>>,
    /// Even where they stand undone.
    pub asked: BTreeSet<String>,
    /// Months by their first days, whose bills are meant too.
    pub billed: BTreeSet<NaiveDate>,
    pub days: PayoutDays,
}

/// Of which days every payout was read, and which day it is.
#[derive(Clone, Debug, Default)]
pub struct PayoutDays {
    pub since: NaiveDate,
    /// `None`: up to this day.
    pub until: Option<NaiveDate>,
    pub today: NaiveDate,
}

/// A plan of payouts, with how many were looked at.
#[derive(Debug)]
pub struct PayoutsPlanned {
    pub plan: Plan,
    pub read: u64,
    /// What was seen in the books on the way.
    pub(super) seen: BooksAsSeen,
}

pub(super) struct PayoutPlanner<'a, F> {
    pub(super) finder: &'a F,
    pub(super) memory: &'a dyn StateReader,
    pub(super) rules: &'a Rules,
    pub(super) company: Company,
    /// Those that were set aside, with what was wrong with them.
    pub(super) set_aside: BTreeMap<String, String>,
    /// Something of them is held or failed.
    open: BTreeSet<String>,
    /// Taken back, and not asked for again.
    pub(super) undone: BTreeMap<String, Reason>,
    pub(super) books: BooksOfDays,
    /// What somebody entered for a payout, by the payout's id.
    by_hand: BTreeMap<String, Found>,
    pub(super) steps: Vec<Step>,
    pub(super) holds: Vec<Hold>,
    /// What the plan was made from, by payout and by bill.
    pub(super) basis: BTreeMap<String, Fingerprint>,
}

/// What the books hold of the days in question.
#[derive(Default)]
pub(super) struct BooksOfDays {
    /// With our mark.
    pub(super) ours: BTreeMap<DocumentKey, Vec<Found>>,
    /// With the mark of another shop.
    of_others: BTreeMap<DocumentKey, Found>,
    /// Transfers and deposits without one.
    unmarked: Vec<Found>,
}

/// Plans what is to be entered of these months.
pub async fn plan_payouts<F: LedgerReader>(
    finder: &F,
    memory: &dyn StateReader,
    rules: &Rules,
    shop_address: &str,
    mut months: Vec<PayoutMonth>,
    meant: &PayoutsMeant,
) -> Result<PayoutsPlanned, EngineError> {
    let company = finder.company_today().await?;
    let problems = memory.problems(Some(finder.name()), true)?;
    let of_payouts = || {
        problems
            .iter()
            .filter(|one| one.source.entity == Entity::Payout)
    };
    let mut planner = PayoutPlanner {
        finder,
        memory,
        rules,
        set_aside: of_payouts()
            .filter(|one| one.state == ProblemState::SetAside)
            .map(|one| (one.source.id.clone(), one.reason.code.to_string()))
            .collect(),
        open: of_payouts()
            .filter(|one| one.state != ProblemState::SetAside)
            .map(|one| one.source.id.clone())
            .collect(),
        undone: of_payouts()
            .filter(|one| is_undone(one) && !meant.asked.contains(&one.source.id))
            .map(|one| (one.source.id.clone(), one.reason.clone()))
            .collect(),
        company,
        books: BooksOfDays::default(),
        by_hand: BTreeMap::new(),
        steps: Vec::new(),
        holds: Vec::new(),
        basis: BTreeMap::new(),
    };
    planner.look_for(&months).await?;
    planner.books.tell_of_fees(&mut months);
    let mut wanted = Vec::new();
    for month in &months {
        for read in &month.payouts {
            let planned = planner.planned(&month.sides(read))?;
            wanted.push((&read.payout, planned));
        }
    }
    planner.match_by_hand(&wanted)?;
    let to_be_billed = planner.to_be_billed(&months, &wanted, meant)?;
    let mut read = 0;
    for (payout, planned) in wanted {
        let is_meant = |only: &BTreeSet<String>| only.contains(&payout.id);
        if !meant.only.as_ref().is_none_or(is_meant) {
            continue;
        }
        read += 1;
        let before = planner.steps.len();
        planner.payout(payout, planned)?;
        let writes = planner.steps[before..]
            .iter()
            .any(|step| step.action.writes());
        if writes {
            let made_from = Fingerprint::of(payout);
            planner.basis.insert(payout.id.clone(), made_from);
        }
    }
    planner.bills(to_be_billed, meant).await?;
    let seen = fence::seen_among(planner.books.ours.values().flatten());
    let company = planner.company.id.clone();
    let (steps, holds, payouts) = (planner.steps, planner.holds, planner.basis);
    Ok(PayoutsPlanned {
        plan: Plan {
            schema: PLAN_SCHEMA.to_owned(),
            basis: Basis {
                shop: rules.store.clone(),
                store: shop_address.to_owned(),
                company,
                rules: Fingerprint::of(rules),
                orders: BTreeMap::new(),
                shoppers: BTreeMap::new(),
                products: BTreeMap::new(),
                payouts,
                payouts_file: None,
                takes_back: None,
            },
            steps,
            to_shop: Vec::new(),
            stays: Vec::new(),
            holds,
        },
        read,
        seen,
    })
}

fn source_of(payout: &Payout) -> RecordKey {
    named(&payout.id)
}

/// The record of a payout, or of a bill.
pub(super) fn named(id: &str) -> RecordKey {
    RecordKey {
        entity: Entity::Payout,
        id: id.to_owned(),
        number: id.to_owned(),
    }
}

/// Nothing is posted of what it was charged, as far as the state file knows.
fn sides_have_no_fees(month: &PayoutMonth, read: &PayoutRead) -> bool {
    let posted = month.posted.get(&read.payout.id);
    !posted.is_some_and(|posted| posted.has_fees)
}

impl BooksOfDays {
    fn of(documents: Vec<Found>, store: &str) -> BooksOfDays {
        let mut books = BooksOfDays::default();
        for found in documents {
            if found.state != FoundState::Active {
                continue;
            }
            match found.marker.clone() {
                Some(marker) if marker.store == store => {
                    books.ours.entry(marker.key).or_default().push(found);
                }
                Some(marker) => {
                    books.of_others.insert(marker.key, found);
                }
                None => {
                    let kind = found.remote.entity.document();
                    if kind.is_some_and(DocumentKind::is_numberless) {
                        books.unmarked.push(found);
                    }
                }
            }
        }
        books
    }

    /// Fees that are posted order by order, and that a state file which was lost does not know of any more.
    fn tell_of_fees(&self, months: &mut [PayoutMonth]) {
        for month in months {
            for order in month.orders.keys() {
                let key = DocumentKey::of_order(*order, Role::Fee);
                if let Some(found) = self.ours.get(&key).and_then(|all| all.first()) {
                    month.fees_posted.entry(*order).or_insert(found.total);
                }
            }
        }
    }

    /// What another shop has posted of a payout.
    pub(super) fn elsewhere(&self, payout: &Payout) -> Option<&Found> {
        [Role::Transfer, Role::Fee, Role::Credit]
            .iter()
            .find_map(|role| self.of_others.get(&payout_key(payout, *role)))
    }
}

/// From which day on the books can hold something of a payout: it may stand on any open day after its arrival, and the fee documents
/// of its orders on the days of these.
fn first_day(month: &PayoutMonth, read: &PayoutRead) -> NaiveDate {
    let orders = read.rows.iter().filter_map(|row| row.order());
    let of_orders = orders
        .filter_map(|order| month.orders.get(&order))
        .map(|order| order.created_at.date_naive());
    let of_rows = read.rows.iter().map(|row| row.at.date_naive());
    let first = of_orders.chain(of_rows).chain([read.payout.arrives]).min();
    first.unwrap_or(read.payout.arrives) - Days::new(DAYS_APART)
}

impl<F: LedgerReader> PayoutPlanner<'_, F> {
    /// Looks in the books for what the state file does not know of, whoever made it: by mark, whatever its day is by now.
    async fn look_for(&mut self, months: &[PayoutMonth]) -> Result<(), EngineError> {
        let mut since: Option<NaiveDate> = None;
        let bills = self.rules.policy.gateway_fees == GatewayFees::Bill;
        for month in months {
            for read in &month.payouts {
                let planned = account_payout(&month.sides(read), self.rules, &self.company);
                let mut is_open = false;
                for entry in &planned.entries {
                    is_open |= self.standing(entry.document.key)?.is_none();
                }
                // Of a bill that is to be made, or stands and is not known.
                is_open |= bills && sides_have_no_fees(month, read);
                if is_open {
                    let day = first_day(month, read);
                    since = Some(since.map_or(day, |since| since.min(day)));
                }
            }
        }
        if let Some(since) = since {
            let mut documents = self.finder.dated(&KINDS, since).await?;
            let is_bill = |one: &Found| one.remote.entity == DocumentKind::Bill.into();
            if bills || documents.iter().any(is_bill) {
                documents.extend(self.finder.dated(&BILL_KINDS, since).await?);
            }
            self.books = BooksOfDays::of(documents, &self.rules.store);
        }
        Ok(())
    }

    /// What a document that stands by the state file is worth.
    pub(super) fn standing(&self, key: DocumentKey) -> Result<Option<Money>, EngineError> {
        let link = self
            .memory
            .link(self.finder.name(), &Subject::Document(key))?;
        let standing = link.filter(|link| link.state == LinkState::Active);
        Ok(standing.map(|link| link.posted.map_or(Money::ZERO, |posted| posted.total)))
    }

    /// What the books shall hold of a payout, given what they hold of it: what stands, stands as it was posted, whatever the rules say
    /// by now. A payout whose transfer stands is done, and nothing is added to it, unless something of it is held or failed.
    fn planned(&self, sides: &PayoutSides<'_>) -> Result<PayoutPlan, EngineError> {
        let payout = sides.payout;
        let planned = account_payout(sides, self.rules, &self.company);
        let mut documents = planned.entries.iter().map(|entry| &entry.document);
        let transfer = documents.find(|one| one.key.role == Role::Transfer);
        if let Some(why) = self.under_another_name(payout, transfer)? {
            return Ok(PayoutPlan {
                hold: Some(why),
                ..PayoutPlan::default()
            });
        }
        let (mut known, mut found) = (BTreeMap::new(), BTreeMap::new());
        for role in [Role::Fee, Role::Credit, Role::Transfer] {
            let key = payout_key(payout, role);
            if let Some(total) = self.standing(key)? {
                known.insert(role, total);
            } else if let Some(all) = self.books.ours.get(&key) {
                found.insert(role, all[0].total);
            }
        }
        if found.is_empty() {
            if !known.contains_key(&Role::Transfer) || self.open.contains(&payout.id) {
                return Ok(planned);
            }
            let stands = |entry: &PayoutEntry| known.contains_key(&entry.document.key.role);
            let part = is_part_of_posted(sides);
            // Of what stands nothing waits for an open day.
            let waits = |why: &Reason| why.code != PERIOD_CLOSED && !part;
            return Ok(PayoutPlan {
                entries: planned.entries.into_iter().filter(stands).collect(),
                hold: planned.hold.filter(waits),
                skip: planned.skip.filter(|_| !part),
            });
        }
        known.extend(found);
        Ok(self.as_posted(sides, planned, &known))
    }

    /// The same payout by the rules under which it comes to what is in the books.
    fn as_posted(
        &self,
        sides: &PayoutSides<'_>,
        planned: PayoutPlan,
        standing: &BTreeMap<Role, Money>,
    ) -> PayoutPlan {
        if planned.hold.is_some() || planned.skip.is_some() {
            return planned;
        }
        let by = |fees: GatewayFees| {
            let mut rules = self.rules.clone();
            rules.policy.gateway_fees = fees;
            account_payout(sides, &rules, &self.company)
        };
        let others = [
            GatewayFees::Payout,
            GatewayFees::Expense,
            GatewayFees::Bill,
            GatewayFees::Off,
        ];
        let mut plans = Vec::new();
        let of_bill = BillMonth::of(sides.payout).key(1, Role::Bill);
        if self.books.ours.contains_key(&of_bill) {
            // Its transfer looks like one without fees, or with those of orders.
            plans.push(by(GatewayFees::Bill));
        }
        plans.push(planned);
        plans.extend(others.into_iter().map(by));
        let totals = |plan: &PayoutPlan| -> BTreeMap<Role, Money> {
            let entries = plan.entries.iter();
            entries
                .map(|entry| (entry.document.key.role, entry.document.total))
                .collect()
        };
        let is_whole = |plan: &PayoutPlan| totals(plan) == *standing;
        let is_part = |plan: &PayoutPlan| {
            let totals = totals(plan);
            standing
                .iter()
                .all(|(role, total)| totals.get(role) == Some(total))
        };
        let chosen = plans
            .iter()
            .position(is_whole)
            .or_else(|| plans.iter().position(is_part));
        match chosen {
            Some(at) => plans.swap_remove(at),
            None => PayoutPlan {
                hold: Some(self.posted_otherwise(sides.payout, standing)),
                ..PayoutPlan::default()
            },
        }
    }

    fn posted_otherwise(&self, payout: &Payout, standing: &BTreeMap<Role, Money>) -> Reason {
        let named: Vec<String> = standing
            .iter()
            .map(|(role, total)| {
                let found = self.books.ours.get(&payout_key(payout, *role));
                let remote = found.and_then(|all| all.first()).map(|one| &one.remote);
                match remote {
                    Some(remote) => format!("{} {} over {total}", remote.entity, remote.id),
                    None => format!("its {} over {total}", role.word()),
                }
            })
            .collect();
        Reason::new(
            "payout_posted_otherwise",
            format!(
                "payout {} over {} is in the books with other figures than it has: {}",
                payout.id,
                payout.amount,
                named.join(", ")
            ),
        )
        .hint("look at them in QuickBooks, delete what is wrong there, then `udsync sync payouts`")
    }

    /// What somebody entered by hand stands for one payout, the one whose day is nearest.
    fn match_by_hand(&mut self, wanted: &[(&Payout, PayoutPlan)]) -> Result<(), EngineError> {
        let mut pairs = Vec::new();
        for (payout, planned) in wanted {
            let transfers = planned.entries.iter().map(|entry| &entry.document);
            for document in transfers.filter(|one| one.kind == DocumentKind::Transfer) {
                let is_ours = self.books.ours.contains_key(&document.key);
                let Some(clearing) = clearing_account(self.rules, payout) else {
                    continue;
                };
                if is_ours || self.standing(document.key)?.is_some() {
                    continue;
                }
                for (at, found) in self.books.unmarked.iter().enumerate() {
                    if found.total == document.total
                        && let Some(days) = self.apart(found, document, clearing)
                    {
                        pairs.push((days, payout.arrives, payout.id.clone(), at));
                    }
                }
            }
        }
        pairs.sort();
        let mut taken = BTreeSet::new();
        for (_, _, payout, at) in pairs {
            if !taken.contains(&at) && !self.by_hand.contains_key(&payout) {
                taken.insert(at);
                self.by_hand.insert(payout, self.books.unmarked[at].clone());
            }
        }
        Ok(())
    }

    fn payout(&mut self, payout: &Payout, mut planned: PayoutPlan) -> Result<(), EngineError> {
        let source = source_of(payout);
        if let Some(code) = self.set_aside.get(&payout.id) {
            let is_by_hand = code == BY_HAND;
            let said = format!("payout {} was set aside for good", payout.id);
            self.skip(payout, Reason::new("set_aside", said));
            if !is_by_hand {
                return Ok(());
            }
            // What reached the bank is entered, and nothing else of it.
            planned
                .entries
                .retain(|entry| entry.document.kind != DocumentKind::Transfer);
            planned.skip = None;
        }
        if let Some(reason) = self.undone.get(&payout.id) {
            // It keeps its problem, and its place on the list.
            self.hold(&source, reason.clone());
            return Ok(());
        }
        if let Some(found) = self.books.elsewhere(payout).cloned() {
            let reason = of_another_shop(payout, &found);
            let is_here = self.standing(payout_key(payout, Role::Transfer))?.is_some();
            match is_here {
                true => self.hold(&source, twice(payout, &found)),
                false => self.skip(payout, reason),
            }
            return Ok(());
        }
        if let Some(reason) = planned.skip {
            self.skip(payout, reason);
        }
        if let Some(reason) = planned.hold {
            self.hold(&source, reason);
        }
        let mut steps = Vec::new();
        for entry in &planned.entries {
            match self.step(payout, &source, entry)? {
                Ok(step) => steps.push(step),
                // Neither half of a payout stands alone.
                Err(reason) => {
                    self.hold(&source, reason);
                    return Ok(());
                }
            }
        }
        self.steps.extend(steps);
        Ok(())
    }

    pub(super) fn hold(&mut self, source: &RecordKey, reason: Reason) {
        self.holds.push(Hold {
            source: source.clone(),
            subject: None,
            reason: with_file(source, reason),
        });
    }

    fn skip(&mut self, payout: &Payout, reason: Reason) {
        let key = payout_key(payout, Role::Transfer);
        let (subject, kind) = (Subject::Document(key), DocumentKind::Transfer.into());
        self.steps.push(Step {
            reason: Some(reason),
            ..Step::bare(Action::Skip, source_of(payout), subject, kind)
        });
    }

    /// What is to be done about one document; the inner error is why it waits.
    fn step(
        &self,
        payout: &Payout,
        source: &RecordKey,
        entry: &PayoutEntry,
    ) -> Result<Result<Step, Reason>, EngineError> {
        let document = &entry.document;
        let key = document.key;
        let (subject, kind) = (Subject::Document(key), document.kind.into());
        let mut step = Step {
            warnings: entry.warnings.clone(),
            label: document.number.clone(),
            ..Step::bare(Action::None, source.clone(), subject, kind)
        };
        let link = self
            .memory
            .link(self.finder.name(), &Subject::Document(key))?;
        let mut revision = 1;
        if let Some(link) = link {
            if link.state == LinkState::Active {
                // What stands, stands: rules that were changed since are for what comes.
                step.remote = Some(link.remote);
                return Ok(Ok(step));
            }
            revision = link.revision + 1;
        }
        let mut ours = self.books.ours.get(&key).into_iter().flatten();
        if let Some(first) = ours.next() {
            if let Some(second) = ours.next() {
                return Ok(Err(Reason::new(
                    crate::model::code::DUPLICATE_FOUND,
                    format!(
                        "payout {} is in the books more than once: {} {} and {} {}",
                        payout.id,
                        first.remote.entity,
                        first.remote.id,
                        second.remote.entity,
                        second.remote.id
                    ),
                )
                .hint(
                    "delete the wrong one in QuickBooks, then `udsync sync payouts`",
                )));
            }
            step.remote = Some(first.remote.clone());
            step.document = Some(Document {
                date: first.date.unwrap_or(document.date),
                ..document.clone()
            });
            step.marker = first.marker.clone();
            step.adopted = Some(Box::new(first.clone()));
            return Ok(Ok(step));
        }
        if document.kind == DocumentKind::Transfer
            && let Some(by_hand) = self.entered_by_hand(payout)
        {
            return Ok(Err(by_hand));
        }
        let (encoded, marker) = match self.encoded(document, revision) {
            Ok(encoded) => encoded,
            Err(reason) => return Ok(Err(reason)),
        };
        step.action = Action::Create;
        step.body = Some(encoded.body);
        step.expected = encoded.expected;
        step.warnings.extend(encoded.warnings);
        step.marker = Some(marker);
        step.document = Some(document.clone());
        Ok(Ok(step))
    }

    /// Somebody, or the bank feed, has entered the very same already: a transfer, or a deposit out of the clearing account.
    fn entered_by_hand(&self, payout: &Payout) -> Option<Reason> {
        let clearing = clearing_account(self.rules, payout)?;
        let found = self.by_hand.get(&payout.id)?;
        let day = found
            .date
            .map_or_else(String::new, |day| format!(" of {day}"));
        Some(
            Reason::new(
                BY_HAND,
                format!(
                    "payout {} over {} is entered already: {} {}{day} from `{clearing}`",
                    payout.id, payout.amount, found.remote.entity, found.remote.id
                ),
            )
            .hint("set it aside with `udsync retry --skip ID --why TEXT`: then its fees alone are posted; or delete that one in QuickBooks and run `udsync sync payouts`"),
        )
    }

    /// How many days lie between it and what we would have written; `None` where it is something else.
    fn apart(&self, found: &Found, document: &Document, clearing: &str) -> Option<u64> {
        let date = found.date?;
        let kind = found.remote.entity.document()?;
        let apart = (date - document.date).num_days().unsigned_abs();
        let ours = match kind {
            DocumentKind::Transfer => Document {
                date,
                ..document.clone()
            },
            DocumentKind::Deposit => Document {
                kind,
                date,
                account: document.lines.first().map(|line| line.item.0.clone()),
                lines: document
                    .lines
                    .iter()
                    .map(|line| Line {
                        kind: LineKind::PayoutShare,
                        item: crate::model::document::ItemKey(clearing.to_owned()),
                        ..line.clone()
                    })
                    .collect(),
                ..document.clone()
            },
            _ => return None,
        };
        let is_same = apart <= DAYS_APART
            && self.encoded(&ours, 1).is_ok_and(|(encoded, _)| {
                self.finder.content(encoded.entity, &encoded.body) == found.content
            });
        is_same.then_some(apart)
    }

    /// A document as it would be sent, with its mark.
    fn encoded(&self, document: &Document, revision: u32) -> Result<(Encoded, Marker), Reason> {
        let marker = Marker {
            store: self.rules.store.clone(),
            key: document.key,
            revision,
        };
        let encoded = self.finder.encode(Draft::Document {
            document,
            references: &References::default(),
            marker: &marker,
            replaces: None,
            was: None,
        })?;
        Ok((encoded, marker))
    }
}
