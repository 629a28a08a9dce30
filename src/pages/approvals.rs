//! Approvals: those that wait for the person, those that they asked for, and what became of the others.
//!
//! Not here: asking for one, which stands where the act is (`features::approvals`).

mod content;
mod decision;

use crate::api::{Failure, MOST_APPROVALS, RestClient};
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::approvals::{KnownRules, act_words};
use crate::features::help::{help_mark, topic};
use crate::features::list::FailureState;
use crate::features::page_head::PageHead;
use crate::routes;
use crate::text::{count, events, second_utc};
use crate::ui::controls::{Badge, Icon, IconName, State, way_to};
use crate::ui::part_styles::use_part_styles;
use content::ContentView;
use decision::{Decision, Withdrawal};
use grid_model::{Tone, visible};
use leptos::prelude::*;
use rest_contract::oracle::approval::{Act, Approval, ApprovalState};

/// The newest approvals, and all that wait for the person, however old they are.
#[derive(Clone, Debug, PartialEq)]
struct Listed {
    approvals: Vec<Approval>,
    /// Records that could not be read.
    unread: usize,
    waiting: Vec<String>,
    is_all: bool,
}

async fn list(client: RestClient) -> Result<Listed, Failure> {
    let mut records = client.approvals().await?;
    let is_all = records.len() < MOST_APPROVALS;
    let waiting = client.waiting_approvals().await?.approval_numbers;
    for number in &waiting {
        if !records.iter().any(|record| record.text("ApprovalNumber") == Some(number.as_str())) {
            records.push(client.approval(number).await?);
        }
    }
    let approvals: Vec<_> = records.iter().filter_map(Approval::of).collect();
    let unread = records.len() - approvals.len();
    Ok(Listed { approvals, unread, waiting, is_all })
}

#[component]
pub fn ApprovalsPage() -> impl IntoView {
    use_part_styles(include_str!("../../style/approvals.css"));
    let session = expect_context::<Session>();
    let rules = expect_context::<KnownRules>();
    rules.read(session);
    let listed = Fetched::new(session, async move || list(session.client).await).read_when(session, || ());
    let again = listed.again();
    let body = move || match (listed.found.get(), listed.failure.get()) {
        (None, Some(failure)) => view! { <FailureState failure=failure again=again /> }.into_any(),
        (None, None) => view! { <p class="quiet" role="status">"Reading approvals"</p> }.into_any(),
        (Some(found), _) => groups(session, &found, again),
    };
    let trouble = move || {
        let failure = listed.failure.get().filter(|_| listed.found.with_untracked(Option::is_some))?;
        Some(
            view! { <p class="form-error" role="alert"><Icon name=IconName::Alert /><span>{format!("This list is not up to date. {}. {}", failure.title(), failure.advice())}</span></p> },
        )
    };
    view! {
        <PageHead title="Approvals" />
        <div class="page-body approvals">
            <p class="approvals-top"><span class="quiet">"An approval is for one content and for one use. Any change of the content makes it void. "{help_mark(topic::APPROVAL, "approvals")}</span>
                <button class="button" data-kind="quiet" on:click=move |_| again.run(())><Icon name=IconName::Refresh />"Refresh"</button></p>
            {trouble}
            {body}
        </div>
    }
}

fn groups(session: Session, found: &Listed, again: Callback<()>) -> AnyView {
    let own = session.with_access(|access| access.map(|access| access.user.clone())).unwrap_or_default();
    let is_own = |one: &Approval| !own.is_empty() && one.asked_by_account.eq_ignore_ascii_case(&own);
    let is_waiting = |one: &Approval| found.waiting.contains(&one.number);
    let is_open = |one: &Approval| {
        matches!(one.state, ApprovalState::Requested | ApprovalState::Approved | ApprovalState::Stale)
    };
    let of = |wanted: &dyn Fn(&Approval) -> bool| {
        found.approvals.iter().filter(|one| wanted(one)).cloned().collect::<Vec<_>>()
    };
    let waiting = of(&is_waiting);
    let mine = of(&|one| is_own(one) && is_open(one) && !is_waiting(one));
    let others = of(&|one| !is_own(one) && is_open(one) && !is_waiting(one));
    let settled = of(&|one| !is_open(one));
    let unread = (found.unread > 0).then(
        || view! { <p class="form-error">{format!("{} could not be read.", count(found.unread as u64))}</p> },
    );
    let more = (!found.is_all).then(|| {
        view! { <p class="quiet">{format!("The newest {} are listed, and whatever waits for your approval.", count(MOST_APPROVALS as u64))}</p> }
    });
    let none = found.waiting.is_empty().then(|| {
        view! { <State icon=IconName::Check title="Nothing waits for your approval" text="Requests of your own, and those about records that you changed, wait for somebody else.">{way_to("Go to the batches", routes::BATCHES)}</State> }
    });
    view! {
        {unread}
        {none}
        {group(session, "Waiting for your approval", waiting, Kind::Waiting, again)}
        {group(session, "Asked for by you", mine, Kind::Own, again)}
        {group(session, "Waiting for others", others, Kind::Others, again)}
        {group(session, "Decided and used", settled, Kind::Settled, again)}
        {more}
    }
    .into_any()
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Waiting,
    Own,
    Others,
    Settled,
}

