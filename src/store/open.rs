//! Opening the state file: making it where it is missing, setting what SQLite forgets, proving that it can be written.
//!
//! A file is judged before anything in it is changed (see `versions`), and everything that can be wrong with it is said
//! here, before any work is done with it.

use std::fs::{self, DirBuilder};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};
use rusqlite_migration::M;

use crate::files;

use super::error::{SqlTrouble, StoreError};
use super::versions::{
    OURS, VERSIONS, bring_up_to_date, copy_into, judge, judge_of, latest, migrate, on_disk,
};

/// Writers hold the file for milliseconds; only recording a very large run takes longer.
const PATIENCE: Duration = Duration::from_secs(30);

/// Closing any handle on a file drops every POSIX lock that the process has on it. We make the file by a handle
/// of our own before SQLite opens it, so no other thread may be opening the same one meanwhile.
static OPENING: Mutex<()> = Mutex::new(());

/// Opens a state file for reading and writing; makes the folder and the file where they are missing.
pub(super) fn writable(path: &Path, versions: &[M<'_>]) -> Result<Connection, StoreError> {
    writable_of(path, versions, OURS)
}

/// The same for a file of another kind, told by this mark.
pub(super) fn writable_of(
    path: &Path,
    versions: &[M<'_>],
    mark: i64,
) -> Result<Connection, StoreError> {
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    make(path).map_err(|error| StoreError::from_io(&error, path))?;
    // Before its rights are touched: it may be anybody's.
    look_like_ours(path)?;
    refuse_foreign(path, versions, mark)?;
    close(path)?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let at = |trouble: SqlTrouble| trouble.at(&path.display().to_string());
    let mut connection = Connection::open_with_flags(path, flags)
        .map_err(SqlTrouble::from)
        .and_then(touch)
        .map_err(at)?;
    let found = judge_of(&connection, path, versions, mark)?;
    settle_in(&connection).map_err(at)?;
    bring_up_to_date(&mut connection, path, found, versions, mark)?;
    prove_writable(&mut connection).map_err(at)?;
    Ok(connection)
}

/// Opens for reading only; `None` where there is no file yet. Never makes or migrates one: an older version is
/// read through a copy in memory.
pub(super) fn read_only(path: &Path, versions: &[M<'_>]) -> Result<Option<Connection>, StoreError> {
    match fs::metadata(path) {
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(StoreError::from_io(&error, path)),
    }
    {
        let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
        look_like_ours(path)?;
    }
    let at = |trouble: SqlTrouble| trouble.at(&path.display().to_string());
    let connection = open_to_read(path).map_err(at)?;
    let found = judge(&connection, path, versions)?;
    if found == latest(versions) {
        return Ok(Some(connection));
    }
    let mut copy = Connection::open_in_memory()
        .map_err(SqlTrouble::from)
        .map_err(at)?;
    copy_into(&connection, &mut copy).map_err(at)?;
    migrate(&mut copy, versions).map_err(at)?;
    copy.pragma_update(None, "query_only", true)
        .map_err(SqlTrouble::from)
        .map_err(at)?;
    Ok(Some(copy))
}

/// A connection for reading only, to a file that the same process has open for writing: it is made and brought up to date by then, and
/// its log lets one read while another writes.
pub(super) fn beside_a_writer(path: &Path) -> Result<Connection, StoreError> {
    open_to_read(path).map_err(|trouble| trouble.at(&path.display().to_string()))
}

/// Refuses a file that is there and is none of ours. Changes nothing, and makes nothing beside it.
pub(super) fn check_is_ours(path: &Path) -> Result<(), StoreError> {
    if !path.exists() {
        return Ok(());
    }
    let _one_at_a_time = OPENING.lock().unwrap_or_else(PoisonError::into_inner);
    look_like_ours(path)?;
    refuse_foreign(path, VERSIONS, OURS)
}

/// The version of the file as it lies on the disk, and ours; `None` where there is no file yet. Changes nothing.
pub(super) fn versions_of(path: &Path) -> Result<Option<(u32, u32)>, StoreError> {
    if !path.exists() {
        return Ok(None);
    }
    open_to_read(path)
        .and_then(|connection| on_disk(&connection))
        .map(Some)
        .map_err(|trouble| trouble.at(&path.display().to_string()))
}

/// A state that ends with the process.
pub(super) fn in_memory() -> Result<Connection, SqlTrouble> {
    let mut connection = Connection::open_in_memory()?;
    settle_in(&connection)?;
    migrate(&mut connection, VERSIONS)?;
    Ok(connection)
}

/// Makes the folder and an empty file that only its owner can read: it will hold tokens and customers.
fn make(path: &Path) -> io::Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
    }
    match files::private().create_new(true).write(true).open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// How every file of SQLite begins.
const HEADER: &[u8; 16] = b"SQLite format 3\0";

/// A file of SQLite is made of pages, and each has a multiple of this.
const SMALLEST_PAGE: u64 = 512;

/// Refuses what cannot be a state file: SQLite itself takes a short file of any content for an empty one, and writes over it.
///
/// Where a log lies beside it, somebody may have it open, perhaps this very process: then its head is not read by a handle of ours,
/// because closing that would drop the other's locks. A log that holds something is proof enough of what it is, but only beside whole pages.
fn look_like_ours(path: &Path) -> Result<(), StoreError> {
    let not_ours = |said: &str| StoreError::NotOurs {
        path: path.display().to_string(),
        said: said.to_owned(),
    };
    let facts = fs::metadata(path).map_err(|error| StoreError::from_io(&error, path))?;
    if facts.is_dir() {
        return Err(not_ours("it is a folder"));
    }
    if !facts.is_file() {
        return Err(not_ours("it is a pipe or a device"));
    }
    if facts.len() == 0 {
        return Ok(());
    }
    let log = fs::metadata(beside(path, "-wal")).ok();
    if let Some(log) = log.filter(|_| facts.len() % SMALLEST_PAGE == 0) {
        return match log.len() == 0 && is_no_database(path) {
            true => Err(not_ours("it is not an SQLite file")),
            false => Ok(()),
        };
    }
    let mut head = [0; HEADER.len()];
    match fs::File::open(path).and_then(|mut file| file.read_exact(&mut head)) {
        Ok(()) if head == *HEADER => Ok(()),
        // What may not be read is told by whoever opens it.
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Ok(()),
        _ => Err(not_ours("it is not an SQLite file")),
    }
}

/// As SQLite sees it, whose handles drop nobody's locks.
fn is_no_database(path: &Path) -> bool {
    matches!(
        as_it_stands(path),
        Err(SqlTrouble::Sqlite(error)) if error.sqlite_error_code() == Some(ErrorCode::NotADatabase)
    )
}

/// Refuses the file of another program before its rights are touched, its log is written back, or anything is made beside it. Whatever
/// else is wrong with a file is told by whoever opens it to work with it.
fn refuse_foreign(path: &Path, versions: &[M<'_>], mark: i64) -> Result<(), StoreError> {
    if fs::metadata(path).is_ok_and(|facts| facts.len() == 0) {
        return Ok(());
    }
    let judged = |opened: Result<Connection, SqlTrouble>| match opened
        .map(|connection| judge_of(&connection, path, versions, mark))
    {
        Ok(Err(error @ StoreError::NotOurs { .. })) => Err(error),
        Ok(Ok(found)) => Ok(Some(found)),
        _ => Ok(None),
    };
    // All that a young file says may be in its log.
    if judged(as_it_stands(path))? == Some(0) && log_holds_something(path) {
        judged(open_to_read(path))?;
    }
    Ok(())
}

/// Takes the rights of others from a file that was restored, copied or made with them, and from those beside it: sealed secrets and
/// buyers are in there. Where that is not ours to do, nothing is written into it.
fn close(path: &Path) -> Result<(), StoreError> {
    for file in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        match files::close_to_others(&file) {
            Ok(false) => {}
            Ok(true) => tracing::warn!("the state file could be read by others; it no longer can"),
            Err(error) => {
                return Err(StoreError::Other {
                    said: format!(
                        "the state file `{}` can be read by others, and that could not be changed: {error}",
                        file.display()
                    ),
                    hint: format!("let its owner run `chmod 600 {}`", file.display()),
                });
            }
        }
    }
    Ok(())
}

/// What SQLite forgets between two openings.
fn settle_in(connection: &Connection) -> Result<(), SqlTrouble> {
    use_write_ahead_log(connection)?;
    // Each commit is on the disk before it returns. macOS needs the stronger call for that to be true.
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "fullfsync", true)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    // What is deleted is overwritten: it may have been a secret.
    connection.pragma_update(None, "secure_delete", true)?;
    Ok(())
}

/// Only the first opening of a file changes anything here. When several processes do it at once, SQLite tells all but one
/// that the file is busy without waiting for it, so the waiting is ours.
fn use_write_ahead_log(connection: &Connection) -> Result<(), SqlTrouble> {
    const ATTEMPTS: u32 = 100;
    const PAUSE: Duration = Duration::from_millis(20);
    let switch = || connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(()));
    for _ in 1..ATTEMPTS {
        match switch() {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                std::thread::sleep(PAUSE);
            }
            outcome => return Ok(outcome?),
        }
    }
    Ok(switch()?)
}

