//! What the tests of all stand-ins share: who asks, and who is told.

pub mod client;
pub mod receiver;
