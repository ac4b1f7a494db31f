//! Accounts of the shop, and the guests of its orders, as customers of the books: matched, made, and filled in where something is
//! empty.
//!
//! Who somebody is in the books is found as for an order, so that orders and accounts come to one customer. What an account said when
//! it was last compared is remembered with the link: as long as it says the same, nothing is asked and nothing is written.

use std::collections::{BTreeMap, BTreeSet};

use super::both_ways::{self, AccountCase};
use super::gather::Gathered;
use super::naming::with_links;
use super::planner::{NO_ID, Planner, Stopped};
use super::standing::Survey;
use crate::books;
use crate::books::names::{self, Party, Resolved};
use crate::connector::port::{Draft, LedgerReader, Odd};
use crate::model::draft::Dressed;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::link::Link;
use crate::model::order::Order;
use crate::model::plan::{Action, Entity, Hold, RecordKey, Remote, RemoteKind, Step, Subject};
use crate::model::shopper::Shopper;
use crate::store::StoreError;

pub(super) fn plan<F: LedgerReader>(
    planner: &mut Planner<'_, F>,
    gathered: &Gathered,
    survey: &Survey<'_>,
) -> Result<(), StoreError> {
    for odd in &gathered.odd_shoppers {
        planner.holds.push(hold_odd(odd));
    }
    if gathered.shoppers.is_empty() && gathered.buyers.is_empty() {
        return Ok(());
    }
    let ground = planner.ground;
    let links: BTreeMap<String, Link> = ground
        .store
        .customer_links(ground.finder.name())?
        .into_iter()
        .filter_map(|link| match &link.subject {
            Subject::Customer(key) if ground.likenesses.are_others(key) => None,
            Subject::Customer(key) => Some((key.clone(), link)),
            Subject::Item(_) | Subject::Vendor(_) | Subject::Document(_) => None,
        })
        .collect();
    let home = format!(".{}", planner.company.home_currency);
    let mut accounts_of: BTreeMap<String, u32> = BTreeMap::new();
    for (key, link) in &links {
        if key.starts_with('c') && key.ends_with(&home) {
            *accounts_of.entry(link.remote.id.clone()).or_default() += 1;
        }
    }
    let mut people = People {
        planner,
        links,
        accounts_of,
        agreeing: BTreeSet::new(),
        bought_in: BTreeMap::new(),
        touched: BTreeSet::new(),
    };
    let is_sale = |order: &&Order| books::is_sale(order, ground.rules, &survey.company);
    for order in gathered.orders.values().chain(gathered.buyers.values()) {
        if let Some(account) = order.buyer.account
            && is_sale(&order)
        {
            let currencies = people.bought_in.entry(account).or_default();
            currencies.insert(order.currency.clone());
        }
    }
    for (id, shopper) in &gathered.shoppers {
        people.account(shopper, gathered.dressed.get(id))?;
    }
    for order in last_sales(gathered.buyers.values().filter(is_sale)) {
        people.guest(order)?;
    }
    Ok(())
}

/// The last sale of everybody in each currency: what somebody said last counts.
fn last_sales<'o>(orders: impl Iterator<Item = &'o Order>) -> Vec<&'o Order> {
    let mut last: BTreeMap<(String, &str), &Order> = BTreeMap::new();
    for order in orders {
        let key = (
            order.buyer.email.trim().to_lowercase(),
            order.currency.as_str(),
        );
        let known = last.entry(key).or_insert(order);
        if (known.modified_at, known.id) < (order.modified_at, order.id) {
            *known = order;
        }
    }
    last.into_values().collect()
}

struct People<'p, 'a, F: LedgerReader> {
    planner: &'p mut Planner<'a, F>,
    /// By our key for a buyer in a currency.
    links: BTreeMap<String, Link>,
    /// The currencies in which an account has orders.
    bought_in: BTreeMap<u64, BTreeSet<String>>,
    /// Customers that the plan changes already. A second change would come to a customer that is not as it was read.
    touched: BTreeSet<String>,
    /// How many accounts each customer of the books is.
    accounts_of: BTreeMap<String, u32>,
    /// Customers that are an account of this plan already.
    agreeing: BTreeSet<String>,
}

