-- Which batch and which event a change belongs to, as the change left them: kept beside it, so that the
-- history of a record that is gone can still be asked for.
ALTER TABLE change_history ADD COLUMN batch_number TEXT;
ALTER TABLE change_history ADD COLUMN event_number TEXT;

CREATE VIEW change_places AS
SELECT h.change_id, b.batch_number, e.event_number
FROM change_history h
LEFT JOIN usage_charges c ON h.resource_name = 'usageCharges' AND c.usage_charge_id = h.record_id
LEFT JOIN usage_messages m ON h.resource_name = 'usageMessages' AND m.usage_message_id = h.record_id
LEFT JOIN rule_builder_conditions r
    ON h.resource_name = 'ruleBuilderConditions' AND r.condition_id = h.record_id
LEFT JOIN usage_event_batch_errors k
    ON h.resource_name = 'usageEventBatchErrors' AND k.event_batch_error_id = h.record_id
LEFT JOIN usage_events e ON e.event_id =
    CASE h.resource_name WHEN 'usageEvents' THEN h.record_id ELSE COALESCE(c.event_id, m.event_id) END
LEFT JOIN usage_event_batches b ON b.usage_batch_id =
    CASE h.resource_name WHEN 'subscriptionUsageEventBatches' THEN h.record_id
    ELSE COALESCE(e.usage_batch_id, r.usage_batch_id, k.usage_batch_id) END;

UPDATE change_history SET (batch_number, event_number) =
    (SELECT p.batch_number, p.event_number FROM change_places p
     WHERE p.change_id = change_history.change_id);

CREATE TRIGGER change_history_placed AFTER INSERT ON change_history BEGIN
    UPDATE change_history SET (batch_number, event_number) =
        (SELECT p.batch_number, p.event_number FROM change_places p WHERE p.change_id = NEW.change_id)
    WHERE change_id = NEW.change_id;
END;

CREATE INDEX change_history_by_batch ON change_history (batch_number, change_id);
CREATE INDEX change_history_by_event ON change_history (event_number, change_id);

-- What of it Oracle's API shows; base buckets are another API's.
CREATE VIEW usage_change_history AS SELECT * FROM change_history WHERE resource_name <> 'usageBucketBases';
