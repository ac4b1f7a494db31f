//! The ways that SQLite takes to what is asked for often: each begins at an index and reads no more of a table than it answers with.
//! What reads all of a table for each page or each run grows with the square of the shop, and no other test would tell.

use rusqlite::Connection;

use super::tests::store;
use super::{copied, orders_copied, posted, shop_journal, touched, traced, untold, waiting};

/// The steps of a question, as SQLite tells them.
fn steps(connection: &Connection, question: &str) -> Vec<String> {
    let mut ask = connection
        .prepare(&format!("EXPLAIN QUERY PLAN {question}"))
        .expect("a question");
    let nothing = vec![rusqlite::types::Null; ask.parameter_count()];
    let steps = ask.query_map(rusqlite::params_from_iter(nothing), |row| row.get(3));
    steps
        .and_then(Iterator::collect)
        .expect("SQLite tells its way")
}

#[test]
fn what_is_asked_for_each_page_begins_at_an_index() {
    let store = store();
    let connection = store.file();
    for (question, begins) in [
        (
            copied::OF_IDS,
            "SEARCH copied USING PRIMARY KEY (copy=? AND kind=? AND id=?)",
        ),
        (
            orders_copied::OF_ORDERS,
            "SEARCH orders_copied USING PRIMARY KEY (copy=? AND id=?)",
        ),
        (
            orders_copied::LIVE_ORDERS_AFTER,
            "SEARCH orders_copied USING PRIMARY KEY (copy=? AND id>?)",
        ),
        (
            copied::HAS_STRAYS,
            "SEARCH copied USING PRIMARY KEY (copy=? AND kind=?)",
        ),
        (
            copied::FIRST_ROWS,
            "SEARCH copied USING PRIMARY KEY (copy=? AND kind=?)",
        ),
        (
            copied::ROWS_AFTER,
            "SEARCH copied USING PRIMARY KEY (copy=? AND kind=? AND id>?)",
        ),
        (
            posted::HAS_ANY,
            "SEARCH links USING COVERING INDEX links_of_order (target=? AND order_id>?)",
        ),
        (
            posted::AMONG,
            "SEARCH links USING COVERING INDEX links_of_order (target=? AND order_id=?)",
        ),
        (
            posted::WITHOUT_DAY,
            "SEARCH links USING INDEX links_by_day (target=? AND <expr>=?)",
        ),
        (
            posted::BY_DAY,
            "SEARCH links USING INDEX links_by_day (target=? AND <expr>>? AND <expr><?)",
        ),
        (
            posted::LAST_DAY,
            "SEARCH links USING INDEX links_by_day (target=? AND <expr><?)",
        ),
        (
            untold::SENT_IN,
            "SEARCH tickets USING COVERING INDEX tickets_of_run (run_id=?)",
        ),
        (
            untold::DONE_IN,
            "SEARCH tickets USING INDEX tickets_of_run (run_id=?)",
        ),
        (
            untold::DONE_FIRST,
            "SEARCH tickets USING INDEX tickets_of_run (run_id=?)",
        ),
        (
            untold::COUNTED_IN,
            "SEARCH tickets USING INDEX tickets_of_run (run_id=?)",
        ),
        (
            untold::COUNTED_CHANGES,
            "SEARCH change_rows USING INDEX change_rows_of_run (run=?)",
        ),
        (
            touched::NAME_SENT,
            "SEARCH change_rows USING INDEX change_rows_of_names (source_id=?)",
        ),
        (
            waiting::CAUSES,
            "SEARCH problems USING INDEX problems_by_cause (state=?)",
        ),
        (
            traced::BY_NUMBER,
            "SEARCH links USING INDEX links_by_number (<expr>=?)",
        ),
        (
            traced::BY_WORTH,
            "SEARCH links USING INDEX links_by_worth (<expr>=? AND <expr>=?)",
        ),
        (
            traced::OF_DAY,
            "SEARCH links USING INDEX links_by_day (target=? AND <expr>=?)",
        ),
        (
            traced::REQUESTS,
            "SEARCH ticket_writes USING INDEX ticket_writes_by_subject (subject=?)",
        ),
        (
            traced::PROBLEM,
            "SEARCH problems USING INDEX sqlite_autoindex_problems_1 (id=?)",
        ),
        (
            traced::PROBLEMS_OF,
            "SEARCH problems USING INDEX problems_by_source (source_id=?)",
        ),
        (
            traced::PROBLEMS_NUMBERED,
            "SEARCH problems USING INDEX problems_by_number (source_number=?)",
        ),
        (
            traced::LEFT_OUT,
            "SEARCH change_rows USING INDEX change_rows_skipped (source_id=?)",
        ),
        (
            traced::LEFT_OUT_NUMBERED,
            "SEARCH change_rows USING INDEX change_rows_skipped_by_number (<expr>=?)",
        ),
        (untold::UNTOLD, "SCAN runs USING INDEX runs_ended_early"),
        (
            shop_journal::UNTOLD,
            "SCAN runs USING INDEX runs_ended_early",
        ),
    ] {
        let steps = steps(&connection, question);
        assert!(
            steps.iter().any(|step| step == begins),
            "{question}: {steps:#?}"
        );
        // Only the lists that come with a question, and the index that holds nothing else, are read whole.
        let whole = |step: &&String| {
            let is_none = step.contains("json_each") || step.as_str() == "SCAN CONSTANT ROW";
            step.starts_with("SCAN") && !is_none && *step != begins
        };
        assert_eq!(steps.iter().find(whole), None, "{question}: {steps:#?}");
        // Nothing is put in order that an index has in order already.
        let sorted = |step: &&String| step.contains("B-TREE FOR ORDER BY");
        assert_eq!(steps.iter().find(sorted), None, "{question}: {steps:#?}");
    }
}

