//! Both ways: what the shop and the books share of accounts and products, brought to agree field by field.
//!
//! `known` is what was agreed on so far. `sides` reads what each side says of a record, `draw` has `books` decide about each field and
//! makes of the decisions what is to be written and to be remembered; all of it belongs to planning and reads nothing. After the run
//! has written, `settle` reads both sides once more: what they say then is what was agreed, and nothing else is. `taken_back` does the
//! same where a run is taken back.

mod accounts;
mod draw;
mod gone;
mod goods;
mod know;
mod known;
mod settle;
mod sides;
mod taken_back;
#[cfg(test)]
mod worlds;

pub(super) use accounts::{AccountCase, account, digest as account_digest};
pub use draw::DrawnRecord;
pub(super) use gone::{changed_at_once, gone};
pub(super) use goods::{ProductCase, digest as product_digest, product};
pub(super) use know::know;
pub(super) use known::KnownAgreements;
pub use settle::{remember_plan, settle};
pub use taken_back::settle_taken_back;
pub(super) use taken_back::{
    WrittenFields, add_written, customer_as_before, fields_in_shop, item_as_before, mark,
};
