//! The folder of a shop's own mapping files, as it lies on the disk.
//!
//! ```text
//! mappings/
//!   woocommerce-quickbooks/
//!     orders.toml          in the place of the shipped one
//!     orders.cases.toml    what it shall make of which record
//!     regions.csv          for a lookup table of a mapping beside it
//!   payouts/
//!     bank.toml            how a file of payouts is read
//! ```
//!
//! Whatever lies there is read within limits and never waited for: a file that is none, that leads out of the folder or that is too
//! large is a mistake like any other. Files that are no mappings, such as a README.md, are nobody's business.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::mapping::cases::{self, Cases};
use crate::mapping::payouts_file::payouts_mapping;
use crate::mapping::shipped::{SHIPPED, Shipped};
use crate::mapping::{Compiled, Mapping, MappingMistake, check, csv_files, limits, quoted, text};
use crate::model::near::did_you_mean;

/// How the files of cases end.
const CASES: &str = ".cases.toml";
const TOML: &str = ".toml";
/// So many names are looked at in one folder; more are not there by anybody's hand.
const ENTRIES: usize = 2_000;

/// What lies in a folder of mappings.
#[derive(Debug, Default)]
pub struct Folder {
    pub path: PathBuf,
    /// There is such a folder.
    pub is_there: bool,
    pub mappings: Vec<OwnMapping>,
    pub cases: Vec<OwnCases>,
    /// What is said of files of payouts.
    pub payouts: Vec<OwnPayouts>,
    /// Mistakes about files that are nobody's mapping.
    pub strangers: Vec<MappingMistake>,
    /// Bytes of CSV files that were read.
    csv: usize,
}

/// A shop's own mapping, right or wrong.
#[derive(Debug)]
pub struct OwnMapping {
    /// The shipped one that it stands for.
    pub of: &'static Shipped,
    /// Its path, as it is shown.
    pub file: String,
    pub text: String,
    /// The CSV files beside it that it names.
    pub files: BTreeMap<String, String>,
    pub checked: Result<Arc<Compiled>, Vec<MappingMistake>>,
}

/// A shop's own cases for a mapping, its own or the shipped one.
#[derive(Debug)]
pub struct OwnCases {
    pub of: &'static Shipped,
    pub file: String,
    pub read: Result<Cases, Vec<MappingMistake>>,
}

/// A shop's own mapping of a file of payouts. Only a run over such a file needs it, so what is wrong with it keeps nothing else.
#[derive(Debug)]
pub struct OwnPayouts {
    pub file: String,
    pub mistake: Option<MappingMistake>,
}

impl Folder {
    /// Reads it. A folder that is not there is an empty one.
    pub fn read(path: &Path) -> Folder {
        let mut folder = Folder {
            path: path.to_owned(),
            ..Folder::default()
        };
        let root = match fs::canonicalize(path) {
            Ok(root) => root,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return folder,
            Err(error) => {
                let said = format!("the folder could not be read: {error}");
                folder
                    .strangers
                    .push(MappingMistake::about_file(&shown(path), said));
                return folder;
            }
        };
        folder.is_there = true;
        for (name, place) in folder.entries(path) {
            if place.is_dir() {
                folder.read_route(&root, &name, &place);
            } else if name.ends_with(TOML) {
                let said = "a mapping lies in a folder for its source and target";
                let mut complaint = MappingMistake::about_file(&shown(&place), said);
                let entity = name.trim_end_matches(CASES).trim_end_matches(TOML);
                let near = SHIPPED.iter().find(|one| one.entity == entity);
                let near = near.map_or_else(|| folder_name(&SHIPPED[0]), folder_name);
                complaint.hint = Some(format!("move it to `{}`", shown(&path.join(near))));
                folder.strangers.push(complaint);
            }
        }
        folder
    }

    /// The shop's own in the place of this one.
    pub fn own(&self, of: &Shipped) -> Option<&OwnMapping> {
        let path = of.path();
        self.mappings.iter().find(|own| own.of.path() == path)
    }

    pub fn own_cases(&self, of: &Shipped) -> Option<&OwnCases> {
        let path = of.path();
        self.cases.iter().find(|own| own.of.path() == path)
    }

    /// Everything that keeps a run from working with these mappings. What is wrong with cases does not.
    pub fn complaints(&self) -> Vec<MappingMistake> {
        let wrong = self
            .mappings
            .iter()
            .filter_map(|own| own.checked.as_ref().err());
        let all = self.strangers.iter().chain(wrong.flatten());
        all.take(limits::COMPLAINTS).cloned().collect()
    }

    /// What is wrong with the files of cases.
    pub fn complaints_of_cases(&self) -> Vec<MappingMistake> {
        let wrong = self.cases.iter().filter_map(|own| own.read.as_ref().err());
        wrong.flatten().cloned().collect()
    }

    /// What is wrong with the mappings of files of payouts.
    pub fn complaints_of_payouts(&self) -> Vec<MappingMistake> {
        let wrong = self.payouts.iter().filter_map(|own| own.mistake.as_ref());
        wrong.cloned().collect()
    }

