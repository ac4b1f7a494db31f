//! `webhooks deliveries` and `replay`: what came in, and looking at it again.

use chrono::TimeDelta;
use serde::Serialize;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use super::super::table::{TextTable, width_of_answer};
use super::{DeliveriesArgs, ReplayArgs};
use crate::model::delivery::{CountedDeliveries, DeliveryVerdict, KeptDelivery, NamedThing};
use crate::run::document::time;
use crate::store::{DeliveryFilter, Inbox};

/// Counts of this long are shown.
const COUNTED: TimeDelta = TimeDelta::days(7);
/// Names that are shown of one delivery.
const NAMES: usize = 3;

#[derive(Serialize)]
struct DeliveriesDocument {
    schema: &'static str,
    items: Vec<KeptDelivery>,
    next_cursor: Option<String>,
    counted: Vec<CountedDeliveries>,
}

pub fn deliveries(global: &Global, args: &DeliveriesArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let now = app.clock.now();
    let since = args.since.and_then(|span| TimeDelta::from_std(span).ok());
    let filter = DeliveryFilter {
        source: args.source,
        verdict: args.verdict.as_deref().and_then(DeliveryVerdict::from_word),
        since: since.map(|span| now - span),
        before: args.before,
    };
    let most = args.limit as usize;
    let (mut items, counted) = match Inbox::exists(&app.state) {
        false => (Vec::new(), Vec::new()),
        true => {
            let inbox = Inbox::open(&app.state)?;
            let shop = &app.config.shop.name;
            (
                inbox.deliveries(shop, &filter, most + 1)?,
                inbox.counted(shop, now - since.unwrap_or(COUNTED))?,
            )
        }
    };
    let has_more = items.len() > most;
    items.truncate(most);
    if output(global) == Output::Json {
        let next = items
            .last()
            .filter(|_| has_more)
            .map(|last| last.id.clone());
        out::print_json(&DeliveriesDocument {
            schema: "udsync/deliveries/1",
            items,
            next_cursor: next,
            counted,
        });
        return Ok(exit::DONE);
    }
    if items.is_empty() {
        out::answer("nothing came in\n");
    } else {
        let mut table = TextTable::new(
            &["id", "received", "from", "topic", "verdict", "names"],
            &[0],
        );
        for one in &items {
            table.row(
                vec![
                    one.id.clone(),
                    time(one.received_at),
                    one.source.to_string(),
                    one.topic.clone(),
                    one.verdict.as_str().to_owned(),
                    names(&one.keys),
                ],
                String::new(),
            );
        }
        out::answer(&table.render(width_of_answer()));
    }
    for verdict in [DeliveryVerdict::Ping, DeliveryVerdict::Refused] {
        let of = counted.iter().filter(|one| one.verdict == verdict);
        let count: u64 = of.map(|one| one.count).sum();
        if count > 0 {
            out::say(&format!("note: {}: {count}", verdict.as_str()));
        }
    }
    if let Some(last) = items.last().filter(|_| has_more) {
        out::say(&format!(
            "note: there are older ones: `udsync webhooks deliveries --before {}`",
            last.id
        ));
    }
    Ok(exit::DONE)
}

fn names(keys: &[NamedThing]) -> String {
    let shown = keys.iter().take(NAMES);
    let mut words: Vec<String> = shown
        .map(|key| format!("{} {}", key.kind, key.id))
        .collect();
    if keys.len() > NAMES {
        words.push(format!("{} more", keys.len() - NAMES));
    }
    words.join(", ")
}

#[derive(Serialize)]
struct ReplayedDocument {
    schema: &'static str,
    keys: Vec<NamedThing>,
}

pub fn replay(global: &Global, args: &ReplayArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let inbox = Inbox::open(&app.state)?;
    let shop = &app.config.shop.name;
    let mut found = Vec::new();
    for id in &args.ids {
        let delivery = inbox.delivery(shop, id)?.ok_or_else(|| {
            Failure::new("delivery_unknown", format!("there is no delivery `{id}`"))
                .hint("`udsync webhooks deliveries` lists them")
        })?;
        found.push(delivery);
    }
    let mut keys = Vec::new();
    for delivery in found {
        inbox.put(shop, delivery.source, &delivery.keys, app.clock.now())?;
        keys.extend(delivery.keys);
    }
    keys.sort_unstable();
    keys.dedup();
    if output(global) == Output::Json {
        out::print_json(&ReplayedDocument {
            schema: "udsync/deliveries-replayed/1",
            keys,
        });
        return Ok(exit::DONE);
    }
    out::answer(&match keys.len() {
        0 => "it named nothing to look at\n".to_owned(),
        _ => format!("looked at again by `udsync serve`: {}\n", names(&keys)),
    });
    Ok(exit::DONE)
}
