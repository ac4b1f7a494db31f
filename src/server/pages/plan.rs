//! A plan for people: the rows of a run's document, its sums, and what is held or skipped. Pure: a document goes in, what a template shows comes out.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::model::money::Money;
use crate::model::service::Service;

/// So many rows are shown at once.
pub const ROWS_MAX: usize = 50;

/// What is looked at of a plan.
pub const PARTS: [&str; 4] = ["write", "warnings", "held", "skipped"];

/// What a template shows of a plan, or of what a run did.
pub fn plan(document: &Value, part: &str, page: usize) -> Value {
    let names = BuyerNames::of(document);
    let all: Vec<&Value> = list(document, "changes").collect();
    let documents: Vec<&Value> = all
        .iter()
        .copied()
        .filter(|change| is_document(change))
        .collect();
    let written: Vec<&Value> = documents
        .iter()
        .copied()
        .filter(|change| writes(change))
        .collect();
    let warned: Vec<&Value> = documents
        .iter()
        .copied()
        .filter(|change| has_warnings(change))
        .collect();
    let skipped: Vec<&Value> = all
        .iter()
        .copied()
        .filter(|change| change["action"] == "skip" && is_of_books(change))
        .collect();
    let held: Vec<&Value> = list(document, "problems").collect();
    let shown = match part {
        "warnings" => &warned,
        "held" => &held,
        "skipped" => &skipped,
        _ => &written,
    };
    let pages = shown.len().div_ceil(ROWS_MAX).max(1);
    let page = page.clamp(1, pages);
    let rows: Vec<Value> = shown
        .iter()
        .skip((page - 1) * ROWS_MAX)
        .take(ROWS_MAX)
        .map(|row| match part {
            "held" => held_row(row),
            _ => document_row(row, &names),
        })
        .collect();
    let tally = |target: &str, word: &str| {
        document["targets"][target][word]
            .as_u64()
            .unwrap_or_default()
    };
    let books = Service::BOOKS.as_str();
    let copy = Service::COPY.as_str();
    json!({
        "part": part,
        "counts": { "write": written.len(), "warnings": warned.len(), "held": held.len(), "skipped": skipped.len() },
        "rows": rows,
        "held_new": held.iter().filter(|problem| problem["id"].is_null()).count(),
        "page": page,
        "pages": pages,
        "sums": sums(&written),
        "documents": written.len(),
        "all_create": written.iter().all(|change| change["action"] == "create"),
        "names": tally(books, "names"),
        "unchanged": tally(books, "unchanged"),
        "table_rows": tally(copy, "created") + tally(copy, "updated") + tally(copy, "deleted"),
        "has_books": document["targets"].get(books).is_some(),
        "has_copy": document["targets"].get(copy).is_some(),
    })
}

/// The plan as a table that is saved: what is on the screen, all of it.
pub fn as_table(document: &Value) -> (Vec<&'static str>, Vec<Vec<String>>) {
    let header = vec![
        "action", "document", "number", "date", "customer", "currency", "total", "tax", "notes",
        "order",
    ];
    let names = BuyerNames::of(document);
    let rows = list(document, "changes")
        .filter(|change| is_of_books(change) && (is_document(change) || change["action"] == "skip"))
        .map(|change| {
            let row = document_row(change, &names);
            let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
            let notes: Vec<&str> = list(&row, "notes")
                .filter_map(|note| note["code"].as_str())
                .collect();
            vec![
                text("action"),
                text("kind"),
                text("number"),
                text("date"),
                text("customer"),
                text("currency"),
                text("total"),
                text("tax"),
                notes.join(" "),
                text("order"),
            ]
        })
        .collect();
    (header, rows)
}

fn list<'d>(document: &'d Value, name: &str) -> impl Iterator<Item = &'d Value> {
    document[name].as_array().into_iter().flatten()
}

fn is_of_books(change: &Value) -> bool {
    change["target"] == Service::BOOKS.as_str()
}

