//! A visit: a request of somebody who is signed in, for one of their shops. What is refused is told on a page that says what to do.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use serde_json::{Value, json};

use super::form::SentForm;
use super::frame;
use super::refusal::PageRefusal;
use super::render::render;
use crate::app::App;
use crate::model::access::AccessRole;
use crate::run::Failure;
use crate::server::access::{Caller, forgery};
use crate::server::guard::whole;
use crate::server::problem::HttpProblem;
use crate::server::shops::ServedShop;
use crate::server::state::ServerState;
use crate::server::to_its_end;

/// What a page answers.
pub type PageResult = Result<Response, PageRefusal>;

/// A request of somebody who is signed in.
#[derive(Clone)]
pub struct PageVisit {
    pub state: Arc<ServerState>,
    pub caller: Caller,
    /// Of a page below `/shop/NAME`.
    pub shop: Option<Arc<ServedShop>>,
    /// What a form brought.
    pub form: SentForm,
    pub query: SentForm,
    /// What the address names besides the shop.
    pub named: BTreeMap<String, String>,
    pub headers: HeaderMap,
    /// The newest event of the shop before anything was read for the page.
    pub heard: u64,
}

/// A page that is looked at.
pub fn shows<F, A>(handler: F) -> MethodRouter<Arc<ServerState>>
where
    F: Fn(PageVisit) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = PageResult> + Send + 'static,
{
    get(
        move |State(state), Path(named): Path<BTreeMap<String, String>>, request: Request| {
            answer(state, named, request, handler)
        },
    )
}

/// Where a form goes. It was made for this very session, or nothing of it is done.
pub fn takes<F, A>(handler: F) -> MethodRouter<Arc<ServerState>>
where
    F: Fn(PageVisit) -> A + Clone + Send + Sync + 'static,
    A: Future<Output = PageResult> + Send + 'static,
{
    post(
        move |State(state), Path(named): Path<BTreeMap<String, String>>, request: Request| {
            answer(state, named, request, handler)
        },
    )
}

async fn answer<F, A>(
    state: Arc<ServerState>,
    named: BTreeMap<String, String>,
    request: Request,
    handler: F,
) -> Response
where
    F: Fn(PageVisit) -> A,
    A: Future<Output = PageResult> + Send + 'static,
{
    let wants = Wants::of(request.method(), request.headers());
    let address = request
        .uri()
        .path_and_query()
        .map_or("/", |address| address.as_str())
        .to_owned();
    let visit = match visit(&state, named, request).await {
        Ok(visit) => visit,
        Err(refusal) if refusal.code() == "not_signed_in" && wants.page => {
            return to_sign_in(&wants, &address);
        }
        Err(refusal) => return told_at_the_door(&wants, refusal),
    };
    let work = handler(visit.clone());
    let done = match wants.method {
        Method::POST => goes_on(work).await,
        _ => work.await,
    };
    match done {
        Ok(response) => response,
        Err(refusal) if wants.page => visit.told(refusal).await,
        Err(refusal) => refusal.as_document(),
    }
}

/// What a form begins goes on to its end, though whoever sent it hung up.
pub async fn goes_on(work: impl Future<Output = PageResult> + Send + 'static) -> PageResult {
    to_its_end(async move { Ok(work.await) }).await?
}

/// Whether somebody looks, or a program asks.
struct Wants {
    page: bool,
    /// A part of a page asks for itself.
    part: bool,
    /// The page that a part of it belongs to.
    page_of_part: Option<String>,
    method: Method,
}

impl Wants {
    fn of(method: &Method, headers: &HeaderMap) -> Wants {
        Wants {
            page: wants_a_page(headers),
            part: headers.contains_key("hx-request"),
            page_of_part: page_of_part(headers),
            method: method.clone(),
        }
    }
}

/// Where somebody was when a part asked for itself, as an address of ours.
fn page_of_part(headers: &HeaderMap) -> Option<String> {
    let told = headers.get("hx-current-url")?.to_str().ok()?;
    let told = url::Url::parse(told).ok()?;
    Some(match told.query() {
        Some(query) => format!("{}?{query}", told.path()),
        None => told.path().to_owned(),
    })
}

pub fn wants_a_page(headers: &HeaderMap) -> bool {
    let accepts = headers.get(header::ACCEPT);
    let accepts = accepts.and_then(|accepts| accepts.to_str().ok());
    headers.contains_key("hx-request") || accepts.is_some_and(|kinds| kinds.contains("text/html"))
}

async fn visit(
    state: &Arc<ServerState>,
    mut named: BTreeMap<String, String>,
    request: Request,
) -> Result<PageVisit, PageRefusal> {
    let (parts, body) = request.into_parts();
    let caller = state.access.caller(state, &parts).await?;
    forgery::check(state, &parts, caller.session.is_some())?;
    let form = match parts.method {
        Method::POST => {
            let form = form_of(&parts.headers, body).await?;
            forgery::check_form(&caller, form.one("form"))?;
            form
        }
        _ => SentForm::default(),
    };
    let shop = match named.remove("shop") {
        Some(name) => Some(shop_called(state, &caller, &name)?),
        None => None,
    };
    let heard = shop.as_ref().map_or(0, |shop| shop.events.newest());
    Ok(PageVisit {
        state: state.clone(),
        caller,
        heard,
        shop,
        form,
        query: SentForm::read(parts.uri.query().unwrap_or_default().as_bytes()),
        named,
        headers: parts.headers,
    })
}

