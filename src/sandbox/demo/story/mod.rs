//! The story: the demonstration's shop over eight days of November, in a world that is kept from one command to the next.
//!
//! The stand-ins live as long as a command does. What they hold is put into one JSON value at its end and given to new ones at the
//! beginning of the next, on the same ports; so what somebody did in the books, or left undone, is still so tomorrow. What brings a
//! day about is pulled on the levers that tests pull too.

mod days;

use std::io;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::stand::Running;
use crate::stand::post::ask;
use crate::{quickbooks, supabase, woocommerce};

pub use days::{DAYS, StoryDay};

/// How long whoever listens on the ports of a story may take to show that it is one.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is kept of the world between two commands.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoryWorld {
    /// From one on.
    pub day: usize,
    /// How often it was opened on this day. Each time is a minute later by the clock of the shop, so that it never goes back.
    opened: u32,
    ports: [u16; 3],
    shop: Value,
    company: Value,
    database: Value,
    /// What goes wrong in the books, and has not happened yet.
    mishaps: Value,
}

/// The stand-ins of a story: ours, or those of another command that is at work.
#[derive(Debug)]
pub struct Story {
    /// Empty where another command holds them.
    running: Vec<Running>,
    day: usize,
    opened: u32,
    ports: [u16; 3],
}

impl StoryWorld {
    /// The first morning. Port 0 takes any that are free, and keeps them.
    pub async fn begin(port: u16) -> io::Result<StoryWorld> {
        let place = |at: u16| match port {
            0 => 0,
            port => port.saturating_add(at),
        };
        let shop = woocommerce::start(place(0), super::shop()).await?;
        let company = quickbooks::start(place(1), super::company()).await?;
        let database = supabase::start(place(2), super::database()).await?;
        let mut story = Story {
            ports: [shop.port(), company.port(), database.port()],
            running: vec![shop, company, database],
            day: 1,
            opened: 0,
        };
        let world = story.world().await?;
        story.stop().await;
        Ok(world)
    }

    /// The addresses of shop, company and database.
    pub fn urls(&self) -> [String; 3] {
        self.ports.map(url)
    }

    /// The day that it is.
    pub fn today(&self) -> &'static StoryDay {
        days::called(self.day)
    }

    /// Brings the world back to life. Where another command has it on its ports, that one's is used, and kept by it.
    pub async fn open(&self) -> io::Result<Story> {
        let mut story = Story {
            running: Vec::new(),
            day: self.day,
            opened: self.opened + 1,
            ports: self.ports,
        };
        let shop = match woocommerce::start(self.ports[0], super::shop()).await {
            Ok(shop) => shop,
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                story.is_there().await?;
                return Ok(story);
            }
            Err(error) => return Err(error),
        };
        let company = quickbooks::start(self.ports[1], super::company()).await?;
        let database = supabase::start(self.ports[2], super::database()).await?;
        story.running = vec![shop, company, database];
        story.shop("PUT", "snapshot", &self.shop).await?;
        story.books("PUT", "snapshot", &self.company).await?;
        story.books("POST", "mishaps", &self.mishaps).await?;
        story.rows("PUT", &self.database).await?;
        story.set_clock().await?;
        Ok(story)
    }
}

impl Story {
    /// Whether the world is in this process, which therefore has to keep it.
    pub fn is_ours(&self) -> bool {
        !self.running.is_empty()
    }

    /// Everything, as the next command will need it.
    pub async fn world(&self) -> io::Result<StoryWorld> {
        let nothing = Value::Null;
        Ok(StoryWorld {
            day: self.day,
            opened: self.opened,
            ports: self.ports,
            shop: self.shop("GET", "snapshot", &nothing).await?,
            company: self.books("GET", "snapshot", &nothing).await?,
            database: self.rows("GET", &nothing).await?,
            mishaps: still_to_come(self.books("GET", "mishaps", &nothing).await?),
        })
    }

