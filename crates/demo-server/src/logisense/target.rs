//! What an address of this API stands for. As on the vendor's servers, upper and lower case are one,
//! and a slash at the end means nothing.

use axum::http::Method;

use super::Refusal;
use super::lists::List;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Buckets,
    BucketPages { detail: bool },
    BucketSearch,
    Bucket { id: i64, detail: bool },
    Details,
    DetailPages,
    Detail(i64),
    List(List),
    ListPages(List),
    ListItem(List, i64),
}

impl Target {
    pub(super) fn of(path: &str) -> Result<Self, Refusal> {
        let lower = path.to_ascii_lowercase();
        let rest = lower.strip_prefix("/resourceserver/api/v8/").ok_or_else(Refusal::unknown_route)?;
        let segments = rest.trim_end_matches('/').split('/').collect::<Vec<_>>();
        let (resource, rest) = match segments.as_slice() {
            ["usage", "bucket", "base", rest @ ..] => (None, rest),
            ["usage", "bucket", "basedetail", rest @ ..] => return Self::of_details(rest),
            ["usage", "bucket", "baseunit", rest @ ..] => (Some(List::BaseUnits), rest),
            ["usage", "bucket", rest @ ..] => (Some(List::UsageBuckets), rest),
            ["usage", "class", rest @ ..] => (Some(List::UsageClasses), rest),
            ["geotree", "location", rest @ ..] => (Some(List::Locations), rest),
            ["geotree", "locationgroup", rest @ ..] => (Some(List::LocationGroups), rest),
            _ => return Err(Refusal::unknown_route()),
        };
        match resource {
            None => Self::of_buckets(rest),
            Some(list) => match rest {
                [] => Ok(Self::List(list)),
                ["paged"] => Ok(Self::ListPages(list)),
                [id] => Ok(Self::ListItem(list, identity(id)?)),
                _ => Err(Refusal::unknown_route()),
            },
        }
    }

    fn of_buckets(rest: &[&str]) -> Result<Self, Refusal> {
        match rest {
            [] => Ok(Self::Buckets),
            ["paged"] => Ok(Self::BucketPages { detail: false }),
            ["paged", "detail"] => Ok(Self::BucketPages { detail: true }),
            ["search"] => Ok(Self::BucketSearch),
            [id] => Ok(Self::Bucket { id: identity(id)?, detail: false }),
            [id, "detail"] => Ok(Self::Bucket { id: identity(id)?, detail: true }),
            _ => Err(Refusal::unknown_route()),
        }
    }

    fn of_details(rest: &[&str]) -> Result<Self, Refusal> {
        match rest {
            [] => Ok(Self::Details),
            ["paged"] => Ok(Self::DetailPages),
            [id] => Ok(Self::Detail(identity(id)?)),
            _ => Err(Refusal::unknown_route()),
        }
    }

    pub(super) fn methods(self) -> &'static [Method] {
        match self {
            Self::Buckets | Self::Details => &[Method::GET, Method::POST],
            Self::BucketSearch => &[Method::POST],
            Self::Bucket { detail: false, .. } => &[Method::GET, Method::PUT, Method::PATCH, Method::DELETE],
            Self::Detail(_) => &[Method::GET, Method::PUT, Method::DELETE],
            Self::BucketPages { .. }
            | Self::Bucket { detail: true, .. }
            | Self::DetailPages
            | Self::List(_)
            | Self::ListPages(_)
            | Self::ListItem(..) => &[Method::GET],
        }
    }
}

/// Identifiers are whole numbers; anything else in their place names nothing.
fn identity(segment: &str) -> Result<i64, Refusal> {
    match segment.bytes().all(|byte| byte.is_ascii_digit()).then(|| segment.parse()) {
        Some(Ok(id)) => Ok(id),
        _ => Err(Refusal::unknown_route()),
    }
}
