//! The gateway's fee: an expense paid from the account that received the money.
//!
//! The sale stays gross; the fee is never a line in it. A fee that appears later is posted later.

use super::case::OrderCase;
use super::content::Content;
use super::drafted::Drafted;
use super::item_key::key;
use super::status::Sold;
use super::tax::Taxes;
use super::{Entry, date, decide, deposit, hold, note, number};
use crate::model::document::{Document, DocumentKind, LineKind, Role};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::overlay::Overlay;
use crate::model::rules::GatewayFees;

pub(super) fn entry(case: &OrderCase<'_>, sold: &Sold) -> Result<Option<Entry>, Reason> {
    let amount = amount(case).filter(|_| !sold.withdrawn);
    let (Some(amount), Some(paid_on)) = (amount, sold.paid_on) else {
        return Ok(case.posted(Role::Fee).map(decide::kept));
    };
    let expense = case
        .rules
        .gateway_fees
        .as_ref()
        .ok_or_else(|| hold::fee_account_missing(case.order))?;
    let account = deposit::account(case)?;
    if let Some(known) = case.company.accounts.get(&account)
        && !["Bank", "Credit Card"].contains(&known.kind.as_str())
    {
        return Err(hold::fee_account_cannot_pay(
            case.order,
            &account,
            &known.kind,
        ));
    }
    let no_tax = Taxes::of_sale(*case).no_tax()?;
    let line =
        Drafted::of(LineKind::GatewayFee, key(expense), amount, no_tax).described("Gateway fee");
    let content = Content {
        total: amount,
        tax_total: Money::ZERO,
        tax: Vec::new(),
        document_tax_code: None,
        lines: vec![line],
        warnings: Vec::new(),
    };
    let day = date::day_of(case, paid_on);
    let document = Document {
        number: number::fee(case),
        account: Some(account),
        note: note::sale(case),
        bill_to: None,
        ship_to: None,
        overlay: Overlay::default(),
        decimals: None,
        ..content.document(case, case.key(Role::Fee), DocumentKind::Purchase, day)
    };
    decide::entry(case, document).map(Some)
}

/// A fee in another currency than the order's says nothing about the clearing account: it is not booked.
pub(super) fn warning(case: &OrderCase<'_>) -> Option<Reason> {
    if case.rules.policy.gateway_fees != GatewayFees::Expense {
        return None;
    }
    let fee = case.order.gateway_fee.as_ref()?;
    let currency = fee.currency.as_ref()?;
    (!currency.eq_ignore_ascii_case(&case.order.currency))
        .then(|| hold::gateway_fee_currency_mismatch(case.order, currency))
}

fn amount(case: &OrderCase<'_>) -> Option<Money> {
    if case.rules.policy.gateway_fees != GatewayFees::Expense || warning(case).is_some() {
        return None;
    }
    let amount = case.order.gateway_fee.as_ref()?.amount.rounded();
    amount.is_positive().then_some(amount)
}
