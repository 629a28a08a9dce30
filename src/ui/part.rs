//! Parts of the app that a browser loads when they are first needed: `part!` makes one of a view, and
//! what stands in its place until it is here, or where it cannot be fetched.
//!
//! Not here: which parts there are (each stands beside what it shows; `app` lists them to be fetched
//! ahead), and whether a newer version of the app is there (`app`).

use crate::apart::{Loading, NotLoaded};
use crate::ui::controls::{IconName, State};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped;
use leptos::wasm_bindgen::JsCast;
use std::future::Future;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use web_sys::HtmlElement;

/// A part of the app, and whether it is here.
pub struct Part {
    load: fn() -> Loading,
    is_here: AtomicBool,
}

impl Part {
    pub const fn new(load: fn() -> Loading) -> Self {
        Self { load, is_here: AtomicBool::new(cfg!(not(feature = "parts"))) }
    }

    pub fn is_here(&self) -> bool {
        self.is_here.load(Ordering::Relaxed)
    }

    /// Fetches it, once; after a failure it is fetched again.
    pub async fn load(&self) -> Result<(), NotLoaded> {
        if !self.is_here() {
            (self.load)().await?;
            self.is_here.store(true, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Whether a newer version of the app is there, for whoever cannot go on without it. It is looked for
/// whenever a part could not be had.
#[derive(Clone, Copy)]
pub struct AppVersion {
    pub is_newer_there: RwSignal<bool>,
    /// How often a part could not be had since: it went with the version that runs here.
    pub parts_gone: RwSignal<u32>,
}

/// Whether a newer version is there.
pub fn is_renewed() -> impl Fn() -> bool + Copy {
    let version = use_context::<AppVersion>();
    move || version.is_some_and(|version| version.is_newer_there.get())
}

/// Makes a part of the app of a view:
///
/// ```ignore
/// part! {
///     /// The list of invoices.
///     pub mod invoices_part in invoices: () => view! { <InvoicesPage /> }
/// }
/// ```
///
/// `invoices_part::view()` shows it, loaded or not, and `invoices_part::PART` is what `app` fetches
/// ahead. Parts of one chunk (here `invoices`) come together. What goes into a part is cloned, for a part
/// that could not be fetched is tried again.
macro_rules! part {
    (
        $(#[$about:meta])*
        $seen:vis mod $name:ident in $chunk:ident: ($($given:ident: $kind:ty),* $(,)?) => $view:expr
    ) => {
        $(#[$about])*
        $seen mod $name {
            #[allow(unused_imports, reason = "what the view is made of")]
            use super::*;

            pub static PART: $crate::ui::part::Part =
                $crate::ui::part::Part::new(apart::loading);

            pub fn view($($given: $kind),*) -> leptos::prelude::AnyView {
                $crate::ui::part::show(&PART, move || {
                    $crate::ui::part::now(apart::made($($given.clone()),*))
                })
            }

            #[allow(unsafe_code, improper_ctypes_definitions, reason = "the border between two modules of one build")]
            mod apart {
                #[allow(unused_imports, reason = "what the view is made of")]
                use super::super::*;

                $crate::apart::apart! {
                    $chunk: ($($given: $kind),*) -> leptos::prelude::AnyView {
                        leptos::prelude::IntoAny::into_any($view)
                    }
                }
            }
        }
    };
}
pub(crate) use part;

/// What a part that is here makes: it never waits then.
pub fn now(made: impl Future<Output = Result<AnyView, NotLoaded>>) -> Option<AnyView> {
    match pin!(made).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(made) => made.ok(),
        Poll::Pending => None,
    }
}

#[derive(Clone, Copy, PartialEq)]
enum PartState {
    Fetched,
    Here,
    NotLoaded,
}

/// The part's view; until it is here, a word after a moment; where it cannot be fetched, the ways on.
pub fn show(part: &'static Part, make: impl Fn() -> Option<AnyView> + 'static) -> AnyView {
    if let Some(made) = part.is_here().then(&make).flatten() {
        return made;
    }
    show_later(part, Box::new(make))
}

fn show_later(part: &'static Part, make: Box<dyn Fn() -> Option<AnyView>>) -> AnyView {
    let state = RwSignal::new(PartState::Fetched);
    let fetch = Callback::new(move |()| {
        state.set(PartState::Fetched);
        spawn_local_scoped(async move {
            let loaded = part.load().await;
            let _ = state.try_set(if loaded.is_ok() { PartState::Here } else { PartState::NotLoaded });
        });
    });
    fetch.run(());
    let make = StoredValue::new_local(make);
    let view = move || match state.get() {
        PartState::Fetched => {
            view! { <p class="part-waited-for" role="status">"Loading this part of the page"</p> }.into_any()
        }
        PartState::Here => {
            request_animation_frame(take_focus_in_dialog);
            untrack(|| make.with_value(|make| make())).unwrap_or_else(|| not_loaded(fetch))
        }
        PartState::NotLoaded => not_loaded(fetch),
    };
    view.into_any()
}

fn not_loaded(fetch: Callback<()>) -> AnyView {
    let is_renewed = is_renewed();
    let why = move || {
        if is_renewed() {
            "Usage Desk was renewed meanwhile, and this part is of the new version. What is saved or waits to be sent is kept."
        } else {
            "The connection failed, or the server does not give it now. Nothing that you typed is lost."
        }
    };
    view! {
        <div class="part-not-loaded">
            {move || view! {
                <State icon=IconName::Alert tone=Tone::Bad title="This part of the page could not be loaded" text=why()>
                    {is_renewed().then(|| view! { <button class="button" data-kind="primary" on:click=|_| reload()>"Reload"</button> })}
                    <button class="button" on:click=move |_| fetch.run(())>"Try again"</button>
                </State>
            }}
        </div>
    }
    .into_any()
}

/// Loads the page anew. The page asks first where something would be lost (`app`).
pub fn reload() {
    // Where the browser refuses, the page stays as it is.
    let _ = window().location().reload();
}

/// A dialog that opened before its part was here holds the keyboard itself: what asks for it takes it, else its first
/// control.
fn take_focus_in_dialog() {
    let active = document().active_element().filter(|active| active.tag_name() == "DIALOG");
    let first = active.and_then(|dialog| {
        let find = |selector| dialog.query_selector(selector).ok().flatten();
        find("[autofocus]")
            .or_else(|| find("input:not([disabled]), select, textarea, button:not([disabled]), a[href]"))
    });
    if let Some(first) = first {
        let _ = first.unchecked_into::<HtmlElement>().focus();
    }
}
