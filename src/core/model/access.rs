//! Access: who may use the API and the dashboard, how much each of them may do, and in which shops.
//!
//! Only the nouns. How a token is made is known in `safe`, where it is kept in `store`, and what comes in with a request is looked at
//! by the server.

use std::collections::BTreeSet;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How much somebody may do. Each may do what the ones before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AccessRole {
    /// Looks.
    Viewer,
    /// Starts runs, and changes what runs do.
    Operator,
    /// Connects services, and lets others in.
    Owner,
}

impl AccessRole {
    pub const ALL: [AccessRole; 3] = [AccessRole::Viewer, AccessRole::Operator, AccessRole::Owner];

    pub fn as_str(self) -> &'static str {
        match self {
            AccessRole::Viewer => "viewer",
            AccessRole::Operator => "operator",
            AccessRole::Owner => "owner",
        }
    }
}

impl fmt::Display for AccessRole {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

/// The shops that somebody may see. To them there are no others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedShops {
    /// Whichever are served, now and later.
    All,
    These(BTreeSet<String>),
}

impl AllowedShops {
    pub fn one(shop: impl Into<String>) -> AllowedShops {
        AllowedShops::These(BTreeSet::from([shop.into()]))
    }

    pub fn holds(&self, shop: &str) -> bool {
        match self {
            AllowedShops::All => true,
            AllowedShops::These(shops) => shops.contains(shop),
        }
    }
}

impl fmt::Display for AllowedShops {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AllowedShops::All => out.write_str("all shops"),
            AllowedShops::These(shops) => {
                let names: Vec<&str> = shops.iter().map(String::as_str).collect();
                out.write_str(&names.join(", "))
            }
        }
    }
}

/// Somebody who may come in: a person at a browser, or a program with a token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub role: AccessRole,
    pub shops: AllowedShops,
    /// From then on nothing of theirs is good any more.
    pub ends_at: Option<DateTime<Utc>>,
    pub has_token: bool,
    pub has_password: bool,
    pub created_at: DateTime<Utc>,
    pub last_used_at: Option<DateTime<Utc>>,
}

/// One thing that somebody did, or was kept from doing. It holds no secret, and is never changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditRow {
    pub id: i64,
    pub at: DateTime<Utc>,
    /// The name of whoever did it; `command line` for whoever sits at this machine.
    pub actor: String,
    /// From where: an address of the network, or `local`.
    pub address: String,
    pub shop: Option<String>,
    /// What was done, `schedule.change`.
    pub action: String,
    /// To what, `nightly`.
    pub target: Option<String>,
    pub before: Option<serde_json::Value>,
    pub after: Option<serde_json::Value>,
    /// `done`, or the code of what kept it from being done.
    pub outcome: String,
    /// The request that it came with.
    pub request_id: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_ones_before_it_may() {
        assert!(AccessRole::ALL.is_sorted());
        assert!(AccessRole::Owner > AccessRole::Operator);
    }

    #[test]
    fn a_shop_that_is_not_named_is_not_there() {
        let one = AllowedShops::one("aurora");
        assert!(one.holds("aurora") && !one.holds("borealis"));
        assert!(AllowedShops::All.holds("borealis"));
        assert_eq!(AllowedShops::All.to_string(), "all shops");
    }
}
