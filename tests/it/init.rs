//! `init`: the conversation in a real terminal, the same by flags, files that are there already, and every refusal.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use udsync::sandbox::demo;

use crate::world::{BOOKS, KEY, REALM, RUNTIME, Ran, SECRET, World, bare_command, oauth, ran};

/// The demonstration's shop and books, and no configuration yet.
fn world() -> World {
    world_of(demo::shop(), demo::company())
}

fn world_of(mut shop: Value, mut company: Value) -> World {
    shop["keys"] = json!([{ "key": KEY, "secret": SECRET, "permissions": "read" }]);
    company["oauth"] = oauth();
    let world = World::new(shop, company, BOOKS);
    std::fs::remove_file(&world.config).expect("nobody needs it");
    world
}

/// What tells the two sides, for those who are not asked.
fn sides(world: &World) -> String {
    format!(
        "init --no-input --url {} --environment sandbox --company-id {REALM} --quickbooks-url {}",
        world.shop_url, world.company_url
    )
}

const REST: &str = "--name aurora --deposit bacs=Chequing --start-date 2026-11-05";

fn file(world: &World) -> String {
    std::fs::read_to_string(&world.config).expect("the configuration")
}

/// The same file but for the addresses, whose ports differ from world to world.
fn without_ports(world: &World) -> String {
    file(world)
        .replace(&world.shop_url, "http://shop")
        .replace(&world.company_url, "http://books")
}

/// A program in a real terminal of 80 columns.
struct Terminal {
    child: Child,
    keyboard: ChildStdin,
    screen: Arc<Mutex<String>>,
    reader: Option<std::thread::JoinHandle<()>>,
    read_to: usize,
}

