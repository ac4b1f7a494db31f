//! For whom the next command is typed: the shop as this command line names it, in whatever is said to type.

use std::path::Path;

use super::args::Global;
use super::report::Failure;
use super::session::config_path;
use crate::app::typed::for_shop;
use crate::config::{self, load, name_trouble, process_env};

/// How the shop of a command is named where there are several. One whose file was named is called as a person would call it, if that file
/// is one of the folder's: what starts by itself names files. With the sandbox no shop is meant, and what cannot be a name names none.
pub fn called(global: &Global) -> Option<String> {
    if global.in_sandbox {
        return None;
    }
    let called = match (&global.shop, &global.config) {
        (Some(shop), None) => Some(shop.clone()),
        (_, Some(file)) => one_of_several(file),
        (None, None) => None,
    };
    called.filter(|name| name_trouble(name).is_none())
}

fn one_of_several(file: &Path) -> Option<String> {
    let folder = config::config_folder(&process_env).ok()?;
    let file = std::path::absolute(file).ok()?;
    let name = file.file_stem()?.to_str()?.to_owned();
    let known = config::shops_in(&folder).ok()?;
    let is_there = file.parent() == Some(folder.as_path()) && known.contains(&name);
    (is_there && known.len() > 1).then_some(name)
}

/// What the shop that the flags mean is called, as far as its file can be read.
pub fn named(global: &Global) -> Option<String> {
    let config = config_path(global).ok().and_then(|path| load(&path).ok());
    config.map(|config| config.shop.name)
}

/// Words with something to type, for the shop that was named, if one was.
pub fn said(words: &str, global: &Global) -> String {
    match called(global) {
        Some(shop) => for_shop(words, &shop, named(global).as_deref()),
        None => words.to_owned(),
    }
}

/// The same of what ended a command.
pub fn ended(mut failure: Failure, global: &Global) -> Failure {
    if let Some(hint) = failure.hint.take() {
        failure.hint = Some(said(&hint, global));
    }
    failure
}
