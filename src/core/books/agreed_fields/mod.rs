//! Agreed fields: what becomes of a field that the shop and the books both hold, when one of them changed it, or both.
//!
//! Each side is compared with its own half of the pair on which both agreed last ([`AgreedPair`](crate::model::agreed::AgreedPair)),
//! never one side with the other. So a name that the books could only hold cut short is no change of theirs, and what two people made
//! equal is no conflict. Where both changed it and a rule names no winner, a person decides, and every other field of the record goes on.
//!
//! Nothing here reads a service or a clock: the same values give the same decisions, in whatever order they came in. No rule deletes
//! anything, and what nobody knows is neither empty nor zero.

mod decide;
mod newest;
mod ping_pong;
mod read_back;
mod record;
mod shares;
mod spelling;

pub use decide::{BY_A_PERSON, FieldCase, FieldDecision, FieldWrite, decide};
pub use newest::FieldTimes;
pub use ping_pong::{FreezeCause, writes_of_the_day};
pub use read_back::{FieldReadBack, read_back};
pub use record::{RecordFate, RecordSides, SidePresence, record_fate, with_survivor};
pub use shares::{ListAlarm, ListOddity, list_alarm};
pub use spelling::{FieldSaid, SpellingLost, in_books, in_shop};
