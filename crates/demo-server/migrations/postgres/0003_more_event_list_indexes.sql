-- The plain list in order of id would walk whole rows to skip to a deep offset: this narrow index
-- holds the ids alone. Quantity and currency are what lists are sorted by most after the start.
CREATE INDEX usage_events_by_id ON usage_events (event_id);
CREATE INDEX usage_events_by_quantity ON usage_events (usage_quantity IS NULL, usage_quantity, event_id);
CREATE INDEX usage_events_by_currency ON usage_events (currency_code IS NULL, currency_code, event_id);
