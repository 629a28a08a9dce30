//! The steps, each with what it shows and asks while it is the current one.

use super::desk::PurgeDesk;
use super::report::Report;
use crate::controls::{Icon, IconName, Notice};
use crate::display_text::count;
use crate::service_usage::words;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::cloud_foundry::{
    Bar, GIVEN_UP_AFTER_SECONDS, Input, Outlook, QUIET_SECONDS, Stage, UsageTable, month_of,
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
fn step_of(stage: &Stage) -> Option<usize> {
    match stage {
        Stage::Start | Stage::Barred(_) | Stage::Refused(_) | Stage::Cancelled => None,
        Stage::Copying | Stage::CopyFailed => Some(0),
        Stage::Copied { .. } | Stage::ReadingBack(_) => Some(1),
        Stage::Proven(_) => Some(2),
        Stage::Looking(_) | Stage::NotQuiet { .. } => Some(3),
        Stage::Naming { .. } => Some(4),
        Stage::Counting { .. } | Stage::LastLook(_) | Stage::Marking(_) | Stage::Sending(_) => Some(5),
        Stage::InDoubt(_) | Stage::Reading(_) | Stage::NotSeen(_) | Stage::Done { .. } => Some(6),
    }
}

#[component]
pub fn Steps(desk: PurgeDesk) -> impl IntoView {
    let stage = Memo::new(move |_| desk.procedure.with(|procedure| procedure.stage().clone()));
    let step = Memo::new(move |_| stage.with(step_of));
    let counts = Memo::new(move |_| stage.with(|stage| matches!(stage, Stage::Counting { .. })));
    let now = RwSignal::new(words::now());
    let timer = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        if let Some(handle) = timer.try_update_value(Option::take).flatten() {
            handle.clear();
        }
    };
    on_cleanup(stop);
    Effect::new(move || {
        stop();
        if counts.get() || stage.with(|stage| matches!(stage, Stage::NotSeen(_))) {
            let tick = move || {
                now.set(words::now());
                desk.take(Input::Tick { at: words::now() });
            };
            tick();
            timer.set_value(set_interval_with_handle(tick, Duration::from_millis(250)).ok());
        }
    });
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
                <button class="button" on:click=move |_| desk.take(Input::Cancel)>"Cancel"</button>
            }
        });
        let content = content_of(&stage, desk, now);
        let trouble = move || {
            let trouble = desk.trouble.get();
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

fn content_of(stage: &Stage, desk: PurgeDesk, now: RwSignal<i64>) -> AnyView {
    let say = move |input: Input| move |_: leptos::ev::MouseEvent| desk.take(input.clone());
    let progress = move || {
        desk.progress.get().map(|progress| view! {
            <span class="progress" role="status">
                <progress max=progress.total.max(1).to_string() value=progress.read.to_string() aria-label="Reading"></progress>
                {format!("{} of {}", count(progress.read as u64), words::events(progress.total))}
            </span>
        })
    };
    match stage {
        Stage::Start => view! { <Beginning desk=desk note=None /> }.into_any(),
        Stage::Cancelled => {
            let note = (Tone::Ok, "Cancelled. Nothing was sent.".to_owned());
            view! { <Beginning desk=desk note=Some(note) /> }.into_any()
        }
        Stage::Refused(reason) => {
            let note = (Tone::Bad, format!("Nothing was purged. {reason}"));
            view! { <Beginning desk=desk note=Some(note) /> }.into_any()
        }
        Stage::Barred(bar) => {
            let reason = match bar {
                Bar::Role(reason) => *reason,
                Bar::OtherTab => "Another tab of this browser is in this procedure. Finish or cancel it there.",
                Bar::NoTabClaim => "This browser cannot make sure that only one tab is in the procedure. It can where the page comes over https.",
            };
            view! { <Beginning desk=desk note=Some((Tone::Warn, reason.to_owned())) /> }.into_any()
        }
        Stage::Copying => view! { <p>"Every event is read and copied into one file."</p>{progress} }.into_any(),
        Stage::CopyFailed => view! {
            <p>"The copy was not made."</p>
            <button class="button" data-kind="primary" on:click=say(Input::LookAgain)>"Try again"</button>
        }
        .into_any(),
        Stage::Copied { copy, unlike } => {
            let file = copy.file.clone();
            view! {
                <p>{format!("The browser was given {} to save as", words::events(copy.events))}" "<strong class="mono">{file}</strong>". Choose the saved file, so that what is on your disk is read back and compared."</p>
                <p class="quiet">"SHA-256 "<code data-testid="sha256">{copy.sha256.clone()}</code></p>
                {unlike.map(|unlike| view! { <Notice tone=Tone::Bad title="This file is not the copy" text=format!("Compared with what was copied, {unlike}. Choose another file.") /> })}
                <FileChooser label="The saved copy" choose=Callback::new(move |file: ChosenFile| desk.choose(file.0)) />
                <button class="button" on:click=move |_| desk.save_again()>"Save the file again"</button>
            }
            .into_any()
        }
        Stage::ReadingBack(_) => view! { <p role="status">"Reading the file back"</p> }.into_any(),
        Stage::Proven(_) => {
            let outlook = desk.before.with_value(|before| {
                before.as_deref().map(|before: &UsageTable| Outlook::of(before, &month_of(words::now())))
            });
            outlook.map(|outlook| losses(&outlook, desk)).into_any()
        }
        Stage::Looking(_) => view! { <p role="status">"Looking whether anything has come since the copy was made"</p> }.into_any(),
        Stage::NotQuiet { look, .. } => {
            let (words, may_wait) = match look {
                None => ("The platform did not answer whether it is quiet.".to_owned(), true),
                Some(look) if !look.copy_stands => (
                    "The list is no longer the one that was copied: it was purged or pruned since. Cancel and begin again, with a new copy.".to_owned(),
                    false,
                ),
                Some(look) if look.since_copy > 0 => (
                    format!("{} came after the copy was made, so the copy is no longer whole. Cancel and begin again, with a new copy.", words::events(look.since_copy)),
                    false,
                ),
                Some(look) => (
                    format!(
                        "The newest event is of {} UTC. None may be younger than {} minutes: what is made or deleted during a purge is counted twice or never. Wait, and look again.",
                        look.newest_at.map(words::time).unwrap_or_default(),
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
        Stage::Naming { is_other, .. } => view! { <Naming desk=desk is_other=*is_other /> }.into_any(),
        Stage::Counting { ends_at, .. } => {
            let ends_at = *ends_at;
            let left = Memo::new(move |_| (ends_at - now.get()).max(0));
            view! {
                <p class="countdown" role="timer" aria-live="off"><strong>{move || left.get()}</strong>{move || if left.get() == 1 { " second" } else { " seconds" }}" until every event is destroyed"</p>
                <p>"Cancel now, or never: what is sent cannot be called back."</p>
            }
            .into_any()
        }
        Stage::LastLook(_) => view! { <p role="status">"Looking once more"</p> }.into_any(),
        Stage::Marking(_) | Stage::Sending(_) => view! {
            <p role="status">"Sent. Waiting for the platform's answer. It will not be sent again, whatever happens."</p>
        }
        .into_any(),
        Stage::InDoubt(marker) => view! {
            <Notice tone=Tone::Warn title="Unknown whether the platform did it" text=format!("The purge was sent at {} UTC and no answer that decides has come. It is not sent again; what is there now decides.", words::time(marker.sent_at)) />
            <button class="button" data-kind="primary" on:click=say(Input::ReadAgain)>"Read what is there now"</button>
        }
        .into_any(),
        Stage::Reading(marker) => view! {
            <p>{format!("A purge was sent at {} UTC. Reading what is there now.", words::time(marker.sent_at))}</p>{progress}
        }
        .into_any(),
        Stage::NotSeen(marker) => {
            let sent_at = marker.sent_at;
            let may_give_up = Memo::new(move |_| now.get() >= sent_at + GIVEN_UP_AFTER_SECONDS);
            view! {
                <Notice tone=Tone::Warn title="Nothing of a purge is to be seen yet" text=format!("It was sent at {} UTC, and the events from before stand unchanged. The call may still be on its way, so read again before you do anything else.", words::time(sent_at)) />
                <button class="button" data-kind="primary" on:click=say(Input::ReadAgain)>"Read again"</button>
                <Show when=move || may_give_up.get() fallback=|| view! { <p class="quiet">"A minute after it was sent it can be given up."</p> }>
                    <button class="button" on:click=move |_| desk.take(Input::GiveUp { at: words::now() })>"Give it up: it was not carried out"</button>
                </Show>
            }
            .into_any()
        }
        Stage::Done { marker, sign } => view! { <Report desk=desk marker=marker.clone() sign=*sign /> }.into_any(),
    }
}

#[component]
fn Beginning(desk: PurgeDesk, note: Option<(Tone, String)>) -> impl IntoView {
    let barred = move || desk.session.access().and_then(|access| access.platform.barred_from_purging());
    let target = desk.procedure.with_untracked(|procedure| procedure.target().to_owned());
    view! {
        {note.map(|(tone, text)| view! { <div role="alert"><Notice tone=tone title=text /></div> })}
        <p>"A purge destroys every service usage event of "<strong>{target}</strong>" and writes one start, of the time of the purge, for each service instance that exists. True start times, and every change and deletion that was not copied, are gone for good. The platform advises it once, when billing begins."</p>
        <p class="quiet">"The steps lead through a proven copy, a look at what is lost, a quiet platform, its name and a countdown. Until the countdown ends, nothing is sent and everything can be cancelled."</p>
        {move || match barred() {
            Some(reason) => view! { <Notice tone=Tone::Info icon=IconName::Lock title="You cannot purge" text=reason /> }.into_any(),
            None => view! { <button class="button" data-kind="primary" on:click=move |_| desk.begin()>"Begin with the copy"</button> }.into_any(),
        }}
    }
}

fn losses(outlook: &Outlook, desk: PurgeDesk) -> impl IntoView + use<> {
    let time =
        |second: Option<i64>| second.map_or_else(|| "none".to_owned(), |second| words::time(second) + " UTC");
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
        <button class="button" data-kind="primary" on:click=move |_| desk.take(Input::Acknowledge)>"I have read this"</button>
    }
}

#[component]
fn Naming(desk: PurgeDesk, is_other: bool) -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let target = desk.procedure.with_untracked(|procedure| procedure.target().to_owned());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        desk.take(Input::Confirm { typed: typed.get_untracked(), at: words::now() });
    };
    view! {
        <p>"The platform is quiet. To go on, type the name of the platform whose events are to be destroyed: "<strong>{target}</strong></p>
        <form class="form" on:submit=submit>
            <div>
                <label class="label" for="purge-target">"Name of the platform"</label>
                <input class="input" id="purge-target" autocomplete="off" spellcheck="false" aria-invalid=is_other.then_some("true")
                    on:input:target=move |event| typed.set(event.target().value()) />
                {is_other.then(|| view! { <p class="field-error" role="alert"><Icon name=IconName::Alert />"This is not its name."</p> })}
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
