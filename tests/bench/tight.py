"""A tight script, for the table of tests/it/bench.rs: orders of a shop into one table of PostgreSQL, by COPY and a merge.

It has no settings, keeps nothing in mind, and misses a second change within the second of the last one that it read.
Needs msgspec and psycopg.
"""

import base64
import http.client
import os
import urllib.parse

import msgspec
import psycopg

COLUMNS = "id number status currency total total_tax shipping_total discount_total customer_id email payment_method transaction_id created_at modified_at paid_at raw".split()
DDL = """
create schema if not exists bench_tight;
create table if not exists bench_tight.orders (
  id bigint primary key, number text, status text, currency text, total numeric, total_tax numeric, shipping_total numeric,
  discount_total numeric, customer_id bigint, email text, payment_method text, transaction_id text, created_at timestamptz,
  modified_at timestamptz, paid_at timestamptz, raw jsonb);
create index if not exists orders_modified on bench_tight.orders (modified_at);
"""
NAMES = ", ".join(COLUMNS)
SETS = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS[1:])
MERGE = f"""
insert into bench_tight.orders ({NAMES})
select distinct on (id) {NAMES} from staging order by id, modified_at desc
on conflict (id) do update set {SETS}"""
SINCE = """select to_char(max(modified_at) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS') from bench_tight.orders"""


class Billing(msgspec.Struct):
    email: str = ""


class Order(msgspec.Struct):
    id: int
    number: str
    status: str
    currency: str
    total: str
    total_tax: str
    shipping_total: str
    discount_total: str
    customer_id: int
    billing: Billing
    payment_method: str
    transaction_id: str
    date_created_gmt: str | None
    date_modified_gmt: str | None
    date_paid_gmt: str | None


page_of = msgspec.json.Decoder(list[msgspec.Raw]).decode
order_of = msgspec.json.Decoder(Order).decode


def cell(text):
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def time(text):
    return text + "Z" if text else "\\N"


def lines(body):
    rows = []
    for raw in page_of(body):
        o = order_of(raw)
        cells = (
            str(o.id), o.number, o.status, o.currency, o.total, o.total_tax, o.shipping_total, o.discount_total, str(o.customer_id),
            cell(o.billing.email), cell(o.payment_method), cell(o.transaction_id),
            time(o.date_created_gmt), time(o.date_modified_gmt), time(o.date_paid_gmt),
        )
        rows.append("\t".join(cells).encode() + b"\t" + bytes(raw).replace(b"\\", b"\\\\") + b"\n")
    return b"".join(rows)


def main():
    shop = http.client.HTTPConnection(urllib.parse.urlsplit(os.environ["WOO_URL"]).netloc)
    keys = f"{os.environ['WOO_KEY']}:{os.environ['WOO_SECRET']}".encode()
    headers = {"Authorization": "Basic " + base64.b64encode(keys).decode()}

    def page(number, since):
        query = f"per_page=100&orderby=modified&order=asc&dates_are_gmt=true&page={number}{since}"
        shop.request("GET", f"/wp-json/wc/v3/orders?{query}", headers=headers)
        answer = shop.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} {body[:200]}")
        return int(answer.headers["X-WP-TotalPages"]), body

    with psycopg.connect(os.environ["PG_URL"]) as database:
        database.execute(DDL)
        since = database.execute(SINCE).fetchone()[0]
        since = f"&modified_after={since}" if since else ""
        pages, body = page(1, since)
        database.execute("create temp table staging (like bench_tight.orders) on commit drop")
        with database.cursor().copy(f"copy staging ({NAMES}) from stdin") as copy:
            for number in range(1, pages + 1):
                if number > 1:
                    body = page(number, since)[1]
                copy.write(lines(body))
        print(database.execute(MERGE).rowcount, "rows")


main()
