//! Which orders a list shows, and in which order.
//!
//! Sorting by a date has no second key: among orders of one second the order is
//! arbitrary, the same for ascending and descending, and another one for each page.
//! Walking through pages by number therefore loses orders even when nothing changes.

use super::dates::Moment;
use super::query::{ShopQuery, whole_number};
use super::setup::ShopStorage;
use super::shop::{ShopEntry, ShopShop};
use crate::stand::seeded::scatter;

/// A list: the ids of one page, and how many there are in all.
pub struct ShopFound {
    pub ids: Vec<u64>,
    pub total: usize,
    pub pages: u64,
}

/// Where a page begins and how long it is.
pub struct Slice {
    pub page: u64,
    pub per_page: u64,
    offset: Option<u64>,
}

impl Slice {
    pub fn read(query: &ShopQuery) -> Self {
        let number = |name: &str| {
            query
                .one(name)
                .and_then(whole_number)
                .map(|number| number.max(0) as u64)
        };
        Self {
            page: number("page").unwrap_or(1).max(1),
            per_page: number("per_page").unwrap_or(10),
            offset: number("offset"),
        }
    }

    /// How many records lie before this page.
    pub fn start(&self) -> u64 {
        self.offset
            .unwrap_or((self.page - 1).saturating_mul(self.per_page))
    }

    pub fn cut<T: Clone>(&self, list: &[T]) -> Vec<T> {
        let from = (self.start() as usize).min(list.len());
        let to = from.saturating_add(self.per_page as usize).min(list.len());
        list[from..to].to_vec()
    }

    pub fn pages(&self, total: usize) -> u64 {
        (total as u64).div_ceil(self.per_page.max(1))
    }
}

/// The bounds in time that a query sets; all of them exclusive.
pub struct Bounds {
    pub after: Option<i64>,
    pub before: Option<i64>,
    pub modified_after: Option<i64>,
    pub modified_before: Option<i64>,
}

impl Bounds {
    pub fn read(query: &ShopQuery, shop: &ShopShop) -> Self {
        let gmt = query.flag("dates_are_gmt");
        let at = |name: &str| {
            query
                .one(name)
                .and_then(Moment::read)
                .map(|moment| moment.against_gmt(gmt, shop.site.timezone))
        };
        Self {
            after: at("after"),
            before: at("before"),
            modified_after: at("modified_after"),
            modified_before: at("modified_before"),
        }
    }

    pub fn hold(&self, created: i64, modified: i64) -> bool {
        self.after.is_none_or(|bound| created > bound)
            && self.before.is_none_or(|bound| created < bound)
            && self.modified_after.is_none_or(|bound| modified > bound)
            && self.modified_before.is_none_or(|bound| modified < bound)
    }
}

/// The statuses a list shows. `any` is every status but trash, also beside others.
pub fn statuses(query: &ShopQuery) -> Vec<String> {
    query
        .list("status")
        .unwrap_or_else(|| vec!["any".to_owned()])
}

