//! What the network does to each message, and what the server makes of those that arrive.
//!
//! Writes with a version may be delivered twice, answers too. A request for an action is never
//! repeated: no browser and no proxy repeats by itself what is not idempotent unless it knows that the
//! first one was never applied (RFC 9110, 9.2.2). An attempt at an action that nobody waits for any
//! more, given up or of a dead tab, may still arrive until `Limits::settling` has passed; the proof that
//! it was not done rests on that. Of actions that the server's own rule lets happen only once, some
//! arrive later than that.

use super::World;
use crate::browser::Role;
use crate::history;
use crate::server::{Answer, Asked, Field, Key, Row, is_guarded, is_step, refused, system_of};
use crate::tab::{StoreRequest, number};
use record_store::{Event, IntentId, Outcome, RefusalKind, Request, RequestId, Stamp, System, Time, Version};
use std::time::Duration;

/// What a message carries.
#[derive(Clone, Debug)]
pub(super) enum Freight {
    Ask(StoreRequest),
    Answer(RequestId, Answer),
    AskItem(Key, Stamp),
    Item(Key, Stamp, Answer),
    AskList(Stamp),
    List(Stamp, Vec<(Key, Version, Row)>),
}

/// A message on its way between one tab and the server.
#[derive(Clone, Debug)]
pub(super) struct Message {
    tab: usize,
    session: u32,
    freight: Freight,
    /// Since when nobody waits for its answer any more.
    given_up_at: Option<u64>,
    /// It does not move before this time.
    held_until: Option<u64>,
    /// How much had been done to the server when it gave this answer.
    given_after: Option<usize>,
}

impl Message {
    fn request(&self) -> Option<RequestId> {
        match &self.freight {
            Freight::Ask(request) => Some(number(request)),
            Freight::Answer(request, _) => Some(*request),
            _ => None,
        }
    }

    fn told(&self) -> String {
        let what = match &self.freight {
            Freight::Ask(request) => history::request(request),
            Freight::Answer(request, answer) => {
                format!("answer to request {}: {}", request.0, history::outcome(answer))
            }
            Freight::AskItem(key, _) | Freight::Item(key, ..) => format!("item {key}"),
            Freight::AskList(_) | Freight::List(..) => "list".to_owned(),
        };
        format!("tab {} {what}", self.tab)
    }

    fn is_guarded_action(&self) -> bool {
        match &self.freight {
            Freight::Ask(Request::Act { action, .. }) => is_guarded(action),
            _ => false,
        }
    }

    fn is_action(&self) -> bool {
        matches!(self.freight, Freight::Ask(Request::Act { .. }))
    }
}

impl World {
    pub(super) fn post(&mut self, tab: usize, freight: Freight) {
        let system = match &freight {
            Freight::Ask(request) => system_of(&crate::tab::key_of(request)),
            _ => System::default(),
        };
        let session = self.tabs[tab].session[usize::from(system.0)];
        self.network.push(Message {
            tab,
            session,
            freight,
            given_up_at: None,
            held_until: None,
            given_after: None,
        });
    }

    fn moves(&self, message: &Message) -> bool {
        message.held_until.is_none_or(|until| until <= self.now)
    }

    /// Whether any message can be delivered now.
    pub(super) fn is_anything_moving(&self) -> bool {
        self.network.iter().any(|message| self.moves(message))
    }

    /// When the next message that is held back moves.
    pub(super) fn next_held(&self) -> Option<u64> {
        self.network.iter().filter_map(|message| message.held_until).min()
    }

    /// Nobody waits for the answer to this message any more. Where the server lets a thing happen only
    /// once, it is often held up for longer than an attempt should take.
    fn given_up(&mut self, at: usize) {
        let settled = Time(self.now).after(self.limits.settling).0;
        let message = &mut self.network[at];
        if message.given_up_at.is_none() {
            message.given_up_at = Some(self.now);
            let is_held = message.is_guarded_action() && !self.dice.once_in(3);
            let longer = self.dice.below(1_500) as u64;
            message.held_until = is_held.then_some(settled + longer);
        }
    }

    /// A tab is gone; what it sent goes on without it.
    pub(super) fn nobody_waits_for(&mut self, tab: usize) {
        for at in 0..self.network.len() {
            if self.network[at].tab == tab {
                self.given_up(at);
            }
        }
    }

