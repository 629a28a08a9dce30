//! What the pack holds, how far it is, and where it was saved.

use super::pack::{EvidencePack, GoOn, Progress, make_pack};
use crate::api::Failure;
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::text::count;
use crate::ui::controls::{FormFoot, save_file};
use crate::ui::finished_work::Work;
use grid_model::Tone;
use leptos::prelude::*;

#[derive(Clone, Debug, Default, PartialEq)]
enum Job {
    #[default]
    Idle,
    Reading(Progress),
    Saved {
        name: String,
        sha256: String,
        events: u64,
        is_whole: bool,
    },
    Failed(String),
}

/// The making of one pack; a handle.
#[derive(Clone, Copy)]
pub struct Making {
    session: Session,
    number: StoredValue<String>,
    job: RwSignal<Job>,
    latest: Latest,
    began: StoredValue<Work>,
}

impl Making {
    /// Made within a component, whose end ends the making.
    pub fn new(session: Session, number: String) -> Self {
        let latest = Latest::new(session);
        let began = StoredValue::new(Work::begin());
        Self { session, number: StoredValue::new(number), job: RwSignal::default(), latest, began }
    }

    fn begin(self, open: RwSignal<bool>) {
        self.began.set_value(Work::begin());
        self.job.set(Job::Reading(Progress::default()));
        let make = async move |run: Run| {
            let number = self.number.get_value();
            make_pack(self.session, &number, &|progress| {
                if !run.is_current() {
                    return GoOn::No;
                }
                self.job.set(Job::Reading(progress));
                GoOn::Yes
            })
            .await
        };
        self.latest.start(make, move |made| self.end(made, open));
    }

    fn end(self, made: Result<Option<EvidencePack>, Failure>, open: RwSignal<bool>) {
        let job = match made {
            Ok(Some(pack)) => match save_file(&pack.name, &pack.content) {
                Ok(()) => Job::Saved {
                    name: pack.name,
                    sha256: pack.sha256,
                    events: pack.events,
                    is_whole: pack.is_whole,
                },
                Err(_) => Job::Failed("The browser could not save the file.".to_owned()),
            },
            Ok(None) => Job::Idle,
            Err(failure) => Job::Failed(failure.title()),
        };
        match &job {
            Job::Saved { .. } => self.began.get_value().end("Evidence saved"),
            Job::Failed(_) => self.began.get_value().end("No evidence saved"),
            Job::Idle | Job::Reading(_) => (),
        }
        // Where the dialog is closed, nothing else tells.
        if !open.get_untracked() {
            let told = match &job {
                Job::Saved { name, is_whole: true, .. } => Some((Tone::Ok, format!("Saved {name}."))),
                Job::Saved { name, .. } => {
                    Some((Tone::Warn, format!("Saved {name}, which is not complete.")))
                }
                Job::Failed(reason) => Some((Tone::Bad, format!("No evidence was saved. {reason}"))),
                Job::Idle | Job::Reading(_) => None,
            };
            if let Some((tone, words)) = told {
                self.session.sync.notices.notify(tone, words);
            }
        }
        self.job.set(job);
    }

    fn cancel(self) {
        self.latest.stop();
        self.job.set(Job::Idle);
    }
}

#[component]
pub fn EvidenceForm(making: Making, open: RwSignal<bool>) -> impl IntoView {
    let job = making.job;
    let is_under_way = Memo::new(move |_| job.with(|job| matches!(job, Job::Reading(_))));
    if !is_under_way.get_untracked() {
        job.set(Job::Idle);
    }
    let begin = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        if is_under_way.get_untracked() {
            making.cancel();
        } else {
            making.begin(open);
        }
    };
    let state = move || match job.get() {
        Job::Idle => ().into_any(),
        Job::Reading(Progress::Reading { read, of: Some(of) }) => {
            progress(read, of, format!("Read {} of {} events", count(read as u64), count(of as u64)))
        }
        Job::Reading(Progress::Reading { of: None, .. }) => progress(0, 1, "Reading the batch".to_owned()),
        Job::Reading(Progress::Packing { file, packed, of }) => {
            progress(packed, of, format!("Packing {file}"))
        }
        Job::Saved { name, sha256, events, is_whole } => view! {
            <div role="status" data-testid="evidence-saved">
                <p>{format!("Saved {name} with {} events.", count(events))}
                    {(!is_whole).then_some(" It is not complete, and says why.")}
                </p>
                <p>"SHA-256 "<code data-testid="evidence-sha256">{sha256}</code></p>
            </div>
        }
        .into_any(),
        Job::Failed(reason) => {
            view! { <p class="form-error" role="alert">{format!("No evidence was saved. {reason}")}</p> }
                .into_any()
        }
    };
    let closing =
        Signal::derive(move || if job.with(|job| *job == Job::Idle) { "Cancel" } else { "Close" }.to_owned());
    view! {
        <form class="column-filter export" on:submit=begin>
            <p>"One ZIP file, read anew from the server:"</p>
            <ul>
                <li>"the batch, and every event with its charges and messages"</li>
                <li>"which events take back or replace which, and amounts before and after for each currency"</li>
                <li>"the changes that the server keeps, and those made in this browser"</li>
                <li>"what was asked, when and by whom, and a SHA-256 of each file"</li>
            </ul>
            {state}
            <FormFoot open=open close=closing>
                // One button, so that the keyboard stays on it.
                <button class="button" type="submit" data-kind=move || if is_under_way.get() { "" } else { "primary" }>
                    {move || if is_under_way.get() { "Stop" } else { "Make evidence" }}
                </button>
            </FormFoot>
        </form>
    }
}

fn progress(done: usize, of: usize, words: String) -> AnyView {
    view! {
        <span class="progress" role="status">
            <progress max=of.max(1).to_string() value=done.to_string() aria-label="How far the evidence is"></progress>
            {words}
        </span>
    }
    .into_any()
}
