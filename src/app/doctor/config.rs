//! Configuration: what stands in `udsync.toml`, as far as its reader could not know better.
//!
//! That it can be read at all is proven by the facts being here; mistakes in it are told by whoever opens it.

use url::Url;

use super::facts::DoctorFacts;
use super::finding::{Finding, Matter, connect, or_ok};
use crate::config::{Config, Environment};
use crate::connector::http::is_loopback;
use crate::model::service::Service;

pub fn file(facts: &DoctorFacts) -> Vec<Finding> {
    let config = &facts.config;
    let mut found = Vec::new();
    let missing = [
        (config.woocommerce.is_none(), Service::SHOP, "the shop is"),
        (config.quickbooks.is_none(), Service::BOOKS, "the books are"),
    ];
    for (_, section, what) in missing.iter().filter(|(missing, ..)| *missing) {
        found.push(
            Finding::problem(format!("the configuration has no `[{section}]` section"))
                .cause(format!("nobody has said where {what}"))
                .fix(format!(
                    "run {}, which writes it",
                    connect(section.as_str())
                ))
                .matter(Matter::Config),
        );
    }
    or_ok(
        found,
        format!("`{}` is in order", config.source_path.display()),
    )
}

pub fn addresses(facts: &DoctorFacts) -> Vec<Finding> {
    let found = [in_clear(&facts.config), environments(&facts.config)].concat();
    or_ok(found, "every address is encrypted and fits its environment")
}

fn in_clear(config: &Config) -> Vec<Finding> {
    let shop = config.woocommerce.iter().map(|shop| &shop.url);
    let open = shop.filter(|url| url.scheme() == "http" && !is_loopback(url));
    open.map(|url| {
        Finding::warning(format!(
            "the shop `{}` is asked over plain http",
            host(url)
        ))
        .cause("everybody on the way can read orders and the names of buyers")
        .fix("set `url = \"https://…\"` in `[woocommerce]` and take `allow_http` out; a certificate costs nothing at most hosts")
        .matter(Matter::Config)
    })
    .collect()
}

fn environments(config: &Config) -> Vec<Finding> {
    let Some(books) = &config.quickbooks else {
        return Vec::new();
    };
    let is_sandbox = |url: &Url| host(url).starts_with("sandbox");
    if books.environment == Environment::Sandbox {
        let official = host(&books.api_url).ends_with(".intuit.com");
        if official && !is_sandbox(&books.api_url) {
            return vec![
                Finding::problem(
                    "`environment` is `sandbox`, and `api_url` is that of real companies",
                )
                .cause("whoever tries something out would write into somebody's books")
                .fix("take `api_url` out of `[quickbooks]`, or set `environment = \"production\"`")
                .matter(Matter::Config),
            ];
        }
        return vec![
            Finding::note("the books are a sandbox company")
                .cause("nothing that is posted there is anybody's bookkeeping"),
        ];
    }
    let addresses = [
        ("api_url", &books.api_url),
        ("auth_url", &books.auth_url),
        ("token_url", &books.token_url),
        ("revoke_url", &books.revoke_url),
    ];
    let mut found = Vec::new();
    for (key, url) in addresses {
        let said = format!(
            "`environment` is `production`, and `{key}` is `{}`",
            host(url)
        );
        let finding = if is_sandbox(url) {
            Finding::problem(said).cause(
                "that is the address of Intuit's sandbox: nothing would reach the real books",
            )
        } else if is_loopback(url) {
            // A proxy may be meant.
            Finding::warning(said)
                .cause("that is this very machine: unless a proxy runs here, nothing reaches the real books")
        } else {
            continue;
        };
        let fix = format!("take `{key}` out of `[quickbooks]`");
        found.push(finding.fix(fix).matter(Matter::Config));
    }
    if let Some(shop) = config
        .woocommerce
        .as_ref()
        .filter(|shop| is_loopback(&shop.url))
    {
        found.push(
            Finding::warning(format!(
                "the books are real, and the shop is on this machine (`{}`)",
                host(&shop.url)
            ))
            .cause("orders that somebody made up to try something out would be posted as sales")
            .fix("set `url` in `[woocommerce]` to the address of the real shop, if it has another one")
            .matter(Matter::Config),
        );
    }
    found
}

fn host(url: &Url) -> String {
    url.host_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(shop: &str, books: &str) -> Vec<String> {
        let text = format!(
            "[shop]\nname = \"test\"\n[woocommerce]\n{shop}\n[quickbooks]\n{books}\n[books]\ntimezone = \"America/Edmonton\"\n"
        );
        let config = crate::config::parse(&text, "udsync.toml").expect("it is right");
        let found = [in_clear(&config), environments(&config)].concat();
        found
            .iter()
            .map(|finding| format!("{:?} {}", finding.level, finding.said))
            .collect()
    }

    #[test]
    fn an_address_of_the_other_world_is_told() {
        let real = "environment = \"production\"";
        let shop = "url = \"https://shop.example.com\"";
        assert_eq!(told(shop, real), [""; 0]);
        assert_eq!(
            told(
                shop,
                "environment = \"production\"\napi_url = \"https://sandbox-quickbooks.api.intuit.com\""
            ),
            [
                "Problem `environment` is `production`, and `api_url` is `sandbox-quickbooks.api.intuit.com`"
            ]
        );
        assert_eq!(
            told(
                shop,
                "environment = \"production\"\ntoken_url = \"http://127.0.0.1:9/oauth2\""
            ),
            ["Warning `environment` is `production`, and `token_url` is `127.0.0.1`"]
        );
        assert_eq!(
            told("url = \"http://localhost:8080\"", real),
            ["Warning the books are real, and the shop is on this machine (`localhost`)"]
        );
        assert_eq!(
            told(
                shop,
                "environment = \"sandbox\"\napi_url = \"https://quickbooks.api.intuit.com\""
            ),
            ["Problem `environment` is `sandbox`, and `api_url` is that of real companies"]
        );
        assert_eq!(
            told("url = \"http://shop.example.com\"\nallow_http = true", real),
            ["Warning the shop `shop.example.com` is asked over plain http"]
        );
    }
}
