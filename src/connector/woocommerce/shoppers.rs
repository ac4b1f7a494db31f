//! Accounts of the shop, read whole: WooCommerce tells of no account when it was changed.
//!
//! The list is asked for by id, which never changes. Every page begins with the last row of the page before: if that row is not
//! there any more, somebody was deleted meanwhile and all behind moved up, so the reading steps back until it meets known ground.
//! New accounts come at the end. So none is missed and none comes twice, whoever comes and goes.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::client::Query;
use super::read;
use super::scan::Stuck;
use super::values::{PhpObject, Text, WireTime};
use super::wire::WireAddress;
use super::{PAGE_MAX, WooCommerce};
use crate::connector::port::{Detail, ListedRecord, Listing, Odd, ScanPlace};
use crate::model::fault::Fault;
use crate::model::order::Buyer;
use crate::model::shopper::Shopper;

/// What an account is made of, and what the shipped mapping to the books names besides.
const NEEDED: &str = "id,email,first_name,last_name,role,is_paying_customer,billing,shipping,date_created_gmt,\
                      date_modified_gmt,meta_data";

/// A page begins with the last row of the one before, so that one row alone would show nothing new.
pub(super) const PAGE_MIN: u32 = 2;

pub(super) async fn list(
    shop: &WooCommerce,
    detail: Detail,
    place: Option<&ScanPlace>,
) -> Result<Listing<Shopper>, Fault> {
    let spot = match place {
        None => ListSpot::default(),
        Some(ScanPlace(text)) => {
            serde_json::from_str(text).expect("a place comes from the page before, unchanged")
        }
    };
    let size = shop.page_size.max(PAGE_MIN);
    let list = shop
        .client
        .list("customers", &query(&spot, detail, size))
        .await?;
    let ids: Vec<Option<u64>> = list.rows.iter().map(|row| id_of(row)).collect();
    let step = spot
        .onward(&ids, list.total, size)
        .map_err(|stuck| shop.client.shop.stuck(stuck))?;
    let fresh = list.rows.iter().zip(step.fresh);
    Ok(Listing {
        records: fresh
            .filter(|(_, is_fresh)| *is_fresh)
            .map(|(row, _)| listed(row))
            .collect(),
        next: step.next.map(|spot| {
            ScanPlace(serde_json::to_string(&spot).expect("numbers can always be written"))
        }),
    })
}

/// These accounts, as far as the shop has them and lets us read them: a key for orders alone is a good key.
pub(super) async fn named(
    shop: &WooCommerce,
    ids: &BTreeSet<u64>,
) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
    as_listed(shop, Detail::Needed, ids).await
}

/// These accounts with as much of each as the list gives.
pub(super) async fn as_listed(
    shop: &WooCommerce,
    detail: Detail,
    ids: &BTreeSet<u64>,
) -> Result<Vec<ListedRecord<Shopper>>, Fault> {
    let wanted: Vec<u64> = ids.iter().copied().collect();
    let mut accounts = Vec::new();
    for chunk in wanted.chunks(PAGE_MAX) {
        let list: Vec<String> = chunk.iter().map(u64::to_string).collect();
        let mut query = vec![
            ("role", "all".to_owned()),
            ("include", list.join(",")),
            ("per_page", PAGE_MAX.to_string()),
        ];
        if detail == Detail::Needed {
            query.push(("_fields", NEEDED.to_owned()));
        }
        match shop.client.list("customers", &query).await {
            Ok(list) => accounts.extend(list.rows.iter().map(|row| listed(row))),
            Err(fault) if fault.code == "store_rights_missing" => return Ok(Vec::new()),
            Err(fault) => return Err(fault),
        }
    }
    Ok(accounts)
}

fn query(spot: &ListSpot, detail: Detail, page_size: u32) -> Query {
    let mut query = vec![
        // Without it only accounts of one role are listed, and shop managers buy too.
        ("role", "all".to_owned()),
        ("orderby", "id".to_owned()),
        ("order", "asc".to_owned()),
        ("per_page", page_size.to_string()),
        ("offset", spot.offset.to_string()),
    ];
    if detail == Detail::Needed {
        query.push(("_fields", NEEDED.to_owned()));
    }
    query
}

