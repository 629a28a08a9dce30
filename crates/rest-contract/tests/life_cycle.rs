//! Every combination of states and actions, as a table: `y` is allowed, a letter is a reason.

use rest_contract::oracle::life_cycle::{
    BatchAction, BatchFacts, BatchStatus, BatchType, EventAction, EventFacts, EventStatus, Reason,
    batch_action, completed, event_action,
};

fn letter(outcome: Result<(), Reason>) -> char {
    match outcome {
        Ok(()) => 'y',
        Err(Reason::NotInDraftOrError) => 'n',
        Err(Reason::IsReversal) => 'v',
        Err(Reason::BatchLocked) => 'L',
        Err(Reason::BatchInProcess) => 'i',
        Err(Reason::BatchNotCompleted) => 'c',
        Err(Reason::NotProcessed) => 'p',
        Err(Reason::AlreadyReversed) => 'r',
        Err(Reason::HeldByOpenBatch) => 'h',
        Err(Reason::BatchNotDraft) => 'D',
        Err(Reason::BatchNotLocked) => 'K',
        Err(Reason::BatchNotLockedOrWithErrors) => 'S',
        Err(Reason::BatchHasEvents) => 'E',
        Err(Reason::BatchHasLentEvents) => 'l',
        Err(Reason::BatchEmpty) => '0',
        Err(Reason::NothingToRate) => 'N',
        Err(Reason::RatingBatchTakesNoEvents) => 'T',
        Err(Reason::OnlyRatingByHand) => 'R',
        Err(Reason::ByHandNeedsDraft) => 'H',
        Err(Reason::InClosedPeriod | Reason::BatchHasClosedEvents) => '#',
    }
}

/// One line for each action and kind of event. A word for each status of the event; in it a letter for
/// each status of its batch: draft, locked, in process, completed, completed with errors.
const EVENTS: &str = "\
Change free: yLyyy nnnnn nnnnn nnnnn nnnnn yLyyy nnnnn
Change held: yLyyy nnnnn nnnnn nnnnn nnnnn yLyyy nnnnn
Change reversal: vvvvv nnnnn nnnnn nnnnn nnnnn vvvvv nnnnn
Delete free: yLiyy nLnnn nLnnn nLnnn nLnnn yLiyy nLnnn
Delete held: yLiyy nLnnn nLnnn nLnnn nLnnn yLiyy nLnnn
Delete reversal: yLiyy nLnnn nLnnn nLnnn nLnnn yLiyy nLnnn
Reverse free: ppppp ppppp ppppp iiiii cLiyy ppppp rrrrr
Reverse held: ppppp ppppp ppppp iiiii hhihh ppppp rrrrr
Reverse reversal: ppppp ppppp ppppp iiiii vvvvv ppppp rrrrr
Rerate free: ppppp ppppp ppppp iiiii cLiyy ppppp rrrrr
Rerate held: ppppp ppppp ppppp iiiii hhihh ppppp rrrrr
Rerate reversal: ppppp ppppp ppppp iiiii vvvvv ppppp rrrrr
TakeOut free: yDDDD nDDDD nDDDD nDDDD yDDDD yDDDD nDDDD
TakeOut held: yDDDD nDDDD nDDDD nDDDD yDDDD yDDDD nDDDD
TakeOut reversal: yDDDD nDDDD nDDDD nDDDD yDDDD yDDDD nDDDD
";

#[test]
fn every_event_in_every_batch() {
    let mut table = String::new();
    for action in EventAction::ALL {
        for (kind, can_be_reversed, is_reversal) in
            [("free", true, false), ("held", false, false), ("reversal", false, true)]
        {
            table.push_str(&format!("{action:?} {kind}:"));
            for status in EventStatus::ALL {
                table.push(' ');
                for batch_status in BatchStatus::ALL {
                    let facts = EventFacts {
                        status,
                        can_be_reversed,
                        is_reversal,
                        batch_status,
                        in_closed_period: false,
                    };
                    table.push(letter(event_action(facts, action)));
                    let closed = EventFacts { in_closed_period: true, ..facts };
                    assert_eq!(event_action(closed, action), Err(Reason::InClosedPeriod));
                }
            }
            table.push('\n');
        }
    }
    assert_eq!(table, EVENTS, "\n{table}");
}

