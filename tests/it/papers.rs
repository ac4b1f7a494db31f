//! Reports and proofs as spreadsheets and on paper, opened by programs that others wrote; and how much memory a long one takes.

use std::io::{self, Write};
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use udsync::app::papers::{Paper, PaperCheck, PaperForm, PaperTable, csv};
use udsync::books::reconciled::{ProofColumn, ProofColumnKind};

use crate::double_entry::{demonstration, ran};
use crate::order::orders;
use crate::reconcile::edit;
use crate::world::World;

const PYTHON: &str = "/usr/bin/python3";

/// Whether a tool is here; where it must be, as in CI, its absence is a failure, and elsewhere a line says so.
fn has(program: &str, args: &[&str]) -> bool {
    let here = Command::new(program).args(args).output();
    if here.is_ok_and(|here| here.status.success()) {
        return true;
    }
    assert!(
        std::env::var_os("UDSYNC_NEEDS_READERS").is_none(),
        "`{program} {args:?}` must work here"
    );
    eprintln!("skipped: `{program} {args:?}` does not work here");
    false
}

fn python(script: &str, args: &[&str], folder: &Path) -> String {
    let args: Vec<&str> = ["-I", "-c", script]
        .into_iter()
        .chain(args.iter().copied())
        .collect();
    ran(PYTHON, &args, folder)
}

/// Writes a paper twice and sees that it is the same.
fn written(world: &World, line: &str, form: &str, exit: i32) -> String {
    let name = |which: &str| format!("{which}.{form}");
    for which in ["one", "two"] {
        let out = name(which);
        let ran = world.run(&format!("{line} --output {form} --out {out}"));
        assert_eq!(ran.ends_with(exit).out, "", "{line}");
    }
    let read = |which: &str| std::fs::read(world.home.path().join(name(which))).expect("written");
    assert_eq!(read("one"), read("two"), "{line}: twice the same bytes");
    // What goes into a pipe is the same too.
    let piped = world.command(&format!("{line} --output {form}")).output();
    assert_eq!(piped.expect("it runs").stdout, read("one"), "{line}: piped");
    name("one")
}

/// The sheets of a spreadsheet: for each its name, where it is frozen, and its cells as type and value.
fn sheets(folder: &Path, file: &str) -> Value {
    const LOOK: &str = "
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({sheet.title: {
    'frozen': sheet.freeze_panes,
    'rows': [[[cell.data_type, str(cell.value)] for cell in row] for row in sheet.iter_rows()],
} for sheet in book}))
";
    serde_json::from_str(&python(LOOK, &[file], folder)).expect("JSON")
}

/// Rows of one sheet.
fn rows<'a>(sheets: &'a Value, name: &str) -> &'a Vec<Value> {
    let sheet = &sheets[name];
    assert_eq!(sheet["frozen"], "A2", "{name}: its header stays");
    sheet["rows"].as_array().expect("rows")
}

fn formulas(rows: &[Value]) -> Vec<&str> {
    let cells = rows.iter().flat_map(|row| row.as_array().expect("cells"));
    let formulas = cells.filter(|cell| cell[0] == "f");
    formulas
        .map(|cell| cell[1].as_str().expect("text"))
        .collect()
}

/// What is on a page, as a browser's parser reads it: the words, and every tag with its attributes.
fn page(folder: &Path, file: &str) -> Value {
    const LOOK: &str = "
import json, sys
from html.parser import HTMLParser
class Page(HTMLParser):
    def __init__(self):
        super().__init__(); self.tags = []; self.words = []; self.open = []
    def handle_starttag(self, tag, attributes):
        self.tags.append([tag, dict(attributes)])
        if tag not in ('meta', 'br'): self.open.append(tag)
    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
    def handle_data(self, data):
        if self.open and self.open[-1] != 'style' and data.strip(): self.words.append(data.strip())
page = Page(); page.feed(open(sys.argv[1], encoding='utf-8').read()); page.close()
assert not page.open, page.open
print(json.dumps({'tags': page.tags, 'words': page.words}))
";
    let page: Value = serde_json::from_str(&python(LOOK, &[file], folder)).expect("JSON");
    for tag in page["tags"].as_array().expect("tags") {
        let name = tag[0].as_str().expect("a tag");
        assert!(
            !["script", "link", "img", "iframe"].contains(&name),
            "{tag}"
        );
        let attributes = tag[1].as_object().expect("attributes");
        let does_something = |name: &String| {
            name.starts_with("on") || ["src", "href", "style"].contains(&name.as_str())
        };
        assert!(!attributes.keys().any(does_something), "{tag}");
    }
    page
}

