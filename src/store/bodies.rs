//! Bodies: every place of the file where something is kept of people, and what happens to all of them at once.
//!
//! They are sealed when a key comes to a file that had none, sealed anew when another key takes its place, and dropped when they are
//! old. What is needed longer, kinds and ids, figures, numbers, dates, revisions and accounts, stays.

mod sites;

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Transaction, TransactionBehavior, params};

use super::columns::time;
use super::error::{SqlTrouble, StoreError};
use super::veil::{Veil, veiled_with};
use super::{Store, thin};

pub(super) use sites::{
    ACCEPTED, AGREED, ANSWERS, BodySite, CHANGES, FIELD_CONFLICTS, IMAGES, INTENTS, LINKS, LISTS,
    PROOFS, PeopleForm, SHOP_ANSWERS, SHOP_STEPS, SiteRow, TICKETS, WRITES,
};
use sites::{OUTCOMES, SITES};

/// So many rows are changed in one go, so that nobody else waits long for the file.
const SLICE: u32 = 500;

/// Outcomes that still name a customer, as earlier versions kept them. Written as the index has it.
const NAMED: &str = "SELECT rowid, '', outcome FROM ticket_writes INDEXED BY outcomes_with_names
     WHERE subject >= '@customer:' AND subject < '@customer;'
       AND CASE WHEN json_valid(outcome) THEN json_extract(outcome, '$.done.label') END <> '' LIMIT ?1";

/// Changes the rows of all sites, each as is said.
fn change_all(
    change: &Transaction<'_>,
    mut text: impl FnMut(&BodySite, &SiteRow) -> Option<String>,
) -> Result<u64, SqlTrouble> {
    let mut changed = 0;
    for site in SITES {
        if !site.is_in(change)? {
            continue;
        }
        let mut after = 0;
        loop {
            let (last, slice) = change_slice(change, &site, after, &mut text)?;
            changed += slice;
            let Some(last) = last else { break };
            after = last;
        }
    }
    Ok(changed)
}

/// Changes some rows of a site, and says how far it came and how many they were. `None`: that was the end.
fn change_slice(
    change: &Transaction<'_>,
    site: &BodySite,
    after: i64,
    text: &mut impl FnMut(&BodySite, &SiteRow) -> Option<String>,
) -> Result<(Option<i64>, u64), SqlTrouble> {
    let rows = site.rows(change, after, SLICE)?;
    let mut changed = 0;
    for row in &rows {
        if let Some(text) = text(site, row) {
            site.put(change, row, &text)?;
            changed += 1;
        }
    }
    Ok((rows.last().map(|row| row.number), changed))
}

/// Seals everything with another key, in one transaction with whatever else is sealed.
pub(super) fn reseal(change: &Transaction<'_>, old: &Veil, new: &Veil) -> Result<(), SqlTrouble> {
    change_all(change, |site, row| site.moved(old, new, row))?;
    let mut name = change.prepare_cached("UPDATE veil SET key_id = ?2 WHERE key_id = ?1")?;
    name.execute([old.key_id(), new.key_id()])?;
    Ok(())
}

/// Lets go of what only this key opens. A request without its bytes is not sent again: it is looked for, and planned anew.
pub(super) fn lose(change: &Transaction<'_>, key_id: &str) -> Result<u64, SqlTrouble> {
    let lost = change_all(change, |site, row| site.robbed(key_id, row))?;
    change.execute("DELETE FROM kept WHERE text = ''", [])?;
    change.execute("DELETE FROM keyed_runs WHERE document = ''", [])?;
    change.execute("DELETE FROM reconciliations WHERE document = ''", [])?;
    change.execute("UPDATE changes SET body = NULL WHERE body = ''", [])?;
    change.execute("DELETE FROM veil WHERE key_id = ?1", [key_id])?;
    Ok(lost)
}

