//! `undo`: takes a run back, or shows how it would be.

use super::args::{Global, Output, UndoArgs};
use super::file::is_stream;
use super::hearing::{self, Voice};
use super::report::Failure;
use super::session::{Session, stop_on_signals};
use super::show::Mood;
use super::{out, saved, show, sync};
use crate::engine::undo::UndoWords;
use crate::run::{Ending, Guard, RunOutcome, RunRequest, RunSubject, RunToUndo};

/// Runs `undo`.
pub async fn undo(global: &Global, args: &UndoArgs) -> Result<u8, Failure> {
    let session = Session::open(global, false).await?;
    let subject = RunSubject::Undo(Box::new(RunToUndo {
        run: args.run.clone(),
        partial: args.partial,
        words: UndoWords {
            by: whoever(),
            why: args.why.clone(),
        },
    }));
    if args.dry_run || args.out.is_some() {
        return shown(&session, args, subject).await;
    }
    let request = sync::request(&session, "undo", subject, &args.guard);
    sync::write(&session, request, &args.guard, &args.wait, Voice::Answer).await
}

/// Shows the plan, and saves it where that was asked for.
async fn shown(session: &Session, args: &UndoArgs, subject: RunSubject) -> Result<u8, Failure> {
    let to_stream = args.out.as_deref().is_some_and(is_stream);
    if to_stream && session.output != Output::Text {
        return Err(Failure::new(
            "usage",
            "the plan and the answer cannot both go to standard output",
        )
        .hint("name a file with `--out FILE`, or leave out `--json`"));
    }
    let request = RunRequest {
        command: "undo",
        subject,
        ending: Ending::Show,
        guard: Guard::default(),
        lists_unchanged: session.all,
    };
    let outcome = hearing::run(
        session,
        request,
        &args.wait,
        stop_on_signals(),
        Voice::Answer,
    )
    .await?;
    let RunOutcome::Ran(answer) = outcome else {
        unreachable!("a run without a key has none before it");
    };
    if let (Some(file), Some(plan)) = (&args.out, &answer.plan) {
        saved::save(file, plan)?;
    }
    if to_stream && answer.failure.is_none() {
        let ending = show::ending(&answer.report, &answer.run.tallies, Mood::of(&answer.run));
        out::say(ending.trim_end());
        return Ok(answer.exit());
    }
    let has_changes = answer.has_changes;
    let code = sync::ended(session, Voice::Answer, *answer)?;
    if session.output == Output::Text && !session.quiet && has_changes {
        let way = match &args.out {
            Some(file) => format!("`udsync apply {}` does exactly this", file.display()),
            None => {
                let partial = if args.partial { " --partial" } else { "" };
                format!("`udsync undo {}{partial}` does this", args.run)
            }
        };
        out::say(&format!("nothing was written; {way}"));
    }
    Ok(code)
}

/// Who sits at this machine, as far as it says so.
fn whoever() -> String {
    let named = ["SUDO_USER", "USER", "LOGNAME", "USERNAME"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|name| !name.is_empty()));
    named.map_or_else(
        || "somebody at the command line".to_owned(),
        |name| format!("`{name}` at the command line"),
    )
}
