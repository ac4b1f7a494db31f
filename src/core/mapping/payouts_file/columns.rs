//! Columns: what a mapping says of a file, and what is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::format::{Item, StrftimeItems};
use serde::{Deserialize, Deserializer};

use super::super::mistake::MappingMistake;
use crate::model::origin::Name;
use crate::model::payout::{FiledService, PaymentService, PayoutRowKind};

/// How it is known to which payout a line belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Belonging {
    /// A column says it.
    Named,
    /// A payout takes what the lines since the last one have brought.
    SinceLast,
}

/// From where it is known what a payout came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stated {
    /// A column, or a line of its own.
    #[default]
    File,
    /// Nobody says it: it is what its rows add up to.
    Rows,
}

/// On which side of zero fees stand that were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeeSign {
    #[default]
    Positive,
    Negative,
}

/// Whether amounts have a sign, or the kind of a line says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AmountSign {
    #[default]
    Signed,
    Unsigned,
}

/// What an amount is read from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum AmountColumns {
    One(String),
    /// Added up.
    Several(Vec<String>),
    Sides(Sides),
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sides {
    pub credit: String,
    pub debit: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawMapping {
    method: String,
    payouts: Belonging,
    #[serde(default)]
    total: Stated,
    format: RawFormat,
    columns: Columns,
    #[serde(default)]
    only: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    kinds: BTreeMap<String, Vec<String>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFormat {
    date: String,
    time: Option<String>,
    #[serde(default = "point")]
    decimal: String,
    #[serde(default)]
    fees: FeeSign,
    #[serde(default)]
    amounts: AmountSign,
    currency: Option<String>,
}

fn point() -> String {
    ".".to_owned()
}

/// What a word of the file stands for; `None`: a line that is left out.
pub type KindOfWord = Option<PayoutRowKind>;

/// A mapping that holds together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutsMapping {
    pub service: FiledService,
    pub belonging: Belonging,
    pub stated: Stated,
    pub date: String,
    pub time: Option<String>,
    /// A point or a comma.
    pub decimal: char,
    pub fees: FeeSign,
    pub amounts: AmountSign,
    pub home: Option<String>,
    pub columns: Columns,
    /// Lines whose column says something else are left out; all in small letters.
    pub only: Vec<(String, BTreeSet<String>)>,
    /// By the word in small letters.
    pub kinds: BTreeMap<String, KindOfWord>,
}

/// Which column is what, by their names.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Columns {
    pub payout: Option<String>,
    pub payout_amount: Option<String>,
    pub arrives: Option<String>,
    pub row: Option<String>,
    pub date: String,
    pub time: Option<String>,
    pub kind: Option<String>,
    pub currency: Option<String>,
    pub gross_currency: Option<String>,
    pub gross: Option<AmountColumns>,
    pub fee: Option<AmountColumns>,
    pub net: Option<AmountColumns>,
    pub balance: Option<String>,
    pub order: Option<String>,
    #[serde(default, deserialize_with = "one_or_more")]
    pub payment: Vec<String>,
}

fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    Ok(match OneOrMore::deserialize(from)? {
        OneOrMore::One(name) => vec![name],
        OneOrMore::More(names) => names,
    })
}

impl AmountColumns {
    pub fn names(&self) -> Vec<&str> {
        match self {
            AmountColumns::One(name) => vec![name],
            AmountColumns::Several(names) => names.iter().map(String::as_str).collect(),
            AmountColumns::Sides(sides) => vec![&sides.credit, &sides.debit],
        }
    }
}

impl PayoutsMapping {
    /// Every column that the mapping names.
    pub fn names(&self) -> Vec<&str> {
        let columns = &self.columns;
        let single = [
            &columns.payout,
            &columns.payout_amount,
            &columns.arrives,
            &columns.row,
            &columns.time,
            &columns.kind,
            &columns.currency,
            &columns.gross_currency,
            &columns.balance,
            &columns.order,
        ];
        let mut names = vec![columns.date.as_str()];
        names.extend(single.into_iter().flatten().map(String::as_str));
        let amounts = [&columns.gross, &columns.fee, &columns.net];
        names.extend(amounts.into_iter().flatten().flat_map(AmountColumns::names));
        names.extend(columns.payment.iter().map(String::as_str));
        names.extend(self.only.iter().map(|(name, _)| name.as_str()));
        names
    }

