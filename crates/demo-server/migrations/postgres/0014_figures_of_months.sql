-- What figures of months are made of, so that a million events are counted and added up without reading their rows.
CREATE INDEX usage_events_for_figures ON usage_events (event_start_time, event_status, reverses_event_id, event_id);
CREATE INDEX usage_charges_for_figures ON usage_charges (event_id, charge_currency, billed_amount);
