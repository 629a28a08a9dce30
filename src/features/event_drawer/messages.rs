//! What the rating process says about the event, with its advice on what to do, and the field to do it in.

use super::mend::mend_part;
use crate::api::RecordKey;
use crate::data::session::Session;
use crate::features::record_panel::BEFORE_CORRECTION;
use crate::features::usual_reading::UsualReading;
use crate::text::{StatusClass, class_of, with_times_in};
use crate::ui::controls::Notice;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::Record;
use std::sync::Arc;

/// `next_error` leads to the next event in error of the list.
#[component]
pub fn Messages(
    session: Session,
    event: RecordKey,
    messages: Arc<[Record]>,
    next_error: Callback<isize>,
    usual: UsualReading,
) -> impl IntoView {
    let is_in_error = {
        let event = event.clone();
        Memo::new(move |_| {
            session.sync.revision.track();
            session.sync.with_view(&event, |view| {
                let code = view?.shown(&"EventStatus")?.as_text().map(class_of);
                Some(code == Some(StatusClass::Error))
            }) == Some(true)
        })
    };
    // On the clock of the fields below it.
    let zone = {
        let event = event.clone();
        Memo::new(move |_| {
            session.sync.revision.track();
            let zone = session
                .sync
                .with_view(&event, |view| view?.shown(&"EventTimeZone")?.as_text().map(str::to_owned));
            zone.unwrap_or_default()
        })
    };
    // The newest stands last; older ones may be of an earlier attempt.
    let newest_error = messages.iter().rposition(|message| tone_of(message) == Tone::Bad);
    let rows = messages.iter().enumerate().map(|(place, message)| {
        let text = |name: &str| message.text(name).filter(|text| !text.is_empty()).map(str::to_owned);
        let tone = tone_of(message);
        let message = message.clone();
        let advised = text("MessageUserDetails").unwrap_or_default();
        let is_newest = newest_error == Some(place);
        let (event, named) = (event.clone(), text("AdditionalMessageText").unwrap_or_default());
        move || {
            let zone = zone.get();
            let said = said_by(&message, &zone);
            if tone == Tone::Bad && !is_in_error.get() {
                let title = format!("{BEFORE_CORRECTION}{said}");
                return view! { <Notice tone=Tone::Quiet title=title text="" /> }.into_any();
            }
            let mend = is_newest.then(|| {
                mend_part::view(session, event.clone(), named.clone(), advised.clone(), next_error, usual)
            });
            view! { <Notice tone=tone title=said text=with_times_in(&zone, &advised)>{mend}</Notice> }
                .into_any()
        }
    });
    let rows = rows.collect_view();
    (!messages.is_empty()).then(|| view! { <section class="messages" aria-label="Messages">{rows}</section> })
}

/// What a message says, with its times on the clock of a zone; the particulars, where it has some.
pub(super) fn said_by(message: &Record, zone: &str) -> String {
    let texts = ["AdditionalMessageText", "MessageText", "TranslatedMessageText", "MessageName"];
    let mut texts = texts.into_iter().filter_map(|name| message.text(name));
    texts.find(|text| !text.is_empty()).map_or_else(String::new, |text| with_times_in(zone, text))
}

pub(super) fn tone_of(message: &Record) -> Tone {
    match message.text("MessageType") {
        Some("ORA_WARNING" | "ORA_WANRING") => Tone::Warn,
        Some("ORA_INFO") => Tone::Info,
        _ => Tone::Bad,
    }
}
