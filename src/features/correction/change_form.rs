//! The changes as a person puts them together: a field, what to do with it, and a value.

use super::corrected_events::CorrectedEvents;
use crate::data::lookups::{Code, LookupTables};
use crate::data::session::Session;
use crate::features::field_form::{is_left_to_processes, mapped_first, number_echo};
use crate::text::{class_of, read_local, with_notation};
use crate::ui::controls::{Icon, IconName, paste_number};
use leptos::html;
use leptos::prelude::*;
use rest_contract::oracle::EVENT;
use rest_contract::oracle::correction::{Change, Operation};
use rest_contract::{Access, Field, Kind, Lookup, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One change as typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    pub field: &'static Field,
    pub operation: Operation,
    pub typed: String,
    /// What `Replace` looks for.
    pub part: String,
}

impl Draft {
    /// A change of a field of the usage event, still without its value; nothing for an unknown name.
    pub fn of(name: &str) -> Option<Self> {
        let field = EVENT.field(name)?;
        Some(Self { field, operation: Operation::SetTo, typed: String::new(), part: String::new() })
    }

    pub fn set_to(name: &str, typed: &str) -> Option<Self> {
        Self::of(name).map(|draft| Self { typed: typed.to_owned(), ..draft })
    }

    /// The change that it stands for, or what is wrong with it.
    pub fn read(&self, tables: &LookupTables) -> Result<(&'static Field, Change), String> {
        let field = self.field;
        let read = |text: &str| read_value(field, text, tables);
        with_notation(|notation| Change::read(self.operation, &self.typed, &self.part, notation, read))
            .map(|change| (field, change))
    }

    fn takes_number(&self) -> bool {
        match self.operation {
            Operation::SetTo => matches!(self.field.kind, Kind::Decimal | Kind::Int32 | Kind::Int64),
            Operation::MultiplyBy => true,
            Operation::Clear | Operation::MoveBy | Operation::Replace => false,
        }
    }

    /// What is understood of a number that is being typed.
    fn echo(&self) -> Option<String> {
        if self.takes_number() { number_echo(&self.typed) } else { None }
    }
}

/// A value that is set in many events: a time is in UTC unless it names its offset, a code is one of
/// its list.
pub(super) fn read_value(field: &'static Field, text: &str, tables: &LookupTables) -> Result<Value, String> {
    if field.kind == Kind::DateTime {
        return read_local(text, "UTC").map(Value::DateTime);
    }
    let value = with_notation(|notation| notation.read_field(field, text.trim()))
        .map_err(|problem| format!("{} {problem}.", field.title))?;
    let choices = choices(field, tables);
    let is_whole = field.lookup.is_some_and(|lookup| tables.is_whole(lookup));
    match value.as_text() {
        Some(code) if is_whole && !choices.is_empty() && !choices.iter().any(|one| one.code == code) => {
            Err(format!("{code} is not in the list of values of {}.", field.title))
        }
        _ => Ok(value),
    }
}

/// What may be set in a field with a list: for a status, what a person may set by hand.
pub(super) fn choices(field: &Field, tables: &LookupTables) -> Vec<Code> {
    let list = field.lookup.map(|lookup| tables.list(lookup)).unwrap_or_default();
    let is_status = field.name == "EventStatus";
    list.iter().filter(|one| !is_status || class_of(&one.code).can_be_set()).cloned().collect()
}

/// Units, each with those that it is mapped to, in words.
type MappedUnits = BTreeMap<String, String>;

/// Whether a person may correct the field.
pub(super) fn is_correctable(field: &Field) -> bool {
    field.access == Access::Writable && !is_left_to_processes(field.name)
}

/// The fields that a person may correct, by their titles.
fn correctable() -> Vec<&'static Field> {
    let fields = EVENT.fields.iter();
    let mut fields: Vec<_> = fields.filter(|field| is_correctable(field)).collect();
    fields.sort_by_key(|field| field.title);
    fields
}

