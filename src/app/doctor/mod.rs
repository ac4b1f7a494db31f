//! Doctor: everything that can keep a shop and its books apart, looked over without changing anything.
//!
//! `gather` asks once: this machine, the state file, the shop, the books. `facts` is what came of it. Each theme has a file of pure
//! checks over the facts, and [`CHECKS`] is the table of them all. A service that is down keeps no other check from its answer.
//!
//! It writes nothing, with one exception: QuickBooks may replace the sign-in while we look, and then the new one is kept, as by any run.

mod accounts;
mod clock;
mod compared;
mod config;
mod connections;
mod decimals;
mod disk;
mod duplicates;
pub mod facts;
mod finding;
mod gather;
mod looking;
mod mapping;
mod mapping_files;
mod periods;
mod reads;
mod schedules;
mod state;
mod tokens;
mod unmade;
mod versions;
mod way_back;

pub(super) use finding::count;
pub use finding::{Finding, Level, Matter};
pub use gather::{Options, gather};

use facts::DoctorFacts;

/// One check: what it is called, what it looks at, and the look itself.
pub struct Check {
    /// `books.accounts`; the part before the dot is its group.
    pub id: &'static str,
    pub about: &'static str,
    look: fn(&DoctorFacts) -> Vec<Finding>,
}

impl Check {
    pub fn group(&self) -> &'static str {
        self.id.split('.').next().unwrap_or(self.id)
    }

    /// Whether a person who typed this word means this check: its id or its group.
    pub fn is_named(&self, word: &str) -> bool {
        self.id == word || self.group() == word
    }
}

/// Every check, in the order in which they are told.
pub const CHECKS: &[Check] = &[
    check(
        "config.file",
        "the configuration can be read and names a shop and its books",
        config::file,
    ),
    check(
        "config.addresses",
        "nothing secret travels in clear, and no sandbox is left in production",
        config::addresses,
    ),
    check(
        "config.versions",
        "the versions of udsync, of the state file, of WooCommerce and of the QuickBooks API",
        versions::versions,
    ),
    check(
        "keys.store",
        "which key opens the stored credentials, and why not another",
        state::keys,
    ),
    check(
        "state.file",
        "the state file can be read, by its owner alone, and belongs to this shop and company",
        state::file,
    ),
    check(
        "state.disk",
        "there is room for the state file, on a disk of this machine",
        disk::disk,
    ),
    check("state.lock", "whether a run is going on", state::lock),
    check(
        "state.requests",
        "requests to the books that nobody knows the outcome of",
        state::requests,
    ),
    check(
        "state.records",
        "records that are held or failed",
        state::records,
    ),
    check("state.age", "when the shop was last synced", state::age),
    check(
        "state.schedules",
        "what runs by itself does, and in time",
        schedules::schedules,
    ),
    check(
        "state.notices",
        "somebody hears of trouble, and every notice could be sent",
        schedules::notices,
    ),
    check(
        "shop.connection",
        "the shop answers and takes the key",
        connections::shop,
    ),
    check(
        "shop.rights",
        "the key may see what a sync needs",
        connections::rights,
    ),
    check(
        "shop.storage",
        "how the shop keeps its orders, and whether changes can hide",
        connections::storage,
    ),
    check(
        "shop.decimals",
        "the shop shows its orders with the decimals that they were charged with",
        decimals::decimals,
    ),
    check(
        "shop.way_back",
        "what is to be written to the shop can be, and whether it mails anybody",
        way_back::way_back,
    ),
    check(
        "shop.timezone",
        "the shop and the books mean the same day",
        periods::timezone,
    ),
    check(
        "shop.clock",
        "the shop's clock agrees with ours",
        clock::shop,
    ),
    check(
        "books.connection",
        "QuickBooks answers and takes the sign-in",
        connections::books,
    ),
    check(
        "books.tokens",
        "how long the sign-in to QuickBooks lasts",
        tokens::tokens,
    ),
    check(
        "books.clock",
        "QuickBooks' clock agrees with ours",
        clock::books,
    ),
    check(
        "books.reads",
        "the reads of this month that Intuit counts",
        reads::reads,
    ),
    check(
        "books.compared",
        "when the books were last asked whether what was posted still stands there",
        compared::compared,
    ),
    check(
        "books.numbers",
        "QuickBooks keeps our document numbers",
        accounts::numbers,
    ),
    check(
        "books.number_warning",
        "QuickBooks refuses a second document of a number",
        accounts::number_warning,
    ),
    check(
        "books.currency",
        "the books keep the currencies that the shop sells in",
        accounts::currency,
    ),
    check(
        "books.tax_model",
        "the tax settings fit the country of the books",
        accounts::tax_model,
    ),
    check(
        "books.closing_date",
        "the books are open for what is to be posted",
        periods::closing_date,
    ),
    check(
        "books.accounts",
        "the accounts of the configuration exist, are active and take money",
        accounts::accounts,
    ),
    check(
        "books.items",
        "the items of the configuration exist and are active",
        accounts::items,
    ),
    check(
        "books.tax_codes",
        "the tax codes of the configuration exist and are active",
        accounts::tax_codes,
    ),
    check(
        "books.tax_rates",
        "the tax rates of the configuration exist",
        accounts::tax_rates,
    ),
    check(
        "books.payment_methods",
        "the payment methods of the configuration exist and are active",
        accounts::payment_methods,
    ),
    check(
        "books.duplicates",
        "no customer is in QuickBooks twice, as far as the last run saw",
        duplicates::customers,
    ),
    check(
        "mapping.files",
        "the shop's own mapping files have no mistakes and pass their cases",
        mapping_files::files,
    ),
    check(
        "mapping.tax_codes",
        "every set of rates on recent orders has a tax code",
        mapping::tax_codes,
    ),
    check(
        "mapping.tax_rates",
        "every rate on recent orders has a rate of the books",
        mapping::tax_rates,
    ),
    check(
        "mapping.gateways",
        "every way to pay has an account and a payment method",
        mapping::gateways,
    ),
    check(
        "mapping.statuses",
        "every status of the shop has a meaning",
        mapping::statuses,
    ),
    check(
        "supabase.connection",
        "Supabase answers and takes the key",
        connections::supabase,
    ),
    check(
        "supabase.schema",
        "the tables are there, with their columns, keys, guards and rights",
        connections::schema,
    ),
];

