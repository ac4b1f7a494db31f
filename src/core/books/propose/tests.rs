//! Shops and books that set-up meets: what is proposed, how sure it is, and what is left to a person.

use super::*;
use crate::model::company::{Account, ClassTracking, TaxModel};
use crate::model::shop::{Gateway, Rate, Status, Storage};

/// Country, state, label, percent, priority, class.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    u32,
    &'static str,
);

fn shop(country: &str, currency: &str, rates: &[Row]) -> Shop {
    Shop {
        address: "https://shop.example.com".into(),
        name: "Aurora".into(),
        timezone: "America/Edmonton".into(),
        version: None,
        currency: currency.into(),
        decimals: 2,
        country: country.into(),
        taxes: true,
        prices_include_tax: false,
        gateways: [
            ("stripe", "Credit Card (Stripe)", true),
            ("ppcp-gateway", "PayPal", true),
            ("bacs", "Direct bank transfer", true),
            ("cod", "Cash on delivery", true),
            ("cheque", "Check payments", false),
        ]
        .map(|(id, title, enabled)| Gateway {
            id: id.into(),
            title: title.into(),
            enabled,
        })
        .into(),
        rates: rates
            .iter()
            .zip(1..)
            .map(
                |((country, state, label, percent, priority, class), id)| Rate {
                    id,
                    code: [
                        *country,
                        *state,
                        &label.to_uppercase(),
                        &priority.to_string(),
                    ]
                    .into_iter()
                    .filter(|part| !part.is_empty())
                    .collect::<Vec<_>>()
                    .join("-"),
                    label: (*label).into(),
                    percent: percent.parse().expect("a number"),
                    country: (*country).into(),
                    state: (*state).into(),
                    class: (*class).into(),
                    priority: *priority,
                    compound: false,
                    shipping: true,
                },
            )
            .collect(),
        statuses: Vec::new(),
        storage: Storage::Tables,
        unseen: Vec::new(),
    }
}

/// Name, kind and currency of accounts; names of rates with their percentages; names of codes with their rates.
fn company(
    country: &str,
    tax_model: TaxModel,
    accounts: &[(&str, &str, &str)],
    rates: &[(&str, &str)],
    codes: &[(&str, &[&str])],
) -> Company {
    let home = match country {
        "CA" => "CAD",
        "US" => "USD",
        _ => "GBP",
    };
    Company {
        id: "1".into(),
        name: "Aurora Ltd".into(),
        country: country.into(),
        home_currency: home.into(),
        multicurrency: true,
        tax_model,
        uses_tax: true,
        closed_through: None,
        closing_seen_at: None,
        plan: None,
        keeps_our_numbers: true,
        classes: ClassTracking::Off,
        locations: false,
        refuses_duplicates: Some(true),
        accounts: accounts
            .iter()
            .zip(1..)
            .map(|((name, kind, currency), id)| {
                let account = Account {
                    id: id.to_string(),
                    kind: (*kind).into(),
                    currency: Some((*currency).into()),
                };
                ((*name).to_owned(), account)
            })
            .collect(),
        tax_codes: codes
            .iter()
            .map(|(name, rates)| {
                let rates = rates.iter().map(|rate| (*rate).to_owned()).collect();
                ((*name).to_owned(), rates)
            })
            .collect(),
        tax_rates: rates
            .iter()
            .map(|(name, percent)| ((*name).to_owned(), percent.parse().expect("a number")))
            .collect(),
        payment_methods: ["Credit Card", "PayPal", "Bank Transfer", "Cash"]
            .map(str::to_owned)
            .into(),
    }
}

const ACCOUNTS: [(&str, &str, &str); 6] = [
    ("Chequing", "Bank", "CAD"),
    ("Stripe Clearing", "Bank", "CAD"),
    ("Stripe Clearing USD", "Bank", "USD"),
    ("Undeposited Funds", "Other Current Asset", "CAD"),
    ("Sales of Product Income", "Income", "CAD"),
    ("Merchant Fees", "Expense", "CAD"),
];

const CANADA: [Row; 7] = [
    ("CA", "AB", "GST", "5.0000", 1, "standard"),
    ("CA", "BC", "GST", "5.0000", 1, "standard"),
    ("CA", "BC", "PST", "7.0000", 2, "standard"),
    ("CA", "ON", "HST", "13.0000", 1, "standard"),
    ("CA", "QC", "GST", "5.0000", 1, "standard"),
    ("CA", "QC", "QST", "9.9750", 2, "standard"),
    ("CA", "", "Zero rated", "0.0000", 1, "zero-rate"),
];

