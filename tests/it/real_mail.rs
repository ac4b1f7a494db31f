//! Mail as a server that others wrote receives it: aiosmtpd of Debian, on loopback.
//!
//! The server in `postbox` was written by whoever wrote the sender, so both could be wrong in the same way. This one insists on
//! STARTTLS under an authority made just now and on a sign-in, and the mail is read by Python's own parser, which lists what is
//! wrong with it. It shows nothing of delivery beyond the first server: no DNS, no relay, no spam filter.
//!
//! Where the machine has no aiosmtpd or no `openssl`, each test says so in one line and does not run; with `UDSYNC_NEEDS_SMTP`
//! set, as in CI, that is a failure.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::order::{order, unmapped};
use crate::postbox::{PASSWORD, USER};
use crate::world::{BOOKS, Ran, World, ran, until};

/// The one that Debian's packages are for, whatever else is in the path.
const PYTHON: &str = "/usr/bin/python3";

/// Appends each sign-in and each mail to `seen`, a line of JSON before it is answered, and ends with its standard input.
const SERVER: &str = r#"
import asyncio, json, os, ssl, sys
from email import message_from_bytes, policy
from aiosmtpd.smtp import SMTP, AuthResult

os.chdir(sys.argv[1])
name, password = (word.encode() for word in sys.stdin.readline().split())

def note(**seen):
    with open("seen", "a") as file:
        print(json.dumps(seen), file=file)

def sign_in(server, session, envelope, mechanism, given):
    is_right = (given.login, given.password) == (name, password)
    note(sign_in=is_right, private=session.ssl is not None)
    return AuthResult(success=is_right, handled=False)

class Keep:
    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        defects = [repr(defect) for header in mail.values() for defect in header.defects]
        defects += [repr(defect) for defect in mail.defects]
        bare = envelope.content.replace(b"\r\n", b"")
        if b"\n" in bare or b"\r" in bare:
            defects.append("a line that does not end with CRLF")
        note(mail={
            "private": session.ssl is not None,
            "signed_in": bool(session.authenticated),
            "sender": envelope.mail_from,
            "recipients": envelope.rcpt_tos,
            "from": [str(one) for one in mail["From"].addresses],
            "to": [str(one) for one in mail["To"].addresses],
            "subject": mail["Subject"],
            "auto_submitted": mail["Auto-Submitted"],
            "message_id": mail["Message-ID"],
            "dated": mail["Date"].datetime is not None,
            "type": mail.get_content_type(),
            "ascii_headers": envelope.content.split(b"\r\n\r\n")[0].isascii(),
            "text": mail.get_content(),
            "defects": defects,
        })
        return "250 kept"

async def main():
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain("server.crt", "server.key")
    loop = asyncio.get_running_loop()
    def serve():
        return SMTP(Keep(), hostname="localhost", tls_context=tls, require_starttls=True,
                    auth_required=True, authenticator=sign_in, loop=loop)
    server = await loop.create_server(serve, "127.0.0.1", 0)
    with open("port.new", "w") as file:
        file.write(str(server.sockets[0].getsockname()[1]))
    os.rename("port.new", "port")
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)

asyncio.run(main())
"#;

struct Aiosmtpd {
    port: u16,
    folder: TempDir,
    child: Child,
}

