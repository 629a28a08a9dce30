//! Records as the database holds them, and what their states allow.

pub(super) mod batch_parts;
pub(super) mod closed_periods;
pub(super) mod event_sets;
pub(super) mod history;
pub(super) mod item;
pub(super) mod item_json;
pub(super) mod large_text;
pub(super) mod life_cycle_state;
pub(super) mod selection_rules;
