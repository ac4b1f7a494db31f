//! The accountant's tests: the golden cases, the odd orders, and what must be true of any order.

mod agreed_table;
mod agreed_worlds;
mod bills;
mod edits;
mod explained;
mod gaps;
mod golden;
mod ledger;
mod months;
mod overlays;
mod payouts;
mod people_and_items;
mod properties;
mod reconciled;
mod reconciled_edges;
mod refunds;
mod sales;
mod shop;
mod taxes;
mod ways_out;
