//! The place of a connection: the configuration file that it is written into, which may have to be begun, and the state beside it.

use std::path::{Path, PathBuf};

use crate::app::App;
use crate::config::{self, Config, Edit, LoadError, LocateError, process_env};

use super::super::args::Global;
use super::super::report::Failure;
use super::super::session::app_of;

/// A configuration file, there or to be.
pub struct ConfigFile {
    pub path: PathBuf,
    /// As it is now; `None` if there is no file yet.
    pub config: Option<Config>,
    /// The name that the file's own name gives the shop.
    pub named: Option<String>,
}

impl ConfigFile {
    /// Finds the file as every command does, and where there is none, where it will be.
    pub fn find(global: &Global) -> Result<ConfigFile, Failure> {
        let folder = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let shop = global.shop.as_deref();
        let found = config::locate(global.config.as_deref(), shop, &folder, &process_env);
        let (path, named) = match found {
            Ok(path) => (path, shop),
            Err(LocateError::None { .. }) => (folder.join("udsync.toml"), None),
            Err(LocateError::NoSuchShop { path, .. }) => (path, shop),
            Err(error) => {
                let failure = Failure::new("config_not_found", error.to_string());
                return Err(failure.hint(error.hint()));
            }
        };
        ConfigFile::at(path, named)
    }

    /// A file of this name.
    pub fn at(path: PathBuf, named: Option<&str>) -> Result<ConfigFile, Failure> {
        let config = match config::load(&path) {
            Ok(config) => Some(config),
            Err(LoadError::Unreadable { source, .. })
                if source.kind() == std::io::ErrorKind::NotFound =>
            {
                None
            }
            Err(error) => return Err(Failure::from_load(&error)),
        };
        let named = named.map(str::to_owned);
        Ok(ConfigFile {
            path,
            config,
            named,
        })
    }

    /// What the shop is called, as far as anything says so yet: the file, whoever types it (`given`), or the name of the file.
    pub fn shop_name<'a>(&'a self, given: Option<&'a str>) -> Option<&'a str> {
        let configured = self.config.as_ref();
        let configured = configured.map(|config| config.shop.name.as_str());
        configured.or(given).or(self.named.as_deref())
    }

    /// What the file says, for a service that is connected after the shop.
    pub fn begun(&self) -> Result<&Config, Failure> {
        self.config.as_ref().ok_or_else(|| {
            Failure::new(
                "config_not_found",
                format!("there is no `{}` yet", self.shown()),
            )
            .hint("connect the shop first, which begins it: `udsync connect woocommerce`")
        })
    }

    /// Opens the file for editing. A new one is begun with a name for the shop: the one that is given, that of the file, or one made
    /// of the shop's address.
    pub fn edit(&self, name: Option<&str>, host: &str) -> Result<Edit, Failure> {
        let begun = match &self.named {
            Some(named) => named.clone(),
            None => name_of(host),
        };
        let text = format!(
            "# One shop and its books. `udsync config show` prints every value and where it comes from.\n\
             [shop]\nname = \"{begun}\"    # names the state file and the lock\n"
        );
        let mut edit =
            Edit::open_or(&self.path, &text).map_err(|error| Failure::from_edit(&error))?;
        if let Some(name) = name {
            edit.set("shop", "name", name);
        }
        Ok(edit)
    }

    /// The shop as it will be once the edit is saved.
    pub fn app(&self, global: &Global, edit: &Edit) -> Result<App, Failure> {
        let config = config::parse(&edit.text(), &self.path.to_string_lossy())
            .map_err(|complaints| Failure::from_draft(&complaints, self.config.is_none()))?;
        let config = Config {
            source_path: self.path.clone(),
            ..config
        };
        app_of(global, config)
    }

    /// As people type it.
    pub fn shown(&self) -> String {
        let here = std::env::current_dir().unwrap_or_default();
        let path: &Path = self.path.strip_prefix(&here).unwrap_or(&self.path);
        path.display().to_string()
    }
}

/// A name for a shop, made of the name of its host.
pub fn name_of(host: &str) -> String {
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let letters = host.chars().map(|letter| match letter {
        'a'..='z' | '0'..='9' => letter,
        _ => '-',
    });
    let name: String = letters.take(40).collect();
    match name.trim_matches('-') {
        "" => "shop".to_owned(),
        name => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_makes_a_name() {
        assert_eq!(
            name_of("www.Aurora-Outfitters.example"),
            "aurora-outfitters-example"
        );
        assert_eq!(name_of("127.0.0.1"), "127-0-0-1");
        assert_eq!(name_of("[::1]"), "1");
        assert_eq!(name_of("…"), "shop");
        assert!(name_of(&"long.".repeat(20)).len() <= 40);
    }
}
