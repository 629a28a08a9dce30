//! The rules that batches keep: those of one batch to be read, those of all to be used again. They live
//! with the batches on the server, so that everybody finds them.

use crate::api::Failure;
use crate::data::fetched::Fetched;
use crate::data::session::Session;
use crate::features::list::{FailureLine, FetchedState};
use crate::features::rule_words::{decoded, group_words, taken_or_left};
use crate::routes;
use crate::text::second_utc;
use crate::ui::controls::{IconName, State, way_to};
use leptos::prelude::*;
use rest_contract::oracle::saved_rule::{SavedRule, saved_rules};
use rest_contract::oracle::selection_rule::SelectionRule;

/// Rules of older batches are not offered.
const BATCHES_ASKED: usize = 100;

/// A rule and the batch that keeps it.
#[derive(Clone, Debug, PartialEq)]
struct Offered {
    title: String,
    rule: SelectionRule,
}

async fn all_rules(session: Session) -> Result<Vec<Offered>, Failure> {
    let page = session.client.batches_with_rules("", BATCHES_ASKED).await?;
    let mut offered = Vec::new();
    for batch in &page.items {
        let number = batch.key().unwrap_or_default();
        for kept in saved_rules(batch.children("ruleBuilderConditions").unwrap_or_default(), decoded) {
            let name = if kept.name.is_empty() { "Without a name".to_owned() } else { kept.name };
            offered
                .extend(kept.rule.map(|rule| Offered { title: format!("{name} \u{2013} {number}"), rule }));
        }
    }
    Ok(offered)
}

/// A list of the rules of all batches; what is chosen is handed to `choose`.
#[component]
pub fn RuleChoice(session: Session, #[prop(into)] choose: Callback<SelectionRule>) -> impl IntoView {
    // Without the list a new rule can still be built.
    let offered = Fetched::new(session, async move || all_rules(session).await);
    offered.read();
    let choice = move || {
        let rules = offered.found.get().unwrap_or_default();
        (!rules.is_empty()).then(|| view! {
            <select class="input" aria-label="Use a saved rule" on:change:target=move |event| {
                let chosen = event.target().value().parse().ok().and_then(|at: usize| offered.found.with_untracked(|rules| rules.as_ref()?.get(at).cloned()));
                if let Some(chosen) = chosen {
                    choose.run(chosen.rule);
                }
            }>
                <option value="">"Use a saved rule\u{2026}"</option>
                {rules.into_iter().enumerate().map(|(at, one)| view! { <option value=at.to_string()>{one.title}</option> }).collect_view()}
            </select>
        })
    };
    view! {
        {choice}
        {move || offered.failure.get().map(|failure| view! { <FailureLine what="Saved rules" failure=failure again=offered.again() /> })}
    }
}

/// The rules by which events came into a batch. `changed` goes up when there may be more.
#[component]
pub fn BatchRules(session: Session, number: String, #[prop(into)] changed: Signal<u64>) -> impl IntoView {
    let number = StoredValue::new(number);
    let rules = Fetched::new(session, async move || {
        let number = number.try_get_value().unwrap_or_default();
        let page = session.client.batches_with_rules(&number, 1).await?;
        let conditions = page.items.first().and_then(|batch| batch.children("ruleBuilderConditions"));
        Ok(saved_rules(conditions.unwrap_or_default(), decoded))
    });
    let rules = rules.read_when(session, move || changed.track());
    let rule = move |kept: SavedRule| {
        let title = if kept.name.is_empty() { "Rule without a name".to_owned() } else { kept.name };
        let at = kept.at.map(|at| second_utc(&at)).unwrap_or_default();
        let tables = session.lookups.tables.get();
        let groups = kept.rule.map(|rule| rule.groups).unwrap_or_default();
        let conditions = kept.conditions.into_iter().enumerate().map(|(at, condition)| {
            let what = taken_or_left(condition.excludes);
            // A rule that was not built here has no words but its query.
            let words = groups.get(at).map(|group| group_words(group, &tables));
            view! { <li><span class="quiet">{what}</span><div>{words.map(|words| view! { <p>{words}</p> })}<code class="quiet">{condition.q}</code></div></li> }
        });
        let label = title.clone();
        view! {
            <article class="kept-rule" aria-label=label>
                <header><h3>{title}</h3><span class="quiet">{format!("{at} UTC by {}", kept.by)}</span></header>
                <ul>{conditions.collect_view()}</ul>
            </article>
        }
    };
    let body = move |rules: Vec<SavedRule>| {
        if rules.is_empty() {
            return view! {
                <State icon=IconName::Search title="No rules" text="Nothing was added to this batch by a rule. A re-rating or a reversal batch takes events by rules as long as it is in Draft; each rule is kept here with its name, who used it and when.">
                    {way_to("Show the events of this batch", number.with_value(|number| routes::batch(number)))}
                </State>
            }
            .into_any();
        }
        rules.into_iter().map(rule).collect_view().into_any()
    };
    view! { <section class="triage" aria-label="Rules"><FetchedState fetched=rules reading="Reading the rules" body=body /></section> }
}
