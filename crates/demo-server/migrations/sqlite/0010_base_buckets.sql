-- LogiSense: usage base buckets, the rows that scope them, what uses them, and the lists that they
-- refer to. Conventions as in 0001.

CREATE TABLE usage_owners (
    owner_id INTEGER PRIMARY KEY,
    owner_name TEXT NOT NULL
);
CREATE TABLE base_units (
    base_unit_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT,
    usage_base_unit_id INTEGER NOT NULL,
    usage_base_unit_name TEXT NOT NULL,
    sort_order INTEGER NOT NULL,
    visible BOOLEAN NOT NULL,
    is_base_bucket_eligible BOOLEAN NOT NULL
);
CREATE TABLE usage_classes (
    usage_class_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE geo_locations (
    geo_location_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);
CREATE TABLE geo_location_groups (
    geo_location_group_id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

CREATE TABLE base_buckets (
    base_bucket_id INTEGER PRIMARY KEY AUTOINCREMENT,
    owner_id INTEGER NOT NULL REFERENCES usage_owners,
    name TEXT NOT NULL,
    -- The name in lower case: names are told apart by more than case.
    name_key TEXT NOT NULL,
    start_at INTEGER,
    end_at INTEGER,
    retired BOOLEAN NOT NULL,
    base_unit_id INTEGER NOT NULL REFERENCES base_units,
    -- Not on the wire but as an ETag: the vendor's resource has no version.
    revision INTEGER NOT NULL DEFAULT 1,
    UNIQUE (owner_id, name_key)
);
CREATE TABLE base_bucket_details (
    base_bucket_detail_id INTEGER PRIMARY KEY AUTOINCREMENT,
    base_bucket_id INTEGER NOT NULL REFERENCES base_buckets,
    usage_class_id INTEGER REFERENCES usage_classes,
    geo_location_id INTEGER REFERENCES geo_locations,
    geo_location_group_id INTEGER REFERENCES geo_location_groups,
    excluded BOOLEAN NOT NULL
);
CREATE INDEX base_bucket_details_by_bucket ON base_bucket_details (base_bucket_id, base_bucket_detail_id);

-- A usage bucket that has ended uses its base buckets no more.
CREATE TABLE usage_buckets (
    usage_bucket_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    prorate BOOLEAN NOT NULL,
    base_unit_id INTEGER NOT NULL REFERENCES base_units,
    ended_at INTEGER
);
CREATE TABLE usage_bucket_bases (
    usage_bucket_id INTEGER NOT NULL REFERENCES usage_buckets,
    base_bucket_id INTEGER NOT NULL REFERENCES base_buckets,
    PRIMARY KEY (base_bucket_id, usage_bucket_id)
);
CREATE INDEX usage_bucket_bases_by_bucket ON usage_bucket_bases (usage_bucket_id, base_bucket_id);
CREATE TABLE share_plans (
    share_plan_id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL
);
CREATE TABLE share_plan_bases (
    share_plan_id INTEGER NOT NULL REFERENCES share_plans,
    base_bucket_id INTEGER NOT NULL REFERENCES base_buckets,
    PRIMARY KEY (base_bucket_id, share_plan_id)
);
