//! The outside world: ports that the engine knows, one HTTP layer, and a folder for each service with its wire types,
//! its sign-in and its errors. No service knows another.

pub mod http;
pub mod local;
pub mod notice;
pub mod port;
pub mod questions;
pub mod quickbooks;
mod rows;
pub mod signature;
pub mod stripe;
pub mod supabase;
pub mod woocommerce;
