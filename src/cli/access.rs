//! `access`: who may use the API and the dashboard, and what they did.

use std::collections::BTreeSet;

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Subcommand, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use crate::app::access::{
    self as admitting, Admission, By, InvitationDocument, TokenDocument, access_document,
    audit_document,
};
use crate::config::{self, LocateError, ServeSettings, process_env};
use crate::model::access::{AccessRole, AllowedShops};
use crate::model::clock::Clock;
use crate::store::access::{AccessFile, AuditFilter};

use super::args::{Global, Output};
use super::ask::{Asker, Prompt};
use super::out;
use super::report::{Failure, exit};
use super::serve::{address, for_all, settings_of_several};
use super::session::{located, open_shop, output};
use super::story_time;
use super::table::{TextTable, width_of_answer};
use crate::run::document::time;

/// Say who may use the API and the dashboard
///
/// A program comes in by a token, a person by a link that works once, and later by a password. A viewer looks; an operator also starts
/// runs and changes what they do; an owner also connects services. What anybody does is written down.
#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    Add(AccessAddArgs),
    Invite(InviteArgs),
    List(AccessListArgs),
    Revoke(RevokeArgs),
    Password(PasswordArgs),
    Audit(AuditArgs),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Looks
    Viewer,
    /// Starts runs, and changes what they do
    Operator,
    /// Connects services, and lets others in
    Owner,
}

impl From<RoleName> for AccessRole {
    fn from(name: RoleName) -> AccessRole {
        match name {
            RoleName::Viewer => AccessRole::Viewer,
            RoleName::Operator => AccessRole::Operator,
            RoleName::Owner => AccessRole::Owner,
        }
    }
}

/// How far somebody is let in.
#[derive(Debug, Args)]
pub struct ReachArgs {
    /// How much they may do
    #[arg(long, value_name = "ROLE", value_enum)]
    pub role: RoleName,
    /// Let them see every shop that is served, instead of the one of the configuration or those that --shop names
    #[arg(long)]
    pub all_shops: bool,
}

impl ReachArgs {
    fn admission(
        &self,
        global: &Global,
        place: &AccessPlace,
        name: &str,
    ) -> Result<Admission, Failure> {
        let shops = if self.all_shops {
            AllowedShops::All
        } else {
            // Where several are served together it is said which of them, or all.
            let Some(own) = &place.shop else {
                return Err(open_shop(global).err().unwrap_or_else(|| {
                    Failure::new("config_not_found", "there are several shops")
                }));
            };
            let mut names = BTreeSet::from([own.clone()]);
            // What is typed is the name of a file; the shop in it has its own.
            for shop in &global.shops {
                let one = Global {
                    shop: Some(shop.clone()),
                    shops: Vec::new(),
                    ..global.clone()
                };
                names.insert(open_shop(&one)?.config.shop.name);
            }
            AllowedShops::These(names)
        };
        Ok(Admission {
            name: name.to_owned(),
            role: self.role.into(),
            shops,
            ends_at: None,
        })
    }
}

/// Let a program in with a token
///
/// Prints the token, this once. Give it with each request: `Authorization: Bearer TOKEN`. A running `udsync serve` accepts it at once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access add reports --role viewer --expires 90d\n  udsync access add deploy --role operator --shop aurora --shop borealis --json\n  udsync access add dashboards --role viewer --all-shops"
)]
pub struct AccessAddArgs {
    /// Its name, as the audit will show it
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub reach: ReachArgs,
    /// End the token after so long, as 12h or 90d
    #[arg(long, value_name = "TIME", value_parser = super::flags::span)]
    pub expires: Option<std::time::Duration>,
}

