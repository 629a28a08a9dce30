//! The errors of a batch by cause: how many events, what they are worth, what to do
//! about it, and the way to correct all that have the same fault.
//!
//! Not here: how events are put together (`rest_contract::oracle::error_groups`), and correcting them
//! (`features::correction`).

mod cause_card;
mod next_step;
mod worth_lines;

use crate::data::lookups::EVENT_STATUS;
use crate::data::session::Session;
use crate::features::correction::{BulkCorrection, Correcting};
use crate::features::selection::{Collecting, ReadingProgress, ReadingState, Selected};
use crate::text::{StatusClass, class_of, events};
use crate::ui::controls::{IconName, State, way_to};
use cause_card::CauseCard;
use grid_model::Tone;
use leptos::prelude::*;
use next_step::{correcting_cause, correcting_group};
use rest_contract::oracle::error_groups::{AtFault, ErrorGroups};
use rest_contract::oracle::life_cycle::EventAction;
use rest_contract::oracle::one_of;
use std::collections::VecDeque;
use std::sync::Arc;
use worth_lines::{WorthLines, WorthTable};

/// Whole events with what hangs on them: the message names the value at fault.
const SHAPE: &str = "fields=EventNumber,EventStatus,EventType,EventRatingType,Error,ServiceId,BatchNumber,CurrencyCode,SubscriptionProductPuid,EventStartTime,EventEndTime,LeEventStartDate,UsageQuantity,UsageUnitOfMeasure,ReportedUsageQuantity,ReportedUsageUnitOfMeasure,FileName;usageCharges:AllowanceAmount,BilledAmount,ChargeCurrency,UsageChargePuid;usageMessages:UsageMessageId,MessageName,MessageType,MessageText,AdditionalMessageText,MessageUserDetails,TranslatedMessageText&onlyData=true";

/// Causes that are still to be corrected.
#[derive(Clone, Debug, Default)]
struct Queue {
    keys: VecDeque<String>,
    groups: Arc<ErrorGroups>,
}

/// What the person wants to correct: a cause, or one value of it.
pub type Wanted = (String, Option<Option<AtFault>>);

/// `batch` is the number of the batch, `home` the address of the list of its events. `changed` goes up when they should be read again.
#[component]
pub fn ErrorTriage(
    session: Session,
    batch: String,
    home: String,
    #[prop(into)] changed: Signal<u64>,
) -> impl IntoView {
    session.lookups.want_rates();
    let reading = Collecting::<ErrorGroups>::new(session);
    // The rates come first, or the first figures would be of fewer events than the last.
    let is_priced = Memo::new(move |_| session.lookups.rates.book.with(Option::is_some));
    let batch = StoredValue::new(batch);
    let whole = move || {
        let tables = session.lookups.tables.get_untracked();
        let listed = tables.list(EVENT_STATUS).iter().map(|entry| entry.code.clone());
        let mut codes: Vec<String> = listed.filter(|code| class_of(code) == StatusClass::Error).collect();
        if codes.is_empty() {
            codes.extend(StatusClass::Error.codes().map(str::to_owned));
        }
        Selected::all(Some(batch.get_value()), one_of("EventStatus", &codes), EventAction::Change)
    };
    let read = Callback::new(move |()| {
        let Some(book) = session.lookups.rates.book.get_untracked() else { return };
        let tables = session.lookups.tables.get_untracked();
        reading.start(whole(), SHAPE, async move |groups, events| {
            let told = |key: &str| {
                let text = tables.meaning(rest_contract::Lookup::ErrorKey, key);
                (text != key).then(|| (text.to_owned(), String::new()))
            };
            events.iter().for_each(|event| groups.add(event, &book, told));
            Ok(())
        });
    });
    // Read again once everything that was proposed is settled: the errors may be fewer.
    let settled = Memo::new(move |_| session.sync.summary.get().unfinished() == 0);
    Effect::new(move || {
        changed.track();
        session.renewed.track();
        if is_priced.get() && settled.get() {
            read.run(());
        }
    });
    let correcting = RwSignal::new(None::<Correcting>);
    // The causes that come next, as they were when the first one was taken up.
    let queue = StoredValue::new(Queue::default());
    let take_up_next = move || {
        let taken = queue.try_update_value(|queue| {
            let key = queue.keys.pop_front()?;
            correcting_cause(&queue.groups, whole(), &key, queue.keys.front().map(String::as_str))
        });
        correcting.set(taken.flatten());
    };
    let take_up = move |(key, group): Wanted| {
        let groups = reading.found.get_untracked();
        match group {
            Some(fault) => correcting.set(correcting_group(&groups, whole(), &key, fault.as_ref())),
            None => {
                let ranked = groups.ranked().into_iter().map(|(key, _)| key.to_owned());
                let keys = ranked.skip_while(|one| *one != key).collect();
                queue.set_value(Queue { keys, groups });
                take_up_next();
            }
        }
    };
    let go_on = Callback::new(move |()| take_up_next());
    let causes = Memo::new(move |_| {
        reading.found.with(|groups| {
            let ranked = groups.ranked().into_iter();
            ranked.map(|(key, cause)| (key.to_owned(), cause.clone())).collect::<Vec<_>>()
        })
    });
    let most = Memo::new(move |_| {
        causes.with(|causes| causes.iter().map(|(_, cause)| cause.count()).max().unwrap_or(1))
    });
    let home = StoredValue::new(home);
    let head =
        move || {
            let groups = reading.found.get();
            let words = match causes.with(Vec::len) {
                1 => "1 cause".to_owned(),
                number => format!("{number} causes"),
            };
            (groups.events > 0).then(|| view! {
            <header class="triage-head">
                <h2 data-testid="in-error">{format!("{} in error, {words}", events(groups.events))}</h2>
                <WorthTable worth=groups.worth() />
            </header>
        })
        };
    let nothing = move || {
        (reading.state.get() == ReadingState::Done && reading.found.with(|groups| groups.events == 0)).then(|| view! {
            <State icon=IconName::Check tone=Tone::Ok title="No event is in error" text="All rated events succeeded. Events still waiting have no error so far.">
                {way_to("Show the events of this batch", home.get_value())}
            </State>
        })
    };
    view! {
        <section class="triage" aria-label="Errors by cause" tabindex="-1">
            <ReadingProgress state=reading.state stop=Callback::new(move |()| reading.stop()) again=read />
            {move || (reading.state.get() == ReadingState::Idle && reading.found.with(|groups| groups.events > 0)).then(|| view! {
                <p class="progress"><strong>"Stopped: not all errors are shown. "</strong><button class="button" on:click=move |_| read.run(())>"Read all"</button></p>
            })}
            {head}
            {nothing}
            <For each=move || causes.get() key=|(key, cause)| (key.clone(), cause.count(), cause.groups.len()) let:entry>
                <CauseCard session=session name=entry.0 cause=entry.1 most=most home=home.get_value() take_up=Callback::new(take_up) />
            </For>
        </section>
        <BulkCorrection session=session correcting=correcting go_on=go_on />
    }
}