fn group(
    session: Session,
    title: &'static str,
    approvals: Vec<Approval>,
    kind: Kind,
    again: Callback<()>,
) -> Option<AnyView> {
    if approvals.is_empty() {
        return None;
    }
    let cards = approvals
        .into_iter()
        .map(|approval| view! { <li><Card session=session approval=approval kind=kind again=again /></li> });
    let cards: Vec<_> = cards.collect();
    Some(view! { <section class="approval-group" aria-label=title><h2>{title}</h2><ul class="approval-list">{cards}</ul></section> }.into_any())
}

#[component]
fn Card(session: Session, approval: Approval, kind: Kind, again: Callback<()>) -> impl IntoView {
    let is_open = RwSignal::new(false);
    let seen = RwSignal::new(None::<String>);
    let title = act_words(approval.act, approval.batch.as_deref().map(visible).as_deref());
    let label = title.clone();
    let home = match (approval.act, &approval.batch) {
        (Act::Purge, _) | (_, None) => routes::SERVICE_USAGE.to_owned(),
        (_, Some(batch)) => routes::batch(batch),
    };
    let size = events(usize::try_from(approval.event_count).unwrap_or_default());
    let facts = facts_of(&approval);
    let number = approval.number.clone();
    let content = {
        let (number, digest) = (approval.number.clone(), approval.digest.clone());
        move || {
            is_open.get().then(|| {
                view! { <ContentView session=session number=number.clone() digest=digest.clone() seen=seen /> }
            })
        }
    };
    let acts = match kind {
        Kind::Waiting => Some(
            view! { <Decision session=session number=approval.number.clone() seen=seen again=again /> }
                .into_any(),
        ),
        Kind::Own => Some(
            view! { <Withdrawal session=session number=approval.number.clone() again=again /> }.into_any(),
        ),
        Kind::Others | Kind::Settled => None,
    };
    let controls = format!("content-{number}");
    let id = controls.clone();
    view! {
        <article class="approval" aria-label=label>
            <header>
                <h3><a href=home>{title}</a></h3>
                <Badge tone=tone_of(approval.state) text=approval.state.words() />
                <span class="quiet">{size}</span>
            </header>
            <ul class="approval-facts">{facts}</ul>
            <button class="button" data-kind="quiet" aria-expanded=move || is_open.get().to_string() aria-controls=controls
                on:click=move |_| is_open.update(|open| *open = !*open)>
                {move || if is_open.get() { "Hide the content" } else { "Show the content" }}
            </button>
            <div id=id>{content}</div>
            {acts}
        </article>
    }
}

fn tone_of(state: ApprovalState) -> Tone {
    match state {
        ApprovalState::Requested => Tone::Info,
        ApprovalState::Approved | ApprovalState::Spent => Tone::Ok,
        ApprovalState::Refused => Tone::Bad,
        ApprovalState::Stale => Tone::Warn,
        ApprovalState::Withdrawn => Tone::Quiet,
    }
}

/// Who did what, when, and what they said.
fn facts_of(approval: &Approval) -> Vec<AnyView> {
    let at = |at: Option<chrono::DateTime<chrono::Utc>>| {
        at.map(|at| format!(" at {} UTC", second_utc(&at))).unwrap_or_default()
    };
    let said = |words: &Option<String>| {
        words.as_ref().map(|words| format!(": \u{201c}{}\u{201d}", visible(words))).unwrap_or_default()
    };
    let mut facts = vec![format!(
        "Asked for by {}{}{}",
        visible(&approval.asked_by),
        at(approval.asked_at),
        said(&approval.note)
    )];
    if let Some(by) = &approval.decided_by {
        let verb = if approval.reason.is_some() { "Refused" } else { "Approved" };
        facts.push(format!("{verb} by {}{}{}", visible(by), at(approval.decided_at), said(&approval.reason)));
    }
    if let Some(by) = &approval.acted_by {
        facts.push(format!("Used by {}{}", visible(by), at(approval.acted_at)));
    }
    if approval.state == ApprovalState::Stale {
        facts.push(
            "The content has changed since. It has to be asked for anew, where the step is taken.".to_owned(),
        );
    }
    facts.into_iter().map(|fact| view! { <li>{fact}</li> }.into_any()).collect()
}
