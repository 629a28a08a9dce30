//! Lists of rows in an order, and their repair.

use std::cmp::Ordering;

use super::Row;
use super::bits::Bits;

/// Takes rows out, and puts others in where they belong. What is added is in order already.
pub(super) fn repair(
    list: &mut Vec<Row>,
    gone: &Bits,
    added: &[Row],
    mut compare: impl FnMut(Row, Row) -> Ordering,
) {
    if gone.len() > 0 {
        list.retain(|row| !gone.get(*row as usize));
    }
    let Some(first) = added.first() else { return };
    if list.last().is_none_or(|last| compare(*last, *first).is_lt()) {
        list.extend_from_slice(added);
        return;
    }
    let mut from = 0;
    let places: Vec<usize> = added
        .iter()
        .map(|row| {
            from = place_from(list, from, |here| compare(here, *row).is_lt());
            from
        })
        .collect();
    let mut end = list.len();
    list.resize(end + added.len(), 0);
    for (more, (row, place)) in added.iter().zip(places).enumerate().rev() {
        list.copy_within(place..end, place + more + 1);
        list[place + more] = *row;
        end = place;
    }
}

/// Where the first row stands, from a place on, that does not come before. It is looked for in growing
/// strides, for it is mostly near.
fn place_from(list: &[Row], mut from: usize, mut is_before: impl FnMut(Row) -> bool) -> usize {
    let mut stride = 1;
    while list.get(from + stride - 1).is_some_and(|row| is_before(*row)) {
        from += stride;
        stride *= 2;
    }
    let end = list.len().min(from + stride);
    from + list[from.min(end)..end].partition_point(|row| is_before(*row))
}

/// The rows of a list that are flagged, looked for so many at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct Picking {
    picked: Vec<Row>,
    at: usize,
}

impl Picking {
    /// Goes on until the budget is used up. Whether the list was gone through.
    pub(super) fn step(&mut self, list: &[Row], flags: &Bits, budget: &mut usize) -> bool {
        let end = list.len().min(self.at.saturating_add(*budget));
        let range = self.at..end;
        *budget -= range.len();
        let begin = self.picked.len();
        self.picked.resize(begin + range.len(), 0);
        let mut len = begin;
        for row in &list[range] {
            // Written in any case, and kept where it is flagged: quicker than asking first.
            self.picked[len] = *row;
            len += usize::from(flags.get(*row as usize));
        }
        self.picked.truncate(len);
        self.at = end;
        end == list.len()
    }

    /// The same for a list of all rows as they came, which need not be looked at one by one.
    pub(super) fn step_in_load_order(&mut self, flags: &Bits, budget: &mut usize) -> bool {
        let words = flags.next_words(&mut self.at, budget);
        self.picked.extend(flags.rows_in(words));
        self.at == flags.word_count()
    }

    pub(super) fn done(self) -> Vec<Row> {
        self.picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_go_and_come_where_they_belong() {
        let check = |list: &[Row], gone: &[Row], added: &[Row], expected: &[Row]| {
            let mut flags = Bits::of(if gone.is_empty() { 0 } else { 20 }, false);
            gone.iter().for_each(|row| flags.set(*row as usize, true));
            let mut list = list.to_vec();
            repair(&mut list, &flags, added, |one, other| one.cmp(&other));
            assert_eq!(list, expected);
        };
        check(&[], &[], &[], &[]);
        check(&[], &[], &[1, 2], &[1, 2]);
        check(&[3, 5, 7], &[5], &[], &[3, 7]);
        check(&[3, 5, 7], &[], &[8, 9], &[3, 5, 7, 8, 9]);
        check(&[3, 5, 7], &[3, 7], &[1, 2, 4, 6, 9], &[1, 2, 4, 5, 6, 9]);
        check(&[3, 5, 7], &[3, 5, 7], &[1], &[1]);
    }
}
