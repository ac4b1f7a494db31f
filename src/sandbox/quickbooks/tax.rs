//! Works out the tax of a sales form, or keeps the tax a client insists on.
//!
//! Three models: tax codes per line outside the US, and inside it one code per
//! form, set by hand or by the service. Tax on tax is not imitated: every rate
//! applies to the net amount.

use super::company::CompanyTaxModel;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{decimal, number, rounded, text_of};
use super::lines::CompanyLines;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub struct CompanyQuestion<'a> {
    pub world: &'a CompanyWorld,
    pub currency: &'a str,
    pub lines: &'a CompanyLines,
    /// The TxnTaxDetail that came with this request.
    pub sent: Option<&'a Map<String, Value>>,
    pub not_applicable: bool,
    pub after_discount: bool,
}

/// One rate, what it applies to and what it comes to.
struct CompanyShare {
    rate: String,
    percent: Decimal,
    base: Decimal,
    amount: Decimal,
}

impl CompanyQuestion<'_> {
    /// Answers with the TxnTaxDetail of the form and its total.
    pub fn answer(&self) -> CompanyDone<(Map<String, Value>, Decimal)> {
        let sent_total = self.sent.and_then(|d| d.get("TotalTax")).and_then(decimal);
        let sent_lines = self
            .sent
            .and_then(|d| d.get("TaxLine"))
            .and_then(Value::as_array);
        let sent_lines = sent_lines.filter(|l| !l.is_empty());
        if self.not_applicable {
            if sent_lines.is_some() || sent_total.is_some_and(|t| !t.is_zero()) {
                return Err(CompanyFault::new(
                    "6170",
                    "Invalid TxnTaxDetail Error",
                    "TxnTaxDetail cannot be given when GlobalTaxCalculation is NotApplicable",
                ));
            }
            return Ok((none(), Decimal::ZERO));
        }
        if !self.world.company.using_sales_tax {
            return Ok((none(), Decimal::ZERO));
        }
        match self.world.company.tax_model() {
            CompanyTaxModel::Global => self.per_line(sent_total, sent_lines),
            model => self.per_form(model, sent_total, sent_lines),
        }
    }

    fn per_line(
        &self,
        total: Option<Decimal>,
        lines: Option<&Vec<Value>>,
    ) -> CompanyDone<(Map<String, Value>, Decimal)> {
        let mut nets: BTreeMap<&str, Decimal> = BTreeMap::new();
        for line in &self.lines.taxed {
            if let Some(code) = &line.code {
                *nets.entry(code).or_default() += line.net;
            }
        }
        let mut shares: Vec<CompanyShare> = Vec::new();
        for (code, net) in nets {
            let net = net - self.discount_on(net);
            for (rate, percent) in self.rates(code) {
                match shares.iter_mut().find(|s| s.rate == rate) {
                    Some(share) => share.base += net,
                    None => shares.push(CompanyShare {
                        rate,
                        percent,
                        base: net,
                        amount: Decimal::ZERO,
                    }),
                }
            }
        }
        self.compute(&mut shares);
        if !self.world.switches.ignore_tax_override {
            match lines {
                Some(lines) => self.pin(&mut shares, lines)?,
                None => {
                    if let Some(total) = total {
                        self.spread(&mut shares, total);
                    }
                }
            }
        } else if let Some(lines) = lines {
            // The amounts are thrown away, but the rates must still be right.
            self.pin(&mut shares, lines)?;
            self.compute(&mut shares);
        }
        let sum = shares.iter().map(|s| s.amount).sum();
        Ok((self.detail(None, &shares, sum), sum))
    }

    fn per_form(
        &self,
        model: CompanyTaxModel,
        total: Option<Decimal>,
        lines: Option<&Vec<Value>>,
    ) -> CompanyDone<(Map<String, Value>, Decimal)> {
        let taxable: Vec<_> = self
            .lines
            .taxed
            .iter()
            .filter(|l| l.code.as_deref() == Some("TAX"))
            .collect();
        let net: Decimal = taxable.iter().map(|l| l.net).sum();
        let base = net
            - if self.after_discount {
                self.discount_on(net)
            } else {
                Decimal::ZERO
            };
        let named = self.sent.and_then(|d| text_of(d, "TxnTaxCodeRef"));
        if let (Some(_), Some(sent)) = (named, self.sent) {
            self.world
                .follow(CompanyEntity::TaxCode, sent, "TxnTaxCodeRef")?;
        }
        let usual = || {
            let codes = self
                .world
                .rows(CompanyEntity::TaxCode)
                .map(|(id, _)| id.as_str());
            codes.into_iter().find(|id| !matches!(*id, "TAX" | "NON"))
        };
        let code = named.or_else(|| {
            if model == CompanyTaxModel::UsAst {
                usual()
            } else {
                None
            }
        });
        let mut shares: Vec<CompanyShare> = Vec::new();
        if !taxable.is_empty() {
            for (rate, percent) in code.map(|c| self.rates(c)).unwrap_or_default() {
                shares.push(CompanyShare {
                    rate,
                    percent,
                    base,
                    amount: Decimal::ZERO,
                });
            }
        }
        self.compute(&mut shares);
        let summed = || {
            lines.map(|l| {
                l.iter()
                    .filter_map(|x| x.get("Amount").and_then(decimal))
                    .sum::<Decimal>()
            })
        };
        let insisted = total
            .or_else(summed)
            .filter(|_| !self.world.switches.ignore_tax_override);
        // Tax can only lie on something: without a taxable line it is gone.
        let insisted = insisted.map(|t| if taxable.is_empty() { Decimal::ZERO } else { t });
        let mut sum: Decimal = shares.iter().map(|s| s.amount).sum();
        if let Some(total) = insisted {
            self.spread(&mut shares, total);
            sum = total;
        }
        let mut detail = self.detail(code, &shares, sum);
        if insisted.is_some() && model == CompanyTaxModel::UsAst {
            detail.insert("TaxReviewStatus".into(), "AST_TAX_OVERRIDE".into());
        }
        Ok((detail, sum))
    }

    /// The part of the discount that falls on this much of the net amount.
    fn discount_on(&self, net: Decimal) -> Decimal {
        if self.lines.discount.is_zero() || self.lines.subtotal.is_zero() {
            return Decimal::ZERO;
        }
        rounded(
            self.lines.discount * net / self.lines.subtotal,
            self.currency,
        )
    }

    fn rates(&self, code: &str) -> Vec<(String, Decimal)> {
        let Some(code) = self.world.object(CompanyEntity::TaxCode, code) else {
            return Vec::new();
        };
        let details = code
            .get("SalesTaxRateList")
            .and_then(|l| l["TaxRateDetail"].as_array());
        let ids = details
            .into_iter()
            .flatten()
            .filter_map(|d| d["TaxRateRef"]["value"].as_str());
        ids.map(|id| {
            let rate = self.world.object(CompanyEntity::TaxRate, id);
            (
                id.to_owned(),
                rate.and_then(|r| r.get("RateValue"))
                    .and_then(decimal)
                    .unwrap_or_default(),
            )
        })
        .collect()
    }

    fn compute(&self, shares: &mut [CompanyShare]) {
        for share in shares {
            share.amount = rounded(
                share.base * share.percent / Decimal::ONE_HUNDRED,
                self.currency,
            );
        }
    }

    /// Takes the amounts of tax lines as they were sent; rates without a line
    /// keep what was computed.
    fn pin(&self, shares: &mut [CompanyShare], lines: &[Value]) -> CompanyDone<()> {
        let mut seen: BTreeMap<String, Decimal> = BTreeMap::new();
        for line in lines.iter().filter_map(Value::as_object) {
            let detail = line.get("TaxLineDetail").and_then(Value::as_object);
            let detail = detail.ok_or_else(|| CompanyFault::missing("TaxLineDetail"))?;
            let rate =
                text_of(detail, "TaxRateRef").ok_or_else(|| CompanyFault::missing("TaxRateRef"))?;
            if self.world.object(CompanyEntity::TaxRate, rate).is_none() {
                return Err(CompanyFault::no_such(CompanyEntity::TaxRate, rate));
            }
            if !shares.iter().any(|s| s.rate == rate) {
                return Err(CompanyFault::business(&format!(
                    "The tax rate {rate} is not part of the tax code of any line."
                )));
            }
            let amount = line.get("Amount").and_then(decimal);
            let amount = amount.ok_or_else(|| {
                CompanyFault::new("2280", "Missing Tax Amount", "A tax line needs an amount")
            })?;
            *seen.entry(rate.to_owned()).or_default() += amount;
        }
        for share in shares {
            if let Some(amount) = seen.get(&share.rate) {
                share.amount = *amount;
            }
        }
        Ok(())
    }

    /// Divides a total over the rates in proportion; the last takes the rest.
    fn spread(&self, shares: &mut [CompanyShare], total: Decimal) {
        let sum: Decimal = shares.iter().map(|s| s.amount).sum();
        let mut left = total;
        let count = shares.len();
        for (place, share) in shares.iter_mut().enumerate() {
            let part = if place + 1 == count {
                left
            } else if sum.is_zero() {
                Decimal::ZERO
            } else {
                rounded(total * share.amount / sum, self.currency)
            };
            share.amount = part;
            left -= part;
        }
    }

    fn detail(
        &self,
        code: Option<&str>,
        shares: &[CompanyShare],
        sum: Decimal,
    ) -> Map<String, Value> {
        let mut detail = Map::new();
        if let Some(code) = code {
            detail.insert("TxnTaxCodeRef".into(), json!({ "value": code }));
        }
        detail.insert("TotalTax".into(), number(sum));
        if !shares.is_empty() {
            let lines = shares.iter().map(|share| {
                json!({
                    "Amount": number(share.amount),
                    "DetailType": "TaxLineDetail",
                    "TaxLineDetail": {
                        "TaxRateRef": { "value": share.rate },
                        "PercentBased": true,
                        "TaxPercent": number(share.percent),
                        "NetAmountTaxable": number(share.base),
                    },
                })
            });
            detail.insert("TaxLine".into(), lines.collect());
        }
        detail
    }
}

fn none() -> Map<String, Value> {
    let mut detail = Map::new();
    detail.insert("TotalTax".into(), 0.into());
    detail
}
