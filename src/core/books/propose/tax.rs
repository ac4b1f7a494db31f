//! Tax: which rate of the books a rate of the shop is, and which code stands for the rates that can meet on a line.
//!
//! A rate is matched by its percentage, which must be equal, and then by the words for the tax and the place. A code is matched by
//! its rates, which must be exactly those. Words alone never make a match.

use std::collections::{BTreeMap, BTreeSet};

use rust_decimal::Decimal;

use super::names::{capitals, has, names_of, ranked, tie, words};
use super::{Certainty, Pick, Proposal, ProposalFacts, ProposalSubject};
use crate::model::company::{Company, TaxModel};
use crate::model::shop::{Rate, Shop};

/// Sets of rates beyond this many are left to a person: a shop with a rate for each postcode.
const SETS_MAX: usize = 200;

/// Rates of the shop and of the books, one proposal for each.
pub fn rates(facts: ProposalFacts<'_>) -> Vec<Proposal> {
    if !codes_lines(facts) {
        return Vec::new();
    }
    let on_sales: BTreeSet<&String> = facts.company.tax_codes.values().flatten().collect();
    let mut known = BTreeSet::new();
    let mut proposals = Vec::new();
    for rate in &facts.shop.rates {
        let name = name_of(rate, facts.shop);
        if !known.insert(name.clone()) {
            continue;
        }
        let scored = facts
            .company
            .tax_rates
            .iter()
            .filter(|(name, percent)| {
                **percent == rate.percent && (on_sales.is_empty() || on_sales.contains(name))
            })
            .filter_map(|(name, _)| Some((closeness(rate, name, facts.company)?, name.clone())))
            .collect();
        let ranked = ranked(scored);
        let percent = shown(rate.percent);
        let pick = match ranked.as_slice() {
            [] => Pick::doubtful(format!("no rate of {percent} on sales that could be it")),
            [(score, only)] if *score >= 0 => {
                Pick::certain(only, format!("the only one of {percent} that fits"))
            }
            [(score, best), ..] => match tie(&ranked) {
                Some(doubt) => doubt,
                None if *score >= 4 => Pick::certain(best, format!("{percent}, and named like it")),
                None => Pick::likely(best, format!("the likeliest of {percent}")),
            },
        };
        let mut choices = names_of(&ranked);
        for name in facts.company.tax_rates.keys() {
            if !choices.contains(name) {
                choices.push(name.clone());
            }
        }
        proposals.push(
            Proposal::new(ProposalSubject::TaxRate(name.clone()), about(rate), pick)
                .among(choices)
                .or_hold(
                    "tax_code_unmapped",
                    format!("orders with the rate `{name}`"),
                ),
        );
    }
    proposals
}

/// The codes of every set of rates, those of lines without tax, and the code of whole documents where there is one.
pub fn codes(facts: ProposalFacts<'_>, rates: &[Proposal]) -> Vec<Proposal> {
    let company = facts.company;
    if !company.uses_tax {
        return Vec::new();
    }
    match company.tax_model {
        TaxModel::UsAst => Vec::new(),
        TaxModel::UsManual => document_codes(facts),
        TaxModel::Global => {
            let mut proposals = if facts.shop.taxes {
                line_codes(facts, rates)
            } else {
                Vec::new()
            };
            proposals.push(untaxed_code(company));
            proposals.push(export_code(company));
            proposals
        }
    }
}

