//! The plugin that keeps the shop's mails quiet, run by PHP: for udsync's requests alone, for all of WooCommerce's mails, and with the
//! answer by which `doctor` knows that it works.
//!
//! The WordPress around it is made of the functions that it calls, in `tests/quiet_plugin.php`. What it is proved against here is what
//! the sandbox's shop does with the same header, and so what `doctor` believes.

use std::process::Command;

use serde_json::{Value, json};

use crate::manual::root;

const PLUGIN: &str = "examples/woocommerce/udsync-quiet.php";

/// Whether there is a PHP here; where there has to be one, its absence is a failure.
fn has_php() -> bool {
    let found = Command::new("php").arg("--version").output().is_ok();
    assert!(
        found || std::env::var_os("UDSYNC_NEEDS_PHP").is_none(),
        "`php` is needed here, and is not there"
    );
    if !found {
        println!("there is no `php` here, so the plugin was not run");
    }
    found
}

fn php(arguments: &[&str]) -> (bool, String) {
    let output = Command::new("php")
        .args(arguments)
        .current_dir(root())
        .output()
        .expect("it runs");
    let said = [&output.stdout[..], &output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    (output.status.success(), said)
}

fn request(change: Value) -> Value {
    let mut request = json!({
        "plugin": root().join(PLUGIN), "header": "1", "rights": ["manage_woocommerce"], "woocommerce": true, "wordpress": true,
    });
    for (name, value) in change.as_object().expect("fields") {
        request[name] = value.clone();
    }
    request
}

fn came(change: Value) -> Value {
    let request = request(change);
    let (is_good, said) = php(&["tests/quiet_plugin.php", &request.to_string()]);
    assert!(is_good, "{said}");
    serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}"))
}

const ALL: [&str; 4] = [
    "new_order",
    "customer_processing_order",
    "customer_completed_order",
    "customer_note",
];

#[test]
fn the_quiet_plugin_is_whole_php() {
    if has_php() {
        let (is_good, said) = php(&["-l", PLUGIN]);
        assert!(is_good && said.contains("No syntax errors"), "{said}");
    }
}

#[test]
fn the_quiet_plugin_keeps_every_mail_of_our_request_back_and_answers_that_it_does() {
    if has_php() {
        let came = came(json!({}));
        assert_eq!(
            came["mails"],
            json!([]),
            "one that another plugin switches on too"
        );
        assert_eq!(came["answer"], json!({ "X-Udsync-Quiet": "1" }));
        assert_eq!(
            came["wordpress"],
            json!(true),
            "WordPress' own are not WooCommerce's"
        );
    }
}

#[test]
fn the_quiet_plugin_leaves_everybody_elses_requests_alone() {
    if !has_php() {
        return;
    }
    for other in [
        json!({ "header": null }),
        json!({ "header": "0" }),
        json!({ "header": "true" }),
        json!({ "header": "" }),
        // A buyer who sends the header would keep the shop from hearing of the order.
        json!({ "rights": [] }),
        json!({ "rights": ["read"] }),
    ] {
        let came = came(other.clone());
        assert_eq!(came["mails"], json!(ALL), "{other}");
        assert_eq!(came["answer"], json!({}), "{other}");
    }
}

#[test]
fn the_quiet_plugin_does_nothing_without_woocommerce_and_nothing_by_itself() {
    if has_php() {
        let without = came(json!({ "woocommerce": false }));
        assert_eq!(without["answer"], json!({}));
        // Asked for by its address, without WordPress around it.
        let alone = request(json!({ "wordpress": false }));
        let (is_good, said) = php(&["tests/quiet_plugin.php", &alone.to_string()]);
        assert_eq!((is_good, said.as_str()), (true, ""));
    }
}
