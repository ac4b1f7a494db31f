//! Thread: a run has a thread of its own, with a runtime of its own.
//!
//! A run waits for the disk at every step, because nothing is sent before it is on the disk. On a worker of somebody else's runtime it
//! would hold up whatever else that worker has to do. So its caller awaits the answer, hears it through its
//! [`Listener`](super::listener::Listener), and stops it by its flag; whoever no longer waits for the answer does not end the run.

use std::future::Future;
use std::panic;
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use tokio::runtime::{self, Runtime};
use tokio::sync::oneshot;
use tracing::Instrument;

use super::failure::Failure;

/// As much as the first thread of a program has.
const STACK: usize = 8 * 1024 * 1024;

/// What a run leaves under way when it ends, as an exchange of tokens, has so long to come to its end.
const AFTERWARDS: Duration = Duration::from_secs(2);

/// A run on its way.
#[derive(Debug)]
pub struct Underway<T> {
    answer: oneshot::Receiver<T>,
    thread: JoinHandle<()>,
}

/// Begins a run on a thread of its own. What the work borrows it must own: it is made there, and never leaves it.
pub fn on_a_thread<T, W>(work: impl FnOnce() -> W + Send + 'static) -> Result<Underway<T>, Failure>
where
    T: Send + 'static,
    W: Future<Output = T>,
{
    with_stack(STACK, work)
}

fn with_stack<T, W>(
    stack: usize,
    work: impl FnOnce() -> W + Send + 'static,
) -> Result<Underway<T>, Failure>
where
    T: Send + 'static,
    W: Future<Output = T>,
{
    let none = |error: std::io::Error| {
        Failure::new(
            "no_thread",
            format!("this machine gives no thread for a run: {error}"),
        )
        .hint("end what else runs on this machine, then run the command again")
    };
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(none)?;
    let (reply, answer) = oneshot::channel();
    // Its log lines belong to whoever asked for it.
    let span = tracing::Span::current();
    let thread = Builder::new()
        .name("run".to_owned())
        .stack_size(stack)
        .spawn(move || {
            let done = runtime.block_on(async { work().instrument(span).await });
            // Whoever does not wait any more has no use for the answer.
            let _ = reply.send(done);
            let_end(&runtime);
        })
        .map_err(none)?;
    Ok(Underway { answer, thread })
}

/// Waits a moment for what was begun beside the run and must not be cut off.
fn let_end(runtime: &Runtime) {
    let over = Instant::now() + AFTERWARDS;
    let tasks = runtime.metrics();
    runtime.block_on(async {
        while tasks.num_alive_tasks() > 0 && Instant::now() < over {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
}

impl<T> Underway<T> {
    /// What the run came to. A panic in it is one here.
    pub async fn answer(self) -> T {
        match self.answer.await {
            Ok(answer) => answer,
            Err(_) => match self.thread.join() {
                Err(panicked) => panic::resume_unwind(panicked),
                Ok(()) => unreachable!("a run answers before its thread ends"),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;

    use super::*;

    fn here() -> Runtime {
        runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime")
    }

    #[test]
    fn a_run_that_waits_for_the_disk_holds_up_nobody_else() {
        let (done, wait) = mpsc::channel::<()>();
        let answer = here().block_on(async {
            let underway = on_a_thread(move || async move {
                // As a transaction that waits for its turn: nothing else happens on this thread.
                wait.recv().map(|()| thread::current().id())
            })
            .expect("a thread");
            // Only whoever is not held up comes here.
            done.send(()).expect("somebody waits");
            underway.answer().await
        });
        assert_ne!(answer.expect("told"), thread::current().id());
    }

    #[test]
    fn a_panic_of_the_run_is_one_of_whoever_waits_for_it() {
        let caught = panic::catch_unwind(|| {
            here().block_on(async {
                let underway: Underway<()> =
                    on_a_thread(|| async { panic!("out of order") }).expect("a thread");
                underway.answer().await;
            });
        });
        let said = caught.expect_err("it panicked");
        assert_eq!(said.downcast_ref(), Some(&"out of order"));
    }

    #[test]
    fn what_was_begun_beside_a_run_comes_to_its_end() {
        let (done, told) = mpsc::channel();
        here().block_on(async {
            let underway = on_a_thread(|| async move {
                tokio::spawn(async move {
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    done.send("exchanged").expect("somebody waits");
                });
            });
            underway.expect("a thread").answer().await;
        });
        assert_eq!(told.recv(), Ok("exchanged"));
    }

    #[test]
    fn a_machine_that_gives_no_thread_is_told_of() {
        let refused = with_stack(1 << 60, || async {}).expect_err("no machine has so much");
        assert_eq!(refused.code, "no_thread");
    }
}
