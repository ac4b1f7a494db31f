//! The bound: what it costs to bring orders into the same tables when nothing else is done.
//!
//! A loader without settings, mappings, memory, holds or TLS: it lists the orders of a shop, copies all columns of them and of their lines
//! into temporary tables, and merges these. It is the yardstick of [`bench`](crate::bench), which starts it as a process of its own; it misses a
//! second change within the second of the last read one, which a sync must not.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use futures_util::SinkExt;
use serde::Deserialize;
use serde_json::value::RawValue;
use sha2::Digest;
use udsync::connector::supabase::schema::columns::sent;
use udsync::model::row::Table;

/// Pages of the shop for each merge.
const PAGES: usize = 20;

pub const SHOP: &str = "UDSYNC_BENCH_SHOP";
pub const DATABASE: &str = "UDSYNC_BENCH_DATABASE";
pub const KEYS: &str = "UDSYNC_BENCH_KEYS";

type Text<'t> = Option<Cow<'t, str>>;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Address<'t> {
    #[serde(borrow)]
    first_name: Text<'t>,
    #[serde(borrow)]
    last_name: Text<'t>,
    #[serde(borrow)]
    company: Text<'t>,
    #[serde(borrow)]
    address_1: Text<'t>,
    #[serde(borrow)]
    address_2: Text<'t>,
    #[serde(borrow)]
    city: Text<'t>,
    #[serde(borrow)]
    state: Text<'t>,
    #[serde(borrow)]
    postcode: Text<'t>,
    #[serde(borrow)]
    country: Text<'t>,
    #[serde(borrow)]
    email: Text<'t>,
    #[serde(borrow)]
    phone: Text<'t>,
}

#[derive(Deserialize)]
struct Line<'t> {
    id: i64,
    #[serde(borrow)]
    name: Text<'t>,
    product_id: Option<i64>,
    variation_id: Option<i64>,
    quantity: Option<i64>,
    #[serde(borrow)]
    subtotal: Text<'t>,
    #[serde(borrow)]
    subtotal_tax: Text<'t>,
    #[serde(borrow)]
    total: Text<'t>,
    #[serde(borrow)]
    total_tax: Text<'t>,
    #[serde(borrow)]
    sku: Text<'t>,
    #[serde(borrow)]
    tax_class: Text<'t>,
    #[serde(borrow)]
    taxes: Option<&'t RawValue>,
    #[serde(borrow)]
    meta_data: Option<&'t RawValue>,
    #[serde(borrow)]
    method_title: Text<'t>,
    #[serde(borrow)]
    method_id: Text<'t>,
}

#[derive(Deserialize)]
struct Refunded<'t> {
    #[serde(borrow)]
    total: Text<'t>,
}

#[derive(Deserialize)]
struct Coupon<'t> {
    #[serde(borrow)]
    code: Text<'t>,
}

