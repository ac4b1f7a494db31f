//! The watch over the webhooks in the shop: with every sweep it is seen whether they are switched on and whether what the shop sent has
//! come, and what was left to the sweep is looked at.

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};

use super::super::shops::ServedShop;
use super::super::state::ServerState;
use super::shop::HookShop;
use super::told::{begin, end};
use crate::app::App;
use crate::app::webhooks::checking::HookHealth;
use crate::app::webhooks::{WebhookCheck, shop_address, troubles};
use crate::model::service::Service;
use crate::run::Failure;
use crate::store::Store;

/// A webhook that the shop switches off again and again is somebody's to mend.
const TAKEN_UP_MAX: usize = 3;
const TAKEN_UP_WITHIN: TimeDelta = TimeDelta::hours(24);

pub(super) struct Watch {
    every: Duration,
    last: Option<Instant>,
    taken_up: Vec<DateTime<Utc>>,
}

impl Watch {
    pub fn new(state: &ServerState) -> Watch {
        Watch {
            every: state.options.settings.sweep,
            last: None,
            taken_up: Vec::new(),
        }
    }

    /// Looks, if it is time. Nothing of it stops the worker.
    pub async fn look(&mut self, state: &ServerState, shop: &ServedShop, hooks: &HookShop) {
        if self.last.is_some_and(|last| last.elapsed() < self.every) {
            return;
        }
        self.last = Some(Instant::now());
        if let Err(failure) = self.sweep(state, shop, hooks).await {
            tracing::warn!(
                shop = shop.name,
                code = failure.code,
                said = failure.message,
                "the webhooks of the shop could not be looked at"
            );
        }
    }

    async fn sweep(
        &mut self,
        state: &ServerState,
        shop: &ServedShop,
        hooks: &HookShop,
    ) -> Result<(), Failure> {
        hooks.inbox.release_left(&hooks.name, state.clock.now())?;
        if hooks.inbox.check().is_ok() {
            end(state, shop, troubles::inbox_subject()).await?;
        }
        if !state.options.settings.webhooks.woocommerce {
            return Ok(());
        }
        let app = shop.open()?;
        let store = app.store()?;
        // Without webhooks of ours there is nothing to look after.
        if app.our_webhooks(&store)?.is_empty() {
            return Ok(());
        }
        let given = app.given_for(&store, &[Service::Woocommerce])?;
        let source = app.source(&given)?;
        let settings = &state.options.settings;
        let address = settings
            .public_url
            .as_ref()
            .map(|url| shop_address(url, &shop.name, state.options.many_shops));
        let found = app
            .check_webhooks(&store, Some(&hooks.inbox), &source, address.as_deref())
            .await?;
        self.take_up(state, shop, (&app, &store), &source, &found)
            .await?;
        if found.is_good() {
            return end(state, shop, troubles::lost_subject()).await;
        }
        // What was lost is found by a sweep.
        shop.sweeps.ask("webhooks of the shop did not arrive");
        let topics: Vec<String> = found.bad().map(|one| one.topic.clone()).collect();
        let verdicts = |wanted| found.bad().any(|one| one.verdict == wanted);
        let said = if verdicts(HookHealth::Disabled) {
            "the shop has switched them off"
        } else if verdicts(HookHealth::Missing) {
            "the shop has none"
        } else if verdicts(HookHealth::Changed) {
            "somebody has given them another address or topic"
        } else {
            "the shop has sent something that did not come: a redirect, a page for signing in or a proxy in between may swallow it"
        };
        begin(state, shop, troubles::lost(&topics, said)).await
    }

    /// Switches on what the shop has switched off, a few times a day.
    async fn take_up(
        &mut self,
        state: &ServerState,
        shop: &ServedShop,
        (app, store): (&App, &Store),
        source: &crate::connector::woocommerce::WooCommerce,
        found: &WebhookCheck,
    ) -> Result<(), Failure> {
        let now = state.clock.now();
        self.taken_up.retain(|at| now - *at < TAKEN_UP_WITHIN);
        let disabled: Vec<u64> = found
            .bad()
            .filter(|one| one.verdict == HookHealth::Disabled)
            // What somebody has paused is meant to rest.
            .filter(|one| one.status.as_deref() == Some("disabled"))
            .filter_map(|one| one.id)
            .collect();
        if disabled.is_empty() || self.taken_up.len() >= TAKEN_UP_MAX {
            return Ok(());
        }
        self.taken_up.push(now);
        for id in disabled {
            match app.shop_hook_secret(store)? {
                Some(secret) => source.take_up_webhook(id, &secret).await?,
                None => source.reactivate_webhook(id).await?,
            };
        }
        shop.sweeps
            .ask("webhooks that were switched off work again");
        Ok(())
    }
}
