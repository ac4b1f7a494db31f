//! What `init` shows: both sides, what is proposed, what stays open, what would change, and what comes next.

use std::collections::BTreeSet;

use console::Term;

use crate::books::propose::{Proposal, ProposalFacts, ProposalSubject, WouldHold, obstacles};
use crate::config::ConfigDraft;
use crate::model::company::TaxModel;

use super::super::args::Global;
use super::super::connect::place::ConfigFile;
use super::super::out;
use super::super::paint::style;
use super::super::table::{TextTable, paragraph};
use super::say;
use super::sides::InitSandbox;

/// How wide the screen is that the conversation goes to.
fn width() -> usize {
    let columns = Term::stderr()
        .size_checked()
        .map_or(80, |(_, columns)| usize::from(columns));
    columns.saturating_sub(1).clamp(40, 120)
}

/// What comes, and what to have at hand, before the first question.
pub fn say_welcome(global: &Global) {
    say(
        global,
        "This sets up one shop. udsync looks at the shop and at the books, proposes how\n\
         they go together, asks where it cannot tell, and ends with a dry run: nothing\n\
         is written to either.\n\n\
         have at hand\n  \
           the address of the shop, and a key to its API: in WordPress under\n  \
           WooCommerce, Settings, Advanced, REST API; permission Read is enough\n  \
           the client id and secret of an app at developer.intuit.com\n  \
           somebody who may sign in to QuickBooks as an administrator\n\n\
         Ctrl-C ends it at any time and says how to go on.\n",
    );
}

pub fn say_both_sides(global: &Global, facts: ProposalFacts<'_>) {
    let ProposalFacts { shop, company, .. } = facts;
    let taxes = match (company.uses_tax, company.tax_model) {
        (false, _) => "sales tax off",
        (true, TaxModel::Global) => "tax by line",
        (true, TaxModel::UsAst) => "automated sales tax",
        (true, TaxModel::UsManual) => "sales tax by hand",
    };
    // Sub-accounts have two names.
    let accounts: BTreeSet<&str> = company
        .accounts
        .values()
        .map(|account| account.id.as_str())
        .collect();
    let name = |name: &str| match name {
        "" => "(no name)".to_owned(),
        name => name.to_owned(),
    };
    let mut table = TextTable::new(&["", "", "", ""], &[]);
    let ways = shop
        .gateways
        .iter()
        .filter(|gateway| gateway.enabled)
        .count();
    table.row(
        vec!["the shop".into(), name(&shop.name)],
        format!(
            "{}, {}, {}, {}",
            shop.country,
            shop.currency,
            counted(ways, "way to pay", "ways to pay"),
            counted(shop.rates.len(), "tax rate", "tax rates")
        ),
    );
    table.row(
        vec!["the books".into(), name(&company.name)],
        format!(
            "{}, {}, {taxes}, {}",
            company.country,
            company.home_currency,
            counted(accounts.len(), "account", "accounts")
        ),
    );
    say(
        global,
        &format!("\n{}", table.render(Some(width())).trim_end()),
    );
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

/// The word before the first row of its kind.
fn group(subject: &ProposalSubject) -> &'static str {
    match subject {
        ProposalSubject::Timezone
        | ProposalSubject::IncomeAccount
        | ProposalSubject::FeeAccount => "books",
        ProposalSubject::Deposit(_) => "money goes to",
        ProposalSubject::PaymentMethod(_) => "is called",
        ProposalSubject::TaxRate(_) => "tax rates",
        ProposalSubject::TaxCode(_)
        | ProposalSubject::UntaxedCode
        | ProposalSubject::ExportCode
        | ProposalSubject::DocumentCode => "tax codes",
        ProposalSubject::Item(_) => "items",
        ProposalSubject::Status(_) => "statuses",
    }
}

