//! Usage Desk, the app: a thin Leptos shell around the pure crates.
//!
//! Here: one folder per screen, the REST client, the road between the client and the record store,
//! and the DOM side of the grid. Not here: the rules of optimistic writing (`record-store`), window
//! and cursor arithmetic (`grid-model`), and what is on the wire (`rest-contract`).

mod address_query;
pub mod app;
mod batch_detail;
mod batch_result;
mod batch_work;
mod batches;
mod bucket_editor;
mod bulk_correction;
mod changes;
pub mod controls;
pub mod display_text;
mod error_triage;
mod event_drawer;
mod event_grid;
mod event_selection;
mod field_form;
pub mod grid_view;
mod lookups;
mod record_sync;
mod rest_client;
mod reversal;
mod service_usage;
mod sign_in;
