-- Usage event batches, their events, charges and messages, the set-up they refer to, the people
-- who may see them, and the record of who changed what.
--
-- Conventions: a column is the snake_case form of the wire field. Instants are microseconds since
-- 1970 in UTC. Days are ISO text. Decimals are of a numeric type without a limit, which keeps every
-- digit that was sent, trailing zeros included. Texts are ordered by their bytes, as in SQLite.

CREATE TABLE id_sequences (
    sequence_name TEXT COLLATE "C" PRIMARY KEY,
    next_value BIGINT NOT NULL
);

-- What this service knows about its own database, such as whether the demo data are complete.
CREATE TABLE service_facts (
    fact_name TEXT COLLATE "C" PRIMARY KEY,
    fact_value TEXT COLLATE "C" NOT NULL
);

CREATE TABLE usage_event_batches (
    usage_batch_id BIGINT PRIMARY KEY,
    batch_number TEXT COLLATE "C" NOT NULL UNIQUE,
    batch_name TEXT COLLATE "C",
    batch_description TEXT COLLATE "C",
    batch_status TEXT COLLATE "C" NOT NULL,
    usage_type TEXT COLLATE "C" NOT NULL,
    creation_type TEXT COLLATE "C",
    schedule_type TEXT COLLATE "C",
    pricer_type TEXT COLLATE "C",
    business_unit_id BIGINT,
    business_unit_name TEXT COLLATE "C",
    processed_datetime BIGINT,
    end_date BIGINT,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);

CREATE TABLE usage_events (
    event_id BIGINT PRIMARY KEY,
    event_number TEXT COLLATE "C" NOT NULL UNIQUE,
    usage_batch_id BIGINT NOT NULL REFERENCES usage_event_batches,
    event_status TEXT COLLATE "C" NOT NULL,
    event_type TEXT COLLATE "C",
    event_type_id BIGINT,
    event_rating_type TEXT COLLATE "C",
    event_start_time BIGINT,
    event_end_time BIGINT,
    event_time_zone TEXT COLLATE "C",
    le_event_start_date TEXT COLLATE "C",
    service_id TEXT COLLATE "C",
    subscription_product_puid TEXT COLLATE "C",
    reported_usage_quantity NUMERIC,
    reported_usage_unit_of_measure TEXT COLLATE "C",
    usage_quantity NUMERIC,
    usage_unit_of_measure TEXT COLLATE "C",
    currency_code TEXT COLLATE "C",
    corp_currency_code TEXT COLLATE "C",
    curcy_conv_rate_type TEXT COLLATE "C",
    error TEXT COLLATE "C",
    file_name TEXT COLLATE "C",
    priced_on BIGINT,
    rating_source TEXT COLLATE "C",
    source_interface_type TEXT COLLATE "C",
    related_batch_id BIGINT,
    related_event_id BIGINT,
    reverse_flag BOOLEAN NOT NULL DEFAULT FALSE,
    -- Not on the wire: the event has no ObjectVersionNumber, only a change indicator made from it.
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);

CREATE TABLE usage_charges (
    usage_charge_id BIGINT PRIMARY KEY,
    usage_charge_puid TEXT COLLATE "C" NOT NULL UNIQUE,
    event_id BIGINT NOT NULL REFERENCES usage_events,
    sequence_number BIGINT,
    charge_name TEXT COLLATE "C",
    charge_definition TEXT COLLATE "C",
    charge_definition_id BIGINT,
    charge_currency TEXT COLLATE "C",
    priced_quantity NUMERIC,
    priced_quantity_unit_of_measure TEXT COLLATE "C",
    user_reported_quantity NUMERIC,
    user_reported_unit_of_measure TEXT COLLATE "C",
    conversion_rate NUMERIC,
    extended_amount NUMERIC,
    allowance_amount NUMERIC,
    billed_amount NUMERIC,
    parent_entity TEXT COLLATE "C",
    parent_entity_id BIGINT,
    subscription_id BIGINT,
    subscription_product_id BIGINT,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);
CREATE INDEX usage_charges_by_event ON usage_charges (event_id, usage_charge_id);

CREATE TABLE usage_messages (
    usage_message_id BIGINT PRIMARY KEY,
    event_id BIGINT NOT NULL REFERENCES usage_events,
    message_name TEXT COLLATE "C",
    message_type TEXT COLLATE "C",
    message_text TEXT COLLATE "C",
    translated_message_text TEXT COLLATE "C",
    additional_message_text TEXT COLLATE "C",
    message_user_details TEXT COLLATE "C",
    parent_entity TEXT COLLATE "C",
    parent_entity_id BIGINT,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);
