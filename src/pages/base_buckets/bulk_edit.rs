//! Several base buckets given the same values by one request: all of them change, or none does, and
//! each one's result stands beside its name.

use super::create::UnitOptions;
use super::page::bucket_key;
use super::retirement::read_end;
use super::source::BucketList;
use crate::api::{RecordKey, System};
use crate::data::session::Session;
use crate::data::sync::OperationStatus;
use crate::features::form_request::{FormRequest, FormRequestStatus};
use crate::text::{read_to_the_millisecond, second_utc};
use crate::ui::controls::{Badge, FormDialog, FormFoot, Icon, IconName};
use grid_model::{Picked, Tone};
use leptos::prelude::*;
use rest_contract::Value;
use rest_contract::oracle::action::{self, Arguments};
use std::rc::Rc;
use std::sync::Arc;

type List = StoredValue<Rc<BucketList>, LocalStorage>;

/// One of the selected buckets, as it was seen when it was chosen.
#[derive(Clone, PartialEq)]
pub struct Chosen {
    key: RecordKey,
    identity: i64,
    name: String,
    /// The content that the person had in sight.
    seen: String,
    unit: String,
    state: String,
    /// What is to be said of it before anything is done.
    since: Option<&'static str>,
}

const CHANGED: &str = "Changed since it was selected";
const GONE: &str = "Not in the list any more";

impl Chosen {
    /// The bucket as it stands now, beside what was on the screen when it was selected.
    pub fn of(list: &BucketList, picked: &Picked) -> Self {
        let key = bucket_key(&picked.key);
        let (name, seen, since) = match list.seen(&key) {
            Some((name, seen)) => {
                let since = (*seen != *picked.version).then_some(CHANGED);
                (name, seen, since)
            }
            None => (key.name(), picked.version.to_string(), Some(GONE)),
        };
        Self {
            identity: key.identity().unwrap_or_default(),
            name,
            seen,
            unit: list.words_of(&key, "usageBucketBaseUnitId"),
            state: list.words_of(&key, "retired"),
            since,
            key,
        }
    }

    /// The same as it stands now, which the person sees from now on.
    fn renewed(&self, list: &BucketList) -> Self {
        let version = list.seen(&self.key).map(|(_, seen)| seen).unwrap_or_else(|| self.seen.clone());
        Self::of(list, &Picked { key: self.key.path.clone(), version: version.into() })
    }
}

/// Those that can be changed: they are still there.
fn present(chosen: &Arc<[Chosen]>) -> impl Iterator<Item = &Chosen> {
    chosen.iter().filter(|one| one.since != Some(GONE))
}

/// What is to be done to all of them.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Unit,
    Retire,
    BringBack,
    Start,
}

const CHANGES: [(Change, &str, &str); 4] = [
    (Change::Unit, "unit", "Unit"),
    (Change::Retire, "retire", "Retire, with the same end"),
    (Change::BringBack, "bring-back", "Bring back, without an end"),
    (Change::Start, "start", "Start"),
];

/// Opens when `chosen` is set.
#[component]
pub fn Together(session: Session, list: List, chosen: RwSignal<Option<Vec<Chosen>>>) -> impl IntoView {
    let form = move |(chosen, open): (Vec<Chosen>, RwSignal<bool>)| {
        view! { <TogetherForm session=session list=list chosen=chosen.into() open=open /> }.into_any()
    };
    view! { <FormDialog subject=chosen title="Edit selected base buckets" wide=true form=form /> }
}

