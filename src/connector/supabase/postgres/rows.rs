//! Rows straight into PostgreSQL: upserts, reads and tombstones, a transaction each.
//!
//! Statements have no names and settings end with their transaction, so the same works on a direct connection and through a pooler
//! that gives each transaction another one. A connection that is gone is made again.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Error, Row};

use super::Postgres;
use crate::connector::port::AskedRows;
use crate::connector::supabase::carrier::{
    Carrier, Receipt, RowCells, RowOwner, RowSeen, Sighted, WantedRows,
};
use crate::connector::supabase::parcel::{BURIED, Parcel, load};
use crate::connector::supabase::schema::columns::{Column, sent};
use crate::connector::supabase::setback::{AskedOf, RowsSetback, judged};
use crate::connector::supabase::trouble;
use crate::model::fingerprint::Fingerprint;
use crate::model::row::Stored;

const SEEN: &str = "id::text, fingerprint, source_at, deleted_at IS NOT NULL, updated_at";

type Parameters<'a> = &'a [(&'a (dyn ToSql + Sync), Type)];

impl Carrier for Postgres {
    // One connection: small projects have few.
    const IN_FLIGHT: usize = 1;

    async fn put(&self, ground: RowOwner<'_>, parcels: &[Parcel]) -> Result<Receipt, RowsSetback> {
        let body = load(parcels);
        let rows = self
            .run(ground, &upsert(ground), &[(&body, Type::TEXT)])
            .await?;
        self.ids(&rows).map(Receipt::Ids)
    }

    async fn bury(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        at: DateTime<Utc>,
    ) -> Result<BTreeSet<String>, RowsSetback> {
        let statement = format!(
            "UPDATE {} SET deleted_at = $3, fingerprint = '{BURIED}'
              WHERE shop = $1 AND {} AND deleted_at IS NULL RETURNING id::text",
            name(ground),
            among(ground),
        );
        let rows = self
            .run(
                ground,
                &statement,
                &[
                    (&ground.shop, Type::TEXT),
                    (&ids, Type::TEXT_ARRAY),
                    (&at, Type::TIMESTAMPTZ),
                ],
            )
            .await?;
        self.ids(&rows)
    }

    async fn wanted(
        &self,
        ground: RowOwner<'_>,
        wanted: WantedRows<'_>,
    ) -> Result<BTreeSet<String>, RowsSetback> {
        let select = format!("SELECT id::text FROM {} WHERE shop = $1", name(ground));
        let rows = match wanted {
            WantedRows::Address(column, email) => {
                let statement = format!("{select} AND lower({}) = $2", quoted(column));
                let parameters: Parameters<'_> =
                    &[(&ground.shop, Type::TEXT), (&email, Type::TEXT)];
                self.run(ground, &statement, parameters).await?
            }
            WantedRows::Among(column, ids) => {
                let statement = format!(
                    "{select} AND {} = ANY ($2::text[]::bigint[])",
                    quoted(column)
                );
                let parameters: Parameters<'_> =
                    &[(&ground.shop, Type::TEXT), (&ids, Type::TEXT_ARRAY)];
                self.run(ground, &statement, parameters).await?
            }
        };
        self.ids(&rows)
    }

    async fn empty(
        &self,
        ground: RowOwner<'_>,
        ids: &[String],
        columns: &[&str],
    ) -> Result<(), RowsSetback> {
        let sets: Vec<String> = columns
            .iter()
            .map(|column| format!("{} = NULL", quoted(column)))
            .collect();
        let statement = format!(
            "UPDATE {} SET {} WHERE shop = $1 AND {}",
            name(ground),
            sets.join(", "),
            among(ground)
        );
        let parameters: Parameters<'_> = &[(&ground.shop, Type::TEXT), (&ids, Type::TEXT_ARRAY)];
        self.run(ground, &statement, parameters).await?;
        Ok(())
    }

    async fn cells(
        &self,
        ground: RowOwner<'_>,
        by: &str,
        asked: AskedRows<'_>,
        columns: &[&str],
    ) -> Result<Vec<RowCells>, RowsSetback> {
        let selected: Vec<String> = columns
            .iter()
            .map(|column| format!("{}::text", quoted(column)))
            .collect();
        let (columns, table, by) = (selected.join(", "), name(ground), quoted(by));
        let select = format!("SELECT id::text, {columns} FROM {table} WHERE shop = $1 AND {by}");
        let rows = match asked {
            AskedRows::Among(values) => {
                let statement = format!("{select}::text = ANY ($2) ORDER BY id");
                let parameters: Parameters<'_> =
                    &[(&ground.shop, Type::TEXT), (&values, Type::TEXT_ARRAY)];
                self.run(ground, &statement, parameters).await?
            }
            AskedRows::Within(period) => {
                let statement =
                    format!("{select} BETWEEN $2::text::date AND $3::text::date ORDER BY id");
                let (first, last) = (period.first().to_string(), period.last().to_string());
                let parameters: Parameters<'_> = &[
                    (&ground.shop, Type::TEXT),
                    (&first, Type::TEXT),
                    (&last, Type::TEXT),
                ];
                self.run(ground, &statement, parameters).await?
            }
        };
        let cells = rows.iter().map(|row| {
            let places = 0..=selected.len();
            places
                .map(|at| row.try_get(at))
                .collect::<Result<RowCells, _>>()
        });
        cells
            .collect::<Result<_, Error>>()
            .map_err(|_| RowsSetback::Stop(self.odd()))
    }

    async fn stored(&self, ground: RowOwner<'_>, ids: &[String]) -> Result<Sighted, RowsSetback> {
        let statement = format!(
            "SELECT {SEEN} FROM {} WHERE shop = $1 AND {}",
            name(ground),
            among(ground)
        );
        let parameters: Parameters<'_> = &[(&ground.shop, Type::TEXT), (&ids, Type::TEXT_ARRAY)];
        let rows = self.run(ground, &statement, parameters).await?;
        let rows = self.seen(&rows)?;
        Ok(Sighted {
            total: rows.len(),
            rows,
        })
    }

    async fn page(
        &self,
        ground: RowOwner<'_>,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Vec<RowSeen>, RowsSetback> {
        let kind = id_kind(ground);
        let behind = match after {
            Some(_) => format!("AND held.id > $2::{kind}"),
            None => "AND $2::text IS NULL".to_owned(),
        };
        // `id` alone would be the text that is answered with, and text has another order than numbers.
        let statement = format!(
            "SELECT {SEEN} FROM {} AS held WHERE shop = $1 {behind} ORDER BY held.id LIMIT {limit}",
            name(ground)
        );
        let parameters: Parameters<'_> = &[(&ground.shop, Type::TEXT), (&after, Type::TEXT)];
        let rows = self.run(ground, &statement, parameters).await?;
        self.seen(&rows)
    }
}

impl Postgres {
    async fn run(
        &self,
        ground: RowOwner<'_>,
        statement: &str,
        parameters: Parameters<'_>,
    ) -> Result<Vec<Row>, RowsSetback> {
        // Who waits here waits for the answer to another.
        let mut open = self.open.lock().await;
        let kept = open.take().filter(|client| !client.is_closed());
        let mut client = match kept {
            Some(client) => client,
            None => self.connected().await?,
        };
        let work = transact(&mut client, self.timeout, statement, parameters);
        let setback = match tokio::time::timeout(self.timeout, work).await {
            Ok(Ok(rows)) => {
                *open = Some(client);
                return Ok(rows);
            }
            Ok(Err(error)) => self.setback(ground, &error),
            // Nobody knows how far it came, and the connection is of no more use.
            Err(_) => {
                let seconds = self.timeout.as_secs();
                return Err(RowsSetback::TooSlow(trouble::too_slow(
                    &self.parts.server(),
                    seconds,
                )));
            }
        };
        let sound = matches!(
            setback,
            RowsSetback::Refused(_)
                | RowsSetback::TooSlow(_)
                | RowsSetback::Clash(_)
                | RowsSetback::Stale(_)
        );
        if sound && !client.is_closed() {
            *open = Some(client);
        }
        Err(setback)
    }

    async fn connected(&self) -> Result<Client, RowsSetback> {
        match tokio::time::timeout(self.timeout, self.connect()).await {
            Ok(client) => client.map_err(RowsSetback::of),
            Err(_) => {
                let why = format!("it did not answer within {} s", self.timeout.as_secs());
                let fault = trouble::unreachable(&self.parts.server(), &why);
                Err(RowsSetback::of(fault))
            }
        }
    }

    fn setback(&self, ground: RowOwner<'_>, error: &Error) -> RowsSetback {
        let host = self.parts.server();
        let subject = AskedOf {
            host: &host,
            schema: ground.schema,
            table: ground.table,
        };
        let said = error.as_db_error();
        let known = said.and_then(|said| judged(subject, said.code().code(), said.message()));
        known.unwrap_or_else(|| RowsSetback::of(self.refused(error, &[])))
    }

    fn ids(&self, rows: &[Row]) -> Result<BTreeSet<String>, RowsSetback> {
        let ids = rows.iter().map(|row| row.try_get(0));
        ids.collect::<Result<_, _>>()
            .map_err(|_| RowsSetback::Stop(self.odd()))
    }

    fn seen(&self, rows: &[Row]) -> Result<Vec<RowSeen>, RowsSetback> {
        let seen = rows.iter().map(seen);
        seen.collect::<Result<_, _>>()
            .map_err(|_| RowsSetback::Stop(self.odd()))
    }
}

async fn transact(
    client: &mut Client,
    timeout: Duration,
    statement: &str,
    parameters: Parameters<'_>,
) -> Result<Vec<Row>, Error> {
    let transaction = client.transaction().await?;
    // The server gives up before we do, so that its own word on it is heard. A pooler would hand settings of a session to others.
    let limit = timeout.as_millis() * 2 / 3;
    let settings = format!("SET LOCAL statement_timeout = {limit}; SET LOCAL timezone = 'UTC'");
    transaction.batch_execute(&settings).await?;
    let rows = transaction.query_typed(statement, parameters).await?;
    transaction.commit().await?;
    Ok(rows)
}

fn seen(row: &Row) -> Result<RowSeen, Error> {
    let fingerprint: Option<String> = row.try_get(1)?;
    Ok(RowSeen {
        stored: Stored {
            id: row.try_get(0)?,
            fingerprint: fingerprint.map(Fingerprint::from),
            source_at: row.try_get(2)?,
            deleted: row.try_get(3)?,
        },
        updated_at: row.try_get(4)?,
    })
}

/// One text of JSON in, whatever the number of rows; out come the ids of those that were written. What is older than what stands
/// there, or the very same, is left out: the trigger of the table would refuse it too, at a higher price.
fn upsert(ground: RowOwner<'_>) -> String {
    let each = |form: &dyn Fn(&Column) -> String| {
        let all: Vec<String> = sent(ground.table).map(form).collect();
        all.join(", ")
    };
    let names = each(&|column| quoted(column.name));
    let kinds = each(&|column| format!("{} {}", quoted(column.name), column.kind.as_str()));
    let sets = each(&|column| format!("{0} = excluded.{0}", quoted(column.name)));
    format!(
        "WITH written AS (
           INSERT INTO {} AS held ({names})
           SELECT {names} FROM jsonb_to_recordset($1::jsonb) AS sent ({kinds})
           ON CONFLICT (shop, id) DO UPDATE SET {sets}
            WHERE held.source_at IS NULL OR excluded.source_at IS NULL OR excluded.source_at > held.source_at
               OR excluded.source_at = held.source_at AND excluded.fingerprint IS DISTINCT FROM held.fingerprint
           RETURNING id)
         SELECT id::text FROM written",
        name(ground)
    )
}

fn id_kind(ground: RowOwner<'_>) -> &'static str {
    if ground.table.has_number_ids() {
        "bigint"
    } else {
        "text"
    }
}

fn among(ground: RowOwner<'_>) -> String {
    format!("id = ANY ($2::text[]::{}[])", id_kind(ground))
}

fn name(ground: RowOwner<'_>) -> String {
    format!(
        "{}.{}",
        quoted(ground.schema),
        quoted(ground.table.as_str())
    )
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
