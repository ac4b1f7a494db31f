//! People: everything that the file keeps of one person, found by the e-mail address, and how it is forgotten.
//!
//! What goes are names, addresses and words. What stays are ids, figures, numbers and dates: without them the file would not know any
//! more what it has posted, and would post it again. Nothing is decided here about the books, the shop or the database.

mod outcomes;
mod words;

use std::collections::BTreeSet;
use std::fs;
use std::ops::ControlFlow;

use rusqlite::{OptionalExtension, Transaction, params};
use serde::Serialize;
use serde_json::Value;

use super::agreed::rows_of_people;
use super::bodies::{
    self, AGREED, ANSWERS, BodySite, CHANGES, FIELD_CONFLICTS, IMAGES, INTENTS, LINKS, LISTS,
    PeopleForm, SHOP_ANSWERS, SHOP_STEPS, SiteRow, TICKETS, WRITES,
};
use super::error::{SqlTrouble, StoreError};
use super::veil::{Veil, veiled_with};
use super::{Store, journal, thin};
use crate::model::plan::Subject;

/// By what a person is found.
#[derive(Clone, Debug)]
pub struct PersonSought {
    /// In small letters.
    pub email: String,
    /// The digest by which an account of the shop is told from another one.
    pub looks: String,
    /// The key by which a guest is linked, without the currency.
    pub guest: String,
}

/// What reads a body: it is the ledger's own dialect.
#[derive(Clone, Copy)]
pub struct BodyDialect {
    /// By which ids a body names customers.
    pub customers: fn(&str) -> BTreeSet<String>,
    /// What the customer of a body is called who has this address.
    pub names: fn(&str, &str) -> BTreeSet<String>,
    /// What is kept for good of something that stood in the books.
    pub figures: fn(&str) -> String,
}

/// What the file keeps of a person. Numbers and keys of our own, and no word of theirs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Traces {
    /// Accounts of the shop, by id.
    pub accounts: BTreeSet<u64>,
    /// Orders that are known to be theirs, by id.
    pub orders: BTreeSet<u64>,
    /// The customers in the books that they are linked to, by id. These links stay.
    pub customers: BTreeSet<String>,
    /// Requests without an outcome that name them: their bytes may have to be sent again.
    pub open_requests: usize,
    /// Requests that are settled, by number.
    #[serde(skip)]
    pub tickets: BTreeSet<i64>,
    /// What stood in the books before a change.
    #[serde(skip)]
    pub images: BTreeSet<i64>,
    /// Lines of the history with a body.
    #[serde(skip)]
    pub changes: BTreeSet<i64>,
    /// Links that remember an address or words.
    #[serde(skip)]
    pub links: BTreeSet<i64>,
    /// Answers that are kept for a caller's key.
    #[serde(skip)]
    pub answers: BTreeSet<i64>,
    /// Lists of names.
    #[serde(skip)]
    pub lists: BTreeSet<i64>,
    /// Reasons of accepted differences in which they are named, and proofs that quote these.
    #[serde(skip)]
    pub accepted: BTreeSet<i64>,
    #[serde(skip)]
    pub proofs: BTreeSet<i64>,
    /// What they are called, as far as a body that has their address says it.
    #[serde(skip)]
    names: BTreeSet<String>,
    /// What both sides agreed on, or did not.
    #[serde(skip)]
    pub agreed: BTreeSet<i64>,
    #[serde(skip)]
    pub conflicts: BTreeSet<i64>,
    /// What was written to the shop, of their accounts and orders.
    #[serde(skip)]
    pub shop_writes: BTreeSet<i64>,
    /// Digests of the address.
    #[serde(skip)]
    pub likenesses: usize,
}

impl Traces {
    /// Whether anything can be forgotten here.
    pub fn is_empty(&self) -> bool {
        self.texts() == 0 && self.likenesses == 0 && self.open_requests == 0
    }

