//! The order of taking back: what was written last goes first.

use crate::model::plan::Step;

use super::super::plan::wave;

/// One more than the last wave of a plan that posts.
const WAVES: u8 = 7;

/// When a step of an inverse plan has its turn.
pub fn reverse_wave(step: &Step) -> u8 {
    WAVES - wave(step)
}
