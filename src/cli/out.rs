//! Standard output carries the answer and nothing else. A reader that has seen enough and closes the pipe is no error.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::plain;

/// Prints a text. What would steer the screen is taken out of it.
pub fn print(text: &str) {
    write(&plain::text(text));
}

fn write(text: &str) {
    let mut out = io::stdout().lock();
    let done = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = done
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        // Nobody can be told on a screen that cannot be written to; standard error is the last resort.
        let _ = writeln!(io::stderr(), "error: could not write the answer: {error}");
        UNWRITTEN.store(true, Ordering::Relaxed);
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
    let _ = writeln!(io::stderr(), "{}", plain::text(text));
}
