//! Random worlds of accounts and products: people edit on both sides, writes are lost or unheard of, and each world is planned, carried
//! out on a model of both sides, and planned again, as a run would.
//!
//! Planning and what is remembered are the real ones, the state file among them; the two services are values. So ten thousand worlds take
//! seconds, and what the wire adds is left to `tests/it`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use rust_decimal::Decimal;

use super::settle::{remember_plan, settle_conflict, settled};
use super::sides::{self, SaidFields};
use super::{AccountCase, DrawnRecord, KnownAgreements, ProductCase};
use crate::books::agreed_fields::{FieldSaid, in_books};
use crate::books::names::{Party, clean_name};
use crate::model::agreed::{AgreedField, AgreedSide, FieldConflict};
use crate::model::both::*;
use crate::model::draft::{CustomerDraft, CustomerInBooks};
use crate::model::names::ItemEntry;
use crate::model::order::{Address, Buyer};
use crate::model::plan::{Entity, RecordKey, Remote, RemoteKind};
use crate::model::product::{Product, ProductKind};
use crate::model::shop_change::{AddressPart, ShopBefore, ShopChange, ShopperChange};
use crate::model::shopper::Shopper;
use crate::model::wish::Ware;
use crate::store::{Agreements, AgreementsWriter, Store};

const WORLDS: u64 = 10_000;

/// Numbers that look random and are the same on every machine.
struct Luck(u64);

impl Luck {
    fn below(&mut self, below: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % below
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).expect("a small number")]
    }
}

/// What becomes of a run on its way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Done,
    /// The process dies when all is written, before anything of it is remembered.
    Unheard,
    /// Nothing that is sent arrives.
    Lost,
    /// The books do what they are asked for, and the shop does not.
    HalfLost,
}

#[derive(Clone, PartialEq, Eq)]
struct BothSides {
    shopper: Shopper,
    card: CustomerInBooks,
    product: Product,
    item: ItemEntry,
}

struct PairWorld<'s> {
    store: &'s Store,
    target: String,
    both: BothWays,
    sides: BothSides,
    now: DateTime<Utc>,
    runs: u32,
}

fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
}

fn home(city: &str) -> Address {
    Address {
        line_1: "1 Main St".to_owned(),
        line_2: String::new(),
        city: city.to_owned(),
        state: "AB".to_owned(),
        postcode: "T2P 1J9".to_owned(),
        country: "CA".to_owned(),
    }
}

