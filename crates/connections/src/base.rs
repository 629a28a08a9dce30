//! The values of the file that must be of a form.

use serde::de::Error;
use serde::{Deserialize, Deserializer};

/// An address that the vendor's paths are put behind.
pub(crate) fn read_base<'de, D: Deserializer<'de>>(from: D) -> Result<String, D::Error> {
    let text = String::deserialize(from)?;
    match fault_of(&text) {
        None => Ok(text),
        Some(fault) => Err(D::Error::custom(format!("the address \"{text}\" {fault}"))),
    }
}

pub(crate) fn read_some_base<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    read_base(from).map(Some)
}

pub(crate) fn read_version<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u8>, D::Error> {
    match u8::deserialize(from)? {
        version @ 1..=9 => Ok(Some(version)),
        other => Err(D::Error::custom(format!("the frameworkVersion {other} is not one from 1 to 9"))),
    }
}

/// What is wrong with an address, if anything is.
fn fault_of(text: &str) -> Option<&'static str> {
    let path = match text.split_once("://") {
        Some((scheme, rest)) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let host = authority.rsplit_once(':').map_or(authority, |(host, _)| host);
            let is_here = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
            match scheme {
                _ if authority.is_empty() => return Some("names no host"),
                _ if authority.contains('@') => return Some("must not hold a user or a password"),
                "https" => path,
                "http" if is_here => path,
                _ => return Some("must begin with https:// or with a single slash"),
            }
        }
        None => text,
    };
    let has_step = path.split('/').any(|step| step == "." || step == "..");
    if text.contains(['?', '#']) {
        Some("must end before its ? or #")
    } else if text.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\') {
        Some("holds a blank or a sign that no address has")
    } else if path.ends_with('/') {
        Some("must not end with a slash")
    } else if !path.is_empty() && !path.starts_with('/') || path.starts_with("//") {
        Some("must begin with https:// or with a single slash")
    } else if has_step {
        Some("must not hold . or .. as a step")
    } else {
        None
    }
}
