//! What goes out, what does not, and who says so.

use super::double::Double;
use super::shop::{Chance, Machine, Shop, at};
use crate::engine::copy::{cursor, heed_loss};
use crate::engine::parked::unsettled_orders;
use crate::mapping::{Set, check};
use crate::model::clock::Clock;
use crate::model::plan::Action;
use crate::model::row::Table;
use crate::model::run::Tally;
use crate::store::{History, Problems};

/// Rows created, updated, deleted and unchanged.
fn rows(tally: &Tally) -> [u64; 4] {
    [tally.created, tally.updated, tally.deleted, tally.unchanged]
}

#[tokio::test]
async fn everything_goes_out_once_and_a_second_reading_sends_nothing() {
    let (shop, database, machine) = (Shop::with(9), Double::default(), Machine::new());
    let first = machine.full(&shop, &database, 1).await;
    // Nine orders, eighteen lines, three refunds.
    assert_eq!(rows(&first.tally), [30, 0, 0, 0]);
    assert_eq!((first.tally.read, first.problems.len()), (9, 0));
    shop.check(&database);
    assert_eq!(database.take_written().len(), 30);

    let second = machine.full(&shop, &database, 2).await;
    assert_eq!(rows(&second.tally), [0, 0, 0, 30]);
    let third = machine.since(&shop, &database, 3).await;
    assert_eq!(
        rows(&third.tally),
        [0, 0, 0, 4],
        "the last second comes again"
    );
    assert_eq!(database.take_written(), []);
    assert_eq!(
        database.asked.get(),
        7,
        "only what the database held at first was asked for"
    );
}

#[tokio::test]
async fn what_changed_is_sent_and_only_that() {
    let (mut shop, database, machine) = (Shop::with(12), Double::default(), Machine::new());
    machine.full(&shop, &database, 1).await;
    database.take_written();
    shop.edit(4, |order| order.status = "completed");
    shop.edit(6, |order| {
        order.lines.remove(&60);
        order.lines.insert(67, 300);
        order.refunds.clear();
    });
    let report = machine.since(&shop, &database, 1).await;
    // A line says when its order changed. Order 4 has two, order 6 keeps one and has one more; one line and one refund are gone.
    assert_eq!(rows(&report.tally)[..3], [1, 5, 2]);
    shop.check(&database);
    let mut written = database.take_written();
    written.sort();
    let expected = [
        (Table::Orders, "4"),
        (Table::Orders, "6"),
        (Table::OrderLines, "40"),
        (Table::OrderLines, "41"),
        (Table::OrderLines, "60"),
        (Table::OrderLines, "61"),
        (Table::OrderLines, "67"),
        (Table::Refunds, "650"),
    ];
    assert_eq!(written, expected.map(|(table, id)| (table, id.to_owned())));
    let changes: Vec<(Action, &str)> = report
        .changes
        .iter()
        .map(|change| (change.action, change.label.as_str()))
        .collect();
    assert_eq!(changes, [(Action::Update, "4"), (Action::Update, "6")]);
    assert_eq!(
        machine.store.changes("run-2").expect("answers"),
        report.changes
    );
}

#[tokio::test]
async fn a_change_within_the_cursors_own_second_is_not_lost() {
    let (mut shop, database, machine) = (Shop::with(3), Double::default(), Machine::new());
    machine.full(&shop, &database, 1).await;
    let through = shop.through();
    assert_eq!(cursor(&machine.store, "aurora", "here"), Ok(Some(through)));
    // The same second, another content.
    shop.edit(2, |order| order.status = "completed");
    shop.orders.get_mut(&2).expect("there").changed = through;
    let report = machine.since(&shop, &database, 1).await;
    assert_eq!(report.tally.updated, 3);
    shop.orders.get_mut(&3).expect("there").changed = through;
    let status = &database.live(Table::Orders)["2"].columns.read()["status"];
    assert_eq!(status, "completed");
}

