//! Circles: files of which each needs the others can only be understood all at once. This test draws who uses whom, seen through
//! what a `mod.rs` passes on, and finds every ring of more than two files: there is none.
//!
//! A child that uses what its parent module holds makes no ring: that is how Rust means a folder to be read. The stand-ins are left
//! out; their files are the pages of one imitation. Tests are left out too, because they may look at everything.

use std::collections::{BTreeMap, BTreeSet};

use super::house::{Kind, Token, is_mark, sources, tokens};

/// The ways of a file to name something: the segments of a path, `super` and `crate` resolved.
type Path = Vec<String>;

/// The files of the house, by the module that each is.
#[derive(Default)]
struct House {
    files: BTreeMap<Path, File>,
}

#[derive(Default)]
struct File {
    name: String,
    paths: Vec<Path>,
    /// What it imports, by the name under which it can be had through this module.
    passes_on: BTreeMap<String, Path>,
}

#[test]
fn no_more_than_two_files_stand_in_a_circle() {
    let circles = House::of(&sources()).circles();
    let found: Vec<String> = circles
        .iter()
        .filter(|circle| circle.len() > 2)
        .map(|circle| circle.join("\n    "))
        .collect();
    assert!(
        found.is_empty(),
        "move what two files of a circle need into a file below both:\n    {}",
        found.join("\n\n    ")
    );
}

impl House {
    fn of(sources: &[(String, String)]) -> House {
        let mut house = House::default();
        let texts: Vec<(&String, &String, Path)> = sources
            .iter()
            .filter(|(name, _)| !is_left_out(name))
            .map(|(name, text)| (name, text, module_of(name)))
            .collect();
        for (name, _, module) in &texts {
            let file = File {
                name: (*name).clone(),
                ..File::default()
            };
            house.files.insert(module.clone(), file);
        }
        for (_, text, module) in &texts {
            let tokens = product_tokens(text);
            let (paths, imports) = house.read(module, &tokens);
            let file = house.files.get_mut(module).expect("it was put there");
            file.paths = paths;
            file.passes_on = imports;
        }
        house
    }

    /// Every path that a file names, and what it imports under which name.
    fn read(&self, module: &Path, tokens: &[Token]) -> (Vec<Path>, BTreeMap<String, Path>) {
        let mut paths = Vec::new();
        let mut imports = BTreeMap::new();
        let mut at = 0;
        while at < tokens.len() {
            let Some(word) = word(tokens, at) else {
                at += 1;
                continue;
            };
            if word == "use" {
                let mut leaves = Vec::new();
                let end = leaves_of(tokens, at + 1, &mut Vec::new(), &mut leaves);
                for (path, name) in leaves {
                    let Some(whole) = self.absolute(module, &path) else {
                        continue;
                    };
                    imports.insert(name, whole.clone());
                    paths.push(whole);
                }
                at = end.max(at + 1);
                continue;
            }
            let begins = at == 0 || !is_mark(tokens, at - 1, ':') && !is_mark(tokens, at - 1, '.');
            let mut path = vec![word.to_owned()];
            while is_mark(tokens, at + 1, ':') && is_mark(tokens, at + 2, ':') {
                let Some(next) = self::word(tokens, at + 3) else {
                    break;
                };
                path.push(next.to_owned());
                at += 3;
            }
            at += 1;
            if begins
                && path.len() > 1
                && let Some(whole) = self.absolute(module, &path)
            {
                paths.push(whole);
            }
        }
        (paths, imports)
    }

    /// From the root; `None` for what is not ours.
    fn absolute(&self, module: &Path, path: &[String]) -> Option<Path> {
        match path.first()?.as_str() {
            "crate" | "udsync" => Some(path[1..].to_vec()),
            "self" => Some([module, &path[1..]].concat()),
            "super" => {
                let ups = path.iter().take_while(|step| *step == "super").count();
                let above = module.get(..module.len().checked_sub(ups)?)?;
                Some([above, &path[ups..]].concat())
            }
            child => {
                let own = [module.as_slice(), &[child.to_owned()]].concat();
                self.files
                    .contains_key(&own)
                    .then(|| [module.as_slice(), path].concat())
            }
        }
    }

    /// The file in which something stands, however many modules pass it on.
    fn home(&self, path: &Path, depth: u8) -> Option<Path> {
        let known = (1..=path.len())
            .rev()
            .find(|length| self.files.contains_key(&path[..*length]))?;
        let (module, rest) = path.split_at(known);
        let passed = rest
            .first()
            .and_then(|name| self.files[module].passes_on.get(name))
            .filter(|_| depth < 8);
        match passed {
            Some(on) if !on.starts_with(module) || on.len() > known + 1 || rest.len() > 1 => {
                let on = [on.as_slice(), &rest[1..]].concat();
                self.home(&on, depth + 1)
            }
            _ => Some(module.to_vec()),
        }
    }

