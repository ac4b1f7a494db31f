//! Explaining: from whatever a person has in hand, an order's number, a document's, a problem, an amount of a day, to where each cent
//! comes from, or why it is not there.
//!
//! It joins what the state file remembers with the configuration as it is now. Nothing is asked of a service; whoever wants the shop's
//! fields as they are now hands the order in. Nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use serde::Serialize;

use super::App;
use super::why::{skipped, waiting};
use crate::books::explained::{DecidedBy, ExplainedAmount, SourceKind, decided_by, explained};
use crate::books::payouts::is_bill;
use crate::config::SettingOrigin;
use crate::connector::woocommerce::WooCommerce;
use crate::model::clock::local;
use crate::model::code;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::link::{Link, LinkState};
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::origin::Origin;
use crate::model::plan::{Action, Entity, Subject};
use crate::model::service::Service;
use crate::model::shop_change::ShopOutcome;
use crate::store::{
    Attempts, FiledProblem, History, LeftOut, Memory, Problems, RequestMade, ShopAttempts, Store,
    StoreError, TicketOutcome,
};

/// The books are the only target whose documents have amounts.
pub(super) const TARGET: &str = Service::Quickbooks.as_str();

/// So many days before and after the day an amount is looked for.
const DAYS_AROUND: u64 = 7;

