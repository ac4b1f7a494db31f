//! Whoever looks after several shops, and whatever starts udsync for them: what is told can be typed as it stands, and means the same shop.

use std::process::Command;

use serde_json::Value;

use crate::fleet::{Fleet, three};
use crate::order::order;
use crate::world::{
    CLIENT_ID, CLIENT_SECRET, KEY, REFRESH_TOKEN, Ran, SECRET, World, bare_command, ran,
};

fn with(mut command: Command, variables: &[(&str, &str)]) -> Ran {
    for (name, value) in variables {
        command.env(name, value);
    }
    ran(command.output().expect("the binary runs"))
}

/// A folder of shops that keep their state where every shop does.
fn at_home() -> Fleet {
    let fleet = three();
    for name in ["aurora", "borealis", "cassio-peia"] {
        let path = fleet.folder().join(format!("{name}.toml"));
        let text = std::fs::read_to_string(&path).expect("a shop");
        let state = format!("state = \"{name}.db\"");
        std::fs::write(path, text.replace(&state, "")).expect("written");
    }
    fleet
}

#[test]
fn a_check_that_cannot_be_made_says_what_stands_before_it() {
    let world = World::of_orders(vec![order(1)]);
    let wrong = [("UDSYNC_WOOCOMMERCE_SECRET", "cs_of_somebody_else")];
    for id in ["shop.rights", "shop.clock"] {
        let command = world.command(&format!("doctor --json --check {id}"));
        let found = with(command, &wrong).ends_with(4).json();
        let first = &found["findings"][0];
        assert_eq!(
            (&first["id"], &first["level"]),
            (&id.into(), &"problem".into())
        );
        let said = first["said"].as_str().expect("words");
        assert!(
            said.starts_with("not looked at: `shop.connection` stands before it: "),
            "{said}"
        );
    }
    world.run("doctor --check shop.rights").ends_with(0);
    let nothing = world.run("doctor --check books.compared").ends_with(0);
    assert!(
        nothing
            .out
            .contains("books.compared: there is nothing to look at yet")
    );
}

#[test]
fn a_file_of_variables_is_read_and_never_run() {
    let world = World::of_orders(vec![order(1)]);
    let folder = world.config.parent().expect("a folder");
    let file = world.config.with_extension("env");
    let text = format!(
        "# by hand\nUDSYNC_WOOCOMMERCE_KEY={KEY}\nUDSYNC_WOOCOMMERCE_SECRET='{SECRET}'\n\
         UDSYNC_QUICKBOOKS_CLIENT_ID={CLIENT_ID}\nUDSYNC_QUICKBOOKS_CLIENT_SECRET={CLIENT_SECRET}\n\
         UDSYNC_QUICKBOOKS_REFRESH_TOKEN={REFRESH_TOKEN}\nUDSYNC_PASSPHRASE=touch was-run $(touch was-run)\n\
         UDSYNC_FIRST_PAUSE_MS=5\n"
    );
    std::fs::write(&file, text).expect("written");
    let mut command = bare_command(world.home.path());
    command
        .args(["sync", "orders", "--yes", "--env-file"])
        .arg(&file);
    command.arg("--config").arg(&world.config);
    let done = ran(command.output().expect("it runs")).ends_with(0);
    assert!(done.out.contains("1 created"), "{}", done.out);

    // And so the block of cron does, with nothing of it in what cron would mail.
    let mut print = bare_command(world.home.path());
    print.args(["schedule", "install", "--cron", "--print", "--config"]);
    let block = ran(print.arg(&world.config).output().expect("it runs")).ends_with(0);
    let line = block.out.lines().nth(1).expect("a line");
    let line = line.trim_start_matches("* * * * * ").replace("\\%", "%");
    let mut shell = Command::new("sh");
    shell
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .env("HOME", world.home.path());
    let ended = ran(shell.args(["-c", &line]).output().expect("a shell"));
    assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{}", ended.out);
    assert!(!folder.join("was-run").exists());

    let mut missing = bare_command(world.home.path());
    missing.args(["status", "--json", "--env-file", "nowhere.env"]);
    let refused = ran(missing.output().expect("it runs")).ends_with(2);
    assert_eq!(refused.json()["code"], "file_unreadable");
}

