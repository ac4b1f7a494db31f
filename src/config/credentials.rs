//! Credentials that come from the environment: the way of cron lines and CI.
//!
//! They never stand in the configuration file. Stored credentials are not read here.

use std::collections::BTreeMap;
use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

use crate::model::service::{
    CredentialField, FieldUse, QUICKBOOKS_CLIENT_ID, QUICKBOOKS_CLIENT_SECRET,
    QUICKBOOKS_COMPANY_ID, QUICKBOOKS_REFRESH_TOKEN, Service, WOOCOMMERCE_KEY, WOOCOMMERCE_SECRET,
};

/// What of the environment is secret and belongs to no service.
const OURS: [&str; 7] = [
    KEY,
    NEW_KEY,
    PASSPHRASE,
    NEW_PASSPHRASE,
    NOTIFY_EMAIL_PASSWORD,
    NOTIFY_SLACK_URL,
    NOTIFY_WEBHOOK_SECRET,
];

/// What else is read: paths, which are no secret, and what only tests set.
const OTHERS: [&str; 3] = [KEY_FILE, "UDSYNC_FIRST_PAUSE_MS", "UDSYNC_GOLDEN_DIR"];

/// The variables that hold a secret, in the order in which they are shown: those of the services first.
pub fn secret_variables() -> impl Iterator<Item = &'static str> {
    let fields = Service::ALL
        .into_iter()
        .flat_map(|service| service.row().fields);
    let secret = fields.filter(|field| field.is_secret);
    secret.map(|field| field.variable).chain(OURS)
}

/// What else is read: numbers and paths.
pub fn other_variables() -> impl Iterator<Item = &'static str> {
    let fields = Service::ALL
        .into_iter()
        .flat_map(|service| service.row().fields);
    let open = fields.filter(|field| !field.is_secret);
    open.map(|field| field.variable).chain(OTHERS)
}

/// What every variable of ours begins with.
const PREFIX: &str = "UDSYNC_";

/// The name of a variable that one shop has for itself: `UDSYNC_AURORA__WOOCOMMERCE_KEY`.
pub fn variable_of_shop(shop: &str, variable: &str) -> Option<String> {
    let rest = variable.strip_prefix(PREFIX)?;
    let shop = shop.to_uppercase().replace('-', "_");
    Some(format!("{PREFIX}{shop}__{rest}"))
}

/// The name under which a variable is set for a shop: its own, where that is set, else the one for all.
pub fn set_as(get: &dyn Fn(&str) -> Option<String>, shop: &str, name: &str) -> String {
    variable_of_shop(shop, name)
        .filter(|own| variable(get, own).is_some())
        .unwrap_or_else(|| name.to_owned())
}

/// The variable that a name of this form stands for, and the shop in it as it is written there.
pub fn shop_and_variable(name: &str) -> Option<(&str, String)> {
    let (shop, rest) = name.strip_prefix(PREFIX)?.split_once("__")?;
    let is_shop = !shop.is_empty()
        && shop
            .chars()
            .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_');
    is_shop.then(|| (shop, format!("{PREFIX}{rest}")))
}

/// A variable as one shop sees it: its own goes before the one for all, and half a pair of its own is not completed with half a pair of
/// another's. `among_many`: what belongs to one shop alone is then taken from its own variables only, because the key of one shop must
/// not be shown to the others.
pub fn seen_by_shop(
    get: &dyn Fn(&str) -> Option<String>,
    shop: &str,
    among_many: bool,
    name: &str,
) -> Option<String> {
    let own = |name: &str| variable(get, &variable_of_shop(shop, name)?);
    if let Some(value) = own(name) {
        return Some(value);
    }
    let kept = Service::ALL
        .into_iter()
        .flat_map(|service| service.row().kept);
    let mut together = kept
        .filter(|kept| kept.fields.iter().any(|field| field.variable == name))
        .flat_map(|kept| kept.fields);
    if together.any(|field| own(field.variable).is_some()) {
        return None;
    }
    if among_many && is_of_one_shop(name) {
        return None;
    }
    get(name)
}

