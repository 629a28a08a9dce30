use std::ops::Range;

/// A list that is dragged past is not asked for: after a jump, so many frames must show the same
/// rows before the source hears of them.
const FRAMES_AT_REST: u8 = 3;

/// Decides when the source is told which rows are in sight.
#[derive(Debug, Default)]
pub(super) struct Asking {
    /// What the source was last told, and at which revision.
    told: Option<(Range<usize>, u64)>,
    /// Rows that a jump led to, and for how many frames they have stood.
    jump: Option<(Range<usize>, u8)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Nothing,
    Now,
    /// Look again in the next frame.
    Wait,
}

impl Asking {
    pub(super) fn next(&mut self, rows: &Range<usize>, revision: u64) -> Ask {
        let is_jump = match &self.told {
            None => false,
            Some((told, at)) if told == rows && *at == revision => {
                self.jump = None;
                return Ask::Nothing;
            }
            // Lists that grow or shrink from nothing are no jump of a person's.
            Some((told, _)) => {
                !told.is_empty() && !rows.is_empty() && (told.end <= rows.start || rows.end <= told.start)
            }
        };
        if is_jump {
            let frames = match &self.jump {
                Some((before, frames)) if before == rows => frames + 1,
                Some(_) | None => 0,
            };
            if frames < FRAMES_AT_REST {
                self.jump = Some((rows.clone(), frames));
                return Ask::Wait;
            }
        }
        self.jump = None;
        self.told = Some((rows.clone(), revision));
        Ask::Now
    }
}
