//! What a screen is made of, whatever it shows: controls, the DOM side of a grid, and what people press.
//!
//! Not here: records, requests, or any word of business.

pub mod controls;
pub mod drawer;
pub mod finished_work;
pub mod grid;
pub mod half_typed;
pub mod kept_choice;
pub mod kept_keys;
pub mod kept_settings;
pub mod key_input;
pub mod part;
pub mod part_styles;
pub mod step_keys;
