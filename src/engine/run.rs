//! Run: the pipeline with its endings. `sync` gathers, plans and applies; a dry run stops at the plan; a saved plan
//! starts from there; a retry is a sync of what was held. There is no second path to keep in step.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use chrono::{DateTime, Utc};

use crate::books::agreed_fields::ListAlarm;
use crate::books::names::{self, Party};
use crate::connector::port::{LedgerReader, LedgerWriter, ShopReader};
use crate::model::code;
use crate::model::document::DocumentKey;
use crate::model::draft::CustomerInBooks;
use crate::model::event::Event;
use crate::model::fault::Reason;
use crate::model::identity::Identity;
use crate::model::likeness::Likened;
use crate::model::names::Names;
use crate::model::order::Order;
use crate::model::plan::{Action, Entity, Hold, Plan, RecordKey};
use crate::model::problem::{Problem, ProblemState};
use crate::model::wish::Ware;

use super::agreed::{Agreed, AgreedLimits};
use super::apply::apply;
use super::both_ways::{self, DrawnRecord};
use super::compared::BooksComparison;
use super::context::{ApplyContext, PlanningContext};
use super::error::EngineError;
use super::fence::{self, BooksAsSeen};
use super::figures;
use super::filing::{Filing, state_of};
use super::gather::{GatherScope, Gathered, Nobody, Reach, gather};
use super::goods;
use super::likenesses::{self, Likenesses};
use super::outcome::{OrderGlance, PlanOutcome, Report, StepOutcome};
use super::paid::{self, Withdrawn};
use super::parked::{self, ByRecord};
use super::payouts::{leave_out_fees, mind_lost_fees};
use super::plan::{Drawn, needs_names, plan};
use super::planner::PlanContext;
use super::resume::{file_untold, resume};
use super::shopward::shop_change;
use super::survey::survey;
use super::undo::undone;
use super::vanished::Vanished;

/// Plans are made again at most so often in one run, when somebody edits while we write.
const ROUNDS_MAX: usize = 3;

/// Planning's result, with what is needed to report it.
pub struct Planned {
    pub plan: Plan,
    pub read: u64,
    pub complete_through: Option<DateTime<Utc>>,
    /// Asked for by id, and neither the shop nor the books have them.
    pub unknown: Vec<u64>,
    /// Of the orders that documents are about.
    glances: BTreeMap<RecordKey, OrderGlance>,
    pub vanished: Vanished,
    /// Orders whose figures could be believed, and those whose figures could not.
    looked_at: BTreeSet<u64>,
    doubted: BTreeSet<u64>,
    /// Whose cursor it is that may move.
    pub cursor: Entity,
    /// What was seen in the books on the way.
    seen: BooksAsSeen,
    /// By what the orders are known again.
    identities: Vec<(DocumentKey, Identity)>,
    /// Who is behind the ids of accounts and products.
    likenesses: Likenesses,
    /// What was read of lists, to plan again what somebody changes meanwhile.
    listed: Gathered,
    /// Records that both sides share, and what becomes of them.
    pub agreed: Vec<DrawnRecord>,
    /// Lists of either side that lack too much of what both share, or of which too much was changed at once.
    pub odd_lists: Vec<(Entity, ListAlarm)>,
    /// What is to be said of both ways once for all records.
    pub both_ways_remark: Option<String>,
    /// Whether this command has looked already who else posts. It looks before each of its parts that makes documents, as another machine
    /// may begin at any hour; behind its first documents it looks only once, as of two that begin at one time each does.
    pub looked: Arc<AtomicBool>,
}

impl Planned {
    /// The limit was reached, and the shop lists more.
    pub fn has_more(&self) -> bool {
        self.listed.has_more
    }

    /// With how many decimals the shop computed when its orders were read; `None` where nobody looked.
    pub fn decimals(&self) -> Option<u32> {
        self.listed.decimals.now()
    }
}

