//! Gone: records that both sides shared, and that one of them has no more.
//!
//! Nothing is deleted on the other side for it. A list of either side that suddenly lacks many of them is not believed, and stops the
//! run; and neither is one of which a great part was changed at once.

use std::collections::{BTreeMap, BTreeSet};

use super::draw::DrawnRecord;
use crate::books::agreed_fields::{
    ListOddity, RecordFate, RecordSides, SidePresence, list_alarm, record_fate,
};
use crate::books::names;
use crate::connector::port::LedgerReader;
use crate::engine::gather::Gathered;
use crate::engine::planner::Planner;
use crate::model::agreed::{AgreedRecord, AgreedSide, AgreedStanding};
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
    let (mut of, mut missing, mut missing_in_books) = (0, 0, 0);
    for record in stood {
        of += 1;
        missing += usize::from(is_missing(record));
        missing_in_books += usize::from(in_books(planner, record).0 == SidePresence::Gone);
    }
    // Whoever carries the plan out is told of it, and stops unless somebody says that they were really deleted.
    let sides = [
        (AgreedSide::Shop, missing),
        (AgreedSide::Books, missing_in_books),
    ];
    let alarms = sides.into_iter().filter_map(|(side, missing)| {
        list_alarm(
            side,
            ListOddity::Missing,
            ground.agreed.both.max_gone,
            of,
            missing,
        )
    });
    planner
        .odd_lists
        .extend(alarms.map(|alarm| (entity, alarm)));
    let drawn = planner.drawn.iter();
    let drawn = drawn.filter(|one| one.record.source.entity == entity);
    let drawn: BTreeSet<String> = drawn.map(|one| one.record.source.id.clone()).collect();
    for record in known {
        let is_in_shop = !is_missing(&record);
        // What the books lack is remembered too, so that the same ones are not news with every run.
        if is_in_shop && drawn.contains(&record.source.id) {
            continue;
        }
        if planner.is_set_aside(&record.source, None) || ground.stands_undone(&record.source) {
            continue;
        }
        let (books, revision) = in_books(planner, record);
        let sides = RecordSides {
            shop: match is_in_shop {
                true => SidePresence::There,
                false => SidePresence::Gone,
            },
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

/// Notes where more of a list was changed on one side since both agreed than anybody changes between two runs: an import that went wrong,
/// or another program. It would all go over to the other side.
pub fn changed_at_once<F: LedgerReader>(planner: &mut Planner<'_, F>) {
    for entity in [Entity::Customer, Entity::Product] {
        let known = planner.ground.agreed.of(entity);
        let known = known
            .filter(|record| record.standing == AgreedStanding::There)
            .count();
        for (side, to) in [
            (AgreedSide::Shop, AgreedSide::Books),
            (AgreedSide::Books, AgreedSide::Shop),
        ] {
            let of = planner.drawn.iter();
            let of = of.filter(|one| one.record.source.entity == entity);
            let changed = of.filter(|one| one.was_changed_and_goes(to)).count();
            let share_max = planner.ground.agreed.both.max_share;
            let alarm = list_alarm(side, ListOddity::Changed, share_max, known, changed);
            planner.odd_lists.extend(alarm.map(|alarm| (entity, alarm)));
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
            .map(|entry| (entry.active, entry.revision().to_owned())),
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
