//! The pure part of udsync: the nouns, the accountant and the mapping language, as a crate of their own.
//!
//! Nothing here reads a file, asks a clock or calls out, so this crate compiles and is tested by itself. The rest of the program
//! knows its rooms as `crate::model`, `crate::books` and `crate::mapping`; `src/lib.rs` beside this folder is the map of all of them.

pub mod books;
pub mod mapping;
pub mod model;
