//! The events of a list in groups: how many are alike in some columns, and what they come to per currency. A group
//! leads to its events. Groups are never rows among events, so that nothing is counted twice.

mod group_rows;

use super::columns::EVENT_COLUMNS;
use super::list_query::{GroupLevel, ListQuery, MOST_LEVELS, group_levels};
use super::source::EventList;
use crate::data::session::Session;
use crate::features::list::{
    GroupSum, ListExport, ListGrid, ListStatus, LocalList, MOST_GROUPS, WholeProgress, query_number, told,
};
use crate::routes::texts_of_list;
use crate::text::count;
use crate::ui::controls::{IconName, MenuItem, State, take_lost_focus_to_grid, way_by};
use crate::ui::part::part;
use grid_model::{SortKey, Tone};
use group_rows::{Groups, columns, compared};
use leptos::prelude::*;
use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

type List = StoredValue<Rc<EventList>, LocalStorage>;
type Levels = Vec<GroupLevel>;

part! {
    /// The groups, in the place of the events. `home` is the address of the list without its query.
    pub mod grouped_events_part in list_view: (list: List, query: Memo<ListQuery>, ask: Callback<ListQuery>, home: StoredValue<String>, export: ListExport) =>
        view! { <GroupedEvents list=list query=query ask=ask home=home export=export /> }
}

/// Currencies that have a column each. One grid shows no more.
const MOST_CURRENCIES: usize = 30;

#[derive(Clone, Debug, PartialEq)]
enum Known {
    /// All events have to be here first.
    NotWhole(WholeProgress),
    Counting,
    TooMany(usize),
    These(Arc<Vec<GroupSum>>),
}

#[component]
fn GroupedEvents(
    list: List,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    home: StoredValue<String>,
    export: ListExport,
) -> impl IntoView {
    let (session, revision, progress) =
        list.with_value(|list| (list.spec.session, list.pages.revision, list.pages.progress));
    let fields = Memo::new(move |_| query.with(|query| query.group.clone()));
    let names = |fields: &Levels| fields.iter().map(GroupLevel::name).collect::<Vec<_>>();
    let is_whole = Memo::new(move |_| {
        revision.track();
        list.with_value(|list| list.pages.whole().is_some())
    });
    let want = move |fields: &Levels| {
        let whole = list.try_with_value(|list| list.pages.whole()).flatten();
        whole.into_iter().for_each(|whole| whole.group_by(&names(fields)));
    };
    Effect::new(move || {
        let fields = fields.get();
        if is_whole.get() {
            want(&fields);
        }
    });
    on_cleanup(move || want(&Vec::new()));
    let known = Memo::new(move |_| {
        revision.track();
        let fields = fields.get();
        let Some(whole) = list.with_value(|list| list.pages.whole()) else {
            return Known::NotWhole(progress.get());
        };
        match whole.groups(&names(&fields)) {
            None => Known::Counting,
            Some(Err(many)) => Known::TooMany(many),
            Some(Ok(groups)) => Known::These(Arc::new(groups)),
        }
    });
    // The grid stands while what it shows changes; other columns make another grid.
    let shape = Memo::new(move |before: Option<&Option<(Levels, Vec<String>)>>| {
        let fields = fields.get();
        known.with(|known| match known {
            Known::These(groups) => {
                let units = currencies_of(groups);
                // What has no currency comes last.
                let (none, named): (Vec<_>, Vec<_>) = units.into_iter().partition(|unit| unit.is_empty());
                Some((fields, named.into_iter().chain(none).take(MOST_CURRENCIES).cloned().collect()))
            }
            Known::Counting => before.cloned().flatten().filter(|(before, _)| *before == fields),
            _ => None,
        })
    });
    // Amounts that have no column are not passed over in silence.
    let hidden = Memo::new(move |_| {
        known.with(|known| match known {
            Known::These(groups) => currencies_of(groups).len().saturating_sub(MOST_CURRENCIES),
            _ => 0,
        })
    });
    let words = move || {
        let heads: Vec<_> = fields.get().iter().map(GroupLevel::words).collect();
        let by = format!("By {}", heads.join(", then by "));
        match known.get() {
            Known::These(groups) if groups.len() == 1 => format!("{by}: 1 group"),
            Known::These(groups) => format!("{by}: {} groups", count(groups.len() as u64)),
            _ => by,
        }
    };
    // What is not counted yet is nothing to export.
    Effect::new(move || {
        if export.open.get() && shape.with(Option::is_none) {
            export.open.set(false);
            session.sync.notices.refuse("Groups can be exported once they are counted.".to_owned());
        }
    });
    let events = move |_| ask.run(query.get_untracked().ungrouped());
    view! {
        <div class="grouped-line">
            <strong role="status">{words}</strong>
            {move || Some(hidden.get()).filter(|hidden| *hidden > 0).map(|hidden| view! {
                <span class="badge" data-tone=Tone::Warn.name()>{format!("Without amounts in {} more currencies: filter the events to see them", count(hidden as u64))}</span>
            })}
            <button class="button" data-kind="quiet" on:click=events>"Show events"</button>
        </div>
        {move || match shape.get() {
            Some((fields, currencies)) => {
                view! { <GroupGrid session=session fields=fields currencies=currencies known=known query=query ask=ask home=home export=export /> }.into_any()
            }
            None => {
                let events = Callback::new(move |()| ask.run(query.get_untracked().ungrouped()));
                view! { <div class="grid-room">{move || missing(&known.get(), events)}</div> }.into_any()
            }
        }}
    }
}

