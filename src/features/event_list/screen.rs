//! The event grid with its filter bar above, what is selected and the totals below, and the open event beside
//! it.

use super::columns::{EVENT_COLUMNS, title_under};
use super::filter_bar::EventFilters;
use super::group_items::group_items;
use super::grouped_events::grouped_events_part;
use super::list_query::ListQuery;
use super::selection_line::SelectionLine;
use super::source::event_list;
use super::steps::ListSteps;
use super::totals::TotalsBar;
use super::view_form::view_form_part;
use super::why_none::why_none;
use crate::api::{RecordKey, Resource, System};
use crate::data::session::Session;
use crate::data::sync::UnsavedText;
use crate::features::allowed_button::{AllowedButton, forbidden_by_role};
use crate::features::correction::{BulkCorrection, Correcting, Draft, Pasted, PastedList};
use crate::features::list::{
    ColumnFilters, Commit, ListExport, ListGrid, ListStatus, PastedCells, UnsavedCell, query_number,
    use_list_query, when_moved,
};
use crate::features::reversal::ReverseDialog;
use crate::features::selection::{Found, Selected, Which};
use crate::routes::{self, Counted, ask_by_address};
use crate::ui::controls::{Icon, IconName, MenuItem, State, take_lost_focus_to_grid, way_by, way_to};
use crate::ui::step_keys::StepKeys;
use grid_model::{ColumnLayout, Picked, Records, RowCount, Selection};
use leptos::prelude::*;
use leptos_router::components::Outlet;
use rest_contract::oracle::life_cycle::EventAction;
use std::rc::Rc;
use std::sync::Arc;

/// The list that the grid shows, for the drawer beside it.
#[derive(Clone, Copy)]
pub struct OpenList {
    /// The address of the list without its query, such as `/batches/B-1`.
    pub home: StoredValue<String>,
    pub steps: ListSteps,
    /// Whether processed events of a batch are to be rated again; followed as it becomes known.
    pub re_rates: Callback<String, bool>,
}

