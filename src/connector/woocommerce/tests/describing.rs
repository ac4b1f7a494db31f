//! Describing: what a real shop says about itself, and what a key may not see of it.

use std::time::Duration;

use url::Url;

use super::server::{Answer, Asked, Server};
use super::{clock, connected};
use crate::connector::woocommerce::{WooCommerce, address};
use crate::model::shop::{Shop, Storage};

/// What the recorded shop answers to a key that may see everything.
fn recorded(asked: &Asked) -> Answer {
    let Some(path) = asked.path.strip_prefix("/wp-json/wc/v3/") else {
        return Answer::recorded("auth/https-basic-index");
    };
    match path {
        "orders" => Answer::json(r#"[{"id":7,"currency":"EUR","prices_include_tax":true}]"#),
        "settings/general" => Answer::recorded("shop/settings-general"),
        "settings/tax" => Answer::recorded("shop/settings-tax"),
        "payment_gateways" => Answer::recorded("shop/payment-gateways"),
        "taxes" => Answer::recorded("shop/taxes"),
        "reports/orders/totals" => Answer::recorded("shop/reports-orders-totals"),
        "system_status" => Answer::recorded("shop/system-status-trimmed"),
        other => Answer::status(404, format!("nothing at {other}")),
    }
}

async fn described(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Shop {
    let server = Server::start(answer).await;
    connected(&server).describe().await.expect("a description")
}

#[tokio::test]
async fn a_real_shop_is_described_as_it_is() {
    let shop = described(recorded).await;
    assert_eq!(shop.name, "Maple & Pine Outfitters");
    assert_eq!(shop.timezone, "America/Vancouver");
    assert_eq!(shop.version.as_deref(), Some("10.2.4"));
    assert_eq!((shop.currency.as_str(), shop.decimals), ("CAD", 2));
    assert_eq!(shop.country, "CA:BC");
    assert!(shop.taxes && !shop.prices_include_tax);
    assert_eq!(shop.storage, Storage::Tables);
    assert_eq!(shop.unseen, Vec::<String>::new());
    let bacs = &shop.gateways[0];
    assert_eq!((bacs.id.as_str(), bacs.enabled), ("bacs", true));
    let own = shop
        .statuses
        .iter()
        .find(|status| status.slug == "awaiting-pickup");
    assert_eq!(
        own.map(|status| status.name.as_str()),
        Some("Awaiting pickup")
    );
}

/// The codes are those of the recorded orders.
#[tokio::test]
async fn a_rate_has_the_code_that_orders_carry() {
    let shop = described(recorded).await;
    let codes: Vec<String> = shop
        .rates
        .iter()
        .map(|rate| format!("{} {} {}", rate.id, rate.code, rate.percent))
        .collect();
    assert_eq!(
        codes,
        [
            "1 CA-BC-GST-1 5",
            "2 CA-BC-PST-2 7",
            "3 CA-AB-GST-1 5",
            "4 CA-ON-HST-1 13",
            "5 CA-QC-GST-1 5",
            "6 CA-QC-QST-2 9.975",
            "7 CA-PE-GST-1 5",
            "8 CA-PE-PST (ON GST)-2 10",
            "9 CA-SK-GST-1 5",
            "10 CA-SK-PST-2 6",
            "11 CA-BC-GST-1 5",
            "12 CA-ZERO RATED-1 0",
            "13 GB-VAT-1 20",
            "14 US-WA-WA SALES TAX-1 10.25",
        ]
    );
    assert!(shop.rates[7].compound);
    assert_eq!(shop.rates[10].class, "reduced-rate");
}

#[tokio::test]
async fn what_a_key_for_orders_alone_may_not_see_is_named_and_stops_nothing() {
    let shop = described(|asked| match asked.path.as_str() {
        "/wp-json/wc/v3/orders" | "/wp-json/" => recorded(asked),
        _ => Answer::recorded("auth/customer-key-get"),
    })
    .await;
    assert_eq!(
        shop.unseen,
        [
            "settings/general",
            "settings/tax",
            "payment_gateways",
            "taxes",
            "reports/orders/totals",
            "system_status"
        ]
    );
    // What an order tells all the same.
    assert_eq!(
        (shop.currency.as_str(), shop.prices_include_tax),
        ("EUR", true)
    );
    assert_eq!(shop.storage, Storage::Unknown);

    let server = Server::start(|_| Answer::recorded("auth/customer-key-get")).await;
    let fault = connected(&server).describe().await.expect_err("no orders");
    assert_eq!(fault.code, "store_rights_missing");
}

#[tokio::test]
async fn posts_and_an_offset_in_the_place_of_a_zone() {
    let shop = described(|asked| match asked.path.as_str() {
        "/wp-json/" => Answer::json(r#"{"name":"A","timezone_string":"","gmt_offset":-3.5}"#),
        "/wp-json/wc/v3/system_status" => Answer::json(
            r#"{"environment":{"version":"7.1.0"},"settings":{"order_datastore":"WC_Order_Data_Store_CPT","HPOS_enabled":false}}"#,
        ),
        _ => recorded(asked),
    })
    .await;
    assert_eq!(shop.timezone, "-03:30");
    assert_eq!(shop.storage, Storage::Posts);
}

#[tokio::test]
async fn rates_are_read_to_the_last_page() {
    let rate = |id: u32| {
        format!(r#"{{"id":{id},"country":"US","state":"","rate":"1.0000","name":"","priority":1}}"#)
    };
    let shop = described(move |asked| {
        if asked.path != "/wp-json/wc/v3/taxes" {
            return recorded(asked);
        }
        let page: u32 = asked
            .get("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(1);
        let rows: Vec<String> = ((page - 1) * 100 + 1..=(page * 100).min(230))
            .map(rate)
            .collect();
        Answer::json(format!("[{}]", rows.join(","))).header("x-wp-total", 230)
    })
    .await;
    assert_eq!(shop.rates.len(), 230);
    assert_eq!(shop.rates[229].code, "US-TAX-1");
}

#[tokio::test]
async fn a_key_that_may_write_is_found_out_without_writing() {
    for (recording, expected) in [
        ("errors/wrong-method", Some(true)),
        ("auth/read-key-post", Some(false)),
        ("errors/rest-disabled-accept-json", None),
    ] {
        let server = Server::start(move |_| Answer::recorded(recording)).await;
        assert_eq!(
            connected(&server).may_write().await,
            expected,
            "{recording}"
        );
    }
}

#[tokio::test]
async fn a_shop_is_found_before_any_key_is_sent() {
    let server = Server::start(|asked| match asked.path.as_str() {
        "/wp-json/" => Answer::recorded("auth/https-basic-index"),
        _ => Answer::status(404, "<html>"),
    })
    .await;
    let address = server.url.as_str().trim_end_matches('/').to_owned();
    for pasted in [
        format!(" {address}/product/trail-mug/?color=red "),
        format!("{address}/wp-admin/edit.php?post_type=shop_order"),
        address.replace("http://", ""),
    ] {
        let found = WooCommerce::locate(&pasted, false, Duration::from_secs(5), &clock()).await;
        let found = found.unwrap_or_else(|fault| panic!("{pasted}: {fault}"));
        assert_eq!(found.as_str(), server.url.as_str(), "{pasted}");
    }
    for asked in server.asked() {
        assert!(asked.authorization.is_none() && asked.get("oauth_consumer_key").is_none());
    }
}

#[tokio::test]
async fn another_house_is_not_entered_only_because_of_a_redirect() {
    let elsewhere = |to: &'static str| async move {
        let server = Server::start(move |_| Answer::status(301, "").header("location", to)).await;
        WooCommerce::locate(server.url.as_str(), false, Duration::from_secs(5), &clock())
            .await
            .expect_err("not followed")
    };
    let fault = elsewhere("https://shop.example/wp-json/").await;
    assert_eq!(fault.code, "store_moved");
    assert!(fault.said.contains("`https://shop.example`"), "{fault}");
}

#[test]
fn a_shop_is_the_same_with_and_without_www_and_over_tls() {
    let moves = |from: &str, to: &str| {
        let from = Url::parse(from).expect("an address");
        address::same_shop(&from, to).map(|root| root.to_string())
    };
    let www = Some("https://www.shop.example/".to_owned());
    let target = "https://www.shop.example/wp-json/?_fields=namespaces";
    assert_eq!(moves("https://shop.example/wp-json/", target), www);
    assert_eq!(moves("http://shop.example/wp-json/", target), www);
    assert_eq!(
        moves(
            "https://www.shop.example/wp-json/",
            "http://shop.example/wp-json/"
        ),
        None
    );
    assert_eq!(
        moves(
            "https://shop.example/wp-json/",
            "https://shop.example.org/wp-json/"
        ),
        None
    );
    assert_eq!(
        moves(
            "https://shop.example/wp-json/",
            "https://shop.example/login"
        ),
        None
    );
}
