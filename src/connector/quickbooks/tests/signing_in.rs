//! Tokens: which one is used, when they are renewed, and what is on disk by then.

use super::*;
use crate::model::fault::Remedy;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Grants pairs with rising numbers.
fn granting() -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    let count = AtomicUsize::new(0);
    move |seen| {
        (seen.path == "/token").then(|| {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            reply(
                200,
                format!(r#"{{"access_token":"AT-{number}","refresh_token":"RT-{number}","expires_in":3600,"x_refresh_token_expires_in":8726400}}"#),
            )
        })
    }
}

fn refresh_tokens(world: &World) -> Vec<String> {
    let asked = world
        .seen()
        .into_iter()
        .filter(|seen| seen.path == "/token");
    asked
        .map(|seen| {
            let form: BTreeMap<String, String> = url::form_urlencoded::parse(seen.body.as_bytes())
                .into_owned()
                .collect();
            assert_eq!(form["grant_type"], "refresh_token");
            assert_eq!(seen.authorization, "Basic Y2xpZW50OnNlY3JldA==");
            form["refresh_token"].clone()
        })
        .collect()
}

#[tokio::test]
async fn the_new_pair_is_on_disk_before_it_is_used() {
    let world = World::new(granting()).await;
    world.connect().company().await.expect("the company");
    assert_eq!(
        world.events()[..3],
        ["POST /token", "save quickbooks", "GET companyinfo/9130"]
    );
    let kept = world.vault.text("quickbooks").expect("kept");
    assert!(kept.contains("RT-1") && kept.contains("AT-1"));
}

#[tokio::test]
async fn a_pair_that_cannot_be_saved_is_not_used() {
    let world = World::new(granting()).await;
    *world.vault.refuses.lock().expect("unpoisoned") = true;
    let fault = world.connect().company().await.expect_err("a full disk");
    assert_eq!(fault.code, "disk");
    assert_eq!(world.asked("companyinfo/9130"), 0);
}

#[tokio::test]
async fn the_rotated_token_wins_over_the_one_it_came_from() {
    let world = World::new(granting()).await;
    world.connect().company().await.expect("the company");
    // The next process has a good access token, and asks for none.
    world.later(chrono::TimeDelta::minutes(50));
    world.connect().names().await.expect("names");
    assert_eq!(refresh_tokens(&world), ["RT-env"]);
    // With less than five minutes left it is renewed, out of the rotated token.
    world.later(chrono::TimeDelta::minutes(6));
    world.connect().names().await.expect("names");
    assert_eq!(refresh_tokens(&world), ["RT-env", "RT-1"]);
}

#[tokio::test]
async fn another_token_in_the_environment_wins_over_the_kept_one() {
    let world = World::new(granting()).await;
    world.connect().company().await.expect("the company");
    let settings = BooksConnection {
        refresh_token: Some("RT-newer".to_owned().into()),
        ..world.settings()
    };
    world.connect_with(settings).names().await.expect("names");
    let without = BooksConnection {
        refresh_token: None,
        ..world.settings()
    };
    world.connect_with(without).names().await.expect("names");
    assert_eq!(refresh_tokens(&world), ["RT-env", "RT-newer"]);
}

