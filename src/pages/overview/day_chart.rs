//! The events of each day as a picture: bars upon each other by status, the month before as a line over each, what was
//! reversed below. One stop of the Tab key; arrows lead from mark to mark, and each mark to the list of its events.

use super::figure_words::{
    FigureHead, as_of_clock, drawn, events_words, list_address, number, provenance, second_in,
};
use super::month_query::MonthShown;
use super::status_groups::{CLASSES, StatusGroups, class_words};
use crate::routes::use_go;
use crate::text::{StatusClass, count};
use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;
use rest_contract::oracle::figure::{Figure, Known};
use rest_contract::oracle::month_figures::MonthFigures;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// What there is to say of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DayState {
    ToCome,
    NotRead,
    Empty,
    Filled,
}

struct Day {
    label: String,
    number: u32,
    state: DayState,
    is_today: bool,
    /// By status, each with some events.
    groups: Vec<(StatusClass, Figure<u64>)>,
    all: Figure<u64>,
    /// Of the day of the same number in the month before.
    previous: Option<Figure<u64>>,
}

const HEIGHT: f64 = 190.0; // exact-in-double: pixels

fn days_of(figures: &MonthFigures, groups: &StatusGroups, now: DateTime<Utc>) -> Vec<Day> {
    let days = figures.plan.days.iter().zip(&figures.days);
    days.map(|(span, of)| {
        let by_class = CLASSES.into_iter().filter_map(|class| {
            let codes = groups.codes(&[class]);
            let figure = (!codes.is_empty()).then(|| of.events(Some(&codes)))?;
            drawn(&figure).is_some_and(|events| events > 0).then_some((class, figure))
        });
        let by_class: Vec<_> = by_class.collect();
        let all = of.events(None);
        let state = match all.known() {
            _ if span.from > now => DayState::ToCome,
            Known::Nothing => DayState::NotRead,
            Known::AtLeast(0) => DayState::NotRead,
            Known::Whole(0) => DayState::Empty,
            Known::Whole(_) | Known::AtLeast(_) => DayState::Filled,
        };
        let before = figures.plan.previous_days.iter().position(|day| day.day.day() == span.day.day());
        let before = before.and_then(|place| figures.previous_days.get(place));
        Day {
            label: span.day.to_string(),
            number: span.day.day(),
            state,
            is_today: span.from <= now && now < span.before,
            groups: by_class,
            all,
            previous: before.map(|day| day.events(None)).filter(|figure| drawn(figure).is_some()),
        }
    })
    .collect()
}

impl Day {
    fn words(&self) -> String {
        let today = if self.is_today { ", today so far" } else { "" };
        let said = match self.state {
            DayState::ToCome => "still to come".to_owned(),
            DayState::NotRead => "not read".to_owned(),
            DayState::Empty => "no events".to_owned(),
            DayState::Filled => events_words(&self.all),
        };
        let before = self.previous.as_ref().map(|previous| format!(" (month before: {})", number(previous)));
        format!("{}{today}: {said}{}", self.label, before.unwrap_or_default())
    }

    fn height_above(&self) -> u64 {
        let above = self.groups.iter().filter(|(class, _)| *class != StatusClass::Reversed);
        above.filter_map(|(_, figure)| drawn(figure)).sum()
    }

    fn height_below(&self) -> u64 {
        let below = self.groups.iter().filter(|(class, _)| *class == StatusClass::Reversed);
        below.filter_map(|(_, figure)| drawn(figure)).sum()
    }
}

fn mark_id(day: usize, mark: usize) -> String {
    format!("mark-{day}-{mark}")
}

