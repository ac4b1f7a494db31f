//! The copy in a real database: the real binary, a real PostgREST and a real PostgreSQL, kills, and a checker that knows no
//! mapping of ours.

use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::json;

use crate::copy::{Held, TABLES, figures, text};
use crate::many_rows::pages;
use crate::order::{order, orders, refund, with};
use crate::real_supabase::RealSupabase;
use crate::tales::Dice;
use crate::world::{Ran, World, ran};

/// One way into the database.
struct Way<'a> {
    transport: &'static str,
    world: World,
    project: &'a RealSupabase,
}

impl Way<'_> {
    fn command(&self, line: &str) -> Command {
        let mut command = self.world.command(line);
        match self.transport {
            "rest" => command.env("UDSYNC_SUPABASE_KEY", self.project.key()),
            _ => command.env("UDSYNC_SUPABASE_DATABASE_URL", &self.project.database_url),
        };
        command
    }

    fn run(&self, line: &str) -> Ran {
        ran(self.command(line).output().expect("the binary runs"))
    }

    fn check(&self) {
        let [orders, lines, refunds] = TABLES.map(|table| {
            let rows = pages(self.project, table).into_iter();
            let live = rows.filter(|row| row["deleted_at"].is_null());
            live.map(|row| (text(&row["id"]), row)).collect()
        });
        let held = Held {
            orders,
            lines,
            refunds,
        };
        held.equals(&self.world.store("snapshot"));
    }
}

/// The same story over REST and straight into PostgreSQL, each with a database of its own. Where the machine has none, the
/// harness has said so.
fn both_ways(story: impl Fn(&Way<'_>)) {
    for transport in ["rest", "postgres"] {
        let Some(project) = RealSupabase::with_tables() else {
            return;
        };
        let world = World::of_orders(orders(1..=40));
        let section = match transport {
            "rest" => format!("url = \"{}\"", project.rest_url),
            _ => format!("ca_file = \"{}\"", project.ca),
        };
        let config = std::fs::read_to_string(&world.config).expect("it was written");
        let config = format!("{config}\n[supabase]\ntransport = \"{transport}\"\n{section}\n");
        std::fs::write(&world.config, config).expect("written again");
        story(&Way {
            transport,
            world,
            project: &project,
        });
    }
}

#[test]
fn a_real_database_holds_what_the_shop_has_and_only_changes_are_sent() {
    both_ways(|way| {
        let first = way.run("sync orders --to supabase --json").ends_with(0);
        assert_eq!(figures(&first), [80, 0, 0, 0], "{}", way.transport);
        way.check();
        let again = way
            .run("sync orders --to supabase --full --json")
            .ends_with(0);
        assert_eq!(figures(&again), [0, 0, 0, 80], "{}", way.transport);
        let changed = with(
            order(7),
            json!({ "customer_note": "By the side door \u{1F6B2}" }),
        );
        way.world
            .put_order(&changed, &json!([refund(700, 7)]), false);
        way.world.tell_store("orders/9/trash", json!({}));
        way.world.tell_store("orders/11/delete", json!({}));
        way.run("sync orders --to supabase --full --json")
            .ends_with(0);
        way.check();
        assert_eq!(way.project.count("orders"), 40, "nothing is ever removed");
        // What the state file remembers may be lost, and what the database holds may be changed by hand.
        std::fs::remove_file(way.world.state()).expect("lost");
        let adopted = way.run("sync orders --to supabase --json").ends_with(0);
        assert_eq!(figures(&adopted)[..2], [0, 0], "{}", way.transport);
        way.project
            .apply("update orders set total = 1, fingerprint = 'by hand' where id = 3");
        way.run("sync orders --to supabase --full --verify --json")
            .ends_with(0);
        way.check();
        // It was put back to before all of this, and nobody said so.
        way.project
            .apply("truncate orders, order_lines, refunds, customers, products, invoices, id_mappings, sync_logs");
        way.run("sync orders --to supabase").ends_with(0);
        way.check();
    });
}

#[test]
fn kills_at_any_moment_leave_no_row_lost_or_doubled_in_a_real_database() {
    let seed = u64::from(std::process::id());
    println!("copy_real: seed {seed}");
    both_ways(|way| {
        let mut dice = Dice(seed);
        let mut hit = 0;
        for round in 0..16 {
            let id = 1 + dice.below(40);
            let note = json!({ "customer_note": format!("round {round}") });
            way.world
                .put_order(&with(order(id), note), &json!([]), false);
            let mut child = way
                .command("sync orders --to supabase --full")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .expect("the binary starts");
            std::thread::sleep(Duration::from_millis(20 + dice.below(300)));
            hit += u32::from(child.try_wait().expect("it can be asked").is_none());
            child.kill().expect("it is killed");
            child.wait().expect("it is gone");
        }
        println!("copy_real: {hit} of 16 runs killed over {}", way.transport);
        way.run("sync orders --to supabase --full").ends_with(0);
        way.check();
        let again = way
            .run("sync orders --to supabase --full --json")
            .ends_with(0);
        assert_eq!(figures(&again)[..3], [0, 0, 0], "{}", way.transport);
    });
}
