//! One base bucket beside the list: its fields, until when it is in use, what it covers, its end.

use super::deletion::{Deleted, Deletion, was_deleted};
use super::details::DetailRows;
use super::page::OpenBuckets;
use super::retirement::Life;
use crate::api::{Failure, RecordKey, content_of, fields_of};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::FetchedState;
use crate::features::record_panel::{ConflictCards, RecordField};
use crate::routes::{self, PathPart, use_path_part};
use crate::ui::controls::{Badge, IconName, Notice, State, way_to};
use crate::ui::drawer::{Drawer, DrawerWays};
use crate::ui::grid::GridSource;
use grid_model::Tone;
use leptos::prelude::*;
use rest_contract::logisense::details_of;
use rest_contract::{Record, Value};
use std::sync::Arc;

/// The drawer at its own address, over the list.
#[component]
pub fn BucketDrawerRoute() -> impl IntoView {
    let identity = use_path_part("id", PathPart::Last);
    move || {
        match identity.get().parse::<i64>() {
        Ok(identity) => view! { <BucketDrawer identity=identity /> }.into_any(),
        Err(_) => view! {
            <aside class="drawer" aria-label="Base bucket">
                <div class="drawer-body"><State icon=IconName::Search title="There is no such base bucket" text="The address is mistyped or out of date.">{way_to("Go to the base buckets", routes::BASE_BUCKETS)}</State></div>
            </aside>
        }
        .into_any(),
    }
    }
}

#[component]
fn BucketDrawer(identity: i64) -> impl IntoView {
    let session = expect_context::<Session>();
    let OpenBuckets(list) = expect_context::<OpenBuckets>();
    let sync = session.sync;
    let key = RecordKey::bucket(identity);
    let rows = RwSignal::new(Arc::from([]));
    let own = StoredValue::new(key.clone());
    // The page may be left before the answer comes, and its signals with it.
    let bucket = Fetched::new(session, async move || {
        let read = read_bucket(session, identity).await?;
        own.try_with_value(|key| list.try_with_value(|list| list.knows_details(key, read.len())));
        // Drawing the parts anew would end what is being typed, so only where they differ.
        rows.try_maybe_update(|before| (std::mem::replace(before, read.clone()) != read, ()));
        Ok(())
    });
    let bucket = bucket.read_when(session, move || sync.actions_done.track());
    // Held only once they are known, or the store would read them a second time.
    Effect::new(move || {
        if bucket.found.get().is_some() {
            sync.hold(own.get_value());
            rows.with(|rows| rows.iter().for_each(|row| sync.hold(row.clone())));
        }
    });
    let ways = DrawerWays::over_list(routes::BASE_BUCKETS.to_owned(), move |by| {
        let next = list.with_value(|list| {
            let index = own.with_value(|key| list.list.row_of_key(&key.path))?.checked_add_signed(by)?;
            list.list.pages.with_row(index, |row| row.key.identity()).flatten()
        });
        next.map(routes::base_bucket)
    });
    let name = Memo::new(move |_| {
        sync.revision.track();
        own.with_value(|key| sync.with_view(key, |view| view?.shown(&"name")?.as_text().map(str::to_owned)))
    });
    let title = move || name.get().unwrap_or_else(|| format!("Base bucket {identity}"));
    let is_deleted = Memo::new(move |_| {
        sync.log_revision.track();
        own.with_value(|key| was_deleted(&session, key))
    });
    let badge = move || {
        sync.revision.track();
        let retired = own.with_value(|key| sync.with_view(key, |view| view?.shown(&"retired").cloned()))?;
        let (tone, text) = if is_deleted.get() {
            (Tone::Quiet, "Deleted")
        } else if retired == Value::Boolean(true) {
            (Tone::Quiet, "Retired")
        } else {
            (Tone::Ok, "Active")
        };
        Some(view! { <Badge tone=tone text=text /> })
    };
    let body = move || {
        if is_deleted.get() {
            return view! { <Deleted session=session key=key.clone() /> }.into_any();
        }
        let key = key.clone();
        let body = move |()| view! { <Bucket session=session key=key.clone() rows=rows /> }.into_any();
        view! { <FetchedState fetched=bucket reading="Reading the base bucket" body=body /> }.into_any()
    };
    view! {
        <Drawer kind="base bucket" label=Signal::derive(move || format!("Base bucket {}", title())) title=Signal::derive(title) ways=ways badge=badge>
            {body}
        </Drawer>
    }
}

#[component]
fn Bucket(session: Session, key: RecordKey, rows: RwSignal<Arc<[RecordKey]>>) -> impl IntoView {
    let retiring = RwSignal::new(false);
    let own = StoredValue::new(key.clone());
    let notice = move || {
        session.sync.revision.track();
        session.state.track();
        let blocked = session.blocked_from_buckets();
        let is_retired = own.with_value(|key| {
            session.sync.with_view(key, |view| {
                view.is_some_and(|view| view.shown(&"retired") == Some(&Value::Boolean(true)))
            })
        });
        let text = blocked.or_else(|| {
            is_retired
                .then_some("This base bucket is retired. Bring it back before you change anything of it.")
        });
        text.map(|text| view! { <Notice tone=Tone::Info icon=IconName::Lock title="Read only" text=text /> })
    };
    let field = |name: &'static &'static str| {
        view! { <RecordField session=session event=key.clone() key=key.clone() name=name /> }
    };
    view! {
        {notice}
        <ConflictCards session=session event=key.clone() charges=rows />
        <section data-section="fields">
            <h3>"Base bucket"</h3>
            <div class="fields">
                {field(&"name")}
                {field(&"usageBucketBaseUnitId")}
                {field(&"start")}
                {field(&"ownerName")}
                {field(&"identity")}
            </div>
        </section>
        <Life session=session key=key.clone() retiring=retiring />
        <DetailRows session=session bucket=key.clone() rows=rows />
        <Deletion session=session key=key retiring=retiring />
    }
}

/// Reads the bucket with its rows, hands both to the store and gives the keys of the rows.
async fn read_bucket(session: Session, identity: i64) -> Result<Arc<[RecordKey]>, Failure> {
    let sync = session.sync;
    let stamp = sync.stamp();
    let bucket = session.client.read_bucket(identity).await?;
    sync.item_read(RecordKey::bucket(identity), stamp, content_of(&bucket), fields_of(&bucket));
    let take = |row: &Record| {
        let key = RecordKey::bucket_detail(row.get("identity")?.as_integer()?);
        sync.item_read(key.clone(), stamp, content_of(row), fields_of(row));
        Some(key)
    };
    Ok(details_of(&bucket).iter().filter_map(take).collect())
}
