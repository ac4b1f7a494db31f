//! Hearing a run out: its events become progress, its remarks lines on standard error, its questions prompts. The run goes on while
//! this prints, and waits only for an answer.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::mpsc::UnboundedReceiver;

use super::args::WaitArgs;
use super::consent;
use super::progress::Progress;
use super::report::Failure;
use super::session::Session;
use crate::run::{Listener, Outcome, RunRequest, Runner, Word, listener};

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

/// A runner of this session, with the lock. Who waits for it is told for whom.
pub async fn open(
    session: &Session,
    request: &RunRequest,
    wait: &WaitArgs,
    stop: Arc<AtomicBool>,
    listener: Listener,
) -> Result<Runner, Failure> {
    let wait = wait.wait.unwrap_or_default();
    let runner = Runner::open(session.app.clone(), request, wait, stop, listener).await?;
    Ok(match session.sandbox {
        Some(_) => runner.in_sandbox(),
        None => runner,
    })
}

/// Runs a request, and hears it out.
pub async fn run(
    session: &Session,
    request: RunRequest,
    wait: &WaitArgs,
    stop: Arc<AtomicBool>,
    voice: Voice,
) -> Result<Outcome, Failure> {
    let (listener, words) = listener::channel();
    let work = async {
        let runner = open(session, &request, wait, stop, listener).await?;
        runner.run(request).await
    };
    hear_out(session, voice, words, work).await
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
        Word::Note(text) => progress.say(&format!("note: {text}")),
        Word::Remark(_) if session.quiet => {}
        Word::Remark(text) => progress.say(&text),
        Word::Question(question) => {
            progress.clear();
            consent::ask(session, question);
        }
    }
}
