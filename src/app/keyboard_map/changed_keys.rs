//! The commands of the page with their keys, each of which can be given another one.

use super::words;
use crate::ui::kept_keys::{KeptKeys, told_keys};
use crate::ui::key_input::Pressed;
use grid_model::{KeyMap, KeyProblem, PageKey, PressedKeys};
use leptos::html::Input;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// A handle.
#[derive(Clone, Copy)]
pub struct ChangedKeys {
    kept: KeptKeys,
    /// The row that gets other keys.
    row: RwSignal<Option<usize>>,
    pressed: RwSignal<PressedKeys>,
    /// Why a row keeps the keys that it has.
    problem: RwSignal<Option<(usize, String)>>,
    /// What was done last, for whoever does not see it.
    said: RwSignal<String>,
}

impl ChangedKeys {
    pub fn new() -> Self {
        Self {
            kept: KeptKeys::of_page(),
            row: RwSignal::default(),
            pressed: RwSignal::default(),
            problem: RwSignal::default(),
            said: RwSignal::default(),
        }
    }

    /// Each command with its place and its keys in words.
    pub fn rows(self) -> Vec<(usize, String, PageKey)> {
        self.kept.with(|map| {
            let rows = map.rows().enumerate();
            rows.map(|(row, (keys, key))| (row, keys.map(told_keys).unwrap_or_default(), key)).collect()
        })
    }

    /// Rows whose keys and words hold what is looked for.
    pub fn view(self, holds: impl Fn(&str, &str) -> bool + Copy + Send + Sync + 'static) -> impl IntoView {
        let rows = move || {
            let found = self.rows().into_iter().filter(|(_, told, key)| holds(told, words(*key)));
            found.map(|(row, told, key)| self.row_view(row, told, key)).collect::<Vec<_>>()
        };
        let is_usual = move || self.kept.with(|map| map.text().is_empty());
        view! {
            <label class="key-switch">
                <input type="checkbox" prop:checked=move || self.kept.with(KeyMap::has_single_keys)
                    on:change:target=move |event| {
                        let on = event.target().checked();
                        self.kept.change(|map| map.switch_single_keys(on));
                    } />
                "Single keys, such as J or G then B, do something"
            </label>
            <dl class="key-list">{rows}</dl>
            <button class="button" aria-disabled=move || is_usual().then_some("true") on:click=move |_| {
                self.kept.change(|map| *map = KeyMap::default());
                self.end("All commands have their usual keys.".to_owned());
            }>"Reset all keys"</button>
            <p class="visually-hidden" role="status">{self.said}</p>
        }
    }

    fn row_view(self, row: usize, told: String, key: PageKey) -> AnyView {
        let label = move |what: &str| format!("{what}: {}", words(key));
        let keys = if told.is_empty() {
            view! { <span class="quiet">"off"</span> }.into_any()
        } else {
            view! { <kbd>{told}</kbd> }.into_any()
        };
        let is_usual = self.kept.with_untracked(|map| map.is_usual(row));
        let problem = move || self.problem.get().filter(|(of, _)| *of == row).map(|(_, words)| words);
        view! {
            <dt>{keys}</dt>
            <dd>
                <span>{words(key)}</span>
                <span class="key-buttons">
                    {(!is_usual).then(|| view! {
                        <button class="button" data-kind="quiet" aria-label=label("Reset the key") on:click=move |_| {
                            let done = self.kept.change(|map| map.reset(row));
                            self.settle(row, key, done);
                        }>"Reset"</button>
                    })}
                    <button class="button" data-kind="quiet" id=change_button(row) aria-label=label("Change the key") on:click=move |_| {
                        self.problem.set(None);
                        self.pressed.set(PressedKeys::default());
                        self.row.set(Some(row));
                    }>"Change"</button>
                </span>
                {move || (self.row.get() == Some(row)).then(|| view! { <NewKeys changed=self row=row key=key label=label("New key") /> })}
                {move || problem().map(|words| view! { <p class="form-error" role="alert" id=problem_of(row)>{words}</p> })}
            </dd>
        }
        .into_any()
    }

    /// Says what became of a change; what is refused stays to be mended.
    fn settle(self, row: usize, key: PageKey, done: Option<Result<(), KeyProblem>>) {
        match done {
            None => (),
            Some(Ok(())) => {
                let keys = untrack(|| self.kept.told(key)).unwrap_or_default();
                self.end(format!("{keys}: {}.", words(key)));
                focus_soon(change_button(row));
            }
            Some(Err(KeyProblem::Clash(other))) => {
                self.problem.set(Some((row, format!("Another command has this key: {}.", words(other)))));
            }
            Some(Err(problem)) => self.problem.set(Some((row, problem.to_string()))),
        }
    }

    fn end(self, said: String) {
        self.row.set(None);
        self.problem.set(None);
        self.said.set(said);
    }
}

fn change_button(row: usize) -> String {
    format!("change-key-{row}")
}

fn problem_of(row: usize) -> String {
    format!("key-problem-{row}")
}

/// Takes the keys that are pressed in it. Enter keeps them, Esc leaves everything as it was, Tab goes on.
#[component]
fn NewKeys(changed: ChangedKeys, row: usize, key: PageKey, label: String) -> impl IntoView {
    let ChangedKeys { kept, pressed, problem, .. } = changed;
    let field = NodeRef::<Input>::new();
    Effect::new(move || {
        if let Some(field) = field.get() {
            // Whoever is not led there finds it by Tab.
            let _ = field.focus();
        }
    });
    let keep = move || {
        let keys = pressed.with_untracked(|pressed| pressed.text().to_owned());
        let done = kept.change(|map| map.change(row, &keys));
        changed.settle(row, key, done);
    };
    let leave = move || {
        changed.end(String::new());
        focus_soon(change_button(row));
    };
    let on_key = move |event: KeyboardEvent| {
        match event.key().as_str() {
            "Enter" => keep(),
            "Escape" => leave(),
            "Backspace" | "Delete" => {
                problem.set(None);
                pressed.set(PressedKeys::default());
            }
            _ => {
                let press = Pressed::of(&event);
                let is_taken = pressed.try_update(|pressed| pressed.press(press.press()));
                if is_taken != Some(true) {
                    return;
                }
                problem.set(None);
            }
        }
        event.prevent_default();
    };
    let shown = move || pressed.with(|pressed| told_keys(pressed.text()));
    view! {
        <span class="new-keys">
            <input class="input" type="text" readonly node_ref=field aria-label=label placeholder="Press the new key"
                aria-invalid=move || problem.with(Option::is_some).then_some("true") aria-describedby=problem_of(row)
                prop:value=shown on:keydown=on_key />
            <button class="button" data-kind="primary" on:click=move |_| keep()>"Keep"</button>
            <button class="button" on:click=move |_| leave()>"Cancel"</button>
        </span>
    }
}

/// Gives the focus to what is about to be drawn anew.
fn focus_soon(id: String) {
    request_animation_frame(move || {
        if let Some(element) = document().get_element_by_id(&id) {
            let _ = element.unchecked_into::<HtmlElement>().focus();
        }
    });
}