    /// The files that need each other, ring by ring, the largest first.
    fn circles(&self) -> Vec<Vec<String>> {
        let uses: BTreeMap<&Path, BTreeSet<&Path>> = self
            .files
            .iter()
            .map(|(module, file)| {
                let used = file
                    .paths
                    .iter()
                    .filter_map(|path| self.home(path, 0))
                    .filter(|home| !module.starts_with(home))
                    .filter_map(|home| self.files.get_key_value(&home))
                    .map(|(home, _)| home)
                    .collect();
                (module, used)
            })
            .collect();
        let reached: BTreeMap<&Path, BTreeSet<&Path>> = uses
            .keys()
            .map(|module| (*module, reachable(module, &uses)))
            .collect();
        let mut rings: BTreeSet<Vec<String>> = BTreeSet::new();
        for (module, far) in &reached {
            if !far.contains(module) {
                continue;
            }
            let ring = far
                .iter()
                .filter(|other| reached[*other].contains(module))
                .map(|other| self.files[*other].name.clone())
                .collect();
            rings.insert(ring);
        }
        let mut rings: Vec<Vec<String>> = rings.into_iter().collect();
        rings.sort_by_key(|ring| std::cmp::Reverse(ring.len()));
        rings
    }
}

fn reachable<'a>(from: &Path, uses: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> BTreeSet<&'a Path> {
    let mut seen = BTreeSet::new();
    let mut next: Vec<&Path> = uses[from].iter().copied().collect();
    while let Some(module) = next.pop() {
        if seen.insert(module) {
            next.extend(uses[module].iter().copied());
        }
    }
    seen
}

/// The leaves of what follows a `use`: each path, and the name that it gets. Returns where it ends.
fn leaves_of(
    tokens: &[Token],
    mut at: usize,
    before: &mut Path,
    leaves: &mut Vec<(Path, String)>,
) -> usize {
    let depth = before.len();
    loop {
        match tokens.get(at).map(|token| &token.kind) {
            Some(Kind::Word(word)) if word == "as" => {
                let name = word_or(tokens, at + 1);
                leaves.push((before.clone(), name));
                before.truncate(depth);
                at += 2;
                continue;
            }
            Some(Kind::Word(word)) => before.push(word.clone()),
            Some(Kind::Mark('{')) => {
                at += 1;
                while !is_mark(tokens, at, '}') && at < tokens.len() {
                    at = leaves_of(tokens, at, before, leaves);
                    if is_mark(tokens, at, ',') {
                        at += 1;
                    }
                }
                before.truncate(depth);
                return at + 1;
            }
            Some(Kind::Mark(':')) => {}
            Some(Kind::Mark('*')) => {}
            _ => break,
        }
        at += 1;
    }
    if before.len() > depth {
        // `self` at the end means the module itself.
        if before.last().is_some_and(|last| last == "self") && before.len() > 1 {
            before.pop();
        }
        let name = before.last().cloned().unwrap_or_default();
        leaves.push((before.clone(), name));
        before.truncate(depth);
    }
    at
}

fn word(tokens: &[Token], at: usize) -> Option<&str> {
    match tokens.get(at) {
        Some(Token {
            kind: Kind::Word(word),
            ..
        }) => Some(word),
        _ => None,
    }
}

fn word_or(tokens: &[Token], at: usize) -> String {
    word(tokens, at).unwrap_or_default().to_owned()
}

/// The tokens of a file without its tests.
fn product_tokens(text: &str) -> Vec<Token> {
    let product = text
        .find("#[cfg(test)]\nmod tests {")
        .map_or(text, |begin| &text[..begin]);
    tokens(product)
}

fn is_left_out(name: &str) -> bool {
    let is_test = name.ends_with("tests.rs") || name.contains("/tests/");
    is_test || name.starts_with("sandbox/") || name == "main.rs" || name == "lib.rs"
}

/// `core/model/plan.rs` is `model::plan`: the crates of the house pass their rooms on under their own names.
fn module_of(name: &str) -> Path {
    let name = name.strip_prefix("core/").unwrap_or(name);
    let name = name.strip_suffix(".rs").unwrap_or(name);
    let name = name.strip_suffix("/mod").unwrap_or(name);
    name.split('/').map(str::to_owned).collect()
}

fn made_up(files: &[(&str, &str)]) -> Vec<Vec<String>> {
    let files: Vec<(String, String)> = files
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect();
    House::of(&files).circles()
}

#[test]
fn a_circle_is_found_whichever_way_it_is_spelled() {
    let rings = made_up(&[
        (
            "engine/mod.rs",
            "mod one; mod two; mod three; pub use three::Third;",
        ),
        ("engine/one.rs", "use super::two::{self, Second};"),
        ("engine/two.rs", "use crate::engine::Third; struct Second;"),
        (
            "engine/three.rs",
            "struct Third; fn a() { super::one::b() }",
        ),
    ]);
    assert_eq!(
        rings,
        [["engine/one.rs", "engine/three.rs", "engine/two.rs"]]
    );
}

#[test]
fn a_folder_is_no_circle() {
    let rings = made_up(&[
        (
            "engine/mod.rs",
            "mod one; mod two; use one::First; use two::Second; struct Whole;",
        ),
        ("engine/one.rs", "use super::Whole; struct First;"),
        (
            "engine/two.rs",
            "use super::Whole; use super::one::First; struct Second;",
        ),
        (
            "engine/three.rs",
            "#[cfg(test)]\nmod tests { use crate::engine::one; }",
        ),
    ]);
    assert_eq!(rings, [[""; 0]; 0]);
}
