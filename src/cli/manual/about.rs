//! What the command tree does not know of a command: how it can end, whether it signs in somewhere, and where more is told.

pub use crate::model::code::EXITS;
use crate::model::code::exit;

/// One row of the table below.
pub struct About {
    /// The words after `udsync`. The longest row that a command begins with is its own.
    command: &'static str,
    pub exits: &'static [u8],
    /// It may sign in to the shop, to the books or to the database.
    pub signs_in: bool,
    /// The pages to go on with.
    pub guides: &'static [&'static str],
}

/// The sections that come with the program, beside the pages of its commands.
const SETUP: &str = "udsync-setup.7";
const STORY: &str = "udsync-story.7";
const ACCOUNTING: &str = "udsync-accounting.7";
const TOML: &str = "udsync.toml.5";
const MAPPING: &str = "udsync-mapping.5";
const DATABASE: &str = "udsync-database.7";
const CODES: &str = "udsync-codes.7";
const UNATTENDED: &str = "udsync-unattended.7";
const SERVE: &str = "udsync-serve.7";
const PAYOUTS: &str = "udsync-payouts.7";
const TROUBLE: &str = "udsync-troubleshooting.7";

/// Words in, words out.
const WORDS: &[u8] = &[exit::DONE, exit::USAGE];
/// Reads and writes on this machine only.
const HERE: &[u8] = &[exit::DONE, exit::FAILED, exit::USAGE];
/// Asks a service, and changes nothing in it.
const ASKS: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
];
/// Asks services and people, and may be interrupted or refused.
const CONNECTS: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::GUARD,
    exit::INTERRUPTED,
];
/// The pipeline with its guards.
const RUNS: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::GUARD,
    exit::LOCKED,
    exit::INTERRUPTED,
];
/// The pipeline where `--exit-code` may be given.
const SHOWS: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::GUARD,
    exit::CHANGES,
    exit::LOCKED,
    exit::INTERRUPTED,
];
/// What it does by itself ends in the history; the process ends by its own start or by whoever stops it.
const SERVES: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::LOCKED,
    exit::INTERRUPTED,
];
const APPLIES: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::STALE_PLAN,
    exit::GUARD,
    exit::LOCKED,
    exit::INTERRUPTED,
];
const PREVIEWS: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
];
const COMPARES: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::CHANGES,
];
const VERIFIES: &[u8] = &[exit::DONE, exit::FAILED, exit::USAGE, exit::DIFFERENCE];
/// Proves, and finds that it cannot.
const PROVES: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::DIFFERENCE,
    exit::LOCKED,
    exit::INTERRUPTED,
];
/// How a shop stands, as its last run left it.
const STANDS: &[u8] = ANY;
const TESTS: &[u8] = &[exit::DONE, exit::USAGE, exit::CASES];
/// Of all commands together.
const ANY: &[u8] = &[
    exit::DONE,
    exit::FAILED,
    exit::USAGE,
    exit::PROBLEMS,
    exit::CREDENTIALS,
    exit::UNREACHABLE,
    exit::STALE_PLAN,
    exit::GUARD,
    exit::DIFFERENCE,
    exit::CASES,
    exit::CHANGES,
    exit::LOCKED,
    exit::INTERRUPTED,
];

