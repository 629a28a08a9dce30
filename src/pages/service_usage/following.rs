//! Following: a look for events that came after the last one, once every event is here.

use super::every_event::{GoOn, read_every_event};
use super::reading::{Reading, Tail};
use super::source::UsageList;
use crate::api::{Failure, FailureKind, System};
use crate::data::latest::Run;
use leptos::prelude::*;
use std::rc::Rc;

/// What following has brought, for a person to see.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Followed {
    pub at: i64,
    pub taken: usize,
    pub failure: Option<String>,
}

impl UsageList {
    /// Looks once for events that came after the last one.
    pub fn follow_once(self: &Rc<Self>) {
        // A look that takes long is not overtaken by the next: both would take the same events.
        if !self.is_whole() || self.spec().is_looking.replace(true) {
            return;
        }
        let (list, read) = (Rc::clone(self), Rc::clone(self));
        self.spec().latest.start(
            async move |run| read.read_tail(run).await,
            move |result| {
                list.spec().is_looking.set(false);
                list.take_look(result);
            },
        );
    }

    async fn read_tail(&self, run: Run) -> Result<Tail, Failure> {
        let (mut tail, begun) = Tail::after(self);
        read_every_event(self.spec().session.client, begun, &mut |page| {
            tail.take(page);
            if run.is_current() { GoOn::Yes } else { GoOn::No }
        })
        .await?;
        Ok(tail)
    }

    fn take_look(self: &Rc<Self>, result: Result<Tail, Failure>) {
        let (at, taken, failure) = match result {
            Ok(mut tail) => {
                let before = self.spec().table.borrow().len();
                self.forget_from(tail.from);
                tail.put_into(self);
                self.spec().reading.set(Reading::Whole(tail.as_of()));
                self.answer_from_memory();
                self.list.pages.touch();
                (tail.as_of(), self.spec().table.borrow().len().saturating_sub(before), None)
            }
            Err(failure) => {
                let now = self.spec().session.client.now_at(System::CloudFoundry).timestamp();
                (now, 0, Some(failure_words(failure)))
            }
        };
        self.spec().followed.update(|followed| {
            let before = followed.as_ref().map_or(0, |followed| followed.taken);
            *followed = Some(Followed { at, taken: before + taken, failure });
        });
    }
}

fn failure_words(failure: Failure) -> String {
    match failure.kind {
        FailureKind::Refused(422, _) => {
            "The platform no longer knows the last event that was read: events were purged or pruned. Refresh to read the list anew.".to_owned()
        }
        FailureKind::NotWhole(reason) => format!("{reason}. Refresh to read the list anew."),
        _ => failure.title(),
    }
}
