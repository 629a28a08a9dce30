-- The rating job: its work, what it rates by, and what it keeps about charges. Conventions as in 0001.

-- Submitted batches. A server claims one by writing its name and the moment until which the claim
-- holds, and writes that moment anew with every step; a claim whose moment has passed is anybody's.
CREATE TABLE rating_work (
    usage_batch_id BIGINT PRIMARY KEY REFERENCES usage_event_batches,
    submitted_at BIGINT NOT NULL,
    submitted_by TEXT COLLATE "C" NOT NULL,
    claimed_by TEXT COLLATE "C",
    claimed_until BIGINT NOT NULL
);
