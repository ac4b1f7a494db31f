//! Asks what has to be known before two sides can be compared: what was agreed, and how the shop has its prices.

use std::collections::BTreeSet;

use super::known::KnownAgreements;
use crate::connector::port::{LedgerReader, ShopReader};
use crate::engine::context::PlanningContext;
use crate::engine::error::EngineError;
use crate::engine::gather::Gathered;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::Entity;

pub async fn know<'a, S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'a, S, F>,
    gathered: &Gathered,
    mappings: Option<&Fingerprint>,
    asked: &BTreeSet<(Entity, String)>,
) -> Result<KnownAgreements<'a>, EngineError> {
    let (target, now) = (desk.finder.name(), desk.clock.now());
    let mut known = KnownAgreements::load(desk.store, target, desk.both, mappings, asked, now)?;
    if known.goes_both_ways(Entity::Product) && !gathered.products.is_empty() {
        known.prices_include_tax = desk.source.prices_include_tax().await?;
        known.decimals = desk.source.decimals().await?.unwrap_or(known.decimals);
    }
    Ok(known)
}
