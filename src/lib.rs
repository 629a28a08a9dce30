//! Usage Desk, the app: a thin Leptos shell around the pure crates.
//!
//! The folders stand one above another, and each uses only those below it (`cargo xtask tidy` checks it):
//! `app`, `pages`, `features`, `data`, then `api` and `ui`, then `routes`, `text`. Not here: the rules of
//! optimistic writing (`record-store`), window and cursor arithmetic (`grid-model`), and what is on the wire
//! (`rest-contract`).

mod apart;
mod api;
pub mod app;
mod data;
mod features;
mod next_task;
mod pages;
mod routes;
mod text;
pub mod ui;

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/browser/main.rs"]
mod browser_tests;
