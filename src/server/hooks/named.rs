//! Which records a name in the inbox means.

use std::collections::BTreeSet;

use crate::app::App;
use crate::engine::noticed::{MergedName, concerned};
use crate::model::delivery::{DeliverySource, NamedThing};
use crate::model::service::Service;
use crate::run::{Failure, NamedRecords};
use crate::store::{Memory, Store, TakenThing};

/// The target of every link.
const BOOKS: &str = Service::Quickbooks.as_str();

/// What names of the shop mean. What is no number is none of the shop's.
pub(super) fn of_shop(
    store: &Store,
    taken: &[&TakenThing],
    named: &mut NamedRecords,
) -> Result<(), Failure> {
    for one in taken {
        let Ok(id) = one.thing.id.parse::<u64>() else {
            continue;
        };
        match one.thing.kind.as_str() {
            "order" => drop(named.orders.insert(id)),
            "customer" => drop(named.customers.insert(id)),
            "product" => drop(named.products.insert(id)),
            // The shop says which refund is gone, and not of which order: whoever posted it knows.
            "refund" => named.orders.extend(store.orders_of_refund(BOOKS, id)?),
            _ => {}
        }
    }
    Ok(())
}

/// What names of the books mean. The books are asked, so this can fail while the shop's names do not.
pub(super) async fn of_books(
    app: &App,
    store: &Store,
    taken: &[&TakenThing],
    named: &mut NamedRecords,
) -> Result<(), Failure> {
    let things: Vec<NamedThing> = taken.iter().map(|one| one.thing.clone()).collect();
    let mut merged = BTreeSet::new();
    for one in taken {
        for victim in &one.merged {
            merged.insert(MergedName {
                entity: one.thing.kind.clone(),
                survivor: one.thing.id.clone(),
                victim: victim.clone(),
            });
        }
    }
    let mut ours = false;
    for thing in &things {
        ours = ours
            || !store
                .links_of_remote(BOOKS, &thing.kind, &thing.id)?
                .is_empty();
    }
    for one in merged {
        if !store
            .links_of_remote(BOOKS, &one.entity, &one.victim)?
            .is_empty()
        {
            named.merged.insert(one);
        }
    }
    // Of what is none of ours the books are not even asked.
    if !ours {
        return Ok(());
    }
    let given = app.sign_in(store)?;
    let books = app.target(store, &given)?;
    let concerned = concerned(&books, store, &things).await?;
    named.orders.extend(&concerned.orders);
    named.compared.extend(&concerned.orders);
    named.customers.extend(&concerned.customers);
    named.products.extend(&concerned.products);
    Ok(())
}

/// Whether a problem of a run is about what was taken.
pub(super) fn is_about(one: &TakenThing, entity: &str, id: &str) -> bool {
    one.source == DeliverySource::Woocommerce && one.thing.kind == entity && one.thing.id == id
}
