//! Events chosen by rules: comparisons in groups, and beside them, as they are typed, what they
//! match, what that is worth, and what is blocked.

use super::expected_adds::ExpectedAdds;
use super::first_and_last::{FirstAndLast, compared_time};
use super::moved_events::{MovedEvents, leaving};
use super::rule_row::{RuleRow, focus_on};
use super::saved_rules::RuleChoice;
use super::steps::evidence;
use crate::api::{RecordKey, fields_of, version_of};
use crate::data::lookups::{EVENT_STATUS, Lookups};
use crate::data::session::Session;
use crate::features::selection::{EligibilityView, Reading, ReadingState, Selected};
use crate::text::with_notation;
use crate::ui::controls::FormFoot;
use crate::ui::key_input::composed;
use leptos::html;
use leptos::prelude::*;
use record_store::Fields;
use rest_contract::oracle::action::{self, MEMBER, RULES};
use rest_contract::oracle::life_cycle::{BatchType, EventAction};
use rest_contract::oracle::selection_rule::{
    Comparison, Group, LONGEST_NAME, Operator, RuleFault, SelectionRule,
};
use rest_contract::{Record, Value, is_blank};
use std::sync::Arc;
use std::time::Duration;
use wasm_bindgen::JsCast;

/// More events than this are counted, and checked when asked.
const CHECKED_UNASKED: usize = 5_000;
const TYPING_PAUSE: Duration = Duration::from_millis(350);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RulePurpose {
    /// `addEvents`, from all other batches.
    Add,
    /// `deleteEvents`, from this batch.
    TakeOut,
}

#[component]
pub fn RuleBuilder(
    session: Session,
    key: RecordKey,
    batch: Arc<Record>,
    purpose: RulePurpose,
    open: RwSignal<bool>,
    expected: RwSignal<Option<ExpectedAdds>>,
) -> impl IntoView {
    let number = batch.key().unwrap_or_default();
    let kind = batch.text("UsageType").and_then(BatchType::of);
    let is_reversal = kind == Some(BatchType::ReverseReplace);
    let shown = Signal::stored(Some(Arc::clone(&batch)));
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
                format!("{q} and {}", outside(&number)),
                if is_reversal { EventAction::Reverse } else { EventAction::Rerate },
            ),
            RulePurpose::TakeOut => Selected::all(Some(number.clone()), q, EventAction::TakeOut),
        }
    };
    let number_again = number.clone();
    let asked = RwSignal::new(None);
    let check = StoredValue::new_local(move |limit: usize| {
        let q = if takes_all.get_untracked() { Ok(String::new()) } else { rule.with_untracked(q_of) };
        match q {
            Ok(q) => {
                fault.set(None);
                let selected = selected(q);
                let time = if takes_all.get_untracked() { None } else { rule.with_untracked(compared_time) };
                asked.set(time.map(|time| (time, selected.clone())));
                reading.start(selected, limit);
            }
            Err(wrong) => {
                reading.stop();
                fault.set(Some(wrong));
            }
        }
    });
    let mut soon = debounce(TYPING_PAUSE, move |()| {
        check.try_with_value(|check| check(CHECKED_UNASKED));
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
                <h3>"Sample"</h3>
                <table class="sample">
                    <thead class="visually-hidden"><tr><th scope="col">"Event"</th><th scope="col">{told_title}</th><th scope="col">"Status"</th></tr></thead>
                    <tbody>{events.iter().map(row).collect_view()}</tbody>
                </table>
            </section>
        })
    };
    // Re-rating takes events out of the batches that they are in.
    let leaving = move || {
        let is_told =
            purpose == RulePurpose::Add && !is_reversal && reading.state.get() == ReadingState::Done;
        is_told.then(|| leaving(&reading.eligibility.get().by_batch))
    };
    let expected_count = Memo::new(move |_| match reading.state.get() {
        ReadingState::Done => reading.allowed(),
        ReadingState::Counted(found) => found,
        _ => 0,
    });
    let go = move |_| {
        let mut arguments = evidence(&batch);
        let is_all = takes_all.get_untracked();
        if !is_all {
            let understood = rule.with_untracked(understood);
            let Ok(conditions) = understood.and_then(|rule| rule.conditions()) else { return };
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
        if let Some(member) =
            reading.eligibility.with_untracked(|eligibility| eligibility.allowed.first().cloned())
        {
            arguments.insert(MEMBER, Value::Text(member));
        }
        let before = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default();
        // As where named events are reversed, an empty batch is of the unit that all originals are of.
        let has_unit = batch.text("BusinessUnitName").is_some_and(|unit| !is_blank(unit));
        let takes_unit = purpose == RulePurpose::Add && is_reversal && before == 0 && !has_unit;
        if let Some(unit) = reading.business_unit.get_untracked().filter(|_| takes_unit) {
            let changes = Fields::from([("BusinessUnitName", Value::Text(unit))]);
            session.sync.propose(key.clone(), (version_of(&batch), fields_of(&batch)), changes);
        }
        let intent = session.sync.act(key.clone(), action, arguments);
        if purpose == RulePurpose::Add {
            expected.set(Some(ExpectedAdds {
                intent,
                batch: number_again.clone(),
                expected_count: expected_count.get_untracked(),
                numbers: reading.eligibility.get_untracked(),
                before,
            }));
        }
        open.set(false);
    };
    let why_not = move || {
        if let Some(fault) = fault.get() {
            return Some(fault.text);
        }
        let words = match reading.state.get() {
            _ if expected_count.get() > 0 => return None,
            ReadingState::Under(..) => "The events are still being read.",
            ReadingState::Done if purpose == RulePurpose::Add => "No event that can be added matches.",
            ReadingState::Done => "No event that can be removed matches.",
            _ => "The events were not read.",
        };
        Some(words.to_owned())
    };
    let another = NodeRef::<html::Button>::new();
    let q = move || rule.with(q_of).unwrap_or_default();
    let (verb, words, worth_title) = match purpose {
        RulePurpose::Add if is_reversal => {
            ("Add reversals of", "will be taken back", "Amounts of the reversals")
        }
        RulePurpose::Add => ("Add", "will be added", "Billed now"),
        RulePurpose::TakeOut => ("Remove", "will be taken out of the batch", "Amounts now"),
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
                            <input class="input" aria-label="Name of the rule" placeholder="Rule name (optional, saved for reuse)" maxlength=LONGEST_NAME.to_string()
                                prop:value=move || rule.with(|rule| rule.name.clone())
                                on:input:target=move |event| { let name = event.target().value(); edit(&|rule| rule.name.clone_from(&name)); } />
                        })}
                        <RuleChoice session=session choose=Callback::new(move |chosen: SelectionRule| rule.set(with_notation(|notation| chosen.to_type(notation)))) />
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
                <EligibilityView session=session reading=reading allowed_words=words worth_title=worth_title reverses=purpose == RulePurpose::Add && is_reversal read_on=Callback::new(move |()| check.with_value(|check| check(usize::MAX))) />
                {leaving}
                {(purpose == RulePurpose::TakeOut).then(|| view! { <p data-testid="what-becomes">{what_becomes(kind)}</p> })}
                {(purpose == RulePurpose::TakeOut && kind == Some(BatchType::Rerate)).then(|| view! { <MovedEvents session=session batch=shown changed=Signal::stored(0) goes_back=true /> })}
                <FirstAndLast session=session reading=reading asked=asked />
                {sample}
            </div>
        </div>
        <FormFoot open=open>
            <button class="button" data-kind="primary" disabled=move || why_not().is_some() title=why_not on:click=go>
                {move || match expected_count.get() {
                    0 => format!("{verb} events"),
                    number => format!("{verb} {}", crate::text::events(number)),
                }}
            </button>
        </FormFoot>
    }
}

