//! Runs a query over the world.
//!
//! An equality on an indexed field picks the candidates, everything else is a
//! walk over the rows of one kind.

use super::balances;
use super::company;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::decimal;
use super::properties::{CompanyProperty, Sort};
use super::query::{CompanyQuery, CompanyTest, Condition, parse};
use super::world::{CompanyRow, CompanyState, CompanyWorld};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeZone, Utc};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::cmp::Ordering;
use std::str::FromStr;

/// A value that can be compared with others of its sort.
#[derive(Clone, PartialEq, PartialOrd, Debug)]
enum CompanyKey {
    Nothing,
    Flag(bool),
    Number(Decimal),
    Date(NaiveDate),
    Time(DateTime<Utc>),
    Text(String),
}

/// The `QueryResponse` of a query text.
pub fn answer(world: &CompanyWorld, text: &str) -> CompanyDone<Value> {
    let query = parse(text)?;
    match query.entity {
        CompanyEntity::CompanyInfo => return Ok(single(&query, company::info(world))),
        CompanyEntity::Preferences => return Ok(single(&query, company::preferences(world))),
        _ => {}
    }
    let mut rows = matching(world, &query)?;
    if query.count {
        return Ok(json!({ "totalCount": rows.len() }));
    }
    let total = rows.len();
    sort(&query, &mut rows);
    let mut page: Vec<Value> = rows
        .into_iter()
        .skip(query.start - 1)
        .take(query.most)
        .map(CompanyRow::value)
        .collect();
    if query.entity == CompanyEntity::Account {
        balances::put_on(world, &mut page);
    }
    if page.is_empty() {
        return Ok(json!({}));
    }
    let mut response = Map::new();
    response.insert("startPosition".into(), query.start.into());
    response.insert("maxResults".into(), page.len().into());
    // The service tells the total only now and then.
    if query.entity.is_document() && !query.paged {
        response.insert("totalCount".into(), total.into());
    }
    response.insert(query.entity.name().into(), Value::Array(page));
    Ok(Value::Object(response))
}

fn single(query: &CompanyQuery, object: Value) -> Value {
    if query.count {
        return json!({ "totalCount": 1 });
    }
    if query.start > 1 {
        return json!({});
    }
    json!({ query.entity.name(): [object], "startPosition": 1, "maxResults": 1 })
}

fn matching<'w>(world: &'w CompanyWorld, query: &CompanyQuery) -> CompanyDone<Vec<&'w CompanyRow>> {
    let Some(table) = world.tables.get(&query.entity) else {
        return Ok(Vec::new());
    };
    let wanted: Vec<Vec<CompanyKey>> = query
        .conditions
        .iter()
        .map(|c| {
            c.values
                .iter()
                .map(|v| wanted(world, c.property, v))
                .collect()
        })
        .collect::<CompanyDone<_>>()?;
    let asks_active = query.conditions.iter().any(|c| c.property.name == "Active");
    let fits = |row: &&CompanyRow| {
        row.state != CompanyState::Deleted
            && (asks_active || row.object().get("Active") != Some(&Value::Bool(false)))
            && query
                .conditions
                .iter()
                .zip(&wanted)
                .all(|(c, keys)| holds(row, c, keys))
    };
    // An equality narrows the rows down before any of them is looked at.
    for condition in query
        .conditions
        .iter()
        .filter(|c| matches!(c.test, CompanyTest::Equal | CompanyTest::In))
    {
        if condition
            .values
            .iter()
            .any(|v| v.trim().is_empty() || v.eq_ignore_ascii_case("CURRENT_DATE"))
        {
            continue;
        }
        if condition.property.name == "Id" {
            let mut rows: Vec<&CompanyRow> = condition
                .values
                .iter()
                .filter_map(|id| table.rows.get(id))
                .filter(fits)
                .collect();
            dedupe(&mut rows);
            return Ok(rows);
        }
        let found: Option<Vec<Vec<&String>>> = condition
            .values
            .iter()
            .map(|v| table.having(query.entity, condition.property.name, v))
            .collect();
        if let Some(found) = found {
            let ids = found.into_iter().flatten();
            let mut rows: Vec<&CompanyRow> = ids
                .filter_map(|id| table.rows.get(id))
                .filter(fits)
                .collect();
            dedupe(&mut rows);
            return Ok(rows);
        }
    }
    Ok(table
        .order
        .values()
        .filter_map(|id| table.rows.get(id))
        .filter(fits)
        .collect())
}

fn dedupe(rows: &mut Vec<&CompanyRow>) {
    rows.sort_by_key(|r| r.made);
    rows.dedup_by_key(|r| r.made);
}

