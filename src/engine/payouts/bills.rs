//! Bills: the months that are over and whose fees are to be on a bill, less what is on one already, as steps of the plan of payouts.
//!
//! A bill is made of whole payouts. Which ones those are is remembered with it, and where the state file was lost, the books are
//! believed as far as their figures come to the same; otherwise that month waits for a person.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::payouts::{
    BILL_ROLES, BillMonth, PayoutEntry, PayoutFees, PayoutPlan, bill, is_to_be_billed, payout_key,
};
use crate::connector::port::{Draft, LedgerReader};
use crate::model::document::{Document, DocumentKey, DocumentKind, LineKind, Marker, Role};
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::LinkState;
use crate::model::names::NameKind;
use crate::model::payout::{PaymentService, Payout};
use crate::model::plan::{Action, Entity, RecordKey, References, RemoteKind, Step, Subject};
use crate::model::rules::GatewayFees;
use crate::model::ticket::Found;

use super::super::error::EngineError;
use super::filed::is_whole;
use super::plan::{PayoutPlanner, PayoutsMeant, named};
use super::read::PayoutMonth;

/// A payout that was read, with what it was charged.
pub(super) struct ReadForBill<'a> {
    payout: &'a Payout,
    fees: PayoutFees,
    /// Its fees are to be billed, as far as they are not yet.
    is_due: bool,
    /// All of its rows are known.
    is_whole: bool,
}