impl Aiosmtpd {
    fn start(test: &str) -> Option<Aiosmtpd> {
        if !(runs(PYTHON, &["-I", "-c", "import aiosmtpd"]) && runs("openssl", &["version"])) {
            assert!(
                std::env::var_os("UDSYNC_NEEDS_SMTP").is_none(),
                "aiosmtpd and openssl are needed: `apt-get install python3-aiosmtpd openssl`"
            );
            // Past the test runner, which keeps to itself what a test prints.
            let line = format!("real_mail::{test} did not run: it needs aiosmtpd and openssl\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        certificates(&folder);
        let script = folder.path().join("server.py");
        std::fs::write(&script, SERVER).expect("written");
        let log = std::fs::File::create(folder.path().join("log")).expect("a file");
        let mut child = Command::new(PYTHON)
            .arg("-I")
            .args([script.as_path(), folder.path()])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("Python starts");
        // It stays open: the server ends with it, however this process ends.
        let input = child.stdin.as_mut().expect("a pipe");
        writeln!(input, "{USER} {PASSWORD}").expect("it listens");
        let mut server = Aiosmtpd {
            port: 0,
            folder,
            child,
        };
        until("the mail server listens", || {
            let ended = server.child.try_wait().expect("a child of ours");
            assert!(ended.is_none(), "{}", server.read("log"));
            server.path("port").exists()
        });
        server.port = server.read("port").parse().expect("a port");
        Some(server)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    /// What it saw of this kind, in order.
    fn seen(&self, kind: &str) -> Vec<Value> {
        let seen = self.read("seen");
        let lines = seen
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
        lines.filter_map(|line| line.get(kind).cloned()).collect()
    }

    fn mails(&self) -> Vec<Value> {
        self.seen("mail")
    }

    /// The section of a configuration that writes here.
    fn section(&self) -> String {
        format!(
            "[notify.email]\nhost = \"localhost\"\nport = {}\ntls = \"starttls\"\n\
             from = \"Zoë's Käserei <shop@canary.example>\"\n\
             to = [\"owner@canary.example\", \"Ann Lee <ann@canary.example>\"]\n\
             username = \"{USER}\"\nca_file = \"{}\"\n",
            self.port,
            self.path("ca.crt").display()
        )
    }

    /// A shop whose owner gets mail from here.
    fn world(&self, orders: Vec<Value>) -> World {
        let world = World::of_orders(orders);
        world.configure(&format!("{BOOKS}\n{}", self.section()));
        world
    }
}

impl Drop for Aiosmtpd {
    fn drop(&mut self) {
        // One that has ended already needs no end.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

/// An authority, and a certificate of it for `localhost`.
fn certificates(folder: &TempDir) {
    let openssl = |line: &str| {
        let done = Command::new("openssl")
            .args(line.split(' '))
            .current_dir(folder.path())
            .stderr(Stdio::null())
            .status();
        assert!(done.expect("openssl runs").success(), "{line}");
    };
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca.key -out ca.crt -days 2 -subj /CN=Test-Authority -addext keyUsage=critical,keyCertSign",
    );
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout server.key -out server.csr -subj /CN=localhost",
    );
    std::fs::write(folder.path().join("san"), "subjectAltName=DNS:localhost\n").expect("written");
    openssl(
        "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile san",
    );
}

fn run(world: &World, line: &str, password: &str) -> Ran {
    let mut command = world.command(line);
    command.env("UDSYNC_NOTIFY_EMAIL_PASSWORD", password);
    ran(command.output().expect("it runs"))
}

#[test]
fn a_test_and_the_notices_of_a_failing_sync_are_received_as_they_were_meant() {
    let test = "a_test_and_the_notices_of_a_failing_sync_are_received_as_they_were_meant";
    let Some(server) = Aiosmtpd::start(test) else {
        return;
    };
    let world = server.world(vec![order(1)]);
    let sent = run(&world, "notify test --channel email", PASSWORD).ends_with(0);
    assert_eq!(sent.out, "email  sent\n");

    let mut failing = world.command("sync orders");
    failing
        .env("UDSYNC_NOTIFY_EMAIL_PASSWORD", PASSWORD)
        .env("UDSYNC_WOOCOMMERCE_SECRET", "cs_9999");
    for _ in 0..2 {
        ran(failing.output().expect("it runs")).ends_with(4);
    }
    run(&world, "sync orders", PASSWORD).ends_with(0);

    let mails = server.mails();
    let subjects: Vec<&Value> = mails.iter().map(|mail| &mail["subject"]).collect();
    assert_eq!(
        subjects,
        [
            "[udsync test] this is a test",
            "[udsync test] the connection to the shop is broken",
            "[udsync test] over: the connection to the shop is broken",
        ]
    );
    let text = mails[1]["text"].as_str().expect("a text");
    for part in [
        "What happened: `udsync sync orders` stopped: ",
        "What it means: ",
        "What to do: ",
    ] {
        assert!(text.contains(part), "{text}");
    }
    let mut ids = Vec::new();
    for mail in mails {
        let mut mail = mail;
        for part in ["subject", "text"] {
            mail.as_object_mut().expect("an object").remove(part);
        }
        ids.push(mail["message_id"].take());
        assert_eq!(
            mail,
            json!({
                "private": true,
                "signed_in": true,
                "sender": "shop@canary.example",
                "recipients": ["owner@canary.example", "ann@canary.example"],
                "from": ["Zoë's Käserei <shop@canary.example>"],
                "to": ["owner@canary.example", "Ann Lee <ann@canary.example>"],
                "auto_submitted": "auto-generated",
                "message_id": null,
                "dated": true,
                "type": "text/plain",
                "ascii_headers": true,
                "defects": [],
            })
        );
    }
    assert!(ids.iter().all(Value::is_string), "{ids:?}");
    assert!(ids[0] != ids[1] && ids[1] != ids[2], "{ids:?}");
}

#[test]
fn a_wrong_password_is_recorded_and_fails_no_run() {
    let Some(server) = Aiosmtpd::start("a_wrong_password_is_recorded_and_fails_no_run") else {
        return;
    };
    let world = server.world(vec![order(1), unmapped(2)]);
    let synced = run(&world, "sync orders", "wrong-canary").ends_with(3);
    assert!(synced.out.contains("1 created"), "{}", synced.out);
    let note = "note: a notice could not be sent to `email`: the mail server answered 535";
    assert!(synced.err.contains(note), "{}", synced.err);
    assert!(!synced.err.contains("canary"), "{}", synced.err);
    let list = world.run("notify list --json").ends_with(0).json();
    assert_eq!(list["notices"][0]["attempts"], 1, "{list}");
    assert!(list["notices"][0].to_string().contains("535"), "{list}");

    let tested = run(&world, "notify test --channel email --json", "wrong-canary").ends_with(4);
    let channel = &tested.json()["channels"][0];
    assert_eq!(channel["code"], "notice_credentials", "{channel}");
    let asked = server.seen("sign_in");
    assert!(!asked.is_empty() && asked.iter().all(|is_right| is_right == false));
    assert_eq!(server.mails(), [Value::Null; 0]);

    run(&world, "sync orders", PASSWORD).ends_with(3);
    run(&world, "sync orders", PASSWORD).ends_with(3);
    let mails = server.mails();
    assert_eq!(mails.len(), 1, "kept until it could be sent: {mails:?}");
    assert_eq!(
        mails[0]["subject"],
        "[udsync test] 1 record needs a look: tax code unmapped"
    );
    let list = world.run("notify list --json").ends_with(0).json();
    assert_eq!(list["notices"], json!([]));
}

#[test]
fn without_trust_or_a_sign_in_no_mail_goes_out() {
    let Some(server) = Aiosmtpd::start("without_trust_or_a_sign_in_no_mail_goes_out") else {
        return;
    };
    let world = server.world(vec![order(1)]);
    let section = server.section();
    let without = |keys: &[&str]| {
        let is_kept = |line: &&str| !keys.iter().any(|key| line.starts_with(key));
        let lines: Vec<&str> = section.lines().filter(is_kept).collect();
        lines.join("\n")
    };
    for (section, exit, code) in [
        (without(&["ca_file"]), 5, "notice_tls"),
        (
            section.replace("\"localhost\"", "\"127.0.0.1\""),
            5,
            "notice_tls",
        ),
        (without(&["username"]), 4, "notice_credentials"),
        (
            without(&["username", "ca_file"]).replace("\"starttls\"", "\"none\""),
            4,
            "notice_credentials",
        ),
    ] {
        world.configure(&format!("{BOOKS}\n{section}"));
        let refused = run(&world, "notify test --channel email --json", PASSWORD).ends_with(exit);
        let channel = &refused.json()["channels"][0];
        assert_eq!(channel["code"], code, "{section}\n{channel}");
    }
    assert_eq!(server.read("seen"), "", "nobody signed in, no mail came");
}
