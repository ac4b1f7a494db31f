//! Files that others read: they are there whole or as they were before.

use std::fs;
use std::path::Path;

use super::report::{Failure, exit};

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
    let mut unfinished = path.as_os_str().to_owned();
    unfinished.push(format!(".{}", std::process::id()));
    let unfinished = Path::new(&unfinished);
    let done = fs::write(unfinished, bytes).and_then(|()| fs::rename(unfinished, path));
    done.map_err(|error| {
        // What is half there is of no use to anybody.
        let _ = fs::remove_file(unfinished);
        Failure::new(
            exit::FAILED,
            "file_unwritten",
            format!("could not write `{}`: {error}", path.display()),
        )
        .hint("name a file in a folder that can be written to")
    })
}
