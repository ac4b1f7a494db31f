//! The proofs: what came of comparing both sides, and what a person accepted of it.

use crate::store::{AcceptedDifference, KeptProof, ProofMade, Store, StoreError};

port! {
    /// What was compared before.
    pub trait Proofs {
        /// One comparison by its id; `None`: there was none, or it is too long ago.
        fn proof(&self, id: &str) -> Result<Option<KeptProof>, StoreError>;

        /// The newest comparisons, without what they said.
        fn newest_proofs(&self, limit: u32) -> Result<Vec<ProofMade>, StoreError>;

        /// The newest comparison whose document has these words.
        fn newest_proof_with(&self, words: &str) -> Result<Option<KeptProof>, StoreError>;

        /// Every difference that a person left as it is, with the figures that it had.
        fn accepted_differences(&self) -> Result<Vec<AcceptedDifference>, StoreError>;
    }
}

port! {
    /// Keeps comparisons, and what was accepted.
    pub trait ProofsWriter: Proofs {
        /// Keeps a comparison; the oldest ones are forgotten.
        fn keep_proof(&self, proof: &KeptProof) -> Result<(), StoreError>;

        /// Notes that a difference is left as it is, with its figures of now.
        fn accept_difference(&self, accepted: &AcceptedDifference) -> Result<(), StoreError>;
    }
}
