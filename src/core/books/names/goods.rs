//! Items: matched by the shop's own list, by link, SKU or name, else made.
//!
//! There is one rule for what an order line sells and for what the catalogue holds, so that both come to the same item. The key of a
//! line says what is sold; the shop's name for it is only needed to find or make an item.

use rust_decimal::Decimal;

use super::{CATEGORY, Directory, LONGEST, Resolved, clean_name, with_ending};
use crate::books::item_key;
use crate::model::document::{ItemKey, Line, LineKind};
use crate::model::draft::{ItemDraft, ItemKind};
use crate::model::fault::Reason;
use crate::model::names::ItemEntry;
use crate::model::order::{ItemLine, Order};
use crate::model::product::{Product, ProductKind};
use crate::model::rules::Rules;
use crate::model::wish::{Ware, Wish, WishedKind};

/// A longer SKU would leave too little room for the name.
const LONGEST_ENDING: usize = 60;

type FoundItem = Result<Resolved<ItemDraft>, Reason>;

/// What an order line sells, or the catalogue holds.
#[derive(Clone, Copy, Debug)]
pub struct SoldItem<'a> {
    pub key: &'a ItemKey,
    /// The shop's name of it.
    pub name: &'a str,
    pub product: Option<u64>,
    pub variation: Option<u64>,
    /// The product itself, where it was read.
    pub ware: Option<&'a Ware>,
    /// As which of ours an item is made.
    pub made_as: &'a str,
}

impl<'a> SoldItem<'a> {
    /// What a line of a document of this order sells.
    pub fn by_line(order: &'a Order, line: &'a Line) -> SoldItem<'a> {
        let sold = order
            .items
            .iter()
            .find(|item| line.kind == LineKind::Item && Some(item.id) == line.source_line);
        // Of a line that keeps the item it was posted with the shop says something else by now.
        let told = sold.filter(|item| item_key::item_key(item) == line.item);
        SoldItem {
            key: &line.item,
            // The description of a line also tells of coupons, which are no part of a name.
            name: sold.map_or(&line.description, |item| &item.name),
            product: told.and_then(|item| item.product_id),
            variation: told.and_then(|item| item.variation_id),
            ware: None,
            made_as: &line.item.0,
        }
    }

    /// The very thing that is sold: of a variation not its product.
    pub fn id(&self) -> Option<u64> {
        self.variation.or(self.product)
    }

    pub fn is_goods(&self) -> bool {
        ["sku:", "name:"]
            .iter()
            .any(|word| self.key.0.starts_with(word))
    }

    /// The name that the shop's own list gives it, if it is there; a variation goes before its product.
    fn listed<'r>(&self, rules: &'r Rules) -> Option<(u64, &'r str)> {
        let ids = [self.variation, self.product].into_iter().flatten();
        ids.filter_map(|id| Some((id, rules.products.items.get(&id)?.as_str())))
            .next()
    }
}

/// The key under which a product is remembered, whatever its SKU and its name come to be.
pub fn product_key(id: u64) -> String {
    format!("product:{id}")
}

/// What a line of an order sells, by its id and its key; `None` where the shop does not say any more what it was.
pub fn sold_as(item: &ItemLine) -> Option<(u64, ItemKey)> {
    item.sku.as_ref()?;
    let id = item.variation_id.or(item.product_id)?;
    Some((id, item_key::item_key(item)))
}

/// The key of a product, as an order line has it that sells it. A variation without a SKU of its own has that of its product.
pub fn key_of(product: &Product, parent: Option<&Product>) -> ItemKey {
    let inherited = parent.filter(|_| product.kind == ProductKind::Variation);
    let sku = product
        .sku
        .as_deref()
        .or_else(|| inherited?.sku.as_deref())
        .unwrap_or_default();
    item_key::key_of(sku, &product.name)
}

/// Finds or drafts the item of something that is sold.
pub fn item(
    sold: &SoldItem<'_>,
    rules: &Rules,
    directory: &mut Directory,
    linked: &dyn Fn(&str) -> Option<String>,
) -> FoundItem {
    if !sold.is_goods() {
        return ours(sold.key, rules, directory);
    }
    let sku = sold.key.0.strip_prefix("sku:");
    let wished = sold.ware.and_then(Ware::wish);
    let name = match sold.key.0.strip_prefix("name:") {
        Some(name) => name.to_owned(),
        None => name_of(sold.name, sku.unwrap_or_default()),
    };
    let said = sold.ware.map(|ware| clean_name(&ware.product.name));
    let goods = Goods {
        sold,
        sku,
        wished_name: wished
            .and_then(|wish| wish.name.as_deref())
            .map(clean_name)
            // Where it says what the shop says, it says nothing new.
            .filter(|name| !name.is_empty() && Some(name) != said.as_ref()),
        wished,
        name,
    };
    goods.find_or_make(rules, directory, linked)
}