#[tokio::test]
async fn what_is_trashed_or_deleted_is_marked_and_never_removed() {
    let (mut shop, database, machine) = (Shop::with(6), Double::default(), Machine::new());
    machine.full(&shop, &database, 1).await;
    shop.edit(1, |order| order.status = "trash");
    shop.delete(3);
    let report = machine.full(&shop, &database, 1).await;
    // The trashed order and its lines say so themselves; the deleted one is buried with its two lines and its refund.
    assert_eq!(rows(&report.tally)[..3], [0, 3, 4]);
    shop.check(&database);
    assert_eq!(database.buried(Table::Orders), ["1", "3"]);
    assert_eq!(database.buried(Table::OrderLines), ["10", "11", "30", "31"]);
    assert_eq!(database.buried(Table::Refunds), ["350"]);
    assert_eq!(
        rows(&machine.full(&shop, &database, 1).await.tally)[..3],
        [0, 0, 0]
    );

    shop.edit(1, |order| order.status = "processing");
    machine.since(&shop, &database, 1).await;
    assert_eq!(database.buried(Table::Orders), ["3"], "back from the trash");
    shop.check(&database);
}

#[tokio::test]
async fn a_line_that_moves_to_another_order_is_not_lost() {
    for (from, to) in [(1, 5), (5, 1)] {
        let (mut shop, database, machine) = (Shop::with(6), Double::default(), Machine::new());
        machine.full(&shop, &database, 1).await;
        let line = from * 10;
        shop.edit(from, |order| {
            order.lines.remove(&line);
        });
        shop.edit(to, |order| {
            order.lines.insert(line, 1_990);
        });
        for seed in 1..6 {
            machine.since(&shop, &database, seed).await;
        }
        shop.check(&database);
    }
}

#[tokio::test]
async fn a_lost_state_file_takes_what_the_database_holds_for_its_own() {
    let (mut shop, database) = (Shop::with(9), Double::default());
    Machine::new().full(&shop, &database, 1).await;
    database.take_written();
    shop.edit(2, |order| {
        order.lines.pop_first();
    });
    shop.delete(9);
    let machine = Machine::new();
    let report = machine.full(&shop, &database, 1).await;
    // Order 2 with the line it has left; its other line and all of order 9 belong to nobody.
    assert_eq!(rows(&report.tally)[..3], [0, 2, 5]);
    assert_eq!(database.take_written().len(), 7);
    shop.check(&database);
    assert_eq!(
        rows(&machine.full(&shop, &database, 2).await.tally)[..3],
        [0, 0, 0]
    );
}

#[tokio::test]
async fn another_database_begins_with_nothing_and_the_first_is_not_forgotten() {
    let (shop, one, two) = (Shop::with(4), Double::default(), Double::default());
    let mut machine = Machine::new();
    machine.full(&shop, &one, 1).await;
    machine.place = "there";
    assert_eq!(
        cursor(&machine.store, "aurora", "there"),
        Ok(None),
        "so it is read from the beginning"
    );
    machine.full(&shop, &two, 1).await;
    shop.check(&two);
    machine.place = "here";
    one.take_written();
    machine.since(&shop, &one, 1).await;
    assert_eq!(one.take_written(), []);
}

#[tokio::test]
async fn a_database_that_lost_its_rows_is_filled_again() {
    let (mut shop, database, machine) = (Shop::with(4), Double::default(), Machine::new());
    let clock = Clock::new(|| at(0));
    machine.full(&shop, &database, 1).await;
    let backup = database.rows.borrow().clone();
    shop.edit(2, |order| order.status = "completed");
    machine.since(&shop, &database, 1).await;
    assert!(
        !heed_loss(machine.sending(&machine.bench(&database, &clock)))
            .await
            .expect("answers")
    );

    // Put back to the day before; emptied.
    for (held, expected) in [(backup, [0, 3, 0]), (Default::default(), [13, 0, 0])] {
        *database.rows.borrow_mut() = held;
        assert_eq!(
            rows(&machine.look(&shop, &database).await.tally)[..3],
            expected
        );
        assert!(
            heed_loss(machine.sending(&machine.bench(&database, &clock)))
                .await
                .expect("answers")
        );
        assert_eq!(cursor(&machine.store, "aurora", "here"), Ok(None));
        machine.full(&shop, &database, 1).await;
        shop.check(&database);
        assert!(
            !heed_loss(machine.sending(&machine.bench(&database, &clock)))
                .await
                .expect("answers")
        );
    }
}

