//! A flag for each row, 64 to a word.

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    words: Vec<u64>,
    len: usize,
}

impl Bits {
    pub(super) fn of(len: usize, value: bool) -> Self {
        let mut bits = Self::default();
        bits.grow(len, value);
        bits
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn get(&self, at: usize) -> bool {
        self.words.get(at / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    pub(super) fn set(&mut self, at: usize, value: bool) {
        let bit = 1 << (at % 64);
        let word = &mut self.words[at / 64];
        *word = if value { *word | bit } else { *word & !bit };
    }

    pub(super) fn push(&mut self, value: bool) {
        self.grow(self.len + 1, value);
    }

    /// Makes it longer; what is new has this value.
    pub(super) fn grow(&mut self, len: usize, value: bool) {
        let before = self.len;
        if len <= before {
            return;
        }
        self.len = len;
        self.words.resize(len.div_ceil(64), if value { u64::MAX } else { 0 });
        if value {
            for at in before..len.min(before.next_multiple_of(64)) {
                self.set(at, true);
            }
            self.clear_beyond();
        }
    }

    /// The word with the flags from `at * 64` on, for whoever fills many at once.
    pub(super) fn set_word(&mut self, at: usize, word: u64) {
        self.words[at] = word;
        if at + 1 == self.words.len() {
            self.clear_beyond();
        }
    }

    pub(super) fn word(&self, at: usize) -> u64 {
        self.words.get(at).copied().unwrap_or(0)
    }

    pub(super) fn word_count(&self) -> usize {
        self.words.len()
    }

    /// Keeps what is set in both. What the other one is too short for falls away.
    pub(super) fn and(&mut self, other: &Bits) {
        for (at, word) in self.words.iter_mut().enumerate() {
            *word &= other.word(at);
        }
    }

    pub(super) fn count(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Where flags are set, from the first to the last.
    pub(super) fn ones(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, word)| ones_of(*word).map(move |bit| at * 64 + bit))
    }

    /// The words that come after those that are done, as far as the budget of flags goes. They are counted
    /// as done.
    pub(super) fn next_words(&self, done: &mut usize, budget: &mut usize) -> std::ops::Range<usize> {
        let words = *done..self.words.len().min(done.saturating_add(budget.div_ceil(64)));
        *budget = budget.saturating_sub(words.len() * 64);
        *done = words.end;
        words
    }

    /// The rows that are flagged in some words.
    pub(super) fn rows_in(&self, words: std::ops::Range<usize>) -> impl Iterator<Item = super::Row> + '_ {
        words.flat_map(|at| ones_of(self.word(at)).map(move |bit| (at * 64 + bit) as super::Row))
    }

    pub(super) fn bytes(&self) -> usize {
        self.words.capacity() * 8
    }

    fn clear_beyond(&mut self) {
        if let Some(last) = self.words.last_mut()
            && !self.len.is_multiple_of(64)
        {
            *last &= u64::MAX >> (64 - self.len % 64);
        }
    }
}

/// Where bits are set in a word.
pub(super) fn ones_of(mut word: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let bit = (word != 0).then(|| word.trailing_zeros() as usize)?;
        word &= word - 1;
        Some(bit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_grows_with_either_value_and_counts_no_flag_beyond_its_end() {
        let mut bits = Bits::of(3, true);
        bits.grow(70, false);
        bits.grow(130, true);
        assert_eq!((bits.len(), bits.count()), (130, 63));
        assert_eq!(bits.ones().take(4).collect::<Vec<_>>(), [0, 1, 2, 70]);
        bits.set_word(2, u64::MAX);
        assert_eq!(bits.count(), 63);
        bits.push(false);
        bits.push(true);
        assert!(!bits.get(130) && bits.get(131) && !bits.get(999));
        bits.set(131, false);
        bits.and(&Bits::of(2, true));
        assert_eq!((bits.count(), bits.word_count()), (2, 3));
    }

    #[test]
    fn words_are_taken_as_far_as_the_budget_goes_and_counted_as_done() {
        let bits = Bits::of(5 * 64, true);
        let taken = |done: usize, budget: usize| {
            let (mut done, mut budget) = (done, budget);
            let words = bits.next_words(&mut done, &mut budget);
            (words, done, budget)
        };
        assert_eq!(taken(0, 0), (0..0, 0, 0));
        assert_eq!(taken(0, 1), (0..1, 1, 0));
        assert_eq!(taken(1, 128), (1..3, 3, 0));
        assert_eq!(taken(3, 500), (3..5, 5, 372));
        assert_eq!(taken(5, 64), (5..5, 5, 64));
    }
}
