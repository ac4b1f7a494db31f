//! Payouts looked at: what payment services paid out, row by row, against the shop and against what is posted. Nothing is written, to
//! any service or to the state.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::AtomicBool;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::failure::{Failure, exit};
use super::interrupted::interruptible;
use super::payouts_file::{FileGateway, PayoutsFile};
use crate::app::App;
use crate::app::days::DayRange;
use crate::books::payouts::{
    Equation, EquationState, PayoutCheck, check_payout, clearing_of, equation,
};
use crate::connector::port::{GatewayReader, Statements};
use crate::connector::stripe::Stripe;
use crate::connector::woocommerce::{WooCommerce, WooPayments};
use crate::engine::error::EngineError;
use crate::engine::payouts::{PayoutMonth, not_in_books, read_month};
use crate::model::fault::{Fault, Remedy};
use crate::model::money::Money;
use crate::model::payout::{GatewayBalance, PaymentService, Payout, PayoutRow, RowsKnown};
use crate::model::plan::Entity;
use crate::model::problem::ProblemState;
use crate::model::rules::GatewayFees;
use crate::model::service::Service;
use crate::store::{Problems, Store};

/// So many days back payouts are looked at where nobody says how far.
const DAYS_BACK: u64 = 90;

/// From which day on payouts are recent.
pub(super) fn recent(app: &App) -> NaiveDate {
    let zone = app.config.rules.timezone;
    let today = app.clock.now().with_timezone(&zone).date_naive();
    today - Days::new(DAYS_BACK)
}

/// A payment service that answers.
pub enum OpenGateway<'a> {
    Stripe(Stripe),
    WooPayments(WooPayments<'a>),
    Filed(FileGateway),
}

impl GatewayReader for OpenGateway<'_> {
    fn gateway(&self) -> PaymentService {
        match self {
            OpenGateway::Stripe(one) => one.gateway(),
            OpenGateway::WooPayments(one) => one.gateway(),
            OpenGateway::Filed(one) => one.gateway(),
        }
    }

    async fn payouts(&self, since: NaiveDate) -> Result<Vec<Payout>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.payouts(since).await,
            OpenGateway::WooPayments(one) => one.payouts(since).await,
            OpenGateway::Filed(one) => one.payouts(since).await,
        }
    }

    async fn payout(&self, id: &str) -> Result<Option<Payout>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.payout(id).await,
            OpenGateway::WooPayments(one) => one.payout(id).await,
            OpenGateway::Filed(one) => one.payout(id).await,
        }
    }

    async fn rows(&self, payout: &Payout) -> Result<Vec<PayoutRow>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.rows(payout).await,
            OpenGateway::WooPayments(one) => one.rows(payout).await,
            OpenGateway::Filed(one) => one.rows(payout).await,
        }
    }

    async fn recent_rows(&self, since: NaiveDate) -> Result<Vec<PayoutRow>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.recent_rows(since).await,
            OpenGateway::WooPayments(one) => one.recent_rows(since).await,
            OpenGateway::Filed(one) => one.recent_rows(since).await,
        }
    }

    async fn balance(&self) -> Result<Vec<GatewayBalance>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.balance().await,
            OpenGateway::WooPayments(one) => one.balance().await,
            OpenGateway::Filed(one) => one.balance().await,
        }
    }
}

/// The payment services of a shop, and what is wrong with those that do not answer.
pub struct OpenGateways<'a> {
    pub gateways: Vec<OpenGateway<'a>>,
    pub troubles: Vec<Fault>,
}

impl<'a> OpenGateways<'a> {
    /// Those that there are, or a file alone. One of them being down keeps nothing from the others.
    pub async fn open(
        app: &App,
        store: &Store,
        source: &'a WooCommerce,
        only: Option<PaymentService>,
        file: Option<&PayoutsFile>,
    ) -> Result<OpenGateways<'a>, Fault> {
        if let Some(file) = file {
            return Ok(OpenGateways {
                gateways: vec![OpenGateway::Filed(FileGateway(file.filed.clone()))],
                troubles: Vec::new(),
            });
        }
        let wants = |gateway| only.is_none_or(|only| only == gateway);
        let mut open = OpenGateways {
            gateways: Vec::new(),
            troubles: Vec::new(),
        };
        if wants(PaymentService::WooPayments) {
            match WooPayments::of(source).await {
                Ok(Some(found)) => open.gateways.push(OpenGateway::WooPayments(found)),
                Ok(None) => {}
                Err(fault) => open.troubles.push(fault),
            }
        }
        if wants(PaymentService::Stripe) && app.config.has(Service::Stripe) {
            let given = app.given_for(store, &[Service::Stripe]);
            match given.and_then(|given| app.stripe(&given)) {
                Ok(stripe) => open.gateways.push(OpenGateway::Stripe(stripe)),
                Err(fault) => open.troubles.push(fault),
            }
        }
        if open.gateways.is_empty() && open.troubles.is_empty() {
            return Err(none(only));
        }
        Ok(open)
    }
}

