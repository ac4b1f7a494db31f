//! Places: from whatever somebody copied out of a browser or the dashboard to a project's address, and from a connection string to its
//! parts.
//!
//! A connection string holds a password, so no message quotes any of it but the host.

use percent_encoding::percent_decode_str;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::trouble;
use crate::connector::http::is_loopback;
use crate::model::database::DatabaseWay;
use crate::model::fault::Fault;

/// Reads the address of a project: the project's own, that of its API, or the page of the dashboard.
pub fn project(text: &str) -> Result<Url, Fault> {
    let text = text.trim();
    if text.starts_with("postgres") {
        return Err(trouble::url_unusable(
            "it is one of a database, which holds a password",
        ));
    }
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&text).map_err(|_| trouble::url_unusable("it is none at all"))?;
    root(&url)
}

/// The root of a project's address, over TLS unless it is on this very machine.
pub(super) fn root(url: &Url) -> Result<Url, Fault> {
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(trouble::url_unusable("it is not one of a web site"));
    }
    if url.scheme() == "http" && !is_loopback(url) {
        return Err(trouble::url_unusable(
            "it is plain HTTP, and the key could be read on the way",
        ));
    }
    let mut root = url.clone();
    if matches!(
        url.host_str(),
        Some("supabase.com" | "app.supabase.com" | "app.supabase.io")
    ) {
        let mut parts = url.path_segments().into_iter().flatten();
        let own = parts
            .find(|part| *part == "project")
            .and_then(|_| parts.next());
        let Some(own) = own.filter(|own| is_reference(own)) else {
            return Err(trouble::url_unusable(
                "it is the dashboard, and no project is named",
            ));
        };
        let host = format!("{own}.supabase.co");
        root.set_host(Some(&host))
            .map_err(|_| trouble::url_unusable("its project has no usable name"))?;
    }
    root.set_path("/");
    root.set_query(None);
    root.set_fragment(None);
    // Both only refuse addresses without a host.
    let _ = root.set_username("");
    let _ = root.set_password(None);
    Ok(root)
}

/// Without the slash at the end, as people write it.
pub(super) fn shown(root: &Url) -> String {
    root.as_str().trim_end_matches('/').to_owned()
}