fn words(page: &Value) -> Vec<&str> {
    let words = page["words"].as_array().expect("words");
    words
        .iter()
        .map(|word| word.as_str().expect("text"))
        .collect()
}

const PROOF: &str = "reconcile --period 2026-11";

#[test]
fn a_report_is_a_spreadsheet_a_page_and_paper() {
    let world = demonstration();
    let home = world.home.path();
    let report = world.run("report sales --json").ends_with(0).json();
    let (rows_told, totals) = (&report["rows"], &report["totals"]);
    let count = |list: &Value| list.as_array().expect("a list").len();
    if cfg!(feature = "xlsx") {
        let file = written(&world, "report sales", "xlsx", 0);
        if has(PYTHON, &["-I", "-c", "import openpyxl"]) {
            let sheets = sheets(home, &file);
            let cells = rows(&sheets, "sales");
            assert_eq!(cells[0][0], json!(["s", "day"]));
            for (row, told) in cells[1..].iter().zip(rows_told.as_array().expect("rows")) {
                assert_eq!(row[0][0], "d", "a day is a day: {row}");
                assert!(
                    row[0][1]
                        .as_str()
                        .expect("text")
                        .starts_with(told["day"].as_str().expect("a day"))
                );
                assert_eq!(row[1], json!(["s", told["currency"]]));
                for figure in &row.as_array().expect("cells")[2..] {
                    assert_eq!(figure[0], "n", "{row}");
                }
                let total: f64 = told["total"]
                    .as_str()
                    .expect("a total")
                    .parse()
                    .expect("a figure");
                let shown: f64 = row[10][1]
                    .as_str()
                    .expect("text")
                    .parse()
                    .expect("a figure");
                assert_eq!(shown, total);
            }
            // Two checks for each currency, below the last row.
            let checks = formulas(cells);
            assert_eq!(checks.len(), 2 * count(totals), "{checks:?}");
            let last = count(rows_told) + 1;
            let all = |column: &str| format!("SUM({column}2:{column}{last})");
            if count(totals) == 1 {
                let expected = format!("=ROUND({}+{}-{},4)", all("I"), all("J"), all("K"));
                assert!(checks.contains(&expected.as_str()), "{checks:?}");
            } else {
                assert!(
                    checks.iter().all(|it| it.contains("SUMIF(B2:B")),
                    "{checks:?}"
                );
            }
            assert_eq!(
                rows(&sheets, "totals").len() - formulas(rows(&sheets, "totals")).len(),
                count(totals) + 2
            );
        }
    }
    let file = written(&world, "report sales", "html", 0);
    if has(PYTHON, &["-I", "-c", "import html.parser"]) {
        let page = page(home, &file);
        let words = words(&page);
        for total in totals.as_array().expect("totals") {
            let total = total["total"].as_str().expect("a total");
            assert!(words.contains(&total), "{total} in {words:?}");
        }
    }
    if cfg!(feature = "pdf") {
        let file = written(&world, "report sales", "pdf", 0);
        if has("pdftotext", &["-v"]) {
            let text = ran("pdftotext", &["-layout", &file, "-"], home);
            for total in totals.as_array().expect("totals") {
                let total = total["total"].as_str().expect("a total");
                assert!(text.contains(total), "{total} in {text}");
            }
            assert!(text.contains("page 1 of "), "{text}");
        }
    }
}

