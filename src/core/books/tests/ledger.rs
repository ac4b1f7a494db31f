//! A set of books for tests: it takes what the accountant says and remembers it as the state file would.

use std::collections::{BTreeMap, BTreeSet};

use crate::books::names::{self, Directory, Resolved};
use crate::books::{Decision, Entry, OrderAccount, account, account_deleted};
use crate::model::company::{ClassTracking, Company, TaxModel};
use crate::model::document::{Document, Role};
use crate::model::fault::Reason;
use crate::model::link::Posted;
use crate::model::names::{ItemEntry, NameKind, NameParts, Names};
use crate::model::order::Order;
use crate::model::overlay::Mapped;
use crate::model::rules::{Policy, ProductRules, Rules, TaxCodeRule, TaxRules};

pub struct Ledger {
    pub rules: Rules,
    pub company: Company,
    pub names: Names,
    /// Our keys of customers and items → ids.
    pub links: BTreeMap<String, String>,
    /// What a mapping says of every order.
    pub mapped: Option<Mapped>,
    pub booked: Vec<Booked>,
}

#[derive(Clone, Debug)]
pub struct Booked {
    pub document: Document,
    pub voided: bool,
    pub customer: String,
    /// `match` or `create`, when the document was first made.
    pub action: &'static str,
}

impl Ledger {
    /// A Canadian company with GST and the provinces that matter.
    pub fn canadian() -> Ledger {
        Ledger {
            rules: rules(),
            company: company(),
            names: Names::default(),
            links: BTreeMap::new(),
            mapped: None,
            booked: Vec::new(),
        }
    }

    pub fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Ledger {
        change(&mut self.rules.policy);
        self
    }

    pub fn posted(&self) -> Vec<Posted> {
        self.booked
            .iter()
            .map(|booked| Posted {
                key: booked.document.key,
                kind: booked.document.kind,
                number: booked.document.number.clone(),
                date: booked.document.date,
                currency: booked.document.currency.clone(),
                total: booked.document.total,
                tax_total: booked.document.tax_total,
                voided: booked.voided,
                fingerprint: Some(booked.document.fingerprint()),
                document: Some(booked.document.clone()),
            })
            .collect()
    }

    /// Works an order out without writing anything.
    pub fn look(&self, order: &Order) -> OrderAccount {
        account(
            order,
            self.mapped.as_ref(),
            &self.posted_of(order.id),
            &self.rules,
            &self.company,
        )
    }

    fn posted_of(&self, order: u64) -> Vec<Posted> {
        let mut posted = self.posted();
        posted.retain(|posted| posted.key.order() == Some(order));
        posted
    }

    /// Posts an order: resolves its names and writes what the accountant says.
    pub fn post(&mut self, order: &Order) -> OrderAccount {
        let account = self.look(order);
        match self.names_of(order, &account) {
            Ok((customer, action)) => self.write(&account, &customer, action),
            Err(reason) => return OrderAccount::held(reason),
        }
        account
    }

    pub fn lose(&mut self, order: u64) -> OrderAccount {
        let posted = self.posted_of(order);
        let account = account_deleted(
            order,
            &order.to_string(),
            &posted,
            &self.rules,
            &self.company,
        );
        self.write(&account, "", "match");
        account
    }

    fn write(&mut self, account: &OrderAccount, customer: &str, action: &'static str) {
        for Entry {
            document, decision, ..
        } in &account.entries
        {
            let known = self
                .booked
                .iter_mut()
                .find(|booked| booked.document.key == document.key);
            match (decision, known) {
                (Decision::Create, None) => self.booked.push(Booked {
                    document: document.clone(),
                    voided: false,
                    customer: customer.to_owned(),
                    action,
                }),
                (Decision::Update, Some(booked)) => booked.document = document.clone(),
                (Decision::Void, Some(booked)) => booked.voided = true,
                (Decision::Keep, Some(_)) => {}
                other => panic!("{} cannot be {:?}", document.key, other.0),
            }
        }
    }

    /// Finds or makes the customer and the items of everything that is to be written.
    fn names_of(
        &mut self,
        order: &Order,
        account: &OrderAccount,
    ) -> Result<(String, &'static str), Reason> {
        let writes: Vec<&Entry> = account
            .entries
            .iter()
            .filter(|entry| matches!(entry.decision, Decision::Create | Decision::Update))
            .collect();
        if writes.is_empty() {
            return Ok((String::new(), "match"));
        }
        let names = self.names.clone();
        let mut directory = Directory::new(&names);
        let links = self.links.clone();
        let linked = |key: &str| links.get(key).cloned();
        let (key, resolved) =
            names::customer(order, &self.rules, &self.company, &mut directory, &linked)?;
        let (id, action) = match resolved {
            Resolved::Known { id, .. } => (id, "match"),
            Resolved::New { draft, .. } => {
                let id = (self.names.people.len() + 1).to_string();
                let made = NameParts {
                    id: id.as_str().into(),
                    kind: NameKind::Customer,
                    display_name: draft.display_name.into(),
                    email: Some(draft.email)
                        .filter(|email| !email.is_empty())
                        .map(Into::into),
                    currency: order.currency.as_str().into(),
                    active: true,
                    revision: "".into(),
                };
                self.names.add_person(made.into());
                (id, "create")
            }
        };
        self.links.insert(key, id.clone());
        for line in writes.iter().flat_map(|entry| &entry.document.lines) {
            if line.kind == crate::model::document::LineKind::GatewayFee {
                continue;
            }
            let sold = names::SoldItem::by_line(order, line);
            let resolved = names::item(&sold, &self.rules, &mut directory, &linked)?;
            if let Resolved::New { key, draft } = resolved {
                let id = format!("i{}", self.names.items.len() + 1);
                self.names.add_item(ItemEntry {
                    id: id.clone(),
                    name: draft.name,
                    sku: draft.sku,
                    kind: "NonInventory".to_owned(),
                    active: true,
                    revision: "0".to_owned(),
                    price: None,
                    starts: None,
                    changed_at: None,
                });
                self.links.insert(key, id);
            }
        }
        let display_name = self
            .names
            .people
            .iter()
            .find(|entry| entry.kind == NameKind::Customer && entry.id() == id)
            .map(|entry| entry.display_name().to_owned());
        Ok((display_name.unwrap_or_default(), action))
    }