/// `changed` goes up when the list should be read again. `home` is the address that the grid stands
/// at; an event opens at `{home}/events/{number}`, or at `{home}/{number}` where the list is `/events`
/// itself. `re_rates`: processed events of the list are to be rated again.
#[component]
pub fn EventGrid(
    session: Session,
    batch: Option<String>,
    home: String,
    #[prop(optional, into)] changed: Signal<u64>,
    #[prop(optional, into)] re_rates: Signal<bool>,
) -> impl IntoView {
    let query = use_list_query(ListQuery::read);
    let asked = Memo::new(move |_| query.get().of_events());
    let list = event_list(session, batch, re_rates, query.get_untracked().of_events());
    // What a figure counted is told as long as the events are asked for that it was counted of.
    let told = use_list_query(Counted::read);
    let told_of = Memo::new(move |before: Option<&Option<(Counted, String)>>| match told.get() {
        Some(counted) => Some((counted, query.with_untracked(ListQuery::q))),
        None => before.cloned().flatten(),
    });
    let counted = Signal::derive(move || {
        let q = query.with(ListQuery::q);
        told_of.get().filter(|(_, of)| *of == q).map(|(counted, _)| counted)
    });
    let sync = session.sync;
    session.lookups.want_closed_periods();
    let handle = StoredValue::new_local(list.clone());
    Effect::new(move || handle.with_value(|list| list.ask(asked.get())));
    let is_grouped = Memo::new(move |_| query.with(|query| !query.group.is_empty()));
    when_moved(changed, Callback::new(move |()| handle.with_value(|list| list.refresh())));
    let selection = RwSignal::new(Selection::None);
    let active = RwSignal::new(None::<Picked>);
    // What is selected is on the screen: a group's events are another list.
    Effect::new(move |before: Option<bool>| {
        let now = is_grouped.get();
        if now {
            handle.with_value(|list| list.pages.wants_whole.set(true));
            selection.set(Selection::None);
            active.set(None);
        }
        if before.is_some_and(|before| before != now) {
            take_lost_focus_to_grid(None);
        }
        now
    });
    let home = StoredValue::new(home);
    let steps = ListSteps::new(session, handle, home, query, active);
    expect_context::<StepKeys>().serve(steps.error);
    let rows = handle.with_value(|list| list.pages.revision);
    let re_rates_of = Callback::new(move |batch: String| {
        rows.track();
        re_rates.track();
        handle.with_value(|list| list.re_rates(&batch))
    });
    provide_context(OpenList { home, steps, re_rates: re_rates_of });
    // That something had to be selected first is past once something is.
    Effect::new(move || {
        if selection.with(|selection| !matches!(selection, Selection::None)) || active.with(Option::is_some) {
            sync.notices.end_pressed();
        }
    });
    // When all were selected, and how many there were.
    let all_since = RwSignal::new(None);
    Effect::new(move || {
        let counted = selection.with(|selection| match selection {
            Selection::All(all) => all.counted,
            _ => None,
        });
        all_since.set(counted.map(|counted| (counted, session.client.now_at(System::Oracle))));
    });
    // What a person changed themselves is what they see, and what they have selected.
    sync.on_changed(move |keys| {
        let own = keys.iter().filter_map(|key| Some((key, sync.own_version(key)?)));
        for (key, version) in own {
            let is_held = selection.with_untracked(|selection| {
                selection.records().is_some_and(|records| {
                    records.version(&key.path) != Some(&version) && records.contains(&key.path)
                })
            });
            if is_held {
                selection.update(|selection| {
                    selection.carry(&key.path, &version);
                });
            }
        }
    });
    let to_reverse = RwSignal::new(None::<Selected>);
    let to_correct = RwSignal::new(None::<Correcting>);
    let by_number = move |records: &Records| -> Records {
        let numbered = |picked: Picked| {
            let number = handle.with_value(|list| list.number_of(&picked.key));
            Picked { key: number.into(), ..picked }
        };
        records.iter().map(numbered).collect()
    };
    // The selected events, or the one that the cursor was put on; nothing where there is none.
    let meant = move || match selection.get() {
        Selection::All(all) => {
            let without = all.without.iter().map(|key| handle.with_value(|list| list.number_of(key)));
            Some(Which::Found(Found {
                batch: handle.with_value(|list| list.spec.batch.clone()),
                q: query.get().q(),
                without: without.collect(),
                counted: all_since.get(),
            }))
        }
        Selection::None => {
            active.get().map(|picked| Which::These(by_number(&[picked].into_iter().collect())))
        }
        Selection::Cells(range) => Some(Which::These(by_number(&range.records))),
        Selection::Records(records) => Some(Which::These(by_number(&records))),
    };
    let selected = move |action: EventAction| untrack(meant).map(|which| Selected { which, action });
    let name = Memo::new(move |_| meant().map_or_else(String::new, |which| name_of(&which)));
    let reverse = move || to_reverse.set(selected(EventAction::Reverse));
    let correct = move || {
        to_correct.set(selected(EventAction::Change).map(|selected| Correcting {
            title: String::new(),
            advice: String::new(),
            selected,
            only: None,
            drafts: Draft::of("CurrencyCode").into_iter().collect(),
            next: None,
            pasted: None,
        }));
    };

    let paste = move |cells: PastedCells| {
        let query = query.get_untracked();
        let place = cells.rows.start;
        // All that are selected, and as many as a text of so many lines can be meant for.
        let most = cells.text.split(['\r', '\n']).count().max(cells.rows.len());
        let list = handle.with_value(|list| PastedList {
            batch: list.spec.batch.clone(),
            q: query.q(),
            order_by: query.order_by(),
            place,
            here: (place..place.saturating_add(most)).map(|row| list.picked(row)).collect(),
        });
        to_correct.set(Some(Correcting {
            title: String::new(),
            advice: String::new(),
            selected: Selected::named([], EventAction::Change),
            only: None,
            drafts: Vec::new(),
            next: None,
            pasted: Some(Pasted {
                text: cells.text,
                html: cells.html,
                columns: cells.layout,
                selected: (cells.rows.len(), cells.columns),
                list,
            }),
        }));
    };

    let by_role = forbidden_by_role(session);
    // Where some may be touched, or are not here, each is looked at in the dialog.
    let forbidden = move |action: EventAction, verb: &'static str, done: &'static str| {
        Memo::new(move |_| {
            let nothing =
                || name.with(String::is_empty).then(|| format!("Select the events to {verb} first."));
            let unclear = || {
                let why = query.with(ListQuery::why_not_all);
                why.filter(|_| selection.with(|selection| matches!(selection, Selection::All(_))))
            };
            by_role.get().or_else(nothing).or_else(unclear).or_else(|| {
                rows.track();
                sync.revision.track();
                let (selection, active) = (selection.get(), active.get());
                handle.with_value(|list| why_none(list, &selection, active, action, done))
            })
        })
    };

    let (may_not_correct, may_not_reverse) = (
        forbidden(EventAction::Change, "correct", "corrected"),
        forbidden(EventAction::Reverse, "reverse", "reversed"),
    );
    let ask = ask_by_address(ListQuery::write);
    let column_items = move |column: String| group_items(&column, query, ask);
    let cell_items = move |(_, column): (Arc<str>, String)| {
        let mut items = group_items(&column, query, ask);
        let named = |verb: &str| format!("{verb}{}\u{2026}", name.get_untracked());
        let correction = may_not_correct
            .with_untracked(Option::is_none)
            .then(|| MenuItem::new(named("Correct"), correct).begins_group());
        let reversal =
            may_not_reverse.with_untracked(Option::is_none).then(|| MenuItem::new(named("Reverse"), reverse));
        items.extend(correction.into_iter().chain(reversal));
        items
    };
    let layout = RwSignal::new(ColumnLayout::read(&query.with_untracked(|query| query.columns.clone())));
    // The address says how the columns stand, so that a link shows the same; one that does not say it leaves them.
    Effect::new(move |before: Option<String>| {
        let asked = query.with(|query| query.columns.clone());
        let shown = layout.with(ColumnLayout::text);
        let is_asked_anew = before.is_some_and(|before| before != asked) && !asked.is_empty();
        if asked != shown && is_asked_anew {
            layout.set(ColumnLayout::read(&asked));
        } else if asked != shown {
            ask.run(ListQuery { columns: shown, ..query.get_untracked() });
        }
        asked
    });
    let sort = Signal::derive(move || query.get().sort);
    let on_sort = move |sort| ask.run(ListQuery { sort, ..query.get_untracked() });
    let filters = ColumnFilters {
        session,
        columns: &EVENT_COLUMNS,
        one: "event",
        several: "events",
        asked: Signal::derive(move || query.with(ListQuery::conditions)),
        ask: Callback::new(move |(field, condition)| {
            ask.run(query.get_untracked().with_filter(field, condition));
        }),
    };
    let is_viewing = RwSignal::new(false);
    // A dialog stays once it was opened: it gives the focus back as it closes.
    let was_viewing =
        Memo::new(move |before: Option<&bool>| is_viewing.get() || before.is_some_and(|was| *was));
    let export = ListExport {
        open: RwSignal::new(false),
        system: System::Oracle,
        source: Signal::derive(move || {
            let batch = handle.with_value(|list| list.spec.batch.clone());
            batch.map_or_else(
                || "Events of all batches".to_owned(),
                |batch| format!("Events of batch {batch}"),
            )
        }),
        asked: Signal::derive(move || query.with(ListQuery::words)),
        why_not_all: Signal::derive(move || query.with(ListQuery::why_not_all)),
        progress: handle.with_value(|list| list.pages.progress),
    };
    let address = move |key: Arc<str>| {
        let number = RecordKey { resource: Resource::Event, path: key }.name();
        let address = home.with_value(|home| routes::event_over(home, &number));
        Some(format!("{address}{}", query.get_untracked().write()))
    };
    let without_currency = move || {
        let query = ListQuery { without_currency: true, ..query.get().ungrouped() };
        home.with_value(|home| format!("{home}{}", query.write()))
    };
    let commit =
        move |(key, column, text): Commit| handle.with_value(|list| list.commit(&key, column, &text));
    let unsaved = move |UnsavedCell { key, title, text, reason }: UnsavedCell| {
        let key = RecordKey { resource: Resource::Event, path: key };
        // The open event takes the text back.
        let place = format!("{}, {}", key.title(), title_under(&title));
        let question = handle.with_value(|list| list.query().write());
        let address = home.with_value(|home| format!("{}{question}", routes::event_over(home, &key.name())));
        sync.notices.tell_unsaved(UnsavedText { place, text, reason, address, mends: false });
    };
    let grid = move || {
        view! {
            <ListGrid
                session=session
                list=Rc::new(handle.get_value())
                label="Usage events"
                query=query_number(asked)
                layout=layout
                sort=sort
                on_sort=on_sort
                filters=filters
                address=address
                instead=move |status| list_message(session, home, status, query, ask)
                selection=selection
                active=active
                sought=steps.led_to
                commit=commit
                unsaved=unsaved
                paste=paste
                cell_items=cell_items
                column_items=column_items
                export=export
            />
            <SelectionLine list=handle selection=selection>
                <AllowedButton session=session words=Signal::derive(move || format!("Correct{}\u{2026}", name.get())) forbidden=may_not_correct press=correct />
                <AllowedButton session=session words=Signal::derive(move || format!("Reverse{}\u{2026}", name.get())) forbidden=may_not_reverse press=reverse />
            </SelectionLine>
        }
    };
    let button = |words: &'static str, icon: IconName, press: Callback<()>| {
        view! { <button class="button button-icon" data-kind="quiet" aria-label=words title=words on:click=move |_| press.run(())><Icon name=icon /></button> }
    };
    view! {
        <EventFilters filters=filters query=query ask=ask>
            {button("View\u{2026}", IconName::View, Callback::new(move |()| is_viewing.set(true)))}
            {button("Export\u{2026}", IconName::Save, Callback::new(move |()| export.open.set(true)))}
            {button("Refresh", IconName::Refresh, Callback::new(move |()| handle.with_value(|list| list.refresh())))}
        </EventFilters>
        <div class="page-body">
            <div class="page-main">
                {move || match is_grouped.get() {
                    true => grouped_events_part::view(handle, query, ask, home, export).into_any(),
                    false => grid().into_any(),
                }}
                <TotalsBar list=handle counted=counted without_currency=without_currency />
            </div>
            <Outlet />
        </div>
        <Show when=move || was_viewing.get()>{view_form_part::view(handle, query, ask, layout, is_viewing)}</Show>
        <ReverseDialog session=session selected=to_reverse />
        <BulkCorrection session=session correcting=to_correct />
    }
}

