//! The lines of a sales form: checked, numbered, summed.
//!
//! Bundles are not imitated. The subtotal line is always the server's own; one
//! that a client sends back is dropped.

use super::company::Classes;
use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, decimal, number, rounded, text_of, with_thousands};
use super::world::CompanyWorld;
use chrono::NaiveDate;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::{Map, Value, json};
use std::collections::HashSet;

/// The money of one line and the tax code it stands under.
pub struct CompanyTaxed {
    pub code: Option<String>,
    pub net: Decimal,
}

pub struct CompanyLines {
    pub json: Vec<Value>,
    pub taxed: Vec<CompanyTaxed>,
    /// What a discount applies to.
    pub subtotal: Decimal,
    pub discount: Decimal,
    pub net: Decimal,
}

const SHIPPING: &str = "SHIPPING_ITEM_ID";

pub struct CompanyReader<'a> {
    pub world: &'a CompanyWorld,
    pub draft: &'a CompanyDraft<'a>,
    pub day: NaiveDate,
    pub currency: &'a str,
    /// Whether each line must carry a tax code of the company.
    pub codes_needed: bool,
}

impl CompanyReader<'_> {
    pub fn read(&self) -> CompanyDone<CompanyLines> {
        let sent = self.draft.fields.get("Line").and_then(Value::as_array);
        let sent = sent
            .filter(|l| !l.is_empty())
            .ok_or_else(|| CompanyFault::missing("Line"))?;
        if sent.len() > 750 {
            return Err(CompanyFault::business(
                "A transaction can have at most 750 lines.",
            ));
        }
        let mut ids = CompanyIds::new(self.world, self.draft);
        let mut out = CompanyLines {
            json: Vec::new(),
            taxed: Vec::new(),
            subtotal: Decimal::ZERO,
            discount: Decimal::ZERO,
            net: Decimal::ZERO,
        };
        let (mut discount, mut shipping) = (None, Vec::new());
        for line in sent.iter().filter_map(Value::as_object) {
            match text_of(line, "DetailType").ok_or_else(|| CompanyFault::missing("DetailType"))? {
                "SubTotalLineDetail" => {}
                "SalesItemLineDetail" => {
                    let (mut built, taxed, ships) = self.item_line(line)?;
                    out.net += taxed.net;
                    if ships {
                        shipping.push(Value::Object(built));
                    } else {
                        out.subtotal += taxed.net;
                        ids.put(line, &mut built, out.json.len() + 1);
                        out.json.push(Value::Object(built));
                    }
                    out.taxed.push(taxed);
                }
                "DescriptionOnly" => {
                    let mut built = Map::new();
                    for field in ["Description", "DetailType", "DescriptionLineDetail"] {
                        if let Some(value) = line.get(field) {
                            built.insert(field.into(), value.clone());
                        }
                    }
                    built.entry("DescriptionLineDetail").or_insert(json!({}));
                    ids.put(line, &mut built, out.json.len() + 1);
                    out.json.push(Value::Object(built));
                }
                "DiscountLineDetail" if discount.is_none() => discount = Some(line),
                "DiscountLineDetail" => {
                    return Err(CompanyFault::business(
                        "Only one discount line is allowed on a transaction.",
                    ));
                }
                "GroupLineDetail" => {
                    return Err(CompanyFault::new(
                        "5030",
                        "Feature Not Supported",
                        "Bundles are not part of this stand-in",
                    ));
                }
                other => return Err(CompanyFault::bad_enum("DetailType", other)),
            }
        }
        if out.taxed.is_empty() && !out.json.is_empty() {
            return Err(CompanyFault::business("You must set a transaction amount"));
        }
        if out.taxed.is_empty() {
            return Err(CompanyFault::missing("Line"));
        }
        out.json.push(json!({
            "Amount": number(out.subtotal),
            "DetailType": "SubTotalLineDetail",
            "SubTotalLineDetail": {},
        }));
        if let Some(line) = discount {
            let (built, amount) = self.discount_line(line, out.subtotal)?;
            out.json.push(built);
            out.discount = amount;
            out.net -= amount;
        }
        out.json.append(&mut shipping);
        Ok(out)
    }

    fn item_line(
        &self,
        line: &Map<String, Value>,
    ) -> CompanyDone<(Map<String, Value>, CompanyTaxed, bool)> {
        let amount = line
            .get("Amount")
            .and_then(decimal)
            .ok_or_else(|| CompanyFault::missing("Amount"))?;
        let detail = line.get("SalesItemLineDetail").and_then(Value::as_object);
        let detail = detail.ok_or_else(|| CompanyFault::missing("SalesItemLineDetail"))?;
        let quantity = detail.get("Qty").and_then(decimal);
        let price = detail.get("UnitPrice").and_then(decimal);
        let mut built = Map::new();
        let item = text_of(detail, "ItemRef").ok_or_else(|| CompanyFault::missing("ItemRef"))?;
        let ships = item == SHIPPING;
        let trusted = self.draft.old.is_some() && !self.draft.sends("Line");
        if ships {
            if !self.world.company.allow_shipping {
                return Err(CompanyFault::no_such(CompanyEntity::Item, item));
            }
            if quantity.is_some() || price.is_some() {
                return Err(CompanyFault::business(
                    "A shipping line has neither quantity nor price.",
                ));
            }
            built.insert("ItemRef".into(), json!({ "value": SHIPPING }));
        } else {
            if !trusted {
                self.check_item(detail, quantity)?;
            }
            built.insert(
                "ItemRef".into(),
                self.world.reference(CompanyEntity::Item, item),
            );
        }
        match (quantity, price) {
            (Some(q), Some(p)) => {
                let product = q
                    .checked_mul(p)
                    .ok_or_else(|| CompanyFault::bad_decimal("Qty", &q.to_string()))?;
                // A line that was not sent now holds a price the service itself
                // derived, which need not multiply back to the cent.
                if !trusted && rounded(product, self.currency) != amount && !self.is_derived(line) {
                    return Err(CompanyFault::amount_mismatch(&with_thousands(amount)));
                }
                built.insert("Qty".into(), number(q));
                built.insert("UnitPrice".into(), number(p));
            }
            (Some(q), None) => {
                built.insert("Qty".into(), number(q));
                if let Some(p) = amount.checked_div(q) {
                    let p = p
                        .round_dp_with_strategy(7, RoundingStrategy::MidpointAwayFromZero)
                        .normalize();
                    built.insert("UnitPrice".into(), number(p));
                }
            }
            (None, Some(p)) => {
                built.insert("UnitPrice".into(), number(p));
            }
            (None, None) => {}
        }
        for field in ["ServiceDate", "TaxInclusiveAmt"] {
            if let Some(value) = detail.get(field) {
                built.insert(field.into(), value.clone());
            }
        }
        let code = self.tax_code(detail, trusted)?;
        if let Some(code) = &code {
            built.insert("TaxCodeRef".into(), json!({ "value": code }));
        }
        let mut out = Map::new();
        out.insert("Amount".into(), number(amount));
        out.insert("DetailType".into(), "SalesItemLineDetail".into());
        if self.world.company.classes == Classes::PerTxnLine
            && let Some(class) = text_of(detail, "ClassRef")
        {
            if !trusted {
                self.world
                    .follow(CompanyEntity::Class, detail, "ClassRef")?;
            }
            built.insert(
                "ClassRef".into(),
                self.world.reference(CompanyEntity::Class, class),
            );
        }
        out.insert("SalesItemLineDetail".into(), Value::Object(built));
        if let Some(text) = line.get("Description").filter(|t| **t != "") {
            out.insert("Description".into(), text.clone());
        }
        Ok((out, CompanyTaxed { code, net: amount }, ships))
    }

    /// Whether this very line, price and all, came from the service before.
    fn is_derived(&self, line: &Map<String, Value>) -> bool {
        let before = self
            .draft
            .old
            .and_then(|o| o.get("Line"))
            .and_then(Value::as_array);
        let same = |old: &Value| {
            old.get("Id") == line.get("Id")
                && old.get("Amount").and_then(decimal) == line.get("Amount").and_then(decimal)
                && ["Qty", "UnitPrice"].iter().all(|field| {
                    let of = |detail: &Value| detail.get(field).and_then(decimal);
                    of(&old["SalesItemLineDetail"]) == of(&line["SalesItemLineDetail"])
                })
        };
        line.contains_key("Id") && before.into_iter().flatten().any(same)
    }

    fn check_item(
        &self,
        detail: &Map<String, Value>,
        quantity: Option<Decimal>,
    ) -> CompanyDone<()> {
        let Some(item) = self.world.follow(CompanyEntity::Item, detail, "ItemRef")? else {
            return Ok(());
        };
        match text_of(item, "Type") {
            Some("Category") => Err(CompanyFault::no_such(
                CompanyEntity::Item,
                text_of(detail, "ItemRef").unwrap_or_default(),
            )),
            Some("Inventory") if quantity.is_none() => Err(CompanyFault::new(
                "6520",
                "Missing Tracked Inventory Item Quantity",
                "A quantity is required for a tracked inventory item",
            )),
            Some("Inventory") => {
                let start = text_of(item, "InvStartDate").unwrap_or_default();
                if self.day.to_string().as_str() < start {
                    return Err(CompanyFault::new(
                        "6270",
                        "Inventory Transaction dated before start date",
                        format!(
                            "Transaction date is prior to start date for inventory item: {start}"
                        ),
                    ));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn tax_code(&self, detail: &Map<String, Value>, trusted: bool) -> CompanyDone<Option<String>> {
        let sent = text_of(detail, "TaxCodeRef").filter(|c| !c.is_empty());
        let company = &self.world.company;
        if !company.is_global() {
            // Nothing said means taxable where the service works tax out itself,
            // and not taxable where a person sets it.
            let usual = if company.tax_model() == super::company::CompanyTaxModel::UsAst {
                "TAX"
            } else {
                "NON"
            };
            let code = sent.unwrap_or(usual);
            if !matches!(code, "TAX" | "NON") {
                let detail = format!("Invalid Line TaxCode in the request : {code}");
                return Err(CompanyFault::new(
                    "6100",
                    "Invalid Line TaxCode in the request",
                    detail,
                ));
            }
            return Ok(Some(code.to_owned()));
        }
        code_of(self.world, detail, trusted, self.codes_needed)
    }

    fn discount_line(
        &self,
        line: &Map<String, Value>,
        subtotal: Decimal,
    ) -> CompanyDone<(Value, Decimal)> {
        if !self.world.company.allow_discount {
            return Err(CompanyFault::business(
                "Discounts are turned off in this company.",
            ));
        }
        let incomplete = || {
            CompanyFault::new(
                "6090",
                "Discount Line missing required info",
                "A discount line needs a percent or an amount",
            )
        };
        let detail = line
            .get("DiscountLineDetail")
            .and_then(Value::as_object)
            .ok_or_else(incomplete)?;
        let by_percent = detail.get("PercentBased") == Some(&Value::Bool(true));
        let amount = if by_percent {
            let percent = detail
                .get("DiscountPercent")
                .and_then(decimal)
                .ok_or_else(incomplete)?;
            if percent < Decimal::ZERO || percent > Decimal::ONE_HUNDRED {
                return Err(CompanyFault::new(
                    "2150",
                    "Invalid Percent",
                    format!("Invalid percent : {percent}"),
                ));
            }
            rounded(subtotal * percent / Decimal::ONE_HUNDRED, self.currency)
        } else {
            line.get("Amount")
                .and_then(decimal)
                .ok_or_else(incomplete)?
        };
        if amount < Decimal::ZERO {
            return Err(CompanyFault::negative("Amount"));
        }
        if amount > subtotal {
            return Err(CompanyFault::business(
                "The discount amount can't be greater than the subtotal.",
            ));
        }
        let account = match text_of(detail, "DiscountAccountRef") {
            Some(id) => {
                self.world
                    .follow(CompanyEntity::Account, detail, "DiscountAccountRef")?;
                Some(id.to_owned())
            }
            None => self
                .world
                .find_named(CompanyEntity::Account, "Discounts given"),
        };
        let mut built = Map::new();
        built.insert("PercentBased".into(), by_percent.into());
        if by_percent {
            built.insert(
                "DiscountPercent".into(),
                number(amount_of(detail, "DiscountPercent")),
            );
        }
        if let Some(id) = account {
            built.insert(
                "DiscountAccountRef".into(),
                self.world.reference(CompanyEntity::Account, &id),
            );
        }
        let mut out = json!({ "Amount": number(amount), "DetailType": "DiscountLineDetail" });
        out["DiscountLineDetail"] = Value::Object(built);
        if let Some(text) = line.get("Description") {
            out["Description"] = text.clone();
        }
        Ok((out, amount))
    }
}

/// The company's tax code that a line outside the US stands under.
pub fn code_of(
    world: &CompanyWorld,
    detail: &Map<String, Value>,
    trusted: bool,
    needed: bool,
) -> CompanyDone<Option<String>> {
    let sent = text_of(detail, "TaxCodeRef").filter(|c| !c.is_empty());
    let Some(code) = sent else {
        if !needed {
            return Ok(None);
        }
        let kind = if world.company.country == "CA" {
            "GST/HST"
        } else {
            "VAT"
        };
        return Err(CompanyFault::business(&format!(
            "Make sure all your transactions have a {kind} rate before you save."
        )));
    };
    let found = world
        .object(CompanyEntity::TaxCode, code)
        .ok_or_else(|| CompanyFault::no_such(CompanyEntity::TaxCode, code))?;
    if !trusted && found.get("Active") == Some(&Value::Bool(false)) {
        let text = format!("Invalid tax code : {code} cannot be used");
        return Err(CompanyFault::new("6160", "Invalid TaxCodeRef Error", text));
    }
    Ok(Some(code.to_owned()))
}

/// Gives line ids out: a line that names one of its own keeps it, others get new ones.
pub struct CompanyIds {
    known: HashSet<String>,
    last: u64,
}

impl CompanyIds {
    pub fn new(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyIds {
        let row = draft.id.and_then(|id| world.row(draft.entity, id));
        let lines = draft
            .old
            .and_then(|o| o.get("Line"))
            .and_then(Value::as_array);
        let known = lines
            .into_iter()
            .flatten()
            .filter_map(|l| l.get("Id")?.as_str().map(str::to_owned));
        CompanyIds {
            known: known.collect(),
            last: row.map_or(0, |r| r.lines),
        }
    }

    pub fn put(&mut self, sent: &Map<String, Value>, into: &mut Map<String, Value>, place: usize) {
        let own = text_of(sent, "Id")
            .filter(|id| self.known.remove(*id))
            .map(str::to_owned);
        let id = own.unwrap_or_else(|| {
            self.last += 1;
            self.last.to_string()
        });
        into.insert("Id".into(), id.into());
        into.insert("LineNum".into(), place.into());
    }
}
