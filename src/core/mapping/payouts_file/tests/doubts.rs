//! What could be read two ways is refused or told, and never posted by guess.

use super::*;

/// Lines of a file that is like PayPal's, each of a day, a type, an amount and an id.
fn paypal_of(lines: &[(&str, &str, &str, &str)]) -> String {
    let header = PAYPAL.lines().next().expect("a header");
    let line = |(day, kind, amount, id): &(&str, &str, &str, &str)| {
        format!(
            "{day},08:00:00,PDT,Ann,{kind},Completed,CAD,{amount},0.00,{amount},a@x.test,s@x.test,{id},,,"
        )
    };
    let lines: Vec<String> = lines.iter().map(line).collect();
    format!("{header}\n{}\n", lines.join("\n"))
}

fn sales(days: &[&str]) -> String {
    let ids: Vec<String> = (0..days.len()).map(|at| format!("T{at}")).collect();
    let lines: Vec<_> = days
        .iter()
        .zip(&ids)
        .map(|(day, id)| (*day, "General Payment", "1.00", id.as_str()))
        .collect();
    paypal_of(&lines)
}

#[test]
fn a_file_whose_days_are_the_other_way_about_is_refused_as_a_whole() {
    let paypal = shipped("paypal");
    let hint = "correct `date` in `[format]` of your own mapping; `udsync man payouts.7` says how";
    for (days, said) in [
        (
            &["01/10/2026", "12/10/2026", "13/10/2026"][..],
            "line 4 of `x.csv`: `13/10/2026` in `Date` is no day that is written as `%m/%d/%Y`, and all of them are written as `%d/%m/%Y`",
        ),
        // Today is the 20th of November.
        (
            &["11/11/2026", "12/11/2026"],
            "some of its days are yet to come",
        ),
        (
            &["09/02/2026", "01/03/2026", "10/04/2026"],
            "its days go to and fro",
        ),
        (
            &[
                "01/10/2026",
                "02/10/2026",
                "03/10/2026",
                "05/10/2026",
                "06/10/2026",
            ],
            "all of its days are the same one of different months",
        ),
    ] {
        let told = unread(&sales(days), &paypal);
        assert!(told.contains(said) && told.ends_with(hint), "{told}");
    }
    for days in [
        // One broken day is its own line's matter: the others are evidently as the mapping says.
        &["10/20/2026", "20/10/2026", "10/21/2026"][..],
        &["10/01/2026", "10/03/2026", "10/02/2026"],
        &["11/20/2026", "11/21/2026"],
        &["01/05/2026", "02/05/2026", "03/05/2026"],
        &["12/31/2025", "01/01/2026", "01/02/2026"],
    ] {
        read(&sales(days), &paypal);
    }
    // Behind the year nobody writes the day first.
    assert_eq!(super::super::days::turned("%Y-%m-%d %H:%M"), None);
    assert_eq!(
        super::super::days::turned("%-d.%m.%y").as_deref(),
        Some("%-m.%d.%y")
    );
}

#[test]
fn a_service_that_is_asked_has_no_file() {
    let (_, text) = SHIPPED_PAYOUTS[1];
    for method in ["stripe", "woocommerce_payments", "Stripe"] {
        let text = text.replace("ppcp-gateway", method);
        let mistake = payouts_mapping("bank", &text, "own.toml").expect_err(method);
        let said = mistake.to_string();
        assert!(said.contains("would be posted twice"), "{said}");
    }
    let bank = read(&GERMAN.replace(";A8;", ";po_1A8;"), &named(""));
    let told = told(&bank);
    assert_eq!(told[0], "hausbank-A7 1205.40 on 2026-10-05 of 1205.40");
    assert!(
        told[1].contains("payout po_1A8 is one of Stripe"),
        "{}",
        told[1]
    );
}

#[test]
fn a_payout_keeps_its_own_id_whatever_else_has_it() {
    let text = paypal_of(&[
        ("10/01/2026", "General Payment", "11.00", "T1"),
        ("10/02/2026", "Payment Fee", "-1.00", "W1"),
        ("10/02/2026", "General Withdrawal", "-10.00", "W1"),
    ]);
    let filed = read(&text, &shipped("paypal"));
    assert_eq!(told(&filed), ["paypal-W1 10.00 on 2026-10-02 of 10.00"]);
    assert_eq!(filed.payouts[0].1[1].id, "W1");
}