    /// Takes any message, wherever it is, and lets the network do something to it.
    pub(super) fn something_on_the_wire(&mut self) -> Result<(), String> {
        if self.network.is_empty() {
            return Ok(());
        }
        let at = self.dice.below(self.network.len());
        if !self.moves(&self.network[at]) {
            return Ok(());
        }
        match self.dice.below(16) {
            0 => {
                // Cut: the tab waits no longer, the message is gone.
                let message = self.network.swap_remove(at);
                self.tell(|_| format!("cut: {}", message.told()));
                self.give_up(&message, Outcome::Lost)
            }
            1 => {
                // Timeout: the tab waits no longer, the message arrives later.
                self.given_up(at);
                let message = self.network[at].clone();
                self.tell(|_| format!("timeout: {}", message.told()));
                self.give_up(&message, Outcome::Lost)
            }
            2 if !self.network[at].is_action() => {
                self.coverage.count("repeated");
                let message = self.network[at].clone();
                self.tell(|_| format!("repeated: {}", message.told()));
                // The tab hears one of two answers; it cannot know of the other.
                if let Freight::Ask(Request::Write { intent, .. }) = &message.freight
                    && let Some(wanted) = self.wanted_by(message.tab, *intent)
                {
                    wanted.was_repeated = true;
                }
                self.network.push(message);
                Ok(())
            }
            3 if matches!(self.network[at].freight, Freight::Ask(_)) => {
                let message = self.network.swap_remove(at);
                self.tell(|_| format!("never left: {}", message.told()));
                self.give_up(&message, Outcome::NotSent { retry_after: None })
            }
            _ => self.deliver(at),
        }
    }

    fn wanted_by(&mut self, tab: usize, intent: IntentId) -> Option<&mut crate::browser::Wanted> {
        let browser = self.tabs[tab].browser;
        self.browsers[browser].wanted.get_mut(&intent)
    }

    /// The tab is told that no answer will come.
    fn give_up(&mut self, message: &Message, outcome: Answer) -> Result<(), String> {
        let Some(request) = message.request() else {
            return Ok(());
        };
        // A copy that was repeated is on its way still: the first one decides what the tab is told,
        // and "it never left" would be a lie.
        let is_copied =
            self.network.iter().any(|other| other.tab == message.tab && other.request() == Some(request));
        let it = &self.tabs[message.tab];
        if !it.is_alive
            || !it.open.contains_key(&request)
            || (matches!(outcome, Outcome::NotSent { .. }) && is_copied)
        {
            return Ok(());
        }
        if message.is_action() || self.is_act_answer(message) {
            self.coverage.count(if outcome == Outcome::Lost {
                "an action was cut"
            } else {
                "an action never left"
            });
        }
        self.never_applied(message, &outcome);
        self.answer(message.tab, request, outcome)
    }

    fn is_act_answer(&self, message: &Message) -> bool {
        matches!(message.freight, Freight::Answer(_, Outcome::Done { .. } | Outcome::Created { .. }))
    }

    /// An attempt that certainly had no effect does not count as one.
    fn never_applied(&mut self, message: &Message, outcome: &Answer) {
        if let Freight::Ask(Request::Act { intent, .. }) = &message.freight
            && matches!(outcome, Outcome::NotSent { .. } | Outcome::SessionExpired)
            && let Some(wanted) = self.wanted_by(message.tab, *intent)
        {
            wanted.attempts = wanted.attempts.saturating_sub(1);
        }
    }

    pub(super) fn answer(&mut self, tab: usize, request: RequestId, outcome: Answer) -> Result<(), String> {
        let is_open = self.tabs[tab].open.contains_key(&request);
        self.coverage.count(match &outcome {
            _ if !is_open => "late answer",
            Outcome::Accepted { .. } => "accepted",
            Outcome::Stale { .. } => "stale",
            Outcome::Refused { .. } => "refused",
            Outcome::SessionExpired => "401",
            Outcome::Gone => "gone",
            Outcome::Pressure { .. } => "pressure",
            Outcome::Lost => "lost",
            Outcome::NotSent { .. } => "not sent",
            Outcome::Read { .. } => "read",
            Outcome::Done { .. } => "done",
            Outcome::Created { .. } => "created by the server",
            Outcome::NotDone => "found not done",
        });
        let at = Time(self.now);
        self.apply(tab, Event::Answered { request, outcome, at })
    }

    pub(super) fn deliver_any(&mut self) -> Result<(), String> {
        let moving = self.network.iter().enumerate().filter(|(_, message)| self.moves(message));
        let moving: Vec<usize> = moving.map(|(at, _)| at).collect();
        self.dice.pick(&moving).map_or(Ok(()), |at| self.deliver(at))
    }

