//! Users: who may come in, with what, and until when.

use chrono::{DateTime, Duration, Utc};
use rusqlite::{OptionalExtension, Row, Transaction, params};
use subtle::ConstantTimeEq;

use super::super::columns::{json, read_json, read_time, read_word, time, word};
use super::super::error::{SqlTrouble, StoreError};
use super::AccessFile;
use crate::model::access::{AccessRole, AllowedShops, User};

/// Between two notes of when somebody was here last.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// Somebody to be let in.
#[derive(Clone, Debug)]
pub struct NewUser {
    pub name: String,
    pub role: AccessRole,
    pub shops: AllowedShops,
    pub ends_at: Option<DateTime<Utc>>,
    pub token_hash: Option<String>,
}

impl AccessFile {
    /// `false` if there is somebody of this name already, who is left as they are. Invitations of the name end: whoever holds one was
    /// invited to what it says, and not to what is given now.
    pub fn add_user(&self, user: &NewUser, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.write(|change| {
            let added = change.execute(
                "INSERT INTO users (name, role, shops, ends_at, token_hash, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO NOTHING",
                params![
                    user.name,
                    word(user.role),
                    json(&user.shops),
                    user.ends_at.map(time),
                    user.token_hash,
                    time(now),
                ],
            )?;
            if added > 0 {
                end_invitations(change, &user.name, now)?;
            }
            Ok(added > 0)
        })
    }

    /// Everybody, by name.
    pub fn users(&self) -> Result<Vec<User>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT * FROM users ORDER BY name")?;
            let users = ask.query_and_then([], read_user)?;
            users.collect()
        })
    }

    pub fn user(&self, name: &str) -> Result<Option<User>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT * FROM users WHERE name = ?1")?;
            ask.query_and_then([name], read_user)?.next().transpose()
        })
    }

    /// Whose token this is, if it is anybody's and good now.
    pub fn user_of_token(
        &self,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<User>, StoreError> {
        let found = self.read(|view| {
            let mut ask = view.prepare_cached("SELECT * FROM users WHERE token_hash = ?1")?;
            let mut rows = ask.query([hash])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            // The index has compared hashes, of which nobody can choose a beginning; once more, in constant time.
            let known: String = row.get("token_hash")?;
            if !bool::from(known.as_bytes().ct_eq(hash.as_bytes())) {
                return Ok(None);
            }
            read_user(row).map(Some)
        })?;
        let Some(user) = found.filter(|user| user.ends_at.is_none_or(|end| now < end)) else {
            return Ok(None);
        };
        self.note_use(&user, now)?;
        Ok(Some(user))
    }

    pub(super) fn note_use(&self, user: &User, now: DateTime<Utc>) -> Result<(), StoreError> {
        if user
            .last_used_at
            .is_some_and(|last| now - last < NOTED_EVERY)
        {
            return Ok(());
        }
        self.write_if_free(|change| {
            change.execute(
                "UPDATE users SET last_used_at = ?2 WHERE name = ?1",
                [&user.name, &time(now)],
            )?;
            Ok(())
        })
    }

    /// The hash of somebody's password, with whom it belongs to.
    pub fn password_of(&self, name: &str) -> Result<Option<(User, String)>, StoreError> {
        self.read(|view| {
            let mut ask = view
                .prepare_cached("SELECT * FROM users WHERE name = ?1 AND password IS NOT NULL")?;
            let mut rows = ask.query([name])?;
            match rows.next()? {
                Some(row) => Ok(Some((read_user(row)?, row.get("password")?))),
                None => Ok(None),
            }
        })
    }

    /// Gives somebody a password, and ends their sessions and invitations: whoever knew the old one, or holds a link, is out. `false` if
    /// there is nobody of this name.
    pub fn set_password(
        &self,
        name: &str,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write(|change| {
            let set = change.execute(
                "UPDATE users SET password = ?2 WHERE name = ?1",
                [name, hash],
            )?;
            change.execute("DELETE FROM sessions WHERE name = ?1", [name])?;
            end_invitations(change, name, now)?;
            Ok(set > 0)
        })
    }

    /// Takes somebody out, with their token, sessions and invitations; they end at once. Answers who it was.
    pub fn revoke(&self, name: &str) -> Result<Option<User>, StoreError> {
        self.write(|change| {
            let user = change
                .prepare_cached("SELECT * FROM users WHERE name = ?1")?
                .query_and_then([name], read_user)?
                .next()
                .transpose()?;
            let invited: Option<(String, String)> = change
                .query_row(
                    "SELECT role, shops FROM invitations WHERE name = ?1 AND used_at IS NULL LIMIT 1",
                    [name],
                    |row| Ok((row.get(0)?, row.get(1)?)),
                )
                .optional()?;
            change.execute("DELETE FROM users WHERE name = ?1", [name])?;
            change.execute("DELETE FROM invitations WHERE name = ?1", [name])?;
            match (user, invited) {
                (Some(user), _) => Ok(Some(user)),
                (None, Some((role, shops))) => Ok(Some(User {
                    name: name.to_owned(),
                    role: read_word(role, "invitations.role")?,
                    shops: read_json(&shops, "invitations.shops")?,
                    ends_at: None,
                    has_token: false,
                    has_password: false,
                    created_at: DateTime::UNIX_EPOCH,
                    last_used_at: None,
                })),
                (None, None) => Ok(None),
            }
        })
    }
}