    /// How much was asked of the stand-ins, to see whether anything can have changed.
    pub async fn asked(&self) -> io::Result<Value> {
        let mut counts = Vec::new();
        for at in 0..self.ports.len() {
            counts.push(self.ask(at, "GET", "counts", &Value::Null).await?);
        }
        Ok(Value::Array(counts))
    }

    /// How many seconds the clock of the shop is before that of this machine.
    pub async fn clock_offset(&self) -> io::Result<i64> {
        let clock = self.shop("GET", "clock", &Value::Null).await?;
        Ok(clock["offset_seconds"].as_i64().unwrap_or_default())
    }

    /// The day that it is.
    pub fn today(&self) -> &'static StoryDay {
        days::called(self.day)
    }

    /// Lets the next day come, with everything that it brings; `None` where the story is over.
    pub async fn next(&mut self) -> io::Result<Option<&'static StoryDay>> {
        if self.day >= DAYS.len() {
            return Ok(None);
        }
        self.day += 1;
        self.opened = 0;
        self.set_clock().await?;
        days::come(self, self.day).await?;
        Ok(Some(self.today()))
    }

    /// Does at the screen of the books what a bookkeeper would do there today; `None` where there is nothing to do.
    pub async fn mend(&self) -> io::Result<Option<&'static str>> {
        days::mend(self, self.day).await
    }

    /// Ends the stand-ins that are ours.
    pub async fn stop(&mut self) {
        for running in self.running.drain(..) {
            running.stop().await;
        }
    }

    async fn shop(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        self.ask(0, method, path, body).await
    }

    async fn books(&self, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        self.ask(1, method, path, body).await
    }

    async fn rows(&self, method: &str, body: &Value) -> io::Result<Value> {
        self.ask(2, method, "rows", body).await
    }

    async fn ask(&self, at: usize, method: &str, path: &str, body: &Value) -> io::Result<Value> {
        let lever = format!("{}/_sandbox/{path}", url(self.ports[at]));
        ask(method, &lever, body).await
    }

    /// Whether what answers on the ports is a sandbox, and no stranger.
    async fn is_there(&self) -> io::Result<()> {
        match tokio::time::timeout(PATIENCE, self.asked()).await {
            Ok(Ok(_)) => Ok(()),
            _ => Err(io::Error::new(
                io::ErrorKind::AddrInUse,
                format!("another program listens at {}", url(self.ports[0])),
            )),
        }
    }

    /// It is half past four in the afternoon of the day, and a minute more for each command.
    async fn set_clock(&self) -> io::Result<()> {
        let minutes = TimeDelta::minutes(i64::from(self.opened.min(300)));
        let now = self.today().afternoon() + minutes;
        let offset = (now - Utc::now()).num_seconds();
        let clock = json!({ "offset_seconds": offset });
        self.shop("POST", "clock", &clock).await?;
        self.books("POST", "clock", &clock).await.map(drop)
    }
}

fn url(port: u16) -> String {
    format!("http://127.0.0.1:{port}")
}

impl StoryDay {
    /// The day by the calendar: the story begins on Monday, 23 November 2026, and works on working days.
    pub fn date(&self) -> NaiveDate {
        const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
        FIRST + Days::new(self.after)
    }

    fn afternoon(&self) -> DateTime<Utc> {
        let half_past_four = self.date().and_hms_opt(23, 30, 0).unwrap_or_default();
        half_past_four.and_utc()
    }
}

/// The rules that have not struck yet, as they were given.
fn still_to_come(mut rules: Value) -> Value {
    if let Some(list) = rules.as_array_mut() {
        list.retain(|rule| rule["fired"] == 0);
        for rule in list.iter_mut().filter_map(Value::as_object_mut) {
            rule.remove("fired");
            rule.remove("matched");
            rule.retain(|_, value| !value.is_null());
        }
    }
    rules
}
