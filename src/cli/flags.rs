//! Flags that every command has, and how the values of flags are written.

use std::path::PathBuf;
use std::time::Duration;

use clap::error::ErrorKind;
use clap::{Args, ValueEnum};

use crate::app::papers::PaperForm;

#[derive(Clone, Debug, Args)]
pub struct Global {
    /// Use this configuration file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub config: Option<PathBuf>,
    /// Use NAME.toml of the configuration folder; `serve` takes several
    #[arg(
        id = "shop",
        long = "shop",
        global = true,
        value_name = "NAME",
        action = clap::ArgAction::Append,
        help_heading = "Global options"
    )]
    pub shops: Vec<String>,
    /// The one that was named.
    #[arg(skip)]
    pub shop: Option<String>,
    /// It is one of several that a command is about.
    #[arg(skip)]
    pub among_many: bool,
    /// The command can be about every shop.
    #[arg(skip)]
    pub has_all_shops: bool,
    /// The command is about the built-in sandbox.
    #[arg(skip)]
    pub in_sandbox: bool,
    /// Keep the state in this file
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub state: Option<PathBuf>,
    /// Print the answer in this form
    #[arg(long, global = true, value_enum, help_heading = "Global options")]
    pub output: Option<OutputFlag>,
    /// Print the answer as JSON
    #[arg(long, global = true, help_heading = "Global options")]
    pub json: bool,
    /// Print only the answer and errors
    #[arg(short, long, global = true, help_heading = "Global options")]
    pub quiet: bool,
    /// Say more: -v lists unchanged records and logs each stage, -vv logs each request
    #[arg(short, long, global = true, action = clap::ArgAction::Count, help_heading = "Global options")]
    pub verbose: u8,
    /// Write log lines in this form
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "text",
        help_heading = "Global options"
    )]
    pub log_format: LogFormat,
    /// Write log lines to this file instead of standard error
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub log_file: Option<PathBuf>,
    /// Begin a new log file when this one would grow larger: 500k, 10M, 1G
    #[arg(
        long,
        global = true,
        value_name = "SIZE",
        default_value = "10M",
        value_parser = size,
        help_heading = "Global options"
    )]
    pub log_max_size: Size,
    /// Keep so many log files: FILE, FILE.1 and so on, FILE being the newest
    #[arg(
        long,
        global = true,
        value_name = "N",
        default_value_t = 5,
        value_parser = clap::value_parser!(u32).range(1..=1000),
        help_heading = "Global options"
    )]
    pub log_max_files: u32,
    /// Let names and addresses of customers into the log, for looking into one case
    #[arg(long, global = true, help_heading = "Global options")]
    pub log_pii: bool,
    /// Colour the answer
    #[arg(
        long,
        global = true,
        value_enum,
        default_value = "auto",
        help_heading = "Global options"
    )]
    pub color: Color,
    /// Let this command say the passphrase of the stored credentials; `{shop}` in it is the shop's name
    #[arg(
        long,
        global = true,
        value_name = "COMMAND",
        help_heading = "Global options"
    )]
    pub password_command: Option<String>,
    /// Take variables of the environment from this file, one NAME=value a line, as systemd reads it; they go before those that are set
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help_heading = "Global options"
    )]
    pub env_file: Option<PathBuf>,
    /// Never ask; stop and name the flag that answers
    #[arg(long, global = true, help_heading = "Global options")]
    pub no_input: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OutputFlag {
    Text,
    Json,
    Csv,
    /// Only `report` and `reconcile` have these, and say so in their own help.
    #[value(hide = true)]
    Html,
    #[cfg(feature = "xlsx")]
    #[value(hide = true)]
    Xlsx,
    #[cfg(feature = "pdf")]
    #[value(hide = true)]
    Pdf,
}

/// What a command prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Text,
    Json,
    Csv,
}

impl Global {
    /// How the answer is wanted. A command that has no papers prints text.
    pub fn form(&self) -> Output {
        match self.output {
            _ if self.json => Output::Json,
            Some(OutputFlag::Json) => Output::Json,
            Some(OutputFlag::Csv) => Output::Csv,
            _ => Output::Text,
        }
    }

    /// The form of the paper, where one is wanted.
    pub fn paper(&self) -> Option<PaperForm> {
        match self.output {
            _ if self.json => None,
            Some(OutputFlag::Html) => Some(PaperForm::Html),
            #[cfg(feature = "xlsx")]
            Some(OutputFlag::Xlsx) => Some(PaperForm::Xlsx),
            #[cfg(feature = "pdf")]
            Some(OutputFlag::Pdf) => Some(PaperForm::Pdf),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// `90s`, `15m`, `12h`, `3d`
pub fn span(text: &str) -> Result<Duration, String> {
    crate::config::span(text)
        .ok_or_else(|| "write a number and a unit (s, m, h or d), such as 30s or 5m".to_owned())
}

/// A number of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size(pub u64);

/// `500k`, `10M`, `1G` or plain bytes.
fn size(text: &str) -> Result<Size, String> {
    let text = text.trim();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match text[digits.len()..].to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" => 1_000,
        "m" | "mb" => 1_000_000,
        "g" | "gb" => 1_000_000_000,
        _ => return Err("write a number with `k`, `M` or `G`, such as `10M`".to_owned()),
    };
    let number: u64 = digits
        .parse()
        .map_err(|_| "write a number with `k`, `M` or `G`, such as `10M`".to_owned())?;
    match number.checked_mul(unit) {
        Some(bytes) if bytes > 0 => Ok(Size(bytes)),
        _ => Err("it must be 1 byte or more".to_owned()),
    }
}

/// Yes or no, as an environment variable says it. An empty one is as good as none.
#[derive(Clone)]
pub struct YesOrNo;

impl clap::builder::TypedValueParser for YesOrNo {
    type Value = bool;

    fn parse_ref(
        &self,
        _: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &std::ffi::OsStr,
    ) -> Result<bool, clap::Error> {
        let word = value.to_string_lossy();
        yes_or_no(&word).ok_or_else(|| {
            let variable = arg
                .and_then(clap::Arg::get_env)
                .unwrap_or_default()
                .to_string_lossy();
            clap::Error::raw(
                ErrorKind::InvalidValue,
                format!("`{variable}` is `{word}`, and it can be 1 or 0, true or false, yes or no, on or off\n"),
            )
        })
    }
}

/// What a word of the environment says; `None` if neither.
pub fn yes_or_no(word: &str) -> Option<bool> {
    match word.trim().to_lowercase().as_str() {
        "1" | "true" | "yes" | "on" => Some(true),
        "" | "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}
