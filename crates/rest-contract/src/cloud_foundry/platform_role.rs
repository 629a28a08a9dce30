//! What a token's scopes allow (V3 API, "Authorization", and the roles of the Cloud Controller).

/// Scopes whose holders see the usage of every space.
const GLOBAL_READERS: [&str; 2] = ["cloud_controller.admin_read_only", "cloud_controller.global_auditor"];
const ADMINISTRATOR: &str = "cloud_controller.admin";
const READER: &str = "cloud_controller.read";

/// A person's part on the platform, as far as service usage events go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformRole {
    /// Sees everything and may purge.
    Administrator,
    /// Sees everything.
    GlobalReader,
    /// Is answered with empty lists, whatever there is.
    OwnSpacesOnly,
    /// Is refused.
    Nobody,
    /// The scopes could not be read: the server decides.
    Unknown,
}

impl PlatformRole {
    pub fn of_scopes<'a>(scopes: impl IntoIterator<Item = &'a str> + Clone) -> Self {
        let has = |wanted: &str| scopes.clone().into_iter().any(|scope| scope == wanted);
        if has(ADMINISTRATOR) {
            Self::Administrator
        } else if GLOBAL_READERS.iter().any(|reader| has(reader)) {
            Self::GlobalReader
        } else if has(READER) {
            Self::OwnSpacesOnly
        } else {
            Self::Nobody
        }
    }

    /// Why an empty list may not mean that there is nothing, if so.
    pub fn blocked_from_reading(self) -> Option<&'static str> {
        match self {
            Self::Administrator | Self::GlobalReader | Self::Unknown => None,
            Self::OwnSpacesOnly => Some(
                "The platform answers your role with an empty list, whatever there is. Ask its administrator for a role that reads all of it, such as Global Auditor.",
            ),
            Self::Nobody => Some(
                "You have no role on the platform. Ask its administrator for a role that reads all of it, such as Global Auditor.",
            ),
        }
    }

    /// Why a purge is not offered, if so. Where the scopes cannot be read it is not offered either:
    /// nobody should find out by trying.
    pub fn blocked_from_purging(self) -> Option<&'static str> {
        match self {
            Self::Administrator => None,
            Self::Unknown => Some(
                "Your role on the platform cannot be read here, so it is not known whether you may purge. Sign in in a way that shows it, such as the platform's own sign-in.",
            ),
            Self::GlobalReader | Self::OwnSpacesOnly | Self::Nobody => {
                Some("Only an administrator of the platform may purge.")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(scopes: &str, role: PlatformRole, sees: bool, purges: bool) {
        let found = PlatformRole::of_scopes(scopes.split_whitespace());
        assert_eq!(found, role, "{scopes}");
        assert_eq!(found.blocked_from_reading().is_none(), sees, "{scopes} sees");
        assert_eq!(found.blocked_from_purging().is_none(), purges, "{scopes} purges");
    }

    #[test]
    fn scopes_decide_who_sees_and_who_purges() {
        check("cloud_controller.read cloud_controller.admin", PlatformRole::Administrator, true, true);
        check("cloud_controller.admin_read_only", PlatformRole::GlobalReader, true, false);
        check("openid cloud_controller.global_auditor", PlatformRole::GlobalReader, true, false);
        check("cloud_controller.read cloud_controller.write", PlatformRole::OwnSpacesOnly, false, false);
        check("openid", PlatformRole::Nobody, false, false);
        check("cloud_controller.administrator", PlatformRole::Nobody, false, false);
        assert!(PlatformRole::Unknown.blocked_from_reading().is_none());
        assert!(PlatformRole::Unknown.blocked_from_purging().is_some());
    }
}
