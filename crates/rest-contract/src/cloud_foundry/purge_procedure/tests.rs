use super::*;

const TARGET: &str = "demo platform";
const NOON: i64 = 1_000_000;

fn copy() -> SavedCopy {
    let newest = NewestEvent { guid: "g".to_owned(), created_at: 7 };
    SavedCopy {
        file: "events.ndjson".to_owned(),
        events: 3,
        sha256: "ab".to_owned(),
        newest: Some(newest),
        newest_at: Some(8),
    }
}

fn quiet() -> Look {
    quiet_at_noon_and(0)
}

/// The platform is quiet, so many seconds after noon by its own clock and by the browser's.
fn quiet_at_noon_and(seconds: i64) -> Look {
    let clocks = Clocks { platform: NOON + seconds, browser: NOON + seconds };
    Look { copy_stands: true, since_copy: Some(0), events: Some(3), newest_at: Some(8), clocks: Some(clocks) }
}

/// The inputs of a purge that goes well, each with the order that follows from it.
fn good_path() -> Vec<(Step, Option<&'static str>)> {
    use Step::{Says, Then};
    vec![
        (Says(Input::Begin { role: PlatformRole::Administrator, claim: TabClaim::Held }), Some("copy")),
        (Then(Answer::Copied(copy())), None),
        (Says(Input::FileChosen), Some("read back")),
        (Then(Answer::ReadBack { events: 3, sha256: "ab".to_owned() }), None),
        (Says(Input::Acknowledge), Some("look")),
        (Then(Answer::Looked(quiet())), None),
        (Says(Input::Confirm { typed: format!(" {TARGET} "), at: NOON }), None),
        (Says(Input::Tick { at: NOON + COUNTDOWN_SECONDS }), Some("look")),
        (Then(Answer::Looked(quiet_at_noon_and(COUNTDOWN_SECONDS))), Some("mark")),
        (Then(Answer::MarkerWritten), Some("post")),
        (Then(Answer::Accepted), Some("read")),
        (Then(Answer::Read(PurgeSign::Done, None)), None),
        (Says(Input::Finish), Some("release")),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Says(Input),
    /// The answer to the latest order.
    Then(Answer),
    /// The answer to the order before the latest.
    Late(Answer),
}

fn name(order: &Order) -> &'static str {
    match order {
        Order::Copy => "copy",
        Order::ReadBack => "read back",
        Order::Look(_) => "look",
        Order::WriteMarker(_) => "mark",
        Order::Post => "post",
        Order::Read => "read",
        Order::Release => "release",
    }
}

struct Desk {
    procedure: Procedure,
    ticket: u64,
}

impl Desk {
    fn new() -> Self {
        Self { procedure: Procedure::new(TARGET.to_owned()), ticket: 0 }
    }

    fn take(&mut self, step: Step) -> Option<&'static str> {
        let input = match step {
            Step::Says(input) => input,
            Step::Then(answer) => Input::Answered { ticket: self.ticket, answer },
            Step::Late(answer) => Input::Answered { ticket: self.ticket.wrapping_sub(1), answer },
        };
        let command = self.procedure.take(input)?;
        self.ticket = command.ticket;
        Some(name(&command.order))
    }

    /// On the good path up to (and without) the step with this place.
    fn at(step: usize) -> Self {
        let mut desk = Self::new();
        for (step, order) in good_path().into_iter().take(step) {
            assert_eq!(desk.take(step.clone()), order, "{step:?}");
        }
        desk
    }
}

/// The place of the step whose answer is the platform's to the POST.
const ANSWER: usize = 10;

#[test]
fn the_one_path_leads_through_every_step() {
    let mut desk = Desk::at(good_path().len() - 1);
    assert!(matches!(desk.procedure.stage(), PurgeStep::Done { .. }));
    assert_eq!(desk.take(Step::Says(Input::Finish)), Some("release"));
    assert_eq!(*desk.procedure.stage(), PurgeStep::Start);
}

