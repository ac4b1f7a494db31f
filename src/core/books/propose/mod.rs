//! Proposals: what the configuration should say, from what the shop and the books really hold.
//!
//! It exists so that a shop owner is asked only where there is doubt. Each proposal says how sure it is and why, and what would be
//! held back if nobody answered. Nothing is guessed into the books from here: a doubtful proposal has no value until a person gives
//! it one.
//!
//! It deliberately does not ask, write or know of flags.

mod goods;
mod money;
mod names;
mod status;
mod tax;
#[cfg(test)]
mod tests;

pub use tax::name_of as rate_name;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::model::company::Company;
use crate::model::names::ItemEntry;
use crate::model::shop::Shop;

/// What a proposal is about: a line of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ProposalSubject {
    Timezone,
    IncomeAccount,
    FeeAccount,
    /// `stripe`, `stripe:USD`, `*`
    Deposit(String),
    /// By the shop's method.
    PaymentMethod(String),
    /// By the rate's code, or by its id where the code names several.
    TaxRate(String),
    /// By the rates that stand together on a line.
    TaxCode(Vec<String>),
    UntaxedCode,
    ExportCode,
    /// The code of a whole document, in the US.
    DocumentCode,
    /// By the key of `[books.items]`.
    Item(String),
    Status(String),
}

impl ProposalSubject {
    /// Where it stands in the configuration: `books.deposit.stripe`.
    pub fn key(&self) -> String {
        match self {
            ProposalSubject::Timezone => "books.timezone".to_owned(),
            ProposalSubject::IncomeAccount => "books.income_account".to_owned(),
            ProposalSubject::FeeAccount => "books.gateway_fees".to_owned(),
            ProposalSubject::Deposit(method) => format!("books.deposit.{method}"),
            ProposalSubject::PaymentMethod(method) => format!("books.payment_methods.{method}"),
            ProposalSubject::TaxRate(rate) => format!("books.tax.rates.{rate}"),
            ProposalSubject::TaxCode(rates) => format!("books.tax.codes.{}", rates.join(",")),
            ProposalSubject::UntaxedCode => "books.tax.no_tax_code".to_owned(),
            ProposalSubject::ExportCode => "books.tax.export_code".to_owned(),
            ProposalSubject::DocumentCode => "books.tax.us_txn_tax_code".to_owned(),
            ProposalSubject::Item(key) => format!("books.items.{key}"),
            ProposalSubject::Status(status) => format!("books.policy.status_map.{status}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Certainty {
    /// Asked, and there is nothing to propose.
    Doubtful,
    /// Asked, with this as the answer that Return gives.
    Likely,
    /// Not asked.
    Certain,
}

/// What would be held back without an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct WouldHold {
    /// The reason as orders would carry it, `tax_code_unmapped`.
    pub code: &'static str,
    /// Which orders: `orders paid with PayPal`.
    pub what: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    pub subject: ProposalSubject,
    /// What it is called in the shop: `Credit Card (Stripe)`.
    pub about: String,
    /// `None`: nothing suits, or it is better left out.
    pub value: Option<String>,
    pub certainty: Certainty,
    /// Why, in a few words.
    pub because: String,
    /// What the books have for it, what comes closest first.
    pub choices: Vec<String>,
    pub would_hold: Option<WouldHold>,
}

impl Proposal {
    fn new(subject: ProposalSubject, about: impl Into<String>, pick: Pick) -> Proposal {
        Proposal {
            subject,
            about: about.into(),
            value: pick.value,
            certainty: pick.certainty,
            because: pick.because,
            choices: Vec::new(),
            would_hold: None,
        }
    }

    fn or_hold(mut self, code: &'static str, what: impl Into<String>) -> Proposal {
        self.would_hold = Some(WouldHold {
            code,
            what: what.into(),
        });
        self
    }

    fn among(mut self, choices: Vec<String>) -> Proposal {
        self.choices = choices;
        self
    }

    /// What is held back as it stands.
    pub fn holds_back(&self) -> Option<&WouldHold> {
        self.would_hold.as_ref().filter(|_| self.value.is_none())
    }
}

/// A value with its certainty.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Pick {
    value: Option<String>,
    certainty: Certainty,
    because: String,
}

impl Pick {
    fn certain(value: impl Into<String>, because: impl Into<String>) -> Pick {
        Pick {
            value: Some(value.into()),
            certainty: Certainty::Certain,
            because: because.into(),
        }
    }

