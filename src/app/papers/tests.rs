//! Each form of a small paper, byte for byte twice, and with what would do harm in it.

use std::io::{self, Write};

use super::{FrontPage, Paper, PaperCheck, PaperForm, PaperTable};
use crate::books::reconciled::{ProofColumn, ProofColumnKind};

const COLUMNS: [ProofColumn; 4] = [
    ProofColumn {
        name: "date",
        kind: ProofColumnKind::Day,
    },
    ProofColumn {
        name: "currency",
        kind: ProofColumnKind::Text,
    },
    ProofColumn {
        name: "shop",
        kind: ProofColumnKind::Amount,
    },
    ProofColumn {
        name: "books",
        kind: ProofColumnKind::Amount,
    },
];

fn paper(rows: usize) -> Paper<'static> {
    let table = |name: &'static str| PaperTable {
        name,
        columns: COLUMNS.to_vec(),
        rows: Box::new(move || {
            Box::new((0..rows).map(|row| {
                let currency = ["CAD", "EUR"][row % 2];
                let amount = format!("{}.{:02}", row, row % 100);
                vec![
                    "2026-11-02".to_owned(),
                    currency.to_owned(),
                    amount.clone(),
                    amount,
                ]
            }))
        }),
        checks: vec![PaperCheck {
            label: "books less shop, CAD".to_owned(),
            plus: vec!["books"],
            minus: vec!["shop"],
            only: Some(("currency", "CAD".to_owned())),
        }],
    };
    Paper {
        title: "proof for <b>shop</b> & co".to_owned(),
        front: Some(FrontPage {
            ending: "proven".to_owned(),
            facts: vec![("shop", "\u{1b}[31m<script>alert(1)</script>".to_owned())],
            totals: table("totals"),
            open: Vec::new(),
            signatures: &["prepared by"],
            instead_of: "summary",
        }),
        notes: vec!["a note".to_owned()],
        tables: vec![table("summary"), table("orders")],
    }
}

fn written(paper: &Paper<'_>, form: PaperForm) -> Vec<u8> {
    let mut bytes = Vec::new();
    paper.write(form, &mut bytes).expect("it is written");
    assert!(!bytes.is_empty());
    bytes
}

fn forms() -> Vec<PaperForm> {
    vec![
        PaperForm::Html,
        #[cfg(feature = "xlsx")]
        PaperForm::Xlsx,
        #[cfg(feature = "pdf")]
        PaperForm::Pdf,
    ]
}

#[test]
fn the_same_paper_gives_the_same_bytes() {
    for form in forms() {
        assert_eq!(
            written(&paper(30), form),
            written(&paper(30), form),
            "{form:?}"
        );
    }
}

#[test]
fn nothing_in_a_page_is_more_than_text() {
    let page = String::from_utf8(written(&paper(3), PaperForm::Html)).expect("UTF-8");
    assert!(
        !page.contains("<script") && !page.contains('\u{1b}'),
        "{page}"
    );
    assert!(page.contains("&lt;script&gt;") && page.contains("&lt;b&gt;shop"));
    assert!(!page.contains("http"), "it fetches nothing: {page}");
    assert!(!page.contains("<h2>summary"), "the front page says it");
    assert!(page.contains("<td class=\"figure\">2.02</td>"), "{page}");
    assert!(page.contains("books less shop, CAD</th><td class=\"figure\">0.00</td>"));
}

/// Takes nothing.
struct FullDisk;

impl Write for FullDisk {
    fn write(&mut self, _: &[u8]) -> io::Result<usize> {
        Err(io::ErrorKind::StorageFull.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Err(io::ErrorKind::StorageFull.into())
    }
}

#[test]
fn a_full_disk_is_told_in_every_form() {
    for form in forms() {
        let failed = paper(3).write(form, &mut FullDisk);
        assert!(failed.is_err(), "{form:?}");
    }
}

#[cfg(feature = "xlsx")]
#[test]
fn a_table_longer_than_a_sheet_goes_on_in_another_and_is_checked_as_one() {
    let written = |rows_of_sheet| {
        let mut bytes = Vec::new();
        super::xlsx::write_in_sheets_of(&paper(25), rows_of_sheet, &mut bytes).expect("written");
        bytes
    };
    let (short, whole) = (written(10), written(25));
    let part = |bytes: &[u8], name: &str| bytes.windows(name.len()).any(|it| it == name.as_bytes());
    // Two tables of three sheets each, and the notes; the names of the parts are not compressed.
    assert!(part(&short, "xl/worksheets/sheet7.xml") && !part(&short, "sheet8.xml"));
    assert!(part(&whole, "xl/worksheets/sheet3.xml") && !part(&whole, "sheet4.xml"));
}

#[cfg(feature = "pdf")]
#[test]
fn a_long_table_has_its_header_on_each_page_and_pages_that_are_counted() {
    let bytes = written(&paper(200), PaperForm::Pdf);
    let text = String::from_utf8_lossy(&bytes);
    let pages = text.matches("/Type /Page\n").count();
    assert!(pages > 5, "{pages}");
    for number in 1..=pages {
        assert!(
            text.contains(&format!("page {number} of {pages}")),
            "{number}"
        );
    }
    // Each table begins on a page, and its header stands on every page that it reaches.
    assert!(text.matches("(currency)").count() >= pages, "{pages}");
    assert!(text.contains("(199.99)"));
    assert!(paper(200).fits(PaperForm::Pdf));
    assert!(!paper(super::pdf::ROWS_MAX + 1).fits(PaperForm::Pdf));
    assert!(paper(super::pdf::ROWS_MAX + 1).fits(PaperForm::Html));
}