#[test]
fn no_step_can_be_left_out() {
    for left_out in 0..ANSWER {
        let mut desk = Desk::new();
        for (place, (step, _)) in good_path().into_iter().enumerate().take(ANSWER) {
            if place != left_out {
                assert_ne!(desk.take(step), Some("post"), "without step {left_out}");
            }
        }
    }
}

#[test]
fn no_step_can_be_reached_from_the_start() {
    for (step, order) in good_path().into_iter().skip(1) {
        let mut desk = Desk::new();
        assert_eq!(desk.take(step.clone()), None, "{step:?} would have led to {order:?}");
        assert_eq!(*desk.procedure.stage(), PurgeStep::Start);
    }
}

#[test]
fn every_step_before_the_call_can_be_cancelled_and_none_after_it() {
    for place in 1..ANSWER - 1 {
        let mut desk = Desk::at(place);
        assert_eq!(desk.take(Step::Says(Input::Cancel)), Some("release"), "before step {place}");
        assert_eq!(*desk.procedure.stage(), PurgeStep::Cancelled);
        // What the cancelled try had asked for arrives late and leads nowhere.
        for (step, _) in good_path().into_iter().skip(place) {
            assert_eq!(desk.take(step), None);
        }
    }
    for place in ANSWER..good_path().len() {
        let mut desk = Desk::at(place);
        let stage = desk.procedure.stage().clone();
        assert_eq!(desk.take(Step::Says(Input::Cancel)), None);
        assert_eq!(*desk.procedure.stage(), stage, "nothing that was sent is cancelled");
    }
}

#[test]
fn roles_without_the_right_and_a_second_tab_are_barred() {
    let bar = |role, claim| {
        let mut desk = Desk::new();
        assert_eq!(desk.take(Step::Says(Input::Begin { role, claim })), None);
        desk.procedure.stage().clone()
    };
    for role in
        [PlatformRole::GlobalReader, PlatformRole::OwnSpacesOnly, PlatformRole::Nobody, PlatformRole::Unknown]
    {
        assert!(matches!(bar(role, TabClaim::Held), PurgeStep::Blocked(Bar::Role(_))), "{role:?}");
    }
    let admin = PlatformRole::Administrator;
    assert_eq!(bar(admin, TabClaim::Taken), PurgeStep::Blocked(Bar::OtherTab));
    assert_eq!(bar(admin, TabClaim::Unavailable), PurgeStep::Blocked(Bar::NoTabClaim));
}

#[test]
fn a_file_that_is_not_the_copy_proves_nothing() {
    let answers = [
        Answer::ReadBack { events: 2, sha256: "ab".to_owned() },
        Answer::ReadBack { events: 3, sha256: "cd".to_owned() },
        Answer::ReadBackFailed,
    ];
    for answer in answers {
        let mut desk = Desk::at(3);
        assert_eq!(desk.take(Step::Then(answer.clone())), None);
        assert!(matches!(desk.procedure.stage(), PurgeStep::Copied { unlike: Some(_), .. }), "{answer:?}");
        assert_eq!(desk.take(Step::Says(Input::Acknowledge)), None);
        // Another file may be chosen.
        assert_eq!(desk.take(Step::Says(Input::FileChosen)), Some("read back"));
    }
}

