//! The query of a request: pairs in their order, as PostgREST reads them.
//!
//! A plus is a blank, which is how an offset of a time gets lost that was not encoded.

#[derive(Clone, Debug, Default)]
pub struct DatabaseQuery(Vec<(String, String)>);

impl DatabaseQuery {
    pub fn read(raw: &str) -> DatabaseQuery {
        DatabaseQuery(
            url::form_urlencoded::parse(raw.as_bytes())
                .into_owned()
                .collect(),
        )
    }

    pub fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The query once more, in the order of its names: `Content-Location` has it so.
    pub fn sorted(&self) -> String {
        let mut pairs = self.0.clone();
        pairs.sort();
        let mut out = url::form_urlencoded::Serializer::new(String::new());
        out.extend_pairs(pairs);
        // The serializer leaves a star alone, PostgREST does not.
        out.finish().replace('*', "%2A")
    }
}
