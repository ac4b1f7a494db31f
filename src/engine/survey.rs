//! Survey: finds out what the books already hold of the gathered orders, before anything is planned.
//!
//! The state file may be new, old or lost, so it is believed only as far as it goes: whatever would be created is
//! first looked for in the books by its number and our marker. What is found is taken as posted and the accountant
//! is asked again, because a sale that turns out to be an invoice wants a payment rather than a receipt.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::{self, Decision, Entry};
use crate::connector::port::{Label, LedgerReader, Sought};
use crate::model::code;
use crate::model::company::Company;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::link::LinkState;
use crate::model::plan::Remote;
use crate::model::rules::Rules;
use crate::model::ticket::{Found, FoundState};
use crate::store::StateReader;

use super::compared::{BooksComparison, compare};
use super::error::EngineError;
use super::fence;
use super::gather::Gathered;
use super::grounds::Grounds;
use super::identity;
use super::refunded_by_hand;
use super::renamed::{self, FormerNames};
use super::standing::{OrderStanding, Survey};

/// Whose document it is, of which the survey itself made the key.
fn order_of(key: &DocumentKey) -> u64 {
    key.order().expect("a survey asks for documents of orders")
}

/// What a mark in the books may belong to, if that was gathered.
fn standing_of<'s, 'a>(
    accounts: &'s mut BTreeMap<u64, OrderStanding<'a>>,
    key: DocumentKey,
) -> Option<&'s mut OrderStanding<'a>> {
    accounts.get_mut(&key.order()?)
}

/// Asks the books about everything that was gathered. Where the state file may not know all that is ours, because it is new or
/// because somebody else has posted, the books are asked for every mark: a number may have changed since.
pub async fn survey<'a, F: LedgerReader>(
    finder: &F,
    store: &dyn StateReader,
    rules: &Rules,
    gathered: &'a Gathered,
    ask_for_marks: bool,
    comparison: &BooksComparison,
) -> Result<Survey<'a>, EngineError> {
    let mut company = finder.company().await?;
    let mut accounts = stand(finder.name(), store, rules, gathered, &company)?;
    // The date is only asked for where something hangs on it.
    if accounts
        .values()
        .any(OrderStanding::hangs_on_the_closing_date)
    {
        let today = finder.company_today().await?;
        if today.closed_through != company.closed_through {
            accounts = stand(finder.name(), store, rules, gathered, &today)?;
        }
        company = today;
    }
    let read = accounts.keys().copied().collect();
    let mut differences = compare(finder, store, comparison, &read).await?;
    for order in &comparison.remake {
        if let Some(standing) = accounts.get_mut(order) {
            standing.remake(differences.take_missing(*order), rules, &company);
        }
    }
    let mut former = FormerNames::default();
    if ask_for_marks && !accounts.is_empty() {
        take_up_marked(finder, rules, &company, &mut accounts, &mut former).await?;
    }
    claim_numbers(&mut accounts, rules, &company);
    look_for_creates(finder, rules, &company, &mut accounts, &mut former).await?;
    leave_alone_from_before(gathered, rules, &mut accounts);
    refunded_by_hand::hold(finder, store, rules, &mut accounts).await?;
    read_what_changes(finder, &mut accounts).await?;
    know_labels(finder, &accounts).await?;
    Ok(Survey {
        company,
        accounts,
        differences,
    })
}

/// What the accountant says of each order by the state file alone.
fn stand<'a>(
    target: &str,
    store: &dyn StateReader,
    rules: &Rules,
    gathered: &'a Gathered,
    company: &Company,
) -> Result<BTreeMap<u64, OrderStanding<'a>>, EngineError> {
    let mut accounts = BTreeMap::new();
    for (id, order) in &gathered.orders {
        let mapped = gathered.mapped.get(id);
        let grounds = Grounds {
            rules,
            company,
            decimals: &gathered.decimals,
        };
        let standing = OrderStanding::of_order(order, mapped, target, store, &grounds)?;
        accounts.insert(*id, standing);
    }
    for id in &gathered.gone {
        let standing = OrderStanding::of_deleted(*id, target, store, rules, company)?;
        accounts.insert(*id, standing);
    }
    Ok(accounts)
}

