//! Files of the machine, opened with care: never through a link that somebody laid, never a pipe that has no end, never more than fits.
//!
//! Every room that opens a file by a name which others may have prepared opens it here. What is read has a limit that is looked at
//! before the first byte; what is written is for its owner alone and is made by us.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Reads a file of at most so many bytes. Refuses what is no file, such as a pipe or a device, without waiting for it.
pub fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut options = OpenOptions::new();
    options.read(true);
    // A pipe without a writer would be waited for by the very opening.
    flags(&mut options, Flags::Patient);
    let file = options.open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(io::Error::new(
            ErrorKind::IsADirectory,
            "it is a folder, not a file",
        ));
    }
    if !facts.is_file() {
        return Err(not_a_file());
    }
    if facts.len() > most {
        return Err(too_large(most));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(facts.len()).unwrap_or_default());
    // It may be growing.
    file.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    Ok(bytes)
}

/// The same as text.
pub fn read_text(path: &Path, most: u64) -> io::Result<String> {
    String::from_utf8(read(path, most)?)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not text in UTF-8"))
}

/// What comes through standard input, as text, with the same limit.
pub fn read_stream(stream: impl Read, most: u64) -> io::Result<String> {
    let mut bytes = Vec::new();
    stream.take(most + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most {
        return Err(too_large(most));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is not text in UTF-8"))
}

/// How a file of ours is opened for writing: for its owner alone, and never through a link.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    flags(&mut options, Flags::NoLinks);
    options
}

/// What was opened is a file, and no pipe or device that was put in its place.
pub fn check(file: &File) -> io::Result<()> {
    if file.metadata()?.is_file() {
        Ok(())
    } else {
        Err(not_a_file())
    }
}

/// Writes a file whole or not at all. The part beside it is made anew: what lies there under its name is nobody's that we would write
/// through, and a part that a killed process of the same number has left is taken away.
pub fn replace(path: &Path, part: &str, bytes: &[u8]) -> io::Result<()> {
    replace_with(path, part, &private(), |file| file.write_all(bytes), false)
}

/// The same for a file that others may read.
pub fn replace_open(path: &Path, part: &str, bytes: &[u8]) -> io::Result<()> {
    replace_open_by(path, part, |file| file.write_all(bytes))
}

/// The same for one that is not in memory as a whole: it is written piece by piece, and still there whole or not at all.
pub fn replace_open_by(
    path: &Path,
    part: &str,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> io::Result<()> {
    let mut options = OpenOptions::new();
    flags(&mut options, Flags::NoLinks);
    replace_with(path, part, &options, write, true)
}

fn replace_with(
    path: &Path,
    part: &str,
    how: &OpenOptions,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
    keeps_rights: bool,
) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.{part}", std::process::id()));
    let part = PathBuf::from(name);
    let mut file = make_new(how, &part)?;
    let mut buffered = io::BufWriter::new(&mut file);
    let written = write(&mut buffered)
        .and_then(|()| buffered.flush())
        .and_then(|()| buffered.get_ref().sync_all())
        .and_then(|()| match fs::metadata(path) {
            // Whoever gave the file other rights meant it.
            Ok(old) if keeps_rights && old.is_file() => {
                fs::set_permissions(&part, old.permissions())
            }
            _ => Ok(()),
        })
        .and_then(|()| fs::rename(&part, path));
    if written.is_err() {
        // What did not reach the file is not tried again when the buffer goes.
        let _ = buffered.into_parts();
        let _ = fs::remove_file(&part);
    }
    written
}

/// Makes a file that is not there. What is in the way was left by a process of the same number, or laid by somebody else: the name is
/// taken away, never what it may lead to.
fn make_new(how: &OpenOptions, path: &Path) -> io::Result<File> {
    let mut how = how.clone();
    how.write(true).create_new(true);
    match how.open(path) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            fs::remove_file(path)?;
            how.open(path)
        }
        made => made,
    }
}

/// Takes every right from everybody but the owner. Says whether there was something to take.
#[cfg(unix)]
pub fn close_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    let facts = match fs::metadata(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        facts => facts?,
    };
    let mode = facts.permissions().mode() & 0o777;
    if !facts.is_file() || mode & 0o077 == 0 {
        return Ok(false);
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))?;
    Ok(true)
}

/// Elsewhere a file has other kinds of rights.
#[cfg(not(unix))]
pub fn close_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

enum Flags {
    /// Opening comes back at once.
    Patient,
    /// The last part of the name is no link, and opening comes back at once.
    NoLinks,
}

#[cfg(unix)]
fn flags(options: &mut OpenOptions, which: Flags) {
    use rustix::fs::OFlags;
    let flags = match which {
        Flags::Patient => OFlags::NONBLOCK,
        Flags::NoLinks => OFlags::NONBLOCK | OFlags::NOFOLLOW,
    };
    let flags = i32::try_from(flags.bits()).expect("flags fit where the system takes them");
    std::os::unix::fs::OpenOptionsExt::custom_flags(options, flags);
}

#[cfg(not(unix))]
fn flags(_: &mut OpenOptions, _: Flags) {}

fn not_a_file() -> io::Error {
    io::Error::new(
        ErrorKind::InvalidInput,
        "it is a pipe or a device, not a file",
    )
}

fn too_large(most: u64) -> io::Error {
    let most = if most >= 1_000_000 {
        format!("{} MB", most / 1_000_000)
    } else {
        format!("{} kB", most / 1_000)
    };
    io::Error::new(ErrorKind::FileTooLarge, format!("it is larger than {most}"))
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn a_pipe_a_device_and_a_large_file_are_refused_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        let pipe = folder.path().join("pipe");
        rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, 0o600.into()).expect("a pipe");
        let large = folder.path().join("large");
        File::create(&large)
            .and_then(|file| file.set_len(50_000_000_000))
            .expect("a file with a hole");
        for (path, said) in [
            (pipe.as_path(), "it is a pipe or a device, not a file"),
            (
                Path::new("/dev/zero"),
                "it is a pipe or a device, not a file",
            ),
            (large.as_path(), "it is larger than 2 MB"),
            (folder.path(), "it is a folder, not a file"),
        ] {
            let error = read(path, 2_000_000).expect_err("refused");
            assert_eq!(error.to_string(), said, "{}", path.display());
        }
    }

    #[test]
    fn nothing_is_written_through_a_link_that_lies_where_the_part_is_to_be() {
        let folder = tempfile::tempdir().expect("a folder");
        let precious = folder.path().join("precious");
        fs::write(&precious, "precious").expect("written");
        let path = folder.path().join("plan.json");
        let part = folder
            .path()
            .join(format!("plan.json.{}.part", std::process::id()));
        symlink(&precious, &part).expect("laid");
        replace(&path, "part", b"plan").expect("written");
        assert_eq!(fs::read(&precious).expect("read"), b"precious");
        assert_eq!(fs::read(&path).expect("read"), b"plan");
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        let link = folder.path().join("link");
        symlink(&precious, &link).expect("laid");
        private()
            .write(true)
            .open(&link)
            .expect_err("not through a link");
    }

    #[test]
    fn an_open_file_is_closed_and_a_closed_one_left_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state.db");
        fs::write(&path, "").expect("written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("opened");
        assert!(close_to_others(&path).expect("ours"));
        let mode = fs::metadata(&path).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!close_to_others(&path).expect("ours"));
        assert!(!close_to_others(&folder.path().join("none")).expect("none"));
    }
}