    /// A line of its own says what a payout came to.
    pub fn has_payout_lines(&self) -> bool {
        let is_payout = |kind: &KindOfWord| *kind == Some(PayoutRowKind::Payout);
        self.columns.kind.is_some() && self.kinds.values().any(is_payout)
    }
}

/// The kinds of lines, as a mapping names them.
const KINDS: [(&str, KindOfWord); 9] = [
    ("charge", Some(PayoutRowKind::Charge)),
    ("refund", Some(PayoutRowKind::Refund)),
    ("dispute", Some(PayoutRowKind::Dispute)),
    ("fee", Some(PayoutRowKind::Fee)),
    ("reserve", Some(PayoutRowKind::Reserve)),
    ("adjustment", Some(PayoutRowKind::Adjustment)),
    ("returned", Some(PayoutRowKind::Returned)),
    ("payout", Some(PayoutRowKind::Payout)),
    ("left_out", None),
];

/// The mapping of a service, or what is wrong with it first.
pub fn payouts_mapping(
    name: &str,
    text: &str,
    file: &str,
) -> Result<PayoutsMapping, Box<MappingMistake>> {
    let raw: RawMapping = toml::from_str(text).map_err(|error| {
        let line = |at: usize| 1 + text[..at.min(text.len())].matches('\n').count();
        Box::new(MappingMistake {
            line: error.span().map_or(1, |span| line(span.start)),
            ..MappingMistake::about_file(file, error.message())
        })
    })?;
    compiled(name, raw).map_err(|(key, message)| {
        let is_of = |line: &str| {
            let line = line.trim_start();
            line.strip_prefix(key)
                .is_some_and(|rest| rest.trim_start().starts_with('='))
        };
        let line = text.lines().position(is_of).map_or(1, |at| at + 1);
        Box::new(MappingMistake {
            line,
            ..MappingMistake::about_file(file, message)
        })
    })
}

/// The mapping, or the key that is wrong and why.
fn compiled(name: &str, raw: RawMapping) -> Result<PayoutsMapping, (&'static str, String)> {
    let is_small = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit();
    let is_taken = ["fees", "stripe", "woopayments"].contains(&name)
        || !name.starts_with(|one: char| one.is_ascii_lowercase());
    let service = name
        .parse()
        .ok()
        .filter(|_| name.len() <= 20 && name.chars().all(is_small) && !is_taken);
    let service = service.ok_or((
        "method",
        format!("`{name}` cannot be the name of a payment service: take a-z and 0-9, and none that udsync asks itself"),
    ))?;
    let method = raw.method.trim().parse().map_err(|()| {
        let said =
            "must be the name of a payment method as orders have it, for example `ppcp-gateway`";
        ("method", format!("`method` {said}"))
    })?;
    let method = not_of_asked(method)?;
    let decimal = match raw.format.decimal.as_str() {
        "." => '.',
        "," => ',',
        other => {
            let said = format!("`decimal` must be `.` or `,`, not `{other}`");
            return Err(("decimal", said));
        }
    };
    for (key, format) in [
        ("date", Some(&raw.format.date)),
        ("time", raw.format.time.as_ref()),
    ] {
        let is_wrong = format.is_some_and(|format| {
            let mut items = StrftimeItems::new(format);
            format.trim().is_empty() || items.any(|item| matches!(item, Item::Error))
        });
        if is_wrong {
            let said = format!(
                "`{key}` cannot be understood: days are written as in `%d/%m/%Y`, and times as in `%H:%M:%S`"
            );
            return Err((key, said));
        }
    }
    let columns = raw.columns;
    if columns.time.is_some() != raw.format.time.is_some() {
        return Err((
            "time",
            "`time` must stand both in `[format]` and in `[columns]`, or in neither".to_owned(),
        ));
    }
    if columns.gross.is_none() && columns.net.is_none() {
        return Err((
            "gross",
            "`[columns]` must name `gross`, `net` or both".to_owned(),
        ));
    }
    if columns.currency.is_none() && raw.format.currency.is_none() {
        return Err((
            "currency",
            "name the column of the currency, or `currency = \"CAD\"` in `[format]`".to_owned(),
        ));
    }
    let mut kinds = BTreeMap::new();
    for (word, said) in raw.kinds {
        let Some((_, kind)) = KINDS.iter().find(|(known, _)| *known == word) else {
            let known = KINDS.map(|(known, _)| known).join("`, `");
            return Err((
                "kinds",
                format!("`[kinds]` has no `{word}`: there are `{known}`"),
            ));
        };
        for said in said {
            if kinds
                .insert(plain(&said), *kind)
                .is_some_and(|before| before != *kind)
            {
                return Err(("kinds", format!("`{said}` stands for two kinds")));
            }
        }
    }
    if columns.kind.is_none() && (!kinds.is_empty() || raw.format.amounts == AmountSign::Unsigned) {
        return Err((
            "kind",
            "`[columns]` must name `kind`, for what kinds there are and what sign they have"
                .to_owned(),
        ));
    }
    let is_sided = |one: &Option<AmountColumns>| matches!(one, Some(AmountColumns::Sides(_)));
    let has_sides = is_sided(&columns.gross) || is_sided(&columns.net);
    if raw.format.amounts == AmountSign::Unsigned && has_sides {
        return Err((
            "amounts",
            "`amounts = \"unsigned\"` does not go with `credit` and `debit`, which say the sign"
                .to_owned(),
        ));
    }
    let mapping = PayoutsMapping {
        service: FiledService {
            name: service,
            method,
        },
        belonging: raw.payouts,
        stated: raw.total,
        date: raw.format.date,
        time: raw.format.time,
        decimal,
        fees: raw.format.fees,
        amounts: raw.format.amounts,
        home: raw.format.currency.map(|code| code.trim().to_uppercase()),
        columns,
        only: raw
            .only
            .into_iter()
            .map(|(name, words)| (name, words.iter().map(|word| plain(word)).collect()))
            .collect(),
        kinds,
    };
    holds_together(&mapping)?;
    Ok(mapping)
}