const fn check(
    id: &'static str,
    about: &'static str,
    look: fn(&DoctorFacts) -> Vec<Finding>,
) -> Check {
    Check { id, about, look }
}

/// The checks that these words name; all of them without a word. `Err` is the first word that names none.
pub fn named(words: &[String]) -> Result<Vec<&'static Check>, &String> {
    if let Some(stranger) = words
        .iter()
        .find(|word| !CHECKS.iter().any(|check| check.is_named(word)))
    {
        return Err(stranger);
    }
    let is_wanted =
        |check: &&Check| words.is_empty() || words.iter().any(|word| check.is_named(word));
    Ok(CHECKS.iter().filter(is_wanted).collect())
}

/// What the checks find.
pub fn examine(facts: &DoctorFacts, checks: &[&'static Check]) -> Vec<Finding> {
    let found = checks.iter().flat_map(|check| {
        let found = (check.look)(facts);
        let is_made = found.iter().any(|finding| !finding.is_unmade);
        let before = match is_made {
            true => None,
            false => unmade::in_the_way(facts, check, checks),
        };
        let found = before.map_or(found, |finding| vec![finding]);
        found.into_iter().map(|finding| finding.of(check))
    });
    let found: Vec<Finding> = found.collect();
    match (found.is_empty(), checks.first()) {
        (true, Some(check)) => vec![unmade::nothing_to_see().of(check)],
        _ => found,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_can_be_typed() {
        let mut ids: Vec<&str> = CHECKS.iter().map(|check| check.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
        for id in ids {
            let (group, name) = id.split_once('.').expect("a group and a name");
            let plain = |word: &str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
            assert!(plain(group) && plain(name), "{id}");
        }
    }

    #[test]
    fn a_word_names_a_check_or_a_group() {
        let ids = |words: &[&str]| -> Vec<&str> {
            let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
            let named = named(&words).unwrap_or_default();
            named.iter().map(|check| check.id).collect()
        };
        assert_eq!(ids(&["books.reads", "keys"]), ["keys.store", "books.reads"]);
        assert_eq!(ids(&[]).len(), CHECKS.len());
        assert_eq!(named(&["book".to_owned()]).err(), Some(&"book".to_owned()));
    }
}
