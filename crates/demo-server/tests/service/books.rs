//! What must hold of the whole database at every moment, whoever wrote last.

use std::collections::BTreeMap;

use demo_server::database::{Database, query, query_scalar};
use demo_server::rating::Job;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::test_service::TestService;

impl TestService {
    /// Lets the rating job do all there is to do; answers how many batches it completed.
    pub(crate) async fn rate(&self) -> usize {
        Job::new(self.service.database.clone()).work_off().await.unwrap()
    }
}

/// Statements that count what must not be.
const MUST_NOT_BE: [(&str, &str); 12] = [
    (
        "an event is in process in a batch that is not",
        "SELECT COUNT(*) FROM usage_events e JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id \
         WHERE e.event_status = 'ORA_IN_PROCESS' AND b.batch_status <> 'ORA_IN_PROCESS'",
    ),
    (
        "a completed batch has something left to do",
        "SELECT COUNT(*) FROM usage_events e JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id \
         WHERE b.batch_status = 'ORA_COMPLETED' AND e.event_status IN ('ORA_DRAFT', 'ORA_READY', 'ORA_ERROR', 'ORA_IN_PROCESS')",
    ),
    (
        "a batch waits for the job and is not in process",
        "SELECT COUNT(*) FROM rating_work w JOIN usage_event_batches b ON b.usage_batch_id = w.usage_batch_id \
         WHERE b.batch_status <> 'ORA_IN_PROCESS'",
    ),
    (
        "an event is reversed without a processed event that reverses it",
        "SELECT COUNT(*) FROM usage_events e WHERE e.event_status = 'ORA_REVERSED' AND NOT EXISTS (SELECT 1 \
         FROM usage_events r WHERE r.reverses_event_id = e.event_id AND r.event_status = 'ORA_PROCESSED')",
    ),
    (
        "an event was reversed and does not say so",
        "SELECT COUNT(*) FROM usage_events r JOIN usage_events e ON e.event_id = r.reverses_event_id \
         WHERE r.event_status = 'ORA_PROCESSED' AND e.event_status <> 'ORA_REVERSED'",
    ),
    (
        "an event is reversed twice",
        "SELECT COUNT(*) FROM (SELECT reverses_event_id FROM usage_events WHERE reverses_event_id IS NOT NULL \
         GROUP BY reverses_event_id HAVING COUNT(*) > 1) twice",
    ),
    (
        "a pair does not name one another",
        "SELECT COUNT(*) FROM usage_events r JOIN usage_events e ON e.event_id = r.reverses_event_id \
         WHERE r.related_event_id <> e.event_id OR e.related_event_id <> r.event_id OR e.reverse_flag OR r.reverse_flag",
    ),
    (
        "an event can be reversed that is not processed",
        "SELECT COUNT(*) FROM usage_events WHERE reverse_flag AND event_status <> 'ORA_PROCESSED'",
    ),
    (
        "an event is held by nothing",
        "SELECT COUNT(*) FROM usage_events e WHERE e.event_status = 'ORA_PROCESSED' AND NOT e.reverse_flag \
         AND e.reverses_event_id IS NULL AND e.home_batch_id IS NULL AND NOT EXISTS (SELECT 1 FROM usage_events r \
         WHERE r.reverses_event_id = e.event_id)",
    ),
    (
        "an event is away from home in a completed batch",
        "SELECT COUNT(*) FROM usage_events e JOIN usage_event_batches b ON b.usage_batch_id = e.usage_batch_id \
         WHERE e.home_batch_id IS NOT NULL AND (b.usage_type <> 'ORA_RERATE' OR b.batch_status LIKE 'ORA_COMPLETED%')",
    ),
    (
        "a charge or message hangs on nothing",
        "SELECT (SELECT COUNT(*) FROM usage_charges WHERE event_id NOT IN (SELECT event_id FROM usage_events)) \
         + (SELECT COUNT(*) FROM usage_messages WHERE event_id NOT IN (SELECT event_id FROM usage_events))",
    ),
    (
        "a count is wrong",
        "SELECT COUNT(*) FROM batch_event_counts n WHERE n.event_count <> (SELECT COUNT(*) FROM usage_events e \
         WHERE e.usage_batch_id = n.usage_batch_id AND e.event_status = n.event_status)",
    ),
];

/// The books balance: states fit together, and so do amounts.
pub(crate) async fn balance(service: &TestService) {
    balance_of(&service.service.database).await;
}