#[test]
fn a_proof_has_a_page_to_sign_and_tables_that_calculate() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    let proof = world.run(&format!("{PROOF} --json")).ends_with(0).json();
    let hash = proof["proof"].as_str().expect("a hash");
    let home = world.home.path();
    if cfg!(feature = "xlsx") {
        let file = written(&world, PROOF, "xlsx", 0);
        if has(PYTHON, &["-I", "-c", "import openpyxl"]) {
            let sheets = sheets(home, &file);
            let names: Vec<&String> = sheets.as_object().expect("sheets").keys().collect();
            for name in [
                "summary",
                "totals",
                "differences",
                "orders",
                "tax",
                "accounts",
                "clearing",
                "days",
                "held",
                "accepted",
                "moved",
            ] {
                assert!(names.iter().any(|it| *it == name), "{name}: {names:?}");
            }
            let orders = rows(&sheets, "orders");
            let kinds: Vec<&Value> = orders[1]
                .as_array()
                .expect("cells")
                .iter()
                .map(|cell| &cell[0])
                .collect();
            assert_eq!(
                kinds,
                ["s", "n", "s", "s", "s", "d", "s", "n", "n", "n", "n", "s"]
            );
            assert_eq!(
                formulas(orders),
                [
                    "=ROUND(SUM(I2:I4)-SUM(H2:H4),4)",
                    "=ROUND(SUM(K2:K4)-SUM(J2:J4),4)"
                ]
            );
        }
    }
    let file = written(&world, PROOF, "html", 0);
    if has(PYTHON, &["-I", "-c", "import html.parser"]) {
        let page = page(home, &file);
        let words = words(&page);
        for word in [
            "2026-11-01",
            "2026-11-30",
            "63.00",
            "0.00",
            hash,
            "prepared by",
            "nothing",
        ] {
            assert!(words.contains(&word), "{word} in {words:?}");
        }
        let place = |word: &str| words.iter().position(|it| *it == word);
        assert!(place(hash) < place("prepared by") && place("prepared by") < place("orders"));
    }
    if cfg!(feature = "pdf") {
        let file = written(&world, PROOF, "pdf", 0);
        if has("pdftotext", &["-v"]) {
            let first = ran("pdftotext", &["-layout", "-l", "1", &file, "-"], home);
            for word in [
                "proven: the books equal the shop",
                "63.00",
                "0.00",
                hash,
                "prepared by",
            ] {
                assert!(first.contains(word), "{word} on the first page: {first}");
            }
            let behind = ran("pdftotext", &["-layout", "-f", "2", &file, "-"], home);
            assert!(
                behind.contains("WC-12") && behind.contains("21.00"),
                "{behind}"
            );
        }
    }
}

/// A difference stands on the page that is signed, in both forms, and the command ends as ever.
#[test]
fn what_is_open_stands_on_the_page_that_is_signed() {
    let world = World::of_orders(orders(11..=13));
    world.run("sync orders --yes").ends_with(0);
    edit(&world, "WC-12", json!({ "TotalAmt": 22.0 }));
    let file = written(&world, PROOF, "html", 8);
    if has(PYTHON, &["-I", "-c", "import html.parser"]) {
        let page = page(world.home.path(), &file);
        let words = words(&page);
        let signed = words
            .iter()
            .position(|it| *it == "prepared by")
            .expect("it is there");
        let open = words[..signed]
            .iter()
            .find(|it| it.contains("order 12 total"));
        let open = open.expect("it is told before");
        assert!(
            open.contains("amount: ") && open.contains("shop 21.00, books 22.00"),
            "{open}"
        );
        assert!(words.contains(&"not proven: 1 difference"), "{words:?}");
    }
    if cfg!(feature = "pdf") {
        let file = written(&world, PROOF, "pdf", 8);
        if has("pdftotext", &["-v"]) {
            let first = ran("pdftotext", &["-l", "1", &file, "-"], world.home.path());
            assert!(first.contains("shop 21.00, books 22.00"), "{first}");
        }
    }
}

