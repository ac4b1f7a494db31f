//! Run: the whole story of `sync`, `dry-run`, `apply`, `retry` and `undo`, for whoever starts one.
//!
//! A caller makes a [`RunRequest`] and gives it to a [`Runner`]. The runner takes the lock, opens
//! the legs, works out the scope, reads, plans, and then either shows the plan or carries it out: one path with two endings. What it
//! has to say meanwhile goes to a [`Listener`], questions too: it decides *whether* somebody must be asked, the
//! caller asks. What it came to is a value, the [`RunAnswer`], which serialises to the documents that scripts read.
//!
//! The command line, the schedules and the tests that pull the plug start their runs here, and a server can: the future of a run moves
//! between threads, and [`on_a_thread`] gives it one of its own, because it waits for the disk. Nothing here prints, reads arguments or
//! knows a terminal.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `request` | what is asked for |
//! | `aim`, `scope` | which records go where, and how far back a reading goes: pure |
//! | `legs` | the shop, and behind it the books and the database, each with its own luck |
//! | `reading` | one reading of the shop for both legs |
//! | `parts` | a long reading that is planned and posted some orders at a time |
//! | `compared` | what a run over everything says of the books |
//! | `reconcile` | both sides of a period read afresh and compared |
//! | `consent` | whether the plan may go on, needs a person, or is refused |
//! | `saved` | whether a saved plan is still what would be made now |
//! | `moved` | whether a shop at another address is the same one |
//! | `lock` | waiting for another run, and telling others how far this one is |
//! | `runner` | from the lock to the answer |
//! | `thread` | a thread of its own for each run |
//! | `story` | the story itself, up to where it is carried out |
//! | `show` | its other ending: the plan, with nothing in reach that can write |
//! | `answer`, `document` | what came of it, and its form for machines |
//! | `home` | whether it is the shop that is read, or a copy of it |
//! | `interrupted` | work that can be broken off while nothing is written |
//! | `to_undo` | which run is to be taken back |
//! | `undo` | a run taken back, with all that stands in its way |
//! | `month_end` | a month that is over, proven and told to the owner |
//! | `unknown` | orders that were named and that nobody has |
//! | `figures`, `findings`, `schedules`, `sheet` | the history added up, what a look over everything came to, schedules as people see them, tables for a spreadsheet |
//! | `later` | a failure as the history keeps it |
//! | `payouts`, `payouts_file`, `payouts_posted` | what payment services paid out: looked at, out of a file, and posted |
//! | `failure` | what ends a run early: code, exit code, words, way out |

pub mod aim;
pub mod answer;
mod back;
mod compared;
pub mod consent;
pub mod document;
pub mod failure;
pub mod figures;
pub mod findings;
mod home;
mod interrupted;
pub mod later;
mod legs;
pub mod listener;
mod lock;
mod month_end;
mod moved;
mod parts;
pub mod payouts;
pub mod payouts_file;
mod payouts_posted;
mod reading;
pub mod reconcile;
pub mod request;
pub mod runner;
pub mod saved;
pub mod schedules;
pub mod scope;
pub mod sheet;
mod show;
mod story;
mod thread;
mod to_undo;
mod undo;
mod unknown;

pub use answer::{RunAnswer, RunOutcome};
pub use failure::{Failure, exit};
pub use interrupted::interruptible;
pub use listener::{ConsentQuestion, Listener, Word};
pub use month_end::tell_of_month;
pub use moved::carry_over;
pub use reconcile::{ReconcileAnswer, ReconcileRequest, reconcile};
pub use request::{
    Consent, Ending, Guard, NamedRecords, PayoutsToPost, RunRequest, RunSubject, RunToUndo,
    Selection,
};
pub use runner::Runner;
pub use thread::{Underway, on_a_thread};
