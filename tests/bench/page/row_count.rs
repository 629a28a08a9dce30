//! How many rows a JSON text has, told long before they are read: sixteen bytes at a time.

use std::arch::wasm32::{u8x16_bitmask, u8x16_eq, u8x16_splat, u64x2, v128, v128_or};

/// Counts the objects of an array whose text comes in slices.
#[derive(Debug, Default)]
pub(crate) struct RowCount {
    rows: usize,
    /// How many arrays and objects are open.
    depth: usize,
    in_string: bool,
    /// The next byte is the one that a backslash stands before.
    is_escaped: bool,
}

const BLOCK: usize = 64;

impl RowCount {
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Looks at the next bytes.
    pub(crate) fn look_at(&mut self, bytes: &[u8]) {
        let (blocks, rest) = bytes.as_chunks::<BLOCK>();
        blocks.iter().for_each(|block| self.block(block));
        rest.iter().for_each(|byte| self.byte(*byte));
    }

    #[target_feature(enable = "simd128")]
    fn block(&mut self, block: &[u8; BLOCK]) {
        let lanes: [v128; 4] = std::array::from_fn(|lane| {
            let half = |at: usize| {
                let from = lane * 16 + at;
                block[from..].first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight))
            };
            u64x2(half(0), half(8))
        });
        let bits = |is: &dyn Fn(v128) -> v128| {
            lanes.iter().rev().fold(0_u64, |bits, lane| bits << 16 | u64::from(u8x16_bitmask(is(*lane))))
        };
        let is = |byte: u8| move |lane: v128| u8x16_eq(lane, u8x16_splat(byte));
        if self.is_escaped || bits(&is(b'\\')) != 0 {
            block.iter().for_each(|byte| self.byte(*byte));
            return;
        }
        let quotes = bits(&is(b'"'));
        // Bytes behind an odd number of quotes stand in a string.
        let mut strings = quotes;
        for shift in [1, 2, 4, 8, 16, 32] {
            strings ^= strings << shift;
        }
        if self.in_string {
            strings = !strings;
        }
        self.in_string = strings >> 63 != 0;
        // An opening and a closing sign differ from their like among the others in one bit, which is set here.
        let signs = bits(&|lane| {
            let lane = v128_or(lane, u8x16_splat(b'{' ^ b'['));
            v128_or(is(b'{')(lane), is(b'}')(lane))
        });
        let mut signs = signs & !strings;
        while signs != 0 {
            self.sign(block[signs.trailing_zeros() as usize]);
            signs &= signs - 1;
        }
    }

    fn byte(&mut self, byte: u8) {
        if self.is_escaped {
            self.is_escaped = false;
        } else if self.in_string {
            self.is_escaped = byte == b'\\';
            self.in_string = byte != b'"';
        } else {
            self.in_string = byte == b'"';
            self.sign(byte);
        }
    }

    /// A byte outside of strings.
    fn sign(&mut self, byte: u8) {
        match byte {
            b'[' | b'{' => self.depth += 1,
            b']' | b'}' => {
                self.depth = self.depth.saturating_sub(1);
                self.rows += usize::from(byte == b'}' && self.depth == 1);
            }
            _ => {}
        }
    }
}
