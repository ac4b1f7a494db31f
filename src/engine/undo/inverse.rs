//! Inverse: the plan that takes a run back, and everything that stands in its way.
//!
//! It is a plan like any other: the same run and the same books give the same bytes, it is shown, saved and compared, and `apply`
//! carries it out. Nothing is written here, and every guard is read before anything is.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::payouts::is_bill;
use crate::connector::port::{
    Draft, Encoded, LedgerReader, Period, SeenDocument, ShopReader, StatementStates,
};
use crate::model::code;
use crate::model::company::Company;
use crate::model::document::{Document, DocumentKey, DocumentKind, Marker, Role};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::{Link, LinkState, Posted};
use crate::model::origin::Origin;
use crate::model::plan::{
    Action, Basis, Entity, Expectation, Hold, PLAN_SCHEMA, Plan, RecordKey, Remote, RemoteKind,
    Step, Subject, TakenBack,
};
use crate::model::rules::{Rules, UndoPolicy};
use crate::store::{StateReader, StoreError};

use super::super::both_ways::WrittenFields;
use super::super::error::EngineError;
use super::effects::{DocumentEffect, RunEffect, effect, last_run};
use super::guards::{GuardContext, UndoObstacle, closed_period, in_the_way, is_untouched};
use super::in_shop::{self, ShopBack};
use super::later::{later_run, takes_back};
use super::names::{self, NamesBack};
use super::order::reverse_wave;

/// The plan that takes a run back, and what stands in its way.
#[derive(Debug)]
pub struct UndoPlanned {
    pub plan: Plan,
    /// In the order of orders and documents. With `partial` the plan is without these orders.
    pub obstacles: Vec<UndoObstacle>,
    /// Customers and items that the run made. They stay.
    pub names: usize,
    /// The fields of accounts and products that are taken back.
    pub written: WrittenFields,
}

/// A document of the run, with all that is known of it.
struct UndoCandidate {
    key: DocumentKey,
    effect: DocumentEffect,
    link: Option<Link>,
    seen: Option<SeenDocument>,
}

impl UndoCandidate {
    /// How people call it.
    fn called(&self) -> String {
        let posted = self.link.as_ref().and_then(|link| link.posted.as_ref());
        match posted {
            Some(posted) => format!("{} `{}`", posted.kind, posted.number),
            None => format!("document `{}`", self.key),
        }
    }

    fn obstacle(&self, reason: Reason) -> UndoObstacle {
        let remote = self.link.as_ref().map(|link| link.remote.id.clone());
        UndoObstacle {
            order: self.effect.source.clone(),
            document: self.called(),
            id: remote,
            reason,
        }
    }
}

/// Plans how a run is taken back.
pub async fn plan_undo<S: ShopReader, F: LedgerReader>(
    shop: &S,
    finder: &F,
    store: &dyn StateReader,
    rules: &Rules,
    what: &TakenBack,
) -> Result<UndoPlanned, EngineError> {
    let company = finder.company_today().await?;
    let target = finder.name();
    let mut candidates = candidates(target, store, &what.run)?;
    let remotes: Vec<Remote> = candidates
        .iter()
        .filter_map(|one| one.link.as_ref())
        .map(|link| link.remote.clone())
        .collect();
    let mut seen: BTreeMap<(RemoteKind, String), SeenDocument> = BTreeMap::new();
    if !remotes.is_empty() {
        for document in finder.seen_now(&remotes).await?.into_iter().flatten() {
            let remote = &document.found.remote;
            seen.insert((remote.entity, remote.id.clone()), document);
        }
    }
    for one in &mut candidates {
        let remote = one.link.as_ref().map(|link| &link.remote);
        one.seen = remote.and_then(|remote| seen.get(&(remote.entity, remote.id.clone())).cloned());
    }
    let bank = match period_of(&candidates) {
        Some(period) => finder.settled_by_bank(period).await?,
        None => StatementStates::new(),
    };
    let planner = UndoPlanner {
        finder,
        store,
        rules,
        company: &company,
        bank: &bank,
        run: &what.run,
    };
    let (steps, obstacles) = planner.plan(&candidates)?;
    let names = names::plan(finder, store, &what.run).await?;
    let in_shop = in_shop::plan(shop, store, &what.run).await?;
    let back = EverythingBack {
        steps,
        obstacles,
        names,
        in_shop,
    };
    Ok(planner.finish(back, shop.address(), what))
}

/// What is to be taken back on either side, before it is a plan.
struct EverythingBack {
    steps: Vec<Step>,
    obstacles: Vec<UndoObstacle>,
    names: NamesBack,
    in_shop: ShopBack,
}

