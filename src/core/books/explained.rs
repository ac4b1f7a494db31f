//! Where each cent of a document comes from: a tree from the document's total down to the shop's own fields.
//!
//! A document remembers its lines, their shop's lines and its tax by rate, so no order is needed to take it apart. Which setting
//! decided is not remembered: it is worked out from the rules as they are now, and whoever shows it says so. Each cent has one parent:
//! the children of a node add up to it, and what nothing explains is a node of its own with that for a name. Pure: this asks nothing,
//! and it knows neither lines of files nor requests.

use serde::{Serialize, Serializer};

use super::note::moved_from;
use super::payouts::is_bill;
use super::tax::{applying, rule_of};
use crate::model::document::{
    Document, DocumentKey, DocumentKind, Line, LineKind, Role, TaxAmount,
};
use crate::model::link::Posted;
use crate::model::money::Money;
use crate::model::order::{Order, Refund, TaxLine};
use crate::model::rules::{Discounts, Rules};

/// One amount, where it comes from, and what it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExplainedAmount {
    pub label: String,
    #[serde(serialize_with = "as_text")]
    pub amount: Money,
    pub from: AmountSource,
    /// Of a shop's field: what it holds now, where the shop was asked.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "as_text_or_none"
    )]
    pub now: Option<Money>,
    pub children: Vec<ExplainedAmount>,
}

/// Where an amount comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AmountSource {
    pub kind: SourceKind,
    /// A field of the shop's order, a setting, a request or a thing in the books.
    #[serde(rename = "ref")]
    pub reference: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    Shop,
    Rule,
    Mapping,
    Request,
    Books,
    Payout,
}

/// A choice on a document, and the setting that makes it as the configuration is now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DecidedBy {
    /// `account`, `tax code`, `item` …
    pub what: &'static str,
    pub value: String,
    /// Its key in the configuration; `None` where no setting of today gives this value.
    pub setting: Option<String>,
}

fn as_text<S: Serializer>(amount: &Money, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(amount)
}

fn as_text_or_none<S: Serializer>(amount: &Option<Money>, to: S) -> Result<S::Ok, S::Error> {
    match amount {
        Some(amount) => to.collect_str(amount),
        None => to.serialize_none(),
    }
}

impl ExplainedAmount {
    pub fn new(
        kind: SourceKind,
        reference: impl Into<String>,
        label: impl Into<String>,
        amount: Money,
    ) -> ExplainedAmount {
        ExplainedAmount {
            label: label.into(),
            amount,
            from: AmountSource {
                kind,
                reference: reference.into(),
            },
            now: None,
            children: Vec::new(),
        }
    }

    pub fn over(mut self, children: Vec<ExplainedAmount>) -> ExplainedAmount {
        self.children = children;
        self
    }

    /// What nothing is below of.
    pub fn leaves(&self) -> Vec<&ExplainedAmount> {
        if self.children.is_empty() {
            return vec![self];
        }
        self.children
            .iter()
            .flat_map(ExplainedAmount::leaves)
            .collect()
    }

    /// Whether each node is what its children come to, all the way down.
    pub fn adds_up(&self) -> bool {
        let sum: Money = self.children.iter().map(|child| child.amount).sum();
        self.children.is_empty()
            || sum == self.amount && self.children.iter().all(ExplainedAmount::adds_up)
    }
}

/// What a posted document is made of; its amounts add up to its total. `now`: the order as the shop has it now.
pub fn explained(posted: &Posted, rules: &Rules, now: Option<&Order>) -> Vec<ExplainedAmount> {
    let Some(document) = &posted.document else {
        let label = "found in the books; what it was made of is not remembered";
        return vec![ExplainedAmount::new(
            SourceKind::Books,
            posted.number.clone(),
            label,
            posted.total,
        )];
    };
    let trace = Tracing {
        document,
        rules,
        now,
    };
    let mut parts: Vec<ExplainedAmount> = match document.kind {
        DocumentKind::Payment | DocumentKind::BillPayment => trace.settled(),
        _ => document.lines.iter().map(|line| trace.line(line)).collect(),
    };
    parts.extend(trace.taxes());
    let explained: Money = parts.iter().map(|part| part.amount).sum();
    let residue = posted.total - explained;
    if !residue.is_zero() {
        parts.push(ExplainedAmount::new(
            SourceKind::Books,
            posted.number.clone(),
            "stands in the books and is in nothing that is remembered",
            residue,
        ));
    }
    parts
}

