//! Logs for whoever looks into one case later: each line knows its run and its request, and the files have a limit.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::order::{order, orders};
use crate::world::World;

fn lines(world: &World, name: &str) -> Vec<Value> {
    let text = std::fs::read_to_string(world.home.path().join(name)).expect(name);
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).expect("a line of JSON"))
        .collect()
}

#[test]
fn a_request_is_followed_from_the_journal_to_the_answer_with_the_reference_of_the_service() {
    let world = World::of_orders(vec![order(1)]);
    let ran = world
        .run("sync orders --yes -vv --log-format json --log-file run.log --json")
        .ends_with(0);
    let run_id = &ran.json()["run_id"];
    let lines = lines(&world, "run.log");
    assert!(lines.iter().all(|line| &line["span"]["id"] == run_id));
    let of = |message: &str| -> Vec<&Value> {
        let fields = lines.iter().map(|line| &line["fields"]);
        fields
            .filter(|fields| fields["message"] == message)
            .collect()
    };
    let recorded: Vec<&str> = of("recorded a request")
        .iter()
        .map(|fields| fields["request"].as_str().expect("its key"))
        .collect();
    assert!(!recorded.is_empty());
    let answered = of("answered");
    for key in &recorded {
        let answer = answered.iter().find(|fields| fields["request"] == *key);
        let answer = answer.expect("the same key");
        assert!(
            answer["reference"]
                .as_str()
                .is_some_and(|tid| tid.starts_with("1-")),
            "{answer}"
        );
    }
    let ids: BTreeSet<&str> = answered
        .iter()
        .map(|fields| fields["request"].as_str().expect("an id"))
        .collect();
    assert_eq!(
        ids.len(),
        answered.len(),
        "each request has an id of its own"
    );
}

#[test]
fn log_files_have_a_limit_and_lines_are_whole() {
    let world = World::of_orders(orders(1..=3));
    let line = "sync orders --yes -vv --log-format json --log-file run.log --log-max-size 2k --log-max-files 3";
    for id in 4..=9 {
        world.run(line).ends_with(0);
        world.put_order(&order(id), &json!([]), false);
    }
    let mut names: Vec<String> = std::fs::read_dir(world.home.path())
        .expect("the folder")
        .map(|entry| {
            entry
                .expect("an entry")
                .file_name()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name.starts_with("run.log"))
        .collect();
    names.sort();
    assert_eq!(names, ["run.log", "run.log.1", "run.log.2"]);
    for name in &names {
        assert!(!lines(&world, name).is_empty());
        let size = std::fs::metadata(world.home.path().join(name))
            .expect("it is there")
            .len();
        assert!(size <= 2_000, "{name} has {size} bytes");
    }
    for (flag, words) in [
        ("--log-max-size 10X", "such as `10M`"),
        ("--log-max-files 0", "1..=1000"),
    ] {
        let refused = world.run(&format!("sync orders {flag}")).ends_with(2);
        assert!(refused.err.contains(words), "{}", refused.err);
    }
}