#[test]
fn a_platform_that_is_not_quiet_is_not_purged_at_either_look() {
    fn clocks(platform: i64, browser: i64) -> Option<Clocks> {
        Some(Clocks { platform, browser })
    }
    let off = |ahead| Unquiet::ClockOff { ahead };
    let young = |now| Unquiet::Young { newest_at: 8, now };
    let looks = [
        (Some(Look { since_copy: Some(1), events: Some(4), ..quiet() }), Unquiet::Came(1)),
        // One that was written late stands before the copy's newest one.
        (Some(Look { events: Some(5), ..quiet() }), Unquiet::Came(2)),
        (Some(Look { since_copy: Some(1), events: Some(3), ..quiet() }), Unquiet::Came(1)),
        (Some(Look { events: Some(2), ..quiet() }), Unquiet::CopyGone),
        (Some(Look { copy_stands: false, ..quiet() }), Unquiet::CopyGone),
        (Some(Look { since_copy: None, ..quiet() }), Unquiet::Contradiction),
        (Some(Look { events: None, ..quiet() }), Unquiet::Contradiction),
        // The newest of all is the newest that was copied, neither none nor an older nor a younger one.
        (Some(Look { newest_at: None, ..quiet() }), Unquiet::Contradiction),
        (Some(Look { newest_at: Some(7), ..quiet() }), Unquiet::Contradiction),
        (Some(Look { newest_at: Some(9), ..quiet() }), Unquiet::Contradiction),
        (
            Some(Look { clocks: clocks(7 + QUIET_SECONDS, 7 + QUIET_SECONDS), ..quiet() }),
            young(7 + QUIET_SECONDS),
        ),
        // An event may be of a time to come, where the platform's parts disagree.
        (Some(Look { clocks: clocks(7, 7), ..quiet() }), young(7)),
        // The browser's clock is not asked how old an event is, and a wrong one bars by itself.
        (Some(Look { clocks: clocks(20, NOON), ..quiet() }), off(NOON - 20)),
        (Some(Look { clocks: clocks(NOON, NOON + CLOCK_TOLERANCE_SECONDS + 1), ..quiet() }), off(61)),
        (Some(Look { clocks: clocks(NOON, NOON - CLOCK_TOLERANCE_SECONDS - 1), ..quiet() }), off(-61)),
        (Some(Look { clocks: clocks(NOON, i64::MIN), ..quiet() }), off(i64::MIN)),
        (Some(Look { clocks: None, ..quiet() }), Unquiet::NoClock),
        (None, Unquiet::NoAnswer),
    ];
    for (look, wanted) in looks {
        for place in [5, 8] {
            let mut desk = Desk::at(place);
            let answer = look.map_or(Answer::LookFailed, Answer::Looked);
            assert_eq!(desk.take(Step::Then(answer)), None, "{look:?} at {place}");
            assert!(
                matches!(desk.procedure.stage(), PurgeStep::NotQuiet { why, .. } if *why == wanted),
                "{look:?} at {place}: {:?}",
                desk.procedure.stage()
            );
            // Then the name has to be typed and counted down again.
            assert_eq!(desk.take(Step::Says(Input::LookAgain)), Some("look"));
            assert_eq!(desk.take(Step::Then(Answer::Looked(quiet()))), None);
            assert!(matches!(desk.procedure.stage(), PurgeStep::Naming { .. }));
        }
    }
    let at_the_edge = 8 + QUIET_SECONDS;
    assert!(Look { clocks: clocks(at_the_edge, at_the_edge), ..quiet() }.quiet(&copy()).is_ok());
}

#[test]
fn a_platform_without_events_is_quiet_only_where_none_were_copied() {
    let empty = Look { events: Some(0), newest_at: None, ..quiet() };
    assert_eq!(empty.quiet(&copy()), Err(Unquiet::CopyGone));
    let of_nothing = SavedCopy { events: 0, newest: None, newest_at: None, ..copy() };
    assert!(empty.quiet(&of_nothing).is_ok());
    assert_eq!(quiet().quiet(&of_nothing), Err(Unquiet::Came(3)));
}