fn none(only: Option<PaymentService>) -> Fault {
    let said = match only {
        Some(gateway) => format!("{} is not connected", gateway.title()),
        None => {
            "no payment service is connected: the shop has no WooPayments, and Stripe is not connected"
                .to_owned()
        }
    };
    Fault::new(Remedy::Reconnect, "gateway_missing", said)
        .hint("`udsync connect stripe` connects Stripe; WooPayments is read through the shop")
}

/// How closely payouts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayoutDepth {
    /// As the service lists them.
    Listed,
    /// With their rows, compared.
    Checked,
}

/// What is wanted.
#[derive(Clone, Debug)]
pub struct PayoutsRequest {
    pub gateway: Option<PaymentService>,
    pub days: DayRange,
    /// This one alone, by its id or the beginning of it.
    pub only: Option<String>,
    pub depth: PayoutDepth,
    /// What a file says, and no service.
    pub file: Option<PayoutsFile>,
}

/// One payout, and what was found.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutLook {
    #[serde(flatten)]
    pub payout: Payout,
    /// It is entered in the books.
    pub posted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<PayoutCheck>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<PayoutRow>,
}

/// The account of a service, and the clearing account against it.
#[derive(Clone, Debug, Serialize)]
pub struct GatewayLook {
    pub gateway: PaymentService,
    pub currency: String,
    pub balance: Money,
    /// Payouts that are on their way, or arrived and are not entered.
    pub under_way: Money,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clearing: Option<String>,
    pub equation: Equation,
    /// What the clearing account should hold of it.
    #[serde(skip)]
    pub should_hold: Option<Money>,
    /// Something of it cannot be told apart, so that a difference proves nothing.
    #[serde(skip)]
    is_doubtful: bool,
    /// A payout of it is posted.
    #[serde(skip)]
    is_posted: bool,
}

/// What came of looking.
#[derive(Clone, Debug, Serialize)]
pub struct PayoutsAnswer {
    schema: &'static str,
    pub shop: String,
    pub ok: bool,
    pub payouts: Vec<PayoutLook>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<GatewayLook>,
    /// The file that says so; what is owed by now it does not say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// What of it was left out.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// Services that could not be asked: what the others say stands above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<Failure>,
}

impl PayoutsAnswer {
    /// Of a shop that is paid through no service: there is nothing to look at, and nothing is wrong.
    pub fn of_nobody(app: &App, why: &str) -> PayoutsAnswer {
        PayoutsAnswer {
            schema: "udsync/payouts/1",
            shop: app.config.shop.name.clone(),
            ok: true,
            payouts: Vec::new(),
            accounts: Vec::new(),
            file: None,
            notes: vec![why.to_owned()],
            troubles: Vec::new(),
        }
    }

    /// How a command ends with it.
    pub fn exit(&self) -> u8 {
        match (self.troubles.first(), self.ok) {
            (Some(trouble), _) => trouble.exit,
            (None, true) => exit::DONE,
            (None, false) => exit::DIFFERENCE,
        }
    }
}

/// Reads and compares.
pub async fn look_at_payouts(
    app: &App,
    request: PayoutsRequest,
    stop: &AtomicBool,
) -> Result<PayoutsAnswer, Failure> {
    let store = app.state_to_read()?;
    app.unveil_to_look(&store)?;
    let given = app.given_for(&store, &[Service::Woocommerce])?;
    let source = app.source(&given)?;
    let file = request.file.as_ref();
    let open = OpenGateways::open(app, &store, &source, request.gateway, file).await?;
    let mut answer = PayoutsAnswer {
        schema: "udsync/payouts/1",
        shop: app.config.shop.name.clone(),
        ok: true,
        payouts: Vec::new(),
        accounts: Vec::new(),
        file: file.map(|file| file.filed.file.clone()),
        notes: file
            .map(|file| file.filed.notes.clone())
            .unwrap_or_default(),
        troubles: open.troubles.into_iter().map(Failure::from).collect(),
    };
    let of_file = file.and_then(PayoutsFile::since);
    let since = request.days.from.or(of_file);
    let since = since.unwrap_or_else(|| recent(app));
    let looking = async {
        for gateway in &open.gateways {
            let found = of_gateway(app, &store, &source, gateway, since, &request).await;
            match found {
                Ok((payouts, accounts)) => {
                    answer.payouts.extend(payouts);
                    answer.accounts.extend(accounts);
                }
                Err(trouble) => answer.troubles.push(Failure::from(trouble)),
            }
        }
        compare_accounts(app, &store, &request, &mut answer).await?;
        Ok::<(), Failure>(())
    };
    interruptible(stop, Box::pin(looking)).await?;
    let order = |look: &PayoutLook| (look.payout.arrives, look.payout.id.clone());
    answer.payouts.sort_by_key(order);
    if let Some(only) = &request.only
        && answer.payouts.is_empty()
        && answer.troubles.is_empty()
    {
        return Err(Failure::new(
            "payout_unknown",
            format!("no payout `{only}` arrived since {since}"),
        )
        .hint("`udsync payouts list` shows them; `--from DATE` looks further back"));
    }
    let holds = |one: &PayoutLook| one.check.as_ref().is_none_or(PayoutCheck::holds);
    // Nothing is proven of a service that did not answer.
    answer.ok = answer.troubles.is_empty()
        && answer.payouts.iter().all(holds)
        && answer
            .accounts
            .iter()
            .all(|one| one.equation.state != EquationState::Differs);
    Ok(answer)
}

