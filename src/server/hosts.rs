//! The hosts that a request may be for.
//!
//! A page somewhere else can have its own name lead to 127.0.0.1 and let a browser ask there. The browser then says that name, and it
//! is none of these. So names are compared as they stand: nothing is looked up, and nothing is a pattern.

use std::net::SocketAddr;

use super::options::ServeOptions;

/// Names of a listener, in lower case, each good for any port.
#[derive(Clone, Debug)]
pub struct AllowedHosts(Vec<String>);

impl AllowedHosts {
    pub fn of(options: &ServeOptions, listens: &[SocketAddr]) -> AllowedHosts {
        let mut names: Vec<String> = ["localhost", "127.0.0.1", "[::1]"]
            .map(str::to_owned)
            .to_vec();
        let addresses = listens.iter().map(|address| address.ip());
        names.extend(
            addresses
                .filter(|ip| !ip.is_unspecified())
                .map(|ip| match ip {
                    std::net::IpAddr::V4(ip) => ip.to_string(),
                    std::net::IpAddr::V6(ip) => format!("[{ip}]"),
                }),
        );
        let urls = [
            &options.settings.public_url,
            &options.settings.dashboard_url,
        ];
        names.extend(
            urls.into_iter()
                .flatten()
                .filter_map(|url| url.host_str().map(str::to_lowercase)),
        );
        names.extend(
            options
                .settings
                .allowed_hosts
                .iter()
                .map(|name| name.to_lowercase()),
        );
        AllowedHosts(names)
    }

    pub fn allows(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let bare = without_port(&host);
        self.0.iter().any(|name| Some(name.as_str()) == bare)
    }
}

/// A name that means this machine wherever it is looked up.
pub fn is_loopback(host: &str) -> bool {
    let host = host.to_lowercase();
    without_port(&host).is_some_and(|name| ["localhost", "127.0.0.1", "[::1]"].contains(&name))
}

/// The name of `name:port`; of something else, nothing.
fn without_port(host: &str) -> Option<&str> {
    let end = if host.starts_with('[') {
        host.find(']')? + 1
    } else {
        host.find(':').unwrap_or(host.len())
    };
    let (name, rest) = host.split_at(end);
    let is_port = |port: &str| {
        (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit())
    };
    let fits = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
    (fits && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_ours_are_ours() {
        let text = "[serve]\npublic_url = \"https://Hooks.Example.com\"\nallowed_hosts = [\"books.lan\"]\n";
        let settings = crate::config::parse_serve(text, "serve.toml").expect("no mistake");
        let options = ServeOptions::new(settings, "access.db".into());
        let hosts = AllowedHosts::of(&options, &["192.0.2.7:8460".parse().expect("an address")]);
        for ours in [
            "localhost",
            "LOCALHOST:8460",
            "127.0.0.1:1",
            "[::1]:8460",
            "[::1]",
            "hooks.example.com",
            "hooks.example.com:443",
            "books.lan:8460",
            "192.0.2.7:8460",
        ] {
            assert!(hosts.allows(ours), "{ours}");
        }
        for other in [
            "",
            ":8460",
            "evil.test",
            "localhost.",
            "localhost.evil.test",
            "127.0.0.1.nip.io",
            "127.0.0.1:8460:1",
            "127.0.0.1:",
            "127.0.0.1:x",
            "user@localhost",
            "[::1",
            "[::1]x",
            "hooks.example.com.",
            "hooks.example.com/x",
        ] {
            assert!(!hosts.allows(other), "{other}");
        }
    }
}
