//! Reading every event, page after page (V3 API, "after_guid"). Each page tells how many events come after
//! its cursor, so what was read is held against what was announced on the way, and a list with a hole is
//! never taken for a whole one.

use super::usage_event::{EventPage, UsageEvent};
use super::usage_table::UsageTable;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How far a reading is. A default one begins at the first event.
#[derive(Clone, Debug, Default)]
pub struct EventReading {
    cursor: Option<String>,
    /// Hashes of the guids that came. Guids themselves would take some 40 MB of half a million events; that
    /// two of those share a hash happens once in a hundred million lists.
    seen: HashSet<u64>,
    read: usize,
    announced: usize,
}

/// Whether pages follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadNext {
    Page,
    Nothing,
}

/// Why what came is not the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// A page does not say how many events there are.
    NoCount,
    /// A page holds another number of events than it announces.
    Unlike { announced: usize, came: usize, has_more: bool },
    /// So many events were announced, and now there are fewer: a page left some out, or they were deleted.
    Fewer { announced: usize, now: usize },
    /// The event with this guid came before.
    Repeated(String),
    /// The next page begins after the last event of a page, which has no guid that could be read.
    NoCursor,
}

impl EventReading {
    /// A reading that goes on after the events before a row of the table, of a list of which `announced`
    /// events are known.
    pub fn after(table: &UsageTable, row: usize, announced: usize) -> Self {
        let mut reading = Self { announced, ..Self::default() };
        let rows = row.min(table.len());
        reading.seen.reserve(rows);
        for row in 0..rows {
            reading.is_new(table.guid(row));
        }
        reading.read = rows;
        for event in table.unread_before(row) {
            reading.read += 1;
            reading.is_new(&event.guid);
        }
        reading.cursor = rows.checked_sub(1).map(|last| table.guid(last).to_owned());
        reading
    }

    /// After which event the next page begins.
    pub fn cursor(&self) -> Option<&str> {
        self.cursor.as_deref()
    }

    /// How many events came, with those that were here.
    pub fn read(&self) -> usize {
        self.read
    }

    /// How many events there are, as the latest page tells.
    pub fn announced(&self) -> usize {
        self.announced
    }

    /// A page came, with these events.
    ///
    /// # Errors
    /// Where it cannot be a page of the list. The reading is over then, and another one begins at the first
    /// event: what came before has a hole.
    pub fn take(&mut self, page: &EventPage<'_>, events: &[UsageEvent]) -> Result<ReadNext, Flaw> {
        let now = self.read.saturating_add(page.count()?);
        if now < self.announced {
            return Err(Flaw::Fewer { announced: self.announced, now });
        }
        for event in events {
            if !self.is_new(&event.guid) {
                return Err(Flaw::Repeated(event.guid.clone()));
            }
        }
        self.announced = now;
        self.read += events.len();
        match events.last() {
            Some(last) if page.has_more => {
                if last.guid.is_empty() {
                    return Err(Flaw::NoCursor);
                }
                self.cursor = Some(last.guid.clone());
                Ok(ReadNext::Page)
            }
            _ => Ok(ReadNext::Nothing),
        }
    }

