//! Ahead: pages of the shop that are read while what was read before is still on its way into the books.
//!
//! Nothing is decided about them here, and nothing of them is written down: what becomes of an order is decided when its part begins, from
//! what is known then. Pages that were read for another question than the next part puts, or while the shop showed its figures in
//! another way, are forgotten and read again; so are all of them where the posting had to read something anew, as an order must never be
//! planned from an older reading than the one that is in the books.

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::connector::port::{Ask, Pulled, ShopPage, ShopReader};

/// Shared by the parts of one command.
#[derive(Default)]
pub struct PagesAhead(Mutex<Option<AheadOf>>);

/// What was read, and what it answers.
struct AheadOf {
    ask: Ask,
    decimals: Option<u32>,
    keeps_words: bool,
    pages: VecDeque<ShopPage>,
}

impl fmt::Debug for PagesAhead {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("PagesAhead").finish_non_exhaustive()
    }
}

impl PagesAhead {
    /// Reads page after page, one question at a time, until so many orders are there or the list has ended. Whatever goes wrong is told
    /// when the page is asked for in its turn. `keeps_words`: somebody looks at more of an order than what it is.
    pub async fn read<S: ShopReader>(
        &self,
        source: &S,
        ask: Ask,
        decimals: Option<u32>,
        most: usize,
        keeps_words: bool,
    ) {
        *self.known() = Some(AheadOf {
            ask: ask.clone(),
            decimals,
            keeps_words,
            pages: VecDeque::new(),
        });
        let (mut place, mut read) = (None, 0);
        while read < most {
            let Ok(mut page) = source.pull(&ask, place.as_ref()).await else {
                return;
            };
            if !keeps_words {
                page.records.iter_mut().for_each(Pulled::forget_words);
            }
            read += page.records.len();
            place.clone_from(&page.next);
            if let Some(known) = self.known().as_mut() {
                known.pages.push_back(page);
            }
            if place.is_none() {
                return;
            }
        }
    }

    /// What was read of this question, in its order. It is read once. `needs_words`: whoever asks looks at more of an order than what it is,
    /// perhaps since a moment ago.
    pub fn take(&self, ask: &Ask, decimals: Option<u32>, needs_words: bool) -> VecDeque<ShopPage> {
        let known = self.known().take();
        let meant = known.filter(|known| {
            known.ask == *ask && known.decimals == decimals && (known.keeps_words || !needs_words)
        });
        meant.map(|known| known.pages).unwrap_or_default()
    }

    /// What was read is not used: something of it may have been read again since, and be newer in the books.
    pub fn forget(&self) {
        *self.known() = None;
    }

    fn known(&self) -> MutexGuard<'_, Option<AheadOf>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_forgotten_is_read_again() {
        let ahead = PagesAhead::default();
        let read = || AheadOf {
            ask: Ask::default(),
            decimals: None,
            keeps_words: false,
            pages: VecDeque::from([ShopPage {
                records: Vec::new(),
                complete_through: None,
                next: None,
            }]),
        };
        *ahead.known() = Some(read());
        assert_eq!(ahead.take(&Ask::default(), None, false).len(), 1);
        // Somebody has put a mapping there meanwhile, which reads the shop's words.
        *ahead.known() = Some(read());
        assert!(ahead.take(&Ask::default(), None, true).is_empty());
        *ahead.known() = Some(read());
        ahead.forget();
        assert!(ahead.take(&Ask::default(), None, false).is_empty());
    }
}
