-- Acts that need a second person. A row of the first table is a rule; without any, nothing needs one. One that was
-- lifted is in force until its end.
CREATE TABLE approval_rules (
    approval_rule_id BIGINT PRIMARY KEY,
    rule_name TEXT COLLATE "C" NOT NULL UNIQUE,
    rule_kind TEXT COLLATE "C" NOT NULL,
    currency_code TEXT COLLATE "C",
    amount_limit NUMERIC,
    count_limit BIGINT,
    end_date BIGINT,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);

-- One approval: what it is for, word by word, and what became of it. Whether its content has changed meanwhile is no
-- column: the mark of the content is compared when the row is read.
CREATE TABLE usage_approvals (
    approval_id BIGINT PRIMARY KEY,
    approval_number TEXT COLLATE "C" NOT NULL UNIQUE,
    action_code TEXT COLLATE "C" NOT NULL,
    usage_batch_id BIGINT,
    batch_number TEXT COLLATE "C",
    content TEXT COLLATE "C" NOT NULL,
    content_digest TEXT COLLATE "C" NOT NULL,
    content_mark TEXT COLLATE "C" NOT NULL,
    event_count BIGINT NOT NULL,
    note TEXT COLLATE "C",
    asked_by_account TEXT COLLATE "C" NOT NULL,
    decision TEXT COLLATE "C" NOT NULL DEFAULT 'REQUESTED',
    decided_by TEXT COLLATE "C",
    decided_by_account TEXT COLLATE "C",
    decided_date BIGINT,
    decision_reason TEXT COLLATE "C",
    acted_by TEXT COLLATE "C",
    acted_date BIGINT,
    object_version_number BIGINT NOT NULL DEFAULT 1,
    created_by TEXT COLLATE "C" NOT NULL,
    creation_date BIGINT NOT NULL,
    last_updated_by TEXT COLLATE "C" NOT NULL,
    last_update_date BIGINT NOT NULL,
    last_update_login TEXT COLLATE "C"
);
CREATE INDEX usage_approvals_by_matter ON usage_approvals (action_code, usage_batch_id, approval_id);

-- What a person did while rules were in force, and needed no approval for: it adds up over some hours. A row for each
-- currency, and one for the number of reversals.
CREATE TABLE unapproved_acts (
    account TEXT COLLATE "C" NOT NULL,
    acted_at BIGINT NOT NULL,
    currency_code TEXT COLLATE "C",
    amount TEXT COLLATE "C" NOT NULL,
    reversals BIGINT NOT NULL
);
CREATE INDEX unapproved_acts_by_account ON unapproved_acts (account, acted_at);
