//! The way out: the line of the configuration that a hold waits for, where one line is all that it takes.
//!
//! A reason is words for people and keeps nothing beside them. Its hint names what can be typed, so this reads it back where it was
//! written; the tests hold both together.

use crate::books::propose::ProposalSubject;
use crate::model::fault::Reason;

/// What must be said in the configuration so that such a record can go on. `None`: no single line mends it.
pub fn way_out(reason: &Reason) -> Option<ProposalSubject> {
    let hint = reason.hint.as_deref()?;
    let added = || between(hint, "add `\"", "\" = ").map(str::to_owned);
    match reason.code.as_str() {
        "status_unmapped" => added().map(ProposalSubject::Status),
        "payment_method_unmapped" if hint.contains("`[books.deposit]`") => {
            added().map(ProposalSubject::Deposit)
        }
        "payment_method_unmapped" if hint.starts_with("set `gateway_fees = ") => {
            Some(ProposalSubject::FeeAccount)
        }
        "tax_code_unmapped" if hint.starts_with("add `[[books.tax.codes]]` ") => {
            rates(between(hint, "`woo = [", "]`")?).map(ProposalSubject::TaxCode)
        }
        "tax_code_unmapped" if hint.contains("to `[books.tax.rates]`") => {
            added().map(ProposalSubject::TaxRate)
        }
        "tax_code_unmapped" if hint.starts_with("set `no_tax_code = ") => {
            Some(ProposalSubject::UntaxedCode)
        }
        "tax_code_unmapped" if hint.starts_with("set `us_txn_tax_code = ") => {
            Some(ProposalSubject::DocumentCode)
        }
        _ => None,
    }
}

fn between<'t>(text: &'t str, before: &str, behind: &str) -> Option<&'t str> {
    let (_, rest) = text.split_once(before)?;
    let (found, _) = rest.split_once(behind)?;
    // A name with quotes in it could be read in two ways.
    Some(found).filter(|found| !found.is_empty() && (before.contains('[') || !found.contains('"')))
}

/// `"GST", "PST"`
fn rates(list: &str) -> Option<Vec<String>> {
    let inner = list.strip_prefix('"')?.strip_suffix('"')?;
    let names: Vec<String> = inner.split("\", \"").map(str::to_owned).collect();
    let is_plain = |name: &String| !name.is_empty() && !name.contains('"');
    names.iter().all(is_plain).then_some(names)
}
