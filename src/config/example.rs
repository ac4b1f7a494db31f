//! The example configuration, as it also stands in `examples/udsync.toml`.

/// A complete commented configuration of a Canadian shop.
pub const EXAMPLE: &str = include_str!("../../examples/udsync.toml");