/// The first day on which an item can be sold, if it is counted.
pub fn first_day(directory: &Directory, id: &str) -> Option<chrono::NaiveDate> {
    directory.item_by_id(id)?.starts
}

/// An item of the books as it stands.
pub fn entry<'d>(directory: &'d Directory, id: &str) -> Option<&'d ItemEntry> {
    directory.item_by_id(id)
}

/// Something from the shop's catalogue.
struct Goods<'a> {
    sold: &'a SoldItem<'a>,
    sku: Option<&'a str>,
    name: String,
    /// The shop's own mapping names it so.
    wished_name: Option<String>,
    wished: Option<&'a Wish>,
}

impl Goods<'_> {
    fn find_or_make(
        &self,
        rules: &Rules,
        directory: &mut Directory,
        linked: &dyn Fn(&str) -> Option<String>,
    ) -> FoundItem {
        if let Some((id, name)) = self.sold.listed(rules) {
            return self.named_by_hand(id, name, directory);
        }
        let reference = format!("@item:{}", self.sold.key);
        let own = self.sold.id().map(product_key);
        let remembered = own
            .as_deref()
            .and_then(|own| linked(own).or_else(|| directory.settled.get(own).cloned()))
            .or_else(|| {
                directory
                    .item_by_id(&reference)
                    .map(|entry| entry.id.clone())
            })
            .or_else(|| linked(&self.sold.key.0))
            .or_else(|| directory.settled.get(&reference).cloned());
        if let Some(id) = remembered {
            return match directory.item_by_id(&id) {
                Some(entry) if !entry.active => Err(self.inactive(entry)),
                _ => Ok(known(&id)),
            };
        }
        if let Some(found) = self.by_sku(directory).or_else(|| self.by_name(directory)) {
            if let Ok(Resolved::Known { id, .. }) = &found {
                directory.settle(&reference, id);
            }
            return found;
        }
        if !rules.products.create {
            return ours(&item_key::key("fallback:deleted_product"), rules, directory);
        }
        let draft = self.draft(rules, directory)?;
        let made = make(self.sold.made_as, draft, directory);
        directory.settle(&reference, &format!("@item:{}", self.sold.made_as));
        Ok(made)
    }

    /// The shop's own list says which item it is, so nothing else is looked at and nothing is made.
    fn named_by_hand(&self, id: u64, name: &str, directory: &Directory) -> FoundItem {
        let mut named: Vec<&ItemEntry> = directory
            .items_named(name)
            .filter(|entry| entry.kind != CATEGORY)
            .collect();
        named.sort_by_key(|entry| !entry.active);
        match named.first() {
            Some(entry) if entry.active => Ok(known(&entry.id)),
            Some(entry) => Err(self.inactive(entry)),
            None => Err(Reason::new(
                "item_unknown",
                format!("product {id} is to be the item `{name}`, which QuickBooks does not have"),
            )
            .hint("correct the name in `[books.products.items]`, or add the item in QuickBooks; then run `udsync retry --all`")),
        }
    }

    fn draft(&self, rules: &Rules, directory: &Directory) -> Result<ItemDraft, Reason> {
        let product = self.sold.ware.map(|ware| &ware.product);
        let empty = Wish::default();
        let wish = self.wished.unwrap_or(&empty);
        let sku = match &wish.sku {
            Some(wished) => Some(wished.trim()),
            None => self.sku,
        };
        let kind = self.kind(rules, wish)?;
        let is_counted = matches!(kind, ItemKind::Inventory { .. });
        let cogs = rules.products.inventory.as_ref();
        let cogs = cogs
            .filter(|_| is_counted)
            .map(|inventory| inventory.cogs_account.clone());
        Ok(ItemDraft {
            name: self.free_name(directory)?,
            sku: sku
                .filter(|sku| !sku.is_empty() && sku.chars().count() <= LONGEST)
                .map(str::to_owned),
            kind,
            income_account: wish
                .income_account
                .clone()
                .or_else(|| income_account(product?, rules))
                .unwrap_or_else(|| rules.income_account.clone()),
            expense_account: wish.expense_account.clone().or(cogs),
            description: wish.description.clone(),
            purchase_description: wish.purchase_description.clone(),
            class: wish.class.clone(),
            taxable: wish.taxable,
            price: self.sold.ware.and_then(Ware::price).filter(is_price),
        })
    }

    /// What cannot be touched is a service. Goods are counted only where the rules say so, and only those that the shop counts.
    fn kind(&self, rules: &Rules, wish: &Wish) -> Result<ItemKind, Reason> {
        let product = self.sold.ware.map(|ware| &ware.product);
        let is_service = product.is_some_and(|product| product.virtual_ || product.downloadable);
        let is_kept = product.is_some_and(|product| product.manages_stock);
        let inventory = rules.products.inventory.as_ref();
        let counted = match wish.kind {
            Some(WishedKind::Service) => return Ok(ItemKind::Service),
            Some(WishedKind::NonInventory) => return Ok(ItemKind::NonInventory),
            Some(WishedKind::Inventory) => Some(inventory.ok_or_else(|| self.uncounted())?),
            None if is_service => return Ok(ItemKind::Service),
            None => inventory.filter(|_| is_kept),
        };
        Ok(match counted {
            None => ItemKind::NonInventory,
            Some(inventory) => ItemKind::Inventory {
                asset_account: wish
                    .asset_account
                    .clone()
                    .unwrap_or_else(|| inventory.asset_account.clone()),
                start_date: inventory.start_date,
            },
        })
    }

    fn uncounted(&self) -> Reason {
        Reason::new(
            "inventory_unset",
            format!(
                "the mapping makes `{}` an inventory item, but the configuration does not say since when and on which accounts stock is counted",
                self.sold.key
            ),
        )
        .hint("add `[books.products.inventory]` with `asset_account`, `cogs_account` and `start_date`, or correct `mappings/woocommerce-quickbooks/products.toml`")
    }

    fn by_sku(&self, directory: &Directory) -> Option<FoundItem> {
        let same: Vec<&ItemEntry> = directory
            .items_by_sku(self.sku?)
            .filter(|entry| entry.kind != CATEGORY)
            .collect();
        let active: Vec<&&ItemEntry> = same.iter().filter(|entry| entry.active).collect();
        match (active.as_slice(), same.as_slice()) {
            ([], []) => None,
            ([], [inactive, ..]) => Some(Err(self.inactive(inactive))),
            ([one], _) => Some(Ok(known(&one.id))),
            ([first, second, ..], _) => Some(Err(self.ambiguous(first, second))),
        }
    }

    /// An item of the same name, unless it is known to be something else.
    fn by_name(&self, directory: &Directory) -> Option<FoundItem> {
        let names = [Some(&self.name), self.wished_name.as_ref()];
        let mut same = names
            .into_iter()
            .flatten()
            .flat_map(|name| directory.items_named(name))
            .filter(|entry| !self.clashes(entry));
        let first = same.next()?;
        if first.active {
            return Some(Ok(known(&first.id)));
        }
        match same.find(|entry| entry.active) {
            Some(active) => Some(Ok(known(&active.id))),
            None => Some(Err(self.inactive(first))),
        }
    }

    fn clashes(&self, entry: &ItemEntry) -> bool {
        let other = entry.sku.as_deref().unwrap_or_default().trim();
        let other_sku = match self.sku {
            Some(own) => !other.is_empty() && other != own,
            None => false,
        };
        entry.kind == CATEGORY || other_sku
    }

    fn free_name(&self, directory: &Directory) -> Result<String, Reason> {
        let name = self.wished_name.as_ref().unwrap_or(&self.name);
        if directory.items_named(name).next().is_none() {
            return Ok(name.clone());
        }
        let short_sku = self
            .sku
            .map(clean_name)
            .filter(|sku| !sku.is_empty() && sku.chars().count() <= LONGEST_ENDING);
        let distinction = short_sku.or_else(|| self.sold.id().map(|id| id.to_string()));
        let second = distinction.map(|word| with_ending(name, &format!(" ({word})")));
        match second {
            Some(name) if directory.items_named(&name).next().is_none() => Ok(name),
            _ => Err(Reason::new(
                "name_conflict",
                format!(
                    "`{}` cannot be made in QuickBooks: the item name `{name}` is taken, with its ending too",
                    self.sold.key
                ),
            )
            .hint("rename the item in QuickBooks that has this name, then run `udsync retry --all`")),
        }
    }

    fn inactive(&self, entry: &ItemEntry) -> Reason {
        item_inactive(self.sold.key, entry)
    }

    fn ambiguous(&self, first: &ItemEntry, second: &ItemEntry) -> Reason {
        Reason::new(
            "sku_ambiguous",
            format!(
                "`{}` is the SKU of two items in QuickBooks, `{}` (id {}) and `{}` (id {}), and a sale must go to one of them",
                self.sold.key, first.name, first.id, second.name, second.id
            ),
        )
        .hint("give one of the items another SKU in QuickBooks, then run `udsync retry --all`")
    }
}

