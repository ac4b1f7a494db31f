//! Rows over the REST API: upserts, reads and tombstones, a request each, with the answers of the gateway and of PostgREST judged.
//!
//! An upsert names its key and its columns, and is believed only if the answer says that duplicates were merged: on a table without
//! a key they would go in twice without another word. Nothing is ever deleted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SecondsFormat, Utc};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::{Rest, is_page, with_code};
use crate::connector::http::{Answered, HttpTrouble, Unanswered};
use crate::connector::port::AskedRows;
use crate::connector::rows::at_most;
use crate::connector::supabase::carrier::{
    Carrier, Receipt, RowCells, RowOwner, RowSeen, Sighted, WantedRows,
};
use crate::connector::supabase::key::ApiKeyKind;
use crate::connector::supabase::parcel::{BURIED, Parcel, load};
use crate::connector::supabase::schema::columns::sent;
use crate::connector::supabase::setback::{AskedOf, RowsSetback, judged};
use crate::connector::supabase::trouble;
use crate::model::fingerprint::Fingerprint;
use crate::model::row::Stored;

/// Nobody asks for more at once, and a table without a key may still have a few of each.
const ROWS_MAX: usize = 20_000;

/// Rows in one page, as many as Supabase gives at most.
const PAGE: usize = 1_000;

/// What is read of a row. Numbers come as text, so that nothing rounds them.
const SEEN: &str = "select=id::text,fingerprint,source_at,deleted_at,updated_at";

/// Everything that has a meaning in an address, or in a list of values, is written in digits.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');

/// A row as PostgREST tells it.
#[derive(Deserialize)]
struct RestRow {
    id: String,
    fingerprint: Option<Fingerprint>,
    source_at: Option<DateTime<Utc>>,
    deleted_at: Option<DateTime<Utc>>,
    updated_at: Option<DateTime<Utc>>,
}

impl From<RestRow> for RowSeen {
    fn from(told: RestRow) -> RowSeen {
        RowSeen {
            stored: Stored {
                id: told.id,
                fingerprint: told.fingerprint,
                source_at: told.source_at,
                deleted: told.deleted_at.is_some(),
            },
            updated_at: told.updated_at,
        }
    }
}

/// A row with what it says of a person.
#[derive(Deserialize)]
struct Holding {
    id: String,
    said: Option<String>,
}

#[derive(Deserialize)]
struct NamedRow {
    id: String,
}

impl Carrier for Rest {
    // One fills the wire while the other is worked on.
    const IN_FLIGHT: usize = 2;

    async fn put(&self, ground: RowOwner<'_>, parcels: &[Parcel]) -> Result<Receipt, RowsSetback> {
        let columns: Vec<&str> = sent(ground.table).map(|column| column.name).collect();
        let query = format!("on_conflict=shop,id&columns={}", columns.join(","));
        let request = self
            .about_rows(Method::POST, ground, &query)
            .header("content-type", "application/json")
            .header(
                "prefer",
                "resolution=merge-duplicates,return=minimal,count=exact",
            )
            .body(load(parcels));
        let answer = self.exchange(ground, request).await?;
        let applied = answer.header("preference-applied").unwrap_or_default();
        let mut applied = applied.split(',').map(str::trim);
        if !applied.any(|preference| preference == "resolution=merge-duplicates") {
            return Err(RowsSetback::Stop(trouble::key_missing(
                ground.schema,
                ground.table,
            )));
        }
        Ok(total(&answer).map_or(Receipt::Silent, Receipt::Count))
    }

    async fn bury(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        at: DateTime<Utc>,
    ) -> Result<BTreeSet<String>, RowsSetback> {
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let query = format!(
            "shop=eq.{}&{}&deleted_at=is.null&select=id::text",
            encoded(ground.shop),
            among(ground, ids)
        );
        let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let request = self
            .about_rows(Method::PATCH, ground, &query)
            .header("prefer", "return=representation")
            .json(&serde_json::json!({"deleted_at": at, "fingerprint": BURIED}));
        let answer = self.exchange(ground, request).await?;
        let named: Vec<NamedRow> = self.read(&answer, ROWS_MAX)?;
        Ok(named.into_iter().map(|named| named.id).collect())
    }

