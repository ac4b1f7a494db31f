//! The guard: what holds for every request and every answer, whatever the route.
//!
//! In this order: the request gets an id; a host that is not ours is refused before anything of it is read; the body is read whole,
//! within its size and its time; the handler runs, and a panic of it is an answer like any other; an answer without words of ours
//! gets them; headers for browsers go onto everything.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, Version, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use super::hosts::AllowedHosts;
use super::listen::{ConnectionPhase, Entrance, ListenerLimits};
use super::problem::{HttpProblem, PROBLEM_JSON, REQUEST_ID};
use super::state::{ListenerState, ServerState};

/// No page runs, shows or frames anything that is not ours.
pub(super) const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
     connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'";

/// Of a page that says why something was refused no more than this is handed on.
const SAID_MAX: usize = 500;

#[derive(Clone)]
struct RequestGuard {
    listener: Arc<ListenerState>,
    limits: ListenerLimits,
    has_tls: bool,
    hosts: Arc<AllowedHosts>,
}

/// The routes, guarded.
pub fn around(state: Arc<ServerState>, routes: Router, entrance: &Entrance) -> Router {
    let hosts = AllowedHosts::of(&state.options, &[state.main.address, state.hooks.address]);
    let guard = RequestGuard {
        listener: entrance.state.clone(),
        limits: entrance.limits,
        has_tls: entrance.has_tls(),
        hosts: Arc::new(hosts),
    };
    routes.layer(from_fn_with_state(guard, guarded))
}

async fn guarded(State(guard): State<RequestGuard>, request: Request, next: Next) -> Response {
    let id = uuid::Uuid::now_v7().to_string();
    let is_api = request.uri().path().starts_with("/api");
    let path = request.uri().path().to_owned();
    let method = request.method().clone();
    let answer = REQUEST_ID.scope(id.clone(), async {
        let answered = AssertUnwindSafe(guard.answer(request, next)).catch_unwind();
        match answered.await {
            Ok(answer) => in_our_words(answer).await,
            Err(_) => HttpProblem::fault("a handler panicked").into_response(),
        }
    });
    let mut answer = answer.await;
    guard.listener.figures.answered(answer.status());
    // The path is ours where a route knows it; what else somebody asked for is not put into the log.
    let known = answer.status() != StatusCode::NOT_FOUND;
    tracing::debug!(
        request = id,
        %method,
        path = known.then(|| without_token(&path)),
        status = answer.status().as_u16(),
        "answered"
    );
    dress(answer.headers_mut(), &id, is_api, guard.has_tls);
    answer
}

/// An address without the token that some addresses have as their last part: it lets whoever reads it in.
fn without_token(path: &str) -> &str {
    ["/invite/", "/api/sync/confirm/"]
        .into_iter()
        .find(|before| path.starts_with(before))
        .unwrap_or(path)
}

impl RequestGuard {
    async fn answer(&self, request: Request, next: Next) -> Response {
        if let Err(refused) = self.check_host(request.uri(), request.headers(), request.version()) {
            return refused.into_response();
        }
        match self.with_whole_body(request).await {
            Ok(request) => next.run(request).await,
            Err(refused) => refused.into_response(),
        }
    }

    /// A page elsewhere can make a browser send requests here under a name of its own. Such a name is not ours.
    fn check_host(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        version: Version,
    ) -> Result<(), HttpProblem> {
        let mut named = headers.get_all(header::HOST).iter();
        let host = named.next().and_then(|host| host.to_str().ok());
        if named.next().is_some() || (host.is_none() && version == Version::HTTP_11) {
            return Err(HttpProblem::new(
                StatusCode::BAD_REQUEST,
                "request_unreadable",
                "the request must name its host exactly once",
            ));
        }
        let authority = uri.authority().map(|authority| authority.as_str());
        let asked: Vec<&str> = host.into_iter().chain(authority).collect();
        if !asked.is_empty() && asked.iter().all(|host| self.hosts.allows(host)) {
            return Ok(());
        }
        Err(HttpProblem::new(
            StatusCode::MISDIRECTED_REQUEST,
            "host_not_allowed",
            "the request is for a host that this server does not answer for",
        )
        .hint(
            "add the name to `allowed_hosts` in `[serve]`, or set `public_url` for webhooks and `dashboard_url` for the dashboard",
        ))
    }

