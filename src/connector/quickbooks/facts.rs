//! The facts about a company, with the ids behind the names that people use for accounts, tax codes, rates and payment methods.
//!
//! Looking a name up either gives the id or a reason that names what is missing and what comes closest.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::model::company::{Account, ClassTracking, Company, TaxModel};
use crate::model::fault::Reason;

use super::wire;

/// The company as it was read, and kept between runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FactsOfCompany {
    pub read_at: DateTime<Utc>,
    /// Something was missing in them, so they are read again sooner: somebody may be adding it right now.
    pub doubted: bool,
    pub company: Company,
    tax_codes: BTreeMap<String, String>,
    tax_rates: BTreeMap<String, String>,
    /// By id, inactive ones too: old documents are read with them.
    rate_names: BTreeMap<String, String>,
    payment_methods: BTreeMap<String, String>,
    /// The company's own fields on sales forms: the number of each by its name.
    custom_fields: BTreeMap<String, String>,
}

/// Everything of which the facts are made.
pub struct CompanyAnswers {
    pub info: wire::CompanyInfo,
    pub preferences: wire::Preferences,
    pub accounts: Vec<wire::AccountAnswer>,
    pub tax_codes: Vec<wire::TaxCode>,
    pub tax_rates: Vec<wire::TaxRate>,
    pub payment_methods: Vec<wire::PaymentMethod>,
}

/// Companies in the US mark lines with these two, which some of them do not list.
const US_CODES: [&str; 2] = ["TAX", "NON"];

impl FactsOfCompany {
    pub fn new(id: &str, read_at: DateTime<Utc>, read: CompanyAnswers) -> FactsOfCompany {
        let country = country(&read.info);
        let tax = read.preferences.tax_prefs.as_ref();
        let partner_tax = tax.and_then(|tax| tax.partner_tax_enabled);
        let currency = read.preferences.currency_prefs.as_ref();
        let home = currency.map(|prefs| wire::id_of(prefs.home_currency.as_ref()));
        let tax_model = match (country.as_str(), partner_tax) {
            ("US", Some(_)) => TaxModel::UsAst,
            ("US", None) => TaxModel::UsManual,
            _ => TaxModel::Global,
        };
        let codes: Vec<_> = read
            .tax_codes
            .iter()
            .filter(|code| code.active.unwrap_or(true))
            .collect();
        // Of two rates with one name the one that is used on sales counts: it comes last and wins.
        let on_sales: BTreeSet<&str> = codes.iter().flat_map(|code| sales_rates(code)).collect();
        let mut rates: Vec<_> = read.tax_rates.iter().collect();
        rates.sort_by_key(|rate| {
            (
                rate.active.unwrap_or(true),
                on_sales.contains(rate.id.as_str()),
            )
        });
        let rate_names: BTreeMap<String, String> = rates
            .iter()
            .map(|rate| (rate.id.clone(), rate.name.clone()))
            .collect();
        let mut tax_codes: BTreeMap<String, String> = BTreeMap::new();
        let mut code_rates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for code in codes {
            // Of two with one name the first is taken: the order is the company's own.
            if tax_codes.contains_key(&code.name) {
                continue;
            }
            let names = sales_rates(code).filter_map(|id| rate_names.get(id).cloned());
            code_rates.insert(code.name.clone(), names.collect());
            tax_codes.insert(code.name.clone(), code.id.clone());
        }
        if country == "US" {
            for code in US_CODES {
                tax_codes.entry(code.to_owned()).or_insert(code.to_owned());
                code_rates.entry(code.to_owned()).or_default();
            }
        }
        let methods: BTreeMap<String, String> = read
            .payment_methods
            .into_iter()
            .filter(|method| method.active.unwrap_or(true))
            .map(|method| (method.name, method.id))
            .collect();
        FactsOfCompany {
            read_at,
            doubted: false,
            company: Company {
                id: id.to_owned(),
                name: read.info.company_name.unwrap_or_default(),
                home_currency: home
                    .filter(|home| !home.is_empty())
                    .unwrap_or("USD")
                    .to_owned(),
                multicurrency: currency
                    .and_then(|prefs| prefs.multi_currency_enabled)
                    .unwrap_or(false),
                tax_model,
                uses_tax: tax.and_then(|tax| tax.using_sales_tax).unwrap_or(false),
                closed_through: closed_through(&read.preferences),
                closing_seen_at: Some(read_at),
                keeps_our_numbers: read
                    .preferences
                    .sales_forms_prefs
                    .as_ref()
                    .and_then(|prefs| prefs.custom_txn_numbers)
                    .unwrap_or(false),
                refuses_duplicates: refuses_duplicates(&read.preferences),
                classes: classes(&read.preferences),
                locations: read
                    .preferences
                    .accounting_info_prefs
                    .as_ref()
                    .and_then(|prefs| prefs.track_departments)
                    .unwrap_or(false),
                accounts: accounts(&read.accounts),
                tax_codes: code_rates,
                tax_rates: rates
                    .iter()
                    .filter_map(|rate| Some((rate.name.clone(), rate.rate_value?.decimal())))
                    .collect(),
                payment_methods: methods.keys().cloned().collect(),
                plan: plan(read.info.name_value.as_deref().unwrap_or_default()),
                country,
            },
            tax_codes,
            tax_rates: rates
                .iter()
                .map(|rate| (rate.name.clone(), rate.id.clone()))
                .collect(),
            rate_names,
            payment_methods: methods,
            custom_fields: custom_fields(&read.preferences),
        }
    }

