//! Sites: every column of the file in which something is kept of people, and how a text of it is sealed, moved to another key and robbed of
//! what a lost key has sealed.

use std::borrow::Cow;
use std::ops::ControlFlow;

use rusqlite::{Row, Transaction, params};
use serde_json::Value;

use super::SLICE;
use crate::store::cards;
use crate::store::error::SqlTrouble;
use crate::store::packed::{is_packed, packed, whole};
use crate::store::thin;
use crate::store::veil::{Veil, is_sealed};

/// A column that may hold people. Its rows are gone through in the order of a number of their own.
#[derive(Clone, Copy)]
pub(in crate::store) struct BodySite {
    pub table: &'static str,
    /// Number, place and text of the rows behind the number `?1`, at most `?2` of them.
    pub select: &'static str,
    /// Puts the text `?2` into the row of the number `?1`.
    update: &'static str,
    pub form: PeopleForm,
}

/// What of the text is about people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum PeopleForm {
    /// All of it.
    Whole,
    /// What can be taken out of it. What cannot be opened is left out, and the rest stays.
    Parts,
    /// The name that the books gave back. Nobody asks for it again, so it is not kept.
    Name,
}

pub(in crate::store) const TICKETS: BodySite = BodySite {
    table: "tickets",
    select: "SELECT id, 'ticket/' || target || '/' || idempotency_key, body FROM tickets WHERE id > ?1 ORDER BY id LIMIT ?2",
    update: "UPDATE tickets SET body = ?2 WHERE id = ?1",
    form: PeopleForm::Whole,
};

pub(in crate::store) const WRITES: BodySite = BodySite {
    table: "ticket_writes",
    select: "SELECT rowid, 'write/' || ticket_id || '/' || position, intent FROM ticket_writes
             WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
    update: "UPDATE ticket_writes SET intent = ?2 WHERE rowid = ?1",
    form: PeopleForm::Parts,
};

/// Of open requests. What is kept of closed ones in `ticket_writes` has nobody in it, but in files of earlier versions.
pub(in crate::store) const INTENTS: BodySite = BodySite {
    table: "open_intents",
    select: "SELECT rowid, 'write/' || ticket_id || '/' || position, intent FROM open_intents
             WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
    update: "UPDATE open_intents SET intent = ?2 WHERE rowid = ?1",
    form: PeopleForm::Parts,
};

pub(in crate::store) const OUTCOMES: BodySite = BodySite {
    table: "ticket_writes",
    select: "SELECT rowid, '', outcome FROM ticket_writes
             WHERE rowid > ?1 AND outcome IS NOT NULL AND subject >= '@customer:' AND subject < '@customer;'
             ORDER BY rowid LIMIT ?2",
    update: "UPDATE ticket_writes SET outcome = ?2 WHERE rowid = ?1",
    form: PeopleForm::Name,
};

/// Their key is the ticket and the place in it, and no ticket has so many writes.
pub(in crate::store) const IMAGES: BodySite = BodySite {
    table: "before_images",
    select: "SELECT ticket_id * 4096 + position, 'before/' || ticket_id || '/' || position, body FROM before_images
             WHERE ticket_id * 4096 + position > ?1 ORDER BY ticket_id, position LIMIT ?2",
    update: "UPDATE before_images SET body = ?2 WHERE ticket_id = ?1 / 4096 AND position = ?1 % 4096",
    form: PeopleForm::Whole,
};

pub(in crate::store) const CHANGES: BodySite = BodySite {
    table: "change_rows",
    select: "SELECT id, 'change/' || run_id, body FROM change_rows JOIN run_numbers ON number = run
             WHERE id > ?1 AND body IS NOT NULL ORDER BY id LIMIT ?2",
    update: "UPDATE change_rows SET body = ?2 WHERE id = ?1",
    form: PeopleForm::Whole,
};

/// As earlier versions kept them, and so their copies. A view of this name is not meant.
pub(in crate::store) const EARLIER_CHANGES: BodySite = BodySite {
    table: "changes",
    select: "SELECT id, 'change/' || run_id, body FROM changes WHERE id > ?1 AND body IS NOT NULL ORDER BY id LIMIT ?2",
    update: "UPDATE changes SET body = ?2 WHERE id = ?1",
    form: PeopleForm::Whole,
};

pub(in crate::store) const LINKS: BodySite = BodySite {
    table: "links",
    select: "SELECT rowid, 'link/' || target || '/' || subject, posted FROM links
             WHERE rowid > ?1 AND posted IS NOT NULL ORDER BY rowid LIMIT ?2",
    update: "UPDATE links SET posted = ?2 WHERE rowid = ?1",
    form: PeopleForm::Parts,
};