struct Tracing<'a> {
    document: &'a Document,
    rules: &'a Rules,
    now: Option<&'a Order>,
}

impl Tracing<'_> {
    fn line(&self, line: &Line) -> ExplainedAmount {
        let setting = setting_of_line(self.rules, line);
        let reference =
            setting.unwrap_or_else(|| format!("{} {}", sold_or_booked(line), line.item));
        let label = match (line.quantity, line.tax_code.as_deref()) {
            (Some(quantity), Some(code)) => {
                format!(
                    "{} × {}, tax code {code}",
                    quantity.normalize(),
                    described(line)
                )
            }
            (Some(quantity), None) => format!("{} × {}", quantity.normalize(), described(line)),
            (None, Some(code)) => format!("{}, tax code {code}", described(line)),
            (None, None) => described(line),
        };
        let (field, now) = self.field_of(line);
        let mut leaf = ExplainedAmount::new(SourceKind::Shop, field, self.cause(line), line.amount);
        leaf.now = now;
        ExplainedAmount::new(SourceKind::Rule, reference, label, line.amount).over(vec![leaf])
    }

    /// What a bookkeeper would call the shop's field.
    fn cause(&self, line: &Line) -> String {
        let is_refund = matches!(self.document.key.role, Role::Refund(_));
        match line.kind {
            LineKind::Rounding if line.amount.is_negative() => {
                "the shop's total is less than its lines and its tax".to_owned()
            }
            LineKind::Rounding => "the shop's total is more than its lines and its tax".to_owned(),
            LineKind::GatewayFee if is_bill(&self.document.key.origin.id()) => {
                format!("{} of the rows of the month's payouts", line.description)
            }
            LineKind::GatewayFee if self.document.key.order().is_none() => {
                format!("{} of the payout's rows", line.description)
            }
            LineKind::GatewayFee => "the fee that the gateway wrote into the order".to_owned(),
            LineKind::Transfer => "what reached the bank".to_owned(),
            LineKind::PayoutShare => format!("{} of the payout's rows", line.description),
            LineKind::Discount => "coupons: after them, less before them".to_owned(),
            LineKind::Item if is_adjustment(line) => {
                "given back without saying for what".to_owned()
            }
            LineKind::Item if is_refund => "given back of this line".to_owned(),
            LineKind::Item if self.is_gross() => "the line before coupons".to_owned(),
            LineKind::Item => "the line after coupons, without tax".to_owned(),
            LineKind::Shipping | LineKind::Fee if is_refund => "given back of this line".to_owned(),
            LineKind::Shipping => "shipping, without tax".to_owned(),
            LineKind::Fee => "the shop's fee, without tax".to_owned(),
        }
    }

    /// Coupons have a line of their own, and goods stand there before them.
    fn is_gross(&self) -> bool {
        let lines = &self.document.lines;
        lines.iter().any(|line| line.kind == LineKind::Discount)
            || self.rules.policy.discounts == Discounts::Line
    }

    /// The field of the order that a line comes from, and what it holds now.
    fn field_of(&self, line: &Line) -> (String, Option<Money>) {
        match self.document.key.role {
            Role::Refund(id) => self.field_of_refund(line, id),
            _ => self.field_of_sale(line),
        }
    }

    fn field_of_sale(&self, line: &Line) -> (String, Option<Money>) {
        let now = self.now;
        let id = line.source_line;
        match (line.kind, id) {
            (LineKind::Rounding, _) => {
                ("total - total_tax - lines".to_owned(), now.map(rounding_of))
            }
            (LineKind::GatewayFee, _) => (
                "meta_data (fee of the gateway)".to_owned(),
                now.and_then(|order| Some(order.gateway_fee.as_ref()?.amount.rounded())),
            ),
            (LineKind::Discount, _) => (
                "line_items[].total - line_items[].subtotal".to_owned(),
                None, // One line for each tax code, and the order says nothing of those.
            ),
            (LineKind::Shipping, Some(id)) => (
                format!("shipping_lines[id={id}].total"),
                now.and_then(|order| {
                    let line = order.shipping_lines.iter().find(|line| line.id == id)?;
                    Some(line.total.rounded())
                }),
            ),
            (LineKind::Fee, Some(id)) => (
                format!("fee_lines[id={id}].total"),
                now.and_then(|order| {
                    let fee = order.fees.iter().find(|fee| fee.id == id)?;
                    Some(fee.total.rounded())
                }),
            ),
            (_, Some(id)) => {
                let is_gross = self.is_gross();
                let field = if is_gross { "subtotal" } else { "total" };
                let now = now.and_then(|order| {
                    let line = order.items.iter().find(|line| line.id == id)?;
                    let amount = if is_gross { line.subtotal } else { line.total };
                    Some(amount.rounded())
                });
                (format!("line_items[id={id}].{field}"), now)
            }
            (_, None) if self.document.key.order().is_none() => {
                ("the rows of the payout".to_owned(), None)
            }
            (_, None) => ("a line of the order".to_owned(), None),
        }
    }

    fn field_of_refund(&self, line: &Line, id: u64) -> (String, Option<Money>) {
        let refund = self.refund_now(id);
        if is_adjustment(line) {
            let alone = self.document.lines.len() == 1;
            let amount = refund.filter(|_| alone).map(|refund| refund.amount);
            return (format!("refunds[id={id}].amount"), amount);
        }
        let Some(source) = line.source_line else {
            return (format!("refunds[id={id}].amount - lines"), None);
        };
        let list = match line.kind {
            LineKind::Shipping => "shipping_lines",
            LineKind::Fee => "fee_lines",
            _ => "line_items",
        };
        let now = refund.filter(|refund| refund.has_rows()).map(|refund| {
            let of_items = refund.items.iter().map(|row| (row.refunds_line, row.total));
            let of_shipping = refund
                .shipping_lines
                .iter()
                .map(|row| (row.refunds_line, row.total));
            let of_fees = refund.fees.iter().map(|row| (row.refunds_line, row.total));
            let rows = of_items.chain(of_shipping).chain(of_fees);
            let of_line = rows.filter(|(of, _)| *of == Some(source));
            -of_line.map(|(_, total)| total.rounded()).sum::<Money>()
        });
        (format!("refunds[id={id}].{list}[of={source}].total"), now)
    }

    fn refund_now(&self, id: u64) -> Option<&Refund> {
        self.now?.refunds.iter().find(|refund| refund.id == id)
    }

    /// The tax by rate, and what no rate has.
    fn taxes(&self) -> Vec<ExplainedAmount> {
        let mut taxes: Vec<ExplainedAmount> =
            self.document.tax.iter().map(|tax| self.tax(tax)).collect();
        let by_rate: Money = self.document.tax.iter().map(|tax| tax.amount).sum();
        let rest = self.document.tax_total - by_rate;
        if !rest.is_zero() {
            let (field, now) = match self.document.key.role {
                Role::Refund(id) => (format!("refunds[id={id}].tax_lines"), None),
                _ if by_rate.is_zero() => (
                    "total_tax".to_owned(),
                    self.now.map(|order| order.total_tax),
                ),
                _ => ("total_tax".to_owned(), None),
            };
            let mut leaf =
                ExplainedAmount::new(SourceKind::Shop, field, "tax as the shop charged it", rest);
            leaf.now = now;
            let code = self.document.document_tax_code.as_deref();
            let label = match code {
                Some(code) => format!("sales tax, code {code} for the whole document"),
                None => "sales tax; the books keep their own split".to_owned(),
            };
            let settings = code.map(|code| settings_of_code(self.rules, code));
            let reference = match settings.as_deref() {
                Some([one]) => one.clone(),
                Some([_, ..]) => "books.tax.codes".to_owned(),
                _ => "tax as charged".to_owned(),
            };
            taxes.push(
                ExplainedAmount::new(SourceKind::Rule, reference, label, rest).over(vec![leaf]),
            );
        }
        taxes
    }

    fn tax(&self, tax: &TaxAmount) -> ExplainedAmount {
        let keys = rate_keys(self.rules, &tax.rate, self.now);
        let settings = keys.iter().map(|key| setting_path("books.tax.rates", key));
        let settings: Vec<String> = settings.collect();
        let reference = match settings.as_slice() {
            [] => format!("rate {}", tax.rate),
            [one] => one.clone(),
            // Which of the shop's rates it was is not remembered.
            several => format!("one of {}", several.join(", ")),
        };
        let named = match keys.as_slice() {
            [key] => format!("tax_lines[{key}]"),
            _ => format!("tax_lines[rates of {}]", tax.rate),
        };
        let field = match self.document.key.role {
            Role::Refund(id) => format!("refunds[id={id}].{named}"),
            _ => format!("{named}.tax_total + shipping_tax_total"),
        };
        let cause = if self.document.lines.iter().any(is_adjustment) {
            "the share of the tax that belongs to what was given back"
        } else {
            "tax as the shop charged it"
        };
        let mut leaf = ExplainedAmount::new(SourceKind::Shop, field, cause, tax.amount);
        leaf.now = self.tax_now(&keys);
        let label = format!("tax {} on {}", tax.rate, tax.base);
        ExplainedAmount::new(SourceKind::Rule, reference, label, tax.amount).over(vec![leaf])
    }

    fn tax_now(&self, keys: &[&str]) -> Option<Money> {
        let order = self.now?;
        let (lines, given_back) = match self.document.key.role {
            Role::Refund(id) => (&self.refund_now(id)?.tax_lines, true),
            _ => (&order.tax_lines, false),
        };
        let is_of_rate = |line: &&TaxLine| {
            let id = line.rate_id.to_string();
            keys.iter()
                .any(|key| *key == id || *key == line.rate_code || *key == line.label)
        };
        let of_rate: Vec<&TaxLine> = lines.iter().filter(is_of_rate).collect();
        let sum: Money = of_rate.iter().map(|line| line.total()).sum();
        (!of_rate.is_empty()).then_some(if given_back { -sum } else { sum })
    }

    /// What a payment settles: the sale, less what was credited before.
    fn settled(&self) -> Vec<ExplainedAmount> {
        let applications = self.document.applies_to.iter();
        applications
            .map(|settles| {
                let is_credit = matches!(
                    settles.kind,
                    DocumentKind::CreditMemo | DocumentKind::VendorCredit
                );
                let amount = if is_credit {
                    -settles.amount
                } else {
                    settles.amount
                };
                let verb = if is_credit { "less" } else { "settles" };
                let label = format!("{verb} {} {}", settles.kind, settles.to);
                if settles.to.order().is_none() {
                    let reference = settles.to.to_string();
                    return ExplainedAmount::new(SourceKind::Payout, reference, label, amount);
                }
                let (field, now) = self.total_of(settles.to);
                let mut leaf =
                    ExplainedAmount::new(SourceKind::Shop, field, "what the shop says", amount);
                leaf.now = now.map(|now| if is_credit { -now } else { now });
                ExplainedAmount::new(SourceKind::Books, settles.to.to_string(), label, amount)
                    .over(vec![leaf])
            })
            .collect()
    }

    fn total_of(&self, key: DocumentKey) -> (String, Option<Money>) {
        match key.role {
            Role::Refund(id) => (
                format!("refunds[id={id}].amount"),
                self.refund_now(id).map(|refund| refund.amount),
            ),
            _ => ("total".to_owned(), self.now.map(|order| order.total)),
        }
    }
}

