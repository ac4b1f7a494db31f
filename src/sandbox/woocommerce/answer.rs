//! Answers: status, headers and body, and the errors in WordPress's words.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use serde_json::Value;

use super::json;
use super::query::{Param, ShopQuery, encode};

/// One answer before it is sent.
#[derive(Debug, Clone)]
pub struct SandboxShopAnswer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: ShopContent,
}

#[derive(Debug, Clone)]
pub enum ShopContent {
    Text(String),
    /// A value and which object it is; kept apart from its text so that a mishap can still spoil it.
    Data(Value, &'static str),
}

impl SandboxShopAnswer {
    pub fn data(value: Value, context: &'static str, allow: &str) -> Self {
        Self {
            status: 200,
            headers: vec![("allow", allow.to_owned())],
            body: ShopContent::Data(value, context),
        }
    }

    pub fn html(status: u16, page: String) -> Self {
        Self {
            status,
            headers: vec![("content-type", "text/html; charset=UTF-8".to_owned())],
            body: ShopContent::Text(page),
        }
    }

    pub fn json_text(status: u16, text: String) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: ShopContent::Text(text),
        }
    }

    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Forbids caching, which WordPress does for whatever a known user is told.
    pub fn uncached(self) -> Self {
        self.with("expires", "Wed, 11 Jan 1984 05:00:00 GMT").with(
            "cache-control",
            "no-cache, must-revalidate, max-age=0, no-store, private",
        )
    }

    pub fn text(&self) -> String {
        match &self.body {
            ShopContent::Text(text) => text.clone(),
            ShopContent::Data(value, context) => json::print(value, context),
        }
    }

    /// Sets what WordPress puts on every JSON answer and hands it over with the given body.
    pub fn into_response(self, home: &str, body: Body) -> Response<Body> {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let headers = response.headers_mut();
        let mut set = |name: &'static str, value: &str| {
            if let Ok(value) = HeaderValue::from_str(value) {
                headers.append(HeaderName::from_static(name), value);
            }
        };
        set("server", "nginx/1.22.1");
        let has = |name: &str| self.headers.iter().any(|(known, _)| *known == name);
        if !has("content-type") {
            set("content-type", "application/json; charset=UTF-8");
            set("x-robots-tag", "noindex");
            set("x-content-type-options", "nosniff");
            set(
                "access-control-expose-headers",
                "X-WP-Total, X-WP-TotalPages, Link",
            );
            set(
                "access-control-allow-headers",
                "Authorization, X-WP-Nonce, Content-Disposition, Content-MD5, Content-Type",
            );
            if !has("link") {
                set(
                    "link",
                    &format!("<{home}/wp-json/>; rel=\"https://api.w.org/\""),
                );
            }
        }
        for (name, value) in &self.headers {
            set(name, value);
        }
        response
    }
}

/// An error with a `data.status`.
pub fn error(status: u16, code: &str, message: &str) -> SandboxShopAnswer {
    let mut text = opening(code, message);
    text.push_str(&format!("{{\"status\":{status}}}}}"));
    SandboxShopAnswer::json_text(status, text)
}

/// An error whose `data` is a bare number that need not be the status.
pub fn error_with_number(status: u16, code: &str, message: &str, data: u16) -> SandboxShopAnswer {
    let mut text = opening(code, message);
    text.push_str(&format!("{data}}}"));
    SandboxShopAnswer::json_text(status, text)
}

fn opening(code: &str, message: &str) -> String {
    let mut text = String::from("{\"code\":");
    json::quote(&mut text, code);
    text.push_str(",\"message\":");
    json::quote(&mut text, message);
    text.push_str(",\"data\":");
    text
}

/// One parameter that was refused.
pub struct ShopRefused {
    pub name: &'static str,
    pub code: &'static str,
    pub message: String,
    /// The name repeated in `data.param`, as type errors do.
    pub param: Option<String>,
}

/// The error for parameters: all of them at once, in the order of the route's list.
pub fn invalid_params(refused: &[ShopRefused]) -> SandboxShopAnswer {
    let names: Vec<&str> = refused.iter().map(|one| one.name).collect();
    let mut text = opening(
        "rest_invalid_param",
        &format!("Invalid parameter(s): {}", names.join(", ")),
    );
    text.push_str("{\"status\":400,\"params\":{");
    for (at, one) in refused.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        json::quote(&mut text, one.name);
        text.push(':');
        json::quote(&mut text, &one.message);
    }
    text.push_str("},\"details\":{");
    for (at, one) in refused.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        json::quote(&mut text, one.name);
        text.push_str(":{\"code\":");
        json::quote(&mut text, one.code);
        text.push_str(",\"message\":");
        json::quote(&mut text, &one.message);
        text.push_str(",\"data\":");
        match &one.param {
            None => text.push_str("null"),
            Some(param) => {
                text.push_str("{\"param\":");
                json::quote(&mut text, param);
                text.push('}');
            }
        }
        text.push('}');
    }
    text.push_str("}}}");
    SandboxShopAnswer::json_text(400, text)
}

