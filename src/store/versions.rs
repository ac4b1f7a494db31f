//! The versions of the state file: which one a file has, how it gets to ours, and the copy that is kept of the old one.
//!
//! A newer version and another program's file are refused before anything is changed. Each step to a newer version is
//! whole or not at all.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use rusqlite::backup::Backup;
use rusqlite::{Connection, TransactionBehavior};
use rusqlite_migration::{M, Migrations};

use super::error::{REPORT_IT, SqlTrouble, StoreError};
use super::open::beside;
use crate::files;

/// Every version of the file, oldest first. The last one is what the code speaks; one that shipped never changes.
pub(super) const VERSIONS: &[M<'static>] = &[
    FIRST,
    SEALED,
    SCHEDULES,
    NOTICES,
    TALLIES,
    COPIED,
    SENT,
    FENCE,
    ERRORS,
    BEFORE,
    RUN_TICKETS,
    LIKENESSES,
    PEOPLE,
    LINKS_BY_REMOTE,
    POSTED_DAYS,
    TRACED,
    ORDERS_COPIED,
    LESS_ROOM,
    CHAIN,
    UNDOS,
    PROOFS,
    SHOP_WRITES,
    UNDONE_APART,
    BOUND,
    AGREED,
    LOOKED_AT,
    RUN_ENTITIES,
    PACKED,
];
const FIRST: M<'static> = M::up(include_str!("schema.sql"));
const SEALED: M<'static> = M::up(include_str!("sealed.sql"));
const SCHEDULES: M<'static> = M::up(include_str!("schedules.sql"));
const NOTICES: M<'static> = M::up(include_str!("notices.sql"));
const TALLIES: M<'static> = M::up(include_str!("tallies.sql"));
const COPIED: M<'static> = M::up(include_str!("copied.sql"));
const SENT: M<'static> = M::up(include_str!("sent.sql"));
const FENCE: M<'static> = M::up(include_str!("fence.sql"));
const ERRORS: M<'static> = M::up(include_str!("errors.sql"));
const BEFORE: M<'static> = M::up(include_str!("before.sql"));
const RUN_TICKETS: M<'static> = M::up(include_str!("run_tickets.sql"));
const LIKENESSES: M<'static> = M::up(include_str!("likenesses.sql"));
const PEOPLE: M<'static> = M::up(include_str!("people.sql"));
const LINKS_BY_REMOTE: M<'static> = M::up(include_str!("links_by_remote.sql"));
const POSTED_DAYS: M<'static> = M::up(include_str!("posted_days.sql"));
const TRACED: M<'static> = M::up(include_str!("traced.sql"));
const ORDERS_COPIED: M<'static> = M::up(include_str!("orders_copied.sql"));
const LESS_ROOM: M<'static> = M::up(include_str!("less_room.sql"));
const CHAIN: M<'static> = M::up(include_str!("chain.sql"));
const UNDOS: M<'static> = M::up(include_str!("undos.sql"));
const PROOFS: M<'static> = M::up(include_str!("proofs.sql"));
const SHOP_WRITES: M<'static> = M::up(include_str!("shop_writes.sql"));
const UNDONE_APART: M<'static> = M::up(include_str!("undone_apart.sql"));
const BOUND: M<'static> = M::up(include_str!("bound.sql"));
const AGREED: M<'static> = M::up(include_str!("agreed.sql"));
const LOOKED_AT: M<'static> = M::up(include_str!("looked_at.sql"));
const RUN_ENTITIES: M<'static> = M::up(include_str!("run_entities.sql"));
const PACKED: M<'static> = M::up(include_str!("packed.sql"));

/// The version that kept secrets in plain text.
const PLAIN: u32 = 1;

/// "udsy", as `schema.sql` writes it.
pub(super) const OURS: i64 = 1_969_517_433;

