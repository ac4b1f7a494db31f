//! Items into bodies: what is to be made of a product, and a new price for what is there.
//!
//! An item that is counted begins with none. What lies on the shelves that day, and what it is worth, is an entry that a bookkeeper
//! makes; a quantity here would book its worth to an account of QuickBooks' choice.

use rust_decimal::Decimal;

use crate::model::draft::{ItemChange, ItemDraft, ItemKind};
use crate::model::fault::Reason;
use crate::model::names::ItemEntry;

use super::bodies::{self, Digits, ReferenceBody};
use super::facts::FactsOfCompany;
use super::fields::{EXPENSE, cut, of_type};
use super::lists::labels::Labels;

const DESCRIPTION_MAX: usize = 4_000;
const PURCHASE_MAX: usize = 1_000;
/// QuickBooks keeps no more decimals of a price, and no price as high as this.
const PRICE_DECIMALS: u32 = 7;
const PRICE_END: i64 = 10_000_000_000;

const STOCK: &[&str] = &["Other Current Asset"];
const COST: &[&str] = &["Cost of Goods Sold"];
/// Of an item that is counted, QuickBooks books sales to an account of this type only.
const SALES: &[&str] = &["Income"];

/// The body of an item to be made, and what of it is left out. A price that QuickBooks cannot hold is on no document, so that nothing
/// waits for it.
pub fn draft(
    facts: &FactsOfCompany,
    labels: &Labels,
    draft: &ItemDraft,
) -> Result<(bodies::ItemBody, Vec<Reason>), Reason> {
    let (unit_price, left_out) = match draft.price.map(digits).transpose() {
        Ok(price) => (price, Vec::new()),
        Err(reason) => (None, vec![reason]),
    };
    let account = |name: &str, types: &[&str]| {
        let account = facts.account(name)?;
        of_type(name, account, types)?;
        Ok::<_, Reason>(ReferenceBody::to(&account.id))
    };
    let is_counted = matches!(draft.kind, ItemKind::Inventory { .. });
    let expense = if is_counted { COST } else { EXPENSE };
    let mut body = bodies::ItemBody {
        name: draft.name.clone(),
        sku: draft.sku.clone(),
        kind: Some(draft.kind.word()),
        description: text(draft.description.as_deref(), DESCRIPTION_MAX),
        purchase_desc: text(draft.purchase_description.as_deref(), PURCHASE_MAX),
        unit_price,
        taxable: draft.taxable,
        class_ref: match &draft.class {
            Some(class) => Some(ReferenceBody::to(labels.class(class)?)),
            None => None,
        },
        income_account_ref: Some(if is_counted {
            account(&draft.income_account, SALES)?
        } else {
            // Gift cards are sold into a liability, deposits into an asset: that is the bookkeeper's choice.
            ReferenceBody::to(&facts.account(&draft.income_account)?.id)
        }),
        expense_account_ref: match &draft.expense_account {
            Some(name) => Some(account(name, expense)?),
            None => None,
        },
        ..bodies::ItemBody::default()
    };
    if let ItemKind::Inventory {
        asset_account,
        start_date,
    } = &draft.kind
    {
        body.asset_account_ref = Some(account(asset_account, STOCK)?);
        body.track_qty_on_hand = Some(true);
        body.qty_on_hand = Some(Digits::plain(Decimal::ZERO));
        body.inv_start_date = Some(start_date.to_string());
    }
    Ok((body, left_out))
}

/// The body that changes what is said of an item and nothing else.
pub fn changed(item: &ItemEntry, change: &ItemChange) -> Result<bodies::ItemBody, Reason> {
    let name = change.name.as_ref().unwrap_or(&item.name);
    Ok(bodies::ItemBody {
        id: Some(item.id.clone()),
        sync_token: Some(item.revision.clone()),
        sparse: Some(true),
        name: name.clone(),
        sku: change.sku.clone(),
        unit_price: change.price.map(digits).transpose()?,
        ..bodies::ItemBody::default()
    })
}

fn text(text: Option<&str>, most: usize) -> Option<String> {
    let text = text?.trim();
    (!text.is_empty()).then(|| cut(text, most).to_owned())
}

/// A price is never rounded: one that QuickBooks could not hold is not written.
fn digits(price: Decimal) -> Result<Digits, Reason> {
    let plain = price.normalize();
    if plain.scale() <= PRICE_DECIMALS && plain >= Decimal::ZERO && plain < Decimal::from(PRICE_END)
    {
        return Ok(Digits::plain(plain));
    }
    Err(Reason::new(
        "price_refused",
        format!("QuickBooks takes no price like {plain}, so the item has none from here: it must not be below 0 and have at most {PRICE_DECIMALS} decimals"),
    )
    .hint("correct the price of the product in the shop; what was sold is posted as it was charged"))
}
