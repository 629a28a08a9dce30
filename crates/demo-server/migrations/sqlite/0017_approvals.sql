-- Acts that need a second person. A row of the first table is a rule; without any, nothing needs one. One that was
-- lifted is in force until its end.
CREATE TABLE approval_rules (
    approval_rule_id INTEGER PRIMARY KEY,
    rule_name TEXT NOT NULL UNIQUE,
    rule_kind TEXT NOT NULL,
    currency_code TEXT,
    amount_limit TEXT COLLATE decimal_order,
    count_limit INTEGER,
    end_date INTEGER,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);

-- One approval: what it is for, word by word, and what became of it. Whether its content has changed meanwhile is no
-- column: the mark of the content is compared when the row is read.
CREATE TABLE usage_approvals (
    approval_id INTEGER PRIMARY KEY,
    approval_number TEXT NOT NULL UNIQUE,
    action_code TEXT NOT NULL,
    usage_batch_id INTEGER,
    batch_number TEXT,
    content TEXT NOT NULL,
    content_digest TEXT NOT NULL,
    content_mark TEXT NOT NULL,
    event_count INTEGER NOT NULL,
    note TEXT,
    asked_by_account TEXT NOT NULL,
    decision TEXT NOT NULL DEFAULT 'REQUESTED',
    decided_by TEXT,
    decided_by_account TEXT,
    decided_date INTEGER,
    decision_reason TEXT,
    acted_by TEXT,
    acted_date INTEGER,
    object_version_number INTEGER NOT NULL DEFAULT 1,
    created_by TEXT NOT NULL,
    creation_date INTEGER NOT NULL,
    last_updated_by TEXT NOT NULL,
    last_update_date INTEGER NOT NULL,
    last_update_login TEXT
);
CREATE INDEX usage_approvals_by_matter ON usage_approvals (action_code, usage_batch_id, approval_id);

-- What a person did while rules were in force, and needed no approval for: it adds up over some hours. A row for each
-- currency, and one for the number of reversals.
CREATE TABLE unapproved_acts (
    account TEXT NOT NULL,
    acted_at INTEGER NOT NULL,
    currency_code TEXT,
    amount TEXT NOT NULL,
    reversals INTEGER NOT NULL
);
CREATE INDEX unapproved_acts_by_account ON unapproved_acts (account, acted_at);
