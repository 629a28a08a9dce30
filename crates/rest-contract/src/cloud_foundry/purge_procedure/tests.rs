use super::*;

const TARGET: &str = "demo platform";
const NOON: i64 = 1_000_000;

fn copy() -> KeptCopy {
    let newest = NewestEvent { guid: "g".to_owned(), created_at: 7 };
    KeptCopy { file: "events.ndjson".to_owned(), events: 3, sha256: "ab".to_owned(), newest: Some(newest) }
}

fn quiet() -> Look {
    Look { since_copy: 0, newest_at: Some(7), copy_stands: true }
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
        (Then(Answer::Looked(quiet(), NOON)), None),
        (Says(Input::Confirm { typed: format!(" {TARGET} "), at: NOON }), None),
        (Says(Input::Tick { at: NOON + COUNTDOWN_SECONDS }), Some("look")),
        (Then(Answer::Looked(quiet(), NOON + COUNTDOWN_SECONDS)), Some("mark")),
        (Then(Answer::MarkerWritten), Some("post")),
        (Then(Answer::Accepted), Some("read")),
        (Then(Answer::Read(PurgeSign::Done)), None),
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
    assert!(matches!(desk.procedure.stage(), Stage::Done { .. }));
    assert_eq!(desk.take(Step::Says(Input::Finish)), Some("release"));
    assert_eq!(*desk.procedure.stage(), Stage::Start);
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
        assert_eq!(*desk.procedure.stage(), Stage::Start);
    }
}

#[test]
fn every_step_before_the_call_can_be_cancelled_and_none_after_it() {
    for place in 1..ANSWER - 1 {
        let mut desk = Desk::at(place);
        assert_eq!(desk.take(Step::Says(Input::Cancel)), Some("release"), "before step {place}");
        assert_eq!(*desk.procedure.stage(), Stage::Cancelled);
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
        assert!(matches!(bar(role, TabClaim::Held), Stage::Barred(Bar::Role(_))), "{role:?}");
    }
    let admin = PlatformRole::Administrator;
    assert_eq!(bar(admin, TabClaim::Taken), Stage::Barred(Bar::OtherTab));
    assert_eq!(bar(admin, TabClaim::Unavailable), Stage::Barred(Bar::NoTabClaim));
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
        assert!(matches!(desk.procedure.stage(), Stage::Copied { unlike: Some(_), .. }), "{answer:?}");
        assert_eq!(desk.take(Step::Says(Input::Acknowledge)), None);
        // Another file may be chosen.
        assert_eq!(desk.take(Step::Says(Input::FileChosen)), Some("read back"));
    }
}

#[test]
fn a_platform_that_is_not_quiet_is_not_purged_at_either_look() {
    let looks = [
        Some(Look { since_copy: 1, ..quiet() }),
        Some(Look { newest_at: Some(NOON - QUIET_SECONDS + 1), ..quiet() }),
        // The newest event is of a time to come: the browser's clock is wrong.
        Some(Look { newest_at: Some(NOON + 500), ..quiet() }),
        Some(Look { copy_stands: false, ..quiet() }),
        None,
    ];
    for look in looks {
        for place in [5, 8] {
            let mut desk = Desk::at(place);
            let answer = look.map_or(Answer::LookFailed, |look| Answer::Looked(look, NOON));
            assert_eq!(desk.take(Step::Then(answer)), None, "{look:?} at {place}");
            assert!(matches!(desk.procedure.stage(), Stage::NotQuiet { .. }));
            // Then the name has to be typed and counted down again.
            assert_eq!(desk.take(Step::Says(Input::LookAgain)), Some("look"));
            assert_eq!(desk.take(Step::Then(Answer::Looked(quiet(), NOON))), None);
            assert!(matches!(desk.procedure.stage(), Stage::Naming { .. }));
        }
    }
}

#[test]
fn only_the_targets_own_name_starts_the_countdown() {
    for typed in ["", "demo", "Demo Platform", "demo  platform"] {
        let mut desk = Desk::at(6);
        desk.take(Step::Says(Input::Confirm { typed: typed.to_owned(), at: NOON }));
        assert!(matches!(desk.procedure.stage(), Stage::Naming { is_other: true, .. }), "{typed:?}");
    }
    let mut desk = Desk::at(7);
    assert_eq!(desk.take(Step::Says(Input::Tick { at: NOON + COUNTDOWN_SECONDS - 1 })), None);
    assert!(matches!(desk.procedure.stage(), Stage::Counting { .. }));
}

