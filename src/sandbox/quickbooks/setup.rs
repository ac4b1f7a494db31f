//! Builds the world that a setup describes.
//!
//! A key that is not known is an error, so that a typing mistake in a test does
//! not go unnoticed. A small chart of accounts is there whatever the setup says.

use super::company::{
    CompanyCompany, CompanyLimits, CompanyTaxModel, Switches, currency_reference,
};
use super::consent;
use super::entity::CompanyEntity;
use super::figures::{decimal, number};
use super::notify::{self, News};
use super::oauth::{CompanyPolicy, Grants, Manners};
use super::seeds::{self, Seed};
use super::world::CompanyWorld;
use chrono::{Duration, Utc};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::str::FromStr;

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CompanySetup {
    seed: u64,
    realm: String,
    company: CompanyCompany,
    accounts: Vec<CompanyAccount>,
    items: Vec<SandboxCompanyItem>,
    customers: Vec<CompanyPerson>,
    vendors: Vec<CompanyPerson>,
    employees: Vec<CompanyPerson>,
    /// The first is owed whatever a rate does not say.
    tax_agencies: Vec<String>,
    tax_rates: Vec<CompanyRate>,
    tax_codes: Vec<SandboxCompanyCode>,
    payment_methods: Vec<String>,
    /// By full name, `Retail:Web`; what stands above is there too.
    classes: Vec<String>,
    departments: Vec<String>,
    documents: Vec<Seed>,
    oauth: Option<CompanyClient>,
    limits: Option<CompanyLimits>,
    one_name_at_a_time: bool,
    ignore_requestid: bool,
    ignore_tax_override: bool,
    latency_ms: u64,
    item_latency_ms: u64,
    gives_up_after_ms: u64,
    clock_speed: u32,
    sending: notify::Manner,
}

impl Default for CompanySetup {
    fn default() -> CompanySetup {
        CompanySetup {
            seed: 1,
            realm: "9341454000000001".into(),
            company: CompanyCompany::default(),
            accounts: Vec::new(),
            items: Vec::new(),
            customers: Vec::new(),
            vendors: Vec::new(),
            employees: Vec::new(),
            tax_agencies: Vec::new(),
            tax_rates: Vec::new(),
            tax_codes: Vec::new(),
            payment_methods: Vec::new(),
            classes: Vec::new(),
            departments: Vec::new(),
            documents: Vec::new(),
            oauth: None,
            limits: None,
            one_name_at_a_time: false,
            ignore_requestid: false,
            ignore_tax_override: false,
            latency_ms: 0,
            item_latency_ms: 0,
            gives_up_after_ms: 0,
            clock_speed: 1,
            sending: notify::Manner::default(),
        }
    }
}

fn yes() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyAccount {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    subtype: Option<String>,
    currency: Option<String>,
    /// The name of the account above it, which stands before it.
    parent: Option<String>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SandboxCompanyItem {
    name: String,
    sku: Option<String>,
    #[serde(rename = "type", default = "service")]
    kind: String,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default = "usual_income")]
    income_account: String,
    price: Option<serde_json::Number>,
    /// Of an inventory item.
    start_date: Option<String>,
}

fn service() -> String {
    "Service".into()
}

