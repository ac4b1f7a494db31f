//! Plan: turns what was gathered and surveyed into steps. Nothing is sent and nothing is asked here, so the same
//! input gives the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::agreed_fields::ListAlarm;
use crate::books::names::{self, Directory};
use crate::books::{self, Decision, Entry};
use crate::connector::port::{Draft, LedgerReader};
use crate::model::document::{Document, DocumentKey, DocumentKind, Line, Marker, Role};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::names::Names;
use crate::model::plan::{
    Action, Basis, Entity, Hold, PLAN_SCHEMA, Plan, RecordKey, References, Remote, Step, Subject,
};
use crate::model::ticket::{Found, FoundState};
use crate::store::StoreError;

use super::both_ways::{self, DrawnRecord, KnownAgreements};
use super::compared::Differences;
use super::gather::Gathered;
use super::ours::{
    known, not_paid_by_others, ours_alone, revision_of, same_words, there, with_edit, words_before,
};
use super::planner::{NO_ID, PlanContext, Planner, Stopped};
use super::standing::{OrderStanding, Survey};
use super::undo::undone::undone_orders;
use super::{figures, goods, people, refused, settled};

/// Says whether any document is to be made or changed, or any name looked at: only then the names in the books are needed.
pub fn needs_names(gathered: &Gathered, survey: &Survey<'_>, agreed: &KnownAgreements<'_>) -> bool {
    // A whole list is compared with all that was agreed on, whoever of it is meant.
    let lists_people = gathered.all_shoppers.is_some() && agreed.goes_both_ways(Entity::Customer);
    let lists_goods = gathered.whole_catalogue && agreed.goes_both_ways(Entity::Product);
    if lists_people || lists_goods {
        return true;
    }
    if !gathered.shoppers.is_empty() || !gathered.buyers.is_empty() || !gathered.products.is_empty()
    {
        return true;
    }
    survey.accounts.values().any(|standing| {
        standing
            .account
            .entries
            .iter()
            .any(|entry| matches!(entry.decision, Decision::Create | Decision::Update))
    })
}

/// A plan, and the products for which it makes items.
pub struct Drawn {
    pub plan: Plan,
    pub new_goods: BTreeSet<u64>,
    /// Customers of the books that would have to be read to say what becomes of them.
    pub to_read: BTreeSet<String>,
    /// Records that both sides share.
    pub agreed: Vec<DrawnRecord>,
    /// Lists of either side that lack too much of what both share, or of which too much was changed at once.
    pub odd_lists: Vec<(Entity, ListAlarm)>,
}

