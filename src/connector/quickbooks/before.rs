//! What stood there: documents and names whole, in QuickBooks' own words, as they are kept before something is written over them.
//!
//! Reads are metered, and most of what is about to be changed was read or answered a moment ago. So the latest of it is remembered
//! for a while, and is as good as new while its revision is the one that is asked for: every change makes another one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::model::fault::Fault;
use crate::model::plan::{Remote, RemoteKind};
use crate::model::raw::Raw;
use crate::model::ticket::BeforeImage;

use super::client::BooksClient;
use super::query::{ANY, rows};

/// So many are remembered at one time.
const REMEMBERED_MAX: usize = 2_000;

/// The latest bodies that QuickBooks showed.
#[derive(Default)]
pub struct ShownBodies(Mutex<Latest>);

#[derive(Default)]
struct Latest {
    /// By kind and id.
    bodies: BTreeMap<(RemoteKind, String), BeforeImage>,
    /// The oldest first.
    order: VecDeque<(RemoteKind, String)>,
}

/// What every document and every name has.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Stamps {
    id: Option<String>,
    sync_token: Option<String>,
}

impl ShownBodies {
    /// Remembers a body for a while, in the place of what was shown of the same thing before.
    pub fn remember(&self, entity: RemoteKind, body: &str) {
        let Some(image) = image(entity, body) else {
            return;
        };
        let key = (image.remote.entity, image.remote.id.clone());
        let mut latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.bodies.insert(key.clone(), image).is_none() {
            latest.order.push_back(key);
        }
        while latest.order.len() > REMEMBERED_MAX {
            if let Some(oldest) = latest.order.pop_front() {
                latest.bodies.remove(&oldest);
            }
        }
    }

    fn of(&self, remote: &Remote) -> Option<BeforeImage> {
        let latest = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (remote.entity, remote.id.clone());
        let image = latest.bodies.get(&key)?;
        (image.remote.revision == remote.revision).then(|| image.clone())
    }
}

/// What stands there of each of them. Asks for what was not shown at this revision.
pub async fn stands(
    client: &BooksClient,
    shown: &ShownBodies,
    remotes: &[Remote],
) -> Result<Vec<Option<BeforeImage>>, Fault> {
    let mut known: Vec<Option<BeforeImage>> =
        remotes.iter().map(|remote| shown.of(remote)).collect();
    let mut ids: BTreeMap<RemoteKind, BTreeSet<&str>> = BTreeMap::new();
    for (remote, known) in remotes.iter().zip(&known) {
        if known.is_none() {
            ids.entry(remote.entity).or_default().insert(&remote.id);
        }
    }
    let mut read = BTreeMap::new();
    for (entity, ids) in ids {
        let ids: Vec<&str> = ids.into_iter().collect();
        let and = match entity {
            RemoteKind::Customer | RemoteKind::Item | RemoteKind::Vendor => ANY,
            RemoteKind::Document(_) => "",
        };
        let bodies: Vec<Box<RawValue>> = rows(client, entity.as_str(), "Id", &ids, and).await?;
        for image in bodies.iter().filter_map(|body| image(entity, body.get())) {
            read.insert((entity, image.remote.id.clone()), image);
        }
    }
    for (remote, known) in remotes.iter().zip(&mut known) {
        if known.is_none() {
            *known = read.get(&(remote.entity, remote.id.clone())).cloned();
        }
    }
    Ok(known)
}

fn image(entity: RemoteKind, body: &str) -> Option<BeforeImage> {
    let stamps: Stamps = serde_json::from_str(body).ok()?;
    Some(BeforeImage {
        remote: Remote {
            entity,
            id: stamps.id?,
            revision: stamps.sync_token.unwrap_or_default(),
        },
        body: Raw::new(body),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::DocumentKind;

    fn body(id: usize, revision: &str) -> String {
        format!("{{\"Id\":\"{id}\",\"SyncToken\":\"{revision}\",\"PrivateNote\":\"hers\"}}")
    }

    fn invoice(id: usize, revision: &str) -> Remote {
        Remote {
            entity: DocumentKind::Invoice.into(),
            id: id.to_string(),
            revision: revision.to_owned(),
        }
    }

    #[test]
    fn only_what_was_shown_at_the_very_revision_is_as_good_as_new() {
        let shown = ShownBodies::default();
        shown.remember(DocumentKind::Invoice.into(), &body(7, "3"));
        let image = shown.of(&invoice(7, "3")).expect("it was shown");
        assert_eq!(image.body.text(), body(7, "3"), "every word of it");
        assert_eq!(shown.of(&invoice(7, "4")), None);
        shown.remember(DocumentKind::Invoice.into(), &body(7, "4"));
        assert_eq!(shown.of(&invoice(7, "3")), None);
        assert!(shown.of(&invoice(7, "4")).is_some());
    }

    #[test]
    fn no_more_is_remembered_than_fits() {
        let shown = ShownBodies::default();
        for id in 0..=REMEMBERED_MAX {
            shown.remember(DocumentKind::Invoice.into(), &body(id, "0"));
        }
        assert_eq!(shown.of(&invoice(0, "0")), None, "the oldest went");
        assert!(shown.of(&invoice(1, "0")).is_some());
        assert!(shown.of(&invoice(REMEMBERED_MAX, "0")).is_some());
    }
}
