//! The first screen: a month at a glance. Is usage complete, what is in error, what does it come to, what is open.
//!
//! Not here: what the figures are (`rest_contract::oracle::month_figures`), and when a month begins
//! (`rest_contract::month`).

mod day_chart;
mod errors;
mod figure_table;
mod figure_words;
mod month_picker;
mod month_query;
mod open_work;
mod own_change;
mod period;
mod picture;
mod reading;
mod status_groups;
mod tour_offer;
mod values;
mod verdict;

use crate::api::{EventPageQuery, Failure, RestClient, System};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::{FailureLine, FailureState, use_list_query};
use crate::features::page_head::PageHead;
use crate::features::usual_zone::unknown_default_zone;
use crate::routes;
use crate::text::{count, day_in};
use crate::ui::controls::{Icon, IconName, State, way_to};
use crate::ui::kept_settings::kept_zone;
use crate::ui::part_styles::use_part_styles;
use chrono::{DateTime, Utc};
use day_chart::day_chart;
use errors::errors;
use figure_words::{as_of_clock, second_in};
use leptos::prelude::*;
use month_picker::MonthPicker;
use month_query::{MonthQuery, MonthShown, month_words};
use open_work::{open_batches, open_work, waiting_for_me};
use own_change::own_change_after;
use period::PeriodState;
use reading::{MonthReading, Progress};
use rest_contract::Value;
use rest_contract::month::Month;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::MonthFigures;
use status_groups::StatusGroups;
use std::sync::Arc;
use values::values;
use verdict::verdict;

#[component]
pub fn OverviewPage() -> impl IntoView {
    use_part_styles(include_str!("../../style/overview.css"));
    let session = expect_context::<Session>();
    let query = use_list_query(MonthQuery::read);
    let now = move || session.client.now_at(System::Oracle);
    let shown = Memo::new(move |_| query.with(|query| query.shown(&now())));
    let reading = MonthReading::new(session);
    let open = Fetched::new(session, async move || open_batches(session.client).await);
    // Outlasts the figures, which are made anew by each reading.
    let days_as_table = RwSignal::new(false);
    let again = Callback::new(move |()| {
        if let Some(shown) = shown.get_untracked() {
            reading.read(&shown);
        }
        open.read();
        session.lookups.want_closed_periods();
    });
    Effect::new(move || {
        session.renewed.track();
        shown.track();
        untrack(|| again.run(()));
    });
    // What was changed here stands in the figures as soon as it is confirmed.
    let own_change = own_change_after(session, reading.begun_at);
    let is_settled = Memo::new(move |_| session.sync.summary.with(|summary| summary.unfinished() == 0));
    Effect::new(move || {
        if is_settled.get() && own_change.with(Option::is_some) {
            untrack(|| again.run(()));
        }
    });
    let title = move || {
        shown.get().map_or_else(
            || "Overview".to_owned(),
            |shown| format!("Overview of {}", month_words(shown.month)),
        )
    };
    let body = move || {
        let figures = reading.found.get()?;
        // The month that is asked for now may be another one already.
        let shown = shown.get().filter(|shown| shown.plan().is_some_and(|plan| plan == figures.plan))?;
        Some(all_figures(session, &shown, &figures, open, days_as_table))
    };
    let instead = move || {
        if reading.found.with(Option::is_some) {
            return None;
        }
        Some(match reading.progress.get() {
            Progress::Failed(failure) => view! { <FailureState failure=failure again=again /> }.into_any(),
            _ => view! { <Skeleton /> }.into_any(),
        })
    };
    let as_of = move || {
        let (found, shown) = (reading.found.get()?, shown.get()?);
        let at = second_in(found.month.as_of(), &shown.zone);
        let before =
            own_change.get().map(|at| format!(", before your change of {}", second_in(at, &shown.zone)));
        Some(format!("As of {at}{}", before.unwrap_or_default()))
    };
    let progress = move || {
        match reading.progress.get() {
        Progress::Idle => None,
        Progress::Reading => Some(view! { <span role="status">"Reading"</span> }.into_any()),
        Progress::Counting { done, of } => Some(view! {
            <span class="progress">
                <progress max=of.to_string() prop:value=done.to_string() aria-label="Counting events"></progress>
                {format!("Counting: {} of {}", count(done as u64), count(of as u64))}
                <button class="button" data-kind="quiet" on:click=move |_| reading.stop()>"Stop"</button>
            </span>
        }.into_any()),
        Progress::Stopped => Some(view! { <span>"Counting was stopped: not all is read"</span> }.into_any()),
        // Where nothing stands yet, it is told in the middle of the page.
        Progress::Failed(failure) => reading.found.with(Option::is_some)
            .then(|| view! { <FailureLine what="The figures" failure=failure again=again /> }.into_any()),
    }
    };
    view! {
        <PageHead title=Signal::derive(title) />
        <MonthPicker session=session query=query shown=shown>
            <span class="quiet" data-testid="as-of" data-as-of="">{as_of}</span>
            {progress}
            <button class="button" data-kind="quiet" on:click=move |_| again.run(())><Icon name=IconName::Refresh />"Refresh"</button>
        </MonthPicker>
        <div class="page-body overview">
            {tour_offer::tour_offer()}
            {move || query.with(MonthQuery::unknown_zone).map(|zone| view! {
                <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>{format!("This browser does not know the time zone {zone}.")}</span></p>
            })}
            {move || unknown_default_zone().filter(|_| query.with(|query| query.zone.is_empty()) && kept_zone().is_none()).map(|unknown| view! {
                <p class="form-error"><Icon name=IconName::Alert /><span>{format!(
                    "connections.json names the time zone {unknown}, which this browser does not know. The month is that of {}.",
                    shown.get().map_or_else(String::new, |shown| shown.zone)
                )}</span></p>
            })}
            <PeriodState session=session shown=shown figures=reading.found />
            {instead}
            {body}
        </div>
    }
}