#[test]
fn a_look_takes_only_answers_that_agree_with_themselves() {
    let event = |at: &str| format!(r#"{{"guid":"g","created_at":"{at}"}}"#);
    let newest = event("1970-01-01T00:00:08Z");
    let page = |total: usize, next: &str, events: &str| {
        format!(r#"{{"pagination":{{"total_results":{total},"next":{next}}},"resources":[{events}]}}"#)
    };
    let quiet_by = |since: &str, latest: &str| {
        let since = EventPage::read(since.as_bytes()).expect("a page");
        let latest = EventPage::read(latest.as_bytes()).expect("a page");
        Look::of(&since, &latest, quiet().clocks).quiet(&copy()).err()
    };
    let (nothing, all) = (page(0, "null", ""), page(3, "{}", &newest));
    let contradiction = Some(Unquiet::Contradiction);
    assert_eq!(quiet_by(&nothing, &all), None);
    // It has no event, or its oldest one instead, or an event beside a count of none.
    assert_eq!(quiet_by(&nothing, &page(3, "{}", "")), contradiction);
    assert_eq!(quiet_by(&nothing, &page(0, "null", "")), Some(Unquiet::CopyGone));
    assert_eq!(quiet_by(&nothing, &page(3, "{}", &event("1970-01-01T00:00:01Z"))), contradiction);
    assert_eq!(quiet_by(&page(0, "null", &newest), &all), contradiction);
    assert_eq!(quiet_by(&page(0, "{}", ""), &all), contradiction);
    assert_eq!(quiet_by(r#"{"resources":[]}"#, &all), contradiction);
    assert_eq!(quiet_by(&nothing, &page(3, "null", &newest)), contradiction);
    // Nobody knows how old the newest event is.
    assert_eq!(quiet_by(&nothing, &page(3, "{}", &event("yesterday"))), contradiction);
    assert_eq!(quiet_by(&page(1, "null", &newest), &page(4, "{}", &newest)), Some(Unquiet::Came(1)));
}

#[test]
fn only_the_targets_own_name_starts_the_countdown() {
    for typed in ["", "demo", "Demo Platform", "demo  platform"] {
        let mut desk = Desk::at(6);
        desk.take(Step::Says(Input::Confirm { typed: typed.to_owned(), at: NOON }));
        assert!(matches!(desk.procedure.stage(), PurgeStep::Naming { is_other: true, .. }), "{typed:?}");
    }
    let mut desk = Desk::at(7);
    assert_eq!(desk.take(Step::Says(Input::Tick { at: NOON + COUNTDOWN_SECONDS - 1 })), None);
    assert!(matches!(desk.procedure.stage(), PurgeStep::Counting { .. }));
}

#[test]
fn a_lost_answer_is_decided_by_reading_and_never_by_sending() {
    let mut desk = Desk::at(ANSWER);
    assert_eq!(desk.take(Step::Then(Answer::Lost)), None);
    assert!(matches!(desk.procedure.stage(), PurgeStep::InDoubt(_)));
    assert_eq!(desk.take(Step::Says(Input::ReadAgain)), Some("read"));
    assert_eq!(desk.take(Step::Then(Answer::ReadFailed)), None);
    assert_eq!(desk.take(Step::Says(Input::ReadAgain)), Some("read"));
    let sent_at = NOON + COUNTDOWN_SECONDS;
    for (read_at, may) in [
        (None, false),
        (Some(sent_at), false),
        (Some(sent_at + GIVEN_UP_AFTER_SECONDS - 1), false),
        (Some(sent_at + GIVEN_UP_AFTER_SECONDS), true),
    ] {
        assert_eq!(desk.take(Step::Then(Answer::Read(PurgeSign::NotSeen, read_at))), None);
        assert!(matches!(desk.procedure.stage(), PurgeStep::NotSeen { .. }));
        assert_eq!(desk.take(Step::Says(Input::GiveUp)), may.then_some("release"), "read at {read_at:?}");
        if !may {
            assert_eq!(desk.take(Step::Says(Input::ReadAgain)), Some("read"));
        }
    }
    assert_eq!(*desk.procedure.stage(), PurgeStep::Start);
}

#[test]
fn a_refusal_and_a_marker_that_cannot_be_written_end_the_try() {
    let mut desk = Desk::at(ANSWER);
    assert_eq!(desk.take(Step::Then(Answer::Refused("not allowed".to_owned()))), Some("release"));
    assert_eq!(*desk.procedure.stage(), PurgeStep::Refused("not allowed".to_owned()));
    let mut desk = Desk::at(ANSWER - 1);
    assert_eq!(desk.take(Step::Then(Answer::MarkerFailed)), Some("release"));
    assert!(matches!(desk.procedure.stage(), PurgeStep::Refused(_)));
}

#[test]
fn a_page_that_finds_a_marker_reads_and_cannot_begin() {
    let marker = PurgeMarker {
        target: TARGET.to_owned(),
        sent_at: NOON,
        sent_at_here: Some(NOON),
        newest: None,
        events: 3,
        sha256: "ab".to_owned(),
    };
    let (procedure, command) = Procedure::resume(marker.clone());
    assert_eq!(command.order, Order::Read);
    let mut desk = Desk { procedure, ticket: command.ticket };
    let begin = Input::Begin { role: PlatformRole::Administrator, claim: TabClaim::Held };
    assert_eq!(desk.take(Step::Says(begin)), None);
    assert_eq!(desk.take(Step::Then(Answer::Read(PurgeSign::Emptied, None))), None);
    assert_eq!(*desk.procedure.stage(), PurgeStep::Done { marker, sign: PurgeSign::Emptied });
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % sides
    }

    fn pick<T: Clone>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).expect("small")].clone()
    }
}

