//! Links of a resource instance (Oracle REST, "links" of every resource schema).

use serde::{Deserialize, Serialize};

/// One link relation. `rel` and `kind` are open texts: the vendor's lists of them have grown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    pub rel: String,
    pub href: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub properties: Option<LinkProperties>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LinkProperties {
    /// The version of the item, opaque; the same text as its `ETag`. It is sent back verbatim in
    /// `If-Match`, quotes included.
    #[serde(default, rename = "changeIndicator", skip_serializing_if = "Option::is_none")]
    pub change_indicator: Option<String>,
}
