//! Scanning: how a list is read to its end so that nothing is missed while people go on working in it.
//!
//! Paging by number loses rows: the shop sorts by time with a grain of one second and no second key, so equal times come
//! in any order on every page, and each edit moves rows from page to page. So a scan always asks for page one of what
//! lies after a time `C`, sorted by time:
//!
//! ```text
//!   after C:  t1 ........ tn     a full page: everything before tn is here, of tn perhaps only some
//!   next C =  tn - 1 s           so tn comes again, whole; repeats are harmless
//!
//!   after C:  t ......... t      a full page of one second: C would not move
//!   list t:   by id, in pages    an id is unique and stays, so here page numbers are safe
//!   next C =  t
//! ```
//!
//! All of it is pure: [`ScanSpot`] is where a scan stands, [`PageSeen`] what came back, and [`ScanSpot::onward`] the next step.

use chrono::{DateTime, Duration, SecondsFormat, Timelike, Utc};
use serde::{Deserialize, Serialize};

/// The parameters that order a list by one of its times.
pub(super) struct Axis {
    after: &'static str,
    before: &'static str,
    orderby: &'static str,
}

pub(super) const CHANGED: Axis = Axis {
    after: "modified_after",
    before: "modified_before",
    orderby: "modified",
};
pub(super) const CREATED: Axis = Axis {
    after: "after",
    before: "before",
    orderby: "date",
};

/// Where a scan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum ScanSpot {
    /// Page one of everything after this time; without one, from the beginning.
    After(Option<DateTime<Utc>>),
    /// A page of one second, by id.
    Second {
        at: DateTime<Utc>,
        page: u32,
        /// Rows on the pages before.
        seen: u64,
        /// How many rows there were when the first page was read.
        total: Option<u64>,
        /// How often it went back, because rows had left the second.
        again: u16,
    },
}

/// What a page came back with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct PageSeen {
    pub rows: u64,
    pub earliest: Option<DateTime<Utc>>,
    pub latest: Option<DateTime<Utc>>,
    /// How many rows there are in all, where the shop says so.
    pub total: Option<u64>,
}

impl PageSeen {
    pub fn of(times: impl Iterator<Item = Option<DateTime<Utc>>>, total: Option<u64>) -> PageSeen {
        times.fold(
            PageSeen {
                total,
                ..PageSeen::default()
            },
            |seen, time| PageSeen {
                rows: seen.rows + 1,
                earliest: seen.earliest.into_iter().chain(time).min(),
                latest: seen.latest.into_iter().chain(time).max(),
                total,
            },
        )
    }
}

/// The step after a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Onward {
    /// `None`: that was all.
    pub next: Option<ScanSpot>,
    /// Every row up to and including this time has come.
    pub complete_through: Option<DateTime<Utc>>,
}

/// Why a scan cannot go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stuck {
    /// The shop answers with rows that the filter excludes.
    FilterIgnored,
    /// Not one row of a full page says when it was changed.
    NoTimes,
    /// The rows of one second come and go faster than they can be listed.
    Restless,
}

impl ScanSpot {
    /// The beginning of a scan. A fraction of a second is finer than the shop's times, so it rounds down.
    pub fn after(time: Option<DateTime<Utc>>) -> ScanSpot {
        ScanSpot::After(time.map(second_before))
    }

    pub fn query(&self, axis: &Axis, page_size: u32) -> Vec<(&'static str, String)> {
        let mut query = match self {
            ScanSpot::After(time) => {
                let mut query = vec![("orderby", axis.orderby.to_owned())];
                query.extend(time.map(|time| (axis.after, written(time))));
                query
            }
            ScanSpot::Second { at, page, .. } => vec![
                ("orderby", "id".to_owned()),
                (axis.after, written(*at - SECOND)),
                (axis.before, written(*at + SECOND)),
                ("page", page.to_string()),
            ],
        };
        query.extend([
            ("order", "asc".to_owned()),
            // Without it the shop takes times as its own local ones.
            ("dates_are_gmt", "true".to_owned()),
            ("per_page", page_size.to_string()),
        ]);
        query
    }

