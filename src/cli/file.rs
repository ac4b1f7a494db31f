//! Files that others read: they are there whole or as they were before.

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
    files::replace_open(path, "new", bytes).map_err(|error| {
        Failure::new(
            "file_unwritten",
            format!("could not write `{}`: {error}", path.display()),
        )
        .hint("name a file in a folder that can be written to")
    })
}
