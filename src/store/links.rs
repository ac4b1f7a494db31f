//! Links in the state file: which thing in the books is which of ours.
//!
//! A link is found by its subject, and those of documents also by their order. SQLite counts with signed numbers: an order's
//! id is kept bit by bit, so that every id comes back as it was.

use rusqlite::{Row, Transaction, params};

use super::Store;
use super::cards::{behind_card, document};
use super::columns::{json, read_word, word};
use super::error::{SqlTrouble, StoreError};
use super::veil::Veil;
use crate::model::link::Link;
use crate::model::plan::{Remote, Subject};

impl Store {
    pub(super) fn link(&self, target: &str, subject: &Subject) -> Result<Option<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask =
                view.prepare_cached("SELECT * FROM links WHERE target = ?1 AND subject = ?2")?;
            ask.query_and_then([target, &subject.to_string()], |row| read_link(&veil, row))?
                .next()
                .transpose()
        })
    }

    pub(super) fn links_of_order(&self, target: &str, order: u64) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM links WHERE target = ?1 AND order_id = ?2 ORDER BY rowid",
            )?;
            let links = ask.query_and_then(params![target, order.cast_signed()], |row| {
                read_link(&veil, row)
            })?;
            links.collect()
        })
    }

    pub(super) fn links_of_remote(
        &self,
        target: &str,
        entity: &str,
        id: &str,
    ) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM links WHERE target = ?1 AND remote_entity = ?2 AND remote_id = ?3 ORDER BY rowid",
            )?;
            ask.query_and_then([target, entity, id], |row| read_link(&veil, row))?
                .collect()
        })
    }

    pub(super) fn orders_of_refund(
        &self,
        target: &str,
        refund: u64,
    ) -> Result<Vec<u64>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT DISTINCT order_id FROM links WHERE target = ?1 AND order_id IS NOT NULL
                   AND subject = '@document:' || order_id || '/refund/' || ?2",
            )?;
            let orders = ask.query_map(params![target, refund.to_string()], |row| {
                row.get::<_, i64>(0)
            })?;
            let orders = orders.map(|order| order.map(i64::cast_unsigned));
            Ok(orders.collect::<Result<_, _>>()?)
        })
    }

    pub(super) fn repoint_links(
        &self,
        target: &str,
        entity: &str,
        from: &str,
        to: &str,
    ) -> Result<usize, StoreError> {
        self.write(|change| {
            Ok(change.execute(
                "UPDATE links SET remote_id = ?4, remote_revision = '', content = ''
                 WHERE target = ?1 AND remote_entity = ?2 AND remote_id = ?3",
                [target, entity, from, to],
            )?)
        })
    }

    pub(super) fn customer_links(&self, target: &str) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM links WHERE target = ?1 AND subject >= '@customer:' AND subject < '@customer;'
                 ORDER BY subject",
            )?;
            let links = ask.query_and_then([target], |row| read_link(&veil, row))?;
            links.collect()
        })
    }

    pub(super) fn payout_links(&self, target: &str) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM links WHERE target = ?1 AND subject >= '@document:payout:' AND subject < '@document:payout;'
                 ORDER BY subject",
            )?;
            let links = ask.query_and_then([target], |row| read_link(&veil, row))?;
            links.collect()
        })
    }

    pub(super) fn put_links(&self, target: &str, links: &[Link]) -> Result<(), StoreError> {
        let veil = self.veil();
        self.write(|change| {
            links
                .iter()
                .try_for_each(|link| put(change, &veil, target, link))
        })
    }

    /// Forgets a link, as a deletion in the books does; one that is not there is no mistake.
    #[cfg(test)]
    pub fn remove_link(&self, target: &str, subject: &Subject) -> Result<(), StoreError> {
        self.write(|change| remove(change, target, &subject.to_string()))
    }

    pub(super) fn open_invoices(&self, target: &str) -> Result<Vec<Link>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT * FROM links WHERE target = ?1 AND remote_entity = 'Invoice' AND state = 'active'
                   AND subject = '@document:' || order_id || '/sale'
                   AND NOT EXISTS (SELECT 1 FROM links AS paid WHERE paid.target = ?1
                     AND paid.subject = '@document:' || links.order_id || '/payment')
                 ORDER BY order_id",
            )?;
            let links = ask.query_and_then([target], |row| read_link(&veil, row))?;
            links.collect()
        })
    }

    pub(super) fn posted_orders(&self, target: &str) -> Result<Vec<u64>, StoreError> {
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT DISTINCT order_id FROM links WHERE target = ?1 AND order_id IS NOT NULL ORDER BY order_id",
            )?;
            let orders = ask.query_map([target], |row| row.get::<_, i64>(0))?;
            let orders = orders.map(|order| order.map(i64::cast_unsigned));
            Ok(orders.collect::<Result<_, _>>()?)
        })
    }
}