#[test]
fn a_screen_is_not_given_what_it_cannot_show() {
    let world = World::of_orders(orders(11..=11));
    if !cfg!(feature = "pdf") || !has(PYTHON, &["-I", "-c", "import pty"]) {
        return;
    }
    const ON_A_SCREEN: &str = "
import os, pty, sys
print(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))
";
    for line in [
        "report sales --output pdf",
        "reconcile --period 2026-11 --output pdf --out -",
    ] {
        let command = world.command(line);
        let program = command.get_program().to_str().expect("a path").to_owned();
        let args = command
            .get_args()
            .map(|arg| arg.to_str().expect("text").to_owned());
        let args: Vec<String> = ["-I", "-c", ON_A_SCREEN, &program]
            .map(str::to_owned)
            .into_iter()
            .chain(args)
            .collect();
        let mut on_a_screen = Command::new(PYTHON);
        on_a_screen.args(args);
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => on_a_screen.env(name, value),
                None => on_a_screen.env_remove(name),
            };
        }
        if let Some(folder) = command.get_current_dir() {
            on_a_screen.current_dir(folder);
        }
        let output = on_a_screen
            .stdin(std::process::Stdio::null())
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            said.contains("a screen does not show PDF"),
            "{line}: {said}"
        );
        assert!(said.contains("--out FILE"), "{line}: {said}");
        assert!(said.trim_end().ends_with('2'), "{line}: {said}");
    }
}

/// Opening, what came and went, closing: the totals of the documents, and a month begins where the one before ended.
#[test]
fn clearing_is_rolled_forward() {
    let world = demonstration();
    let all = world
        .run("report clearing --by month --json")
        .ends_with(0)
        .json();
    let figure = |row: &Value, column: &str| {
        crate::double_entry::decimal(row[column].as_str().expect("an amount"))
    };
    let mut closings = std::collections::BTreeMap::new();
    let list = |value: &Value| value.as_array().expect("a list").clone();
    for row in list(&all["rows"]) {
        let key = (row["currency"].to_string(), row["account"].to_string());
        let opening = closings.get(&key).copied().unwrap_or_default();
        assert_eq!(figure(&row, "opening"), opening, "{row}");
        let gained = figure(&row, "sales")
            - figure(&row, "refunds")
            - figure(&row, "fees")
            - figure(&row, "other")
            - figure(&row, "payouts");
        assert_eq!(figure(&row, "closing"), opening + gained, "{row}");
        closings.insert(key, figure(&row, "closing"));
    }
    assert!(closings.len() > 1, "{all}");
    for total in list(&all["totals"]) {
        let key = (total["currency"].to_string(), total["account"].to_string());
        assert_eq!(figure(&total, "closing"), closings[&key], "{total}");
    }
    let fees = world.run("report fees --json").ends_with(0).json();
    let sum = |document: &Value, column: &str| {
        list(&document["totals"])
            .iter()
            .map(|row| figure(row, column))
            .sum::<rust_decimal::Decimal>()
    };
    assert_eq!(sum(&all, "fees"), sum(&fees, "fees"));
    // From a day in the middle: what was before is the opening, and the closing stays.
    let days = list(&world.run("report clearing --json").ends_with(0).json()["rows"]);
    let day = days[days.len() / 2]["day"]
        .as_str()
        .expect("a day")
        .to_owned();
    let later = world
        .run(&format!("report clearing --from {day} --json"))
        .ends_with(0)
        .json();
    assert_eq!(sum(&later, "closing"), sum(&all, "closing"));
    assert!(
        list(&later["totals"])
            .iter()
            .any(|row| !figure(row, "opening").is_zero()),
        "{later}"
    );
    let text = world
        .run("report clearing --period 2020-01")
        .ends_with(0)
        .out;
    assert_eq!(text, "nothing in these days\n");
    let page = world.run("report clearing --output html").ends_with(0).out;
    assert!(page.contains("Payouts are there once"), "{page}");
}

