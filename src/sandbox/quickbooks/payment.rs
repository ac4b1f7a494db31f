//! Payments and how they are applied.
//!
//! A payment's lines name the invoices it pays and the credit memos it uses up.
//! Cheques, expenses and journal entries as targets are not imitated.

use super::draft::CompanyDraft;
use super::entity::CompanyEntity;
use super::fault::{CompanyDone, CompanyFault};
use super::figures::{amount_of, number, rounded, text_of};
use super::links::{self, CompanyLink};
use super::world::{CompanyState, CompanyWorld};
use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

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

    let mut links = links::read(draft)?;
    if world.switches.leave_unapplied {
        links::cut_to_open(world, draft.id, &mut links);
    }
    links::check(world, draft, &links, total, &currency)?;
    let credits = links::sum(&links, CompanyEntity::CreditMemo);
    let invoices = links::sum(&links, CompanyEntity::Invoice);
    out.insert("UnappliedAmt".into(), number(total + credits - invoices));
    out.insert("Line".into(), links::as_lines(&links));
    let linked = draft.old.and_then(|old| old.get("LinkedTxn").cloned());
    out.insert("LinkedTxn".into(), linked.unwrap_or_else(|| json!([])));
    Ok(out)
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
