//! A create or an update while it is being worked out.
//!
//! Holds what the client sent beside what the object will be, and answers the
//! questions that every document asks: whose, in which currency, on which day.

use super::company::currency_reference;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::fields;
use super::figures::{decimal, number, text_of};
use super::schema::CompanyKind;
use super::world::CompanyWorld;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::{Map, Value};
use std::str::FromStr;

pub struct CompanyDraft<'a> {
    pub entity: CompanyEntity,
    pub id: Option<&'a str>,
    pub old: Option<&'a Map<String, Value>>,
    pub sent: &'a Map<String, Value>,
    /// The old object with the sent fields laid over it.
    pub fields: Map<String, Value>,
    /// True for a bookkeeper at the screen, whom fewer rules hold back.
    pub by_person: bool,
}

/// What a full update leaves alone even when it is not sent.
const KEPT: &[&str] = &[
    "APAccountRef",
    "AccountRef",
    "Adjustment",
    "Amount",
    "CheckPayment",
    "CreditCardPayment",
    "FromAccountRef",
    "LinkedTxn",
    "PayType",
    "ToAccountRef",
    "VendorRef",
    "AccountSubType",
    "AccountType",
    "Active",
    "ApplyTaxAfterDiscount",
    "AssetAccountRef",
    "Classification",
    "CurrencyRef",
    "CustomerRef",
    "DepositToAccountRef",
    "DisplayName",
    "DocNumber",
    "DueDate",
    "EntityRef",
    "ExchangeRate",
    "ExpenseAccountRef",
    "GlobalTaxCalculation",
    "IncomeAccountRef",
    "InvStartDate",
    "Line",
    "Name",
    "PaymentType",
    "PrintOnCheckName",
    "QtyOnHand",
    "TotalAmt",
    "TrackQtyOnHand",
    "TxnDate",
    "TxnTaxDetail",
    "Type",
    "Balance",
    "BalanceWithJobs",
    "Taxable",
    "Job",
    "ParentRef",
    "Credit",
];

