//! Text in, configuration or complaints out.

mod mistakes;

use std::fs;
use std::sync::LazyLock;
use std::time::Duration;

use miette::{GraphicalReportHandler, GraphicalTheme};
use proptest::prelude::*;

use super::*;
use crate::model::money::Money;
use crate::model::rules::Policy;

static EXAMPLE: LazyLock<String> = LazyLock::new(example);

const SHOP: &str = "[shop]\nname = \"aurora\"\n";

/// The configuration of a small shop with these lines added; the first of them is line 3.
fn config(lines: &str) -> Config {
    parse(&format!("{SHOP}{lines}"), "udsync.toml").expect("no mistake")
}

/// The complaints about them: `line:column message | hint`.
fn complaints(lines: &str) -> Vec<String> {
    complaints_about(&format!("{SHOP}{lines}"))
}

fn complaints_about(text: &str) -> Vec<String> {
    let complaints = parse(text, "udsync.toml").expect_err("a mistake");
    let line = |found: complaint::Located| {
        let hint = found
            .hint
            .map_or(String::new(), |hint| format!(" | {hint}"));
        format!("{}:{} {}{hint}", found.line, found.column, found.message)
    };
    complaints.located().into_iter().map(line).collect()
}

fn printed(complaints: &Complaints) -> String {
    let mut out = String::new();
    GraphicalReportHandler::new_themed(GraphicalTheme::none())
        .with_width(100)
        .render_report(&mut out, complaints)
        .expect("text can be written to");
    out
}

#[test]
fn the_example_parses_and_says_what_it_shows() {
    let config = parse(&example(), "examples/udsync.toml").expect("the example is right");
    assert_eq!(config.shop.name, "aurora-outfitters");
    assert_eq!(config.rules.store, "aurora-outfitters");
    assert_eq!(config.rules.timezone, chrono_tz::America::Edmonton);
    assert_eq!(config.rules.tax.codes.len(), 5);
    assert_eq!(config.rules.tax.codes[1].woo, ["CA-GST-1", "CA-BC-PST-1"]);
    assert_eq!(config.rules.deposit["stripe:USD"], "Stripe Clearing USD");
    assert_eq!(config.rules.policy.fee_items["gift wrap"], "gift_wrap");
    assert_eq!(
        config.rules.policy.exchange_rates["USD"].to_string(),
        "1.3650"
    );
    let orders = &config.sync.entities["orders"];
    assert_eq!(
        orders.start_date.map(|day| day.to_string()).as_deref(),
        Some("2026-01-01")
    );
    assert_eq!(config.sync.targets("customers"), Service::TARGETS);
}

#[test]
fn a_name_is_enough() {
    let config = config("");
    assert_eq!(config.rules.policy, Policy::default());
    assert_eq!(config.rules.number_prefix, "WC-");
    assert_eq!(config.rules.items["rounding"], "Rounding differences");
    assert_eq!(config.sync.confirm_over, 10);
    assert!(config.sync.to.is_empty());
    assert_eq!(
        (config.woocommerce, config.quickbooks, config.supabase),
        (None, None, None)
    );
}

#[test]
fn what_has_a_section_is_kept_in_step() {
    let config =
        config("[quickbooks]\nenvironment = \"production\"\ncompany_id = 9341454000000000\n");
    assert_eq!(config.sync.to, [Service::Quickbooks]);
    let books = config.quickbooks.as_ref().expect("the section");
    assert_eq!(books.api_url.as_str(), "https://quickbooks.api.intuit.com/");
    assert_eq!(books.timeout, Duration::from_secs(120));
    assert_eq!(books.settle_after, Duration::from_secs(120));
    assert_eq!(books.company_id.as_deref(), Some("9341454000000000"));
    let credentials = Credentials::from_env(&|name| {
        (name == "UDSYNC_QUICKBOOKS_COMPANY_ID").then(|| "77\n".to_owned())
    });
    assert_eq!(config.company_id(&credentials), Some("77"));
    assert_eq!(
        config.company_id(&Credentials::default()),
        Some("9341454000000000")
    );
}