fn rounding_of(order: &Order) -> Money {
    let items: Money = order.items.iter().map(|line| line.total.rounded()).sum();
    let shipping: Money = order
        .shipping_lines
        .iter()
        .map(|line| line.total.rounded())
        .sum();
    let fees: Money = order.fees.iter().map(|fee| fee.total.rounded()).sum();
    order.total - order.total_tax - items - shipping - fees
}

fn described(line: &Line) -> String {
    if line.description.is_empty() {
        line.item.to_string()
    } else {
        line.description.clone()
    }
}

/// What a line names: of fees and of what a payout is made of it is an account.
fn sold_or_booked(line: &Line) -> &'static str {
    match line.kind {
        LineKind::GatewayFee | LineKind::Transfer | LineKind::PayoutShare => "account",
        _ => "item",
    }
}

fn is_adjustment(line: &Line) -> bool {
    line.kind == LineKind::Item && line.item.0 == "refund_adjustment"
}

/// A key of the configuration as `config show` writes it.
fn setting_path(section: &str, key: &str) -> String {
    let is_bare = !key.is_empty()
        && key
            .chars()
            .all(|letter| letter.is_ascii_alphanumeric() || letter == '_' || letter == '-');
    if is_bare {
        format!("{section}.{key}")
    } else {
        format!("{section}.{key:?}")
    }
}

