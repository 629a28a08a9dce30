//! The first and the last event that a rule over a time finds: its two ends, where a rule is most often
//! off by a day.

use crate::api::{EventPageQuery, Failure};
use crate::data::session::Session;
use crate::features::selection::{Found, Reading, ReadingState, Selected, Which};
use crate::text::instant_utc;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::selection_rule::SelectionRule;
use rest_contract::{Field, Kind, Value};

/// The time that the rule compares, if it compares one.
pub fn compared_time(rule: &SelectionRule) -> Option<&'static Field> {
    let mut compared = rule.groups.iter().flat_map(|group| &group.comparisons);
    compared.find_map(|one| EVENT.field(&one.field).filter(|field| field.kind == Kind::DateTime))
}

/// What was asked for, and the time by which its first and last are told.
pub type AskedByTime = Option<(&'static Field, Selected)>;

#[component]
pub fn FirstAndLast(session: Session, reading: Reading, asked: RwSignal<AskedByTime>) -> impl IntoView {
    let found = RwSignal::new(None::<[String; 2]>);
    let is_counted = Memo::new(move |_| match reading.state.get() {
        ReadingState::Done => reading.sample.with(|sample| !sample.is_empty()),
        ReadingState::Counted(_) => true,
        _ => false,
    });
    Effect::new(move || {
        let (is_counted, asked_for) = (is_counted.get(), asked.get());
        found.set(None);
        let Some((time, selected)) = asked_for.clone().filter(|_| is_counted) else { return };
        spawn_local(async move {
            let first = end_of(session, &selected, time, "asc").await;
            let last = end_of(session, &selected, time, "desc").await;
            // Without an answer nothing is said: what the rule finds is counted beside it.
            let (Ok(Some(first)), Ok(Some(last))) = (first, last) else { return };
            if asked.try_get_untracked() == Some(asked_for) {
                found.try_set(Some([first, last]));
            }
        });
    });
    move || {
        found.get().zip(asked.get()).map(|([first, last], (time, _))| {
            view! { <p class="quiet" data-testid="first-and-last">{format!("{}: first {first}, last {last} (UTC)", time.title)}</p> }
        })
    }
}

/// The time of the event at one end.
async fn end_of(
    session: Session,
    selected: &Selected,
    time: &'static Field,
    direction: &str,
) -> Result<Option<String>, Failure> {
    // An event without the time is at neither end.
    let Which::Found(Found { batch, q, .. }) = &selected.which else { return Ok(None) };
    let q = format!("({q}) and {} is not null", time.name);
    let order_by = format!("{}:{direction},EventId:asc", time.name);
    let shape = format!("fields=EventNumber,{}&onlyData=true", time.name);
    let query = EventPageQuery {
        batch: batch.as_deref(),
        q: &q,
        order_by: &order_by,
        shape: &shape,
        offset: 0,
        limit: 1,
    };
    let page = session.client.event_page(&query).await?;
    let at = page.items.first().and_then(|event| event.get(time.name)).and_then(Value::as_date_time);
    Ok(at.map(|at| instant_utc(&at)))
}