#[test]
fn two_payouts_of_one_id_are_two_and_the_second_waits() {
    let text = paypal_of(&[
        ("10/01/2026", "General Payment", "10.00", "T1"),
        ("10/02/2026", "General Withdrawal", "-10.00", "W1"),
        ("10/03/2026", "General Payment", "5.00", "T2"),
        ("10/04/2026", "General Withdrawal", "-5.00", "W1"),
    ]);
    let told = told(&read(&text, &shipped("paypal")));
    assert_eq!(told[0], "paypal-W1 10.00 on 2026-10-02 of 10.00");
    assert!(told[1].starts_with("paypal-W1-2-"), "{}", told[1]);
    assert!(told[1].contains("has the id `W1` of line 3"), "{}", told[1]);
}

#[test]
fn a_payout_without_an_id_waits_and_no_other_does() {
    let text = paypal_of(&[
        ("10/01/2026", "General Payment", "10.00", "T1"),
        ("10/02/2026", "General Withdrawal", "-10.00", ""),
        ("10/03/2026", "General Payment", "5.00", "T2"),
        ("10/04/2026", "General Withdrawal", "-5.00", "W2"),
    ]);
    let told = told(&read(&text, &shipped("paypal")));
    assert!(told[0].contains("a payout has no id"), "{}", told[0]);
    assert_eq!(told[1], "paypal-W2 5.00 on 2026-10-04 of 5.00");
}

#[test]
fn ids_that_look_alike_once_they_are_names_stay_apart() {
    let text = GERMAN.replace(";A7;", ";A/1;").replace(";A8;", ";A-1;");
    let filed = read(&text, &named(""));
    let ids: Vec<&str> = filed
        .payouts
        .iter()
        .map(|(one, _)| one.id.as_str())
        .collect();
    assert!(ids[0].starts_with("hausbank-A-1-"), "{ids:?}");
    assert_eq!(ids[1], "hausbank-A-1");
}

#[test]
fn two_equal_lines_without_an_id_are_two_sales() {
    let sale = ("10/01/2026", "General Payment", "10.00", "");
    let text = paypal_of(&[
        sale,
        sale,
        ("10/02/2026", "General Withdrawal", "-20.00", "W1"),
    ]);
    let filed = read(&text, &shipped("paypal"));
    assert_eq!(told(&filed), ["paypal-W1 20.00 on 2026-10-02 of 20.00"]);
    assert!(filed.notes.is_empty(), "{:?}", filed.notes);
}

fn unsigned(columns: &str, lines: &[&str]) -> Vec<String> {
    let text = format!(
        "method = \"bank\"\npayouts = \"named\"\ntotal = \"rows\"\n[columns]\npayout = \"P\"\narrives = \"Day\"\ndate = \"Day\"\nkind = \"Kind\"\n{columns}[format]\ndate = \"iso\"\ncurrency = \"EUR\"\namounts = \"unsigned\"\n[kinds]\ncharge = [\"sale\"]\nrefund = [\"refund\"]\nreserve = [\"hold\"]\n"
    );
    let mapping = payouts_mapping("bank", &text, "own").expect("it holds together");
    let lines: Vec<String> = lines
        .iter()
        .map(|line| format!("A,2026-10-01,{line}\n"))
        .collect();
    let filed = read(
        &format!("P,Day,Kind,Gross,Fee,Net\n{}", lines.concat()),
        &mapping,
    );
    let rows = filed.payouts.iter().flat_map(|(_, rows)| rows);
    rows.map(|row| {
        row.trouble
            .clone()
            .unwrap_or_else(|| format!("{} fee {}", row.amount, row.fee))
    })
    .collect()
}

