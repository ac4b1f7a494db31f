//! How far the writing of a plan has come.

/// How many writes are done, by stage.
#[derive(Default)]
pub(super) struct WritesDone {
    pub names: u64,
    pub documents: u64,
}

impl WritesDone {
    /// Those of a wave.
    pub fn of(&mut self, wave: u8) -> &mut u64 {
        match wave {
            0 => &mut self.names,
            _ => &mut self.documents,
        }
    }
}
