//! Units: what `schedule install` writes, judged by the system's own tools, and taken back to the letter.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::order::orders;
use crate::world::{Ran, World, ran};

/// Whether a tool of the system is here. Where it must be, its absence is a failure; elsewhere one line says that nothing
/// was shown.
fn has(tool: &str, how: &[&str]) -> bool {
    let started = Command::new(tool)
        .args(how)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    if started.is_ok() {
        return true;
    }
    assert!(
        std::env::var_os("UDSYNC_NEEDS_SYSTEMD").is_none(),
        "`{tool}` must be here"
    );
    eprintln!("skipped: `{tool}` is not here");
    false
}

/// A world in a folder whose name has everything that systemd, cron and a shell stumble over.
struct Awkward {
    world: World,
    folder: PathBuf,
}

impl Awkward {
    fn new() -> Awkward {
        let world = World::of_orders(orders(1..=1));
        let folder = world.home.path().join("my shop 100% $HOME it's");
        fs::create_dir(&folder).expect("a folder");
        fs::copy(&world.config, folder.join("udsync.toml")).expect("copied");
        fs::remove_file(&world.config).expect("moved");
        Awkward { world, folder }
    }

    fn run(&self, line: &str) -> Ran {
        let mut command = self.world.command(line);
        ran(command.current_dir(&self.folder).output().expect("it runs"))
    }

    fn home(&self) -> &Path {
        self.world.home.path()
    }
}

fn verified(file: &Path, user: bool) -> Output {
    let runtime = tempfile::tempdir().expect("a folder");
    let mut command = Command::new("systemd-analyze");
    if user {
        command.arg("--user");
    }
    command
        .arg("verify")
        .arg(file)
        .env("XDG_RUNTIME_DIR", runtime.path())
        .output()
        .expect("it runs")
}

#[track_caller]
fn is_accepted(file: &Path, user: bool) {
    let output = verified(file, user);
    let said = String::from_utf8_lossy(&output.stderr);
    let of_ours = said.lines().filter(|line| line.contains("udsync"));
    assert_eq!(of_ours.collect::<Vec<_>>(), [] as [&str; 0]);
    assert!(output.status.success(), "{said}");
}

#[test]
fn the_units_pass_the_real_systemd_analyze() {
    if !has("systemd-analyze", &["--version"]) {
        return;
    }
    let awkward = Awkward::new();
    let unit = awkward
        .run("schedule install --systemd --print")
        .ends_with(0);
    let file = awkward.home().join("udsync-test.service");
    fs::write(&file, &unit.out).expect("written");
    is_accepted(&file, false);
    let judged = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .arg(&file)
        .output()
        .expect("it runs");
    let judged = String::from_utf8_lossy(&judged.stdout).into_owned();
    let verdict = judged
        .lines()
        .find(|line| line.contains("Overall exposure level"))
        .expect("a verdict");
    println!("units: {}", verdict.trim());
    let level = verdict
        .split_whitespace()
        .find_map(|word| word.split_once('.')?.0.parse::<u32>().ok())
        .expect("a figure");
    assert!(level < 2, "{verdict}");

    let unit = awkward
        .run("schedule install --systemd --user --print")
        .ends_with(0);
    fs::write(&file, &unit.out).expect("written");
    is_accepted(&file, true);
    // It can fail: what is wrong is found.
    fs::write(&file, unit.out.replace("ExecStart=", "ExecStart=relative ")).expect("written");
    assert!(!verified(&file, true).status.success());
}

