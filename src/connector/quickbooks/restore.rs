//! Restoring: a document gets the words and figures back that it had before we changed it.
//!
//! QuickBooks shows more of a document than it takes: totals that it works out, names beside ids, blocks of its own. Sent back, some of
//! that is refused and some is believed. So only what may be written is taken out of the former image, each field by its name; a kind
//! of line that is not among them is no obstacle to reading, and one to writing. All lines are stated together with their tax, because a
//! line that is left out is gone and a tax that is not stated stays. Of the other fields only those are sent that differ from what
//! stands there now: what a person has put beside them stays.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::connector::port::Encoded;
use crate::model::company::TaxModel;
use crate::model::document::{DocumentKind, Marker};
use crate::model::fault::Reason;
use crate::model::plan::Expectation;
use crate::model::ticket::BeforeImage;

use super::encode::note;
use super::facts::FactsOfCompany;
use super::{bodies, found, wire};

/// What of a value may be written.
enum WritableShape {
    Any,
    /// These fields of it, as far as they are there.
    Fields(&'static [(&'static str, WritableShape)]),
    Each(&'static WritableShape),
}

use WritableShape::{Any, Each, Fields};

const REFERENCE: WritableShape = Fields(&[("value", Any)]);

const ADDRESS: WritableShape = Fields(&[
    ("Line1", Any),
    ("Line2", Any),
    ("Line3", Any),
    ("Line4", Any),
    ("Line5", Any),
    ("City", Any),
    ("CountrySubDivisionCode", Any),
    ("PostalCode", Any),
    ("Country", Any),
]);

const CUSTOM_FIELDS: WritableShape = Each(&Fields(&[
    ("DefinitionId", Any),
    ("Name", Any),
    ("Type", Any),
    ("StringValue", Any),
]));

/// By its kind, what a line holds.
const DETAILS: &[(&str, WritableShape)] = &[
    (
        "SalesItemLineDetail",
        Fields(&[
            ("ItemRef", REFERENCE),
            ("Qty", Any),
            ("UnitPrice", Any),
            ("TaxCodeRef", REFERENCE),
            ("ClassRef", REFERENCE),
            ("ServiceDate", Any),
            ("DiscountAmt", Any),
            ("DiscountRate", Any),
        ]),
    ),
    (
        "AccountBasedExpenseLineDetail",
        Fields(&[
            ("AccountRef", REFERENCE),
            ("TaxCodeRef", REFERENCE),
            ("ClassRef", REFERENCE),
            ("CustomerRef", REFERENCE),
            ("BillableStatus", Any),
        ]),
    ),
    (
        "DiscountLineDetail",
        Fields(&[
            ("PercentBased", Any),
            ("DiscountPercent", Any),
            ("DiscountAccountRef", REFERENCE),
        ]),
    ),
    ("DescriptionOnly", Fields(&[])),
    (
        "DescriptionLineDetail",
        Fields(&[("ServiceDate", Any), ("TaxCodeRef", REFERENCE)]),
    ),
];

const LINKS: WritableShape = Each(&Fields(&[("TxnId", Any), ("TxnType", Any)]));

const TAX_LINES: WritableShape = Each(&Fields(&[
    ("Amount", Any),
    ("DetailType", Any),
    (
        "TaxLineDetail",
        Fields(&[
            ("TaxRateRef", REFERENCE),
            ("PercentBased", Any),
            ("TaxPercent", Any),
            ("NetAmountTaxable", Any),
        ]),
    ),
]));

