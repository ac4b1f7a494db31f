//! Grounds: what the accountant is asked with, besides the order and what is posted of it.

use crate::books::{self, OrderAccount};
use crate::model::company::Company;
use crate::model::decimals::Decimals;
use crate::model::link::Posted;
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::rules::Rules;

/// What the accountant is asked with.
pub(super) struct Grounds<'a, 'r> {
    pub rules: &'r Rules,
    pub company: &'r Company,
    pub decimals: &'a Decimals,
}

impl Grounds<'_, '_> {
    pub fn account(
        &self,
        order: &Order,
        mapped: Option<&Mapped>,
        posted: &[Posted],
    ) -> OrderAccount {
        let account = books::account(order, mapped, posted, self.rules, self.company);
        books::with_doubt(account, order, posted, self.decimals)
    }
}
