-- What figures of months are made of, so that a million events are counted and added up without reading their rows.
CREATE INDEX usage_events_for_figures ON usage_events (event_status, event_start_time, reverses_event_id, event_id);
-- It leads to an event's charges as the one before it did, and holds what they come to as well.
CREATE INDEX usage_charges_of_event ON usage_charges (event_id, usage_charge_id, charge_currency, billed_amount);
DROP INDEX usage_charges_by_event;
