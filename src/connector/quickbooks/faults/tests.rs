//! What refusals mean, by the bodies that QuickBooks and its gateways answer with.

use reqwest::header::{HeaderMap, HeaderValue};

use super::*;

fn answered(status: u16, body: &str) -> Answered {
    let mut headers = HeaderMap::new();
    headers.insert("Intuit_Tid", HeaderValue::from_static("1-68ab-77"));
    Answered {
        status,
        headers,
        body: body.as_bytes().to_vec(),
    }
}

fn refusal(code: &str, detail: &str) -> String {
    format!(
        r#"{{"Fault":{{"Error":[{{"Message":"words","Detail":"{detail}","code":"{code}","element":null}}],"type":"ValidationFault"}},"time":"2026-03-02T09:15:07.300-08:00"}}"#
    )
}

fn of_answer(answered: &Answered) -> Fault {
    super::of_answer(answered, Utc::now())
}

#[test]
fn each_refusal_has_its_remedy() {
    let minute = Remedy::Wait(Duration::from_secs(60));
    let second = Remedy::Wait(Duration::from_secs(1));
    for (status, code, detail, remedy, word) in [
        (429, "3001", "too many", minute, "throttled"),
        (403, "3100", "", Remedy::Reconnect, "access_refused"),
        (401, "120", "", Remedy::Reconnect, "access_lost"),
        (400, "140", "", Remedy::Stop, "company_busy"),
        (400, "6190", "ended", Remedy::Stop, "company_unavailable"),
        (
            400,
            "10000",
            "System Failure Error",
            Remedy::Ask,
            "service_trouble",
        ),
        (
            500,
            "10000",
            "System Failure Error",
            Remedy::Ask,
            "service_trouble",
        ),
        (500, "6240", "late words", Remedy::Ask, "name_conflict"),
        (400, "600", "", Remedy::Ask, "request_repeated"),
        (
            400,
            "5010",
            "You and X were working on this",
            Remedy::Reread,
            "stale",
        ),
        (
            400,
            "5010",
            "The account period has closed",
            Remedy::Amend,
            "period_closed",
        ),
        (
            400,
            "6210",
            "The account period has closed",
            Remedy::Amend,
            "period_closed",
        ),
        (
            400,
            "6000",
            "You can only add or edit one name at a time.",
            second,
            "one_name_at_a_time",
        ),
        (
            400,
            "6000",
            "Make sure all have a GST/HST rate",
            Remedy::Amend,
            "refused",
        ),
        (
            400,
            "610",
            "made inactive",
            Remedy::Amend,
            "reference_missing",
        ),
        (
            400,
            "2500",
            "Names element id 58 not found",
            Remedy::Amend,
            "reference_missing",
        ),
        (
            400,
            "6140",
            "number taken",
            Remedy::Amend,
            "doc_number_conflict",
        ),
        (400, "6240", ": Id=120", Remedy::Amend, "name_conflict"),
        (
            400,
            "6540",
            "deposit",
            Remedy::Amend,
            "edited_after_posting",
        ),
        (
            400,
            "500",
            "not supported",
            Remedy::Amend,
            "request_refused",
        ),
        (400, "6431", "new in this year", Remedy::Amend, "refused"),
        (400, "10200", "", Remedy::Stop, "company_reset"),
        (
            400,
            "6270",
            "before the start",
            Remedy::Amend,
            "inventory_date",
        ),
        (
            400,
            "620",
            "cannot be linked",
            Remedy::Reread,
            "link_refused",
        ),
        (400, "6100", "bad code", Remedy::Amend, "tax_code_refused"),
    ] {
        let fault = of_answer(&answered(status, &refusal(code, detail)));
        assert_eq!(
            (fault.remedy, fault.code),
            (remedy, word),
            "{status} {code} {detail}"
        );
        assert_eq!(fault.reference.as_deref(), Some("1-68ab-77"));
    }
}

