//! Signing in: which way is tried, which one stays, and where nothing is sent at all.

use url::Url;

use super::server::{Answer, Asked, Server};
use super::{KEY, SECRET, clock, connected, settings};
use crate::connector::port::{Ask, ShopReader};
use crate::connector::woocommerce::address;
use crate::connector::woocommerce::sign::SigningWay;
use crate::connector::woocommerce::{ShopConnection, WooCommerce};
use crate::model::fault::Remedy;

/// As over TLS, on a server without it.
fn over_tls(server: &Server) -> WooCommerce {
    WooCommerce::signing_in(settings(server), clock(), SigningWay::Basic)
        .expect("a usable address")
        .pausing(std::time::Duration::from_millis(1))
}

fn has_keys_in_query(asked: &Asked) -> bool {
    asked.get("consumer_key") == Some(KEY) && asked.get("consumer_secret") == Some(SECRET)
}

#[tokio::test]
async fn signs_over_plain_http_and_never_sends_the_secret() {
    let server = Server::start(|_| Answer::json("[]")).await;
    let shop = connected(&server);
    for _ in 0..2 {
        shop.pull(&Ask::default(), None).await.expect("a page");
    }
    let asked = server.asked();
    for one in &asked {
        assert_eq!(one.get("oauth_consumer_key"), Some(KEY));
        assert_eq!(one.get("oauth_signature_method"), Some("HMAC-SHA256"));
        assert_eq!(one.get("oauth_timestamp"), Some("1795217457"));
        assert!(one.authorization.is_none() && !format!("{one:?}").contains(SECRET));
    }
    assert_ne!(
        asked[0].get("oauth_nonce"),
        asked[1].get("oauth_nonce"),
        "a nonce is good once"
    );
}

#[tokio::test]
async fn signs_with_the_older_method_where_the_shop_knows_no_other() {
    let server = Server::start(|asked| match asked.get("oauth_signature_method") {
        Some("HMAC-SHA1") => Answer::json("[]"),
        _ => Answer::recorded("auth/http-oauth-bad-method"),
    })
    .await;
    let shop = connected(&server);
    for _ in 0..2 {
        shop.pull(&Ask::default(), None).await.expect("a page");
    }
    assert_eq!(server.asked().len(), 3, "what works is kept");
}

#[tokio::test]
async fn sends_the_keys_in_the_query_where_the_header_is_dropped() {
    let server = Server::start(|asked| {
        if has_keys_in_query(asked) {
            Answer::json("[]")
        } else {
            Answer::recorded("auth/https-strip-auth-basic")
        }
    })
    .await;
    let shop = over_tls(&server);
    for _ in 0..3 {
        shop.pull(&Ask::default(), None).await.expect("a page");
    }
    let asked = server.asked();
    assert_eq!(asked.len(), 4, "one to find out, then no more");
    assert!(
        asked[0]
            .authorization
            .as_deref()
            .is_some_and(|header| header.starts_with("Basic "))
    );
    assert!(!has_keys_in_query(&asked[0]));
    assert!(
        asked[1..]
            .iter()
            .all(|one| has_keys_in_query(one) && one.authorization.is_none())
    );
}

#[tokio::test]
async fn finds_a_proxy_that_hides_tls() {
    let server = Server::start(|asked| {
        if asked.get("oauth_signature").is_some() {
            Answer::json("[]")
        } else {
            Answer::recorded("auth/http-basic-xfp-https")
        }
    })
    .await;
    let fault = over_tls(&server)
        .pull(&Ask::default(), None)
        .await
        .expect_err("a fault");
    assert_eq!(
        (fault.code, fault.remedy),
        ("store_tls_hidden", Remedy::Stop)
    );
    let hint = fault.hint.expect("a hint");
    assert!(
        hint.contains("HTTPS=on") && hint.contains("X-Forwarded-Proto"),
        "{hint}"
    );
}

