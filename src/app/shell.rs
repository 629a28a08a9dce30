//! The frame around every screen: the rail, and the page beside it.

use super::rail::rail_part;
use crate::data::session::Session;
use crate::features::approvals::KnownRules;
use crate::features::batch_work::SeenBatches;
use crate::features::event_drawer::TimelineOpen;
use crate::features::help::TourPlace;
use crate::features::page_head::PagesOpened;
use crate::features::record_panel::ConflictDrafts;
use crate::ui::controls::ThemeChoice;
use crate::ui::grid::RowDensity;
use crate::ui::kept_keys::KeptKeys;
use crate::ui::step_keys::StepKeys;
use leptos::prelude::*;

#[component]
pub fn Shell(session: Session, children: Children) -> impl IntoView {
    provide_context(RowDensity::kept());
    provide_context(ThemeChoice::kept());
    provide_context(KeptKeys::kept());
    provide_context(PagesOpened::new());
    provide_context(ConflictDrafts::new());
    provide_context(TimelineOpen::new());
    provide_context(SeenBatches::new());
    provide_context(StepKeys::default());
    provide_context(KnownRules::new());
    provide_context(TourPlace::kept());
    view! {
        <div class="shell">
            {rail_part::view(session)}
            <main class="page" id="page" tabindex="-1">{children()}</main>
        </div>
    }
}