#[test]
fn money_and_rates_keep_every_digit_they_were_written_with() {
    let policy = config(
        "[books.policy]\nrounding_max = 0.07\n[books.policy.exchange_rates]\n\
         USD = 1.3650000000000000001\nEUR = \"1.5\"\nJPY = 92e-4\nGBP = 2\n",
    )
    .rules
    .policy;
    assert_eq!(policy.rounding_max, Money::cents(7));
    let rates: Vec<String> = policy
        .exchange_rates
        .values()
        .map(ToString::to_string)
        .collect();
    assert_eq!(rates, ["1.5", "2", "0.0092", "1.3650000000000000001"]);
}

#[test]
fn rates_are_named_by_ids_codes_or_labels() {
    let tax = config(
        "[books.tax]\nrates = { 1 = \"GST 5%\", \"PST (BC)\" = \"PST\" }\n\
         [[books.tax.codes]]\nwoo = [1, \"PST (BC)\"]\ncode = \"GST/PST BC\"\n",
    )
    .rules
    .tax;
    assert_eq!(tax.codes[0].woo, ["1", "PST (BC)"]);
    assert_eq!(tax.rates["1"], "GST 5%");
}

#[test]
fn plain_http_is_for_this_machine_or_for_those_who_ask_for_it() {
    for address in [
        "http://localhost:8080",
        "http://127.0.0.1:1",
        "http://[::1]:1",
        "http://a.localhost",
    ] {
        config(&format!("[woocommerce]\nurl = \"{address}\"\n"));
        config(&format!(
            "[quickbooks]\nenvironment = \"sandbox\"\napi_url = \"{address}\"\n"
        ));
    }
    config("[woocommerce]\nurl = \"http://shop.lan\"\nallow_http = true\n");
    assert_eq!(
        complaints("[woocommerce]\nurl = \"http://shop.lan\"\n"),
        [
            "4:7 `woocommerce.url` would send credentials over plain http | write `https://`, \
          or set `allow_http = true` if nobody can listen in on the way"
        ]
    );
    assert_eq!(
        complaints("[quickbooks]\nenvironment = \"sandbox\"\ntoken_url = \"http://books.lan\"\n"),
        [
            "5:13 `quickbooks.token_url` would send credentials over plain http | write `https://`; \
          plain http is for this machine only"
        ]
    );
}

#[test]
fn the_name_of_a_shop_is_a_name_everywhere() {
    for (text, complaint) in [
        (
            "",
            "1:1 there is no section `[shop]` | write `[shop]` and under it `name = \"aurora-outfitters\"`",
        ),
        (
            "[shop]\n",
            "1:1 `[shop]` needs `name` | write `name = \"aurora-outfitters\"`",
        ),
        (
            "[shop]\nname = \"Aurora Outfitters\"\n",
            "2:8 `shop.name` must be 1 to 40 of a-z, 0-9 and `-` | write `\"aurora-outfitters\"`",
        ),
        (
            "name = \"aurora\"\n[shop]\nname = \"aurora\"\n",
            "1:1 `name` stands outside of any section | it can be `shop`, `woocommerce`, \
             `quickbooks`, `supabase`, `stripe`, `sync`, `both`, `unattended`, `privacy`, `books`, `mapping`, `notify` or `serve`",
        ),
    ] {
        assert_eq!(complaints_about(text), [complaint]);
    }
}

#[test]
fn all_mistakes_are_told_at_once_and_in_the_order_of_the_file() {
    let text = "[shop]\nname = Aurora\n[woocommerce]\nurl = \"http://a.ca\"\npage_size = 0\n\
                [quickbooks]\nenviroment = \"sandbox\"\n[books.policy]\nguest = \"one\n";
    assert_eq!(
        complaints_about(text),
        [
            "2:8 this is not TOML: string values must be quoted, expected literal string",
            "4:7 `woocommerce.url` would send credentials over plain http | write `https://`, \
             or set `allow_http = true` if nobody can listen in on the way",
            "5:13 `woocommerce.page_size` must be a whole number from 1 to 100, not `0`",
            "7:1 `[quickbooks]` has no key `enviroment` | did you mean `environment`?",
            "9:13 this is not TOML: invalid basic string, expected `\"`",
        ]
    );
}