type Found = (Vec<PayoutLook>, Vec<GatewayLook>);

async fn of_gateway(
    app: &App,
    store: &Store,
    source: &WooCommerce,
    gateway: &OpenGateway<'_>,
    since: NaiveDate,
    request: &PayoutsRequest,
) -> Result<Found, EngineError> {
    let target = Service::BOOKS.as_str();
    let is_wanted = |payout: &Payout| {
        let is_one = request
            .only
            .as_ref()
            .is_none_or(|only| payout.id.starts_with(only.as_str()));
        is_one
            && request
                .days
                .until
                .is_none_or(|until| payout.arrives <= until)
    };
    let all = gateway.payouts(since).await?;
    let wanted: Vec<Payout> = all.iter().filter(|one| is_wanted(one)).cloned().collect();
    let depth = request.depth;
    let month = match depth {
        // What is posted is known without a row.
        PayoutDepth::Listed => PayoutMonth::remembered(store, target, wanted)?,
        PayoutDepth::Checked => read_month(gateway, source, store, target, wanted).await?,
    };
    let looks = month
        .payouts
        .iter()
        .map(|read| {
            let sides = month.sides(read);
            let is_checked = depth == PayoutDepth::Checked && !read.payout.status.came_to_nothing();
            PayoutLook {
                check: is_checked.then(|| check_payout(&sides)),
                posted: sides.posted.is_some_and(|posted| posted.has_transfer),
                rows: read.rows.clone(),
                payout: read.payout.clone(),
            }
        })
        .collect();
    let accounts = match (depth, &request.only) {
        (PayoutDepth::Checked, None) => {
            let looking = accounts(app, store, source, gateway, since, &all, &month);
            Box::pin(looking).await?
        }
        _ => Vec::new(),
    };
    Ok((looks, accounts))
}

const WORDS: &str = "the clearing account holds what is owed and what is on its way";

/// What each account still owes, and what of it the books cannot hold yet.
async fn accounts(
    app: &App,
    store: &Store,
    source: &WooCommerce,
    gateway: &OpenGateway<'_>,
    since: NaiveDate,
    payouts: &[Payout],
    month: &PayoutMonth,
) -> Result<Vec<GatewayLook>, EngineError> {
    let target = Service::BOOKS.as_str();
    let rules = &app.config.rules;
    let posted = PayoutMonth::remembered(store, target, payouts.to_vec())?.posted;
    // What somebody entered by hand and set aside has left the account too.
    let problems = store.problems(Some(target), true)?;
    let by_hand: BTreeSet<&str> = problems
        .iter()
        .filter(|one| one.state == ProblemState::SetAside && one.source.entity == Entity::Payout)
        .map(|one| one.source.id.as_str())
        .collect();
    let is_entered = |payout: &Payout| {
        let posted = posted.get(&payout.id);
        posted.is_some_and(|posted| posted.has_transfer) || by_hand.contains(payout.id.as_str())
    };
    let first = payouts
        .iter()
        .filter(|payout| posted.contains_key(&payout.id) || by_hand.contains(payout.id.as_str()))
        .map(|payout| payout.arrives)
        .min();
    let mut looks = Vec::new();
    // Whatever its currency, the same is asked for once.
    let mut open = None;
    for balance in gateway.balance().await? {
        let mut look = GatewayLook {
            gateway: gateway.gateway(),
            under_way: Money::ZERO,
            clearing: None,
            equation: Equation::unchecked("P4", WORDS, "no payout of it is posted"),
            currency: balance.currency,
            balance: balance.amount,
            should_hold: None,
            is_doubtful: false,
            is_posted: false,
        };
        look.clearing = clearing_of(rules, look.gateway, &look.currency).cloned();
        let is_shared = PaymentService::ALL
            .into_iter()
            .any(|other| other != look.gateway && is_alike(app, other, &look));
        look.is_posted = first.is_some();
        if look.clearing.is_none() || !(look.is_posted || is_shared) {
            looks.push(look);
            continue;
        }
        // Of one that shares its account with another service everything counts.
        let first = first.or(rules.payouts.start_date).unwrap_or(since);
        let mine = || {
            let of_currency = payouts.iter().filter(|one| one.currency == look.currency);
            of_currency.filter(|one| one.arrives >= first && one.status.has_left())
        };
        look.under_way = mine()
            .filter(|payout| !is_entered(payout))
            .map(|payout| payout.amount)
            .sum();
        look.is_doubtful = mine().any(|payout| payout.rows_known == RowsKnown::Never);
        if rules.policy.gateway_fees == GatewayFees::Off {
            let why = "fees are not booked (`gateway_fees` is `off`)";
            look.equation = Equation::unchecked("P4", WORDS, why);
        } else {
            if open.is_none() {
                let days = (since, first);
                let found =
                    not_in_books(gateway, source, store, target, rules, payouts, month, days);
                open = Some(Box::pin(found).await?);
            }
            let not_there = open.as_ref().and_then(|open| open.get(&look.currency));
            let not_there = not_there.copied().unwrap_or_default();
            look.should_hold = Some(look.balance + look.under_way - not_there);
        }
        looks.push(look);
    }
    Ok(looks)
}

