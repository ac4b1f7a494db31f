//! Files of payouts as they come: to the cent, whatever they are written in, and every broken line told with its number.

mod doubts;

use chrono::NaiveDate;
use proptest::prelude::*;

use super::line::amount;
use super::{FiledPayouts, PayoutsMapping, SHIPPED_PAYOUTS, fits, payouts_mapping, read_payouts};
use crate::model::money::Money;
use crate::model::payout::{PayoutRow, PayoutRowKind, RowsKnown};

const PAYPAL: &str = "\
Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,From Email Address,To Email Address,Transaction ID,Reference Txn ID,Invoice Number,Balance
10/01/2026,08:00:00,PDT,Ann,Express Checkout Payment,Completed,CAD,100.00,-3.20,96.80,a@x.test,s@x.test,1AAA,,WC-1001,96.80
10/02/2026,08:00:00,PDT,Bo,Express Checkout Payment,Pending,CAD,50.00,-1.75,48.25,b@x.test,s@x.test,1BBB,,WC-1002,96.80
10/03/2026,09:00:00,PDT,Ann,Payment Refund,Completed,CAD,-20.00,0.30,-19.70,s@x.test,a@x.test,1CCC,1AAA,WC-1001,77.10
10/05/2026,07:00:00,PDT,,General Withdrawal,Completed,CAD,-77.10,0.00,-77.10,,,1DDD,,,0.00
10/06/2026,08:00:00,PDT,Cy,Express Checkout Payment,Completed,CAD,\"1,200.00\",-35.10,\"1,164.90\",c@x.test,s@x.test,1EEE,,WC-1003,\"1,164.90\"
10/07/2026,08:00:00,PDT,,General Withdrawal,Completed,CAD,\"-1,000.00\",0.00,\"-1,000.00\",,,1FFF,,,164.90
10/08/2026,08:00:00,PDT,Di,Express Checkout Payment,Completed,CAD,10.00,-0.60,9.40,d@x.test,s@x.test,1GGG,,WC-1004,174.30
";

fn shipped(name: &str) -> PayoutsMapping {
    let (_, text) = SHIPPED_PAYOUTS
        .iter()
        .find(|(known, _)| *known == name)
        .expect("it ships");
    payouts_mapping(name, text, "shipped").expect("it holds together")
}

fn today() -> NaiveDate {
    "2026-11-20".parse().expect("a day")
}

fn read(text: &str, mapping: &PayoutsMapping) -> FiledPayouts {
    read_payouts(text.as_bytes(), "x.csv", mapping, today()).expect("it reads")
}

fn unread(text: &str, mapping: &PayoutsMapping) -> String {
    let unfit = read_payouts(text.as_bytes(), "x.csv", mapping, today()).expect_err("it does not");
    format!("{} / {}", unfit.message, unfit.hint.unwrap_or_default())
}

/// `paypal-1DDD 77.10 on 2026-10-05 of 77.10`, and what is wrong with it.
fn told(filed: &FiledPayouts) -> Vec<String> {
    let one = |(payout, rows): &(crate::model::payout::Payout, Vec<PayoutRow>)| {
        let sum: Money = rows.iter().map(PayoutRow::net).sum();
        let wrong = rows.iter().find_map(|row| row.trouble.clone());
        format!(
            "{} {} on {} of {sum}{}{}",
            payout.id,
            payout.amount,
            payout.arrives,
            if payout.rows_known == RowsKnown::Whole {
                ""
            } else {
                " in part"
            },
            wrong.map_or_else(String::new, |said| format!(": {said}"))
        )
    };
    filed.payouts.iter().map(one).collect()
}

fn named(more: &str) -> PayoutsMapping {
    let text = format!(
        "method = \"bank\"\npayouts = \"named\"\n{more}\n[columns]\npayout = \"Auszahlung\"\npayout_amount = \"Betrag\"\narrives = \"Wertstellung\"\ndate = \"Datum\"\nrow = \"Nr\"\nkind = \"Art\"\ncurrency = \"W\u{e4}hrung\"\ngross = \"Brutto\"\nfee = \"Geb\u{fc}hr\"\nnet = \"Netto\"\norder = \"Bestellung\"\n[format]\ndate = \"%d.%m.%Y\"\ndecimal = \",\"\n[kinds]\ncharge = [\"Zahlung\"]\nrefund = [\"Erstattung\"]\nleft_out = [\"Info\"]\n"
    );
    payouts_mapping("hausbank", &text, "own").expect("it holds together")
}