/// Writes what is there already: a full disk or a missing right is found before any work is done.
fn prove_writable(connection: &mut Connection) -> Result<(), SqlTrouble> {
    let change = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = change.pragma_query_value(None, "user_version", |row| row.get(0))?;
    change.pragma_update(None, "user_version", version)?;
    Ok(change.commit()?)
}

/// Even to be read, a file with a write-ahead log needs files beside it. In a folder that cannot be written, and with
/// nothing left in the log, the file can be taken as it stands: nobody else can be writing to it either.
fn open_to_read(path: &Path) -> Result<Connection, SqlTrouble> {
    let opened = Connection::open_with_flags(path, TO_READ)
        .map_err(SqlTrouble::from)
        .and_then(touch);
    match opened {
        Err(trouble) if trouble.is_about_rights() && !log_holds_something(path) => {
            as_it_stands(path)
        }
        opened => opened,
    }
}

fn log_holds_something(path: &Path) -> bool {
    fs::metadata(beside(path, "-wal")).is_ok_and(|log| log.len() > 0)
}

const TO_READ: OpenFlags = OpenFlags::SQLITE_OPEN_READ_ONLY.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

fn as_it_stands(path: &Path) -> Result<Connection, SqlTrouble> {
    const IN_URI: &AsciiSet = &CONTROLS.add(b'%').add(b'?').add(b'#').add(b' ');
    let shown = path.to_string_lossy();
    let uri = format!("file:{}?immutable=1", utf8_percent_encode(&shown, IN_URI));
    touch(Connection::open_with_flags(
        uri,
        TO_READ | OpenFlags::SQLITE_OPEN_URI,
    )?)
}