#[test]
fn a_broken_heading_is_not_followed_by_complaints_that_come_of_it() {
    assert_eq!(
        complaints("[woocommerce\nurl = \"https://a.ca\"\n[mapping]\nfolder = 3\n"),
        ["3:13 this is not TOML: unclosed table, expected `]`"]
    );
}

#[test]
fn complaints_print_with_the_lines_around_them() {
    let text = "[shop]\nname = \"aurora\"\n[mapping]\nfodler = \"m\"\n";
    let complaints = parse(text, "shops/udsync.toml").expect_err("a mistake");
    assert_eq!(complaints.to_string(), "`shops/udsync.toml` has a mistake");
    let printed = printed(&complaints);
    for part in [
        "[shops/udsync.toml:4:1]",
        "4 | fodler = \"m\"",
        "^^^",
        "did you mean `folder`?",
    ] {
        assert!(printed.contains(part), "{part} in\n{printed}");
    }
}

#[test]
fn secrets_and_addresses_are_not_shown_again() {
    let text = "[shop]\nname = \"aurora\"\n[woocommerce]\n\
                url = \"https://ck_00112233445566778899:pw-canary@a.ca\"\n\
                secret = \"s3cr3t-canary\" # canary\nkee = 'cs_00112233445566778899'\n\
                [notify.email]\nto = \"ann@canary.example\"\nhost = 3\n[mapping]\nfolder = 1\n\
                [quickbooks]\nenvironment = \"ann@canary.example\"\n";
    let complaints = parse(text, "udsync.toml").expect_err("mistakes");
    let everything = format!(
        "{}{complaints:?}{:?}",
        printed(&complaints),
        complaints.located()
    );
    for canary in ["canary", "001122334455"] {
        assert!(!everything.contains(canary), "{everything}");
    }
}

#[test]
fn notices_are_read_and_nobodys_address_is_logged_or_shown() {
    let config = config(
        "[notify]\ndigest = \"daily\"\nquiet_hours = \"22:00-07:00\"\nevents = [\"failure\", \"held\"]\n\
         [notify.email]\nhost = \"mail.example.com\"\nfrom = \"Shop <shop@example.com>\"\nto = [\"ann@example.com\"]\n\
         [notify.slack]\n[notify.webhook]\nurl = \"https://example.com/hook\"\n",
    );
    let notify = &config.notify;
    assert_eq!(notify.channels(), ["email", "slack", "webhook"]);
    assert_eq!(notify.digest_at, chrono::NaiveTime::from_hms_opt(8, 0, 0));
    let email = notify.email.as_ref().expect("it is there");
    assert_eq!((email.port, email.tls), (587, MailTls::Starttls));
    assert_eq!(email.to, ["ann@example.com"]);
    assert!(!format!("{config:?}").contains("ann@"), "{config:?}");
    let shown = show(&config, &|_| None);
    let to = shown
        .iter()
        .find(|setting| setting.key == "notify.email.to");
    assert_eq!(to.map(|setting| setting.value.as_str()), Some("set"));
}