const GERMAN: &str = "\
Nr;Datum;Auszahlung;Betrag;Wertstellung;Art;W\u{e4}hrung;Brutto;Geb\u{fc}hr;Netto;Bestellung
1;01.10.2026;A7;1.205,40;05.10.2026;Zahlung;EUR;1.250,00;44,60;1.205,40;Bestellung 1001
2;02.10.2026;A8;9,00;06.10.2026;Zahlung;EUR;29,50;0,50;29,00;1002
3;03.10.2026;A8;9,00;06.10.2026;Erstattung;EUR;-20,00;0,00;-20,00;1002
4;03.10.2026;;;;Zahlung;EUR;5,00;0,10;4,90;1003
;;;;;Summe;EUR;1.264,50;45,20;1.219,30;
";

#[test]
fn paypals_withdrawals_take_what_came_before_them_and_leave_what_stays() {
    let filed = read(PAYPAL, &shipped("paypal"));
    assert_eq!(
        told(&filed),
        [
            "paypal-1DDD 77.10 on 2026-10-05 of 77.10",
            "paypal-1FFF 1000.00 on 2026-10-07 of 1000.00",
        ]
    );
    let rows = &filed.payouts[0].1;
    assert_eq!(rows.len(), 2, "the pending line moved nothing");
    assert_eq!(rows[0].fee.to_string(), "3.20");
    assert_eq!(rows[1].fee.to_string(), "-0.30");
    assert_eq!(rows[1].source.as_deref(), Some("1AAA"));
    assert_eq!(rows[0].behind.said_number.as_deref(), Some("1001"));
    let after = filed.payouts[1].1.last().expect("rows");
    let carried = (after.kind, after.amount.to_string());
    assert_eq!(carried, (PayoutRowKind::Returned, "-164.90".to_owned()));
    assert_eq!(filed.waiting.len(), 1);
}

#[test]
fn a_file_may_begin_anywhere_and_be_written_backwards() {
    let paypal = shipped("paypal");
    let lines: Vec<&str> = PAYPAL.lines().collect();
    // From the refund on: what came before it is not in the file.
    let late = [&lines[..1], &lines[3..]].concat().join("\n");
    assert_eq!(
        told(&read(&late, &paypal)),
        [
            "paypal-1DDD 77.10 on 2026-10-05 of 0.00 in part",
            "paypal-1FFF 1000.00 on 2026-10-07 of 1000.00",
        ]
    );
    let mut back: Vec<&str> = lines.clone();
    back[1..].reverse();
    assert_eq!(
        told(&read(&back.join("\n"), &paypal)),
        told(&read(PAYPAL, &paypal))
    );
    // Two downloads, one behind the other: what stands in both is there once.
    let both = [lines.as_slice(), &lines[4..]].concat().join("\n");
    let filed = read(&both, &paypal);
    assert_eq!(told(&filed), told(&read(PAYPAL, &paypal)));
    assert_eq!(
        filed.notes,
        ["4 lines that stand in the file twice were taken once"]
    );
}