pub(super) fn host_of(root: &Url) -> String {
    let host = root.host_str().unwrap_or_default();
    match root.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

/// The project's own name, where the address tells it.
pub(super) fn reference(root: &Url) -> Option<&str> {
    let name = root.host_str()?.strip_suffix(".supabase.co")?;
    is_reference(name).then_some(name)
}

fn is_reference(name: &str) -> bool {
    name.len() == 20 && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// A connection string in its parts.
pub(super) struct Parts {
    pub host: String,
    pub port: u16,
    pub user: String,
    pub password: SecretString,
    pub database: String,
    pub way: DatabaseWay,
    /// `sslrootcert` of the string.
    pub ca_file: Option<String>,
}

const ENCODE: &str = "write what is not a letter or a digit in the password as `%` and two digits: `@` as `%40`, `:` as `%3A`, \
                      `/` as `%2F`, `?` as `%3F`, `#` as `%23`, `%` as `%25`";

impl Parts {
    /// Takes a connection string apart. Passwords are pasted as they are, so their mistakes are told for what they are.
    pub fn read(given: &SecretString) -> Result<Parts, Fault> {
        let unusable = trouble::string_unusable;
        let text = given.expose_secret().trim();
        let rest = text
            .strip_prefix("postgresql://")
            .or_else(|| text.strip_prefix("postgres://"))
            .ok_or_else(|| {
                unusable("it does not begin with `postgresql://`", trouble::strings())
            })?;
        // A password may hold anything; a host does not hold the sign before it.
        let (who, place) = rest
            .rsplit_once('@')
            .ok_or_else(|| unusable("it has no user and no password", trouble::strings()))?;
        let (user, password) = who
            .split_once(':')
            .ok_or_else(|| unusable("it has no password", trouble::strings()))?;
        if password.starts_with('[') && password.ends_with(']') {
            let still = "it still has the place holder where the password belongs";
            return Err(unusable(
                still,
                "put the database's password in the place of the brackets",
            ));
        }
        let user = decoded(user).ok_or_else(|| unusable("its user is not encoded well", ENCODE))?;
        let password = decoded(password)
            .ok_or_else(|| unusable("its password is not encoded well", ENCODE))?;

        let (place, query) = place.split_once('?').unwrap_or((place, ""));
        let (place, database) = place.split_once('/').unwrap_or((place, ""));
        let (host, port) = split_port(place)
            .ok_or_else(|| unusable("its host or port is not one", trouble::strings()))?;
        let parameter = |wanted: &str| {
            let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
            let mut found = pairs.filter(|(name, _)| *name == wanted);
            found.next().and_then(|(_, value)| decoded(value))
        };
        if parameter("sslmode").is_some_and(|mode| mode == "disable") {
            let why = "`sslmode=disable` asks for plain text, which is never spoken";
            return Err(unusable(why, "take `sslmode=disable` out of it"));
        }
        let way = way(&host, port);
        if matches!(
            way,
            DatabaseWay::SessionPooler | DatabaseWay::TransactionPooler
        ) && !user.contains('.')
        {
            let why = "the user of a pooler is `postgres.<ref>`, and this one names no project";
            return Err(unusable(why, trouble::strings()));
        }
        let database = decoded(database).filter(|name| !name.is_empty());
        Ok(Parts {
            database: database.unwrap_or_else(|| "postgres".to_owned()),
            ca_file: parameter("sslrootcert").filter(|file| file != "system"),
            password: password.into(),
            host,
            port,
            user,
            way,
        })
    }

    /// The server, for messages.
    pub fn server(&self) -> String {
        format!("{}:{}", self.host, self.port)
    }
}

/// Decoded text, unless it has a sign that should have been encoded.
fn decoded(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let odd = |byte: &u8| b"@/?#[] \"<>\\^`{|}".contains(byte) || byte.is_ascii_control();
    if bytes.iter().any(odd) {
        return None;
    }
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_hexdigit);
    let mut signs = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'%');
    if signs.any(|(at, _)| !is_digit(at + 1) || !is_digit(at + 2)) {
        return None;
    }
    let decoded = percent_decode_str(text).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

fn split_port(place: &str) -> Option<(String, u16)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']')?;
            (host, port.strip_prefix(':'))
        }
        None => match place.rsplit_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = port.map_or(Some(5432), |port| port.parse().ok())?;
    let fits = |letter: char| letter.is_ascii_alphanumeric() || ".-:_".contains(letter);
    (!host.is_empty() && host.chars().all(fits)).then(|| (host.to_ascii_lowercase(), port))
}

