//! The lock: one run at a time works with a state file, and a second one is told who does.
//!
//! The operating system holds the lock on `<state>.lock` and lets go of it when its holder dies, however it dies. What the
//! file says is for people only. It is never deleted: whoever deletes a lock file may delete somebody else's lock.

use std::fmt;
use std::fs::{self, File, TryLockError};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::error::StoreError;
use super::open::beside;
use crate::files;

/// The right to run, until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
    holder: Holder,
}

/// Who works with the state file, as written into the lock file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub pid: u32,
    /// Empty where the system does not tell.
    pub host: String,
    pub command: String,
    #[serde(rename = "started_at")]
    pub since: DateTime<Utc>,
    /// How far it says to be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub progress: Option<String>,
}

/// Somebody else has the lock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockHeld {
    /// `None` where the lock file does not say.
    pub holder: Option<Holder>,
    /// The system says that it is held. Otherwise only the file says so, about another host, and from here it cannot
    /// be told whether it is still true.
    pub certain: bool,
    /// The lock file.
    pub path: PathBuf,
}

/// Why there is no lock.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    #[error("{0}")]
    Held(LockHeld),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Lock {
    /// Takes the lock of a state file, or says at once who has it.
    pub fn take(state: &Path, command: &str, now: DateTime<Utc>) -> Result<Lock, LockError> {
        Lock::take_on(&host(), state, command, now)
    }

    /// Says who works with a state file now, without asking for the lock. `None`: nobody does.
    ///
    /// Whoever works with it has written so into the lock file; whether that is still true is tried for a moment, by sharing.
    pub fn look(state: &Path) -> Option<LockHeld> {
        let state = fs::canonicalize(state).unwrap_or_else(|_| state.to_owned());
        let path = beside(&state, ".lock");
        let mut file = files::private().read(true).open(&path).ok()?;
        files::check(&file).ok()?;
        let holder = read(&mut file)?;
        let certain = matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock));
        let elsewhere = holder.host != host() && is_in_network_folder(&path);
        (certain || elsewhere).then_some(LockHeld {
            holder: Some(holder),
            certain,
            path,
        })
    }

    fn take_on(
        host: &str,
        state: &Path,
        command: &str,
        now: DateTime<Utc>,
    ) -> Result<Lock, LockError> {
        // Two names of one file have one lock.
        let state = fs::canonicalize(state).unwrap_or_else(|_| state.to_owned());
        let path = beside(&state, ".lock");
        let io = |error: io::Error| trouble_of(&error, &path);
        // Never through a link: the file that it leads to would be emptied.
        let mut file = files::private()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(&path)
            .map_err(|error| not_ours(&path, &error).unwrap_or_else(|| io(error)))?;
        if files::check(&file).is_err() {
            return Err(LockError::Store(in_the_way(&path)));
        }
        let held = |holder, certain| {
            let path = path.clone();
            LockError::Held(LockHeld {
                holder,
                certain,
                path,
            })
        };
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(held(read(&mut file), true)),
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {
                return Err(LockError::Store(StoreError::Other {
                    said: format!("the folder of `{}` cannot lock files", path.display()),
                    hint: "keep the state file on a local disk: `--state FILE`".to_owned(),
                }));
            }
            Err(TryLockError::Error(error)) => return Err(io(error).into()),
        }
        if !is_of_a_lock(&mut file).map_err(io)? {
            return Err(LockError::Store(of_others(&path)));
        }
        // Whoever ends well leaves the file empty, so this one died. On a local disk that settles it; a network folder
        // may hide a lock that is held on another host.
        if let Some(left) = read(&mut file)
            && left.host != host
            && is_in_network_folder(&path)
        {
            return Err(held(Some(left), false));
        }
        let holder = Holder {
            pid: std::process::id(),
            host: host.to_owned(),
            command: command.to_owned(),
            since: now,
            progress: None,
        };
        let mut lock = Lock { file, holder };
        lock.tell().map_err(io)?;
        Ok(lock)
    }

    /// Tells others how far the run is. They can do without it, so a disk that refuses is no reason to stop.
    pub fn progress(&mut self, words: &str) {
        self.holder.progress = Some(words.to_owned());
        let _ = self.tell();
    }

    fn tell(&mut self) -> io::Result<()> {
        let text = serde_json::to_vec(&self.holder).expect("a holder always has a JSON form");
        // Written over the old text and cut afterwards: a reader finds one whole value at any time.
        self.file.rewind()?;
        self.file.write_all(&text)?;
        self.file.set_len(text.len() as u64)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // The system lets go when the file is closed; that the text remains then is as if we had died.
        let _ = self.file.set_len(0);
        let _ = self.file.unlock();
    }
}