fn all_figures(
    session: Session,
    shown: &MonthShown,
    figures: &Arc<MonthFigures>,
    open: Fetched<open_work::OpenBatches>,
    days_as_table: RwSignal<bool>,
) -> AnyView {
    let now = session.client.now_at(System::Oracle);
    let zone = shown.zone.clone();
    let open_as_of = Signal::derive(move || {
        let found = open.found.get();
        found.map(|found| format!("of any month, {}", as_of_clock(found.as_of, &zone))).unwrap_or_default()
    });
    let groups = StatusGroups::of(figures);
    let span = figures.plan.span();
    let of_month = if figures.month.events(None).known() == Known::Whole(&0) {
        let is_ahead = span.start > now;
        vec![view! { <EmptyMonth session=session shown=shown.clone() is_ahead=is_ahead /> }.into_any()]
    } else {
        let is_over = span.end <= now;
        vec![
            verdict(figures, &groups, shown, open.found, now),
            day_chart(figures, &groups, shown, now, days_as_table),
            values(figures, &groups, &shown.zone, is_over),
            errors_of(session, figures.clone(), groups, shown.zone.clone()),
        ]
    };
    view! { {of_month}{open_work(session, open, open_as_of)}{waiting_for_me(session)} }.into_any()
}

/// Made anew when the system's words for errors come, and nothing else with it.
fn errors_of(session: Session, figures: Arc<MonthFigures>, groups: StatusGroups, zone: String) -> AnyView {
    (move || session.lookups.tables.with(|tables| errors(tables, &figures, &groups, &zone))).into_any()
}

/// A month without any event says which one has some.
#[component]
fn EmptyMonth(session: Session, shown: MonthShown, is_ahead: bool) -> impl IntoView {
    let newest =
        Fetched::new(session, async move || newest_event(session.client).await).read_when(session, || ());
    let title = format!("{} has no usage events", month_words(shown.month));
    let text = if is_ahead {
        "The month has not begun."
    } else {
        "No event that began in this month is known. If you expected some, your role may not see them."
    };
    let way = move || {
        let newest = newest.found.get()??;
        let month = Month::of(day_in(&newest, &shown.zone)?).filter(|month| *month != shown.month)?;
        Some(
            view! { <a class="button" href=shown.address_of(month)>{format!("Show {}, which has the newest event", month_words(month))}</a> },
        )
    };
    let import =
        session.blocked_from_editing().is_none().then(|| way_to("Import events from a file", routes::IMPORT));
    view! { <State icon=IconName::Calendar title=title text=text>{way}{import}{way_to("Show the batches", routes::BATCHES)}</State> }
}

/// When the newest event began.
async fn newest_event(client: RestClient) -> Result<Option<DateTime<Utc>>, Failure> {
    let query = EventPageQuery {
        q: "EventStartTime is not null",
        order_by: "EventStartTime:desc",
        shape: "fields=EventNumber,EventStartTime&onlyData=true",
        limit: 1,
        ..EventPageQuery::default()
    };
    let page = client.event_page(&query).await?;
    Ok(page.items.first().and_then(|event| match event.get("EventStartTime") {
        Some(Value::DateTime(at)) => Some(*at),
        _ => None,
    }))
}

/// What will come, in its place.
#[component]
fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status"><span class="visually-hidden">"Reading the figures of the month"</span>
            <span class="skeleton-line"></span><span class="skeleton-chart"></span><span class="skeleton-line"></span><span class="skeleton-line"></span><span class="skeleton-line"></span>
        </div>
    }
}
