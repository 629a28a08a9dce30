//! Views under a name, kept in this browser for whoever saved them: a view is the address of a list, which says everything that it shows.

use crate::data::session::Session;
use crate::features::event_list::list_query::ListQuery;
use crate::ui::controls::{Icon, IconName, save_text};
use crate::ui::kept_choice::{keep_choice, kept_choice};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

const KEPT: &str = "usage-desk.views.events.";
const FILE: &str = "usage-desk-views.txt";
/// Over the views in a file, by which one of ours is known.
const HEAD: &str = "Usage Desk views of events";
/// Bytes of a file, as the browser counts them. Thousands of views have fewer.
// exact-in-double: a whole number of bytes.
const LARGEST_FILE: f64 = 1_000_000.0;
/// A name that fits a line of the form.
const LONGEST_NAME: usize = 80;

#[derive(Clone, Debug, PartialEq)]
struct SavedView {
    name: String,
    /// With its question mark; empty for the plain list.
    query: String,
}

/// A view a line: its name, a tab, its query. Other lines are passed over; of several of one name the last counts.
fn read(text: &str) -> Vec<SavedView> {
    let mut views = Vec::new();
    for (name, query) in text.lines().filter_map(|line| line.split_once('\t')) {
        let (name, query) = (named(name), query.trim());
        if !name.is_empty() && (query.is_empty() || query.starts_with('?')) {
            put(&mut views, SavedView { name, query: query.to_owned() });
        }
    }
    views
}

fn written(views: &[SavedView]) -> String {
    views.iter().map(|SavedView { name, query }| format!("{name}\t{query}\n")).collect()
}

fn put(views: &mut Vec<SavedView>, view: SavedView) {
    match views.iter_mut().find(|other| other.name == view.name) {
        Some(other) => *other = view,
        None => views.push(view),
    }
}

/// Puts views that come from elsewhere beside those that are here: where a name means another view already, the new
/// one gets a number behind it. Says which ones did.
fn put_beside(views: &mut Vec<SavedView>, found: &[SavedView]) -> Vec<(String, String)> {
    let mut renamed = Vec::new();
    for SavedView { name, query } in found {
        let numbered = (2..).map(|number| {
            let end = format!(" ({number})");
            name.chars().take(LONGEST_NAME - end.len()).chain(end.chars()).collect::<String>()
        });
        let is_free = |name: &String| views.iter().all(|view| view.name != *name || view.query == *query);
        let Some(free) = [name.clone()].into_iter().chain(numbered).find(is_free) else { continue };
        if free != *name {
            renamed.push((name.clone(), free.clone()));
        }
        put(views, SavedView { name: free, query: query.clone() });
    }
    renamed
}

/// A name as it is kept: one line, without marks of control.
fn named(text: &str) -> String {
    let letters = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter });
    letters.collect::<String>().trim().chars().take(LONGEST_NAME).collect()
}

