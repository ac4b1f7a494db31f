//! Rules by which requests come to grief.
//!
//! Rules without a path leave the token endpoints alone.

use super::call::{CompanyCall, CompanyRaw, CompanyWhat};
use super::entity::CompanyEntity;
use super::write::CompanyWork;
use crate::stand::mishap::StandRules;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mishap {
    LoseAnswer,
    Reset,
    Throttle,
    ServerErrorBefore,
    ServerErrorAfter,
    BadGatewayBefore,
    BadGatewayAfter,
    Stale,
    ExpireToken,
    ItemErrorBefore,
    ItemErrorAfter,
    /// The item is answered as one that failed, and is done `ms` later.
    ItemErrorLate,
    PartialBatch,
    Delay,
    TaxOff,
    /// A person pays an invoice, `by` so much, a moment before a payment of ours for it arrives.
    PaidByHand,
    Refuse,
    /// The work is done, and the answer is that nobody may.
    UnauthorizedAfter,
    /// The client is sent away at once, with `status` or without an answer, and the work begins `ms` later.
    LateStart,
    /// Nothing but the pauses of `item_ms`.
    Slow,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompanyRule {
    pub what: Mishap,
    /// Part of an operation's name, such as `create Invoice`.
    #[serde(default)]
    operation: Option<String>,
    #[serde(default)]
    pub html: bool,
    #[serde(default)]
    pub status: Option<u16>,
    #[serde(default)]
    pub item: usize,
    #[serde(default)]
    pub items: usize,
    #[serde(default)]
    pub ms: u64,
    /// The pause before each piece of work on this request, whatever the setup says.
    #[serde(default)]
    pub item_ms: Option<u64>,
    #[serde(default = "one_cent")]
    pub by: Decimal,
    /// `throttle`: seconds to wait, in a header of the answer.
    #[serde(default)]
    pub retry_after: Option<u64>,
    /// `refuse`: the code of the fault, and its detail.
    #[serde(default)]
    pub code: Option<String>,
    #[serde(default)]
    pub detail: Option<String>,
}

fn one_cent() -> Decimal {
    Decimal::new(1, 2)
}

impl CompanyRule {
    fn is_about(&self, work: &str) -> bool {
        let operation = self.operation.as_deref();
        operation.is_some_and(|operation| operation.contains(work))
    }

    /// Whether the mishap could happen to this request at all.
    fn applies(&self, call: &CompanyCall) -> bool {
        match self.what {
            Mishap::Stale => call.writes().iter().any(|w| w.work != CompanyWork::Create),
            // A change keeps its tax, unless the rule is about changes.
            Mishap::TaxOff => call.writes().iter().any(|w| {
                let is_meant = match w.work {
                    CompanyWork::Create => true,
                    CompanyWork::Update => self.is_about("update"),
                    _ => false,
                };
                is_meant && w.entity.is_sales_form()
            }),
            Mishap::PaidByHand => call
                .writes()
                .iter()
                .any(|w| w.work == CompanyWork::Create && w.entity == CompanyEntity::Payment),
            Mishap::ExpireToken => call.class() != "auth",
            Mishap::ItemErrorBefore | Mishap::ItemErrorAfter | Mishap::ItemErrorLate => {
                matches!(&call.what, CompanyWhat::Batch(items) if items.len() > self.item)
            }
            Mishap::PartialBatch => matches!(call.what, CompanyWhat::Batch(_)),
            Mishap::UnauthorizedAfter | Mishap::LateStart | Mishap::Slow => call.class() == "write",
            _ => true,
        }
    }
}

/// The rule that hits this request, if one does.
pub fn choose(
    rules: &mut StandRules<CompanyRule>,
    raw: &CompanyRaw,
    call: &CompanyCall,
) -> Option<CompanyRule> {
    rules.strike(&raw.method, &raw.path, |rule, when| {
        let named = |part: &String| call.operations().iter().any(|one| one.contains(part));
        (when.path.is_some() || call.class() != "auth")
            && rule.operation.as_ref().is_none_or(named)
            && rule.applies(call)
    })
}
