//! The examples that people copy: a configuration for each kind of company, and whatever starts a run by itself.
//!
//! Of each configuration a company is made that has just the accounts and taxes which it names, and a shop that sells once for each of
//! its sets of rates and in each of its currencies. Everything must be posted, with the shop's own tax.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::str::FromStr;

use rust_decimal::Decimal;
use serde_json::{Value, json};
use udsync::cli::manual::command;

use crate::manual::{read, root};
use crate::order::{order, with};
use crate::world::{REALM, World, amount, bare_command, oauth, ran, shop};

/// Each file, with the country of its company, its currency and how it keeps sales tax.
const SHOPS: [(&str, &str, &str, &str); 6] = [
    ("canada", "CA", "CAD", "global"),
    ("united-states-automated", "US", "USD", "us_ast"),
    ("united-states-manual", "US", "USD", "us_manual"),
    ("united-kingdom", "GB", "GBP", "global"),
    ("eu-oss", "IE", "EUR", "global"),
    ("several-currencies", "CA", "CAD", "global"),
];

struct ExampleShop {
    path: PathBuf,
    text: String,
    said: toml::Value,
}

impl ExampleShop {
    fn read(name: &str) -> ExampleShop {
        let path = root().join(format!("examples/shops/{name}.toml"));
        let text = read(&path);
        ExampleShop {
            said: toml::Value::Table(toml::from_str(&text).expect("TOML")),
            path,
            text,
        }
    }

    fn part(&self, path: &[&str]) -> Option<&toml::Value> {
        path.iter().try_fold(&self.said, |part, key| part.get(key))
    }

    /// The rates of the shop, and those of the books.
    fn rates(&self) -> Vec<(String, String)> {
        let rates = self.part(&["books", "tax", "rates"]);
        let rates = rates.and_then(toml::Value::as_table).into_iter().flatten();
        rates
            .map(|(shop, books)| (shop.clone(), books.as_str().expect("a name").to_owned()))
            .collect()
    }

    /// The sets of rates, and their codes.
    fn codes(&self) -> Vec<(Vec<String>, String)> {
        let codes = self.part(&["books", "tax", "codes"]);
        let codes = codes.and_then(toml::Value::as_array).into_iter().flatten();
        codes
            .map(|code| {
                let rates = code["woo"].as_array().expect("rates").iter();
                let rates = rates.map(|rate| rate.as_str().expect("a rate").to_owned());
                (
                    rates.collect(),
                    code["code"].as_str().expect("a code").to_owned(),
                )
            })
            .collect()
    }

    fn percent(&self, rate: &str) -> Decimal {
        let rates = self.rates();
        let (_, name) = rates
            .iter()
            .find(|(shop, _)| shop == rate)
            .unwrap_or_else(|| panic!("`{rate}` has no rate in the books"));
        percent(name)
    }

    fn company(&self, country: &str, currency: &str, model: &str) -> Value {
        let deposit = self.part(&["books", "deposit"]).expect("accounts");
        let deposit = deposit.as_table().expect("accounts").iter();
        let mut accounts: Vec<Value> = deposit
            .filter(|(method, _)| *method != "*")
            .map(|(method, name)| {
                let of = method
                    .split_once(':')
                    .map_or(currency, |(_, currency)| currency);
                json!({ "name": name.as_str(), "type": "Bank", "currency": of })
            })
            .collect();
        accounts.push(json!({ "name": "Undeposited Funds", "type": "Other Current Asset", "subtype": "UndepositedFunds" }));
        accounts.push(json!({ "name": "Merchant Fees", "type": "Expense" }));
        accounts.push(json!({ "name": "Sales of Product Income", "type": "Income", "subtype": "SalesOfProductIncome" }));
        let mut names: BTreeSet<String> =
            self.rates().into_iter().map(|(_, books)| books).collect();
        let mut codes: Vec<(String, BTreeSet<String>)> = Vec::new();
        for (rates, code) in self.codes() {
            let of_books = self.rates();
            let rates = rates.iter().map(|rate| {
                let found = of_books.iter().find(|(shop, _)| shop == rate);
                found
                    .unwrap_or_else(|| panic!("`{rate}` has no rate in the books"))
                    .1
                    .clone()
            });
            let rates: BTreeSet<String> = rates.collect();
            match codes.iter().find(|(known, _)| *known == code) {
                Some((_, known)) => assert_eq!(*known, rates, "`{code}` is two different taxes"),
                None => codes.push((code, rates)),
            }
        }
        // Codes without a rate of the shop: what is exempt, and the one code of a whole document.
        for key in [
            "no_tax_code",
            "export_code",
            "vat_exempt_code",
            "us_txn_tax_code",
        ] {
            let named = self
                .part(&["books", "tax", key])
                .and_then(toml::Value::as_str);
            let Some(code) = named else { continue };
            if codes.iter().any(|(known, _)| known == code) {
                continue;
            }
            let rate = match code.contains('%') {
                true => code.to_owned(),
                false => format!("{code} 0%"),
            };
            names.insert(rate.clone());
            codes.push((code.to_owned(), BTreeSet::from([rate])));
        }
        let rates = names
            .iter()
            .map(|name| json!({ "name": name, "percent": percent(name).to_string() }));
        let codes = codes
            .iter()
            .map(|(name, rates)| json!({ "name": name, "rates": rates }));
        json!({
            "realm": REALM,
            "company": { "country": country, "home_currency": currency, "tax_model": model, "multicurrency": true },
            "accounts": accounts,
            "tax_rates": rates.collect::<Vec<_>>(),
            "tax_codes": codes.collect::<Vec<_>>(),
            "payment_methods": ["Credit Card", "PayPal"],
            "oauth": oauth()
        })
    }

