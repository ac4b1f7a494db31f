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
