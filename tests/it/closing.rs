//! The closing date of the books: what is held because of it is looked at with every run, and goes on by itself when the date moves.

use serde_json::json;

use crate::order::{order, with};
use crate::world::World;

fn close(world: &World, through: &str) {
    world.tell_books("company", json!({ "books_closed_through": through }));
}

/// No day of waiting until the books are read anew, and no `retry`.
#[test]
fn what_a_closing_date_holds_goes_on_when_the_date_moves_back() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    // Somebody closes November between two runs of one day.
    close(&world, "2026-11-30");
    world.put_order(&order(2), &json!([]), false);
    world.put_order(
        &with(order(1), json!({ "total": "31.00" })),
        &json!([]),
        true,
    );
    for _ in 0..2 {
        world.forget_requests();
        let ran = world.run("sync orders --json").ends_with(3);
        assert!(
            ran.codes().contains(&"period_closed".to_owned()),
            "{}",
            ran.out
        );
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
    close(&world, "2026-10-31");
    world.put_order(&order(1), &json!([]), false);
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 2);
}

/// The books were closed while we wrote. As long as the date stands nothing is sent again, and once it moves it is.
#[test]
fn what_the_books_refused_for_their_date_is_sent_again_when_the_date_moves() {
    let world = World::of_orders(vec![]);
    world.run("sync orders").ends_with(0);
    world.tell_books(
        "mishaps",
        json!({ "what": "refuse", "operation": "create SalesReceipt", "code": "6210", "detail": "closed" }),
    );
    world.put_order(&order(1), &json!([]), false);
    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(ran.codes(), ["period_closed"]);
    for _ in 0..2 {
        world.forget_requests();
        let ran = world.run("sync orders --json").ends_with(3);
        assert_eq!(ran.codes(), ["period_closed"]);
        assert_eq!(world.books("counts")["writes"], json!(0));
    }
    close(&world, "2026-12-31");
    let ran = world.run("sync orders --json").ends_with(3);
    assert_eq!(ran.codes(), ["period_closed"]);
    assert_eq!(world.documents().len(), 0);
    close(&world, "2026-10-31");
    world.run("sync orders").ends_with(0);
    assert_eq!(world.documents().len(), 1);
}

#[test]
fn the_closing_date_costs_one_read_and_none_where_there_is_nothing_to_look_at() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders").ends_with(0);
    world.forget_requests();
    world.run("sync orders").ends_with(0);
    assert_eq!(world.books("counts")["metered_reads"], json!(0));
    world.put_order(&order(2), &json!([]), false);
    world.run("sync orders").ends_with(0);
    let requests = world.books("requests");
    let requests = requests.as_array().expect("a list").iter();
    let of_date = requests.filter(|one| {
        one["path"]
            .as_str()
            .is_some_and(|path| path.ends_with("/preferences"))
    });
    assert_eq!(of_date.count(), 1);
}