impl Store {
    /// Seals what a file still keeps of people in plain text, and so do the copies that lie beside it. Says how many texts it were.
    ///
    /// Done once for a file, in slices, and begun anew where it was interrupted. Nothing of the plain texts is left then: what SQLite
    /// had set free is written over, and the log is emptied.
    pub(super) fn veil_everything(&self) -> Result<u64, StoreError> {
        let veil = self.veil();
        let Some(key_id) = veil.key_id().map(str::to_owned) else {
            return Ok(0);
        };
        if self.read(veiled_with)?.as_ref() == Some(&key_id) {
            return Ok(0);
        }
        let mut sealed = 0;
        for site in SITES {
            let mut after = 0;
            loop {
                let (last, changed) = self.write(|change| {
                    change_slice(change, &site, after, &mut |site, row| {
                        site.veiled(&veil, row)
                    })
                })?;
                sealed += changed;
                let Some(last) = last else { break };
                after = last;
            }
        }
        self.scrub()?;
        self.over_copies(|change| {
            change_all(change, |site, row| site.veiled(&veil, row))?;
            Ok(())
        })?;
        self.write(|change| {
            change.execute(
                "INSERT INTO veil (one, key_id) VALUES (1, ?1) ON CONFLICT DO UPDATE SET key_id = excluded.key_id",
                [&key_id],
            )?;
            Ok(())
        })?;
        Ok(sealed)
    }

    /// Drops the bodies of what was settled before then, and says of how many requests. `figures` makes of what stood in the books
    /// before a change what is kept of it for good.
    pub(super) fn drop_bodies(
        &self,
        before: DateTime<Utc>,
        figures: &dyn Fn(&str) -> String,
    ) -> Result<u64, StoreError> {
        let before = time(before);
        let veil = self.veil();
        let mut dropped = 0;
        loop {
            let slice = self.write(|change| drop_tickets(change, &veil, &before, figures))?;
            if slice == 0 {
                break;
            }
            dropped += slice;
        }
        let more = self.write(|change| {
            let changes = change.execute(
                "UPDATE change_rows SET body = NULL WHERE body IS NOT NULL AND run IN
                     (SELECT old.run FROM (SELECT DISTINCT run FROM change_rows WHERE body IS NOT NULL) AS old
                      JOIN run_numbers ON run_numbers.number = old.run JOIN runs ON runs.id = run_id
                      WHERE runs.status <> 'running' AND coalesce(runs.finished_at, runs.started_at) < ?1)",
                [&before],
            )?;
            let in_shop = change.execute(
                "UPDATE shop_writes SET step = '', came = NULL WHERE kind = 'customer' AND step <> '' AND settled_at < ?1",
                [&before],
            )?;
            Ok((changes + in_shop) as u64 + drop_answers(change, &veil, &before)?)
        })?;
        let more = more + self.drop_names()?;
        if dropped + more > 0 {
            self.forget_the_log()?;
        }
        self.drop_old_copies(&before, figures)?;
        Ok(dropped)
    }

    /// Drops what the books called customers, which earlier versions kept with what came of a request. Nobody asks for it again.
    fn drop_names(&self) -> Result<u64, StoreError> {
        let mut dropped = 0;
        loop {
            let slice = self.write(drop_some_names)?;
            if slice == 0 {
                return Ok(dropped);
            }
            dropped += slice;
        }
    }

    /// The copies of earlier versions grow old as the file does.
    fn drop_old_copies(
        &self,
        before: &str,
        figures: &dyn Fn(&str) -> String,
    ) -> Result<(), StoreError> {
        let veil = self.veil();
        self.over_copies_if(
            |copy| {
                let changed = std::fs::metadata(copy).and_then(|about| about.modified());
                changed.is_ok_and(|at| time(DateTime::<Utc>::from(at)).as_str() < before)
            },
            |change| empty(change, &veil, figures),
        )
    }

    /// The copies that were made before the file was brought up to date, oldest name first.
    pub(super) fn copies(&self) -> Vec<PathBuf> {
        let is_copy = |rest: &str| {
            let version = rest
                .strip_prefix(".v")
                .and_then(|rest| rest.strip_suffix(".bak"));
            version.is_some_and(|version| version.bytes().all(|digit| digit.is_ascii_digit()))
        };
        self.beside(is_copy)
    }

    /// The files of the same folder whose names begin like the file's, and go on as is said.
    fn beside(&self, is_meant: impl Fn(&str) -> bool) -> Vec<PathBuf> {
        let Some(file) = &self.0.file else {
            return Vec::new();
        };
        let Some(name) = file.file_name().and_then(|name| name.to_str()) else {
            return Vec::new();
        };
        let folder = file
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let entries = std::fs::read_dir(folder.unwrap_or(Path::new(".")));
        let mut found: Vec<PathBuf> = entries
            .into_iter()
            .flatten()
            .filter_map(|entry| Some(entry.ok()?.path()))
            .filter(|path| {
                let found = path.file_name().and_then(|found| found.to_str());
                found
                    .and_then(|found| found.strip_prefix(name))
                    .is_some_and(&is_meant)
            })
            .collect();
        found.sort();
        found
    }

