-- The other batch that a change of an event tells of: the one that the event left by it, or the one that its
-- reversal is in. Kept beside the change, so that it is known when the reversal is gone.
ALTER TABLE change_history RENAME COLUMN previous_batch_number TO other_batch_number;
-- Whether an event went back to where it came from.
ALTER TABLE change_history ADD COLUMN is_return BOOLEAN NOT NULL DEFAULT FALSE;
-- What was done together has the number of its first change; is_first marks the first change of each record
-- in it.
ALTER TABLE change_history ADD COLUMN step_number INTEGER;
ALTER TABLE change_history ADD COLUMN is_first BOOLEAN NOT NULL DEFAULT TRUE;

DROP TRIGGER change_history_placed;

UPDATE change_history SET other_batch_number =
    (SELECT b.batch_number FROM usage_events e JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id
     WHERE e.event_id = CAST(COALESCE(value_after, value_before) AS INTEGER)
         AND e.reverses_event_id = change_history.record_id)
WHERE resource_name = 'usageEvents' AND field_name = 'RelatedEventId';

UPDATE change_history SET is_return = TRUE
FROM (SELECT change_id, LAG(value_before) OVER (PARTITION BY record_id ORDER BY change_id) AS came_from
      FROM change_history WHERE resource_name = 'usageEvents' AND field_name = 'BatchNumber') way
WHERE way.change_id = change_history.change_id AND way.came_from = change_history.value_after
    -- Only a batch that re-rates gives events back.
    AND NOT EXISTS (SELECT 1 FROM usage_event_batches b
        WHERE b.batch_number = change_history.value_before AND b.usage_type <> 'ORA_RERATE');

UPDATE change_history SET step_number = step.first_id, is_first = step.place = 1
FROM (SELECT change_id, MIN(change_id) OVER (PARTITION BY batch_number, changed_by, request_id, changed_at / 60000000,
              resource_name = 'subscriptionUsageEventBatches') AS first_id,
          ROW_NUMBER() OVER (PARTITION BY batch_number, changed_by, request_id, changed_at / 60000000, resource_name, record_id
              ORDER BY change_id) AS place
      FROM change_history) step
WHERE step.change_id = change_history.change_id;

CREATE INDEX change_history_by_who ON change_history (batch_number, changed_by, change_id);
CREATE INDEX change_history_by_step ON change_history (batch_number, step_number);
DROP INDEX change_history_by_previous_batch;
CREATE INDEX change_history_by_other_batch ON change_history (other_batch_number, change_id)
WHERE other_batch_number IS NOT NULL;

-- Who changes one event after the other makes one step of them, unless a minute lies between, another field
-- is changed, or the same record again; a request, or a run of a job, is one step whatever it changes. What
-- is done to the batch's own record stands by itself.
CREATE TRIGGER change_history_placed AFTER INSERT ON change_history BEGIN
    UPDATE change_history SET (batch_number, event_number) =
        (SELECT p.batch_number, p.event_number FROM change_places p WHERE p.change_id = NEW.change_id)
    WHERE change_id = NEW.change_id;
    -- A batch takes an event first and notes it then, and gives it back the other way round: at both times
    -- the event's home is the batch that it is only lent by.
    UPDATE change_history SET batch_number = value_after, other_batch_number = value_before,
        is_return = EXISTS (SELECT 1 FROM usage_events e
            JOIN usage_event_batches b ON b.usage_batch_id = e.home_batch_id
            WHERE e.event_id = NEW.record_id AND b.batch_number = NEW.value_after)
    WHERE change_id = NEW.change_id AND resource_name = 'usageEvents' AND field_name = 'BatchNumber'
        AND value_before <> value_after;
    UPDATE change_history SET other_batch_number =
        (SELECT b.batch_number FROM usage_events e
         JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id
         WHERE e.event_id = CAST(COALESCE(NEW.value_after, NEW.value_before) AS INTEGER)
             AND e.reverses_event_id = NEW.record_id)
    WHERE change_id = NEW.change_id AND resource_name = 'usageEvents' AND field_name = 'RelatedEventId';
    UPDATE change_history SET step_number = COALESCE(
        (SELECT p.step_number FROM change_history p
         WHERE p.change_id = (SELECT MAX(l.change_id) FROM change_history l
                 WHERE l.batch_number = change_history.batch_number AND l.changed_by = NEW.changed_by
                     AND l.change_id < NEW.change_id)
             AND NEW.changed_at - p.changed_at < 60000000
             AND (p.resource_name = 'subscriptionUsageEventBatches')
                 = (NEW.resource_name = 'subscriptionUsageEventBatches')
             AND (p.request_id = NEW.request_id
                 OR (NEW.resource_name IN ('usageEvents', 'usageCharges', 'usageMessages')
                     AND NEW.field_name <> 'BatchNumber'
                     AND EXISTS (SELECT 1 FROM change_history s
                         WHERE s.batch_number = p.batch_number AND s.step_number = p.step_number
                             AND s.resource_name = NEW.resource_name AND s.field_name = NEW.field_name)))
             AND NOT EXISTS (SELECT 1 FROM change_history s
                 WHERE s.resource_name = NEW.resource_name AND s.record_id = NEW.record_id
                     AND s.change_id >= p.step_number AND s.step_number = p.step_number
                     AND s.field_name = NEW.field_name)),
        change_id)
    WHERE change_id = NEW.change_id;
    UPDATE change_history SET is_first = FALSE
    WHERE change_id = NEW.change_id AND EXISTS (SELECT 1 FROM change_history s
        WHERE s.resource_name = NEW.resource_name AND s.record_id = NEW.record_id
            AND s.change_id >= change_history.step_number AND s.change_id < NEW.change_id
            AND s.step_number = change_history.step_number);