/// The fields of a form, as browsers send them.
pub async fn form_of(headers: &HeaderMap, body: axum::body::Body) -> Result<SentForm, PageRefusal> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let bare = kind.split(';').next().map(str::trim);
    let body = whole(body).await?;
    if bare != Some("application/x-www-form-urlencoded") && !body.is_empty() {
        return Err(HttpProblem::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "media_type_unsupported",
            "this address takes forms of its own pages",
        )
        .into());
    }
    Ok(SentForm::read(&body))
}

/// A shop that somebody may not see is not there.
fn shop_called(
    state: &ServerState,
    caller: &Caller,
    name: &str,
) -> Result<Arc<ServedShop>, PageRefusal> {
    let shop = state.shops.get(name);
    let shop = shop.filter(|shop| caller.shops.holds(&shop.name)).cloned();
    shop.ok_or_else(|| {
        HttpProblem::new(
            StatusCode::NOT_FOUND,
            "shop_unknown",
            "there is no such shop here",
        )
        .into()
    })
}

/// Whoever was signed in comes back to where they were.
fn to_sign_in(wants: &Wants, address: &str) -> Response {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let back = match (wants.part, &wants.method) {
        (true, _) => wants.page_of_part.as_deref(),
        (false, &Method::GET) => Some(address),
        (false, _) => None,
    };
    if let Some(back) = back.filter(|back| *back != "/") {
        query.append_pair("next", back);
    }
    let query = query.finish();
    let to = match query.is_empty() {
        true => "/sign-in".to_owned(),
        false => format!("/sign-in?{query}"),
    };
    if wants.part {
        // A part that is replaced by the page of signing in would be odd: the whole page goes there.
        let to = HeaderValue::from_str(&to).unwrap_or(HeaderValue::from_static("/sign-in"));
        return (
            StatusCode::OK,
            [(HeaderName::from_static("hx-redirect"), to)],
        )
            .into_response();
    }
    see_other(&to)
}

/// On to another page, as after each form.
pub fn see_other(to: &str) -> Response {
    let to = HeaderValue::from_str(to).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, to)]).into_response()
}

fn told_at_the_door(wants: &Wants, refusal: PageRefusal) -> Response {
    match wants.page {
        true => door_page(
            "error.html",
            refusal.status,
            json!({ "refusal": refusal.document, "title": "Refused" }),
        ),
        false => refusal.as_document(),
    }
}

/// There is nothing at an address: a page for whoever looks, a document for a program.
pub async fn nothing_here(request: Request) -> Response {
    let refusal = PageRefusal::from(HttpProblem::of_status(StatusCode::NOT_FOUND, ""));
    told_at_the_door(&Wants::of(request.method(), request.headers()), refusal)
}

/// A page for somebody who is not in: with the world and the host, and nothing of a shop.
pub fn door_page(template: &str, status: StatusCode, mut content: Value) -> Response {
    content["assets"] = super::assets::addresses();
    content["layout"] = json!("door.html");
    html(status, render(template, &content))
}

pub fn html(status: StatusCode, text: Result<String, HttpProblem>) -> Response {
    match text {
        Ok(text) => {
            let kind = HeaderValue::from_static("text/html; charset=utf-8");
            (status, [(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(problem) => problem.into_response(),
    }
}

impl PageVisit {
    /// The shop that the page is about.
    pub fn shop(&self) -> &Arc<ServedShop> {
        self.shop.as_ref().expect("a page below `/shop` has one")
    }

    /// What every address of this shop begins with.
    pub fn base(&self) -> String {
        let name = self.shop.as_ref().map_or("", |shop| &shop.name);
        format!("/shop/{}", super::form::in_path(name))
    }

    pub fn named(&self, name: &str) -> &str {
        self.named.get(name).map_or("", String::as_str)
    }

    pub fn may(&self, role: AccessRole) -> bool {
        self.caller.role >= role
    }

    /// Work with the shop as it is configured now, off the threads that answer.
    pub async fn with_app<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, PageRefusal> {
        let shop = self.shop().clone();
        let done = crate::server::blocking(move || work(&shop.open()?)).await?;
        Ok(done?)
    }

    /// A page: the template, the place in the menu, the title, and what it shows.
    pub async fn page(
        &self,
        template: &str,
        here: &str,
        title: &str,
        content: Value,
    ) -> PageResult {
        self.page_as(StatusCode::OK, template, here, title, content)
            .await
    }

    /// The same where something was wrong with a form.
    pub async fn page_as(
        &self,
        status: StatusCode,
        template: &str,
        here: &str,
        title: &str,
        content: Value,
    ) -> PageResult {
        let mut context = frame::around(self, here, title).await;
        if let (Value::Object(context), Value::Object(content)) = (&mut context, content) {
            context.extend(content);
        }
        Ok(html(status, render(template, &context)))
    }

    /// Why there is no such page, with the menu around it.
    async fn told(&self, refusal: PageRefusal) -> Response {
        let shown = json!({ "refusal": refusal.document });
        let page = self.page_as(refusal.status, "error.html", "", "Not done", shown);
        page.await.unwrap_or_else(|refusal| refusal.as_document())
    }

    /// On to a page of this shop.
    pub fn on_to(&self, page: &str) -> Response {
        see_other(&format!("{}/{page}", self.base()))
    }
}
