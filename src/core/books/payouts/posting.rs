//! Posting: the documents of a payout, or why it waits.
//!
//! What reached the bank is one transfer from the clearing account, on the day on which it arrives, over exactly the amount of the
//! bank's line. Sales and refunds are posted from their orders; so are fees, where the rules say `expense`. What else a payout is made
//! of goes in two documents beside the transfer: what was taken as an expense, and what was given as a deposit. What an order's own
//! fee document holds already is never posted a second time, whatever the rules say by now.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::super::deposit;
use super::bills::{PayoutFees, to_be_billed};
use super::shares::{ShareKind, parts};
use super::{EquationState, PayoutSides, check_payout, posted_singly};
use crate::model::company::{Company, TaxModel};
use crate::model::document::{
    Application, Document, DocumentKey, DocumentKind, ItemKey, Line, LineKind, Role,
};
use crate::model::fault::Reason;
use crate::model::money::Money;
use crate::model::origin::Origin;
use crate::model::payout::{
    PaymentService, Payout, PayoutOwner, PayoutRowKind, PayoutStatus, RowsKnown,
};
use crate::model::rules::{ClosedPeriod, GatewayFees, Rules};

/// What stands on the line of a transfer by which the service took money back.
pub const FROM_BANK: &str = "from the bank";

/// What is entered in the books for a payout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PostedPayout {
    /// Its transfer stands. What did not arrive has none, and neither has what somebody entered by hand.
    pub has_transfer: bool,
    /// What the transfer brings to the bank; negative where it takes from there.
    pub amount: Money,
    /// What its own documents hold of fees.
    pub fees: Money,
    /// They hold any.
    pub has_fees: bool,
    /// Its fees are to be on the bill of its month.
    pub is_to_be_billed: bool,
    /// They are on one.
    pub is_billed: bool,
    /// The orders whose fee is among them.
    pub covers: BTreeSet<u64>,
    /// The bank's line is matched with it; `None` where nobody asked.
    pub at_bank: Option<bool>,
}

/// A document that the books shall hold of a payout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoutEntry {
    pub document: Document,
    pub warnings: Vec<Reason>,
}

/// What the books shall hold of a payout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayoutPlan {
    /// In the order in which they must be written.
    pub entries: Vec<PayoutEntry>,
    pub hold: Option<Reason>,
    /// Nothing is to be posted and nothing is wrong.
    pub skip: Option<Reason>,
}

impl PayoutPlan {
    fn held(reason: Reason) -> PayoutPlan {
        PayoutPlan {
            hold: Some(reason),
            ..PayoutPlan::default()
        }
    }

    fn skipped(code: &'static str, message: String) -> PayoutPlan {
        PayoutPlan {
            skip: Some(Reason::new(code, message)),
            ..PayoutPlan::default()
        }
    }
}

/// The account that the money of a service's buyers reaches.
pub fn clearing_account<'a>(rules: &'a Rules, payout: &Payout) -> Option<&'a String> {
    clearing_of(rules, payout.gateway, &payout.currency)
}

/// The same of a service, in one currency.
pub fn clearing_of<'a>(
    rules: &'a Rules,
    gateway: PaymentService,
    currency: &str,
) -> Option<&'a String> {
    deposit::named(rules, gateway.method(), currency)
}

/// Works out what the books shall hold of a payout.
pub fn account_payout(sides: &PayoutSides<'_>, rules: &Rules, company: &Company) -> PayoutPlan {
    let payout = sides.payout;
    if let Some(left_alone) = left_alone(sides, rules) {
        return left_alone;
    }
    if payout.currency != company.home_currency && payout.status.came_to_nothing() {
        return nothing(payout);
    }
    if payout.currency != company.home_currency {
        return PayoutPlan::held(foreign(payout, &company.home_currency));
    }
    let check = check_payout(sides);
    if let Some(reason) = check.unexplained.first() {
        return PayoutPlan::held(does_not_add_up(payout, &reason.message));
    }
    let differing = check
        .equations
        .iter()
        .find(|one| one.state == EquationState::Differs);
    if let Some(one) = differing {
        let why = one
            .why
            .as_ref()
            .map_or_else(String::new, |why| format!(" ({why})"));
        let said = format!(
            "{} does not hold: {}, {} against {}{why}",
            one.name, one.words, one.gateway, one.other
        );
        return PayoutPlan::held(does_not_add_up(payout, &said));
    }
    let desk = PayoutDesk {
        sides,
        rules,
        company,
    };
    match desk.entries() {
        Ok(entries)
            if entries.is_empty()
                && payout.status.came_to_nothing()
                && !has_fees_for_a_bill(sides, rules) =>
        {
            nothing(payout)
        }
        Ok(entries) => PayoutPlan {
            entries,
            ..PayoutPlan::default()
        },
        Err(reason) => PayoutPlan::held(reason),
    }
}

