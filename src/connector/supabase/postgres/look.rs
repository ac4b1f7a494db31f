//! A look at the tables in PostgreSQL's own catalog, and the one place where they are made.

use std::time::Duration;

use tokio_postgres::types::Type;
use tokio_postgres::{Client, Error, Transaction};

use super::Postgres;
use crate::connector::supabase::schema::gaps::{self, DatabaseAsFound, TableSeen};
use crate::connector::supabase::trouble;
use crate::model::fault::Fault;
use crate::model::row::{Gap, Table};

/// One row for each of our tables that is there.
const TABLES: &str = "
SELECT c.relname::text, obj_description(c.oid, 'pg_class'),
       EXISTS (SELECT FROM pg_catalog.pg_index i
                WHERE i.indrelid = c.oid AND i.indisunique AND i.indisvalid AND i.indimmediate AND i.indpred IS NULL
                  AND i.indnkeyatts = 2 AND i.indexprs IS NULL
                  AND (SELECT array_agg(a.attname::text ORDER BY a.attname) FROM pg_catalog.pg_attribute a
                        WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey[0:1])) = ARRAY['id', 'shop']),
       EXISTS (SELECT FROM pg_catalog.pg_trigger t
                WHERE t.tgrelid = c.oid AND t.tgname = 'udsync_keep_newer' AND t.tgenabled IN ('O', 'A')),
       has_schema_privilege(n.oid, 'USAGE') AND has_table_privilege(c.oid, 'SELECT')
         AND has_table_privilege(c.oid, 'INSERT') AND has_table_privilege(c.oid, 'UPDATE'),
       row_security_active(c.oid),
       c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_catalog.pg_roles r
                WHERE r.rolname IN ('anon', 'authenticated') AND has_table_privilege(r.oid, c.oid, 'SELECT')),
       current_user::text
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE n.nspname = $1 AND c.relname = ANY ($2)";

const COLUMNS: &str = "
SELECT c.relname::text, a.attname::text, format_type(a.atttypid, a.atttypmod)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
 WHERE n.nspname = $1 AND c.relname = ANY ($2)";

/// Making indexes takes its time where rows are there already.
const PATIENCE: Duration = Duration::from_secs(600);

impl Postgres {
    pub async fn look(&self, schema: &str) -> Result<DatabaseAsFound, Fault> {
        let work = async {
            let mut client = self.connect().await?;
            let looking = self.begin(&mut client, true).await?;
            let found = looked(&looking, schema).await;
            let found = found.map_err(|error| self.refused(&error, &[]))?;
            looking
                .commit()
                .await
                .map_err(|error| self.refused(&error, &[]))?;
            Ok(found)
        };
        self.within(self.timeout, work).await
    }

    /// Makes the tables, or brings them up to date, all of it or nothing. What was missing before.
    pub async fn apply(&self, schema: &str) -> Result<Vec<Gap>, Fault> {
        let work = async {
            let mut client = self.connect().await?;
            let making = self.begin(&mut client, false).await?;
            let failed = |error: &Error| self.not_made(schema, error);
            // Whoever reads these tables all day must not make this wait for ever, nor wait for it.
            making
                .batch_execute("SET LOCAL lock_timeout = '20s'; SET LOCAL statement_timeout = 0")
                .await
                .map_err(|error| failed(&error))?;
            let found = looked(&making, schema).await;
            let found = found.map_err(|error| failed(&error))?;
            let before = gaps::gaps(schema, &found);
            if let Some(gap) = before
                .iter()
                .find(|gap| matches!(gap.code.as_str(), "schema_taken" | "schema_new"))
            {
                return Err(trouble::schema_left(gap));
            }
            making
                .batch_execute(&gaps::upgrade(schema))
                .await
                .map_err(|error| failed(&error))?;
            // What somebody has changed since, the script leaves alone.
            let found = looked(&making, schema).await;
            let found = found.map_err(|error| failed(&error))?;
            for gap in gaps::gaps(schema, &found) {
                let sql = gap.sql.replace("begin;\n", "").replace("commit;\n", "");
                making
                    .batch_execute(&sql)
                    .await
                    .map_err(|error| failed(&error))?;
            }
            making.commit().await.map_err(|error| failed(&error))?;
            Ok(before)
        };
        self.within(PATIENCE, work).await
    }

    async fn begin<'a>(
        &self,
        client: &'a mut Client,
        reading: bool,
    ) -> Result<Transaction<'a>, Fault> {
        let begun = client.build_transaction().read_only(reading).start().await;
        begun.map_err(|error| self.refused(&error, &[]))
    }

    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Fault>>,
    ) -> Result<T, Fault> {
        match tokio::time::timeout(limit, work).await {
            Ok(done) => done,
            Err(_) => Err(trouble::unreachable(
                &self.parts.server(),
                &format!("it did not answer within {} s", limit.as_secs()),
            )),
        }
    }

    fn not_made(&self, schema: &str, error: &Error) -> Fault {
        let code = error.as_db_error().map(|said| said.code().code());
        match code {
            Some("42501") => trouble::may_not_make(schema, &self.parts.user),
            Some("55P03") => trouble::busy(
                &self.parts.server(),
                "somebody else holds a table for more than 20 s",
            ),
            Some("2BP01" | "42P16") => trouble::views_in_use(schema),
            _ => self.refused(error, &[]),
        }
    }
}

async fn looked(looking: &Transaction<'_>, schema: &str) -> Result<DatabaseAsFound, Error> {
    let names = Table::ALL.map(|table| table.as_str().to_owned()).to_vec();
    let asked: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 2] =
        [(&schema, Type::TEXT), (&names, Type::TEXT_ARRAY)];
    let mut found = DatabaseAsFound::default();
    for row in looking.query_typed(TABLES, &asked).await? {
        let (may_write, barred): (bool, bool) = (row.try_get(4)?, row.try_get(5)?);
        let seen = TableSeen {
            comment: row.try_get(1)?,
            keyed: Some(row.try_get(2)?),
            guarded: Some(row.try_get(3)?),
            writable: Some(may_write && !barred),
            barred: may_write && barred,
            sealed: Some(row.try_get(6)?),
            ..TableSeen::default()
        };
        found.role = row.try_get(7)?;
        found.tables.insert(row.try_get(0)?, seen);
    }
    for row in looking.query_typed(COLUMNS, &asked).await? {
        let name: String = row.try_get(0)?;
        if let Some(seen) = found.tables.get_mut(&name) {
            seen.columns.insert(row.try_get(1)?, row.try_get(2)?);
        }
    }
    found.version = version(looking, schema).await?;
    Ok(found)
}

/// The table of versions may not be there yet.
async fn version(looking: &Transaction<'_>, schema: &str) -> Result<Option<i64>, Error> {
    let place = format!("\"{schema}\".udsync_schema");
    let there = looking
        .query_typed(
            "SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE n.nspname = $1 AND c.relname = 'udsync_schema' AND has_table_privilege(c.oid, 'SELECT')",
            &[(&schema, Type::TEXT)],
        )
        .await?;
    if there.is_empty() {
        return Ok(None);
    }
    let newest = format!("SELECT max(version)::bigint FROM {place}");
    let rows = looking.query_typed(&newest, &[]).await?;
    match rows.first() {
        Some(row) => row.try_get(0),
        None => Ok(None),
    }
}