/// The app at Intuit, the database and the key to what is stored may be the same for several shops. These never are.
fn is_of_one_shop(name: &str) -> bool {
    let mut of_shop = Service::SHOP.row().fields.iter();
    of_shop.any(|field| field.variable == name)
        || [
            QUICKBOOKS_REFRESH_TOKEN.variable,
            QUICKBOOKS_COMPANY_ID.variable,
        ]
        .contains(&name)
}

/// The variables that are one shop's.
pub fn of_one_shop() -> impl Iterator<Item = &'static str> {
    let fields = Service::ALL
        .into_iter()
        .flat_map(|service| service.row().fields);
    let names = fields.map(|field| field.variable);
    names.filter(|name| is_of_one_shop(name))
}

/// What is set for one shop and has no say where there are several.
pub fn set_for_one(get: &dyn Fn(&str) -> Option<String>) -> Vec<&'static str> {
    of_one_shop()
        .filter(|name| variable(get, name).is_some())
        .collect()
}

const KEY: &str = "UDSYNC_KEY";
const NEW_KEY: &str = "UDSYNC_NEW_KEY";
const PASSPHRASE: &str = "UDSYNC_PASSPHRASE";
const NEW_PASSPHRASE: &str = "UDSYNC_NEW_PASSPHRASE";
/// Paths, which are no secret.
const KEY_FILE: &str = "UDSYNC_KEY_FILE";
const CREDENTIALS_DIRECTORY: &str = "CREDENTIALS_DIRECTORY";
const NOTIFY_EMAIL_PASSWORD: &str = "UDSYNC_NOTIFY_EMAIL_PASSWORD";
const NOTIFY_SLACK_URL: &str = "UDSYNC_NOTIFY_SLACK_URL";
const NOTIFY_WEBHOOK_SECRET: &str = "UDSYNC_NOTIFY_WEBHOOK_SECRET";

/// What the environment holds. A variable that is empty counts as not set.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    /// What the services are let in by, by variable.
    of_services: BTreeMap<&'static str, SecretString>,
    /// Of what is stored: the address or authority that it was stored with, and goes to no other. Not of the environment.
    bound: BTreeMap<&'static str, String>,
    /// Unlocks the stored credentials where there is no keyring.
    pub key: Option<SecretString>,
    pub notify_email_password: Option<SecretString>,
    /// Whoever knows the address may post there.
    pub notify_slack_url: Option<SecretString>,
    /// Signs what is posted to a webhook of one's own.
    pub notify_webhook_secret: Option<SecretString>,
    /// The key that shall take its place.
    pub new_key: Option<SecretString>,
    /// What the key is made of, where somebody chose that.
    pub passphrase: Option<SecretString>,
    pub new_passphrase: Option<SecretString>,
    /// A file that holds the key.
    pub key_file: Option<PathBuf>,
    /// The folder in which systemd hands over credentials.
    pub credentials_folder: Option<PathBuf>,
}

/// What Intuit calls the id of an app begins so and is longer than its secret.
fn is_client_id(text: &SecretString) -> bool {
    const SHORTEST: usize = 45;
    let text = text.expose_secret().trim();
    text.len() >= SHORTEST && text.starts_with("AB")
}

impl Credentials {
    /// Puts the halves of a pair that were given the other way round where they belong. Their looks tell them apart, and a refusal by
    /// the service would not say what is wrong.
    pub fn in_order(mut self) -> Credentials {
        let starts = |text: &SecretString, with| text.expose_secret().trim().starts_with(with);
        self.swap_if(&WOOCOMMERCE_KEY, &WOOCOMMERCE_SECRET, |key, secret| {
            starts(key, "cs_") && starts(secret, "ck_")
        });
        self.swap_if(
            &QUICKBOOKS_CLIENT_ID,
            &QUICKBOOKS_CLIENT_SECRET,
            |id, secret| is_client_id(secret) && !is_client_id(id),
        );
        self
    }

