-- Periods whose books are closed. One row is one closed period; it is opened again by deleting the row.
CREATE TABLE closed_periods (
    closed_period_id INTEGER PRIMARY KEY,
    period_name TEXT NOT NULL UNIQUE,
    start_time INTEGER NOT NULL,
    end_time INTEGER NOT NULL,
    time_zone TEXT,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);

-- The last gate, on every road to an event: nothing that began in a closed period, or is to begin in one, is written.
CREATE TRIGGER usage_events_closed_on_insert BEFORE INSERT ON usage_events
WHEN EXISTS (SELECT 1 FROM closed_periods p WHERE p.start_time <= NEW.event_start_time AND p.end_time > NEW.event_start_time)
BEGIN
    SELECT RAISE(ABORT, 'the event is in a closed period');
END;

CREATE TRIGGER usage_events_closed_on_update BEFORE UPDATE ON usage_events
WHEN EXISTS (SELECT 1 FROM closed_periods p WHERE (p.start_time <= NEW.event_start_time AND p.end_time > NEW.event_start_time)
    OR (p.start_time <= OLD.event_start_time AND p.end_time > OLD.event_start_time))
BEGIN
    SELECT RAISE(ABORT, 'the event is in a closed period');
END;

CREATE TRIGGER usage_events_closed_on_delete BEFORE DELETE ON usage_events
WHEN EXISTS (SELECT 1 FROM closed_periods p WHERE p.start_time <= OLD.event_start_time AND p.end_time > OLD.event_start_time)
BEGIN
    SELECT RAISE(ABORT, 'the event is in a closed period');
END;