pub fn orders(shop: &ShopShop, query: &ShopQuery) -> ShopFound {
    let bounds = Bounds::read(query, shop);
    let statuses = statuses(query);
    let any = statuses.iter().any(|status| status == "any");
    let include = query.ids("include");
    let exclude = query.ids("exclude").unwrap_or_default();
    let customer = query
        .one("customer")
        .and_then(whole_number)
        .map(i64::unsigned_abs);
    let product = query
        .one("product")
        .and_then(whole_number)
        .map(i64::unsigned_abs);
    let parents = query.ids("parent");
    let created_via = query.list("created_via");
    let search = query
        .one("search")
        .map(str::to_lowercase)
        .filter(|text| !text.is_empty());

    let wanted = |id: u64, entry: &ShopEntry| {
        let status_fits = if any {
            entry.status != "trash"
        } else {
            statuses.contains(&entry.status)
        };
        status_fits
            && bounds.hold(entry.created, entry.modified)
            && !exclude.contains(&id)
            && customer.is_none_or(|customer| entry.customer == customer)
            && product.is_none_or(|product| bought(entry, product))
            && parents
                .as_ref()
                .is_none_or(|ids| ids.contains(&entry.order["parent_id"].as_u64().unwrap_or(0)))
            && created_via.as_ref().is_none_or(|ways| {
                ways.iter()
                    .any(|way| entry.order["created_via"] == way.as_str())
            })
            && search.as_ref().is_none_or(|text| mentions(entry, text))
    };
    // Whoever names a few of thousands does not wait for all of them to be looked through.
    let rows: Vec<(&u64, &ShopEntry)> = match &include {
        Some(ids) => {
            let named = ids.iter().filter_map(|id| shop.orders.get_key_value(id));
            named.collect()
        }
        None => shop.orders.iter().collect(),
    };
    let rows = rows.into_iter().filter(|(id, entry)| wanted(**id, entry));
    let rows: Vec<ShopRow> = rows
        .map(|(id, entry)| ShopRow {
            id: *id,
            created: entry.created,
            modified: entry.modified,
        })
        .collect();
    page(shop, query, rows, include.as_deref())
}

/// What sorting needs of a record.
#[derive(Debug, Clone, Copy)]
pub struct ShopRow {
    pub id: u64,
    pub created: i64,
    pub modified: i64,
}

/// Sorts and cuts one page out.
pub fn page(
    shop: &ShopShop,
    query: &ShopQuery,
    mut rows: Vec<ShopRow>,
    include: Option<&[u64]>,
) -> ShopFound {
    let slice = Slice::read(query);
    let descending = query.one("order") != Some("asc");
    let by_time = |rows: &mut Vec<ShopRow>, time: fn(&ShopRow) -> i64| {
        // The database keeps a heap as long as the end of the page, so what it does
        // with ties depends on where the page ends and on nothing else.
        let heap = slice.start() + slice.per_page;
        rows.sort_by_cached_key(|row| {
            let at = time(row);
            (
                if descending { -at } else { at },
                scatter(row.id.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ scatter(heap)),
            )
        });
    };
    match query.one("orderby").unwrap_or("date") {
        "modified" => by_time(&mut rows, |row| row.modified),
        "id" if descending => rows.sort_by_key(|row| std::cmp::Reverse(row.id)),
        "id" => rows.sort_by_key(|row| row.id),
        "include" => {
            rows.sort_by_key(|row| include.and_then(|ids| ids.iter().position(|id| *id == row.id)))
        }
        // All orders have the same title, so the direction does nothing either.
        "title" | "slug" => rows.sort_by_key(|row| row.id),
        _ => by_time(&mut rows, |row| row.created),
    }
    let ids: Vec<u64> = slice.cut(&rows).iter().map(|row| row.id).collect();
    // A page past the end makes the newer storage forget the totals.
    let forgets = ids.is_empty() && shop.storage == ShopStorage::Hpos;
    let total = if forgets { 0 } else { rows.len() };
    ShopFound {
        pages: slice.pages(total),
        ids,
        total,
    }
}

fn bought(entry: &ShopEntry, product: u64) -> bool {
    entry.order["line_items"]
        .as_array()
        .into_iter()
        .flatten()
        .any(|line| line["product_id"] == product)
}

/// Names, addresses and e-mails are searched; numbers that plugins give are not.
fn mentions(entry: &ShopEntry, text: &str) -> bool {
    ["billing", "shipping"].iter().any(|address| {
        let fields = entry.order[*address].as_object();
        let words: Vec<&str> = [
            "first_name",
            "last_name",
            "company",
            "address_1",
            "address_2",
            "city",
            "state",
            "postcode",
            "country",
            "email",
            "phone",
        ]
        .iter()
        .filter_map(|name| fields?.get(*name)?.as_str())
        .collect();
        words.join(" ").to_lowercase().contains(text)
    })
}