#[test]
fn what_is_told_is_typed_for_the_shop() {
    let fleet = three();
    fleet.run("sync orders --all-shops --yes").ends_with(3);
    for (line, code, said) in [
        ("retry --list --shop borealis", 0, "--shop borealis`"),
        (
            "doctor --check state --shop borealis",
            1,
            "`udsync retry --list --shop borealis`",
        ),
        (
            "doctor --check state --shop borealis --json",
            1,
            "`udsync retry --list --shop borealis`",
        ),
        ("dry-run orders --full --out pp.json --shop borealis", 3, ""),
        (
            "undo 0 --dry-run --shop aurora",
            0,
            "--shop aurora` does this",
        ),
    ] {
        let told = fleet.run(line).ends_with(code);
        let all = format!("{}{}", told.out, told.err);
        let all = all.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(all.contains(said), "{line}: {all}");
        for piece in all.split("`udsync ").skip(1) {
            let command = piece.split('`').next().unwrap_or_default();
            assert!(command.contains("--shop "), "{line}: `udsync {command}`");
        }
    }
}

#[test]
fn what_is_set_is_called_as_it_is_set() {
    let fleet = three();
    let listed = fleet
        .run("connect list --shop aurora --json")
        .ends_with(0)
        .json();
    let variables = &listed["connections"][0]["variables"];
    assert_eq!(variables[0], "UDSYNC_AURORA__WOOCOMMERCE_KEY");
    let shown = fleet.run("config show --shop aurora").ends_with(0).out;
    let set =
        "UDSYNC_AURORA__WOOCOMMERCE_KEY = set (environment)  # UDSYNC_AURORA__WOOCOMMERCE_KEY";
    assert!(shown.contains(set), "{shown}");
    assert!(!shown.contains("UDSYNC_WOOCOMMERCE_KEY"), "{shown}");

    // A notice is read where nobody knows what was typed.
    let path = fleet.folder().join("aurora.toml");
    let text = std::fs::read_to_string(&path).expect("a shop");
    std::fs::write(
        &path,
        format!("{text}\n[notify.webhook]\nurl = \"http://127.0.0.1:9/\"\n"),
    )
    .expect("written");
    let mut without = fleet.command("sync orders --yes --no-input --shop aurora");
    without.env_remove("UDSYNC_AURORA__WOOCOMMERCE_KEY");
    without.env_remove("UDSYNC_AURORA__WOOCOMMERCE_SECRET");
    ran(without.output().expect("it runs")).ends_with(4);
    let told = fleet
        .run("notify list --shop aurora --json")
        .ends_with(0)
        .json();
    let remedy = told["incidents"][0]["remedy"].as_str().expect("a way out");
    assert!(
        remedy.contains("`udsync connect woocommerce --shop aurora`")
            && remedy.contains("UDSYNC_AURORA__WOOCOMMERCE_KEY"),
        "{remedy}"
    );

    // A slip in the name of the shop.
    let slip = [("UDSYNC_AURROA__WOOCOMMERCE_KEY", KEY)];
    let warned = with(fleet.command("config path --shop aurora"), &slip).ends_with(0);
    assert!(
        warned
            .err
            .contains("did you mean `UDSYNC_AURORA__WOOCOMMERCE_KEY`?"),
        "{}",
        warned.err
    );
}

#[test]
fn a_flag_goes_before_a_variable_and_an_empty_one_is_none() {
    let fleet = three();
    for (line, variables, said) in [
        (
            "status --all-shops",
            [("UDSYNC_SHOP", "aurora")],
            "3 shops: ",
        ),
        (
            "doctor --offline --shop aurora",
            [("UDSYNC_ALL_SHOPS", "1")],
            "config",
        ),
        ("status --all-shops", [("UDSYNC_SHOP", "")], "3 shops: "),
        (
            "status",
            [("UDSYNC_SHOP", "aurora")],
            "nothing was posted yet",
        ),
    ] {
        let done = with(fleet.command(line), &variables);
        assert!(done.code < 2, "{line}: {}{}", done.out, done.err);
        assert!(
            done.out.contains(said),
            "{line} {variables:?}: {}",
            done.out
        );
    }
    let both = fleet.run("status --all-shops --shop aurora").ends_with(2);
    assert!(both.err.contains("cannot be used with"), "{}", both.err);
    for (name, value) in [("UDSYNC_MAX_CHANGES", "abc"), ("UDSYNC_WAIT", "abc")] {
        let refused =
            with(fleet.command("sync orders --shop aurora"), &[(name, value)]).ends_with(2);
        assert!(
            refused.err.contains(&format!("'{name}'")),
            "{}",
            refused.err
        );
        assert!(!refused.err.contains("for '--"), "{}", refused.err);
    }
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStrExt;
        let mut command = fleet.command("status");
        command.env("UDSYNC_SHOP", std::ffi::OsStr::from_bytes(b"\xff"));
        let refused = ran(command.output().expect("it runs")).ends_with(2);
        assert!(
            refused.err.contains("`UDSYNC_SHOP` is no text"),
            "{}",
            refused.err
        );
    }
}

