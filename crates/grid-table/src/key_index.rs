//! Which row a record's key stands in: a hash table of row numbers, four to eight bytes a row, for the
//! keys themselves stand in the table already.

const EMPTY: u32 = u32::MAX;
/// Keys that stand in one line of memory; there are as many slots at least.
const LINE: u64 = 16;
/// So many keys are put into another table at once without being noticed.
const MANY: usize = 1 << 15;

#[derive(Clone, Debug, Default)]
pub(super) struct KeyIndex {
    /// A power of two of them, at most seven eighths taken.
    slots: Vec<u32>,
    taken: usize,
}

impl KeyIndex {
    pub(super) fn find(&self, key: i64, keys: &[i64]) -> Option<u32> {
        let mut slot = self.home(key)?;
        loop {
            match self.slots[slot] {
                EMPTY => return None,
                row if keys[row as usize] == key => return Some(row),
                _ => slot = self.after(slot),
            }
        }
    }

    /// Adds a row whose key is in `keys` and not here yet.
    pub(super) fn insert(&mut self, row: u32, keys: &[i64]) {
        if (self.taken + 1) * 8 > self.slots.len() * 7 {
            self.grow((self.slots.len() * 2).max(16), keys);
        }
        self.place(row, keys);
        self.taken += 1;
    }

    pub(super) fn remove(&mut self, key: i64, keys: &[i64]) {
        let Some(mut hole) = self.home(key) else { return };
        while self.slots[hole] != EMPTY && keys[self.slots[hole] as usize] != key {
            hole = self.after(hole);
        }
        if self.slots[hole] == EMPTY {
            return;
        }
        self.taken -= 1;
        // What stands behind the hole because of it moves up, so that searches need no marks of what was.
        let mut slot = self.after(hole);
        while self.slots[slot] != EMPTY {
            let home = self.home(keys[self.slots[slot] as usize]).unwrap_or(slot);
            let mask = self.slots.len() - 1;
            if (slot.wrapping_sub(home) & mask) >= (slot.wrapping_sub(hole) & mask) {
                self.slots[hole] = self.slots[slot];
                hole = slot;
            }
            slot = self.after(slot);
        }
        self.slots[hole] = EMPTY;
    }

    pub(super) fn bytes(&self) -> usize {
        self.slots.capacity() * 4
    }

    /// Where there are many keys already, makes room for as many as there can be: it would take too long at
    /// once later on.
    pub(super) fn make_room(&mut self, keys: &[i64], most: usize) {
        if self.taken == MANY {
            self.grow((most + most / 7 + 1).next_power_of_two().max(self.slots.len()), keys);
        }
    }

    fn grow(&mut self, len: usize, keys: &[i64]) {
        let rows = std::mem::replace(&mut self.slots, vec![EMPTY; len]);
        rows.into_iter().filter(|row| *row != EMPTY).for_each(|row| self.place(row, keys));
    }

    fn place(&mut self, row: u32, keys: &[i64]) {
        let Some(mut slot) = self.home(keys[row as usize]) else { return };
        while self.slots[slot] != EMPTY {
            slot = self.after(slot);
        }
        self.slots[slot] = row;
    }

    /// Keys that follow one another stand together, sixteen in a line of memory, for they mostly come so.
    fn home(&self, key: i64) -> Option<usize> {
        let lines = self.slots.len().checked_ilog2()? - LINE.ilog2();
        let spread = (key.cast_unsigned() / LINE).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let spread = (spread ^ spread >> 32).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let line = spread.checked_shr(64 - lines).unwrap_or(0);
        Some((line * LINE + (key.cast_unsigned() ^ spread >> 32) % LINE) as usize)
    }

    fn after(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn it_finds_what_a_plain_map_finds() {
        let (mut index, mut plain, mut keys) = (KeyIndex::default(), BTreeMap::new(), Vec::new());
        let mut seed = 5_u64;
        for _ in 0..20_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let key = i64::from((seed >> 33) as u32 % 500) << (seed % 3 * 20);
            assert_eq!(index.find(key, &keys), plain.get(&key).copied());
            if plain.remove(&key).is_some() {
                index.remove(key, &keys);
            } else {
                let row = keys.len() as u32;
                keys.push(key);
                index.insert(row, &keys);
                plain.insert(key, row);
            }
            assert_eq!(index.taken, plain.len());
        }
        index.remove(-1, &keys);
        assert_eq!(index.taken, plain.len());
    }

    #[test]
    fn where_keys_are_many_room_is_made_for_all_that_can_come() {
        let mut index = KeyIndex::default();
        let keys: Vec<i64> = (0..MANY as i64).collect();
        let most = 7 << 17;
        for row in 0..MANY {
            let before = index.slots.len();
            index.make_room(&keys, most);
            assert_eq!(index.slots.len(), before, "{row} are few");
            index.insert(row as u32, &keys);
            assert!(index.taken * 8 <= index.slots.len() * 7);
        }
        assert_eq!(index.slots.len(), 2 * MANY);
        let mut small = index.clone();
        small.make_room(&keys, 0);
        assert_eq!(small.slots.len(), 2 * MANY, "it gets no smaller");
        // So many fill seven eighths of 2 to the 20th, and one more is to have room.
        index.make_room(&keys, most);
        assert_eq!((index.slots.len(), index.bytes()), (1 << 21, 4 << 21));
        assert!(keys.iter().all(|key| index.find(*key, &keys) == Some(*key as u32)));
    }

    #[test]
    fn keys_spread_whatever_they_have_in_common() {
        let index = KeyIndex { slots: vec![EMPTY; 1 << 16], taken: 0 };
        for shift in [0, 16, 32, 47] {
            let mut homes: Vec<_> = (0..60_000_i64).filter_map(|key| index.home(key << shift)).collect();
            homes.sort_unstable();
            homes.dedup();
            // Chance alone leaves 39,300 of 65,536.
            assert!(homes.len() > 37_000, "{} at {shift}", homes.len());
        }
    }
}
