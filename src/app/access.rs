//! Access: lets people and programs in, takes them out, and writes down who did so. The command line and the server do it here.
//!
//! What is allowed to whom is not known here: a role is a word that the server looks at.

use chrono::{DateTime, Duration, Utc};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde_json::json;

use super::state_fault::unread;
use crate::model::access::{AccessRole, AllowedShops, AuditRow, User};
use crate::model::fault::{Fault, Remedy};
use crate::safe::{password, token};
use crate::store::access::{AccessFile, AuditFilter, Deed, NewUser};

/// So long an invitation is good.
pub const INVITATION_MINUTES: i64 = 30;
/// And one that is opened at once on this very machine.
pub const AT_ONCE: Duration = Duration::minutes(1);

const NAME_MAX: usize = 60;

/// Whoever does something here.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    pub actor: &'a str,
    pub address: &'a str,
    pub request_id: Option<&'a str>,
}

impl By<'_> {
    /// Whoever sits at this machine and can read its files.
    pub const COMMAND_LINE: By<'static> = By {
        actor: "command line",
        address: "local",
        request_id: None,
    };

    fn deed<'a>(&'a self, action: &'a str, target: &'a str) -> Deed<'a> {
        Deed {
            actor: self.actor,
            address: self.address,
            action,
            target: Some(target),
            outcome: "done",
            request_id: self.request_id,
            ..Deed::default()
        }
    }
}

/// Whom to let in, and how far.
#[derive(Clone, Debug)]
pub struct Admission {
    pub name: String,
    pub role: AccessRole,
    pub shops: AllowedShops,
    pub ends_at: Option<DateTime<Utc>>,
}

/// Lets a program in. Its token is shown once, and cannot be found out again.
pub fn add(
    file: &AccessFile,
    admission: &Admission,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<SecretString, Fault> {
    check_name(&admission.name)?;
    let token = token::token().map_err(|error| no_chance(&error))?;
    let user = NewUser {
        name: admission.name.clone(),
        role: admission.role,
        shops: admission.shops.clone(),
        ends_at: admission.ends_at,
        token_hash: Some(token::digest(&token)),
    };
    if !file.add_user(&user, now).map_err(unread)? {
        return Err(exists(&admission.name));
    }
    let mut deed = by.deed("access.add", &admission.name);
    deed.after = Some(
        json!({ "role": admission.role, "shops": admission.shops.to_string(), "ends_at": admission.ends_at }),
    );
    file.record(&deed, now).map_err(unread)?;
    Ok(token)
}

/// Invites a person: the secret of a link that lets them in once. Somebody who is in already is let in again, with the role they have.
pub fn invite(
    file: &AccessFile,
    admission: &Admission,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(SecretString, DateTime<Utc>), Fault> {
    invite_for(
        file,
        admission,
        Duration::minutes(INVITATION_MINUTES),
        by,
        now,
    )
}

/// The same with a link that is good for so long.
pub fn invite_for(
    file: &AccessFile,
    admission: &Admission,
    good_for: Duration,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(SecretString, DateTime<Utc>), Fault> {
    check_name(&admission.name)?;
    if let Some(known) = file.user(&admission.name).map_err(unread)?
        && (known.role, &known.shops) != (admission.role, &admission.shops)
    {
        return Err(exists(&admission.name));
    }
    let secret = token::secret().map_err(|error| no_chance(&error))?;
    let expires = now + good_for;
    file.invite(
        &token::digest(&secret),
        &admission.name,
        admission.role,
        &admission.shops,
        (expires, admission.ends_at),
    )
    .map_err(unread)?;
    let mut deed = by.deed("access.invite", &admission.name);
    deed.after = Some(
        json!({ "role": admission.role, "shops": admission.shops.to_string(), "ends_at": admission.ends_at }),
    );
    file.record(&deed, now).map_err(unread)?;
    Ok((secret, expires))
}

/// What proves to whoever can read the access file that a process has opened the same one. It is about an address and a word that was
/// chosen by whoever asks, so that nobody can repeat it elsewhere or later.
pub fn proof_of(file: &AccessFile, address: &str, nonce: &str) -> Result<String, Fault> {
    let fresh = token::secret().map_err(|error| no_chance(&error))?;
    let secret = file.own_secret(fresh.expose_secret()).map_err(unread)?;
    Ok(token::proof(
        &secret.into(),
        &format!("udsync serves {address} for {nonce}"),
    ))
}

/// Takes somebody out, at once.
pub fn revoke(
    file: &AccessFile,
    name: &str,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<User, Fault> {
    let user = file.revoke(name).map_err(unread)?;
    let user = user.ok_or_else(|| unknown(name))?;
    let mut deed = by.deed("access.revoke", name);
    deed.before = Some(json!({ "role": user.role, "shops": user.shops.to_string() }));
    file.record(&deed, now).map_err(unread)?;
    Ok(user)
}

/// Gives a person a password, and ends the sessions that they have.
pub fn set_password(
    file: &AccessFile,
    name: &str,
    given: &SecretString,
    by: By<'_>,
    now: DateTime<Utc>,
) -> Result<(), Fault> {
    if file.user(name).map_err(unread)?.is_none() {
        return Err(unknown(name));
    }
    if let Some(why) = password::weakness(given, name) {
        return Err(Fault::new(
            Remedy::Stop,
            "password_weak",
            format!("the password cannot be taken: {why}"),
        )
        .hint("take four or five words that nobody would put together"));
    }
    let salt = token::chance().map_err(|error| no_chance(&error))?;
    let hash = password::hash(given, salt);
    file.set_password(name, &hash, now).map_err(unread)?;
    file.record(&by.deed("access.password", name), now)
        .map_err(unread)?;
    Ok(())
}

fn check_name(name: &str) -> Result<(), Fault> {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "._-@+".contains(letter);
    let begins_plainly = name.starts_with(|letter: char| letter.is_ascii_alphanumeric());
    if begins_plainly && name.len() <= NAME_MAX && name.chars().all(plain) {
        return Ok(());
    }
    Err(Fault::new(
        Remedy::Stop,
        "access_name",
        format!("this cannot be a name: it begins with a letter or digit, has letters, digits and `._-@+`, and {NAME_MAX} of them at most"),
    )
    .hint("take a first name, an address, or what the program is: `nightly-report`"))
}

fn exists(name: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "access_exists",
        format!("there is a `{name}` already"),
    )
    .hint(format!(
        "take another name, or take this one out first: `udsync access revoke {name}`"
    ))
}

fn unknown(name: &str) -> Fault {
    Fault::new(
        Remedy::Stop,
        "access_unknown",
        format!("there is nobody of the name `{name}`"),
    )
    .hint("`udsync access list` shows everybody")
}

fn no_chance(error: &token::NoChance) -> Fault {
    Fault::new(Remedy::Stop, "no_randomness", error.to_string())
}

/// What is answered once to whoever adds a token.
#[derive(Serialize)]
pub struct TokenDocument<'a> {
    schema: &'static str,
    name: &'a str,
    role: AccessRole,
    shops: &'a AllowedShops,
    ends_at: Option<DateTime<Utc>>,
    token: &'a str,
}

impl<'a> TokenDocument<'a> {
    pub fn new(admission: &'a Admission, token: &'a SecretString) -> TokenDocument<'a> {
        TokenDocument {
            schema: "udsync/access-token/1",
            name: &admission.name,
            role: admission.role,
            shops: &admission.shops,
            ends_at: admission.ends_at,
            token: token.expose_secret(),
        }
    }
}

/// What is answered once to whoever invites a person.
#[derive(Serialize)]
pub struct InvitationDocument<'a> {
    schema: &'static str,
    name: &'a str,
    role: AccessRole,
    shops: &'a AllowedShops,
    expires_at: DateTime<Utc>,
    url: &'a str,
}

