//! The systems behind the console, each with a session of its own.

use super::{RecordKey, Resource};
use serde::{Deserialize, Serialize};

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
