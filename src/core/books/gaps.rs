//! Gaps: what the orders of a shop use and the rules say nothing about, before it holds anything back.
//!
//! It asks the same questions as posting does, about every order at once, so that one look at what was sold of late shows all that is
//! missing. It posts nothing and judges no amounts.

use std::collections::BTreeMap;

use super::case::OrderCase;
use super::deposit;
use super::sale;
use super::status::{self, FreshState};
use super::tax::{self, Taxes};
use crate::model::company::{Company, TaxModel};
use crate::model::money::Money;
use crate::model::order::{Order, TaxLine};
use crate::model::rules::Rules;

/// One thing that the rules leave open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RulesGap {
    /// Nobody has said whether orders in this status are sales.
    Status(String),
    /// These rates stand together on lines, and the set has no tax code.
    TaxCode(Vec<ShopRate>),
    /// A rate of the shop has no rate of the books.
    TaxRate(ShopRate),
    /// A rate is on lines and the order's own tax lines do not know it.
    StrayRate(u64),
    /// Lines without tax have no code.
    UntaxedCode,
    /// The document as a whole has no code, in companies that want one.
    DocumentCode,
    /// Money that comes this way has no account.
    Deposit { method: String, currency: String },
    /// The account for it is in a currency that is neither the order's nor the books'.
    DepositCurrency {
        method: String,
        currency: String,
        account: String,
    },
    /// The gateway has no payment method; documents go without one.
    PaymentMethod(String),
    /// The books keep no such currency.
    Currency(String),
    /// The shop charges tax and the books have it switched off.
    TaxOff,
}

/// A rate as the shop names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShopRate {
    pub code: String,
    pub id: u64,
    pub label: String,
}

impl ShopRate {
    fn of(rate: &TaxLine) -> ShopRate {
        ShopRate {
            code: rate.rate_code.clone(),
            id: rate.rate_id,
            label: rate.label.clone(),
        }
    }

    /// What stands for it in the configuration: its code, which survives a new import of the shop's rates.
    pub fn word(&self) -> String {
        if self.code.is_empty() {
            self.id.to_string()
        } else {
            self.code.clone()
        }
    }
}

/// How many orders a gap concerns, and one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapConcern {
    pub orders: u64,
    /// The number of the first one met.
    pub example: String,
}

/// Everything that these orders use and the rules leave open.
pub fn gaps(orders: &[Order], rules: &Rules, company: &Company) -> BTreeMap<RulesGap, GapConcern> {
    let mut all: BTreeMap<RulesGap, GapConcern> = BTreeMap::new();
    for order in orders {
        let case = OrderCase {
            order,
            overlay: None,
            posted: &[],
            rules,
            company,
            is_afresh: false,
        };
        let mut found = of_order(&case);
        found.sort();
        found.dedup();
        for gap in found {
            let concern = all.entry(gap).or_insert_with(|| GapConcern {
                orders: 0,
                example: order.number.clone(),
            });
            concern.orders += 1;
        }
    }
    all
}

fn of_order(case: &OrderCase<'_>) -> Vec<RulesGap> {
    let order = case.order;
    match status::fresh(case) {
        FreshState::Skip(_) | FreshState::Withdrawn => return Vec::new(),
        FreshState::Unclear(_) => return vec![RulesGap::Status(order.status.clone())],
        FreshState::Paid | FreshState::Owed { .. } => {}
    }
    let mut found = Vec::new();
    if case.is_foreign() && !case.company.multicurrency {
        found.push(RulesGap::Currency(order.currency.clone()));
    }
    if !case.company.uses_tax {
        if !order.total_tax.is_zero() {
            found.push(RulesGap::TaxOff);
        }
    } else {
        found.extend(of_tax(case));
    }
    if status::paid_on(case).is_some() {
        found.extend(of_money(case));
    }
    found
}

fn of_money(case: &OrderCase<'_>) -> Vec<RulesGap> {
    let order = case.order;
    let method = order.payment_method.trim().to_owned();
    let currency = order.currency.clone();
    let mut found = Vec::new();
    if order.total == Money::ZERO {
        return found;
    }
    if deposit::account(case).is_err() {
        found.push(match deposit::name(case) {
            None => RulesGap::Deposit {
                method: method.clone(),
                currency,
            },
            Some(account) => RulesGap::DepositCurrency {
                method: method.clone(),
                currency,
                account: account.clone(),
            },
        });
    }
    if !method.is_empty() && deposit::payment_method(case).is_none() {
        found.push(RulesGap::PaymentMethod(method));
    }
    found
}

fn of_tax(case: &OrderCase<'_>) -> Vec<RulesGap> {
    let taxes = Taxes::of_sale(*case);
    if taxes.is_us() {
        let manual = case.company.tax_model == TaxModel::UsManual;
        let open = manual && taxes.document_code(sale::shares(case)).is_err();
        return open.then_some(RulesGap::DocumentCode).into_iter().collect();
    }
    let order = case.order;
    let items = order.items.iter().map(|line| &line.taxes);
    let shipping = order.shipping_lines.iter();
    let shipping = shipping.filter(|line| !line.total.rounded().is_zero());
    let fees = order.fees.iter();
    let fees = fees.filter(|fee| !fee.total.rounded().is_zero());
    let lines = items
        .chain(shipping.map(|line| &line.taxes))
        .chain(fees.map(|line| &line.taxes));
    lines
        .flat_map(|shares| {
            let ids = tax::applying(shares);
            if ids.is_empty() {
                let open = taxes.coding(shares, "").is_err();
                return open.then_some(RulesGap::UntaxedCode).into_iter().collect();
            }
            of_rates(&taxes, &ids)
        })
        .collect()
}

fn of_rates(taxes: &Taxes<'_>, ids: &[u64]) -> Vec<RulesGap> {
    let stray = ids.iter().filter(|id| taxes.rate(**id).is_none());
    let mut found: Vec<RulesGap> = stray.map(|id| RulesGap::StrayRate(*id)).collect();
    if !found.is_empty() {
        return found;
    }
    let rates: Vec<&TaxLine> = ids.iter().filter_map(|id| taxes.rate(*id)).collect();
    if taxes.code_of(&rates).is_none() {
        let mut set: Vec<ShopRate> = rates.iter().map(|rate| ShopRate::of(rate)).collect();
        set.sort();
        found.push(RulesGap::TaxCode(set));
    }
    let unmapped = rates
        .iter()
        .filter(|rate| taxes.ledger_rate(rate).is_none());
    found.extend(unmapped.map(|rate| RulesGap::TaxRate(ShopRate::of(rate))));
    found
}
