//! Schemas: what a source gives for an entity, and what a target takes, as data files.
//!
//! A source is a list of paths with kinds; `?` marks what may be absent. A target is a list of fields
//! with their kinds and lengths, and says which of them no mapping may feed, and why.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::kind::{FieldKinds, Shape, ValueKind};

/// What a target takes for an entity.
#[derive(Debug)]
pub struct TargetSchema {
    pub fields: BTreeMap<String, Field>,
    /// `custom.*`, if the shop names some fields itself.
    pub custom: Option<Field>,
}

/// How many fields of a shop's own a document of the books can have.
pub const CUSTOM_MOST: usize = 3;
/// The group that these stand in.
pub const CUSTOM: &str = "custom";

#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: FieldKind,
    pub access: FieldAccess,
    pub is_required: bool,
    /// What the service itself calls it.
    pub known_as: String,
    pub about: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text { most: Option<usize>, over: Over },
    Choice(Vec<String>),
    Whole,
    Number,
    Bool,
    Time,
    Date,
    Json,
}

/// What becomes of a text that is too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Over {
    Cut,
    /// Part of it would mean something else.
    Refuse,
    /// Part of it is worth nothing.
    Drop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldAccess {
    Write,
    /// A money figure of a ledger document.
    Ledger,
    /// Something that the accountant's rules decide.
    Rules,
    /// Something that the service, or udsync itself, keeps.
    Service,
}

impl TargetSchema {
    /// The field of this name, or the one that the service calls so.
    pub fn find(&self, name: &str) -> Option<&Field> {
        let group = name.split('.').next().unwrap_or(name);
        self.fields
            .get(name)
            .or_else(|| {
                // What is inside a figure of the ledger is one too.
                let field = self.fields.get(group)?;
                (field.access != FieldAccess::Write).then_some(field)
            })
            .or_else(|| {
                let known = |field: &&Field| {
                    let known = field.known_as.as_str();
                    !known.is_empty() && (known == name || known == group)
                };
                self.fields.values().find(known)
            })
    }

    /// Whether fields of the target stand inside a group of this name.
    pub fn is_group(&self, name: &str) -> bool {
        let inside = format!("{name}.");
        (name == CUSTOM && self.custom.is_some())
            || self
                .fields
                .range(inside.clone()..)
                .next()
                .is_some_and(|(field, _)| field.starts_with(&inside))
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.fields
            .values()
            .filter(|field| field.access == FieldAccess::Write)
            .map(|field| field.name.as_str())
    }
}

/// All the pairs of a source and a target that mappings are made for.
pub const ROUTES: [(&str, &str); 2] = [("woocommerce", "quickbooks"), ("woocommerce", "supabase")];

/// The data files of the shop's records.
const SOURCE_FILES: [(&str, &str); 5] = [
    ("orders", include_str!("data/woocommerce-orders.csv")),
    ("order_lines", include_str!("data/woocommerce-orders.csv")),
    ("refunds", include_str!("data/woocommerce-refunds.csv")),
    ("customers", include_str!("data/woocommerce-customers.csv")),
    ("products", include_str!("data/woocommerce-products.csv")),
];

static SOURCES: LazyLock<BTreeMap<&str, Arc<FieldKinds>>> = LazyLock::new(|| {
    let read = SOURCE_FILES.map(|(entity, text)| (entity, Arc::new(fields(text))));
    BTreeMap::from(read)
});

static SETTINGS: LazyLock<Arc<FieldKinds>> =
    LazyLock::new(|| Arc::new(fields(include_str!("data/settings.csv"))));

/// The data files of what the targets take.
const TARGET_FILES: [(&str, &str, &str); 8] = [
    (
        "quickbooks",
        "orders",
        include_str!("data/quickbooks-orders.csv"),
    ),
    (
        "quickbooks",
        "customers",
        include_str!("data/quickbooks-customers.csv"),
    ),
    (
        "quickbooks",
        "products",
        include_str!("data/quickbooks-products.csv"),
    ),
    (
        "supabase",
        "orders",
        include_str!("data/supabase-orders.csv"),
    ),
    (
        "supabase",
        "order_lines",
        include_str!("data/supabase-order_lines.csv"),
    ),
    (
        "supabase",
        "refunds",
        include_str!("data/supabase-refunds.csv"),
    ),
    (
        "supabase",
        "customers",
        include_str!("data/supabase-customers.csv"),
    ),
    (
        "supabase",
        "products",
        include_str!("data/supabase-products.csv"),
    ),
];

static TARGETS: LazyLock<BTreeMap<(&str, &str), TargetSchema>> = LazyLock::new(|| {
    let read =
        TARGET_FILES.map(|(target, entity, text)| ((target, entity), fields_of_target(text)));
    read.into_iter().collect()
});

/// What the shop gives for an entity.
pub fn source(entity: &str) -> Option<Arc<FieldKinds>> {
    SOURCES.get(entity).cloned()
}

/// What `settings.…` can be.
pub fn settings() -> Arc<FieldKinds> {
    SETTINGS.clone()
}

pub fn target(name: &str, entity: &str) -> Option<&'static TargetSchema> {
    TARGETS
        .iter()
        .find(|((target, of), _)| *target == name && *of == entity)
        .map(|(_, target)| target)
}

/// The paths of a record of the shop, as its data file has them.
pub fn source_paths(entity: &str) -> Vec<&'static str> {
    let file = SOURCE_FILES.iter().find(|(of, _)| *of == entity);
    file.map(|(_, text)| first_column(text)).unwrap_or_default()
}

