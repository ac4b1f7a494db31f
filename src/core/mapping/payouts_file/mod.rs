//! Payouts out of a file: what a payment service without an interface of its own puts into its CSV, as payouts and their rows.
//!
//! A mapping says which column is what, how days and amounts are written, and which of the file's words is what kind of row. Whatever a
//! line holds that cannot be understood is told with its number and stays with its payout, which then waits for a person; it is never
//! guessed at, and never keeps another payout from the books. Pure: bytes come in, and nothing here reads a disk or a clock.

mod columns;
mod days;
mod grouped;
mod line;
mod table;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;

use crate::model::payout::{FiledService, Payout, PayoutRow};

pub use columns::{PayoutsMapping, payouts_mapping};

/// The mappings that ship with the program, by the names of their services. A shop's own file of the same name wins.
pub const SHIPPED_PAYOUTS: [(&str, &str); 2] = [
    (
        "adyen",
        include_str!("../../../../mappings/payouts/adyen.toml"),
    ),
    (
        "paypal",
        include_str!("../../../../mappings/payouts/paypal.toml"),
    ),
];

/// What a file says of payouts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledPayouts {
    pub service: FiledService,
    /// What the file is called in messages.
    pub file: String,
    /// With their rows.
    pub payouts: Vec<(Payout, Vec<PayoutRow>)>,
    /// Rows that are in no payout yet.
    pub waiting: Vec<PayoutRow>,
    /// What was left out without being wrong, in words.
    pub notes: Vec<String>,
}

/// Why a whole file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unfit {
    pub message: String,
    pub hint: Option<String>,
}

impl Unfit {
    fn new(message: impl Into<String>) -> Unfit {
        Unfit {
            message: message.into(),
            hint: None,
        }
    }

    fn hint(mut self, hint: impl Into<String>) -> Unfit {
        self.hint = Some(hint.into());
        self
    }
}

/// Why a file is no table at all, whatever it is of.
pub fn no_table(bytes: &[u8]) -> Option<String> {
    table::text(bytes).err()
}

/// Whether all the columns of a mapping stand in a file.
pub fn fits(bytes: &[u8], mapping: &PayoutsMapping) -> bool {
    table::text(bytes).is_ok_and(|text| table::find(&text, mapping).is_ok())
}

/// Reads a file. `today` tells what has arrived from what is on its way.
pub fn read_payouts(
    bytes: &[u8],
    file: &str,
    mapping: &PayoutsMapping,
    today: NaiveDate,
) -> Result<FiledPayouts, Unfit> {
    let text = table::text(bytes).map_err(|why| Unfit::new(format!("`{file}` {why}")))?;
    let table = table::find(&text, mapping).map_err(|why| Unfit {
        message: format!("`{file}` {}", why.message),
        hint: why.hint,
    })?;
    if table.is_cut {
        let said = format!(
            "`{file}` ends inside quotes: it was cut off, or a quote in it is never closed"
        );
        return Err(Unfit::new(said).hint("get the file anew from the payment service"));
    }
    let lines = line::lines(&table, mapping, file, today);
    if lines.lines.is_empty() {
        return Err(
            Unfit::new(format!("`{file}` has no line below its columns"))
                .hint("ask the payment service for a longer period"),
        );
    }
    if let Some(why) = &lines.all_wrong {
        let hint = match lines.are_cut {
            true => "the line is cut off: get the file anew from the payment service",
            false => {
                "correct `date` in `[format]` of your own mapping; `udsync man payouts.7` says how"
            }
        };
        return Err(Unfit::new(why.clone()).hint(hint));
    }
    Ok(grouped::grouped(lines, mapping, file, today))
}
