-- Usage event batches, their events, charges and messages, the set-up they refer to, the people
-- who may see them, and the record of who changed what.
--
-- Conventions: a column is the snake_case form of the wire field. Instants are microseconds since
-- 1970 in UTC. Days are ISO text. Decimals are text with the digits that were sent, under a
-- collation that orders them as numbers, exactly.

CREATE TABLE id_sequences (
    sequence_name TEXT PRIMARY KEY,
    next_value INTEGER NOT NULL
);

-- What this service knows about its own database, such as whether the demo data are complete.
CREATE TABLE service_facts (
    fact_name TEXT PRIMARY KEY,
    fact_value TEXT NOT NULL
);

CREATE TABLE usage_event_batches (
    usage_batch_id INTEGER PRIMARY KEY,
    batch_number TEXT NOT NULL UNIQUE,
    batch_name TEXT,
    batch_description TEXT,
    batch_status TEXT NOT NULL,
    usage_type TEXT NOT NULL,
    creation_type TEXT,
    schedule_type TEXT,
    pricer_type TEXT,
    business_unit_id INTEGER,
    business_unit_name TEXT,
    processed_datetime INTEGER,
    end_date INTEGER,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);

CREATE TABLE usage_events (
    event_id INTEGER PRIMARY KEY,
    event_number TEXT NOT NULL UNIQUE,
    usage_batch_id INTEGER NOT NULL REFERENCES usage_event_batches,
    event_status TEXT NOT NULL,
    event_type TEXT,
    event_type_id INTEGER,
    event_rating_type TEXT,
    event_start_time INTEGER,
    event_end_time INTEGER,
    event_time_zone TEXT,
    le_event_start_date TEXT,
    service_id TEXT,
    subscription_product_puid TEXT,
    reported_usage_quantity TEXT COLLATE decimal_order,
    reported_usage_unit_of_measure TEXT,
    usage_quantity TEXT COLLATE decimal_order,
    usage_unit_of_measure TEXT,
    currency_code TEXT,
    corp_currency_code TEXT,
    curcy_conv_rate_type TEXT,
    error TEXT,
    file_name TEXT,
    priced_on INTEGER,
    rating_source TEXT,
    source_interface_type TEXT,
    related_batch_id INTEGER,
    related_event_id INTEGER,
    reverse_flag BOOLEAN NOT NULL DEFAULT FALSE,
    -- Not on the wire: the event has no ObjectVersionNumber, only a change indicator made from it.
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);

CREATE TABLE usage_charges (
    usage_charge_id INTEGER PRIMARY KEY,
    usage_charge_puid TEXT NOT NULL UNIQUE,
    event_id INTEGER NOT NULL REFERENCES usage_events,
    sequence_number INTEGER,
    charge_name TEXT,
    charge_definition TEXT,
    charge_definition_id INTEGER,
    charge_currency TEXT,
    priced_quantity TEXT COLLATE decimal_order,
    priced_quantity_unit_of_measure TEXT,
    user_reported_quantity TEXT COLLATE decimal_order,
    user_reported_unit_of_measure TEXT,
    conversion_rate TEXT COLLATE decimal_order,
    extended_amount TEXT COLLATE decimal_order,
    allowance_amount TEXT COLLATE decimal_order,
    billed_amount TEXT COLLATE decimal_order,
    parent_entity TEXT,
    parent_entity_id INTEGER,
    subscription_id INTEGER,
    subscription_product_id INTEGER,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);
CREATE INDEX usage_charges_by_event ON usage_charges (event_id, usage_charge_id);

CREATE TABLE usage_messages (
    usage_message_id INTEGER PRIMARY KEY,
    event_id INTEGER NOT NULL REFERENCES usage_events,
    message_name TEXT,
    message_type TEXT,
    message_text TEXT,
    translated_message_text TEXT,
    additional_message_text TEXT,
    message_user_details TEXT,
    parent_entity TEXT,
    parent_entity_id INTEGER,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);
CREATE INDEX usage_messages_by_event ON usage_messages (event_id, usage_message_id);
CREATE INDEX usage_messages_by_name ON usage_messages (message_name, event_id);