/// What a button names: the one event, or how many.
fn name_of(which: &Which) -> String {
    let number = |number: usize| crate::text::count(number as u64);
    match which {
        Which::These(records) if records.is_empty() => String::new(),
        Which::These(records) if records.len() == 1 => {
            records.keys().next().map_or_else(String::new, |only| format!(" {only}"))
        }
        Which::These(records) => format!(" {}", number(records.len())),
        Which::Found(found) => match found.counted {
            Some((counted, _)) if counted <= found.without.len() => String::new(),
            Some((counted, _)) if found.without.is_empty() => format!(" all {}", number(counted)),
            Some((counted, _)) => format!(" {}", number(counted.saturating_sub(found.without.len()))),
            None => " all".to_owned(),
        },
    }
}

/// What stands in the place of rows where there are none.
fn list_message(
    session: Session,
    home: StoredValue<String>,
    status: ListStatus,
    query: Memo<ListQuery>,
    ask: Callback<ListQuery>,
) -> Option<AnyView> {
    if status.failure.is_some() || status.count != RowCount::Exactly(0) {
        return None;
    }
    if query.get().is_filtered() {
        let all = move |()| ask.run(query.get_untracked().unfiltered());
        return Some(view! {
            <State icon=IconName::Search title="No event matches" text="The list has events, but none that passes all of these filters.">
                {way_by("Show all events", Callback::new(all))}
            </State>
        }.into_any());
    }
    let is_batch = home.with_value(|home| home != routes::EVENTS);
    let (text, way) = if is_batch {
        let text = "This batch holds no usage events yet, or your role may not see them. A re-rating or a reversal batch takes events by \u{201c}Add events\u{201d} above.";
        (text, way_to("Go to the batches", routes::BATCHES))
    } else {
        let text = "There are no usage events yet, or your role may not see them. Events come with a file that is imported, or from the system itself.";
        let may_import = session.blocked_from_editing().is_none();
        let to_import = || way_to("Import events from a file", routes::IMPORT);
        (text, if may_import { to_import() } else { way_to("Go to the batches", routes::BATCHES) })
    };
    Some(view! { <State icon=IconName::Events title="No events here" text=text>{way}</State> }.into_any())
}
