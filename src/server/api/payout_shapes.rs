//! The schema of payouts, as the run library writes them.

use super::schema::{
    Schema, anything, count, day, document, flag, list, money, nullable, object, text, time, word,
};
use crate::model::payout::PaymentService;

/// What payment services paid out.
pub fn payouts() -> Schema {
    // A file is read in a terminal alone.
    let gateway = || word(&PaymentService::WORDS);
    let equation = || {
        object(
            [
                ("name", word(&["P1", "P2", "P3", "P4", "P5"])),
                ("words", text()),
                ("gateway", money()),
                ("other", money()),
                ("difference", money()),
                ("state", word(&["holds", "differs", "unchecked"])),
            ],
            [("why", text())],
        )
    };
    let reason = object([("code", text()), ("message", text())], [("hint", text())]);
    let share = object(
        [("kind", text()), ("rows", count()), ("amount", money())],
        [],
    );
    let check = object(
        [
            ("equations", list(equation())),
            ("unexplained", list(reason)),
            ("shares", list(share)),
        ],
        [],
    );
    let row = object(
        [
            ("id", text()),
            ("kind", text()),
            ("word", text()),
            ("amount", money()),
            ("fee", money()),
            ("currency", text()),
            ("owner", anything()),
            ("source", nullable(text())),
            ("charged", anything()),
            ("at", time()),
            ("payout", nullable(text())),
        ],
        [],
    );
    let payout = object(
        [
            ("id", text()),
            ("gateway", gateway()),
            ("amount", money()),
            ("currency", text()),
            (
                "status",
                word(&[
                    "estimated",
                    "pending",
                    "in_transit",
                    "paid",
                    "canceled",
                    "failed",
                ]),
            ),
            ("arrives", day()),
            ("created", time()),
            ("rows_known", word(&["whole", "not_yet", "never"])),
            ("posted", flag()),
        ],
        [("check", check), ("rows", list(row))],
    );
    let account = object(
        [
            ("gateway", gateway()),
            ("currency", text()),
            ("balance", money()),
            ("under_way", money()),
            ("equation", equation()),
        ],
        [("clearing", text())],
    );
    document(
        "udsync/payouts/1",
        [("shop", text()), ("ok", flag()), ("payouts", list(payout))],
        [
            ("accounts", list(account)),
            ("file", text()),
            ("notes", list(text())),
            ("troubles", list(anything())),
        ],
    )
}
