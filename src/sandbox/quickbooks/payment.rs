//! Payments and how they are applied.
//!
//! A payment's lines name the invoices it pays and the credit memos it uses up.
//! Cheques, expenses and journal entries as targets are not imitated.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, decimal, number, rounded, text_of};
use super::links::{self, CompanyLink};
use super::world::{CompanyState, CompanyWorld};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

pub fn build(world: &CompanyWorld, draft: &CompanyDraft) -> CompanyDone<Map<String, Value>> {
    draft.require("CustomerRef")?;
    draft.require("TotalAmt")?;
    let total = amount_of(&draft.fields, "TotalAmt");
    if total < Decimal::ZERO {
        return Err(CompanyFault::negative("TotalAmt"));
    }
    let customer = draft.follow(world, CompanyEntity::Customer, "CustomerRef")?;
    let currency = draft.currency(world, customer)?;
    let day = draft.day(world)?;
    draft.check_open(world, day)?;

    let mut out = Map::new();
    for field in ["PrivateNote", "PaymentRefNum", "TransactionLocationType"] {
        if let Some(value) = draft.fields.get(field) {
            out.insert(field.into(), value.clone());
        }
    }
    out.insert("TxnDate".into(), day.to_string().into());
    out.insert("TotalAmt".into(), number(total));
    out.insert("ProcessPayment".into(), false.into());
    draft.name_reference(world, &mut out, CompanyEntity::Customer, "CustomerRef")?;
    draft.name_reference(
        world,
        &mut out,
        CompanyEntity::PaymentMethod,
        "PaymentMethodRef",
    )?;
    draft.money_account(
        world,
        "DepositToAccountRef",
        &["Bank", "Other Current Asset"],
        &currency,
    )?;
    draft.follow(world, CompanyEntity::Account, "DepositToAccountRef")?;
    let account = text_of(&draft.fields, "DepositToAccountRef").map(str::to_owned);
    if let Some(id) =
        account.or_else(|| world.find_named(CompanyEntity::Account, "Undeposited Funds"))
    {
        // Payments echo this reference without its name.
        out.insert("DepositToAccountRef".into(), json!({ "value": id }));
    }
    if let Some(rate) = draft.put_currency(world, &mut out, &currency)? {
        out.insert(
            "HomeTotalAmt".into(),
            number(rounded(total * rate, world.company.home())),
        );
    }

    let mut links = read_links(draft)?;
    if world.switches.leave_unapplied {
        links::cut_to_open(world, draft.id, &mut links);
    }
    check_links(world, draft, &links, total, &currency)?;
    let credits = links::sum(&links, CompanyEntity::CreditMemo);
    let invoices = links::sum(&links, CompanyEntity::Invoice);
    out.insert("UnappliedAmt".into(), number(total + credits - invoices));
    out.insert("Line".into(), links::as_lines(&links));
    let linked = draft.old.and_then(|old| old.get("LinkedTxn").cloned());
    out.insert("LinkedTxn".into(), linked.unwrap_or_else(|| json!([])));
    Ok(out)
}

fn read_links(draft: &CompanyDraft) -> CompanyDone<Vec<CompanyLink>> {
    let lines = draft.fields.get("Line").and_then(Value::as_array);
    let mut links = Vec::new();
    for line in lines.into_iter().flatten() {
        let amount = line
            .get("Amount")
            .and_then(decimal)
            .ok_or_else(|| CompanyFault::missing("Amount"))?;
        if amount < Decimal::ZERO {
            return Err(CompanyFault::negative("Amount"));
        }
        let targets = line
            .get("LinkedTxn")
            .and_then(Value::as_array)
            .filter(|t| !t.is_empty());
        let targets = targets.ok_or_else(|| CompanyFault::missing("LinkedTxn"))?;
        if targets.len() > 1 {
            return Err(CompanyFault::cannot_link(
                "a payment line links exactly one transaction",
            ));
        }
        let kind = targets[0]["TxnType"]
            .as_str()
            .ok_or_else(|| CompanyFault::missing("TxnType"))?;
        let id = targets[0]["TxnId"]
            .as_str()
            .ok_or_else(|| CompanyFault::missing("TxnId"))?;
        let entity = CompanyEntity::exact(kind)
            .filter(|e| matches!(e, CompanyEntity::Invoice | CompanyEntity::CreditMemo));
        let entity = entity
            .ok_or_else(|| CompanyFault::cannot_link(&format!("{kind} is of the wrong type")))?;
        links.push(CompanyLink {
            entity,
            id: id.to_owned(),
            amount,
        });
    }
    Ok(links)
}