impl<'a> CompanyDraft<'a> {
    pub fn new(
        entity: CompanyEntity,
        id: Option<&'a str>,
        old: Option<&'a Map<String, Value>>,
        sent: &'a Map<String, Value>,
        by_person: bool,
    ) -> CompanyDraft<'a> {
        let sparse = sent.get("sparse") == Some(&Value::Bool(true));
        let mut all = match old {
            None => Map::new(),
            Some(old) if sparse => old.clone(),
            Some(old) => old
                .iter()
                .filter(|(k, _)| KEPT.contains(&k.as_str()))
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect(),
        };
        let known = fields::of(entity).unwrap_or_default();
        for (name, value) in sent {
            let stored = known
                .iter()
                .any(|(k, kind)| k == name && !matches!(kind, CompanyKind::Ignored));
            if !stored {
                continue;
            }
            if is_blank(value) {
                all.remove(name);
            } else {
                all.insert(name.clone(), value.clone());
            }
        }
        CompanyDraft {
            entity,
            id,
            old,
            sent,
            fields: all,
            by_person,
        }
    }

    pub fn sends(&self, field: &str) -> bool {
        self.sent.contains_key(field)
    }

    pub fn require(&self, field: &str) -> CompanyDone<()> {
        if self.fields.contains_key(field) {
            Ok(())
        } else {
            Err(CompanyFault::missing(field))
        }
    }

    /// Follows a reference that was sent now; one that was there before may
    /// meanwhile point at something inactive, which does not matter to it.
    pub fn follow<'w>(
        &self,
        world: &'w CompanyWorld,
        entity: CompanyEntity,
        field: &str,
    ) -> CompanyDone<Option<&'w Map<String, Value>>> {
        if self.sends(field) && self.fields.contains_key(field) {
            return world.follow(entity, &self.fields, field);
        }
        let id = text_of(&self.fields, field);
        Ok(id.and_then(|id| world.object(entity, id)))
    }

    /// Follows a reference and writes the name beside the id.
    pub fn name_reference(
        &self,
        world: &CompanyWorld,
        into: &mut Map<String, Value>,
        entity: CompanyEntity,
        field: &str,
    ) -> CompanyDone<()> {
        if self.follow(world, entity, field)?.is_some()
            && let Some(id) = text_of(&self.fields, field)
        {
            let mut reference = world.reference(entity, id);
            if let Some(kind) = self.fields.get(field).and_then(|r| r.get("type")) {
                reference["type"] = kind.clone();
            }
            into.insert(field.into(), reference);
        }
        Ok(())
    }

    pub fn day(&self, world: &CompanyWorld) -> CompanyDone<NaiveDate> {
        let Some(text) = text_of(&self.fields, "TxnDate") else {
            return Ok(world.today());
        };
        NaiveDate::from_str(text).map_err(|_| CompanyFault::bad_date("TxnDate", text))
    }

    /// Refuses a day in the closed part of the books, the new one or the old one.
    pub fn check_open(&self, world: &CompanyWorld, day: NaiveDate) -> CompanyDone<()> {
        if self.by_person {
            return Ok(());
        }
        check_open(world, day)?;
        let before = self
            .old
            .and_then(|o| text_of(o, "TxnDate"))
            .and_then(|t| NaiveDate::from_str(t).ok());
        before.map_or(Ok(()), |day| check_open(world, day))
    }

    /// The currency of the document, which must be that of the customer or vendor.
    pub fn currency(
        &self,
        world: &CompanyWorld,
        party: Option<&Map<String, Value>>,
    ) -> CompanyDone<String> {
        let home = world.company.home();
        let theirs = party
            .and_then(|p| text_of(p, "CurrencyRef"))
            .unwrap_or(home);
        let wanted = text_of(&self.fields, "CurrencyRef").unwrap_or(theirs);
        if wanted.len() != 3 || !wanted.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(CompanyFault::bad_currency(wanted));
        }
        if wanted != home && !world.company.multicurrency {
            return Err(CompanyFault::business(
                "Multicurrency is turned off, so only the home currency can be used.",
            ));
        }
        if party.is_some() && wanted != theirs {
            return Err(CompanyFault::foreign_account());
        }
        Ok(wanted.to_owned())
    }

    /// Writes CurrencyRef and, for foreign money, the rate; answers with the rate.
    pub fn put_currency(
        &self,
        world: &CompanyWorld,
        into: &mut Map<String, Value>,
        currency: &str,
    ) -> CompanyDone<Option<Decimal>> {
        into.insert("CurrencyRef".into(), currency_reference(currency));
        if currency == world.company.home() {
            into.remove("ExchangeRate");
            return Ok(None);
        }
        // The pretended rate of the day is the same for all currencies and days.
        let rate = self
            .fields
            .get("ExchangeRate")
            .and_then(decimal)
            .unwrap_or_else(|| Decimal::new(125, 2));
        if rate <= Decimal::ZERO {
            return Err(CompanyFault::bad_decimal("ExchangeRate", &rate.to_string()));
        }
        into.insert("ExchangeRate".into(), number(rate));
        Ok(Some(rate))
    }

    /// An account for money: of a right type, and in home or document currency.
    pub fn money_account(
        &self,
        world: &CompanyWorld,
        field: &str,
        types: &[&str],
        currency: &str,
    ) -> CompanyDone<()> {
        let Some(account) = self.follow(world, CompanyEntity::Account, field)? else {
            return Ok(());
        };
        if !types.contains(&text_of(account, "AccountType").unwrap_or_default()) {
            return Err(CompanyFault::wrong_account(field));
        }
        let theirs = text_of(account, "CurrencyRef").unwrap_or(world.company.home());
        if theirs != world.company.home() && theirs != currency {
            return Err(CompanyFault::foreign_account());
        }
        Ok(())
    }
}

pub fn check_open(world: &CompanyWorld, day: NaiveDate) -> CompanyDone<()> {
    match world.company.books_closed_through {
        Some(closed) if day <= closed => Err(CompanyFault::closed()),
        _ => Ok(()),
    }
}

/// An empty text, or an object whose text is empty, clears the field.
fn is_blank(value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Object(map) => {
            map.len() == 1
                && map
                    .iter()
                    .all(|(k, v)| matches!(k.as_str(), "value" | "Address") && v == "")
        }
        _ => false,
    }
}
