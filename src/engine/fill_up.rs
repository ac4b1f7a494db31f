//! Filling up: the last request of a wave takes with it what has its turn later, as far as that needs nothing that is still to be made.
//!
//! The books count requests, whatever is in them.

use std::collections::BTreeSet;

use crate::connector::port::LedgerWriter;
use crate::model::ticket::Write;

use super::apply::{StepTurn, StepWork, origin_of};
use super::mend::Mend;

impl<T: LedgerWriter> StepWork<'_, '_, T> {
    /// Adds steps of later waves until there is no room left. What belongs to an order of which a document is to be mended stays behind:
    /// it may yet be taken back.
    pub(super) fn fill_up(
        &mut self,
        room: usize,
        wave: u8,
        mending: &[Mend],
        steps: &mut Vec<usize>,
        writes: &mut Vec<Write>,
    ) {
        if self.takes_back.is_some() || steps.is_empty() || steps.len() >= room {
            return;
        }
        let to_mend: BTreeSet<_> = mending
            .iter()
            .filter_map(|mend| origin_of(&self.steps[mend.index]))
            .collect();
        let later: BTreeSet<u8> = self.steps.iter().map(|step| self.wave_of(step)).collect();
        for number in later.into_iter().filter(|number| *number > wave) {
            for index in self.waiting(number) {
                if steps.len() >= room {
                    return;
                }
                let origin = origin_of(&self.steps[index]);
                let is_to_mend = origin.is_some_and(|origin| to_mend.contains(&origin));
                if is_to_mend || self.ahead.contains(&index) {
                    continue;
                }
                if let StepTurn::Write(write) = self.turn_of(index) {
                    self.ahead.insert(index);
                    steps.push(index);
                    writes.push(*write);
                }
            }
        }
    }
}