#[test]
fn a_certificate_that_is_not_believed_is_told_from_a_silence() {
    let unanswered = |trouble| Unanswered {
        trouble,
        never_sent: true,
        said: "words".to_owned(),
    };
    assert_eq!(unreachable(&unanswered(HttpTrouble::Tls)).code, "tls");
    let silent = unreachable(&unanswered(HttpTrouble::Connect));
    assert_eq!((silent.code, silent.remedy), ("unreachable", Remedy::Stop));
}

#[test]
fn every_line_of_the_table_is_read_and_no_code_stands_twice() {
    let all: Vec<FaultWords> = FaultWords::all().collect();
    let codes: std::collections::BTreeSet<&str> = all.iter().map(|known| known.code).collect();
    assert_eq!(codes.len(), all.len());
    assert!(all.len() > 40);
    for known in all {
        assert!(
            !known.said.is_empty() && !known.hint.is_empty(),
            "{}",
            known.code
        );
    }
}

#[test]
fn too_many_requests_is_understood_as_xml_and_under_other_statuses() {
    let xml = r#"<?xml version="1.0"?><IntuitResponse xmlns="http://schema.intuit.com/finance/v3"><Fault type="SERVICE"><Error code="3001"><Message>message=ThrottleExceeded; errorCode=003001; statusCode=429</Message><Detail>Try again later</Detail></Error></Fault></IntuitResponse>"#;
    for status in [429, 403, 503] {
        let fault = of_answer(&answered(status, xml));
        assert_eq!(
            fault.remedy,
            Remedy::Wait(Duration::from_secs(60)),
            "{status}"
        );
    }
    let mut short = answered(429, xml);
    short
        .headers
        .insert("Retry-After", HeaderValue::from_static("7"));
    assert_eq!(
        of_answer(&short).remedy,
        Remedy::Wait(Duration::from_secs(7))
    );
}

#[test]
fn a_gateways_refusal_has_small_keys_and_a_token_in_its_words() {
    let gateway = r#"{"warnings":null,"fault":{"error":[{"message":"message=AuthenticationFailed; errorCode=003200; statusCode=401","detail":"Token expired: AB01secretsecretsecretsecretsecret","code":"3200","element":null}],"type":"AUTHENTICATION"},"report":null,"time":1601391072830}"#;
    let expired = answered(401, gateway);
    assert!(token_refused(&expired));
    let fault = of_answer(&expired);
    assert_eq!(fault.remedy, Remedy::Reconnect);
    assert!(!format!("{fault:?}").contains("AB01"));
    assert!(!token_refused(&answered(401, &refusal("120", ""))));
    assert!(token_refused(&answered(401, "<html>Unauthorized</html>")));
}

#[test]
fn what_no_quickbooks_would_say_is_not_taken_for_a_refusal() {
    let html = "<html><body><h1>502 Bad Gateway</h1></body></html>";
    assert_eq!(of_answer(&answered(502, html)).remedy, Remedy::Ask);
    assert_eq!(of_answer(&answered(404, html)).remedy, Remedy::Stop);
    assert_eq!(of_answer(&answered(302, "")).remedy, Remedy::Stop);
    // Something on the way forbids it: that is no word about the connection.
    for status in [400, 401, 403] {
        assert_eq!(of_answer(&answered(status, html)).remedy, Remedy::Ask);
    }
}

#[test]
fn nobodys_name_is_repeated() {
    let detail = r#"Names \"Ann Lee\" with ann@example.com can't be\n used, see 'Bob Roy'"#;
    let fault = of_answer(&answered(400, &refusal("6431", detail)));
    assert_eq!(
        fault.said,
        "QuickBooks refused it with code 6431: Names \"…\" with … can't be used, see '…'"
    );
    let stale = "You and Pat Smith were working on this at the same time";
    assert!(
        !of_answer(&answered(400, &refusal("5010", stale)))
            .said
            .contains("Pat")
    );
    let field = "Property Name:Unrecognized field \\\"BadJson\\\" (class com.intuit.schema.finance.v3.Invoice)";
    let ours = of_answer(&answered(400, &refusal("2010", field)));
    assert!(ours.said.contains("\"BadJson\""), "{}", ours.said);
    let long = of_answer(&answered(400, &refusal("6431", &"word ".repeat(100))));
    assert!(long.said.chars().count() < 250);
}
