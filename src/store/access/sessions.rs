//! Sessions of browsers, and the invitations by which the first of them begins.

use chrono::{DateTime, Duration, Utc};
use rusqlite::params;

use super::super::columns::{json, read_json, read_time, read_word, time, word};
use super::super::error::StoreError;
use super::AccessFile;
use super::users::{end_invitations, read_user};
use crate::model::access::{AccessRole, AllowedShops, User};

/// A session that nobody uses ends then.
pub const SESSION_IDLE_HOURS: i64 = 12;
/// A session ends then, used or not.
pub const SESSION_DAYS_MAX: i64 = 7;

/// Between two notes of when a session was used last.
const NOTED_EVERY: Duration = Duration::minutes(1);

/// What an invitation was worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InvitationUse {
    /// It was good, and from now on it is used. This is who was let in.
    Ok(User),
    Unknown,
    /// It was used, or is too old.
    Gone,
}

/// Whoever an invitation is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvitedUser {
    pub name: String,
    pub role: AccessRole,
    pub shops: AllowedShops,
}

impl AccessFile {
    /// Invites somebody, with when the invitation expires and until when they are in. Earlier invitations of the same name end.
    pub fn invite(
        &self,
        hash: &str,
        name: &str,
        role: AccessRole,
        shops: &AllowedShops,
        (expires, ends_at): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) -> Result<(), StoreError> {
        self.write(|change| {
            // Long enough to say "gone" rather than "unknown" to whoever comes back the next day.
            let forgotten = expires - Duration::days(7);
            change.execute(
                "DELETE FROM invitations WHERE expires_at < ?1",
                [time(forgotten)],
            )?;
            end_invitations(change, name, expires)?;
            change.execute(
                "INSERT INTO invitations (hash, name, role, shops, expires_at, ends_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![hash, name, word(role), json(shops), time(expires), ends_at.map(time)],
            )?;
            Ok(())
        })
    }

