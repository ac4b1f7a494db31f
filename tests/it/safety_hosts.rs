//! Secrets keep to their hosts: a configuration that somebody else has written gets nothing of what is stored.

use serde_json::json;
use udsync::app::hosts::QUICKBOOKS_HOSTS;
use udsync::store::{SecretsWriter, Store};

use crate::tokens::{KEY, connected, run, stored, strict};
use crate::world::{DATABASE_KEY, KEY as SHOP_KEY, REALM, Ran, SECRET, World, ran};

const REFUSED: &str = "secret_for_another_host";

fn stranger() -> World {
    World::of_orders(Vec::new())
}

/// The configuration with another address in one of its settings.
fn configure(world: &World, setting: &str, address: &str) {
    let text = std::fs::read_to_string(&world.config).expect("it was written");
    let lines = text.lines().map(|line| {
        if line.starts_with(&format!("{setting} = ")) {
            format!("{setting} = \"{address}\"")
        } else {
            line.to_owned()
        }
    });
    let text: Vec<String> = lines.collect();
    std::fs::write(&world.config, text.join("\n")).expect("written again");
}

fn asked(world: &World) -> usize {
    world.books("requests").as_array().expect("a list").len()
}

#[test]
fn a_strange_configuration_gets_nothing_of_a_stored_connection() {
    let world = strict(json!({}));
    connected(&world);
    let own = std::fs::read_to_string(&world.config).expect("written");
    let thief = stranger();
    world.forget_requests();
    for (setting, path) in [
        ("token_url", "/oauth2/v1/tokens/bearer"),
        ("api_url", ""),
        ("revoke_url", "/v2/oauth2/tokens/revoke"),
        ("auth_url", "/connect/oauth2"),
    ] {
        configure(&world, setting, &format!("{}{path}", thief.company_url));
        for line in [
            "connect test quickbooks --json",
            "doctor --json",
            "connect remove quickbooks --yes --json",
            "connect quickbooks --manual --json",
            "init --no-input --json",
        ] {
            // The shop's keys are there, so that nothing but the strange host stands in the way.
            let ran = ran(stored(&world, line)
                .env("UDSYNC_WOOCOMMERCE_KEY", SHOP_KEY)
                .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET)
                .output()
                .expect("the binary runs"));
            assert_ne!(ran.code, 0, "{setting}, {line}: {}", ran.out);
            assert!(
                ran.out.contains("nothing was sent"),
                "{setting}, {line}: {}{}",
                ran.out,
                ran.err
            );
            assert!(ran.out.contains(setting), "{setting}, {line}: {}", ran.out);
        }
        assert_eq!(asked(&thief), 0, "{setting}");
        assert_eq!(asked(&world), 0, "nothing was sent at all: {setting}");
        std::fs::write(&world.config, &own).expect("put back");
    }
    run(&world, "connect test quickbooks").ends_with(0);
}

#[test]
fn a_connection_older_than_its_sealed_hosts_is_believed_of_intuit_alone() {
    let world = strict(json!({}));
    connected(&world);
    let state = Store::open(&world.state()).expect("the state");
    assert!(state.remove_sealed(QUICKBOOKS_HOSTS).expect("removed"));
    drop(state);
    let refused = run(&world, "connect test quickbooks --json").ends_with(4);
    assert!(refused.out.contains(REFUSED), "{}", refused.out);
    // As the hint says: whoever knows the host says so, and it is sealed.
    connect_allowing(&world, &world.company_url).ends_with(0);
    run(&world, "connect test quickbooks").ends_with(0);
}

fn connect_allowing(world: &World, url: &str) -> Ran {
    let host = url.split_once("://").expect("an address").1;
    ran(world
        .command(&format!(
            "connect quickbooks --from-env --allow-host {host}"
        ))
        .env("UDSYNC_KEY", KEY)
        .env("UDSYNC_QUICKBOOKS_COMPANY_ID", REALM)
        .output()
        .expect("it runs"))
}

#[test]
fn what_the_environment_has_goes_to_no_host_that_nobody_named() {
    let world = strict(json!({}));
    configure(&world, "token_url", "https://books.invalid/tokens");
    for line in [
        "connect test quickbooks --json",
        "connect quickbooks --from-env --json",
        "dry-run orders --json",
    ] {
        let output = world.command(line).env("UDSYNC_KEY", KEY).output();
        let refused = ran(output.expect("it runs")).ends_with(4);
        assert!(refused.out.contains(REFUSED), "{line}: {}", refused.out);
        assert!(
            refused.out.contains("--allow-host books.invalid"),
            "{line}: {}",
            refused.out
        );
    }
    // Named, it is asked; that there is no such host is another matter.
    let asked = connect_allowing(&world, "https://books.invalid");
    assert_eq!(asked.code, 5, "{}{}", asked.out, asked.err);
}

#[test]
fn a_redirect_takes_no_secret_along() {
    let world = World::of_orders(Vec::new());
    let thief = stranger();
    let to = format!("{}/wp-json/wc/v3/orders", thief.shop_url);
    world.tell_store(
        "mishaps",
        json!({ "what": "redirect", "to": to, "times": null }),
    );
    let ran = world.run("sync orders --json");
    assert_ne!(ran.code, 0, "{}", ran.out);
    assert_eq!(thief.store("requests"), json!([]));
}

#[test]
fn the_key_of_a_database_goes_to_no_other_project() {
    let world = World::of_orders(Vec::new()).with_database();
    let thief = stranger().with_database();
    ran(world
        .command("connect supabase --from-env --transport rest")
        .env("UDSYNC_KEY", KEY)
        .env("UDSYNC_SUPABASE_KEY", DATABASE_KEY)
        .output()
        .expect("it runs"))
    .ends_with(0);
    let test = || {
        ran(stored(&world, "connect test supabase --json")
            .output()
            .expect("it runs"))
    };
    test().ends_with(0);
    let text = std::fs::read_to_string(&world.config).expect("written");
    let strange = text.replace(&world.database_url, &thief.database_url);
    assert_ne!(text, strange);
    std::fs::write(&world.config, strange).expect("written again");
    let refused = test().ends_with(4);
    assert!(refused.out.contains(REFUSED), "{}", refused.out);
    assert_eq!(thief.database("requests"), json!([]));
}
