//! How a list's question stands in the page's address: `find=text&status=A,B&sort=Field,-Other`. What
//! a list can be asked is its own.

use super::page_of;
use grid_model::{SortDirection, SortKey};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate, use_params_map};
use leptos_router::location::State;
use std::rc::Rc;

/// The parameters of an address. Any text comes back as it was written: it is decoded once, which the
/// router's own map of parameters does twice.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AddressQuery(Vec<(String, String)>);

/// The query of the page's address.
pub fn use_address_query() -> Memo<AddressQuery> {
    let search = use_location().search;
    Memo::new(move |_| search.with(|search| AddressQuery::read(search)))
}

/// Which part of the page's path is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Behind the screen's own name: the batch of `/batches/B-1/errors`.
    Second,
    Last,
}

/// A part of the path as it was written, decoded once: the router's own parameter of this name is decoded
/// again for each route that it passes through.
pub fn use_path_part(name: &'static str, part: PathPart) -> Memo<String> {
    let (parameters, path) = (use_params_map(), use_location().pathname);
    Memo::new(move |before: Option<&String>| {
        let found = path.with(|path| {
            let mut parts = path.split('/').filter(|part| !part.is_empty());
            let found = match part {
                PathPart::Second => parts.nth(1),
                PathPart::Last => parts.next_back(),
            };
            decoded_part(found.unwrap_or_default())
        });
        // Path and parameters change one after the other, and a path that leads to another route changes
        // while this one still stands: the path counts where the parameter says the same.
        let told = parameters.with(|parameters| parameters.get(name).map(|text| wholly_decoded(&text)));
        let is_told = told.is_some_and(|told| told == wholly_decoded(&found));
        match before {
            Some(before) if !is_told => before.clone(),
            _ => without_shield(found),
        }
    })
}

/// The text that a part of a path stands for.
pub fn text_of_part(part: &str) -> String {
    without_shield(decoded_part(part))
}

/// A text as one part of a path. A browser takes dots alone for steps in the path, also where they are
/// encoded: a tilde before them, and before those that have one, makes them a part like any other.
pub fn path_part(text: &str) -> String {
    let shield = if is_dots(text) { "~" } else { "" };
    format!("{shield}{}", String::from(js_sys::encode_uri_component(text)))
}

fn without_shield(part: String) -> String {
    match part.strip_prefix('~') {
        Some(dots) if is_dots(dots) => dots.to_owned(),
        _ => part,
    }
}

/// One dot or two, behind any number of tildes.
fn is_dots(text: &str) -> bool {
    matches!(text.trim_start_matches('~'), "." | "..")
}

/// In a path, unlike in a query, a plus is a plus.
fn decoded_part(text: &str) -> String {
    js_sys::decode_uri_component(text).map_or_else(|_| text.to_owned(), String::from)
}

/// Decoded until nothing is left to decode, however often that was done before.
fn wholly_decoded(text: &str) -> String {
    let mut text = text.to_owned();
    loop {
        // Each turn makes the text shorter.
        let decoded = decoded_part(&text);
        if decoded == text {
            return text;
        }
        text = decoded;
    }
}

impl AddressQuery {
    /// Reads a query, with or without its question mark.
    pub fn read(search: &str) -> Self {
        let pairs = search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
        let parameters = pairs.map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        });
        Self(parameters.collect())
    }

    /// A parameter's value; empty where it is not there.
    pub fn text(&self, name: &str) -> String {
        let found = self.0.iter().rfind(|(one, _)| one == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// The parameters that say something, with their names.
    pub fn said(&self) -> impl Iterator<Item = &(String, String)> {
        self.0.iter().filter(|(_, value)| !value.is_empty())
    }

    /// The values of a parameter that is a list; none where it is not there.
    pub fn list(&self, name: &str) -> Vec<String> {
        let mut values = texts_of_list(&self.text(name));
        values.retain(|value| !value.is_empty());
        values
    }

    /// The order that `sort` asks for; a minus turns a column round.
    pub fn sort(&self) -> Vec<SortKey> {
        let parts = self.list("sort").into_iter();
        parts
            .map(|part| match part.strip_prefix('-') {
                Some(column) => SortKey::descending(column),
                None => SortKey::ascending(part),
            })
            .collect()
    }
}

/// What is no encoding stands for itself.
fn decoded(text: &str) -> String {
    decoded_part(&text.replace('+', " "))
}

/// What stands between the commas of a list.
pub fn texts_of_list(text: &str) -> Vec<String> {
    let mut values = vec![String::new()];
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match letter {
            ',' => values.push(String::new()),
            letter => {
                let letter = if letter == '\\' { letters.next().unwrap_or(letter) } else { letter };
                if let Some(value) = values.last_mut() {
                    value.push(letter);
                }
            }
        }
    }
    values
}

