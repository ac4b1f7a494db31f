//! Everything else that a shop, its server or the line between can answer: which code, which words, how many requests.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::server::{Answer, Asked, Server};
use super::{KEY, SECRET, clock, connected, settings};
use crate::connector::http::{HttpTrouble, Unanswered};
use crate::connector::port::{Ask, ShopReader};
use crate::connector::woocommerce::sign::SigningWay;
use crate::connector::woocommerce::trouble::{RetryAdvice, ShopAddress};
use crate::connector::woocommerce::{ShopConnection, WooCommerce};
use crate::model::fault::{Fault, Remedy};

/// Asks for orders, expects a fault, and looks for what must never be in one.
async fn fault(shop: &WooCommerce) -> Fault {
    let fault = shop.pull(&Ask::default(), None).await.expect_err("a fault");
    let words = format!("{fault:?}");
    for secret in [KEY, SECRET, "consumer_", "oauth_", "?"] {
        assert!(
            !words.replace("?rest_route=", "").contains(secret),
            "{words}"
        );
    }
    assert!(fault.hint.is_some(), "{words}");
    assert!(
        !fault.said.ends_with('.') && !fault.said.contains("failed to"),
        "{words}"
    );
    fault
}

/// Gives these answers, the last one again and again.
async fn script(answers: Vec<Answer>) -> Server {
    let next = AtomicUsize::new(0);
    Server::start(move |_| {
        let n = next.fetch_add(1, Ordering::SeqCst);
        answers[n.min(answers.len() - 1)].clone()
    })
    .await
}

#[tokio::test]
async fn says_what_each_recorded_error_means_and_what_to_do() {
    for (recording, code, requests, words, hint) in [
        (
            "errors/php-fpm-down-502",
            "store_unreachable",
            4,
            "answered 502",
            "try again later",
        ),
        (
            "errors/database-down-accept-json",
            "store_unreachable",
            4,
            "does not reach its database",
            "tell its host",
        ),
        (
            "errors/database-down-accept-html",
            "store_unreachable",
            4,
            "answered 500",
            "try again later",
        ),
        (
            "errors/php-fatal-accept-json",
            "store_unreachable",
            4,
            "error of its own",
            "fatal-errors",
        ),
        (
            "errors/php-fatal-midway-accept-json",
            "store_unreachable",
            4,
            "error of its own",
            "fatal-errors",
        ),
        (
            "errors/php-fatal-accept-html",
            "store_unreachable",
            4,
            "answered 500",
            "try again later",
        ),
        (
            "errors/maintenance-accept-json",
            "store_busy",
            1,
            "is in maintenance",
            "nothing is lost",
        ),
        (
            "errors/maintenance-accept-html",
            "store_busy",
            1,
            "is busy",
            "nothing is lost",
        ),
        (
            "errors/rest-disabled-accept-json",
            "store_api_blocked",
            1,
            "has its API closed (`rest_disabled`)",
            "let `/wp-json/wc/v3/` pass",
        ),
        (
            "errors/two-bad-params",
            "store_request_refused",
            1,
            "refused `orderby`, `per_page`",
            "please report it",
        ),
        (
            "errors/modified-after-not_a_date",
            "store_request_refused",
            1,
            "refused `modified_after`",
            "please report it",
        ),
        (
            "errors/create-bad-status",
            "store_status_unknown",
            1,
            "does not know one of the order statuses",
            "--status processing",
        ),
        (
            "errors/uri-too-long",
            "store_answer_unexpected",
            1,
            "answered 414",
            "please report this",
        ),
        (
            "errors/batch-101",
            "store_answer_unexpected",
            1,
            "answered 413 (`woocommerce_rest_request_entity_too_large`)",
            "please report this",
        ),
        (
            "errors/php-warning-before-json-accept-json",
            "store_answer_unreadable",
            1,
            "beginning `<br /> <b>Warning</b>: Undefined array key \"foo\" in <b>/var/www/html/wp-content/`",
            "WP_DEBUG_DISPLAY",
        ),
    ] {
        let server = Server::start(move |_| Answer::recorded(recording)).await;
        let fault = fault(&connected(&server)).await;
        assert_eq!(fault.code, code, "{recording}: {fault}");
        assert!(fault.said.contains(words), "{recording}: {fault}");
        assert!(
            fault
                .hint
                .as_deref()
                .is_some_and(|text| text.contains(hint)),
            "{fault:?}"
        );
        assert_eq!(server.asked().len(), requests, "{recording}");
        let remedy = if code == "store_busy" {
            Remedy::Wait(Duration::from_secs(600))
        } else {
            Remedy::Stop
        };
        assert_eq!(fault.remedy, remedy, "{recording}");
    }
}