impl<'s> PairWorld<'s> {
    fn random(store: &'s Store, seed: u64, luck: &mut Luck) -> PairWorld<'s> {
        let mut both = BothWays {
            customers: SyncDirection::Both,
            products: SyncDirection::Both,
            on_first: luck.one_of(&[
                FirstMeeting::Manual,
                FirstMeeting::Shop,
                FirstMeeting::Books,
            ]),
            ..BothWays::default()
        };
        let flows = [
            FieldFlow::Both,
            FieldFlow::Both,
            FieldFlow::ToBooks,
            FieldFlow::ToShop,
            FieldFlow::Off,
        ];
        let owners = [FieldOwner::Shop, FieldOwner::Books, FieldOwner::None];
        let rules = [
            ConflictRule::Manual,
            ConflictRule::SourceWins,
            ConflictRule::TargetWins,
            ConflictRule::NewestWins,
        ];
        for rule in both.customer_fields.values_mut() {
            *rule = FieldRule {
                flow: luck.one_of(&flows),
                owner: luck.one_of(&owners),
                on_conflict: luck.one_of(&rules),
            };
        }
        for (field, rule) in &mut both.product_fields {
            let most = if field.is_text() { 4 } else { 3 };
            *rule = FieldRule {
                flow: luck.one_of(&flows),
                owner: luck.one_of(&owners),
                on_conflict: luck.one_of(&rules[..most]),
            };
        }
        let mut world = PairWorld {
            store,
            target: format!("books-{seed}"),
            both,
            sides: beginning(),
            now: at(0),
            runs: 0,
        };
        for _ in 0..6 {
            world.edit(luck);
        }
        world
    }

    /// Somebody changes a field on one side.
    fn edit(&mut self, luck: &mut Luck) {
        let at = self.now + TimeDelta::minutes(i64::try_from(luck.below(6)).expect("few"));
        let words = ["Kim", "Ann: Lee", "Tea & more", "Reed  Ltd"];
        let numbers = ["", "604 555 0101", "778 555 0102"];
        let BothSides {
            shopper,
            card,
            product,
            item,
        } = &mut self.sides;
        let text = luck.one_of(&words).to_owned();
        let city = luck.one_of(&["Calgary", "Banff"]);
        let price = luck.one_of(&["1", "2.5", "12.371428", "19.99"]);
        let price: Decimal = price.parse().expect("a price");
        let which = luck.below(14);
        match which {
            0 => shopper.billing_name.first_name = text,
            1 => shopper.billing_name.company = luck.one_of(&["", "Lee Ltd"]).to_owned(),
            2 => shopper.billing_name.phone = luck.one_of(&numbers).to_owned(),
            3 => shopper.billing = home(city),
            4 => shopper.shipping = home(city),
            5 => product.name = text,
            6 => {
                product.regular_price = Some(price.round_dp(2));
                product.price = product.regular_price;
            }
            7 => card.first_name = clean_name(&text),
            8 => card.company = luck.one_of(&["", "Lee Inc"]).to_owned(),
            9 => card.phone = luck.one_of(&numbers).to_owned(),
            10 => card.billing = home(city),
            11 => item.name = clean_name(&text),
            12 => item.sku = Some(luck.one_of(&["MUG", "CUP"]).to_owned()),
            _ => item.price = Some(price),
        }
        match which {
            0..=4 => shopper.modified_at = Some(at),
            5 | 6 => product.modified_at = Some(at),
            7..=10 => card.changed_at = Some(at),
            _ => item.changed_at = Some(at),
        }
        match which {
            7..=10 => touched(&mut card.remote.revision),
            11.. => touched(&mut item.revision),
            _ => {}
        }
    }

    fn plan(&self) -> Vec<DrawnRecord> {
        let asked = BTreeSet::new();
        let mut known =
            KnownAgreements::load(self.store, &self.target, &self.both, None, &asked, self.now)
                .expect("the state answers");
        known.prices_include_tax = Some(false);
        let BothSides {
            shopper,
            card,
            product,
            item,
        } = &self.sides;
        let party = Party::of_account(shopper, "", None);
        let mut drawn = Vec::new();
        let source = RecordKey::customer("7");
        let digest = super::account_digest(shopper, &party.buyer);
        if !known.is_quiet(&source, &card.remote.id, &card.remote.revision, &digest) {
            let wanted = as_mapped(&party, shopper);
            drawn.push(super::account(
                &known,
                &AccountCase {
                    shopper,
                    buyer: &party.buyer,
                    wanted: &wanted,
                    is_mapped: false,
                    card,
                    shop_ahead: TimeDelta::zero(),
                    books_ahead: TimeDelta::zero(),
                },
            ));
        }
        let source = RecordKey::product(10, "MUG");
        let digest = super::product_digest(product);
        if !known.is_quiet(&source, &item.id, &item.revision, &digest) {
            let ware = Ware {
                product: product.clone(),
                wished: None,
            };
            drawn.push(super::product(
                &known,
                &ProductCase {
                    source,
                    ware: &ware,
                    item,
                    shop_ahead: TimeDelta::zero(),
                    books_ahead: TimeDelta::zero(),
                },
            ));
        }
        drawn
    }

    /// One run. Answers with how many fields it wrote.
    fn run(&mut self, way: Way) -> usize {
        self.runs += 1;
        self.now += TimeDelta::minutes(10);
        let (run, now) = (format!("run-{}", self.runs), self.now);
        let drawn = self.plan();
        remember_plan(self.store, &self.target, &run, &drawn, now).expect("remembered");
        let mut wrote = 0;
        for one in &drawn {
            wrote += one.writes.len();
            if matches!(way, Way::Done | Way::Unheard | Way::HalfLost) {
                self.write_to_books(one);
            }
            let change = match one.record.source.entity {
                Entity::Customer => one.account_change(&self.sides.shopper),
                _ => one.product_change(&self.sides.product),
            };
            if let Some((change, before)) = change {
                only_what_is_allowed(&change, &before);
                if matches!(way, Way::Done | Way::Unheard) {
                    self.write_to_shop(&change);
                }
            }
        }
        if way != Way::Unheard {
            let mut records = Vec::new();
            for one in drawn.iter().filter(|one| !one.writes.is_empty()) {
                let (shop, books) = self.said(one);
                let (record, stand) = settled(one, (&shop, &books), false, &run, now);
                for pending in stand {
                    settle_conflict(self.store, &self.target, &run, pending, now).expect("settled");
                }
                records.push(record);
            }
            AgreementsWriter::agree(self.store, &self.target, &records).expect("agreed");
        }
        wrote
    }

    fn write_to_books(&mut self, one: &DrawnRecord) {
        let now = Some(self.now);
        let change = one.customer_change();
        let card = &mut self.sides.card;
        if !change.is_empty() {
            let put = |into: &mut String, value: Option<String>| {
                if let Some(value) = value {
                    *into = value;
                }
            };
            put(&mut card.first_name, change.first_name);
            put(&mut card.last_name, change.last_name);
            put(&mut card.company, change.company);
            put(&mut card.phone, change.phone);
            put(&mut card.email, change.email);
            card.billing = change.billing.unwrap_or_else(|| card.billing.clone());
            card.shipping = change.shipping.unwrap_or_else(|| card.shipping.clone());
            card.changed_at = now;
            touched(&mut card.remote.revision);
        }
        let change = one.item_change();
        let item = &mut self.sides.item;
        if change != crate::model::draft::ItemChange::default() {
            item.name = change.name.unwrap_or_else(|| item.name.clone());
            item.sku = change.sku.or_else(|| item.sku.clone());
            item.price = change.price.or(item.price);
            item.changed_at = now;
            touched(&mut item.revision);
        }
    }

    fn write_to_shop(&mut self, change: &ShopChange) {
        match change {
            ShopChange::Order { .. } => panic!("no order is a list"),
            ShopChange::Customer { change, .. } => {
                let shopper = &mut self.sides.shopper;
                put_parts(&mut shopper.billing_name, &mut shopper.billing, change);
                let mut nobody = Buyer::default();
                let shipping = ShopperChange {
                    billing: change.shipping.clone(),
                    ..ShopperChange::default()
                };
                put_parts(&mut nobody, &mut shopper.shipping, &shipping);
                shopper.modified_at = Some(self.now);
            }
            ShopChange::Product { change, .. } => {
                let product = &mut self.sides.product;
                product.name = change.name.clone().unwrap_or_else(|| product.name.clone());
                product.sku = change.sku.clone().or_else(|| product.sku.clone());
                product.regular_price = change.regular_price.or(product.regular_price);
                product.price = product.regular_price;
                product.modified_at = Some(self.now);
            }
        }
    }

    fn said(&self, one: &DrawnRecord) -> (SaidFields, SaidFields) {
        let sides = &self.sides;
        match one.record.source.entity {
            Entity::Customer => {
                let party = Party::of_account(&sides.shopper, "", None);
                (
                    sides::of_shopper(&sides.shopper, &party.buyer),
                    sides::of_customer(&sides.card),
                )
            }
            _ => (
                sides::of_product(&sides.product, Some(false)),
                sides::of_item(&sides.item),
            ),
        }
    }

    /// Every field on each side, as it is known.
    fn values(&self) -> BTreeMap<AgreedField, (String, String)> {
        let party = Party::of_account(&self.sides.shopper, "", None);
        let customer = (
            sides::of_shopper(&self.sides.shopper, &party.buyer),
            sides::of_customer(&self.sides.card),
        );
        let product = (
            sides::of_product(&self.sides.product, Some(false)),
            sides::of_item(&self.sides.item),
        );
        let mut values = BTreeMap::new();
        for (shop, books) in [customer, product] {
            for (field, said) in shop {
                let known = |said: &FieldSaid| said.known(field).unwrap_or_default().to_owned();
                values.insert(field, (known(&said), known(&books[&field])));
            }
        }
        values
    }

    fn conflicts(&self) -> Vec<FieldConflict> {
        let mut all = self.store.open_conflicts(&self.target).expect("answers");
        all.extend(
            self.store
                .settled_conflicts(&self.target, u32::MAX)
                .expect("answers"),
        );
        all
    }
}

fn beginning() -> BothSides {
    let buyer = Buyer {
        account: None,
        first_name: "Kim".to_owned(),
        last_name: "Reed".to_owned(),
        company: String::new(),
        email: "kim@example.com".to_owned(),
        phone: "1".to_owned(),
    };
    let shopper = Shopper {
        id: 7,
        email: "kim@example.com".to_owned(),
        first_name: "Kim".to_owned(),
        last_name: "Reed".to_owned(),
        role: "customer".to_owned(),
        paying: true,
        billing_name: buyer,
        billing: home("Calgary"),
        shipping: Address::default(),
        created_at: None,
        modified_at: Some(at(0)),
    };
    let card = CustomerInBooks {
        remote: Remote {
            entity: RemoteKind::Customer,
            id: "77".to_owned(),
            revision: "0".to_owned(),
        },
        first_name: "Kim".to_owned(),
        last_name: "Reed".to_owned(),
        company: String::new(),
        email: "kim@example.com".to_owned(),
        phone: String::new(),
        mobile: String::new(),
        note: String::new(),
        website: String::new(),
        billing: Address::default(),
        shipping: Address::default(),
        active: true,
        changed_at: Some(at(0)),
    };
    let price = Some(Decimal::new(1_250, 2));
    let product = Product {
        id: 10,
        parent: None,
        kind: ProductKind::Simple,
        name: "Mug".to_owned(),
        sku: Some("MUG".to_owned()),
        status: "publish".to_owned(),
        virtual_: false,
        downloadable: false,
        price,
        regular_price: price,
        description: String::new(),
        manages_stock: false,
        stock: None,
        categories: Vec::new(),
        created_at: None,
        modified_at: Some(at(0)),
    };
    let item = ItemEntry {
        id: "100".to_owned(),
        name: "Mug".to_owned(),
        sku: Some("MUG".to_owned()),
        kind: "NonInventory".to_owned(),
        active: true,
        revision: "0".to_owned(),
        price,
        starts: None,
        changed_at: Some(at(0)),
    };
    BothSides {
        shopper,
        card,
        product,
        item,
    }
}

fn as_mapped(party: &Party<'_>, shopper: &Shopper) -> CustomerDraft {
    CustomerDraft {
        first_name: clean_name(&party.buyer.first_name),
        last_name: clean_name(&party.buyer.last_name),
        company: clean_name(&party.buyer.company),
        email: party.buyer.email.clone(),
        phone: party.buyer.phone.clone(),
        billing: shopper.billing.clone(),
        shipping: shopper.shipping.clone(),
        ..CustomerDraft::default()
    }
}

fn touched(revision: &mut String) {
    let count: u32 = revision.parse().expect("a count");
    *revision = (count + 1).to_string();
}

fn put_parts(name: &mut Buyer, address: &mut Address, change: &ShopperChange) {
    for (part, value) in &change.billing {
        let into = match part {
            AddressPart::FirstName => &mut name.first_name,
            AddressPart::LastName => &mut name.last_name,
            AddressPart::Company => &mut name.company,
            AddressPart::Phone => &mut name.phone,
            AddressPart::Street => &mut address.line_1,
            AddressPart::StreetBelow => &mut address.line_2,
            AddressPart::City => &mut address.city,
            AddressPart::State => &mut address.state,
            AddressPart::Postcode => &mut address.postcode,
            AddressPart::Country => &mut address.country,
        };
        into.clone_from(value);
    }
    if let Some(email) = &change.billing_email {
        name.email.clone_from(email);
    }
}

/// Nothing of an order, no sign-in address, no stock, and from where it was planned all that is about to be written over.
fn only_what_is_allowed(change: &ShopChange, before: &ShopBefore) {
    match (change, before) {
        (ShopChange::Customer { change, .. }, ShopBefore::Customer(before)) => {
            let parts = |change: &ShopperChange| -> (Vec<AddressPart>, Vec<AddressPart>, bool) {
                (
                    change.billing.keys().copied().collect(),
                    change.shipping.keys().copied().collect(),
                    change.billing_email.is_some(),
                )
            };
            assert_eq!(parts(change), parts(before));
        }
        (ShopChange::Product { change, .. }, ShopBefore::Product(before)) => {
            assert_eq!(change.name.is_some(), before.name.is_some());
            assert_eq!(
                change.regular_price.is_some(),
                before.regular_price.is_some()
            );
            assert!(change.short_description.is_none());
        }
        _ => panic!("an order was to be changed for a list"),
    }
}

fn worlds(mut each: impl FnMut(&mut PairWorld<'_>, &mut Luck)) {
    let store = Store::in_memory().expect("a state");
    for seed in 0..WORLDS {
        let mut luck = Luck(seed);
        let mut world = PairWorld::random(&store, seed, &mut luck);
        each(&mut world, &mut luck);
    }
}

const WAYS: [Way; 5] = [Way::Done, Way::Done, Way::Unheard, Way::Lost, Way::HalfLost];

/// One pass over ten thousand worlds for all that can be asked of one: they come to rest in two runs and stay there, a value that stands
/// nowhere any more can be read, and what is planned depends on no clock.
#[test]
fn ten_thousand_worlds_of_accounts_and_products_come_to_rest_and_lose_nothing() {
    let (mut wrote, mut lost) = (0, 0);
    worlds(|world, luck| {
        for _ in 0..2 {
            // A day later nobody is stopped for having written yesterday.
            world.now += TimeDelta::days(2);
            let edits = luck.below(5);
            let before = world.values();
            for _ in 0..edits {
                world.edit(luck);
            }
            let edited = world.values();
            wrote += world.run(luck.one_of(&WAYS));
            wrote += world.run(Way::Done);
            let rest = world.sides.clone();
            assert_eq!(
                world.run(Way::Done),
                0,
                "{}: it goes on writing",
                world.target
            );
            assert!(world.sides == rest, "{}: it goes on", world.target);
            lost += losers_can_be_read(world, &before, &edited);
        }
    });
    assert!(wrote > 10_000, "only {wrote} fields were written");
    assert!(lost > 100, "only {lost} values lost a conflict");
}

/// Whoever changed a value that stands nowhere any more finds it among the conflicts. Answers with how many there were.
fn losers_can_be_read(
    world: &PairWorld<'_>,
    before: &BTreeMap<AgreedField, (String, String)>,
    edited: &BTreeMap<AgreedField, (String, String)>,
) -> usize {
    let (now, conflicts) = (world.values(), world.conflicts());
    let mut lost = 0;
    for (field, (shop, books)) in edited {
        let was = &before[field];
        let stands = &now[field];
        let same = |spelled: &str, value: &str| {
            spelled == value || in_books(*field, spelled).is_ok_and(|there| there == value)
        };
        for (side, value, was) in [
            (AgreedSide::Shop, shop, &was.0),
            (AgreedSide::Books, books, &was.1),
        ] {
            let is_edit = value != was && !value.is_empty();
            let is_there =
                same(value, &stands.0) || same(value, &stands.1) || same(&stands.0, value);
            if !is_edit || is_there {
                continue;
            }
            lost += 1;
            let kept = conflicts.iter().any(|conflict| {
                let said = match side {
                    AgreedSide::Shop => &conflict.sides.shop,
                    AgreedSide::Books => &conflict.sides.books,
                };
                conflict.field == *field && said == value
            });
            assert!(
                kept,
                "{}: a value of `{field}` is nowhere any more",
                world.target
            );
        }
    }
    lost
}
