//! Streams that are open: each takes one of the places for connections for as long as somebody listens, so nobody has all of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use axum::http::{HeaderValue, StatusCode, header};

use crate::server::problem::HttpProblem;

/// Streams of one person or program at once, whatever they came in with: each takes one of the places for connections.
const EACH_MAX: usize = 16;
/// Streams of all at once, so that some places are left for those who ask.
const ALL_MAX: usize = 96;
/// When it is worth trying again, in seconds.
const AGAIN_S: u64 = 20;

/// Streams that are open, by who listens.
#[derive(Default)]
pub struct OpenStreams(Mutex<HashMap<String, usize>>);

impl OpenStreams {
    pub fn begin(self: &Arc<OpenStreams>, who: &str) -> Result<OpenStream, HttpProblem> {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let of_them = open.get(who).copied().unwrap_or_default();
        if of_them >= EACH_MAX || open.values().sum::<usize>() >= ALL_MAX {
            let whose = match of_them {
                EACH_MAX.. => format!("{EACH_MAX} streams of `{who}` are open"),
                _ => format!("{ALL_MAX} streams are open"),
            };
            return Err(HttpProblem::new(
                StatusCode::TOO_MANY_REQUESTS,
                "too_many_streams",
                format!("{whose}, and no more can be at once"),
            )
            .hint("end one of them; one stream tells of everything that happens in a shop")
            .header(header::RETRY_AFTER, HeaderValue::from(AGAIN_S)));
        }
        *open.entry(who.to_owned()).or_default() += 1;
        Ok(OpenStream {
            all: self.clone(),
            who: who.to_owned(),
        })
    }
}

/// One of them, until it is dropped.
pub struct OpenStream {
    all: Arc<OpenStreams>,
    who: String,
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.who) {
            *count -= 1;
        }
        open.retain(|_, count| *count > 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_takes_all_places_and_a_stream_that_ended_gives_its_own_back() {
        let streams = Arc::new(OpenStreams::default());
        let mut open: Vec<OpenStream> = (0..EACH_MAX)
            .map(|_| streams.begin("vera").expect("there is room"))
            .collect();
        let refused = streams.begin("vera").err().expect("too many of one");
        assert_eq!(refused.code(), "too_many_streams");
        open.pop();
        open.push(streams.begin("vera").expect("one has ended"));
        for nth in 0..ALL_MAX - EACH_MAX {
            open.push(streams.begin(&nth.to_string()).expect("there is room"));
        }
        assert!(streams.begin("otto").is_err(), "some places are for asking");
        drop(open);
        assert!(streams.0.lock().expect("free").is_empty());
    }
}
