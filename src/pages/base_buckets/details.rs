//! The rows that say which usage classes and places a base bucket covers: added, changed, removed.

use super::detail_form::{DetailForm, RowText};
use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, Confirmed, FieldName, refusal_text};
use crate::features::form_request::{FormRequest, FormRequestStatus, RefusedChange};
use crate::features::record_panel::cell_mark;
use crate::ui::controls::{Badge, take_lost_focus, take_lost_focus_within};
use grid_model::{CellMark, Tone};
use leptos::html::{Li, Section};
use leptos::prelude::*;
use record_store::{Content, Fields, IntentId, IntentState, Mark};
use rest_contract::Value;
use rest_contract::oracle::action::{self, Arguments};
use std::sync::Arc;

const FIELDS: [FieldName; 4] = ["usageClassId", "geoTreeLocationId", "geoTreeLocationGroupId", "exclude"];

#[component]
pub fn DetailRows(session: Session, bucket: RecordKey, rows: RwSignal<Arc<[RecordKey]>>) -> impl IntoView {
    let sync = session.sync;
    let bucket = StoredValue::new(bucket);
    let section = NodeRef::<Section>::new();
    let adding = RwSignal::new(false);
    let number = bucket.with_value(RecordKey::identity);
    let asking =
        FormRequest::taken_up(sync, number.and_then(|number| additions(&session, number).last().copied()));
    let blocked = Memo::new(move |_| {
        sync.revision.track();
        session.state.track();
        let role = session.blocked_from_buckets();
        let is_retired = bucket.with_value(|key| {
            sync.with_view(key, |view| {
                view.is_some_and(|view| view.shown(&"retired") == Some(&Value::Boolean(true)))
            })
        });
        role.is_some() || is_retired
    });
    let add = move |row: RowText| {
        let number = number.ok_or("This base bucket is not there yet.")?;
        let known = |key: &RecordKey| row_text(&session, key).is_some_and(|text| text == row);
        if rows.with_untracked(|rows| rows.iter().any(known)) {
            return Err("There is such a row already.".to_owned());
        }
        let mut arguments: Arguments = row.fields()?;
        arguments.insert("usageBucketBaseId", Value::Integer(number));
        let name = format!("{}-{}-{}", row.class, row.place, row.exclude);
        asking.ask(RecordKey::new_bucket_detail(number, &name), &action::CREATE, arguments);
        Ok(())
    };
    let close = move || {
        adding.set(false);
        take_lost_focus_within(section.get_untracked(), ":scope > button");
    };
    let left = move || take_lost_focus(section.try_get_untracked().flatten());
    let hint =
        move || if rows.with(|rows| rows.is_empty()) { "no rows: every class, everywhere" } else { "" };
    view! {
        <section data-section="details" node_ref=section tabindex="-1">
            <h3>"Covers"<span class="quiet">{hint}</span></h3>
            <ul class="detail-rows" aria-label="Rows of this base bucket">
                <For each=move || rows.get().to_vec() key=|key| key.path.clone() let:key>
                    <DetailRow session=session key=key blocked=blocked left=left />
                </For>
            </ul>
            {move || asking.is_under_way().then(|| view! { <p class="quiet" role="status">"Adding a row"</p> })}
            <FormRequestStatus asking=asking />
            {move || match (blocked.get(), adding.get()) {
                (true, _) => None,
                (false, true) => Some(view! { <DetailForm session=session id="new-row".to_owned() initial=RowText::default() send_words="Add the row" send=add close=close /> }.into_any()),
                (false, false) => Some(view! { <button class="button" on:click=move |_| adding.set(true)>"Add a row"</button> }.into_any()),
            }}
        </section>
    }
}

/// What is drawn of a row.
#[derive(Clone, PartialEq)]
struct Look {
    text: RowText,
    mark: CellMark,
    refused: Option<(IntentId, String)>,
    is_gone: bool,
    is_leaving: bool,
}

/// What is being done to a row by hand.
#[derive(Clone, PartialEq)]
enum Doing {
    Nothing,
    /// The form is open over what the row was when it was opened.
    Changing(RowText, Confirmed),
    /// Asked whether it is to go.
    Removing,
}

