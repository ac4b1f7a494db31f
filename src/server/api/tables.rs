//! Tables: lists that go out as a file, while they are read.

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use tokio::sync::mpsc;

use crate::run::{Failure, sheet};

pub const CSV: &str = "text/csv";

/// So many rows are in memory at once.
pub const AT_ONCE: usize = 500;

/// What is made on a thread of its own, as a body that goes out meanwhile.
pub type Pieces = mpsc::Sender<Result<Bytes, Failure>>;

pub fn streamed(make: impl FnOnce(&Pieces) -> Result<(), Failure> + Send + 'static) -> Body {
    let (pieces, mut made) = mpsc::channel::<Result<Bytes, Failure>>(2);
    tokio::task::spawn_blocking(move || {
        if let Err(failure) = make(&pieces) {
            let _ = pieces.blocking_send(Err(failure));
        }
    });
    let stream = futures_util::stream::poll_fn(move |context| {
        made.poll_recv(context).map(|piece| {
            piece.map(|piece| {
                piece.map_err(|failure| std::io::Error::other(failure.message.clone()))
            })
        })
    });
    Body::from_stream(stream)
}

/// A list as CSV, page by page. `next` answers the next rows, and with none at the end.
pub fn csv_of(
    name: &str,
    header: &'static [&'static str],
    mut next: impl FnMut() -> Result<Vec<Vec<String>>, Failure> + Send + 'static,
) -> Response {
    let body = streamed(move |pieces| {
        let mut is_first = true;
        loop {
            let rows = next()?;
            if rows.is_empty() && !is_first {
                return Ok(());
            }
            let is_end = rows.is_empty();
            let text = sheet::rows(header, rows.into_iter());
            if !send_page(pieces, &mut is_first, &text) || is_end {
                return Ok(());
            }
        }
    });
    table(CSV, name, body)
}

/// Sends a page of a table: the names of its columns stand on the first one only. Whoever does not listen any more needs no more.
pub fn send_page(pieces: &Pieces, is_first: &mut bool, text: &str) -> bool {
    let text = match std::mem::take(is_first) {
        true => text,
        false => text.split_once('\n').map_or("", |(_, rows)| rows),
    };
    pieces
        .blocking_send(Ok(Bytes::from(text.to_owned())))
        .is_ok()
}

/// What goes to somebody's disk, with a name.
pub fn table(kind: &'static str, name: &str, body: Body) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    let disposition = HeaderValue::from_str(&disposition).expect("our own names are plain");
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CONTENT_DISPOSITION, disposition),
    ];
    (headers, body).into_response()
}