/// An item of `[books.items]`: it is the item of the name that stands there.
fn ours(key: &ItemKey, rules: &Rules, directory: &mut Directory) -> FoundItem {
    let reference = format!("@item:{key}");
    if directory.item_by_id(&reference).is_some() {
        return Ok(known(&reference));
    }
    let word = key.0.strip_prefix("fallback:").unwrap_or(&key.0);
    let name = match rules.items.get(word) {
        Some(name) => clean_name(name),
        None => default_name(word),
    };
    let mut named: Vec<&ItemEntry> = directory.items_named(&name).collect();
    named.sort_by_key(|entry| (entry.kind == CATEGORY, !entry.active));
    match named.first() {
        None => Ok(make(
            &key.0,
            ItemDraft::plain(name, ItemKind::Service, &rules.income_account),
            directory,
        )),
        Some(entry) if entry.kind == CATEGORY => Err(Reason::new(
            "name_conflict",
            format!(
                "the item `{name}` for `{key}` is a category in QuickBooks, which cannot be sold"
            ),
        )
        .hint(format!(
            "set `{word} = \"<another item>\"` in `[books.items]`, then run `udsync retry --all`"
        ))),
        Some(entry) if !entry.active => Err(item_inactive(key, entry)),
        Some(entry) => Ok(known(&entry.id)),
    }
}