-- A batch's counts. Kept by triggers, so that no way of changing an event can forget them, and
-- read instead of counting a million rows for every batch shown.
CREATE TABLE batch_event_counts (
    usage_batch_id INTEGER NOT NULL,
    event_status TEXT NOT NULL,
    event_count INTEGER NOT NULL,
    -- Grows with every change of the count, so that a batch's change indicator can tell that its
    -- counts have moved although its own row has not.
    revision INTEGER NOT NULL,
    PRIMARY KEY (usage_batch_id, event_status)
) WITHOUT ROWID;

CREATE TRIGGER usage_events_counted_on_insert AFTER INSERT ON usage_events BEGIN
    INSERT INTO batch_event_counts VALUES (NEW.usage_batch_id, NEW.event_status, 1, 1)
    ON CONFLICT (usage_batch_id, event_status)
    DO UPDATE SET event_count = event_count + 1, revision = revision + 1;
END;

CREATE TRIGGER usage_events_counted_on_delete AFTER DELETE ON usage_events BEGIN
    UPDATE batch_event_counts SET event_count = event_count - 1, revision = revision + 1
    WHERE usage_batch_id = OLD.usage_batch_id AND event_status = OLD.event_status;
END;

CREATE TRIGGER usage_events_counted_on_update
AFTER UPDATE OF usage_batch_id, event_status ON usage_events
WHEN OLD.usage_batch_id <> NEW.usage_batch_id OR OLD.event_status <> NEW.event_status BEGIN
    UPDATE batch_event_counts SET event_count = event_count - 1, revision = revision + 1
    WHERE usage_batch_id = OLD.usage_batch_id AND event_status = OLD.event_status;
    INSERT INTO batch_event_counts VALUES (NEW.usage_batch_id, NEW.event_status, 1, 1)
    ON CONFLICT (usage_batch_id, event_status)
    DO UPDATE SET event_count = event_count + 1, revision = revision + 1;
END;

-- The auditor's evidence: one row per changed field, written with the change it records.
CREATE TABLE change_history (
    change_id INTEGER PRIMARY KEY,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    request_id TEXT NOT NULL,
    resource_name TEXT NOT NULL,
    record_id INTEGER NOT NULL,
    record_key TEXT NOT NULL,
    object_version_number INTEGER NOT NULL,
    field_name TEXT NOT NULL,
    value_before TEXT,
    value_after TEXT
);
CREATE INDEX change_history_by_record ON change_history (resource_name, record_id, change_id);

CREATE TABLE lookup_codes (
    lookup_id INTEGER PRIMARY KEY,
    lookup_type TEXT NOT NULL,
    lookup_code TEXT NOT NULL,
    meaning TEXT NOT NULL,
    display_sequence INTEGER NOT NULL,
    UNIQUE (lookup_type, lookup_code)
);
CREATE TABLE currencies (
    currency_id INTEGER PRIMARY KEY,
    currency_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    "precision" INTEGER NOT NULL
);
CREATE TABLE units_of_measure (
    uom_id INTEGER PRIMARY KEY,
    uom_code TEXT NOT NULL UNIQUE,
    uom TEXT NOT NULL
);
CREATE TABLE timezones (
    timezone_id INTEGER PRIMARY KEY,
    timezone_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);
CREATE TABLE event_types (
    event_type_id INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    description TEXT,
    status TEXT NOT NULL
);
CREATE TABLE subscription_products (
    subscription_product_id INTEGER PRIMARY KEY,
    subscription_product_puid TEXT NOT NULL UNIQUE,
    product_name TEXT NOT NULL,
    subscription_id INTEGER NOT NULL,
    subscription_number TEXT NOT NULL,
    customer_name TEXT NOT NULL
);
CREATE TABLE error_keys (
    error_key_id INTEGER PRIMARY KEY,
    message_name TEXT NOT NULL UNIQUE,
    message_text TEXT NOT NULL,
    message_user_details TEXT NOT NULL
);

CREATE TABLE accounts (
    user_name TEXT PRIMARY KEY,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL,
    password_salt BLOB NOT NULL,
    password_hash BLOB NOT NULL
);
CREATE TABLE signing_keys (
    key_id INTEGER PRIMARY KEY,
    secret BLOB NOT NULL
);
CREATE TABLE refresh_tokens (
    token_hash BLOB PRIMARY KEY,
    user_name TEXT NOT NULL REFERENCES accounts,
    expires_at INTEGER NOT NULL
);
