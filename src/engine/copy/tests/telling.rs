//! What the database is told of documents, of links and of runs.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde_json::json;

use super::double::Double;
use super::shop::{Machine, Shop, at};
use crate::connector::supabase::schema::columns::sent;
use crate::engine::copy::mirror;
use crate::engine::outcome::Report;
use crate::model::clock::Clock;
use crate::model::document::{DocumentKey, DocumentKind, Role};
use crate::model::fault::Reason;
use crate::model::link::{Link, LinkState, Posted};
use crate::model::money::Money;
use crate::model::plan::{Action, RecordKey, Remote, RemoteKind, Subject};
use crate::model::problem::ProblemState;
use crate::model::row::Table;
use crate::model::run::{Change, RunStatus, Tally};
use crate::store::{History, HistoryWriter, MemoryWriter, ProblemFound, ProblemsWriter};

const BOOKS: &str = "quickbooks";

fn sale(order: u64) -> Link {
    let key = DocumentKey::of_order(order, Role::Sale);
    Link {
        subject: Subject::Document(key),
        remote: Remote {
            entity: DocumentKind::SalesReceipt.into(),
            id: (1_000 + order).to_string(),
            revision: "0".into(),
        },
        content: "seen".into(),
        revision: 1,
        state: LinkState::Active,
        posted: Some(Posted {
            key,
            kind: DocumentKind::SalesReceipt,
            number: format!("WC-{order}"),
            date: NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day"),
            currency: "CAD".into(),
            total: Money::cents(15_976),
            tax_total: Money::cents(1_428),
            voided: false,
            fingerprint: None,
            document: None,
        }),
    }
}

fn customer() -> Link {
    Link {
        subject: Subject::Customer("c7.CAD".into()),
        remote: Remote {
            entity: RemoteKind::Customer,
            id: "58".into(),
            revision: "3".into(),
        },
        posted: None,
        ..sale(1)
    }
}

async fn told(machine: &Machine, database: &Double, with_log: bool) -> Report {
    let clock = Clock::new(|| at(60_000));
    let bench = machine.bench(database, &clock);
    let report = mirror(machine.sending(&bench), with_log).await;
    report.expect("the state file")
}

fn end(machine: &Machine, created: u64) -> String {
    let mut run = machine.begin_run();
    run.status = RunStatus::Succeeded;
    run.finished_at = Some(at(20_000));
    let tally = Tally {
        created,
        ..Tally::default()
    };
    run.tallies.insert(BOOKS.into(), tally);
    machine.store.finish_run(&run).expect("finished");
    run.id
}

#[tokio::test]
async fn documents_and_links_are_told_once_and_again_when_they_change() {
    let (database, machine) = (Double::default(), Machine::new());
    let links = [sale(1), sale(2), customer()];
    machine.store.put_links(BOOKS, &links).expect("kept");
    let first = told(&machine, &database, true).await;
    assert_eq!((first.tally.created, first.tally.updated), (5, 0));
    let invoice = database.live(Table::Invoices)["1/sale"].clone();
    for (column, value) in [
        ("target_id", json!("1001")),
        ("doc_number", json!("WC-1")),
        ("order_id", json!(1)),
        ("txn_date", json!("2026-11-20")),
        ("total", json!("159.76")),
        ("voided", json!(false)),
    ] {
        assert_eq!(invoice.columns.read()[column], value, "{column}");
    }
    let mapping = database.live(Table::IdMappings)["customer:c7.CAD"].clone();
    assert_eq!(mapping.columns.read()["source_id"], json!(7));
    assert_eq!(mapping.columns.read()["target_id"], json!("58"));
    assert_eq!(
        told(&machine, &database, true).await.tally,
        Tally::default()
    );

    let mut voided = sale(1);
    voided.state = LinkState::Voided;
    machine.store.put_links(BOOKS, &[voided]).expect("kept");
    machine
        .store
        .remove_link(BOOKS, &sale(2).subject)
        .expect("removed");
    let second = told(&machine, &database, true).await.tally;
    assert_eq!((second.created, second.updated, second.deleted), (0, 2, 2));
    assert_eq!(
        database.live(Table::Invoices)["1/sale"].columns.read()["voided"],
        json!(true)
    );
    assert_eq!(database.buried(Table::Invoices), ["2/sale"]);
}

