//! The accountant's rules as a shop has set them: every choice that decides what is posted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::money::Money;

/// The `[books]` section, with defaults filled in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rules {
    /// The shop's name: part of every marker.
    pub store: String,
    /// Decides which day a document belongs to.
    pub timezone: Tz,
    pub number_prefix: String,
    /// Where created items book their sales.
    pub income_account: String,
    /// The expense account of gateway fees.
    pub gateway_fees: Option<String>,
    /// `shipping`, `fee`, `discount`, `rounding`, `refund_adjustment`, `deleted_product` and the shop's own keys → item names.
    pub items: BTreeMap<String, String>,
    /// `stripe:USD`, `stripe`, `*:USD`, `*` → account names.
    pub deposit: BTreeMap<String, String>,
    pub payment_methods: BTreeMap<String, String>,
    pub tax: TaxRules,
    pub products: ProductRules,
    /// Where what a payment service pays out goes, and what it is made of.
    #[serde(default, skip_serializing_if = "PayoutRules::is_unset")]
    pub payouts: PayoutRules,
    pub policy: Policy,
}

/// The accounts of payouts, by their names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayoutRules {
    /// What the bank's statement shows.
    pub bank: Option<String>,
    pub disputes: Option<String>,
    pub reserves: Option<String>,
    pub adjustments: Option<String>,
    /// What other sites on the same account brought or took.
    pub other_sites: Option<String>,
    /// Payouts that arrived earlier are left alone.
    pub start_date: Option<NaiveDate>,
    /// The service, in its word → the vendor whose bills its fees are.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub vendors: BTreeMap<String, String>,
    /// Makes a vendor that the books do not have.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub create_vendors: bool,
}

impl PayoutRules {
    /// Nothing of it is said.
    pub fn is_unset(&self) -> bool {
        *self == PayoutRules::default()
    }
}

/// How products of the shop become items of the books.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductRules {
    /// Makes items for what none fits; otherwise that is sold as the item `deleted_product`.
    pub create: bool,
    /// Lets a new price in the shop become the price of the item.
    pub update_price: bool,
    /// Product or variation → the name of its item, whatever else would fit.
    pub items: BTreeMap<u64, String>,
    /// Category, by its slug or its name in lower case → the income account of what is made for it.
    pub categories: BTreeMap<String, String>,
    /// `None`: nothing is counted in the books.
    pub inventory: Option<Inventory>,
}

impl Default for ProductRules {
    fn default() -> ProductRules {
        ProductRules {
            create: true,
            update_price: false,
            items: BTreeMap::new(),
            categories: BTreeMap::new(),
            inventory: None,
        }
    }
}

/// Goods whose stock the shop keeps are counted in the books too, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inventory {
    pub asset_account: String,
    pub cogs_account: String,
    pub start_date: NaiveDate,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxRules {
    pub codes: Vec<TaxCodeRule>,
    /// The shop's rate, by id, code or label → the ledger's rate.
    pub rates: BTreeMap<String, String>,
    pub no_tax_code: Option<String>,
    pub export_code: Option<String>,
    pub vat_exempt_code: Option<String>,
    pub us_txn_tax_code: Option<String>,
}

/// A line that carries exactly this set of the shop's rates gets this code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxCodeRule {
    /// Ids, rate codes or labels.
    pub woo: Vec<String>,
    pub code: String,
}