fn listed(row: &RawValue) -> ListedRecord<Shopper> {
    ListedRecord {
        record: read_shopper(row.get()),
        raw: super::as_told(row.get()),
    }
}

fn id_of(row: &RawValue) -> Option<u64> {
    #[derive(Deserialize)]
    struct ShopperRow {
        id: u64,
    }
    serde_json::from_str::<ShopperRow>(row.get())
        .ok()
        .map(|row| row.id)
}

/// Where the reading stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct ListSpot {
    /// How many rows of the list to pass over.
    pub offset: u64,
    /// Whether the page begins with the last row of the one before.
    overlaps: bool,
    /// The account at the head of the list.
    first: Option<u64>,
    /// The last account that was handed on.
    last: Option<u64>,
}

/// What a page came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PageStep {
    /// Of each row: whether it has not been handed on before.
    pub fresh: Vec<bool>,
    /// `None`: that was all.
    pub next: Option<ListSpot>,
}

impl ListSpot {
    pub fn onward(
        &self,
        ids: &[Option<u64>],
        total: Option<u64>,
        page_size: u32,
    ) -> Result<PageStep, Stuck> {
        let rows = ids.len() as u64;
        let head = ids.iter().flatten().next().copied();
        let nothing_new = vec![false; ids.len()];
        let meets_known = match (self.last, head) {
            (None, _) => true,
            (Some(last), Some(head)) => head <= last,
            (Some(_), None) => false,
        };
        if self.overlaps && self.offset > 0 && !meets_known {
            return Ok(PageStep {
                fresh: nothing_new,
                next: Some(ListSpot {
                    offset: self.offset.saturating_sub(u64::from(page_size)),
                    ..self.clone()
                }),
            });
        }
        let is_at_head = head.is_some() && head == self.first;
        if self.offset > 0 && is_at_head && self.first != self.last && rows > 1 {
            return Err(Stuck::FilterIgnored);
        }
        // A row that does not say who it is stands behind somebody who does.
        let mut is_behind = self.last.is_none();
        let mut last = self.last;
        let fresh = ids
            .iter()
            .map(|id| {
                if let Some(id) = id {
                    is_behind = self.last.is_none_or(|last| *id > last);
                    last = last.max(Some(*id));
                }
                is_behind
            })
            .collect();
        let seen = self.offset + rows;
        let more = match total {
            Some(total) => rows > 0 && seen < total,
            None => rows >= u64::from(page_size),
        };
        let next = more.then(|| ListSpot {
            // The last row comes again, to show that nothing moved; a page of one row would never get further.
            offset: if rows > 1 { seen - 1 } else { seen },
            overlaps: rows > 1,
            first: self.first.or(head),
            last,
        });
        Ok(PageStep { fresh, next })
    }
}

/// Reads one account as `customers` gives it.
fn read_shopper(raw: &str) -> Result<Shopper, Odd> {
    let wire: WireShopper = read::parse(raw).map_err(|(path, said)| read::odd(raw, path, said))?;
    let billing = wire.billing.0;
    Ok(Shopper {
        id: wire.id,
        email: wire.email.0,
        first_name: wire.first_name.0,
        last_name: wire.last_name.0,
        role: wire.role.0,
        paying: wire.is_paying_customer,
        billing_name: Buyer {
            account: Some(wire.id),
            first_name: billing.first_name.0.clone(),
            last_name: billing.last_name.0.clone(),
            company: billing.company.0.clone(),
            email: billing.email.0.clone(),
            phone: billing.phone.0.clone(),
        },
        billing: read::address(billing),
        shipping: read::address(wire.shipping.0),
        created_at: wire.date_created_gmt.0,
        modified_at: wire.date_modified_gmt.0,
    })
}

