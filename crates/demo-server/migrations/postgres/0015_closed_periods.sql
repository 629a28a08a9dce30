-- Periods whose books are closed. One row is one closed period; it is opened again by deleting the row.
CREATE TABLE closed_periods (
    closed_period_id BIGINT PRIMARY KEY,
    period_name TEXT COLLATE "C" NOT NULL UNIQUE,
    start_time BIGINT NOT NULL,
    end_time BIGINT NOT NULL,
    time_zone TEXT COLLATE "C",
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);

-- The last gate, on every road to an event: nothing that began in a closed period, or is to begin in one, is written.
CREATE FUNCTION refuse_closed_period() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND EXISTS (SELECT 1 FROM closed_periods p
        WHERE p.start_time <= OLD.event_start_time AND p.end_time > OLD.event_start_time) THEN
        RAISE EXCEPTION 'the event is in a closed period';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF EXISTS (SELECT 1 FROM closed_periods p
        WHERE p.start_time <= NEW.event_start_time AND p.end_time > NEW.event_start_time) THEN
        RAISE EXCEPTION 'the event is in a closed period';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER usage_events_closed BEFORE INSERT OR UPDATE OR DELETE ON usage_events
FOR EACH ROW EXECUTE FUNCTION refuse_closed_period();
