//! Receiving: from raw bytes to the answer.
//!
//! In this order: is it compressed, is it a ping, is it signed once and with our secret over the bytes as they came, what does it name,
//! is that on the disk; and only then 200. Everything that is not signed is answered alike, and leaves nothing but a count.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::post;

use super::super::blocking;
use super::super::problem::HttpProblem;
use super::super::shops::ServedShop;
use super::super::state::ServerState;
use super::shop::{DeliveryTrouble, HookShop};
use crate::app::webhooks::troubles;
use crate::connector::quickbooks::notices;
use crate::connector::signature::GivenSignature;
use crate::connector::woocommerce::webhook;
use crate::model::delivery::{Delivery, DeliverySource, DeliveryVerdict};
use crate::store::StoreError;

/// Where webhooks are posted to.
pub fn routes(state: Arc<ServerState>) -> Router {
    let mut routes = Router::new();
    if state.options.settings.webhooks.woocommerce {
        // With its name a shop is reached however many there are.
        routes = routes.route("/api/webhooks/woocommerce/{shop}", post(from_shop));
        if !state.options.many_shops {
            routes = routes.route("/api/webhooks/woocommerce", post(from_only_shop));
        }
    }
    if state.options.settings.webhooks.quickbooks {
        routes = routes
            .route("/api/webhooks/quickbooks", post(from_books))
            .route("/api/webhooks/quickbooks/cloudevents", post(from_books));
    }
    // The guard has measured the body already, and the framework's own limit is smaller than a delivery may be.
    routes.layer(DefaultBodyLimit::disable()).with_state(state)
}

async fn from_only_shop(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    let shop = state.shops.only().cloned();
    let shop = shop.ok_or_else(|| HttpProblem::of_status(StatusCode::NOT_FOUND, ""))?;
    receive_from_shop(state, shop, headers, body).await
}

async fn from_shop(
    State(state): State<Arc<ServerState>>,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    let shop = state.shops.get(&name).cloned();
    let shop = shop.ok_or_else(|| HttpProblem::of_status(StatusCode::NOT_FOUND, ""))?;
    receive_from_shop(state, shop, headers, body).await
}

async fn receive_from_shop(
    state: Arc<ServerState>,
    shop: Arc<ServedShop>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    not_compressed(&headers)?;
    blocking(move || -> Result<Response, HttpProblem> {
        // What is wrong with our own files is nobody's business out there.
        let hooks = state.hook_shops.of(&shop).map_err(|failure| {
            tracing::error!(
                shop = shop.name,
                code = failure.code,
                "no delivery can be kept"
            );
            unready()
        })?;
        let source = DeliverySource::Woocommerce;
        let is_signed_at_all = headers.contains_key(webhook::SIGNATURE);
        if !is_signed_at_all && webhook::pinged(&body).is_some() {
            count(&state, &hooks, source, DeliveryVerdict::Ping)?;
            return Ok(accepted(DeliveryVerdict::Ping));
        }
        let given = GivenSignature::read(values(&headers, webhook::SIGNATURE));
        let fits = |given| webhook::is_signed(given, &body, &hooks.known().secrets.shop);
        let is_ours =
            given.is_some_and(|given| fits(given) || (hooks.look_again(&shop) && fits(given)));
        let (id, topic) = (
            text(&headers, webhook::WEBHOOK_ID),
            text(&headers, webhook::TOPIC),
        );
        if !is_ours {
            // The header is anybody's word; but only one that the shop has made for us is worth a word to the owner.
            let registered = id.parse::<u64>().ok();
            let known = hooks.known();
            let ours = known.ours.iter().find(|one| Some(one.id) == registered);
            if let Some(ours) = ours.filter(|_| is_signed_at_all) {
                hooks.meet(DeliveryTrouble::Begins(troubles::bad_signature(ours.id)));
            }
            return Err(refused(&state, &hooks, source));
        }
        hooks.meet_end_of_bad_signatures();
        let delivery = webhook::read(topic, &body);
        let received = keep(&state, &hooks, None, &delivery)?;
        publish(&shop, &delivery, received);
        Ok(accepted(received))
    })
    .await?
}

