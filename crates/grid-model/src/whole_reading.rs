/// Reading everything that a question finds, page by page, while others change it.
///
/// Pages follow each other by key: each asks for what comes after the last record that was read, in
/// rising order, never for what comes after so many rows. A record that leaves the question, or enters
/// it, moves no other one over a page's edge, so each that answers it all along is read exactly once. The
/// counts of the server are held against what came, and [`WholeReading::difference`] tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WholeReading {
    after: Option<i64>,
    read: usize,
    pages: usize,
    /// How many there were when the reading began, and how many there are after its end.
    first_count: Option<usize>,
    last_count: Option<usize>,
    at_end: bool,
}

/// What to ask for next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReadNext {
    /// The records after this one, from the first where there is none.
    Page {
        after: Option<i64>,
    },
    /// How many there are now: what was read first is old by now.
    Count,
    Nothing,
}

/// The list moved under the reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moved {
    /// When the reading began.
    pub found_first: usize,
    pub read: usize,
    pub found_now: usize,
}

/// The server gave records in another order than was asked for: what it left out cannot be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutOfOrder;

impl WholeReading {
    pub fn next(&self) -> ReadNext {
        match (self.at_end, self.pages) {
            (false, _) => ReadNext::Page { after: self.after },
            // One page is one answer, which is true of one moment.
            (true, 2..) if self.last_count.is_none() && self.first_count.is_some() => ReadNext::Count,
            (true, _) => ReadNext::Nothing,
        }
    }

    /// A page came: the keys of its records, the server's count of this page's question, if it gave
    /// one, and whether more follow.
    ///
    /// # Errors
    /// Where the keys do not rise, or begin before those that were asked for.
    pub fn take(&mut self, keys: &[i64], count: Option<usize>, has_more: bool) -> Result<(), OutOfOrder> {
        let mut after = self.after;
        for key in keys {
            if after.is_some_and(|after| after >= *key) {
                return Err(OutOfOrder);
            }
            after = Some(*key);
        }
        if self.pages == 0 {
            self.first_count = count;
        }
        self.after = after;
        self.read += keys.len();
        self.pages += 1;
        self.at_end = keys.is_empty() || !has_more;
        Ok(())
    }

    /// The count after the end came.
    pub fn counted(&mut self, count: Option<usize>) {
        self.last_count = Some(count.unwrap_or(self.read));
    }

    pub fn read(&self) -> usize {
        self.read
    }

    /// How many there are, as far as is known.
    pub fn total(&self) -> Option<usize> {
        self.first_count
    }

    /// How what was read differs from what the question finds now.
    pub fn difference(&self) -> Option<Moved> {
        let counts = [self.first_count, self.last_count];
        let found_first = self.first_count?;
        let found_now = self.last_count.unwrap_or(found_first);
        let is_moved = self.at_end && counts.into_iter().flatten().any(|count| count != self.read);
        is_moved.then_some(Moved { found_first, read: self.read, found_now })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Reads from a set that `between` changes after each page of `len`.
    fn read(
        list: &mut BTreeSet<i64>,
        len: usize,
        counts: bool,
        mut between: impl FnMut(usize, &mut BTreeSet<i64>),
    ) -> (Vec<i64>, WholeReading) {
        let (mut reading, mut got, mut pages) = (WholeReading::default(), Vec::new(), 0);
        loop {
            match reading.next() {
                ReadNext::Page { after } => {
                    let rest: Vec<i64> =
                        list.iter().copied().filter(|key| after.is_none_or(|after| *key > after)).collect();
                    let page = &rest[..len.min(rest.len())];
                    reading.take(page, counts.then_some(rest.len()), rest.len() > len).unwrap();
                    got.extend(page);
                    pages += 1;
                    between(pages, list);
                }
                ReadNext::Count => reading.counted(counts.then_some(list.len())),
                ReadNext::Nothing => return (got, reading),
            }
        }
    }

    #[test]
    fn a_list_at_rest_is_read_whole_and_differs_in_nothing() {
        for (rows, len) in [(0, 10), (1, 10), (10, 10), (11, 10), (783, 499), (1_000, 1)] {
            for counts in [true, false] {
                let mut list: BTreeSet<i64> = (0..rows).collect();
                let (got, reading) = read(&mut list, len, counts, |_, _| {});
                assert_eq!(got, list.into_iter().collect::<Vec<_>>(), "{rows} {len}");
                assert_eq!(reading.difference(), None, "{rows} {len}");
            }
        }
    }

    #[test]
    fn records_that_leave_behind_the_reading_take_no_other_along() {
        let mut list: BTreeSet<i64> = (0..783).collect();
        let (got, reading) = read(&mut list, 499, true, |page, list| {
            if page == 1 {
                list.retain(|key| !(100..140).contains(key));
            }
        });
        assert_eq!(got, (0..783).collect::<Vec<_>>());
        assert_eq!(reading.difference(), Some(Moved { found_first: 783, read: 783, found_now: 743 }));
    }

    #[test]
    fn records_that_come_or_go_ahead_of_the_reading_are_told() {
        let mut more: BTreeSet<i64> = (0..30).collect();
        let (got, reading) = read(&mut more, 10, true, |page, list| {
            if page == 1 {
                list.extend([100, 101]);
            }
        });
        assert_eq!(
            (got.len(), reading.difference()),
            (32, Some(Moved { found_first: 30, read: 32, found_now: 32 }))
        );
        let mut fewer: BTreeSet<i64> = (0..30).collect();
        let (got, reading) = read(&mut fewer, 10, true, |page, list| {
            if page == 2 {
                list.remove(&25);
            }
        });
        assert_eq!(
            (got.len(), reading.difference()),
            (29, Some(Moved { found_first: 30, read: 29, found_now: 29 }))
        );
    }

    #[test]
    fn what_answers_all_along_is_read_exactly_once_whatever_else_moves() {
        let mut seed = 7_u64;
        let mut next = |below: i64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            ((seed >> 33) as i64) % below
        };
        for _ in 0..500 {
            let mut list: BTreeSet<i64> = (0..200).filter(|_| next(3) > 0).collect();
            let mut stays = list.clone();
            let (got, _) = read(&mut list, 1 + next(40) as usize, true, |_, list| {
                for _ in 0..next(6) {
                    let key = next(200);
                    if !list.remove(&key) {
                        list.insert(key);
                    }
                    stays.retain(|key| list.contains(key));
                }
            });
            let once: BTreeSet<i64> = got.iter().copied().collect();
            assert_eq!(once.len(), got.len(), "nothing is read twice");
            assert!(stays.is_subset(&once));
        }
    }

    #[test]
    fn a_server_that_does_not_keep_the_order_is_found_out() {
        let mut reading = WholeReading::default();
        assert_eq!(reading.take(&[3, 2], Some(9), true), Err(OutOfOrder));
        reading.take(&[2, 3], Some(9), true).unwrap();
        assert_eq!((reading.read(), reading.total()), (2, Some(9)));
        // It passed over the condition and began anew: without this the reading would never end.
        assert_eq!(reading.take(&[2, 3], Some(9), true), Err(OutOfOrder));
        assert_eq!(reading.next(), ReadNext::Page { after: Some(3) });
    }

    #[test]
    fn an_empty_page_is_the_end_whatever_it_says_of_more() {
        let mut reading = WholeReading::default();
        reading.take(&[], Some(0), true).unwrap();
        assert_eq!(reading.next(), ReadNext::Nothing);
    }
}