/// SQLite opens a file when it is first asked something. Two processes may make the same one: the second waits.
fn touch(connection: Connection) -> Result<Connection, SqlTrouble> {
    connection.busy_timeout(PATIENCE)?;
    connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    Ok(connection)
}

/// `aurora.db` and `.lock` make `aurora.db.lock`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// One transaction, whole or not at all, and what went wrong in it said of this file.
pub(super) fn in_transaction<T>(
    connection: &mut Connection,
    path: &str,
    behavior: TransactionBehavior,
    work: impl FnOnce(&Transaction<'_>) -> Result<T, SqlTrouble>,
) -> Result<T, StoreError> {
    let attempt = || -> Result<T, SqlTrouble> {
        let transaction = connection.transaction_with_behavior(behavior)?;
        let result = work(&transaction)?;
        transaction.commit()?;
        Ok(result)
    };
    attempt().map_err(|trouble| trouble.at(path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;
    use crate::store::tests::{at, folder};

    #[test]
    fn a_new_file_is_strict_durable_and_for_its_owner_alone() {
        let (folder, _) = folder();
        let path = folder.path().join("deep/er/aurora.db");
        let store = Store::open(&path).expect("it is made with its folder");
        let connection = store.file();
        let pragma = |name: &str| -> String {
            let value = connection
                .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
            match value.expect("a pragma") {
                rusqlite::types::Value::Integer(number) => number.to_string(),
                rusqlite::types::Value::Text(text) => text,
                other => format!("{other:?}"),
            }
        };
        assert_eq!(pragma("journal_mode"), "wal");
        assert_eq!(pragma("synchronous"), "2", "full");
        assert_eq!(pragma("foreign_keys"), "1");
        assert_eq!(pragma("application_id"), OURS.to_string());
        let loose: i64 = connection
            .query_row(
                "SELECT count(*) FROM pragma_table_list
                 WHERE schema = 'main' AND type = 'table' AND NOT strict AND name NOT LIKE 'sqlite_%'",
                [],
                |row| row.get(0),
            )
            .expect("the tables");
        assert_eq!(loose, 0, "every table is strict");
        #[cfg(unix)]
        for (path, mode) in [
            (path.clone(), 0o600),
            (beside(&path, "-wal"), 0o600),
            (folder.path().join("deep"), 0o700),
        ] {
            use std::os::unix::fs::PermissionsExt;
            let found = fs::metadata(&path)
                .expect("it is there")
                .permissions()
                .mode();
            assert_eq!(found & 0o777, mode, "{}", path.display());
        }
    }

    #[test]
    fn a_damaged_file_says_how_to_go_on() {
        let (_folder, path) = folder();
        fs::write(
            &path,
            "this was never a database, however long it goes on ".repeat(100),
        )
        .expect("written");
        let error = Store::open(&path).expect_err("refused");
        assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");

        // Good at its head, and torn further down.
        fs::remove_file(&path).expect("removed");
        let store = Store::open(&path).expect("a file");
        let text = "x".repeat(100_000);
        store.keep("list", &text, at(1)).expect("kept");
        drop(store);
        let mut bytes = fs::read(&path).expect("the file");
        let torn = bytes.len() - 60_000;
        bytes[4096..torn].fill(0xA5);
        fs::write(&path, bytes).expect("written");
        let error = Store::open(&path)
            .and_then(|store| store.kept("list").map(|_| ()))
            .expect_err("it cannot be read");
        assert!(matches!(error, StoreError::Damaged { .. }), "{error}");
        assert!(
            error
                .hint()
                .contains("the next run finds what is in the books by its marker")
        );
    }

    #[test]
    fn a_file_moved_away_makes_room_even_when_its_log_was_forgotten() {
        let (_folder, path) = folder();
        let log = beside(&path, "-wal");
        let store = Store::open(&path).expect("made");
        store.keep("company", "facts", at(1)).expect("kept");
        let forgotten = fs::read(&log).expect("the log of an open file");
        drop(store);
        fs::remove_file(&path).expect("moved away");
        fs::write(&log, forgotten).expect("left behind");
        let store = Store::open(&path).expect("a new one");
        assert_eq!(store.kept("company"), Ok(None));
    }

    #[test]
    fn a_folder_that_cannot_be_written_is_noticed_at_once() {
        // Also root cannot make a file in the kernel's own folder; elsewhere a folder without rights does.
        let (folder, _) = folder();
        let mut forbidden = vec![];
        #[cfg(target_os = "linux")]
        forbidden.push(PathBuf::from("/sys/kernel"));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let there = folder.path().join("there.db");
            Store::open(&there)
                .and_then(|store| store.keep("company", "facts", at(1)))
                .expect("made while it can be written");
            fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).expect("set");
            let looker = Store::open_read_only(&there).expect("looking needs no right to write");
            let kept = looker.expect("is there").kept("company");
            assert_eq!(kept, Ok(Some(("facts".into(), at(1)))));
            if fs::write(folder.path().join("probe"), "").is_err() {
                forbidden.push(folder.path().to_owned());
            } else {
                eprintln!("skipped in part: this user may write everywhere");
            }
        }
        for place in &forbidden {
            let path = place.join("aurora.db");
            let error = Store::open(&path).expect_err("refused");
            assert_eq!(
                error,
                StoreError::ReadOnly {
                    path: path.display().to_string()
                }
            );
            assert!(error.hint().contains("--state FILE"));
        }
        assert!(!forbidden.is_empty() || !cfg!(target_os = "linux"));
    }

    #[test]
    fn a_folder_in_place_of_the_file_is_named_as_such() {
        let (folder, _) = folder();
        for error in [
            Store::open(folder.path()).map(|_| ()),
            Store::open_read_only(folder.path()).map(|_| ()),
        ] {
            let error = error.expect_err("refused").to_string();
            assert!(error.ends_with("it is a folder"), "{error}");
        }
        let inside_a_file = folder.path().join("file");
        fs::write(&inside_a_file, "").expect("written");
        let error = Store::open(&inside_a_file.join("aurora.db")).expect_err("refused");
        assert!(matches!(error, StoreError::Other { .. }), "{error}");
    }

    #[test]
    fn what_is_no_state_file_stays_to_the_byte_and_keeps_its_rights() {
        let (_folder, path) = folder();
        let ours = Store::open(&path).expect("made");
        drop(ours);
        for text in ["x", "root:x:0:0:root:/root:/bin/bash\n"] {
            fs::write(&path, text).expect("written");
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
            }
            for error in [
                Store::open(&path).map(|_| ()),
                Store::open_read_only(&path).map(|_| ()),
            ] {
                let error = error.expect_err("refused");
                assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
                assert!(!error.hint().contains("mv "), "{}", error.hint());
            }
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt;
                let mode = fs::metadata(&path).expect("there").permissions().mode();
                assert_eq!(mode & 0o777, 0o644);
            }
        }
    }

    #[test]
    fn the_file_of_another_program_stays_with_its_log_and_its_rights() {
        let (folder, path) = folder();
        let made = folder.path().join("theirs.db");
        let theirs = Connection::open(&made).expect("made");
        theirs
            .execute_batch(
                "PRAGMA application_id = 7; CREATE TABLE a (b); PRAGMA journal_mode = wal; INSERT INTO a VALUES (1);",
            )
            .expect("filled");
        fs::copy(&made, &path).expect("copied");
        fs::copy(beside(&made, "-wal"), beside(&path, "-wal")).expect("copied");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("set");
        }
        let as_it_was = |file: &Path| fs::read(file).expect("there");
        let before = [as_it_was(&path), as_it_was(&beside(&path, "-wal"))];
        assert!(!before[1].is_empty());
        for error in [Store::open(&path).map(|_| ()), Store::check_is_ours(&path)] {
            let error = error.expect_err("refused");
            assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
        }
        let after = [as_it_was(&path), as_it_was(&beside(&path, "-wal"))];
        assert_eq!(before, after);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).expect("there").permissions().mode();
            assert_eq!(mode & 0o777, 0o644);
        }
    }

    #[test]
    fn a_log_that_proves_nothing_makes_no_file_ours() {
        let (_folder, path) = folder();
        for (text, log) in [("x".repeat(33), "a log"), ("x".repeat(1024), "")] {
            fs::write(&path, &text).expect("written");
            fs::write(beside(&path, "-wal"), log).expect("written");
            let error = Store::open(&path).expect_err("refused");
            assert!(matches!(error, StoreError::NotOurs { .. }), "{error}");
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
        }
    }

    #[test]
    fn looking_makes_no_file_and_changes_none() {
        let (_folder, path) = folder();
        assert!(
            Store::open_read_only(&path)
                .expect("no file, no mistake")
                .is_none()
        );
        assert!(!path.exists());

        let writer = Store::open(&path).expect("made");
        writer.keep("company", "facts", at(1)).expect("kept");
        let looker = Store::open_read_only(&path)
            .expect("opens")
            .expect("is there");
        assert_eq!(
            looker.kept("company").expect("answers"),
            Some(("facts".into(), at(1)))
        );
        writer
            .keep("company", "news", at(2))
            .expect("kept while somebody looks");
        assert_eq!(
            looker.kept("company").expect("answers"),
            Some(("news".into(), at(2)))
        );
        let refused = looker.keep("company", "mine", at(3)).expect_err("refused");
        assert!(matches!(refused, StoreError::ReadOnly { .. }), "{refused}");
        assert_eq!(
            writer.kept("company").expect("answers"),
            Some(("news".into(), at(2)))
        );
    }

    #[test]
    fn a_file_without_a_log_can_be_taken_as_it_stands() {
        let (folder, _) = folder();
        let path = folder.path().join("odd name? 100% #1.db");
        Store::open(&path)
            .and_then(|store| store.keep("company", "facts", at(1)))
            .expect("made");
        let connection = as_it_stands(&path).expect("opens");
        let kept: String = connection
            .query_row("SELECT text FROM kept", [], |row| row.get(0))
            .expect("answers");
        assert_eq!(kept, "facts");
        assert!(
            !beside(&path, "-shm").exists(),
            "no file beside it was needed"
        );
    }
}
