//! The demo: a shop, its books, its database, and a configuration that joins the three.
//!
//! Aurora Outfitters of Edmonton sells outdoor things to people in four provinces. Its
//! November has something of everything that a sync meets: coupons, a gift wrapped, a
//! bank transfer waited for, refunds of each kind, and one order in US dollars. All dates are
//! written down, so the demo is the same whenever it is run. Everybody in it is made
//! up, with addresses at example domains and telephone numbers that ring nowhere.

mod month;
mod orders;
mod payouts;
mod people;
mod shelf;
pub mod story;
#[cfg(test)]
mod tests;

pub use month::CleanMonth;
pub use payouts::{STRIPE_KEY, payouts_config, stripe};

use serde_json::{Value, json};

pub const WOOCOMMERCE_KEY: &str = "ck_5a1d0b0e0a0705a1d0b0e0a0705a1d0b0e0a0705";
pub const WOOCOMMERCE_SECRET: &str = "cs_70a0e0b0d1a570a0e0b0d1a570a0e0b0d1a570a0";
pub const QUICKBOOKS_CLIENT_ID: &str = "ABsandboxAuroraOutfittersClient00000000001";
pub const QUICKBOOKS_CLIENT_SECRET: &str = "sandboxAuroraOutfittersSecret0000000001";
pub const QUICKBOOKS_REFRESH_TOKEN: &str = "RT1-sandbox-aurora-outfitters-refresh-0001";
pub const SUPABASE_KEY: &str = "sb_secret_auroraOutfittersSandbox_00000001";
/// The company's number in the stand-in of QuickBooks.
pub const QUICKBOOKS_COMPANY_ID: &str = "9341454000000001";

/// The setup of the shop. Its key may write: whoever wants to try both ways can, and webhooks can be registered.
pub fn shop() -> Value {
    let sold = orders::made();
    json!({
        "seed": 1,
        "site": {"name": "Aurora Outfitters", "timezone": "America/Edmonton", "currency": "CAD", "price_decimals": 2,
            "tax_round_at_subtotal": false, "base": "CA:AB"},
        "keys": [{"key": WOOCOMMERCE_KEY, "secret": WOOCOMMERCE_SECRET, "permissions": "read_write", "role": "shop_manager"}],
        "https": false,
        "storage": "hpos",
        "orders": sold.orders,
        "refunds": sold.refunds,
        "products": shelf::products(),
        "customers": people::accounts()
    })
}

/// The setup of the books.
pub fn company() -> Value {
    json!({
        "seed": 1,
        "realm": QUICKBOOKS_COMPANY_ID,
        "company": {"name": "Aurora Outfitters Ltd.", "country": "CA", "home_currency": "CAD", "multicurrency": true,
            "tax_model": "global", "timezone": "America/Edmonton"},
        "accounts": accounts(),
        "items": items(),
        "customers": [
            {"display_name": "Daniel Okafor", "email": "daniel.okafor@example.ca", "currency": "CAD", "active": true},
            {"display_name": "Foothills Guiding Ltd.", "email": "office@foothills-guiding.example.ca", "currency": "CAD", "active": true},
            {"display_name": "Hannah McLeod", "email": null, "currency": "CAD", "active": true},
            {"display_name": "Walk-in sales", "email": null, "currency": "CAD", "active": true}
        ],
        // Marcus repairs canvas for the shop, and buys there as a guest too.
        "vendors": [
            {"display_name": "Marcus Whitford", "email": "marcus@whitford-canvas.example.ca", "currency": "CAD", "active": true},
            {"display_name": "Canada Post", "email": null, "currency": "CAD", "active": true}
        ],
        "employees": [{"display_name": "Lena Duval", "email": "lena.duval@example.ca", "currency": "CAD", "active": true}],
        "tax_rates": [
            {"name": "GST 5%", "percent": "5"}, {"name": "PST BC 7%", "percent": "7"}, {"name": "HST ON 13%", "percent": "13"},
            {"name": "QST 9.975%", "percent": "9.975"}, {"name": "Zero-rated 0%", "percent": "0"}
        ],
        "tax_codes": [
            {"name": "GST", "rates": ["GST 5%"], "active": true},
            {"name": "GST/PST BC", "rates": ["GST 5%", "PST BC 7%"], "active": true},
            {"name": "HST ON", "rates": ["HST ON 13%"], "active": true},
            {"name": "GST/QST QC", "rates": ["GST 5%", "QST 9.975%"], "active": true},
            {"name": "Zero-rated", "rates": ["Zero-rated 0%"], "active": true},
            {"name": "Exempt", "rates": [], "active": true}
        ],
        "payment_methods": ["Credit Card", "PayPal", "Bank Transfer", "Cheque", "Cash"],
        "oauth": {"client_id": QUICKBOOKS_CLIENT_ID, "client_secret": QUICKBOOKS_CLIENT_SECRET, "refresh_token": QUICKBOOKS_REFRESH_TOKEN}
    })
}

/// The day on which everything in the demo begins, as it is typed.
pub const FIRST_DAY: &str = "2026-11-01";

/// The setup of the database: empty tables, and one key to them.
pub fn database() -> Value {
    json!({"keys": [{"key": SUPABASE_KEY, "role": "service_role"}]})
}