pub(crate) async fn balance_of(database: &Database) {
    for (what, sql) in MUST_NOT_BE {
        let count: i64 = query_scalar(sql).fetch_one(&database.readers).await.unwrap();
        assert_eq!(count, 0, "{what}");
    }
    let sql = "SELECT e.event_id, e.reverses_event_id, e.event_status, c.superseded_by_batch_id IS NULL, \
               CAST(c.extended_amount AS TEXT), CAST(c.allowance_amount AS TEXT), CAST(c.billed_amount AS TEXT) \
               FROM usage_charges c JOIN usage_events e ON e.event_id = c.event_id \
               WHERE e.event_status IN ('ORA_PROCESSED', 'ORA_REVERSED')";
    let (mut billed, mut gone) = (BTreeMap::<i64, Decimal>::new(), BTreeMap::<i64, Decimal>::new());
    let mut reverses = BTreeMap::new();
    for row in query(sql).fetch_all(&database.readers).await.unwrap() {
        let number = |index: usize| {
            let text: Option<String> = row.try_get(index).unwrap();
            text.map_or(Decimal::ZERO, |text| text.parse::<Decimal>().unwrap())
        };
        let event: i64 = row.try_get(0).unwrap();
        let original: Option<i64> = row.try_get(1).unwrap();
        let (extended, allowance, amount) = (number(4), number(5), number(6));
        assert_eq!(extended - allowance, amount, "billed = extended - allowance, event {event}");
        let stands: bool = row.try_get(3).unwrap();
        *if stands { &mut billed } else { &mut gone }.entry(event).or_default() += amount;
        let status: String = row.try_get(2).unwrap();
        if let (Some(original), "ORA_PROCESSED") = (original, status.as_str()) {
            reverses.insert(event, original);
        }
    }
    for (event, sum) in gone {
        assert!(sum.is_zero(), "what was taken back by re-rating adds up to nothing: event {event} {sum}");
    }
    for (event, original) in &reverses {
        let (event, original) = (*event, *original);
        let sum = |id: i64| billed.get(&id).copied().unwrap_or_default();
        assert_eq!(sum(event), -sum(original), "event {event} takes {original} back");
    }
    priced_as_the_rates_say(database).await;
    allowances_are_used_up(database).await;
}

/// Of each allowance as much is used up as charges, and what takes charges back, say that it covered.
async fn allowances_are_used_up(database: &Database) {
    let left = "SELECT usage_allowance_id, CAST(consumed_quantity AS TEXT) FROM usage_allowances";
    let covered = "SELECT usage_allowance_id, CAST(allowance_quantity AS TEXT) FROM usage_charges \
                   WHERE usage_allowance_id IS NOT NULL";
    let mut sums = BTreeMap::<i64, (Decimal, Decimal)>::new();
    for (sql, is_consumed) in [(left, true), (covered, false)] {
        for row in query(sql).fetch_all(&database.readers).await.unwrap() {
            let number = row.try_get::<String, _>(1).unwrap().parse::<Decimal>().unwrap();
            let sum = sums.entry(row.try_get(0).unwrap()).or_default();
            *(if is_consumed { &mut sum.0 } else { &mut sum.1 }) += number;
        }
    }
    for (allowance, (consumed, covered)) in sums {
        assert_eq!(consumed, covered, "allowance {allowance}");
    }
}

/// What the job charged for an event is what the rates say of its quantity: reckoned here once more, by
/// the plainest reading of the rates.
async fn priced_as_the_rates_say(database: &Database) {
    let sql = "SELECT event_type, currency_code, rating_model, CAST(above_quantity AS TEXT), \
               CAST(unit_price AS TEXT) FROM usage_rates ORDER BY event_type, currency_code, tier_number";
    let mut rates = BTreeMap::<(String, String), (String, Vec<(Decimal, Decimal)>)>::new();
    for row in query(sql).fetch_all(&database.readers).await.unwrap() {
        let text = |index: usize| row.try_get::<String, _>(index).unwrap();
        let rate = rates.entry((text(0), text(1))).or_insert((text(2), Vec::new()));
        rate.1.push((text(3).parse().unwrap(), text(4).parse().unwrap()));
    }
    let sql = "SELECT e.event_id, e.event_type, e.currency_code, CAST(e.usage_quantity AS TEXT), \
               CAST(c.priced_quantity AS TEXT), CAST(c.extended_amount AS TEXT) \
               FROM usage_events e JOIN usage_charges c ON c.event_id = e.event_id \
               WHERE e.event_status = 'ORA_PROCESSED' AND e.error IS NULL AND e.reverses_event_id IS NULL \
               AND c.superseded_by_batch_id IS NULL AND c.created_by = 'Rate Subscription Usage Events' \
               AND c.last_update_login IS NOT NULL";
    let mut charged = BTreeMap::<i64, (String, String, Decimal, Decimal, Decimal)>::new();
    for row in query(sql).fetch_all(&database.readers).await.unwrap() {
        let text = |index: usize| row.try_get::<String, _>(index).unwrap();
        let number = |index: usize| text(index).parse::<Decimal>().unwrap();
        let new = (text(1), text(2), number(3), Decimal::ZERO, Decimal::ZERO);
        let event = charged.entry(row.try_get(0).unwrap()).or_insert(new);
        event.3 += number(4);
        event.4 += number(5);
    }
    for (event, (event_type, currency, used, quantity, amount)) in charged {
        assert_eq!(quantity, used, "event {event} is charged for what was used");
        let (model, tiers) = &rates[&(event_type, currency)];
        let size = used.abs();
        let within = |(index, (above, price)): (usize, &(Decimal, Decimal))| {
            let end = tiers.get(index + 1).map_or(size, |(next, _)| size.min(*next));
            let part = if model == "ORA_VOLUME" { size } else { (end - above).max(Decimal::ZERO) };
            let reached = index == 0 || size > *above;
            let last = tiers.get(index + 1).is_none_or(|(next, _)| size <= *next);
            (reached && (model != "ORA_VOLUME" || last)).then(|| part * price)
        };
        let exact = tiers.iter().enumerate().filter_map(within);
        let half_up = RoundingStrategy::MidpointAwayFromZero;
        let expected =
            exact.map(|part| part.round_dp_with_strategy(amount.scale(), half_up)).sum::<Decimal>();
        assert_eq!(amount.abs(), expected, "event {event} is charged by the rates");
        assert!(amount.is_zero() || amount.is_sign_negative() == used.is_sign_negative());
    }
}
