//! Bytes of any length, one portion after another, as text.
//!
//! A byte order mark decides; without one the file is UTF-8 as long as every byte of it is. Where one is not, the
//! decoder says at which byte, and a person says whether the file is Windows-1252 (which Latin-1 is read as):
//! nothing is guessed, for a wrong guess would be seen in names only.

use std::fmt;

/// How the letters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    Utf16LittleEndian,
    Utf16BigEndian,
    Windows1252,
}

impl Encoding {
    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16LittleEndian | Self::Utf16BigEndian => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// A byte that cannot stand where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotEncoded {
    pub encoding: Encoding,
    /// The place of the byte in the file, from 0.
    pub at: u64,
}

impl fmt::Display for NotEncoded {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.encoding.name();
        write!(out, "the file is not {name}: the byte at {} cannot stand there", self.at)
    }
}

impl std::error::Error for NotEncoded {}

/// Reads a file portion by portion.
#[derive(Clone, Debug)]
pub struct TextDecoder {
    /// Nothing before the first bytes have told.
    encoding: Option<Encoding>,
    /// Bytes of a letter, or of the mark, whose rest has not come.
    rest: Vec<u8>,
    /// The place of the first of them.
    at: u64,
    /// The first half of a letter that UTF-16 writes in two.
    half: Option<u16>,
}

const UTF_8_MARK: [u8; 3] = [0xef, 0xbb, 0xbf];

impl Default for TextDecoder {
    fn default() -> Self {
        Self::of(None)
    }
}

impl TextDecoder {
    /// A decoder for a file whose encoding a person has said; without, the file tells.
    pub fn of(encoding: Option<Encoding>) -> Self {
        Self { encoding, rest: Vec::new(), at: 0, half: None }
    }

    /// The encoding, once it is known.
    pub fn encoding(&self) -> Option<Encoding> {
        self.encoding
    }

    /// Appends the text of the next bytes. What of a letter is not here yet waits for the next ones.
    ///
    /// # Errors
    /// A byte that cannot stand there. The decoder is of no more use then.
    pub fn push(&mut self, bytes: &[u8], out: &mut String) -> Result<(), NotEncoded> {
        self.rest.extend_from_slice(bytes);
        if self.encoding.is_none() {
            let is_begun = [&UTF_8_MARK[..], &[0xff, 0xfe], &[0xfe, 0xff]]
                .iter()
                .any(|mark| self.rest.len() < mark.len() && mark.starts_with(&self.rest));
            if is_begun {
                return Ok(());
            }
            self.begin();
        }
        self.decode(out)
    }

    /// Ends the file.
    ///
    /// # Errors
    /// It ends within a letter.
    pub fn finish(&mut self, out: &mut String) -> Result<(), NotEncoded> {
        if self.encoding.is_none() {
            self.begin();
            self.decode(out)?;
        }
        if self.rest.is_empty() && self.half.is_none() { Ok(()) } else { Err(self.fault(0)) }
    }

    fn begin(&mut self) {
        let (encoding, mark) = match self.rest.as_slice() {
            [0xff, 0xfe, ..] => (Encoding::Utf16LittleEndian, 2),
            [0xfe, 0xff, ..] => (Encoding::Utf16BigEndian, 2),
            bytes if bytes.starts_with(&UTF_8_MARK) => (Encoding::Utf8, 3),
            _ => (Encoding::Utf8, 0),
        };
        self.encoding = Some(encoding);
        self.take(mark);
    }

    fn take(&mut self, bytes: usize) {
        self.rest.drain(..bytes);
        self.at += bytes as u64;
    }

    fn fault(&self, from: usize) -> NotEncoded {
        NotEncoded { encoding: self.encoding.unwrap_or(Encoding::Utf8), at: self.at + from as u64 }
    }

    fn decode(&mut self, out: &mut String) -> Result<(), NotEncoded> {
        match self.encoding {
            Some(Encoding::Windows1252) => {
                out.extend(self.rest.iter().map(|byte| windows_1252(*byte)));
                self.take(self.rest.len());
                Ok(())
            }
            Some(Encoding::Utf16LittleEndian) => self.decode_utf_16(u16::from_le_bytes, out),
            Some(Encoding::Utf16BigEndian) => self.decode_utf_16(u16::from_be_bytes, out),
            Some(Encoding::Utf8) | None => self.decode_utf_8(out),
        }
    }

    fn decode_utf_8(&mut self, out: &mut String) -> Result<(), NotEncoded> {
        let (whole, is_bad) = match std::str::from_utf8(&self.rest) {
            Ok(text) => {
                out.push_str(text);
                (self.rest.len(), false)
            }
            Err(fault) => {
                let text = self.rest.get(..fault.valid_up_to()).unwrap_or_default();
                out.push_str(std::str::from_utf8(text).unwrap_or_default());
                (fault.valid_up_to(), fault.error_len().is_some())
            }
        };
        self.take(whole);
        if is_bad { Err(self.fault(0)) } else { Ok(()) }
    }

