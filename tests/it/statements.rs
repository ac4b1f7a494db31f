//! The books as a whole: all documents of a period with their totals, ours and those that people entered, and what stands on the
//! accounts.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde_json::{Value, json};
use udsync::connector::port::{AccountBalance, Period, Statements};
use udsync::connector::quickbooks::QuickBooks;
use udsync::model::service::Service;
use udsync::model::statement::StatedDocument;

use crate::inprocess;
use crate::tales::{Tale, books};
use crate::world::{RUNTIME, World, company, shop};

/// The books as a run would open them.
fn open(world: &World) -> QuickBooks {
    let app = inprocess::app(world);
    let store = app.store().expect("the state file opens");
    let given = app
        .given_for(&store, &[Service::BOOKS])
        .expect("what is stored opens");
    app.target(&store, &given)
        .expect("the books are configured")
}

/// `Invoice WC-1001 31.50 tax 1.50 ours`, each document of the period.
fn statement(world: &World, first: NaiveDate, last: NaiveDate) -> Vec<String> {
    let period = Period::new(first, last).expect("it ends after it begins");
    let stated = RUNTIME
        .block_on(open(world).documents(period))
        .expect("the company answers");
    let row = |StatedDocument { found, .. }: &StatedDocument| {
        let whose = match &found.marker {
            Some(_) => "ours",
            None => "by hand",
        };
        format!(
            "{} {} {} tax {} {whose}",
            found.remote.entity, found.label, found.total, found.tax_total
        )
    };
    stated.iter().map(row).collect()
}

/// The accounts by name.
fn balances(world: &World) -> BTreeMap<String, AccountBalance> {
    let read = RUNTIME.block_on(open(world).balances());
    let read = read.expect("the company answers").into_iter();
    read.map(|account| (account.name.clone(), account))
        .collect()
}

fn day(of: &Value) -> NaiveDate {
    let text = of["object"]["TxnDate"].as_str().expect("a date");
    text.parse().expect("a date")
}

#[test]
fn a_period_has_what_we_posted_and_what_people_entered_with_totals() {
    let world = World::new(shop(Vec::new()), company(), &books());
    Tale::owed(1_001, 3_000).tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let ours = &world.documents()[0];
    let date = day(ours);
    let late = date + Days::new(40);
    for (number, on) in [("R-1", date), ("R-2", late)] {
        world.tell_books(
            "create",
            json!({ "entity": "SalesReceipt", "body": {
                "DocNumber": number, "TxnDate": on.to_string(),
                "CustomerRef": { "value": ours["object"]["CustomerRef"]["value"] },
                "Line": ours["object"]["Line"].as_array().expect("lines").iter()
                    .filter(|line| line["DetailType"] == "SalesItemLineDetail").collect::<Vec<_>>(),
                "GlobalTaxCalculation": "TaxExcluded",
            } }),
        );
    }
    let all = statement(&world, date, late);
    assert_eq!(all.len(), 3, "{all:?}");
    assert!(
        all[0].starts_with("SalesReceipt R-1 ") && all[0].ends_with(" by hand"),
        "{all:?}"
    );
    assert!(
        all[1].starts_with("SalesReceipt R-2 ") && all[1].ends_with(" by hand"),
        "{all:?}"
    );
    assert_eq!(all[2], "Invoice WC-1001 31.50 tax 1.50 ours");
    // The first and the last day are of the period, and what lies outside of it is not.
    assert_eq!(statement(&world, date, date), [&*all[0], &*all[2]]);
    assert_eq!(statement(&world, date + Days::new(1), late), [&*all[1]]);
    assert_eq!(
        statement(&world, date + Days::new(1), late - Days::new(1)),
        [""; 0]
    );
    assert_eq!(Period::new(late, date), None);
}

#[test]
fn what_stands_on_an_account_is_what_came_in_less_what_went_out() {
    let world = World::new(shop(Vec::new()), company(), &books());
    let mut tale = Tale::owed(1_001, 3_000);
    tale.paid = true;
    tale.tell(&world);
    world.run("sync orders --yes").ends_with(0);
    let before = balances(&world);
    assert_eq!(before["Stripe Clearing"].balance.to_string(), "31.50");
    assert_eq!(before["Stripe Clearing"].currency, "CAD");
    assert_eq!(before["PayPal Clearing"].balance.to_string(), "0.00");
    world.tell_books(
        "create",
        json!({ "entity": "Purchase", "body": {
            "PaymentType": "Cash",
            "AccountRef": { "value": before["Stripe Clearing"].id },
            "GlobalTaxCalculation": "NotApplicable",
            "Line": [{
                "Amount": 2,
                "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": { "AccountRef": { "value": before["Merchant Fees"].id } },
            }],
        } }),
    );
    assert_eq!(
        balances(&world)["Stripe Clearing"].balance.to_string(),
        "29.50"
    );
}
