//! Standard output carries the answer and nothing else. A reader that has seen enough and closes the pipe is no error.

use std::borrow::Cow;
use std::io::{self, Write};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use super::plain;
use super::table::{fitted, folded, width_of_answer, width_of_screen};
use crate::app::typed::commands_for;
use crate::run::failure::without_number;

/// Prints a text. What would steer the screen is taken out of it.
pub fn print(text: &str) {
    write(&plain::text(text));
}

/// Prints an answer for a reader: at a terminal no line of it is longer than the screen is wide. What is a file, a script or a page as
/// such goes through [`print`].
pub fn answer(text: &str) {
    print(&fitted(&for_its_shop(text), width_of_answer()));
}

/// The shop that this command is about, as it is named where there are several.
static SHOP: OnceLock<String> = OnceLock::new();

/// From here on every command that is told to be typed is told for this shop.
pub fn is_about(shop: String) {
    let _ = SHOP.set(shop);
}

/// Here it is done for everything that is told: what is written deep inside knows of no other shops.
fn for_its_shop(text: &str) -> Cow<'_, str> {
    match SHOP.get() {
        Some(shop) => Cow::Owned(commands_for(text, shop)),
        None => Cow::Borrowed(text),
    }
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
    write(&plain::json(&format!("{}\n", for_its_shop(&text))));
}

/// Prints a JSON document that is data for other programs: nothing in it is told to be typed.
pub fn print_data<T: Serialize>(document: &T) {
    let text =
        serde_json::to_string_pretty(document).expect("our own values always have a JSON form");
    write(&plain::json(&format!("{text}\n")));
}

/// Prints one JSON value as one line.
pub fn print_json_line<T: Serialize>(value: &T) {
    let text = serde_json::to_string(value).expect("our own values always have a JSON form");
    write(&plain::json(&format!("{}\n", for_its_shop(&text))));
}

/// Says something about the answer, on standard error.
pub fn say(text: &str) {
    let text = folded(&plain::text(&for_its_shop(text)), width_of_screen());
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