    /// How many texts hold them that can be forgotten.
    pub fn texts(&self) -> usize {
        [
            &self.tickets,
            &self.images,
            &self.changes,
            &self.links,
            &self.answers,
            &self.lists,
            &self.agreed,
            &self.conflicts,
            &self.shop_writes,
            &self.accepted,
            &self.proofs,
        ]
        .iter()
        .map(|found| found.len())
        .sum()
    }
}

impl Store {
    pub(super) fn traces(
        &self,
        sought: &PersonSought,
        dialect: &BodyDialect,
    ) -> Result<Traces, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            if let Some(key) = veiled_with(view)?
                && veil.key_id() != Some(&key)
            {
                return Err(SqlTrouble::Shut);
            }
            find(view, &veil, sought, dialect)
        })
    }

    pub(super) fn forget(
        &self,
        sought: &PersonSought,
        dialect: &BodyDialect,
    ) -> Result<Traces, StoreError> {
        let veil = self.veil();
        let traces = self.write(|change| {
            let traces = find(change, &veil, sought, dialect)?;
            forget(change, &veil, &traces, sought, &dialect.figures)?;
            Ok(traces)
        })?;
        self.forget_the_log()?;
        for half in self.halves() {
            fs::remove_file(&half).map_err(|error| StoreError::from_io(&error, &half))?;
        }
        // Nobody reads a copy but to go back, and it may be sealed with a key of its own time.
        self.over_copies(|change| {
            bodies::empty(change, &veil, &dialect.figures)?;
            forget_likeness(change, sought)
        })?;
        Ok(traces)
    }

    pub(super) fn copies_with_people(&self) -> Result<usize, StoreError> {
        let mut holding = self.halves().len();
        self.look_at_copies(|view| {
            holding += usize::from(bodies::hold_people(view)?);
            Ok(())
        })?;
        Ok(holding)
    }
}

fn find(
    view: &Transaction<'_>,
    veil: &Veil,
    sought: &PersonSought,
    dialect: &BodyDialect,
) -> Result<Traces, SqlTrouble> {
    let mut traces = Traces::default();
    let mut tickets = BTreeSet::new();
    let subjects = known_as(view, sought, &mut traces)?;
    named_in(
        view,
        &Theirs { sought, veil },
        dialect,
        &mut traces,
        &mut tickets,
    )?;
    traces
        .orders
        .extend(outcomes::orders_of(view, &traces.customers)?);
    open_requests(view, veil, dialect.customers, &mut traces, &mut tickets)?;
    of_orders(view, &mut traces, &mut tickets)?;
    of_subjects(view, &subjects, &mut tickets)?;
    sort_requests(view, tickets, &mut traces)?;
    of_accounts(view, &mut traces)?;
    written_to_shop(view, &Theirs { sought, veil }, &mut traces)?;
    if traces.open_requests > 0 {
        // By the digest they are found again, once these have their outcomes.
        traces.likenesses = 0;
    }
    let named = words::naming(view, veil, sought, &traces.names)?;
    (traces.accepted, traces.proofs) = named;
    Ok(traces)
}