CREATE INDEX usage_messages_by_event ON usage_messages (event_id, usage_message_id);
CREATE INDEX usage_messages_by_name ON usage_messages (message_name, event_id);

-- A batch's counts. Kept by triggers, so that no way of changing an event can forget them, and
-- read instead of counting a million rows for every batch shown.
CREATE TABLE batch_event_counts (
    usage_batch_id BIGINT NOT NULL,
    event_status TEXT COLLATE "C" NOT NULL,
    event_count BIGINT NOT NULL,
    -- Grows with every change of the count, so that a batch's change indicator can tell that its
    -- counts have moved although its own row has not.
    revision BIGINT NOT NULL,
    PRIMARY KEY (usage_batch_id, event_status)
);

CREATE FUNCTION count_usage_event() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE batch_event_counts SET event_count = event_count - 1, revision = revision + 1
        WHERE usage_batch_id = OLD.usage_batch_id AND event_status = OLD.event_status;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO batch_event_counts AS n VALUES (NEW.usage_batch_id, NEW.event_status, 1, 1)
        ON CONFLICT (usage_batch_id, event_status)
        DO UPDATE SET event_count = n.event_count + 1, revision = n.revision + 1;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER usage_events_counted AFTER INSERT OR DELETE ON usage_events
FOR EACH ROW EXECUTE FUNCTION count_usage_event();

CREATE TRIGGER usage_events_counted_on_update AFTER UPDATE OF usage_batch_id, event_status ON usage_events
FOR EACH ROW WHEN (OLD.usage_batch_id <> NEW.usage_batch_id OR OLD.event_status <> NEW.event_status)
EXECUTE FUNCTION count_usage_event();

-- The auditor's evidence: one row per changed field, written with the change it records.
CREATE TABLE change_history (
    change_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    request_id TEXT COLLATE "C" NOT NULL,
    resource_name TEXT COLLATE "C" NOT NULL,
    record_id BIGINT NOT NULL,
    record_key TEXT COLLATE "C" NOT NULL,
    object_version_number BIGINT NOT NULL,
    field_name TEXT COLLATE "C" NOT NULL,
    value_before TEXT COLLATE "C",
    value_after TEXT COLLATE "C"
);
CREATE INDEX change_history_by_record ON change_history (resource_name, record_id, change_id);

CREATE TABLE lookup_codes (
    lookup_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    lookup_type TEXT COLLATE "C" NOT NULL,
    lookup_code TEXT COLLATE "C" NOT NULL,
    meaning TEXT COLLATE "C" NOT NULL,
    display_sequence BIGINT NOT NULL,
    UNIQUE (lookup_type, lookup_code)
);
CREATE TABLE currencies (
    currency_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    currency_code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    "precision" BIGINT NOT NULL
);
CREATE TABLE units_of_measure (
    uom_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    uom_code TEXT COLLATE "C" NOT NULL UNIQUE,
    uom TEXT COLLATE "C" NOT NULL
);
CREATE TABLE timezones (
    timezone_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    timezone_code TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL
);
CREATE TABLE event_types (
    event_type_id BIGINT PRIMARY KEY,
    event_type TEXT COLLATE "C" NOT NULL UNIQUE,
    name TEXT COLLATE "C" NOT NULL,
    description TEXT COLLATE "C",
    status TEXT COLLATE "C" NOT NULL
);
CREATE TABLE subscription_products (
    subscription_product_id BIGINT PRIMARY KEY,
    subscription_product_puid TEXT COLLATE "C" NOT NULL UNIQUE,
    product_name TEXT COLLATE "C" NOT NULL,
    subscription_id BIGINT NOT NULL,
    subscription_number TEXT COLLATE "C" NOT NULL,
    customer_name TEXT COLLATE "C" NOT NULL
);
CREATE TABLE error_keys (
    error_key_id BIGINT GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY,
    message_name TEXT COLLATE "C" NOT NULL UNIQUE,
    message_text TEXT COLLATE "C" NOT NULL,
    message_user_details TEXT COLLATE "C" NOT NULL
);

CREATE TABLE accounts (
    user_name TEXT COLLATE "C" PRIMARY KEY,
    display_name TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    password_salt BYTEA NOT NULL,
    password_hash BYTEA NOT NULL
);
CREATE TABLE signing_keys (
    key_id BIGINT PRIMARY KEY,
    secret BYTEA NOT NULL
);
CREATE TABLE refresh_tokens (
    token_hash BYTEA PRIMARY KEY,
    user_name TEXT COLLATE "C" NOT NULL REFERENCES accounts,
    expires_at BIGINT NOT NULL
);