#[tokio::test]
async fn puts_a_lost_question_again() {
    let good = Answer::json(r#"[]"#).header("X-WP-Total", 0);
    let long = Answer::json(format!("[{}]", " ".repeat(5_000)));
    for bad in [
        Answer::status(500, ""),
        Answer::status(502, "<html>"),
        Answer::status(504, ""),
        Answer::status(524, ""),
        Answer::status(503, ""),
        Answer::status(429, "").header("Retry-After", 0),
        Answer {
            cut: Some(100),
            ..long
        },
        Answer::json(r#"[{"id":1,"numb"#),
        Answer::json(""),
    ] {
        let server = script(vec![bad.clone(), bad.clone(), bad.clone(), good.clone()]).await;
        let page = connected(&server).pull(&Ask::default(), None).await;
        assert!(page.is_ok(), "{bad:?}: {page:?}");

        let server = script(vec![bad.clone()]).await;
        let fault = fault(&connected(&server)).await;
        assert_eq!(server.asked().len(), 4, "{bad:?}");
        let busy = matches!(bad.status, 429 | 503);
        assert_eq!(
            fault.code,
            if busy {
                "store_busy"
            } else {
                "store_unreachable"
            }
        );
    }
}

#[tokio::test]
async fn leaves_a_long_wait_to_the_run() {
    for (status, header, seconds) in [
        (429, Some("120"), 120),
        (503, Some("86400"), 600),
        (503, Some("Sat, 21 Nov 2026 23:59:59 GMT"), 600),
        (429, None, 60),
    ] {
        let mut answer = Answer::status(status, "");
        if let Some(header) = header {
            answer = answer.header("Retry-After", header);
        }
        let server = script(vec![answer]).await;
        let fault = fault(&connected(&server)).await;
        assert_eq!(
            fault.remedy,
            Remedy::Wait(Duration::from_secs(seconds)),
            "{status} {header:?}"
        );
        assert_eq!(server.asked().len(), if header.is_some() { 1 } else { 4 });
    }
}

#[tokio::test]
async fn names_the_address_that_the_shop_moved_to() {
    let to =
        |location: &'static str| script(vec![Answer::status(301, "").header("Location", location)]);
    let server = to("https://www.shop.example.test/wp-json/wc/v3/orders?consumer_key=x").await;
    let moved = fault(&connected(&server)).await;
    assert_eq!((moved.code, moved.remedy), ("store_moved", Remedy::Stop));
    assert!(
        moved
            .said
            .contains("the shop answers from `https://www.shop.example.test`"),
        "{moved}"
    );
    let hint = moved.hint.expect("a hint");
    assert!(
        hint.contains(r#"url = "https://www.shop.example.test""#),
        "{hint}"
    );
    assert_eq!(server.asked().len(), 1, "keys do not follow a redirect");

    let server = to("/wp-json/wc/v3/orders/").await;
    assert!(
        fault(&connected(&server))
            .await
            .said
            .contains("redirects its API to itself")
    );

    let server = to("/wp-login.php?redirect_to=x").await;
    assert_eq!(fault(&connected(&server)).await.code, "store_url_wrong");
}

/// A WordPress whose API begins at `root`; everything else is its page for what it does not know.
fn wordpress(root: &'static str, namespaces: &'static str) -> impl Fn(&Asked) -> Answer {
    move |asked: &Asked| match asked.path.strip_prefix(root) {
        Some("wp-json/") => Answer::json(format!(r#"{{"namespaces":[{namespaces}]}}"#)),
        Some("wp-json/wc/v3/orders") if namespaces.contains("wc/v3") => Answer::json("[]"),
        Some(route) if route.starts_with("wp-json/") => Answer::recorded("errors/no-route"),
        _ => Answer::status(404, "<!DOCTYPE html><title>Page not found</title>"),
    }
}

#[tokio::test]
async fn tells_apart_why_there_is_no_api() {
    let server = Server::start(wordpress("/", r#""wp/v2""#)).await;
    assert_eq!(
        fault(&connected(&server)).await.code,
        "store_woocommerce_missing"
    );

    let server = Server::start(|_| Answer::status(404, "<html>no such page")).await;
    let nothing = fault(&connected(&server)).await;
    assert_eq!(nothing.code, "store_url_wrong");
    assert!(
        nothing
            .said
            .starts_with("no WordPress answers at `http://127.0.0.1:"),
        "{nothing}"
    );
    assert!(
        server.asked()[1..]
            .iter()
            .all(|asked| asked.get("oauth_consumer_key").is_none())
    );

    let server = Server::start(|asked| match asked.get("rest_route") {
        Some("/") => Answer::json(r#"{"namespaces":["wp/v2","wc/v3"]}"#),
        _ => Answer::status(404, "<html>no such page"),
    })
    .await;
    let plain = fault(&connected(&server)).await;
    assert_eq!(plain.code, "store_permalinks_plain");
    assert!(
        plain
            .hint
            .expect("a hint")
            .contains("Settings > Permalinks")
    );

    let server = Server::start(|asked| match asked.path.as_str() {
        "/wp-json/" => Answer::recorded("auth/https-basic-index"),
        _ => Answer::recorded("errors/no-route"),
    })
    .await;
    assert_eq!(fault(&connected(&server)).await.code, "store_api_blocked");
}

#[tokio::test]
async fn finds_the_api_from_the_address_of_a_page() {
    for (root, pasted) in [
        ("/", "shop/"),
        ("/", "product-category/mugs/camp-mug/"),
        ("/winkel/", "winkel/my-account/orders/"),
        ("/shop/", "shop/"),
        ("/index.php/", ""),
    ] {
        let server = Server::start(wordpress(root, r#""wp/v2","wc/v3""#)).await;
        let url = server.url.join(pasted).expect("an address");
        let shop = WooCommerce::new(
            ShopConnection {
                url,
                ..settings(&server)
            },
            clock(),
        )
        .expect("usable");
        for _ in 0..2 {
            let page = shop.pull(&Ask::default(), None).await;
            assert!(page.is_ok(), "{pasted}: {page:?}");
        }
        let last = &server.asked().pop().expect("a request").path;
        assert_eq!(
            *last,
            format!("{root}wp-json/wc/v3/orders"),
            "what was found is kept"
        );
    }
}

#[tokio::test]
async fn a_password_before_the_site_is_not_taken_for_wrong_keys() {
    for status in [401, 403] {
        let server =
            Server::start(move |_| Answer::status(status, "<html>Authorization Required")).await;
        for sign_in in [SigningWay::Basic, SigningWay::Query] {
            let shop =
                WooCommerce::signing_in(settings(&server), clock(), sign_in).expect("usable");
            let fault = fault(&shop).await;
            assert_eq!(
                (fault.code, fault.remedy),
                ("store_api_blocked", Remedy::Stop)
            );
        }
    }
}

#[tokio::test]
async fn gives_up_on_what_is_too_large_or_too_slow() {
    let server = Server::start(|_| Answer::json(" ".repeat(50_000))).await;
    let small = ShopConnection {
        body_max: 10_000,
        ..settings(&server)
    };
    let large = fault(&WooCommerce::new(small, clock()).expect("usable")).await;
    assert_eq!(large.code, "store_too_large");
    assert!(large.hint.expect("a hint").contains("page_size"));
    assert_eq!(server.asked().len(), 1);

    let server = Server::start(|_| Answer {
        after: Duration::from_secs(30),
        ..Answer::json("[]")
    })
    .await;
    let hasty = ShopConnection {
        timeout: Duration::from_millis(60),
        ..settings(&server)
    };
    let shop = WooCommerce::new(hasty, clock())
        .expect("usable")
        .pausing(Duration::from_millis(1));
    let slow = fault(&shop).await;
    assert_eq!(slow.code, "store_unreachable");
    assert!(slow.said.contains("did not answer within"), "{slow}");
    assert_eq!(server.asked().len(), 4);
}

#[tokio::test]
async fn says_why_nothing_could_be_reached() {
    let server = Server::start(|_| Answer::json("[]")).await;
    let at = |url: String| {
        let url = url::Url::parse(&url).expect("an address");
        WooCommerce::new(
            ShopConnection {
                url,
                ..settings(&server)
            },
            clock(),
        )
        .expect("usable")
    };
    // A port that was just given back.
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = free.local_addr().expect("an address");
    drop(free);
    let refused = fault(&at(format!("http://{address}/"))).await;
    assert_eq!(refused.code, "store_unreachable");
    assert!(
        refused.said.ends_with("it refused the connection"),
        "{refused}"
    );

    let port = server.url.port().expect("a port");
    let plain = fault(&at(format!("https://127.0.0.1:{port}/"))).await;
    assert_eq!(plain.code, "store_tls", "{plain}");

    let nameless = fault(&at(
        "https://no-such-name.localhost.invalid.localhost/".to_owned()
    ))
    .await;
    assert_eq!(nameless.code, "store_unreachable");
}

#[tokio::test]
async fn never_asks_for_more_at_once_than_it_may() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/wp-json/wc/v3/orders" => Answer::json("[]"),
        _ => Answer {
            after: Duration::from_millis(5),
            ..Answer::recorded("errors/not-found-order")
        },
    })
    .await;
    let shop = connected(&server);
    let ids: Vec<u64> = (1..=30).collect();
    let (one, two) = tokio::join!(shop.fetch(&ids), shop.fetch(&ids));
    assert!(one.is_ok() && two.is_ok());
    assert_eq!(server.most_at_once(), 2);
}

#[test]
fn a_shop_that_has_answered_before_is_given_time_to_come_back() {
    let shop = ShopAddress("https://shop.example.test".to_owned());
    let lost = Unanswered {
        trouble: HttpTrouble::Connect,
        never_sent: true,
        said: "dns error: failed to lookup address information".to_owned(),
    };
    let first = shop.silence(&lost, Duration::from_secs(60), false);
    assert_eq!(
        first.again,
        RetryAdvice::No,
        "a name that was mistyped stays so"
    );
    assert!(
        first.fault.said.ends_with("no host has this name"),
        "{}",
        first.fault
    );
    assert_eq!(
        shop.silence(&lost, Duration::from_secs(60), true).again,
        RetryAdvice::Soon
    );

    let expired = Unanswered {
        trouble: HttpTrouble::Tls,
        never_sent: true,
        said: "client error (Connect): invalid peer certificate: Expired".to_owned(),
    };
    let fault = shop.silence(&expired, Duration::from_secs(60), true).fault;
    assert_eq!(
        fault.said,
        "could not trust the shop `https://shop.example.test`: Expired"
    );
}

#[tokio::test]
async fn a_plugin_that_wants_a_login_is_not_taken_for_wrong_keys() {
    let body =
        r#"{"code":"rest_not_logged_in","message":"You are not logged in.","data":{"status":401}}"#;
    let server = Server::start(move |_| Answer::status(401, body)).await;
    let fault = fault(&connected(&server)).await;
    assert_eq!(fault.code, "store_api_blocked");
    assert!(fault.said.contains("`rest_not_logged_in`"), "{fault}");
}
