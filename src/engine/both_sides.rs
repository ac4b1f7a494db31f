//! Both sides: reads the shop and the books over a period, afresh, and lays them side by side for a proof.
//!
//! What counts is what both say now. What is remembered decides three things only: of which kind a document is, what waits for a person,
//! and what probably happened where something differs. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use chrono::{DateTime, Days, NaiveDate, Utc};
use rust_decimal::Decimal;

use crate::books::names::{self, Party};
use crate::books::reconciled::{
    Acceptance, BothSides, ExpectedDocument, HeldRecord, OrderSide, RememberedDocument,
};
use crate::books::{self, Decision};
use crate::connector::port::{Odd, Period, ShopReader, Statements};
use crate::model::company::{Company, TaxModel};
use crate::model::document::{DocumentKey, DocumentKind, ItemKey, LineKind, Role};
use crate::model::link::{Link, LinkState, Posted};
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::plan::{Entity, Remote, Subject};
use crate::model::problem::{Problem, ProblemState};
use crate::model::rules::{ClosedPeriod, Rules};
use crate::model::statement::StatedDocument;
use crate::store::{Memory, Proofs, StateReader, StoreError, TicketOutcome};

use super::compared::is_about_books;
use super::context::PlanningContext;
use super::error::EngineError;
use super::figures;
use super::gather::{GatherScope, Gathered, Nobody, gather};
use super::payouts::leave_out_fees;
use super::standing::{links, posted_from};

/// So many documents that the period lacks are looked for elsewhere. Where more are missing, the days of a few explain nothing.
const LOOKED_FOR: usize = 500;

/// A copy, or a line of the bank, may be dated so many days before or after what it belongs to: on the other side of a month's edge.
const AROUND: Days = Days::new(5);
/// Something may be dated so far ahead of today.
const AHEAD: Days = Days::new(366);

/// Reads both sides. `scope` says which orders; those of whatever stands in the books are read besides.
pub async fn both_sides<S: ShopReader, T: Statements>(
    desk: &PlanningContext<'_, S, T>,
    proofs: &dyn Proofs,
    mut scope: GatherScope,
    period: Period,
    now: DateTime<Utc>,
) -> Result<BothSides, EngineError> {
    let (finder, store) = (desk.finder, desk.store);
    let company = finder.company().await?;
    let around = period.widened(AROUND);
    let (stated, beyond): (Vec<StatedDocument>, Vec<StatedDocument>) = finder
        .documents(around)
        .await?
        .into_iter()
        .partition(|one| one.found.date.is_none_or(|day| period.holds(day)));
    let marked = stated
        .iter()
        .filter_map(|one| one.key_in(&desk.rules.store)?.order());
    scope.besides.extend(marked);
    scope
        .besides
        .extend(posted_in(store, finder.name(), period)?);
    scope.decimals = figures::look(desk.source, store, now).await?;
    let mut gathered = gather(desk.source, &scope, desk.mappings, desk.tell, &mut Nobody).await?;
    figures::at_own_decimals(store, finder.name(), &mut gathered)?;
    leave_out_fees(store, finder.name(), gathered.orders.values_mut())?;
    let mut found: BTreeMap<DocumentKey, &StatedDocument> = BTreeMap::new();
    for one in stated.iter().chain(&beyond) {
        if let Some(key) = one.key_in(&desk.rules.store) {
            found.entry(key).or_insert(one);
        }
    }
    let mut laying = Laying {
        desk,
        company: &company,
        gathered: &gathered,
        found,
        held: held(store, finder.name())?,
        orders: BTreeMap::new(),
        unread: Vec::new(),
        remotes: BTreeMap::new(),
    };
    laying.all()?;
    let lost = laying.lost(period);
    let (orders, unread, keys) = (laying.orders, laying.unread, stated.len());
    tracing::info!(orders = orders.len(), documents = keys, "read both sides");
    let elsewhere = match lost.len() {
        0 => Vec::new(),
        _ => finder.these(&lost[..lost.len().min(LOOKED_FOR)]).await?,
    };
    let clearing = clearing_accounts(desk.rules, &company);
    let income = income_accounts(&company);
    let mut entries = Vec::new();
    // Two questions: a month of sales is long, and what was paid out is short. What gateways still hold is known of today alone, so that
    // their accounts are read up to today.
    let up_to_now = now.date_naive().max(around.last()) + AHEAD;
    let until_now = Period::new(around.first(), up_to_now).unwrap_or(around);
    for (accounts, days) in [(&clearing, until_now), (&income, around)] {
        let ids = ids_of(accounts, &company);
        entries.extend(finder.entries(days, &ids).await?);
    }
    let balances = balances(finder, &clearing, &company).await?;
    let home = company.home_currency.clone();
    Ok(BothSides {
        shop: desk.rules.store.clone(),
        to: finder.name(),
        first: period.first(),
        last: period.last(),
        items: items(store, finder.name(), &orders)?,
        no_fees: no_fees(store, finder.name())?,
        orders,
        stated,
        beyond,
        unread,
        elsewhere,
        entries: Some(entries),
        balances,
        splits_tax_itself: company.tax_model != TaxModel::Global,
        foreign_accounts: foreign(&company),
        clearing_accounts: clearing,
        income_accounts: income,
        home_currency: home,
        accepted: accepted(proofs)?,
    })
}

