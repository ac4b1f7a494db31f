//! Logins: tokens, companies and their ends.

use serde_json::{Value, json};

use super::{Books, REALM};

#[tokio::test]
async fn only_the_right_token_and_company_get_in() {
    let books = Books::canada().await;
    let url = books.api("preferences");
    let bare = books
        .http
        .get(&url)
        .header("accept", "application/json")
        .send()
        .await
        .expect("an answer");
    assert_eq!(bare.status(), 401);
    assert!(
        bare.headers()["www-authenticate"]
            .to_str()
            .is_ok_and(|h| h.contains("invalid_token"))
    );
    let other = books.http.get(url.replace(REALM, "1"));
    assert_eq!(books.send(other).await.expect("an answer").status, 403);
    let xml = books
        .http
        .get(&url)
        .bearer_auth("sandbox-access-token")
        .send()
        .await
        .expect("an answer");
    assert!(xml.headers().contains_key("intuit_tid"));
    assert!(xml.text().await.is_ok_and(|t| t.starts_with("<?xml")));
}

#[tokio::test]
async fn refresh_tokens_rotate() {
    let setup = json!({ "oauth": { "client_id": "c", "client_secret": "s", "refresh_token": "one", "code": "AB11" } });
    let books = Books::new(setup).await;
    assert_eq!(books.get("preferences").await.status, 401);
    let url = format!("{}/oauth2/v1/tokens/bearer", books.running.url());
    let refresh = async |token: &str, secret: &str| {
        let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
        let request = books
            .http
            .post(&url)
            .basic_auth("c", Some(secret))
            .form(&form);
        let response = request.send().await.expect("an answer");
        (
            response.status().as_u16(),
            response.json::<Value>().await.unwrap_or_default(),
        )
    };
    assert_eq!(
        refresh("one", "wrong").await,
        (401, json!({ "error": "invalid_client" }))
    );
    assert_eq!(refresh("two", "s").await.1["error"], "invalid_grant");
    let (status, first) = refresh("one", "s").await;
    assert_eq!((status, &first["expires_in"]), (200, &json!(3600)));
    assert_ne!(first["refresh_token"], "one");
    assert_eq!(refresh("one", "s").await.0, 200);
    let access = first["access_token"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    assert_eq!(refresh(&access, "s").await.0, 400);
    let read = async || {
        let request = books
            .http
            .get(books.api("preferences"))
            .header("accept", "application/json");
        request
            .bearer_auth(&access)
            .send()
            .await
            .expect("an answer")
            .status()
            .as_u16()
    };
    assert_eq!(read().await, 200);
    books.tell("expire_tokens", json!({})).await;
    assert_eq!(read().await, 401);
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "AB11"),
        ("redirect_uri", "http://localhost/"),
    ];
    for status in [200, 400] {
        let request = books.http.post(&url).basic_auth("c", Some("s")).form(&form);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
    let revoke = format!("{}/v2/oauth2/tokens/revoke", books.running.url());
    let request = books
        .http
        .post(revoke)
        .basic_auth("c", Some("s"))
        .json(&json!({ "token": first["refresh_token"] }));
    assert_eq!(request.send().await.expect("an answer").status(), 200);
    assert_eq!(refresh("one", "s").await.0, 400);
    let strict = json!({ "oauth": { "client_id": "c", "client_secret": "s", "refresh_token": "one", "kill_old_refresh_tokens": true } });
    let books = Books::new(strict).await;
    let url = format!("{}/oauth2/v1/tokens/bearer", books.running.url());
    for status in [200, 400] {
        let form = [("grant_type", "refresh_token"), ("refresh_token", "one")];
        let request = books.http.post(&url).basic_auth("c", Some("s")).form(&form);
        assert_eq!(request.send().await.expect("an answer").status(), status);
    }
    assert_eq!(books.control("counts").await["refreshes"], 1);
}

/// Asks for consent, and hands back the status and where the browser is sent.
async fn consent(books: &Books, changes: &[(&str, &str)]) -> (u16, Option<url::Url>) {
    let mut query = vec![
        ("client_id", "c"),
        ("response_type", "code"),
        ("scope", "openid com.intuit.quickbooks.accounting"),
        ("redirect_uri", "http://localhost:8919/callback"),
        ("state", "s"),
    ];
    for (name, value) in changes {
        query.retain(|(known, _)| known != name);
        query.push((name, value));
    }
    let client = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("a browser");
    let url = format!("{}/connect/oauth2", books.running.url());
    let answer = client.get(url).query(&query).send().await;
    let answer = answer.expect("an answer");
    let to = answer.headers().get("location").map(|to| {
        let to = to.to_str().expect("text");
        url::Url::parse(to).expect("an address")
    });
    (answer.status().as_u16(), to)
}

