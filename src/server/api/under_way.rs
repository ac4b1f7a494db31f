//! Under way: the requests with a key that are being answered, so that none of them is done twice at the same time.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

/// Requests with a key that are being answered.
#[derive(Default)]
pub struct KeysUnderWay(Mutex<HashSet<[String; 3]>>);

impl KeysUnderWay {
    /// `None`: one of this key is being answered.
    pub fn begin(&self, key: [String; 3]) -> Option<KeyUnderWay<'_>> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(key.clone())
            .then(|| KeyUnderWay { all: self, key })
    }
}

/// One of them, until it is dropped.
pub struct KeyUnderWay<'a> {
    all: &'a KeysUnderWay,
    key: [String; 3],
}

impl Drop for KeyUnderWay<'_> {
    fn drop(&mut self) {
        let mut keys = self.all.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.remove(&self.key);
    }
}
