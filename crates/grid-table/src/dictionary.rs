//! The different texts of a column, each under a code, in the order in which they came. Code 0 is the
//! blank.

use super::letter_fold;

/// No slot holds it, for no code does.
const EMPTY: u64 = u64::MAX;
const MOST: u32 = u32::MAX;

#[derive(Clone, Debug)]
pub(super) struct Dictionary {
    /// All texts, one behind the other.
    bytes: String,
    /// Where each begins, and where the last one ends.
    starts: Vec<u32>,
    /// A hash table of codes: a power of two of them, at most three quarters taken. Above each code stands half of
    /// its text's hash, so that hardly ever a text is looked at that is another one.
    slots: Vec<u64>,
    /// The code that was asked for last: rows that come one behind the other often hold the same.
    last: u32,
    /// Of texts beyond ASCII, by rising code: how they are searched.
    folded: Vec<(u32, Box<str>)>,
}

impl Default for Dictionary {
    fn default() -> Self {
        let mut dictionary = Self {
            bytes: String::new(),
            starts: vec![0],
            slots: vec![EMPTY; 16],
            last: 0,
            folded: Vec::new(),
        };
        dictionary.add("");
        dictionary
    }
}

impl Dictionary {
    /// How many texts there are, the blank among them.
    pub(super) fn len(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn text(&self, code: u32) -> &str {
        let code = code as usize;
        &self.bytes[self.starts[code] as usize..self.starts[code + 1] as usize]
    }

    pub(super) fn code(&self, text: &str) -> Option<u32> {
        self.slot(text, upper_hash(text)).ok()
    }

    /// The code of a text, which is added where it is new. `composed` brings letters and accents that are
    /// written apart together.
    pub(super) fn code_or_add(&mut self, text: &str, composed: fn(&str) -> String) -> u32 {
        if self.is_text(self.last, text) {
            return self.last;
        }
        let hash = upper_hash(text);
        self.last = match self.slot(text, hash) {
            Ok(code) => code,
            Err(slot) => {
                let code = self.len() as u32;
                self.slots[slot] = u64::from(hash) << 32 | u64::from(code);
                self.add(text);
                if !text.is_ascii() {
                    self.folded.push((code, letter_fold::stored(&composed(text)).into()));
                }
                if self.starts.len() * 4 > self.slots.len() * 3 {
                    self.grow();
                }
                code
            }
        };
        self.last
    }

    /// Whether texts of so many bytes more might be too many.
    pub(super) fn would_overflow(&self, bytes: usize) -> bool {
        self.bytes.len().saturating_add(bytes) >= MOST as usize || self.starts.len() >= MOST as usize - 1
    }

    /// All texts, joined, for a search through many at once.
    pub(super) fn joined(&self) -> &[u8] {
        self.bytes.as_bytes()
    }

    /// Where the text of a code begins in the joined texts.
    pub(super) fn start(&self, code: u32) -> usize {
        self.starts[code as usize] as usize
    }

    /// The code of the text that a byte of the joined texts belongs to, at or behind a known one.
    pub(super) fn code_at(&self, place: usize, from: u32) -> u32 {
        let (mut low, mut stride) = (from as usize, 1);
        // It is mostly the next one, else near: doubles its stride until it is past.
        if self.starts.get(low + 2).is_some_and(|start| *start as usize > place) {
            return from + u32::from(self.starts[low + 1] as usize <= place);
        }
        while low + stride < self.len() && self.starts[low + stride] as usize <= place {
            low += stride;
            stride *= 2;
        }
        let high = (low + stride).min(self.len());
        (low + self.starts[low + 1..=high].partition_point(|start| *start as usize <= place)) as u32
    }

    /// Texts beyond ASCII with codes from this one on, as they are searched.
    pub(super) fn folded_from(&self, code: u32) -> &[(u32, Box<str>)] {
        &self.folded[self.folded.partition_point(|(folded, _)| *folded < code)..]
    }

    pub(super) fn bytes(&self) -> usize {
        let folded: usize = self.folded.iter().map(|(_, text)| text.len()).sum();
        self.bytes.capacity()
            + self.starts.capacity() * 4
            + self.slots.capacity() * 8
            + self.folded.capacity() * size_of::<(u32, Box<str>)>()
            + folded
    }

    /// Whether this is the text of a code. Bytes are compared, because to cut a text out asks for more.
    pub(super) fn is_text(&self, code: u32, text: &str) -> bool {
        let code = code as usize;
        let here = &self.bytes.as_bytes()[self.starts[code] as usize..self.starts[code + 1] as usize];
        are_same(here, text.as_bytes())
    }

    fn add(&mut self, text: &str) {
        self.bytes.push_str(text);
        self.starts.push(self.bytes.len() as u32);
    }

    /// Where a text of this hash is, or the slot it would take.
    fn slot(&self, text: &str, hash: u32) -> Result<u32, usize> {
        if text.is_empty() {
            return Ok(0);
        }
        let mask = self.slots.len() - 1;
        let mut slot = self.home(hash);
        loop {
            let (here, code) = ((self.slots[slot] >> 32) as u32, self.slots[slot] as u32);
            if self.slots[slot] == EMPTY {
                return Err(slot);
            }
            if here == hash && self.is_text(code, text) {
                return Ok(code);
            }
            slot = (slot + 1) & mask;
        }
    }

    fn grow(&mut self) {
        let len = self.slots.len() * 2;
        let old = std::mem::replace(&mut self.slots, vec![EMPTY; len]);
        for held in old.into_iter().filter(|held| *held != EMPTY) {
            let mut slot = self.home((held >> 32) as u32);
            while self.slots[slot] != EMPTY {
                slot = (slot + 1) & (len - 1);
            }
            self.slots[slot] = held;
        }
    }

    fn home(&self, hash: u32) -> usize {
        (hash >> (32 - self.slots.len().ilog2())) as usize
    }
}

fn upper_hash(text: &str) -> u32 {
    (hash(text.as_bytes()) >> 32) as u32
}

/// Eight bytes at a time: a browser's code has no quicker way of its own.
fn are_same(one: &[u8], other: &[u8]) -> bool {
    let number = |eight: &[u8; 8]| u64::from_le_bytes(*eight);
    let are_same = |one: &[u8; 8], other: &[u8; 8]| number(one) == number(other);
    match (one.last_chunk(), other.last_chunk()) {
        _ if one.len() != other.len() => false,
        // The last eight may have been looked at in part already.
        (Some(one_last), Some(other_last)) => {
            let (ones, others) = (one.as_chunks().0, other.as_chunks().0);
            are_same(one_last, other_last) && ones.iter().zip(others).all(|(one, other)| are_same(one, other))
        }
        _ => one.iter().zip(other).all(|(one, other)| one == other),
    }
}

/// Eight bytes at a time; what is used of it are the high bits.
fn hash(bytes: &[u8]) -> u64 {
    const ODD: u64 = 0x9e37_79b9_7f4a_7c15;
    let mix = |hash: u64, word: u64| {
        let mixed = (hash ^ word).wrapping_mul(ODD);
        mixed ^ mixed >> 29
    };
    let words = bytes.as_chunks().0.iter().map(|word| u64::from_le_bytes(*word));
    let hash = words.fold(bytes.len() as u64, mix);
    let rest = match bytes.last_chunk() {
        // Some of them once more, which is quicker than the rest byte by byte.
        Some(last) => u64::from_le_bytes(*last),
        None => bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    mix(hash, rest).wrapping_mul(ODD)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_code_whatever_came_between() {
        let mut dictionary = Dictionary::default();
        let text = |number: u32| format!("{}{number}", ["EV-", "é", ""][number as usize % 3]);
        for round in 0..2 {
            for number in 0..5_000 {
                let code = dictionary.code_or_add(&text(number), str::to_owned);
                assert_eq!((code, dictionary.text(code)), (number + 1, &*text(number)), "{round}");
            }
        }
        assert_eq!((dictionary.len(), dictionary.code(""), dictionary.code("x")), (5_001, Some(0), None));
        assert_eq!(dictionary.code("é4"), Some(5));
        assert_eq!(&*dictionary.folded_from(5)[0].1, "É4");
        assert_eq!(dictionary.folded_from(6)[0].0, 8);
        for from in [0, 1, 700] {
            for code in [700, 701, 2_222, 5_000] {
                let place = dictionary.start(code);
                assert_eq!(dictionary.code_at(place, from), code);
                assert_eq!(dictionary.code_at(place + dictionary.text(code).len() - 1, from), code);
            }
        }
    }

    #[test]
    fn texts_of_four_gigabytes_are_too_many() {
        let mut dictionary = Dictionary::default();
        dictionary.code_or_add("abc", str::to_owned);
        let most = MOST as usize - 3;
        assert!(!dictionary.would_overflow(most - 1));
        assert!(dictionary.would_overflow(most) && dictionary.would_overflow(usize::MAX));
    }

    #[test]
    fn short_and_long_texts_spread() {
        let mut homes: Vec<u64> =
            (0..60_000).map(|number| hash(format!("EV-{number:08}").as_bytes()) >> 48).collect();
        homes.sort_unstable();
        homes.dedup();
        // Chance alone leaves 39,300 of 65,536.
        assert!(homes.len() > 37_000, "{}", homes.len());
    }
}
