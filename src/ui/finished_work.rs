//! The title of the page's tab, and what it says of long work that has ended while nobody looked. Where the person has
//! asked for it, the browser says it too (`Setting::Notices`).

use crate::ui::kept_settings::Setting;
use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use std::cell::RefCell;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Whoever waits so long may have gone to another tab.
const LONG: Duration = Duration::from_secs(3);

thread_local! {
    static TITLE: RefCell<Title> = RefCell::default();
}

#[derive(Default)]
struct Title {
    page: String,
    /// What has ended since the tab was last looked at.
    ended: Option<String>,
    /// The page hears when it is looked at.
    is_followed: bool,
}

impl Title {
    fn show(&self) {
        document().set_title(&match &self.ended {
            Some(ended) => format!("{ended} \u{2013} {}", self.page),
            None => self.page.clone(),
        });
    }
}

/// What the page is called from now on.
pub fn set_page_title(page: String) {
    TITLE.with_borrow_mut(|title| {
        title.page = page;
        title.show();
    });
}

/// Work that may take longer than a person watches it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Milliseconds since the page was opened.
    began: u64,
}

impl Work {
    pub fn begin() -> Self {
        Self { began: now() }
    }

    /// Tells that it has ended, where it took long and nobody looks. `what` names no amount and no record.
    pub fn end(self, what: &str) {
        let took = Duration::from_millis(now().saturating_sub(self.began));
        if took < LONG || !document().hidden() {
            return;
        }
        let is_new = TITLE.with_borrow_mut(|title| {
            title.ended = Some(what.to_owned());
            title.show();
            !std::mem::replace(&mut title.is_followed, true)
        });
        if is_new {
            // The page's own, as long as there is a page.
            let _ = window_event_listener(leptos::ev::visibilitychange, |_| forget_when_looked_at());
        }
        if Setting::Notices.kept().is_some() {
            notify(what);
        }
    }
}

fn forget_when_looked_at() {
    if !document().hidden() {
        TITLE.with_borrow_mut(|title| {
            if title.ended.take().is_some() {
                title.show();
            }
        });
    }
}

/// Parts of a millisecond decide nothing.
fn now() -> u64 {
    window().performance().map(|clock| clock.now() as u64).unwrap_or_default()
}

const NAME: &str = "Notification";

/// Asks the person, in the browser's own words, unless they have answered before. Says whether they allow it.
pub async fn ask_to_notify() -> bool {
    let asked = || -> Option<Promise> {
        let notification = Reflect::get(&js_sys::global(), &NAME.into()).ok()?;
        let ask: Function = Reflect::get(&notification, &"requestPermission".into()).ok()?.dyn_into().ok()?;
        ask.call0(&notification).ok()?.dyn_into().ok()
    };
    let Some(answer) = asked() else { return false };
    JsFuture::from(answer).await.is_ok_and(|answer| answer.as_string().as_deref() == Some("granted"))
}

/// Where the browser does not do it, the title tells.
fn notify(what: &str) {
    let told = || -> Result<(), JsValue> {
        let constructor: Function = Reflect::get(&js_sys::global(), &NAME.into())?.dyn_into()?;
        let options = Object::new();
        Reflect::set(&options, &"body".into(), &what.into())?;
        Reflect::set(&options, &"tag".into(), &"usage-desk".into())?;
        let notice = Reflect::construct(&constructor, &js_sys::Array::of2(&"Usage Desk".into(), &options))?;
        let look = Closure::once_into_js(|| {
            // A browser that does not bring the tab to the front has shown where it is.
            let _ = window().focus();
        });
        Reflect::set(&notice, &"onclick".into(), &look)?;
        Ok(())
    };
    let _ = told();
}
