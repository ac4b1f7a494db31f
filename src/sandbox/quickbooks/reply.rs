//! An answer on its way out, and the ways in which it does not get there.

use axum::body::Body;
use axum::http::{Response, StatusCode, header};
use axum::response::IntoResponse;
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value;

#[derive(Clone, Debug)]
pub struct Reply {
    pub status: u16,
    pub kind: &'static str,
    pub body: Bytes,
    pub tid: String,
    /// The connection is closed before the answer is whole.
    pub cut: bool,
    /// Where a browser goes next.
    pub location: Option<String>,
    /// Seconds, in `Retry-After`.
    pub retry_after: Option<u64>,
}

const JSON: &str = "application/json;charset=utf-8";
const PLAIN_JSON: &str = "application/json";

impl Reply {
    fn new(status: u16, kind: &'static str, body: impl Into<Bytes>) -> Reply {
        Reply {
            status,
            kind,
            body: body.into(),
            tid: String::new(),
            cut: false,
            location: None,
            retry_after: None,
        }
    }

    /// Success says its character set, a refusal does not.
    pub fn json(status: u16, body: &Value) -> Reply {
        let kind = if status == 200 { JSON } else { PLAIN_JSON };
        Reply::new(status, kind, body.to_string())
    }

    pub fn bytes(body: Bytes) -> Reply {
        Reply::new(200, JSON, body)
    }

    pub fn xml(status: u16, body: String) -> Reply {
        Reply::new(status, "application/xml", body)
    }

    pub fn html(status: u16) -> Reply {
        let title = match status {
            502 => "502 Bad Gateway",
            503 => "503 Service Temporarily Unavailable",
            504 => "504 Gateway Time-out",
            _ => "Error",
        };
        let body = format!(
            "<html>\r\n<head><title>{title}</title></head>\r\n<body>\r\n<center><h1>{title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        Reply::new(status, "text/html", body)
    }

    pub fn empty(status: u16) -> Reply {
        Reply::new(status, PLAIN_JSON, Bytes::new())
    }

    /// Sends a browser on.
    pub fn found(location: &str) -> Reply {
        Reply {
            location: Some(location.to_owned()),
            ..Reply::empty(302)
        }
    }

    pub fn cut() -> Reply {
        Reply {
            cut: true,
            ..Reply::empty(200)
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, self.kind)
            .header(header::CACHE_CONTROL, "no-store")
            .header("intuit_tid", self.tid)
            .header("qbo-version", "1994.153");
        if self.status == 401 {
            response = response.header(
                header::WWW_AUTHENTICATE,
                "Bearer realm=\"Intuit\", error=\"invalid_token\"",
            );
        }
        if let Some(location) = self.location {
            response = response.header(header::LOCATION, location);
        }
        if let Some(seconds) = self.retry_after {
            response = response.header(header::RETRY_AFTER, seconds);
        }
        let body = if self.cut {
            // A length is promised and nothing comes: the server gives the
            // connection up and the client sees an answer that never ends well.
            response = response.header(header::CONTENT_LENGTH, "4096");
            let broken = std::io::Error::new(std::io::ErrorKind::ConnectionReset, "cut");
            Body::from_stream(stream::once(async { Err::<Bytes, _>(broken) }))
        } else {
            Body::from(self.body)
        };
        response
            .body(body)
            .unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
    }
}