#[tokio::test]
async fn a_write_that_was_answered_with_a_refused_token_is_not_sent_again_by_itself() {
    let grant = granting();
    let expired = r#"{"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired: AT-1","code":"3200"}],"type":"AUTHENTICATION"}}"#;
    let world = World::new(move |seen| {
        let body = standing_receipt(271, 7);
        match (seen.path.as_str(), seen.authorization.as_str()) {
            ("salesreceipt", "Bearer AT-1") => Some(reply(401, expired)),
            ("salesreceipt", _) => Some(reply(
                200,
                format!(r#"{{"SalesReceipt":{body},"time":"x"}}"#),
            )),
            _ => grant(seen),
        }
    })
    .await;
    let books = world.connect();
    let ticket = ticket(&books, vec![receipt(7)]);
    let fault = books
        .write(&ticket, &|| Ok(()))
        .await
        .expect_err("it may have been done");
    assert_eq!(fault.remedy, Remedy::Ask);
    let sent = |world: &World| {
        let seen = world.seen();
        let sent = seen.iter().filter(|seen| seen.path == "salesreceipt");
        sent.count()
    };
    assert_eq!(sent(&world), 1);
}

#[tokio::test]
async fn a_fresh_token_that_is_refused_too_is_trouble_that_passes() {
    let grant = granting();
    let world = World::new(move |seen| {
        grant(seen).or_else(|| (seen.path == "companyinfo/9130").then(|| reply(401, "<html/>")))
    })
    .await;
    let fault = world.connect().company().await.expect_err("refused");
    assert_eq!(
        (fault.remedy, fault.code),
        (Remedy::Stop, "sign_in_trouble")
    );
    assert_eq!(world.asked("companyinfo/9130"), 2);
    assert!(!format!("{fault:?}").contains("AT-"));
}

#[tokio::test]
async fn many_that_need_a_token_make_one_refresh() {
    let world = World::new(granting()).await;
    let books = world.connect();
    let find = |number: u64| {
        let sought = [Sought {
            key: key(number, Role::Sale),
            number: format!("WC-{number}"),
        }];
        let books = &books;
        async move { books.find(&sought).await }
    };
    for found in futures_util::future::join_all((0..8).map(find)).await {
        found.expect("an answer");
    }
    assert_eq!(refresh_tokens(&world).len(), 1);
}

#[tokio::test]
async fn the_sign_in_service_has_its_own_words() {
    for (status, body, remedy, code) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Incorrect or invalid refresh token"}"#,
            Remedy::Reconnect,
            "credentials_refused",
        ),
        (
            401,
            r#"{"error":"invalid_client"}"#,
            Remedy::Reconnect,
            "client_refused",
        ),
        (
            400,
            r#"{"error":"unsupported_grant_type"}"#,
            Remedy::Reconnect,
            "credentials_refused",
        ),
        (503, "<html>later</html>", Remedy::Stop, "unreachable"),
        (200, "<html>hotel</html>", Remedy::Stop, "sign_in_trouble"),
        (404, "", Remedy::Stop, "not_quickbooks"),
    ] {
        let world =
            World::new(move |seen| (seen.path == "/token").then(|| reply(status, body))).await;
        let fault = world.connect().company().await.expect_err(code);
        assert_eq!((fault.remedy, fault.code), (remedy, code));
        assert!(!format!("{fault:?}").contains("RT-env"));
        // Only trouble that may pass is tried again, with the same token.
        let tries = if remedy == Remedy::Stop && status != 404 {
            4
        } else {
            1
        };
        assert_eq!(refresh_tokens(&world), vec!["RT-env"; tries], "{status}");
    }
}

#[tokio::test]
async fn missing_credentials_are_named() {
    let world = World::new(|_| None).await;
    let empty = || SecretString::from(String::new());
    let settings = world.settings();
    for (settings, variable) in [
        (
            BooksConnection {
                client_id: empty(),
                ..settings.clone()
            },
            "UDSYNC_QUICKBOOKS_CLIENT_ID",
        ),
        (
            BooksConnection {
                client_secret: empty(),
                ..settings.clone()
            },
            "UDSYNC_QUICKBOOKS_CLIENT_SECRET",
        ),
        (
            BooksConnection {
                refresh_token: None,
                ..settings.clone()
            },
            "UDSYNC_QUICKBOOKS_REFRESH_TOKEN",
        ),
    ] {
        let fault = world
            .connect_with(settings)
            .company()
            .await
            .expect_err(variable);
        assert_eq!(fault.remedy, Remedy::Reconnect);
        assert!(fault.said.contains(variable), "{}", fault.said);
    }
    assert!(world.seen().is_empty());
}
