//! Questions of `init` to a person, and the words for those who cannot be asked.

use chrono::NaiveDate;

use crate::books::propose::{Certainty, Proposal, ProposalSubject};

use super::super::ask::{Asker, Prompt};
use super::super::out;
use super::super::report::Failure;
use super::flags::{Start, flag_for, start as read_start};

/// Answers that are typed rather than chosen.
pub fn is_typed(proposal: &Proposal) -> bool {
    matches!(
        proposal.subject,
        ProposalSubject::Timezone | ProposalSubject::Item(_)
    )
}

/// The books need a time zone; everything else can wait for an answer.
pub fn may_stay_open(proposal: &Proposal) -> bool {
    proposal.subject != ProposalSubject::Timezone && proposal.certainty == Certainty::Doubtful
}

pub fn prompt(proposal: &Proposal) -> String {
    let about = &proposal.about;
    match &proposal.subject {
        ProposalSubject::Timezone => "Time zone of the books".to_owned(),
        ProposalSubject::IncomeAccount => "Account for the sales of new items".to_owned(),
        ProposalSubject::FeeAccount => "Account for the fees of gateways".to_owned(),
        ProposalSubject::Deposit(_) => format!("Money from “{about}” goes to"),
        ProposalSubject::PaymentMethod(_) => format!("“{about}” is called in the books"),
        ProposalSubject::TaxRate(_) => format!("Tax rate in the books for {about}"),
        ProposalSubject::TaxCode(_) => format!("Tax code for lines with {about}"),
        ProposalSubject::UntaxedCode => "Tax code of lines without tax".to_owned(),
        ProposalSubject::ExportCode => "Tax code of lines without tax that go abroad".to_owned(),
        ProposalSubject::DocumentCode => "Tax code of whole documents".to_owned(),
        ProposalSubject::Item(_) => format!("Item for {about}"),
        ProposalSubject::Status(_) => format!("An order that is “{about}” is"),
    }
}

/// Puts the question. `None` leaves it open.
pub fn ask(asker: &Asker, proposal: &Proposal) -> Result<Option<String>, Failure> {
    let words = format!("{} ({})", prompt(proposal), proposal.because);
    let flag = format!("`{}`", flag_for(proposal));
    let question = Prompt {
        prompt: &words,
        flag: &flag,
    };
    if is_typed(proposal) {
        return typed(asker, &question, proposal);
    }
    let open = match proposal.holds_back() {
        Some(held) => format!("leave it open: {} are held", held.what),
        None if matches!(proposal.subject, ProposalSubject::Deposit(_)) => {
            "leave it out: it goes where any other way to pay goes".to_owned()
        }
        None => "leave it out".to_owned(),
    };
    // What nothing is proposed for must not be answered by a stray Return.
    let mut shown: Vec<String> = proposal
        .choices
        .iter()
        .map(|choice| label(choice))
        .collect();
    let proposed = proposal
        .value
        .as_ref()
        .and_then(|value| proposal.choices.iter().position(|choice| choice == value));
    let (offset, at) = match proposed {
        Some(at) => {
            shown.push(open);
            (0, at)
        }
        None => {
            shown.insert(0, open);
            (1, 0)
        }
    };
    let chosen = asker.choose(&question, &shown, at)?;
    Ok(chosen
        .checked_sub(offset)
        .and_then(|at| proposal.choices.get(at).cloned()))
}

fn typed(
    asker: &Asker,
    question: &Prompt<'_>,
    proposal: &Proposal,
) -> Result<Option<String>, Failure> {
    loop {
        let given = asker.text(question, proposal.value.as_deref())?;
        if proposal.subject != ProposalSubject::Timezone {
            // What QuickBooks takes as the name of an item.
            let fits = given.chars().count() <= 100 && !given.contains([':', '\t', '\n']);
            if fits {
                return Ok((!given.is_empty()).then_some(given));
            }
            out::say("the name of an item has 100 letters at most, and no colon");
            continue;
        }
        match given.parse::<chrono_tz::Tz>() {
            Ok(zone) => return Ok(Some(zone.name().to_owned())),
            Err(_) => {
                out::say("there is no such zone; write one as America/Edmonton or Europe/London")
            }
        }
    }
}

/// A word of the configuration, as a person reads it.
fn label(choice: &str) -> String {
    match choice {
        "as_paid" => "as_paid: paid, a sales receipt".to_owned(),
        "as_invoice" => "as_invoice: owed, an invoice".to_owned(),
        "skip" => "skip: no sale, never posted".to_owned(),
        other => other.to_owned(),
    }
}

/// From which day on orders are posted.
pub fn start(asker: &Asker, likely: NaiveDate) -> Result<Start, Failure> {
    let question = Prompt {
        prompt: "Post orders created from this day on, or `all`",
        flag: "`--start-date DATE`",
    };
    out::say("orders from before that day are left alone: most begin with their books' year");
    loop {
        let given = asker.text(&question, Some(&likely.to_string()))?;
        match read_start(&given) {
            Ok(start) => return Ok(start),
            Err(words) => out::say(&words),
        }
    }
}

/// Changes in a file that is there.
pub fn change(asker: &Asker, path: &str) -> Result<(), Failure> {
    let prompt = format!("Make these changes in {path}?");
    let question = Prompt {
        prompt: &prompt,
        flag: "`--yes`",
    };
    if asker.yes(&question, true)? {
        return Ok(());
    }
    Err(
        Failure::new("not_wanted", format!("{path} stays as it was"))
            .hint("`udsync init` can be run again at any time"),
    )
}

/// Refuses what nobody answered, all of it at once, with the flags.
pub fn all_answered(missing: &[(String, String)], is_yes: bool) -> Result<(), Failure> {
    if missing.is_empty() {
        return Ok(());
    }
    let questions: Vec<String> = missing
        .iter()
        .map(|(question, _)| format!("\n  {question}"))
        .collect();
    let flags: Vec<String> = missing
        .iter()
        .map(|(_, flag)| format!("answer with `{flag}`"))
        .collect();
    let more = match is_yes {
        true => "`--leave-open` leaves open what has no likely answer",
        false => "`--yes` takes what is likely, `--leave-open` leaves open what is not",
    };
    let count = missing.len();
    let noun = if count == 1 {
        "answer is"
    } else {
        "answers are"
    };
    Err(Failure::new(
        "answers_needed",
        format!(
            "{count} {noun} needed, and nobody can be asked:{}",
            questions.concat()
        ),
    )
    .hint(format!("{}\n{more}", flags.join("\n"))))
}
