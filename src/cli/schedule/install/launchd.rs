//! A job for launchd of macOS, which stays and works the schedules off.

use super::{InstalledFile, Job, home, mark};
use crate::cli::report::Failure;

pub(super) fn piece(job: &Job) -> Result<InstalledFile, Failure> {
    let label = format!("udsync.{}", job.shop);
    let place = home()?
        .join("Library/LaunchAgents")
        .join(format!("{label}.plist"))
        .display()
        .to_string();
    Ok(InstalledFile {
        kind: "launchd",
        text: job_file(job, &label)?,
        start: vec![format!("launchctl bootstrap gui/$(id -u) {place}")],
        stop: vec![format!("launchctl bootout gui/$(id -u)/{label}")],
        place,
    })
}

fn job_file(job: &Job, label: &str) -> Result<String, Failure> {
    // launchd reads no file with an environment, and udsync reads one that is there.
    let shell = "file=$1; program=$2; shift 2; if [ -r \"$file\" ]; then set -- --env-file \"$file\" \"$@\"; fi; exec \"$program\" \"$@\"";
    let mut words = vec![
        "/bin/sh".to_owned(),
        "-c".to_owned(),
        shell.to_owned(),
        "udsync".to_owned(),
        job.environment.display().to_string(),
    ];
    words.extend(job.words(&["schedule", "run"]));
    let words: String = words
        .iter()
        .map(|word| format!("    <string>{}</string>\n", escaped(word)))
        .collect();
    let log = home()?.join(format!("Library/Logs/{label}.log"));
    Ok(format!(
        r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- {mark}. -->
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>
  <string>{label}</string>
  <key>ProgramArguments</key>
  <array>
{words}  </array>
  <key>WorkingDirectory</key>
  <string>{folder}</string>
  <key>RunAtLoad</key>
  <true/>
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key>
    <false/>
  </dict>
  <key>ThrottleInterval</key>
  <integer>30</integer>
  <key>ExitTimeOut</key>
  <integer>180</integer>
  <key>Umask</key>
  <integer>63</integer>
  <key>ProcessType</key>
  <string>Background</string>
  <key>StandardOutPath</key>
  <string>{log}</string>
  <key>StandardErrorPath</key>
  <string>{log}</string>
</dict>
</plist>
"#,
        // Two dashes would end the comment.
        mark = mark("for launchd"),
        folder = escaped(&job.folder().display().to_string()),
        log = escaped(&log.display().to_string()),
    ))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