    /// The visible entries of a folder, by name.
    fn entries(&mut self, path: &Path) -> Vec<(String, PathBuf)> {
        let mut entries = Vec::new();
        match fs::read_dir(path) {
            Ok(list) => {
                for entry in list.flatten().take(ENTRIES) {
                    let name = entry.file_name().to_string_lossy().into_owned();
                    if !name.starts_with('.') {
                        entries.push((name, entry.path()));
                    }
                }
            }
            Err(error) => {
                let said = format!("the folder could not be read: {error}");
                self.strangers
                    .push(MappingMistake::about_file(&shown(path), said));
            }
        }
        entries.sort();
        entries
    }

    /// The files of `woocommerce-quickbooks`.
    fn read_route(&mut self, root: &Path, name: &str, path: &Path) {
        let entries = self.entries(path);
        let of_route: Vec<&'static Shipped> = SHIPPED
            .iter()
            .filter(|one| folder_name(one) == name)
            .collect();
        if name == "payouts" {
            let files = entries.iter().filter_map(|(entry, place)| {
                let mistake = payouts_mistake(root, entry.strip_suffix(TOML)?, place);
                let file = shown(place);
                Some(OwnPayouts { file, mistake })
            });
            self.payouts = files.collect();
            return;
        }
        if of_route.is_empty() {
            // Other folders are nobody's business, unless mappings lie in them.
            if entries.iter().any(|(entry, _)| entry.ends_with(TOML)) {
                let said = format!("no mapping has the source and target {}", quoted(name));
                let mut complaint = MappingMistake::about_file(&shown(path), said);
                let mut routes: Vec<String> = SHIPPED.iter().map(folder_name).collect();
                routes.dedup();
                complaint.hint = did_you_mean(name, routes.iter().map(String::as_str))
                    .or_else(|| Some(format!("there are `{}`", routes.join("` and `"))));
                self.strangers.push(complaint);
            }
            return;
        }
        for (name, place) in &entries {
            let (entity, is_cases) = match name.strip_suffix(CASES) {
                Some(entity) => (entity, true),
                None => match name.strip_suffix(TOML) {
                    Some(entity) => (entity, false),
                    None => continue,
                },
            };
            let Some(of) = of_route.iter().find(|one| one.entity == entity) else {
                let target = of_route[0].target;
                let said = format!("`{target}` takes no {}", quoted(entity));
                let mut complaint = MappingMistake::about_file(&shown(place), said);
                let known: Vec<&str> = of_route.iter().map(|one| one.entity).collect();
                complaint.hint = did_you_mean(entity, known.iter().copied())
                    .or_else(|| Some(format!("there are `{}`", known.join("`, `"))));
                self.strangers.push(complaint);
                continue;
            };
            if is_cases {
                self.cases.push(own_cases(root, of, place));
            } else {
                let own = own(root, of, place, &mut self.csv);
                self.mappings.push(own);
            }
        }
    }
}

fn own(root: &Path, of: &'static Shipped, place: &Path, csv: &mut usize) -> OwnMapping {
    let file = shown(place);
    let mut own = OwnMapping {
        of,
        text: String::new(),
        files: BTreeMap::new(),
        checked: Err(Vec::new()),
        file,
    };
    match read_inside(root, place, limits::FILE) {
        Err(complaint) => own.checked = Err(vec![complaint]),
        Ok(bytes) => match text(&own.file, &bytes) {
            Err(complaints) => own.checked = Err(complaints),
            Ok(text) => {
                own.text = text.to_owned();
                let (files, mut wrong) = csv_of(place, text, Some(root), csv);
                own.checked = match check(&own.file, text, &files) {
                    Ok(compiled) => {
                        strays(of, &compiled.mapping, &own).map_or(Ok(Arc::new(compiled)), Err)
                    }
                    Err(complaints) => Err(complaints),
                };
                own.files = files;
                if !wrong.is_empty() {
                    wrong.extend(own.checked.err().unwrap_or_default());
                    own.checked = Err(wrong);
                }
            }
        },
    }
    own
}

fn payouts_mistake(root: &Path, name: &str, place: &Path) -> Option<MappingMistake> {
    let file = shown(place);
    let bytes = match read_inside(root, place, limits::FILE) {
        Ok(bytes) => bytes,
        Err(mistake) => return Some(mistake),
    };
    match text(&file, &bytes) {
        Ok(text) => payouts_mapping(name, text, &file).err().map(|wrong| *wrong),
        Err(mistakes) => mistakes.into_iter().next(),
    }
}

/// A file says of itself what it is, and lies where that belongs.
fn strays(of: &Shipped, mapping: &Mapping, own: &OwnMapping) -> Option<Vec<MappingMistake>> {
    let said = [
        ("source", &mapping.source, of.source),
        ("target", &mapping.target, of.target),
        ("entity", &mapping.entity, of.entity),
    ];
    let (key, value, meant) = said
        .into_iter()
        .find(|(_, value, meant)| value.as_str() != *meant)?;
    let message = format!(
        "the file says `{key} = \"{value}\"`, and lies where that of {} belongs",
        quoted(&of.name())
    );
    let mut complaint = MappingMistake::about_file(&own.file, message);
    let line = own.text.lines().position(|line| line.starts_with(key));
    complaint.line = line.map_or(1, |line| line + 1);
    complaint.hint = Some(format!("write `{key} = \"{meant}\"`, or move the file"));
    Some(vec![complaint])
}

