//! Events that left a batch or came into it, and those whose reversal was made in another one.

use super::Line;
use crate::features::kept_history::{NamedEvents, RELATED};
use crate::text::events;
use rest_contract::Record;
use std::collections::{BTreeMap, BTreeSet};

/// The batch whose changes are told.
#[derive(Clone, Copy, Debug)]
pub struct OfBatch<'a> {
    pub number: &'a str,
    /// It takes events from other batches, to re-rate them.
    pub re_rates: bool,
    /// There are older changes than those that were read.
    pub is_part: bool,
}

/// What a change did to an event, as the batch sees it; the groups of a request stand in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    LeftToBeReRated,
    Left,
    WentBack,
    CameToBeReRated,
    Came,
    CameBack,
    ReversalMade,
}

impl Step {
    /// What stands before the number of the other batch, and behind it.
    fn words(self, of: &str, are_several: bool) -> (String, &'static str) {
        let said = |words: &str| format!("{of} {words}");
        match self {
            Self::LeftToBeReRated => (said("went to"), " for re-rating"),
            Self::Left => (said("went to"), ""),
            Self::WentBack => (said("went back to"), ""),
            Self::CameToBeReRated => (said("came from"), " for re-rating"),
            Self::Came => (said("came from"), ""),
            Self::CameBack => (said("came back from"), ""),
            Self::ReversalMade if are_several => (format!("Reversals of {of} were added to"), ""),
            Self::ReversalMade => (format!("A reversal of {of} was added to"), ""),
        }
    }
}

/// The steps of events between batches, by the identifier of the change.
pub(super) struct Moves(BTreeMap<String, (Step, String)>);

impl Moves {
    /// `changes` are in their order, the newest first.
    pub fn of(changes: &[Record], of: OfBatch<'_>, named: &NamedEvents) -> Self {
        let mut moves = BTreeMap::new();
        // The last way of each event before the change that is looked at.
        let mut ways = BTreeMap::<&str, (&str, &str)>::new();
        for change in changes.iter().rev() {
            let step = match (way_of(change), reversed_in(change, named)) {
                (Some(way), _) => {
                    let before = ways.insert(change.text("RecordKey").unwrap_or_default(), way);
                    step_of(way, before, of)
                }
                (None, Some(batch)) => Some((Step::ReversalMade, batch)),
                (None, None) => None,
            };
            if let (Some((step, other)), Some(key)) = (step, change.key()) {
                moves.insert(key, (step, other.to_owned()));
            }
        }
        Self(moves)
    }

    /// Takes such steps out of the changes of a request: a line for each other batch, and the other changes.
    pub fn told<'a>(&self, run: &'a [Record], is_cut: bool) -> (Vec<Line>, Vec<&'a Record>) {
        let mut groups = BTreeMap::<&(Step, String), BTreeSet<&str>>::new();
        let mut rest = Vec::new();
        for change in run {
            match change.key().and_then(|key| self.0.get(&key)) {
                Some(step) => {
                    groups.entry(step).or_default().insert(change.text("EventNumber").unwrap_or_default());
                }
                None => rest.push(change),
            }
        }
        let line = |((step, number), of): (&(Step, String), BTreeSet<&str>)| {
            let who = match of.first() {
                Some(one) if of.len() == 1 && !is_cut => format!("Event {one}"),
                _ if is_cut => format!("At least {}", events(of.len())),
                _ => events(of.len()),
            };
            let is_subject = !matches!(step, Step::ReversalMade);
            let who = if is_subject { who } else { lower_start(&who) };
            let (before, after) = step.words(&who, of.len() > 1 || is_cut);
            Line::Batch { before, number: number.clone(), after }
        };
        (groups.into_iter().map(line).collect(), rest)
    }
}

fn lower_start(words: &str) -> String {
    words.replacen("Event ", "event ", 1).replacen("At ", "at ", 1)
}

/// From which batch to which one a change took an event.
fn way_of(change: &Record) -> Option<(&str, &str)> {
    let is_move =
        change.text("ResourceName") == Some("usageEvents") && change.text("FieldName") == Some("BatchNumber");
    let way = change.text("ValueBefore").zip(change.text("ValueAfter"));
    way.filter(|(from, to)| is_move && from != to)
}

/// The batch in which an event that was not to be reversed has a reversal from this change on.
fn reversed_in<'a>(change: &Record, named: &'a NamedEvents) -> Option<&'a str> {
    let is_made = change.text("FieldName") == Some(RELATED) && change.text("ValueBefore").is_none();
    let reversal = named.get(change.text("ValueAfter").filter(|_| is_made)?)?;
    Some(reversal.batch.as_str()).filter(|batch| !batch.is_empty())
}

/// An event goes to a batch that re-rates, or back to where it came from: which of both, its way before tells.
/// Where that was not read, what the batch is for may tell it.
fn step_of<'a>(
    (from, to): (&'a str, &'a str),
    before: Option<(&str, &str)>,
    of: OfBatch<'_>,
) -> Option<(Step, &'a str)> {
    let is_back = match before {
        Some(before) => Some(before == (to, from)),
        None if of.re_rates && of.is_part => None,
        None if of.re_rates => Some(false),
        None => Some(to == of.number),
    };
    let (steps, other) = if from == of.number {
        ([Step::Left, Step::LeftToBeReRated, Step::WentBack], to)
    } else if to == of.number {
        ([Step::Came, Step::CameToBeReRated, Step::CameBack], from)
    } else {
        return None;
    };
    let [unknown, re_rated, back] = steps;
    Some((is_back.map_or(unknown, |is_back| if is_back { back } else { re_rated }), other))
}
