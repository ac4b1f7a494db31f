//! What QuickBooks says, as far as we read it: answers, documents, names and the company's own settings.
//!
//! New fields come without notice, so unknown ones are ignored; absent and null mean the same. Numbers are read from their
//! text into exact decimals. Bodies that we write are in `bodies`.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset, Utc};
use rust_decimal::Decimal;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use crate::connector::rows::ROW_MAX;
use crate::model::money::Money;

/// An exact number within the bounds of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MoneyNumber(Money);

impl MoneyNumber {
    pub fn money(self) -> Money {
        self.0
    }

    pub fn decimal(self) -> Decimal {
        self.0.decimal()
    }
}

/// Reads the very text of the number: on the way through a float `6.633333333333333` would lose its last digit.
impl<'de> Deserialize<'de> for MoneyNumber {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<MoneyNumber, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        raw.get()
            .trim_matches('"')
            .parse()
            .map(MoneyNumber)
            .map_err(|_| serde::de::Error::custom("not an amount"))
    }
}

/// A number that is only compared, never reckoned with: one that is out of all bounds is no obstacle to reading the rest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure(String);

impl Figure {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Numbers of one value have one text, however they were spelled.
impl<'de> Deserialize<'de> for Figure {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Figure, D::Error> {
        let raw = Box::<RawValue>::deserialize(from)?;
        let text = raw.get().trim_matches('"');
        Ok(Figure(text.parse::<Money>().map_or_else(
            |_| text.to_owned(),
            |number| number.to_string(),
        )))
    }
}

/// An answer whose parts are read when it is known what they are.
pub struct AnswerEnvelope<'a> {
    parts: BTreeMap<String, &'a RawValue>,
}

impl<'a> AnswerEnvelope<'a> {
    pub fn open(text: &'a str) -> Option<AnswerEnvelope<'a>> {
        let parts = serde_json::from_str(text).ok()?;
        Some(AnswerEnvelope { parts })
    }

    pub fn part(&self, name: &str) -> Option<&'a str> {
        self.parts.get(name).map(|raw| raw.get())
    }

    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let part = self.part(name).filter(|part| part.len() <= ROW_MAX)?;
        serde_json::from_str(part).ok()
    }

    /// The service's own time of the answer.
    pub fn time(&self) -> Option<DateTime<FixedOffset>> {
        DateTime::parse_from_rfc3339(&self.read::<String>("time")?).ok()
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
pub struct ReferenceAnswer {
    pub value: Option<String>,
}

/// The id in a reference; empty where there is none.
pub fn id_of(reference: Option<&ReferenceAnswer>) -> &str {
    reference
        .and_then(|reference| reference.value.as_deref())
        .unwrap_or_default()
}

/// When something was made, and changed last.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MetaData {
    pub create_time: Option<String>,
    pub last_updated_time: Option<String>,
}

impl MetaData {
    pub fn changed_at(self) -> Option<DateTime<Utc>> {
        let at = DateTime::parse_from_rfc3339(self.last_updated_time.as_deref()?).ok()?;
        Some(at.to_utc())
    }
}

/// As much of a document as says whose it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct MarkedAnswer {
    pub id: Option<String>,
    pub sync_token: Option<String>,
    pub meta_data: Option<MetaData>,
    pub doc_number: Option<String>,
    pub payment_ref_num: Option<String>,
    pub private_note: Option<String>,
}

