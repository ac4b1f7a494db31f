//! PostgreSQL: the database itself or one of its poolers, always over TLS and always verified.
//!
//! A pooler gives out connections for each transaction, so a statement has no name and everything happens inside a transaction: then
//! one way of asking is good for all.

mod look;
mod rows;

use std::error::Error as _;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};
use rustls_platform_verifier::Verifier;
use secrecy::{ExposeSecret, SecretString};
use tokio_postgres::config::SslMode;
use tokio_postgres::error::{DbError, SqlState};
use tokio_postgres::types::Type;
use tokio_postgres::{Client, Config, Error};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::place::Parts;
use super::{tables, trouble};
use crate::files;
use crate::model::database::Database;
use crate::model::fault::Fault;
use crate::model::row;

/// A file of certificates is far smaller.
const AUTHORITY_MAX: u64 = 1_000_000;

pub(super) struct Postgres {
    parts: Parts,
    ca_file: Option<PathBuf>,
    timeout: Duration,
    /// Kept from one transaction to the next.
    open: tokio::sync::Mutex<Option<Client>>,
}

impl Postgres {
    pub fn new(
        database_url: &SecretString,
        ca_file: Option<PathBuf>,
        timeout: Duration,
    ) -> Result<Postgres, Fault> {
        let parts = Parts::read(database_url)?;
        let ca_file = ca_file.or_else(|| parts.ca_file.clone().map(PathBuf::from));
        Ok(Postgres {
            parts,
            ca_file,
            timeout,
            open: tokio::sync::Mutex::default(),
        })
    }

    /// The server and the database on it.
    pub fn place(&self) -> String {
        format!("{}/{}", self.parts.server(), self.parts.database)
    }

    pub async fn describe(&self, schema: &str) -> Result<Database, Fault> {
        let work = async {
            let mut client = self.connect().await?;
            self.ask(&mut client, schema).await
        };
        match tokio::time::timeout(self.timeout, work).await {
            Ok(done) => done,
            Err(_) => Err(trouble::unreachable(
                &self.parts.server(),
                &format!("it did not answer within {} s", self.timeout.as_secs()),
            )),
        }
    }

    async fn connect(&self) -> Result<Client, Fault> {
        let tls = MakeRustlsConnect::new(self.tls()?);
        let parts = &self.parts;
        let addresses = self.addresses().await?;
        let config = Config::new()
            .host(&parts.host)
            .port(parts.port)
            .user(&parts.user)
            .password(parts.password.expose_secret())
            .dbname(&parts.database)
            .application_name("udsync")
            // Nothing goes over the wire unsealed, wherever the server is.
            .ssl_mode(SslMode::Require)
            .connect_timeout(self.timeout)
            .to_owned();
        let (client, connection) = config
            .connect(tls)
            .await
            .map_err(|error| self.refused(&error, &addresses))?;
        tokio::spawn(async move {
            // What ends the connection is told to whoever waits for an answer.
            let _ = connection.await;
        });
        Ok(client)
    }

    async fn addresses(&self) -> Result<Vec<IpAddr>, Fault> {
        let place = (self.parts.host.as_str(), self.parts.port);
        match tokio::net::lookup_host(place).await {
            Ok(found) => Ok(found.map(|address: SocketAddr| address.ip()).collect()),
            Err(_) => Err(trouble::no_such_host(&self.parts.host)),
        }
    }

    fn tls(&self) -> Result<ClientConfig, Fault> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let builder = ClientConfig::builder_with_provider(provider.clone())
            .with_safe_default_protocol_versions()
            .expect("ring speaks the default versions");
        if let Some(path) = &self.ca_file {
            let unreadable = |why: &str| trouble::ca_unreadable(path, why);
            let bytes = authority(path)?;
            let mut roots = RootCertStore::empty();
            let certificates = CertificateDer::pem_slice_iter(&bytes);
            roots.add_parsable_certificates(certificates.filter_map(Result::ok));
            if roots.is_empty() {
                return Err(unreadable("it holds no certificate in PEM form"));
            }
            return Ok(builder.with_root_certificates(roots).with_no_client_auth());
        }
        // So that an image without any certificates still connects.
        let extra = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned();
        let verifier = Verifier::new_with_extra_roots(extra, provider).map_err(|_| {
            trouble::tls(
                &self.parts.server(),
                "this machine's own certificates cannot be read",
            )
        })?;
        Ok(builder
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth())
    }

    async fn ask(&self, client: &mut Client, schema: &str) -> Result<Database, Fault> {
        let failed = |error: Error| self.refused(&error, &[]);
        let asking = client.build_transaction().read_only(true).start().await;
        let asking = asking.map_err(failed)?;
        let about = asking
            .query_typed(
                "SELECT current_setting('server_version'), current_user::text,
                        EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = $1)",
                &[(&schema, Type::TEXT)],
            )
            .await
            .map_err(failed)?;
        let about = about.first().ok_or_else(|| self.odd())?;
        let version: String = about.try_get(0).map_err(|_| self.odd())?;
        let role: String = about.try_get(1).map_err(|_| self.odd())?;
        let there: bool = about.try_get(2).map_err(|_| self.odd())?;
        if !there {
            return Err(trouble::schema_missing(schema));
        }
        let names = row::Table::ALL
            .map(|table| table.as_str().to_owned())
            .to_vec();
        let rows = asking
            .query_typed(
                "SELECT c.relname::text FROM pg_catalog.pg_class c
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
                  WHERE n.nspname = $1 AND c.relname = ANY ($2) AND c.relkind IN ('r', 'p')",
                &[(&schema, Type::TEXT), (&names, Type::TEXT_ARRAY)],
            )
            .await
            .map_err(failed)?;
        let present: Vec<String> = rows.iter().filter_map(|row| row.try_get(0).ok()).collect();
        asking.commit().await.map_err(failed)?;
        let number = version.split_whitespace().next().unwrap_or_default();
        Ok(Database {
            address: self.place(),
            way: self.parts.way,
            version: format!("PostgreSQL {number}"),
            role,
            schema: schema.to_owned(),
            tables: tables(|name| present.iter().any(|found| found == name)),
        })
    }

    fn odd(&self) -> Fault {
        trouble::unexpected(&self.parts.server(), "something that was not asked for")
    }

    fn refused(&self, error: &Error, addresses: &[IpAddr]) -> Fault {
        let server = self.parts.server();
        if let Some(error) = error.as_db_error() {
            return judged(&server, error);
        }
        let chain = causes(error);
        let says = |words: &str| chain.contains(words);
        if says("server does not support TLS") {
            return trouble::plaintext(&server);
        }
        if says("UnknownIssuer") || says("unable to get local issuer") {
            return trouble::ca_unknown(&server);
        }
        if says("NotValidForName") || says("not valid for name") {
            return trouble::tls(&server, "its certificate is made for another name");
        }
        if says("Expired") || says("certificate expired") {
            return trouble::tls(&server, "its certificate has expired");
        }
        if says("UnsupportedCertVersion") {
            return trouble::tls(&server, "its certificate is of a form that is too old");
        }
        if says("TLS handshake") {
            return trouble::tls(&server, "the handshake failed");
        }
        let kind = error
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>())
            .map(io::Error::kind);
        silence(&server, &self.parts.host, kind, addresses)
    }
}