/// What is sent where it is no more as it was; of what was not there before, what clears it.
const WORDS: &[(&str, WritableShape, Option<&str>)] = &[
    ("CustomerMemo", REFERENCE, Some(r#"{"value":""}"#)),
    ("PaymentRefNum", Any, Some("\"\"")),
    ("DocNumber", Any, None),
    ("DueDate", Any, None),
    ("PaymentMethodRef", REFERENCE, None),
    ("ClassRef", REFERENCE, None),
    ("DepartmentRef", REFERENCE, None),
    ("BillAddr", ADDRESS, None),
    ("ShipAddr", ADDRESS, None),
    ("CustomField", CUSTOM_FIELDS, None),
];

/// What bears on money, and is said each time.
const GROUNDS: &[(&str, WritableShape)] = &[
    ("TxnDate", Any),
    ("CustomerRef", REFERENCE),
    ("CurrencyRef", REFERENCE),
    ("ExchangeRate", Any),
    ("DepositToAccountRef", REFERENCE),
    ("AccountRef", REFERENCE),
    ("PaymentType", Any),
];

type FieldsOf<'a> = BTreeMap<String, &'a RawValue>;
type RestoredBody = BTreeMap<String, Box<RawValue>>;

/// The body that makes a document what it was, and what must come back.
pub fn encode(
    facts: &FactsOfCompany,
    kind: DocumentKind,
    former: &BeforeImage,
    now: &BeforeImage,
    marker: &Marker,
) -> Result<Encoded, Reason> {
    let unreadable = || cannot("what it was before is kept in a form that cannot be read");
    let was: FieldsOf<'_> = serde_json::from_str(former.body.text()).map_err(|_| unreadable())?;
    let is: FieldsOf<'_> = serde_json::from_str(now.body.text()).map_err(|_| unreadable())?;
    let answer: wire::DocumentAnswer =
        serde_json::from_str(former.body.text()).map_err(|_| unreadable())?;
    let meant = found::document(kind.into(), &answer, facts).ok_or_else(unreadable)?;
    let mut body = RestoredBody::new();
    let mut put = |field: &str, json: String| -> Result<(), Reason> {
        let raw = RawValue::from_string(json).map_err(|_| unreadable())?;
        body.insert(field.to_owned(), raw);
        Ok(())
    };
    put("Id", bodies::text(&now.remote.id))?;
    put("SyncToken", bodies::text(&now.remote.revision))?;
    put("sparse", "true".to_owned())?;
    let is_home = facts.is_home(meant.currency.as_deref().unwrap_or_default());
    for (field, shape) in GROUNDS {
        // A company with one currency takes no rate.
        if is_home && ["CurrencyRef", "ExchangeRate"].contains(field) {
            continue;
        }
        if let Some(value) = was.get(*field) {
            put(field, copied(value, shape)?)?;
        }
    }
    let mut left_behind = Vec::new();
    for (field, shape, clears) in WORDS {
        match (was.get(*field), is.get(*field), clears) {
            (Some(was), is, _) if is.is_none_or(|is| is.get() != was.get()) => {
                put(field, copied(was, shape)?)?;
            }
            (None, Some(_), Some(clears)) => put(field, (*clears).to_owned())?,
            (None, Some(_), None) => left_behind.push(*field),
            _ => {}
        }
    }
    let hers = answer.private_note.as_deref().unwrap_or_default();
    put("PrivateNote", bodies::text(&note(&unmarked(hers), marker)))?;
    if kind == DocumentKind::Payment
        && let Some(total) = was.get("TotalAmt")
    {
        put("TotalAmt", total.get().to_owned())?;
    }
    put("Line", lines(&was, kind)?)?;
    if kind.is_sales_form() && facts.company.uses_tax {
        if facts.company.tax_model == TaxModel::Global {
            let way = was.get("GlobalTaxCalculation");
            let way = way.map_or("\"TaxExcluded\"", |way| way.get());
            put("GlobalTaxCalculation", way.to_owned())?;
        }
        put("TxnTaxDetail", tax_detail(facts, &was)?)?;
    }
    let warnings = left_behind.into_iter().map(|field| {
        Reason::new(
            "mapping_left_behind",
            format!(
                "`{field}` was not on the document before, and QuickBooks lets nothing take it off"
            ),
        )
        .hint("take it off in QuickBooks")
    });
    Ok(Encoded {
        entity: kind.into(),
        body: bodies::text(&body),
        expected: Some(Expectation {
            total: meant.total,
            tax_total: meant.tax_total,
            tax: match facts.company.tax_model {
                TaxModel::Global => meant.tax,
                TaxModel::UsManual | TaxModel::UsAst => BTreeMap::new(),
            },
            date: meant.date.ok_or_else(unreadable)?,
        }),
        warnings: warnings.collect(),
    })
}

fn cannot(why: &str) -> Reason {
    Reason::new("former_content_gone", why).hint("write it back in QuickBooks by hand")
}

/// The part of a value that may be written, with every number digit by digit.
fn copied(value: &RawValue, shape: &WritableShape) -> Result<String, Reason> {
    let unreadable = |_| cannot("what it was before is kept in a form that cannot be read");
    match shape {
        Any => Ok(value.get().to_owned()),
        Fields(fields) => {
            let all: FieldsOf<'_> = serde_json::from_str(value.get()).map_err(unreadable)?;
            let mut taken = Vec::new();
            for (field, shape) in *fields {
                if let Some(value) = all.get(*field) {
                    taken.push(format!("\"{field}\":{}", copied(value, shape)?));
                }
            }
            Ok(format!("{{{}}}", taken.join(",")))
        }
        Each(shape) => {
            let all: Vec<&RawValue> = serde_json::from_str(value.get()).map_err(unreadable)?;
            let taken: Result<Vec<String>, Reason> =
                all.into_iter().map(|value| copied(value, shape)).collect();
            Ok(format!("[{}]", taken?.join(",")))
        }
    }
}

fn word(fields: &FieldsOf<'_>, name: &str) -> Option<String> {
    serde_json::from_str(fields.get(name)?.get()).ok()
}

/// Every line that somebody wrote. Subtotals are QuickBooks' own.
fn lines(was: &FieldsOf<'_>, kind: DocumentKind) -> Result<String, Reason> {
    let unreadable = |_| cannot("what it was before is kept in a form that cannot be read");
    let Some(all) = was.get("Line") else {
        return Ok("[]".to_owned());
    };
    let all: Vec<FieldsOf<'_>> = serde_json::from_str(all.get()).map_err(unreadable)?;
    let mut lines = Vec::new();
    for line in all {
        let detail_type = word(&line, "DetailType").unwrap_or_default();
        if detail_type == "SubTotalLineDetail" {
            continue;
        }
        let mut parts = Vec::new();
        for field in ["Description", "Amount", "DetailType"] {
            if let Some(value) = line.get(field) {
                parts.push(format!("\"{field}\":{}", value.get()));
            }
        }
        match DETAILS.iter().find(|(name, _)| *name == detail_type) {
            Some((name, shape)) => {
                if let Some(value) = line.get(*name) {
                    parts.push(format!("\"{name}\":{}", copied(value, shape)?));
                }
            }
            None if kind == DocumentKind::Payment => {}
            None => {
                return Err(cannot(&format!(
                    "a line of the kind `{detail_type}` was on it, which only a person can write"
                )));
            }
        }
        if let (DocumentKind::Payment, Some(links)) = (kind, line.get("LinkedTxn")) {
            parts.push(format!("\"LinkedTxn\":{}", copied(links, &LINKS)?));
        }
        lines.push(format!("{{{}}}", parts.join(",")));
    }
    Ok(format!("[{}]", lines.join(",")))
}

/// The tax as it was, stated anew so that QuickBooks does not work out its own.
fn tax_detail(facts: &FactsOfCompany, was: &FieldsOf<'_>) -> Result<String, Reason> {
    let unreadable = |_| cannot("what it was before is kept in a form that cannot be read");
    let detail: FieldsOf<'_> = match was.get("TxnTaxDetail") {
        Some(detail) => serde_json::from_str(detail.get()).map_err(unreadable)?,
        None => FieldsOf::new(),
    };
    let mut parts = Vec::new();
    if facts.company.tax_model == TaxModel::UsManual
        && let Some(code) = detail.get("TxnTaxCodeRef")
    {
        parts.push(format!("\"TxnTaxCodeRef\":{}", copied(code, &REFERENCE)?));
    }
    let total = detail.get("TotalTax").map_or("0", |total| total.get());
    parts.push(format!("\"TotalTax\":{total}"));
    if facts.company.tax_model == TaxModel::Global
        && let Some(lines) = detail.get("TaxLine")
    {
        parts.push(format!("\"TaxLine\":{}", copied(lines, &TAX_LINES)?));
    }
    Ok(format!("{{{}}}", parts.join(",")))
}

/// A note without our mark, which counts our changes and so is another one each time.
fn unmarked(note: &str) -> String {
    let Some(start) = note.rfind("[udsync ") else {
        return note.trim_end().to_owned();
    };
    let end = note[start..]
        .find(']')
        .map_or(note.len(), |at| start + at + 1);
    let (before, behind) = (note[..start].trim_end(), note[end..].trim());
    match (before, behind) {
        (before, "") => before.to_owned(),
        ("", behind) => behind.to_owned(),
        (before, behind) => format!("{before}\n{behind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(text: &str) -> Box<RawValue> {
        RawValue::from_string(text.to_owned()).expect("JSON")
    }

    #[test]
    fn only_what_may_be_written_is_taken_with_every_digit() {
        let line = raw(
            r#"{"ItemRef":{"value":"7","name":"Mug"},"Qty":3,"UnitPrice":6.633333333333333,"ItemAccountRef":{"value":"1"},"TaxCodeRef":{"value":"4"}}"#,
        );
        let (_, shape) = &DETAILS[0];
        assert_eq!(
            copied(&line, shape).expect("it can be written"),
            r#"{"ItemRef":{"value":"7"},"Qty":3,"UnitPrice":6.633333333333333,"TaxCodeRef":{"value":"4"}}"#
        );
    }

    #[test]
    fn subtotals_and_ids_of_lines_stay_behind_and_a_bundle_is_refused() {
        let all = raw(
            r#"[{"Id":"1","LineNum":1,"Amount":19.90,"DetailType":"SalesItemLineDetail","LineEx":{"any":[]},
                "SalesItemLineDetail":{"ItemRef":{"value":"7"}}},
                {"Amount":19.90,"DetailType":"SubTotalLineDetail","SubTotalLineDetail":{}}]"#,
        );
        let was = FieldsOf::from([("Line".to_owned(), &*all)]);
        assert_eq!(
            lines(&was, DocumentKind::Invoice).expect("they can be written"),
            r#"[{"Amount":19.90,"DetailType":"SalesItemLineDetail","SalesItemLineDetail":{"ItemRef":{"value":"7"}}}]"#
        );
        let bundle = raw(r#"[{"DetailType":"GroupLineDetail","GroupLineDetail":{}}]"#);
        let was = FieldsOf::from([("Line".to_owned(), &*bundle)]);
        let refused = lines(&was, DocumentKind::Invoice).expect_err("only a person can");
        assert_eq!(refused.code, "former_content_gone");
    }

    #[test]
    fn a_note_loses_its_mark_and_no_word_of_hers() {
        for (note, left) in [
            ("Order 7\n[udsync v=2 store=a rev=1]", "Order 7"),
            (
                "Order 7\n[udsync v=2 store=a rev=1]\nseen by Ann",
                "Order 7\nseen by Ann",
            ),
            ("[udsync v=2 store=a rev=1]", ""),
            ("hers alone", "hers alone"),
        ] {
            assert_eq!(unmarked(note), left);
        }
    }
}