/// The method, unless its payouts are asked of the service itself: out of a file they would be posted once more.
fn not_of_asked(method: Name) -> Result<Name, (&'static str, String)> {
    let mut asked = PaymentService::ALL.into_iter();
    match asked.find(|one| one.method().eq_ignore_ascii_case(method.as_str())) {
        None => Ok(method),
        Some(service) => Err((
            "method",
            format!(
                "`method` is that of {}, which udsync asks itself: its payouts would be posted twice",
                service.title()
            ),
        )),
    }
}

/// Whether a file that fits can be cut into payouts.
fn holds_together(mapping: &PayoutsMapping) -> Result<(), (&'static str, String)> {
    let has_lines = mapping.has_payout_lines();
    let columns = &mapping.columns;
    let said = match mapping.belonging {
        Belonging::Named if columns.payout.is_none() => {
            "with `payouts = \"named\"` a column `payout` must say to which payout a line belongs"
        }
        Belonging::SinceLast if !has_lines => {
            "with `payouts = \"since_last\"` a column `kind`, and `payout` in `[kinds]`, must say which lines are payouts"
        }
        Belonging::SinceLast
            if mapping.stated == Stated::Rows || columns.payout_amount.is_some() =>
        {
            "with `payouts = \"since_last\"` the line of a payout says what it came to: leave out `total` and `payout_amount`"
        }
        Belonging::SinceLast if columns.row.is_none() => {
            "with `payouts = \"since_last\"` a column `row` must say the id of the line by which a payout is known"
        }
        Belonging::Named if !has_lines && columns.arrives.is_none() => {
            "no column `arrives` and no line of a payout says on which day it reaches the bank"
        }
        Belonging::Named
            if !has_lines && columns.payout_amount.is_none() && mapping.stated == Stated::File =>
        {
            "no column `payout_amount` and no line says what a payout came to: where none does, set `total = \"rows\"`, and it is what its rows add up to"
        }
        _ => return Ok(()),
    };
    Err(("payouts", said.to_owned()))
}

/// A word as it is compared.
pub fn plain(word: &str) -> String {
    let words: Vec<&str> = word.split_whitespace().collect();
    words.join(" ").to_lowercase()
}
