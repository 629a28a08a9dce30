//! A text is found in the cells of a list, one after the other, without filtering it: from the active cell on, and
//! round from the end to the beginning. What is found is what a person reads in the cells, in any case.
//!
//! Not here: how a list that is here as a whole looks through its rows (`features/whole_list`).

use super::list_source::List;
use crate::next_task::in_next_task;
use crate::text::count;
use crate::ui::controls::{Icon, IconName};
use crate::ui::grid::GridHandle;
use crate::ui::key_input::composed;
use crate::ui::part::part;
use grid_model::{CellPlace, Column, FindStep, FoundCells, RowState};
use leptos::html::Input;
use leptos::prelude::*;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use web_sys::KeyboardEvent;

/// A text that is looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindText(String);

impl FindText {
    pub fn new(text: &str) -> Self {
        Self(composed(text.trim()).to_lowercase())
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn is_in(&self, text: &str) -> bool {
        match text.is_ascii() && self.0.is_ascii() {
            true => text
                .as_bytes()
                .windows(self.0.len().max(1))
                .any(|part| part.eq_ignore_ascii_case(self.0.as_bytes())),
            false => composed(text).to_lowercase().contains(&self.0),
        }
    }
}

/// Where a text is looked for.
#[derive(Clone, Copy)]
pub struct FindIn {
    pub list: StoredValue<Rc<dyn List>, LocalStorage>,
    pub columns: Memo<Arc<[Column]>>,
    /// Goes up with every other filter or order.
    pub query: Signal<u64>,
    pub grid: GridHandle,
}

part! {
    /// What is found of the text in the field, as long as `open` holds. `asked` is what keys ask of it.
    pub mod find_part in changes: (open: RwSignal<bool>, asked: RwSignal<FindStep>, text: RwSignal<String>, within: FindIn) => view! { <FindBar open=open asked=asked text=text within=within /> }
}

/// How far a search has come.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Progress {
    /// Nothing is looked for.
    #[default]
    Nothing,
    Searching,
    /// So many cells hold the text; the active one is at this place among them.
    Found {
        cells: usize,
        place: Option<usize>,
        round: Option<FindStep>,
    },
}

impl Progress {
    fn words(self) -> String {
        let number = |number: usize| count(number as u64);
        let (cells, place, round) = match self {
            Self::Nothing => return String::new(),
            Self::Searching => return "Searching".to_owned(),
            Self::Found { cells: 0, .. } => return "No match".to_owned(),
            Self::Found { cells: 1, place: None, .. } => return "1 match".to_owned(),
            Self::Found { cells, place: None, .. } => return format!("{} matches", number(cells)),
            Self::Found { cells, place: Some(place), round } => (cells, place, round),
        };
        let round = match round {
            None => "",
            Some(FindStep::Previous) => ", going on from the end",
            Some(FindStep::Begin | FindStep::Next) => ", going on from the top",
        };
        format!("{} of {}{round}", number(place + 1), number(cells))
    }
}

/// Rows are looked through from the active one to the end, and from the first one to it.
#[derive(Default)]
struct Search {
    /// What an earlier one goes on with is dropped.
    run: u64,
    wanted: FindText,
    begun_at: usize,
    /// The row to be looked at next.
    next: usize,
    is_past_end: bool,
    is_done: bool,
    found: FoundCells,
    /// What is found past the end, above the row where it began.
    above: FoundCells,
    /// Waits for what is still to be found.
    step: Option<FindStep>,
    /// How many rows there are, and how many of them are here.
    rows: usize,
    here: usize,
}

impl Search {
    /// The end of what was to be looked through is reached.
    fn turn(&mut self) {
        if self.is_past_end {
            self.found.put_before(std::mem::take(&mut self.above));
            self.is_done = true;
        }
        self.is_past_end = true;
        self.next = 0;
    }

    /// Where the step leads from a cell, and whether past an end; nothing as long as that is not known.
    fn take_step(&mut self, from: CellPlace) -> Option<(CellPlace, Option<FindStep>)> {
        let step = self.step?;
        let next = |from: CellPlace| match step {
            FindStep::Begin => self.found.at_or_behind(from),
            FindStep::Next => self.found.at_or_behind((from.0, from.1 + 1)),
            FindStep::Previous => self.found.before(from),
        };
        // Before it is done, all that is found lies in a row between those where it began and where it is.
        let is_known = self.is_done || (self.begun_at <= from.0 && (from.0 < self.next || self.is_past_end));
        let near = next(from).filter(|_| is_known).map(|cell| (cell, None));
        let round = || match step {
            FindStep::Previous => self.found.before((usize::MAX, 0)),
            FindStep::Begin | FindStep::Next => self.found.at_or_behind((0, 0)),
        };
        let to = near.or_else(|| Some((round().filter(|_| self.is_done)?, Some(step))));
        if self.is_done || to.is_some() {
            self.step = None;
        }
        to
    }
}

