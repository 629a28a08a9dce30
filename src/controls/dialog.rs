//! A modal dialog of the browser's own, with its focus trap and its Escape.

use leptos::html;
use leptos::prelude::*;

/// Shown while `open` holds. `children` are made anew at each opening.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] wide: Signal<bool>,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" data-wide=move || wide.get().then_some("") node_ref=dialog aria-label=title on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children.with_value(|children| children())}
            </Show>
        </dialog>
    }
}
