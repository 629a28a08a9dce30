//! Puts rows in order, in steps: by the digits of whole numbers, the last digit first, so that no two rows
//! are ever compared.

use std::ops::Range;

use super::order::RowOrder;
use super::order_parts::{Digits, Part, parts};
use super::{Row, Table};

/// So many bits are ordered by in one pass.
const DIGIT_BITS: u32 = 11;
/// A word of the long number fits beside the row.
const WORD_BITS: u32 = 32;

#[derive(Clone, Debug, Default)]
pub(super) struct OrderJob {
    /// What is ordered by, 32 bits at a time, the least significant first.
    words: Vec<Word>,
    stage: Stage,
    /// Items that the stage has done.
    at: usize,
    /// The word in the high half, the row in the low one.
    items: Vec<u64>,
    spare: Vec<u64>,
    /// How often each value of each digit of the word occurs, and then where its next item goes.
    places: Vec<u32>,
}

#[derive(Clone, Debug, Default)]
struct Word {
    pieces: Vec<(Part, Digits)>,
    bits: u32,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Gather { word: usize, piece: usize },
    Scatter { word: usize, digit: u32 },
}

impl Default for Stage {
    fn default() -> Self {
        Stage::Gather { word: 0, piece: 0 }
    }
}

impl OrderJob {
    /// The ranks of the texts that are ordered by are whole.
    pub(super) fn new(order: RowOrder<'_>) -> Self {
        let alive = &order.table.alive;
        let items = if alive.count() == alive.len() {
            (0..alive.len() as u64).collect()
        } else {
            alive.ones().map(|row| row as u64).collect()
        };
        Self {
            words: words(parts(order)),
            stage: Stage::default(),
            at: 0,
            items,
            spare: Vec::new(),
            places: Vec::new(),
        }
    }

    /// Goes on until the budget is used up. Whether it is done.
    pub(super) fn step(&mut self, budget: &mut usize, table: &Table) -> bool {
        loop {
            let (Stage::Gather { word, .. } | Stage::Scatter { word, .. }) = self.stage;
            let Some(of_word) = self.words.get(word) else { return true };
            if *budget == 0 {
                return false;
            }
            let range = self.at..self.items.len().min(self.at.saturating_add(*budget));
            *budget -= range.len();
            let is_end = range.end == self.items.len();
            self.at = if is_end { 0 } else { range.end };
            match self.stage {
                Stage::Gather { piece, .. } => {
                    let items = &mut self.items[range];
                    if piece == 0 {
                        items.iter_mut().for_each(|item| *item &= u64::from(Row::MAX));
                    }
                    let (part, digits) = of_word.pieces[piece];
                    part.put(table, digits, items);
                    let is_last = piece + 1 == of_word.pieces.len();
                    if is_last {
                        of_word.count(items, &mut self.places);
                    }
                    if is_end && is_last {
                        self.spare.resize(self.items.len(), 0);
                        self.stage = Stage::Scatter { word, digit: 0 };
                    } else if is_end {
                        self.stage = Stage::Gather { word, piece: piece + 1 };
                    }
                }
                Stage::Scatter { digit, .. } => {
                    let Digit { shift, mask, places } = of_word.digit(digit);
                    let places = &mut self.places[places];
                    if range.start == 0 {
                        places.iter_mut().fold(0, |sum, place| sum + std::mem::replace(place, sum));
                    }
                    for item in &self.items[range] {
                        let place = &mut places[(item >> shift & mask) as usize];
                        self.spare[*place as usize] = *item;
                        *place += 1;
                    }
                    if is_end {
                        std::mem::swap(&mut self.items, &mut self.spare);
                        self.stage = if digit + 1 < of_word.digit_count() {
                            Stage::Scatter { word, digit: digit + 1 }
                        } else {
                            self.places.clear();
                            Stage::Gather { word: word + 1, piece: 0 }
                        };
                    }
                }
            }
        }
    }

    pub(super) fn into_rows(self) -> Vec<Row> {
        self.items.into_iter().map(|item| item as Row).collect()
    }
}

/// Some bits of a word.
struct Digit {
    shift: u32,
    mask: u64,
    /// Where its values are counted.
    places: Range<usize>,
}

impl Word {
    fn digit_count(&self) -> u32 {
        self.bits.div_ceil(DIGIT_BITS)
    }

    fn digit(&self, digit: u32) -> Digit {
        let bits = self.bits.div_ceil(self.digit_count());
        let first = (digit as usize) << bits;
        Digit { shift: WORD_BITS + digit * bits, mask: (1 << bits) - 1, places: first..first + (1 << bits) }
    }

    /// Adds what items have in each digit; before the first of them nothing is counted.
    fn count(&self, items: &[u64], places: &mut Vec<u32>) {
        for digit in (0..self.digit_count()).map(|digit| self.digit(digit)) {
            places.resize(places.len().max(digit.places.end), 0);
            let places = &mut places[digit.places];
            for item in items {
                places[(item >> digit.shift & digit.mask) as usize] += 1;
            }
        }
    }
}

/// Packs the parts, the most significant of which comes first, into words, the least significant of which
/// comes first.
fn words(parts: Vec<Part>) -> Vec<Word> {
    let mut words = vec![Word::default()];
    for part in parts.into_iter().rev() {
        let mut from = 0;
        while from < part.bits {
            if words.last().is_none_or(|word| word.bits == WORD_BITS) {
                words.push(Word::default());
            }
            let Some(word) = words.last_mut() else { break };
            let count = (part.bits - from).min(WORD_BITS - word.bits);
            word.pieces.push((part, Digits { from, count, place: WORD_BITS + word.bits }));
            word.bits += count;
            from += count;
        }
    }
    words.retain(|word| word.bits > 0);
    words
}
