//! One schedule: who acts next, what the network does to each message, and how it all ends.

use crate::client::{Client, StoreRequest, Typed};
use crate::dice::Dice;
use crate::mutants::Reducer;
use crate::promises;
use crate::server::{Answer, FIELDS, Key, Row, Server, refused};
use record_store::{
    Choice, Event, IntentId, IntentState, Limits, Outcome, RefusalKind, Request, RequestId, Stamp, Time,
    Version,
};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

type StoreEvent = Event<Key, &'static str, i64>;

/// What a message carries.
#[derive(Clone, Debug)]
enum Freight {
    Ask(StoreRequest),
    Answer(RequestId, Answer),
    AskItem(Key, Stamp),
    Item(Key, Stamp, Answer),
    AskList(Stamp),
    List(Stamp, Vec<(Key, Version, Row)>),
}

/// A message on its way between one client and the server.
#[derive(Clone, Debug)]
struct Message {
    client: usize,
    session: u32,
    freight: Freight,
}

pub(crate) struct World {
    pub(crate) server: Server,
    pub(crate) clients: Vec<Client>,
    /// Values come from a small set, so that different people may type the same.
    values_repeat: bool,
    pub(crate) history: Vec<String>,
    is_told: bool,
    network: Vec<Message>,
    server_is_down: bool,
    now: u64,
    dice: Dice,
    typed_values: i64,
    intents: u64,
    counted: Coverage,
}

/// A schedule that broke a promise.
pub(crate) struct Failure {
    pub(crate) broken: String,
    pub(crate) history: Vec<String>,
}

/// How often the interesting things happened, so that a simulator that stopped making them happen
/// is noticed.
#[derive(Clone, Debug, Default)]
pub(crate) struct Coverage {
    happened: BTreeMap<&'static str, u64>,
}

impl Coverage {
    pub(crate) fn add(&mut self, world: &World) {
        self.join(&world.counted);
    }

    pub(crate) fn join(&mut self, other: &Self) {
        for (what, times) in &other.happened {
            *self.happened.entry(what).or_default() += times;
        }
    }

    fn count(&mut self, what: &'static str) {
        *self.happened.entry(what).or_default() += 1;
    }

    pub(crate) fn assert_everything_happened(&self) {
        for what in [
            "accepted",
            "stale",
            "refused",
            "gone",
            "401",
            "pressure",
            "lost",
            "not sent",
            "late answer",
            "repeated",
            "resolved",
            "retried",
            "discarded",
            "offline",
        ] {
            assert!(self.happened.contains_key(what), "never happened: {what}");
        }
    }
}

/// Plays the schedule of one seed to its quiet end.
pub(crate) fn run(seed: u64, make: fn(Limits) -> Box<dyn Reducer>, is_told: bool) -> Result<World, Failure> {
    let mut world = World::new(seed, make, is_told);
    match world.play() {
        Ok(()) => Ok(world),
        Err(broken) => {
            world.history.push(format!("BROKEN: {broken}"));
            Err(Failure { broken, history: world.history })
        }
    }
}

impl World {
    fn new(seed: u64, make: fn(Limits) -> Box<dyn Reducer>, is_told: bool) -> Self {
        let mut dice = Dice::new(seed);
        let clients = 2 + dice.below(2);
        let limits = Limits {
            writes: 1 + dice.below(3),
            reads: 1 + dice.below(3),
            lately_answered: dice.below(4),
            ..Limits::default()
        };
        Self {
            server: Server::new(2 + dice.below(3)),
            clients: (0..clients).map(|number| Client::new(number, make(limits.clone()))).collect(),
            values_repeat: dice.once_in(4),
            history: Vec::new(),
            is_told,
            network: Vec::new(),
            server_is_down: false,
            now: 1,
            dice,
            typed_values: 0,
            intents: 0,
            counted: Coverage::default(),
        }
    }