/// What has to come before a POST, each after the one before it, all in one try.
fn is_step(place: usize, step: &Step, counted_from: i64) -> bool {
    match (place, step) {
        (0, Step::Says(Input::Begin { role, claim })) => {
            *role == PlatformRole::Administrator && *claim == TabClaim::Held
        }
        (1, Step::Then(Answer::Copied(_))) | (2, Step::Says(Input::FileChosen)) => true,
        (3, Step::Then(Answer::ReadBack { events, sha256 })) => *events == 3 && sha256 == "ab",
        (4, Step::Says(Input::Acknowledge)) => true,
        (5 | 8, Step::Then(Answer::Looked(look))) => look.clocks.is_some_and(|clocks| {
            (look.since_copy, look.events, look.newest_at) == (Some(0), Some(3), Some(8))
                && look.copy_stands
                && (clocks.platform - clocks.browser).abs() <= 60
                && clocks.platform >= 8 + QUIET_SECONDS
        }),
        (6, Step::Says(Input::Confirm { typed, .. })) => typed.trim() == TARGET,
        (7, Step::Says(Input::Tick { at })) => *at >= counted_from + COUNTDOWN_SECONDS,
        (9, Step::Then(Answer::MarkerWritten)) => true,
        _ => false,
    }
}

/// Whether the steps hold the whole path in order, the last step being its end.
fn earns_a_post(history: &[Step]) -> bool {
    let mut place = 0;
    let mut counted_from = i64::MAX - COUNTDOWN_SECONDS;
    for step in history {
        if is_step(place, step, counted_from) {
            if let Step::Says(Input::Confirm { at, .. }) = step {
                counted_from = *at;
            }
            place += 1;
        }
    }
    place == ANSWER
}

#[test]
fn whatever_comes_in_whatever_order_no_post_is_sent_that_was_not_earned_step_by_step() {
    let good: Vec<Step> = good_path().into_iter().map(|(step, _)| step).collect();
    let strays = [
        Step::Says(Input::Begin { role: PlatformRole::GlobalReader, claim: TabClaim::Held }),
        Step::Says(Input::Begin { role: PlatformRole::Administrator, claim: TabClaim::Taken }),
        Step::Says(Input::LookAgain),
        Step::Says(Input::Confirm { typed: "another".to_owned(), at: NOON }),
        Step::Says(Input::Tick { at: NOON }),
        Step::Says(Input::Tick { at: NOON + COUNTDOWN_SECONDS - 1 }),
        Step::Says(Input::Cancel),
        Step::Says(Input::ReadAgain),
        Step::Says(Input::GiveUp),
        Step::Late(Answer::Copied(copy())),
        Step::Late(Answer::ReadBack { events: 3, sha256: "ab".to_owned() }),
        Step::Late(Answer::Looked(quiet())),
        Step::Late(Answer::MarkerWritten),
        Step::Then(Answer::CopyFailed),
        Step::Then(Answer::ReadBack { events: 3, sha256: "cd".to_owned() }),
        Step::Then(Answer::ReadBackFailed),
        Step::Then(Answer::Looked(Look { since_copy: Some(2), ..quiet() })),
        Step::Then(Answer::Looked(Look { clocks: None, ..quiet() })),
        Step::Then(Answer::LookFailed),
        Step::Then(Answer::MarkerFailed),
        Step::Then(Answer::Refused(String::new())),
        Step::Then(Answer::Lost),
        Step::Then(Answer::Read(PurgeSign::NotSeen, Some(NOON))),
        Step::Then(Answer::Read(PurgeSign::NotSeen, Some(NOON + 500))),
        Step::Then(Answer::ReadFailed),
    ];
    let (mut posts, mut seen_stages) = (0, 0);
    for seed in 1..=4000 {
        let mut dice = Dice(seed * 0x9E37_79B9);
        let mut desk = Desk::new();
        // The place on the good path that fits the stage is tried often, so that tries get far.
        let (mut history, mut next): (Vec<Step>, usize) = (Vec::new(), 0);
        for _ in 0..120 {
            let step = match dice.below(10) {
                0..=6 => good.get(next).unwrap_or(&good[0]).clone(),
                7 => dice.pick(&good),
                8 => dice.pick(&strays),
                _ => good[next.saturating_sub(1)].clone(),
            };
            let before = desk.procedure.stage().clone();
            let order = desk.take(step.clone());
            history.push(step.clone());
            if order == Some("post") {
                posts += 1;
                assert!(earns_a_post(&history), "seed {seed}: {history:?}");
                // What was sent must be proved by its own try alone.
                history.clear();
            }
            // A try begins with its own beginning and ends where others are let in again.
            if matches!(&step, Step::Says(Input::Begin { .. })) && order == Some("copy") {
                history = vec![step];
            } else if order == Some("release") {
                history.clear();
            }
            if *desk.procedure.stage() != before {
                seen_stages += 1;
            }
            next = good_place(desk.procedure.stage());
        }
    }
    assert!(posts > 500, "only {posts} of the random walks came to a POST: they prove nothing");
    assert!(seen_stages > 20_000);
}

