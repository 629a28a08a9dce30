//! How a person likes the console: kept in this browser alone, for whoever uses it. Each choice counts at once.

mod finished_work;
mod locale_choice;
mod zone_choice;

use crate::text::{decimal, instant_utc};
use crate::ui::controls::{THEMES, ThemeChoice};
use crate::ui::grid::{Density, RowDensity};
use crate::ui::kept_keys::KeptKeys;
use crate::ui::kept_settings::{FIRST_SCREENS, LAST, Setting, read_as_kept};
use chrono::{DateTime, Utc};
use finished_work::FinishedWork;
use grid_model::KeyMap;
use leptos::prelude::*;
use locale_choice::LocaleChoice;
use rust_decimal::Decimal;
use zone_choice::ZoneChoice;

/// What each setting is kept by, and hears of.
#[derive(Clone, Copy)]
pub struct BrowserSettings {
    /// Goes up when what is kept has changed.
    pub changed: RwSignal<u32>,
    /// Storage took all that was kept.
    lasts: RwSignal<bool>,
    /// How often all went back to default.
    resets: RwSignal<u32>,
}

impl BrowserSettings {
    pub fn new() -> Self {
        // Where nobody is signed in, nothing has asked for it yet.
        read_as_kept();
        Self { changed: RwSignal::new(0), lasts: RwSignal::new(true), resets: RwSignal::new(0) }
    }

    fn keep(self, setting: Setting, value: Option<&str>) {
        if !setting.keep(value) {
            self.lasts.set(false);
        }
        read_as_kept();
        self.changed.update(|times| *times += 1);
    }

    /// As it is kept, followed.
    fn kept(self, setting: Setting) -> Option<String> {
        self.changed.track();
        setting.kept()
    }

    /// Everything as it was before anybody chose.
    fn reset(self) {
        for setting in [
            Setting::Numbers,
            Setting::Times,
            Setting::Zone,
            Setting::FirstScreen,
            Setting::LastScreen,
            Setting::Notices,
        ] {
            setting.keep(None);
        }
        read_as_kept();
        self.changed.update(|times| *times += 1);
        self.resets.update(|times| *times += 1);
    }

    /// Does what a field needs when all goes back to default, such as letting go of what is wrong.
    fn when_reset(self, act: impl Fn() + 'static) {
        Effect::new(move |before: Option<()>| {
            self.resets.track();
            if before.is_some() {
                act();
            }
        });
    }
}

#[component]
pub fn ThisBrowser(settings: BrowserSettings) -> impl IntoView {
    let (theme, density, keys) = (ThemeChoice::of_page(), RowDensity::of_page(), KeptKeys::of_page());
    let said = RwSignal::new("");
    let reset = move |_| {
        theme.choose("system");
        density.choose(Density::default());
        keys.change(|map| map.switch_single_keys(true));
        settings.reset();
        said.set("All settings of this browser are as they were at first. Changed keys stay.");
    };
    let option = |value: &'static str, words: &'static str, is_chosen: Signal<bool>| {
        view! { <option value=value selected=is_chosen>{words}</option> }
    };
    let themes = THEMES.map(|(name, words)| option(name, words, Signal::derive(move || theme.get() == name)));
    let heights = [(Density::Compact, "Compact"), (Density::Comfortable, "Comfortable")]
        .map(|(one, words)| option(one.name(), words, Signal::derive(move || density.signal().get() == one)));
    let begins_with = move || settings.kept(Setting::FirstScreen).unwrap_or_default();
    let screens = FIRST_SCREENS.into_iter().chain([(LAST, "The screen that I was on last")]);
    let screens = screens.map(|(address, words)| {
        // The overview is usual.
        let value = if address == "/" { "" } else { address };
        option(value, words, Signal::derive(move || begins_with() == value))
    });
    view! {
        <section aria-labelledby="this-browser">
            <h2 id="this-browser">"This browser"</h2>
            <p class="quiet">"Each choice counts at once and is kept in this browser, whoever signs in. Other open tabs follow when they are loaded again."</p>
            {move || (!settings.lasts.get()).then(|| view! {
                <p class="form-error" role="alert">"This browser keeps no settings: its storage is full or forbidden. They last as long as this page."</p>
            })}
            <div class="choices">
                <label for="set-theme">"Theme"</label>
                <select class="input" id="set-theme" on:change:target=move |event| theme.choose(&event.target().value())>{themes}</select>
                <label for="set-density">"Rows of lists"</label>
                <select class="input" id="set-density" on:change:target=move |event| density.choose(Density::named(&event.target().value()))>{heights}</select>
                <LocaleChoice settings=settings setting=Setting::Numbers name="set-numbers" label="Numbers" />
                <LocaleChoice settings=settings setting=Setting::Times name="set-times" label="Dates and times" />
                <span class="quiet">"Example"</span>
                <p class="choices-example" role="status" data-testid="example">{move || { settings.changed.track(); example() }}</p>
                <ZoneChoice settings=settings />
                <label for="set-screen">"Begin with"</label>
                <select class="input" id="set-screen" on:change:target=move |event| {
                    let value = event.target().value();
                    settings.keep(Setting::FirstScreen, Some(value.as_str()).filter(|value| !value.is_empty()));
                }>{screens.collect_view()}</select>
                <span>"Keyboard"</span>
                <label class="choice-switch">
                    <input type="checkbox" prop:checked=move || keys.with(KeyMap::has_single_keys)
                        on:change:target=move |event| {
                            let on = event.target().checked();
                            keys.change(|map| map.switch_single_keys(on));
                        } />
                    "Single keys, such as J or G then B, do something. \u{201c}Keys\u{201d} lists all keys and changes them."
                </label>
                <FinishedWork settings=settings />
            </div>
            <button class="button" on:click=reset>"Back to default"</button>
            <p class="quiet" role="status">{said}</p>
        </section>
    }
}

/// A large negative amount with three decimals, a number of four digits, and an instant.
fn example() -> String {
    // exact: the digits stand here.
    let numbers = [Decimal::new(-1_234_567_891, 3), Decimal::new(123_450, 2)].map(|number| decimal(&number));
    let at = DateTime::<Utc>::from_timestamp(1_793_455_507, 250_000_000).unwrap_or_default();
    format!("{}; {}; {} UTC", numbers[0], numbers[1], instant_utc(&at))
}
