//! Mapping files: which fields of the shop feed which fields of the books or of a database.
//!
//! They decide everything that is not an accountant's rule, and nothing that is: no mapping can change
//! a money figure of a ledger document, which is checked and not merely said. This room is pure. Texts
//! of files come in as arguments; nothing here reads a disk, a clock or a service, and no input makes
//! it panic.
//!
//! # The language
//!
//! A file, `mappings/woocommerce-quickbooks/orders.toml`, is TOML that a bookkeeper can read:
//!
//! ```toml
//! source = "woocommerce"
//! target = "quickbooks"
//! entity = "orders"
//!
//! [names]                                  # paths and flows with a name of their own
//! vat_id = "meta_data[key=_vat_id].value"
//!
//! [lookup.channel]                         # what stands for what; or csv = "x.csv", key = …, value = …
//! rows = { checkout = "Web", admin = "Telephone" }
//! otherwise = "Other"                      # or then = "another_table"
//!
//! [[skip]]                                 # a filter
//! when = 'status == "checkout-draft"'
//! because = "the shopper has not finished"
//!
//! [fields]
//! location = "created_via | lookup(\"channel\")"                            # a flow
//! memo = { text = "Thank you{% if vat_id %}, {{ vat_id }}{% endif %}" }     # a text
//! class = { compute = 'size(line_items) > 9 ? "Wholesale" : "Retail"' }     # a computed value
//! bill_to.country = { value = "Canada", when = 'billing.country == "CA"' }  # a constant
//! ```
//!
//! - A *path* leads into the record: `billing.email`, `line_items[].sku` for all items of a list,
//!   `meta_data[key=_vat_id].value` for the first item with that key. What is not there is nothing.
//! - A *flow* is a path, a constant or a function, and then functions: `billing.email | trim | lower`.
//! - A *text* is a minijinja template whose braces hold flows; `{% if %}` and `{% for %}` are known.
//! - A *formula*, in `compute` and `when`, is CEL with exact decimals. It may call the functions too.
//! - `when` says if a field is fed; `otherwise` what it gets if not, or if nothing came out.
//! - `[[rows]]` instead of `[fields]` makes a row of each item: `each = "line in line_items[]"`.
//! - `settings.shop`, `settings.timezone`, `settings.number_prefix` and `settings.home_currency` come
//!   from the configuration.
//!
//! # What is where
//!
//! [`check()`] turns the text of a file into a [`Compiled`] mapping, or into all its mistakes with lines.
//! [`Compiled::apply`] makes an [`MappingOutcome`] of a record, [`Compiled::trace`] shows how, and [`Set::table_rows`] writes
//! the rows of a table as text. [`cases`]
//! compares with what was expected, [`exchange`] speaks JSON, [`shipped`] holds the program's own files,
//! and [`functions::page`] is the reference page.

pub mod cases;
pub mod exchange;
pub mod functions;
pub mod limits;
pub mod offer;
pub mod payouts_file;
pub mod shipped;

mod apply;
mod check;
mod compile;
mod fit;
mod flow;
mod formula;
mod kind;
mod lookup;
mod mistake;
mod model;
mod path;
mod problem;
mod read;
mod schema;
mod scope;
mod set;
mod template;
#[cfg(test)]
mod tests;
mod times;
mod value;
mod write;

pub use apply::{MappedRows, MappingOutcome, Refusal, Traced};
pub use check::{
    PlacedMistake, Used, check, check_imported, check_placed, check_used, csv_files, said, text,
};
pub use compile::Compiled;
pub use lookup::{Csv, Lookup};
pub use mistake::{MappingMistake, quoted};
pub use model::{Constant, Feed, Mapping, RowSource, Rule, Skip};
pub use problem::Why;
pub use set::Set;
pub use write::RowKey;
