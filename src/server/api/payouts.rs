//! Payouts: what payment services paid out, and whether it adds up. Services are asked each time, and nothing is written.

use std::sync::atomic::AtomicBool;

use axum::http::StatusCode;
use serde_json::json;

use super::operation::{ApiAnswer, ApiCall, ApiOperation, answer};
use super::schema::{Schema, day, reference, word};
use crate::app::App;
use crate::app::days::DayRange;
use crate::model::access::AccessRole;
use crate::model::payout::PaymentService;
use crate::run::payouts::{PayoutDepth, PayoutsRequest, look_at_payouts};

pub fn operations() -> Vec<ApiOperation> {
    let gateways = PaymentService::WORDS;
    vec![
        ApiOperation::get(
            "/payouts",
            "listPayouts",
            "Ask payment services what they paid out",
        )
        .role(AccessRole::Operator)
        .query(
            "from",
            day(),
            "The first day of arrival; 90 days ago if not given",
        )
        .query("until", day(), "The last day of arrival")
        .query("gateway", word(&gateways), "Only of this payment service")
        .query(
            "check",
            word(&["true", "false"]),
            "Compares each with its rows, with the orders and with the books, and the accounts too",
        )
        .answers(
            200,
            "Payouts without their rows; `ok` is false where something does not add up",
            reference("Payouts"),
        )
        .by(list),
        ApiOperation::get(
            "/payouts/{id}",
            "getPayout",
            "Ask for one payout with all its rows, and compare it",
        )
        .role(AccessRole::Operator)
        .path_param("id", payout_id(), "Its id at the payment service")
        .query(
            "from",
            day(),
            "It arrived on this day or later; 90 days ago if not given",
        )
        .answers(200, "The payout alone in the list", reference("Payouts"))
        .refuses(404, "No payout of these days has this id")
        .by(one),
    ]
}

fn payout_id() -> Schema {
    json!({ "type": "string", "pattern": "^[A-Za-z0-9_-]{1,100}$" })
}

async fn list(call: ApiCall) -> ApiAnswer {
    let is_checked = call.text("check") == Some("true");
    let request = PayoutsRequest {
        gateway: call.text("gateway").and_then(PaymentService::from_word),
        days: DayRange {
            from: call.day("from"),
            until: call.day("until"),
        },
        only: None,
        depth: match is_checked {
            true => PayoutDepth::Checked,
            false => PayoutDepth::Listed,
        },
        file: None,
    };
    looked(call, request, true).await
}

async fn one(call: ApiCall) -> ApiAnswer {
    let request = PayoutsRequest {
        gateway: None,
        days: DayRange {
            from: call.day("from"),
            until: None,
        },
        only: Some(call.path("id").to_owned()),
        depth: PayoutDepth::Checked,
        file: None,
    };
    looked(call, request, false).await
}

async fn looked(call: ApiCall, request: PayoutsRequest, is_list: bool) -> ApiAnswer {
    let document = call
        .asking(move |app: App| async move {
            let stop = AtomicBool::new(false);
            let mut found = look_at_payouts(&app, request, &stop).await?;
            if is_list {
                found.payouts.iter_mut().for_each(|one| one.rows.clear());
            }
            Ok(json!(found))
        })
        .await?;
    Ok(answer(StatusCode::OK, &document))
}
