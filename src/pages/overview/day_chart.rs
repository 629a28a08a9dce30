//! The events of each day as a picture: bars upon each other by status, the month before as a line over each, what was
//! reversed below. One stop of the Tab key; arrows lead from mark to mark, and each mark to the list of its events.

use super::figure_table::{Cell, Row, figure_table};
use super::figure_words::{
    as_of_clock, drawn, events_words, figure_head, list_of, number, of_them_reversing, provenance, second_in,
};
use super::month_query::MonthShown;
use super::picture::{bar, element, line};
use super::status_groups::{CLASSES, StatusGroups, class_words};
use crate::routes::use_go;
use crate::text::{StatusClass, count};
use chrono::{DateTime, Datelike, Utc};
use leptos::prelude::*;
use rest_contract::oracle::figure::{Figure, Known};
use rest_contract::oracle::month_figures::MonthFigures;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

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
    groups: Vec<DayGroup>,
    all: Figure<u64>,
    reversing: u64,
    /// Of the day of the same number in the month before.
    previous: Option<Figure<u64>>,
}

struct DayGroup {
    class: StatusClass,
    events: Figure<u64>,
    /// So many of them take others back, as far as that is told.
    reversing: u64,
}

const HEIGHT: f64 = 190.0;

fn days_of(figures: &MonthFigures, groups: &StatusGroups, now: DateTime<Utc>) -> Vec<Day> {
    let days = figures.plan.days.iter().zip(&figures.days);
    days.map(|(span, of)| {
        let by_class = CLASSES.into_iter().filter_map(|class| {
            let codes = groups.codes(&[class]);
            let events = (!codes.is_empty()).then(|| of.events(Some(&codes)))?;
            let reversing = of.reversing_events(Some(&codes)).unwrap_or(0);
            drawn(&events).is_some_and(|events| events > 0).then_some(DayGroup { class, events, reversing })
        });
        let by_class: Vec<_> = by_class.collect();
        let all = of.events(None);
        let state = match all.known() {
            // Events may have been entered ahead of their day.
            Known::Nothing | Known::AtLeast(0) | Known::Whole(0) if span.from > now => DayState::ToCome,
            Known::Nothing | Known::AtLeast(0) => DayState::NotRead,
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
            reversing: of.reversing_events(None).unwrap_or(0),
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
            DayState::Filled => events_words(&self.all) + &of_them_reversing(self.reversing),
        };
        let before = self.previous.as_ref().map(|previous| format!(" (month before: {})", number(previous)));
        format!("{}{today}: {said}{}", self.label, before.unwrap_or_default())
    }

    fn height_above(&self) -> u64 {
        let above = self.groups.iter().filter(|group| group.class != StatusClass::Reversed);
        above.filter_map(|group| drawn(&group.events)).sum()
    }

    fn height_below(&self) -> u64 {
        let below = self.groups.iter().filter(|group| group.class == StatusClass::Reversed);
        below.filter_map(|group| drawn(&group.events)).sum()
    }
}

/// The marks of a day, from the zero line upwards, as text of SVG.
struct Scale {
    zero: f64,
    of_one: f64,
    step: f64,
    above: u64,
}

impl Scale {
    fn of(days: &[Day]) -> Self {
        let before_most =
            days.iter().filter_map(|day| day.previous.as_ref().and_then(drawn)).max().unwrap_or(0);
        let own_most = days.iter().map(Day::height_above).max().unwrap_or(0).max(1);
        // One day of the month before does not press all others to the ground: it is said to be off the scale.
        let above = own_most.max(before_most.min(own_most.saturating_mul(2))).max(1);
        let below = days.iter().map(Day::height_below).max().unwrap_or(0);
        let of_one = (HEIGHT - 16.0) / (above + below) as f64;
        let step = 100.0 / days.len().max(1) as f64;
        Self { zero: 14.0 + above as f64 * of_one, of_one, step, above }
    }

    /// A place within a day, in percent of the picture's width.
    fn x(&self, day: usize, share: f64) -> String {
        percent((day as f64 + share) * self.step)
    }

    fn height(&self, events: u64) -> f64 {
        events as f64 * self.of_one
    }

    fn marks(&self, place: usize, day: &Day) -> String {
        let (left, right) = (self.x(place, 0.14), self.x(place, 0.86));
        let (width, column) = (percent(self.step * 0.72), percent(self.step));
        let (start, middle) = (self.x(place, 0.0), self.x(place, 0.5));
        let zero = pixels(self.zero);
        let mut marks = String::new();
        if day.is_today {
            marks.push_str(&bar("today", ("", ""), [&start, "0", &column, &pixels(HEIGHT)]));
        }
        let whole = day.words();
        if day.groups.is_empty() {
            let hit = bar("hit", ("", ""), [&start, "0", &column, &pixels(HEIGHT)]);
            let sign = match day.state {
                DayState::ToCome => line("to-come", [&left, &zero, &right, &zero]),
                DayState::NotRead => {
                    let y = pixels(self.zero - 4.0);
                    element("text", &[("class", "sign"), ("x", &middle), ("y", &y)], "?")
                }
                DayState::Empty | DayState::Filled => {
                    let y = pixels(self.zero - 5.0);
                    element("circle", &[("class", "empty"), ("cx", &middle), ("cy", &y), ("r", "3.2")], "")
                }
            };
            marks.push_str(&mark((place, 0), &whole, &whole, &list_of(&day.all, None), &(hit + &sign)));
        }
        let (mut top, mut bottom) = (self.zero, self.zero);
        for (at, DayGroup { class, events, reversing }) in day.groups.iter().enumerate() {
            // What is there is seen, however little it is.
            let tall = self.height(drawn(events).unwrap_or(0)).max(1.5);
            let y = if *class == StatusClass::Reversed {
                bottom += tall;
                bottom - tall
            } else {
                top -= tall;
                top
            };
            let (words, name) = class_words(*class);
            let today = if day.is_today { ", today so far" } else { "" };
            let label = format!(
                "{}{today}: {} {}{}",
                day.label,
                number(events),
                words.to_lowercase(),
                of_them_reversing(*reversing)
            );
            let place_of = [&*left, &pixels(y), &*width, &pixels(tall)];
            let inside = bar("bar", ("data-class", name), place_of) + &pattern_over(*class, place_of);
            let hint = format!("{label}. {whole}");
            marks.push_str(&mark((place, at), &label, &hint, &list_of(events, None), &inside));
        }
        if let Some(events) = day.previous.as_ref().and_then(drawn) {
            if events > self.above {
                let arrow = [("class", "sign"), ("x", &*middle), ("y", "11")];
                marks.push_str(&element("text", &arrow, "\u{2191}"));
            } else {
                let y = pixels(self.zero - self.height(events));
                marks.push_str(&line("before", [&self.x(place, 0.04), &y, &self.x(place, 0.96), &y]));
            }
        }
        marks
    }
}

fn percent(value: f64) -> String {
    format!("{value:.3}%")
}

fn pixels(value: f64) -> String {
    format!("{value:.2}")
}

fn mark((day, at): (usize, usize), label: &str, hint: &str, href: &str, inside: &str) -> String {
    let id = mark_id(day, at);
    let tab = if (day, at) == (0, 0) { "0" } else { "-1" };
    let all = [
        ("id", &*id),
        ("class", "mark"),
        ("href", href),
        ("aria-label", label),
        ("data-hint", hint),
        ("tabindex", tab),
    ];
    element("a", &all, inside)
}

fn mark_id(day: usize, at: usize) -> String {
    format!("mark-{day}-{at}")
}

/// What tells the groups apart where colours do not.
const PATTERNS: [(StatusClass, &str, &str); 5] = [
    (StatusClass::Error, "6", "M0 0 6 6M6 0 0 6"),
    (StatusClass::Reversed, "5", "M0 5 5 0"),
    (StatusClass::Waiting, "5", "M0 2.5H5"),
    (StatusClass::Working, "5", "M2.5 0V5"),
    (StatusClass::Draft, "5", "M2 2h1v1h-1Z"),
];

fn patterns() -> String {
    let one = |(class, size, path): (StatusClass, &str, &str)| {
        let id = format!("pattern-{}", class_words(class).1);
        let inside = element("path", &[("class", "pattern"), ("d", path)], "");
        let all = [("id", &*id), ("width", size), ("height", size), ("patternUnits", "userSpaceOnUse")];
        element("pattern", &all, &inside)
    };
    element("defs", &[], &PATTERNS.map(one).concat())
}

fn pattern_over(class: StatusClass, place: [&str; 4]) -> String {
    if !PATTERNS.iter().any(|(one, ..)| *one == class) {
        return String::new();
    }
    let fill = format!("url(#pattern-{})", class_words(class).1);
    bar("over", ("fill", &fill), place)
}

/// What one swatch and its word stand for.
fn legend(days: &[Day], used: &[StatusClass]) -> String {
    let swatch = |inside: &str, words: &str| {
        let all = [("class", "swatch"), ("viewBox", "0 0 12 12"), ("aria-hidden", "true")];
        element("li", &[], &(element("svg", &all, inside) + words))
    };
    let square = ["0", "0", "12", "12"];
    let mut items: String = used
        .iter()
        .map(|class| {
            let (words, name) = class_words(*class);
            swatch(&(bar("bar", ("data-class", name), square) + &pattern_over(*class, square)), words)
        })
        .collect();
    let has = |state: DayState| days.iter().any(|day| day.state == state);
    if days.iter().any(|day| day.previous.is_some()) {
        items.push_str(&swatch(&line("before", ["0", "6", "12", "6"]), "Month before, same day"));
    }
    if has(DayState::Empty) {
        let circle = element("circle", &[("class", "empty"), ("cx", "6"), ("cy", "6"), ("r", "3.2")], "");
        items.push_str(&swatch(&circle, "No events"));
    }
    if has(DayState::ToCome) {
        items.push_str(&swatch(&line("to-come", ["0", "6", "12", "6"]), "To come"));
    }
    if has(DayState::NotRead) {
        let sign = element("text", &[("class", "sign"), ("x", "6"), ("y", "11")], "?");
        items.push_str(&swatch(&sign, "Not read"));
    }
    if days.iter().any(|day| day.is_today) {
        items.push_str(&swatch(&bar("today", ("", ""), square), "Today"));
    }
    items
}

fn day_table(days: &[Day], used: &[StatusClass], zone: &str) -> AnyView {
    let has_previous = days.iter().any(|day| day.previous.is_some());
    let mut heads = vec![Cell::words(format!("Day ({zone})"))];
    heads.extend(used.iter().map(|class| Cell::number(class_words(*class).0)));
    heads.push(Cell::number("All"));
    heads.extend(has_previous.then(|| Cell::number("Month before")));
    let rows = days.iter().map(|day| -> Row {
        let mut cells = vec![Cell::words(&*day.label)];
        cells.extend(used.iter().map(|class| {
            day.groups.iter().find(|group| group.class == *class).map_or_else(Cell::default, |group| {
                Cell::number(number(&group.events)).to(list_of(&group.events, None))
            })
        }));
        cells.push(match day.state {
            DayState::ToCome => Cell::number("to come"),
            _ => Cell::number(number(&day.all)).to(list_of(&day.all, None)),
        });
        cells.extend(
            has_previous.then(|| Cell::number(day.previous.as_ref().map(number).unwrap_or_default())),
        );
        (None, cells)
    });
    figure_table("Events per day, as a table", "chart-table", heads, rows.collect())
}

/// The mark that an event is about.
fn mark_of(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest("a.mark").ok()?
}

const HINT: &str = "Arrow keys lead from mark to mark, Enter opens its events, T shows the table.";

pub fn day_chart(
    figures: &Arc<MonthFigures>,
    groups: &StatusGroups,
    shown: &MonthShown,
    now: DateTime<Utc>,
    as_table: RwSignal<bool>,
) -> AnyView {
    let go = use_go();
    let days = days_of(figures, groups, now);
    let all = figures.month.events(None);
    let used: Vec<_> = CLASSES
        .into_iter()
        .filter(|class| days.iter().any(|day| day.groups.iter().any(|group| group.class == *class)))
        .collect();
    let scale = Scale::of(&days);
    let zero = pixels(scale.zero);
    let mut picture = patterns() + &line("zero", ["0", &zero, "100%", &zero]);
    picture.extend(days.iter().enumerate().map(|(place, day)| scale.marks(place, day)));
    let ticks: String = days
        .iter()
        .enumerate()
        .map(|(place, day)| {
            let class = if place % 7 == 0 { "tick week" } else { "tick" };
            let number = day.number.to_string();
            element("text", &[("class", class), ("x", &scale.x(place, 0.5)), ("y", "12")], &number)
        })
        .collect();
    let facts = facts(figures, &days, &shown.zone);
    let legend = legend(&days, &used);
    let summary = summary_of(&days, &all);
    // How many marks each day has.
    let marks = StoredValue::new(days.iter().map(|day| day.groups.len().max(1)).collect::<Vec<_>>());
    let current = StoredValue::new((0_usize, 0_usize));
    let hint = RwSignal::new(HINT.to_owned());
    let element_of = |(day, at): (usize, usize)| document().get_element_by_id(&mark_id(day, at));
    let on_focus = move |event: web_sys::FocusEvent| {
        let Some(mark) = mark_of(&event) else { return };
        let place = mark.id().strip_prefix("mark-").and_then(|id| {
            let (day, at) = id.split_once('-')?;
            Some((day.parse().ok()?, at.parse().ok()?))
        });
        // The one stop of the Tab key goes along.
        for (of, tab) in [(Some(current.get_value()), "-1"), (place, "0")] {
            let _ = of.and_then(element_of).map(|mark| mark.set_attribute("tabindex", tab));
        }
        current.set_value(place.unwrap_or_default());
        hint.set(mark.get_attribute("data-hint").unwrap_or_default());
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() || mark_of(&event).is_none() {
            return;
        }
        let (day, at) = current.get_value();
        let last = marks.with_value(Vec::len).saturating_sub(1);
        let (day, at) = match event.key().as_str() {
            "ArrowRight" => (day.saturating_add(1).min(last), at),
            "ArrowLeft" => (day.saturating_sub(1), at),
            "ArrowUp" => (day, at.saturating_add(1)),
            "ArrowDown" => (day, at.saturating_sub(1)),
            "Home" => (0, 0),
            "End" => (last, 0),
            "t" | "T" => {
                event.prevent_default();
                as_table.set(true);
                // The chart that held the keyboard is hidden.
                request_animation_frame(|| {
                    let table = document().query_selector(".chart-table").ok().flatten();
                    let _ = table.map(|table| table.unchecked_into::<HtmlElement>().focus());
                });
                return;
            }
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        let most = marks.with_value(|marks| marks.get(day).copied().unwrap_or(1)).saturating_sub(1);
        // A link of SVG takes the focus as an element of HTML does.
        let mark = element_of((day, at.min(most))).map(|mark| mark.unchecked_into::<HtmlElement>());
        let _ = mark.map(|mark| mark.focus());
    };
    let on_click = move |event: web_sys::MouseEvent| {
        // Whatever else than a plain press is the browser's.
        let is_plain = !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        let href = mark_of(&event).and_then(|mark| mark.get_attribute("href")).filter(|_| is_plain);
        if let Some(href) = href {
            event.prevent_default();
            go.to(&href);
        }
    };
    let on_pointer = move |event: web_sys::PointerEvent| {
        if let Some(told) = mark_of(&event).and_then(|mark| mark.get_attribute("data-hint")) {
            hint.set(told);
        }
    };
    let days = StoredValue::new(days);
    let zone = shown.zone.clone();
    let table = move || as_table.get().then(|| days.with_value(|days| day_table(days, &used, &zone)));
    let switch = view! {
        <button class="button chart-switch" data-kind="quiet" aria-pressed=move || as_table.get().to_string()
            on:click=move |_| as_table.update(|is| *is = !*is)>"Table"</button>
    };
    let head = figure_head(
        "Events per day",
        "days-title",
        provenance(&all, &shown.zone),
        as_of_clock(all.as_of, &shown.zone),
        Some(switch.into_any()),
    );
    view! {
        <section class="figures day-chart" aria-labelledby="days-title">
            {head}
            <p class="chart-facts">{facts}</p>
            {table}
            // A picture that listens itself is a stop of the Tab key in Chromium.
            <div class="chart-body" hidden=move || as_table.get()
                on:keydown=on_key on:click=on_click on:focusin=on_focus on:pointerover=on_pointer>
                <span class="chart-top quiet" aria-hidden="true">{count(scale.above)}</span>
                <svg class="chart" height=pixels(HEIGHT) role="group" aria-label=summary inner_html=picture></svg>
                <svg class="ticks" height="16" aria-hidden="true" inner_html=ticks></svg>
                <p class="chart-hint" aria-hidden="true">{move || hint.get()}</p>
                <ul class="legend" inner_html=legend></ul>
            </div>
        </section>
    }
    .into_any()
}

/// The first and the last event, and the days without any.
fn facts(figures: &MonthFigures, days: &[Day], zone: &str) -> String {
    let first_and_last = figures.month.first_and_last.map(|(first, last)| {
        format!("First event {}, last event {}.", second_in(first, zone), second_in(last, zone))
    });
    let is_empty = |day: &&Day| day.state == DayState::Empty && !day.is_today;
    let empty: Vec<_> = days.iter().filter(is_empty).map(|day| day.number.to_string()).collect();
    let without = match empty.len() {
        0 => None,
        // So many are told one by one.
        1..=12 => Some(format!("Days without events: {}.", empty.join(", "))),
        more => Some(format!("{more} days without events.")),
    };
    first_and_last.into_iter().chain(without).collect::<Vec<_>>().join(" ")
}

fn summary_of(days: &[Day], all: &Figure<u64>) -> String {
    let most = days.iter().max_by_key(|day| day.height_above() + day.height_below());
    let most = most.filter(|day| !day.groups.is_empty());
    let most = most.map(|day| format!(" Most on {}, {}.", day.label, events_words(&day.all)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use rest_contract::oracle::figure::{EventQuestion, Source};
    use wasm_bindgen_test::wasm_bindgen_test;

    fn counted(events: u64) -> Figure<u64> {
        Figure::whole(events, Source::OneReading, DateTime::UNIX_EPOCH, EventQuestion::default())
    }

    fn day(processed: u64, reversed: u64, previous: u64) -> Day {
        let groups = [(StatusClass::Done, processed), (StatusClass::Reversed, reversed)];
        let groups = groups.into_iter().filter(|(_, events)| *events > 0);
        Day {
            label: "2026-10-01".to_owned(),
            number: 1,
            state: if processed + reversed > 0 { DayState::Filled } else { DayState::Empty },
            is_today: false,
            groups: groups
                .map(|(class, events)| DayGroup { class, events: counted(events), reversing: 0 })
                .collect(),
            all: counted(processed + reversed),
            reversing: 0,
            previous: Some(counted(previous)),
        }
    }

    // exact-in-double: pixels
    fn is_near(one: f64, other: f64) -> bool {
        (one - other).abs() < 0.01
    }

    #[wasm_bindgen_test]
    fn bars_stand_on_nought_and_what_was_reversed_hangs_below_it() {
        // Days that are nearly alike look so: no part of a bar is cut off.
        let scale = Scale::of(&[day(2310, 0, 2300), day(2360, 0, 2320)]);
        assert!(is_near(scale.height(2360), scale.zero - 14.0));
        assert!(is_near(scale.height(2310) / scale.height(2360), 2310.0 / 2360.0));
        // Both of one day are there, each on its own side.
        let scale = Scale::of(&[day(30, 10, 0)]);
        assert!(is_near(scale.zero - scale.height(30), 14.0));
        assert!(scale.zero + scale.height(10) <= HEIGHT);
        assert!(is_near(scale.height(30), 3.0 * scale.height(10)));
        // A month before that towers over this one presses nothing to the ground.
        assert_eq!(Scale::of(&[day(10, 0, 5_000)]).above, 20);
        // Of nothing there is a flat line.
        let scale = Scale::of(&[day(0, 0, 0), day(0, 0, 0)]);
        assert!(scale.zero.is_finite() && is_near(scale.height(0), 0.0));
        assert!(Scale::of(&[]).step.is_finite());
    }
}