#[component]
pub fn ChangeForm(session: Session, events: CorrectedEvents) -> impl IntoView {
    let drafts = events.drafts;
    let number = Memo::new(move |_| drafts.with(Vec::len));
    // The units in which the events can be rated, each with those that it is mapped to.
    let mapped = Memo::new(move |_| {
        let types = events.with_events(|event| event.text("EventType").map(str::to_owned));
        let mut mapped = BTreeMap::<String, BTreeSet<String>>::new();
        if let Some(book) = session.lookups.rates.book.get() {
            for (from, to) in types.iter().flat_map(|one| book.mapped_units(one)) {
                mapped.entry(from).or_default().insert(to);
            }
        }
        let in_words = |to: BTreeSet<String>| to.into_iter().collect::<Vec<_>>().join(", ");
        mapped.into_iter().map(|(from, to)| (from, in_words(to))).collect::<MappedUnits>()
    });
    let more = NodeRef::<html::Button>::new();
    let another = move |_| {
        let taken =
            drafts.with_untracked(|drafts| drafts.iter().map(|draft| draft.field.name).collect::<Vec<_>>());
        let free = correctable().into_iter().find(|field| !taken.contains(&field.name));
        if let Some(draft) = free.and_then(|field| Draft::of(field.name)) {
            drafts.update(|drafts| drafts.push(draft));
        }
    };
    view! {
        <h3>"What to change"</h3>
        <For each=move || 0..number.get() key=|at| *at let:at>
            <DraftRow session=session drafts=drafts mapped=mapped at=at more=more />
        </For>
        <button class="button" data-kind="quiet" type="button" node_ref=more on:click=another>"Change another field"</button>
    }
}

