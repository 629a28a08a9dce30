//! An event in error, mended by one edit: the field that its message names, and the status with which rating
//! tries it again, are saved together.

use super::expected::{QUANTITIES, SAME_AMOUNT, amount_in_words, batch_of, usage_of};
use crate::api::RecordKey;
use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::data::sync::UnsavedText;
use crate::features::field_form::{FieldForm, mapped_first};
use crate::features::record_panel::with_edit_context;
use crate::features::usual_reading::UsualReading;
use crate::routes::address_now;
use crate::ui::controls::{Icon, IconName, paste_number, take_lost_focus};
use crate::ui::grid::EditorKind;
use crate::ui::part::part;
use grid_model::Tone;
use leptos::html::Input;
use leptos::prelude::*;
use record_store::Fields;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::error_groups::{field_advised, field_at_fault};
use rest_contract::oracle::life_cycle::EventStatus;
use rest_contract::{Access, Field, Lookup, Value};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use wasm_bindgen::JsCast;

part! {
    /// The edit that mends it.
    pub mod mend_part in estimate: (session: Session, event: RecordKey, message: String, advice: String, next_error: Callback<isize>, usual: UsualReading) =>
        view! { <Mend session=session event=event message=message advice=advice next_error=next_error usual=usual /> }
}

/// `message` is what rating said, `advice` what it says to do; `next_error` leads to the next event in error of the list.
#[component]
fn Mend(
    session: Session,
    event: RecordKey,
    message: String,
    advice: String,
    next_error: Callback<isize>,
    usual: UsualReading,
) -> impl IntoView {
    let key = StoredValue::new(event);
    let can_mend = Memo::new(move |_| {
        session.sync.revision.track();
        session.state.track();
        let tables = session.lookups.tables.get();
        key.with_value(|key| {
            with_edit_context(&session, key, key, |context| context.why_read_only(&tables)).is_none()
        })
    });
    // What only the advice names may be right as it is, and something else have been put right meanwhile.
    let fault = Memo::new(move |_| {
        session.lookups.tables.track();
        let named = key.with_value(|key| {
            session.sync.with_view(key, |view| {
                let view = view?;
                field_at_fault(|name| view.confirmed(&name), &message)
            })
        });
        let is_writable =
            |name: &&str| EVENT.field(name).is_some_and(|field| field.access == Access::Writable);
        let named = named.filter(is_writable).map(|name| (name, false));
        named.or_else(|| field_advised(&advice).map(|name| (name, true)))
    });
    move || {
        let field = || fault.get().and_then(|(name, may_stay)| Some((EVENT.field(name)?, may_stay)));
        can_mend.get().then(|| match field() {
            Some((field, may_stay)) => view! { <MendField session=session key=key field=field may_stay=may_stay next_error=next_error usual=usual /> }.into_any(),
            None => view! {
                <div class="mend">
                    <button class="button" type="button" on:click=move |_| { save(session, key, Fields::new()); }>{SET_READY}</button>
                </div>
            }
            .into_any(),
        })
    }
}

const SET_READY: &str = "Set to Ready for processing";

/// The person goes from one mended event to the next: its field takes the keyboard.
static MENDS_NEXT: AtomicBool = AtomicBool::new(false);

const SAME_VALUE: &str =
    "This value stands there now: nothing is corrected, and the event is rated once more as it is.";

const NEXT_WITHIN: Duration = Duration::from_secs(5);

fn focus_on(field: NodeRef<Input>) {
    if let Some(input) = field.get_untracked() {
        let _ = input.focus();
    }
}