/// The fields of a target, as its data file has them.
pub fn target_order(name: &str, entity: &str) -> Vec<&'static str> {
    let file = TARGET_FILES
        .iter()
        .find(|(target, of, _)| *target == name && *of == entity);
    file.map(|(_, _, text)| first_column(text))
        .unwrap_or_default()
}

fn first_column(text: &'static str) -> Vec<&'static str> {
    let lines = text.lines().skip(1);
    lines.filter_map(|line| line.split(',').next()).collect()
}

/// The entities that a target takes.
pub fn entities(target: &str) -> Vec<&'static str> {
    let pairs = TARGETS.keys().filter(|(name, _)| *name == target);
    pairs.map(|(_, entity)| *entity).collect()
}

/// A file of paths: `line_items[].sku,text?`.
fn fields(text: &str) -> FieldKinds {
    let mut root = FieldKinds::new();
    for line in text.lines().skip(1) {
        if let Some((path, kind)) = line.split_once(',') {
            let parts: Vec<&str> = path.split('.').collect();
            put(&mut root, &parts, leaf(kind));
        }
    }
    root
}

fn put(fields: &mut FieldKinds, path: &[&str], leaf: Shape) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    let (name, is_list) = match first.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (*first, false),
    };
    if rest.is_empty() {
        let shape = if is_list { Shape::list_of(leaf) } else { leaf };
        fields.insert(name.to_owned(), shape);
        return;
    }
    let empty = || Shape::always(ValueKind::Object(Arc::default()));
    let shape = fields.entry(name.to_owned()).or_insert_with(|| {
        if is_list {
            Shape::list_of(empty())
        } else {
            empty()
        }
    });
    let group = match &mut shape.kind {
        ValueKind::List(item) => &mut Arc::make_mut(item).kind,
        kind => kind,
    };
    if let ValueKind::Object(inner) = group {
        put(Arc::make_mut(inner), rest, leaf);
    }
}

fn leaf(kind: &str) -> Shape {
    let (word, maybe) = match kind.strip_suffix('?') {
        Some(word) => (word, true),
        None => (kind, false),
    };
    let kind = match word {
        "text" => ValueKind::Text,
        "number" => ValueKind::Number,
        "whole" => ValueKind::Whole,
        "bool" => ValueKind::Bool,
        "time" => ValueKind::Time,
        "local" => ValueKind::LocalTime,
        _ => ValueKind::Any,
    };
    Shape { kind, maybe }
}

fn fields_of_target(text: &str) -> TargetSchema {
    let mut target = TargetSchema {
        fields: BTreeMap::new(),
        custom: None,
    };
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    for row in reader.records().flatten() {
        let cell = |at: usize| row.get(at).unwrap_or("");
        let field = Field {
            name: cell(0).to_owned(),
            kind: field_kind(cell(1), cell(2), cell(3)),
            access: match cell(4) {
                "ledger" => FieldAccess::Ledger,
                "rules" => FieldAccess::Rules,
                "service" => FieldAccess::Service,
                _ => FieldAccess::Write,
            },
            is_required: cell(5) == "required",
            known_as: cell(6).to_owned(),
            about: cell(7).to_owned(),
        };
        match field.name.strip_suffix(".*") {
            Some(_) => target.custom = Some(field),
            None => {
                target.fields.insert(field.name.clone(), field);
            }
        }
    }
    target
}

fn field_kind(word: &str, most: &str, over: &str) -> FieldKind {
    if let Some(words) = word.strip_prefix("choice ") {
        return FieldKind::Choice(words.split(' ').map(str::to_owned).collect());
    }
    match word {
        "whole" => FieldKind::Whole,
        "number" => FieldKind::Number,
        "bool" => FieldKind::Bool,
        "time" => FieldKind::Time,
        "date" => FieldKind::Date,
        "json" => FieldKind::Json,
        _ => FieldKind::Text {
            most: most.parse().ok(),
            over: match over {
                "refuse" => Over::Refuse,
                "drop" => Over::Drop,
                _ => Over::Cut,
            },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A kind that nobody knows would silently be anything, and a length that is no number none.
    #[test]
    fn the_data_files_say_only_what_is_understood() {
        let files = [
            include_str!("data/settings.csv"),
            include_str!("data/woocommerce-orders.csv"),
            include_str!("data/woocommerce-refunds.csv"),
            include_str!("data/woocommerce-customers.csv"),
            include_str!("data/woocommerce-products.csv"),
        ];
        for line in files.iter().flat_map(|file| file.lines().skip(1)) {
            let (path, kind) = line.split_once(',').expect("a path and its kind");
            let kinds = ["text", "number", "whole", "bool", "time", "local", "any"];
            assert!(kinds.contains(&kind.trim_end_matches('?')), "{line}");
            assert!(!path.is_empty() && !path.contains(".."), "{line}");
        }
        for ((target, entity), fields) in TARGETS.iter() {
            assert!(fields.fields.len() > 10, "{target} {entity}");
            assert!(source(entity).is_some(), "{entity}");
        }
        let orders = target("quickbooks", "orders").expect("it is there");
        assert_eq!(
            orders.find("TotalAmt").map(|f| f.access),
            Some(FieldAccess::Ledger)
        );
        assert_eq!(
            orders.find("lines.amount").map(|f| f.access),
            Some(FieldAccess::Ledger)
        );
        assert!(orders.is_group("bill_to") && orders.is_group("custom"));
        assert!(!orders.is_group("memo"));
    }
}
