//! Words of a mapping in bodies and answers: where they are written, how they are cleared, how they are told apart.

use super::encoding::{references, sale};
use super::*;
use crate::connector::port::Label;
use crate::model::document::{Document, DocumentKind, Role};
use crate::model::overlay::{AddressParts, Overlay};
use chrono::TimeDelta;

/// A company with classes, locations and two fields of its own in use.
fn labelled(per_line: bool) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    move |seen| {
        let question = seen.question();
        if seen.path == "preferences" {
            return Some(reply(
                200,
                format!(
                    r#"{{"Preferences":{{
                        "AccountingInfoPrefs":{{"ClassTrackingPerTxn":{},"ClassTrackingPerTxnLine":{per_line},"TrackDepartments":true}},
                        "SalesFormsPrefs":{{"CustomField":[
                            {{"CustomField":[
                                {{"Type":"BooleanType","Name":"SalesFormsPrefs.UseSalesCustom1","BooleanValue":true}},
                                {{"Type":"BooleanType","Name":"SalesFormsPrefs.UseSalesCustom2","BooleanValue":false}},
                                {{"Type":"BooleanType","Name":"SalesFormsPrefs.UseSalesCustom3","BooleanValue":true}}]}},
                            {{"CustomField":[
                                {{"Type":"StringType","Name":"SalesFormsPrefs.SalesCustomName3","StringValue":"VAT ID"}},
                                {{"Type":"StringType","Name":"SalesFormsPrefs.SalesCustomName2","StringValue":"Old"}},
                                {{"Type":"StringType","Name":"SalesFormsPrefs.SalesCustomName1","StringValue":"PO number"}}]}}]}},
                        "TaxPrefs":{{"UsingSalesTax":true}},"CurrencyPrefs":{{"HomeCurrency":{{"value":"CAD"}}}}}},"time":"x"}}"#,
                    !per_line
                ),
            ));
        }
        if question.contains("FROM Class ") {
            return Some(rows(
                "Class",
                r#"{"Id":"701","Name":"Retail"},{"Id":"702","Name":"Web","FullyQualifiedName":"Retail:Web"},
                   {"Id":"703","Name":"Web","FullyQualifiedName":"Wholesale:Web"},{"Id":"704","Name":"Gone","Active":false}"#,
            ));
        }
        question
            .contains("FROM Department ")
            .then(|| rows("Department", r#"{"Id":"5","Name":"Harbour"}"#))
    }
}

fn worded() -> Document {
    Document {
        memo: Some("Thanks".into()),
        overlay: Overlay {
            memo: Some("Thanks".into()),
            class: Some("Retail:Web".into()),
            location: Some("Harbour".into()),
            custom: [("VAT ID".into(), "DE123".into())].into(),
            ..Overlay::default()
        },
        ..sale()
    }
}

async fn ready(world: &World) -> QuickBooks {
    let books = world.connect();
    books.company().await.expect("the company");
    books.know(Label::Class).await.expect("the classes");
    books.know(Label::Location).await.expect("the locations");
    books
}

fn body(
    books: &QuickBooks,
    document: &Document,
    was: Option<&Overlay>,
) -> Result<serde_json::Value, Reason> {
    let remote = Remote {
        entity: DocumentKind::SalesReceipt.into(),
        id: "271".into(),
        revision: "4".into(),
    };
    let encoded = books.encode(Draft::Document {
        document,
        references: &references(),
        marker: &marker(1042, Role::Sale, 1),
        replaces: was.map(|_| &remote),
        was,
    })?;
    Ok(serde_json::from_str(&encoded.body).expect("a body is JSON"))
}

#[tokio::test]
async fn words_stand_in_fields_of_their_own() {
    let world = World::new(labelled(false)).await;
    let books = ready(&world).await;
    let sent = body(&books, &worded(), None).expect("encoded");
    assert_eq!(sent["ClassRef"]["value"], "702");
    assert_eq!(sent["DepartmentRef"]["value"], "5");
    assert_eq!(sent["CustomerMemo"]["value"], "Thanks");
    assert_eq!(
        sent["CustomField"],
        serde_json::json!([{ "DefinitionId": "3", "Name": "VAT ID", "Type": "StringType", "StringValue": "DE123" }])
    );
    // Nothing but these fields, and the memo, is different from the sale without them.
    let mut bare = sent.clone();
    for field in ["ClassRef", "DepartmentRef", "CustomField", "CustomerMemo"] {
        bare.as_object_mut().expect("an object").remove(field);
    }
    assert_eq!(bare, body(&books, &sale(), None).expect("encoded"));

    let world = World::new(labelled(true)).await;
    let books = ready(&world).await;
    let sent = body(&books, &worded(), None).expect("encoded");
    assert!(sent.get("ClassRef").is_none());
    assert_eq!(
        sent["Line"][0]["SalesItemLineDetail"]["ClassRef"]["value"],
        "702"
    );
}