    /// Copies that were never finished, because their process was killed. Nobody goes back to them.
    pub(super) fn halves(&self) -> Vec<PathBuf> {
        let is_half = |rest: &str| {
            let rest = rest.strip_prefix(".bak-");
            let number = rest.and_then(|rest| rest.split('-').next());
            number.is_some_and(|number| {
                !number.is_empty() && number.bytes().all(|digit| digit.is_ascii_digit())
            })
        };
        self.beside(is_half)
    }

    pub(super) fn over_copies(
        &self,
        work: impl FnMut(&Transaction<'_>) -> Result<(), SqlTrouble>,
    ) -> Result<(), StoreError> {
        self.over_copies_if(|_| true, work)
    }

    /// Changes copies beside the file in the same way as the file. A copy stays of the version that it is.
    fn over_copies_if(
        &self,
        is_meant: impl Fn(&Path) -> bool,
        mut work: impl FnMut(&Transaction<'_>) -> Result<(), SqlTrouble>,
    ) -> Result<(), StoreError> {
        for copy in self.copies().into_iter().filter(|copy| is_meant(copy)) {
            let mut change = || -> Result<(), SqlTrouble> {
                let mut connection = Connection::open(&copy)?;
                connection.pragma_update(None, "secure_delete", true)?;
                let change =
                    connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
                work(&change)?;
                change.commit()?;
                connection.execute_batch("VACUUM")?;
                empty_log(&connection)
            };
            change().map_err(|trouble| trouble.at(&copy.display().to_string()))?;
        }
        Ok(())
    }

    /// Looks into the copies beside the file.
    pub(super) fn look_at_copies(
        &self,
        mut look: impl FnMut(&Transaction<'_>) -> Result<(), SqlTrouble>,
    ) -> Result<(), StoreError> {
        for copy in self.copies() {
            let mut look = || -> Result<(), SqlTrouble> {
                let mut connection = Connection::open(&copy)?;
                look(&connection.transaction()?)
            };
            look().map_err(|trouble| trouble.at(&copy.display().to_string()))?;
        }
        Ok(())
    }

    /// Writes the file anew without what it had set free, and empties the log. Earlier versions may have left something there.
    pub(super) fn scrub(&self) -> Result<(), StoreError> {
        let connection = self.file();
        connection
            .execute_batch("VACUUM")
            .map_err(SqlTrouble::from)
            .and_then(|()| empty_log(&connection))
            .map_err(|trouble| trouble.at(&self.0.path))
    }

    /// How many changes of a run have bodies that are sealed and do not open.
    pub(super) fn shut_changes(&self, run_id: &str) -> Result<usize, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT 'change/' || run_id, body FROM changes WHERE run_id = ?1 AND body IS NOT NULL",
            )?;
            let rows = ask.query_map([run_id], |row| Ok((row.get(0)?, row.get(1)?)))?;
            let mut shut = 0;
            for row in rows {
                let (place, text): (String, String) = row?;
                shut += usize::from(veil.open(&place, text).text().is_none());
            }
            Ok(shut)
        })
    }
}

/// Empties the write-ahead log, which still has the bytes that were overwritten in the file.
pub(super) fn empty_log(connection: &Connection) -> Result<(), SqlTrouble> {
    Ok(connection.pragma_update_and_check(None, "wal_checkpoint", "TRUNCATE", |_| Ok(()))?)
}

/// Drops the bodies of some tickets, and what belongs to them.
fn drop_tickets(
    change: &Transaction<'_>,
    veil: &Veil,
    before: &str,
    figures: &dyn Fn(&str) -> String,
) -> Result<u64, SqlTrouble> {
    let mut ask = change.prepare_cached(
        "SELECT id FROM tickets WHERE body <> '' AND closed_at IS NOT NULL AND closed_at < ?1 LIMIT ?2",
    )?;
    let ids = ask.query_map(params![before, SLICE], |row| row.get(0))?;
    let ids: Vec<i64> = ids.collect::<Result<_, _>>()?;
    for id in &ids {
        drop_ticket(change, veil, *id, figures)?;
    }
    Ok(ids.len() as u64)
}

