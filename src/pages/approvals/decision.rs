//! Approving, refusing with a reason, and withdrawing.

use crate::api::Failure;
use crate::data::session::Session;
use crate::features::allowed_button::AllowedButton;
use crate::ui::controls::{Icon, IconName};
use grid_model::Tone;
use leptos::prelude::*;
use leptos::task::spawn_local;
use rest_contract::is_blank;
use rest_contract::oracle::approval::Step;

/// One decision under way at a time, and why the last one was not taken.
#[derive(Clone, Copy)]
struct Taking {
    session: Session,
    number: StoredValue<String>,
    is_under_way: RwSignal<bool>,
    failed: RwSignal<Option<Failure>>,
    again: Callback<()>,
}

impl Taking {
    fn new(session: Session, number: String, again: Callback<()>) -> Self {
        let number = StoredValue::new(number);
        Self { session, number, is_under_way: RwSignal::new(false), failed: RwSignal::new(None), again }
    }

    fn take(self, step: Step, given: String) {
        if self.is_under_way.get_untracked() {
            return;
        }
        self.is_under_way.set(true);
        self.failed.set(None);
        spawn_local(async move {
            let number = self.number.get_value();
            let answer = self.session.client.decide(&number, step, &given).await;
            if self.is_under_way.try_set(false).is_some() {
                return;
            }
            match answer {
                Ok(()) => {
                    let words = step.leads_to().words().to_lowercase();
                    self.session.sync.notices.notify(Tone::Ok, format!("{number}: {words}."));
                    self.again.run(());
                }
                Err(failure) => self.failed.set(Some(failure)),
            }
        });
    }

    fn trouble(self) -> AnyView {
        let told = move || {
            self.failed.get().map(|failure| view! {
                <p class="form-error"><Icon name=IconName::Alert /><span>{format!("{}. {}", failure.title(), failure.advice())}</span>
                    <button class="button" data-kind="quiet" on:click=move |_| self.again.run(())>"Read the list again"</button></p>
            })
        };
        view! { <div role="alert">{told}</div> }.into_any()
    }
}

/// - `seen`: the digest of the content that is shown; without one there is nothing to approve.
#[component]
pub fn Decision(
    session: Session,
    number: String,
    seen: RwSignal<Option<String>>,
    again: Callback<()>,
) -> impl IntoView {
    let id = format!("reason-{number}");
    let label_for = id.clone();
    let taking = Taking::new(session, number, again);
    let reason = RwSignal::new(String::new());
    let not_seen = Signal::derive(move || {
        seen.with(Option::is_none).then(|| {
            "Show the content first, to the last record: what is approved is what you saw.".to_owned()
        })
    });
    let no_reason = Signal::derive(move || {
        reason.with(|reason| is_blank(reason)).then(|| "Enter a reason first.".to_owned())
    });
    let approve = move || taking.take(Step::Approve, seen.get_untracked().unwrap_or_default());
    let refuse = move || taking.take(Step::Refuse, reason.get_untracked());
    view! {
        {taking.trouble()}
        <div class="decision" data-grave="" tabindex="-1">
            <AllowedButton session=session words="Approve" kind="primary" forbidden=not_seen press=approve />
            <div class="refusal">
                <label class="label" for=label_for>"Reason for a refusal"</label>
                <input class="input" id=id maxlength="1000" autocomplete="off" on:input:target=move |event| reason.set(event.target().value()) />
                <AllowedButton session=session words="Refuse" forbidden=no_reason press=refuse />
            </div>
        </div>
    }
}

#[component]
pub fn Withdrawal(session: Session, number: String, again: Callback<()>) -> impl IntoView {
    let taking = Taking::new(session, number, again);
    view! {
        {taking.trouble()}
        <div class="decision" data-grave="" tabindex="-1">
            <button class="button" disabled=move || taking.is_under_way.get() on:click=move |_| taking.take(Step::Withdraw, String::new())>"Withdraw"</button>
        </div>
    }
}