    async fn wanted(
        &self,
        ground: RowOwner<'_>,
        wanted: WantedRows<'_>,
    ) -> Result<BTreeSet<String>, RowsSetback> {
        let (column, filter) = match wanted {
            // `ilike` knows signs that stand for others, and `*` cannot be kept from being one: what comes back is compared again.
            WantedRows::Address(column, email) => {
                let escaped = email
                    .replace('\\', "\\\\")
                    .replace('%', "\\%")
                    .replace('_', "\\_");
                (column, format!("ilike.{}", encoded(&escaped)))
            }
            WantedRows::Among(column, ids) => {
                let ids: Vec<String> = ids.iter().map(|id| encoded(id)).collect();
                (column, format!("in.({})", ids.join(",")))
            }
        };
        let mut found = BTreeSet::new();
        let mut after = String::new();
        loop {
            let query = format!(
                "select=id::text,said:{column}::text&shop=eq.{}&{column}={filter}{after}&order=id&limit={PAGE}",
                encoded(ground.shop)
            );
            let request = self.about_rows(Method::GET, ground, &query);
            let answer = self.exchange(ground, request).await?;
            let rows: Vec<Holding> = self.read(&answer, PAGE)?;
            let Some(last) = rows.last() else {
                return Ok(found);
            };
            after = format!("&id=gt.{}", encoded(&last.id));
            found.extend(rows.into_iter().filter_map(|row| {
                let is_meant = match wanted {
                    WantedRows::Address(_, email) => row.said?.to_lowercase() == email,
                    WantedRows::Among(..) => true,
                };
                is_meant.then_some(row.id)
            }));
        }
    }

    async fn empty(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        columns: &[&str],
    ) -> Result<(), RowsSetback> {
        let query = format!("shop=eq.{}&{}", encoded(ground.shop), among(ground, ids));
        let nothing: serde_json::Map<String, Value> = columns
            .iter()
            .map(|column| ((*column).to_owned(), Value::Null))
            .collect();
        let request = self
            .about_rows(Method::PATCH, ground, &query)
            .header("prefer", "return=minimal")
            .json(&nothing);
        self.exchange(ground, request).await?;
        Ok(())
    }

    async fn cells(
        &self,
        ground: RowOwner<'_>,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> Result<Vec<RowCells>, RowsSetback> {
        let condition = match asked {
            AskedRows::Among(values) => {
                let values: Vec<String> = values.iter().map(|value| encoded(value)).collect();
                format!("{by}=in.({})", values.join(","))
            }
            AskedRows::Within(period) => {
                let (first, last) = (period.first(), period.last());
                format!("{by}=gte.{first}&{by}=lte.{last}")
            }
        };
        let names: Vec<String> = (0..columns.len()).map(|at| format!("c{at}")).collect();
        let selected: Vec<String> = columns
            .iter()
            .zip(&names)
            .map(|(column, name)| format!("{name}:{column}::text"))
            .collect();
        let mut cells = Vec::new();
        let mut after = String::new();
        loop {
            let query = format!(
                "select=id::text,{}&shop=eq.{}&{condition}{after}&order=id&limit={PAGE}",
                selected.join(","),
                encoded(ground.shop)
            );
            let request = self.about_rows(Method::GET, ground, &query);
            let answer = self.exchange(ground, request).await?;
            let rows: Vec<BTreeMap<String, Option<String>>> = self.read(&answer, PAGE)?;
            let last = rows.last().and_then(|row| row.get("id").cloned().flatten());
            let Some(last) = last else {
                return Ok(cells);
            };
            after = format!("&id=gt.{}", encoded(&last));
            cells.extend(rows.into_iter().map(|mut row| {
                let ordered = std::iter::once("id").chain(names.iter().map(String::as_str));
                ordered
                    .map(|name| row.remove(name).flatten())
                    .collect::<RowCells>()
            }));
        }
    }

    async fn stored(&self, ground: RowOwner<'_>, ids: &[String]) -> Result<Sighted, RowsSetback> {
        let query = format!(
            "{SEEN}&shop=eq.{}&{}&order=id",
            encoded(ground.shop),
            among(ground, ids)
        );
        let request = self
            .about_rows(Method::GET, ground, &query)
            .header("prefer", "count=exact");
        let answer = self.exchange(ground, request).await?;
        let rows: Vec<RestRow> = self.read(&answer, ROWS_MAX)?;
        let rows: Vec<RowSeen> = rows.into_iter().map(RowSeen::from).collect();
        let total = total(&answer).unwrap_or(rows.len());
        Ok(Sighted { rows, total })
    }

    async fn page(
        &self,
        ground: RowOwner<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<RowSeen>, RowsSetback> {
        let after = after.map_or_else(String::new, |id| format!("&id=gt.{}", encoded(id)));
        let query = format!(
            "{SEEN}&shop=eq.{}{after}&order=id&limit={limit}",
            encoded(ground.shop)
        );
        let request = self.about_rows(Method::GET, ground, &query);
        let answer = self.exchange(ground, request).await?;
        let rows: Vec<RestRow> = self.read(&answer, limit)?;
        Ok(rows.into_iter().map(RowSeen::from).collect())
    }
}

impl Rest {
    fn about_rows(&self, method: Method, ground: RowOwner<'_>, query: &str) -> RequestBuilder {
        let mut url: Url = self.root.clone();
        url.set_path(&format!("/rest/v1/{}", ground.table.as_str()));
        url.set_query(Some(query));
        let profile = if method == Method::GET {
            "accept-profile"
        } else {
            "content-profile"
        };
        let request = self.http.request(method, url);
        self.signed(request)
            .header("accept", "application/json")
            .header(profile, ground.schema)
    }

