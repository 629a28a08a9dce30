//! As which language's readers numbers or times are written: one of a list, or any other that the browser knows.

use super::BrowserSettings;
use crate::text::{known_locales, notation_by};
use crate::ui::controls::{Icon, IconName};
use crate::ui::kept_settings::{OF_BROWSER, Setting};
use js_sys::Array;
use leptos::prelude::*;
use rest_contract::Notation;

const LISTED: [&str; 10] =
    ["en-US", "en-GB", "en-IN", "de-DE", "de-CH", "fr-FR", "es-ES", "pl-PL", "sv-SE", "ja-JP"];
/// In the list, for one that is typed.
const ANOTHER: &str = "another";

#[component]
pub fn LocaleChoice(
    settings: BrowserSettings,
    setting: Setting,
    /// Of the fields, among all of the page.
    name: &'static str,
    label: &'static str,
) -> impl IntoView {
    let kept = Memo::new(move |_| settings.kept(setting).unwrap_or_default());
    let types_another = RwSignal::new(kept.with_untracked(|kept| is_another(kept)));
    let problem = RwSignal::new(None::<String>);
    let chosen = move || if types_another.get() { ANOTHER.to_owned() } else { kept.get() };
    settings.when_reset(move || {
        types_another.set(false);
        problem.set(None);
    });
    let choose = move |value: String| {
        problem.set(None);
        types_another.set(value == ANOTHER);
        if value != ANOTHER {
            settings.keep(setting, Some(value.as_str()).filter(|value| !value.is_empty()));
        }
    };
    let typed = move |tag: String| {
        let tag = tag.trim();
        if !tag.is_empty() && setting.takes(tag) {
            problem.set(None);
            settings.keep(setting, Some(tag));
        } else {
            problem.set(Some(format!(
                "This browser knows no language \u{201c}{tag}\u{201d}. Type a tag such as nb-NO."
            )));
        }
    };
    let of_browser = match setting {
        Setting::Times => vec![("", same_everywhere()), (OF_BROWSER, told(setting, "As the browser", None))],
        _ => vec![("", told(setting, "As the browser", None))],
    };
    let listed =
        LISTED.into_iter().filter_map(|tag| Some((tag, told(setting, tag, Some(&known_locales(tag)?)))));
    let another = [(ANOTHER, "Another language".to_owned())];
    let options = of_browser.into_iter().chain(listed).chain(another).map(|(value, words)| {
        view! { <option value=value selected=move || chosen() == value>{words}</option> }
    });
    let problem_id = format!("{name}-problem");
    view! {
        <label for=name>{label}</label>
        <div class="choice">
            <select class="input" id=name on:change:target=move |event| choose(event.target().value())>{options.collect_view()}</select>
            {move || types_another.get().then(|| view! {
                <input class="input" type="text" size="12" aria-label=format!("{label}: language tag") placeholder="nb-NO" autocomplete="off" spellcheck="false"
                    aria-invalid=move || problem.with(Option::is_some).then_some("true") aria-describedby=problem_id.clone()
                    prop:value=move || kept.get_untracked() on:change:target=move |event| typed(event.target().value()) />
            })}
            <span id=format!("{name}-problem") role="alert">
                {move || problem.get().map(|words| view! { <span class="field-error"><Icon name=IconName::Alert />{words}</span> })}
            </span>
        </div>
    }
}

fn is_another(kept: &str) -> bool {
    !kept.is_empty() && kept != OF_BROWSER && !LISTED.contains(&kept)
}

fn same_everywhere() -> String {
    format!("The same everywhere: {AT}")
}

const AT: &str = "2026-10-31 14:05:07.250";

/// What it looks like, behind its name.
fn told(setting: Setting, name: &str, locales: Option<&Array>) -> String {
    let browser = Array::new();
    let locales = locales.unwrap_or(&browser);
    let shown = |notation: Notation| match setting {
        Setting::Times => notation.times.write(AT),
        _ => notation.write("-1234567.891"),
    };
    format!("{name}: {}", shown(notation_by(Some(locales), Some(locales))))
}
