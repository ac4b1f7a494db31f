//! The company's settings, and how they look as CompanyInfo and Preferences.
//!
//! Everything here can be changed while the stand-in runs; nothing is kept twice.

use super::figures::stamp;
use super::world::CompanyWorld;
use chrono::{NaiveDate, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CompanyTaxModel {
    Global,
    UsAst,
    UsManual,
}

/// Where documents carry a class.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Classes {
    #[default]
    Off,
    PerTxn,
    PerTxnLine,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyCompany {
    pub name: String,
    pub country: String,
    home_currency: Option<String>,
    pub multicurrency: bool,
    tax_model: Option<CompanyTaxModel>,
    pub books_closed_through: Option<NaiveDate>,
    pub custom_txn_numbers: bool,
    pub warn_duplicate_numbers: bool,
    pub using_sales_tax: bool,
    pub auto_apply_credit: bool,
    pub timezone: Tz,
    pub allow_shipping: bool,
    pub allow_discount: bool,
    pub display_name_max: usize,
    pub classes: Classes,
    pub track_departments: bool,
    /// The names of the first, second and third field on sales forms; an empty one is not in use.
    pub custom_fields: Vec<String>,
}

impl Default for CompanyCompany {
    fn default() -> CompanyCompany {
        CompanyCompany {
            name: "Stand-in Books".into(),
            country: "CA".into(),
            home_currency: None,
            multicurrency: false,
            tax_model: None,
            books_closed_through: None,
            custom_txn_numbers: true,
            warn_duplicate_numbers: true,
            using_sales_tax: true,
            auto_apply_credit: false,
            timezone: Tz::America__Edmonton,
            allow_shipping: false,
            allow_discount: true,
            display_name_max: 500,
            classes: Classes::Off,
            track_departments: false,
            custom_fields: Vec::new(),
        }
    }
}

impl CompanyCompany {
    pub fn home(&self) -> &str {
        if let Some(code) = &self.home_currency {
            return code;
        }
        match self.country.as_str() {
            "US" => "USD",
            "CA" => "CAD",
            "GB" => "GBP",
            "AU" => "AUD",
            _ => "EUR",
        }
    }

    pub fn tax_model(&self) -> CompanyTaxModel {
        let usual = if self.country == "US" {
            CompanyTaxModel::UsAst
        } else {
            CompanyTaxModel::Global
        };
        self.tax_model.unwrap_or(usual)
    }

    pub fn is_global(&self) -> bool {
        self.tax_model() == CompanyTaxModel::Global
    }
}

#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Switches {
    pub one_name_at_a_time: bool,
    pub ignore_requestid: bool,
    pub ignore_tax_override: bool,
    /// A payment of more than is open leaves the rest unapplied instead of being refused.
    pub leave_unapplied: bool,
    /// A change of what the bank's statement was reconciled with is refused. The service is said to let it pass.
    pub protects_reconciled: bool,
    /// A transfer may join accounts of two currencies. Not known of the service, so refused by itself.
    pub transfers_between_currencies: bool,
    /// A client may put a negative line into a deposit, such as a fee. Not known either.
    pub negative_deposit_lines: bool,
    pub latency_ms: u64,
    /// Before each item of a batch, and before a write that is alone.
    pub item_latency_ms: u64,
    /// A write without an answer for so long is cut off, and the work on it goes on. 0: never.
    pub gives_up_after_ms: u64,
}

#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CompanyLimits {
    pub per_minute: usize,
    pub per_second: usize,
    pub batches_per_minute: usize,
    pub reports_per_minute: usize,
    pub minute_ms: u64,
}

impl Default for CompanyLimits {
    fn default() -> CompanyLimits {
        CompanyLimits {
            per_minute: 500,
            per_second: 10,
            batches_per_minute: 40,
            reports_per_minute: 200,
            minute_ms: 60_000,
        }
    }
}

pub fn currency_name(code: &str) -> &str {
    match code {
        "USD" => "United States Dollar",
        "CAD" => "Canadian Dollar",
        "EUR" => "Euro",
        "GBP" => "British Pound Sterling",
        "AUD" => "Australian Dollar",
        "JPY" => "Japanese Yen",
        other => other,
    }
}

pub fn currency_reference(code: &str) -> Value {
    json!({ "value": code, "name": currency_name(code) })
}

