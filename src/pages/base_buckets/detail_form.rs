//! The form of one row that scopes a base bucket: a usage class, a place, and whether they are left
//! out.

use crate::data::lookups::LookupTables;
use crate::data::session::Session;
use crate::data::sync::FieldName;
use crate::ui::controls::{Icon, IconName};
use leptos::prelude::*;
use record_store::Fields;
use rest_contract::logisense::{LOCATION_GROUPS, LOCATIONS, USAGE_CLASSES};
use rest_contract::{Lookup, Value};

/// What the form holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowText {
    pub class: String,
    /// `l` or `g` and an identity: a location or a group of them.
    pub place: String,
    pub exclude: bool,
}

impl RowText {
    /// What a row says, as the form holds it.
    pub fn of<'a>(value: impl Fn(FieldName) -> Option<&'a Value>) -> Self {
        let number = |name: FieldName| value(name).and_then(Value::as_integer);
        let place = match (number("geoTreeLocationId"), number("geoTreeLocationGroupId")) {
            (Some(location), _) => format!("l{location}"),
            (None, Some(group)) => format!("g{group}"),
            (None, None) => String::new(),
        };
        Self {
            class: number("usageClassId").map(|number| number.to_string()).unwrap_or_default(),
            place,
            exclude: value("exclude") == Some(&Value::Boolean(true)),
        }
    }

    /// The fields that it stands for.
    pub fn fields(&self) -> Result<Fields<FieldName, Value>, String> {
        if self.class.is_empty() && self.place.is_empty() {
            return Err("Choose a usage class, a place, or both.".to_owned());
        }
        let number =
            |text: Option<&str>| text.and_then(|text| text.parse().ok()).map_or(Value::Null, Value::Integer);
        Ok(Fields::from([
            ("usageClassId", number(Some(&self.class))),
            ("geoTreeLocationId", number(self.place.strip_prefix('l'))),
            ("geoTreeLocationGroupId", number(self.place.strip_prefix('g'))),
            ("exclude", Value::Boolean(self.exclude)),
        ]))
    }

    /// The row in words: `Voice in Nordics`.
    pub fn words(&self, tables: &LookupTables) -> String {
        let class = (!self.class.is_empty()).then(|| tables.meaning(USAGE_CLASSES, &self.class));
        let location = self.place.strip_prefix('l').map(|code| tables.meaning(LOCATIONS, code));
        let group = self.place.strip_prefix('g').map(|code| tables.meaning(LOCATION_GROUPS, code));
        match (class, location.or(group)) {
            (Some(class), Some(place)) => format!("{class} in {place}"),
            (Some(class), None) => format!("{class}, everywhere"),
            (None, Some(place)) => format!("Every class in {place}"),
            (None, None) => "Everything".to_owned(),
        }
    }
}

#[component]
pub fn DetailForm(
    session: Session,
    /// Tells the form's fields apart from those of another row.
    id: String,
    initial: RowText,
    send_words: &'static str,
    /// Says what bars the row, or takes it.
    send: impl Fn(RowText) -> Result<(), String> + Copy + Send + Sync + 'static,
    close: impl Fn() + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let text = RwSignal::new(initial);
    let problem = RwSignal::new(None::<String>);
    let option = move |code: String, label: String, is_chosen: bool| {
        view! { <option value=code selected=is_chosen>{label}</option> }
    };
    let list = move |lookup: Lookup, prefix: &'static str, chosen: fn(&RowText) -> &str| {
        let tables = session.lookups.tables.get();
        let codes =
            tables.list(lookup).iter().map(|code| (format!("{prefix}{}", code.code), code.meaning.clone()));
        let chosen = text.with_untracked(|text| chosen(text).to_owned());
        codes
            .map(|(code, label)| {
                let is = code == chosen;
                option(code, label, is)
            })
            .collect_view()
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let row = text.get_untracked();
        match row.fields().and_then(|_| send(row)) {
            Ok(()) => close(),
            Err(reason) => problem.set(Some(reason)),
        }
    };
    let (class_id, place_id, problem_id) =
        (format!("{id}-class"), format!("{id}-place"), format!("{id}-problem"));
    let first = NodeRef::<leptos::html::Select>::new();
    Effect::new(move || {
        if let Some(first) = first.get() {
            // Whoever cannot be taken there finds it by Tab.
            let _ = first.focus();
        }
    });
    view! {
        <form class="bucket-form" on:submit=submit on:keydown=move |event| if event.key() == "Escape" { event.prevent_default(); close(); }>
            <div class="fields">
                <div>
                    <label class="label" for=class_id.clone()>"Usage class"</label>
                    <select class="input" id=class_id node_ref=first aria-describedby=problem_id.clone() on:change:target=move |event| text.update(|text| text.class = event.target().value())>
                        <option value="">"Every class"</option>
                        {move || list(USAGE_CLASSES, "", |text| text.class.as_str())}
                    </select>
                </div>
                <div>
                    <label class="label" for=place_id.clone()>"Place"</label>
                    <select class="input" id=place_id on:change:target=move |event| text.update(|text| text.place = event.target().value())>
                        <option value="">"Everywhere"</option>
                        <optgroup label="Groups of locations">{move || list(LOCATION_GROUPS, "g", |text| text.place.as_str())}</optgroup>
                        <optgroup label="Locations">{move || list(LOCATIONS, "l", |text| text.place.as_str())}</optgroup>
                    </select>
                </div>
            </div>
            <label class="choice"><input type="checkbox" prop:checked=move || text.with(|text| text.exclude) on:change:target=move |event| text.update(|text| text.exclude = event.target().checked()) /><span>"Left out rather than covered"</span></label>
            <div id=problem_id role="alert">{move || problem.get().map(|text| view! { <p class="field-error"><Icon name=IconName::Alert />{text}</p> })}</div>
            <div class="dialog-foot">
                <button class="button" data-kind="primary" type="submit">{send_words}</button>
                <button class="button" data-kind="quiet" type="button" on:click=move |_| close()>"Cancel"</button>
            </div>
        </form>
    }
}