/// Drops the bytes of a settled ticket, and the people in what was meant and in what stood there before.
pub(super) fn drop_ticket(
    change: &Transaction<'_>,
    veil: &Veil,
    id: i64,
    figures: &dyn Fn(&str) -> String,
) -> Result<(), SqlTrouble> {
    change
        .prepare_cached("UPDATE tickets SET body = '' WHERE id = ?1")?
        .execute([id])?;
    let mut ask = change
        .prepare_cached("SELECT rowid, '', intent FROM ticket_writes WHERE ticket_id = ?1")?;
    let writes = ask.query_map([id], SiteRow::of_parts)?;
    for write in writes.collect::<Result<Vec<_>, _>>()? {
        let thin = thin::without_people(&thin::with_digests(&write.text));
        // It is kept so from the start, but in files of earlier versions.
        if thin != write.text {
            WRITES.put(change, &write, &thin)?;
        }
    }
    if !IMAGES.is_in(change)? {
        return Ok(());
    }
    let mut ask = change.prepare_cached(
        "SELECT ticket_id * 4096 + position, 'before/' || ticket_id || '/' || position, body FROM before_images
         WHERE ticket_id = ?1",
    )?;
    let images = ask.query_map([id], SiteRow::of_whole)?;
    let images: Vec<SiteRow> = images.collect::<Result<_, _>>()?;
    for image in images {
        keep_figures(change, veil, image, figures)?;
    }
    Ok(())
}

/// Keeps of what stood in the books before a change no more than its figures.
pub(super) fn drop_image(
    change: &Transaction<'_>,
    veil: &Veil,
    number: i64,
    figures: &dyn Fn(&str) -> String,
) -> Result<(), SqlTrouble> {
    for image in IMAGES.rows(change, number - 1, 1)? {
        keep_figures(change, veil, image, figures)?;
    }
    Ok(())
}

fn keep_figures(
    change: &Transaction<'_>,
    veil: &Veil,
    image: SiteRow,
    figures: &dyn Fn(&str) -> String,
) -> Result<(), SqlTrouble> {
    // What does not open any more has no figures to keep.
    let opened = veil.open(&image.place, image.text.clone()).text();
    let kept = opened.map_or_else(|| "{}".to_owned(), |text| figures(&text));
    IMAGES.put(change, &image, &kept)
}

pub(super) fn drop_some_names(change: &Transaction<'_>) -> Result<u64, SqlTrouble> {
    let mut ask = change.prepare_cached(NAMED)?;
    let rows = ask.query_map([SLICE], SiteRow::of_parts)?;
    let rows: Vec<SiteRow> = rows.collect::<Result<_, _>>()?;
    for row in &rows {
        let nameless =
            thin::without_name(&row.text).ok_or(SqlTrouble::Odd("ticket_writes.outcome"))?;
        OUTCOMES.put(change, row, &nameless)?;
    }
    Ok(rows.len() as u64)
}

