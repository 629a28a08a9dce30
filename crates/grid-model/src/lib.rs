//! Stands for the crate until its first commit.