/// Makes the plan.
pub fn plan<F: LedgerReader>(
    ground: &PlanContext<'_, F>,
    gathered: &Gathered,
    survey: &Survey<'_>,
    names: &Names,
) -> Result<Drawn, StoreError> {
    let mut planner = Planner {
        ground,
        company: &survey.company,
        directory: Directory::new(names),
        name_steps: Vec::new(),
        noted: BTreeSet::new(),
        to_read: BTreeSet::new(),
        new_goods: BTreeSet::new(),
        refused_names: BTreeMap::new(),
        steps: Vec::new(),
        holds: Vec::new(),
        shoppers: BTreeMap::new(),
        products: BTreeMap::new(),
        drawn: Vec::new(),
        to_shop: Vec::new(),
        odd_lists: Vec::new(),
    };
    for odd in &gathered.odd {
        planner.holds.push(hold_odd(odd));
    }
    planner.holds.extend(figures::hold(&gathered.decimals));
    planner.keep_customers(survey);
    goods::plan(&mut planner, gathered)?;
    people::plan(&mut planner, gathered, survey)?;
    both_ways::gone(&mut planner, gathered);
    both_ways::changed_at_once(&mut planner);
    let mut orders = BTreeMap::new();
    for (id, standing) in &survey.accounts {
        let before = planner.steps.len();
        planner.order(*id, standing, &survey.differences)?;
        let writes = planner.steps[before..]
            .iter()
            .any(|step| step.action.writes());
        if writes && let Some(order) = standing.order {
            orders.insert(*id, order.fingerprint());
        }
    }
    // What stands undone waits as it is, whatever became of what is left of it.
    let mut known: BTreeSet<u64> = survey.accounts.keys().copied().collect();
    known.extend(undone_orders(ground.store, ground.finder.name())?);
    let others = survey
        .differences
        .of_others(&known, &ground.rules.number_prefix);
    planner.holds.extend(others.into_iter().filter(|hold| {
        let is_aside = |subject| ground_aside(ground, &hold.source, subject);
        !(is_aside(None) || hold.subject.is_some() && is_aside(hold.subject))
    }));
    let plan = Plan {
        schema: PLAN_SCHEMA.to_owned(),
        basis: Basis {
            shop: ground.rules.store.clone(),
            store: ground.shop_address.to_owned(),
            company: survey.company.id.clone(),
            rules: match &ground.mappings {
                None => Fingerprint::of(ground.rules),
                Some(mappings) => Fingerprint::of(&(ground.rules, mappings)),
            },
            orders,
            shoppers: planner.shoppers.clone(),
            products: planner.products.clone(),
            payouts: BTreeMap::new(),
            payouts_file: None,
            takes_back: None,
        },
        steps: planner.finish(),
        holds: planner.holds_in_order(),
        to_shop: planner.to_shop,
        stays: Vec::new(),
    };
    Ok(Drawn {
        plan,
        agreed: planner.drawn,
        odd_lists: planner.odd_lists,
        new_goods: planner.new_goods,
        to_read: planner.to_read,
    })
}

/// In which order things are written: names, payments that settle less than before, sales, what reduces an invoice, what pays it, what
/// is given back, fees.
pub fn wave(step: &Step) -> u8 {
    match &step.subject {
        Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => 0,
        Subject::Document(_) if step.makes_room => 1,
        Subject::Document(_) => match step.entity.document() {
            Some(DocumentKind::SalesReceipt | DocumentKind::Invoice | DocumentKind::Bill) => 2,
            Some(DocumentKind::CreditMemo | DocumentKind::VendorCredit) => 3,
            Some(DocumentKind::Payment | DocumentKind::BillPayment) => 4,
            Some(DocumentKind::RefundReceipt) => 5,
            Some(DocumentKind::Purchase | DocumentKind::Transfer | DocumentKind::Deposit)
            | None => 6,
        },
    }
}

