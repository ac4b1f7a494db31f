//! The sections about the shop itself, what is kept in step, and mappings.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::Duration;

use chrono::NaiveDate;
use toml::de::DeValue;

use crate::model::service::Service;

use super::reader::{ConfigReader, ConfigSection};
use super::values::{ReadValue, day, flag, path, text, word, wrong};

/// The longest name of a shop; it is part of every marker.
const SHOP_NAME_MAX: usize = 40;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShopSettings {
    /// Names the state file, the lock and the credentials.
    pub name: String,
    /// As the file says it: relative to the file. See [`super::state_path`].
    pub state: Option<PathBuf>,
}

/// What is kept in step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sync {
    /// What is named, else what has a section.
    pub to: Vec<Service>,
    /// More changes than this need consent.
    pub confirm_over: usize,
    /// A long reading that needs no question is planned and posted so many orders at a time.
    pub orders_at_once: usize,
    /// A record that fails so often in a row is parked: it waits for a person, or for its order to change.
    pub max_attempts: u32,
    /// What the file says of single entities.
    pub entities: BTreeMap<String, EntitySync>,
}

impl Sync {
    /// Where the records of an entity go.
    pub fn targets(&self, entity: &str) -> &[Service] {
        self.entities.get(entity).map_or(&self.to, |own| &own.to)
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntitySync {
    /// As in [`Sync::to`], unless the entity has its own; nothing where it is switched off.
    pub to: Vec<Service>,
    /// Only records in these states; all if there are none.
    pub statuses: Vec<String>,
    /// Only records since the beginning of this day.
    pub start_date: Option<NaiveDate>,
}

/// What runs may do that nobody watches: schedules, and whatever else starts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unattended {
    /// A run with more changes than this stops and waits for a person.
    pub max_changes: usize,
    /// Documents may be voided and deleted. Otherwise such an order is held until a person agrees.
    pub voids: bool,
}

/// What the state file keeps of people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Privacy {
    /// For so long after they are settled the bodies of requests are kept.
    pub keep_bodies: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MappingSettings {
    /// Relative to the configuration file; it need not exist.
    pub folder: PathBuf,
}

pub(super) fn read_shop<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> ShopSettings {
    let section = reader.section(root, "shop");
    ShopSettings {
        name: reader
            .require(&section, "name", shop_name)
            .unwrap_or_default(),
        state: reader.get(&section, "state", path),
    }
}

pub(super) fn is_shop_name(name: &str) -> bool {
    (1..=SHOP_NAME_MAX).contains(&name.len())
        && name
            .bytes()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == b'-')
}

/// What is wrong with a name, for whoever has just typed it.
pub fn name_trouble(name: &str) -> Option<String> {
    let wrong = !is_shop_name(name);
    wrong.then(|| {
        format!(
            "`{name}` cannot be the short name: it must be 1 to {SHOP_NAME_MAX} of a-z, 0-9 and `-`"
        )
    })
}

fn shop_name(value: &DeValue) -> ReadValue<String> {
    let name = text(value)?;
    if is_shop_name(&name) {
        return Ok(name);
    }
    let guess: String = name
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(SHOP_NAME_MAX)
        .collect();
    let guess = guess.trim_matches('-');
    let hint = is_shop_name(guess).then(|| format!("write `\"{guess}\"`"));
    wrong("must be 1 to 40 of a-z, 0-9 and `-`", hint)
}

const TARGETS: [&str; 2] = [Service::TARGETS[0].as_str(), Service::TARGETS[1].as_str()];
const ENTITIES: [&str; 5] = ["orders", "customers", "products", "refunds", "inventory"];

