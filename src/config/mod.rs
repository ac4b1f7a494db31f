//! The configuration: `udsync.toml`, read once into values that are already right.
//!
//! It exists so that a mistake is found before anything is sent, and all mistakes at once,
//! with their lines. It deliberately does not know flags (the command line puts them over
//! what stands here), stored credentials, or what the shop and the books really hold.

mod both;
pub mod complaint;
pub mod credentials;
pub mod draft;
pub mod edit;
mod example;
mod hide;
pub mod locate;
pub mod notify;
mod products;
mod reader;
mod rules;
pub mod serve;
pub mod services;
mod setting;
mod shop;
pub mod show;
pub mod table;
#[cfg(test)]
mod tests;
mod values;

use std::io;
use std::path::{Path, PathBuf};

use toml::de::{DeTable, Error as SyntaxError};

pub use complaint::{Complaints, ConfigMistake, Located};
pub use credentials::Credentials;
pub use draft::{ConfigDraft, ConfigPlace};
pub use edit::{Edit, EditError};
pub use example::example;
pub use locate::{
    FILE, LocateError, NoHome, config_folder, locate, process_env, shops_in, state_folder,
    state_path,
};
pub use notify::{EmailSettings, MailTls, Notify};
pub use rules::item_keys;
pub use serve::{ServeSettings, WebhookSources, parse_serve};
pub use services::{
    Environment, QuickBooksSettings, StripeSettings, SupabaseSettings, Transport,
    WooCommerceSettings,
};
pub use setting::{Setting, SettingOrigin};
pub use shop::{
    EntitySync, MappingSettings, Privacy, ShopSettings, Sync, Unattended, name_trouble,
};
pub use show::{ConfigDocument, config_document, show};
pub use values::span;

use self::complaint::place;
use self::reader::{ConfigReader, ConfigSection};
use crate::model::both::BothWays;
use crate::model::rules::Rules;
use crate::model::service::{
    CredentialField, QUICKBOOKS_COMPANY_ID, SUPABASE_DATABASE_URL, SUPABASE_KEY, Service,
};

/// One shop with one set of books, as its file says, defaults filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    pub shop: ShopSettings,
    pub woocommerce: Option<WooCommerceSettings>,
    pub quickbooks: Option<QuickBooksSettings>,
    pub supabase: Option<SupabaseSettings>,
    pub stripe: Option<StripeSettings>,
    pub sync: Sync,
    /// The sections `[sync.direction]` and `[both]`.
    pub both: BothWays,
    /// The section `[books]`.
    pub rules: Rules,
    pub mapping: MappingSettings,
    pub notify: Notify,
    /// What schedules may do without being asked; `None` where nobody said.
    pub unattended: Option<Unattended>,
    /// What `udsync serve` does.
    pub serve: ServeSettings,
    pub privacy: Privacy,
    /// Every value above as it was read, with its origin.
    pub settings: Vec<Setting>,
    /// Where the file is; paths in it are relative to its folder.
    pub source_path: PathBuf,
}

impl Config {
    /// A path of the file, seen from the working folder.
    pub fn beside(&self, path: &Path) -> PathBuf {
        let folder = self.source_path.parent().unwrap_or(Path::new(""));
        folder.join(path)
    }

    /// The company whose books are kept: what the environment says wins over the file.
    pub fn company_id<'a>(&'a self, credentials: &'a Credentials) -> Option<&'a str> {
        let from_file = || self.quickbooks.as_ref()?.company_id.as_deref();
        credentials
            .open_text(&QUICKBOOKS_COMPANY_ID)
            .or_else(from_file)
    }

    /// Whether the file itself says this key, rather than a default.
    pub fn says(&self, key: &str) -> bool {
        self.settings.iter().any(|setting| {
            setting.key == key && matches!(setting.origin, SettingOrigin::File { .. })
        })
    }

    /// Whether it has a section for this service.
    pub fn has(&self, service: Service) -> bool {
        match service {
            Service::Woocommerce => self.woocommerce.is_some(),
            Service::Quickbooks => self.quickbooks.is_some(),
            Service::Supabase => self.supabase.is_some(),
            Service::Stripe => self.stripe.is_some(),
        }
    }

    /// Whether something is sent to this service, or read from it.
    pub fn uses(&self, service: Service) -> bool {
        let goes_there = || {
            let own = self.sync.entities.values().flat_map(|own| &own.to);
            self.sync.to.iter().chain(own).any(|to| *to == service)
        };
        self.has(service) && (!service.role().is_target() || goes_there())
    }

    /// Whether the configured way to a service goes by this field.
    pub fn goes_by(&self, field: &CredentialField) -> bool {
        let transport = self.supabase.as_ref().map(|supabase| supabase.transport);
        match transport {
            Some(Transport::Rest) => *field != SUPABASE_DATABASE_URL,
            Some(Transport::Postgres) => *field != SUPABASE_KEY,
            None => true,
        }
    }
}