    /// One order for each set of rates, one without tax where that has a code, and one in each other currency.
    fn orders(&self, country: &str, currency: &str) -> Vec<Value> {
        let mut sets: Vec<Vec<(String, Decimal)>> = self
            .codes()
            .into_iter()
            .map(|(rates, _)| {
                let rates = rates.into_iter();
                rates
                    .map(|rate| (rate.clone(), self.percent(&rate)))
                    .collect()
            })
            .collect();
        if sets.is_empty() {
            sets.push(vec![("US-CA-SALES-1".to_owned(), Decimal::from(8))]);
        }
        if self.part(&["books", "tax", "no_tax_code"]).is_some() {
            sets.push(Vec::new());
        }
        let others = self.part(&["books", "policy", "exchange_rates"]);
        let others = others.and_then(toml::Value::as_table).into_iter().flatten();
        let others: Vec<&str> = others.map(|(code, _)| code.as_str()).collect();
        let usual = sets.iter().map(|set| (currency, set));
        let first = sets.first().expect("a set");
        let all = usual.chain(others.into_iter().map(|other| (other, first)));
        (1001..)
            .zip(all)
            .map(|(id, (currency, set))| sale(id, country, currency, set))
            .collect()
    }

    fn books(&self) -> &str {
        let at = self.text.find("\n[books]\n").expect("books");
        &self.text[at + 1..]
    }
}

/// `HST ON 13%`: 13.
fn percent(name: &str) -> Decimal {
    let words = name.split(' ').filter_map(|word| word.strip_suffix('%'));
    let mut figures = words.filter_map(|word| Decimal::from_str(word).ok());
    figures
        .next()
        .unwrap_or_else(|| panic!("`{name}` says no percentage"))
}

/// An order over 100.00 with these rates on its one line.
fn sale(id: u64, country: &str, currency: &str, rates: &[(String, Decimal)]) -> Value {
    let taxes: Vec<(u64, Decimal)> = (71..)
        .zip(rates)
        .map(|(at, (_, percent))| (at, percent.round_dp(2)))
        .collect();
    let whole: Decimal = taxes.iter().map(|(_, tax)| *tax).sum();
    let text = |amount: Decimal| format!("{amount:.2}");
    let mut order = with(
        order(id),
        json!({
            "currency": currency, "cart_tax": text(whole), "total_tax": text(whole),
            "total": text(Decimal::from(100) + whole), "payment_method": "stripe"
        }),
    );
    for address in ["billing", "shipping"] {
        order[address]["country"] = json!(country);
    }
    let line = &mut order["line_items"][0];
    for field in ["subtotal", "total"] {
        line[field] = json!("100.00");
        line[format!("{field}_tax")] = json!(text(whole));
    }
    line["price"] = json!(100);
    let of_line = taxes
        .iter()
        .map(|(at, tax)| json!({ "id": at, "total": text(*tax), "subtotal": text(*tax) }));
    line["taxes"] = of_line.collect();
    let of_order = taxes.iter().zip(rates).map(|((at, tax), (code, percent))| {
        json!({ "id": id * 100 + at, "rate_code": code, "rate_id": at, "label": code, "compound": false,
            "tax_total": text(*tax), "shipping_tax_total": "0.00", "rate_percent": percent.to_string().parse::<f64>().expect("a figure"),
            "meta_data": [] })
    });
    order["tax_lines"] = of_order.collect();
    order
}

