//! Proofs: what came of comparing both sides over a period, and the differences that a person left as they are.
//!
//! Why they left one is said in words of their own, which may name a customer: these words, and the proofs that quote them, are sealed
//! where there is a key.

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::params;

use super::Store;
use super::columns::{read_time, time};
use super::error::{SqlTrouble, StoreError};
use super::veil::Veil;

/// So many of them are kept: enough to look a difference up that somebody read last year.
const KEPT: u32 = 200;

/// One comparison, as it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptProof {
    pub id: String,
    pub target: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub made_at: DateTime<Utc>,
    /// `udsync/reconcile/1`
    pub document: String,
}

/// What a list says of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProofMade {
    pub id: String,
    pub target: String,
    pub first: NaiveDate,
    pub last: NaiveDate,
    pub made_at: DateTime<Utc>,
    pub proven: bool,
    pub differences: u64,
}

/// As much of a document as a list needs.
#[derive(Default, serde::Deserialize)]
struct SaidOfProof {
    #[serde(default)]
    proven: bool,
    #[serde(default)]
    differences: Vec<serde::de::IgnoredAny>,
}

/// That a person looked at a difference, and leaves it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AcceptedDifference {
    pub id: String,
    pub covers: String,
    pub who: String,
    pub why: String,
    pub at: DateTime<Utc>,
}

impl Store {
    pub(super) fn keep_proof(&self, proof: &KeptProof) -> Result<(), StoreError> {
        let document = self.veil().shut(&proof_place(&proof.id), &proof.document);
        self.write(|change| {
            change.execute(
                "INSERT INTO reconciliations (id, target, first, last, made_at, document) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    proof.id,
                    proof.target,
                    proof.first.to_string(),
                    proof.last.to_string(),
                    time(proof.made_at),
                    document
                ],
            )?;
            change.execute(
                "DELETE FROM reconciliations WHERE id NOT IN
                 (SELECT id FROM reconciliations ORDER BY made_at DESC, id DESC LIMIT ?1)",
                [KEPT],
            )?;
            Ok(())
        })
    }

    pub(super) fn proof(&self, id: &str) -> Result<Option<KeptProof>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, target, first, last, made_at, document FROM reconciliations WHERE id = ?1",
            )?;
            let mut rows = ask.query([id])?;
            rows.next()?.map(|row| read_proof(&veil, row)).transpose()
        })
    }

    pub(super) fn newest_proofs(&self, limit: u32) -> Result<Vec<ProofMade>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, target, first, last, made_at, document FROM reconciliations
                 ORDER BY made_at DESC, id DESC LIMIT ?1",
            )?;
            let made = ask.query_and_then([limit], |row| {
                let proof = read_proof(&veil, row)?;
                let said: SaidOfProof = serde_json::from_str(&proof.document).unwrap_or_default();
                Ok(ProofMade {
                    id: proof.id,
                    target: proof.target,
                    first: proof.first,
                    last: proof.last,
                    made_at: proof.made_at,
                    proven: said.proven,
                    differences: said.differences.len() as u64,
                })
            })?;
            made.collect()
        })
    }

    pub(super) fn newest_proof_with(&self, words: &str) -> Result<Option<KeptProof>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, target, first, last, made_at, document FROM reconciliations ORDER BY made_at DESC, id DESC",
            )?;
            let mut rows = ask.query([])?;
            while let Some(row) = rows.next()? {
                let proof = read_proof(&veil, row)?;
                if proof.document.contains(words) {
                    return Ok(Some(proof));
                }
            }
            Ok(None)
        })
    }

    pub(super) fn accept_difference(
        &self,
        accepted: &AcceptedDifference,
    ) -> Result<(), StoreError> {
        let why = self
            .veil()
            .shut(&accepted_place(&accepted.id), &accepted.why);
        self.write(|change| {
            change.execute(
                "INSERT INTO accepted_differences (id, covers, who, why, accepted_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (id) DO UPDATE SET covers = ?2, who = ?3, why = ?4, accepted_at = ?5",
                params![
                    accepted.id,
                    accepted.covers,
                    accepted.who,
                    why,
                    time(accepted.at)
                ],
            )?;
            Ok(())
        })
    }

    pub(super) fn accepted_differences(&self) -> Result<Vec<AcceptedDifference>, StoreError> {
        let veil = self.veil();
        self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT id, covers, who, why, accepted_at FROM accepted_differences ORDER BY id",
            )?;
            let mut rows = ask.query([])?;
            let mut accepted = Vec::new();
            while let Some(row) = rows.next()? {
                let id: String = row.get(0)?;
                let why = veil.open(&accepted_place(&id), row.get(3)?).needed()?;
                accepted.push(AcceptedDifference {
                    id,
                    covers: row.get(1)?,
                    who: row.get(2)?,
                    why,
                    at: read_time(
                        &row.get::<_, String>(4)?,
                        "accepted_differences.accepted_at",
                    )?,
                });
            }
            Ok(accepted)
        })
    }
}

/// Under which names what is sealed is sealed. Written alike in the questions of `bodies`.
fn proof_place(id: &str) -> String {
    format!("proof/{id}")
}

fn accepted_place(id: &str) -> String {
    format!("accepted/{id}")
}

fn read_proof(veil: &Veil, row: &rusqlite::Row<'_>) -> Result<KeptProof, SqlTrouble> {
    let day = |text: String, column| text.parse().map_err(|_| SqlTrouble::Odd(column));
    let id: String = row.get(0)?;
    let document = veil.open(&proof_place(&id), row.get(5)?).needed()?;
    Ok(KeptProof {
        id,
        target: row.get(1)?,
        first: day(row.get(2)?, "reconciliations.first")?,
        last: day(row.get(3)?, "reconciliations.last")?,
        made_at: read_time(&row.get::<_, String>(4)?, "reconciliations.made_at")?,
        document,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::tests::{at, store};

    fn proof(id: &str, seconds: i64, document: &str) -> KeptProof {
        let day = |day| NaiveDate::from_ymd_opt(2026, 10, day).expect("a day");
        KeptProof {
            id: id.to_owned(),
            target: "quickbooks".to_owned(),
            first: day(1),
            last: day(31),
            made_at: at(seconds),
            document: document.to_owned(),
        }
    }

    #[test]
    fn the_newest_comparison_that_names_a_difference_is_found() {
        let store = store();
        let older = proof("a", 1, r#"{"id":"D12345"}"#);
        let newer = proof("b", 2, r#"{"id":"D67890"}"#);
        store.keep_proof(&older).expect("kept");
        store.keep_proof(&newer).expect("kept");
        let found = |words: &str| store.newest_proof_with(words).expect("answers");
        assert_eq!(found("D12345"), Some(older.clone()));
        assert_eq!(found("D99999"), None);
        assert_eq!(store.proof("b"), Ok(Some(newer)));
    }

    #[test]
    fn a_difference_is_accepted_once_and_the_last_word_counts() {
        let store = store();
        let mut accepted = AcceptedDifference {
            id: "D12345".to_owned(),
            covers: "CAD 1.00 | 2.00".to_owned(),
            who: "ann".to_owned(),
            why: "a gift".to_owned(),
            at: at(1),
        };
        store.accept_difference(&accepted).expect("kept");
        accepted.covers = "CAD 1.00 | 3.00".to_owned();
        store.accept_difference(&accepted).expect("kept");
        assert_eq!(store.accepted_differences(), Ok(vec![accepted]));
    }
}
