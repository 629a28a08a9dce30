-- What batches hold beside their events, and what links an event to the batches and events that
-- corrected it. Conventions as in 0001; large texts are kept in base64, as they travel.

ALTER TABLE usage_event_batches ADD COLUMN criteria_json TEXT COLLATE "C";

-- The event that this one takes back. Unique: no event is ever reversed twice.
ALTER TABLE usage_events ADD COLUMN reverses_event_id BIGINT;
-- The batch that an event goes back to when it is taken out of a re-rating batch.
ALTER TABLE usage_events ADD COLUMN home_batch_id BIGINT;
UPDATE usage_events SET reverses_event_id = related_event_id
WHERE related_event_id IS NOT NULL AND event_status = 'ORA_PROCESSED' AND reverse_flag = FALSE;
CREATE UNIQUE INDEX usage_events_by_reversed ON usage_events (reverses_event_id)
WHERE reverses_event_id IS NOT NULL;
CREATE INDEX usage_events_by_batch_and_error ON usage_events (usage_batch_id, error, event_status)
WHERE error IS NOT NULL;
CREATE INDEX usage_events_by_batch_and_file ON usage_events (usage_batch_id, file_name);

CREATE TABLE rule_builder_conditions (
    condition_id BIGINT PRIMARY KEY,
    condition_number TEXT COLLATE "C" NOT NULL UNIQUE,
    usage_batch_id BIGINT NOT NULL REFERENCES usage_event_batches,
    display_sequence BIGINT,
    condition_group_name TEXT COLLATE "C",
    condition_group_type TEXT COLLATE "C" NOT NULL,
    qualified_rest_object_name TEXT COLLATE "C",
    condition_json TEXT COLLATE "C",
    condition_rest_q_param TEXT COLLATE "C",
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);
CREATE INDEX rule_builder_conditions_by_batch ON rule_builder_conditions (usage_batch_id, condition_id);

-- One row for each cause that a batch's events have ever shown. How many show it is counted when read.
CREATE TABLE usage_event_batch_errors (
    event_batch_error_id BIGINT PRIMARY KEY,
    event_batch_error_number TEXT COLLATE "C" NOT NULL UNIQUE,
    usage_batch_id BIGINT NOT NULL REFERENCES usage_event_batches,
    message_name TEXT COLLATE "C" NOT NULL,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C",
    UNIQUE (usage_batch_id, message_name)
);

CREATE TABLE usage_event_batch_files (
    batch_file_id BIGINT PRIMARY KEY,
    batch_file_number TEXT COLLATE "C" NOT NULL UNIQUE,
    usage_batch_id BIGINT NOT NULL REFERENCES usage_event_batches,
    file_name TEXT COLLATE "C" NOT NULL,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C",
    UNIQUE (usage_batch_id, file_name)
);

-- A batch belongs to one business unit here.
CREATE VIEW usage_business_unit_batches AS
SELECT
    usage_event_batches.usage_batch_id AS bu_batch_id,
    usage_event_batches.batch_number || '-BU' AS bu_batch_number,
    usage_event_batches.usage_batch_id AS usage_batch_id,
    usage_event_batches.usage_batch_id AS batch_id,
    usage_event_batches.business_unit_id AS bu_id,
    usage_event_batches.business_unit_name,
    usage_event_batches.object_version_number,
    usage_event_batches.created_by,
    usage_event_batches.creation_date,
    usage_event_batches.last_updated_by,
    usage_event_batches.last_update_date,
    usage_event_batches.last_update_login
FROM usage_event_batches
WHERE usage_event_batches.business_unit_id IS NOT NULL;

-- The known errors that some event shows now.
CREATE VIEW usage_batch_errors AS
SELECT error_keys.error_key_id, error_keys.message_name, error_keys.message_text, error_keys.message_user_details
FROM error_keys
WHERE EXISTS (
    SELECT 1 FROM usage_events
    WHERE usage_events.error = error_keys.message_name AND usage_events.event_status = 'ORA_ERROR'
);