    /// The newer kind is no token: sent as one as well, it must be the very same, and not every gateway takes it.
    pub(super) fn signed(&self, request: RequestBuilder) -> RequestBuilder {
        let key = self.key.text.expose_secret();
        let request = request.header("apikey", key);
        match self.key.kind {
            ApiKeyKind::Token => request.bearer_auth(key),
            ApiKeyKind::Secret => request,
        }
    }

    async fn exchange(
        &self,
        ground: RowOwner<'_>,
        request: RequestBuilder,
    ) -> Result<Answered, RowsSetback> {
        let answer = self.http.send(request).await;
        let answer = answer.map_err(|silence| self.unheard(&silence))?;
        match answer.status {
            200 | 201 | 204 | 206 => Ok(answer),
            _ => Err(self.setback(ground, &answer)),
        }
    }

    fn read<T: DeserializeOwned>(
        &self,
        answer: &Answered,
        most: usize,
    ) -> Result<Vec<T>, RowsSetback> {
        at_most(&answer.text(), most).map_err(|_| RowsSetback::Stop(trouble::url_wrong(&self.host)))
    }

    fn unheard(&self, silence: &Unanswered) -> RowsSetback {
        match silence.trouble {
            HttpTrouble::Timeout if !silence.never_sent => {
                RowsSetback::TooSlow(trouble::too_slow(&self.host, self.timeout.as_secs()))
            }
            _ => RowsSetback::of(self.silence(silence)),
        }
    }

    fn setback(&self, ground: RowOwner<'_>, answer: &Answered) -> RowsSetback {
        let host = self.host.as_str();
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let word = |name: &str| body.as_ref().and_then(|body| body[name].as_str());
        let code = word("code").unwrap_or_default();
        let subject = AskedOf {
            host,
            schema: ground.schema,
            table: ground.table,
        };
        let again = |fault| RowsSetback::Again {
            fault,
            after: answer.retry_after(self.clock.now()),
        };
        match (answer.status, code) {
            (_, "42501") => {}
            (401, "PGRST303") => return RowsSetback::Stop(trouble::key_expired()),
            (400 | 401 | 403, _) if is_page(answer) => {
                return again(trouble::page(host, answer.status));
            }
            (401 | 403, _) => return RowsSetback::Stop(trouble::key_refused(host)),
            (402, _) => return RowsSetback::Stop(trouble::restricted(host)),
            // Older versions say nothing else of a table that they do not know.
            (404, "") if body.as_ref().is_some_and(Value::is_object) => {
                return RowsSetback::Stale(trouble::table_missing(ground.schema, ground.table));
            }
            (413 | 414, _) => return RowsSetback::TooLarge(trouble::too_large(host)),
            // What PostgREST's server says of an address that is too long.
            (400, "") if body.is_none() => return RowsSetback::TooLarge(trouble::too_large(host)),
            (429, _) => return again(trouble::busy(host, "it asks for fewer requests")),
            (540, _) => return RowsSetback::Stop(trouble::paused(host)),
            (544, _) => {
                return RowsSetback::TooSlow(trouble::unreachable(host, "it answered 544"));
            }
            _ => {}
        }
        if let Some(setback) = judged(subject, code, word("message").unwrap_or_default()) {
            return match setback {
                RowsSetback::Again { fault, .. } => again(fault),
                other => other,
            };
        }
        match answer.status {
            503 => again(trouble::busy(
                host,
                "its database is not there, or has no connection left",
            )),
            status @ 500.. => again(trouble::unreachable(host, &format!("it answered {status}"))),
            300..=399 | 404 | 405 => RowsSetback::Stop(trouble::url_wrong(host)),
            status => RowsSetback::Stop(trouble::unexpected(host, &with_code(status, code))),
        }
    }
}

/// `*/500`, `0-99/500`: how many rows the answer is about.
fn total(answer: &Answered) -> Option<usize> {
    let (_, total) = answer.header("content-range")?.split_once('/')?;
    total.parse().ok()
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// `id=in.("a","b")`. Numbers need no quotes.
fn among(ground: RowOwner<'_>, ids: &[String]) -> String {
    let value = |id: &String| {
        if ground.table.has_number_ids() {
            return encoded(id);
        }
        let escaped = id.replace('\\', "\\\\").replace('"', "\\\"");
        encoded(&format!("\"{escaped}\""))
    };
    let values: Vec<String> = ids.iter().map(value).collect();
    format!("id=in.({})", values.join(","))
}