fn currencies_of(groups: &[GroupSum]) -> BTreeSet<&String> {
    groups.iter().flat_map(|group| group.amounts.keys()).collect()
}

/// What stands in the place of groups.
fn missing(known: &Known, events: Callback<()>) -> impl IntoView + use<> {
    let (title, text) = match known {
        Known::NotWhole(WholeProgress::InSight | WholeProgress::Reading { .. }) => (
            "Loading all events",
            "Groups are counted once every event is here. Below you see how far that is.".to_owned(),
        ),
        Known::NotWhole(_) => (
            "Not all events are here",
            "Groups are counted over all events of the list. Load them below, or filter the list first."
                .to_owned(),
        ),
        Known::TooMany(many) => (
            "Too many groups",
            format!(
                "There are {} groups, and at most {} are shown. Filter the events first, or group by fewer columns.",
                count(*many as u64),
                count(MOST_GROUPS as u64)
            ),
        ),
        Known::Counting | Known::These(_) => ("Counting the groups", String::new()),
    };
    view! { <State icon=IconName::Events title=title text=text>{way_by("Show events without groups", events)}</State> }
}

#[component]
fn GroupGrid(
    session: Session,
    fields: Levels,
    currencies: Vec<String>,
    known: Memo<Known>,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
    home: StoredValue<String>,
    export: ListExport,
) -> impl IntoView {
    // The grid whose menu asked for groups has gone with the keyboard.
    take_lost_focus_to_grid(None);
    let label = "Groups of events";
    let list = LocalList::new(columns(&fields, &currencies), Groups { session, fields: fields.clone() });
    let sort = Signal::derive(move || query.get().sort);
    let handle = StoredValue::new_local(Rc::clone(&list));
    Effect::new(move || {
        let Known::These(groups) = known.get() else { return };
        let (keys, tables) = (sort.get(), session.lookups.tables.get());
        handle.with_value(|list| {
            list.show(groups, |one, other| compared(&list.spec.fields, &keys, one, other, &tables));
        });
    });
    // The levels of the groups, in the menus of their columns.
    let levels = fields.clone();
    let column_items = move |column: String| level_items(&levels, &column, query, ask);
    let on_sort = move |sort: Vec<SortKey>| ask.run(ListQuery { sort, ..query.get_untracked() });
    // A group leads to its events: the list asked for what they have in common.
    let address = move |key: Arc<str>| {
        let mut query = query.get_untracked().ungrouped();
        for (level, value) in fields.iter().zip(texts_of_list(&key)) {
            query = query.with_filter(level.field, Some(level.condition(&value)?));
        }
        Some(home.with_value(|home| format!("{home}{}", query.write())))
    };
    let instead = move |status: ListStatus| {
        (status.count.exact() == Some(0)).then(|| {
            let all = move |()| ask.run(query.get_untracked().unfiltered());
            view! {
                <State icon=IconName::Search title="No event matches" text="The list has no event that passes all of these filters.">
                    {way_by("Show all events", Callback::new(all))}
                </State>
            }.into_any()
        })
    };
    let asked = query_number(Memo::new(move |_| query.get().of_events()));
    // What of the events is asked is asked of their groups.
    let words = Signal::derive(move || {
        let tables = session.lookups.tables.get();
        query.with(|query| {
            let conditions = query.conditions();
            let told = conditions.iter().map(|(field, asked)| told(&EVENT_COLUMNS, field, asked, &tables));
            query.words().into_iter().chain(told).collect()
        })
    });
    let export = ListExport { asked: words, ..export };
    view! { <ListGrid session=session list=Rc::new(list) label=label query=asked sort=sort on_sort=on_sort address=address instead=instead column_items=column_items export=export /> }
}

/// What the menu of a group's column does with the levels of the groups.
fn level_items(
    levels: &Levels,
    column: &str,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
) -> Vec<MenuItem> {
    let Some(own) = levels.iter().find(|level| level.name() == column) else { return Vec::new() };
    let name = own.head();
    let item = |words: String, group: Levels| {
        MenuItem::new(words, move || {
            ask.run(ListQuery { group: group.clone(), sort: Vec::new(), ..query.get_untracked() });
        })
    };
    let others: Levels = levels.iter().filter(|level| *level != own).cloned().collect();
    let mut items = match others.is_empty() {
        true => vec![item("Show events".to_owned(), others)],
        false => vec![
            item(format!("Group by {name} alone"), vec![own.clone()]),
            item(format!("Do not group by {name}"), others),
        ],
    };
    if levels.len() < MOST_LEVELS {
        let more = group_levels().filter(|level| !levels.contains(level)).map(|level| {
            let words = format!("Also group by {}", level.head());
            item(words, levels.iter().cloned().chain([level]).collect())
        });
        items.push(MenuItem::of_items("Also group by\u{2026}", more.collect()));
    }
    items
}
