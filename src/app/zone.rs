//! Zone: whose days are the days of the books where the configuration does not say it.
//!
//! It is the shop's own zone, as the shop said it when its first order was about to be posted: what is remembered then stays, because
//! another zone would give documents that stand in the books another date. Books that were begun before the shop was asked keep the zone
//! that was taken for granted then.

use chrono_tz::Tz;

use super::App;
use super::state_fault::{unread, unwritten};
use crate::model::fault::{Fault, Remedy};
use crate::model::service::Service;
use crate::store::{Memory, Store, StoreError, keep_value, kept_value};

/// Under which name the state file keeps it.
const KEPT: &str = "books/timezone";

const KEY: &str = "books.timezone";

impl App {
    /// With the zone that an earlier run has settled on, where the configuration names none.
    pub fn with_known_zone(mut self) -> App {
        if self.config.says(KEY) || !self.config.has(Service::BOOKS) {
            return self;
        }
        // What is wrong with the file is told by whoever needs it.
        if let Ok(Some(store)) = Store::open_read_only(&self.state)
            && let Ok(Some(zone)) = known(&store)
        {
            self.config.rules.timezone = zone;
        }
        self
    }

    /// Settles on a zone, and says which where that is news. `keeps`: whoever only looks remembers nothing.
    pub async fn settle_zone(
        &mut self,
        store: &Store,
        keeps: bool,
    ) -> Result<Option<String>, Fault> {
        if self.config.says(KEY) || !self.config.has(Service::BOOKS) {
            return Ok(None);
        }
        if let Some(zone) = known(store).map_err(unread)? {
            self.config.rules.timezone = zone;
            return Ok(None);
        }
        let is_begun = store.has_posted(Service::BOOKS.as_str()).map_err(unread)?;
        let (zone, whose) = match is_begun {
            true => (self.config.rules.timezone, "as until now"),
            false => (self.zone_of_shop(store).await?, "as the shop has it"),
        };
        self.config.rules.timezone = zone;
        if keeps {
            let kept = keep_value(store, KEPT, &zone.name(), self.clock.now());
            kept.map_err(unwritten)?;
        }
        Ok(Some(format!(
            "the days of documents are those of `{zone}`, {whose}; `timezone` in `[books]` can say so too"
        )))
    }

    async fn zone_of_shop(&self, store: &Store) -> Result<Tz, Fault> {
        let given = self.given_for(store, &[Service::SHOP])?;
        let said = self.source(&given)?.describe().await?.timezone;
        zone_called(&said).ok_or_else(|| missing(&said))
    }
}

/// The zone of this name. An offset of whole hours is one too: the shop's own days go by it.
fn zone_called(said: &str) -> Option<Tz> {
    if let Ok(zone) = said.parse() {
        return Some(zone);
    }
    let hours: i8 = said.strip_suffix(":00")?.parse().ok()?;
    // The names of offsets count westwards.
    match hours {
        0 => Some(Tz::UTC),
        hours => format!("Etc/GMT{:+}", -hours).parse().ok(),
    }
}

fn missing(said: &str) -> Fault {
    let shop = match said {
        "" => "the shop does not say in which one it is".to_owned(),
        said => format!("what the shop says is none: `{said}`"),
    };
    Fault::new(
        Remedy::Stop,
        "timezone_missing",
        format!(
            "the configuration does not say in which time zone the days of the books are, and {shop}"
        ),
    )
    .hint("add `timezone = \"America/Edmonton\"`, or whichever it is, to `[books]`; or choose a city as the time zone of the shop under Settings > General")
}

fn known(memory: &dyn Memory) -> Result<Option<Tz>, StoreError> {
    let kept: Option<String> = kept_value(memory, KEPT)?;
    Ok(kept.and_then(|name| name.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shop_has_a_city_or_an_offset_of_whole_hours_or_says_nothing() {
        let called = |said| zone_called(said).map(|zone| zone.name());
        assert_eq!(called("America/Toronto"), Some("America/Toronto"));
        assert_eq!(called("+00:00"), Some("UTC"));
        assert_eq!(called("-07:00"), Some("Etc/GMT+7"));
        assert_eq!(called("+13:00"), Some("Etc/GMT-13"));
        for said in ["", "+05:45", "Mars/Olympus"] {
            assert_eq!(called(said), None, "{said}");
            let fault = missing(said);
            assert_eq!(fault.code, "timezone_missing");
            assert!(fault.said.contains(said), "{}", fault.said);
        }
    }
}
