//! Several base buckets given the same values by one request: all of them change, or none does, and
//! each one's result stands beside its name.

use super::fate_line::{FateLine, is_under_way};
use super::life::read_end;
use super::source::BucketList;
use crate::controls::{Badge, Dialog, Icon, IconName};
use crate::display_text::{instant_utc, read_local};
use crate::record_sync::Fate;
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use chrono::Utc;
use grid_model::Tone;
use leptos::prelude::*;
use record_store::IntentId;
use rest_contract::Value;
use rest_contract::logisense::BASE_UNITS;
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
}

impl Chosen {
    pub fn of(list: &BucketList, key: RecordKey) -> Option<Self> {
        let (name, seen) = list.seen(&key)?;
        Some(Self {
            identity: key.identity()?,
            name,
            seen,
            unit: list.words_of(&key, "usageBucketBaseUnitId"),
            state: list.words_of(&key, "retired"),
            key,
        })
    }
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
    let open = RwSignal::new(false);
    Effect::new(move || {
        if chosen.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && chosen.with_untracked(Option::is_some) {
            chosen.set(None);
        }
    });
    view! {
        <Dialog open=open title="Change base buckets together" wide=true>
            {move || chosen.get().map(|chosen| view! { <TogetherForm session=session list=list chosen=chosen.into() open=open /> })}
        </Dialog>
    }
}

#[component]
fn TogetherForm(session: Session, list: List, chosen: Arc<[Chosen]>, open: RwSignal<bool>) -> impl IntoView {
    let sync = session.sync;
    let change = RwSignal::new(Change::Unit);
    let unit = RwSignal::new(String::new());
    let at = RwSignal::new(instant_utc(&Utc::now()).get(..19).unwrap_or_default().to_owned());
    let problem = RwSignal::new(None::<String>);
    let asked = RwSignal::new(None::<IntentId>);
    let chosen = RwSignal::new(chosen);
    let under_way = move || is_under_way(sync, asked.get());
    let fate = Memo::new(move |_| asked.get().map(|intent| sync.fate(intent)));
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
                    Value::DateTime(read_local(&text, "UTC")?)
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
        if let Some(refused) = asked.get_untracked() {
            sync.discard(refused);
        }
        // What is in sight now is what the person decides over.
        chosen.update(|chosen| {
            *chosen = list.with_value(|list| {
                chosen
                    .iter()
                    .map(|one| Chosen::of(list, one.key.clone()).unwrap_or_else(|| one.clone()))
                    .collect()
            });
        });
        let (identities, seen): (Vec<i64>, Vec<String>) =
            chosen.with_untracked(|chosen| chosen.iter().map(|one| (one.identity, one.seen.clone())).unzip());
        arguments.insert(action::SEEN, Value::Text(seen.join(" ")));
        let key = RecordKey::buckets_together(&identities);
        asked.set(Some(sync.act(key, &action::CHANGE_TOGETHER, arguments)));
    };
    let look_again = move |_| list.with_value(|list| list.read());
    let rows = move || {
        let fate = fate.get();
        let results = match &fate {
            Some(Fate::Done) => {
                let identities =
                    chosen.with(|chosen| chosen.iter().map(|one| one.identity).collect::<Vec<_>>());
                session.client.results_of(&RecordKey::buckets_together(&identities))
            }
            _ => None,
        };
        let row = |one: &Chosen| {
            let (tone, result) = match &fate {
                None => (Tone::Plain, String::new()),
                Some(Fate::Open) => (Tone::Info, "Sending".to_owned()),
                Some(Fate::InDoubt) => (Tone::Warn, "In doubt".to_owned()),
                Some(Fate::Conflict) => (Tone::Bad, "Conflict".to_owned()),
                Some(Fate::GivenUp) => (Tone::Quiet, "Given up".to_owned()),
                Some(Fate::Refused(words)) if words.contains(&format!("\u{201c}{}\u{201d}", one.name)) => {
                    (Tone::Bad, "Not changed, for this one".to_owned())
                }
                Some(Fate::Refused(_)) => (Tone::Quiet, "Not changed".to_owned()),
                Some(Fate::Done) => {
                    let result = results
                        .as_ref()
                        .and_then(|all| all.iter().find(|item| item.identity == Some(one.identity)));
                    match result {
                        Some(item) if item.action == "updated" => (Tone::Ok, "Changed".to_owned()),
                        Some(item) => (Tone::Ok, item.action.clone()),
                        None => (Tone::Ok, "Changed, found by reading".to_owned()),
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
    let units = move || {
        let tables = session.lookups.tables.get();
        let offered = tables.list(BASE_UNITS).iter().filter(|unit| unit.is_offered);
        let option = |unit: &crate::lookups::Code| {
            let (code, label) = (unit.code.clone(), unit.meaning.clone());
            view! { <option value=code>{label}</option> }
        };
        offered.map(option).collect_view()
    };
    let value = move || {
        match change.get() {
        Change::Unit => view! {
            <label class="label" for="together-unit">"New unit"</label>
            <select class="input" id="together-unit" on:change:target=move |event| unit.set(event.target().value())><option value="">"Choose a unit"</option>{units}</select>
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
    let is_done = move || fate.get() == Some(Fate::Done);
    let is_refused = move || matches!(fate.get(), Some(Fate::Refused(_)));
    view! {
        <form class="form" on:submit=submit>
            <p>"One request for all of them: either every one changes, or none does."</p>
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
            <FateLine sync=sync asked=asked />
            <div class="together-list" tabindex="0" role="region" aria-label="The base buckets to change">
                <table>
                    <thead><tr><th scope="col">"Base bucket"</th><th scope="col">"Unit"</th><th scope="col">"State"</th><th scope="col">"Result"</th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <footer class="dialog-foot">
                {move || (!is_done()).then(|| view! {
                    <button class="button" data-kind="primary" type="submit" disabled=under_way>
                        {move || if under_way() { "Changing".to_owned() } else { format!("Change all {}", chosen.with(|chosen| chosen.len())) }}
                    </button>
                })}
                {move || is_refused().then(|| view! { <button class="button" type="button" on:click=look_again>"Read them again"</button> })}
                <button class="button" data-kind="quiet" type="button" on:click=move |_| open.set(false)>{move || if is_done() { "Close" } else { "Cancel" }}</button>
            </footer>
        </form>
    }
}
