//! What a new batch is given: number, name, description.

use chrono::Utc;
use leptos::prelude::*;
use rest_contract::oracle::action::Arguments;
use rest_contract::oracle::life_cycle::BatchType;
use rest_contract::{Value, is_blank};

#[derive(Clone, Copy)]
pub struct BatchFields {
    /// Chosen here and not by the server, so that after a lost answer it can be found again.
    pub number: RwSignal<String>,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    batch_type: RwSignal<&'static str>,
    /// The number that was proposed last.
    proposed: StoredValue<String>,
}

/// A batch number that nobody else is likely to choose: what kind of batch it is of, time, and two letters by
/// chance.
fn number_of_now(batch_type: BatchType) -> String {
    let prefix = match batch_type {
        BatchType::Rating => "UB",
        BatchType::Rerate => "RR",
        BatchType::ReverseReplace => "RV",
    };
    let now = Utc::now();
    let chance = u8::try_from(now.timestamp_subsec_millis() % 250).unwrap_or_default();
    format!("{prefix}-{}-{chance:02X}", now.format("%Y%m%d-%H%M%S"))
}

impl BatchFields {
    pub fn new(batch_type: BatchType) -> Self {
        let number = number_of_now(batch_type);
        Self {
            number: RwSignal::new(number.clone()),
            name: RwSignal::default(),
            description: RwSignal::default(),
            batch_type: RwSignal::new(batch_type.code()),
            proposed: StoredValue::new(number),
        }
    }

    /// The number goes with the type, unless a person has given it another one.
    pub fn set_type(self, batch_type: BatchType) {
        self.batch_type.set(batch_type.code());
        if self.number.get_untracked() == self.proposed.get_value() {
            self.proposed.set_value(number_of_now(batch_type));
            self.number.set(self.proposed.get_value());
        }
    }

    pub fn arguments(&self) -> Arguments {
        let text = |text: String| {
            if is_blank(&text) { Value::Null } else { Value::Text(text.trim().to_owned()) }
        };
        let all = [
            ("BatchNumber", text(self.number.get_untracked())),
            ("BatchName", text(self.name.get_untracked())),
            ("BatchDescription", text(self.description.get_untracked())),
            ("UsageType", Value::Text(self.batch_type.get_untracked().to_owned())),
        ];
        all.into_iter().filter(|(_, value)| *value != Value::Null).collect()
    }

    /// Number, name and description as inputs; `description` is what the last one is called.
    pub fn inputs(self, description: &'static str) -> impl IntoView {
        view! {
            <div class="fields">
                {input("batch-number", "Number", "120", self.number)}
                {input("batch-name", "Name", "300", self.name)}
                <div class="field" data-wide="">{self.description_input(description)}</div>
            </div>
        }
    }

    /// The description by itself.
    pub fn description_input(self, label: &'static str) -> impl IntoView {
        input("batch-description", label, "2000", self.description)
    }
}

fn input(id: &'static str, label: &'static str, max: &'static str, value: RwSignal<String>) -> impl IntoView {
    view! {
        <div class="field">
            <label class="label" for=id>{label}</label>
            <input class="input" id=id maxlength=max prop:value=value on:input:target=move |event| value.set(event.target().value()) />
        </div>
    }
}