#[derive(Debug, Serialize)]
pub struct Explanation {
    schema: &'static str,
    pub what: String,
    pub answers: Vec<ExplainAnswer>,
    /// It can be several things: each answer names one of them, and `what` of it can be typed.
    #[serde(skip)]
    pub is_ambiguous: bool,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum ExplainAnswer {
    Posted(Box<ExplainedDocument>),
    NotPosted(WhyNotPosted),
}

/// A document in the books, and where each cent of it comes from.
#[derive(Debug, Serialize)]
pub struct ExplainedDocument {
    pub what: String,
    pub total: String,
    pub currency: String,
    /// Its number.
    pub document: String,
    pub kind: &'static str,
    pub date: NaiveDate,
    pub state: LinkState,
    pub order: Option<u64>,
    pub tree: ExplainedAmount,
    /// As the configuration says today.
    pub decided_by: Vec<SettingBehind>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
}

/// A choice with its setting and the place of that.
#[derive(Debug, Serialize)]
pub struct SettingBehind {
    #[serde(flatten)]
    pub decided: DecidedBy,
    /// `udsync.toml line 40`, `default`; `None` where no setting of today says so.
    pub place: Option<String>,
}

#[derive(Debug, Serialize)]
pub struct WhyNotPosted {
    pub what: String,
    /// `held`, `failed`, `parked`, `conflict`, `set_aside`, `skipped`, `written`; of a code alone, its own kind has no state.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
    /// A document of what waits stands in the books all the same.
    #[serde(skip)]
    pub stands: bool,
    /// Of a code alone: what kind of outcome it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Of a code alone: how a command ends that ends with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exit: Option<u8>,
    pub why: ReasonWhy,
}

#[derive(Debug, Serialize)]
pub struct ReasonWhy {
    pub code: String,
    pub message: String,
    pub hint: Option<String>,
}

/// Why nothing can be explained.
#[derive(Debug, thiserror::Error)]
pub enum Unexplained {
    #[error("nothing is known of `{0}`")]
    Unknown(String),
    #[error("an amount has many homes: say on which day `{0}` is")]
    DayNeeded(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a WHAT turned out to be.
#[derive(Debug, Default)]
struct Homes {
    /// Orders by id; with documents where it is only those.
    orders: BTreeMap<u64, Option<BTreeSet<DocumentKey>>>,
    /// Documents that belong to no order.
    others: Vec<Link>,
    /// In this order, where it is one of distance.
    near: Vec<Link>,
}

impl Homes {
    fn whole(&mut self, order: u64) {
        self.orders.insert(order, None);
    }

    fn document(&mut self, link: Link) {
        let Subject::Document(key) = &link.subject else {
            return;
        };
        match key.order() {
            Some(order) => {
                if let Some(only) = self
                    .orders
                    .entry(order)
                    .or_insert_with(|| Some(BTreeSet::new()))
                {
                    only.insert(*key);
                }
            }
            None => self.others.push(link),
        }
    }

    fn is_empty(&self) -> bool {
        self.orders.is_empty() && self.others.is_empty() && self.near.is_empty()
    }

    fn count(&self) -> usize {
        self.orders.len() + self.others.len() + self.near.len()
    }

    /// The only order that it can be.
    pub fn order(&self) -> Option<u64> {
        let only = self.orders.keys().next().copied();
        let near = || match &self.near[..] {
            [
                Link {
                    subject: Subject::Document(key),
                    ..
                },
            ] => key.order(),
            _ => None,
        };
        only.or_else(near).filter(|_| self.count() == 1)
    }
}

/// What was found, before it is taken apart: the order that it is about can be read afresh in between.
#[derive(Debug)]
pub struct FoundHomes {
    what: String,
    homes: Homes,
    of_code: Option<WhyNotPosted>,
    of_problem: Option<FiledProblem>,
}

impl FoundHomes {
    /// The only order that it is about, by id.
    pub fn order(&self) -> Option<u64> {
        self.homes.order()
    }
}

/// What the catalogue says of a code.
fn of_code(what: &str) -> Option<WhyNotPosted> {
    let row = code::row(what)?;
    let ends = !row.kind.is_of_record();
    Some(WhyNotPosted {
        what: what.to_owned(),
        state: None,
        problem: None,
        stands: false,
        kind: Some(row.kind.as_str()),
        exit: ends.then(|| row.kind.exit()),
        why: ReasonWhy {
            code: what.to_owned(),
            message: row.meaning.to_owned(),
            hint: Some(row.way_out.to_owned()),
        },
    })
}

/// The page of a code. It needs no shop: a code is also what somebody has who could not set one up.
pub fn explained_code(what: &str) -> Option<Explanation> {
    let what = what.trim();
    let answers = vec![ExplainAnswer::NotPosted(of_code(what)?)];
    Some(Explanation::of(what, answers))
}

/// Every document of a bill, by its name.
fn of_bill(store: &Store, what: &str) -> Result<Vec<Link>, StoreError> {
    let Some(origin) = what.parse().ok().filter(|_| is_bill(what)) else {
        return Ok(Vec::new());
    };
    let mut links = store.payout_links(TARGET)?;
    let is_its = |link: &Link| matches!(&link.subject, Subject::Document(key) if key.origin == Origin::Payout(origin));
    links.retain(is_its);
    Ok(links)
}

/// On which bill the fees of a payout are.
fn billed_on(store: &Store, payout: Origin) -> Result<Option<String>, StoreError> {
    for link in store.payout_links(TARGET)? {
        let Some(posted) = link.posted.filter(|_| link.state == LinkState::Active) else {
            continue;
        };
        let document = posted.document.as_ref();
        let mut named = document
            .into_iter()
            .flat_map(|document| &document.applies_to);
        if is_bill(&posted.key.origin.id())
            && named.any(|one| one.to.origin == payout && one.to.role == Role::Fee)
        {
            return Ok(Some(format!(
                "its fees are on {} `{}`: `udsync explain {}`",
                posted.kind, posted.number, posted.key
            )));
        }
    }
    Ok(None)
}

impl Explanation {
    pub(super) fn of(what: &str, answers: Vec<ExplainAnswer>) -> Explanation {
        Explanation {
            schema: "udsync/explain/1",
            what: what.to_owned(),
            answers,
            is_ambiguous: false,
        }
    }
}

impl App {
    /// Finds what is meant by a text that a person typed.
    pub fn find_homes(
        &self,
        store: &Store,
        what: &str,
        on: Option<NaiveDate>,
    ) -> Result<FoundHomes, Unexplained> {
        let what = what.trim();
        let mut found = FoundHomes {
            what: what.to_owned(),
            homes: Homes::default(),
            of_code: None,
            of_problem: None,
        };
        let amount: Option<Money> = what.parse().ok();
        if let Some(day) = on {
            let amount = amount.ok_or_else(|| Unexplained::Unknown(what.to_owned()))?;
            found.homes.near = worth(store, amount.rounded(), day)?;
            return found.or_unknown();
        }
        if let Some(of_code) = of_code(what) {
            found.of_code = Some(of_code);
            return Ok(found);
        }
        let homes = &mut found.homes;
        if let Some((kind, id)) = what.split_once('/') {
            if let Ok(key) = what.parse::<DocumentKey>() {
                let link = store.link(TARGET, &Subject::Document(key))?;
                link.into_iter().for_each(|link| homes.document(link));
            }
            let documents = DocumentKind::ALL.map(DocumentKind::as_str);
            let mut named = documents.iter();
            if let Some(entity) = named.find(|known| known.eq_ignore_ascii_case(kind)) {
                for link in store.links_of_remote(TARGET, entity, id)? {
                    homes.document(link);
                }
            }
        }
        for link in store.links_numbered(TARGET, what)? {
            homes.document(link);
        }
        for link in of_bill(store, what)? {
            let is_new = homes.others.iter().all(|one| one.subject != link.subject);
            if is_new {
                homes.document(link);
            }
        }
        for link in store.links_numbered(TARGET, &self.numbered(what))? {
            if let Subject::Document(key) = &link.subject
                && let Some(order) = key.order()
            {
                homes.whole(order);
            }
        }
        for order in of_records(
            &store.problems_numbered(what)?,
            &store.left_out_numbered(what)?,
        ) {
            homes.whole(order);
        }
        if let Ok(id) = what.parse::<u64>() {
            let known = !store.links_of_order(TARGET, id)?.is_empty()
                || of_records(&store.problems_about(what)?, &store.left_out(what)?).contains(&id);
            if known {
                homes.whole(id);
            }
        }
        found.of_problem = store.problem_called(what)?;
        if found.is_empty() && amount.is_some() && what.contains('.') {
            return Err(Unexplained::DayNeeded(what.to_owned()));
        }
        found.or_unknown()
    }

    fn numbered(&self, number: &str) -> String {
        format!("{}{number}", self.config.rules.number_prefix)
    }

    /// Takes apart what was found. `now` is the order as the shop has it now, where somebody asked.
    pub fn explain(
        &self,
        store: &Store,
        found: FoundHomes,
        now: Option<&Order>,
    ) -> Result<Explanation, Unexplained> {
        let of_problem = usize::from(found.of_problem.is_some());
        let is_ambiguous = found.homes.count() + of_problem > 1;
        let mut answers = Vec::new();
        answers.extend(found.of_code.map(ExplainAnswer::NotPosted));
        if let Some(filed) = found.of_problem {
            answers.push(ExplainAnswer::NotPosted(waiting(store, &filed)?));
        }
        for (order, only) in &found.homes.orders {
            let now = now.filter(|now| now.id == *order);
            answers.extend(self.of_order(store, *order, only.as_ref(), now)?);
        }
        for link in found.homes.near.iter().chain(&found.homes.others) {
            let of_it = |now: &&Order| match &link.subject {
                Subject::Document(key) => key.order() == Some(now.id),
                _ => false,
            };
            answers.extend(self.of_link(store, link, now.filter(of_it))?);
        }
        Ok(Explanation {
            schema: "udsync/explain/1",
            what: found.what,
            answers,
            is_ambiguous,
        })
    }

    fn of_order(
        &self,
        store: &Store,
        order: u64,
        only: Option<&BTreeSet<DocumentKey>>,
        now: Option<&Order>,
    ) -> Result<Vec<ExplainAnswer>, Unexplained> {
        let mut answers = Vec::new();
        for link in store.links_of_order(TARGET, order)? {
            let is_meant = match (&link.subject, only) {
                (Subject::Document(key), Some(only)) => only.contains(key),
                _ => true,
            };
            if is_meant {
                answers.extend(self.of_link(store, &link, now)?);
            }
        }
        if only.is_some() {
            return Ok(answers);
        }
        let id = order.to_string();
        let filed = store.problems_about(&id)?;
        let of_order = |filed: &&FiledProblem| is_of_orders(filed.problem.source.entity);
        let held: Vec<&FiledProblem> = filed.iter().filter(of_order).collect();
        for filed in held {
            answers.push(ExplainAnswer::NotPosted(waiting(store, filed)?));
        }
        if answers.is_empty() {
            let skips = store.left_out(&id)?;
            let last = skips
                .iter()
                .rfind(|left_out| is_of_orders(left_out.change.source.entity));
            answers.extend(last.map(|last| ExplainAnswer::NotPosted(skipped(last))));
        }
        Ok(answers)
    }

    fn of_link(
        &self,
        store: &Store,
        link: &Link,
        now: Option<&Order>,
    ) -> Result<Option<ExplainAnswer>, Unexplained> {
        let (Subject::Document(key), Some(posted)) = (&link.subject, &link.posted) else {
            return Ok(None);
        };
        let rules = &self.config.rules;
        let requests = store.requests_for(TARGET, &link.subject)?;
        let mut parts = explained(posted, rules, now);
        place(&mut parts, &|setting| self.place_of(setting));
        let under = match requests.iter().rfind(|made| wrote_it(made)) {
            Some(made) => vec![request(made, posted.total, rules.timezone).over(parts)],
            None => parts,
        };
        let label = format!("{} {} of {}", posted.kind, posted.number, posted.date);
        let reference = format!("{}/{}", link.remote.entity, link.remote.id);
        let tree = ExplainedAmount::new(SourceKind::Books, reference, label, posted.total);
        let decided = posted.document.as_ref();
        let decided = decided.map(|document| decided_by(document, rules, now));
        let mut decided_by: Vec<SettingBehind> = Vec::new();
        for decided in decided.unwrap_or_default() {
            let place = decided.setting.as_deref().map(|key| self.place_of(key));
            decided_by.push(SettingBehind { decided, place });
        }
        let document = posted.document.as_ref();
        let is_mapped = document.is_some_and(|document| !document.overlay.is_empty());
        let mut remarks = remarks(link, &requests, is_mapped);
        if key.role == Role::Transfer {
            remarks.extend(billed_on(store, key.origin)?);
        }
        if key.role == Role::Sale {
            remarks.extend(self.told_in_shop(store, key.order())?);
        }
        Ok(Some(ExplainAnswer::Posted(Box::new(ExplainedDocument {
            what: key.to_string(),
            total: posted.total.to_string(),
            currency: posted.currency.clone(),
            document: posted.number.clone(),
            kind: posted.kind.as_str(),
            date: posted.date,
            state: link.state,
            order: key.order(),
            tree: tree.over(under),
            decided_by,
            remarks,
        }))))
    }

    /// What the shop was told of an order, and when.
    fn told_in_shop(&self, store: &Store, order: Option<u64>) -> Result<Vec<String>, StoreError> {
        let shop = self.config.woocommerce.as_ref();
        let shop = shop.and_then(|shop| WooCommerce::address_of(&shop.url));
        let (Some(shop), Some(order)) = (shop, order) else {
            return Ok(Vec::new());
        };
        let made = store.done_to_in_shop(&shop, &format!("order:{order}"))?;
        let done = made
            .iter()
            .filter(|one| matches!(one.outcome, Some(ShopOutcome::Done(_))));
        let said = done.map(|one| {
            format!(
                "the shop was told on {} by a {}: {}",
                local(one.at, self.config.rules.timezone),
                one.step.change.kind(),
                one.step.reason.message
            )
        });
        Ok(said.collect())
    }

    /// Where a setting stands: in which line of the file, or nowhere.
    fn place_of(&self, key: &str) -> String {
        let mut settings = self.config.settings.iter();
        let file = self.config.source_path.file_name();
        let file = file.map_or_else(
            || "udsync.toml".to_owned(),
            |name| name.to_string_lossy().into_owned(),
        );
        match settings.find(|setting| setting.key == key) {
            Some(setting) => match &setting.origin {
                SettingOrigin::File { line } => format!("{file} line {line}"),
                origin => origin.to_string(),
            },
            None => "default".to_owned(),
        }
    }
}

impl FoundHomes {
    fn is_empty(&self) -> bool {
        self.homes.is_empty() && self.of_code.is_none() && self.of_problem.is_none()
    }

    fn or_unknown(self) -> Result<FoundHomes, Unexplained> {
        if self.is_empty() {
            return Err(Unexplained::Unknown(self.what));
        }
        Ok(self)
    }
}

/// Settings get the place where they stand.
fn place(parts: &mut [ExplainedAmount], place_of: &dyn Fn(&str) -> String) {
    for part in parts {
        let from = &mut part.from;
        if from.kind == SourceKind::Rule && from.reference.starts_with("books.") {
            from.reference = format!("{} ({})", from.reference, place_of(&from.reference));
        }
        place(&mut part.children, place_of);
    }
}

/// The documents that are worth so much, those of the nearest days first. On the day itself also those in which it stands somewhere.
fn worth(store: &Store, amount: Money, day: NaiveDate) -> Result<Vec<Link>, StoreError> {
    let mut near = store.links_worth(TARGET, amount, day)?;
    if near.is_empty() {
        near = store.links_naming(TARGET, amount, day)?;
    }
    for distance in 1..=DAYS_AROUND {
        if !near.is_empty() {
            break;
        }
        let days = Days::new(distance);
        for day in [day.checked_sub_days(days), day.checked_add_days(days)]
            .into_iter()
            .flatten()
        {
            near.extend(store.links_worth(TARGET, amount, day)?);
        }
    }
    Ok(near)
}

pub(super) fn is_of_orders(entity: Entity) -> bool {
    matches!(entity, Entity::Order | Entity::Refund)
}

/// The orders that problems and skips are about.
fn of_records(filed: &[FiledProblem], left_out: &[LeftOut]) -> BTreeSet<u64> {
    let filed = filed.iter().map(|filed| &filed.problem.source);
    let left_out = left_out.iter().map(|left_out| &left_out.change.source);
    filed
        .chain(left_out)
        .filter(|source| is_of_orders(source.entity))
        .filter_map(|source| source.id.parse().ok())
        .collect()
}

fn wrote_it(made: &RequestMade) -> bool {
    matches!(made.action, Action::Create | Action::Update)
        && matches!(made.outcome, Some(TicketOutcome::Done(_)))
}

fn request(made: &RequestMade, total: Money, zone: Tz) -> ExplainedAmount {
    let at = local(made.sent_at.unwrap_or(made.intended_at), zone);
    let label = format!("{} sent {at} in run {}", made.action.as_str(), made.run_id);
    let reference = format!("ticket {}, request id {}", made.ticket, made.key);
    ExplainedAmount::new(SourceKind::Request, reference, label, total)
}

fn remarks(link: &Link, requests: &[RequestMade], is_mapped: bool) -> Vec<String> {
    let mut remarks = Vec::new();
    match link.state {
        LinkState::Active => {}
        LinkState::Voided => {
            remarks.push("it was voided since: the books count it as 0.00".to_owned())
        }
        LinkState::Settled => {
            remarks
                .push("somebody else entered it; this is what would have been posted".to_owned());
        }
    }
    if !requests.iter().any(wrote_it) {
        remarks.push(
            "no request for it is remembered: it was found in the books by its mark".to_owned(),
        );
    }
    let updates = requests
        .iter()
        .filter(|made| made.action == Action::Update && wrote_it(made))
        .count();
    if updates > 0 {
        remarks.push(match updates {
            1 => "changed once since it was created".to_owned(),
            updates => format!("changed {updates} times since it was created"),
        });
    }
    if requests.iter().any(|made| made.outcome.is_none()) {
        remarks.push("one request for it has no answer yet: the next run asks".to_owned());
    }
    if is_mapped {
        remarks.push(
            "words on it come from the mapping of orders, which reaches no figure: `udsync mapping show orders`"
                .to_owned(),
        );
    }
    remarks
}