#[tokio::test]
async fn a_run_its_changes_and_its_problems_are_told_without_a_word_about_a_person() {
    let (database, machine) = (Double::default(), Machine::new());
    let id = end(&machine, 2);
    let change = |source: RecordKey, label: &str| Change {
        target: BOOKS.into(),
        action: Action::Create,
        entity: "SalesReceipt".into(),
        source,
        label: label.into(),
        txn_date: None,
        currency: Some("CAD".into()),
        total: Some(Money::cents(100)),
        tax_total: None,
        target_id: Some("9".into()),
        body: Some("{\"Name\":\"Ann Canary\"}".into()),
        warnings: vec![Reason::new("rounding_line", "for Ann Canary")],
        reason: None,
    };
    let changes = [
        change(RecordKey::order(1, "1"), "WC-1"),
        change(RecordKey::customer("c7.CAD"), "Ann Canary"),
    ];
    machine.store.record_changes(&id, &changes).expect("kept");
    let complaint = ProblemFound {
        target: BOOKS,
        source: &RecordKey::order(2, "2"),
        subject: None,
        state: ProblemState::Held,
        reason: &Reason::new("name_conflict", "another is named Ann Canary"),
        retryable: false,
        tries: 0,
    };
    machine
        .store
        .raise(&complaint, &id, at(20_000))
        .expect("kept");

    assert_eq!(
        told(&machine, &database, true).await.tally,
        Tally::default(),
        "the log is not counted"
    );
    let rows = database.live(Table::SyncLogs);
    assert_eq!(rows.len(), 4);
    let run = rows[&format!("{id}/{BOOKS}")].columns.read();
    assert_eq!((&run["kind"], &run["created"]), (&json!("run"), &json!(2)));
    let whole: Vec<&str> = rows.values().map(|row| row.columns.as_str()).collect();
    let whole = whole.join("\n");
    assert!(
        whole.contains("WC-1")
            && whole.contains("name_conflict")
            && whole.contains("rounding_line")
    );
    assert!(!whole.contains("Canary"), "{whole}");

    // More becomes known of it: the run is told again, its changes are not.
    database.take_written();
    let mut run = machine.store.run(&id).expect("answers").expect("is there");
    run.tally(BOOKS).created = 3;
    machine
        .store
        .record_changes(&id, &changes[..1])
        .expect("kept");
    machine.store.finish_run(&run).expect("kept");
    told(&machine, &database, true).await;
    assert_eq!(database.take_written().len(), 2);
    assert_eq!(database.live(Table::SyncLogs).len(), 5);
    told(&machine, &database, true).await;
    assert_eq!(database.take_written(), []);
}

#[tokio::test]
async fn what_could_not_be_told_is_told_by_the_next_run() {
    for cut in 0..5 {
        let (database, machine) = (Double::default(), Machine::new());
        let links: Vec<Link> = (1..=4).map(sale).collect();
        machine.store.put_links(BOOKS, &links).expect("kept");
        let id = end(&machine, 4);
        database.down_after(cut);
        assert!(told(&machine, &database, true).await.end.is_some(), "{cut}");
        database.up();
        assert!(told(&machine, &database, true).await.end.is_none());
        let ids = |table| database.live(table).keys().cloned().collect::<Vec<_>>();
        assert_eq!(
            ids(Table::Invoices),
            ["1/sale", "2/sale", "3/sale", "4/sale"]
        );
        assert_eq!(ids(Table::IdMappings).len(), 4);
        assert_eq!(ids(Table::SyncLogs), [format!("{id}/{BOOKS}")]);
    }
}

#[tokio::test]
async fn no_log_is_kept_where_none_is_wanted() {
    let (database, machine) = (Double::default(), Machine::new());
    machine.store.put_links(BOOKS, &[sale(1)]).expect("kept");
    end(&machine, 1);
    told(&machine, &database, false).await;
    assert_eq!(database.live(Table::Invoices).len(), 1);
    assert_eq!(database.live(Table::SyncLogs).len(), 0);
}

/// A column that the table has and a row does not say would be emptied, or be refused.
#[tokio::test]
async fn each_row_says_every_column_that_its_table_has() {
    let (mut shop, database, machine) = (Shop::with(3), Double::default(), Machine::new());
    shop.accounts.insert(7, "ann@example.com".into());
    machine.full(&shop, &database, 1).await;
    machine.accounts(&shop, &database).await;
    machine
        .store
        .put_links(BOOKS, &[sale(1), customer()])
        .expect("kept");
    end(&machine, 1);
    told(&machine, &database, true).await;
    let ours = ["raw", "fingerprint", "source_at", "deleted_at"];
    for table in Table::ALL {
        if table == Table::Products {
            continue;
        }
        let rows = database.live(table);
        assert!(!rows.is_empty(), "{}", table.as_str());
        let columns: BTreeSet<&str> = sent(table)
            .map(|column| column.name)
            .filter(|name| !ours.contains(name))
            .collect();
        for row in rows.values() {
            let told = row.columns.read();
            let said: BTreeSet<&str> = told.keys().map(String::as_str).collect();
            assert_eq!(said, columns, "{}", table.as_str());
        }
    }
}