#[tokio::test]
async fn verify_finds_and_heals_what_somebody_else_did() {
    let (shop, database) = (Shop::with(6), Double::default());
    let mut machine = Machine::new();
    machine.full(&shop, &database, 1).await;
    database
        .rows
        .borrow_mut()
        .remove(&(Table::OrderLines, "20".to_owned()));
    let stray = {
        let mut row = database.live(Table::OrderLines)["10"].clone();
        row.id = "9999".to_owned();
        row
    };
    crate::connector::port::TableWriter::put(&database, Table::OrderLines, &[stray]).await;
    assert_eq!(
        rows(&machine.full(&shop, &database, 1).await.tally)[..3],
        [0, 0, 0],
        "nobody looked"
    );

    machine.verify = true;
    assert_eq!(
        rows(&machine.look(&shop, &database).await.tally)[..3],
        [1, 0, 0]
    );
    assert_eq!(
        rows(&machine.full(&shop, &database, 1).await.tally)[..3],
        [1, 0, 1]
    );
    shop.check(&database);
    // Of a part only that part is asked for.
    database
        .rows
        .borrow_mut()
        .remove(&(Table::Orders, "6".to_owned()));
    assert_eq!(
        rows(&machine.since(&shop, &database, 1).await.tally)[..3],
        [1, 0, 0]
    );
    shop.check(&database);
}

#[tokio::test]
async fn a_dry_run_says_what_a_run_would_do_and_leaves_no_trace() {
    let (mut shop, database, machine) = (Shop::with(5), Double::default(), Machine::new());
    let before = machine.look(&shop, &database).await;
    assert_eq!(rows(&before.tally), [16, 0, 0, 0]);
    assert_eq!(before.changes.len(), 16);
    assert_eq!(before.changes[0].entity, "orders");
    assert!(
        before.changes[0]
            .body
            .as_ref()
            .expect("its columns")
            .contains("\"total\":\"19.95\"")
    );
    assert_eq!(cursor(&machine.store, "aurora", "here"), Ok(None));
    machine.full(&shop, &database, 1).await;

    shop.edit(1, |order| order.status = "completed");
    shop.delete(3);
    database.take_written();
    let foreseen = machine.look(&shop, &database).await.tally;
    assert_eq!(database.take_written(), []);
    let done = machine.full(&shop, &database, 1).await.tally;
    assert_eq!(rows(&foreseen), rows(&done));
    assert_eq!(
        rows(&machine.look(&shop, &database).await.tally)[..3],
        [0, 0, 0]
    );

    // A machine that never saw the database asks it.
    assert_eq!(
        rows(&Machine::new().look(&shop, &database).await.tally)[..3],
        [0, 0, 0]
    );
}

#[tokio::test]
async fn a_row_that_is_refused_is_a_problem_of_its_order_until_it_goes_in() {
    let (mut shop, database, machine) = (Shop::with(5), Double::default(), Machine::new());
    database
        .refused
        .borrow_mut()
        .insert((Table::OrderLines, "20".into()));
    let report = machine.full(&shop, &database, 1).await;
    assert_eq!((report.tally.created, report.tally.failed), (15, 1));
    let problem = &report.problems[0];
    assert_eq!(
        (problem.target.as_str(), problem.source.id.as_str()),
        ("supabase", "2")
    );
    assert_eq!(
        problem.reason.message,
        "row `20` of `order_lines`: a value does not fit"
    );
    assert_eq!(unsettled_orders(&machine.store, "supabase"), Ok([2].into()));
    assert_eq!(
        cursor(&machine.store, "aurora", "here"),
        Ok(Some(shop.through())),
        "it is filed"
    );

    database.refused.borrow_mut().clear();
    shop.orders.get_mut(&2).expect("there").changed = at(99);
    let report = machine.since(&shop, &database, 1).await;
    assert_eq!(report.problems, []);
    assert_eq!(machine.store.problems(Some("supabase"), false), Ok(vec![]));
    shop.check(&database);
}