    /// One line for each document: kind, number, day, total, tax.
    pub fn shown(&self) -> Vec<String> {
        self.booked
            .iter()
            .map(|booked| {
                let document = &booked.document;
                let mut shown = format!(
                    "{} {} {} {} tax {}",
                    document.kind,
                    document.number,
                    document.date,
                    document.total,
                    document.tax_total
                );
                if booked.voided {
                    shown.push_str(" voided");
                }
                shown
            })
            .collect()
    }

    pub fn document(&self, role: Role) -> &Document {
        self.booked
            .iter()
            .map(|booked| &booked.document)
            .find(|document| document.key.role == role)
            .expect("a posted document")
    }

    /// One line for each line of a document: item, quantity, amount, tax code.
    pub fn lines(&self, role: Role) -> Vec<String> {
        self.document(role)
            .lines
            .iter()
            .map(|line| {
                let quantity = line
                    .quantity
                    .map(|quantity| format!("{quantity} × "))
                    .unwrap_or_default();
                format!(
                    "{quantity}{} {} {}",
                    line.item,
                    line.amount,
                    line.tax_code.as_deref().unwrap_or("-")
                )
            })
            .collect()
    }

    /// The tax of a document by rate, with its base.
    pub fn tax(&self, role: Role) -> Vec<String> {
        self.document(role)
            .tax
            .iter()
            .map(|tax| format!("{} {} of {}", tax.rate, tax.amount, tax.base))
            .collect()
    }
}

/// The codes of everything that an account complains about, holds first.
pub fn words(account: &OrderAccount) -> Vec<String> {
    let holds = account.holds.iter().map(|held| {
        let subject = held.subject.map_or("all".to_owned(), |key| key.to_string());
        format!("hold {subject}: {}", held.reason.code)
    });
    let own = account
        .warnings
        .iter()
        .map(|reason| format!("warning: {}", reason.code));
    let of_entries = account
        .entries
        .iter()
        .flat_map(|entry| &entry.warnings)
        .map(|reason| format!("warning: {}", reason.code));
    let skip = account
        .skip
        .iter()
        .map(|reason| format!("skip: {}", reason.code));
    holds.chain(own).chain(of_entries).chain(skip).collect()
}

pub fn decisions(account: &OrderAccount) -> Vec<Decision> {
    account.entries.iter().map(|entry| entry.decision).collect()
}

pub fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs
        .iter()
        .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
        .collect()
}

fn rules() -> Rules {
    let code = |woo: &[&str], code: &str| TaxCodeRule {
        woo: woo.iter().map(|rate| (*rate).to_owned()).collect(),
        code: code.to_owned(),
    };
    Rules {
        store: "aurora".into(),
        timezone: chrono_tz::America::Edmonton,
        number_prefix: "WC-".into(),
        income_account: "Sales".into(),
        gateway_fees: Some("Merchant Fees".into()),
        items: BTreeMap::new(),
        deposit: map(&[("stripe", "Stripe Clearing"), ("*", "Undeposited Funds")]),
        payment_methods: map(&[("stripe", "Credit Card"), ("bacs", "Bank Transfer")]),
        tax: TaxRules {
            codes: vec![
                code(&["1"], "GST"),
                code(&["1", "2"], "GST/PST BC"),
                code(&["2"], "PST BC"),
            ],
            rates: map(&[("1", "GST 5%"), ("2", "PST BC 7%")]),
            no_tax_code: Some("Exempt".into()),
            export_code: None,
            vat_exempt_code: None,
            us_txn_tax_code: None,
        },
        products: ProductRules::default(),
        payouts: crate::model::rules::PayoutRules::default(),
        policy: Policy::default(),
    }
}

pub fn company() -> Company {
    Company {
        id: "1".into(),
        name: "Aurora".into(),
        country: "CA".into(),
        home_currency: "CAD".into(),
        multicurrency: false,
        tax_model: TaxModel::Global,
        uses_tax: true,
        closed_through: None,
        closing_seen_at: None,
        keeps_our_numbers: true,
        classes: ClassTracking::Off,
        locations: false,
        refuses_duplicates: Some(true),
        accounts: BTreeMap::new(),
        tax_codes: BTreeMap::new(),
        tax_rates: BTreeMap::new(),
        payment_methods: BTreeSet::new(),
        plan: None,
    }
}
