//! Items: matched by link, SKU or name, else made.
//!
//! The key of a line says what is sold; the shop's name for it is only needed to find or make an item.

use super::{CATEGORY, Directory, LONGEST, Resolved, clean_name, with_ending};
use crate::model::company::ItemEntry;
use crate::model::document::{ItemKey, Line, LineKind};
use crate::model::draft::ItemDraft;
use crate::model::fault::Reason;
use crate::model::order::Order;
use crate::model::rules::Rules;

/// A longer SKU would leave too little room for the name.
const LONGEST_ENDING: usize = 60;

type Found = Result<Resolved<ItemDraft>, Reason>;

/// Finds or drafts the item of a line. `description` is the shop's name of what was sold: see [`line_name`].
pub fn item(
    key: &ItemKey,
    description: &str,
    product_id: Option<u64>,
    rules: &Rules,
    directory: &mut Directory,
    linked: &dyn Fn(&str) -> Option<String>,
) -> Found {
    let reference = format!("@item:{key}");
    if directory.item_by_id(&reference).is_some() {
        return Ok(known(&reference));
    }
    if let Some(sku) = key.0.strip_prefix("sku:") {
        let wanted = Goods {
            key,
            sku: Some(sku),
            name: name_of(description, sku),
            product_id,
        };
        wanted.find_or_make(rules, directory, linked)
    } else if let Some(name) = key.0.strip_prefix("name:") {
        let wanted = Goods {
            key,
            sku: None,
            name: name.to_owned(),
            product_id,
        };
        wanted.find_or_make(rules, directory, linked)
    } else {
        ours(key, rules, directory)
    }
}

/// The shop's name of what a line sells, and the id of its product, for a line of a document of this order.
pub fn line_name(order: &Order, line: &Line) -> (String, Option<u64>) {
    let sold = order
        .items
        .iter()
        .find(|item| line.kind == LineKind::Item && Some(item.id) == line.source_line);
    match sold {
        Some(item) => (item.name.clone(), item.variation_id.or(item.product_id)),
        None => (line.description.clone(), None),
    }
}

/// Something from the shop's catalogue.
struct Goods<'a> {
    key: &'a ItemKey,
    sku: Option<&'a str>,
    name: String,
    product_id: Option<u64>,
}

impl Goods<'_> {
    fn find_or_make(
        &self,
        rules: &Rules,
        directory: &mut Directory,
        linked: &dyn Fn(&str) -> Option<String>,
    ) -> Found {
        let reference = format!("@item:{}", self.key);
        if let Some(id) = linked(&self.key.0).or_else(|| directory.settled.get(&reference).cloned())
        {
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
        let name = self.free_name(directory)?;
        let sku = self.sku.filter(|sku| sku.chars().count() <= LONGEST);
        Ok(make(
            self.key,
            ItemDraft {
                name,
                sku: sku.map(str::to_owned),
                service: false,
                income_account: rules.income_account.clone(),
            },
            directory,
        ))
    }

    fn by_sku(&self, directory: &Directory) -> Option<Found> {
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
    fn by_name(&self, directory: &Directory) -> Option<Found> {
        let mut same = directory
            .items_named(&self.name)
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
        if directory.items_named(&self.name).next().is_none() {
            return Ok(self.name.clone());
        }
        let short_sku = self
            .sku
            .map(clean_name)
            .filter(|sku| !sku.is_empty() && sku.chars().count() <= LONGEST_ENDING);
        let distinction = short_sku.or_else(|| self.product_id.map(|id| id.to_string()));
        let second = distinction.map(|word| with_ending(&self.name, &format!(" ({word})")));
        match second {
            Some(name) if directory.items_named(&name).next().is_none() => Ok(name),
            _ => Err(Reason::new(
                "name_conflict",
                format!(
                    "`{}` cannot be made in QuickBooks: the item name `{}` is taken, with its ending too",
                    self.key, self.name
                ),
            )
            .hint("rename the item in QuickBooks that has this name, then run `udsync retry --all`")),
        }
    }

    fn inactive(&self, entry: &ItemEntry) -> Reason {
        item_inactive(self.key, entry)
    }

    fn ambiguous(&self, first: &ItemEntry, second: &ItemEntry) -> Reason {
        Reason::new(
            "sku_ambiguous",
            format!(
                "`{}` is the SKU of two items in QuickBooks, `{}` (id {}) and `{}` (id {}), and a sale must go to one of them",
                self.key, first.name, first.id, second.name, second.id
            ),
        )
        .hint("give one of the items another SKU in QuickBooks, then run `udsync retry --all`")
    }
}

/// An item of `[books.items]`: it is the item of the name that stands there.
fn ours(key: &ItemKey, rules: &Rules, directory: &mut Directory) -> Found {
    let word = key.0.strip_prefix("fallback:").unwrap_or(&key.0);
    let name = match rules.items.get(word) {
        Some(name) => clean_name(name),
        None => default_name(word),
    };
    let mut named: Vec<&ItemEntry> = directory.items_named(&name).collect();
    named.sort_by_key(|entry| (entry.kind == CATEGORY, !entry.active));
    match named.first() {
        None => Ok(make(
            key,
            ItemDraft {
                name,
                sku: None,
                service: true,
                income_account: rules.income_account.clone(),
            },
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

fn make(key: &ItemKey, draft: ItemDraft, directory: &mut Directory) -> Resolved<ItemDraft> {
    directory.add_item(ItemEntry {
        id: format!("@item:{key}"),
        name: draft.name.clone(),
        sku: draft.sku.clone(),
        kind: if draft.service {
            "Service"
        } else {
            "NonInventory"
        }
        .to_owned(),
        active: true,
    });
    Resolved::New {
        key: key.0.clone(),
        draft,
    }
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
    .hint("make the item active in QuickBooks, then run `udsync retry --all`")
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
