//! Usage Desk: the app's entry.
use leptos::prelude::*;

fn main() {
    leptos::mount::mount_to_body(|| view! { <p>"Usage Desk"</p> });
}
