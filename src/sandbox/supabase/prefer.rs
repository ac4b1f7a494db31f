//! The `Prefer` header: what was asked, what of it is done, and what is refused when strictly meant.

use super::fault::DatabaseFault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    Merge,
    Ignore,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Return {
    /// Nothing was said, which is as good as nothing wanted.
    #[default]
    Unsaid,
    Minimal,
    HeadersOnly,
    Representation,
}

#[derive(Clone, Debug, Default)]
pub struct Prefer {
    pub resolution: Option<Resolution>,
    pub back: Return,
    pub count: Option<&'static str>,
    pub missing_default: bool,
    missing: Option<&'static str>,
    handling: Option<&'static str>,
    pub max_affected: Option<usize>,
}

impl Prefer {
    /// `modern` knows `max-affected`.
    pub fn read<'a>(
        headers: impl Iterator<Item = &'a str>,
        modern: bool,
    ) -> Result<Prefer, DatabaseFault> {
        let mut prefer = Prefer::default();
        let mut unknown = Vec::new();
        for one in headers.flat_map(|header| header.split(',')).map(str::trim) {
            match one {
                "" => {}
                "resolution=merge-duplicates" => prefer.resolution = Some(Resolution::Merge),
                "resolution=ignore-duplicates" => prefer.resolution = Some(Resolution::Ignore),
                "return=minimal" => prefer.back = Return::Minimal,
                "return=headers-only" => prefer.back = Return::HeadersOnly,
                "return=representation" => prefer.back = Return::Representation,
                "count=exact" => prefer.count = Some("exact"),
                "count=planned" => prefer.count = Some("planned"),
                "count=estimated" => prefer.count = Some("estimated"),
                "missing=default" => {
                    prefer.missing_default = true;
                    prefer.missing = Some("default");
                }
                "missing=null" => prefer.missing = Some("null"),
                "handling=strict" => prefer.handling = Some("strict"),
                "handling=lenient" => prefer.handling = Some("lenient"),
                // Known and, as projects are set up, never done: what is sent with it is kept.
                "tx=commit" | "tx=rollback" => {}
                other => match other.strip_prefix("max-affected=").map(str::parse) {
                    Some(Ok(most)) if modern => prefer.max_affected = Some(most),
                    _ => unknown.push(other),
                },
            }
        }
        if prefer.handling == Some("strict") && !unknown.is_empty() {
            let details = format!("Invalid preferences: {}", unknown.join(", "));
            let message = "Invalid preferences given with handling=strict";
            return Err(DatabaseFault::rest(400, "PGRST122", message).details(details));
        }
        if prefer.handling != Some("strict") {
            prefer.max_affected = None;
        }
        Ok(prefer)
    }

    pub fn counts(&self) -> bool {
        self.count == Some("exact")
    }

    /// What the answer says was done. `resolved` tells whether duplicates were really seen to.
    pub fn applied(&self, resolved: bool) -> Option<String> {
        let mut done = Vec::new();
        match self.resolution {
            Some(Resolution::Merge) if resolved => done.push("resolution=merge-duplicates".into()),
            Some(Resolution::Ignore) if resolved => {
                done.push("resolution=ignore-duplicates".into());
            }
            _ => {}
        }
        if let Some(missing) = self.missing.filter(|_| resolved) {
            done.push(format!("missing={missing}"));
        }
        match self.back {
            Return::Unsaid => {}
            Return::Minimal => done.push("return=minimal".into()),
            Return::HeadersOnly => done.push("return=headers-only".into()),
            Return::Representation => done.push("return=representation".into()),
        }
        if let Some(count) = self.count {
            done.push(format!("count={count}"));
        }
        if let Some(handling) = self.handling {
            done.push(format!("handling={handling}"));
        }
        if let Some(most) = self.max_affected {
            done.push(format!("max-affected={most}"));
        }
        (!done.is_empty()).then(|| done.join(", "))
    }
}
