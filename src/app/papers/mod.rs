//! Papers: tables as they leave the house, for a spreadsheet, for a browser and for the folder of the month.
//!
//! A paper is tables with columns of a kind, cells that add a column up again, and, where somebody is to sign, a page in front. Each form
//! makes its own of the same tables: a figure is a number in a spreadsheet and stands right on a page. Rows are asked for one at a time
//! and go out while they come, so that a paper of a million lines takes no more memory than one of ten thousand; a PDF, whose pages must
//! know how many they are, has an end before that. The same paper gives the same bytes: nothing in it says when it was made.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `checks` | cells that calculate, worked out as well, for forms that do not |
//! | `proof` | the paper of a proof: what is to be signed, then the tables |
//! | `csv`, `html`, `xlsx`, `pdf` | one form each |
//! | `letters` | how wide the letters of a page are |

mod checks;
pub mod csv;
mod html;
#[cfg(feature = "pdf")]
mod letters;
#[cfg(feature = "pdf")]
mod pdf;
pub mod proof;
#[cfg(test)]
mod tests;
#[cfg(feature = "xlsx")]
mod xlsx;

use std::io::{self, Write};

use crate::books::reconciled::{ProofColumn, ProofColumnKind};

pub use checks::PaperCheck;

/// Rows, from the first one on, as often as they are asked for.
pub type PaperRows<'a> = Box<dyn Fn() -> Box<dyn Iterator<Item = Vec<String>> + 'a> + 'a>;

/// What goes out as one file.
pub struct Paper<'a> {
    pub title: String,
    pub front: Option<FrontPage>,
    /// Sentences that belong to the figures.
    pub notes: Vec<String>,
    pub tables: Vec<PaperTable<'a>>,
}

pub struct PaperTable<'a> {
    pub name: &'a str,
    pub columns: Vec<ProofColumn>,
    pub rows: PaperRows<'a>,
    pub checks: Vec<PaperCheck>,
}

/// The page that is read first, and signed.
pub struct FrontPage {
    /// How it ended, in one sentence.
    pub ending: String,
    pub facts: Vec<(&'static str, String)>,
    pub totals: PaperTable<'static>,
    /// What is open, a line each.
    pub open: Vec<String>,
    /// Who signs.
    pub signatures: &'static [&'static str],
    /// The table that says the same, and is left out where this page is.
    pub instead_of: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaperForm {
    Html,
    #[cfg(feature = "xlsx")]
    Xlsx,
    #[cfg(feature = "pdf")]
    Pdf,
}

impl PaperForm {
    pub const fn as_str(self) -> &'static str {
        match self {
            PaperForm::Html => "html",
            #[cfg(feature = "xlsx")]
            PaperForm::Xlsx => "xlsx",
            #[cfg(feature = "pdf")]
            PaperForm::Pdf => "pdf",
        }
    }

    /// Whether a screen could show it.
    pub fn is_text(self) -> bool {
        self == PaperForm::Html
    }

    /// How many rows it takes.
    pub fn rows_max(self) -> Option<usize> {
        match self {
            #[cfg(feature = "pdf")]
            PaperForm::Pdf => Some(pdf::ROWS_MAX),
            _ => None,
        }
    }
}

impl<'a> Paper<'a> {
    /// Whether a form has room for it.
    pub fn fits(&self, form: PaperForm) -> bool {
        let Some(most) = form.rows_max() else {
            return true;
        };
        let mut rows = self.on_pages().flat_map(|table| (table.rows)());
        rows.nth(most).is_none()
    }

    pub fn write(&self, form: PaperForm, out: &mut (dyn Write + Send)) -> io::Result<()> {
        match form {
            PaperForm::Html => html::write(self, out),
            #[cfg(feature = "xlsx")]
            PaperForm::Xlsx => xlsx::write(self, out),
            #[cfg(feature = "pdf")]
            PaperForm::Pdf => pdf::write(self, out),
        }
    }

    /// The tables behind the front page.
    fn on_pages(&self) -> impl Iterator<Item = &PaperTable<'a>> {
        let left_out = self.front.as_ref().map(|front| front.instead_of);
        let tables = self.tables.iter();
        tables.filter(move |table| Some(table.name) != left_out)
    }
}

impl<'a> PaperTable<'a> {
    /// A table whose rows are in memory.
    pub fn of_rows(
        name: &'a str,
        columns: Vec<ProofColumn>,
        rows: &'a [Vec<String>],
    ) -> PaperTable<'a> {
        PaperTable {
            name,
            columns,
            rows: Box::new(|| Box::new(rows.iter().cloned())),
            checks: Vec::new(),
        }
    }
}

/// Figures stand right, and everything else left.
fn is_figure(kind: ProofColumnKind) -> bool {
    matches!(kind, ProofColumnKind::Amount | ProofColumnKind::Count)
}
