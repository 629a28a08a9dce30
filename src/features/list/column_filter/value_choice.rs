//! Which values of a column are chosen: all that the list has of it, with how many rows have each, where the list is here
//! as a whole; else those that the system lists, and those that the server finds for what is searched.

use super::server_values::{ServerValues, search};
use super::{ColumnFilters, FilteredList};
use crate::data::lookups::{Code, LookupTables};
use crate::features::field_form::shown_text;
use crate::text::count;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::oracle::field_condition::FieldCondition;
use rest_contract::{Field, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

/// Lines that are drawn at once. The others are found by a search.
const MOST_LINES: usize = 100;
/// Values of one condition: addresses of more than some thousand letters are refused by gateways.
const MOST_CHOSEN: usize = 100;

/// Long enough for a word to be typed in one go.
const TYPING_PAUSE: Duration = Duration::from_millis(250);

/// The chosen values, or all but these. An empty text stands for no value.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choice {
    is_all_but: bool,
    values: BTreeSet<String>,
}

impl Choice {
    fn of(is_all_but: bool, values: &[String], and_blank: bool) -> Self {
        Self { is_all_but, values: values.iter().cloned().chain(and_blank.then(String::new)).collect() }
    }

    fn holds(&self, value: &str) -> bool {
        self.values.contains(value) != self.is_all_but
    }

