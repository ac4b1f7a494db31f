//! Products of the shop as items of the books: matched, made, and kept as far as the rules say.
//!
//! A product is the same item as an order line that sells it: there is one rule for both, in `books`. What is remembered of a product is
//! the item it became, by the product's own number, so that neither a new name nor a new SKU makes it another thing, and the price that
//! the shop last had for it. Only a price that is new in the shop is ever written, and only where the rules allow it: what a bookkeeper
//! has put into an item stays.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use crate::books::names::{self, Resolved, SoldItem, product_key};
use crate::connector::port::{Detail, Draft, Label, LedgerReader, Odd, ShopReader};
use crate::model::document::ItemKey;
use crate::model::draft::ItemChange;
use crate::model::fault::Reason;
use crate::model::fingerprint::Fingerprint;
use crate::model::plan::{Action, Entity, Hold, RecordKey, Remote, RemoteKind, Step, Subject};
use crate::model::product::{Product, ProductKind};
use crate::model::service::Service;
use crate::model::wish::{Ware, Wished};
use crate::store::StoreError;

use super::both_ways::{self, ProductCase};
use super::context::PlanningContext;
use super::error::EngineError;
use super::gather::Gathered;
use super::naming::with_links;
use super::planner::{NO_ID, Planner, Stopped};
use super::wished::wished;

/// Reads what orders sell and the books have no item for.
pub(super) async fn read<S: ShopReader, F: LedgerReader>(
    desk: &PlanningContext<'_, S, F>,
    products: &BTreeSet<u64>,
) -> Result<BTreeMap<u64, Ware>, EngineError> {
    let detail = if desk.mappings.has_own(Service::BOOKS.as_str(), "products") {
        Detail::Whole
    } else {
        Detail::Needed
    };
    let listed = desk.source.goods(detail, products).await?;
    let wares: BTreeMap<u64, Ware> = listed
        .into_iter()
        .filter_map(|listed| {
            // The sale goes on: one that cannot be read is a thing like any other.
            let product = listed.record.ok()?;
            let wished = wished(&product, &listed.raw, desk.mappings);
            Some((product.id, Ware { product, wished }))
        })
        .collect();
    know_labels(desk.finder, wares.values()).await?;
    Ok(wares)
}

/// Has the names of classes read where a mapping gives items one.
pub(super) async fn know_labels<'w, F: LedgerReader>(
    finder: &F,
    mut wares: impl Iterator<Item = &'w Ware>,
) -> Result<(), EngineError> {
    if wares.any(|ware| ware.wish().is_some_and(|wish| wish.class.is_some())) {
        finder.know(Label::Class).await?;
    }
    Ok(())
}

/// What a product came to, before anything is done about its price.
struct SettledItem<'a> {
    ware: &'a Ware,
    source: RecordKey,
    /// An id of the books, or a reference to what this plan makes.
    item: String,
    /// Has been made a step of already.
    is_made: bool,
}

pub(super) fn plan<F: LedgerReader>(
    planner: &mut Planner<'_, F>,
    gathered: &Gathered,
) -> Result<(), StoreError> {
    for odd in &gathered.odd_products {
        planner.holds.push(hold_odd(odd));
    }
    let mut settled = Vec::new();
    let mut products_of: BTreeMap<String, u32> = BTreeMap::new();
    for (id, ware) in &gathered.products {
        let source = RecordKey::product(*id, &called(&ware.product));
        if planner.ground.stands_undone(&source) {
            continue;
        }
        planner.products.insert(*id, fingerprint(ware));
        if let Some(reason) = left_out(ware) {
            planner.steps.push(skip(&source, reason));
            continue;
        }
        if planner.is_set_aside(&source, None) {
            let reason = Reason::new(
                "set_aside",
                format!("product {} was set aside for good", source.number),
            );
            planner.steps.push(skip(&source, reason));
            continue;
        }
        if let Some(Wished::Refused(reason)) = &ware.wished {
            planner.holds.push(held(&source, reason.clone()));
            continue;
        }
        match settle(planner, gathered, ware, &source) {
            Ok(Some(one)) => {
                *products_of.entry(one.item.clone()).or_default() += 1;
                settled.push(one);
            }
            Ok(None) => {}
            Err(Stopped::Held(reason)) => planner.holds.push(held(&source, reason)),
            Err(Stopped::Store(error)) => return Err(error),
        }
    }
    for one in settled.iter().filter(|one| !one.is_made) {
        let shares = products_of[&one.item] > 1;
        let kept = match planner.ground.agreed.goes_both_ways(Entity::Product) && !shares {
            true => agree(planner, gathered, one),
            false => keep(planner, one, shares),
        };
        match kept {
            Ok(step) => planner.steps.push(step),
            Err(Stopped::Held(reason)) => planner.holds.push(held(&one.source, reason)),
            Err(Stopped::Store(error)) => return Err(error),
        }
    }
    Ok(())
}