    pub fn onward(&self, seen: PageSeen, page_size: u32) -> Result<Onward, Stuck> {
        match self {
            ScanSpot::After(from) => after(*from, seen, page_size),
            ScanSpot::Second {
                at,
                page,
                seen: before,
                total,
                again,
            } => {
                let first = *page == 1;
                let total = if first { seen.total } else { *total };
                // Somebody's edit took rows out of this second: those behind moved up, some of them perhaps over the edge
                // of a page that was read already. A second that is over only ever shrinks, so this ends.
                let left = match (total, seen.total) {
                    (Some(before), Some(now)) if !first => before.saturating_sub(now),
                    _ => 0,
                };
                if left > 0 {
                    if *again == AGAIN_MAX {
                        return Err(Stuck::Restless);
                    }
                    // A shop may give fewer rows on a page than were asked for.
                    let on_a_page = (before / u64::from(page - 1)).max(1);
                    let back = u32::try_from(left.div_ceil(on_a_page)).unwrap_or(u32::MAX);
                    let page = page.saturating_sub(back).max(1);
                    return Ok(Onward {
                        complete_through: Some(*at - SECOND),
                        next: Some(ScanSpot::Second {
                            at: *at,
                            page,
                            seen: on_a_page * u64::from(page - 1),
                            total: seen.total,
                            again: again + 1,
                        }),
                    });
                }
                let sum = before + seen.rows;
                let more = seen.rows > 0
                    && match total {
                        Some(total) => sum < total,
                        None => seen.rows >= u64::from(page_size),
                    };
                let next = if more {
                    ScanSpot::Second {
                        at: *at,
                        page: page + 1,
                        seen: sum,
                        total,
                        again: *again,
                    }
                } else {
                    ScanSpot::After(Some(*at))
                };
                let done = matches!(next, ScanSpot::After(_));
                Ok(Onward {
                    complete_through: Some(if done { *at } else { *at - SECOND }),
                    next: Some(next),
                })
            }
        }
    }
}

const SECOND: Duration = Duration::seconds(1);
const AGAIN_MAX: u16 = 1_000;

fn after(from: Option<DateTime<Utc>>, seen: PageSeen, page_size: u32) -> Result<Onward, Stuck> {
    // The total speaks too: a shop may give fewer rows than were asked for. On a first page it can be trusted.
    let more = seen.rows > 0
        && (seen.rows >= u64::from(page_size) || seen.total.is_some_and(|total| total > seen.rows));
    let (Some(earliest), Some(latest)) = (seen.earliest, seen.latest) else {
        return if more {
            Err(Stuck::NoTimes)
        } else {
            Ok(Onward {
                next: None,
                complete_through: from,
            })
        };
    };
    if from.is_some_and(|from| latest <= from) {
        return Err(Stuck::FilterIgnored);
    }
    // The last second seen may still be going on, or have rows on the next page.
    let settled = latest - SECOND;
    let complete_through = Some(from.map_or(settled, |from| from.max(settled)));
    let next = more.then(|| {
        if earliest == latest || from.is_some_and(|from| settled <= from) {
            ScanSpot::Second {
                at: latest,
                page: 1,
                seen: 0,
                total: None,
                again: 0,
            }
        } else {
            ScanSpot::After(Some(settled))
        }
    });
    Ok(Onward {
        next,
        complete_through,
    })
}

/// How long to wait before the next step: a second that is still going on may get more rows, so it is listed alone only
/// when it is over.
pub(super) fn patience(next: Option<&ScanSpot>, now: DateTime<Utc>) -> std::time::Duration {
    match next {
        Some(ScanSpot::Second { at, page: 1, .. }) => (*at + SECOND * 2 - now)
            .to_std()
            .unwrap_or_default()
            // A time in the shop's future is nothing to wait for.
            .min(std::time::Duration::from_secs(2)),
        _ => std::time::Duration::ZERO,
    }
}

/// Writes a time as the filters take it together with `dates_are_gmt`: never with a zone, which would be shifted by the
/// shop's own offset.
pub(super) fn written(time: DateTime<Utc>) -> String {
    let text = time.to_rfc3339_opts(SecondsFormat::Secs, true);
    text.trim_end_matches('Z').to_owned()
}

/// The bound for "after this": a row of the second in which a fraction lies may have been made after it.
pub(super) fn second_before(time: DateTime<Utc>) -> DateTime<Utc> {
    let whole = whole(time);
    if whole == time { whole } else { whole - SECOND }
}

/// The bound for "before this".
pub(super) fn second_after(time: DateTime<Utc>) -> DateTime<Utc> {
    let whole = whole(time);
    if whole == time { whole } else { whole + SECOND }
}

