//! The chain over the history: each run that ended is an entry, which holds the digest of the entry before it.
//!
//! Whoever changes something that was written down would have to write every later entry anew, and so the newest digest, the *head*,
//! stands for all of it: kept somewhere else, on paper or in a mail, it says later whether anything was touched. What a run did is
//! summed up by a Merkle tree as RFC 6962 has it, so that one change can be shown to belong to an entry without showing the others.
//!
//! Digests are of ids, figures and further digests, never of a person's words: a body can be forgotten and the chain still holds.

use std::fmt;

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::fingerprint::hex;

/// A SHA-256.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct ChainDigest([u8; 32]);

impl ChainDigest {
    pub fn of(bytes: &[u8]) -> ChainDigest {
        ChainDigest(Sha256::digest(bytes).into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// `None`: that many bytes are no digest.
    pub fn from_bytes(bytes: &[u8]) -> Option<ChainDigest> {
        Some(ChainDigest(bytes.try_into().ok()?))
    }
}

impl fmt::Display for ChainDigest {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&hex(&self.0))
    }
}

impl Serialize for ChainDigest {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Leaves and inner nodes are told apart by their first byte, so that nothing can be passed off as the other.
const LEAF: u8 = 0;
const NODE: u8 = 1;

/// A Merkle tree that takes its leaves one by one and keeps no more than a digest for each of its levels.
#[derive(Clone, Debug, Default)]
pub struct MerkleTree {
    /// Of whole subtrees, the largest first, with how many leaves each has.
    subtrees: Vec<(u64, ChainDigest)>,
    leaves: u64,
}

impl MerkleTree {
    /// Adds a leaf. Its JSON is canonical: fields of a map stand in the order of their names.
    pub fn add(&mut self, leaf: &Value) {
        self.add_bytes(leaf.to_string().as_bytes());
    }

    pub fn add_bytes(&mut self, leaf: &[u8]) {
        let mut hash = Sha256::new();
        hash.update([LEAF]);
        hash.update(leaf);
        let mut merged = (1, ChainDigest(hash.finalize().into()));
        while let Some((size, left)) = self.subtrees.pop_if(|(size, _)| *size == merged.0) {
            merged = (size * 2, joined(&left, &merged.1));
        }
        self.subtrees.push(merged);
        self.leaves += 1;
    }

    pub fn leaves(&self) -> u64 {
        self.leaves
    }

    /// The digest over all leaves.
    pub fn root(&self) -> ChainDigest {
        let mut from_the_right = self.subtrees.iter().rev();
        let Some((_, last)) = from_the_right.next() else {
            return ChainDigest::of(b"");
        };
        from_the_right.fold(*last, |right, (_, left)| joined(left, &right))
    }
}

fn joined(left: &ChainDigest, right: &ChainDigest) -> ChainDigest {
    let mut hash = Sha256::new();
    hash.update([NODE]);
    hash.update(left.0);
    hash.update(right.0);
    ChainDigest(hash.finalize().into())
}

/// One entry: a run that ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChainEntry {
    /// From one on, without a gap.
    pub number: u64,
    /// The entry before it; of the first one nothing but zeros.
    pub previous: ChainDigest,
    pub run: String,
    /// Of what is kept of the run itself: when, which command, how it ended, its figures.
    pub about: ChainDigest,
    /// The Merkle root over its changes, its requests and what came of them.
    pub root: ChainDigest,
    pub leaves: u64,
}

impl ChainEntry {
    /// The entry's own digest: as the newest one, the head.
    pub fn digest(&self) -> ChainDigest {
        let said = serde_json::json!({
            "about": self.about,
            "leaves": self.leaves,
            "number": self.number,
            "previous": self.previous,
            "root": self.root,
            "run": self.run,
        });
        ChainDigest::of(said.to_string().as_bytes())
    }
}

/// Something about the chain that is not as it was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChainBreak {
    /// `None`: what was found belongs to no entry.
    pub entry: Option<u64>,
    pub what: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The leaves and roots that Certificate Transparency's own tests use for RFC 6962.
    const LEAVES: [&[u8]; 8] = [
        b"",
        b"\x00",
        b"\x10",
        b"\x20\x21",
        b"\x30\x31",
        b"\x40\x41\x42\x43",
        b"\x50\x51\x52\x53\x54\x55\x56\x57",
        b"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f",
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    #[test]
    fn roots_are_those_of_rfc_6962() {
        let mut tree = MerkleTree::default();
        assert_eq!(tree.root().to_string(), ROOTS[0]);
        for (leaf, root) in LEAVES.iter().zip(&ROOTS[1..]) {
            tree.add_bytes(leaf);
            assert_eq!(tree.root().to_string(), *root, "{} leaves", tree.leaves());
        }
    }

    #[test]
    fn every_field_of_an_entry_is_in_its_digest() {
        let entry = ChainEntry {
            number: 2,
            previous: ChainDigest::of(b"one"),
            run: "run-2".to_owned(),
            about: ChainDigest::of(b"about"),
            root: ChainDigest::of(b"root"),
            leaves: 3,
        };
        let changed = [
            ChainEntry {
                number: 3,
                ..entry.clone()
            },
            ChainEntry {
                previous: ChainDigest::of(b"two"),
                ..entry.clone()
            },
            ChainEntry {
                run: "run-3".to_owned(),
                ..entry.clone()
            },
            ChainEntry {
                about: ChainDigest::of(b""),
                ..entry.clone()
            },
            ChainEntry {
                root: ChainDigest::of(b""),
                ..entry.clone()
            },
            ChainEntry {
                leaves: 4,
                ..entry.clone()
            },
        ];
        for other in changed {
            assert_ne!(entry.digest(), other.digest(), "{other:?}");
        }
    }
}
