//! Whether the month is closed, who closed it, and closing or opening it: a period is the month's two instants, so
//! that it holds the events that are counted here.

use super::figure_words::{drawn, events_words, number, second_in};
use super::month_query::{MonthShown, month_words};
use super::status_groups::StatusGroups;
use crate::api::{Failure, Role, System};
use crate::data::session::Session;
use crate::features::allowed_button::AllowedButton;
use crate::features::help::{help_mark, topic};
use crate::text::{StatusClass, amounts_in_words};
use crate::ui::controls::{FormDialog, FormFoot, Icon, IconName, take_lost_focus_within};
use chrono::{DateTime, Utc};
use grid_model::Tone;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use rest_contract::oracle::closed_period::ClosedPeriod;
use rest_contract::oracle::figure::Known;
use rest_contract::oracle::month_figures::{MonthFigures, Part};
use std::ops::Range;
use std::sync::Arc;

/// What is to become of the month.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    /// On the clock of `zone`.
    Close {
        name: String,
        span: Range<DateTime<Utc>>,
        zone: String,
    },
    Open {
        name: String,
    },
}

/// Nothing of a system that closes no periods.
#[component]
pub fn PeriodState(
    session: Session,
    shown: Memo<Option<MonthShown>>,
    figures: RwSignal<Option<Arc<MonthFigures>>>,
) -> impl IntoView {
    let step = RwSignal::new(None::<Step>);
    let place = NodeRef::<html::Div>::new();
    let line = move || {
        let (tables, month) = (session.lookups.tables.get(), shown.get()?);
        let span = month.plan()?.span();
        if !tables.has_periods() {
            return None;
        }
        let closed = tables.closed_periods().iter().filter(|period| overlaps(&period.span, &span)).cloned();
        let closed: Vec<_> = closed.collect();
        Some(match closed.iter().find(|period| period.span == span) {
            Some(period) => closed_line(session, period, &month, step),
            None => open_line(session, &closed, &month, span, step),
        })
    };
    // The button that was pressed gives way to its counterpart.
    let done = Callback::new(move |()| {
        take_lost_focus_within(place.get_untracked().map(JsCast::unchecked_into), ".button");
    });
    let form = move |(asked, open)| step_form(session, asked, (open, done), figures);
    let title = move || match step.get() {
        Some(Step::Open { .. }) => "Reopen a period".to_owned(),
        _ => "Close a period".to_owned(),
    };
    view! {
        <div class="period" data-testid="period" node_ref=place>{line}</div>
        <FormDialog subject=step title=Signal::derive(title) form=form />
    }
}

fn overlaps(one: &Range<DateTime<Utc>>, other: &Range<DateTime<Utc>>) -> bool {
    one.start < other.end && other.start < one.end
}

fn forbidden_by_role(session: Session) -> Option<String> {
    session.state.track();
    let role = session.with_access(|access| access.map(|access| access.role));
    let may = matches!(role, Some(Role::Administrator | Role::Unknown));
    (!may).then(|| "Only an administrator closes and reopens periods.".to_owned())
}

fn closed_line(
    session: Session,
    period: &ClosedPeriod,
    month: &MonthShown,
    step: RwSignal<Option<Step>>,
) -> AnyView {
    let at = period.closed_at.map(|at| format!(" at {}", second_in(at, &month.zone))).unwrap_or_default();
    let words = match period.closed_by.as_str() {
        "" => format!("{} is closed.", period.name),
        by => format!("{} was closed by {by}{at}.", period.name),
    };
    let name = period.name.clone();
    view! {
        <Icon name=IconName::Lock />
        <span>{words}</span>
        {help_mark(topic::CLOSED_PERIOD, "closed periods")}
        <AllowedButton session=session words="Reopen\u{2026}" forbidden=Signal::derive(move || forbidden_by_role(session))
            press=move || step.set(Some(Step::Open { name: name.clone() })) />
    }
    .into_any()
}

fn open_line(
    session: Session,
    closed: &[ClosedPeriod],
    month: &MonthShown,
    span: Range<DateTime<Utc>>,
    step: RwSignal<Option<Step>>,
) -> AnyView {
    let names: Vec<_> = closed.iter().map(|period| period.name.as_str()).collect();
    let words = match names.as_slice() {
        [] => "The month is open.".to_owned(),
        names => format!("A part of the month is closed: {}.", names.join(", ")),
    };
    let name = format!("{} ({})", month_words(month.month), month.zone);
    let end = span.end;
    let close = Step::Close { name, span, zone: month.zone.clone() };
    let forbidden = Signal::derive(move || {
        let is_over = end <= session.client.now_at(System::Oracle);
        forbidden_by_role(session)
            .or_else(|| (!is_over).then(|| "The month can be closed once it is over.".to_owned()))
    });
    view! {
        <span class="quiet">{words}</span>
        {help_mark(topic::CLOSED_PERIOD, "closed periods")}
        <AllowedButton session=session words="Close the month\u{2026}" forbidden=forbidden
            press=move || step.set(Some(close.clone())) />
    }
    .into_any()
}