/// Why no connection was made. Supabase's own servers have IPv6 addresses only, and many machines have none.
fn silence(server: &str, host: &str, kind: Option<io::ErrorKind>, addresses: &[IpAddr]) -> Fault {
    use io::ErrorKind::{
        AddrNotAvailable, ConnectionRefused, HostUnreachable, NetworkUnreachable, TimedOut,
    };
    let only_ipv6 = !addresses.is_empty() && addresses.iter().all(IpAddr::is_ipv6);
    match kind {
        Some(NetworkUnreachable | HostUnreachable | AddrNotAvailable | TimedOut) if only_ipv6 => {
            trouble::ipv6_only(host)
        }
        Some(ConnectionRefused) => trouble::unreachable(server, "it refused the connection"),
        Some(TimedOut) => trouble::unreachable(server, "it did not answer in time"),
        Some(NetworkUnreachable | HostUnreachable | AddrNotAvailable) => {
            trouble::unreachable(server, "there is no way to it from this machine")
        }
        _ => trouble::unreachable(server, "the connection was cut off"),
    }
}

/// What the server itself says, by its code; poolers put everything under the code for internal errors.
fn judged(server: &str, error: &DbError) -> Fault {
    let message = error.message();
    if message.contains("Tenant or user not found") {
        return trouble::project_unknown(server);
    }
    let too_many = ["MaxClients", "max clients", "no more connections"];
    if too_many.iter().any(|words| message.contains(words)) {
        return trouble::busy(server, "it has too many clients");
    }
    match error.code() {
        &SqlState::INVALID_PASSWORD | &SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            trouble::password_refused(server)
        }
        &SqlState::INVALID_CATALOG_NAME => trouble::missing(server),
        &SqlState::TOO_MANY_CONNECTIONS => trouble::busy(server, "it has too many clients"),
        &SqlState::CANNOT_CONNECT_NOW
        | &SqlState::ADMIN_SHUTDOWN
        | &SqlState::CRASH_SHUTDOWN
        | &SqlState::QUERY_CANCELED => {
            trouble::busy(server, "it is starting, stopping, or too slow")
        }
        &SqlState::INSUFFICIENT_PRIVILEGE => trouble::rights_missing(server),
        code => trouble::unexpected(server, &format!("with the code `{}`", code.code())),
    }
}

/// The bytes of an authority's file.
pub fn authority(path: &Path) -> Result<Vec<u8>, Fault> {
    files::read(path, AUTHORITY_MAX).map_err(|error| trouble::ca_unreadable(path, &said(&error)))
}

fn said(error: &io::Error) -> String {
    let kind = error.kind();
    match kind {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "this user may not read it".to_owned(),
        _ if error.raw_os_error().is_none() => error.to_string(),
        other => other.to_string(),
    }
}

/// An error with what is behind it, for looking into; it is never shown.
fn causes(error: &Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_with_ipv6_alone_is_told_from_one_that_is_down() {
        let six: [IpAddr; 1] = ["2600:1f16::1".parse().expect("an address")];
        let both: [IpAddr; 2] = [six[0], "10.0.0.1".parse().expect("an address")];
        let code =
            |kind, addresses: &[IpAddr]| silence("db:5432", "db", Some(kind), addresses).code;
        assert_eq!(
            code(io::ErrorKind::NetworkUnreachable, &six),
            "database_ipv6_only"
        );
        assert_eq!(
            code(io::ErrorKind::NetworkUnreachable, &both),
            "database_unreachable"
        );
        assert_eq!(
            code(io::ErrorKind::ConnectionRefused, &six),
            "database_unreachable"
        );
    }

    #[tokio::test]
    async fn a_server_that_says_nothing_is_not_waited_for_for_ever() {
        let silent = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let port = silent.local_addr().expect("an address").port();
        let address = format!("postgres://me:hunter2@127.0.0.1:{port}/shop");
        let database = Postgres::new(&address.into(), None, Duration::from_secs(1));
        let fault = database
            .expect("usable")
            .describe("public")
            .await
            .expect_err("silence");
        assert_eq!(fault.code, "database_unreachable");
        assert!(fault.said.contains("did not answer within 1 s"), "{fault}");
    }
}