/// Which step of the good path comes next in a stage.
fn good_place(stage: &PurgeStep) -> usize {
    match stage {
        PurgeStep::Start
        | PurgeStep::Blocked(_)
        | PurgeStep::CopyFailed
        | PurgeStep::Refused(_)
        | PurgeStep::Cancelled => 0,
        PurgeStep::Copying => 1,
        PurgeStep::Copied { .. } => 2,
        PurgeStep::ReadingBack(_) => 3,
        PurgeStep::Proven(_) => 4,
        PurgeStep::Looking(_) | PurgeStep::NotQuiet { .. } => 5,
        PurgeStep::Naming { .. } => 6,
        PurgeStep::Counting { .. } => 7,
        PurgeStep::LastLook(_) => 8,
        PurgeStep::Marking(_) => 9,
        PurgeStep::Sending(_) => 10,
        PurgeStep::InDoubt(_) | PurgeStep::Reading(_) | PurgeStep::NotSeen { .. } => 11,
        PurgeStep::Done { .. } => 12,
    }
}

#[test]
fn an_answer_from_an_earlier_try_leads_no_later_one_on() {
    let begin = || Input::Begin { role: PlatformRole::Administrator, claim: TabClaim::Held };
    let mut procedure = Procedure::new(TARGET.to_owned());
    assert_eq!(procedure.target(), TARGET);
    let tickets: Vec<u64> =
        [begin(), Input::Cancel, begin()].map(|input| procedure.take(input).expect("an order").ticket).into();
    assert!(tickets.is_sorted_by(|one, next| one < next), "{tickets:?}");
    procedure.take(Input::Answered { ticket: tickets[0], answer: Answer::Copied(copy()) });
    assert_eq!(*procedure.stage(), PurgeStep::Copying);
}

#[test]
fn a_copy_that_failed_can_be_made_again() {
    let mut desk = Desk::at(1);
    assert_eq!(desk.take(Step::Then(Answer::CopyFailed)), None);
    assert_eq!(*desk.procedure.stage(), PurgeStep::CopyFailed);
    assert_eq!(desk.take(Step::Says(Input::LookAgain)), Some("copy"));
}

#[test]
fn what_was_sent_is_known_from_the_call_to_the_end() {
    for place in 0..good_path().len() {
        let desk = Desk::at(place);
        let sent = desk.procedure.stage().sent().map(|marker| marker.events);
        assert_eq!(sent, (place >= ANSWER).then_some(3), "{place}");
    }
}
