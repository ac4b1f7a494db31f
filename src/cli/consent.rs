//! Consent at a terminal: shows the plan, and asks.

use crate::config::{Config, Credentials, Environment};
use crate::model::service::Service;
use crate::run::ConsentQuestion;

use super::session::Session;
use super::{ask, out, show};

/// Asks whoever sits there, and tells the run.
pub fn ask(session: &Session, question: ConsentQuestion) {
    // It is part of the question, so it goes where the question goes.
    let foreseen = &question.foreseen;
    let tallies = [(Service::BOOKS.to_string(), foreseen.tally.clone())].into();
    let shown = show::report(foreseen, &tallies, show::Mood::Would, session.all);
    out::say_as_it_is(&format!("{shown}\n"));
    let words = words(
        &question.what,
        &session.app.config,
        &session.app.credentials,
    );
    // Escape and a terminal that is gone are a no.
    let agreed = ask::yes(&words, false).ok().flatten().unwrap_or(false);
    question.answer(agreed);
}

/// Whoever answers is told which books it is about, and whether they are real.
fn words(what: &str, config: &Config, credentials: &Credentials) -> String {
    let quickbooks = config.quickbooks.as_ref();
    let live =
        quickbooks.is_some_and(|quickbooks| quickbooks.environment == Environment::Production);
    let company = config.company_id(credentials).unwrap_or("?");
    let place = if live {
        "the live company"
    } else {
        "the sandbox company"
    };
    format!("Write {what} to {place} {company}?")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_names_the_company_and_whether_it_is_live() {
        for (environment, place) in [("production", "live"), ("sandbox", "sandbox")] {
            let text = format!(
                "[shop]\nname = \"aurora\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n\
                 [quickbooks]\nenvironment = \"{environment}\"\ncompany_id = \"9341454000000000\"\n"
            );
            let config = crate::config::parse(&text, "udsync.toml").expect("a good configuration");
            assert_eq!(
                words("12 documents", &config, &Credentials::default()),
                format!("Write 12 documents to the {place} company 9341454000000000?")
            );
        }
    }
}
