//! Labels: the names of classes and of locations, which only a shop's own mapping speaks of.
//!
//! Each is a list of its own, read when a document first names one and then believed for a day. Nobody else pays for it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{DOUBTED_AGE, FACTS_AGE, Lists};
use crate::connector::port::Label;
use crate::connector::quickbooks::client::BooksClient;
use crate::connector::quickbooks::facts::{self, MAPPING};
use crate::connector::quickbooks::{query, wire};
use crate::model::fault::{Fault, Reason};

/// The lists that were read.
#[derive(Clone, Debug, Default)]
pub struct Labels {
    classes: Option<Arc<KeptLabels>>,
    locations: Option<Arc<KeptLabels>>,
}

#[derive(Debug, Serialize, Deserialize)]
struct KeptLabels {
    read_at: DateTime<Utc>,
    /// A name was missing in it, so it is read again sooner.
    doubted: bool,
    ids: BTreeMap<String, String>,
}

impl Labels {
    pub fn class(&self, name: &str) -> Result<&str, Reason> {
        id(self.classes.as_deref(), name, "class_unknown", "class")
    }

    pub fn location(&self, name: &str) -> Result<&str, Reason> {
        let kept = self.locations.as_deref();
        id(kept, name, "location_unknown", "location")
    }

    fn slot(&mut self, label: Label) -> &mut Option<Arc<KeptLabels>> {
        match label {
            Label::Class => &mut self.classes,
            Label::Location => &mut self.locations,
        }
    }
}

fn id<'a>(
    kept: Option<&'a KeptLabels>,
    name: &str,
    code: &str,
    what: &str,
) -> Result<&'a str, Reason> {
    let Some(kept) = kept else {
        return Err(Reason::new(
            code,
            format!("the names that QuickBooks has for each {what} have not been read yet"),
        )
        .hint("run the same command again, which reads them"));
    };
    let active = format!("active {what}");
    // What the mapping gives may come out of what a buyer has typed, so it is not repeated.
    let id = facts::found(&kept.ids, name, code, &active, MAPPING).map_err(|found| Reason {
        message: format!("QuickBooks has no active {what} of the name that the mapping gives here"),
        ..found
    })?;
    Ok(id)
}

impl Lists {
    /// Has a list of labels at hand.
    pub async fn know(&self, client: &BooksClient, label: Label) -> Result<(), Fault> {
        let _reading = self.reading.lock().await;
        if self.labels().slot(label).is_some() {
            return Ok(());
        }
        let kept: Option<KeptLabels> = self.on_shelf(place(label));
        let kept = match kept.filter(|kept| self.believed(kept)) {
            Some(kept) => kept,
            None => {
                let read = query::all::<wire::LabelAnswer>(client, kind(label), "").await?;
                let kept = KeptLabels {
                    read_at: self.clock.now(),
                    doubted: false,
                    ids: facts::labels(&read.rows),
                };
                self.put(place(label), &kept)?;
                kept
            }
        };
        *self.remembered_labels().slot(label) = Some(Arc::new(kept));
        Ok(())
    }

    pub fn labels(&self) -> Labels {
        self.remembered_labels().clone()
    }

    /// Marks the lists: a name was missing in one of them.
    pub(super) fn doubt_labels(&self) {
        for label in [Label::Class, Label::Location] {
            if self.labels().slot(label).is_none() {
                continue;
            }
            if let Some(mut kept) = self.on_shelf::<KeptLabels>(place(label)) {
                kept.doubted = true;
                self.try_to_put(place(label), &kept);
            }
        }
    }

    fn believed(&self, kept: &KeptLabels) -> bool {
        if self.sparing && !kept.doubted {
            return true;
        }
        let age = self.clock.now() - kept.read_at;
        let most = if kept.doubted { DOUBTED_AGE } else { FACTS_AGE };
        age >= TimeDelta::zero() && age < most
    }
}

/// What QuickBooks calls it.
fn kind(label: Label) -> &'static str {
    match label {
        Label::Class => "Class",
        Label::Location => "Department",
    }
}

fn place(label: Label) -> &'static str {
    match label {
        Label::Class => "classes",
        Label::Location => "locations",
    }
}
