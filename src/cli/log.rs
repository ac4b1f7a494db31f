//! Logs: for the person who looks into one case. On standard error, or in a file; nothing unless asked for.
//!
//! `info` has a line for each stage of a run, `debug` one for each request, `trace` what was sent and answered: that
//! only with `--log-pii`, because it names buyers.

use std::sync::Mutex;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

use super::args::{Global, LogFormat};
use super::plain::{JsonLog, TextLog};
use super::report::Failure;
use super::rolling::Rolling;

/// Starts logging as the flags say.
pub fn start(global: &Global) -> Result<(), Failure> {
    let level = match global.verbose {
        0 if global.log_file.is_some() => "udsync=info",
        0 => "udsync=error",
        1 => "udsync=info",
        _ if global.log_pii => "udsync=trace",
        _ => "udsync=debug",
    };
    let writer = match &global.log_file {
        None if global.log_format == LogFormat::Json => {
            BoxMakeWriter::new(|| JsonLog(std::io::stderr()))
        }
        None => BoxMakeWriter::new(|| TextLog(std::io::stderr())),
        Some(path) => {
            let file = Rolling::open(path, global.log_max_size.0, global.log_max_files);
            let file = file.map_err(|error| {
                Failure::new(
                    "log_file",
                    format!("could not open the log file `{}`: {error}", path.display()),
                )
                .hint("name a file in a folder that can be written to with `--log-file FILE`")
            })?;
            match global.log_format {
                LogFormat::Json => BoxMakeWriter::new(Mutex::new(JsonLog(file))),
                LogFormat::Text => BoxMakeWriter::new(Mutex::new(TextLog(file))),
            }
        }
    };
    let builder = tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(level))
        .with_writer(writer)
        .with_ansi(false);
    match global.log_format {
        LogFormat::Text => builder.init(),
        LogFormat::Json => builder.json().init(),
    }
    Ok(())
}
