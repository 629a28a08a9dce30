//! Events chosen by rules: comparisons in groups, and beside them, as they are typed, what they
//! match, what that is worth, and what is barred.

use super::kept_rules::RuleChoice;
use super::promise::Promise;
use super::steps::evidence;
use crate::controls::{Icon, IconName};
use crate::event_selection::{Reading, ReadingState, Selected, WeighedView};
use crate::lookups::{EVENT_STATUS, Lookups};
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::html;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::action::{self, MEMBER, RULES};
use rest_contract::oracle::life_cycle::{BatchType, EventAction};
use rest_contract::oracle::selection_rule::{
    Comparison, Group, LONGEST_NAME, Operator, RuleFault, SelectionRule,
};
use rest_contract::{Access, Field, Kind, Record, Value};
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// More events than this are counted, and weighed when asked.
const WEIGHED_UNASKED: usize = 5_000;
const TYPING_PAUSE: Duration = Duration::from_millis(350);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulePurpose {
    /// `addEvents`, from all other batches.
    Add,
    /// `deleteEvents`, from this batch.
    TakeOut,
}

/// The fields that a rule can compare: those a person knows, by their titles.
fn comparable() -> Vec<&'static Field> {
    let fields = EVENT.fields.iter();
    let mut fields: Vec<_> =
        fields.filter(|field| field.access != Access::Version && field.kind != Kind::Boolean).collect();
    fields.sort_by_key(|field| field.title);
    fields
}

