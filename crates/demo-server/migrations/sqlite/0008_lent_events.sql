-- Which events an open re-rating batch holds, by the batch that they would go back to.
CREATE INDEX usage_events_by_home ON usage_events (home_batch_id) WHERE home_batch_id IS NOT NULL;
