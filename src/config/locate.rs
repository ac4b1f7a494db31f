//! Finds the configuration file, and the state file that belongs to it.
//!
//! One file is one shop with one set of books; an agency keeps a folder of them. The flags
//! have been joined with their environment variables before they come here.

use std::io;
use std::path::{Path, PathBuf};

use super::shop::is_shop_name;
use super::{Config, credentials::variable};
use crate::model::near::nearest;

/// The configuration of the one shop of a working folder.
pub const FILE: &str = "udsync.toml";

/// In the folder of the shops `serve.toml` is no shop: it belongs to the server that serves them.
const SERVER: &str = "serve";

/// Why no configuration file was found.
#[derive(Debug, thiserror::Error)]
pub enum LocateError {
    #[error("`{0}` cannot be the name of a shop")]
    BadName(String),
    #[error("there is no shop `{name}`: `{}` does not exist", .path.display())]
    NoSuchShop {
        name: String,
        path: PathBuf,
        known: Vec<String>,
    },
    #[error("there is no `udsync.toml` here and no shop in `{}`", .folder.display())]
    None { folder: PathBuf },
    #[error("there are several shops in `{}`", .folder.display())]
    Several { folder: PathBuf, known: Vec<String> },
    #[error("could not read the folder `{}`", .folder.display())]
    Unreadable {
        folder: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error(transparent)]
    NoHome(#[from] NoHome),
}

/// Nothing says where a user's files are.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("could not tell the home folder: `HOME` is not set")]
pub struct NoHome {
    /// What to type instead.
    pub hint: &'static str,
}

impl LocateError {
    /// What to type next.
    pub fn hint(&self) -> String {
        match self {
            LocateError::BadName(_) => {
                "write 1 to 40 of a-z, 0-9 and `-`, as in `--shop aurora-outfitters`".to_owned()
            }
            LocateError::NoSuchShop { name, known, .. } => {
                match nearest(name, known.iter().map(String::as_str)) {
                    Some(near) => format!("did you mean `--shop {near}`?"),
                    None if known.is_empty() => format!("set it up with `udsync init --shop {name}`"),
                    None => format!("there are: {}", some_of(known)),
                }
            }
            LocateError::None { .. } => {
                "set one up with `udsync init`, or name a file with `--config FILE`; `udsync sync orders --sandbox` needs none"
                    .to_owned()
            }
            LocateError::Several { known, .. } => {
                format!("say which with `--shop NAME`: {}", some_of(known))
            }
            LocateError::Unreadable { .. } => "name a file with `--config FILE`".to_owned(),
            LocateError::NoHome(no_home) => no_home.hint.to_owned(),
        }
    }
}

/// Names that fit into a hint. Forty of them are none.
fn some_of(known: &[String]) -> String {
    const FIT: usize = 6;
    match known.len() > FIT {
        true => format!(
            "{} and so on; `udsync shops` lists them",
            known[..3].join(", ")
        ),
        false => known.join(", "),
    }
}

/// Finds the file: the one that is named, the shop that is named, `udsync.toml` in the working
/// folder, else the only shop in the config folder.
///
/// A file that is named need not exist; reading it will tell.
pub fn locate(
    flag: Option<&Path>,
    shop: Option<&str>,
    working_folder: &Path,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, LocateError> {
    if let Some(file) = flag {
        return Ok(working_folder.join(file));
    }
    if let Some(name) = shop {
        return shop_file(name, &config_folder(env)?);
    }
    let here = working_folder.join(FILE);
    if here.is_file() {
        return Ok(here);
    }
    let folder = config_folder(env)?;
    let known = shops_in(&folder)?;
    match known.as_slice() {
        [] => Err(LocateError::None { folder }),
        [only] => Ok(folder.join(format!("{only}.toml"))),
        _ => Err(LocateError::Several { folder, known }),
    }
}

fn shop_file(name: &str, folder: &Path) -> Result<PathBuf, LocateError> {
    // The name becomes a file name: nothing else may get in.
    if !is_shop_name(name) || name == SERVER {
        return Err(LocateError::BadName(name.chars().take(40).collect()));
    }
    let path = folder.join(format!("{name}.toml"));
    if path.is_file() {
        return Ok(path);
    }
    Err(LocateError::NoSuchShop {
        name: name.to_owned(),
        path,
        known: shops_in(folder)?,
    })
}

/// The folder that holds a file for each shop.
pub fn config_folder(env: &dyn Fn(&str) -> Option<String>) -> Result<PathBuf, NoHome> {
    user_folder(
        env,
        "XDG_CONFIG_HOME",
        ".config",
        "name a file with `--config FILE`",
    )
}

/// The state file of a shop: the one that is named, the one of `[shop] state`, which is
/// relative to the configuration file, else `<name>.db` in the user's state folder.
///
/// There is no other fallback: a state file in a surprising place would be an empty one.
pub fn state_path(
    config: &Config,
    flag: Option<&Path>,
    env: &dyn Fn(&str) -> Option<String>,
) -> Result<PathBuf, NoHome> {
    if let Some(file) = flag {
        return Ok(file.to_owned());
    }
    if let Some(state) = &config.shop.state {
        return Ok(config.beside(state));
    }
    Ok(state_folder(env)?.join(format!("{}.db", config.shop.name)))
}

/// The folder that holds a state file for each shop.
pub fn state_folder(env: &dyn Fn(&str) -> Option<String>) -> Result<PathBuf, NoHome> {
    let hint = "name a file with `--state FILE`, or set `state` in `[shop]`";
    user_folder(env, "XDG_STATE_HOME", ".local/state", hint)
}

/// A variable of this process, for those who ask [`locate`] and its kin about the real world.
///
/// Under cron there may be no `HOME`; then the user database knows it.
pub fn process_env(name: &str) -> Option<String> {
    let value = std::env::var(name).ok();
    if name != "HOME" || value.as_ref().is_some_and(|home| !home.is_empty()) {
        return value;
    }
    etcetera::home_dir()
        .ok()?
        .into_os_string()
        .into_string()
        .ok()
}

fn user_folder(
    env: &dyn Fn(&str) -> Option<String>,
    name: &str,
    under_home: &str,
    hint: &'static str,
) -> Result<PathBuf, NoHome> {
    let absolute = |name| {
        variable(env, name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute(name)
        .or_else(|| absolute("HOME").map(|home| home.join(under_home)))
        .map(|folder| folder.join("udsync"))
        .ok_or(NoHome { hint })
}

/// The names of the shops that have a file in a folder, sorted.
pub fn shops_in(folder: &Path) -> Result<Vec<String>, LocateError> {
    let unreadable = |source| LocateError::Unreadable {
        folder: folder.to_owned(),
        source,
    };
    let entries = match std::fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(unreadable)?,
    };
    let mut shops = Vec::new();
    for entry in entries {
        let path = entry.map_err(unreadable)?.path();
        let is_toml = path
            .extension()
            .is_some_and(|extension| extension == "toml");
        let name = path.file_stem().and_then(|name| name.to_str());
        let is_shop = |name: &&str| is_toml && path.is_file() && *name != SERVER;
        shops.extend(name.filter(is_shop).map(str::to_owned));
    }
    shops.sort();
    Ok(shops)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::parse;
    use super::*;

    /// A home with these shops in it, and beside it a working folder.
    fn home(shops: &[&str]) -> tempfile::TempDir {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(home.path().join("work")).expect("a folder");
        let folder = home.path().join(".config/udsync");
        fs::create_dir_all(&folder).expect("a folder");
        for shop in shops {
            fs::write(folder.join(format!("{shop}.toml")), "").expect("a file");
        }
        home
    }

    fn find(
        home: &tempfile::TempDir,
        flag: Option<&str>,
        shop: Option<&str>,
    ) -> Result<String, (String, String)> {
        let root = home.path().display().to_string();
        let env = |name: &str| (name == "HOME").then(|| root.clone());
        let working_folder = home.path().join("work");
        let short = |text: String| text.replace(&root, "~");
        locate(flag.map(Path::new), shop, &working_folder, &env)
            .map(|path| short(path.display().to_string()))
            .map_err(|error| (short(error.to_string()), short(error.hint())))
    }

    #[test]
    fn what_is_named_wins_over_what_lies_around() {
        let home = home(&["aurora", "borealis"]);
        fs::write(home.path().join("work/udsync.toml"), "").expect("a file");
        assert_eq!(
            find(&home, Some("x.toml"), Some("aurora")).as_deref(),
            Ok("~/work/x.toml")
        );
        assert_eq!(
            find(&home, None, Some("aurora")).as_deref(),
            Ok("~/.config/udsync/aurora.toml")
        );
        assert_eq!(find(&home, None, None).as_deref(), Ok("~/work/udsync.toml"));
    }

    #[test]
    fn the_only_shop_needs_no_name() {
        let home = home(&["aurora"]);
        for other in ["notes.txt", "serve.toml"] {
            fs::write(home.path().join(".config/udsync").join(other), "").expect("a file");
        }
        assert_eq!(
            find(&home, None, None).as_deref(),
            Ok("~/.config/udsync/aurora.toml")
        );
    }

    #[test]
    fn none_several_and_unknown_ones_are_told_with_what_to_type() {
        let said = |message: &str, hint: &str| Err((message.to_owned(), hint.to_owned()));
        assert_eq!(
            find(&home(&[]), None, None),
            said(
                "there is no `udsync.toml` here and no shop in `~/.config/udsync`",
                "set one up with `udsync init`, or name a file with `--config FILE`; `udsync sync orders --sandbox` needs none",
            )
        );
        let two = home(&["borealis", "aurora"]);
        assert_eq!(
            find(&two, None, None),
            said(
                "there are several shops in `~/.config/udsync`",
                "say which with `--shop NAME`: aurora, borealis",
            )
        );
        assert_eq!(
            find(&two, None, Some("aurroa")),
            said(
                "there is no shop `aurroa`: `~/.config/udsync/aurroa.toml` does not exist",
                "did you mean `--shop aurora`?",
            )
        );
        assert_eq!(
            find(&two, None, Some("../aurora")),
            said(
                "`../aurora` cannot be the name of a shop",
                "write 1 to 40 of a-z, 0-9 and `-`, as in `--shop aurora-outfitters`",
            )
        );
    }

    #[test]
    fn the_state_file_is_the_named_one_the_configured_one_or_the_users() {
        let parsed = |state: &str| {
            let text = format!("[shop]\nname = \"aurora\"\n{state}");
            parse(&text, "/etc/udsync/aurora.toml").expect("no mistake")
        };
        let env = |name: &str| match name {
            "XDG_STATE_HOME" => Some("/var/state".to_owned()),
            "HOME" => Some("/home/u".to_owned()),
            _ => None,
        };
        let plain = parsed("");
        let flag = Some(Path::new("here.db"));
        let path = |text: &str| Ok(PathBuf::from(text));
        assert_eq!(state_path(&plain, flag, &env), path("here.db"));
        assert_eq!(
            state_path(&parsed("state = \"a.db\"\n"), None, &env),
            path("/etc/udsync/a.db")
        );
        assert_eq!(
            state_path(&plain, None, &env),
            path("/var/state/udsync/aurora.db")
        );
        // The rules of these folders: a relative one is to be ignored.
        let relative = |name: &str| match name {
            "XDG_STATE_HOME" => Some("state".to_owned()),
            other => env(other),
        };
        assert_eq!(
            state_path(&plain, None, &relative),
            path("/home/u/.local/state/udsync/aurora.db")
        );
        let nowhere = state_path(&plain, None, &|_| None).expect_err("no home");
        assert!(nowhere.hint.contains("--state FILE"));
    }
}
