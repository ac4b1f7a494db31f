//! What we write to QuickBooks: the fields of a body, in a fixed order, so that the same draft gives the same bytes.
//!
//! QuickBooks refuses fields it does not know, and takes a number from its text; so each field is named here, and amounts are
//! written digit by digit.

use rust_decimal::Decimal;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

use crate::model::money::Money;

use super::clean;

/// A number, written exactly.
#[derive(Clone, Debug)]
pub struct Digits(String);

impl Digits {
    /// With two decimals at least, as prices are written.
    pub fn money(amount: Money) -> Digits {
        Digits(amount.to_string())
    }

    /// With as many decimals as it needs.
    pub fn plain(number: Decimal) -> Digits {
        Digits(number.normalize().to_string())
    }
}

impl Serialize for Digits {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        RawValue::from_string(self.0.clone())
            .expect("a decimal prints as a JSON number")
            .serialize(to)
    }
}

/// A reference by id, or by `@…` to what the same plan makes first.
#[derive(Clone, Debug, Serialize)]
pub struct ReferenceBody {
    value: String,
}

impl ReferenceBody {
    pub fn to(id: impl Into<String>) -> ReferenceBody {
        ReferenceBody { value: id.into() }
    }
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct DocumentBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub doc_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vendor_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pay_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_payment: Option<CheckPaymentBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_card_payment: Option<CardPaymentBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange_rate: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_amt: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_method_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_ref_num: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit_to_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub global_tax_calculation: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<Vec<LineBody>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_tax_detail: Option<TaxDetailBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub private_note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_memo: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<AddressBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_addr: Option<AddressBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub custom_field: Vec<CustomFieldBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_online_credit_card_payment: Option<bool>,
    #[serde(
        rename = "AllowOnlineACHPayment",
        skip_serializing_if = "Option::is_none"
    )]
    pub allow_online_ach_payment: Option<bool>,
}

/// A bill is paid out of a bank account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CheckPaymentBody {
    pub bank_account_ref: ReferenceBody,
}

/// A bill is paid by a card.
#[derive(Debug, Serialize)]
pub struct CardPaymentBody {
    #[serde(rename = "CCAccountRef")]
    pub card_account_ref: ReferenceBody,
}

/// A vendor that did not exist yet: its name and nothing else.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct VendorBody {
    pub display_name: String,
}

/// One of the company's own fields; an empty text clears it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomFieldBody {
    pub definition_id: String,
    pub name: String,
    #[serde(rename = "Type")]
    pub kind: &'static str,
    pub string_value: String,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LineBody {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sales_item_line_detail: Option<ItemDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_based_expense_line_detail: Option<ExpenseDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deposit_line_detail: Option<ExpenseDetail>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub linked_txn: Vec<LinkedBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemDetail {
    pub item_ref: ReferenceBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<ReferenceBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ExpenseDetail {
    pub account_ref: ReferenceBody,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_code_ref: Option<ReferenceBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct LinkedBody {
    pub txn_id: String,
    pub txn_type: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxDetailBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_tax_code_ref: Option<ReferenceBody>,
    pub total_tax: Digits,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tax_line: Vec<TaxLineBody>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxLineBody {
    pub amount: Digits,
    pub detail_type: &'static str,
    pub tax_line_detail: TaxLineDetailBody,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct TaxLineDetailBody {
    pub tax_rate_ref: ReferenceBody,
    pub percent_based: bool,
    pub tax_percent: Digits,
    pub net_amount_taxable: Digits,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AddressBody {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line1: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub line2: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub city: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country_sub_division_code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub postal_code: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub country: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Customer {
    pub display_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub given_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub family_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub company_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_email_addr: Option<EmailBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<PhoneBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<PhoneBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_addr: Option<WebsiteBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<AddressBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_addr: Option<AddressBody>,
}

/// Some fields of a customer that is there.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct CustomerChangeBody {
    pub id: String,
    pub sync_token: String,
    #[serde(rename = "sparse")]
    pub sparse: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_email_addr: Option<EmailBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_phone: Option<PhoneBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<PhoneBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub web_addr: Option<WebsiteBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bill_addr: Option<AddressBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ship_addr: Option<AddressBody>,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct WebsiteBody {
    #[serde(rename = "URI")]
    pub uri: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct EmailBody {
    pub address: String,
}

#[derive(Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct PhoneBody {
    pub free_form_number: String,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ItemBody {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync_token: Option<String>,
    #[serde(rename = "sparse", skip_serializing_if = "Option::is_none")]
    pub sparse: Option<bool>,
    /// QuickBooks wants it even where it stays.
    pub name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sku: Option<String>,
    #[serde(rename = "Type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purchase_desc: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_price: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taxable: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub income_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expense_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asset_account_ref: Option<ReferenceBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track_qty_on_hand: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qty_on_hand: Option<Digits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inv_start_date: Option<String>,
}

/// A body as text. All bodies are made here.
pub fn text<T: Serialize>(body: &T) -> String {
    clean::text(body)
}
