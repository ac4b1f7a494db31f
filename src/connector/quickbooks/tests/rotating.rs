//! Rotation: how a refresh token follows another, the way back, and who waits for whom.

use super::*;
use crate::model::fault::Remedy;
use chrono::TimeDelta;
use std::sync::atomic::AtomicUsize;

/// Grants pairs with rising numbers, but not for these.
fn granting(refused: &'static [&'static str]) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync {
    let count = AtomicUsize::new(0);
    move |seen| {
        if seen.path != "/token" {
            return None;
        }
        if refused
            .iter()
            .any(|token| seen.body.ends_with(&format!("refresh_token={token}")))
        {
            return Some(reply(400, r#"{"error":"invalid_grant"}"#));
        }
        let number = count.fetch_add(1, Ordering::SeqCst) + 1;
        Some(reply(
            200,
            format!(
                r#"{{"access_token":"AT-{number}","refresh_token":"RT-{number}","expires_in":3600,"x_refresh_token_expires_in":8726400,"x_refresh_token_hard_expires_in":2592000}}"#
            ),
        ))
    }
}

fn tokens_asked_with(world: &World) -> Vec<String> {
    let all = world
        .seen()
        .into_iter()
        .filter(|seen| seen.path == "/token");
    all.filter_map(|seen| Some(seen.body.split("refresh_token=").nth(1)?.to_owned()))
        .collect()
}

#[tokio::test]
async fn the_way_back_is_open_for_a_day() {
    for (hours, asked) in [(23, vec!["RT-2", "RT-1"]), (25, vec!["RT-2"])] {
        let world = World::new(granting(&["RT-2", "RT-1-dead"])).await;
        world.connect().probe().await.expect("RT-1");
        world.later(TimeDelta::hours(1));
        world.connect().probe().await.expect("RT-2");
        world.later(TimeDelta::hours(hours));
        let outcome = world.connect().probe().await;
        assert_eq!(tokens_asked_with(&world)[2..], asked, "{hours}");
        assert_eq!(outcome.is_ok(), hours < 24, "{outcome:?}");
    }
}

#[tokio::test]
async fn a_broken_connection_is_marked_and_left_alone() {
    let world = World::new(granting(&["RT-env"])).await;
    let fault = world.connect().probe().await.expect_err("refused");
    assert_eq!(
        (fault.remedy, fault.code),
        (Remedy::Reconnect, "credentials_refused")
    );
    assert_eq!(fault.hint.as_deref(), Some("mend it"));
    let lives = world.vault.lives.lock().expect("unpoisoned").clone();
    assert!(
        lives.last().is_some_and(|life| life.refused_at.is_some()),
        "{lives:?}"
    );
    world.later(TimeDelta::minutes(1));
    let fault = world.connect().probe().await.expect_err("broken");
    assert_eq!(
        fault.said,
        "the connection to QuickBooks is broken since 2026-03-02 17:20 UTC: QuickBooks no longer takes the refresh token"
    );
    assert_eq!(tokens_asked_with(&world), ["RT-env"]);
    // Somebody puts another token there.
    let settings = BooksConnection {
        refresh_token: Some("RT-other".to_owned().into()),
        ..world.settings()
    };
    world.connect_with(settings).probe().await.expect("whole");
    let lives = world.vault.lives.lock().expect("unpoisoned").clone();
    let last = lives.last().expect("noted");
    assert_eq!(last.refused_at, None);
    let hard = "2026-04-01T17:21:00Z".parse().expect("an instant");
    assert_eq!(last.hard_until, Some(hard));
}

#[tokio::test]
async fn whoever_looks_after_the_tokens_renews_them_before_others_must() {
    let world = World::new(granting(&[])).await;
    let books = world.connect();
    books.probe().await.expect("the first");
    world.later(TimeDelta::minutes(49));
    books.keep_fresh().await.expect("nothing to do");
    assert_eq!(tokens_asked_with(&world).len(), 1);
    world.later(TimeDelta::minutes(2));
    books.keep_fresh().await.expect("renewed");
    assert_eq!(tokens_asked_with(&world), ["RT-env", "RT-1"]);
}

#[tokio::test]
async fn a_turn_that_another_has_is_waited_for() {
    let world = World::new(granting(&[])).await;
    world.vault.taken.store(3, Ordering::SeqCst);
    world.connect().probe().await.expect("its turn came");
    assert_eq!(world.vault.taken.load(Ordering::SeqCst), 0);
    // One that never comes is given up in words.
    world.later(TimeDelta::hours(1));
    world.vault.taken.store(u32::MAX, Ordering::SeqCst);
    let books = world.connect();
    tokio::time::pause();
    let fault = books.keep_fresh().await.expect_err("in vain");
    assert_eq!((fault.remedy, fault.code), (Remedy::Stop, "sign_in_busy"));
    assert_eq!(tokens_asked_with(&world).len(), 1);
}

#[tokio::test]
async fn a_connection_that_was_taken_away_meanwhile_is_not_brought_back() {
    let world = World::new(granting(&[])).await;
    world.connect().probe().await.expect("the first");
    let stored = BooksConnection {
        refresh_token: None,
        ..world.settings()
    };
    let books = world.connect_with(stored);
    books.probe().await.expect("kept");
    world.later(TimeDelta::hours(1));
    world.vault.texts.lock().expect("unpoisoned").clear();
    let fault = books.probe().await.expect_err("gone");
    assert_eq!(fault.code, "credentials_missing");
    assert_eq!(tokens_asked_with(&world).len(), 1);
}

#[tokio::test]
async fn ending_a_connection_is_told_to_intuit_once() {
    let grant = granting(&[]);
    let world = World::new(move |seen| {
        grant(seen).or_else(|| (seen.path == "/revoke").then(|| reply(200, "")))
    })
    .await;
    let books = world.connect();
    books.probe().await.expect("the first");
    books.revoke().await.expect("told");
    let seen = world.seen().into_iter().find(|seen| seen.path == "/revoke");
    let seen = seen.expect("asked");
    assert_eq!(seen.body, r#"{"token":"RT-1"}"#);
    assert_eq!(seen.authorization, "Basic Y2xpZW50OnNlY3JldA==");
}
