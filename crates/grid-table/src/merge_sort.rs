//! A stable sort that can be done in steps.

use std::cmp::Ordering;

/// Rows that are sorted at once.
const RUN: usize = 4_096;

#[derive(Clone, Debug, Default)]
pub(super) struct MergeSort<T> {
    items: Vec<T>,
    /// What the pass under way has put together.
    merged: Vec<T>,
    /// How long the runs are that are sorted already; nothing before the first pass.
    run: usize,
    /// Of the two runs that are being put together: where the next of each stands.
    left: usize,
    right: usize,
    /// Items of the first pass that stand in sorted runs.
    at: usize,
}

impl<T: Copy> MergeSort<T> {
    pub(super) fn new(items: Vec<T>) -> Self {
        Self { items, merged: Vec::new(), run: 0, left: 0, right: 0, at: 0 }
    }

    /// Goes on until the budget is used up. Whether it is done.
    pub(super) fn step(&mut self, budget: &mut usize, mut compare: impl FnMut(&T, &T) -> Ordering) -> bool {
        while self.run == 0 {
            if *budget == 0 {
                return false;
            }
            let end = (self.at + RUN).min(self.items.len());
            self.items[self.at..end].sort_by(&mut compare);
            *budget = budget.saturating_sub(end - self.at);
            self.at = end;
            if end == self.items.len() {
                self.begin_pass(RUN);
            }
        }
        while self.run < self.items.len() {
            if !self.merge(budget, &mut compare) {
                return false;
            }
            std::mem::swap(&mut self.items, &mut self.merged);
            self.begin_pass(self.run * 2);
        }
        true
    }

    pub(super) fn into_sorted(self) -> Vec<T> {
        self.items
    }

    fn begin_pass(&mut self, run: usize) {
        self.run = run;
        self.merged.clear();
        self.merged.reserve(self.items.len());
        (self.left, self.right) = (0, run);
    }

    /// Goes on with the pass. Whether it is done.
    fn merge(&mut self, budget: &mut usize, compare: &mut impl FnMut(&T, &T) -> Ordering) -> bool {
        let len = self.items.len();
        while self.merged.len() < len {
            let begin = self.merged.len() / (self.run * 2) * (self.run * 2);
            let (middle, end) = ((begin + self.run).min(len), (begin + self.run * 2).min(len));
            if self.merged.len() == begin {
                (self.left, self.right) = (begin, middle);
            }
            let ready = |left: usize, right: usize| left < middle && right < end;
            while ready(self.left, self.right) {
                if *budget == 0 {
                    return false;
                }
                *budget -= 1;
                let (left, right) = (self.items[self.left], self.items[self.right]);
                if compare(&left, &right) == Ordering::Greater {
                    self.merged.push(right);
                    self.right += 1;
                } else {
                    self.merged.push(left);
                    self.left += 1;
                }
            }
            let rest = if self.left < middle { self.left..middle } else { self.right..end };
            self.merged.extend_from_slice(&self.items[rest]);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_sorts_as_the_library_does_however_small_the_steps() {
        let mut seed = 3_u32;
        for len in [0, 1, 4_096, 4_097, 8_192, 30_000] {
            let mut next = || {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                seed >> 24
            };
            let items: Vec<(u32, usize)> = (0..len).map(|at| (next(), at)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|item| item.0);
            for budget in [777, usize::MAX] {
                let mut sort = MergeSort::new(items.clone());
                let mut steps = 1;
                while !sort.step(&mut { budget }, |one, other| one.0.cmp(&other.0)) {
                    steps += 1;
                }
                assert!(sort.into_sorted() == expected, "{len}");
                // At once where it may, and else in many steps.
                assert!(
                    if budget == usize::MAX { steps == 1 } else { len < 30_000 || steps > 50 },
                    "{steps}"
                );
            }
        }
    }
}
