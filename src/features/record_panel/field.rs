//! One field of a record: read, or edited in place with its state beside it.

use super::cell_mark;
use crate::api::{RecordKey, Resource};
use crate::data::session::Session;
use crate::data::sync::{Confirmed, FieldName, UnsavedText, View, refusal_as_said, typed_value};
use crate::features::field_form::{EditContext, FieldForm, shown_text};
use crate::routes::{self, address_now};
use crate::text::{StatusClass, amount, class_of, with_times_in};
use crate::ui::controls::{Icon, IconName, paste_number, take_lost_focus};
use crate::ui::grid::EditorKind;
use grid_model::CellMark;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use record_store::{ChangeView, IntentId, IntentState};
use rest_contract::oracle::eligibility::is_reversal;
use rest_contract::{Field, Lookup, Value};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Everything about a field that is drawn; compared so that only fields that changed are.
#[derive(Clone, PartialEq)]
struct Look {
    text: String,
    mark: CellMark,
    /// Why it cannot be edited, if so.
    blocked: bool,
    /// The text that an edit begins with: what was typed and refused, or the shown value.
    initial: String,
    note: Option<String>,
    kind: EditorKind,
    refused: Option<(IntentId, String)>,
}

#[component]
pub fn RecordField(
    session: Session,
    event: RecordKey,
    key: RecordKey,
    name: &'static FieldName,
) -> impl IntoView {
    let field = key.resource.schema().field(name)?;
    let id = field_id(&key, field.name);
    let key = StoredValue::new(key);
    let event = StoredValue::new(event);
    let look = Memo::new(move |_| {
        session.sync.revision.track();
        session.state.track();
        session.lookups.tables.track();
        key.with_value(|key| event.with_value(|event| look(&session, event, key, field)))
    });
    let mark = Memo::new(move |_| look.get().mark);
    let is_editor = Memo::new(move |_| !look.get().blocked);
    let wide = matches!(field.name, "Error" | "ChargeName" | "FileName" | "name");
    let label_for = id.clone();
    let body = move || {
        if is_editor.get() {
            view! { <FieldEditor session=session event=event key=key field=field look=look id=id.clone() /> }
                .into_any()
        } else {
            let empty = move || look.get().text.is_empty();
            let is_quiet = move || empty() || look.with(|look| look.text.starts_with(BEFORE_CORRECTION));
            let text = move || {
                if empty() {
                    return "\u{2013}".into_any();
                }
                let text = look.get().text;
                if field.lookup != Some(Lookup::Batch) {
                    return text.into_any();
                }
                let number = key.with_value(|key| {
                    session.sync.with_view(key, |view| Some(view?.shown(&field.name)?.as_text()?.to_owned()))
                });
                view! { <a href=number.map(|number| routes::batch(&number))>{text}</a> }.into_any()
            };
            view! { <p class="field-value" id=id.clone() tabindex="-1" data-quiet=move || is_quiet().then_some("")>{text}</p> }
                .into_any()
        }
    };
    Some(view! {
        <div class="field" data-wide=wide.then_some("") data-field=field.name>
            <div class="field-head">
                {move || if is_editor.get() {
                    view! { <label class="label" for=label_for.clone()>{field.title}</label> }.into_any()
                } else {
                    view! { <span class="label">{field.title}</span> }.into_any()
                }}
                <span class="field-mark" data-mark=move || mark.get().name() role="status">
                    {move || mark_icon(mark.get()).map(|icon| view! { <Icon name=icon />{mark_words(mark.get())} })}
                </span>
            </div>
            {body}
        </div>
    })
}

/// The place of a record's field on the page.
pub(super) fn field_id(key: &RecordKey, field: FieldName) -> String {
    format!("{}-{field}", key.name())
}

/// Where a text that is being typed began. What it means is what the field meant then.
#[derive(Clone)]
struct Began {
    form: FieldForm,
    over: Confirmed,
    /// The page's address then.
    address: String,
}

/// What stands before a rating error of an event that is no longer in error.
pub const BEFORE_CORRECTION: &str = "Before the correction: ";

/// A list with more values is searched by typing; a shorter one is chosen from.
const TYPED_ABOVE: usize = 12;