/// What of the run is left in the books, by document.
fn candidates(
    target: &str,
    store: &dyn StateReader,
    run: &str,
) -> Result<Vec<UndoCandidate>, StoreError> {
    let mut candidates = BTreeMap::new();
    for subject in store.subjects_of_run(target, run)? {
        let Subject::Document(key) = subject else {
            continue;
        };
        let history = store.done_to(target, &subject)?;
        let taken = takes_back(store, history.iter().map(|done| done.run_id.as_str()))?;
        if let Some(effect) = effect(&history, &|run| taken.get(run).cloned(), run) {
            let link = store.link(target, &subject)?;
            let seen = None;
            candidates.insert(
                key,
                UndoCandidate {
                    key,
                    effect,
                    link,
                    seen,
                },
            );
        }
    }
    Ok(candidates.into_values().collect())
}

fn period_of(candidates: &[UndoCandidate]) -> Option<Period> {
    let days = candidates
        .iter()
        .filter_map(|one| one.seen.as_ref()?.found.date);
    let (first, last) = (days.clone().min()?, days.max()?);
    Period::new(first, last)
}

struct UndoPlanner<'a, F: LedgerReader> {
    finder: &'a F,
    store: &'a dyn StateReader,
    rules: &'a Rules,
    company: &'a Company,
    bank: &'a StatementStates,
    run: &'a str,
}

