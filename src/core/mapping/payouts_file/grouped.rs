//! Grouped: the lines of a file as payouts, each with the rows that it is made of.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};

use super::FiledPayouts;
use super::columns::{Belonging, PayoutsMapping, Stated};
use super::line::{FileLine, FileLines};
use crate::model::fingerprint::Fingerprint;
use crate::model::money::Money;
use crate::model::payout::{
    PaymentBehind, PaymentService, Payout, PayoutOwner, PayoutRow, PayoutRowKind, PayoutStatus,
    RowsKnown,
};

/// So many letters tell ids apart that look alike.
const DIGEST: usize = 6;

/// Cuts the lines into payouts.
pub fn grouped(
    lines: FileLines,
    mapping: &PayoutsMapping,
    file: &str,
    today: NaiveDate,
) -> FiledPayouts {
    let mut filed = FiledPayouts {
        service: mapping.service,
        file: file.to_owned(),
        payouts: Vec::new(),
        waiting: Vec::new(),
        notes: lines.notes,
    };
    let cutting = Cutting {
        mapping,
        file,
        today,
    };
    let mut lines = lines.lines;
    match mapping.belonging {
        Belonging::Named => cutting.named(lines, &mut filed),
        Belonging::SinceLast => {
            in_time(&mut lines);
            cutting.since_last(lines, &mut filed);
        }
    }
    for (payout, rows) in &mut filed.payouts {
        for (at, row) in rows.iter_mut().enumerate() {
            row.payout = Some(payout.id.clone());
            if row.id.is_empty() {
                row.id = format!("{}-{}", payout.id, at + 1);
            }
        }
    }
    filed
}

/// The oldest first, as the file has them where the times are the same. A line without a time stays behind the one before it.
fn in_time(lines: &mut [FileLine]) {
    let times: Vec<NaiveDateTime> = lines.iter().filter_map(|line| line.at).collect();
    if times.first() > times.last() {
        lines.reverse();
    }
    let mut last = NaiveDateTime::default();
    let mut placed = Vec::with_capacity(lines.len());
    for line in lines.iter() {
        last = line.at.unwrap_or(last);
        placed.push((last, line.clone()));
    }
    placed.sort_by_key(|(at, _)| *at);
    for (place, (_, line)) in lines.iter_mut().zip(placed) {
        *place = line;
    }
}

struct Cutting<'a> {
    mapping: &'a PayoutsMapping,
    file: &'a str,
    today: NaiveDate,
}