/// Their accounts, and what they are to the books: as links say it, and the journal where a link is gone.
fn known_as(
    view: &Transaction<'_>,
    sought: &PersonSought,
    traces: &mut Traces,
) -> Result<BTreeSet<String>, SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT subject FROM likenesses WHERE looks = ?1")?;
    let named = ask.query_map([&sought.looks], |row| row.get::<_, String>(0))?;
    let mut keys = vec![sought.guest.clone()];
    for named in named {
        let named = named?;
        traces.likenesses += 1;
        if let Some(id) = named.strip_prefix('c').and_then(|id| id.parse().ok()) {
            traces.accounts.insert(id);
            keys.push(named);
        }
    }
    let mut subjects = BTreeSet::new();
    for key in keys {
        // Behind the dot comes the slash, in every table of letters that we use.
        let mut ask = view.prepare_cached(
            "SELECT subject, remote_id FROM links
             WHERE subject >= '@customer:' || ?1 || '.' AND subject < '@customer:' || ?1 || '/'",
        )?;
        let links = ask.query_map([&key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for link in links {
            let (subject, id): (String, String) = link?;
            subjects.insert(subject);
            traces.customers.insert(id);
        }
        for (subject, id) in outcomes::customers(view, &key)? {
            subjects.insert(subject);
            traces.customers.insert(id);
        }
    }
    Ok(subjects)
}

/// The texts in which their address stands.
fn named_in(
    view: &Transaction<'_>,
    theirs: &Theirs<'_>,
    dialect: &BodyDialect,
    traces: &mut Traces,
    tickets: &mut BTreeSet<i64>,
) -> Result<(), SqlTrouble> {
    let mut names = BTreeSet::new();
    let mut learn = |row: &SiteRow| {
        let text = theirs.veil.open(&row.place, row.text.clone()).text();
        let text = text.unwrap_or_default();
        names.extend((dialect.names)(&text, &theirs.sought.email));
    };
    theirs.each(view, &LINKS, |row, is_named| {
        if is_named {
            traces.links.insert(row.number);
            traces.orders.extend(order_of(&row.place));
        }
    })?;
    theirs.each(view, &WRITES, |row, is_named| {
        if is_named {
            tickets.extend(ticket_of(&row.place));
        }
    })?;
    theirs.each(view, &INTENTS, |row, is_named| {
        if is_named {
            tickets.extend(ticket_of(&row.place));
        }
    })?;
    theirs.each(view, &TICKETS, |row, is_named| {
        if is_named {
            learn(row);
            tickets.insert(row.number);
        }
    })?;
    theirs.each(view, &IMAGES, |row, is_named| {
        if is_named {
            learn(row);
            traces.images.insert(row.number);
        }
    })?;
    theirs.each(view, &CHANGES, |row, is_named| {
        if is_named {
            learn(row);
            traces.changes.insert(row.number);
        }
    })?;
    for line in &traces.changes {
        let mut ask = view.prepare_cached(
            "SELECT CAST(source_id AS INTEGER) FROM changes WHERE id = ?1 AND source_entity = 'order'",
        )?;
        let order: Option<i64> = ask.query_row([line], |row| row.get(0)).optional()?;
        traces.orders.extend(order.map(i64::cast_unsigned));
    }
    theirs.each(view, &ANSWERS, |row, is_named| {
        if is_named {
            traces.answers.insert(row.number);
        }
    })?;
    theirs.each(view, &LISTS, |row, is_named| {
        if is_named {
            traces.lists.insert(row.number);
        }
    })?;
    traces.names = names;
    agreements(view, theirs, traces)
}

/// What both sides agreed on about them. Copies of early versions know nothing of it.
fn agreements(
    view: &Transaction<'_>,
    theirs: &Theirs<'_>,
    traces: &mut Traces,
) -> Result<(), SqlTrouble> {
    let mut named = BTreeSet::new();
    for (site, found) in [
        (AGREED, &mut traces.agreed),
        (FIELD_CONFLICTS, &mut traces.conflicts),
    ] {
        if !site.is_in(view)? {
            continue;
        }
        theirs.each(view, &site, |row, is_named| {
            if is_named {
                found.insert(row.number);
                named.extend(account_of(&row.place));
            }
        })?;
    }
    traces.accounts.extend(named);
    let accounts: Vec<String> = traces.accounts.iter().map(u64::to_string).collect();
    for (site, found) in [
        (AGREED, &mut traces.agreed),
        (FIELD_CONFLICTS, &mut traces.conflicts),
    ] {
        if site.is_in(view)? {
            found.extend(rows_of_people(view, site.table, &accounts)?);
        }
    }
    Ok(())
}

/// Lines of the history about their accounts: what was changed of one need not say the address.
fn of_accounts(view: &Transaction<'_>, traces: &mut Traces) -> Result<(), SqlTrouble> {
    for account in &traces.accounts {
        let mut ask = view.prepare_cached(
            "SELECT id FROM changes WHERE source_entity = 'customer' AND source_id = ?1 AND body IS NOT NULL",
        )?;
        let changes = ask.query_map([account.to_string()], |row| row.get(0))?;
        for change in changes {
            traces.changes.insert(change?);
        }
    }
    Ok(())
}

/// What was written to the shop of their accounts and orders, and what else names them there. What has no outcome yet is kept until it
/// has one. Copies of early versions know nothing of it.
fn written_to_shop(
    view: &Transaction<'_>,
    theirs: &Theirs<'_>,
    traces: &mut Traces,
) -> Result<(), SqlTrouble> {
    if !SHOP_STEPS.is_in(view)? {
        return Ok(());
    }
    let mut found = BTreeSet::new();
    for site in [SHOP_STEPS, SHOP_ANSWERS] {
        theirs.each(view, &site, |row, is_named| {
            if is_named {
                found.insert(row.number);
            }
        })?;
    }
    let accounts = traces.accounts.iter().map(|id| format!("customer:{id}"));
    let orders = traces.orders.iter().map(|id| format!("order:{id}"));
    let things = Value::from_iter(accounts.chain(orders)).to_string();
    let mut ask = view.prepare_cached(
        "SELECT id FROM shop_writes WHERE thing IN (SELECT value FROM json_each(?1))",
    )?;
    let of_them = ask.query_map([things], |row| row.get(0))?;
    found.extend(of_them.collect::<Result<Vec<i64>, _>>()?);
    let mut ask =
        view.prepare_cached("SELECT outcome IS NULL, step <> '' FROM shop_writes WHERE id = ?1")?;
    for id in found {
        match ask.query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))? {
            (true, true) => traces.open_requests += 1,
            (false, true) => {
                traces.shop_writes.insert(id);
            }
            _ => {}
        }
    }
    Ok(())
}

