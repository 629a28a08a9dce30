//! The service as its clients meet it: every test talks to the router over a database file of its own.

#![allow(clippy::unwrap_used, reason = "everything here is a test: a surprise should end it")]

mod acting;
mod app_files;
mod approvals;
mod batch_counts;
mod batch_requests;
mod books;
mod change_history;
mod change_steps;
mod changing;
mod closed_periods;
mod cloud_foundry;
mod concurrency;
mod conformance;
mod connections;
mod cors;
mod creating;
mod databases;
mod demo_data;
mod event_metrics;
mod every_refusal;
mod faults;
mod life_cycle_table;
mod lists_of_values;
mod load_file;
mod logisense;
mod many_clients;
mod odd_answers;
mod open_api;
mod previewing;
mod provider_tokens;
mod querying;
mod random_walk;
mod rating;
mod reading;
mod refusals;
mod selection_rules;
mod server_process;
mod several_servers;
mod signing_in;
mod test_database;
mod test_service;
mod updating;
