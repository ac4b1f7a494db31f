//! Papers on their way out: into a file, or to whoever reads standard output. What a screen cannot show is kept from it.

use std::io::IsTerminal;
use std::path::Path;

use super::file;
use super::report::Failure;
use crate::app::papers::{Paper, PaperForm};

/// Refuses before anything is read what could not be shown afterwards.
pub fn check(form: Option<PaperForm>, out: Option<&Path>) -> Result<(), Failure> {
    let is_printed = out.is_none_or(file::is_stream);
    match form {
        Some(form) if is_printed && !form.is_text() && std::io::stdout().is_terminal() => {
            let form = form.as_str().to_uppercase();
            Err(
                Failure::new("usage", format!("a screen does not show {form}"))
                    .hint("name a file with `--out FILE`"),
            )
        }
        _ => Ok(()),
    }
}

/// Prints a paper, while it is made.
pub fn print(paper: &Paper<'_>, form: PaperForm, out: Option<&Path>) -> Result<(), Failure> {
    if !paper.fits(form) {
        let most = form.rows_max().unwrap_or_default();
        return Err(Failure::new(
            "usage",
            format!(
                "nobody leafs through a {} of more than {most} lines",
                form.as_str().to_uppercase()
            ),
        )
        .hint("ask for fewer days, or use `--output html` or `--output csv`"));
    }
    file::write_by(out, |to| paper.write(form, to))
}