    fn play(&mut self) -> Result<(), String> {
        for client in 0..self.clients.len() {
            self.take_list(client, Stamp::default(), self.server.list())?;
        }
        for _ in 0..40 + self.dice.below(60) {
            self.now += self.dice.below(300) as u64;
            let client = self.dice.below(self.clients.len());
            match self.dice.below(20) {
                0..=4 => self.propose(client)?,
                5..=14 => self.something_on_the_wire()?,
                15 | 16 => self.person_decides(client)?,
                17 => self.person_looks(client)?,
                18 => self.world_changes(client)?,
                _ => self.time_passes(client)?,
            }
        }
        self.come_to_rest()
    }

    fn tell(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.is_told {
            let line = format!("{:>7} ms  {}", self.now, line(self));
            self.history.push(line);
        }
    }

    /// Gives one store one event, puts its requests on the wire and checks every promise.
    fn apply(&mut self, client: usize, event: StoreEvent) -> Result<(), String> {
        self.tell(|_| format!("client {client} <- {event:?}"));
        let requests = self.clients[client].apply(event, self.now);
        if self.is_told {
            let store = self.clients[client].store.store();
            let lines: Vec<String> = (0..self.server.records.len())
                .filter_map(|key| {
                    let view = store.view(&key)?;
                    let cells: Vec<String> = view
                        .fields()
                        .map(|cell| format!("{} {:?} {:?}", cell.field, cell.shown, cell.mark))
                        .collect();
                    Some(format!("record {key}: {}", cells.join(", ")))
                })
                .collect();
            self.tell(|_| format!("  shows {}", lines.join("; ")));
        }
        for request in requests? {
            self.tell(|_| format!("  client {client} -> {request:?}"));
            self.post(client, Freight::Ask(request));
        }
        promises::after_a_step(&mut self.clients[client], &self.server)
    }

    fn post(&mut self, client: usize, freight: Freight) {
        let session = self.clients[client].session;
        self.network.push(Message { client, session, freight });
    }

    fn value(&mut self) -> i64 {
        self.typed_values += 1;
        if self.values_repeat { self.dice.below(4) as i64 } else { self.typed_values }
    }

    fn propose(&mut self, client: usize) -> Result<(), String> {
        let key = self.dice.below(self.server.records.len());
        let Some(base) = self.clients[client].row(key) else {
            return Ok(());
        };
        let mut changes = Row::new();
        for _ in 0..1 + self.dice.below(2) {
            let field = FIELDS[self.dice.below(FIELDS.len())];
            changes.insert(field, self.value());
        }
        self.intents += 1;
        let intent = IntentId(self.intents);
        let person = &mut self.clients[client];
        let mut seen: BTreeSet<_> = base.1.iter().map(|(field, value)| (*field, *value)).collect();
        if let Some(view) = person.store.store().view(&key) {
            let shown = view.fields();
            seen.extend(shown.filter_map(|cell| Some((*cell.field, *cell.shown?))));
        } else {
            // The list has painted the row already.
            let cells = base.1.iter();
            let cells = cells.map(|(f, v)| (*f, (Some(*v), record_store::Mark::Confirmed)));
            person.painted.insert(key, cells.collect());
        }
        person.typed.insert(
            intent,
            Typed {
                key,
                values: changes.clone(),
                corrected: BTreeSet::new(),
                yielded: BTreeSet::new(),
                seen,
                decisions: 1,
                was_in_doubt: false,
                was_repeated: false,
                ending: None,
            },
        );
        let at = Time(self.now);
        self.apply(client, Event::Propose { intent, key, base, changes, at })
    }

