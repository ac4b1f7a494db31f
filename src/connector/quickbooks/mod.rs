//! QuickBooks Online: the books that documents are written to.
//!
//! [`QuickBooks`] is one company seen through the accounting API, version 3. The story of a request runs through the files:
//! `encode` makes the body, `request` makes the bytes and the key, `client` sends them within the `budget` and signed in with the
//! `tokens`, `faults` says what a refusal means, `found` says what an answer holds. `lists` keeps what seldom changes, because
//! reads are metered; `search` looks things up.
//!
//! `sign_in` is how a person lets udsync in, with `listener` for the answer; `service` exchanges tokens, a `pair` is what comes of it.
//!
//! Nothing here decides what is posted, and nothing is written but tickets.

mod before;
mod bodies;
mod budget;
mod cards;
mod changes;
mod clean;
mod client;
mod encode;
mod facts;
mod faults;
mod fields;
mod figures;
mod found;
mod item;
mod lately;
mod ledger_report;
mod listener;
mod lists;
mod look_over;
pub mod notices;
mod pair;
mod query;
mod reference;
mod request;
mod restore;
mod search;
mod service;
pub mod sign_in;
mod statements;
mod takeback;
mod tokens;
mod trace;
mod whose;
mod wire;
mod words;
mod write;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use secrecy::SecretString;
use url::Url;

use crate::model::clock::Clock;
use crate::model::company::Company;
use crate::model::document::DocumentKind;
use crate::model::draft::CustomerInBooks;
use crate::model::fault::{Fault, Reason};
use crate::model::names::{ItemEntry, Names};
use crate::model::plan::{Remote, RemoteKind, Subject};
use crate::model::run::Requests;
use crate::model::service::Service;
use crate::model::statement::{AccountEntry, StatedDocument};
use crate::model::ticket::{Answer, BeforeImage, Body, Found, Request, Ticket, Write};

use super::port::{
    Abilities, AccountBalance, Draft, Encoded, Label, LedgerReader, LedgerWriter, Period,
    SeenDocument, Sending, Shelf, Since, Sought, StatementStates, Statements, Vault, WrittenLately,
};
use before::ShownBodies;
use client::BooksClient;
pub use figures::figures;
use lists::Lists;
pub use lists::kept_company;
pub use lists::kept_home_currency;
pub use lists::kept_names;
pub use look_over::minor_version;
pub use whose::{customers_named, names_of};

/// What a connection to a company needs to know.
#[derive(Clone, Debug)]
pub struct BooksConnection {
    pub company_id: String,
    /// The host part; `/v3/company/…` follows.
    pub api_url: Url,
    pub token_url: Url,
    pub revoke_url: Url,
    pub client_id: SecretString,
    pub client_secret: SecretString,
    /// As the environment gives it. What QuickBooks makes of it is kept in the vault.
    pub refresh_token: Option<SecretString>,
    /// The name of the tokens in the vault.
    pub tokens: String,
    /// What a person must do once QuickBooks takes the tokens no longer, as a hint.
    pub mend: String,
    /// The shop's name, as markers carry it.
    pub store: String,
    pub requests_per_minute: u32,
    pub requests_per_second: u32,
    pub batches_per_minute: u32,
    /// Writes in one batch; QuickBooks takes thirty.
    pub batch_size: usize,
    /// Requests in flight at one time.
    pub concurrency: usize,
    pub timeout: Duration,
}

/// More items in a batch are refused.
const BATCH_MAX: usize = 30;

/// How long to wait before asking again, when something went wrong on the way.
const PATIENCE: Duration = Duration::from_secs(1);

/// One company in QuickBooks Online.
pub struct QuickBooks {
    company_id: String,
    store: String,
    batch_size: usize,
    concurrency: usize,
    clock: Clock,
    client: BooksClient,
    lists: Lists,
    shown: ShownBodies,
}

impl QuickBooks {
    pub fn new(
        settings: BooksConnection,
        clock: Clock,
        shelf: Arc<dyn Shelf>,
        vault: Arc<dyn Vault>,
    ) -> QuickBooks {
        QuickBooks::patient(settings, clock, shelf, vault, PATIENCE)
    }