#[test]
fn without_signs_the_net_says_whether_a_fee_was_kept_or_given_back() {
    let all = "gross = \"Gross\"\nfee = \"Fee\"\nnet = \"Net\"\n";
    let rows = unsigned(
        all,
        &[
            "sale,100.00,3.00,97.00",
            "refund,20.00,0.60,19.40",
            "refund,20.00,0.30,20.30",
            "refund,20.00,0.00,20.00",
            "refund,20.00,0.30,19.00",
        ],
    );
    assert_eq!(
        rows[..4],
        [
            "100.00 fee 3.00",
            "-20.00 fee -0.60",
            "-20.00 fee 0.30",
            "-20.00 fee 0.00"
        ]
    );
    assert!(
        rows[4].ends_with(
            "20.00 and a fee of 0.30 do not come to 19.00, neither with it nor without it"
        ),
        "{}",
        rows[4]
    );
    let without_fee = "gross = \"Gross\"\nnet = \"Net\"\n";
    assert_eq!(
        unsigned(without_fee, &["refund,20.00,,19.40"]),
        ["-20.00 fee -0.60"]
    );
    let without_net = unsigned(
        "gross = \"Gross\"\nfee = \"Fee\"\n",
        &["refund,20.00,0.60,"],
    );
    assert!(
        without_net[0].contains("whether the fee of 0.60 was kept or given back"),
        "{without_net:?}"
    );
    for signed in [
        "hold,-20.00,0.00,-20.00",
        "hold,+20.00,0.00,20.00",
        "sale,(20.00),0.00,20.00",
    ] {
        let rows = unsigned(all, &[signed]);
        assert!(
            rows[0].contains("has a sign, and `amounts = \"unsigned\"`"),
            "{rows:?}"
        );
    }
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let paypal = shipped("paypal");
    let cut = PAYPAL.rfind("\"-1,000.00\",0.00").expect("it is there");
    let told = unread(&PAYPAL[..cut + 5], &paypal);
    assert!(told.starts_with("`x.csv` ends inside quotes"), "{told}");
    // Two quotes mean one, and one in the middle of a cell is a letter.
    read(
        &PAYPAL
            .replace(",Ann,", ",\"An\"\"n\",")
            .replace(",Bo,", ",5\" B,"),
        &paypal,
    );
    // Its last column is the balance, by which a payout is told from what stays.
    let lacks = PAYPAL.replace(",,,1DDD,,,0.00\n", ",,,1DDD,,\n");
    assert_ne!(lacks, PAYPAL);
    let told = super::told(&read(&lacks, &paypal));
    assert!(
        told[0].contains("it has 15 cells, and there are 16 columns"),
        "{}",
        told[0]
    );
    // A column that nobody reads may be missing.
    let more = GERMAN.replacen("Bestellung\n", "Bestellung;Notiz\n", 1);
    assert_eq!(
        super::told(&read(&more, &named(""))),
        super::told(&read(GERMAN, &named("")))
    );
}

#[test]
fn where_lines_alone_say_what_a_payout_came_to_it_is_told_what_may_be_missing() {
    let text = GERMAN
        .replace("1.205,40;05", ";05")
        .replace("9,00;06", ";06");
    let filed = read(&text, &named("total = \"rows\""));
    assert_eq!(
        filed.notes[1..],
        [
            "1 line is in no payout",
            "what a payout came to is the sum of its lines: see that the file has all lines of hausbank-A7, hausbank-A8, which it begins or ends with"
        ]
    );
}

#[test]
fn three_digits_behind_the_mark_may_be_thousands_and_are_not_guessed_at() {
    for (text, decimal, decimals) in [
        ("1.500", '.', 2),
        ("-1,500", ',', 2),
        ("1.000", '.', 0),
        ("(12.000)", '.', 0),
    ] {
        let said = amount(text, decimal, decimals).expect_err(text);
        assert!(
            said.contains("may be thousands as well as decimals") || said.contains("more decimals"),
            "{said}"
        );
    }
    assert!(
        amount("1.500", '.', 2)
            .expect_err("thousands")
            .contains("may be thousands")
    );
    for (text, decimals, wanted) in [
        ("1.500", 3, "1.50"),
        ("0.500", 2, "0.50"),
        ("1,234.500", 2, "1234.50"),
        ("1.5000", 2, "1.50"),
        ("1234.500", 2, "1234.50"),
    ] {
        assert_eq!(amount(text, '.', decimals).expect(text).to_string(), wanted);
    }
}