fn canadian_books() -> Company {
    company(
        "CA",
        TaxModel::Global,
        &ACCOUNTS,
        &[
            ("GST 5%", "5"),
            ("PST (BC)", "7"),
            ("PST (MB)", "7"),
            ("HST (ON) 2016", "13"),
            ("QST 9.975%", "9.975"),
            ("Zero-rated 0%", "0"),
            ("Exempt 0%", "0"),
        ],
        &[
            ("GST", &["GST 5%"]),
            ("GST/PST BC", &["GST 5%", "PST (BC)"]),
            ("GST/PST MB", &["GST 5%", "PST (MB)"]),
            ("HST ON", &["HST (ON) 2016"]),
            ("GST/QST QC", &["GST 5%", "QST 9.975%"]),
            ("Zero-rated", &["Zero-rated 0%"]),
            ("Exempt", &["Exempt 0%"]),
        ],
    )
}

/// `key = value (certainty)` of the proposals whose keys begin so.
fn said(shop: &Shop, company: &Company, beginning: &str) -> Vec<String> {
    lines(&proposed(shop, company, &GivenAnswers::new()), beginning)
}

fn proposed(shop: &Shop, company: &Company, answers: &GivenAnswers) -> Vec<Proposal> {
    let facts = ProposalFacts {
        shop,
        company,
        items: &[],
    };
    propose(facts, answers)
}

fn lines(proposals: &[Proposal], beginning: &str) -> Vec<String> {
    proposals
        .iter()
        .filter(|proposal| proposal.subject.key().starts_with(beginning))
        .map(|proposal| {
            let key = proposal.subject.key();
            let rest = key.strip_prefix(beginning).unwrap_or_default();
            let value = proposal.value.as_deref().unwrap_or("-");
            let sure = match proposal.certainty {
                Certainty::Certain => "",
                Certainty::Likely => " likely",
                Certainty::Doubtful => " doubtful",
            };
            format!("{rest} = {value}{sure}")
        })
        .collect()
}

#[test]
fn canada_has_a_code_for_what_meets_in_each_province() {
    let (shop, books) = (shop("CA:AB", "CAD", &CANADA), canadian_books());
    assert_eq!(
        said(&shop, &books, "books.tax."),
        [
            "rates.CA-AB-GST-1 = GST 5%",
            "rates.CA-BC-GST-1 = GST 5%",
            "rates.CA-BC-PST-2 = PST (BC)",
            "rates.CA-ON-HST-1 = HST (ON) 2016",
            "rates.CA-QC-GST-1 = GST 5%",
            "rates.CA-QC-QST-2 = QST 9.975%",
            "rates.CA-ZERO RATED-1 = Zero-rated 0%",
            "codes.CA-AB-GST-1 = GST",
            "codes.CA-BC-GST-1,CA-BC-PST-2 = GST/PST BC",
            "codes.CA-ON-HST-1 = HST ON",
            "codes.CA-QC-GST-1,CA-QC-QST-2 = GST/QST QC",
            "codes.CA-ZERO RATED-1 = Zero-rated",
            "no_tax_code = Exempt",
            "export_code = Zero-rated",
        ]
    );
}

#[test]
fn a_rate_for_the_whole_country_meets_those_of_the_provinces() {
    let rates = [
        ("CA", "", "GST", "5", 1, "standard"),
        ("CA", "BC", "PST", "7", 2, "standard"),
        ("CA", "ON", "HST", "13", 1, "standard"),
    ];
    let mut shop = shop("CA:BC", "CAD", &rates);
    assert_eq!(
        tax::sets(&shop),
        [
            vec!["CA-GST-1"],
            vec!["CA-GST-1", "CA-BC-PST-2"],
            vec!["CA-ON-HST-1"]
        ]
    );
    // PST that is not charged on shipping leaves the federal part alone on that line, which is a set already.
    shop.rates[1].shipping = false;
    assert_eq!(tax::sets(&shop).len(), 3);
    // HST that is not charged on shipping leaves no rate, which is no set.
    shop.rates[2].shipping = false;
    assert_eq!(tax::sets(&shop).len(), 3);
}

#[test]
fn money_goes_to_accounts_that_are_named_like_the_gateway_and_the_rest_is_asked() {
    let (shop, books) = (shop("CA:AB", "CAD", &CANADA), canadian_books());
    assert_eq!(
        said(&shop, &books, "books.deposit."),
        [
            "stripe = Stripe Clearing",
            "stripe:USD = Stripe Clearing USD",
            "ppcp-gateway = Undeposited Funds likely",
            "bacs = Chequing likely",
            "cod = Undeposited Funds",
            "* = Undeposited Funds",
        ]
    );
    assert_eq!(
        said(&shop, &books, "books.payment_methods."),
        [
            "stripe = Credit Card",
            "ppcp-gateway = PayPal",
            "bacs = Bank Transfer",
            "cod = Cash",
        ]
    );
    assert_eq!(
        said(&shop, &books, "books.income"),
        ["_account = Sales of Product Income"]
    );
    assert_eq!(
        said(&shop, &books, "books.gateway_fees"),
        [" = Merchant Fees"]
    );
    assert_eq!(
        said(&shop, &books, "books.timezone"),
        [" = America/Edmonton"]
    );
}

