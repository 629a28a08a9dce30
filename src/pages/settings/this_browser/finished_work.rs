//! Whether the browser tells what has finished while nobody looks. It asks for the permission at the press.

use super::BrowserSettings;
use crate::ui::finished_work::ask_to_notify;
use crate::ui::kept_settings::{ON, Setting};
use leptos::prelude::*;
use leptos::task::spawn_local;
use web_sys::HtmlInputElement;

#[component]
pub fn FinishedWork(settings: BrowserSettings) -> impl IntoView {
    let is_on = Memo::new(move |_| settings.kept(Setting::Notices).is_some());
    let is_refused = RwSignal::new(false);
    let choose = move |check: HtmlInputElement| {
        is_refused.set(false);
        if !check.checked() {
            return settings.keep(Setting::Notices, None);
        }
        // It is on once the person has allowed it.
        check.set_checked(false);
        spawn_local(async move {
            let may = ask_to_notify().await;
            if may {
                settings.keep(Setting::Notices, Some(ON));
            }
            is_refused.try_set(!may);
        });
    };
    view! {
        <span>"Notifications"</span>
        <div class="choice">
            <label class="choice-switch">
                <input type="checkbox" prop:checked=move || is_on.get() on:change:target=move |event| choose(event.target()) />
                "The browser tells when an export, an import, evidence or a long queue has ended while this tab is not in sight. It names no amount and no record."
            </label>
            <span role="alert">
                {move || is_refused.get().then(|| view! {
                    <span class="field-error">"This browser does not allow it for this page. Allow notifications in its settings of the page, and try again. The tab's title tells all the same."</span>
                })}
            </span>
        </div>
    }
}
