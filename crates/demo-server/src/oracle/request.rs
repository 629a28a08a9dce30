//! What a request asks for, by whom, and how it is read.

pub(super) mod authentication;
pub(super) mod exchange;
pub(super) mod read;
