//! Ids: which records were met, in a few bits for each.
//!
//! A reading of everything must know at its end what it has not met. A shop numbers its records one after the other, so a
//! thousand neighbours share one block of bits, and a million orders are a few hundred kilobytes.

use std::collections::BTreeMap;

const WORDS: usize = 16;
const IN_BLOCK: u64 = WORDS as u64 * 64;

#[derive(Clone, Debug, Default)]
pub(super) struct Ids {
    blocks: BTreeMap<u64, [u64; WORDS]>,
}

impl Ids {
    /// Whether it was not among them before.
    pub fn insert(&mut self, id: u64) -> bool {
        let (block, word, bit) = place(id);
        let word = &mut self.blocks.entry(block).or_default()[word];
        let is_new = *word & bit == 0;
        *word |= bit;
        is_new
    }

    pub fn remove(&mut self, id: u64) {
        let (block, word, bit) = place(id);
        if let Some(words) = self.blocks.get_mut(&block) {
            words[word] &= !bit;
            if *words == [0; WORDS] {
                self.blocks.remove(&block);
            }
        }
    }

    pub fn contains(&self, id: u64) -> bool {
        let (block, word, bit) = place(id);
        let words = self.blocks.get(&block);
        words.is_some_and(|words| words[word] & bit != 0)
    }

    /// By size.
    pub fn iter(&self) -> impl Iterator<Item = u64> + '_ {
        self.blocks.iter().flat_map(|(block, words)| {
            let first = block * IN_BLOCK;
            (0..IN_BLOCK)
                .map(move |at| first + at)
                .filter(move |id| words[place(*id).1] & place(*id).2 != 0)
        })
    }
}

fn place(id: u64) -> (u64, usize, u64) {
    let at = id % IN_BLOCK;
    let word = usize::try_from(at / 64).expect("a block has few words");
    (id / IN_BLOCK, word, 1 << (at % 64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_in_it_and_nothing_else() {
        let mut ids = Ids::default();
        let some = [0, 1, 63, 64, 1_023, 1_024, 5_000_000_000, u64::MAX];
        for id in some {
            assert!(ids.insert(id), "{id}");
            assert!(!ids.insert(id), "{id}");
        }
        assert_eq!(ids.iter().collect::<Vec<_>>(), some);
        assert!(!ids.contains(2) && !ids.contains(1_025) && ids.contains(u64::MAX));
        ids.remove(64);
        ids.remove(9_999_999);
        assert!(!ids.contains(64) && ids.contains(63));
        assert_eq!(ids.iter().count(), some.len() - 1);
    }
}