impl Terminal {
    /// `script` is part of every Debian; it gives the program a terminal of its own.
    fn start(command: &Command) -> Terminal {
        let quoted = |word: &std::ffi::OsStr| {
            let word = word.to_str().expect("plain words");
            format!("'{}'", word.replace('\'', r"'\''"))
        };
        let mut line = "stty cols 80 rows 50; exec ".to_owned();
        line.push_str(&quoted(command.get_program()));
        for word in command.get_args() {
            line.push(' ');
            line.push_str(&quoted(word));
        }
        let mut script = Command::new("script");
        script.args(["-qfec", &line, "/dev/null"]);
        script.env_clear();
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                script.env(name, value);
            }
        }
        script.env("TERM", "xterm").env("SHELL", "/bin/sh");
        script.current_dir(command.get_current_dir().expect("it has a home"));
        let mut child = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("`script` of util-linux is here");
        let keyboard = child.stdin.take().expect("a keyboard");
        let mut output = child.stdout.take().expect("a screen");
        let screen = Arc::new(Mutex::new(String::new()));
        let seen = screen.clone();
        let reader = std::thread::spawn(move || {
            let mut bytes = [0; 4096];
            let mut all = Vec::new();
            while let Ok(count @ 1..) = output.read(&mut bytes) {
                all.extend_from_slice(&bytes[..count]);
                let text = String::from_utf8_lossy(&all).replace('\r', "");
                *seen.lock().expect("the reader") = console::strip_ansi_codes(&text).into_owned();
            }
        });
        Terminal {
            child,
            keyboard,
            screen,
            reader: Some(reader),
            read_to: 0,
        }
    }

    fn screen(&self) -> String {
        self.screen.lock().expect("the screen").clone()
    }

    /// Waits until this stands on the screen, below what was waited for before.
    #[track_caller]
    fn sees(&mut self, words: &str) -> &mut Terminal {
        let began = Instant::now();
        loop {
            let screen = self.screen();
            let unread = screen.get(self.read_to..).unwrap_or_default();
            if let Some(at) = unread.find(words) {
                self.read_to += at + words.len();
                return self;
            }
            assert!(
                began.elapsed() < Duration::from_secs(120),
                "waited in vain for `{words}`:\n{screen}"
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn types(&mut self, keys: &str) -> &mut Terminal {
        self.keyboard.write_all(keys.as_bytes()).expect("typed");
        self.keyboard.flush().expect("typed");
        self
    }

    /// The exit code, and all that was on the screen.
    fn ends(mut self) -> (i32, String) {
        let code = self.child.wait().expect("it ends").code().unwrap_or(-1);
        let reader = self.reader.take().expect("one reader");
        reader.join().expect("the reader");
        (code, self.screen())
    }
}

impl Drop for Terminal {
    /// A conversation that a failed test leaves behind would wait for ever.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const RETURN: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const CTRL_C: &str = "\u{3}";

/// A process without credentials in its environment.
fn stranger(world: &World, line: &str) -> Command {
    let mut command = bare_command(world.home.path());
    command
        .args(line.split_whitespace())
        .env("UDSYNC_FIRST_PAUSE_MS", "5");
    command
}

/// Goes where the browser would go, and signs in there.
fn sign_in_at(terminal: &mut Terminal) {
    terminal.sees("choose the company at this address:\n");
    let from = terminal.read_to;
    terminal.sees("waiting for the answer");
    let screen = terminal.screen();
    let address: String = screen[from..]
        .lines()
        .take_while(|line| !line.starts_with("waiting"))
        .collect();
    let status = RUNTIME.block_on(async {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let browser = reqwest::Client::builder().no_proxy().build();
        let answer = browser.expect("a browser").get(address.trim()).send().await;
        answer.expect("an answer").status().as_u16()
    });
    assert_eq!(status, 200);
}

#[test]
fn a_conversation_leads_from_nothing_to_a_first_plan_and_flags_make_the_same_file() {
    let world = world();
    let began = Instant::now();
    let line = format!(
        "init --quickbooks-url {} --no-browser --port 0 --key-store file",
        world.company_url
    );
    let mut terminal = Terminal::start(&stranger(&world, &line));
    let shop = format!("{}/wp-admin/{RETURN}", world.shop_url);
    // First what it is and what to have at hand; the harmless kind of company is chosen already.
    terminal.sees("is written to either").sees("have at hand");
    terminal.sees("Address of the shop").types(&shop);
    terminal
        .sees("Consumer key")
        .types(&format!("{KEY}{RETURN}"));
    terminal
        .sees("Consumer secret")
        .types(&format!("{SECRET}{RETURN}"));
    terminal
        .sees("Short name of the shop, which stands on every document [aurora-outfitters]")
        .types("aurora\r");
    terminal
        .sees("Which kind of QuickBooks company")
        .types(RETURN);
    let app = |name| {
        world.command("").get_envs().find_map(|(known, value)| {
            (known == name).then(|| value.expect("set").to_string_lossy().into_owned())
        })
    };
    let id = app("UDSYNC_QUICKBOOKS_CLIENT_ID").expect("an app");
    let secret = app("UDSYNC_QUICKBOOKS_CLIENT_SECRET").expect("an app");
    terminal.sees("Client id").types(&format!("{id}{RETURN}"));
    terminal
        .sees("Client secret")
        .types(&format!("{secret}{RETURN}"));
    sign_in_at(&mut terminal);
    // The only doubt: there are two bank accounts.
    terminal
        .sees("Money from “Direct bank transfer” goes to (2 bank accounts)")
        .sees("Undeposited Funds")
        .types(&format!("{DOWN}{DOWN}{RETURN}"));
    terminal
        .sees("Post orders created from this day on, or `all`")
        .types("\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}\u{8}2026-11-05\r");
    terminal.sees("nothing that the shop uses is left open");
    terminal.sees("udsync.toml is written");
    terminal.sees("create  SalesReceipt   WC-4813");
    terminal.sees("udsync sync orders");
    let (code, screen) = terminal.ends();
    assert_eq!(code, 0, "{screen}");
    assert!(
        began.elapsed() < Duration::from_secs(60),
        "{:?}",
        began.elapsed()
    );
    assert!(
        !screen.contains(KEY) && !screen.contains(SECRET),
        "{screen}"
    );
    assert!(!screen.contains(&secret), "{screen}");
    let tables = screen.split(" in the shop ").nth(1).expect("a table");
    let tables = tables
        .split("udsync.toml is written")
        .next()
        .expect("a part");
    for line in tables.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let asked = without_ports(&world);
    assert!(
        asked.contains("bacs = \"Chequing\" # Direct bank transfer\n"),
        "{asked}"
    );
    assert_eq!(world.postings(), [""; 0]);

    let other = self::world();
    let done = other.run(&format!("{} {REST}", sides(&other))).ends_with(0);
    assert!(done.out.contains("WC-4813"), "{}", done.out);
    assert_eq!(asked, without_ports(&other));

    // The file that came out of the conversation needs nothing but itself.
    let stored = ran(stranger(&world, "sync orders --yes")
        .output()
        .expect("runs"));
    stored.ends_with(0);
    assert!(!world.postings().is_empty());
}

#[test]
fn the_sandbox_needs_two_answers_and_no_account() {
    let home = tempfile::tempdir().expect("a folder");
    let mut command = bare_command(home.path());
    command.args(["init", "--sandbox"]);
    let mut terminal = Terminal::start(&command);
    terminal
        .sees("Money from “Direct bank transfer” goes to")
        .sees("Undeposited Funds")
        .types(&format!("{DOWN}{RETURN}"));
    terminal.sees("udsync-sandbox/udsync.toml is written");
    terminal.sees("29 to create");
    terminal.sees("this was the sandbox");
    let (code, screen) = terminal.ends();
    assert_eq!(code, 0, "{screen}");
    let folder = home.path().join("udsync-sandbox");
    assert!(folder.join("sandbox.env").is_file());
    let mut check = bare_command(&folder);
    check.args(["config", "check"]);
    ran(check.output().expect("runs")).ends_with(0);
}

#[test]
fn a_broken_off_conversation_writes_no_file_and_says_what_is_kept() {
    let world = world();
    let line = format!(
        "init --url {} --environment sandbox --key-store file --name aurora",
        world.shop_url
    );
    let mut terminal = Terminal::start(&stranger(&world, &line));
    terminal.sees("Consumer key").types(CTRL_C);
    let (code, screen) = terminal.ends();
    assert_eq!(code, 130, "{screen}");
    assert!(
        screen.contains("error: interrupted; no configuration was written\n"),
        "{screen}"
    );

    let mut terminal = Terminal::start(&stranger(&world, &line));
    terminal
        .sees("Consumer key")
        .types(&format!("{KEY}{RETURN}"));
    terminal
        .sees("Consumer secret")
        .types(&format!("{SECRET}{RETURN}"));
    terminal.sees("Client id").types(CTRL_C);
    let (code, screen) = terminal.ends();
    assert_eq!(code, 130, "{screen}");
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains("no configuration was written, and the credentials of the shop are kept"),
        "{screen}"
    );
    assert!(!world.config.exists());
}

#[test]
fn without_anybody_to_ask_every_missing_answer_is_named_at_once() {
    let world = world();
    let refused = world.run("init --no-input").ends_with(2);
    assert_eq!(
        refused.err,
        "error: 4 answers are needed, and nobody can be asked:\n  address of the shop\n  short name of the shop\n  \
         which QuickBooks\n  number of the QuickBooks company\n\
         hint: answer with `--url https://shop.example.com`\nhint: answer with `--name aurora`\n\
         hint: answer with `--environment production`\nhint: answer with `--company-id 9341454000000000`\n\
         hint: `--yes` takes what is likely, `--leave-open` leaves open what is not\n"
    );
    let refused = world
        .run(&format!("{} --name aurora --json", sides(&world)))
        .ends_with(2);
    let error = refused.json();
    assert_eq!(error["code"], "answers_needed");
    let hint = error["hint"].as_str().expect("a hint");
    for flag in ["--deposit \"bacs=Checking\"", "--start-date "] {
        assert!(hint.contains(flag), "{hint}");
    }
    assert!(!world.config.exists());
    // What is likely can be taken, and what is not can be left open.
    world
        .run(&format!("{} --yes --leave-open", sides(&world)))
        .ends_with(0);
    assert!(file(&world).contains("name = \"aurora-outfitters\"\n"));
}

#[test]
fn a_file_that_is_there_keeps_its_comments_and_is_changed_only_with_consent() {
    let world = world();
    let mine = format!(
        "# my own words\n[shop]\nname = \"mine\" # chosen in spring\n\n[woocommerce]\nurl = \"{}\"\n\n[quickbooks]\nenvironment = \"sandbox\"\n\
         company_id = \"{REALM}\"\napi_url = \"{books}\"\ntoken_url = \"{books}/oauth2/v1/tokens/bearer\"\n\n\
         [books.deposit]\nbacs = \"Chequing\" # the branch in Jasper\nstripe = \"Undeposited Funds\" # until May\n\n\
         [sync.orders]\nstart_date = 2026-11-05\n",
        world.shop_url,
        books = world.company_url
    );
    std::fs::write(&world.config, &mine).expect("written");
    let refused = world
        .run("init --no-input --deposit stripe=Chequing")
        .ends_with(2);
    assert!(
        refused
            .err
            .contains("~ books.deposit.stripe = \"Undeposited Funds\", and then \"Chequing\""),
        "{}",
        refused.err
    );
    assert!(
        refused.err.contains("hint: answer with `--yes`"),
        "{}",
        refused.err
    );
    assert_eq!(file(&world), mine);

    world
        .run("init --no-input --yes --deposit stripe=Chequing")
        .ends_with(0);
    let text = file(&world);
    for kept in [
        "# my own words\n[shop]\nname = \"mine\" # chosen in spring\n",
        "bacs = \"Chequing\" # the branch in Jasper\nstripe = \"Chequing\" # until May\n\"stripe:USD\" = \"Stripe Clearing USD\"",
        "paypal = \"PayPal Clearing\" # PayPal\n",
        "start_date = 2026-11-05\n",
        "CA-AB-GST-1 = \"GST 5%\"",
    ] {
        assert!(text.contains(kept), "{kept}\n{text}");
    }
    // Again: there is nothing left to change, and nobody to ask.
    let again = world.run("init --no-input").ends_with(0);
    assert!(
        again.err.contains("udsync.toml stays as it is"),
        "{}",
        again.err
    );
    assert_eq!(file(&world), text);
}

#[test]
fn what_is_left_open_is_shown_with_what_it_holds_back() {
    let mut shop = demo::shop();
    shop["statuses"] = json!(["quote"]);
    let mut company = demo::company();
    let codes = company["tax_codes"].as_array_mut().expect("codes");
    codes.retain(|code| code["name"] != "HST ON");
    let rates = company["tax_rates"].as_array_mut().expect("rates");
    rates.retain(|rate| rate["name"] != "HST ON 13%");
    let world = world_of(shop, company);
    let done = world
        .run(&format!("{} {REST} --leave-open --json", sides(&world)))
        .ends_with(3);
    let document = done.json();
    assert_eq!(document["schema"], "udsync/init/1");
    assert_eq!(document["created"], true);
    assert_eq!(document["plan"]["schema"], "udsync/run/1");
    let open: Vec<String> = document["unmapped"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|held| format!("{} {}", held["code"], held["what"]).replace('"', ""))
        .collect();
    assert_eq!(
        open,
        [
            "tax_code_unmapped orders with the rate `CA-ON-HST-1`",
            "status_unmapped orders that are “Quote”"
        ]
    );
    let held = &document["plan"]["problems"][0];
    assert_eq!(held["code"], "tax_code_unmapped");
    let proposal = document["proposals"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|proposal| proposal["key"] == "books.deposit.stripe")
        .expect("a proposal");
    assert_eq!(proposal["value"], "Stripe Clearing");
    assert_eq!(proposal["certainty"], "certain");
    let text = world.run(&format!("{} --yes --leave-open", sides(&world)));
    assert!(
        text.err.contains("still open, and what waits for it\n  tax_code_unmapped: orders with the rate `CA-ON-HST-1`\n"),
        "{}",
        text.err
    );
    // Whoever leaves it open is told of the question that waits for them.
    let told = text.err.replace('\n', " ");
    assert!(
        told.contains("`udsync fix ID` asks the one question"),
        "{told}"
    );
}

/// A status that the shop no longer lists stands in an order only: nobody was asked about it before the first plan.
#[test]
fn what_the_first_plan_holds_is_offered_with_the_answers_that_mend_it() {
    let held = |orders: &[usize]| {
        let mut shop = demo::shop();
        for at in orders {
            shop["orders"][at]["status"] = json!("awaiting-pickup");
        }
        world_of(shop, demo::company())
    };
    let line = |world: &World| format!("{} {REST}", sides(world)).replace(" --no-input", "");
    let world = held(&[9, 10]);
    let mut terminal = Terminal::start(&world.command(&line(&world)));
    terminal.sees("udsync.toml is written");
    terminal.sees("status_unmapped");
    terminal.sees("(and one more)");
    terminal
        .sees("An order that is “awaiting-pickup” is")
        .sees("leave it for later")
        .sees("a paid sale: post a sales receipt")
        .types(&format!("{DOWN}{RETURN}"));
    terminal.sees("books.policy.status_map.awaiting-pickup = \"as_paid\"");
    terminal.sees("once more, with these answers");
    terminal.sees("udsync sync orders");
    let (code, screen) = terminal.ends();
    assert_eq!(code, 0, "{screen}");
    let written = file(&world);
    assert!(
        written.contains("awaiting-pickup = \"as_paid\""),
        "{written}"
    );
    // Whoever leaves it for later is asked once.
    let world = held(&[9]);
    let mut terminal = Terminal::start(&world.command(&line(&world)));
    terminal.sees("leave it for later").types(RETURN);
    terminal.sees("udsync sync orders");
    let (code, screen) = terminal.ends();
    assert_eq!(code, 3, "{screen}");
    assert!(!screen.contains("once more"), "{screen}");
    assert!(!file(&world).contains("awaiting-pickup"));
}

#[test]
fn every_refusal_has_its_words_and_its_code() {
    let mut world = world();
    let sides = sides(&world);
    let refused = |world: &World, line: &str, code: i32, words: &str| {
        let Ran { err, .. } = world.run(line).ends_with(code);
        assert!(err.contains(words), "{line}: {err}");
        assert!(!world.config.exists(), "{line}");
    };
    refused(
        &world,
        &format!("{sides} {REST} --deposit stripe=Strip_Clearing"),
        2,
        "error: no active account in the books is named `Strip_Clearing`; did you mean `Stripe Clearing`?",
    );
    refused(
        &world,
        &format!("{sides} {REST} --untaxed-code Exemp --timezone America/Edmonto"),
        2,
        "did you mean `America/Edmonton`?; no active tax code in the books is named `Exemp`; did you mean `Exempt`?",
    );
    refused(
        &world,
        &format!("{sides} {REST} --order-status quote=paid"),
        2,
        "no meaning of a status is `paid`",
    );
    refused(
        &world,
        &format!("{sides} {REST} --deposit stripe"),
        2,
        "`--deposit \"stripe\"` is not `NAME=value`",
    );
    refused(
        &world,
        &format!("{sides} {REST} --item frames=Frames"),
        2,
        "`frames` is no kind of item",
    );
    refused(
        &world,
        &format!("{sides} --start-date yesterday"),
        2,
        "write a day as 2026-01-01, or `all`",
    );
    refused(
        &world,
        &format!("{sides} --name Aurora_1 --start-date all"),
        2,
        "must be 1 to 40 of a-z, 0-9 and `-`",
    );

    let nobody = ran(stranger(&world, &format!("{sides} {REST}"))
        .output()
        .expect("runs"));
    let nobody = nobody.ends_with(4);
    assert!(
        nobody.err.starts_with("error: `UDSYNC_WOOCOMMERCE_KEY` and `UDSYNC_WOOCOMMERCE_SECRET` are not in the environment, and no keys are stored\n"),
        "{}",
        nobody.err
    );
    let mut half = stranger(&world, &format!("{sides} {REST}"));
    half.env("UDSYNC_WOOCOMMERCE_KEY", KEY)
        .env("UDSYNC_WOOCOMMERCE_SECRET", SECRET);
    let half = ran(half.output().expect("runs")).ends_with(4);
    assert!(half.err.contains("`UDSYNC_QUICKBOOKS_REFRESH_TOKEN` are not in the environment, and no connection is stored"), "{}", half.err);
    let mut wrong = world.command(&format!("{sides} {REST}"));
    wrong.env(
        "UDSYNC_WOOCOMMERCE_SECRET",
        "cs_0000000000000000000000000000000000000000",
    );
    ran(wrong.output().expect("runs")).ends_with(4);

    world.close_books();
    refused(&world, &format!("{sides} {REST}"), 5, "error: ");
    world.close_store();
    refused(&world, &format!("{sides} {REST}"), 5, "error: ");
}

#[test]
fn an_older_way_to_pay_is_written_and_a_slip_is_noticed() {
    let world = world();
    let done = world
        .run(&format!(
            "{} {REST} --deposit stipe=Chequing --deposit moneybookers=Chequing",
            sides(&world)
        ))
        .ends_with(0);
    for words in [
        "note: the shop has no way to pay `stipe` now; did you mean `stripe`?\n",
        "note: the shop has no way to pay `moneybookers` now\n",
    ] {
        assert!(done.err.contains(words), "{}", done.err);
    }
    assert!(file(&world).contains("moneybookers = \"Chequing\"\n"));
}

#[test]
fn a_shop_that_keeps_orders_as_posts_is_swept_from_the_beginning() {
    let mut shop = demo::shop();
    shop["storage"] = json!("posts");
    let world = world_of(shop, demo::company());
    let done = world.run(&format!("{} {REST}", sides(&world))).ends_with(0);
    assert!(done.err.contains("keeps orders as posts"), "{}", done.err);
    assert!(
        file(&world).contains("full_sweep = \"1d\""),
        "{}",
        file(&world)
    );
}

#[test]
fn no_secret_gets_into_what_init_writes() {
    let world = world();
    let done = world
        .run(&format!("{} {REST} -vv", sides(&world)))
        .ends_with(0);
    let mut all = done.out + &done.err + &file(&world);
    for entry in std::fs::read_dir(world.home.path()).expect("a folder") {
        let path: &Path = &entry.expect("an entry").path();
        if path.is_file() {
            all.push_str(&String::from_utf8_lossy(
                &std::fs::read(path).expect("read"),
            ));
        }
    }
    for secret in [
        KEY,
        SECRET,
        crate::world::CLIENT_SECRET,
        crate::world::REFRESH_TOKEN,
    ] {
        assert!(!all.contains(secret));
    }
}

/// A folder with somebody's own shop in it, named by the environment as in a shell of every day.
fn of_every_day(world: &World) -> (std::path::PathBuf, String) {
    let folder = world.home.path().join("xdg/udsync");
    std::fs::create_dir_all(&folder).expect("made");
    let path = folder.join("aurora.toml");
    let text = "# two years of work\n[shop]\nname = \"aurora\"\n[woocommerce]\nurl = \"https://shop.example.com\"\n".to_owned();
    std::fs::write(&path, &text).expect("written");
    (path, text)
}

#[test]
fn the_sandbox_has_a_folder_of_its_own_whatever_shop_the_environment_names() {
    let world = world();
    let (path, text) = of_every_day(&world);
    let state = world.home.path().join("books.db");
    std::fs::write(&state, "the state of a real shop").expect("written");
    for (flags, variable, value) in [
        ("", "UDSYNC_SHOP", "aurora"),
        ("--shop aurora", "UDSYNC_SHOP", ""),
        ("", "UDSYNC_CONFIG", path.to_str().expect("text")),
        ("", "UDSYNC_STATE", state.to_str().expect("text")),
    ] {
        let mut command = bare_command(world.home.path());
        command
            .args(
                format!("init --sandbox --yes --leave-open --no-input {flags}").split_whitespace(),
            )
            .env("XDG_CONFIG_HOME", world.home.path().join("xdg"))
            .env(variable, value);
        let ran = ran(command.output().expect("runs"));
        assert!([0, 3].contains(&ran.code), "{}", ran.err);
        assert!(
            ran.err
                .contains("is not used: the sandbox has a folder of its own"),
            "{}",
            ran.err
        );
        assert_eq!(
            std::fs::read_to_string(&path).expect("kept"),
            text,
            "{flags} {variable}"
        );
        assert_eq!(
            std::fs::read_to_string(&state).expect("kept"),
            "the state of a real shop"
        );
        assert!(
            world
                .home
                .path()
                .join("udsync-sandbox/udsync.toml")
                .is_file()
        );
    }
    // Not even where it is told to go there.
    for line in [
        "init --sandbox --yes --leave-open --no-input --into xdg",
        "sandbox --into xdg",
    ] {
        let mine = world.home.path().join("xdg/udsync.toml");
        std::fs::write(&mine, &text).expect("written");
        let refused = world.run(line).ends_with(2);
        assert!(
            refused.err.contains("is the configuration of a shop"),
            "{}",
            refused.err
        );
        assert_eq!(std::fs::read_to_string(&mine).expect("kept"), text);
    }
}

#[test]
fn a_changed_file_is_shown_and_the_old_one_is_kept_beside_it() {
    let world = world();
    let first = world.run(&format!("{} {REST} --yes --leave-open", sides(&world)));
    assert!([0, 3].contains(&first.code), "{}", first.err);
    let before = file(&world);
    let ran = world.run("init --no-input --yes --leave-open --deposit stripe=Chequing");
    assert!(ran.err.contains("~ books.deposit.stripe"), "{}", ran.err);
    assert!(
        ran.err.contains("the old file is kept as udsync.toml.bak"),
        "{}",
        ran.err
    );
    let kept = std::fs::read_to_string(world.home.path().join("udsync.toml.bak"));
    assert_eq!(kept.expect("a copy"), before);
    assert_ne!(file(&world), before);
}

#[test]
fn a_second_sandbox_in_the_same_folder_begins_anew_and_works() {
    let home = tempfile::tempdir().expect("a folder");
    let folder = home.path().join("shop");
    for round in 1..=2 {
        let mut sandbox = bare_command(home.path())
            .args(["sandbox", "--into", "shop", "--orders", "3"])
            .stderr(std::process::Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut err = std::io::BufReader::new(sandbox.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("Ctrl-C") {
            line.clear();
            let read = std::io::BufRead::read_line(&mut err, &mut line).expect("a line");
            assert!(read > 0, "it goes on");
        }
        let variables = std::fs::read_to_string(folder.join("sandbox.env")).expect("written");
        let mut command = bare_command(&folder);
        command.args("sync orders --json --yes".split(' '));
        for line in variables.lines() {
            let line = line.trim_start_matches("export ");
            let (name, value) = line.split_once('=').expect("a variable");
            command.env(name, value);
        }
        let synced = ran(command.output().expect("runs"));
        sandbox.kill().expect("ended");
        sandbox.wait().expect("gone");
        assert!(
            [0, 3].contains(&synced.code),
            "round {round}: {}",
            synced.err
        );
        assert!(synced.figure("created") > 0, "round {round}");
        assert!(
            folder.join("sandbox.db").is_file(),
            "its state lies with it"
        );
    }
}

#[test]
fn a_wrong_answer_is_told_at_once_and_asked_again() {
    let world = world();
    let line = "init --environment sandbox --key-store file";
    let mut terminal = Terminal::start(&stranger(&world, line));
    terminal
        .sees("Address of the shop")
        .types(&format!("http://127.0.0.1:9{RETURN}"));
    terminal.sees("error:");
    terminal.sees("Address of the shop");
    // The line is there to be corrected.
    terminal.types(&format!("{}{RETURN}", world.shop_url));
    terminal
        .sees("Consumer key")
        .types(&format!("{KEY}{RETURN}"));
    terminal
        .sees("Consumer secret")
        .types(&format!("{KEY}{RETURN}"));
    terminal.sees("both are consumer keys");
    terminal
        .sees("Consumer key")
        .types(&format!("{KEY}{RETURN}"));
    terminal
        .sees("Consumer secret")
        .types(&format!("{SECRET}{RETURN}"));
    terminal
        .sees("Short name of the shop")
        .types(&format!("Aurora & Co{RETURN}"));
    terminal.sees("cannot be the short name");
    terminal
        .sees("Short name of the shop")
        .types(&format!("aurora{RETURN}"));
    terminal.sees("Client id").types(CTRL_C);
    let (code, screen) = terminal.ends();
    assert_eq!(code, 130, "{screen}");
    let flat = screen.split_whitespace().collect::<Vec<_>>().join(" ");
    // What is longer than a line goes on as a shell wants it.
    let flat = flat.replace(" \\ ", " ");
    let again = format!(
        "`udsync init --url {} --name aurora --environment sandbox`",
        world.shop_url
    );
    assert!(flat.contains(&again), "{again}\n{screen}");
    assert!(!screen.contains(SECRET), "{screen}");
}

#[test]
fn nothing_points_at_lines_of_a_file_that_does_not_exist() {
    let world = world();
    for line in [
        format!("{} --name Bad_Name --yes", sides(&world)),
        format!(
            "{} --name aurora --yes --quickbooks-url nonsense",
            sides(&world)
        ),
    ] {
        let refused = world.run(&line).ends_with(2);
        assert!(!world.config.exists());
        for excerpt in ["udsync.toml:", "╭", "│"] {
            assert!(!refused.err.contains(excerpt), "{}", refused.err);
        }
    }
    let mut connect = world.command("connect woocommerce --from-env --name Bad_Name");
    connect.args(["--url", &world.shop_url]);
    let refused = ran(connect.output().expect("runs")).ends_with(2);
    assert!(!refused.err.contains('╭'), "{}", refused.err);
    assert!(!world.config.exists());
}