/// Supabase has four ways into a database, and the host and the port tell which one it is.
fn way(host: &str, port: u16) -> DatabaseWay {
    let pooler = host.ends_with(".pooler.supabase.com");
    let own = host.starts_with("db.") && host.ends_with(".supabase.co");
    match (pooler, own, port) {
        (true, _, 6543) => DatabaseWay::TransactionPooler,
        (true, _, _) => DatabaseWay::SessionPooler,
        (_, true, 6543) => DatabaseWay::DedicatedPooler,
        (_, true, _) => DatabaseWay::Direct,
        _ => DatabaseWay::Server,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> Result<Parts, Fault> {
        Parts::read(&text.to_owned().into())
    }

    #[test]
    fn a_project_is_found_in_whatever_was_pasted() {
        let own = "https://abcdefghijklmnopqrst.supabase.co/";
        for pasted in [
            "abcdefghijklmnopqrst.supabase.co",
            " https://abcdefghijklmnopqrst.supabase.co/rest/v1/ ",
            "https://abcdefghijklmnopqrst.supabase.co/rest/v1/woo_orders?select=id",
            "https://supabase.com/dashboard/project/abcdefghijklmnopqrst/settings/api-keys",
        ] {
            assert_eq!(project(pasted).expect(pasted).as_str(), own);
        }
        let local = project("http://127.0.0.1:54321/rest/v1").expect("this machine");
        assert_eq!(shown(&local), "http://127.0.0.1:54321");
        for (pasted, why) in [
            ("http://abc.supabase.co", "plain HTTP"),
            (
                "https://supabase.com/dashboard/projects",
                "no project is named",
            ),
            (
                "postgresql://postgres:secret@db.abc.supabase.co/postgres",
                "holds a password",
            ),
            ("ftp://abc.supabase.co", "not one of a web site"),
        ] {
            let fault = project(pasted).expect_err(pasted);
            assert!(fault.said.contains(why), "{fault}");
            assert!(!fault.said.contains("secret"), "{fault}");
        }
    }

    #[test]
    fn the_four_ways_in_are_told_apart() {
        let way = |text: &str| parts(text).expect(text).way;
        let pooler = "aws-0-ca-central-1.pooler.supabase.com";
        assert_eq!(
            way("postgresql://postgres:p@db.abc.supabase.co:5432/postgres"),
            DatabaseWay::Direct
        );
        assert_eq!(
            way("postgresql://postgres:p@db.abc.supabase.co:6543/postgres"),
            DatabaseWay::DedicatedPooler
        );
        assert_eq!(
            way(&format!("postgres://postgres.abc:p@{pooler}:5432/postgres")),
            DatabaseWay::SessionPooler
        );
        assert_eq!(
            way(&format!("postgres://postgres.abc:p@{pooler}:6543/postgres")),
            DatabaseWay::TransactionPooler
        );
        assert_eq!(way("postgres://me:p@[::1]/shop"), DatabaseWay::Server);
    }

    #[test]
    fn a_password_is_taken_as_it_is_encoded_and_its_mistakes_are_told() {
        let text = "postgresql://postgres:p%40ss%3Aw%2Frd@db.abc.supabase.co/postgres?sslmode=verify-full&sslrootcert=ca%20file.crt";
        let found = parts(text).expect("well encoded");
        assert_eq!(found.password.expose_secret(), "p@ss:w/rd");
        assert_eq!((found.port, found.database.as_str()), (5432, "postgres"));
        assert_eq!(found.ca_file.as_deref(), Some("ca file.crt"));
        for (password, why) in [
            ("hunter@2", "password is not encoded well"),
            ("hunter/2", "password is not encoded well"),
            ("hunter#2", "password is not encoded well"),
            ("hunter?2", "password is not encoded well"),
            ("100%hunter", "password is not encoded well"),
            ("[YOUR-PASSWORD]", "place holder"),
        ] {
            let text = format!("postgresql://postgres:{password}@db.abc.supabase.co:5432/postgres");
            let fault = parts(&text).err().expect(password);
            assert_eq!(fault.code, "database_url_unusable");
            assert!(fault.said.contains(why), "{fault}");
            let told = format!("{fault} {:?}", fault.hint);
            assert!(!told.contains("hunter"), "{told}");
        }
    }

    #[test]
    fn what_cannot_work_is_refused_before_anything_is_sent() {
        for (text, why) in [
            ("mysql://me:p@host/db", "does not begin with"),
            ("postgres://host/db", "no user and no password"),
            ("postgres://me@host/db", "no password"),
            ("postgres://me:p@host:port/db", "host or port"),
            ("postgres://me:p@host/db?sslmode=disable", "plain text"),
            (
                "postgres://postgres:p@aws-0-x.pooler.supabase.com:6543/postgres",
                "names no project",
            ),
        ] {
            let fault = parts(text).err().expect(text);
            assert!(fault.said.contains(why), "{fault}");
            assert!(fault.hint.is_some());
        }
    }
}