impl<F: LedgerReader> Planner<'_, F> {
    /// Without a state file the documents in the books say who a buyer is: they keep the customer they have, and so do
    /// the orders that follow.
    fn keep_customers(&mut self, survey: &Survey<'_>) {
        for standing in survey.accounts.values() {
            let Some(order) = standing.order else {
                continue;
            };
            for customer in standing
                .adopted
                .values()
                .filter_map(|found| found.customer.as_deref())
            {
                let rules = self.ground.rules;
                names::keep_customer(order, rules, self.company, &mut self.directory, customer);
            }
        }
    }

    fn order(
        &mut self,
        id: u64,
        standing: &OrderStanding,
        differences: &Differences,
    ) -> Result<(), StoreError> {
        let source = RecordKey::order(id, &standing.number);
        let sale = DocumentKey::of_order(id, Role::Sale);
        if self.is_set_aside(&source, None) {
            let reason = Reason::new(
                "set_aside",
                format!("order {} was set aside for good", standing.number),
            );
            self.steps.push(skipped(&source, sale, reason));
            return Ok(());
        }
        for held in &standing.account.holds {
            if held.subject.is_some() && self.is_set_aside(&source, held.subject) {
                continue;
            }
            self.holds.push(Hold {
                source: source.clone(),
                subject: held.subject,
                reason: with_edit(standing, held),
            });
        }
        for (key, reason) in &standing.doubled {
            self.holds.push(Hold {
                source: source.clone(),
                subject: (key.role != Role::Sale).then_some(*key),
                reason: reason.clone(),
            });
        }
        if let Some(reason) = &standing.account.skip {
            let mut step = skipped(&source, sale, reason.clone());
            step.warnings = standing.account.warnings.clone();
            self.steps.push(step);
            return Ok(());
        }
        let mut warnings = standing.account.warnings.clone();
        let mut held_memo: Option<Reason> = None;
        for entry in &standing.account.entries {
            let key = entry.document.key;
            if entry.decision == Decision::Keep
                && !self.is_set_aside(&source, Some(key))
                && let Some(reason) = differences.reason(key, &standing.number)
            {
                self.holds.push(Hold {
                    source: source.clone(),
                    subject: (key.role != Role::Sale).then_some(key),
                    reason,
                });
                // Nothing is paid or given back on a sale that is not in the books.
                if differences.is_absent(key) && key.role == Role::Sale {
                    return Ok(());
                }
                continue;
            }
            let planned = match (&held_memo, standing.order) {
                (Some(reason), Some(order))
                    if entry.document.kind == DocumentKind::Payment
                        && entry.decision != Decision::Keep =>
                {
                    Err(Stopped::Held(books::payment_waits(order, reason)))
                }
                _ => self.entry(&source, standing, entry),
            };
            match planned {
                Ok(Some(mut step)) => {
                    // What concerns the whole order is said once, with its first document.
                    step.warnings.splice(0..0, warnings.drain(..));
                    self.steps.push(step);
                }
                Ok(None) => {}
                Err(Stopped::Store(error)) => return Err(error),
                Err(Stopped::Held(reason)) => {
                    let key = entry.document.key;
                    let whole_order = key.role == Role::Sale;
                    if entry.document.kind == DocumentKind::CreditMemo {
                        held_memo = Some(reason.clone());
                    }
                    self.holds.push(Hold {
                        source: source.clone(),
                        subject: (!whole_order).then_some(key),
                        reason,
                    });
                    // Nothing is paid or given back on a sale that is not in the books, and what comes after a payment
                    // waits with it.
                    if whole_order || key.role == Role::Payment {
                        return Ok(());
                    }
                }
            }
        }
        Ok(())
    }

    fn entry(
        &mut self,
        source: &RecordKey,
        standing: &OrderStanding<'_>,
        entry: &Entry,
    ) -> Result<Option<Step>, Stopped> {
        let document = &entry.document;
        let key = document.key;
        if self.is_set_aside(source, Some(key)) {
            return Ok(None);
        }
        if let Some(reason) = standing.taken.get(&key) {
            return Err(Stopped::Held(reason.clone()));
        }
        let known = known(standing, key);
        let (subject, kind) = (Subject::Document(key), document.kind.into());
        let mut step = Step {
            remote: known.map(|found| found.remote.clone()),
            document: Some(document.clone()),
            warnings: entry.warnings.clone(),
            label: document.number.clone(),
            ..Step::bare(Action::None, source.clone(), subject, kind)
        };
        match entry.decision {
            Decision::Keep => {
                if let Some(link) = standing.links.get(&key) {
                    step.remote = Some(link.remote.clone());
                }
                match standing.adopted.get(&key) {
                    Some(found) => adopt(&mut step, found),
                    None => step.document = None,
                }
                Ok(Some(step))
            }
            Decision::Create => {
                if let Some(invoice) = settled::by_others(standing, document)? {
                    step.by_others = true;
                    step.remote = settled::payer(invoice);
                    step.reason = Some(settled::settled(document, invoice));
                    return Ok(Some(step));
                }
                // What is made again must not look like the request that made it before.
                let before = standing.remade.get(&key).copied().unwrap_or(0);
                let marker = self.marker(key, before + 1);
                self.encode(&mut step, standing, marker, None)?;
                step.action = Action::Create;
                self.not_refused_before(&step)?;
                Ok(Some(step))
            }
            Decision::Update => {
                let current = there(standing, key, known)?;
                let revision = revision_of(standing, key, current) + 1;
                let marker = self.marker(key, revision);
                self.encode(&mut step, standing, marker, Some(&current.remote))?;
                step.remote = Some(current.remote.clone());
                let body = step.body.as_deref().expect("it was encoded just now");
                if self.ground.finder.content(step.entity, body) == current.content
                    && same_words(self.ground.finder, standing, document, body, current)
                {
                    // Whoever made it so, both agree.
                    step.body = None;
                    step.expected = None;
                    step.marker = Some(self.marker(key, revision - 1));
                    adopt(&mut step, current);
                } else {
                    ours_alone(standing, key, document, current)?;
                    settled::not_in_deposit(standing, document, current)?;
                    if let Some(payment) = settled::that_follows(standing, document, current)? {
                        self.entry(source, standing, payment)?;
                    }
                    if document.kind == DocumentKind::Payment && document.total != current.total {
                        // One that names a credit memo of this plan cannot go ahead of it.
                        let waits = self
                            .ground
                            .finder
                            .references(body)
                            .iter()
                            .any(|subject| matches!(subject, Subject::Document(_)));
                        step.makes_room = document.total < current.total && !waits;
                        let warning = settled::follows_edit(standing, document, current);
                        step.warnings.push(warning);
                    }
                    step.action = Action::Update;
                    self.not_refused_before(&step)?;
                }
                Ok(Some(step))
            }
            Decision::Void => {
                let current = there(standing, key, known)?;
                step.remote = Some(current.remote.clone());
                if current.state == FoundState::Voided {
                    adopt(&mut step, current);
                    return Ok(Some(step));
                }
                ours_alone(standing, key, document, current)?;
                settled::not_in_deposit(standing, document, current)?;
                not_paid_by_others(standing, document, current)?;
                let encoded = self
                    .ground
                    .finder
                    .encode(Draft::Void {
                        kind: document.kind,
                        remote: &current.remote,
                    })
                    .map_err(Stopped::Held)?;
                step.body = Some(encoded.body);
                step.action = Action::Void;
                self.not_refused_before(&step)?;
                Ok(Some(step))
            }
        }
    }

    fn not_refused_before(&self, step: &Step) -> Result<(), Stopped> {
        let Some(problems) = self.ground.refused else {
            return Ok(());
        };
        let name = self.ground.finder.name();
        match refused::document(self.ground.store, name, problems, step, self.company)? {
            Some(reason) => Err(Stopped::Held(reason)),
            None => Ok(()),
        }
    }

    pub(super) fn is_set_aside(&self, source: &RecordKey, subject: Option<DocumentKey>) -> bool {
        ground_aside(self.ground, source, subject)
    }

    fn marker(&self, key: DocumentKey, revision: u32) -> Marker {
        Marker {
            store: self.ground.rules.store.clone(),
            key,
            revision,
        }
    }

    fn encode(
        &mut self,
        step: &mut Step,
        standing: &OrderStanding<'_>,
        marker: Marker,
        replaces: Option<&Remote>,
    ) -> Result<(), Stopped> {
        let document = step
            .document
            .clone()
            .expect("the caller has just put it there");
        let references = self.references(standing, &document)?;
        let encoded = self
            .ground
            .finder
            .encode(Draft::Document {
                document: &document,
                references: &references,
                marker: &marker,
                replaces,
                was: words_before(standing, document.key),
            })
            .map_err(Stopped::Held)?;
        step.body = Some(encoded.body);
        step.expected = encoded.expected;
        step.marker = Some(marker);
        step.customer = Some(references.customer).filter(|customer| !customer.is_empty());
        Ok(())
    }

    /// Resolves everything that a document speaks of.
    fn references(
        &mut self,
        standing: &OrderStanding<'_>,
        document: &Document,
    ) -> Result<References, Stopped> {
        let order = standing
            .order
            .expect("a deleted order has no document to make");
        let mut references = References::default();
        if document.kind != DocumentKind::Purchase {
            references.customer = self.customer(order)?;
            let sale = document.key.beside(Role::Sale);
            let in_books = [document.key, sale]
                .iter()
                .find_map(|key| standing.adopted.get(key)?.customer.clone());
            if let Some(customer) = in_books {
                references.customer = customer;
            }
            let mut seen = BTreeSet::new();
            for line in &document.lines {
                let sold = names::SoldItem::by_line(order, line).id();
                if !seen.insert((&line.item, sold)) {
                    continue;
                }
                let id = self.item(order, document, line)?;
                let first = references.items.entry(line.item.clone());
                let first = first.or_insert_with(|| id.clone());
                if *first != id {
                    let same = |other: &&Line| {
                        other.item == line.item
                            && names::SoldItem::by_line(order, other).id() == sold
                    };
                    let lines = document.lines.iter().filter(same);
                    let lines = lines.filter_map(|line| line.source_line);
                    references
                        .lines
                        .extend(lines.map(|line| (line, id.clone())));
                }
            }
        }
        for application in &document.applies_to {
            let id = match known(standing, application.to) {
                Some(found) => found.remote.id.clone(),
                None => match standing.links.get(&application.to) {
                    Some(link) => link.remote.id.clone(),
                    None => Subject::Document(application.to).to_string(),
                },
            };
            references.documents.insert(application.to, id);
        }
        Ok(references)
    }

    /// Names first, then documents in the order in which they will be written.
    fn finish(&mut self) -> Vec<Step> {
        let used: BTreeSet<String> = self
            .steps
            .iter()
            .filter_map(|step| step.body.as_deref())
            .flat_map(|body| self.ground.finder.references(body))
            .map(|subject| subject.to_string())
            .collect();
        let mut steps = std::mem::take(&mut self.name_steps);
        // A name that only a held order wanted is not made; an account or a product wants it for itself.
        steps.retain(|step| {
            step.action != Action::Create
                || step.source.is_record()
                || used.contains(&step.subject.to_string())
        });
        // A step is large and there are many: no room is kept for more.
        steps.reserve_exact(self.steps.len());
        steps.append(&mut self.steps);
        steps.sort_by_key(wave);
        steps
    }

    fn holds_in_order(&mut self) -> Vec<Hold> {
        let mut holds = std::mem::take(&mut self.holds);
        holds.sort_by(|one, other| {
            (&one.source, one.subject, &one.reason.code).cmp(&(
                &other.source,
                other.subject,
                &other.reason.code,
            ))
        });
        holds
    }
}

