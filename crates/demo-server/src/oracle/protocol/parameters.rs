//! The query string: its members decoded, and the paging part of a collection request.

use crate::form;
use crate::oracle::protocol::refusal::Refusal;

/// Decoded members in the order they came. Names the service does not know are ignored, as the
/// vendor's framework does.
#[derive(Debug, Default)]
pub(in crate::oracle) struct Parameters(Vec<(String, String)>);

impl Parameters {
    pub(in crate::oracle) fn of(query: Option<&str>) -> Result<Self, Refusal> {
        let mut members = Vec::new();
        for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            members.push((decoded(name)?, decoded(value)?));
        }
        Ok(Self(members))
    }

    /// The value of a member; where it was given twice, the last one. An empty one counts as absent.
    pub(in crate::oracle) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().rfind(|(member, _)| member == name)?;
        Some(value.as_str()).filter(|value| !value.trim().is_empty())
    }

    pub(in crate::oracle) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        match self.get(name).map(str::to_ascii_lowercase).as_deref() {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(_) => Err(Refusal::invalid_query(name, "it must be true or false")),
        }
    }

    pub(in crate::oracle) fn whole_number(&self, name: &str, least: u32) -> Result<Option<u32>, Refusal> {
        let Some(text) = self.get(name) else { return Ok(None) };
        match text.trim().parse::<u32>() {
            Ok(number) if number >= least => Ok(Some(number)),
            _ => Err(Refusal::invalid_query(name, format!("it must be a whole number, {least} or more"))),
        }
    }
}

fn decoded(text: &str) -> Result<String, Refusal> {
    form::decoded(text).map_err(|reason| Refusal::invalid_query("query", reason))
}

/// Which rows of a collection are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) struct Page {
    pub limit: u32,
    pub offset: u32,
}

impl Page {
    pub(in crate::oracle) const DEFAULT_LIMIT: u32 = 25;
    /// Larger limits are served as this one, and the answer's `limit` says so.
    pub(in crate::oracle) const HIGHEST_LIMIT: u32 = 499;

    pub(in crate::oracle) fn of(parameters: &Parameters) -> Result<Self, Refusal> {
        let limit = parameters.whole_number("limit", 1)?.unwrap_or(Self::DEFAULT_LIMIT);
        let offset = parameters.whole_number("offset", 0)?.unwrap_or(0);
        Ok(Self { limit: limit.min(Self::HIGHEST_LIMIT), offset })
    }

    /// What an expanded child carries.
    pub(in crate::oracle) const OF_EXPANDED_CHILD: Self = Self { limit: Self::HIGHEST_LIMIT, offset: 0 };
}
