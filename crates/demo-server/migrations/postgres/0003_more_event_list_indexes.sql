-- Quantity and currency are what lists are sorted by most after the start. The plain list in order of
-- id needs nothing here: the primary key's index holds the ids alone.
CREATE INDEX usage_events_by_quantity ON usage_events ((usage_quantity IS NULL), usage_quantity, event_id);
CREATE INDEX usage_events_by_currency ON usage_events ((currency_code IS NULL), currency_code, event_id);
