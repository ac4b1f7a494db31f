//! Rendering: the templates, compiled in, and how they write money, times and counts.
//!
//! What a template is handed is a document of the API or made of some. Everything in it is text: names of customers and words of
//! services cannot become markup. Times are written in the zone of the shop's books, which every such time names.

use std::cell::Cell;
use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use minijinja::value::{Serde, Value as Shown};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value;

use crate::model::code;
use crate::server::problem::HttpProblem;

/// Each template under the name of its file.
const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("templates/layout.html")),
    ("door.html", include_str!("templates/door.html")),
    ("macros.html", include_str!("templates/macros.html")),
    ("error.html", include_str!("templates/error.html")),
    ("sign_in.html", include_str!("templates/sign_in.html")),
    ("invitation.html", include_str!("templates/invitation.html")),
    ("account.html", include_str!("templates/account.html")),
    ("reconcile.html", include_str!("templates/reconcile.html")),
    ("explain.html", include_str!("templates/explain.html")),
    ("undo.html", include_str!("templates/undo.html")),
    ("today.html", include_str!("templates/today.html")),
    ("tabs.html", include_str!("templates/tabs.html")),
    ("newer.html", include_str!("templates/newer.html")),
    ("history.html", include_str!("templates/history.html")),
    ("run.html", include_str!("templates/run.html")),
    ("conflicts.html", include_str!("templates/conflicts.html")),
    ("deliveries.html", include_str!("templates/deliveries.html")),
    ("audit.html", include_str!("templates/audit.html")),
    (
        "integrations.html",
        include_str!("templates/integrations.html"),
    ),
    (
        "credentials.html",
        include_str!("templates/credentials.html"),
    ),
    (
        "schedule_fields.html",
        include_str!("templates/schedule_fields.html"),
    ),
    ("schedules.html", include_str!("templates/schedules.html")),
    ("schedule.html", include_str!("templates/schedule.html")),
    ("settings.html", include_str!("templates/settings.html")),
    ("people.html", include_str!("templates/people.html")),
    ("payouts.html", include_str!("templates/payouts.html")),
    ("payout.html", include_str!("templates/payout.html")),
    ("shops.html", include_str!("templates/shops.html")),
    ("start.html", include_str!("templates/start.html")),
    ("sync.html", include_str!("templates/sync.html")),
    ("waiting.html", include_str!("templates/waiting.html")),
    ("glances.html", include_str!("templates/glances.html")),
    ("mappings.html", include_str!("templates/mappings.html")),
    ("mapping.html", include_str!("templates/mapping.html")),
];

static ENVIRONMENT: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
    // An error must not carry what a page shows into the log.
    environment.set_debug(false);
    environment.set_auto_escape_callback(|_| AutoEscape::Html);
    environment.add_filter("money", |text: String| money(&text));
    environment.add_filter("amount", amount);
    environment.add_filter("count", |number: i64| grouped(&number.to_string()));
    environment.add_filter("clock", |at: String| time(&at, "%H:%M %Z"));
    environment.add_filter("bare_clock", |at: String| time(&at, "%H:%M"));
    environment.add_filter("moment", |at: String| moment(&at));
    environment.add_filter("date_of", |at: String| time(&at, "%Y-%m-%d"));
    environment.add_filter("bare_moment", |at: String| time(&at, "%Y-%m-%d %H:%M"));
    environment.add_filter("zone_of", |at: String| {
        read(&at).map(|at| at.with_timezone(&CLOCK.get().0).format("%Z").to_string())
    });
    environment.add_filter("whole_day", |day: String| {
        day.parse::<NaiveDate>()
            .map_or(day, |day| day.format("%A %-d %B %Y").to_string())
    });
    environment.add_filter("plural", |number: i64, one: String, many: String| {
        let word = if number == 1 { one } else { many };
        format!("{} {word}", grouped(&number.to_string()))
    });
    environment.add_filter("took", |from: String, until: String| took(&from, &until));
    environment.add_filter("meaning", |code: String| {
        code::row(&code).map_or(code.clone(), |row| sentence(row.meaning))
    });
    environment.add_filter("sentence", |text: String| sentence(&text));
    environment.add_filter("ticks", ticks);
    environment.add_filter("moment_in", |at: String, zone: String| {
        let (of_page, now) = CLOCK.get();
        CLOCK.set((zone.parse().unwrap_or(of_page), now));
        let shown = moment(&at);
        CLOCK.set((of_page, now));
        shown
    });
    environment.add_filter("fields", fields);
    environment.add_filter("in_query", |text: String| super::form::in_path(&text));
    environment.add_filter("words", |text: String| text.replace('_', " "));
    for (name, text) in TEMPLATES {
        environment
            .add_template(name, text)
            .expect("templates are compiled by a test");
    }
    environment
});

