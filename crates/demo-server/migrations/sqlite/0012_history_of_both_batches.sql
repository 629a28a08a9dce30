-- An event that goes from one batch to another belongs to the history of both: the one that it is in once
-- it was moved, and the one that it left.
ALTER TABLE change_history ADD COLUMN previous_batch_number TEXT;

UPDATE change_history SET batch_number = value_after, previous_batch_number = value_before
WHERE resource_name = 'usageEvents' AND field_name = 'BatchNumber' AND value_before <> value_after;

DROP TRIGGER change_history_placed;

CREATE TRIGGER change_history_placed AFTER INSERT ON change_history BEGIN
    UPDATE change_history SET (batch_number, event_number) =
        (SELECT p.batch_number, p.event_number FROM change_places p WHERE p.change_id = NEW.change_id)
    WHERE change_id = NEW.change_id;
    UPDATE change_history SET batch_number = value_after, previous_batch_number = value_before
    WHERE change_id = NEW.change_id AND resource_name = 'usageEvents' AND field_name = 'BatchNumber'
        AND value_before <> value_after;
END;

CREATE INDEX change_history_by_previous_batch ON change_history (previous_batch_number, change_id)
WHERE previous_batch_number IS NOT NULL;

-- A view knows the columns that its table had.
DROP VIEW usage_change_history;
CREATE VIEW usage_change_history AS SELECT * FROM change_history WHERE resource_name <> 'usageBucketBases';