#[tokio::test]
async fn says_whose_turn_it_is_when_keys_are_refused() {
    let connect = Remedy::Reconnect;
    for (recording, code, remedy, words) in [
        (
            "wrong-key",
            "store_credentials_refused",
            connect,
            "does not know these keys",
        ),
        (
            "swapped",
            "store_credentials_refused",
            connect,
            "does not know these keys",
        ),
        (
            "wrong-secret",
            "store_secret_refused",
            connect,
            "not with this secret",
        ),
        (
            "write-key-get",
            "store_rights_missing",
            connect,
            "the key may not read",
        ),
        (
            "customer-key-get",
            "store_rights_missing",
            connect,
            "user may not see the orders",
        ),
    ] {
        let server = Server::start(move |_| Answer::recorded(&format!("auth/{recording}"))).await;
        let fault = over_tls(&server)
            .pull(&Ask::default(), None)
            .await
            .expect_err("a fault");
        assert_eq!((fault.code, fault.remedy), (code, remedy), "{recording}");
        assert!(fault.said.contains(words), "{}", fault.said);
        assert!(
            fault
                .hint
                .as_deref()
                .is_some_and(|hint| hint.contains("UDSYNC_WOOCOMMERCE_KEY"))
        );
    }
    for (recording, code, words) in [
        (
            "http-oauth-bad-signature",
            "store_secret_refused",
            "not with this secret",
        ),
        (
            "http-oauth-old-timestamp",
            "store_clock_off",
            "more than 15 minutes",
        ),
        (
            "http-oauth-future-timestamp",
            "store_clock_off",
            "more than 15 minutes",
        ),
        (
            "no-auth",
            "store_credentials_refused",
            "does not know these keys",
        ),
    ] {
        let server = Server::start(move |_| Answer::recorded(&format!("auth/{recording}"))).await;
        let fault = connected(&server)
            .pull(&Ask::default(), None)
            .await
            .expect_err("a fault");
        assert_eq!(fault.code, code, "{recording}");
        assert!(fault.said.contains(words), "{}", fault.said);
        assert_eq!(server.asked().len(), 1, "asking again would change nothing");
    }
}

#[tokio::test]
async fn the_wrong_secret_is_named_also_where_the_header_is_dropped() {
    let server = Server::start(|asked| {
        Answer::recorded(if asked.get("consumer_key").is_some() {
            "auth/wrong-secret-query"
        } else {
            "auth/https-strip-auth-basic"
        })
    })
    .await;
    let fault = over_tls(&server)
        .pull(&Ask::default(), None)
        .await
        .expect_err("a fault");
    assert_eq!(fault.code, "store_secret_refused");
}

#[tokio::test]
async fn a_line_end_that_was_pasted_with_the_keys_does_no_harm() {
    let server = Server::start(|_| Answer::json("[]")).await;
    let settings = ShopConnection {
        secret: format!("{SECRET}\n").into(),
        ..settings(&server)
    };
    let shop =
        WooCommerce::signing_in(settings, clock(), SigningWay::Query).expect("a usable address");
    shop.pull(&Ask::default(), None).await.expect("a page");
    assert!(has_keys_in_query(&server.asked()[0]));
}

#[test]
fn finds_the_shop_in_whatever_was_pasted() {
    for (pasted, address, root) in [
        (
            "https://shop.example.test",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://Shop.Example.test/",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://shop.example.test//",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://shop.example.test:443/?x=1#y",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://shop.example.test/wp-json/wc/v3/",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://shop.example.test/wp-json//wc/v3/orders",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://shop.example.test/wp-admin/admin.php?page=wc-settings",
            "https://shop.example.test",
            "https://shop.example.test/",
        ),
        (
            "https://example.test/winkel/wp-login.php",
            "https://example.test/winkel",
            "https://example.test/winkel/",
        ),
        (
            "https://example.test/index.php/wp-json/wc/v3",
            "https://example.test",
            "https://example.test/index.php/",
        ),
        (
            "https://ann:pass@example.test/",
            "https://example.test",
            "https://example.test/",
        ),
        (
            "http://127.0.0.1:8099/",
            "http://127.0.0.1:8099",
            "http://127.0.0.1:8099/",
        ),
        (
            "http://[::1]:8099/",
            "http://[::1]:8099",
            "http://[::1]:8099/",
        ),
    ] {
        let site = address::site(&Url::parse(pasted).expect("an address"), false).expect("a shop");
        assert_eq!(
            (site.address.as_str(), site.root.as_str()),
            (address, root),
            "{pasted}"
        );
    }
}

#[test]
fn refuses_an_address_before_anything_is_sent() {
    for (pasted, code) in [
        ("http://shop.example.test/", "store_plain_http"),
        ("http://192.168.1.5/", "store_plain_http"),
        ("ftp://shop.example.test/", "store_address_unusable"),
        ("mailto:ann@example.test", "store_address_unusable"),
    ] {
        let url = Url::parse(pasted).expect("an address");
        let fault = address::site(&url, false).expect_err("a fault");
        assert_eq!((fault.code, fault.remedy), (code, Remedy::Stop));
        assert!(!format!("{fault:?}").contains("ann@"));
    }
    let allowed = address::site(
        &Url::parse("http://192.168.1.5/").expect("an address"),
        true,
    );
    assert_eq!(allowed.expect("a shop").address, "http://192.168.1.5");
}
