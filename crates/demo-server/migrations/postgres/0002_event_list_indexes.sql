-- What lists of events are filtered and ordered by. Every index ends in event_id, so that it covers
-- the page query (ids in order), and a deep offset walks index entries instead of rows.
-- Text and decimals that may be null come with "is null" in front: an ascending list ends with the
-- nulls, a descending one begins with them, as the vendor's database does it.
CREATE INDEX usage_events_by_batch ON usage_events (usage_batch_id, event_id);
CREATE INDEX usage_events_by_status ON usage_events (event_status, event_id);
CREATE INDEX usage_events_by_batch_and_status ON usage_events (usage_batch_id, event_status, event_id);
CREATE INDEX usage_events_by_start ON usage_events ((event_start_time IS NULL), event_start_time, event_id);
CREATE INDEX usage_events_by_change ON usage_events (last_update_date, event_id);
CREATE INDEX usage_events_by_error ON usage_events (error, event_id) WHERE error IS NOT NULL;
CREATE INDEX usage_events_by_service ON usage_events (service_id, event_id);
CREATE INDEX usage_events_by_related ON usage_events (related_event_id, event_id)
WHERE related_event_id IS NOT NULL;