/// A document of the books, not a name that is made along the way.
fn is_document(change: &Value) -> bool {
    let entity = &change["source"]["entity"];
    is_of_books(change)
        && change["action"] != "skip"
        && ["order", "refund", "payout"].iter().any(|of| entity == of)
}

fn writes(change: &Value) -> bool {
    ["create", "update", "void", "delete"]
        .iter()
        .any(|word| change["action"] == *word)
}

fn has_warnings(change: &Value) -> bool {
    change["warnings"]
        .as_array()
        .is_some_and(|list| !list.is_empty())
}

/// `SalesReceipt` as people say it.
pub fn kind_words(entity: &str) -> (&'static str, &'static str) {
    match entity {
        "SalesReceipt" => ("Sales receipt", "Sales receipts"),
        "Invoice" => ("Invoice", "Invoices"),
        "Payment" => ("Payment", "Payments"),
        "RefundReceipt" => ("Refund receipt", "Refund receipts"),
        "CreditMemo" => ("Credit memo", "Credit memos"),
        "JournalEntry" => ("Journal entry", "Journal entries"),
        "Purchase" | "Expense" => ("Expense", "Expenses"),
        "Transfer" => ("Transfer", "Transfers"),
        "Deposit" => ("Deposit", "Deposits"),
        "Bill" => ("Bill", "Bills"),
        "VendorCredit" => ("Vendor credit", "Vendor credits"),
        "BillPayment" => ("Bill payment", "Bill payments"),
        _ => ("Document", "Documents"),
    }
}

/// Money that goes out, or takes back what came in.
fn is_given_back(entity: &str) -> bool {
    ["RefundReceipt", "CreditMemo", "Purchase", "Expense"].contains(&entity)
}

fn document_row(change: &Value, names: &BuyerNames) -> Value {
    let text = |name: &str| change[name].as_str();
    let entity = text("entity").unwrap_or_default();
    let remarks = list(change, "remarks")
        .map(|remark| json!({ "code": remark["code"], "message": remark["message"] }));
    let reason = change.get("reason").filter(|reason| reason.is_object());
    let reason =
        reason.map(|reason| json!({ "code": reason["code"], "message": reason["message"] }));
    json!({
        "action": text("action"),
        "kind": kind_words(entity).0,
        "number": text("doc_number").or(change["source"]["number"].as_str()),
        "order": change["source"]["number"],
        "date": text("txn_date"),
        "customer": names.of_change(change),
        "total": text("total"),
        "tax": text("tax_total"),
        "currency": text("currency"),
        "target_id": text("target_id"),
        "reason": reason,
        "notes": remarks.collect::<Vec<Value>>(),
    })
}

fn held_row(problem: &Value) -> Value {
    json!({
        "id": problem["id"],
        "order": problem["source"]["number"],
        "entity": problem["source"]["entity"],
        "state": problem["state"],
        "code": problem["code"],
        "message": problem["message"],
    })
}

/// How many documents, and what they come to by currency.
type KindSum<'d> = (u64, BTreeMap<&'d str, Money>);