thread_local! {
    /// The zone and the time of the page that this thread renders. Filters within macros see nothing of what a page is handed.
    static CLOCK: Cell<(Tz, DateTime<Utc>)> = const { Cell::new((Tz::UTC, DateTime::UNIX_EPOCH)) };
}

fn set_clock(context: &Value) {
    let zone = context["zone"].as_str().and_then(|zone| zone.parse().ok());
    let now = context["now"].as_str().and_then(|now| read(now).ok());
    CLOCK.set((zone.unwrap_or(Tz::UTC), now.unwrap_or_default()));
}

/// A page out of a template and what it shows.
pub fn render(template: &str, context: &Value) -> Result<String, HttpProblem> {
    set_clock(context);
    let rendered = ENVIRONMENT
        .get_template(template)
        .and_then(|template| template.render(Shown::from(Serde(context))));
    rendered.map_err(|error| HttpProblem::fault(&format!("{template}: {error:#}")))
}

/// `-1684.9` as −1,684.9: groups of three, and a minus that is one.
pub fn money(text: &str) -> String {
    match text.strip_prefix('-') {
        Some(rest) => format!("\u{2212}{}", grouped(rest)),
        None => grouped(text),
    }
}

fn grouped(text: &str) -> String {
    let (whole, rest) = match text.find('.') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let mut grouped = String::new();
    for (nth, digit) in whole.chars().enumerate() {
        if nth > 0 && (whole.len() - nth).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// An amount with its currency, which has a column's width of its own behind it.
fn amount(text: Option<String>, currency: Option<String>) -> Shown {
    let Some(text) = text else {
        return Shown::from("");
    };
    let currency: String = currency
        .unwrap_or_default()
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let figure: String = money(&text)
        .chars()
        .filter(|letter| !"<>&\"'".contains(*letter))
        .collect();
    Shown::from_safe_string(format!("{figure}<span class=\"cur\">{currency}</span>"))
}

fn read(at: &str) -> Result<DateTime<Utc>, Error> {
    DateTime::parse_from_rfc3339(at)
        .map(|at| at.to_utc())
        .map_err(|_| Error::new(ErrorKind::InvalidOperation, format!("`{at}` is no time")))
}

fn time(at: &str, pattern: &str) -> Result<Shown, Error> {
    let at = read(at)?;
    let shown = at.with_timezone(&CLOCK.get().0).format(pattern).to_string();
    Ok(element(at, &shown))
}

fn element(at: DateTime<Utc>, shown: &str) -> Shown {
    Shown::from_safe_string(format!(
        "<time datetime=\"{}\">{shown}</time>",
        at.format("%Y-%m-%dT%H:%M:%SZ")
    ))
}

/// `16:38 MST` of today, and of any other day with its date before it.
fn moment(at: &str) -> Result<Shown, Error> {
    let (at, (zone, now)) = (read(at)?, CLOCK.get());
    let (here, today) = (
        at.with_timezone(&zone),
        now.with_timezone(&zone).date_naive(),
    );
    let pattern = match here.date_naive() == today {
        true => "%H:%M %Z",
        false => "%Y-%m-%d %H:%M %Z",
    };
    Ok(element(at, &here.format(pattern).to_string()))
}

/// How long something took: `14 s`, `2 min 5 s`.
fn took(from: &str, until: &str) -> Result<String, Error> {
    let took = read(until)? - read(from)?;
    Ok(match took.num_seconds() {
        ..1 => "under 1 s".to_owned(),
        seconds @ 1..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    })
}

/// A small document in a line, as the audit keeps it: `enabled: true, cron: 0 6 * * *`.
fn fields(document: Shown) -> String {
    let Ok(names) = document.try_iter() else {
        return document.to_string();
    };
    let parts = names.map(|name| match document.get_item(&name) {
        Ok(value) => format!("{name}: {value}"),
        Err(_) => name.to_string(),
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Messages of the command line begin small; a sentence of a page does not.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// Text of ours in which `this` is what somebody could type.
fn ticks(text: String) -> Shown {
    let escaped = |text: &str| minijinja::HtmlEscape(text).to_string();
    let pieces: Vec<&str> = text.split('`').collect();
    // An odd number of ticks is somebody else's text.
    if pieces.len().is_multiple_of(2) {
        return Shown::from_safe_string(escaped(&text));
    }
    let shown = pieces.iter().enumerate().map(|(nth, piece)| match nth % 2 {
        0 => escaped(piece),
        _ => format!("<code>{}</code>", escaped(piece)),
    });
    Shown::from_safe_string(shown.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shown(template: &str, context: Value) -> String {
        let mut context = context;
        context["zone"] = json!("America/Edmonton");
        context["now"] = json!("2026-11-20T23:40:00Z");
        set_clock(&context);
        ENVIRONMENT
            .render_named_str("test.html", template, Shown::from(Serde(&context)))
            .expect("it renders")
    }

    #[test]
    fn every_template_is_compiled() {
        assert_eq!(ENVIRONMENT.templates().count(), TEMPLATES.len());
    }

    /// Each fixture is a page in one of its states, and is shown to whoever may do everything and to whoever may only look.
    #[test]
    fn every_template_shows_every_state_of_its_page() {
        let folder =
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/server/pages/fixtures");
        let mut shown = std::collections::BTreeSet::new();
        for entry in std::fs::read_dir(folder)
            .expect("there are fixtures")
            .flatten()
        {
            let text = std::fs::read_to_string(entry.path()).expect("text");
            let fixture: Value = serde_json::from_str(&text).expect("JSON");
            let template = fixture["template"].as_str().expect("a template");
            for may in [true, false] {
                let mut context = json!({
                    "layout": "layout.html", "here": "today", "title": "A page", "assets": super::super::assets::addresses(),
                    "now": "2026-11-20T23:40:00Z", "zone": "America/Edmonton", "form_token": "f", "key": "k", "has_shops": true,
                    "who": { "name": "dana", "role": "owner", "shops": "all shops" }, "may": { "operate": may, "own": may },
                    "world": { "is_sandbox": false, "made_up": false, "company": "Aurora", "company_id": "1" },
                    "shop": { "name": "aurora", "title": "aurora" }, "base": "/shop/aurora", "said": null, "waiting": 5, "conflicts": 1, "heard": 0,
                });
                let own = fixture["context"].as_object().expect("a context");
                context
                    .as_object_mut()
                    .expect("an object")
                    .extend(own.clone());
                let page = render(template, &context);
                let page =
                    page.unwrap_or_else(|_| panic!("{} is not rendered", entry.path().display()));
                // Links may look alike; what sends something is a button.
                let is_changing =
                    page.contains("<button class=\"btn btn-main\"") && page.contains("id=\"side\"");
                // Everybody has an account, and only owners are shown the people and how a run is taken back.
                let is_for_all = ["account.html", "people.html", "undo.html"].contains(&template);
                assert!(
                    may || !is_changing || is_for_all,
                    "{} offers a viewer too much",
                    entry.path().display()
                );
            }
            shown.insert(template.to_owned());
        }
        let parts = [
            "layout",
            "door",
            "macros",
            "tabs",
            "credentials",
            "schedule_fields",
            "glances",
            // Their states are made in `tests/acting`.
            "sync",
            "waiting",
            "mapping",
        ];
        for (name, _) in TEMPLATES {
            let is_part = parts.iter().any(|part| name.starts_with(part));
            assert!(is_part || shown.contains(*name), "{name} has no fixture");
        }
    }

    #[test]
    fn no_template_has_script_or_style_within() {
        for (name, text) in TEMPLATES {
            for forbidden in [
                " style=",
                " onclick=",
                " onload=",
                "<script>",
                "|safe",
                "javascript:",
            ] {
                assert!(!text.contains(forbidden), "{name} has {forbidden}");
            }
        }
    }

    #[test]
    fn figures_have_groups_a_true_minus_and_their_currency() {
        assert_eq!(money("1684.90"), "1,684.90");
        assert_eq!(money("-1234567.8"), "\u{2212}1,234,567.8");
        assert_eq!(money("12"), "12");
        assert_eq!(
            shown("{{ a|amount(c) }}", json!({ "a": "1000.00", "c": "C<D" })),
            "1,000.00<span class=\"cur\">CD</span>"
        );
        assert_eq!(
            shown(
                "{{ 1|plural('order', 'orders') }}, {{ 1200|plural('order', 'orders') }}",
                json!({})
            ),
            "1 order, 1,200 orders"
        );
    }

    #[test]
    fn times_are_of_the_shop_and_name_its_zone() {
        let at = |at: &str| shown("{{ at|moment }}", json!({ "at": at }));
        assert_eq!(
            at("2026-11-20T23:38:00Z"),
            "<time datetime=\"2026-11-20T23:38:00Z\">16:38 MST</time>"
        );
        // In UTC it is the same day; in the shop it was the day before.
        assert_eq!(
            at("2026-11-20T06:38:00Z"),
            "<time datetime=\"2026-11-20T06:38:00Z\">2026-11-19 23:38 MST</time>"
        );
    }

    #[test]
    fn words_of_others_are_text() {
        let hostile = json!({ "name": "<img src=x>`b`" });
        assert!(!shown("{{ name }}{{ name|ticks }}", hostile).contains("<img"));
    }

    #[test]
    fn how_long_it_took_is_told_in_few_words() {
        let took = |until: &str| super::took("2026-11-20T10:00:00Z", until).expect("times");
        assert_eq!(took("2026-11-20T10:00:00.4Z"), "under 1 s");
        assert_eq!(took("2026-11-20T10:00:14Z"), "14 s");
        assert_eq!(took("2026-11-20T10:02:05Z"), "2 min 5 s");
        assert_eq!(took("2026-11-20T12:05:00Z"), "2 h 5 min");
    }
}
