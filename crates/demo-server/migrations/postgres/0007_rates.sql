-- What the rating job rates by, for everybody to see, and what it keeps about charges. Conventions as
-- in 0001.

-- The batch whose re-rating took this charge back; a charge without one stands.
ALTER TABLE usage_charges ADD COLUMN superseded_by_batch_id BIGINT;
-- How much of the priced quantity an allowance covered, and which one.
ALTER TABLE usage_charges ADD COLUMN allowance_quantity NUMERIC;
ALTER TABLE usage_charges ADD COLUMN usage_allowance_id BIGINT;

-- A row for each tier of a rate: what one unit of usage above a quantity costs.
CREATE TABLE usage_rates (
    usage_rate_id BIGINT PRIMARY KEY,
    event_type TEXT COLLATE "C" NOT NULL,
    currency_code TEXT COLLATE "C" NOT NULL,
    rating_model TEXT COLLATE "C" NOT NULL,
    charge_definition TEXT COLLATE "C" NOT NULL,
    charge_name TEXT COLLATE "C" NOT NULL,
    usage_unit_of_measure TEXT COLLATE "C" NOT NULL,
    tier_number BIGINT NOT NULL,
    above_quantity NUMERIC NOT NULL,
    unit_price NUMERIC NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to TEXT COLLATE "C" NOT NULL,
    UNIQUE (event_type, currency_code, tier_number)
);

-- Used quantity = reported quantity x conversion rate.
CREATE TABLE unit_conversions (
    unit_conversion_id BIGINT PRIMARY KEY,
    event_type TEXT COLLATE "C" NOT NULL,
    from_unit_of_measure TEXT COLLATE "C" NOT NULL,
    to_unit_of_measure TEXT COLLATE "C" NOT NULL,
    conversion_rate NUMERIC NOT NULL,
    UNIQUE (event_type, from_unit_of_measure, to_unit_of_measure)
);

-- What a subscription product may use in a period before it costs anything.
CREATE TABLE usage_allowances (
    usage_allowance_id BIGINT PRIMARY KEY,
    subscription_product_puid TEXT COLLATE "C" NOT NULL,
    period_start TEXT COLLATE "C" NOT NULL,
    period_end TEXT COLLATE "C" NOT NULL,
    allotted_quantity NUMERIC NOT NULL,
    consumed_quantity NUMERIC NOT NULL,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    UNIQUE (subscription_product_puid, period_start)
);
