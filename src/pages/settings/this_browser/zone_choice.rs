//! The zone by whose clock months and days begin and end, where an address does not name one.

use super::BrowserSettings;
use crate::features::usual_zone::given_zones;
use crate::ui::controls::{Icon, IconName};
use crate::ui::kept_settings::Setting;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};

#[component]
pub fn ZoneChoice(settings: BrowserSettings) -> impl IntoView {
    let text = RwSignal::new(Setting::Zone.kept().unwrap_or_default());
    let problem = RwSignal::new(None::<String>);
    settings.when_reset(move || {
        text.set(String::new());
        problem.set(None);
    });
    let usual = given_zones().next().unwrap_or_else(|| "UTC".to_owned());
    let typed = move |zone: String| {
        let zone = zone.trim();
        if zone.is_empty() {
            problem.set(None);
            settings.keep(Setting::Zone, None);
        } else if Setting::Zone.takes(zone) {
            problem.set(None);
            settings.keep(Setting::Zone, Some(zone));
        } else {
            problem.set(Some(format!(
                "This browser does not know the time zone \u{201c}{zone}\u{201d}. Type a name such as Europe/Berlin."
            )));
        }
    };
    let zones = known_zones().into_iter().map(|zone| view! { <option value=zone></option> });
    view! {
        <label for="set-zone">"Time zone of months and days"</label>
        <div class="choice">
            <input class="input" type="text" id="set-zone" list="known-zones" autocomplete="off" spellcheck="false"
                placeholder=format!("As usual: {usual}") aria-describedby="set-zone-problem"
                aria-invalid=move || problem.with(Option::is_some).then_some("true")
                prop:value=text on:input:target=move |event| text.set(event.target().value())
                on:change:target=move |event| typed(event.target().value()) />
            <datalist id="known-zones">{zones.collect_view()}</datalist>
            <span id="set-zone-problem" role="alert">
                {move || problem.get().map(|words| view! { <span class="field-error"><Icon name=IconName::Alert />{words}</span> })}
            </span>
        </div>
    }
}

/// The zones that the browser lists; it may know more.
fn known_zones() -> Vec<String> {
    let list = || -> Option<Array> {
        let intl = Reflect::get(&js_sys::global(), &"Intl".into()).ok()?;
        let values: Function = Reflect::get(&intl, &"supportedValuesOf".into()).ok()?.dyn_into().ok()?;
        values.call1(&intl, &JsValue::from_str("timeZone")).ok()?.dyn_into().ok()
    };
    let listed = list().unwrap_or_default();
    std::iter::once("UTC".to_owned()).chain(listed.iter().filter_map(|zone| zone.as_string())).collect()
}