/// Tells requests that can be forgotten from those that are still open, and from those of which nothing is left.
fn sort_requests(
    view: &Transaction<'_>,
    tickets: BTreeSet<i64>,
    traces: &mut Traces,
) -> Result<(), SqlTrouble> {
    for ticket in tickets {
        let mut ask =
            view.prepare_cached("SELECT closed_at IS NULL, body <> '' FROM tickets WHERE id = ?1")?;
        let state: Option<(bool, bool)> = ask
            .query_row([ticket], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        match state {
            Some((true, _)) => traces.open_requests += 1,
            Some((false, true)) => {
                traces.tickets.insert(ticket);
            }
            _ => {}
        }
    }
    // What stood there before an open request is needed until that has its outcome.
    let mut ask = view.prepare_cached("SELECT id FROM tickets WHERE closed_at IS NULL")?;
    let open = ask.query_map([], |row| row.get(0))?;
    let open: BTreeSet<i64> = open.collect::<Result<_, _>>()?;
    traces
        .images
        .retain(|image| !open.contains(&(image / 4096)));
    Ok(())
}

/// Looks for the address in texts.
struct Theirs<'a> {
    sought: &'a PersonSought,
    veil: &'a Veil,
}

impl Theirs<'_> {
    /// Tells of each row of a site whether the address stands in it.
    fn each(
        &self,
        view: &Transaction<'_>,
        site: &BodySite,
        mut tell: impl FnMut(&SiteRow, bool),
    ) -> Result<(), SqlTrouble> {
        site.each(view, |row| {
            tell(row, self.names_them(site, row));
            Ok(ControlFlow::Continue(()))
        })
    }

    fn names_them(&self, site: &BodySite, row: &SiteRow) -> bool {
        let says = |text: &str| text.to_lowercase().contains(&self.sought.email);
        if says(&row.text) {
            return true;
        }
        match site.form {
            PeopleForm::Whole => {
                let opened = self.veil.open(&row.place, row.text.clone()).text();
                opened.is_some_and(|text| says(&text))
            }
            PeopleForm::Parts => {
                let opened = self
                    .veil
                    .open_people::<Value>(&row.place, &row.text, "people");
                opened.is_ok_and(|(value, _)| says(&value.to_string()))
            }
            PeopleForm::Name => false,
        }
    }
}