/// Let a person in with a link that works once
///
/// Prints a link to the dashboard that is good for 30 minutes. Whoever opens it is signed in, and can choose a password there. Somebody
/// who forgot theirs is invited again, with the same role and shops.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access invite anna --role owner\n  udsync access invite otto --role operator --shop aurora\n  udsync access invite anna --role owner --json"
)]
pub struct InviteArgs {
    /// Their name
    #[arg(value_name = "NAME")]
    pub name: String,
    #[command(flatten)]
    pub reach: ReachArgs,
    /// Name this address in the link, where `serve` was started with another --listen than `[serve]` says
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<String>,
}

/// List everybody who may come in
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access list --json\n  udsync access list\n  udsync access list --quiet"
)]
pub struct AccessListArgs {}

/// Let somebody in no longer
///
/// Their token, their sessions and their invitations end at once.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access revoke reports\n  udsync access revoke anna\n  udsync access revoke reports --json"
)]
pub struct RevokeArgs {
    /// Who
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Give a person a password
///
/// Asks for it, or reads it from standard input. It has 12 letters or more. Their sessions end.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access password anna\n  udsync access password anna --from-stdin < password.txt\n  udsync access password anna --shop aurora"
)]
pub struct PasswordArgs {
    /// Who
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Read the password from the first line of standard input
    #[arg(long)]
    pub from_stdin: bool,
}

/// Show what anybody did
///
/// One line for each change, the newest first: who, when, from where, what, and how it ended. The rows are chained; one that somebody
/// changed or took out of the file is found.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  udsync access audit --actor anna --since 2026-11-01 --json\n  udsync access audit\n  udsync access audit --since 2026-11-01"
)]
pub struct AuditArgs {
    /// Only from this day on
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    /// Only what this one did
    #[arg(long, value_name = "NAME")]
    pub actor: Option<String>,
    /// So many rows
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}

/// Where it is kept who may come in, and what is known of the server that lets them in.
struct AccessPlace {
    file: AccessFile,
    serve: ServeSettings,
    clock: Clock,
    /// Serves several shops together.
    together: bool,
    /// The one that a command is about; `None` in a folder of several of which none was named.
    shop: Option<String>,
}

impl AccessPlace {
    /// That of the shop; in a folder of several that of `serve --all-shops`, which serves them together.
    fn find(global: &Global) -> Result<AccessPlace, Failure> {
        let several = located(global).err().filter(|_| global.state.is_none());
        if let Some(LocateError::Several { folder, .. }) = several {
            let state = config::state_folder(&process_env)
                .map_err(|error| Failure::new("no_home", error.to_string()).hint(error.hint))?;
            return Ok(AccessPlace {
                file: AccessFile::open(&AccessFile::path_beside(&state.join("shop.db")))?,
                serve: settings_of_several(&folder)?,
                clock: story_time::clock(),
                together: true,
                shop: None,
            });
        }
        let app = open_shop(global)?;
        let path = AccessFile::path_beside(&app.state);
        // A shop with a state of its own keeps apart who may come in, and is served by itself.
        let together = for_all(global)?.filter(|(_, shared)| *shared == path);
        let is_together = together.is_some();
        let serve = together.map_or_else(|| app.config.serve.clone(), |(settings, _)| settings);
        Ok(AccessPlace {
            file: AccessFile::open(&path)?,
            serve,
            together: is_together,
            clock: app.clock.clone(),
            shop: Some(app.config.shop.name.clone()),
        })
    }
}

/// Runs `access`.
pub fn access(global: &Global, command: &AccessCommand) -> Result<u8, Failure> {
    let place = AccessPlace::find(global)?;
    match command {
        AccessCommand::Add(args) => add(global, &place, args),
        AccessCommand::Invite(args) => invite(global, &place, args),
        AccessCommand::List(_) => list(global, &place.file),
        AccessCommand::Revoke(args) => revoke(global, &place, args),
        AccessCommand::Password(args) => password(global, &place, args),
        AccessCommand::Audit(args) => audit(global, &place.file, args),
    }
}

