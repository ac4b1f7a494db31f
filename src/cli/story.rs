//! `sandbox --story`, `sandbox next`, `sandbox mend`: a made-up shop whose days go by, kept in a folder.
//!
//! Any command that is typed in such a folder finds shop, books and database there: they are brought to life before it and kept after
//! it. So the story needs no second terminal and no key, and is what it was when somebody comes back.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde::Serialize;
use tokio::sync::Mutex;

use crate::sandbox::demo;
use crate::sandbox::demo::story::{DAYS, Story, StoryDay, StoryWorld};

use super::args::{Command, Global, Output};
use super::report::{Failure, exit};
use super::sandbox_folder::{WORLD, with_state, write};
use super::sandbox_words::{SandboxArgs, SandboxCommand};
use super::session::{config_path, output};
use super::story_world::{read, unreadable};
use super::{out, sandbox_folder, story_time};

const FOLDER: &str = "udsync-story";
/// How often it is looked whether there is anything to keep.
const LOOKS: Duration = Duration::from_millis(300);

/// A story that is open, and is kept while a command works in it.
pub struct OpenStory {
    path: PathBuf,
    story: Arc<Mutex<Story>>,
    ends: Arc<AtomicBool>,
}

#[derive(Serialize)]
struct ToldDay<'a> {
    schema: &'static str,
    day: usize,
    days: usize,
    date: chrono::NaiveDate,
    title: &'a str,
    happened: String,
    commands: &'a [&'a str],
    folder: String,
    /// What the bookkeeper did, after `sandbox mend`.
    mended: Option<&'a str>,
    is_over: bool,
}

/// Opens the story of the folder that a command is typed in, if there is one and the command has to do with it.
pub async fn open(global: &Global, command: &Command) -> Result<Option<OpenStory>, Failure> {
    let is_apart = match command {
        Command::Sandbox(args) => args.what.is_none(),
        Command::Init(_) | Command::Completions(_) | Command::CompleteLine(_) | Command::Man(_) => {
            true
        }
        _ => false,
    };
    let found = config_path(global).ok();
    let Some(path) = found.and_then(|config| Some(config.parent()?.join(WORLD))) else {
        return Ok(None);
    };
    if is_apart || !path.is_file() {
        return Ok(None);
    }
    let story = read(&path)?.open().await.map_err(not_started)?;
    story_time::tell(story.clock_offset().await.map_err(not_started)?);
    let open = OpenStory {
        path,
        story: Arc::new(Mutex::new(story)),
        ends: Arc::default(),
    };
    open.keep_meanwhile();
    Ok(Some(open))
}

impl OpenStory {
    /// Keeps the world now and then, so that a command which is killed leaves books that fit what udsync remembers of them.
    fn keep_meanwhile(&self) {
        let (path, story, ends) = (self.path.clone(), self.story.clone(), self.ends.clone());
        tokio::spawn(async move {
            let mut before = None;
            while !ends.load(Ordering::Relaxed) {
                tokio::time::sleep(LOOKS).await;
                let story = story.lock().await;
                let asked = story.asked().await.ok();
                if asked == before || ends.load(Ordering::Relaxed) || !story.is_ours() {
                    continue;
                }
                before = asked;
                // It is tried again soon, and once more at the end, where an error is told.
                let _ = keep(&story, &path).await;
            }
        });
    }

    /// Keeps the world and ends it.
    pub async fn close(self) -> Result<(), Failure> {
        self.ends.store(true, Ordering::Relaxed);
        let mut story = self.story.lock().await;
        if story.is_ours() {
            keep(&story, &self.path).await?;
        }
        story.stop().await;
        Ok(())
    }

    /// Runs `sandbox next`, `sandbox mend` or `sandbox today`.
    pub async fn run(&self, global: &Global, command: &SandboxCommand) -> Result<u8, Failure> {
        let mut story = self.story.lock().await;
        if !story.is_ours() {
            // The day is counted in the file, and the command that has the world does not know of it.
            return Err(Failure::new(
                "sandbox_not_started",
                "another command is at work in this story",
            )
            .hint("wait until it has ended, or end it with Ctrl-C"));
        }
        let (mut mended, mut is_over) = (None, false);
        match command {
            SandboxCommand::Today => {}
            SandboxCommand::Next => is_over = story.next().await.map_err(not_started)?.is_none(),
            SandboxCommand::Mend => {
                mended = Some(
                    story
                        .mend()
                        .await
                        .map_err(not_started)?
                        .unwrap_or("there is nothing to do in the books today"),
                );
            }
        }
        let day = story.today();
        match output(global) {
            Output::Json => out::print_json(&told(day, &self.path, mended, is_over)),
            Output::Text | Output::Csv => match (mended, is_over) {
                (Some(words), _) => out::print(&format!("{words}\n")),
                (None, true) => out::print(
                    "the story is over; `udsync sandbox --story --into FOLDER` begins another\n",
                ),
                (None, false) => out::print(&words(day)),
            },
        }
        Ok(exit::DONE)
    }
}

