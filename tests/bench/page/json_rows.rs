//! Rows out of JSON text that comes in slices: an array of objects, read byte by byte without a tree.
//!
//! Not here: what a column holds.

use std::ops::Range;

use crate::columns::{COLUMNS, WIDTH, named};

/// What stands in a row for a column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cell<'a> {
    /// No such member, or `null`.
    #[default]
    Blank,
    Text(&'a str),
    /// As it is written.
    Number(&'a str),
}

pub(crate) type Cells<'a> = [Cell<'a>; WIDTH];

/// Text that is no array of objects; where in it, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotRows {
    pub at: usize,
}

/// The text that has come and is not read yet.
#[derive(Debug, Default)]
pub(crate) struct JsonRows {
    text: Vec<u8>,
    /// How much of it has come; what stands behind is room.
    length: usize,
    /// Bytes that were read and have gone.
    before: usize,
    has_begun: bool,
    has_ended: bool,
    /// Texts with escapes, as they read.
    plain: String,
}

/// What a value is, by its place.
#[derive(Clone, Copy, Debug, Default)]
enum Found {
    #[default]
    Blank,
    Text(usize, usize),
    /// Among the texts without their escapes.
    Plain(usize, usize),
    Number(usize, usize),
}

/// Why a value could not be read.
enum Stop {
    /// The text ends within it.
    Short,
    Wrong(usize),
}

type Read<T> = Result<T, Stop>;

impl JsonRows {
    /// Room for so many bytes more, behind those that are not read yet.
    pub(crate) fn room(&mut self, bytes: usize) -> &mut [u8] {
        let start = self.length;
        self.length += bytes;
        if self.text.len() < self.length {
            self.text.resize(self.length, 0);
        }
        &mut self.text[start..self.length]
    }

    /// Gives every row that is whole, in order.
    pub(crate) fn read(&mut self, mut take: impl FnMut(&Cells<'_>)) -> Result<(), NotRows> {
        let before = self.before;
        let wrong = |at: usize| NotRows { at: before + at };
        let bytes = &self.text[..self.length];
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            // A letter may be cut in two by the end of a slice.
            Err(reason) if reason.error_len().is_none() => {
                std::str::from_utf8(&bytes[..reason.valid_up_to()]).unwrap_or_default()
            }
            Err(reason) => return Err(wrong(reason.valid_up_to())),
        };
        let mut scan = Scan { text, bytes: text.as_bytes(), at: 0 };
        let mut read = 0;
        while scan.skip_blanks() {
            match (scan.bytes[scan.at], self.has_begun, self.has_ended) {
                (b'[', false, _) => {
                    self.has_begun = true;
                    scan.at += 1;
                }
                (b',', true, false) => scan.at += 1,
                (b']', true, false) => {
                    self.has_ended = true;
                    scan.at += 1;
                }
                (b'{', true, false) => {
                    self.plain.clear();
                    match scan.row(&mut self.plain) {
                        Ok(found) => take(&found.map(|found| found.cell(text, &self.plain))),
                        Err(Stop::Short) => break,
                        Err(Stop::Wrong(at)) => return Err(wrong(at)),
                    }
                }
                _ => return Err(wrong(scan.at)),
            }
            read = scan.at;
        }
        self.before += read;
        self.text.copy_within(read..self.length, 0);
        self.length -= read;
        Ok(())
    }

    /// No text comes any more.
    pub(crate) fn end(self) -> Result<(), NotRows> {
        let is_whole = self.has_ended && self.text[..self.length].iter().all(u8::is_ascii_whitespace);
        if is_whole { Ok(()) } else { Err(NotRows { at: self.before }) }
    }
}

impl Found {
    fn cell<'a>(self, text: &'a str, plain: &'a str) -> Cell<'a> {
        let part = |text: &'a str, range: Range<usize>| text.get(range).unwrap_or_default();
        match self {
            Found::Blank => Cell::Blank,
            Found::Text(from, to) => Cell::Text(part(text, from..to)),
            Found::Plain(from, to) => Cell::Text(part(plain, from..to)),
            Found::Number(from, to) => Cell::Number(part(text, from..to)),
        }
    }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// Whether anything but blanks is left.
    fn skip_blanks(&mut self) -> bool {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
        self.at < self.bytes.len()
    }

    fn next(&mut self) -> Read<u8> {
        if self.skip_blanks() { Ok(self.bytes[self.at]) } else { Err(Stop::Short) }
    }

    fn expect(&mut self, sign: u8) -> Read<()> {
        if self.next()? != sign {
            return Err(Stop::Wrong(self.at));
        }
        self.at += 1;
        Ok(())
    }

