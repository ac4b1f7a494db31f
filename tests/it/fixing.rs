//! `fix`: one question from a held record to the line that mends it.

use crate::order::{order, unmapped, with};
use crate::world::{World, ran};
use serde_json::json;

fn held(world: &World) -> String {
    let problems = world.run("retry --list --json").problems();
    problems[0]["id"].as_str().expect("an id").to_owned()
}

#[test]
fn an_answer_becomes_a_line_and_the_records_go_on() {
    let pickup = with(order(2), json!({ "status": "awaiting-pickup" }));
    let also = with(order(3), json!({ "status": "awaiting-pickup" }));
    let world = World::of_orders(vec![order(1), pickup, also]);
    world.run("sync orders --yes").ends_with(3);
    let id = held(&world);
    // Nobody can be asked here, so it says what answers.
    let asked = world.run(&format!("fix {id}")).ends_with(2);
    assert!(asked.err.contains("--answer VALUE"), "{}", asked.err);
    let question = world.run(&format!("fix {id} --json")).ends_with(0).json();
    assert_eq!(question["schema"], "udsync/fix/1");
    assert_eq!(question["written"], false);
    assert_eq!(question["waiting"].as_array().map(Vec::len), Some(2));
    let choices = question["choices"].as_array().expect("choices");
    assert!(choices.iter().any(|choice| choice["value"] == "as_paid"));
    let before = std::fs::read_to_string(&world.config).expect("the file");
    let near = world
        .run(&format!("fix {id} --answer as_payed"))
        .ends_with(2);
    assert!(near.err.contains("--answer \"as_paid\""), "{}", near.err);
    let looked = world
        .run(&format!("fix {id} --answer as_paid -n"))
        .ends_with(0);
    assert!(looked.out.contains("would stand in"), "{}", looked.out);
    assert_eq!(
        std::fs::read_to_string(&world.config).expect("the file"),
        before
    );
    // `status` proposes it.
    let next = world.run("status --json").json()["next"].clone();
    assert_eq!(next[1]["command"], format!("udsync fix {id}"));
    let done = world
        .run(&format!("fix {id} --answer as_paid"))
        .ends_with(0);
    assert!(
        done.out
            .contains("books.policy.status_map.awaiting-pickup = \"as_paid\"")
            && done
                .err
                .contains("2 records waited for this; `udsync retry --all`"),
        "{}{}",
        done.out,
        done.err
    );
    world.run("retry --all --yes").ends_with(0);
    assert_eq!(world.postings().len(), 3);
}

#[test]
fn what_no_line_mends_says_what_does() {
    let odd = with(order(1), json!({ "total": "999.00" }));
    let world = World::of_orders(vec![odd]);
    world.run("sync orders --yes").ends_with(3);
    let id = held(&world);
    let by_hand = world.run(&format!("fix {id} --json")).ends_with(2).json();
    assert_eq!(by_hand["code"], "answer_not_enough");
    let unknown = world.run("fix F7K2 --answer x").ends_with(1);
    assert!(unknown.err.contains("retry --list"), "{}", unknown.err);
}

#[test]
fn the_choices_are_those_of_the_books() {
    let world = World::of_orders(vec![unmapped(1)]);
    world.run("sync orders --yes").ends_with(3);
    let id = held(&world);
    let question = world.run(&format!("fix {id} --json")).ends_with(0).json();
    let choices = question["choices"].as_array().expect("choices");
    assert!(
        choices.iter().any(|choice| choice["value"] == "HST ON"),
        "{question}"
    );
    let mut command = world.command(&format!("fix {id} --answer"));
    ran(command.arg("GST/PST BC").output().expect("it runs")).ends_with(0);
    let text = std::fs::read_to_string(&world.config).expect("the file");
    assert_eq!(text.matches("GST/PST BC\"").count(), 2, "{text}");
}

/// A code that lacks the rate of the line is refused by the books, so that nobody is offered one; and who has chosen one all the same,
/// before or by hand, is asked again.
#[test]
fn a_tax_code_that_cannot_be_right_is_not_offered_and_can_be_taken_back() {
    let world = World::of_orders(vec![unmapped(1)]);
    let books = crate::world::BOOKS.replace("rates = { ", "rates = { \"CA-NEW-1\" = \"GST 5%\", ");
    world.configure(&books);
    world.run("sync orders --yes").ends_with(3);
    let id = held(&world);
    let question = world.run(&format!("fix {id} --json")).ends_with(0).json();
    let choices = question["choices"].as_array().expect("choices");
    let values: Vec<&str> = choices
        .iter()
        .map(|choice| choice["value"].as_str().expect("a value"))
        .collect();
    assert_eq!(values, ["GST", "GST/PST BC", "GST/QST QC"]);
    let wrong = world.run(&format!("fix {id} --answer Exempt")).ends_with(2);
    assert!(wrong.err.contains("none of the choices"), "{}", wrong.err);
    let text = std::fs::read_to_string(&world.config).expect("the file");
    let by_hand = "\n[[books.tax.codes]]\nwoo = [\"CA-NEW-1\"]\ncode = \"Exempt\"\n";
    std::fs::write(&world.config, text + by_hand).expect("written");
    let refused = world.run("retry --all --yes");
    assert_ne!(refused.code, 0, "{}", refused.out);
    let again = held(&world);
    let done = world.run(&format!("fix {again} --answer GST")).ends_with(0);
    assert!(
        done.out.contains(
            "[[books.tax.codes]] woo = [\"CA-NEW-1\"], code = \"GST\" instead of \"Exempt\""
        ),
        "{}",
        done.out
    );
    assert!(
        done.err.contains(&format!(
            "until then `udsync fix {again}` changes the answer"
        )),
        "{}",
        done.err
    );
    world.run("retry --all --yes").ends_with(0);
    assert_eq!(world.postings().len(), 1);
}