/// The settings that give a rate of the books: of the rates that the order has, where somebody asked the shop for it.
fn rate_keys<'a>(rules: &'a Rules, rate: &str, now: Option<&Order>) -> Vec<&'a str> {
    let rates = rules.tax.rates.iter();
    let same = rates.filter(|(_, known)| known.as_str() == rate);
    let keys: Vec<&str> = same.map(|(key, _)| key.as_str()).collect();
    let lines = now.map_or(&[][..], |order| &order.tax_lines);
    let is_charged = |key: &&str| {
        lines.iter().any(|line| {
            **key == line.rate_id.to_string() || **key == line.rate_code || **key == line.label
        })
    };
    let charged: Vec<&str> = keys.iter().copied().filter(|key| is_charged(key)).collect();
    match charged.is_empty() {
        true => keys,
        false => charged,
    }
}

/// The setting that gives a line its item.
fn setting_of_line(rules: &Rules, line: &Line) -> Option<String> {
    let key = line.item.0.as_str();
    Some(match line.kind {
        LineKind::GatewayFee => "books.gateway_fees".to_owned(),
        LineKind::Transfer => "books.payouts.bank".to_owned(),
        LineKind::PayoutShare => {
            let payouts = &rules.payouts;
            let named = [
                ("disputes", &payouts.disputes),
                ("reserves", &payouts.reserves),
                ("adjustments", &payouts.adjustments),
                ("other_sites", &payouts.other_sites),
            ];
            let (word, _) = named
                .into_iter()
                .find(|(_, account)| account.as_deref() == Some(key))?;
            setting_path("books.payouts", word)
        }
        LineKind::Rounding => "books.policy.rounding_max".to_owned(),
        LineKind::Fee => {
            let mut named = rules.policy.fee_items.iter();
            match named.find(|(_, item)| item.as_str() == key) {
                Some((name, _)) => setting_path("books.policy.fee_items", name),
                None if key == rules.policy.negative_fee_item && line.amount.is_negative() => {
                    "books.policy.negative_fee_item".to_owned()
                }
                None => setting_path("books.items", key),
            }
        }
        LineKind::Item if is_adjustment(line) => "books.policy.amount_only_refund".to_owned(),
        LineKind::Item => {
            let word = key.strip_prefix("fallback:")?;
            setting_path("books.items", word)
        }
        LineKind::Discount => "books.policy.discounts".to_owned(),
        LineKind::Shipping => setting_path("books.items", key),
    })
}

