//! Figures: one document of the shop against the one that stands for it, each figure by itself.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::document::{Document, LineKind};
use crate::model::money::Money;
use crate::model::statement::{StatedDocument, StatedLine};

use super::alike::{figures_of, same_lines, shown};
use super::difference::DifferenceCode;
use super::moved::moved_to;
use super::orders::{OrderLook, accept, by_rate};
use super::sides::{ExpectedDocument, RememberedDocument};

impl OrderLook<'_, '_> {
    /// Each figure by itself: whoever leaves one of them as it is has not looked at another one.
    pub(super) fn figures(&mut self, expected: &ExpectedDocument, stated: &StatedDocument) {
        let document = &expected.document;
        let found = &stated.found;
        let remembered = self.order.remembered.get(&document.key);
        let before = self.compared.differences.len();
        let currency = found.currency.as_deref().unwrap_or_default();
        if currency != document.currency {
            let draft = self.draft(DifferenceCode::Currency, "currency", document);
            let (shop, books) = (
                format!("{} {}", document.total, document.currency),
                format!("{} {currency}", found.total),
            );
            let told = (
                "it stands in another currency in QuickBooks".to_owned(),
                accept(),
            );
            self.words(draft, stated, (shop, books), told);
        } else {
            if found.total != document.total {
                let told = self.why_amount(document, stated);
                let draft = self.draft(DifferenceCode::Amount, "total", document);
                self.amounts(draft, Some(stated), (document.total, found.total), told);
            }
            if found.tax_total != document.tax_total {
                let told = self.why_tax(document, stated, remembered);
                let draft = self.draft(DifferenceCode::Tax, "tax", document);
                self.amounts(
                    draft,
                    Some(stated),
                    (document.tax_total, found.tax_total),
                    told,
                );
            }
            self.rates(document, stated);
        }
        // The lines make up the figures, and are told by themselves only where those agree.
        let is_off = self.compared.differences.len() > before;
        for draft in &mut self.compared.differences[before..] {
            draft.beside = figures_of(stated);
        }
        self.day(expected, stated);
        self.account(document, stated);
        self.expense(document, stated);
        self.exchange_rate(document, stated, remembered);
        self.customer(document, stated, remembered);
        if !is_off {
            self.edited(document, stated, remembered);
        }
    }

    fn why_amount(&self, document: &Document, stated: &StatedDocument) -> (String, String) {
        let again = format!("`udsync sync orders --id {}`", self.id);
        match self.order.remembered.get(&document.key) {
            Some(was) if was.total == stated.found.total => (
                "the order was changed in the shop after it was posted".to_owned(),
                format!("{again}; or {}", accept()),
            ),
            Some(was) if was.total == document.total => (
                "somebody changed it in QuickBooks".to_owned(),
                put_back(&was.total.to_string()),
            ),
            Some(_) => (
                "it was changed both in the shop and in QuickBooks".to_owned(),
                format!(
                    "`udsync explain {}` shows what was posted; then {}",
                    document.key,
                    accept()
                ),
            ),
            None => (
                "it stands in QuickBooks under our mark, and nothing is remembered of it"
                    .to_owned(),
                format!("{again} takes it up; or {}", accept()),
            ),
        }
    }

    fn why_tax(
        &self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) -> (String, String) {
        match remembered {
            Some(was) if was.trace == stated.found.trace && !was.trace.is_empty() => (
                "QuickBooks kept a tax of its own when it was posted, and the rest stands on a rounding line".to_owned(),
                accept(),
            ),
            Some(was) if was.tax_total == document.tax_total => (
                "somebody changed the tax in QuickBooks, and the total is what it was".to_owned(),
                put_back(&was.tax_total.to_string()),
            ),
            _ => (
                "the tax was changed after it was posted, and the total is what it was".to_owned(),
                format!("`udsync sync orders --id {}`; or {}", self.id, accept()),
            ),
        }
    }

    fn rates(&mut self, document: &Document, stated: &StatedDocument) {
        if self.sides.splits_tax_itself {
            return;
        }
        let expected = by_rate(document);
        if expected == stated.found.tax {
            return;
        }
        let names: BTreeSet<&String> = expected.keys().chain(stated.found.tax.keys()).collect();
        let of = |side: &BTreeMap<String, Money>, name: &String| {
            side.get(name).copied().unwrap_or_default()
        };
        let differing: Vec<(&String, Money, Money)> = names
            .into_iter()
            .map(|name| (name, of(&expected, name), of(&stated.found.tax, name)))
            .filter(|(_, shop, books)| shop != books)
            .collect();
        let off = stated.found.tax_total - document.tax_total;
        // One rate that is off by as much as the whole tax is told with the tax.
        if let [(_, shop, books)] = differing[..]
            && books - shop == off
        {
            return;
        }
        let (code, cause) = match off.is_zero() {
            true => (
                DifferenceCode::TaxRateSwapped,
                "the tax is right in sum, and stands at another rate in QuickBooks",
            ),
            false => (
                DifferenceCode::Tax,
                "of the tax that is not right, this is off at this rate",
            ),
        };
        for (name, shop, books) in differing {
            let draft = self.draft(code, &format!("tax:{name}"), document);
            let told = (
                cause.to_owned(),
                format!(
                    "choose the tax code of the order in QuickBooks again, `udsync explain {}` shows it; or {}",
                    document.key,
                    accept()
                ),
            );
            self.amounts(draft, Some(stated), (shop, books), told);
        }
    }

