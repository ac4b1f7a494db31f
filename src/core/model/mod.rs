//! The nouns: values that every room speaks of. No I/O, no clock, no randomness.

pub mod clock;
pub mod company;
pub mod database;
pub mod decimals;
pub mod document;
pub mod draft;
pub mod event;
pub mod fault;
pub mod fingerprint;
pub mod incident;
pub mod link;
pub mod money;
pub mod order;
pub mod overlay;
pub mod plan;
pub mod problem;
pub mod product;
pub mod raw;
pub mod row;
pub mod rules;
pub mod run;
pub mod schedule;
pub mod shop;
pub mod shopper;
pub mod ticket;
pub mod wish;
