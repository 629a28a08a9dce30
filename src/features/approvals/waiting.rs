//! How many approvals wait for the person, as a line that leads to them.

use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::routes;
use crate::text::count;
use crate::ui::part::part;
use leptos::prelude::*;

part! {
    /// Nothing where none waits.
    pub mod waiting_part in approvals: (session: Session) => view! { <Waiting session=session /> }
}

#[component]
fn Waiting(session: Session) -> impl IntoView {
    let waiting = Fetched::new(session, async move || session.client.waiting_approvals().await)
        .read_when(session, || ());
    move || {
        let number =
            waiting.found.with(|found| found.as_ref().map_or(0, |found| found.approval_numbers.len()));
        let words = match number {
            0 => return None,
            1 => "1 request for your approval".to_owned(),
            number => format!("{} requests for your approval", count(number as u64)),
        };
        Some(view! { <p><a href=routes::APPROVALS>{words}</a></p> })
    }
}
