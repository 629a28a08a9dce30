//! The two ends of a range: as this reader types numbers and times, and what is understood of them.

use crate::text::with_notation;
use leptos::prelude::*;
use rest_contract::oracle::field_condition::{FieldCondition, RangeFault};
use rest_contract::{Field, Kind};

#[derive(Clone, Copy)]
pub struct RangeFields {
    field: &'static Field,
    from: RwSignal<String>,
    to: RwSignal<String>,
    fault: RwSignal<RangeFault>,
}

impl RangeFields {
    pub fn new(field: &'static Field, asked: Option<&FieldCondition>) -> Self {
        let ends = asked.map(|asked| with_notation(|notation| asked.ends_to_type(field, notation)));
        let (from, to) = ends.unwrap_or_default();
        Self { field, from: RwSignal::new(from), to: RwSignal::new(to), fault: RwSignal::default() }
    }

    /// What is typed; an error stands at its field.
    pub fn condition(self) -> Result<Option<FieldCondition>, ()> {
        let (from, to) = (self.from.get_untracked(), self.to.get_untracked());
        let range = with_notation(|notation| FieldCondition::typed_range(self.field, &from, &to, notation));
        range.map_err(|fault| self.fault.set(fault))
    }

    pub fn view(self) -> AnyView {
        let is_time = self.field.kind == Kind::DateTime;
        view! {
            {self.end("From", self.from, false, |fault| fault.from.clone())}
            {self.end("To", self.to, true, |fault| fault.to.clone())}
            <p class="field-note">{if is_time { "Both ends count, in UTC. A day is all of it." } else { "Both ends count." }}</p>
        }
        .into_any()
    }

    fn end(
        self,
        words: &'static str,
        typed: RwSignal<String>,
        is_upper: bool,
        of: fn(&RangeFault) -> Option<String>,
    ) -> AnyView {
        let field = self.field;
        let is_time = field.kind == Kind::DateTime;
        let fault = move || self.fault.with(of);
        let echo = move || {
            typed.with(|typed| {
                with_notation(|notation| FieldCondition::echo_of_end(field, is_upper, typed, notation))
            })
        };
        let note = format!("range-{words}");
        view! {
            <div>
                <label class="label" for=format!("range-end-{words}")>{words}</label>
                <input class="input" type="text" id=format!("range-end-{words}") aria-describedby=note.clone()
                    data-kind=(!is_time).then_some("number") inputmode=(!is_time).then_some("decimal")
                    placeholder=is_time.then_some("2026-10-31, or 2026-10-31 14:05")
                    aria-invalid=move || fault().map(|_| "true")
                    prop:value=typed
                    on:input:target=move |event| {
                        typed.set(event.target().value());
                        self.fault.set(RangeFault::default());
                    } />
                <div id=note>
                    {move || match fault() {
                        Some(words) => Some(view! { <p class="form-error" role="alert">{words}</p> }.into_any()),
                        None => echo().map(|echo| view! { <p class="field-note" data-testid="understood">{echo}</p> }.into_any()),
                    }}
                </div>
            </div>
        }
        .into_any()
    }
}
