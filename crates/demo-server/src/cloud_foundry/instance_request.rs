//! The bodies of `/demo/service_instances`, and what they must keep to.

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::refusal::Refusal;

const LONGEST_NAME: usize = 255;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Creation {
    pub(super) name: String,
    pub(super) space_guid: String,
    pub(super) service_plan_guid: Option<String>,
}

/// What is absent or null stays as it is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub(super) name: Option<String>,
    pub(super) service_plan_guid: Option<String>,
}

impl Creation {
    pub(super) fn of(body: &[u8]) -> Result<Self, Refusal> {
        let creation: Self = read(body)?;
        check_name(&creation.name)?;
        Ok(creation)
    }
}

impl Change {
    pub(super) fn of(body: &[u8]) -> Result<Self, Refusal> {
        let change: Self = read(body)?;
        change.name.as_deref().map_or(Ok(()), check_name)?;
        Ok(change)
    }
}

/// Text that is no JSON is malformed; JSON of another shape cannot be processed.
/// The zero character is refused: not every database can hold it or be asked for it.
fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    if body.windows(6).any(|part| part == b"\\u0000") {
        return Err(Refusal::unprocessable("the body holds a zero character"));
    }
    serde_json::from_slice(body).map_err(|reason| {
        if reason.is_data() { Refusal::unprocessable(reason.to_string()) } else { Refusal::malformed_body() }
    })
}

fn check_name(name: &str) -> Result<(), Refusal> {
    if (1..=LONGEST_NAME).contains(&name.trim().chars().count()) {
        return Ok(());
    }
    Err(Refusal::unprocessable(format!("name must have 1 to {LONGEST_NAME} characters")))
}
