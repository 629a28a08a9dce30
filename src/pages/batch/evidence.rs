//! The evidence of a batch, for an auditor: one archive with its head, events, charges and messages as the server has
//! them, which events take which back, amounts before and after, what was changed by whom, and the hash of each file.

mod form;
mod pack;
mod tables;

use crate::data::session::Session;
use crate::ui::controls::Dialog;
use crate::ui::part::part;
use crate::ui::part_styles::use_part_styles;
use form::EvidenceForm;
use leptos::prelude::*;

part! {
    /// The dialog, and the pack that it makes: that goes on when the dialog is closed, until the batch is left.
    pub mod evidence_part in batch_evidence: (session: Session, number: String, open: RwSignal<bool>) =>
        view! { <Evidence session=session number=number open=open /> }
}

#[component]
fn Evidence(session: Session, number: String, open: RwSignal<bool>) -> impl IntoView {
    use_part_styles(include_str!("../../../style/export.css"));
    let making = form::Making::new(session, number);
    view! { <Dialog open=open title="Evidence of the batch"><EvidenceForm making=making open=open /></Dialog> }
}
