//! When instances ran: hours per organisation, space, plan, offering or instance, and how they are
//! spread over the period. It is a table whose last column is a picture, so the figures are there for
//! whoever does not see it.

use super::labels;
use super::list_query::ListQuery;
use super::organizations::Organizations;
use super::reading::Reading;
use super::source::UsageList;
use crate::api::System;
use crate::routes;
use crate::text::{count, shown_time};
use crate::ui::controls::{IconName, State, way_to};
use crate::ui::part::part;
use chrono::{NaiveDate, NaiveTime};
use leptos::prelude::*;
use rest_contract::cloud_foundry::{HourGroup, Pairing, UsageField, UsageTable, hours_by, parts_of};
use std::ops::Range;
use std::rc::Rc;

pub type Grouping = (&'static str, &'static str, UsageField, UsageField);

/// What intervals are grouped by: word in the address, words on the screen, the value, and the text
/// by which people know it.
pub const GROUPINGS: [Grouping; 5] = [
    ("plan", "Plan", UsageField::PlanGuid, UsageField::PlanName),
    ("offering", "Offering", UsageField::OfferingGuid, UsageField::OfferingName),
    ("space", "Space", UsageField::SpaceGuid, UsageField::SpaceName),
    ("organization", "Organisation", UsageField::OrganizationGuid, UsageField::OrganizationGuid),
    ("instance", "Instance", UsageField::InstanceGuid, UsageField::InstanceName),
];

/// Columns of the picture; the drawing is as many units wide.
const PARTS: usize = 120;
/// Units that the picture is high.
const HEIGHT: i64 = 24;
/// Rows shown at first, and by each press on the button for more.
const ROWS: usize = 60;

/// The grouping that is asked for, or the first one.
pub fn grouping_of(query: &ListQuery) -> Grouping {
    let [first, ..] = GROUPINGS;
    GROUPINGS.into_iter().find(|(word, ..)| *word == query.by).unwrap_or(first)
}

/// What is to be shown, worked out from every event at once.
struct Figures {
    /// When the oldest event was made.
    first: i64,
    period: Range<i64>,
    groups: Vec<HourGroup>,
    labels: Vec<(String, String)>,
    pictures: Vec<String>,
    seconds: i64,
    running: usize,
    odd: [usize; 3],
}

part! {
    /// All of it.
    pub mod intervals_part in usage_intervals: (list: StoredValue<Rc<UsageList>, LocalStorage>, query: Memo<ListQuery>) => view! { <Intervals list=list query=query /> }
}

#[component]
fn Intervals(list: StoredValue<Rc<UsageList>, LocalStorage>, query: Memo<ListQuery>) -> impl IntoView {
    let (reading, revision) = list.with_value(|list| (list.spec().reading, list.list.pages.revision));
    let is_whole = Memo::new(move |_| matches!(reading.get(), Reading::Whole(_)));
    // Intervals follow from every event together.
    Effect::new(move || list.with_value(|list| list.read_whole()));
    let shown = RwSignal::new(ROWS);
    Effect::new(move || {
        query.track();
        shown.set(ROWS);
    });
    // Pairing goes through every event; it is done again only when there are others.
    let pairing = StoredValue::new_local(Rc::new(Pairing::default()));
    let paired = Memo::new(move |_| {
        revision.track();
        if is_whole.get() {
            list.with_value(|list| pairing.set_value(Rc::new(Pairing::of(&list.events()))));
        }
        revision.get()
    });
    let body = move || {
        if !is_whole.get() {
            return view! { <p class="intervals-wait quiet" role="status">"Intervals follow from every event together. The bar below says how many are loaded."</p> }.into_any();
        }
        if list.with_value(|list| list.events().is_empty()) {
            return ().into_any();
        }
        paired.get();
        let (now, rows) = (query.get(), shown.get());
        let figures = list.with_value(|list| {
            let as_of = list
                .as_of()
                .unwrap_or_else(|| list.spec().session.client.now_at(System::CloudFoundry).timestamp());
            let wanted = list.wanted_instances();
            Figures::of(
                &list.events(),
                &pairing.get_value(),
                &now,
                wanted,
                rows,
                as_of,
                list.spec().organizations,
            )
        });
        if figures.groups.is_empty() {
            return view! {
                <State icon=IconName::Search title="No interval matches" text="No service ran in what these filters want.">
                    {way_to("Show all intervals", routes::USAGE_INTERVALS)}
                </State>
            }
            .into_any();
        }
        figures.view(&now, shown).into_any()
    };
    view! {
        <div class="intervals">{body}</div>
    }
}

fn midnight(day: NaiveDate) -> i64 {
    day.and_time(NaiveTime::MIN).and_utc().timestamp()
}

impl Figures {
    /// Of the events that are `wanted`; `as_of` is the last second of which the events tell.
    fn of(
        table: &UsageTable,
        pairing: &Pairing,
        query: &ListQuery,
        wanted: Option<Vec<bool>>,
        rows: usize,
        as_of: i64,
        organizations: Organizations,
    ) -> Self {
        let (.., by, label) = grouping_of(query);
        let first = (0..table.len()).map(|row| table.created_at(row)).min().unwrap_or_default();
        let start = query.first_day().map_or(first, midnight);
        // What has not happened yet is not counted.
        let end = query.day_after().map_or(i64::MAX, midnight).min(as_of).max(start);
        let period = start..end;
        let keep = |row: usize| wanted.as_ref().is_none_or(|wanted| wanted.get(row).is_some_and(|one| *one));
        let groups = hours_by(table, pairing, by, &period, &keep);
        let seconds = groups.iter().map(|group| group.seconds).sum();
        let running = groups.iter().map(|group| group.running).sum();
        let labels =
            groups.iter().take(rows).map(|group| names(table, group, by, label, organizations)).collect();
        let keys: Vec<&str> = groups.iter().take(rows).map(|group| group.key.as_str()).collect();
        let pictures = parts_of(table, pairing, by, &period, &keep, &keys, PARTS);
        let pictures = pictures.iter().map(|parts| outline(parts)).collect();
        let odd = [pairing.doubled_starts.len(), pairing.orphaned_stops.len(), pairing.unknown_states];
        Self { first, period, groups, labels, pictures, seconds, running, odd }
    }