    fn patient(
        settings: BooksConnection,
        clock: Clock,
        shelf: Arc<dyn Shelf>,
        vault: Arc<dyn Vault>,
        patience: Duration,
    ) -> QuickBooks {
        QuickBooks {
            lists: Lists::new(&settings.company_id, clock.clone(), shelf),
            batch_size: settings.batch_size.clamp(1, BATCH_MAX),
            concurrency: settings.concurrency.max(1),
            company_id: settings.company_id.clone(),
            store: settings.store.clone(),
            clock: clock.clone(),
            client: BooksClient::new(settings, clock, vault, patience),
            shown: ShownBodies::default(),
        }
    }

    /// Makes every pause as short as this: before a question is put again, and after too many requests.
    pub fn pausing(mut self, pause: Duration) -> QuickBooks {
        self.client.pausing(pause);
        self
    }

    /// Asks the company for its name: the smallest question that needs every right.
    pub async fn probe(&self) -> Result<String, Fault> {
        self.lists.company_name(&self.client).await
    }

    /// Reads the facts of the company now, whatever is known of it.
    pub async fn look_anew(&self) -> Result<Company, Fault> {
        self.lists.forget_facts();
        self.company().await
    }

    /// Renews the tokens if they are about to run out. For whoever looks after them every few minutes.
    pub async fn keep_fresh(&self) -> Result<(), Fault> {
        self.client.keep_fresh().await
    }

    /// Ends the connection at QuickBooks. What is kept of it stays where it is.
    pub async fn revoke(&self) -> Result<(), Fault> {
        self.client.revoke().await
    }

    /// Leaves out reads that a run can do without: settings and names are taken as they were last read, whatever their age.
    pub fn sparing(mut self) -> QuickBooks {
        self.lists.spare_reads();
        self
    }

    /// Lets documents and names into the log. Tokens never get there.
    pub fn with_bodies_in_log(mut self) -> QuickBooks {
        self.client.put_bodies_in_log();
        self
    }
}