#[test]
fn a_lost_answer_is_decided_by_reading_and_never_by_sending() {
    let mut desk = Desk::at(ANSWER);
    assert_eq!(desk.take(Step::Then(Answer::Lost)), None);
    assert!(matches!(desk.procedure.stage(), Stage::InDoubt(_)));
    assert_eq!(desk.take(Step::Says(Input::ReadAgain)), Some("read"));
    assert_eq!(desk.take(Step::Then(Answer::ReadFailed)), None);
    assert_eq!(desk.take(Step::Says(Input::ReadAgain)), Some("read"));
    assert_eq!(desk.take(Step::Then(Answer::Read(PurgeSign::NotSeen))), None);
    let sent_at = NOON + COUNTDOWN_SECONDS;
    let give_up = |after| Step::Says(Input::GiveUp { at: sent_at + after });
    assert_eq!(desk.take(give_up(GIVEN_UP_AFTER_SECONDS - 1)), None);
    assert!(matches!(desk.procedure.stage(), Stage::NotSeen(_)));
    assert_eq!(desk.take(give_up(GIVEN_UP_AFTER_SECONDS)), Some("release"));
    assert_eq!(*desk.procedure.stage(), Stage::Start);
}

#[test]
fn a_refusal_and_a_marker_that_cannot_be_written_end_the_try() {
    let mut desk = Desk::at(ANSWER);
    assert_eq!(desk.take(Step::Then(Answer::Refused("not allowed".to_owned()))), Some("release"));
    assert_eq!(*desk.procedure.stage(), Stage::Refused("not allowed".to_owned()));
    let mut desk = Desk::at(ANSWER - 1);
    assert_eq!(desk.take(Step::Then(Answer::MarkerFailed)), Some("release"));
    assert!(matches!(desk.procedure.stage(), Stage::Refused(_)));
}

#[test]
fn a_page_that_finds_a_marker_reads_and_cannot_begin() {
    let marker = PurgeMarker {
        target: TARGET.to_owned(),
        sent_at: NOON,
        newest: None,
        events: 3,
        sha256: "ab".to_owned(),
    };
    let (procedure, command) = Procedure::resume(marker.clone());
    assert_eq!(command.order, Order::Read);
    let mut desk = Desk { procedure, ticket: command.ticket };
    let begin = Input::Begin { role: PlatformRole::Administrator, claim: TabClaim::Held };
    assert_eq!(desk.take(Step::Says(begin)), None);
    assert_eq!(desk.take(Step::Then(Answer::Read(PurgeSign::Emptied))), None);
    assert_eq!(*desk.procedure.stage(), Stage::Done { marker, sign: PurgeSign::Emptied });
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
        (5 | 8, Step::Then(Answer::Looked(look, now))) => {
            look.since_copy == 0
                && look.copy_stands
                && look.newest_at.is_none_or(|newest| newest <= now - QUIET_SECONDS)
        }
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
        Step::Says(Input::GiveUp { at: NOON + 1000 }),
        Step::Late(Answer::Copied(copy())),
        Step::Late(Answer::ReadBack { events: 3, sha256: "ab".to_owned() }),
        Step::Late(Answer::Looked(quiet(), NOON)),
        Step::Late(Answer::MarkerWritten),
        Step::Then(Answer::CopyFailed),
        Step::Then(Answer::ReadBack { events: 3, sha256: "cd".to_owned() }),
        Step::Then(Answer::ReadBackFailed),
        Step::Then(Answer::Looked(Look { since_copy: 2, ..quiet() }, NOON)),
        Step::Then(Answer::LookFailed),
        Step::Then(Answer::MarkerFailed),
        Step::Then(Answer::Refused(String::new())),
        Step::Then(Answer::Lost),
        Step::Then(Answer::Read(PurgeSign::NotSeen)),
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
fn good_place(stage: &Stage) -> usize {
    match stage {
        Stage::Start | Stage::Barred(_) | Stage::CopyFailed | Stage::Refused(_) | Stage::Cancelled => 0,
        Stage::Copying => 1,
        Stage::Copied { .. } => 2,
        Stage::ReadingBack(_) => 3,
        Stage::Proven(_) => 4,
        Stage::Looking(_) | Stage::NotQuiet { .. } => 5,
        Stage::Naming { .. } => 6,
        Stage::Counting { .. } => 7,
        Stage::LastLook(_) => 8,
        Stage::Marking(_) => 9,
        Stage::Sending(_) => 10,
        Stage::InDoubt(_) | Stage::Reading(_) | Stage::NotSeen(_) => 11,
        Stage::Done { .. } => 12,
    }
}
