//! The accounts that the service keeps for itself: what is owed, what waits for the bank, tax, differences of exchange.
//!
//! Like the service, the stand-in opens such an account when the first document needs it, and finds it by what it is for rather
//! than by its name, which people change.

use super::super::company::CompanyTaxModel;
use super::super::entity::CompanyEntity;
use super::super::figures::{amount_of, text_of};
use super::super::names::account_object;
use super::super::world::CompanyWorld;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// Where the service books by itself. An account that is not there yet is an empty text.
pub struct LedgerChart {
    pub receivable: String,
    pub payable: String,
    pub undeposited: String,
    pub income: String,
    pub discounts: String,
    pub shipping: String,
    pub costs: String,
    pub exchange: String,
    tax: String,
    /// By the agency that is owed.
    agencies: Vec<(String, String)>,
}

const TAX_SUBTYPES: [&str; 2] = ["GlobalTaxPayable", "SalesTaxPayable"];

impl LedgerChart {
    pub fn of(world: &CompanyWorld) -> LedgerChart {
        let found = |field: &str, wanted: &str| {
            let fits = |account: &Map<String, Value>| text_of(account, field) == Some(wanted);
            let mut accounts = world.rows(CompanyEntity::Account);
            let id = accounts.find(|(_, row)| fits(row.object()));
            id.map(|(id, _)| id.clone()).unwrap_or_default()
        };
        let named = |name: &str| world.find_named(CompanyEntity::Account, name);
        let income =
            named("Sales of Product Income").unwrap_or_else(|| found("AccountType", "Income"));
        let or_income = |id: String| if id.is_empty() { income.clone() } else { id };
        let agencies = world
            .rows(CompanyEntity::TaxAgency)
            .filter_map(|(id, row)| {
                let name = text_of(row.object(), "DisplayName")?;
                Some((id.clone(), named(&format!("{name} Payable"))?))
            });
        LedgerChart {
            receivable: found("AccountSubType", "AccountsReceivable"),
            payable: found("AccountSubType", "AccountsPayable"),
            undeposited: named("Undeposited Funds")
                .unwrap_or_else(|| found("AccountSubType", "UndepositedFunds")),
            discounts: or_income(found("AccountSubType", "DiscountsRefundsGiven")),
            shipping: or_income(named("Shipping Income").unwrap_or_default()),
            costs: found("AccountType", "Cost of Goods Sold"),
            exchange: found("AccountSubType", "ExchangeGainOrLoss"),
            tax: TAX_SUBTYPES
                .map(|subtype| found("AccountSubType", subtype))
                .into_iter()
                .find(|id| !id.is_empty())
                .unwrap_or_default(),
            agencies: agencies.collect(),
            income,
        }
    }

    /// Where the tax of a rate is owed: to its agency, or where all tax is.
    pub fn tax_of(&self, world: &CompanyWorld, rate: Option<&str>) -> &str {
        let agency = rate.and_then(|rate| agency_of(world, rate));
        let own = self
            .agencies
            .iter()
            .find(|(id, _)| Some(id.as_str()) == agency);
        own.map_or(&self.tax, |(_, account)| account)
    }
}

pub fn agency_of<'w>(world: &'w CompanyWorld, rate: &str) -> Option<&'w str> {
    text_of(world.object(CompanyEntity::TaxRate, rate)?, "AgencyRef")
}

/// Opens the accounts that a document needs and the company does not have yet. Nobody is told.
pub fn open_accounts(
    world: &mut CompanyWorld,
    entity: CompanyEntity,
    document: &Map<String, Value>,
) {
    let owes = matches!(
        entity,
        CompanyEntity::Bill | CompanyEntity::VendorCredit | CompanyEntity::BillPayment
    );
    let taxed = document
        .get("TxnTaxDetail")
        .and_then(Value::as_object)
        .is_some_and(|detail| {
            let total = amount_of(detail, "TotalTax");
            total != Decimal::ZERO || detail.contains_key("TaxLine")
        });
    let lacks = |subtypes: &[&str]| {
        let mut accounts = world.rows(CompanyEntity::Account);
        !accounts.any(|(_, row)| {
            let own = text_of(row.object(), "AccountSubType").unwrap_or_default();
            subtypes.contains(&own)
        })
    };
    let wanted = [
        (
            owes && lacks(&["AccountsPayable"]),
            (
                "Accounts Payable (A/P)",
                "Accounts Payable",
                "AccountsPayable",
            ),
        ),
        (taxed && lacks(&TAX_SUBTYPES), tax_account(world)),
        (
            document.contains_key("ExchangeRate") && lacks(&["ExchangeGainOrLoss"]),
            (
                "Exchange Gain or Loss",
                "Other Expense",
                "ExchangeGainOrLoss",
            ),
        ),
    ];
    let home = world.company.home().to_owned();
    for (_, (name, kind, subtype)) in wanted.into_iter().filter(|(missing, _)| *missing) {
        let mut object = account_object(name, kind, subtype, &home, true);
        let id = world.take_id(CompanyEntity::Account);
        object.insert("Id".into(), id.into());
        let before = std::mem::replace(&mut world.news.quiet, true);
        world.insert(CompanyEntity::Account, object, true);
        world.news.quiet = before;
    }
}

/// What the service calls the account for tax, by country.
fn tax_account(world: &CompanyWorld) -> (&'static str, &'static str, &'static str) {
    const KIND: &str = "Other Current Liability";
    if world.company.tax_model() != CompanyTaxModel::Global {
        return ("Sales Tax Payable", KIND, "SalesTaxPayable");
    }
    let name = match world.company.country.as_str() {
        "CA" => "GST/HST Payable",
        "GB" => "VAT Control",
        "AU" => "GST Liabilities Payable",
        _ => "VAT Payable",
    };
    (name, KIND, "GlobalTaxPayable")
}
