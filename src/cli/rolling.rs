//! A log file with a limit: when it is full it becomes `FILE.1`, what was `FILE.1` becomes `FILE.2`, and the oldest goes.
//!
//! The limit is one of size and not of days, because it is the disk that must not run full. Lines are never torn.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::files;

pub struct Rolling {
    path: PathBuf,
    file: File,
    size: u64,
    size_max: u64,
    files_max: u32,
}

impl Rolling {
    /// Goes on with the file, or makes it. `files_max` counts the file itself.
    pub fn open(path: &Path, size_max: u64, files_max: u32) -> io::Result<Rolling> {
        let file = append_to(path)?;
        Ok(Rolling {
            path: path.to_owned(),
            size: file.metadata()?.len(),
            file,
            size_max,
            files_max,
        })
    }

    fn roll(&mut self) -> io::Result<()> {
        for number in (1..self.files_max).rev() {
            let newer = numbered(&self.path, number - 1);
            match fs::rename(&newer, numbered(&self.path, number)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        if self.files_max == 1 {
            fs::remove_file(&self.path)?;
        }
        self.file = append_to(&self.path)?;
        self.size = 0;
        Ok(())
    }
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    name.into()
}

fn append_to(path: &Path) -> io::Result<File> {
    // The streams of this process have names that are links.
    if path.starts_with("/dev") {
        return OpenOptions::new().append(true).open(path);
    }
    // With `--log-pii` it names people.
    let file = files::private().create(true).append(true).open(path)?;
    files::check(&file)?;
    Ok(file)
}

impl Write for Rolling {
    /// A line comes in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let length = line.len() as u64;
        if self.size > 0 && self.size + length > self.size_max {
            // A full log is better than none: whoever cannot roll goes on with the file that there is.
            let _ = self.roll();
        }
        self.file.write_all(line)?;
        self.size += length;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(file: &mut Rolling, lines: std::ops::RangeInclusive<u32>) {
        for line in lines {
            let line = format!("line {line:03}\n");
            file.write_all(line.as_bytes()).expect("written");
        }
    }

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .expect("a folder")
            .map(|entry| {
                entry
                    .expect("an entry")
                    .file_name()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_full_log_moves_on_and_the_oldest_goes() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.log");
        // Nine bytes a line, so three lines a file.
        write(&mut Rolling::open(&path, 30, 3).expect("made"), 1..=20);
        assert_eq!(names(folder.path()), ["run.log", "run.log.1", "run.log.2"]);
        let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect(name);
        assert_eq!(text("run.log"), "line 019\nline 020\n");
        assert_eq!(text("run.log.1"), "line 016\nline 017\nline 018\n");
        assert_eq!(text("run.log.2"), "line 013\nline 014\nline 015\n");
        // The next process goes on where this one ended.
        write(&mut Rolling::open(&path, 30, 3).expect("made"), 21..=22);
        assert_eq!(text("run.log.1"), "line 019\nline 020\nline 021\n");
        assert_eq!(text("run.log"), "line 022\n");
    }

    #[test]
    fn one_file_begins_anew_and_a_line_longer_than_the_limit_is_whole() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run.log");
        write(&mut Rolling::open(&path, 5, 1).expect("made"), 1..=3);
        assert_eq!(names(folder.path()), ["run.log"]);
        assert_eq!(fs::read_to_string(&path).expect("text"), "line 003\n");
    }
}
