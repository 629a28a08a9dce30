//! One comparison of a rule: a field, an operator, a value, and what is understood of it.

use crate::data::lookups::Lookups;
use crate::text::with_notation;
use crate::ui::controls::{Icon, IconName};
use leptos::html;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::selection_rule::{Comparison, Operator, RuleFault, SelectionRule};
use rest_contract::{Access, Field, Kind};

/// The fields that a rule can compare: those a person knows, by their titles.
fn comparable() -> Vec<&'static Field> {
    let fields = EVENT.fields.iter();
    let mut fields: Vec<_> =
        fields.filter(|field| field.access != Access::Version && field.kind != Kind::Boolean).collect();
    fields.sort_by_key(|field| field.title);
    fields
}

/// What is taken away hands the focus to the button that adds another.
pub(super) fn focus_on(button: NodeRef<html::Button>) {
    if let Some(button) = button.get_untracked() {
        let _ = button.focus();
    }
}

#[component]
pub fn RuleRow(
    lookups: Lookups,
    rule: RwSignal<SelectionRule>,
    fault: RwSignal<Option<RuleFault>>,
    group: usize,
    at: usize,
    /// Adds a comparison.
    another: NodeRef<html::Button>,
) -> impl IntoView {
    let comparison = Memo::new(move |_| {
        rule.with(|rule| rule.groups.get(group).and_then(|group| group.comparisons.get(at)).cloned())
    });
    let is_one_of_several = Memo::new(move |_| {
        rule.with(|rule| rule.groups.get(group).is_some_and(|group| group.comparisons.len() > 1))
    });
    let edit = move |change: &dyn Fn(&mut Comparison)| {
        rule.update(|rule| {
            let found = rule.groups.get_mut(group).and_then(|group| group.comparisons.get_mut(at));
            if let Some(comparison) = found {
                change(comparison);
            }
        });
    };
    let field = Memo::new(move |_| {
        comparison.get().and_then(|comparison| EVENT.field(&comparison.field)).map(|field| field.name)
    });
    let schema = move || field.get().and_then(|name| EVENT.field(name));
    let operator = Memo::new(move |_| comparison.get().map(|comparison| comparison.operator));
    let wrong = move || {
        fault.get().filter(|fault| {
            fault.group == group
                && fault.comparison == Some(at)
                && fault.text != "Type a value to compare with."
        })
    };
    let operators = move || {
        schema().map(|field| {
        Operator::for_kind(field.kind).map(|one| view! { <option value=one.name() selected=move || operator.get() == Some(one)>{one.words(field.kind)}</option> }).collect_view()
    })
    };
    let value = move || {
        comparison.with(|comparison| {
            comparison.as_ref().map(|comparison| comparison.value.clone()).unwrap_or_default()
        })
    };
    let echo =
        move || comparison.with(|comparison| with_notation(|notation| comparison.as_ref()?.echo(notation)));
    let placeholder = move || match schema()?.kind {
        Kind::DateTime => Some("2026-10-31, or 2026-10-31 14:05 (UTC)"),
        Kind::Text if operator.get() == Some(Operator::OneOf) => Some("one, two, \"three, with a comma\""),
        _ => None,
    };
    let list = format!("rule-values-{group}-{at}");
    let choices = {
        let list = list.clone();
        move || {
            let tables = lookups.tables.get();
            let codes = schema()
                .and_then(|field| field.lookup)
                .map(|lookup| tables.list(lookup).to_vec())
                .unwrap_or_default();
            view! { <datalist id=list.clone()>{codes.into_iter().map(|code| view! { <option value=code.code>{code.meaning}</option> }).collect_view()}</datalist> }
        }
    };
    view! {
        <div class="rule-row">
            <select class="input" aria-label="Field" on:change:target=move |event| {
                let name = event.target().value();
                edit(&|comparison| {
                    comparison.field.clone_from(&name);
                    comparison.operator = Operator::Is;
                    comparison.value.clear();
                });
            }>
                {comparable().into_iter().map(|one| view! { <option value=one.name selected=move || field.get() == Some(one.name)>{one.title}</option> }).collect_view()}
            </select>
            <select class="input" aria-label="Comparison" on:change:target=move |event| {
                if let Some(operator) = Operator::named(&event.target().value()) {
                    edit(&|comparison| comparison.operator = operator);
                }
            }>{operators}</select>
            <Show when=move || operator.get().is_some_and(Operator::takes_value)>
                <input class="input" aria-label="Value" list=list.clone() placeholder=placeholder prop:value=value on:input:target=move |event| {
                    let typed = event.target().value();
                    edit(&|comparison| comparison.value.clone_from(&typed));
                } />
            </Show>
            // A group compares something: its only comparison is changed, not removed.
            <Show when=move || is_one_of_several.get()>
                <button class="button button-icon" data-kind="quiet" aria-label="Remove the comparison" on:click=move |_| {
                    focus_on(another);
                    rule.update(|rule| {
                        if let Some(group) = rule.groups.get_mut(group) {
                            group.comparisons.remove(at);
                        }
                    });
                }><Icon name=IconName::Close /></button>
            </Show>
            {choices}
            {move || match wrong() {
                Some(fault) => Some(view! { <p class="form-error" role="alert">{fault.text}</p> }.into_any()),
                None => echo().map(|echo| view! { <p class="field-note" data-testid="understood">{echo}</p> }.into_any()),
            }}
        </div>
    }
}