    /// The request with all of its body in memory: nobody holds a handler up byte by byte.
    async fn with_whole_body(&self, request: Request) -> Result<Request, HttpProblem> {
        let (parts, body) = request.into_parts();
        let phase = parts.extensions.get::<ConnectionPhase>().cloned();
        let whole = Limited::new(body, self.limits.body_max).collect();
        let bytes: Bytes = match tokio::time::timeout(self.limits.body_time, whole).await {
            Ok(Ok(body)) => body.to_bytes(),
            Ok(Err(error)) if error.is::<LengthLimitError>() => {
                return Err(HttpProblem::new(
                    StatusCode::PAYLOAD_TOO_LARGE,
                    "body_too_large",
                    format!("the body is larger than {} MiB", self.limits.body_max >> 20),
                )
                .header(header::CONNECTION, HeaderValue::from_static("close")));
            }
            Ok(Err(_)) => return Err(broke_off()),
            Err(_) => {
                return Err(HttpProblem::new(
                    StatusCode::REQUEST_TIMEOUT,
                    "body_too_slow",
                    format!(
                        "the body did not come within {} s",
                        self.limits.body_time.as_secs()
                    ),
                )
                .header(header::CONNECTION, HeaderValue::from_static("close")));
            }
        };
        if let Some(phase) = phase {
            phase.works();
        }
        Ok(Request::from_parts(parts, Body::from(bytes)))
    }
}

/// The body of a request. One that cannot be read is a refusal: taken for an empty one, it would ask for something else.
pub async fn whole(body: Body) -> Result<Bytes, HttpProblem> {
    let body = body.collect().await.map_err(|_| broke_off())?;
    Ok(body.to_bytes())
}

fn broke_off() -> HttpProblem {
    HttpProblem::new(
        StatusCode::BAD_REQUEST,
        "request_unreadable",
        "the body broke off, or is not as its headers say",
    )
    .header(header::CONNECTION, HeaderValue::from_static("close"))
}

/// Refusals of the framework have bare words or none. They become problems like ours, and keep headers such as `Allow`.
async fn in_our_words(answer: Response) -> Response {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) {
        return answer;
    }
    let kind = answer.headers().get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with(PROBLEM_JSON) || kind.starts_with("text/html") {
        return answer;
    }
    let (parts, body) = answer.into_parts();
    let said = Limited::new(body, SAID_MAX).collect().await;
    let said = said.map(|said| said.to_bytes()).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    let mut answer = HttpProblem::of_status(status, said.trim()).into_response();
    for (name, value) in &parts.headers {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            answer.headers_mut().append(name, value.clone());
        }
    }
    answer
}