fn long_country(code: &str) -> &str {
    match code {
        "US" => "USA",
        "CA" => "CAN",
        "GB" => "GBR",
        "AU" => "AUS",
        other => other,
    }
}

pub fn info(world: &CompanyWorld) -> Value {
    let company = &world.company;
    let at = stamp(Utc::now());
    json!({
        "domain": "QBO",
        "sparse": false,
        "Id": "1",
        "SyncToken": "4",
        "MetaData": { "CreateTime": at, "LastUpdatedTime": at },
        "CompanyName": company.name,
        "LegalName": company.name,
        "CompanyAddr": { "Id": "1", "Line1": "1 Loopback Way", "Country": long_country(&company.country) },
        "Country": company.country,
        "SupportedLanguages": "en",
        "FiscalYearStartMonth": "January",
        "CompanyStartDate": "2015-06-05",
        "DefaultTimeZone": company.timezone.name(),
        "Email": { "Address": "donotreply@example.com" },
        "WebAddr": {},
        "NameValue": [
            { "Name": "NeoEnabled", "Value": "true" },
            { "Name": "SubscriptionStatus", "Value": "PAID" },
            { "Name": "OfferingSku", "Value": "QuickBooks Online Plus" },
        ],
    })
}

/// Which fields are in use, and what they are called, in two lists as the service keeps them.
fn custom_fields(company: &CompanyCompany) -> Value {
    let names = company.custom_fields.iter().take(3).zip(1..);
    let (mut used, mut named) = (Vec::new(), Vec::new());
    for (name, number) in names {
        used.push(json!({
            "Type": "BooleanType",
            "Name": format!("SalesFormsPrefs.UseSalesCustom{number}"),
            "BooleanValue": !name.is_empty(),
        }));
        if !name.is_empty() {
            named.push(json!({
                "Type": "StringType",
                "Name": format!("SalesFormsPrefs.SalesCustomName{number}"),
                "StringValue": name,
            }));
        }
    }
    if used.is_empty() {
        return json!([]);
    }
    json!([{ "CustomField": used }, { "CustomField": named }])
}

pub fn preferences(world: &CompanyWorld) -> Value {
    let company = &world.company;
    let at = stamp(Utc::now());
    let mut tax = json!({ "UsingSalesTax": company.using_sales_tax });
    if company.tax_model() == CompanyTaxModel::UsAst {
        tax["PartnerTaxEnabled"] = true.into();
    }
    let mut accounting = json!({
        "FirstMonthOfFiscalYear": "January",
        "UseAccountNumbers": false,
        "TaxYearMonth": "January",
        "ClassTrackingPerTxn": company.classes == Classes::PerTxn,
        "ClassTrackingPerTxnLine": company.classes == Classes::PerTxnLine,
        "TrackDepartments": company.track_departments,
        "CustomerTerminology": "Customers",
    });
    if let Some(day) = company.books_closed_through {
        accounting["BookCloseDate"] = day.to_string().into();
    }
    json!({
        "domain": "QBO",
        "sparse": false,
        "Id": "1",
        "SyncToken": "0",
        "MetaData": { "CreateTime": at, "LastUpdatedTime": at },
        "AccountingInfoPrefs": accounting,
        "ProductAndServicesPrefs": {
            "ForSales": true,
            "ForPurchase": true,
            "QuantityWithPriceAndRate": true,
            "QuantityOnHand": true,
        },
        "SalesFormsPrefs": {
            "CustomField": custom_fields(company),
            "CustomTxnNumbers": company.custom_txn_numbers,
            "AllowDeposit": false,
            "AllowDiscount": company.allow_discount,
            "AllowEstimates": true,
            "AllowServiceDate": false,
            "AllowShipping": company.allow_shipping,
            "AutoApplyCredit": company.auto_apply_credit,
        },
        "TaxPrefs": tax,
        "CurrencyPrefs": {
            "MultiCurrencyEnabled": company.multicurrency,
            "HomeCurrency": { "value": company.home() },
        },
        // One switch for the numbers of checks and of sales.
        "OtherPrefs": { "NameValue": [
            { "Name": "WarnDuplicateCheckNumber", "Value": company.warn_duplicate_numbers.to_string() },
        ] },
    })
}
