//! Looking for documents, and for what became of writes that nobody answered.

use super::*;
use crate::model::document::DocumentKind;
use crate::model::plan::RemoteKind;
use crate::model::ticket::FoundState;

fn sought(order: u64, role: Role, number: &str) -> Sought {
    Sought {
        key: key(order, role),
        number: number.into(),
    }
}

fn remote(entity: DocumentKind, id: &str) -> Remote {
    Remote {
        entity: entity.into(),
        id: id.into(),
        revision: "0".into(),
    }
}

#[tokio::test]
async fn documents_are_found_in_every_kind_of_their_role_and_strangers_with_them() {
    let world = World::new(|seen| {
        let question = seen.question();
        if question.contains("FROM SalesReceipt") {
            return Some(rows("SalesReceipt", &standing_receipt(271, 7)));
        }
        if question.contains("FROM Invoice") {
            // By hand, and in small letters.
            return Some(rows(
                "Invoice",
                r#"{"Id":"12","SyncToken":"3","DocNumber":"wc-7","TotalAmt":9.50}"#,
            ));
        }
        if question.contains("FROM Payment ") {
            return Some(rows(
                "Payment",
                r#"{"Id":"30","SyncToken":"0","PaymentRefNum":"WC-8","TotalAmt":5,"Line":[]}"#,
            ));
        }
        None
    })
    .await;
    let books = world.connect();
    let found = books
        .find(&[
            sought(8, Role::Payment, "WC-8"),
            sought(7, Role::Sale, "WC-7"),
            sought(9, Role::Sale, "it's 9"),
        ])
        .await
        .expect("answers");
    assert_eq!(found[0][0].label, "WC-8");
    let kinds: Vec<&str> = found[1]
        .iter()
        .map(|found| found.remote.entity.as_str())
        .collect();
    assert_eq!(kinds, ["SalesReceipt", "Invoice"]);
    assert_eq!(found[1][0].marker, Some(marker(7, Role::Sale, 1)));
    assert_eq!(found[1][1].marker, None);
    assert!(found[2].is_empty());
    assert!(world.questions().contains(
        &r"SELECT * FROM Invoice WHERE DocNumber IN ('WC-7', 'it\'s 9') STARTPOSITION 1 MAXRESULTS 1000".to_owned()
    ));
    assert!(
        world
            .questions()
            .iter()
            .any(|question| question.contains("WHERE PaymentRefNum IN ('WC-8')"))
    );
}

#[tokio::test]
async fn many_numbers_are_asked_for_in_few_long_questions() {
    let world = World::new(|_| None).await;
    let books = world.connect();
    books.company().await.expect("the company");
    let before = books.requests().reads;
    let many: Vec<Sought> = (0..600)
        .map(|order| sought(order, Role::Sale, &format!("WC-{order}")))
        .collect();
    let found = books.find(&many).await.expect("answers");
    assert_eq!(found.len(), 600);
    assert_eq!(books.requests().reads - before, 6);
    let long = world
        .seen()
        .into_iter()
        .find(|seen| seen.method == "POST" && seen.path == "query")
        .expect("a long one");
    assert_eq!(long.content_type, "application/text");
    assert_eq!(long.parameters["minorversion"], "75");
    assert!(
        long.body
            .starts_with("SELECT * FROM SalesReceipt WHERE DocNumber IN ('WC-0', ")
    );
}

#[tokio::test]
async fn documents_are_read_by_id_and_deleted_ones_are_none() {
    let world = World::new(|seen| {
        seen.question()
            .contains("FROM SalesReceipt WHERE Id IN ('271', '999')")
            .then(|| rows("SalesReceipt", &standing_receipt(271, 7)))
    })
    .await;
    let books = world.connect();
    let found = books
        .read(&[
            remote(DocumentKind::SalesReceipt, "999"),
            remote(DocumentKind::SalesReceipt, "271"),
            remote(DocumentKind::Invoice, "271"),
        ])
        .await
        .expect("answers");
    assert!(found[0].is_none() && found[2].is_none());
    assert_eq!(
        found[1].as_ref().map(|found| found.remote.id.as_str()),
        Some("271")
    );
}