    /// Takes over when the closing date was first seen, where it is the same in what was known before.
    pub fn after(mut self, before: Option<&FactsOfCompany>) -> FactsOfCompany {
        if let Some(before) = before.map(|before| &before.company)
            && before.closed_through == self.company.closed_through
            && before.closing_seen_at.is_some()
        {
            self.company.closing_seen_at = before.closing_seen_at;
        }
        self
    }

    /// Takes in the closing date as it stands now. Says whether it is another one.
    pub fn close(&mut self, preferences: &wire::Preferences, now: DateTime<Utc>) -> bool {
        let closed = closed_through(preferences);
        let is_new = closed != self.company.closed_through;
        if is_new {
            self.company.closed_through = closed;
            self.company.closing_seen_at = Some(now);
        }
        is_new
    }

    pub fn account(&self, name: &str) -> Result<&Account, Reason> {
        found(
            &self.company.accounts,
            name,
            "account_missing",
            "active account",
            "[books]",
        )
    }

    pub fn tax_code(&self, name: &str) -> Result<&str, Reason> {
        let id = found(
            &self.tax_codes,
            name,
            "tax_code_missing",
            "active tax code",
            "[books.tax]",
        )?;
        Ok(id)
    }

    /// The id of a rate, and its percentage.
    pub fn tax_rate(&self, name: &str) -> Result<(&str, Decimal), Reason> {
        let id = found(
            &self.tax_rates,
            name,
            "tax_rate_missing",
            "tax rate",
            "[books.tax.rates]",
        )?;
        let percent = self.company.tax_rates.get(name).copied();
        Ok((id, percent.unwrap_or_default()))
    }

    pub fn payment_method(&self, name: &str) -> Result<&str, Reason> {
        let id = found(
            &self.payment_methods,
            name,
            "payment_method_missing",
            "active payment method",
            "[books.payment_methods]",
        )?;
        Ok(id)
    }

    /// The number under which QuickBooks knows one of the company's own fields.
    pub fn custom_field(&self, name: &str) -> Result<&str, Reason> {
        if let Some(id) = self.custom_fields.get(name) {
            return Ok(id);
        }
        let reason = Reason::new(
            "custom_field_unknown",
            format!("QuickBooks has no custom field named `{name}` on its sales forms"),
        );
        let there: Vec<String> = self
            .custom_fields
            .keys()
            .map(|name| format!("`{name}`"))
            .collect();
        Err(reason.hint(if there.is_empty() {
            format!("QuickBooks has no custom field in use; add one in its account settings under sales, or take it out of `{MAPPING}`")
        } else {
            format!(
                "there is {}; correct the name in `{MAPPING}`, or add the field in QuickBooks' account settings under sales",
                there.join(" and ")
            )
        }))
    }

    /// The name of a rate by its id; `#id` where the company no longer lists it.
    pub fn rate_name(&self, id: &str) -> String {
        let name = self.rate_names.get(id);
        name.cloned().unwrap_or_else(|| format!("#{id}"))
    }

    pub fn is_home(&self, currency: &str) -> bool {
        currency == self.company.home_currency
    }
}

/// One switch of QuickBooks is for the numbers of checks and of sales alike.
fn refuses_duplicates(preferences: &wire::Preferences) -> Option<bool> {
    let all = preferences.other_prefs.as_ref()?.name_value.as_deref()?;
    let of = |name: &wire::NameValue| name.name.as_deref() == Some("WarnDuplicateCheckNumber");
    match all.iter().find(|one| of(one))?.value.as_deref()? {
        "true" => Some(true),
        "false" => Some(false),
        _ => None,
    }
}