const COLUMNS: [ProofColumn; 6] = [
    ProofColumn {
        name: "day",
        kind: ProofColumnKind::Day,
    },
    ProofColumn {
        name: "order",
        kind: ProofColumnKind::Text,
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
    ProofColumn {
        name: "result",
        kind: ProofColumnKind::Text,
    },
];

fn long_paper(lines: u64) -> Paper<'static> {
    let row = |line: u64| {
        let amount = format!("{}.{:02}", line % 500, line % 100);
        vec![
            format!("2026-11-{:02}", 1 + line % 30),
            format!("WC-{line}"),
            ["CAD", "EUR"][usize::from(line.is_multiple_of(7))].to_owned(),
            amount.clone(),
            amount,
            "equal".to_owned(),
        ]
    };
    Paper {
        title: "a long one".to_owned(),
        front: None,
        notes: Vec::new(),
        tables: vec![PaperTable {
            name: "orders",
            columns: COLUMNS.to_vec(),
            rows: Box::new(move || Box::new((0..lines).map(row))),
            checks: vec![PaperCheck {
                label: "books less shop".to_owned(),
                plus: vec!["books"],
                minus: vec!["shop"],
                only: None,
            }],
        }],
    }
}

/// Counts what it is given and keeps none of it.
#[derive(Default)]
struct Counted(u64);

impl Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

const FORM: &str = "UDSYNC_TEST_FORM";
const LINES: &str = "UDSYNC_TEST_LINES";

/// In a process of its own, so that the peak is that of one paper. Alone it is the long measurement: a million lines in each form.
#[test]
#[ignore = "takes a minute: `cargo test -- --ignored papers::feed --nocapture` prints the figures"]
fn feed() {
    let lines = std::env::var(LINES).map_or(1_000_000, |lines| lines.parse().expect("a number"));
    let Ok(form) = std::env::var(FORM) else {
        for form in ["csv", "html", "xlsx"] {
            let (bytes, peak) = fed(form, lines);
            println!("{form}: {lines} lines, {bytes} bytes, peak {peak} kB");
        }
        return;
    };
    let paper = long_paper(lines);
    let mut out = Counted::default();
    match form.as_str() {
        "csv" => csv::write(&paper.tables[0], &mut out).expect("written"),
        "html" => paper.write(PaperForm::Html, &mut out).expect("written"),
        #[cfg(feature = "xlsx")]
        "xlsx" => paper.write(PaperForm::Xlsx, &mut out).expect("written"),
        other => panic!("no form {other}"),
    }
    let status = std::fs::read_to_string("/proc/self/status").expect("it is Linux");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("\nfed {} {}", out.0, peak.expect("a peak").trim());
}

/// How many bytes came out, and the most memory that it took, in kB.
fn fed(form: &str, lines: u64) -> (u64, u64) {
    let output = Command::new(std::env::current_exe().expect("a path"))
        .args(["--ignored", "--exact", "papers::feed", "--nocapture"])
        .env(FORM, form)
        .env(LINES, lines.to_string())
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let figures = said.lines().find_map(|line| line.strip_prefix("fed "));
    let mut figures = figures
        .expect("figures")
        .split_whitespace()
        .map(|word| word.parse::<u64>());
    let mut next = || figures.next().expect("a figure").expect("a number");
    (next(), next())
}

#[test]
#[cfg(target_os = "linux")]
fn ten_times_the_lines_take_the_same_memory() {
    let mut forms = vec!["csv", "html"];
    if cfg!(feature = "xlsx") {
        forms.push("xlsx");
    }
    for form in forms {
        let (few_bytes, few) = fed(form, 10_000);
        let (many_bytes, many) = fed(form, 100_000);
        assert!(
            many_bytes > 8 * few_bytes,
            "{form}: {few_bytes} and {many_bytes} bytes"
        );
        // Buffers and the heap's own steps; ninety thousand rows in memory would be ten times that.
        assert!(many < few + 4_000, "{form}: {few} kB, then {many} kB");
    }
}
