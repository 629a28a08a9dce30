//! The mark of an approval's content: a short text that is another one as soon as anything of the content has changed,
//! so that a list tells which approvals are out of date without making every content anew. The gate compares the
//! content itself.
//!
//! Versions of records and revisions of counts only ever go up, and so do the identifiers of rules and events.

/// SQL of the mark over the alias `$t` of a row with `action_code` and `usage_batch_id`.
macro_rules! mark {
    ($t:literal) => {
        concat!(
            "((CASE WHEN ",
            $t,
            ".action_code = 'PURGE' THEN (SELECT COUNT(*) || '.' || COALESCE(MAX(u.service_usage_event_id), 0) \
             FROM service_usage_events u) ELSE COALESCE((SELECT m.object_version_number || '.' || \
             (SELECT COALESCE(SUM(n.revision), 0) FROM batch_event_counts n \
             WHERE n.usage_batch_id = m.usage_batch_id) || '.' || \
             (SELECT COALESCE(SUM(v.object_version_number), 0) FROM usage_events v \
             WHERE v.usage_batch_id = m.usage_batch_id) \
             FROM usage_event_batches m WHERE m.usage_batch_id = ",
            $t,
            ".usage_batch_id), 'gone') END) || '/' || \
             (SELECT COUNT(*) || '.' || COALESCE(MAX(r.approval_rule_id), 0) FROM approval_rules r WHERE r.end_date IS NULL))"
        )
    };
}

/// Whether the content of an approval that could still be used has changed.
macro_rules! is_stale {
    ($t:literal) => {
        concat!($t, ".decision IN ('REQUESTED', 'APPROVED') AND ", $t, ".content_mark <> ", mark!($t))
    };
}

/// The mark now, over a row `t`.
pub(crate) const MARK: &str = mark!("t");

/// Where an approval stands: what was decided, or that it is out of date.
pub(in crate::oracle) const STATE: &str =
    concat!("(CASE WHEN ", is_stale!("{t}"), " THEN 'STALE' ELSE {t}.decision END)");

/// For its change indicator.
pub(in crate::oracle) const STALENESS: &str =
    concat!("CAST(CASE WHEN ", is_stale!("t"), " THEN 1 ELSE 0 END AS BIGINT)");
