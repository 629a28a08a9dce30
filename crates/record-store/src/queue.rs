//! First come, first served, each key once. Not here: when it leaves (see `store/sending`).

use std::collections::{BTreeSet, VecDeque};

#[derive(Clone, Debug)]
pub(crate) struct Queue<K> {
    order: VecDeque<K>,
    members: BTreeSet<K>,
}

impl<K: Ord + Clone> Queue<K> {
    pub(crate) fn new() -> Self {
        Self { order: VecDeque::new(), members: BTreeSet::new() }
    }

    /// Puts a key at the end, unless it waits already.
    pub(crate) fn push(&mut self, key: &K) {
        if self.members.insert(key.clone()) {
            self.order.push_back(key.clone());
        }
    }

    pub(crate) fn pop(&mut self) -> Option<K> {
        let key = self.order.pop_front()?;
        self.members.remove(&key);
        Some(key)
    }

    /// Takes a key out of the line.
    pub(crate) fn remove(&mut self, key: &K) {
        if self.members.remove(key) {
            self.order.retain(|waiting| waiting != key);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &K> {
        self.order.iter()
    }

    pub(crate) fn len(&self) -> usize {
        self.order.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}
