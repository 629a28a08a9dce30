//! Deleting a base bucket: asked twice, sent once, and what went with it.

use crate::api::RecordKey;
use crate::data::session::Session;
use crate::data::sync::{ChangeStatus, refusal_text};
use crate::ui::controls::{Icon, IconName, Notice, take_lost_focus};
use grid_model::Tone;
use leptos::html::Section;
use leptos::prelude::*;
use record_store::{Content, IntentId, IntentState};
use rest_contract::Value;
use rest_contract::logisense::{BaseBucket, ResultItem};
use rest_contract::oracle::action::{self, Arguments};

/// A deletion that was asked for and has not been done.
#[derive(Clone, PartialEq)]
struct Asked {
    intent: IntentId,
    /// Why it was refused, if it was.
    refusal: Option<String>,
    is_in_doubt: bool,
}

/// `retiring` opens the form that retires it instead.
#[component]
pub fn Deletion(session: Session, key: RecordKey, retiring: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let key = StoredValue::new(key);
    let is_asking = RwSignal::new(false);
    let asked = Memo::new(move |_| {
        sync.revision.track();
        sync.log_revision.track();
        key.with_value(|key| asked_of(&session, key))
    });
    let blocked = move || {
        session.state.track();
        session.blocked_from_buckets()
    };
    let delete = move |_| {
        is_asking.set(false);
        // What was refused before is replaced by this.
        if let Some(before) = asked.get_untracked() {
            sync.discard(before.intent);
        }
        let key = key.get_value();
        let seen = sync.with_view(&key, |view| Some(view?.version()?.token.clone())).unwrap_or_default();
        sync.act(key, &action::DELETE, Arguments::from([(action::SEEN, Value::Text(seen))]));
    };
    // What was pressed is gone; whoever pressed it goes on from here.
    let section = NodeRef::<Section>::new();
    Effect::new(move |before: Option<()>| {
        is_asking.track();
        asked.track();
        if before.is_some() {
            // By the next frame the deletion may be done, and the form gone.
            request_animation_frame(move || {
                take_lost_focus(section.try_get_untracked().flatten());
            });
        }
    });
    view! {
        <section data-section="delete" node_ref=section tabindex="-1">
            {move || blocked().is_none().then(|| view! { <h3>"Delete"</h3> })}
            {move || match (blocked(), asked.get()) {
                (Some(_), _) => None,
                (None, Some(Asked { refusal: Some(words), intent, .. })) => Some(view! {
                    <div role="alert" class="bucket-refusal">
                        <p class="field-error"><Icon name=IconName::Alert />{words}</p>
                        <p class="field-note">"Nothing was deleted. A base bucket that is used can be retired instead: what uses it goes on, and nothing new can use it."</p>
                        <div class="field-actions">
                            <button class="button" data-kind="primary" on:click=move |_| { sync.discard(intent); retiring.set(true); }>"Retire it instead"</button>
                            <button class="button" on:click=delete>"Try to delete again"</button>
                            <button class="button" data-kind="quiet" on:click=move |_| sync.discard(intent)>"Leave it"</button>
                        </div>
                    </div>
                }.into_any()),
                (None, Some(Asked { is_in_doubt: true, .. })) => Some(view! { <p role="status" class="in-doubt"><Icon name=IconName::Clock />"Sent, not confirmed. Checking whether it still stands."</p> }.into_any()),
                (None, Some(_)) => Some(view! { <p role="status" class="quiet">"Deleting"</p> }.into_any()),
                (None, None) if is_asking.get() => Some(view! {
                    <div class="bucket-form" role="group" aria-label="Delete this base bucket?">
                        <p>"Its rows go with it, and its links to usage buckets that have ended. This cannot be undone."</p>
                        <div class="field-actions">
                            <button class="button" on:click=delete>"Delete for good"</button>
                            <button class="button" data-kind="quiet" on:click=move |_| is_asking.set(false)>"Keep it"</button>
                        </div>
                    </div>
                }.into_any()),
                (None, None) => Some(view! {
                    <div class="bucket-line"><p class="quiet">"Only a base bucket that no usage bucket and no share plan draws on can be deleted."</p>
                    <button class="button" on:click=move |_| is_asking.set(true)>"Delete\u{2026}"</button></div>
                }.into_any()),
            }}
        </section>
    }
}

fn asked_of(session: &Session, key: &RecordKey) -> Option<Asked> {
    session.sync.with_view(key, |view| {
        let view = view?;
        let deletion = view.actions().find(|act| act.action().name == action::DELETE.name)?;
        let refusal = match deletion.state() {
            IntentState::Refused { kind, reasons } => Some(refusal_text(*kind, reasons)),
            _ => None,
        };
        let is_in_doubt = *deletion.state() == IntentState::InDoubt;
        Some(Asked { intent: deletion.id(), refusal, is_in_doubt })
    })
}

/// Whether a deletion of the record made here was done.
pub fn was_deleted(session: &Session, key: &RecordKey) -> bool {
    session.sync.with_log(|log| {
        log.entries().any(|entry| {
            let is_deletion =
                matches!(&entry.persisted.content, Content::Action(asked) if asked.name == action::DELETE.name);
            is_deletion && entry.persisted.key == *key && entry.status() == ChangeStatus::Settled
        })
    })
}

/// What went, in the server's own list.
#[component]
pub fn Deleted(session: Session, key: RecordKey) -> impl IntoView {
    let results = session.client.results_of(&key);
    let (title, text) = match &results {
        Some(_) => ("It is deleted", "The server says that these went."),
        None => (
            "It is deleted",
            "The answer was lost and a reading found it gone, so what went with it is not known.",
        ),
    };
    let items = results.unwrap_or_default();
    let section = NodeRef::<Section>::new();
    Effect::new(move || take_lost_focus(section.get()));
    view! {
        <section node_ref=section tabindex="-1">
        <Notice tone=Tone::Ok title=title text=text />
        <ul class="went" aria-label="What was deleted and detached">
            {items.iter().map(|item| view! { <li>{words(item)}</li> }).collect_view()}
        </ul>
        </section>
    }
}

/// One thing that a deletion did. Kinds that the console does not know are named as the server does.
fn words(item: &ResultItem<BaseBucket>) -> String {
    let kind = match item.dto_type_key.as_str() {
        "usageBucketBase" => "Base bucket",
        "usageBucketBaseDetail" => "Row",
        "usageBucketUsageBucketBaseConnector" => "Link to usage bucket",
        other => other,
    };
    let number = match (item.identity.or(item.foreign_key_identity), item.lhs_id, item.rhs_id) {
        (Some(number), ..) => number.to_string(),
        (None, Some(left), Some(_)) if kind == "Link to usage bucket" => left.to_string(),
        (None, Some(left), Some(right)) => format!("{left} \u{2013} {right}"),
        _ => String::new(),
    };
    format!("{kind} {number}: {}", item.action)
}