/// Everything that is decided, and what stays open with what that holds back.
pub fn say_proposals(global: &Global, facts: ProposalFacts<'_>, proposals: &[Proposal]) {
    let mut table = TextTable::new(&["", "in the shop", "in the books"], &[]);
    let mut last = "";
    for proposal in proposals {
        let group = group(&proposal.subject);
        let shown = if group == last { "" } else { group };
        last = group;
        let (value, remark) = match (&proposal.value, proposal.holds_back()) {
            (Some(value), _) => (value.clone(), String::new()),
            (None, Some(_)) => (
                "-".to_owned(),
                style("open").for_stderr().yellow().to_string(),
            ),
            (None, None) => ("-".to_owned(), "left out".to_owned()),
        };
        let row = vec![shown.to_owned(), short(&proposal.about), value];
        table.row(row, remark);
    }
    say(
        global,
        &format!("\n{}", table.render(Some(width())).trim_end()),
    );
    let open = open(facts, proposals);
    if open.is_empty() {
        say(global, "\nnothing that the shop uses is left open\n");
        return;
    }
    let mut text = format!(
        "\n{}\n",
        style("still open, and what waits for it")
            .for_stderr()
            .yellow()
    );
    for held in open {
        let line = format!("{}: {}", held.code, held.what);
        text.push_str(&paragraph(&line, 2, 4, Some(width())));
    }
    let later = "leave it open for now, if you like: after the first sync `udsync retry --list` names what is held, and `udsync fix ID` \
                 asks the one question that it waits for, with what the books have";
    text.push_str(&paragraph(later, 0, 0, Some(width())));
    say(global, &text);
}

/// What is held back as it stands, each once.
pub fn open<'a>(
    facts: ProposalFacts<'_>,
    proposals: &'a [Proposal],
) -> Vec<std::borrow::Cow<'a, WouldHold>> {
    use std::borrow::Cow;
    let mut known = BTreeSet::new();
    let obstacles = obstacles(facts).into_iter().map(Cow::Owned);
    let unmapped = proposals
        .iter()
        .filter_map(Proposal::holds_back)
        .map(Cow::Borrowed);
    obstacles
        .chain(unmapped)
        .filter(|held| known.insert((held.code, held.what.clone())))
        .collect()
}

/// Enough of a title to know it by.
fn short(title: &str) -> String {
    const MOST: usize = 34;
    if title.chars().count() <= MOST {
        return title.to_owned();
    }
    let cut: String = title.chars().take(MOST - 1).collect();
    format!("{}…", cut.trim_end())
}

pub fn say_changes(draft: &ConfigDraft, place: &ConfigFile) {
    let mut text = format!("\nwhat would change in {}\n", place.shown());
    for change in draft.changes() {
        let line = match &change.before {
            Some(before) => format!("{} = {before}, and then {}", change.key, change.after),
            None => format!("{} = {}", change.key, change.after),
        };
        let sign = if change.before.is_some() { "~" } else { "+" };
        text.push_str(&paragraph(&format!("{sign} {line}"), 2, 6, Some(width())));
    }
    out::say(&text);
}

pub fn say_what_next(place: &ConfigFile, sandbox: Option<&InitSandbox>, has_changes: bool) {
    let path = place.shown();
    let named = match &place.named {
        Some(shop) => format!(" --shop {shop}"),
        None if path == "udsync.toml" => String::new(),
        None => format!(" --config {path}"),
    };
    let Some(sandbox) = sandbox else {
        let word = if has_changes {
            "nothing was written"
        } else {
            "nothing to write yet"
        };
        out::say(&format!(
            "{word}; what next:\n  udsync sync orders{named}\n\
             and once that looks right, by itself:\n  udsync schedule add --defaults{named}\n  udsync schedule install --systemd --user{named}      (or --cron, --launchd)"
        ));
        return;
    };
    let folder = place.path.parent().unwrap_or(&place.path);
    let here = std::env::current_dir().unwrap_or_default();
    let folder = folder.strip_prefix(&here).unwrap_or(folder).display();
    match sandbox.port {
        0 => out::say(
            "this was the sandbox, which has ended; `udsync sandbox --into FOLDER` starts one that stays",
        ),
        port => out::say(&format!(
            "this was the sandbox, which has ended with this command; what next:\n  \
             udsync sandbox --port {port}                      (in another terminal)\n  \
             cd {folder} && . ./sandbox.env && udsync sync orders"
        )),
    }
}
