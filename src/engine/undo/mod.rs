//! Undo: a run is taken back by the ordinary pipeline with another scope.
//!
//! What is planned are inverses, out of what the journals remember: a document that the run made goes out of the books, one that it
//! changed gets its former words and figures back, and so does a field of an account or a product, on either side. They are written in
//! the reverse order of waves, because nothing can be taken away that something else hangs on; the shop comes last:
//!
//! ```text
//! posting    names → payments that make room → sales → credit memos → payments → refunds → fees
//! undoing    fees → refunds → payments → credit memos → sales → payments that had made room
//! ```
//!
//! Everything that may stand in the way is read before the first write, and all of it is told. One obstacle stops the run, unless
//! somebody wants the rest: then whole orders are left out, and never half of one. Nothing here overrides what the bank has reconciled
//! or what is closed.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `effects` | what a run has made of a document, seen from what stands there now: pure |
//! | `guards` | what stands in the way of taking a document back: pure |
//! | `inverse` | the plan, and every obstacle |
//! | `later` | which run wrote over another one, and which took one back |
//! | `names` | customers and items that the run changed, as they were |
//! | `in_shop` | what the run wrote to the shop, what of it is taken back, and what stays |
//! | `order` | which step has its turn when |
//! | `carried` | the plan carried out, and what came of it |
//! | `undone` | orders that stand undone, until somebody asks for them again |
//! | `voided` | what an undo has voided, and under which number it is posted again |

mod carried;
mod effects;
mod guards;
mod in_shop;
mod inverse;
mod later;
mod names;
pub(super) mod order;
pub mod undone;
pub(super) mod voided;

pub use carried::{UndoWords, foresee_undo, take_back};
pub use guards::UndoObstacle;
pub use inverse::{UndoPlanned, plan_undo};
