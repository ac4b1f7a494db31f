//! Credentials that come from the environment: the way of cron lines and CI.
//!
//! They never stand in the configuration file. Stored credentials are not read here.

use std::path::PathBuf;

use secrecy::{ExposeSecret, SecretString};

/// The variables, in the order in which they are shown.
pub const VARIABLES: &[&str] = &[
    WOOCOMMERCE_KEY,
    WOOCOMMERCE_SECRET,
    WOOCOMMERCE_WEBHOOK_SECRET,
    QUICKBOOKS_CLIENT_ID,
    QUICKBOOKS_CLIENT_SECRET,
    QUICKBOOKS_REFRESH_TOKEN,
    QUICKBOOKS_WEBHOOK_TOKEN,
    SUPABASE_KEY,
    SUPABASE_DATABASE_URL,
    KEY,
    NEW_KEY,
    PASSPHRASE,
    NEW_PASSPHRASE,
    NOTIFY_EMAIL_PASSWORD,
    NOTIFY_SLACK_URL,
    NOTIFY_WEBHOOK_SECRET,
];

/// What else is read: numbers and paths, which are no secret, and what only tests set.
pub const OTHER_VARIABLES: &[&str] = &[
    QUICKBOOKS_COMPANY_ID,
    KEY_FILE,
    "UDSYNC_FIRST_PAUSE_MS",
    "UDSYNC_GOLDEN_DIR",
];

const WOOCOMMERCE_KEY: &str = "UDSYNC_WOOCOMMERCE_KEY";
const WOOCOMMERCE_SECRET: &str = "UDSYNC_WOOCOMMERCE_SECRET";
const WOOCOMMERCE_WEBHOOK_SECRET: &str = "UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET";
const QUICKBOOKS_CLIENT_ID: &str = "UDSYNC_QUICKBOOKS_CLIENT_ID";
const QUICKBOOKS_CLIENT_SECRET: &str = "UDSYNC_QUICKBOOKS_CLIENT_SECRET";
const QUICKBOOKS_REFRESH_TOKEN: &str = "UDSYNC_QUICKBOOKS_REFRESH_TOKEN";
const QUICKBOOKS_WEBHOOK_TOKEN: &str = "UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN";
const SUPABASE_KEY: &str = "UDSYNC_SUPABASE_KEY";
const SUPABASE_DATABASE_URL: &str = "UDSYNC_SUPABASE_DATABASE_URL";
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
/// Not a secret: it also stands in the file, and the environment wins.
pub(super) const QUICKBOOKS_COMPANY_ID: &str = "UDSYNC_QUICKBOOKS_COMPANY_ID";

