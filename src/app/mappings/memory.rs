//! What the shop's own mappings said in the last run, kept so that an edit can be compared with it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::app::App;
use crate::mapping::{Mapping, Set};
use crate::store::{Memory, MemoryWriter, StoreError};

/// A mapping as a run has worked with it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Remembered {
    pub mapping: Mapping,
    pub files: BTreeMap<String, String>,
}

#[derive(Default, Serialize, Deserialize)]
struct OwnMemory {
    /// By entity. An entity that is not here went by the shipped mapping.
    own: BTreeMap<String, Remembered>,
}

/// What an earlier run worked with.
#[derive(Clone, Debug, PartialEq)]
pub enum LastRun {
    /// No run is known that has worked with mappings.
    Unknown,
    Shipped,
    Own(Box<Remembered>),
}

impl App {
    /// Remembers the mappings to a target that a run works with. Written only where they have changed.
    pub fn remember_mappings(
        &self,
        memory: &dyn MemoryWriter,
        target: &str,
        set: &Set,
    ) -> Result<(), StoreError> {
        let own = set.own(target).map(|(entity, mapping, files)| {
            let remembered = Remembered {
                mapping: mapping.clone(),
                files: files.clone(),
            };
            (entity.to_owned(), remembered)
        });
        let own = OwnMemory { own: own.collect() };
        let name = place(target);
        let text = serde_json::to_string(&own).expect("our own mappings always have a JSON form");
        let known = memory.kept(&name)?.map(|(known, _)| known);
        if known.as_deref() == Some(text.as_str()) {
            return Ok(());
        }
        memory.keep(&name, &text, self.clock.now())
    }

    /// What the last run to this target worked with for this entity.
    pub fn remembered_mapping(
        &self,
        memory: &dyn Memory,
        target: &str,
        entity: &str,
    ) -> Result<LastRun, StoreError> {
        let Some((text, _)) = memory.kept(&place(target))? else {
            return Ok(LastRun::Unknown);
        };
        // What another version of udsync kept and this one cannot read is as good as unknown.
        let Ok(mut own) = serde_json::from_str::<OwnMemory>(&text) else {
            return Ok(LastRun::Unknown);
        };
        Ok(match own.own.remove(entity) {
            Some(own) => LastRun::Own(Box::new(own)),
            None => LastRun::Shipped,
        })
    }
}

fn place(target: &str) -> String {
    format!("mappings/{target}")
}
