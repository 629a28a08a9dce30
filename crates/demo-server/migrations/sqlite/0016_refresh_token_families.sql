-- The refresh tokens that follow one sign-in are a family, which ends as a whole. One that was used is kept until then, so
-- that it is known when it comes again.
ALTER TABLE refresh_tokens ADD COLUMN family BLOB;
ALTER TABLE refresh_tokens ADD COLUMN is_used BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE refresh_tokens SET family = token_hash;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens (family);
