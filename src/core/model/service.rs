//! The services: one row for each, with its name, what it is to udsync, what it needs to let us in, and the words about it.
//!
//! Whatever goes through all services or asks for one by its name reads this table: the configuration, the credentials of the
//! environment and what is stored in their place, `connect`, `init`, `doctor`, schedules and runs. A service that is added gets a row
//! here, a folder in `connector`, a stand-in and its section of the configuration. Nothing here knows how any service is spoken to.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A service that can be connected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    Woocommerce,
    Quickbooks,
    Supabase,
    Stripe,
}

/// What a service is to udsync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ServiceRole {
    /// What everything is read from.
    Shop,
    /// Documents are posted to it, each exactly once.
    Books,
    /// Rows of what the shop says are kept in it.
    Copy,
    /// It takes the money of buyers, and is asked what it paid out.
    Gateway,
}

impl ServiceRole {
    /// It is kept in step with the shop.
    pub const fn is_target(self) -> bool {
        matches!(self, ServiceRole::Books | ServiceRole::Copy)
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct ServiceRow {
    pub service: Service,
    /// Its section of `udsync.toml`, its name on the command line and in JSON, and under which things of it are stored.
    pub name: &'static str,
    /// As people write it.
    pub title: &'static str,
    pub role: ServiceRole,
    /// What it is, beside its name where a target is chosen.
    pub help: &'static str,
    /// The line that its section of `udsync.toml` cannot do without.
    pub needs_line: &'static str,
    /// What the environment may give, in the order in which it is shown.
    pub fields: &'static [CredentialField],
    /// The same as manual pages tell of them: those that belong together, and what they are.
    pub in_manual: &'static [(&'static [&'static CredentialField], &'static str)],
    /// The one of them that makes a connection of the environment, which goes before what is stored.
    pub enters_with: &'static CredentialField,
    /// What `connect` keeps of it in the strongbox.
    pub kept: &'static [StoredSecret],
    /// The keys of what is remembered of a connection by which people know it, the best first.
    pub known_by: &'static [&'static str],
    /// What a person has to do besides once the connection is removed here; empty where we tell the service.
    pub after_removal: &'static str,
}

/// One value by which a service lets us in, or by which it is found.
#[derive(Debug, PartialEq, Eq)]
pub struct CredentialField {
    /// The variable of the environment.
    pub variable: &'static str,
    /// What people call it who write it into the service's section of `udsync.toml`, where no secret may stand. The first is what it
    /// is called where it is stored, too.
    pub called: &'static [&'static str],
    pub is_secret: bool,
    pub use_for: FieldUse,
}

/// Something in the strongbox, and what of the environment does in its place.
#[derive(Debug)]
pub struct StoredSecret {
    pub name: &'static str,
    /// Those that belong together: half of them is a mistake, and not to be mixed with what is stored.
    pub fields: &'static [&'static CredentialField],
    /// Where it may go is stored with it.
    pub bound: Option<StoredBound>,
    /// The service gives another one from time to time: the connector keeps it, and nobody else reads it.
    pub rotates: bool,
}

/// To what a stored secret is bound, so that a changed configuration does not send it elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredBound {
    /// The address that it was stored for.
    Address,
    /// The authority by whose certificate the server was known.
    Authority,
}

impl StoredBound {
    /// What it is called where it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            StoredBound::Address => "address",
            StoredBound::Authority => "authority",
        }
    }
}

/// What a field is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldUse {
    /// For every request.
    Requests,
    /// To hear of changes at once. No connection needs it.
    Webhooks,
    /// To know whom to ask. It also stands in `udsync.toml`, and the environment goes first.
    Address,
}

