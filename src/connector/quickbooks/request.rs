//! Requests: the exact bytes of one write or of a batch, with the key under which QuickBooks does them once.

use serde::Serialize;
use serde_json::value::RawValue;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::model::document::DocumentKind;
use crate::model::plan::{Action, RemoteKind};
use crate::model::ticket::{Request, Write};

use super::bodies;
use super::client::MINOR_VERSION;

#[derive(Serialize)]
struct BatchBody<'a> {
    #[serde(rename = "BatchItemRequest")]
    items: Vec<BatchItem<'a>>,
}

struct BatchItem<'a> {
    number: String,
    write: &'a Write,
}

/// Written by hand, because the name of the last field is the kind of document.
impl Serialize for BatchItem<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeMap;
        let operation = match self.write.action {
            Action::Update | Action::Void => "update",
            Action::Delete => "delete",
            Action::Create | Action::Skip | Action::None => "create",
        };
        let body: &RawValue =
            serde_json::from_str(&self.write.body).expect("bodies are made as JSON");
        let mut item = to.serialize_map(None)?;
        item.serialize_entry("bId", &self.number)?;
        item.serialize_entry("operation", operation)?;
        if self.write.action == Action::Void {
            item.serialize_entry("optionsData", "void")?;
        }
        item.serialize_entry(self.write.entity.as_str(), body)?;
        item.end()
    }
}

/// Makes one request: a single write goes to its own address, several go as a batch.
pub fn request(company_id: &str, writes: Vec<Write>, attempt: u32) -> Request {
    let (path, body) = match writes.as_slice() {
        [write] => (single_path(write), write.body.to_string()),
        several => (format!("batch?{MINOR_VERSION}"), batch(several)),
    };
    Request {
        key: key(company_id, &path, &body, attempt),
        path,
        body,
        writes,
    }
}

/// The number that an answer of a batch is recognised by.
pub fn number(at: usize) -> String {
    (at + 1).to_string()
}

fn batch(writes: &[Write]) -> String {
    let items = writes.iter().enumerate();
    bodies::text(&BatchBody {
        items: items
            .map(|(at, write)| BatchItem {
                number: number(at),
                write,
            })
            .collect(),
    })
}

fn single_path(write: &Write) -> String {
    let entity = write.entity.as_str().to_lowercase();
    match (write.action, write.entity) {
        (Action::Void, RemoteKind::Document(DocumentKind::Invoice)) => {
            format!("{entity}?operation=void&{MINOR_VERSION}")
        }
        (Action::Void, _) => format!("{entity}?operation=update&include=void&{MINOR_VERSION}"),
        (Action::Delete, _) => format!("{entity}?operation=delete&{MINOR_VERSION}"),
        _ => format!("{entity}?{MINOR_VERSION}"),
    }
}

/// The same request and the same attempt have the same key, on every machine. With the number of an item it
/// stays within the fifty characters that QuickBooks allows.
fn key(company_id: &str, path: &str, body: &str, attempt: u32) -> String {
    let mut digest = Sha256::new();
    for part in [company_id, path, body, &attempt.to_string()] {
        // With their lengths, two different lists of parts never read alike.
        digest.update(part.len().to_be_bytes());
        digest.update(part.as_bytes());
    }
    let digest = digest.finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    Uuid::new_v8(bytes).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{DocumentKey, Role};
    use crate::model::plan::Subject;
    use crate::model::ticket::Body;

    fn write(action: Action, entity: &str, body: &str) -> Write {
        Write {
            action,
            subject: Subject::Document(DocumentKey::of_order(7, Role::Sale)),
            entity: RemoteKind::from_word(entity).expect("a kind of the books"),
            remote: None,
            body: Body::whole(body.to_owned(), Vec::new()).expect("it refers to nothing"),
            marker: None,
            label: "WC-7".into(),
            expected: None,
            source: crate::model::plan::RecordKey::order(1, "1"),
            document: None,
            before: None,
        }
    }

    #[test]
    fn one_write_goes_to_its_own_address() {
        for (action, entity, path) in [
            (
                Action::Create,
                "SalesReceipt",
                "salesreceipt?minorversion=75",
            ),
            (Action::Update, "CreditMemo", "creditmemo?minorversion=75"),
            (
                Action::Void,
                "Invoice",
                "invoice?operation=void&minorversion=75",
            ),
            (
                Action::Void,
                "Payment",
                "payment?operation=update&include=void&minorversion=75",
            ),
            (
                Action::Delete,
                "RefundReceipt",
                "refundreceipt?operation=delete&minorversion=75",
            ),
        ] {
            let request = request("9130", vec![write(action, entity, r#"{"Id":"1"}"#)], 1);
            assert_eq!(request.path, path);
            assert_eq!(request.body, r#"{"Id":"1"}"#);
        }
    }

    #[test]
    fn several_go_as_a_batch_with_their_bodies_untouched() {
        let request = request(
            "9130",
            vec![
                write(
                    Action::Create,
                    "SalesReceipt",
                    r#"{"Line":[{"Amount":100.00}]}"#,
                ),
                write(
                    Action::Void,
                    "Invoice",
                    r#"{"Id":"3","SyncToken":"0","sparse":true}"#,
                ),
                write(
                    Action::Delete,
                    "CreditMemo",
                    r#"{"Id":"4","SyncToken":"2"}"#,
                ),
            ],
            1,
        );
        assert_eq!(request.path, "batch?minorversion=75");
        assert_eq!(
            request.body,
            concat!(
                r#"{"BatchItemRequest":["#,
                r#"{"bId":"1","operation":"create","SalesReceipt":{"Line":[{"Amount":100.00}]}},"#,
                r#"{"bId":"2","operation":"update","optionsData":"void","Invoice":{"Id":"3","SyncToken":"0","sparse":true}},"#,
                r#"{"bId":"3","operation":"delete","CreditMemo":{"Id":"4","SyncToken":"2"}}]}"#
            )
        );
    }

    #[test]
    fn the_key_is_the_same_for_the_same_and_another_for_anything_else() {
        let make = |company: &str, body: &str, attempt| {
            request(
                company,
                vec![write(Action::Create, "Invoice", body)],
                attempt,
            )
            .key
        };
        let key = make("9130", "{}", 1);
        assert_eq!(key, make("9130", "{}", 1));
        assert_eq!(key.len(), 36);
        assert_eq!(&key[14..15], "8");
        for other in [
            make("9131", "{}", 1),
            make("9130", "[]", 1),
            make("9130", "{}", 2),
        ] {
            assert_ne!(key, other);
        }
    }
}
