//! Before-images: what stood in the books before a write, beside the ticket that changed it.
//!
//! They are written with their ticket or not at all, and stay when it is closed: what is not kept now can never be taken back.

use std::collections::BTreeMap;

use rusqlite::{OptionalExtension, Transaction, params};

use super::columns::{place, read_word};
use super::error::SqlTrouble;
use super::packed::packed;
use super::veil::Veil;
use crate::model::plan::Remote;
use crate::model::raw::Raw;
use crate::model::ticket::BeforeImage;

pub(super) fn keep(
    change: &Transaction<'_>,
    veil: &Veil,
    ticket: i64,
    position: usize,
    before: &BeforeImage,
) -> Result<(), SqlTrouble> {
    let remote = &before.remote;
    let mut add = change.prepare_cached(
        "INSERT INTO before_images (ticket_id, position, remote_entity, remote_id, remote_revision, body)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
    )?;
    add.execute(params![
        ticket,
        place(position),
        remote.entity.as_str(),
        remote.id,
        remote.revision,
        veil.shut(
            &image_place(ticket, place(position)),
            &packed(before.body.text())
        ),
    ])?;
    Ok(())
}

/// Those of a ticket, by the place of their write.
pub(super) fn of_ticket(
    view: &Transaction<'_>,
    veil: &Veil,
    ticket: i64,
) -> Result<BTreeMap<usize, BeforeImage>, SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT position, remote_entity, remote_id, remote_revision, body FROM before_images WHERE ticket_id = ?1",
    )?;
    let rows = ask.query_map([ticket], |row| {
        let word: String = row.get(1)?;
        let (id, revision) = (row.get(2)?, row.get(3)?);
        Ok((row.get(0)?, word, id, revision, row.get(4)?))
    })?;
    rows.map(|row| {
        let (position, word, id, revision, body): (i64, String, String, String, String) = row?;
        let remote = Remote {
            entity: read_word(word, "before_images.remote_entity")?,
            id,
            revision,
        };
        let body = veil.open(&image_place(ticket, position), body).needed()?;
        let position =
            usize::try_from(position).map_err(|_| SqlTrouble::Odd("before_images.position"))?;
        let body = Raw::new(&body);
        Ok((position, BeforeImage { remote, body }))
    })
    .collect()
}

/// That of one write; `None` where there is none, and where it was dropped or cannot be opened.
pub(super) fn of_write(
    view: &Transaction<'_>,
    veil: &Veil,
    ticket: i64,
    position: i64,
) -> Result<Option<BeforeImage>, SqlTrouble> {
    let mut ask = view.prepare_cached(
        "SELECT remote_entity, remote_id, remote_revision, body FROM before_images
         WHERE ticket_id = ?1 AND position = ?2 AND body <> ''",
    )?;
    let row = ask
        .query_row([ticket, position], |row| {
            let texts: [String; 4] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok(texts)
        })
        .optional()?;
    let Some([word, id, revision, body]) = row else {
        return Ok(None);
    };
    let body = veil.open(&image_place(ticket, position), body).text();
    let remote = Remote {
        entity: read_word(word, "before_images.remote_entity")?,
        id,
        revision,
    };
    Ok(body.map(|body| BeforeImage {
        remote,
        body: Raw::new(&body),
    }))
}

fn image_place(ticket: i64, position: i64) -> String {
    format!("before/{ticket}/{position}")
}

#[cfg(test)]
mod tests {
    use crate::model::plan::Action;
    use crate::model::ticket::{Request, Write};
    use crate::store::tests::{BOOKS, at, change, folder, request, run, write};
    use crate::store::{Store, TicketOutcome};

    fn asking(writes: Vec<Write>) -> Request {
        Request {
            writes,
            ..request("key-1", &[1])
        }
    }

    #[test]
    fn what_stood_there_is_on_the_disk_with_the_ticket_and_stays_when_it_is_closed() {
        let (_folder, path) = folder();
        let store = Store::open(&path).expect("made");
        store.begin_run(&run("run-1", 0)).expect("begun");
        let request = asking(vec![
            write(1),
            change(2, Action::Update),
            change(3, Action::Void),
            change(4, Action::Delete),
        ]);
        let ticket = store
            .intend("run-1", BOOKS, request.clone(), at(1))
            .expect("recorded");
        let after = Store::open(&path).expect("another process");
        let open = after.open_tickets(BOOKS).expect("answers");
        assert_eq!(open[0].0.request(), &request, "with what stood there");

        let outcomes: Vec<_> = (0..4)
            .map(|place| (place, TicketOutcome::NotDone))
            .collect();
        store
            .settle(&ticket, &outcomes, &[], at(2))
            .expect("settled");
        let kept: Vec<(i64, String, String)> = store
            .file()
            .prepare("SELECT position, remote_revision, body FROM before_images ORDER BY position")
            .and_then(|mut ask| {
                ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
                    .collect()
            })
            .expect("answers");
        let body = || r#"{"Id":"10001","PrivateNote":"her own words"}"#.to_owned();
        assert_eq!(
            kept,
            [1, 2, 3].map(|place| (place, "3".to_owned(), body())),
            "whatever makes something new has none"
        );
    }

    #[test]
    fn a_change_of_what_was_not_read_is_no_ticket() {
        for action in [Action::Update, Action::Void, Action::Delete] {
            let store = crate::store::tests::store();
            let unseen = Write {
                before: None,
                ..change(1, action)
            };
            let refused = store
                .intend("run-1", BOOKS, asking(vec![write(2), unseen]), at(1))
                .expect_err("nobody could take it back");
            assert!(refused.to_string().contains("not read before"), "{refused}");
            assert_eq!(store.open_tickets(BOOKS), Ok(vec![]));
        }
    }
}
