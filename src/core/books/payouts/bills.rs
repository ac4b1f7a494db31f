//! Bills: the fees of a month as a bill of the payment service, what it gave back of them as its credit, and what settles both.
//!
//! The service has taken its fees already: so the bill is paid at once, out of the clearing account, and with it the credit is taken in.
//! A payout is on one bill with all that it was charged, or on none. Which payouts those are is remembered with the first document of
//! the bill, so that nothing is billed twice, whichever way fees were posted before and are posted by now. The month is that in which
//! a payout arrives, as the bank's statement has it. What arrives in a month that is billed already, and was held until then, is a bill
//! of its own with the next number: a bill that may be paid, filed and reconciled is not written over.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{Datelike, Months, NaiveDate};

use super::posting::{
    PayoutEntry, can_pay, clearing_of, is_fee, line, no_tax, open_day, payout_key, with_lines,
};
use super::shares::{ShareKind, parts};
use super::{PayoutSides, posted_singly};
use crate::model::company::Company;
use crate::model::document::{
    Application, Document, DocumentKey, DocumentKind, Line, LineKind, Role,
};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::origin::Origin;
use crate::model::payout::{PaymentService, Payout, PayoutOwner, PayoutRowKind};
use crate::model::rules::Rules;

/// With what the name of a bill begins. No payment service names a payout so.
const BEGIN: &str = "fees-";

/// The roles that the documents of a bill have, in the order in which they must be written.
pub const BILL_ROLES: [Role; 4] = [
    Role::Bill,
    Role::VendorCredit,
    Role::BillPayment,
    Role::Credit,
];

/// A month of a payment service, in one currency.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BillMonth {
    pub gateway: PaymentService,
    pub currency: String,
    /// Its first day.
    pub first: NaiveDate,
}

impl BillMonth {
    pub fn of(payout: &Payout) -> BillMonth {
        BillMonth {
            gateway: payout.gateway,
            currency: payout.currency.clone(),
            first: payout.arrives.with_day(1).unwrap_or(payout.arrives),
        }
    }

    pub fn last(&self) -> NaiveDate {
        let next = self.first + Months::new(1);
        next.pred_opt().unwrap_or(next)
    }

    /// What its bill is called, `fees-stripe-2026-10-CAD`; what came late is on the second, which has `-2` behind it.
    pub fn name(&self, number: u32) -> String {
        let month = self.first.format("%Y-%m");
        let name = format!("{BEGIN}{}-{month}-{}", self.gateway, self.currency);
        match number {
            1 => name,
            number => format!("{name}-{number}"),
        }
    }

    pub fn key(&self, number: u32, role: Role) -> DocumentKey {
        let name = self.name(number).parse();
        DocumentKey {
            origin: Origin::Payout(name.expect("letters, digits and hyphens are a name")),
            role,
        }
    }
}

/// `Stripe, 2026-10`
impl fmt::Display for BillMonth {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "{}, {}",
            self.gateway.title(),
            self.first.format("%Y-%m")
        )
    }
}

/// Whether the id is that of a bill, and none that a payment service gave.
pub fn is_bill(id: &str) -> bool {
    id.starts_with(BEGIN)
}

/// The month of a bill by its id, if it is one: the first day of it.
pub fn month_of_bill(id: &str) -> Option<NaiveDate> {
    let mut parts = id.strip_prefix(BEGIN)?.split('-').skip(1);
    let (year, month) = (parts.next()?, parts.next()?);
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, 1)
}

/// What is remembered with the transfer of a payout whose fees are to be on the bill of its month.
pub fn to_be_billed(payout: &Payout) -> Application {
    Application {
        to: BillMonth::of(payout).key(1, Role::Bill),
        kind: DocumentKind::Bill,
        amount: Money::ZERO,
    }
}

/// Whether a transfer says so.
pub fn is_to_be_billed(transfer: &Document) -> bool {
    let mut named = transfer.applies_to.iter();
    named.any(|one| one.kind == DocumentKind::Bill)
}

/// What a payment service charged by one payout, and gave back of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutFees {
    taken: BTreeMap<ShareKind, Money>,
    given: BTreeMap<ShareKind, Money>,
    /// The orders whose fee is among it.
    covers: BTreeMap<u64, Money>,
}