    /// Events without a guid cannot be told apart, and are counted only.
    fn is_new(&mut self, guid: &str) -> bool {
        if guid.is_empty() {
            return true;
        }
        let mut hasher = DefaultHasher::new();
        guid.hash(&mut hasher);
        self.seen.insert(hasher.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads from a platform with so many events, in pages of three that `spoil` may change.
    fn read_of(events: usize, spoil: impl Fn(usize, &mut Sent)) -> Result<usize, Flaw> {
        go_on(EventReading::default(), events, spoil)
    }

    #[derive(Debug)]
    struct Sent {
        total: Option<usize>,
        has_more: bool,
        guids: Vec<String>,
    }

    fn go_on(
        mut reading: EventReading,
        events: usize,
        spoil: impl Fn(usize, &mut Sent),
    ) -> Result<usize, Flaw> {
        for page in 0.. {
            assert!(page < 100, "the reading has no end");
            let from = reading.cursor().map_or(0, |guid| guid[1..].parse::<usize>().expect("a number") + 1);
            let total = events.saturating_sub(from);
            let guids = (from..events).take(3).map(|place| format!("e{place}")).collect();
            let mut sent = Sent { total: Some(total), has_more: total > 3, guids };
            spoil(page, &mut sent);
            let at = r#""created_at":"2026-11-20T10:00:00Z""#;
            let json = sent.guids.iter().map(|guid| format!(r#"{{"guid":"{guid}",{at}}}"#));
            let total = sent.total.map(|total| format!(r#""total_results":{total},"#)).unwrap_or_default();
            let next = if sent.has_more { "{}" } else { "null" };
            let body = format!(
                r#"{{"pagination":{{{total}"next":{next}}},"resources":[{}]}}"#,
                json.collect::<Vec<_>>().join(",")
            );
            let page = EventPage::read(body.as_bytes()).expect("a page");
            if reading.take(&page, &page.read_events())? == ReadNext::Nothing {
                assert_eq!(reading.read(), reading.announced());
                return Ok(reading.read());
            }
        }
        unreachable!("the pages have no end")
    }

    #[test]
    fn a_list_comes_whole_whatever_its_length_and_with_what_is_added_meanwhile() {
        for events in 0..11 {
            assert_eq!(read_of(events, |_, _| ()), Ok(events));
        }
        // Two events come while the second page is read.
        let grown = |page: usize, sent: &mut Sent| match page {
            1 => sent.total = sent.total.map(|total| total + 2),
            2 => {
                sent.total = Some(4);
                sent.guids.extend(["new1".to_owned(), "new2".to_owned()]);
            }
            _ => {}
        };
        assert_eq!(read_of(8, grown), Ok(10));
        // A page that says nothing of a next one is followed by an empty one.
        assert_eq!(read_of(3, |page, sent| sent.has_more = page == 0), Ok(3));
    }

    #[test]
    fn pages_that_leave_events_out_are_no_list() {
        let at = |place: usize, change: fn(&mut Sent)| {
            read_of(6, move |page, sent| {
                if page == place {
                    change(sent);
                }
            })
        };
        // Both ends of the page stand, its middle is missing.
        let hollow = |sent: &mut Sent| drop(sent.guids.remove(1));
        assert_eq!(at(1, hollow), Err(Flaw::Unlike { announced: 3, came: 2, has_more: false }));
        assert_eq!(at(0, hollow), Err(Flaw::Fewer { announced: 6, now: 5 }));
        assert_eq!(at(0, |sent| drop(sent.guids.remove(0))), Err(Flaw::Fewer { announced: 6, now: 5 }));
        // The platform itself goes on after the cut: nothing is missing.
        assert_eq!(at(0, |sent| sent.guids.truncate(1)), Ok(6));
    }

    #[test]
    fn an_empty_page_is_an_end_only_where_nothing_more_is_announced() {
        let emptied = |total: Option<usize>, has_more| {
            read_of(6, move |page, sent| {
                if page == 1 {
                    *sent = Sent { total, has_more, guids: Vec::new() };
                }
            })
        };
        let unlike = |announced, has_more| Err(Flaw::Unlike { announced, came: 0, has_more });
        assert_eq!(emptied(Some(3), true), unlike(3, true));
        assert_eq!(emptied(Some(3), false), unlike(3, false));
        assert_eq!(emptied(Some(0), true), unlike(0, true));
        assert_eq!(emptied(Some(0), false), Err(Flaw::Fewer { announced: 6, now: 3 }));
        assert_eq!(emptied(None, false), Err(Flaw::NoCount));
    }

    #[test]
    fn no_event_comes_twice_and_none_beyond_what_is_announced() {
        let repeated = |guid: &str| Err(Flaw::Repeated(guid.to_owned()));
        // A gateway drops the cursor, or events are doubled within a page and in its count.
        let first_again = |_: usize, sent: &mut Sent| {
            *sent =
                Sent { total: Some(6), has_more: true, guids: ["e0", "e1", "e2"].map(str::to_owned).into() };
        };
        assert_eq!(read_of(6, first_again), repeated("e0"));
        let doubled = |_: usize, sent: &mut Sent| {
            sent.guids.push("e1".to_owned());
            sent.total = sent.total.map(|total| total + 1);
        };
        assert_eq!(read_of(6, doubled), repeated("e1"));
        let too_many = |_: usize, sent: &mut Sent| sent.guids.push("x".to_owned());
        assert_eq!(read_of(3, too_many), Err(Flaw::Unlike { announced: 3, came: 4, has_more: false }));
    }

    #[test]
    fn a_page_without_a_count_or_a_cursor_proves_nothing() {
        assert_eq!(
            read_of(6, |page, sent| sent.total = sent.total.filter(|_| page == 0)),
            Err(Flaw::NoCount)
        );
        let nameless = |_: usize, sent: &mut Sent| sent.guids[2] = String::new();
        assert_eq!(read_of(6, nameless), Err(Flaw::NoCursor));
        // Nothing has to follow the last page, so its events may be without guids, even all of them.
        assert_eq!(read_of(3, |_, sent| sent.guids.fill(String::new())), Ok(3));
    }

    #[test]
    fn a_reading_that_goes_on_knows_what_is_here_and_what_was_announced() {
        let mut table = UsageTable::default();
        for json in [r#"{"guid":"e0"}"#, r#"{"guid":"e1","created_at":"2026-11-20T10:00:00Z"}"#, "[]"] {
            table.push(&UsageEvent::read(json));
        }
        let begin = || EventReading::after(&table, 1, 5);
        assert_eq!((begin().cursor(), begin().read(), begin().announced()), (Some("e1"), 2, 5));
        assert_eq!(go_on(begin(), 5, |_, _| ()), Ok(5));
        assert_eq!(go_on(begin(), 9, |_, _| ()), Ok(9));
        assert_eq!(go_on(begin(), 4, |_, _| ()), Err(Flaw::Fewer { announced: 5, now: 4 }));
        for here in ["e0", "e1"] {
            let again = |_: usize, sent: &mut Sent| sent.guids[1] = here.to_owned();
            assert_eq!(go_on(begin(), 5, again), Err(Flaw::Repeated(here.to_owned())));
        }
        assert_eq!(EventReading::after(&table, 0, 0).cursor(), None);
    }
}