impl<'a> InvitationDocument<'a> {
    pub fn new(
        admission: &'a Admission,
        expires_at: DateTime<Utc>,
        url: &'a str,
    ) -> InvitationDocument<'a> {
        InvitationDocument {
            schema: "udsync/invitation/1",
            name: &admission.name,
            role: admission.role,
            shops: &admission.shops,
            expires_at,
            url,
        }
    }
}

/// Everybody who may come in.
#[derive(Serialize)]
pub struct AccessDocument<'a> {
    schema: &'static str,
    users: Vec<UserView<'a>>,
}

#[derive(Serialize)]
struct UserView<'a> {
    name: &'a str,
    role: AccessRole,
    shops: &'a AllowedShops,
    token: bool,
    password: bool,
    created_at: DateTime<Utc>,
    last_used_at: Option<DateTime<Utc>>,
    ends_at: Option<DateTime<Utc>>,
}

/// The document of `access list`.
pub fn access_document(users: &[User]) -> AccessDocument<'_> {
    AccessDocument {
        schema: "udsync/access/1",
        users: users.iter().map(user_view).collect(),
    }
}

fn user_view(user: &User) -> UserView<'_> {
    UserView {
        name: &user.name,
        role: user.role,
        shops: &user.shops,
        token: user.has_token,
        password: user.has_password,
        created_at: user.created_at,
        last_used_at: user.last_used_at,
        ends_at: user.ends_at,
    }
}

/// What anybody did.
#[derive(Serialize)]
pub struct AuditDocument {
    schema: &'static str,
    pub items: Vec<AuditRow>,
    /// The first row that somebody changed or took out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub broken_at: Option<i64>,
}

/// The document of `access audit`, newest rows first.
pub fn audit_document(file: &AccessFile, filter: &AuditFilter) -> Result<AuditDocument, Fault> {
    Ok(AuditDocument {
        schema: "udsync/audit/1",
        items: file.audit(filter).map_err(unread)?,
        broken_at: file.audit_breaks_at().map_err(unread)?,
    })
}