/// Where a shop says what its documents carry besides their figures.
pub const MAPPING: &str = "mappings/woocommerce-quickbooks/orders.toml";

fn classes(preferences: &wire::Preferences) -> ClassTracking {
    let Some(prefs) = &preferences.accounting_info_prefs else {
        return ClassTracking::Off;
    };
    if prefs.class_tracking_per_txn == Some(true) {
        ClassTracking::PerDocument
    } else if prefs.class_tracking_per_txn_line == Some(true) {
        ClassTracking::PerLine
    } else {
        ClassTracking::Off
    }
}

/// The fields that are in use, by name. QuickBooks drops the words for any other without telling.
fn custom_fields(preferences: &wire::Preferences) -> BTreeMap<String, String> {
    let prefs = preferences.sales_forms_prefs.as_ref();
    let lists = prefs.and_then(|prefs| prefs.custom_field.as_deref());
    let all: Vec<&wire::FieldPreference> = lists
        .unwrap_or_default()
        .iter()
        .flat_map(|list| list.custom_field.iter().flatten())
        .collect();
    let of = |field: &wire::FieldPreference, kind: &str| {
        let name = field.name.as_deref()?.strip_prefix("SalesFormsPrefs.")?;
        name.strip_prefix(kind).map(str::to_owned)
    };
    let used: BTreeSet<String> = all
        .iter()
        .filter(|field| field.boolean_value == Some(true))
        .filter_map(|field| of(field, "UseSalesCustom"))
        .collect();
    all.iter()
        .filter_map(|field| Some((field.string_value.clone()?, of(field, "SalesCustomName")?)))
        .filter(|(name, number)| !name.is_empty() && used.contains(number))
        .collect()
}

/// The ids of the rates that a code puts on sales.
fn sales_rates(code: &wire::TaxCode) -> impl Iterator<Item = &str> {
    let listed = code.sales_tax_rate_list.as_ref();
    let details = listed.and_then(|list| list.tax_rate_detail.as_deref());
    details
        .unwrap_or_default()
        .iter()
        .map(|detail| wire::id_of(detail.tax_rate_ref.as_ref()))
}

/// Looks a name up, or says what is missing.
pub fn found<'a, T>(
    known: &'a BTreeMap<String, T>,
    name: &str,
    code: &str,
    what: &str,
    section: &str,
) -> Result<&'a T, Reason> {
    known.get(name).ok_or_else(|| {
        let reason = Reason::new(code, format!("QuickBooks has no {what} named `{name}`"));
        match nearest(name, known.keys()).as_slice() {
            [] => reason.hint(format!(
                "add it in QuickBooks, or correct the name in `{section}`"
            )),
            names => reason.hint(format!(
                "did you mean {}? correct the name in `{section}`, or add it in QuickBooks",
                names.join(" or ")
            )),
        }
    })
}

/// The names that a person may have meant, at most three, each in backticks.
fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Vec<String> {
    let wanted = name.to_lowercase();
    let mut near: Vec<(usize, &String)> = known
        .filter_map(|candidate| {
            let other = candidate.to_lowercase();
            let distance = edits(&wanted, &other);
            let related = distance <= wanted.chars().count() / 3
                || (wanted.len() >= 3 && other.contains(&wanted))
                || (other.len() >= 3 && wanted.contains(&other));
            related.then_some((distance, candidate))
        })
        .collect();
    near.sort();
    near.into_iter()
        .take(3)
        .map(|(_, candidate)| format!("`{candidate}`"))
        .collect()
}

/// How many letters must be added, dropped or changed.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.chars().enumerate() {
        let mut corner = row[0];
        row[0] = above + 1;
        for (at, candidate) in other.iter().enumerate() {
            let changed = corner + usize::from(letter != *candidate);
            corner = row[at + 1];
            row[at + 1] = changed.min(corner + 1).min(row[at] + 1);
        }
    }
    row[other.len()]
}

/// The ids of active classes or locations by full name, and by the short one where only one of them has it.
pub fn labels(read: &[wire::LabelAnswer]) -> BTreeMap<String, String> {
    let active: Vec<_> = read
        .iter()
        .filter(|label| label.active.unwrap_or(true))
        .collect();
    let mut ids: BTreeMap<String, String> = BTreeMap::new();
    for label in &active {
        let name = label.fully_qualified_name.as_ref().unwrap_or(&label.name);
        ids.insert(name.clone(), label.id.clone());
    }
    for label in &active {
        let namesakes = active.iter().filter(|other| other.name == label.name);
        if namesakes.count() == 1 {
            ids.entry(label.name.clone())
                .or_insert_with(|| label.id.clone());
        }
    }
    ids
}