/// Plans what was gathered.
pub async fn plan_up<S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'_, S, F>,
    scope: &GatherScope,
    mut gathered: Gathered,
) -> Result<Planned, EngineError> {
    let vanished = Vanished::of(scope, &gathered, desk.store)?;
    undone::leave(desk.store, desk.finder.name(), scope, &mut gathered)?;
    // Whoever names orders wants them tried again; in passing, what was refused is left alone.
    let named = matches!(scope.reach, Reach::Orders(_));
    if !named {
        parked::leave(desk.store, desk.finder.name(), scope, &mut gathered)?;
    }
    figures::at_own_decimals(desk.store, desk.finder.name(), &mut gathered)?;
    leave_out_fees(desk.store, desk.finder.name(), gathered.orders.values_mut())?;
    if desk
        .store
        .cursor(desk.source.address(), Entity::Order)?
        .is_none()
    {
        mind_lost_fees(
            desk.finder,
            desk.store,
            desk.rules,
            gathered.orders.values(),
        )
        .await?;
    }
    let comparison = BooksComparison {
        everything: scope.verify && matches!(scope.reach, Reach::Full),
        of_read: scope.verify,
        these: scope.compared.clone(),
        remake: scope.remake.clone(),
        unmarked: scope.unmarked,
    };
    let Thought {
        mut plan,
        seen,
        identities,
        likenesses,
        withdrawn,
        agreed,
        odd_lists,
        both_ways_remark,
    } = plan_of(desk, &gathered, named, comparison, &scope.asked_in_lists).await?;
    if let Some(look) = &scope.paid {
        let problems = desk.store.problems(Some(desk.finder.name()), true)?;
        let (source, orders) = (desk.source, &gathered.orders);
        let told = paid::plan(source, desk.store, look, &withdrawn, orders, &problems).await?;
        plan.to_shop.extend(told.steps);
        let is_said = |hold: &Hold| {
            let mut known = plan.holds.iter();
            known.any(|known| known.source == hold.source && known.reason.code == hold.reason.code)
        };
        let news: Vec<Hold> = told
            .holds
            .into_iter()
            .filter(|hold| !is_said(hold))
            .collect();
        plan.holds.extend(news);
    }
    tracing::info!(
        steps = plan.steps.len(),
        writes = plan.writes(),
        holds = plan.holds.len(),
        "compared with the books"
    );
    let planned: BTreeSet<&str> = plan
        .steps
        .iter()
        .filter(|step| step.action != Action::Skip && step.source.entity == Entity::Order)
        .map(|step| step.source.id.as_str())
        .collect();
    let unknown = gathered.gone.iter().copied();
    let (read, doubted) = figures::read_and_doubted(&gathered, desk.store, desk.finder.name())?;
    Ok(Planned {
        looked_at: read,
        doubted,
        unknown: unknown
            .filter(|id| !planned.contains(id.to_string().as_str()))
            .collect(),
        glances: glances(&plan, &gathered),
        plan,
        seen,
        identities,
        likenesses,
        agreed,
        odd_lists,
        both_ways_remark,
        looked: Arc::default(),
        read: gathered.read(),
        complete_through: gathered.complete_through.filter(|_| scope.moves_cursor),
        vanished,
        cursor: if scope.buyers {
            Entity::Customer
        } else {
            Entity::Order
        },
        listed: Gathered {
            orders: BTreeMap::new(),
            ..gathered
        },
    })
}

/// Who bought what a plan writes about, and how the order stands.
fn glances(plan: &Plan, gathered: &Gathered) -> BTreeMap<RecordKey, OrderGlance> {
    let refunds: BTreeMap<u64, &Order> = gathered
        .orders
        .values()
        .flat_map(|order| order.refunds.iter().map(move |refund| (refund.id, order)))
        .collect();
    let mut glances = BTreeMap::new();
    for step in &plan.steps {
        let record = &step.source;
        let Ok(id) = record.id.parse() else { continue };
        let order = match record.entity {
            Entity::Order => gathered.orders.get(&id),
            Entity::Refund => refunds.get(&id).copied(),
            _ => None,
        };
        if let Some(order) = order {
            glances
                .entry(record.clone())
                .or_insert_with(|| OrderGlance {
                    status: order.status.clone(),
                    buyer: order.buyer.name(),
                });
        }
    }
    glances
}