/// Whether it was charged what the bill of its month is to hold, though its money never left.
fn has_fees_for_a_bill(sides: &PayoutSides<'_>, rules: &Rules) -> bool {
    rules.policy.gateway_fees == GatewayFees::Bill && !PayoutFees::of(sides).is_nothing()
}

/// What is not posted now, and is no mistake either.
fn left_alone(sides: &PayoutSides<'_>, rules: &Rules) -> Option<PayoutPlan> {
    let payout = sides.payout;
    let id = &payout.id;
    if payout.status.came_to_nothing() {
        let has_transfer = sides.posted.is_some_and(|posted| posted.has_transfer);
        // Its money went back to the account, but what the service kept of its rows is kept: that is posted all the same.
        let adds_up = !sides.rows.is_empty() && check_payout(sides).holds();
        match (has_transfer, adds_up) {
            (false, true) => {}
            (false, false) => return Some(nothing(payout)),
            (true, _) => return Some(PayoutPlan::held(
                Reason::new(
                    "payout_came_back",
                    format!(
                        "payout {id} over {} is posted, and {} says that it {}",
                        payout.amount,
                        payout.gateway.title(),
                        match payout.status {
                            PayoutStatus::Canceled => "was canceled",
                            _ => "failed",
                        }
                    ),
                )
                .hint("look at the bank's statement; take the run back that posted it with `udsync undo RUN`, or enter what came back by hand"),
            )),
        }
    }
    if let Some(start) = rules.payouts.start_date
        && payout.arrives < start
    {
        return Some(PayoutPlan::skipped(
            "payout_before_start",
            format!(
                "payout {id} arrived on {}, before `start_date` {start}",
                payout.arrives
            ),
        ));
    }
    if payout.status != PayoutStatus::Paid && !payout.status.came_to_nothing() {
        return Some(PayoutPlan::skipped(
            "payout_not_arrived",
            format!(
                "payout {id} is {}, and arrives on {}",
                payout.status.as_str(),
                payout.arrives
            ),
        ));
    }
    if payout.rows_known == RowsKnown::NotYet {
        return Some(PayoutPlan::skipped(
            "payout_rows_not_ready",
            match payout.gateway.is_filed() {
                true => format!(
                    "the file has only a part of the rows of payout {id}: give one that begins earlier or ends later"
                ),
                false => format!(
                    "{} is still sorting the rows of payout {id}",
                    payout.gateway.title()
                ),
            },
        ));
    }
    None
}

fn nothing(payout: &Payout) -> PayoutPlan {
    PayoutPlan::skipped(
        "payout_came_to_nothing",
        format!("payout {} is {}", payout.id, payout.status.as_str()),
    )
}

fn does_not_add_up(payout: &Payout, said: &str) -> Reason {
    Reason::new(
        "payout_does_not_add_up",
        format!("payout {} over {}: {said}", payout.id, payout.amount),
    )
    .hint(match payout.gateway.is_filed() {
        true => format!(
            "`udsync payouts show {} --file FILE` lists its rows; correct the file or its mapping, then `udsync sync payouts --file FILE`",
            payout.id
        ),
        false => format!(
            "`udsync payouts show {}` lists its rows; it is tried again with the next `udsync sync payouts`",
            payout.id
        ),
    })
}

fn foreign(payout: &Payout, home: &str) -> Reason {
    Reason::new(
        "payout_foreign",
        format!(
            "payout {} over {} is in {}, and the books are kept in {home}",
            payout.id, payout.amount, payout.currency
        ),
    )
    .hint("enter it in QuickBooks by hand, with the rate of your bank, and set it aside: `udsync retry --skip ID --why TEXT`")
}

struct PayoutDesk<'a> {
    sides: &'a PayoutSides<'a>,
    rules: &'a Rules,
    company: &'a Company,
}