#[test]
fn a_server_listens_on_this_machine_unless_it_is_told_otherwise() {
    let serve = config("").serve;
    assert_eq!(serve.listen.to_string(), "127.0.0.1:8460");
    assert_eq!(serve.hooks_listen.to_string(), "127.0.0.1:8461");
    assert!(serve.webhooks.woocommerce && serve.webhooks.quickbooks);
    assert_eq!(serve.sweep, Duration::from_secs(900));
    let spread = "[serve]\nlisten = \"localhost:0\"\nhooks_listen = \"[::1]:0\"\nsweep = \"5s\"\n\
         public_url = \"https://hooks.example.com\"\nallowed_hosts = [\"Books.LAN\", \"[::1]\"]\n\
         webhooks = { quickbooks = false }\ntls_cert = \"server.pem\"\ntls_key = \"server-key.pem\"\n\
         trusted_proxies = [\"10.1.2.3\", \"192.168.0.0/16\"]\n";
    let whole = config(spread);
    let serve = &whole.serve;
    assert_eq!(serve.listen.to_string(), "127.0.0.1:0");
    assert_eq!(serve.hooks_listen.to_string(), "[::1]:0");
    assert_eq!(serve.allowed_hosts, ["books.lan", "[::1]"]);
    assert!(serve.webhooks.woocommerce && !serve.webhooks.quickbooks);
    let trusts = |address: &str| {
        let address: std::net::IpAddr = address.parse().expect("an address");
        serve
            .trusted_proxies
            .iter()
            .any(|proxy| proxy.contains(&address))
    };
    assert!(trusts("10.1.2.3") && trusts("192.168.7.7"));
    assert!(!trusts("10.1.2.4") && !trusts("::1"));
    // A server for several shops has the section in a file of its own, and nothing else there.
    let alone = parse_serve(spread, "serve.toml").expect("no mistake");
    assert_eq!(&alone, serve);
    let strange = parse_serve(
        "[shop]\nname = \"a\"\n[serve]\nsweep = \"1s\"\n",
        "serve.toml",
    );
    let strange: Vec<String> = strange
        .expect_err("mistakes")
        .located()
        .into_iter()
        .map(|found| found.message)
        .collect();
    assert_eq!(
        strange,
        [
            "there is no section `shop`",
            "`serve.sweep` must be from `5s` to `1d`, not `1s`"
        ]
    );
}

/// Two minutes belong to QuickBooks; only a stand-in on this machine is known better.
#[test]
fn the_time_to_settle_is_short_for_a_stand_in_only() {
    let settle = |api_url: &str, time: &str| {
        let lines = format!(
            "[quickbooks]\nenvironment = \"sandbox\"\napi_url = \"{api_url}\"\nsettle_after = \"{time}\"\n"
        );
        let text = format!("[shop]\nname = \"aurora\"\n{lines}");
        let config = super::parse(&text, "test").ok()?;
        Some(config.quickbooks.expect("the section").settle_after)
    };
    let (real, stand_in) = ("https://quickbooks.api.intuit.com", "http://127.0.0.1:9");
    assert_eq!(settle(real, "3m"), Some(Duration::from_secs(180)));
    for too_short in ["119s", "300ms", "0s", "2h"] {
        assert_eq!(settle(real, too_short), None, "{too_short}");
    }
    assert_eq!(settle(stand_in, "300ms"), Some(Duration::from_millis(300)));
    for wrong in ["0ms", "0s", "ms", "2h", "-1ms"] {
        assert_eq!(settle(stand_in, wrong), None, "{wrong}");
    }
}

#[test]
fn every_value_is_shown_with_where_it_comes_from() {
    let config = config("[quickbooks]\nenvironment = \"sandbox\"\ncompany_id = \"77\"\n");
    let env = |name: &str| match name {
        "UDSYNC_QUICKBOOKS_COMPANY_ID" => Some("88".to_owned()),
        "UDSYNC_SUPABASE_KEY" => Some("canary".to_owned()),
        "HOME" => Some("/home/u".to_owned()),
        _ => None,
    };
    let shown: Vec<String> = show(&config, &env)
        .iter()
        .map(|setting| format!("{} = {} ({})", setting.key, setting.value, setting.origin))
        .collect();
    for line in [
        "shop.name = aurora (line 2)",
        "shop.state = /home/u/.local/state/udsync/aurora.db (default)",
        "quickbooks.environment = sandbox (line 4)",
        "quickbooks.company_id = 88 (UDSYNC_QUICKBOOKS_COMPANY_ID)",
        "quickbooks.timeout = 120s (default)",
        "quickbooks.settle_after = 120s (default)",
        "sync.to = quickbooks (default)",
        "books.items.fee = Fee (default)",
        "books.gateway_fees = not set (default)",
        "books.policy.guest = per_email (default)",
        "books.policy.customers_update = off (default)",
        "books.policy.fee_meta = none (default)",
        "UDSYNC_SUPABASE_KEY = set (environment) (UDSYNC_SUPABASE_KEY)",
        "UDSYNC_KEY = not set (default)",
    ] {
        assert!(shown.contains(&line.to_owned()), "{line} in {shown:#?}");
    }
    assert!(!shown.iter().any(|line| line.contains("canary")));
}