/// The words of `[books.policy]`, with the defaults that suit most shops.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    pub discounts: Discounts,
    pub invoice_gateways: BTreeSet<String>,
    pub status_map: BTreeMap<String, StatusMeaning>,
    pub zero_total: ZeroTotal,
    pub amount_only_refund: AmountOnlyRefund,
    pub full_refund_without_lines: FullRefundWithoutLines,
    pub cancelled_invoice: CancelledInvoice,
    pub closed_period: ClosedPeriod,
    /// The largest rounding line, in the order's currency. Never above 1.00.
    pub rounding_max: Money,
    pub guest: Guest,
    /// Fields of customers that are filled in the books follow the shop; otherwise only empty ones are filled.
    pub customers_update: CustomersUpdate,
    pub gateway_fees: GatewayFees,
    pub sales_date: SalesDate,
    pub edit_after_posting: EditAfterPosting,
    /// What becomes of a document that a run had made when the run is taken back.
    #[serde(
        default = "UndoPolicy::auto",
        skip_serializing_if = "UndoPolicy::is_auto"
    )]
    pub undo: UndoPolicy,
    /// Fee name in lower case → key of `items`.
    pub fee_items: BTreeMap<String, String>,
    pub negative_fee_item: String,
    pub exchange_rates: BTreeMap<String, Decimal>,
    /// Copies the buyer's note onto the document, where the customer can read it.
    pub customer_note: bool,
    /// Further order meta keys under which gateways write their fee.
    pub fee_meta: Vec<String>,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            discounts: Discounts::Net,
            invoice_gateways: ["bacs", "cheque", "cod", "invoice"]
                .map(String::from)
                .into(),
            status_map: BTreeMap::new(),
            zero_total: ZeroTotal::Post,
            amount_only_refund: AmountOnlyRefund::NoTax,
            full_refund_without_lines: FullRefundWithoutLines::Mirror,
            cancelled_invoice: CancelledInvoice::Void,
            closed_period: ClosedPeriod::Hold,
            rounding_max: Money::cents(5),
            guest: Guest::PerEmail,
            customers_update: CustomersUpdate::Off,
            gateway_fees: GatewayFees::Off,
            sales_date: SalesDate::DatePaid,
            edit_after_posting: EditAfterPosting::Update,
            undo: UndoPolicy::Auto,
            fee_items: BTreeMap::new(),
            negative_fee_item: "discount".to_owned(),
            exchange_rates: BTreeMap::new(),
            customer_note: false,
            fee_meta: Vec::new(),
        }
    }
}

/// Makes an enum whose values are the words of the configuration.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$value_doc:meta])* $value:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name { $($(#[$value_doc])* #[serde(rename = $word)] $value),+ }

        impl $name {
            /// Every word, for messages and suggestions.
            pub const WORDS: &[&str] = &[$($word),+];

            pub fn from_word(word: &str) -> Option<$name> {
                match word { $($word => Some($name::$value),)+ _ => None }
            }

            pub const fn as_str(self) -> &'static str {
                match self { $($name::$value => $word),+ }
            }
        }
    };
}

pub(super) use words;

words!(Discounts {
    /// Lines carry prices after coupons.
    Net = "net",
    /// Gross lines and one discount line for each tax code.
    Line = "line",
});
words!(StatusMeaning { AsPaid = "as_paid", AsInvoice = "as_invoice", Skip = "skip" });
words!(ZeroTotal { Post = "post", Skip = "skip" });
words!(AmountOnlyRefund { NoTax = "no_tax", ProrateTax = "prorate_tax", Hold = "hold" });
words!(FullRefundWithoutLines { Mirror = "mirror", AmountOnly = "amount_only" });
words!(CancelledInvoice { Void = "void", Leave = "leave" });
words!(ClosedPeriod { Hold = "hold", FirstOpenDay = "first_open_day" });
words!(Guest { PerEmail = "per_email", Single = "single" });
words!(CustomersUpdate { Off = "off", On = "on" });
words!(GatewayFees {
    Off = "off",
    /// Order by order, as soon as the order says its fee.
    Expense = "expense",
    /// With the payout that they were kept from.
    Payout = "payout",
    /// Once a month, as a bill of the service.
    Bill = "bill",
});
words!(SalesDate { DatePaid = "date_paid", DateCreated = "date_created", DateCompleted = "date_completed" });
words!(EditAfterPosting { Update = "update", Hold = "hold" });
words!(UndoPolicy {
    /// Deletes what is as we left it and went to nobody; voids the rest.
    Auto = "auto",
    Void = "void",
    Delete = "delete",
});

impl UndoPolicy {
    fn auto() -> UndoPolicy {
        UndoPolicy::Auto
    }

    fn is_auto(&self) -> bool {
        *self == UndoPolicy::Auto
    }
}