/// Whether anything of people is in a copy that [`empty`] would take out of it.
pub(super) fn hold_people(view: &Transaction<'_>) -> Result<bool, SqlTrouble> {
    let any = view.query_row(
        "SELECT EXISTS (SELECT 1 FROM tickets WHERE body <> '')
             OR EXISTS (SELECT 1 FROM changes WHERE body IS NOT NULL)
             OR EXISTS (SELECT 1 FROM keyed_runs)
             OR EXISTS (SELECT 1 FROM kept WHERE name LIKE '%/names%')",
        [],
        |row| row.get(0),
    )?;
    if any || (PROOFS.is_in(view)? && !PROOFS.rows(view, 0, 1)?.is_empty()) {
        return Ok(true);
    }
    type Naming = fn(&SiteRow) -> bool;
    let sites: [(BodySite, Naming); 7] = [
        (AGREED, |row| !row.text.is_empty()),
        (FIELD_CONFLICTS, |row| !row.text.is_empty()),
        (SHOP_STEPS, |row| !row.text.is_empty()),
        (LINKS, |row| thin::names_somebody(&row.text)),
        (INTENTS, |row| thin::names_somebody(&row.text)),
        (OUTCOMES, |row| thin::without_name(&row.text).is_some()),
        (ACCEPTED, |row| !row.text.is_empty()),
    ];
    for (site, names_somebody) in sites {
        if site.is_in(view)? && any_row(view, &site, names_somebody)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn any_row(
    view: &Transaction<'_>,
    site: &BodySite,
    is_meant: fn(&SiteRow) -> bool,
) -> Result<bool, SqlTrouble> {
    let mut is_there = false;
    site.each(view, |row| {
        is_there = is_meant(row);
        Ok(match is_there {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        })
    })?;
    Ok(is_there)
}

fn drop_answers(change: &Transaction<'_>, veil: &Veil, before: &str) -> Result<u64, SqlTrouble> {
    // Of answers that an earlier version kept it is not said when that was: there they are old.
    let mut ask = change.prepare_cached(
        "SELECT rowid, 'answer/' || caller_key, document FROM keyed_runs WHERE has_bodies = 1 AND
             (run_id IS NULL OR EXISTS (SELECT 1 FROM runs WHERE id = keyed_runs.run_id AND status <> 'running'
                                        AND coalesce(finished_at, started_at) < ?1))",
    )?;
    let rows = ask.query_map([before], SiteRow::of_whole)?;
    let rows: Vec<SiteRow> = rows.collect::<Result<_, _>>()?;
    for row in &rows {
        drop_answer(change, veil, row)?;
    }
    Ok(rows.len() as u64)
}

/// Takes the bodies out of an answer. One that does not open stays shut until its key is back.
pub(super) fn drop_answer(
    change: &Transaction<'_>,
    veil: &Veil,
    row: &SiteRow,
) -> Result<(), SqlTrouble> {
    let Some(text) = veil.open(&row.place, row.text.clone()).text() else {
        return Ok(());
    };
    let text = thin::without_bodies(&text).unwrap_or(text);
    ANSWERS.put(change, row, &veil.shut(&row.place, &text))?;
    let mut note =
        change.prepare_cached("UPDATE keyed_runs SET has_bodies = 0 WHERE rowid = ?1")?;
    note.execute([row.number])?;
    Ok(())
}

/// Drops everything of people. For copies: they are for going back, and nobody reads them meanwhile.
///
/// What was open when the copy was made is settled long since in the file itself. Whoever goes back to the copy has it looked for in the
/// books, and planned anew where it is not there: a request without its bytes is never sent.
pub(super) fn empty(
    change: &Transaction<'_>,
    veil: &Veil,
    figures: &dyn Fn(&str) -> String,
) -> Result<(), SqlTrouble> {
    let mut ask =
        change.prepare_cached("SELECT id FROM tickets WHERE body <> '' OR closed_at IS NULL")?;
    let ids = ask.query_map([], |row| row.get(0))?;
    let ids: Vec<i64> = ids.collect::<Result<_, _>>()?;
    for id in ids {
        drop_ticket(change, veil, id, figures)?;
    }
    change.execute("UPDATE changes SET body = NULL", [])?;
    change.execute("DELETE FROM keyed_runs", [])?;
    change.execute("DELETE FROM kept WHERE name LIKE '%/names%'", [])?;
    let nobody = |row: &SiteRow| Some(thin::without_people(&row.text));
    type Thinning = fn(&SiteRow) -> Option<String>;
    let sites: [(BodySite, Thinning); 4] = [
        (LINKS, nobody),
        (INTENTS, nobody),
        (OUTCOMES, |row| thin::without_name(&row.text)),
        (ACCEPTED, |_| Some(String::new())),
    ];
    for (site, text) in sites {
        if !site.is_in(change)? {
            continue;
        }
        let mut after = 0;
        while let (Some(last), _) = change_slice(change, &site, after, &mut |_, row| text(row))? {
            after = last;
        }
    }
    if SHOP_STEPS.is_in(change)? {
        change.execute("UPDATE shop_writes SET step = '', came = NULL", [])?;
    }
    // Whoever goes back to a copy has both sides meet anew.
    for site in [AGREED, FIELD_CONFLICTS] {
        if site.is_in(change)? {
            change.execute(&format!("DELETE FROM {}", site.table), [])?;
        }
    }
    if PROOFS.is_in(change)? {
        // They can be made anew, and quote what was accepted.
        change.execute("DELETE FROM reconciliations", [])?;
    }
    Ok(())
}

#[cfg(test)]
pub(super) mod tests;