/// Any document, and any body of one.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct DocumentAnswer {
    pub id: Option<String>,
    pub sync_token: Option<String>,
    /// `Deleted` in the answer to a deletion.
    #[serde(rename = "status")]
    pub status: Option<String>,
    pub doc_number: Option<String>,
    pub payment_ref_num: Option<String>,
    pub txn_date: Option<String>,
    pub private_note: Option<String>,
    pub currency_ref: Option<ReferenceAnswer>,
    pub customer_ref: Option<ReferenceAnswer>,
    /// Whose bill it is.
    pub vendor_ref: Option<ReferenceAnswer>,
    /// Out of which account a bill was paid, by cheque or by card.
    pub check_payment: Option<BillPaidAnswer>,
    pub credit_card_payment: Option<BillPaidAnswer>,
    pub deposit_to_account_ref: Option<ReferenceAnswer>,
    pub account_ref: Option<ReferenceAnswer>,
    /// The two ends of a transfer, and what goes from one to the other.
    pub from_account_ref: Option<ReferenceAnswer>,
    pub to_account_ref: Option<ReferenceAnswer>,
    pub amount: Option<MoneyNumber>,
    pub total_amt: Option<MoneyNumber>,
    pub line: Option<Vec<LineAnswer>>,
    pub txn_tax_detail: Option<TaxDetailAnswer>,
    /// What an invoice is still owed.
    pub balance: Option<MoneyNumber>,
    /// What of a payment settles nothing.
    pub unapplied_amt: Option<MoneyNumber>,
    /// What others do with it: payments of an invoice, the deposit that a payment is in.
    pub linked_txn: Option<Vec<LinkedAnswer>>,
    pub due_date: Option<String>,
    pub exchange_rate: Option<Figure>,
    pub payment_method_ref: Option<ReferenceAnswer>,
    pub class_ref: Option<ReferenceAnswer>,
    pub department_ref: Option<ReferenceAnswer>,
    /// Whom an expense was paid to.
    pub entity_ref: Option<ReferenceAnswer>,
    pub customer_memo: Option<ReferenceAnswer>,
    pub bill_addr: Option<AddressAnswer>,
    pub ship_addr: Option<AddressAnswer>,
    pub custom_field: Option<Vec<CustomFieldAnswer>>,
}

/// What a bill was paid with.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct BillPaidAnswer {
    pub bank_account_ref: Option<ReferenceAnswer>,
    #[serde(rename = "CCAccountRef")]
    pub card_account_ref: Option<ReferenceAnswer>,
}

