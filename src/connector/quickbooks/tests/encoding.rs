//! Bodies as text, digit by digit, and that a body and the answer to it have the same content.

use super::*;
use crate::connector::port::References;
use crate::model::document::{
    Application, Document, DocumentKind, ItemKey, Line, LineKind, TaxAmount,
};
use crate::model::draft::{CustomerDraft, ItemDraft, ItemKind};
use crate::model::money::Money;
use crate::model::order::Address;
use crate::model::overlay::Overlay;
use crate::model::plan::RemoteKind;
use rust_decimal::Decimal;

fn money(text: &str) -> Money {
    text.parse().expect("an amount")
}

fn number(text: &str) -> Decimal {
    text.parse().expect("a number")
}

fn line(item: &str, amount: &str) -> Line {
    Line {
        kind: LineKind::Item,
        item: ItemKey(item.into()),
        description: "Mug, blue".into(),
        quantity: Some(number("3")),
        unit_price: Some(number("33.3333333")),
        amount: money(amount),
        tax_code: Some("GST/PST BC".into()),
        source_line: Some(1),
    }
}

pub fn sale() -> Document {
    Document {
        key: key(1042, Role::Sale),
        kind: DocumentKind::SalesReceipt,
        number: "WC-1042".into(),
        date: "2026-03-02".parse().expect("a day"),
        due: None,
        currency: "CAD".into(),
        exchange_rate: None,
        total: money("112.00"),
        tax_total: money("12.00"),
        tax: vec![
            TaxAmount {
                rate: "GST 5%".into(),
                amount: money("5.00"),
                base: money("100"),
            },
            TaxAmount {
                rate: "PST BC 7%".into(),
                amount: money("7"),
                base: money("100"),
            },
        ],
        document_tax_code: None,
        lines: vec![line("sku:MUG", "100")],
        account: Some("Stripe Clearing".into()),
        payment_method: Some("Credit Card".into()),
        applies_to: Vec::new(),
        note: "Woo order 1042".into(),
        memo: None,
        bill_to: None,
        ship_to: None,
        overlay: Overlay::default(),
        decimals: None,
    }
}

pub fn references() -> References {
    References {
        customer: "@customer:7.CAD".into(),
        items: [(ItemKey("sku:MUG".into()), "21".into())].into(),
        lines: Default::default(),
        documents: [
            (key(1042, Role::Sale), "@document:1042/sale".into()),
            (key(1042, Role::Refund(9)), "150".into()),
        ]
        .into(),
    }
}

fn encode(books: &QuickBooks, document: &Document) -> Result<Encoded, Reason> {
    books.encode(Draft::Document {
        document,
        references: &references(),
        marker: &marker(1042, document.key.role, 1),
        replaces: None,
        was: None,
    })
}

async fn canadian() -> QuickBooks {
    let world = World::new(|_| None).await;
    let books = world.connect();
    books.company().await.expect("the company");
    books
}

#[tokio::test]
async fn a_sale_is_written_digit_by_digit() {
    let books = canadian().await;
    let encoded = encode(&books, &sale()).expect("encoded");
    assert_eq!(encoded.entity, DocumentKind::SalesReceipt.into());
    assert_eq!(
        encoded.body,
        concat!(
            r#"{"DocNumber":"WC-1042","TxnDate":"2026-03-02","CustomerRef":{"value":"@customer:7.CAD"},"#,
            r#""PaymentMethodRef":{"value":"3"},"DepositToAccountRef":{"value":"36"},"GlobalTaxCalculation":"TaxExcluded","#,
            r#""Line":[{"Description":"Mug, blue","Amount":100.00,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":"#,
            r#"{"ItemRef":{"value":"21"},"Qty":3,"UnitPrice":33.3333333,"TaxCodeRef":{"value":"6"}}}],"#,
            r#""TxnTaxDetail":{"TotalTax":12.00,"TaxLine":["#,
            r#"{"Amount":5.00,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"8"},"PercentBased":true,"TaxPercent":5,"NetAmountTaxable":100.00}},"#,
            r#"{"Amount":7.00,"DetailType":"TaxLineDetail","TaxLineDetail":{"TaxRateRef":{"value":"9"},"PercentBased":true,"TaxPercent":7,"NetAmountTaxable":100.00}}]},"#,
            r#""PrivateNote":"Woo order 1042\n[udsync v=2 store=aurora origin=order:1042 role=sale rev=1]"}"#
        )
    );
    let expected = encoded.expected.expect("a document has figures");
    assert_eq!(expected.total, money("112"));
    assert_eq!(expected.tax["PST BC 7%"], money("7"));
}