pub(super) fn put(
    change: &Transaction<'_>,
    veil: &Veil,
    target: &str,
    link: &Link,
) -> Result<(), SqlTrouble> {
    let order = match &link.subject {
        Subject::Document(key) => key.order().map(u64::cast_signed),
        Subject::Customer(_) | Subject::Item(_) | Subject::Vendor(_) => None,
    };
    let mut put = change.prepare_cached(
        "INSERT INTO links (target, subject, order_id, remote_entity, remote_id, remote_revision, content, revision,
                            state, posted)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (target, subject) DO UPDATE SET
             remote_entity = excluded.remote_entity, remote_id = excluded.remote_id,
             remote_revision = excluded.remote_revision, content = excluded.content,
             revision = excluded.revision, state = excluded.state, posted = excluded.posted",
    )?;
    let subject = link.subject.to_string();
    let posted = link
        .posted
        .as_ref()
        .map(|posted| veil.shut_people(&link_place(target, &subject), json(posted)));
    let posted = posted.as_deref().map(behind_card);
    put.execute(params![
        target,
        subject,
        order,
        link.remote.entity.as_str(),
        link.remote.id,
        link.remote.revision,
        link.content,
        link.revision,
        word(link.state),
        posted,
    ])?;
    Ok(())
}

pub(super) fn remove(
    change: &Transaction<'_>,
    target: &str,
    subject: &str,
) -> Result<(), SqlTrouble> {
    let mut remove =
        change.prepare_cached("DELETE FROM links WHERE target = ?1 AND subject = ?2")?;
    remove.execute([target, subject])?;
    Ok(())
}

/// Under which name the people of a link are sealed. Written alike in the questions of `bodies`.
fn link_place(target: &str, subject: &str) -> String {
    format!("link/{target}/{subject}")
}