/// `link/quickbooks/@document:1042/sale`.
fn order_of(place: &str) -> Option<u64> {
    let (_, key) = place.split_once("/@document:")?;
    key.split('/').next()?.parse().ok()
}

/// `agreed/quickbooks/customer/7`, or `conflict/quickbooks/customer/7/customer/phone`.
fn account_of(place: &str) -> Option<u64> {
    let (_, behind) = place.split_once("/customer/")?;
    behind.split('/').next()?.parse().ok()
}

/// `write/7/0`.
fn ticket_of(place: &str) -> Option<i64> {
    place
        .strip_prefix("write/")?
        .split('/')
        .next()?
        .parse()
        .ok()
}

/// The requests without an outcome that are for one of the customers or for an order of theirs. What they would make is in no link yet,
/// and their own words are all that tells.
fn open_requests(
    view: &Transaction<'_>,
    veil: &Veil,
    customers: fn(&str) -> BTreeSet<String>,
    traces: &mut Traces,
    tickets: &mut BTreeSet<i64>,
) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare_cached("SELECT id FROM tickets WHERE closed_at IS NULL")?;
    let open = ask.query_map([], |row| row.get(0))?;
    let mut of_orders = Vec::new();
    for ticket in open.collect::<Result<Vec<i64>, _>>()? {
        let writes = match journal::writes_of(view, veil, ticket) {
            Ok((writes, _)) => writes,
            // Its key was lost, and whatever it said with it.
            Err(SqlTrouble::Shut) => continue,
            Err(trouble) => return Err(trouble),
        };
        for write in writes {
            let order = match write.subject {
                Subject::Document(key) => key.order(),
                Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
            };
            if !customers(&write.body).is_disjoint(&traces.customers) {
                traces.orders.extend(order);
                tickets.insert(ticket);
            }
            of_orders.extend(order.map(|order| (order, ticket)));
        }
    }
    // A payment may stand before the sale of its order in the journal.
    let theirs = of_orders
        .into_iter()
        .filter(|(order, _)| traces.orders.contains(order));
    tickets.extend(theirs.map(|(_, ticket)| ticket));
    Ok(())
}

/// What there is of their orders, whether or not the address stands in it.
fn of_orders(
    view: &Transaction<'_>,
    traces: &mut Traces,
    tickets: &mut BTreeSet<i64>,
) -> Result<(), SqlTrouble> {
    for order in traces.orders.clone() {
        let mut ask = view.prepare_cached(
            "SELECT rowid, '', posted FROM links WHERE order_id = ?1 AND posted IS NOT NULL",
        )?;
        let links = ask.query_map([order.cast_signed()], SiteRow::of_parts)?;
        for link in links {
            let link = link?;
            if thin::names_somebody(&link.text) {
                traces.links.insert(link.number);
            }
        }
        // What was taken out of the books again has no link any more. Behind the slash comes the nought.
        let mut ask = view.prepare_cached(
            "SELECT DISTINCT subject FROM ticket_writes
             WHERE subject >= '@document:' || ?1 || '/' AND subject < '@document:' || ?1 || '0'",
        )?;
        let subjects = ask.query_map([order.to_string()], |row| row.get(0))?;
        for subject in subjects.collect::<Result<Vec<String>, _>>()? {
            writes_of(view, &subject, tickets, &mut traces.images)?;
        }
        let mut ask = view.prepare_cached(
            "SELECT id FROM changes WHERE source_entity = 'order' AND source_id = ?1 AND body IS NOT NULL",
        )?;
        let changes = ask.query_map([order.to_string()], |row| row.get(0))?;
        for change in changes {
            traces.changes.insert(change?);
        }
    }
    Ok(())
}