impl<F: LedgerReader> People<'_, '_, F> {
    fn account(&mut self, shopper: &Shopper, dressed: Option<&Dressed>) -> Result<(), StoreError> {
        let source = RecordKey::customer(&shopper.id.to_string());
        if self.planner.ground.stands_undone(&source) {
            return Ok(());
        }
        let look = match dressed {
            Some(Dressed::Look(look)) => Some(look),
            Some(Dressed::Skip(reason)) => {
                self.skip(&source, shopper.id, reason.clone());
                return Ok(());
            }
            Some(Dressed::Refused(reason)) => {
                self.hold(source, reason.clone());
                return Ok(());
            }
            None => None,
        };
        if self.planner.is_set_aside(&source, None) {
            let reason = Reason::new(
                "set_aside",
                format!("account {} was set aside for good", shopper.id),
            );
            self.skip(&source, shopper.id, reason);
            return Ok(());
        }
        let content = Fingerprint::of(&(shopper.fingerprint(), look));
        let before = self.planner.name_steps.len();
        for currency in self.currencies(shopper.id) {
            let party = Party::of_account(shopper, &currency, look);
            let is_home = currency == self.planner.company.home_currency;
            self.party(&source, &party, &content, is_home.then_some(shopper))?;
        }
        let mut steps = self.planner.name_steps[before..].iter();
        let mut to_shop = self.planner.to_shop.iter();
        if steps.any(|step| step.action.writes()) || to_shop.any(|step| step.source == source) {
            self.planner
                .shoppers
                .insert(shopper.id, shopper.fingerprint());
        }
        Ok(())
    }

    /// In which currencies somebody is a customer: those of the orders that are read now or were posted before, and the company's
    /// own where there are none.
    fn currencies(&self, account: u64) -> BTreeSet<String> {
        let company = self.planner.company;
        let mine = format!("c{account}.");
        let linked = self.links.range(mine.clone()..);
        let linked = linked
            .map_while(|(key, _)| key.strip_prefix(&mine))
            .map(str::to_owned);
        let bought = self.bought_in.get(&account).into_iter().flatten().cloned();
        let mut currencies: BTreeSet<String> = linked.chain(bought).collect();
        // Whoever bought in another one is held with the order.
        currencies.retain(|currency| company.multicurrency || *currency == company.home_currency);
        if currencies.is_empty() {
            currencies.insert(company.home_currency.clone());
        }
        currencies
    }

    /// Somebody without an account is known by an e-mail address. Without one a guest is nobody but the buyer of that order.
    fn guest(&mut self, order: &Order) -> Result<(), StoreError> {
        let company = self.planner.company;
        let foreign = order.currency != company.home_currency;
        let has_address = !order.buyer.email.trim().is_empty();
        if order.buyer.account.is_some() || !has_address || (foreign && !company.multicurrency) {
            return Ok(());
        }
        let party = Party::of_order(order);
        let source = RecordKey::customer(&names::known_as(&party, self.planner.ground.rules));
        let is_left = self.planner.ground.stands_undone(&source);
        if is_left || self.planner.is_set_aside(&source, None) {
            return Ok(());
        }
        let content = Fingerprint::of(&(&order.buyer, &order.billing, &order.shipping));
        self.party(&source, &party, &content, None)
    }

    /// Finds somebody in the books and plans what becomes of it there, or holds it. `shopper` is the account that may be changed itself.
    fn party(
        &mut self,
        source: &RecordKey,
        party: &Party<'_>,
        content: &Fingerprint,
        shopper: Option<&Shopper>,
    ) -> Result<(), StoreError> {
        match self.resolve(source, party, content, shopper) {
            Ok(()) => Ok(()),
            Err(Stopped::Held(reason)) => {
                self.hold(source.clone(), reason);
                Ok(())
            }
            Err(Stopped::Store(error)) => Err(error),
        }
    }

    fn resolve(
        &mut self,
        source: &RecordKey,
        party: &Party<'_>,
        content: &Fingerprint,
        shopper: Option<&Shopper>,
    ) -> Result<(), Stopped> {
        let ground = self.planner.ground;
        let planner = &mut *self.planner;
        let (key, resolved) = with_links(ground, Subject::Customer, |linked| {
            let directory = &mut planner.directory;
            names::party(party, ground.rules, planner.company, directory, linked)
        })??;
        let subject = Subject::Customer(key.clone());
        if self.planner.noted.contains(&subject) {
            // The same guest in another state of an order.
            return Ok(());
        }
        match resolved {
            Resolved::New { draft, .. } => {
                let draft = Draft::Customer(&draft);
                self.planner.new_name(source.clone(), subject, draft)?;
                if let Some(step) = self.planner.name_steps.last_mut() {
                    step.made_from = Some(content.clone());
                }
            }
            Resolved::Known { id, warnings } => {
                self.planner.can_be_made(&id)?;
                let mut step =
                    Step::bare(Action::None, source.clone(), subject, RemoteKind::Customer);
                step.warnings = warnings;
                let goes_both_ways = ground.agreed.goes_both_ways(Entity::Customer)
                    && Subject::from_reference(&id).is_none();
                if let Some(shopper) = shopper.filter(|_| goes_both_ways) {
                    if self.agree(&mut step, id, party, shopper)? {
                        step.made_from = Some(content.clone());
                    }
                    self.planner.note(step);
                    return Ok(());
                }
                let link = self.links.get(&key).filter(|link| link.remote.id == id);
                let is_settled = link.is_some_and(|link| link.content == content.as_str());
                // Somebody whom this very plan makes is met again by the next run.
                if !is_settled && Subject::from_reference(&id).is_none() {
                    self.compare(&mut step, id, party, content)?;
                }
                self.planner.note(step);
            }
        }
        Ok(())
    }

