//! The archive that a workbook is: its parts by name, unpacked as they are read, within bounds.

use flate2::Crc;
use flate2::read::DeflateDecoder;
use rawzip::{CompressionMethod, ZipArchive};
use std::io::{self, BufReader, Read};
use std::sync::Arc;

use super::XlsxFault;

/// What a sheet may unpack to. It is not kept, so this only bounds how long a reading may take.
pub(super) const LARGEST_SHEET: u64 = 2 << 30;
/// What any other part may unpack to: it is kept in memory.
pub(super) const LARGEST_KEPT: u64 = 96 << 20;
/// What may stand between two marks of the XML: a text, or the attributes of an element.
const LONGEST_PIECE: u64 = 4 << 20;

/// How workbooks of before 2007 begin, and those that are locked.
pub(super) const OLD_MARK: &[u8] = b"\xd0\xcf\x11\xe0";

#[derive(Clone, Debug)]
pub(super) struct Package {
    bytes: Arc<[u8]>,
    entries: Arc<[Entry]>,
}

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    is_packed: bool,
    from: usize,
    to: usize,
    size: u64,
    check: u32,
}

pub(super) type PartReader = BufReader<Bounded>;

impl Package {
    pub(super) fn open(bytes: Arc<[u8]>) -> Result<Self, XlsxFault> {
        if bytes.starts_with(OLD_MARK) {
            return Err(XlsxFault::OldOrLocked);
        }
        let fault = |reason: rawzip::Error| XlsxFault::Archive(reason.to_string());
        let mut entries = Vec::new();
        {
            let archive = ZipArchive::from_slice(&bytes[..]).map_err(fault)?;
            for record in archive.entries() {
                let record = record.map_err(fault)?;
                let name = String::from_utf8_lossy(record.file_path().as_ref()).into_owned();
                let method = record.compression_method();
                let is_packed = method == CompressionMethod::DEFLATE;
                if !is_packed && method != CompressionMethod::STORE {
                    return Err(XlsxFault::Archive(format!("{name} is packed in a way that is not known")));
                }
                let entry = archive.get_entry(record.wayfinder()).map_err(fault)?;
                let (from, to) = entry.compressed_data_range();
                let place = |at: u64| usize::try_from(at).ok().filter(|at| *at <= bytes.len());
                let (Some(from), Some(to)) = (place(from), place(to)) else {
                    return Err(XlsxFault::Archive(format!("{name} lies outside the file")));
                };
                let (size, check) = (record.uncompressed_size_hint(), record.crc32());
                entries.push(Entry { name, is_packed, from, to, size, check });
            }
        }
        Ok(Self { bytes, entries: entries.into() })
    }

    /// A part as a stream of at most so many bytes. Names are told apart without regard to case, as the standard has
    /// it.
    pub(super) fn open_part(&self, name: &str, most: u64) -> Result<PartReader, XlsxFault> {
        let name = name.trim_start_matches('/');
        let entry = self.entries.iter().find(|entry| entry.name.eq_ignore_ascii_case(name));
        let entry = entry.ok_or_else(|| XlsxFault::NoPart(name.to_owned()))?;
        if entry.size > most {
            return Err(XlsxFault::TooLarge { part: name.to_owned(), bytes: entry.size, most });
        }
        let packed = Packed { bytes: Arc::clone(&self.bytes), at: entry.from, end: entry.to };
        let source = match entry.is_packed {
            true => Source::Packed(Box::new(DeflateDecoder::new(packed))),
            false => Source::Plain(packed),
        };
        let part =
            Bounded { source, size: entry.size, check: entry.check, crc: Crc::new(), read: 0, mark: 0 };
        Ok(BufReader::with_capacity(64 * 1024, part))
    }

    /// The names of its files; those that a system adds to an archive of its own are none.
    pub(super) fn files(&self) -> Vec<String> {
        let names = self.entries.iter().map(|entry| entry.name.as_str());
        let own = names.filter(|name| !name.ends_with('/') && !name.starts_with("__MACOSX/"));
        own.map(str::to_owned).collect()
    }

    pub(super) fn has(&self, name: &str) -> bool {
        let name = name.trim_start_matches('/');
        self.entries.iter().any(|entry| entry.name.eq_ignore_ascii_case(name))
    }
}

/// A stretch of the file.
pub(super) struct Packed {
    bytes: Arc<[u8]>,
    at: usize,
    end: usize,
}

impl Read for Packed {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.at..self.end).unwrap_or_default();
        let read = rest.len().min(out.len());
        out.iter_mut().zip(rest).for_each(|(out, byte)| *out = *byte);
        self.at += read;
        Ok(read)
    }
}

enum Source {
    Packed(Box<DeflateDecoder<Packed>>),
    Plain(Packed),
}

/// An unpacked part. It is as long as the archive says and no longer, and its check sum is right, or reading fails.
pub(super) struct Bounded {
    source: Source,
    size: u64,
    check: u32,
    crc: Crc,
    read: u64,
    /// Where the last piece ended.
    mark: u64,
}

impl Bounded {
    /// Says that a piece of the XML has ended.
    pub(super) fn mark(&mut self) {
        self.mark = self.read;
    }
}

impl Read for Bounded {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        if self.read - self.mark > LONGEST_PIECE {
            return Err(io::Error::other("a text in it is longer than any cell can hold"));
        }
        let read = match &mut self.source {
            Source::Packed(source) => source.read(out)?,
            Source::Plain(source) => source.read(out)?,
        };
        self.read += read as u64;
        self.crc.update(out.get(..read).unwrap_or_default());
        if self.read > self.size {
            return Err(io::Error::other("it unpacks to more than the archive says"));
        }
        if read == 0 && !out.is_empty() && (self.read < self.size || self.crc.sum() != self.check) {
            return Err(io::Error::other("it is damaged: its check sum is wrong"));
        }
        Ok(read)
    }
}