#[test]
fn a_file_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("udsync.toml");
    let missing = load(&path).expect_err("no file");
    assert_eq!(
        missing.to_string(),
        format!("could not read `{}`", path.display())
    );
    assert!(
        missing
            .hint()
            .is_some_and(|hint| hint.contains("udsync init"))
    );
    fs::write(&path, b"[shop]\nname = \"\xff\"\n").expect("written");
    assert!(matches!(load(&path), Err(LoadError::NotText { .. })));
    fs::write(&path, "[shop]\n").expect("written");
    assert!(matches!(load(&path), Err(LoadError::Wrong(_))));
    fs::write(
        &path,
        "\u{feff}[shop]\r\nname = \"a\"\r\nstate = \"a.db\"\r\n",
    )
    .expect("written");
    let config = load(&path).expect("a byte order mark and Windows line ends do no harm");
    let state = state_path(&config, None, &|_| None);
    assert_eq!(state, Ok(folder.path().join("a.db")));
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC*|[\\s\\S]*|([a-z]{1,3}|[\\[\\]={}\"'#.,\n0-9-]){0,80}") {
        if let Err(complaints) = parse(&text, "udsync.toml") {
            printed(&complaints);
        }
    }

    /// A real file with a piece of it replaced gets further into the readers.
    #[test]
    fn no_slip_of_the_finger_makes_it_panic(
        at in 0..EXAMPLE.len(),
        len in 0..40usize,
        typed in "[\\[\\]={}\"'#.,é\n 0-9a-z-]{0,12}",
    ) {
        let start = EXAMPLE.floor_char_boundary(at);
        let end = EXAMPLE.ceil_char_boundary((start + len).min(EXAMPLE.len()));
        let text = format!("{}{typed}{}", &EXAMPLE[..start], &EXAMPLE[end..]);
        match parse(&text, "udsync.toml") {
            Ok(config) => prop_assert!(!show(&config, &|_| None).is_empty()),
            Err(complaints) => {
                prop_assert!(!complaints.list().is_empty());
                printed(&complaints);
            }
        }
    }
}

#[test]
fn nothing_goes_to_the_shop_unless_somebody_says_so() {
    use crate::model::both::{BothWays, CustomerField, FieldFlow, ProductField};
    let both = config("").both;
    assert_eq!(both, BothWays::default());
    assert!(!both.writes_to_shop());
    assert_eq!(both.product(ProductField::Price).flow, FieldFlow::ToBooks);
    assert_eq!(both.customer(CustomerField::Phone).flow, FieldFlow::Both);
    assert_eq!(both.customer(CustomerField::Email).flow, FieldFlow::ToBooks);
    let off = config("[sync.direction]\npayments = \"both\"\n[both]\npaid = \"off\"\n").both;
    assert!(!off.tells_payments());
}