END;

-- A view knows the columns that its table had.
DROP VIEW usage_change_history;
CREATE VIEW usage_change_history AS SELECT * FROM change_history WHERE resource_name <> 'usageBucketBases';

-- What was done together, as each batch sees it: a change that tells of two batches stands in the steps of
-- both. A status, or an error, is counted for each way from one to another, a record in the first of its rows.
CREATE VIEW change_steps AS
SELECT g.change_step_id, g.batch_number, g.other_batch_number, g.step_number, g.changed_at, g.changed_by,
    g.resource_name, g.field_name, g.step_kind, g.change_count, g.record_count,
    CASE WHEN g.record_key = g.last_key THEN g.record_key END AS record_key,
    CASE WHEN g.event_number = g.last_event AND g.events = g.change_count THEN g.event_number END AS event_number,
    CASE WHEN g.value_before = g.last_before AND g.values_before = g.change_count
        THEN g.value_before END AS value_before,
    CASE WHEN g.value_after = g.last_after AND g.values_after = g.change_count
        THEN g.value_after END AS value_after,
    NOT ((g.values_before = 0 OR (g.value_before = g.last_before AND g.values_before = g.change_count))
        AND (g.values_after = 0 OR (g.value_after = g.last_after AND g.values_after = g.change_count)))
        AS values_differ
FROM (
    SELECT 2 * MAX(h.change_id) AS change_step_id, h.batch_number AS batch_number, h.other_batch_number AS other_batch_number,
        h.step_number, MAX(h.changed_at) AS changed_at, h.changed_by, h.resource_name, h.field_name,
        CASE WHEN h.other_batch_number IS NULL THEN 'CHANGED'
            WHEN h.field_name = 'BatchNumber' THEN CASE WHEN h.is_return THEN 'CAME_BACK' ELSE 'CAME' END
            WHEN h.value_after IS NULL THEN 'REVERSED_NO_LONGER' ELSE 'REVERSED' END AS step_kind,
        COUNT(*) AS change_count, SUM(CASE WHEN h.is_first THEN 1 ELSE 0 END) AS record_count,
        MIN(h.record_key) AS record_key, MAX(h.record_key) AS last_key,
        MIN(h.event_number) AS event_number, MAX(h.event_number) AS last_event,
        COUNT(h.event_number) AS events,
        MIN(h.value_before) AS value_before, MAX(h.value_before) AS last_before,
        COUNT(h.value_before) AS values_before,
        MIN(h.value_after) AS value_after, MAX(h.value_after) AS last_after, COUNT(h.value_after) AS values_after
    FROM change_history h WHERE h.resource_name <> 'usageBucketBases'
    GROUP BY h.batch_number, h.other_batch_number, h.step_number, h.changed_by, h.resource_name, h.field_name, h.is_return,
        h.value_after IS NULL, CASE WHEN h.field_name IN ('EventStatus', 'Error') THEN h.value_before END,
        CASE WHEN h.field_name IN ('EventStatus', 'Error') THEN h.value_after END
    UNION ALL
    SELECT 2 * MAX(h.change_id) + 1 AS change_step_id, h.other_batch_number AS batch_number, h.batch_number AS other_batch_number,
        h.step_number, MAX(h.changed_at) AS changed_at, h.changed_by, h.resource_name, h.field_name,
        CASE WHEN h.field_name = 'BatchNumber' THEN CASE WHEN h.is_return THEN 'WENT_BACK' ELSE 'WENT' END
            WHEN h.value_after IS NULL THEN 'REVERSES_NO_LONGER' ELSE 'REVERSES' END AS step_kind,
        COUNT(*) AS change_count, SUM(CASE WHEN h.is_first THEN 1 ELSE 0 END) AS record_count,
        MIN(h.record_key) AS record_key, MAX(h.record_key) AS last_key,
        MIN(h.event_number) AS event_number, MAX(h.event_number) AS last_event,
        COUNT(h.event_number) AS events,
        MIN(h.value_before) AS value_before, MAX(h.value_before) AS last_before,
        COUNT(h.value_before) AS values_before,
        MIN(h.value_after) AS value_after, MAX(h.value_after) AS last_after, COUNT(h.value_after) AS values_after
    FROM change_history h WHERE h.other_batch_number IS NOT NULL
    GROUP BY h.other_batch_number, h.batch_number, h.step_number, h.changed_by, h.resource_name, h.field_name, h.is_return,
        h.value_after IS NULL, CASE WHEN h.field_name IN ('EventStatus', 'Error') THEN h.value_before END,
        CASE WHEN h.field_name IN ('EventStatus', 'Error') THEN h.value_after END
) g;
