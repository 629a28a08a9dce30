//! A new base bucket. Its name is what it is found by after a lost answer.

use super::source::BucketList;
use crate::api::RecordKey;
use crate::data::session::Session;
use crate::features::form_request::{FormRequest, FormRequestStatus};
use crate::routes::{self, use_go};
use crate::text::read_to_the_millisecond;
use crate::ui::controls::{Dialog, FormFoot, Icon, IconName};
use leptos::prelude::*;
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
    let name = RwSignal::new(String::new());
    let unit = RwSignal::new(String::new());
    let start = RwSignal::new(String::new());
    let problem = RwSignal::new(None::<String>);
    let asking = FormRequest::new(session.sync);
    let go = use_go();
    asking.when_done(move |made| {
        open.set(false);
        let identity = made.and_then(|key| key.identity());
        let path = identity.map_or_else(|| routes::BASE_BUCKETS.to_owned(), routes::base_bucket);
        go.to(&path);
    });
    let under_way = move || asking.is_under_way();
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
            arguments.insert("start", Value::DateTime(read_to_the_millisecond(&start)?));
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
                let key = RecordKey::new_bucket(name.get_untracked().trim());
                asking.ask(key, &action::CREATE, arguments);
            }
            Err(reason) => problem.set(Some(reason)),
        }
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
                    <UnitOptions session=session />
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
            <FormRequestStatus asking=asking />
            <FormFoot open=open>
                <button class="button" data-kind="primary" type="submit" disabled=under_way>
                    {move || if under_way() { "Creating" } else { "Create" }}
                </button>
            </FormFoot>
        </form>
    }
}

/// The units that a base bucket may be given.
#[component]
pub fn UnitOptions(session: Session) -> impl IntoView {
    move || {
        let tables = session.lookups.tables.get();
        let offered = tables.list(BASE_UNITS).iter().filter(|unit| unit.is_offered);
        let option = |unit: &crate::data::lookups::Code| {
            let (code, label) = (unit.code.clone(), unit.meaning.clone());
            view! { <option value=code>{label}</option> }
        };
        offered.map(option).collect_view()
    }
}