#[component]
fn FindBar(
    open: RwSignal<bool>,
    asked: RwSignal<FindStep>,
    text: RwSignal<String>,
    within: FindIn,
) -> impl IntoView {
    let progress = RwSignal::new(Progress::Nothing);
    let finder = Finder { within, progress, search: StoredValue::new_local(Search::default()) };
    within.list.with_value(|list| list.want_whole());
    let mut begin = debounce(TYPING_PAUSE, move |step: Option<FindStep>| {
        if let Some(text) = text.try_get_untracked() {
            finder.begin(FindText::new(&text), step);
        }
    });
    Effect::new(move || {
        text.track();
        begin(Some(FindStep::Begin));
    });
    Effect::new(move |before: Option<()>| {
        let step = asked.get();
        if before.is_some() && step != FindStep::Begin {
            finder.step(step);
        }
    });
    // Other rows are asked for, or columns stand elsewhere: what was found is found anew, and the cursor stays.
    let begin_anew = move || finder.begin(FindText::new(&text.get_untracked()), None);
    let asked_for = Memo::new(move |_| (within.query.get(), within.columns.get()));
    Effect::new(move |before: Option<()>| {
        asked_for.track();
        if before.is_some() {
            begin_anew();
        }
    });
    // Rows have come, or stand in another order.
    let status = within.list.with_value(|list| list.status());
    let mut rows_came = debounce(READ_PAUSE, move |()| {
        if !open.is_disposed() && open.get_untracked() {
            begin_anew();
        }
    });
    Effect::new(move |before: Option<()>| {
        status.track();
        if before.is_some() {
            rows_came(());
        }
    });
    let close = move || {
        open.set(false);
        within.grid.focus();
    };
    let words = move || progress.get().words();
    let place = move || {
        progress.track();
        finder.place_in_words()
    };
    let part = move || {
        progress.track();
        finder.part_in_words()
    };
    let button = |words: &'static str, icon: IconName, press: Callback<()>| {
        view! {
            <button class="button button-icon" data-kind="quiet" type="button" aria-label=words title=words on:click=move |_| press.run(())>
                <Icon name=icon />
            </button>
        }
    };
    let step = |step: FindStep| Callback::new(move |()| finder.step(step));
    view! {
        {button("Previous match (Shift+Enter)", IconName::Up, step(FindStep::Previous))}
        {button("Next match (Enter)", IconName::Down, step(FindStep::Next))}
        <span class="find-result" role="status">{words}<span class="visually-hidden">{place}</span></span>
        {move || part().map(|words| view! { <span class="find-part">{words}</span> })}
        {button("Close (Esc)", IconName::Close, Callback::new(move |()| close()))}
    }
}

/// The field of the text that is looked for, which is there before what looks for it: who asks for it types on.
#[component]
pub fn FindField(
    open: RwSignal<bool>,
    asked: RwSignal<FindStep>,
    text: RwSignal<String>,
    grid: GridHandle,
    children: Children,
) -> impl IntoView {
    let field = NodeRef::<Input>::new();
    Effect::new(move |was_there: Option<bool>| {
        let begins = asked.get() == FindStep::Begin || was_there != Some(true);
        let field = field.get();
        if let Some(field) = field.as_ref().filter(|_| begins) {
            let _ = field.focus();
            // It is there before its text is.
            field.set_value(&text.get_untracked());
            field.select();
        }
        field.is_some()
    });
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" | "F3" if event.shift_key() => asked.set(FindStep::Previous),
            "Enter" | "F3" => asked.set(FindStep::Next),
            "Escape" => {
                open.set(false);
                grid.focus();
            }
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    };
    view! {
        <div class="find-bar" role="search" aria-label="Find in the list" on:keydown=on_key>
            <input class="input" type="text" aria-label="Find in the list" placeholder="Find in the list" autocomplete="off" spellcheck="false"
                node_ref=field prop:value=text on:input:target=move |event| text.set(event.target().value()) />
            {children()}
        </div>
    }
}

/// Long enough for a word to be typed in one go.
const TYPING_PAUSE: Duration = Duration::from_millis(150);
/// Rows that are read come in one behind the other.
const READ_PAUSE: Duration = Duration::from_millis(400);

#[derive(Clone, Copy)]
struct Finder {
    within: FindIn,
    progress: RwSignal<Progress>,
    search: StoredValue<Search, LocalStorage>,
}

impl Finder {
    /// Looks for a text from the active cell on, and takes a step once something is found.
    fn begin(self, wanted: FindText, step: Option<FindStep>) {
        let Some((run, waits)) = self.search.try_with_value(|search| (search.run + 1, search.step)) else {
            return;
        };
        let step = step.or(waits);
        let (begun_at, _) = self.within.grid.active();
        let is_done = wanted.is_empty();
        self.search.set_value(Search {
            run,
            wanted,
            begun_at,
            next: begun_at,
            step,
            is_done,
            ..Search::default()
        });
        self.progress.set(if is_done { Progress::Nothing } else { Progress::Searching });
        self.go_on(run);
    }

    fn step(self, step: FindStep) {
        self.search.update_value(|search| search.step = Some(step));
        self.try_step();
    }

