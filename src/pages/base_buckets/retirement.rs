//! Until when a base bucket is in use: retiring it with its end, and bringing it back.

use crate::api::{RecordKey, System};
use crate::data::session::Session;
use crate::data::sync::{Confirmed, FieldName, refusal_text};
use crate::features::form_request::RefusedChange;
use crate::text::{read_to_the_millisecond, second_utc};
use crate::ui::controls::{Icon, IconName};
use crate::ui::half_typed::mark_half_typed;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use record_store::{Fields, IntentId, IntentState, Mark};
use rest_contract::Value;

/// What is drawn of it.
#[derive(Clone, PartialEq)]
struct RetirementState {
    is_retired: bool,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    mark: Mark,
    refused: Option<(IntentId, String)>,
    blocked: Option<&'static str>,
}

#[component]
pub fn Life(session: Session, key: RecordKey, retiring: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let key = StoredValue::new(key);
    let state = Memo::new(move |_| {
        sync.revision.track();
        session.state.track();
        key.with_value(|key| retirement_state(&session, key))
    });
    let seen = move || key.with_value(|key| sync.seen(key));
    let propose = move |over: Option<Confirmed>, changes: Fields<FieldName, Value>| {
        if let Some(over) = over {
            sync.propose(key.get_value(), over, changes);
        }
    };
    let bring_back = move |_| {
        propose(seen(), Fields::from([("retired", Value::Boolean(false)), ("end", Value::Null)]));
    };
    let words = move || {
        state.get().map(|state| {
            let end = state.end.map(|at| format!("{} UTC", second_utc(&at)));
            match (state.is_retired, end) {
                (true, Some(end)) => format!("Retired, with its end at {end}"),
                (true, None) => "Retired".to_owned(),
                (false, Some(end)) => format!("Active, with an end at {end}"),
                (false, None) => "Active".to_owned(),
            }
        })
    };
    let mark = move || state.get().map_or(Mark::Confirmed, |state| state.mark);
    let button = move || {
        let state = state.get()?;
        let is_open = matches!(state.mark, Mark::Confirmed);
        if state.blocked.is_some() || !is_open || retiring.get() {
            return None;
        }
        Some(if state.is_retired {
            view! { <button class="button" on:click=bring_back>"Bring back"</button> }.into_any()
        } else {
            view! { <button class="button" on:click=move |_| retiring.set(true)>"Retire\u{2026}"</button> }
                .into_any()
        })
    };
    view! {
        <section data-section="life">
            <h3>"In use"</h3>
            <div class="bucket-line">
                <p class="field-value">{words}</p>
                <span class="field-mark" data-mark=move || mark_name(mark()) role="status">{move || mark_words(mark())}</span>
                {button}
            </div>
            {move || state.get().and_then(|state| state.refused).map(|(intent, reason)| view! { <RefusedChange sync=sync intent=intent reason=reason /> })}
            <Show when=move || retiring.get()>
                <RetireForm start=state.get_untracked().and_then(|state| state.start) now=session.client.now_at(System::LogiSense) over=seen() propose=propose close=move || retiring.set(false) />
            </Show>
        </section>
    }
}

#[component]
fn RetireForm(
    start: Option<DateTime<Utc>>,
    /// By the system's clock.
    now: DateTime<Utc>,
    /// The bucket as it was when the form was opened.
    over: Option<Confirmed>,
    propose: impl Fn(Option<Confirmed>, Fields<FieldName, Value>) + Copy + Send + Sync + 'static,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let end = RwSignal::new(second_utc(&now));
    let problem = RwSignal::new(None::<String>);
    let input = NodeRef::<leptos::html::Input>::new();
    Effect::new(move || {
        if let Some(input) = input.get() {
            // Whoever cannot be taken there finds it by Tab.
            let _ = input.focus();
        }
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match read_end(&end.get_untracked(), start) {
            Ok(end) => {
                let changes =
                    Fields::from([("retired", Value::Boolean(true)), ("end", Value::DateTime(end))]);
                propose(over.clone(), changes);
                close();
            }
            Err(reason) => problem.set(Some(reason)),
        }
    };
    view! {
        <form class="bucket-form" on:submit=submit on:input=move |event| mark_half_typed(&event) on:keydown=move |event| if event.key() == "Escape" { event.prevent_default(); close(); }>
            <div>
                <label class="label" for="retire-end">"End (UTC)"</label>
                <input class="input" id="retire-end" node_ref=input autocomplete="off" aria-describedby="retire-problem" aria-invalid=move || problem.get().is_some().to_string()
                    prop:value=end on:input:target=move |event| end.set(event.target().value()) />
            </div>
            <p class="field-note">"A retired base bucket stays where it is used, and nothing new can use it."</p>
            <div id="retire-problem" role="alert">{move || problem.get().map(|text| view! { <p class="field-error"><Icon name=IconName::Alert />{text}</p> })}</div>
            <div class="dialog-foot">
                <button class="button" data-kind="primary" type="submit">"Retire"</button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| close()>"Cancel"</button>
            </div>
        </form>
    }
}

/// The end that a text stands for. It cannot lie before the start.
pub fn read_end(text: &str, start: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, String> {
    let end = read_to_the_millisecond(text)?;
    match start.filter(|start| end < *start) {
        Some(start) => Err(format!("The end cannot lie before the start, {} UTC.", second_utc(&start))),
        None => Ok(end),
    }
}

fn retirement_state(session: &Session, key: &RecordKey) -> Option<RetirementState> {
    let blocked = session.blocked_from_buckets();
    session.sync.with_view(key, |view| {
        let view = view?;
        let instant = |name: FieldName| view.shown(&name).and_then(Value::as_date_time);
        let refused =
            view.intents().filter(|intent| intent.changes().any(|change| *change.field == "retired"));
        let refused = refused.filter_map(|intent| match intent.state() {
            IntentState::Refused { kind, reasons } => Some((intent.id(), refusal_text(*kind, reasons))),
            _ => None,
        });
        Some(RetirementState {
            is_retired: view.shown(&"retired") == Some(&Value::Boolean(true)),
            start: instant("start"),
            end: instant("end"),
            mark: view.mark(&"retired"),
            refused: refused.last(),
            blocked,
        })
    })
}

fn mark_name(mark: Mark) -> &'static str {
    crate::features::record_panel::cell_mark(mark, || false).name()
}

fn mark_words(mark: Mark) -> &'static str {
    crate::features::record_panel::cell_mark(mark, || false).words()
}