    /// Resolves, retries or discards one of the person's proposals.
    fn person_decides(&mut self, client: usize) -> Result<(), String> {
        let person = &self.clients[client];
        let standing: Vec<IntentId> = person.store.store().intents().map(|i| i.id()).collect();
        let Some(intent) = self.dice.pick(&standing) else {
            return Ok(());
        };
        let view = person.store.store().intents().find(|i| i.id() == intent);
        let Some(view) = view else {
            return Ok(());
        };
        match view.state() {
            IntentState::Conflict => {
                let overlapping: Vec<_> = view
                    .changes()
                    .filter(|change| change.overlaps)
                    .map(|change| (*change.field, change.theirs.copied()))
                    .collect();
                self.counted.count("resolved");
                self.decided(client, intent);
                let mut choices = BTreeMap::new();
                for (field, theirs) in overlapping {
                    let choice = match self.dice.below(4) {
                        0 => Choice::TakeTheirs,
                        1 => Choice::Edit(self.value()),
                        _ => Choice::KeepMine,
                    };
                    if let Some(typed) = self.clients[client].typed.get_mut(&intent) {
                        match choice {
                            Choice::TakeTheirs => {
                                typed.yielded.insert(field);
                            }
                            Choice::Edit(value) => {
                                if let Some(old) = typed.values.insert(field, value) {
                                    typed.corrected.insert((field, old));
                                }
                            }
                            Choice::KeepMine => {}
                        }
                        typed.seen.extend(theirs.map(|value| (field, value)));
                    }
                    choices.insert(field, choice);
                }
                self.apply(client, Event::Resolve { intent, choices })
            }
            IntentState::Refused { .. } if self.dice.once_in(2) => {
                self.counted.count("retried");
                self.decided(client, intent);
                self.apply(client, Event::Retry { intent })
            }
            IntentState::Waiting
            | IntentState::Sending { .. }
            | IntentState::InDoubt
            | IntentState::Refused { .. } => {
                self.counted.count("discarded");
                self.apply(client, Event::Discard { intent })
            }
        }
    }

    fn decided(&mut self, client: usize, intent: IntentId) {
        if let Some(typed) = self.clients[client].typed.get_mut(&intent) {
            typed.decisions += 1;
        }
    }

    /// Opens or closes a screen, or reads for the screen's own sake.
    fn person_looks(&mut self, client: usize) -> Result<(), String> {
        let key = self.dice.below(self.server.records.len());
        let stamp = self.clients[client].store.store().stamp();
        match self.dice.below(4) {
            0 => {
                self.clients[client].holds.push(key);
                self.apply(client, Event::Hold { key })
            }
            1 => match self.clients[client].holds.pop() {
                Some(key) => self.apply(client, Event::Release { key }),
                None => Ok(()),
            },
            2 => {
                self.post(client, Freight::AskItem(key, stamp));
                Ok(())
            }
            _ => {
                self.post(client, Freight::AskList(stamp));
                Ok(())
            }
        }
    }