pub const WOOCOMMERCE_KEY: CredentialField = CredentialField {
    variable: "UDSYNC_WOOCOMMERCE_KEY",
    called: &["key", "consumer_key", "api_key"],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const WOOCOMMERCE_SECRET: CredentialField = CredentialField {
    variable: "UDSYNC_WOOCOMMERCE_SECRET",
    called: &["secret", "consumer_secret", "api_secret", "password"],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const WOOCOMMERCE_WEBHOOK_SECRET: CredentialField = CredentialField {
    variable: "UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET",
    called: &["webhook_secret"],
    is_secret: true,
    use_for: FieldUse::Webhooks,
};
pub const QUICKBOOKS_CLIENT_ID: CredentialField = CredentialField {
    variable: "UDSYNC_QUICKBOOKS_CLIENT_ID",
    called: &["client_id"],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const QUICKBOOKS_CLIENT_SECRET: CredentialField = CredentialField {
    variable: "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
    called: &["client_secret", "secret"],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const QUICKBOOKS_REFRESH_TOKEN: CredentialField = CredentialField {
    variable: "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
    called: &["refresh_token", "token"],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const QUICKBOOKS_WEBHOOK_TOKEN: CredentialField = CredentialField {
    variable: "UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN",
    called: &["webhook_token"],
    is_secret: true,
    use_for: FieldUse::Webhooks,
};
pub const QUICKBOOKS_COMPANY_ID: CredentialField = CredentialField {
    variable: "UDSYNC_QUICKBOOKS_COMPANY_ID",
    called: &[],
    is_secret: false,
    use_for: FieldUse::Address,
};
pub const SUPABASE_KEY: CredentialField = CredentialField {
    variable: "UDSYNC_SUPABASE_KEY",
    called: &[
        "key",
        "api_key",
        "secret_key",
        "secret",
        "service_role_key",
        "token",
    ],
    is_secret: true,
    use_for: FieldUse::Requests,
};
pub const SUPABASE_DATABASE_URL: CredentialField = CredentialField {
    variable: "UDSYNC_SUPABASE_DATABASE_URL",
    called: &["database_url", "password"],
    is_secret: true,
    use_for: FieldUse::Requests,
};

pub const STRIPE_KEY: CredentialField = CredentialField {
    variable: "UDSYNC_STRIPE_KEY",
    called: &["key", "api_key", "restricted_key", "secret_key", "secret"],
    is_secret: true,
    use_for: FieldUse::Requests,
};

/// The client id and secret of the app at Intuit, in the strongbox. Its tokens have the service's own name.
pub const QUICKBOOKS_APP: &str = "quickbooks.app";

/// All of them, in the order in which they are shown.
pub static SERVICES: [ServiceRow; 4] = [
    ServiceRow {
        service: Service::Woocommerce,
        name: "woocommerce",
        title: "WooCommerce",
        role: ServiceRole::Shop,
        help: "The shop",
        needs_line: "url = \"https://shop.example.com\"",
        fields: &[
            WOOCOMMERCE_KEY,
            WOOCOMMERCE_SECRET,
            WOOCOMMERCE_WEBHOOK_SECRET,
        ],
        in_manual: &[(
            &[&WOOCOMMERCE_KEY, &WOOCOMMERCE_SECRET],
            "the key of the shop's REST API",
        )],
        enters_with: &WOOCOMMERCE_KEY,
        kept: &[StoredSecret {
            name: "woocommerce",
            fields: &[&WOOCOMMERCE_KEY, &WOOCOMMERCE_SECRET],
            bound: Some(StoredBound::Address),
            rotates: false,
        }],
        known_by: &["address", "url", "host", "project"],
        after_removal: "the key itself is still good: delete it in the shop under WooCommerce > Settings > Advanced > REST API",
    },
    ServiceRow {
        service: Service::Quickbooks,
        name: "quickbooks",
        title: "QuickBooks",
        role: ServiceRole::Books,
        help: "The books",
        needs_line: "environment = \"production\"",
        fields: &[
            QUICKBOOKS_CLIENT_ID,
            QUICKBOOKS_CLIENT_SECRET,
            QUICKBOOKS_REFRESH_TOKEN,
            QUICKBOOKS_WEBHOOK_TOKEN,
            QUICKBOOKS_COMPANY_ID,
        ],
        in_manual: &[
            (
                &[&QUICKBOOKS_CLIENT_ID, &QUICKBOOKS_CLIENT_SECRET],
                "the keys of your app at Intuit",
            ),
            (
                &[&QUICKBOOKS_REFRESH_TOKEN, &QUICKBOOKS_COMPANY_ID],
                "a sign-in that was made elsewhere, and the company that it is for",
            ),
        ],
        enters_with: &QUICKBOOKS_REFRESH_TOKEN,
        kept: &[
            StoredSecret {
                name: QUICKBOOKS_APP,
                fields: &[&QUICKBOOKS_CLIENT_ID, &QUICKBOOKS_CLIENT_SECRET],
                bound: None,
                rotates: false,
            },
            StoredSecret {
                name: "quickbooks",
                fields: &[&QUICKBOOKS_REFRESH_TOKEN],
                bound: None,
                rotates: true,
            },
        ],
        known_by: &["company", "company_id"],
        after_removal: "",
    },
    ServiceRow {
        service: Service::Supabase,
        name: "supabase",
        title: "Supabase",
        role: ServiceRole::Copy,
        help: "The copy in the database",
        needs_line: "transport = \"rest\"",
        fields: &[SUPABASE_KEY, SUPABASE_DATABASE_URL],
        in_manual: &[(
            &[&SUPABASE_KEY, &SUPABASE_DATABASE_URL],
            "the secret key of the project, or the address of its database",
        )],
        enters_with: &SUPABASE_KEY,
        // One or the other, by the way in which the database is reached.
        kept: &[
            StoredSecret {
                name: "supabase",
                fields: &[&SUPABASE_KEY],
                bound: Some(StoredBound::Address),
                rotates: false,
            },
            StoredSecret {
                name: "supabase",
                fields: &[&SUPABASE_DATABASE_URL],
                bound: Some(StoredBound::Authority),
                rotates: false,
            },
        ],
        known_by: &["address", "url", "host", "project"],
        after_removal: "the key or password itself is still good: delete or change it in the project's settings at supabase.com",
    },
    ServiceRow {
        service: Service::Stripe,
        name: "stripe",
        title: "Stripe",
        role: ServiceRole::Gateway,
        help: "The payment service, for its payouts",
        needs_line: "timeout = \"30s\"",
        fields: &[STRIPE_KEY],
        in_manual: &[(
            &[&STRIPE_KEY],
            "a restricted key that reads balance, payouts and charges",
        )],
        enters_with: &STRIPE_KEY,
        kept: &[StoredSecret {
            name: "stripe",
            fields: &[&STRIPE_KEY],
            bound: Some(StoredBound::Address),
            rotates: false,
        }],
        known_by: &["address"],
        after_removal: "the key itself is still good: delete it at https://dashboard.stripe.com/apikeys",
    },
];

impl Service {
    pub const ALL: [Service; 4] = [
        Service::Woocommerce,
        Service::Quickbooks,
        Service::Supabase,
        Service::Stripe,
    ];

    /// What is kept in step with the shop.
    pub const TARGETS: [Service; 2] = [Service::Quickbooks, Service::Supabase];

    /// The shop that everything is read from, the books that are posted to and the database that holds the copy: there is one of
    /// each so far, and whoever means it by what it is to udsync asks here rather than by its name.
    pub const SHOP: Service = Service::Woocommerce;
    pub const BOOKS: Service = Service::Quickbooks;
    pub const COPY: Service = Service::Supabase;

    pub const fn row(self) -> &'static ServiceRow {
        // The rows stand in the order of `ALL`, which a test proves.
        &SERVICES[self as usize]
    }

    pub const fn as_str(self) -> &'static str {
        self.row().name
    }

    /// As people write it.
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    pub const fn role(self) -> ServiceRole {
        self.row().role
    }

    pub fn from_word(word: &str) -> Option<Service> {
        Service::ALL
            .into_iter()
            .find(|service| service.as_str() == word)
    }

    /// The service that something in the strongbox belongs to: `quickbooks`, `quickbooks.app`.
    pub fn of_stored(name: &str) -> Option<Service> {
        Service::from_word(name.split('.').next()?)
    }

    /// The service that a variable of the environment is for.
    pub fn of_variable(variable: &str) -> Option<Service> {
        Service::ALL.into_iter().find(|service| {
            let mut fields = service.row().fields.iter();
            fields.any(|field| field.variable == variable)
        })
    }

    /// The field that people call so in its section.
    pub fn field(self, called: &str) -> Option<&'static CredentialField> {
        let mut fields = self.row().fields.iter();
        fields.find(|field| field.called.contains(&called))
    }

    /// What has to be given for its requests.
    pub fn credentials(self) -> impl Iterator<Item = &'static CredentialField> {
        let fields = self.row().fields.iter();
        fields.filter(|field| field.use_for == FieldUse::Requests)
    }
}

impl fmt::Display for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(self.as_str())
    }
}

