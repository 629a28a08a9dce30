//! Where an event or a batch stands in its life, read from the database, and the refusal of what may
//! not be done there. The rules themselves are `rest_contract::oracle::life_cycle`.

use rest_contract::oracle::life_cycle::{
    self, BatchAction, BatchFacts, BatchStatus, BatchType, EventAction, EventFacts, EventStatus, Reason,
};

use crate::database::{Connection, Parameter, Row, Statement};
use crate::oracle::protocol::refusal::{Refusal, code};
use crate::oracle::records::closed_periods::HOLD_EVENT;

#[derive(Clone, Debug)]
pub(in crate::oracle) struct EventState {
    pub number: String,
    pub meaning: String,
    pub facts: EventFacts,
}

#[derive(Clone, Debug)]
pub(in crate::oracle) struct BatchState {
    pub id: i64,
    pub number: String,
    pub meaning: String,
    pub facts: BatchFacts,
}

fn status_of<T>(found: Option<T>, code: &str) -> Result<T, Refusal> {
    found.ok_or_else(|| Refusal::internal(&format!("the stored code {code} is not known")))
}

/// Reads where the event stands. Writing transactions take turns: it stands there until this one ends.
pub(in crate::oracle) async fn event(
    connection: &mut Connection,
    event_id: i64,
) -> Result<EventState, Refusal> {
    let mut sql = Statement::new(
        "SELECT t.event_number, t.event_status, COALESCE(s.meaning, t.event_status), t.reverse_flag, \
         t.reverses_event_id IS NOT NULL, b.batch_status, ",
    );
    sql.push(HOLD_EVENT).push(
        " FROM usage_events t JOIN usage_event_batches b ON b.usage_batch_id = t.usage_batch_id \
         LEFT JOIN lookup_codes s ON s.lookup_type = 'ORA_OSS_EVENT_STATUS' AND s.lookup_code = t.event_status \
         WHERE t.event_id = ",
    );
    sql.bind(Parameter::Integer(event_id));
    let rows = sql.rows(connection).await?;
    let row = rows.first().ok_or_else(|| Refusal::not_found("The usage event"))?;
    let text = |index: usize| row.try_get::<String, _>(index);
    let (status, batch_status) = (text(1)?, text(5)?);
    Ok(EventState {
        number: text(0)?,
        meaning: text(2)?,
        facts: EventFacts {
            status: status_of(EventStatus::of(&status), &status)?,
            can_be_reversed: row.try_get(3)?,
            is_reversal: row.try_get(4)?,
            batch_status: status_of(BatchStatus::of(&batch_status), &batch_status)?,
            in_closed_period: row.try_get(6)?,
        },
    })
}

/// Reads where the batch stands.
pub(in crate::oracle) async fn batch(
    connection: &mut Connection,
    batch_id: i64,
) -> Result<BatchState, Refusal> {
    let mut state = batch_without_events(connection, batch_id).await?;
    let mut counts = Statement::new(
        "SELECT event_status, event_count FROM batch_event_counts WHERE event_count > 0 AND usage_batch_id = ",
    );
    counts.bind(Parameter::Integer(state.id));
    let counts = counts.rows(connection).await?;
    let statuses = counts.iter().map(event_status).collect::<Result<Vec<_>, _>>()?;
    let mut lent = Statement::new("SELECT COUNT(*) FROM usage_events WHERE home_batch_id = ");
    lent.bind(Parameter::Integer(state.id));
    let has_lent_events = lent.integer(connection).await? > 0;
    let mut closed = Statement::new("SELECT COUNT(*) FROM usage_events t WHERE t.usage_batch_id = ");
    closed.bind(Parameter::Integer(state.id));
    closed.push(" AND (t.home_batch_id IS NOT NULL OR t.event_status IN (");
    closed.join(
        EventStatus::ALL.into_iter().filter(|status| status.waits_for_rating()),
        ", ",
        |sql, status| {
            sql.bind(Parameter::text(status.code()));
        },
    );
    closed.push(")) AND ").push(HOLD_EVENT);
    let has_closed_events = closed.integer(connection).await? > 0;
    state.facts = BatchFacts {
        has_events: !statuses.is_empty(),
        has_events_to_rate: statuses.iter().any(|status| status.is_submitted()),
        has_lent_events,
        has_closed_events,
        ..state.facts
    };
    Ok(state)
}