fn of_subjects(
    view: &Transaction<'_>,
    subjects: &BTreeSet<String>,
    tickets: &mut BTreeSet<i64>,
) -> Result<(), SqlTrouble> {
    let mut images = BTreeSet::new();
    for subject in subjects {
        writes_of(view, subject, tickets, &mut images)?;
    }
    Ok(())
}

/// The requests that wrote something, and what stood there before.
fn writes_of(
    view: &Transaction<'_>,
    subject: &str,
    tickets: &mut BTreeSet<i64>,
    images: &mut BTreeSet<i64>,
) -> Result<(), SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT ticket_writes.ticket_id, ticket_writes.ticket_id * 4096 + ticket_writes.position,
                before_images.body IS NOT NULL AND tickets.closed_at IS NOT NULL AND tickets.body <> ''
         FROM ticket_writes JOIN tickets ON tickets.id = ticket_writes.ticket_id
         LEFT JOIN before_images ON before_images.ticket_id = ticket_writes.ticket_id
                                AND before_images.position = ticket_writes.position
         WHERE subject = ?1",
    )?;
    let writes = ask.query_map([subject], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    for write in writes {
        let (ticket, image, has_image): (i64, i64, bool) = write?;
        tickets.insert(ticket);
        if has_image {
            images.insert(image);
        }
    }
    Ok(())
}

fn forget(
    change: &Transaction<'_>,
    veil: &Veil,
    traces: &Traces,
    sought: &PersonSought,
    figures: &dyn Fn(&str) -> String,
) -> Result<(), SqlTrouble> {
    // They were looked for in this very transaction.
    if !(traces.accepted.is_empty() && traces.proofs.is_empty()) {
        words::unsay(change, veil, sought, &traces.names)?;
    }
    for ticket in &traces.tickets {
        bodies::drop_ticket(change, veil, *ticket, figures)?;
    }
    for image in &traces.images {
        bodies::drop_image(change, veil, *image, figures)?;
    }
    for line in &traces.changes {
        let mut empty = change.prepare_cached("UPDATE changes SET body = NULL WHERE id = ?1")?;
        empty.execute([line])?;
    }
    for link in &traces.links {
        let row = LINKS.rows(change, link - 1, 1)?;
        for row in row.into_iter().filter(|row| row.number == *link) {
            LINKS.put(change, &row, &thin::without_people(&row.text))?;
        }
    }
    for answer in &traces.answers {
        for row in ANSWERS.rows(change, answer - 1, 1)? {
            bodies::drop_answer(change, veil, &row)?;
        }
    }
    for list in &traces.lists {
        change.execute("DELETE FROM kept WHERE rowid = ?1", params![list])?;
    }
    for row in &traces.agreed {
        change.execute("DELETE FROM agreed WHERE rowid = ?1", [row])?;
    }
    for row in &traces.conflicts {
        change.execute("DELETE FROM field_conflicts WHERE seq = ?1", [row])?;
    }
    for row in &traces.shop_writes {
        change.execute(
            "UPDATE shop_writes SET step = '', came = NULL WHERE id = ?1",
            [row],
        )?;
    }
    while bodies::drop_some_names(change)? > 0 {}
    match traces.open_requests {
        0 => forget_likeness(change, sought),
        _ => Ok(()),
    }
}

/// Copies of early versions know none.
fn forget_likeness(change: &Transaction<'_>, sought: &PersonSought) -> Result<(), SqlTrouble> {
    let is_there = "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'likenesses')";
    if change.query_row(is_there, [], |row| row.get(0))? {
        change.execute("DELETE FROM likenesses WHERE looks = ?1", [&sought.looks])?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