impl Serialize for Service {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Service {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Service, D::Error> {
        let word = String::deserialize(from)?;
        Service::from_word(&word).ok_or_else(|| serde::de::Error::custom("no service is called so"))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn each_service_has_its_row_and_is_found_by_what_belongs_to_it() {
        for service in Service::ALL {
            let row = service.row();
            assert_eq!(row.service, service);
            assert_eq!(Service::from_word(row.name), Some(service));
            assert_eq!(Service::of_stored(row.name), Some(service));
            assert!(row.fields.contains(row.enters_with));
            for kept in row.kept {
                assert_eq!(
                    Service::of_stored(kept.name),
                    Some(service),
                    "{}",
                    kept.name
                );
                let mut called: BTreeSet<&str> =
                    kept.bound.map(StoredBound::as_str).into_iter().collect();
                for field in kept.fields {
                    assert!(called.insert(field.called[0]), "{}", field.variable);
                    assert!(row.fields.contains(field), "{}", field.variable);
                    assert_eq!(field.use_for, FieldUse::Requests, "{}", field.variable);
                }
            }
            for field in row.fields {
                assert_eq!(Service::of_variable(field.variable), Some(service));
                let prefix = format!("UDSYNC_{}_", row.name.to_uppercase());
                assert!(field.variable.starts_with(&prefix), "{}", field.variable);
            }
            assert_eq!(
                row.role.is_target(),
                Service::TARGETS.contains(&service),
                "{service}"
            );
        }
        assert_eq!(Service::from_word("Quickbooks"), None);
        assert_eq!(Service::SHOP.role(), ServiceRole::Shop);
        assert_eq!(Service::BOOKS.role(), ServiceRole::Books);
        assert_eq!(Service::COPY.role(), ServiceRole::Copy);
    }

    #[test]
    fn no_two_fields_of_a_service_are_called_the_same() {
        for service in Service::ALL {
            let mut seen = BTreeSet::new();
            for called in service.row().fields.iter().flat_map(|field| field.called) {
                assert!(
                    seen.insert(called),
                    "{service} has two that are called `{called}`"
                );
            }
        }
    }
}
