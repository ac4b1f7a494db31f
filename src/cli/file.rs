//! Files that others read: they are there whole or as they were before.

use std::io::{self, Write};
use std::path::Path;

use super::report::Failure;
use crate::files;

/// Whether a name of a file stands for standard input or output.
pub fn is_stream(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// Writes a file in one step; `-` is standard output.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if is_stream(path) {
        super::out::print_bytes(bytes);
        return Ok(());
    }
    files::replace_open(path, "new", bytes).map_err(|error| unwritten(path, &error))
}

/// Writes a file piece by piece, and still in one step; without a name, or with `-`, it is standard output.
pub fn write_by(
    path: Option<&Path>,
    write: impl FnOnce(&mut (dyn Write + Send)) -> io::Result<()>,
) -> Result<(), Failure> {
    match path.filter(|path| !is_stream(path)) {
        Some(path) => {
            files::replace_open_by(path, "new", write).map_err(|error| unwritten(path, &error))
        }
        None => {
            let mut answer = io::BufWriter::with_capacity(PIECE, FileAnswer);
            write(&mut answer)
                .and_then(|()| answer.flush())
                .map_err(|error| {
                    Failure::new(
                        "file_unwritten",
                        format!("could not write the answer: {error}"),
                    )
                    .hint("name a file with `--out FILE`")
                })
        }
    }
}

/// So much is printed at once.
const PIECE: usize = 64 * 1024;

/// Standard output. What cannot be written to it is told where everything is printed.
struct FileAnswer;

impl Write for FileAnswer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        super::out::print_bytes(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::new(
        "file_unwritten",
        format!("could not write `{}`: {error}", path.display()),
    )
    .hint("name a file in a folder that can be written to")
}