fn accounts() -> Value {
    let accounts = [
        ("Chequing", "Bank", "Checking"),
        ("Stripe Clearing", "Bank", "CashOnHand"),
        ("PayPal Clearing", "Bank", "CashOnHand"),
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
        (
            "GST/HST Payable",
            "Other Current Liability",
            "GlobalTaxPayable",
        ),
        ("Sales of Product Income", "Income", "SalesOfProductIncome"),
        ("Shipping Income", "Income", "ServiceFeeIncome"),
        ("Discounts Given", "Income", "DiscountsRefundsGiven"),
        ("Sales Returns", "Income", "DiscountsRefundsGiven"),
        ("Rounding Differences", "Income", "OtherPrimaryIncome"),
        ("Merchant Fees", "Expense", "BankCharges"),
    ];
    let home = accounts.iter().map(|(name, kind, subtype)| {
        json!({"name": name, "type": kind, "subtype": subtype, "currency": "CAD", "active": true})
    });
    let foreign = json!({"name": "Stripe Clearing USD", "type": "Bank", "subtype": "CashOnHand", "currency": "USD", "active": true});
    home.chain([foreign]).collect()
}

fn items() -> Value {
    let services = [
        ("Shipping", "Shipping Income"),
        ("Fees", "Sales of Product Income"),
        ("Discounts", "Discounts Given"),
        ("Rounding differences", "Rounding Differences"),
        ("Refund adjustments", "Sales Returns"),
        ("Deleted product", "Sales of Product Income"),
        ("Gift wrap", "Sales of Product Income"),
    ];
    let known = [
        ("Merino Toque", "TOQ-MER"),
        ("Enamel Camp Mug", "MUG-EN"),
        ("Wool Camp Blanket", "BLK-WOOL"),
        ("Snowshoes 25", "SNO-25"),
    ];
    let item = |name: &str, sku: Option<&str>, kind: &str, account: &str| json!({"name": name, "sku": sku, "type": kind, "active": true, "income_account": account});
    let services = services
        .iter()
        .map(|(name, account)| item(name, None, "Service", account));
    let known = known
        .iter()
        .map(|(name, sku)| item(name, Some(sku), "NonInventory", "Sales of Product Income"));
    services.chain(known).collect()
}

/// The credentials, under the names in which udsync takes them from the environment.
pub fn environment() -> [(&'static str, &'static str); 7] {
    [
        ("UDSYNC_WOOCOMMERCE_KEY", WOOCOMMERCE_KEY),
        ("UDSYNC_WOOCOMMERCE_SECRET", WOOCOMMERCE_SECRET),
        ("UDSYNC_QUICKBOOKS_CLIENT_ID", QUICKBOOKS_CLIENT_ID),
        ("UDSYNC_QUICKBOOKS_CLIENT_SECRET", QUICKBOOKS_CLIENT_SECRET),
        ("UDSYNC_QUICKBOOKS_REFRESH_TOKEN", QUICKBOOKS_REFRESH_TOKEN),
        ("UDSYNC_SUPABASE_KEY", SUPABASE_KEY),
        ("UDSYNC_STRIPE_KEY", STRIPE_KEY),
    ]
}

/// The part of a configuration that is about the database.
pub fn database_config(supabase_url: &str) -> String {
    format!("\n[supabase]\ntransport = \"rest\"\nurl = \"{supabase_url}\"\n")
}

/// A whole configuration for shop and books, without credentials.
pub fn config(shop_url: &str, quickbooks_url: &str) -> String {
    format!(
        r#"# Made by the sandbox: a made-up shop and made-up books on this machine.

[shop]
name = "aurora-outfitters"

[woocommerce]
url = "{shop_url}"

[quickbooks]
environment = "sandbox"
company_id = "{QUICKBOOKS_COMPANY_ID}"
api_url = "{quickbooks_url}"
auth_url = "{quickbooks_url}/connect/oauth2"
token_url = "{quickbooks_url}/oauth2/v1/tokens/bearer"
revoke_url = "{quickbooks_url}/v2/oauth2/tokens/revoke"

# A stand-in on this machine needs no protection from us.
requests_per_minute = 60000
requests_per_second = 1000
batches_per_minute = 6000

[sync]
to = ["quickbooks", "supabase"]

[books]
timezone = "America/Edmonton"
number_prefix = "WC-"
income_account = "Sales of Product Income"
gateway_fees = "Merchant Fees"

[books.items]
shipping = "Shipping"
fee = "Fees"
discount = "Discounts"
rounding = "Rounding differences"
refund_adjustment = "Refund adjustments"
deleted_product = "Deleted product"
gift_wrap = "Gift wrap"

[books.deposit]
stripe = "Stripe Clearing"
"stripe:USD" = "Stripe Clearing USD"
paypal = "PayPal Clearing"
bacs = "Chequing"
"*" = "Undeposited Funds"

[books.payment_methods]
stripe = "Credit Card"
paypal = "PayPal"
bacs = "Bank Transfer"
cheque = "Cheque"
cod = "Cash"

[books.tax]
no_tax_code = "Exempt"
export_code = "Zero-rated"
rates = {{ "CA-AB-GST-1" = "GST 5%", "CA-BC-GST-1" = "GST 5%", "CA-BC-PST-2" = "PST BC 7%", "CA-ON-HST-1" = "HST ON 13%", "CA-QC-GST-1" = "GST 5%", "CA-QC-QST-2" = "QST 9.975%", "CA-ZERO RATED-1" = "Zero-rated 0%" }}

[[books.tax.codes]]
woo = ["CA-AB-GST-1"]
code = "GST"

[[books.tax.codes]]
woo = ["CA-BC-GST-1", "CA-BC-PST-2"]
code = "GST/PST BC"

[[books.tax.codes]]
woo = ["CA-ON-HST-1"]
code = "HST ON"

[[books.tax.codes]]
woo = ["CA-QC-GST-1", "CA-QC-QST-2"]
code = "GST/QST QC"

[[books.tax.codes]]
woo = ["CA-ZERO RATED-1"]
code = "Zero-rated"

[books.policy]
discounts = "net"
rounding_max = "0.05"
fee_items = {{ "Gift wrap" = "gift_wrap" }}
exchange_rates = {{ USD = "1.3850" }}
"#
    )
}