impl LedgerReader for QuickBooks {
    fn name(&self) -> &'static str {
        Service::Quickbooks.as_str()
    }

    async fn company(&self) -> Result<Company, Fault> {
        Ok(self.lists.facts(&self.client).await?.company.clone())
    }

    async fn company_today(&self) -> Result<Company, Fault> {
        Ok(self.lists.facts_today(&self.client).await?.company.clone())
    }

    async fn names(&self) -> Result<Names, Fault> {
        self.lists.names(&self.client).await
    }

    async fn find(&self, sought: &[Sought]) -> Result<Vec<Vec<Found>>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        search::find(&self.client, &facts, sought).await
    }

    async fn marked(&self, since: NaiveDate) -> Result<Vec<Found>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        search::marked(&self.client, &facts, since).await
    }

    async fn dated(&self, kinds: &[DocumentKind], since: NaiveDate) -> Result<Vec<Found>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        search::dated(&self.client, &facts, kinds, since, |_| true).await
    }

    async fn credits_by_hand(&self, since: NaiveDate) -> Result<Vec<StatedDocument>, Fault> {
        const CREDITS: [DocumentKind; 2] = [DocumentKind::CreditMemo, DocumentKind::RefundReceipt];
        let facts = self.lists.facts(&self.client).await?;
        statements::by_hand(&self.client, &facts, &CREDITS, since).await
    }

    async fn written_lately(&self, since: Since) -> Result<WrittenLately, Fault> {
        lately::written(&self.client, since, self.clock.now()).await
    }

    async fn read(&self, remotes: &[Remote]) -> Result<Vec<Option<Found>>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        search::read(&self.client, &facts, &self.shown, remotes).await
    }

    async fn seen_now(&self, remotes: &[Remote]) -> Result<Vec<Option<SeenDocument>>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        takeback::seen(&self.client, &facts, &self.shown, remotes).await
    }

    async fn settled_by_bank(&self, period: Period) -> Result<StatementStates, Fault> {
        takeback::settled_by_bank(&self.client, period).await
    }

    async fn customers(&self, ids: &[String]) -> Result<Vec<Option<CustomerInBooks>>, Fault> {
        cards::read(&self.client, &self.shown, ids).await
    }

    async fn items(&self, ids: &[String]) -> Result<Vec<Option<ItemEntry>>, Fault> {
        cards::items(&self.client, &self.shown, ids).await
    }

    fn clock_offset(&self) -> Option<TimeDelta> {
        self.client.clock_ahead(self.clock.now())
    }

    fn encode(&self, draft: Draft<'_>) -> Result<Encoded, Reason> {
        let facts = self.lists.kept_facts().ok_or_else(|| {
            Reason::new(
                "company_unknown",
                "the company in QuickBooks has not been read yet",
            )
            .hint("run the same command again, which reads it")
        })?;
        encode::encode(&facts, &self.lists.labels(), draft).inspect_err(|_| self.lists.doubt())
    }

    fn references(&self, body: &str) -> Vec<Subject> {
        reference::of(body)
    }

    fn resolve(&self, body: &str, known: &BTreeMap<Subject, String>) -> Result<Body, Vec<Subject>> {
        reference::resolve(body, known)
    }

    fn customer_of(&self, image: &BeforeImage) -> Option<CustomerInBooks> {
        cards::customer_of(image)
    }

    fn item_of(&self, image: &BeforeImage) -> Option<ItemEntry> {
        cards::item_of(image)
    }

    fn content(&self, entity: RemoteKind, body: &str) -> String {
        let facts = self.lists.kept_facts();
        let home = facts
            .as_ref()
            .map(|facts| facts.company.home_currency.as_str());
        found::content_of_body(entity, body, home.unwrap_or_default())
    }

    async fn know(&self, label: Label) -> Result<(), Fault> {
        self.lists.know(&self.client, label).await
    }

    fn words(&self, body: &str) -> BTreeMap<String, String> {
        found::words_of_body(body)
    }

    fn requests(&self) -> Requests {
        self.client.requests()
    }

    fn waiting(&self) -> Option<Duration> {
        self.client.waiting()
    }
}

impl Statements for QuickBooks {
    async fn documents(&self, period: Period) -> Result<Vec<StatedDocument>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        statements::documents(&self.client, &facts, period).await
    }

    async fn these(&self, remotes: &[Remote]) -> Result<Vec<StatedDocument>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        statements::these(&self.client, &facts, remotes).await
    }

    async fn entries(
        &self,
        period: Period,
        accounts: &[String],
    ) -> Result<Vec<AccountEntry>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        ledger_report::entries(&self.client, &facts, period, accounts).await
    }

    async fn balances(&self) -> Result<Vec<AccountBalance>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        statements::balances(&self.client, &facts).await
    }
}

impl LedgerWriter for QuickBooks {
    fn abilities(&self) -> Abilities {
        Abilities {
            batch: self.batch_size,
            names_batch: if self.lists.one_name_at_a_time() {
                1
            } else {
                self.batch_size
            },
            in_flight: self.concurrency,
        }
    }

    fn request(&self, writes: Vec<Write>, attempt: u32) -> Request {
        request::request(&self.company_id, writes, attempt)
    }

    async fn write(&self, ticket: &Ticket, sending: Sending<'_>) -> Result<Vec<Answer>, Fault> {
        let seen = write::LearnedFromAnswers {
            lists: &self.lists,
            shown: &self.shown,
        };
        write::write(&self.client, &seen, ticket, sending).await
    }

    async fn stands(&self, remotes: &[Remote]) -> Result<Vec<Option<BeforeImage>>, Fault> {
        before::stands(&self.client, &self.shown, remotes).await
    }

    async fn look(&self, writes: &[Write]) -> Result<Vec<Option<Found>>, Fault> {
        let facts = self.lists.facts(&self.client).await?;
        search::look(&self.client, &facts, &self.shown, &self.store, writes).await
    }
}
