//! Killed: the real binary, and the real signal, at moments that nobody chose.

use std::time::Duration;

use serde_json::json;

use crate::tales::{Dice, Tales, books};
use crate::world::{World, company, shop};

const KILLS: u32 = 52;

#[test]
fn fifty_kills_leave_no_trace() {
    let seed = std::env::var("UDSYNC_KILL_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| u64::from(std::process::id()));
    println!("killed: seed {seed}, to be given in UDSYNC_KILL_SEED");
    for (kind, forgets_keys, warns) in [
        (0, false, false),
        (1, true, false),
        (2, false, true),
        (3, true, true),
    ] {
        let mut dice = Dice(seed ^ kind);
        let mut setup = company();
        setup["ignore_requestid"] = json!(forgets_keys);
        setup["company"]["warn_duplicate_numbers"] = json!(warns);
        // A request takes its time, so that a moment hits one more often than not.
        setup["latency_ms"] = json!(3);
        // And some are cut off before they are done, and go on.
        setup["item_latency_ms"] = json!(3);
        setup["gives_up_after_ms"] = json!(8);
        let world = World::new(shop(Vec::new()), setup, &books());
        world.settle_after("1500ms");
        world.say_of_quickbooks("batch_size = 2\nconcurrency = 3");
        if kind % 2 == 1 {
            world.say_of_sync("orders_at_once = 2");
        }
        let mut tales = Tales::begin(seed, &world, 12);
        let mut hit = 0;
        for _ in 0..KILLS / 4 {
            let mut child = world.start("sync orders --yes");
            std::thread::sleep(Duration::from_millis(10 + dice.below(190)));
            // One that has ended already cannot be killed, which is a moment like any other.
            hit += u32::from(child.try_wait().expect("it can be asked").is_none());
            child.kill().expect("it is killed");
            child.wait().expect("it is gone");
            tales.another(&world);
            let happenings = dice.below(4);
            tales.go_on(&world, happenings);
        }
        println!("killed: {hit} of {} runs in the middle", KILLS / 4);
        assert!(hit > 3, "too few runs were hit");
        world.run("sync orders --yes").ends_with(0);
        world.company_is_idle();
        assert_eq!(tales.check(&world), [] as [String; 0], "seed {seed}");
        world.forget_requests();
        world.run("sync orders --yes").ends_with(0);
        assert_eq!(world.books("counts")["writes"], json!(0), "seed {seed}");
    }
}