/// What the documents of each kind come to, each currency for itself. Currencies are never added up.
fn sums(written: &[&Value]) -> Value {
    let mut currencies: BTreeSet<&str> = BTreeSet::new();
    let mut kinds: BTreeMap<(usize, &str, &str), KindSum<'_>> = BTreeMap::new();
    let mut net: BTreeMap<&str, Money> = BTreeMap::new();
    for change in written {
        let text = |name: &str| change[name].as_str();
        let (Some(entity), Some(action)) = (text("entity"), text("action")) else {
            continue;
        };
        let rank = ["create", "update", "void", "delete"]
            .iter()
            .position(|word| *word == action)
            .unwrap_or_default();
        let kind = kinds.entry((rank, action, entity)).or_default();
        kind.0 += 1;
        let (Some(currency), Some(total)) = (text("currency"), text("total")) else {
            continue;
        };
        let Ok(total) = total.parse::<Money>() else {
            continue;
        };
        currencies.insert(currency);
        let total = if is_given_back(entity) { -total } else { total };
        *kind.1.entry(currency).or_insert(Money::ZERO) += total;
        // A payment pays what an invoice has counted already; what is voided or updated is no new sale.
        if action == "create" && entity != "Payment" {
            *net.entry(currency).or_insert(Money::ZERO) += total;
        }
    }
    let columns: Vec<&str> = currencies.into_iter().collect();
    let amounts = |sums: &BTreeMap<&str, Money>| -> Vec<Option<String>> {
        columns
            .iter()
            .map(|currency| sums.get(currency).map(Money::to_string))
            .collect()
    };
    let rows: Vec<Value> = kinds
        .iter()
        .map(|((_, action, entity), (count, sums))| {
            json!({ "action": action, "kind": kind_words(entity).1, "count": count, "amounts": amounts(sums) })
        })
        .collect();
    // What goes from one account to another is nothing sold: it comes to no net.
    let has_net = written
        .iter()
        .all(|change| change["source"]["entity"] != "payout");
    let has_one_action = kinds
        .keys()
        .map(|(_, action, _)| action)
        .collect::<BTreeSet<_>>()
        .len()
        < 2;
    json!({
        "currencies": columns,
        "rows": rows,
        "count": written.len(),
        "net": amounts(&net),
        "has_net": has_net,
        "has_one_action": has_one_action,
    })
}

/// The buyers' names, as far as the plan says them: of customers that are made along the way, and of rows of the database. One that the
/// books know already is known to the plan by its id only.
struct BuyerNames<'d> {
    made: BTreeMap<&'d str, &'d str>,
    billed: BTreeMap<&'d str, String>,
}

