//! A ZIP archive that is written as a stream (APPNOTE 6.3): each file is packed as it comes, its size and checksum
//! stand behind it. No file and no archive is longer than 4 GiB, which every reader takes.

use crate::civil_time::{MICROS_A_DAY, civil};
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::mem;

/// Why a file could not be written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It, or what it is packed in, would be longer than 4 GiB or have more than 65,535 files.
    TooLong,
    /// A row has not as many cells as the table has columns.
    Uneven,
}

/// A file in an archive, once it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackedFile {
    pub name: String,
    /// How long it is, unpacked.
    pub bytes: u64,
    /// Its SHA-256, unpacked, in hexadecimal digits.
    pub sha256: String,
}

pub struct Archive {
    out: Vec<u8>,
    /// How many bytes have been made.
    made: u64,
    open: Option<Open>,
    directory: Vec<u8>,
    entries: u32,
    /// Date and time of every file, as DOS has them.
    stamp: [u8; 4],
    hash: Sha256,
}

/// The file that is being written.
struct Open {
    name: String,
    begins_at: u64,
    packing: DeflateEncoder<Vec<u8>>,
    check: Crc,
    hash: Sha256,
    bytes: u64,
    packed: u64,
}

/// Sizes stand behind the file; names are UTF-8.
const FLAGS: u16 = 1 << 3 | 1 << 11;
const DEFLATED: u16 = 8;
/// What a reader must understand: 2.0.
const VERSION: u16 = 20;
const MOST: u64 = u32::MAX as u64;

impl Archive {
    /// `at`: when its files were made, microseconds since 1970 in UTC.
    pub fn begin(at: i64) -> Self {
        let stamp = dos_time(at);
        Self {
            out: Vec::new(),
            made: 0,
            open: None,
            directory: Vec::new(),
            entries: 0,
            stamp,
            hash: Sha256::new(),
        }
    }

    /// Begins a file. One that is open ends.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn begin_file(&mut self, name: &str) -> Result<(), Fault> {
        self.end_file()?;
        let begins_at = self.made;
        let mut head = Vec::new();
        put_u32(&mut head, 0x0403_4b50);
        self.put_common(&mut head, 0, 0, 0, name)?;
        put_u16(&mut head, 0);
        head.extend_from_slice(name.as_bytes());
        self.put(&head);
        self.open = Some(Open {
            name: name.to_owned(),
            begins_at,
            packing: DeflateEncoder::new(Vec::new(), Compression::fast()),
            check: Crc::new(),
            hash: Sha256::new(),
            bytes: 0,
            packed: 0,
        });
        Ok(())
    }

    /// Appends to the file that is open.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), Fault> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.bytes += bytes.len() as u64;
        open.check.update(bytes);
        open.hash.update(bytes);
        open.packing.write_all(bytes).map_err(|_| Fault::TooLong)?;
        let packed = mem::take(open.packing.get_mut());
        open.packed += packed.len() as u64;
        let is_too_long = open.bytes > MOST;
        self.put(&packed);
        if is_too_long || self.made > MOST { Err(Fault::TooLong) } else { Ok(()) }
    }

    /// Ends the file that is open and tells of it.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn end_file(&mut self) -> Result<Option<PackedFile>, Fault> {
        let Some(open) = self.open.take() else { return Ok(None) };
        let Open { name, begins_at, packing, check, hash, bytes, packed } = open;
        let rest = packing.finish().map_err(|_| Fault::TooLong)?;
        let packed = packed + rest.len() as u64;
        self.put(&rest);
        let sizes = (u32::try_from(packed), u32::try_from(bytes), u32::try_from(begins_at));
        let (Ok(packed), Ok(size), Ok(offset)) = sizes else { return Err(Fault::TooLong) };
        let mut behind = Vec::new();
        put_u32(&mut behind, 0x0807_4b50);
        put_u32(&mut behind, check.sum());
        put_u32(&mut behind, packed);
        put_u32(&mut behind, size);
        self.put(&behind);
        let mut entry = Vec::new();
        put_u32(&mut entry, 0x0201_4b50);
        put_u16(&mut entry, VERSION);
        self.put_common(&mut entry, check.sum(), packed, size, &name)?;
        // No extra field, no comment, the first disk, no attributes.
        entry.extend_from_slice(&[0; 12]);
        put_u32(&mut entry, offset);
        entry.extend_from_slice(name.as_bytes());
        self.directory.extend_from_slice(&entry);
        self.entries += 1;
        Ok(Some(PackedFile { name, bytes, sha256: digits(hash) }))
    }

    /// What has been made since this was last asked for.
    pub fn take(&mut self) -> Vec<u8> {
        mem::take(&mut self.out)
    }

    /// Ends the archive and gives the rest of it, and the SHA-256 of all of it in hexadecimal digits.
    ///
    /// # Errors
    /// [`Fault::TooLong`].
    pub fn finish(mut self) -> Result<(Vec<u8>, String), Fault> {
        self.end_file()?;
        let begins_at = u32::try_from(self.made).map_err(|_| Fault::TooLong)?;
        let directory = mem::take(&mut self.directory);
        let length = u32::try_from(directory.len()).map_err(|_| Fault::TooLong)?;
        let entries = u16::try_from(self.entries).map_err(|_| Fault::TooLong)?;
        self.put(&directory);
        let mut end = Vec::new();
        put_u32(&mut end, 0x0605_4b50);
        put_u32(&mut end, 0);
        put_u16(&mut end, entries);
        put_u16(&mut end, entries);
        put_u32(&mut end, length);
        put_u32(&mut end, begins_at);
        put_u16(&mut end, 0);
        self.put(&end);
        let rest = self.take();
        Ok((rest, digits(self.hash)))
    }

    fn put(&mut self, bytes: &[u8]) {
        self.made += bytes.len() as u64;
        self.hash.update(bytes);
        self.out.extend_from_slice(bytes);
    }

    /// What a file's head and its line in the directory have in common.
    fn put_common(
        &self,
        out: &mut Vec<u8>,
        check: u32,
        packed: u32,
        size: u32,
        name: &str,
    ) -> Result<(), Fault> {
        put_u16(out, VERSION);
        put_u16(out, FLAGS);
        put_u16(out, DEFLATED);
        out.extend_from_slice(&self.stamp);
        put_u32(out, check);
        put_u32(out, packed);
        put_u32(out, size);
        put_u16(out, u16::try_from(name.len()).map_err(|_| Fault::TooLong)?);
        Ok(())
    }
}

fn digits(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn put_u16(out: &mut Vec<u8>, number: u16) {
    out.extend_from_slice(&number.to_le_bytes());
}

fn put_u32(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(&number.to_le_bytes());
}

/// Time and date as DOS had them: two seconds a step, years from 1980.
fn dos_time(at: i64) -> [u8; 4] {
    let (year, month, day) = civil(at.div_euclid(MICROS_A_DAY));
    let seconds = u16::try_from(at.rem_euclid(MICROS_A_DAY) / 2_000_000).unwrap_or_default();
    let (hours, minutes, steps) = (seconds / 1_800, seconds / 30 % 60, seconds % 30);
    let time = hours << 11 | minutes << 5 | steps;
    let years = u16::try_from(year.clamp(1980, 2107) - 1980).unwrap_or_default();
    let of = |number: u32| u16::try_from(number).unwrap_or(1);
    let date = years << 9 | of(month) << 5 | of(day);
    let ([time_low, time_high], [date_low, date_high]) = (time.to_le_bytes(), date.to_le_bytes());
    [time_low, time_high, date_low, date_high]
}
