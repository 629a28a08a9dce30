//! A batch's way from draft to processed: where it stands, which step comes next, and why a step is
//! not to be taken now.

use super::edit::EditBatch;
use super::estimates::{BatchEstimate, KeptEstimates, ReversalWorth};
use super::expected_adds::{AddsCheck, ExpectedAdds};
use super::is_to_re_rate;
use super::moved_events::MovedEvents;
use super::rule_builder::{RuleBuilder, RulePurpose};
use crate::api::RecordKey;
use crate::data::session::Session;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::approvals::before_act;
use crate::routes::{self, use_go};
use crate::text::{class_of, count, events};
use crate::ui::controls::{FormDialog, FormFoot, Icon, IconName};
use crate::ui::part::part;
use leptos::prelude::*;
use record_store::IntentState;
use rest_contract::oracle::action::{self, Action, Arguments};
use rest_contract::oracle::life_cycle::{BatchAction, BatchFacts, BatchStatus, BatchType, batch_action};
use rest_contract::{Record, Value, is_blank};
use std::sync::Arc;
use wasm_bindgen::JsCast;

part! {
    /// A step that is taken by a rule.
    pub mod rule_builder_part in rules: (
        session: Session,
        key: RecordKey,
        batch: Arc<Record>,
        purpose: RulePurpose,
        open: RwSignal<bool>,
        expected: RwSignal<Option<ExpectedAdds>>,
    ) => view! { <RuleBuilder session=session key=key batch=batch purpose=purpose open=open expected=expected /> }
}

part! {
    /// Tells what became of the last one that was taken by a rule.
    pub mod expected_adds_part in batch_work: (session: Session, expected: RwSignal<Option<ExpectedAdds>>) =>
        view! { <AddsCheck session=session expected=expected /> }
}

part! {
    /// Any other step.
    pub mod confirm_part in batch_work: (
        session: Session,
        key: RecordKey,
        batch: Arc<Record>,
        action: &'static Action,
        open: RwSignal<bool>,
    ) => view! { <Confirm session=session key=key batch=batch action=action open=open /> }
}

/// The states in the order a batch goes through them, in words.
const WAY: [(&str, &[BatchStatus]); 4] = [
    ("Draft", &[BatchStatus::Draft]),
    ("Locked for review", &[BatchStatus::Locked]),
    ("In process", &[BatchStatus::InProcess]),
    ("Completed", &[BatchStatus::Completed, BatchStatus::CompletedErrors]),
];

/// The steps, each with the rule that allows it.
const STEPS: [(&Action, BatchAction); 6] = [
    (&action::ADD_EVENTS, BatchAction::AddEvents),
    (&action::DELETE_EVENTS, BatchAction::DeleteEvents),
    (&action::LOCK_FOR_REVIEW, BatchAction::LockForReview),
    (&action::REVERT, BatchAction::Revert),
    (&action::SUBMIT, BatchAction::Submit),
    (&action::DELETE, BatchAction::Delete),
];

/// What decides about a batch, where all of it is known here.
fn facts_of(batch: &Record) -> Option<BatchFacts> {
    let number = |name: &str| batch.get(name).and_then(Value::as_integer).unwrap_or_default();
    let settled =
        ["CountOfEventsErrored", "CountOfEventsInprocess", "CountOfEventsProcessed", "ReversedEventsCount"];
    let total = number("CountOfUsageEvents");
    Some(BatchFacts {
        status: BatchStatus::of(batch.text("BatchStatus")?)?,
        batch_type: BatchType::of(batch.text("UsageType")?)?,
        has_events: total > 0,
        // Where its events are lent to another batch, only the server knows.
        has_lent_events: false,
        // Nor is it known here which of them began in a closed period.
        has_closed_events: false,
        has_events_to_rate: total > settled.iter().map(|name| number(name)).sum(),
    })
}

/// What an action is known by afterwards: the batch as it was when the person asked.
pub(super) fn evidence(batch: &Record) -> Arguments {
    ["BatchStatus", "CountOfUsageEvents", "ProcessedDatetime"]
        .into_iter()
        .filter_map(|name| Some((name, batch.get(name)?.clone())))
        .collect()
}