#[component]
fn FieldEditor(
    session: Session,
    event: StoredValue<RecordKey>,
    key: StoredValue<RecordKey>,
    field: &'static Field,
    look: Memo<Look>,
    id: String,
) -> impl IntoView {
    // What is being typed; nothing while the field shows the store's value.
    let draft = RwSignal::new(None::<String>);
    // What was before the person's eyes when they began to type it.
    let began = StoredValue::new_local(None::<Began>);
    let form_now = move || {
        key.with_value(|key| {
            event.with_value(|event| {
                with_value(&session, event, key, field, |value, zone| {
                    FieldForm::new(field, value, zone, &session.lookups.tables.get_untracked())
                })
            })
        })
    };
    let place = StoredValue::new(key.with_value(|key| format!("{}, {}", key.title(), field.title)));
    let type_in = move |text: String| {
        if draft.with_untracked(Option::is_none) {
            let over = key.with_value(|key| session.sync.seen(key));
            began.set_value(over.map(|over| Began { form: form_now(), over, address: address_now() }));
        }
        draft.set(Some(text));
    };
    let shown = move || draft.get().unwrap_or_else(|| look.get().initial);
    let form = move || {
        began.with_value(|began| began.as_ref().map(|began| began.form.clone())).unwrap_or_else(form_now)
    };
    let problem = Memo::new(move |_| draft.get().and_then(|text| form().read(&text).err()));
    let commit = move || {
        // A field that is taken off the page loses the focus, and hears of it when it has ended.
        let Some(Some(text)) = draft.try_get_untracked() else { return };
        let Some(Began { form, over, .. }) = began.get_value() else { return };
        if text == form.initial && look.with_untracked(|look| look.refused.is_none()) {
            draft.set(None);
            return;
        }
        let Ok(value) = form.read(&text) else { return };
        draft.set(None);
        let changes = form.proposed(field.name, (&text, value), &over);
        session.sync.propose(key.get_value(), over, changes);
    };
    // Whoever leaves the event by the browser's Back has left the field as well. In a conflict the
    // card decides, and nothing is put on top of it. Whoever has signed out leaves nothing behind.
    on_cleanup(move || {
        let Some(mark) = look.try_get_untracked().map(|look| look.mark) else { return };
        if session.with_access(|access| access.is_none()) {
            return;
        }
        if mark != CellMark::Conflict {
            commit();
        }
        let Some(Some(text)) = draft.try_get_untracked() else { return };
        let Some(Began { form, address, .. }) = began.get_value() else { return };
        let reason = form.read(&text).err();
        let reason =
            reason.unwrap_or_else(|| "Somebody else changed it meanwhile: decide there first.".to_owned());
        let place = place.get_value();
        session.sync.notices.tell_unsaved(UnsavedText { place, text, reason, address, mends: false });
    });
    let taking_id = id.clone();
    Effect::new(move || {
        let notices = session.sync.notices;
        notices.asked_back.track();
        // What somebody has begun here since then is not written over.
        if draft.with_untracked(Option::is_none)
            && let Some(text) = place.with_value(|place| notices.take_back(place, false))
        {
            type_in(text);
            let id = taking_id.clone();
            request_animation_frame(move || {
                let field = document().get_element_by_id(&id);
                let _ = field.map(|field| field.unchecked_into::<HtmlElement>().focus());
            });
        }
    });
    // Where the field can no longer be edited, its text takes the focus over from its editor.
    let own_id = id.clone();
    on_cleanup(move || {
        if document().active_element().is_some_and(|element| element.id() == own_id) {
            request_animation_frame(move || {
                let text = document().get_element_by_id(&own_id);
                take_lost_focus(text.map(JsCast::unchecked_into));
            });
        }
    });
    let on_key = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => commit(),
        "Escape" if draft.get_untracked().is_some() => {
            event.prevent_default();
            draft.set(None);
        }
        _ => (),
    };
    let problem_id = format!("{id}-problem");
    let described = problem_id.clone();
    let invalid = move || (problem.get().is_some() || look.get().refused.is_some()).to_string();
    let mark = move || look.get().mark.name();
    let half_typed = move || draft.get().map(|_| "");
    let kind = Memo::new(move |_| look.get().kind);
    let input = move || {
        let (id, described) = (id.clone(), described.clone());
        match kind.get() {
            EditorKind::Choice(choices) if choices.len() > TYPED_ABOVE => {
                let list = format!("{id}-values");
                let options = choices.into_iter().filter(|(code, _)| !code.is_empty());
                view! {
                    <input class="input" id=id list=list.clone() aria-describedby=described aria-invalid=invalid data-mark=mark data-half-typed=half_typed
                        autocomplete="off" spellcheck="false" prop:value=shown
                        on:input:target=move |event| type_in(event.target().value())
                        on:blur=move |_| commit()
                        on:keydown=on_key />
                    <datalist id=list>{options.map(|(code, label)| view! { <option value=code>{label}</option> }).collect_view()}</datalist>
                }
                .into_any()
            }
            EditorKind::Choice(choices) => view! {
                <select class="input" id=id aria-describedby=described aria-invalid=invalid data-mark=mark data-half-typed=half_typed
                    prop:value=shown
                    on:change:target=move |event| {
                        type_in(event.target().value());
                        commit();
                    }
                    on:blur=move |_| commit()>
                    {choices.into_iter().map(|(code, label)| {
                        let this = code.clone();
                        view! { <option value=code selected=move || shown() == this>{label}</option> }
                    }).collect_view()}
                </select>
            }
            .into_any(),
            other => {
                let is_number = other == EditorKind::Number;
                view! {
                    <input class="input" id=id aria-describedby=described aria-invalid=invalid data-mark=mark data-half-typed=half_typed
                        data-kind=is_number.then_some("number") inputmode=is_number.then_some("decimal")
                        autocomplete="off" spellcheck="false"
                        prop:value=shown
                        on:input:target=move |event| type_in(event.target().value())
                        on:paste=move |event| {
                            if let Some(text) = is_number.then(|| paste_number(&event)).flatten() {
                                type_in(text);
                            }
                        }
                        on:blur=move |_| commit()
                        on:keydown=on_key />
                }
                .into_any()
            }
        }
    };
    let below = move || {
        if let Some(problem) = problem.get() {
            return Some(
                view! { <p class="field-error"><Icon name=IconName::Alert />{problem}</p> }.into_any(),
            );
        }
        if let Some((intent, reason)) = look.get().refused {
            return Some(view! {
                <p class="field-error"><Icon name=IconName::Alert />{reason}</p>
                <p class="field-note">{format!("The server holds: {}", look.get().text)}</p>
                <div class="field-actions">
                    <button class="button" on:click=move |_| session.sync.retry(intent)>"Send again"</button>
                    <button class="button" data-kind="quiet" on:click=move |_| session.sync.discard(intent)>"Drop my value"</button>
                </div>
            }.into_any());
        }
        let typed = draft.get().and_then(|text| form().preview_of(&text));
        typed.or(look.get().note).map(|note| view! { <p class="field-note">{note}</p> }.into_any())
    };
    view! {
        {input}
        <div id=problem_id role="alert">{below}</div>
    }
}