fn usual_income() -> String {
    "Sales of Product Income".into()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyPerson {
    display_name: String,
    email: Option<String>,
    currency: Option<String>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CompanyRate {
    name: String,
    percent: Value,
    agency: Option<String>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SandboxCompanyCode {
    name: String,
    rates: Vec<String>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CompanyClient {
    client_id: String,
    client_secret: String,
    refresh_token: String,
    access_token: Option<String>,
    access_token_seconds: i64,
    refresh_token_seconds: i64,
    hard_expires_in: i64,
    refresh_policy: Option<CompanyPolicy>,
    /// A shorter word for `"refresh_policy": "at_once"`.
    kill_old_refresh_tokens: bool,
    deny: bool,
    redirect_urls: Option<Vec<String>>,
    production_keys: bool,
    code: Option<String>,
}

impl Default for CompanyClient {
    fn default() -> CompanyClient {
        let manners = Manners::default();
        CompanyClient {
            client_id: "sandbox-client".into(),
            client_secret: "sandbox-secret".into(),
            refresh_token: "sandbox-refresh-token".into(),
            access_token: None,
            access_token_seconds: manners.access_token_seconds,
            refresh_token_seconds: manners.refresh_token_seconds,
            hard_expires_in: manners.hard_expires_in,
            refresh_policy: None,
            kill_old_refresh_tokens: false,
            deny: manners.deny,
            redirect_urls: manners.redirect_urls,
            production_keys: manners.production_keys,
            code: None,
        }
    }
}

pub fn build(setup: Value) -> Result<CompanyWorld, String> {
    let setup = if setup.is_null() { json!({}) } else { setup };
    let setup: CompanySetup = serde_json::from_value(setup).map_err(|e| e.to_string())?;
    // Without an oauth part there is a token to start with at once.
    let client = setup.oauth.unwrap_or_else(|| CompanyClient {
        access_token: Some("sandbox-access-token".into()),
        ..CompanyClient::default()
    });
    let ends = Utc::now() + Duration::seconds(client.access_token_seconds);
    let usual = if client.kill_old_refresh_tokens {
        CompanyPolicy::AtOnce
    } else {
        CompanyPolicy::Day
    };
    let code = client.code.map(|code| {
        let ends = Utc::now() + Duration::minutes(10);
        let redirect = None;
        (code, consent::CompanyCode { redirect, ends })
    });
    let grants = Grants {
        client_id: client.client_id,
        client_secret: client.client_secret,
        manners: Manners {
            refresh_policy: client.refresh_policy.unwrap_or(usual),
            access_token_seconds: client.access_token_seconds,
            refresh_token_seconds: client.refresh_token_seconds,
            hard_expires_in: client.hard_expires_in,
            deny: client.deny,
            redirect_urls: client.redirect_urls,
            production_keys: client.production_keys,
        },
        codes: code.into_iter().collect(),
        refresh: [(client.refresh_token, 1)].into(),
        access: client
            .access_token
            .map(|token| (token, (ends, 1)))
            .into_iter()
            .collect(),
        pairs: 1,
        seed: setup.seed,
    };
    let mut world = CompanyWorld::new(setup.realm, setup.company, grants);
    world.limits = setup.limits;
    world.clock_speed = setup.clock_speed;
    world.switches = Switches {
        one_name_at_a_time: setup.one_name_at_a_time,
        ignore_requestid: setup.ignore_requestid,
        ignore_tax_override: setup.ignore_tax_override,
        latency_ms: setup.latency_ms,
        item_latency_ms: setup.item_latency_ms,
        gives_up_after_ms: setup.gives_up_after_ms,
        ..Switches::default()
    };
    for (name, kind, subtype) in CHART {
        if !setup.accounts.iter().any(|a| a.name == name) {
            add_account(&mut world, &plain_account(name, kind, subtype));
        }
    }
    setup
        .accounts
        .iter()
        .for_each(|account| add_account(&mut world, account));
    add_agencies(&mut world, &setup.tax_agencies);
    add_tax(&mut world, &setup.tax_rates, &setup.tax_codes)?;
    for name in &setup.payment_methods {
        let kind = if name.to_lowercase().contains("credit") {
            "CREDIT_CARD"
        } else {
            "NON_CREDIT_CARD"
        };
        add(
            &mut world,
            CompanyEntity::PaymentMethod,
            json!({ "Name": name, "Active": true, "Type": kind }),
        );
    }
    for (entity, names) in [
        (CompanyEntity::Class, &setup.classes),
        (CompanyEntity::Department, &setup.departments),
    ] {
        names
            .iter()
            .for_each(|name| add_label(&mut world, entity, name));
    }
    for item in &setup.items {
        add_item(&mut world, item)?;
    }
    for (entity, list) in [
        (CompanyEntity::Customer, &setup.customers),
        (CompanyEntity::Vendor, &setup.vendors),
        (CompanyEntity::Employee, &setup.employees),
    ] {
        list.iter()
            .for_each(|person| add_person(&mut world, entity, person));
    }
    for seed in &setup.documents {
        seeds::plant(&mut world, seed)?;
    }
    // Only now, so that nobody is told of what was in the books before.
    world.news = News::new(setup.sending);
    Ok(world)
}

const CHART: [(&str, &str, &str); 8] = [
    (
        "Undeposited Funds",
        "Other Current Asset",
        "UndepositedFunds",
    ),
    (
        "Accounts Receivable (A/R)",
        "Accounts Receivable",
        "AccountsReceivable",
    ),
    ("Sales of Product Income", "Income", "SalesOfProductIncome"),
    ("Discounts given", "Income", "DiscountsRefundsGiven"),
    (
        "Cost of Goods Sold",
        "Cost of Goods Sold",
        "SuppliesMaterialsCogs",
    ),
    ("Inventory Asset", "Other Current Asset", "Inventory"),
    ("Bank Charges", "Expense", "BankCharges"),
    ("Checking", "Bank", "Checking"),
];

fn plain_account(name: &str, kind: &str, subtype: &str) -> CompanyAccount {
    CompanyAccount {
        name: name.into(),
        kind: kind.into(),
        subtype: Some(subtype.into()),
        currency: None,
        parent: None,
        active: true,
    }
}

fn add(world: &mut CompanyWorld, entity: CompanyEntity, object: Value) -> String {
    let id = world.take_id(entity);
    let Value::Object(mut object) = object else {
        return id;
    };
    object.insert("Id".into(), id.as_str().into());
    world.insert(entity, object, true);
    id
}

fn add_label(world: &mut CompanyWorld, entity: CompanyEntity, full: &str) {
    let name = full.rsplit(':').next().unwrap_or(full);
    let object = json!({ "Name": name, "FullyQualifiedName": full, "Active": true });
    add(world, entity, object);
}

fn add_account(world: &mut CompanyWorld, account: &CompanyAccount) {
    let currency = account
        .currency
        .clone()
        .unwrap_or_else(|| world.company.home().to_owned());
    let mut object = super::names::account_object(
        &account.name,
        &account.kind,
        account.subtype.as_deref().unwrap_or_default(),
        &currency,
        account.active,
    );
    let above = account.parent.as_deref();
    if let Some(id) = above.and_then(|name| world.find_named(CompanyEntity::Account, name)) {
        let full = format!("{}:{}", above.unwrap_or_default(), account.name);
        object.insert("FullyQualifiedName".into(), full.into());
        object.insert("SubAccount".into(), true.into());
        object.insert("ParentRef".into(), json!({ "value": id }));
    }
    add(world, CompanyEntity::Account, Value::Object(object));
}

/// The agencies that tax is owed to. A second one and those after it have an account each.
fn add_agencies(world: &mut CompanyWorld, names: &[String]) {
    let usual = match world.company.country.as_str() {
        "CA" => "Canada Revenue Agency",
        "GB" => "HM Revenue & Customs (VAT)",
        "AU" => "Australian Taxation Office",
        "US" => "State Department of Revenue",
        _ => "Tax office",
    };
    let usual = [usual.to_owned()];
    let names = if names.is_empty() { &usual } else { names };
    for (place, name) in names.iter().enumerate() {
        let object = json!({ "DisplayName": name, "TaxTrackedOnPurchases": true, "TaxTrackedOnSales": true });
        add(world, CompanyEntity::TaxAgency, object);
        if place > 0 {
            let account = plain_account(
                &format!("{name} Payable"),
                "Other Current Liability",
                "GlobalTaxPayable",
            );
            add_account(world, &account);
        }
    }
}

fn add_tax(
    world: &mut CompanyWorld,
    rates: &[CompanyRate],
    codes: &[SandboxCompanyCode],
) -> Result<(), String> {
    if !world.company.is_global() {
        for (id, taxable) in [("TAX", true), ("NON", false)] {
            let mut object = Map::new();
            object.insert("Id".into(), id.into());
            object.insert("Name".into(), id.into());
            object.insert("Description".into(), id.into());
            object.insert("Taxable".into(), taxable.into());
            object.insert("TaxGroup".into(), false.into());
            object.insert("Active".into(), true.into());
            world.insert(CompanyEntity::TaxCode, object, true);
        }
    }
    for rate in rates {
        let percent = match &rate.percent {
            Value::String(text) => Decimal::from_str(text).ok(),
            other => decimal(other),
        };
        let percent =
            percent.ok_or_else(|| format!("tax rate `{}` has no readable percent", rate.name))?;
        let agency = match &rate.agency {
            None => "1".to_owned(),
            Some(name) => world
                .find_named(CompanyEntity::TaxAgency, name)
                .ok_or_else(|| {
                    format!("tax rate `{}` names the unknown agency `{name}`", rate.name)
                })?,
        };
        let object = json!({
            "Name": rate.name,
            "Description": rate.name,
            "Active": rate.active,
            "RateValue": number(percent.normalize()),
            "AgencyRef": { "value": agency },
            "SpecialTaxType": "NONE",
            "DisplayType": "ReadOnly",
        });
        add(world, CompanyEntity::TaxRate, object);
    }
    for code in codes {
        let mut details = Vec::new();
        for (order, name) in code.rates.iter().enumerate() {
            let id = world
                .find_named(CompanyEntity::TaxRate, name)
                .ok_or_else(|| {
                    format!("tax code `{}` names the unknown rate `{name}`", code.name)
                })?;
            details.push(json!({
                "TaxTypeApplicable": "TaxOnAmount",
                "TaxRateRef": { "name": name, "value": id },
                "TaxOrder": order,
            }));
        }
        let object = json!({
            "Name": code.name,
            "Description": code.name,
            "Active": code.active,
            "Taxable": !details.is_empty(),
            "TaxGroup": true,
            "SalesTaxRateList": { "TaxRateDetail": details },
            "PurchaseTaxRateList": { "TaxRateDetail": details },
        });
        add(world, CompanyEntity::TaxCode, object);
    }
    Ok(())
}

fn add_item(world: &mut CompanyWorld, item: &SandboxCompanyItem) -> Result<(), String> {
    let account = world
        .find_named(CompanyEntity::Account, &item.income_account)
        .ok_or_else(|| {
            format!(
                "item `{}` names the unknown account `{}`",
                item.name, item.income_account
            )
        })?;
    let mut object = json!({
        "Name": item.name,
        "FullyQualifiedName": item.name,
        "Type": item.kind,
        "Active": item.active,
        "Taxable": true,
        "UnitPrice": 0,
        "PurchaseCost": 0,
        "TrackQtyOnHand": item.kind == "Inventory",
    });
    if item.kind != "Category" {
        object["IncomeAccountRef"] = world.reference(CompanyEntity::Account, &account);
    }
    if let Some(sku) = &item.sku {
        object["Sku"] = sku.as_str().into();
    }
    if item.kind == "Inventory" {
        object["QtyOnHand"] = 100.into();
        object["InvStartDate"] = item.start_date.as_deref().unwrap_or("2015-01-01").into();
    }
    if let Some(price) = &item.price {
        object["UnitPrice"] = Value::Number(price.clone());
    }
    add(world, CompanyEntity::Item, object);
    Ok(())
}

fn add_person(world: &mut CompanyWorld, entity: CompanyEntity, person: &CompanyPerson) {
    let currency = person
        .currency
        .clone()
        .unwrap_or_else(|| world.company.home().to_owned());
    let mut object = super::persons::blank(entity);
    object.insert("DisplayName".into(), person.display_name.as_str().into());
    object.insert(
        "PrintOnCheckName".into(),
        person.display_name.as_str().into(),
    );
    if entity == CompanyEntity::Customer {
        object.insert(
            "FullyQualifiedName".into(),
            person.display_name.as_str().into(),
        );
    }
    if entity != CompanyEntity::Employee {
        object.insert("CurrencyRef".into(), currency_reference(&currency));
    }
    if entity == CompanyEntity::Customer && world.company.tax_model() != CompanyTaxModel::Global {
        object.insert("DefaultTaxCodeRef".into(), json!({ "value": "2" }));
    }
    if let Some(email) = &person.email {
        object.insert("PrimaryEmailAddr".into(), json!({ "Address": email }));
    }
    object.insert("Active".into(), person.active.into());
    add(world, entity, Value::Object(object));
}
