//! A new base bucket. Its name is what it is found by after a lost answer.

use super::HOME;
use super::fate_line::{FateLine, is_under_way};
use super::source::BucketList;
use crate::controls::{Dialog, Icon, IconName};
use crate::display_text::read_local;
use crate::record_sync::Fate;
use crate::rest_client::RecordKey;
use crate::sign_in::Session;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use record_store::IntentId;
use rest_contract::Value;
use rest_contract::logisense::BASE_UNITS;
use rest_contract::oracle::action::{self, Arguments};
use std::rc::Rc;

/// As long as a name may be.
const LONGEST_NAME: &str = "255";

#[component]
pub fn CreateBucket(
    session: Session,
    list: StoredValue<Rc<BucketList>, LocalStorage>,
    open: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <Dialog open=open title="New base bucket">
            <CreateForm session=session list=list open=open />
        </Dialog>
    }
}

#[component]
fn CreateForm(
    session: Session,
    list: StoredValue<Rc<BucketList>, LocalStorage>,
    open: RwSignal<bool>,
) -> impl IntoView {
    let sync = session.sync;
    let name = RwSignal::new(String::new());
    let unit = RwSignal::new(String::new());
    let start = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let asked = RwSignal::new(None::<IntentId>);
    let navigate = StoredValue::new_local(use_navigate());
    Effect::new(move || {
        let Some(intent) = asked.get() else { return };
        if sync.fate(intent) == Fate::Done {
            open.set(false);
            let identity = sync.created_as(intent).and_then(|key| key.identity());
            let path = identity.map_or_else(|| HOME.to_owned(), |identity| format!("{HOME}/{identity}"));
            navigate
                .with_value(|go| go(&path, NavigateOptions { scroll: false, ..NavigateOptions::default() }));
        }
    });
    let under_way = move || is_under_way(sync, asked.get());
    let arguments = move || -> Result<Arguments, String> {
        let name = name.get_untracked().trim().to_owned();
        if name.is_empty() {
            return Err("Give it a name.".to_owned());
        }
        if list.with_value(|list| list.has_name(&name)) {
            return Err(format!("There is a base bucket \u{201c}{name}\u{201d} already."));
        }
        let unit: i64 = unit.get_untracked().parse().map_err(|_| "Choose what it measures.".to_owned())?;
        let mut arguments =
            Arguments::from([("name", Value::Text(name)), ("usageBucketBaseUnitId", Value::Integer(unit))]);
        let start = start.get_untracked();
        if !start.trim().is_empty() {
            arguments.insert("start", Value::DateTime(read_local(&start, "UTC")?));
        }
        Ok(arguments)
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if untrack(under_way) {
            return;
        }
        match arguments() {
            Ok(arguments) => {
                problem.set(None);
                // What was refused before is replaced by what stands in the form now.
                if let Some(refused) = asked.get_untracked() {
                    sync.discard(refused);
                }
                let key = RecordKey::new_bucket(name.get_untracked().trim());
                asked.set(Some(sync.act(key, &action::CREATE, arguments)));
            }
            Err(reason) => problem.set(Some(reason)),
        }
    };
    let units = move || {
        let tables = session.lookups.tables.get();
        let offered = tables.list(BASE_UNITS).iter().filter(|unit| unit.is_offered);
        let option = |unit: &crate::lookups::Code| {
            let (code, label) = (unit.code.clone(), unit.meaning.clone());
            view! { <option value=code>{label}</option> }
        };
        offered.map(option).collect_view()
    };
    view! {
        <form class="form" on:submit=submit>
            <div>
                <label class="label" for="bucket-name">"Name"</label>
                <input class="input" id="bucket-name" maxlength=LONGEST_NAME autocomplete="off" aria-describedby="bucket-problem"
                    prop:value=name on:input:target=move |event| name.set(event.target().value()) />
            </div>
            <div>
                <label class="label" for="bucket-unit">"Unit"</label>
                <select class="input" id="bucket-unit" prop:value=unit on:change:target=move |event| unit.set(event.target().value())>
                    <option value="">"Choose what it measures"</option>
                    {units}
                </select>
            </div>
            <div>
                <label class="label" for="bucket-start">"Start (UTC, may be left empty)"</label>
                <input class="input" id="bucket-start" autocomplete="off" placeholder="2026-10-01 08:30:00"
                    prop:value=start on:input:target=move |event| start.set(event.target().value()) />
            </div>
            <div id="bucket-problem" role="alert">
                {move || problem.get().map(|text| view! { <p class="form-error"><Icon name=IconName::Alert />{text}</p> })}
            </div>
            <FateLine sync=sync asked=asked />
            <footer class="dialog-foot">
                <button class="button" data-kind="primary" type="submit" disabled=under_way>
                    {move || if under_way() { "Creating" } else { "Create" }}
                </button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| open.set(false)>"Cancel"</button>
            </footer>
        </form>
    }
}
