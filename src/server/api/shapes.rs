//! Shapes: the schemas of the documents, as the run library writes them. Tests hold every answer against them.

use serde_json::{Map, Value, json};

use crate::books::reconciled::DifferenceCode;
use crate::model::service::Service;
use crate::server::schedules::PAYOUTS;

use super::payout_shapes;
use super::schema::{
    Schema, anything, by_name, count, day, document, flag, list, money, nullable, object,
    reference, text, time, word,
};

/// What a run can be about: kinds of records of the shop, all of them, or what payment services paid out.
pub const ENTITIES: [&str; 6] = ["orders", "customers", "products", "refunds", PAYOUTS, "all"];
pub const TARGETS: [&str; 2] = [Service::BOOKS.as_str(), Service::COPY.as_str()];
pub const STATUSES: [&str; 6] = [
    "running",
    "succeeded",
    "partial",
    "failed",
    "interrupted",
    "refused",
];

/// The short name of a shop.
pub fn shop_name() -> Schema {
    json!({ "type": "string", "pattern": "^[a-z0-9-]{1,60}$" })
}

/// The id of a run.
pub fn run_id() -> Schema {
    json!({ "type": "string", "pattern": "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$" })
}

/// The schemas that others refer to.
pub fn components() -> Value {
    let all: [(&str, Schema); 22] = [
        ("Problem", problem()),
        ("Started", started()),
        ("Run", run()),
        ("RunOfHistory", run_of_history()),
        ("Tally", tally()),
        ("Change", change()),
        ("HeldRecord", held_record()),
        ("Record", record()),
        ("Reason", reason()),
        ("RunError", run_error()),
        ("Progress", progress()),
        ("Metrics", metrics()),
        ("Schedule", schedule()),
        ("Config", config()),
        ("Connection", connection()),
        ("Doctor", doctor()),
        ("AuditRow", audit_row()),
        ("Reconciliation", reconciliation()),
        ("Payouts", payout_shapes::payouts()),
        ("Conflict", conflict()),
        ("Explanation", explanation()),
        ("ExplainedAmount", explained_amount()),
    ];
    let all: Map<String, Value> = all
        .into_iter()
        .map(|(name, schema)| (name.to_owned(), schema))
        .collect();
    Value::Object(all)
}

/// A refusal or a fault. Its own members depend on its code.
fn problem() -> Schema {
    let mut problem = object(
        [
            ("type", text()),
            ("title", text()),
            (
                "status",
                json!({ "type": "integer", "minimum": 400, "maximum": 599 }),
            ),
            ("detail", text()),
            ("code", text()),
        ],
        [
            ("instance", text()),
            ("hint", text()),
            (
                "errors",
                list(object([("pointer", text()), ("detail", text())], [])),
            ),
            ("role_needed", word(&["viewer", "operator", "owner"])),
            ("holder", nullable(anything())),
            ("since", nullable(time())),
            ("progress", anything()),
            ("reference", text()),
            ("command", text()),
        ],
    );
    problem["additionalProperties"] = json!(true);
    problem
}

fn started() -> Schema {
    document(
        "udsync/started/1",
        [
            ("sync_id", run_id()),
            ("status", word(&["running"])),
            ("entity", text()),
            ("mode", text()),
            ("dry_run", flag()),
            ("started_at", time()),
        ],
        [],
    )
}

fn run() -> Schema {
    document(
        "udsync/run/1",
        [
            ("run_id", run_id()),
            ("shop", text()),
            ("command", text()),
            ("entities", list(text())),
            ("mode", text()),
            ("dry_run", flag()),
            ("status", word(&STATUSES)),
            ("started_at", time()),
            ("finished_at", nullable(time())),
            ("targets", by_name(reference("Tally"))),
            ("changes", list(reference("Change"))),
            ("problems", list(reference("HeldRecord"))),
        ],
        [
            ("error", reference("RunError")),
            ("progress", reference("Progress")),
            ("confirm_token", text()),
            ("confirm_expires_at", time()),
            ("details", list(detail())),
        ],
    )
}

/// A field on which both sides do not agree, or did not.
fn conflict() -> Schema {
    let side = || object([("value", text()), ("changed_at", nullable(time()))], []);
    let base = object([("shop", text()), ("books", text())], []);
    object(
        [
            ("id", text()),
            ("entity", word(&["customer", "product"])),
            ("record", reference("Record")),
            ("field", text()),
            (
                "cause",
                word(&["both_changed", "first_meeting", "gone_and_changed"]),
            ),
            ("base", nullable(base)),
            ("shop", side()),
            ("books", side()),
            ("since", time()),
            ("decided", nullable(text())),
            ("settled_at", nullable(time())),
            ("settled_by", nullable(text())),
        ],
        [],
    )
}

/// One of several things that stand in the way.
fn detail() -> Schema {
    object(
        [
            ("order", nullable(text())),
            ("document", nullable(text())),
            ("id", nullable(text())),
            ("code", text()),
            ("message", text()),
        ],
        [],
    )
}