fn add(global: &Global, place: &AccessPlace, args: &AccessAddArgs) -> Result<u8, Failure> {
    let now = place.clock.now();
    let mut admission = args.reach.admission(global, place, &args.name)?;
    if let Some(time) = args.expires {
        let ends = chrono::Duration::from_std(time).ok();
        let ends = ends.and_then(|time| now.checked_add_signed(time));
        admission.ends_at = Some(ends.ok_or_else(|| {
            Failure::new(
                "usage",
                "`--expires` is further away than any calendar goes",
            )
            .hint("give it in days, as `--expires 90d`, or leave it out")
        })?);
    }
    let token = admitting::add(&place.file, &admission, By::COMMAND_LINE, now)?;
    match output(global) {
        Output::Json => out::print_json(&TokenDocument::new(&admission, &token)),
        Output::Text | Output::Csv => {
            out::print(&format!("{}\n", token.expose_secret()));
            if !global.quiet {
                out::say(&format!(
                    "`{}` is {} in {}; the token is shown this once",
                    admission.name,
                    a_role(admission.role),
                    admission.shops
                ));
            }
        }
    }
    Ok(exit::DONE)
}

fn invite(global: &Global, place: &AccessPlace, args: &InviteArgs) -> Result<u8, Failure> {
    let mut serve = place.serve.clone();
    if let Some(listen) = &args.listen {
        serve.listen = address("--listen", listen)?;
    }
    let admission = args.reach.admission(global, place, &args.name)?;
    let now = place.clock.now();
    let (secret, expires) = admitting::invite(&place.file, &admission, By::COMMAND_LINE, now)?;
    let at = serve.dashboard_address();
    let url = format!("{at}/invite/{}", secret.expose_secret());
    match output(global) {
        Output::Json => out::print_json(&InvitationDocument::new(&admission, expires, &url)),
        Output::Text | Output::Csv => {
            out::print(&format!("{url}\n"));
            if !global.quiet {
                let start = match place.together {
                    true => "udsync serve --all-shops",
                    false => "udsync serve",
                };
                out::say(&format!(
                    "lets `{}` in as {} once, within {} minutes, while `{start}` runs",
                    admission.name,
                    a_role(admission.role),
                    admitting::INVITATION_MINUTES,
                ));
                if serve.dashboard_url.is_none() && args.listen.is_none() {
                    out::say(&format!(
                        "the link is for a server at {at}: where `serve` listens elsewhere, say so with `--listen ADDR`, or set `dashboard_url` in `[serve]`"
                    ));
                }
            }
        }
    }
    Ok(exit::DONE)
}

fn a_role(role: AccessRole) -> &'static str {
    match role {
        AccessRole::Viewer => "a viewer",
        AccessRole::Operator => "an operator",
        AccessRole::Owner => "an owner",
    }
}

fn list(global: &Global, file: &AccessFile) -> Result<u8, Failure> {
    let users = file.users()?;
    match output(global) {
        Output::Json => out::print_json(&access_document(&users)),
        Output::Text | Output::Csv if users.is_empty() => {
            out::answer("nobody may come in yet\n");
            if !global.quiet {
                out::say("`udsync access invite NAME --role owner` lets the first one in");
            }
        }
        Output::Text | Output::Csv => {
            let mut table = TextTable::new(&["NAME", "ROLE", "SHOPS", "LAST HERE"], &[]);
            for user in &users {
                let mut remark = Vec::new();
                remark.extend(user.has_token.then(|| "token".to_owned()));
                remark.extend(user.has_password.then(|| "password".to_owned()));
                remark.extend(
                    user.ends_at
                        .map(|end| format!("ends on {}", end.date_naive())),
                );
                let last = user.last_used_at.map(time);
                table.row(
                    vec![
                        user.name.clone(),
                        user.role.to_string(),
                        user.shops.to_string(),
                        last.unwrap_or_else(|| "-".to_owned()),
                    ],
                    remark.join("; "),
                );
            }
            out::answer(&table.render(width_of_answer()));
        }
    }
    Ok(exit::DONE)
}

