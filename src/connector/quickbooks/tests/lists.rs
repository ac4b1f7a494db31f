//! What is kept, how long it is believed, and what it costs.

use super::super::lists::Learned;
use super::*;
use crate::model::company::TaxModel;
use crate::model::draft::{ItemDraft, ItemKind};
use crate::model::fault::Remedy;
use crate::model::names::{NameKind, NameParts};
use chrono::TimeDelta;

fn cdc(items: &str) -> Reply {
    reply(
        200,
        format!(
            r#"{{"CDCResponse":[{{"QueryResponse":[{items}]}}],"time":"2026-03-03T09:00:00.000-08:00"}}"#
        ),
    )
}

/// A company with a few names; what changed is asked for as given.
fn names(changes: &'static str) -> impl Fn(&Seen) -> Option<Reply> + Send + Sync + 'static {
    move |seen| {
        let question = seen.question();
        if seen.path == "cdc" {
            return Some(cdc(changes));
        }
        if question.contains("FROM Customer") {
            return Some(rows(
                "Customer",
                r#"{"Id":"71","DisplayName":"Ada Byron","PrimaryEmailAddr":{"Address":"ada@example.com"},"CurrencyRef":{"value":"USD"},"Active":true},
                   {"Id":"72","DisplayName":"Old Friend (deleted)","Active":false}"#,
            ));
        }
        if question.contains("FROM Vendor") {
            return Some(rows("Vendor", r#"{"Id":"80","DisplayName":"Paper Mill"}"#));
        }
        if question.contains("FROM Item") {
            return Some(rows(
                "Item",
                r#"{"Id":"21","Name":"Mug","Sku":"MUG","Type":"NonInventory"},{"Id":"22","Name":"Kitchen","Type":"Category"}"#,
            ));
        }
        None
    }
}

#[tokio::test]
async fn a_company_is_read_once_and_believed_for_a_day() {
    let world = World::new(|_| None).await;
    let company = world.connect().company().await.expect("the company");
    assert_eq!(company.name, "Aurora Outfitters");
    assert_eq!(
        (company.country.as_str(), company.home_currency.as_str()),
        ("CA", "CAD")
    );
    assert_eq!(company.tax_model, TaxModel::Global);
    assert!(company.multicurrency && company.uses_tax && company.keeps_our_numbers);
    assert_eq!(
        company.closed_through.map(|day| day.to_string()).as_deref(),
        Some("2025-12-31")
    );
    assert_eq!(company.accounts["Stripe Clearing"].id, "36");
    assert_eq!(company.accounts["Clearing:Stripe Clearing"].id, "36");
    assert!(!company.accounts.contains_key("Old Income"));
    assert_eq!(
        company.tax_codes["GST/PST BC"],
        ["GST 5%".to_owned(), "PST BC 7%".to_owned()].into()
    );
    assert_eq!(company.tax_rates["QST"].to_string(), "9.975");

    let first = world.seen().len();
    world.later(TimeDelta::hours(23));
    let books = world.connect();
    assert_eq!(books.company().await.expect("kept"), company);
    assert_eq!(books.requests().reads, 0);
    assert_eq!(world.seen().len(), first);

    world.later(TimeDelta::hours(2));
    let books = world.connect();
    books.company().await.expect("read again");
    assert_eq!(books.requests().reads, 6);
}

#[tokio::test]
async fn what_was_missing_is_looked_for_again_soon() {
    let world = World::new(|_| None).await;
    let books = world.connect();
    books.company().await.expect("the company");
    let draft = ItemDraft::plain("Mug".into(), ItemKind::NonInventory, "Mug Sales");
    let reason = books
        .encode(Draft::Item(&draft))
        .expect_err("no such account");
    assert_eq!(reason.code, "account_missing");
    world.later(TimeDelta::minutes(6));
    let books = world.connect();
    books.company().await.expect("read again");
    assert_eq!(books.requests().reads, 6);
}

#[tokio::test]
async fn a_us_company_says_how_it_keeps_sales_tax() {
    for (prefs, model) in [
        (
            r#"{"UsingSalesTax":true,"PartnerTaxEnabled":true}"#,
            TaxModel::UsAst,
        ),
        (r#"{"UsingSalesTax":true}"#, TaxModel::UsManual),
    ] {
        let world = World::new(move |seen| match seen.path.as_str() {
            "companyinfo/9130" => Some(reply(
                200,
                r#"{"CompanyInfo":{"CompanyName":"A","Country":"USA"},"time":"x"}"#,
            )),
            "preferences" => Some(reply(
                200,
                format!(r#"{{"Preferences":{{"TaxPrefs":{prefs}}},"time":"x"}}"#),
            )),
            _ => None,
        })
        .await;
        let company = world.connect().company().await.expect("the company");
        assert_eq!(company.tax_model, model);
        assert_eq!(company.home_currency, "USD");
        assert!(company.tax_codes.contains_key("TAX") && company.tax_codes.contains_key("NON"));
    }
}

#[tokio::test]
async fn names_are_read_whole_once_and_then_cost_one_read_a_run() {
    let changes = r#"{"Customer":[{"Id":"71","DisplayName":"Ada Lovelace","CurrencyRef":{"value":"USD"}},{"Id":"73","DisplayName":"New Here"}]},
                     {},{"Employee":[]},{"Item":[{"domain":"QBO","status":"Deleted","Id":"22","MetaData":{}}]}"#;
    let world = World::new(names(changes)).await;
    let books = world.connect();
    let first = books.names().await.expect("names");
    assert_eq!(first.people.len(), 3);
    assert!(
        first
            .people
            .iter()
            .any(|entry| entry.kind == NameKind::Vendor && entry.currency() == "CAD")
    );
    assert!(
        first
            .people
            .iter()
            .any(|entry| entry.id() == "72" && !entry.active)
    );
    assert_eq!(first.items.len(), 2);
    // Six facts, four lists.
    assert_eq!(books.requests().reads, 10);
    assert!(world.questions().iter().any(|question| question
        == "SELECT * FROM Employee WHERE Active IN (true, false) ORDERBY MetaData.CreateTime STARTPOSITION 1 MAXRESULTS 1000"));

    let books = world.connect();
    let second = books.names().await.expect("names");
    books.names().await.expect("the same names");
    assert_eq!(books.requests().reads, 1);
    let cdc = world
        .seen()
        .into_iter()
        .find(|seen| seen.path == "cdc")
        .expect("changes");
    assert_eq!(cdc.parameters["entities"], "Customer,Vendor,Employee,Item");
    // The time of the answer before, less ninety seconds.
    assert_eq!(cdc.parameters["changedSince"], "2026-03-02T09:13:37-08:00");
    let mut people: Vec<&str> = second
        .people
        .iter()
        .map(|entry| entry.display_name())
        .collect();
    people.sort_unstable();
    assert_eq!(
        people,
        [
            "Ada Lovelace",
            "New Here",
            "Old Friend (deleted)",
            "Paper Mill"
        ]
    );
    assert_eq!(second.items.len(), 1);
}

#[tokio::test]
async fn names_that_are_too_old_to_be_told_what_changed_are_read_again() {
    let world = World::new(names("{}")).await;
    world.connect().names().await.expect("names");
    world.later(TimeDelta::days(26));
    let books = world.connect();
    books.names().await.expect("names");
    assert_eq!(world.asked("cdc"), 0);
    assert_eq!(books.requests().reads, 10);
}

#[tokio::test]
async fn an_answer_full_of_changes_is_not_believed_to_be_all() {
    let many: String = (0..1_000)
        .map(|id| format!(r#"{{"Id":"{id}","DisplayName":"N{id}"}}"#))
        .collect::<Vec<_>>()
        .join(",");
    let all: &'static str = Box::leak(format!(r#"{{"Vendor":[{many}]}}"#).into_boxed_str());
    let world = World::new(names(all)).await;
    world.connect().names().await.expect("names");
    let books = world.connect();
    assert_eq!(books.names().await.expect("names").people.len(), 3);
    assert_eq!(books.requests().reads, 5);
}

#[tokio::test]
async fn where_changes_cannot_be_told_the_names_are_read_again() {
    let all = names("{}");
    let world = World::new(move |seen| {
        let too_old = seen.path == "cdc";
        too_old
            .then(|| refusal(400, "2190", "The date range isn't valid."))
            .or_else(|| all(seen))
    })
    .await;
    world.connect().names().await.expect("names");
    let books = world.connect();
    assert_eq!(books.names().await.expect("names").people.len(), 3);
    assert_eq!((world.asked("cdc"), books.requests().reads), (1, 4));
}

#[tokio::test]
async fn a_thousand_rows_are_not_the_end() {
    let world = World::new(|seen| {
        let question = seen.question();
        if !question.contains("FROM Customer") {
            return None;
        }
        let ids = if question.contains("STARTPOSITION 1 ") {
            1..=1_000
        } else {
            1_001..=1_001
        };
        let people: Vec<String> = ids
            .map(|id| format!(r#"{{"Id":"{id}","DisplayName":"N{id}"}}"#))
            .collect();
        Some(rows("Customer", &people.join(",")))
    })
    .await;
    let names = world.connect().names().await.expect("names");
    assert_eq!(names.people.len(), 1_001);
}

#[tokio::test]
async fn trouble_on_the_way_is_tried_again_and_then_given_up() {
    let count = std::sync::atomic::AtomicUsize::new(0);
    let world = World::new(move |seen| {
        let bad = seen.path == "preferences"
            && count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) < 2;
        bad.then(|| reply(502, "<html>bad gateway</html>"))
    })
    .await;
    let books = world.connect();
    books.company().await.expect("in the end");
    assert_eq!(world.asked("preferences"), 3);
    assert_eq!(books.requests().reads, 6);

    let world =
        World::new(|seen| (seen.path == "preferences").then(|| refusal(500, "4002", "x"))).await;
    let fault = world.connect().company().await.expect_err("never");
    assert_eq!(
        (fault.remedy, fault.code),
        (Remedy::Stop, "service_trouble")
    );
    assert_eq!(world.asked("preferences"), 4);
}

/// Names as the answers to their creation bring them.
fn made(ids: std::ops::Range<u32>) -> Vec<Learned> {
    ids.map(|id| {
        let made = NameParts {
            id: id.to_string().into(),
            kind: NameKind::Customer,
            display_name: format!("Made {id}").into(),
            email: None,
            currency: "CAD".into(),
            active: true,
            revision: "".into(),
        };
        Learned::Person(made.into())
    })
    .collect()
}

#[tokio::test]
async fn names_that_are_made_are_kept_in_pieces_behind_the_list() {
    let world = World::new(names("{}")).await;
    let place = "quickbooks/9130/names";
    let books = world.connect();
    assert_eq!(books.names().await.expect("names").people.len(), 3);
    let list = world.shelf.text(place).expect("kept");
    for batch in 0..4 {
        let first = 1_000 + batch * 30;
        books.lists.learn(made(first..first + 30)).await;
    }
    assert_eq!(books.names().await.expect("names").people.len(), 123);
    // With each batch a piece is written, and it holds that batch alone.
    assert_eq!(world.shelf.text(place), Some(list.clone()));
    let piece = |number: u32| world.shelf.text(&format!("{place}/{number}"));
    let people = |number: u32| piece(number).map(|text| text.matches("Made ").count());
    assert_eq!(
        (0..5).map(people).collect::<Vec<_>>(),
        [Some(30), Some(30), Some(30), Some(30), None]
    );

    // The company says nothing of them as changes: they are known from the pieces, to whoever looks at what is kept and to a run.
    let kept = super::super::kept_names(|name| world.shelf.text(name), "9130").expect("kept");
    assert_eq!(kept.people.len(), 123);
    let books = world.connect();
    assert_eq!(books.names().await.expect("names").people.len(), 123);
    assert_eq!(books.requests().reads, 1);
    let whole = world.shelf.text(place).expect("kept");
    assert!(whole.contains("Made 1119"), "{whole}");

    // Now they are in the list, and the old pieces belong to none: what is deleted does not come back from them.
    assert_eq!(people(0), Some(30), "it still lies there");
    world
        .shelf
        .keep(place, &whole.replace("Made 1000", "Renamed since"))
        .expect("kept");
    let kept = super::super::kept_names(|name| world.shelf.text(name), "9130").expect("kept");
    let renamed = kept.people.iter().find(|entry| entry.id() == "1000");
    assert_eq!(renamed.expect("known").display_name(), "Renamed since");
}