impl PayoutDesk<'_> {
    fn entries(&self) -> Result<Vec<PayoutEntry>, Reason> {
        let payout = self.sides.payout;
        let clearing = clearing_account(self.rules, payout).ok_or_else(|| {
            Reason::new(
                "payout_clearing_missing",
                format!(
                    "no account is named for what is paid by {}, so payout {} has nowhere to come from",
                    payout.gateway.title(),
                    payout.id
                ),
            )
            .hint(format!(
                "set `{} = \"…\"` in `[books.deposit]`",
                payout.gateway.method()
            ))
        })?;
        let day = self.day()?;
        let mut entries = Vec::new();
        entries.extend(self.besides(clearing, day)?);
        if !payout.amount.is_zero() && !payout.status.came_to_nothing() {
            let bank = self.bank()?;
            let (from, to) = match payout.amount.is_negative() {
                false => (clearing, bank),
                true => (bank, clearing),
            };
            let words = match payout.amount.is_negative() {
                false => "to the bank",
                true => FROM_BANK,
            };
            let line = line(LineKind::Transfer, to, payout.amount.abs(), words, None);
            let mut transfer = self.document(Role::Transfer, DocumentKind::Transfer, day, from);
            if self.rules.policy.gateway_fees == GatewayFees::Bill {
                transfer.applies_to = vec![to_be_billed(payout)];
            }
            entries.push(PayoutEntry {
                document: with_lines(transfer, vec![line]),
                warnings: self.warnings(),
            });
        }
        Ok(entries)
    }

    fn bank(&self) -> Result<&String, Reason> {
        self.rules.payouts.bank.as_ref().ok_or_else(|| {
            Reason::new(
                "payout_bank_missing",
                format!(
                    "no bank account is named for payout {}",
                    self.sides.payout.id
                ),
            )
            .hint("set `bank = \"Chequing\"` in `[books.payouts]`")
        })
    }

    /// The day on which it arrives, or the first one that is open.
    fn day(&self) -> Result<NaiveDate, Reason> {
        let payout = self.sides.payout;
        let said = format!("payout {} arrived on {}", payout.id, payout.arrives);
        open_day(self.rules, self.company, payout.arrives, &said)
    }

    fn warnings(&self) -> Vec<Reason> {
        let payout = self.sides.payout;
        if payout.rows_known != RowsKnown::Never {
            return Vec::new();
        }
        vec![Reason::new(
            "payout_without_rows",
            format!(
                "payout {} was made by hand: {} does not say of which rows it is made",
                payout.id,
                payout.gateway.title()
            ),
        )]
    }

    fn document(&self, role: Role, kind: DocumentKind, date: NaiveDate, account: &str) -> Document {
        let payout = self.sides.payout;
        let key = payout_key(payout, role);
        Document {
            number: number(self.rules, payout, role),
            date,
            currency: payout.currency.clone(),
            account: Some(account.to_owned()),
            note: format!("{} payout {}", payout.gateway.title(), payout.id),
            ..Document::bare(key, kind)
        }
    }

    /// What the payout is made of besides the money of orders.
    fn besides(&self, clearing: &str, day: NaiveDate) -> Result<Vec<PayoutEntry>, Reason> {
        let covered = self.covered();
        let mut sums: BTreeMap<ShareKind, Money> = BTreeMap::new();
        for row in self.sides.rows {
            let is_singly = row.kind == PayoutRowKind::Charge
                && row
                    .order()
                    .is_some_and(|order| !covered.contains_key(&order));
            for (kind, amount) in parts(row) {
                let leaves_out = match kind {
                    ShareKind::Charges | ShareKind::Refunds | ShareKind::Returned => true,
                    ShareKind::OtherSites => self.keeps_other_sites(clearing),
                    ShareKind::ProcessingFees => is_singly || self.no_fees(),
                    ShareKind::DisputeFees | ShareKind::OtherFees => self.no_fees(),
                    _ => false,
                };
                if !leaves_out {
                    *sums.entry(kind).or_default() += amount;
                }
            }
        }
        let (mut taken, mut given) = (Vec::new(), Vec::new());
        for (kind, amount) in sums.into_iter().filter(|(_, amount)| !amount.is_zero()) {
            let account = self.account_of(kind)?;
            let of_fees = is_fee(kind);
            let line_kind = match of_fees {
                true => LineKind::GatewayFee,
                false => LineKind::PayoutShare,
            };
            let side = match amount.is_negative() {
                true => &mut taken,
                false => &mut given,
            };
            let code = self.no_tax()?;
            side.push(line(line_kind, account, amount.abs(), kind.words(), code));
        }
        let mut entries = Vec::new();
        if !taken.is_empty() {
            self.can_pay(clearing)?;
            let mut document = with_lines(
                self.document(Role::Fee, DocumentKind::Purchase, day, clearing),
                taken,
            );
            document.applies_to = covered
                .iter()
                .map(|(order, amount)| Application {
                    to: DocumentKey::of_order(*order, Role::Fee),
                    kind: DocumentKind::Purchase,
                    amount: *amount,
                })
                .collect();
            entries.push(PayoutEntry {
                document,
                warnings: Vec::new(),
            });
        }
        if !given.is_empty() {
            for line in &mut given {
                line.tax_code = None;
            }
            let document = self.document(Role::Credit, DocumentKind::Deposit, day, clearing);
            entries.push(PayoutEntry {
                document: with_lines(document, given),
                warnings: Vec::new(),
            });
        }
        Ok(entries)
    }

    /// The other site's money is in the same account: its shop posts there too.
    fn keeps_other_sites(&self, clearing: &str) -> bool {
        self.rules.payouts.other_sites.as_deref() == Some(clearing)
    }

    /// They are not booked, or on the bill of the month: whatever the rules say by now, what is on one is posted in no other way.
    fn no_fees(&self) -> bool {
        let is_billed = self.sides.posted.is_some_and(|posted| posted.is_billed);
        is_billed
            || matches!(
                self.rules.policy.gateway_fees,
                GatewayFees::Off | GatewayFees::Bill
            )
    }

    /// The orders whose fee is posted with this payout and not by itself, with that fee.
    fn covered(&self) -> BTreeMap<u64, Money> {
        if self.no_fees() {
            return BTreeMap::new();
        }
        let singly: BTreeMap<u64, Money> = posted_singly(self.sides.rows, self.sides.fees_posted)
            .into_iter()
            .collect();
        let mut covered: BTreeMap<u64, Money> = BTreeMap::new();
        for row in self.sides.rows {
            let PayoutOwner::Order(order) = row.owner else {
                continue;
            };
            if row.kind != PayoutRowKind::Charge || singly.contains_key(&order) {
                continue;
            }
            let says_its_fee = self
                .sides
                .orders
                .get(&order)
                .is_some_and(|order| order.gateway_fee.is_some());
            // Otherwise its own document is still to come.
            if self.rules.policy.gateway_fees == GatewayFees::Payout || !says_its_fee {
                *covered.entry(order).or_default() += row.fee;
            }
        }
        covered
    }

    fn account_of(&self, kind: ShareKind) -> Result<&str, Reason> {
        let payouts = &self.rules.payouts;
        let (account, key) = match kind {
            ShareKind::ProcessingFees | ShareKind::DisputeFees | ShareKind::OtherFees => {
                (&self.rules.gateway_fees, "gateway_fees")
            }
            ShareKind::Disputes => (&payouts.disputes, "disputes"),
            ShareKind::Reserves => (&payouts.reserves, "reserves"),
            ShareKind::OtherSites => (&payouts.other_sites, "other_sites"),
            ShareKind::Adjustments
            | ShareKind::Charges
            | ShareKind::Refunds
            | ShareKind::Returned
            | ShareKind::Unknown => (&payouts.adjustments, "adjustments"),
        };
        account.as_deref().ok_or_else(|| {
            let section = match is_fee(kind) {
                true => "books",
                false => "books.payouts",
            };
            Reason::new(
                "payout_row_unmapped",
                format!(
                    "payout {} has {}, and no account is named for them",
                    self.sides.payout.id,
                    kind.words()
                ),
            )
            .hint(match kind {
                ShareKind::OtherSites => "set `other_sites` in `[books.payouts]`, in the one shop that posts the payouts of this account: to the clearing account where the other shop is kept in the same books and posts there too".to_owned(),
                _ => format!("set `{key} = \"…\"` in `[{section}]`, then `udsync sync payouts`"),
            })
        })
    }

    fn can_pay(&self, clearing: &str) -> Result<(), Reason> {
        let said = format!("payout {} has fees", self.sides.payout.id);
        can_pay(self.company, clearing, &said)
    }

    fn no_tax(&self) -> Result<Option<String>, Reason> {
        let named = format!("payout {}", self.sides.payout.id);
        no_tax(self.rules, self.company, &named)
    }
}