/// Without the key to them there is nobody in it.
pub(super) fn read_link(veil: &Veil, row: &Row<'_>) -> Result<Link, SqlTrouble> {
    let subject: String = row.get("subject")?;
    let place = link_place(&row.get::<_, String>("target")?, &subject);
    let posted: Option<String> = row.get("posted")?;
    Ok(Link {
        subject: Subject::from_reference(&subject).ok_or(SqlTrouble::Odd("links.subject"))?,
        remote: Remote {
            entity: read_word(row.get("remote_entity")?, "links.remote_entity")?,
            id: row.get("remote_id")?,
            revision: row.get("remote_revision")?,
        },
        content: row.get("content")?,
        revision: row.get("revision")?,
        state: read_word(row.get("state")?, "links.state")?,
        posted: posted
            .map(|posted| {
                let posted = document(&posted).ok_or(SqlTrouble::Odd("links.posted"))?;
                veil.open_people(&place, &posted, "links.posted")
            })
            .transpose()?
            .map(|(posted, _)| posted),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::document::{Document, DocumentKey, DocumentKind, Role};
    use crate::model::money::Money;
    use crate::model::overlay::Overlay;
    use crate::store::tests::{BOOKS, link, remote, sale, store};

    /// Beyond what SQLite can count to.
    const LARGE: u64 = u64::MAX - 10_000;

    #[test]
    fn a_link_of_another_origin_is_kept_beside_those_of_orders() {
        let store = crate::store::tests::store();
        let key: DocumentKey = "payout:po_1MtHbE/fee".parse().expect("a key");
        let payout = Link {
            subject: Subject::Document(key),
            ..crate::store::tests::link(crate::store::tests::sale(7))
        };
        store
            .put_links("books", std::slice::from_ref(&payout))
            .expect("kept");
        let subject = Subject::Document(key);
        assert_eq!(store.link("books", &subject), Ok(Some(payout)));
        assert_eq!(store.posted_orders("books"), Ok(vec![]));
    }

    #[test]
    fn a_link_comes_back_as_it_was_kept_with_its_document() {
        let store = store();
        let mut full = link(sale(LARGE));
        let posted = full.posted.as_mut().expect("documents have one");
        let document = Document {
            key: sale(LARGE),
            kind: DocumentKind::SalesReceipt,
            number: "WC-1".into(),
            date: posted.date,
            due: None,
            currency: "CAD".into(),
            exchange_rate: "1.3512".parse().ok(),
            total: Money::cents(15_976),
            tax_total: Money::ZERO,
            tax: vec![],
            document_tax_code: None,
            lines: vec![],
            account: Some("Stripe Clearing".into()),
            payment_method: None,
            applies_to: vec![],
            note: "Zoë's order".into(),
            memo: None,
            bill_to: None,
            ship_to: None,
            overlay: Overlay::default(),
            decimals: None,
        };
        posted.fingerprint = Some(document.fingerprint());
        posted.document = Some(document);
        let customer = Link {
            subject: Subject::Customer("7.CAD".into()),
            remote: remote(58, "3"),
            content: String::new(),
            revision: 0,
            posted: None,
            ..full.clone()
        };
        let item = Link {
            subject: Subject::Item("sku:Mug/ü".into()),
            ..customer.clone()
        };
        let all = [full, customer, item];
        store.put_links(BOOKS, &all).expect("kept");
        for link in &all {
            assert_eq!(store.link(BOOKS, &link.subject), Ok(Some(link.clone())));
            assert_eq!(store.link("supabase", &link.subject), Ok(None));
        }
        assert_eq!(
            store.link(BOOKS, &Subject::Item("sku:mug/ü".into())),
            Ok(None)
        );
        assert_eq!(store.customer_links(BOOKS), Ok(vec![all[1].clone()]));
        assert_eq!(
            store.posted_orders(BOOKS),
            Ok(vec![LARGE]),
            "names are no orders"
        );
    }

    #[test]
    fn the_documents_of_an_order_are_together_and_replaced_in_place() {
        let store = store();
        let refund = DocumentKey::of_order(7, Role::Refund(9));
        store
            .put_links(BOOKS, &[link(sale(7)), link(refund), link(sale(8))])
            .expect("kept");
        let mut changed = link(sale(7));
        changed.remote = remote(10_007, "4");
        changed.revision = 2;
        store
            .put_links(BOOKS, std::slice::from_ref(&changed))
            .expect("kept");
        assert_eq!(
            store.links_of_order(BOOKS, 7),
            Ok(vec![changed, link(refund)])
        );
        assert_eq!(store.posted_orders(BOOKS), Ok(vec![7, 8]));
        assert_eq!(store.posted_orders("supabase"), Ok(vec![]));

        store
            .remove_link(BOOKS, &Subject::Document(sale(7)))
            .expect("removed");
        store
            .remove_link(BOOKS, &Subject::Document(sale(7)))
            .expect("nothing to remove");
        assert_eq!(store.links_of_order(BOOKS, 7), Ok(vec![link(refund)]));
    }

    #[test]
    fn damage_in_a_link_names_the_column_and_never_what_stands_in_it() {
        let store = store();
        store.put_links(BOOKS, &[link(sale(1))]).expect("kept");
        store
            .file()
            .execute(
                "UPDATE links SET posted = '{\"key\": \"Ann Lee, ann@example.com\"}'",
                [],
            )
            .expect("damaged");
        let error = store
            .links_of_order(BOOKS, 1)
            .expect_err("it makes no sense");
        let shown = format!("{error} {error:?} {}", error.hint());
        assert!(shown.contains("`links.posted`"), "{shown}");
        assert!(
            !shown.contains("Ann") && !shown.contains("example.com"),
            "{shown}"
        );
    }
}
