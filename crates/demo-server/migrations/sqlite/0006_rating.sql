-- The rating job: its work, what it rates by, and what it keeps about charges. Conventions as in 0001.

-- Submitted batches. A server claims one by writing its name and the moment until which the claim
-- holds, and writes that moment anew with every step; a claim whose moment has passed is anybody's.
CREATE TABLE rating_work (
    usage_batch_id INTEGER PRIMARY KEY REFERENCES usage_event_batches,
    submitted_at INTEGER NOT NULL,
    submitted_by TEXT NOT NULL,
    claimed_by TEXT,
    claimed_until INTEGER NOT NULL
);
