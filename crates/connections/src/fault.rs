//! What is wrong with a file, in words for whoever wrote it.

use std::fmt;

/// What is wrong with the file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Line and column, from 1.
    pub at: Option<(usize, usize)>,
    /// The member that is meant, from the outermost, such as `oracle.signIn[1]`; empty for the whole.
    pub path: String,
    pub words: String,
}

impl Fault {
    pub fn new(words: impl Into<String>) -> Self {
        Self { at: None, path: String::new(), words: words.into() }
    }

    /// The same of what stands in a member of this name, or in a list (`[1]`).
    pub(crate) fn within(mut self, name: &str) -> Self {
        let dot = if self.path.is_empty() || self.path.starts_with('[') { "" } else { "." };
        self.path = format!("{name}{dot}{}", self.path);
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((line, column)) = self.at else { return out.write_str(&self.words) };
        write!(out, "Line {line}, column {column}")?;
        if !self.path.is_empty() {
            write!(out, ", at {}", self.path)?;
        }
        write!(out, ": {}", self.words)
    }
}