#[component]
fn TogetherForm(session: Session, list: List, chosen: Arc<[Chosen]>, open: RwSignal<bool>) -> impl IntoView {
    let change = RwSignal::new(Change::Unit);
    let unit = RwSignal::new(String::new());
    let now = session.client.now_at(System::LogiSense);
    let at = RwSignal::new(second_utc(&now));
    let problem = RwSignal::new(None::<String>);
    let asking = FormRequest::new(session.sync);
    let chosen = RwSignal::new(chosen);
    let under_way = move || asking.is_under_way();
    let status = asking.status;
    let arguments = move || -> Result<Arguments, String> {
        Ok(match change.get_untracked() {
            Change::Unit => {
                let unit: i64 = unit.get_untracked().parse().map_err(|_| "Choose a unit.".to_owned())?;
                Arguments::from([("usageBucketBaseUnitId", Value::Integer(unit))])
            }
            Change::Retire => {
                let end = read_end(&at.get_untracked(), None)?;
                Arguments::from([("retired", Value::Boolean(true)), ("end", Value::DateTime(end))])
            }
            Change::BringBack => Arguments::from([("retired", Value::Boolean(false)), ("end", Value::Null)]),
            Change::Start => {
                let text = at.get_untracked();
                let start = if text.trim().is_empty() {
                    Value::Null
                } else {
                    Value::DateTime(read_to_the_millisecond(&text)?)
                };
                Arguments::from([("start", start)])
            }
        })
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(under_way) {
            return;
        }
        let mut arguments = match arguments() {
            Ok(arguments) => arguments,
            Err(reason) => return problem.set(Some(reason)),
        };
        problem.set(None);
        let (identities, seen): (Vec<i64>, Vec<String>) = chosen
            .with_untracked(|chosen| present(chosen).map(|one| (one.identity, one.seen.clone())).unzip());
        arguments.insert(action::SEEN, Value::Text(seen.join(" ")));
        let key = RecordKey::buckets_together(&identities);
        asking.ask(key, &action::CHANGE_TOGETHER, arguments);
    };
    // What stands in the dialog is what the person decides over; it is renewed where they ask for it.
    let is_asked_anew = RwSignal::new(false);
    let look_again = move |_| {
        is_asked_anew.set(true);
        list.with_value(|list| list.read());
    };
    let is_reading = list.with_value(|list| list.list.spec.is_reading);
    Effect::new(move || {
        if !is_reading.get() && is_asked_anew.get_untracked() {
            is_asked_anew.set(false);
            chosen.update(|chosen| {
                *chosen = list.with_value(|list| chosen.iter().map(|one| one.renewed(list)).collect());
            });
        }
    });
    let rows = move || {
        let status = status.get();
        let results = match &status {
            Some(OperationStatus::Done | OperationStatus::Refused(_)) => {
                let identities =
                    chosen.with(|chosen| present(chosen).map(|one| one.identity).collect::<Vec<_>>());
                session.client.results_of(&RecordKey::buckets_together(&identities))
            }
            _ => None,
        };
        let row = |one: &Chosen| {
            let result =
                results.as_ref().and_then(|all| all.iter().find(|item| item.identity == Some(one.identity)));
            let (tone, result) = match &status {
                None => (Tone::Warn, one.since.unwrap_or_default().to_owned()),
                Some(OperationStatus::Open) => (Tone::Info, "Sending".to_owned()),
                Some(OperationStatus::InDoubt) => (Tone::Warn, "In doubt".to_owned()),
                Some(OperationStatus::Conflict) => (Tone::Bad, "Conflict".to_owned()),
                Some(OperationStatus::GivenUp) => (Tone::Quiet, "Given up".to_owned()),
                Some(OperationStatus::Refused(words))
                    if words.contains(&format!("\u{201c}{}\u{201d}", one.name)) =>
                {
                    (Tone::Bad, "Not changed, for this one".to_owned())
                }
                Some(OperationStatus::Refused(_)) if result.is_some() => {
                    (Tone::Warn, "Changed, found by reading".to_owned())
                }
                Some(OperationStatus::Refused(_)) => (Tone::Quiet, "Not changed".to_owned()),
                Some(OperationStatus::Done) => {
                    match result {
                        Some(item) if item.action == "updated" => (Tone::Ok, "Changed".to_owned()),
                        // The answer left it out, and a reading has found it changed.
                        Some(_) | None => (Tone::Ok, "Changed, found by reading".to_owned()),
                    }
                }
            };
            view! {
                <tr><th scope="row">{one.name.clone()}</th><td>{one.unit.clone()}</td><td>{one.state.clone()}</td>
                <td>{(!result.is_empty()).then(|| view! { <Badge tone=tone text=result /> })}</td></tr>
            }
        };
        chosen.with(|chosen| chosen.iter().map(row).collect_view())
    };
    let kinds = CHANGES.map(|(kind, code, words)| {
        view! { <option value=code selected=kind == Change::Unit>{words}</option> }
    });
    let value = move || {
        match change.get() {
        Change::Unit => view! {
            <label class="label" for="together-unit">"New unit"</label>
            <select class="input" id="together-unit" on:change:target=move |event| unit.set(event.target().value())><option value="">"Choose a unit"</option><UnitOptions session=session /></select>
        }
        .into_any(),
        Change::Retire | Change::Start => {
            let words = if change.get() == Change::Retire { "End (UTC)" } else { "Start (UTC, may be left empty)" };
            view! {
                <label class="label" for="together-at">{words}</label>
                <input class="input" id="together-at" autocomplete="off" prop:value=at on:input:target=move |event| at.set(event.target().value()) />
            }
            .into_any()
        }
        Change::BringBack => view! { <p class="field-note">"Their ends are taken away."</p> }.into_any(),
    }
    };
    let is_done = move || status.get() == Some(OperationStatus::Done);
    let number = move || chosen.with(|chosen| present(chosen).count());
    let is_refused = move || matches!(status.get(), Some(OperationStatus::Refused(_)));
    view! {
        <form class="form" on:submit=submit>
            <p>"One request for all of them: either every one changes, or none does."</p>
            {move || {
                let differing = chosen.with(|chosen| chosen.iter().filter(|one| one.since.is_some()).count());
                (differing > 0 && status.get().is_none()).then(|| view! {
                    <p role="alert" class="form-error"><Icon name=IconName::Alert />{format!("{differing} of {} selected base buckets have changed since you selected them. They stand below as they are now.", chosen.with(|chosen| chosen.len()))}</p>
                })
            }}
            <div class="together-choice">
                <div>
                    <label class="label" for="together-change">"What changes"</label>
                    <select class="input" id="together-change" on:change:target=move |event| {
                        let code = event.target().value();
                        if let Some((kind, ..)) = CHANGES.iter().find(|(_, known, _)| *known == code) {
                            change.set(*kind);
                        }
                    }>{kinds}</select>
                </div>
                <div>{value}</div>
            </div>
            <div role="alert">{move || problem.get().map(|text| view! { <p class="form-error"><Icon name=IconName::Alert />{text}</p> })}</div>
            <FormRequestStatus asking=asking />
            <div class="together-list" tabindex="0" role="region" aria-label="The base buckets to change">
                <table>
                    <thead><tr><th scope="col">"Base bucket"</th><th scope="col">"Unit"</th><th scope="col">"State"</th><th scope="col">"Result"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <FormFoot open=open close=Signal::derive(move || if is_done() { "Close" } else { "Cancel" }.to_owned())>
                {move || (!is_done()).then(|| view! {
                    <button class="button" data-kind="primary" type="submit" disabled=move || under_way() || number() == 0>
                        {move || match number() {
                            _ if under_way() => "Changing".to_owned(),
                            0 => "Change all".to_owned(),
                            number => format!("Change all {number}"),
                        }}
                    </button>
                })}
                {move || is_refused().then(|| view! { <button class="button" type="button" on:click=look_again>"Read them again"</button> })}
            </FormFoot>
        </form>
    }
}
