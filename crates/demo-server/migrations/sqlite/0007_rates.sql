-- What the rating job rates by, for everybody to see, and what it keeps about charges. Conventions as
-- in 0001.

-- The batch whose re-rating took this charge back; a charge without one stands.
ALTER TABLE usage_charges ADD COLUMN superseded_by_batch_id INTEGER;
-- How much of the priced quantity an allowance covered, and which one.
ALTER TABLE usage_charges ADD COLUMN allowance_quantity TEXT COLLATE decimal_order;
ALTER TABLE usage_charges ADD COLUMN usage_allowance_id INTEGER;

-- A row for each tier of a rate: what one unit of usage above a quantity costs.
CREATE TABLE usage_rates (
    usage_rate_id INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL,
    currency_code TEXT NOT NULL,
    rating_model TEXT NOT NULL,
    charge_definition TEXT NOT NULL,
    charge_name TEXT NOT NULL,
    usage_unit_of_measure TEXT NOT NULL,
    tier_number INTEGER NOT NULL,
    above_quantity TEXT NOT NULL COLLATE decimal_order,
    unit_price TEXT NOT NULL COLLATE decimal_order,
    valid_from TEXT NOT NULL,
    valid_to TEXT NOT NULL,
    UNIQUE (event_type, currency_code, tier_number)
);

-- Used quantity = reported quantity x conversion rate.
CREATE TABLE unit_conversions (
    unit_conversion_id INTEGER PRIMARY KEY,
    event_type TEXT NOT NULL,
    from_unit_of_measure TEXT NOT NULL,
    to_unit_of_measure TEXT NOT NULL,
    conversion_rate TEXT NOT NULL COLLATE decimal_order,
    UNIQUE (event_type, from_unit_of_measure, to_unit_of_measure)
);

-- What a subscription product may use in a period before it costs anything.
CREATE TABLE usage_allowances (
    usage_allowance_id INTEGER PRIMARY KEY,
    subscription_product_puid TEXT NOT NULL,
    period_start TEXT NOT NULL,
    period_end TEXT NOT NULL,
    allotted_quantity TEXT NOT NULL COLLATE decimal_order,
    consumed_quantity TEXT NOT NULL COLLATE decimal_order,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    UNIQUE (subscription_product_puid, period_start)
);