fn ground_aside<F: LedgerReader>(
    ground: &PlanContext<'_, F>,
    source: &RecordKey,
    subject: Option<DocumentKey>,
) -> bool {
    ground
        .set_aside
        .contains(&(source.entity, source.id.clone(), subject))
}

fn adopt(step: &mut Step, found: &Found) {
    step.adopted = Some(Box::new(found.clone()));
    step.reason = Some(Reason::new(
        "adopted",
        format!(
            "`{}` is in the books already and is taken as ours",
            step.label
        ),
    ));
}

fn hold_odd(odd: &crate::connector::port::Odd) -> Hold {
    let id = odd.id.map_or_else(|| NO_ID.to_owned(), |id| id.to_string());
    let number = odd.number.clone().unwrap_or_else(|| id.clone());
    Hold {
        reason: Reason::new(
            "order_unreadable",
            format!("order {number} (id {id}) could not be read: `{}` {}", odd.path, odd.said),
        )
        .hint("open the order in the shop and save it again, or look for a plugin that changes it; then run `udsync retry --all`"),
        source: RecordKey { entity: Entity::Order, id, number },
        subject: None,
    }
}

fn skipped(source: &RecordKey, key: DocumentKey, reason: Reason) -> Step {
    let subject = Subject::Document(key);
    Step {
        reason: Some(reason),
        ..Step::bare(
            Action::Skip,
            source.clone(),
            subject,
            DocumentKind::SalesReceipt.into(),
        )
    }
}
