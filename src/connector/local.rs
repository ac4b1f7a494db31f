//! Deliveries to a server of our own: the same request that a service would send, for trying what becomes of it.

use std::time::Duration;

use url::Url;

use super::http::{Answered, Http, Limits};
use crate::model::fault::{Fault, Remedy};

/// A body with its headers.
#[derive(Clone, Debug)]
pub struct TrialDelivery {
    pub headers: Vec<(&'static str, String)>,
    pub body: Vec<u8>,
}

/// Posts it once.
pub async fn deliver(url: &Url, delivery: TrialDelivery) -> Result<Answered, Fault> {
    let limits = Limits {
        timeout: Duration::from_secs(10),
        body_max: 1 << 20,
    };
    let http = Http::new(url, limits);
    let mut request = http
        .request(reqwest::Method::POST, url.clone())
        .body(delivery.body);
    for (name, value) in delivery.headers {
        request = request.header(name, value);
    }
    http.send(request).await.map_err(|why| {
        Fault::new(
            Remedy::Stop,
            "server_unreachable",
            format!("nothing answers at `{url}`: {}", why.words()),
        )
    })
}