fn line_codes(facts: ProposalFacts<'_>, rates: &[Proposal]) -> Vec<Proposal> {
    let ProposalFacts { shop, company, .. } = facts;
    let books_rate: BTreeMap<&str, &Proposal> = rates
        .iter()
        .filter_map(|proposal| match &proposal.subject {
            ProposalSubject::TaxRate(rate) => Some((rate.as_str(), proposal)),
            _ => None,
        })
        .collect();
    sets(shop)
        .into_iter()
        .map(|set| {
            let members: Vec<&Proposal> = set
                .iter()
                .filter_map(|rate| books_rate.get(rate.as_str()).copied())
                .collect();
            let wanted: Option<BTreeSet<String>> =
                members.iter().map(|rate| rate.value.clone()).collect();
            let sure = members
                .iter()
                .all(|rate| rate.certainty == Certainty::Certain);
            let (pick, mut choices) = match wanted {
                None => (Pick::doubtful("it follows from its rates"), Vec::new()),
                Some(wanted) => code_of(company, &wanted, sure),
            };
            let others: Vec<String> = company
                .tax_codes
                .keys()
                .filter(|name| !choices.contains(name))
                .cloned()
                .collect();
            choices.extend(others);
            let what = format!("orders with {}", quoted(&set));
            Proposal::new(
                ProposalSubject::TaxCode(set.clone()),
                set_about(shop, &set),
                pick,
            )
            .among(choices)
            .or_hold("tax_code_unmapped", what)
        })
        .collect()
}

/// The code that stands for exactly these rates of the books.
fn code_of(company: &Company, wanted: &BTreeSet<String>, sure: bool) -> (Pick, Vec<String>) {
    let scored: Vec<(i32, String)> = company
        .tax_codes
        .iter()
        .filter(|(_, rates)| *rates == wanted)
        .map(|(name, _)| (-i32::from(is_odd(name)), name.clone()))
        .collect();
    let ranked = ranked(scored);
    let choices = names_of(&ranked);
    let pick = match ranked.as_slice() {
        [] => Pick::doubtful("no code in the books has just these rates"),
        [(0, only)] if sure => Pick::certain(only, "the code with just these rates"),
        [(_, best), ..] => {
            tie(&ranked).unwrap_or_else(|| Pick::likely(best, "a code with just these rates"))
        }
    };
    (pick, choices)
}

fn untaxed_code(company: &Company) -> Proposal {
    let scored = without_tax(company)
        .filter_map(|name| {
            let found = words(name);
            let score = if found.contains("exempt") {
                4
            } else if found.contains("vat") && found.contains("no") {
                3
            } else if has(&found, &["scope", "free", "taxable", "untaxed", "none"]) {
                2
            } else {
                return None;
            };
            Some((score, name.clone()))
        })
        .collect();
    let ranked = ranked(scored);
    let pick = match (ranked.as_slice(), tie(&ranked)) {
        ([], _) => Pick::doubtful("no code is named exempt"),
        (_, Some(doubt)) => doubt,
        ([(4, best), ..], _) => Pick::certain(best, "by its name"),
        ([(_, best), ..], _) => Pick::likely(best, "by its name"),
    };
    Proposal::new(ProposalSubject::UntaxedCode, "lines without tax", pick)
        .among(closest_first(names_of(&ranked), company))
        .or_hold("tax_code_unmapped", "orders with a line without tax")
}

/// Left out, exports have the code of other lines without tax, so nothing is held back.
fn export_code(company: &Company) -> Proposal {
    let scored = without_tax(company)
        .filter_map(|name| {
            let found = words(name);
            let score = if has(&found, &["export", "exports"]) {
                4
            } else if has(&found, &["zero", "z"]) {
                2
            } else {
                return None;
            };
            Some((score - i32::from(is_odd(name)), name.clone()))
        })
        .collect();
    let ranked = ranked(scored);
    let pick = match (ranked.as_slice(), tie(&ranked)) {
        ([], _) => Pick::left_out("no code is named so; exports get that of lines without tax"),
        (_, Some(doubt)) => doubt,
        ([(4, best), ..], _) => Pick::certain(best, "by its name"),
        ([(_, best), ..], _) if company.country == "CA" => {
            Pick::certain(best, "exports are zero-rated")
        }
        ([(_, best), ..], _) => Pick::likely(best, "exports are mostly zero-rated"),
    };
    Proposal::new(
        ProposalSubject::ExportCode,
        "lines without tax that go abroad",
        pick,
    )
    .among(closest_first(names_of(&ranked), company))
}

/// Codes under which nothing is charged.
fn without_tax(company: &Company) -> impl Iterator<Item = &String> {
    company.tax_codes.iter().filter_map(|(name, rates)| {
        rates
            .iter()
            .all(|rate| company.tax_rates.get(rate).is_none_or(Decimal::is_zero))
            .then_some(name)
    })
}