#[component]
pub fn RuleBuilder(
    session: Session,
    key: RecordKey,
    batch: Arc<Record>,
    purpose: RulePurpose,
    open: RwSignal<bool>,
    promise: RwSignal<Option<Promise>>,
) -> impl IntoView {
    let number = batch.key().unwrap_or_default();
    let is_reversal = batch.text("UsageType") == Some(BatchType::ReverseReplace.code());
    let first = Comparison { field: "BatchNumber".to_owned(), operator: Operator::Is, value: String::new() };
    let rule = RwSignal::new(SelectionRule {
        name: String::new(),
        groups: vec![Group { comparisons: vec![first], ..Group::default() }],
    });
    let takes_all = RwSignal::new(false);
    let reading = Reading::new(session);
    let fault = RwSignal::new(None::<RuleFault>);
    let selected = {
        let number = number.clone();
        move |q: String| match purpose {
            RulePurpose::Add => Selected::all(
                None,
                format!("{q} and BatchNumber <> '{}'", number.replace('\'', "''")),
                if is_reversal { EventAction::Reverse } else { EventAction::Rerate },
            ),
            RulePurpose::TakeOut => Selected::all(Some(number.clone()), q, EventAction::TakeOut),
        }
    };
    let number_again = number.clone();
    let weigh = StoredValue::new_local(move |limit: usize| {
        let q =
            if takes_all.get_untracked() { Ok(String::new()) } else { rule.with_untracked(SelectionRule::q) };
        match q {
            Ok(q) => {
                fault.set(None);
                reading.start(selected(q), limit);
            }
            Err(wrong) => {
                reading.stop();
                fault.set(Some(wrong));
            }
        }
    });
    let mut soon = debounce(TYPING_PAUSE, move |()| {
        weigh.try_with_value(|weigh| weigh(WEIGHED_UNASKED));
    });
    Effect::new(move || {
        rule.track();
        takes_all.track();
        soon(());
    });
    let edit = move |change: &dyn Fn(&mut SelectionRule)| rule.update(change);
    let groups = Memo::new(move |_| rule.with(|rule| rule.groups.len()));
    // Of events of other batches one wants to know which batch; of this batch's own, what was used.
    let (told, told_title) = match purpose {
        RulePurpose::Add => ("BatchNumber", "Batch"),
        RulePurpose::TakeOut => ("ServiceId", "Service"),
    };
    let sample = move || {
        let events = reading.sample.get();
        let tables = session.lookups.tables.get();
        let row = |event: &Arc<Record>| {
            let text = |name: &str| event.text(name).unwrap_or_default().to_owned();
            let status = tables.meaning(EVENT_STATUS, &text("EventStatus")).to_owned();
            view! { <tr><th scope="row" class="mono">{event.key()}</th><td>{text(told)}</td><td>{status}</td></tr> }
        };
        (!events.is_empty()).then(|| view! {
            <section aria-label="Sample">
                <h3>"The first of them"</h3>
                <table class="sample">
                    <thead class="visually-hidden"><tr><th scope="col">"Event"</th><th scope="col">{told_title}</th><th scope="col">"Status"</th></tr></thead>
                    <tbody>{events.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        })
    };
    let promised = Memo::new(move |_| match reading.state.get() {
        ReadingState::Done => reading.weighed.with(|weighed| weighed.allowed.len()),
        ReadingState::Counted(found) => found,
        _ => 0,
    });
    let go = move |_| {
        let mut arguments = evidence(&batch);
        let is_all = takes_all.get_untracked();
        if !is_all {
            let Ok(conditions) = rule.with_untracked(SelectionRule::conditions) else { return };
            arguments.insert(RULES, Value::Text(conditions));
        }
        let action = match purpose {
            RulePurpose::Add => &action::ADD_EVENTS,
            RulePurpose::TakeOut => {
                let mode = if is_all { "ALL" } else { "RULE" };
                arguments.insert("mode", Value::Text(mode.to_owned()));
                &action::DELETE_EVENTS
            }
        };
        // Where it is afterwards tells what became of a lost answer.
        if let Some(member) = reading.weighed.with_untracked(|weighed| weighed.allowed.first().cloned()) {
            arguments.insert(MEMBER, Value::Text(member));
        }
        let before = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default();
        let intent = session.sync.act(key.clone(), action, arguments);
        if purpose == RulePurpose::Add {
            promise.set(Some(Promise {
                intent,
                batch: number_again.clone(),
                promised: promised.get_untracked(),
                numbers: reading.weighed.get_untracked(),
                before,
            }));
        }
        open.set(false);
    };
    let another = NodeRef::<html::Button>::new();
    let q = move || rule.with(SelectionRule::q).unwrap_or_default();
    let (verb, words) = match purpose {
        RulePurpose::Add if is_reversal => ("Add reversals of", "will be taken back"),
        RulePurpose::Add => ("Add", "will be added"),
        RulePurpose::TakeOut => ("Remove", "will be taken out of the batch"),
    };
    view! {
        <div class="rule-builder">
            <div class="rule-side">
                {(purpose == RulePurpose::TakeOut).then(|| view! {
                    <label class="choice"><input type="checkbox" prop:checked=takes_all on:change:target=move |event| takes_all.set(event.target().checked()) />"All events of the batch"</label>
                })}
                <Show when=move || !takes_all.get()>
                    <div class="rule-named">
                        {(purpose == RulePurpose::Add).then(|| view! {
                            <input class="input" aria-label="Name of the rule" placeholder="Name of the rule, to use it again" maxlength=LONGEST_NAME.to_string()
                                prop:value=move || rule.with(|rule| rule.name.clone())
                                on:input:target=move |event| { let name = event.target().value(); edit(&|rule| rule.name.clone_from(&name)); } />
                        })}
                        <RuleChoice session=session choose=Callback::new(move |chosen| rule.set(chosen)) />
                    </div>
                    <For each=move || 0..groups.get() key=|place| *place let:place>
                        <RuleGroup lookups=session.lookups rule=rule fault=fault place=place another=another />
                    </For>
                    <button class="button" data-kind="quiet" node_ref=another on:click=move |_| {
                        edit(&|rule| rule.groups.push(Group { comparisons: vec![blank()], ..Group::default() }));
                        focus_soon(".rule-group:last-of-type select");
                    }>"Add a group"</button>
                    <details class="rule-q"><summary>"The rule as a query (q)"</summary><code>{q}</code></details>
                </Show>
            </div>
            <div class="rule-side">
                <WeighedView reading=reading allowed_words=words worth_title="Billed amounts" read_on=Callback::new(move |()| weigh.with_value(|weigh| weigh(usize::MAX))) />
                {sample}
            </div>
        </div>
        <footer class="dialog-foot">
            <button class="button" data-kind="primary" disabled=move || promised.get() == 0 || fault.get().is_some() on:click=go>
                {move || format!("{verb} {}", crate::display_text::events(promised.get()))}
            </button>
            <button class="button" data-kind="quiet" on:click=move |_| open.set(false)>"Cancel"</button>
        </footer>
    }
}

/// Gives the focus to what is about to be drawn in the open dialog.
fn focus_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(found)) = document().query_selector(&format!("dialog[open] {selector}")) {
            let _ = found.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
}