/// The day on which something stands in the books: its own, or the first one that is open. `said` says what is dated so.
pub(super) fn open_day(
    rules: &Rules,
    company: &Company,
    day: NaiveDate,
    said: &str,
) -> Result<NaiveDate, Reason> {
    let Some(closed) = company.closed_through.filter(|closed| day <= *closed) else {
        return Ok(day);
    };
    match (rules.policy.closed_period, closed.succ_opt()) {
        (ClosedPeriod::FirstOpenDay, Some(open)) => Ok(open),
        _ => Err(Reason::new(
            crate::model::code::PERIOD_CLOSED,
            format!("{said}, and the books are closed through {closed}"),
        )
        .hint("move the closing date in QuickBooks, or set `closed_period = \"first_open_day\"`, then `udsync sync payouts`")),
    }
}

/// Whether QuickBooks pays anything out of the clearing account.
pub(super) fn can_pay(company: &Company, clearing: &str, said: &str) -> Result<(), Reason> {
    match company.accounts.get(clearing) {
        Some(known) if !["Bank", "Credit Card"].contains(&known.kind.as_str()) => Err(Reason::new(
            "payment_method_unmapped",
            format!(
                "{said}, and `{clearing}` is of type {}, from which QuickBooks pays nothing",
                known.kind
            ),
        )
        .hint("make the clearing account one of type Bank in QuickBooks")),
        _ => Ok(()),
    }
}