fn run_of_history() -> Schema {
    object(
        [
            ("run_id", run_id()),
            ("shop", text()),
            ("command", text()),
            ("entities", list(text())),
            ("mode", text()),
            ("status", word(&STATUSES)),
            ("started_at", time()),
            ("finished_at", nullable(time())),
            ("targets", by_name(reference("Tally"))),
        ],
        [("error", reference("RunError"))],
    )
}

fn tally() -> Schema {
    let requests = object(
        [
            ("reads", count()),
            ("writes", count()),
            ("throttled", count()),
        ],
        [],
    );
    object(
        [
            ("read", count()),
            ("created", count()),
            ("updated", count()),
            ("voided", count()),
            ("deleted", count()),
            ("unchanged", count()),
            ("skipped", count()),
            ("held", count()),
            ("failed", count()),
            ("conflicts", count()),
            ("names", count()),
            ("requests", requests),
        ],
        [],
    )
}

fn change() -> Schema {
    object(
        [
            ("target", text()),
            (
                "action",
                word(&["create", "update", "void", "delete", "skip", "none"]),
            ),
            ("entity", text()),
            ("source", reference("Record")),
            ("doc_number", nullable(text())),
            ("txn_date", nullable(day())),
            ("currency", nullable(text())),
            ("total", nullable(text())),
            ("tax_total", nullable(text())),
            ("target_id", nullable(text())),
            ("body", anything()),
            ("warnings", list(text())),
        ],
        [
            ("remarks", list(reference("Reason"))),
            ("reason", reference("Reason")),
        ],
    )
}

fn held_record() -> Schema {
    object(
        [
            ("id", nullable(text())),
            ("target", text()),
            ("source", reference("Record")),
            (
                "state",
                word(&["held", "failed", "parked", "conflict", "set_aside"]),
            ),
            ("code", text()),
            ("message", text()),
            ("hint", nullable(text())),
            ("retryable", flag()),
        ],
        [
            ("document", text()),
            ("since", time()),
            ("last_seen", time()),
            ("attempts", count()),
            ("why", text()),
        ],
    )
}

fn record() -> Schema {
    object([("entity", text()), ("id", text()), ("number", text())], [])
}

fn reason() -> Schema {
    object([("code", text()), ("message", text())], [("hint", text())])
}

fn run_error() -> Schema {
    let waits = object(
        [
            ("create", count()),
            ("update", count()),
            ("void", count()),
            ("delete", count()),
        ],
        [],
    );
    object(
        [("code", text()), ("exit", count()), ("message", text())],
        [("hint", text()), ("waits", waits)],
    )
}

fn progress() -> Schema {
    object(
        [
            ("stage", nullable(text())),
            ("done", count()),
            ("total", nullable(count())),
            ("waiting_s", count()),
        ],
        [
            ("waiting_for", nullable(text())),
            ("stage_since", nullable(time())),
        ],
    )
}

fn metrics() -> Schema {
    let day_of_runs = object(
        [
            ("day", day()),
            ("runs", count()),
            ("errors", count()),
            ("seconds_total", text()),
            ("seconds_longest", text()),
            ("targets", by_name(reference("Tally"))),
        ],
        [],
    );
    document(
        "udsync/metrics/1",
        [
            ("shop", text()),
            ("days", list(day_of_runs)),
            ("reads_used_this_month", count()),
            ("reads_allowed_per_month", count()),
        ],
        [],
    )
}

fn schedule() -> Schema {
    let last = object(
        [
            ("at", time()),
            ("ended_at", time()),
            ("run_id", text()),
            ("exit", count()),
            ("result", text()),
            ("missed", count()),
        ],
        [],
    );
    document(
        "udsync/schedule/1",
        [
            ("name", text()),
            ("cron", text()),
            ("timezone", text()),
            ("mode", word(&["full", "incremental"])),
            ("entities", list(text())),
            ("to", list(text())),
            ("yes", flag()),
            ("max_changes", nullable(count())),
            ("enabled", flag()),
            ("next", nullable(time())),
            ("next_times", list(time())),
            ("last", nullable(last)),
            ("missed", count()),
            ("open", nullable(time())),
            ("again_at", nullable(time())),
        ],
        [],
    )
}

fn config() -> Schema {
    let value = object([("key", text()), ("value", text()), ("origin", text())], []);
    document("udsync/config/1", [("values", list(value))], [])
}

fn connection() -> Schema {
    object(
        [
            ("name", word(&Service::ALL.map(Service::as_str))),
            ("connected", flag()),
            ("configured", flag()),
            ("from", nullable(word(&["stored", "environment"]))),
            ("what", nullable(text())),
            ("since", nullable(time())),
            ("state", word(&["working", "broken", "missing"])),
            ("broken_since", nullable(time())),
            ("broken_why", nullable(text())),
            ("ends_if_idle", nullable(time())),
            ("ends", nullable(time())),
            ("last_success", nullable(time())),
            ("warning", nullable(text())),
            ("hint", nullable(text())),
        ],
        [],
    )
}

