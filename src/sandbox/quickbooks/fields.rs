//! The fields each entity knows.
//!
//! A client may send back everything it once read, so fields that the service
//! computes are listed too, as ignored. What is missing here is refused.

use super::entity::Entity;
use super::schema::Fields;
use super::schema::Kind::*;

/// The fields of an entity that clients can write; `None` for the read-only ones.
pub fn of(entity: Entity) -> Option<Fields> {
    Some(match entity {
        Entity::Invoice | Entity::SalesReceipt | Entity::CreditMemo | Entity::RefundReceipt => {
            SALES_FORM
        }
        Entity::Payment => PAYMENT,
        Entity::Purchase => PURCHASE,
        Entity::Customer | Entity::Vendor | Entity::Employee => PERSON,
        Entity::Item => ITEM,
        Entity::Account => ACCOUNT,
        Entity::PaymentMethod => PAYMENT_METHOD,
        Entity::TaxCode
        | Entity::TaxRate
        | Entity::Class
        | Entity::Department
        | Entity::CompanyInfo
        | Entity::Preferences => return None,
    })
}

const EMAIL: Fields = &[
    ("Address", Email(100)),
    ("Id", Ignored),
    ("Default", Ignored),
    ("Tag", Ignored),
];
const PHONE: Fields = &[
    ("FreeFormNumber", Text(30)),
    ("Id", Ignored),
    ("Default", Ignored),
    ("Tag", Ignored),
];
const WEB: Fields = &[("URI", Text(1000)), ("Id", Ignored)];
const MEMO: Fields = &[("value", Text(1000)), ("id", Ignored)];

const ADDRESS: Fields = &[
    ("Id", Ignored),
    ("Line1", Text(500)),
    ("Line2", Text(500)),
    ("Line3", Text(500)),
    ("Line4", Text(500)),
    ("Line5", Text(500)),
    ("City", Text(255)),
    ("Country", Text(255)),
    ("CountryCode", Text(255)),
    ("CountrySubDivisionCode", Text(255)),
    ("PostalCode", Text(30)),
    ("PostalCodeSuffix", Text(30)),
    ("Lat", Ignored),
    ("Long", Ignored),
    ("Tag", Ignored),
    ("Note", Text(1000)),
];

const CUSTOM_FIELD: Fields = &[
    ("DefinitionId", Text(30)),
    ("Name", Text(100)),
    (
        "Type",
        One(&["StringType", "BooleanType", "NumberType", "DateType"]),
    ),
    ("StringValue", Text(31)),
    ("BooleanValue", Ignored),
    ("NumberValue", Ignored),
    ("DateValue", Ignored),
];

const LINKED: Fields = &[
    ("TxnId", Text(30)),
    ("TxnType", Text(30)),
    ("TxnLineId", Text(30)),
];

const SALES_DETAIL: Fields = &[
    ("ItemRef", Reference),
    ("ClassRef", Reference),
    ("UnitPrice", Number),
    ("RatePercent", Number),
    ("PriceLevelRef", Reference),
    ("MarkupInfo", Ignored),
    ("Qty", Number),
    ("UOMRef", Ignored),
    ("ItemAccountRef", Reference),
    ("InventorySiteRef", Reference),
    ("TaxCodeRef", Reference),
    ("TaxClassificationRef", Reference),
    ("ServiceDate", Date),
    ("TaxInclusiveAmt", Amount),
    ("DiscountRate", Number),
    ("DiscountAmt", Amount),
];

const DISCOUNT_DETAIL: Fields = &[
    ("PercentBased", Flag),
    ("DiscountPercent", Number),
    ("DiscountAccountRef", Reference),
    ("ServiceDate", Date),
    ("ClassRef", Reference),
    ("TaxCodeRef", Reference),
];

const GROUP_DETAIL: Fields = &[
    ("GroupItemRef", Reference),
    ("Quantity", Number),
    ("UOMRef", Ignored),
    ("ServiceDate", Date),
    ("Line", Ignored),
];