    fn swap_if(
        &mut self,
        one: &'static CredentialField,
        other: &'static CredentialField,
        are_swapped: impl Fn(&SecretString, &SecretString) -> bool,
    ) {
        if let (Some(first), Some(second)) = (self.of(one).cloned(), self.of(other).cloned())
            && are_swapped(&first, &second)
        {
            self.put(one, second);
            self.put(other, first);
        }
    }

    pub fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Credentials {
        let secret = |name| variable(get, name).map(SecretString::from);
        Credentials {
            of_services: Service::ALL
                .into_iter()
                .flat_map(|service| service.row().fields)
                .filter_map(|field| Some((field.variable, secret(field.variable)?)))
                .collect(),
            bound: BTreeMap::new(),
            key: secret(KEY),
            notify_email_password: secret(NOTIFY_EMAIL_PASSWORD),
            notify_slack_url: secret(NOTIFY_SLACK_URL),
            notify_webhook_secret: secret(NOTIFY_WEBHOOK_SECRET),
            new_key: secret(NEW_KEY),
            passphrase: secret(PASSPHRASE),
            new_passphrase: secret(NEW_PASSPHRASE),
            key_file: variable(get, KEY_FILE).map(PathBuf::from),
            credentials_folder: variable(get, CREDENTIALS_DIRECTORY).map(PathBuf::from),
        }
        .in_order()
    }
}

impl Credentials {
    /// What is given for a field.
    pub fn of(&self, field: &CredentialField) -> Option<&SecretString> {
        self.of_services.get(field.variable)
    }

    pub fn has(&self, field: &CredentialField) -> bool {
        self.of_services.contains_key(field.variable)
    }

    /// The text of a field that is no secret.
    pub fn open_text(&self, field: &CredentialField) -> Option<&str> {
        let text = self.of(field).filter(|_| !field.is_secret)?;
        Some(text.expose_secret())
    }

    pub fn put(&mut self, field: &CredentialField, value: impl Into<SecretString>) {
        self.of_services.insert(field.variable, value.into());
    }

    /// These alone.
    pub fn with<const N: usize>(given: [(&CredentialField, SecretString); N]) -> Credentials {
        let of_services = given.map(|(field, value)| (field.variable, value));
        Credentials {
            of_services: of_services.into(),
            ..Credentials::default()
        }
    }

    /// Where what is given for a field may go, and nowhere else. `None`: wherever the configuration says.
    pub fn bound_to(&self, field: &CredentialField) -> Option<&str> {
        self.bound.get(field.variable).map(String::as_str)
    }

    pub fn bind(&mut self, field: &CredentialField, to: Option<String>) {
        match to {
            Some(to) => self.bound.insert(field.variable, to),
            None => self.bound.remove(field.variable),
        };
    }

    /// The same, as if nothing were said of what a service is asked with.
    pub fn without(&self, service: Service) -> Credentials {
        let mut rest = self.clone();
        let fields = service.row().fields.iter();
        for field in fields.filter(|field| field.use_for != FieldUse::Webhooks) {
            rest.of_services.remove(field.variable);
        }
        rest
    }
}

/// A variable without what surrounds it: a newline at the end of a secret comes from
/// `echo` and files, and makes a header that cannot be sent.
pub(super) fn variable(get: &dyn Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    let value = get(name)?;
    // Some shells put a byte order mark before what they pipe.
    let value = value.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    (!value.is_empty()).then(|| value.to_owned())
}

