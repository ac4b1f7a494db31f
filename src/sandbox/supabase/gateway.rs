//! The gateway: which key opens the door, and as whom one goes through it.
//!
//! Keys of the new kind (`sb_secret_…`, `sb_publishable_…`) are no tokens and go into `apikey` alone; a key of the old kind
//! is a token that must be signed in with as well. Signatures are not checked: a token is known, or it is not.

use axum::http::HeaderMap;
use serde::{Deserialize, Serialize};

use super::answer::DatabaseAnswer;
use super::fault::DatabaseFault;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatabaseRole {
    Anon,
    ServiceRole,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseKey {
    pub key: String,
    #[serde(default = "service")]
    pub role: DatabaseRole,
    /// A token whose time is over.
    #[serde(default)]
    pub expired: bool,
}

fn service() -> DatabaseRole {
    DatabaseRole::ServiceRole
}

/// As whom the request goes on, or why it does not.
pub fn admit(
    keys: &[DatabaseKey],
    headers: &HeaderMap,
    in_url: Option<&str>,
    modern: bool,
) -> Result<DatabaseRole, DatabaseAnswer> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(given) = header("apikey").or(in_url) else {
        return Err(DatabaseAnswer::gateway(
            401,
            "No API key found in request",
            "No `apikey` request header or url param was found.",
        ));
    };
    let Some(key) = keys.iter().find(|key| key.key == given) else {
        return Err(unknown());
    };
    let browser = header("user-agent").is_some_and(|agent| agent.starts_with("Mozilla/"));
    if given.starts_with("sb_secret_") && browser {
        return Err(DatabaseAnswer::gateway(
            401,
            "Forbidden use of secret API key in browser",
            "Secret API keys can only be used in a protected environment and should never be used in a browser.",
        ));
    }
    let new_kind = given.starts_with("sb_");
    match header("authorization").and_then(|value| value.strip_prefix("Bearer ")) {
        Some(bearer) if bearer.starts_with("sb_") => {
            if bearer == given {
                Ok(key.role)
            } else {
                Err(unknown())
            }
        }
        Some(token) => match keys.iter().find(|key| key.key == token) {
            Some(known) if known.expired => Err(expired(modern)),
            Some(known) => Ok(known.role),
            None => Err(
                DatabaseFault::rest(401, "PGRST301", "JWSError JWSInvalidSignature").answer(true),
            ),
        },
        None if new_kind => Ok(key.role),
        // Nobody signed in.
        None => Ok(DatabaseRole::Anon),
    }
}

pub fn expired(modern: bool) -> DatabaseAnswer {
    let code = if modern { "PGRST303" } else { "PGRST301" };
    DatabaseFault::rest(401, code, "JWT expired").answer(true)
}

fn unknown() -> DatabaseAnswer {
    DatabaseAnswer::gateway(
        401,
        "Invalid API key",
        "Double check your Supabase `anon` or `service_role` API key.",
    )
}