#[test]
fn semicolons_commas_windows_and_marks_of_order_are_read_alike() {
    let bank = named("");
    let wanted = [
        "hausbank-A7 1205.40 on 2026-10-05 of 1205.40",
        "hausbank-A8 9.00 on 2026-10-06 of 9.00",
    ];
    let windows: Vec<u8> = GERMAN
        .chars()
        .map(|one| u8::try_from(u32::from(one)).expect("Latin"))
        .collect();
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(GERMAN.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let titled = format!("sep=;\nUmsatzliste;;\n\n{}", GERMAN.replace('\n', "\r\n"));
    for bytes in [
        GERMAN.as_bytes().to_vec(),
        format!("\u{feff}{GERMAN}").into_bytes(),
        windows,
        utf16,
        titled.into_bytes(),
        GERMAN.replace(';', "\t").into_bytes(),
    ] {
        let filed = read_payouts(&bytes, "x.csv", &bank, today()).expect("it reads");
        assert_eq!(told(&filed), wanted);
        assert_eq!(filed.notes, ["1 line that adds others up was left out"]);
        assert_eq!(filed.waiting.len(), 1);
    }
}

#[test]
fn a_broken_line_holds_its_payout_and_no_other_with_its_number_in_words() {
    let bank = named("");
    for (from, to, said) in [
        (
            "29,50;",
            "29.50;",
            "line 3 of `x.csv`: `29.50` is no amount whose decimals stand behind `,`",
        ),
        (
            "29,50;0,50",
            "29,50;0,51",
            "line 3 of `x.csv`: Brutto 29.50 less a fee of 0.51 is not Netto 29.00: look at the digits, and at `fees` in `[format]` of the mapping",
        ),
        (
            "29,50;",
            "29,505;",
            "line 3 of `x.csv`: `29,505` has more decimals than its currency",
        ),
        (
            "2;02.10.2026",
            "2;2026-10-02",
            "line 3 of `x.csv`: `2026-10-02` in `Datum` is no day that is written as `%d.%m.%Y`",
        ),
        (
            "EUR;29,50",
            "Euro;29,50",
            "line 3 of `x.csv`: `EURO` is no currency",
        ),
        (
            "29,50;0,50;29,00;1002",
            "29,50",
            "line 3 of `x.csv`: it has 8 cells, and there are 11 columns",
        ),
        (
            "29,50;0,50;29,00",
            ";;",
            "line 3 of `x.csv`: it says no amount",
        ),
        (
            "A8;9,00;06.10.2026;Erst",
            "A8;9,01;06.10.2026;Erst",
            "`x.csv`: line 4 says another amount of payout hausbank-A8 than the lines before it",
        ),
        (
            "06.10.2026;Erst",
            "07.10.2026;Erst",
            "`x.csv`: line 4 says another day of payout hausbank-A8 than the lines before it",
        ),
        ("\n3;", "\n2;", "of 9.00"),
    ] {
        assert!(GERMAN.contains(from), "{from}");
        let filed = read(&GERMAN.replacen(from, to, 1), &bank);
        let told = told(&filed);
        assert_eq!(
            told[0], "hausbank-A7 1205.40 on 2026-10-05 of 1205.40",
            "{to}"
        );
        assert!(told[1].contains(said), "{to}: {}", told[1]);
        assert_eq!(told.len(), 2);
    }
    let doubled = GERMAN.replacen(
        "\n3;03.10.2026;A8;9,00;06.10.2026;Erstattung;EUR;-20,00",
        "\n2;03.10.2026;A8;9,00;06.10.2026;Zahlung;EUR;-20,00",
        1,
    );
    let told = told(&read(&doubled, &bank));
    assert!(
        told[1].ends_with("line 4 of `x.csv` has the id `2` of line 3 and says something else"),
        "{}",
        told[1]
    );
}

#[test]
fn a_line_of_which_nobody_knows_the_payout_holds_none_that_says_what_it_came_to() {
    let stray = GERMAN.replacen(
        "4;03.10.2026;;;;Zahlung;EUR;5,00",
        "4;03.10.2026;;;;Zahlung;EUR;5.00",
        1,
    );
    let filed = read(&stray, &named(""));
    assert_eq!(told(&filed).len(), 2);
    assert!(
        told(&filed).iter().all(|one| !one.contains("line")),
        "{:?}",
        told(&filed)
    );
    assert!(
        filed.notes[1].starts_with("line 5 of `x.csv`"),
        "{:?}",
        filed.notes
    );
    // Where its rows alone say what a payout came to, it could be of any.
    let summed = read(
        &stray
            .replace("1.205,40;05", ";05")
            .replace("9,00;06", ";06"),
        &named("total = \"rows\""),
    );
    assert!(
        told(&summed)
            .iter()
            .all(|one| one.contains("line 5 of `x.csv`")),
        "{:?}",
        told(&summed)
    );
}

#[test]
fn what_is_no_file_of_payouts_is_told_in_words() {
    let bank = named("");
    for (text, said) in [
        ("", "`x.csv` is empty / "),
        (" \r\n\u{feff}", "`x.csv` is empty / "),
        (
            "PK\u{3}\u{4}xx",
            "`x.csv` is a spreadsheet: save it as CSV first / ",
        ),
        (
            "%PDF-1.7",
            "`x.csv` is a PDF: ask the payment service for a CSV file / ",
        ),
        ("a\0b", "`x.csv` is no text / "),
        (
            "hello",
            "`x.csv` has no column `Datum` and none `Auszahlung` and none `Betrag`",
        ),
    ] {
        let told = unread(text, &bank);
        assert!(told.starts_with(said), "{told}");
    }
    let header = GERMAN.lines().next().expect("a header");
    assert_eq!(
        unread(header, &bank),
        "`x.csv` has no line below its columns / ask the payment service for a longer period"
    );
    let renamed = GERMAN.replacen("Brutto", "Bruto", 1);
    assert_eq!(
        unread(&renamed, &bank),
        "`x.csv` has no column `Brutto` / did you mean `Bruto`?"
    );
    let twice = GERMAN
        .replacen("Bestellung\n", "Netto\n", 1)
        .replacen("Nr;", "Bestellung;Nr;", 1);
    assert!(unread(&twice, &bank).contains("has the column `Netto` twice"));
    let american = GERMAN.replace(".10.2026", "/10/2026");
    assert_eq!(
        unread(&american, &bank),
        "line 2 of `x.csv`: `01/10/2026` in `Datum` is no day that is written as `%d.%m.%Y` / correct `date` in `[format]` of your own mapping; `udsync man payouts.7` says how"
    );
    assert!(fits(GERMAN.as_bytes(), &bank) && !fits(PAYPAL.as_bytes(), &bank));
}

#[test]
fn adyens_batches_are_payouts_and_debits_take_away() {
    let header = "Company Account,Merchant Account,Psp Reference,Merchant Reference,Payment Method,Creation Date,TimeZone,Type,Modification Reference,Gross Currency,Gross Debit (GC),Gross Credit (GC),Exchange Rate,Net Currency,Net Debit (NC),Net Credit (NC),Commission (NC),Markup (NC),Scheme Fees (NC),Interchange (NC),Payment Method Variant,Modification Merchant Reference,Batch Number";
    let lines = [
        "Co,Shop,PSP1,1001,visa,2026-10-01 10:00:00,CET,Settled,MOD1,EUR,,100.00,1,EUR,,97.80,2.20,,,,visa,,7",
        "Co,Shop,PSP1,1001,visa,2026-10-02 10:00:00,CET,Refunded,MOD2,EUR,20.00,,1,EUR,20.00,,,,,,visa,,7",
        "Co,Shop,,,,2026-10-04 01:00:00,CET,Fee,Transaction Fees October,EUR,,,,EUR,1.50,,,,,,,,7",
        "Co,Shop,,,,2026-10-05 01:00:00,CET,MerchantPayout,TX123,EUR,,,,EUR,76.30,,,,,,,,7",
        "Co,Shop,PSP2,1002,visa,2026-10-06 10:00:00,CET,Settled,MOD3,USD,,10.00,0.9,EUR,,8.50,0.50,,,,visa,,8",
        "Co,Shop,PSP3,1003,visa,2026-10-07 10:00:00,CET,Settled,MOD4,EUR,,10.00,1,EUR,,9.50,0.50,,,,visa,,9",
    ];
    let filed = read(
        &format!("{header}\n{}\n", lines.join("\n")),
        &shipped("adyen"),
    );
    let told = told(&filed);
    assert_eq!(told[0], "adyen-7 76.30 on 2026-10-05 of 76.30");
    assert!(
        told[1]
            .ends_with("line 6 of `x.csv`: what was paid is in USD, and what is paid out in EUR"),
        "{}",
        told[1]
    );
    assert_eq!(told[2], "adyen-9 9.50 on 2026-10-07 of 9.50 in part");
    let (_, rows) = &filed.payouts[0];
    let fees: Vec<String> = rows.iter().map(|row| row.fee_share().to_string()).collect();
    assert_eq!(fees, ["2.20", "0.00", "1.50"]);
}

#[test]
fn a_mapping_that_does_not_hold_together_says_where() {
    let good = SHIPPED_PAYOUTS[1].1;
    for (from, to, said) in [
        (
            "method = \"ppcp-gateway\"",
            "method = \"pp cp\"",
            "must be the name of a payment method",
        ),
        (
            "decimal = \".\"",
            "decimal = \";\"",
            "`decimal` must be `.` or `,`",
        ),
        (
            "date = \"%m/%d/%Y\"",
            "date = \"%Q\"",
            "`date` cannot be understood",
        ),
        ("time = \"%H:%M:%S\"", "", "`time` must stand both"),
        (
            "payout = [\"General",
            "payuot = [\"General",
            "`[kinds]` has no `payuot`",
        ),
        (
            "payouts = \"since_last\"",
            "payouts = \"named\"",
            "a column `payout` must say",
        ),
        (
            "refund = [\"Payment Refund\"",
            "refund = [\"Payment\"",
            "stands for two kinds",
        ),
        ("fees = \"negative\"", "fees = \"below\"", "unknown variant"),
        (
            "balance = \"Balance\"",
            "ballance = \"Balance\"",
            "unknown field",
        ),
        (
            "currency = \"Currency\"",
            "",
            "name the column of the currency",
        ),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good, "{from}");
        let mistake = payouts_mapping("paypal", &text, "own.toml").expect_err(said);
        assert!(mistake.to_string().contains(said), "{mistake}");
        assert!(
            mistake.line > 1
                || said.contains("kinds")
                || said.contains("two")
                || said.contains("currency"),
            "{mistake}"
        );
    }
    for name in ["stripe", "fees", "Pay Pal", "pay-pal", ""] {
        assert!(payouts_mapping(name, good, "own.toml").is_err(), "{name}");
    }
}

