//! The client with which the tests ask the stand-ins, as the program would.

use std::sync::OnceLock;
use std::time::Duration;

/// One client for all tests: making one reads the certificates of the machine, which takes longer than most tests. It keeps no
/// connection open, because each test has a runtime of its own.
pub fn http() -> reqwest::Client {
    static CLIENT: OnceLock<reqwest::Client> = OnceLock::new();
    let make = || {
        // A client cannot be built without a TLS provider, though nothing here speaks TLS.
        let _ = rustls::crypto::ring::default_provider().install_default();
        reqwest::Client::builder()
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(120))
            .build()
            .expect("a plain client")
    };
    CLIENT.get_or_init(make).clone()
}