/// Every setting that gives this code. Which of the shop's rates a line had is not remembered, so that several may have.
fn settings_of_code(rules: &Rules, code: &str) -> Vec<String> {
    let tax = &rules.tax;
    let of_rates = tax.codes.iter().enumerate();
    let of_rates = of_rates.filter(|(_, rule)| rule.code == code);
    let mut settings: Vec<String> = of_rates.map(|(at, _)| setting_of_rule(at)).collect();
    let named = [
        ("no_tax_code", &tax.no_tax_code),
        ("export_code", &tax.export_code),
        ("vat_exempt_code", &tax.vat_exempt_code),
        ("us_txn_tax_code", &tax.us_txn_tax_code),
    ];
    let named = named
        .into_iter()
        .filter(|(_, set)| set.as_deref() == Some(code));
    settings.extend(named.map(|(key, _)| setting_path("books.tax", key)));
    settings
}

/// The rule for a set of rates, as `config show` counts them.
fn setting_of_rule(at: usize) -> String {
    format!("books.tax.codes[{}].code", at + 1)
}

/// The rule by which a line of the order as it is now gets this code.
fn rule_now(rules: &Rules, order: &Order, line: &Line, code: &str) -> Option<String> {
    let id = line.source_line?;
    let items = order.items.iter().map(|one| (one.id, &one.taxes));
    let shipping = order.shipping_lines.iter();
    let shipping = shipping.map(|one| (one.id, &one.taxes));
    let fees = order.fees.iter().map(|one| (one.id, &one.taxes));
    let mut lines = items.chain(shipping).chain(fees);
    let (_, shares) = lines.find(|(known, _)| *known == id)?;
    let rate = |id: &u64| order.tax_lines.iter().find(|rate| rate.rate_id == *id);
    let rates: Option<Vec<&TaxLine>> = applying(shares).iter().map(rate).collect();
    let at = rule_of(&rules.tax.codes, &rates?)?;
    (rules.tax.codes[at].code == code).then(|| setting_of_rule(at))
}