async fn from_books(
    State(state): State<Arc<ServerState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, HttpProblem> {
    not_compressed(&headers)?;
    blocking(move || receive_from_books(&state, &headers, &body)).await?
}

/// One app has one address and one token, whatever companies it speaks of; shops of several apps have several. A shop hears what its own
/// token has signed, of its own company.
fn receive_from_books(
    state: &ServerState,
    headers: &HeaderMap,
    body: &[u8],
) -> Result<Response, HttpProblem> {
    let source = DeliverySource::Quickbooks;
    let given = GivenSignature::read(values(headers, notices::SIGNATURE));
    let mut listening = Vec::new();
    let mut first = None;
    let mut is_one_unopened = false;
    for shop in state.shops.iter() {
        // A shop whose files are broken keeps nothing from the others.
        let Ok(hooks) = state.hook_shops.of(shop) else {
            is_one_unopened = true;
            continue;
        };
        first.get_or_insert_with(|| hooks.clone());
        let fits = |given| notices::is_signed(given, body, &hooks.known().secrets.books);
        if given.is_some_and(|given| fits(given) || (hooks.look_again(shop) && fits(given))) {
            listening.push((shop.clone(), hooks));
        }
    }
    let Some(first) = first else {
        return Err(unready());
    };
    if listening.is_empty() {
        return Err(refused(state, &first, source));
    }
    let delivery = notices::read(body);
    let spoken_of = delivery.companies();
    let company = |hooks: &HookShop| hooks.known().secrets.company.clone();
    let is_meant =
        |hooks: &HookShop| company(hooks).is_some_and(|own| spoken_of.contains(own.as_str()));
    // Perhaps a shop was given another company a moment ago.
    if !listening.iter().any(|(_, hooks)| is_meant(hooks)) {
        for (shop, hooks) in &listening {
            hooks.look_again(shop);
        }
    }
    let mut meant: Vec<_> = listening
        .iter()
        .filter(|(_, hooks)| is_meant(hooks))
        .collect();
    // What is about nobody is kept once, so that it can be seen.
    if meant.is_empty() {
        meant.extend(listening.first());
    }
    let served: Vec<String> = listening
        .iter()
        .filter_map(|(_, hooks)| company(hooks))
        .collect();
    // It may be that shop's, and what is accepted here is not told again.
    if is_one_unopened
        && spoken_of
            .iter()
            .any(|company| !served.iter().any(|own| own == company))
    {
        return Err(unready());
    }
    let mut verdict = DeliveryVerdict::Ignored;
    for (nth, (shop, hooks)) in meant.into_iter().enumerate() {
        let own = company(hooks);
        let mut of_shop = delivery.clone();
        of_shop.events.retain(|event| match &event.company {
            Some(company) => {
                Some(company) == own.as_ref() || (nth == 0 && !served.contains(company))
            }
            None => nth == 0,
        });
        let became = keep(state, hooks, own.as_deref(), &of_shop)?;
        publish(shop, &of_shop, became);
        if nth == 0 || became == DeliveryVerdict::Queued {
            verdict = became;
        }
    }
    Ok(accepted(verdict))
}

fn keep(
    state: &ServerState,
    hooks: &HookShop,
    company: Option<&str>,
    delivery: &Delivery,
) -> Result<DeliveryVerdict, HttpProblem> {
    let received = hooks
        .inbox
        .receive(&hooks.name, company, delivery, state.clock.now())
        .map_err(|error| not_kept(hooks, &error))?;
    hooks.answered.count(delivery.source, received.verdict);
    if received.events.queued > 0 {
        hooks.ripens.notify_one();
    }
    Ok(received.verdict)
}

fn count(
    state: &ServerState,
    hooks: &HookShop,
    source: DeliverySource,
    verdict: DeliveryVerdict,
) -> Result<(), HttpProblem> {
    hooks.answered.count(source, verdict);
    hooks
        .inbox
        .count(&hooks.name, source, verdict, state.clock.now())
        .map_err(|error| not_kept(hooks, &error))
}

/// Nothing of it is kept but that it was there; and where not even that can be kept, it is refused all the same.
fn refused(state: &ServerState, hooks: &HookShop, source: DeliverySource) -> HttpProblem {
    let _ = count(state, hooks, source, DeliveryVerdict::Refused);
    HttpProblem::new(
        StatusCode::UNAUTHORIZED,
        "signature_wrong",
        "the delivery is not signed with the secret that is kept here",
    )
}

/// A 200 would be a lie to whoever would have sent it again.
fn not_kept(hooks: &HookShop, error: &StoreError) -> HttpProblem {
    tracing::error!(shop = hooks.name, %error, "a delivery could not be kept");
    hooks.meet(DeliveryTrouble::Begins(troubles::inbox_closed(
        &error.to_string(),
    )));
    unready()
}

fn unready() -> HttpProblem {
    HttpProblem::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "inbox_unwritable",
        "the delivery could not be kept, and is not accepted",
    )
}

fn publish(shop: &ServedShop, delivery: &Delivery, verdict: DeliveryVerdict) {
    use super::super::events::EventKind;
    shop.events.publish(
        EventKind::Queue,
        serde_json::json!({ "source": delivery.source, "topic": delivery.topic, "verdict": verdict }),
    );
}

fn accepted(verdict: DeliveryVerdict) -> Response {
    (
        StatusCode::OK,
        [(header::CONTENT_TYPE, "application/json")],
        format!("{{\"verdict\":\"{}\"}}\n", verdict.as_str()),
    )
        .into_response()
}

/// Nobody of those who send here compresses, and what is signed are the bytes as they came.
fn not_compressed(headers: &HeaderMap) -> Result<(), HttpProblem> {
    let codings = headers.get_all(header::CONTENT_ENCODING).iter();
    let mut codings = codings.map(|coding| coding.as_bytes());
    if codings.all(|coding| {
        coding.trim_ascii().is_empty() || coding.trim_ascii().eq_ignore_ascii_case(b"identity")
    }) {
        return Ok(());
    }
    Err(HttpProblem::of_status(
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "a delivery must not be compressed",
    ))
}

fn values<'h>(headers: &'h HeaderMap, name: &str) -> impl Iterator<Item = &'h [u8]> {
    let values = headers.get_all(name).iter();
    values.map(|value| value.as_bytes())
}

/// What a header says, where it says it once and in letters.
fn text<'h>(headers: &'h HeaderMap, name: &str) -> &'h str {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(only), None) => only.to_str().unwrap_or_default(),
        _ => "",
    }
}