#[component]
fn DetailRow(
    session: Session,
    key: RecordKey,
    blocked: Memo<bool>,
    /// Hears that the row is no longer there.
    left: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let sync = session.sync;
    let id = format!("row-{}", key.name());
    let key = StoredValue::new(key);
    let look = Memo::new(move |_| {
        sync.revision.track();
        sync.log_revision.track();
        key.with_value(|key| look_at(&session, key)).filter(|look| !look.is_gone)
    });
    let is_here = Memo::new(move |before: Option<&bool>| {
        let is_here = look.with(Option::is_some);
        if before == Some(&true) && !is_here {
            request_animation_frame(left);
        }
        is_here
    });
    // Its line may leave the page later than what it shows, and the keyboard with it.
    on_cleanup(move || {
        request_animation_frame(left);
    });
    let line = NodeRef::<Li>::new();
    let doing = RwSignal::new(Doing::Nothing);
    // What was pressed is gone; whoever pressed it goes on from here.
    Effect::new(move |before: Option<()>| {
        doing.track();
        if before.is_some() {
            take_lost_focus_within(line.get_untracked().map(Into::into), "button");
        }
    });
    let stop = move || doing.set(Doing::Nothing);
    let begin = move |_| {
        let over = key.with_value(|key| Some(Doing::Changing(row_text(&session, key)?, sync.seen(key)?)));
        doing.set(over.unwrap_or(Doing::Nothing));
    };
    let change = move |row: RowText| {
        let Doing::Changing(before, over) = doing.get_untracked() else { return Ok(()) };
        let before = before.fields().unwrap_or_default();
        let mut changes = row.fields()?;
        changes.retain(|name, value| before.get(name) != Some(value));
        if !changes.is_empty() {
            sync.propose(key.get_value(), over, changes);
        }
        Ok(())
    };
    let remove = move |_| {
        stop();
        let key = key.get_value();
        let seen = sync.with_view(&key, |view| Some(view?.version()?.token.clone())).unwrap_or_default();
        sync.act(key, &action::DELETE, Arguments::from([(action::SEEN, Value::Text(seen))]));
    };
    let words = move || {
        let tables = session.lookups.tables.get();
        look.get().map(|look| look.text.words(&tables)).unwrap_or_default()
    };
    let is_idle = move |look: &Look| {
        look.mark != CellMark::Conflict && !look.is_leaving && doing.with(|doing| *doing == Doing::Nothing)
    };
    let said = move || {
        let look = look.get()?;
        let can_change = !blocked.get() && is_idle(&look);
        Some(view! {
            <div class="bucket-line">
                <span class="detail-words">{words}</span>
                {look.text.exclude.then(|| view! { <Badge tone=Tone::Warn text="Left out" /> })}
                <span class="field-mark" data-mark=look.mark.name() role="status">{if look.is_leaving { "Removing" } else { look.mark.words() }}</span>
                {can_change.then(|| view! {
                    <button class="button" data-kind="quiet" aria-label=move || format!("Change {}", words()) on:click=begin>"Change"</button>
                    <button class="button" data-kind="quiet" aria-label=move || format!("Remove {}", words()) on:click=move |_| doing.set(Doing::Removing)>"Remove"</button>
                })}
            </div>
            {look.refused.map(|(intent, reason)| view! { <RefusedChange sync=sync intent=intent reason=reason /> })}
        })
    };
    // Drawn by itself: what comes in while a person types does not take the form away.
    let form = move || {
        match doing.get() {
        Doing::Nothing => None,
        Doing::Changing(before, _) => Some(view! { <DetailForm session=session id=id.clone() initial=before send_words="Change the row" send=change close=stop /> }.into_any()),
        Doing::Removing => Some(view! {
            <div class="field-actions" role="group" aria-label="Remove this row?">
                <button class="button" on:click=remove>"Remove the row"</button>
                <button class="button" data-kind="quiet" on:click=move |_| stop()>"Keep it"</button>
            </div>
        }.into_any()),
    }
    };
    move || is_here.get().then(|| view! { <li node_ref=line tabindex="-1">{said}{form.clone()}</li> })
}

fn row_text(session: &Session, key: &RecordKey) -> Option<RowText> {
    session.sync.with_view(key, |view| view.map(|view| RowText::of(|name| view.shown(&name))))
}

fn look_at(session: &Session, key: &RecordKey) -> Option<Look> {
    let sync = &session.sync;
    sync.with_view(key, |view| {
        let view = view?;
        let said = |state: &IntentState<FieldName>| match state {
            IntentState::Refused { kind, reasons } => Some(refusal_text(*kind, reasons)),
            _ => None,
        };
        let edits = view.intents().filter_map(|intent| Some((intent.id(), said(intent.state())?)));
        let acts = view.actions().filter_map(|act| Some((act.id(), said(act.state())?)));
        let mark = FIELDS.iter().map(|name| view.mark(name)).max().unwrap_or(Mark::Confirmed);
        Some(Look {
            text: RowText::of(|name| view.shown(&name)),
            mark: cell_mark(mark, || FIELDS.iter().any(|name| sync.was_just_saved(key, name))),
            refused: edits.chain(acts).last(),
            is_gone: view.is_gone(),
            is_leaving: view.actions().any(|act| said(act.state()).is_none()),
        })
    })
}

/// Rows that are being added to a bucket, or could not be, also those of an earlier page.
fn additions(session: &Session, bucket: i64) -> Vec<IntentId> {
    session.sync.with_log(|log| {
        let of_bucket = |content: &Content<FieldName, Value>| match content {
            Content::Action(asked) => {
                let fields: &Fields<FieldName, Value> = &asked.arguments;
                asked.creates && fields.get("usageBucketBaseId") == Some(&Value::Integer(bucket))
            }
            Content::Edit(_) => false,
        };
        let open = log.entries().filter(|entry| matches!(entry.status(), ChangeStatus::Open(_)));
        open.filter(|entry| of_bucket(&entry.persisted.content)).map(|entry| entry.persisted.intent).collect()
    })
}
