//! What a script brings for a connection: from the variables of the environment, or as lines of `NAME=value` with the same names.

use crate::config::{Credentials, process_env};

use super::super::ask::from_stdin;
use super::super::report::Failure;
use super::super::session::given_to;

/// What it brought.
pub struct FromScript {
    pub credentials: Credentials,
    /// The address of the shop, which is among the lines of a shop's own plugin.
    pub address: Option<String>,
    /// Where it was looked for, in words.
    pub place: &'static str,
}

impl FromScript {
    /// Takes it from where the flags say; `None` where a person is to be asked. `shop`: its own variables go before those for all.
    pub fn read(
        shop: Option<&str>,
        from_env: bool,
        from_stdin_lines: bool,
    ) -> Result<Option<FromScript>, Failure> {
        if from_env {
            return Ok(Some(FromScript {
                credentials: given_to(shop, &process_env),
                address: None,
                place: "in the environment",
            }));
        }
        if !from_stdin_lines {
            return Ok(None);
        }
        let lines = from_stdin()?;
        let get = |wanted: &str| {
            let found = lines.iter().find(|(name, _)| name == wanted);
            found.map(|(_, value)| value.clone())
        };
        Ok(Some(FromScript {
            credentials: given_to(shop, &get),
            address: get("UDSYNC_URL"),
            place: "on standard input",
        }))
    }
}
