//! A real PostgreSQL for one test: its own cluster in a temporary folder, on loopback, with TLS under an authority made just now, and a
//! second server without TLS.
//!
//! Where the machine has no PostgreSQL or no `openssl`, the test says so in one line and does not run; with `UDSYNC_NEEDS_POSTGRES` set, as in
//! CI, that is a failure.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

pub struct Cluster {
    /// With TLS.
    pub port: u16,
    /// Without.
    pub plain_port: u16,
    folder: TempDir,
    programs: PathBuf,
}

impl Cluster {
    pub fn start() -> Option<Cluster> {
        let cluster = Cluster::make()?;
        cluster.begin();
        cluster.begin_plain();
        for line in [
            "CREATE DATABASE shop",
            "CREATE ROLE udsync LOGIN PASSWORD 'hunter2@home'",
            "CREATE ROLE busy LOGIN PASSWORD 'hunter2@home' CONNECTION LIMIT 0",
        ] {
            cluster.sql("postgres", line);
        }
        cluster.sql(
            "shop",
            "CREATE TABLE public.orders (shop text, id bigint, PRIMARY KEY (shop, id))",
        );
        Some(cluster)
    }

    /// One server with TLS that lives as long as this process, however that ends.
    pub fn start_for_good() -> Option<Cluster> {
        let cluster = Cluster::make()?;
        let data = cluster.path("data");
        let stop = cluster.command(
            "pg_ctl",
            &["-D", text(&data), "-m", "immediate", "-w", "stop"],
        );
        let words = std::iter::once(stop.get_program()).chain(stop.get_args());
        let words: Vec<&str> = words.filter_map(|word| word.to_str()).collect();
        let folder = text(cluster.folder.path());
        // In place before the server is.
        let end = format!("cd /tmp; {}; rm -rf {folder}", words.join(" "));
        std::mem::forget(Kept::until_we_end(":", &end));
        cluster.begin();
        Some(cluster)
    }

    fn make() -> Option<Cluster> {
        let Some(programs) = programs() else {
            assert!(
                std::env::var_os("UDSYNC_NEEDS_POSTGRES").is_none(),
                "PostgreSQL and openssl are needed: `apt-get install postgresql openssl`"
            );
            eprintln!("not run: no PostgreSQL or no openssl on this machine");
            return None;
        };
        let folder = tempfile::Builder::new()
            .prefix("udsync-postgres-")
            .tempdir_in("/tmp")
            .expect("a folder");
        let cluster = Cluster {
            port: free_port(),
            plain_port: free_port(),
            folder,
            programs,
        };
        Some(cluster)
    }

    /// The file of the authority.
    pub fn authority(&self) -> String {
        self.path("ca.crt").display().to_string()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn begin(&self) {
        self.certificates();
        std::fs::write(self.path("password"), "owner").expect("written");
        self.own();
        let (data, password) = (self.path("data"), self.path("password"));
        self.postgres(
            "initdb",
            &[
                "-D",
                text(&data),
                "-U",
                "postgres",
                "-A",
                "scram-sha-256",
                "-E",
                "UTF8",
                "--pwfile",
                text(&password),
                "--no-sync",
            ],
        );
        self.serve_sealed();
    }

    /// The same once more, without TLS.
    fn begin_plain(&self) {
        let (data, plain) = (self.path("data"), self.path("plain"));
        let data = text(&data);
        self.postgres("pg_ctl", &["-D", data, "-m", "fast", "-w", "stop"]);
        let copied = Command::new("cp").arg("-a").arg(data).arg(&plain).status();
        assert!(copied.expect("cp runs").success());
        self.serve_sealed();
        self.serve("plain", &format!("-p {}", self.plain_port));
    }

    fn serve_sealed(&self) {
        let sealed = format!(
            "-p {} -c ssl=on -c ssl_cert_file={} -c ssl_key_file={}",
            self.port,
            self.path("server.crt").display(),
            self.path("server.key").display()
        );
        self.serve("data", &sealed);
    }

    fn serve(&self, data: &str, options: &str) {
        let options = format!(
            "{options} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200"
        );
        let log = self.path(&format!("{data}.log"));
        self.postgres(
            "pg_ctl",
            &[
                "-D",
                text(&self.path(data)),
                "-l",
                text(&log),
                "-w",
                "-o",
                &options,
                "start",
            ],
        );
    }

    /// A program of the client's side.
    pub fn program(&self, name: &str) -> Command {
        Command::new(self.programs.join(name))
    }

    pub fn sql(&self, database: &str, statement: &str) {
        let done = self
            .program("psql")
            .args([
                "-q",
                "-h",
                "127.0.0.1",
                "-p",
                &self.port.to_string(),
                "-U",
                "postgres",
                "-d",
                database,
                "-c",
                statement,
            ])
            .env("PGPASSWORD", "owner")
            .env("PGSSLMODE", "require")
            .status();
        assert!(done.expect("psql runs").success(), "{statement}");
    }

    /// An authority, and a certificate of it for `localhost`.
    fn certificates(&self) {
        let openssl = |line: &str| {
            let done = Command::new("openssl")
                .args(line.split(' '))
                .current_dir(self.folder.path())
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
        std::fs::write(self.path("san"), "subjectAltName=DNS:localhost\n").expect("written");
        openssl(
            "x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -out server.crt -days 2 -extfile san",
        );
    }

    /// PostgreSQL refuses to run as root, so there the folder goes to the user that its package makes.
    fn own(&self) {
        if is_root() {
            let owned = Command::new("chown")
                .args(["-R", "postgres"])
                .arg(self.folder.path())
                .status();
            assert!(owned.expect("chown runs").success());
        }
    }

    fn postgres(&self, program: &str, arguments: &[&str]) {
        let done = self.command(program, arguments).status();
        let log = std::fs::read_to_string(self.path("data.log")).unwrap_or_default();
        assert!(
            done.expect("it runs").success(),
            "{program} {arguments:?}\n{log}"
        );
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let program = self.programs.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command
            .args(arguments)
            .env("LC_ALL", "C")
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null());
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        for data in ["data", "plain"] {
            let data = self.path(data);
            // A server that never came up has nothing to end.
            let _ = self
                .command(
                    "pg_ctl",
                    &["-D", text(&data), "-m", "immediate", "-w", "stop"],
                )
                .stderr(Stdio::null())
                .status();
        }
    }
}

/// Something of the shell that runs beside this process, and what ends it: whoever drops it ends it, and so does the end of this
/// process, even a sudden one.
pub struct Kept(Child);

impl Kept {
    /// Runs `work`, waits until nobody keeps it any more, and runs `end`. Neither may read from standard input.
    pub fn until_we_end(work: &str, end: &str) -> Kept {
        let script = format!("{work}\nread never\n{end}");
        let mut command = Command::new("sh");
        command
            .args(["-c", &script])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        // What a terminal sends to this process must not reach the one that cleans up.
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Kept(command.spawn().expect("sh runs"))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        // It ends by itself.
        let _ = self.0.wait();
    }
}

/// Debian keeps the server's programs out of the path.
fn programs() -> Option<PathBuf> {
    let openssl = Command::new("openssl")
        .arg("version")
        .stdout(Stdio::null())
        .status();
    openssl.ok().filter(|status| status.success())?;
    let debian = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten();
    let debian = debian.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = debian.chain(std::env::split_paths(&path));
    places.find(|place| place.join("initdb").is_file() && place.join("psql").is_file())
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().expect("id runs");
    id.stdout == b"0\n"
}

pub fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of plain letters")
}
