//! The grid in a browser, over a list whose server the tests hold in their hands.

mod aria;
mod copying;
mod editing;
mod fetching;
mod input;
mod keyboard;
mod list;
mod mounted;
mod pasting;
mod pointer;
mod records;
mod scrolling;
