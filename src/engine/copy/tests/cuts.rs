//! A run that is killed after its n-th request, for every n: the next run finishes what it began, and nothing is there twice.

use std::time::Duration;

use super::double::Double;
use super::shop::{Chance, Machine, Shop};

#[tokio::test(start_paused = true)]
async fn killed_after_any_request_the_next_run_makes_the_rest() {
    let shop = Shop::with(10);
    let mut killed = 0;
    for cut in 0..200 {
        let (database, machine) = (Double::default().dying_after(cut), Machine::new());
        let run =
            tokio::time::timeout(Duration::from_secs(1), machine.full(&shop, &database, 1)).await;
        let was_killed = run.is_err();
        killed += usize::from(was_killed);
        database.up();
        let before = database.rows.borrow().len();
        machine.full(&shop, &database, 2).await;
        shop.check(&database);
        let sent_twice = database.take_written().len() - 33;
        assert!(
            sent_twice == 0,
            "after {cut}: {before} rows, {sent_twice} of them written again"
        );
        if !was_killed {
            assert!(killed > 10, "{killed}");
            return;
        }
    }
    panic!("no run came to its end");
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_kills_and_changes_loses_nothing() {
    for seed in 100..130 {
        let mut chance = Chance(seed);
        let (mut shop, mut database, machine) = (Shop::with(8), Double::default(), Machine::new());
        for round in 0..15 {
            shop.live(&mut chance);
            let requests = usize::try_from(chance.below(9)).expect("small");
            database = database.dying_after(requests);
            let run = machine.full(&shop, &database, seed * round);
            let _ = tokio::time::timeout(Duration::from_secs(1), run).await;
        }
        database.up();
        machine.full(&shop, &database, seed).await;
        shop.check(&database);
        database.take_written();
        machine.full(&shop, &database, seed).await;
        assert_eq!(database.take_written(), [], "seed {seed}");
    }
}
