//! Reads a request's body, of bounded length and within bounded time.
//!
//! Not here: which media type it must have, what it means, and how a refusal is told (each API's own).

use std::error::Error;
use std::time::Duration;

use axum::body::{Body, Bytes};
use http_body_util::LengthLimitError;

/// More than this is no change that a person makes, by any of the APIs.
pub(crate) const LONGEST_BODY: usize = 1024 * 1024;

/// How long a client may take to send one.
const LONGEST_SENDING: Duration = Duration::from_secs(30);

/// Why there is no body. No API says it with 408, upon which browsers send a write once more by themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    TooLong,
    TooSlow,
    /// The connection ended before the body did.
    CutShort,
}

pub(crate) async fn read(body: Body, longest: usize) -> Result<Bytes, Unread> {
    read_within(LONGEST_SENDING, body, longest).await
}

async fn read_within(time: Duration, body: Body, longest: usize) -> Result<Bytes, Unread> {
    let whole = axum::body::to_bytes(body, longest);
    let Ok(read) = tokio::time::timeout(time, whole).await else { return Err(Unread::TooSlow) };
    read.map_err(|reason| match reason.source() {
        Some(cause) if cause.is::<LengthLimitError>() => Unread::TooLong,
        _ => Unread::CutShort,
    })
}

impl Unread {
    /// What happened, as a sentence.
    pub(crate) fn told(self, longest: usize) -> String {
        match self {
            Self::TooLong => format!("The body is longer than {longest} bytes."),
            Self::TooSlow => "The body did not come within half a minute.".to_owned(),
            Self::CutShort => "The body could not be read to its end.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::HttpBody;
    use std::io;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    /// A client that has said that it will send something.
    struct Promised {
        hangs_up: bool,
    }

    impl HttpBody for Promised {
        type Data = Bytes;
        type Error = io::Error;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<http_body::Frame<Bytes>, io::Error>>> {
            if self.hangs_up {
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into())))
            } else {
                Poll::Pending
            }
        }
    }

    #[tokio::test]
    async fn a_body_is_bounded_in_length_and_time() {
        // What is there is read however little time there is.
        let at_once = |body| read_within(Duration::ZERO, body, 4);
        assert_eq!(at_once(Body::from("1234")).await.unwrap(), "1234");
        assert_eq!(at_once(Body::from("12345")).await, Err(Unread::TooLong));
        assert_eq!(at_once(Body::new(Promised { hangs_up: false })).await, Err(Unread::TooSlow));
        assert_eq!(at_once(Body::new(Promised { hangs_up: true })).await, Err(Unread::CutShort));
    }
}
