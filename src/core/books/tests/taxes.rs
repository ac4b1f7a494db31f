//! Tax: which code a line gets, and what a document states.

use super::ledger::{Ledger, words};
use super::shop::*;
use crate::model::company::TaxModel;
use crate::model::document::Role;
use crate::model::rules::TaxCodeRule;

#[test]
fn an_unmapped_rate_is_named_with_a_hint_that_can_be_pasted() {
    let mut ledger = Ledger::canadian();
    let mut order = paid_order(1);
    order.items[0].taxes[0].rate_id = 9;
    add_up(&mut order);
    let account = ledger.post(&order);
    let reason = &account.holds[0].reason;
    assert!(
        reason.message.contains("`RATE-9` (id 9)"),
        "{}",
        reason.message
    );
    assert_eq!(
        reason.hint.as_deref(),
        Some(
            "add `[[books.tax.codes]]` with `woo = [\"RATE-9\"]` and `code = \"<the QuickBooks tax code>\"`, then run `udsync retry --all`"
        )
    );
}

#[test]
fn rates_are_found_by_id_before_code_before_label() {
    let code_for = |rules: &[(&str, &str)]| {
        let mut ledger = Ledger::canadian();
        ledger.rules.tax.codes = rules
            .iter()
            .map(|(woo, code)| TaxCodeRule {
                woo: vec![(*woo).to_owned()],
                code: (*code).to_owned(),
            })
            .collect();
        ledger.post(&paid_order(1));
        ledger.lines(Role::Sale)
    };
    let all = [("Tax", "by label"), ("RATE-1", "by code"), ("1", "by id")];
    assert_eq!(code_for(&all), ["1 × sku:TOTE 100.00 by id"]);
    assert_eq!(code_for(&all[..2]), ["1 × sku:TOTE 100.00 by code"]);
    assert_eq!(code_for(&all[..1]), ["1 × sku:TOTE 100.00 by label"]);
}

#[test]
fn untaxed_lines_are_exempt_exported_or_for_an_exempt_buyer() {
    let code_for = |country: &str, vat_exempt: bool| {
        let mut ledger = Ledger::canadian();
        ledger.rules.tax.export_code = Some("Export".into());
        ledger.rules.tax.vat_exempt_code = Some("Reverse".into());
        let mut order = paid_order(1);
        order.items[0].taxes.clear();
        order.shipping.country = country.into();
        order.vat_exempt = vat_exempt;
        add_up(&mut order);
        ledger.post(&order);
        ledger.document(Role::Sale).lines[0].tax_code.clone()
    };
    assert_eq!(code_for("CA", false).as_deref(), Some("Exempt"));
    assert_eq!(code_for("", false).as_deref(), Some("Exempt"));
    assert_eq!(code_for("US", false).as_deref(), Some("Export"));
    assert_eq!(code_for("US", true).as_deref(), Some("Reverse"));
}

#[test]
fn a_company_in_the_us_states_the_tax_and_keeps_its_own_split() {
    let mut ledger = Ledger::canadian();
    ledger.company.tax_model = TaxModel::UsAst;
    let mut order = paid_order(1);
    order.items.push(goods(12, "FOOD", "10.00", &[(1, "0.00")]));
    add_up(&mut order);
    order.total += money("0.01");
    ledger.post(&order);
    assert_eq!(
        ledger.lines(Role::Sale),
        [
            "1 × sku:TOTE 100.00 TAX",
            "1 × sku:FOOD 10.00 NON",
            "rounding 0.01 NON"
        ]
    );
    assert_eq!(ledger.tax(Role::Sale), [""; 0]);
    assert_eq!(ledger.document(Role::Sale).tax_total, money("5.00"));
    assert_eq!(ledger.document(Role::Sale).document_tax_code, None);
}

#[test]
fn a_us_document_has_one_tax_code_or_is_held() {
    let mut ledger = Ledger::canadian();
    ledger.company.tax_model = TaxModel::UsManual;
    assert_eq!(words(&ledger.post(&paid_order(1))), [""; 0]);
    assert_eq!(
        ledger.document(Role::Sale).document_tax_code.as_deref(),
        Some("GST")
    );

    let mut order = paid_order(2);
    order.items.push(goods(12, "B", "10.00", &[(2, "0.70")]));
    add_up(&mut order);
    assert_eq!(words(&ledger.post(&order)), ["hold all: tax_code_unmapped"]);

    ledger.rules.tax.codes.clear();
    assert_eq!(words(&ledger.look(&order)), ["hold all: tax_code_unmapped"]);
    ledger.rules.tax.us_txn_tax_code = Some("CA".into());
    assert_eq!(
        ledger.look(&order).entries[0]
            .document
            .document_tax_code
            .as_deref(),
        Some("CA")
    );
}

#[test]
fn tax_has_no_place_in_a_company_without_sales_tax() {
    let mut ledger = Ledger::canadian();
    ledger.company.uses_tax = false;
    assert_eq!(
        words(&ledger.post(&paid_order(1))),
        ["hold all: company_tax_off"]
    );
    let mut order = paid_order(2);
    order.items[0].taxes.clear();
    add_up(&mut order);
    ledger.post(&order);
    assert_eq!(ledger.lines(Role::Sale), ["1 × sku:TOTE 100.00 -"]);
}

#[test]
fn tax_that_the_books_ignored_by_a_cent_goes_to_a_rounding_line() {
    let mut ledger = Ledger::canadian();
    ledger.post(&paid_order(1));
    let sale = ledger.document(Role::Sale);
    let (changed, reason) =
        crate::books::with_ignored_tax(sale, money("4.98"), &ledger.rules).expect("a few cents");
    assert_eq!(reason.code, "tax_override_ignored");
    assert!(reason.message.contains("4.98") && reason.message.contains("5.00"));
    assert_eq!(changed.total, sale.total);
    assert_eq!(changed.tax_total, money("4.98"));
    assert_eq!(changed.tax[0].amount, money("4.98"));
    let rounding = changed.lines.last().expect("a line");
    assert_eq!(
        (rounding.amount, rounding.tax_code.as_deref()),
        (money("0.02"), Some("Exempt"))
    );
    assert_eq!(
        crate::books::with_ignored_tax(sale, money("4.90"), &ledger.rules),
        None
    );
}