impl Cutting<'_> {
    fn gateway(&self) -> PaymentService {
        PaymentService::Filed(self.mapping.service)
    }

    /// Of the service's own id: with its name before it, so that it is one among those of all services.
    /// What of it cannot stand in a name is a hyphen, and then a few letters made of the whole tell it from others.
    fn id(&self, own: &str) -> String {
        let service = self.mapping.service.name.as_str();
        let is_plain = |one: char| one.is_ascii_alphanumeric() || "._-".contains(one);
        if own.chars().all(is_plain) {
            return format!("{service}-{own}");
        }
        let plain = own.chars().map(|one| if is_plain(one) { one } else { '-' });
        let digest = Fingerprint::of_bytes(own.as_bytes());
        format!(
            "{service}-{}-{}",
            plain.collect::<String>(),
            &digest.as_str()[..DIGEST]
        )
    }

    /// What is wrong with the service's own id of a payout.
    fn wrong_id(&self, payout: &Payout, own: &str) -> Option<PayoutRow> {
        let said = match own {
            "" => "a payout has no id, by which it would be known again".to_owned(),
            own if own.starts_with("po_") => format!(
                "payout {own} is one of Stripe or WooPayments, which are asked for theirs: out of a file it would be posted twice"
            ),
            _ => return None,
        };
        Some(self.wrong(payout, said))
    }

    fn payout(&self, id: String, amount: Money, currency: String, arrives: NaiveDate) -> Payout {
        Payout {
            id,
            gateway: self.gateway(),
            amount,
            currency,
            status: match arrives > self.today {
                true => PayoutStatus::InTransit,
                false => PayoutStatus::Paid,
            },
            arrives,
            created: NaiveDateTime::from(arrives).and_utc(),
            rows_known: RowsKnown::Whole,
        }
    }

    /// A row that nobody wrote: a fee of the payout itself, what is carried over, or what is wrong with it.
    fn own_row(&self, payout: &Payout, end: &str, kind: PayoutRowKind, amount: Money) -> PayoutRow {
        PayoutRow {
            id: format!("{}-{end}", payout.id),
            kind,
            word: end.to_owned(),
            amount,
            fee: Money::ZERO,
            currency: payout.currency.clone(),
            owner: PayoutOwner::Unsaid,
            source: None,
            charged: None,
            at: payout.created,
            payout: None,
            trouble: None,
            behind: PaymentBehind::default(),
        }
    }

    fn wrong(&self, payout: &Payout, said: String) -> PayoutRow {
        let said = format!("`{}`: {said}", self.file);
        PayoutRow {
            trouble: Some(said),
            ..self.own_row(payout, "trouble", PayoutRowKind::Unknown, Money::ZERO)
        }
    }

    /// A column says to which payout each line belongs. A line without one is not paid out yet.
    fn named(&self, lines: Vec<FileLine>, filed: &mut FiledPayouts) {
        let mut order: Vec<String> = Vec::new();
        let mut groups: BTreeMap<String, Vec<FileLine>> = BTreeMap::new();
        let mut strays = Vec::new();
        let edges = [lines.first(), lines.last()].map(|line| line?.at.map(|at| at.date()));
        let waiting = lines.iter().filter(|line| line.payout.is_none()).count();
        for line in lines {
            let Some(own) = line.payout.clone() else {
                if let Some(said) = &line.row.trouble {
                    strays.push(said.clone());
                } else if line.row.kind == PayoutRowKind::Payout {
                    strays.push(format!(
                        "line {} of `{}`: it is a payout and does not say which",
                        line.number, self.file
                    ));
                } else {
                    filed.waiting.push(line.row);
                }
                continue;
            };
            let id = self.id(&own);
            if !groups.contains_key(&id) {
                order.push(id.clone());
            }
            groups.entry(id).or_default().push(line);
        }
        let mut at_edge = Vec::new();
        for id in order {
            let lines = groups.remove(&id).unwrap_or_default();
            let days: Vec<Option<NaiveDate>> = lines
                .iter()
                .map(|line| line.at.map(|at| at.date()))
                .collect();
            let own = lines[0].payout.clone().unwrap_or_default();
            let (payout, mut rows) = self.one_named(id, lines);
            rows.extend(self.wrong_id(&payout, &own));
            if edges.iter().any(|edge| days.contains(edge)) {
                at_edge.push(payout.id.clone());
            }
            // Where nobody says what a payout came to, a line that nobody can place may be of any of them.
            if self.mapping.stated == Stated::Rows
                && let Some(said) = strays.first()
            {
                let row = self.own_row(&payout, "stray", PayoutRowKind::Unknown, Money::ZERO);
                rows.push(PayoutRow {
                    trouble: Some(said.clone()),
                    ..row
                });
            }
            filed.payouts.push((payout, rows));
        }
        filed.notes.extend(strays);
        if self.mapping.stated == Stated::Rows {
            filed.notes.extend(of_rows_alone(waiting, &at_edge));
        }
    }

    fn one_named(&self, id: String, lines: Vec<FileLine>) -> (Payout, Vec<PayoutRow>) {
        let currency = lines[0].row.currency.clone();
        let of_column = lines.iter().find_map(|line| line.payout_amount);
        let differs = lines
            .iter()
            .find(|line| {
                line.payout_amount
                    .is_some_and(|amount| Some(amount) != of_column)
            })
            .map(|line| line.number);
        let arrives = lines.iter().find_map(|line| line.arrives);
        let other_day = lines
            .iter()
            .find(|line| line.arrives.is_some_and(|day| Some(day) != arrives))
            .map(|line| line.number);
        let last = lines.iter().filter_map(|line| line.at).max();
        let last = last.map_or(self.today, |at| at.date());
        let (own, rows): (Vec<FileLine>, Vec<FileLine>) = lines
            .into_iter()
            .partition(|line| line.row.kind == PayoutRowKind::Payout && line.row.trouble.is_none());
        let of_lines: Option<Money> =
            (!own.is_empty()).then(|| own.iter().map(|line| -line.row.amount).sum());
        let arrives = arrives.or_else(|| {
            own.iter()
                .filter_map(|line| line.at)
                .max()
                .map(|at| at.date())
        });
        let mut rows: Vec<PayoutRow> = rows.into_iter().map(|line| line.row).collect();
        let sum: Money = rows.iter().map(PayoutRow::net).sum();
        let is_of_rows = self.mapping.stated == Stated::Rows;
        let stated = of_column.or(of_lines).or(is_of_rows.then_some(sum));
        let day = arrives.unwrap_or(last);
        let mut payout = self.payout(id, stated.unwrap_or(sum), currency, day);
        let is_broken = rows.iter().any(|row| row.trouble.is_some());
        if (stated.is_none() || arrives.is_none()) && !is_broken {
            // The file ends before its line does.
            payout.rows_known = RowsKnown::NotYet;
        }
        for line in own.iter().filter(|line| !line.row.fee.is_zero()) {
            rows.push(self.own_row(&payout, "fee", PayoutRowKind::Fee, -line.row.fee));
        }
        if let Some(number) = differs {
            let said = format!(
                "line {number} says another amount of payout {} than the lines before it",
                payout.id
            );
            rows.push(self.wrong(&payout, said));
        }
        if let Some(number) = other_day {
            let said = format!(
                "line {number} says another day of payout {} than the lines before it",
                payout.id
            );
            rows.push(self.wrong(&payout, said));
        }
        (payout, rows)
    }

    /// Each payout takes what the lines since the last one of its currency have brought.
    fn since_last(&self, lines: Vec<FileLine>, filed: &mut FiledPayouts) {
        let mut open: BTreeMap<String, Open> = BTreeMap::new();
        let is_currency = |line: &&FileLine| line.row.currency.len() == 3;
        let mut currency = lines
            .iter()
            .find(is_currency)
            .map(|line| line.row.currency.clone());
        let mut day = self.today;
        for line in lines {
            // Of a line that cannot be understood it is the money, and the day, of the one before it.
            if is_currency(&&line) || line.row.trouble.is_none() {
                currency = Some(line.row.currency.clone());
            }
            day = line.at.map_or(day, |at| at.date());
            let account = open
                .entry(currency.clone().unwrap_or_default())
                .or_default();
            account
                .first
                .get_or_insert(line.balance.map(|balance| balance - line.row.net()));
            if line.row.kind != PayoutRowKind::Payout {
                account.rows.push(line.row);
                continue;
            }
            // What of its own line cannot be understood is its own matter, and not that of the next one.
            account
                .rows
                .extend(line.row.trouble.clone().map(|said| PayoutRow {
                    kind: PayoutRowKind::Unknown,
                    amount: Money::ZERO,
                    fee: Money::ZERO,
                    trouble: Some(said),
                    ..line.row.clone()
                }));
            let arrives = line.arrives.unwrap_or(day);
            let mut payout = self.payout(
                match line.own.as_str() {
                    "" => self.id(&format!("line-{}", line.number)),
                    own => self.id(own),
                },
                -line.row.amount,
                line.row.currency.clone(),
                arrives,
            );
            let mut rows = std::mem::take(&mut account.rows);
            if !line.row.fee.is_zero() {
                rows.push(self.own_row(&payout, "fee", PayoutRowKind::Fee, -line.row.fee));
            }
            rows.extend(self.wrong_id(&payout, &line.own));
            let (before, after) = (account.first.flatten(), line.balance);
            let sum: Money = rows.iter().map(PayoutRow::net).sum();
            let adds_up = sum == payout.amount;
            // What stood in the account before its first line, and what stays in it, is no part of the payout.
            if let (Some(before), Some(after)) = (before, after)
                && before + sum - payout.amount == after
                && !adds_up
            {
                rows.extend(
                    [("before", before), ("after", -after)]
                        .into_iter()
                        .filter(|(_, amount)| !amount.is_zero())
                        .map(|(end, amount)| {
                            self.own_row(&payout, end, PayoutRowKind::Returned, amount)
                        }),
                );
            }
            let is_broken = rows.iter().any(|row| row.trouble.is_some());
            let begins_whole =
                account.is_whole || before.is_some_and(|before| before.is_zero()) || adds_up;
            if !begins_whole && !is_broken {
                payout.rows_known = RowsKnown::NotYet;
                rows.clear();
            }
            *account = Open {
                is_whole: true,
                first: Some(after),
                rows: Vec::new(),
            };
            filed.payouts.push((payout, rows));
        }
        filed
            .waiting
            .extend(open.into_values().flat_map(|account| account.rows));
    }
}

/// What to look at where nothing but its lines says what a payout came to.
fn of_rows_alone(waiting: usize, at_edge: &[String]) -> Vec<String> {
    let mut notes = Vec::new();
    match waiting {
        0 => {}
        1 => notes.push("1 line is in no payout".to_owned()),
        many => notes.push(format!("{many} lines are in no payout")),
    }
    if !at_edge.is_empty() {
        notes.push(format!(
            "what a payout came to is the sum of its lines: see that the file has all lines of {}, which it begins or ends with",
            at_edge.join(", ")
        ));
    }
    notes
}

/// What an account has gathered since its last payout.
#[derive(Default)]
struct Open {
    /// The payout before it stands in the file.
    is_whole: bool,
    /// What it held before the first line; the inner `None`: the file does not say.
    first: Option<Option<Money>>,
    rows: Vec<PayoutRow>,
}
