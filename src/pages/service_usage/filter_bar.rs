//! Which events are shown: by state, by what they belong to, by day, by a text that they hold.

use super::columns::STATE;
use super::intervals::{GROUPINGS, grouping_of};
use super::labels;
use super::list_query::ListQuery;
use super::reading::Reading;
use super::source::UsageList;
use crate::api::System;
use crate::features::list::{ColumnFilters, LongLink, NotUnderstood, column_chips_part};
use crate::ui::controls::{DayField, FilterBar, Icon, IconName, SearchBox};
use leptos::prelude::*;
use rest_contract::cloud_foundry::{UsageField, month_of};
use std::rc::Rc;

const STATES: [&str; 3] = ["CREATED", "UPDATED", "DELETED"];

/// What can be chosen from a list once every event is here, each with the field that names it, the one that
/// tells two of one name apart, and the word for all.
type Choice = (UsageField, UsageField, UsageField, &'static str);
const CHOICES: [Choice; 5] = [
    (UsageField::OfferingGuid, UsageField::OfferingName, UsageField::BrokerName, "All offerings"),
    (UsageField::PlanGuid, UsageField::PlanName, UsageField::OfferingName, "All plans"),
    (UsageField::SpaceGuid, UsageField::SpaceName, UsageField::OrganizationGuid, "All spaces"),
    (
        UsageField::OrganizationGuid,
        UsageField::OrganizationGuid,
        UsageField::OrganizationGuid,
        "All organisations",
    ),
    (UsageField::InstanceType, UsageField::InstanceType, UsageField::InstanceType, "All types"),
];

#[component]
pub fn UsageFilterBar(
    list: StoredValue<Rc<UsageList>, LocalStorage>,
    filters: ColumnFilters,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    /// Intervals have no state; they are grouped instead.
    is_intervals: Memo<bool>,
    /// The way to the other view.
    children: Children,
) -> impl IntoView {
    let (reading, organizations) = list.with_value(|list| (list.spec().reading, list.spec().organizations));
    let is_whole = Memo::new(move |_| matches!(reading.get(), Reading::Whole(_)));
    let find = move |find: String| ask.run(ListQuery { find, ..query.get_untracked() });
    let chip = move |code: Option<String>| {
        let words = code.as_deref().map_or("All", |code| labels::state(code).0).to_owned();
        let only = StoredValue::new(code.into_iter().collect::<Vec<_>>());
        let pressed = move || {
            only.with_value(|only| query.with(|now| now.values(UsageField::State) == only.as_slice()))
        };
        let press = move |_| {
            let mut now = query.get_untracked();
            now.filters.retain(|(field, _)| field.name != STATE);
            ask.run(now.with(UsageField::State, only.get_value()));
        };
        view! { <button class="chip" aria-pressed=move || pressed().to_string() on:click=press>{words}</button> }
    };
    // States are an open set: those that came are offered, whatever they are.
    let others = Memo::new(move |_| {
        let mut codes = Vec::new();
        if is_whole.get() {
            list.with_value(|list| {
                let values = list.events().values(UsageField::State, UsageField::State);
                codes.extend(values.into_iter().map(|(code, ..)| code));
            });
        }
        codes.retain(|code| !STATES.contains(&code.as_str()) && !code.is_empty());
        codes
    });
    let choice = move |(field, label, owner_field, all): Choice| {
        let options = move || {
            let values = match is_whole.get() {
                true => list.with_value(|list| list.events().told_apart(field, label, owner_field)),
                // What the address asks for must be there to be seen.
                false => query.with(|now| {
                    now.values(field).iter().map(|value| (value.clone(), value.clone(), None)).collect()
                }),
            };
            let chosen = query.with(|now| now.values(field).first().cloned()).unwrap_or_default();
            let options = values.into_iter().filter(|(value, ..)| !value.is_empty());
            options
                .map(|(value, name, owner)| {
                    let is_chosen = value == chosen;
                    let named = |field, text: String| match field {
                        UsageField::OrganizationGuid => organizations.name(&text),
                        _ => labels::value(field, &text).to_owned(),
                    };
                    let words = match owner {
                        Some(text) => format!("{} ({})", named(label, name), named(owner_field, text)),
                        None => named(label, name),
                    };
                    view! { <option value=value selected=is_chosen>{words}</option> }
                })
                .collect_view()
        };
        let choose = move |value: String| {
            let values = if value.is_empty() { Vec::new() } else { vec![value] };
            ask.run(query.get_untracked().with(field, values));
        };
        let shown = move || is_whole.get() || query.with(|now| !now.values(field).is_empty());
        let is_all = move || query.with(|now| now.values(field).is_empty());
        view! {
            <Show when=shown>
                <select class="input" aria-label=labels::named_title(label) on:change:target=move |event| choose(event.target().value())>
                    <option value="" selected=is_all>{all}</option>
                    {options}
                </select>
            </Show>
        }
    };
    let day = move |is_from: bool| {
        let day =
            Signal::derive(move || query.with(|now| if is_from { now.from.clone() } else { now.to.clone() }));
        let change = move |day: String| {
            let now = query.get_untracked();
            ask.run(if is_from { ListQuery { from: day, ..now } } else { ListQuery { to: day, ..now } });
        };
        let (words, label) =
            if is_from { ("From", "From this day (UTC)") } else { ("to", "To this day (UTC)") };
        view! { <DayField words=words label=label day=day on_day=change /> }
    };
    let month = move |back: bool| {
        let this = month_of(
            list.with_value(|list| list.spec().session.client.now_at(System::CloudFoundry).timestamp()),
        );
        let month = if back { month_of(this.start - 1) } else { this };
        let day = |second: i64| labels::time(second).chars().take(10).collect::<String>();
        let (from, to) = (day(month.start), day(month.end - 1));
        ask.run(ListQuery { from, to, ..query.get_untracked() });
    };
    let grouping = move |(word, words, ..): (&'static str, &'static str, UsageField, UsageField)| {
        let press = move |_| ask.run(ListQuery { by: word.to_owned(), ..query.get_untracked() });
        let pressed = move || (grouping_of(&query.get()).0 == word).to_string();
        view! { <button class="chip" aria-pressed=pressed on:click=press>{words}</button> }
    };
    // An instance is chosen where it is seen, and let go of here.
    let instance = move || {
        query.with(|now| now.values(UsageField::InstanceGuid).first().cloned()).map(|guid| {
            let name = list.with_value(|list| {
                let table = list.events();
                let row = (0..table.len()).rev().find(|row| table.text(*row, UsageField::InstanceGuid) == guid);
                row.map(|row| table.text(row, UsageField::InstanceName).to_owned())
            });
            let drop = move |_| ask.run(query.get_untracked().with(UsageField::InstanceGuid, Vec::new()));
            view! {
                <button class="button" on:click=drop>{format!("Instance {}", name.unwrap_or(guid))}<Icon name=IconName::Close /><span class="visually-hidden">"Show all instances"</span></button>
            }
        })
    };
    let filtered = Signal::derive(move || {
        query.with(|now| {
            let lists = now.any_of.iter().filter(|values| !values.is_empty()).count() + now.filters.len();
            match lists + usize::from(!now.from.is_empty() || !now.to.is_empty()) {
                0 => None,
                number => Some(number.to_string()),
            }
        })
    });
    // A state alone is told by its chip.
    let told = Signal::derive(move || {
        query.with(|query| match query.values(UsageField::State) {
            [] | [_] => query.filters.clone(),
            _ => query.conditions(),
        })
    });
    let has_chips = Memo::new(move |_| told.with(|told| !told.is_empty()));
    let clear = Callback::new(move |()| ask.run(query.get_untracked().unfiltered()));
    let search = view! {
        {children()}
        <SearchBox find=Signal::derive(move || query.get().find) on_find=find placeholder="Instance, plan, space, GUID" label="Find events" />
    };
    view! {
        <FilterBar label="Filter service usage events" search=search.into_any() filtered=filtered>
            {day(true)}
            {day(false)}
            <button class="button" data-kind="quiet" on:click=move |_| month(false)>"This month"</button>
            <button class="button" data-kind="quiet" on:click=move |_| month(true)>"Last month"</button>
            <Show when=move || !is_intervals.get() fallback=move || view! {
                <div class="chips" role="group" aria-label="Grouped by">{GROUPINGS.map(grouping)}</div>
            }>
                <div class="chips" role="group" aria-label="State">
                    {chip(None)}
                    {STATES.map(|code| chip(Some(code.to_owned())))}
                    {move || others.get().into_iter().map(|code| chip(Some(code))).collect_view()}
                </div>
            </Show>
            {CHOICES.map(choice)}
            {instance}
            <LongLink />
            <NotUnderstood not_known=Signal::derive(move || query.with(|query| query.not_known.clone())) several="events"
                forget=move |()| ask.run(ListQuery { not_known: Vec::new(), ..query.get_untracked() }) />
            {move || has_chips.get().then(|| column_chips_part::view(ColumnFilters { asked: told, ..filters }, clear))}
        </FilterBar>
    }
}
