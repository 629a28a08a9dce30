//! How a field that the store knows of stands, as a grid and a form mark it.

use grid_model::CellMark;
use record_store::Mark;

/// The grid's mark for the store's.
pub fn cell_mark(mark: Mark, just_saved: impl FnOnce() -> bool) -> CellMark {
    match mark {
        Mark::Confirmed if just_saved() => CellMark::Saved,
        Mark::Confirmed => CellMark::Plain,
        Mark::Waiting => CellMark::Waiting,
        Mark::Sending => CellMark::Sending,
        Mark::InDoubt => CellMark::InDoubt,
        Mark::Conflict => CellMark::Conflict,
        Mark::Refused => CellMark::Refused,
    }
}