#[component]
fn DraftRow(
    session: Session,
    drafts: RwSignal<Vec<Draft>>,
    mapped: Memo<MappedUnits>,
    at: usize,
    /// Adds a row; takes the focus over from one that is taken away.
    more: NodeRef<html::Button>,
) -> impl IntoView {
    let draft = Memo::new(move |_| drafts.with(|drafts| drafts.get(at).cloned()));
    let field = Memo::new(move |_| draft.get().map(|draft| draft.field.name));
    let operation = Memo::new(move |_| draft.get().map(|draft| draft.operation));
    let edit = move |change: &dyn Fn(&mut Draft)| {
        drafts.update(|drafts| {
            if let Some(draft) = drafts.get_mut(at) {
                change(draft);
            }
        });
    };
    let problem = Memo::new(move |_| {
        let tables = session.lookups.tables.get();
        // An empty field is not an error yet: the button waits for it.
        draft.get().filter(|draft| !draft.typed.trim().is_empty()).and_then(|draft| draft.read(&tables).err())
    });
    let list = format!("correction-values-{at}");
    let problem_id = format!("correction-problem-{at}");
    let operations = move || {
        draft.get().map(|draft| {
            Operation::for_field(draft.field)
                .map(|one| view! { <option value=one.name() selected=move || operation.get() == Some(one)>{one.words()}</option> })
                .collect_view()
        })
    };
    let choose_field = move |name: String| {
        if let Some(chosen) = Draft::of(&name) {
            edit(&|draft| draft.clone_from(&chosen));
        }
    };
    let part = move || {
        (operation.get() == Some(Operation::Replace)).then(|| view! {
            <input class="input" aria-label="Part to replace" placeholder="Part" prop:value=move || draft.get().map(|draft| draft.part).unwrap_or_default()
                on:input:target=move |event| { let typed = event.target().value(); edit(&|draft| draft.part.clone_from(&typed)); } />
            <span>"with"</span>
        })
    };
    let value = {
        let (list, problem_id) = (list.clone(), problem_id.clone());
        move || {
            field.track();
            let placeholder = match (operation.get()?, draft.get_untracked()?.field.kind) {
                (Operation::Clear, _) => return None,
                (Operation::MoveBy, _) => "hours:minutes",
                (Operation::SetTo, Kind::DateTime) => "2026-10-01 08:30 (UTC)",
                _ => "",
            };
            let (list, problem_id) = (list.clone(), problem_id.clone());
            let draft_now = draft.get_untracked()?;
            if operation.get() == Some(Operation::SetTo)
                && matches!(draft_now.field.lookup, Some(Lookup::Codes(_)))
            {
                let tables = session.lookups.tables.get();
                let options = choices(draft_now.field, &tables).into_iter().map(|one| {
                    let is_this = draft_now.typed == one.code;
                    view! { <option value=one.code selected=is_this>{one.meaning}</option> }
                });
                return Some(view! {
                    <select class="input" aria-label="New value" aria-describedby=problem_id
                        on:change:target=move |event| { let typed = event.target().value(); edit(&|draft| draft.typed.clone_from(&typed)); }>
                        <option value="">"(choose)"</option>
                        {options.collect_view()}
                    </select>
                }
                .into_any());
            }
            Some(view! {
                <input class="input" aria-label="New value" list=list placeholder=placeholder aria-describedby=problem_id autocomplete="off" spellcheck="false"
                    aria-invalid=move || problem.get().is_some().to_string()
                    prop:value=move || draft.get().map(|draft| draft.typed).unwrap_or_default()
                    on:input:target=move |event| { let typed = event.target().value(); edit(&|draft| draft.typed.clone_from(&typed)); }
                    on:paste=move |event| {
                        let is_number = draft.get_untracked().is_some_and(|draft| draft.takes_number());
                        if let Some(typed) = is_number.then(|| paste_number(&event)).flatten() {
                            edit(&|draft| draft.typed.clone_from(&typed));
                        }
                    } />
            }
            .into_any())
        }
    };
    let value_list = move || {
        field.track();
        let tables = session.lookups.tables.get();
        let draft = draft.get_untracked();
        let codes = draft.as_ref().map(|draft| choices(draft.field, &tables)).unwrap_or_default();
        let mut codes = codes.into_iter().map(|one| (one.code, one.meaning)).collect::<Vec<_>>();
        // What cannot be rated comes last.
        if draft.is_some_and(|draft| draft.field.lookup == Some(Lookup::UnitOfMeasure)) {
            mapped.with(|mapped| mapped_first(&mut codes, mapped));
        }
        let options = codes.into_iter().map(|(code, words)| view! { <option value=code>{words}</option> });
        view! { <datalist id=list.clone()>{options.collect_view()}</datalist> }
    };
    let is_only = Memo::new(move |_| drafts.with(Vec::len) == 1);
    let is_typed = move || {
        draft.with(|draft| {
            draft.as_ref().is_some_and(|draft| !(draft.typed.is_empty() && draft.part.is_empty()))
        })
    };
    view! {
        <div class="rule-row" data-testid="change" data-half-typed=move || is_typed().then_some("")>
            <select class="input" aria-label="Field to change" on:change:target=move |event| choose_field(event.target().value())>
                {correctable().into_iter().map(|one| view! { <option value=one.name selected=move || field.get() == Some(one.name)>{one.title}</option> }).collect_view()}
            </select>
            <select class="input" aria-label="Action" on:change:target=move |event| {
                if let Some(operation) = Operation::named(&event.target().value()) {
                    edit(&|draft| draft.operation = operation);
                }
            }>{operations}</select>
            {part}
            {value}
            <button class="button" data-kind="quiet" type="button" aria-label="Leave this field" disabled=is_only
                on:click=move |_| {
                    if let Some(more) = more.get_untracked() {
                        let _ = more.focus();
                    }
                    drafts.update(|drafts| { if drafts.len() > 1 { drafts.remove(at); } });
                }><Icon name=IconName::Close /></button>
            {value_list}
            <p id=problem_id class="form-error" role="alert">{problem}</p>
            {move || draft.get().and_then(|draft| draft.echo()).map(|echo| view! { <p class="field-note" data-testid="understood">{echo}</p> })}
        </div>
    }
}