fn dress(headers: &mut HeaderMap, id: &str, is_api: bool, has_tls: bool) {
    let fixed = [
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        // With `no-referrer` a browser sends `Origin: null` with our own forms, which looks like somebody else's.
        (header::REFERRER_POLICY, "same-origin"),
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
    ];
    for (name, value) in fixed {
        // A page that needs a policy of its own has set it.
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    } else {
        headers
            .entry(header::CACHE_CONTROL)
            .or_insert(HeaderValue::from_static("no-store"));
    }
    if has_tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::{get, post};
    use serde_json::Value;
    use tokio::sync::mpsc::unbounded_channel;
    use tower::ServiceExt;

    use super::*;
    use crate::server::{ServeOptions, Shops, Stop};

    async fn guarded_routes() -> Router {
        let text = "[serve]\nlisten = \"127.0.0.1:0\"\nhooks_listen = \"127.0.0.1:0\"\n";
        let settings = crate::config::parse_serve(text, "serve.toml").expect("no mistake");
        let options = ServeOptions::new(settings, "access.db".into());
        let (spoken, _) = unbounded_channel();
        let server = crate::server::Server::bind(options, Shops::default(), Stop::new(), spoken)
            .await
            .expect("ports are free");
        let routes = Router::new()
            .route(
                "/panics",
                get(|| async { panic!("on purpose") as &'static str }),
            )
            .route(
                "/bare",
                get(|| async { (StatusCode::CONFLICT, "bare words") }),
            )
            .route("/odd", get(|| async { StatusCode::UNSUPPORTED_MEDIA_TYPE }))
            .route("/api/echo", post(|body: Bytes| async move { body }));
        let routes = routes.fallback(crate::server::nothing_there);
        around(server.state.clone(), routes, &server.main)
    }

    async fn answer(
        request: axum::http::request::Builder,
        body: Body,
    ) -> (StatusCode, HeaderMap, Value) {
        let request = request.body(body).expect("a request");
        let answer = guarded_routes()
            .await
            .oneshot(request)
            .await
            .expect("never fails");
        let (parts, body) = answer.into_parts();
        let bytes = body.collect().await.expect("it is whole").to_bytes();
        let value = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        (parts.status, parts.headers, value)
    }

    fn to(path: &str) -> axum::http::request::Builder {
        Request::builder()
            .uri(path)
            .header("host", "localhost:8460")
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_that_names_its_request_and_says_nothing_of_the_inside() {
        let (status, headers, said) = answer(to("/panics"), Body::empty()).await;
        assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(said["code"], "internal_fault");
        let id = headers["x-request-id"].to_str().expect("text");
        assert_eq!(said["instance"], format!("urn:uuid:{id}"));
        assert!(!said.to_string().contains("on purpose"), "{said}");
    }

    #[tokio::test]
    async fn bare_words_of_the_framework_become_problems() {
        let (status, _, said) = answer(to("/bare"), Body::empty()).await;
        assert_eq!(
            (status, &said["detail"]),
            (StatusCode::CONFLICT, &"bare words".into())
        );
        let (status, _, said) = answer(to("/odd"), Body::empty()).await;
        assert_eq!(
            (status, &said["code"]),
            (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                &"media_type_unsupported".into()
            )
        );
        let (status, headers, said) = answer(to("/api/echo"), Body::empty()).await;
        assert_eq!(
            (status, &said["code"]),
            (StatusCode::METHOD_NOT_ALLOWED, &"method_not_allowed".into())
        );
        assert_eq!(headers["allow"], "POST");
    }

    #[tokio::test]
    async fn a_body_is_taken_up_to_its_limit() {
        let size = ListenerLimits::MAIN.body_max;
        let post = || to("/api/echo").method("POST");
        let (status, ..) = answer(post(), Body::from(vec![b'x'; size])).await;
        assert_eq!(status, StatusCode::OK);
        let (status, _, said) = answer(post(), Body::from(vec![b'x'; size + 1])).await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(said["code"], "body_too_large");
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_not_an_empty_one() {
        let broken = || std::io::Error::other("the line is gone");
        let body = Body::from_stream(futures_util::stream::iter([
            Ok(Bytes::from_static(b"{")),
            Err(broken()),
        ]));
        let refused = whole(body).await.expect_err("it did not come whole");
        assert_eq!(refused.code(), "request_unreadable");
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_in_time_is_not_waited_for() {
        let never = futures_util::stream::pending::<Result<Bytes, std::io::Error>>();
        let request = to("/api/echo").method("POST");
        let (status, _, said) = answer(request, Body::from_stream(never)).await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
        assert_eq!(said["code"], "body_too_slow");
    }
}
