//! Payouts looked at: what payment services paid out, row by row, against the shop and against what is posted. Nothing is written, to
//! any service or to the state.

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::failure::{Failure, exit};
use super::interrupted::interruptible;
use crate::app::App;
use crate::app::days::DayRange;
use crate::books::payouts::{
    Equation, EquationState, PayoutCheck, check_payout, clearing_account, equation,
};
use crate::connector::port::{GatewayReader, Statements};
use crate::connector::stripe::Stripe;
use crate::connector::woocommerce::{WooCommerce, WooPayments};
use crate::engine::error::EngineError;
use crate::engine::payouts::{PayoutMonth, read_month};
use crate::model::fault::{Fault, Remedy};
use crate::model::money::Money;
use crate::model::payout::{GatewayBalance, PaymentService, Payout, PayoutRow};
use crate::model::rules::GatewayFees;
use crate::model::service::Service;
use crate::store::Store;

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
}

impl GatewayReader for OpenGateway<'_> {
    fn gateway(&self) -> PaymentService {
        match self {
            OpenGateway::Stripe(one) => one.gateway(),
            OpenGateway::WooPayments(one) => one.gateway(),
        }
    }

    async fn payouts(&self, since: NaiveDate) -> Result<Vec<Payout>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.payouts(since).await,
            OpenGateway::WooPayments(one) => one.payouts(since).await,
        }
    }

    async fn rows(&self, payout: &Payout) -> Result<Vec<PayoutRow>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.rows(payout).await,
            OpenGateway::WooPayments(one) => one.rows(payout).await,
        }
    }

    async fn recent_rows(&self, since: NaiveDate) -> Result<Vec<PayoutRow>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.recent_rows(since).await,
            OpenGateway::WooPayments(one) => one.recent_rows(since).await,
        }
    }

    async fn balance(&self) -> Result<Vec<GatewayBalance>, Fault> {
        match self {
            OpenGateway::Stripe(one) => one.balance().await,
            OpenGateway::WooPayments(one) => one.balance().await,
        }
    }
}

/// The payment services of a shop, and what is wrong with those that do not answer.
pub struct OpenGateways<'a> {
    pub gateways: Vec<OpenGateway<'a>>,
    pub troubles: Vec<Fault>,
}

impl<'a> OpenGateways<'a> {
    /// Those that there are. One of them being down keeps nothing from the others.
    pub async fn open(
        app: &App,
        store: &Store,
        source: &'a WooCommerce,
        only: Option<PaymentService>,
    ) -> Result<OpenGateways<'a>, Fault> {
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
    /// Services that could not be asked: what the others say stands above.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub troubles: Vec<Failure>,
}

impl PayoutsAnswer {
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
    let open = OpenGateways::open(app, &store, &source, request.gateway).await?;
    let mut answer = PayoutsAnswer {
        schema: "udsync/payouts/1",
        shop: app.config.shop.name.clone(),
        ok: true,
        payouts: Vec::new(),
        accounts: Vec::new(),
        troubles: open.troubles.into_iter().map(Failure::from).collect(),
    };
    let since = request.days.from.unwrap_or_else(|| recent(app));
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
                posted: sides.posted.is_some(),
                rows: read.rows.clone(),
                payout: read.payout.clone(),
            }
        })
        .collect();
    let accounts = match (depth, &request.only) {
        (PayoutDepth::Checked, None) => accounts(app, store, gateway, since, &all, &month).await?,
        _ => Vec::new(),
    };
    Ok((looks, accounts))
}

/// What each account still owes, and whether the clearing account agrees.
async fn accounts(
    app: &App,
    store: &Store,
    gateway: &OpenGateway<'_>,
    since: NaiveDate,
    payouts: &[Payout],
    month: &PayoutMonth,
) -> Result<Vec<GatewayLook>, EngineError> {
    const WORDS: &str = "the clearing account holds what is owed and what is on its way";
    let target = Service::BOOKS.as_str();
    let posted = PayoutMonth::remembered(store, target, payouts.to_vec())?.posted;
    let first = payouts
        .iter()
        .filter(|payout| posted.contains_key(&payout.id))
        .map(|payout| payout.arrives)
        .min();
    let mut looks = Vec::new();
    // Whatever its currency, the same is asked for once.
    let (mut unpaid, mut stated) = (None, None);
    for balance in gateway.balance().await? {
        let mut look = GatewayLook {
            gateway: gateway.gateway(),
            under_way: Money::ZERO,
            clearing: None,
            equation: Equation::unchecked("P4", WORDS, "no payout of it is posted"),
            currency: balance.currency,
            balance: balance.amount,
        };
        let like = payouts
            .iter()
            .find(|payout| payout.currency == look.currency);
        let (Some(first), Some(like)) = (first, like) else {
            looks.push(look);
            continue;
        };
        look.under_way = payouts
            .iter()
            .filter(|payout| payout.currency == look.currency && payout.arrives >= first)
            .filter(|payout| !payout.status.came_to_nothing() && !posted.contains_key(&payout.id))
            .map(|payout| payout.amount)
            .sum();
        look.clearing = clearing_account(&app.config.rules, like).cloned();
        let fees = app.config.rules.policy.gateway_fees;
        look.equation = match fees {
            GatewayFees::Off => {
                Equation::unchecked("P4", WORDS, "fees are not booked (`gateway_fees` is `off`)")
            }
            GatewayFees::Expense | GatewayFees::Payout => {
                let owed = look.balance + look.under_way;
                let waiting = match fees {
                    GatewayFees::Payout => {
                        if unpaid.is_none() {
                            unpaid = Some(unpaid_rows(gateway, since, payouts, month).await?);
                        }
                        let rows = unpaid.iter().flatten();
                        rows.filter(|row| row.currency == look.currency)
                            .map(PayoutRow::fee_share)
                            .sum()
                    }
                    _ => Money::ZERO,
                };
                if stated.is_none() && look.clearing.is_some() {
                    let given = app.sign_in(store)?;
                    stated = Some(app.target(store, &given)?.balances().await?);
                }
                let accounts = stated.iter().flatten();
                let mut stands = accounts.filter(|one| Some(&one.name) == look.clearing.as_ref());
                match stands.next().map(|one| one.balance) {
                    Some(stands) => equation("P4", WORDS, owed + waiting, stands),
                    None => Equation::unchecked("P4", WORDS, "the books have no such account"),
                }
            }
        };
        looks.push(look);
    }
    Ok(looks)
}

/// Rows in no payout: the fees that were kept of them are posted only with the one that is still to come.
async fn unpaid_rows(
    gateway: &OpenGateway<'_>,
    since: NaiveDate,
    payouts: &[Payout],
    month: &PayoutMonth,
) -> Result<Vec<PayoutRow>, EngineError> {
    let mut paid_out: BTreeSet<String> = BTreeSet::new();
    for payout in payouts {
        let read = month
            .payouts
            .iter()
            .find(|read| read.payout.id == payout.id);
        match read {
            Some(read) => paid_out.extend(read.rows.iter().map(|row| row.id.clone())),
            None => paid_out.extend(gateway.rows(payout).await?.into_iter().map(|row| row.id)),
        }
    }
    let mut rows = gateway.recent_rows(since).await?;
    rows.retain(|row| !paid_out.contains(&row.id));
    Ok(rows)
}