    fn deliver(&mut self, at: usize) -> Result<(), String> {
        let message = self.network.swap_remove(at);
        let Message { tab, session, given_up_at, given_after, .. } = message;
        let is_alive = self.tabs[tab].is_alive;
        let back = match message.freight {
            Freight::Ask(ref request) => {
                if message.is_action() && !self.may_still_arrive(&message) {
                    self.tell(|_| format!("never arrives: {}", message.told()));
                    return Ok(());
                }
                let answer = self.serve(tab, session, request);
                self.tell(|_| format!("server: {} => {}", message.told(), history::outcome(&answer)));
                self.never_applied(&message, &answer);
                Freight::Answer(number(request), answer)
            }
            _ if !is_alive => return Ok(()),
            Freight::AskItem(key, asked_at) => Freight::Item(key, asked_at, self.server.read(key)),
            Freight::AskList(asked_at) => Freight::List(asked_at, self.server.list()),
            Freight::Answer(request, answer) => {
                self.heard_after = given_after;
                return self.answer(tab, request, answer);
            }
            Freight::Item(key, asked_at, Outcome::Read { version, fields }) => {
                return self.apply(tab, Event::ItemRead { key, asked_at, version, fields });
            }
            Freight::Item(key, asked_at, _) => {
                return self.apply(tab, Event::Gone { key, asked_at });
            }
            Freight::List(asked_at, rows) => return self.take_list(tab, asked_at, rows),
        };
        if is_alive {
            let given_after = Some(self.server.deeds.len());
            self.network.push(Message {
                tab,
                session,
                freight: back,
                given_up_at,
                held_until: None,
                given_after,
            });
        }
        Ok(())
    }

    /// Whether an attempt at an action that nobody waits for can still arrive.
    fn may_still_arrive(&mut self, message: &Message) -> bool {
        let Some(given_up_at) = message.given_up_at else {
            return true;
        };
        if Time(self.now) < Time(given_up_at).after(self.limits.settling) {
            self.coverage.count("an action arrived after it was given up");
            return true;
        }
        let Freight::Ask(Request::Act { intent, .. }) = &message.freight else {
            return true;
        };
        if message.held_until.is_none() {
            return false;
        }
        self.coverage.count("a guarded action arrived later than it may");
        if let Some(wanted) = self.wanted_by(message.tab, *intent) {
            wanted.was_late = true;
        }
        true
    }

    /// What the server makes of a request of the store.
    fn serve(&mut self, tab: usize, session: u32, request: &StoreRequest) -> Answer {
        let (person, now) = (self.tabs[tab].browser, self.now);
        let role = self.browsers[person].role;
        let system = usize::from(system_of(&crate::tab::key_of(request)).0);
        if self.server_is_down {
            // Something in front of the server lost patience; the server may have heard all the same.
            if let Request::Act { intent, key, action, .. } = request
                && session == self.tabs[tab].session[system]
                && role.may(action)
                && self.dice.once_in(3)
            {
                self.coverage.count("an action was done under pressure");
                self.server.act(Asked { person, intent: *intent, key: *key, now }, action, false);
            }
            let retry_after = self.dice.once_in(2);
            return Outcome::Pressure { retry_after: retry_after.then_some(Duration::from_millis(2_000)) };
        }
        if session != self.tabs[tab].session[system] {
            return Outcome::SessionExpired;
        }
        let tells = self.dice.once_in(2);
        match request {
            Request::Read { key, .. } => self.server.read(*key),
            // Who may not do it may often not look either, or sees an empty list that tells nothing.
            Request::Probe { action, .. } if !role.may(action) && self.dice.once_in(4) => {
                self.coverage.count("may not look");
                refused(RefusalKind::Role, None)
            }
            Request::Probe { key, action, at, .. } => {
                let found = self.server.look((person, *key), action, at.0, tells);
                self.count_look(action.name, &found);
                found
            }
            Request::Act { action, .. } if !role.may(action) => {
                if action.name == Field::Purge {
                    self.coverage.count("a purge was not allowed");
                }
                refused(RefusalKind::Role, None)
            }
            Request::Write { .. } if role == Role::Viewer => refused(RefusalKind::Role, None),
            Request::Write { intent, key, version, fields, .. } => {
                self.server.write((*intent, *key), version, fields, tells)
            }
            Request::Act { intent, key, action, .. } => {
                let asked = Asked { person, intent: *intent, key: *key, now };
                let answer = self.server.act(asked, action, tells);
                self.count_act(action.name, &answer);
                answer
            }
        }
    }

    fn count_act(&mut self, name: Field, answer: &Answer) {
        let is_done = matches!(answer, Outcome::Done { .. });
        let what = match name {
            Field::Purge => "purged",
            Field::Lock if is_done => "locked",
            Field::Revert if is_done => "reverted",
            Field::Submit if is_done => "submitted",
            step if is_step(step) => "a step of the life cycle was refused",
            _ => return,
        };
        self.coverage.count(what);
    }

    fn count_look(&mut self, name: Field, found: &Answer) {
        let what = match (name, found) {
            (Field::Purge, Outcome::Done { .. }) => "a purge was seen by its rows",
            (Field::Purge, _) => "a purge was not seen",
            (Field::Lock, Outcome::Done { .. }) => "a lock was seen by the state",
            (Field::Revert, Outcome::Done { .. }) => "a revert was seen by the state",
            (Field::Submit, Outcome::Done { .. }) => "a submission was seen by the state",
            _ => return,
        };
        self.coverage.count(what);
    }
}
