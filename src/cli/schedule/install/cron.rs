//! A block of the crontab: every minute it is looked whether something is due.
//!
//! Not a line for each schedule: cron knows one time zone, and makes up for nothing. The crontab is read and written with
//! the system's own command, and what stands around our block stays to the letter.

use std::io::Write;
use std::process::Stdio;

use super::{InstalledFile, Job, mark};
use crate::cli::child;
use crate::cli::report::Failure;
use crate::cli::shell::word_of_a_line;

pub(super) fn piece(job: &Job) -> InstalledFile {
    InstalledFile {
        kind: "cron",
        place: "the crontab of this user".to_owned(),
        text: block(job),
        start: Vec::new(),
        stop: Vec::new(),
    }
}

fn begin(job: &Job) -> String {
    format!("# udsync schedule {}: begin. {}.", job.shop, mark("--cron"))
}

fn end(job: &Job) -> String {
    format!("# udsync schedule {}: end.", job.shop)
}

fn block(job: &Job) -> String {
    let words = job.words(&["--quiet", "schedule", "run", "--once"]);
    let mut command: Vec<String> = words.iter().map(|word| word_of_a_line(word)).collect();
    // Behind the program: the file of variables, where it is there.
    command.insert(1, "\"$@\"".to_owned());
    let environment = word_of_a_line(&job.environment.display().to_string());
    // The shell itself does not read it: to a shell a value is a program. cron ends a command at `%`, whatever quotes stand around it.
    let line = format!(
        "cd {folder} && {{ [ ! -r {environment} ] || set -- --env-file {environment}; {command}; }}",
        folder = word_of_a_line(&job.folder().display().to_string()),
        command = command.join(" "),
    )
    .replace('%', "\\%");
    format!("{}\n* * * * * {line}\n{}\n", begin(job), end(job))
}

/// Puts the block into the crontab in place of an older one, or takes it out. Says whether anything of ours was there or
/// is there now.
pub(super) fn put(job: &Job, block: Option<&str>) -> Result<bool, Failure> {
    let before = read()?;
    let without = without_block(&before, &begin(job), &end(job)).ok_or_else(|| {
        Failure::new(
            "not_ours",
            format!(
                "the crontab has the beginning of the block of `{}` and not its end",
                job.shop
            ),
        )
        .hint("it stays as it is: look at it with `crontab -e`")
    })?;
    let after = match block {
        None => without.clone(),
        Some(block) if without.is_empty() || without.ends_with('\n') => format!("{without}{block}"),
        Some(block) => format!("{without}\n{block}"),
    };
    if after.is_empty() && !before.is_empty() {
        // Nothing but ours was in it.
        write_with("-r", "")?;
    } else if after != before {
        write_with("-", &after)?;
    }
    Ok(block.is_some() || without != before)
}

/// The text without our block; `None` where the block has no end.
fn without_block(text: &str, begin: &str, end: &str) -> Option<String> {
    let mut kept = String::new();
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        match line.trim_end() {
            line if line == begin => inside = true,
            line if inside && line == end => inside = false,
            _ if inside => {}
            _ => kept.push_str(line),
        }
    }
    (!inside).then_some(kept)
}

fn read() -> Result<String, Failure> {
    let listed = child::command("crontab")
        .arg("-l")
        .env("LC_ALL", "C")
        .stdin(Stdio::null())
        .output()
        .map_err(not_there)?;
    let said = String::from_utf8_lossy(&listed.stderr);
    if listed.status.success() {
        String::from_utf8(listed.stdout)
            .map_err(|_| refused("could not be read: it has letters that are not UTF-8"))
    } else if said.contains("no crontab") {
        Ok(String::new())
    } else {
        Err(refused(&format!("could not be read: {}", said.trim())))
    }
}

fn write_with(flag: &str, text: &str) -> Result<(), Failure> {
    let mut command = child::command("crontab")
        .arg(flag)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(not_there)?;
    let mut given = command.stdin.take().expect("it was asked for");
    // What it does not take, it says itself.
    let _ = given.write_all(text.as_bytes());
    drop(given);
    let done = command.wait_with_output().map_err(not_there)?;
    if done.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&done.stderr);
    Err(refused(&format!("could not be written: {}", said.trim())))
}

fn not_there(error: std::io::Error) -> Failure {
    Failure::new(
        "crontab_missing",
        format!("could not start `crontab`: {error}"),
    )
    .hint("install cron, or use `udsync schedule install --systemd --user`")
}

fn refused(said: &str) -> Failure {
    Failure::new("crontab_refused", format!("the crontab {said}"))
        .hint("see whether `crontab -l` and `crontab -e` work; `--print` shows what it would be")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_is_taken_out_and_the_rest_stays_to_the_letter() {
        let text = "MAILTO=a\n# begin\n* * * * * x\n# end\n\n0 1 * * * other";
        let kept = without_block(text, "# begin", "# end").expect("whole");
        assert_eq!(kept, "MAILTO=a\n\n0 1 * * * other");
        assert_eq!(
            without_block("# begin\n* * * * * x\n", "# begin", "# end"),
            None
        );
        assert_eq!(
            without_block("a\n", "# begin", "# end").as_deref(),
            Some("a\n")
        );
    }

    #[test]
    fn a_word_stays_one_word_for_a_shell() {
        assert_eq!(word_of_a_line("/usr/bin/udsync"), "/usr/bin/udsync");
        assert_eq!(word_of_a_line("/my shop/it's"), r"'/my shop/it'\''s'");
        assert_eq!(word_of_a_line("/$HOME"), "'/$HOME'");
    }
}