/// The ways to an account, as the accountant tries them: by the shop's methods that have this payment method in the books.
fn setting_of_account(rules: &Rules, document: &Document, account: &str) -> Option<String> {
    let currency = &document.currency;
    let mut keys: Vec<String> = Vec::new();
    let methods = rules.payment_methods.iter();
    for (method, _) in methods.filter(|(_, name)| Some(*name) == document.payment_method.as_ref()) {
        keys.extend([format!("{method}:{currency}"), method.clone()]);
    }
    // Nothing is remembered of the shop's word for a method that the books have no name for.
    if document.payment_method.is_none() {
        let named = rules.deposit.keys().filter(|key| !key.starts_with('*'));
        keys.extend(named.cloned());
    }
    keys.extend([format!("*:{currency}"), "*".to_owned()]);
    let key = keys
        .into_iter()
        .find(|key| rules.deposit.get(key).map(String::as_str) == Some(account))?;
    Some(setting_path("books.deposit", &key))
}

/// What the settings of today say of the choices on a document. A choice that several settings may have made stands there with each.
/// `now`: the order as the shop has it now, which tells them apart.
pub fn decided_by(document: &Document, rules: &Rules, now: Option<&Order>) -> Vec<DecidedBy> {
    let mut decided: Vec<DecidedBy> = Vec::new();
    let mut say = |what: &'static str, value: &str, setting: Option<String>| {
        let one = DecidedBy {
            what,
            value: value.to_owned(),
            setting,
        };
        if !decided.contains(&one) {
            decided.push(one);
        }
    };
    let prefix = &rules.number_prefix;
    let by_prefix = document.number.starts_with(prefix.as_str());
    let setting = by_prefix.then(|| "books.number_prefix".to_owned());
    say("number", &document.number, setting);
    if let Some(account) = &document.account {
        let setting = setting_of_account(rules, document, account);
        say("account", account, setting);
    }
    if let Some(method) = &document.payment_method {
        let mut known = rules.payment_methods.iter();
        let setting = known
            .find(|(_, name)| *name == method)
            .map(|(key, _)| setting_path("books.payment_methods", key));
        say("payment method", method, setting);
    }
    for line in &document.lines {
        if let Some(setting) = setting_of_line(rules, line) {
            say(sold_or_booked(line), &line.item.0, Some(setting));
        }
    }
    let of_lines = document.lines.iter();
    let of_lines = of_lines.filter_map(|line| Some((line.tax_code.as_deref()?, Some(line))));
    let of_all = document.document_tax_code.iter();
    for (code, line) in of_lines.chain(of_all.map(|code| (code.as_str(), None))) {
        let by_order = now
            .zip(line)
            .and_then(|(order, line)| rule_now(rules, order, line, code));
        let settings = match by_order {
            Some(one) => vec![one],
            None => settings_of_code(rules, code),
        };
        if settings.is_empty() {
            say("tax code", code, None);
        }
        for setting in settings {
            say("tax code", code, Some(setting));
        }
    }
    for tax in &document.tax {
        let keys = rate_keys(rules, &tax.rate, now);
        if keys.is_empty() {
            say("tax rate", &tax.rate, None);
        }
        // Which of the shop's rates it was is not remembered: each of these would have given it.
        for key in keys {
            let setting = setting_path("books.tax.rates", key);
            say("tax rate", &tax.rate, Some(setting));
        }
    }
    match document.kind {
        DocumentKind::Purchase | DocumentKind::Bill => {
            let word = match document.kind {
                DocumentKind::Bill => "bill",
                _ => "expense",
            };
            say("policy", word, Some("books.policy.gateway_fees".to_owned()));
        }
        _ => {}
    }
    let moved = moved_from(&document.note).filter(|day| *day < document.date);
    let of_date = match (moved, document.kind) {
        (Some(_), _) => Some("books.policy.closed_period"),
        (None, DocumentKind::SalesReceipt) => Some("books.policy.sales_date"),
        _ => None,
    };
    if let Some(setting) = of_date {
        say("date", &document.date.to_string(), Some(setting.to_owned()));
    }
    decided
}