/// One line for each action and type of batch. A word for an empty batch, one with nothing to rate, one
/// with something to rate, an empty one whose events are lent; in it a letter for each status, as above.
const BATCHES: &str = "\
Change Rating: yyyyy yyyyy yyyyy yyyyy
Change Rerate: yyyyy yyyyy yyyyy yyyyy
Change ReverseReplace: yyyyy yyyyy yyyyy yyyyy
Delete Rating: yyyyy yEEEE yEEEE lllll
Delete Rerate: yyyyy yEEEE yEEEE lllll
Delete ReverseReplace: yyyyy yEEEE yEEEE lllll
CreateEvent Rating: yDDDD yDDDD yDDDD yDDDD
CreateEvent Rerate: yDDDD yDDDD yDDDD yDDDD
CreateEvent ReverseReplace: yDDDD yDDDD yDDDD yDDDD
ChangeRules Rating: yDDDD yDDDD yDDDD yDDDD
ChangeRules Rerate: yDDDD yDDDD yDDDD yDDDD
ChangeRules ReverseReplace: yDDDD yDDDD yDDDD yDDDD
AddEvents Rating: TTTTT TTTTT TTTTT TTTTT
AddEvents Rerate: yDDDD yDDDD yDDDD yDDDD
AddEvents ReverseReplace: yDDDD yDDDD yDDDD yDDDD
DeleteEvents Rating: 0DDDD yDDDD yDDDD 0DDDD
DeleteEvents Rerate: 0DDDD yDDDD yDDDD 0DDDD
DeleteEvents ReverseReplace: 0DDDD yDDDD yDDDD 0DDDD
LockForReview Rating: 0DDDD yDDDD yDDDD 0DDDD
LockForReview Rerate: 0DDDD yDDDD yDDDD 0DDDD
LockForReview ReverseReplace: 0DDDD yDDDD yDDDD 0DDDD
Revert Rating: KyKKK KyKKK KyKKK KyKKK
Revert Rerate: KyKKK KyKKK KyKKK KyKKK
Revert ReverseReplace: KyKKK KyKKK KyKKK KyKKK
Submit Rating: SySSN SySSN SySSy SySSN
Submit Rerate: SySSN SySSN SySSy SySSN
Submit ReverseReplace: SySSN SySSN SySSy SySSN
SubmitByHand Rating: yHHHN yHHHN yHHHy yHHHN
SubmitByHand Rerate: RRRRR RRRRR RRRRR RRRRR
SubmitByHand ReverseReplace: RRRRR RRRRR RRRRR RRRRR
";

#[test]
fn every_batch() {
    let mut table = String::new();
    for action in BatchAction::ALL {
        for batch_type in BatchType::ALL {
            table.push_str(&format!("{action:?} {batch_type:?}:"));
            for (has_events, has_events_to_rate, has_lent_events) in
                [(false, false, false), (true, false, false), (true, true, false), (false, false, true)]
            {
                table.push(' ');
                for status in BatchStatus::ALL {
                    let facts = BatchFacts {
                        status,
                        batch_type,
                        has_events,
                        has_events_to_rate,
                        has_lent_events,
                        has_closed_events: false,
                    };
                    table.push(letter(batch_action(facts, action)));
                    let ends = matches!(
                        action,
                        BatchAction::Delete | BatchAction::Submit | BatchAction::SubmitByHand
                    );
                    let closed = BatchFacts { has_closed_events: true, ..facts };
                    let expected = match batch_action(facts, action) {
                        Err(Reason::BatchHasLentEvents) => Err(Reason::BatchHasLentEvents),
                        _ if ends => Err(Reason::BatchHasClosedEvents),
                        as_before => as_before,
                    };
                    assert_eq!(batch_action(closed, action), expected);
                    // The server does not look at a batch's events for each one that it takes.
                    if matches!(action, BatchAction::CreateEvent | BatchAction::ChangeRules) {
                        let without = BatchFacts {
                            has_events: false,
                            has_events_to_rate: false,
                            has_lent_events: false,
                            ..facts
                        };
                        assert_eq!(batch_action(facts, action), batch_action(without, action));
                    }
                }
            }
            table.push('\n');
        }
    }
    assert_eq!(table, BATCHES, "\n{table}");
}

#[test]
fn codes_are_read_back() {
    for status in EventStatus::ALL {
        assert_eq!(EventStatus::of(status.code()), Some(status));
    }
    for status in BatchStatus::ALL {
        assert_eq!(BatchStatus::of(status.code()), Some(status));
    }
    for batch_type in BatchType::ALL {
        assert_eq!(BatchType::of(batch_type.code()), Some(batch_type));
    }
    assert_eq!((EventStatus::of("ORA_OTHER"), BatchStatus::of(""), BatchType::of("x")), (None, None, None));
}

#[test]
fn a_batch_is_complete_when_nothing_is_left_to_do() {
    use EventStatus::{Draft, Error, OnHold, Processed, Ready, Reversed};
    assert_eq!(completed([Processed, Reversed, OnHold], false), BatchStatus::Completed);
    assert_eq!(completed([], false), BatchStatus::Completed);
    assert_eq!(completed([Processed], true), BatchStatus::CompletedErrors);
    for left in [Draft, Ready, Error] {
        assert_eq!(completed([Processed, left], false), BatchStatus::CompletedErrors, "{left:?}");
    }
}

#[test]
fn an_action_that_moves_its_batch_leads_to_one_state() {
    let moved = BatchAction::ALL.into_iter().filter_map(|action| Some((action, action.leads_to()?)));
    let expected = [
        (BatchAction::LockForReview, BatchStatus::Locked),
        (BatchAction::Revert, BatchStatus::Draft),
        (BatchAction::Submit, BatchStatus::InProcess),
        (BatchAction::SubmitByHand, BatchStatus::InProcess),
    ];
    assert_eq!(moved.collect::<Vec<_>>(), expected);
}