impl DocumentAnswer {
    /// The account that paid a bill.
    pub fn bill_paid_from(&self) -> Option<&ReferenceAnswer> {
        let by_check = self.check_payment.as_ref();
        let by_check = by_check.and_then(|paid| paid.bank_account_ref.as_ref());
        let by_card = self.credit_card_payment.as_ref();
        by_check.or_else(|| by_card.and_then(|paid| paid.card_account_ref.as_ref()))
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AddressAnswer {
    pub line1: Option<String>,
    pub line2: Option<String>,
    pub line3: Option<String>,
    pub line4: Option<String>,
    pub line5: Option<String>,
    pub city: Option<String>,
    pub country_sub_division_code: Option<String>,
    pub postal_code: Option<String>,
    pub country: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomFieldAnswer {
    pub definition_id: Option<String>,
    pub string_value: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LineAnswer {
    pub amount: Option<MoneyNumber>,
    pub description: Option<String>,
    pub detail_type: Option<String>,
    pub sales_item_line_detail: Option<LineDetail>,
    pub account_based_expense_line_detail: Option<LineDetail>,
    pub deposit_line_detail: Option<LineDetail>,
    pub linked_txn: Option<Vec<LinkedAnswer>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LineDetail {
    pub item_ref: Option<ReferenceAnswer>,
    pub account_ref: Option<ReferenceAnswer>,
    pub tax_code_ref: Option<ReferenceAnswer>,
    pub class_ref: Option<ReferenceAnswer>,
    pub customer_ref: Option<ReferenceAnswer>,
    pub qty: Option<Figure>,
    pub unit_price: Option<Figure>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LinkedAnswer {
    pub txn_id: Option<String>,
    pub txn_type: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxDetailAnswer {
    pub txn_tax_code_ref: Option<ReferenceAnswer>,
    pub total_tax: Option<MoneyNumber>,
    pub tax_line: Option<Vec<TaxLineAnswer>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxLineAnswer {
    pub amount: Option<MoneyNumber>,
    pub tax_line_detail: Option<TaxLineDetailAnswer>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxLineDetailAnswer {
    pub tax_rate_ref: Option<ReferenceAnswer>,
}

/// A customer, a vendor or an employee.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PersonAnswer {
    pub id: Option<String>,
    pub sync_token: Option<String>,
    #[serde(rename = "status")]
    pub status: Option<String>,
    pub display_name: Option<String>,
    pub primary_email_addr: Option<EmailAnswer>,
    pub currency_ref: Option<ReferenceAnswer>,
    pub active: Option<bool>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct EmailAnswer {
    pub address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemAnswer {
    pub id: Option<String>,
    pub sync_token: Option<String>,
    #[serde(rename = "status")]
    pub status: Option<String>,
    pub name: Option<String>,
    pub sku: Option<String>,
    #[serde(rename = "Type")]
    pub kind: Option<String>,
    pub active: Option<bool>,
    pub unit_price: Option<MoneyNumber>,
    pub inv_start_date: Option<String>,
    pub meta_data: Option<MetaData>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountAnswer {
    pub id: String,
    pub name: String,
    pub fully_qualified_name: Option<String>,
    pub account_type: Option<String>,
    pub currency_ref: Option<ReferenceAnswer>,
    pub active: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxCode {
    pub id: String,
    pub name: String,
    pub active: Option<bool>,
    pub sales_tax_rate_list: Option<RateList>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RateList {
    pub tax_rate_detail: Option<Vec<TaxLineDetailAnswer>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxRate {
    pub id: String,
    pub name: String,
    pub rate_value: Option<MoneyNumber>,
    pub active: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct PaymentMethod {
    pub id: String,
    pub name: String,
    pub active: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CompanyInfo {
    pub company_name: Option<String>,
    pub country: Option<String>,
    pub company_addr: Option<CompanyAddress>,
    /// Among much else the plan, as `OfferingSku`.
    pub name_value: Option<Vec<NameValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct NameValue {
    pub name: Option<String>,
    pub value: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CompanyAddress {
    pub country: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Preferences {
    pub accounting_info_prefs: Option<AccountingPreferences>,
    pub sales_forms_prefs: Option<SalesPreferences>,
    pub tax_prefs: Option<TaxPreferences>,
    pub currency_prefs: Option<CurrencyPreferences>,
    pub other_prefs: Option<OtherPreferences>,
}

/// Everything that has no place of its own, as names and values.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OtherPreferences {
    pub name_value: Option<Vec<NameValue>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct AccountingPreferences {
    pub book_close_date: Option<String>,
    pub class_tracking_per_txn: Option<bool>,
    pub class_tracking_per_txn_line: Option<bool>,
    pub track_departments: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct SalesPreferences {
    pub custom_txn_numbers: Option<bool>,
    pub custom_field: Option<Vec<FieldPreferences>>,
}

/// The names of the company's own fields and which of them are in use, each in a list of its own.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FieldPreferences {
    pub custom_field: Option<Vec<FieldPreference>>,
}

/// `SalesFormsPrefs.UseSalesCustom1` or `SalesFormsPrefs.SalesCustomName1`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct FieldPreference {
    pub name: Option<String>,
    pub boolean_value: Option<bool>,
    pub string_value: Option<String>,
}

/// A class, or a location, which QuickBooks calls a department.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct LabelAnswer {
    pub id: String,
    pub name: String,
    pub fully_qualified_name: Option<String>,
    pub active: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxPreferences {
    pub using_sales_tax: Option<bool>,
    pub partner_tax_enabled: Option<bool>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct CurrencyPreferences {
    pub multi_currency_enabled: Option<bool>,
    pub home_currency: Option<ReferenceAnswer>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_digit_by_digit() {
        #[derive(Deserialize)]
        struct Price {
            price: MoneyNumber,
        }
        for (text, exact) in [
            ("6.633333333333333", "6.633333333333333"),
            ("19.90", "19.90"),
            ("100.00", "100.00"),
            ("\"7.1\"", "7.10"),
            ("1e3", "1000.00"),
            ("-0.05", "-0.05"),
        ] {
            let price: Price =
                serde_json::from_str(&format!("{{\"price\": {text}}}")).expect("a number");
            assert_eq!(price.price.money().to_string(), exact);
        }
        for text in ["true", "\"\"", "1e40", "{}"] {
            let price = serde_json::from_str::<Price>(&format!("{{\"price\": {text}}}"));
            assert!(price.is_err(), "{text}");
        }
    }

    #[test]
    fn what_we_do_not_know_is_no_obstacle() {
        let receipt: DocumentAnswer = serde_json::from_str(
            r#"{"Id":"7","TotalAmt":12.50,"Line":null,"NewIn2031":{"a":[1]},"PrivateNote":null}"#,
        )
        .expect("a document");
        assert_eq!(receipt.id.as_deref(), Some("7"));
        assert!(receipt.line.is_none());
    }
}