fn parameter(url: &url::Url, name: &str) -> Option<String> {
    let mut pairs = url.query_pairs();
    pairs
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.into_owned())
}

async fn exchange(books: &Books, form: &[(&str, &str)]) -> (u16, Value) {
    let url = format!("{}/oauth2/v1/tokens/bearer", books.running.url());
    let request = books.http.post(url).basic_auth("c", Some("s")).form(form);
    let answer = request.send().await.expect("an answer");
    (
        answer.status().as_u16(),
        answer.json::<Value>().await.unwrap_or_default(),
    )
}

#[tokio::test]
async fn consent_is_asked_rightly_or_not_at_all() {
    let setup = json!({ "oauth": { "client_id": "c", "client_secret": "s" } });
    let books = Books::new(setup).await;
    let (status, to) = consent(&books, &[]).await;
    let to = to.expect("sent back");
    assert_eq!(status, 302);
    assert_eq!(parameter(&to, "state").as_deref(), Some("s"));
    assert_eq!(parameter(&to, "realmId").as_deref(), Some(REALM));
    let code = parameter(&to, "code").expect("a code");
    let form = |redirect| {
        [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", redirect),
        ]
    };
    // For another address it is no good, and after one try for none.
    assert_eq!(
        exchange(&books, &form("http://localhost/other")).await.0,
        400
    );
    assert_eq!(
        exchange(&books, &form("http://localhost:8919/callback"))
            .await
            .0,
        400
    );
    for change in [
        ("client_id", "other"),
        ("redirect_uri", "http://127.0.0.1:8919/callback"),
        ("redirect_uri", "http://books.example/"),
        ("redirect_uri", "https://books.example/?x=1"),
    ] {
        assert_eq!(consent(&books, &[change]).await.0, 400, "{change:?}");
    }
    for (change, error) in [
        (("response_type", "token"), "unsupported_response_type"),
        (("scope", "openid"), "invalid_scope"),
    ] {
        let to = consent(&books, &[change]).await.1.expect("sent back");
        assert_eq!(parameter(&to, "error").as_deref(), Some(error));
    }
    books.tell("oauth", json!({ "deny": true })).await;
    let to = consent(&books, &[]).await.1.expect("sent back");
    assert_eq!(parameter(&to, "error").as_deref(), Some("access_denied"));
    let manners = json!({ "deny": false, "production_keys": true });
    books.tell("oauth", manners).await;
    assert_eq!(consent(&books, &[]).await.0, 400);
    let page = ("redirect_uri", "https://books.example/callback.html");
    assert_eq!(consent(&books, &[page]).await.0, 302);
    let only = json!({ "redirect_urls": ["https://books.example/other.html"] });
    books.tell("oauth", only).await;
    assert_eq!(consent(&books, &[page]).await.0, 400);
}

#[tokio::test]
async fn an_old_refresh_token_dies_when_the_policy_says() {
    // Good before anything new is used, and after it.
    for (policy, unused, used) in [
        ("day", true, true),
        ("until_used", true, false),
        ("at_once", false, false),
    ] {
        let setup = json!({ "oauth": { "client_id": "c", "client_secret": "s", "refresh_token": "one", "refresh_policy": policy } });
        let books = Books::new(setup).await;
        let with = async |token: &str| {
            exchange(
                &books,
                &[("grant_type", "refresh_token"), ("refresh_token", token)],
            )
            .await
        };
        let (status, mut newest) = with("one").await;
        assert_eq!(status, 200);
        let (status, again) = with("one").await;
        assert_eq!(status == 200, unused, "{policy}");
        if unused {
            newest = again;
        }
        let request = books
            .http
            .get(books.api("preferences"))
            .bearer_auth(newest["access_token"].as_str().unwrap_or_default())
            .header("accept", "application/json");
        assert_eq!(request.send().await.expect("an answer").status(), 200);
        assert_eq!(with("one").await.0 == 200, used, "{policy}");
        assert_eq!(
            with(newest["refresh_token"].as_str().unwrap_or_default())
                .await
                .0,
            200
        );
    }
}
