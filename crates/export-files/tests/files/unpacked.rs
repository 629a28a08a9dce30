//! Unpacks archives by their directory, and checks what it says of each file.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use std::io::Read;

/// The files of an archive in the order of its directory.
pub fn unpacked(archive: &[u8]) -> Vec<(String, Vec<u8>)> {
    let number = |at: usize, bytes: usize| {
        archive[at..at + bytes].iter().rev().fold(0_usize, |number, byte| number << 8 | usize::from(*byte))
    };
    let end = archive.len() - 22;
    assert_eq!(number(end, 4), 0x0605_4b50);
    let (entries, mut at) = (number(end + 10, 2), number(end + 16, 4));
    assert_eq!(at + number(end + 12, 4), end, "the directory ends where the archive's end begins");
    let mut files = Vec::new();
    for _ in 0..entries {
        assert_eq!(number(at, 4), 0x0201_4b50);
        let (check, packed, size) = (number(at + 16, 4), number(at + 20, 4), number(at + 24, 4));
        let (name_length, offset) = (number(at + 28, 2), number(at + 42, 4));
        let name = String::from_utf8(archive[at + 46..at + 46 + name_length].to_vec()).expect("UTF-8");
        assert_eq!(number(offset, 4), 0x0403_4b50);
        let begin = offset + 30 + number(offset + 26, 2) + number(offset + 28, 2);
        let mut content = Vec::new();
        DeflateDecoder::new(&archive[begin..begin + packed]).read_to_end(&mut content).expect("packed");
        assert_eq!(number(begin + packed, 4), 0x0807_4b50);
        let mut sum = Crc::new();
        sum.update(&content);
        assert_eq!((content.len(), sum.sum() as usize), (size, check), "{name}");
        assert_eq!((number(begin + packed + 4, 4), number(begin + packed + 12, 4)), (check, size), "{name}");
        files.push((name, content));
        at += 46 + name_length;
    }
    files
}

/// One file of an archive, as text.
pub fn text_of(archive: &[u8], name: &str) -> String {
    let files = unpacked(archive);
    let found = files.iter().find(|(known, _)| known == name);
    let names: Vec<_> = files.iter().map(|(known, _)| known).collect();
    let (_, content) = found.unwrap_or_else(|| panic!("no {name} among {names:?}"));
    String::from_utf8(content.clone()).expect("UTF-8")
}
