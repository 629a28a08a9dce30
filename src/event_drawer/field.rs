//! One field of a record: read, or edited in place with its state beside it.

use crate::controls::{Icon, IconName, take_lost_focus};
use crate::event_grid::cell_mark;
use crate::field_form::{FieldForm, Standing, shown_text};
use crate::grid_view::EditorKind;
use crate::record_sync::{Confirmed, FieldName, View, typed_value};
use crate::rest_client::{RecordKey, Resource};
use crate::sign_in::Session;
use grid_model::CellMark;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use record_store::{Fields, IntentId, IntentState};
use rest_contract::{Field, Value};
use wasm_bindgen::JsCast;

/// Everything about a field that is drawn; compared so that only fields that changed are.
#[derive(Clone, PartialEq)]
struct Look {
    text: String,
    mark: CellMark,
    /// Why it cannot be edited, if so.
    barred: bool,
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
    let is_editor = Memo::new(move |_| !look.get().barred);
    let wide = matches!(field.name, "Error" | "ChargeName" | "FileName" | "name");
    let label_for = id.clone();
    let body = move || {
        if is_editor.get() {
            view! { <FieldEditor session=session event=event key=key field=field look=look id=id.clone() /> }
                .into_any()
        } else {
            let empty = move || look.get().text.is_empty();
            let text = move || if empty() { "\u{2013}".to_owned() } else { look.get().text };
            view! { <p class="field-value" id=id.clone() tabindex="-1" data-empty=move || empty().then_some("")>{text}</p> }
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

/// Where a text that is being typed began.
#[derive(Clone)]
struct Began {
    initial: String,
    over: Confirmed,
}

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
    let began = StoredValue::new(None::<Began>);
    let type_in = move |text: String| {
        if draft.with_untracked(Option::is_none) {
            let initial = look.with_untracked(|look| look.initial.clone());
            let over = key.with_value(|key| session.sync.seen(key));
            began.set_value(over.map(|over| Began { initial, over }));
        }
        draft.set(Some(text));
    };
    let shown = move || draft.get().unwrap_or_else(|| look.get().initial);
    let form = move || {
        key.with_value(|key| {
            event.with_value(|event| {
                with_value(&session, event, key, field, |value, zone| {
                    FieldForm::new(field, value, zone, &session.lookups.tables.get_untracked())
                })
            })
        })
    };
    let problem = Memo::new(move |_| draft.get().and_then(|text| form().read(&text).err()));
    let commit = move || {
        // A field that is taken off the page loses the focus, and hears of it when it has ended.
        let Some(Some(text)) = draft.try_get_untracked() else { return };
        let Some(Began { initial, over }) = began.get_value() else { return };
        if text == initial && look.with_untracked(|look| look.refused.is_none()) {
            draft.set(None);
            return;
        }
        let Ok(value) = form().read(&text) else { return };
        draft.set(None);
        session.sync.propose(key.get_value(), over, Fields::from([(field.name, value)]));
    };
    // Whoever leaves the event by the browser's Back has left the field as well. In a conflict the
    // card decides, and nothing is put on top of it.
    on_cleanup(move || {
        let mark = look.try_get_untracked().map(|look| look.mark);
        if mark.is_some_and(|mark| mark != CellMark::Conflict) {
            commit();
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
    let kind = Memo::new(move |_| look.get().kind);
    let input = move || {
        let (id, described) = (id.clone(), described.clone());
        match kind.get() {
            EditorKind::Choice(choices) if choices.len() > TYPED_ABOVE => {
                let list = format!("{id}-values");
                let options = choices.into_iter().filter(|(code, _)| !code.is_empty());
                view! {
                    <input class="input" id=id list=list.clone() aria-describedby=described aria-invalid=invalid data-mark=mark
                        autocomplete="off" spellcheck="false" prop:value=shown
                        on:input:target=move |event| type_in(event.target().value())
                        on:blur=move |_| commit()
                        on:keydown=on_key />
                    <datalist id=list>{options.map(|(code, label)| view! { <option value=code>{label}</option> }).collect_view()}</datalist>
                }
                .into_any()
            }
            EditorKind::Choice(choices) => view! {
                <select class="input" id=id aria-describedby=described aria-invalid=invalid data-mark=mark
                    prop:value=shown
                    on:change:target=move |event| {
                        type_in(event.target().value());
                        commit();
                    }>
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
                    <input class="input" id=id aria-describedby=described aria-invalid=invalid data-mark=mark
                        data-kind=is_number.then_some("number") inputmode=is_number.then_some("decimal")
                        autocomplete="off" spellcheck="false"
                        prop:value=shown
                        on:input:target=move |event| type_in(event.target().value())
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
        let typed = draft.get().and_then(|text| form().note_on(&text));
        typed.or(look.get().note).map(|note| view! { <p class="field-note">{note}</p> }.into_any())
    };
    view! {
        {input}
        <div id=problem_id role="alert">{below}</div>
    }
}

/// Looks at a record the way the rules of editing do.
pub fn with_standing<T>(
    session: &Session,
    event: &RecordKey,
    key: &RecordKey,
    look: impl FnOnce(Standing<'_>) -> T,
) -> T {
    session.with_access(|access| {
        session.sync.with_store(|store| {
            let owner = store.view(event);
            let status = |value: Option<&'_ Value>| value.and_then(Value::as_text).map(str::to_owned);
            let confirmed = owner.as_ref().and_then(|view| status(view.confirmed(&"EventStatus")));
            let shown = owner.as_ref().and_then(|view| status(view.shown(&"EventStatus")));
            let view = store.view(key);
            look(Standing {
                access,
                resource: key.resource,
                event_status: [confirmed.as_deref(), shown.as_deref()],
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
    let form =
        with_value(session, event, key, field, |value, zone| FieldForm::new(field, value, zone, &tables));
    let bars = with_standing(session, event, key, |standing| standing.bars(field, &tables)).is_some();
    let sync = &session.sync;
    let (text, mark, refused) = sync.with_store(|store| {
        let owner = store.view(event);
        let zone =
            owner.as_ref().and_then(|view| view.shown(&"EventTimeZone")?.as_text()).unwrap_or_default();
        let Some(view) = store.view(key) else { return (String::new(), CellMark::Plain, None) };
        let text = shown_text(field, view.shown(&field.name), zone, &tables);
        let mark = cell_mark(view.mark(&field.name), || sync.was_just_saved(key, field.name));
        (text, mark, refusal(&view, field))
    });
    Look {
        text,
        mark,
        // A conflict is decided on its card, a refusal by correcting what was typed.
        barred: mark == CellMark::Conflict || (bars && refused.is_none()),
        initial: form.initial,
        note: form.note,
        kind: form.kind,
        refused,
    }
}

/// The refused proposal of a field with the server's reasons.
fn refusal(view: &View<'_>, field: &Field) -> Option<(IntentId, String)> {
    let refused = view.intents().filter(|intent| intent.changes().any(|change| *change.field == field.name));
    refused
        .filter_map(|intent| match intent.state() {
            IntentState::Refused { reasons, .. } => {
                let reasons: Vec<_> = reasons.iter().map(|reason| reason.message.as_str()).collect();
                Some((intent.id(), reasons.join(" ")))
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
