//! The copy against a database in memory and a shop that changes: what is sent, what is not, and what is left after a kill.

mod cuts;
mod double;
mod shop;
mod sync;
mod telling;