/// `may_stay`: the field need not be at fault, so that the status is offered alone too.
#[component]
fn MendField(
    session: Session,
    key: StoredValue<RecordKey>,
    field: &'static Field,
    may_stay: bool,
    next_error: Callback<isize>,
    usual: UsualReading,
) -> impl IntoView {
    let over = key.with_value(|key| session.sync.seen(key));
    let over = StoredValue::new(over);
    let made = move |tables: &LookupTables| {
        over.with_value(|over| {
            let fields = over.as_ref().map(|over| &over.1);
            let zone = fields.and_then(|fields| fields.get("EventTimeZone")?.as_text()).unwrap_or_default();
            FieldForm::new(field, fields.and_then(|fields| fields.get(field.name)), zone, tables)
        })
    };
    let form = made(&session.lookups.tables.get_untracked());
    let is_number = form.kind == EditorKind::Number;
    let (initial, note) = (form.initial.clone(), form.note.clone());
    let form = StoredValue::new_local(form);
    // A list of values may come while one types.
    let formed = RwSignal::new(0_u64);
    Effect::new(move || {
        form.set_value(session.lookups.tables.with(|tables| made(tables)));
        formed.update(|times| *times += 1);
    });
    let typed = RwSignal::new(String::new());
    let is_typed = Memo::new(move |_| typed.with(|typed| !typed.trim().is_empty()));
    // Saved before anything was typed.
    let lacks_value = RwSignal::new(false);
    let problem = Memo::new(move |_| {
        formed.track();
        if !is_typed.get() {
            return lacks_value.get().then(|| "Enter a value first.".to_owned());
        }
        typed.with(|typed| form.with_value(|form| form.read(typed))).err()
    });
    let echo = move || {
        let echo = typed.with(|typed| form.with_value(|form| form.preview_of(typed)));
        echo.filter(|_| is_typed.get()).or_else(|| note.clone())
    };
    session.lookups.want_rates();
    // What rating will make of the typed value, as far as the rates tell, in words, and whether these warn.
    let forecast = Memo::new(move |_| {
        formed.track();
        session.sync.revision.track();
        let book = session.lookups.rates.book.get().filter(|_| is_typed.get())?;
        let value = typed.with(|typed| form.with_value(|form| form.read(typed))).ok()?;
        let stands = over.with_value(|over| over.as_ref()?.1.get(field.name).cloned());
        if stands.as_ref() == Some(&value) {
            return Some((true, SAME_VALUE.to_owned()));
        }
        let (before, usage, batch) = key.with_value(|key| {
            session.sync.with_view(key, |view| {
                let view = view?;
                let usage = usage_of(&view, Some((field.name, &value)));
                Some((usage_of(&view, None), usage, batch_of(&view)))
            })
        })?;
        match book.estimate(&usage) {
            Ok(estimate) => {
                let amount = amount_in_words(&estimate);
                let is_same = QUANTITIES.contains(&field.name)
                    && book.estimate(&before).is_ok_and(|before| {
                        (&before.currency, before.billed()) == (&estimate.currency, estimate.billed())
                    });
                let doubt = usual.doubt(&batch, &estimate);
                let more = doubt.as_deref().or(is_same.then_some(SAME_AMOUNT));
                let more = more.map(|more| format!(". {more}")).unwrap_or_default();
                Some((doubt.is_some(), format!("Expected amount with this value: {amount}{more}")))
            }
            Err(reason) if reason.leads_to_error() => {
                Some((true, format!("It will still be in error: {reason}")))
            }
            Err(_) => None,
        }
    });
    // Units in which the event can be rated, each with those that it is mapped to.
    let mapped = Memo::new(move |_| {
        formed.track();
        let event_type = over.with_value(|over| {
            over.as_ref().and_then(|over| Some(over.1.get("EventType")?.as_text()?.to_owned()))
        });
        let book = session.lookups.rates.book.get();
        book.zip(event_type).map(|(book, event_type)| book.mapped_units(&event_type)).unwrap_or_default()
    });
    let forecast = move || {
        forecast.get().map(|(is_warning, words)| {
            let tone = if is_warning { Tone::Warn } else { Tone::Quiet };
            view! { <p class="field-note" data-tone=tone.name() data-testid="forecast" role="status">{is_warning.then(|| view! { <Icon name=IconName::Alert /> })}{words}</p> }
        })
    };
    let field_ref = NodeRef::<Input>::new();
    let submit = move || {
        let text = typed.get_untracked();
        let read = form.with_value(|form| form.read(&text));
        let changes = match (read, over.get_value()) {
            (Ok(value), Some(over)) if is_typed.get_untracked() => {
                form.with_value(|form| form.proposed(field.name, (&text, value), &over))
            }
            _ => {
                lacks_value.set(true);
                focus_on(field_ref);
                return false;
            }
        };
        typed.set(String::new());
        save(session, key, changes)
    };
    if MENDS_NEXT.swap(false, Ordering::Relaxed) {
        request_animation_frame(move || focus_on(field_ref));
    }
    let address = StoredValue::new(String::new());
    let type_in = move |text: String| {
        address.set_value(address_now());
        typed.set(text);
    };
    let place = key.with_value(|key| format!("{}, {}", key.title(), field.title));
    let place = StoredValue::new(place);
    Effect::new(move || {
        let notices = session.sync.notices;
        notices.asked_back.track();
        // What somebody has begun here since then is not written over.
        if !is_typed.get_untracked()
            && let Some(text) = place.with_value(|place| notices.take_back(place, true))
        {
            type_in(text);
            request_animation_frame(move || focus_on(field_ref));
        }
    });
    on_cleanup(move || {
        if session.with_access(|access| access.is_none()) {
            return;
        }
        if let Some(text) = typed.try_get_untracked().filter(|text| !text.trim().is_empty()) {
            let (place, address) = (place.get_value(), address.get_value());
            let reason = "You left the event before saving.".to_owned();
            session.sync.notices.tell_unsaved(UnsavedText { place, text, reason, address, mends: true });
        }
    });
    let then_next = move |_| {
        if submit() {
            MENDS_NEXT.store(true, Ordering::Relaxed);
            // Where there is no next one, an event that is opened later was not asked for by this.
            set_timeout(|| MENDS_NEXT.store(false, Ordering::Relaxed), NEXT_WITHIN);
            next_error.run(1);
        }
    };
    view! {
        <form class="mend" novalidate on:submit=move |event| { event.prevent_default(); submit(); }>
            <label class="label" for="mend-value">{format!("{} instead of {initial}", field.title)}</label>
            <input class="input" id="mend-value" node_ref=field_ref list="mend-values" autocomplete="off" spellcheck="false"
                aria-describedby="mend-problem" aria-invalid=move || problem.get().is_some().to_string()
                data-kind=is_number.then_some("number") inputmode=is_number.then_some("decimal")
                data-half-typed=move || is_typed.get().then_some("")
                prop:value=typed on:input:target=move |event| {
                    lacks_value.set(false);
                    type_in(event.target().value());
                }
                on:paste=move |event| {
                    if let Some(text) = is_number.then(|| paste_number(&event)).flatten() {
                        type_in(text);
                    }
                } />
            <datalist id="mend-values">
                {move || {
                    formed.track();
                    let mut choices = form.with_value(|form| match &form.kind {
                        EditorKind::Choice(choices) => choices.clone(),
                        EditorKind::Text | EditorKind::Number | EditorKind::DateTime => Vec::new(),
                    });
                    if field.lookup == Some(Lookup::UnitOfMeasure) {
                        mapped.with(|mapped| mapped_first(&mut choices, mapped));
                    }
                    choices
                    .into_iter()
                    .map(|(code, label)| view! { <option value=code>{label}</option> })
                    .collect_view()
                }}
            </datalist>
            <div id="mend-problem" role="alert">
                {move || problem.get().map(|problem| view! { <p class="field-error"><Icon name=IconName::Alert />{problem}</p> })}
            </div>
            {move || echo().map(|echo| view! { <p class="field-note">{echo}</p> })}
            {forecast}
            <div class="mend-buttons">
                <button class="button" data-kind="primary" type="submit">"Save and set to Ready for processing"</button>
                <button class="button" data-kind="quiet" type="button" on:click=then_next>"Save and next error"</button>
                {may_stay.then(|| view! { <button class="button" data-kind="quiet" type="button" on:click=move |_| { save(session, key, Fields::new()); }>{SET_READY}</button> })}
            </div>
        </form>
    }
}

/// One edit of the field and of the status, to be taken or refused together.
fn save(session: Session, key: StoredValue<RecordKey>, mut changes: Fields<&'static str, Value>) -> bool {
    let key = key.get_value();
    let Some(over) = session.sync.seen(&key) else { return false };
    changes.insert("EventStatus", Value::Text(EventStatus::Ready.code().to_owned()));
    session.sync.propose(key, over, changes);
    // The banner goes with the error; the drawer keeps the keyboard.
    request_animation_frame(|| {
        let head = document().query_selector(".drawer-head").ok().flatten();
        take_lost_focus(head.map(JsCast::unchecked_into));
    });
    true
}