/// What is there to be copied is no worse than what is written for somebody.
#[test]
fn the_unit_of_serve_passes_the_real_systemd_analyze() {
    if !has("systemd-analyze", &["--version"]) {
        return;
    }
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/serve/udsync-serve.service");
    let text = fs::read_to_string(example).expect("it is there");
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("udsync-serve.service");
    // The program is somewhere else here.
    let program = assert_cmd::cargo::cargo_bin!("udsync")
        .display()
        .to_string();
    fs::write(&file, text.replace("/usr/local/bin/udsync", &program)).expect("written");
    is_accepted(&file, false);
    let judged = Command::new("systemd-analyze")
        .args(["security", "--offline=true", "--no-pager"])
        .arg(&file)
        .output()
        .expect("it runs");
    let judged = String::from_utf8_lossy(&judged.stdout).into_owned();
    let verdict = judged
        .lines()
        .find(|line| line.contains("Overall exposure level"))
        .expect("a verdict");
    println!("units: {}", verdict.trim());
    let level = verdict
        .split_whitespace()
        .find_map(|word| word.split_once('.')?.0.parse::<u32>().ok())
        .expect("a figure");
    assert!(level < 2, "{verdict}");
}

#[test]
fn a_unit_is_written_shown_and_taken_back_and_nobody_elses_is_touched() {
    let awkward = Awkward::new();
    let line = "schedule install --systemd --user";
    let printed = awkward.run(&format!("{line} --print")).ends_with(0);
    let folder = awkward.home().join(".config/systemd/user");
    assert!(!folder.exists(), "only printed");
    let wrote = awkward.run(line).ends_with(0);
    assert_eq!(wrote.out, printed.out, "it shows what it wrote");
    assert!(
        wrote
            .err
            .contains("systemctl --user enable --now udsync-test.service")
    );
    let file = folder.join("udsync-test.service");
    assert_eq!(fs::read_to_string(&file).expect("written"), wrote.out);
    for line in [
        "Type=notify",
        "WatchdogSec=",
        "NoNewPrivileges=yes",
        "100%% $$HOME it's/udsync.toml\"",
    ] {
        assert!(wrote.out.contains(line), "{line}: {}", wrote.out);
    }
    // Twice is once.
    awkward.run(line).ends_with(0);
    let wants = folder.join("default.target.wants");
    fs::create_dir(&wants).expect("as systemctl enable does");
    #[cfg(unix)]
    std::os::unix::fs::symlink(&file, wants.join("udsync-test.service")).expect("linked");
    fs::write(folder.join("other.service"), "[Service]\n").expect("somebody else's");
    awkward
        .run("schedule uninstall --systemd --user")
        .ends_with(0);
    assert!(!file.exists());
    assert_eq!(fs::read_dir(&wants).expect("the folder").count(), 0);
    assert!(folder.join("other.service").exists());
    let again = awkward
        .run("schedule uninstall --systemd --user")
        .ends_with(0);
    assert!(
        again.err.contains("there is nothing of ours"),
        "{}",
        again.err
    );

    fs::write(&file, "[Service]\nExecStart=/usr/bin/true\n").expect("made by hand");
    for line in [line, "schedule uninstall --systemd --user"] {
        let ran = awkward.run(line).ends_with(1);
        assert!(ran.err.contains("udsync has not written it"), "{}", ran.err);
        assert!(ran.err.contains("hint: it stays as it is"), "{}", ran.err);
    }
    assert!(
        fs::read_to_string(&file)
            .expect("there")
            .contains("/usr/bin/true")
    );
}

/// Of this machine's user there is one crontab; it is put back however the test ends.
struct Crontab(Option<String>);

impl Crontab {
    fn read() -> Option<String> {
        let listed = Command::new("crontab").arg("-l").output().expect("it runs");
        let text = String::from_utf8(listed.stdout).expect("text");
        listed.status.success().then_some(text)
    }

    fn write(text: Option<&str>) {
        use std::io::Write;
        let flag = if text.is_some() { "-" } else { "-r" };
        let mut child = Command::new("crontab")
            .arg(flag)
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it runs");
        let mut given = child.stdin.take().expect("asked for");
        let _ = given.write_all(text.unwrap_or_default().as_bytes());
        drop(given);
        child.wait().expect("it ends");
    }
}

impl Drop for Crontab {
    fn drop(&mut self) {
        Crontab::write(self.0.as_deref());
    }
}