    /// Compares a customer of the books with what the shop says now.
    fn compare(
        &mut self,
        step: &mut Step,
        id: String,
        party: &Party<'_>,
        content: &Fingerprint,
    ) -> Result<(), Stopped> {
        let ground = self.planner.ground;
        let Some(read) = ground.customers.get(&id) else {
            self.planner.to_read.insert(id);
            return Ok(());
        };
        step.remote = Some(Remote {
            entity: RemoteKind::Customer,
            id: id.clone(),
            revision: String::new(),
        });
        let Some(stands) = read else {
            return Ok(());
        };
        let wanted = names::draft(party, ground.rules, self.planner.company);
        let change = names::filled(stands, &wanted, ground.rules.policy.customers_update);
        if !change.is_empty() {
            if !self.touched.insert(id) {
                return Ok(());
            }
            let encoded = ground.finder.encode(Draft::CustomerChange {
                change: &change,
                remote: &stands.remote,
            })?;
            step.action = Action::Update;
            step.remote = Some(stands.remote.clone());
            step.body = Some(encoded.body);
        }
        step.made_from = Some(content.clone());
        Ok(())
    }

    /// Brings an account and its customer to agree, field by field. Says whether there was something to compare.
    fn agree(
        &mut self,
        step: &mut Step,
        id: String,
        party: &Party<'_>,
        shopper: &Shopper,
    ) -> Result<bool, Stopped> {
        let ground = self.planner.ground;
        let source = RecordKey::customer(&shopper.id.to_string());
        step.remote = Some(Remote {
            entity: RemoteKind::Customer,
            id: id.clone(),
            revision: String::new(),
        });
        let is_first = self.agreeing.insert(id.clone());
        if !is_first
            || self
                .accounts_of
                .get(&id)
                .is_some_and(|accounts| *accounts > 1)
        {
            step.warnings.push(Reason::new(
                "customer_shared",
                format!("several accounts are customer {id} in QuickBooks, so nothing of account {} goes back and forth", shopper.id),
            ));
            return Ok(true);
        }
        let entry = names::customer_entry(&self.planner.directory, &id);
        let revision = entry.map_or("", |entry| entry.revision());
        let shop = both_ways::account_digest(shopper, &party.buyer);
        if ground.agreed.is_quiet(&source, &id, revision, &shop) {
            step.remote = None;
            return Ok(false);
        }
        let Some(read) = ground.customers.get(&id) else {
            self.planner.to_read.insert(id);
            return Ok(false);
        };
        let Some(card) = read else {
            return Ok(false);
        };
        let wanted = names::draft(party, ground.rules, self.planner.company);
        let (shop_ahead, books_ahead) = ground.clocks_ahead;
        let case = AccountCase {
            shopper,
            buyer: &party.buyer,
            wanted: &wanted,
            is_mapped: ground.mappings.is_some(),
            card,
            shop_ahead,
            books_ahead,
        };
        let drawn = both_ways::account(ground.agreed, &case);
        let change = drawn.customer_change();
        if !change.is_empty() {
            let encoded = ground.finder.encode(Draft::CustomerChange {
                change: &change,
                remote: &card.remote,
            })?;
            step.action = Action::Update;
            step.remote = Some(card.remote.clone());
            step.body = Some(encoded.body);
        }
        if let Some((change, before)) = drawn.account_change(shopper) {
            self.planner.step_to_shop(&drawn, change, before)?;
        }
        step.warnings.extend(drawn.warnings.iter().cloned());
        if let Some(reason) = &drawn.hold {
            self.hold(source, reason.clone());
        }
        self.planner.drawn.push(drawn);
        Ok(true)
    }

    fn skip(&mut self, source: &RecordKey, account: u64, reason: Reason) {
        let subject =
            Subject::Customer(format!("c{account}.{}", self.planner.company.home_currency));
        let mut step = Step::bare(Action::Skip, source.clone(), subject, RemoteKind::Customer);
        step.reason = Some(reason);
        // Whether an order of the account needs a customer is another matter, so the name is not noted.
        self.planner.name_steps.push(step);
    }

    fn hold(&mut self, source: RecordKey, reason: Reason) {
        self.planner.holds.push(Hold {
            source,
            subject: None,
            reason,
        });
    }
}

fn hold_odd(odd: &Odd) -> Hold {
    let id = odd.id.map_or_else(|| NO_ID.to_owned(), |id| id.to_string());
    Hold {
        reason: Reason::new(
            "customer_unreadable",
            format!("account {id} could not be read: `{}` {}", odd.path, odd.said),
        )
        .hint("open the customer in the shop and save it again, or look for a plugin that changes it; then run `udsync sync customers` again"),
        source: RecordKey::customer(&id),
        subject: None,
    }
}