/// Looks at a record the way the rules of editing do.
pub fn with_edit_context<T>(
    session: &Session,
    event: &RecordKey,
    key: &RecordKey,
    look: impl FnOnce(EditContext<'_>) -> T,
) -> T {
    session.with_access(|access| {
        session.sync.with_store(|store| {
            let owner = store.view(event);
            let confirmed = owner.as_ref().and_then(|view| view.confirmed(&"EventStatus"));
            let shown = owner.as_ref().and_then(|view| view.shown(&"EventStatus"));
            let view = store.view(key);
            look(EditContext {
                access,
                resource: key.resource,
                event_status: [confirmed, shown],
                event_start: owner.as_ref().and_then(|view| view.confirmed(&"EventStartTime")),
                is_reversal: owner.as_ref().is_some_and(|owner| {
                    is_reversal(owner.confirmed(&"RelatedEventId"), owner.confirmed(&"UsageQuantity"))
                }),
                version: view.as_ref().and_then(View::version),
                is_gone: view.as_ref().is_some_and(View::is_gone),
                is_retired: view
                    .as_ref()
                    .is_some_and(|view| view.shown(&"retired") == Some(&Value::Boolean(true))),
            })
        })
    })
}

/// The value that an editor begins with, and the zone of the event.
fn with_value<T>(
    session: &Session,
    event: &RecordKey,
    key: &RecordKey,
    field: &Field,
    look: impl FnOnce(Option<&Value>, &str) -> T,
) -> T {
    session.sync.with_store(|store| {
        let owner = store.view(event);
        let zone =
            owner.as_ref().and_then(|view| view.shown(&"EventTimeZone")?.as_text()).unwrap_or_default();
        let view = store.view(key);
        let typed = view.as_ref().and_then(|view| typed_value(view, field.name));
        look(typed.or_else(|| view.as_ref().and_then(|view| view.shown(&field.name))), zone)
    })
}

fn look(session: &Session, event: &RecordKey, key: &RecordKey, field: &'static Field) -> Look {
    let tables = session.lookups.tables.get_untracked();
    let (value, form) = with_value(session, event, key, field, |value, zone| {
        (value.cloned(), FieldForm::new(field, value, zone, &tables))
    });
    let is_blocked = with_edit_context(session, event, key, |context| {
        context.why_not_editable(field, value.as_ref(), &tables)
    })
    .is_some();
    let sync = &session.sync;
    let (text, mark, refused) = sync.with_store(|store| {
        let owner = store.view(event);
        let zone =
            owner.as_ref().and_then(|view| view.shown(&"EventTimeZone")?.as_text()).unwrap_or_default();
        let Some(view) = store.view(key) else { return (String::new(), CellMark::Plain, None) };
        let mut text = match view.shown(&field.name) {
            Some(Value::Decimal(found)) if field.name.ends_with("Amount") => {
                amount(found, view.shown(&"ChargeCurrency").and_then(Value::as_text).unwrap_or_default())
            }
            value => shown_text(field, value, zone, &tables),
        };
        let is_in_error = || {
            let status = owner.as_ref().and_then(|view| view.shown(&"EventStatus")?.as_text());
            status.map(class_of) == Some(StatusClass::Error)
        };
        // The list tells it so too.
        if field.name == "Error" && !text.is_empty() && !is_in_error() {
            text.insert_str(0, BEFORE_CORRECTION);
        }
        let mark = cell_mark(view.mark(&field.name), || sync.was_just_saved(key, field.name));
        (text, mark, refusal(&view, field, zone))
    });
    Look {
        text,
        mark,
        // A conflict is decided on its card, a refusal by correcting what was typed.
        blocked: mark == CellMark::Conflict || (is_blocked && refused.is_none()),
        initial: form.initial,
        note: form.note,
        kind: form.kind,
        refused,
    }
}

/// The refused proposal of a field with the server's reasons, whose times stand on the clock of the fields.
fn refusal(view: &View<'_>, field: &Field, zone: &str) -> Option<(IntentId, String)> {
    // What a change only rests on was not sent, so nobody refused it.
    let is_refused = |change: ChangeView<'_, FieldName, Value>| {
        *change.field == field.name && change.base != Some(change.mine)
    };
    let refused = view.intents().filter(|intent| intent.changes().any(is_refused));
    refused
        .filter_map(|intent| match intent.state() {
            IntentState::Refused { kind, reasons } => {
                Some((intent.id(), with_times_in(zone, &refusal_as_said(*kind, reasons))))
            }
            _ => None,
        })
        .last()
}

fn mark_icon(mark: CellMark) -> Option<IconName> {
    match mark {
        CellMark::Plain => None,
        CellMark::Waiting | CellMark::Sending => Some(IconName::Refresh),
        CellMark::Saved => Some(IconName::Check),
        CellMark::InDoubt => Some(IconName::Clock),
        CellMark::Conflict | CellMark::Refused => Some(IconName::Alert),
    }
}

/// Short enough to stand beside a label.
fn mark_words(mark: CellMark) -> &'static str {
    match mark {
        CellMark::Plain => "",
        CellMark::Waiting => "Not sent yet",
        CellMark::Sending => "Saving",
        CellMark::Saved => "Saved",
        CellMark::InDoubt => "In doubt, checking",
        CellMark::Conflict => "Conflict",
        CellMark::Refused => "Refused",
    }
}

/// Whether a resource's fields are shown at all for a key of that kind.
pub fn title_of(resource: Resource, field: FieldName) -> &'static str {
    resource.schema().field(field).map_or(field, |field| field.title)
}