fn check_links(
    world: &CompanyWorld,
    draft: &CompanyDraft,
    links: &[CompanyLink],
    total: Decimal,
    currency: &str,
) -> CompanyDone<()> {
    let mut wanted: BTreeMap<(CompanyEntity, &str), Decimal> = BTreeMap::new();
    for link in links {
        *wanted.entry((link.entity, &link.id)).or_default() += link.amount;
    }
    for ((entity, id), amount) in wanted {
        let name = entity.name();
        let row = world.row(entity, id);
        let row = row
            .filter(|r| r.state == CompanyState::Active)
            .ok_or_else(|| {
                CompanyFault::business(&format!(
                    "The entity {name} {id} that you are trying to link does not exist"
                ))
            })?;
        let object = row.object();
        if text_of(object, "CustomerRef") != text_of(&draft.fields, "CustomerRef") {
            return Err(CompanyFault::cannot_link(&format!(
                "{name} {id} belongs to another customer"
            )));
        }
        if text_of(object, "CurrencyRef") != Some(currency) {
            return Err(CompanyFault::cannot_link(&format!(
                "{name} {id} is in another currency"
            )));
        }
        // What this payment applied before is free again while it is changed.
        let open = links::open_for(world, draft.id, entity, id, object);
        if amount > open {
            return Err(CompanyFault::cannot_link(&format!(
                "only {open} of {name} {id} is open"
            )));
        }
    }
    let credits = links::sum(links, CompanyEntity::CreditMemo);
    let invoices = links::sum(links, CompanyEntity::Invoice);
    if invoices > total + credits {
        return Err(CompanyFault::business(
            "The amount applied is greater than the payment amount.",
        ));
    }
    if credits > invoices {
        return Err(CompanyFault::business(
            "The credits applied are greater than the amount of the transactions paid.",
        ));
    }
    Ok(())
}

/// Uses open credit of the invoice's customer, where the company wants that.
pub fn auto_apply(world: &mut CompanyWorld, invoice: &str) {
    let Some(object) = world.object(CompanyEntity::Invoice, invoice).cloned() else {
        return;
    };
    let Some(customer) = text_of(&object, "CustomerRef").map(str::to_owned) else {
        return;
    };
    let mut open = amount_of(&object, "Balance");
    let mut links = Vec::new();
    for memo in world.having(CompanyEntity::CreditMemo, "CustomerRef", &customer) {
        let Some(row) = world
            .row(CompanyEntity::CreditMemo, &memo)
            .filter(|r| r.state == CompanyState::Active)
        else {
            continue;
        };
        let amount = amount_of(row.object(), "RemainingCredit").min(open);
        if amount > Decimal::ZERO && row.object().get("CurrencyRef") == object.get("CurrencyRef") {
            links.push(CompanyLink {
                entity: CompanyEntity::CreditMemo,
                id: memo,
                amount,
            });
            open -= amount;
        }
    }
    let used: Decimal = links.iter().map(|l| l.amount).sum();
    if used.is_zero() {
        return;
    }
    links.push(CompanyLink {
        entity: CompanyEntity::Invoice,
        id: invoice.to_owned(),
        amount: used,
    });
    let id = world.take_id(CompanyEntity::Payment);
    let mut payment = Map::new();
    payment.insert("Id".into(), id.as_str().into());
    for field in ["CustomerRef", "CurrencyRef", "TxnDate"] {
        payment.insert(field.into(), object.get(field).cloned().unwrap_or_default());
    }
    payment.insert("TotalAmt".into(), 0.into());
    payment.insert("UnappliedAmt".into(), 0.into());
    payment.insert("ProcessPayment".into(), false.into());
    payment.insert(
        "PrivateNote".into(),
        "Created by QB Online to link credits to charges.".into(),
    );
    payment.insert("Line".into(), links::as_lines(&links));
    world.insert(CompanyEntity::Payment, payment, false);
    links::settle_payment(world, &id, &[], &links);
}