/// What one clearing account should hold of all services that have it.
#[derive(Default)]
struct ClearingSum {
    should_hold: Money,
    is_doubtful: bool,
    services: BTreeSet<PaymentService>,
}

/// Compares each clearing account with what it should hold. Services that share one are compared together.
async fn compare_accounts(
    app: &App,
    store: &Store,
    request: &PayoutsRequest,
    answer: &mut PayoutsAnswer,
) -> Result<(), EngineError> {
    let mut sums: BTreeMap<String, ClearingSum> = BTreeMap::new();
    let posted: BTreeSet<&String> = answer
        .accounts
        .iter()
        .filter(|look| look.is_posted)
        .filter_map(|look| look.clearing.as_ref())
        .collect();
    for look in &answer.accounts {
        if let (Some(clearing), Some(should)) = (&look.clearing, look.should_hold)
            && posted.contains(clearing)
        {
            let sum = sums.entry(clearing.clone()).or_default();
            sum.should_hold += should;
            sum.is_doubtful |= look.is_doubtful;
            sum.services.insert(look.gateway);
        }
    }
    if sums.is_empty() {
        return Ok(());
    }
    let given = app.sign_in(store)?;
    let stated = app.target(store, &given)?.balances().await?;
    let is_whole = answer.troubles.is_empty();
    for look in &mut answer.accounts {
        let Some(clearing) = look
            .clearing
            .as_ref()
            .filter(|_| look.should_hold.is_some())
        else {
            continue;
        };
        let Some(sum) = sums.get(clearing) else {
            continue;
        };
        let stands = stated.iter().find(|one| &one.name == clearing);
        look.equation = match stands.map(|one| one.balance) {
            None => Equation::unchecked("P4", WORDS, "the books have no such account"),
            // Whatever the one that was not asked has there is unknown.
            Some(_) if shares(app, look, request.gateway, is_whole, &sum.services) => {
                Equation::unchecked(
                    "P4",
                    WORDS,
                    format!("another payment service has `{clearing}` too, and was not asked"),
                )
            }
            Some(stands) => {
                let mut found = equation("P4", WORDS, sum.should_hold, stands);
                if sum.services.len() > 1 {
                    let named: Vec<&str> = sum.services.iter().map(|one| one.title()).collect();
                    found.why = Some(format!("{} together", named.join(" and ")));
                }
                if found.state == EquationState::Differs && sum.is_doubtful {
                    let why = format!(
                        "off by {}, and payouts that were made by hand have no rows: what was kept of them cannot be told",
                        found.difference
                    );
                    found = Equation::unchecked("P4", WORDS, why);
                }
                found
            }
        };
    }
    Ok(())
}

/// Whether a service that nobody asked, or that did not answer, has the same clearing account.
fn shares(
    app: &App,
    look: &GatewayLook,
    only: Option<PaymentService>,
    is_whole: bool,
    asked: &BTreeSet<PaymentService>,
) -> bool {
    if only.is_none() && is_whole {
        return false;
    }
    PaymentService::ALL
        .into_iter()
        .any(|other| !asked.contains(&other) && is_alike(app, other, look))
}

/// Whether another service has the same clearing account. Of WooPayments nobody knows whether the shop has it before it is asked.
fn is_alike(app: &App, other: PaymentService, look: &GatewayLook) -> bool {
    let is_there = other == PaymentService::WooPayments || app.config.has(Service::Stripe);
    let theirs = clearing_of(&app.config.rules, other, &look.currency);
    is_there && theirs == look.clearing.as_ref()
}
