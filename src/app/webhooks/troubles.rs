//! Troubles with webhooks, as the owner is told of them: kept until they are over, so that each is told once.

use serde_json::Value;

use crate::model::delivery::DeliverySource;
use crate::model::incident::{Concern, IncidentKind};
use crate::store::{Memory, MemoryWriter, StoreError, keep_value, kept_value};

/// Under which name the state file keeps them.
const NAME: &str = "webhook troubles";

/// The beginning of the subject of each of them.
pub const SUBJECTS: &str = "webhooks_";

/// What is the matter now.
pub fn all(store: &dyn Memory) -> Result<Vec<Concern>, StoreError> {
    kept_value(store, NAME)
}

/// Remembers a trouble. Says whether it is news.
pub fn begin(
    store: &dyn MemoryWriter,
    concern: Concern,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, StoreError> {
    let mut known = all(store)?;
    let place = known.iter().position(|one| one.subject == concern.subject);
    match place {
        Some(at) if known[at] == concern => return Ok(false),
        Some(at) => known[at] = concern,
        None => known.push(concern),
    }
    keep_value(store, NAME, &known, now)?;
    Ok(place.is_none())
}

/// Forgets a trouble that is over. Says whether there was one.
pub fn end(
    store: &dyn MemoryWriter,
    subject: &str,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<bool, StoreError> {
    let mut known = all(store)?;
    let before = known.len();
    known.retain(|one| one.subject != subject);
    if known.len() == before {
        return Ok(false);
    }
    keep_value(store, NAME, &known, now)?;
    Ok(true)
}

/// For whoever listens to a server.
pub fn told(concern: &Concern) -> Value {
    serde_json::json!({
        "kind": concern.kind, "subject": concern.subject, "title": concern.title,
        "happened": concern.happened, "remedy": concern.remedy,
    })
}

/// The shop signs with another secret.
pub fn bad_signature(webhook: u64) -> Concern {
    Concern {
        kind: IncidentKind::Connection,
        subject: signature_subject().to_owned(),
        title: "the shop signs its webhooks with another secret".to_owned(),
        happened: format!("a delivery of webhook {webhook} of the shop was not signed with the secret that is kept here"),
        means: "what webhooks tell is refused; a sweep finds it later. WooCommerce switches a webhook off after the seventh refusal in a row"
            .to_owned(),
        remedy: "`udsync webhooks register` gives the shop the secret that is kept here".to_owned(),
    }
}

pub fn signature_subject() -> &'static str {
    "webhooks_signature"
}

/// The inbox cannot be written.
pub fn inbox_closed(said: &str) -> Concern {
    Concern {
        kind: IncidentKind::Connection,
        subject: inbox_subject().to_owned(),
        title: "webhooks cannot be accepted".to_owned(),
        happened: said.to_owned(),
        means: "deliveries are answered with 503; QuickBooks sends them again, WooCommerce does not, and a sweep finds what it told".to_owned(),
        remedy: "make room on the disk, or give this user the right to write beside the state file".to_owned(),
    }
}

pub fn inbox_subject() -> &'static str {
    "webhooks_inbox"
}

/// A webhook of ours is switched off, was changed or is gone, or what the shop sent did not come.
pub fn lost(topics: &[String], said: &str) -> Concern {
    Concern {
        kind: IncidentKind::Connection,
        subject: lost_subject().to_owned(),
        title: "webhooks of the shop do not arrive".to_owned(),
        happened: format!("{}: {said}", topics.join(", ")),
        means: "what they would tell is found by a sweep instead, a little later".to_owned(),
        remedy: "`udsync webhooks check` says what is the matter with each of them".to_owned(),
    }
}

pub fn lost_subject() -> &'static str {
    "webhooks_lost"
}

/// Something changed, and no webhook told it.
pub fn silent(source: DeliverySource, said: &str) -> Concern {
    let service = match source {
        DeliverySource::Woocommerce => "the shop",
        DeliverySource::Quickbooks => "QuickBooks",
    };
    Concern {
        kind: IncidentKind::Silence,
        subject: silent_subject(source).to_owned(),
        title: format!("webhooks of {service} are silent"),
        happened: said.to_owned(),
        means: "changes there are found by asking, a few minutes later".to_owned(),
        remedy: match source {
            DeliverySource::Woocommerce => "`udsync webhooks check`".to_owned(),
            DeliverySource::Quickbooks => {
                "see that the address and the entities that `udsync webhooks register` names are entered in Intuit's portal".to_owned()
            }
        },
    }
}

pub fn silent_subject(source: DeliverySource) -> &'static str {
    match source {
        DeliverySource::Woocommerce => "webhooks_silent_shop",
        DeliverySource::Quickbooks => "webhooks_silent_books",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Store;

    #[test]
    fn a_trouble_is_news_once() {
        let store = Store::in_memory().expect("a state");
        let now = "2026-11-20T12:00:00Z".parse().expect("a moment");
        let begin = |concern| super::begin(&store, concern, now).expect("kept");
        assert!(begin(bad_signature(3)));
        assert!(!begin(bad_signature(3)));
        // Another webhook of the same shop: the same trouble in other words.
        assert!(!begin(bad_signature(4)));
        assert!(begin(silent(
            DeliverySource::Quickbooks,
            "an invoice changed"
        )));
        assert_eq!(all(&store).expect("kept").len(), 2);
        assert!(end(&store, signature_subject(), now).expect("ended"));
        assert!(!end(&store, signature_subject(), now).expect("ended"));
        let left = all(&store).expect("kept");
        assert_eq!(left.len(), 1);
        assert!(left.iter().all(|one| one.subject.starts_with(SUBJECTS)));
    }
}