    /// The browser, the session, the roles, the server and the period's lock change.
    fn world_changes(&mut self, client: usize) -> Result<(), String> {
        let key = self.dice.below(self.server.records.len());
        let person = &mut self.clients[client];
        match self.dice.below(8) {
            0 if person.is_online => {
                self.counted.count("offline");
                self.apply(client, Event::WentOffline)
            }
            0 | 1 => self.apply(client, Event::WentOnline),
            2 => {
                person.session += 1;
                self.tell(|_| format!("the session of client {client} ends"));
                Ok(())
            }
            3 => {
                person.session += 1;
                self.apply(client, Event::SignedIn)
            }
            4 => {
                person.is_viewer ^= true;
                self.tell(|_| format!("the role of client {client} changes"));
                Ok(())
            }
            5 => {
                self.server_is_down ^= true;
                self.tell(|world| format!("server down: {}", world.server_is_down));
                Ok(())
            }
            6 => {
                self.server.toggle_lock(key);
                self.tell(|_| format!("the lock of record {key} changes"));
                Ok(())
            }
            _ if self.dice.once_in(4) => {
                self.server.delete(key);
                self.tell(|_| format!("record {key} is deleted"));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn time_passes(&mut self, client: usize) -> Result<(), String> {
        if let Some(wake_at) = self.clients[client].wake_at
            && self.dice.once_in(2)
        {
            self.now = self.now.max(wake_at.0);
        }
        let now = Time(self.now);
        self.apply(client, Event::TimePassed { now })
    }

    /// Takes any message, wherever it is, and lets the network do something to it.
    fn something_on_the_wire(&mut self) -> Result<(), String> {
        if self.network.is_empty() {
            return Ok(());
        }
        let at = self.dice.below(self.network.len());
        match self.dice.below(16) {
            0 => {
                // Cut: the client waits no longer, the message is gone.
                let message = self.network.swap_remove(at);
                self.tell(|_| format!("cut: {message:?}"));
                self.give_up(&message, Outcome::Lost)
            }
            1 => {
                // Timeout: the client waits no longer, the message arrives later.
                let message = self.network[at].clone();
                self.tell(|_| format!("timeout: {message:?}"));
                self.give_up(&message, Outcome::Lost)
            }
            2 => {
                self.counted.count("repeated");
                let message = self.network[at].clone();
                self.tell(|_| format!("repeated: {message:?}"));
                // The client hears one of two answers; it cannot know of the other.
                if let Freight::Ask(Request::Write { intent, .. }) = &message.freight
                    && let Some(typed) = self.clients[message.client].typed.get_mut(intent)
                {
                    typed.was_repeated = true;
                }
                self.network.push(message);
                Ok(())
            }
            3 if matches!(self.network[at].freight, Freight::Ask(_)) => {
                let message = self.network.swap_remove(at);
                self.tell(|_| format!("never left: {message:?}"));
                self.give_up(&message, Outcome::NotSent)
            }
            _ => self.deliver(at),
        }
    }

    /// The client is told that no answer will come.
    fn give_up(&mut self, message: &Message, outcome: Answer) -> Result<(), String> {
        let request = match &message.freight {
            Freight::Ask(request) => number(request),
            Freight::Answer(request, _) => *request,
            _ => return Ok(()),
        };
        // A copy that was repeated is on its way still: the first one decides what the client is
        // told, and "it never left" would be a lie.
        let is_copied = self.network.iter().any(|other| {
            other.client == message.client
                && match &other.freight {
                    Freight::Ask(other) => number(other) == request,
                    Freight::Answer(other, _) => *other == request,
                    _ => false,
                }
        });
        let is_open = self.clients[message.client].open.contains_key(&request);
        if !is_open || (outcome == Outcome::NotSent && is_copied) {
            return Ok(());
        }
        self.answer(message.client, request, outcome)
    }

    fn answer(&mut self, client: usize, request: RequestId, outcome: Answer) -> Result<(), String> {
        let is_open = self.clients[client].open.contains_key(&request);
        self.counted.count(match &outcome {
            _ if !is_open => "late answer",
            Outcome::Accepted { .. } => "accepted",
            Outcome::Stale { .. } => "stale",
            Outcome::Refused { .. } => "refused",
            Outcome::SessionExpired => "401",
            Outcome::Gone => "gone",
            Outcome::Pressure { .. } => "pressure",
            Outcome::Lost => "lost",
            Outcome::NotSent => "not sent",
            Outcome::Read { .. } => "read",
            Outcome::Done { .. } | Outcome::Created { .. } | Outcome::NotDone => "action",
        });
        let at = Time(self.now);
        self.apply(client, Event::Answered { request, outcome, at })
    }

    fn deliver(&mut self, at: usize) -> Result<(), String> {
        let Message { client, session, freight } = self.network.swap_remove(at);
        let back = match freight {
            Freight::Ask(request) => {
                let answer = self.serve(client, session, &request);
                self.tell(|_| format!("server: {request:?} of client {client} => {answer:?}"));
                Freight::Answer(number(&request), answer)
            }
            Freight::AskItem(key, asked_at) => Freight::Item(key, asked_at, self.server.read(key)),
            Freight::AskList(asked_at) => Freight::List(asked_at, self.server.list()),
            Freight::Answer(request, answer) => return self.answer(client, request, answer),
            Freight::Item(key, asked_at, Outcome::Read { version, fields }) => {
                return self.apply(client, Event::ItemRead { key, asked_at, version, fields });
            }
            Freight::Item(key, asked_at, _) => {
                return self.apply(client, Event::Gone { key, asked_at });
            }
            Freight::List(asked_at, rows) => return self.take_list(client, asked_at, rows),
        };
        self.network.push(Message { client, session, freight: back });
        Ok(())
    }

    /// What the server makes of a request of the store.
    fn serve(&mut self, client: usize, session: u32, request: &StoreRequest) -> Answer {
        if self.server_is_down {
            let retry_after = self.dice.once_in(2);
            return Outcome::Pressure { retry_after: retry_after.then_some(Duration::from_millis(2_000)) };
        }
        if session != self.clients[client].session {
            return Outcome::SessionExpired;
        }
        match request {
            Request::Read { key, .. } => self.server.read(*key),
            Request::Act { .. } | Request::Probe { .. } => Outcome::Lost,
            Request::Write { .. } if self.clients[client].is_viewer => refused(RefusalKind::Role, None),
            Request::Write { intent, key, version, fields, .. } => {
                let tells_current = self.dice.once_in(2);
                let who = (client, *intent, *key);
                self.server.write(who, version, fields, tells_current)
            }
        }
    }

    /// A page arrives: the store looks at it, and the grid keeps the rows the store does not hold.
    fn take_list(
        &mut self,
        client: usize,
        asked_at: Stamp,
        rows: Vec<(Key, Version, Row)>,
    ) -> Result<(), String> {
        let kept = rows.clone();
        self.apply(client, Event::ListRead { asked_at, rows })?;
        let person = &mut self.clients[client];
        if asked_at >= person.grid_asked_at {
            person.grid_asked_at = asked_at;
            for (key, version, fields) in kept {
                if person.store.store().view(&key).is_none() {
                    person.grid.insert(key, (version, fields));
                }
            }
        }
        Ok(())
    }

    /// Trouble ends, everything is delivered, everyone looks once more; then it must be quiet.
    fn come_to_rest(&mut self) -> Result<(), String> {
        self.tell(|_| "--- the trouble ends ---".to_owned());
        self.server_is_down = false;
        for client in 0..self.clients.len() {
            self.clients[client].session += 1;
            self.apply(client, Event::WentOnline)?;
            self.apply(client, Event::SignedIn)?;
        }
        self.settle()?;
        // What one person reads can set free what they typed, which others must then read.
        let mut commits = None;
        while commits != Some(self.server.commits.len()) {
            commits = Some(self.server.commits.len());
            self.everyone_looks();
            self.settle()?;
        }
        promises::when_quiet(self)
    }

    fn everyone_looks(&mut self) {
        for client in 0..self.clients.len() {
            let stamp = self.clients[client].store.store().stamp();
            self.post(client, Freight::AskList(stamp));
            for key in 0..self.server.records.len() {
                self.post(client, Freight::AskItem(key, stamp));
            }
        }
    }

    fn settle(&mut self) -> Result<(), String> {
        for _ in 0..3_000 {
            if !self.network.is_empty() {
                let at = self.dice.below(self.network.len());
                self.deliver(at)?;
                continue;
            }
            // A request whose every message was lost is given up by the browser in the end.
            let unanswered = self.clients.iter().find_map(|client| {
                let request = client.open.keys().next()?;
                Some((client.number, *request))
            });
            if let Some((client, request)) = unanswered {
                self.answer(client, request, Outcome::Lost)?;
                continue;
            }
            let signed_out = self.clients.iter().find(|client| !client.is_signed_in);
            if let Some(client) = signed_out.map(|client| client.number) {
                self.apply(client, Event::SignedIn)?;
                continue;
            }
            let waking =
                self.clients.iter().filter_map(|client| Some((client.wake_at?, client.number))).min();
            let Some((wake_at, client)) = waking else {
                return Ok(());
            };
            self.now = self.now.max(wake_at.0);
            let now = Time(self.now);
            self.apply(client, Event::TimePassed { now })?;
        }
        Err("it never gets quiet".to_owned())
    }
}

fn number(request: &StoreRequest) -> RequestId {
    match request {
        Request::Write { request, .. }
        | Request::Read { request, .. }
        | Request::Act { request, .. }
        | Request::Probe { request, .. } => *request,
    }
}
