//! Usage Desk as a library, so that browser tests can mount its parts. `main.rs` mounts the whole.

pub mod grid_view;
