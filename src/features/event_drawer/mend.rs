//! An event in error, mended by one edit: the field that its message names, and the status with which rating
//! tries it again, are saved together.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::UnsavedText;
use crate::features::field_form::FieldForm;
use crate::features::record_panel::with_edit_context;
use crate::ui::controls::{Icon, IconName, paste_number};
use crate::ui::grid::EditorKind;
use leptos::html::Input;
use leptos::prelude::*;
use record_store::Fields;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::error_groups::field_at_fault;
use rest_contract::oracle::life_cycle::EventStatus;
use rest_contract::{Access, Field, Value};

/// `message` is what rating said; `next_error` leads to the next event in error of the list.
#[component]
pub fn Mend(
    session: Session,
    event: RecordKey,
    message: String,
    next_error: Callback<isize>,
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
    let fault = Memo::new(move |_| {
        session.lookups.tables.track();
        let field = key.with_value(|key| {
            session.sync.with_view(key, |view| {
                let view = view?;
                field_at_fault(|name| view.confirmed(&name), &message)
            })
        });
        field
            .and_then(|name| EVENT.field(name))
            .filter(|field| field.access == Access::Writable)
            .map(|field| field.name)
    });
    move || {
        can_mend.get().then(|| match fault.get().and_then(|name| EVENT.field(name)) {
            Some(field) => view! { <MendField session=session key=key field=field next_error=next_error /> }.into_any(),
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

#[component]
fn MendField(
    session: Session,
    key: StoredValue<RecordKey>,
    field: &'static Field,
    next_error: Callback<isize>,
) -> impl IntoView {
    let over = key.with_value(|key| session.sync.seen(key));
    let zone = over.as_ref().and_then(|over| over.1.get("EventTimeZone")?.as_text()).unwrap_or_default();
    let value = over.as_ref().and_then(|over| over.1.get(field.name));
    let form = FieldForm::new(field, value, zone, &session.lookups.tables.get_untracked());
    let (is_number, choices) = match &form.kind {
        EditorKind::Choice(choices) => (false, choices.clone()),
        kind => (*kind == EditorKind::Number, Vec::new()),
    };
    let initial = form.initial.clone();
    let form = StoredValue::new_local(form);
    let over = StoredValue::new(over);
    let typed = RwSignal::new(String::new());
    let is_typed = Memo::new(move |_| typed.with(|typed| !typed.trim().is_empty()));
    let problem = Memo::new(move |_| {
        typed.with(|typed| form.with_value(|form| form.read(typed))).err().filter(|_| is_typed.get())
    });
    let echo =
        move || typed.with(|typed| form.with_value(|form| form.preview_of(typed))).filter(|_| is_typed.get());
    let field_ref = NodeRef::<Input>::new();
    let submit = move || {
        let text = typed.get_untracked();
        let read = form.with_value(|form| form.read(&text));
        let changes = match (read, over.get_value()) {
            (Ok(value), Some(over)) if is_typed.get_untracked() => {
                form.with_value(|form| form.proposed(field.name, (&text, value), &over))
            }
            _ => {
                if let Some(input) = field_ref.get_untracked() {
                    let _ = input.focus();
                }
                return false;
            }
        };
        typed.set(String::new());
        save(session, key, changes)
    };
    let address = StoredValue::new(window().location().pathname().unwrap_or_default());
    on_cleanup(move || {
        if session.with_access(|access| access.is_none()) {
            return;
        }
        if let Some(text) = typed.try_get_untracked().filter(|text| !text.trim().is_empty()) {
            let (place, address) =
                key.with_value(|key| (format!("{}, {}", key.title(), field.title), address.get_value()));
            let reason = "The event was left before.".to_owned();
            session.sync.notices.tell_unsaved(UnsavedText { place, text, reason, address });
        }
    });
    let then_next = move |_| {
        if submit() {
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
                prop:value=typed on:input:target=move |event| typed.set(event.target().value())
                on:paste=move |event| {
                    if let Some(text) = is_number.then(|| paste_number(&event)).flatten() {
                        typed.set(text);
                    }
                } />
            <datalist id="mend-values">
                {choices.into_iter().map(|(code, label)| view! { <option value=code>{label}</option> }).collect_view()}
            </datalist>
            <div id="mend-problem" role="alert">
                {move || problem.get().map(|problem| view! { <p class="field-error"><Icon name=IconName::Alert />{problem}</p> })}
            </div>
            {move || echo().map(|echo| view! { <p class="field-note">{echo}</p> })}
            <div class="mend-buttons">
                <button class="button" data-kind="primary" type="submit">"Save and set to Ready for processing"</button>
                <button class="button" data-kind="quiet" type="button" on:click=then_next>"Save and next error"</button>
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
    true
}