fn own_cases(root: &Path, of: &'static Shipped, place: &Path) -> OwnCases {
    let file = shown(place);
    let read = read_inside(root, place, limits::FILE)
        .map_err(|complaint| vec![complaint])
        .and_then(|bytes| cases::read(&file, text(&file, &bytes)?));
    OwnCases { of, file, read }
}

/// The CSV files that a mapping names and that lie beside it, and what is wrong with those. One that is not there is for the
/// check to complain of, where the mapping names it.
pub fn csv_beside(mapping: &Path, text: &str) -> (BTreeMap<String, String>, Vec<MappingMistake>) {
    csv_of(mapping, text, None, &mut 0)
}

/// As [`csv_beside`]. With a root, none may lead out of it; what was read before counts against the limit.
fn csv_of(
    mapping: &Path,
    text: &str,
    root: Option<&Path>,
    all: &mut usize,
) -> (BTreeMap<String, String>, Vec<MappingMistake>) {
    let mut files = BTreeMap::new();
    let mut wrong = Vec::new();
    let folder = mapping.parent().unwrap_or(Path::new(""));
    for name in csv_files(text) {
        let is_plain = !name.contains(['/', '\\']) && !name.starts_with('.') && !name.is_empty();
        let place = folder.join(&name);
        if !is_plain || fs::symlink_metadata(&place).is_err() {
            continue;
        }
        let read = match root {
            Some(root) => read_inside(root, &place, limits::CSV),
            None => read_within(&place, limits::CSV),
        };
        let content = match read {
            Ok(bytes) => {
                *all += bytes.len();
                if *all > limits::CSV_ALL {
                    let most = limits::CSV_ALL / (1024 * 1024);
                    let said =
                        format!("the CSV files of all mappings have {most} MB at most together");
                    wrong.push(MappingMistake::about_file(&shown(&place), said));
                    return (files, wrong);
                }
                match String::from_utf8(bytes) {
                    Ok(content) => content,
                    Err(error) => {
                        let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                        let mut complaint = MappingMistake::about_file(
                            &shown(&place),
                            "the file is not text in UTF-8",
                        );
                        complaint.line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
                        complaint.hint = Some("save it as UTF-8 in your editor".to_owned());
                        wrong.push(complaint);
                        String::from_utf8_lossy(error.as_bytes()).into_owned()
                    }
                }
            }
            Err(complaint) => {
                wrong.push(complaint);
                continue;
            }
        };
        files.insert(name, content);
    }
    (files, wrong)
}

/// Reads the text of a file that somebody names, within the limit for mapping files.
pub fn read_text(place: &Path) -> Result<String, Vec<MappingMistake>> {
    let bytes = read_within(place, limits::FILE).map_err(|complaint| vec![complaint])?;
    text(&shown(place), &bytes).map(str::to_owned)
}

/// As [`read_within`], for what must not lead out of the folder.
fn read_inside(root: &Path, place: &Path, most: usize) -> Result<Vec<u8>, MappingMistake> {
    let real = fs::canonicalize(place).map_err(|error| unreadable(place, &error))?;
    if !real.starts_with(root) {
        let said = "the file leads out of the folder of the mappings";
        let mut complaint = MappingMistake::about_file(&shown(place), said);
        complaint.hint = Some("put the file itself there instead of a link to it".to_owned());
        return Err(complaint);
    }
    read_within(&real, most).map_err(|complaint| MappingMistake {
        file: shown(place),
        ..complaint
    })
}

/// Reads a file, and no more of it than shows that it is too large.
pub fn read_within(place: &Path, most: usize) -> Result<Vec<u8>, MappingMistake> {
    let wrong = |error: std::io::Error| unreadable(place, &error);
    // Whatever else there is besides files may never come to its end, or never begin.
    if !fs::metadata(place).map_err(wrong)?.is_file() {
        let complaint = MappingMistake::about_file(&shown(place), "this is not a file");
        return Err(complaint);
    }
    let mut bytes = Vec::new();
    let open = fs::File::open(place).map_err(wrong)?;
    open.take(most as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(wrong)?;
    Ok(bytes)
}

fn unreadable(place: &Path, error: &std::io::Error) -> MappingMistake {
    let mut complaint = MappingMistake::about_file(
        &shown(place),
        format!("the file could not be read: {error}"),
    );
    if error.kind() == std::io::ErrorKind::PermissionDenied {
        complaint.hint = Some("see that this user may read it".to_owned());
    }
    complaint
}

/// `woocommerce-quickbooks`
fn folder_name(shipped: &Shipped) -> String {
    format!("{}-{}", shipped.source, shipped.target)
}

/// A path as people want to see it: from the working folder on, where it lies below that.
pub fn shown(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = path.strip_prefix(&here).unwrap_or(path);
    path.display().to_string()
}
