//! Connections: whether each service answers, takes what we sign in with, and lets us see what a sync needs.

use std::time::Duration;

use super::facts::{DoctorFacts, ServiceLook};
use super::finding::{Finding, Matter, or_ok};
use crate::model::clock::local;
use crate::model::fault::Fault;
use crate::model::shop::Storage;

pub fn shop(facts: &DoctorFacts) -> Vec<Finding> {
    answered(
        &facts.shop,
        "no order can be read until this is mended",
        |shop| {
            let about = &shop.about;
            let name = Some(about.name.trim()).filter(|name| !name.is_empty());
            format!(
                "`{}` answers and takes the key",
                name.unwrap_or(&about.address)
            )
        },
    )
}

pub fn books(facts: &DoctorFacts) -> Vec<Finding> {
    answered(
        &facts.books,
        "nothing can be posted until this is mended",
        |books| {
            let company = &books.company;
            let mut facts = vec![company.country.clone(), company.home_currency.clone()];
            facts.extend(company.plan.clone());
            format!(
                "`{}` answers and takes the sign-in ({})",
                company.name,
                facts.join(", ")
            )
        },
    )
}

pub fn supabase(facts: &DoctorFacts) -> Vec<Finding> {
    let cause = "nothing can be kept there until this is mended";
    answered(&facts.supabase, cause, |database| {
        let database = &database.about;
        format!(
            "`{}` answers and takes the key as `{}` ({})",
            database.address, database.role, database.version
        )
    })
}

pub fn schema(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(database) = facts.supabase.done() else {
        return Vec::new();
    };
    let gaps = match &database.gaps {
        Ok(gaps) => gaps,
        Err(fault) => return vec![failed(fault, "the tables could not be looked at")],
    };
    let found = gaps.iter().map(|gap| {
        let is_everything = matches!(gap.code.as_str(), "table_missing" | "schema_old");
        Finding::problem(gap.said.clone())
            .cause("no row is written until this is mended")
            .fix(if is_everything {
                WHOLE.to_owned()
            } else {
                gap.sql.clone()
            })
            .matter(Matter::Config)
    });
    let schema = &database.about.schema;
    or_ok(
        found.collect(),
        format!("the tables in the schema `{schema}` are as a sync needs them"),
    )
}

/// Where the whole script is needed, it is not shown on a screen.
const WHOLE: &str = "run `udsync connect supabase --apply-schema`, or paste what `udsync connect supabase --print-schema` prints into the SQL \
                     editor of the Supabase dashboard";

fn answered<T>(look: &ServiceLook<T>, cause: &str, said: impl Fn(&T) -> String) -> Vec<Finding> {
    match look {
        ServiceLook::NotAsked => Vec::new(),
        ServiceLook::Skipped(why) => vec![Finding::unmade(why)],
        ServiceLook::Failed(fault) => vec![failed(fault, cause)],
        ServiceLook::Done(found) => vec![Finding::ok(said(found))],
    }
}

/// What a service refused for good is not mended by waiting, whatever its remedy is for a run.
fn failed(fault: &Fault, cause: &str) -> Finding {
    let mut finding = Finding::fault(fault, cause);
    if finding.fix.is_none() {
        finding.fix = Some(
            "run `udsync doctor` again later; `udsync -vv doctor` shows each request".to_owned(),
        );
    }
    finding
}

/// What the key may not see, in the shop's words, and what of a sync or of this check-up needs it.
const SIGHTS: &[(&str, &str)] = &[
    (
        "payment_gateways",
        "the ways to pay are only known from orders",
    ),
    ("taxes", "the tax rates are only known from orders"),
    (
        "reports/orders/totals",
        "statuses that plugins added are only known from orders",
    ),
    (
        "system_status",
        "it cannot be told how the shop keeps its orders, and with which version",
    ),
    (
        "settings/general",
        "the currency and the country of the shop are not known",
    ),
    ("settings/tax", "it is not known whether prices include tax"),
];

pub fn rights(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(shop) = facts.shop.done() else {
        return Vec::new();
    };
    let hidden = &shop.about.unseen;
    let found: Vec<Finding> = hidden
        .iter()
        .map(|sight| {
            let known = SIGHTS.iter().find(|(name, _)| name == sight);
            Finding::note(format!("the key may not see `{sight}`"))
                .cause(known.map_or("that part cannot be checked", |(_, loss)| loss))
                .fix("make a key for a shop manager in WooCommerce (Settings, Advanced, REST API), then `udsync connect woocommerce`")
        })
        .collect();
    or_ok(
        found,
        "the key may see all that a sync and this check-up need",
    )
}

pub fn storage(facts: &DoctorFacts) -> Vec<Finding> {
    let Some(shop) = facts.shop.done() else {
        return Vec::new();
    };
    let Some(every) = facts.sweeps() else {
        return unswept(shop.about.storage);
    };
    let last = facts.state.known().and_then(|known| known.swept_at);
    let last = last.map_or("not yet".to_owned(), |at| {
        format!("last on {}", local(at, facts.config.rules.timezone))
    });
    let often = format!(
        "a sync reads every order again every {} ({last})",
        spelled(every)
    );
    match shop.about.storage {
        Storage::Tables => vec![Finding::ok(format!(
            "orders are kept in tables of their own: every edit shows; {often}, which finds what was deleted"
        ))],
        Storage::Unknown => Vec::new(),
        Storage::Posts => vec![
            Finding::note("orders are kept as posts: some edits move no time of change")
                .cause(format!("{often}, which finds them")),
        ],
    }
}

/// Where every order is read only when somebody asks for it.
fn unswept(storage: Storage) -> Vec<Finding> {
    match storage {
        Storage::Tables => vec![
            Finding::warning("refunds that are deleted, and orders that are deleted for good, stay in the books: `full_sweep` is off")
                .cause("they are in no list of changes; only reading every order finds them")
                .fix("take `full_sweep = \"off\"` out of `[woocommerce]`, or run `udsync sync orders --full` now and then"),
        ],
        Storage::Unknown => Vec::new(),
        Storage::Posts => vec![
            Finding::problem("orders are kept as posts, and no full reads are switched on")
                .cause("edits that another program makes move no time of change, and no sync would see them")
                .fix("set `full_sweep = \"1d\"` in `[woocommerce]`, or run `udsync sync orders --full` now and then; better, switch WooCommerce to High-Performance Order Storage (Settings, Advanced, Features)")
                .matter(Matter::Config),
        ],
    }
}

/// `day`, `6 hours`.
fn spelled(every: Duration) -> String {
    let hours = every.as_secs().div_ceil(3_600);
    match (hours / 24, hours % 24) {
        (1, 0) => "day".to_owned(),
        (days, 0) => format!("{days} days"),
        (0, 1) => "hour".to_owned(),
        _ => format!("{hours} hours"),
    }
}