impl<F: LedgerReader> UndoPlanner<'_, F> {
    fn plan(
        &self,
        candidates: &[UndoCandidate],
    ) -> Result<(Vec<Step>, Vec<UndoObstacle>), StoreError> {
        let mut steps = Vec::new();
        let mut obstacles = Vec::new();
        let mut by_origin: BTreeMap<Origin, Vec<&UndoCandidate>> = BTreeMap::new();
        for one in candidates {
            by_origin.entry(one.key.origin).or_default().push(one);
        }
        // A bill, what is set against it and what settles it hang on each other, like the documents of an order.
        let of_bills: Vec<Link> = match by_origin.keys().any(|origin| is_bill(&origin.id())) {
            true => self.store.payout_links(self.finder.name())?,
            false => Vec::new(),
        };
        for (origin, of_order) in by_origin {
            let is_its = |link: &&Link| matches!(&link.subject, Subject::Document(key) if key.origin == origin);
            let links = match origin {
                Origin::Order(order) => self.store.links_of_order(self.finder.name(), order)?,
                _ => of_bills.iter().filter(is_its).cloned().collect(),
            };
            let ours: BTreeSet<(String, String)> = links
                .iter()
                .filter(|link| link.state != LinkState::Settled)
                .map(|link| (link.remote.entity.to_string(), link.remote.id.clone()))
                .collect();
            obstacles.extend(self.hangs_on(&of_order, &links)?);
            for one in of_order {
                match self.step(one, &ours) {
                    Ok(step) => steps.push(step),
                    Err(reasons) => {
                        obstacles.extend(reasons.into_iter().map(|reason| one.obstacle(reason)));
                    }
                }
            }
        }
        Ok((steps, obstacles))
    }

    /// Documents of later runs that would be left with nothing, or with another sale, under them.
    fn hangs_on(
        &self,
        of_order: &[&UndoCandidate],
        links: &[Link],
    ) -> Result<Vec<UndoObstacle>, StoreError> {
        let Some(first) = of_order.first() else {
            return Ok(Vec::new());
        };
        let takes_sale = of_order.iter().any(|one| {
            matches!(one.key.role, Role::Sale | Role::Bill) && one.effect.what == RunEffect::Made
        });
        let mut obstacles = Vec::new();
        for link in links.iter().filter(|link| link.state == LinkState::Active) {
            let Subject::Document(key) = link.subject else {
                continue;
            };
            if of_order.iter().any(|one| one.key == key) {
                continue;
            }
            let history = self.store.done_to(self.finder.name(), &link.subject)?;
            let taken = takes_back(self.store, history.iter().map(|done| done.run_id.as_str()))?;
            let by = last_run(&history, &|run| taken.get(run).cloned());
            let is_later = match &by {
                Some(by) => self.is_later(by)?,
                // Found in the books: it was there for this sale, whoever entered it.
                None => takes_sale,
            };
            if is_later {
                let called = link.posted.as_ref().map_or_else(
                    || format!("document `{key}`"),
                    |posted| format!("{} `{}`", posted.kind, posted.number),
                );
                obstacles.push(UndoObstacle {
                    order: first.effect.source.clone(),
                    id: Some(link.remote.id.clone()),
                    reason: later_run(&called, by.as_deref()),
                    document: called,
                });
            }
        }
        Ok(obstacles)
    }

    /// Whether a run began after the one that is taken back.
    fn is_later(&self, run: &str) -> Result<bool, StoreError> {
        let began = |run: &str| {
            let run = self.store.run(run)?;
            Ok::<_, StoreError>(run.map(|run| (run.started_at, run.id)))
        };
        Ok(began(run)? > began(self.run)?)
    }

    /// The step that takes a document back, or everything that stands in its way.
    fn step(
        &self,
        one: &UndoCandidate,
        ours: &BTreeSet<(String, String)>,
    ) -> Result<Step, Vec<Reason>> {
        let called = one.called();
        let mut reasons = Vec::new();
        match &one.effect.what {
            RunEffect::Covered { by } => reasons.push(later_run(&called, Some(by))),
            RunEffect::Voided => reasons.push(
                Reason::new(
                    "void_final",
                    format!("{called} was voided by the run, and QuickBooks gives no voided document its amounts back"),
                )
                .hint("enter it anew in QuickBooks by hand, and leave its order out with `--partial`"),
            ),
            RunEffect::Removed => reasons.push(
                Reason::new(
                    code::MISSING_DOCUMENT,
                    format!("{called} was taken out of the books by the run"),
                )
                .hint("leave its order out with `--partial`"),
            ),
            RunEffect::Made | RunEffect::Changed { .. } => {}
        }
        let (Some(link), Some(seen)) = (&one.link, &one.seen) else {
            if reasons.is_empty() {
                reasons.push(
                    Reason::new(
                        code::MISSING_DOCUMENT,
                        format!("{called} was deleted in QuickBooks since"),
                    )
                    .hint("leave its order out with `--partial`"),
                );
            }
            return Err(reasons);
        };
        let context = GuardContext {
            closed_through: self.company.closed_through,
            bank: self.bank,
            ours,
        };
        // A voided one says so once.
        if reasons.is_empty() {
            reasons.extend(in_the_way(&context, link, seen, &called));
        }
        let inverse = match &one.effect.what {
            RunEffect::Made => Some(self.take_away(one, link, seen)),
            RunEffect::Changed { former, was } => {
                Some(self.restore(one, link, seen, former.as_ref(), was.as_ref()))
            }
            RunEffect::Voided | RunEffect::Removed | RunEffect::Covered { .. } => None,
        };
        match inverse {
            Some(Ok(step)) if reasons.is_empty() => Ok(step),
            Some(Err(reason)) => {
                reasons.push(reason);
                Err(reasons)
            }
            _ => Err(reasons),
        }
    }

    fn take_away(
        &self,
        one: &UndoCandidate,
        link: &Link,
        seen: &SeenDocument,
    ) -> Result<Step, Reason> {
        let kind = kind_of(one, seen)?;
        let remote = &seen.found.remote;
        let mut warnings = Vec::new();
        if seen.mailed {
            warnings.push(Reason::new(
                "was_mailed",
                format!("{} was sent by e-mail from QuickBooks", one.called()),
            ));
        }
        let can_be_voided = matches!(
            kind,
            DocumentKind::SalesReceipt | DocumentKind::Invoice | DocumentKind::Payment
        );
        let is_kept =
            kind != DocumentKind::Payment && (seen.mailed || !is_untouched(link, &seen.found));
        let voids = match self.rules.policy.undo {
            UndoPolicy::Delete => false,
            UndoPolicy::Void => can_be_voided,
            UndoPolicy::Auto => can_be_voided && is_kept,
        };
        let (action, draft) = match voids {
            true => (Action::Void, Draft::Void { kind, remote }),
            false => (Action::Delete, Draft::Delete { kind, remote }),
        };
        let encoded = self.finder.encode(draft)?;
        let document = document_of(one, link, seen);
        Ok(step(one, seen, action, encoded, warnings, Some(document)))
    }

    fn restore(
        &self,
        one: &UndoCandidate,
        link: &Link,
        seen: &SeenDocument,
        former: Option<&crate::model::ticket::BeforeImage>,
        was: Option<&Document>,
    ) -> Result<Step, Reason> {
        let kind = kind_of(one, seen)?;
        let called = one.called();
        let Some(former) = former else {
            return Err(Reason::new(
                code::FORMER_CONTENT_GONE,
                format!("{called} was changed by the run, and what it was before is not kept any more"),
            )
            .hint("write it back in QuickBooks by hand; `keep_bodies` in `[privacy]` says how long such content is kept"));
        };
        let marked = seen
            .found
            .marker
            .as_ref()
            .map_or(0, |marker| marker.revision);
        let marker = Marker {
            store: self.rules.store.clone(),
            key: one.key,
            revision: link.revision.max(marked) + 1,
        };
        let mut encoded = self.finder.encode(Draft::Restore {
            kind,
            former,
            now: &seen.whole,
            marker: &marker,
        })?;
        let expected = encoded.expected.as_ref();
        if let (Some(day), Some(closed)) = (
            expected.map(|expected| expected.date),
            self.company.closed_through,
        ) && day <= closed
        {
            return Err(closed_period(&called, day, closed));
        }
        let warnings = std::mem::take(&mut encoded.warnings);
        let document = match was {
            Some(was) => was.clone(),
            None => bare(&document_of(one, link, seen), expected),
        };
        let makes_room = kind == DocumentKind::Payment && document.total > seen.found.total;
        Ok(Step {
            marker: Some(marker),
            makes_room,
            ..step(one, seen, Action::Update, encoded, warnings, Some(document))
        })
    }

    fn finish(&self, back: EverythingBack, shop_address: &str, what: &TakenBack) -> UndoPlanned {
        let EverythingBack {
            mut steps,
            mut obstacles,
            names,
            in_shop,
        } = back;
        steps.extend(names.steps);
        obstacles.extend(names.obstacles);
        obstacles.extend(in_shop.obstacles);
        let mut to_shop = in_shop.steps;
        let mut written = names.written;
        for (record, fields) in in_shop.written {
            written.entry(record).or_default().extend(fields);
        }
        let key = |record: &RecordKey| (record.entity, record.id.clone());
        let blocked: BTreeSet<(Entity, String)> =
            obstacles.iter().map(|one| key(&one.order)).collect();
        steps.retain(|step| !blocked.contains(&key(&step.source)));
        to_shop.retain(|step| !blocked.contains(&key(&step.source)));
        written.retain(|record, _| !blocked.contains(record));
        steps.sort_by_key(reverse_wave);
        let holds = obstacles.iter().map(|one| Hold {
            source: one.order.clone(),
            subject: None,
            reason: one.reason.clone(),
        });
        UndoPlanned {
            plan: Plan {
                schema: PLAN_SCHEMA.to_owned(),
                basis: Basis {
                    shop: self.rules.store.clone(),
                    store: shop_address.to_owned(),
                    company: self.company.id.clone(),
                    rules: Fingerprint::of(self.rules),
                    orders: BTreeMap::new(),
                    shoppers: BTreeMap::new(),
                    products: BTreeMap::new(),
                    payouts: BTreeMap::new(),
                    payouts_file: None,
                    takes_back: Some(what.clone()),
                },
                steps,
                holds: holds.collect(),
                to_shop,
                stays: in_shop.stays,
            },
            obstacles,
            names: names.made,
            written,
        }
    }
}

