//! Figures of the process itself, counted while it works. What is in the state files is added up elsewhere, by `app::metrics`.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::http::StatusCode;

/// Of one listener.
#[derive(Debug, Default)]
pub struct ListenerFigures {
    pub open: AtomicU64,
    /// Made room for others while their request was still coming.
    pub evicted: AtomicU64,
    /// Came when every place worked.
    pub turned_away: AtomicU64,
    answers: [AtomicU64; 5],
}

impl ListenerFigures {
    pub fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).clamp(1, 5) - 1;
        self.answers[class].fetch_add(1, Ordering::Relaxed);
    }
}

/// Lines of the Prometheus text format.
#[derive(Default)]
pub struct FiguresPage(pub String);

impl FiguresPage {
    pub fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(
            self.0,
            "# HELP udsync_{name} {help}\n# TYPE udsync_{name} {kind}"
        );
    }

    /// The values of labels are our own words and names of shops, none of which needs escaping.
    pub fn line(&mut self, name: &str, labels: &[(&str, &str)], value: impl std::fmt::Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(label, word)| format!("{label}=\"{word}\""))
            .collect();
        let labels = match labels.join(",") {
            none if none.is_empty() => none,
            some => format!("{{{some}}}"),
        };
        let _ = writeln!(self.0, "udsync_{name}{labels} {value}");
    }

    /// What both listeners counted.
    pub fn listeners(&mut self, listeners: &[(&str, &ListenerFigures)]) {
        let read = |figure: &AtomicU64| figure.load(Ordering::Relaxed);
        type Figure = (
            &'static str,
            &'static str,
            &'static str,
            fn(&ListenerFigures) -> &AtomicU64,
        );
        let each: [Figure; 3] = [
            (
                "serve_connections",
                "gauge",
                "Connections that are open.",
                |of| &of.open,
            ),
            (
                "serve_evicted_total",
                "counter",
                "Connections that made room while their request was still coming.",
                |of| &of.evicted,
            ),
            (
                "serve_turned_away_total",
                "counter",
                "Connections that came when every place was at work.",
                |of| &of.turned_away,
            ),
        ];
        for (name, kind, help, figure) in each {
            self.head(name, kind, help);
            for (listener, of) in listeners {
                self.line(name, &[("listener", listener)], read(figure(of)));
            }
        }
        self.head(
            "serve_answers_total",
            "counter",
            "Answers by the class of their status.",
        );
        for (listener, of) in listeners {
            for (class, count) in ["1xx", "2xx", "3xx", "4xx", "5xx"].iter().zip(&of.answers) {
                let labels = [("listener", *listener), ("class", *class)];
                self.line("serve_answers_total", &labels, read(count));
            }
        }
    }
}