#[component]
pub fn DayChart(
    figures: std::sync::Arc<MonthFigures>,
    groups: StatusGroups,
    shown: MonthShown,
    now: DateTime<Utc>,
) -> impl IntoView {
    let go = use_go();
    let zone = shown.zone.clone();
    let days = days_of(&figures, &groups, now);
    let before_most = days.iter().filter_map(|day| day.previous.as_ref().and_then(drawn)).max().unwrap_or(0);
    let own_most = days.iter().map(Day::height_above).max().unwrap_or(0).max(1);
    // One day of the month before does not press all others to the ground: it is said to be off the scale.
    let above = own_most.max(before_most.min(own_most.saturating_mul(2))).max(1);
    let below = days.iter().map(Day::height_below).max().unwrap_or(0);
    let scale = (HEIGHT - 16.0) / (above + below) as f64; // exact-in-double: pixels
    let zero = 14.0 + above as f64 * scale; // exact-in-double: pixels
    let height = |events: u64| events as f64 * scale; // exact-in-double: pixels
    let step = 100.0 / days.len().max(1) as f64; // exact-in-double: a share of a picture's width

    let all = figures.month.events(None);
    let empty: Vec<_> =
        days.iter().filter(|day| day.state == DayState::Empty).map(|day| day.number).collect();
    let summary = summary_of(&days, &all);
    let first_and_last = figures.month.first_and_last.map(|(first, last)| {
        format!("First event {}, last event {}.", second_in(first, &zone), second_in(last, &zone))
    });
    let without = match empty.len() {
        0 => None,
        // So many are told one by one.
        1..=12 => Some(format!(
            "Days without events: {}.",
            empty.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
        )),
        more => Some(format!("{more} days without events.")),
    };

    // The marks of each day: its groups, or what it is instead.
    let marks: Vec<usize> = days.iter().map(|day| day.groups.len().max(1)).collect();
    let current = RwSignal::new((0_usize, 0_usize));
    let hint = RwSignal::new(String::new());
    let as_table = RwSignal::new(false);
    let marks = StoredValue::new(marks);
    let move_to = move |day: usize, mark: usize| {
        current.set((day, mark));
        let element = document().get_element_by_id(&mark_id(day, mark));
        // An SVG link takes the focus as an element of HTML does.
        let _ = element.map(|element| element.unchecked_into::<HtmlElement>().focus());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (day, mark) = current.get_untracked();
        let count_of = |day: usize| marks.with_value(|marks| marks.get(day).copied().unwrap_or(1));
        let last = marks.with_value(Vec::len).saturating_sub(1);
        let to = match event.key().as_str() {
            "ArrowRight" => (day.saturating_add(1).min(last), mark),
            "ArrowLeft" => (day.saturating_sub(1), mark),
            "ArrowUp" => (day, mark.saturating_add(1)),
            "ArrowDown" => (day, mark.saturating_sub(1)),
            "Home" => (0, 0),
            "End" => (last, 0),
            "t" | "T" => {
                as_table.update(|is| *is = !*is);
                event.prevent_default();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        move_to(to.0, to.1.min(count_of(to.0).saturating_sub(1)));
    };
    let table_days: Vec<_> = days
        .iter()
        .map(|day| {
            let cells: Vec<_> = day
                .groups
                .iter()
                .map(|(class, figure)| (*class, number(figure), list_address(&figure.question)))
                .collect();
            (
                day.words(),
                day.label.clone(),
                day.state,
                cells,
                number(&day.all),
                list_address(&day.all.question),
                day.previous.as_ref().map(number),
            )
        })
        .collect();
    let used: Vec<_> = CLASSES
        .into_iter()
        .filter(|class| days.iter().any(|day| day.groups.iter().any(|(one, _)| one == class)))
        .collect();
    let legend = used.iter().map(|class| {
        let (words, name) = class_words(*class);
        view! { <li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><rect class="bar" data-class=name width="12" height="12"></rect>{pattern_over(*class, "0", "0", "12", "12")}</svg>{words}</li> }
    }).collect_view();
    let has_previous = days.iter().any(|day| day.previous.is_some());

    let columns = days.into_iter().enumerate().map(|(place, day)| {
        let left = step * place as f64; // exact-in-double: a share of a picture's width
        let (x, width) = (format!("{:.3}%", left + step * 0.14), format!("{:.3}%", step * 0.72));
        let (column_x, column_width) = (format!("{left:.3}%"), format!("{step:.3}%"));
        let middle = format!("{:.3}%", left + step / 2.0);
        let previous = day.previous.as_ref().and_then(drawn).map(|events| {
            let (from, to) = (format!("{:.3}%", left + step * 0.04), format!("{:.3}%", left + step * 0.96));
            if events > above {
                return view! { <g><text class="sign" x=middle.clone() y="11">"\u{2191}"</text></g> }.into_any();
            }
            let y = format!("{:.2}", zero - height(events));
            view! { <g><line class="before" x1=from x2=to y1=y.clone() y2=y></line></g> }.into_any()
        });
        let name = day.words();
        let today = day.is_today.then(|| view! { <g><rect class="today" x=column_x.clone() y="0" width=column_width.clone() height=format!("{HEIGHT}")></rect></g> });
        let tab = move |mark: usize| move || if current.get() == (place, mark) { "0" } else { "-1" };
        let press = move |address: String| move |event: web_sys::MouseEvent| {
            // Whatever else than a plain press is the browser's.
            if event.ctrl_key() || event.meta_key() || event.shift_key() || event.button() != 0 {
                return;
            }
            event.prevent_default();
            go.to(&address);
        };
        let inner = if day.groups.is_empty() {
            let address = list_address(&day.all.question);
            let y = format!("{zero:.2}");
            let sign = match day.state {
                DayState::ToCome => view! { <g><line class="to-come" x1=x.clone() x2=format!("{:.3}%", left + step * 0.86) y1=y.clone() y2=y.clone()></line></g> }.into_any(),
                DayState::NotRead => view! { <g><text class="sign" x=middle.clone() y=format!("{:.2}", zero - 4.0)>"?"</text></g> }.into_any(),
                _ => view! { <g><circle class="empty" cx=middle.clone() cy=format!("{:.2}", zero - 5.0) r="3.2"></circle></g> }.into_any(),
            };
            let hinted = name.clone();
            let also = name.clone();
            view! {
                <g>
                    <a id=mark_id(place, 0) class="mark" href=address.clone() aria-label=name tabindex=tab(0) on:click=press(address)
                        on:focus=move |_| { current.set((place, 0)); hint.set(hinted.clone()); } on:pointerenter=move |_| hint.set(also.clone())>
                        <rect class="hit" x=column_x.clone() y="0" width=column_width.clone() height=format!("{HEIGHT}")></rect>
                        {sign}
                    </a>
                </g>
            }.into_any()
        } else {
            let (mut top, mut bottom) = (zero, zero);
            day.groups.iter().enumerate().map(|(mark, (class, figure))| {
                let events = drawn(figure).unwrap_or(0);
                // What is there is seen, however little it is.
                let tall = height(events).max(1.5);
                let y = if *class == StatusClass::Reversed {
                    bottom += tall;
                    bottom - tall
                } else {
                    top -= tall;
                    top
                };
                let (words, class_name) = class_words(*class);
                let today = if day.is_today { ", today so far" } else { "" };
                let label = format!("{}{today}: {} {}", day.label, number(figure), words.to_lowercase());
                let whole = day.words();
                let address = list_address(&figure.question);
                let (y, tall) = (format!("{y:.2}"), format!("{tall:.2}"));
                let hinted = format!("{label}. {whole}");
                let also = hinted.clone();
                let pattern = pattern_over(*class, &x, &y, &width, &tall);
                view! {
                    <g>
                        <a id=mark_id(place, mark) class="mark" href=address.clone() aria-label=label tabindex=tab(mark) on:click=press(address)
                            on:focus=move |_| { current.set((place, mark)); hint.set(hinted.clone()); } on:pointerenter=move |_| hint.set(also.clone())>
                            <rect class="bar" data-class=class_name x=x.clone() y=y.clone() width=width.clone() height=tall.clone()></rect>
                            {pattern}
                        </a>
                    </g>
                }
            }).collect_view().into_any()
        };
        view! { <g>{today}{inner}{previous}</g> }
    }).collect_view();
    let ticks = table_days.iter().enumerate().map(|(place, (_, label, ..))| {
        let middle = format!("{:.3}%", step * place as f64 + step / 2.0); // exact-in-double: a share of a picture's width
        let day = label.rsplit('-').next().unwrap_or_default().trim_start_matches('0').to_owned();
        view! { <g data-tick=(place % 7 == 0).then_some("week")><text class="tick" x=middle y="12">{day}</text></g> }
    }).collect_view();
    let used_in_table = used.clone();
    let table = move || {
        let heads = used_in_table
            .iter()
            .map(|class| view! { <th scope="col" class="number">{class_words(*class).0}</th> })
            .collect_view();
        let rows = table_days.iter().cloned().map(|(_, label, state, cells, all, address, previous)| {
            let cells = used_in_table.iter().map(|class| {
                let cell = cells.iter().find(|(one, ..)| one == class).cloned();
                view! { <td class="number">{cell.map(|(_, number, address)| view! { <a href=address>{number}</a> })}</td> }
            }).collect_view();
            let total = match state {
                DayState::ToCome => view! { <span class="quiet">"to come"</span> }.into_any(),
                _ => view! { <a href=address>{all}</a> }.into_any(),
            };
            view! { <tr><th scope="row">{label}</th>{cells}<td class="number">{total}</td>{has_previous.then(|| view! { <td class="number quiet">{previous}</td> })}</tr> }
        }).collect_view();
        view! {
            <div class="chart-table" tabindex="0" role="region" aria-label="Events per day, as a table">
                <table>
                    <thead><tr><th scope="col">{format!("Day ({})", shown.zone)}</th>{heads}<th scope="col" class="number">"All"</th>{has_previous.then(|| view! { <th scope="col" class="number">"Month before"</th> })}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        }
    };
    let quietly = as_of_clock(all.as_of, &zone);
    view! {
        <section class="figures day-chart" aria-labelledby="days-title">
            <FigureHead title="Events per day" id="days-title" provenance=provenance(&all, &zone) quietly=quietly>
                <button class="button chart-switch" data-kind="quiet" aria-pressed=move || as_table.get().to_string() on:click=move |_| as_table.update(|is| *is = !*is)>"Table"</button>
            </FigureHead>
            <p class="chart-facts">{first_and_last}" "{without}</p>
            {move || as_table.get().then(&table)}
            <div class="chart-body" hidden=move || as_table.get()>
                <span class="chart-top quiet" aria-hidden="true">{count(above)}</span>
                <svg class="chart" height=format!("{HEIGHT}") role="group" aria-label=summary on:keydown=on_key>
                    <Patterns />
                    <line class="zero" x1="0" x2="100%" y1=format!("{zero:.2}") y2=format!("{zero:.2}")></line>
                    {columns}
                </svg>
                <svg class="ticks" height="16" aria-hidden="true">{ticks}</svg>
                <p class="chart-hint" aria-hidden="true">{move || Some(hint.get()).filter(|hint| !hint.is_empty()).unwrap_or_else(|| "Arrow keys lead from mark to mark, Enter opens its events, T shows the table.".to_owned())}</p>
            </div>
            <ul class="legend" hidden=move || as_table.get()>
                {legend}
                {has_previous.then(|| view! { <li><svg class="swatch" viewBox="0 0 12 12" aria-hidden="true"><line class="before" x1="0" x2="12" y1="6" y2="6"></line></svg>"Month before, same day"</li> })}
            </ul>
        </section>
    }
}

fn summary_of(days: &[Day], all: &Figure<u64>) -> String {
    let most = days.iter().max_by_key(|day| day.height_above() + day.height_below());
    let most = most
        .filter(|day| !day.groups.is_empty())
        .map(|day| format!(" Most on {}.", format!("{}, {}", day.label, events_words(&day.all))));
    let of = |state: DayState, words: &str| match days.iter().filter(|day| day.state == state).count() {
        0 => String::new(),
        number => format!(" {number} {words}."),
    };
    format!(
        "Events per day by status: {} in all.{}{}{}{}",
        events_words(all),
        most.unwrap_or_default(),
        of(DayState::Empty, "days without events"),
        of(DayState::NotRead, "days not read"),
        of(DayState::ToCome, "days to come")
    )
}

/// What tells the groups apart where colours do not.
#[component]
fn Patterns() -> impl IntoView {
    view! {
        <defs>
            <pattern id="pattern-error" width="6" height="6" patternUnits="userSpaceOnUse"><path class="pattern" d="M0 0 6 6M6 0 0 6"></path></pattern>
            <pattern id="pattern-reversed" width="5" height="5" patternUnits="userSpaceOnUse"><path class="pattern" d="M0 5 5 0"></path></pattern>
            <pattern id="pattern-waiting" width="5" height="5" patternUnits="userSpaceOnUse"><path class="pattern" d="M0 2.5H5"></path></pattern>
            <pattern id="pattern-working" width="5" height="5" patternUnits="userSpaceOnUse"><path class="pattern" d="M2.5 0V5"></path></pattern>
            <pattern id="pattern-draft" width="5" height="5" patternUnits="userSpaceOnUse"><path class="pattern" d="M2 2h1v1h-1Z"></path></pattern>
        </defs>
    }
}

fn pattern_over(
    class: StatusClass,
    x: &str,
    y: &str,
    width: &str,
    height: &str,
) -> Option<impl IntoView + use<>> {
    let name = match class {
        StatusClass::Done | StatusClass::Unknown => return None,
        class => class_words(class).1,
    };
    let (x, y, width, height) = (x.to_owned(), y.to_owned(), width.to_owned(), height.to_owned());
    let fill = format!("url(#pattern-{name})");
    Some(view! { <g><rect class="over" fill=fill x=x y=y width=width height=height></rect></g> })
}