#[tokio::test]
async fn a_name_must_be_one_of_the_companys_and_only_one() {
    let world = World::new(labelled(false)).await;
    let books = ready(&world).await;
    for (class, hint) in [
        ("Web", "did you mean `Retail:Web` or `Wholesale:Web`?"),
        ("Gone", "add it in QuickBooks"),
        ("retail", "did you mean `Retail`"),
    ] {
        let mut document = worded();
        document.overlay.class = Some(class.into());
        let reason = body(&books, &document, None).expect_err("no such class");
        assert_eq!(reason.code, "class_unknown");
        assert!(
            reason.hint.clone().unwrap_or_default().contains(hint),
            "{reason:?}"
        );
    }
    let mut document = worded();
    // A field that is switched off would take the words and drop them.
    document.overlay.custom = [("Old".into(), "x".into())].into();
    let reason = body(&books, &document, None).expect_err("not in use");
    assert_eq!(reason.code, "custom_field_unknown");
    assert!(
        reason
            .hint
            .is_some_and(|hint| hint.contains("there is `PO number` and `VAT ID`"))
    );
}

#[tokio::test]
async fn what_the_mapping_says_no_more_is_cleared() {
    let world = World::new(labelled(false)).await;
    let books = ready(&world).await;
    let was = Overlay {
        bill_to: AddressParts {
            city: Some("Calgary".into()),
            ..AddressParts::default()
        },
        ..worded().overlay
    };
    let billed = Document {
        bill_to: Some(crate::model::order::Address {
            city: "Banff".into(),
            ..Default::default()
        }),
        ..sale()
    };
    let sent = body(&books, &billed, Some(&was)).expect("encoded");
    assert_eq!(sent["CustomerMemo"]["value"], "");
    assert_eq!(sent["CustomField"][0]["StringValue"], "");
    assert_eq!(sent["BillAddr"]["City"], "Banff");
    // Where the mapping never had a word, none is said.
    let sent = body(&books, &billed, Some(&Overlay::default())).expect("encoded");
    for field in ["CustomerMemo", "CustomField", "BillAddr"] {
        assert!(sent.get(field).is_none(), "{field}");
    }
}

#[tokio::test]
async fn lists_of_labels_are_read_once_a_day_and_again_when_a_name_was_missing() {
    let world = World::new(labelled(false)).await;
    ready(&world).await;
    let asked = |world: &World, kind: &str| {
        let question = format!("FROM {kind} ");
        world
            .questions()
            .iter()
            .filter(|asked| asked.contains(&question))
            .count()
    };
    assert_eq!(
        (asked(&world, "Class"), asked(&world, "Department")),
        (1, 1)
    );
    world.later(TimeDelta::hours(23));
    let books = ready(&world).await;
    assert_eq!(books.requests().reads, 0);
    let mut document = worded();
    document.overlay.class = Some("New".into());
    body(&books, &document, None).expect_err("not there yet");
    world.later(TimeDelta::minutes(6));
    ready(&world).await;
    assert_eq!(
        (asked(&world, "Class"), asked(&world, "Department")),
        (2, 2)
    );
}

#[tokio::test]
async fn the_words_of_a_body_are_those_of_its_answer() {
    let world = World::new(labelled(false)).await;
    let books = ready(&world).await;
    let sent = body(&books, &worded(), None).expect("encoded");
    let words = books.words(&sent.to_string());
    let mut answer = sent.clone();
    answer["PrivateNote"] =
        "Woo order 1042\n[udsync store=aurora order=1042 kind=sale rev=7]".into();
    answer["ClassRef"]["name"] = "Web".into();
    answer["CustomField"] = serde_json::json!([
        { "DefinitionId": "1", "Name": "PO number", "Type": "StringType" },
        { "DefinitionId": "3", "Name": "VAT ID", "Type": "StringType", "StringValue": "DE123" }
    ]);
    let there = books.words(&answer.to_string());
    for (field, digest) in &words {
        assert_eq!(there.get(field), Some(digest), "{field}");
    }
    for (field, value) in [
        ("ClassRef", serde_json::json!({ "value": "701" })),
        ("DepartmentRef", serde_json::json!({ "value": "6" })),
        ("CustomerMemo", serde_json::json!({ "value": "Thank you" })),
        ("PrivateNote", "Something else".into()),
    ] {
        let mut other = answer.clone();
        other[field] = value;
        assert_ne!(books.words(&other.to_string()), there, "{field}");
    }
}