fn closest_first(mut first: Vec<String>, company: &Company) -> Vec<String> {
    for name in company.tax_codes.keys() {
        if !first.contains(name) {
            first.push(name.clone());
        }
    }
    first
}

/// US companies that keep sales tax by hand: one code for a document, found by what it charges altogether.
fn document_codes(facts: ProposalFacts<'_>) -> Vec<Proposal> {
    let ProposalFacts { shop, company, .. } = facts;
    if !shop.taxes {
        return Vec::new();
    }
    let charging: BTreeMap<&String, Decimal> = company
        .tax_codes
        .iter()
        .filter(|(name, _)| !["TAX", "NON"].contains(&name.as_str()))
        .map(|(name, rates)| {
            let percent = |rate: &String| company.tax_rates.get(rate).copied().unwrap_or_default();
            (name, rates.iter().map(percent).sum())
        })
        .collect();
    let all: Vec<String> = charging.keys().map(|name| (*name).clone()).collect();
    let mut proposals: Vec<Proposal> = sets(shop)
        .into_iter()
        .filter_map(|set| {
            let members: Vec<&Rate> = set.iter().filter_map(|name| find(shop, name)).collect();
            let percent: Decimal = members.iter().map(|rate| rate.percent).sum();
            if percent.is_zero() {
                return None; // Nothing is charged, so no code is needed.
            }
            let scored = charging
                .iter()
                .filter(|(_, charged)| **charged == percent)
                .map(|(name, _)| {
                    let in_place = members
                        .iter()
                        .any(|rate| capitals(name).any(|place| place == rate.state));
                    (i32::from(in_place), (*name).clone())
                })
                .collect();
            let ranked = ranked(scored);
            let shown = shown(percent);
            let pick = match ranked.as_slice() {
                [] => Pick::doubtful(format!("no code charges {shown}")),
                [(_, only)] => Pick::certain(only, format!("the only code that charges {shown}")),
                [(_, best), ..] => tie(&ranked)
                    .unwrap_or_else(|| Pick::likely(best, format!("{shown}, and the same state"))),
            };
            let mut choices = names_of(&ranked);
            choices.extend(
                all.iter()
                    .filter(|name| !choices.contains(name))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            let what = format!("orders with {}", quoted(&set));
            Some(
                Proposal::new(
                    ProposalSubject::TaxCode(set.clone()),
                    set_about(shop, &set),
                    pick,
                )
                .among(choices)
                .or_hold("tax_code_unmapped", what),
            )
        })
        .collect();
    let pick = match all.as_slice() {
        [] => Pick::doubtful("the books have no sales tax code"),
        [only] => Pick::certain(only, "the only sales tax code"),
        _ if !proposals.is_empty() => Pick::left_out("each set of rates has its own"),
        several => Pick::doubtful(format!("{} sales tax codes", several.len())),
    };
    proposals.push(
        Proposal::new(
            ProposalSubject::DocumentCode,
            "tax on any other order",
            pick,
        )
        .among(all)
        .or_hold("tax_code_unmapped", "orders taxed at any other rate"),
    );
    proposals
}

/// Whether lines carry tax codes and documents tax by rate.
fn codes_lines(facts: ProposalFacts<'_>) -> bool {
    facts.shop.taxes && facts.company.uses_tax && facts.company.tax_model == TaxModel::Global
}

/// The sets of rates that can stand together on a line: for each class and region the rates that reach it, one of each priority,
/// as WooCommerce picks them. Lines of shipping carry only those of them that are charged on shipping.
pub fn sets(shop: &Shop) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = Vec::new();
    let regions: BTreeSet<(&str, &str, &str)> = shop
        .rates
        .iter()
        .map(|rate| {
            (
                rate.class.as_str(),
                rate.country.as_str(),
                rate.state.as_str(),
            )
        })
        .collect();
    for (class, country, state) in regions {
        let mut by_priority: BTreeMap<u32, Vec<&Rate>> = BTreeMap::new();
        for rate in &shop.rates {
            let reaches = (rate.country.is_empty() || rate.country == country)
                && (rate.state.is_empty() || rate.state == state);
            if rate.class == class && reaches {
                by_priority.entry(rate.priority).or_default().push(rate);
            }
        }
        // Of one priority the rate for the smaller region counts; several for one region are for different postcodes.
        let alternatives = by_priority.into_values().map(|rates| {
            let exactness =
                |rate: &Rate| u8::from(!rate.country.is_empty()) + u8::from(!rate.state.is_empty());
            let best = rates.iter().map(|rate| exactness(rate)).max();
            let mut rates = rates;
            rates.retain(|rate| Some(exactness(rate)) == best);
            rates
        });
        let mut combined: Vec<Vec<&Rate>> = vec![Vec::new()];
        for rates in alternatives {
            combined = combined
                .into_iter()
                .flat_map(|set| {
                    rates
                        .iter()
                        .map(move |rate| [set.clone(), vec![*rate]].concat())
                })
                .take(SETS_MAX)
                .collect();
        }
        for set in combined {
            let of_shipping: Vec<&Rate> =
                set.iter().copied().filter(|rate| rate.shipping).collect();
            for set in [set, of_shipping] {
                let names: Vec<String> = set.iter().map(|rate| name_of(rate, shop)).collect();
                let alike = |known: &Vec<String>| {
                    known.iter().collect::<BTreeSet<_>>() == names.iter().collect()
                };
                if !names.is_empty() && !found.iter().any(alike) && found.len() < SETS_MAX {
                    found.push(names);
                }
            }
        }
    }
    found
}