#[test]
fn every_kind_of_company_has_an_example_that_posts_its_taxes() {
    for (name, country, currency, model) in SHOPS {
        let example = ExampleShop::read(name);
        let home = tempfile::tempdir().expect("a folder");
        let mut check = bare_command(home.path());
        check
            .args(["config", "check", "--config"])
            .arg(&example.path);
        ran(check.output().expect("the binary runs")).ends_with(0);

        let orders = example.orders(country, currency);
        let mut wanted: Vec<(String, String)> = orders
            .iter()
            .map(|order| {
                let figure = |name: &str| order[name].as_str().expect("a figure").to_owned();
                (figure("total"), figure("total_tax"))
            })
            .collect();
        let many = orders.len() as u64;
        let mut shop = shop(orders);
        shop["site"]["currency"] = json!(currency);
        let world = World::new(
            shop,
            example.company(country, currency, model),
            example.books(),
        );
        let posted = world.run("sync orders --yes --json");
        assert_eq!(posted.code, 0, "{name}: {}\n{}", posted.out, posted.err);
        assert_eq!(posted.figure("created"), many, "{name}");
        let mut found: Vec<(String, String)> = world
            .documents()
            .iter()
            .map(|document| {
                let object = &document["object"];
                let tax = &object["TxnTaxDetail"]["TotalTax"];
                let tax = if tax.is_null() {
                    "0.00".to_owned()
                } else {
                    amount(tax)
                };
                (amount(&object["TotalAmt"]), tax)
            })
            .collect();
        wanted.sort();
        found.sort();
        assert_eq!(found, wanted, "{name}");
        let again = world.run("sync orders --full --yes --json").ends_with(0);
        assert_eq!(
            again.figure("created"),
            0,
            "{name}: nothing is posted twice"
        );
    }
}

#[test]
fn no_example_of_a_shop_is_forgotten() {
    let folder = std::fs::read_dir(root().join("examples/shops")).expect("a folder");
    let files: BTreeSet<String> = folder
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let known = SHOPS.map(|(name, ..)| format!("{name}.toml"));
    assert_eq!(files, BTreeSet::from(known));
}

/// What the YAML of a file says, read by another program.
fn yaml(path: &str) -> Option<Vec<Value>> {
    const READ: &str = "import yaml, json, sys; print(json.dumps(list(yaml.safe_load_all(sys.stdin)), default=str))";
    let mut reader = Command::new("python3")
        .args(["-c", READ])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .ok()?;
    let mut input = reader.stdin.take().expect("piped");
    input
        .write_all(read(&root().join(path)).as_bytes())
        .expect("written");
    drop(input);
    let answer = reader.wait_with_output().expect("it ends");
    let said = String::from_utf8_lossy(&answer.stderr);
    if said.contains("No module named") {
        return None;
    }
    assert!(answer.status.success(), "{path}: {said}");
    Some(serde_json::from_slice(&answer.stdout).expect("JSON"))
}

/// The lists of words that containers and jobs start udsync with.
fn starts(value: &Value, found: &mut Vec<Vec<String>>) {
    match value {
        Value::Object(fields) => {
            for (name, field) in fields {
                let is_image = fields
                    .get("image")
                    .or(fields.get("build"))
                    .is_some_and(|image| image.to_string().contains("udsync") || image.is_object());
                if let (true, "args" | "command", Some(words)) =
                    (is_image, name.as_str(), field.as_array())
                {
                    let words = words
                        .iter()
                        .map(|word| word.as_str().expect("a word").to_owned());
                    found.push(words.collect());
                }
                starts(field, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|one| starts(one, found)),
        _ => {}
    }
}

#[test]
fn what_starts_runs_elsewhere_can_be_read_there_and_starts_what_there_is() {
    let files = [
        ("examples/github-actions.yml", "jobs"),
        ("examples/gitlab-ci.yml", "books"),
        ("examples/compose.yaml", "services"),
        ("examples/serve/compose.yaml", "services"),
        ("examples/kubernetes-cronjob.yaml", "spec"),
        ("examples/serve/kubernetes.yaml", "spec"),
    ];
    let mut typed = Vec::new();
    for (path, key) in files {
        let Some(documents) = yaml(path) else {
            assert!(
                std::env::var_os("UDSYNC_NEEDS_READERS").is_none(),
                "python3 with yaml is needed"
            );
            return;
        };
        assert!(documents[0][key].is_object(), "{path} has no `{key}`");
        documents
            .iter()
            .for_each(|document| starts(document, &mut typed));
    }
    let kinds = |path: &str| -> Vec<String> {
        let documents = yaml(path).unwrap_or_default();
        let kinds = documents.iter().filter_map(|one| one["kind"].as_str());
        kinds.map(str::to_owned).collect()
    };
    assert!(kinds("examples/kubernetes-cronjob.yaml").contains(&"CronJob".to_owned()));
    assert!(kinds("examples/serve/kubernetes.yaml").contains(&"Deployment".to_owned()));
    assert!(typed.len() >= 2, "{typed:?}");
    for words in typed {
        let whole = std::iter::once("udsync".to_owned()).chain(words.iter().cloned());
        let refused = command().try_get_matches_from(whole).err();
        assert!(
            refused.is_none(),
            "{words:?}: {}",
            refused.expect("an error")
        );
    }
}

#[test]
fn the_crontab_is_one_that_cron_takes() {
    let judged = Command::new("crontab")
        .arg("-n")
        .arg(root().join("examples/cron.txt"))
        .output();
    // Other crons have no way to look at a file without installing it.
    let Ok(judged) = judged else { return };
    let said = String::from_utf8_lossy(&judged.stderr);
    if !said.contains("invalid option") {
        assert!(judged.status.success(), "{said}");
    }
}