pub(in crate::store) const ANSWERS: BodySite = BodySite {
    table: "keyed_runs",
    select: "SELECT rowid, 'answer/' || caller_key, document FROM keyed_runs WHERE rowid > ?1 ORDER BY rowid LIMIT ?2",
    update: "UPDATE keyed_runs SET document = ?2 WHERE rowid = ?1",
    form: PeopleForm::Whole,
};

/// The names that the books have in use, customers among them.
pub(in crate::store) const LISTS: BodySite = BodySite {
    table: "kept",
    select: "SELECT rowid, 'kept/' || name, text FROM kept WHERE rowid > ?1 AND name LIKE '%/names%' ORDER BY rowid LIMIT ?2",
    update: "UPDATE kept SET text = ?2 WHERE rowid = ?1",
    form: PeopleForm::Whole,
};

/// Why a person accepted a difference, in words of their own. The table has no numbers, and few rows.
pub(in crate::store) const ACCEPTED: BodySite = BodySite {
    table: "accepted_differences",
    select: "SELECT n, 'accepted/' || id, why FROM (SELECT row_number() OVER (ORDER BY id) AS n, id, why FROM accepted_differences)
             WHERE n > ?1 ORDER BY n LIMIT ?2",
    update: "UPDATE accepted_differences SET why = ?2 WHERE id = (SELECT id FROM accepted_differences ORDER BY id LIMIT 1 OFFSET ?1 - 1)",
    form: PeopleForm::Whole,
};

/// Proofs, which quote these words.
pub(in crate::store) const PROOFS: BodySite = BodySite {
    table: "reconciliations",
    select: "SELECT n, 'proof/' || id, document FROM (SELECT row_number() OVER (ORDER BY id) AS n, id, document FROM reconciliations)
             WHERE n > ?1 ORDER BY n LIMIT ?2",
    update: "UPDATE reconciliations SET document = ?2 WHERE id = (SELECT id FROM reconciliations ORDER BY id LIMIT 1 OFFSET ?1 - 1)",
    form: PeopleForm::Whole,
};

/// What was written to the shop, which of an account is what somebody is called and where they live.
pub(in crate::store) const SHOP_STEPS: BodySite = BodySite {
    table: "shop_writes",
    select: "SELECT id, 'shop/' || shop || '/' || mark, step FROM shop_writes WHERE id > ?1 ORDER BY id LIMIT ?2",
    update: "UPDATE shop_writes SET step = ?2 WHERE id = ?1",
    form: PeopleForm::Whole,
};

pub(in crate::store) const SHOP_ANSWERS: BodySite = BodySite {
    table: "shop_writes",
    select: "SELECT id, 'came/' || id, came FROM shop_writes WHERE id > ?1 AND came IS NOT NULL ORDER BY id LIMIT ?2",
    update: "UPDATE shop_writes SET came = ?2 WHERE id = ?1",
    form: PeopleForm::Whole,
};

/// What both sides agreed on.
pub(in crate::store) const AGREED: BodySite = BodySite {
    table: "agreed",
    select:
        "SELECT rowid, 'agreed/' || target || '/' || entity || '/' || record_id, said FROM agreed
             WHERE rowid > ?1 AND said <> '' ORDER BY rowid LIMIT ?2",
    update: "UPDATE agreed SET said = ?2 WHERE rowid = ?1",
    form: PeopleForm::Whole,
};

pub(in crate::store) const FIELD_CONFLICTS: BodySite = BodySite {
    table: "field_conflicts",
    select: "SELECT seq, 'conflict/' || target || '/' || entity || '/' || record_id || '/' || field, said
             FROM field_conflicts WHERE seq > ?1 AND said <> '' ORDER BY seq LIMIT ?2",
    update: "UPDATE field_conflicts SET said = ?2 WHERE seq = ?1",
    form: PeopleForm::Whole,
};

pub(in crate::store) const SITES: [BodySite; 16] = [
    AGREED,
    FIELD_CONFLICTS,
    TICKETS,
    WRITES,
    INTENTS,
    OUTCOMES,
    IMAGES,
    CHANGES,
    EARLIER_CHANGES,
    LINKS,
    ANSWERS,
    LISTS,
    ACCEPTED,
    PROOFS,
    SHOP_STEPS,
    SHOP_ANSWERS,
];

/// One row of a site.
pub(in crate::store) struct SiteRow {
    pub number: i64,
    pub place: String,
    /// As it stands there. Of what can be taken apart the text itself, unpacked unless it is damaged.
    pub text: String,
    packing: Packing,
}

/// How the text of a row stands there. It goes back in the same way: a copy that was made for an earlier version is read by that one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    AsItIs,
    Packed,
    BehindCard,
}

