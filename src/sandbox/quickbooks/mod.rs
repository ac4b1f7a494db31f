//! A stand-in for QuickBooks Online, on loopback: strict, stateful, seeded.
//!
//! It answers the accounting API's reads, queries, writes, batches and change
//! capture as far as a shop's bookkeeping needs them, and refuses what the real
//! service is known to refuse. It can be told to misbehave, and to show what was
//! asked of it, below `/_sandbox/`. What happens there it tells to one address, as
//! the service does; see `notify`.
//!
//! It does not imitate:
//! * classes, departments, terms, estimates, attachments and exchange rates;
//! * custom fields, bundles, projects, and counting of stock;
//! * tax on tax, tax inside prices (amounts are read as net), and where a sale
//!   is taxed in the US (the first tax code is used);
//! * rates of exchange: a foreign document without one is booked at 1.25;
//! * the cost of goods sold, a receivable account per currency, cash basis:
//!   see `ledger` and `reports` for what the books do beside the documents;
//! * the language and exact wording of refusals, compression, PDF and mail;
//! * how long requestids are remembered (here: for ever) and what a refusal
//!   does to one (here: it is not remembered, so the request is done anew);
//! * how long refresh tokens live, and the page on which a person says yes: the answer stands in the setup.
//!
//! Where the real behaviour is not known it chooses the harder one: a full
//! update clears most fields that it leaves out, amounts with too many decimals
//! are refused, an invoice cannot be made smaller than what was paid on it.

mod balances;
mod bank;
mod batch;
mod bill_payment;
mod bills;
mod call;
mod changes;
mod check;
mod company;
mod consent;
mod control;
mod deposits;
mod draft;
mod entity;
mod fault;
mod fields;
mod figures;
mod gate;
mod hand;
mod journal;
mod journals;
mod ledger;
mod lines;
mod links;
mod merge;
mod mishap;
mod names;
mod notify;
mod oauth;
mod payment;
mod perform;
mod persons;
mod properties;
mod purchase;
mod query;
mod reply;
mod reports;
mod sales;
mod schema;
mod search;
mod seeds;
mod setup;
mod snapshot;
mod tax;
mod throttle;
mod transfers;
mod world;
mod write;
mod xml;

#[cfg(test)]
mod tests;

use crate::stand;
use axum::middleware::map_response;
use axum::response::Response;
use std::io;

pub use crate::stand::Running;

/// Starts a stand-in on loopback; port 0 takes any free port.
pub async fn start(port: u16, setup: serde_json::Value) -> io::Result<Running> {
    let world =
        setup::build(setup).map_err(|why| io::Error::new(io::ErrorKind::InvalidInput, why))?;
    let shared = gate::CompanyShared::new(world);
    let telling = tokio::spawn(notify::tell(shared.clone()));
    let dated = shared.clone();
    let routes = control::routes()
        .fallback(gate::handle)
        .with_state(shared)
        .layer(map_response(move |response: Response| {
            std::future::ready(dated.dated(response))
        }));
    stand::serve(stand::listen(port).await?, routes, vec![telling])
}
