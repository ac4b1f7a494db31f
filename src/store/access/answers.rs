//! Answers: what was answered to a request with an idempotency key, so that the same request is answered the same for a day.

use chrono::{DateTime, Duration, Utc};
use rusqlite::{OptionalExtension, params};

use super::super::columns::{json, read_json, time};
use super::super::error::StoreError;
use super::AccessFile;

/// So long an answer is kept.
const KEPT_HOURS: i64 = 24;

/// An answer, and the digest of what it was given to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptAnswer {
    pub digest: String,
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl AccessFile {
    /// What this caller was answered under this key within the last day.
    pub fn kept_answer(
        &self,
        actor: &str,
        shop: &str,
        key: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<KeptAnswer>, StoreError> {
        let since = time(now - Duration::hours(KEPT_HOURS));
        let found = self.read(|view| {
            let mut ask = view.prepare_cached(
                "SELECT digest, status, headers, body FROM answers
                 WHERE actor = ?1 AND shop = ?2 AND key = ?3 AND kept_at > ?4",
            )?;
            let found: Option<(String, u16, String, Vec<u8>)> = ask
                .query_row([actor, shop, key, &since], |row| {
                    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
                })
                .optional()?;
            found
                .map(|(digest, status, headers, body)| {
                    Ok(KeptAnswer {
                        digest,
                        status,
                        headers: read_json(&headers, "answers.headers")?,
                        body,
                    })
                })
                .transpose()
        })?;
        Ok(found)
    }

    /// Keeps an answer for a day; what is older goes.
    pub fn keep_answer(
        &self,
        actor: &str,
        shop: &str,
        key: &str,
        answer: &KeptAnswer,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(|change| {
            change.execute(
                "DELETE FROM answers WHERE kept_at <= ?1",
                [time(now - Duration::hours(KEPT_HOURS))],
            )?;
            change.execute(
                "INSERT OR REPLACE INTO answers (actor, shop, key, digest, status, headers, body, kept_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                params![
                    actor,
                    shop,
                    key,
                    answer.digest,
                    answer.status,
                    json(&answer.headers),
                    answer.body,
                    time(now),
                ],
            )?;
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, file};
    use super::*;

    #[test]
    fn an_answer_is_kept_for_a_day_and_for_whom_it_was() {
        let (_folder, file) = file();
        let answer = KeptAnswer {
            digest: "digest".into(),
            status: 202,
            headers: vec![("location".into(), "/api/sync/status/1".into())],
            body: b"{}".to_vec(),
        };
        file.keep_answer("anna", "aurora", "key", &answer, at(0))
            .expect("kept");
        let kept = |actor: &str, shop: &str, second| {
            file.kept_answer(actor, shop, "key", at(second))
                .expect("answers")
        };
        assert_eq!(kept("anna", "aurora", 86_399), Some(answer));
        assert_eq!(kept("anna", "aurora", 86_400), None);
        assert_eq!(kept("bert", "aurora", 1), None);
        assert_eq!(kept("anna", "borealis", 1), None);
    }
}
