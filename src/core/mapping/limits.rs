//! Limits: how large a mapping file, a value and the work on one record may become.
//!
//! They stand far above what a shop needs, and far below what would make a computer slow. Each is
//! tested before the work that it bounds is begun.

/// Bytes of a mapping file, of its cases, or of an imported document.
pub const FILE: usize = 256 * 1024;
/// Bytes of a CSV file for a lookup table.
pub const CSV: usize = 4 * 1024 * 1024;
pub const CSV_ROWS: usize = 50_000;
/// Bytes of all the CSV files of a folder of mappings.
pub const CSV_ALL: usize = 8 * 1024 * 1024;
/// Rows of all the tables of one mapping.
pub const ROWS_ALL: usize = 100_000;
/// Rules in one file.
pub const RULES: usize = 500;
/// Characters of a flow, and functions in it.
pub const FLOW: usize = 2_000;
pub const FLOW_CALLS: usize = 20;
/// Names and brackets in one path.
pub const PATH_STEPS: usize = 16;
/// Characters of a condition or a computed value, and how deep it may go inside itself.
pub const FORMULA: usize = 1_000;
pub const FORMULA_DEPTH: usize = 40;
/// Characters of a template, and steps that it may take.
pub const TEMPLATE: usize = 4_000;
pub const TEMPLATE_FUEL: u64 = 100_000;
/// Loops and conditions inside each other in a template.
pub const TEMPLATE_DEPTH: usize = 8;
/// Characters of a pattern, and bytes of what it compiles to.
pub const PATTERN: usize = 300;
pub const PATTERN_SIZE: usize = 512 * 1024;
/// Bytes of any text that a rule makes.
pub const TEXT: usize = 64 * 1024;
/// Steps that one record may take in all.
pub const WORK: u64 = 2_000_000;
/// Mistakes that are listed; a file with more is not worth reading on.
pub const COMPLAINTS: usize = 200;
