//! Standard output carries the answer and nothing else. A reader that has seen enough and closes the pipe is no error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::plain;
use super::table::{fitted, folded, width_of_answer, width_of_screen};
use crate::run::failure::without_number;

/// Prints a text. What would steer the screen is taken out of it.
pub fn print(text: &str) {
    write(&plain::text(text));
}

/// Prints an answer for a reader: at a terminal no line of it is longer than the screen is wide. What is a file, a script or a page as
/// such goes through [`print`].
pub fn answer(text: &str) {
    print(&fitted(text, width_of_answer()));
}

fn write(text: &str) {
    print_bytes(text.as_bytes());
}

/// Prints what may be no text.
pub fn print_bytes(bytes: &[u8]) {
    let mut out = io::stdout().lock();
    let done = out.write_all(bytes).and_then(|()| out.flush());
    if let Err(error) = done
        && error.kind() != io::ErrorKind::BrokenPipe
        && !UNWRITTEN.swap(true, Ordering::Relaxed)
    {
        // Nobody can be told on a screen that cannot be written to; standard error is the last resort.
        let error = without_number(&error.to_string());
        say(&format!("error: could not write the answer: {error}"));
        say("hint: what was done stands, and `udsync history` shows it");
    }
}

static UNWRITTEN: AtomicBool = AtomicBool::new(false);

/// Some of the answer could not be written.
pub fn is_unwritten() -> bool {
    UNWRITTEN.load(Ordering::Relaxed)
}

/// Prints one JSON document.
pub fn print_json<T: Serialize>(document: &T) {
    let text =
        serde_json::to_string_pretty(document).expect("our own values always have a JSON form");
    write(&plain::json(&format!("{text}\n")));
}

/// Prints one JSON value as one line.
pub fn print_json_line<T: Serialize>(value: &T) {
    let text = serde_json::to_string(value).expect("our own values always have a JSON form");
    write(&plain::json(&format!("{text}\n")));
}

/// Says something about the answer, on standard error.
pub fn say(text: &str) {
    let text = folded(&plain::text(text), width_of_screen());
    let _ = writeln!(io::stderr(), "{text}");
}

/// Says what is laid out and coloured already, by a library that knows nothing of ours. Nothing foreign that steers may be in it.
pub fn say_in_colours(text: &str) {
    let _ = write!(io::stderr(), "{text}");
}

/// Says what is laid out already.
pub fn say_as_it_is(text: &str) {
    let _ = write!(io::stderr(), "{}", plain::text(text));
}