pub fn no_route() -> SandboxShopAnswer {
    error(
        404,
        "rest_no_route",
        "No route was found matching the URL and request method.",
    )
}

/// A page of the web server itself.
pub fn nginx(status: u16, title: &str) -> SandboxShopAnswer {
    let page = format!(
        "<html>\r\n<head><title>{status} {title}</title></head>\r\n<body>\r\n<center><h1>{status} {title}</h1></center>\r\n\
         <hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n"
    );
    SandboxShopAnswer {
        status,
        headers: vec![("content-type", "text/html".to_owned())],
        body: ShopContent::Text(page),
    }
}

/// A page of WordPress, as `wp_die` draws it for those who do not ask for JSON.
pub fn wordpress_page(status: u16, title: &str, inside: &str) -> SandboxShopAnswer {
    SandboxShopAnswer::html(
        status,
        format!(
            "<!DOCTYPE html>\n<html dir='ltr'>\n<head>\n\t<meta http-equiv=\"Content-Type\" content=\"text/html; charset=UTF-8\" />\n\
             \t<title>{title}</title>\n</head>\n<body id=\"error-page\">\n\t<div class=\"wp-die-message\">{inside}</div></body>\n</html>\n\t"
        ),
    )
}

/// The neighbours of a page, as the Link header names them.
pub struct SandboxShopPage {
    pub number: u64,
    pub pages: u64,
}

/// What a list adds to the query it repeats.
#[derive(Default)]
pub struct Canon {
    /// Parameters that become numbered lists where they stand.
    pub lists: &'static [&'static str],
    /// The statuses, which move to the end as a numbered list.
    pub status: Option<Vec<String>>,
    /// Defaults that WooCommerce has written into the request by the time it answers.
    pub defaults: Vec<(&'static str, String)>,
}

/// The value of the Link header, if the page has neighbours.
pub fn link(
    address: &str,
    query: &ShopQuery,
    canon: &Canon,
    page: &SandboxShopPage,
) -> Option<String> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for (name, value) in query.params() {
        if name == "status" && canon.status.is_some() {
            continue;
        }
        if canon.lists.contains(&name.as_str()) {
            for (at, one) in query.list(name).unwrap_or_default().iter().enumerate() {
                parts.push((format!("{name}[{at}]"), one.clone()));
            }
            continue;
        }
        match value {
            Param::One(text) => {
                let text = match (name.as_str(), text.as_str()) {
                    ("dates_are_gmt", "true") => "1".to_owned(),
                    ("dates_are_gmt", "false") => "0".to_owned(),
                    ("dp", number) => number.trim_start_matches('-').to_owned(),
                    _ => text.clone(),
                };
                parts.push((name.clone(), text));
            }
            Param::Many(list) => parts.extend(
                list.iter()
                    .map(|(index, one)| (format!("{name}[{index}]"), one.clone())),
            ),
        }
    }
    for (at, status) in canon.status.iter().flatten().enumerate() {
        parts.push((format!("status[{at}]"), status.clone()));
    }
    for (name, value) in &canon.defaults {
        if query.get(name).is_none() {
            parts.push(((*name).to_owned(), value.clone()));
        }
    }

    let to = |number: u64, rel: &str| {
        let mut parts = parts.clone();
        match parts.iter_mut().find(|(name, _)| name == "page") {
            Some(known) => known.1 = number.to_string(),
            None => parts.push(("page".to_owned(), number.to_string())),
        }
        let pairs: Vec<String> = parts
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        format!("<{address}?{}>; rel=\"{rel}\"", pairs.join("&"))
    };
    let mut rels = Vec::new();
    if page.number > 1 {
        let previous = (page.number - 1).min(page.pages);
        rels.push(to(previous, "prev"));
    }
    if page.pages > page.number {
        rels.push(to(page.number + 1, "next"));
    }
    if rels.is_empty() {
        None
    } else {
        Some(rels.join(", "))
    }
}
