//! Words of a mapping on documents: where they go, what they leave alone, and when they are worth a write.

use proptest::prelude::*;

use super::ledger::Ledger;
use super::properties::honest_order;
use super::shop::*;
use crate::books::{Decision, OrderAccount};
use crate::model::company::ClassTracking;
use crate::model::document::{Document, DocumentKind};
use crate::model::fault::Reason;
use crate::model::order::{Address, Order};
use crate::model::overlay::{AddressParts, Mapped, Overlay};
use crate::model::rules::EditAfterPosting;

fn mapped(overlay: Overlay) -> Option<Mapped> {
    Some(Mapped::Overlay(Box::new(overlay)))
}

fn memo(words: &str) -> Overlay {
    Overlay {
        memo: Some(words.to_owned()),
        ..Overlay::default()
    }
}

fn class(name: &str) -> Overlay {
    Overlay {
        class: Some(name.to_owned()),
        ..Overlay::default()
    }
}

fn posted(order: &Order, overlay: Option<Overlay>) -> Ledger {
    let mut ledger = Ledger::canadian();
    ledger.mapped = overlay.map(Box::new).map(Mapped::Overlay);
    ledger.post(order);
    ledger
}

fn decisions(account: &OrderAccount) -> Vec<Decision> {
    account.entries.iter().map(|entry| entry.decision).collect()
}

fn codes(warnings: &[Reason]) -> Vec<&str> {
    warnings.iter().map(|reason| reason.code.as_str()).collect()
}

prop_compose! {
    fn words()(words in proptest::option::of(".{0,40}")) -> Option<String> { words }
}

prop_compose! {
    fn parts()(
        line_1 in words(), line_2 in words(), city in words(), state in words(), postcode in words(), country in words(),
    ) -> AddressParts {
        AddressParts { line_1, line_2, city, state, postcode, country }
    }
}

prop_compose! {
    fn any_overlay()(
        number in words(), note in words(), memo in words(), class in words(), location in words(),
        bill_to in parts(), ship_to in parts(),
        custom in proptest::collection::btree_map(".{1,10}", ".{0,40}", 0..4),
    ) -> Overlay {
        Overlay { number, note, memo, class, location, bill_to, ship_to, custom }
    }
}

/// A document without anything that a mapping may decide.
fn ledger_part(document: &Document) -> Document {
    Document {
        number: String::new(),
        note: String::new(),
        memo: None,
        bill_to: None,
        ship_to: None,
        overlay: Overlay::default(),
        decimals: None,
        ..document.clone()
    }
}

fn ledger_parts(account: &OrderAccount) -> Vec<(Decision, Document)> {
    let entries = account.entries.iter();
    entries
        .map(|entry| (entry.decision, ledger_part(&entry.document)))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever a mapping says, every figure, date, currency, tax, account, line and way of paying is the accountant's; so are what is
    /// held and what is remarked.
    #[test]
    fn no_overlay_touches_what_is_the_ledgers(order in honest_order(), overlay in any_overlay()) {
        let plain = Ledger::canadian().look(&order);
        let mut ledger = Ledger::canadian();
        ledger.mapped = mapped(overlay);
        let dressed = ledger.look(&order);
        prop_assert_eq!(ledger_parts(&plain), ledger_parts(&dressed));
        prop_assert_eq!(&plain.holds, &dressed.holds);
        prop_assert_eq!(plain.warnings, dressed.warnings);
    }

    /// The same for what is posted: a document that changes its words keeps its figures.
    #[test]
    fn no_edit_of_a_mapping_touches_what_is_posted(order in honest_order(), before in any_overlay(), after in any_overlay()) {
        let mut ledger = posted(&order, Some(before));
        let plain: Vec<Document> = ledger.booked.iter().map(|booked| ledger_part(&booked.document)).collect();
        ledger.mapped = mapped(after);
        let again = ledger.look(&order);
        let documents: Vec<Document> = again.entries.iter().map(|entry| ledger_part(&entry.document)).collect();
        if again.skip.is_none() && again.holds.is_empty() {
            prop_assert_eq!(plain, documents);
        }
        for entry in &again.entries {
            prop_assert!(entry.decision != Decision::Create && entry.decision != Decision::Void);
        }
        ledger.post(&order);
        let quiet = ledger.look(&order);
        prop_assert!(decisions(&quiet).iter().all(|decision| *decision == Decision::Keep));
    }
}

#[test]
fn what_the_accountant_says_anyway_leaves_no_trace() {
    let order = paid_order(1);
    let plain = posted(&order, None);
    let sale = &plain.booked[0].document;
    let billing = Address {
        line_1: format!(" {} ", order.billing.line_1),
        ..order.billing.clone()
    };
    let repeats = Overlay {
        number: Some(sale.number.clone()),
        note: Some(sale.note.replace(' ', "  ")),
        bill_to: AddressParts {
            line_1: Some(billing.line_1),
            city: Some(billing.city),
            ..AddressParts::default()
        },
        ..Overlay::default()
    };
    let dressed = posted(&order, Some(repeats));
    assert_eq!(&dressed.booked[0].document, sale);
}