/// What a rate is called in the configuration: by its code, which outlives an import, unless the code names another one too.
pub fn name_of(rate: &Rate, shop: &Shop) -> String {
    let shared = shop
        .rates
        .iter()
        .any(|other| other.code == rate.code && other.percent != rate.percent);
    if rate.code.is_empty() || shared {
        rate.id.to_string()
    } else {
        rate.code.clone()
    }
}

fn find<'a>(shop: &'a Shop, name: &str) -> Option<&'a Rate> {
    shop.rates.iter().find(|rate| name_of(rate, shop) == name)
}

/// `GST 5 %, CA-BC`
fn about(rate: &Rate) -> String {
    let place: Vec<&str> = [rate.country.as_str(), rate.state.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let label = rate.label.trim();
    let label = if label.is_empty() { &rate.code } else { label };
    let place = if place.is_empty() {
        "everywhere".to_owned()
    } else {
        place.join("-")
    };
    format!("{label} {}, {place}", shown(rate.percent))
}

/// `GST + PST, CA-BC`
fn set_about(shop: &Shop, set: &[String]) -> String {
    let rates: Vec<&Rate> = set.iter().filter_map(|name| find(shop, name)).collect();
    let labels: Vec<&str> = rates.iter().map(|rate| rate.label.trim()).collect();
    let smallest = rates
        .iter()
        .max_by_key(|rate| u8::from(!rate.country.is_empty()) + u8::from(!rate.state.is_empty()));
    let place = smallest.map_or_else(String::new, |rate| {
        let about = about(rate);
        about.rsplit(", ").next().unwrap_or_default().to_owned()
    });
    format!("{}, {place}", labels.join(" + "))
}

/// `5 %`
fn shown(percent: Decimal) -> String {
    format!("{} %", percent.normalize())
}

fn quoted(set: &[String]) -> String {
    let names: Vec<String> = set.iter().map(|name| format!("`{name}`")).collect();
    let word = if names.len() == 1 {
        "the rate"
    } else {
        "the rates"
    };
    format!("{word} {}", names.join(" and "))
}

/// Words for one tax in the languages of those who charge it.
const KINDS: [(&str, &[&str]); 5] = [
    ("gst", &["gst", "tps"]),
    ("hst", &["hst", "tvh"]),
    ("pst", &["pst", "rst", "tvp"]),
    ("qst", &["qst", "tvq"]),
    (
        "vat",
        &[
            "vat", "tva", "mwst", "ust", "iva", "btw", "moms", "alv", "dph",
        ],
    ),
];

fn kinds(text: &str) -> BTreeSet<&'static str> {
    let found = words(text);
    KINDS
        .iter()
        .filter(|(_, alike)| has(&found, alike))
        .map(|(kind, _)| *kind)
        .collect()
}