impl<F: LedgerReader> PayoutPlanner<'_, F> {
    /// Every payout with what it was charged, and whether that is for the bill of its month.
    ///
    /// A payout that stands says itself how its fees are posted; one that does not follows the rules of today.
    pub(super) fn to_be_billed<'a>(
        &self,
        months: &'a [PayoutMonth],
        wanted: &[(&Payout, PayoutPlan)],
        meant: &PayoutsMeant,
    ) -> Result<Vec<ReadForBill<'a>>, EngineError> {
        let planned: BTreeMap<&str, &PayoutPlan> = wanted
            .iter()
            .map(|(payout, planned)| (payout.id.as_str(), planned))
            .collect();
        let mut all = Vec::new();
        for month in months {
            for read in &month.payouts {
                let payout = &read.payout;
                let sides = month.sides(read);
                let stands = self.standing(payout_key(payout, Role::Transfer))?.is_some();
                let is_due = match sides.posted {
                    Some(posted) if posted.has_fees => false,
                    Some(posted) if stands => posted.is_to_be_billed,
                    _ => planned
                        .get(payout.id.as_str())
                        .is_some_and(|planned| self.joins_bill(payout, planned)),
                };
                // What this run leaves alone is billed only if it stands.
                let is_meant = meant
                    .only
                    .as_ref()
                    .is_none_or(|only| only.contains(&payout.id));
                let is_settled = stands
                    || payout.status.came_to_nothing()
                    || self.set_aside.contains_key(&payout.id);
                all.push(ReadForBill {
                    payout,
                    fees: PayoutFees::of(&sides),
                    is_due: is_due && (is_meant || is_settled),
                    is_whole: is_whole(&sides),
                });
            }
        }
        all.sort_by(|one, other| {
            let order = |read: &ReadForBill<'_>| (read.payout.arrives, read.payout.id.clone());
            order(one).cmp(&order(other))
        });
        Ok(all)
    }

    /// Whether a payout that is not posted yet, or of which only the money stands, goes on the bill.
    fn joins_bill(&self, payout: &Payout, planned: &PayoutPlan) -> bool {
        let is_by_hand = |code: &String| code == super::plan::BY_HAND;
        let is_aside = self
            .set_aside
            .get(&payout.id)
            .is_some_and(|code| !is_by_hand(code));
        let waits = planned.hold.is_some() || planned.skip.is_some();
        let lines = planned.entries.iter().flat_map(|one| &one.document.lines);
        let has_fees = lines
            .map(|line| line.kind)
            .any(|kind| kind == LineKind::GatewayFee);
        let mut transfers = planned.entries.iter().map(|one| &one.document);
        let is_marked =
            transfers.any(|one| one.kind == DocumentKind::Transfer && is_to_be_billed(one));
        (is_marked || self.rules.policy.gateway_fees == GatewayFees::Bill)
            && !(is_aside || waits || has_fees)
            && !self.undone.contains_key(&payout.id)
            && self.books.elsewhere(payout).is_none()
    }

    /// Plans the bills of the months that are over.
    pub(super) async fn bills(
        &mut self,
        all: Vec<ReadForBill<'_>>,
        meant: &PayoutsMeant,
    ) -> Result<(), EngineError> {
        let mut months: BTreeMap<BillMonth, Vec<ReadForBill<'_>>> = BTreeMap::new();
        for read in all {
            if read.payout.currency == self.company.home_currency {
                months
                    .entry(BillMonth::of(read.payout))
                    .or_default()
                    .push(read);
            }
        }
        for (month, payouts) in months {
            let days = &meant.days;
            let start = self.rules.payouts.start_date;
            let first = start.map_or(month.first, |start| month.first.max(start));
            let is_whole =
                days.since <= first && days.until.is_none_or(|until| until >= month.last());
            if is_whole && days.today > month.last() {
                self.bills_of(&month, payouts, meant).await?;
            }
        }
        Ok(())
    }

    /// Those of one month: what stands is made whole, and what is left gets the next number.
    async fn bills_of(
        &mut self,
        month: &BillMonth,
        mut payouts: Vec<ReadForBill<'_>>,
        meant: &PayoutsMeant,
    ) -> Result<(), EngineError> {
        let is_filed = month.gateway.is_filed();
        if is_filed {
            payouts.retain(|read| read.is_whole);
        }
        let read: BTreeSet<DocumentKey> = payouts
            .iter()
            .map(|read| payout_key(read.payout, Role::Fee))
            .collect();
        for number in 1.. {
            let source = named(&month.name(number));
            let is_meant = meant.only.as_ref().is_none_or(|only| {
                only.contains(&source.id) || meant.billed.contains(&month.first)
            });
            let known = self.known_of(month, number)?;
            let (on_it, rest): (Vec<_>, Vec<_>) =
                payouts.into_iter().partition(|read| match &known {
                    Some(known) => known.contains(&payout_key(read.payout, Role::Fee)),
                    None => read.is_due,
                });
            payouts = rest;
            // Of a bill that is whole a file with some of its payouts, or of their rows, says nothing.
            if is_filed && known.is_some() && self.is_settled(month, number)? {
                continue;
            }
            let is_part = match &known {
                Some(known) => !known.is_subset(&read),
                None => !on_it.is_empty() && is_filed && is_meant,
            };
            if is_filed
                && is_part
                && let Some(why) = self.lacks_payouts(month, &read, known.as_ref())?
            {
                self.hold(&source, why);
                return Ok(());
            }
            if on_it.iter().all(|read| read.fees.is_nothing()) && !self.is_in_books(month, number) {
                // What was billed and charged nothing is no end: the next number may have more.
                match known {
                    Some(_) => continue,
                    None => return Ok(()),
                }
            }
            let fees: Vec<(&Payout, PayoutFees)> = on_it
                .into_iter()
                .map(|read| (read.payout, read.fees))
                .collect();
            if is_meant {
                self.one_bill(month, number, &source, &fees).await?;
            }
            if known.is_none() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// The payouts of a bill that stands by the state file.
    fn known_of(
        &self,
        month: &BillMonth,
        number: u32,
    ) -> Result<Option<BTreeSet<DocumentKey>>, EngineError> {
        for role in BILL_ROLES {
            let subject = Subject::Document(month.key(number, role));
            let link = self.memory.link(self.finder.name(), &subject)?;
            let posted = link
                .filter(|link| link.state == LinkState::Active)
                .and_then(|link| link.posted);
            let Some(document) = posted.and_then(|posted| posted.document) else {
                continue;
            };
            let named = document.applies_to.iter().map(|one| one.to);
            let of_payouts: BTreeSet<DocumentKey> = named
                .filter(|key| key.role == Role::Fee && key.order().is_none())
                .collect();
            if !of_payouts.is_empty() {
                return Ok(Some(of_payouts));
            }
        }
        Ok(None)
    }

    /// All of its documents stand that are due, as far as those that stand tell: where nothing was left to be paid, more may have been
    /// given back than was taken, and then that came in as money.
    fn is_settled(&self, month: &BillMonth, number: u32) -> Result<bool, EngineError> {
        let standing = |role| self.standing(month.key(number, role));
        let has_credit = standing(Role::Credit)?.is_some();
        if standing(Role::Bill)?.is_none() {
            return Ok(has_credit);
        }
        let paid = standing(Role::BillPayment)?;
        Ok(paid.is_some_and(|paid| paid.is_positive() || has_credit))
    }

    fn is_in_books(&self, month: &BillMonth, number: u32) -> bool {
        let mut roles = BILL_ROLES.into_iter();
        roles.any(|role| self.books.ours.contains_key(&month.key(number, role)))
    }

    async fn one_bill(
        &mut self,
        month: &BillMonth,
        number: u32,
        source: &RecordKey,
        fees: &[(&Payout, PayoutFees)],
    ) -> Result<(), EngineError> {
        if self.set_aside.contains_key(&source.id) {
            return Ok(());
        }
        if let Some(reason) = self.undone.get(&source.id) {
            self.hold(source, reason.clone());
            return Ok(());
        }
        let entries = match bill(month, number, fees, self.rules, &self.company) {
            Ok(entries) => entries,
            Err(reason) => {
                // Of what is whole in the books nothing waits, whatever was closed or renamed since.
                if !self.is_settled(month, number)? {
                    self.hold(source, reason);
                }
                return Ok(());
            }
        };
        match self.bill_steps(month, source, &entries).await? {
            Ok(steps) => {
                if steps.iter().any(|step| step.action.writes()) {
                    let made_from: Vec<&Payout> = fees.iter().map(|(payout, _)| *payout).collect();
                    self.basis
                        .insert(source.id.clone(), Fingerprint::of(&made_from));
                }
                self.steps.extend(steps);
            }
            Err(reason) => self.hold(source, reason),
        }
        Ok(())
    }

    /// The steps of a bill; the inner error is why it waits as a whole.
    async fn bill_steps(
        &mut self,
        month: &BillMonth,
        source: &RecordKey,
        entries: &[PayoutEntry],
    ) -> Result<Result<Vec<Step>, Reason>, EngineError> {
        let mut steps = Vec::new();
        let mut references = References::default();
        for entry in entries {
            let document = &entry.document;
            let subject = Subject::Document(document.key);
            let mut step = Step {
                label: document.number.clone(),
                document: Some(document.clone()),
                ..Step::bare(
                    Action::None,
                    source.clone(),
                    subject.clone(),
                    document.kind.into(),
                )
            };
            let link = self.memory.link(self.finder.name(), &subject)?;
            let mut revision = 1;
            let id = match link {
                Some(link) if link.state == LinkState::Active => {
                    let total = link.posted.as_ref().map(|posted| posted.total);
                    if total.is_some_and(|total| total != document.total) {
                        return Ok(Err(billed_otherwise(document, &link.remote.id)));
                    }
                    let id = link.remote.id.clone();
                    // What stands is remembered as it is.
                    step.document = None;
                    step.remote = Some(link.remote);
                    id
                }
                link => {
                    revision = link.map_or(1, |link| link.revision + 1);
                    match self.adopted(document, &mut step) {
                        Some(Ok(id)) => id,
                        Some(Err(reason)) => return Ok(Err(reason)),
                        None => {
                            step.action = Action::Create;
                            subject.to_string()
                        }
                    }
                }
            };
            if step.action.writes() {
                if document.kind.is_vendors() && references.customer.is_empty() {
                    match self.vendor(month.gateway).await? {
                        Ok((id, made)) => {
                            references.customer = id;
                            steps.extend(made);
                        }
                        Err(reason) => return Ok(Err(reason)),
                    }
                }
                if let Err(reason) = self.encode_into(&mut step, document, &references, revision) {
                    return Ok(Err(reason));
                }
            }
            references.documents.insert(document.key, id);
            steps.push(step);
        }
        Ok(Ok(steps))
    }

    /// What the books hold of it without our knowing; `None`: nothing.
    fn adopted(&self, document: &Document, step: &mut Step) -> Option<Result<String, Reason>> {
        let found = self.books.ours.get(&document.key)?;
        let (first, second): (&Found, Option<&Found>) = (found.first()?, found.get(1));
        if second.is_some() || first.total != document.total {
            return Some(Err(billed_otherwise(document, &first.remote.id)));
        }
        step.remote = Some(first.remote.clone());
        step.document = Some(Document {
            date: first.date.unwrap_or(document.date),
            ..document.clone()
        });
        step.marker.clone_from(&first.marker);
        step.adopted = Some(Box::new(first.clone()));
        Some(Ok(first.remote.id.clone()))
    }

    fn encode_into(
        &self,
        step: &mut Step,
        document: &Document,
        references: &References,
        revision: u32,
    ) -> Result<(), Reason> {
        let marker = Marker {
            store: self.rules.store.clone(),
            key: document.key,
            revision,
        };
        let encoded = self.finder.encode(Draft::Document {
            document,
            references,
            marker: &marker,
            replaces: None,
            was: None,
        })?;
        step.body = Some(encoded.body);
        step.expected = encoded.expected;
        step.warnings.extend(encoded.warnings);
        step.marker = Some(marker);
        Ok(())
    }

    /// The vendor of a service: the one of that name, or one that is made for it where the rules say so.
    async fn vendor(
        &mut self,
        gateway: PaymentService,
    ) -> Result<Result<(String, Option<Step>), Reason>, EngineError> {
        let service = gateway.as_str();
        let payouts = &self.rules.payouts;
        let named = payouts.vendors.get(service).map(|name| name.trim());
        let name = named.unwrap_or(gateway.title()).to_owned();
        // Whom the settings name anew is somebody else, and not the one that was made before.
        let subject = Subject::Vendor(match named {
            Some(name) => {
                let digest = Fingerprint::of_bytes(name.to_lowercase().as_bytes());
                format!("{service}.{}", &digest.as_str()[..8])
            }
            None => service.to_owned(),
        });
        // One that was made in this very plan.
        if self.steps.iter().any(|step| step.subject == subject) {
            return Ok(Ok((subject.to_string(), None)));
        }
        let names = self.finder.names().await?;
        let link = self.memory.link(self.finder.name(), &subject)?;
        let is_called = |called: &str| called.trim().to_lowercase() == name.to_lowercase();
        let people = names.people.sorted().into_iter();
        let mut vendors = people.filter(|one| one.kind == NameKind::Vendor);
        let by_name = vendors.clone().find(|one| is_called(one.display_name()));
        // Somebody may have renamed the one that was made: it is still the same.
        let known = by_name.or_else(|| {
            let link = link.as_ref()?;
            vendors.find(|one| one.id() == link.remote.id && one.active)
        });
        let home = &self.company.home_currency;
        Ok(match known {
            Some(vendor) if !vendor.active => Err(Reason::new(
                "payout_vendor_unusable",
                format!("the vendor `{name}` is inactive in QuickBooks, so no bill can be its own"),
            )
            .hint("make it active there, or name another one: `stripe = \"…\"` in `[books.payouts.vendors]`".replace("stripe", service))),
            Some(vendor) if vendor.currency() != home => Err(Reason::new(
                "payout_vendor_unusable",
                format!("the vendor `{name}` is kept in {}, and the fees are in {home}", vendor.currency()),
            )
            .hint("name another one: `stripe = \"…\"` in `[books.payouts.vendors]`".replace("stripe", service))),
            Some(vendor) => Ok((vendor.id().to_owned(), None)),
            None if names.people.iter().any(|one| is_called(one.display_name())) => Err(Reason::new(
                "payout_vendor_unusable",
                format!("a customer or an employee is called `{name}` in QuickBooks, so no vendor can be"),
            )
            .hint("name the vendor otherwise: `stripe = \"…\"` in `[books.payouts.vendors]`".replace("stripe", service))),
            None if !payouts.create_vendors => Err(Reason::new(
                "payout_vendor_missing",
                format!("QuickBooks has no vendor `{name}` whose bills the fees of {} could be", gateway.title()),
            )
            .hint("add it in QuickBooks, or set `create_vendors = true` in `[books.payouts]`, then `udsync sync payouts`")),
            None => {
                let encoded = match self.finder.encode(Draft::Vendor(&name)) {
                    Ok(encoded) => encoded,
                    Err(reason) => return Ok(Err(reason)),
                };
                let key = format!("{service}.vendor");
                let source = RecordKey {
                    entity: Entity::Customer,
                    id: key.clone(),
                    number: key,
                };
                let step = Step {
                    body: Some(encoded.body),
                    label: name,
                    ..Step::bare(Action::Create, source, subject.clone(), RemoteKind::Vendor)
                };
                Ok((subject.to_string(), Some(step)))
            }
        })
    }
}

fn billed_otherwise(document: &Document, id: &str) -> Reason {
    Reason::new(
        "payout_posted_otherwise",
        format!(
            "{} {id} is in the books as `{}` with another amount than {}, which the payouts of that month come to",
            document.kind, document.number, document.total
        ),
    )
    .hint("look at it in QuickBooks, delete what is wrong there, then `udsync sync payouts`")
}