/// Reads whose file it is and which version, without changing anything.
pub(super) fn judge(
    connection: &Connection,
    path: &Path,
    versions: &[M<'_>],
) -> Result<u32, StoreError> {
    judge_of(connection, path, versions, OURS)
}

/// The same for a file that has this mark.
pub(super) fn judge_of(
    connection: &Connection,
    path: &Path,
    versions: &[M<'_>],
    mark: i64,
) -> Result<u32, StoreError> {
    let shown = path.display().to_string();
    let ask = || -> Result<(i64, i64, i64), SqlTrouble> {
        // In one view: another process may be making the very same file.
        let view = connection.unchecked_transaction()?;
        let application = view.pragma_query_value(None, "application_id", |row| row.get(0))?;
        let version = view.pragma_query_value(None, "user_version", |row| row.get(0))?;
        let things = view.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        Ok((application, version, things))
    };
    let (application, version, things) = ask().map_err(|trouble| trouble.at(&shown))?;
    if application != mark && (application, version, things) != (0, 0, 0) {
        return Err(StoreError::NotOurs {
            path: shown,
            said: "it is the file of another program".to_owned(),
        });
    }
    let ours = latest(versions);
    match u32::try_from(version) {
        Ok(found) if found <= ours => Ok(found),
        Ok(found) => Err(StoreError::NewerVersion {
            path: shown,
            found,
            ours,
        }),
        Err(_) => Err(SqlTrouble::Odd("user_version").at(&shown)),
    }
}

/// The version of the file as it lies on the disk, and the one that this program writes.
pub(super) fn on_disk(connection: &Connection) -> Result<(u32, u32), SqlTrouble> {
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = u32::try_from(found).map_err(|_| SqlTrouble::Odd("user_version"))?;
    Ok((found, latest(VERSIONS)))
}

pub(super) fn latest(versions: &[M<'_>]) -> u32 {
    u32::try_from(versions.len()).expect("a program has a few dozen versions of its file at most")
}

/// Migrates the file after copying it beside itself; a new one is only made.
pub(super) fn bring_up_to_date(
    connection: &mut Connection,
    path: &Path,
    found: u32,
    versions: &[M<'_>],
    mark: i64,
) -> Result<(), StoreError> {
    if found == latest(versions) {
        return Ok(());
    }
    if found > 0 {
        back_up(connection, path, found)?;
    }
    let Err(trouble) = migrate(connection, versions) else {
        return Ok(());
    };
    // Another process may have been faster with the same step; then there is nothing left to do.
    match judge_of(connection, path, versions, mark) {
        Ok(now) if now == latest(versions) => Ok(()),
        _ => Err(trouble.at(&path.display().to_string())),
    }
}

pub(super) fn migrate(connection: &mut Connection, versions: &[M<'_>]) -> Result<(), SqlTrouble> {
    connection.set_transaction_behavior(TransactionBehavior::Immediate);
    let step = Migrations::from_slice(versions).to_latest(connection);
    step.map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => SqlTrouble::from(err),
        _ => SqlTrouble::refused("could not bring the state file up to date", REPORT_IT),
    })
}

/// Copies the file to `<file>.v1.bak` while it is in use; a copy by the file system would miss the write-ahead log.
fn back_up(connection: &Connection, path: &Path, version: u32) -> Result<(), StoreError> {
    let unfinished = beside(path, &format!(".bak-{}", std::process::id()));
    let done = beside(path, &format!(".v{version}.bak"));
    let io = |error: io::Error| StoreError::from_io(&error, &unfinished);
    // Left by a process of the same number, or laid by somebody: never written through.
    let _ = fs::remove_file(&unfinished);
    files::private()
        .create_new(true)
        .write(true)
        .open(&unfinished)
        .map_err(io)?;
    let copied = (|| -> Result<u32, SqlTrouble> {
        let mut copy = Connection::open(&unfinished)?;
        copy_into(connection, &mut copy)?;
        if version == PLAIN {
            // The copy is for going back, and secrets in plain text are nothing to keep lying about.
            copy.pragma_update(None, "secure_delete", true)?;
            copy.execute("DELETE FROM secrets", [])?;
        }
        Ok(copy.pragma_query_value(None, "user_version", |row| row.get(0))?)
    })();
    match copied {
        Ok(copied) if copied == version => fs::rename(&unfinished, &done).map_err(io),
        outcome => {
            fs::remove_file(&unfinished).map_err(io)?;
            // Another version means that another process has brought the file up to date, after a copy of its own.
            outcome
                .map(|_| ())
                .map_err(|trouble| trouble.at(&unfinished.display().to_string()))
        }
    }
}

pub(super) fn copy_into(from: &Connection, to: &mut Connection) -> Result<(), SqlTrouble> {
    const PAGES_AT_ONCE: i32 = 1_000;
    Ok(Backup::new(from, to)?.run_to_completion(PAGES_AT_ONCE, Duration::ZERO, None)?)
}

#[cfg(test)]
mod tests {
    use rusqlite::ErrorCode;

    use super::*;
    use crate::model::document::{DocumentKey, Role};
    use crate::model::plan::Subject;
    use crate::store::Store;
    use crate::store::open::{read_only, writable};
    use crate::store::tests::{at, folder};

    /// The version that the code speaks.
    fn ours() -> u32 {
        latest(VERSIONS)
    }

    /// Our versions and one more.
    fn and(next: &'static str) -> Vec<M<'static>> {
        VERSIONS.iter().cloned().chain([M::up(next)]).collect()
    }

    /// The file as a later udsync will have it.
    fn one_more() -> Vec<M<'static>> {
        and("ALTER TABLE runs ADD COLUMN note TEXT; CREATE TABLE extra (a TEXT) STRICT;")
    }

    fn version_of(path: &Path) -> u32 {
        let connection = Connection::open(path).expect("the file opens");
        let version = connection.pragma_query_value(None, "user_version", |row| row.get(0));
        version.expect("it has a version")
    }

    #[test]
    fn every_version_follows_from_the_one_before() {
        Migrations::from_slice(VERSIONS)
            .validate()
            .expect("the versions are sound");
    }

    #[test]
    fn an_older_file_is_copied_beside_itself_and_brought_up_to_date() {
        let (_folder, path) = folder();
        Store::open(&path)
            .and_then(|store| store.keep("company", "facts", at(1)))
            .expect("our version holds something");
        let later = writable(&path, &one_more()).expect("it is migrated");
        later
            .execute("INSERT INTO extra VALUES ('new')", [])
            .expect("the later version");
        drop(later);
        assert_eq!(version_of(&path), ours() + 1);

        let backup = beside(&path, &format!(".v{}.bak", ours()));
        let old = Store::open(&backup).expect("the copy is a whole file");
        assert_eq!(
            old.kept("company").expect("answers"),
            Some(("facts".into(), at(1)))
        );
        drop(old);
        let mut beside_it: Vec<_> = fs::read_dir(path.parent().expect("a folder"))
            .expect("the folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .into_string()
                    .expect("text")
            })
            .collect();
        beside_it.sort();
        assert_eq!(
            beside_it,
            ["aurora.db".to_owned(), format!("aurora.db.v{}.bak", ours())],
            "nothing unfinished stays"
        );
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&backup)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600, "the copy holds the same secrets");
        }
        // A second opening has nothing to do and copies nothing.
        fs::remove_file(&backup).expect("removed");
        writable(&path, &one_more()).expect("it opens again");
        assert!(!backup.exists());
    }

    /// The version that kept nothing of what stood there before, and knew orders alone.
    #[test]
    fn a_file_of_the_version_before_is_read_with_everything_in_it() {
        let (_folder, path) = folder();
        let known = VERSIONS.len() - 1;
        let old = writable(&path, &VERSIONS[..known]).expect("as it was");
        let posted = r#"{"key":{"order":7,"role":{"refund":9}},"kind":"RefundReceipt","number":"WC-7-R9","date":"2026-11-20",
            "currency":"CAD","total":"21.00","tax_total":"1.00","voided":false,"fingerprint":null,"document":null}"#;
        let intent = r#"{"action":"update","subject":{"document":{"order":7,"role":"sale"}},"entity":"SalesReceipt",
            "remote":{"entity":"SalesReceipt","id":"70","revision":"3"},"body":"{}",
            "marker":{"store":"aurora","key":{"order":7,"role":"sale"},"revision":2},"label":"WC-7","expected":null,
            "source":{"entity":"order","id":"7","number":"7"},"document":null}"#;
        old.execute_batch(&format!(
            "INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, tally)
             VALUES ('run-1', 'aurora', 'sync', '[]', 'full', 0, 'finished', '2026-11-20T10:00:00.000000000Z', '{{}}');
             INSERT INTO links VALUES ('books', '@document:7/refund/9', 7, 'RefundReceipt', '71', '0', 'abc', 1, 'active', '{posted}');
             INSERT INTO tickets (run_id, target, idempotency_key, path, body, fingerprint, intended_at)
             VALUES ('run-1', 'books', 'key-1', 'salesreceipt', '{{}}', 'x', '2026-11-20T10:00:00.000000000Z');
             INSERT INTO ticket_writes (ticket_id, position, subject, intent) VALUES (1, 0, '@document:7/sale', '{intent}');"
        ))
        .expect("as the version before wrote it");
        drop(old);
        let store = Store::open(&path).expect("brought up to date");
        let links = store.links_of_order("books", 7).expect("answers");
        assert_eq!(links.len(), 1);
        let key = DocumentKey::of_order(7, Role::Refund(9));
        assert_eq!(links[0].subject, Subject::Document(key));
        assert_eq!(links[0].posted.as_ref().map(|posted| posted.key), Some(key));
        assert_eq!(store.posted_orders("books"), Ok(vec![7]));
        let open = store.open_tickets("books").expect("answers");
        let write = &open[0].0.request().writes[0];
        let sale = DocumentKey::of_order(7, Role::Sale);
        assert_eq!(write.subject, Subject::Document(sale));
        assert_eq!(write.marker.as_ref().map(|marker| marker.key), Some(sale));
        assert!(!write.can_be_taken_back(), "so it is planned anew");
        assert!(beside(&path, &format!(".v{known}.bak")).exists());
    }

    #[test]
    fn an_order_that_stood_undone_stands_so_whatever_goes_wrong_with_it_afterwards() {
        let (_folder, path) = folder();
        let place = VERSIONS.len()
            - VERSIONS
                .iter()
                .rev()
                .position(|one| *one == UNDONE_APART)
                .expect("it is one")
            - 1;
        let old = writable(&path, &VERSIONS[..place]).expect("the version before");
        old.execute_batch(
            r#"INSERT INTO runs (id, shop, command, entities, mode, dry_run, status, started_at, tally)
             VALUES ('run-1', 'aurora', 'undo', '[]', 'full', 0, 'finished', '2026-11-20T10:00:00.000000000Z', '{}');
             INSERT INTO problems (id, target, source_entity, source_id, source_number, subject, state, reason, retryable, attempts, first_seen, last_seen, run_id, tries)
             VALUES ('F7K2', 'books', 'order', '7', '7', '', 'held', '{"code":"undone","message":"order 7 stands undone","hint":null}',
                     0, 1, '2026-11-20T10:00:00.000000000Z', '2026-11-20T10:00:00.000000000Z', 'run-1', 0);"#,
        )
        .expect("as the version before wrote it");
        drop(old);
        let store = Store::open(&path).expect("brought up to date");
        let order = crate::model::plan::RecordKey::order(7, "7");
        let odd = crate::store::ProblemFound {
            target: "books",
            source: &order,
            subject: None,
            state: crate::model::problem::ProblemState::Held,
            reason: &crate::model::fault::Reason::new("order_unreadable", "no sense"),
            retryable: false,
            tries: 0,
        };
        store.raise(&odd, "run-1", at(9)).expect("kept");
        let codes = |store: &Store| -> Vec<String> {
            let all = store.problems(Some("books"), false).expect("answers");
            let mut codes: Vec<String> = all.into_iter().map(|one| one.reason.code).collect();
            codes.sort();
            codes
        };
        assert_eq!(codes(&store), ["order_unreadable", "undone"]);
        store.resolve("books", &order, &[]).expect("settled");
        assert_eq!(codes(&store), ["undone"]);
        store.lift_undone("books", &order).expect("lifted");
        assert_eq!(codes(&store), [""; 0]);
    }

    #[test]
    fn the_copy_of_the_first_version_holds_no_secret_in_plain_text() {
        let (_folder, path) = folder();
        let old = writable(&path, &[FIRST]).expect("as it was");
        old.execute(
            "INSERT INTO secrets VALUES ('quickbooks', 'canary-token')",
            [],
        )
        .expect("as it was kept");
        drop(old);
        let store = Store::open(&path).expect("brought up to date");
        assert_eq!(
            store.plain_secrets().expect("answers").len(),
            1,
            "nothing is lost"
        );
        let copy = fs::read(beside(&path, ".v1.bak")).expect("a copy");
        assert!(!copy.windows(12).any(|part| part == b"canary-token"));
    }

    #[test]
    fn a_migration_that_breaks_leaves_the_file_as_it_was() {
        let (_folder, path) = folder();
        Store::open(&path).expect("our version");
        let broken = and("CREATE TABLE half (a TEXT) STRICT; SELECT nonsense;");
        writable(&path, &broken).expect_err("it cannot be migrated");
        assert_eq!(version_of(&path), ours());
        let store = Store::open(&path).expect("our version still");
        let half = store.file().prepare("SELECT * FROM half").is_ok();
        assert!(!half, "no half of a version");
    }

    #[test]
    fn a_file_from_a_newer_version_is_refused_and_left_alone() {
        let (_folder, path) = folder();
        drop(writable(&path, &one_more()).expect("the later version"));
        let before = fs::read(&path).expect("the file");
        let refused = StoreError::NewerVersion {
            path: path.display().to_string(),
            found: ours() + 1,
            ours: ours(),
        };
        assert_eq!(Store::open(&path).expect_err("refused"), refused);
        assert_eq!(Store::open_read_only(&path).expect_err("refused"), refused);
        assert_eq!(fs::read(&path).expect("the file"), before);
        assert!(refused.hint().contains("update udsync"));
    }

    #[test]
    fn the_file_of_another_program_is_not_ours_to_touch() {
        let (_folder, path) = folder();
        let other = Connection::open(&path).expect("a file");
        other
            .execute_batch("CREATE TABLE recipes (a)")
            .expect("a table");
        drop(other);
        let before = fs::read(&path).expect("the file");
        let refused = Store::open(&path).expect_err("refused").to_string();
        assert!(refused.contains("another program"), "{refused}");
        assert_eq!(fs::read(&path).expect("the file"), before);
    }

    #[test]
    fn an_older_file_can_be_looked_at_without_being_changed() {
        let (_folder, path) = folder();
        Store::open(&path)
            .and_then(|store| store.keep("company", "facts", at(1)))
            .expect("our version");
        let later = read_only(&path, &one_more())
            .expect("opens")
            .expect("is there");
        later
            .prepare("SELECT note FROM runs")
            .expect("it looks like the later version");
        let refused = later
            .execute("INSERT INTO extra VALUES ('x')", [])
            .expect_err("refused");
        assert_eq!(refused.sqlite_error_code(), Some(ErrorCode::ReadOnly));
        drop(later);
        assert_eq!(version_of(&path), ours());

        fs::write(&path, "").expect("emptied, as by a crash right after it was made");
        let store = Store::open_read_only(&path)
            .expect("opens")
            .expect("is there");
        assert_eq!(store.kept("company").expect("answers"), None);
    }
}