const ACCOUNT_DETAIL: Fields = &[
    ("AccountRef", Reference),
    ("CustomerRef", Reference),
    ("ClassRef", Reference),
    (
        "BillableStatus",
        One(&["Billable", "NotBillable", "HasBeenBilled"]),
    ),
    ("TaxCodeRef", Reference),
    ("TaxAmount", Amount),
    ("TaxInclusiveAmt", Amount),
    ("MarkupInfo", Ignored),
];

const ITEM_DETAIL: Fields = &[
    ("ItemRef", Reference),
    ("CustomerRef", Reference),
    ("ClassRef", Reference),
    (
        "BillableStatus",
        One(&["Billable", "NotBillable", "HasBeenBilled"]),
    ),
    ("TaxCodeRef", Reference),
    ("Qty", Number),
    ("UnitPrice", Number),
    ("TaxInclusiveAmt", Amount),
    ("PriceLevelRef", Reference),
    ("MarkupInfo", Ignored),
];

const LINE: Fields = &[
    ("Id", Text(30)),
    ("LineNum", Number),
    ("Description", Text(4000)),
    ("Amount", Amount),
    (
        "DetailType",
        One(&[
            "SalesItemLineDetail",
            "DiscountLineDetail",
            "GroupLineDetail",
            "DescriptionOnly",
            "SubTotalLineDetail",
            "AccountBasedExpenseLineDetail",
            "ItemBasedExpenseLineDetail",
        ]),
    ),
    ("LinkedTxn", List(LINKED)),
    ("SalesItemLineDetail", Object(SALES_DETAIL)),
    ("DiscountLineDetail", Object(DISCOUNT_DETAIL)),
    ("GroupLineDetail", Object(GROUP_DETAIL)),
    (
        "DescriptionLineDetail",
        Object(&[("ServiceDate", Date), ("TaxCodeRef", Reference)]),
    ),
    ("SubTotalLineDetail", Ignored),
    ("AccountBasedExpenseLineDetail", Object(ACCOUNT_DETAIL)),
    ("ItemBasedExpenseLineDetail", Object(ITEM_DETAIL)),
    ("CustomField", List(CUSTOM_FIELD)),
    ("CustomExtensions", Ignored),
];

const PAYMENT_LINE: Fields = &[
    ("Id", Text(30)),
    ("LineNum", Number),
    ("Description", Text(4000)),
    ("Amount", Amount),
    ("LinkedTxn", List(LINKED)),
    ("LineEx", Ignored),
];

const TAX_LINE: Fields = &[
    ("Id", Text(30)),
    ("LineNum", Number),
    ("Amount", Amount),
    ("DetailType", One(&["TaxLineDetail"])),
    (
        "TaxLineDetail",
        Object(&[
            ("TaxRateRef", Reference),
            ("PercentBased", Flag),
            ("TaxPercent", Number),
            ("NetAmountTaxable", Amount),
            ("TaxInclusiveAmount", Amount),
            ("OverrideDeltaAmount", Amount),
            ("ServiceDate", Date),
        ]),
    ),
];

const TAX_DETAIL: Fields = &[
    ("TxnTaxCodeRef", Reference),
    ("DefaultTaxCodeRef", Reference),
    ("TotalTax", Amount),
    ("TaxLine", List(TAX_LINE)),
    ("TaxReviewStatus", Ignored),
    ("UseAutomatedSalesTax", Flag),
    ("ShippingTaxIncludedInTotalTax", Flag),
];

const GLOBAL_TAX: &[&str] = &["TaxExcluded", "TaxInclusive", "NotApplicable"];