/// What the environment holds. A variable that is empty counts as not set.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub woocommerce_key: Option<SecretString>,
    pub woocommerce_secret: Option<SecretString>,
    /// The shop that the two are for, where that is known. Not of the environment.
    pub woocommerce_address: Option<String>,
    pub woocommerce_webhook_secret: Option<SecretString>,
    pub quickbooks_client_id: Option<SecretString>,
    pub quickbooks_client_secret: Option<SecretString>,
    pub quickbooks_refresh_token: Option<SecretString>,
    pub quickbooks_webhook_token: Option<SecretString>,
    /// The company's number, which is no secret.
    pub quickbooks_company_id: Option<String>,
    pub supabase_key: Option<SecretString>,
    pub supabase_database_url: Option<SecretString>,
    /// The project that the key is for, and the authority that goes with the address. Not of the environment.
    pub supabase_address: Option<String>,
    pub supabase_authority: Option<String>,
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
        if let (Some(key), Some(secret)) = (&self.woocommerce_key, &self.woocommerce_secret)
            && key.expose_secret().trim().starts_with("cs_")
            && secret.expose_secret().trim().starts_with("ck_")
        {
            std::mem::swap(&mut self.woocommerce_key, &mut self.woocommerce_secret);
        }
        if let (Some(id), Some(secret)) =
            (&self.quickbooks_client_id, &self.quickbooks_client_secret)
            && is_client_id(secret)
            && !is_client_id(id)
        {
            std::mem::swap(
                &mut self.quickbooks_client_id,
                &mut self.quickbooks_client_secret,
            );
        }
        self
    }

    pub fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Credentials {
        let secret = |name| variable(get, name).map(SecretString::from);
        Credentials {
            woocommerce_key: secret(WOOCOMMERCE_KEY),
            woocommerce_secret: secret(WOOCOMMERCE_SECRET),
            woocommerce_address: None,
            woocommerce_webhook_secret: secret(WOOCOMMERCE_WEBHOOK_SECRET),
            quickbooks_client_id: secret(QUICKBOOKS_CLIENT_ID),
            quickbooks_client_secret: secret(QUICKBOOKS_CLIENT_SECRET),
            quickbooks_refresh_token: secret(QUICKBOOKS_REFRESH_TOKEN),
            quickbooks_webhook_token: secret(QUICKBOOKS_WEBHOOK_TOKEN),
            quickbooks_company_id: variable(get, QUICKBOOKS_COMPANY_ID),
            supabase_key: secret(SUPABASE_KEY),
            supabase_database_url: secret(SUPABASE_DATABASE_URL),
            supabase_address: None,
            supabase_authority: None,
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
    /// The same, as if nothing were said of QuickBooks.
    pub fn without_quickbooks(&self) -> Credentials {
        Credentials {
            quickbooks_client_id: None,
            quickbooks_client_secret: None,
            quickbooks_refresh_token: None,
            quickbooks_company_id: None,
            ..self.clone()
        }
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
    Some(match (section, key) {
        ("woocommerce", "key" | "consumer_key" | "api_key") => WOOCOMMERCE_KEY,
        ("woocommerce", "secret" | "consumer_secret" | "api_secret" | "password") => {
            WOOCOMMERCE_SECRET
        }
        ("woocommerce", "webhook_secret") => WOOCOMMERCE_WEBHOOK_SECRET,
        ("quickbooks", "client_id") => QUICKBOOKS_CLIENT_ID,
        ("quickbooks", "client_secret" | "secret") => QUICKBOOKS_CLIENT_SECRET,
        ("quickbooks", "refresh_token" | "token") => QUICKBOOKS_REFRESH_TOKEN,
        ("quickbooks", "webhook_token") => QUICKBOOKS_WEBHOOK_TOKEN,
        (
            "supabase",
            "key" | "api_key" | "secret_key" | "secret" | "service_role_key" | "token",
        ) => SUPABASE_KEY,
        ("supabase", "database_url" | "password") => SUPABASE_DATABASE_URL,
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
    fn a_stray_newline_does_not_belong_to_a_secret() {
        let env = |name: &str| match name {
            "UDSYNC_WOOCOMMERCE_KEY" => Some("\u{feff} ck_1\r\n".to_owned()),
            "UDSYNC_WOOCOMMERCE_SECRET" => Some(" \n".to_owned()),
            "UDSYNC_QUICKBOOKS_COMPANY_ID" => Some("93\n".to_owned()),
            _ => None,
        };
        let found = Credentials::from_env(&env);
        let key = found
            .woocommerce_key
            .as_ref()
            .map(|key| key.expose_secret());
        assert_eq!(key, Some("ck_1"));
        assert!(found.woocommerce_secret.is_none());
        assert_eq!(found.quickbooks_company_id.as_deref(), Some("93"));
        assert!(!format!("{found:?}").contains("ck_1"));
    }

    #[test]
    fn every_variable_reaches_its_own_field() {
        let found = Credentials::from_env(&|name: &str| Some(name.to_owned()));
        let fields = [
            &found.woocommerce_key,
            &found.woocommerce_secret,
            &found.woocommerce_webhook_secret,
            &found.quickbooks_client_id,
            &found.quickbooks_client_secret,
            &found.quickbooks_refresh_token,
            &found.quickbooks_webhook_token,
            &found.supabase_key,
            &found.supabase_database_url,
            &found.key,
            &found.new_key,
            &found.passphrase,
            &found.new_passphrase,
            &found.notify_email_password,
            &found.notify_slack_url,
            &found.notify_webhook_secret,
        ];
        let names: Vec<&str> = fields
            .iter()
            .map(|field| field.as_ref().map_or("", |secret| secret.expose_secret()))
            .collect();
        assert_eq!(names, VARIABLES);
    }
}
