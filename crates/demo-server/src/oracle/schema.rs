//! The resources and their addresses.

pub(super) mod change_indicator;
pub(super) mod content_mark;
pub(super) mod lookups;
pub(super) mod path;
pub(super) mod resource;
pub(super) mod resource_tree;
