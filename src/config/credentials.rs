//! Credentials that come from the environment: the way of cron lines and CI.
//!
//! They never stand in the configuration file. Stored credentials are not read here.

use secrecy::SecretString;

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
/// Not a secret: it also stands in the file, and the environment wins.
pub(super) const QUICKBOOKS_COMPANY_ID: &str = "UDSYNC_QUICKBOOKS_COMPANY_ID";

/// What the environment holds. A variable that is empty counts as not set.
#[derive(Clone, Debug, Default)]
pub struct Credentials {
    pub woocommerce_key: Option<SecretString>,
    pub woocommerce_secret: Option<SecretString>,
    pub woocommerce_webhook_secret: Option<SecretString>,
    pub quickbooks_client_id: Option<SecretString>,
    pub quickbooks_client_secret: Option<SecretString>,
    pub quickbooks_refresh_token: Option<SecretString>,
    pub quickbooks_webhook_token: Option<SecretString>,
    /// The company's number, which is no secret.
    pub quickbooks_company_id: Option<String>,
    pub supabase_key: Option<SecretString>,
    pub supabase_database_url: Option<SecretString>,
    /// Unlocks the stored credentials where there is no keyring.
    pub key: Option<SecretString>,
}

impl Credentials {
    pub fn from_env(get: &dyn Fn(&str) -> Option<String>) -> Credentials {
        let secret = |name| variable(get, name).map(SecretString::from);
        Credentials {
            woocommerce_key: secret(WOOCOMMERCE_KEY),
            woocommerce_secret: secret(WOOCOMMERCE_SECRET),
            woocommerce_webhook_secret: secret(WOOCOMMERCE_WEBHOOK_SECRET),
            quickbooks_client_id: secret(QUICKBOOKS_CLIENT_ID),
            quickbooks_client_secret: secret(QUICKBOOKS_CLIENT_SECRET),
            quickbooks_refresh_token: secret(QUICKBOOKS_REFRESH_TOKEN),
            quickbooks_webhook_token: secret(QUICKBOOKS_WEBHOOK_TOKEN),
            quickbooks_company_id: variable(get, QUICKBOOKS_COMPANY_ID),
            supabase_key: secret(SUPABASE_KEY),
            supabase_database_url: secret(SUPABASE_DATABASE_URL),
            key: secret(KEY),
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
        ];
        let names: Vec<&str> = fields
            .iter()
            .map(|field| field.as_ref().map_or("", |secret| secret.expose_secret()))
            .collect();
        assert_eq!(names, VARIABLES);
    }
}