/// The code of lines that have nothing to do with tax.
pub(super) fn no_tax(
    rules: &Rules,
    company: &Company,
    named: &str,
) -> Result<Option<String>, Reason> {
    if !company.uses_tax || company.tax_model != TaxModel::Global {
        return Ok(None);
    }
    match &rules.tax.no_tax_code {
        Some(code) => Ok(Some(code.clone())),
        None => Err(Reason::new(
            "tax_code_unmapped",
            format!("{named} has lines without tax, and no code is named for them"),
        )
        .hint("set `no_tax_code` in `[books.tax]`")),
    }
}

pub(super) fn is_fee(kind: ShareKind) -> bool {
    matches!(
        kind,
        ShareKind::ProcessingFees | ShareKind::DisputeFees | ShareKind::OtherFees
    )
}

pub(super) fn line(
    kind: LineKind,
    account: &str,
    amount: Money,
    description: &str,
    tax_code: Option<String>,
) -> Line {
    Line {
        kind,
        item: ItemKey(account.to_owned()),
        description: description.to_owned(),
        quantity: None,
        unit_price: None,
        amount,
        tax_code,
        source_line: None,
    }
}

pub(super) fn with_lines(document: Document, lines: Vec<Line>) -> Document {
    Document {
        total: lines.iter().map(|line| line.amount).sum(),
        lines,
        ..document
    }
}

/// The key of a payout's document.
pub fn payout_key(payout: &Payout, role: Role) -> DocumentKey {
    let name = payout
        .id
        .parse()
        .unwrap_or_else(|()| short_name(&payout.id));
    DocumentKey {
        origin: Origin::Payout(name),
        role,
    }
}

/// A name that can stand in a mark, for an id that cannot: the digest of it.
fn short_name(id: &str) -> crate::model::origin::Name {
    let digest = crate::model::fingerprint::Fingerprint::of_bytes(id.as_bytes()).to_string();
    let letters: String = digest
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .take(32)
        .collect();
    letters.parse().expect("letters and digits are a name")
}

/// How many letters of the id stand in a number, of which the books take 21.
const LETTERS: usize = 8;

/// The number in the books, where the kind has one; else the payout's own name.
fn number(rules: &Rules, payout: &Payout, role: Role) -> String {
    match role {
        Role::Fee => {
            let letters: Vec<char> = payout.id.chars().collect();
            let last: String = letters[letters.len().saturating_sub(LETTERS)..]
                .iter()
                .collect();
            format!("{}PO-{last}-F", rules.number_prefix)
        }
        _ => payout.id.clone(),
    }
}