impl<'d> BuyerNames<'d> {
    fn of(document: &'d Value) -> BuyerNames<'d> {
        let mut names = BuyerNames {
            made: BTreeMap::new(),
            billed: BTreeMap::new(),
        };
        for change in list(document, "changes") {
            let source = &change["source"];
            if is_of_books(change) && source["entity"] == "customer" {
                if let (Some(key), Some(name)) = (
                    source["id"].as_str(),
                    change["body"]["DisplayName"].as_str(),
                ) {
                    names.made.insert(key, name);
                }
            } else if change["entity"] == "orders" && change["target"] == Service::COPY.as_str() {
                let part = |name: &str| change["body"][name].as_str().unwrap_or_default().trim();
                let person = [part("billing_first_name"), part("billing_last_name")].join(" ");
                let name = match part("billing_company") {
                    "" => person.trim().to_owned(),
                    company => company.to_owned(),
                };
                if let Some(id) = source["id"].as_str().filter(|_| !name.is_empty()) {
                    names.billed.insert(id, name);
                }
            }
        }
        names
    }

    fn of_change(&self, change: &Value) -> Option<&str> {
        let reference = change["body"]["CustomerRef"]["value"].as_str();
        let key = reference.and_then(|text| text.strip_prefix("@customer:"));
        let made = key.and_then(|key| self.made.get(key).copied());
        made.or_else(|| {
            let id = change["source"]["id"].as_str()?;
            self.billed.get(id).map(String::as_str)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(action: &str, entity: &str, id: &str, total: &str) -> Value {
        let source = if entity == "RefundReceipt" {
            "refund"
        } else {
            "order"
        };
        json!({ "target": "quickbooks", "action": action, "entity": entity, "source": { "entity": source, "id": id, "number": id },
                "doc_number": format!("WC-{id}"), "txn_date": "2026-11-02", "currency": "CAD", "total": total, "tax_total": "1.00",
                "body": { "CustomerRef": { "value": "@customer:c1" } }, "warnings": [] })
    }

    fn document() -> Value {
        let mut warned = change("create", "SalesReceipt", "2", "20.10");
        warned["warnings"] = json!(["rounding_line"]);
        warned["remarks"] = json!([{ "code": "rounding_line", "message": "off by 0.01" }]);
        warned["currency"] = json!("USD");
        json!({
            "targets": { "quickbooks": { "names": 1, "unchanged": 4 }, "supabase": { "created": 5, "updated": 1, "deleted": 0 } },
            "changes": [
                { "target": "quickbooks", "action": "create", "entity": "Customer", "source": { "entity": "customer", "id": "c1", "number": "c1" },
                  "body": { "DisplayName": "Ann Lee" }, "warnings": [] },
                change("create", "SalesReceipt", "1", "10.05"),
                warned,
                change("create", "RefundReceipt", "3", "4.00"),
                { "target": "quickbooks", "action": "skip", "entity": "SalesReceipt", "source": { "entity": "order", "id": "9", "number": "9" },
                  "warnings": [], "reason": { "code": "status_cancelled", "message": "order `9` was cancelled" } },
                { "target": "supabase", "action": "create", "entity": "orders", "source": { "entity": "order", "id": "1", "number": "1" },
                  "body": { "billing_first_name": "Ben", "billing_last_name": "Roe", "billing_company": "" }, "warnings": [] },
            ],
            "problems": [{ "id": "F7K2", "source": { "entity": "order", "id": "5", "number": "5" }, "state": "held", "code": "status_unmapped",
                           "message": "nobody has said" }],
        })
    }

    #[test]
    fn a_plan_has_rows_sums_by_currency_and_what_waits() {
        let shown = plan(&document(), "write", 1);
        assert_eq!(
            shown["counts"],
            json!({ "write": 3, "warnings": 1, "held": 1, "skipped": 1 })
        );
        assert_eq!(
            (&shown["names"], &shown["table_rows"]),
            (&json!(1), &json!(6))
        );
        assert_eq!(shown["rows"][0]["customer"], "Ann Lee");
        assert_eq!(shown["rows"][2]["kind"], "Refund receipt");
        let sums = &shown["sums"];
        assert_eq!(sums["currencies"], json!(["CAD", "USD"]));
        assert_eq!(
            sums["net"],
            json!(["6.05", "20.10"]),
            "what is given back goes off"
        );
        assert_eq!(sums["rows"][0]["amounts"], json!(["\u{2d}4.00", null]));
    }

    #[test]
    fn a_payout_is_a_document_and_comes_to_no_net() {
        let transfer = json!({ "target": "quickbooks", "action": "create", "entity": "Transfer", "doc_number": null, "txn_date": "2026-11-04",
                               "source": { "entity": "payout", "id": "po_1", "number": "po_1" }, "currency": "CAD", "total": "96.65", "warnings": [] });
        let shown = plan(&json!({ "targets": {}, "changes": [transfer] }), "write", 1);
        assert_eq!(shown["documents"], 1);
        assert_eq!(
            (&shown["rows"][0]["kind"], &shown["rows"][0]["number"]),
            (&json!("Transfer"), &json!("po_1"))
        );
        assert_eq!(shown["sums"]["rows"][0]["amounts"], json!(["96.65"]));
        assert_eq!(shown["sums"]["has_net"], false);
        assert_eq!(plan(&document(), "write", 1)["sums"]["has_net"], true);
    }

    #[test]
    fn each_part_shows_its_own() {
        let row = |part: &str| plan(&document(), part, 1)["rows"][0].clone();
        assert_eq!(row("warnings")["notes"][0]["code"], "rounding_line");
        assert_eq!(row("held")["id"], "F7K2");
        assert_eq!(row("skipped")["reason"]["code"], "status_cancelled");
        assert_eq!(
            plan(&document(), "write", 99)["page"],
            1,
            "a page that is not there is the last"
        );
    }

    #[test]
    fn the_table_that_is_saved_has_what_is_on_the_screen() {
        let (header, rows) = as_table(&document());
        assert_eq!(rows.len(), 4);
        assert!(rows.iter().all(|row| row.len() == header.len()));
        assert_eq!(rows[1][8], "rounding_line");
    }
}
