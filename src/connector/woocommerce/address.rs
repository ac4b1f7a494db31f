//! Addresses: from whatever somebody copied out of a browser to the shop's address and to the root of its API.
//!
//! What the letters of an address can tell is told here. Whether `/shop` is a page or the folder in which WordPress
//! lives cannot be told from letters: [`super::probe`] looks, when the first guess is not answered.

use url::Url;

use super::trouble::{self, ShopAddress};
use crate::connector::http::is_loopback;
use crate::model::fault::Fault;

/// Where a shop is: the address that people know, and the folder in which its API begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Site {
    /// `https://shop.example.com`, without a slash at the end.
    pub address: String,
    /// `https://shop.example.com/`, always with one.
    pub root: Url,
}

/// Finds the shop in a pasted address.
pub(super) fn site(pasted: &Url, allow_http: bool) -> Result<Site, Fault> {
    let mut root = pasted.clone();
    let usable = matches!(root.scheme(), "http" | "https") && root.host().is_some();
    if !usable {
        return Err(trouble::address_unusable());
    }
    root.set_query(None);
    root.set_fragment(None);
    // Both only refuse addresses without a host.
    let _ = root.set_username("");
    let _ = root.set_password(None);

    let mut folders: Vec<&str> = pasted
        .path()
        .split('/')
        .filter(|folder| !folder.is_empty())
        .collect();
    if let Some(place) = folders.iter().position(|folder| OWN.contains(folder)) {
        folders.truncate(place);
    }
    let through_php = folders.last() == Some(&"index.php");
    if through_php {
        folders.pop();
    }
    root.set_path(&folders.join("/"));
    let address = root.as_str().trim_end_matches('/').to_owned();
    if through_php && pasted.path().contains("/wp-json") {
        folders.push("index.php");
    }
    let root = folder(&root, &folders);

    if root.scheme() == "http" && !is_loopback(&root) && !allow_http {
        return Err(trouble::plain_http(&address));
    }
    Ok(Site { address, root })
}

/// Names that only WordPress itself puts below its root.
const OWN: [&str; 7] = [
    "wp-json",
    "wp-admin",
    "wp-login.php",
    "wp-content",
    "wp-includes",
    "wc-api",
    "xmlrpc.php",
];

/// Where else the API may begin: behind `index.php`, where the web server does not rewrite addresses, and in the
/// folders above, where the address of a page was pasted.
pub(super) fn elsewhere(root: &Url) -> Vec<Url> {
    let mut folders: Vec<&str> = root
        .path()
        .split('/')
        .filter(|folder| !folder.is_empty() && *folder != "index.php")
        .collect();
    let mut places = Vec::new();
    // Nobody's shop page lies deeper than this.
    for _ in 0..5 {
        places.push(folder(root, &folders));
        folders.push("index.php");
        places.push(folder(root, &folders));
        folders.pop();
        if folders.pop().is_none() {
            break;
        }
    }
    places.retain(|place| place != root);
    places
}

fn folder(root: &Url, folders: &[&str]) -> Url {
    let mut url = root.clone();
    url.set_path(&match folders {
        [] => "/".to_owned(),
        folders => format!("/{}/", folders.join("/")),
    });
    url
}

/// The address of something below the API's root, `wp-json/wc/v3/orders`.
pub(super) fn below(root: &Url, path: &str) -> Url {
    let mut url = root.clone();
    url.set_path(&format!("{}{path}", root.path()));
    url
}

/// The shop that a redirect points to, if it points to an API at all.
pub(super) fn moved_to(from: &Url, location: &str) -> Option<ShopAddress> {
    moved_site(from, location).map(|site| ShopAddress(site.address))
}

fn moved_site(from: &Url, location: &str) -> Option<Site> {
    let target = from.join(location).ok()?;
    if !target.path().contains("/wp-json") {
        return None;
    }
    site(&target, true).ok()
}

/// The same shop under its other name, with or without `www.`, or over TLS: keys that are meant for one are meant for the other.
pub(super) fn same_shop(from: &Url, location: &str) -> Option<Url> {
    let target = moved_site(from, location)?.root;
    let bare = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    let less_safe = from.scheme() == "https" && target.scheme() != "https";
    (bare(from) == bare(&target) && !less_safe).then_some(target)
}

/// The address that people know, of where an API begins.
pub(super) fn address_of(root: &Url) -> String {
    let text = root.as_str().trim_end_matches('/');
    text.strip_suffix("/index.php").unwrap_or(text).to_owned()
}

/// Reads what somebody typed or pasted: blanks around it, and no scheme, are no mistake.
pub(super) fn pasted(text: &str) -> Result<Url, Fault> {
    let text = text.trim().trim_matches(['<', '>', '"', '\'']);
    let unusable = |_| trouble::address_unusable();
    if text.contains("://") {
        return Url::parse(text).map_err(unusable);
    }
    let safe = Url::parse(&format!("https://{text}")).map_err(unusable)?;
    if is_loopback(&safe) {
        return Url::parse(&format!("http://{text}")).map_err(unusable);
    }
    Ok(safe)
}