/// The accounts that take the money of gateways and of nobody else. One that people pay into as well, by transfer or cheque, holds
/// whatever a bank account holds.
fn clearing_accounts(rules: &Rules, company: &Company) -> BTreeSet<String> {
    let mut clearing = BTreeSet::new();
    let mut shared = BTreeSet::new();
    for (way, account) in &rules.deposit {
        let gateway = way.split(':').next().unwrap_or_default();
        let Some(known) = company.accounts.get(account) else {
            continue;
        };
        let Some(name) = company.account_name(&known.id) else {
            continue;
        };
        let on_account = rules
            .policy
            .invoice_gateways
            .iter()
            .any(|one| one == gateway);
        match gateway == "*" || on_account {
            true => shared.insert(name.to_owned()),
            false => clearing.insert(name.to_owned()),
        };
    }
    &clearing - &shared
}

/// What stands on these accounts now.
async fn balances<T: Statements>(
    finder: &T,
    accounts: &BTreeSet<String>,
    company: &Company,
) -> Result<BTreeMap<String, Money>, EngineError> {
    // What is owed for a card is positive there, and nobody has money with a card.
    let holds_money = |name: &String| {
        let known = company.accounts.get(name);
        known.is_some_and(|one| ["Bank", "Other Current Asset"].contains(&one.kind.as_str()))
    };
    if !accounts.iter().any(holds_money) {
        return Ok(BTreeMap::new());
    }
    let stated = finder.balances().await?.into_iter();
    let wanted = stated.filter(|one| accounts.contains(&one.name) && holds_money(&one.name));
    Ok(wanted.map(|one| (one.name, one.balance)).collect())
}

fn income_accounts(company: &Company) -> BTreeSet<String> {
    let income = company
        .accounts
        .values()
        .filter(|account| ["Income", "Other Income"].contains(&account.kind.as_str()));
    let names = income.filter_map(|account| company.account_name(&account.id));
    names.map(str::to_owned).collect()
}

fn ids_of(accounts: &BTreeSet<String>, company: &Company) -> Vec<String> {
    let known = accounts
        .iter()
        .filter_map(|name| company.accounts.get(name));
    known.map(|account| account.id.clone()).collect()
}

/// What a person accepted, by difference.
pub(super) fn accepted(proofs: &dyn Proofs) -> Result<BTreeMap<String, Acceptance>, StoreError> {
    let accepted = proofs.accepted_differences()?.into_iter();
    let accepted = accepted.map(|one| {
        let acceptance = Acceptance {
            who: one.who,
            at: one.at.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            why: one.why,
            covers: one.covers,
        };
        (one.id, acceptance)
    });
    Ok(accepted.collect())
}

/// The orders of what we posted with a day of the period, as far as we know.
fn posted_in(
    memory: &dyn Memory,
    target: &str,
    period: Period,
) -> Result<BTreeSet<u64>, StoreError> {
    let mut orders = BTreeSet::new();
    memory.each_posted(target, &(period.first()..=period.last()), &mut |link| {
        if let Subject::Document(key) = &link.subject {
            orders.extend(key.order());
        }
        ControlFlow::Continue(())
    })?;
    Ok(orders)
}

