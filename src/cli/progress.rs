//! Progress: what a run tells while it goes on. A bar on a terminal, a plain line every few seconds elsewhere,
//! a line of JSON for each event where scripts asked for it.

use std::cell::{Cell, RefCell};
use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::model::event::{Event, Stage};
use crate::model::service::Service;

use super::hearing::Voice;
use super::out;
use super::plain;
use super::session::Session;

/// Between two plain lines.
const PAUSE: Duration = Duration::from_secs(5);

/// Two accounts of the same pause differ by no more than this.
const SAME: Duration = Duration::from_secs(2);

/// Where a run's events go.
pub struct Progress {
    form: Form,
    /// The end of the pause that was told of last.
    waiting_until: Cell<Option<Instant>>,
}

enum Form {
    Silent,
    Bar(Bar),
    Lines(Lines),
    Events,
}

impl Progress {
    pub fn new(session: &Session, voice: Voice) -> Progress {
        let on_terminal = std::io::stderr().is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let form = if voice == Voice::Events {
            Form::Events
        } else if session.quiet || voice == Voice::Silent {
            Form::Silent
        } else if on_terminal && !session.logs_to_screen {
            Form::Bar(Bar::new())
        } else {
            Form::Lines(Lines::default())
        };
        Progress {
            form,
            waiting_until: Cell::new(None),
        }
    }

    pub fn tell(&self, event: Event) {
        if let Event::Waiting { seconds, .. } = &event {
            let until = Instant::now() + Duration::from_secs(*seconds);
            // Requests that are under way together are all sent away with the same pause.
            let known = self.waiting_until.replace(Some(until));
            if known.is_some_and(|known| until < known + SAME) {
                return;
            }
        }
        match &self.form {
            Form::Silent => {}
            Form::Events => out::print_json_line(&event),
            Form::Bar(bar) => bar.tell(&event),
            Form::Lines(lines) => lines.tell(&event),
        }
    }

    /// A line beside the progress.
    pub fn say(&self, text: &str) {
        match &self.form {
            Form::Bar(bar) => bar.bar.suspend(|| out::say(text)),
            Form::Silent | Form::Lines(_) | Form::Events => out::say(text),
        }
    }

    /// Takes the bar off the screen before the answer is printed.
    pub fn clear(&self) {
        if let Form::Bar(bar) = &self.form {
            bar.bar.finish_and_clear();
        }
    }
}

struct Bar {
    bar: ProgressBar,
    stage: Cell<Option<(Stage, Option<u64>)>>,
    waits: Cell<bool>,
}

impl Bar {
    fn new() -> Bar {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        bar.set_style(style("{spinner} {wide_msg}"));
        bar.set_message("getting ready");
        bar.enable_steady_tick(Duration::from_millis(120));
        Bar {
            bar,
            stage: Cell::new(None),
            waits: Cell::new(false),
        }
    }

    fn tell(&self, event: &Event) {
        let bar = &self.bar;
        match event {
            Event::Stage { stage, total } => {
                self.stage.set(Some((*stage, *total)));
                bar.reset();
                self.draw_stage();
            }
            Event::Progress { done, .. } => {
                if self.waits.get() {
                    self.draw_stage();
                }
                bar.set_position(*done);
            }
            Event::Waiting {
                seconds,
                target,
                why,
            } => {
                self.waits.set(true);
                bar.set_style(style("{spinner} {wide_msg}"));
                let words = format!("waiting {seconds} s for {}: {why}", name(target));
                bar.set_message(plain::line(&words).into_owned());
            }
            Event::Written { .. } | Event::Problem { .. } => {}
        }
    }

    fn draw_stage(&self) {
        self.waits.set(false);
        let Some((stage, total)) = self.stage.get() else {
            return;
        };
        self.bar.set_message(stage.words());
        self.bar.set_style(match total {
            Some(total) => {
                self.bar.set_length(total);
                style("{spinner} {msg} {bar:20} {pos}/{len}  {per_sec:1}  {eta} left")
            }
            None if stage == Stage::Gather => style("{spinner} {msg}  {pos} orders  {per_sec:1}"),
            None => style("{spinner} {msg}"),
        });
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates are constant and valid")
}

#[derive(Default)]
struct Lines {
    last: Cell<Option<Instant>>,
    stage: RefCell<(Option<Stage>, Option<u64>)>,
    began: Cell<Option<Instant>>,
}

impl Lines {
    fn tell(&self, event: &Event) {
        match event {
            Event::Stage { stage, total } => {
                *self.stage.borrow_mut() = (Some(*stage), *total);
                self.last.set(Some(Instant::now()));
                self.began.set(Some(Instant::now()));
            }
            Event::Progress { stage, done } => {
                let is_due = self.last.get().is_none_or(|last| last.elapsed() >= PAUSE);
                if is_due {
                    self.last.set(Some(Instant::now()));
                    out::say(&self.line(*stage, *done));
                }
            }
            Event::Waiting {
                seconds,
                target,
                why,
            } => out::say(&format!("waiting {seconds} s for {}: {why}", name(target))),
            Event::Written { .. } | Event::Problem { .. } => {}
        }
    }

    fn line(&self, stage: Stage, done: u64) -> String {
        let of = self
            .stage
            .borrow()
            .1
            .map_or_else(String::new, |total| format!(" of {total}"));
        let seconds = self
            .began
            .get()
            .map_or(0.0, |began| began.elapsed().as_secs_f64());
        let rate = if seconds > 0.0 {
            format!(", {:.1} a second", done as f64 / seconds)
        } else {
            String::new()
        };
        format!("{}: {done}{of}{rate}", stage.words())
    }
}

fn name(target: &str) -> &str {
    match Service::from_word(target) {
        Some(Service::BOOKS) => Service::BOOKS.title(),
        _ => target,
    }
}
