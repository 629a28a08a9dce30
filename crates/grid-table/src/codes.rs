//! A code for each row, in as few bytes as the largest one takes.

#[derive(Clone, Debug)]
pub(super) enum Codes {
    One(Vec<u8>),
    Two(Vec<u16>),
    Four(Vec<u32>),
}

/// Works with the codes as a vector of whatever width they have.
macro_rules! with_codes {
    ($codes:expr, $vector:ident => $with:expr) => {
        match $codes {
            super::codes::Codes::One($vector) => $with,
            super::codes::Codes::Two($vector) => $with,
            super::codes::Codes::Four($vector) => $with,
        }
    };
}
pub(super) use with_codes;

/// A code of any width.
pub(super) trait Code: Copy {
    fn code(self) -> u32;
}

impl Code for u8 {
    fn code(self) -> u32 {
        self.into()
    }
}

impl Code for u16 {
    fn code(self) -> u32 {
        self.into()
    }
}

impl Code for u32 {
    fn code(self) -> u32 {
        self
    }
}

impl Default for Codes {
    fn default() -> Self {
        Codes::One(Vec::new())
    }
}

impl Codes {
    pub(super) fn get(&self, row: usize) -> u32 {
        with_codes!(self, codes => codes[row].code())
    }

    pub(super) fn push(&mut self, code: u32) {
        self.make_room(code);
        match self {
            Codes::One(codes) => codes.push(code as u8),
            Codes::Two(codes) => codes.push(code as u16),
            Codes::Four(codes) => codes.push(code),
        }
    }

    pub(super) fn set(&mut self, row: usize, code: u32) {
        self.make_room(code);
        match self {
            Codes::One(codes) => codes[row] = code as u8,
            Codes::Two(codes) => codes[row] = code as u16,
            Codes::Four(codes) => codes[row] = code,
        }
    }

    pub(super) fn contains_blank(&self) -> bool {
        with_codes!(self, codes => codes.contains(&0))
    }

    pub(super) fn bytes(&self) -> usize {
        match self {
            Codes::One(codes) => codes.capacity(),
            Codes::Two(codes) => codes.capacity() * 2,
            Codes::Four(codes) => codes.capacity() * 4,
        }
    }

    fn make_room(&mut self, code: u32) {
        match self {
            Codes::One(codes) if code > u8::MAX.into() => {
                let wider = codes.iter().map(|code| (*code).into());
                *self = Codes::Two(wider.collect());
                self.make_room(code);
            }
            Codes::Two(codes) if code > u16::MAX.into() => {
                *self = Codes::Four(codes.iter().map(|code| (*code).into()).collect());
            }
            Codes::One(_) | Codes::Two(_) | Codes::Four(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stay_what_they_are_when_they_get_wider() {
        let written = [7, 255, 256, 0, 65_535, 65_536, u32::MAX - 1];
        let mut codes = Codes::default();
        for (len, code) in written.iter().enumerate() {
            codes.push(*code);
            assert!((0..=len).all(|row| codes.get(row) == written[row]), "{codes:?}");
        }
        assert!(codes.contains_blank() && matches!(codes, Codes::Four(_)));
        let mut codes = Codes::default();
        codes.push(1);
        codes.set(0, 70_000);
        assert_eq!((codes.get(0), codes.contains_blank()), (70_000, false));
    }

    #[test]
    fn codes_take_as_many_bytes_as_the_largest_one() {
        let mut codes = Codes::default();
        (0..64).for_each(|_| codes.push(1));
        for (largest, bytes) in [(255, 64), (256, 128), (65_535, 128), (65_536, 256)] {
            codes.set(0, largest);
            assert_eq!(codes.bytes(), bytes, "{largest}");
        }
    }
}