    /// The members of an object, which mostly come in the order of the columns.
    fn row(&mut self, plain: &mut String) -> Read<[Found; WIDTH]> {
        let mut cells = [Found::Blank; WIDTH];
        let mut due = 0;
        self.expect(b'{')?;
        if self.next()? == b'}' {
            self.at += 1;
            return Ok(cells);
        }
        loop {
            let column = match self.is_next(due) {
                true => Some(due),
                false => self.name(plain)?,
            };
            self.expect(b':')?;
            let value = self.value(plain)?;
            if let Some(column) = column {
                cells[column] = value;
                due = column + 1;
            }
            match self.next()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    return Ok(cells);
                }
                _ => return Err(Stop::Wrong(self.at)),
            }
        }
    }

    /// Steps over the name of a column where it stands next.
    fn is_next(&mut self, column: usize) -> bool {
        let Some((name, ..)) = COLUMNS.get(column) else { return false };
        let end = self.at + name.len() + 1;
        let is_it = self.bytes.get(self.at) == Some(&b'"')
            && self.bytes.get(end) == Some(&b'"')
            && self.bytes.get(self.at + 1..end).is_some_and(|here| are_same(here, name.as_bytes()));
        if is_it {
            self.at = end + 1;
        }
        is_it
    }

    fn name(&mut self, plain: &mut String) -> Read<Option<usize>> {
        self.next()?;
        let kept = plain.len();
        let found = self.string(plain)?;
        let column = if let Cell::Text(name) = found.cell(self.text, plain) { named(name) } else { None };
        plain.truncate(kept);
        Ok(column)
    }

    fn value(&mut self, plain: &mut String) -> Read<Found> {
        match self.next()? {
            b'"' => self.string(plain),
            b'-' | b'0'..=b'9' => {
                let from = self.at;
                let is_of_number = |byte: &&u8| byte.is_ascii_digit() || b"+-.eE".contains(byte);
                self.at += self.bytes[from..].iter().take_while(is_of_number).count();
                // It may go on in the next slice.
                if self.at == self.bytes.len() { Err(Stop::Short) } else { Ok(Found::Number(from, self.at)) }
            }
            b'n' => self.word("null").map(|_| Found::Blank),
            b't' => self.word("true").map(|(from, to)| Found::Text(from, to)),
            b'f' => self.word("false").map(|(from, to)| Found::Text(from, to)),
            b'[' | b'{' => self.nested(plain).map(|()| Found::Blank),
            _ => Err(Stop::Wrong(self.at)),
        }
    }

    fn word(&mut self, word: &str) -> Read<(usize, usize)> {
        let from = self.at;
        let here = &self.bytes[from..self.bytes.len().min(from + word.len())];
        if !word.as_bytes().starts_with(here) {
            return Err(Stop::Wrong(from));
        }
        self.at += here.len();
        if here.len() < word.len() { Err(Stop::Short) } else { Ok((from, self.at)) }
    }

    /// Steps over a value of which no column is.
    fn nested(&mut self, plain: &mut String) -> Read<()> {
        let mut depth = 0_usize;
        loop {
            match self.next()? {
                b'"' => {
                    let kept = plain.len();
                    self.string(plain)?;
                    plain.truncate(kept);
                    continue;
                }
                b'[' | b'{' => depth += 1,
                b']' | b'}' => depth -= 1,
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }

    fn string(&mut self, plain: &mut String) -> Read<Found> {
        if self.bytes[self.at] != b'"' {
            return Err(Stop::Wrong(self.at));
        }
        let from = self.at + 1;
        let mut to = string_end(self.bytes, from);
        match self.bytes.get(to) {
            None => return Err(Stop::Short),
            Some(b'"') => {
                self.at = to + 1;
                return Ok(Found::Text(from, to));
            }
            Some(_) => {}
        }
        let start = plain.len();
        let mut copied = from;
        loop {
            match self.bytes.get(to) {
                None => return Err(Stop::Short),
                Some(b'"') => {
                    plain.push_str(self.text.get(copied..to).unwrap_or_default());
                    self.at = to + 1;
                    return Ok(Found::Plain(start, plain.len()));
                }
                Some(b'\\') => {
                    plain.push_str(self.text.get(copied..to).unwrap_or_default());
                    let (letter, length) = escape(self.bytes, to)?;
                    plain.push(letter);
                    to += length;
                    copied = to;
                }
                Some(_) => to += 1,
            }
        }
    }
}

/// Whether texts of one length are the same, eight bytes at a time: a browser's code has no quicker way of its own.
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

/// The place of the first quote or backslash; behind the last byte where there is none. Eight bytes at a time.
fn string_end(bytes: &[u8], from: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // The lowest byte that is nought has its high bit set; those above may have it wrongly.
    let noughts = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let mut at = from;
    while let Some(word) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*word);
        let found = noughts(word ^ (ONES * b'"' as u64)) | noughts(word ^ (ONES * b'\\' as u64));
        if found != 0 {
            return at + (found.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}

/// The letter that an escape stands for, and how many bytes it takes. Half a pair reads as the letter for what
/// cannot be read.
fn escape(bytes: &[u8], at: usize) -> Read<(char, usize)> {
    let unit = |at: usize| -> Read<u32> {
        let digits = bytes.get(at..at + 4).ok_or(Stop::Short)?;
        let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'));
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()).ok_or(Stop::Wrong(at))
    };
    let letter = match bytes.get(at + 1).ok_or(Stop::Short)? {
        byte @ (b'"' | b'\\' | b'/') => char::from(*byte),
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'u' => {
            let high = unit(at + 2)?;
            if !(0xd800..0xdc00).contains(&high) {
                return Ok((char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER), 6));
            }
            if bytes.len() < at + 12 {
                return Err(Stop::Short);
            }
            if bytes[at + 6] == b'\\' && bytes[at + 7] == b'u' {
                let low = unit(at + 8)?;
                if (0xdc00..0xe000).contains(&low) {
                    let letter = 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
                    return Ok((char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER), 12));
                }
            }
            return Ok((char::REPLACEMENT_CHARACTER, 6));
        }
        _ => return Err(Stop::Wrong(at)),
    };
    Ok((letter, 2))
}