#[test]
fn a_shop_alone_ends_as_among_all() {
    let fleet = three();
    for (line, said) in [
        ("notify check", "no channel for notices is configured"),
        ("payouts check", "no payment service is connected"),
    ] {
        let alone = fleet.run(&format!("{line} --shop aurora")).ends_with(0);
        assert!(alone.err.contains(said), "{line}: {}", alone.err);
        let all = fleet.run(&format!("{line} --all-shops")).ends_with(0);
        assert!(all.out.contains(said), "{line}: {}", all.out);
    }
    let key = [("UDSYNC_STRIPE_KEY", "rk_test_0123456789abcdef")];
    let listed = with(fleet.command("connect list --shop aurora --json"), &key).json();
    let stripe = listed["connections"]
        .as_array()
        .expect("rows")
        .last()
        .cloned();
    let stripe = stripe.unwrap_or_default();
    assert_eq!(
        (&stripe["name"], &stripe["state"]),
        (&Value::from("stripe"), &Value::from("not configured"))
    );
    let tested = with(fleet.command("connect test --shop aurora"), &key).ends_with(0);
    assert!(
        tested
            .err
            .contains("there is a key for stripe, and the configuration has no section"),
        "{}",
        tested.err
    );
}

#[test]
fn where_the_shops_are_served_together_their_server_is_meant() {
    let fleet = at_home();
    let free = || {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").expect("a socket");
        socket.local_addr().expect("an address").port()
    };
    let (port, hooks) = (free(), free());
    std::fs::write(
        fleet.folder().join("serve.toml"),
        format!("[serve]\nlisten = \"127.0.0.1:{port}\"\nhooks_listen = \"127.0.0.1:{hooks}\"\n"),
    )
    .expect("written");
    let invited = fleet
        .run("access invite ann --role operator --shop aurora")
        .ends_with(0);
    assert!(
        invited
            .out
            .starts_with(&format!("http://127.0.0.1:{port}/invite/")),
        "{}",
        invited.out
    );
    assert!(
        invited.err.contains("`udsync serve --all-shops`"),
        "{}",
        invited.err
    );
    let secret = [("UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET", "0123456789abcdef")];
    let send = fleet.command("webhooks send --kind order.updated --id 1 --shop aurora");
    let unsent = with(send, &secret);
    assert!(
        unsent
            .err
            .contains("start it with `udsync serve --all-shops`"),
        "{}",
        unsent.err
    );
    let mut server = fleet
        .command("serve --all-shops --no-schedules --quiet")
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut line = String::new();
    let told = server.stdout.as_mut().expect("its words");
    std::io::BufRead::read_line(&mut std::io::BufReader::new(told), &mut line).expect("a line");
    let opened = fleet.run("dashboard --shop aurora --no-browser");
    server.kill().expect("ours");
    server.wait().expect("ended");
    assert_eq!(opened.code, 0, "{}", opened.err);
    assert!(
        opened
            .out
            .starts_with(&format!("http://127.0.0.1:{port}/invite/")),
        "{}",
        opened.out
    );
}

#[test]
fn an_id_that_several_begin_with_is_a_mistake_of_whoever_typed_it() {
    let world = World::of_orders(vec![order(1)]);
    world.run("sync orders --yes").ends_with(0);
    world.run("sync orders --yes").ends_with(0);
    let refused = world.run("history 0 --json").ends_with(2).json();
    assert_eq!(refused["code"], "id_ambiguous");
}

#[test]
fn a_mapping_of_payouts_that_is_broken_is_found_by_whoever_looks() {
    let world = World::of_orders(vec![order(1)]);
    let folder = world
        .config
        .parent()
        .expect("a folder")
        .join("mappings/payouts");
    std::fs::create_dir_all(&folder).expect("a folder");
    std::fs::write(folder.join("bank.toml"), "columns = 5\n").expect("written");
    let checked = world.run("mapping check --offline").ends_with(2);
    assert!(
        checked.out.contains("payouts/bank.toml:1"),
        "{}",
        checked.out
    );
    let doctor = world.run("doctor --check mapping.files").ends_with(2);
    assert!(
        doctor
            .out
            .contains("mistake in the mappings of files of payouts"),
        "{}",
        doctor.out
    );
    world.run("sync orders --yes").ends_with(0);
}

