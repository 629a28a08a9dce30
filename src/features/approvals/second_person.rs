//! What stands before an act that needs a second person: why it does, asking for one, and what became of it.

use super::words::{amounts_list, difference_words, need_words};
use crate::api::{Failure, FailureKind};
use crate::data::session::Session;
use crate::routes;
use crate::text::with_plain_times;
use crate::ui::controls::{Icon, IconName, Notice};
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use grid_model::{Tone, visible};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::approval::{ApprovalState, Standing, Weighed};

part! {
    /// Weighs an act, and lets it be done where it needs nobody else, or is approved. `may` says so once it is known.
    pub mod second_person_part in approvals: (session: Session, batch: Option<String>, may: RwSignal<Option<bool>>) =>
        view! { <SecondPerson session=session batch=batch may=may /> }
}

#[component]
fn SecondPerson(session: Session, batch: Option<String>, may: RwSignal<Option<bool>>) -> impl IntoView {
    use_part_styles(include_str!("../../../style/approvals.css"));
    let (weighed, failed) = (RwSignal::new(None::<Weighed>), RwSignal::new(None::<Failure>));
    let batch = StoredValue::new(batch);
    let weigh = move || {
        spawn_local(async move {
            let answer = session.client.weigh(batch.get_value().as_deref()).await;
            if weighed.is_disposed() {
                return;
            }
            match answer {
                Ok(now) => {
                    may.set(Some(now.is_free()));
                    weighed.set(Some(now));
                    failed.set(None);
                }
                // A system that asks for no approvals.
                Err(failure) if failure.kind == FailureKind::NotFound => may.set(Some(true)),
                // The server stands at the gate all the same.
                Err(failure) => {
                    may.set(Some(true));
                    failed.set(Some(failure));
                }
            }
        });
    };
    weigh();
    let again = Callback::new(move |()| weigh());
    view! {
        {move || failed.get().map(|failure| view! {
            <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>{format!("Whether this needs an approval could not be found out. {}. {}", failure.title(), failure.advice())}</span>
                <button class="button" type="button" data-kind="quiet" on:click=move |_| again.run(())>"Try again"</button></p>
        })}
        {move || weighed.get().filter(|weighed| !weighed.needs.is_empty()).map(|weighed| view! {
            <section class="second-person" aria-label="Approval">
                <Reasons weighed=weighed.clone() />
                <Stand session=session weighed=weighed again=again />
            </section>
        })}
    }
}

/// Why a second person is needed, and for how much.
#[component]
fn Reasons(weighed: Weighed) -> impl IntoView {
    let reasons = weighed.needs.iter().map(|need| view! { <li>{need_words(need)}</li> }).collect_view();
    let amounts = weighed.amounts.iter().map(|one| (one.currency_code.as_deref(), one.amount.clone()));
    let amounts = (!weighed.amounts.is_empty()).then(|| {
        view! { <p class="quiet">"It comes to, each charge without its sign:"</p>{amounts_list(amounts)} }
    });
    view! {
        <Notice tone=Tone::Warn icon=IconName::Lock title="This needs the approval of a second person">
            <ul class="reasons">{reasons}</ul>
        </Notice>
        {amounts}
    }
}

/// How the approval stands, and what the person can do about it.
#[component]
fn Stand(session: Session, weighed: Weighed, again: Callback<()>) -> impl IntoView {
    let standing = weighed.standing.clone();
    let state = standing.as_ref().and_then(Standing::state);
    let asks = !matches!(state, Some(ApprovalState::Requested | ApprovalState::Approved));
    let told = standing.map(told);
    view! {
        <div role="status">{told}</div>
        {asks.then(|| view! { <Ask session=session weighed=weighed again=again /> })}
    }
}

fn told(standing: Standing) -> AnyView {
    let number = visible(&standing.approval_number).into_owned();
    let asked_by = visible(&standing.asked_by).into_owned();
    let decided_by = standing.decided_by.as_deref().unwrap_or("somebody").to_owned();
    let decided_by = visible(&decided_by).into_owned();
    let list = || view! { <a href=routes::APPROVALS>"Show approvals"</a> };
    match standing.state() {
        Some(ApprovalState::Requested) => view! {
            <Notice tone=Tone::Info icon=IconName::Clock title="Waiting for approval" text=format!("{asked_by} asked for it ({number}). Somebody who neither asked nor changed anything here decides.")>{list()}</Notice>
        }
        .into_any(),
        Some(ApprovalState::Approved) if standing.can_be_used => view! {
            <Notice tone=Tone::Ok title=format!("Approved by {decided_by}") text=format!("{number} is for this content, and for one use.") />
        }
        .into_any(),
        Some(ApprovalState::Approved) => view! {
            <Notice tone=Tone::Info icon=IconName::Lock title="You approved it yourself" text=format!("{asked_by} asked for it ({number}). Another person carries it out.") />
        }
        .into_any(),
        Some(ApprovalState::Refused) => {
            let reason = standing.reason.as_deref().map(|reason| visible(reason).into_owned());
            view! { <Notice tone=Tone::Bad title=format!("Refused by {decided_by}") text=reason.unwrap_or_default() /> }.into_any()
        }
        _ => {
            let by = standing.changed_by.as_deref().map(|by| {
                let at = standing.changed_at.as_deref().map(|at| format!(" at {at}")).unwrap_or_default();
                format!("The last change is by {}{}.", visible(by), with_plain_times(&at))
            });
            let differences = standing.differences.iter().map(|one| visible(&difference_words(one)).into_owned());
            let differences: Vec<_> = differences.map(|words| view! { <li>{words}</li> }).collect();
            view! {
                <Notice tone=Tone::Warn title=format!("The approval {number} is out of date") text=by.unwrap_or_default()>
                    <ul class="reasons">{differences}</ul>
                </Notice>
            }
            .into_any()
        }
    }
}

#[component]
fn Ask(session: Session, weighed: Weighed, again: Callback<()>) -> impl IntoView {
    let note = RwSignal::new(String::new());
    let (is_under_way, failed) = (RwSignal::new(false), RwSignal::new(None::<Failure>));
    let weighed = StoredValue::new(weighed);
    let ask = move |_| {
        if is_under_way.get_untracked() {
            return;
        }
        is_under_way.set(true);
        failed.set(None);
        spawn_local(async move {
            let answer = session.client.ask_approval(&weighed.get_value(), &note.get_untracked()).await;
            if is_under_way.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    session.sync.notices.notify(Tone::Ok, "The approval is asked for.".to_owned());
                    again.run(());
                }
                Err(failure) => failed.set(Some(failure)),
            }
        });
    };
    view! {
        <div class="form">
            <label class="label" for="approval-note">"Note to the second person (optional)"</label>
            <textarea class="input" id="approval-note" rows="2" maxlength="1000" on:input:target=move |event| note.set(event.target().value())></textarea>
        </div>
        <div role="alert">{move || failed.get().map(|failure| view! {
            <p class="form-error"><Icon name=IconName::Alert /><span>{format!("{}. {}", failure.title(), failure.advice())}</span></p>
            <button class="button" type="button" data-kind="quiet" on:click=move |_| again.run(())>"Look again"</button>
        })}</div>
        <button class="button" type="button" disabled=move || is_under_way.get() on:click=ask>"Ask for approval"</button>
    }
}
