//! Finds a text in many that stand one behind the other, ignoring the case of ASCII letters, eight bytes
//! at a time and without copying any.

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// A text of ASCII to look for.
#[derive(Clone, Debug)]
pub(super) struct Needle {
    /// In capitals.
    text: Vec<u8>,
    first: Byte,
    last: Byte,
}

/// A byte eight times over, and what makes either case of a letter the same.
#[derive(Clone, Copy, Debug)]
struct Byte {
    repeated: u64,
    case: u64,
}

impl Byte {
    fn new(byte: u8) -> Self {
        let case = if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
        Self { repeated: u64::from(byte | case) * ONES, case: u64::from(case) * ONES }
    }

    /// High bits where the byte may stand; never fewer than there are.
    fn marks(self, eight: u64) -> u64 {
        let differs = (eight | self.case) ^ self.repeated;
        differs.wrapping_sub(ONES) & !differs & HIGH
    }
}

impl Needle {
    /// Nothing where the text is empty or holds more than ASCII.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase().into_bytes();
        let (first, last) = (*text.first()?, *text.last()?);
        text.is_ascii().then(|| Self { first: Byte::new(first), last: Byte::new(last), text })
    }

    /// Where it stands first from `from` on.
    pub(super) fn find(&self, bytes: &[u8], from: usize) -> Option<usize> {
        let span = self.text.len() - 1;
        let mut at = from;
        while at + span + 8 <= bytes.len() {
            let eight =
                |at: usize| bytes[at..].first_chunk().map_or(0, |eight: &[u8; 8]| u64::from_le_bytes(*eight));
            let mut marks = self.first.marks(eight(at)) & self.last.marks(eight(at + span));
            while marks != 0 {
                let place = at + marks.trailing_zeros() as usize / 8;
                if self.is_at(bytes, place) {
                    return Some(place);
                }
                marks &= marks - 1;
            }
            at += 8;
        }
        (at..bytes.len().saturating_sub(span)).find(|place| self.is_at(bytes, *place))
    }

    pub(super) fn is_in(&self, bytes: &[u8]) -> bool {
        self.find(bytes, 0).is_some()
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    fn is_at(&self, bytes: &[u8], place: usize) -> bool {
        let Some(there) = bytes.get(place..place + self.text.len()) else { return false };
        there.iter().zip(&self.text).all(|(there, wanted)| there.to_ascii_uppercase() == *wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_a_plain_search_finds() {
        let mut seed = 11_u64;
        let mut die = move |sides: u64| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (seed >> 33) % sides
        };
        let mut found = 0;
        for _ in 0..20_000 {
            let letters = [b'a', b'A', b'b', b'@', b'`', 0, 1, 0x7f, 0xc3, b'B'];
            let text: Vec<u8> = (0..die(40)).map(|_| letters[die(10) as usize]).collect();
            let sought: String = (0..=die(4)).map(|_| char::from(letters[die(8) as usize])).collect();
            let needle = Needle::new(&sought).unwrap();
            let from = die(5) as usize;
            let plain = (from..text.len()).find(|at| {
                let there = text.get(*at..at + sought.len());
                there.is_some_and(|there| there.eq_ignore_ascii_case(sought.as_bytes()))
            });
            assert_eq!(needle.find(&text, from), plain, "{sought:?} in {text:?}");
            assert_eq!(needle.is_in(&text), needle.find(&text, 0).is_some());
            found += usize::from(plain.is_some());
        }
        assert!(found > 2_000, "{found}");
        assert!(Needle::new("").is_none() && Needle::new("ü").is_none());
    }
}
