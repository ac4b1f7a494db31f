//! The sandbox: stand-ins of the services udsync talks to, on loopback, for tests and for `--sandbox`.
//!
//! They are stateful, seeded and strict, and able to misbehave on request. They are reached over HTTP only and share no type
//! with the rest of the program, so that a wrong idea of the wire cannot be wrong on both sides.

pub mod demo;
pub mod quickbooks;
mod stand;
pub mod supabase;
pub mod woocommerce;