/// Finds the item of a product, or makes it a step.
fn settle<'a, F: LedgerReader>(
    planner: &mut Planner<'_, F>,
    gathered: &'a Gathered,
    ware: &'a Ware,
    source: &RecordKey,
) -> Result<Option<SettledItem<'a>>, Stopped> {
    let product = &ware.product;
    let parent = product.parent.and_then(|id| gathered.products.get(&id));
    let parent = parent.map(|ware| &ware.product);
    let key = names::key_of(product, parent);
    let made_as = product_key(product.id);
    let is_variation = product.kind == ProductKind::Variation;
    let sold = SoldItem {
        key: &key,
        name: name_of(product, parent, &key),
        product: product.parent.filter(|_| is_variation).or(Some(product.id)),
        variation: is_variation.then_some(product.id),
        ware: Some(ware),
        made_as: &made_as,
    };
    let ground = planner.ground;
    let resolved = with_links(ground, Subject::Item, |linked| {
        names::item(&sold, ground.rules, &mut planner.directory, linked)
    })??;
    let (item, is_made) = match resolved {
        Resolved::Known { id, .. } => {
            planner.can_be_made(&id)?;
            (id, false)
        }
        Resolved::New { key, .. } if key != made_as => {
            let reason = Reason::new(
                "items_not_made",
                format!(
                    "product {} has no item in QuickBooks, and `create` is off in `[books.products]`",
                    source.number
                ),
            );
            planner.steps.push(skip(source, reason));
            return Ok(None);
        }
        Resolved::New { draft, .. } => {
            let label = draft.name.clone();
            let subject = Subject::Item(made_as.clone());
            let reference = planner.new_name(source.clone(), subject, Draft::Item(&draft))?;
            let step = planner
                .name_steps
                .last_mut()
                .expect("it was put there just now");
            step.made_from = Some(memory(ground.rules.products.update_price, ware.price()));
            step.label = label;
            (reference, true)
        }
    };
    planner.directory.settle(&made_as, &item);
    Ok(Some(SettledItem {
        ware,
        source: source.clone(),
        item,
        is_made,
    }))
}

/// What is to be done about an item that is there: its price is new in the shop, or nothing.
fn keep<F: LedgerReader>(
    planner: &Planner<'_, F>,
    settled: &SettledItem<'_>,
    shares: bool,
) -> Result<Step, Stopped> {
    let ground = planner.ground;
    let rules = &ground.rules.products;
    let subject = Subject::Item(product_key(settled.ware.product.id));
    let mut step = Step::bare(
        Action::None,
        settled.source.clone(),
        subject,
        RemoteKind::Item,
    );
    let Some(entry) = names::entry(&planner.directory, &settled.item) else {
        return Ok(step);
    };
    step.label = entry.name.clone();
    if Subject::from_reference(&entry.id).is_some() {
        // Another product of this plan makes it; the next run finds it made.
        return Ok(step);
    }
    step.remote = Some(Remote {
        entity: RemoteKind::Item,
        id: entry.id.clone(),
        revision: entry.revision.clone(),
    });
    let price = settled.ware.price();
    let now = memory(rules.update_price, price);
    let link = ground.link(&step.subject)?;
    let is_remembered = link
        .as_ref()
        .is_some_and(|link| link.content == now.to_string() && link.remote.id == entry.id);
    if is_remembered {
        return Ok(step);
    }
    step.made_from = Some(now);
    // A price is news when the shop had another one before. What a bookkeeper has put there meanwhile is no news.
    let before = link.as_ref().map(|link| link.content.as_str());
    let is_news = match before {
        None | Some("") => false,
        Some(before) => before != memory(false, price).to_string(),
    };
    let may_put = rules.update_price && (is_news || entry.price.is_none());
    let Some(price) = price.filter(|price| may_put && entry.price != Some(*price)) else {
        return Ok(step);
    };
    if shares {
        step.warnings.push(Reason::new(
            "item_shared",
            format!(
                "several products are the item `{}` in QuickBooks, so its price is left alone",
                entry.name
            ),
        ));
        return Ok(step);
    }
    let change = ItemChange {
        price: Some(price),
        ..ItemChange::default()
    };
    let draft = Draft::ItemChange {
        item: entry,
        change: &change,
    };
    let encoded = match ground.finder.encode(draft) {
        Ok(encoded) => encoded,
        // The price of a catalogue is on no document: nothing waits for it.
        Err(reason) => {
            step.warnings.push(reason);
            return Ok(step);
        }
    };
    planner.not_refused_name(&step.subject, &encoded.body)?;
    step.action = Action::Update;
    step.body = Some(encoded.body);
    Ok(step)
}