/// Rates and codes for something else than a plain sale.
fn is_odd(name: &str) -> bool {
    let odd = [
        "ec",
        "ecg",
        "ecs",
        "rc",
        "reverse",
        "import",
        "imports",
        "itr",
        "purchase",
        "purchases",
        "adjustment",
        "adjustments",
        "cis",
        "old",
        "postponed",
        "pva",
        "intrastat",
        "acquisition",
        "capital",
    ];
    has(&words(name), &odd)
}

/// How well the name of a rate in the books fits a rate of the shop with the same percentage; `None` where it says another tax or
/// another place.
fn closeness(rate: &Rate, name: &str, company: &Company) -> Option<i32> {
    let of_shop = format!("{} {}", rate.label, rate.code);
    let (ours, theirs) = (kinds(&of_shop), kinds(name));
    let mut score = 0;
    if !ours.is_empty() && !theirs.is_empty() {
        if ours.is_disjoint(&theirs) {
            return None;
        }
        score += 4;
    }
    let found = words(name);
    if rate.percent.is_zero() {
        let exempt = ["exempt", "scope", "non", "no", "free"];
        let says_exempt = has(&words(&of_shop), &exempt);
        if has(&found, &exempt) != says_exempt {
            return None;
        }
        if says_exempt || has(&found, &["zero", "z", "zr", "nil", "rated"]) {
            score += 4;
        }
    }
    let named = places(name, company);
    if !named.is_empty() {
        let place = if is_by_state(company) {
            &rate.state
        } else {
            &rate.country
        };
        if named.contains(place.as_str()) {
            score += 2;
        } else if place.is_empty() {
            score -= 1;
        } else {
            return None;
        }
    }
    Some(score - 5 * i32::from(is_odd(name)))
}

/// Canada and the US tell taxes apart by province and state, others by country.
fn is_by_state(company: &Company) -> bool {
    matches!(company.country.as_str(), "CA" | "US")
}

const PROVINCES: [(&str, &str); 13] = [
    ("AB", "alberta"),
    ("BC", "columbia"),
    ("MB", "manitoba"),
    ("NB", "brunswick"),
    ("NL", "newfoundland"),
    ("NS", "scotia"),
    ("NT", "northwest"),
    ("NU", "nunavut"),
    ("ON", "ontario"),
    ("PE", "prince"),
    ("QC", "quebec"),
    ("SK", "saskatchewan"),
    ("YT", "yukon"),
];

const COUNTRIES: [(&str, &str); 29] = [
    ("AT", "austria"),
    ("BE", "belgium"),
    ("BG", "bulgaria"),
    ("CY", "cyprus"),
    ("CZ", "czechia"),
    ("DE", "germany"),
    ("DK", "denmark"),
    ("EE", "estonia"),
    ("ES", "spain"),
    ("FI", "finland"),
    ("FR", "france"),
    ("GB", "kingdom"),
    ("GR", "greece"),
    ("HR", "croatia"),
    ("HU", "hungary"),
    ("IE", "ireland"),
    ("IT", "italy"),
    ("LT", "lithuania"),
    ("LU", "luxembourg"),
    ("LV", "latvia"),
    ("MT", "malta"),
    ("NL", "netherlands"),
    ("NO", "norway"),
    ("PL", "poland"),
    ("PT", "portugal"),
    ("RO", "romania"),
    ("SE", "sweden"),
    ("SI", "slovenia"),
    ("SK", "slovakia"),
];

/// The places that a name names.
fn places(name: &str, company: &Company) -> BTreeSet<&'static str> {
    let known: &[(&str, &str)] = match company.country.as_str() {
        "CA" => &PROVINCES,
        "US" => return BTreeSet::new(),
        _ => &COUNTRIES,
    };
    let found = words(name);
    let codes: BTreeSet<&str> = capitals(name).collect();
    known
        .iter()
        .filter(|(code, word)| codes.contains(code) || found.contains(*word))
        .map(|(code, _)| *code)
        .collect()
}