/// A list as one parameter's value.
pub fn list_text<'a>(values: impl IntoIterator<Item = &'a String>) -> String {
    let values = values.into_iter().map(|value| value.replace('\\', "\\\\").replace(',', "\\,"));
    values.collect::<Vec<_>>().join(",")
}

/// An order as `sort` says it.
pub fn sort_text(sort: &[SortKey]) -> String {
    let parts: Vec<_> = sort
        .iter()
        .map(|key| match key.direction {
            SortDirection::Ascending => key.column.clone(),
            SortDirection::Descending => format!("-{}", key.column),
        })
        .collect();
    list_text(&parts)
}

/// The query with its question mark, without what is empty; nothing where all of it is.
pub fn query_text<'a>(parts: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let query: Vec<_> = parts
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| {
            [name, &value].map(|text| String::from(js_sys::encode_uri_component(text))).join("=")
        })
        .collect();
    if query.is_empty() { String::new() } else { format!("?{}", query.join("&")) }
}

/// The address of what stands here, with its question.
pub fn address_now() -> String {
    let location = window().location();
    format!("{}{}", location.pathname().unwrap_or_default(), location.search().unwrap_or_default())
}

type Navigate = Rc<dyn Fn(&str, NavigateOptions)>;

/// Goes to an address; a handle.
#[derive(Clone, Copy)]
pub struct Go(StoredValue<Navigate, LocalStorage>);

impl Go {
    /// Back comes from there to the page that stands here.
    pub fn to(self, path: &str) {
        self.go(path, false);
    }

    /// In the place of the page that stands here.
    pub fn in_place(self, path: &str) {
        self.go(path, true);
    }

    fn go(self, path: &str, replace: bool) {
        // What is noted with this place of the history is of the page, which stays when something opens or closes
        // on it.
        let stays = window().location().pathname().is_ok_and(|here| page_of(&here) == page_of(path));
        let noted = window().history().and_then(|history| history.state()).ok().filter(|_| stays);
        // The page itself never scrolls.
        let options = NavigateOptions {
            scroll: false,
            replace,
            state: State::new(noted),
            ..NavigateOptions::default()
        };
        self.0.with_value(|go| go(path, options));
    }
}

/// Made within a component.
pub fn use_go() -> Go {
    Go(StoredValue::new_local(Rc::new(use_navigate())))
}

/// Shows the page that stands here with another question, in the place of the one before.
pub fn ask_by_address<Q: 'static>(write: fn(&Q) -> String) -> Callback<Q> {
    let go = use_go();
    let location = use_location();
    Callback::new(move |question: Q| {
        go.in_place(&format!("{}{}", location.pathname.get_untracked(), write(&question)));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;

    /// The part as the router gives it back, of an address that a browser has resolved.
    fn after_the_browser(part: &str) -> String {
        let url =
            web_sys::Url::new(&format!("http://desk.example/batches/{part}/errors")).expect("an address");
        let path = url.pathname();
        without_shield(decoded_part(path.split('/').nth(2).unwrap_or_default()))
    }

    #[wasm_bindgen_test]
    fn any_text_comes_back_as_it_was_written() {
        for text in [
            "projects/a%2Fb",
            "RR 25%41",
            "<b>X/..%2f?#",
            "a&b=c+d",
            "100 %",
            "%",
            "\\,",
            "Zürich \u{202e}x",
            "a\nb",
            " x ",
            ".",
            "..",
            "~",
            "~.",
            "~~..",
            "...",
            "%2e%2E",
        ] {
            let query =
                AddressQuery::read(&query_text([("find", text.to_owned()), ("from", "1".to_owned())]));
            assert_eq!((query.text("find").as_str(), query.text("from").as_str()), (text, "1"));
            assert_eq!(after_the_browser(&path_part(text)), text, "{text}");
            let list = [text.to_owned(), "b,c".to_owned(), "d\\".to_owned()];
            let query = AddressQuery::read(&query_text([("status", list_text(&list))]));
            assert_eq!(query.list("status"), list, "{text}");
        }
        let plain = AddressQuery::read("?status=A,B&find=50%&sort=Name,-End");
        assert_eq!((plain.list("status").len(), plain.text("find").as_str()), (2, "50%"));
        assert_eq!(plain.sort(), [SortKey::ascending("Name"), SortKey::descending("End")]);
        assert!(AddressQuery::read("").list("status").is_empty());
    }
}
