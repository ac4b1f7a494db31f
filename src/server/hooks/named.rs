//! Which records a name in the inbox means.

use std::collections::BTreeSet;

use crate::app::App;
use crate::connector::woocommerce::WooCommerce;
use crate::engine::noticed::{MergedName, concerned};
use crate::engine::paid;
use crate::model::delivery::{DeliverySource, NamedThing};
use crate::model::document::DocumentKind;
use crate::model::plan::{Entity, Subject};
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
    let (mut ours, mut by_hand) = (false, false);
    for thing in &things {
        match store
            .links_of_remote(BOOKS, &thing.kind, &thing.id)?
            .is_empty()
        {
            true => by_hand |= is_payment(&thing.kind),
            false => ours = true,
        }
    }
    for one in merged {
        if !store
            .links_of_remote(BOOKS, &one.entity, &one.victim)?
            .is_empty()
        {
            named.merged.insert(one);
        }
    }
    let may_pay = by_hand && may_pay(app, store)?;
    // Of what is none of ours the books are not even asked.
    if !ours && !may_pay {
        return Ok(());
    }
    let given = app.sign_in(store)?;
    let books = app.target(store, &given)?;
    if may_pay && let Some(shop) = address(app) {
        let paid = app.config.both.paid;
        let look = paid::look(&books, store, paid, &shop, None).await?;
        named.orders.extend(look.invoices.keys());
    }
    let concerned = concerned(&books, store, &things).await?;
    named.orders.extend(&concerned.orders);
    named.compared.extend(&concerned.orders);
    named.customers.extend(&concerned.customers);
    named.products.extend(&concerned.products);
    Ok(())
}

/// A payment that a person enters is linked to nothing of ours. What it settles may be.
pub(super) fn is_payment(kind: &str) -> bool {
    kind == DocumentKind::Payment.as_str()
}

/// Whether a payment may be one that the shop is to hear of.
pub(super) fn may_pay(app: &App, store: &Store) -> Result<bool, Failure> {
    let both = &app.config.both;
    Ok(both.tells_payments() && !store.open_invoices(BOOKS)?.is_empty())
}

fn address(app: &App) -> Option<String> {
    let shop = app.config.woocommerce.as_ref()?;
    WooCommerce::address_of(&shop.url)
}

/// Whether a problem of a run is about what was taken. Where that cannot be told, it is: looking once more does no harm.
pub(super) fn is_about(
    store: &Store,
    one: &TakenThing,
    entity: &str,
    id: &str,
) -> Result<bool, Failure> {
    let NamedThing { kind, id: own } = &one.thing;
    if one.source == DeliverySource::Woocommerce {
        let (order, refund) = (Entity::Order.as_str(), Entity::Refund.as_str());
        let is_itself = kind == entity && own == id;
        return Ok(match own.parse::<u64>() {
            // Of which order a refund is, its problem does not say.
            _ if kind == order => is_itself || entity == refund,
            Ok(own) if kind == refund && entity == order => {
                let orders = store.orders_of_refund(BOOKS, own)?;
                orders.iter().any(|order| order.to_string() == id)
            }
            _ => is_itself,
        });
    }
    for name in one.merged.iter().chain([own]) {
        let links = store.links_of_remote(BOOKS, kind, name)?;
        if links.iter().any(|link| is_of(&link.subject, entity, id)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a problem is that of the record which something in the books was made from. A name may be several of ours.
fn is_of(subject: &Subject, entity: &str, id: &str) -> bool {
    match subject {
        Subject::Document(key) => {
            let is_its = |own: u64| own.to_string() == id;
            entity == Entity::Refund.as_str()
                || entity == Entity::Order.as_str() && key.order().is_some_and(is_its)
        }
        Subject::Customer(_) => entity == Entity::Customer.as_str(),
        Subject::Item(_) => entity == Entity::Product.as_str(),
        Subject::Vendor(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{DocumentKey, Role};
    use crate::store::Inbox;

    fn taken(kind: &str, id: &str) -> TakenThing {
        let folder = tempfile::tempdir().expect("a folder");
        let inbox = Inbox::open(&folder.path().join("test.db")).expect("made");
        let now = chrono::Utc::now();
        let names = [NamedThing::new(kind, id)];
        let source = DeliverySource::Woocommerce;
        inbox.put("shop", source, &names, now).expect("kept");
        let later = now + chrono::TimeDelta::minutes(1);
        inbox.take("shop", 1, later).expect("answers").remove(0)
    }

    /// What could not be done is looked at again, whoever named it: the shop by its own words, or the books by theirs.
    #[test]
    fn a_problem_is_about_every_name_that_means_its_record() {
        let store = Store::in_memory().expect("made");
        let about = |kind: &str, name: &str, entity: &str, id: &str| {
            is_about(&store, &taken(kind, name), entity, id).expect("answers")
        };
        assert!(about("order", "7", "order", "7"));
        assert!(!about("order", "8", "order", "7"));
        assert!(about("order", "8", "refund", "9"), "it may be its own");
        assert!(!about("product", "7", "order", "7"));
        let document = Subject::Document(DocumentKey::of_order(7, Role::Sale));
        assert!(is_of(&document, "order", "7"));
        assert!(!is_of(&document, "order", "8"));
        assert!(is_of(&document, "refund", "9"));
        assert!(!is_of(&document, "customer", "7"));
        assert!(is_of(&Subject::Customer("7.CAD".into()), "customer", "7"));
    }
}
