//! Looking around: what answers where WooCommerce was expected.
//!
//! Asked after a 404 or an odd redirect, and before a new connection is made, without keys. WordPress lists its interfaces to everybody at
//! `/wp-json/`, so this tells a wrong address from a missing WooCommerce and from plain permalinks, and finds the API
//! when the address of one of the shop's pages was configured.

use serde::Deserialize;
use url::Url;

use super::address::{below, elsewhere, same_shop};
use super::client::{Query, ShopClient};
use super::trouble::{CallsFor, ShopError};
use crate::connector::http::Answered;
use crate::model::fault::Fault;

#[derive(Deserialize)]
struct Index {
    namespaces: Vec<String>,
}

/// Where the API is, as far as can be told without keys.
pub(super) enum LocatedApi {
    /// Where [`ShopClient::url`] says from now on.
    Here,
    /// The shop answers under this name.
    At(Url),
}

impl ShopClient {
    /// Finds the API before any key is sent, or says why there is none.
    pub(super) async fn locate(&self) -> Result<LocatedApi, Fault> {
        let asked = below(&self.url(""), "wp-json/");
        let answer = self.exchange(asked.clone(), &Index::query(), false).await;
        let answer = answer.map_err(|silence| self.silent(&silence))?;
        if Index::read(&answer).is_some_and(|index| index.has_woocommerce()) {
            return Ok(LocatedApi::Here);
        }
        let location = answer.header("location").unwrap_or_default();
        if (300..400).contains(&answer.status)
            && let Some(other) = same_shop(&asked, location)
            && other != self.url("")
        {
            return Ok(LocatedApi::At(other));
        }
        let call = match answer.status {
            200 => CallsFor::LookAround,
            _ => self.judge(&answer, &asked),
        };
        match call {
            CallsFor::LookAround => self.look_around(&answer).await.map(|()| LocatedApi::Here),
            // Closed to strangers: with keys it may open.
            CallsFor::Keys => Ok(LocatedApi::Here),
            CallsFor::Report(setback) => Err(setback.fault),
        }
    }

    /// Moves to where the API is, or says why there is none. `refused` is the answer that made us look.
    pub(super) async fn look_around(&self, refused: &Answered) -> Result<(), Fault> {
        let here = self.url("");
        let at_hand = self.index(&here, "wp-json/", "").await;
        if at_hand.as_ref().is_some_and(Index::has_woocommerce) {
            // WooCommerce is here, and still its orders are not: somebody took them away.
            return Err(self.shop.blocked(&ShopError::of(refused)));
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
        let mut query = Index::query();
        if !route.is_empty() {
            query.push(("rest_route", route.to_owned()));
        }
        let answer = self.exchange(below(root, path), &query, false).await.ok()?;
        Index::read(&answer)
    }
}

impl Index {
    fn query() -> Query {
        vec![("_fields", "namespaces".to_owned())]
    }

    fn read(answer: &Answered) -> Option<Index> {
        serde_json::from_slice(&answer.body)
            .ok()
            .filter(|_| answer.status == 200)
    }

    fn has_woocommerce(&self) -> bool {
        self.namespaces.iter().any(|name| name == "wc/v3")
    }
}
