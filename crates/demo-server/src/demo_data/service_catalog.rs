//! Cloud Foundry's side of the demo: organizations and their spaces, brokers, offerings and plans.

use sqlx::Error;

use super::random::Random;
use crate::database::{BulkInsert, Parameter, Transaction};
use crate::guid;

const ORGANIZATIONS: [(&str, &[&str]); 5] = [
    ("vision-telecom", &["production", "staging", "mediation"]),
    ("vision-cloud", &["production", "staging", "partner-api", "sandbox"]),
    ("vision-energy", &["production", "metering"]),
    ("finance", &["production", "month-end"]),
    ("platform", &["monitoring", "build"]),
];

/// Offering, broker, plans.
const OFFERINGS: [(&str, &str, &[&str]); 6] = [
    ("postgresql", "data-services", &["small", "medium", "large", "large-ha"]),
    ("redis", "data-services", &["shared", "dedicated"]),
    ("rabbitmq", "messaging", &["standard", "mirrored"]),
    ("object-storage", "storage", &["100-gb", "1-tb", "10-tb"]),
    ("elasticsearch", "data-services", &["single-node", "cluster"]),
    ("autoscaler", "platform-services", &["standard"]),
];

const BROKERS: [&str; 4] = ["data-services", "messaging", "storage", "platform-services"];

#[derive(Debug)]
pub(super) struct Space {
    pub(super) guid: String,
    pub(super) name: &'static str,
    pub(super) organization_guid: String,
}

#[derive(Debug)]
pub(super) struct Offering {
    pub(super) guid: String,
    pub(super) name: &'static str,
    pub(super) broker_guid: String,
    pub(super) broker_name: &'static str,
    /// Guid and name.
    pub(super) plans: Vec<(String, &'static str)>,
}

#[derive(Debug)]
pub(super) struct Catalog {
    organizations: Vec<(String, &'static str)>,
    pub(super) spaces: Vec<Space>,
    pub(super) offerings: Vec<Offering>,
}

pub(super) fn guid_of(random: &mut Random) -> String {
    guid::of_bytes((u128::from(random.next()) << 64 | u128::from(random.next())).to_be_bytes())
}

impl Catalog {
    pub(super) fn new(random: &mut Random) -> Self {
        let mut catalog = Self { organizations: Vec::new(), spaces: Vec::new(), offerings: Vec::new() };
        for (organization, spaces) in ORGANIZATIONS {
            let organization_guid = guid_of(random);
            for name in spaces {
                let organization_guid = organization_guid.clone();
                catalog.spaces.push(Space { guid: guid_of(random), name, organization_guid });
            }
            catalog.organizations.push((organization_guid, organization));
        }
        let brokers = BROKERS.map(|name| (guid_of(random), name));
        for (name, broker, plans) in OFFERINGS {
            let broker = brokers.iter().find(|(_, one)| *one == broker).unwrap_or(&brokers[0]);
            catalog.offerings.push(Offering {
                guid: guid_of(random),
                name,
                broker_guid: broker.0.clone(),
                broker_name: broker.1,
                plans: plans.iter().map(|&plan| (guid_of(random), plan)).collect(),
            });
        }
        catalog
    }

    pub(super) async fn add(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let mut rows = BulkInsert::new("organizations", &["organization_guid", "organization_name"]);
        for (guid, name) in &self.organizations {
            rows.push([Parameter::text(guid), Parameter::text(name)]);
        }
        rows.flush(transaction).await?;
        let mut rows = BulkInsert::new("spaces", &["space_guid", "space_name", "organization_guid"]);
        for space in &self.spaces {
            let organization = Parameter::text(&space.organization_guid);
            rows.push([Parameter::text(&space.guid), Parameter::text(space.name), organization]);
        }
        rows.flush(transaction).await?;
        self.add_offerings(transaction).await
    }

    async fn add_offerings(&self, transaction: &mut Transaction) -> Result<(), Error> {
        let broker = ["service_broker_guid", "service_broker_name"];
        let mut brokers = BulkInsert::new("service_brokers", &broker);
        let offering = ["service_offering_guid", "service_offering_name", "service_broker_guid"];
        let mut offerings = BulkInsert::new("service_offerings", &offering);
        let plan = ["service_plan_guid", "service_plan_name", "service_offering_guid"];
        let mut plans = BulkInsert::new("service_plans", &plan);
        let mut known = Vec::new();
        for offering in &self.offerings {
            if !known.contains(&&offering.broker_guid) {
                known.push(&offering.broker_guid);
                brokers.push([Parameter::text(&offering.broker_guid), Parameter::text(offering.broker_name)]);
            }
            let broker = Parameter::text(&offering.broker_guid);
            offerings.push([Parameter::text(&offering.guid), Parameter::text(offering.name), broker]);
            for (guid, name) in &offering.plans {
                plans.push([Parameter::text(guid), Parameter::text(name), Parameter::text(&offering.guid)]);
            }
        }
        brokers.flush(transaction).await?;
        offerings.flush(transaction).await?;
        plans.flush(transaction).await
    }
}