#[tokio::test]
async fn a_change_says_all_lines_and_the_new_tax_but_not_the_number() {
    let books = canadian().await;
    let document = Document {
        tax: Vec::new(),
        tax_total: Money::ZERO,
        lines: vec![Line {
            quantity: None,
            unit_price: None,
            tax_code: Some("Exempt".into()),
            ..line("sku:MUG", "-4.5")
        }],
        memo: Some("thanks".into()),
        ..sale()
    };
    let encoded = books
        .encode(Draft::Document {
            document: &document,
            references: &references(),
            marker: &marker(1042, Role::Sale, 2),
            replaces: Some(&Remote {
                entity: DocumentKind::SalesReceipt.into(),
                id: "271".into(),
                revision: "4".into(),
            }),
            was: None,
        })
        .expect("encoded");
    assert_eq!(
        encoded.body,
        concat!(
            r#"{"Id":"271","SyncToken":"4","sparse":true,"TxnDate":"2026-03-02","CustomerRef":{"value":"@customer:7.CAD"},"#,
            r#""PaymentMethodRef":{"value":"3"},"DepositToAccountRef":{"value":"36"},"GlobalTaxCalculation":"TaxExcluded","#,
            r#""Line":[{"Description":"Mug, blue","Amount":-4.50,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"21"},"TaxCodeRef":{"value":"4"}}}],"#,
            r#""TxnTaxDetail":{"TotalTax":0.00},"PrivateNote":"Woo order 1042\n[udsync v=2 store=aurora origin=order:1042 role=sale rev=2]"}"#
        )
    );
}

