//! One change beside the list: every step of its life, and the way to its record.

use crate::data::session::Session;
use crate::features::change_text::{Part, after, detail, parts, time_text, tone, zone_of};
use crate::features::record_address::record_address;
use crate::features::rule_words::rule_words;
use crate::ui::controls::Badge;
use crate::ui::drawer::{Drawer, DrawerWays};
use leptos::prelude::*;
use record_store::IntentId;

#[component]
pub fn ChangeLife(
    session: Session,
    intent: IntentId,
    /// Hears that the record is opened.
    #[prop(into)]
    note_opened: Callback<()>,
    #[prop(into)] close: Callback<()>,
) -> impl IntoView {
    let entry = Memo::new(move |_| {
        session.sync.log_revision.track();
        session.sync.with_log(|log| log.entry(intent).cloned())
    });
    let title = Signal::derive(move || {
        entry.with(|entry| entry.as_ref().map(|entry| entry.persisted.key.title()).unwrap_or_default())
    });
    view! {
        <Drawer kind="change" label="One change" title=title ways=DrawerWays { close, step: None, keys: None }>
                {move || entry.get().map(|entry| {
                    let address = record_address(&session.sync, &entry.persisted.key);
                    let tables = session.lookups.tables.get();
                    let zone = zone_of(&session.sync, &entry);
                    let changes = parts(&entry).map(|part| {
                        let to = after(&entry, &part, |to| to.shown(&zone, &tables, rule_words));
                        let Part { what, from, .. } = part;
                        let from = from.shown(&zone, &tables, rule_words);
                        view! { <div class="field" data-wide=""><span class="label">{what}</span><p class="field-value">{if from.is_empty() { to } else { format!("{from} \u{2192} {to}") }}</p></div> }
                    });
                    let detail = detail(&entry, &zone);
                    let steps = entry.steps.iter().map(|(at, status)| {
                        view! { <li><span class="number">{time_text(*at)}</span><Badge tone=tone(*status) text=status.name() /></li> }
                    });
                    view! {
                        <section><h3>"What"</h3><div class="fields">{changes.collect_view()}</div></section>
                        {(!detail.is_empty()).then(|| view! { <section><h3>"Why it stands"</h3><p>{detail}</p></section> })}
                        <section><h3>"Steps"<span class="quiet">"UTC"</span></h3><ol class="change-steps">{steps.collect_view()}</ol></section>
                        <p><a href=address on:click=move |_| note_opened.run(())>"Open the record"</a></p>
                    }
                })}
        </Drawer>
    }
}
