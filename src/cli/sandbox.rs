//! `sandbox`: stand-ins of the shop, of the company, of the database and of Stripe that stay until they are interrupted.

use std::sync::atomic::Ordering;
use std::time::Duration;

use serde::Serialize;

use crate::sandbox::{demo, quickbooks, stripe, supabase, woocommerce};

use super::args::{Global, Output};
use super::report::{Failure, exit};
use super::sandbox_folder::{with_state, write};
use super::sandbox_words::SandboxArgs;
use super::session::{output, stop_on_signals};
use super::{out, sandbox_folder};

#[derive(Serialize)]
struct Started<'a> {
    schema: &'static str,
    woocommerce_url: &'a str,
    quickbooks_url: &'a str,
    supabase_url: &'a str,
    stripe_url: &'a str,
    config: &'a str,
    environment: std::collections::BTreeMap<&'static str, &'static str>,
}

/// Runs `sandbox`.
pub async fn sandbox(global: &Global, args: &SandboxArgs) -> Result<u8, Failure> {
    if let Some(folder) = &args.into {
        sandbox_folder::note_ignored(global, folder);
        sandbox_folder::check(folder)?;
    }
    let (mut setup, mut paid_out) = (demo::shop(), demo::stripe());
    if let Some(orders) = args.orders {
        setup["orders"] = serde_json::json!([]);
        setup["refunds"] = serde_json::json!({});
        setup["generate"] = serde_json::json!({ "orders": orders, "customers": (orders / 2).max(1), "refund_share": 0.05 });
        // What was paid out is made of the orders that these take the place of.
        paid_out["account"] = serde_json::json!({});
    }
    let port = |place: u16| {
        if args.port == 0 {
            0
        } else {
            args.port.saturating_add(place)
        }
    };
    let shop = woocommerce::start(port(0), setup)
        .await
        .map_err(not_started)?;
    let company = quickbooks::start(port(1), demo::company())
        .await
        .map_err(not_started)?;
    let database = supabase::start(port(2), demo::database())
        .await
        .map_err(not_started)?;
    let account = stripe::start(port(3), paid_out)
        .await
        .map_err(not_started)?;
    let config = demo::config(&shop.url(), &company.url())
        + &demo::payouts_config(&account.url())
        + &demo::database_config(&database.url());
    let environment: String = demo::environment()
        .into_iter()
        .map(|(name, value)| format!("export {name}={value}\n"))
        .collect();
    // Listening first: whoever reads what follows may act on it at once.
    let stop = stop_on_signals();
    match (&args.into, output(global)) {
        (Some(folder), _) => {
            // The shop and the company are new ones: what is known of others would be wrong of them.
            sandbox_folder::forget_state(folder);
            write(folder, "udsync.toml", &with_state(&config))?;
            write(folder, "sandbox.env", &environment)?;
            out::say(&format!(
                "the sandbox runs; in another terminal:\n  cd {} && . ./sandbox.env && udsync sync orders",
                folder.display()
            ));
        }
        (None, Output::Json) => out::print_json(&Started {
            schema: "udsync/sandbox/1",
            woocommerce_url: &shop.url(),
            quickbooks_url: &company.url(),
            supabase_url: &database.url(),
            stripe_url: &account.url(),
            config: &config,
            environment: demo::environment().into_iter().collect(),
        }),
        (None, _) => out::print(&format!(
            "# udsync.toml\n{config}\n# environment\n{environment}"
        )),
    }
    out::say("press Ctrl-C to end it");
    while !stop.load(Ordering::Relaxed) {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    shop.stop().await;
    company.stop().await;
    database.stop().await;
    account.stop().await;
    Ok(exit::DONE)
}

fn not_started(error: std::io::Error) -> Failure {
    Failure::new(
        "sandbox_not_started",
        format!("could not start the sandbox: {error}"),
    )
    .hint("choose another port with `--port`")
}