/// What waits for a person, by order. What only the books can say is not among it: here they are asked.
fn held(
    problems: &dyn StateReader,
    target: &str,
) -> Result<BTreeMap<u64, Vec<HeldRecord>>, StoreError> {
    let mut held: BTreeMap<u64, Vec<HeldRecord>> = BTreeMap::new();
    for problem in problems.problems(Some(target), true)? {
        let is_set_aside = problem.state == ProblemState::SetAside;
        if !is_set_aside && is_about_books(&problem.reason.code) {
            continue;
        }
        if let Some(order) = order_of(&problem) {
            held.entry(order).or_default().push(HeldRecord {
                subject: problem.subject,
                state: problem.state.as_str(),
                problem: Some(problem.id),
                code: problem.reason.code,
                message: problem.reason.message,
                hint: problem.reason.hint,
            });
        }
    }
    Ok(held)
}

fn order_of(problem: &Problem) -> Option<u64> {
    let of_subject = problem.subject.and_then(|key| key.order());
    let of_source = || match problem.source.entity {
        Entity::Order => problem.source.id.parse().ok(),
        _ => None,
    };
    of_subject.or_else(of_source)
}

fn foreign(company: &Company) -> BTreeSet<String> {
    let accounts = company.accounts.iter();
    let foreign = accounts.filter(|(_, account)| {
        let currency = account.currency.as_ref();
        currency.is_some_and(|currency| *currency != company.home_currency)
    });
    foreign.map(|(name, _)| name.clone()).collect()
}

/// The items behind the keys of the lines.
fn items(
    memory: &dyn Memory,
    target: &str,
    orders: &BTreeMap<u64, OrderSide>,
) -> Result<BTreeMap<ItemKey, String>, StoreError> {
    let expected = orders.values().flat_map(|order| &order.expected);
    let lines = expected.flat_map(|one| &one.document.lines);
    let mut keys: BTreeSet<ItemKey> = lines.map(|line| line.item.clone()).collect();
    // Rounding that the shop does not ask for is looked for too.
    keys.insert(ItemKey("rounding".to_owned()));
    let mut items = BTreeMap::new();
    for key in keys {
        if let Some(link) = memory.link(target, &Subject::Item(key.to_string()))? {
            items.insert(key, link.remote.id);
        }
    }
    Ok(items)
}

/// What our documents of payouts took that is no fee: it stands on lines of its own kind, whatever their account is.
fn no_fees(memory: &dyn Memory, target: &str) -> Result<BTreeMap<DocumentKey, Money>, StoreError> {
    let mut no_fees = BTreeMap::new();
    for link in memory.payout_links(target)? {
        let Some(document) = link.posted.and_then(|posted| posted.document) else {
            continue;
        };
        let lines = document.lines.iter();
        let shares = lines.filter(|line| line.kind == LineKind::PayoutShare);
        let shares: Money = shares.map(|line| line.amount).sum();
        let taken = match document.kind {
            DocumentKind::Deposit => -shares,
            _ => shares,
        };
        if !taken.is_zero() {
            no_fees.insert(document.key, taken);
        }
    }
    Ok(no_fees)
}

/// What is said of an order that cannot be read.
pub(super) fn unreadable(odd: &Odd) -> HeldRecord {
    let called = odd.number.as_ref().map(|number| format!(" {number}"));
    let id = odd.id.map(|id| format!(" (id {id})"));
    HeldRecord {
        subject: None,
        state: ProblemState::Held.as_str(),
        problem: None,
        code: "order_unreadable".to_owned(),
        message: format!(
            "the shop's answer for an order{}{} makes no sense at `{}`",
            called.unwrap_or_default(),
            id.unwrap_or_default(),
            odd.path
        ),
        hint: Some("open the order in the shop and save it again".to_owned()),
    }
}

/// Lays one order after the other.
struct Laying<'a, S: ShopReader, T: Statements> {
    desk: &'a PlanningContext<'a, S, T>,
    company: &'a Company,
    gathered: &'a Gathered,
    found: BTreeMap<DocumentKey, &'a StatedDocument>,
    held: BTreeMap<u64, Vec<HeldRecord>>,
    orders: BTreeMap<u64, OrderSide>,
    /// Orders that do not even say which ones they are.
    unread: Vec<HeldRecord>,
    /// Where what we posted is, as far as it is not somebody else's.
    remotes: BTreeMap<DocumentKey, Remote>,
}

