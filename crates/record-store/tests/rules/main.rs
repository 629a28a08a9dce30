//! The store's rules, one test each: S1 to S12, every line of the reply table, and the published
//! bugs of other optimistic stores. What happens when all of it happens at once is the simulator's
//! business.

mod actions;
mod bulk;
mod durability;
mod limits;
mod persistence;
mod published_bugs;
mod reply_table;
mod store_rules;
mod systems;
mod tab;