/// The variable that holds what somebody wrote into a section of the file.
pub(super) fn variable_for(section: &str, key: &str) -> Option<&'static str> {
    if let Some(service) = Service::from_word(section) {
        return service.field(key).map(|field| field.variable);
    }
    Some(match (section, key) {
        ("notify.email", "password" | "pass" | "secret") => NOTIFY_EMAIL_PASSWORD,
        ("notify.slack", "url" | "webhook" | "webhook_url" | "token") => NOTIFY_SLACK_URL,
        ("notify.webhook", "secret" | "key" | "token") => NOTIFY_WEBHOOK_SECRET,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_shop_has_its_own_variables_and_no_key_of_another() {
        let env = |name: &str| match name {
            "UDSYNC_WOOCOMMERCE_KEY" => Some("ck_all".to_owned()),
            "UDSYNC_WOOCOMMERCE_SECRET" => Some("cs_all".to_owned()),
            "UDSYNC_QUICKBOOKS_CLIENT_ID" => Some("app".to_owned()),
            "UDSYNC_AURORA_NORTH__WOOCOMMERCE_KEY" => Some("ck_own\n".to_owned()),
            _ => None,
        };
        let seen = |shop: &str, many: bool, name: &str| seen_by_shop(&env, shop, many, name);
        let own = Some("ck_own".to_owned());
        assert_eq!(seen("aurora-north", false, "UDSYNC_WOOCOMMERCE_KEY"), own);
        // Half a pair is a mistake to be told, and not to be mixed with another shop's half.
        assert_eq!(
            seen("aurora-north", false, "UDSYNC_WOOCOMMERCE_SECRET"),
            None
        );
        let all = Some("ck_all".to_owned());
        assert_eq!(seen("borealis", false, "UDSYNC_WOOCOMMERCE_KEY"), all);
        assert_eq!(seen("borealis", true, "UDSYNC_WOOCOMMERCE_KEY"), None);
        let app = Some("app".to_owned());
        assert_eq!(seen("borealis", true, "UDSYNC_QUICKBOOKS_CLIENT_ID"), app);
        assert_eq!(
            set_for_one(&env),
            ["UDSYNC_WOOCOMMERCE_KEY", "UDSYNC_WOOCOMMERCE_SECRET"]
        );
        assert_eq!(
            shop_and_variable("UDSYNC_AURORA_NORTH__WOOCOMMERCE_KEY"),
            Some(("AURORA_NORTH", "UDSYNC_WOOCOMMERCE_KEY".to_owned()))
        );
        assert_eq!(shop_and_variable("UDSYNC_KEY"), None);
    }

    #[test]
    fn a_stray_newline_does_not_belong_to_a_secret() {
        let env = |name: &str| match name {
            "UDSYNC_WOOCOMMERCE_KEY" => Some("\u{feff} ck_1\r\n".to_owned()),
            "UDSYNC_WOOCOMMERCE_SECRET" => Some(" \n".to_owned()),
            "UDSYNC_QUICKBOOKS_COMPANY_ID" => Some("93\n".to_owned()),
            _ => None,
        };
        let found = Credentials::from_env(&env);
        let key = found.of(&WOOCOMMERCE_KEY).map(|key| key.expose_secret());
        assert_eq!(key, Some("ck_1"));
        assert!(!found.has(&WOOCOMMERCE_SECRET));
        assert_eq!(found.open_text(&QUICKBOOKS_COMPANY_ID), Some("93"));
        assert_eq!(found.open_text(&WOOCOMMERCE_KEY), None);
        assert!(!format!("{found:?}").contains("ck_1"));
    }

    #[test]
    fn every_variable_reaches_its_own_field() {
        let found = Credentials::from_env(&|name: &str| Some(name.to_owned()));
        let fields = Service::ALL
            .into_iter()
            .flat_map(|service| service.row().fields)
            .filter(|field| field.is_secret);
        let ours = [
            &found.key,
            &found.new_key,
            &found.passphrase,
            &found.new_passphrase,
            &found.notify_email_password,
            &found.notify_slack_url,
            &found.notify_webhook_secret,
        ];
        let names: Vec<&str> = fields
            .map(|field| found.of(field))
            .chain(ours.map(Option::as_ref))
            .map(|field| field.map_or("", |secret| secret.expose_secret()))
            .collect();
        assert_eq!(names, secret_variables().collect::<Vec<_>>());
    }
}