#[tokio::test]
async fn what_the_mapping_leaves_out_or_refuses_has_no_row() {
    let (mut shop, database) = (Shop::with(4), Double::default());
    let mut machine = Machine::new();
    machine.full(&shop, &database, 1).await;
    let shipped = || {
        let mut files = crate::mapping::shipped::SHIPPED.iter();
        let orders = files.find(|file| file.target == "supabase" && file.entity == "orders");
        orders.expect("it ships").text
    };
    let compiled = |text: &str| check("orders.toml", text, &Default::default()).expect("sound");
    let put = |set: &mut Set, compiled| set.put(std::sync::Arc::new(compiled), Default::default());
    let skip = "[[skip]]\nwhen = 'id == 3'\nbecause = \"a test\"\n\n[fields]";
    put(
        &mut machine.mappings,
        compiled(&shipped().replace("[fields]", skip)),
    );
    let report = machine.full(&shop, &database, 1).await;
    assert_eq!(
        (report.tally.skipped, report.tally.deleted),
        (1, 4),
        "with its lines and its refund"
    );
    assert_eq!(database.buried(Table::Refunds), ["350"]);

    let text = shipped().replace("number = \"number\"", "number = \"billing.company\"");
    put(&mut machine.mappings, compiled(&text));
    shop.edit(2, |order| order.status = "completed");
    let report = machine.full(&shop, &database, 1).await;
    assert_eq!((report.tally.held, report.tally.updated), (4, 0));
    assert_eq!(report.problems[0].reason.code, "mapping_refused");
    assert!(
        report.problems[0]
            .reason
            .message
            .starts_with("in the table `orders`: `number` ")
    );
    let status = &database.live(Table::Orders)["2"].columns.read()["status"];
    assert_eq!(status, "processing", "as it was before");

    machine.mappings = Machine::new().mappings;
    let report = machine.full(&shop, &database, 1).await;
    assert_eq!((report.tally.held, report.problems.len()), (0, 0));
    assert_eq!(machine.store.problems(Some("supabase"), false), Ok(vec![]));
    shop.check(&database);
}

#[tokio::test]
async fn the_books_are_not_held_back_by_a_database_that_is_down() {
    let (mut shop, database, machine) = (Shop::with(9), Double::default(), Machine::new());
    database.down_after(4);
    let report = machine.full(&shop, &database, 1).await;
    assert_eq!(report.end.expect("it ended").code, "database_unreachable");
    assert_eq!(cursor(&machine.store, "aurora", "here"), Ok(None));
    database.up();
    shop.edit(1, |order| order.status = "completed");
    let report = machine.full(&shop, &database, 1).await;
    assert!(report.end.is_none());
    shop.check(&database);
    assert_eq!(
        cursor(&machine.store, "aurora", "here"),
        Ok(Some(shop.through()))
    );
}

#[tokio::test]
async fn accounts_that_are_gone_are_marked_unless_they_are_suspiciously_many() {
    let (mut shop, database) = (Shop::default(), Double::default());
    let mut machine = Machine::new();
    machine.allow_shrunken = false;
    shop.accounts = (1..=20)
        .map(|id| (id, format!("{id}@example.com")))
        .collect();
    assert_eq!(
        rows(&machine.accounts(&shop, &database).await.tally),
        [20, 0, 0, 0]
    );
    shop.accounts.remove(&7);
    shop.accounts.insert(8, "new@example.com".into());
    assert_eq!(
        rows(&machine.accounts(&shop, &database).await.tally),
        [0, 1, 1, 18]
    );
    assert_eq!(database.buried(Table::Customers), ["7"]);

    shop.accounts.retain(|id, _| *id > 19);
    let report = machine.accounts(&shop, &database).await;
    assert_eq!(report.end.expect("it stopped").code, "store_shrunken");
    assert_eq!(database.buried(Table::Customers).len(), 1);
    machine.allow_shrunken = true;
    assert_eq!(machine.accounts(&shop, &database).await.tally.deleted, 18);
}

#[tokio::test]
async fn a_year_of_a_shop_leaves_the_database_as_the_shop_is() {
    for seed in 0..30 {
        let mut chance = Chance(seed);
        let (mut shop, database, machine) = (Shop::with(12), Double::default(), Machine::new());
        machine.full(&shop, &database, seed).await;
        for round in 0..12 {
            for _ in 0..=chance.below(4) {
                shop.live(&mut chance);
            }
            if chance.below(4) == 0 {
                database.down_after(usize::try_from(chance.below(4)).expect("small"));
            }
            machine.since(&shop, &database, seed + round).await;
            database.up();
        }
        machine.full(&shop, &database, seed).await;
        shop.check(&database);
        database.take_written();
        let again = machine.full(&shop, &database, seed + 1).await;
        assert_eq!(rows(&again.tally)[..3], [0, 0, 0], "seed {seed}");
        assert_eq!(database.take_written(), [], "seed {seed}");
    }
}