#[test]
fn two_equally_good_candidates_are_never_chosen_between() {
    let mut books = canadian_books();
    let twin = books.accounts["Stripe Clearing"].clone();
    books.accounts.insert(
        "Stripe Clearing 2".into(),
        Account {
            id: "99".into(),
            ..twin
        },
    );
    let rates = BTreeMap::from([("GST (5) federal".to_owned(), "5".parse().expect("a number"))]);
    books.tax_rates.extend(rates);
    let both = ["GST (5) federal".to_owned()].into();
    books.tax_codes.insert("GST federal".into(), both);
    let shop = shop("CA:AB", "CAD", &CANADA[..1]);
    let proposals = proposed(&shop, &books, &GivenAnswers::new());
    assert_eq!(
        lines(&proposals, "books.deposit.stripe")[0],
        " = - doubtful"
    );
    assert_eq!(
        proposals
            .iter()
            .find(|proposal| proposal.subject == ProposalSubject::Deposit("stripe".into()))
            .map(|proposal| proposal.because.as_str()),
        Some("equally good: `Stripe Clearing`, `Stripe Clearing 2`")
    );
    assert_eq!(
        lines(&proposals, "books.tax.")[..2],
        [
            "rates.CA-AB-GST-1 = - doubtful",
            "codes.CA-AB-GST-1 = - doubtful"
        ]
    );
    // One answer, and what hangs on it is certain.
    let answers = GivenAnswers::from([(
        ProposalSubject::TaxRate("CA-AB-GST-1".into()),
        Some("GST 5%".to_owned()),
    )]);
    assert_eq!(
        lines(&proposed(&shop, &books, &answers), "books.tax.")[..2],
        ["rates.CA-AB-GST-1 = GST 5%", "codes.CA-AB-GST-1 = GST"]
    );
}

#[test]
fn the_united_kingdom_sells_under_its_sales_codes_only() {
    let rates = [
        ("GB", "", "VAT", "20", 1, "standard"),
        ("GB", "", "VAT", "5", 1, "reduced-rate"),
        ("GB", "", "VAT", "0", 1, "zero-rate"),
    ];
    let shop = shop("GB", "GBP", &rates);
    // Three rates share one code, so they go by their ids.
    let books = company(
        "GB",
        TaxModel::Global,
        &[("Undeposited Funds", "Other Current Asset", "GBP")],
        &[
            ("20.0% S", "20"),
            ("20.0% ECG", "20"),
            ("20.0% RC SG", "20"),
            ("5.0% R", "5"),
            ("0.0% Z", "0"),
            ("Exempt", "0"),
            ("No VAT", "0"),
        ],
        &[
            ("20.0% S", &["20.0% S"]),
            ("20.0% ECG", &["20.0% ECG"]),
            ("20.0% RC SG", &["20.0% RC SG"]),
            ("5.0% R", &["5.0% R"]),
            ("0.0% Z", &["0.0% Z"]),
            ("Exempt", &["Exempt"]),
            ("No VAT", &["No VAT"]),
        ],
    );
    assert_eq!(
        said(&shop, &books, "books.tax."),
        [
            "rates.1 = 20.0% S likely",
            "rates.2 = 5.0% R",
            "rates.3 = 0.0% Z",
            "codes.2 = 5.0% R",
            "codes.1 = 20.0% S likely",
            "codes.3 = 0.0% Z",
            "no_tax_code = Exempt",
            "export_code = 0.0% Z likely",
        ]
    );
}

#[test]
fn us_books_that_reckon_tax_themselves_need_no_codes() {
    let shop = shop(
        "US:CA",
        "USD",
        &[("US", "CA", "State Tax", "7.25", 1, "standard")],
    );
    let books = company(
        "US",
        TaxModel::UsAst,
        &ACCOUNTS,
        &[],
        &[("TAX", &[]), ("NON", &[])],
    );
    assert_eq!(said(&shop, &books, "books.tax."), [""; 0]);
}