/// What was made before the first day is in the books by another hand, unless something of it is ours.
fn leave_alone_from_before(
    gathered: &Gathered,
    rules: &Rules,
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
) {
    let Some(first) = gathered.first_day else {
        return;
    };
    let start = first.with_timezone(&rules.timezone).date_naive();
    for standing in accounts.values_mut() {
        let is_ours = !standing.links.is_empty() || !standing.adopted.is_empty();
        let early = standing.order.filter(|order| order.created_at < first);
        if let Some(order) = early.filter(|_| !is_ours) {
            standing.account = books::before_start(order, start, rules.timezone);
            standing.taken.clear();
            standing.doubled.clear();
        }
    }
}

/// Two orders may show the same number. The first is posted, the other waits for a person; but of numbers that a mapping composed
/// nobody can say which one is right, so that all of them wait.
fn claim_numbers(
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
    rules: &Rules,
    company: &Company,
) {
    let mut claimed: BTreeMap<(&'static str, String), Vec<DocumentKey>> = BTreeMap::new();
    for entry in accounts
        .values()
        .flat_map(|standing| &standing.account.entries)
    {
        let document = &entry.document;
        if document.key.role != Role::Payment {
            let space = document.key.role.kinds()[0].as_str();
            let place = (space, document.number.to_lowercase());
            claimed.entry(place).or_default().push(document.key);
        }
    }
    claimed.retain(|_, keys| keys.iter().any(|key| key.origin != keys[0].origin));
    for keys in claimed.values() {
        let composed = keys
            .iter()
            .any(|key| accounts[&order_of(key)].has_composed_number(rules, company));
        for key in keys {
            let standing = accounts
                .get_mut(&order_of(key))
                .expect("the key came from one of these");
            let reason = if composed {
                let others = keys.iter().filter(|other| other.origin != key.origin);
                composed_twice(standing, key, others.map(order_of))
            } else if key.origin != keys[0].origin {
                shown_twice(standing, key, order_of(&keys[0]))
            } else {
                continue;
            };
            if standing.creates(key) {
                standing.taken.insert(*key, reason);
            }
        }
    }
}

fn shown_twice(standing: &OrderStanding<'_>, key: &DocumentKey, owner: u64) -> Reason {
    Reason::new(
        "doc_number_conflict",
        format!(
            "number `{}` of order {} (id {}) is also the number of the order with id {owner}, and a number must be found only once in the books",
            standing.number_of(key), standing.number, order_of(key)
        ),
    )
    .hint("give one of the two orders another number in the shop, then run `udsync retry --all`")
}

fn composed_twice(
    standing: &OrderStanding<'_>,
    key: &DocumentKey,
    others: impl Iterator<Item = u64>,
) -> Reason {
    let others: BTreeSet<String> = others.map(|id| id.to_string()).collect();
    let others: Vec<String> = others.into_iter().collect();
    Reason::new(
        "doc_number_conflict",
        format!(
            "the mapping gives one number to order {} (id {}) and also to {}, and a number must be found only once in the books",
            standing.number,
            order_of(key),
            others.join(", ")
        ),
    )
    .hint("put `{{ number }}` or `{{ id }}` into `number` of `mappings/woocommerce-quickbooks/orders.toml`, then run `udsync retry --all`")
}

/// Documents may be dated by the shop's day rather than by the day in UTC.
const DAYS_BEFORE: chrono::Days = chrono::Days::new(2);

/// Takes up what carries our marker, under whichever number it stands there now.
async fn take_up_marked<F: LedgerReader>(
    finder: &F,
    rules: &Rules,
    company: &Company,
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
    former: &mut FormerNames,
) -> Result<(), EngineError> {
    let orders = accounts.values().filter_map(|standing| standing.order);
    let Some(first) = orders.map(|order| order.created_at.date_naive()).min() else {
        return Ok(());
    };
    let since = first.checked_sub_days(DAYS_BEFORE).unwrap_or(first);
    let mut marked: BTreeMap<DocumentKey, Vec<Found>> = BTreeMap::new();
    let mut other_names = Vec::new();
    for found in finder.marked(since).await? {
        let Some(marker) = found.marker.as_ref() else {
            continue;
        };
        let key = marker.key;
        if found.remote.entity.of_role(key.role).is_none() {
            continue;
        }
        if marker.store == rules.store {
            marked.entry(key).or_default().push(found);
        } else {
            other_names.push((key, found));
        }
    }
    let mut thought_again = BTreeSet::new();
    for (key, mut ours) in marked {
        let Some(standing) = standing_of(accounts, key) else {
            continue;
        };
        ours.retain(|found| !standing.is_left_of(&key, found));
        if ours.is_empty() {
            continue;
        }
        // What the state file knows after all is known better; but there may be a second one that it does not know.
        let link = standing.links.get(&key).cloned();
        match &link {
            Some(link) => {
                let second = ours.iter().find(|found| {
                    found.state == FoundState::Active && found.remote.id != link.remote.id
                });
                let is_active = link.state == LinkState::Active;
                if let Some(second) = second.filter(|_| is_active) {
                    let reason = fence::doubled(standing, link, second);
                    standing.doubled.insert(key, reason);
                }
            }
            None if take_up(standing, key, ours) => {
                thought_again.insert(order_of(&key));
            }
            None => {}
        }
    }
    for order in thought_again {
        if let Some(standing) = accounts.get_mut(&order) {
            standing.reconsider(rules, company);
        }
    }
    // What we would post is there under another name of the shop, whatever its number is.
    for (key, found) in other_names {
        let Some(standing) = standing_of(accounts, key) else {
            continue;
        };
        former.learn(standing.entry(&key), &found, &rules.store);
        let is_same = |entry: &Entry| renamed::is_same_sale(entry, &found);
        if standing.creates(&key)
            && standing.entry(&key).is_some_and(is_same)
            && let Some(name) = former.of(standing.entry(&key), &found, &rules.store)
        {
            let reason = renamed::reason(standing, key, &found, name, &rules.store);
            standing.taken.insert(key, reason);
        }
    }
    Ok(())
}

async fn look_for_creates<F: LedgerReader>(
    finder: &F,
    rules: &Rules,
    company: &Company,
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
    former: &mut FormerNames,
) -> Result<(), EngineError> {
    let mut asked: BTreeSet<DocumentKey> = BTreeSet::new();
    loop {
        let mut sought = Vec::new();
        for (id, standing) in accounts.iter() {
            for entry in &standing.account.entries {
                let key = entry.document.key;
                if entry.decision == Decision::Create
                    && !standing.taken.contains_key(&key)
                    && asked.insert(key)
                {
                    sought.push(Sought {
                        key,
                        number: entry.document.number.clone(),
                    });
                }
            }
            // A state file that is new, or an older copy put back, does not know whether an order that was withdrawn
            // was posted before.
            let sale = DocumentKey::of_order(*id, Role::Sale);
            let nothing_posted = standing.links.is_empty() && standing.account.skip.is_some();
            if nothing_posted
                && let Some(order) = standing.order
                && books::is_withdrawn(order)
                && asked.insert(sale)
            {
                sought.push(Sought {
                    key: sale,
                    number: books::sale_number(order, standing.mapped, rules, company),
                });
            }
        }
        if sought.is_empty() {
            return Ok(());
        }
        let found = finder.find(&sought).await?;
        for (asked, candidates) in sought.iter().zip(&found) {
            let entry = accounts[&order_of(&asked.key)].entry(&asked.key);
            for candidate in candidates {
                former.learn(entry, candidate, &rules.store);
            }
        }
        for (asked, candidates) in sought.iter().zip(found) {
            let standing = accounts
                .get_mut(&order_of(&asked.key))
                .expect("it was asked for one of these");
            if judge(standing, asked, candidates, &rules.store, former) {
                standing.reconsider(rules, company);
            }
        }
    }
}

/// Takes what was found as ours, or says why it is in the way. Tells whether the accountant has to think again.
fn judge(
    standing: &mut OrderStanding<'_>,
    asked: &Sought,
    candidates: Vec<Found>,
    store: &str,
    former: &FormerNames,
) -> bool {
    let is_ours = |found: &Found| {
        found
            .marker
            .as_ref()
            .is_some_and(|marker| marker.store == store && marker.key == asked.key)
    };
    let (mut ours, strangers): (Vec<Found>, Vec<Found>) = candidates.into_iter().partition(is_ours);
    ours.retain(|found| !standing.is_left_of(&asked.key, found));
    if !ours.is_empty() {
        return take_up(standing, asked.key, ours);
    }
    if asked.key.role == Role::Payment {
        // The reference of a payment is nobody's alone; what it did to the invoice is what counts.
        standing.namesakes.insert(asked.key, strangers);
        return false;
    }
    // A skipped order wants no number, so nobody is in its way.
    if standing.account.skip.is_some() {
        return false;
    }
    let entry = standing.entry(&asked.key);
    let under_another_name = strangers
        .iter()
        .find_map(|found| Some((found, former.of(entry, found, store)?)));
    let reason = match (under_another_name, strangers.first()) {
        (Some((found, name)), _) => renamed::reason(standing, asked.key, found, name, store),
        (None, Some(stranger)) => {
            renamed::number_taken(standing, asked, stranger, former.is_ours(stranger, store))
        }
        (None, None) => return false,
    };
    standing.taken.insert(asked.key, reason);
    false
}

/// Takes up the one document that is ours; of several nobody can say which is the right one, unless all others are voided.
fn take_up(standing: &mut OrderStanding<'_>, key: DocumentKey, mut ours: Vec<Found>) -> bool {
    let is_active = |found: &Found| found.state == FoundState::Active;
    if ours.iter().filter(|found| is_active(found)).count() == 1 {
        ours.retain(is_active);
    }
    if ours.len() == 1 {
        let older = standing
            .order
            .and_then(|order| identity::found_before(order, key, &ours[0]));
        if let Some(reason) = older {
            standing.taken.insert(key, reason);
            return false;
        }
        standing
            .adopted
            .extend(ours.pop().map(|found| (key, found)));
        return true;
    }
    let there: Vec<String> = ours
        .iter()
        .map(|found| {
            let remote = &found.remote;
            format!("{} {} as `{}`", remote.entity, remote.id, found.label)
        })
        .collect();
    standing.taken.insert(
        key,
        Reason::new(
            "duplicate_found",
            format!(
                "order {} (id {}) is in the books more than once: {}",
                standing.number,
                order_of(&key),
                there.join(", ")
            ),
        )
        .hint("delete or void the wrong one in QuickBooks, then run `udsync retry --all`"),
    );
    false
}

/// Reads what is about to be changed, so that nobody's work is overwritten, and invoices that are about to be paid, which
/// somebody else may have settled.
async fn read_what_changes<F: LedgerReader>(
    finder: &F,
    accounts: &mut BTreeMap<u64, OrderStanding<'_>>,
) -> Result<(), EngineError> {
    let mut wanted = BTreeMap::new();
    for standing in accounts.values() {
        for entry in &standing.account.entries {
            let key = entry.document.key;
            if matches!(entry.decision, Decision::Update | Decision::Void)
                && let Some(link) = standing.links.get(&key)
            {
                wanted.insert(key, link.remote.clone());
            }
            if entry.decision == Decision::Create {
                let settled = entry.document.applies_to.iter();
                wanted.extend(
                    settled
                        .filter(|settled| settled.kind == DocumentKind::Invoice)
                        .filter_map(|settled| standing.links.get_key_value(&settled.to))
                        .map(|(key, link)| (*key, link.remote.clone())),
                );
            }
        }
    }
    // A change that waits for an open period may meet the work of a person there.
    for standing in accounts.values() {
        let closed = standing.account.holds.iter();
        let closed = closed.filter(|held| held.reason.code == code::PERIOD_CLOSED);
        let known = closed.filter_map(|held| standing.links.get_key_value(&held.subject?));
        wanted.extend(known.map(|(key, link)| (*key, link.remote.clone())));
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let (keys, remotes): (Vec<DocumentKey>, Vec<Remote>) = wanted.into_iter().unzip();
    for (key, found) in keys.into_iter().zip(finder.read(&remotes).await?) {
        let standing = accounts
            .get_mut(&order_of(&key))
            .expect("the key came from one of these");
        standing.current.insert(key, found);
    }
    Ok(())
}

/// Has the names of classes and locations at hand where a document that is to be written carries one.
async fn know_labels<F: LedgerReader>(
    finder: &F,
    accounts: &BTreeMap<u64, OrderStanding<'_>>,
) -> Result<(), EngineError> {
    let mut labels = BTreeSet::new();
    for entry in accounts
        .values()
        .flat_map(|standing| &standing.account.entries)
        .filter(|entry| matches!(entry.decision, Decision::Create | Decision::Update))
    {
        let words = &entry.document.overlay;
        labels.extend(words.class.is_some().then_some(Label::Class));
        labels.extend(words.location.is_some().then_some(Label::Location));
    }
    for label in labels {
        finder.know(label).await?;
    }
    Ok(())
}
