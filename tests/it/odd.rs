//! What stands in the way between us and a service: a site that is not the one that was meant, a proxy that ends TLS.

use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use serde_json::json;

use crate::order::{order, with};
use crate::world::{RUNTIME, World, bare_command, ran};

/// The authority that has signed the proxy's certificate.
pub fn authority() -> String {
    format!("{}/tests/it/tls/ca.pem", env!("CARGO_MANIFEST_DIR"))
}

/// A site that answers each path in one way, for as long as the tests run: status and body, or nothing for 404.
pub fn site(answer: fn(&str) -> Option<(u16, String)>) -> String {
    let listener = RUNTIME
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    RUNTIME.spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = vec![0; 16_384];
                let length = stream.read(&mut asked).await.unwrap_or(0);
                let head = String::from_utf8_lossy(&asked[..length]).into_owned();
                let path = head.split(' ').nth(1).unwrap_or("/");
                let path = path.split('?').next().unwrap_or("/");
                let (status, body) = answer(path).unwrap_or((404, "nothing here".to_owned()));
                let kind = if body.starts_with('{') {
                    "application/json"
                } else {
                    "text/html"
                };
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = stream.write_all(text.as_bytes()).await;
            });
        }
    });
    format!("http://{address}")
}

/// A proxy that ends TLS before the service at this address, and tells nobody.
pub fn tls_before(url: &str) -> String {
    let inside = url
        .strip_prefix("http://")
        .expect("stand-ins speak plain HTTP")
        .to_owned();
    let folder = format!("{}/tests/it/tls", env!("CARGO_MANIFEST_DIR"));
    let certificate = CertificateDer::from_pem_file(format!("{folder}/server.pem"));
    let key = PrivateKeyDer::from_pem_file(format!("{folder}/server.key"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(
            vec![certificate.expect("the certificate")],
            key.expect("its key"),
        )
        .expect("they belong together");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = RUNTIME
        .block_on(TcpListener::bind("127.0.0.1:0"))
        .expect("a port");
    let port = listener.local_addr().expect("an address").port();
    RUNTIME.spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, inside) = (acceptor.clone(), inside.clone());
            tokio::spawn(async move {
                let Ok(mut outer) = acceptor.accept(stream).await else {
                    return;
                };
                let Ok(mut inner) = TcpStream::connect(inside).await else {
                    return;
                };
                let _ = tokio::io::copy_bidirectional(&mut outer, &mut inner).await;
            });
        }
    });
    format!("https://localhost:{port}")
}

#[test]
fn a_warning_on_what_was_left_alone_is_told_once_in_words() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    let back = with(order(1), json!({ "status": "pending" }));
    world.put_order(&back, &json!([]), false);
    let told = world.run("sync orders").ends_with(0).out;
    assert_eq!(told.matches("status went back: ").count(), 1, "{told}");
    assert!(told.starts_with("warnings\n"), "{told}");
    assert!(told.contains("nothing was changed"), "{told}");
}

#[test]
fn words_that_can_mean_nothing_are_a_mistake() {
    let world = World::of_orders(vec![order(1)]);
    for command in ["sync orders --dry-run", "dry-run orders", "history"] {
        let told = world
            .run(&format!("{command} --since 2026-03-02 --until 2026-03-01"))
            .ends_with(2);
        assert!(told.err.contains("--since 2026-03-02"), "{}", told.err);
        assert!(told.err.contains("--until 2026-03-01"), "{}", told.err);
        let told = world.run(&format!("{command} --limit 0")).ends_with(2);
        assert!(told.err.contains("--limit 0"), "{}", told.err);
        world
            .run(&format!("{command} --until 9999-12-31"))
            .ends_with(0);
    }
    let mut history = world.command("history");
    ran(history.arg("").output().expect("the binary runs")).ends_with(2);
    world
        .run("sync orders --until 9999-12-31 --yes")
        .ends_with(0);
    assert_eq!(world.documents().len(), 1);
    let listed = world.run("history --until 9999-12-31 --json").ends_with(0);
    let runs = listed.json()["runs"].as_array().expect("a list").len();
    assert_eq!(runs, 1, "{}", listed.out);
}

#[test]
fn a_variable_says_yes_or_no_or_is_a_mistake() {
    let home = tempfile::tempdir().expect("a folder");
    let with_yes = |word: &str| {
        let mut command = bare_command(home.path());
        command.args(["sync", "orders"]).env("UDSYNC_YES", word);
        ran(command.output().expect("the binary runs"))
    };
    for word in ["maybe", "2", "y"] {
        let told = with_yes(word).ends_with(2).err;
        assert!(told.contains("`UDSYNC_YES`"), "{told}");
    }
    for word in ["1", " TRUE ", "Yes", "on", "0", "false", "NO", "off", ""] {
        let told = with_yes(word).err;
        assert!(!told.contains("UDSYNC_YES"), "{word}: {told}");
    }
    std::fs::write(home.path().join("udsync.toml"), "").expect("written");
    for (word, is_json) in [(" ON ", true), ("off", false)] {
        let mut command = bare_command(home.path());
        command.args(["config", "path"]).env("UDSYNC_JSON", word);
        let told = ran(command.output().expect("the binary runs")).ends_with(0);
        assert_eq!(told.out.contains("udsync/config-path/1"), is_json);
        if is_json {
            assert!(told.json()["path"].is_string());
        }
    }
}
