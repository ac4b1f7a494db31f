//! What `config show` prints: every effective value and where it comes from. Secrets are
//! only ever set or not set.

use serde::Serialize;

use super::credentials::{secret_variables, seen_by_shop, set_as, variable};
use super::setting::{Setting, SettingOrigin};
use super::table::row_of;
use super::{Config, locate};

/// What `config show` prints for machines.
#[derive(Serialize)]
pub struct ConfigDocument<'a> {
    schema: &'static str,
    values: Vec<ValueView<'a>>,
}

#[derive(Serialize)]
struct ValueView<'a> {
    key: &'a str,
    value: &'a str,
    origin: String,
}

/// The document of `config show`.
pub fn config_document(settings: &[Setting]) -> ConfigDocument<'_> {
    ConfigDocument {
        schema: "udsync/config/1",
        values: settings
            .iter()
            .map(|setting| ValueView {
                key: &setting.key,
                value: &setting.value,
                origin: setting.origin.to_string(),
            })
            .collect(),
    }
}

/// Lists the configuration as it works here and now.
pub fn show(config: &Config, env: &dyn Fn(&str) -> Option<String>) -> Vec<Setting> {
    let seen = |name: &str| seen_by_shop(env, &config.shop.name, false, name);
    let mut settings = config.settings.clone();
    for setting in &mut settings {
        let row = row_of(&setting.key);
        if let Some(name) = row.and_then(|row| row.variable) {
            from_env(env, &config.shop.name, name, setting);
        }
        let is_environment = matches!(setting.origin, SettingOrigin::Environment { .. });
        // People look for the state file: it is shown with its whole path.
        if setting.key == "shop.state"
            && !is_environment
            && let Ok(path) = locate::state_path(config, None, env)
        {
            setting.value = path.display().to_string();
        }
    }
    settings.extend(secret_variables().map(|variable_name| {
        let is_set = variable(&seen, variable_name).is_some();
        let own = set_as(env, &config.shop.name, variable_name);
        Setting {
            key: own.clone(),
            value: if is_set {
                "set (environment)"
            } else {
                "not set"
            }
            .to_owned(),
            origin: if is_set {
                SettingOrigin::Environment { variable: own }
            } else {
                SettingOrigin::Default
            },
        }
    }));
    settings
}

fn from_env(
    env: &dyn Fn(&str) -> Option<String>,
    shop: &str,
    name: &'static str,
    setting: &mut Setting,
) {
    let seen = |name: &str| seen_by_shop(env, shop, false, name);
    if let Some(value) = variable(&seen, name) {
        setting.value = value;
        setting.origin = SettingOrigin::Environment {
            variable: set_as(env, shop, name),
        };
    }
}
