//! The systems behind the console, each with a session of its own.

use super::connections_file::connections;
use super::failure::{Failure, FailureKind};
use super::{RecordKey, Resource};
use connections::Connection;
use leptos::prelude::window;
use rest_contract::logisense::LOGIN_PATH;
use serde::{Deserialize, Serialize};
use web_sys::Url;

/// Which system a call is for, and whose failure it is.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub enum System {
    Oracle,
    LogiSense,
    CloudFoundry,
}

impl System {
    pub const ALL: [Self; 3] = [Self::Oracle, Self::LogiSense, Self::CloudFoundry];

    pub fn name(self) -> &'static str {
        match self {
            Self::Oracle => "Oracle Subscription Management",
            Self::LogiSense => "LogiSense",
            Self::CloudFoundry => "Cloud Foundry",
        }
    }

    /// Where it is, and how it knows people; nothing where this console is not connected to it.
    pub fn connection(self) -> Option<&'static Connection> {
        let here = connections();
        match self {
            Self::Oracle => here.oracle.as_ref(),
            Self::LogiSense => here.logi_sense.as_ref(),
            Self::CloudFoundry => here.cloud_foundry.as_ref(),
        }
    }

    pub fn exists(self) -> bool {
        self.connection().is_some()
    }

    /// The systems that this console is connected to.
    pub fn existing() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(|system| system.exists())
    }

    /// The one at which people sign in first, and without which nothing goes on.
    pub fn main() -> Self {
        Self::existing().next().unwrap_or(Self::Oracle)
    }

    /// Whether it may be shown what a person shows the main one.
    pub fn shares_credentials_with_main(self) -> bool {
        match (self.connection(), Self::main().connection()) {
            (Some(own), Some(main)) => own.shares_credentials_with(main),
            _ => false,
        }
    }

    /// Whether what a path leads to is at the page's own origin: all of that stands behind one gateway.
    pub(super) fn is_at_the_pages_origin(self, path: &str) -> bool {
        let page = window().location().href().unwrap_or_default();
        let origin = |text: &str| Url::new_with_base(text, &page).map(|url| url.origin()).ok();
        origin(&self.address(path)) == origin(&page)
    }

    /// Whether the same server answers for it as for the main one: each has its own limit of what headers may take.
    pub(super) fn is_at_the_main_base(self) -> bool {
        let base = |system: Self| system.connection().map(|connection| &connection.base);
        base(self) == base(Self::main())
    }

    /// Where a path of the vendor's is.
    pub(super) fn address(self, path: &str) -> String {
        match self.connection() {
            Some(connection) if is_of_token_service(path) => connection.token_address(path),
            Some(connection) => connection.address(path),
            None => path.to_owned(),
        }
    }

    /// Whether a path stays below the system's own address as a browser reads it. What a person shows a system goes
    /// nowhere else, whatever a path was made of.
    pub(super) fn holds(self, path: &str) -> bool {
        let page = window().location().href().unwrap_or_default();
        let read = |text: &str| Url::new_with_base(text, &page).ok();
        let base = self.connection().map(|connection| match is_of_token_service(path) {
            true => connection.token_address("/"),
            false => connection.address("/"),
        });
        let (Some(base), Some(address)) = (base.and_then(|base| read(&base)), read(&self.address(path)))
        else {
            return false;
        };
        address.origin() == base.origin()
            && address.username().is_empty()
            && address.pathname().starts_with(&base.pathname())
    }

    /// Whether a path is short enough for the servers on the way there.
    pub(super) fn takes(self, path: &str) -> bool {
        self.bytes_of(path) <= connections().limits.address_bytes
    }

    pub(super) fn too_long(self, path: &str) -> Failure {
        Failure::new(self, FailureKind::TooLong { bytes: Some(self.bytes_of(path)) })
    }

    /// Bytes of an address as it is sent: a browser writes a quote in three.
    fn bytes_of(self, path: &str) -> usize {
        let address = self.address(path);
        address.len() + 2 * address.matches('\'').count()
    }

    /// What is asked first, as nobody, to learn how it asks who one is.
    pub(super) fn first_path(self) -> &'static str {
        match self {
            Self::Oracle => {
                "/crmRestApi/resources/11.13.18.05/subscriptionUsageEventBatches?limit=1&onlyData=true"
            }
            Self::LogiSense => "/ResourceServer/api/v8/Usage/Bucket/BaseUnit/",
            Self::CloudFoundry => "/v3/service_usage_events?per_page=1",
        }
    }

    /// Where a gateway that stands before the system alone, and not before the page, asks people to sign in: whatever is
    /// opened there leads to that.
    pub fn door(self) -> String {
        self.address(self.first_path())
    }

    /// By which the record store tells systems apart.
    pub fn lane(self) -> record_store::System {
        record_store::System(match self {
            Self::Oracle => 0,
            Self::LogiSense => 1,
            Self::CloudFoundry => 2,
        })
    }
}

impl RecordKey {
    pub fn system(&self) -> System {
        match self.resource {
            Resource::Bucket | Resource::BucketDetail => System::LogiSense,
            Resource::Batch | Resource::Event | Resource::Charge | Resource::Message => System::Oracle,
        }
    }
}

fn is_of_token_service(path: &str) -> bool {
    matches!(path, TOKEN_PATH | USER_PATH | LOGIN_PATH)
}

/// Where a token service gives tokens (OAuth 2.0 password grant, as the Cloud Foundry UAA serves it).
pub(super) const TOKEN_PATH: &str = "/oauth/token";
/// Where it tells whose a token is.
pub(super) const USER_PATH: &str = "/userinfo";

/// The version of Oracle's REST framework that is asked for.
pub(super) fn framework_version() -> (&'static str, &'static str) {
    const VERSIONS: [&str; 9] = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let version = System::Oracle.connection().and_then(|oracle| oracle.framework_version).unwrap_or(4);
    ("REST-Framework-Version", VERSIONS.get(usize::from(version).wrapping_sub(1)).copied().unwrap_or("4"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn no_path_leads_away_from_its_system() {
        for path in ["/v3/x?page=2", "/v3/%2e%2e/x", "/a/../b", "/https://elsewhere.example/", TOKEN_PATH] {
            assert!(System::CloudFoundry.holds(path), "{path}");
        }
        for path in [
            "//elsewhere.example/v3",
            "/\\elsewhere.example",
            "https://elsewhere.example/v3",
            "javascript:alert(1)",
            "//u@:0",
        ] {
            assert!(!System::CloudFoundry.holds(path), "{path}");
        }
    }
}