#[tokio::test]
async fn an_unanswered_create_is_recognised_by_our_marker_alone() {
    let world = World::new(|seen| {
        seen.question().contains("FROM SalesReceipt").then(|| {
            let ours = standing_receipt(271, 7);
            let other_shop = standing_receipt(272, 8).replace("store=aurora", "store=boreas");
            let by_hand = standing_receipt(273, 9).replace("[udsync", "[note");
            let edited = standing_receipt(274, 10).replace("rev=1", "rev=4");
            rows(
                "SalesReceipt",
                &[ours, other_shop, by_hand, edited].join(","),
            )
        })
    })
    .await;
    let books = world.connect();
    let writes: Vec<Write> = [7, 8, 9, 10].map(receipt).into();
    let found = books.look(&writes).await.expect("answers");
    let ids: Vec<Option<&str>> = found
        .iter()
        .map(|found| found.as_ref().map(|found| found.remote.id.as_str()))
        .collect();
    assert_eq!(ids, [Some("271"), None, None, Some("274")]);

    // A second making of the same document is not done by the first.
    let again = Write {
        marker: Some(marker(7, Role::Sale, 2)),
        ..receipt(7)
    };
    assert_eq!(books.look(&[again]).await.expect("an answer"), [None]);
}

#[tokio::test]
async fn an_unanswered_change_is_answered_with_what_stands() {
    let world = World::new(|seen| {
        seen.question().contains("FROM Invoice WHERE Id IN ('12'").then(|| {
            rows("Invoice", r#"{"Id":"12","SyncToken":"3","DocNumber":"WC-7","TotalAmt":0,"PrivateNote":"Voided"}"#)
        })
    })
    .await;
    let books = world.connect();
    let change = |action, id: &str| Write {
        action,
        entity: DocumentKind::Invoice.into(),
        remote: Some(remote(DocumentKind::Invoice, id)),
        ..receipt(7)
    };
    let found = books
        .look(&[change(Action::Void, "12"), change(Action::Delete, "13")])
        .await
        .expect("answers");
    let voided = found[0].as_ref().expect("it stands");
    assert_eq!(
        (voided.state, voided.remote.revision.as_str()),
        (FoundState::Voided, "3")
    );
    assert!(found[1].is_none());
}

#[tokio::test]
async fn an_unanswered_name_is_adopted_only_where_everything_equals() {
    let world = World::new(|seen| {
        let question = seen.question();
        if question.contains("FROM Customer WHERE DisplayName IN ('Ann Lee', 'Bob O\\'Roy') AND Active IN (true, false)") {
            return Some(rows(
                "Customer",
                r#"{"Id":"91","SyncToken":"0","DisplayName":"Ann Lee","PrimaryEmailAddr":{"Address":"Ann@example.com"},"CurrencyRef":{"value":"CAD"}},
                   {"Id":"92","SyncToken":"0","DisplayName":"Bob O'Roy","CurrencyRef":{"value":"CAD"}}"#,
            ));
        }
        question.contains("FROM Item").then(|| {
            rows(
                "Item",
                r#"{"Id":"21","SyncToken":"0","Name":"Mug","Sku":"MUG","Type":"NonInventory"},{"Id":"22","SyncToken":"0","Name":"Gift Wrap","Type":"Category"}"#,
            )
        })
    })
    .await;
    let books = world.connect();
    let name = |entity: RemoteKind, label: &str, body: &str| Write {
        subject: Subject::Customer(label.into()),
        entity,
        body: whole(body),
        marker: None,
        label: label.into(),
        ..receipt(1)
    };
    let found = books
        .look(&[
            name(RemoteKind::Customer, "Ann Lee", r#"{"DisplayName":"Ann Lee","PrimaryEmailAddr":{"Address":"ann@example.com"}}"#),
            name(RemoteKind::Customer, "Bob O'Roy", r#"{"DisplayName":"Bob O'Roy","PrimaryEmailAddr":{"Address":"bob@example.com"}}"#),
            name(RemoteKind::Item, "Mug", r#"{"Name":"Mug","Sku":"MUG","Type":"NonInventory","IncomeAccountRef":{"value":"79"}}"#),
            name(RemoteKind::Item, "Gift Wrap", r#"{"Name":"Gift Wrap","Type":"Service","IncomeAccountRef":{"value":"79"}}"#),
        ])
        .await
        .expect("answers");
    let ids: Vec<Option<&str>> = found
        .iter()
        .map(|found| found.as_ref().map(|found| found.remote.id.as_str()))
        .collect();
    assert_eq!(ids, [Some("91"), None, Some("21"), None]);
}

#[tokio::test]
async fn where_the_company_numbers_by_itself_a_created_document_is_found_by_day_and_customer() {
    let world = World::new(|seen| {
        if seen.path == "preferences" {
            return Some(reply(
                200,
                r#"{"Preferences":{"SalesFormsPrefs":{"CustomTxnNumbers":false}},"time":"x"}"#,
            ));
        }
        seen.question()
            .contains("FROM SalesReceipt WHERE TxnDate = '2026-03-02' AND CustomerRef = '71'")
            .then(|| {
                rows(
                    "SalesReceipt",
                    &standing_receipt(271, 7)
                        .replace(r#""DocNumber":"WC-7""#, r#""DocNumber":"1038""#),
                )
            })
    })
    .await;
    let found = world
        .connect()
        .look(&[receipt(7)])
        .await
        .expect("an answer");
    assert_eq!(
        found[0].as_ref().map(|found| found.label.as_str()),
        Some("1038")
    );
}

fn november() -> crate::connector::port::Period {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 11, day).expect("a day");
    crate::connector::port::Period::new(day(1), day(30)).expect("a period")
}

/// Receipts on two pages, the second of which begins so many rows late, and what the company says of their number.
async fn two_pages(late: usize, counted: usize) -> (World, QuickBooks) {
    const RECEIPTS: usize = 1_200;
    let world = World::new(move |seen| {
        let question = seen.question();
        if !question.contains("FROM SalesReceipt") {
            return None;
        }
        if question.starts_with("SELECT COUNT(*)") {
            let count = format!("{{\"QueryResponse\":{{\"totalCount\":{counted}}}}}");
            return Some(reply(200, count));
        }
        let from = match question.contains("STARTPOSITION 1 ") {
            true => 0,
            false => 1_000 + late,
        };
        let until = (from + 1_000).min(RECEIPTS);
        let page: Vec<String> = (from..until)
            .map(|id| {
                format!("{{\"Id\":\"{id}\",\"SyncToken\":\"0\",\"DocNumber\":\"S{id}\",\"TxnDate\":\"2026-11-02\",\"TotalAmt\":1.00,\"Line\":[]}}")
            })
            .collect();
        Some(rows("SalesReceipt", &page.join(",")))
    })
    .await;
    let books = world.connect();
    (world, books)
}

#[tokio::test]
async fn a_missed_page_of_documents_is_found_by_their_number() {
    use crate::connector::port::Statements;
    let (world, books) = two_pages(0, 1_200).await;
    let all = books.documents(november()).await.expect("all of them");
    assert_eq!(all.len(), 1_200);
    let asked = world.questions();
    let pages: Vec<&String> = asked
        .iter()
        .filter(|question| question.starts_with("SELECT * FROM SalesReceipt"))
        .collect();
    assert_eq!(pages.len(), 2, "{asked:?}");
    // Without an order of their own, the second page may go on anywhere.
    for page in pages {
        assert!(page.contains("ORDERBY MetaData.CreateTime ASC"), "{page}");
    }
    // Nobody asks how many there are where one page has room for all.
    assert!(
        !asked
            .iter()
            .any(|question| question.contains("COUNT(*) FROM Invoice"))
    );
    for (late, counted) in [(3, 1_200), (0, 1_201), (200, 1_200)] {
        let (_world, books) = two_pages(late, counted).await;
        let refused = books
            .documents(november())
            .await
            .expect_err("some are missing");
        assert_eq!(refused.code, "pages_do_not_add_up", "{late} {counted}");
    }
    // One that comes twice is one.
    let doubled = r#"{"Id":"7","SyncToken":"0","DocNumber":"S7","TxnDate":"2026-11-02","TotalAmt":1.00,"Line":[]}"#;
    let world = World::new(move |seen| {
        let is_meant = seen.question().contains("FROM SalesReceipt");
        is_meant.then(|| rows("SalesReceipt", &[doubled, doubled].join(",")))
    })
    .await;
    let once = world
        .connect()
        .documents(november())
        .await
        .expect("answers");
    assert_eq!(once.len(), 1);
}
