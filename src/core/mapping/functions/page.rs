//! The reference page of the functions, made from their table.

use std::fmt::Write as _;

use super::{ArgumentNeed, FUNCTIONS, Function};

/// `truncate(length, ending?)`: a mark of interrogation means "may be left out".
pub fn signature(function: &Function) -> String {
    let parameters: Vec<String> = function
        .parameters
        .iter()
        .map(|parameter| match parameter.need {
            ArgumentNeed::Must => parameter.name.to_owned(),
            ArgumentNeed::May => format!("{}?", parameter.name),
            ArgumentNeed::Any => format!("{}…", parameter.name),
        })
        .collect();
    if parameters.is_empty() {
        return function.name.to_owned();
    }
    format!("{}({})", function.name, parameters.join(", "))
}

/// All functions as a Markdown page.
pub fn page() -> String {
    let mut page = String::from(
        "# Functions\n\n\
         A flow hands a value from left to right: `billing.email | trim | lower`. \
         `name?` may be left out, `name…` may be repeated. \
         A list goes into a function of single values item by item.\n",
    );
    for function in FUNCTIONS {
        page.push_str(&section(function));
    }
    page
}

/// One of them.
pub fn section(function: &Function) -> String {
    let mut section = format!(
        "\n## {}\n\n`{} | {}`\n\n{}\n\n| flow | gives |\n| --- | --- |\n",
        function.name,
        function.takes.words(),
        signature(function),
        function.sentence
    );
    for example in function.examples {
        let gives = match example.gives {
            Ok(json) => format!("`{json}`"),
            Err(words) => format!("refused: {words}"),
        };
        let flow = example.flow.replace('|', "\\|");
        let _ = writeln!(section, "| `{flow}` | {} |", gives.replace('|', "\\|"));
    }
    section
}
