//! Who hears how a run goes: events, remarks and questions go through a channel, so that a run never waits for a screen and can be
//! heard by nobody, by a terminal or by a page in a browser.

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

use crate::engine::outcome::Report;
use crate::model::event::Event;

/// What a run says while it goes on.
#[derive(Debug)]
pub enum Word {
    Event(Event),
    /// Worth a line whoever asked for the run.
    Note(String),
    /// Worth a line unless quiet was asked for.
    Remark(String),
    /// It goes on when this is answered.
    Question(ConsentQuestion),
}

/// Whether a plan may be carried out.
#[derive(Debug)]
pub struct ConsentQuestion {
    /// How much it is: `12 documents, 1 of them voided or deleted`.
    pub what: String,
    /// What would be done. Nobody can agree to what was not shown.
    pub foreseen: Box<Report>,
    reply: oneshot::Sender<bool>,
}

impl ConsentQuestion {
    pub fn answer(self, agreed: bool) {
        // A run that has ended meanwhile needs no answer.
        let _ = self.reply.send(agreed);
    }
}

/// The run's end of the channel.
#[derive(Clone, Debug)]
pub struct Listener(UnboundedSender<Word>);

/// A listener, and where its words arrive. They stop when the run and every copy of the listener are gone.
pub fn channel() -> (Listener, UnboundedReceiver<Word>) {
    let (sender, receiver) = unbounded_channel();
    (Listener(sender), receiver)
}

impl Listener {
    /// Nobody listens.
    pub fn nobody() -> Listener {
        channel().0
    }

    pub fn tell(&self, event: Event) {
        self.say(Word::Event(event));
    }

    pub fn note(&self, text: impl Into<String>) {
        self.say(Word::Note(text.into()));
    }

    pub fn remark(&self, text: impl Into<String>) {
        self.say(Word::Remark(text.into()));
    }

    fn say(&self, word: Word) {
        // Whoever does not listen any more has heard enough; the run goes on.
        let _ = self.0.send(word);
    }

    /// Asks, and waits for the answer. Nobody who could answer has not agreed.
    pub async fn ask(&self, what: String, foreseen: Report) -> bool {
        let (reply, answer) = oneshot::channel();
        self.say(Word::Question(ConsentQuestion {
            what,
            foreseen: Box::new(foreseen),
            reply,
        }));
        answer.await.unwrap_or(false)
    }
}