/// What becomes of events that are taken out of a batch of a kind.
fn what_becomes(kind: Option<BatchType>) -> &'static str {
    match kind {
        Some(BatchType::Rerate) => "Removed events go back to the batches that they came from.",
        Some(BatchType::ReverseReplace) => {
            "Removed reversals are withdrawn. Their originals stay as they are, and can be reversed again."
        }
        _ => {
            "Removed events are deleted with their charges and messages: they are in no other batch. You cannot undo this."
        }
    }
}

/// The rule as it is kept, of the one that stands in the fields.
fn understood(typed: &SelectionRule) -> Result<SelectionRule, RuleFault> {
    let mut rule = with_notation(|notation| typed.understood(notation))?;
    let comparisons = rule.groups.iter_mut().flat_map(|group| &mut group.comparisons);
    // A whole value is compared to the letter, as it is stored.
    for part in comparisons.filter(|one| matches!(one.operator, Operator::Contains | Operator::StartsWith)) {
        part.value = composed(&part.value).into_owned();
    }
    Ok(rule)
}

fn q_of(typed: &SelectionRule) -> Result<String, RuleFault> {
    understood(typed)?.q()
}

/// The events of all other batches, and those that are in none.
fn outside(batch: &str) -> String {
    let number = batch.replace('\'', "''");
    format!("(BatchNumber <> '{number}' or BatchNumber is null)")
}

/// Gives the focus to what is about to be drawn in the open dialog.
fn focus_soon(selector: &'static str) {
    request_animation_frame(move || {
        if let Ok(Some(found)) = document().query_selector(&format!("dialog[open] {selector}")) {
            let _ = found.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
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
                    <option value="in" selected=move || !of(|group| group.excludes)>"Include"</option>
                    <option value="out" selected=move || of(|group| group.excludes)>"Exclude"</option>
                </select>
                <span>"events that match"</span>
                <select class="input" aria-label="How comparisons are joined" on:change:target=move |event| { let any = event.target().value() == "any"; edit(&|group| group.any = any); }>
                    <option value="all" selected=move || !of(|group| group.any)>"all conditions"</option>
                    <option value="any" selected=move || of(|group| group.any)>"any condition"</option>
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
            }>"Add condition"</button>
        </fieldset>
    }
}
