//! A look at the tables over REST: PostgREST's description of itself, and the view that tells what the description does not.

use std::collections::BTreeMap;

use reqwest::Method;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::Rest;
use crate::connector::supabase::schema::gaps::{DatabaseAsFound, TableSeen};
use crate::connector::supabase::trouble;
use crate::model::fault::Fault;

#[derive(Deserialize)]
struct SchemaDescription {
    /// Tells it from pages of something else.
    #[expect(dead_code, reason = "it must be there, and that is all")]
    swagger: IgnoredAny,
    /// Left out where there is none.
    #[serde(default)]
    definitions: BTreeMap<String, Definition>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Definition {
    description: Option<String>,
    properties: BTreeMap<String, Property>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Property {
    format: String,
}

/// A row of `udsync_state`.
#[derive(Deserialize)]
struct StateRow {
    name: String,
    version: Option<i64>,
    keyed: bool,
    guarded: bool,
    writable: bool,
    barred: bool,
    sealed: bool,
}

impl Rest {
    pub async fn look(&self, schema: &str) -> Result<DatabaseAsFound, Fault> {
        let (states, hidden) = self.states(schema).await?;
        let described = self.described(schema).await?;
        let mut found = DatabaseAsFound {
            version: states.iter().find_map(|state| state.version),
            role: "service_role".to_owned(),
            hidden,
            ..DatabaseAsFound::default()
        };
        for (name, definition) in described.definitions {
            let formats = definition.properties.into_iter();
            let seen = TableSeen {
                comment: definition.description,
                columns: formats.map(|(name, told)| (name, told.format)).collect(),
                ..TableSeen::default()
            };
            found.tables.insert(name, seen);
        }
        for state in states {
            let seen = found.tables.entry(state.name).or_default();
            seen.keyed = Some(state.keyed);
            seen.guarded = Some(state.guarded);
            seen.writable = Some(state.writable && !state.barred);
            seen.barred = state.writable && state.barred;
            seen.sealed = Some(state.sealed);
        }
        Ok(found)
    }

    async fn described(&self, schema: &str) -> Result<SchemaDescription, Fault> {
        let answer = self.ask(schema, "/rest/v1/", None).await?;
        if answer.status != 200 {
            return Err(self.refusal(&answer, schema));
        }
        serde_json::from_slice(&answer.body).map_err(|_| trouble::url_wrong(&self.host))
    }

    /// What the view tells, and whether it may not be read. No rows: it is not there.
    async fn states(&self, schema: &str) -> Result<(Vec<StateRow>, bool), Fault> {
        let query = "select=name,version,keyed,guarded,writable,barred,sealed";
        let answer = self
            .ask(schema, "/rest/v1/udsync_state", Some(query))
            .await?;
        let body: Option<Value> = serde_json::from_slice(&answer.body).ok();
        let code = body.as_ref().and_then(|body| body["code"].as_str());
        match (answer.status, code.unwrap_or_default()) {
            (200, _) => serde_json::from_slice(&answer.body)
                .map(|states| (states, false))
                .map_err(|_| trouble::url_wrong(&self.host)),
            (401 | 403, "42501") => Ok((Vec::new(), true)),
            // An older form of it is as good as none.
            (404, "PGRST205" | "42P01" | "") | (400, "42703") => Ok((Vec::new(), false)),
            _ => Err(self.refusal(&answer, schema)),
        }
    }

    async fn ask(
        &self,
        schema: &str,
        path: &str,
        query: Option<&str>,
    ) -> Result<crate::connector::http::Answered, Fault> {
        let mut url = self.root.clone();
        url.set_path(path);
        url.set_query(query);
        let request = self
            .http
            .request(Method::GET, url)
            .header("accept", "application/openapi+json, application/json")
            .header("accept-profile", schema);
        let answer = self.http.send(self.signed(request)).await;
        answer.map_err(|silence| self.silence(&silence))
    }
}