/// Runs `sandbox --story`: begins one, or says where it stands.
pub async fn begin(global: &Global, args: &SandboxArgs) -> Result<u8, Failure> {
    let folder = args.into.clone().unwrap_or_else(|| PathBuf::from(FOLDER));
    sandbox_folder::note_ignored(global, &folder);
    let path = folder.join(WORLD);
    let world = if path.is_file() {
        read(&path)?
    } else {
        sandbox_folder::check(&folder)?;
        sandbox_folder::forget_state(&folder);
        let world = StoryWorld::begin(args.port).await.map_err(not_started)?;
        write(&folder, "udsync.toml", &config(&world))?;
        write(&folder, WORLD, &text(&world)?)?;
        world
    };
    let day = world.today();
    match output(global) {
        Output::Json => out::print_json(&told(day, &path, None, false)),
        Output::Text | Output::Csv => {
            out::print(&words(day));
            if !global.quiet {
                out::say(&format!(
                    "the story is in a folder of its own: `cd {}`; nothing in it is real",
                    folder.display()
                ));
            }
        }
    }
    Ok(exit::DONE)
}

/// What a command says that needs a story and finds none.
pub fn missing() -> Failure {
    Failure::new("story_missing", "there is no story in this folder")
        .hint("begin one with `udsync sandbox --story`, and go to its folder")
}

fn config(world: &StoryWorld) -> String {
    let [shop, company, database] = world.urls();
    let text = demo::config(&shop, &company) + &demo::database_config(&database);
    // Of a stand-in nothing is late: whoever waits here only waits.
    // Its days pass in minutes: an order that is not told of is none that was forgotten.
    let text = text.replacen(
        "\n\n[quickbooks]\n",
        "\nfull_sweep = \"off\"\n\n[quickbooks]\n",
        1,
    );
    with_state(&text).replacen(
        "# A stand-in on this machine needs no protection from us.\n",
        "# A stand-in on this machine needs no protection from us, and is never late.\nsettle_after = \"1s\"\n",
        1,
    )
}

async fn keep(story: &Story, path: &Path) -> Result<(), Failure> {
    let world = story.world().await.map_err(not_started)?;
    super::file::write(path, text(&world)?.as_bytes())
}

fn text(world: &StoryWorld) -> Result<String, Failure> {
    serde_json::to_string(world).map_err(|error| unreadable(Path::new(WORLD), &error.to_string()))
}

fn not_started(error: std::io::Error) -> Failure {
    Failure::new(
        "sandbox_not_started",
        format!("could not bring the story to life: {error}"),
    )
    .hint("end what listens on its port, or begin another story with `udsync sandbox --story --into FOLDER`")
}

fn told<'a>(day: &'a StoryDay, path: &Path, mended: Option<&'a str>, is_over: bool) -> ToldDay<'a> {
    ToldDay {
        schema: "udsync/sandbox-day/1",
        day: number(day),
        days: DAYS.len(),
        date: day.date(),
        title: day.title,
        happened: day.happened.join(" "),
        commands: day.commands,
        folder: path.parent().unwrap_or(path).display().to_string(),
        mended,
        is_over,
    }
}

fn number(day: &StoryDay) -> usize {
    DAYS.iter()
        .position(|one| std::ptr::eq(one, day))
        .map_or(1, |at| at + 1)
}

/// The day as a page shows it: what happened, and what to type.
fn words(day: &StoryDay) -> String {
    let mut text = format!(
        "day {} of {}, {}: {}\n\n",
        number(day),
        DAYS.len(),
        day.date().format("%A %-d %B %Y"),
        day.title
    );
    for line in day.happened {
        text += line;
        text.push('\n');
    }
    text += "\nto type:\n";
    for command in day.commands {
        text += &format!("  {command}\n");
    }
    if number(day) < DAYS.len() {
        text += "  udsync sandbox next       the next day\n";
    }
    text
}
