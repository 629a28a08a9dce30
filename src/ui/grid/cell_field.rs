use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlInputElement, HtmlSelectElement};

use super::EditorKind;
use super::controller::Editing;
use crate::ui::controls::paste_number;

/// The field that floats over the cell being edited, with what is wrong with its text beneath it.
/// `on_text` hears every change; `frame` lets the controller place it.
pub(super) fn cell_field(
    editing: Editing,
    frame: NodeRef<html::Div>,
    on_text: Callback<String>,
) -> impl IntoView {
    let Editing { editor, text, title, is_number, .. } = editing;
    let check = StoredValue::new_local(editor.check);
    let initial = editor.initial;
    let (first, before) = (initial.clone(), initial.clone());
    let is_half_typed = move || text.with(|text| *text != before).then_some("");
    // A text that was never touched is not scolded, even where the stored value breaks a rule.
    let error = Memo::new(move |_| {
        text.with(|text| if *text == first { None } else { check.with_value(|check| check(text)).err() })
    });
    let is_wrong = move || error.with(Option::is_some);
    let described = move || if is_wrong() { "grid-field-error" } else { "grid-field-note" };
    let invalid = move || is_wrong().then_some("true");
    let field = match editor.kind {
        EditorKind::Choice(choices) => {
            let select = NodeRef::<html::Select>::new();
            select.on_load(|select| take_focus(&select));
            let options = choices
                .into_iter()
                .map(|(code, label)| {
                    let is_chosen = text.with_untracked(|text| *text == code);
                    view! { <option value=code selected=is_chosen>{label}</option> }
                })
                .collect_view();
            view! {
                <select
                    node_ref=select
                    aria-label=title
                    aria-invalid=invalid
                    aria-describedby=described
                    on:change=move |event| {
                        on_text.run(event_target::<HtmlSelectElement>(&event).value());
                    }
                >
                    {options}
                </select>
            }
            .into_any()
        }
        kind => {
            let is_typed_number = kind == EditorKind::Number;
            let input_mode = if is_typed_number { "decimal" } else { "text" };
            let input = NodeRef::<html::Input>::new();
            input.on_load(|input| take_focus(&input));
            view! {
                <input
                    node_ref=input
                    type="text"
                    class:is-number=is_number
                    autocomplete="off"
                    spellcheck="false"
                    inputmode=input_mode
                    prop:value=text.get_untracked()
                    aria-label=title
                    aria-invalid=invalid
                    aria-describedby=described
                    on:input=move |event| {
                        on_text.run(event_target::<HtmlInputElement>(&event).value());
                    }
                    on:paste=move |event| {
                        if let Some(text) = is_typed_number.then(|| paste_number(&event)).flatten() {
                            on_text.run(text);
                        }
                    }
                />
            }
            .into_any()
        }
    };
    let (note, echo) = (editor.note, StoredValue::new_local(editor.echo));
    let note = Memo::new(move |_| {
        let echo = |text: &String| {
            let is_touched = *text != initial;
            echo.with_value(|echo| echo.as_ref().filter(|_| is_touched).and_then(|echo| echo(text)))
        };
        text.with(echo).or(note.clone())
    });
    view! {
        <div class="grid-float grid-field" node_ref=frame data-invalid=invalid data-half-typed=is_half_typed>
            {field}
            <p class="grid-field-error" id="grid-field-error" aria-live="polite">
                {move || error.get()}
            </p>
            {move || note.get().map(|note| view! { <p class="grid-field-note" id="grid-field-note">{note}</p> })}
        </div>
    }
}

/// Focuses without scrolling (the cell is in sight already), with the caret at the end.
fn take_focus(element: &web_sys::HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // A field that cannot take the focus can still be clicked.
    let _ = element.focus_with_options(&options);
    if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
        let end = u32::try_from(input.value().encode_utf16().count()).unwrap_or(u32::MAX);
        let _ = input.set_selection_range(end, end);
    }
}