#[derive(Deserialize)]
struct Bought<'t> {
    id: i64,
    #[serde(borrow)]
    number: Text<'t>,
    #[serde(borrow)]
    status: Text<'t>,
    #[serde(borrow)]
    currency: Text<'t>,
    #[serde(borrow)]
    total: Text<'t>,
    #[serde(borrow)]
    total_tax: Text<'t>,
    #[serde(borrow)]
    cart_tax: Text<'t>,
    #[serde(borrow)]
    shipping_total: Text<'t>,
    #[serde(borrow)]
    shipping_tax: Text<'t>,
    #[serde(borrow)]
    discount_total: Text<'t>,
    #[serde(borrow)]
    discount_tax: Text<'t>,
    prices_include_tax: bool,
    customer_id: i64,
    #[serde(borrow)]
    billing: Address<'t>,
    #[serde(borrow)]
    shipping: Address<'t>,
    #[serde(borrow)]
    payment_method: Text<'t>,
    #[serde(borrow)]
    payment_method_title: Text<'t>,
    #[serde(borrow)]
    transaction_id: Text<'t>,
    #[serde(borrow)]
    created_via: Text<'t>,
    #[serde(borrow)]
    customer_note: Text<'t>,
    #[serde(borrow)]
    order_key: Text<'t>,
    #[serde(borrow)]
    date_created: Text<'t>,
    #[serde(borrow)]
    date_created_gmt: Text<'t>,
    #[serde(borrow)]
    date_modified_gmt: Text<'t>,
    #[serde(borrow)]
    date_paid_gmt: Text<'t>,
    #[serde(borrow)]
    date_completed_gmt: Text<'t>,
    #[serde(borrow)]
    meta_data: &'t RawValue,
    #[serde(borrow)]
    tax_lines: &'t RawValue,
    #[serde(borrow)]
    line_items: Vec<&'t RawValue>,
    #[serde(borrow)]
    shipping_lines: Vec<&'t RawValue>,
    #[serde(borrow)]
    fee_lines: Vec<&'t RawValue>,
    #[serde(borrow)]
    coupon_lines: Vec<Coupon<'t>>,
    #[serde(borrow)]
    refunds: Vec<Refunded<'t>>,
}

/// A row for COPY: its cells, each with what ends it.
struct Cells(String);

impl Cells {
    fn text(&mut self, text: &str) {
        let mut copied = 0;
        for (at, byte) in text.bytes().enumerate() {
            let escaped = match byte {
                b'\\' => "\\\\",
                b'\n' => "\\n",
                b'\r' => "\\r",
                b'\t' => "\\t",
                _ => continue,
            };
            self.0.push_str(&text[copied..at]);
            self.0.push_str(escaped);
            copied = at + 1;
        }
        self.0.push_str(&text[copied..]);
        self.0.push('\t');
    }

    fn maybe(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.0.push_str("\\N\t"),
        }
    }

    fn cell(&mut self, text: &Text<'_>) {
        self.maybe(text.as_deref());
    }

    /// A figure, or nothing where the shop writes an empty text.
    fn figure(&mut self, text: &Text<'_>) {
        self.maybe(text.as_deref().filter(|text| !text.is_empty()));
    }

    fn number(&mut self, number: Option<i64>) {
        match number {
            Some(number) => {
                let _ = write!(self.0, "{number}\t");
            }
            None => self.maybe(None),
        }
    }

    fn time(&mut self, text: &Text<'_>) {
        match text.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => {
                self.0.push_str(text);
                self.0.push_str("Z\t");
            }
            None => self.maybe(None),
        }
    }

    fn json(&mut self, raw: Option<&RawValue>) {
        self.maybe(raw.map(RawValue::get));
    }

    /// What the record said, its fingerprint, and when it was changed: the last cells of each row.
    fn end(&mut self, raw: &RawValue, at: &Text<'_>) {
        self.json(Some(raw));
        for byte in sha2::Sha256::digest(raw.get()) {
            let _ = write!(self.0, "{byte:02x}");
        }
        self.0.push('\t');
        self.time(at);
        self.0.push_str("\\N\n");
    }
}

fn line(cells: &mut Cells, kind: &str, raw: &RawValue, order: &Bought<'_>) -> i64 {
    let line: Line<'_> = serde_json::from_str(raw.get()).expect("a line");
    cells.text("bench");
    cells.number(Some(line.id));
    cells.number(Some(order.id));
    cells.text(kind);
    cells.cell(if line.name.is_some() {
        &line.name
    } else {
        &line.method_title
    });
    cells.cell(&line.sku);
    cells.number(line.product_id);
    cells.number(line.variation_id);
    cells.number(line.quantity);
    for figure in [
        &line.subtotal,
        &line.subtotal_tax,
        &line.total,
        &line.total_tax,
    ] {
        cells.figure(figure);
    }
    cells.cell(&line.tax_class);
    cells.cell(&line.method_id);
    cells.json(line.taxes);
    cells.json(line.meta_data);
    cells.time(&order.date_modified_gmt);
    cells.end(raw, &order.date_modified_gmt);
    line.quantity.unwrap_or(0)
}