fn kind_of(one: &UndoCandidate, seen: &SeenDocument) -> Result<DocumentKind, Reason> {
    seen.found.remote.entity.document().ok_or_else(|| {
        Reason::new(
            "document_missing",
            format!("{} is no document", one.called()),
        )
    })
}

fn step(
    one: &UndoCandidate,
    seen: &SeenDocument,
    action: Action,
    encoded: Encoded,
    warnings: Vec<Reason>,
    document: Option<Document>,
) -> Step {
    let label = one
        .link
        .as_ref()
        .and_then(|link| link.posted.as_ref())
        .map_or_else(|| seen.found.label.clone(), |posted| posted.number.clone());
    let source = order_of(&one.effect.source);
    Step {
        remote: Some(seen.found.remote.clone()),
        body: Some(encoded.body),
        document,
        expected: encoded.expected,
        warnings,
        label,
        ..Step::bare(action, source, Subject::Document(one.key), encoded.entity)
    }
}

/// What was taken back stands under its order or its payout, whichever record asked for it.
fn order_of(source: &RecordKey) -> RecordKey {
    RecordKey {
        entity: match source.entity {
            Entity::Payout => Entity::Payout,
            _ => Entity::Order,
        },
        ..source.clone()
    }
}

/// The document as it is remembered, or as much as the books say of it.
fn document_of(one: &UndoCandidate, link: &Link, seen: &SeenDocument) -> Document {
    let posted = link.posted.as_ref();
    if let Some(document) = posted.and_then(|posted| posted.document.clone()) {
        return document;
    }
    let found = &seen.found;
    let kind = posted
        .map(|posted: &Posted| posted.kind)
        .or(found.remote.entity.document())
        .unwrap_or(DocumentKind::SalesReceipt);
    Document {
        number: found.label.clone(),
        date: found.date.unwrap_or_default(),
        currency: found.currency.clone().unwrap_or_default(),
        total: found.total,
        tax_total: found.tax_total,
        ..Document::bare(one.key, kind)
    }
}

/// A document of which no more is known than what it came to: it is like none that an order could ask for.
fn bare(like: &Document, expected: Option<&Expectation>) -> Document {
    let mut bare = Document {
        lines: Vec::new(),
        tax: Vec::new(),
        applies_to: Vec::new(),
        ..like.clone()
    };
    if let Some(expected) = expected {
        bare.total = expected.total;
        bare.tax_total = expected.tax_total;
        bare.date = expected.date;
    }
    bare
}