fn whole(time: DateTime<Utc>) -> DateTime<Utc> {
    time.with_nanosecond(0).expect("every second begins")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A list that people edit while it is read, with times that are often equal.
    struct Shop {
        rows: BTreeMap<u64, i64>,
        now: i64,
        dice: u64,
    }

    impl Shop {
        /// splitmix64
        fn roll(&mut self, sides: u64) -> u64 {
            self.dice = self.dice.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mix = self.dice;
            mix = (mix ^ (mix >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mix = (mix ^ (mix >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (mix ^ (mix >> 31)) % sides
        }

        fn work(&mut self) {
            self.now += self.roll(3) as i64;
            for _ in 0..self.roll(4) {
                let id = 1 + self.roll(self.rows.len() as u64 + 1);
                self.rows.insert(id, self.now);
            }
        }

        fn answer(&mut self, spot: &ScanSpot, size: usize) -> (Vec<(u64, i64)>, u64) {
            let (after, before, page) = match spot {
                ScanSpot::After(from) => {
                    (from.map_or(i64::MIN, |from| from.timestamp()), i64::MAX, 1)
                }
                ScanSpot::Second { at, page, .. } => {
                    (at.timestamp() - 1, at.timestamp() + 1, *page)
                }
            };
            let by_id = matches!(spot, ScanSpot::Second { .. });
            let mut rows: Vec<((i64, u64), (u64, i64))> = Vec::new();
            for (id, time) in self.rows.clone() {
                if time > after && time < before {
                    let place = if by_id {
                        (0, id)
                    } else {
                        (time, self.roll(u64::MAX))
                    };
                    rows.push((place, (id, time)));
                }
            }
            rows.sort();
            let total = rows.len() as u64;
            let rows = rows.into_iter().skip((page as usize - 1) * size).take(size);
            (rows.map(|(_, row)| row).collect(), total)
        }
    }

    #[test]
    fn misses_nothing_in_any_of_two_thousand_busy_shops() {
        for seed in 0..2_000 {
            let mut shop = Shop {
                rows: BTreeMap::new(),
                now: 1_000,
                dice: seed,
            };
            let size = 2 + shop.roll(5) as usize;
            let tells_totals = shop.roll(4) > 0;
            let spread = 1 + shop.roll(12);
            for id in 1..=shop.roll(40) {
                let time = 100 + shop.roll(spread) as i64;
                shop.rows.insert(id, time);
            }
            let mut seen = BTreeMap::new();
            let mut next = Some(ScanSpot::after(None));
            let mut claims = Vec::new();
            let mut steps = 0;
            while let Some(spot) = next {
                steps += 1;
                assert!(steps < 2_000, "seed {seed} does not come to an end");
                // Nobody edits for ever, and without totals nobody can know of an edit within a second.
                if steps < 60 && (tells_totals || matches!(spot, ScanSpot::After(_))) {
                    shop.work();
                }
                let (rows, total) = shop.answer(&spot, size);
                seen.extend(rows.iter().copied());
                let times = rows
                    .iter()
                    .map(|(_, time)| DateTime::from_timestamp(*time, 0));
                let onward = spot
                    .onward(
                        PageSeen::of(times, tells_totals.then_some(total)),
                        size as u32,
                    )
                    .unwrap_or_else(|stuck| panic!("seed {seed}: {stuck:?}"));
                if let Some(claim) = onward.complete_through {
                    let claim = claim.timestamp().min(shop.now - 1);
                    claims.push(claim);
                    for (id, time) in &shop.rows {
                        assert!(
                            *time > claim || seen.get(id) == Some(time),
                            "seed {seed}: too early for {id}"
                        );
                    }
                }
                if patience(onward.next.as_ref(), at(shop.now)) > std::time::Duration::ZERO {
                    shop.now += 2;
                }
                next = onward.next;
            }
            assert_eq!(seen, shop.rows, "seed {seed}");
        }
    }

    #[test]
    fn waits_for_a_second_to_be_over_before_it_is_listed() {
        let second = |at| {
            Some(ScanSpot::Second {
                at,
                page: 1,
                seen: 0,
                total: None,
                again: 0,
            })
        };
        for (began, seconds) in [(100, 2), (99, 1), (98, 0), (5, 0), (900, 2)] {
            let wait = patience(second(at(began)).as_ref(), at(100));
            assert_eq!(wait.as_secs(), seconds, "{began}");
        }
        assert!(patience(Some(&ScanSpot::After(Some(at(100)))), at(100)).is_zero());
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }
}
