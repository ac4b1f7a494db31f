//! The pipeline: gather reads, plan thinks, apply writes.
//!
//! The engine knows ports, not services: no HTTP, no SQL, no printing, no JSON of anybody. What it looks at in a fault
//! is the remedy.

pub mod agreed;
pub mod apply;
mod before;
pub mod both_sides;
pub mod both_ways;
pub mod compared;
pub mod context;
pub mod copy;
pub mod copy_sides;
pub mod deliver;
mod doubts;
mod dressed;
pub mod error;
mod fate;
pub mod fence;
pub mod figures;
mod filing;
mod fill_up;
pub mod gather;
pub mod given_back;
mod goods;
mod grounds;
mod identity;
mod likenesses;
mod look;
mod mapped;
mod mend;
mod naming;
pub mod noticed;
mod ours;
pub mod outcome;
pub mod paid;
pub mod parked;
pub mod payouts;
mod people;
pub mod plan;
mod planner;
mod quiet;
mod readback;
mod refused;
mod renamed;
pub mod resume;
pub mod run;
pub mod schedule;
mod settled;
pub mod shopward;
pub mod so_far;
mod standing;
pub mod survey;
pub mod unattended;
pub mod undo;
pub mod vanished;
mod wished;
mod writes_done;