fn doctor() -> Schema {
    let finding = object(
        [
            ("id", text()),
            ("level", word(&["ok", "note", "warning", "problem"])),
            ("about", text()),
            ("said", text()),
        ],
        [("cause", text()), ("fix", text())],
    );
    let counts = object(
        [
            ("ok", count()),
            ("note", count()),
            ("warning", count()),
            ("problem", count()),
        ],
        [],
    );
    document(
        "udsync/doctor/1",
        [
            ("shop", text()),
            ("exit", count()),
            ("counts", counts),
            ("findings", list(finding)),
        ],
        [],
    )
}

fn audit_row() -> Schema {
    object(
        [
            ("id", count()),
            ("at", time()),
            ("actor", text()),
            ("address", text()),
            ("shop", nullable(text())),
            ("action", text()),
            ("target", nullable(text())),
            ("before", anything()),
            ("after", anything()),
            ("outcome", text()),
            ("request_id", nullable(text())),
        ],
        [],
    )
}

fn reconciliation() -> Schema {
    let acceptance = || {
        nullable(object(
            [
                ("who", text()),
                ("at", time()),
                ("why", text()),
                ("covers", text()),
            ],
            [],
        ))
    };
    let codes = DifferenceCode::ALL.map(DifferenceCode::as_str);
    let difference = object(
        [
            ("id", text()),
            ("code", word(&codes)),
            ("order", nullable(count())),
            ("number", nullable(text())),
            ("document", nullable(text())),
            ("document_number", nullable(text())),
            ("what", text()),
            ("currency", text()),
            ("shop", text()),
            ("books", text()),
            ("difference", nullable(money())),
            ("cause", text()),
            ("hint", text()),
            ("accepted", acceptance()),
            ("lapsed", acceptance()),
        ],
        [],
    );
    let held = object(
        [
            ("order", nullable(count())),
            ("number", text()),
            ("document", nullable(text())),
            ("state", text()),
            ("problem", nullable(text())),
            ("code", text()),
            ("message", text()),
            ("hint", nullable(text())),
        ],
        [],
    );
    let total = object(
        [
            ("currency", text()),
            ("what", text()),
            ("shop", money()),
            ("books", money()),
            ("difference", money()),
        ],
        [],
    );
    let rolled = object(
        [
            ("account", text()),
            ("currency", text()),
            ("opening", money()),
            ("sales", money()),
            ("refunds", money()),
            ("fees", money()),
            ("other", money()),
            ("payouts", money()),
            ("rolled", money()),
            ("closing", money()),
            ("difference", money()),
            ("not_compared", money()),
        ],
        [],
    );
    let moved = object(
        [
            ("order", count()),
            ("number", text()),
            ("document", text()),
            ("document_number", text()),
            ("currency", text()),
            ("total", money()),
            ("from", day()),
            ("to", day()),
        ],
        [],
    );
    document(
        "udsync/reconcile/1",
        [
            ("shop", text()),
            ("period", object([("from", day()), ("until", day())], [])),
            ("to", word(&TARGETS)),
            ("proven", flag()),
            ("totals", list(total)),
            ("clearing", list(rolled)),
            (
                "orders",
                object(
                    [
                        ("compared", count()),
                        ("equal", count()),
                        ("different", count()),
                    ],
                    [],
                ),
            ),
            (
                "seen",
                object(
                    [
                        ("orders", count()),
                        ("posted", count()),
                        ("held", count()),
                        ("skipped", by_name(count())),
                    ],
                    [],
                ),
            ),
            ("differences", list(difference)),
            ("held", list(held)),
            ("moved", list(moved)),
            ("reads", count()),
            ("proof", text()),
        ],
        [],
    )
}

/// Several answers where it can be several things, each a document or why there is none.
fn explanation() -> Schema {
    let why = object(
        [
            ("code", text()),
            ("message", text()),
            ("hint", nullable(text())),
        ],
        [],
    );
    let decided = json!({ "type": "object" });
    let answer = object(
        [("what", text())],
        [
            ("total", money()),
            ("currency", text()),
            ("document", text()),
            ("kind", text()),
            ("date", day()),
            ("state", text()),
            ("order", nullable(count())),
            ("tree", reference("ExplainedAmount")),
            ("decided_by", list(decided)),
            ("remarks", list(text())),
            ("problem", text()),
            ("why", why),
        ],
    );
    document(
        "udsync/explain/1",
        [("what", text()), ("answers", list(answer))],
        [],
    )
}

fn explained_amount() -> Schema {
    let from = object([("kind", text()), ("ref", text())], []);
    object(
        [
            ("label", text()),
            ("amount", money()),
            ("from", from),
            ("children", list(reference("ExplainedAmount"))),
        ],
        [("now", nullable(money()))],
    )
}
