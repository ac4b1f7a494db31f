//! Rows through a real pooler that gives out connections for each transaction, as Supabase's does at port 6543.
//!
//! It has one connection for two writers. A statement with a name would meet that of the other, and a setting of a session would stay
//! behind for the other. Where the machine has no `pgbouncer`, that is told in one line; with `UDSYNC_NEEDS_POOLER` set it is a failure.

use std::path::Path;
use std::time::{Duration, Instant};

use udsync::connector::port::{TableWriter, Tables};
use udsync::connector::supabase::{DatabaseConnection, Supabase};
use udsync::model::row::{RowFate, Table};

use crate::postgres::{Kept, free_port};
use crate::real_supabase::RealSupabase;
use crate::rows::{opened, order};
use crate::world::RUNTIME;

const PROGRAM: &str = "/usr/sbin/pgbouncer";

/// Starts the pooler before the project, and answers with its port.
fn pooler(project: &RealSupabase) -> (u16, Kept) {
    let (_, place) = project.database_url.rsplit_once(':').expect("a port");
    let (port, _) = place.split_once('/').expect("a database");
    let folder = Path::new(&project.ca).parent().expect("a folder");
    let own = free_port();
    let file = |name: &str| folder.join(format!("{own}.{name}")).display().to_string();
    let settings = format!(
        "[databases]\n* = host=127.0.0.1 port={port}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {own}\n\
         unix_socket_dir =\npool_mode = transaction\ndefault_pool_size = 1\nauth_type = scram-sha-256\nauth_file = {}\n\
         server_tls_sslmode = require\nclient_tls_sslmode = require\nclient_tls_cert_file = {}\nclient_tls_key_file = {}\n",
        file("users"),
        folder.join("server.crt").display(),
        folder.join("server.key").display(),
    );
    std::fs::write(file("ini"), settings).expect("written");
    std::fs::write(file("users"), "\"keeper\" \"hunter2@home\"\n").expect("written");
    // As root it wants to be somebody else: the one whose the key of the certificate is.
    let work = format!(
        "if [ \"$(id -u)\" = 0 ]; then as='-u postgres'; fi; {PROGRAM} -q $as {} < /dev/null & server=$!",
        file("ini")
    );
    let kept = Kept::until_we_end(&work, "kill -9 $server");
    let begun = Instant::now();
    while std::net::TcpStream::connect(("127.0.0.1", own)).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(20), "no pooler");
        std::thread::sleep(Duration::from_millis(10));
    }
    (own, kept)
}

#[test]
fn a_pooler_that_gives_out_connections_for_each_transaction_is_as_good() {
    if !Path::new(PROGRAM).is_file() {
        assert!(
            std::env::var_os("UDSYNC_NEEDS_POOLER").is_none(),
            "pgbouncer is needed: `apt-get install pgbouncer`"
        );
        eprintln!("not run: no pgbouncer on this machine");
        return;
    }
    let Some(project) = RealSupabase::with_tables() else {
        return;
    };
    let (port, _kept) = pooler(&project);
    let writer = |seconds: u64| -> Supabase {
        let database_url = format!(
            "postgresql://keeper:hunter2%40home@localhost:{port}/{}",
            project.database
        );
        let settings = DatabaseConnection::Postgres {
            database_url: database_url.into(),
            ca_file: Some(project.ca.clone().into()),
        };
        opened(settings, seconds)
    };
    let (one, other) = (writer(20), writer(30));
    let halves: [Vec<_>; 2] =
        [0, 1].map(|half| (1..1_601).filter(|id| id % 2 == half).map(order).collect());
    let (first, second) = RUNTIME.block_on(async {
        tokio::join!(
            async {
                let mut fates = Vec::new();
                for some in halves[0].chunks(100) {
                    fates.extend(one.put(Table::Orders, some).await.fates);
                }
                fates
            },
            async {
                let mut fates = Vec::new();
                for some in halves[1].chunks(100) {
                    fates.extend(other.put(Table::Orders, some).await.fates);
                }
                fates
            }
        )
    });
    let written = |fate: &RowFate| matches!(fate, RowFate::Written { .. });
    assert!(first.iter().chain(&second).all(written));
    assert_eq!(project.count("public.orders"), 1_600);
    assert!(one.requests().throttled + other.requests().throttled == 0);
    let held = RUNTIME
        .block_on(one.page(Table::Orders, None))
        .expect("a page");
    assert_eq!(held.len(), 1_000);
}