    fn put(&mut self, value: &str, is_chosen: bool) {
        if is_chosen == self.is_all_but {
            self.values.remove(value);
        } else {
            self.values.insert(value.to_owned());
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
struct Line {
    value: String,
    words: String,
    rows: Option<usize>,
}

/// The lines of what is searched.
#[derive(Clone, Debug, Default, PartialEq)]
struct Lines {
    drawn: Vec<Line>,
    more: usize,
    is_counting: bool,
}

/// What the server has found for what is searched.
#[derive(Clone, Debug, Default, PartialEq)]
enum Searched {
    #[default]
    Nothing,
    Asking,
    Found(ServerValues),
    Failed(String),
}

#[derive(Clone, Copy)]
pub struct ValueChoice {
    filters: ColumnFilters,
    list: FilteredList,
    field: &'static Field,
    pub choice: RwSignal<Choice>,
    pub search: RwSignal<String>,
    /// Chosen when the form opened: they stand among the values though no row may have them now.
    asked: StoredValue<Vec<String>>,
    is_whole: Memo<bool>,
    /// Of a list that is not here as a whole.
    searched: RwSignal<Searched>,
}

impl ValueChoice {
    pub fn new(
        filters: ColumnFilters,
        list: FilteredList,
        field: &'static Field,
        asked: Option<&FieldCondition>,
    ) -> Self {
        let chosen = match asked {
            Some(FieldCondition::OneOf { values, or_blank: blank }) => Choice::of(false, values, *blank),
            Some(FieldCondition::NoneOf { values, nor_blank: blank }) => Choice::of(true, values, *blank),
            _ => Choice::default(),
        };
        let revision = list.with_value(|list| list.revision());
        // The key of a record tells one from another.
        let can_be_listed = field.name != filters.columns.schema.key;
        let is_whole = Memo::new(move |_| {
            revision.track();
            can_be_listed && list.with_value(|list| list.whole().is_some())
        });
        let want = move |column: Option<&str>| {
            let whole = list.try_with_value(|list| list.whole()).flatten();
            whole.into_iter().for_each(|whole| whole.list_values(column));
        };
        Effect::new(move || {
            if is_whole.get() {
                want(Some(field.name));
            }
        });
        on_cleanup(move || want(None));
        let choice = Self {
            filters,
            list,
            field,
            asked: StoredValue::new(chosen.values.iter().cloned().collect()),
            choice: RwSignal::new(chosen),
            search: RwSignal::default(),
            is_whole,
            searched: RwSignal::default(),
        };
        let mut ask_soon = debounce(TYPING_PAUSE, move |text: String| choice.ask_server(text));
        Effect::new(move || {
            let text = choice.search.with(|search| search.trim().to_owned());
            if text.is_empty() || is_whole.get() || !choice.can_be_searched() {
                choice.searched.set(Searched::Nothing);
            } else {
                choice.searched.set(Searched::Asking);
                ask_soon(text);
            }
        });
        choice
    }

    /// Whether the server finds values.
    pub fn can_be_searched(self) -> bool {
        self.list.with_value(|list| list.without_filter(self.field).is_some())
    }

    fn ask_server(self, text: String) {
        let is_current = move |text: &str| {
            self.search.try_with_untracked(|search| search.trim() == text).is_some_and(|is_it| is_it)
        };
        let asked = self.list.try_with_value(|list| list.without_filter(self.field)).flatten();
        let Some(asked) = asked.filter(|_| is_current(&text)) else { return };
        spawn_local(async move {
            let found = search(self.filters.session.client, asked, self.field, &text).await;
            // Only the last question counts.
            if is_current(&text) {
                self.searched.set(match found {
                    Ok(found) => Searched::Found(found),
                    Err(failure) => {
                        self.filters.session.expire_by(&failure);
                        Searched::Failed(failure.title())
                    }
                });
            }
        });
    }

    /// Whether there are values to choose from.
    pub fn is_listed(self) -> bool {
        self.is_whole.get() || !self.asked.with_value(Vec::is_empty) || self.codes(|codes| !codes.is_empty())
    }

    pub fn is_counted(self) -> bool {
        self.is_whole.get()
    }

    /// What is chosen; nothing where all is, or nothing.
    ///
    /// # Errors
    /// More is chosen than can be asked.
    pub fn condition(self) -> Result<Option<FieldCondition>, String> {
        let mut choice = self.choice.get_untracked();
        if choice == Choice::default() && !self.search.with_untracked(|search| search.trim().is_empty()) {
            // Who searches and goes on means what was found, all of it.
            match self.searched.get_untracked() {
                Searched::Asking => return Err("The server is still being asked for the values.".to_owned()),
                Searched::Found(ServerValues { has_more: true, .. }) => {
                    return Err(
                        "More values hold this text. Choose some, or look for the text itself.".to_owned()
                    );
                }
                _ => {}
            }
            choice.values = self.found().into_iter().collect();
        }
        if choice.values.is_empty() {
            return Ok(None);
        }
        let Choice { is_all_but, mut values } = choice;
        let is_blank_meant = values.remove("");
        let several = values.len();
        let values = values.into_iter().collect();
        match (is_all_but, several) {
            (false, 0) => Ok(Some(FieldCondition::Blank)),
            (true, 0) => Ok(Some(FieldCondition::NotBlank)),
            (false, 1..=MOST_CHOSEN) => Ok(Some(FieldCondition::OneOf { values, or_blank: is_blank_meant })),
            // Values that come later are not left out.
            (true, 1..=MOST_CHOSEN) => Ok(Some(FieldCondition::NoneOf { values, nor_blank: is_blank_meant })),
            (_, several) => Err(format!(
                "{} values are {}. Choose at most {MOST_CHOSEN}, or look for a text that they hold.",
                count(several as u64),
                if is_all_but { "left out" } else { "chosen" }
            )),
        }
    }

    /// The codes that the system lists, where all of them are known and people know them by their meanings.
    fn codes<T>(self, look: impl FnOnce(&[Code]) -> T) -> T {
        let tables = self.tables();
        let list = self.field.lookup.filter(|list| list.is_told_by_meaning() && tables.is_whole(*list));
        look(list.map(|list| tables.list(list)).unwrap_or_default())
    }

    /// Looks at every value; false while they are being counted.
    fn each(self, look: &mut dyn FnMut(&str, Option<usize>)) -> bool {
        let mut missing: BTreeSet<String> = self.asked.get_value().into_iter().collect();
        let whole = self.list.with_value(|list| list.whole()).filter(|_| self.is_whole.get());
        let is_known = match &whole {
            Some(whole) => whole.each_value(&mut |value, rows| {
                missing.remove(value);
                look(value, Some(rows));
            }),
            None => {
                self.codes(|codes| {
                    for code in codes {
                        missing.remove(&code.code);
                        look(&code.code, None);
                    }
                });
                self.searched.with(|searched| {
                    let found = match searched {
                        Searched::Found(found) => found.values.as_slice(),
                        _ => &[],
                    };
                    let is_listed =
                        |value: &String| self.codes(|codes| codes.iter().any(|code| code.code == *value));
                    for value in found.iter().filter(|value| !is_listed(value)) {
                        missing.remove(value);
                        look(value, None);
                    }
                });
                true
            }
        };
        for value in missing {
            look(&value, whole.is_some().then_some(0));
        }
        is_known
    }

    /// A value as cells show it.
    fn words(self, value: &str, tables: &LookupTables) -> String {
        if value.is_empty() {
            return "(blank)".to_owned();
        }
        shown_text(self.field, Some(&Value::Text(value.to_owned())), "", tables)
    }

    fn tables(self) -> Arc<LookupTables> {
        self.filters.session.lookups.tables.get()
    }

    /// Whether a value holds what is searched, which is in small letters.
    fn is_found(self, search: &str, value: &str, tables: &LookupTables) -> bool {
        let is_shown_otherwise =
            value.is_empty() || self.field.lookup.is_some_and(|lookup| lookup.is_told_by_meaning());
        search.is_empty()
            || value.to_lowercase().contains(search)
            || (is_shown_otherwise && self.words(value, tables).to_lowercase().contains(search))
    }

    /// The values that are searched.
    fn found(self) -> Vec<String> {
        let search = self.search.get_untracked().trim().to_lowercase();
        let mut found = Vec::new();
        untrack(|| {
            let tables = self.tables();
            self.each(&mut |value, _| {
                found.extend(self.is_found(&search, value, &tables).then(|| value.to_owned()));
            });
        });
        found
    }

    fn lines(self) -> Lines {
        self.list.with_value(|list| list.revision()).track();
        let search = self.search.get().trim().to_lowercase();
        let (tables, asked) = (self.tables(), self.asked.get_value());
        let mut lines = Lines::default();
        lines.is_counting = !self.each(&mut |value, rows| {
            let is_asked = asked.iter().any(|asked| asked == value);
            if !self.is_found(&search, value, &tables) {
                return;
            }
            if lines.drawn.len() >= MOST_LINES && !is_asked {
                lines.more += 1;
                return;
            }
            lines.drawn.push(Line { value: value.to_owned(), words: self.words(value, &tables), rows });
        });
        // What was chosen before is seen first.
        lines.drawn.sort_by_cached_key(|line| {
            (!asked.contains(&line.value), line.value.is_empty(), line.words.to_lowercase())
        });
        lines
    }

    /// The server has values, and none was asked for.
    fn is_to_search(self) -> bool {
        !self.is_whole.get() && self.search.with(String::is_empty) && self.can_be_searched()
    }

    fn searched_in_words(self) -> Option<String> {
        self.searched.with(|searched| match searched {
            Searched::Asking => Some("Asking the server\u{2026}".to_owned()),
            Searched::Failed(why) => Some(format!("{why}.")),
            Searched::Found(found) if found.values.is_empty() => Some("No value is like this.".to_owned()),
            Searched::Found(found) if found.has_more => {
                Some("There are more. Type more of the one that you want.".to_owned())
            }
            Searched::Found(_) | Searched::Nothing => None,
        })
    }

    pub fn view(self) -> AnyView {
        let lines = Memo::new(move |_| self.lines());
        let choose_all = move |is_chosen: bool| {
            let is_searched = !self.search.with_untracked(|search| search.trim().is_empty());
            self.choice.update(|choice| {
                if is_searched {
                    self.found().iter().for_each(|value| choice.put(value, is_chosen));
                } else {
                    *choice = Choice { is_all_but: is_chosen, values: BTreeSet::new() };
                }
            });
        };
        let line = move |Line { value, words, rows }: Line| {
            let put = value.clone();
            view! {
                <label>
                    <input type="checkbox" prop:checked=move || self.choice.with(|choice| choice.holds(&value))
                        on:change:target=move |event| self.choice.update(|choice| choice.put(&put, event.target().checked())) />
                    <span class="filter-value">{words}</span>
                    {rows.map(|rows| view! { <span class="quiet">{count(rows as u64)}</span> })}
                </label>
            }
        };
        let rest = move || {
            lines.with(|lines| match lines {
                Lines { is_counting: true, .. } => Some("Counting the values\u{2026}".to_owned()),
                _ if self.searched.with(|searched| *searched != Searched::Nothing) => {
                    self.searched_in_words()
                }
                Lines { drawn, .. } if drawn.is_empty() && self.is_to_search() => {
                    Some("Type a part of a value, and the server finds those that hold it.".to_owned())
                }
                Lines { drawn, .. } if drawn.is_empty() => Some("No value is like this.".to_owned()),
                Lines { more: 0, .. } => None,
                Lines { more, .. } => {
                    Some(format!("{} more. Search for the one that you want.", count(*more as u64)))
                }
            })
        };
        view! {
            <input class="input" type="search" aria-label="Search the values" placeholder="Search the values"
                prop:value=self.search on:input:target=move |event| self.search.set(event.target().value()) />
            <div class="filter-values-head">
                <button class="button" data-kind="quiet" type="button" on:click=move |_| choose_all(true)>"Select all"</button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| choose_all(false)>"Select none"</button>
            </div>
            <div class="filter-values" role="group" aria-label="Values">
                <For each=move || lines.get().drawn key=|line| (line.value.clone(), line.rows, line.words.clone()) children=line />
                {move || rest().map(|words| view! { <p class="field-note" role="status">{words}</p> })}
            </div>
        }
        .into_any()
    }
}