impl<S: ShopReader, T: Statements> Laying<'_, S, T> {
    fn all(&mut self) -> Result<(), EngineError> {
        let gathered = self.gathered;
        for (id, order) in &gathered.orders {
            self.order(*id, order)?;
        }
        for id in &gathered.gone {
            let number = self.number_in_books(*id)?;
            let held = self.held.remove(id).unwrap_or_default();
            let gone = OrderSide {
                number,
                is_gone: true,
                held,
                remembered: self.remembered(*id, None)?,
                ..OrderSide::default()
            };
            self.orders.insert(*id, gone);
        }
        for odd in &gathered.odd {
            let unreadable = unreadable(odd);
            let Some(id) = odd.id else {
                self.unread.push(unreadable);
                continue;
            };
            let mut held = self.held.remove(&id).unwrap_or_default();
            if held.iter().all(|held| held.subject.is_some()) {
                held.push(unreadable);
            }
            let changed = odd.changed_at.map(|at| self.day(at));
            let odd = OrderSide {
                number: odd.number.clone().unwrap_or_else(|| id.to_string()),
                days: changed.into_iter().collect(),
                // Nobody can say on which days something happened to it, so it may be a matter of this period.
                is_unclear: true,
                held,
                remembered: self.remembered(id, None)?,
                ..OrderSide::default()
            };
            self.orders.insert(id, odd);
        }
        Ok(())
    }

    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.desk.rules.timezone).date_naive()
    }

    fn links(&self, order: u64) -> Result<BTreeMap<DocumentKey, Link>, StoreError> {
        links(self.desk.finder.name(), self.desk.store, order)
    }

    /// What people call an order that the shop has no more.
    fn number_in_books(&self, id: u64) -> Result<String, StoreError> {
        let links = self.links(id)?;
        let posted = links.values().filter_map(|link| link.posted.as_ref());
        let known = posted.map(|posted| posted.number.as_str());
        let stated = self.found.iter().filter(|(key, _)| key.order() == Some(id));
        let stated = stated.map(|(_, one)| one.found.label.as_str());
        let prefix = &self.desk.rules.number_prefix;
        let number = known.chain(stated).next();
        let number = number.map(|number| number.strip_prefix(prefix).unwrap_or(number));
        Ok(number.map_or_else(|| id.to_string(), str::to_owned))
    }

    fn remembered(
        &mut self,
        id: u64,
        order: Option<&Order>,
    ) -> Result<BTreeMap<DocumentKey, RememberedDocument>, StoreError> {
        let was_moved = self.desk.rules.policy.closed_period == ClosedPeriod::FirstOpenDay;
        let mut remembered = BTreeMap::new();
        for (key, link) in self.links(id)? {
            let Some(posted) = &link.posted else { continue };
            let is_settled = link.state == LinkState::Settled;
            if !is_settled {
                self.remotes.insert(key, link.remote.clone());
            }
            let found = self.found.get(&key).map(|one| &one.found.trace);
            let (customers, exchange_rate) = match found {
                // Nobody has touched it, so it stands with whom it was posted to, and at that rate.
                Some(trace) if *trace == link.content => Default::default(),
                _ => self.as_posted(key, &link, order)?,
            };
            remembered.insert(
                key,
                RememberedDocument {
                    id: link.remote.id,
                    date: posted.date,
                    total: posted.total,
                    tax_total: posted.tax_total,
                    revision: link.revision,
                    trace: link.content,
                    is_settled,
                    was_moved,
                    customers,
                    exchange_rate,
                },
            );
        }
        Ok(remembered)
    }

    /// With whom a document can stand and at which rate, as we left it: two customers that were made one since are the same.
    fn as_posted(
        &self,
        key: DocumentKey,
        link: &Link,
        order: Option<&Order>,
    ) -> Result<(BTreeSet<String>, Option<Decimal>), StoreError> {
        let (target, store) = (self.desk.finder.name(), self.desk.store);
        let mut customers = BTreeSet::new();
        let done = store.done_to(target, &link.subject)?;
        let left = done.iter().rev().find_map(|done| match &done.outcome {
            TicketOutcome::Done(found) => Some(found),
            _ => None,
        });
        let mut rate = None;
        if let Some(found) = left.filter(|_| key.role != Role::Fee) {
            customers.extend(found.customer.clone());
            rate = found.exchange_rate;
        }
        if let (false, Some(order)) = (customers.is_empty(), order) {
            let party = Party::of_order(order);
            let known_as = names::known_as(&party, self.desk.rules);
            let subject = Subject::Customer(format!("{known_as}.{}", order.currency));
            let now = store.link(target, &subject)?;
            customers.extend(now.map(|link| link.remote.id));
        }
        let document = link
            .posted
            .as_ref()
            .and_then(|posted| posted.document.as_ref());
        let rate = rate.or(document.and_then(|document| document.exchange_rate));
        Ok((customers, rate))
    }

    /// Which documents there are or were. None of them counts as voided: that is what is to be found out.
    fn posted(&self, order: u64) -> Result<Vec<Posted>, StoreError> {
        let mut posted: BTreeMap<DocumentKey, Posted> = BTreeMap::new();
        for (key, link) in self.links(order)? {
            if link.state != LinkState::Settled
                && let Some(known) = link.posted
            {
                posted.insert(
                    key,
                    Posted {
                        voided: false,
                        ..known
                    },
                );
            }
        }
        for (key, one) in self
            .found
            .iter()
            .filter(|(key, _)| key.order() == Some(order))
        {
            if let Some(known) = posted_from(*key, &one.found) {
                posted.entry(*key).or_insert(Posted {
                    voided: false,
                    ..known
                });
            }
        }
        Ok(posted.into_values().collect())
    }

    fn order(&mut self, id: u64, order: &Order) -> Result<(), EngineError> {
        let posted = self.posted(id)?;
        let mapped = self.gathered.mapped.get(&id);
        let rules = self.desk.rules;
        let account = books::account_afresh(order, mapped, &posted, rules, self.company);
        let account = books::with_doubt(account, order, &posted, &self.gathered.decimals);
        let mut held = self.held.remove(&id).unwrap_or_default();
        for one in account.holds {
            let is_known = held.iter().any(|known| known.subject == one.subject);
            if !is_known {
                held.push(HeldRecord {
                    subject: one.subject,
                    state: ProblemState::Held.as_str(),
                    problem: None,
                    code: one.reason.code,
                    message: one.reason.message,
                    hint: one.reason.hint,
                });
            }
        }
        let refunds = order.refunds.iter().map(|refund| refund.created_at);
        let moments = [Some(order.created_at), order.paid_at];
        let moments = moments.into_iter().flatten().chain(refunds);
        let expected = account.entries.into_iter().map(|entry| {
            let mut document = entry.document;
            // One account can be called in two ways.
            if let Some(account) = &document.account
                && let Some(known) = self.company.accounts.get(account)
                && let Some(name) = self.company.account_name(&known.id)
            {
                document.account = Some(name.to_owned());
            }
            for line in &mut document.lines {
                if line.kind == LineKind::GatewayFee
                    && let Some(known) = self.company.accounts.get(&line.item.0)
                    && let Some(name) = self.company.account_name(&known.id)
                {
                    line.item = ItemKey(name.to_owned());
                }
            }
            ExpectedDocument {
                document,
                is_void: entry.decision == Decision::Void,
            }
        });
        let side = OrderSide {
            number: order.number.clone(),
            is_gone: false,
            is_unclear: false,
            days: moments.map(|at| self.day(at)).collect(),
            expected: expected.collect(),
            held,
            skipped: account.skip.map(|reason| reason.code),
            remembered: self.remembered(id, Some(order))?,
        };
        self.orders.insert(id, side);
        Ok(())
    }

    /// Documents that should be in the period, are not there, and were posted somewhere.
    fn lost(&self, period: Period) -> Vec<Remote> {
        let mut lost = Vec::new();
        for order in self.orders.values() {
            for expected in &order.expected {
                let document = &expected.document;
                if period.holds(document.date)
                    && !order.is_held(&document.key)
                    && !self.found.contains_key(&document.key)
                {
                    lost.extend(self.remotes.get(&document.key).cloned());
                }
            }
        }
        lost
    }
}
