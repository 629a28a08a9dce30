//! Until when a base bucket is in use: retiring it with its end, and bringing it back.

use crate::controls::{Icon, IconName};
use crate::display_text::{instant_utc, read_local};
use crate::record_sync::{Confirmed, FieldName};
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use record_store::{Fields, IntentId, IntentState, Mark};
use rest_contract::Value;

/// What is drawn of it.
#[derive(Clone, PartialEq)]
struct Standing {
    is_retired: bool,
    start: Option<DateTime<Utc>>,
    end: Option<DateTime<Utc>>,
    mark: Mark,
    refused: Option<(IntentId, String)>,
    barred: Option<&'static str>,
}

#[component]
pub fn Life(session: Session, key: RecordKey, retiring: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let key = StoredValue::new(key);
    let standing = Memo::new(move |_| {
        sync.revision.track();
        session.state.track();
        key.with_value(|key| standing_of(&session, key))
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
        standing.get().map(|standing| {
            let end =
                standing.end.map(|at| format!("{} UTC", instant_utc(&at).get(..19).unwrap_or_default()));
            match (standing.is_retired, end) {
                (true, Some(end)) => format!("Retired, with its end at {end}"),
                (true, None) => "Retired".to_owned(),
                (false, Some(end)) => format!("Active, with an end at {end}"),
                (false, None) => "Active".to_owned(),
            }
        })
    };
    let mark = move || standing.get().map_or(Mark::Confirmed, |standing| standing.mark);
    let button = move || {
        let standing = standing.get()?;
        let is_open = matches!(standing.mark, Mark::Confirmed);
        if standing.barred.is_some() || !is_open || retiring.get() {
            return None;
        }
        Some(if standing.is_retired {
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
            {move || standing.get().and_then(|standing| standing.refused).map(|(intent, reason)| view! {
                <div role="alert">
                    <p class="field-error"><Icon name=IconName::Alert />{reason}</p>
                    <div class="field-actions">
                        <button class="button" on:click=move |_| sync.retry(intent)>"Send again"</button>
                        <button class="button" data-kind="quiet" on:click=move |_| sync.discard(intent)>"Drop it"</button>
                    </div>
                </div>
            })}
            <Show when=move || retiring.get()>
                <RetireForm start=standing.get_untracked().and_then(|standing| standing.start) over=seen() propose=propose close=move || retiring.set(false) />
            </Show>
        </section>
    }
}

#[component]
fn RetireForm(
    start: Option<DateTime<Utc>>,
    /// The bucket as it was when the form was opened.
    over: Option<Confirmed>,
    propose: impl Fn(Option<Confirmed>, Fields<FieldName, Value>) + Copy + Send + Sync + 'static,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let end = RwSignal::new(instant_utc(&Utc::now()).get(..19).unwrap_or_default().to_owned());
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
        <form class="bucket-form" on:submit=submit on:keydown=move |event| if event.key() == "Escape" { event.prevent_default(); close(); }>
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
    let end = read_local(text, "UTC")?;
    match start.filter(|start| end < *start) {
        Some(start) => Err(format!(
            "The end cannot lie before the start, {} UTC.",
            instant_utc(&start).get(..19).unwrap_or_default()
        )),
        None => Ok(end),
    }
}

fn standing_of(session: &Session, key: &RecordKey) -> Option<Standing> {
    let barred = session.with_access(|access| access.and_then(|access| access.role.barred_from_buckets()));
    session.sync.with_view(key, |view| {
        let view = view?;
        let instant = |name: FieldName| view.shown(&name).and_then(Value::as_date_time);
        let refused =
            view.intents().filter(|intent| intent.changes().any(|change| *change.field == "retired"));
        let refused = refused.filter_map(|intent| match intent.state() {
            IntentState::Refused { reasons, .. } => {
                let reasons: Vec<_> = reasons.iter().map(|reason| reason.message.as_str()).collect();
                Some((intent.id(), reasons.join(" ")))
            }
            _ => None,
        });
        Some(Standing {
            is_retired: view.shown(&"retired") == Some(&Value::Boolean(true)),
            start: instant("start"),
            end: instant("end"),
            mark: view.mark(&"retired"),
            refused: refused.last(),
            barred,
        })
    })
}

fn mark_name(mark: Mark) -> &'static str {
    crate::event_grid::cell_mark(mark, || false).name()
}

fn mark_words(mark: Mark) -> &'static str {
    crate::event_grid::cell_mark(mark, || false).words()
}