fn order(cells: &mut Cells, lines: &mut Cells, raw: &RawValue) {
    let order: Bought<'_> = serde_json::from_str(raw.get()).expect("an order");
    let mut count = 0;
    for raw in &order.line_items {
        count += line(lines, "item", raw, &order);
    }
    for (kind, list) in [
        ("shipping", &order.shipping_lines),
        ("fee", &order.fee_lines),
    ] {
        for raw in list {
            line(lines, kind, raw, &order);
        }
    }
    cells.text("bench");
    cells.number(Some(order.id));
    for text in [&order.number, &order.status, &order.currency] {
        cells.cell(text);
    }
    for figure in [
        &order.total,
        &order.total_tax,
        &order.cart_tax,
        &order.shipping_total,
        &order.shipping_tax,
        &order.discount_total,
        &order.discount_tax,
    ] {
        cells.figure(figure);
    }
    // Good enough for a bound, and for nothing else: floats.
    let back = order
        .refunds
        .iter()
        .filter_map(|refund| refund.total.as_deref()?.parse::<f64>().ok());
    let back: f64 = back.sum();
    let _ = write!(cells.0, "{}\t", -back);
    cells.number(Some(count));
    cells.text(if order.prices_include_tax { "t" } else { "f" });
    cells.number(Some(order.customer_id).filter(|id| *id != 0));
    cells.text(if order.customer_id == 0 { "t" } else { "f" });
    for text in [
        &order.billing.email,
        &order.payment_method,
        &order.payment_method_title,
        &order.transaction_id,
        &order.created_via,
        &order.customer_note,
    ] {
        cells.cell(text);
    }
    let coupons: Vec<Option<&str>> = order
        .coupon_lines
        .iter()
        .map(|coupon| coupon.code.as_deref())
        .collect();
    cells.text(&serde_json::to_string(&coupons).expect("texts"));
    cells.json(Some(order.tax_lines));
    let method = order
        .shipping_lines
        .first()
        .map(|raw| serde_json::from_str::<Line<'_>>(raw.get()).expect("a line"));
    cells.cell(&method.and_then(|line| line.method_title));
    for of in [&order.billing, &order.shipping] {
        for text in [
            &of.first_name,
            &of.last_name,
            &of.company,
            &of.address_1,
            &of.address_2,
            &of.city,
            &of.state,
            &of.postcode,
            &of.country,
        ] {
            cells.cell(text);
        }
        if std::ptr::eq(of, &order.billing) {
            cells.cell(&of.email);
        }
        cells.cell(&of.phone);
    }
    for time in [
        &order.date_created_gmt,
        &order.date_modified_gmt,
        &order.date_paid_gmt,
        &order.date_completed_gmt,
    ] {
        cells.time(time);
    }
    cells.maybe(
        order
            .date_created
            .as_deref()
            .and_then(|text| text.get(..10)),
    );
    cells.cell(&order.order_key);
    cells.json(Some(order.meta_data));
    cells.end(raw, &order.date_modified_gmt);
}

/// The plainest client that HTTP allows.
struct Shop {
    stream: BufReader<TcpStream>,
    host: String,
    keys: String,
}

impl Shop {
    /// Reads a page into `body`; answers with how many there are.
    fn page(&mut self, query: &str, body: &mut Vec<u8>) -> usize {
        let asked = format!(
            "GET /wp-json/wc/v3/orders?{query} HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic {}\r\n\r\n",
            self.host, self.keys
        );
        self.stream
            .get_mut()
            .write_all(asked.as_bytes())
            .expect("it is asked");
        let (mut length, mut pages, mut head) = (0, 0, String::new());
        loop {
            head.clear();
            self.stream.read_line(&mut head).expect("it answers");
            let line = head.trim_end().to_ascii_lowercase();
            if line.starts_with("http/") {
                assert!(line.contains(" 200"), "{line}");
            }
            match line.split_once(": ") {
                Some(("content-length", value)) => length = value.parse().expect("a length"),
                Some(("x-wp-totalpages", value)) => pages = value.parse().expect("a number"),
                _ if line.is_empty() => break,
                _ => {}
            }
        }
        body.resize(length, 0);
        self.stream.read_exact(body).expect("a body");
        pages
    }
}

/// The columns of a table as SQL, and what a merge sets.
fn names(table: Table) -> (String, String) {
    let names: Vec<&str> = sent(table).map(|column| column.name).collect();
    let own = names.iter().filter(|name| !matches!(**name, "shop" | "id"));
    let sets: Vec<String> = own
        .map(|name| format!("{name} = excluded.{name}"))
        .collect();
    (names.join(", "), sets.join(", "))
}

/// Merges what was gathered of one table; answers with how many rows were written.
async fn merge(client: &mut tokio_postgres::Client, table: Table, cells: &mut Cells) -> u64 {
    let (names, sets) = names(table);
    let name = table.as_str();
    let transaction = client.transaction().await.expect("begun");
    let staging = format!(
        "create temp table staging on commit drop as select {names} from public.{name} limit 0"
    );
    transaction.batch_execute(&staging).await.expect("made");
    let sink = transaction
        .copy_in(&format!("copy staging ({names}) from stdin"))
        .await
        .expect("begun");
    let mut sink = Box::pin(sink);
    let text = std::mem::take(&mut cells.0);
    sink.send(bytes::Bytes::from(text)).await.expect("sent");
    sink.close().await.expect("copied");
    let merge = format!(
        "insert into public.{name} ({names}) select distinct on (id) {names} from staging order by id, source_at desc
         on conflict (shop, id) do update set {sets}"
    );
    let written = transaction.execute(&merge, &[]).await.expect("merged");
    transaction.commit().await.expect("kept");
    written
}

/// Does nothing unless it is started with what it needs: it is a process of the table in [`bench`](crate::bench).
#[test]
#[ignore = "is started by the table of the benchmark"]
fn bound() {
    let told = |name: &str| std::env::var(name).ok();
    let (Some(shop), Some(database), Some(keys)) = (told(SHOP), told(DATABASE), told(KEYS)) else {
        return;
    };
    let host = shop
        .trim_start_matches("http://")
        .trim_end_matches('/')
        .to_owned();
    let stream = TcpStream::connect(&host).expect("the shop");
    let mut shop = Shop {
        stream: BufReader::with_capacity(1 << 16, stream),
        host,
        keys: STANDARD.encode(keys),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let written = runtime.block_on(async {
        let (mut client, connection) = tokio_postgres::connect(&database, tokio_postgres::NoTls).await.expect("the database");
        tokio::spawn(connection);
        let since = "select to_char(max(modified_at) at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS') from public.orders";
        let since: Option<String> = client.query_one(since, &[]).await.expect("asked").get(0);
        let since = since.map(|since| format!("&modified_after={since}")).unwrap_or_default();
        let query = |page: usize| format!("per_page=100&orderby=modified&order=asc&dates_are_gmt=true{since}&page={page}");
        let (mut orders, mut lines, mut body) = (Cells(String::new()), Cells(String::new()), Vec::new());
        let pages = shop.page(&query(1), &mut body);
        let mut written = 0;
        for page in 1..=pages {
            if page > 1 {
                shop.page(&query(page), &mut body);
            }
            let raws: Vec<&RawValue> = serde_json::from_slice(&body).expect("orders");
            for raw in raws {
                order(&mut orders, &mut lines, raw);
            }
            if page % PAGES == 0 || page == pages {
                written += merge(&mut client, Table::Orders, &mut orders).await;
                written += merge(&mut client, Table::OrderLines, &mut lines).await;
            }
        }
        written
    });
    println!("{written} rows");
}