/// What is taken away hands the focus to the button that adds another.
fn focus_on(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        let _ = button.focus();
    }
}

fn blank() -> Comparison {
    Comparison { field: "EventType".to_owned(), operator: Operator::Is, value: String::new() }
}

#[component]
fn RuleGroup(
    lookups: Lookups,
    rule: RwSignal<SelectionRule>,
    fault: RwSignal<Option<RuleFault>>,
    place: usize,
    /// Adds a group.
    another: NodeRef<html::Button>,
) -> impl IntoView {
    let edit = move |change: &dyn Fn(&mut Group)| {
        rule.update(|rule| {
            if let Some(group) = rule.groups.get_mut(place) {
                change(group);
            }
        });
    };
    let groups = Memo::new(move |_| rule.with(|rule| rule.groups.len()));
    let comparisons = Memo::new(move |_| {
        rule.with(|rule| rule.groups.get(place).map_or(0, |group| group.comparisons.len()))
    });
    let of = move |look: fn(&Group) -> bool| rule.with(|rule| rule.groups.get(place).is_some_and(look));
    let another_row = NodeRef::<html::Button>::new();
    let is_wrong = move || fault.get().filter(|fault| fault.group == place && fault.comparison.is_none());
    view! {
        <fieldset class="rule-group" aria-label=format!("Group {}", place + 1)>
            <div class="rule-head">
                <select class="input" aria-label="What the group does" on:change:target=move |event| { let out = event.target().value() == "out"; edit(&|group| group.excludes = out); }>
                    <option value="in" selected=move || !of(|group| group.excludes)>"Take in"</option>
                    <option value="out" selected=move || of(|group| group.excludes)>"Leave out"</option>
                </select>
                <span>"events for which"</span>
                <select class="input" aria-label="How comparisons are joined" on:change:target=move |event| { let any = event.target().value() == "any"; edit(&|group| group.any = any); }>
                    <option value="all" selected=move || !of(|group| group.any)>"all of these hold"</option>
                    <option value="any" selected=move || of(|group| group.any)>"any of these holds"</option>
                </select>
                {move || (groups.get() > 1).then(|| view! { <button class="button" data-kind="quiet" aria-label=format!("Remove group {}", place + 1) on:click=move |_| {
                    focus_on(another);
                    rule.update(|rule| { rule.groups.remove(place); });
                }>"Remove"</button> })}
            </div>
            <For each=move || 0..comparisons.get() key=|at| *at let:at>
                <RuleRow lookups=lookups rule=rule fault=fault group=place at=at another=another_row />
            </For>
            {move || is_wrong().map(|fault| view! { <p class="form-error" role="alert">{fault.text}</p> })}
            <button class="button" data-kind="quiet" node_ref=another_row on:click=move |_| {
                edit(&|group| group.comparisons.push(blank()));
                focus_soon(".rule-group:focus-within .rule-row:last-of-type select");
            }>"Add a comparison"</button>
        </fieldset>
    }
}