/// Why a configuration file could not be used.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    #[error("could not read `{}`", .path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is not text in UTF-8", .path.display())]
    NotText { path: PathBuf },
    #[error(transparent)]
    Wrong(Box<Complaints>),
}

impl LoadError {
    /// What to type next; complaints bring their own hints.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            LoadError::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound => {
                Some("`udsync init` sets a shop up; or name another file with `--config FILE`")
            }
            LoadError::Unreadable { .. } => Some("see that this user may read it"),
            LoadError::NotText { .. } => Some("save it again as UTF-8"),
            LoadError::Wrong(_) => None,
        }
    }
}

/// A configuration is some kilobytes.
pub(super) const FILE_MAX: u64 = 1_000_000;

/// Reads a configuration file.
pub fn load(path: &Path) -> Result<Config, LoadError> {
    let bytes = crate::files::read(path, FILE_MAX).map_err(|source| LoadError::Unreadable {
        path: path.to_owned(),
        source,
    })?;
    let text = String::from_utf8(bytes).map_err(|_| LoadError::NotText {
        path: path.to_owned(),
    })?;
    parse(&text, &path.to_string_lossy())
        .map(|config| Config {
            source_path: path.to_owned(),
            ..config
        })
        .map_err(|complaints| LoadError::Wrong(Box::new(complaints)))
}

/// Reads the text of a configuration; the name is that of its file.
pub fn parse(text: &str, name: &str) -> Result<Config, Complaints> {
    let (tree, syntax_errors) = DeTable::parse_recoverable(text);
    let mut reader = ConfigReader::new(text);
    let config = read(&mut reader, &ConfigSection::root(tree.get_ref()), name);
    let settings = finished(reader, &syntax_errors, name)?;
    Ok(Config { settings, ..config })
}

/// What was read of a file, or everything that is wrong with it.
fn finished(
    reader: ConfigReader<'_>,
    syntax_errors: &[SyntaxError],
    name: &str,
) -> Result<Vec<Setting>, Complaints> {
    let complaints = if syntax_errors.is_empty() {
        [reader.complaints, reader.missing].concat()
    } else {
        with_syntax(reader.text, syntax_errors, reader.complaints)
    };
    if complaints.is_empty() {
        Ok(reader.settings)
    } else {
        Err(Complaints::new(name, reader.text, complaints))
    }
}

/// Reads everything, whatever is wrong: what is wrong stands among the complaints, and then
/// nobody gets to see the configuration.
fn read<'t>(reader: &mut ConfigReader<'t>, root: &ConfigSection<'t>, name: &str) -> Config {
    reader.know(root, &table::keys("").unwrap_or_default());
    let shop = shop::read_shop(reader, root);
    Config {
        woocommerce: services::read_woocommerce(reader, root),
        quickbooks: services::read_quickbooks(reader, root),
        supabase: services::read_supabase(reader, root),
        stripe: services::read_stripe(reader, root),
        sync: shop::read_sync(reader, root),
        both: both::read_both(reader, root),
        rules: rules::read_rules(reader, root, &shop.name),
        mapping: shop::read_mapping(reader, root),
        notify: notify::read_notify(reader, root),
        unattended: shop::read_unattended(reader, root),
        serve: serve::read_serve(reader, root),
        privacy: shop::read_privacy(reader, root),
        settings: Vec::new(),
        source_path: PathBuf::from(name),
        shop,
    }
}

/// Joins mistakes of writing with mistakes of meaning, leaving out those of the second kind
/// that may only follow from the first.
fn with_syntax(
    text: &str,
    syntax_errors: &[SyntaxError],
    complaints: Vec<ConfigMistake>,
) -> Vec<ConfigMistake> {
    let mut all: Vec<ConfigMistake> = Vec::new();
    let line_of = |at: usize| place(text, at).0;
    for error in syntax_errors {
        let span = error.span().unwrap_or(text.len()..text.len());
        // The first on a line says it; the parser may stumble over the same thing again.
        if !all
            .iter()
            .any(|said| line_of(said.span.start) == line_of(span.start))
        {
            all.push(ConfigMistake {
                message: format!("this is not TOML: {}", error.message()),
                hint: None,
                span,
            });
        }
    }
    let broken: Vec<usize> = all.iter().map(|said| line_of(said.span.start)).collect();
    let in_heading = |line: &usize| {
        let heading = text.lines().nth(line - 1).unwrap_or_default();
        heading.trim_start().starts_with('[')
    };
    // After a broken heading, keys stand in sections where they do not belong.
    if !broken.iter().any(in_heading) {
        let elsewhere =
            |complaint: &ConfigMistake| !broken.contains(&line_of(complaint.span.start));
        all.extend(complaints.into_iter().filter(elsewhere));
    }
    all
}
