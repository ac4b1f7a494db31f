//! Payouts: reads what a payment service paid out with everything that it is compared with, and plans what the books shall hold of it.
//!
//! Reading and planning are handed nothing that can write. What is planned is carried out like any other plan: by tickets, each request
//! on the disk before it is sent.

mod bills;
mod carry_out;
mod claimed;
mod elsewhere;
mod fees;
mod filed;
mod open;
mod plan;
mod read;

pub use carry_out::{carry_out_payouts, foresee_payouts};
pub use fees::{leave_out_fees, mind_lost_fees};
pub use open::not_in_books;
pub use plan::{PayoutDays, PayoutsMeant, PayoutsPlanned, plan_payouts};
pub use read::{PayoutMonth, PayoutRead, read_month};
