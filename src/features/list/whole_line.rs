//! How far all rows of a list have come in, how new they are, and what others have changed since.

use super::next_try::NextTry;
use super::paged_list::{ListSpec, PagedList};
use super::whole_rows::{LoadCommand, News, WholeProgress, choose_most_kept};
use crate::text::{count, second_utc};
use crate::ui::controls::{Icon, icon_of};
use crate::ui::part::part;
use grid_model::Tone;
use leptos::prelude::*;
use std::rc::Rc;

part! {
    /// It comes with what reads the rows.
    pub mod whole_line_part in whole_list: (progress: RwSignal<WholeProgress>, several: &'static str, command: Callback<LoadCommand>) => view! { <WholeLine progress=progress several=several command=command /> }
}

impl<Spec: ListSpec> PagedList<Spec> {
    /// The line of that, once all rows are read. `several`: what rows are called.
    pub fn whole_line(self: &Rc<Self>, several: &'static str) -> impl IntoView + use<Spec> {
        let (list, progress) = (StoredValue::new_local(Rc::clone(self)), self.pages.progress);
        let command = Callback::new(move |command| {
            if let Some(reader) = list.with_value(|list| list.pages.reader()) {
                reader.command(command);
            }
        });
        view! {
            <Show when=move || progress.with(|progress| *progress != WholeProgress::InSight)>
                {whole_line_part::view(progress, several, command)}
            </Show>
        }
    }
}

#[component]
fn WholeLine(
    progress: RwSignal<WholeProgress>,
    several: &'static str,
    command: Callback<LoadCommand>,
) -> impl IntoView {
    let button = move |words: &'static str, asks: LoadCommand| {
        view! { <button class="button" data-kind="quiet" on:click=move |_| command.run(asks)>{words}</button> }
    };
    let number = |rows: usize| count(rows as u64);
    let line = move || {
        match progress.get() {
        WholeProgress::InSight => ().into_any(),
        WholeProgress::TooLong { of, most } => view! {
            <span>{format!("More than {} {several}: read from the server as you scroll", number(most))}</span>
            <button class="button" data-kind="quiet" on:click=move |_| {
                choose_most_kept(of);
                command.run(LoadCommand::GoOn);
            }>{format!("Load all {}", number(of))}</button>
        }
        .into_any(),
        WholeProgress::Reading { read, of, per_second } => view! {
            <span class="progress">
                <progress max=of.to_string() prop:value=read.to_string() aria-label=format!("Loading all {several}")></progress>
                {reading_words(read, of, per_second)}
                {button("Stop", LoadCommand::Stop)}
            </span>
        }
        .into_any(),
        WholeProgress::Stopped { read, of } => view! {
            <span>{format!("Loading stopped at {} of {}", number(read), number(of))}</span>
            {button("Load the rest", LoadCommand::GoOn)}
        }
        .into_any(),
        WholeProgress::Failed { read, of, failure } => view! {
            <span class="badge" data-tone=Tone::Warn.name()>
                <Icon name=icon_of(Tone::Warn) />
                {format!("Loading stopped at {} of {}: {}", number(read), number(of), failure.title())}
            </span>
            <NextTry failure=failure again=Callback::new(move |()| command.run(LoadCommand::GoOn)) quiet=true />
        }
        .into_any(),
        WholeProgress::NotWhole => view! {
            <span>{format!("The {several} changed while they were loaded, so this list is read from the server as you scroll")}</span>
            {button("Load again", LoadCommand::GoOn)}
        }
        .into_any(),
        WholeProgress::Here { as_of, news } if news.is_none() => view! {
            <span data-as-of="">{format!("All loaded, as of {} UTC", second_utc(&as_of))}</span>
        }
        .into_any(),
        WholeProgress::Here { as_of, news } => view! {
            <span role="status" data-as-of="">{format!("{}, as of {} UTC", news_words(news), second_utc(&as_of))}</span>
            {button("Show", LoadCommand::ShowNews)}
        }
        .into_any(),
    }
    };
    view! { <span class="whole-line" data-testid="whole-line">{line}</span> }
}

fn reading_words(read: usize, of: usize, per_second: usize) -> String {
    let number = |rows: usize| count(rows as u64);
    let so_far = format!("Loading all: {} of {}", number(read), number(of));
    let left = of.saturating_sub(read).checked_div(per_second);
    match left {
        Some(0) | None => so_far,
        Some(1) => format!("{so_far}, {} a second, 1 second left", number(per_second)),
        Some(left) => format!("{so_far}, {} a second, {} seconds left", number(per_second), number(left)),
    }
}

/// Such as "12 new, 3 changed".
fn news_words(news: News) -> String {
    let kinds = [(news.added, "new"), (news.changed, "changed"), (news.gone, "gone")];
    let told = kinds.iter().filter(|(rows, _)| *rows > 0);
    told.map(|(rows, kind)| format!("{} {kind}", count(*rows as u64))).collect::<Vec<_>>().join(", ")
}