/// What is answered where nothing but a name is left to say.
#[derive(Serialize)]
struct AccessChanged<'a> {
    schema: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_set: Option<&'a str>,
}

fn revoke(global: &Global, place: &AccessPlace, args: &RevokeArgs) -> Result<u8, Failure> {
    let now = place.clock.now();
    let user = admitting::revoke(&place.file, &args.name, By::COMMAND_LINE, now)?;
    match output(global) {
        Output::Json => out::print_json(&AccessChanged {
            schema: "udsync/access/1",
            revoked: Some(&user.name),
            password_set: None,
        }),
        Output::Text | Output::Csv => {
            out::answer(&format!("`{}` may not come in any more\n", user.name));
            if place.shop.is_none() && !global.quiet {
                out::say(
                    "a shop with a `state` of its own keeps apart who may come in: `--shop NAME`",
                );
            }
        }
    }
    Ok(exit::DONE)
}

fn password(global: &Global, place: &AccessPlace, args: &PasswordArgs) -> Result<u8, Failure> {
    let given = if args.from_stdin {
        first_line()?
    } else {
        typed(global)?
    };
    let now = place.clock.now();
    admitting::set_password(&place.file, &args.name, &given, By::COMMAND_LINE, now)?;
    match output(global) {
        Output::Json => out::print_json(&AccessChanged {
            schema: "udsync/access/1",
            revoked: None,
            password_set: Some(&args.name),
        }),
        Output::Text | Output::Csv => out::answer(&format!(
            "`{}` has a new password; their sessions have ended\n",
            args.name
        )),
    }
    Ok(exit::DONE)
}

fn typed(global: &Global) -> Result<SecretString, Failure> {
    let asker = Asker::new(global);
    let question = |prompt| Prompt {
        prompt,
        flag: "`--from-stdin`",
    };
    let given = asker.secret(&question("Password"))?;
    let again = asker.secret(&question("The same again"))?;
    if given.expose_secret() != again.expose_secret() {
        return Err(Failure::new(
            "passphrase_differs",
            "the two passwords are not the same; nothing was changed",
        ));
    }
    Ok(given)
}

fn first_line() -> Result<SecretString, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(|error| {
        Failure::new(
            "stdin_unreadable",
            format!("could not read standard input: {error}"),
        )
    })?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned().into())
}

fn audit(global: &Global, file: &AccessFile, args: &AuditArgs) -> Result<u8, Failure> {
    let document = audit_document(
        file,
        &AuditFilter {
            since: args.since.map(|day| day.and_time(NaiveTime::MIN).and_utc()),
            actor: args.actor.clone(),
            before: None,
            shops: None,
            limit: args.limit,
        },
    )?;
    match output(global) {
        Output::Json => out::print_json(&document),
        Output::Text | Output::Csv if document.items.is_empty() => {
            out::answer("nobody did anything\n");
        }
        Output::Text | Output::Csv => {
            let mut table = TextTable::new(&["WHEN", "WHO", "WHAT", "OUTCOME"], &[]);
            for row in &document.items {
                let mut remark = vec![format!("from {}", row.address)];
                remark.extend(row.shop.as_ref().map(|shop| format!("shop {shop}")));
                for (word, value) in [("was", &row.before), ("is", &row.after)] {
                    remark.extend(value.as_ref().map(|value| format!("{word} {value}")));
                }
                let what = match &row.target {
                    Some(target) => format!("{} {target}", row.action),
                    None => row.action.clone(),
                };
                table.row(
                    vec![time(row.at), row.actor.clone(), what, row.outcome.clone()],
                    remark.join("; "),
                );
            }
            out::answer(&table.render(width_of_answer()));
        }
    }
    if let Some(id) = document.broken_at {
        out::say(&format!(
            "warning: somebody changed the audit or took rows out of it, from row {id} on"
        ));
    }
    Ok(exit::DONE)
}
