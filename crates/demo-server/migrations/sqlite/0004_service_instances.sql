-- Cloud Foundry: service instances, where they belong, what they are instances of, and the usage
-- events that their changes have left. Conventions as in 0001.

CREATE TABLE organizations (
    organization_guid TEXT PRIMARY KEY,
    organization_name TEXT NOT NULL
);
CREATE TABLE spaces (
    space_guid TEXT PRIMARY KEY,
    space_name TEXT NOT NULL,
    organization_guid TEXT NOT NULL REFERENCES organizations
);
CREATE TABLE service_brokers (
    service_broker_guid TEXT PRIMARY KEY,
    service_broker_name TEXT NOT NULL
);
CREATE TABLE service_offerings (
    service_offering_guid TEXT PRIMARY KEY,
    service_offering_name TEXT NOT NULL,
    service_broker_guid TEXT NOT NULL REFERENCES service_brokers
);
CREATE TABLE service_plans (
    service_plan_guid TEXT PRIMARY KEY,
    service_plan_name TEXT NOT NULL,
    service_offering_guid TEXT NOT NULL REFERENCES service_offerings
);

-- An instance without a plan is a user-provided one.
CREATE TABLE service_instances (
    service_instance_id INTEGER PRIMARY KEY AUTOINCREMENT,
    service_instance_guid TEXT NOT NULL UNIQUE,
    service_instance_name TEXT NOT NULL,
    space_guid TEXT NOT NULL REFERENCES spaces,
    service_plan_guid TEXT REFERENCES service_plans,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
);

-- An instance with the names that its usage events carry.
CREATE VIEW service_instance_details AS
SELECT
    service_instances.service_instance_id,
    service_instances.service_instance_guid,
    service_instances.service_instance_name,
    CASE WHEN service_instances.service_plan_guid IS NULL
        THEN 'user_provided_service_instance' ELSE 'managed_service_instance'
    END AS service_instance_type,
    spaces.space_guid,
    spaces.space_name,
    spaces.organization_guid,
    service_plans.service_plan_guid,
    service_plans.service_plan_name,
    service_offerings.service_offering_guid,
    service_offerings.service_offering_name,
    service_brokers.service_broker_guid,
    service_brokers.service_broker_name,
    service_instances.created_at,
    service_instances.updated_at
FROM service_instances
JOIN spaces ON spaces.space_guid = service_instances.space_guid
LEFT JOIN service_plans ON service_plans.service_plan_guid = service_instances.service_plan_guid
LEFT JOIN service_offerings ON service_offerings.service_offering_guid = service_plans.service_offering_guid
LEFT JOIN service_brokers ON service_brokers.service_broker_guid = service_offerings.service_broker_guid;

-- Names are those of the moment of the event, so nothing here refers to the tables above. Ids grow
-- for ever, over purges too: they are the order of reading on.
CREATE TABLE service_usage_events (
    service_usage_event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    service_usage_event_guid TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    state TEXT NOT NULL,
    space_guid TEXT NOT NULL,
    space_name TEXT NOT NULL,
    organization_guid TEXT NOT NULL,
    service_instance_guid TEXT NOT NULL,
    service_instance_name TEXT NOT NULL,
    service_instance_type TEXT NOT NULL,
    service_plan_guid TEXT,
    service_plan_name TEXT,
    service_offering_guid TEXT,
    service_offering_name TEXT,
    service_broker_guid TEXT,
    service_broker_name TEXT
);
CREATE INDEX service_usage_events_by_creation ON service_usage_events (created_at, service_usage_event_guid);
CREATE INDEX service_usage_events_by_offering ON service_usage_events (service_offering_guid, service_usage_event_id);