proptest! {
    /// However an amount is written, it is read as what it is, and never as another.
    #[test]
    fn amounts_come_back_to_the_cent(cents in -99_999_999_999_i64..99_999_999_999, comma: bool, form in 0_u8..5) {
        let (decimal, group) = if comma { (',', '.') } else { ('.', ',') };
        let magnitude = cents.unsigned_abs();
        let whole = (magnitude / 100).to_string();
        let mut grouped = String::new();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at) % 3 == 0 && form > 0 {
                grouped.push(if form == 2 { '\u{a0}' } else { group });
            }
            grouped.push(digit);
        }
        let plain = format!("{grouped}{decimal}{:02}{}", magnitude % 100, if form == 3 { "00" } else { "" });
        let text = match (cents < 0, form) {
            (false, _) => plain,
            (true, 1) => format!("({plain})"),
            (true, 2) => format!("{plain}-"),
            (true, 3) => format!("\u{2212}{plain}"),
            (true, _) => format!("-{plain}"),
        };
        let wanted = Money::new(rust_decimal::Decimal::new(cents, 2)).expect("money");
        prop_assert_eq!(amount(&text, decimal, 2), Ok(wanted), "{}", text);
        // Read with the other mark, it is refused or the very same, but for three digits behind a mark, which are thousands.
        if let Ok(other) = amount(&text, group, 2) {
            prop_assert_eq!(other, wanted, "{}", text);
        }
    }

    /// Whatever is in a file, it is read or told, each payout is there once, and nobody's figures change with the order of the lines.
    #[test]
    fn any_file_is_read_or_told(
        cells in proptest::collection::vec((0_u8..4, -5_000_i64..5_000, 0_i64..300, 0_u8..12), 0..40),
    ) {
        let bank = named("total = \"rows\"");
        let mut text = GERMAN.lines().next().expect("a header").to_owned();
        let comma = |cents: i64| format!("{}{},{:02}", if cents < 0 { "-" } else { "" }, cents.abs() / 100, cents.abs() % 100);
        let mut broken = std::collections::BTreeSet::new();
        let mut sums = std::collections::BTreeMap::new();
        for (at, (payout, gross, fee, fault)) in cells.iter().enumerate() {
            let net = if *fault == 0 { gross - fee + 1 } else { gross - fee };
            let kind = if *gross < 0 { "Erstattung" } else { "Zahlung" };
            if *fault == 0 { broken.insert(*payout); }
            *sums.entry(*payout).or_insert(0) += gross - fee;
            text.push_str(&format!(
                "\n{at};01.10.2026;P{payout};;05.10.2026;{kind};EUR;{};{};{};100{at}",
                comma(*gross), comma(*fee), comma(net)
            ));
        }
        let Ok(filed) = read_payouts(text.as_bytes(), "x.csv", &bank, today()) else {
            prop_assert!(cells.is_empty());
            return Ok(());
        };
        prop_assert_eq!(filed.payouts.len(), sums.len());
        for (payout, rows) in &filed.payouts {
            let number: u8 = payout.id.trim_start_matches("hausbank-P").parse().expect("a number");
            let is_wrong = rows.iter().any(|row| row.trouble.is_some());
            prop_assert_eq!(is_wrong, broken.contains(&number), "{}", payout.id);
            if !is_wrong {
                let wanted = Money::new(rust_decimal::Decimal::new(sums[&number], 2)).expect("money");
                prop_assert_eq!(payout.amount, wanted);
            }
        }
        let mut turned: Vec<&str> = text.lines().collect();
        turned[1..].reverse();
        let again = read_payouts(turned.join("\n").as_bytes(), "x.csv", &bank, today()).expect("it reads");
        let amounts = |filed: &FiledPayouts| -> std::collections::BTreeMap<String, Money> {
            filed.payouts.iter().map(|(payout, _)| (payout.id.clone(), payout.amount)).collect()
        };
        prop_assert_eq!(amounts(&filed), amounts(&again));
    }

    /// Nothing makes it panic.
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), text in ".{0,300}") {
        let header = PAYPAL.lines().next().expect("a header");
        for mapping in [shipped("paypal"), shipped("adyen"), named("")] {
            for one in [bytes.clone(), text.clone().into_bytes(), format!("{header}\n{text}").into_bytes()] {
                let _ = read_payouts(&one, "x.csv", &mapping, today());
            }
        }
    }
}
