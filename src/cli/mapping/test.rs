//! `mapping test`: runs the cases that are kept beside the mappings.

use clap::Args;
use serde::Serialize;

use crate::mapping::cases::{self, Compared};
use crate::mapping::shipped::Shipped;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::output;
use super::super::table::{TextTable, paragraph, width_of_answer};
use super::{MappingOwner, which};

/// Run the cases that are kept beside the mappings
///
/// A file of cases, `orders.cases.toml`, holds records and what shall become of each. The shipped mappings bring theirs; a mapping
/// of the shop's own is tested by the cases beside it and by no others.
///
/// Exit code: 0 when every case passes, 9 when one fails, 2 when a mapping or its cases cannot be read.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  udsync mapping test
  udsync mapping test quickbooks/orders --json
  udsync mapping test orders")]
pub struct MappingTestArgs {
    /// These mappings only
    #[arg(value_name = "MAPPING")]
    pub mappings: Vec<String>,
}

#[derive(Serialize)]
struct MappingTestDocument {
    schema: &'static str,
    passed: usize,
    failed: usize,
    mappings: Vec<MappingTested>,
}

#[derive(Serialize)]
struct MappingTested {
    name: String,
    /// The shop's own mapping.
    file: Option<String>,
    /// `None`: it has no cases.
    cases_file: Option<String>,
    cases: Vec<CaseView>,
}

#[derive(Serialize)]
struct CaseView {
    name: String,
    passed: bool,
    differences: Vec<String>,
}

/// Runs `mapping test`.
pub fn test(global: &Global, args: &MappingTestArgs) -> Result<u8, Failure> {
    let bench = MappingOwner::open(global)?;
    let wanted = which::all(&args.mappings)?;
    let wrong = bench.folder.complaints();
    if args.mappings.is_empty() && !wrong.is_empty() {
        return Err(Failure::from_mapping(&wrong));
    }
    let mut tested = Vec::new();
    for of in wanted {
        tested.push(tested_one(&bench, of)?);
    }
    let all = || tested.iter().flat_map(|one| &one.cases);
    let failed = all().filter(|case| !case.passed).count();
    let passed = all().count() - failed;
    let document = MappingTestDocument {
        schema: "udsync/mapping-test/1",
        passed,
        failed,
        mappings: tested,
    };
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv => {
            out::answer(&text(&document));
            if !global.quiet {
                remarks(&document);
            }
        }
    }
    Ok(if failed > 0 { exit::CASES } else { exit::DONE })
}

fn tested_one(bench: &MappingOwner, of: &'static Shipped) -> Result<MappingTested, Failure> {
    let ready = bench.ready(of)?;
    let own = bench.folder.own_cases(of);
    let (cases_file, compared) = match own {
        Some(own) => {
            let cases = own.read.as_ref();
            let cases = cases.map_err(|mistakes| Failure::from_mapping(mistakes))?;
            (Some(own.file.clone()), cases.compare(&ready.compiled))
        }
        None if ready.file.is_some() => (None, Vec::new()),
        None => {
            let cases = cases::read(super::SHIPPED, of.cases);
            let cases = cases.map_err(|mistakes| Failure::from_mapping(&mistakes))?;
            (
                Some(super::SHIPPED.to_owned()),
                cases.compare(&ready.compiled),
            )
        }
    };
    Ok(MappingTested {
        name: of.name(),
        file: ready.file.map(str::to_owned),
        cases_file,
        cases: compared.into_iter().map(view).collect(),
    })
}

fn view(compared: Compared) -> CaseView {
    CaseView {
        name: compared.name,
        passed: compared.differences.is_empty(),
        differences: compared.differences,
    }
}

fn text(document: &MappingTestDocument) -> String {
    let width = width_of_answer();
    let mut table = TextTable::new(&["mapping", "passed", "failed"], &[1, 2]);
    let mut details = String::new();
    for one in &document.mappings {
        let failed: Vec<&CaseView> = one.cases.iter().filter(|case| !case.passed).collect();
        table.row(
            vec![
                one.name.clone(),
                (one.cases.len() - failed.len()).to_string(),
                failed.len().to_string(),
            ],
            one.cases_file
                .clone()
                .unwrap_or_else(|| "no cases".to_owned()),
        );
        for case in failed {
            details.push_str(&format!("\nFAILED {}: {}\n", one.name, case.name));
            for difference in &case.differences {
                details.push_str(&paragraph(difference, 4, 8, width));
            }
        }
    }
    let end = match document.failed {
        0 => format!("\nall {} cases pass\n", document.passed),
        failed => format!("\n{failed} of {} cases failed\n", document.passed + failed),
    };
    format!("{}{details}{end}", table.render(width))
}

/// A mapping that nothing looks after is worth a word.
fn remarks(document: &MappingTestDocument) {
    for one in &document.mappings {
        if let (Some(file), None) = (&one.file, &one.cases_file) {
            let beside = file.trim_end_matches(".toml");
            out::say(&format!(
                "note: `{}` has no cases: nothing notices when an edit breaks it; put some into `{beside}.cases.toml`",
                one.name
            ));
        }
    }
}
