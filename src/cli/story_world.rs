//! The file of a story: how far its days have gone.

use std::path::Path;

use crate::files;
use crate::sandbox::demo::story::{DAYS, StoryWorld};

use super::report::Failure;

/// A story is a few megabytes.
const LARGEST: u64 = 256 << 20;

pub fn read(path: &Path) -> Result<StoryWorld, Failure> {
    let text =
        files::read_text(path, LARGEST).map_err(|error| unreadable(path, &error.to_string()))?;
    serde_json::from_str(&text).map_err(|error| unreadable(path, &error.to_string()))
}

/// Whether a story lies there that is not over.
pub fn has_another_day(path: &Path) -> bool {
    path.is_file() && read(path).is_ok_and(|world| world.day < DAYS.len())
}

pub fn unreadable(path: &Path, why: &str) -> Failure {
    Failure::new(
        "story_unreadable",
        format!("could not read the story `{}`: {why}", path.display()),
    )
    .hint("delete the folder, and begin anew with `udsync sandbox --story`")
}