    fn go_on(self, run: u64) {
        let goes_on = self.search.try_with_value(|search| search.run == run && !search.is_done);
        if goes_on != Some(true) {
            return;
        }
        let columns = self.within.columns.get_untracked();
        self.search.update_value(|search| {
            self.within.list.with_value(|list| {
                search.rows = list.row_count().known();
                let end = if search.is_past_end { search.begun_at.min(search.rows) } else { search.rows };
                let begin = search.next.min(end);
                let found = if search.is_past_end { &mut search.above } else { &mut search.found };
                let looked =
                    list.find(begin..end, &columns, &search.wanted, &mut |row, bits| found.add(row, bits));
                search.here +=
                    (begin..begin + looked).filter(|row| list.row_state(*row) == RowState::Loaded).count();
                search.next = begin + looked;
                if search.next >= end {
                    search.turn();
                }
            });
        });
        self.try_step();
        in_next_task(move || self.go_on(run));
    }

    /// Goes where the person wants to, as far as that is known.
    fn try_step(self) {
        let from = self.within.grid.active();
        let to =
            self.search.try_update_value(|search| Some((search.step, search.take_step(from)?))).flatten();
        let Some((step, (cell, round))) = to else { return self.tell(None) };
        let columns = self.within.columns.get_untracked();
        let mut holds = false;
        self.search.with_value(|search| {
            let find = &mut |_, bits: u64| holds = bits >> cell.1 & 1 == 1;
            self.within.list.with_value(|list| list.find(cell.0..cell.0 + 1, &columns, &search.wanted, find));
        });
        if holds {
            self.within.grid.go(cell.0, cell.1);
            return self.tell(round);
        }
        // What stands there has changed since.
        self.begin(self.search.with_value(|search| search.wanted.clone()), step);
    }

    fn tell(self, round: Option<FindStep>) {
        let active = self.within.grid.active();
        let progress = self.search.try_with_value(|search| match search.is_done {
            _ if search.wanted.is_empty() => Progress::Nothing,
            false => Progress::Searching,
            true => Progress::Found { cells: search.found.len(), place: search.found.place(active), round },
        });
        if let Some(progress) = progress {
            self.progress.set(progress);
        }
    }

    /// Which cell was gone to, for whoever does not see it.
    fn place_in_words(self) -> Option<String> {
        let is_at_one =
            self.progress.with(|progress| matches!(progress, Progress::Found { place: Some(_), .. }));
        let (row, column) = self.within.grid.active();
        let title = self.within.columns.with_untracked(|columns| Some(columns.get(column)?.title.clone()))?;
        is_at_one.then(|| format!(", row {}, {title}", count(row as u64 + 1)))
    }

    /// What was looked through, where that is not all.
    fn part_in_words(self) -> Option<String> {
        let is_done = self.progress.with(|progress| matches!(progress, Progress::Found { .. }));
        let (here, rows) = self.search.with_value(|search| (search.here, search.rows));
        (is_done && here < rows).then(|| {
            format!("In {} of {} rows. The others are not read yet.", count(here as u64), count(rows as u64))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_text_is_found_in_any_case_and_however_its_accents_are_written() {
        for (wanted, text) in [
            ("vm", "usd-VM-2"),
            ("Zu\u{308}rich", "bei ZÜRICH"),
            (" 1.5 ", "11.50"),
            ("STRASSE x", "strasse X"),
        ] {
            assert!(FindText::new(wanted).is_in(text), "{wanted} in {text}");
        }
        for (wanted, text) in [("vm", "v m"), ("zurich", "Zürich"), ("abc", "ab")] {
            assert!(!FindText::new(wanted).is_in(text), "{wanted} in {text}");
        }
        assert!(FindText::new("  ").is_empty());
    }

    #[wasm_bindgen_test]
    fn a_step_leads_round_once_all_is_known_and_waits_before_that() {
        let mut search = Search { begun_at: 5, next: 5, rows: 10, ..Search::default() };
        let to = |search: &mut Search, step, from| {
            search.step = Some(step);
            search.take_step(from)
        };
        search.found.add(6, 0b11);
        search.next = 8;
        assert_eq!(to(&mut search, FindStep::Begin, (5, 2)), Some(((6, 0), None)));
        assert_eq!(to(&mut search, FindStep::Next, (6, 0)), Some(((6, 1), None)));
        assert_eq!(to(&mut search, FindStep::Next, (6, 1)), None);
        assert_eq!(search.step, Some(FindStep::Next));
        search.turn();
        assert_eq!(search.take_step((6, 1)), None);
        search.above.add(1, 0b100);
        search.turn();
        assert_eq!(search.take_step((6, 1)), Some(((1, 2), Some(FindStep::Next))));
        assert_eq!(to(&mut search, FindStep::Previous, (6, 0)), Some(((1, 2), None)));
        assert_eq!(to(&mut search, FindStep::Previous, (1, 2)), Some(((6, 1), Some(FindStep::Previous))));
        assert_eq!(search.found.place((6, 1)), Some(2));
        let mut none = Search { is_done: true, ..Search::default() };
        assert_eq!((to(&mut none, FindStep::Next, (0, 0)), none.step), (None, None));
    }
}
