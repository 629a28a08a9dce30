//! One person at one store, with the answers in the test's hand.

use record_store::{
    Action, Effects, Event, Fields, IntentId, IntentState, Limits, Mark, Notice, Outcome, Reason,
    RefusalKind, Request, RequestId, Stamp, Store, Time, Version,
};

pub(crate) type Row = Fields<&'static str, i64>;

pub(crate) fn row(fields: &[(&'static str, i64)]) -> Row {
    fields.iter().copied().collect()
}

pub(crate) fn v(token: &str) -> Version {
    Version::opaque(token)
}

pub(crate) fn accepted(
    token: &str,
    fields: &[(&'static str, i64)],
) -> Outcome<&'static str, &'static str, i64> {
    Outcome::Accepted { version: v(token), fields: row(fields) }
}

pub(crate) fn read(token: &str, fields: &[(&'static str, i64)]) -> Outcome<&'static str, &'static str, i64> {
    Outcome::Read { version: v(token), fields: row(fields) }
}

pub(crate) fn stale(token: &str, fields: &[(&'static str, i64)]) -> Outcome<&'static str, &'static str, i64> {
    Outcome::Stale { current: Some((v(token), row(fields))) }
}

pub(crate) fn refused(kind: RefusalKind, message: &str) -> Outcome<&'static str, &'static str, i64> {
    Outcome::Refused {
        kind,
        reasons: vec![Reason { field: Some("x"), message: message.to_owned(), code: None }],
    }
}

/// The row every record starts from, at version `v1`.
pub(crate) const START: &[(&str, i64)] = &[("x", 0), ("y", 0)];

pub(crate) struct TestTab {
    pub(crate) store: Store<&'static str, &'static str, i64>,
    /// Requests that are out, oldest first.
    pub(crate) out: Vec<Request<&'static str, &'static str, i64>>,
    pub(crate) last: Effects<&'static str, &'static str, i64>,
    pub(crate) now: u64,
    intents: u64,
}

impl TestTab {
    pub(crate) fn new() -> Self {
        Self::with(Limits::default())
    }

    pub(crate) fn with(limits: Limits) -> Self {
        Self { store: Store::new(limits), out: Vec::new(), last: Effects::default(), now: 0, intents: 0 }
    }

    /// A desk at which a screen shows record `r`, read at `v1`.
    pub(crate) fn showing_r() -> Self {
        let mut tab = Self::new();
        tab.apply(Event::Hold { key: "r" });
        tab.answer(read("v1", START));
        tab
    }

    /// The number of the next intent, as of a tab that counts on from another's.
    pub(crate) fn next_intent_is(&mut self, number: u64) {
        self.intents = number - 1;
    }

    pub(crate) fn apply(&mut self, event: Event<&'static str, &'static str, i64>) {
        self.last = self.store.apply(event);
        self.out.extend(self.last.requests.iter().cloned());
    }

    /// Types values into a record that the person saw as [`START`] at `v1`.
    pub(crate) fn propose(&mut self, key: &'static str, changes: &[(&'static str, i64)]) -> IntentId {
        self.propose_over(key, "v1", START, changes)
    }

    pub(crate) fn propose_over(
        &mut self,
        key: &'static str,
        token: &str,
        seen: &[(&'static str, i64)],
        changes: &[(&'static str, i64)],
    ) -> IntentId {
        self.intents += 1;
        let intent = IntentId(self.intents);
        self.apply(Event::Propose {
            intent,
            key,
            base: (v(token), row(seen)),
            changes: row(changes),
            at: Time(self.now),
        });
        intent
    }

    /// Asks for an action on a record.
    pub(crate) fn act(&mut self, key: &'static str, name: &'static str) -> IntentId {
        self.ask(key, Action { name, arguments: Row::new(), creates: false })
    }

    /// Creates a record, known by `key` until the server says otherwise.
    pub(crate) fn create(&mut self, key: &'static str, fields: &[(&'static str, i64)]) -> IntentId {
        self.ask(key, Action { name: "create", arguments: row(fields), creates: true })
    }

    fn ask(&mut self, key: &'static str, action: Action<&'static str, i64>) -> IntentId {
        self.intents += 1;
        let intent = IntentId(self.intents);
        self.apply(Event::Act { intent, key, action, at: Time(self.now) });
        intent
    }

    pub(crate) fn answer_to(
        &mut self,
        request: RequestId,
        outcome: Outcome<&'static str, &'static str, i64>,
    ) {
        self.out.retain(|out| number(out) != request);
        self.apply(Event::Answered { request, outcome, at: Time(self.now) });
    }

    /// Answers the oldest request that is out.
    pub(crate) fn answer(&mut self, outcome: Outcome<&'static str, &'static str, i64>) {
        let oldest = number(self.out.first().expect("a request is out"));
        self.answer_to(oldest, outcome);
    }

    pub(crate) fn list(&mut self, asked_at: Stamp, token: &str, fields: &[(&'static str, i64)]) {
        self.apply(Event::ListRead { asked_at, rows: vec![("r", v(token), row(fields))] });
    }

    pub(crate) fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        self.apply(Event::TimePassed { now: Time(self.now) });
    }

    /// A record as a person sees it: `x 1 sending, y 0`; a confirmed value has no mark.
    pub(crate) fn sees(&self, key: &'static str) -> String {
        let Some(view) = self.store.view(&key) else {
            return "not held".to_owned();
        };
        let gone = if view.is_gone() { " (gone)" } else { "" };
        let cells: Vec<String> = view
            .fields()
            .map(|cell| {
                let shown = cell.shown.map_or("-".to_owned(), i64::to_string);
                let mark = match cell.mark {
                    Mark::Confirmed => "",
                    Mark::Waiting => " waiting",
                    Mark::Sending => " sending",
                    Mark::InDoubt => " in doubt",
                    Mark::Conflict => " conflict",
                    Mark::Refused => " refused",
                };
                format!("{} {shown}{mark}", cell.field)
            })
            .collect();
        format!("{}{gone}", cells.join(", "))
    }

    /// The requests that are out: `PATCH r v1 x=1`, `GET r`.
    pub(crate) fn wire(&self) -> String {
        let lines: Vec<String> = self
            .out
            .iter()
            .map(|request| match request {
                Request::Read { key, .. } => format!("GET {key}"),
                Request::Act { key, action, .. } => format!("POST {key} {}", action.name),
                Request::Probe { key, action, .. } => format!("LOOK {key} {}", action.name),
                Request::Write { key, version, fields, .. } => {
                    let fields: Vec<String> =
                        fields.iter().map(|(field, value)| format!("{field}={value}")).collect();
                    format!("PATCH {key} {} {}", version.token, fields.join(" "))
                }
            })
            .collect();
        lines.join("; ")
    }

    /// What the last event told the person: `settled 1`, `conflict 1 x`.
    pub(crate) fn told(&self) -> String {
        let lines: Vec<String> = self
            .last
            .notices
            .iter()
            .map(|notice| match notice {
                Notice::Settled { intent, .. } => format!("settled {}", intent.0),
                Notice::Created { intent, as_key, .. } => format!("created {} as {as_key}", intent.0),
                Notice::Merged { intent, fields, .. } => {
                    format!("merged {} {}", intent.0, fields.join(" "))
                }
                Notice::Conflicted { intent, fields, .. } => {
                    format!("conflict {} {}", intent.0, fields.join(" "))
                }
                Notice::Refused { intent, .. } => format!("refused {}", intent.0),
                Notice::InDoubt { intent, .. } => format!("in doubt {}", intent.0),
                Notice::Discarded { intent, .. } => format!("discarded {}", intent.0),
                Notice::StillSending { intent, .. } => format!("still sending {}", intent.0),
                Notice::Gone { key } => format!("gone {key}"),
            })
            .collect();
        lines.join("; ")
    }

    /// What was typed into proposals that are not settled: `1: x=1 (refused)`.
    pub(crate) fn persisted(&self) -> String {
        let lines: Vec<String> = self
            .store
            .intents()
            .map(|intent| {
                let typed: Vec<String> =
                    intent.changes().map(|change| format!("{}={}", change.field, change.mine)).collect();
                let why: Vec<&str> = intent
                    .refusal()
                    .iter()
                    .flat_map(|(_, reasons)| reasons.iter().map(|r| r.message.as_str()))
                    .collect();
                let typed = format!("{}: {}", intent.id().0, typed.join(" "));
                if why.is_empty() { typed } else { format!("{typed} ({})", why.join(", ")) }
            })
            .collect();
        lines.join("; ")
    }

    /// The actions that are not done: `1: reverse in doubt`.
    pub(crate) fn to_do(&self) -> String {
        let lines: Vec<String> = self
            .store
            .actions()
            .map(|view| {
                let state = match view.state() {
                    IntentState::Waiting => "waiting".to_owned(),
                    IntentState::Sending { .. } => "sending".to_owned(),
                    IntentState::InDoubt => "in doubt".to_owned(),
                    IntentState::Conflict => "conflict".to_owned(),
                    IntentState::Refused { kind, .. } => format!("refused {kind:?}"),
                };
                format!("{}: {} {state}", view.id().0, view.action().name)
            })
            .collect();
        lines.join("; ")
    }
}

fn number<K, F, V>(request: &Request<K, F, V>) -> RequestId {
    match request {
        Request::Write { request, .. }
        | Request::Read { request, .. }
        | Request::Act { request, .. }
        | Request::Probe { request, .. } => *request,
    }
}

/// One step of a story: what the person then sees, what is on the wire, what they are told.
#[track_caller]
pub(crate) fn check(tab: &TestTab, sees: &str, wire: &str, told: &str) {
    assert_eq!(tab.sees("r"), sees, "shown");
    assert_eq!(tab.wire(), wire, "on the wire");
    assert_eq!(tab.told(), told, "told");
}
