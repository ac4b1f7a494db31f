//! Connecting PostgreSQL through the real binary: strings that cannot work, a pooler that only refuses, and a real server where the
//! machine has one.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::odd;
use crate::postgres::Cluster;
use crate::supabase::{MASTER, connect, home, refused, run};
use crate::world::{RUNTIME, bare_command, ran};

fn into_postgres(home: &TempDir, line: &str, string: &str) -> Command {
    connect(home, line, "UDSYNC_SUPABASE_DATABASE_URL", string)
}

#[test]
fn strings_that_cannot_work_are_not_sent() {
    let home = home();
    for (string, words) in [
        (
            "postgresql://postgres:hunter2@2@127.0.0.1/postgres",
            "its password is not encoded well",
        ),
        (
            "postgresql://postgres:[YOUR-PASSWORD]@db.abc.supabase.co:5432/postgres",
            "place holder",
        ),
        (
            "postgres://postgres:hunter2@aws-0-x.pooler.supabase.com:6543/postgres",
            "names no project",
        ),
        (
            "postgres://me:hunter2@127.0.0.1/shop?sslmode=disable",
            "plain text",
        ),
        (
            "https://abc.supabase.co",
            "does not begin with `postgresql://`",
        ),
    ] {
        refused(
            &home,
            || into_postgres(&home, "", string),
            2,
            "database_url_unusable",
            words,
        );
    }
    let ca = || {
        into_postgres(
            &home,
            "--ca-file missing.crt",
            "postgres://me:hunter2@127.0.0.1:9/shop",
        )
    };
    refused(
        &home,
        ca,
        2,
        "database_ca_unreadable",
        "there is no such file",
    );
    let down = || into_postgres(&home, "", "postgres://me:hunter2@127.0.0.1:9/shop");
    refused(
        &home,
        down,
        5,
        "database_unreachable",
        "it refused the connection",
    );
}

/// A pooler that speaks TLS, hears who comes, and refuses with these words.
fn pooler(code: &'static str, message: &'static str) -> u16 {
    let folder = format!("{}/tests/it/tls", env!("CARGO_MANIFEST_DIR"));
    let certificate = CertificateDer::from_pem_file(format!("{folder}/server.pem"));
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/server.key"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("one")], key.expect("its key"))
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = RUNTIME
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    RUNTIME.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                // The request for TLS has eight bytes, and the answer one.
                let mut asked = [0; 8];
                stream.read_exact(&mut asked).await.ok()?;
                stream.write_all(b"S").await.ok()?;
                let mut inner = acceptor.accept(stream).await.ok()?;
                let mut who = [0; 1024];
                let heard = inner.read(&mut who).await.ok()?;
                assert!(heard > 0, "nobody comes without a name");
                let fields = format!("SFATAL\0VFATAL\0C{code}\0M{message}\0\0");
                let length = u32::try_from(fields.len() + 4).ok()?;
                let told = [b"E", length.to_be_bytes().as_slice(), fields.as_bytes()].concat();
                inner.write_all(&told).await.ok()?;
                inner.shutdown().await.ok()
            });
        }
    });
    port
}

#[test]
fn refusals_of_a_pooler_are_told_apart() {
    let home = home();
    let line = format!("--ca-file {}", odd::authority());
    for (code, message, exit, fault, words) in [
        (
            "XX000",
            "Tenant or user not found",
            4,
            "database_project_unknown",
            "knows no such project",
        ),
        (
            "XX000",
            "MaxClientsInSessionMode: max clients reached - in Session mode max clients are limited to pool_size",
            5,
            "database_busy",
            "too many clients",
        ),
        (
            "57P03",
            "the database system is starting up",
            5,
            "database_busy",
            "starting",
        ),
        (
            "XX000",
            "something else for hunter2",
            5,
            "database_answer_unexpected",
            "the code `XX000`",
        ),
    ] {
        let string = format!(
            "postgres://postgres.abc:hunter2@localhost:{}/postgres",
            pooler(code, message)
        );
        refused(
            &home,
            || into_postgres(&home, &line, &string),
            exit,
            fault,
            words,
        );
    }
    // Without its authority nobody knows who that is.
    let string = format!(
        "postgres://postgres.abc:hunter2@localhost:{}/postgres",
        pooler("XX000", "")
    );
    refused(
        &home,
        || into_postgres(&home, "", &string),
        2,
        "database_ca_unknown",
        "nobody that is trusted here",
    );
}