/// A plan, and what was found out on the way to it.
struct Thought {
    plan: Plan,
    seen: BooksAsSeen,
    identities: Vec<(DocumentKey, Identity)>,
    likenesses: Likenesses,
    /// What of the orders somebody took out of the books.
    withdrawn: Vec<Withdrawn>,
    agreed: Vec<DrawnRecord>,
    odd_lists: Vec<(Entity, ListAlarm)>,
    both_ways_remark: Option<String>,
}

async fn plan_of<S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'_, S, F>,
    gathered: &Gathered,
    try_refused: bool,
    comparison: BooksComparison,
    asked: &BTreeSet<(Entity, String)>,
) -> Result<Thought, EngineError> {
    (desk.tell)(Event::Stage {
        stage: crate::model::event::Stage::Plan,
        total: None,
    });
    let cursor = desk.store.cursor(desk.source.address(), Entity::Order)?;
    let problems = desk.store.problems(Some(desk.finder.name()), true)?;
    let ask_for_marks = match comparison.unmarked {
        true => false,
        false => {
            let memory = desk.store;
            cursor.is_none() || fence::asks_for_marks(memory, desk.finder.name(), &problems)?
        }
    };
    let survey = survey(
        desk.finder,
        desk.store,
        desk.rules,
        gathered,
        ask_for_marks,
        &comparison.with_known(&problems),
    )
    .await?;
    let mappings = desk.mappings.fingerprint(desk.finder.name());
    // What orders are made of says nothing of what was agreed on accounts and products.
    let of_lists = desk
        .mappings
        .fingerprint_of(desk.finder.name(), &["customers", "products"]);
    let undone = undone::undone_in_lists(&problems);
    let again = &undone & asked;
    let undone = &undone - asked;
    let known = both_ways::know(desk, gathered, of_lists.as_ref(), &again).await?;
    let thought = |drawn: Drawn, likenesses: Likenesses| Thought {
        plan: drawn.plan,
        agreed: drawn.agreed,
        odd_lists: drawn.odd_lists,
        both_ways_remark: known.remark(),
        seen: fence::seen(&survey),
        identities: survey.identities(),
        likenesses,
        withdrawn: survey.differences.withdrawn(),
    };
    let (names, likenesses) = if needs_names(gathered, &survey, &known) {
        (
            desk.finder.names().await?,
            likenesses::look(desk, gathered).await?,
        )
    } else {
        (Names::default(), Likenesses::default())
    };
    goods::know_labels(desk.finder, gathered.products.values()).await?;
    let set_aside = problems
        .iter()
        .filter(|problem| problem.state == ProblemState::SetAside)
        .map(|problem| {
            let source = &problem.source;
            (source.entity, source.id.clone(), problem.subject)
        })
        .collect();
    let refused: Vec<Problem> = problems
        .into_iter()
        .filter(|problem| problem.state != ProblemState::SetAside && !problem.retryable)
        .collect();
    let refused = ByRecord::of(&refused);
    let draw = |goods: &BTreeMap<u64, Ware>, customers: &Cards| {
        let ground = PlanContext {
            finder: desk.finder,
            store: desk.store,
            rules: desk.rules,
            mappings: mappings.clone(),
            shop_address: desk.source.address(),
            listed: &gathered.products,
            goods,
            customers,
            set_aside: &set_aside,
            undone: &undone,
            refused: (!try_refused).then_some(&refused),
            likenesses: &likenesses,
            agreed: &known,
            clocks_ahead: (
                desk.source.clock_offset(known.now).unwrap_or_default(),
                desk.finder.clock_offset().unwrap_or_default(),
            ),
        };
        plan(&ground, gathered, &survey, &names)
    };
    let drawn = draw(&BTreeMap::new(), &Cards::new())?;
    // Only now it is known which products the books have no item for, and which customers are not as they were compared last. An
    // order does not say what products are made of, and lists do not say what is on a customer's card.
    let goods = match drawn.new_goods.is_empty() {
        true => BTreeMap::new(),
        false => goods::read(desk, &drawn.new_goods).await?,
    };
    if goods.is_empty() && drawn.to_read.is_empty() {
        return Ok(thought(drawn, likenesses));
    }
    let ids: Vec<String> = drawn.to_read.iter().cloned().collect();
    // The first plan has said what is to be read. Two plans of a large shop at one time would be most of what a run holds.
    drop(drawn);
    let cards = desk.finder.customers(&ids).await?;
    let customers = ids.into_iter().zip(cards).collect();
    let drawn = draw(&goods, &customers)?;
    Ok(thought(drawn, likenesses))
}

