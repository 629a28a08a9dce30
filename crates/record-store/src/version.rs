//! Versions and the proof that one reading of a record is newer than another (S2, S8).
//!
//! Some resources count their versions (Oracle REST, `ObjectVersionNumber`), some only show an
//! opaque change indicator (Oracle REST, `ETag` of usage events), which tells two states apart but
//! not which came first. For those the order follows from *when a request left*: a state that was
//! known before a read left cannot be newer than what that read brings back.

/// Which state of a record this is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Version {
    /// The change indicator or ETag, sent back exactly as it came.
    pub token: String,
    /// The counted version, where the resource has one. It only ever grows.
    pub order: Option<u64>,
}

impl Version {
    /// A version of which only an opaque token is known.
    pub fn opaque(token: impl Into<String>) -> Self {
        Self { token: token.into(), order: None }
    }

    /// A counted version; the number is its token.
    pub fn counted(order: u64) -> Self {
        Self { token: order.to_string(), order: Some(order) }
    }
}

/// A moment in the life of one store: the number of events it had seen.
///
/// Take [`Store::stamp`](crate::Store::stamp) when a read leaves and hand it back with the answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stamp(pub(crate) u64);

/// How an arriving state stands to the known one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Age {
    Newer,
    Same,
    Older,
    /// It differs, and nothing proves which of the two came first.
    Unproven,
}

/// Compares a state that was asked for at `asked_at` with the one `known` since `learnt`.
pub(crate) fn age(arriving: &Version, asked_at: Stamp, known: &Version, learnt: Stamp) -> Age {
    if let (Some(arriving), Some(known)) = (arriving.order, known.order)
        && arriving != known
    {
        return if arriving > known { Age::Newer } else { Age::Older };
    }
    if arriving.token == known.token {
        Age::Same
    } else if asked_at >= learnt {
        Age::Newer
    } else {
        Age::Unproven
    }
}
