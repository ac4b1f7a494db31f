//! A key file: one key a line, for its owner alone.
//!
//! There are two keys in it only while one takes the place of the other; each sealed secret says which it wants. Nothing here ever writes
//! over a key that is there: files are made whole or not at all, and a second key is appended.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use zeroize::Zeroizing;

use super::key::{KeyId, SealingKey};
use crate::files;
use crate::model::fault::{Fault, Remedy};

/// Two keys and some words; whatever is larger is something else.
const FILE_MAX: u64 = 1_000_000;

/// The keys in a file, in their order. Refuses a file that others can read.
pub fn read(path: &Path) -> Result<Vec<SealingKey>, Fault> {
    // A pipe would be waited on, and the rights of a device are nothing to change.
    if fs::metadata(path).is_ok_and(|facts| !facts.is_file()) {
        return Err(Fault::new(
            Remedy::Reconnect,
            "key_file_unreadable",
            format!("`{}` is no file that can hold a key", path.display()),
        )
        .hint("name a file with `UDSYNC_KEY_FILE` or `--key-file`, one that holds a key or is not there yet"));
    }
    let text = match files::read_text(path, FILE_MAX) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(missing(path)),
        Err(error) => {
            return Err(Fault::new(
                Remedy::Reconnect,
                "key_file_unreadable",
                format!("could not read the key file `{}`: {error}", path.display()),
            )
            .hint("see that this user owns it, or name another with `UDSYNC_KEY_FILE`"));
        }
    };
    check_mode(path)?;
    let keys: Vec<SealingKey> = text
        .lines()
        .filter(|line| !line.trim_start().starts_with('#'))
        // A line that was torn while it was written is no key, and hides none.
        .filter_map(|line| SealingKey::from_text(&SecretString::from(line.to_owned())).ok())
        .collect();
    if keys.is_empty() {
        return Err(Fault::new(
            Remedy::Reconnect,
            "key_file_without_key",
            format!("there is no key in the file `{}`", path.display()),
        )
        .hint("a key is 32 bytes in base64 on a line of its own; restore the file from a copy"));
    }
    Ok(keys)
}

fn missing(path: &Path) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "key_file_missing",
        format!("the key file `{}` is not there", path.display()),
    )
    .hint("copy it back, or name where it is with `UDSYNC_KEY_FILE`")
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(facts) = fs::metadata(path) else {
        return Ok(()); // Gone since it was read.
    };
    let mode = facts.permissions().mode() & 0o777;
    if mode & 0o077 == 0 {
        return Ok(());
    }
    let path = path.display();
    Err(Fault::new(
        Remedy::Reconnect,
        "key_file_open",
        format!("the key file `{path}` can be read by others (mode {mode:03o})"),
    )
    .hint(format!("`chmod 600 {path}`")))
}

/// Elsewhere a file has other kinds of rights.
#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), Fault> {
    Ok(())
}

/// Makes a file with this key, and its folder. `false` where there is a file already, which stays as it is.
pub fn make(path: &Path, shop: &str, key: &SealingKey) -> Result<bool, Fault> {
    let unwritten = |error: io::Error| unwritten(path, &error);
    if path.exists() {
        return Ok(false);
    }
    if let Some(folder) = path.parent().filter(|folder| *folder != Path::new("")) {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder).map_err(unwritten)?;
    }
    let whole = whole(path, shop, key).map_err(unwritten)?;
    // A link is made only where nothing is. Some file systems have none; there the name itself is taken first.
    let made = match fs::hard_link(&whole, path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => private()
            .create_new(true)
            .open(path)
            .and_then(|_| fs::rename(&whole, path)),
        linked => linked,
    };
    // After a rename it is gone already.
    let _ = fs::remove_file(&whole);
    match made {
        Ok(()) => {
            settle_folder(path);
            Ok(true)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unwritten(error)),
    }
}

/// Appends a key. What is there stays, even if the line is torn by a power cut.
pub fn add(path: &Path, key: &SealingKey) -> Result<(), Fault> {
    read(path)?;
    let text = key.to_text();
    let line = Zeroizing::new(format!("\n{}\n", text.expose_secret()));
    files::private()
        .append(true)
        .open(path)
        .and_then(|mut file| {
            file.write_all(line.as_bytes())?;
            file.sync_all()
        })
        .map_err(|error| unwritten(path, &error))
}

