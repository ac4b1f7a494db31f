//! What is asked of rows: which, in what order, how many at most.
//!
//! No more than the project's `max-rows` are ever given, and a request that does not count is not told that there are more.

use axum::http::HeaderMap;

use super::answer::{DatabaseAnswer, JSON};
use super::fault::DatabaseFault;
use super::field::Select;
use super::filter::{DatabaseOrder, Filter};
use super::prefer::Prefer;
use super::query::DatabaseQuery;
use super::table::{DatabaseRow, DatabaseTable, Right};
use super::write::may;

const SINGLE: &str = "application/vnd.pgrst.object+json";

/// How a list is given back.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum DatabaseForm {
    List,
    /// One object, and a refusal where there is not exactly one.
    Single,
}

pub fn form(headers: &HeaderMap) -> Result<DatabaseForm, DatabaseFault> {
    let accept = headers
        .get("accept")
        .and_then(|value| value.to_str().ok())
        .unwrap_or("*/*");
    let names = || {
        accept
            .split(',')
            .map(|one| one.split(';').next().unwrap_or(one).trim())
    };
    for name in names() {
        match name {
            SINGLE => return Ok(DatabaseForm::Single),
            "*/*" | "application/*" | "application/json" | "application/vnd.pgrst.array+json" => {
                return Ok(DatabaseForm::List);
            }
            _ => {}
        }
    }
    let message = format!("None of these media types are available: {accept}");
    Err(DatabaseFault::rest(415, "PGRST107", message))
}

pub fn rows(
    table: &DatabaseTable,
    query: &DatabaseQuery,
    headers: &HeaderMap,
    prefer: &Prefer,
    max_rows: usize,
    modern: bool,
) -> Result<DatabaseAnswer, DatabaseFault> {
    let form = form(headers)?;
    let (offset, limit) = range(query, headers)?;
    let select = Select::read(table, query.get("select"))?;
    let filter = Filter::read(table, query, modern)?;
    let order = DatabaseOrder::read(table, query.get("order"))?;
    may(table, Right::Select)?;
    let mut found: Vec<&DatabaseRow> = table
        .rows()
        .map(|(_, row)| row)
        .filter(|row| filter.takes(row))
        .collect();
    found.sort_by(|a, b| order.compare(a, b));
    let total = match prefer.count {
        None => None,
        Some("exact") => Some(found.len()),
        // What the statistics of a young table say, which is nothing one may rely on.
        Some(_) => Some(280),
    };
    let most = limit.unwrap_or(usize::MAX).min(max_rows);
    let page = || found.iter().copied().skip(offset).take(most);
    let count = page().count();
    let spread = span(offset, count, total);
    if let Some(total) = total.filter(|total| offset > *total) {
        let details =
            format!("An offset of {offset} was requested, but there are only {total} rows.");
        let fault = DatabaseFault::rest(416, "PGRST103", "Requested range not satisfiable");
        return Ok(fault
            .details(details)
            .answer(false)
            .with("content-range", spread));
    }
    let body = shaped(&select, page(), count, form)?;
    let status = if total.is_some_and(|total| count < total) {
        206
    } else {
        200
    };
    Ok(DatabaseAnswer::json(status, body)
        .with("content-type", content_type(form))
        .with("content-range", spread))
}

pub fn content_type(form: DatabaseForm) -> String {
    match form {
        DatabaseForm::List => JSON.to_owned(),
        DatabaseForm::Single => format!("{SINGLE}; charset=utf-8"),
    }
}

pub fn shaped<'a>(
    select: &Select,
    mut rows: impl Iterator<Item = &'a DatabaseRow>,
    count: usize,
    form: DatabaseForm,
) -> Result<String, DatabaseFault> {
    if form == DatabaseForm::List {
        return Ok(select.print_all(rows));
    }
    match rows.next() {
        Some(row) if count == 1 => {
            let mut out = String::new();
            select.print(row, &mut out);
            Ok(out)
        }
        _ => {
            let message = "JSON object requested, multiple (or no) rows returned";
            let details = format!("The result contains {count} rows");
            Err(DatabaseFault::rest(406, "PGRST116", message).details(details))
        }
    }
}

/// `0-9/10`, `*/0`, `0-9/*`
pub fn span(offset: usize, count: usize, total: Option<usize>) -> String {
    let total_text = total.map_or("*".to_owned(), |total| total.to_string());
    if count == 0 || total == Some(0) {
        format!("*/{total_text}")
    } else {
        format!("{}-{}/{total_text}", offset, offset + count - 1)
    }
}

/// What was asked for by `limit` and `offset`, or by the header `Range`.
fn range(
    query: &DatabaseQuery,
    headers: &HeaderMap,
) -> Result<(usize, Option<usize>), DatabaseFault> {
    let refused = |details: &str| {
        Err(
            DatabaseFault::rest(416, "PGRST103", "Requested range not satisfiable")
                .details(details),
        )
    };
    let mut offset = 0;
    let mut limit = None;
    let header = headers.get("range").and_then(|value| value.to_str().ok());
    let bounds = header.and_then(|text| text.split_once('-'));
    if let Some((from, to)) = bounds
        && let Ok(from) = from.trim().parse::<usize>()
    {
        offset = from;
        if let Ok(to) = to.trim().parse::<usize>() {
            if to < from {
                return refused(
                    "The lower boundary must be lower than or equal to the upper boundary in the Range header.",
                );
            }
            limit = Some(to - from + 1);
        }
    }
    // What is no number is not there.
    let number = |name: &str| query.get(name).and_then(|text| text.parse::<i64>().ok());
    if let Some(asked) = number("limit") {
        match usize::try_from(asked) {
            Ok(asked) => limit = Some(limit.map_or(asked, |known| asked.min(known))),
            Err(_) => return refused("Limit should be greater than or equal to zero."),
        }
    }
    if let Some(asked) = number("offset") {
        offset = usize::try_from(asked).unwrap_or(0).max(offset);
    }
    Ok((offset, limit))
}