impl PayoutFees {
    /// Less what orders have in documents of their own.
    pub fn of(sides: &PayoutSides<'_>) -> PayoutFees {
        let singly: BTreeMap<u64, Money> = posted_singly(sides.rows, sides.fees_posted)
            .into_iter()
            .collect();
        let mut fees = PayoutFees::default();
        for row in sides.rows {
            if row.kind == PayoutRowKind::Charge
                && let PayoutOwner::Order(order) = row.owner
            {
                if singly.contains_key(&order) {
                    continue;
                }
                *fees.covers.entry(order).or_default() += row.fee;
            }
            for (kind, amount) in parts(row) {
                let side = match amount.is_negative() {
                    true => &mut fees.taken,
                    false => &mut fees.given,
                };
                if is_fee(kind) && !amount.is_zero() {
                    *side.entry(kind).or_default() += amount.abs();
                }
            }
        }
        fees
    }

    pub fn is_nothing(&self) -> bool {
        self.taken.is_empty() && self.given.is_empty()
    }

    fn sum(of: &BTreeMap<ShareKind, Money>) -> Money {
        of.values().copied().sum()
    }

    /// What was taken, less what was given back.
    pub fn net(&self) -> Money {
        PayoutFees::sum(&self.taken) - PayoutFees::sum(&self.given)
    }
}

/// The documents of a bill, in the order in which they must be written.
pub fn bill(
    month: &BillMonth,
    number: u32,
    payouts: &[(&Payout, PayoutFees)],
    rules: &Rules,
    company: &Company,
) -> Result<Vec<PayoutEntry>, Reason> {
    let desk = BillDesk {
        month,
        number,
        rules,
        company,
    };
    desk.documents(payouts)
}

struct BillDesk<'a> {
    month: &'a BillMonth,
    number: u32,
    rules: &'a Rules,
    company: &'a Company,
}

