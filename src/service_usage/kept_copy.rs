//! A copy of every event to keep: one event a line, as the platform sent it, counted and hashed on
//! the way, and given to the browser as a file.
//!
//! The hash is taken page by page by a crate of some kilobytes: the browser's own digest takes only
//! whole buffers, and the copy of a large platform would have to be held in memory for it.

use super::every_event::{GoOn, Progress, read_every_event};
use super::words;
use crate::controls::{Icon, IconName, save_file};
use crate::rest_client::{Failure, FailureKind, RestClient};
use crate::sign_in::Session;
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::cloud_foundry::{KeptCopy, NewestEvent};
use sha2::{Digest, Sha256};
use web_sys::Blob;

/// A hash in hexadecimal digits.
pub fn digits(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Reads everything; `progress` is told how far, and says whether to go on. None where it was stopped.
pub async fn make_copy(
    client: RestClient,
    progress: &dyn Fn(Progress) -> GoOn,
) -> Result<Option<(KeptCopy, Blob)>, Failure> {
    let pages = Array::new();
    let mut hash = Sha256::new();
    let mut copy = KeptCopy { file: String::new(), events: 0, sha256: String::new(), newest: None };
    let mut is_stopped = false;
    read_every_event(client, None, &mut |events, page, so_far| {
        let mut lines = Vec::new();
        for json in &page.events {
            // Line ends can only stand between the event's members, where a blank says the same.
            lines.extend(json.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
            lines.push(b'\n');
        }
        hash.update(&lines);
        // As a blob, a page can leave the page's memory for the browser's disk.
        if let Ok(blob) = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(lines.as_slice()))) {
            pages.push(&blob);
        }
        copy.events += events.len();
        if let Some(last) = events.last() {
            copy.newest = Some(NewestEvent { guid: last.guid.clone(), created_at: last.created_at });
        }
        let goes_on = progress(so_far);
        is_stopped |= goes_on == GoOn::No;
        goes_on
    })
    .await?;
    if is_stopped {
        return Ok(None);
    }
    copy.sha256 = digits(hash);
    copy.file = format!("service-usage-events-{}.ndjson", file_time());
    let blob = Blob::new_with_blob_sequence(&pages).map_err(|_| {
        Failure::from(FailureKind::Unreadable("The browser could not hold the copy.".to_owned()))
    })?;
    Ok(Some((copy, blob)))
}

/// Now, as it may stand in a file's name.
pub fn file_time() -> String {
    words::time(words::now()).replace(' ', "T").replace(':', "") + "Z"
}

#[derive(Clone, Debug, PartialEq)]
enum Making {
    Idle,
    Under(Progress),
    Made(KeptCopy),
    Failed(String),
}

/// The button that makes a copy, and what came of it.
#[component]
pub fn KeepCopy(session: Session) -> impl IntoView {
    let making = RwSignal::new(Making::Idle);
    let run = StoredValue::new(0_u64);
    let begin_anew = move || run.try_update_value(|run| std::mem::replace(run, *run + 1) + 1);
    on_cleanup(move || {
        begin_anew();
    });
    let start = move |_| {
        let Some(mine) = begin_anew() else { return };
        making.set(Making::Under(Progress { read: 0, total: 0 }));
        spawn_local(async move {
            let is_mine = move || run.try_get_value() == Some(mine);
            let made = make_copy(session.client, &|progress| {
                if !is_mine() {
                    return GoOn::No;
                }
                making.set(Making::Under(progress));
                GoOn::Yes
            })
            .await;
            if !is_mine() {
                return;
            }
            making.set(match made {
                Ok(Some((copy, blob))) => match save_file(&copy.file, &blob) {
                    Ok(()) => Making::Made(copy),
                    Err(_) => Making::Failed("The browser could not save the file.".to_owned()),
                },
                Ok(None) => Making::Idle,
                Err(failure) => {
                    if failure.kind == FailureKind::SignedOut {
                        session.expire();
                    }
                    Making::Failed(failure.title())
                }
            });
        });
    };
    let cancel = move |_| {
        begin_anew();
        making.set(Making::Idle);
    };
    let close = move || {
        view! {
            <button class="button button-icon" data-kind="quiet" aria-label="Close" on:click=cancel><Icon name=IconName::Close /></button>
        }
    };
    move || {
        match making.get() {
        Making::Idle => {
            let barred = session.access().and_then(|access| access.platform.barred_from_reading());
            view! { <button class="button" disabled=barred.is_some() title=barred on:click=start>"Keep a copy"</button> }.into_any()
        }
        Making::Under(progress) => view! {
            <span class="progress" role="status">
                <progress max=progress.total.max(1).to_string() value=progress.read.to_string() aria-label="Copying"></progress>
                {format!("Copied {} of {}", crate::display_text::count(progress.read as u64), words::events(progress.total))}
                <button class="button" data-kind="quiet" on:click=cancel>"Cancel"</button>
            </span>
        }
        .into_any(),
        Making::Made(copy) => view! {
            <div class="kept-copy" role="status">
                <strong>{format!("Saved {}", words::events(copy.events))}</strong>
                <span class="mono">{copy.file}</span>
                <span>"SHA-256 "<code data-testid="sha256">{copy.sha256}</code></span>
                {close()}
            </div>
        }
        .into_any(),
        Making::Failed(reason) => view! {
            <div class="kept-copy" role="alert">
                <strong>"No copy was saved"</strong>
                <span>{reason}</span>
                <button class="button" on:click=start>"Try again"</button>
                {close()}
            </div>
        }
        .into_any(),
    }
    }
}