impl LockHeld {
    pub fn hint(&self) -> String {
        if self.certain {
            return "wait until it is done, then run the command again; with `--wait 10m` a run waits for it".to_owned();
        }
        format!(
            "if nothing runs there any more, delete `{}`; better keep the state file on a local disk",
            self.path.display()
        )
    }
}

impl fmt::Display for LockHeld {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(holder) = &self.holder else {
            return write!(out, "another run holds the lock `{}`", self.path.display());
        };
        if self.certain {
            write!(out, "another run holds the lock: {holder}")
        } else {
            write!(
                out,
                "could not tell from this host whether another run has ended: {holder}; the state file is in a network folder"
            )
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "`{}` since {} (process {}",
            self.command,
            self.since.to_rfc3339_opts(SecondsFormat::Secs, true),
            self.pid
        )?;
        if !self.host.is_empty() {
            write!(out, " on `{}`", self.host)?;
        }
        out.write_str(")")?;
        match &self.progress {
            Some(words) => write!(out, ", {words}"),
            None => Ok(()),
        }
    }
}

/// A lock file that cannot be made is a matter of its folder: it is the first file that a run makes there.
fn trouble_of(error: &io::Error, path: &Path) -> StoreError {
    let is_missing = error.kind() == io::ErrorKind::PermissionDenied && !path.exists();
    if error.kind() != io::ErrorKind::ReadOnlyFilesystem && !is_missing {
        return StoreError::from_io(error, path);
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    StoreError::ReadOnlyFolder {
        folder: folder.display().to_string(),
    }
}

/// Where a link lies in the place of the lock file.
fn not_ours(path: &Path, error: &io::Error) -> Option<StoreError> {
    let is_link = fs::symlink_metadata(path).is_ok_and(|facts| facts.is_symlink());
    (is_link && error.kind() != io::ErrorKind::PermissionDenied).then(|| in_the_way(path))
}

fn in_the_way(path: &Path) -> StoreError {
    StoreError::Other {
        said: format!(
            "`{}` is a link or no file at all, and the lock of the state file has to be there",
            path.display()
        ),
        hint: format!("see who put it there, then `rm {}`", path.display()),
    }
}

fn of_others(path: &Path) -> StoreError {
    StoreError::Other {
        said: format!(
            "`{}` is there and is no lock of udsync, and the lock of the state file has to be there",
            path.display()
        ),
        hint: "it stays as it is: give the state file another name with `--state FILE`, or with `state` in `[shop]`".to_owned(),
    }
}

/// Whether the file is empty or begins as every holder does; torn is as good as whole. What a disk had no time to write down is zeros.
fn is_of_a_lock(file: &mut File) -> io::Result<bool> {
    const BEGIN: &[u8] = br#"{"pid":"#;
    let mut head = Vec::new();
    file.rewind()?;
    Read::by_ref(file)
        .take(BEGIN.len() as u64)
        .read_to_end(&mut head)?;
    Ok(BEGIN.starts_with(&head) || head.iter().all(|byte| *byte == 0))
}

/// What the file says; nothing where it is empty or makes no sense. What follows the first value is the rest of a longer
/// one that is just being replaced.
fn read(file: &mut File) -> Option<Holder> {
    let mut text = String::new();
    file.rewind().ok()?;
    // A holder is a line; what is longer was not written by us.
    Read::by_ref(file)
        .take(64_000)
        .read_to_string(&mut text)
        .ok()?;
    serde_json::Deserializer::from_str(&text)
        .into_iter()
        .next()?
        .ok()
}

/// The name of this machine.
pub(super) fn host() -> String {
    fs::read_to_string("/proc/sys/kernel/hostname")
        .or_else(|_| std::env::var("COMPUTERNAME").or_else(|_| std::env::var("HOSTNAME")))
        .map(|name| name.trim().to_owned())
        .unwrap_or_default()
}

/// Says whether other hosts may be using the same folder. Where the system does not tell, it is taken for a local one.
pub fn is_in_network_folder(path: &Path) -> bool {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    match fs::read_to_string("/proc/self/mountinfo") {
        Ok(mounts) => file_system_of(&path, &mounts).is_some_and(is_network),
        Err(_) => path.to_string_lossy().starts_with(r"\\"),
    }
}

/// The kind of the file system that holds a path, out of Linux's list of mounts.
fn file_system_of<'a>(path: &Path, mounts: &'a str) -> Option<&'a str> {
    let mounted = mounts.lines().filter_map(|line| {
        // `36 35 98:0 /root /mount/point rw,noatime master:1 - nfs4 server:/export rw`
        let (place, kind) = line.split_once(" - ")?;
        let point = place.split(' ').nth(4)?.replace(r"\040", " ");
        let kind = kind.split(' ').next()?;
        path.starts_with(&point).then_some((point.len(), kind))
    });
    // The deepest mount holds it; of two at one place the later one hides the other.
    mounted
        .max_by_key(|(depth, _)| *depth)
        .map(|(_, kind)| kind)
}

