//! Where each cent comes from: the parts of any document add up to it, and each has a parent.

use proptest::prelude::*;

use super::ledger::Ledger;
use super::properties::honest_order;
use super::shop::{add_up, goods, paid_order};
use crate::books::explained::{DecidedBy, ExplainedAmount, SourceKind, decided_by, explained};
use crate::model::document::{DocumentKind, Role};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::Order;
use crate::model::rules::{Discounts, Rules};

/// What is wrong with the explanations of these documents, if anything is.
pub fn adds_up(all: &[Posted], rules: &Rules) -> Result<(), String> {
    for posted in all {
        let parts = explained(posted, rules, None);
        let root = ExplainedAmount::new(SourceKind::Books, "1", &*posted.number, posted.total);
        let root = root.over(parts);
        let wrong = |said: &str| Err(format!("{} {said}: {root:#?}", posted.key));
        if !root.adds_up() {
            return wrong("does not add up");
        }
        let sum: Money = root.leaves().iter().map(|leaf| leaf.amount).sum();
        if sum != posted.total {
            return wrong("has leaves that come to something else");
        }
        let in_shop = |leaf: &&ExplainedAmount| leaf.from.kind == SourceKind::Shop;
        if !root.leaves().iter().all(in_shop) {
            return wrong("has an amount that comes from no field of the shop");
        }
        let is_tax = |part: &&ExplainedAmount| {
            part.label.starts_with("tax ") || part.label.starts_with("sales tax")
        };
        let tax: Money = root
            .children
            .iter()
            .filter(is_tax)
            .map(|part| part.amount)
            .sum();
        if posted.kind != DocumentKind::Payment && tax != posted.tax_total {
            return wrong("explains other tax");
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn each_cent_of_any_order_has_one_parent(order in honest_order(), by_line in any::<bool>()) {
        let mut ledger = Ledger::canadian().policy(|policy| {
            if by_line {
                policy.discounts = Discounts::Line;
            }
        });
        ledger.post(&order);
        prop_assert_eq!(adds_up(&ledger.posted(), &ledger.rules), Ok(()));
    }

    #[test]
    fn a_shop_that_still_says_the_same_says_each_leaf(order in honest_order()) {
        let mut ledger = Ledger::canadian();
        ledger.post(&order);
        for posted in ledger.posted() {
            // Without lines of its own, a refund says only what it came to.
            if matches!(posted.key.role, Role::Refund(_)) {
                continue;
            }
            for part in explained(&posted, &ledger.rules, Some(&order)) {
                for leaf in part.leaves() {
                    if leaf.from.reference.contains("tax") && leaf.from.kind == SourceKind::Shop {
                        continue; // Cents between the rates are spread by the accountant.
                    }
                    prop_assert!(leaf.now.is_none_or(|now| now == leaf.amount), "{:?}", leaf);
                }
            }
        }
    }
}

fn order_of_one() -> Order {
    let mut order = paid_order(1);
    order.items = vec![goods(101, "MUG", "20.00", &[(1, "1.00")])];
    add_up(&mut order);
    order
}

#[test]
fn what_is_remembered_and_what_stands_there_may_differ_and_the_difference_has_a_name() {
    let mut ledger = Ledger::canadian();
    ledger.post(&order_of_one());
    let mut posted = ledger.posted().remove(0);
    posted.total += Money::CENT;
    let parts = explained(&posted, &ledger.rules, None);
    let last = parts.last().expect("parts");
    assert_eq!(
        (last.amount, last.from.kind),
        (Money::CENT, SourceKind::Books)
    );
    posted.document = None;
    let parts = explained(&posted, &ledger.rules, None);
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].amount, posted.total);
}

#[test]
fn the_setting_of_each_choice_is_named() {
    let mut ledger = Ledger::canadian();
    ledger.post(&order_of_one());
    let sale = ledger.booked[0].document.clone();
    let decided = decided_by(&sale, &ledger.rules, None);
    let of =
        |what: &str| -> Vec<&DecidedBy> { decided.iter().filter(|one| one.what == what).collect() };
    assert_eq!(of("number").len(), 1);
    assert!(of("account")[0].setting.is_some(), "{decided:?}");
    assert!(of("tax code")[0].setting.is_some(), "{decided:?}");
    // Which of the shop's rates it was is not remembered: both entries give this code, unless the order says which it was.
    let codes = &mut ledger.rules.tax.codes;
    let mut other = codes[0].clone();
    let code = sale.lines[0].tax_code.clone().expect("a code");
    (other.woo, other.code) = (vec!["CA-XX-GST-1".into()], code);
    codes.insert(0, other);
    let settings = |now: Option<&Order>| -> Vec<String> {
        let decided = decided_by(&sale, &ledger.rules, now);
        let of_code = decided.into_iter().filter(|one| one.what == "tax code");
        of_code.filter_map(|one| one.setting).collect()
    };
    let both = settings(None);
    assert!(
        both.len() > 1 && both.contains(&"books.tax.codes[1].code".to_owned()),
        "{both:?}"
    );
    let one = settings(Some(&order_of_one()));
    assert_eq!(one.len(), 1, "{one:?}");
    assert_ne!(one[0], "books.tax.codes[1].code");
    let mut moved = sale.clone();
    moved.note = format!("Dated {}, which lies in a closed period\n", sale.date);
    moved.date = sale.date.succ_opt().expect("a day");
    let decided = decided_by(&moved, &ledger.rules, None);
    let date = decided.iter().find(|one| one.what == "date");
    let date = date.expect("it is named").setting.as_deref();
    assert_eq!(date, Some("books.policy.closed_period"));
    // A setting that was changed since decides nothing any more.
    ledger.rules.deposit.clear();
    let decided = decided_by(&sale, &ledger.rules, None);
    let account = decided.iter().find(|one| one.what == "account");
    assert_eq!(account.expect("it is named").setting, None);
}