#[component]
fn RuleRow(
    lookups: Lookups,
    rule: RwSignal<SelectionRule>,
    fault: RwSignal<Option<RuleFault>>,
    group: usize,
    at: usize,
    /// Adds a comparison.
    another: NodeRef<html::Button>,
) -> impl IntoView {
    let comparison = Memo::new(move |_| {
        rule.with(|rule| rule.groups.get(group).and_then(|group| group.comparisons.get(at)).cloned())
    });
    let is_one_of_several = Memo::new(move |_| {
        rule.with(|rule| rule.groups.get(group).is_some_and(|group| group.comparisons.len() > 1))
    });
    let edit = move |change: &dyn Fn(&mut Comparison)| {
        rule.update(|rule| {
            let found = rule.groups.get_mut(group).and_then(|group| group.comparisons.get_mut(at));
            if let Some(comparison) = found {
                change(comparison);
            }
        });
    };
    let field = Memo::new(move |_| {
        comparison.get().and_then(|comparison| EVENT.field(&comparison.field)).map(|field| field.name)
    });
    let schema = move || field.get().and_then(|name| EVENT.field(name));
    let operator = Memo::new(move |_| comparison.get().map(|comparison| comparison.operator));
    let wrong = move || {
        fault.get().filter(|fault| {
            fault.group == group
                && fault.comparison == Some(at)
                && fault.text != "Type a value to compare with."
        })
    };
    let operators = move || {
        schema().map(|field| {
        Operator::for_kind(field.kind).map(|one| view! { <option value=one.name() selected=move || operator.get() == Some(one)>{one.words(field.kind)}</option> }).collect_view()
    })
    };
    let value = move || {
        comparison.with(|comparison| {
            comparison.as_ref().map(|comparison| comparison.value.clone()).unwrap_or_default()
        })
    };
    let list = format!("rule-values-{group}-{at}");
    let choices = {
        let list = list.clone();
        move || {
            let tables = lookups.tables.get();
            let codes = schema()
                .and_then(|field| field.lookup)
                .map(|lookup| tables.list(lookup).to_vec())
                .unwrap_or_default();
            view! { <datalist id=list.clone()>{codes.into_iter().map(|code| view! { <option value=code.code>{code.meaning}</option> }).collect_view()}</datalist> }
        }
    };
    view! {
        <div class="rule-row">
            <select class="input" aria-label="Field" on:change:target=move |event| {
                let name = event.target().value();
                edit(&|comparison| {
                    comparison.field.clone_from(&name);
                    comparison.operator = Operator::Is;
                    comparison.value.clear();
                });
            }>
                {comparable().into_iter().map(|one| view! { <option value=one.name selected=move || field.get() == Some(one.name)>{one.title}</option> }).collect_view()}
            </select>
            <select class="input" aria-label="Comparison" on:change:target=move |event| {
                if let Some(operator) = Operator::named(&event.target().value()) {
                    edit(&|comparison| comparison.operator = operator);
                }
            }>{operators}</select>
            <Show when=move || operator.get().is_some_and(Operator::takes_value)>
                <input class="input" aria-label="Value" list=list.clone() prop:value=value on:input:target=move |event| {
                    let typed = event.target().value();
                    edit(&|comparison| comparison.value.clone_from(&typed));
                } />
            </Show>
            // A group compares something: its only comparison is changed, not removed.
            <Show when=move || is_one_of_several.get()>
                <button class="button button-icon" data-kind="quiet" aria-label="Remove the comparison" on:click=move |_| {
                    focus_on(another);
                    rule.update(|rule| {
                        if let Some(group) = rule.groups.get_mut(group) {
                            group.comparisons.remove(at);
                        }
                    });
                }><Icon name=IconName::Close /></button>
            </Show>
            {choices}
            {move || wrong().map(|fault| view! { <p class="form-error" role="alert">{fault.text}</p> })}
        </div>
    }
}