    fn day(&mut self, expected: &ExpectedDocument, stated: &StatedDocument) {
        let document = &expected.document;
        let Some(date) = stated.found.date.filter(|date| *date != document.date) else {
            return;
        };
        // Into the first open day, because the policy says so.
        if moved_to(self.order, expected, stated).is_some() {
            return;
        }
        let draft = self.draft(DifferenceCode::Day, "date", document);
        let told = match self.order.remembered.get(&document.key) {
            Some(was) if was.date == date => (
                "it was posted on that day: the order's own day, or the time zone of the books, was another then".to_owned(),
                accept(),
            ),
            Some(was) if was.date == document.date => (
                "somebody dated it anew in QuickBooks".to_owned(),
                put_back(&was.date.to_string()),
            ),
            _ => ("it is dated on another day".to_owned(), accept()),
        };
        let (shop, books) = (document.date.to_string(), date.to_string());
        self.words(draft, stated, (shop, books), told);
    }

    fn account(&mut self, document: &Document, stated: &StatedDocument) {
        // A payment of nothing reaches no account, whichever one the books note down.
        if document.total.is_zero() {
            return;
        }
        let Some(expected) = &document.account else {
            return;
        };
        if stated.account.as_ref() == Some(expected) {
            return;
        }
        let draft = self.draft(DifferenceCode::Account, "account", document);
        let told = (
            format!(
                "its money is in another account than `[books.deposit]` says for this way of paying; {} of it",
                document.total
            ),
            format!(
                "choose the account in QuickBooks, or correct `[books.deposit]`; or {}",
                accept()
            ),
        );
        let books = stated.account.clone().unwrap_or_else(|| "none".to_owned());
        self.words(draft, stated, (expected.clone(), books), told);
    }

    /// The account that a fee was booked to.
    fn expense(&mut self, document: &Document, stated: &StatedDocument) {
        let mut lines = document.lines.iter();
        let Some(line) = lines.find(|line| line.kind == LineKind::GatewayFee) else {
            return;
        };
        if stated.expense.as_ref() == Some(&line.item.0) {
            return;
        }
        let draft = self.draft(DifferenceCode::Account, "expense", document);
        let told = (
            format!(
                "it is booked to another expense account than the configuration says; {} of it",
                document.total
            ),
            format!("choose the account in QuickBooks; or {}", accept()),
        );
        let books = stated.expense.clone().unwrap_or_else(|| "none".to_owned());
        self.words(draft, stated, (line.item.0.clone(), books), told);
    }

    /// The same cents at another rate are other money of the company. What nobody has touched has the rate that it was posted at.
    fn exchange_rate(
        &mut self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) {
        let posted = match remembered {
            Some(was) => was.exchange_rate,
            None => document.exchange_rate,
        };
        let (Some(posted), Some(now)) = (posted, stated.found.exchange_rate) else {
            return;
        };
        if posted == now {
            return;
        }
        let draft = self.draft(DifferenceCode::Currency, "exchange_rate", document);
        let posted = posted.normalize().to_string();
        let told = (
            "somebody changed its exchange rate in QuickBooks".to_owned(),
            put_back(&posted),
        );
        let now = now.normalize().to_string();
        self.words(draft, stated, (posted, now), told);
    }

    fn customer(
        &mut self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) {
        let Some(was) = remembered.filter(|was| !was.customers.is_empty()) else {
            return;
        };
        let now = stated.found.customer.clone().unwrap_or_default();
        if was.customers.contains(&now) {
            return;
        }
        let draft = self.draft(DifferenceCode::Edited, "customer", document);
        let known: Vec<&str> = was.customers.iter().map(String::as_str).collect();
        let told = (
            "every figure agrees, and it stands with another customer in QuickBooks".to_owned(),
            accept(),
        );
        let shop = format!("customer {}", known.join(" or "));
        self.words(draft, stated, (shop, format!("customer {now}")), told);
    }

    fn edited(
        &mut self,
        document: &Document,
        stated: &StatedDocument,
        remembered: Option<&RememberedDocument>,
    ) {
        // Words and labels are a bookkeeper's own work; what is sold on which line is not.
        if remembered.is_some_and(|was| !was.trace.is_empty() && was.trace == stated.found.trace) {
            return;
        }
        if !document.kind.is_sales_form() {
            return;
        }
        let expected = self.lines_of(document);
        if same_lines(&expected, &stated.lines) {
            return;
        }
        let draft = self.draft(DifferenceCode::Edited, "lines", document);
        let told = (
            "every figure agrees, and somebody changed the lines in QuickBooks".to_owned(),
            accept(),
        );
        let (shop, books) = (shown(&expected), shown(&stated.lines));
        self.words(draft, stated, (shop, books), told);
    }

    /// The lines as the books would state them; an item that nobody knows is empty.
    fn lines_of(&self, document: &Document) -> Vec<StatedLine> {
        let items = &self.sides.items;
        let lines = document.lines.iter().map(|line| StatedLine {
            item: items.get(&line.item).cloned().unwrap_or_default(),
            amount: line.amount,
        });
        lines.collect()
    }
}

fn put_back(what: &str) -> String {
    format!("put it back to {what} in QuickBooks; or {}", accept())
}