#[tokio::test]
async fn an_invoice_offers_no_button_to_pay_again() {
    let books = canadian().await;
    let document = Document {
        kind: DocumentKind::Invoice,
        due: Some("2026-03-16".parse().expect("a day")),
        currency: "EUR".into(),
        exchange_rate: Some(number("1.47250")),
        account: None,
        payment_method: None,
        memo: Some("leave at the door".into()),
        bill_to: Some(Address {
            line_1: "12 Finch St.".into(),
            city: "Berlin".into(),
            country: "DE".into(),
            ..Address::default()
        }),
        ..sale()
    };
    let body = encode(&books, &document).expect("encoded").body;
    assert!(body.starts_with(r#"{"DocNumber":"WC-1042","TxnDate":"2026-03-02","DueDate":"2026-03-16","CustomerRef":{"value":"@customer:7.CAD"},"CurrencyRef":{"value":"EUR"},"ExchangeRate":1.4725,"#), "{body}");
    assert!(body.ends_with(r#""CustomerMemo":{"value":"leave at the door"},"BillAddr":{"Line1":"12 Finch St.","City":"Berlin","Country":"DE"},"AllowOnlineCreditCardPayment":false,"AllowOnlineACHPayment":false}"#), "{body}");
}

#[tokio::test]
async fn a_payment_settles_what_the_same_plan_makes() {
    let books = canadian().await;
    let settles = |kind, role, amount: &str| Application {
        to: key(1042, role),
        kind,
        amount: money(amount),
    };
    let document = Document {
        key: key(1042, Role::Payment),
        kind: DocumentKind::Payment,
        total: money("99.5"),
        tax_total: Money::ZERO,
        tax: Vec::new(),
        lines: Vec::new(),
        // Neither an address nor a word for the customer has a place in a payment.
        bill_to: Some(Address {
            city: "Calgary".into(),
            ..Address::default()
        }),
        memo: Some("leave at the door".into()),
        applies_to: vec![
            settles(DocumentKind::Invoice, Role::Sale, "112"),
            settles(DocumentKind::CreditMemo, Role::Refund(9), "12.5"),
        ],
        ..sale()
    };
    let encoded = encode(&books, &document).expect("encoded");
    assert_eq!(
        encoded.body,
        concat!(
            r#"{"TxnDate":"2026-03-02","CustomerRef":{"value":"@customer:7.CAD"},"TotalAmt":99.50,"PaymentMethodRef":{"value":"3"},"#,
            r#""PaymentRefNum":"WC-1042","DepositToAccountRef":{"value":"36"},"#,
            r#""Line":[{"Amount":112.00,"LinkedTxn":[{"TxnId":"@document:1042/sale","TxnType":"Invoice"}]},"#,
            r#"{"Amount":12.50,"LinkedTxn":[{"TxnId":"150","TxnType":"CreditMemo"}]}],"#,
            r#""PrivateNote":"Woo order 1042\n[udsync v=2 store=aurora origin=order:1042 role=payment rev=1]"}"#
        )
    );
    // The company answers with its own lines, in its own order.
    let answer = r#"{"Id":"30","SyncToken":"0","TxnDate":"2026-03-02","CustomerRef":{"value":"@customer:7.CAD"},"CurrencyRef":{"value":"CAD"},"TotalAmt":99.5,"UnappliedAmt":0,"DepositToAccountRef":{"value":"36"},
        "Line":[{"Amount":12.5,"LinkedTxn":[{"TxnId":"150","TxnType":"CreditMemo"}]},{"Amount":112,"LinkedTxn":[{"TxnId":"@document:1042/sale","TxnType":"Invoice"}]}]}"#;
    assert_eq!(
        books.content(DocumentKind::Payment.into(), &encoded.body),
        books.content(DocumentKind::Payment.into(), answer)
    );
    let nothing = Document {
        total: Money::ZERO,
        account: None,
        ..document
    };
    assert!(encode(&books, &nothing).is_ok());
}

#[tokio::test]
async fn a_gateways_fee_is_an_expense_from_the_clearing_account() {
    let books = canadian().await;
    let document = Document {
        key: key(1042, Role::Fee),
        kind: DocumentKind::Purchase,
        number: "WC-1042-F".into(),
        total: money("3.55"),
        tax_total: Money::ZERO,
        tax: Vec::new(),
        lines: vec![Line {
            kind: LineKind::GatewayFee,
            quantity: None,
            unit_price: None,
            description: "Stripe fee".into(),
            tax_code: Some("Exempt".into()),
            ..line("Merchant Fees", "3.55")
        }],
        ..sale()
    };
    let encoded = encode(&books, &document).expect("encoded");
    assert_eq!(
        encoded.body,
        concat!(
            r#"{"DocNumber":"WC-1042-F","TxnDate":"2026-03-02","PaymentType":"Cash","AccountRef":{"value":"36"},"GlobalTaxCalculation":"TaxExcluded","#,
            r#""Line":[{"Description":"Stripe fee","Amount":3.55,"DetailType":"AccountBasedExpenseLineDetail","#,
            r#""AccountBasedExpenseLineDetail":{"AccountRef":{"value":"60"},"TaxCodeRef":{"value":"4"}}}],"#,
            r#""PrivateNote":"Woo order 1042\n[udsync v=2 store=aurora origin=order:1042 role=fee rev=1]"}"#
        )
    );
    let wrong = Document {
        lines: vec![Line {
            item: ItemKey("Sales of Product Income".into()),
            ..document.lines[0].clone()
        }],
        ..document
    };
    assert_eq!(
        encode(&books, &wrong).expect_err("income").code,
        "account_wrong_type"
    );
}

#[tokio::test]
async fn what_cannot_stand_in_a_document_is_named() {
    let books = canadian().await;
    let expense = Document {
        key: key(1042, Role::Fee),
        kind: DocumentKind::Purchase,
        ..sale()
    };
    let refused = encode(&books, &expense).expect_err("an item is no expense");
    assert_eq!(refused.code, "line_refused");
    let payment = Document {
        key: key(1042, Role::Payment),
        kind: DocumentKind::Payment,
        applies_to: vec![Application {
            to: key(77, Role::Sale),
            kind: DocumentKind::Invoice,
            amount: money("112.00"),
        }],
        ..sale()
    };
    let refused = encode(&books, &payment).expect_err("there is no such invoice");
    assert_eq!(refused.code, "document_missing");
    let unread = World::new(|_| None).await.connect();
    let refused = encode(&unread, &sale()).expect_err("nothing was read");
    assert_eq!(refused.code, "company_unknown");
}

#[tokio::test]
async fn a_refund_from_the_bank_waits_for_no_printer() {
    let books = canadian().await;
    let document = Document {
        key: key(1042, Role::Refund(9)),
        kind: DocumentKind::RefundReceipt,
        number: "WC-1042-R9".into(),
        ..sale()
    };
    let body = encode(&books, &document).expect("encoded").body;
    assert!(body.contains(r#""DocNumber":"WC-1042-R9","#));
    assert!(body.contains(r#""PaymentRefNum":"WC-1042-R9","DepositToAccountRef":{"value":"36"}"#));
    assert!(body.contains("role=refund:9 rev=1]"));
}

#[tokio::test]
async fn what_the_company_lacks_is_named() {
    let books = canadian().await;
    let other = |change: fn(&mut Document)| {
        let mut document = sale();
        change(&mut document);
        encode(&books, &document).expect_err("refused")
    };
    for (reason, code, words) in [
        (
            other(|it| it.account = Some("Stripe Clearin".into())),
            "account_missing",
            "`Stripe Clearin`",
        ),
        (
            other(|it| it.account = None),
            "account_missing",
            "`WC-1042`",
        ),
        (
            other(|it| it.account = Some("Merchant Fees".into())),
            "account_wrong_type",
            "Bank or Other Current Asset",
        ),
        (
            other(|it| it.account = Some("Euro Clearing".into())),
            "account_wrong_currency",
            "EUR",
        ),
        (
            other(|it| it.payment_method = Some("Cash".into())),
            "payment_method_missing",
            "`Cash`",
        ),
        (
            other(|it| it.lines[0].tax_code = Some("HST".into())),
            "tax_code_missing",
            "`HST`",
        ),
        (
            other(|it| it.tax[0].rate = "GST".into()),
            "tax_rate_missing",
            "`GST`",
        ),
        (
            other(|it| it.lines[0].item = ItemKey("sku:HAT".into())),
            "item_missing",
            "`sku:HAT`",
        ),
    ] {
        assert_eq!(reason.code, code);
        assert!(reason.message.contains(words), "{}", reason.message);
    }
}

#[tokio::test]
async fn a_us_company_is_told_the_amount_and_keeps_its_own_split() {
    for (partner, code, detail) in [
        (
            r#","PartnerTaxEnabled":true"#,
            None,
            r#""TxnTaxDetail":{"TotalTax":12.00},"#,
        ),
        (
            "",
            Some("California"),
            r#""TxnTaxDetail":{"TxnTaxCodeRef":{"value":"2"},"TotalTax":12.00},"#,
        ),
    ] {
        let world = World::new(move |seen| match seen.path.as_str() {
            "companyinfo/9130" => Some(reply(200, r#"{"CompanyInfo":{"Country":"US"},"time":"x"}"#)),
            "preferences" => Some(reply(200, format!(r#"{{"Preferences":{{"TaxPrefs":{{"UsingSalesTax":true{partner}}},"CurrencyPrefs":{{"HomeCurrency":{{"value":"CAD"}}}}}},"time":"x"}}"#))),
            "query" if seen.question().contains("FROM TaxCode") => Some(rows("TaxCode", r#"{"Id":"2","Name":"California"}"#)),
            _ => None,
        })
        .await;
        let books = world.connect();
        books.company().await.expect("the company");
        let mut document = sale();
        document.lines[0].tax_code = Some("TAX".into());
        document.tax = Vec::new();
        document.document_tax_code = code.map(str::to_owned);
        let encoded = encode(&books, &document).expect("encoded");
        assert!(encoded.body.contains(detail), "{}", encoded.body);
        assert!(encoded.body.contains(r#""TaxCodeRef":{"value":"TAX"}"#));
        assert!(!encoded.body.contains("GlobalTaxCalculation"));
        assert!(encoded.expected.expect("figures").tax.is_empty());
    }
}

#[tokio::test]
async fn voids_and_deletions_only_name_the_document() {
    let books = canadian().await;
    let remote = Remote {
        entity: DocumentKind::Invoice.into(),
        id: "264".into(),
        revision: "2".into(),
    };
    let void = books.encode(Draft::Void {
        kind: DocumentKind::Invoice,
        remote: &remote,
    });
    assert_eq!(
        void.expect("encoded").body,
        r#"{"Id":"264","SyncToken":"2","sparse":true}"#
    );
    let deletion = books.encode(Draft::Delete {
        kind: DocumentKind::CreditMemo,
        remote: &remote,
    });
    let deletion = deletion.expect("encoded");
    assert_eq!(deletion.body, r#"{"Id":"264","SyncToken":"2"}"#);
    assert_eq!(deletion.entity, DocumentKind::CreditMemo.into());
    let impossible = books.encode(Draft::Void {
        kind: DocumentKind::CreditMemo,
        remote: &remote,
    });
    assert_eq!(
        impossible.expect_err("only by hand").code,
        "void_not_possible"
    );
}

#[tokio::test]
async fn a_long_note_loses_words_but_never_its_marker() {
    let books = canadian().await;
    let document = Document {
        note: "é".repeat(5_000),
        ..sale()
    };
    let body = encode(&books, &document).expect("encoded").body;
    let note = body.split(r#""PrivateNote":""#).nth(1).expect("a note");
    let note = note.split('"').next().expect("a note").replace("\\n", "\n");
    assert_eq!(note.chars().count(), 4_000);
    assert_eq!(Marker::find(&note), Some(marker(1042, Role::Sale, 1)));
}

#[tokio::test]
async fn customers_and_items_are_drafts_too() {
    let books = canadian().await;
    let customer = CustomerDraft {
        display_name: "Zoë Ünal (EUR)".into(),
        first_name: "Zoë".into(),
        last_name: "Ünal:\tJr".into(),
        company: String::new(),
        email: "zoe@example.com".into(),
        phone: "+49 30 1234567 ext. 99 after nine".into(),
        mobile: String::new(),
        note: String::new(),
        website: String::new(),
        currency: Some("EUR".into()),
        billing: Address {
            city: "Berlin".into(),
            postcode: "10115".into(),
            ..Address::default()
        },
        ..CustomerDraft::default()
    };
    let encoded = books.encode(Draft::Customer(&customer)).expect("encoded");
    assert_eq!(encoded.entity, RemoteKind::Customer);
    assert_eq!(
        encoded.body,
        r#"{"DisplayName":"Zoë Ünal (EUR)","GivenName":"Zoë","FamilyName":"Ünal Jr","PrimaryEmailAddr":{"Address":"zoe@example.com"},"CurrencyRef":{"value":"EUR"},"BillAddr":{"City":"Berlin","PostalCode":"10115"}}"#
    );
    let item = ItemDraft {
        sku: Some("MUG".into()),
        ..ItemDraft::plain(
            "Mug".into(),
            ItemKind::NonInventory,
            "Sales of Product Income",
        )
    };
    let encoded = books.encode(Draft::Item(&item)).expect("encoded");
    assert_eq!(
        encoded.body,
        r#"{"Name":"Mug","Sku":"MUG","Type":"NonInventory","IncomeAccountRef":{"value":"79"}}"#
    );
    assert_eq!(encoded.expected, None);
    assert_eq!(books.content(RemoteKind::Item, &encoded.body), "");
}

#[tokio::test]
async fn content_follows_what_counts_and_nothing_else() {
    let books = canadian().await;
    let body = receipt(7).body;
    let content = books.content(DocumentKind::SalesReceipt.into(), &body);
    let with = |from: &str, to: &str| {
        let changed = body.replace(from, to);
        assert_ne!(changed, *body, "{from}");
        books.content(DocumentKind::SalesReceipt.into(), &changed)
    };
    assert_eq!(with("WC-7", "WC-8"), content);
    assert_eq!(with("rev=1", "rev=2"), content);
    assert_eq!(with("100.00", "100"), content);
    for (from, to) in [
        ("100.00", "100.01"),
        ("12.00", "12.01"),
        ("2026-03-02", "2026-03-03"),
        (
            r#"CustomerRef":{"value":"71""#,
            r#"CustomerRef":{"value":"72""#,
        ),
        (r#"{"value":"36"}"#, r#"{"value":"35"}"#),
        (r#"{"value":"21"}"#, r#"{"value":"22"}"#),
        (r#"{"value":"6"}"#, r#"{"value":"4"}"#),
        (r#""TxnDate""#, r#""CurrencyRef":{"value":"USD"},"TxnDate""#),
    ] {
        assert_ne!(with(from, to), content, "{from} → {to}");
    }
    assert_ne!(books.content(DocumentKind::Invoice.into(), &body), content);
}
