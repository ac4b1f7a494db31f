//! `webhooks send`: a delivery as the service would sign it, posted to the running `serve`.

use secrecy::SecretString;
use serde::Serialize;
use serde_json::json;
use url::Url;

use super::super::args::{Global, Output};
use super::super::out;
use super::super::report::{Failure, exit};
use super::super::session::{open_shop, output};
use super::{SendArgs, served};
use crate::app::App;
use crate::connector::local::{TrialDelivery, deliver};
use crate::connector::signature::sign;
use crate::connector::{quickbooks, woocommerce};
use crate::store::Store;

#[derive(Serialize)]
struct SentDocument<'a> {
    schema: &'static str,
    address: &'a str,
    status: u16,
    verdict: Option<String>,
}

pub async fn send(global: &Global, args: &SendArgs) -> Result<u8, Failure> {
    let app = open_shop(global)?;
    let store = app.store()?;
    let served = served(global, &app)?;
    let of_books = args.kind.starts_with("qbo.");
    let url = match &args.to {
        Some(url) => url.clone(),
        None => {
            let path = match (of_books, served.many_shops) {
                (true, _) => "/api/webhooks/quickbooks".to_owned(),
                (false, true) => format!("/api/webhooks/woocommerce/{}", app.config.shop.name),
                (false, false) => "/api/webhooks/woocommerce".to_owned(),
            };
            let text = format!("http://{}{path}", served.settings.hooks_listen);
            Url::parse(&text).expect("a socket and a path are an address")
        }
    };
    let file = match &args.replay {
        Some(path) => Some(crate::files::read(path, 4 << 20).map_err(|error| {
            Failure::new(
                "file_unreadable",
                format!("could not read `{}`: {error}", path.display()),
            )
        })?),
        None => None,
    };
    let delivery = match of_books {
        true => of_the_books(&app, &store, args, file)?,
        false => of_the_shop(&app, &store, args, file)?,
    };
    let answer = deliver(&url, delivery).await.map_err(|fault| {
        let start = served.start();
        fault.hint(format!(
            "start it with `{start}`, or name another address with `--to URL`"
        ))
    })?;
    let said: serde_json::Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let verdict = said["verdict"].as_str().map(str::to_owned);
    if answer.status != 200 {
        let detail = said["detail"].as_str().unwrap_or("it gave no reason");
        return Err(Failure::new(
            "delivery_refused",
            format!("`{url}` answered {}: {detail}", answer.status),
        )
        .hint("`udsync webhooks deliveries` shows what came in and was accepted"));
    }
    if output(global) == Output::Json {
        out::print_json(&SentDocument {
            schema: "udsync/webhook-sent/1",
            address: url.as_str(),
            status: answer.status,
            verdict,
        });
        return Ok(exit::DONE);
    }
    out::answer(&format!("accepted: {}\n", verdict.unwrap_or_default()));
    Ok(exit::DONE)
}

fn of_the_shop(
    app: &App,
    store: &Store,
    args: &SendArgs,
    file: Option<Vec<u8>>,
) -> Result<TrialDelivery, Failure> {
    let secret = app.shop_hook_secret(store)?.ok_or_else(|| {
        Failure::new(
            "webhook_secret_missing",
            "no secret of the shop's webhooks is kept here",
        )
        .hint("`udsync webhooks register` draws one; or set `UDSYNC_WOOCOMMERCE_WEBHOOK_SECRET`")
    })?;
    let id: u64 = args.id.parse().map_err(|_| {
        Failure::new(
            "usage",
            format!("`--id {}` is not the id of a record of the shop", args.id),
        )
        .hint("write a whole number, such as `--id 17`")
    })?;
    let body = file.unwrap_or_else(|| json!({ "id": id }).to_string().into_bytes());
    // Such a webhook is none of the shop's, and no trouble with a secret is looked for behind it.
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        (woocommerce::webhook::TOPIC, args.kind.clone()),
        (woocommerce::webhook::WEBHOOK_ID, "0".to_owned()),
        (woocommerce::webhook::SIGNATURE, sign(&secret, &body)),
    ];
    Ok(TrialDelivery { headers, body })
}

fn of_the_books(
    app: &App,
    store: &Store,
    args: &SendArgs,
    file: Option<Vec<u8>>,
) -> Result<TrialDelivery, Failure> {
    let secrets = app.hook_secrets(store)?;
    let token: &SecretString = secrets.books.first().ok_or_else(|| {
        Failure::new(
            "webhook_secret_missing",
            "no verifier token of QuickBooks is kept here",
        )
        .hint(
            "`udsync connect quickbooks --webhook-token`; or set `UDSYNC_QUICKBOOKS_WEBHOOK_TOKEN`",
        )
    })?;
    let now = app.clock.now();
    let event = json!([{
        "specversion": "1.0",
        "id": uuid::Uuid::now_v7().to_string(),
        "source": "udsync",
        "type": format!("{}.v1", args.kind.trim_end_matches(".v1")),
        "datacontenttype": "application/json",
        "time": now.to_rfc3339_opts(chrono::SecondsFormat::Nanos, true),
        "intuitentityid": args.id,
        "intuitaccountid": secrets.company,
        "data": {},
    }]);
    let body = file.unwrap_or_else(|| event.to_string().into_bytes());
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        (quickbooks::notices::SIGNATURE, sign(token, &body)),
    ];
    Ok(TrialDelivery { headers, body })
}