/// The same as if the batch had no events, for a question that is none of its events: whether it takes a new one, or
/// other rules. It costs the same however many there are, and is asked for each event of an import.
pub(in crate::oracle) async fn batch_without_events(
    connection: &mut Connection,
    batch_id: i64,
) -> Result<BatchState, Refusal> {
    let mut sql = Statement::new(
        "SELECT b.usage_batch_id, b.batch_number, b.batch_status, b.usage_type, COALESCE(s.meaning, b.batch_status) \
         FROM usage_event_batches b LEFT JOIN lookup_codes s ON s.lookup_type = 'ORA_OSS_BATCH_STATUS' \
         AND s.lookup_code = b.batch_status WHERE b.usage_batch_id = ",
    );
    sql.bind(Parameter::Integer(batch_id));
    let rows = sql.rows(connection).await?;
    let row = rows.first().ok_or_else(|| Refusal::not_found("The usage event batch"))?;
    let (status, batch_type): (String, String) = (row.try_get(2)?, row.try_get(3)?);
    Ok(BatchState {
        id: row.try_get(0)?,
        number: row.try_get(1)?,
        meaning: row.try_get(4)?,
        facts: BatchFacts {
            status: status_of(BatchStatus::of(&status), &status)?,
            batch_type: status_of(BatchType::of(&batch_type), &batch_type)?,
            has_events: false,
            has_events_to_rate: false,
            has_lent_events: false,
            has_closed_events: false,
        },
    })
}

fn event_status(row: &Row) -> Result<EventStatus, Refusal> {
    let code: String = row.try_get(0)?;
    status_of(EventStatus::of(&code), &code)
}

impl EventState {
    pub(in crate::oracle) fn allows(&self, action: EventAction) -> Result<(), Refusal> {
        life_cycle::event_action(self.facts, action).map_err(|reason| {
            let text = format!("The usage event {} has the status {}. {reason}", self.number, self.meaning);
            Refusal::bad_request(code::BUSINESS_RULE, path_of(reason), text)
        })
    }
}

impl BatchState {
    pub(in crate::oracle) fn allows(&self, action: BatchAction) -> Result<(), Refusal> {
        life_cycle::batch_action(self.facts, action).map_err(|reason| {
            let text =
                format!("The usage event batch {} has the status {}. {reason}", self.number, self.meaning);
            Refusal::bad_request(code::BUSINESS_RULE, path_of(reason), text)
        })
    }
}

/// The field that the reason is about.
fn path_of(reason: Reason) -> &'static str {
    match reason {
        Reason::NotInDraftOrError | Reason::NotProcessed | Reason::AlreadyReversed => "/EventStatus",
        Reason::InClosedPeriod => "/EventStartTime",
        Reason::HeldByOpenBatch | Reason::IsReversal => "/ReverseFlag",
        Reason::BatchNotDraft
        | Reason::BatchNotLocked
        | Reason::BatchNotLockedOrWithErrors
        | Reason::ByHandNeedsDraft => "/BatchStatus",
        Reason::RatingBatchTakesNoEvents | Reason::OnlyRatingByHand => "/UsageType",
        Reason::BatchLocked
        | Reason::BatchInProcess
        | Reason::BatchNotCompleted
        | Reason::BatchHasEvents
        | Reason::BatchHasLentEvents
        | Reason::BatchEmpty
        | Reason::BatchHasClosedEvents
        | Reason::NothingToRate => "",
    }
}
