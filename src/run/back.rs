//! Back: the way from the books to the shop within a run. What was done in the books about the money of orders is looked for before the
//! shop is read, planned with everything else, and told after the books have what is theirs.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::failure::Failure;
use super::listener::Listener;
use super::request::Guard;
use crate::app::App;
use crate::connector::port::{LedgerReader, ShopReader, ShopWriter};
use crate::connector::woocommerce::WooCommerce;
use crate::engine::error::EngineError;
use crate::engine::gather::{GatherScope, Reach};
use crate::engine::given_back::{self, GivenBack};
use crate::engine::outcome::Report;
use crate::engine::paid;
use crate::engine::shopward::{
    ShopwardContext, file_shopward, file_untold_in_shop, settle_shop_first, write_to_shop,
};
use crate::model::both::BothWays;
use crate::model::plan::Plan;
use crate::model::ticket::FoundState;
use crate::store::StateReader;

/// What may go back to the shop in this run. A key without the right to write says of itself that nothing does.
pub async fn directions(app: &App, shop: &WooCommerce, listener: &Listener) -> BothWays {
    let both = app.config.both.clone();
    if !both.writes_to_shop() || shop.may_write().await != Some(false) {
        return both;
    }
    listener.note(
        "the key of the shop may only read, so nothing is written to it: `[sync.direction]` asks for that, and `udsync doctor` says what to do",
    );
    both.one_way()
}

/// What was told is no news, and nothing has to be read for it.
fn untold(
    mut given: BTreeMap<u64, Vec<GivenBack>>,
    store: &dyn StateReader,
    shop: &str,
) -> Result<BTreeMap<u64, Vec<GivenBack>>, EngineError> {
    for (order, all) in &mut given {
        let mut fresh = Vec::new();
        for one in std::mem::take(all) {
            if !store.is_done_in_shop(shop, &one.mark(*order))? {
                fresh.push(one);
            }
        }
        *all = fresh;
    }
    given.retain(|_, all| !all.is_empty());
    Ok(given)
}

/// By which day and by which numbers documents in the books are looked for.
pub struct LookedFor<'a> {
    pub today: NaiveDate,
    pub prefix: &'a str,
}

/// Looks for what people did in the books about orders that the shop takes for unpaid, and for what they entered to give something back,
/// and has these orders read besides.
pub async fn look_at_books<F: LedgerReader>(
    scope: &mut GatherScope,
    both: &BothWays,
    when: &LookedFor<'_>,
    books: &F,
    store: &dyn StateReader,
    shop: &WooCommerce,
) -> Result<(), EngineError> {
    if !both.tells_payments() {
        return Ok(());
    }
    let only: Option<BTreeSet<u64>> = match &scope.reach {
        Reach::Orders(ids) => Some(ids | &scope.besides),
        // By hand somebody looks at some orders only, and refunds say nothing of what is owed.
        Reach::Refunded(_) => return Ok(()),
        Reach::Full | Reach::Since(_) if !scope.moves_cursor => return Ok(()),
        Reach::Full | Reach::Since(_) => None,
    };
    let mut look = paid::look(books, store, both.paid, shop.address(), only.as_ref()).await?;
    let since = given_back::since(when.today, matches!(scope.reach, Reach::Full));
    let given = given_back::look(books, store, when.prefix, since, only.as_ref()).await?;
    look.given_back = untold(given, store, shop.address())?;
    scope.besides.extend(look.invoices.keys());
    scope.besides.extend(look.given_back.keys());
    let gone = look.invoices.iter().filter(|(_, seen)| {
        let found = seen.stands.as_ref();
        found.is_none_or(|found| found.state == FoundState::Voided)
    });
    let gone: Vec<u64> = gone.map(|(order, _)| *order).collect();
    scope.compared.extend(gone);
    scope.paid = Some(look);
    Ok(())
}

/// Mails to buyers are a matter of their own: no consent to the plan answers for them.
pub async fn mind_mails(
    guard: &Guard,
    both: &BothWays,
    shop: &WooCommerce,
    plan: &Plan,
) -> Result<(), Failure> {
    let mails = plan.mails();
    let allowed = guard.allow_mails.unwrap_or(both.max_mails);
    if mails <= allowed || shop.keeps_mails_quiet().await {
        return Ok(());
    }
    Err(Failure::new(
        "too_many_mails",
        format!("the shop would send {mails} mails because of what it is told, and `max_mails` allows {allowed}"),
    )
    .hint(format!(
        "look at them with `udsync dry-run orders`; then `--allow-mails {mails}` lets them through, `paid = \"note\"` in `[both]` sends none, and the plugin in `examples/woocommerce/` keeps them quiet"
    )))
}

/// Says how many mails a plan would have the shop send, before anybody agrees to it.
pub async fn foretell_mails(plan: &Plan, shop: &WooCommerce, listener: &Listener) {
    let mails = plan.mails();
    if mails > 0 && !shop.keeps_mails_quiet().await {
        listener.remark(format!(
            "mails that the shop would send because of what it is told: {mails}"
        ));
    }
}

/// Settles what an earlier run left open at the shop, has the history tell what dead runs wrote there, and says which orders were open.
pub async fn settle_at_shop<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
) -> Result<BTreeSet<u64>, Failure> {
    let (orders, end) = settle_shop_first(hands).await?;
    match end {
        Some(fault) => Err(fault.into()),
        None => {
            file_untold_in_shop(hands.store, hands.run_id)?;
            Ok(orders)
        }
    }
}

/// Tells the shop what the plan says, after the books have what is theirs.
pub async fn tell_shop<S: ShopWriter>(
    hands: &ShopwardContext<'_, S>,
    books: &str,
    plan: &Plan,
    report: &mut Report,
) -> Result<(), Failure> {
    if plan.to_shop.is_empty() || report.end.is_some() || report.interrupted {
        return Ok(());
    }
    let outcome = write_to_shop(hands, &plan.to_shop).await?;
    file_shopward(hands, books, &plan.to_shop, &outcome, report)?;
    Ok(())
}
