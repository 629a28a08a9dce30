//! What is wrong with a file, in words for whoever wrote it.

use std::fmt;

/// What is wrong with the file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line and column, from 1.
    pub at: Option<(usize, usize)>,
    pub words: String,
}

impl Fault {
    pub fn new(words: impl Into<String>) -> Self {
        Self { at: None, words: words.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(out, "Line {line}, column {column}: {}", self.words),
            None => out.write_str(&self.words),
        }
    }
}
