//! Which resource a path names: collections and items alternate, joined by `child`.

use percent_encoding::percent_decode_str;

use super::refusal::Refusal;
use super::resource_tree::{ROOTS, Resource};

/// A path below `/crmRestApi/resources/{version}`, looked up in the resource tree. Whether the
/// items it names exist is for the database to say.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// The version segment as it was asked for.
    pub api_version: String,
    /// The items above the one asked for, outermost first, with their keys.
    pub parents: Vec<(&'static Resource, String)>,
    pub resource: &'static Resource,
    /// The item's key; nothing for the collection.
    pub key: Option<String>,
}

const API_VERSIONS: [&str; 2] = ["11.13.18.05", "latest"];

impl Target {
    /// Reads the raw path of a request (`/crmRestApi/resources/...`).
    pub(super) fn of(path: &str) -> Result<Self, Refusal> {
        let unknown = || Refusal::not_found(format!("The resource {path}"));
        let segments = path
            .trim_matches('/')
            .split('/')
            .map(|segment| percent_decode_str(segment).decode_utf8().map(|text| text.into_owned()))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|_| unknown())?;
        // No key holds the zero character, and not every database can be asked for it.
        if segments.iter().any(|segment| segment.contains('\0')) {
            return Err(unknown());
        }
        let mut segments = segments.into_iter();
        let begins = segments.next().as_deref() == Some("crmRestApi")
            && segments.next().as_deref() == Some("resources");
        let api_version = segments.next().filter(|_| begins).ok_or_else(unknown)?;
        if !API_VERSIONS.contains(&api_version.as_str()) {
            return Err(unknown());
        }
        let root = segments.next().ok_or_else(unknown)?;
        let mut resource = ROOTS.iter().copied().find(|one| one.name == root).ok_or_else(unknown)?;
        let mut parents = Vec::new();
        let mut key = segments.next();
        while let Some(word) = segments.next() {
            let child = segments.next().and_then(|name| resource.child(&name)).ok_or_else(unknown)?;
            match key.take() {
                Some(of_parent) if word == "child" => parents.push((resource, of_parent)),
                _ => return Err(unknown()),
            }
            resource = child;
            key = segments.next();
        }
        Ok(Self { api_version, parents, resource, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(path: &str, expected: &str) {
        let found = Target::of(&format!("/crmRestApi/resources/{path}")).map_or_else(
            |refusal| refusal.status().as_u16().to_string(),
            |target| {
                let parents = target
                    .parents
                    .iter()
                    .map(|(one, key)| format!("{}[{key}] ", one.name))
                    .collect::<String>();
                let key = target.key.map(|key| format!("[{key}]")).unwrap_or_default();
                format!("{parents}{}{key}", target.resource.name)
            },
        );
        assert_eq!(found, expected, "{path}");
    }

    #[test]
    fn paths_name_resources() {
        check("latest/subscriptionUsageEvents", "subscriptionUsageEvents");
        check("11.13.18.05/subscriptionUsageEventBatches/A%2FB%20C", "subscriptionUsageEventBatches[A/B C]");
        check(
            "latest/subscriptionUsageEventBatches/B/child/usageEvents/E/child/usageCharges/C",
            "subscriptionUsageEventBatches[B] usageEvents[E] usageCharges[C]",
        );
        check(
            "latest/subscriptionUsageEvents/E/child/usageMessages",
            "subscriptionUsageEvents[E] usageMessages",
        );
        check("latest/currenciesLOV/USD", "currenciesLOV[USD]");
    }

    #[test]
    fn other_paths_are_not_found() {
        for path in [
            "",
            "latest",
            "1.0/subscriptionUsageEvents",
            "latest/nope",
            "latest/usageEvents",
            "latest/subscriptionUsageEvents/E/usageCharges",
            "latest/subscriptionUsageEvents/E/child",
            "latest/subscriptionUsageEvents/E/child/usageEvents",
            "latest/currenciesLOV/%FF",
        ] {
            check(path, "404");
        }
    }
}