#[test]
fn us_books_kept_by_hand_have_one_code_for_what_is_charged_altogether() {
    let rates = [
        ("US", "CA", "State", "7.25", 1, "standard"),
        ("US", "CA", "District", "1.5", 2, "standard"),
        ("US", "NV", "Nevada", "6.85", 1, "standard"),
    ];
    let shop = shop("US:CA", "USD", &rates);
    let books = company(
        "US",
        TaxModel::UsManual,
        &ACCOUNTS,
        &[("CA State", "7.25"), ("District", "1.5")],
        &[
            ("California", &["CA State", "District"]),
            ("TAX", &[]),
            ("NON", &[]),
        ],
    );
    assert_eq!(
        said(&shop, &books, "books.tax."),
        [
            "codes.US-CA-STATE-1,US-CA-DISTRICT-2 = California",
            "codes.US-NV-NEVADA-1 = - doubtful",
            "us_txn_tax_code = California",
        ]
    );
}

#[test]
fn a_shop_with_nothing_that_matches_says_what_would_be_held_back() {
    let mut shop = shop("DE", "EUR", &[("DE", "", "MwSt.", "19", 1, "standard")]);
    shop.timezone = "+02:00".into();
    shop.statuses = ["completed", "awaiting-shipment", "quote"]
        .map(|slug| Status {
            slug: slug.into(),
            name: String::new(),
        })
        .into();
    let mut books = company("GB", TaxModel::Global, &[], &[], &[]);
    books.payment_methods.clear();
    books.multicurrency = false;
    let proposals = proposed(&shop, &books, &GivenAnswers::new());
    let held: Vec<String> = proposals
        .iter()
        .filter_map(Proposal::holds_back)
        .map(|held| format!("{}: {}", held.code, held.what))
        .collect();
    assert_eq!(
        held,
        [
            "account_missing: orders with goods that are new to the books",
            "payment_method_unmapped: orders paid with Credit Card (Stripe)",
            "payment_method_unmapped: orders paid with PayPal",
            "payment_method_unmapped: orders paid with Direct bank transfer",
            "payment_method_unmapped: orders paid with Cash on delivery",
            "payment_method_unmapped: orders paid in any other way",
            "tax_code_unmapped: orders with the rate `DE-MWST.-1`",
            "tax_code_unmapped: orders with the rate `DE-MWST.-1`",
            "tax_code_unmapped: orders with a line without tax",
            "status_unmapped: orders that are “quote”",
        ]
    );
    assert_eq!(
        lines(&proposals, "books.policy.status_map."),
        ["awaiting-shipment = as_paid likely", "quote = - doubtful"]
    );
    assert_eq!(lines(&proposals, "books.timezone"), [" = - doubtful"]);
    let facts = ProposalFacts {
        shop: &shop,
        company: &books,
        items: &[],
    };
    let codes: Vec<&str> = obstacles(facts).iter().map(|held| held.code).collect();
    assert_eq!(codes, ["currency_not_enabled"]);
    books.uses_tax = false;
    let facts = ProposalFacts {
        shop: &shop,
        company: &books,
        items: &[],
    };
    assert_eq!(obstacles(facts)[1].code, "company_tax_off");
}

#[test]
fn items_are_taken_from_the_books_where_they_are_named_so() {
    let entry = |name: &str, kind: &str, active: bool| ItemEntry {
        id: name.into(),
        name: name.into(),
        sku: None,
        kind: kind.into(),
        active,
        revision: String::new(),
        price: None,
        starts: None,
        changed_at: None,
    };
    let items = [
        entry("Fees", "Service", true),
        entry("Postage", "Service", true),
        entry("Freight", "Service", true),
        entry("Discounts given", "Service", true),
        entry("Deleted product", "Service", false),
        entry("Rounding pad", "NonInventory", true),
    ];
    let (shop, books) = (shop("CA:AB", "CAD", &[]), canadian_books());
    let facts = ProposalFacts {
        shop: &shop,
        company: &books,
        items: &items,
    };
    assert_eq!(
        lines(&propose(facts, &GivenAnswers::new()), "books.items."),
        [
            "shipping = Shipping likely",
            "fee = Fees",
            "discount = Discounts given likely",
            "rounding = Rounding differences",
            "refund_adjustment = Refund adjustment",
            "deleted_product = - doubtful",
        ]
    );
}

#[test]
fn a_sub_account_goes_by_its_full_name() {
    let mut books = canadian_books();
    let sub = Account {
        id: "50".into(),
        kind: "Bank".into(),
        currency: Some("CAD".into()),
    };
    books.accounts.insert("Clearing:PayPal".into(), sub.clone());
    books.accounts.insert("PayPal".into(), sub);
    let shop = shop("CA:AB", "CAD", &CANADA);
    assert_eq!(
        said(&shop, &books, "books.deposit.ppcp"),
        ["-gateway = Clearing:PayPal"]
    );
}