/// Ends the invitations of a name that nobody has used yet.
pub(super) fn end_invitations(
    change: &Transaction<'_>,
    name: &str,
    now: DateTime<Utc>,
) -> Result<(), SqlTrouble> {
    change.execute(
        "UPDATE invitations SET used_at = ?2 WHERE name = ?1 AND used_at IS NULL",
        [name, &time(now)],
    )?;
    Ok(())
}

pub(super) fn read_user(row: &Row<'_>) -> Result<User, SqlTrouble> {
    let moment = |column: &'static str| -> Result<Option<DateTime<Utc>>, SqlTrouble> {
        let text: Option<String> = row.get(column)?;
        text.map(|text| read_time(&text, column)).transpose()
    };
    let shops: AllowedShops = read_json(&row.get::<_, String>("shops")?, "users.shops")?;
    Ok(User {
        name: row.get("name")?,
        role: read_word(row.get("role")?, "users.role")?,
        shops,
        ends_at: moment("ends_at")?,
        has_token: row.get::<_, Option<String>>("token_hash")?.is_some(),
        has_password: row.get::<_, Option<String>>("password")?.is_some(),
        created_at: moment("created_at")?.ok_or(SqlTrouble::Odd("users.created_at"))?,
        last_used_at: moment("last_used_at")?,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{anna, at, file};
    use super::*;

    #[test]
    fn a_token_is_good_until_its_end_or_until_it_is_revoked() {
        let (_folder, file) = file();
        let user = NewUser {
            token_hash: Some("hash".into()),
            ends_at: Some(at(100)),
            ..anna()
        };
        assert_eq!(file.add_user(&user, at(0)), Ok(true));
        assert_eq!(
            file.add_user(&anna(), at(1)),
            Ok(false),
            "a name is used once"
        );
        let found = |hash: &str, second| {
            let found = file.user_of_token(hash, at(second)).expect("answers");
            found.map(|user| user.name)
        };
        assert_eq!(found("hash", 99).as_deref(), Some("anna"));
        assert_eq!(found("hash", 100), None);
        assert_eq!(found("hasi", 1), None);
        let known = file.user("anna").expect("answers").expect("is there");
        assert_eq!(known.last_used_at, Some(at(99)));
        let revoked = file.revoke("anna").expect("answers").expect("was there");
        assert_eq!(revoked.role, AccessRole::Operator);
        assert_eq!(found("hash", 1), None);
        assert_eq!(file.revoke("anna"), Ok(None));
    }

    #[test]
    fn a_new_password_ends_the_sessions() {
        let (_folder, file) = file();
        file.add_user(&anna(), at(0)).expect("added");
        assert_eq!(file.password_of("anna"), Ok(None));
        file.begin_session("session", "anna", at(0)).expect("begun");
        assert_eq!(file.set_password("anna", "argon", at(1)), Ok(true));
        assert_eq!(file.set_password("bert", "argon", at(1)), Ok(false));
        assert_eq!(file.session("session", at(1)), Ok(None));
        let (user, hash) = file.password_of("anna").expect("answers").expect("set");
        assert!(user.has_password && hash == "argon");
    }
}