    fn view(self, query: &ListQuery, shown: RwSignal<usize>) -> impl IntoView + use<> {
        let (_, heading, by, _) = grouping_of(query);
        let summary = format!(
            "{} of running time in {}, {} running at the end of the period. From {} to {} UTC.",
            labels::hours(self.seconds),
            labels::counted(self.groups.len(), &heading.to_lowercase()),
            count(self.running as u64),
            labels::shown_time(self.period.start),
            labels::shown_time(self.period.end),
        );
        let [doubled, orphaned, unknown] = self.odd;
        let oddities = [
            (doubled, labels::counted(doubled, "doubled start")),
            (orphaned, labels::counted(orphaned, "orphaned stop")),
            (unknown, format!("{} of an unknown state", labels::events(unknown))),
        ];
        let oddities: Vec<_> =
            oddities.into_iter().filter(|(number, _)| *number > 0).map(|(_, words)| words).collect();
        let more = self.groups.len().saturating_sub(self.labels.len());
        let is_instance = by == UsageField::InstanceGuid;
        let rows = self.groups.into_iter().zip(self.labels).zip(self.pictures).map(|((group, (name, note)), picture)| {
            // One step down: the instances of this group, or the events of this instance.
            let inner = ListQuery { by: "instance".to_owned(), ..query.clone() }.with(by, vec![group.key.clone()]);
            let path = if is_instance { routes::SERVICE_USAGE } else { routes::USAGE_INTERVALS };
            let link = (!group.key.is_empty()).then(|| format!("{path}{}", inner.write()));
            let spans = is_instance.then(|| {
                let end = if group.running > 0 { "running".to_owned() } else { labels::shown_time(group.span.end) };
                // What the period cuts off is not shown as a beginning.
                let start = match labels::shown_time(group.span.start) {
                    _ if group.span.start == self.period.start && self.period.start > self.first => "earlier".to_owned(),
                    start if group.starts_are_true => start,
                    start => format!("by {start}"),
                };
                view! { <td class="number">{start}</td><td class="number">{end}</td> }
            });
            let counts = (!is_instance).then(|| view! { <td class="number">{count(group.instances as u64)}</td><td class="number">{count(group.running as u64)}</td> });
            view! {
                <tr>
                    <th scope="row">{match link {
                        Some(link) => view! { <a href=link>{name}</a> }.into_any(),
                        None => name.into_any(),
                    }}<span class="quiet">{note}</span></th>
                    <td class="number">{labels::hours(group.seconds)}</td>
                    {counts}
                    {spans}
                    <td class="spread"><svg viewBox=format!("0 0 {PARTS} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true"><path d=picture></path></svg></td>
                </tr>
            }
        });
        let rows = rows.collect_view();
        let columns = if is_instance { ["Start (UTC)", "End (UTC)"] } else { ["Instances", "Running"] };
        let ends = [labels::time(self.period.start), labels::time(self.period.end)]
            .map(|time| shown_time(time.get(..10).unwrap_or_default()));
        let [first, last] = ends;
        let table = view! {
            <table class="hours">
                <caption>{summary}{(!oddities.is_empty()).then(|| format!(" Found and not counted: {}.", oddities.join(", ")))}</caption>
                <thead><tr>
                    <th scope="col">{heading}</th>
                    <th scope="col" class="number">"Hours (h:mm:ss)"</th>
                    {columns.map(|column| view! { <th scope="col" class="number">{column}</th> })}
                    <th scope="col" class="spread"><span>{first}</span><span>"Running over time"</span><span>{last}</span></th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        };
        view! {
            {table}
            {(more > 0).then(|| view! { <button class="button" on:click=move |_| shown.update(|rows| *rows += ROWS)>{format!("Show more of the other {}", count(more as u64))}</button> })}
        }
    }
}

/// What a group is called, and a quiet word that tells it from others of the same name.
fn names(
    table: &UsageTable,
    group: &HourGroup,
    by: UsageField,
    label: UsageField,
    organizations: Organizations,
) -> (String, String) {
    let text = |field| table.text(group.row, field).to_owned();
    if group.key.is_empty() {
        return ("None".to_owned(), "user-provided".to_owned());
    }
    let note = match by {
        UsageField::PlanGuid => text(UsageField::OfferingName),
        UsageField::InstanceGuid => {
            format!("{} in {}", text(UsageField::PlanName), text(UsageField::SpaceName))
        }
        UsageField::SpaceGuid => organizations.name(&text(UsageField::OrganizationGuid)),
        _ => String::new(),
    };
    let name = match by {
        UsageField::OrganizationGuid => organizations.name(&group.key),
        _ => text(label),
    };
    (if name.is_empty() { group.key.clone() } else { name }, note)
}

/// Bars that stand side by side, the highest as high as the picture.
fn outline(parts: &[i64]) -> String {
    let highest = parts.iter().copied().max().unwrap_or_default().max(1);
    let mut path = String::new();
    for (place, part) in parts.iter().enumerate().filter(|(_, part)| **part > 0) {
        // However little it is, it is seen.
        let height = (part * HEIGHT / highest).max(1);
        path.push_str(&format!("M{place} {HEIGHT}v-{height}h1v{height}z"));
    }
    path
}