#[test]
fn a_real_postgresql_right_and_wrong() {
    let Some(cluster) = Cluster::start() else {
        return;
    };
    let home = home();
    let (port, plain) = (cluster.port, cluster.plain_port);
    let ca = cluster.authority();
    let string =
        |who: &str, password: &str| format!("postgresql://{who}:{password}@localhost:{port}/shop");
    let with_ca = format!("--transport postgres --ca-file {ca}");
    let string_of = string("udsync", "hunter2%40home");

    // Wrong ones first: they leave nothing behind.
    let wrong = || into_postgres(&home, &with_ca, &string("udsync", "hunter2"));
    refused(
        &home,
        wrong,
        4,
        "database_password_refused",
        "does not take this name with this password",
    );
    let nobody = || into_postgres(&home, &with_ca, &string("nobody", "hunter2"));
    refused(
        &home,
        nobody,
        4,
        "database_password_refused",
        "does not take this name with this password",
    );
    let full = || into_postgres(&home, &with_ca, &string("busy", "hunter2%40home"));
    refused(&home, full, 5, "database_busy", "too many clients");
    let missing = string_of.replace("/shop", "/other");
    refused(
        &home,
        || into_postgres(&home, &with_ca, &missing),
        2,
        "database_missing",
        "no database of this name",
    );
    let unknown = || into_postgres(&home, "--transport postgres", &string_of);
    refused(
        &home,
        unknown,
        2,
        "database_ca_unknown",
        "nobody that is trusted here",
    );
    let stranger = format!("--transport postgres --ca-file {}", odd::authority());
    refused(
        &home,
        || into_postgres(&home, &stranger, &string_of),
        2,
        "database_ca_unknown",
        "nobody that is trusted here",
    );
    let other_name = string_of.replace("localhost", "127.0.0.1");
    refused(
        &home,
        || into_postgres(&home, &with_ca, &other_name),
        5,
        "database_tls",
        "made for another name",
    );
    let unsealed = string_of.replace(&port.to_string(), &plain.to_string());
    refused(
        &home,
        || into_postgres(&home, &with_ca, &unsealed),
        2,
        "database_plaintext",
        "speaks no TLS",
    );

    // The right one, though its string asks for what the driver does not know.
    let string_of = format!("{string_of}?sslmode=verify-full");
    let mut command = bare_command(home.path());
    command
        .args([
            "connect",
            "supabase",
            "--from-stdin",
            "--json",
            "--ca-file",
            &ca,
        ])
        .env("UDSYNC_KEY", MASTER)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let line = format!("UDSYNC_SUPABASE_DATABASE_URL='{string_of}'\n");
    let mut pipe = child.stdin.take().expect("a pipe");
    pipe.write_all(line.as_bytes()).expect("written");
    drop(pipe);
    let told = ran(child.wait_with_output().expect("it ends")).ends_with(0);
    let database = &told.json()["database"];
    assert_eq!(database["address"], format!("localhost:{port}/shop"));
    assert_eq!(database["way"], "server");
    assert_eq!(database["role"], "udsync");
    assert!(
        database["version"]
            .as_str()
            .is_some_and(|text| text.starts_with("PostgreSQL "))
    );
    let there: Vec<&Value> = database["tables"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|table| table["present"] == true)
        .map(|table| &table["name"])
        .collect();
    assert_eq!(there, ["orders"]);
    let config = std::fs::read_to_string(home.path().join("udsync.toml")).expect("read");
    assert!(
        config.contains(&format!("transport = \"postgres\"\nca_file = \"{ca}\"\n")),
        "{config}"
    );
    assert!(!config.contains("hunter2"), "{config}");

    // What is stored is enough from now on.
    let mut test = bare_command(home.path());
    test.args(["connect", "test", "supabase"])
        .env("UDSYNC_KEY", MASTER);
    let told = run(&mut test).ends_with(0);
    assert!(
        told.out.contains(&format!("localhost:{port}/shop")),
        "{}",
        told.out
    );

    // And once it is configured, the authority need not be named again; a schema that is not there is.
    let text = config.replace("[supabase]", "[supabase]\nschema = \"books\"");
    std::fs::write(home.path().join("udsync.toml"), text).expect("written");
    let told = run(&mut into_postgres(&home, "", &string_of)).ends_with(2);
    assert!(told.err.contains("has no schema `books`"), "{}", told.err);
}