impl BillDesk<'_> {
    fn documents(&self, payouts: &[(&Payout, PayoutFees)]) -> Result<Vec<PayoutEntry>, Reason> {
        let month = self.month;
        let (mut taken, mut given) = (BTreeMap::new(), BTreeMap::new());
        for (_, fees) in payouts {
            for (into, from) in [(&mut taken, &fees.taken), (&mut given, &fees.given)] {
                for (kind, amount) in from {
                    *into.entry(*kind).or_default() += *amount;
                }
            }
        }
        let clearing = clearing_of(self.rules, month.gateway, &month.currency).ok_or_else(|| {
            Reason::new(
                "payout_clearing_missing",
                format!(
                    "no account is named for what is paid by {}, so its fees have nowhere to come from",
                    month.gateway.title()
                ),
            )
            .hint(format!(
                "set `{} = \"…\"` in `[books.deposit]`",
                month.gateway.method()
            ))
        })?;
        let named = format!("the bill of {month}");
        let day = open_day(
            self.rules,
            self.company,
            month.last(),
            &format!("{named} is dated {}", month.last()),
        )?;
        can_pay(self.company, clearing, &named)?;
        let code = no_tax(self.rules, self.company, &named)?;
        let (owed, back) = (PayoutFees::sum(&taken), PayoutFees::sum(&given));
        // More than the bill cannot be set against it: that came in as money.
        let (credited, rest) = split(self.lines(&given)?, owed.min(back));
        let mut documents = Vec::new();
        let coded = |mut lines: Vec<Line>| {
            for line in &mut lines {
                line.tax_code.clone_from(&code);
            }
            lines
        };
        if owed.is_positive() {
            let document = self.document(Role::Bill, DocumentKind::Bill, day, payouts);
            documents.push(Document {
                due: Some(day),
                ..with_lines(document, coded(self.lines(&taken)?))
            });
        }
        if !credited.is_empty() {
            let document =
                self.document(Role::VendorCredit, DocumentKind::VendorCredit, day, payouts);
            documents.push(with_lines(document, coded(credited)));
        }
        if owed.is_positive() {
            let settles = documents.iter().map(|document| Application {
                to: document.key,
                kind: document.kind,
                amount: document.total,
            });
            documents.push(Document {
                applies_to: settles.collect(),
                account: Some(clearing.clone()),
                total: owed - owed.min(back),
                ..self.document(Role::BillPayment, DocumentKind::BillPayment, day, payouts)
            });
        }
        if !rest.is_empty() {
            let document = self.document(Role::Credit, DocumentKind::Deposit, day, payouts);
            documents.push(Document {
                account: Some(clearing.clone()),
                ..with_lines(document, rest)
            });
        }
        if let Some(first) = documents.first_mut() {
            first.applies_to = covered(payouts);
        }
        let entry = |document| PayoutEntry {
            document,
            warnings: Vec::new(),
        };
        Ok(documents.into_iter().map(entry).collect())
    }

    fn document(
        &self,
        role: Role,
        kind: DocumentKind,
        day: NaiveDate,
        payouts: &[(&Payout, PayoutFees)],
    ) -> Document {
        let month = self.month;
        let named: Vec<&str> = payouts
            .iter()
            .map(|(payout, _)| payout.id.as_str())
            .collect();
        Document {
            number: self.doc_number(role),
            date: day,
            currency: month.currency.clone(),
            note: format!(
                "{} fees of {}, payouts {}",
                month.gateway.title(),
                month.first.format("%Y-%m"),
                named.join(", ")
            ),
            ..Document::bare(month.key(self.number, role), kind)
        }
    }

    /// `WC-FEES-2610S`, and `-2` behind it where it is the second of its month: with `C` what was given back, with `P` what settles it.
    fn doc_number(&self, role: Role) -> String {
        let month = self.month;
        let service: String = month.gateway.title().chars().take(1).collect();
        let second = match self.number {
            1 => String::new(),
            number => format!("-{number}"),
        };
        let end = match role {
            Role::VendorCredit => "C",
            Role::BillPayment => "P",
            Role::Credit => return month.name(self.number),
            _ => "",
        };
        format!(
            "{}FEES-{}{service}{second}{end}",
            self.rules.number_prefix,
            month.first.format("%y%m")
        )
    }

    fn lines(&self, of: &BTreeMap<ShareKind, Money>) -> Result<Vec<Line>, Reason> {
        let account = self.rules.gateway_fees.as_deref().ok_or_else(|| {
            Reason::new(
                "payout_row_unmapped",
                format!("no account is named for the fees of {}", self.month),
            )
            .hint("set `gateway_fees = \"…\"` in `[books]`, then `udsync sync payouts`")
        });
        let account = match (account, of.is_empty()) {
            (_, true) => return Ok(Vec::new()),
            (account, false) => account?,
        };
        let lines = of.iter();
        let lines = lines
            .map(|(kind, amount)| line(LineKind::GatewayFee, account, *amount, kind.words(), None));
        Ok(lines.collect())
    }
}

/// Lines up to an amount, and what is left of them.
fn split(lines: Vec<Line>, most: Money) -> (Vec<Line>, Vec<Line>) {
    let (mut within, mut beyond) = (Vec::new(), Vec::new());
    let mut room = most;
    for line in lines {
        let fits = line.amount.min(room);
        let rest = line.amount - fits;
        room -= fits;
        for (amount, into) in [(fits, &mut within), (rest, &mut beyond)] {
            if amount.is_positive() {
                into.push(Line {
                    amount,
                    ..line.clone()
                });
            }
        }
    }
    (within, beyond)
}

/// What is remembered of what a bill is for: each payout with what it was charged, and each order whose fee is among it.
fn covered(payouts: &[(&Payout, PayoutFees)]) -> Vec<Application> {
    let of_payouts = payouts.iter().map(|(payout, fees)| Application {
        to: payout_key(payout, Role::Fee),
        kind: DocumentKind::Bill,
        amount: fees.net(),
    });
    let mut of_orders: BTreeMap<u64, Money> = BTreeMap::new();
    for (order, fee) in payouts.iter().flat_map(|(_, fees)| &fees.covers) {
        *of_orders.entry(*order).or_default() += *fee;
    }
    let of_orders = of_orders.into_iter().map(|(order, amount)| Application {
        to: DocumentKey::of_order(order, Role::Fee),
        kind: DocumentKind::Bill,
        amount,
    });
    of_payouts.chain(of_orders).collect()
}
