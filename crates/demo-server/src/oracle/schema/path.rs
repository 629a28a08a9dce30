//! Which resource a path names: collections and items alternate, joined by `child`; an action, an
//! enclosure or the description of the last one may follow.

use percent_encoding::percent_decode_str;

use crate::oracle::protocol::refusal::Refusal;
use crate::oracle::schema::resource::Resource;
use crate::oracle::schema::resource_tree::ROOTS;

pub const PATH: &str = "/crmRestApi";

/// A path below `/crmRestApi/resources/{version}`, looked up in the resource tree. Whether the
/// items it names exist is for the database to say.
#[derive(Clone, Debug)]
pub(in crate::oracle) struct Target {
    /// The version segment as it was asked for.
    pub api_version: String,
    /// The items above the one asked for, outermost first, with their keys.
    pub parents: Vec<(&'static Resource, String)>,
    pub resource: &'static Resource,
    /// The item's key; nothing for the collection.
    pub key: Option<String>,
    pub facet: Facet,
}

/// What of the collection or item is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::oracle) enum Facet {
    Record,
    Description,
    Action(&'static str),
    /// The raw text of a large field.
    Enclosure(&'static str),
}

/// The version there is, and its other name.
pub(in crate::oracle) const API_VERSIONS: [&str; 2] = ["11.13.18.05", "latest"];

impl Target {
    /// Reads the raw path of a request (`/crmRestApi/resources/...`).
    pub(in crate::oracle) fn of(path: &str) -> Result<Self, Refusal> {
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
        let mut facet = Facet::Record;
        while let Some(word) = segments.next() {
            let name = segments.next();
            let named = |names: &'static [&'static str]| {
                names.iter().copied().find(|one| name.as_deref() == Some(*one))
            };
            match (word.as_str(), &name) {
                ("child", Some(name)) => {
                    let child = resource.child(name).ok_or_else(unknown)?;
                    parents.push((resource, key.take().ok_or_else(unknown)?));
                    resource = child;
                    key = segments.next();
                    continue;
                }
                ("action", Some(name)) => {
                    facet = Facet::Action(resource.action(name).ok_or_else(unknown)?);
                }
                ("enclosure", Some(_)) => {
                    facet = Facet::Enclosure(named(resource.enclosures).ok_or_else(unknown)?);
                }
                ("describe", None) => facet = Facet::Description,
                // The action of a collection stands where an item's key would.
                (_, None) if key.as_deref() == Some("action") => {
                    let name = resource.collection_actions.iter().copied().find(|one| *one == word);
                    facet = Facet::Action(name.ok_or_else(unknown)?);
                    key = None;
                }
                _ => return Err(unknown()),
            }
            if segments.next().is_some() {
                return Err(unknown());
            }
        }
        if key.as_deref() == Some("describe") && facet == Facet::Record {
            (key, facet) = (None, Facet::Description);
        }
        Ok(Self { api_version, parents, resource, key, facet })
    }

    /// Whether a path is the root of an API version, where batch requests go; and the version.
    pub(in crate::oracle) fn version_root(path: &str) -> Option<&str> {
        let version = path.trim_matches('/').strip_prefix("crmRestApi/resources/")?;
        API_VERSIONS.contains(&version).then_some(version)
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
                let facet = match target.facet {
                    Facet::Record => String::new(),
                    facet => format!(" {facet:?}"),
                };
                format!("{parents}{}{key}{facet}", target.resource.name)
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
    fn paths_name_actions_enclosures_and_descriptions() {
        let batches = "latest/subscriptionUsageEventBatches";
        let shown = "subscriptionUsageEventBatches";
        check(&format!("{batches}/B/action/submit"), &format!("{shown}[B] Action(\"submit\")"));
        check(&format!("{batches}/B/action/revertForEdit"), &format!("{shown}[B] Action(\"revert\")"));
        check(
            &format!("{batches}/action/getMyBatchesMetrics"),
            &format!("{shown} Action(\"getMyBatchesMetrics\")"),
        );
        check(
            &format!("{batches}/B/child/usageEvents/E/action/reverse"),
            &format!("{shown}[B] usageEvents[E] Action(\"reverse\")"),
        );
        check(
            &format!("{batches}/B/enclosure/CriteriaJson"),
            &format!("{shown}[B] Enclosure(\"CriteriaJson\")"),
        );
        check(&format!("{batches}/describe"), &format!("{shown} Description"));
        check(&format!("{batches}/B/describe"), &format!("{shown}[B] Description"));
        check(
            &format!("{batches}/B/child/usageEvents/describe"),
            &format!("{shown}[B] usageEvents Description"),
        );
        check(&format!("{batches}/action"), &format!("{shown}[action]"));
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
            "latest/subscriptionUsageEventBatches/B/action",
            "latest/subscriptionUsageEventBatches/B/action/nope",
            "latest/subscriptionUsageEventBatches/B/action/submit/now",
            "latest/subscriptionUsageEventBatches/action/submit",
            "latest/subscriptionUsageEventBatches/B/enclosure/BatchName",
            "latest/subscriptionUsageEvents/E/action/submit",
        ] {
            check(path, "404");
        }
    }
}