/// Active accounts by full name, and by the short one where only one account has it.
fn accounts(read: &[wire::AccountAnswer]) -> BTreeMap<String, Account> {
    let active: Vec<_> = read
        .iter()
        .filter(|account| account.active.unwrap_or(true))
        .collect();
    let full = |account: &wire::AccountAnswer| {
        let name = account.fully_qualified_name.clone();
        name.unwrap_or_else(|| account.name.clone())
    };
    let as_account = |account: &wire::AccountAnswer| Account {
        id: account.id.clone(),
        kind: account.account_type.clone().unwrap_or_default(),
        currency: account
            .currency_ref
            .as_ref()
            .and_then(|currency| currency.value.clone()),
    };
    let mut accounts: BTreeMap<String, Account> = active
        .iter()
        .map(|account| (full(account), as_account(account)))
        .collect();
    for account in &active {
        let alone = active
            .iter()
            .filter(|other| other.name == account.name)
            .count()
            == 1;
        if alone {
            accounts
                .entry(account.name.clone())
                .or_insert_with(|| as_account(account));
        }
    }
    accounts
}

/// The country in two letters. QuickBooks has begun to write three.
fn country(info: &wire::CompanyInfo) -> String {
    let address = info.company_addr.as_ref();
    let written = info
        .country
        .as_deref()
        .or_else(|| address.and_then(|address| address.country.as_deref()))
        .unwrap_or_default()
        .to_uppercase();
    let short = match written.as_str() {
        "USA" => "US",
        "CAN" => "CA",
        "GBR" | "UK" => "GB",
        "AUS" => "AU",
        "NZL" => "NZ",
        "IRL" => "IE",
        "FRA" => "FR",
        "DEU" => "DE",
        "IND" => "IN",
        "ZAF" => "ZA",
        "SGP" => "SG",
        "MEX" => "MX",
        "BRA" => "BR",
        other => other,
    };
    short.to_owned()
}

/// The plan that the company pays for, in QuickBooks' own words.
fn plan(values: &[wire::NameValue]) -> Option<String> {
    let sku = |value: &&wire::NameValue| value.name.as_deref() == Some("OfferingSku");
    let plan = values.iter().find(sku)?.value.clone()?;
    Some(plan).filter(|plan| !plan.is_empty())
}

fn closed_through(preferences: &wire::Preferences) -> Option<NaiveDate> {
    let prefs = preferences.accounting_info_prefs.as_ref()?;
    day(prefs.book_close_date.as_deref()?)
}

/// A day, also where a zone or a time follows it.
pub fn day(text: &str) -> Option<NaiveDate> {
    text.get(..10)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_name_is_answered_with_the_nearest() {
        let known: BTreeMap<String, u8> = ["Stripe Clearing", "PayPal Clearing", "Checking", "GST"]
            .map(|name| (name.to_owned(), 0))
            .into();
        let reason = |name| {
            found(
                &known,
                name,
                "account_missing",
                "active account",
                "[books.deposit]",
            )
            .expect_err("it is not there")
        };
        assert_eq!(
            reason("stripe clearing").hint.as_deref(),
            Some(
                "did you mean `Stripe Clearing`? correct the name in `[books.deposit]`, or add it in QuickBooks"
            )
        );
        assert!(
            reason("GST 5%")
                .hint
                .is_some_and(|hint| hint.contains("`GST`"))
        );
        assert_eq!(
            reason("Petty Cash").hint.as_deref(),
            Some("add it in QuickBooks, or correct the name in `[books.deposit]`")
        );
        assert_eq!(
            reason("Petty Cash").message,
            "QuickBooks has no active account named `Petty Cash`"
        );
    }

    #[test]
    fn sub_accounts_have_two_names_unless_they_share_one() {
        let account = |id: &str, name: &str, full: &str| wire::AccountAnswer {
            id: id.into(),
            name: name.into(),
            fully_qualified_name: Some(full.into()),
            account_type: Some("Bank".into()),
            currency_ref: None,
            active: None,
        };
        let accounts = accounts(&[
            account("1", "Bank", "Bank"),
            account("2", "Stripe", "Bank:Stripe"),
            account("3", "Till", "Bank:Till"),
            account("4", "Till", "Cash:Till"),
        ]);
        let names: Vec<&str> = accounts.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["Bank", "Bank:Stripe", "Bank:Till", "Cash:Till", "Stripe"]
        );
    }

    #[test]
    fn a_letter_more_or_less_is_one_edit() {
        assert_eq!(edits("visa", "visas"), 1);
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
    }
}