#[test]
fn a_block_of_the_real_crontab_comes_and_goes_and_its_line_works() {
    if !has("crontab", &["-l"]) {
        return;
    }
    let _as_it_was = Crontab(Crontab::read());
    let awkward = Awkward::new();
    let others = "MAILTO=books@example.com\n# mine\n5 4 * * * /usr/bin/true\n";
    Crontab::write(Some(others));
    let wrote = awkward.run("schedule install --cron").ends_with(0);
    let table = Crontab::read().expect("a crontab");
    assert_eq!(table, format!("{others}{}", wrote.out));
    awkward.run("schedule install --cron").ends_with(0);
    assert_eq!(Crontab::read().expect("a crontab"), table, "twice is once");

    // The line as cron hands it to a shell, in cron's bare environment.
    awkward.run("schedule add --defaults").ends_with(0);
    let secrets = awkward.world.command("");
    let mut file = String::new();
    for (name, value) in secrets.get_envs() {
        if let (Some(name), Some(value)) = (name.to_str(), value.and_then(|value| value.to_str()))
            && name.starts_with("UDSYNC_")
        {
            file.push_str(&format!("{name}={value}\n"));
        }
    }
    fs::write(awkward.folder.join("udsync.env"), file).expect("written");
    rusqlite::Connection::open(awkward.folder.join("test.db"))
        .and_then(|state| {
            state.execute(
                "UPDATE schedules SET through = '2026-01-01T00:00:00.000000000Z'",
                [],
            )
        })
        .expect("as if it had been long ago");
    let line = table
        .lines()
        .find_map(|line| line.strip_prefix("* * * * * "))
        .expect("a line")
        .replace("\\%", "%");
    let output = Command::new("/bin/sh")
        .args(["-c", &line])
        .env_clear()
        .env("HOME", awkward.home())
        .env("PATH", "/usr/bin:/bin")
        .current_dir("/")
        .output()
        .expect("it runs");
    let ended = ran(output).ends_with(0);
    assert_eq!(
        (ended.out.as_str(), ended.err.as_str()),
        ("", ""),
        "cron would mail it"
    );
    assert_eq!(awkward.world.postings().len(), 1);

    awkward.run("schedule uninstall --cron").ends_with(0);
    assert_eq!(Crontab::read().as_deref(), Some(others));
    Crontab::write(None);
    awkward.run("schedule install --cron").ends_with(0);
    awkward.run("schedule uninstall --cron").ends_with(0);
    assert_eq!(Crontab::read(), None, "nothing but ours was in it");
    // A block without an end is a person's business.
    let half = wrote.out.lines().next().expect("a line").to_owned() + "\n* * * * * true\n";
    Crontab::write(Some(&half));
    awkward.run("schedule uninstall --cron").ends_with(1);
    assert_eq!(Crontab::read().as_deref(), Some(half.as_str()));
}

#[test]
fn without_cron_it_is_said_and_a_job_for_launchd_is_well_formed() {
    let awkward = Awkward::new();
    let mut command = awkward.world.command("schedule install --cron");
    let output = command
        .current_dir(&awkward.folder)
        .env("PATH", "/nowhere")
        .output();
    let without = ran(output.expect("it runs")).ends_with(1);
    assert!(
        without.err.contains("could not start `crontab`"),
        "{}",
        without.err
    );

    let job = awkward
        .run("schedule install --launchd --print")
        .ends_with(0)
        .out;
    assert!(job.contains("<string>udsync.test</string>"));
    assert!(job.contains("it's/udsync.toml</string>"), "{job}");
    assert!(job.contains("set -- --env-file \"$file\" \"$@\""), "{job}");
    let opened = job.matches("<string>").count();
    assert_eq!(opened, job.matches("</string>").count());
    if !cfg!(target_os = "macos") {
        let ran = awkward.run("schedule install --launchd").ends_with(2);
        assert!(ran.err.contains("manager of macOS"), "{}", ran.err);
    }
    let ran = awkward.run("schedule install").ends_with(2);
    assert!(ran.err.contains("--systemd"), "{}", ran.err);
}

