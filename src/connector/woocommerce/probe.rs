//! Looking around: what answers where WooCommerce was expected.
//!
//! Asked only after a 404 or an odd redirect, and without keys. WordPress lists its interfaces to everybody at
//! `/wp-json/`, so this tells a wrong address from a missing WooCommerce and from plain permalinks, and finds the API
//! when the address of one of the shop's pages was configured.

use serde::Deserialize;
use url::Url;

use super::address::{below, elsewhere};
use super::client::Client;
use super::trouble::Complaint;
use crate::connector::http::Answered;
use crate::model::fault::Fault;

#[derive(Deserialize)]
struct Index {
    namespaces: Vec<String>,
}

impl Client {
    /// Moves to where the API is, or says why there is none. `refused` is the answer that made us look.
    pub(super) async fn look_around(&self, refused: &Answered) -> Result<(), Fault> {
        let here = self.url("");
        let at_hand = self.index(&here, "wp-json/", "").await;
        if at_hand.as_ref().is_some_and(Index::has_woocommerce) {
            // WooCommerce is here, and still its orders are not: somebody took them away.
            return Err(self.shop.blocked(&Complaint::of(refused)));
        }
        for place in elsewhere(&here) {
            let found = self.index(&place, "wp-json/", "").await;
            if found.as_ref().is_some_and(Index::has_woocommerce) {
                tracing::debug!("the shop's API is at another folder of its address");
                *self.root.lock().expect("nobody panics while setting it") = place;
                return Ok(());
            }
        }
        if at_hand.is_some() {
            return Err(self.shop.without_woocommerce());
        }
        Err(match self.index(&here, "", "/").await {
            Some(index) if index.has_woocommerce() => self.shop.plain_permalinks(),
            Some(_) => self.shop.without_woocommerce(),
            None => self.shop.nothing_there(),
        })
    }

    async fn index(&self, root: &Url, path: &str, route: &str) -> Option<Index> {
        let mut query = vec![("_fields", "namespaces".to_owned())];
        if !route.is_empty() {
            query.push(("rest_route", route.to_owned()));
        }
        let answer = self.exchange(below(root, path), &query, false).await.ok()?;
        serde_json::from_slice(&answer.body)
            .ok()
            .filter(|_| answer.status == 200)
    }
}

impl Index {
    fn has_woocommerce(&self) -> bool {
        self.namespaces.iter().any(|name| name == "wc/v3")
    }
}