pub(super) fn read_sync<'t>(reader: &mut ConfigReader<'t>, root: &ConfigSection<'t>) -> Sync {
    let section = reader.section(root, "sync");
    let target = |value: &DeValue| {
        let target = word(&TARGETS, |name| {
            let mut known = Service::TARGETS.into_iter();
            known.find(|target| target.as_str() == name)
        })(value)?;
        if root.value(target.as_str()).is_none() {
            let hint = format!("add the section, or take `{target}` out");
            return wrong(format!("needs a section `[{target}]`"), Some(hint));
        }
        Ok(target)
    };
    let to = match read_targets(reader, &section, target, true) {
        Some(to) => to,
        None => {
            let targets = Service::TARGETS.into_iter();
            let to: Vec<Service> = targets
                .filter(|target| root.value(target.as_str()).is_some())
                .collect();
            if section.value("to").is_none() {
                let names: Vec<&str> = to.iter().map(|target| target.as_str()).collect();
                reader.note_default(&section, "to", names.join(", "));
            }
            to
        }
    };
    let confirm_over = reader.count(&section, "confirm_over");
    let orders_at_once = reader.count(&section, "orders_at_once");
    let max_attempts = reader.count(&section, "max_attempts");
    let mut entities = BTreeMap::new();
    for name in ENTITIES {
        let entity = reader.section(&section, name);
        if !entity.is_there() {
            continue;
        }
        let own = EntitySync {
            to: read_targets(reader, &entity, target, false).unwrap_or_else(|| to.clone()),
            statuses: reader.list_or(&entity, "statuses", status),
            start_date: reader.get(&entity, "start_date", day),
        };
        entities.insert(name.to_owned(), own);
    }
    Sync {
        to,
        confirm_over,
        orders_at_once,
        max_attempts,
        entities,
    }
}

fn read_targets<'t>(
    reader: &mut ConfigReader<'t>,
    section: &ConfigSection<'t>,
    target: impl Fn(&DeValue) -> ReadValue<Service>,
    needs_one: bool,
) -> Option<Vec<Service>> {
    let to = reader.list(section, "to", target)?;
    let value = section.value("to")?;
    let is_empty = value
        .get_ref()
        .as_array()
        .is_some_and(|list| list.is_empty());
    let once: BTreeSet<&Service> = to.iter().collect();
    if is_empty && needs_one {
        let message = format!("`{}` must name a target", section.full("to"));
        let hint = format!("it can hold `{}`", TARGETS.join("` and `"));
        reader.complain(value.span(), message, Some(hint));
    } else if once.len() < to.len() {
        let message = format!("`{}` names a target twice", section.full("to"));
        reader.complain(value.span(), message, Some("take one out".to_owned()));
    }
    Some(to)
}

/// A status by its slug. The set is open: plugins bring their own.
pub(super) fn status(value: &DeValue) -> ReadValue<String> {
    status_slug(&text(value)?)
}

pub(super) fn status_slug(slug: &str) -> ReadValue<String> {
    if let Some(bare) = slug.strip_prefix("wc-") {
        return wrong(
            "must be a status without the `wc-` of the shop's database",
            Some(format!("write `{}`", bare.trim())),
        );
    }
    let is_slug = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if slug.is_empty() || !slug.chars().all(is_slug) {
        let hint = "it has small letters and `-`, such as `on-hold`".to_owned();
        return wrong("must be the slug of a status", Some(hint));
    }
    Ok(slug.to_owned())
}

/// Consent is given by writing the section; without it a run that needs consent stops.
pub(super) fn read_unattended<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> Option<Unattended> {
    let section = reader.section(root, "unattended");
    section.is_there().then(|| Unattended {
        max_changes: reader.count(&section, "max_changes"),
        voids: reader.or(&section, "voids", flag),
    })
}

pub(super) fn read_privacy<'t>(reader: &mut ConfigReader<'t>, root: &ConfigSection<'t>) -> Privacy {
    let section = reader.section(root, "privacy");
    Privacy {
        keep_bodies: reader.duration(&section, "keep_bodies"),
    }
}

pub(super) fn read_mapping<'t>(
    reader: &mut ConfigReader<'t>,
    root: &ConfigSection<'t>,
) -> MappingSettings {
    let section = reader.section(root, "mapping");
    MappingSettings {
        folder: reader.or(&section, "folder", path),
    }
}
