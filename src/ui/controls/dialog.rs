//! A modal dialog of the browser's own, with its focus trap and its Escape, and the forms in it.

use crate::ui::half_typed::{mark_half_typed, remember_address};
use leptos::html;
use leptos::prelude::*;

/// Shown while `open` holds. `children` are made anew at each opening.
#[component]
pub fn Dialog(
    open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] wide: Signal<bool>,
    /// Its fields save what is typed when they go, so that Back need not ask.
    #[prop(optional)]
    saves_by_itself: bool,
    children: ChildrenFn,
) -> impl IntoView {
    let dialog = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = dialog.get() else { return };
        if !open.get() {
            dialog.close();
        } else if !dialog.open() {
            if !saves_by_itself {
                remember_address(&dialog);
            }
            // It is in the document and closed, so it can be shown.
            let _ = dialog.show_modal();
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog class="dialog" data-wide=move || wide.get().then_some("") node_ref=dialog aria-label=title
            on:input=move |event| mark_half_typed(&event)
            on:close=move |_| open.set(false)>
            <Show when=move || open.get()>
                <h2>{title}</h2>
                {children.with_value(|children| children())}
            </Show>
        </dialog>
    }
}

/// Opens when `subject` is set, and empties it when it closes. `form` is made anew for each subject, and closes
/// the dialog by the signal.
#[component]
pub fn FormDialog<T: Clone + Send + Sync + 'static>(
    subject: RwSignal<Option<T>>,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] wide: Signal<bool>,
    #[prop(into)] form: Callback<(T, RwSignal<bool>), AnyView>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || {
        if subject.with(Option::is_some) {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && subject.with_untracked(Option::is_some) {
            subject.set(None);
        }
    });
    view! {
        <Dialog open=open title=title wide=wide>
            {move || subject.get().map(|subject| form.run((subject, open)))}
        </Dialog>
    }
}

/// The buttons of a form: what it does, and behind that the way out. `children` are the first ones.
#[component]
pub fn FormFoot(
    open: RwSignal<bool>,
    /// What closing is called.
    #[prop(default = "Cancel".into(), into)]
    close: Signal<String>,
    children: Children,
) -> impl IntoView {
    view! {
        <footer class="dialog-foot">
            {children()}
            <button class="button" data-kind="quiet" type="button" on:click=move |_| open.set(false)>{close}</button>
        </footer>
    }
}
