//! Hearing a run out: its events become progress, its remarks lines on standard error, its questions prompts. The run goes on, on a
//! thread of its own, while this prints, and waits only for an answer.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::mpsc::UnboundedReceiver;

use super::args::WaitArgs;
use super::consent;
use super::progress::Progress;
use super::report::Failure;
use super::session::Session;
use crate::run::{RunOutcome, RunRequest, Runner, Word, listener, on_a_thread};

/// Who hears how the run goes and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    /// The answer is printed, progress is shown.
    Answer,
    /// A line of JSON for each event, the answer on the last.
    Events,
    /// Somebody else tells it.
    Silent,
}

/// Runs a request, and hears it out.
pub async fn run(
    session: &Session,
    request: RunRequest,
    wait: &WaitArgs,
    stop: Arc<AtomicBool>,
    voice: Voice,
) -> Result<RunOutcome, Failure> {
    let (listener, words) = listener::channel();
    let (app, wait) = (session.app.clone(), wait.wait.unwrap_or_default());
    let in_sandbox = session.sandbox.is_some();
    let underway = on_a_thread(move || async move {
        let mut runner = Runner::open(app, &request, wait, stop, listener).await?;
        if in_sandbox {
            runner = runner.in_sandbox();
        }
        runner.run(request).await
    })?;
    hear_out(session, voice, words, underway.answer()).await
}

/// Does the work, and says meanwhile what it has to say.
pub async fn hear_out<T>(
    session: &Session,
    voice: Voice,
    mut words: UnboundedReceiver<Word>,
    work: impl Future<Output = T>,
) -> T {
    let progress = Progress::new(session, voice);
    let mut work = std::pin::pin!(work);
    let done = loop {
        tokio::select! {
            biased;
            Some(word) = words.recv() => hear(session, &progress, word),
            done = &mut work => break done,
        }
    };
    while let Ok(word) = words.try_recv() {
        hear(session, &progress, word);
    }
    progress.clear();
    done
}

fn hear(session: &Session, progress: &Progress, word: Word) {
    match word {
        Word::Event(event) => progress.tell(event),
        Word::Note(text) => progress.say(&session.labelled(&format!("note: {text}"))),
        Word::Remark(_) if session.quiet => {}
        Word::Remark(text) => progress.say(&session.labelled(&text)),
        Word::Question(question) => {
            progress.clear();
            consent::ask(session, question);
        }
    }
}