/// Customers of the books by id.
type Cards = BTreeMap<String, Option<CustomerInBooks>>;

/// Carries out a plan, plans again what somebody changed meanwhile, and files what was held or failed.
pub async fn carry_out<S: ShopReader, T: LedgerWriter>(
    desk: &PlanningContext<'_, S, T>,
    hands: &ApplyContext<'_, T>,
    planned: &Planned,
    again: AgreedLimits,
) -> Result<Report, EngineError> {
    let mut report = Report::of_read(planned.read);
    let mut ledger = Filing::default();
    // Asked even of a saved plan: what it was made from may be days old.
    let look_again = if fence::creates(&planned.plan) {
        fence::look(hands, &planned.seen).await?;
        if planned.looked.swap(true, Ordering::Relaxed) {
            // Another one that begins now finds what the parts before have posted.
            None
        } else {
            let takes_doubles = fence::takes_doubles(desk.finder)
                .await
                .map_err(EngineError::Fault)?;
            takes_doubles.then_some(&planned.seen)
        }
    } else {
        fence::note_quiet(hands)?;
        None
    };
    let strangers: Vec<Likened> = planned.likenesses.strangers.iter().copied().collect();
    hands
        .store
        .forget_likenesses(desk.finder.name(), &strangers)?;
    let mut applied = apply(hands, &planned.plan, look_again).await?;
    hands
        .store
        .learn_identities(desk.finder.name(), &planned.identities)?;
    hands.store.learn_likenesses(
        desk.finder.name(),
        &planned.likenesses.learned,
        hands.clock.now(),
    )?;
    ledger.file(desk.finder.name(), &planned.plan, &applied, &mut report);
    let mut outdated = outdated(&planned.plan, &applied);
    let may_replan = again != AgreedLimits::Never;
    let mut agreed = Agreed::of(&planned.plan, again);
    agreed.spend(&planned.plan, &applied);
    for _ in 1..ROUNDS_MAX {
        if outdated.is_empty() || !may_replan || applied.end.is_some() || applied.interrupted {
            break;
        }
        let records = outdated.keys().cloned().collect();
        report.read_again = true;
        let mut again = match plan_again(desk, &records, &planned.listed).await {
            Ok(again) => again.plan,
            // What was done so far is filed all the same.
            Err(EngineError::Fault(fault)) => {
                applied.end = Some(fault);
                break;
            }
            Err(trouble) => return Err(trouble),
        };
        let waiting = agreed.leave_rest(&mut again, hands.target);
        applied = apply(hands, &again, None).await?;
        ledger.file(desk.finder.name(), &again, &applied, &mut report);
        for (record, reason) in waiting {
            ledger.waits(record, reason);
        }
        agreed.spend(&again, &applied);
        outdated = self::outdated(&again, &applied);
    }
    for (record, cause) in outdated {
        // Somebody changed the very thing, which says nothing about why.
        if cause.code != code::STALE {
            // Looking again did not help: it is what the books say it is.
            let state = state_of(&cause);
            ledger.failed(record, None, cause, false, state);
            continue;
        }
        let reason = Reason::new(
            code::EDITED_IN_QUICKBOOKS,
            format!(
                "the books of {} id {} were changed while it was being written",
                record.entity, record.id
            ),
        )
        .hint(format!("run `udsync sync {}s` again", record.entity));
        ledger.failed(record, None, reason, true, ProblemState::Failed);
    }
    report.end = applied.end;
    report.interrupted = applied.interrupted;
    if planned.complete_through.is_none() {
        // No cursor brings these back, so a problem must.
        ledger.not_reached();
    }
    ledger.gone(
        &planned.listed,
        &desk.store.problems(Some(desk.finder.name()), false)?,
    );
    let read_whole = planned.complete_through.is_some() && planned.cursor == Entity::Order;
    report.problems = ledger.close(hands, read_whole)?;
    parked::add(
        &mut report.problems,
        desk.store.problems(Some(desk.finder.name()), false)?,
    );
    report.count_problems();
    report.tally.requests = desk.finder.requests();
    let reached_everything = report.end.is_none() && !report.interrupted;
    if reached_everything && may_replan {
        planned.vanished.accept(hands.store, hands.clock.now())?;
    }
    // Before the cursor moves behind them.
    figures::remember(
        hands.store,
        &planned.looked_at,
        &planned.doubted,
        hands.clock.now(),
    )?;
    if reached_everything && let Some(through) = planned.complete_through {
        hands
            .store
            .move_cursor(desk.source.address(), planned.cursor, through)?;
    }
    Ok(report)
}