const ABOUT: [About; 47] = [
    signs_in(
        "",
        ANY,
        &[
            SETUP, ACCOUNTING, TOML, MAPPING, DATABASE, CODES, UNATTENDED, SERVE, TROUBLE,
        ],
    ),
    stays_here("status", STANDS, &[SETUP, TROUBLE, CODES]),
    stays_here("fix", HERE, &[CODES, TOML, TROUBLE]),
    stays_here("shops", HERE, &[SETUP, UNATTENDED]),
    signs_in("init", CONNECTS, &[SETUP, TOML]),
    signs_in("connect", CONNECTS, &[SETUP, TROUBLE]),
    signs_in("connect supabase", CONNECTS, &[SETUP, DATABASE]),
    signs_in("connect stripe", CONNECTS, &[SETUP, PAYOUTS]),
    stays_here("connect list", HERE, &[SETUP]),
    signs_in("sync", SHOWS, &[ACCOUNTING, DATABASE, CODES, UNATTENDED]),
    signs_in("dry-run", SHOWS, &[ACCOUNTING, CODES]),
    signs_in("apply", APPLIES, &[SETUP, CODES]),
    signs_in("retry", RUNS, &[CODES, TROUBLE]),
    signs_in("undo", RUNS, &[CODES, ACCOUNTING]),
    stays_here("history", HERE, &[UNATTENDED]),
    signs_in("reconcile", PROVES, &[ACCOUNTING, CODES]),
    stays_here("reconcile accept", HERE, &[ACCOUNTING, CODES]),
    signs_in("payouts", PROVES, &[PAYOUTS, ACCOUNTING, CODES]),
    stays_here("report", HERE, &[ACCOUNTING]),
    stays_here("export", HERE, &[ACCOUNTING]),
    signs_in("explain", ASKS, &[ACCOUNTING, CODES]),
    stays_here("conflicts", HERE, &[ACCOUNTING, TOML]),
    stays_here("conflicts resolve", HERE, &[ACCOUNTING, TOML]),
    stays_here("verify", VERIFIES, &[ACCOUNTING, UNATTENDED]),
    stays_here("notify", ASKS, &[UNATTENDED, TOML]),
    stays_here("notify list", HERE, &[UNATTENDED, TOML]),
    signs_in("privacy", RUNS, &[SETUP, TOML]),
    signs_in("webhooks", ASKS, &[UNATTENDED, TOML, CODES]),
    stays_here("webhooks deliveries", HERE, &[UNATTENDED, TOML]),
    stays_here("webhooks replay", HERE, &[UNATTENDED, TOML]),
    stays_here("schedule", HERE, &[UNATTENDED]),
    signs_in("schedule run", RUNS, &[UNATTENDED]),
    stays_here("mapping", HERE, &[MAPPING]),
    stays_here("mapping list", WORDS, &[MAPPING]),
    stays_here("mapping show", WORDS, &[MAPPING]),
    signs_in("mapping check", ASKS, &[MAPPING]),
    signs_in("mapping preview", PREVIEWS, &[MAPPING]),
    stays_here("mapping test", TESTS, &[MAPPING]),
    signs_in("mapping diff", COMPARES, &[MAPPING]),
    stays_here("access", HERE, &[UNATTENDED]),
    stays_here("config", WORDS, &[TOML]),
    signs_in("doctor", ASKS, &[TROUBLE]),
    signs_in("dashboard", SERVES, &[SERVE, TOML, CODES]),
    signs_in("serve", SERVES, &[SERVE, UNATTENDED, TOML, CODES]),
    stays_here("sandbox", HERE, &[STORY, SETUP]),
    stays_here("completions", WORDS, &[SETUP]),
    stays_here("man", HERE, &[SETUP]),
];

const fn signs_in(
    command: &'static str,
    exits: &'static [u8],
    guides: &'static [&'static str],
) -> About {
    About {
        command,
        exits,
        signs_in: true,
        guides,
    }
}

const fn stays_here(
    command: &'static str,
    exits: &'static [u8],
    guides: &'static [&'static str],
) -> About {
    About {
        command,
        exits,
        signs_in: false,
        guides,
    }
}

/// What is known of a command, by the words after `udsync`.
pub fn of(command: &str) -> &'static About {
    ABOUT
        .iter()
        .filter(|about| {
            command.strip_prefix(about.command).is_some_and(|rest| {
                about.command.is_empty() || rest.is_empty() || rest.starts_with(' ')
            })
        })
        .max_by_key(|about| about.command.len())
        .expect("the row of udsync itself begins every command")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_row_is_the_commands_own() {
        assert_eq!(of("mapping test").exits, TESTS);
        assert_eq!(of("mapping export").command, "mapping");
        assert_eq!(of("sync").command, "sync");
        assert_eq!(of("synchronise").command, "");
    }

    #[test]
    fn every_end_has_its_words_once() {
        let known: Vec<u8> = EXITS.iter().map(|(code, _)| *code).collect();
        assert_eq!(known, ANY);
        for about in &ABOUT {
            assert!(about.exits.is_sorted(), "{}", about.command);
            assert!(about.exits.iter().all(|code| known.contains(code)));
        }
    }
}