#[derive(Deserialize)]
struct WireShopper {
    id: u64,
    #[serde(default)]
    email: Text,
    #[serde(default)]
    first_name: Text,
    #[serde(default)]
    last_name: Text,
    #[serde(default)]
    role: Text,
    #[serde(default)]
    is_paying_customer: bool,
    #[serde(default)]
    billing: PhpObject<WireAddress>,
    #[serde(default)]
    shipping: PhpObject<WireAddress>,
    #[serde(default)]
    date_created_gmt: WireTime,
    #[serde(default)]
    date_modified_gmt: WireTime,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// splitmix64
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u64) -> u64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mix = self.0;
            mix = (mix ^ (mix >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mix = (mix ^ (mix >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            (mix ^ (mix >> 31)) % sides
        }
    }

    #[test]
    fn misses_nobody_while_accounts_come_and_go() {
        for seed in 0..3_000 {
            let mut dice = Dice(seed);
            let size = 1 + dice.roll(6);
            let tells_totals = dice.roll(4) > 0;
            let mut people: BTreeSet<u64> = (1..=dice.roll(40)).collect();
            let mut newest = 41;
            let there_all_the_time = |people: &BTreeSet<u64>, gone: &BTreeSet<u64>| {
                people
                    .iter()
                    .filter(|id| **id <= 40 && !gone.contains(id))
                    .copied()
                    .collect::<BTreeSet<u64>>()
            };
            let (mut seen, mut gone) = (Vec::new(), BTreeSet::new());
            let mut next = Some(ListSpot::default());
            let mut steps = 0;
            while let Some(spot) = next {
                steps += 1;
                assert!(steps < 1_000, "seed {seed} does not come to an end");
                if steps < 100 && dice.roll(3) == 0 {
                    let at = dice.roll(people.len() as u64 + 1) as usize;
                    if let Some(id) = people.iter().nth(at).copied() {
                        people.remove(&id);
                        gone.insert(id);
                    }
                    if dice.roll(2) == 0 {
                        people.insert(newest);
                        newest += 1;
                    }
                }
                let page = people.iter().skip(spot.offset as usize).take(size as usize);
                let ids: Vec<Option<u64>> = page.copied().map(Some).collect();
                let total = tells_totals.then_some(people.len() as u64);
                let step = spot
                    .onward(&ids, total, size as u32)
                    .expect("the shop keeps to its word");
                let fresh = ids.iter().zip(&step.fresh).filter(|(_, fresh)| **fresh);
                seen.extend(fresh.filter_map(|(id, _)| *id));
                next = step.next;
            }
            let once: BTreeSet<u64> = seen.iter().copied().collect();
            assert_eq!(once.len(), seen.len(), "seed {seed}: somebody came twice");
            // One row at a time there is nothing to compare with.
            if size > 1 {
                let missed = there_all_the_time(&people, &gone);
                let missed: Vec<&u64> = missed.difference(&once).collect();
                assert!(missed.is_empty(), "seed {seed}: {missed:?}");
            }
        }
    }

    #[test]
    fn a_shop_that_begins_anew_on_every_page_is_not_read_for_ever() {
        let ids: Vec<Option<u64>> = (1..=3).map(Some).collect();
        let first = ListSpot::default()
            .onward(&ids, Some(9), 3)
            .expect("a first page");
        assert_eq!(first.fresh, [true; 3]);
        let second = first.next.expect("more").onward(&ids, Some(9), 3);
        assert_eq!(second, Err(Stuck::FilterIgnored));
    }

    #[test]
    fn an_account_that_cannot_be_read_says_where_the_trouble_is_and_nothing_of_the_person() {
        let odd = read_shopper(
            r#"{"id":7,"email":"ann@example.com","first_name":{"given":"Ann"},"billing":[]}"#,
        )
        .expect_err("a name is a text");
        assert_eq!((odd.id, odd.path.as_str()), (Some(7), "first_name"));
        assert!(!format!("{odd:?}").contains("ann@"), "{odd:?}");
        let plain = read_shopper(r#"{"id":8,"billing":[],"shipping":[]}"#).expect("as PHP says it");
        assert_eq!(plain.billing_name.account, Some(8));
    }
}