/// Plans these records once more. Orders are read again; lists are as they were read a moment ago.
async fn plan_again<S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'_, S, F>,
    records: &BTreeSet<RecordKey>,
    listed: &Gathered,
) -> Result<Thought, EngineError> {
    let ids = |entity: Entity| -> BTreeSet<u64> {
        let records = records.iter().filter(|record| record.entity == entity);
        records
            .filter_map(|record| record.id.parse().ok())
            .collect()
    };
    let scope = GatherScope {
        reach: Reach::Orders(ids(Entity::Order)),
        decimals: listed.decimals.clone(),
        ..GatherScope::default()
    };
    let mut gathered = gather(desk.source, &scope, desk.mappings, desk.tell, &mut Nobody).await?;
    figures::at_own_decimals(desk.store, desk.finder.name(), &mut gathered)?;
    leave_out_fees(desk.store, desk.finder.name(), gathered.orders.values_mut())?;
    let (shoppers, products) = (ids(Entity::Customer), ids(Entity::Product));
    for id in shoppers {
        if let Some(shopper) = listed.shoppers.get(&id) {
            gathered.shoppers.insert(id, shopper.clone());
        }
        if let Some(dressed) = listed.dressed.get(&id) {
            gathered.dressed.insert(id, dressed.clone());
        }
    }
    for id in products {
        if let Some(product) = listed.products.get(&id) {
            gathered.products.insert(id, product.clone());
        }
    }
    let buyers = listed.buyers.iter().filter(|(_, order)| {
        let party = Party::of_order(order);
        let known_as = RecordKey::customer(&names::known_as(&party, desk.rules));
        records.contains(&known_as)
    });
    gathered.buyers = buyers
        .map(|(key, order)| (key.clone(), order.clone()))
        .collect();
    let comparison = BooksComparison::default();
    plan_of(desk, &gathered, false, comparison, &BTreeSet::new()).await
}

/// What a plan would come to, for a dry run. Nothing is filed.
pub fn foresee(target: &str, planned: &Planned, known: &[Problem], now: DateTime<Utc>) -> Report {
    let mut report = Report::of_read(planned.read);
    let mut filing = Filing::default();
    let foreseen = PlanOutcome::foreseen(&planned.plan);
    filing.file(target, &planned.plan, &foreseen, &mut report);
    let to_shop = planned.plan.to_shop.iter().map(shop_change);
    report.changes.extend(to_shop);
    report.problems = filing.foresee(target, known, now);
    parked::add(&mut report.problems, known.to_vec());
    report.count_problems();
    report.glances.clone_from(&planned.glances);
    report
}

/// Settles what an earlier run left open; the orders concerned belong to the next plan.
pub async fn settle_first<T: LedgerWriter>(
    hands: &ApplyContext<'_, T>,
) -> Result<BTreeSet<u64>, EngineError> {
    let resumed = resume(hands).await?;
    match resumed.end {
        Some(fault) => Err(EngineError::Fault(fault)),
        None => {
            // Whoever wants the run to end gets it: reading begins with asking for that.
            if !resumed.interrupted {
                file_untold(hands.store, hands.run_id)?;
            }
            Ok(resumed.orders)
        }
    }
}

/// What is to be planned again, with the first cause of it.
fn outdated(plan: &Plan, applied: &PlanOutcome) -> BTreeMap<RecordKey, Reason> {
    let mut outdated = BTreeMap::new();
    for (step, result) in plan.steps.iter().zip(&applied.results) {
        if let StepOutcome::Outdated { cause } = result
            && step.source.is_record()
        {
            outdated
                .entry(step.source.clone())
                .or_insert_with(|| cause.clone());
        }
    }
    outdated
}