#[test]
fn a_refund_says_which_one_it_is_under_the_mappings_note_and_number() {
    let mut order = paid_order(1);
    let mut refund = refund_of(9, "5");
    refund.reason = "broken".to_owned();
    order.refunds.push(refund);
    let words = Overlay {
        number: Some("ON/1".to_owned()),
        note: Some("Web order".to_owned()),
        ..Overlay::default()
    };
    let ledger = posted(&order, Some(words));
    let said: Vec<(&str, &str)> = ledger
        .booked
        .iter()
        .map(|booked| {
            (
                booked.document.number.as_str(),
                booked.document.note.as_str(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("ON/1", "Web order"),
            ("ON/1-R9", "Web order, refund 9: broken")
        ]
    );
}

#[test]
fn a_payment_and_a_fee_have_no_place_for_words() {
    let order = owed_order(1);
    let mut ledger = posted(&order, Some(class("Web")));
    let mut paid = order;
    paid.paid_at = Some(paid.created_at);
    paid.status = "processing".to_owned();
    ledger.post(&paid);
    let worn: Vec<(DocumentKind, bool)> = ledger
        .booked
        .iter()
        .map(|booked| (booked.document.kind, booked.document.overlay.is_empty()))
        .collect();
    assert_eq!(
        worn,
        [
            (DocumentKind::Invoice, false),
            (DocumentKind::Payment, true)
        ]
    );
}

#[test]
fn other_words_are_a_change_and_the_same_words_are_none() {
    let order = paid_order(1);
    let mut ledger = posted(&order, Some(memo("Thanks")));
    assert_eq!(decisions(&ledger.look(&order)), [Decision::Keep]);
    ledger.mapped = mapped(memo("Many thanks"));
    assert_eq!(decisions(&ledger.look(&order)), [Decision::Update]);
    ledger.mapped = None;
    assert_eq!(decisions(&ledger.look(&order)), [Decision::Update]);
}

#[test]
fn a_closed_period_and_a_hand_on_edits_leave_old_words_where_they_are() {
    let order = paid_order(1);
    let mut closed = posted(&order, Some(memo("Thanks")));
    closed.company.closed_through = "2030-01-01".parse().ok();
    let mut careful = posted(&order, Some(memo("Thanks")))
        .policy(|policy| policy.edit_after_posting = EditAfterPosting::Hold);
    for (ledger, because) in [(&mut closed, "closed"), (&mut careful, "hold")] {
        ledger.mapped = mapped(memo("Many thanks"));
        let seen = ledger.look(&order);
        assert_eq!(decisions(&seen), [Decision::Keep]);
        assert_eq!(codes(&seen.entries[0].warnings), ["mapping_waits"]);
        assert!(seen.entries[0].warnings[0].message.contains(because));
        // Another total is another matter.
        let mut dearer = order.clone();
        dearer.items[0].total = money("77");
        add_up(&mut dearer);
        let seen = ledger.look(&dearer);
        assert_eq!(seen.holds.len(), 1, "{because}");
    }
}

#[test]
fn a_class_that_cannot_be_taken_off_is_told() {
    let order = paid_order(1);
    for (classes, told) in [
        (ClassTracking::PerDocument, vec!["mapping_left_behind"]),
        (ClassTracking::PerLine, vec![]),
    ] {
        let mut ledger = posted(&order, Some(class("Web")));
        ledger.company.classes = classes;
        ledger.mapped = mapped(memo("Thanks"));
        let seen = ledger.look(&order);
        assert_eq!(decisions(&seen), [Decision::Update]);
        assert_eq!(codes(&seen.entries[0].warnings), told);
    }
}

#[test]
fn a_filter_leaves_out_what_is_new_and_keeps_the_words_of_what_is_posted() {
    let order = paid_order(1);
    let skip = Mapped::Skip(Reason::new("mapping_skipped", "left out"));
    let mut fresh = Ledger::canadian();
    fresh.mapped = Some(skip.clone());
    let seen = fresh.look(&order);
    assert_eq!(
        seen.skip.map(|reason| reason.code).as_deref(),
        Some("mapping_skipped")
    );
    let mut ledger = posted(&order, Some(class("Web")));
    ledger.mapped = Some(skip);
    assert_eq!(decisions(&ledger.look(&order)), [Decision::Keep]);
    let mut given_back = order;
    given_back.refunds.push(refund_of(9, "5"));
    let seen = ledger.look(&given_back);
    assert_eq!(decisions(&seen), [Decision::Keep, Decision::Create]);
    assert_eq!(
        seen.entries[1].document.overlay.class.as_deref(),
        Some("Web")
    );
}

#[test]
fn an_order_that_cannot_be_mapped_is_held_unless_nothing_is_to_be_posted() {
    let refused = Mapped::Refused(Reason::new("mapping_refused", "it has no city"));
    let mut ledger = Ledger::canadian();
    ledger.mapped = Some(refused);
    let seen = ledger.look(&paid_order(1));
    assert_eq!(seen.holds[0].reason.code, "mapping_refused");
    let mut failed = paid_order(2);
    failed.status = "failed".to_owned();
    failed.paid_at = None;
    assert!(ledger.look(&failed).skip.is_some());
}