const SALES_FORM: Fields = &[
    ("DocNumber", Text(21)),
    ("AutoDocNumber", Flag),
    ("TxnDate", Date),
    ("DueDate", Date),
    ("CurrencyRef", Reference),
    ("ExchangeRate", Number),
    ("PrivateNote", Text(4000)),
    ("TxnStatus", Ignored),
    ("TxnSource", Ignored),
    ("LinkedTxn", List(LINKED)),
    ("Line", List(LINE)),
    ("TxnTaxDetail", Object(TAX_DETAIL)),
    ("GlobalTaxCalculation", One(GLOBAL_TAX)),
    ("ApplyTaxAfterDiscount", Flag),
    ("CustomerRef", Reference),
    ("CustomerMemo", Object(MEMO)),
    ("BillAddr", Object(ADDRESS)),
    ("ShipAddr", Object(ADDRESS)),
    ("ShipFromAddr", Object(ADDRESS)),
    ("BillEmail", Object(EMAIL)),
    ("BillEmailCc", Object(EMAIL)),
    ("BillEmailBcc", Object(EMAIL)),
    ("DeliveryAddress", Object(EMAIL)),
    ("ClassRef", Reference),
    ("DepartmentRef", Reference),
    ("SalesTermRef", Reference),
    ("TemplateRef", Reference),
    ("ProjectRef", Reference),
    ("ARAccountRef", Reference),
    ("ShipMethodRef", Reference),
    ("ShipDate", Date),
    ("TrackingNum", Text(4000)),
    ("PONumber", Text(15)),
    ("PaymentMethodRef", Reference),
    ("PaymentRefNum", Text(21)),
    ("PaymentType", Ignored),
    ("CreditCardPayment", Ignored),
    ("DepositToAccountRef", Reference),
    ("Deposit", Amount),
    (
        "PrintStatus",
        One(&["NotSet", "NeedToPrint", "PrintComplete"]),
    ),
    ("EmailStatus", One(&["NotSet", "NeedToSend", "EmailSent"])),
    ("DeliveryInfo", Ignored),
    ("FreeFormAddress", Flag),
    ("CustomField", List(CUSTOM_FIELD)),
    ("TransactionLocationType", Text(100)),
    ("AllowIPNPayment", Flag),
    ("AllowOnlinePayment", Flag),
    ("AllowOnlineCreditCardPayment", Flag),
    ("AllowOnlineACHPayment", Flag),
    ("InvoiceLink", Ignored),
    ("InvoiceStatus", Ignored),
    ("RecurDataRef", Ignored),
    ("TaxExemptionRef", Reference),
    ("TotalAmt", Ignored),
    ("HomeTotalAmt", Ignored),
    ("Balance", Ignored),
    ("HomeBalance", Ignored),
    ("RemainingCredit", Ignored),
];

const PAYMENT: Fields = &[
    ("CustomerRef", Reference),
    ("TotalAmt", Amount),
    ("UnappliedAmt", Ignored),
    ("TxnDate", Date),
    ("CurrencyRef", Reference),
    ("ExchangeRate", Number),
    ("DocNumber", Ignored),
    ("PrivateNote", Text(4000)),
    ("PaymentMethodRef", Reference),
    ("PaymentRefNum", Text(21)),
    ("DepositToAccountRef", Reference),
    ("ARAccountRef", Reference),
    ("ProcessPayment", Flag),
    ("CreditCardPayment", Ignored),
    ("TransactionLocationType", Text(100)),
    ("TxnSource", Ignored),
    ("TxnStatus", Ignored),
    ("LinkedTxn", Ignored),
    ("TaxExemptionRef", Reference),
    ("HomeTotalAmt", Ignored),
    ("Line", List(PAYMENT_LINE)),
];

const PURCHASE: Fields = &[
    ("AccountRef", Reference),
    ("PaymentType", One(&["Cash", "Check", "CreditCard"])),
    ("EntityRef", Reference),
    ("Credit", Flag),
    ("DocNumber", Text(21)),
    ("TxnDate", Date),
    ("CurrencyRef", Reference),
    ("ExchangeRate", Number),
    ("PrivateNote", Text(4000)),
    ("PaymentMethodRef", Reference),
    ("PaymentRefNum", Text(21)),
    ("DepartmentRef", Reference),
    ("RemitToAddr", Object(ADDRESS)),
    ("GlobalTaxCalculation", One(GLOBAL_TAX)),
    ("TxnTaxDetail", Object(TAX_DETAIL)),
    ("TransactionLocationType", Text(100)),
    (
        "PrintStatus",
        One(&["NotSet", "NeedToPrint", "PrintComplete"]),
    ),
    ("TxnSource", Ignored),
    ("TxnStatus", Ignored),
    ("PurchaseEx", Ignored),
    ("LinkedTxn", Ignored),
    ("CustomField", List(CUSTOM_FIELD)),
    ("TotalAmt", Ignored),
    ("HomeTotalAmt", Ignored),
    ("Line", List(LINE)),
];