    fn decode_utf_16(&mut self, unit: fn([u8; 2]) -> u16, out: &mut String) -> Result<(), NotEncoded> {
        let (units, _) = self.rest.as_chunks::<2>();
        let mut taken = 0;
        for bytes in units {
            let unit = unit(*bytes);
            let pair = self.half.take().into_iter().chain([unit]);
            for letter in char::decode_utf16(pair) {
                match letter {
                    Ok(letter) => out.push(letter),
                    // The first half of a letter, last in what is here.
                    Err(half) if half.unpaired_surrogate() == unit && unit < 0xdc00 => self.half = Some(unit),
                    Err(_) => return Err(self.fault(taken)),
                }
            }
            taken += 2;
        }
        self.take(taken);
        Ok(())
    }
}

/// The letter of a byte, by the WHATWG Encoding Standard's index of windows-1252.
fn windows_1252(byte: u8) -> char {
    const FROM_0X80: [char; 32] = [
        '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}',
        '\u{2c6}', '\u{2030}', '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}',
        '\u{2018}', '\u{2019}', '\u{201c}', '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}',
        '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}', '\u{17e}', '\u{178}',
    ];
    let own = byte.checked_sub(0x80).and_then(|place| FROM_0X80.get(usize::from(place)));
    own.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8], portion: usize, said: Option<Encoding>) -> Result<(String, Encoding), NotEncoded> {
        let (mut decoder, mut text) = (TextDecoder::of(said), String::new());
        for part in bytes.chunks(portion) {
            decoder.push(part, &mut text)?;
        }
        decoder.finish(&mut text)?;
        Ok((text, decoder.encoding().expect("known at the end")))
    }

    /// However the bytes come.
    fn check(bytes: &[u8], said: Option<Encoding>, expected: Result<(&str, Encoding), u64>) {
        for portion in [1, 2, 3, 5, 65_536] {
            let found = read(bytes, portion, said);
            let found = found.as_ref().map(|(text, encoding)| (text.as_str(), *encoding));
            assert_eq!(found.map_err(|fault| fault.at), expected, "portions of {portion}");
        }
    }

    #[test]
    fn a_mark_decides_and_is_no_letter() {
        check(b"\xef\xbb\xbf\"EventNumber\"", None, Ok(("\"EventNumber\"", Encoding::Utf8)));
        check(b"", None, Ok(("", Encoding::Utf8)));
        check(b"\xef", None, Err(0));
        check("\u{feff}".as_bytes(), None, Ok(("", Encoding::Utf8)));
        let wide: Vec<u16> = "\u{feff}a\tü\u{1f600}\r\n".encode_utf16().collect();
        let little: Vec<u8> = wide.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = wide.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        check(&little, None, Ok(("a\tü\u{1f600}\r\n", Encoding::Utf16LittleEndian)));
        check(&big, None, Ok(("a\tü\u{1f600}\r\n", Encoding::Utf16BigEndian)));
        check(&little[..little.len() - 1], None, Err(little.len() as u64 - 2));
        check(b"\xff\xfe\x00\xdca\x00", None, Err(2));
        check(b"\xff\xfe\x3d\xd8a\x00", None, Err(4));
        check(b"\xff\xfe\x3d\xd8", None, Err(4));
    }

    #[test]
    fn late_bytes_disprove_utf_8_and_a_person_says_what_it_is() {
        let mut bytes = vec![b'x'; 70_000];
        bytes.extend([0x4d, 0xfc, 0x6c, 0x6c, 0x65, 0x72]);
        assert_eq!(read(&bytes, 65_536, None), Err(NotEncoded { encoding: Encoding::Utf8, at: 70_001 }));
        let (text, _) = read(&bytes, 65_536, Some(Encoding::Windows1252)).expect("every byte is a letter");
        assert!(text.ends_with("xMüller"));
        check(
            b"\x80 \x81 \x9f \xff",
            Some(Encoding::Windows1252),
            Ok(("€ \u{81} Ÿ ÿ", Encoding::Windows1252)),
        );
    }

    #[test]
    fn a_letter_may_be_cut_by_any_portion() {
        let text = "x".repeat(65_535) + "ü\r\n";
        let found = read(text.as_bytes(), 65_536, None);
        assert_eq!(found, Ok((text, Encoding::Utf8)));
        check("a\u{fc}\u{20ac}\u{1f600}".as_bytes(), None, Ok(("aü€😀", Encoding::Utf8)));
        check(b"a\xc3", None, Err(1));
    }
}
