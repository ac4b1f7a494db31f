//! `doctor`, `reconcile`, `history` and `retry --list` over every shop.

use super::super::args::{Global, HistoryArgs, RetryArgs};
use super::super::doctor::{DoctorArgs, summary};
use super::super::hearing::Voice;
use super::super::history::{filter, shown};
use super::super::reconcile::{ReconcileArgs, headline, proven, request};
use super::super::report::{Failure, exit};
use super::super::session::{Session, open_shop};
use super::super::show::{self, Mood, summary_in_line};
use super::super::typed::said;
use super::all::{ShopAnswer, over_all};
use crate::app::cut_off::short_id;
use crate::app::doctor::{self, Level, Options};
use crate::model::clock::local;
use crate::run::document::{history_document, problems_document};
use crate::run::findings::{Counts, exit_code, findings_document};
use crate::store::Problems;

/// `doctor --all-shops`.
pub async fn doctor(global: &Global, args: &DoctorArgs) -> Result<u8, Failure> {
    let checks = super::super::doctor::checks(args)?;
    over_all(global, &args.fleet, "doctor", async |global, _| {
        let app = open_shop(&global)?;
        let options = Options {
            days: args.days,
            offline: args.offline,
        };
        let facts = doctor::gather(app, &options, &checks).await;
        let mut found = doctor::examine(&facts, &checks);
        for finding in &mut found {
            finding.fix = finding.fix.take().map(|fix| said(&fix, &global));
        }
        let code = exit_code(&found);
        let first = found.iter().find(|one| one.level == Level::Problem);
        let line = match first {
            Some(problem) => {
                let counts = summary(&Counts::of(&found));
                format!("{}; {}: {}", counts.trim_end(), problem.id, problem.said)
            }
            None => summary(&Counts::of(&found)).trim_end().to_owned(),
        };
        let shop = Some(facts.config.shop.name.clone());
        ShopAnswer::new(code, &line, &findings_document(shop, &found, code))
    })
    .await
}

/// `reconcile --all-shops`.
pub async fn reconcile(global: &Global, args: &ReconcileArgs) -> Result<u8, Failure> {
    let request = request(args)?;
    let spoken = "reconcile";
    over_all(global, &args.fleet, spoken, async |global, stop| {
        let session = Session::open(&global, false).await?;
        let answer = proven(&session, request, &args.wait, stop, Voice::Silent).await?;
        let proof = &answer.proof;
        let said = headline(proof);
        let first = proof.open().next();
        let said = first.map_or(said.clone(), |one| format!("{said}: {}", one.code));
        ShopAnswer::new(answer.exit(), &said, proof)
    })
    .await
}

/// `history --all-shops`: the runs of each, the newest of each in words.
pub async fn history(global: &Global, args: &HistoryArgs) -> Result<u8, Failure> {
    over_all(global, &args.fleet, "history", async |global, _| {
        let app = open_shop(&global)?;
        let store = app.state_to_read()?;
        let runs = shown(&app, &store, &filter(args))?;
        let said = match runs.first() {
            None => "no run".to_owned(),
            Some(newest) => {
                let at = local(newest.started_at, app.config.rules.timezone);
                let figures = summary_in_line(&newest.tallies, Mood::of(newest));
                let count = match runs.len() {
                    1 => "1 run".to_owned(),
                    n => format!("{n} runs"),
                };
                let id = short_id(&newest.id);
                format!(
                    "{count}; {id} {at} {} {}: {figures}",
                    newest.command,
                    newest.status.as_str()
                )
            }
        };
        ShopAnswer::new(exit::DONE, &said, &history_document(&runs))
    })
    .await
}

/// `retry --list --all-shops`.
pub async fn retry_list(global: &Global, args: &RetryArgs) -> Result<u8, Failure> {
    over_all(global, &args.fleet, "retry --list", async |global, _| {
        let app = open_shop(&global)?;
        let store = app.state_to_read()?;
        let problems = store.problems(None, false)?;
        let said = match problems.len() {
            0 => "nothing is held or failed".to_owned(),
            1 => format!("1 waits: {}", show::codes(&problems)),
            n => format!("{n} wait: {}", show::codes(&problems)),
        };
        ShopAnswer::new(exit::DONE, &said, &problems_document(&problems))
    })
    .await
}
