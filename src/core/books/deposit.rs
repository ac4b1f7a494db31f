//! Deposits: which account the money of an order reaches.

use super::case::OrderCase;
use super::hold;
use crate::model::fault::Reason;
use crate::model::rules::Rules;

/// Looks for `method:CUR`, `method`, `*:CUR`, `*`, in this order.
pub(super) fn account(case: &OrderCase<'_>) -> Result<String, Reason> {
    let currency = &case.order.currency;
    let name = name(case).ok_or_else(|| hold::payment_method_unmapped(case.order))?;
    match case
        .company
        .accounts
        .get(name)
        .map(|account| &account.currency)
    {
        Some(Some(other)) if other != currency && other != &case.company.home_currency => Err(
            hold::deposit_in_another_currency(case.order, name, other, &case.company.home_currency),
        ),
        _ => Ok(name.clone()),
    }
}

/// The name that the rules give, whether the books have such an account or not.
pub(super) fn name<'a>(case: &OrderCase<'a>) -> Option<&'a String> {
    let method = case.order.payment_method.trim();
    named(case.rules, method, &case.order.currency)
}

/// The same for a way of paying.
pub(super) fn named<'a>(rules: &'a Rules, method: &str, currency: &str) -> Option<&'a String> {
    let mut keys = Vec::with_capacity(4);
    if !method.is_empty() {
        keys.push(format!("{method}:{currency}"));
        keys.push(method.to_owned());
    }
    keys.push(format!("*:{currency}"));
    keys.push("*".to_owned());
    keys.iter().find_map(|key| rules.deposit.get(key))
}

/// The ledger's payment method, where the shop mapped one; it is never made up.
pub(super) fn payment_method(case: &OrderCase<'_>) -> Option<String> {
    case.rules
        .payment_methods
        .get(case.order.payment_method.trim())
        .cloned()
}
