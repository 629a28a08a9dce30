//! The steps, each with what it shows and asks while it is the current one.

use super::controller::PurgeController;
use super::report::Report;
use crate::api::System;
use crate::features::approvals::before_act;
use crate::pages::service_usage::labels;
use crate::text::{clock_off, count};
use crate::ui::controls::{Icon, IconName, Notice, act_every};
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::cloud_foundry::{
    Bar, GIVEN_UP_AFTER_SECONDS, Input, Outlook, PurgeStep, QUIET_SECONDS, Unquiet, UsageTable, month_of,
};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{File, HtmlElement, HtmlInputElement};

const STEPS: [&str; 7] = [
    "Copy every event",
    "Prove the copy",
    "See what goes and what comes",
    "See that the platform is quiet",
    "Name the platform",
    "Count down",
    "Read what is there now",
];

/// Which step a stage belongs to; none before the first.
fn step_of(stage: &PurgeStep) -> Option<usize> {
    match stage {
        PurgeStep::Start | PurgeStep::Blocked(_) | PurgeStep::Refused(_) | PurgeStep::Cancelled => None,
        PurgeStep::Copying | PurgeStep::CopyFailed => Some(0),
        PurgeStep::Copied { .. } | PurgeStep::ReadingBack(_) => Some(1),
        PurgeStep::Proven(_) => Some(2),
        PurgeStep::Looking(_) | PurgeStep::NotQuiet { .. } => Some(3),
        PurgeStep::Naming { .. } => Some(4),
        PurgeStep::Counting { .. }
        | PurgeStep::LastLook(_)
        | PurgeStep::Marking(_)
        | PurgeStep::Sending(_) => Some(5),
        PurgeStep::InDoubt(_)
        | PurgeStep::Reading(_)
        | PurgeStep::NotSeen { .. }
        | PurgeStep::Done { .. } => Some(6),
    }
}

