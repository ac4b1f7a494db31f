//! Files that others read: they are there whole or as they were before.

use std::path::Path;

use super::report::{Failure, exit};
use crate::files;

/// Writes a file in one step.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    files::replace_open(path, "new", bytes).map_err(|error| {
        Failure::new(
            exit::FAILED,
            "file_unwritten",
            format!("could not write `{}`: {error}", path.display()),
        )
        .hint("name a file in a folder that can be written to")
    })
}