/// `show` is called with the query of the view that a person opens, as it was saved: what the list does not
/// understand of it is named there.
#[component]
pub fn SavedViews(
    session: Session,
    query: Memo<ListQuery>,
    #[prop(into)] show: Callback<String>,
) -> impl IntoView {
    let place = session.with_access(|access| format!("{KEPT}{}", access.map_or("", |access| &access.user)));
    let views = RwSignal::new(kept_choice(&place).map(|kept| read(&kept)).unwrap_or_default());
    let place = StoredValue::new(place);
    let (name, note) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    // Says what is done, unless the browser keeps nothing.
    let keep = move |change: &dyn Fn(&mut Vec<SavedView>), done: String| {
        views.update(|views| change(views));
        let text = views.with_untracked(|views| written(views));
        let is_kept = place.with_value(|place| keep_choice(place, &text));
        let not_kept = "This browser does not keep it: its storage is full or forbidden. Export the views.";
        note.set(Some(if is_kept { done } else { not_kept.to_owned() }));
    };
    let save = move || {
        let name_now = named(&name.get_untracked());
        if name_now.is_empty() {
            note.set(Some("Type a name for the view first.".to_owned()));
            return;
        }
        let view = SavedView { query: query.get_untracked().write(), name: name_now.clone() };
        let done = format!("\u{201c}{name_now}\u{201d} is saved as the list is shown now.");
        keep(&|views| put(views, view.clone()), done);
        name.set(String::new());
    };
    let export = move |_| {
        let text = views.with_untracked(|views| format!("{HEAD}\n{}", written(views)));
        if save_text(FILE, &text).is_err() {
            note.set(Some("The browser did not take the file.".to_owned()));
        }
    };
    let import = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let Some(file) = input.files().and_then(|files| files.item(0)) else { return };
        spawn_local(async move {
            let is_small = file.size() <= LARGEST_FILE;
            let text = if is_small { JsFuture::from(file.text()).await } else { Err(JsValue::NULL) };
            let text = text.ok().and_then(|text| text.as_string());
            if views.is_disposed() {
                return;
            }
            // The same file can be chosen once more.
            input.set_value("");
            let Some(text) = text.filter(|text| text.trim_start_matches('\u{feff}').starts_with(HEAD)) else {
                note.set(Some(format!("{} holds no views of events.", file.name())));
                return;
            };
            let found = read(&text);
            let mut done = match found.len() {
                1 => "1 view is read.".to_owned(),
                many => format!("{many} views are read."),
            };
            let renamed = put_beside(&mut views.get_untracked(), &found);
            for (name, free) in renamed {
                done += &format!(
                    " \u{201c}{name}\u{201d} is another view here, so it is called \u{201c}{free}\u{201d}."
                );
            }
            keep(&|views| drop(put_beside(views, &found)), done);
        });
    };
    let line = move |SavedView { name, query }: SavedView| {
        let delete = format!("Delete view {name}");
        let own = name.clone();
        view! {
            <div class="view-column">
                <button class="button" data-kind="quiet" type="button" on:click=move |_| show.run(query.clone())>
                    <span class="filter-value">{name}</span>
                </button>
                <button class="button button-icon" data-kind="quiet" type="button" aria-label=delete on:click=move |_| keep(&|views| views.retain(|view| view.name != own), format!("\u{201c}{own}\u{201d} is deleted."))>
                    <Icon name=IconName::Close />
                </button>
            </div>
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        // Enter saves the view; the form around it is about something else.
        if event.key() == "Enter" {
            event.prevent_default();
            save();
        }
    };
    view! {
        <div class="saved-views" role="group" aria-label="Saved views">
            <strong>"Saved views"</strong>
            <Show when=move || views.with(|views| !views.is_empty())>
                <div class="filter-values">
                    <For each=move || views.get() key=|view| (view.name.clone(), view.query.clone()) children=line />
                </div>
            </Show>
            <div class="view-actions">
                <input class="input" type="text" aria-label="Name of the view" placeholder="Name this view" maxlength=LONGEST_NAME
                    prop:value=name on:input:target=move |event| name.set(event.target().value()) on:keydown=on_key />
                <button class="button" type="button" on:click=move |_| save()>"Save view"</button>
                <button class="button" data-kind="quiet" type="button" disabled=move || views.with(Vec::is_empty) on:click=export>"Export"</button>
                <label class="button" data-kind="quiet">"Import"<input class="visually-hidden" type="file" accept=".txt,text/plain" on:change=import /></label>
            </div>
            {move || note.get().map(|words| view! { <p class="field-note" role="status">{words}</p> })}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn views_come_back_as_they_were_written() {
        let views = read(
            "Errors\t?status=ORA_ERROR\r\nno tab\n \t?find=x\nAll\t\nOdd\t//example.com\nErrors\t?find=%09a%26b&columns=%3BError\n",
        );
        let told: Vec<_> = views.iter().map(|view| (view.name.as_str(), view.query.as_str())).collect();
        assert_eq!(told, [("Errors", "?find=%09a%26b&columns=%3BError"), ("All", "")]);
        assert_eq!(read(&written(&views)), views);
        assert_eq!(named(" a\tb\nc \u{7}"), "a b c");
        assert_eq!(named(&"x".repeat(200)).len(), LONGEST_NAME);
    }

    #[wasm_bindgen_test]
    fn a_view_of_a_name_that_means_another_one_stands_beside_it() {
        let mut views = read("Errors\t?status=ORA_ERROR\nAll\t\n");
        let found = read("Errors\t?status=ORA_ERROR&CurrencyCode=is.EUR\nAll\t\n");
        let renamed = [("Errors".to_owned(), "Errors (2)".to_owned())];
        // Read once more, it is the same one.
        for _ in 0..2 {
            assert_eq!(put_beside(&mut views, &found), renamed);
            let names: Vec<_> = views.iter().map(|view| view.name.as_str()).collect();
            assert_eq!(names, ["Errors", "All", "Errors (2)"]);
            assert_eq!(views[2].query, found[0].query);
        }
        put_beside(&mut views, &read("Errors\t?find=x\n"));
        assert_eq!(views[3].name, "Errors (3)");
        let long = "x".repeat(LONGEST_NAME);
        let mut views = read(&format!("{long}\t?find=a\n"));
        put_beside(&mut views, &read(&format!("{long}\t?find=b\n")));
        assert_eq!((views.len(), views[1].name.len()), (2, LONGEST_NAME));
    }
}
