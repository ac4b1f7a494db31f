//! Everything that is tested from outside: one binary, so that it links once.

#![recursion_limit = "256"] // orders are written out as JSON

mod commands;
mod cursor;
mod cut;
mod figures;
mod findings;
mod golden;
mod guards;
mod house;
mod ignored_tax;
mod inprocess;
mod killed;
mod lost_state;
mod manual;
mod marks;
mod names;
mod odd;
mod order;
mod plans;
mod privacy;
mod recorded;
mod storm;
mod stubborn;
mod tales;
mod twice;
mod us;
mod words;
mod world;
