//! Cells that calculate: what columns add up to, less what others add up to. A spreadsheet gets the formula; here it is worked out too,
//! for the forms that do not calculate and for programs that open a spreadsheet without calculating.

use std::collections::BTreeSet;

use rust_decimal::Decimal;

use super::PaperTable;
use crate::books::reconciled::CheckCell;

/// The sum of some columns less the sum of others. Where the rows say what they should, it is nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaperCheck {
    pub label: String,
    pub plus: Vec<&'static str>,
    pub minus: Vec<&'static str>,
    /// Only rows whose cell of this column has this word.
    pub only: Option<(&'static str, String)>,
}

impl PaperCheck {
    /// Those of a proof, each about one currency. Where all rows have the same one nothing needs to be told apart.
    pub fn of_cells(cells: &[CheckCell]) -> Vec<PaperCheck> {
        let currencies: BTreeSet<&str> = cells.iter().map(|cell| cell.currency.as_str()).collect();
        let of_one = |cell: &CheckCell| PaperCheck {
            label: cell.label.clone(),
            plus: vec![cell.sum_of],
            minus: vec![cell.less],
            only: (currencies.len() > 1).then(|| ("currency", cell.currency.clone())),
        };
        cells.iter().map(of_one).collect()
    }
}

/// A check while its rows pass by.
pub(super) struct RunningCheck<'a> {
    pub check: &'a PaperCheck,
    pub plus: Vec<usize>,
    pub minus: Vec<usize>,
    /// A column, and the word that its cell must have.
    pub only: Option<(usize, &'a str)>,
    pub sum: Decimal,
}

impl<'a> RunningCheck<'a> {
    /// Those of a table. One about a column that the table does not have would be a mistake of ours, and is none of its checks.
    pub fn all_of(table: &'a PaperTable<'_>) -> Vec<RunningCheck<'a>> {
        let place = |name: &str| table.columns.iter().position(|column| column.name == name);
        let places = |names: &[&'static str]| -> Option<Vec<usize>> {
            names.iter().map(|name| place(name)).collect()
        };
        let running = table.checks.iter().filter_map(|check| {
            let only = match &check.only {
                None => None,
                Some((name, word)) => Some((place(name)?, word.as_str())),
            };
            Some(RunningCheck {
                check,
                plus: places(&check.plus)?,
                minus: places(&check.minus)?,
                only,
                sum: Decimal::ZERO,
            })
        });
        running.collect()
    }

    pub fn add(&mut self, row: &[String]) {
        let cell = |place: usize| row.get(place).map_or("", String::as_str);
        if self.only.is_some_and(|(place, word)| cell(place) != word) {
            return;
        }
        let figure = |place: &usize| cell(*place).parse::<Decimal>().unwrap_or_default();
        self.sum += self.plus.iter().map(figure).sum::<Decimal>();
        self.sum -= self.minus.iter().map(figure).sum::<Decimal>();
    }

    /// As amounts are written.
    pub fn said(&self) -> String {
        let mut sum = self.sum.normalize();
        if sum.scale() < 2 {
            sum.rescale(2);
        }
        if sum.is_zero() {
            sum.set_sign_positive(true);
        }
        sum.to_string()
    }
}