/// Made once for a batch: a batch that is read again changes what is offered, and takes neither the
/// focus nor a rule that is being typed. No step is taken before the batch `is_read`: what a list said of it
/// shows only what will be offered.
#[component]
pub fn BatchSteps(
    session: Session,
    number: String,
    batch: Signal<Option<Arc<Record>>>,
    is_read: Memo<bool>,
) -> impl IntoView {
    let sync = session.sync;
    let key = RecordKey::batch(&number);
    let facts = Memo::new(move |_| batch.with(|batch| batch.as_deref().and_then(facts_of)));
    let way = move || {
        facts.get().map(|facts| {
        let here = WAY.iter().position(|(_, states)| states.contains(&facts.status));
        let steps = WAY.iter().enumerate().map(|(place, (words, _))| {
            let is_here = Some(place) == here;
            let has_errors = is_here && facts.status == BatchStatus::CompletedErrors;
            let words = if has_errors { "Completed with errors" } else { words };
            // As in the head and in lists.
            let tone = is_here.then(|| class_of(facts.status.code()).tone().name());
            let is_behind = here.is_some_and(|here| place < here);
            let icon = if is_behind { IconName::Check } else { IconName::Dot };
            view! { <li aria-current=is_here.then_some("step") data-tone=tone data-behind=is_behind.then_some("") title=words><Icon name=icon /><span>{words}</span></li> }
        });
        view! { <ol class="batch-way" aria-label="Where the batch stands">{steps.collect_view()}</ol> }
    })
    };
    let blocked_role = session.blocked_from_editing();
    let under_way = {
        let key = key.clone();
        Memo::new(move |_| {
            sync.revision.track();
            sync.with_view(&key, |view| {
                let action = view.as_ref()?.actions().next()?;
                Some((action.action().name, matches!(action.state(), IntentState::Refused { .. })))
            })
        })
    };
    let asked = RwSignal::new(None::<&'static Action>);
    let expected = RwSignal::new(None::<ExpectedAdds>);
    let has_expected = Memo::new(move |_| expected.with(Option::is_some));
    let (edited, edited_key) = (RwSignal::new(false), key.clone());
    // Each button is made once: one that is made anew loses the focus.
    let buttons = STEPS.map(|(action, rule)| {
        let reason = Memo::new(move |_| {
            let blocked = match facts.get() {
                _ if !is_read.get() => Some("The batch is not read yet.".to_owned()),
                Some(facts) => batch_action(facts, rule).err().map(|reason| reason.to_string()),
                None => Some(
                    "The status or the type of this batch could not be read, so no step is taken here."
                        .to_owned(),
                ),
            };
            let refused = || {
                let (name, _) = under_way.get().filter(|(_, is_refused)| *is_refused)?;
                let title = Action::named(name).map_or(name, |action| action.title);
                Some(format!("{title} was refused. Try it again or discard it under Changes before the next step."))
            };
            blocked_role.map(str::to_owned).or(blocked).or_else(refused)
        });
        // A rating batch never takes rated events, and a step back is offered where there is one.
        let is_offered = Memo::new(move |_| match rule {
            BatchAction::AddEvents => facts.get().is_none_or(|facts| facts.batch_type != BatchType::Rating),
            BatchAction::Revert => facts.get().is_none_or(|facts| facts.status == BatchStatus::Locked),
            _ => true,
        });
        let take = move |_| match reason.get_untracked() {
            Some(reason) => sync.notices.refuse(reason),
            None if under_way.get_untracked().is_some() => {}
            None => asked.set(Some(action)),
        };
        view! {
            <Show when=move || is_offered.get()>
                <StepButton action=action reason=reason is_waiting=Signal::derive(move || under_way.get().is_some()) take=Callback::new(take) />
            </Show>
        }
    });
    // For the ears: the head says that something is being saved, and words here would move the rows.
    let doing = move || {
        let is_on_its_way = |(name, is_refused): (&'static str, bool)| (!is_refused).then_some(name);
        under_way.get().and_then(is_on_its_way).and_then(Action::named).map(|action| view! { <span class="visually-hidden" role="status">{format!("{}: under way", action.title)}</span> })
    };
    let title = Signal::derive(move || asked.get().map_or("", |action| action.title).to_owned());
    let by_rule = Signal::derive(move || asked.get().and_then(purpose_of).is_some());
    let form = move |(action, open): (&'static Action, RwSignal<bool>)| {
        let Some(batch) = batch.get_untracked() else { return ().into_any() };
        let key = key.clone();
        match purpose_of(action) {
            Some(purpose) => rule_builder_part::view(session, key, batch, purpose, open, expected),
            None => confirm_part::view(session, key, batch, action, open),
        }
    };
    view! {
        <section class="batch-steps" aria-label="Steps of the batch" tabindex="-1">
            {way}
            <div class="batch-buttons">
                {buttons}
                <AllowedButton session=session words="Edit" forbidden=forbidden_by_role(session) press=move || edited.set(true) />
                {doing}
            </div>
        </section>
        {move || has_expected.get().then(|| expected_adds_part::view(session, expected))}
        <EditBatch session=session key=edited_key open=edited />
        <FormDialog subject=asked title=title wide=by_rule form=form />
    }
}

/// The steps that are taken by a rule.
fn purpose_of(action: &Action) -> Option<RulePurpose> {
    match action {
        action if *action == action::ADD_EVENTS => Some(RulePurpose::Add),
        action if *action == action::DELETE_EVENTS => Some(RulePurpose::TakeOut),
        _ => None,
    }
}

/// A step that is blocked can be reached and pressed, and then says why.
#[component]
fn StepButton(
    action: &'static Action,
    reason: Memo<Option<String>>,
    is_waiting: Signal<bool>,
    take: Callback<()>,
) -> impl IntoView {
    let id = format!("step-{}", action.name);
    let own_id = id.clone();
    // A step that is no longer offered hands the focus to the steps that are.
    on_cleanup(move || {
        let focused = document().active_element().filter(|element| element.id() == own_id);
        let steps = focused.and_then(|button| button.closest("section").ok().flatten());
        if let Some(steps) = steps {
            let _ = steps.unchecked_into::<web_sys::HtmlElement>().focus();
        }
    });
    let kind = (*action == action::SUBMIT).then_some("primary");
    view! {
        <button class="button" id=id data-kind=kind title=move || reason.get().unwrap_or_default()
            aria-disabled=move || (reason.get().is_some() || is_waiting.get()).to_string()
            on:click=move |_| take.run(())>{action.title}</button>
    }
}

/// What a step will do, before it is taken.
fn meaning(action: &Action, batch: &Record) -> String {
    let number = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default();
    let events = events(usize::try_from(number).unwrap_or_default());
    let errors = batch.get("CountOfEventsErrored").and_then(Value::as_integer).unwrap_or_default();
    let type_of = batch.text("UsageType").and_then(BatchType::of);
    if *action == action::LOCK_FOR_REVIEW {
        format!(
            "{events} to be reviewed. Nothing in the batch can be changed until it is unlocked or submitted."
        )
    } else if *action == action::REVERT {
        "The batch goes back to Draft, and its events and rules can be changed again.".to_owned()
    } else if *action == action::SUBMIT {
        let number_of = |name: &str| batch.get(name).and_then(Value::as_integer).unwrap_or_default();
        let rated =
            ["CountOfEventsProcessed", "ReversedEventsCount", "CountOfEventsInprocess"].map(number_of);
        let rated: i64 = rated.into_iter().sum();
        let what = match type_of {
            Some(BatchType::Rerate) if is_to_re_rate(batch) => {
                let rated = usize::try_from(number - errors).unwrap_or_default();
                format!("Re-rates {}.", crate::text::events(rated))
            }
            Some(BatchType::ReverseReplace) => {
                format!("{events}: reverse their originals, so that both net to zero.")
            }
            // What a re-rating batch has rated is not rated a second time.
            Some(BatchType::Rating | BatchType::Rerate) | None => {
                let open = usize::try_from(number - errors - rated).unwrap_or_default();
                let stay = if rated > 0 {
                    format!(" {} rated before stay as they are.", count(rated))
                } else {
                    String::new()
                };
                format!("Rates up to {}: those on hold stay as they are.{stay}", crate::text::events(open))
            }
        };
        let held = if errors > 0 {
            format!(" {} in error stay where they are.", count(errors))
        } else {
            String::new()
        };
        format!("{what}{held} You cannot undo this, only reverse it later.")
    } else {
        let was_processed = batch.text("BatchStatus").and_then(BatchStatus::of) != Some(BatchStatus::Draft);
        match number {
            0 if was_processed => "The batch is deleted with its history. Its events have moved to other batches, \
                                   which will not name it any more. Keep it where somebody may ask for the trail."
                .to_owned(),
            0 => "The batch is deleted.".to_owned(),
            1 => match type_of {
                Some(BatchType::Rerate) => {
                    "The batch is deleted. Its event goes back to the batch that it came from."
                }
                Some(BatchType::ReverseReplace) => {
                    "The batch is deleted with the reversal of 1 event. Its original stays as it is, and can be reversed again."
                }
                _ => "The batch is deleted with its event, the event's charges and messages.",
            }
            .to_owned(),
            _ => match type_of {
                Some(BatchType::Rerate) => {
                    format!("The batch is deleted. Its {events} go back to the batches that they came from.")
                }
                Some(BatchType::ReverseReplace) => format!(
                    "The batch is deleted with the reversals of {events}. Their originals stay as they are, and can be reversed again."
                ),
                _ => format!("The batch is deleted with its {events}, their charges and messages."),
            },
        }
    }
}

#[component]
fn Confirm(
    session: Session,
    key: RecordKey,
    batch: Arc<Record>,
    action: &'static Action,
    open: RwSignal<bool>,
) -> impl IntoView {
    let leave = use_go();
    let words = meaning(action, &batch);
    let estimates = expect_context::<KeptEstimates>();
    let expected = RwSignal::new(None);
    let number = batch.key().unwrap_or_default();
    let batch_type = batch.text("UsageType").and_then(BatchType::of);
    // A reversal turns amounts that are known.
    let priced = batch_type.filter(|kind| *action == action::SUBMIT && *kind != BatchType::ReverseReplace);
    let priced = priced.map(|kind| if is_to_re_rate(&batch) { kind } else { BatchType::Rating });
    let size = batch.get("CountOfUsageEvents").and_then(Value::as_integer).unwrap_or_default().unsigned_abs();
    let estimate = priced.map(|batch_type| {
        view! { <BatchEstimate session=session number=number.clone() size=size batch_type=batch_type expected=expected /> }
    });
    // The events that a re-rating batch holds have left others, and stay here once it is processed.
    let takes = *action != action::REVERT && batch_type == Some(BatchType::Rerate);
    let shown = Signal::stored(Some(Arc::clone(&batch)));
    let moved =
        takes.then(|| view! { <MovedEvents session=session batch=shown changed=Signal::stored(0) goes_back={*action == action::DELETE} /> });
    let takes_back = [&action::LOCK_FOR_REVIEW, &action::SUBMIT].contains(&action)
        && batch_type == Some(BatchType::ReverseReplace);
    let reason = batch.text("BatchDescription").filter(|reason| !is_blank(reason)).map(str::to_owned);
    let taken_back = takes_back
        .then(|| view! { <ReversalWorth session=session number=number.clone() size=size reason=reason /> });
    // Where a rule asks for a second person, it is told before, and the step waits. What is pressed before that is known
    // is done once it is.
    let may = RwSignal::new((*action != action::SUBMIT).then_some(true));
    let is_pressed = RwSignal::new(false);
    let approval = (*action == action::SUBMIT).then(|| before_act(session, Some(number.clone()), may));
    let go = StoredValue::new_local(move || {
        if let Some(expected) = expected.get_untracked() {
            estimates.keep(number.clone(), expected);
        }
        let mut arguments = evidence(&batch);
        if *action == action::DELETE {
            let seen = batch.change_indicator().unwrap_or_default().to_owned();
            arguments.insert(action::SEEN_VERSION, Value::Text(seen));
        }
        session.sync.act(key.clone(), action, arguments);
        open.set(false);
        if *action == action::DELETE {
            leave.to(routes::BATCHES);
        }
    });
    Effect::new(move || match (is_pressed.get(), may.get()) {
        (true, Some(true)) => untrack(|| go.with_value(|go| go())),
        (true, Some(false)) => is_pressed.set(false),
        _ => {}
    });
    view! {
        // The keyboard stands before what the step does, so that an Enter too many confirms nothing.
        <p tabindex="-1" autofocus=true>{words}</p>
        {moved}
        {taken_back}
        {estimate}
        {approval}
        <FormFoot open=open>
            <button class="button" data-kind="primary" disabled=move || may.get() == Some(false) on:click=move |_| is_pressed.set(true)>{action.title}</button>
        </FormFoot>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::oracle::BATCH;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn submit_says_how_many_events_are_rated() {
        let said = |kind: &str, status: &str, [all, errors, done]: [i64; 3]| {
            let body = format!(
                r#"{{"BatchNumber":"B","UsageType":"{kind}","BatchStatus":"{status}","CountOfUsageEvents":{all},
                    "CountOfEventsErrored":{errors},"CountOfEventsProcessed":{done}}}"#
            );
            let words = meaning(&action::SUBMIT, &Record::read(&BATCH, body.as_bytes()).unwrap());
            words.split_once('.').map(|(first, _)| first.to_owned()).unwrap_or_default()
        };
        assert_eq!(said("ORA_RERATE", "ORA_LOCKED", [120, 3, 0]), "Re-rates 117 events");
        assert_eq!(said("ORA_RERATE", "ORA_LOCKED", [120, 0, 120]), "Re-rates 120 events");
        let rest = said("ORA_RERATE", "ORA_COMPLETED_ERRORS", [120, 0, 117]);
        assert_eq!(rest, "Rates up to 3 events: those on hold stay as they are");
        let first = said("ORA_RATING", "ORA_LOCKED", [180, 3, 0]);
        assert_eq!(first, "Rates up to 177 events: those on hold stay as they are");
    }
}
