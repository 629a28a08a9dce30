//! A copy of every event to keep: one event a line, as the platform sent it, counted and hashed on
//! the way, and given to the browser as a file.
//!
//! The hash is taken page by page by a crate of some kilobytes: the browser's own digest takes only
//! whole buffers, and the copy of a large platform would have to be held in memory for it.

use super::every_event::{GoOn, Progress, read_every_event};
use super::labels;
use crate::api::{Failure, FailureKind, RestClient, System};
use crate::data::latest::{Latest, Run};
use crate::data::session::Session;
use crate::ui::controls::{Icon, IconName, save_file};
use js_sys::{Array, Uint8Array};
use leptos::prelude::*;
use rest_contract::cloud_foundry::{EventReading, NewestEvent, SavedCopy};
use sha2::{Digest, Sha256};
use web_sys::Blob;

/// A hash in hexadecimal digits.
pub fn digits(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A copy of every event, as it is in the browser's memory.
pub struct CopyMade {
    pub copy: SavedCopy,
    pub file: Blob,
    /// How many of its events could not be read. They are in the file as they came.
    pub unread: usize,
}

/// Reads everything; `progress` is told how far, and says whether to go on. None where it was stopped.
pub async fn make_copy(
    client: RestClient,
    progress: &dyn Fn(Progress) -> GoOn,
) -> Result<Option<CopyMade>, Failure> {
    let not_held = || {
        let words = "The browser could not hold the copy.".to_owned();
        Failure::new(System::CloudFoundry, FailureKind::Unreadable(words))
    };
    let pages = Array::new();
    let mut hash = Sha256::new();
    let mut copy =
        SavedCopy { file: String::new(), events: 0, sha256: String::new(), newest: None, newest_at: None };
    let (mut is_stopped, mut is_whole, mut unread) = (false, true, 0);
    read_every_event(client, EventReading::default(), &mut |page| {
        let mut lines = Vec::new();
        for json in &page.sent.events {
            // Line ends can only stand between the event's members, where a blank says the same.
            lines.extend(json.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { byte }));
            lines.push(b'\n');
        }
        hash.update(&lines);
        // As a blob, a page can leave the page's memory for the browser's disk.
        match Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(lines.as_slice()))) {
            Ok(blob) => {
                pages.push(&blob);
            }
            // A copy that lacks a page is none.
            Err(_) => {
                is_whole = false;
                return GoOn::No;
            }
        }
        copy.events += page.events.len();
        unread += page.events.iter().filter(|event| event.fault().is_some()).count();
        let mut read = page.events.iter().filter(|event| event.fault().is_none());
        copy.newest_at = copy.newest_at.max(read.clone().map(|event| event.created_at).max());
        if let Some(last) = read.next_back() {
            copy.newest = Some(NewestEvent { guid: last.guid.clone(), created_at: last.created_at });
        }
        let goes_on = progress(page.progress);
        is_stopped |= goes_on == GoOn::No;
        goes_on
    })
    .await?;
    if is_stopped {
        return Ok(None);
    }
    if !is_whole {
        return Err(not_held());
    }
    copy.sha256 = digits(hash);
    copy.file = format!("service-usage-events-{}.ndjson", file_time());
    let file = Blob::new_with_blob_sequence(&pages).map_err(|_| not_held())?;
    Ok(Some(CopyMade { copy, file, unread }))
}

/// Now, as it may stand in a file's name.
pub fn file_time() -> String {
    labels::time(labels::now()).replace(' ', "T").replace(':', "") + "Z"
}

#[derive(Clone, Debug, PartialEq)]
enum Making {
    Idle,
    Under(Progress),
    Made(SavedCopy),
    Failed(String),
}

/// The button that makes a copy, and what came of it.
#[component]
pub fn SaveCopy(session: Session) -> impl IntoView {
    let making = RwSignal::new(Making::Idle);
    let latest = Latest::new(session);
    let start = move |_| {
        making.set(Making::Under(Progress { read: 0, total: 0 }));
        let make = async move |run: Run| {
            make_copy(session.client, &|progress| {
                if !run.is_current() {
                    return GoOn::No;
                }
                making.set(Making::Under(progress));
                GoOn::Yes
            })
            .await
        };
        latest.start(make, move |made| {
            making.set(match made {
                Ok(Some(CopyMade { copy, file, .. })) => match save_file(&copy.file, &file) {
                    Ok(()) => Making::Made(copy),
                    Err(_) => Making::Failed("The browser could not save the file.".to_owned()),
                },
                Ok(None) => Making::Idle,
                Err(failure) => Making::Failed(failure.title()),
            });
        });
    };
    let cancel = move |_| {
        latest.stop();
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
            let blocked = session.access().and_then(|access| access.platform.blocked_from_reading());
            view! { <button class="button" disabled=blocked.is_some() title=blocked on:click=start>"Export copy"</button> }.into_any()
        }
        Making::Under(progress) => view! {
            <span class="progress" role="status">
                <progress max=progress.total.max(1).to_string() value=progress.read.to_string() aria-label="Copying"></progress>
                {format!("Copied {} of {}", crate::text::count(progress.read as u64), labels::events(progress.total))}
                <button class="button" data-kind="quiet" on:click=cancel>"Cancel"</button>
            </span>
        }
        .into_any(),
        Making::Made(copy) => view! {
            <div class="kept-copy" role="status">
                <strong>{format!("Saved {}", labels::events(copy.events))}</strong>
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
