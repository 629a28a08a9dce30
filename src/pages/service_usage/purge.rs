//! Purge and reseed: a page with one path through it. What may follow what is decided by
//! `rest_contract::cloud_foundry::Procedure`; here its orders are carried out and its stages shown.

mod controller;
mod marker;
mod receipt;
mod report;
mod screen;
mod steps;
mod tab_lock;

pub use screen::PurgePage;
