//! Editing: puts single values into `udsync.toml` and leaves everything else as its owner wrote it, comments included.
//!
//! What it writes is read back before it is put in place: an edit never leaves a file that cannot be read. Secrets never go through here.

use std::io;
use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, Value};

use super::{Complaints, FILE_MAX, LoadError, parse};
use crate::files;

/// A configuration file that is being edited.
#[derive(Debug)]
pub struct Edit {
    path: PathBuf,
    document: DocumentMut,
    /// The file as it was opened; `None` if there was none.
    before: Option<String>,
}

/// Why an edit was not made.
#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error(transparent)]
    Load(#[from] LoadError),
    /// The text before the edit is not TOML.
    #[error("`{}` is not TOML, so nothing can be put into it", .path.display())]
    NotToml { path: PathBuf },
    /// The file would have had mistakes.
    #[error(transparent)]
    Wrong(Box<Complaints>),
    /// Somebody else wrote meanwhile; their work stays.
    #[error("`{}` was changed by somebody else in the meantime", .path.display())]
    Changed { path: PathBuf },
    #[error("could not write `{}`: {source}", .path.display())]
    Unwritten {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Edit {
    /// Opens the file; where there is none yet, begins with this text.
    pub fn open_or(path: &Path, text: &str) -> Result<Edit, EditError> {
        let before = match files::read_text(path, FILE_MAX) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(source) => {
                let path = path.to_owned();
                return Err(LoadError::Unreadable { path, source }.into());
            }
        };
        let document =
            before
                .as_deref()
                .unwrap_or(text)
                .parse()
                .map_err(|_| EditError::NotToml {
                    path: path.to_owned(),
                })?;
        Ok(Edit {
            path: path.to_owned(),
            document,
            before,
        })
    }

    /// Sets a value of a section, which is made where it is missing. A comment behind the old value stays.
    pub fn set(&mut self, section: &str, key: &str, value: impl Into<Value>) -> &mut Edit {
        if self.document.get(section).is_none() {
            self.begin_section(section);
        }
        let table = &mut self.document[section];
        let mut value: Value = value.into();
        if let Some(old) = table.get(key).and_then(Item::as_value) {
            *value.decor_mut() = old.decor().clone();
        }
        table[key] = Item::Value(value);
        self
    }

    /// A new section at the end, behind the comments that stand there.
    fn begin_section(&mut self, section: &str) {
        let behind = self
            .document
            .trailing()
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.document.set_trailing("");
        let mut table = Table::new();
        table.decor_mut().set_prefix(format!("{behind}\n"));
        self.document.insert(section, Item::Table(table));
    }

    /// Whether a section has this key.
    pub fn has(&self, section: &str, key: &str) -> bool {
        self.document
            .get(section)
            .and_then(|section| section.get(key))
            .is_some()
    }

    pub fn text(&self) -> String {
        self.document.to_string()
    }

    /// The file as it was opened; `None` if there was none.
    pub fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn root(&mut self) -> &mut Table {
        self.document.as_table_mut()
    }

    /// The comments at the end of the file, where a section of this path has to come behind them.
    pub(super) fn take_trailing(&mut self, path: &[&str]) -> String {
        let is_there = path
            .first()
            .is_some_and(|name| self.document.contains_key(name));
        if is_there {
            return String::new();
        }
        let behind = self
            .document
            .trailing()
            .as_str()
            .unwrap_or_default()
            .to_owned();
        self.document.set_trailing("");
        behind
    }

    /// Writes the file, whole or not at all, after making sure that it can be read. What its owner wrote is kept beside it; answers
    /// with that copy.
    pub fn save(&self) -> Result<Option<PathBuf>, EditError> {
        let text = self.text();
        parse(&text, &self.path.to_string_lossy())
            .map_err(|complaints| EditError::Wrong(Box::new(complaints)))?;
        if std::fs::read_to_string(&self.path).ok() != self.before {
            let path = self.path.clone();
            return Err(EditError::Changed { path });
        }
        // A link keeps pointing to the file that somebody keeps elsewhere.
        let path = std::fs::canonicalize(&self.path).unwrap_or_else(|_| self.path.clone());
        let unwritten = |source| EditError::Unwritten {
            path: self.path.clone(),
            source,
        };
        let kept = match &self.before {
            Some(before) if *before != text => Some(copy(&path).map_err(unwritten)?),
            _ => None,
        };
        replace(&path, &text).map_err(unwritten)?;
        Ok(kept)
    }
}

/// So many old files are kept beside a configuration; the last place is used again and again.
const COPIES_MAX: u32 = 99;

/// Copies the file beside itself: `udsync.toml.bak`, then `udsync.toml.bak2`, and so on. No older copy is lost.
fn copy(path: &Path) -> io::Result<PathBuf> {
    let mut place = PathBuf::new();
    for nth in 1..=COPIES_MAX {
        let mut name = path.as_os_str().to_owned();
        name.push(match nth {
            1 => ".bak".to_owned(),
            nth => format!(".bak{nth}"),
        });
        place = PathBuf::from(name);
        if std::fs::symlink_metadata(&place).is_err() {
            break;
        }
    }
    std::fs::copy(path, &place)?;
    Ok(place)
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder)?;
    }
    files::replace_open(path, "new", text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# mine\n[shop]\nname = \"aurora\" # the short name\n\n[woocommerce]\nurl = \"https://old.example.com\" # moves in May\n# page_size = 100\n";

    #[test]
    fn an_edit_keeps_every_comment_and_adds_what_is_missing() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        std::fs::write(&path, TEXT).expect("written");
        let mut edit = Edit::open_or(&path, "").expect("opens");
        edit.set("woocommerce", "url", "https://new.example.com")
            .set("quickbooks", "environment", "sandbox")
            .set("quickbooks", "company_id", "123");
        edit.save().expect("saved");
        let expected = format!(
            "{}\n[quickbooks]\nenvironment = \"sandbox\"\ncompany_id = \"123\"\n",
            TEXT.replace("old.example", "new.example")
        );
        assert_eq!(std::fs::read_to_string(&path).expect("read"), expected);
        let copy = folder.path().join("udsync.toml.bak");
        assert_eq!(std::fs::read_to_string(copy).expect("kept"), TEXT);
        let mut edit = Edit::open_or(&path, "").expect("opens");
        edit.set("quickbooks", "company_id", "456");
        let kept = edit.save().expect("saved").expect("a copy");
        assert!(kept.ends_with("udsync.toml.bak2"), "{}", kept.display());
        assert_eq!(std::fs::read_to_string(kept).expect("kept"), expected);
        assert_eq!(
            std::fs::read_dir(folder.path()).expect("a folder").count(),
            3
        );
        let same = Edit::open_or(&path, "").expect("opens").save();
        assert_eq!(same.expect("saved"), None, "nothing has changed");
    }

    #[test]
    fn an_edit_that_would_break_the_file_is_not_made() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        std::fs::write(&path, TEXT).expect("written");
        let mut edit = Edit::open_or(&path, "").expect("opens");
        edit.set("woocommerce", "url", "not an address");
        assert!(matches!(edit.save(), Err(EditError::Wrong(_))));
        assert_eq!(std::fs::read_to_string(&path).expect("read"), TEXT);
        std::fs::write(&path, "[shop\n").expect("written");
        let refused = Edit::open_or(&path, "").expect_err("refused");
        assert!(matches!(refused, EditError::NotToml { .. }));
    }

    #[test]
    fn what_somebody_else_wrote_meanwhile_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("udsync.toml");
        for theirs in [TEXT, "[shop]\nname = \"theirs\"\n"] {
            let mut edit = Edit::open_or(&path, TEXT).expect("opens");
            edit.set("shop", "name", "mine");
            std::fs::write(&path, theirs).expect("written by somebody else");
            assert!(matches!(edit.save(), Err(EditError::Changed { .. })));
            assert_eq!(std::fs::read_to_string(&path).expect("read"), theirs);
        }
    }

    #[test]
    fn a_file_that_is_not_there_begins_with_the_text_given() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/udsync.toml");
        let mut edit = Edit::open_or(&path, TEXT).expect("opens");
        assert!(edit.has("woocommerce", "url") && !edit.has("quickbooks", "company_id"));
        edit.set("shop", "name", "other");
        edit.save().expect("saved");
        let text = std::fs::read_to_string(&path).expect("read");
        assert!(text.contains("name = \"other\" # the short name"), "{text}");
    }
}
