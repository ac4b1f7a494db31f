//! The sandbox: stand-ins of the services udsync talks to, on loopback, for tests and for `--sandbox`.
//!
//! They are stateful, seeded and strict, and able to misbehave on request. They are reached over HTTP only and share no type
//! with the rest of the program, so that a wrong idea of the wire cannot be wrong on both sides.
//!
//! # How to drive one
//!
//! Each service has `start(port, setup)`, which opens a stand-in on loopback and gives back [`Running`]: its address, and
//! [`Running::lever`] for everything below `/_sandbox/`. A lever is also an address that any HTTP client can ask; it needs no key.
//!
//! ```text
//! let shop = udsync_sandbox::woocommerce::start(0, udsync_sandbox::demo::shop()).await?;
//! shop.lever("POST", "orders/4801/set", &json!({"status": "completed"})).await?;
//! ```
//!
//! # Who is told of changes
//!
//! A stand-in reaches addresses on loopback only (`http://127.…`, `http://[::1]…`, `http://localhost…`); a delivery anywhere else
//! fails without a connection.
//!
//! **The shop** has the REST resource `webhooks`, as a real shop has it, for keys that may write. Whoever needs no client of the
//! API makes webhooks as an owner does in the back office, in the setup (`"webhooks": [...]`) or by a lever:
//!
//! | lever of the shop | what it does |
//! | --- | --- |
//! | `POST webhooks` `{"topic", "delivery_url", "secret"}`, or a list | makes webhooks; nothing is pinged |
//! | `GET webhooks`, `POST webhooks/ID` `{"failures": 6}` | shows them with secrets and counts; lays fields over one, such as `demoted` |
//! | `GET sending`, `POST sending` `{"paused": true}` | the manner of sending: `paused`, `delay_ms`, `patience_ms`, `at_once`, `loses_meanwhile`, `loses_pings`, `tells_of_deleted_refunds`, `sells_every_ms`; `"sending"` in the setup |
//!
//! **The company** tells one address, as an app has one: `"sending": {"url", "verifier", "format"}` in the setup, or the lever
//! `POST sending`. `format` is `cloud_events` or `legacy`; `times` (`utc`, `offset`, `epoch`), `content_type`, `only`, `aggregate_ms`,
//! `batch`, `patience_ms`, `speed` (pauses between attempts are divided by it), `holds`, `gives_up_after`, `paused`, `odd` (elements
//! that no reader expects) and `full_data` stand beside it.
//!
//! # What makes something change
//!
//! | service | levers |
//! | --- | --- |
//! | shop | `sell` (another order like one before); `PUT orders/ID`, `orders/ID/set`, `trash`, `restore`, `delete`, `refunds`; `PUT products/ID`, `products/ID/trash`, `restore`; `PUT customers/ID`, `DELETE customers/ID`; `coupons/ID/trash` |
//! | shop, by itself | `POST sending` `{"sells_every_ms": 4000}`, or `"sending"` in the setup: an order every few seconds, of which some are sent and some given back in part |
//! | company, at the screen | `pay` (an invoice by its id or its number), `revise`, `deposit`, `bank_line`, `enter`, `mark`, `close_books`, `reopen_books`: see `quickbooks/hand.rs`; `GET ledger`, `GET ledger/check` say how the books stand |
//! | company | `create`, `edit` (by id, or by name or number), `void`, `delete`, `merge` `{"entity", "id", "victim", "left"}`, `email` `{"entity", "id"}`, and every write of a client; `notify` tells of other companies, or what stands in `raw` |
//!
//! # Who pays out
//!
//! **WooPayments** is behind a shop that has `"payments": {"account": {"rows", "payouts"}}` in its setup; **Stripe** is a stand-in of its
//! own, with keys and their permissions. `GET`, `PUT payments` of the shop and `account` of Stripe show and change what is owed and
//! was paid out; whoever has money paid out by a request is counted there (`paid_out`).
//!
//! # When everything is sent
//!
//! `GET sent/all?within_ms=5000` answers when nothing is left to send, or with 408 and `{"unsent": n}`. `GET sent` lists every
//! delivery with its time and the answer it got; `DELETE sent` forgets them. (`sent` counts what the sender believes: a lost one was answered.)
//!
//! # How deliveries go astray
//!
//! `POST sending/mishaps` takes rules as `mishaps` does (`skip`, `times`, `chance`, `seed`; `path` is part of `TOPIC URL`), with one
//! of `lost`, `late` and `shuffled` (`ms`), `out_of_order` (`after`, `ms`), `twice`, `forged` (`how`: `secret`, `body`, `unsigned`,
//! `topic`), `truncated`, `broken_off`, `replayed`. A fifth of everything is dropped, the same fifth each time, by
//!
//! ```text
//! {"what": "lost", "chance": 0.2, "times": null, "seed": 7}
//! ```

pub mod demo;
pub mod quickbooks;
mod settlement;
mod stand;
pub mod stripe;
pub mod supabase;
pub mod woocommerce;

pub use stand::Running;