const PERSON: Fields = &[
    ("DisplayName", Name(500)),
    ("Title", Name(16)),
    ("GivenName", Name(100)),
    ("MiddleName", Name(100)),
    ("FamilyName", Name(100)),
    ("Suffix", Name(16)),
    ("CompanyName", Text(100)),
    ("PrintOnCheckName", Text(110)),
    ("FullyQualifiedName", Ignored),
    ("Active", Flag),
    ("PrimaryEmailAddr", Object(EMAIL)),
    ("PrimaryPhone", Object(PHONE)),
    ("AlternatePhone", Object(PHONE)),
    ("Mobile", Object(PHONE)),
    ("Fax", Object(PHONE)),
    ("WebAddr", Object(WEB)),
    ("BillAddr", Object(ADDRESS)),
    ("ShipAddr", Object(ADDRESS)),
    ("PrimaryAddr", Object(ADDRESS)),
    ("Notes", Text(2000)),
    ("CurrencyRef", Reference),
    ("ParentRef", Reference),
    ("Job", Flag),
    ("BillWithParent", Flag),
    ("Taxable", Flag),
    ("DefaultTaxCodeRef", Reference),
    ("ResaleNum", Text(16)),
    ("AcctNum", Text(100)),
    ("Vendor1099", Flag),
    ("TaxIdentifier", Text(20)),
    ("EmployeeNumber", Text(100)),
    ("SSN", Text(100)),
    ("BillableTime", Flag),
    ("SalesTermRef", Reference),
    ("TermRef", Reference),
    ("PaymentMethodRef", Reference),
    ("PreferredDeliveryMethod", One(&["Print", "Email", "None"])),
    ("CustomerTypeRef", Reference),
    ("ARAccountRef", Reference),
    ("Balance", Ignored),
    ("BalanceWithJobs", Ignored),
    ("OpenBalanceDate", Date),
    ("Level", Ignored),
    ("IsProject", Ignored),
    ("ClientEntityId", Ignored),
    ("V4IDPseudonym", Ignored),
    ("source", Ignored),
];

const ITEM: Fields = &[
    ("Name", Name(100)),
    ("Sku", Text(100)),
    ("Description", Text(4000)),
    (
        "Type",
        One(&["Service", "NonInventory", "Inventory", "Category"]),
    ),
    ("Active", Flag),
    ("Taxable", Flag),
    ("SalesTaxIncluded", Flag),
    ("PurchaseTaxIncluded", Flag),
    ("UnitPrice", Number),
    ("PurchaseCost", Number),
    ("PurchaseDesc", Text(1000)),
    ("IncomeAccountRef", Reference),
    ("ExpenseAccountRef", Reference),
    ("AssetAccountRef", Reference),
    ("TrackQtyOnHand", Flag),
    ("QtyOnHand", Number),
    ("InvStartDate", Date),
    ("SubItem", Flag),
    ("ParentRef", Reference),
    ("ClassRef", Reference),
    ("SalesTaxCodeRef", Reference),
    ("PurchaseTaxCodeRef", Reference),
    ("TaxClassificationRef", Reference),
    ("PrefVendorRef", Reference),
    ("ReorderPoint", Number),
    ("FullyQualifiedName", Ignored),
    ("Level", Ignored),
    ("ItemCategoryType", Ignored),
    ("source", Ignored),
];

const ACCOUNT: Fields = &[
    ("Name", Name(100)),
    ("AccountType", Text(100)),
    ("AccountSubType", Text(100)),
    ("AcctNum", Text(20)),
    ("Description", Text(100)),
    ("Active", Flag),
    ("SubAccount", Flag),
    ("ParentRef", Reference),
    ("CurrencyRef", Reference),
    ("TaxCodeRef", Reference),
    ("Classification", Ignored),
    ("FullyQualifiedName", Ignored),
    ("CurrentBalance", Ignored),
    ("CurrentBalanceWithSubAccounts", Ignored),
];

const PAYMENT_METHOD: Fields = &[
    ("Name", Name(31)),
    ("Active", Flag),
    ("Type", One(&["CREDIT_CARD", "NON_CREDIT_CARD"])),
];