/// Each filter of a list that people leaf through has its way.
#[test]
fn what_is_filtered_begins_at_an_index() {
    use super::{ProblemFilter, RunFilter};
    use crate::model::problem::ProblemState;
    use crate::model::run::RunStatus;
    let store = store();
    let connection = store.file();
    let at = super::tests::at(0);
    let after = Some((at, "x".to_owned()));
    let runs = RunFilter {
        status: Some(RunStatus::Failed),
        limit: Some(51),
        after: after.clone(),
        ..RunFilter::default()
    };
    let cause = ProblemFilter {
        state: Some(ProblemState::Held),
        code: Some("status_unmapped".to_owned()),
        hint: Some(None),
        after: after.clone(),
        ..ProblemFilter::default()
    };
    let all = ProblemFilter {
        after,
        ..ProblemFilter::default()
    };
    // Of runs about a kind of records the list of these goes first, and each run is fetched by its id.
    let by_id = "SEARCH runs USING INDEX sqlite_autoindex_runs_1 (id=?)";
    let about = RunFilter {
        entity: Some("products".to_owned()),
        ..runs.clone()
    };
    for (filter, way) in [
        (
            about.clone(),
            "SEARCH run_entities USING COVERING INDEX run_entities_by_status (entity=? AND status=? AND (started_at,id)<(?,?))",
        ),
        (
            RunFilter {
                status: None,
                ..about.clone()
            },
            "SEARCH run_entities USING PRIMARY KEY (entity=? AND (started_at,id)<(?,?))",
        ),
        (
            RunFilter {
                status: None,
                after: None,
                since: Some(at),
                until: Some(at),
                ..about
            },
            "SEARCH run_entities USING PRIMARY KEY (entity=? AND started_at>? AND started_at<?)",
        ),
    ] {
        let question = filter.question().0;
        assert_eq!(steps(&connection, &question), [way, by_id], "{question}");
    }
    for (question, way) in [
        (
            runs.question().0,
            "SEARCH runs USING INDEX runs_by_status (status=? AND (started_at,id)<(?,?))",
        ),
        (
            cause.page_question(),
            "SEARCH problems USING INDEX problems_by_cause (state=? AND cause_code=? AND cause_hint=? AND (first_seen,id)>(?,?))",
        ),
        (
            all.page_question(),
            "SEARCH problems USING INDEX problems_by_age ((first_seen,id)>(?,?))",
        ),
    ] {
        assert_eq!(steps(&connection, &question), [way], "{question}");
    }
}
