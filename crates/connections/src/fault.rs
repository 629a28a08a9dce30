//! What is wrong with a file, in words for whoever wrote it.

use super::{Connections, LONGEST_NAME};
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

/// A secret has no place in a file that every browser reads, whatever it is called.
const SECRET: &str = "a secret must not stand here, for everybody who opens the page can read this file; take it out, and renew it";

pub(super) fn read(bytes: &[u8]) -> Result<Connections, Fault> {
    // Some editors write a byte order mark, which no JSON has.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match bytes.trim_ascii_start().first() {
        None => return Err(Fault::new("The file is empty.")),
        Some(b'<') => {
            return Err(Fault::new(
                "It is a page, not JSON: the server answers with a page where it has no such file.",
            ));
        }
        Some(_) => {}
    }
    serde_json::from_slice(bytes).map_err(|error| {
        let text = error.to_string();
        // The place stands behind the reason; it is told apart from it here.
        let reason = text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason);
        let is_secret = reason.starts_with("unknown field") && reason.to_lowercase().contains("secret`, exp");
        let words = if is_secret { SECRET.to_owned() } else { format!("{reason}.") };
        Fault { at: (error.line() > 0).then(|| (error.line(), error.column())), words }
    })
}

pub(super) fn of_content(connections: &Connections) -> Option<Fault> {
    let Connections { environment, oracle, logi_sense, cloud_foundry, .. } = connections;
    if [oracle, logi_sense, cloud_foundry].iter().all(|connection| connection.is_none()) {
        return Some(Fault::new(
            "It names no system: at least one of \"oracle\", \"logiSense\" and \"cloudFoundry\" must be there.",
        ));
    }
    let letters = environment.as_ref().map(|environment| environment.name.trim().chars().count())?;
    (letters == 0 || letters > LONGEST_NAME)
        .then(|| Fault::new(format!("The environment's name must have 1 to {LONGEST_NAME} letters.")))
}