fn step_form(
    session: Session,
    asked: Step,
    (open, done): (RwSignal<bool>, Callback<()>),
    figures: RwSignal<Option<Arc<MonthFigures>>>,
) -> AnyView {
    let (is_under_way, failed) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let (name, verb, now) = match &asked {
        Step::Close { name, .. } => (name.clone(), "Close the period", "closed"),
        Step::Open { name } => (name.clone(), "Reopen the period", "open again"),
    };
    let effect = match &asked {
        Step::Close { span, zone, .. } => {
            let (from, before, span) = (second_in(span.start, zone), second_in(span.end, zone), span.clone());
            view! {
                <p>{format!("{name}: events from {from} to before {before}.")}</p>
                {move || figures.get().filter(|figures| figures.plan.span() == span).map(|figures| what_is_in_it(&figures))}
                <p>"No event that began in it can be added, changed, re-rated, reversed or deleted until it is reopened. Events that are not processed stay as they are."</p>
            }.into_any()
        }
        Step::Open { .. } => view! {
            <p>{format!("{name}: its events can be added, changed, re-rated, reversed and deleted again. Figures that were reported for it may change.")}</p>
        }.into_any(),
    };
    let to_do = StoredValue::new((asked, name));
    let press = move |_| {
        if is_under_way.get_untracked() {
            return;
        }
        is_under_way.set(true);
        failed.set(None);
        let (asked, name) = to_do.get_value();
        spawn_local(async move {
            let answer = match &asked {
                Step::Close { span, zone, .. } => session.client.close_period(&name, span, zone).await,
                Step::Open { .. } => session.client.open_period(&name).await,
            };
            // Whatever the answer said or whether it came: the list tells.
            session.lookups.read_closed_periods().await;
            let is_closed = session
                .lookups
                .tables
                .with_untracked(|tables| tables.closed_periods().iter().any(|period| period.name == name));
            let is_done = is_closed == matches!(asked, Step::Close { .. });
            if is_under_way.try_set(false).is_some() {
                return;
            }
            match answer {
                Err(failure) if !is_done => failed.set(Some(failure)),
                _ => {
                    session.sync.notices.notify(Tone::Ok, format!("{name} is {now}."));
                    open.set(false);
                    done.run(());
                }
            }
        });
    };
    view! {
        {effect}
        <div role="alert">
            {move || failed.get().map(|failure| view! {
                <p class="form-error"><Icon name=IconName::Alert /><span>{format!("{}. {}", failure.title(), failure.advice())}</span></p>
            })}
        </div>
        <FormFoot open=open>
            <button class="button" data-kind="primary" disabled=move || is_under_way.get() on:click=press>{verb}</button>
        </FormFoot>
    }
    .into_any()
}

/// How many events the month has, how many of them are not done with, and what it comes to.
fn what_is_in_it(figures: &MonthFigures) -> AnyView {
    let groups = StatusGroups::of(figures);
    let all = figures.month.events(None);
    let in_error = figures.month.events(Some(&groups.codes(&[StatusClass::Error])));
    let waiting = figures.month.events(Some(&groups.unprocessed()));
    let undone = [(&in_error, "in error"), (&waiting, "waiting or in draft")];
    let undone = undone.into_iter().filter(|(figure, _)| drawn(figure) != Some(0));
    let undone: Vec<_> = undone.map(|(figure, state)| format!("{} {state}", number(figure))).collect();
    let worth = figures.month.amounts(&groups.billed(), Part::Net).map(|worth| match worth.known() {
        Known::Whole(amounts) if amounts.is_empty() => "It has no amounts.".to_owned(),
        Known::Whole(amounts) => format!("Net {}.", amounts_in_words(amounts)),
        Known::AtLeast(_) | Known::Nothing => "Its amounts are not all counted.".to_owned(),
    });
    view! {
        <p>{format!("It has {}. {}", events_words(&all), worth.unwrap_or_default())}</p>
        {(!undone.is_empty()).then(|| view! {
            <p class="notice" data-tone="warn"><Icon name=IconName::Alert />
                <span>{format!("Not all of them are processed: {}.", undone.join(", "))}</span>
            </p>
        })}
    }
    .into_any()
}