fn is_network(kind: &str) -> bool {
    const NETWORK: &[&str] = &[
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "ceph",
        "lustre",
        "afs",
        "fuse.sshfs",
        "fuse.rclone",
        "fuse.s3fs",
        "fuse.glusterfs",
        "fuse.davfs",
    ];
    NETWORK.contains(&kind)
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    #[test]
    fn looking_finds_the_holder_and_takes_nothing() {
        let (_folder, path) = folder();
        assert_eq!(Lock::look(&path), None, "no file at all");
        let mut lock = Lock::take(&path, "sync orders", at(1)).expect("free");
        lock.progress("3 of 9");
        let held = Lock::look(&path).expect("held");
        assert!(held.certain);
        let holder = held.holder.expect("named");
        assert_eq!(
            (holder.command.as_str(), holder.progress.as_deref()),
            ("sync orders", Some("3 of 9"))
        );
        drop(lock);
        assert_eq!(Lock::look(&path), None, "free again");
        fs::write(
            beside(&path, ".lock"),
            serde_json::to_vec(&holder_of_the_dead()).expect("JSON"),
        )
        .expect("written");
        assert_eq!(Lock::look(&path), None, "its holder died on this machine");
        Lock::take(&path, "sync orders", at(2)).expect("looking took nothing");
    }

    fn holder_of_the_dead() -> Holder {
        Holder {
            pid: 1,
            host: host(),
            command: "sync orders".to_owned(),
            since: at(1),
            progress: None,
        }
    }
    use crate::store::tests::{OTHER_PROCESS, at, folder, other_process, wait_for};

    fn held(state: &Path) -> LockHeld {
        match Lock::take(state, "dry-run", at(9)) {
            Err(LockError::Held(held)) => held,
            other => panic!("it should be held: {other:?}"),
        }
    }

    #[test]
    fn a_second_run_is_told_who_has_the_lock_and_gets_it_afterwards() {
        let (_folder, state) = folder();
        let mut lock = Lock::take(&state, "sync orders", at(1)).expect("free");
        let by_us = held(&state);
        let holder = by_us.holder.clone().expect("it says who");
        assert_eq!((holder.pid, holder.since), (std::process::id(), at(1)));
        assert_eq!(holder.host, host());
        assert!(by_us.certain);
        assert!(
            by_us.to_string().starts_with(
                "another run holds the lock: `sync orders` since 2025-11-20T12:00:01Z (process "
            ),
            "{by_us}"
        );
        lock.progress("writing documents, 120 of 2000");
        lock.progress("done");
        assert!(
            held(&state).to_string().ends_with("), done"),
            "{}",
            held(&state)
        );
        drop(lock);
        let lock = Lock::take(&state, "sync orders", at(2)).expect("free again");
        drop(lock);
        let left = fs::read_to_string(beside(&state, ".lock")).expect("the file stays");
        assert_eq!(left, "", "and says nothing");
    }

    #[cfg(unix)]
    #[test]
    fn two_names_of_one_file_have_one_lock() {
        let (folder, state) = folder();
        fs::write(&state, "").expect("written");
        let alias = folder.path().join("alias.db");
        std::os::unix::fs::symlink(&state, &alias).expect("linked");
        let _lock = Lock::take(&alias, "sync", at(1)).expect("free");
        assert!(held(&state).certain);
    }

    #[test]
    fn of_many_threads_one_gets_it() {
        let (_folder, state) = folder();
        let start = Barrier::new(8);
        let taken: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        Lock::take(&state, "sync", at(1))
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().expect("ended"))
                .collect()
        });
        assert_eq!(taken.iter().filter(|lock| lock.is_ok()).count(), 1);
    }

    #[test]
    fn the_lock_of_a_killed_process_is_free_whatever_its_file_says() {
        const TEST: &str =
            "store::lock::tests::the_lock_of_a_killed_process_is_free_whatever_its_file_says";
        if let Some(state) = std::env::var_os(OTHER_PROCESS) {
            let _lock = Lock::take(Path::new(&state), "sync", at(1)).expect("free");
            loop {
                std::thread::park();
            }
        }
        let (_folder, state) = folder();
        let mut other = other_process(TEST, &state);
        let path = beside(&state, ".lock");
        wait_for("the other's lock", || {
            fs::metadata(&path).is_ok_and(|file| file.len() > 0)
        });
        let by_other = held(&state).holder.expect("it says who");
        assert_eq!(by_other.pid, other.id());
        other.kill().expect("killed");
        other.wait().expect("gone");
        assert_ne!(
            fs::read_to_string(&path).expect("the file"),
            "",
            "it could not tidy up"
        );
        Lock::take(&state, "sync", at(2)).expect("the dead hold nothing");
    }

    #[test]
    fn a_file_that_makes_no_sense_or_names_another_host_is_no_obstacle_on_a_local_disk() {
        let (_folder, state) = folder();
        let path = beside(&state, ".lock");
        fs::write(&path, r#"{"pid":12,"ho"#).expect("written");
        drop(Lock::take(&state, "sync", at(1)).expect("free"));
        // Every container has a host name of its own.
        let gone = Lock::take_on("container-1", &state, "sync", at(2)).expect("free");
        let text = fs::read(&path).expect("the file");
        drop(gone);
        fs::write(&path, text).expect("as if it had been killed");
        Lock::take_on("container-2", &state, "sync", at(3)).expect("free");
    }

    #[test]
    fn a_file_of_something_else_is_no_lock_and_stays() {
        let (_folder, state) = folder();
        let path = beside(&state, ".lock");
        for text in ["GEM\n  specs:\n", "{\n  \"packages\": []\n}\n"] {
            fs::write(&path, text).expect("written");
            let error = Lock::take(&state, "sync", at(1)).expect_err("refused");
            assert!(
                error.to_string().contains("is no lock of udsync"),
                "{error}"
            );
            assert_eq!(fs::read_to_string(&path).expect("there"), text);
        }
        fs::write(&path, [0; 40]).expect("written");
        Lock::take(&state, "sync", at(1)).expect("a power cut leaves zeros");
    }

    #[test]
    fn doubt_about_another_host_is_said_as_doubt() {
        let holder = Holder {
            pid: 7,
            host: "till-2".into(),
            command: "sync orders".into(),
            since: at(0),
            progress: None,
        };
        let held = LockHeld {
            holder: Some(holder),
            certain: false,
            path: "/mnt/a.db.lock".into(),
        };
        assert_eq!(
            held.to_string(),
            "could not tell from this host whether another run has ended: `sync orders` since 2025-11-20T12:00:00Z \
             (process 7 on `till-2`); the state file is in a network folder"
        );
        assert!(held.hint().contains("delete `/mnt/a.db.lock`"));
    }

    #[test]
    fn a_reader_in_the_middle_of_a_change_sees_a_whole_holder() {
        let (_folder, state) = folder();
        let path = beside(&state, ".lock");
        let short = r#"{"pid":1,"host":"h","command":"c","started_at":"2026-11-20T12:00:00Z"}"#;
        fs::write(
            &path,
            format!("{short}gress\":\"the end of a longer text\"}}"),
        )
        .expect("written");
        let mut file = File::open(&path).expect("opens");
        assert_eq!(read(&mut file).map(|holder| holder.pid), Some(1));
    }

    #[test]
    fn a_place_is_judged_by_the_deepest_mount_above_it() {
        let mounts = "\
22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw
40 22 0:35 / /mnt/office rw,relatime shared:9 - nfs4 server:/export rw
41 22 0:36 / /mnt/my\\040share rw - cifs //server/share rw
42 40 8:2 / /mnt/office/local rw - xfs /dev/sdb1 rw";
        let network = |path: &str| file_system_of(Path::new(path), mounts).is_some_and(is_network);
        assert!(!network("/var/lib/aurora.db"));
        assert!(network("/mnt/office/aurora.db"));
        assert!(network("/mnt/my share/aurora.db"));
        assert!(!network("/mnt/office/local/aurora.db"));
        assert!(!network("/mnt/officers/aurora.db"));
    }

    #[test]
    fn a_folder_that_cannot_be_written_has_no_lock_to_give() {
        if !cfg!(target_os = "linux") {
            eprintln!("skipped: no folder is known here that nobody can write to");
            return;
        }
        let error =
            Lock::take(Path::new("/sys/kernel/aurora.db"), "sync", at(1)).expect_err("refused");
        assert!(
            matches!(error, LockError::Store(StoreError::ReadOnlyFolder { .. })),
            "{error}"
        );
        assert!(!error.to_string().contains(".lock"), "{error}");
    }
}
