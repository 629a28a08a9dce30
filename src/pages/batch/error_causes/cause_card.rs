//! One cause: what it is, what to do about it, and the values at fault with the most events first.

use super::{Wanted, WorthLines, WorthTable};
use crate::data::session::Session;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::field_form::shown_text;
use crate::text::{StatusClass, count, events, with_plain_times};
use crate::ui::controls::{Icon, IconName};
use grid_model::visible;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::error_groups::{AtFault, Cause, ErrorGroup};

/// As many values are shown before one asks for the others.
const SHOWN: usize = 6;

/// `name` is the error's key, `most` the number of events of the largest cause, `home` the address of
/// the list of events.
#[component]
pub fn CauseCard(
    session: Session,
    name: String,
    cause: Cause,
    most: Memo<usize>,
    home: String,
    take_up: Callback<Wanted>,
) -> impl IntoView {
    let forbidden = forbidden_by_role(session);
    let number = cause.count();
    let worth = cause.worth();
    let mut groups: Vec<(Option<AtFault>, ErrorGroup)> = cause.groups.clone().into_iter().collect();
    groups.sort_by_key(|(_, group)| std::cmp::Reverse(group.events.len()));
    let is_single = groups.len() == 1;
    // Where each event has a value of its own, the values are not what one wants to read first.
    let shown_first = if groups.len() == number { 0 } else { SHOWN };
    let all = RwSignal::new(false);
    let total = groups.len();
    let groups = StoredValue::new(groups);
    let title = if cause.text.is_empty() {
        "In error, no reason given".to_owned()
    } else {
        visible(&with_plain_times(&cause.text)).into_owned()
    };
    let key = StoredValue::new(name.clone());
    let find = String::from(js_sys::encode_uri_component(&name));
    let codes = StatusClass::Error.codes().collect::<Vec<_>>().join(",");
    let list = format!("{home}?status={codes}&find={find}");
    let rows = move || {
        let shown = if all.get() { total } else { shown_first };
        groups.with_value(|groups| {
            groups.iter().take(shown).cloned().map(|(fault, group)| {
                let words = fault_in_words(&session, fault.as_ref());
                let label = format!("Correct {} with {words}", events(group.events.len()));
                let number = group.events.len();
                view! {
                    <tr>
                        <th scope="row">{words}</th>
                        <td class="number">{count(number as u64)}</td>
                        <td><WorthLines worth=group.worth /></td>
                        <td class="triage-act">
                            <AllowedButton session=session words="Correct\u{2026}" label=label forbidden=forbidden press=move || take_up.run((key.get_value(), Some(fault.clone()))) />
                        </td>
                    </tr>
                }
            })
            .collect_view()
        })
    };
    let heading = title.clone();
    view! {
        <article class="cause" aria-label=title data-cause=key.get_value()>
            <header class="cause-head">
                <div class="cause-name"><h3>{heading}</h3><span class="quiet mono">{name}</span></div>
                <div class="cause-bar" aria-hidden="true"><span style:--weight=move || format!("{}%", number * 100 / most.get().max(1))></span></div>
                <strong class="cause-count">{events(number)}</strong>
                <a class="button" data-kind="quiet" href=list><Icon name=IconName::Events />"View events"</a>
                <AllowedButton session=session words=format!("Fix all {}\u{2026}", count(number as u64)) kind="primary" forbidden=forbidden press=move || take_up.run((key.get_value(), None)) />
            </header>
            {(!cause.remedy.is_empty()).then(|| view! { <p class="cause-remedy">{visible(&with_plain_times(&cause.remedy)).into_owned()}</p> })}
            <WorthTable worth=worth />
            {move || (!is_single && (shown_first > 0 || all.get())).then(|| view! {
                <table class="cause-values">
                    <thead><tr><th scope="col" class="cause-value">"Invalid value"</th><th scope="col" class="number">"Events"</th><th scope="col">"Value at risk"</th><th scope="col"><span class="visually-hidden">"Action"</span></th></tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            })}
            {move || (!is_single && total > shown_first && !all.get()).then(|| view! {
                <button class="button" data-kind="quiet" on:click=move |_| all.set(true)>{format!("Show {} values", count(total as u64))}</button>
            })}
        </article>
    }
}

/// `Reported unit TB`, or that no value is named.
fn fault_in_words(session: &Session, fault: Option<&AtFault>) -> String {
    let Some(fault) = fault else { return "No value is named".to_owned() };
    let tables = session.lookups.tables.get_untracked();
    let Some(field) = EVENT.field(fault.field) else { return visible(&fault.value).into_owned() };
    let value = field.read_text(&fault.value).ok();
    format!("{} {}", field.title, shown_text(field, value.as_ref(), "UTC", &tables))
}
