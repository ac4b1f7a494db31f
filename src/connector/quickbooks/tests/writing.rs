//! What becomes of a write, by what QuickBooks answers or does not answer.

use super::*;
use crate::model::document::DocumentKind;
use crate::model::fault::Remedy;
use crate::model::money::Money;
use crate::model::plan::RemoteKind;
use crate::model::ticket::{FoundState, Written};

fn batch_reply(items: &str) -> Reply {
    reply(
        200,
        format!(r#"{{"BatchItemResponse":[{items}],"time":"2026-03-02T09:15:07.300-08:00"}}"#),
    )
}

fn standing(answer: &Answer) -> &Found {
    match answer {
        Ok(Written::Stands(found)) => found,
        other => panic!("not standing: {other:?}"),
    }
}

#[tokio::test]
async fn one_write_goes_out_unchanged_under_its_key() {
    let world = World::new(|seen| {
        (seen.path == "salesreceipt").then(|| {
            reply(
                200,
                format!(
                    r#"{{"SalesReceipt":{},"time":"x"}}"#,
                    standing_receipt(271, 1042)
                ),
            )
        })
    })
    .await;
    let books = world.connect();
    let write = receipt(1042);
    let ticket = ticket(&books, vec![write.clone()]);
    let answers = books
        .write(&ticket, &|| Ok(()))
        .await
        .expect("it was taken");

    let found = standing(&answers[0]);
    assert_eq!(found.remote.id, "271");
    assert_eq!(found.label, "WC-1042");
    assert_eq!(found.marker, write.marker);
    assert_eq!(found.state, FoundState::Active);
    assert_eq!(found.currency.as_deref(), Some("CAD"));
    assert_eq!(found.total, Money::cents(11_200));
    assert_eq!(found.tax_total, Money::cents(1_200));
    assert_eq!(
        found.tax,
        [
            ("GST 5%".to_owned(), Money::cents(500)),
            ("PST BC 7%".to_owned(), Money::cents(700))
        ]
        .into()
    );
    assert_eq!(
        found.content,
        books.content(DocumentKind::SalesReceipt.into(), &write.body)
    );

    let sent = world.seen().pop().expect("a request");
    assert_eq!(sent.body, *write.body);
    assert_eq!(sent.parameters["requestid"], ticket.request().key);
    assert_eq!(sent.parameters["minorversion"], "75");
    assert_eq!(sent.authorization, "Bearer AT-1");
    assert_eq!(
        (sent.accept.as_str(), sent.content_type.as_str()),
        ("application/json", "application/json")
    );
    assert_eq!(books.requests().writes, 1);
}

#[tokio::test]
async fn each_item_of_a_batch_gets_its_own_answer_by_number() {
    let world = World::new(|seen| {
        (seen.path == "batch").then(|| {
            batch_reply(&format!(
                r#"{{"Fault":{{"Error":[{{"Message":"Stale","Detail":"You and Pat","code":"5010"}}],"type":"ValidationFault"}},"bId":"3"}},
                   {{"SalesReceipt":{},"bId":"2"}},
                   {{"SalesReceipt":{},"bId":"1"}},
                   {{"Invoice":{{"domain":"QBO","status":"Deleted","Id":"9"}},"bId":"4"}}"#,
                standing_receipt(302, 2),
                standing_receipt(301, 1)
            ))
        })
    })
    .await;
    let books = world.connect();
    let deletion = Write {
        action: Action::Delete,
        entity: DocumentKind::Invoice.into(),
        body: whole(r#"{"Id":"9","SyncToken":"0"}"#),
        ..receipt(4)
    };
    let writes = vec![receipt(1), receipt(2), receipt(3), deletion, receipt(5)];
    let answers = books
        .write(&ticket(&books, writes), &|| Ok(()))
        .await
        .expect("answers");

    assert_eq!(standing(&answers[0]).remote.id, "301");
    assert_eq!(standing(&answers[1]).remote.id, "302");
    let stale = answers[2].as_ref().expect_err("stale");
    assert_eq!((stale.remedy, stale.code), (Remedy::Reread, "stale"));
    assert_eq!(stale.reference.as_deref(), Some("1-abc"));
    assert_eq!(answers[3].as_ref().ok(), Some(&Written::Deleted));
    // Of the fifth nothing was said, so it may have been done.
    assert_eq!(
        answers[4].as_ref().expect_err("silence").remedy,
        Remedy::Ask
    );
}

#[tokio::test]
async fn a_definite_refusal_is_about_the_one_write() {
    let world =
        World::new(|seen| (seen.path == "salesreceipt").then(|| refusal(400, "6140", "taken")))
            .await;
    let books = world.connect();
    let answers = books
        .write(&ticket(&books, vec![receipt(7)]), &|| Ok(()))
        .await
        .expect("an answer");
    let fault = answers[0].as_ref().expect_err("refused");
    assert_eq!(
        (fault.remedy, fault.code),
        (Remedy::Amend, "doc_number_conflict")
    );
}

#[tokio::test]
async fn whatever_may_have_been_done_is_asked_for() {
    for (reply, code) in [
        (reply(500, "<html>oops</html>"), "service_trouble"),
        (refusal(400, "10000", "System Failure"), "service_trouble"),
        (
            reply(200, "<html>welcome to the hotel</html>"),
            "answer_not_understood",
        ),
        (
            reply(200, r#"{"SalesReceipt":{"Id":"1","TotalA"#),
            "answer_not_understood",
        ),
        (
            Reply {
                cut: true,
                ..reply(200, r#"{"SalesReceipt":"#)
            },
            "no_answer",
        ),
    ] {
        let world =
            World::new(move |seen| (seen.path == "salesreceipt").then(|| reply.clone())).await;
        let books = world.connect();
        let fault = books
            .write(&ticket(&books, vec![receipt(7)]), &|| Ok(()))
            .await
            .expect_err(code);
        assert_eq!((fault.remedy, fault.code), (Remedy::Ask, code));
        // A write is never repeated on our own.
        assert_eq!(world.asked("salesreceipt"), 1);
    }
}

#[tokio::test]
async fn an_answer_that_has_only_an_entity_we_cannot_read_is_asked_for() {
    let world = World::new(|seen| {
        (seen.path == "salesreceipt")
            .then(|| reply(200, r#"{"SalesReceipt":{"TotalAmt":1.00},"time":"x"}"#))
    })
    .await;
    let books = world.connect();
    let answers = books
        .write(&ticket(&books, vec![receipt(7)]), &|| Ok(()))
        .await
        .expect("an answer");
    assert_eq!(answers[0].as_ref().expect_err("no id").remedy, Remedy::Ask);
}

#[tokio::test]
async fn a_service_that_does_not_listen_was_sent_nothing() {
    let world = World::new(|_| None).await;
    let books = world.connect();
    books.company().await.expect("the company");
    let dead = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .expect("loopback");
    let address = dead.local_addr().expect("bound");
    drop(dead);
    let settings = BooksConnection {
        api_url: Url::parse(&format!("http://{address}")).expect("an address"),
        ..world.settings()
    };
    let books = world.connect_with(settings);
    let fault = books
        .write(&ticket(&books, vec![receipt(7)]), &|| Ok(()))
        .await
        .expect_err("nobody there");
    assert_eq!((fault.remedy, fault.code), (Remedy::Stop, "unreachable"));
}

#[tokio::test]
async fn too_many_requests_is_a_wait_and_is_counted() {
    let throttled = r#"<?xml version="1.0"?><IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message></Error></Fault></IntuitResponse>"#;
    let world = World::new(move |seen| (seen.path == "batch").then(|| reply(429, throttled))).await;
    let books = world.connect();
    let fault = books
        .write(&ticket(&books, vec![receipt(1), receipt(2)]), &|| Ok(()))
        .await
        .expect_err("throttled");
    assert_eq!(fault.remedy, Remedy::Wait(Duration::from_secs(60)));
    assert_eq!(books.requests().throttled, 1);
}

#[tokio::test]
async fn too_many_requests_in_a_row_are_waited_out_for_ten_minutes_in_all() {
    let throttled = r#"<IntuitResponse><Fault type="SERVICE"><Error code="3001"><Message>ThrottleExceeded</Message></Error></Fault></IntuitResponse>"#;
    let world = World::new(move |seen| (seen.path == "batch").then(|| reply(429, throttled))).await;
    let mut books = world.connect();
    books.client.pausing(Duration::from_millis(1));
    let writes = || vec![receipt(1), receipt(2)];
    for (minutes, remedy) in [
        (0, Remedy::Wait(Duration::from_secs(60))),
        (5, Remedy::Wait(Duration::from_secs(60))),
        (4, Remedy::Wait(Duration::from_secs(60))),
        (1, Remedy::Stop),
    ] {
        books
            .client
            .throttled_for(Duration::from_secs(minutes * 60));
        let fault = books
            .write(&ticket(&books, writes()), &|| Ok(()))
            .await
            .expect_err("throttled");
        assert_eq!((fault.code, &fault.remedy), ("throttled", &remedy));
        if fault.remedy == Remedy::Stop {
            assert!(
                fault.said.contains("no longer than 10 minutes"),
                "{}",
                fault.said
            );
        }
    }
}

#[tokio::test]
async fn a_deletion_of_what_is_gone_is_done() {
    let world = World::new(|seen| {
        (seen.path == "refundreceipt").then(|| refusal(400, "610", "Object Not Found"))
    })
    .await;
    let books = world.connect();
    let deletion = Write {
        action: Action::Delete,
        entity: DocumentKind::RefundReceipt.into(),
        body: whole(r#"{"Id":"9","SyncToken":"0"}"#),
        ..receipt(4)
    };
    let answers = books
        .write(&ticket(&books, vec![deletion]), &|| Ok(()))
        .await
        .expect("an answer");
    assert_eq!(answers[0].as_ref().ok(), Some(&Written::Deleted));
}

#[tokio::test]
async fn a_void_leaves_a_voided_document() {
    let world = World::new(|seen| {
        let void = seen.path == "invoice" && seen.parameters.get("operation").is_some_and(|word| word == "void");
        void.then(|| {
            let note = format!("Voided - Woo order 7\\n{}", marker(7, Role::Sale, 1));
            reply(200, format!(r#"{{"Invoice":{{"Id":"264","SyncToken":"1","TotalAmt":0,"Line":[],"PrivateNote":"{note}"}},"time":"x"}}"#))
        })
    })
    .await;
    let books = world.connect();
    let void = Write {
        action: Action::Void,
        entity: DocumentKind::Invoice.into(),
        body: whole(r#"{"Id":"264","SyncToken":"0","sparse":true}"#),
        ..receipt(7)
    };
    let answers = books
        .write(&ticket(&books, vec![void]), &|| Ok(()))
        .await
        .expect("an answer");
    let found = standing(&answers[0]);
    assert_eq!(found.state, FoundState::Voided);
    assert_eq!(found.marker, Some(marker(7, Role::Sale, 1)));
    assert_eq!(found.remote.revision, "1");
}

#[tokio::test]
async fn a_company_that_takes_one_name_at_a_time_is_remembered() {
    let world = World::new(|seen| {
        (seen.path == "batch").then(|| {
            batch_reply(
                r#"{"Customer":{"Id":"91","SyncToken":"0","DisplayName":"Ann Lee","PrimaryEmailAddr":{"Address":"ann@example.com"}},"bId":"1"},
                   {"Fault":{"Error":[{"Message":"m","Detail":"Business Validation Error: You can only add or edit one name at a time.","code":"6000"}],"type":"ValidationFault"},"bId":"2"}"#,
            )
        })
    })
    .await;
    let books = world.connect();
    assert_eq!(books.names().await.expect("names").people.len(), 0);
    assert_eq!(books.abilities().names_batch, 30);
    let customer = |name: &str| Write {
        subject: Subject::Customer(name.into()),
        entity: RemoteKind::Customer,
        body: whole(&format!(r#"{{"DisplayName":"{name}"}}"#)),
        marker: None,
        label: name.into(),
        ..receipt(1)
    };
    let answers = books
        .write(
            &ticket(&books, vec![customer("Ann Lee"), customer("Bob Roy")]),
            &|| Ok(()),
        )
        .await
        .expect("answers");

    let ann = standing(&answers[0]);
    assert_eq!((ann.label.as_str(), ann.content.as_str()), ("Ann Lee", ""));
    let fault = answers[1].as_ref().expect_err("one at a time");
    assert_eq!(fault.remedy, Remedy::Wait(Duration::from_secs(1)));
    assert_eq!(books.abilities().names_batch, 1);
    assert_eq!(books.abilities().batch, 30);
    // The name that was made is in use from now on, in the currency of the company.
    let people = books.names().await.expect("names").people;
    let people = people.iter().map(|one| (one.id(), one.currency()));
    assert_eq!(people.collect::<Vec<_>>(), [("91", "CAD")]);
    // The next process knows.
    assert_eq!(world.connect().abilities().names_batch, 1);
}

#[tokio::test]
async fn an_answer_that_proves_nothing_leaves_it_in_doubt() {
    for (status, body) in [
        (
            401,
            r#"{"fault":{"error":[{"code":"120","message":"no"}],"type":"AUTHENTICATION"}}"#,
        ),
        (401, "<html>Unauthorized</html>"),
        (403, "<html>Forbidden</html>"),
        (404, "<html>Not Found</html>"),
        (504, "<html>Gateway Time-out</html>"),
    ] {
        let world =
            World::new(move |seen| (seen.path == "salesreceipt").then(|| reply(status, body)))
                .await;
        let books = world.connect();
        let ticket = ticket(&books, vec![receipt(7)]);
        let fault = books
            .write(&ticket, &|| Ok(()))
            .await
            .expect_err("nothing is known");
        assert_eq!(fault.remedy, Remedy::Ask, "{status} {body}");
    }
}

#[tokio::test]
async fn nothing_leaves_before_its_time_is_written_down() {
    let world = World::new(|_| None).await;
    let books = world.connect();
    let ticket = ticket(&books, vec![receipt(7)]);
    let full = || Err(Fault::new(Remedy::Stop, "state", "the disk is full"));
    let fault = books.write(&ticket, &full).await.expect_err("not sent");
    assert_eq!(fault.code, "state");
    assert!(world.seen().iter().all(|seen| seen.path != "salesreceipt"));
}