fn make(key: &str, draft: ItemDraft, directory: &mut Directory) -> Resolved<ItemDraft> {
    directory.add_item(ItemEntry {
        id: format!("@item:{key}"),
        name: draft.name.clone(),
        sku: draft.sku.clone(),
        kind: draft.kind.word().to_owned(),
        active: true,
        revision: String::new(),
        price: draft.price,
        starts: match &draft.kind {
            ItemKind::Inventory { start_date, .. } => Some(*start_date),
            ItemKind::Service | ItemKind::NonInventory => None,
        },
        changed_at: None,
    });
    Resolved::New {
        key: key.to_owned(),
        draft,
    }
}

/// The account of the first of a product's categories that has one.
fn income_account(product: &Product, rules: &Rules) -> Option<String> {
    let accounts = &rules.products.categories;
    product.categories.iter().find_map(|category| {
        let name = category.name.replace("&amp;", "&").trim().to_lowercase();
        accounts
            .get(&category.slug.to_lowercase())
            .or_else(|| accounts.get(&name))
            .cloned()
    })
}

fn is_price(price: &Decimal) -> bool {
    !price.is_zero()
}

fn known(id: &str) -> Resolved<ItemDraft> {
    Resolved::Known {
        id: id.to_owned(),
        warnings: Vec::new(),
    }
}

fn item_inactive(key: &ItemKey, entry: &ItemEntry) -> Reason {
    Reason::new(
        "item_inactive",
        format!(
            "the item `{}` (id {}) for `{key}` is inactive in QuickBooks and cannot be sold",
            entry.name, entry.id
        ),
    )
    .hint("open it under `Products and services` in QuickBooks, inactive ones shown, and make it active; then run `udsync retry --all`")
}

fn name_of(description: &str, sku: &str) -> String {
    [clean_name(description), clean_name(sku)]
        .into_iter()
        .find(|name| !name.is_empty())
        .unwrap_or_else(|| "Unnamed product".to_owned())
}

fn default_name(word: &str) -> String {
    match word {
        "shipping" => "Shipping".to_owned(),
        "fee" => "Fees".to_owned(),
        "discount" => "Discounts".to_owned(),
        "rounding" => "Rounding differences".to_owned(),
        "refund_adjustment" => "Refund adjustments".to_owned(),
        "deleted_product" => "Deleted product".to_owned(),
        own => {
            let spaced = clean_name(&own.replace(['_', '-'], " "));
            let mut letters = spaced.chars();
            match letters.next() {
                Some(first) => first.to_uppercase().chain(letters).collect(),
                None => "Fees".to_owned(),
            }
        }
    }
}
