//! What the files of this crate hold, unpacked by an independent account of the ZIP format.

mod packs;
mod tables;
mod unpacked;