impl SiteRow {
    /// A text that is about people as a whole, packed or sealed as it may be.
    pub fn of_whole(row: &Row<'_>) -> rusqlite::Result<SiteRow> {
        Ok(SiteRow {
            number: row.get(0)?,
            place: row.get(1)?,
            text: row.get(2)?,
            packing: Packing::AsItIs,
        })
    }

    /// A text that is taken apart.
    pub fn of_parts(row: &Row<'_>) -> rusqlite::Result<SiteRow> {
        let row = SiteRow::of_whole(row)?;
        let (packing, opened) = match cards::has_card(&row.text) {
            true => (Packing::BehindCard, cards::document(&row.text)),
            false if is_packed(&row.text) => (Packing::Packed, whole(&row.text)),
            false => return Ok(row),
        };
        let Some(text) = opened.map(Cow::into_owned) else {
            return Ok(row);
        };
        Ok(SiteRow {
            text,
            packing,
            ..row
        })
    }
}

impl BodySite {
    /// Files of earlier versions, and so their copies, lack some.
    pub fn is_in(&self, view: &Transaction<'_>) -> Result<bool, SqlTrouble> {
        let mut ask = view.prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
        )?;
        Ok(ask.query_row([self.table], |row| row.get(0))?)
    }

    pub fn rows(
        &self,
        view: &Transaction<'_>,
        after: i64,
        most: u32,
    ) -> Result<Vec<SiteRow>, SqlTrouble> {
        let mut ask = view.prepare_cached(self.select)?;
        let read = match self.form {
            PeopleForm::Whole => SiteRow::of_whole,
            PeopleForm::Parts | PeopleForm::Name => SiteRow::of_parts,
        };
        let rows = ask.query_map(params![after, most], read)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Tells of each row, some at a time, until somebody has heard enough.
    pub fn each(
        &self,
        view: &Transaction<'_>,
        mut tell: impl FnMut(&SiteRow) -> Result<ControlFlow<()>, SqlTrouble>,
    ) -> Result<(), SqlTrouble> {
        let mut after = 0;
        loop {
            let rows = self.rows(view, after, SLICE)?;
            let Some(last) = rows.last() else {
                return Ok(());
            };
            after = last.number;
            for row in &rows {
                if tell(row)?.is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// Puts a text in the place of that of a row.
    pub fn put(
        &self,
        change: &Transaction<'_>,
        row: &SiteRow,
        text: &str,
    ) -> Result<(), SqlTrouble> {
        let text = match row.packing {
            Packing::AsItIs => Cow::Borrowed(text),
            Packing::Packed => packed(text),
            Packing::BehindCard => cards::behind_card(text),
        };
        let mut put = change.prepare_cached(self.update)?;
        put.execute(params![row.number, text])?;
        Ok(())
    }

    /// The text as it is to stand there under this veil; `None` where it stands so already.
    pub(super) fn veiled(&self, veil: &Veil, row: &SiteRow) -> Option<String> {
        let now = match self.form {
            PeopleForm::Whole => veil.shut(&row.place, &row.text),
            PeopleForm::Parts if row.text.contains("\"people\":\"sealed:") => return None,
            PeopleForm::Parts => veil.shut_people(&row.place, thin::with_digests(&row.text)),
            PeopleForm::Name => thin::without_name(&row.text)?,
        };
        (now != row.text).then_some(now)
    }

    /// The text with another key. What the old one does not open stays as it is: no more of it is lost by that.
    pub(super) fn moved(&self, from: &Veil, to: &Veil, row: &SiteRow) -> Option<String> {
        match self.form {
            PeopleForm::Whole if is_sealed(&row.text) => {
                let text = from.open_packed(&row.place, row.text.clone()).text()?;
                Some(to.shut(&row.place, &text))
            }
            PeopleForm::Parts => {
                let mut value: Value = serde_json::from_str(&row.text).ok()?;
                let sealed = value.get_mut("people")?;
                let text = from.open(&row.place, sealed.as_str()?.to_owned()).text()?;
                *sealed = to.shut(&row.place, &text).into();
                Some(value.to_string())
            }
            PeopleForm::Whole | PeopleForm::Name => None,
        }
    }

    /// The text without what this key sealed; `None` where that is nothing.
    pub(super) fn robbed(&self, key_id: &str, row: &SiteRow) -> Option<String> {
        let is_of = |text: &str| text.starts_with(&format!("sealed:1:{key_id}:"));
        match self.form {
            PeopleForm::Whole => is_of(&row.text).then(String::new),
            PeopleForm::Parts => {
                let mut value: Value = serde_json::from_str(&row.text).ok()?;
                if !value.get("people")?.as_str().is_some_and(is_of) {
                    return None;
                }
                value.as_object_mut()?.remove("people");
                Some(value.to_string())
            }
            PeopleForm::Name => None,
        }
    }
}
