//! Two people changed the same field: what it was, what each made of it, and who decides.

use super::field::{field_id, title_of};
use crate::api::{RecordKey, Resource};
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::features::field_form::{FieldForm, shown_text};
use crate::features::help::{help_mark, topic};
use crate::text::{second_utc, with_notation};
use crate::ui::controls::{Icon, IconName, take_lost_focus};
use crate::ui::half_typed::holds_half_typed;
use leptos::html::Section;
use leptos::prelude::*;
use record_store::{Choice, IntentId, IntentState};
use rest_contract::{Notation, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use wasm_bindgen::JsCast;

/// One field in conflict.
#[derive(Clone, Debug, PartialEq)]
struct Contested {
    field: FieldName,
    base: Option<Value>,
    theirs: Option<Value>,
    mine: Value,
}

/// One proposal in conflict.
#[derive(Clone, PartialEq)]
struct Conflict {
    intent: IntentId,
    resource: Resource,
    record: String,
    who: String,
    zone: String,
    fields: Vec<Contested>,
    /// What the proposal changes besides, and nobody else did.
    besides: Vec<(FieldName, Value)>,
    /// The first of these fields' place on the page.
    first_field: String,
}

impl Conflict {
    /// What is to be decided, as a text: a card stays as long as that does, whoever changes what else.
    fn question(&self) -> String {
        format!("{:?}", (self.intent, &self.fields, &self.besides, &self.zone))
    }
}

/// What was chosen and typed in cards, as long as its person is signed in: closing a drawer or another change
/// of the record drops none of it.
#[derive(Clone, Copy)]
pub struct ConflictDrafts(StoredValue<BTreeMap<IntentId, Draft>>);

#[derive(Clone)]
struct Draft {
    /// What was decided about. Over another question a typed text stays, and is not chosen any more.
    over: Vec<Contested>,
    chosen: BTreeMap<FieldName, Chosen>,
    edited: BTreeMap<FieldName, String>,
    /// How the person had numbers and times written meanwhile.
    typed_by: Notation,
}

impl ConflictDrafts {
    pub fn new() -> Self {
        Self(StoredValue::default())
    }

    fn of(self, conflict: &Conflict) -> Draft {
        let kept = self.0.with_value(|drafts| drafts.get(&conflict.intent).cloned());
        let chosen =
            kept.as_ref().filter(|kept| kept.over == conflict.fields).map(|kept| kept.chosen.clone());
        let typed_by = with_notation(Notation::clone);
        let edited = kept.map(|Draft { edited, typed_by: before, .. }| {
            let retyped = edited.into_iter().map(|(name, typed)| {
                let field = conflict.resource.schema().field(name);
                let typed = field.map(|field| typed_by.retyped(field, &typed, &before)).unwrap_or(typed);
                (name, typed)
            });
            retyped.collect()
        });
        Draft {
            over: conflict.fields.clone(),
            chosen: chosen.unwrap_or_default(),
            edited: edited.unwrap_or_default(),
            typed_by,
        }
    }

    fn keep(self, intent: IntentId, draft: Draft) {
        self.0.try_update_value(|drafts| drafts.insert(intent, draft));
    }

    fn forget(self, intent: IntentId) {
        self.0.try_update_value(|drafts| drafts.remove(&intent));
    }
}

/// A card for each conflict of the event and its charges.
#[component]
pub fn ConflictCards(
    session: Session,
    event: RecordKey,
    #[prop(into)] charges: Signal<Arc<[RecordKey]>>,
) -> impl IntoView {
    let conflicts = Memo::new(move |_| {
        session.sync.revision.track();
        let charges = charges.get();
        let keys = std::iter::once(&event).chain(charges.iter());
        keys.flat_map(|key| conflicts_of(&session, &event, key)).collect::<Vec<_>>()
    });
    let card = move |conflict: Conflict| {
        let question = conflict.question();
        let who = Memo::new(move |before: Option<&String>| {
            let now = conflicts.with(|all| {
                all.iter().find(|one| one.question() == question).map(|conflict| conflict.who.clone())
            });
            now.or_else(|| before.cloned()).unwrap_or_default()
        });
        view! { <ConflictCard session=session conflict=conflict who=who /> }
    };
    view! { <For each=move || conflicts.get() key=Conflict::question children=card /> }
}

fn conflicts_of(session: &Session, event: &RecordKey, key: &RecordKey) -> Vec<Conflict> {
    session.sync.with_store(|store| {
        let Some(view) = store.view(key) else { return Vec::new() };
        let owner = store.view(event);
        let zone =
            owner.as_ref().and_then(|view| view.shown(&"EventTimeZone")?.as_text()).unwrap_or_default();
        let by = view.confirmed(&"LastUpdatedBy").and_then(Value::as_text).unwrap_or("someone else");
        let at = view.confirmed(&"LastUpdateDate").and_then(Value::as_date_time);
        let at = at.map(|at| format!(" at {} UTC", second_utc(&at))).unwrap_or_default();
        let open = view.intents().filter(|intent| *intent.state() == IntentState::Conflict);
        open.map(|intent| Conflict {
            intent: intent.id(),
            resource: key.resource,
            record: key.bucket_title().unwrap_or_else(|| key.name()),
            who: format!("{by}{at}"),
            zone: zone.to_owned(),
            first_field: intent
                .changes()
                .find(|change| change.overlaps)
                .map(|change| field_id(key, change.field))
                .unwrap_or_default(),
            besides: intent
                .changes()
                .filter(|change| !change.overlaps && change.base != Some(change.mine))
                .map(|change| (*change.field, change.mine.clone()))
                .collect(),
            fields: intent
                .changes()
                .filter(|change| change.overlaps)
                .map(|change| Contested {
                    field: change.field,
                    base: change.base.cloned(),
                    theirs: change.theirs.cloned(),
                    mine: change.mine.clone(),
                })
                .collect(),
        })
        .collect()
    })
}

/// What the person has chosen for a field; nothing is chosen for them.
#[derive(Clone, Copy, PartialEq)]
enum Chosen {
    Mine,
    Theirs,
    Edit,
}

#[component]
fn ConflictCard(session: Session, conflict: Conflict, who: Memo<String>) -> impl IntoView {
    let drafts = expect_context::<ConflictDrafts>();
    let Draft { over, chosen, edited, typed_by } = drafts.of(&conflict);
    let Conflict { intent, resource, record, zone, fields, besides, first_field, .. } = conflict;
    let (chosen, edited) = (RwSignal::new(chosen), RwSignal::new(edited));
    Effect::new(move || {
        let typed_by = typed_by.clone();
        drafts
            .keep(intent, Draft { over: over.clone(), chosen: chosen.get(), edited: edited.get(), typed_by });
    });
    let tables = session.lookups.tables.get_untracked();
    // Times were typed on the clock of the zone that the person saw.
    let typed_in = fields.iter().find(|contested| contested.field == "EventTimeZone");
    let typed_in = typed_in.map_or(zone.as_str(), |contested| contested.mine.as_text().unwrap_or_default());
    let besides = besides.iter().filter_map(|(name, mine)| {
        let field = resource.schema().field(name)?;
        Some(format!("{}: {}", field.title, shown_text(field, Some(mine), typed_in, &tables)))
    });
    let besides = besides.collect::<Vec<_>>().join("; ");
    let forms: BTreeMap<FieldName, FieldForm> = fields
        .iter()
        .filter_map(|contested| {
            let field = resource.schema().field(contested.field)?;
            Some((contested.field, FieldForm::new(field, Some(&contested.mine), &zone, &tables)))
        })
        .collect();
    let forms = StoredValue::new_local(forms);
    let read = move |field: FieldName| {
        let text = edited.get().get(field).cloned();
        forms.with_value(|forms| {
            forms.get(field).map(|form| form.read(text.as_deref().unwrap_or(&form.initial)))
        })
    };
    let names: Arc<[FieldName]> = fields.iter().map(|contested| contested.field).collect();
    // Every field decided and readable, or nothing yet.
    let choices = move || -> Option<BTreeMap<FieldName, Choice<Value>>> {
        let decide = |field: FieldName| {
            Some(match chosen.get().get(field)? {
                Chosen::Mine => Choice::KeepMine,
                Chosen::Theirs => Choice::TakeTheirs,
                Chosen::Edit => Choice::Edit(read(field)?.ok()?),
            })
        };
        names.iter().map(|field| Some((*field, decide(field)?))).collect()
    };
    let decided = {
        let choices = choices.clone();
        move || choices().is_some()
    };
    // Once it is decided the card is gone, and the focus goes to the field that it was about; where that takes none, to
    // the head of the drawer.
    let first_field = StoredValue::new(first_field);
    let go_on = move || {
        let field = first_field.get_value();
        request_animation_frame(move || {
            let head = || document().query_selector(".drawer-head").ok().flatten();
            for place in [document().get_element_by_id(&field), head()] {
                take_lost_focus(place.map(JsCast::unchecked_into));
            }
        });
    };
    let apply = move |_| {
        if let Some(choices) = untrack(&choices) {
            drafts.forget(intent);
            go_on();
            session.sync.resolve(intent, choices);
        }
    };
    let drop_mine = move |_| {
        drafts.forget(intent);
        go_on();
        session.sync.discard(intent);
    };
    let rows = fields.into_iter().map(|contested| {
        let name = contested.field;
        let field = resource.schema().field(name);
        let words = |value: Option<&Value>| {
            let text = field.map(|field| shown_text(field, value, &zone, &tables)).unwrap_or_default();
            if text.is_empty() { "(empty)".to_owned() } else { text }
        };
        let group = format!("conflict-{}-{name}", intent.0);
        let is = move |choice: Chosen| chosen.get().get(name) == Some(&choice);
        let choose = move |choice: Chosen| chosen.update(|all| {
            all.insert(name, choice);
        });
        let option = move |choice: Chosen, label: &'static str, value: String| {
            view! {
                <label class="conflict-choice">
                    <input type="radio" name=group.clone() prop:checked=move || is(choice) on:change=move |_| choose(choice) />
                    <span>{label}</span>
                    <span class="value">{value}</span>
                </label>
            }
        };
        let initial = forms.with_value(|forms| forms.get(name).map(|form| form.initial.clone())).unwrap_or_default();
        let typed = move || edited.get().get(name).cloned().unwrap_or_else(|| initial.clone());
        let problem = move || read(name).and_then(Result::err).filter(|_| is(Chosen::Edit));
        let echo = move || {
            let text = edited.get().get(name).cloned().filter(|_| is(Chosen::Edit))?;
            forms.with_value(|forms| forms.get(name).and_then(|form| form.preview_of(&text)))
        };
        let title = title_of(resource, name);
        view! {
            <fieldset class="conflict-field" data-field=name>
                <legend>{title}</legend>
                <div class="conflict-choices">
                    <div class="conflict-choice" data-kind="base"><span></span><span>"Before"</span><span class="value">{words(contested.base.as_ref())}</span></div>
                    {option(Chosen::Theirs, "Take theirs", words(contested.theirs.as_ref()))}
                    {option(Chosen::Mine, "Keep mine", words(Some(&contested.mine)))}
                    <div class="conflict-choice">
                        <input type="radio" name=format!("conflict-{}-{name}", intent.0) aria-label=format!("Another value for {title}") prop:checked=move || is(Chosen::Edit) on:change=move |_| choose(Chosen::Edit) />
                        <span>"Another"</span>
                        <input class="input" aria-label=format!("{title}: another value") prop:value=typed
                            data-half-typed=move || (is(Chosen::Edit) && edited.with(|all| all.contains_key(name))).then_some("")
                            on:input:target=move |event| {
                                let text = event.target().value();
                                edited.update(|all| {
                                    all.insert(name, text);
                                });
                                choose(Chosen::Edit);
                            } />
                    </div>
                    <div role="alert">{move || problem().map(|problem| view! { <p class="field-error"><Icon name=IconName::Alert />{problem}</p> })}</div>
                    {move || echo().map(|echo| view! { <p class="field-note">{echo}</p> })}
                </div>
            </fieldset>
        }
    });
    let rows = rows.collect_view();
    // The field that was being edited is gone; whoever was typing in it is taken to the decision.
    let card = NodeRef::<Section>::new();
    Effect::new(move || {
        take_lost_focus(card.get());
        if let Some(card) = card.get().filter(|_| !holds_half_typed()) {
            card.scroll_into_view();
        }
    });
    view! {
        <section class="conflict-card" node_ref=card tabindex="-1" aria-label=format!("Conflict on {record}")>
            <header>
                <h3><Icon name=IconName::Alert />"Someone else changed this too"{help_mark(topic::CONFLICT, "conflicts")}</h3>
                <p>{move || format!("Last changed by {}. Nothing of yours is lost, and nothing of theirs is overwritten until you decide.", who.get())}</p>
            </header>
            {rows}
            {(!besides.is_empty()).then(|| view! { <p class="field-note" data-testid="besides">{format!("Saved with your decision: {besides}")}</p> })}
            <footer>
                <button class="button" data-kind="primary" disabled={let decided = decided.clone(); move || !decided()} on:click=apply>"Apply"</button>
                <button class="button" data-kind="quiet" on:click=drop_mine>"Drop my change"</button>
            </footer>
        </section>
    }
}