/// Brings a product and its item to agree, field by field.
fn agree<F: LedgerReader>(
    planner: &mut Planner<'_, F>,
    gathered: &Gathered,
    settled: &SettledItem<'_>,
) -> Result<Step, Stopped> {
    let ground = planner.ground;
    let (ware, source) = (settled.ware, &settled.source);
    let subject = Subject::Item(product_key(ware.product.id));
    let mut step = Step::bare(Action::None, source.clone(), subject, RemoteKind::Item);
    let Some(item) = names::entry(&planner.directory, &settled.item).cloned() else {
        return Ok(step);
    };
    step.label.clone_from(&item.name);
    if Subject::from_reference(&item.id).is_some() {
        return Ok(step);
    }
    step.remote = Some(Remote {
        entity: RemoteKind::Item,
        id: item.id.clone(),
        revision: item.revision.clone(),
    });
    let shop = both_ways::product_digest(&ware.product);
    if ground
        .agreed
        .is_quiet(source, &item.id, &item.revision, &shop)
    {
        return Ok(step);
    }
    step.made_from = Some(memory(ground.rules.products.update_price, ware.price()));
    let (shop_ahead, books_ahead) = ground.clocks_ahead;
    let case = ProductCase {
        source: source.clone(),
        ware,
        item: &item,
        shop_ahead,
        books_ahead,
    };
    let mut drawn = both_ways::product(ground.agreed, &case);
    drawn.leave_what_is_taken(&ware.product, &item, &planner.directory, &gathered.products);
    let change = drawn.item_change();
    if change != ItemChange::default() {
        let encoded = ground.finder.encode(Draft::ItemChange {
            item: &item,
            change: &change,
        })?;
        planner.not_refused_name(&step.subject, &encoded.body)?;
        step.action = Action::Update;
        step.body = Some(encoded.body);
    }
    if let Some((change, before)) = drawn.product_change(&ware.product) {
        planner.step_to_shop(&drawn, change, before)?;
    }
    step.warnings.extend(drawn.warnings.iter().cloned());
    if let Some(reason) = &drawn.hold {
        planner.holds.push(held(source, reason.clone()));
    }
    planner.drawn.push(drawn);
    Ok(step)
}

/// What is remembered of a product with its item: the price that was last seen, and whether it was to be written.
fn memory(is_kept: bool, price: Option<Decimal>) -> Fingerprint {
    Fingerprint::of(&(is_kept, price.map(|price| price.normalize())))
}

/// Everything of a product that a plan is made from.
fn fingerprint(ware: &Ware) -> Fingerprint {
    match ware.wish() {
        None => ware.product.fingerprint(),
        Some(wish) => Fingerprint::of(&(ware.product.fingerprint(), wish)),
    }
}

/// Why a product is no item, and nothing is wrong with that.
fn left_out(ware: &Ware) -> Option<Reason> {
    let product = &ware.product;
    let called = called(product);
    let why =
        |code: &str, because: &str| Some(Reason::new(code, format!("product {called} {because}")));
    match (&product.kind, product.status.as_str()) {
        (_, "trash") => why("product_trashed", "is in the shop's trash"),
        (ProductKind::Variable, _) => why(
            "sold_by_variation",
            "is sold through its variations, which are items",
        ),
        (ProductKind::Grouped, _) => why(
            "sold_by_parts",
            "is a group, whose products are sold each by itself",
        ),
        (ProductKind::External, _) => why("sold_elsewhere", "is sold by somebody else"),
        (_, "draft" | "auto-draft" | "pending" | "future") => {
            why("not_published", "is not published yet")
        }
        _ => match &ware.wished {
            Some(Wished::Skip(reason)) => Some(reason.clone()),
            _ => None,
        },
    }
}

/// By its SKU, or else by its number.
fn called(product: &Product) -> String {
    product
        .sku
        .clone()
        .unwrap_or_else(|| product.id.to_string())
}

/// What variations share for want of a SKU of their own is named for all of them.
fn name_of<'a>(product: &'a Product, parent: Option<&'a Product>, key: &ItemKey) -> &'a str {
    let shared = product.sku.is_none() && key.0.starts_with("sku:");
    match parent.filter(|_| shared) {
        Some(parent) => &parent.name,
        None => &product.name,
    }
}

fn skip(source: &RecordKey, reason: Reason) -> Step {
    let subject = Subject::Item(format!("product:{}", source.id));
    let mut step = Step::bare(Action::Skip, source.clone(), subject, RemoteKind::Item);
    step.reason = Some(reason);
    step
}

fn held(source: &RecordKey, reason: Reason) -> Hold {
    Hold {
        source: source.clone(),
        subject: None,
        reason,
    }
}

fn hold_odd(odd: &Odd) -> Hold {
    let id = odd.id.map_or_else(|| NO_ID.to_owned(), |id| id.to_string());
    let number = odd.number.clone().unwrap_or_else(|| id.clone());
    Hold {
        reason: Reason::new(
            "product_unreadable",
            format!("product {number} (id {id}) could not be read: `{}` {}", odd.path, odd.said),
        )
        .hint("open the product in the shop and save it again, or look for a plugin that changes it; then run `udsync sync products`"),
        source: RecordKey {
            entity: Entity::Product,
            id,
            number,
        },
        subject: None,
    }
}
