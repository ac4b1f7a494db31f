//! Keys of the REST API: which of its several kinds somebody has given, told before anything is sent.
//!
//! Only a secret key reaches the tables: the public kinds are made for browsers, see no row, and say so in no error. What a key
//! claims is read and not verified; that is for the server.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::trouble;
use crate::model::fault::Fault;

/// A key that may do the work.
pub(super) struct ApiKey {
    pub text: SecretString,
    pub kind: ApiKeyKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ApiKeyKind {
    /// `sb_secret_…`: the gateway changes it into a role.
    Secret,
    /// The older kind, a token that is signed in as well.
    Token,
}

#[derive(Deserialize)]
struct Claims {
    #[serde(default)]
    role: String,
    /// The project that it belongs to.
    #[serde(default, rename = "ref")]
    project: String,
    exp: Option<i64>,
}

impl ApiKey {
    /// Reads a key. `project` is the one of the address, where the address tells.
    pub fn read(
        given: &SecretString,
        project: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<ApiKey, Fault> {
        let text = given.expose_secret().trim();
        let kind = if text.starts_with("sb_secret_") {
            ApiKeyKind::Secret
        } else if text.starts_with("sb_publishable_") {
            return Err(trouble::public_key("a publishable key"));
        } else if text.starts_with("sbp_") {
            return Err(trouble::no_key("an access token of an account"));
        } else if text.starts_with("postgres") {
            return Err(trouble::no_key("the address of a database"));
        } else {
            let claims = claims(text).ok_or_else(|| trouble::no_key("something else"))?;
            check(&claims, project, now)?;
            ApiKeyKind::Token
        };
        Ok(ApiKey {
            text: text.to_owned().into(),
            kind,
        })
    }
}

fn claims(text: &str) -> Option<Claims> {
    let mut parts = text.split('.');
    let (_, claims, _) = (parts.next()?, parts.next()?, parts.next()?);
    let bytes = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

fn check(claims: &Claims, project: Option<&str>, now: DateTime<Utc>) -> Result<(), Fault> {
    if matches!(claims.role.as_str(), "anon" | "authenticated") {
        return Err(trouble::public_key("the `anon` key"));
    }
    if claims.exp.is_some_and(|exp| exp <= now.timestamp()) {
        return Err(trouble::key_expired());
    }
    if let Some(project) = project
        && !claims.project.is_empty()
        && claims.project != project
    {
        return Err(trouble::key_of_another_project(&claims.project, project));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;

    use super::*;

    const OWN: &str = "abcdefghijklmnopqrst";

    fn token(claims: &str) -> String {
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let head = part(r#"{"alg":"HS256","typ":"JWT"}"#);
        format!("{head}.{}.c2lnbmF0dXJl", part(claims))
    }

    fn read(text: &str) -> Result<ApiKeyKind, Fault> {
        let now = Utc
            .timestamp_opt(1_795_217_457, 0)
            .single()
            .expect("a time");
        ApiKey::read(&text.to_owned().into(), Some(OWN), now).map(|key| key.kind)
    }

    #[test]
    fn both_kinds_of_secret_key_are_taken() {
        assert_eq!(
            read(" sb_secret_abc123\n").expect("taken"),
            ApiKeyKind::Secret
        );
        let older = token(&format!(
            r#"{{"iss":"supabase","ref":"{OWN}","role":"service_role","exp":2000000000}}"#
        ));
        assert_eq!(read(&older).expect("taken"), ApiKeyKind::Token);
        // A server of one's own may have a role of another name.
        assert_eq!(
            read(&token(r#"{"role":"udsync"}"#)).expect("taken"),
            ApiKeyKind::Token
        );
    }

    #[test]
    fn what_is_no_secret_key_is_told_for_what_it_is() {
        for (key, code, words) in [
            (
                "sb_publishable_abc".to_owned(),
                "database_key_public",
                "a publishable key",
            ),
            (
                token(r#"{"role":"anon"}"#),
                "database_key_public",
                "the `anon` key",
            ),
            (
                token(r#"{"role":"service_role","exp":1600000000}"#),
                "database_key_expired",
                "time of this key",
            ),
            (
                token(r#"{"role":"service_role","ref":"zzzzzzzzzzzzzzzzzzzz"}"#),
                "database_key_refused",
                "belongs to the project `zzzzzzzzzzzzzzzzzzzz`",
            ),
            (
                "sbp_0123".to_owned(),
                "database_key_unusable",
                "access token of an account",
            ),
            (
                "postgresql://me:p@host/db".to_owned(),
                "database_key_unusable",
                "address of a database",
            ),
            (
                "hello".to_owned(),
                "database_key_unusable",
                "something else",
            ),
        ] {
            let fault = read(&key).expect_err(words);
            assert_eq!(fault.code, code, "{fault}");
            assert!(fault.said.contains(words), "{fault}");
            assert!(
                fault
                    .hint
                    .expect("a hint")
                    .contains("Project Settings > API Keys")
            );
        }
    }
}