#[test]
fn typed_alone_it_ends_well_and_for_a_script_as_it_says() {
    let home = tempfile::tempdir().expect("a folder");
    let alone = |words: &[&str]| {
        let mut command = bare_command(home.path());
        ran(command.args(words).output().expect("it runs"))
    };
    alone(&[]).ends_with(0);
    let world = World::of_orders(vec![crate::order::unmapped(1)]);
    world.run("sync orders --yes").ends_with(3);
    world.run("").ends_with(0);
    let told = world.run("--json").ends_with(3);
    assert_eq!(told.json()["exit"], 3);
}

#[test]
fn among_all_shops_each_answer_is_typed_for_its_shop() {
    let fleet = three();
    fleet.run("sync orders --all-shops --yes").ends_with(3);
    for line in [
        "retry --list --all-shops",
        "doctor --check state --all-shops",
    ] {
        let told = fleet.run(&format!("{line} --json"));
        let told: Value = serde_json::from_str(&told.out).expect("JSON");
        for shop in told["shops"].as_array().expect("shops") {
            let name = shop["shop"].as_str().expect("a name");
            let answer = shop["answer"].to_string();
            for command in answer.split("`udsync ").skip(1) {
                let command = command.split('`').next().unwrap_or_default();
                assert!(
                    command.contains(&format!("--shop {name}")),
                    "{line}: {name}: {command}"
                );
            }
        }
    }
}

#[test]
fn a_hint_about_one_record_names_it_for_programs_too() {
    let fleet = three();
    fleet.run("sync orders --all-shops --yes").ends_with(3);
    let told = fleet
        .run("retry --list --shop borealis --json")
        .ends_with(0)
        .json();
    let first = &told["problems"][0];
    let id = first["id"].as_str().expect("an id");
    let skipped = format!("retry --skip {id} --why test --shop borealis --json");
    fleet.run(&skipped).ends_with(0);
    for told in [told["problems"].to_string(), first.to_string()] {
        assert!(!told.contains("udsync retry ID"), "{told}");
        assert!(!told.contains("--skip ID"), "{told}");
    }
}

#[test]
fn with_the_sandbox_and_in_data_no_shop_is_put_in() {
    let fleet = three();
    let line = "mapping preview orders --sandbox --json";
    with(fleet.command(line), &[("UDSYNC_SHOP", "aurora")]).ends_with(0);
    let odd = fleet.run("config check --json --shop a\"`b").ends_with(2);
    assert!(
        !odd.json()["hint"].to_string().contains("--shop a\\\"`b"),
        "{}",
        odd.out
    );
    let path = fleet.folder().join("mappings");
    assert!(!path.exists());
    let alone = fleet
        .run("mapping export orders --shipped --shop aurora")
        .ends_with(0);
    let text = alone.out.replace("--shop", "");
    assert_eq!(text, alone.out, "data is printed as it is");
}

#[test]
fn a_line_of_variables_that_names_none_is_told_by_its_number() {
    let world = World::of_orders(vec![order(1)]);
    let file = world.home.path().join("odd.env");
    std::fs::write(&file, "\u{feff}UDSYNC_OUTPUT=json\nA B=secret-value\n").expect("written");
    let mut command = bare_command(world.home.path());
    command.args(["shops", "--env-file"]).arg(&file);
    let done = ran(command.output().expect("it runs"));
    assert!(done.out.starts_with('{'), "{}{}", done.out, done.err);
    assert!(
        done.err.contains("warning: ") && done.err.contains("line 2"),
        "{}",
        done.err
    );
    assert!(!done.err.contains("secret-value"), "{}", done.err);
}

#[test]
fn nothing_is_made_beside_the_file_of_another_program() {
    let world = World::of_orders(vec![order(1)]);
    let state = world.home.path().join("Gemfile");
    std::fs::write(&state, "source \"https://rubygems.org\"\n").expect("written");
    let line = format!("sync orders --yes --state {}", state.display());
    let refused = world.run(&line);
    assert!(
        refused.code != 0 && refused.err.contains("it is not an SQLite file"),
        "{}",
        refused.err
    );
    assert!(!world.home.path().join("Gemfile.lock").exists());
}
