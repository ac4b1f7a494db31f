//! `undo`: takes a run back, or shows how it would be.

use super::args::{Global, Output, UndoArgs};
use super::hearing::Voice;
use super::report::Failure;
use super::session::Session;
use super::{out, saved, sync};
use crate::app::cut_off::short_id;
use crate::engine::undo::UndoWords;
use crate::run::{Ending, Guard, RunRequest, RunSubject, RunToUndo};

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
    let to_stream = saved::is_the_answer(args.out.as_deref(), session.output)?;
    let request = RunRequest {
        command: "undo",
        subject,
        ending: Ending::Show,
        guard: Guard::default(),
        lists_unchanged: session.all,
    };
    let answer = sync::foresee(session, request, &args.wait).await?;
    if let (Some(file), Some(plan)) = (&args.out, &answer.plan) {
        saved::save(file, plan)?;
    }
    if to_stream && answer.failure.is_none() {
        sync::say_beside(&answer);
        return Ok(answer.exit());
    }
    let has_changes = answer.has_changes;
    let taken_back = answer
        .plan
        .as_ref()
        .and_then(|plan| plan.basis.takes_back.as_ref());
    let called = taken_back.map(|back| short_id(&back.run));
    let code = sync::ended(session, Voice::Answer, answer)?;
    if session.output == Output::Text && !session.quiet && has_changes {
        let way = match &args.out {
            Some(file) => format!("`udsync apply {}` does exactly this", file.display()),
            None => {
                let partial = if args.partial { " --partial" } else { "" };
                let run = called.as_deref().unwrap_or(&args.run);
                format!("`udsync undo {run}{partial}` does this")
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
