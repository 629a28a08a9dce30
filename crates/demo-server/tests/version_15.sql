-- Sets a database back to the tables of version 15, so that servers can be seen to bring it up to date beside others.
-- What a later step makes is taken away here too.
DROP TABLE unapproved_acts, usage_approvals, approval_rules;
ALTER TABLE refresh_tokens DROP COLUMN family, DROP COLUMN is_used;
DELETE FROM _sqlx_migrations WHERE version > 15;
