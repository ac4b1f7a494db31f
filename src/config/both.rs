//! The sections `[sync.direction]` and `[both]`: what may go from the books to the shop.

use std::collections::BTreeMap;
use std::ops::Range;

use super::reader::{ConfigReader, ConfigSection};
use super::setting::SettingOrigin;
use super::values::{shown, word};
use crate::model::both::{
    BothWays, ConflictRule, CustomerField, FieldFlow, FieldOwner, FieldRule, FirstMeeting,
    PaidInBooks, ProductField, SyncDirection,
};

pub(super) fn read_both<'t>(reader: &mut ConfigReader<'t>, root: &ConfigSection<'t>) -> BothWays {
    let sync = reader.section(root, "sync");
    let direction = reader.section(&sync, "direction");
    let mut way = |key: &str| {
        reader.or(
            &direction,
            key,
            word(SyncDirection::WORDS, SyncDirection::from_word),
        )
    };
    let (customers, products, payments) = (way("customers"), way("products"), way("payments"));
    let section = reader.section(root, "both");
    BothWays {
        customers,
        products,
        payments,
        paid: reader.or(
            &section,
            "paid",
            word(PaidInBooks::WORDS, PaidInBooks::from_word),
        ),
        max_mails: reader.count(&section, "max_mails"),
        max_share: reader.count(&section, "max_share"),
        max_gone: reader.count(&section, "max_gone"),
        skew: reader.duration(&section, "skew"),
        on_first: reader.or(
            &section,
            "on_first",
            word(FirstMeeting::WORDS, FirstMeeting::from_word),
        ),
        product_fields: read_product_fields(reader, &section),
        customer_fields: read_customer_fields(reader, &section),
    }
}

fn read_product_fields<'t>(
    reader: &mut ConfigReader<'t>,
    both: &ConfigSection<'t>,
) -> BTreeMap<ProductField, FieldRule> {
    let section = reader.section(both, "products");
    let read = |field: &ProductField| {
        let given = read_field(reader, &section, field.as_str(), field.usual());
        complain_of_newest(reader, &section, field.as_str(), &given, field.is_text());
        (*field, given.rule)
    };
    ProductField::ALL.iter().map(read).collect()
}

fn read_customer_fields<'t>(
    reader: &mut ConfigReader<'t>,
    both: &ConfigSection<'t>,
) -> BTreeMap<CustomerField, FieldRule> {
    let section = reader.section(both, "customers");
    let read = |field: &CustomerField| {
        let given = read_field(reader, &section, field.as_str(), field.usual());
        complain_of_newest(reader, &section, field.as_str(), &given, true);
        (*field, given.rule)
    };
    CustomerField::ALL.iter().map(read).collect()
}

/// The rule of a field, and where its `on_conflict` stands, if it does.
struct GivenRule {
    rule: FieldRule,
    on_conflict: Option<Range<usize>>,
}

/// A word is where the field goes; a table says the rest too.
fn read_field<'t>(
    reader: &mut ConfigReader<'t>,
    fields: &ConfigSection<'t>,
    key: &str,
    usual: FieldRule,
) -> GivenRule {
    let alone = |rule| GivenRule {
        rule,
        on_conflict: None,
    };
    let flows = word(FieldFlow::WORDS, FieldFlow::from_word);
    let is_table = |value: &toml::de::DeValue| value.is_table();
    match fields.value(key) {
        None => {
            reader.note_default(fields, key, usual.flow.as_str());
            alone(usual)
        }
        Some(value) if !is_table(value.get_ref()) => {
            let flow = reader.get(fields, key, flows).unwrap_or(usual.flow);
            alone(usual.flowing(flow))
        }
        Some(value) => {
            let (key_of_all, text) = (fields.full(key), shown(value.get_ref()));
            let origin: SettingOrigin = reader.origin(value);
            reader.note(key_of_all, text, origin);
            let section = reader.section(fields, key);
            let flow = reader.get(&section, "flow", flows).unwrap_or(usual.flow);
            let owners = word(FieldOwner::WORDS, FieldOwner::from_word);
            let owner = reader.get(&section, "owner", owners);
            let on_conflict = section.value("on_conflict").map(toml::Spanned::span);
            let rules = word(ConflictRule::WORDS, ConflictRule::from_word);
            let rule = FieldRule {
                flow,
                owner: owner.unwrap_or(usual.flowing(flow).owner),
                on_conflict: reader.or(&section, "on_conflict", rules),
            };
            GivenRule { rule, on_conflict }
        }
    }
}

/// Times say little of what people meant, and nothing of money: see `both.rs` of the model.
fn complain_of_newest<'t>(
    reader: &mut ConfigReader<'t>,
    fields: &ConfigSection<'t>,
    key: &str,
    given: &GivenRule,
    is_text: bool,
) {
    let is_newest = given.rule.on_conflict == ConflictRule::NewestWins;
    let Some(span) = given.on_conflict.clone().filter(|_| is_newest) else {
        return;
    };
    let path = fields.full(key);
    if !is_text {
        let message = format!(
            "`{path}.on_conflict` cannot be `newest_wins`: money, stock, SKUs and taxes are decided by nobody's clock"
        );
        let hint =
            "write `manual`, `source_wins` (the shop) or `target_wins` (the books)".to_owned();
        reader.complain(span, message, Some(hint));
    } else if given.rule.flow != FieldFlow::Both {
        let message =
            format!("`{path}.on_conflict` can be `newest_wins` only where `flow` is `both`");
        let hint = "write `flow = \"both\"`, or `on_conflict = \"manual\"`".to_owned();
        reader.complain(span, message, Some(hint));
    }
}