#[test]
fn a_field_has_its_flow_its_owner_and_its_rule() {
    use crate::model::both::{
        ConflictRule, CustomerField, FieldFlow, FieldOwner, FieldRule, FirstMeeting, PaidInBooks,
        ProductField, SyncDirection,
    };
    let config = config(
        "[sync.direction]\ncustomers = \"both\"\npayments = \"both\"\nproducts = \"off\"\n\
         [both]\npaid = \"status\"\nmax_mails = 3\nmax_share = 35\nmax_gone = 1\nskew = \"5m\"\non_first = \"shop\"\n\
         [both.products]\nprice = { flow = \"both\", on_conflict = \"source_wins\" }\nname = \"off\"\nsku = \"to_shop\"\n\
         [both.customers]\nphone = { flow = \"both\", owner = \"books\", on_conflict = \"newest_wins\" }\n",
    );
    let both = &config.both;
    assert_eq!(
        (both.customers, both.products, both.payments),
        (SyncDirection::Both, SyncDirection::Off, SyncDirection::Both)
    );
    assert_eq!(
        (
            both.paid,
            both.max_mails,
            (both.max_share, both.max_gone),
            both.skew.as_secs(),
            both.on_first
        ),
        (PaidInBooks::Status, 3, (35, 1), 300, FirstMeeting::Shop)
    );
    let price = FieldRule {
        flow: FieldFlow::Both,
        owner: FieldOwner::None,
        on_conflict: ConflictRule::SourceWins,
    };
    assert_eq!(both.product(ProductField::Price), price);
    assert_eq!(both.product(ProductField::Name).flow, FieldFlow::Off);
    assert_eq!(both.product(ProductField::Sku).owner, FieldOwner::Books);
    let phone = both.customer(CustomerField::Phone);
    assert_eq!(
        (phone.owner, phone.on_conflict),
        (FieldOwner::Books, ConflictRule::NewestWins)
    );
    let shown: Vec<&str> = config
        .settings
        .iter()
        .filter(|setting| setting.key.starts_with("both.") && setting.value == "both")
        .map(|setting| setting.key.as_str())
        .collect();
    assert!(shown.contains(&"both.products.price.flow"), "{shown:?}");
    assert!(shown.contains(&"both.customers.company"), "{shown:?}");
}

#[test]
fn what_goes_neither_way_is_refused_with_the_reason() {
    let said = complaints(
        "[sync.direction]\nstock = \"both\"\n[both.products]\ndescription = \"both\"\nname = { flow = \"to_shop\", drift = \"restore\" }\n",
    );
    assert_eq!(said.len(), 3, "{said:?}");
    assert!(said[0].contains("what is sold meanwhile"), "{said:?}");
    assert!(said[1].contains("markup"), "{said:?}");
    assert!(said[2].contains("never put back"), "{said:?}");
}

#[test]
fn the_newest_does_not_decide_about_money_and_all_mistakes_are_said_at_once() {
    assert_eq!(
        complaints(
            "[sync.direction]\npayments = \"shop\"\n\
             [both]\npaid = \"mail\"\n\
             [both.products]\nprice = { flow = \"both\", on_conflict = \"newest_wins\" }\nstock = \"both\"\n\
             [both.customers]\nphone = { flow = \"to_shop\", on_conflict = \"newest_wins\" }\n\
             email = { flow = \"both\", wins = \"shop\" }\n"
        ),
        [
            "4:12 `sync.direction.payments` must be `to_books`, `both` or `off`, not `shop`",
            "6:8 `both.paid` must be `note`, `status` or `off`, not `mail`",
            "8:40 `both.products.price.on_conflict` cannot be `newest_wins`: money, stock, SKUs and taxes are decided by nobody's clock | \
             write `manual`, `source_wins` (the shop) or `target_wins` (the books)",
            "9:1 `[both.products]` has no key `stock` | stock is never written to the shop: it follows from what is sold, and a number \
             laid over it would lose what is sold meanwhile",
            "11:43 `both.customers.phone.on_conflict` can be `newest_wins` only where `flow` is `both` | \
             write `flow = \"both\"`, or `on_conflict = \"manual\"`",
            "12:26 `[both.customers.email]` has no key `wins` | it can be `flow`, `owner` or `on_conflict`",
        ]
    );
}
