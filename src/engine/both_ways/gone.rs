//! Gone: records that both sides shared, and that one of them has no more.
//!
//! Nothing is deleted on the other side for it. A list that suddenly lacks many of them is not believed, and stops the run.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::DrawnRecord;
use crate::books::agreed_fields::{RecordFate, RecordSides, SidePresence, record_fate, shrunken};
use crate::books::names;
use crate::connector::port::LedgerReader;
use crate::engine::gather::Gathered;
use crate::engine::planner::Planner;
use crate::model::agreed::{AgreedRecord, AgreedStanding};
use crate::model::fault::Reason;
use crate::model::plan::{Entity, Hold};

pub fn gone<F: LedgerReader>(planner: &mut Planner<'_, F>, gathered: &Gathered) {
    if let Some(all) = &gathered.all_shoppers {
        let odd = gathered.odd_shoppers.iter().filter_map(|odd| odd.id);
        let listed: BTreeSet<u64> = all.iter().copied().chain(odd).collect();
        of_list(planner, Entity::Customer, &listed);
    }
    if gathered.whole_catalogue {
        let is_there = |ware: &&crate::model::wish::Ware| ware.product.status != "trash";
        let there = gathered.products.values().filter(is_there);
        let odd = gathered.odd_products.iter().filter_map(|odd| odd.id);
        let listed = there.map(|ware| ware.product.id).chain(odd).collect();
        of_list(planner, Entity::Product, &listed);
    }
}

fn of_list<F: LedgerReader>(planner: &mut Planner<'_, F>, entity: Entity, listed: &BTreeSet<u64>) {
    let ground = planner.ground;
    if !ground.agreed.goes_both_ways(entity) {
        return;
    }
    let is_missing = |record: &&AgreedRecord| {
        let id = record.source.id.parse::<u64>();
        id.is_ok_and(|id| !listed.contains(&id))
    };
    let known: Vec<&AgreedRecord> = ground.agreed.of(entity).collect();
    let stood = known
        .iter()
        .filter(|record| record.standing == AgreedStanding::There);
    let (mut of, mut missing) = (0, 0);
    for record in stood {
        of += 1;
        missing += usize::from(is_missing(record));
    }
    // Whoever carries the plan out is told of it, and stops unless somebody says that they were really deleted.
    let shrunken = shrunken(of, missing).map(|list| (entity, list));
    planner.shrunken.extend(shrunken);
    for record in known.into_iter().filter(is_missing) {
        if planner.is_set_aside(&record.source, None) {
            continue;
        }
        let (books, revision) = in_books(planner, record);
        let sides = RecordSides {
            shop: SidePresence::Gone,
            books,
            // Of one that was not at rest nobody knows since when it is as it is.
            changed_in_books: !record.revision.is_empty() && revision != record.revision,
            standing: record.standing,
        };
        match record_fate(&sides) {
            RecordFate::Gone(standing) => planner.drawn.push(stands(record, standing, revision)),
            RecordFate::GoneAndChanged => planner.holds.push(Hold {
                source: record.source.clone(),
                subject: None,
                reason: gone_and_changed(record),
            }),
            RecordFate::Fields | RecordFate::Nothing => {}
        }
    }
}

/// Whether the books have it, and in which revision.
fn in_books<F: LedgerReader>(
    planner: &Planner<'_, F>,
    record: &AgreedRecord,
) -> (SidePresence, String) {
    let directory = &planner.directory;
    let found = match record.source.entity {
        Entity::Customer => names::customer_entry(directory, &record.remote)
            .map(|entry| (entry.active, entry.revision.clone())),
        _ => names::entry(directory, &record.remote)
            .map(|entry| (entry.active, entry.revision.clone())),
    };
    match found {
        Some((true, revision)) => (SidePresence::There, revision),
        Some((false, revision)) => (SidePresence::Gone, revision),
        None => (SidePresence::Gone, String::new()),
    }
}

fn stands(record: &AgreedRecord, standing: AgreedStanding, revision: String) -> DrawnRecord {
    DrawnRecord {
        record: AgreedRecord {
            standing,
            revision,
            ..record.clone()
        },
        writes: BTreeMap::new(),
        open: Vec::new(),
        over: Vec::new(),
        warnings: Vec::new(),
        hold: None,
    }
}

fn gone_and_changed(record: &AgreedRecord) -> Reason {
    let (entity, called) = (record.source.entity, &record.source.number);
    Reason::new(
        "gone_and_changed",
        format!("{entity} {called} was deleted in the shop, and somebody changed it in QuickBooks since; nothing is written to either"),
    )
    .hint("bring it back in the shop if it is still needed; otherwise set it aside with `udsync retry --skip ID --why TEXT`")
}