    /// Who is invited, and whether the invitation is good now, without using it.
    pub fn look_at_invitation(
        &self,
        hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<(InvitedUser, bool)>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached("SELECT * FROM invitations WHERE hash = ?1")?;
            let mut rows = ask.query([hash])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let text = |name: &str| row.get::<_, String>(name);
            let expires = read_time(&text("expires_at")?, "invitations.expires_at")?;
            let used: Option<String> = row.get("used_at")?;
            let invited = InvitedUser {
                name: text("name")?,
                role: read_word(text("role")?, "invitations.role")?,
                shops: read_json(&text("shops")?, "invitations.shops")?,
            };
            Ok(Some((invited, used.is_none() && now < expires)))
        })
    }

    /// Uses an invitation up, makes its user where there is none yet, and begins a session of theirs. Of two that come at once, one is
    /// too late, and so is one to another role or other shops than its user has by now: an invitation lets in to what it says, and changes
    /// nobody.
    pub fn use_invitation(
        &self,
        hash: &str,
        session: &str,
        now: DateTime<Utc>,
    ) -> Result<InvitationUse, StoreError> {
        self.write(|change| {
            let mut ask = change.prepare_cached("SELECT * FROM invitations WHERE hash = ?1")?;
            let mut rows = ask.query([hash])?;
            let Some(row) = rows.next()? else {
                return Ok(InvitationUse::Unknown);
            };
            let expires = read_time(
                &row.get::<_, String>("expires_at")?,
                "invitations.expires_at",
            )?;
            let used: Option<String> = row.get("used_at")?;
            if used.is_some() || expires <= now {
                return Ok(InvitationUse::Gone);
            }
            let name: String = row.get("name")?;
            let ends_at: Option<String> = row.get("ends_at")?;
            let role: AccessRole = read_word(row.get("role")?, "invitations.role")?;
            let shops: AllowedShops =
                read_json(&row.get::<_, String>("shops")?, "invitations.shops")?;
            let known = change
                .prepare_cached("SELECT * FROM users WHERE name = ?1")?
                .query_and_then([&name], read_user)?
                .next()
                .transpose()?;
            if known.is_some_and(|user| (user.role, &user.shops) != (role, &shops)) {
                return Ok(InvitationUse::Gone);
            }
            change.execute(
                "UPDATE invitations SET used_at = ?2 WHERE hash = ?1",
                [hash, &time(now)],
            )?;
            change.execute(
                "INSERT INTO users (name, role, shops, created_at, ends_at) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (name) DO NOTHING",
                params![name, word(role), json(&shops), time(now), ends_at],
            )?;
            change.execute(
                "INSERT INTO sessions (hash, name, began_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
                params![session, name, time(now)],
            )?;
            let mut ask = change.prepare_cached("SELECT * FROM users WHERE name = ?1")?;
            let mut rows = ask.query([&name])?;
            match rows.next()? {
                Some(row) => Ok(InvitationUse::Ok(read_user(row)?)),
                None => Ok(InvitationUse::Unknown),
            }
        })
    }

    pub fn begin_session(
        &self,
        hash: &str,
        name: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "DELETE FROM sessions WHERE seen_at < ?1",
                [time(now - Duration::hours(SESSION_IDLE_HOURS))],
            )?;
            change.execute(
                "INSERT INTO sessions (hash, name, began_at, seen_at) VALUES (?1, ?2, ?3, ?3)",
                params![hash, name, time(now)],
            )?;
            Ok(())
        })
    }

    /// Whose session this is, if it is one and good now. It goes on from here.
    pub fn session(&self, hash: &str, now: DateTime<Utc>) -> Result<Option<User>, StoreError> {
        let found = self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT users.*, began_at, seen_at FROM sessions JOIN users USING (name) WHERE hash = ?1",
            )?;
            let mut rows = ask.query([hash])?;
            let Some(row) = rows.next()? else {
                return Ok(None);
            };
            let began = read_time(&row.get::<_, String>("began_at")?, "sessions.began_at")?;
            let seen = read_time(&row.get::<_, String>("seen_at")?, "sessions.seen_at")?;
            Ok(Some((read_user(row)?, began, seen)))
        })?;
        let Some((user, began, seen)) = found else {
            return Ok(None);
        };
        let is_over = now - seen >= Duration::hours(SESSION_IDLE_HOURS)
            || now - began >= Duration::days(SESSION_DAYS_MAX)
            || user.ends_at.is_some_and(|end| end <= now);
        if is_over {
            self.write_if_free(|change| {
                change.execute("DELETE FROM sessions WHERE hash = ?1", [hash])?;
                Ok(())
            })?;
            return Ok(None);
        }
        if now - seen >= NOTED_EVERY {
            self.write_if_free(|change| {
                change.execute(
                    "UPDATE sessions SET seen_at = ?2 WHERE hash = ?1",
                    [hash, &time(now)],
                )?;
                Ok(())
            })?;
            self.note_use(&user, now)?;
        }
        Ok(Some(user))
    }

    pub fn end_session(&self, hash: &str) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute("DELETE FROM sessions WHERE hash = ?1", [hash])?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::NewUser;
    use super::super::tests::{anna, at, file};
    use super::*;

    #[test]
    fn an_invitation_is_good_once_and_for_half_an_hour() {
        let (_folder, file) = file();
        let shops = AllowedShops::All;
        let invite = |hash: &str, name: &str| {
            file.invite(hash, name, AccessRole::Owner, &shops, (at(1_800), None))
                .expect("invited");
        };
        invite("one", "anna");
        let used = |hash: &str, session: &str, second| {
            file.use_invitation(hash, session, at(second))
                .expect("answers")
        };
        assert_eq!(used("none", "s", 1), InvitationUse::Unknown);
        assert!(matches!(used("one", "s1", 1_799), InvitationUse::Ok(user) if user.name == "anna"));
        assert_eq!(used("one", "s2", 1_799), InvitationUse::Gone);
        invite("two", "bert");
        assert_eq!(used("two", "s3", 1_800), InvitationUse::Gone);
        invite("three", "bert");
        invite("four", "bert");
        assert_eq!(
            used("three", "s4", 1),
            InvitationUse::Gone,
            "a newer one replaces it"
        );
        let names = file.session("s1", at(1_900)).expect("answers");
        assert_eq!(names.map(|user| user.name).as_deref(), Some("anna"));
        file.revoke("bert").expect("answers");
        assert_eq!(used("four", "s5", 1), InvitationUse::Unknown, "revoked");
    }

    #[test]
    fn an_invitation_neither_lowers_nor_outlives_what_was_given_later() {
        let (_folder, file) = file();
        let shops = AllowedShops::one("aurora");
        let invite = |hash: &str, role: AccessRole| {
            file.invite(hash, "anna", role, &shops, (at(1_800), None))
                .expect("invited");
        };
        let used = |hash: &str, session: &str| {
            file.use_invitation(hash, session, at(10)).expect("answers")
        };
        // Whoever holds a link for a viewer must not come in as what somebody of this name has become.
        invite("viewer", AccessRole::Viewer);
        let owner = NewUser {
            role: AccessRole::Owner,
            ..anna()
        };
        assert_eq!(file.add_user(&owner, at(1)), Ok(true));
        assert_eq!(used("viewer", "s1"), InvitationUse::Gone);
        let looked = file.look_at_invitation("viewer", at(10)).expect("answers");
        assert_eq!(looked.map(|(_, is_good)| is_good), Some(false));
        assert_eq!(file.session("s1", at(10)), Ok(None));
        // One for another role, however it came to be there, changes nobody and lets nobody in.
        invite("operator", AccessRole::Operator);
        assert_eq!(used("operator", "s2"), InvitationUse::Gone);
        let known = file.user("anna").expect("answers").expect("is there");
        assert_eq!(known.role, AccessRole::Owner);
        // A new password ends what was sent before it.
        invite("owner", AccessRole::Owner);
        file.set_password("anna", "argon", at(2)).expect("set");
        assert_eq!(used("owner", "s3"), InvitationUse::Gone);
        invite("again", AccessRole::Owner);
        assert!(
            matches!(used("again", "s4"), InvitationUse::Ok(user) if user.role == AccessRole::Owner)
        );
    }

    #[test]
    fn of_two_that_use_an_invitation_at_once_one_wins() {
        let (_folder, file) = file();
        file.invite(
            "one",
            "anna",
            AccessRole::Owner,
            &AllowedShops::All,
            (at(60), Some(at(900))),
        )
        .expect("invited");
        let won = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|nth| {
                    let file = &file;
                    scope.spawn(move || {
                        let used = file.use_invitation("one", &format!("s{nth}"), at(1));
                        matches!(used.expect("answers"), InvitationUse::Ok(_))
                    })
                })
                .collect();
            threads
                .into_iter()
                .filter(|_| true)
                .map(|thread| thread.join().expect("ended"))
                .filter(|won| *won)
                .count()
        });
        assert_eq!(won, 1);
    }

    #[test]
    fn a_session_ends_when_it_is_idle_when_it_is_old_and_when_it_is_ended() {
        let (_folder, file) = file();
        file.add_user(&anna(), at(0)).expect("added");
        let hour = 3_600;
        let is_good =
            |hash: &str, second| file.session(hash, at(second)).expect("answers").is_some();
        file.begin_session("idle", "anna", at(0)).expect("begun");
        assert!(is_good("idle", 11 * hour));
        assert!(is_good("idle", 22 * hour), "it goes on from each use");
        assert!(!is_good("idle", 34 * hour));
        assert!(!is_good("idle", 23 * hour), "what has ended stays so");
        file.begin_session("old", "anna", at(0)).expect("begun");
        for day in 0..14 {
            assert!(is_good("old", day * 11 * hour), "{day}");
        }
        assert!(!is_good("old", 7 * 24 * hour));
        file.begin_session("ended", "anna", at(0)).expect("begun");
        file.end_session("ended").expect("ended");
        assert!(!is_good("ended", 1));
        file.begin_session("revoked", "anna", at(0)).expect("begun");
        file.revoke("anna").expect("answers");
        assert!(!is_good("revoked", 1));
    }
}