#[test]
fn every_line_names_the_state_and_a_link_to_the_program_stays_a_link() {
    let world = World::of_orders(orders(1..=1));
    let bin = world.home.path().join("bin");
    fs::create_dir(&bin).expect("a folder");
    let link = bin.join("udsync");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_udsync"), &link).expect("linked");
    let state = world.state();
    for kind in ["--cron", "--systemd", "--systemd --user", "--launchd"] {
        for by_path in [true, false] {
            // As typed with its path, and as a shell finds it.
            let template = world.command(&format!("schedule install {kind} --print"));
            let mut command = Command::new(if by_path {
                link.as_path()
            } else {
                Path::new("udsync")
            });
            command
                .args(template.get_args())
                .current_dir(world.home.path())
                .env("PATH", &bin)
                .env("HOME", world.home.path());
            let text = ran(command.output().expect("it runs")).ends_with(0).out;
            assert!(text.contains(&*link.to_string_lossy()), "{kind}: {text}");
            assert!(
                !text.contains(env!("CARGO_BIN_EXE_udsync")),
                "{kind}: {text}"
            );
            let words = text.replace("</string>\n    <string>", " ");
            assert!(
                words.contains(&format!("--state {}", state.display())),
                "{kind}: {text}"
            );
        }
    }
}

#[test]
fn credentials_that_only_this_shell_has_are_said_when_the_line_is_written() {
    let world = World::of_orders(orders(1..=1));
    let warned = world
        .run("schedule install --systemd --user --print")
        .ends_with(0);
    for words in [
        "`UDSYNC_WOOCOMMERCE_KEY` and `UDSYNC_WOOCOMMERCE_SECRET` will not be there",
        "`UDSYNC_QUICKBOOKS_REFRESH_TOKEN` will not be there",
        "or store the connection with `udsync connect woocommerce`",
    ] {
        let flat = warned.err.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{words}: {}", warned.err);
    }
    let json = world
        .run("schedule install --cron --print --json")
        .ends_with(0)
        .json();
    assert_eq!(json["missing"].as_array().expect("a list").len(), 3);
    let mut file = String::new();
    for (name, value) in world.command("").get_envs() {
        if let (Some(name), Some(value)) = (name.to_str(), value.and_then(|value| value.to_str()))
            && name.starts_with("UDSYNC_")
        {
            file.push_str(&format!("export {name}={value}\n"));
        }
    }
    fs::write(world.home.path().join("udsync.env"), &file).expect("written");
    let cron = world.run("schedule install --cron --print").ends_with(0);
    assert!(!cron.err.contains("will not be there"), "{}", cron.err);
    // systemd reads no `export`.
    let unit = world.run("schedule install --systemd --print").ends_with(0);
    assert!(unit.err.contains("will not be there"), "{}", unit.err);
    fs::write(
        world.home.path().join("udsync.env"),
        file.replace("export ", ""),
    )
    .expect("written");
    let unit = world.run("schedule install --systemd --print").ends_with(0);
    assert!(!unit.err.contains("will not be there"), "{}", unit.err);
}

#[test]
fn stored_credentials_whose_key_is_closed_at_night_are_said() {
    let world = World::of_orders(orders(1..=1));
    let mut connect = world.command("connect woocommerce --from-env --no-input");
    connect
        .args(["--url", &world.shop_url])
        .env("UDSYNC_PASSPHRASE", "correct horse battery staple");
    connect.args(["--key-store", "passphrase"]);
    ran(connect.output().expect("it runs")).ends_with(0);
    let warned = world.run("schedule install --cron --print").ends_with(0);
    assert!(
        !warned.err.contains("UDSYNC_WOOCOMMERCE_KEY"),
        "{}",
        warned.err
    );
    assert!(
        warned
            .err
            .contains("`UDSYNC_PASSPHRASE` opens what is stored"),
        "{}",
        warned.err
    );
}
