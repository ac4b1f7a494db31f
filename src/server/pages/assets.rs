//! Assets: styles, script and the icon, in the binary. An address holds the hash of what it leads to, so browsers may keep it for good,
//! and a new version is another address.

use std::io::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

use crate::server::problem::HttpProblem;

struct Asset {
    name: &'static str,
    kind: &'static str,
    bytes: &'static [u8],
    /// The same in less room, for browsers that say they can read it; all of them do.
    packed: Vec<u8>,
    hash: String,
}

/// The names by which templates know them are those of the files.
static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    const CSS: &str = "text/css; charset=utf-8";
    const SCRIPT: &str = "text/javascript; charset=utf-8";
    [
        ("tokens.css", CSS, &include_bytes!("assets/tokens.css")[..]),
        ("app.css", CSS, include_bytes!("assets/app.css")),
        ("htmx.min.js", SCRIPT, include_bytes!("assets/htmx.min.js")),
        ("app.js", SCRIPT, include_bytes!("assets/app.js")),
        ("editor.js", SCRIPT, include_bytes!("assets/editor.js")),
        (
            "icon.svg",
            "image/svg+xml",
            include_bytes!("assets/icon.svg"),
        ),
    ]
    .into_iter()
    .map(|(name, kind, bytes)| Asset {
        name,
        kind,
        bytes,
        packed: packed(bytes),
        hash: hex(bytes)[..16].to_owned(),
    })
    .collect()
});

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    let written = gzip.write_all(bytes).and_then(|()| gzip.finish());
    written.expect("memory takes what is written to it")
}

/// Whether a browser reads what is packed: `gzip, deflate, br`.
fn reads_packed(headers: &HeaderMap) -> bool {
    let said = headers.get(header::ACCEPT_ENCODING);
    let said = said.and_then(|said| said.to_str().ok()).unwrap_or_default();
    let mut ways = said.split(',').map(str::trim);
    ways.any(|way| way == "gzip" || way.starts_with("gzip;") && !way.ends_with("q=0"))
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The addresses by name, for templates: `assets["app.css"]`.
pub fn addresses() -> Value {
    let address = |asset: &Asset| format!("/assets/{}/{}", asset.hash, asset.name);
    let all: Map<String, Value> = ASSETS
        .iter()
        .map(|asset| (asset.name.to_owned(), address(asset).into()))
        .collect();
    all.into()
}

/// `/assets/{hash}/{name}`. An old hash is gone: the page that named it is too.
pub async fn asset(Path((hash, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    let Some(asset) = ASSETS
        .iter()
        .find(|asset| asset.name == name && asset.hash == hash)
    else {
        return HttpProblem::of_status(StatusCode::NOT_FOUND, "").into_response();
    };
    let is_packed = reads_packed(&headers);
    // What is other bytes has another tag.
    let tag = match is_packed {
        true => format!("\"{}-gzip\"", asset.hash),
        false => format!("\"{}\"", asset.hash),
    };
    let tag = HeaderValue::from_str(&tag).expect("a hash is of hex digits");
    let known = headers.get(header::IF_NONE_MATCH) == Some(&tag);
    let kept = [
        (header::ETAG, tag),
        (
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        ),
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.kind)),
        (header::VARY, HeaderValue::from_static("accept-encoding")),
    ];
    let in_gzip = [(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"))];
    match (known, is_packed) {
        (true, _) => (StatusCode::NOT_MODIFIED, kept).into_response(),
        (false, true) => (kept, in_gzip, asset.packed.as_slice()).into_response(),
        (false, false) => (kept, asset.bytes).into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_as_they_wrote_it() {
        let htmx = ASSETS.iter().find(|asset| asset.name == "htmx.min.js");
        assert_eq!(
            hex(htmx.expect("it is there").bytes),
            "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717"
        );
    }

    /// As a browser fetches it, once for good.
    #[test]
    fn all_script_comes_to_less_than_thirty_kilobytes() {
        let scripts = ASSETS.iter().filter(|asset| asset.name.ends_with(".js"));
        let sent: usize = scripts.map(|asset| asset.packed.len()).sum();
        assert!((10_000..30_000).contains(&sent), "{sent}");
    }

    #[tokio::test]
    async fn whoever_reads_gzip_is_sent_it() {
        let app = ASSETS.iter().find(|asset| asset.name == "app.js");
        let app = app.expect("it is there");
        for (said, is_packed) in [
            ("gzip, deflate, br", true),
            ("br;q=1.0, gzip;q=0.8", true),
            ("gzip;q=0", false),
            ("br", false),
        ] {
            let headers =
                HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static(said))]);
            let answer = asset(Path((app.hash.clone(), "app.js".to_owned())), headers).await;
            let way = answer.headers().get(header::CONTENT_ENCODING);
            assert_eq!(way.is_some(), is_packed, "{said}");
            let body = axum::body::to_bytes(answer.into_body(), usize::MAX).await;
            let body = body.expect("a body");
            assert_eq!(body.starts_with(&[0x1f, 0x8b]), is_packed, "{said}");
            assert_eq!(body.len() < app.bytes.len(), is_packed, "{said}");
        }
    }

    #[tokio::test]
    async fn an_asset_is_kept_for_good_and_its_old_address_is_gone() {
        let hash = ASSETS[1].hash.clone();
        let ask = |hash: &str, headers: HeaderMap| {
            asset(Path((hash.to_owned(), "app.css".to_owned())), headers)
        };
        let answer = ask(&hash, HeaderMap::new()).await;
        assert_eq!(answer.status(), StatusCode::OK);
        assert!(
            answer.headers()[header::CACHE_CONTROL]
                .to_str()
                .is_ok_and(|kept| kept.contains("immutable"))
        );
        let tag = answer.headers()[header::ETAG].clone();
        let again = HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]);
        assert_eq!(ask(&hash, again).await.status(), StatusCode::NOT_MODIFIED);
        let old = ask("0000000000000000", HeaderMap::new()).await;
        assert_eq!(old.status(), StatusCode::NOT_FOUND);
    }
}