#[component]
pub fn Steps(controller: PurgeController) -> impl IntoView {
    let stage = Memo::new(move |_| controller.procedure.with(|procedure| procedure.stage().clone()));
    let step = Memo::new(move |_| stage.with(step_of));
    let counts = Memo::new(move |_| stage.with(|stage| matches!(stage, PurgeStep::Counting { .. })));
    let now = RwSignal::new(labels::now());
    let tick = move || {
        now.set(labels::now());
        controller.take(Input::Tick { at: labels::now() });
    };
    act_every(Duration::from_millis(250), move || counts.get(), tick);
    // The keyboard goes where the procedure goes; what was pressed is gone with its step.
    Effect::new(move |before: Option<()>| {
        stage.track();
        if before.is_some() {
            request_animation_frame(|| {
                if let Ok(Some(current)) = document().query_selector(".purge [data-current]") {
                    let _ = current.unchecked_into::<HtmlElement>().focus();
                }
            });
        }
    });
    let content = move || {
        let stage = stage.get();
        let cancel = stage.may_be_cancelled().then(|| {
            view! {
                <button class="button" on:click=move |_| controller.take(Input::Cancel)>"Cancel"</button>
            }
        });
        let content = content_of(&stage, controller, now);
        let trouble = move || {
            let trouble = controller.trouble.get();
            (!trouble.is_empty()).then(
                || view! { <p class="form-error" role="alert"><Icon name=IconName::Alert />{trouble}</p> },
            )
        };
        view! { <div class="step-body" role="group" tabindex="-1" data-current="" aria-label="Current step">{content}{trouble}<div class="step-actions">{cancel}</div></div> }
    };
    let list = move || {
        STEPS
            .iter()
            .enumerate()
            .map(|(place, title)| {
                let is_current = step.get() == Some(place);
                let is_past = step.get().is_some_and(|step| step > place);
                let word = if is_past { "done" } else if is_current { "now" } else { "to come" };
                view! {
                    <li class="step" data-state=word aria-current=is_current.then_some("step")>
                        <span class="step-mark">{if is_past { view! { <Icon name=IconName::Check /> }.into_any() } else { (place + 1).into_any() }}</span>
                        <h2>{*title}<span class="visually-hidden">{format!(" ({word})")}</span></h2>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <div class="purge">
            <ol class="steps" aria-label="Steps">{list}</ol>
            {content}
        </div>
    }
}

fn content_of(stage: &PurgeStep, controller: PurgeController, now: RwSignal<i64>) -> AnyView {
    let say = move |input: Input| move |_: leptos::ev::MouseEvent| controller.take(input.clone());
    let progress = move || {
        controller.progress.get().map(|progress| view! {
            <span class="progress" role="status">
                <progress max=progress.total.max(1).to_string() value=progress.read.to_string() aria-label="Reading"></progress>
                {format!("{} of {}", count(progress.read as u64), labels::events(progress.total))}
            </span>
        })
    };
    match stage {
        PurgeStep::Start => view! { <Beginning controller=controller note=None /> }.into_any(),
        PurgeStep::Cancelled => {
            let note = (Tone::Ok, "Cancelled. Nothing was sent.".to_owned());
            view! { <Beginning controller=controller note=Some(note) /> }.into_any()
        }
        PurgeStep::Refused(reason) => {
            let note = (Tone::Bad, format!("Nothing was purged. {reason}"));
            view! { <Beginning controller=controller note=Some(note) /> }.into_any()
        }
        PurgeStep::Blocked(bar) => {
            let reason = match bar {
                Bar::Role(reason) => *reason,
                Bar::OtherTab => "Another tab of this browser is in this procedure. Finish or cancel it there.",
                Bar::NoTabClaim => "This browser cannot make sure that only one tab is in the procedure. It can where the page comes over https.",
            };
            view! { <Beginning controller=controller note=Some((Tone::Warn, reason.to_owned())) /> }.into_any()
        }
        PurgeStep::Copying => view! { <p>"Every event is read and copied into one file."</p>{progress} }.into_any(),
        PurgeStep::CopyFailed => view! {
            <p>"The copy was not made."</p>
            <button class="button" data-kind="primary" on:click=say(Input::LookAgain)>"Try again"</button>
        }
        .into_any(),
        PurgeStep::Copied { copy, unlike } => {
            let file = copy.file.clone();
            view! {
                <p>{format!("The browser was given {} to save as", labels::events(copy.events))}" "<strong class="mono">{file}</strong>". Choose the saved file, so that what is on your disk is read back and compared."</p>
                <p class="quiet">"SHA-256 "<code data-testid="sha256">{copy.sha256.clone()}</code></p>
                {unlike.map(|unlike| view! { <Notice tone=Tone::Bad title="This file is not the copy" text=format!("Compared with what was copied, {unlike}. Choose another file.") /> })}
                <FileChooser label="The saved copy" choose=Callback::new(move |file: ChosenFile| controller.choose(file.0)) />
                <button class="button" on:click=move |_| controller.save_again()>"Save the file again"</button>
            }
            .into_any()
        }
        PurgeStep::ReadingBack(_) => view! { <p role="status">"Reading the file back"</p> }.into_any(),
        PurgeStep::Proven(_) => {
            let outlook = controller.before.with_value(|before| {
                before.as_deref().map(|before: &UsageTable| Outlook::of(before, &month_of(controller.session.client.now_at(System::CloudFoundry).timestamp())))
            });
            outlook.map(|outlook| losses(&outlook, controller)).into_any()
        }
        PurgeStep::Looking(_) => view! { <p role="status">"Looking whether anything has come since the copy was made"</p> }.into_any(),
        PurgeStep::NotQuiet { why, .. } => {
            let (words, may_wait) = match *why {
                Unquiet::NoAnswer => ("The platform did not answer whether it is quiet.".to_owned(), true),
                Unquiet::CopyGone => (
                    "The list is no longer the one that was copied: it was purged or pruned since. Cancel and begin again, with a new copy.".to_owned(),
                    false,
                ),
                Unquiet::Came(events) => (
                    format!("{} came after the copy was made, so the copy is no longer whole. Cancel and begin again, with a new copy.", labels::events(events)),
                    false,
                ),
                Unquiet::Contradiction => (
                    "The platform's answers about the newest event and the number of events do not agree with each other or with the copy, so nobody can tell what a purge would destroy.".to_owned(),
                    true,
                ),
                Unquiet::NoClock => (
                    "The platform's answer does not tell its time, so the age of its newest event cannot be known. A purge needs it.".to_owned(),
                    true,
                ),
                Unquiet::ClockOff { ahead } => (
                    format!("The clock of this computer is {}. Set it right, then check again.", clock_off(ahead)),
                    true,
                ),
                Unquiet::Young { newest_at, now } => (
                    format!(
                        "The newest event is of {} UTC; the platform's clock shows {}. Instances created or deleted during a purge can be billed twice or not at all. Wait until there has been no event for {} minutes, then check again.",
                        labels::shown_time(newest_at),
                        labels::shown_time(now),
                        QUIET_SECONDS / 60
                    ),
                    true,
                ),
            };
            view! {
                <Notice tone=Tone::Warn title="The platform is not quiet" text=words />
                {may_wait.then(|| view! { <button class="button" data-kind="primary" on:click=say(Input::LookAgain)>"Look again"</button> })}
            }
            .into_any()
        }
        PurgeStep::Naming { is_other, .. } => view! { <Naming controller=controller is_other=*is_other /> }.into_any(),
        PurgeStep::Counting { ends_at, .. } => {
            let ends_at = *ends_at;
            let left = Memo::new(move |_| (ends_at - now.get()).max(0));
            view! {
                <p class="countdown" role="timer" aria-live="off"><strong>{move || left.get()}</strong>{move || if left.get() == 1 { " second" } else { " seconds" }}" until every event is destroyed"</p>
                <p>"Cancel now if you want to stop. A purge cannot be stopped once it is sent."</p>
            }
            .into_any()
        }
        PurgeStep::LastLook(_) => view! { <p role="status">"Looking once more"</p> }.into_any(),
        PurgeStep::Marking(_) | PurgeStep::Sending(_) => view! {
            <p role="status">"Sent. Waiting for the platform's answer. It will not be sent again, whatever happens."</p>
        }
        .into_any(),
        PurgeStep::InDoubt(marker) => view! {
            <Notice tone=Tone::Warn title="Unknown whether the platform did it" text=format!("The purge was sent at {} UTC and no answer that decides has come. It is not sent again; what is there now decides.", labels::shown_time(marker.sent_at)) />
            <button class="button" data-kind="primary" on:click=say(Input::ReadAgain)>"Read what is there now"</button>
        }
        .into_any(),
        PurgeStep::Reading(marker) => view! {
            <p>{format!("A purge was sent at {} UTC. Reading what is there now.", labels::shown_time(marker.sent_at))}</p>{progress}
        }
        .into_any(),
        PurgeStep::NotSeen { marker, read_at } => {
            let read = read_at.map(|at| format!(", and read at {} UTC", labels::shown_time(at))).unwrap_or_default();
            view! {
                <Notice tone=Tone::Warn title="Nothing of a purge is to be seen yet" text=format!("It was sent at {} UTC{read} by the platform's clock. The events from before stand unchanged. The call may still be on its way, so read again before you do anything else.", labels::shown_time(marker.sent_at)) />
                <button class="button" data-kind="primary" on:click=say(Input::ReadAgain)>"Read again"</button>
                {if stage.may_be_given_up() {
                    view! { <button class="button" on:click=say(Input::GiveUp)>"Give it up: it was not carried out"</button> }.into_any()
                } else {
                    view! { <p class="quiet">{format!("It can be given up once a reading shows nothing {GIVEN_UP_AFTER_SECONDS} seconds after it was sent.")}</p> }.into_any()
                }}
            }
            .into_any()
        }
        PurgeStep::Done { marker, sign } => view! { <Report controller=controller marker=marker.clone() sign=*sign /> }.into_any(),
    }
}

#[component]
fn Beginning(controller: PurgeController, note: Option<(Tone, String)>) -> impl IntoView {
    let blocked =
        move || controller.session.access().and_then(|access| access.platform.blocked_from_purging());
    let target = controller.procedure.with_untracked(|procedure| procedure.target().to_owned());
    // Where a rule asks for a second person, their approval comes before the copy.
    let may = RwSignal::new(None::<bool>);
    view! {
        {note.map(|(tone, text)| view! { <div role="alert"><Notice tone=tone title=text /></div> })}
        <p>"A purge destroys every service usage event of "<strong>{target}</strong>" and writes one start, of the time of the purge, for each service instance that exists. True start times, and every change and deletion that was not copied, are gone for good. The platform advises it once, when billing begins."</p>
        <p class="quiet">"The steps lead through a proven copy, a look at what is lost, a quiet platform, its name and a countdown. Until the countdown ends, nothing is sent and everything can be cancelled."</p>
        {move || match blocked() {
            Some(reason) => view! { <Notice tone=Tone::Info icon=IconName::Lock title="You cannot purge" text=reason /> }.into_any(),
            None if controller.lost_marker.get() => view! {
                <div role="alert"><Notice tone=Tone::Warn title="A note of an earlier purge cannot be read"
                    text="This browser noted that a purge was sent, and the note is damaged. Check the list of events: if each instance has one start of the same time, the purge was carried out. Then delete the note to go on." /></div>
                <button class="button" on:click=move |_| controller.forget_lost_marker()>"Delete the note"</button>
            }
            .into_any(),
            None => view! {
                {before_act(controller.session, None, may)}
                <button class="button" data-kind="primary" disabled=move || may.get() != Some(true) on:click=move |_| controller.begin()>"Begin with the copy"</button>
            }
            .into_any(),
        }}
    }
}

fn losses(outlook: &Outlook, controller: PurgeController) -> impl IntoView + use<> {
    let time = |second: Option<i64>| {
        second.map_or_else(|| "none".to_owned(), |second| labels::shown_time(second) + " UTC")
    };
    let fact = |name: &'static str, value: String| view! { <dt>{name}</dt><dd>{value}</dd> };
    view! {
        <Notice tone=Tone::Ok title="The copy is whole" text="Count and hash of the saved file are those of what was read." />
        <div class="goes-and-comes">
            <section>
                <h3>"What goes"</h3>
                <dl class="facts">
                    {fact("Events", count(outlook.events as u64))}
                    {fact("Oldest", time(outlook.oldest))}
                    {fact("Newest", time(outlook.newest))}
                    {fact("Updates of the open month", count(outlook.updates_in_month as u64))}
                    {fact("Deletions of the open month", count(outlook.deletions_in_month as u64))}
                    {fact("True start times", count(outlook.starts_to_lose as u64))}
                </dl>
            </section>
            <section>
                <h3>"What comes"</h3>
                <dl class="facts">
                    {fact("Starts, one per instance", count(outlook.running as u64))}
                    {fact("Their time", "that of the purge".to_owned())}
                </dl>
                <p class="quiet">"Counted from the events. Instances of which no event tells any more are seeded as well."</p>
            </section>
        </div>
        <Notice tone=Tone::Warn title="Instances that come or go during the purge" text="The platform first destroys and then seeds, with a moment in between. An instance that is made in that moment gets two starts; one that is deleted in it leaves a stop without a start, or runs on in the books for ever. The report afterwards names both." />
        <button class="button" data-kind="primary" on:click=move |_| controller.take(Input::Acknowledge)>"I have read this"</button>
    }
}

#[component]
fn Naming(controller: PurgeController, is_other: bool) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let target = controller.procedure.with_untracked(|procedure| procedure.target().to_owned());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        controller.take(Input::Confirm { typed: typed.get_untracked(), at: labels::now() });
    };
    view! {
        <p>"The platform is quiet. To go on, type the name of the platform whose events are to be destroyed: "<strong>{target}</strong></p>
        <form class="form" on:submit=submit>
            <div>
                <label class="label" for="purge-target">"Name of the platform"</label>
                <input class="input" id="purge-target" autocomplete="off" spellcheck="false" aria-invalid=is_other.then_some("true")
                    on:input:target=move |event| typed.set(event.target().value()) />
                {is_other.then(|| view! { <p class="field-error" role="alert"><Icon name=IconName::Alert />"The name does not match."</p> })}
            </div>
            <button class="button" data-kind="primary">"Start the countdown"</button>
        </form>
    }
}

/// A file that a person chose, which stays on the thread that it was chosen on.
pub struct ChosenFile(pub File);

#[component]
pub fn FileChooser(label: &'static str, choose: Callback<ChosenFile>) -> impl IntoView {
    let take = move |event: leptos::ev::Event| {
        let file = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
            .and_then(|input| input.files()?.get(0));
        if let Some(file) = file {
            choose.run(ChosenFile(file));
        }
    };
    view! { <label class="file"><span class="label">{label}</span><input type="file" on:change=take /></label> }
}