/// Takes away every key but this one.
pub fn keep_only(path: &Path, shop: &str, id: &KeyId) -> Result<(), Fault> {
    let Some(key) = read(path)?.into_iter().find(|key| key.id() == *id) else {
        return Err(missing(path));
    };
    let renamed = whole(path, shop, &key).and_then(|whole| fs::rename(whole, path));
    renamed.map_err(|error| unwritten(path, &error))?;
    settle_folder(path);
    Ok(())
}

/// Removes the file. One that is not there is as good as removed.
pub fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(unwritten(path, &error)),
        _ => Ok(()),
    }
}

/// Writes a whole file beside the place where it shall be.
fn whole(path: &Path, shop: &str, key: &SealingKey) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".new-{}", std::process::id()));
    let beside = PathBuf::from(name);
    // Left by a process of the same number that was killed here.
    let _ = fs::remove_file(&beside);
    let mut file = private().create_new(true).open(&beside)?;
    let text = key.to_text();
    let text = Zeroizing::new(format!(
        "# Opens the credentials that udsync has stored for `{shop}`. Whoever has this line and the state file has them.\n{}\n",
        text.expose_secret()
    ));
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    Ok(beside)
}

fn private() -> OpenOptions {
    let mut options = files::private();
    options.write(true);
    options
}

/// The name of a new file is on the disk only when its folder is.
fn settle_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent() {
        let folder = if folder == Path::new("") {
            Path::new(".")
        } else {
            folder
        };
        // Some file systems refuse it, and then there is nothing more to be done.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Fault {
    Fault::new(
        Remedy::Reconnect,
        "key_file_unwritten",
        format!("could not write the key file `{}`: {error}", path.display()),
    )
    .hint("name a file in a folder that can be written to with `--key-file FILE`")
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn ids(path: &Path) -> Vec<KeyId> {
        let keys = read(path).expect("keys");
        keys.iter().map(SealingKey::id).collect()
    }

    #[test]
    fn a_file_is_made_once_and_for_its_owner() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/er/shop.key");
        let [one, two] = [1, 2].map(|byte| SealingKey::new([byte; 32]));
        assert_eq!(read(&path).expect_err("none yet").code, "key_file_missing");
        assert!(make(&path, "shop", &one).expect("made"));
        assert!(!make(&path, "shop", &two).expect("left alone"));
        assert_eq!(ids(&path), [one.id()]);
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().expect("a folder")), 0o700);
        let names = fs::read_dir(path.parent().expect("a folder")).expect("listed");
        assert_eq!(names.count(), 1, "nothing else is left there");
    }

    #[test]
    fn two_keys_stand_together_until_one_is_taken_away() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.key");
        let [one, two] = [1, 2].map(|byte| SealingKey::new([byte; 32]));
        make(&path, "shop", &one).expect("made");
        add(&path, &two).expect("added");
        assert_eq!(ids(&path), [one.id(), two.id()]);
        // Torn by a power cut.
        let mut bytes = fs::read(&path).expect("read");
        bytes.extend_from_slice(b"\nAwMDAwMDAwMDAwM");
        fs::write(&path, bytes).expect("written");
        add(&path, &one).expect("added");
        assert_eq!(ids(&path), [one.id(), two.id(), one.id()]);
        keep_only(&path, "shop", &two.id()).expect("kept");
        assert_eq!(ids(&path), [two.id()]);
        assert!(keep_only(&path, "shop", &one.id()).is_err());
        assert_eq!(ids(&path), [two.id()], "the last key is never taken away");
    }

    #[test]
    fn what_others_can_read_is_no_place_for_a_key() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("shop.key");
        make(&path, "shop", &SealingKey::new([1; 32])).expect("made");
        for mode in [0o640, 0o604, 0o644, 0o660] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("set");
            let fault = read(&path).expect_err("refused");
            assert_eq!(fault.code, "key_file_open");
            assert_eq!(
                fault.hint.as_deref(),
                Some(format!("`chmod 600 {}`", path.display()).as_str())
            );
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).expect("set");
        assert_eq!(ids(&path).len(), 1);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("set");
        fs::write(&path, "# nothing but words\nnot a key\n").expect("written");
        let fault = read(&path).expect_err("no key");
        assert_eq!(fault.code, "key_file_without_key");
        assert!(!fault.said.contains("not a key"), "nothing of it is quoted");
    }
}
