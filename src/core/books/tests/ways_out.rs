//! The way out of a hold is the line that its hint says.

use super::ledger::Ledger;
use super::shop::*;
use crate::books::propose::ProposalSubject;
use crate::books::way_out;
use crate::model::fault::Reason;
use crate::model::order::Order;

fn ways(ledger: &mut Ledger, order: &Order) -> Vec<Option<ProposalSubject>> {
    let account = ledger.post(order);
    account
        .holds
        .iter()
        .map(|hold| way_out(&hold.reason))
        .collect()
}

#[test]
fn a_status_and_a_method_that_nobody_has_explained_are_said_in_one_line() {
    let mut order = paid_order(1);
    order.status = "awaiting-pickup".into();
    let status = ProposalSubject::Status("awaiting-pickup".into());
    assert_eq!(ways(&mut Ledger::canadian(), &order), [Some(status)]);
    let mut ledger = Ledger::canadian();
    ledger.rules.deposit.clear();
    let order = paid_order(1);
    let method = ProposalSubject::Deposit(order.payment_method.clone());
    assert_eq!(ways(&mut ledger, &order), [Some(method)]);
}

#[test]
fn rates_without_a_code_are_named_together() {
    let mut order = paid_order(1);
    order.items[0].taxes[0].rate_id = 9;
    add_up(&mut order);
    let code = ProposalSubject::TaxCode(vec!["RATE-9".into()]);
    assert_eq!(ways(&mut Ledger::canadian(), &order), [Some(code)]);
}

#[test]
fn what_could_be_read_in_two_ways_and_what_takes_more_than_a_line_has_none() {
    let hold = |code: &str, hint: &str| way_out(&Reason::new(code, "words").hint(hint));
    let two = "add `[[books.tax.codes]]` with `woo = [\"A\", \"B\"]` and `code = \"<the QuickBooks tax code>\"`, then";
    let both = ProposalSubject::TaxCode(vec!["A".into(), "B".into()]);
    assert_eq!(hold("tax_code_unmapped", two), Some(both));
    let odd = "add `[[books.tax.codes]]` with `woo = [\"A\"\"]` and `code = \"x\"`";
    assert_eq!(hold("tax_code_unmapped", odd), None);
    assert_eq!(
        hold("status_unmapped", "add `\"a\"b\" = \"as_paid\"`"),
        None
    );
    assert_eq!(hold("period_closed", "move the closing date"), None);
    assert_eq!(way_out(&Reason::new("status_unmapped", "words")), None);
}
