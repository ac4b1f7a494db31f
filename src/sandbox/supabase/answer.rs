//! Answers: status, headers and body, as the gateway and PostgREST send them.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};

#[derive(Clone, Debug)]
pub struct DatabaseAnswer {
    pub status: u16,
    headers: Vec<(&'static str, String)>,
    pub body: String,
    /// The code of a refusal, for a header that newer versions send.
    pub code: Option<String>,
}

pub const JSON: &str = "application/json; charset=utf-8";

impl DatabaseAnswer {
    pub fn empty(status: u16) -> DatabaseAnswer {
        DatabaseAnswer {
            status,
            headers: Vec::new(),
            body: String::new(),
            code: None,
        }
    }

    pub fn json(status: u16, body: String) -> DatabaseAnswer {
        DatabaseAnswer {
            body,
            ..DatabaseAnswer::empty(status)
        }
        .with("content-type", JSON)
    }

    /// A page of whatever stands before the service.
    pub fn page(status: u16, title: &str) -> DatabaseAnswer {
        let body = format!(
            "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n</body>\r\n</html>\r\n"
        );
        DatabaseAnswer {
            body,
            ..DatabaseAnswer::empty(status)
        }
        .with("content-type", "text/html")
    }

    /// A line of plain words.
    pub fn words(status: u16, words: &str) -> DatabaseAnswer {
        DatabaseAnswer {
            body: words.to_owned(),
            ..DatabaseAnswer::empty(status)
        }
        .with("content-type", "text/plain; charset=utf-8")
    }

    /// Words of the gateway, which knows no codes.
    pub fn gateway(status: u16, message: &str, hint: &str) -> DatabaseAnswer {
        let mut body = String::from("{\"message\":");
        super::json::quote(message, &mut body);
        body.push_str(",\"hint\":");
        super::json::quote(hint, &mut body);
        body.push('}');
        DatabaseAnswer::json(status, body)
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> DatabaseAnswer {
        self.headers.retain(|(known, _)| *known != name);
        self.headers.push((name, value.into()));
        self
    }

    pub fn naming(mut self, code: &str) -> DatabaseAnswer {
        self.code = Some(code.to_owned());
        self
    }

    /// The answer with this body in the place of its own.
    pub fn into_response(self, body: Body) -> Response<Body> {
        let mut response = Response::new(body);
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        for (name, value) in &self.headers {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
        response
    }
}