/// Reads a value of the query as the sort of its property.
fn wanted(world: &CompanyWorld, property: CompanyProperty, text: &str) -> CompanyDone<CompanyKey> {
    if text.trim().is_empty() {
        return Ok(CompanyKey::Nothing);
    }
    let bad = || {
        CompanyFault::query_invalid(format!(
            "value '{text}' is not valid for property '{}'",
            property.name
        ))
    };
    let today = text
        .eq_ignore_ascii_case("CURRENT_DATE")
        .then(|| world.today());
    match property.sort {
        Sort::Id | Sort::Text => Ok(CompanyKey::Text(text.to_lowercase())),
        Sort::Flag => match text.to_ascii_lowercase().as_str() {
            "true" => Ok(CompanyKey::Flag(true)),
            "false" => Ok(CompanyKey::Flag(false)),
            _ => Err(bad()),
        },
        Sort::Number => Decimal::from_str(text)
            .map(CompanyKey::Number)
            .map_err(|_| bad()),
        Sort::Date => {
            let day = today.or_else(|| text.get(..10).and_then(|d| NaiveDate::from_str(d).ok()));
            day.map(CompanyKey::Date).ok_or_else(bad)
        }
        Sort::Time => moment(world, today, text)
            .map(CompanyKey::Time)
            .ok_or_else(bad),
    }
}

/// An instant; without an offset it is read in the company's zone.
pub fn moment(world: &CompanyWorld, today: Option<NaiveDate>, text: &str) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.with_timezone(&Utc));
    }
    let bare = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok();
    let bare = bare.or_else(|| {
        today
            .or_else(|| NaiveDate::from_str(text).ok())?
            .and_hms_opt(0, 0, 0)
    })?;
    let at = world
        .company
        .timezone
        .from_local_datetime(&bare)
        .earliest()?;
    Some(at.with_timezone(&Utc))
}

fn key(row: &CompanyRow, property: CompanyProperty) -> CompanyKey {
    let object = row.object();
    let value = match property.name {
        "MetaData.LastUpdatedTime" => return CompanyKey::Time(whole_seconds(row.updated)),
        "MetaData.CreateTime" => object.get("MetaData").and_then(|m| m.get("CreateTime")),
        name => match object.get(name) {
            Some(Value::Object(inner)) => inner.get("value").or_else(|| inner.get("Address")),
            other => other,
        },
    };
    let Some(value) = value else {
        return CompanyKey::Nothing;
    };
    let text = value.as_str();
    let read = match property.sort {
        Sort::Id | Sort::Text => text.map(|t| CompanyKey::Text(t.to_lowercase())),
        Sort::Flag => value.as_bool().map(CompanyKey::Flag),
        Sort::Number => decimal(value).map(CompanyKey::Number),
        Sort::Date => text
            .and_then(|t| NaiveDate::from_str(t).ok())
            .map(CompanyKey::Date),
        Sort::Time => text
            .and_then(|t| DateTime::parse_from_rfc3339(t).ok())
            .map(|t| CompanyKey::Time(t.with_timezone(&Utc))),
    };
    read.unwrap_or(CompanyKey::Nothing)
}

/// MetaData is kept to the second, so comparisons are made to the second too.
pub fn whole_seconds(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp(at.timestamp(), 0).unwrap_or(at)
}

fn holds(row: &CompanyRow, condition: &Condition, wanted: &[CompanyKey]) -> bool {
    let own = key(row, condition.property);
    let first = wanted.first().unwrap_or(&CompanyKey::Nothing);
    let compared = || {
        if own == CompanyKey::Nothing {
            None
        } else {
            own.partial_cmp(first)
        }
    };
    match condition.test {
        CompanyTest::Equal | CompanyTest::In => wanted.contains(&own),
        CompanyTest::Less => compared() == Some(Ordering::Less),
        CompanyTest::Greater => compared() == Some(Ordering::Greater),
        CompanyTest::AtMost => matches!(compared(), Some(Ordering::Less | Ordering::Equal)),
        CompanyTest::AtLeast => matches!(compared(), Some(Ordering::Greater | Ordering::Equal)),
        CompanyTest::Like => match (&own, first) {
            (CompanyKey::Text(own), CompanyKey::Text(pattern)) => like(own, pattern),
            _ => false,
        },
    }
}

/// `%` stands for any run of characters; nothing else is special.
fn like(text: &str, pattern: &str) -> bool {
    let mut parts = pattern.split('%');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        let Some(at) = rest.find(part) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    rest.ends_with(last)
}

fn sort(query: &CompanyQuery, rows: &mut [&CompanyRow]) {
    if let Some((property, descending)) = query.order {
        rows.sort_by_cached_key(|row| Sortable(key(row, property), row.made));
        if descending {
            rows.reverse();
        }
    } else if query.entity.is_document() {
        // Nothing is promised without an order; newest first is what is seen.
        let property = CompanyProperty {
            name: "TxnDate",
            sort: Sort::Date,
        };
        rows.sort_by_cached_key(|row| Sortable(key(row, property), row.made));
        rows.reverse();
    } else {
        let property = CompanyProperty {
            name: query.entity.name_field(),
            sort: Sort::Text,
        };
        rows.sort_by_cached_key(|row| Sortable(key(row, property), row.made));
    }
}

#[derive(PartialEq)]
struct Sortable(CompanyKey, u64);

impl Eq for Sortable {}

impl PartialOrd for Sortable {
    fn partial_cmp(&self, other: &Sortable) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Sortable {
    fn cmp(&self, other: &Sortable) -> Ordering {
        self.0
            .partial_cmp(&other.0)
            .unwrap_or(Ordering::Equal)
            .then(self.1.cmp(&other.1))
    }
}
