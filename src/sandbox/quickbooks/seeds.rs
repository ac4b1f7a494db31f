//! Documents that are there before the first request.
//!
//! They go in without the checks a client meets: books may be closed over them
//! and their single line carries no tax.

use super::company::currency_reference;
use super::entity::CompanyEntity;
use super::figures::number;
use super::ledger;
use super::links;
use super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::str::FromStr;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    entity: String,
    doc_number: Option<String>,
    customer: Option<String>,
    txn_date: String,
    total: String,
    private_note: Option<String>,
}

pub fn plant(world: &mut CompanyWorld, seed: &Seed) -> Result<(), String> {
    let entity = CompanyEntity::exact(&seed.entity).filter(|e| {
        e.is_sales_form() || matches!(e, CompanyEntity::Payment | CompanyEntity::Purchase)
    });
    let entity = entity.ok_or_else(|| format!("`{}` is not a kind of document", seed.entity))?;
    let total =
        Decimal::from_str(&seed.total).map_err(|_| format!("`{}` is not an amount", seed.total))?;
    let mut object = Map::new();
    let mut currency = world.company.home().to_owned();
    if let Some(name) = &seed.customer {
        let id = customer(world, name)?;
        if let Some(code) = world
            .object(CompanyEntity::Customer, &id)
            .and_then(|c| c.get("CurrencyRef")?["value"].as_str())
        {
            currency = code.to_owned();
        }
        let field = if entity == CompanyEntity::Purchase {
            "EntityRef"
        } else {
            "CustomerRef"
        };
        object.insert(field.into(), world.reference(CompanyEntity::Customer, &id));
    }
    let amount = number(total);
    object.insert("TxnDate".into(), seed.txn_date.as_str().into());
    object.insert("CurrencyRef".into(), currency_reference(&currency));
    object.insert("TotalAmt".into(), amount.clone());
    if let Some(number) = &seed.doc_number {
        let field = if entity == CompanyEntity::Payment {
            "PaymentRefNum"
        } else {
            "DocNumber"
        };
        object.insert(field.into(), number.as_str().into());
    }
    if let Some(note) = &seed.private_note {
        object.insert("PrivateNote".into(), note.as_str().into());
    }
    let account = |world: &CompanyWorld, name: &str| {
        let id = world.find_named(CompanyEntity::Account, name);
        id.map_or(Value::Null, |id| {
            world.reference(CompanyEntity::Account, &id)
        })
    };
    match entity {
        CompanyEntity::Payment => {
            object.insert("UnappliedAmt".into(), amount);
            object.insert("Line".into(), json!([]));
            object.insert(
                "DepositToAccountRef".into(),
                account(world, "Undeposited Funds"),
            );
        }
        CompanyEntity::Purchase => {
            object.insert("PaymentType".into(), "Cash".into());
            object.insert("AccountRef".into(), account(world, "Checking"));
            let line = json!({
                "Id": "1", "Amount": amount, "DetailType": "AccountBasedExpenseLineDetail",
                "AccountBasedExpenseLineDetail": { "AccountRef": account(world, "Bank Charges") },
            });
            object.insert("Line".into(), json!([line]));
        }
        _ => {
            let item = world
                .rows(CompanyEntity::Item)
                .next()
                .map(|(id, _)| id.clone());
            let item = item.map_or(json!({ "value": "1" }), |id| {
                world.reference(CompanyEntity::Item, &id)
            });
            object.insert("Line".into(), json!([
                { "Id": "1", "LineNum": 1, "Amount": amount, "DetailType": "SalesItemLineDetail",
                  "SalesItemLineDetail": { "ItemRef": item } },
                { "Amount": amount, "DetailType": "SubTotalLineDetail", "SubTotalLineDetail": {} },
            ]));
            object.insert("TxnTaxDetail".into(), json!({ "TotalTax": 0 }));
            let owed = matches!(entity, CompanyEntity::Invoice | CompanyEntity::CreditMemo);
            object.insert(
                "Balance".into(),
                if owed { amount.clone() } else { 0.into() },
            );
            if entity == CompanyEntity::CreditMemo {
                object.insert("RemainingCredit".into(), amount);
            }
            if matches!(
                entity,
                CompanyEntity::SalesReceipt | CompanyEntity::RefundReceipt
            ) {
                object.insert(
                    "DepositToAccountRef".into(),
                    account(world, "Undeposited Funds"),
                );
            }
        }
    }
    let id = world.take_id(entity);
    object.insert("Id".into(), id.as_str().into());
    world.insert(entity, object, true);
    links::settle_party(world, entity, &id, None);
    if let Some(document) = world.object(entity, &id).cloned() {
        ledger::open_accounts(world, entity, &document);
    }
    Ok(())
}

fn customer(world: &mut CompanyWorld, name: &str) -> Result<String, String> {
    if let Some((entity, id)) = world.named(CompanyEntity::Customer, name, None) {
        let message = || format!("`{name}` is not a customer");
        return (*entity == CompanyEntity::Customer)
            .then(|| id.clone())
            .ok_or_else(message);
    }
    let id = world.take_id(CompanyEntity::Customer);
    let mut object = super::persons::blank(CompanyEntity::Customer);
    for field in ["DisplayName", "FullyQualifiedName", "PrintOnCheckName"] {
        object.insert(field.into(), name.into());
    }
    object.insert(
        "CurrencyRef".into(),
        currency_reference(world.company.home()),
    );
    object.insert("Id".into(), id.as_str().into());
    world.insert(CompanyEntity::Customer, object, true);
    Ok(id)
}