    fn likely(value: impl Into<String>, because: impl Into<String>) -> Pick {
        Pick {
            certainty: Certainty::Likely,
            ..Pick::certain(value, because)
        }
    }

    fn doubtful(because: impl Into<String>) -> Pick {
        Pick {
            value: None,
            certainty: Certainty::Doubtful,
            because: because.into(),
        }
    }

    /// Better left out, so nobody is asked.
    fn left_out(because: impl Into<String>) -> Pick {
        Pick {
            certainty: Certainty::Certain,
            ..Pick::doubtful(because)
        }
    }
}

/// What is answered already; `None` is an answer too: leave it out.
pub type GivenAnswers = BTreeMap<ProposalSubject, Option<String>>;

/// What is known of both sides.
#[derive(Clone, Copy, Debug)]
pub struct ProposalFacts<'a> {
    pub shop: &'a Shop,
    pub company: &'a Company,
    pub items: &'a [ItemEntry],
}

/// Proposes everything that the configuration needs, in the order in which it is read. What is answered already has its answer,
/// and what follows from it follows.
pub fn propose(facts: ProposalFacts<'_>, answers: &GivenAnswers) -> Vec<Proposal> {
    let mut proposals = Vec::new();
    proposals.push(money::timezone(facts.shop));
    proposals.push(money::income_account(facts.company));
    proposals.push(money::fee_account(facts.company));
    proposals.extend(money::deposits(facts));
    proposals.extend(money::payment_methods(facts));
    proposals.extend(goods::items(facts));
    settle(&mut proposals, answers);
    fall_back(&mut proposals);
    let mut rates = tax::rates(facts);
    settle(&mut rates, answers);
    let mut codes = tax::codes(facts, &rates);
    settle(&mut codes, answers);
    proposals.extend(rates);
    proposals.extend(codes);
    let mut statuses = status::statuses(facts.shop);
    settle(&mut statuses, answers);
    proposals.extend(statuses);
    let known: BTreeSet<&ProposalSubject> =
        proposals.iter().map(|proposal| &proposal.subject).collect();
    let others = answers
        .iter()
        .filter(|(subject, _)| !known.contains(subject));
    let others: Vec<Proposal> = others
        .map(|(subject, answer)| as_answered(subject, answer))
        .collect();
    proposals.extend(others);
    proposals
}

/// An answer to what nobody asked: a way to pay of former years, a rate that is gone.
fn as_answered(subject: &ProposalSubject, answer: &Option<String>) -> Proposal {
    let pick = Pick {
        value: answer.clone(),
        ..Pick::left_out(SAID)
    };
    Proposal::new(subject.clone(), subject.key(), pick)
}

const SAID: &str = "as you said";

/// With an account for any other way to pay, a way without one of its own holds nothing back.
fn fall_back(proposals: &mut [Proposal]) {
    let any = ProposalSubject::Deposit("*".to_owned());
    let is_answered = |proposal: &Proposal| proposal.subject == any && proposal.value.is_some();
    if proposals.iter().any(is_answered) {
        for proposal in proposals {
            if matches!(proposal.subject, ProposalSubject::Deposit(_)) {
                proposal.would_hold = None;
            }
        }
    }
}

/// Puts answers in the place of proposals.
fn settle(proposals: &mut [Proposal], answers: &GivenAnswers) {
    for proposal in proposals {
        if let Some(answer) = answers.get(&proposal.subject) {
            proposal.value.clone_from(answer);
            proposal.certainty = Certainty::Certain;
            proposal.because = SAID.to_owned();
        }
    }
}

/// What holds orders back whatever is mapped: differences between the shop and the books that no line of the configuration mends.
pub fn obstacles(facts: ProposalFacts<'_>) -> Vec<WouldHold> {
    let ProposalFacts { shop, company, .. } = facts;
    let mut found = Vec::new();
    if shop.currency != company.home_currency && !company.multicurrency {
        found.push(WouldHold {
            code: "currency_not_enabled",
            what: format!(
                "every order: the shop sells in {}, and the books keep {} only",
                shop.currency, company.home_currency
            ),
        });
    }
    if shop.taxes && !company.uses_tax {
        found.push(WouldHold {
            code: "company_tax_off",
            what: "orders with tax: sales tax is switched off in QuickBooks".to_owned(),
        });
    }
    if shop.decimals > 2 {
        found.push(WouldHold {
            code: "amount_precision",
            what: format!(
                "orders with fractions of a cent: the shop's prices have {} decimals",
                shop.decimals
            ),
        });
    }
    found
}
